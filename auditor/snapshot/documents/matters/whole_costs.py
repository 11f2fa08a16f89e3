"""What a business case or a project plan says that the whole project is planned to cost: in tables, in lines, in its history.

| Total project | 1,398,000 |      | Item  | Baseline 1.0 | Baseline 4.0 | Actual |      Total project cost: £1.284m
                                   | Total |    1,430,000 |    1,450,000 |  9,000 |
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from auditor.connect.document import Cell
from auditor.connect.values import clean, currency_of, fold, multiple_of, parse_number
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.matters.figures import AMOUNT, CLAUSES
from auditor.snapshot.documents.matters.grid import Filling, Reading, is_known, text_of
from auditor.snapshot.documents.matters.words import plain_number, version_order
from auditor.snapshot.words import words

NAME = "project_cost"
_KINDS = frozenset({"business_case", "project_plan"})
_BRACKETS = re.compile(r"\s*\([^()]*\)?")
_CLAUSE_OF_LABEL = re.compile(r"[,;:]|\s[–—-]\s")
_VERSION = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){1,2}(?![\d.])")
_IN_HISTORY = re.compile(r"\d[\d.,'’\u00a0\u202f ]*\d")
_FEWEST_DIGITS = 3  # that count: '1.4 million' is rounded too much to be compared
_FEWEST_IN_HISTORY = 4
_LONGEST_CLAUSE = 300


def read_whole_costs(
    reading: Reading, history: Sequence[Found] = (), stated: str | None = None, day: date | None = None
) -> Iterator[Found]:
    """Yield a figure per amount that a business case or project plan gives as the planned cost of the whole project.

    Args:
        reading: the document.
        history: its versions, which give amounts their day.
        stated: the version that the document says it is.
        day: of the document itself, where its history does not tell.
    """
    if reading.kind not in _KINDS:
        return
    days = _days(history)
    latest = (days.get(version_order(stated or "")) if stated else max(days.values(), default=None)) or day
    seen: set[tuple[Decimal, date | None]] = set()
    found = (*_in_tables(reading, days), *((*one, False) for one in (*_in_prose(reading), *_in_history(reading, history))))
    for amount, unit, own, locator, heading, is_reserved in found:
        on = own or latest
        if (amount, on) in seen or amount <= 0:
            continue
        seen.add((amount, on))
        row = Filling(reading, "listed_item")
        row.below(heading)  # type: ignore[arg-type]
        row.set("kind", "figure")
        row.set("name", NAME)
        row.set("value", plain_number(amount))
        row.set("number", amount)
        row.set("unit", unit)
        row.set("on_date", on)
        row.set("reason", "with reserves" if is_reserved else None)
        yield row.found(locator, "figure", NAME, plain_number(amount), on.isoformat() if on else "")


_Stated = tuple[Decimal, str | None, date | None, str, object]


def _days(history: Sequence[Found]) -> dict[object, date]:
    """Return the order of a version → its day."""
    found: dict[object, date] = {}
    for row in history:
        at = row.values.get("approved_on") or row.values.get("modified_at")
        order = version_order(str(row.values.get("version") or ""))
        if at is not None and order is not None:
            found.setdefault(order, at.date() if isinstance(at, datetime) else at)
    return found


def _in_tables(reading: Reading, days: Mapping[object, date]) -> Iterator[tuple[Decimal, str | None, date | None, str, object, bool]]:
    """Yield the amounts of tables; the last says whether the table has lines for reserves, as tables of what is planned have."""
    for grid in reading.grids:
        heads = {place: cell.text for place, cell in enumerate(grid.lines[0].cells)} if grid.lines else {}
        begin = next(
            (n for n, line in enumerate(grid.lines) if sum(bool(text_of(cell)) for cell in line.cells if not cell.is_covered) > 1), 0
        )
        if begin:
            heads = {place: cell.text for place, cell in enumerate(grid.lines[begin].cells)}
        titles = {
            word for text in (*grid.above[:2], grid.heading.text if grid.heading else "", heads.get(0, "")) for word in fold(text).split()
        }
        said = titles.union(*(fold(text).split() for text in heads.values()))
        is_of_costs = not said.isdisjoint(words("aspect_cost") | words("cost_titles")) and titles.isdisjoint(words("not_planned_costs"))
        operates = False
        labels = [fold(line.cells[0].text) for line in grid.lines[begin:] if line.cells]
        is_reserved = sum(any(word in label for word in words("reserves")) for label in labels) > 1
        unit_of_table = next((text for text in (*heads.values(), *grid.above[:2]) if currency_of(text)), "")
        for line in grid.lines[begin:]:
            cells = [(place, cell) for place, cell in enumerate(line.cells) if not cell.is_covered]
            if not cells:
                continue
            label = cells[0][1].text
            operates = operates or not set(fold(label).split()).isdisjoint(words("operating_costs"))
            if not (_is_whole(label) or (is_of_costs and not operates and fold(_BRACKETS.sub("", label)) in words("bare_totals"))):
                continue
            for place, cell in _planned(reading, cells[1:], heads):
                head = heads.get(place, "") if heads.get(place) != cell.text else ""
                unit = next((text for text in (label, head, unit_of_table) if currency_of(text) or multiple_of(text)), "")
                if (amount := _amount(cell, unit, reading.language)) is not None:
                    version = _VERSION.search(head)
                    day = days.get(version_order(version[0])) if version else None
                    yield amount[0], amount[1], day, line.locator, grid.heading, is_reserved


def _is_whole(label: str) -> bool:
    """Say whether a label names the cost of the whole project: 'Total project', 'Project cost, all stages, as in the project plan'."""
    said = fold(label)
    if not set(said.split()).isdisjoint(words("leaves_out")):
        return False
    plain = _BRACKETS.sub("", label)
    return fold(_CLAUSE_OF_LABEL.split(plain, maxsplit=1)[0]) in words("whole_costs") or fold(plain) in words("whole_costs")


def _planned(reading: Reading, cells: Sequence[tuple[int, Cell]], heads: Mapping[int, str]) -> list[tuple[int, Cell]]:
    """Return the amounts of a line that are plans: its only one, or those below heads that say so."""
    amounts = [
        (place, cell)
        for place, cell in cells
        if (number := parse_number(text_of(cell), reading.language, is_money=True)) is not None and not number.is_percent
    ]
    said = {place: set(fold(heads.get(place, "")).split()) for place, _ in amounts}
    if len(amounts) == 1 and _is_outlook(heads.get(amounts[0][0], "")) and reading.kind == "project_plan":
        return amounts  # 'Actual/forecast': what the plan reckons with, part of which was spent
    amounts = [(place, cell) for place, cell in amounts if said[place].isdisjoint(words("not_planned_costs"))]
    if len(amounts) <= 1:
        return amounts
    if current := [(place, cell) for place, cell in amounts if not said[place].isdisjoint(words("current_costs"))]:
        return [*current, *((place, cell) for place, cell in amounts if (place, cell) not in current and _VERSION.search(heads[place]))]
    planned = [(place, cell) for place, cell in amounts if not said[place].isdisjoint(words("planned_costs"))]
    return planned or [(place, cell) for place, cell in amounts if fold(heads.get(place, "")) in words("bare_totals")][-1:]


_EITHER = re.compile(r"\s*(?:/|\+|\b(?:or|and|oder|und|ou|et|o|y)\b)\s*", re.IGNORECASE)


def _is_outlook(head: str) -> bool:
    """Say whether a head is of what was spent and, where nothing was yet, of what is expected: 'Actual/forecast', 'Ist oder Prognose'."""
    parts = [fold(part).split()[:1] for part in _EITHER.split(head)]
    return len(parts) > 1 and all(part and part[0] in words("not_planned_costs") | words("planned_costs") for part in parts)


def _amount(cell: Cell, unit: str, language: str | None) -> tuple[Decimal, str | None] | None:
    number = parse_number(text_of(cell), language, is_money=True) if is_known(cell) else None
    if number is None or number.is_percent:
        return None
    if len(re.sub(r"\D", "", text_of(cell)).strip("0")) < _FEWEST_DIGITS and (
        multiple_of(text_of(cell)) or number.value > _most(text_of(cell))
    ):
        return None
    return number.value.scaleb(multiple_of(unit)), number.currency or currency_of(unit)


def _most(text: str) -> int:
    """Return what the digits of a text can be at most without a word that multiplies them."""
    return int("9" * max(len(re.sub(r"\D", "", text)), 1))


def _in_prose(reading: Reading) -> Iterator[_Stated]:
    """Yield what sentences and lines say: 'Total project cost: £1,284,000', 'The project budget is EUR 450,000.'."""
    for line in reading.prose:
        for clause in CLAUSES.split(clean(line.text, 8000)):
            said = f" {fold(clause)} "
            if len(clause) > _LONGEST_CLAUSE or any(f" {word} " in said for word in (*words("not_done"), *words("leaves_out"))):
                continue
            found = [match for match in AMOUNT.finditer(clause) if _says_whole(clause[: match.start()], clause[match.end() :])]
            if len(found) == 1 and (amount := _amount(Cell(found[0][0]), "", reading.language)) is not None:
                yield amount[0], amount[1], None, line.block.locator, line.heading


def _says_whole(before: str, behind: str) -> bool:
    said = fold(_BRACKETS.sub(" ", before)).split()
    while said and said[-1] in words("amounts_to"):
        said.pop()
    following = fold(behind).split()[:1]
    if following and following[0] in words("of_a_part"):
        return False
    for length in range(min(len(said), 5), 0, -1):
        if " ".join(said[-length:]) in words("whole_costs_told"):
            return len(said) == length or said[-length - 1] in words("before_whole")
    return False


def _in_history(reading: Reading, history: Sequence[Found]) -> Iterator[_Stated]:
    """Yield what versions of the history set: 'Exception plan for stage 2: cost 1,450,000, end 2026-07-03'."""
    for row in history:
        at = row.values.get("approved_on") or row.values.get("modified_at")
        comment = clean(str(row.values.get("comment") or ""), 500)
        if at is None or not comment:
            continue
        day = at.date() if isinstance(at, datetime) else at
        for match in _IN_HISTORY.finditer(comment):
            before = re.split(r"[;:.,(]\s", comment[: match.start()])[-1]
            said = [word for word in fold(before).split() if currency_of(word) is None]
            while said and said[-1] in words("amounts_to"):
                said.pop()
            is_whole = " ".join(said) in words("whole_costs_told") or (len(said) == 1 and said[0] in words("aspect_cost"))
            behind = fold(comment[match.end() :]).split()[:1]
            if not is_whole or (behind and behind[0] in words("of_a_part")) or "%" in comment[match.end() : match.end() + 2]:
                continue
            if len(re.sub(r"\D", "", match[0])) >= _FEWEST_IN_HISTORY and (
                number := parse_number(match[0], reading.language, is_money=True)
            ):
                yield number.value, currency_of(before), day, row.locator, None
