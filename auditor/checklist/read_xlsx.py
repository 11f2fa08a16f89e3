"""A filled-in workbook, whatever people did to it: sorted, filtered, with columns moved, sheets copied, values pasted.

Lines are found by their marks, columns by their headings; nothing rests on where they once stood.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from auditor.checklist.checklist import Misread
from auditor.checklist.identity import ListMark, looks_like_mark, read_field_mark, read_line_mark, read_list_mark
from auditor.checklist.labels import Field, field_of
from auditor.checklist.lines import Raw, RawLine, RawList, shown
from auditor.errors import UsageError
from auditor.office.package import Package
from auditor.office.sheets import Sheet, read_sheets

_VALUE, _DAY = 3, 4  # columns of the cover: what concerns the list as a whole
_MOST_UNKNOWN = 200  # lines that people added, as many as are named


def read_xlsx(package: Package) -> RawList:
    """Return what stands in a filled-in workbook.

    Raises:
        UsageError: it is no workbook, or no list that auditor wrote.
    """
    sheets = read_sheets(package)
    found = RawList(_list_mark(package, sheets))
    for sheet in sheets:
        _Table(sheet, found).read()
        _whole(sheet, found)
    return found


def _list_mark(package: Package, sheets: Iterable[Sheet]) -> ListMark:
    damaged = False
    for sheet in sheets:
        for cell in sheet.cells.values():
            if isinstance(cell.value, str) and cell.value.startswith("auditor:"):
                mark = read_list_mark(cell.value)
                if mark is not None:
                    return mark
                damaged = True
    if damaged:
        raise _no_list(package, "the identity of the list is damaged")
    raise _no_list(package, "this workbook is no checklist that auditor wrote")


def _no_list(package: Package, message: str) -> UsageError:
    return package.wrong(message, "`auditor checklist new` writes one; an own checklist is taken over by `auditor rules import`")


class _Head(NamedTuple):
    row: int
    columns: dict[int, Field]


class _Table:
    """The lines of one sheet."""

    def __init__(self, sheet: Sheet, found: RawList) -> None:
        self._sheet = sheet
        self._found = found
        self._rows: dict[int, dict[int, str]] = {}
        for row, column in sorted(sheet.cells):
            text = sheet.text(row, column)
            if text:
                self._rows.setdefault(row, {})[column] = text

    def read(self) -> None:
        marks = [(row, column, text) for row, line in self._rows.items() for column, text in line.items() if looks_like_mark(text)]
        if not marks:
            return
        head = self._head(min(row for row, _, _ in marks))
        columns = {column for _, column, _ in marks}
        if head is None:
            why = "the headings of the columns are missing: nobody can tell which cell is the answer"
            self._found.misread.append(Misread(place=self._sheet.name, what="", why=why, hint="put the line with the headings back"))
            return
        seen = set()
        for row, column, text in marks:
            place = self._sheet.place(row, column)
            mark = read_line_mark(text)
            if mark is None:
                line = self._fields(head, row)
                written = " ".join(raw.text for raw in line.values() if raw.text)
                why = "the hidden identity of the line is damaged"
                hint = f"the line says: {shown(written)}; copy it into a fresh list" if written else "copy the line from a fresh list"
                self._found.misread.append(Misread(place=place, what=shown(text), why=why, hint=hint))
            elif row in seen:
                self._found.misread.append(
                    Misread(place=place, what="", why="the line has two identities", hint="delete the column that was copied")
                )
            else:
                self._found.lines.append(RawLine(mark, self._fields(head, row), f"{self._sheet.name}, row {row}"))
            seen.add(row)
        self._added(head, columns, seen)

    def _head(self, before: int) -> _Head | None:
        """Return the line with the headings: the last one above the questions that names the answers."""
        best: _Head | None = None
        for row, line in self._rows.items():
            columns: dict[int, Field] = {}
            for column, text in line.items():
                field = field_of(text)
                if field is not None and field not in columns.values():
                    columns[column] = field
            if "answer" in columns.values() and (best is None or row <= before):
                best = _Head(row, columns)
        return best

    def _fields(self, head: _Head, row: int) -> dict[Field, Raw]:
        return {field: self._raw(row, column, is_day=field in {"on", "expires_on"}) for column, field in head.columns.items()}

    def _raw(self, row: int, column: int, *, is_day: bool) -> Raw:
        return raw_cell(self._sheet, row, column, is_day=is_day)

    def _added(self, head: _Head, identities: set[int], seen: set[int]) -> None:
        """Name lines below the headings in which somebody wrote although they belong to no question."""
        count = 0
        for row, line in self._rows.items():
            if row <= head.row or row in seen:
                continue
            written = {column: text for column, text in line.items() if column not in identities}
            answers = [text for column, text in written.items() if column in head.columns]
            if not answers:
                continue
            count += 1
            if count > _MOST_UNKNOWN:
                continue
            question = max((text for column, text in written.items() if column not in head.columns), key=len, default="")
            first = min(column for column in written if column in head.columns)
            self._found.unknown.append(
                Misread(
                    place=self._sheet.place(row, first),
                    what=shown(question or answers[0]),
                    why="the line belongs to no question of the list",
                    hint="a question of your own belongs into the template of the list",
                )
            )
        if count > _MOST_UNKNOWN:
            why = f"{count - _MOST_UNKNOWN} more lines belong to no question of the list"
            self._found.unknown.append(Misread(place=self._sheet.name, what="", why=why))


def raw_cell(sheet: Sheet, row: int, column: int, *, is_day: bool = False) -> Raw:
    """Return what a person wrote into a cell."""
    place = sheet.place(row, column)
    cell = sheet.cells.get((row, column))
    origin = sheet.merged_from(row, column)
    if origin is not None and (cell is None or not cell.text.strip()):
        first = sheet.text(*origin)
        if not first:
            return Raw("", place)
        top = sheet.place(*origin)
        return Raw(first, place, problem=f"the cell is merged with {top}", hint="answer each line by itself")
    if cell is None:
        return Raw("", place)
    if cell.value is None:
        return Raw(
            "", place, problem="a formula whose result the file does not hold", hint="write the answer itself, or save the file once"
        )
    text = cell.text.strip()
    if cell.is_error:
        return Raw(text, place, problem="a formula that ends in an error", hint="write the answer itself")
    if is_day and isinstance(cell.value, Decimal):
        day = sheet.day(cell.value)
        return Raw(text, place, day=day) if day else Raw(text, place, problem="this number is no day", hint="write it as 2026-05-31")
    return Raw(text, place)


def _whole(sheet: Sheet, found: RawList) -> None:
    """Read what concerns the list as a whole: who filled it in and who signed it."""
    for (row, _), cell in sorted(sheet.cells.items()):
        if not isinstance(cell.value, str) or not cell.value.startswith("auditor:f:"):
            continue
        match read_field_mark(cell.value):
            case ("filled_by",):
                found.filled_by = raw_cell(sheet, row, _VALUE)
            case ("filled_on",):
                found.filled_on = raw_cell(sheet, row, _VALUE, is_day=True)
            case ("sign", role):
                found.signatures.append((role, raw_cell(sheet, row, _VALUE), raw_cell(sheet, row, _DAY, is_day=True)))
