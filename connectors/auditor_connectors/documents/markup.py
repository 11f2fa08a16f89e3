"""asciidoc, reStructuredText and org: texts whose marks tell headings, lists and tables.

What has no meaning for a reader of the finished page is left out: comments, anchors, includes, drawers of properties. What is not known
stays a paragraph.
"""

import csv
import io
import itertools
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence

from auditor.connect.document import Cell, Document, TableBlock
from auditor_connectors.documents.limits import Limits, Unreadable
from auditor_connectors.documents.look import Line, finish
from auditor_connectors.documents.text import clean, is_placeholder

_BULLET = re.compile(r"(\s*)(?:[-*+•]|#\.|\(?(?:\d{1,4}|[a-zA-Z])[.)])\s+(\S.*)$")
_MOST_SPAN = 200


class _Text(ABC):
    """Collects paragraphs, headings and tables; what each mark means is for those that read a format."""

    def __init__(self, text: str, limits: Limits) -> None:
        self.limits = limits
        self.is_cut = len(text) > limits.text
        self.lines = text[: limits.text].replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self.items: list[Line | TableBlock] = []
        self.properties: dict[str, str] = {}
        self._open: list[str] = []
        self._opened = 0

    @abstractmethod
    def inline(self, text: str) -> str:
        """Return a line as a person sees it."""

    def take(self, line: str, at: int) -> None:
        """Take a line of a paragraph."""
        if not self._open:
            self._opened = at
        self._open.append(line.strip())

    def close(self) -> None:
        """End the paragraph that is open."""
        lines, self._open = self._open, []
        if lines:
            self.add(Line(self.inline(" ".join(lines)), locator=f"line {self._opened + 1}"))

    def add(self, line: Line) -> None:
        """Add a line unless it is empty."""
        if line.text:
            self.items.append(line)

    def heading(self, text: str, level: int, at: int) -> None:
        """Add a heading."""
        self.close()
        self.add(Line(self.inline(text), level, "style", f"line {at + 1}"))

    def item(self, text: str, indent: int, at: int) -> None:
        """Add an item of a list."""
        self.close()
        self.add(Line(self.inline(text), locator=f"line {at + 1}", is_list_item=True, list_level=min(indent, 8)))

    def caption(self, text: str, at: int) -> None:
        """Add the title of the block that follows."""
        self.close()
        self.add(Line(self.inline(text), locator=f"line {at + 1}", is_caption=True))

    def cell(self, text: str, rows: int = 1, columns: int = 1, *, is_bold: bool = False) -> Cell:
        """Return a cell."""
        text = clean("\n".join(self.inline(line) for line in text.split("\n")))[: self.limits.cell_text]
        if not text:
            return Cell("", None, "empty", rows, columns)
        return Cell(text, None, "text", rows, columns, is_bold=is_bold, is_placeholder=is_placeholder(text))

    def table(self, rows: Sequence[Sequence[Cell]], at: int, header_rows: int) -> None:
        """Add a table; short rows are filled up."""
        self.close()
        is_cut = len(rows) > self.limits.rows
        width = min(max(map(len, rows), default=0), self.limits.columns)
        empty = Cell("", type="empty")
        made = tuple((*row, *[empty] * width)[:width] for row in rows[: self.limits.rows])
        if any(cell.text for row in made for cell in row):
            self.items.append(TableBlock(made, locator=f"line {at + 1}", header_rows=min(header_rows, len(made)), is_cut=is_cut))

    def finished(self) -> Document:
        """Return the document.

        Raises:
            Unreadable: nothing is in it.
        """
        self.close()
        finished = finish(self.items, self.limits)
        if not finished.blocks:
            raise Unreadable("empty", "the file holds no text")
        return Document(
            "txt",
            finished.blocks,
            self.properties,
            broken_reference_count=finished.broken_reference_count,
            placeholder_count=finished.placeholder_count,
            is_cut=finished.is_cut or self.is_cut,
        )


def _replaced(text: str, pairs: Sequence[tuple[re.Pattern[str], str]]) -> str:
    for pattern, by in pairs:
        text = pattern.sub(by, text)
    return clean(text)


def _covered(cell: Cell) -> Cell:
    return Cell(cell.text, None, cell.type, 1, 1, True, cell.is_struck, cell.is_bold, cell.is_placeholder, cell.link)


# AsciiDoc

