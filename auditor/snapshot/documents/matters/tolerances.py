"""Tolerances: tables that say per aspect how far a level may go beyond its plan; and what reports forecast beside them."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise

from auditor.connect.document import Cell
from auditor.connect.values import currency_of, fold, multiple_of, parse_day, parse_number
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.matters.grid import Filling, Grid, Line, Reading, day_in, day_of, header_texts, is_known, text_of
from auditor.snapshot.documents.matters.reports import KINDS as REPORTS
from auditor.snapshot.documents.matters.reports import named_in
from auditor.snapshot.documents.matters.sentences import sentences_in
from auditor.snapshot.documents.matters.words import heading_key, plain_number
from auditor.snapshot.words import words

ASPECTS = ("time", "cost", "scope", "quality", "benefits", "risk", "sustainability")
_LEVELS = {
    "project_initiation_documentation": "project",
    "project_plan": "project",
    "project_handbook": "project",
    "stage_plan": "stage",
    "exception_plan": "stage",
    "work_package": "work_package",
}
"""Kind of document → level whose tolerances it sets, where a column does not say another. A brief only proposes them.

An exception plan is one of the stage that its title names; that of a project names none."""
_REGULAR = frozenset({"highlight", "status", "progress"})
_FEWEST_ASPECTS = 2
_FEWEST_ACROSS = 3
_NUMBERS = frozenset({"time", "cost"})
_MEASURES = frozenset({"%", "days", "weeks"})
_LIMIT = re.compile(
    r"(?P<sign>[+±−–-])?\s*(?P<money>[€$£]|(?:EUR|GBP|USD|CHF)\b)?\s*(?P<number>\d{1,3}(?:[., '’\u00a0\u202f]\d{3})+|\d+(?:[.,]\d+)?)\s*"
    r"(?P<unit>%|[€$£]|[^\W\d_]{1,12}\.?)?"
)
_BASE = re.compile(
    r"(?P<limit>.*?\d.*?)\s+(?:on|against|auf|bezogen auf|gegenüber|sur|par rapport (?:à|au)|sobre|respecto (?:a|de|al))\s+"
    r"(?:(?:the|den|die|das|le|la|el)\s+)?(?P<base>\S.*)",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"(?:[€$£]|[A-Z]{3}\b)\s?\d[\d.,'’\u00a0\u202f ]*|\d[\d.,'’\u00a0\u202f ]*(?:[€$£]|[A-Z]{3}\b)")
_TOLD = re.compile(r"[,;.](?=\s|$)|\s+(?:and|et|und|y)\s+")
_REMARK = re.compile(r"\s*\([^()]*\)")
_THOUSANDS = re.compile(r"[., '’\u00a0\u202f](?=\d{3})")
_GROUPED = re.compile(r"\d{1,3}(?:[., '’\u00a0\u202f]\d{3})+")
_TO = re.compile(r"\s+(?:to|bis|à|a)\s+|\s*[–—]\s*")
_MONEY = re.compile(
    r"(?:[€$£]|(?:EUR|GBP|USD|CHF))\s?\d[\d.,'’\u00a0\u202f ]*\d|\d[\d.,'’\u00a0\u202f ]*\d\s?(?:[€$£]|(?:EUR|GBP|USD|CHF)\b)"
)
_PARTS = re.compile(r"\s*[/;]\s*|\s*,(?!\d)\s*|\s+(?:and|et|und|y)\s+")


def read_tolerances(reading: Reading) -> Iterator[Found]:
    """Yield an `allowance` per aspect and level of tables of tolerances; of reports the forecast of the stage that stands beside them.

    What is no plain limit ('at least 24 stations') leaves the limits unknown; 'none' allows nothing; 'not applicable' sets none.
    """
    if REPORTS.get(reading.kind or "") in _REGULAR:
        yield from _outlook(reading)
        yield from _beyond_limits(reading)
        yield from _costs_beyond_limits(reading)
        yield from _states_of_stage(reading)
    level = _LEVELS.get(reading.kind or "")
    if level is None or (reading.kind == "exception_plan" and len(_named(reading, "phase")) != 1):
        return
    is_said = False
    for grid in reading.grids:
        across = [] if grid.index in reading.taken else list(_across(reading, grid, level))
        if across:
            reading.taken.add(grid.index)
            is_said = True
            yield from across
            continue
        head = _head(grid)
        if head is None or grid.index in reading.taken:
            continue
        aspect_at, texts, lines = head
        columns = [place for place, text in enumerate(texts) if place != aspect_at and _says(text, "tolerance")]
        if not columns:
            continue
        reading.taken.add(grid.index)
        is_said = True
        for line in lines:
            aspect = _aspect(line, aspect_at)
            for place in columns if aspect is not None else ():
                yield from _allowance(reading, line, aspect or "", _level(texts[place]) or level, line.cell(place))
    if not is_said and level != "project":
        yield from _told(reading, level)


def _across(reading: Reading, grid: Grid, level: str) -> Iterator[Found]:
    """Yield the tolerances of a table whose columns are the aspects: one line of limits, or a line for each level that it names."""
    texts = [fold(text.partition("(")[0]) for text in header_texts(grid.lines[0])] if grid.lines else []
    aspects = {place: aspect for place, text in enumerate(texts) if (aspect := _aspect_of(text)) is not None}
    others = [place for place, text in enumerate(texts) if place not in aspects]
    is_named = any(_says(text, "tolerance") for text in (*grid.above[:3], *(texts[place] for place in others)))
    if not is_named or len(set(aspects.values())) < _FEWEST_ACROSS or len(set(aspects.values())) < len(aspects) or len(others) > 1:
        return
    lines = grid.lines[1:]
    levels = [_level(fold(text_of(line.cell(others[0])))) if others else level for line in lines]
    if not lines or None in levels or len(set(levels)) < len(levels):
        return
    for line, of in zip(lines, levels, strict=True):
        for place, aspect in aspects.items():
            yield from _allowance(reading, line, aspect, of or level, line.cell(place))


def _told(reading: Reading, level: str) -> Iterator[Found]:
    """Yield what is said in a line instead of a table: 'Tolerances: cost +5 %, time +2 weeks', in a cell of that name or in a sentence.

    Beside such a limit one in words behind its aspect and a colon is one as well: 'cost +5 %; risk: no risk of score 16'. What it is
    stays unknown.
    """
    seen: set[str] = set()
    lines = list(_lines(reading))
    listed = {said.block.locator: _listed(said.text) for said in reading.prose}
    plain = {locator for text, locator in lines for aspect, limit in told_in(text) if limits_in(limit, aspect) is not None}
    for text, locator in lines:
        of_list = listed[locator] if locator in listed else _listed(text)
        labelled = _labelled(text) | of_list if locator in plain else frozenset()
        for aspect, limit in told_in(text):
            found = limits_in(limit, aspect)
            if aspect in seen or (found is None and (aspect not in labelled or fold(limit) in words("not_applicable"))):
                continue
            seen.add(aspect)
            row = _row(reading, level, aspect)
            for name, value in zip(("lower", "upper", "unit"), found or (), strict=False):
                row.set(name, value)
            if aspect == "cost" and found is not None and found[2] is None and (found[0] or found[1]):
                row.set("unit", _currency_of(reading))
            yield row.found(locator, "allowance", level, aspect)


def _currency_of(reading: Reading) -> str | None:
    """Return the one currency that the heads of a document name: 'Budget £'."""
    heads = [text for grid in reading.grids if grid.lines for text in header_texts(grid.lines[0])]
    said = {currency for text in heads if (currency := currency_of(text)) is not None}
    return said.pop() if len(said) == 1 else None


def _labelled(text: str) -> frozenset[str]:
    """Return the aspects that stand before a colon."""
    labels = (part.partition(":") for part in _TOLD.split(text))
    return frozenset(aspect for label, colon, _ in labels if colon and (aspect := _aspect_of(fold(label))) is not None)


def _listed(text: str) -> frozenset[str]:
    """Return the aspects that begin parts of a list, two or more of them limits: 'time ± 1 week; cost ± 5 %; scope …'.

    Between commas more is written than limits: what is one there has a number, too ('cost ± 5 %, risk up to score 15').
    """
    found: set[str] = set()
    for parts, needs_number in ((text.split(";"), False), (_TOLD.split(text), True)):
        told = [part for part in (next(iter(told_in(part)), None) for part in parts) if part is not None]
        plain = [aspect for aspect, limit in told if limits_in(limit, aspect) is not None]
        if len(plain) >= _FEWEST_ASPECTS:
            found |= {aspect for aspect, limit in told if not needs_number or re.search(r"\d", limit)}
    return frozenset(found)


def _lines(reading: Reading) -> Iterator[tuple[str, str]]:
    """Yield the texts that say tolerances: in a cell beside or below that label, after it in a sentence, or below its heading."""
    for grid in reading.grids:
        for above, line in pairwise((None, *grid.lines)):
            cells = [cell for cell in line.cells if not cell.is_covered] if line is not None else []
            heads = header_texts(above) if above is not None else []
            for place, cell in enumerate(cells):
                labels = ([fold(cells[place - 1].text)] if place else []) + ([fold(heads[place])] if len(heads) == len(cells) else [])
                if line is not None and any(label in words("tolerance") for label in labels):
                    yield cell.text, line.locator
    for said in reading.prose:
        for sentence in sentences_in(said.text):
            label, _, rest = sentence.partition(":")
            if rest and not words("tolerance_proposed").isdisjoint(fold(label).split()):
                break  # 'Proposed: cost +5 %; time …' waits for whoever sets it
            if rest and fold(label) in words("tolerance"):
                yield rest, said.block.locator
            elif said.heading is not None and _says(heading_key(said.heading.text), "tolerance"):
                yield sentence, said.block.locator


def told_in(text: str) -> Iterator[tuple[str, str]]:
    """Yield aspect and limit of each part of 'cost +5 %, time +2 weeks'."""
    for part in _TOLD.split(text):
        first, _, limit = part.strip().replace(":", " ").partition(" ")
        aspect = next((aspect for aspect in ASPECTS if fold(first) in words(f"aspect_{aspect}")), None)
        if aspect is not None and limit.strip():
            yield aspect, limit.strip()


def _head(grid: Grid) -> tuple[int, list[str], tuple[Line, ...]] | None:
    """Return the column of aspects, the headers and the lines of a table with an aspect of performance in its lines."""
    if len(grid.lines) <= _FEWEST_ASPECTS:
        return None
    texts = [fold(text) for text in header_texts(grid.lines[0])]
    aspect_at = next((place for place, text in enumerate(texts) if text in words("tolerance_aspect")), None)
    lines = grid.lines[1:]
    if aspect_at is None or len({aspect for line in lines if (aspect := _aspect(line, aspect_at)) is not None}) < _FEWEST_ASPECTS:
        return None
    return aspect_at, texts, lines


def _aspect(line: Line, place: int) -> str | None:
    return _aspect_of(fold(text_of(line.cell(place)).partition("(")[0]))  # 'Cost (EUR)'


def _aspect_of(said: str) -> str | None:
    return next((aspect for aspect in ASPECTS if said in words(f"aspect_{aspect}")), None)


def _says(text: str, name: str) -> bool:
    return any(word in words(name) for word in text.split())


def _level(header: str) -> str | None:
    """Return the level that a header names: 'Tolérance de séquence', 'Project tolerance'."""
    said = [
        level for level in ("project", "stage", "work_package") if any(f" {word} " in f" {header} " for word in words(f"level_{level}"))
    ]
    return said[0] if len(said) == 1 else None


def _allowance(reading: Reading, line: Line, aspect: str, level: str, cell: Cell | None) -> Iterator[Found]:
    if cell is None or not is_known(cell) or fold(cell.text) in words("not_applicable"):
        return
    row = _row(reading, level, aspect)
    text = text_of(cell)
    found = limits_in(cell.text, aspect)  # 'none' says something here
    if not text and found is None:
        row.set("lower", None)
        row.set("upper", None)
    elif found is not None:
        lower, upper, unit = found
        row.set("lower", lower)
        row.set("upper", upper)
        row.set("unit", unit)
    yield row.found(line.locator, "allowance", level, aspect)


def _row(reading: Reading, level: str, aspect: str) -> Filling:
    row = Filling(reading, "allowance")
    row.set("level", level)
    row.set("aspect", aspect)
    if level != "project" and _LEVELS.get(reading.kind or "") == level:
        named = _named(reading, "phase" if level == "stage" else "work_package")
        if len(named) == 1:
            row.refer("level_id", level, named.pop())
    return row


def _named(reading: Reading, label: str) -> set[str]:
    """Return the numbers of the stages or the work packages that the titles and the file's name of a document give it."""
    stem = reading.path.rpartition("/")[2].rpartition(".")[0].replace("_", " ")
    return {name for title in (*reading.titles, stem) if (name := named_in(reading, title, label)) is not None}


