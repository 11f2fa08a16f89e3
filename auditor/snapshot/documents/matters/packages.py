"""Work packages that are documents of their own: who authorised, accepted and took them back, and from when to when they run."""

import re
from collections.abc import Iterable, Iterator, Sequence

from auditor.connect.document import Cell, TextBlock
from auditor.connect.values import fold, parse_people
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.matters.grid import Filling, Grid, Line, Prose, Reading, day_of, is_known, range_in, text_of
from auditor.snapshot.documents.matters.plans import interval_in
from auditor.snapshot.documents.matters.reports import named_in
from auditor.snapshot.documents.matters.words import heading_key
from auditor.snapshot.words import words

_KIND = "work_package"
_CODE = re.compile(r"(?:WP|AP|LT|PT)[-_. ]?\d{1,4}(?:\.\d{1,3})*\b", re.IGNORECASE)
_DAYS = {"start": "planned_start_on", "end": "due_on"}
_ACTS = {"authorised": ("authorised_on", "authorised_by"), "accepted": ("accepted_on", "accepted_by"), "closed": ("closed_on", "")}
_MOST_ACT_CELLS = 4
_SLASH = re.compile(r"\s+/\s+")
_SIGNS = frozenset({"/s/", "(s)", "gez.", "sgd", "sgd."})  # before a name: it stands for a signature


def read_package(reading: Reading) -> Iterator[Found]:
    """Yield the rows of `work_package` of a document that surely is one or lists several.

    Its title bears the number of the one, or each of several has a heading with its number.
    """
    if reading.kind != _KIND:
        return
    titled = [(code, title) for title in reading.titles for code in _CODE.findall(title)]
    if len({_plain(code) for code, _ in titled}) == 1:
        # 'Work package description WP-06' names the package by its number only; the name of the file may say more.
        said = next(((code, title) for code, title in titled if _name(code, title)), titled[0])
        yield _package(reading, *said, reading.grids, reading.prose)
        return
    if titled:
        return
    headings = [(at, block) for at, block in enumerate(reading.document.blocks) if isinstance(block, TextBlock) and block.level]
    coded = [(at, block, codes[0]) for at, block in headings if len(codes := _CODE.findall(block.text)) == 1]
    if len({_plain(code) for _, _, code in coded}) < len(coded):
        return
    for at, block, code in coded:
        end = next((other for other, below in headings if other > at and below.level <= block.level), len(reading.document.blocks))
        grids = [grid for grid in reading.grids if at < grid.index < end]
        if grids:
            yield _package(reading, code, block.text, grids, [line for line in reading.prose if at < line.index < end])


def _plain(code: str) -> str:
    return fold(code).replace(" ", "")


def _name(code: str, title: str) -> str:
    return title.partition(code)[2].strip(" -–—:,._")


def _package(reading: Reading, code: str, title: str, grids: Sequence[Grid], prose: Sequence[Prose]) -> Found:
    row = Filling(reading, "work_package")
    row.set("title", _name(code, title) or title)
    lines = [line for grid in grids if not grid.is_sheet for line in grid.lines]
    for line in lines:
        cells = [cell for cell in line.cells if not cell.is_covered]
        if len(cells) == 2:
            _field(reading, row, fold(cells[0].text), cells[1])
            if (back := _taken_back(reading, fold(cells[0].text), cells[1])) is not None:
                row.day("closed_on", back)
            elif len(parts := _parts(reading, cells[1])) > 1:
                _act(reading, row, fold(cells[0].text), parts)
            elif not (text := text_of(cells[1])) or fold(text) in words("package_open") or day_of(reading, cells[1]) is not None:
                _act(reading, row, fold(cells[0].text), cells[1:])
        elif 2 < len(cells) <= _MOST_ACT_CELLS:
            _span(reading, row, fold(cells[0].text), cells[1])
            if day_of(reading, cells[1]) is not None:
                _dated(row, fold(cells[0].text), cells[1])  # a table of targets: 'Start | 6 July 2026 | –'
            _act(reading, row, fold(cells[0].text), cells[1:])
    for grid in grids:
        _agreed(reading, row, [] if grid.is_sheet else grid.lines)
    _reported(reading, row, prose)
    _led(row, prose)
    stages = {number for said in (title, *reading.titles) if (number := named_in(reading, said, "phase")) is not None}
    if len(stages) == 1:
        row.refer("stage_id", "stage", stages.pop())
    return row.found(_place(lines), "work_package", code, own_id=code)


def _place(lines: Sequence[Line]) -> str:
    return lines[0].locator.rpartition(" row ")[0] if lines else ""


def _agreed(reading: Reading, row: Filling, lines: Sequence[Line]) -> None:
    """Fill the days that stand below their labels in a table of one line: 'Start | End' above '6 July 2026 | 18 December 2026'."""
    if len(lines) != 2:
        return
    labels, values = ([cell for cell in line.cells if not cell.is_covered] for line in lines)
    if len(labels) != len(values) or len(labels) < 2:
        return
    for label, cell in zip(labels, values, strict=True):
        for name, column in _DAYS.items():
            if fold(label.text) in words(f"package_{name}") and column not in row.filled and day_of(reading, cell) is not None:
                row.day(column, cell)


def _reported(reading: Reading, row: Filling, prose: Iterable[Prose]) -> None:
    """Fill how often the team reports, as the text below the heading of reports says it: every two weeks."""
    below = [line for line in prose if line.heading and heading_key(line.heading.text) in words("package_reporting")]
    found = {days for line in below if (days := interval_in(reading.words, fold(line.text))) is not None}
    if "reporting_days" not in row.filled and len(found) == 1:
        row.set("reporting_days", int(found.pop()))