_A_HEADING = re.compile(r"(={1,6}|#{1,6})\s+(\S.*?)(?:\s+\1)?\s*$")
_A_ATTRIBUTE = re.compile(r":(!?[\w-]+!?):(?:\s+(.*?))?\s*$")
_A_OPTIONS = re.compile(r"\[(.*)\]\s*$")
_A_TITLE = re.compile(r"\.([^\s.].*)$")
_A_TABLE = re.compile(r"([|,:])={3,}\s*$")
_A_VERBATIM = re.compile(r"(-{4,}|\.{4,}|`{3,}|\+{4,}|/{4,})[\w-]*\s*$")
_A_FRAME = re.compile(r"(={4,}|\*{4,}|_{4,}|--|'{3,}|<{3,}|\+)\s*$")
_A_SKIPPED = re.compile(r"(?:image|include|toc|video|audio|ifdef|ifndef|endif|ifeval)::|//(?!/)|\[\[[^\]]*\]\]\s*$")
_A_ITEM = re.compile(r"\s*(\*{1,5}|-|\.{1,5}|\d{1,4}\.)\s+(\S.*)$")
_A_BOX = re.compile(r"\[([ xX*])\]\s+")
_A_TERM = re.compile(r"(\S.*?):{2,4}(?:\s+(.*))?$")
_A_CELL = re.compile(
    r"(?:(?<=\s)|^)(?:(?P<again>\d{1,3})\*|(?P<wide>\d{1,3})?(?:\.(?P<high>\d{1,4}))?(?P<span>\+))?(?P<align>[<^>]?(?:\.[<^>])?)"
    r"(?P<style>[adehlmsv]?)(?<!\\)\||(?<!\\)\|",
    re.MULTILINE,
)
_A_COLUMNS = re.compile(r"cols\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^,\]\s]+))")
_A_INLINE = (
    (re.compile(r"\s\+$"), "\n"),
    (re.compile(r"(?:link|xref|mailto|https?|ftp):[^\s\[\]]{0,500}\[([^\[\]]{1,500})\]"), r"\1"),
    (re.compile(r"<<[^<>,]{1,200},\s?([^<>]{1,300})>>"), r"\1"),
    (re.compile(r"<<([^<>,]{1,200})>>"), r"\1"),
    (re.compile(r"image:[^\s\[\]]{1,500}\[([^\[\]]{0,300})\]"), r"\1"),
    (re.compile(r"(?:pass|stem|kbd|btn|menu):\w{0,20}\[([^\[\]]{0,300})\]"), r"\1"),
    (re.compile(r"\[\[[^\[\]]{0,200}\]\]|\[[#.][^\[\]]{0,100}\](?=[#*_`])"), ""),
    (re.compile(r"(\*\*|__|``|##)(?=\S)(.+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\w*])\*(?=\S)([^*]+?)(?<=\S)\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<![\w_])_(?=\S)([^_]+?)(?<=\S)_(?![\w_])"), r"\1"),
    (re.compile(r"(?<![\w`])`(?=\S)([^`]+?)(?<=\S)`(?![\w`])"), r"\1"),
    (re.compile(r"\{(?:nbsp|empty|zwsp|sp)\}"), " "),
    (re.compile(r"\\(?=[|*_`#\[{])"), ""),
)
_A_PROPERTIES = {"author": "creator", "revdate": "modified", "revnumber": "revision", "description": "description", "lang": "language"}


def read_adoc(text: str, limits: Limits) -> Document:
    """Return the structure of an AsciiDoc text: headings, lists, tables with a cell or a row per line, attributes as properties."""
    return _AsciiDoc(text, limits).read()


