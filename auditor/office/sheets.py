"""What stands in the cells of a workbook: values, and whether a formula gave them. Bounded by real cells, never by a declared size."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.office.package import Package

if TYPE_CHECKING:
    from lxml import etree

MOST_CELLS = 400_000  # of one workbook
LONGEST_TEXT = 32_767  # characters of one cell, as Excel has it
_LAST_ROW = 1_048_576
_LAST_COLUMN = 16_384
_MOST_MERGES = 20_000
_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_OFF = frozenset({"0", "false", "off"})
_EPOCH, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
_LAST_SERIAL = 2_958_465  # 31 December 9999


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell with something in it.

    Attributes:
        value: text, number (as the file writes it), truth value; None: a formula whose result nobody stored.
        is_error: the value is an error such as '#REF!'.
        is_formula: a formula gave the value.
    """

    value: str | Decimal | bool | None
    is_formula: bool = False
    is_error: bool = False

    @property
    def text(self) -> str:
        """The value as a person would type it; '' for an unknown one."""
        match self.value:
            case None:
                return ""
            case bool():
                return "TRUE" if self.value else "FALSE"
            case Decimal():
                return f"{self.value:f}".rstrip("0").rstrip(".") if "." in f"{self.value:f}" else f"{self.value:f}"
            case str():
                return self.value


@dataclass(slots=True)
class Sheet:
    """One sheet: its cells by (row, column), both from 1."""

    name: str
    is_hidden: bool = False
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)  # first row, first column, last row, last column
    is_1904: bool = False

    def text(self, row: int, column: int) -> str:
        """Return what stands in a cell, as text without surrounding blanks; '' when nothing does."""
        cell = self.cells.get((row, column))
        return cell.text.strip() if cell else ""

    def place(self, row: int, column: int) -> str:
        """Return the address of a cell for messages: 'Checklist!F12'."""
        return f"{self.name}!{column_letters(column)}{row}"

    def merged_from(self, row: int, column: int) -> tuple[int, int] | None:
        """Return the first cell of the merge that covers a cell; None when none does, or when it is the first itself."""
        for top, left, bottom, right in self.merges:
            if top <= row <= bottom and left <= column <= right and (row, column) != (top, left):
                return top, left
        return None

    def day(self, serial: Decimal) -> date | None:
        """Return the day of a number in a cell for dates; None when it is none."""
        if not serial.is_finite() or not 1 <= serial <= _LAST_SERIAL - (1462 if self.is_1904 else 0):
            return None
        return (_EPOCH_1904 if self.is_1904 else _EPOCH) + timedelta(days=int(serial))


def column_letters(column: int) -> str:
    """Return the letters of a column that counts from 1."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """Return the number, from 1, of a column's letters."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def read_sheets(path: Path | Package) -> tuple[Sheet, ...]:
    """Return the sheets of a workbook in their order, hidden ones too.

    Raises:
        UsageError: it is no workbook, damaged, encrypted, or beyond the limits.
    """
    package = path if isinstance(path, Package) else Package(path)
    main = package.main("officeDocument")
    book = package.xml(main) if main else None
    if book is None or book.tag != _S + "workbook":
        raise package.wrong("this is no workbook (.xlsx)", "save it as .xlsx")
    return tuple(_Reader(package, main, book).sheets())


class _Reader:
    def __init__(self, package: Package, main: str, book: "etree._Element") -> None:
        self._package = package
        self._book = book
        self._relations = package.relations(main)
        properties = book.find(_S + "workbookPr")
        self._is_1904 = properties is not None and (properties.get("date1904") or "0") not in _OFF
        self._left = MOST_CELLS
        self._strings = self._read_strings()

    def _read_strings(self) -> list[str]:
        part = next((target for type_, target in self._relations.values() if type_ == "sharedStrings"), "")
        root = self._package.xml(part) if part else None
        return [_rich(item) for item in root.iterfind(_S + "si")] if root is not None else []

    def sheets(self) -> Iterator[Sheet]:
        """Yield every worksheet."""
        for element in self._book.iter(_S + "sheet"):
            kind, part = self._relations.get(element.get(_R) or "", ("", ""))
            root = self._package.xml(part) if kind == "worksheet" else None
            if root is not None:
                sheet = Sheet(_clean(element.get("name") or ""), element.get("state") in {"hidden", "veryHidden"}, is_1904=self._is_1904)
                self._fill(sheet, root)
                yield sheet

    def _fill(self, sheet: Sheet, root: "etree._Element") -> None:
        row = 0
        for line in root.iterfind(f"{_S}sheetData/{_S}row"):
            row = _whole(line.get("r")) or row + 1
            column = 0
            for element in line.iterfind(_S + "c"):
                place = _REFERENCE.fullmatch(element.get("r") or "")
                column = column_number(place[1]) if place else column + 1
                at = int(place[2]) if place else row
                if not len(element) or not (0 < at <= _LAST_ROW and 0 < column <= _LAST_COLUMN):
                    continue
                cell = self._cell(element)
                if cell is not None:
                    self._left -= 1
                    if self._left < 0:
                        raise self._package.wrong(f"the workbook has more than {MOST_CELLS:,} cells")
                    sheet.cells.setdefault((at, column), cell)
        for element in root.iterfind(f"{_S}mergeCells/{_S}mergeCell"):
            first, _, last = (element.get("ref") or "").partition(":")
            begin, end = _REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last)
            if begin and end and len(sheet.merges) < _MOST_MERGES:
                sheet.merges.append((int(begin[2]), column_number(begin[1]), int(end[2]), column_number(end[1])))

    def _cell(self, element: "etree._Element") -> Cell | None:
        kind = element.get("t") or "n"
        formula = element.find(_S + "f") is not None
        if kind == "inlineStr":
            inline = element.find(_S + "is")
            return Cell(_rich(inline)) if inline is not None else None
        value = element.find(_S + "v")
        raw = (value.text or "") if value is not None else ""
        if not raw and kind != "str":
            return Cell(None, is_formula=True) if formula else None
        match kind:
            case "s":
                number = _whole(raw)
                return Cell(self._strings[number] if number < len(self._strings) else "")
            case "str":
                return Cell(_clean(raw), formula) if raw or not formula else Cell(None if value is None else "", formula)
            case "b":
                return Cell(raw.strip() == "1", formula)
            case "e":
                return Cell(_clean(raw), formula, is_error=True)
            case _:
                return Cell(_number(raw), formula)


def _number(raw: str) -> Decimal | str:
    try:
        number = Decimal(raw.strip())
    except InvalidOperation:
        return _clean(raw)
    # 1E+5000 is a legal number of XML and no legal number of a cell.
    return number if number.is_finite() and abs(number.adjusted()) < 308 else _clean(raw)


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 9 else 0


def _rich(item: "etree._Element") -> str:
    """Return the text of a string item: its own or that of its runs, without phonetic hints."""
    parts = []
    for element in item.iter(_S + "t"):
        parent = element.getparent()
        if parent is None or parent.tag != _S + "rPh":
            parts.append(element.text or "")
    return _clean("".join(parts))


def _clean(text: str) -> str:
    """Return *text* with what OOXML writes as _x000D_ read, and without characters that no text should hold."""
    if "_x" in text:
        text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))[:LONGEST_TEXT]
