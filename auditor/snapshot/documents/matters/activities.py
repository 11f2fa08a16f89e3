"""When the activities before an acceptance were finished, and when their deliverable was accepted.

A note of acceptance, a checklist and a report of tests name the deliverable by its number ('D2 Registry'), and each test with the day on
which it was verified or finished. The day of the acceptance is the last signature below the note.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from auditor.connect.document import Cell
from auditor.connect.values import clean, fold
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.matters.acceptance import NOTES, begins_with, code_in, deliverable_in, part_in, told_acceptances
from auditor.snapshot.documents.matters.grid import Filling, Grid, Line, Reading, day_of, header_texts, table_of, text_of
from auditor.snapshot.documents.signings import signing_in
from auditor.snapshot.words import words

_HEADER_WITHIN = 3
_MOST_LINES = 300


def read_activities(reading: Reading, approvals: Sequence[Found], accepted: Sequence[Found] = ()) -> Iterator[Found]:
    """Yield `listed_item`s (kind `figure`): `acceptance_activity` with `ref` and the day of each, `acceptance_signed` of a note.

    *accepted* are the deliverables that a note accepts.
    """
    of_document = _deliverable_of(reading)
    signed_rows = [row for row in accepted if isinstance(row.values.get("accepted_on"), date)]
    for row in signed_rows:
        if code := of_document if len(signed_rows) == 1 and of_document else row.own_id:
            yield _item(reading, "acceptance_signed", code, row.values["accepted_on"], "", row.locator)
    told = told_acceptances(reading)
    known = {(of_document if len(signed_rows) == 1 and of_document else row.own_id, row.values["accepted_on"]) for row in signed_rows}
    for one in told:
        if (ref := deliverable_in(one.name)) and (ref, one.on) not in known:
            yield _item(reading, "acceptance_signed", ref, one.on, "", one.locator)
    if reading.kind in NOTES and of_document and not signed_rows and not told:
        days = [row.values["decided_on"] for row in approvals if isinstance(row.values.get("decided_on"), date)]
        signed = (max(days), approvals[0].locator) if days else _signed_below(reading)
        if signed is not None:
            yield _item(reading, "acceptance_signed", of_document, signed[0], "", signed[1])
    for grid in reading.grids:
        yield from _finished(reading, grid, _of_grid(reading, grid, of_document if reading.kind in NOTES else ""))
    if of_document and reading.kind not in NOTES:
        yield from _reported(reading, of_document)


def _signed_below(reading: Reading) -> tuple[date, str] | None:
    """Return the last day of a table of signatures that names nobody as approver: 'Name | Capacity | Signed on'."""
    for grid in reading.grids:
        for at, line in enumerate(grid.lines[:_HEADER_WITHIN]):
            place = next((at for at, head in enumerate(header_texts(line)) if fold(head) in words("note_signed_on")), None)
            if place is None:
                continue
            days = [
                day for row in grid.lines[at + 1 :] if (cell := row.cell(place)) is not None and (day := day_of(reading, cell)) is not None
            ]
            return (max(days), line.locator) if days else None
    return None


def _deliverable_of(reading: Reading) -> str:
    """Return the number of the one deliverable that a form or the title of the document names, '' for none or several."""
    said = set()
    for grid in reading.grids:
        for line in grid.lines:
            cells = [cell for cell in line.cells if not cell.is_covered]
            is_named = len(cells) == 2 and fold(clean(cells[0].text, 120).rstrip(" :")) in words("accepted_item")
            if is_named and (code := deliverable_in(text_of(cells[1]))):
                said.add(code)
    if not said and reading.titles:
        said = {code for word in reading.titles[0].split() if (code := code_in(word.strip("(),:")))}
        part = part_in(reading.titles[0])
        said = {f"{code} {part}".strip() for code in said}
    return said.pop() if len(said) == 1 else ""


_MOST_SAID = 3  # lines at the top of a sheet that say what it is


def _of_grid(reading: Reading, grid: Grid, of_document: str) -> str:
    """Return the deliverable to which the heading of a note, or the name of a sheet that checks an acceptance, assigns a table."""
    if reading.kind in NOTES and grid.heading is not None and (code := _code_of(grid.heading.text)):
        return code
    name = grid.table.name.strip()
    if grid.is_sheet and code_in(name) == name.replace(" ", ""):
        said = {word for line in grid.lines[:_MOST_SAID] for cell in line.cells for word in fold(cell.text).split()}
        return code_in(name) if said & words("acceptance_word") else of_document
    return of_document


def _code_of(heading: str) -> str:
    """Return the number of the one deliverable that a heading names: 'L4' of 'Note L4 – Platform'."""
    said = {code for word in heading.split() if (code := code_in(word.strip("(),:")))}
    return f"{said.pop()} {part_in(heading)}".strip() if len(said) == 1 else ""


def _finished(reading: Reading, grid: Grid, of_document: str) -> Iterator[Found]:
    """Yield the lines of a table of activities with the day of each; those of a list of several deliverables name theirs."""
    for at, line in enumerate(grid.lines[:_HEADER_WITHIN]):
        columns = _columns(line)
        if "activity" not in columns or "day" not in columns or ("item" not in columns and not of_document):
            continue
        for row in grid.lines[at + 1 : at + 1 + _MOST_LINES]:
            cell = row.cell(columns["day"])
            code = deliverable_in(text_of(row.cell(columns["item"]))) if "item" in columns else of_document
            finished = day_of(reading, cell) or _day_beside_names(reading, cell) if cell is not None else None
            if code and finished is not None and not is_repeated(text_of(row.cell(columns["activity"]))):
                yield _item(reading, "acceptance_activity", code, finished, text_of(row.cell(columns["activity"])), row.locator)
        return


def is_repeated(text: str) -> bool:
    """Say whether a test is one that follows an acceptance: a retest of what was accepted with conditions, a check within the warranty."""
    return any(f" {word} " in f" {fold(text)} " for word in words("test_repeated"))


def _columns(line: Line) -> dict[str, int]:
    """Return where a header has the deliverable, the activity and the day on which it was finished; 'Verified by, date' is such a day."""
    heads = header_texts(line)
    listed = {"activity": "acceptance_activity", "day": "activity_finished", "item": "accepted_item"}
    columns = {
        name: place
        for name, of in listed.items()
        if (place := next((at for at, head in enumerate(heads) if fold(head) in words(of)), None)) is not None
    }
    told = next((at for at, head in enumerate(heads) if begins_with(head, "activity_verified") is not None), None)
    if "day" not in columns and told is not None:
        beside = told + 1  # 'Verified by | On'
        columns["day"] = beside if beside < len(heads) and fold(heads[beside]) in words("day") else told
    return columns


def _day_beside_names(reading: Reading, cell: Cell) -> date | None:
    """Return the day of 'Ann Lee, Bo Ek, 12 June 2026'."""
    signed = signing_in(text_of(cell), reading.order)
    return signed[1] if signed is not None else None


def without_activities(reading: Reading, registers: Sequence[Found]) -> tuple[Found, ...]:
    """Return *registers* without the deliverables that a list of activities was taken for: each of them stands there several times."""
    lists = set()
    for grid in reading.grids:
        for at, line in enumerate(grid.lines[:_HEADER_WITHIN]):
            columns = _columns(line)
            if {"activity", "item", "day"} <= columns.keys() and columns["activity"] != columns["item"]:
                named = [fold(text_of(row.cell(columns["item"]))) for row in grid.lines[at + 1 :]]
                if len(set(named)) < len(named):
                    lists.add(grid.table.locator or grid.table.name)
                break
    return tuple(row for row in registers if row.table != "deliverable" or table_of(row.locator) not in lists)


def _reported(reading: Reading, code: str) -> Iterator[Found]:
    """Yield when the test was finished of which a report tells: 'Test finished on | 9 July 2026'."""
    if not words("test_report") & set(fold(reading.titles[0] if reading.titles else "").split()):
        return
    for grid in reading.grids:
        for line in grid.lines:
            cells = [cell for cell in line.cells if not cell.is_covered]
            if len(cells) == 2 and fold(clean(cells[0].text, 120).rstrip(" :")) in words("test_finished"):
                day = day_of(reading, cells[1])
                if day is not None:
                    yield _item(reading, "acceptance_activity", code, day, text_of(cells[0]), line.locator)


def _item(reading: Reading, name: str, code: str, day: date, text: str, place: str) -> Found:
    row = Filling(reading, "listed_item")
    row.set("kind", "figure")
    row.set("name", name)
    row.set("ref", code)
    row.set("text", clean(text, 300))
    row.set("on_date", day)
    return row.found(place, "figure", name, code, day.isoformat(), fold(text)[:60])
