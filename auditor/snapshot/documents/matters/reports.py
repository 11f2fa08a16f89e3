"""Status, progress and end reports: period, day, traffic light and figures."""

import re
from calendar import monthrange
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import takewhile

from auditor.connect.document import Cell, TextBlock
from auditor.connect.values import MONTHS, clean, fold, parse_period
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.matters.figures import read_figures
from auditor.snapshot.documents.matters.grid import (
    Filling,
    Grid,
    Line,
    Pair,
    Prose,
    Reading,
    day_in,
    day_in_titles,
    day_of,
    find_columns,
    header_texts,
    is_known,
    is_label_table,
    pair_in,
    pairs_of,
    person_of,
    range_in,
    statements_in,
    table_of,
    text_of,
    unmarked_pair,
)
from auditor.snapshot.documents.matters.sentences import deeds_in, sentences_in
from auditor.snapshot.documents.matters.told_work import told_in, told_in_report
from auditor.snapshot.documents.matters.words import heading_key, plain_number
from auditor.snapshot.words import words as listed

KINDS: Mapping[str, str] = {
    "project_status_report": "status",
    "project_progress_report": "progress",
    "checkpoint_report": "checkpoint",
    "highlight_report": "highlight",
    "end_stage_report": "end_stage",
    "project_end_report": "end_project",
    "end_project_report": "end_project",
    "exception_report": "exception",
    "quality_review_report": "quality",
    "contractor_status_report": "contractor",
}
"""Kind of artefact → kind of report. A document of another kind is no report."""

_PARTS_OF_HEADING = re.compile(r"\s*[:|(),]\s*|\s+[–—]\s+(?!\d)")
_MONTH_IN_TITLE = re.compile(r"(?<![\w.])[^\W\d_]{3,10}\.?\s+(?:de\s+)?20\d\d(?!\d)")
_COUNTED_MONTH = re.compile(r"(?<![\w.])(\d{1,2})\s*[:–—-]\s*[^\W\d_]{3,10}\.?\s+(?:de\s+)?20\d\d(?!\d)")
_MONTH_IN_FIGURES = re.compile(r"(20\d\d)[-/.](0[1-9]|1[0-2])|(0[1-9]|1[0-2])[-/.](20\d\d)")
_MOST_FIRST_LINES, _LONGEST_FIRST_LINE = 8, 500
_DAYS_BEFORE_END = 3
_PACKAGE = re.compile(r"(?:WP|AP|LT|PT)(?:[-_. ]?\d{1,4}(?:\.\d{1,3})*|[-_](?-i:[A-Z]))", re.IGNORECASE)
_STAGE = re.compile(r"\d{1,2}")
_NEAR = 2  # words between 'stage' and its number: 'End Stage Report 2'
_PLANS = frozenset({"stage_plan", "project_plan", "team_plan", "exception_plan"})
"""Kinds of documents that list the checks to come; the quality register keeps them."""
_FIRST = frozenset({"project_initiation_request", "business_case", "project_charter", "project_brief"})
"""Kinds of documents that name the first risks; the risk register keeps them."""
_SHOWN: Mapping[str, tuple[str, str]] = {
    "risk": ("risk", "score"),
    "issue": ("issue", "priority"),
    "change_request": ("change", "size"),
    "review": ("activity", ""),
}
"""Register → kind of listed item, and the column of the rating that is kept of it."""


def read_report(reading: Reading) -> Iterator[Found]:
    """Yield the row of `report` and a `listed_item` (kind `figure`) per number that it states."""
    kind = KINDS.get(reading.kind or "")
    if kind is None:
        return
    if kind == "checkpoint" and (listed := list(_listed(reading))):
        yield from listed
        return
    single = list(_single(reading))
    if len(single) > 1:
        for heading, pairs in single:
            yield _report(reading, kind, pairs, heading.text)
        return  # figures belong to a document: of which of its reports they are could not be told
    pairs = [pair for grid in reading.grids if _is_of_labels(reading, grid) for pair in pairs_of(reading, grid)]
    report = _report(reading, kind, [*pairs, *(pair for line in reading.prose for pair in _prose_pairs(reading, line))])
    yield report
    yield from read_figures(reading)
    yield from _cost_light(reading)
    yield from _starts(reading, report)
    if kind == "checkpoint":
        yield from told_in_report(reading, report)


