"""Notes of acceptance: which deliverable is accepted, with or without conditions, by whom and when."""

import re
from collections.abc import Iterator, Sequence

from auditor.connect.document import Cell
from auditor.connect.values import clean, fold
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.matters.grid import Filling, Grid, Line, Reading, is_known, table_of, text_of
from auditor.snapshot.words import words

NOTES = frozenset({"deliverables_acceptance_note"})
_TABLE = "deliverable"
_CODED = re.compile(r"(?P<code>[A-Z]{1,5}[-_. ]?\d{1,4}(?:\.\d{1,3})*)\b\s*[-–—:,.|]?\s*(?P<title>.*)", re.DOTALL)  # 'D2 Ferry timetable'
_SEVERAL = re.compile(r"[A-Z]{1,5}[-_. ]?\d{1,4}\b.*\b[A-Z]{1,5}[-_. ]?\d{1,4}\b")  # 'D1 to D5', 'D2, D3'
_FEWEST_LABELS = 2
_WIDEST_FORM = 2


def read_acceptance(reading: Reading, approvals: Sequence[Found], registers: Sequence[Found]) -> tuple[list[Found], tuple[Found, ...]]:
    """Return the deliverable that a note of acceptance accepts, as a row, and *registers* without what the same form was taken for.

    A note whose list of deliverables tells their acceptance itself is a register and stays one; so does a list of several.

    Args:
        reading: the document.
        approvals: rows of `approval` that the document states: its signatures.
        registers: rows that registers of the document hold.
    """
    if reading.kind not in NOTES:
        return [], tuple(registers)
    if any(row.table == _TABLE and {"acceptance", "accepted_on"} & row.filled for row in registers):
        return [], tuple(registers)
    forms = [(grid, pairs) for grid in reading.grids if (pairs := _form(grid) or _one_line(grid))]
    taken = {grid.table.locator or grid.table.name for grid, _ in forms}
    others = tuple(row for row in registers if row.table != _TABLE or table_of(row.locator) not in taken)
    if len(forms) != 1:
        return [], others
    return list(_accepted(reading, forms[0][1], approvals)), others


def code_in(text: str) -> str:
    """Return the number of the one deliverable that *text* begins with ('D2' of 'D2 Registry'), '' for none or several."""
    match = _CODED.fullmatch(text.strip())
    return match["code"].replace(" ", "") if match is not None and not _SEVERAL.search(text) else ""


def _form(grid: Grid) -> dict[str, tuple[Cell, str]]:
    """Return what a form of two columns says by the names of its lines, {} when it is none that names a deliverable."""
    said: dict[str, tuple[Cell, str]] = {}
    lines = [[cell for cell in line.cells if not cell.is_covered] for line in grid.lines]
    if not lines or any(len(cells) != _WIDEST_FORM for cells in lines):
        return {}
    for line, cells in zip(grid.lines, lines, strict=True):
        _note(said, cells[0], cells[1], line)
    _name_results(said, [(cells[0], cells[1], line.locator) for line, cells in zip(grid.lines, lines, strict=True)])
    return said if "item" in said and len(said) >= _FEWEST_LABELS else {}


def _one_line(grid: Grid) -> dict[str, tuple[Cell, str]]:
    """Return the same of a table whose header stands above one line."""
    if len(grid.lines) != 2:
        return {}
    said: dict[str, tuple[Cell, str]] = {}
    for place, head in enumerate(grid.lines[0].cells):
        if (cell := grid.lines[1].cell(place)) is not None and not head.is_covered:
            _note(said, head, cell, grid.lines[1])
    return said if "item" in said and ("result" in said or _type_in(said) is not None) else {}


def _name_results(said: dict[str, tuple[Cell, str]], lines: Sequence[tuple[Cell, Cell, str]]) -> None:
    """Tell the two results of a form apart: 'Ergebnis: E4 Schulung' is what was accepted, 'Entscheidung: abgenommen' what came of it."""
    if "item" in said:
        return
    told = [
        (cell, locator)
        for label, cell, locator in lines
        if not label.is_struck and fold(clean(label.text, 120).rstrip(" :")) in words("acceptance_result")
    ]
    decided = [(cell, locator) for cell, locator in told if acceptance_in(text_of(cell)) is not None]
    named = [(cell, locator) for cell, locator in told if (cell, locator) not in decided and _CODED.fullmatch(text_of(cell))]
    if len(told) == 2 and len(decided) == len(named) == 1:
        said["item"], said["result"] = named[0], decided[0]


