"""Plain text: Markdown, text, tables of separated values."""

import codecs
import csv
import io
import re
from collections.abc import Sequence
from dataclasses import replace

from auditor.connect.document import Cell, Document, TableBlock
from auditor_connectors.documents.limits import Limits, Unreadable
from auditor_connectors.documents.look import Line, finish
from auditor_connectors.documents.text import clean, is_placeholder

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_PAGE = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)


def decode(data: bytes) -> str | None:
    """Return the text of *data* in the encoding that it is most likely in, or None when it is no text."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(name)
            except UnicodeDecodeError:
                return None
    sample = data[:4_096]
    if b"\0" in sample:
        wide = _wide(sample)
        try:
            return data.decode(wide) if wide else None
        except UnicodeDecodeError:
            return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3:  # cut within the last letter
            return data[: error.start].decode("utf-8")
    controls = sum(1 for byte in sample if byte < 32 and byte not in {9, 10, 12, 13, 27})
    if controls > len(sample) * 0.02:
        return None
    return data.decode("cp1252", "replace")


def _wide(sample: bytes) -> str | None:
    """Return which UTF-16 a text without a mark is in: every second byte of western text is zero."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = max(len(sample) // 2, 1)
    if odd > 0.7 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.7 * half and odd < 0.1 * half:
        return "utf-16-be"
    return None


def looks_like_page(text: str) -> bool:
    """Say whether a text is a web page."""
    return _PAGE.match(text[:4_000]) is not None


# Markdown

_FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})")
_ATX = re.compile(r"\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_UNDERLINE = re.compile(r"\s{0,3}(=+|-+)\s*$")
_RULE = re.compile(r"\s{0,3}(?:[-*_]\s*){3,}$")
_ITEM = re.compile(r"(\s*)(?:[-*+]|\d{1,9}[.)])\s+(.*)$")
_TASK = re.compile(r"\[([ xX])\]\s+")
_DIVIDER = re.compile(r"\s*\|?\s*:?-{1,}:?\s*(?:\|\s*:?-{1,}:?\s*)*\|?\s*$")
_PIPE = re.compile(r"(?<!\\)\|")
_FRONT = re.compile(r"([A-Za-z][\w .-]{0,60}):\s*(.*)$")
_IMAGE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]+)\]\((<[^>]*>|[^)\s]*)[^)]*\)")
_EMPHASIS = re.compile(r"(\*\*\*|\*\*|__|\*|(?<!\w)_)(?=\S)(.+?)(?<=\S)\1(?!\w)")
_STRUCK = re.compile(r"~~(?=\S)(.+?)(?<=\S)~~")
_CODE = re.compile(r"`+([^`]+)`+")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_BREAK = re.compile(r"(?i)<br\s*/?>")
_HTML = re.compile(r"(?i)</?(?:a|b|i|em|strong|p|div|span|sub|sup|center|img|details|summary|u|kbd|small|font|h[1-6]|ul|li|ol|hr)\b[^<>]*>")
_HTML_TABLE = re.compile(r"(?i)\s{0,3}(?:<(?:div|center|p|details|figure|section|br)\b[^<>]*/?>\s*)*<table\b")
_TABLE_TAG = re.compile(r"(?i)<(/?)table\b")
_HTML_HEADING = re.compile(r"(?i)\s{0,3}(?:<(?:div|center|a)\b[^<>]*>\s*)*<h([1-6])\b[^<>]*>(.*?)</h\1>\s*(?:</(?:div|center|a)>\s*)*$")
_LEAD = re.compile(
    r"\s{0,3}((?:\*\*|__)[^*_\s](?:[^*]*[^*\s:])?(?:\*\*|__)\s*$"
    r"|\*\*[A-Z]{1,5}\d{0,2}[-_. ]?\d{1,4}\s*(?:[:.)–—]|-\s)[^*]+\*\*(?=\s+\S))(.*)$"
)
_FEWEST_TABS = 2
_BOLD_LABEL = re.compile(r"\s{0,3}(?:\*\*|__)[^*_:]{2,60}(?::(?:\*\*|__)|(?:\*\*|__)\s?:)")
_MOST_LOOKED_AT = 2_000  # lines among which a text that is called Markdown has marks, if it is
_FRONT_NAMES = {
    "author": "creator",
    "date": "created",
    "updated": "modified",
    "last_modified": "modified",
    "lang": "language",
    "keywords": "keywords",
}


def read_md(text: str, limits: Limits) -> Document:
    """Return the structure of a Markdown text: headings, lists, pipe tables, front matter as properties."""
    return _Markdown(text, limits).read()


