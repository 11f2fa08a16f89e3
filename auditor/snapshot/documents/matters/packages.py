"""Work packages that are documents of their own: who authorised, accepted and took them back, and from when to when they run."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from auditor.connect.document import Cell, TextBlock
from auditor.connect.values import fold, parse_people
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.matters.grid import (
    DAY_IN_TEXT,
    Filling,
    Grid,
    Line,
    Prose,
    Reading,
    day_in,
    day_of,
    is_known,
    range_in,
    text_of,
)
from auditor.snapshot.documents.matters.plans import interval_in
from auditor.snapshot.documents.matters.reports import named_in
from auditor.snapshot.documents.matters.sentences import sentences_in
from auditor.snapshot.documents.matters.words import heading_key
from auditor.snapshot.words import words

_KIND = "work_package"
_CODE = re.compile(r"(?:WP|AP|LT|PT)(?:[-_. ]?\d{1,4}(?:\.\d{1,3})*|[-_](?-i:[A-Z]))\b", re.IGNORECASE)
_DAYS = {"start": "planned_start_on", "end": "due_on"}
_ACTS = {
    "authorised": ("authorised_on", "authorised_by"),
    "accepted": ("accepted_on", "accepted_by"),
    "begun": ("started_on", ""),
    "closed": ("closed_on", ""),
}
_MOST_ACT_CELLS = 4
_FEWEST_LISTED = 2
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
        yield _package(reading, *said, reading.grids, reading.prose, _labelled(reading.prose))
        yield from _products(reading, said[0], reading.grids, reading.prose)
        yield from _drafts(reading, said[0], reading.grids, reading.prose)
        return
    headings = [(at, block) for at, block in enumerate(reading.document.blocks) if isinstance(block, TextBlock) and block.level]
    coded = [(at, block, codes[0]) for at, block in headings if len(codes := _CODE.findall(block.text)) == 1]
    if len({_plain(code) for _, _, code in coded}) < len(coded) or (titled and len(coded) < _FEWEST_LISTED):
        return  # 'Work packages AP-01 to AP-07' in the title lists them where each has a heading
    for at, block, code in coded:
        end = next((other for other, below in headings if other > at and below.level <= block.level), len(reading.document.blocks))
        grids = [grid for grid in reading.grids if at < grid.index < end]
        prose = [line for line in reading.prose if at < line.index < end]
        labelled = _labelled(prose)
        if grids or labelled:
            yield _package(reading, code, block.text, grids, prose, labelled)
            yield from _products(reading, code, grids, prose)
            yield from _drafts(reading, code, grids, prose)


_DRAFT = re.compile(
    r"(?<![\w-])([A-Z]{1,4}-?\d{1,3})(?![\w-])\s*[^;.\n]{0,60}?\s*[,(]?\s*\b(?:v|version|versión|fassung)\.?\s?(0\.\d{1,2})(?![\d.])",
    re.IGNORECASE,
)


def _drafts(reading: Reading, code: str, grids: Sequence[Grid], prose: Sequence[Prose]) -> Iterator[Found]:
    """Yield the drafts of other products that a package names: 'P01 Interface specification v0.8'; *code* is that of the package."""
    said = [(line.text, line.block.locator) for line in prose]
    said += [(cell.text, line.locator) for grid in grids for line in grid.lines for cell in line.cells if not cell.is_covered]
    seen: set[tuple[str, str]] = set()
    for text, locator in said:
        for clause in re.split(r";|\n", text):
            if not words("replaced_beside").isdisjoint(fold(clause).split()):
                continue
            for match in _DRAFT.finditer(clause):
                if _CODE.fullmatch(match[1]) or (match[1], match[2]) in seen:
                    continue
                seen.add((match[1], match[2]))
                row = Filling(reading, "listed_item")
                row.set("kind", "figure")
                row.set("name", "draft_named")
                row.set("ref", match[1])
                row.set("value", match[2])
                row.set("text", clause.strip()[:500])
                row.set("reason", code)
                yield row.found(locator, "figure", "draft_named", code, match[1], match[2])


def _plain(code: str) -> str:
    return fold(code).replace(" ", "")


def _name(code: str, title: str) -> str:
    return title.partition(code)[2].strip(" -–—:,._")


_FIELDS = ("start", "end", "dates", "manager", "reporting", "products")
_FEWEST_LABELS = 3
_LONGEST_LABEL = 60


def _labelled(prose: Sequence[Prose]) -> list[Line]:
    """Return the lines of a package that is told as a list, as those of a form: 'Team manager: Ann Lee', 'Authorized: Bo Hay, 3 May'."""
    found: list[Line] = []
    is_form = 0
    for line in prose:
        label, colon, said = line.text.partition(":")
        key = fold(label)
        if not colon or len(label) > _LONGEST_LABEL or not key:
            continue
        found.append(Line((Cell(label.strip()), Cell(said.strip())), line.block.locator, 0))
        is_act = any(key == word or key.startswith(f"{word} ") for name in _ACTS for word in words(f"package_{name}"))
        is_form += is_act or any(key in words(f"package_{name}") for name in _FIELDS)
    return found if is_form >= _FEWEST_LABELS else []


def _package(
    reading: Reading, code: str, title: str, grids: Sequence[Grid], prose: Sequence[Prose], labelled: Sequence[Line] = ()
) -> Found:
    row = Filling(reading, "work_package")
    row.set("title", _name(code, title) or title)
    lines = [line for grid in grids if not grid.is_sheet for line in grid.lines] + list(labelled)
    for line in lines:
        cells = [_first_issue(reading, cell) if place else cell for place, cell in enumerate(line.cells) if not cell.is_covered]
        if len(cells) == 2:
            _field(reading, row, fold(cells[0].text), cells[1])
            if (back := _taken_back(reading, fold(cells[0].text), cells[1], cells[0].text)) is not None:
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
    _told(reading, row, prose)
    stages = {number for said in (title, *reading.titles) if (number := named_in(reading, said, "phase")) is not None}
    if len(stages) == 1:
        row.refer("stage_id", "stage", stages.pop())
    return row.found(_place(lines), "work_package", code, own_id=code)


def _place(lines: Sequence[Line]) -> str:
    return (lines[0].locator.rpartition(" row ")[0] or lines[0].locator) if lines else ""


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
    first, _, later = said.partition(", ")
    both = range_in(reading, said) or range_in(reading, first)
    if label in words("package_dates") and not set(_DAYS.values()) & row.filled and both is not None:
        row.set("planned_start_on", both[0])
        moved = day_in(reading, _BRACKETS.sub("", later))  # 'to 12 December 2025, by the exception plan 29 January 2026 (agreed 3 May)'
        row.set("due_on", moved if moved is not None and moved >= both[0] else both[1])
    leads, _, rest = text_of(cell).partition(",")
    people = [person.name for person in parse_people(leads.partition("(")[0]) if person.kind == "person"]
    if label in words("package_manager") and (taken := _taken_on(reading, rest)) is not None:  # 'Ann Lee, accepted 3 May 2026'
        row.set("accepted_on", taken)
        row.set("accepted_by", people[0] if len(people) == 1 else None)
    if label in words("package_manager") and "team_manager_id" not in row.filled and is_known(cell) and len(people) < 2:
        row.set("team_manager_id", people[0] if people else None)
    if label in words("package_reporting") and (days := interval_in(reading.words, fold(text_of(cell)))) is not None:
        row.set("reporting_days", int(days))


def _taken_on(reading: Reading, text: str) -> date | None:
    """Return the day on which *text* says that the package was accepted: 'accepted 16 December 2025'."""
    said = fold(text)
    is_accepted = any(said.startswith(f"{word} ") for word in words("package_accepted"))
    return day_in(reading, text) if is_accepted else None


_BRACKETS = re.compile(r"\([^()]*\)")
_ISSUE = re.compile(r"\s*\((?:v|version|edition|ed\.?|rev\.?)?\s*\d+(?:\.\d+)*\)", re.IGNORECASE)


def _first_issue(reading: Reading, cell: Cell) -> Cell:
    """Return what *cell* says of the first issue of a package: '2 May 2025 (v1.0); 1 June 2025 (v2.0), Ann Lee' → '2 May 2025, Ann Lee'."""
    said = text_of(cell)
    parts = [part for part in re.split(r"\s*[;,]\s*", _ISSUE.sub("", said)) if part]
    days = [(part, day) for part in parts if (day := day_of(reading, Cell(part))) is not None]
    if not days or (len(days) == 1 and _ISSUE.search(said) is None) or days != sorted(days, key=lambda item: item[1]):
        return cell
    rest = [part for part in parts if part not in {part for part, _ in days}]
    return Cell(", ".join([days[0][0], *rest])) if len(rest) <= _MOST_BEHIND else cell


_MOST_BEHIND = 2  # the name behind the days, and the role
_PIECES = re.compile(r"\s*[;,]\s+|\.\s+(?=[^\W\d_a-zà-ÿ])|\.$")


def _told(reading: Reading, row: Filling, prose: Sequence[Prose]) -> None:
    """Fill what sentences of the package say: 'start 3 May 2026, end 7 July 2026', 'From … to …', 'Given to Ann Lee', 'closed on …'."""
    for line in prose:
        key = heading_key(line.heading.text) if line.heading is not None else ""
        if key in words("package_closed") and "closed_on" not in row.filled:
            back = _taken_back(reading, key, Cell(line.text))
            if back is not None:
                row.day("closed_on", back)
            elif fold(line.text) in words("package_running") | words("package_open"):
                row.set("closed_on", None)
        for piece in _PIECES.split(line.text):
            said = piece.split()
            for name, column in _DAYS.items():
                first = next((n for n in (3, 2, 1) if len(said) > n and fold(" ".join(said[:n])) in words(f"package_{name}")), 0)
                if first and column not in row.filled and (day := day_of(reading, Cell(" ".join(said[first:])))) is not None:
                    row.set(column, day)
            is_range = line.heading is None and said and fold(said[0]) in words("range_from") and not set(_DAYS.values()) & row.filled
            if is_range and (both := range_in(reading, piece)) is not None:
                row.set("planned_start_on", both[0])
                row.set("due_on", both[1])
            _given(row, piece)
        for sentence in sentences_in(line.text) if "reporting_days" not in row.filled else ():
            is_report = any(f" {word} " in f" {fold(sentence)} " for word in words("checkpoints"))
            if is_report and (days := interval_in(reading.words, fold(sentence))) is not None:
                row.set("reporting_days", int(days))


def _given(row: Filling, text: str) -> None:
    """Fill who leads the team as a sentence says it: 'Given to Ann Lee (North Ltd)'."""
    said = text.partition("(")[0].split()
    first = next((n for n in (3, 2) if len(said) > n and fold(" ".join(said[:n])) in words("package_given")), 0)
    people = [person.name for person in parse_people(" ".join(said[first:])) if person.kind == "person"] if first else []
    if "team_manager_id" not in row.filled and len(people) == 1 and len(people[0].split()) > 1:
        row.set("team_manager_id", people[0])


_PRODUCT = re.compile(r"(?<![\w-])[^\W\d_]{1,4}[-.]?\d{1,3}(?!\w|\.\d)")


def _products(reading: Reading, code: str, grids: Sequence[Grid], prose: Sequence[Prose]) -> Iterator[Found]:
    """Yield that the package makes the products whose numbers stand behind that label: 'Products | P-01, P-02', 'Products: K1 and K2'."""
    said = [(text_of(line.cells[1]), line.locator) for grid in grids if not grid.is_sheet for line in grid.lines if _is_of_products(line)]
    for line in prose:
        for sentence in re.split(r"\.\s+", line.text):
            label, colon, rest = sentence.partition(":")
            if colon and fold(label) in words("package_products"):
                said.append((rest, line.block.locator))
    counted = [one for one in said if _PRODUCT.search(one[0])]
    named = {frozenset(_PRODUCT.findall(text.partition("(")[0])) for text, _ in counted}
    if not counted or (len(named) > 1 and len(said) > 1):
        return
    text, locator = counted[0]
    for number in dict.fromkeys(_PRODUCT.findall(text.partition("(")[0])):
        row = Filling(reading, "link")
        row.set("from_table", "deliverable")
        row.refer("from_id", "deliverable", number)
        row.set("to_table", "work_package")
        row.refer("to_id", "work_package", code)
        row.set("kind", "child_of")
        row.set("is_broken", False)
        yield row.found(locator, "link", code, number)


def _is_of_products(line: Line) -> bool:
    cells = [cell for cell in line.cells if not cell.is_covered]
    return len(cells) == len(line.cells) == 2 and fold(cells[0].text) in words("package_products")


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


_STEPS = re.compile(r"\s+/\s+")
_TWO_STEPS = 2


def _taken_back(reading: Reading, label: str, cell: Cell, label_text: str = "") -> Cell | None:
    """Return the day of the one step of a completion that says who took the work back: 'notified by A on 3 May, accepted by B on 4 May'."""
    if not any(label == word or label.startswith(f"{word} ") for word in words("package_closed")):
        return None
    taking = words("package_accepted") | words("package_closed")
    parts = [re.split(_STEPS, said) for said in (label_text, text_of(cell))]
    if len(parts[0]) == len(parts[1]) == _TWO_STEPS and fold(parts[0][1]).startswith(tuple(f"{word} " for word in taking)):
        # 'Completion notified / accepted by the project manager | A, 3 May 2026 / B, 4 May 2026'
        return next((Cell(day) for day in DAY_IN_TEXT.findall(parts[1][1]) if day_in(reading, parts[1][1]) is not None), None)
    steps = [step.strip(" .") for step in re.split(r"[,;:]|\s+(?:and|und|et|y)\s+", text_of(cell))]
    said = [
        step
        for step in steps
        if any(map(str.isdigit, step)) and any(f"{fold(step)} ".startswith(f"{word} ") for word in taking) and not _is_told(step)
    ]
    closing = [step for step in said if any(f"{fold(step)} ".startswith(f"{word} ") for word in words("package_closed"))]
    if len(said) > 1 and len(closing) == 1:
        said = closing  # 'accepted by A 2026-01-19, closed 2026-01-20'
    days = [Cell(day) for step in said for day in re.findall(r"\d.*", step)]
    return days[0] if len(days) == 1 and is_known(cell) and day_of(reading, days[0]) is not None else None


def _is_told(step: str) -> bool:
    """Say whether a step is that of who did the work: 'Completion notified by Ann Lee'."""
    return any(f" {word} " in f" {fold(step)} " for word in words("package_told"))


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
    is_open = not days and any(fold(text_of(cell)) in words("package_open") for cell in cells)
    if day_column in row.filled or len(days) > 1 or (not days and text_of(cells[-1]) and not is_open):
        return
    row.set(day_column, day_of(reading, days[0]) if days else None)
    if not person_column or len(people) > 1:
        return
    row.set(person_column, people[0] if people and days else None)  # a form may name who is to sign
    is_of_manager = any(word in label for word in words("package_manager"))
    if act == "accepted" and is_of_manager and people and "team_manager_id" not in row.filled:
        row.set("team_manager_id", people[0])