class _AsciiDoc(_Text):
    def read(self) -> Document:
        at = 0
        options = ""
        self._values: dict[str, str] = {}
        while at < len(self.lines):
            line = self.lines[at]
            if verbatim := _A_VERBATIM.match(line):
                at = self._verbatim(at, verbatim[1])
            elif table := _A_TABLE.match(line):
                at = self._table(at, table[1], options)
                options = ""
            elif (said := _A_OPTIONS.match(line)) and not _A_SKIPPED.match(line):
                self.close()
                options = said[1]
            else:
                self._line(line, at)
            at += 1
        return self.finished()

    def inline(self, text: str) -> str:
        text = re.sub(r"\{([\w-]+)\}", lambda match: self._values.get(match[1].casefold(), match[0]), text) if "{" in text else text
        return _replaced(text, _A_INLINE)

    def _verbatim(self, at: int, mark: str) -> int:
        """Take a block as it is, or skip it (comments, passed through); return where it ends."""
        self.close()
        end = next((below for below in range(at + 1, len(self.lines)) if self.lines[below].strip() == mark), len(self.lines) - 1)
        if mark[0] not in "/+":
            for below in range(at + 1, end):
                self.take(self.lines[below], below)
            self.close()
        return end

    def _line(self, line: str, at: int) -> None:
        if not line.strip() or _A_FRAME.match(line):
            self.close()
        elif _A_SKIPPED.match(line):
            return
        elif match := _A_HEADING.match(line):
            self.heading(match[2], len(match[1]), at)
        elif match := _A_ATTRIBUTE.match(line):
            self.close()
            name, value = match[1].strip("!").casefold(), clean(match[2] or "")
            self._values[name] = value
            if value and name in _A_PROPERTIES:
                self.properties[_A_PROPERTIES[name]] = self.inline(value)
        elif match := _A_TITLE.match(line):
            self.caption(match[1], at)
        elif match := _A_ITEM.match(line):
            mark = match[1]
            box = _A_BOX.match(match[2])
            text = match[2][box.end() :] if box else match[2]
            text = ("☐ " if box[1] == " " else "☑ ") + text if box else text
            self.item(text, len(mark) - 1 if mark[0] in "*." else 0, at)
        elif (match := _A_TERM.match(line)) and not self._open:
            self.take(f"{match[1]}: {match[2] or ''}", at)
        else:
            self.take(line, at)

    def _table(self, at: int, separator: str, options: str) -> int:
        """Take a table; return where it ends."""
        mark = self.lines[at].strip()
        end = next((below for below in range(at + 1, len(self.lines)) if self.lines[below].strip() == mark), len(self.lines))
        body = self.lines[at + 1 : end]
        first = next((number for number, line in enumerate(body) if line.strip()), len(body))
        is_headed = "header" in options and "noheader" not in options
        is_headed = is_headed or (first + 1 < len(body) and not body[first + 1].strip() and "noheader" not in options and first == 0)
        if separator != "|" or re.search(r"format\s*=\s*\"?[ct]sv", options):
            rows = [
                [self.cell(part) for part in record]
                for record in csv.reader(io.StringIO("\n".join(body)), delimiter="," if separator != ":" else ":")
            ]
            self.table([row for row in rows if row], at, int(is_headed))
            return end
        cells = list(self._cells(body))
        width = _columns_said(options) or sum(columns for _, columns, number in self._spans(cells) if number == first)
        rows = _rows([cell for cell, _ in cells], max(width, 1), self.limits)
        self.table(rows, at, int(is_headed))
        return end

    @staticmethod
    def _spans(cells: Sequence[tuple[Cell, int]]) -> Iterator[tuple[Cell, int, int]]:
        return ((cell, cell.column_span, number) for cell, number in cells)

    def _cells(self, body: Sequence[str]) -> Iterator[tuple[Cell, int]]:
        """Yield the cells with the number of the line on which each begins."""
        text = "\n".join("" if line.startswith("//") else line for line in body)
        marks = list(_A_CELL.finditer(text))
        line = seen = 0
        for number, mark in enumerate(marks):
            after = marks[number + 1] if number + 1 < len(marks) else None
            line, seen = line + text.count("\n", seen, mark.start()), mark.start()
            said = text[mark.end() : after.start() if after else len(text)]
            lines = [re.sub(r"^\s*(?:[*.-]+\s+|!={3,}|!)", "", line) for line in said.strip().split("\n")]
            cell = self.cell(
                "\n".join(line for line in lines if line.strip() and line.strip() != "+"),
                min(int(mark["high"] or 1), _MOST_SPAN) or 1,
                min(int(mark["wide"] or 1), _MOST_SPAN) or 1,
                is_bold=mark["style"] in {"h", "s"},
            )
            for _ in range(min(int(mark["again"] or 1), _MOST_SPAN)):
                yield cell, line


def _columns_said(options: str) -> int:
    """Return how many columns the options of a table say: 'cols="1,2,3"', 'cols="3*"', 'cols=4'; 0 when they say nothing."""
    match = _A_COLUMNS.search(options)
    if match is None:
        return 0
    said = (match[1] or match[2] or match[3] or "").strip()
    if said.isdigit() and match[3] is None and "," not in said and int(said) > 1:
        return 1  # one column of that width
    total = 0
    for part in re.split(r"[,;]", said):
        again = re.match(r"\s*(\d{1,3})\*", part)
        total += int(again[1]) if again else 1
    return min(total, _MOST_SPAN)