def _listed(reading: Reading) -> Iterator[Found]:
    """Yield the checkpoint reports that a table lists, one in a line; the work package stands in it, or in what the table is called."""
    for grid in reading.grids:
        hit = find_columns(grid, reading.words.tables["checkpoints"]) if "checkpoints" in reading.words.tables else None
        if hit is None:
            continue
        columns, lines = hit
        first = grid.lines[: grid.lines.index(lines[0])] if lines else ()
        columns = _with_days(reading, columns, first, lines)
        above = [grid.table.name, *(grid.heading.text for _ in (1,) if grid.heading), *(cell.text for line in first for cell in line.cells)]
        named = {name for text in above if text and (name := named_in(reading, text, "work_package")) is not None}
        for line in lines:
            cells = {name: line.cell(place) for name, place in columns.items()}
            day = day_of(reading, cells.get("date"))
            if day is None:
                continue
            row = Filling(reading, "report")
            row.set("kind", "checkpoint")
            row.set("issued_on", day)
            begun, ended = (day_of(reading, cells.get(name)) for name in ("from", "to"))
            if (days := _within(reading, text_of(cells.get("period")), day)) is not None:
                row.set("period_from_on", days[0])
                row.set("period_to_on", days[1])
            elif begun is not None and ended is not None and begun <= ended <= day + timedelta(days=_LATE_PERIOD):
                row.set("period_from_on", begun)
                row.set("period_to_on", ended)
            if "by" in cells:
                row.person("issued_by", cells["by"])
            said = named_in(reading, text_of(cells.get("package")), "work_package") or (next(iter(named)) if len(named) == 1 else None)
            if said is not None:
                row.refer("work_package_id", "work_package", said)
            yield row.found(line.locator, "report", "checkpoint", said or "", day.isoformat())
            for name in ("done", "before"):
                if name in cells:
                    beside = " ".join(cell.text for cell in line.cells)
                    yield from told_in(reading, text_of(cells[name]), beside, day, line.locator)


def _with_days(reading: Reading, columns: dict[str, int], first: Sequence[Line], lines: Sequence[Line]) -> dict[str, int]:
    """Return *columns* with the day where it stands: 'Report | Date' has the number of the report in the first, its day in the second."""
    place = columns.get("date")
    if place is None or not first or any(day_of(reading, line.cell(place)) is not None for line in lines):
        return columns
    known = reading.words.tables["checkpoints"].columns
    for other, text in enumerate(header_texts(first[-1])):
        is_day = other not in columns.values() and "date" in known.get(heading_key(text), ())
        if is_day and any(day_of(reading, line.cell(other)) is not None for line in lines):
            return {**columns, "date": other}
    return columns


_BETWEEN = re.compile(r"\s*[-–—]\s*")


def _within(reading: Reading, text: str, issued: date) -> tuple[date, date] | None:
    """Return the days of a period whose year is that of the report: '22 Dec-2 Jan', '16.03.-10.04.', '5-16 Jan'."""
    plain = re.sub(r"\s*\([^()]*\)\s*$", "", text)
    spaced = _BETWEEN.sub(" - ", plain) if len(_BETWEEN.findall(plain)) == 1 else plain
    for said in (text, spaced, f"{spaced}{'' if spaced.endswith('.') else ' '}{issued.year}", f"{spaced.rstrip('.')}.{issued.year}"):
        days = _range_of(reading, said) if said else None
        if days is not None and days[1] <= issued + timedelta(days=_LATE_PERIOD):
            return days
    return None


_LATE_PERIOD = 14  # days between the end of a period and its report


def _is_of_labels(reading: Reading, grid: Grid) -> bool:
    """Say whether a table of the report tells one thing a line: 'Reporting period | …', 'Summary | …', 'Tender | …'.

    Every project has lines of its own; where each has two cells and the first is of the report itself, the others belong to it.
    """
    if is_label_table(reading, grid):
        return True
    lines = [[cell for cell in line.cells if not cell.is_covered] for line in grid.lines]
    if not lines or any(len(cells) != 2 for cells in lines) or any(map(reading.words.label, (text_of(cells[1]) for cells in lines[:1]))):
        return False
    labels = [set(reading.words.label(text_of(cells[0]))) for cells in lines]
    return "period" in labels[0] or (bool(labels[0] & _OF_ONE) and sum(map(bool, labels)) > 1)


