"""Entries of trackers and lists as rows of registers, by the declared mapping, with their history.

What cannot be mapped is counted: a type that nobody declared, a field that no column takes, a word that stands for no value.
"""

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from auditor.config.mapping import ColumnMapping, EntryMapping, RegisterMapping, fold
from auditor.connect.protocol import Change, Entry, Fact, Filled, Record, Unmapped
from auditor.model.draft import Draft
from auditor.model.schema import TABLES, Column
from auditor.model.types import Kind

_PLACEHOLDERS = frozenset(
    {"", "tbd", "tbc", "todo", "n a", "na", "none", "null", "to be defined", "to be determined", "a definir", "por definir", "noch offen"}
)
_YES = frozenset({"true", "yes", "y", "1", "ja", "oui", "si", "x", "wahr", "vrai", "verdadero"})
_NO = frozenset({"false", "no", "n", "0", "nein", "non", "falsch", "faux", "falso"})
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_CONTROL_BYTES = bytes([*range(9), 11, 12, *range(14, 32), 127])
_LEVEL = re.compile(r"^\D*([1-5])(?:[.,]0+)?(?!\d)(?:\D*)$")
_DAY = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?:$|[T ])")
_TIME = re.compile(r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*(?:Z|[+-]\d{2}:?\d{2})$")
_NUMBER = re.compile(r"^[+-]?\d[\d.,'\u00a0\u202f ]*$")
_MOST = Decimal(10**14)
_RESOLUTION = "resolution"
_SORTS_WORK = frozenset({"components"})  # fields of every entry that need not mean anything for a register
_LONG = 20_000


class _Unknown:
    """The type of `_UNKNOWN`: something is there that stands for no value of the column."""


_UNKNOWN = _Unknown()


@dataclass(slots=True)
class MappingReport:
    """What could not be mapped, and how often. Nothing is left out in silence."""

    unmapped_types: Counter[str] = field(default_factory=Counter)
    unmapped_fields: Counter[tuple[str, str]] = field(default_factory=Counter)  # table, field of the source
    unmapped_values: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # table, column, word of the source
    mapped: Counter[str] = field(default_factory=Counter)  # table → rows

    def count(self, said: Unmapped) -> None:
        """Add what a connector says that it could not map."""
        if said.word:
            self.unmapped_values[said.table, said.field, said.word] += said.count
        else:
            self.unmapped_fields[said.table, said.field] += said.count


@dataclass(slots=True)
class _Place:
    columns: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    earliest: dict[str, str] = field(default_factory=dict)
    without_history: set[str] = field(default_factory=set)
    tables: dict[str, str] = field(default_factory=dict)  # id of an entry → table
    empty: dict[tuple[str, str], set[str]] = field(default_factory=dict)  # table, column → fields that are empty where nothing is told


_BRACKETED = re.compile(r"([^()]+)\(([^()]+)\)\s*")
_UNIT = re.compile(r"[%€$£]|k?(?:eur|gbp|usd|chf)|k[€£$]|days?|hours?|h|d|jours?|heures?|tage?|stunden?|días?|horas?", re.IGNORECASE)


_SCALE = re.compile(r"\d{1,3}\s*(?:[-–—/]|\.{2,3}|to|bis|à|a)\s*\d{1,3}", re.IGNORECASE)  # 'Likelihood (1-5)'
_PRODUCT = re.compile(r"[a-z]{1,2}\s*[x×*·]\s*[a-z]{1,2}", re.IGNORECASE)  # 'Risk level (LxI)'


@lru_cache(maxsize=4096)
def _called(field: str) -> tuple[str, ...]:
    """Return the names of a field: 'Impact (residual)' is the residual impact, 'Cost (EUR)' the cost, 'Impact (I)' the impact."""
    match = _BRACKETED.fullmatch(field)
    if match is None:
        return (fold(field),)
    name, inside = fold(match[1]), match[2].strip()
    initials = "".join(word[0] for word in name.split())
    is_said = _UNIT.fullmatch(inside) or _SCALE.fullmatch(inside) or _PRODUCT.fullmatch(inside) or inside.casefold() == initials
    return (fold(field), name if is_said else fold(f"{inside} {match[1]}"))


class EntryMapper:
    """Maps the entries of one source.

    Args:
        mapping: the declaration.
        source: the configured name of the source, for provenance.
        time_zone: in which instants become days.
    """

    def __init__(self, mapping: EntryMapping, *, source: str, time_zone: str = "UTC") -> None:
        self._mapping = mapping
        self._source = source
        self._zone = ZoneInfo(time_zone)
        self._places: dict[str, _Place] = defaultdict(_Place)
        self._borrowed: set[tuple[str, str]] = set()  # table, column that an entry has filled by a field that nobody declared
        self._open: dict[tuple[str, str], dict[str, frozenset[str]]] = {}  # table, entry → columns whose fields are all empty there
        self._told: set[tuple[str, str]] = set()  # table, column that an entry has filled
        self._users: dict[str, set[str]] = defaultdict(set)  # field → the tables whose entries have it filled; '': of no register
        self.report = MappingReport()

    def drafts(self, record: Record, entry: Entry) -> list[Draft]:
        """Return the register's row of an entry (with the entry's id) and its history; none when it is no register's.

        The history has one row per edit and column, in the columns' names and standard values, so that the register's past can be built.
        """
        table = self._mapping.table_of(entry.type)
        for name, value in entry.values.items():
            if not _is_blank(value):
                for said in _called(name):
                    self._users[said].add(table or "")
        if table is None:
            if not self._mapping.is_work(entry.type):
                self.report.unmapped_types[entry.type or "(none)"] += 1
            return []
        register = self._mapping.registers[table]
        fields = {said: value for name, value in reversed(list(entry.values.items())) for said in reversed(_called(name))}
        people = {said: person for name, person in entry.people.items() for said in _called(name)}
        values: dict[str, Any] = {"id": entry.id}
        filled: set[str] = set()
        used: dict[str, str] = {}  # column → field that its value came from
        for name, column in register.columns.items():
            self._fill(table, name, column, fields, people, values, filled, used)
            if (empty := self._open.get((table, entry.id), {}).get(name)) is not None:
                self._places[record.place].empty.setdefault((table, name), set()).update(empty)
            if column.refused and name in filled and fold(_word(fields.get(_RESOLUTION) or "")) in self._mapping.refusals:
                values[name] = column.refused
        self._count_fields(register, entry)
        self.report.mapped[table] += 1
        self._remember(record.place, table, entry, filled)
        row = _draft(record, self._source, table, values, filled, entry.url, entry.locator)
        return [row, *self._history(record, register, entry, used)]

    def links(self, drafts: Iterable[Draft]) -> Iterator[Draft]:
        """Yield *drafts* of links, and for each end that is a register's entry the same link with the register as its table.

        Call it when all entries of the place were mapped.
        """
        for link in drafts:
            yield link
            tables = self._places[link.project].tables
            begins = {link.values.get("from_table"), tables.get(str(link.values.get("from_id")))} - {None}
            ends = {link.values.get("to_table"), tables.get(str(link.values.get("to_id")))} - {None}
            for begin in sorted(map(str, begins)):
                for end in sorted(map(str, ends)):
                    if (begin, end) != (link.values.get("from_table"), link.values.get("to_table")):
                        changed = {**link.values, "from_table": begin, "to_table": end, "id": f"{link.values.get('id')}:{begin}:{end}"}
                        yield Draft(
                            link.table,
                            changed,
                            link.filled,
                            link.project,
                            link.source,
                            link.url,
                            link.locator,
                            link.record_version,
                            link.content_hash,
                            link.seen_at,
                        )

    def filled(self, place: str) -> list[Filled]:
        """Return which registers' columns the entries of *place* filled. A register without an entry is not known to be kept here."""
        known = self._places.get(place)
        if known is None:
            return []
        blank = {(table, name) for (table, name), empty in known.empty.items() if self._says_nothing(table, name, empty)}
        return [
            Filled(
                table,
                frozenset(columns | {name for other, name in blank if other == table}),
                history_from=None if table in known.without_history else known.earliest.get(table),
            )
            for table, columns in sorted(known.columns.items())
        ]

    def blank(self, table: str, entry: str) -> list[str]:
        """Return the columns that are blank in an entry's row, their fields being its own after all. Call it when all were mapped."""
        empty = self._open.get((table, entry), {})
        return sorted(name for name, fields in empty.items() if self._says_nothing(table, name, fields))

    def _says_nothing(self, table: str, name: str, fields: Collection[str]) -> bool:
        """Say whether empty *fields* mean that nothing is told of a column, and not that they belong to entries of another kind.

        A field that nobody declared has to be filled by another entry of the register. A shipped name is the register's unless only others
        use it: 'Severity' of defects says nothing of a risk that has none.
        """
        if self._mapping.registers[table].columns[name].borrowed.issuperset(fields):
            return (table, name) in self._borrowed
        if _SORTS_WORK.issuperset(fields):
            return (table, name) in self._told  # nobody has to sort risks by the parts of a product
        users = [self._users.get(said, set()) for said in fields]
        return (table, name) in self._told or any(table in known for known in users) or not any(users)

    def _fill(
        self,
        table: str,
        name: str,
        column: ColumnMapping,
        fields: Mapping[str, Any],
        people: Mapping[str, str],
        values: dict[str, Any],
        filled: set[str],
        used: dict[str, str],
    ) -> None:
        declared = TABLES[table].by_name[name]
        present = [said for said in column.fields if said in fields or said in people]
        failed: str | None = None
        for said in present:
            raw = fields.get(said)
            if _is_blank(raw) and said not in people:
                continue
            found = self._value(declared, column, raw, people.get(said))
            if said in column.borrowed and not isinstance(found, _Unknown):
                self._borrowed.add((table, name))
            if not isinstance(found, _Unknown):
                values[name] = found
                filled.add(name)
                self._told.add((table, name))
                used[name] = said
                break
            failed = failed or _word(raw)
        if (
            declared.type.has_raw
            and (first := next((fields[said] for said in present if not _is_blank(fields.get(said))), None)) is not None
        ):
            values[f"{name}_raw"] = _word(first)
        if name in filled or not present:
            return
        if failed is None and not ((column.certain | self._mapping.native) - _SORTS_WORK).intersection(present):
            self._open.setdefault((table, values["id"]), {})[name] = frozenset(present)
        elif failed is None:
            filled.add(name)  # the field is there and empty: blank
            used[name] = present[0]
        else:
            self.report.unmapped_values[table, name, failed[:200]] += 1

    def _value(self, declared: Column, column: ColumnMapping, raw: Any, person: str | None) -> Any:
        kind = declared.type.kind
        if kind is Kind.PERSON:
            return person if person is not None else _written(raw)
        if isinstance(raw, (list, tuple)) and kind is not Kind.TEXT:
            raw = next((item for item in raw if not _is_blank(item)), None)
        if kind in (Kind.TEXT, Kind.REFERENCE):
            return _text(raw)
        word = fold(_word(raw))
        if kind is Kind.CODE:
            return column.values.get(word) or next((code for code in declared.type.codes if fold(code) == word), _UNKNOWN)
        if kind is Kind.BOOLEAN:
            return _flag(column, raw, word)
        if kind is Kind.INTEGER and declared.type.unit == "1..5":
            return _level(column, word, _word(raw))
        if kind in (Kind.INTEGER, Kind.DECIMAL):
            return _number(declared, raw)
        if kind is Kind.DAY:
            return _day(raw, self._zone)
        return _instant(raw)

    def _count_fields(self, register: RegisterMapping, entry: Entry) -> None:
        taken = {said for column in register.columns.values() for said in column.fields}
        for name, value in entry.values.items():
            if not _is_blank(value) and taken.isdisjoint(_called(name)):
                self.report.unmapped_fields[register.table, name] += 1

    def _remember(self, place: str, table: str, entry: Entry, filled: set[str]) -> None:
        known = self._places[place]
        known.columns[table] |= filled
        known.tables[entry.id] = table
        created = entry.values.get("created")
        if isinstance(created, str) and _DAY.match(created):
            known.earliest[table] = min(known.earliest.get(table, created[:10]), created[:10])
        else:
            known.without_history.add(table)
        if not entry.has_changes:
            known.without_history.add(table)

    def _history(self, record: Record, register: RegisterMapping, entry: Entry, used: Mapping[str, str]) -> Iterator[Draft]:
        edits: dict[str, dict[str, Change]] = defaultdict(dict)
        for change in entry.changes:
            for said in _called(change.field):
                earlier = edits[change.edit_id].get(said)
                # Several changes of one field in one edit: from where the first began to where the last ended.
                edits[change.edit_id][said] = change if earlier is None else _joined(earlier, change)
        for edit_id, changed in edits.items():
            for name, column in register.columns.items():
                if change_rows := self._change(register.table, name, column, changed, used.get(name)):
                    change, before, after = change_rows
                    self._told.add((register.table, name))
                    values: dict[str, Any] = {
                        "id": f"{edit_id}.{register.table}.{name}",
                        "edit_id": edit_id,
                        "table_name": register.table,
                        "row_id": entry.id,
                        "field": name,
                        "from_value": change.from_value,
                        "to_value": change.to_value,
                        "at": change.at,
                        "by_id": change.by,
                        "origin": "source_log",
                    }
                    filled = {"edit_id", "table_name", "row_id", "field", "from_value", "to_value", "at", "by_id", "origin"}
                    for side, code in (("from_code", before), ("to_code", after)):
                        if not isinstance(code, _Unknown):
                            filled.add(side)
                            values[side] = code
                    shown = {key: value for key, value in values.items() if value is not None}
                    yield _draft(record, self._source, "history_entry", shown, filled, entry.url, entry.locator)

    def _change(
        self, table: str, name: str, column: ColumnMapping, changed: Mapping[str, Change], used: str | None
    ) -> tuple[Change, str | _Unknown | None, str | _Unknown | None] | None:
        """Return the change of one column in one edit with its standard values; None when the edit does not concern it."""
        wanted = [said for said in column.fields if said in changed]
        if not wanted or (used is not None and column.fields.index(wanted[0]) > column.fields.index(used)):
            return None  # a field that only stands in where the wanted one is empty
        declared = TABLES[table].by_name[name]
        if declared.type.kind is Kind.TEXT:
            return changed[wanted[0]], None, None
        sides = []
        for first, second in (("from_value", "from_id"), ("to_value", "to_id")):
            code: str | _Unknown | None = None
            for said in wanted:
                change = changed[said]
                code = self._code(declared, column, getattr(change, first), getattr(change, second))
                if not isinstance(code, _Unknown):
                    break
            sides.append(code)
        return changed[wanted[0]], sides[0], sides[1]

    def _code(self, declared: Column, column: ColumnMapping, label: str | None, value_id: str | None) -> str | _Unknown | None:
        """Return one side of a change as the column's value in text; None: there was nothing."""
        if declared.type.kind in (Kind.PERSON, Kind.REFERENCE):
            return value_id or (_UNKNOWN if label else None)
        if _is_blank(label):
            label = value_id
        if _is_blank(label):
            return None
        found = self._value(declared, column, label, None)
        if isinstance(found, _Unknown):
            return _UNKNOWN
        if isinstance(found, bool):
            return "true" if found else "false"
        return found.isoformat() if isinstance(found, date) else str(found)


def draft_of(record: Record, fact: Fact, source: str) -> Draft:
    """Return a ready fact as a draft, with the provenance of its record."""
    return _draft(record, source, fact.table, {"id": fact.id, **fact.values}, set(fact.filled), fact.url, fact.locator)


def _draft(record: Record, source: str, table: str, values: Mapping[str, Any], filled: set[str], url: str, locator: str) -> Draft:
    return Draft(
        table,
        values,
        frozenset(filled),
        record.place,
        source,
        url=url or record.url,
        locator=locator,
        record_version=record.version,
        content_hash=record.content_hash,
    )


def _joined(first: Change, last: Change) -> Change:
    return Change(first.edit_id, first.field, first.at, first.by, first.from_value, last.to_value, first.from_id, last.to_id)


# Values


def _is_blank(value: Any) -> bool:
    """Say whether a source's value is nothing, or a placeholder for it ('TBD', '-', '<name>')."""
    if value is None or value in ("", [], ()):
        return True
    if isinstance(value, str):
        stripped = value.strip()
        return fold(stripped) in _PLACEHOLDERS or (stripped.startswith("<") and stripped.endswith(">") and "<" not in stripped[1:])
    return isinstance(value, (list, tuple)) and all(_is_blank(item) for item in value)


def _word(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(_word(item) for item in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return _clean(str(value))


def _clean(value: str) -> str:
    if value.isascii():  # the common case, many times faster
        return value.encode().translate(None, _CONTROL_BYTES).decode().strip()[:_LONG]
    return _CONTROL.sub("", unicodedata.normalize("NFC", _CONTROL.sub("", value))).strip()[:_LONG]


class Written(str):
    """Whom a text names, where the column holds a person and the tool knows no account: 'Anna Weber'."""

    __slots__ = ()


def _written(value: Any) -> "Written | _Unknown":
    return Written(_clean(value)) if isinstance(value, str) else _UNKNOWN


def _text(value: Any) -> str | _Unknown:
    return _word(value) if isinstance(value, (str, int, float, bool, Decimal, list, tuple, date)) else _UNKNOWN


def _flag(column: ColumnMapping, raw: Any, word: str) -> bool | _Unknown:
    if isinstance(raw, bool):
        return raw
    code = column.values.get(word)
    if code == "true" or (code is None and word in _YES):
        return True
    return False if code == "false" or (code is None and word in _NO) else _UNKNOWN


def _level(column: ColumnMapping, word: str, said: str) -> int | _Unknown:
    if code := column.values.get(word):
        return int(code)
    if found := _LEVEL.match(said):
        # '4', '4 - high', 'high (4)'; a word beside the number must not say something else.
        other = column.values.get(fold(said.replace(found[1], " ")))
        return int(found[1]) if other is None or other == found[1] else _UNKNOWN
    return _UNKNOWN


def _number(declared: Column, raw: Any) -> int | Decimal | _Unknown:
    amount = _decimal(raw)
    if amount is None or not amount.is_finite() or abs(amount) >= _MOST:
        return _UNKNOWN
    if declared.type.kind is Kind.INTEGER:
        return int(amount) if amount == int(amount) else _UNKNOWN
    places = declared.type.sql.partition(",")[2].rstrip(")")
    return amount.quantize(Decimal(1).scaleb(-int(places or 0)))


def _decimal(raw: Any) -> Decimal | None:
    if isinstance(raw, bool):
        return None
    if isinstance(raw, (int, Decimal)):
        amount = Decimal(raw)
        return amount if abs(amount) < _MOST else None
    if isinstance(raw, float):
        return Decimal(str(raw)) if math.isfinite(raw) else None
    if not isinstance(raw, str) or not _NUMBER.match(raw.strip()):
        return None
    plain = re.sub(r"['\u00a0\u202f ]", "", raw.strip())
    marks = [mark for mark in plain if mark in ".,"]
    if len(set(marks)) == 2:
        decimal_mark = marks[-1]
        plain = plain.replace("," if decimal_mark == "." else ".", "").replace(decimal_mark, ".")
    elif len(marks) > 1:
        plain = plain.replace(marks[0], "")
    elif marks == [","] and not re.search(r",\d{3}$", plain):
        plain = plain.replace(",", ".")
    elif marks and re.search(r"[.,]\d{3}$", plain) and not plain.lstrip("+-").startswith("0"):
        return None  # 1.234 and 1,234: a thousand here, a fraction there
    else:
        plain = plain.replace(",", ".")
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


def _day(raw: Any, zone: ZoneInfo) -> date | _Unknown:
    if isinstance(raw, datetime):
        return raw.astimezone(zone).date() if raw.tzinfo else raw.date()
    if isinstance(raw, date):
        return raw
    if not isinstance(raw, str):
        return _UNKNOWN
    try:
        if _TIME.match(raw):
            return datetime.fromisoformat(raw).astimezone(zone).date()
        found = _DAY.match(raw)
        return date(int(found[1]), int(found[2]), int(found[3])) if found else _UNKNOWN
    except (ValueError, OverflowError):
        return _UNKNOWN


def _instant(raw: Any) -> datetime | _Unknown:
    try:
        found = raw if isinstance(raw, datetime) else datetime.fromisoformat(raw) if isinstance(raw, str) else None
        return found.astimezone(UTC) if found is not None and found.tzinfo else _UNKNOWN
    except (ValueError, OverflowError):
        return _UNKNOWN