def limits_in(text: str, aspect: str) -> tuple[Decimal | None, Decimal | None, str | None] | None:
    """Return by how much less and more is allowed, with the unit: '+5 % / -10 %', '± 2 weeks'; None when *text* is no such limit."""
    text = _without_base(_REMARK.sub(_unless_told_again, text))
    plain = fold(text)
    if plain in words("tolerance_none"):
        return Decimal(0), Decimal(0), {"time": "days", "cost": "%"}.get(aspect)
    lower: Decimal | None = None
    upper: Decimal | None = None
    units: set[str | None] = set()
    for part in _PARTS.split(re.sub(r"\+\s*/\s*[-−–](?=\s*\d)", "±", text.strip(" ."))):
        match = _LIMIT.fullmatch(part.strip())
        if match is None or (match["money"] and match["unit"]):
            return None
        said = match["money"] or match["unit"]
        unit = _unit(said) if said else None
        is_money = (unit is not None and unit not in _MEASURES) or (not said and aspect == "cost")
        number = parse_number(_plain_number(match["number"]) if is_money else match["number"].replace(",", "."))
        if number is None:
            return None
        sign = match["sign"] or "+"
        if said:
            if unit is None and aspect in _NUMBERS:
                return None
            units.add(unit)
        if sign in {"+", "±"}:
            upper = number.value
        if sign in {"−", "–", "-", "±"}:
            lower = number.value
    if not units and aspect == "cost" and _GROUPED.search(text):
        return lower, upper, None  # '±15,000' is money, in whatever currency the plan reckons
    if len(units) > 1 or (not units and aspect in _NUMBERS):
        return None
    return lower, upper, next(iter(units), None)