def _field(reading: Reading, row: Filling, label: str, cell: Cell) -> None:
    """Fill what a line of a form says: 'Start | 2 November 2026'."""
    _dated(row, label, cell)
    said = _SLASH.sub(" - ", text_of(cell))
    if label in words("package_dates") and not set(_DAYS.values()) & row.filled and (both := range_in(reading, said)) is not None:
        row.set("planned_start_on", both[0])
        row.set("due_on", both[1])
    people = [person.name for person in parse_people(text_of(cell)) if person.kind == "person"]
    if label in words("package_manager") and "team_manager_id" not in row.filled and is_known(cell) and len(people) < 2:
        row.set("team_manager_id", people[0] if people else None)
    if label in words("package_reporting") and (days := interval_in(reading.words, fold(text_of(cell)))) is not None:
        row.set("reporting_days", int(days))


def _dated(row: Filling, label: str, cell: Cell) -> None:
    for name, column in _DAYS.items():
        if label in words(f"package_{name}") and column not in row.filled:
            row.day(column, cell)


def _span(reading: Reading, row: Filling, label: str, cell: Cell) -> None:
    """Fill from when to when the package runs, as the line on time of its targets says it: 'Time | 3 May to 7 July 2026 | + 5 days'."""
    is_of_time = label in words("package_dates") or label in words("aspect_time")
    if is_of_time and not set(_DAYS.values()) & row.filled and (both := range_in(reading, text_of(cell))) is not None:
        row.set("planned_start_on", both[0])
        row.set("due_on", both[1])


def _led(row: Filling, prose: Iterable[Prose]) -> None:
    """Fill who leads the team, as the line below the heading 'Team manager' says it: 'Ann Lee, Team North'."""
    below = [line.text for line in prose if line.heading and heading_key(line.heading.text) in words("package_manager")]
    people = (
        [person.name for person in parse_people(re.split(r"[,;(]", below[0])[0].strip(" .")) if person.kind == "person"] if below else []
    )
    if "team_manager_id" not in row.filled and len(below) == 1 and len(people) == 1 and len(people[0].split()) > 1:
        row.set("team_manager_id", people[0])


_BY = re.compile(r"\s*[,;]\s*|\s+(?:by|par|durch|von|por)\s+|\s+(?=\()|\)\s*$", re.IGNORECASE)


def _parts(reading: Reading, cell: Cell) -> list[Cell]:
    """Return who did it and when, where one cell tells both: 'Jonas Keller, 7 July 2026', '6 July 2026 by Owen Brennan'."""
    parts = [Cell(part.strip(" ()")) for part in _BY.split(text_of(cell)) if part.strip(" ()")]
    return parts if sum(day_of(reading, part) is not None for part in parts) == 1 and is_known(cell) else []


def _taken_back(reading: Reading, label: str, cell: Cell) -> Cell | None:
    """Return the day of the one step of a completion that says who took the work back: 'notified by A on 3 May, accepted by B on 4 May'."""
    if not any(label == word or label.startswith(f"{word} ") for word in words("package_closed")):
        return None
    taking = words("package_accepted") | words("package_closed")
    said = [step for step in re.split(r"[,;:]", text_of(cell)) if any(f"{fold(step)} ".startswith(f"{word} ") for word in taking)]
    days = [Cell(day) for step in said for day in re.findall(r"\d.*", step)]
    return days[0] if len(days) == 1 and is_known(cell) and day_of(reading, days[0]) is not None else None


def _is_signature(reading: Reading, text: str) -> bool:
    """Say whether a cell is signed, with or without the name again: 'signed', 'signed A. Lee', '/s/ Ann Lee'."""
    first = text.split(maxsplit=1)[0].rstrip(":") if text.split() else ""
    return reading.words.value("decision", text) is not None or reading.words.value("decision", first) is not None or first in _SIGNS


def _act(reading: Reading, row: Filling, label: str, cells: Sequence[Cell]) -> None:
    """Fill what a line says that was done: 'Accepted by the team manager | Ann Lee | 30 October 2026'. A line without a day: it was not."""
    act = next((name for name in _ACTS if any(label == word or label.startswith(f"{word} ") for word in words(f"package_{name}"))), None)
    is_plan = any(label.endswith(f" {word}") for name in (*_DAYS, "dates") for word in words(f"package_{name}"))  # 'Agreed start'
    # Who did the work tells that it is done; it is closed by whoever takes it back.
    is_told = act == "closed" and any(f" {word} " in f" {label} " for word in words("package_told"))
    if act is None or is_plan or is_told or not all(is_known(cell) for cell in cells):
        return
    day_column, person_column = _ACTS[act]
    days = [cell for cell in cells if day_of(reading, cell) is not None]
    others = [cell for cell in cells if cell not in days and not _is_signature(reading, text_of(cell))]
    people = [person.name for cell in others for person in parse_people(text_of(cell)) if person.kind == "person"]
    is_open = not days and fold(text_of(cells[-1])) in words("package_open")
    if day_column in row.filled or len(days) > 1 or (not days and text_of(cells[-1]) and not is_open):
        return
    row.set(day_column, day_of(reading, days[0]) if days else None)
    if not person_column or len(people) > 1:
        return
    row.set(person_column, people[0] if people and days else None)  # a form may name who is to sign
    is_of_manager = any(word in label for word in words("package_manager"))
    if act == "accepted" and is_of_manager and people and "team_manager_id" not in row.filled:
        row.set("team_manager_id", people[0])
