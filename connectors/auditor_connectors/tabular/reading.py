"""Records of one place as items: rows of the model, entries, what is covered, and what could not be read. Pure."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from auditor.config.mapping import EntryMapping, fold
from auditor.connect.protocol import Entry, Fact, Filled, Item, Record, Unmapped
from auditor.connect.values import parse_period
from auditor.model.schema import TABLES, Column
from auditor.model.types import Kind
from auditor_connectors.tabular.bind import Bound, FieldKinds, digest
from auditor_connectors.tabular.cells import Dialect, Unread, currency_said, is_blank, read_cell, read_day, read_instant, text_of
from auditor_connectors.tabular.declare import Cells, Declaration, Rows
from auditor_connectors.tabular.lines import column_letters

_SAID = {
    "ambiguous_day": "may be read as two days: declare `dates`",
    "no_day": "names no day",
    "no_time": "names a day without a time",
    "no_number": "is no number",
    "no_whole_number": "is no whole number",
    "ambiguous_number": "may be read as two numbers: declare `numbers`",
    "no_match": "does not match the declared pattern",
    "other_unit": "is in a unit of unknown length",
    "several": "repeated columns say different things",
    "formula": "is a formula, whose value is not in the file",
    "error": "is an error value",
    "hidden": "lies in a hidden column",
    "struck through": "is struck through",
    "line too short": "is not there: the line is too short",
    "other_currency": "is in another currency than declared",
    "undecided": "does not say whether the row counts",
}
_LONGEST_WORD = 200


@dataclass(slots=True)
class _Sheet:
    """One table of one file, as its record describes it."""

    record: Record
    bound: Bound
    dialects: dict[int, Dialect]
    path: str
    sheet: str
    first_column: int
    problems: dict[str, str]  # reason → for a person
    unread: dict[tuple[str, str], list[int]] = field(default_factory=dict)  # header, reason → count, first row
    words: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    columns: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    undecided: set[str] = field(default_factory=set)

    def dialect(self, index: int) -> Dialect:
        return self.dialects[index]

    def note(self, header: str, reason: str, row: int) -> None:
        found = self.unread.setdefault((header, reason), [0, row])
        found[0] += 1
        found[1] = min(found[1], row)

    def locator(self, row: int) -> str:
        if not self.sheet:
            return f"{self.path} row {row}"
        last = column_letters(self.first_column + max(len(self.bound.header) - 1, 0))
        return f"{self.path} {self.sheet}!{column_letters(self.first_column)}{row}:{last}{row}"


def read_place(
    records: Iterable[Record], declarations: Mapping[str, Declaration], mapping: EntryMapping, zone: ZoneInfo, project: str
) -> Iterator[tuple[Record, Item]]:
    """Yield the items of one place.

    Lines that come before the record of their file wait for it; when that comes first, as it does by key, one line is in memory at a time.
    """
    reading = _Reading(declarations, mapping, zone, project)
    for record in records:
        yield from reading.take(record)
    yield from reading.end()


class _Reading:
    def __init__(self, declarations: Mapping[str, Declaration], mapping: EntryMapping, zone: ZoneInfo, project: str) -> None:
        self._declarations = declarations
        self._mapping = mapping
        self._kinds = FieldKinds(mapping)
        self._zone = zone
        self._project = project
        self._sheets: dict[str, _Sheet] = {}
        self._early: dict[str, list[Record]] = defaultdict(list)
        self._strange: list[Record] = []

    def take(self, record: Record) -> Iterator[tuple[Record, Item]]:
        declared = self._declarations.get(str(record.payload.get("table")))
        if declared is None:
            self._strange.append(record)
        elif record.kind == "tabular.file":
            sheet = self._sheet(record, declared)
            here = record.payload["of"]
            self._sheets[here] = sheet
            for early in self._early.pop(here, ()):
                yield from self._line(early, sheet)
        elif (found := self._sheets.get(record.payload["of"])) is not None:
            yield from self._line(record, found)
        else:
            self._early[record.payload["of"]].append(record)

    def end(self) -> Iterator[tuple[Record, Item]]:
        lost = sorted((record for early in self._early.values() for record in early), key=lambda record: record.key)
        for record in lost[:1]:
            text = f"{len(lost)} lines of {record.payload['path']} wait for a pull that comes to its end"
            yield record, _unreadable(record, "", text)
        for record in sorted(self._strange, key=lambda record: record.key)[:1]:
            text = f"{len(self._strange)} things of a table that is not declared any more: {record.payload.get('table')}"
            yield record, _unreadable(record, "", text)
        tables: dict[str, list[tuple[_Sheet, frozenset[str], str]]] = defaultdict(list)
        for _, sheet in sorted(self._sheets.items()):
            for item in _told(sheet):
                yield sheet.record, item
            for table, columns, gap in self._covered(sheet):
                reason = next(iter(sheet.problems), "") or ("value_undecided" if table in sheet.undecided else gap)
                tables[table].append((sheet, columns, reason))
        for table, said in sorted(tables.items()):
            reason = next((found for _, _, found in said if found), "not_walked" if lost else "")
            columns = frozenset().union(*(own for _, own, _ in said))
            yield said[0][0].record, Filled(table, columns, not reason, reason=reason)

    def _sheet(self, record: Record, declared: Declaration) -> _Sheet:
        payload = record.payload
        bound = Bound(declared, payload["header"], payload["path"], self._project)
        orders, marks = payload["day_first"], payload["decimal"]
        dialects = {}
        for index, name in enumerate(bound.header):
            day_first = True if "day_first" in declared.dates else False if "month_first" in declared.dates else orders.get(str(index))
            decimal = {"comma": ",", "point": "."}.get(declared.numbers) or marks.get(str(index), "")
            formats = tuple(said for said in declared.dates if "%" in said)
            short_year = bool(declared.dates) or str(index) in payload["short_year"]
            dialects[index] = Dialect(self._zone, day_first, short_year, decimal, formats, name)
        return _Sheet(record, bound, dialects, payload["path"], payload["sheet"], payload["first_column"], dict(payload["problems"]))

    def _covered(self, sheet: _Sheet) -> Iterator[tuple[str, frozenset[str], str]]:
        """Yield each table with the columns that are there, and why its rows cannot all be known."""
        declared = sheet.bound.declaration
        for row in declared.rows:
            columns = {name for name, cells in row.sources.items() if cells.take or sheet.bound.places(cells.column)}
            # Where the columns are missing that say which lines give a row, no row is not the same as none.
            needed = [test.column for test in row.when] + ([row.each.column] if row.each is not None and row.each.column else [])
            is_open = not all(map(sheet.bound.places, needed))
            is_open |= row.each is not None and bool(row.each.headers) and not any(sheet.bound.each_header(row))
            columns |= set(row.constants) | sheet.columns[row.table]
            yield row.table, frozenset(columns), "column_missing" if is_open else ""
        if declared.entry is not None and declared.entry.type:
            table = self._mapping.table_of(declared.entry.type)
            if table is not None:
                there = {fold(sheet.bound.field(index)) for index in range(len(sheet.bound.header))}
                columns = {name for name, said in self._mapping.registers[table].columns.items() if there & set(said.fields)}
                yield table, frozenset(columns), ""

    # Lines

    def _line(self, record: Record, sheet: _Sheet) -> Iterator[tuple[Record, Item]]:
        payload = record.payload
        if payload["trouble"] or payload["header"] != digest(*sheet.bound.header):
            sheet.note("", payload["trouble"] or "header_changed", payload["row"])
            reason = "row_unreadable" if payload["trouble"] else "not_walked"
            sheet.problems.setdefault(reason, "")
            for row in sheet.bound.declaration.rows:
                if row.each is None and not row.when:
                    yield record, Fact(row.table, payload["id"], {}, frozenset(), sheet.locator(payload["row"]))
            return
        cells = payload["cells"]
        for row in sheet.bound.declaration.rows:
            for fact in self._facts(row, payload, cells, sheet):
                yield record, fact
        if sheet.bound.declaration.entry is not None:
            yield record, self._entry(payload, cells, sheet)

    def _facts(self, row: Rows, payload: Mapping[str, Any], cells: Sequence[Any], sheet: _Sheet) -> Iterator[Fact]:
        for test in row.when:
            holds = sheet.bound.holds(test, cells)
            if holds is None:
                sheet.undecided.add(row.table)
                there = sheet.bound.places(test.column)
                sheet.note(sheet.bound.header[there[0]] if there else test.column[0], "undecided", payload["row"])
            if not holds:
                return
        base = payload["id"] + (f":{row.suffix}" if row.suffix else "")
        if row.each is None:
            yield self._fact(row, base, payload, cells, sheet, None, None, -1)
        elif row.each.headers:
            met: Counter[str] = Counter()
            for index, said in sheet.bound.each_header(row):
                cell = cells[index] if index < len(cells) else ["?", "line too short"]
                if is_blank(cell):
                    continue
                period = parse_period(said) if row.each.headers == ("periods",) else None
                label = period.isoformat() if period else fold(said).replace(" ", "-")
                met[label] += 1
                number = f".{met[label]}" if met[label] > 1 else ""
                yield self._fact(row, f"{base}:{label}{number}", payload, cells, sheet, said, cell, index)
        else:
            cell = sheet.bound.cell(row.each.column, cells)
            index = next(iter(sheet.bound.places(row.each.column)), -1)
            if index >= 0 and not isinstance(cell, str) and cell[0] == "?":
                sheet.undecided.add(row.table)
                sheet.note(sheet.bound.header[index], cell[1], payload["row"])
                return
            parts = [part.strip() for part in re.split(row.each.split, "" if is_blank(cell) else text_of(cell)) if part and part.strip()]
            for position, part in enumerate(parts, start=1):
                yield self._fact(row, f"{base}:{position}", payload, cells, sheet, row.each.column[0], part, index)

    def _fact(
        self,
        row: Rows,
        row_id: str,
        payload: Mapping[str, Any],
        cells: Sequence[Any],
        sheet: _Sheet,
        said: str | None,
        part: Any,
        part_index: int,
    ) -> Fact:
        table = TABLES[row.table]
        values: dict[str, Any] = {}
        filled: set[str] = set()
        for name, value in row.constants.items():
            values[name] = _constant(table.by_name[name], value)
            filled.add(name)
        for name, source in row.sources.items():
            column = table.by_name[name]
            index = next(iter(sheet.bound.places(source.column)), -1)
            if source.take == "id":
                cell: Any = payload["id"]
            elif source.take == "header":
                cell = said or ""
            elif source.take == "cell":
                cell, index = part, part_index
            elif index < 0:
                continue
            elif column.type.kind is Kind.TEXT and len(sheet.bound.places(source.column)) > 1:
                places = sheet.bound.places(source.column)
                cell = _joined([cells[place] if place < len(cells) else ["?", "line too short"] for place in places])
            else:
                cell = sheet.bound.cell(source.column, cells)
            dialect = sheet.dialects.get(index) or Dialect(self._zone)
            found: Any = parse_period(cell) if source.take == "header" and column.type.kind is Kind.DAY else None
            found = found if found is not None else read_cell(column, source, cell, dialect)
            if isinstance(found, Decimal) and source.negative_when:
                found = self._signed(found, source, cells, sheet)
            if column.type.unit == "currency" and isinstance(found, Decimal) and (money := currency_said(cell, dialect)):
                found = self._in_currency(found, money, row, values, filled, cells, sheet)
            header = sheet.bound.header[index] if index >= 0 else said or ""
            self._put(column, found, cell, row.table, values, filled, sheet, header, payload)
        sheet.columns[row.table] |= filled
        return Fact(row.table, row_id, values, frozenset(filled), sheet.locator(payload["row"]))

    def _put(
        self,
        column: Column,
        found: Any,
        cell: Any,
        table: str,
        values: dict[str, Any],
        filled: set[str],
        sheet: _Sheet,
        header: str,
        payload: Mapping[str, Any],
    ) -> None:
        if column.type.has_raw and (word := text_of(cell)) and (column.type.kind is not Kind.DAY or isinstance(found, Unread)):
            values[f"{column.name}_raw"] = word
        if not isinstance(found, Unread):
            filled.add(column.name)
            if found is not None:
                values[column.name] = found
            return
        if found.reason != "unknown_word":  # those are counted word by word
            sheet.note(header, found.reason, payload["row"])
        if found.word:
            sheet.words[table, column.name, found.word[:_LONGEST_WORD]] += 1

    def _signed(self, amount: Decimal, source: Cells, cells: Sequence[Any], sheet: _Sheet) -> Decimal | Unread:
        """Return the amount with its sign; unknown where nobody can tell whether the line is a credit."""
        said = [sheet.bound.holds(test, cells) for test in source.negative_when if sheet.bound.places(test.column)]
        if any(said):
            return -abs(amount)
        return amount if said and None not in said else Unread("undecided")

    def _in_currency(
        self,
        amount: Decimal,
        money: str,
        row: Rows,
        values: dict[str, Any],
        filled: set[str],
        cells: Sequence[Any],
        sheet: _Sheet,
    ) -> Decimal | Unread:
        """Return the amount, unless its own currency contradicts the declared one; fill the currency where nothing declares it."""
        column = TABLES[row.table].by_name.get("currency")
        if column is None:
            return amount
        source = row.sources.get("currency")
        declared = values.get("currency")
        if source is not None and sheet.bound.places(source.column):
            stated = read_cell(column, source, sheet.bound.cell(source.column, cells), Dialect(self._zone))
            declared = stated if isinstance(stated, str) else None
        if declared is None:
            values["currency"] = money
            filled.add("currency")
            return amount
        return amount if str(declared).upper() == money else Unread("other_currency")

    def _entry(self, payload: Mapping[str, Any], cells: Sequence[Any], sheet: _Sheet) -> Entry:
        entry = sheet.bound.declaration.entry
        assert entry is not None
        gathered: dict[str, list[Any]] = defaultdict(list)
        for index in range(len(sheet.bound.header)):
            name = sheet.bound.field(index)
            if not name:
                continue
            value = self._plain(name, cells[index] if index < len(cells) else ["?", ""], sheet, index, payload["row"])
            gathered[name] += [] if value is None else [value]
        values: dict[str, Any] = {}
        for name, found in gathered.items():
            unknown = next((value for value in found if isinstance(value, _Unknown)), None)
            values[name] = unknown or (found[0] if len(found) == 1 else found or None)
        people = {
            name: "; ".join(map(str, found))
            for name, found in gathered.items()
            if found and not any(isinstance(value, _Unknown) for value in found)
        }
        type_ = entry.type or text_of(sheet.bound.cell(entry.type_column, cells))
        return Entry(type_, payload["id"], values, people, locator=sheet.locator(payload["row"]))

    def _plain(self, name: str, cell: Any, sheet: _Sheet, index: int, row: int) -> Any:
        """Return a cell as a plain value of an entry; a day or number that cannot be told stays text, which no day column takes."""
        if is_blank(cell):
            return None
        if not isinstance(cell, str) and cell[0] == "?":
            sheet.note(name, cell[1] or "line too short", row)
            return _Unknown(unknown=str(cell[1] or "line too short"))
        text = text_of(cell)
        kind = self._kinds.kind(name)
        dialect = sheet.dialect(index)
        if kind == "day" or (kind == "other" and len(text) <= 40 and any(sign in text for sign in "-/.")):
            at = read_instant(cell, dialect)
            if isinstance(at, datetime):
                return at.isoformat()
            day = read_day(cell, dialect)
            if isinstance(day, date):
                return day.isoformat()
            if kind == "day":
                sheet.note(name, day.reason, row)
        if kind == "number":
            number = read_cell(_NUMBER, None, cell, dialect)
            return number if isinstance(number, Decimal) else text
        return text


class _Unknown(dict[str, str]):
    """A value of an entry that is there and not known: no column takes a value of this shape, and none counts it as blank."""


_NUMBER = TABLES["measurement"].by_name["actual"]


def _constant(column: Column, value: Any) -> Any:
    kind = column.type.kind
    if kind is Kind.BOOLEAN:
        return value if isinstance(value, bool) else str(value).casefold() == "true"
    if kind is Kind.INTEGER:
        return int(value)
    if kind is Kind.DECIMAL:
        return Decimal(str(value))
    return date.fromisoformat(str(value)) if kind is Kind.DAY else str(value)


def _joined(cells: Sequence[Any]) -> Any:
    """Return repeated columns of texts as one."""
    if any(not isinstance(cell, str) and cell[0] == "?" for cell in cells):
        return next(cell for cell in cells if not isinstance(cell, str) and cell[0] == "?")
    return ", ".join(dict.fromkeys(text_of(cell) for cell in cells if not is_blank(cell)))


def _told(sheet: _Sheet) -> Iterator[Item]:
    """Yield what of a table was not mapped and not read."""
    table = next((row.table for row in sheet.bound.declaration.rows), sheet.bound.declaration.name)
    for name, count in sorted(sheet.record.payload["unmapped"].items()):
        yield Unmapped(table, name, count)
    for (where, column, word), count in sorted(sheet.words.items()):
        yield Unmapped(where, column, count, word)
    for reason, text in sorted(sheet.problems.items()):
        if text:
            yield _unreadable(sheet.record, reason, text, reason)
    for reason, text in sorted(sheet.record.payload["remarks"].items()):
        yield _unreadable(sheet.record, reason, text, reason)
    for (header, reason), (count, row) in sorted(sheet.unread.items()):
        what = f"column {header!r}: " if header else ""
        said = _SAID.get(reason, f"cannot be told apart ({reason.replace('_', ' ')})")
        where = f" of {sheet.sheet}" if sheet.sheet else ""
        text = f"{what}{count} {'value' if header else 'line'}{'s' if count > 1 else ''} unknown, first in row {row}{where}: it {said}"
        yield _unreadable(sheet.record, f"{header}:{reason}", text, reason.replace(" ", "_"))


def _unreadable(record: Record, what: str, text: str, reason: str = "not_walked") -> Fact:
    path = str(record.payload.get("path", record.key))
    values = {"path": path, "reason": reason, "error": text}
    return Fact("unreadable", digest("unreadable", record.key, what), values, frozenset(values), url=record.url)