def _unless_told_again(match: re.Match[str]) -> str:
    """Drop what a bracket says once more in money or as a day: '+5 % (£16,900) / -10 %', '+2 weeks (2 January 2026)'."""
    said = match[0].strip(" ()")
    is_range = all(_GROUPED.fullmatch(part.strip(" £€$")) for part in _TO.split(said))  # '±15,000 (337,000 to 367,000)'
    return "" if parse_day(said) is not None or _AMOUNT.fullmatch(said) or is_range else match[0]


def _without_base(text: str) -> str:
    """Return *text* without the planned day or amount that it counts from: '+4 weeks / -4 weeks on 14 May 2027', '± 5 % auf 20.000 €'."""
    match = _BASE.fullmatch(text.strip(" ."))
    if match is None or not (parse_day(match["base"]) is not None or _AMOUNT.fullmatch(match["base"])):
        return text
    return match["limit"]


def _plain_number(said: str) -> str:
    """Return an amount without thousands separators: '25,000' of money is no twenty-five, while '0.125 %' is an eighth of one."""
    return _THOUSANDS.sub("", said) if _GROUPED.fullmatch(said) else said.replace(",", ".")


def _unit(said: str) -> str | None:
    word = fold(said)
    if said == "%":
        return "%"
    return next((unit for unit in ("days", "weeks") if word in words(f"unit_{unit}")), None) or currency_of(said)