def _rows(cells: Sequence[Cell], width: int, limits: Limits) -> list[list[Cell]]:
    """Return cells laid out in rows of *width*, those that span others resolved."""
    rows: list[list[Cell]] = []
    row: list[Cell] = []
    hanging: dict[int, tuple[int, Cell]] = {}  # column → rows still covered from above

    def hang() -> None:
        while len(row) in hanging:
            left, cell = hanging.pop(len(row))
            if left > 1:
                hanging[len(row)] = (left - 1, cell)
            row.append(cell)

    for cell in cells:
        hang()
        if len(row) >= width:
            rows.append(row)
            row = []
            hang()
        if len(rows) > limits.rows:
            break
        for offset in range(min(cell.column_span, width - len(row))):
            if cell.row_span > 1:
                hanging[len(row)] = (cell.row_span - 1, _covered(cell))
            row.append(_covered(cell) if offset else cell)
    if row:
        hang()
        rows.append(row)
    return rows


# reStructuredText

_R_RULE = re.compile(r"([!-/:-@\[-`{-~])\1{2,}\s*$")
_R_FIELD = re.compile(r":([^\s:`][^:`]{0,60}):(?:\s+(.*))?$")
_R_DIRECTIVE = re.compile(r"\s*\.\.\s+(?:\|[^|]+\|\s+)?([\w-]+)::\s*(.*)$")
_R_COMMENT = re.compile(r"\s*\.\.(?:\s|$)")
_R_GRID = re.compile(r"\s*\+(?:[-=]+\+)+\s*$")
_R_SIMPLE = re.compile(r"\s*={2,}(?:\s+={2,})+\s*$")
_R_TEXT = frozenset(
    {
        "note",
        "warning",
        "tip",
        "important",
        "caution",
        "attention",
        "hint",
        "danger",
        "error",
        "admonition",
        "topic",
        "sidebar",
        "container",
    }
)
_R_INLINE = (
    (re.compile(r":[\w:.+-]+:`([^`<]+?)\s*(?:<[^`>]*>)?`"), r"\1"),
    (re.compile(r"`([^`<]+?)\s*<[^`>]*>`__?"), r"\1"),
    (re.compile(r"``(.+?)``"), r"\1"),
    (re.compile(r"`([^`]+)`_{0,2}"), r"\1"),
    (re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*"), r"\1"),
    (re.compile(r"(?<![\w*])\*(?=\S)([^*]+?)(?<=\S)\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<!\w)\|([^|\s][^|]*)\|(?:_{0,2})(?!\w)"), r"\1"),
    (re.compile(r"\\(?=[*`|_])"), ""),
)


def read_rst(text: str, limits: Limits) -> Document:
    """Return the structure of a reStructuredText: headings by their rules, lists, fields, tables of four kinds."""
    return _Restructured(text, limits).read()


class _Restructured(_Text):
    def read(self) -> Document:
        self._styles: list[tuple[str, bool]] = []
        at = 0
        while at < len(self.lines):
            at = self._line(self.lines[at], at) + 1
        return self.finished()

    def inline(self, text: str) -> str:
        return _replaced(text, _R_INLINE)

    def _at(self, at: int) -> str:
        return self.lines[at].rstrip() if at < len(self.lines) else ""

    def _line(self, line: str, at: int) -> int:
        """Take one line; return the number of the last line that was used."""
        if not line.strip():
            self.close()
            return at
        if _R_SIMPLE.match(line) and not self._open:
            return self._simple(at)
        if _R_GRID.match(line):
            return self._grid(at)
        rule = _R_RULE.match(line)
        if rule and not self._open:
            if self._at(at + 1).strip() and self._at(at + 2) and _R_RULE.match(self._at(at + 2)) and self._at(at + 2)[0] == line[0]:
                self._heading(self._at(at + 1).strip(), (line[0], True), at + 1)
                return at + 2
            return at  # a rule across the page
        if (
            not self._open
            and not line[0].isspace()
            and (below := _R_RULE.match(self._at(at + 1)))
            and len(below[0].strip()) + 3 >= len(line.rstrip())
        ):
            self._heading(line.strip(), (below[1], False), at)
            return at + 1
        if match := _R_DIRECTIVE.match(line):
            self.close()
            return self._directive(at, match[1].casefold(), match[2])
        if _R_COMMENT.match(line):
            self.close()
            return self._end(at)
        if match := _R_FIELD.match(line):
            self.close()
            self.take(f"{match[1]}: {match[2] or ''}", at)
            return at
        if match := _BULLET.match(line):
            self.item(match[2], len(match[1].expandtabs(4)) // 2, at)
            return at
        self.take(line, at)
        return at

    def _heading(self, text: str, style: tuple[str, bool], at: int) -> None:
        if style not in self._styles:
            self._styles.append(style)
        self.heading(text, min(self._styles.index(style) + 1, 9), at)

    def _end(self, at: int) -> int:
        """Return the last line of what is set in below line *at*."""
        indent = _indent(self.lines[at])
        end = at
        for below in range(at + 1, len(self.lines)):
            if self.lines[below].strip():
                if _indent(self.lines[below]) <= indent:
                    break
                end = below
        return end

    def _directive(self, at: int, name: str, argument: str) -> int:
        end = self._end(at)
        body = self.lines[at + 1 : end + 1]
        options = {}
        while body and (match := _R_FIELD.match(body[0].strip())):
            options[match[1].casefold()] = match[2] or ""
            body = body[1:]
        start = end + 1 - len(body)
        if name in {"list-table", "csv-table", "table"} and argument:
            self.caption(argument, at)
        headers = int(options.get("header-rows", "0") or 0) if options.get("header-rows", "0").strip().isdigit() else 0
        if name == "list-table":
            self.table(list(self._list_table(body)), at, headers)
        elif name == "csv-table":
            head = [options["header"]] if options.get("header") else []
            text = "\n".join([*head, *(line.strip() for line in body if line.strip())])
            rows = [[self.cell(part) for part in record] for record in csv.reader(io.StringIO(text), skipinitialspace=True)]
            self.table(rows, at, max(headers, len(head)))
        elif name == "table" or name in _R_TEXT:
            if name == "admonition" and argument:
                self.caption(argument, at)
            inner = at + 1 + (start - at - 1)
            while inner <= end:
                inner = self._line(self.lines[inner], inner) + 1
            self.close()
        return end

    def _list_table(self, body: Sequence[str]) -> Iterator[list[Cell]]:
        row: list[list[str]] = []
        for line in body:
            text = line.strip()
            if (mark := re.match(r"\s*[*-]\s+([*-])(?:\s+(.*))?$", line)) and mark[1]:
                if row:
                    yield [self.cell("\n".join(cell)) for cell in row]
                row = [[mark[2] or ""]]
            elif row and (mark := re.match(r"\s*[*-](?:\s+(.*))?$", line)):
                row.append([mark[1] or ""])
            elif row and text:
                row[-1].append(text)
        if row:
            yield [self.cell("\n".join(cell)) for cell in row]

    def _grid(self, at: int) -> int:
        end = at
        while end + 1 < len(self.lines) and self.lines[end + 1].strip()[:1] in {"|", "+"}:
            end += 1
        lines = self.lines[at : end + 1]
        rows: list[list[Cell]] = []
        headers = 0
        open_rows: list[list[str]] = []
        edges = [place for place, sign in enumerate(lines[0]) if sign == "+"]
        for line in lines[1:]:
            if line.strip().startswith("+"):
                if open_rows:
                    rows.append([self.cell("\n".join(part for part in parts if part)) for parts in zip(*open_rows, strict=True)])
                    open_rows = []
                if "=" in line:
                    headers = len(rows)
            else:
                open_rows.append([line[left + 1 : right].strip().strip("|").strip() for left, right in itertools.pairwise(edges)])
        if open_rows:
            rows.append([self.cell("\n".join(part for part in parts if part)) for parts in zip(*open_rows, strict=True)])
        self.table(rows, at, headers)
        return end

    def _simple(self, at: int) -> int:
        columns = [match.span() for match in re.finditer(r"=+", self.lines[at])]
        rules = [below for below in range(at + 1, len(self.lines)) if _R_SIMPLE.match(self.lines[below])][:2]
        if not rules:
            return at
        has_head = len(rules) > 1 and not any(not line.strip() for line in self.lines[at + 1 : rules[0]])
        end = rules[1] if has_head else rules[0]
        rows: list[list[str]] = []
        headers = 0
        for below in range(at + 1, end):
            line = self.lines[below]
            if below == rules[0]:
                headers = len(rows)
            elif re.fullmatch(r"\s*-[-\s]*", line) or not line.strip():
                continue
            else:
                starts = [start for start, _ in columns]
                parts = [line[start:stop].strip() for start, stop in zip(starts, [*starts[1:], len(line)], strict=True)]
                if rows and not parts[0] and below != rules[0] + 1:
                    rows[-1] = [f"{old}\n{new}" if new else old for old, new in zip(rows[-1], parts, strict=True)]
                else:
                    rows.append(parts)
        self.table([[self.cell(part) for part in row] for row in rows], at, headers)
        return end


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


# Org

_O_HEADING = re.compile(r"(\*{1,9})\s+(?:(?:TODO|DONE|NEXT|WAITING|CANCELLED|STARTED)\s+)?(?:\[#[A-Z]\]\s+)?(\S.*?)(?:\s+:[\w@:]+:)?\s*$")
_O_KEYWORD = re.compile(r"\s*#\+(\w+):?\s*(.*)$")
_O_TERM = re.compile(r"(\S.*?)\s+::\s+(.*)$")
_O_INLINE = (
    (re.compile(r"\[\[[^\]]*\]\[([^\]]*)\]\]"), r"\1"),
    (re.compile(r"\[\[([^\]]*)\]\]"), r"\1"),
    (re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<![\w/:.])/(?=\S)([^/\n]+?)(?<=\S)/(?![\w/])"), r"\1"),
    (re.compile(r"(?<![\w=])([=~])(?=\S)([^=~\n]+?)(?<=\S)\1(?![\w=])"), r"\2"),
    (re.compile(r"[<\[](\d{4}-\d\d-\d\d)(?: [^\d\s>\]]+)?(?: \d\d?:\d\d)?[>\]]"), r"\1"),
)
_O_PROPERTIES = {"title": "title", "author": "creator", "description": "description", "language": "language"}


def read_org(text: str, limits: Limits) -> Document:
    """Return the structure of an org file: headings, lists, tables, title and author as properties."""
    return _Org(text, limits).read()


class _Org(_Text):
    def read(self) -> Document:
        at = 0
        while at < len(self.lines):
            at = self._line(self.lines[at], at) + 1
        return self.finished()

    def inline(self, text: str) -> str:
        return _replaced(text, _O_INLINE)

    def _line(self, line: str, at: int) -> int:
        text = line.strip()
        if not text:
            self.close()
        elif match := _O_HEADING.match(line):
            self.heading(match[2], len(match[1]), at)
        elif text in {":PROPERTIES:", ":LOGBOOK:"}:
            return self._until(at, lambda below: below.upper() == ":END:")
        elif text.startswith("|"):
            return self._table(at)
        elif match := _O_KEYWORD.match(line):
            return self._keyword(at, match[1].casefold(), match[2])
        elif text == "#" or text.startswith("# "):
            self.close()
        elif match := _BULLET.match(line):
            term = _O_TERM.match(match[2])
            self.item(f"{term[1]}: {term[2]}" if term else match[2], len(match[1].expandtabs(4)) // 2, at)
        else:
            self.take(line, at)
        return at

    def _until(self, at: int, is_end: Callable[[str], bool]) -> int:
        self.close()
        return next((below for below in range(at + 1, len(self.lines)) if is_end(self.lines[below].strip())), len(self.lines) - 1)

    def _keyword(self, at: int, name: str, value: str) -> int:
        self.close()
        if name in _O_PROPERTIES and value:
            self.properties[_O_PROPERTIES[name]] = self.inline(value)
            if name == "title":
                line = Line(self.inline(value), 1, "style", f"line {at + 1}", is_title=True)
                self.add(line)
        elif name in {"caption", "name"} and value:
            self.caption(value, at)
        elif name == "begin_comment":
            return self._until(at, lambda below: below.casefold() == "#+end_comment")
        return at

    def _table(self, at: int) -> int:
        end = at
        rows: list[list[Cell]] = []
        headers = 0
        while end < len(self.lines) and self.lines[end].strip().startswith("|"):
            text = self.lines[end].strip()
            if re.fullmatch(r"\|[-+|]*", text) and "-" in text:
                headers = headers or len(rows)
            else:
                rows.append([self.cell(part.strip()) for part in text.strip("|").split("|")])
            end += 1
        self.table(rows, at, headers)
        return end - 1
