"""Cost tables: categories as rows, kinds of amounts and periods as columns; each cell becomes a `cost`.

    | Category | 2026 | 2027 |          | Kostenart | Budget (T€) | Ist (T€) |
    | Licences | 12 k | 14 k |          | Lizenzen  | 120         | 80,5     |

A year's column counts from its 1 January, a month's from its first day. Totals are left out: they say nothing new and would count twice.
Where each month shows all that was spent until then, the amount of a month is the difference to the month before.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache

from auditor.connect.document import Cell
from auditor.connect.values import MONTHS, DayOrder, clean, currency_of, fold, is_placeholder, parse_day, parse_number, parse_period
from auditor.snapshot.documents.cells import UNKNOWN, Read, Reading, read_cell, reading_of
from auditor.snapshot.documents.context import Around
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.grid import Grid
from auditor.snapshot.documents.headers import Register, Registers, variants
from auditor.snapshot.words import words as listed

KINDS = ("change_budget", "contingency", "commitment", "forecast", "actual", "budget")
_HEADER_ROWS = 40
_ENOUGH_NUMBERS = 0.6
_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)")
_RELATIVE = re.compile(r"(?:year|yr|jahr|annee|an|ano|quarter|quartal|trimestre|q|phase|fase) ?\d{1,2}")
_LONGEST_LABEL = 120
_SEVERAL = re.compile(r"([^\W\d_]{3,10})\.?(?: 20\d\d)?\s?(?:[-–—/]|\b(?:to|until|bis|à|a|au|hasta)\b)\s?(?P<last>\S.*)")
_BRACKETS = re.compile(r"[(\[].*?[)\]]")


@dataclass(frozen=True, slots=True)
class CostsRead:
    """The amounts of one table."""

    rows: tuple[Found, ...]
    columns: frozenset[str]
    labels: tuple[tuple[str, str], ...]  # header → column of the model


@dataclass(frozen=True, slots=True)
class _Amounts:
    """A column of amounts."""

    column: int
    label: str
    kind: str | None
    period: date | None
    is_total: bool = False
    is_running: bool = False  # each row holds the sum of the rows until then
    is_whole: bool = False  # the amount is that of the whole, not of the period of its row
    as_on: date | None = None  # the day of the state that the amounts are of


@dataclass(frozen=True, slots=True)
class _Layout:
    """Which column of a table is what."""

    body: int
    category: int
    amounts: tuple[_Amounts, ...]
    kind: int | None
    period: int | None
    currency: int | None
    is_own: bool  # the header of the categories speaks of costs
    beside: frozenset[str] = frozenset()  # kinds that have a column of their own beside those of the periods


def read_costs(grid: Grid, compiled: Registers, around: Around, language: str | None, order: DayOrder) -> CostsRead | None:
    """Return the amounts of a cost table, or None when *grid* is none."""
    words = compiled.cost_words
    register = compiled.cost
    if not words or register is None:
        return None
    for row in range(min(grid.height - 1, _HEADER_ROWS)):
        for depth in (2, 1):
            layout = _layout(grid, row, depth, words, around)
            if layout is None:
                continue
            here = around.below(grid, row)
            if _is_cost_table(grid, layout, here, language):
                return _read(grid, layout, register, compiled, here, language, order, words)
    return None


def _layout(grid: Grid, row: int, depth: int, words: Mapping[str, frozenset[str]], around: Around) -> _Layout | None:
    if row + depth >= grid.height or len(grid.filled(row)) < 2:
        return None
    if depth == 2 and not _has_second_row(grid, row):
        return None
    category: int | None = None
    is_own = False
    amounts: list[_Amounts] = []
    others: dict[str, int] = {}
    years = _YEAR.findall(" ".join([*around.texts[:2], *(grid.text(above, 0) for above in range(max(row - 3, 0), row))]))
    year = years[0] if len(set(years)) == 1 else None
    for column in range(grid.width):
        labels = _labels(grid, row, depth, column)
        text = " ".join(labels)
        if not text or len(text) > _LONGEST_LABEL:
            continue
        plain = [text for label in labels for text in (_without_running(label, words), _without_currency(label))]
        kind = next((kind for kind in KINDS for label in (text, *labels, *plain) if _is(label, words.get(kind))), None)
        stated = _until(text, words)
        kind = stated[0] if stated is not None else kind
        period = None if stated is not None else next((day for label in labels if (day := _period(label, year))), None)
        if stated is None and (told := next((both for label in labels if (both := _of_month(label, words))), None)):
            period, kind = told  # 'Plan 04/2026' is not of the year
        if _is(text, words.get("not_amount")) and kind is None:
            continue
        if category is None and _is(text, words.get("category")) and _is_textual(grid, row + depth, column):
            category, is_own = column, _is(text, words.get("own_category"))
        elif period is not None or kind is not None:
            is_running = stated is None and period is None and _says(text, words.get("running", ()))
            is_total = _is(text, words.get("amount")) and kind is None
            amounts.append(_Amounts(column, text, kind, period, is_total, is_running, as_on=stated[1] if stated is not None else None))
        elif _RELATIVE.fullmatch(fold(text)):
            amounts.append(_Amounts(column, text, None, None))
        elif _is(text, words.get("amount")) or _is_unit(text):
            amounts.append(_Amounts(column, text, None, None, is_total=True))
        else:
            name = next((name for name in ("currency", "kind", "period") if _is(text, words.get(name))), None)
            if name is not None:
                others.setdefault(name, column)
    periods = [amount.period for amount in amounts if amount.period is not None and amount.kind is None]
    if len(periods) > 1 and len(set(periods)) == 1:
        return None  # 'Time | 31-Mar-2027 | 31-Mar-2027': a row of values
    if category is None and sum(amount.period is not None for amount in amounts) >= 2:
        if amounts[0].is_total and not amounts[0].period and _is_textual(grid, row + depth, amounts[0].column):
            amounts.pop(0)  # 'Cost (kEUR) | 2026 | 2027': what stands below it are names
        first = amounts[0].column
        category = next((column for column in range(first) if _is_textual(grid, row + depth, column)), None)
    if (
        category is None
        and amounts
        and all(amount.kind for amount in amounts)
        and _is_of_periods(grid, row + depth, others.get("period"), year)
    ):
        category = others["period"]  # 'Month | Budget | Actual': nothing but the months names the rows
    if category is None or not amounts:
        return None
    if any(amount.period or amount.kind or not amount.is_total for amount in amounts):
        amounts = [amount for amount in amounts if not amount.is_total or amount.period]
    elif len(amounts) > 1:
        amounts = amounts[-1:]  # 'Price', 'Total': the last is what is paid
    beside = [amount for amount in amounts if amount.kind and not amount.period and "%" not in amount.label]
    if any(amount.period for amount in amounts):
        amounts = [amount for amount in amounts if amount.period]
        whole = [amount for amount in beside if amount.kind == "budget" and not amount.is_running]
        if len(whole) == 1 and {"budget", "actual"} <= {amount.kind for amount in amounts}:
            # 'Budget | Oct 25 planned | Oct 25 actual | …': what is planned for the months is part of the budget
            amounts = [*whole, *(amount for amount in amounts if amount.kind != "budget")]
            beside = []
        if beside and not any(amount.kind for amount in amounts) and _tells_what_was_spent(grid, row, words, around):
            # 'Budget line | Budget | April | May | Forecast' below 'Invoices accepted by the end of the month'
            amounts = [replace(amount, kind="actual") for amount in amounts] + [amount for amount in beside if amount.kind != "actual"]
            beside = []
    else:
        beside = []
    kinds = frozenset(amount.kind or "" for amount in beside)
    return _Layout(row + depth, category, tuple(amounts), others.get("kind"), others.get("period"), others.get("currency"), is_own, kinds)


def _tells_what_was_spent(grid: Grid, row: int, words: Mapping[str, frozenset[str]], around: Around) -> bool:
    """Say whether a title of the table, or a line above its header, says that its amounts were spent."""
    texts = [*around.texts[:3], *(text for above in range(row) for text in _labels(grid, above, 1, 0))]
    return any(_says(text, words.get("spent_title", ())) for text in texts)


def _has_second_row(grid: Grid, row: int) -> bool:
    below = [grid.cell(row + 1, column) for column in grid.filled(row + 1) if (row + 1, column) not in grid.joined_up]
    amounts = sum(cell.type == "number" or parse_number(cell.text) is not None for cell in below if not _period(cell.text, None))
    return bool(below) and not amounts and any((row, column) in grid.joined_left for column in range(grid.width))


def _labels(grid: Grid, row: int, depth: int, column: int) -> tuple[str, ...]:
    upper = grid.cell(row, column).text
    if depth == 1:
        return (clean(grid.text(row, column), _LONGEST_LABEL * 2),)
    lower = "" if (row + 1, column) in grid.joined_up else grid.text(row + 1, column)
    return tuple(clean(text, _LONGEST_LABEL * 2) for text in (upper, lower) if text.strip())


@lru_cache(maxsize=32_768)
def _is(label: str, words: frozenset[str] | None) -> bool:
    return bool(words) and any(weight >= 0.79 and reading in (words or ()) for reading, weight in variants(label))


_IN_BRACKETS = re.compile(r"\(([^()]{2,30})\)\s*$")


@lru_cache(maxsize=16_384)
def _is_unit(label: str) -> bool:
    """Say whether a header is nothing but money: 'EUR thousand', 'in €', 'TEUR'."""
    return (currency_of(label) is not None and set(fold(label).split()) <= listed("money_units")) or fold(label) in {"teur", "keur"}


@lru_cache(maxsize=16_384)
def _period(label: str, year: str | None) -> date | None:
    text = re.sub(r"[(\[].*?[)\]]|€|\$|£|(?<![A-Za-z])[kKTM]?(EUR|USD|GBP|CHF)(?![A-Za-z])", " ", label).strip()
    if day := parse_period(text):
        return day
    month = MONTHS.get(fold(text))
    if month and year:
        return date(int(year), month, 1)
    years = set(_YEAR.findall(text))
    return date(int(years.pop()), 1, 1) if len(years) == 1 else None


def _of_month(label: str, words: Mapping[str, frozenset[str]]) -> tuple[date, str] | None:
    """Return the month and the kind that a header names together: 'Oct. 25 actual', 'Plan 11/2025', 'mai 26 réel'."""
    said = clean(_BRACKETS.sub(" ", label), 60).split()
    for length in range(1, min(len(said), 4)):
        for told, rest in ((said[-length:], said[:-length]), (said[:length], said[length:])):
            kind = next((kind for kind in KINDS if _is(" ".join(told), words.get(kind))), None)
            month = parse_period(" ".join(rest).strip(" -–—:/")) if kind is not None and len(" ".join(rest)) > _SHORTEST_MONTH else None
            if kind is not None and month is not None:
                return month, kind
    return None


_SHORTEST_MONTH = 5  # letters: '2026' alone is a year


@lru_cache(maxsize=16_384)
def _parted(label: str) -> tuple[str, date] | None:
    """Return what stands before the day up to which amounts are told, and that day: 'Actual to 31 Oct 2026', 'Ist zum 31.10.2026'."""
    said = _BRACKETS.sub(" ", label).split()
    for place, word in enumerate(said[1:-1] if len(said) > 2 else [], start=1):
        if fold(word) not in listed("up_to"):
            continue
        begin = place
        while begin > 1 and fold(said[begin - 1]) in listed("up_to"):
            begin -= 1
        rest = " ".join(said[place + 1 :])
        if (day := parse_day(rest)) is not None:
            return " ".join(said[:begin]), day
        if re.search(r"[^\W\d_]", rest) and (month := parse_period(rest)) is not None and not re.search(r"[QqTt]\d", rest):
            return " ".join(said[:begin]), month.replace(day=monthrange(month.year, month.month)[1])
    return None


def _until(label: str, words: Mapping[str, frozenset[str]]) -> tuple[str, date] | None:
    """Return the kind of the amounts and the day up to which a header says that they count, or None."""
    parted = _parted(label)
    if parted is None:
        return None
    before = (parted[0], _without_running(parted[0], words))
    kind = next((kind for kind in ("actual", "commitment") for text in before if _is(text, words.get(kind))), None)
    return None if kind is None else (kind, parted[1])


def _last_of_several(label: str) -> date | None:
    """Return the last of several months that a row is of: 'January–May 2026'."""
    match = _SEVERAL.fullmatch(label)
    return parse_period(match["last"]) if match and fold(match[1]) in MONTHS else None


def _begun_period(label: str) -> date | None:
    """Return the month of which only a part is meant: '2026-06 from 22nd', 'November 2026 to the 20th'."""
    match = re.match(r"(20\d\d-\d\d|[^\W\d_]{3,10}\.? 20\d\d)(?![\w-])", label)
    return parse_period(match[1]) if match else None


def _is_textual(grid: Grid, body: int, column: int) -> bool:
    cells = [grid.cell(row, column) for row in range(body, min(body + 40, grid.height)) if grid.text(row, column).strip()]
    return bool(cells) and sum(any(letter.isalpha() for letter in cell.text) for cell in cells) >= 0.6 * len(cells)


def _is_of_periods(grid: Grid, body: int, column: int | None, year: str | None) -> bool:
    """Whether what stands below *column* is months, quarters or years, with at most a total besides."""
    if column is None:
        return False
    rows = [row for row in range(body, min(body + 60, grid.height)) if set(grid.filled(row)) - {column}]  # what stands alone is a remark
    said = [text for row in rows if (text := clean(grid.text(row, column), _LONGEST_LABEL))]
    return sum((_last_of_several(text) or _period(text, year)) is not None for text in said) >= max(2, len(said) - 1)


def _numbers(grid: Grid, layout: _Layout, language: str | None) -> tuple[int, int, bool]:
    """Return how many cells below the amounts' headers are numbers, how many say something, and whether any names a currency."""
    numbers = said = 0
    has_currency = False
    for row in range(layout.body, min(layout.body + 60, grid.height)):
        for amount in layout.amounts:
            cell = grid.cell(row, amount.column)
            text = clean(grid.text(row, amount.column), 80)
            if cell.type == "uncalculated":
                numbers, said = numbers + 1, said + 1
            elif not is_placeholder(text):
                said += 1
                is_money = currency_of(text) is not None and any(letter.isdigit() for letter in text)
                numbers += is_money or cell.type == "number" or parse_number(text, language or "en") is not None
                has_currency = has_currency or is_money
    return numbers, said, has_currency