def _outlook(reading: Reading) -> Iterator[Found]:
    """Yield what the stage was to cost and will cost, and when it will end, where a table of a report says that it is the stage's.

    Its headers say so, or a column of levels does in the lines: of those of one aspect exactly one may be a stage's.
    """
    for grid in reading.grids:
        head = _head(grid)
        if head is None:
            yield from _of_labels(reading, grid)
            continue
        aspect_at, texts, lines = head
        plan = [place for place, text in enumerate(texts) if text in words("outlook_plan")]
        forecast = [place for place, text in enumerate(texts) if text in words("outlook_forecast")]
        if len(plan) != 1 or len(forecast) != 1:
            yield from _in_cells(reading, grid, texts, lines, aspect_at)
            continue
        if not any(_level(texts[place]) == "stage" for place in (*plan, *forecast)):
            lines = _of_stage(texts, lines, aspect_at)
        for line in lines:
            yield from _foreseen(reading, grid, line, _aspect(line, aspect_at), line.cell(plan[0]), line.cell(forecast[0]))


def _beyond_limits(reading: Reading) -> Iterator[Found]:
    """Yield the forecast ends of a stage that lie behind the day which the same line of a report gives as the limit of its tolerance.

    | Level             | Forecast end    | Tolerance                 |
    | Stage 2 Roll-out  | 23 January 2026 | +2 weeks (2 January 2026) |
    """
    columns = reading.words.tables["schedule_figures"].columns
    for grid in reading.grids:
        texts = [fold(text) for text in header_texts(grid.lines[0])] if grid.lines else []
        ends = [
            place
            for place, text in enumerate(texts)
            if place and ("forecast_end" in columns.get(text, ()) or text in words("outlook_ends"))
        ]
        limits = [place for place, text in enumerate(texts) if place and text in words("tolerance") | words("outlook_limits")]
        if len(ends) != 1 or len(limits) != 1:
            continue
        for line in grid.lines[1:]:
            label = text_of(line.cell(0))
            said = fold(label).split()
            if not said or (" ".join(said[:1]) not in words("level_stage") and _level(fold(label)) != "stage"):
                continue
            day, limit = day_of(reading, line.cell(ends[0])), day_in(reading, text_of(line.cell(limits[0])))
            if day is None or limit is None or day <= limit:
                continue
            row = Filling(reading, "listed_item")
            row.below(grid.heading)
            row.set("kind", "figure")
            row.set("name", "stage_end_beyond_limit")
            row.set("value", day.isoformat())
            row.set("on_date", day)
            row.set("text", f"{label}: {text_of(line.cell(limits[0]))}")
            yield row.found(line.locator, "figure", "stage_end_beyond_limit", label)


