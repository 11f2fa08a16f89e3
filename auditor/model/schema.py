"""The tables as data: what every later step reads instead of the declarations themselves.

`TABLES` is derived from the pydantic declarations, which are the only source.
"""

from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Literal, get_args, get_origin

from auditor.model.row import Row
from auditor.model.tables import artefacts, evidence, organisation, registers, who, work
from auditor.model.types import ColumnType, Kind

COMMON = tuple(Row.model_fields)
"""Columns that every table has."""

UNKNOWN = "unknown_bits"
"""Column of every stored table: bit *i* is set when the value of the row's *i*-th own column (`Column.bit`) is unknown, not blank."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of one table."""

    name: str
    type: ColumnType
    bit: int | None  # place in `unknown_bits`; None: the column is never unknown (common and raw columns)

    @property
    def mask(self) -> int:
        """The value of this column's bit in `unknown_bits`."""
        return 0 if self.bit is None else 1 << self.bit


@dataclass(frozen=True)
class Table:
    """One table of the model, with its columns in their order."""

    name: str
    family: str  # who, artefacts, registers, work, organisation, evidence
    sentence: str
    source: str
    row: type[Row]
    columns: tuple[Column, ...]  # common ones first, then its own with their raw columns, then `unknown_bits`

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """Columns by name."""
        return {column.name: column for column in self.columns}

    @cached_property
    def own(self) -> tuple[Column, ...]:
        """The columns that this table adds (without common, raw and unknown columns)."""
        return tuple(column for column in self.columns if column.bit is not None)

    @property
    def is_organisational(self) -> bool:
        """A table of the organisation has no project."""
        return self.row.is_organisational

    @property
    def is_register(self) -> bool:
        """The place of record decides which source's rows count."""
        return self.row.is_register

    @property
    def has_history(self) -> bool:
        """`<table>_history` exists."""
        return self.row.has_history

    def bits(self, columns: "frozenset[str] | set[str] | tuple[str, ...]") -> int:
        """Return the `unknown_bits` value in which exactly *columns* are unknown."""
        value = 0
        for name in columns:
            value |= self.by_name[name].mask
        return value


def _column_type(row: type[Row], name: str) -> ColumnType:
    field = row.model_fields[name]
    found = next(item for item in field.metadata if isinstance(item, ColumnType))
    if found.kind is not Kind.CODE:
        return found
    literal = next(arg for arg in (field.annotation, *get_args(field.annotation)) if get_origin(arg) is Literal)
    return found.with_codes(get_args(literal))


_RAW = ColumnType(Kind.TEXT, "VARCHAR", "absent")
_BITS = ColumnType(Kind.INTEGER, "UBIGINT", "unknown")
_MOST_BITS = 63


def _table(family: str, row: type[Row]) -> Table:
    name = "".join("_" + letter.lower() if letter.isupper() else letter for letter in row.__name__).lstrip("_")
    columns = [Column(common, _column_type(row, common), None) for common in COMMON]
    bit = 0
    for field in row.model_fields:
        if field in COMMON:
            continue
        type_ = _column_type(row, field)
        columns.append(Column(field, type_, bit))
        bit += 1
        if type_.has_raw:
            columns.append(Column(f"{field}_raw", _RAW, None))
    if bit > _MOST_BITS:
        message = f"table {name} has {bit} columns of its own; `unknown_bits` holds {_MOST_BITS}"
        raise ValueError(message)
    columns.append(Column(UNKNOWN, _BITS, None))
    sentence, _, source = (row.__doc__ or "").partition("\n\n    Source: ")
    return Table(name, family, sentence.strip(), source.strip().rstrip("."), row, tuple(columns))


def _declared() -> dict[str, Table]:
    families = {
        "who": who,
        "artefacts": artefacts,
        "registers": registers,
        "work": work,
        "organisation": organisation,
        "evidence": evidence,
    }
    tables = {}
    for family, module in families.items():
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, Row) and value is not Row:
                table = _table(family, value)
                tables[table.name] = table
    return tables


TABLES = MappingProxyType(_declared())
"""Every table of the model by name, in the order of the declarations."""
