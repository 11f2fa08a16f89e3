"""The first look at a file: its dialect, its header, what its columns tell of days and numbers, which ids stand there twice."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from typing import Any

from auditor_connectors.documents.limits import Unreadable
from auditor_connectors.documents.pool import ReaderPool
from auditor_connectors.tabular.bind import Bound, FieldKinds, shown_headers
from auditor_connectors.tabular.cells import Evidence, is_blank, text_of
from auditor_connectors.tabular.declare import Declaration
from auditor_connectors.tabular.lines import (
    DELIMITERS,
    Line,
    Sheet,
    csv_lines,
    encoding_of,
    is_text,
    said_delimiter,
    sample_rows,
    workbook_sheets,
)

_HEADER_ROWS = 30
_MB = 2**20


@dataclass(frozen=True, slots=True)
class Found:
    """A file that fits a declaration."""

    path: Path
    name: str  # relative to the root, '/' as separator
    size: int
    mtime_ns: int


@dataclass(slots=True)
class Table:
    """One table of a file, looked at once.

    Attributes:
        header_row: row of the header.
        day_first, short_year, decimal: of the columns that tell it, by index.
        problems: reason → for a person: why not all of it is known.
        lines: how many lines it has, without those that are left out.
        places: project → how many lines it has.
        unmapped: project → header that nothing takes → how many cells are filled.
    """

    found: Found
    sheet: Sheet
    bound: Bound
    header_row: int
    day_first: dict[int, bool] = field(default_factory=dict)
    short_year: dict[int, bool] = field(default_factory=dict)
    decimal: dict[int, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    lines: int = 0
    places: dict[str, int] = field(default_factory=dict)
    unmapped: dict[str, Counter[str]] = field(default_factory=dict)

    def said(self) -> Iterator[tuple[Line, str]]:
        """Yield the lines below the header that count, each with what is wrong with it ('' when nothing is)."""
        width = len(self.bound.header)
        with closing(self.sheet.lines()) as lines:
            for line in lines:
                if line.number <= self.header_row:
                    continue
                trouble = line.trouble
                if not trouble and all(is_blank(cell) for cell in line.cells):
                    continue
                if not trouble and any(not is_blank(cell) for cell in line.cells[width:]):
                    trouble = "too_many_cells"
                if not trouble and self.bound.is_skipped(line.cells):
                    continue
                yield line, trouble


class Ids:
    """Which ids stand in a table twice: a small number per id, whatever the length of the lines."""

    def __init__(self) -> None:
        self._seen: set[int] = set()
        self.twice: set[int] = set()

    def add(self, place: str, line_id: str) -> None:
        """Meet an id."""
        number = self._number(place, line_id)
        if number in self._seen:
            self.twice.add(number)
        else:
            self._seen.add(number)

    def is_double(self, place: str, line_id: str) -> bool:
        """Say whether an id was met twice."""
        return bool(self.twice) and self._number(place, line_id) in self.twice

    def forget(self) -> None:
        """Keep only what stands there twice."""
        self._seen = set()

    @staticmethod
    def _number(place: str, line_id: str) -> int:
        # Python's own hash differs from run to run, which only matters for what is compared within one.
        return hash((place, line_id))


def open_sheets(found: Found, declared: Declaration, pool: ReaderPool, most_mb: int) -> list[Sheet]:
    """Return the tables of a file, in their order.

    Raises:
        Unreadable: with the reason.
        OSError: it cannot be opened.
    """
    if found.size == 0:
        raise Unreadable("empty", "the file has no content")
    if not is_text(found.path):
        return workbook_sheets(found.path, pool, declared.sheet)
    if found.size > most_mb * _MB:
        raise Unreadable("too_large", f"the file has {found.size} bytes, the limit is {most_mb * _MB}")
    encoding = declared.encoding or encoding_of(found.path)
    delimiter = declared.delimiter or said_delimiter(found.path, encoding)
    if not delimiter:
        best = -1
        for candidate in DELIMITERS:
            rows = sample_rows(found.path, encoding, candidate, declared.header or _HEADER_ROWS)
            score = max(
                (Bound(declared, [text_of(cell) for cell in row], found.name).score() * 100 + min(len(row), 50) for row in rows), default=0
            )
            if score > best:
                best, delimiter = score, candidate
    return [Sheet("", partial(csv_lines, found.path, encoding, delimiter))]


def _likeness(declared: Declaration, row: list[Any], name: str) -> int:
    """Return how much a line looks like the header: declared columns first, then how many columns there are."""
    return Bound(declared, [text_of(cell) for cell in row], name).score() * 100 + min(len(row), 50)


def look(found: Found, declared: Declaration, sheets: list[Sheet], ids: Ids, kinds: FieldKinds, project: str) -> list[Table]:
    """Return the tables of a file that the declaration means, looked at once.

    Of several sheets those count that have every declared column; where none has, the one that has most, with what it is missing.
    """
    tables = [table for sheet in sheets if (table := _headed(found, sheet, declared, project)) is not None]
    tables = [table for table in tables if table.bound.score()] or tables[:1]
    whole = [table for table in tables if not table.bound.missing()]
    if not whole and tables:
        whole = [max(tables, key=lambda table: table.bound.score())]
    for table in whole:
        _check_header(table)
        _survey(table, ids, kinds)
    return whole


def _headed(found: Found, sheet: Sheet, declared: Declaration, project: str) -> Table | None:
    best: tuple[int, Table] | None = None
    with closing(sheet.lines()) as lines:
        seen = 0
        for line in lines:
            if declared.header and line.number < declared.header:
                continue
            if line.trouble or not any(not is_blank(cell) for cell in line.cells):
                if declared.header or line.is_last:
                    break
                continue
            header = _header(line.cells)
            bound = Bound(declared, header, found.name, project)
            score = bound.score()
            if best is None or score > best[0]:
                best = (score, Table(found, sheet, bound, line.number))
            seen += 1
            if declared.header or seen >= _HEADER_ROWS:
                break
    return best[1] if best else None


def _header(cells: list[Any]) -> list[str]:
    header = [" ".join(text_of(cell).split()) for cell in cells]
    while header and not header[-1]:
        header.pop()
    return header


def _check_header(table: Table) -> None:
    told = []
    for missing in table.bound.missing():
        wanted = " or ".join(repr(header) for header in missing.headers[:2])
        wanted += f" (or {len(missing.headers) - 2} other names)" if len(missing.headers) > 2 else ""
        told.append(f"no column {wanted}" + (f" (did you mean {missing.near!r}?)" if missing.near else ""))
    where = f"{table.found.name}{' ' + table.sheet.name if table.sheet.name else ''}"
    if told:
        there = shown_headers(table.bound.header)
        table.problems["column_missing"] = f"{where}: {'; '.join(told)}; row {table.header_row} has {there}"
    if table.sheet.is_cut:
        table.problems["cut_off"] = f"{where}: it is larger than the limits on workbooks; export it as CSV"


def _survey(table: Table, ids: Ids, kinds: FieldKinds) -> None:
    bound = table.bound
    telling = sorted(bound.telling(kinds))
    unmapped = bound.unmapped(kinds)
    evidence = {index: Evidence() for index in telling}
    bad, first_bad, homeless, first_homeless = 0, 0, 0, 0
    for line, trouble in table.said():
        table.lines += 1
        if trouble:
            bad += 1
            first_bad = first_bad or line.number
            place = bound.fixed
        else:
            for index in telling:
                if index < len(line.cells) and isinstance(line.cells[index], str):
                    evidence[index].add(line.cells[index])
            place = bound.place(line.cells)
            ids.add(place, bound.identity(line.cells)[0])
            if not place:
                homeless += 1
                first_homeless = first_homeless or line.number
        if place:
            table.places[place] = table.places.get(place, 0) + 1
            if unmapped and not trouble:
                counts = table.unmapped.setdefault(place, Counter())
                for index, name in unmapped:
                    if index < len(line.cells) and line.cells[index]:
                        counts[name] += 1
    for index, found in evidence.items():
        if (day_first := found.day_first()) is not None:
            table.day_first[index] = day_first
        if found.short_year():
            table.short_year[index] = True
        if mark := found.decimal():
            table.decimal[index] = mark
    name = table.found.name
    if bad:
        table.problems["row_unreadable"] = f"{name}: {bad} lines whose cells cannot be told apart, the first in row {first_bad}"
    if homeless:
        table.problems["row_without_project"] = f"{name}: {homeless} lines that name no project, the first in row {first_homeless}"
    if bound.fixed:
        table.places.setdefault(bound.fixed, 0)


def fits(name: str, declared: Declaration) -> bool:
    """Say whether a file's path is one that the declaration names."""
    folded = name.casefold()
    return any(fnmatchcase(folded, pattern.strip("/").casefold()) for pattern in declared.files)