def _costs_beyond_limits(reading: Reading) -> Iterator[Found]:
    """Yield the forecast cost of a stage that lies above the amount which the same line of a report gives as its limit.

    | Level   | Aspect | Plan     | Forecast | Tolerance limit |
    | Stage 3 | Cost   | £ 50,000 | £ 56,000 | £ 55,000        |

    An amount below the plan is no limit but what may be spent beyond it.
    """
    for grid in reading.grids:
        head = _head(grid)
        if head is None:
            continue
        aspect_at, texts, lines = head
        found = [
            [place for place, text in enumerate(texts) if text in listed]
            for listed in (words("outlook_plan"), words("outlook_forecast"), words("outlook_limits"))
        ]
        if any(len(places) != 1 for places in found) or any(_level(text) == "project" for text in texts):
            continue
        of_stage = [line for line in _of_stage(texts, lines, aspect_at) if _aspect(line, aspect_at) == "cost"]
        if len(of_stage) != 1:
            continue
        cells = [of_stage[0].cell(places[0]) for places in found]
        amounts = [
            parse_number(text_of(cell), reading.language, is_money=True) if cell is not None and is_known(cell) else None for cell in cells
        ]
        told = [amount.value for amount in amounts if amount is not None and not amount.is_percent]
        if len(told) != len(cells) or len({amount.currency for amount in amounts if amount is not None}) > 1:
            continue
        plan, forecast, limit = told
        if not 0 < plan <= limit < forecast or text_of(cells[2]).strip().startswith("+"):
            continue
        row = Filling(reading, "listed_item")
        row.below(grid.heading)
        row.set("kind", "figure")
        row.set("name", "stage_cost_beyond_limit")
        row.set("value", text_of(cells[1]))
        row.set("number", forecast)
        row.set("text", f"{text_of(cells[1])} / {text_of(cells[2])}")
        yield row.found(of_stage[0].locator, "figure", "stage_cost_beyond_limit")


_BASE_AND_ROOM = re.compile(r"(?P<base>[^±+]*\d)\s*(?:±|\+\s*/?\s*[-−–]?|plus)\s*(?P<room>[^/;,]*\d[^/;]*?)(?:\s*/.*)?")
"""A plan with the room that it has: '352,000 ±£15,000', '£50,000 + 10 %', '€80.000 +5.000 / -10.000'."""