class _Markdown:
    def __init__(self, text: str, limits: Limits) -> None:
        self._limits = limits
        self._is_cut = len(text) > limits.text
        text = _COMMENT.sub(lambda match: "\n" * match[0].count("\n"), text[: limits.text])
        self._lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self._items: list[Line | TableBlock] = []
        self._open: list[str] = []  # lines of the paragraph that is being read
        self._opened = 0
        self._tables = 0
        self._has_marks = any(
            _ATX.match(line) or ("|" in line and _DIVIDER.match(line)) or "**" in line for line in self._lines[:_MOST_LOOKED_AT]
        )

    def read(self) -> Document:
        properties, at = self._front_matter()
        fence = ""
        while at < len(self._lines):
            line = self._lines[at]
            mark = _FENCE.match(line)
            if fence:
                if mark and mark[1].startswith(fence):
                    self._close()
                    fence = ""
                else:
                    self._take(line, at)
            elif mark:
                self._close()
                fence = mark[1]
            else:
                at = self._line(line, at)
            at += 1
        self._close()
        finished = finish(self._items, self._limits)
        if not finished.blocks:
            raise Unreadable("empty", "the file holds no text")
        return Document(
            "md",
            finished.blocks,
            properties,
            broken_reference_count=finished.broken_reference_count,
            placeholder_count=finished.placeholder_count,
            is_cut=finished.is_cut or self._is_cut,
        )

    def _front_matter(self) -> tuple[dict[str, str], int]:
        properties: dict[str, str] = {}
        if not self._lines or self._lines[0].strip("\ufeff ") != "---":
            return properties, 0
        for at, line in enumerate(self._lines[1:200], 1):
            if line.strip() in {"---", "..."}:
                return properties, at + 1
            if match := _FRONT.match(line):
                name = match[1].strip().casefold().replace(" ", "_")
                value = clean(match[2].strip().strip("\"'"))
                if value:
                    known = name in {"title", "subject", "category", "description", "revision", "language", "company"}
                    properties[name if known else _FRONT_NAMES.get(name, f"custom:{match[1].strip()}")] = value
        return {}, 0

    def _line(self, line: str, at: int) -> int:
        """Take one line; return the number of the last line that was used."""
        if not line.strip():
            self._close()
            return at
        if match := _ATX.match(line):
            self._close()
            self._add(Line(inline(match[2]), len(match[1]), "style", f"line {at + 1}"))
            return at
        if line.count("\t") >= _FEWEST_TABS and not self._has_marks and (table := _tabbed(self._lines, at, self._limits)) is not None:
            self._close()
            self._items.append(table)
            return at + len(table.rows) - 1
        if "<" in line:
            if match := _HTML_HEADING.match(line):
                self._close()
                self._add(Line(inline(match[2]), int(match[1]), "style", f"line {at + 1}"))
                return at
            if _HTML_TABLE.match(line) and (end := self._end_of_table(at)) is not None:
                self._close()
                self._html_table(at, end)
                return end
        if "|" in line and at + 1 < len(self._lines) and "-" in self._lines[at + 1] and _DIVIDER.match(self._lines[at + 1]):
            head = _split(line)
            if len(head) == len(_split(self._lines[at + 1])) and (len(head) > 1 or line.strip().startswith("|")):
                self._close()
                return self._table(at, head)
        if self._open and len(self._open) == 1 and (match := _UNDERLINE.match(line)) and not _ITEM.match(self._open[0]):
            text = inline(self._open.pop())
            self._add(Line(text, 1 if match[1][0] == "=" else 2, "style", f"line {self._opened + 1}"))
            return at
        if _RULE.match(line):
            self._close()
            return at
        if match := _ITEM.match(line):
            self._close()
            indent = len(match[1].expandtabs(4))
            text = _TASK.sub(lambda box: "☑ " if box[1].strip() else "☐ ", match[2], count=1)
            item = Line(inline(text), locator=f"line {at + 1}", is_list_item=True, list_level=min(indent // 2, 8))
            item.is_bold = _is_bold(match[2])
            item.is_struck = _is_struck(match[2])
            self._add(item)
            return at
        self._take(line.lstrip("> \t") if line.lstrip().startswith(">") else line, at)
        return at

    def _take(self, line: str, at: int) -> None:
        if match := _LEAD.match(line):  # a bold line, or bold words with an id, stand as a heading above what follows
            self._close()
            self._open, self._opened = [match[1]], at
            self._close()
            line = match[2]
            if not line.strip():
                return
        if not self._open:
            self._opened = at
        elif _BOLD_LABEL.match(line) and not self._open[-1].endswith("\n"):
            self._open[-1] += "\n"  # '**Date:** …' and '**Present:** …' are lines of their own, whatever a browser makes of them
        self._open.append(line)
        if line.endswith(("  ", "\\")) or not self._has_marks:
            self._open[-1] = line.rstrip("\\ ") + "\n"

    def _close(self) -> None:
        if self._open:
            raw = "".join(line if line.endswith("\n") else line + " " for line in self._open)
            self._open = []
            line = Line(inline(raw), locator=f"line {self._opened + 1}", is_bold=_is_bold(raw), is_struck=_is_struck(raw))
            self._add(line)

    def _add(self, line: Line) -> None:
        if line.text:
            self._items.append(line)

    def _end_of_table(self, at: int) -> int | None:
        """Return the line on which the HTML table ends that begins on line *at*; None when it never does."""
        depth = 0
        for below in range(at, len(self._lines)):
            for tag in _TABLE_TAG.finditer(self._lines[below]):
                depth += -1 if tag[1] else 1
                if depth == 0:
                    return below
        return None

    def _html_table(self, at: int, end: int) -> None:
        """Add an HTML table, those in its cells behind it; what stands in its cells may be Markdown."""
        from auditor_connectors.documents.page import read_part  # noqa: PLC0415  (lxml is heavy)

        tables = 0
        for item in read_part("\n".join(self._lines[at : end + 1]), self._limits):
            if isinstance(item, Line):
                item.text, item.locator = inline(item.text), f"line {at + 1}"
                self._add(item)
                continue
            tables += 1
            rows = tuple(tuple(replace(cell, text=inline(cell.text)) for cell in row) for row in item.rows)
            place = f"line {at + 1}" if tables == 1 else f"line {at + 1} table {tables}"
            self._items.append(replace(item, rows=rows, locator=place))

    def _table(self, at: int, head: list[str]) -> int:
        self._tables += 1
        start = at
        rows = [_row(head, len(head), is_bold=True)]
        at += 2
        is_cut = False
        while at < len(self._lines) and self._lines[at].strip() and "|" in self._lines[at]:
            if len(rows) >= self._limits.rows:
                is_cut = True
            else:
                rows.append(_row(_split(self._lines[at]), len(head)))
            at += 1
        if any(cell.text for row in rows for cell in row):
            self._items.append(TableBlock(tuple(rows), locator=f"line {start + 1}", header_rows=1, is_cut=is_cut))
        return at - 1


def _split(line: str) -> list[str]:
    line = line.strip()
    line = line.removeprefix("|")
    if line.endswith("|") and not line.endswith("\\|"):
        line = line[:-1]
    return [part.strip().replace("\\|", "|") for part in _PIPE.split(line)]


def _row(parts: list[str], width: int, *, is_bold: bool = False) -> tuple[Cell, ...]:
    cells = []
    for part in [*parts, *[""] * width][:width]:
        text = inline(part)
        link = _LINK.search(part)
        cells.append(
            Cell(
                text,
                type="text" if text else "empty",
                is_bold=bool(text) and (is_bold or _is_bold(part)),
                is_struck=bool(text) and _is_struck(part),
                is_placeholder=is_placeholder(text),
                link=link[2].strip("<>") if link else None,
            )
        )
    return tuple(cells)


def inline(text: str) -> str:
    """Return a line of Markdown as a person sees it; struck pieces are left out when others are not struck."""
    text = _BREAK.sub("\n", text)
    if "<" in text:
        text = _HTML.sub("", text)
    if "[" in text:
        text = _LINK.sub(r"\1", _IMAGE.sub(r"\1", text))
    if "~~" in text:
        kept = _STRUCK.sub("", text)
        text = kept if kept.strip(" *_|") else _STRUCK.sub(r"\1", text)
    text = _CODE.sub(r"\1", text)
    for _ in range(2):
        if "*" not in text and "_" not in text:
            break
        text = _EMPHASIS.sub(r"\2", text)
    return clean(re.sub(r"\\([\\`*_{}\[\]()#+\-.!|<>~])", r"\1", text))


def _is_bold(text: str) -> bool:
    text = text.strip()
    return len(text) > 4 and (
        (text.startswith("**") and text.endswith("**") and "**" not in text[2:-2]) or (text.startswith("__") and text.endswith("__"))
    )


def _is_struck(text: str) -> bool:
    return "~~" in text and not _STRUCK.sub("", text).strip(" *_|")


# Text and tables


def read_txt(text: str, limits: Limits) -> Document:
    """Return the paragraphs of a plain text; lines between empty lines belong together."""
    is_cut = len(text) > limits.text
    items: list[Line | TableBlock] = []
    lines = text[: limits.text].replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n").split("\n")
    start = 0
    for at in range(len(lines) + 1):
        if at == len(lines) or not lines[at].strip():
            _add_lines(items, lines[start:at], start, limits)
            start = at + 1
    finished = finish(items, limits)
    if not finished.blocks:
        raise Unreadable("empty", "the file holds no text")
    return Document(
        "txt",
        finished.blocks,
        broken_reference_count=finished.broken_reference_count,
        placeholder_count=finished.placeholder_count,
        is_cut=finished.is_cut or is_cut,
    )


def _tabbed(lines: Sequence[str], at: int, limits: Limits, start: int = 0) -> TableBlock | None:
    """Return the table that lines of values between tabs are, as it comes out of a sheet; None when it is one line only."""
    rows = []
    for line in lines[at : at + limits.rows]:
        if line.count("\t") < _FEWEST_TABS:
            break
        rows.append([_value(part) for part in line.split("\t")[: limits.columns]])
    width = max(map(len, rows), default=0)
    if len(rows) < 2 or sum(any(cell.text for cell in row) for row in rows) < 2:
        return None
    empty = Cell("", type="empty")
    return TableBlock(tuple((*row, *[empty] * (width - len(row))) for row in rows), locator=f"line {start + at + 1}", header_rows=1)


def _add_lines(items: list[Line | TableBlock], lines: list[str], start: int, limits: Limits) -> None:
    """Add the lines between two empty ones: paragraphs, and tables of values between tabs."""
    begin = at = 0
    while at < len(lines):
        table = _tabbed(lines, at, limits, start) if lines[at].count("\t") >= _FEWEST_TABS else None
        if table is None:
            at += 1
            continue
        _add_paragraph(items, lines[begin:at], start + begin)
        items.append(table)
        begin = at = at + len(table.rows)
    _add_paragraph(items, lines[begin:], start + begin)


def _add_paragraph(items: list[Line | TableBlock], lines: list[str], start: int) -> None:
    lines = [line for line in lines if line.strip()]
    if not lines:
        return
    if len(lines) == 2 and re.fullmatch(r"\s*([=\-~#*^_])\1{2,}\s*", lines[1]):
        items.append(Line(clean(lines[0]), 1 if "=" in lines[1] else 2, "look", f"line {start + 1}"))
        return
    if any(_ITEM.match(line) for line in lines):
        for number, line in enumerate(lines):
            match = _ITEM.match(line)
            text = clean(match[2] if match else line)
            if text:
                items.append(Line(text, locator=f"line {start + number + 1}", is_list_item=match is not None))
        return
    text = clean("\n".join(lines))
    if text:
        items.append(Line(text, locator=f"line {start + 1}"))


def read_csv(text: str, limits: Limits) -> Document:
    """Return a file of separated values as one table."""
    text = text.lstrip("\ufeff")
    is_cut = len(text) > limits.text
    text = text[: limits.text]
    delimiter = _delimiter(text)
    if text.lower().startswith("sep=") and len(text) > 4:
        delimiter, text = text[4], text.partition("\n")[2]
    rows: list[tuple[Cell, ...]] = []
    first_row = 1
    cells = 0
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if len(rows) >= limits.rows or cells >= limits.cells:
                is_cut = True
                break
            if len(record) > limits.columns:
                is_cut = True
            row = tuple(_value(part) for part in record[: limits.columns])
            if not rows and not any(cell.text for cell in row):
                first_row += 1
                continue
            cells += len(row)
            rows.append(row)
    except csv.Error as error:
        raise Unreadable("damaged", "a field is longer than any table has") from error
    while rows and not any(cell.text for cell in rows[-1]):
        rows.pop()
    if not rows:
        raise Unreadable("empty", "the file holds no values")
    width = max(map(len, rows))
    empty = Cell("", type="empty")
    table = TableBlock(tuple(row + (empty,) * (width - len(row)) for row in rows), "", "rows", first_row, is_cut=is_cut)
    finished = finish([table], limits)
    return Document("csv", finished.blocks, placeholder_count=finished.placeholder_count, is_cut=finished.is_cut or is_cut)


def _value(text: str) -> Cell:
    text = clean(text)
    return Cell(text, is_placeholder=is_placeholder(text)) if text else Cell("", type="empty")


def _delimiter(text: str) -> str:
    """Return the separator that gives the most even columns."""
    sample = "\n".join([line for line in text[:65_536].split("\n") if line.strip()][:50])
    best, best_score = ",", 0.0
    for is_strict in (True, False):  # with the wrong separator quotes end in the middle of values
        for candidate in (",", ";", "\t", "|"):
            try:
                counts = [len(row) for row in csv.reader(io.StringIO(sample), delimiter=candidate, strict=is_strict) if row]
            except csv.Error:
                continue
            usual = max(((counts.count(count), count) for count in set(counts)), default=(0, 1))[1]
            if usual > 1:
                score = counts.count(usual) / len(counts) + min(usual, 20) / 100
                if score > best_score:
                    best, best_score = candidate, score
        if best_score:
            break
    return best
