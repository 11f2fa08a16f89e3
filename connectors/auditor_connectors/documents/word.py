"""docx: paragraphs, tables, comments and tracked changes in reading order.

Read by our own reader because libraries leave out tracked insertions, content controls and text boxes without a word.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from lxml import etree

from auditor.connect.document import Cell, Comment, Document, TableBlock, TrackedChange
from auditor_connectors.documents.container import Package, attribute, local
from auditor_connectors.documents.limits import Limits, Unreadable
from auditor_connectors.documents.look import Line, finish
from auditor_connectors.documents.properties import office_properties, whole
from auditor_connectors.documents.text import (
    clean,
    heading_level,
    is_placeholder,
    is_title_style,
    looks_like_guidance,
)

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VAL = _W + "val"
_MOST_CHANGES = 5_000
_MOST_DEPTH = 40
_BLUE = frozenset({"0000FF", "0000ff", "3366FF", "0070C0", "1F497D", "548DD4", "4F81BD", "0066FF", "3333FF", "2E74B5", "5B9BD5"})
_SYMBOLS = {
    "F0FE": "☒",
    "F0FD": "☒",
    "F0A8": "☐",
    "F06F": "☐",
    "F0A3": "☐",
    "F0FC": "✓",
    "F050": "✓",
    "F052": "☑",
    "F0FB": "✗",
    "F0E0": "→",
    "F0B7": "•",
}
_OFF = frozenset({"0", "false", "off", "none"})


@dataclass(frozen=True, slots=True)
class _Look:
    """Run properties; None: not said here."""

    bold: bool | None = None
    italic: bool | None = None
    struck: bool | None = None
    vanish: bool | None = None
    size: float | None = None
    color: str | None = None

    def over(self, base: "_Look") -> "_Look":
        if self is _PLAIN:
            return base
        return _Look(
            base.bold if self.bold is None else self.bold,
            base.italic if self.italic is None else self.italic,
            base.struck if self.struck is None else self.struck,
            base.vanish if self.vanish is None else self.vanish,
            base.size if self.size is None else self.size,
            base.color if self.color is None else self.color,
        )


_PLAIN = _Look()


@dataclass(frozen=True, slots=True)
class _Style:
    name: str = ""
    look: _Look = _PLAIN
    level: int = 0  # heading level
    outline: int | None = None
    is_title: bool = False
    is_list: bool = False
    list_level: int = 0
    number: str = "0"  # id of the numbering; '0' for none


@dataclass(slots=True)
class _Run:
    text: str
    look: _Look
    is_prompt: bool  # shown by an empty content control


@dataclass(slots=True)
class _Fields:
    """Where in complex fields reading stands: one entry per open field, True while in its instruction."""

    open: list[bool] = field(default_factory=list)

    @property
    def in_code(self) -> bool:
        return any(self.open)


def read_docx(package: Package, main: str, limits: Limits) -> Document:
    """Return the structure of a docx whose main part is *main*.

    Raises:
        Unreadable: damaged, encrypted, or beyond the limits.
    """
    return _Reader(package, main, limits).read()


class _Reader:
    def __init__(self, package: Package, main: str, limits: Limits) -> None:
        self._package = package
        self._main = main
        self._limits = limits
        self._relations = package.relations(main)
        self._styles = _Styles(self._part("styles", "word/styles.xml"))
        self._numberings = _Numberings(self._part("numbering", "word/numbering.xml"))
        self._items: list[Line | TableBlock] = []
        self._changes: list[TrackedChange] = []
        self._fields = _Fields()
        self._paragraphs = 0
        self._tables = 0
        self._is_cut = False

    def _part(self, kind: str, usual: str) -> etree._Element | None:
        for type_, target in self._relations.values():
            if type_ == kind:
                return self._package.xml(target)
        return self._package.xml(usual)

    def read(self) -> Document:
        seen = False
        elements = 0
        body = _W + "body"
        for element in self._package.stream(self._main, _W + "p", _W + "tbl", _W + "body", _W + "altChunk"):
            if element.tag == body:
                seen = True
                continue
            elements += 1
            if elements > self._limits.elements:
                raise Unreadable("too_large", f"more than {self._limits.elements} paragraphs and tables")
            place = _place(element)
            if place is None:
                continue
            if len(self._items) > self._limits.blocks:
                self._is_cut = True
            elif element.tag == _W + "p":
                self._add_paragraph(element, is_prompt=place)
            elif element.tag == _W + "tbl":
                self._add_table(element, 0)
            else:
                self._is_cut = True  # a chunk in another format stands here
            _forget(element)
        if not seen:
            raise Unreadable("damaged", "the main part has no body")
        finished = finish(self._items, self._limits)
        properties = office_properties(self._package)
        headers = tuple(self._headers())
        return Document(
            "docx",
            finished.blocks,
            properties,
            headers,
            tuple(self._comments()),
            tuple(self._changes[:_MOST_CHANGES]),
            whole(properties.get("pages")),
            finished.broken_reference_count,
            finished.placeholder_count,
            finished.is_cut or self._is_cut,
        )

    # Paragraphs

    def _add_paragraph(self, element: etree._Element, *, is_prompt: bool = False) -> None:
        self._paragraphs += 1
        line, boxes = self._paragraph(element, is_prompt=is_prompt)
        if line.text:
            line.locator = f"paragraph {self._paragraphs}"
            self._items.append(line)
        for box in boxes:
            for child in _flow(box):
                if child.tag == _W + "p":
                    self._add_paragraph(child)
                else:
                    self._add_table(child, 0)

    def _paragraph(self, element: etree._Element, *, is_prompt: bool = False) -> tuple[Line, list[etree._Element]]:
        properties = element.find(_W + "pPr")
        style = self._styles.paragraph(_value(properties, "pStyle"))
        runs: list[_Run] = []
        boxes: list[etree._Element] = []
        if properties is not None and (change := properties.find(_W + "pPrChange")) is not None:
            self._changed("format", change, "")
        self._runs(element, style.look, runs, boxes, is_prompt=is_prompt, depth=0)
        return self._line(properties, style, runs), boxes

    def _line(self, properties: etree._Element | None, style: _Style, runs: list[_Run]) -> Line:
        shown = [run for run in runs if not run.look.vanish]
        kept = [run for run in shown if not run.look.struck]
        weight = [(run, len(run.text.strip())) for run in (shown if not any(run.text.strip() for run in kept) else kept)]
        total = sum(length for _, length in weight)
        is_struck = bool(total) and not any(run.text.strip() for run in kept)
        text = clean("".join(run.text for run, _ in weight))
        line = Line(text, style=style.name, is_struck=is_struck)
        if not text:
            return line

        def share(test: "Iterable[int]") -> float:
            return sum(test) / total if total else 0.0

        line.is_bold = share(length for run, length in weight if run.look.bold) > 0.9
        line.is_italic = share(length for run, length in weight if run.look.italic) > 0.9
        sizes: Counter[float] = Counter()
        for run, length in weight:
            sizes[run.look.size or 10.0] += length
        line.size = max(sizes, key=lambda size: (sizes[size], size))
        is_blue = share(length for run, length in weight if run.look.color in _BLUE) > 0.9
        prompts = share(length for run, length in weight if run.is_prompt)
        line.is_placeholder = prompts > 0.9
        line.may_be_guidance = looks_like_guidance(style.name, is_blue=is_blue, is_italic=line.is_italic)
        name = style.name.casefold()
        line.is_toc = name.startswith(
            ("toc ", "verzeichnis", "tm ", "table of figures", "table des illustrations", "tdc ", "sommario ")
        ) or name in {
            "toc heading",
            "contents heading",
            "inhaltsverzeichnisüberschrift",
        }
        line.is_caption = name in {"caption", "beschriftung", "légende", "epígrafe", "descripción", "didascalia"}
        line.is_title = style.is_title
        self._level(properties, style, line)
        return line

    def _level(self, properties: etree._Element | None, style: _Style, line: Line) -> None:
        outline = _value(properties, "outlineLvl")
        if outline is not None and outline.isdecimal():
            if int(outline) < 9:
                line.level, line.level_basis = int(outline) + 1, "style" if style.level == int(outline) + 1 else "outline"
        elif style.level and not line.is_toc:
            line.level, line.level_basis = style.level, "style"
        if line.is_title:
            line.level, line.level_basis = 0, ""
        if len(line.text) > 400:  # whole paragraphs in the style of a heading are body text
            line.level, line.level_basis = 0, ""
        numbering = properties.find(_W + "numPr") if properties is not None else None
        if not line.level:
            number, at = style.number, style.list_level
            if numbering is not None:
                number = _value(numbering, "numId") or number
                at = _small(_value(numbering, "ilvl"))
            if number != "0" or style.is_list:
                line.is_list_item, line.list_level = True, at
                line.number_depth = at + 1 if self._numberings.is_numbered(number, at) else 0

    def _runs(
        self, element: etree._Element, base: _Look, runs: list[_Run], boxes: list[etree._Element], *, is_prompt: bool, depth: int
    ) -> None:
        if depth > _MOST_DEPTH:
            self._is_cut = True
            return
        for child in element:
            name = local(child)
            if name == "r":
                self._run(child, base, runs, boxes, is_prompt=is_prompt)
            elif name == "ins":
                before = len(runs)
                self._runs(child, base, runs, boxes, is_prompt=is_prompt, depth=depth + 1)
                self._changed("insertion", child, "".join(run.text for run in runs[before:]))
            elif name == "moveTo":
                self._runs(child, base, runs, boxes, is_prompt=is_prompt, depth=depth + 1)
            elif name == "del":
                self._changed("deletion", child, _deleted(child))
            elif name == "moveFrom":
                self._changed("move", child, "".join(map(str, child.itertext(_W + "t", _W + "delText"))))
            elif name == "sdt":
                content = child.find(_W + "sdtContent")
                if content is not None:
                    self._runs(content, base, runs, boxes, is_prompt=is_prompt or _shows_prompt(child), depth=depth + 1)
            elif name in {"hyperlink", "smartTag", "customXml", "fldSimple", "dir", "bdo", "rubyBase", "ruby"}:
                self._runs(child, base, runs, boxes, is_prompt=is_prompt, depth=depth + 1)
            elif name in {"oMath", "oMathPara"}:
                text = "".join(part.text or "" for part in child.iter() if local(part) == "t")
                runs.append(_Run(text, base, is_prompt))
            elif name == "AlternateContent":
                chosen = _alternative(child)
                if chosen is not None:
                    self._runs(chosen, base, runs, boxes, is_prompt=is_prompt, depth=depth + 1)

    def _run(self, element: etree._Element, base: _Look, runs: list[_Run], boxes: list[etree._Element], *, is_prompt: bool) -> None:
        properties = element.find(_W + "rPr")
        look = base
        if properties is not None:
            look = _look(properties).over(self._styles.character(_value(properties, "rStyle")).over(base))
            if (change := properties.find(_W + "rPrChange")) is not None:
                self._changed("format", change, "")
            if _value(properties, "rStyle") == "PlaceholderText":
                is_prompt = True
        pieces: list[str] = []
        for child in element:
            name = local(child)
            if name == "t":
                if not self._fields.in_code:
                    pieces.append(child.text or "")
            elif name == "fldChar":
                kind = child.get(_W + "fldCharType")
                if kind == "begin":
                    self._fields.open.append(True)
                elif kind == "separate" and self._fields.open:
                    self._fields.open[-1] = False
                elif kind == "end" and self._fields.open:
                    self._fields.open.pop()
            elif self._fields.in_code:
                continue
            elif name in {"tab", "ptab"}:
                pieces.append("\t")
            elif name in {"br", "cr"}:
                pieces.append("\n" if child.get(_W + "type") not in {"page", "column"} else " ")
            elif name == "noBreakHyphen":
                pieces.append("-")
            elif name == "sym":
                pieces.append(_SYMBOLS.get((child.get(_W + "char") or "").upper(), ""))
            elif name in {"drawing", "pict", "object"}:
                boxes += _boxes(child)
            elif name == "AlternateContent":
                chosen = _alternative(child)
                if chosen is not None:
                    boxes += _boxes(chosen)
                    pieces += [part.text or "" for part in chosen.iterchildren(_W + "t")]
            elif name == "ruby":
                self._runs(child, look, runs, boxes, is_prompt=is_prompt, depth=1)
        if pieces:
            runs.append(_Run("".join(pieces), look, is_prompt))

    def _changed(self, kind: Literal["insertion", "deletion", "move", "format"], element: etree._Element, text: str) -> None:
        if len(self._changes) < _MOST_CHANGES:
            self._changes.append(
                TrackedChange(kind, clean(element.get(_W + "author") or ""), element.get(_W + "date"), clean(text)[:2_000])
            )

    # Tables

    def _add_table(self, element: etree._Element, depth: int) -> None:
        self._tables += 1
        number = self._tables
        rows = [row for row in _rows(element) if row.find(f"{_W}trPr/{_W}del") is None]
        contents = [[(tc, _cell_flow(tc)) for tc in _cells(row)] for row in rows]
        if self._is_frame(contents):
            for row in contents:
                for _, flow in row:
                    self._add_flow(flow, depth)
            return
        nested: list[etree._Element] = []
        table = self._table(element, rows, contents, nested, number)
        if table is not None:
            self._items.append(table)
        for inner in nested:
            if depth < _MOST_DEPTH:
                self._add_table(inner, depth + 1)
            else:
                self._is_cut = True

    def _add_flow(self, flow: list[tuple[etree._Element, bool]], depth: int) -> None:
        for child, is_prompt in flow:
            if child.tag == _W + "p":
                self._add_paragraph(child, is_prompt=is_prompt)
            elif depth < _MOST_DEPTH:
                self._add_table(child, depth + 1)
            else:
                self._is_cut = True

    def _is_frame(self, contents: list[list[tuple[etree._Element, list[tuple[etree._Element, bool]]]]]) -> bool:
        """Say whether a table is but a frame around text: one cell, or one column with headings in it."""
        if len(contents) <= 3 and sum(1 for row in contents for _, flow in row if any(_has_text(child) for child, _ in flow)) == 1:
            return True
        if any(len(row) > 1 for row in contents):
            return False
        for row in contents:
            for _, flow in row:
                for child, _ in flow:
                    if child.tag == _W + "p" and self._styles.paragraph(_value(child.find(_W + "pPr"), "pStyle")).level:
                        return True
        return False

    def _table(
        self,
        element: etree._Element,
        rows: list[etree._Element],
        contents: list[list[tuple[etree._Element, list[tuple[etree._Element, bool]]]]],
        nested: list[etree._Element],
        number: int,
    ) -> TableBlock | None:
        limits = self._limits
        grid: list[list[Cell]] = []
        origins: dict[int, tuple[int, int]] = {}  # column → where the vertical merge began
        spans: dict[tuple[int, int], int] = {}
        header_rows = 0
        is_cut = False
        bold_first = self._styles.has_bold_first_row(element)
        cells = 0
        for tr, row in zip(rows, contents, strict=True):
            properties = tr.find(_W + "trPr")
            at = len(grid)
            if at >= limits.rows or cells > limits.cells:
                is_cut = True
                break
            if header_rows == at and _is_on(properties, "tblHeader"):
                header_rows = at + 1
            out: list[Cell] = [Cell("", type="empty")] * min(_small(_value(properties, "gridBefore")), limits.columns)
            for tc, flow in row:
                cell_properties = tc.find(_W + "tcPr")
                span = max(1, min(_small(_value(cell_properties, "gridSpan"), 1), limits.columns))
                merge = cell_properties.find(_W + "vMerge") if cell_properties is not None else None
                column = len(out)
                if column + span > limits.columns:
                    is_cut = True
                    break
                if merge is not None and merge.get(_VAL) != "restart" and column in origins:
                    origin = origins[column]
                    spans[origin] = at - origin[0] + 1
                    above = grid[origin[0]][origin[1]]
                    out += [_covered(above)] * span
                    nested += [child for child, _ in flow if child.tag == _W + "tbl"]
                    continue
                cell = self._cell(flow, span, nested, is_bold=bold_first and at == 0)
                out.append(cell)
                out += [_covered(cell)] * (span - 1)
                origins.pop(column, None)
                if merge is not None:
                    origins[column] = (at, column)
            cells += len(out)
            grid.append(out)
        width = max(map(len, grid), default=0)
        if not any(cell.text for row in grid for cell in row):
            return None
        for (row_at, column_at), count in spans.items():
            cell = grid[row_at][column_at]
            grid[row_at][column_at] = Cell(
                cell.text,
                cell.value,
                cell.type,
                count,
                cell.column_span,
                False,
                cell.is_struck,
                cell.is_bold,
                cell.is_placeholder,
                cell.link,
            )
        empty = Cell("", type="empty")
        return TableBlock(
            tuple(tuple(row + [empty] * (width - len(row))) for row in grid),
            locator=f"table {number}",
            # Some mark all rows as header, which only says that there is one.
            header_rows=header_rows if header_rows <= 4 and header_rows < len(grid) else min(header_rows, 1),
            is_cut=is_cut,
        )

    def _cell(self, flow: list[tuple[etree._Element, bool]], span: int, nested: list[etree._Element], *, is_bold: bool) -> Cell:
        lines: list[Line] = []
        for child, is_prompt in flow:
            if child.tag == _W + "tbl":
                nested.append(child)
                continue
            self._paragraphs += 1
            line, boxes = self._paragraph(child, is_prompt=is_prompt)
            if line.text:
                lines.append(line)
            for box in boxes:
                for part in _flow(box):
                    if part.tag == _W + "p":
                        inner, _ = self._paragraph(part)
                        if inner.text:
                            lines.append(inner)
                    else:
                        nested.append(part)
        valid = [line for line in lines if not line.is_struck] or lines
        text = "\n".join(line.text for line in valid)[: self._limits.cell_text]
        if not text:
            return Cell("", type="empty", column_span=span)
        return Cell(
            text,
            column_span=span,
            is_struck=all(line.is_struck for line in lines),
            is_bold=is_bold or all(line.is_bold or bool(line.level) for line in valid),
            is_placeholder=all(line.is_placeholder for line in valid) or is_placeholder(text),
            link=self._link(flow),
        )

    def _link(self, flow: list[tuple[etree._Element, bool]]) -> str | None:
        for child, _ in flow:
            if child.tag == _W + "p":
                for link in child.iterchildren(_W + "hyperlink"):
                    target = self._relations.get(attribute(link, "id") or "")
                    if target and target[0] == "hyperlink":
                        return target[1][:2_000]
        return None

    # Beside the text

    def _headers(self) -> Iterator[str]:
        seen: set[str] = set()
        parts = sorted(target for kind, target in self._relations.values() if kind in {"header", "footer"})
        for part in parts:
            root = self._package.xml(part)
            if root is None:
                continue
            lines = []
            self._fields = _Fields()
            for paragraph in root.iter(_W + "p"):
                line, _ = self._paragraph(paragraph)
                if line.text and line.text not in lines:
                    lines.append(line.text)
            text = "\n".join(lines)[:4_000]
            if text and text not in seen:
                seen.add(text)
                yield text

    def _comments(self) -> Iterator[Comment]:
        root = self._part("comments", "word/comments.xml")
        if root is None:
            return
        extended = self._part("commentsExtended", "word/commentsExtended.xml")
        resolved = {
            attribute(entry, "paraId") for entry in (extended if extended is not None else ()) if attribute(entry, "done") in {"1", "true"}
        }
        for number, element in enumerate(root.iterchildren(_W + "comment")):
            if number >= _MOST_CHANGES:
                self._is_cut = True
                return
            self._fields = _Fields()
            lines = []
            paragraphs = list(element.iter(_W + "p"))
            for paragraph in paragraphs:
                line, _ = self._paragraph(paragraph)
                if line.text:
                    lines.append(line.text)
            last = attribute(paragraphs[-1], "paraId") if paragraphs else None
            yield Comment(
                clean(element.get(_W + "author") or ""),
                element.get(_W + "date"),
                "\n".join(lines)[:4_000],
                last is not None and last in resolved,
            )


class _Styles:
    """styles.xml, with inheritance resolved."""

    def __init__(self, root: etree._Element | None) -> None:
        self._raw: dict[str, etree._Element] = {}
        self._done: dict[str, _Style] = {}
        self._looks: dict[str, _Look] = {}
        self._default = ""
        base = _PLAIN
        if root is not None:
            defaults = root.find(f"{_W}docDefaults/{_W}rPrDefault/{_W}rPr")
            if defaults is not None:
                base = _look(defaults)
            for style in root.iterchildren(_W + "style"):
                name = style.get(_W + "styleId") or ""
                self._raw[name] = style
                if style.get(_W + "type") == "paragraph" and style.get(_W + "default") in {"1", "true", "on"}:
                    self._default = name
        self._base = base

    def paragraph(self, name: str | None) -> _Style:
        """Return a paragraph style by id; of an unknown one what its id tells."""
        key = name or self._default
        if key not in self._done:
            self._done[key] = self._resolve(key)
        return self._done[key]

    def _chain(self, name: str) -> list[etree._Element]:
        chain: list[etree._Element] = []
        seen: set[str] = set()
        while name in self._raw and name not in seen and len(chain) < 50:
            seen.add(name)
            chain.append(self._raw[name])
            name = _value(self._raw[name], "basedOn") or ""
        return chain

    def _resolve(self, key: str) -> _Style:
        chain = self._chain(key)
        if not chain:
            level = heading_level(key)
            return _Style(key, self._base, level, is_title=is_title_style(key))
        look = self._base
        outline: int | None = None
        number: tuple[str, int] | None = None
        for style in reversed(chain):
            look = _look(style.find(_W + "rPr")).over(look)
            properties = style.find(_W + "pPr")
            found = _value(properties, "outlineLvl")
            if found is not None and found.isdecimal():
                outline = int(found)
            numbering = properties.find(_W + "numPr") if properties is not None else None
            if numbering is not None:
                identifier = _value(numbering, "numId")
                number = (identifier or (number[0] if number else "0"), _small(_value(numbering, "ilvl")))
        names = [_value(style, "name") or "" for style in chain]
        level = 0
        if outline is not None:
            level = outline + 1 if outline < 9 else 0
        else:
            level = next((said for name in names if (said := heading_level(name))), 0)
        own = names[0]
        is_list = own.casefold().startswith(("list ", "liste", "lista", "aufzählung"))
        return _Style(
            own,
            look,
            level,
            outline,
            is_title_style(own) or (not level and any(map(is_title_style, names))),
            is_list and not level,
            number[1] if number else 0,
            number[0] if number else "0",
        )

    def character(self, name: str | None) -> _Look:
        """Return what a character style says."""
        if not name:
            return _PLAIN
        if name not in self._looks:
            look = _PLAIN
            for style in reversed(self._chain(name)):
                look = _look(style.find(_W + "rPr")).over(look)
            self._looks[name] = look
        return self._looks[name]

    def has_bold_first_row(self, table: etree._Element) -> bool:
        """Say whether the style of a table prints its first row bold, and the table wants that."""
        properties = table.find(_W + "tblPr")
        look = properties.find(_W + "tblLook") if properties is not None else None
        if look is None:
            return False
        wanted = look.get(_W + "firstRow")
        if wanted is None:
            try:
                wanted = "1" if int(look.get(_VAL) or "0", 16) & 0x20 else "0"
            except ValueError:
                wanted = "0"
        if wanted in _OFF:
            return False
        for style in self._chain(_value(properties, "tblStyle") or ""):
            for part in style.iterchildren(_W + "tblStylePr"):
                if part.get(_W + "type") == "firstRow" and _is_on(part.find(_W + "rPr"), "b"):
                    return True
        return False


class _Numberings:
    """numbering.xml: which lists print numbers."""

    def __init__(self, root: etree._Element | None) -> None:
        self._levels: dict[tuple[str, int], str] = {}
        if root is None:
            return
        abstract: dict[str, dict[int, str]] = {}
        for element in root.iterchildren(_W + "abstractNum"):
            abstract[element.get(_W + "abstractNumId") or ""] = {
                _small(level.get(_W + "ilvl")): _value(level, "numFmt") or "decimal" for level in element.iterchildren(_W + "lvl")
            }
        for element in root.iterchildren(_W + "num"):
            for level, format_ in abstract.get(_value(element, "abstractNumId") or "", {}).items():
                self._levels[element.get(_W + "numId") or "", level] = format_

    def is_numbered(self, number: str, level: int) -> bool:
        """Say whether a level of a list prints a number or letter, not a bullet."""
        return self._levels.get((number, level), "bullet") not in {"bullet", "none"}


# XML


def _value(element: etree._Element | None, name: str) -> str | None:
    if element is None:
        return None
    child = element.find(_W + name)
    return child.get(_VAL) if child is not None else None


def _is_on(element: etree._Element | None, name: str) -> bool:
    return _toggle(element, name) is True


def _toggle(element: etree._Element | None, name: str) -> bool | None:
    child = element.find(_W + name) if element is not None else None
    if child is None:
        return None
    return (child.get(_VAL) or "1") not in _OFF


def _look(properties: etree._Element | None) -> _Look:
    if properties is None or not len(properties):
        return _PLAIN
    struck = _toggle(properties, "strike")
    double = _toggle(properties, "dstrike")
    size = _value(properties, "sz")
    color = _value(properties, "color")
    return _Look(
        _toggle(properties, "b"),
        _toggle(properties, "i"),
        struck if double is None else bool(struck) or double,
        _toggle(properties, "vanish"),
        float(size) / 2 if size and size.isdecimal() and len(size) < 5 else None,
        color.upper() if color else None,
    )


def _small(text: str | None, default: int = 0) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 7 else default


def _place(element: etree._Element) -> bool | None:
    """Return whether a block shows the prompt of a content control; None when it is no block of the body itself."""
    is_prompt = False
    parent = element.getparent()
    while parent is not None:
        name = local(parent)
        if name == "body":
            return is_prompt
        if name in {"p", "tbl", "txbxContent"}:
            return None
        if name == "sdt":
            is_prompt = is_prompt or _shows_prompt(parent)
        elif name == "Fallback":
            return None
        parent = parent.getparent()
    return None


def _forget(element: etree._Element) -> None:
    """Free what was read: this block and its elder siblings."""
    parent = element.getparent()
    element.clear()
    if parent is not None:
        while (elder := element.getprevious()) is not None and local(elder) in {"p", "tbl", "sdt", "bookmarkStart", "bookmarkEnd"}:
            parent.remove(elder)


def _shows_prompt(sdt: etree._Element) -> bool:
    return _is_on(sdt.find(_W + "sdtPr"), "showingPlcHdr")


def _has_text(element: etree._Element) -> bool:
    return any((text.text or "").strip() for text in element.iter(_W + "t"))


def _deleted(element: etree._Element) -> str:
    return "".join(part.text or "" for part in element.iter(_W + "delText", _W + "t"))


def _alternative(element: etree._Element) -> etree._Element | None:
    """Return the branch of alternative content that is read: the first choice, else the fallback; never both."""
    for child in element:
        if local(child) == "Choice" and len(child):
            return child
    return next((child for child in element if local(child) == "Fallback"), None)


def _boxes(element: etree._Element) -> list[etree._Element]:
    """Return the text boxes in a drawing, each once."""
    found: list[etree._Element] = []
    waiting = [element]
    while waiting:
        at = waiting.pop()
        name = local(at)
        if name == "txbxContent":
            found.append(at)
        elif name == "AlternateContent":
            chosen = _alternative(at)
            if chosen is not None:
                waiting.append(chosen)
        else:
            waiting.extend(reversed(at))
    return found


def _flow(element: etree._Element) -> list[etree._Element]:
    return [child for child, _ in _cell_flow(element)]


def _cell_flow(element: etree._Element, *, is_prompt: bool = False, depth: int = 0) -> list[tuple[etree._Element, bool]]:
    """Return the paragraphs and tables directly in a cell or box, through content controls; with whether they show a prompt."""
    found: list[tuple[etree._Element, bool]] = []
    for child in element:
        name = local(child)
        if name in {"p", "tbl"}:
            found.append((child, is_prompt))
        elif name == "sdt" and depth < _MOST_DEPTH:
            content = child.find(_W + "sdtContent")
            if content is not None:
                found += _cell_flow(content, is_prompt=is_prompt or _shows_prompt(child), depth=depth + 1)
        elif name in {"customXml", "ins", "moveTo", "smartTag"} and depth < _MOST_DEPTH:
            found += _cell_flow(child, is_prompt=is_prompt, depth=depth + 1)
    return found


def _inside(element: etree._Element, wanted: str, depth: int = 0) -> Iterator[etree._Element]:
    for child in element:
        name = local(child)
        if name == wanted:
            yield child
        elif name == "sdt" and depth < _MOST_DEPTH:
            content = child.find(_W + "sdtContent")
            if content is not None:
                yield from _inside(content, wanted, depth + 1)
        elif name in {"customXml", "ins", "moveTo"} and depth < _MOST_DEPTH:
            yield from _inside(child, wanted, depth + 1)


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    return _inside(table, "tr")


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    return _inside(row, "tc")


def _covered(cell: Cell) -> Cell:
    return Cell(cell.text, cell.value, cell.type, 1, 1, True, cell.is_struck, cell.is_bold, cell.is_placeholder, cell.link)
