"""The lines of an export, one at a time: CSV in any dialect, streamed; workbooks through the readers of documents.

A cell is a JSON value: text, or a pair of a kind and a value: `["n", "12.5"]` a number (`["n", "0.5", "%"]`: shown as 50 %),
`["d", "2026-03-01"]` a day or moment, `["b", true]`, `["?", "formula"]` something whose value is not known.
"""

import codecs
import csv
import re
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from fnmatch import fnmatchcase
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Any

from auditor.connect.document import Cell as DocumentCell
from auditor.connect.document import Document, TableBlock
from auditor_connectors.documents.limits import Unreadable
from auditor_connectors.documents.plain import looks_like_page
from auditor_connectors.documents.pool import ReaderPool

DELIMITERS = (";", ",", "\t", "|")
LONGEST_CELL = 20_000
_SAMPLE = 65_536
_LONGEST_LINE = 4_000_000  # characters; a line beyond it is set aside
_MOST_LINES = 20_000  # of one record: beyond it a quote was never closed
_MOST_CHARACTERS = 8_000_000
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HYPERLINK = re.compile(r"=\s*HYPERLINK\s*\(\s*\"[^\"]*\"\s*[,;]\s*\"([^\"]*)\"\s*\)\s*", re.IGNORECASE)
_QUOTED = re.compile(r'="([^"]*)"')
_FORMULA = re.compile(r"[=+@-]\s*[A-Za-z_.]*\(|=\s*[\d\"$(+-]|=\s*\$?[A-Za-z]{1,3}\$?\d|=\s*'|[=@+-]\s*cmd\s*\|", re.IGNORECASE)
_PROTECTED = re.compile(r"'[=+@-]")


@dataclass(slots=True)
class Line:
    """One line.

    Attributes:
        number: row as a spreadsheet shows it, from 1.
        trouble: why its cells cannot be told apart: 'quotes', 'too_long'; '' when they can.
        is_last: what comes behind it cannot be read.
    """

    number: int
    cells: list[Any]
    trouble: str = ""
    is_last: bool = False


@dataclass(frozen=True)
class Sheet:
    """One table of a file.

    Attributes:
        name: of the sheet; '' for CSV.
        first_column: number of the first column, from 1.
        lines: opens the table anew and yields its lines.
        is_cut: the reader's limits ended it.
    """

    name: str
    lines: Callable[[], Generator[Line, None, None]]
    first_column: int = 1
    is_cut: bool = False