def _is_cost_table(grid: Grid, layout: _Layout, around: Around, language: str | None) -> bool:
    numbers, said, has_currency = _numbers(grid, layout, language)
    if not numbers or numbers < _ENOUGH_NUMBERS * said:
        return False
    has_currency = has_currency or any(currency_of(amount.label) for amount in layout.amounts) or layout.currency is not None
    above = _labels(grid, layout.body - 1, 1, layout.category)
    has_currency = has_currency or any(currency_of(text) for text in (*above, *around.texts[:3]))
    context = around.points("cost")
    if context < -1:
        return False
    has_kind = any(amount.kind for amount in layout.amounts) or layout.kind is not None
    has_period = any(amount.period for amount in layout.amounts)
    if context >= 1:
        return layout.is_own or has_currency or has_kind or has_period or context >= 1.5
    return (layout.is_own and (has_kind or has_currency)) or (has_currency and (has_kind or has_period))


def _read(
    grid: Grid,
    layout: _Layout,
    register: Register,
    compiled: Registers,
    around: Around,
    language: str | None,
    order: DayOrder,
    words: Mapping[str, frozenset[str]],
) -> CostsRead:
    caption = " ".join([*_labels(grid, layout.body - 1, 1, layout.category), *around.texts[:3]])
    readings = {amount.column: reading_of(register, "amount", amount.label, caption) for amount in layout.amounts}
    default = _kind_in(around.texts[:3], words)
    if default in layout.beside:
        default = None  # what has a column of its own is not what the months show
    cells = list(_rows(grid, layout, readings, default, compiled, language, order, words))
    above = [*around.texts[:3], *(text for row in range(layout.body - 1) for text in _labels(grid, row, 1, 0))]
    rows = tuple(_of_each_period(layout, cells, words, is_all=any(_says(text, words.get("running_title", ())) for text in above)))
    columns = {"category", "amount"}.union(*(row.filled for row in rows))
    labels = [(category, "category") for category in _labels(grid, layout.body - 1, 1, layout.category)]
    labels += [(amount.label, "amount") for amount in layout.amounts]
    return CostsRead(rows, frozenset(columns), tuple(labels))


