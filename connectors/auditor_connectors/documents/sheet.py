"""Cells of a sheet put at their places, and the tables that they form. The same for xlsx and ods."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from auditor.connect.document import Cell
from auditor_connectors.documents.limits import Limits

EMPTY = Cell("", type="empty")
_GAP = 200
"""So many empty rows or columns end a table: what comes after is another one of the same sheet."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell with something in it."""

    text: str
    value: str | int | float | bool | None
    type: Literal["text", "number", "date", "boolean", "error", "empty", "uncalculated"]
    is_struck: bool = False
    is_bold: bool = False
    is_placeholder: bool = False
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A rectangle of cells; rows and columns count from 1."""

    rows: tuple[tuple[Cell, ...], ...]
    first_row: int
    first_column: int


class SheetCells:
    """The filled cells of one sheet."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._rows: dict[int, dict[int, Placed]] = {}

    def put(self, row: int, column: int, cell: Placed) -> bool:
        """Keep a cell; False when the sheet has more rows than the limit."""
        kept = self._rows.get(row)
        if kept is None:
            if len(self._rows) >= self._limits.rows:
                return False
            kept = self._rows[row] = {}
        kept[column] = cell
        return True

    def tables(self, merges: Iterable[tuple[int, int, int, int]], links: Mapping[tuple[int, int], str]) -> Iterator[Table]:
        """Yield the tables from top to bottom, then from left to right; areas are (first row, first column, last row, last column)."""
        areas = [area for area in merges if (area[0], area[1]) != (area[2], area[3])]
        for rows in _bands(sorted(self._rows)):
            columns = sorted({column for row in rows for column in self._rows[row]})
            for band in _bands(columns):
                if len(band) > self._limits.columns:
                    band = band[: self._limits.columns]  # noqa: PLW2901  (the rest is beyond the limit)
                yield self._table(rows, band, areas, links)

    def _table(
        self, rows: list[int], columns: list[int], areas: list[tuple[int, int, int, int]], links: Mapping[tuple[int, int], str]
    ) -> Table:
        first_row, last_row, first, last = rows[0], rows[-1], columns[0], columns[-1]
        # A merged area may reach beyond the last filled cell; it never widens a table by more than its own width.
        inside = [area for area in areas if first_row <= area[0] <= last_row and first <= area[1] <= last]
        last = min(max([last, *(area[3] for area in inside if area[3] - last < _GAP)]), first + self._limits.columns - 1)
        grid = [[EMPTY] * (last - first + 1) for _ in range(first_row, last_row + 1)]
        for row in rows:
            out = grid[row - first_row]
            for column, placed in self._rows[row].items():
                if first <= column <= last:
                    out[column - first] = _cell(placed, links.get((row, column)))
        for top, left, bottom, right in inside:
            origin = grid[top - first_row][left - first]
            if right - left > _GAP and not origin.text:
                continue
            bottom, right = min(bottom, last_row), min(right, last)  # noqa: PLW2901  (cut to the table)
            grid[top - first_row][left - first] = _spanning(origin, bottom - top + 1, right - left + 1)
            covered = _covered(origin)
            for row in range(top, bottom + 1):
                for column in range(left, right + 1):
                    if (row, column) != (top, left):
                        grid[row - first_row][column - first] = covered
        return Table(tuple(map(tuple, grid)), first_row, first)


def _bands(numbers: list[int]) -> Iterator[list[int]]:
    band: list[int] = []
    for number in numbers:
        if band and number - band[-1] > _GAP:
            yield band
            band = []
        band.append(number)
    if band:
        yield band


def _cell(placed: Placed, link: str | None) -> Cell:
    return Cell(
        placed.text,
        placed.value,
        placed.type,
        is_struck=placed.is_struck,
        is_bold=placed.is_bold,
        is_placeholder=placed.is_placeholder,
        link=link or placed.link,
    )


def _spanning(cell: Cell, rows: int, columns: int) -> Cell:
    return Cell(cell.text, cell.value, cell.type, rows, columns, False, cell.is_struck, cell.is_bold, cell.is_placeholder, cell.link)


def _covered(cell: Cell) -> Cell:
    return Cell(cell.text, cell.value, cell.type, 1, 1, True, cell.is_struck, cell.is_bold, cell.is_placeholder, cell.link)