_STARTED = re.compile(
    r"\b(?:stage|phase|managementphase|séquence|etapa|fase)\s+(\d{1,2})\s+"
    r"(?:(?:was\s+)?started|began|begann|startete|hat\s+am|a\s+commencé|commencée|a\s+débuté|comenzó|empezó)\s+(?:on\s+|am\s+|le\s+|el\s+)?"
    r"(\d{1,2}\.?(?:st|nd|rd|th)?\s+(?:de\s+)?[^\W\d_]{3,10}\.?(?:\s+(?:de\s+)?\d{4})?|\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}-\d{2}-\d{2})",
    re.IGNORECASE,
)


def _starts(reading: Reading, report: Found) -> Iterator[Found]:
    """Yield the stages whose beginning a report tells: 'stage 3 started on 13 July'. A day without a year is the last one before it."""
    issued = report.values.get("issued_on") or report.values.get("period_to_on")
    seen: set[str] = set()
    for line in reading.prose:
        for number, said in _STARTED.findall(line.text):
            day = reading.day(said)
            if day is None and issued is not None:
                days = [reading.day(f"{said} {year}") for year in (issued.year, issued.year - 1)]
                day = next((known for known in days if known is not None and known <= issued), None)
            if day is None or number in seen or (issued is not None and day > issued):
                continue
            seen.add(number)
            row = Filling(reading, "stage")
            row.set("number", int(number))
            row.set("started_on", day)
            yield row.found(line.block.locator, "stage", number, "started")


def _report(reading: Reading, kind: str, pairs: list[Pair], title: str = "") -> Found:
    """Return the row of a report; *title* is that of one among several in a file, '' where the document is the report."""
    row = Filling(reading, "report")
    row.set("kind", kind)
    _period(reading, row, pairs)
    _issue(reading, row, pairs, title)
    _lights(reading, row, pairs)
    _about(reading, row, pairs, title)
    first = next((pair.locator for pair in pairs if set(pair.names) & {"report_date", "period", "rag", "period_from"}), "")
    return row.found(first, "report", kind, str(row.values.get("issued_on", "")), str(row.values.get("period_to_on", "")))


_MOSTLY = 0.9
_ALIKE = 2  # words with which the titles of reports in one file begin
_OF_ONE = frozenset({"report_date", "date", "period", "period_from"})


def _single(reading: Reading) -> Iterator[tuple[TextBlock, list[Pair]]]:
    """Yield heading and labels of each report of a file that holds several, one below each: 'Checkpoint 1 – 1 April', 'Checkpoint 2'.

    They say each their own day and period; a document that states them once is one report.
    """
    seen: set[int] = set()  # not by their place: of a PDF that is the page
    covers: dict[int, tuple[TextBlock, list[Pair]]] = {}
    for grid in reading.grids:
        if not grid.heading or id(grid.heading) in seen or not _is_form(grid):
            continue
        pairs = pairs_of(reading, grid)
        covers.setdefault(id(grid.heading), (grid.heading, pairs))
        stated = [pair for pair in pairs if _OF_ONE & set(pair.names)]
        if len(stated) > 1 or (stated and _bears_its_day(reading, grid.heading.text, stated)):
            seen.add(id(grid.heading))
            yield grid.heading, pairs
    if not seen and (several := list(_of_periods(reading, covers.values()))):
        yield from several
    elif not seen:
        yield from list(_told_apart(reading)) or _of_months(reading)


def _bears_its_day(reading: Reading, title: str, stated: Iterable[Pair]) -> bool:
    """Say whether the day in a title is one that the report states, or comes soon after its period: 'Checkpoint report of 12 June 2026'."""
    day = day_in(reading, title)
    if day is None:
        return False
    ends = [days[1] for pair in stated if "period" in pair.names and (days := _range_of(reading, text_of(pair.cell))) is not None]
    return day in {day_of(reading, pair.cell) for pair in stated} or any(
        timedelta() <= day - end <= timedelta(_LATE_PERIOD) for end in ends
    )