def _kind_in(texts: Iterable[str], words: Mapping[str, frozenset[str]]) -> str | None:
    for text in texts:
        said = f" {fold(text)} "
        found = {kind for kind in KINDS for word in words.get(kind, ()) if len(word) > 2 and f" {word} " in said}
        if len(found) == 1:
            return found.pop()
    return None


def _rows(
    grid: Grid,
    layout: _Layout,
    readings: Mapping[int, Reading],
    default: str | None,
    compiled: Registers,
    language: str | None,
    order: DayOrder,
    words: Mapping[str, frozenset[str]],
) -> Iterator[tuple[_Amounts, Found]]:
    for row in range(layout.body, grid.height):
        filled = grid.filled(row)
        category = clean(grid.cell(row, layout.category).text)
        if not filled or is_placeholder(category) or grid.cell(row, layout.category).is_placeholder:
            continue
        first = clean(grid.text(row, filled[0]))
        if _is_total(compiled, category) or _is_total(compiled, first) or compiled.is_sign("note", first):
            continue
        for amount in layout.amounts:
            cell = grid.cell(row, amount.column)
            if (row, amount.column) in grid.joined_left:
                continue
            if grid.is_hidden_column(amount.column):
                read = UNKNOWN if cell.text.strip() else Read("blank")
            else:
                read = read_cell(cell, readings[amount.column], order, language)
            if read.state == "blank" or (cell.type == "text" and not any(letter.isdigit() for letter in cell.text)):
                continue
            yield amount, _cost(grid, layout, row, amount, category, read, default, order, words)