def _states_of_stage(reading: Reading) -> Iterator[Found]:
    """Yield what a table of a report says of the stage where its lines name level and aspect, and limit and state are told in words.

    | Tolerance    | Limit             | Now or forecast               |
    | Stage 3 time | 14 August ±2 weeks | 14 August 2026               |
    | Stage 3 cost | £352,000 ±£15,000 | spent £90,900; forecast £369,800 |
    """
    for grid in reading.grids:
        texts = [fold(text) for text in header_texts(grid.lines[0])] if grid.lines else []
        limits = [place for place, text in enumerate(texts) if place and text in words("tolerance") | words("outlook_limits")]
        states = [place for place, text in enumerate(texts) if place and text in words("outlook_states")]
        if len(limits) != 1 or len(states) != 1:
            continue
        found: dict[str, list[Line]] = {}
        for line in grid.lines[1:]:
            if (aspect := _aspect_of_stage(text_of(line.cell(0)))) is not None:
                found.setdefault(aspect, []).append(line)
        for aspect, lines in found.items():
            if len(lines) == 1 and aspect in _NUMBERS:
                yield from _state_of_stage(reading, grid, lines[0], aspect, lines[0].cell(limits[0]), lines[0].cell(states[0]))


def _state_of_stage(reading: Reading, grid: Grid, line: Line, aspect: str, limit: Cell | None, state: Cell | None) -> Iterator[Found]:
    told = text_of(state)
    clauses = _forecasts(told)
    said = clauses[0] if len(clauses) == 1 else "" if clauses or re.search(r"[;\n]", told) else told
    if aspect == "time":
        if (day := day_in(reading, said)) is not None:
            yield _end(grid, line, reading, day)
        return
    room = _BASE_AND_ROOM.fullmatch(text_of(limit).strip())
    amount = _sum_in(reading, said)
    if room is None or amount is None or (planned := _sum_in(reading, room["base"])) is None:
        return
    yield from _amount(reading, grid, line, "stage_budget", Cell(plain_number(planned)))
    yield from _amount(reading, grid, line, "stage_forecast_cost", Cell(plain_number(amount)))
    share = parse_number(room["room"], reading.language)
    more = planned * share.value / 100 if share is not None and share.is_percent else _sum_in(reading, room["room"])
    if more is not None and amount > planned + more >= planned:
        row = Filling(reading, "listed_item")
        row.below(grid.heading)
        row.set("kind", "figure")
        row.set("name", "stage_cost_beyond_limit")
        row.set("value", said.strip())
        row.set("number", amount)
        row.set("text", f"{said.strip()} / {text_of(limit)}")
        yield row.found(line.locator, "figure", "stage_cost_beyond_limit")


_SUM = re.compile(r"(?<![\d.,-])\d{1,3}(?:[., '’\u00a0\u202f]\d{3})+(?![\d.,-]*\d)|(?<![\d.,-])\d{4,}(?![\d.,-]*\d)")


def _sum_in(reading: Reading, text: str) -> Decimal | None:
    """Return the one amount of money in *text*, with its thousands or with a currency: no day, no share."""
    found = [*dict.fromkeys(_SUM.findall(text))] if day_in(reading, text) is None else []
    if len(found) != 1:
        return None
    number = parse_number(_THOUSANDS.sub("", found[0]), reading.language)
    return number.value if number is not None and not number.is_percent else None


def _foreseen(reading: Reading, grid: Grid, line: Line, aspect: str | None, plan: Cell | None, forecast: Cell | None) -> Iterator[Found]:
    if aspect == "cost":
        yield from _amount(reading, grid, line, "stage_budget", plan)
        yield from _amount(reading, grid, line, "stage_forecast_cost", forecast)
    elif aspect == "time" and (day := day_of(reading, forecast)) is not None:
        yield _end(grid, line, reading, day)


def _end(grid: Grid, line: Line, reading: Reading, day: date) -> Found:
    row = Filling(reading, "listed_item")
    row.below(grid.heading)
    row.set("kind", "figure")
    row.set("name", "stage_forecast_end")
    row.set("value", day.isoformat())
    row.set("on_date", day)
    return row.found(line.locator, "figure", "stage_forecast_end")