def _of_periods(reading: Reading, covers: Iterable[tuple[TextBlock, list[Pair]]]) -> Iterator[tuple[TextBlock, list[Pair]]]:
    """Yield the same where each report states its period alone, another one than the others, and the headings begin alike."""
    dated = [
        (heading, pairs, found)
        for heading, pairs in covers
        if len(found := {days for pair in pairs if "period" in pair.names and (days := _range_of(reading, text_of(pair.cell)))}) == 1
    ]
    begins = {_begin(heading.text) for heading, _, _ in dated}
    if len(dated) > 1 and len(begins - {()}) == len(begins) == 1 and len(set().union(*(found for _, _, found in dated))) == len(dated):
        yield from ((heading, pairs) for heading, pairs, _ in dated)


def _of_months(reading: Reading) -> Iterator[tuple[TextBlock, list[Pair]]]:
    """Yield the same where each report is headed by its month or its days, each by other ones: 'Status report 2026-01'."""
    found: dict[int, list[tuple[TextBlock, tuple[date, date]]]] = {}
    for block in reading.document.blocks:
        if isinstance(block, TextBlock) and block.level and (match := _period_headed(reading, block.text)) is not None:
            found.setdefault(block.level, []).append((block, match))
    for _, dated in sorted(found.items()):
        begins = {_begin(block.text) for block, _ in dated}
        if len(dated) < _ALIKE or len(begins) > 1 or () in begins or len({days for _, days in dated}) < len(dated):
            continue
        for block, days in dated:
            pairs = [pair for line in reading.prose if line.heading is block for pair in _prose_pairs(reading, line)]
            if not any("period" in pair.names and _range_of(reading, text_of(pair.cell)) is not None for pair in pairs):
                said = Cell(f"{days[0].isoformat()} - {days[1].isoformat()}")
                pairs.insert(0, Pair(("period",), "", said, block.locator))
            yield block, pairs
        return


def _month_of(text: str) -> tuple[date, date] | None:
    said = (match[0] for pattern in (_MONTH_IN_FIGURES, _MONTH_IN_TITLE) for match in pattern.finditer(text))
    return next((days for month in said if (days := _month_in(month)) is not None), None)


def _period_headed(reading: Reading, text: str) -> tuple[date, date] | None:
    """Return the period that a heading names: 'Report 09: 1 November to 30 November 2025', 'Report 2025-11 (1–30 November)'."""
    parts = (part for part in _PARTS_OF_HEADING.split(text) if part.strip())
    return next((days for part in parts if (days := range_in(reading, part)) is not None), None) or _month_of(text)


def _told_apart(reading: Reading) -> Iterator[tuple[TextBlock, list[Pair]]]:
    """Yield the same where each report says its period in a sentence below its heading, and the headings begin alike."""
    found: dict[int, tuple[TextBlock, list[Pair]]] = {}
    for line in reading.prose:
        if line.heading is None or len(line.text) > _LONGEST_FIRST_LINE or id(line.heading) in found:
            continue
        pairs = _prose_pairs(reading, line)
        if any("period" in pair.names and _range_of(reading, text_of(pair.cell)) is not None for pair in pairs):
            found[id(line.heading)] = line.heading, [*pairs, *_sent_in(reading, line)]
    begins = {_begin(heading.text) for heading, _ in found.values()}
    if len(begins) == 1 and () not in begins:
        yield from found.values()


def _sent_in(reading: Reading, line: Prose) -> Iterator[Pair]:
    """Yield the day on which a line says that the report was sent: 'Issued 5 May 2026 by Ann Lee'."""
    days = {day for deed in deeds_in(reading, [line.text]) if deed.action == "send" for _, day in deed.days}
    if len(days) == 1:
        yield Pair(("report_date",), "", Cell(days.pop().isoformat()), line.block.locator)


def _begin(heading: str) -> tuple[str, ...]:
    """Return the words with which a heading begins, up to its number: 'Highlight report 09: …' begins as 'Highlight report 10: …'."""
    said = fold(heading).split()[:_ALIKE]
    return tuple(takewhile(lambda word: not word[:1].isdigit(), said))


def _is_form(grid: Grid) -> bool:
    """Say whether nearly every line of *grid* is a label with a value."""
    filled = [sum(1 for cell in line.cells if not cell.is_covered) for line in grid.lines]
    return len(filled) > 1 and sum(1 for count in filled if count in {1, 2, 4}) >= _MOSTLY * len(filled)


