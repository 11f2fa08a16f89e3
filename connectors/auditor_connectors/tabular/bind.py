"""A declaration and the header of one file: which column is where, what is missing, what nobody asked for."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath
from typing import Any

from auditor.config.mapping import EntryMapping, fold
from auditor.connect.values import clean, parse_period
from auditor.model.schema import TABLES
from auditor.model.types import Kind
from auditor_connectors.tabular.cells import is_blank, one_of, text_of
from auditor_connectors.tabular.declare import Declaration, Headers, Rows, Test

_DATED = frozenset({Kind.DAY, Kind.INSTANT})
_COUNTED = frozenset({Kind.INTEGER, Kind.DECIMAL})
_LONGEST_ID = 120
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Missing:
    """A column that is declared and not there."""

    headers: Headers
    near: str  # the most similar header that is there; '' when none is


class Bound:
    """The columns of one header.

    Args:
        declaration: what the table means.
        header: its headers, as written.
        path: of the file, relative to the root.
        project: place of every line; '' when the declaration says it.
    """

    def __init__(self, declaration: Declaration, header: Sequence[str], path: str, project: str = "") -> None:
        self.declaration = declaration
        self.header = tuple(header)
        self._path = path
        self.fixed = project or fixed_place(declaration, path)
        self._by_name: dict[str, list[int]] = defaultdict(list)
        self._wrappers = [_around(wrapper) for wrapper in declaration.wrapper]
        for index, name in enumerate(self.header):
            self._by_name[fold(name)].append(index)
        for index, name in enumerate(self.header):
            inner = fold(self.name(index))
            if inner != fold(name) and inner not in self._by_name:
                self._by_name[inner].append(index)
        self._by_name.pop("", None)
        self._places: dict[Headers, tuple[int, ...]] = {}
        self.mapped = self._mapped()

    def name(self, index: int) -> str:
        """Return the name of the field behind a header."""
        header = self.header[index]
        found = next((match for wrapper in self._wrappers if (match := wrapper.fullmatch(header))), None)
        return found[1] if found else header

    def places(self, headers: Headers) -> tuple[int, ...]:
        """Return the columns of the first of *headers* that is there; none when none is."""
        known = self._places.get(headers)
        if known is None:
            known = next((tuple(self._by_name[fold(header)]) for header in headers if fold(header) in self._by_name), ())
            self._places[headers] = known
        return known

    def cell(self, headers: Headers, cells: Sequence[Any]) -> Any:
        """Return the cell of the first of *headers* that is there; repeated columns count as one. A line that is too short does not say."""
        places = self.places(headers)
        if len(places) == 1:  # the common case, and most of the time of a pull
            return cells[places[0]] if places[0] < len(cells) else ["?", "line too short"]
        return one_of(cells[index] if index < len(cells) else ["?", "line too short"] for index in places)

    def missing(self) -> list[Missing]:
        """Return the required columns that are not there, each once."""
        from rapidfuzz import process  # noqa: PLC0415  (only where something is wrong)
        from rapidfuzz.distance import Levenshtein  # noqa: PLC0415

        found = []
        for headers in dict.fromkeys(self.declaration.required()):
            if self.places(headers) or (self.fixed and headers == self.declaration.project.column):
                continue
            folded = {fold(name): name for name in self.header if name}
            best: tuple[float, str] = (0.0, "")
            for header in headers:
                near = process.extractOne(fold(header), list(folded), scorer=Levenshtein.normalized_similarity, score_cutoff=0.55)
                if near is not None:
                    best = max(best, (near[1], folded[near[0]]))
            found.append(Missing(headers, best[1]))
        return found

    def score(self) -> int:
        """Return how many of the declared columns are there."""
        found = sum(1 for headers in dict.fromkeys(self.declaration.known()) if headers and self.places(headers))
        return found + sum(1 for row in self.declaration.rows for _ in self.each_header(row))

    def each_header(self, row: Rows) -> Iterator[tuple[int, str]]:
        """Yield the columns that `each.headers` names, with what their header says."""
        if row.each is None or not row.each.headers:
            return
        if row.each.headers == ("periods",):
            for index, name in enumerate(self.header):
                if name and parse_period(name) is not None:
                    yield index, name
            return
        patterns = [_around(header) for header in row.each.headers]
        for index, name in enumerate(self.header):
            if found := next((match for pattern in patterns if (match := pattern.fullmatch(name))), None):
                yield index, found[1]

    def unmapped(self, fields: "FieldKinds") -> list[tuple[int, str]]:
        """Return the columns that nothing takes, neither a row nor the shipped mapping of entries."""
        is_entry = self.declaration.entry is not None
        return [
            (index, name)
            for index, name in enumerate(self.header)
            if name and index not in self.mapped and not (is_entry and fields.kind(self.field(index)) != "other")
        ]

    def _mapped(self) -> frozenset[int]:
        found = {index for headers in self.declaration.known() for index in self.places(headers)}
        return frozenset(found | {index for row in self.declaration.rows for index, _ in self.each_header(row)})

    def telling(self, fields: "FieldKinds") -> frozenset[int]:
        """Return the columns whose days or numbers have to be settled."""
        found: set[int] = set()
        for row in self.declaration.rows:
            own = TABLES[row.table].by_name
            for column, cells in row.sources.items():
                if own[column].type.kind in _DATED | _COUNTED:
                    found |= set(self.places(cells.column))
                    if cells.take == "cell":
                        found |= {index for index, _ in self.each_header(row)}
        if self.declaration.entry is not None:
            found |= {index for index in range(len(self.header)) if fields.kind(self.field(index)) != "text"}
        return frozenset(found)

    def field(self, index: int) -> str:
        """Return the field of an entry that a column holds."""
        entry = self.declaration.entry
        assert entry is not None
        for name, headers in (*entry.columns.items(), *entry.optional.items()):
            if index in self.places(headers):
                return name
        return self.name(index)

    # Lines

    def place(self, cells: Sequence[Any]) -> str:
        """Return the project of a line; '' when the line names none."""
        if self.fixed:
            return self.fixed
        project = self.declaration.project
        cell = self.cell(project.column, cells)
        word = "" if is_blank(cell) else text_of(cell)
        return project.words.get(fold(word), word.replace("/", "∕")[:_LONGEST_ID])

    def identity(self, cells: Sequence[Any]) -> tuple[str, bool]:
        """Return the id of a line, and whether it is the tool's own."""
        declared = self.declaration.id
        if declared:
            parts = [text_of(self.cell(headers, cells)) for headers in declared]
            if all(parts):
                own = "/".join(parts)
                return (own if len(own) <= _LONGEST_ID else digest(own)), True
        return self.content(cells), False

    def content(self, cells: Sequence[Any]) -> str:
        """Return a digest of what is mapped of a line; the order of columns does not count."""
        indexes = self.mapped if self.declaration.entry is None else range(len(self.header))
        said = sorted((fold(self.header[index]), text_of(cells[index])) for index in indexes if index < len(cells))
        return digest(*(part for pair in said if pair[1] for part in pair))

    def is_skipped(self, cells: Sequence[Any]) -> bool:
        """Say whether the declaration leaves a line out."""
        return any(self.holds(test, cells) is True for test in self.declaration.skip)

    def holds(self, test: Test, cells: Sequence[Any]) -> bool | None:
        """Say whether a test holds for a line; None: nobody can tell, its column is not there or its cell is not known."""
        if not self.places(test.column):
            return None
        cell = self.cell(test.column, cells)
        if not isinstance(cell, str) and cell[0] == "?":
            return None
        return test.holds("" if is_blank(cell) else text_of(cell))


