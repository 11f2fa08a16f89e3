"""The parts that the demonstration's documents are made of, whatever their format."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

Value = str | int | Decimal | date | None


@dataclass(frozen=True, slots=True)
class Title:
    """The title on the cover."""

    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 3."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph of body text."""

    text: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; the first row is the header unless `header` is empty."""

    header: Sequence[str]
    rows: Sequence[Sequence[Value]]


Block = Title | Heading | Para | Grid


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook: title rows above, then header and rows."""

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[Value]]
    title: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """One file of the demonstration.

    Attributes:
        path: relative to the project's folder; its ending is the format.
        on: the day on which it was last saved: the file's time.
        author: for the file's properties.
    """

    path: str
    blocks: Sequence[Block] = ()
    sheets: Sequence[Sheet] = ()
    on: date = date(2026, 1, 1)
    author: str = ""
    is_scan: bool = False  # a PDF without a text layer
    table_style: str = "Table Grid"  # of Word