_STATEMENTS = re.compile(r"\n|\s+[·•|]\s+")  # 'Date 7 April 2026 · period 9 March 2026 to 3 April 2026'


def _prose_pairs(reading: Reading, line: Prose) -> list[Pair]:
    found: list[Pair] = []
    for text in (text for part in _STATEMENTS.split(line.text) for text in _stating(reading, part)):
        stated = statements_in(reading, text, line.block.locator)
        if stated is None:
            pair = pair_in(reading, text, line.block.locator) or unmarked_pair(reading, text.strip(" ."), line.block.locator)
            stated = [pair] if pair is not None else []
        if not any(_OF_ONE & set(pair.names) for pair in stated):
            stated = [pair for pair in stated if not pair.is_unmarked]
        found += stated
    return found


def _stating(reading: Reading, text: str) -> list[str]:
    """Return *text*, or its sentences where one is the period of a report: 'Period: May 2026. Issued on 4 June'."""
    told = list(sentences_in(text)) if len(text) <= _LONGEST_FIRST_LINE else []
    for sentence in told[:_MOST_FIRST_SENTENCES] if len(told) > 1 else ():
        pair = pair_in(reading, sentence.strip(" ."), "") or unmarked_pair(reading, sentence.strip(" ."), "")
        if pair is not None and "period" in pair.names:
            return told
    return [text]


_MOST_FIRST_SENTENCES = 4


def read_mentions(reading: Reading, registers: Iterable[Found], listed: Collection[str] = ()) -> Iterator[Found]:
    """Yield a `listed_item` for what a document shows of an entry that is kept elsewhere.

    Risks, issues and changes of a report, checks of a plan, first risks of a charter; of the latter no table that is in *listed*, those
    whose lines were read as items already.
    """
    is_plan, is_first = reading.kind in _PLANS, reading.kind in _FIRST
    if not is_plan and not is_first and (reading.kind not in KINDS or len(list(_single(reading))) > 1):
        return
    position: dict[str, int] = {}
    for row in registers:
        shown = _SHOWN.get(row.table) if is_plan == (row.table == "review") else None
        if is_first and (row.table != "risk" or table_of(row.locator) in listed):
            continue
        name = str(row.values.get("title") or row.values.get("description") or row.values.get("subject") or "")
        if shown is None or not (name or row.own_id):
            continue
        kind, rating = shown
        item = Filling(reading, "listed_item")
        item.set("kind", kind)
        item.set("position", position.setdefault(kind, 0) + 1)
        position[kind] += 1
        item.set("ref", row.own_id)
        item.set("name", name[:500])
        if row.table == "review" and "planned_on" in row.filled:
            item.set("on_date", row.values.get("planned_on"))
        number = row.values.get(rating)
        if number is not None:
            item.set("value", plain_number(Decimal(number)))
            item.set("number", Decimal(number))
        yield item.found(row.locator, "mention", kind, row.own_id or "", name[:80])


def _period(reading: Reading, row: Filling, pairs: list[Pair]) -> None:
    for pair in pairs:
        text = text_of(pair.cell)
        if "period" in pair.names and "period_to_on" not in row.filled and is_known(pair.cell):
            days = _range_of(reading, text)
            if days is not None:
                row.set("period_from_on", days[0])
                row.set("period_to_on", days[1])
            elif not text:
                row.set("period_from_on", None)
                row.set("period_to_on", None)
            else:
                row.raw("period_from_on", text)
    for pair in pairs:
        for name in ("period_from", "period_to"):
            if name in pair.names and f"{name}_on" not in row.filled and len(pair.names) == 1 and _may_be_day(reading, pair):
                row.day(f"{name}_on", pair.cell)


def _range_of(reading: Reading, text: str) -> tuple[date, date] | None:
    return range_in(reading, text) or _month_in(text) or _months_in(text)


_FROM_MONTH = re.compile(
    r"(?:(?:from|de|du|von|vom|desde|d['’])\s*)?([^\W\d_]{3,10})\.?(?:\s+(?:de\s+|del\s+)?(\d{4}))?"
    r"\s*(?:-|–|—|/|&|\+|,|\bto\b|\band\b|\buntil\b|\bet\b|\bà\b|\bau\b|\bund\b|\bbis\b|\by\b|\be\b|\ba\b|\bhasta\b)\s*"
    r"([^\W\d_]{3,10})\.?\s+(?:de\s+|del\s+)?(\d{4})",
    re.IGNORECASE,
)