def _note(said: dict[str, tuple[Cell, str]], label: Cell, cell: Cell, line: Line) -> None:
    text = fold(clean(label.text, 120).rstrip(" :"))
    for name in ("item", "item_id", "result", "criteria", "type"):
        if text in words(f"acceptance_{name}") and not label.is_struck:
            said.setdefault(name, (cell, line.locator))


def _accepted(reading: Reading, said: dict[str, tuple[Cell, str]], approvals: Sequence[Found]) -> Iterator[Found]:
    item, locator = said["item"]
    name = text_of(item)
    if not name or _SEVERAL.search(name):
        return
    coded = _CODED.fullmatch(name)
    code = text_of(said["item_id"][0]) if "item_id" in said else coded["code"].strip() if coded else ""
    row = Filling(reading, _TABLE)
    title = (coded["title"].strip() if coded else "") or name
    row.set("title", title)
    if "criteria" in said:
        row.text("acceptance_criteria", said["criteria"][0])
    result = acceptance_in(text_of(said["result"][0])) if "result" in said and is_known(said["result"][0]) else None
    told = "result"
    if "result" not in said and _are_signed(_signatures(approvals)):
        result, told = _type_in(said), "type"  # 'Type of acceptance: final' is how; that it is accepted the signatures say
    if result is not None:
        row.set("acceptance", result)
        row.raw("acceptance", text_of(said[told][0])[:200])
        if result == "rejected":
            row.set("accepted_on", None)
            row.set("accepted_by", None)
        else:
            _signed(row, approvals)
    yield row.found(locator, _TABLE, title, own_id=code or None)


def _signed(row: Filling, approvals: Sequence[Found]) -> None:
    """Fill who accepted and when, by the signatures: one that has no day leaves the day open, several leave open who of them accepted."""
    signed = _signatures(approvals)
    if not _are_signed(signed):
        return
    row.set("accepted_on", max(found.values["decided_on"] for found in signed))
    people = {found.values.get("person_id") for found in signed}
    if len(people) == 1:
        row.set("accepted_by", people.pop())


def _signatures(approvals: Sequence[Found]) -> list[Found]:
    return [found for found in approvals if found.values.get("action") != "review"]


def _are_signed(signed: Sequence[Found]) -> bool:
    """Say whether there are signatures, and each has a day and says yes."""
    return bool(signed) and all(
        found.values.get("decided_on") is not None and found.values.get("decision") in {"approved", "conditional"} for found in signed
    )


def _type_in(said: dict[str, tuple[Cell, str]]) -> str | None:
    """Return what the kind of acceptance is: 'final, without condition', 'Provisional'; None when it is not told, or has still to come."""
    if "type" not in said or not is_known(said["type"][0]):
        return None
    first, _, rest = re.sub(r"[(,;–]", ",", text_of(said["type"][0])).partition(",")
    if any(f" {word} " in f" {fold(rest)} " for name in ("acceptance_open", "acceptance_refused", "package_open") for word in words(name)):
        return None
    if fold(first) in words("acceptance_type_partial"):
        return "provisional"
    if fold(first) not in words("acceptance_type_full"):
        return None
    is_free = not rest.strip(" ).") or (fold(rest).split() or [""])[0] in words("acceptance_without")
    return "accepted" if is_free else None


def acceptance_in(text: str) -> str | None:
    """Return what *text* says of an acceptance: 'Accepted', 'accepted with one condition', 'Not accepted'; None when it says none.

    That a test was passed is no acceptance, nor is one that has still to come.
    """
    padded = f" {fold(text)} "

    def says(name: str) -> bool:
        return any(f" {word} " in padded for word in words(f"acceptance_{name}"))

    if says("open"):
        return None
    if says("refused"):
        return "rejected"
    if fold(text) in words("acceptance_full"):
        return "accepted"  # 'Final acceptance'; a test of that name is more, and what brackets add may take it back
    if fold(text.partition("(")[0]) in words("acceptance_partial"):
        return None if any(f" {word} " in padded for word in words("package_open")) else "provisional"
    if not says("given"):
        return None
    return "provisional" if says("conditions") and not says("without") else "accepted"
