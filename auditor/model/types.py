"""The types that a column of the model can have.

Each alias carries a `ColumnType`: from it DDL, Parquet, JSON Schema, the reference page and the type checks of conditions are
derived. Every column may be NULL; `blank` says what a blank (not an unknown) value means in a comparison:

* ``absent``: it is known that there is none, so a comparison with it is false (dates, people, texts);
* ``unknown``: the thing has a value that nobody wrote down, so a comparison with it is NULL (enumerations, numbers, booleans).
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal


class Kind(StrEnum):
    """What a condition's type checker tells apart."""

    TEXT = "text"
    CODE = "code"  # an enumeration: text of a fixed list, compared for equality only
    REFERENCE = "reference"  # the id of a row
    PERSON = "person"  # the id of a person; compared with `same_person` only
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DAY = "day"
    INSTANT = "instant"


@dataclass(frozen=True, slots=True)
class ColumnType:
    """How one column is stored, compared and shown."""

    kind: Kind
    sql: str  # DuckDB type
    blank: Literal["absent", "unknown"]
    personal: bool = False
    has_raw: bool = False  # the source's own words stay beside it in `<column>_raw`
    unit: str | None = None
    codes: tuple[str, ...] = ()

    def with_codes(self, codes: tuple[str, ...]) -> "ColumnType":
        """Return the type with its list of allowed values."""
        return replace(self, codes=codes)


def Code() -> ColumnType:  # noqa: N802  (reads as a type in the declarations)
    """Return the type of an enumeration; its values come from the `Literal` beside it."""
    return ColumnType(Kind.CODE, "VARCHAR", "unknown", has_raw=True)


Text = Annotated[str | None, ColumnType(Kind.TEXT, "VARCHAR", "absent")]
PersonName = Annotated[str | None, ColumnType(Kind.TEXT, "VARCHAR", "absent", personal=True)]
Reference = Annotated[str | None, ColumnType(Kind.REFERENCE, "VARCHAR", "absent")]
PersonId = Annotated[str | None, ColumnType(Kind.PERSON, "VARCHAR", "absent", personal=True)]
Day = Annotated[date | None, ColumnType(Kind.DAY, "DATE", "absent", has_raw=True)]
Instant = Annotated[datetime | None, ColumnType(Kind.INSTANT, "TIMESTAMP", "absent", unit="UTC")]
Flag = Annotated[bool | None, ColumnType(Kind.BOOLEAN, "BOOLEAN", "unknown")]
Whole = Annotated[int | None, ColumnType(Kind.INTEGER, "BIGINT", "unknown")]
Scale = Annotated[int | None, ColumnType(Kind.INTEGER, "TINYINT", "unknown", has_raw=True, unit="1..5")]
Money = Annotated[Decimal | None, ColumnType(Kind.DECIMAL, "DECIMAL(18,2)", "unknown", unit="currency")]
Hours = Annotated[Decimal | None, ColumnType(Kind.DECIMAL, "DECIMAL(12,2)", "unknown", unit="hours")]
Quantity = Annotated[Decimal | None, ColumnType(Kind.DECIMAL, "DECIMAL(18,4)", "unknown")]
Share = Annotated[Decimal | None, ColumnType(Kind.DECIMAL, "DECIMAL(9,6)", "unknown", unit="0..1")]