def _months_in(text: str) -> tuple[date, date] | None:
    """Return the days of the months, the quarter or the half-year that *text* is: 'April and May 2026', 'first quarter of 2026'."""
    plain = clean(text, 60).strip(" .")
    if (match := _FROM_MONTH.fullmatch(plain)) is not None:
        first, last = MONTHS.get(fold(match[1])), MONTHS.get(fold(match[3]))
        if first is None or last is None:
            return None
        end = int(match[4])
        begin = int(match[2]) if match[2] else end - (first > last)
        return _whole_months(begin, first, end, last)
    said = [word for word in fold(plain).split() if word not in listed("period_fillers")]
    if len(said) != 3 or not (said[-1].isdecimal() and len(said[-1]) == 4):
        return _quarter_in(plain)
    for unit, months in (("quarter_units", 3), ("half_year_units", 6)):
        names = [word for word in said[:2] if word in listed(unit)]
        ordinal = next((_ordinal(word) for word in said[:2] if word not in listed(unit)), None)
        if len(names) == 1 and ordinal is not None and 1 <= ordinal <= 12 // months:
            return _whole_months(int(said[-1]), (ordinal - 1) * months + 1, int(said[-1]), ordinal * months)
    return None


_QUARTER_CODE = re.compile(r"(?:([QT])\s?([1-4])\s*[/ -]?\s*(\d{4})|(\d{4})\s*[/ -]?\s*[QT]\s?([1-4]))", re.IGNORECASE)


def _quarter_in(text: str) -> tuple[date, date] | None:
    """Return the days of 'Q1 2026', 'T3/2025', '2026-Q2'."""
    match = _QUARTER_CODE.fullmatch(text)
    if match is None:
        return None
    year, quarter = int(match[3] or match[4]), int(match[2] or match[5])
    return _whole_months(year, quarter * 3 - 2, year, quarter * 3)


def _whole_months(first_year: int, first: int, last_year: int, last: int) -> tuple[date, date] | None:
    begin, end = date(first_year, first, 1), date(last_year, last, monthrange(last_year, last)[1])
    return (begin, end) if begin <= end and (end - begin).days <= _LONGEST_PERIOD else None


_LONGEST_PERIOD = 370  # days


def _ordinal(word: str) -> int | None:
    """Return which one of a row a folded word says: 'first', '1er', 'drittes', '2'."""
    figures = re.match(r"([1-4])(?:st|nd|rd|th|er|e|eme|ere|o|a)?$", word)
    if figures is not None:
        return int(figures[1])
    return next((number for number in range(1, 5) if word in listed(f"ordinal_{number}")), None)


def _month_in(text: str) -> tuple[date, date] | None:
    """Return the first and the last day of the month that *text* is: 'July 2026', '2026-07', 'octobre 2026'."""
    plain = clean(text, 40).strip(" .")
    figures = _MONTH_IN_FIGURES.fullmatch(plain)  # '2026-06' is no year from 2026 to 2006 here
    if figures is not None:
        begin: date | None = date(int(figures[1] or figures[4]), int(figures[2] or figures[3]), 1)
    else:
        begin = parse_period(plain) if _MONTH_IN_TITLE.fullmatch(plain) else None
    if begin is None:
        return None
    return begin, begin.replace(day=monthrange(begin.year, begin.month)[1])


def _may_be_day(reading: Reading, pair: Pair) -> bool:
    """Say whether what stands behind 'from' or 'to' may be a day: 'From: Jane Doe, project manager' says who writes."""
    text = text_of(pair.cell)
    return not text or day_of(reading, pair.cell) is not None or any(letter.isdigit() for letter in text)


def _about(reading: Reading, row: Filling, pairs: list[Pair], title: str) -> None:
    """Let the report name its stage and its work package: by a label, else by its titles and the name of its file."""
    for label, column, table in (("phase", "stage_id", "stage"), ("work_package", "work_package_id", "work_package")):
        said = {text for pair in pairs if label in pair.names and is_known(pair.cell) and (text := text_of(pair.cell))}
        if len(said) == 1:
            row.refer(column, table, said.pop())
            continue
        stem = reading.path.rpartition("/")[2].rpartition(".")[0].replace("_", " ")
        named = {name for text in (title,) if text and (name := named_in(reading, text, label)) is not None}
        named = named or {name for text in (*reading.titles, stem) if (name := named_in(reading, text, label)) is not None}
        if not said and len(named) == 1:
            row.refer(column, table, named.pop())