def _says(text: str, words: Iterable[str]) -> bool:
    """Whether *text* holds one of *words*: 'Actual, cumulative' says that amounts are added up from the beginning."""
    said = f" {fold(text)} "
    return any(f" {word} " in said for word in words)


def _without_running(label: str, words: Mapping[str, frozenset[str]]) -> str:
    said = f" {fold(_BRACKETS.sub(' ', label))} "
    for word in words.get("running", ()):
        said = said.replace(f" {word} ", " ")
    return said.strip()


@lru_cache(maxsize=16_384)
def _without_currency(label: str) -> str:
    """Return a header without the money behind it: 'Budget' of 'Budget GBP'."""
    said = label.split()
    while len(said) > 1 and _is_unit(said[-1]):
        said.pop()
    return " ".join(said)


def _latest_outlook(cells: list[tuple[_Amounts, Found]], words: Mapping[str, frozenset[str]]) -> Iterator[tuple[_Amounts, Found]]:
    """Yield *cells* without what earlier periods foresaw for the end of the whole: only the last outlook still holds."""
    ends = {amount.column for amount, _found in cells if amount.kind == "forecast" and _says(amount.label, words.get("whole", ()))}
    latest = {amount.column: found for amount, found in cells if amount.column in ends}
    for amount, found in cells:
        if amount.column not in ends:
            yield amount, found
        elif found is latest[amount.column]:
            yield replace(amount, is_whole=True), found