@cache
def _around(header: str) -> re.Pattern[str]:
    """Return what finds the part of a header that stands for `*`."""
    before, _, after = header.partition("*")
    return re.compile(re.escape(before) + r"\s*(.+?)\s*" + re.escape(after), re.IGNORECASE)


def fixed_place(declaration: Declaration, path: str) -> str:
    """Return the project that the path of a file or the declaration alone says; '' when the lines say it."""
    project = declaration.project
    if project.value:
        return project.value
    if project.file:
        found = re.search(project.file, path)
        return clean(found[1] if found.groups() else found[0]) if found else ""
    folders = PurePosixPath(path).parts[:-1]
    return folders[project.folder - 1] if 0 < project.folder <= len(folders) else ""


class FieldKinds:
    """What kinds of columns the fields of a mapping fill."""

    def __init__(self, mapping: EntryMapping) -> None:
        self._kinds: dict[str, set[str]] = defaultdict(set)
        for table, register in mapping.registers.items():
            for name, column in register.columns.items():
                type_ = TABLES[table].by_name[name].type
                kind = "day" if type_.kind in _DATED else "number" if type_.kind in _COUNTED and type_.unit != "1..5" else "text"
                for field in column.fields:
                    self._kinds[field].add(kind)

    def kind(self, field: str) -> str:
        """Return 'day' or 'number' where a column of that kind takes the field, 'other' where none takes it at all, else 'text'."""
        kinds = self._kinds.get(fold(field))
        if kinds is None:
            return "other"
        return "day" if "day" in kinds else "number" if "number" in kinds else "text"


def digest(*parts: str) -> str:
    """Return a short id of *parts*, the same on every machine."""
    return hashlib.blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def shown_headers(header: Sequence[str]) -> str:
    """Return headers for a message."""
    names = [repr(name) for name in header if name]
    return ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
