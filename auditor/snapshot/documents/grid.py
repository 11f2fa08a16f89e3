"""A table as a rectangle whose merged cells are resolved: what header search and reading of rows walk over."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from auditor.connect.document import Cell, TableBlock
from auditor.connect.values import clean

MOST_COLUMNS = 256
_EMPTY = Cell("", type="empty")
_SHEETS = frozenset({"xlsx", "ods", "csv"})
_CONTROL_ONLY = re.compile(r"^[\s\u200b\ufeff]*$")


@dataclass(slots=True)
class Grid:
    """Cells by row and column, both from 0, with the place that each has in the document."""

    rows: list[list[Cell]]
    table: TableBlock
    is_sheet: bool
    is_turned: bool = False  # rows of the grid are columns of the document
    place: str = ""  # of all that it holds, where it is no table of the document
    places: list[tuple[int, int]] = field(default_factory=list)  # turned into a form of pairs: grid row → (row, column) in the document
    joined_left: set[tuple[int, int]] = field(default_factory=set)  # covered by a merged cell that begins in a column before
    joined_up: set[tuple[int, int]] = field(default_factory=set)  # covered by a merged cell that begins in a row above
    remembered: dict[Any, Any] = field(default_factory=dict)  # what was worked out about it, by who asked and for what
    height: int = field(init=False)  # number of rows
    width: int = field(init=False)  # number of columns
    _texts: list[list[str] | None] = field(init=False)  # of the rows that were looked at
    _filled: dict[int, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.height = len(self.rows)
        self.width = len(self.rows[0]) if self.rows else 0
        self._texts = [None] * self.height

    def cell(self, row: int, column: int) -> Cell:
        """Return a cell; outside the rectangle an empty one."""
        return self.rows[row][column] if 0 <= row < self.height and 0 <= column < self.width else _EMPTY

    def text(self, row: int, column: int) -> str:
        """Return the text of a cell as a person sees it; '' when it is empty or belongs to a merged cell that begins further left."""
        if not (0 <= row < self.height and 0 <= column < self.width):
            return ""
        texts = self._texts[row]
        if texts is None:
            texts = ["" if (row, at) in self.joined_left else _shown(cell.text) for at, cell in enumerate(self.rows[row])]
            self._texts[row] = texts
        return texts[column]

    def filled(self, row: int, columns: Sequence[int] | None = None) -> list[int]:
        """Return the columns in which *row* says something; a merged cell counts once."""
        filled = self._filled.get(row)
        if filled is None:
            filled = self._filled[row] = [column for column in range(self.width) if self.says(row, column)]
        if columns is None or len(columns) == self.width:
            return filled
        wanted = set(columns)
        return [column for column in filled if column in wanted]

    def says(self, row: int, column: int) -> bool:
        """Say whether the cell has a text or a formula whose result is not known."""
        return bool(self.text(row, column).strip()) or (
            self.cell(row, column).type == "uncalculated" and (row, column) not in self.joined_left
        )

    def is_hidden_column(self, column: int) -> bool:
        """Say whether the document hides this column (this row, when the grid is turned)."""
        if self.is_turned:
            return False
        return self.table.first_column + column in self.table.hidden_columns

    def locator(self, row: int, columns: Iterable[int]) -> str:
        """Return the place of a row: 'Risks!A12:K12', 'table 3 row 4'."""
        if self.place:
            return self.place
        used = list(columns) or [0]
        first, last = min(used), max(used)
        table = self.table
        if self.places:
            where = [self.places[column] for column in used if column < len(self.places)] or [(0, 0)]
            top, bottom = min(place[0] for place in where), max(place[0] for place in where)
            left, right = min(place[1] for place in where), max(place[1] for place in where)
            if not self.is_sheet:
                return f"{table.locator} rows {table.first_row + top} to {table.first_row + bottom}".strip()
            return _range(table, top, left, bottom, right)
        if self.is_turned:
            last = min(last, len(table.rows) - 1)  # what a title adds has no row of its own
            return _range(table, first, row, last, row) if self.is_sheet else f"{table.locator} column {table.first_column + row}".strip()
        return _range(table, row, first, row, last) if self.is_sheet else f"{table.locator} row {table.first_row + row}".strip()


def _shown(text: str) -> str:
    return "" if _CONTROL_ONLY.match(text) else text


def _range(table: TableBlock, top: int, left: int, bottom: int, right: int) -> str:
    first = f"{letters(table.first_column + left)}{table.first_row + top}"
    last = f"{letters(table.first_column + right)}{table.first_row + bottom}"
    place = first if first == last else f"{first}:{last}"
    return f"{table.locator or table.name}!{place}"


def letters(column: int) -> str:
    """Return the letters of a spreadsheet's column; 1 is 'A'."""
    found = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def grid_of(table: TableBlock, document_format: str) -> Grid:
    """Return *table* as a rectangle; columns beyond the 256th are left out."""
    width = min(max((len(row) for row in table.rows), default=0), MOST_COLUMNS)
    rows = [[*row[:width], *([_EMPTY] * (width - len(row)))] for row in table.rows]
    grid = Grid(rows, table, document_format in _SHEETS)
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell.is_covered or (cell.row_span <= 1 and cell.column_span <= 1):
                continue
            for below in range(at, min(at + cell.row_span, len(rows))):
                for right in range(column, min(column + cell.column_span, width)):
                    if (below, right) != (at, column) and rows[below][right].is_covered:
                        if right > column:
                            grid.joined_left.add((below, right))
                        if below > at:
                            grid.joined_up.add((below, right))
    return grid


def turned(grid: Grid) -> Grid:
    """Return *grid* with rows and columns exchanged: a form becomes a table of one row."""
    rows = [[grid.rows[row][column] for row in range(grid.height)] for column in range(grid.width)]
    return Grid(
        rows,
        grid.table,
        grid.is_sheet,
        is_turned=True,
        joined_left={(column, row) for row, column in grid.joined_up},
        joined_up={(column, row) for row, column in grid.joined_left},
    )


def pairs(grid: Grid) -> Grid | None:
    """Return a form of several label and value pairs side by side as a table of one row; None when it has fewer than four columns."""
    if grid.width < 4 or grid.width % 2:
        return None
    labels: list[Cell] = []
    values: list[Cell] = []
    places: list[tuple[int, int]] = []
    for row in range(grid.height):
        for column in range(0, grid.width, 2):
            if grid.text(row, column).strip():
                labels.append(grid.cell(row, column))
                values.append(grid.cell(row, column + 1) if (row, column + 1) not in grid.joined_left else _EMPTY)
                places.append((row, column + 1))
    return Grid([labels, values], grid.table, grid.is_sheet, is_turned=True, places=places) if labels else None


def titled(form: Grid, at: int, own_id: str, title: str) -> Grid:
    """Return a form of one entry whose column *at* holds what its title says: the entry's name, in a further column its number."""
    labels, values, *_ = ([*row] for row in form.rows)
    labels[at], values[at] = Cell("Title", "Title"), Cell(title, title)
    labels.append(Cell("ID", "ID"))
    values.append(Cell(own_id, own_id))
    places = [*form.places, form.places[at]] if form.places else []
    return Grid([labels, values], form.table, form.is_sheet, is_turned=True, places=places)


def shown(text: str) -> str:
    """Return a text of a cell on one line, for comparison with names."""
    return " ".join(clean(text, 300).split())


def walk(grid: Grid) -> Iterator[str]:
    """Yield the texts of all cells, once each."""
    for row in grid.rows:
        for cell in row:
            if cell.text and not cell.is_covered:
                yield cell.text