def _of_each_period(
    layout: _Layout, cells: list[tuple[_Amounts, Found]], words: Mapping[str, frozenset[str]], *, is_all: bool
) -> Iterator[Found]:
    """Yield the rows; of a table by periods that adds up, each with what its own period added.

    Where the same kind stands there for the period alone too, the sums are left out. After an amount that is not known, or a
    period that is not later than the one before, it is not known what a period added.
    """
    periods = [found.values.get("period_on") for _amount, found in cells]
    if layout.amounts[0].period is not None or sum(period is not None for period in periods) < 2:
        yield from (found for _amount, found in cells)
        return
    cells = list(_latest_outlook(cells, words))
    alone = {found.values.get("kind") for amount, found in cells if not amount.is_running}
    last: dict[int, tuple[date, Decimal] | None] = {}
    for amount, found in cells:
        if amount.is_whole or not (amount.is_running or is_all):
            yield found
            continue
        if amount.is_running and found.values.get("kind") in alone:
            continue
        values, period, sum_ = dict(found.values), found.values.get("period_on"), found.values.get("amount")
        before = last.get(amount.column, (date.min, Decimal(0)))
        if period is None or sum_ is None or before is None or period <= before[0]:
            last[amount.column] = None
            values.pop("amount", None)
            yield replace(found, values=values, filled=found.filled - {"amount"})
            continue
        last[amount.column] = (period, sum_)
        yield replace(found, values={**values, "amount": sum_ - before[1]})