def named_in(reading: Reading, title: str, label: str) -> str | None:
    """Return the number that *title* gives a stage or work package: 'End Stage Report 2', 'Stage 3 report', 'WP-04'."""
    said = title.split()
    if label == "work_package":
        found = {word.strip("(),:;") for word in said if _PACKAGE.fullmatch(word.strip("(),:;"))}
        return found.pop() if len(found) == 1 else None
    stages = [place for place, word in enumerate(said) if "phase" in reading.words.label(word) or fold(word) in listed("stage_papers")]
    numbers = [place for place, word in enumerate(said) if _STAGE.fullmatch(word.strip("(),:;"))]
    near = [place for place in numbers if any(0 < place - stage <= _NEAR for stage in stages)]
    return said[near[0]].strip("(),:;") if len(near) == 1 else None


def _issue(reading: Reading, row: Filling, pairs: list[Pair], title: str) -> None:
    for name in ("report_date", "date"):
        cells = [pair.cell for pair in pairs if name in pair.names]
        days = {day for cell in cells if (day := day_of(reading, cell)) is not None}
        if len(days) == 1:
            row.set("issued_on", days.pop())
            break
        if cells and not days and all(is_known(cell) and not text_of(cell) for cell in cells):
            row.set("issued_on", None)
            break
    if "issued_on" not in row.filled and title and (day := day_in(reading, title)) is not None:
        row.set("issued_on", day)
    sent = _days_of_sending(reading, _first_lines(reading)) if not title else set()
    if not sent and not title:  # 'Period 1 to 31 May 2026, issued 3 June 2026 by Ann Lee to the board'
        sent = _days_of_sending(reading, [part for line in _first_lines(reading) for part in _CLAUSE.split(line)[1:]])
    if "issued_on" not in row.filled and len(sent) == 1 and _titles_count(reading):
        row.set("issued_on", sent.pop())
    if "issued_on" not in row.filled and not title and not _titles_count(reading) and (day := day_in_titles(reading)) is not None:
        row.set("issued_on", day)
    if "issued_on" not in row.filled and "issued_on_raw" not in row.values and len(sent) == 1:
        row.set("issued_on", sent.pop())
    if "issued_on" not in row.filled and "issued_on_raw" not in row.values and not title:
        made = {day for text in _first_lines(reading) for part in sentences_in(text) if (day := _day_of_making(reading, part)) is not None}
        if len(made) == 1:
            row.set("issued_on", made.pop())
    if not {"issued_on", "issued_on_raw"} & {*row.filled, *row.values} and not title:
        days = {day for text in _first_lines(reading) if (day := _day_of_edition(reading, text)) is not None}
        if len(days) == 1:
            row.set("issued_on", days.pop())
    _month_of_title(reading, row)
    for pair in pairs:
        if "report_author" in pair.names and "issued_by" not in row.values and is_known(pair.cell):
            row.set("issued_by", person_of(text_of(pair.cell)))


_VERSION_ALONE = re.compile(
    r"(?:version|v|edition|revision|fassung|ausgabe|édition|révision|versión|edición)\.?\s?\d{1,3}(?:\.\d{1,3})*", re.IGNORECASE
)


def _day_of_edition(reading: Reading, text: str) -> date | None:
    """Return the day of a line that lists what the paper is: 'Identifier XR-01, 5 November 2025, version 1.0, author Ann Lee'."""
    parts = [part.strip() for part in re.split(r",\s+", text.rstrip(" ."))]
    days = [day for part in parts if (day := reading.day(part)) is not None]
    return days[0] if len(days) == 1 and any(_VERSION_ALONE.fullmatch(part) for part in parts) else None


_CLAUSE = re.compile(r"[,;]\s+(?=[^\W\d_])")


def _days_of_sending(reading: Reading, texts: Iterable[str]) -> set[date]:
    return {day for deed in deeds_in(reading, texts) if deed.action == "send" for _, day in deed.days}