def column_letters(number: int) -> str:
    """Return the name of a column, counted from 1: A, B … AA."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def is_text(path: Path) -> bool:
    """Say whether a file is to be read as separated values; else it is a workbook, or a web page under the name of one.

    Raises:
        OSError: it cannot be opened.
    """
    with path.open("rb") as file:
        head = file.read(4_096)
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
        return False
    return not looks_like_page(head.decode("utf-8", "replace"))


def encoding_of(path: Path, *, is_quick: bool = False) -> str:
    """Return the encoding of a text file: by its mark, as UTF-16 without one, as UTF-8 when all of it is, else as cp1252.

    Args:
        path: of the file.
        is_quick: look at its beginning only.

    Raises:
        Unreadable: it is no text.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(_SAMPLE)
        for mark, name in _MARKS:
            if head.startswith(mark):
                return name
        even, odd, half = head[0::2].count(0), head[1::2].count(0), max(len(head) // 2, 1)
        if odd > 0.3 * half and even < 0.02 * half:
            return "utf-16-le"
        if even > 0.3 * half and odd < 0.02 * half:
            return "utf-16-be"
        controls = sum(head.count(bytes([code])) for code in range(32) if code not in {9, 10, 12, 13, 26, 27})
        if controls > len(head) * 0.02 + 8:
            raise Unreadable("not_a_document", "binary data of no known format")
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while head:
                decoder.decode(head)
                head = b"" if is_quick else file.read(1 << 20)
        except UnicodeDecodeError:
            return "cp1252"
        return "utf-8"


class _TooLong(Exception):
    """A line is longer than any table has; *is_open*: a quote in it was not closed."""

    def __init__(self, is_open: bool) -> None:
        super().__init__()
        self.is_open = is_open


class _Runaway(Exception):
    """A record has more lines than any table has: a quote was never closed."""


class _Feed:
    """The physical lines of a file for `csv.reader`, counted per record."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self.lines = 0
        self.characters = 0

    def begin(self) -> None:
        self.lines = self.characters = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._stream.readline(_LONGEST_LINE)
        if not line:
            raise StopIteration
        if len(line) >= _LONGEST_LINE and line[-1] not in "\r\n":
            quotes = line.count('"')
            while (more := self._stream.readline(_LONGEST_LINE)) and more[-1] not in "\r\n":
                quotes += more.count('"')
            raise _TooLong(bool((quotes + more.count('"')) % 2) or self.lines > 0)
        self.lines += 1
        self.characters += len(line)
        if self.lines > _MOST_LINES or self.characters > _MOST_CHARACTERS:
            raise _Runaway
        return line.replace("\0", "") if "\0" in line else line


def csv_lines(path: Path, encoding: str, delimiter: str) -> Generator[Line, None, None]:
    """Yield the lines of a file of separated values; one is in memory at a time.

    A line whose quotes are wrong is yielded with its trouble. When nobody can tell where it ends it is the last one.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as raw, TextIOWrapper(raw, encoding=encoding, errors="replace", newline="") as stream:
        feed = _Feed(stream)
        reader = csv.reader(feed, delimiter=delimiter, strict=True)
        number = 0
        while True:
            feed.begin()
            number += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except _TooLong as found:
                yield Line(number, [], "too_long", is_last=found.is_open)
                if found.is_open:
                    return
            except _Runaway:
                yield Line(number, [], "quotes", is_last=True)
                return
            except csv.Error:
                # Where a record of several lines breaks, a line that follows may be the inside of a text.
                is_last = feed.lines > 1
                yield Line(number, [], "too_long" if feed.characters > csv.field_size_limit() else "quotes", is_last=is_last)
                if is_last:
                    return
            else:
                if number == 1 and len(cells) <= 2 and cells and cells[0].casefold().startswith("sep="):
                    cells = []
                yield Line(number, [_plain(cell) for cell in cells])


def _plain(text: str) -> Any:
    """Return a cell of a text file; a formula is never taken for its text."""
    if len(text) > LONGEST_CELL:
        text = text[:LONGEST_CELL]
    if text and text[0] in "=+@-'":
        if found := _HYPERLINK.fullmatch(text) or _QUOTED.fullmatch(text):
            return found[1]
        if _PROTECTED.match(text):
            return text[1:]
        if _FORMULA.match(text):
            return ["?", "formula"]
    return text


def sample_rows(path: Path, encoding: str, delimiter: str, count: int) -> list[list[Any]]:
    """Return the cells of the first *count* lines."""
    rows = []
    with closing(csv_lines(path, encoding, delimiter)) as lines:
        for line in lines:
            rows.append(line.cells)
            if len(rows) >= count:
                break
    return rows


def said_delimiter(path: Path, encoding: str) -> str:
    """Return the delimiter that a first line `sep=;` states, or ''."""
    with path.open("rb") as raw, TextIOWrapper(raw, encoding=encoding, errors="replace", newline="") as stream:
        found = re.fullmatch(r'"?sep=(.)"?\s*', stream.readline(100), re.IGNORECASE)
    return found[1] if found else ""


def workbook_sheets(path: Path, pool: ReaderPool, pattern: str) -> list[Sheet]:
    """Return the tables of a workbook whose sheet's name matches *pattern* ('' matches all).

    Raises:
        Unreadable: with the reason.
    """
    read = pool.read(path)
    if read.document is None:
        raise Unreadable(read.reason or "crashed", read.error)
    document = Document.from_json(read.document)
    wanted = pattern.casefold() or "*"
    return [
        _sheet(block, is_cut=block.is_cut or document.is_cut)
        for block in document.blocks
        if isinstance(block, TableBlock) and fnmatchcase(block.name.casefold(), wanted)
    ]


def _sheet(block: TableBlock, *, is_cut: bool) -> Sheet:
    hidden = {number - block.first_column for number in block.hidden_columns}

    def lines() -> Generator[Line, None, None]:
        for index, row in enumerate(block.rows):
            yield Line(block.first_row + index, [_typed(cell, column in hidden) for column, cell in enumerate(row)])

    return Sheet(block.name or block.locator, lines, block.first_column, is_cut)


def _typed(cell: DocumentCell, is_hidden: bool) -> Any:
    if cell.type == "empty" or cell.is_placeholder or (not cell.text and cell.type == "text"):
        return ""
    if is_hidden:
        return ["?", "hidden"]
    if cell.is_struck:
        return ["?", "struck through"]
    if cell.type in {"uncalculated", "error"}:
        return ["?", "formula" if cell.type == "uncalculated" else "error"]
    if cell.type == "boolean":
        return ["b", bool(cell.value)]
    if cell.type == "number" and cell.value is not None:
        return ["n", str(cell.value), "%"] if cell.text.rstrip().endswith("%") else ["n", str(cell.value)]
    if cell.type == "date" and cell.value is not None:
        return ["d", str(cell.value)]
    return cell.text[:LONGEST_CELL]