def _of_labels(reading: Reading, grid: Grid) -> Iterator[Found]:
    """Yield the same of a table whose lines name level and aspect at once: 'Stage end | 29 Jan 2027 | 26 Feb 2027'."""
    texts = [fold(text) for text in header_texts(grid.lines[0])] if grid.lines else []
    plan = [place for place, text in enumerate(texts) if text in words("outlook_plan")]
    forecast = [place for place, text in enumerate(texts) if text in words("outlook_forecast")]
    if len(plan) != 1 or len(forecast) != 1:
        return
    found: dict[str, list[Line]] = {}
    for line in grid.lines[1:]:
        aspect = _aspect_of_stage(text_of(line.cell(0)))
        if aspect is not None:
            found.setdefault(aspect, []).append(line)
    for aspect, lines in found.items():
        if len(lines) == 1:
            yield from _foreseen(reading, grid, lines[0], aspect, lines[0].cell(plan[0]), lines[0].cell(forecast[0]))


def _aspect_of_stage(label: str) -> str | None:
    """Return the aspect of a line that says to be of the stage: 'Stage 3 end', 'Stage cost, EUR thousand'."""
    said = fold(re.split(r"[,(]", label)[0])
    if said in words("outlook_stage_end"):
        return "time"
    if _level(said) != "stage":
        return None
    of_level = {part for word in words("level_stage") for part in word.split()}
    rest = " ".join(word for word in said.split() if word not in of_level | words("genitives") and not word.isdecimal())
    return "time" if rest in words("outlook_end") else _aspect_of(rest)


def _in_cells(reading: Reading, grid: Grid, texts: list[str], lines: tuple[Line, ...], aspect_at: int) -> Iterator[Found]:
    """Yield what cells of the stage say in words: below a head that names it, or in a line that a column of levels gives to it."""
    heads = [place for place, text in enumerate(texts) if place != aspect_at and _level(text) == "stage"]
    of_stage = lines if len(heads) == 1 else _of_stage(texts, lines, aspect_at)
    for line in of_stage:
        places = heads if len(heads) == 1 else [place for place in range(len(line.cells)) if place != aspect_at]
        said = [clause for place in places for clause in _forecasts(text_of(line.cell(place)))]
        aspect = _aspect(line, aspect_at)
        if len(said) != 1:
            continue
        if aspect == "time" and (day := day_in(reading, said[0])) is not None:
            yield _end(grid, line, reading, day)
        elif aspect == "cost" and (amount := _MONEY.search(said[0])) is not None:
            yield from _amount(reading, grid, line, "stage_forecast_cost", Cell(amount[0]))


def _forecasts(text: str) -> list[str]:
    """Return the clauses of *text* that tell what is forecast: 'forecast 8 January 2027 (plan 18 December 2026)' holds one."""
    clauses = re.split(r"[;()\n]|,\s(?!\d{3}\b)", text)
    return [
        clause
        for clause in clauses
        if any(word in words("outlook_forecast_words") for word in fold(clause).split()) and re.search(r"\d", clause)
    ]


def _of_stage(texts: list[str], lines: tuple[Line, ...], aspect_at: int) -> tuple[Line, ...]:
    """Return the lines that a column of levels gives to a stage, none where an aspect stands at two of them."""
    at = next((place for place, text in enumerate(texts) if text in words("outlook_level")), None)
    found = tuple(line for line in lines if at is not None and _level(fold(text_of(line.cell(at)))) == "stage")
    aspects = [_aspect(line, aspect_at) for line in found]
    return found if len(set(aspects)) == len(aspects) else ()


def _amount(reading: Reading, grid: Grid, line: Line, name: str, cell: Cell | None) -> Iterator[Found]:
    number = parse_number(text_of(cell), reading.language, is_money=True) if cell is not None and is_known(cell) else None
    if number is None or number.is_percent:
        return
    row = Filling(reading, "listed_item")
    row.below(grid.heading)
    row.set("kind", "figure")
    row.set("name", name)
    label = text_of(line.cell(0))  # 'Stage cost, EUR thousand'
    value = number.value.scaleb(multiple_of(label)) if number.currency is None else number.value
    row.set("value", plain_number(value))
    row.set("number", value)
    if (currency := number.currency or currency_of(label)) is not None:
        row.set("unit", currency)
    yield row.found(line.locator, "figure", name)