def _day_of_making(reading: Reading, sentence: str) -> date | None:
    """Return the day of 'Written by Ana Ruiz, 2 April 2026', of 'Report of 2 April 2026 by Ana Ruiz'."""
    plain = f"{fold(sentence)} "
    return day_in(reading, sentence) if any(plain.startswith(f"{word} ") for word in listed("report_made")) else None


def _titles_count(reading: Reading) -> bool:
    """Say whether what looks like a day in a title is the number of the report before its month: 'Report 10: April 2026'."""
    day = day_in_titles(reading)
    return day is not None and any(
        (match := _COUNTED_MONTH.search(text)) is not None and int(match[1]) == day.day and day_in(reading, text) is None
        for text in reading.titles
    )


def _first_lines(reading: Reading) -> list[str]:
    return [line.text for line in reading.prose[:_MOST_FIRST_LINES] if len(line.text) <= _LONGEST_FIRST_LINE]


def _month_of_title(reading: Reading, row: Filling) -> None:
    """Take the month in the title for the period where the report came after it: 'Status Report, July 2026' of 7 August 2026."""
    issued = row.values.get("issued_on")
    if not isinstance(issued, date) or {"period_to_on", "period_from_on"} & row.filled or "period_from_on_raw" in row.values:
        return
    months = {
        begin
        for title in reading.titles
        for match in _MONTH_IN_TITLE.finditer(title)
        if (begin := parse_period(match[0])) is not None and day_in(reading, title) is None
    }
    if len(months) == 1:
        begin = months.pop()
        end = begin.replace(day=monthrange(begin.year, begin.month)[1])
        if end - timedelta(days=_DAYS_BEFORE_END) <= issued:
            row.set("period_from_on", begin)
            row.set("period_to_on", end)


def _lights(reading: Reading, row: Filling, pairs: list[Pair]) -> None:
    """`rag` is the light that the report gives the project; `summary_rag` the worst of its lines (schedule, cost, risks …)."""
    lights = set()
    for pair in pairs:
        if "rag" in pair.names and is_known(pair.cell):
            text = text_of(pair.cell)
            value = reading.words.value("rag", text) if text else None
            if value is not None:
                lights.add(value)
                row.raw("rag", text)
            elif not text:
                row.set("rag", None)
    if len(lights) == 1:
        row.set("rag", lights.pop())
    elif lights:
        row.filled.discard("rag")
    lines = [value for grid in reading.grids for value in _line_lights(reading, grid)]
    if lines:
        order = ("green", "amber", "red")
        row.set("summary_rag", max(lines, key=order.index))


def _cost_light(reading: Reading) -> Iterator[Found]:
    """Yield the light of the line that speaks of cost alone, as a `listed_item` (kind `figure`, name `cost_light`)."""
    found: dict[str, str] = {}
    for grid in reading.grids:
        for line in grid.lines:
            cells = [cell for cell in line.cells if not cell.is_covered]
            if len(cells) < 2 or fold(text_of(cells[0])) not in listed("cost_lines"):
                continue
            values = {value for cell in cells[1:] if (value := reading.words.value("rag", text_of(cell))) is not None}
            if len(values) == 1:
                found.setdefault(values.pop(), line.locator)
    if len(found) == 1:
        value, place = found.popitem()
        row = Filling(reading, "listed_item")
        row.set("kind", "figure")
        row.set("name", "cost_light")
        row.set("value", value)
        yield row.found(place, "figure", "cost_light")


def _line_lights(reading: Reading, grid: Grid) -> Iterator[str]:
    """Yield the lights of lines named after a dimension, or of a column of lights below such a heading."""
    dimension = reading.words.headings.get("dimension", frozenset())
    for name in ("cost_figures", "schedule_figures"):
        hit = find_columns(grid, reading.words.tables[name])
        if hit is not None and "rag" in hit[0]:
            for line in hit[1]:
                if (value := reading.words.value("rag", text_of(line.cell(hit[0]["rag"])))) is not None:
                    yield value
            return
    for line in grid.lines:
        cells = [cell for cell in line.cells if not cell.is_covered]
        if len(cells) >= 2 and heading_key(cells[0].text) in dimension:
            values = {value for cell in cells[1:] if (value := reading.words.value("rag", text_of(cell))) is not None}
            if len(values) == 1:
                yield values.pop()