def _is_total(compiled: Registers, text: str) -> bool:
    if compiled.is_sign("total", text):
        return True
    head = fold(text).split(" ", maxsplit=1)[0]
    return head in {
        "total",
        "totals",
        "subtotal",
        "gesamt",
        "gesamtsumme",
        "gesamtkosten",
        "summe",
        "zwischensumme",
        "insgesamt",
        "totales",
    }


def _cost(
    grid: Grid,
    layout: _Layout,
    row: int,
    amount: _Amounts,
    category: str,
    read: Read,
    default: str | None,
    order: DayOrder,
    words: Mapping[str, frozenset[str]],
) -> Found:
    values: dict[str, object] = {"category": category}
    filled = {"category"}
    if read.state == "value":
        values["amount"] = read.value
        filled.add("amount")
    kind = amount.kind
    if kind is None and layout.kind is not None:
        said = _cell(grid.cell(row, layout.kind))
        kind = next((kind for kind in KINDS if _is(said, words.get(kind))), None)
        values["kind_raw"] = said or None
    elif kind is not None:
        values["kind_raw"] = amount.label
    kind = kind or (default if layout.kind is None else None)
    if kind in {None, "budget"} and (own := _kind_of_category(category, words)) is not None:
        kind = own  # a line of the budget that is set aside: 'Change budget | 15,000'
    elif (
        kind in {None, "budget"}
        and amount.kind is None
        and (said_so := _IN_BRACKETS.search(category)) is not None
        and _kind_of_category(category[: said_so.start()], words) is None
    ):
        kind = next((name for name in KINDS if _is(said_so[1], words.get(name))), kind)  # 'Stage 1 (actual)'
    if kind is not None:
        values["kind"] = kind
        filled.add("kind")
    currency = read.currency
    if layout.currency is not None:
        currency = currency_of(_cell(grid.cell(row, layout.currency))) or currency
    if currency is not None:
        values["currency"] = currency
        filled.add("currency")
    period = amount.period
    if period is not None:
        values["period_on_raw"] = amount.label
    elif layout.period is not None:
        said = _cell(grid.cell(row, layout.period))
        period = parse_period(said, order) or _begun_period(said) or _last_of_several(said) or _period(said, None)
        values["period_on_raw"] = said or None
    if period is not None:
        values["period_on"] = period
        filled.add("period_on")
    if amount.as_on is not None:
        values["version_on"] = amount.as_on
        filled.add("version_on")
    values = {name: value for name, value in values.items() if value is not None}
    key = (fold(category)[:200], kind or "", period.isoformat() if period else "", fold(amount.label))
    return Found("cost", values, frozenset(filled), grid.locator(row, [amount.column]), None, "cost", key)


def _kind_of_category(category: str, words: Mapping[str, frozenset[str]]) -> str | None:
    """Return the kind that the name of a line says itself: 'Change budget', 'Risikobudget (Plan)'; of those that are set aside."""
    said = fold(category).split()
    if any(word in said for word in words.get("actual", ())):
        return None  # what was used of it
    return next((kind for kind in ("change_budget", "contingency") if _is(category, words.get(kind))), None)


def _cell(cell: Cell) -> str:
    text = clean(cell.text, 200)
    return "" if is_placeholder(text) else text
