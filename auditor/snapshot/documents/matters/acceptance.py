"""Notes of acceptance: which deliverable is accepted, with or without conditions, by whom and when."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from auditor.connect.document import Cell
from auditor.connect.values import clean, fold, parse_people
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.matters.grid import (
    Filling,
    Grid,
    Line,
    Prose,
    Reading,
    day_in,
    day_of,
    header_texts,
    is_known,
    person_of,
    table_of,
    text_of,
)
from auditor.snapshot.documents.matters.sentences import sentences_in
from auditor.snapshot.documents.signings import signing_in
from auditor.snapshot.words import words

NOTES = frozenset({"deliverables_acceptance_note"})
_TABLE = "deliverable"
_CODED = re.compile(r"(?P<code>[A-Z]{1,5}[-_. ]?\d{1,4}(?:\.\d{1,3})*)\b\s*[-–—:,.|]?\s*(?P<title>.*)", re.DOTALL)  # 'D2 Ferry timetable'
_SEVERAL = re.compile(r"[A-Z]{1,5}[-_. ]?\d{1,4}\b.*\b[A-Z]{1,5}[-_. ]?\d{1,4}\b")  # 'D1 to D5', 'D2, D3'
_IN_TITLE = re.compile(r"(?:^|[\s–—:,(-])([A-Z]{1,5}[-_.]?\d{1,4}(?:\.\d{1,3})*\b.*)", re.DOTALL)
_HEADER_WITHIN = 3
_MOST_LABEL_WORDS = 6
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
    listed = {grid.table.locator or grid.table.name: rows for grid in reading.grids if (rows := _listed(reading, grid))}
    if listed:
        others = tuple(row for row in registers if row.table != _TABLE or table_of(row.locator) not in listed)
        return [row for rows in listed.values() for row in rows], others
    if any(row.table == _TABLE and {"acceptance", "accepted_on"} & row.filled for row in registers):
        return [], tuple(registers)
    forms = [(grid, pairs) for grid in reading.grids if (pairs := _form(grid) or _one_line(grid))]
    taken = {grid.table.locator or grid.table.name for grid, _ in forms}
    others = tuple(row for row in registers if row.table != _TABLE or table_of(row.locator) not in taken)
    if (stated := _stated(reading)) is not None and len(forms) <= 1 and not (forms and _are_signed(_signatures(approvals))):
        return [stated], tuple(row for row in others if row.table != _TABLE)
    if len(forms) != 1:
        told = [row for one in told_acceptances(reading) if (row := _told_row(reading, one)) is not None] if not forms else []
        return told, others
    return list(_accepted(reading, forms[0][1], approvals)), others


def deliverable_in(text: str) -> str:
    """Return the number of the one deliverable that *text* names, with the part of it: 'D3 batch 1' of 'D3 Adapters, batch 1 (12)'."""
    code = code_in(text)
    return f"{code} {part}" if code and (part := part_in(text)) else code


def part_in(text: str) -> str:
    """Return the numbered part of a deliverable that *text* tells of: 'batch 1', 'Los 2'; '' for none or several."""
    said = fold(text).split()
    found = {f"{word} {number}" for word, number in pairwise(said) if word in words("deliverable_parts") and number.isdigit()}
    return found.pop() if len(found) == 1 else ""


def _listed(reading: Reading, grid: Grid) -> list[Found]:
    """Return the acceptances of a table with who accepted each deliverable, and when: 'Deliverable | Result | Accepted by, date'."""
    for at, line in enumerate(grid.lines[:_HEADER_WITHIN]):
        places: dict[str, int] = {}
        for place, head in enumerate(header_texts(line)):
            text = fold(head)
            for name in ("item", "result", "criteria"):
                if text in words(f"acceptance_{name}"):
                    places.setdefault(name, place)
            if text in words("note_signed_on"):
                places.setdefault("on", place)
            elif begins_with(head, "accepted_by") is not None:
                places.setdefault("by", place)
        if not {"item", "by"} <= places.keys():
            continue
        found = [row for below in grid.lines[at + 1 :] if (row := _listed_row(reading, below, places)) is not None]
        return _numbered_once(found) if any("accepted_on" in row.values for row in found) else []
    return []


def _listed_row(reading: Reading, line: Line, places: dict[str, int]) -> Found | None:
    name = text_of(line.cell(places["item"]))
    coded = _CODED.fullmatch(name)
    if not name or _SEVERAL.search(name):
        return None
    row = Filling(reading, _TABLE)
    title = (coded["title"].strip() if coded else "") or name
    row.set("title", title)
    if "criteria" in places:
        row.text("acceptance_criteria", line.cell(places["criteria"]))
    said = text_of(line.cell(places.get("result")))
    by = text_of(line.cell(places["by"]))
    signed = signing_in(by, reading.order)
    if signed is None and by and "on" in places and (day := day_of(reading, line.cell(places["on"]))) is not None:
        signed = (person_of(by), day)
    _settle(row, said, signed)
    if signed is None and not by:
        row.set("accepted_on", None)
        row.set("accepted_by", None)
    return row.found(line.locator, _TABLE, title, own_id=(coded["code"].replace(" ", "") if coded else None))


def _settle(row: Filling, said: str, signed: tuple[str, date] | None) -> None:
    """Fill what *said* and the signature tell of the acceptance."""
    result = _outcome(said, is_signed=signed is not None)
    if result is not None:
        row.set("acceptance", result)
        row.raw("acceptance", said[:200])
    if result == "rejected":
        row.set("accepted_on", None)
        row.set("accepted_by", None)
    elif signed is not None and result is not None:
        row.set("accepted_by", signed[0])
        row.set("accepted_on", signed[1])


def _outcome(said: str, *, is_signed: bool) -> str | None:
    """Return what a result comes to below which somebody signed that they accept: 'okay – final', 'not okay, hence provisional'."""
    if (told := acceptance_in(said)) is not None:
        return told
    padded = f" {fold(said)} "
    if not is_signed or any(f" {word} " in padded for name in ("acceptance_open", "package_open") for word in words(name)):
        return None
    parts = [fold(part) for part in re.split(r"[,;:.(\n–—]|\s-\s", said) if part.strip()]
    if any(f" {word} " in padded for word in words("acceptance_type_partial")):
        return "provisional"
    if any(part == word or part.startswith(f"{word} ") for part in parts for word in words("acceptance_type_full")):
        return "accepted"
    return "accepted" if not parts or parts[0] in words("acceptance_fine") else None


def _numbered_once(rows: Sequence[Found]) -> list[Found]:
    """Return *rows* so that of several acceptances of one deliverable the last bears its number."""
    last = {row.own_id: at for at, row in enumerate(rows) if row.own_id}
    return [row if row.own_id is None or last[row.own_id] == at else replace(row, own_id=None) for at, row in enumerate(rows)]


def _stated(reading: Reading) -> Found | None:
    """Return the acceptance of the deliverable in the title that lines of a note state: 'Accepted by: Ann Lee, Owner, 3 May 2026'."""
    signed: list[tuple[str, date]] = []
    said, locator = "", ""
    for line in reading.prose:
        for sentence in line.text.splitlines():
            if (rest := begins_with(sentence, "accepted_by")) is not None and (
                found := signing_in(_without_role(reading, _signed_on(rest)), reading.order)
            ):
                signed.append(found)
                locator = locator or line.block.locator
            elif ":" in sentence and fold(sentence.partition(":")[0]) in words("acceptance_result") and not said:
                said = next(sentences_in(sentence.partition(":")[2]), "")
    name = next((text for title in reading.titles[:1] if (text := _named_in(title))), "")
    if not signed or not name or _is_refused(reading.prose):
        return None
    coded = _CODED.fullmatch(name)
    row = Filling(reading, _TABLE)
    title = (coded["title"].strip() if coded else "") or name
    row.set("title", title)
    people = {person for person, _ in signed}
    _settle(row, said, (people.pop() if len(people) == 1 else "", max(day for _, day in signed)))
    if "acceptance" not in row.values:
        return None
    if row.values.get("accepted_by") is None:
        row.filled.discard("accepted_by")  # several signed: who of them accepted is not known
    return row.found(locator, _TABLE, title, own_id=(coded["code"].replace(" ", "") if coded else None))


def _signed_on(text: str) -> str:
    """Return *text* as one statement: 'Ann Lee, Project Owner. Signed 3 May 2026' tells who and when in two sentences."""
    who, stop, behind = text.partition(". ")
    day = begins_with(behind, "acceptance_signed") if stop else None
    return f"{who}, {day}" if day is not None else text


def _is_refused(lines: Sequence[Prose]) -> bool:
    """Say whether a note tells anywhere that something was not accepted: who signs below may have signed just that."""
    return any(acceptance_in(sentence) == "rejected" for line in lines for sentence in sentences_in(line.text))


@dataclass(frozen=True, slots=True)
class Told:
    """An acceptance that sentences tell.

    Attributes:
        name: of the deliverable, with its number first: 'D2 Portal'.
        outcome: accepted or provisional; None where the sentences do not say which.
    """

    name: str
    by: str
    on: date
    outcome: str | None
    locator: str


def told_acceptances(reading: Reading) -> list[Told]:
    """Return the acceptances that the sentences of a note tell: of the deliverable of each heading, else of the one that it names.

    'Accepted by: Ann Lee, Project Owner. Signed 3 May 2026.', 'Accepté provisoirement par Ann Lee, le 03/05/2026 (signé)', 'I accept D1.
    Signed: Ann Lee, 3 May 2026'.
    """
    if reading.kind not in NOTES:
        return []
    sections: dict[str, list[Prose]] = {}
    for line in reading.prose:
        name = _named_in(line.heading.text) or (line.heading.text if code_in(line.heading.text) else "") if line.heading is not None else ""
        if name:
            sections.setdefault(name, []).append(line)
    if not sections:
        titles = [*reading.titles, *(line.text for line in reading.prose[:_NAMED_WITHIN] if len(line.text) < _LONGEST_TITLE)]
        named = _labelled(reading.prose) or next((text for title in titles if (text := _named_in(title))), "")
        sections = {named: list(reading.prose)} if named else {}
    if len({fold(name.split()[0]) for name in sections}) < len(sections) and not all(part_in(name) for name in sections):
        return []
    return [told for name, lines in sections.items() if (told := _told(reading, name, lines)) is not None]


_NAMED_WITHIN, _LONGEST_TITLE = 3, 120
_LABELS = re.compile(r"[.;|\n]\s+|$")
_AGENT = re.compile(r"(?<!\w)(?:by|par|durch|von|por)\s*:?\s+(?=[^\W\d_])", re.IGNORECASE)


def _labelled(prose: Sequence[Prose]) -> str:
    """Return the one deliverable that a label within the text names: 'Number: DAN-04. Deliverable: D02 Portal.'; '' for none or several."""
    said = set()
    for line in prose:
        for part in _LABELS.split(line.text):
            label, colon, rest = part.partition(":")
            if colon and fold(label) in words("acceptance_item") | words("accepted_item") and code_in(rest.strip()):
                said.add(rest.strip(" ."))
    return said.pop() if len(said) == 1 else ""


def _told(reading: Reading, name: str, lines: Sequence[Prose]) -> Told | None:
    """Return the acceptance of the deliverable *name* that *lines* tell; None where it is refused, open or not told."""
    sentences = [(sentence, line.block.locator) for line in lines for sentence in sentences_in(line.text)]
    outcomes = [acceptance_in(sentence) for sentence, _ in sentences if _speaks_of(sentence, name)]
    if _is_refused(lines):
        return None
    signed: list[tuple[str, date, str]] = []
    for at, (sentence, locator) in enumerate(sentences):
        following = sentences[at + 1][0] if at + 1 < len(sentences) else ""
        if (found := _signature_in(reading, sentence, following, name)) is not None:
            signed.append((*found, locator))
    if not signed:
        return None
    said = [outcome for outcome in outcomes if outcome is not None]
    partial = tuple(f"{word} " for word in words("acceptance_partial"))
    said += ["provisional" for sentence, _ in sentences if fold(sentence).startswith(partial)]
    is_told = said or any(begins_with(sentence, "accepted_by") is not None for sentence, _ in sentences)
    if not is_told:
        return None
    outcome = "provisional" if "provisional" in said else said[0] if said else None
    last = max(signed, key=lambda one: one[1])
    people = {person for person, _, _ in signed}
    return Told(name, people.pop() if len(people) == 1 else "", last[1], outcome, last[2])


def _speaks_of(sentence: str, name: str) -> bool:
    """Say whether a sentence is about the acceptance of the deliverable: nothing else stands before what is said of it."""
    said = fold(sentence)
    begins = [at for word in words("acceptance_given") if (at := f" {said} ".find(f" {word} ")) >= 0]
    if not begins:
        return False
    before = set(said[: min(begins)].split())
    own = {fold(part) for part in name.split()[:1]} | words("accepted_item") | words("acceptance_self")
    return not before or bool(before & (own | words("acceptance_type_partial") | words("acceptance_type_full")))


def _signature_in(reading: Reading, sentence: str, following: str, name: str) -> tuple[str, date] | None:
    """Return who accepted and when, by a sentence and, where it has no day, by the one behind it: 'Signed 3 May 2026'."""
    rest = begins_with(sentence, "accepted_by")
    if rest is None and (signed := begins_with(sentence, "acceptance_signed")) is not None and sentence[:40].count(":"):
        rest = signed
    if rest is None and acceptance_in(sentence) not in {None, "rejected"} and _speaks_of(sentence, name):
        agent = _AGENT.search(sentence)
        rest = sentence[agent.end() :] if agent is not None else None
    if not rest:
        return None
    if (found := signing_in(_without_role(reading, rest), reading.order)) is not None:
        return found
    day = day_in(reading, following) if begins_with(following, "acceptance_signed") is not None and day_in(reading, rest) is None else None
    people = [person.name for person in parse_people(_without_role(reading, rest.rstrip(" ."))) if person.kind == "person"]
    return (people[0], day) if day is not None and len(people) == 1 else None


def _told_row(reading: Reading, told: Told) -> Found | None:
    """Return the deliverable that sentences accept; None for a part of one, and where they do not tell with or without conditions."""
    coded = _CODED.fullmatch(told.name)
    if told.outcome is None or part_in(told.name) or coded is None:
        return None
    row = Filling(reading, _TABLE)
    title = coded["title"].strip() or told.name
    row.set("title", title)
    row.set("acceptance", told.outcome)
    row.set("accepted_on", told.on)
    if told.by:
        row.set("accepted_by", told.by)
    return row.found(told.locator, _TABLE, title, own_id=coded["code"].replace(" ", ""))


def _named_in(title: str) -> str:
    """Return the deliverable that the title of a note ends with: 'D2 Core (final)' of 'Acceptance Note - D2 Core (final)'."""
    match = _IN_TITLE.search(title)
    return match[1].strip() if match is not None and not _SEVERAL.search(match[1]) else ""


def _without_role(reading: Reading, text: str) -> str:
    """Return *text* without the roles between commas: 'Ann Lee, Project Owner, 3 May 2026 (signed)'."""
    parts = [part.strip() for part in text.split(",")]
    return ", ".join(part for at, part in enumerate(parts) if not at or reading.words.role_of(part) is None)


def begins_with(text: str, name: str) -> str | None:
    """Return what follows the words of the list *name* at the begin of *text*, with a colon or without; None when it begins otherwise."""
    said = text.replace(":", " : ").split()
    for count in range(min(_MOST_LABEL_WORDS, len(said)), 0, -1):
        if fold(" ".join(said[:count])) in words(name):
            return " ".join(said[count:]).lstrip(" :,").replace(" : ", ": ")
    return None


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
