"""odt: paragraphs, tables, annotations and tracked changes in reading order."""

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from lxml import etree

from auditor.connect.document import Cell, Comment, Document, TableBlock, TrackedChange
from auditor_connectors.documents.container import Package, local
from auditor_connectors.documents.limits import Limits, Unreadable
from auditor_connectors.documents.look import Line, finish
from auditor_connectors.documents.odf import DRAW, OFFICE, STYLE, TABLE, TEXT, XLINK, OdfStyle, OdfStyles, annotation, odf_properties
from auditor_connectors.documents.text import clean, heading_level, is_placeholder, is_title_style, looks_like_guidance

_MOST_DEPTH = 40
_MOST_CHANGES = 5_000
_INDEXES = frozenset(
    {
        "table-of-content",
        "alphabetical-index",
        "illustration-index",
        "table-index",
        "object-index",
        "user-index",
        "bibliography",
    }
)
_SKIPPED = frozenset(
    {
        "note",
        "tracked-changes",
        "hidden-paragraph",
        "hidden-text",
        "forms",
        "sequence-decls",
        "variable-decls",
        "user-field-decls",
        "ruby-text",
    }
)
_BLUE = frozenset({"#0000ff", "#3366ff", "#0070c0", "#548dd4", "#4f81bd", "#0066ff", "#3333ff"})


@dataclass(slots=True)
class _Run:
    text: str
    style: OdfStyle
    is_prompt: bool = False


def read_odt(package: Package, limits: Limits) -> Document:
    """Return the structure of an OpenDocument text.

    Raises:
        Unreadable: damaged, or beyond the limits.
    """
    return _Reader(package, limits).read()


class _Reader:
    def __init__(self, package: Package, limits: Limits) -> None:
        self._package = package
        self._limits = limits
        self._styles = OdfStyles()
        self._items: list[Line | TableBlock] = []
        self._comments: list[Comment] = []
        self._changes: dict[str, tuple[Literal["insertion", "deletion", "format"], str, str | None, list[str]]] = {}
        self._inserting: set[str] = set()
        self._paragraphs = 0
        self._tables = 0
        self._is_cut = False
        self._list_styles: dict[str, etree._Element] = {}

    def read(self) -> Document:
        named = self._package.xml("styles.xml")
        content = self._package.xml("content.xml")
        body = content.find(f"{OFFICE}body/{OFFICE}text") if content is not None else None
        if content is None or body is None:
            raise Unreadable("damaged", "there is no text in the content")
        for root in (named, content):
            self._styles.add(root)
            if root is not None:
                for element in root.iter(TEXT + "list-style"):
                    self._list_styles[element.get(STYLE + "name") or ""] = element
        for region in body.iterfind(f"{TEXT}tracked-changes/{TEXT}changed-region"):
            self._read_change(region)
        self._flow(body, 0)
        headers = tuple(self._headers(named))
        finished = finish(self._items, self._limits)
        properties, pages = odf_properties(self._package)
        return Document(
            "odt",
            finished.blocks,
            properties,
            headers,
            tuple(self._comments[:_MOST_CHANGES]),
            tuple(TrackedChange(kind, author, at, clean("".join(texts))[:2_000]) for kind, author, at, texts in self._changes.values()),
            pages,
            finished.broken_reference_count,
            finished.placeholder_count,
            finished.is_cut or self._is_cut,
        )

    def _read_change(self, region: etree._Element) -> None:
        if len(self._changes) >= _MOST_CHANGES:
            self._is_cut = True
            return
        identifier = region.get(TEXT + "id") or region.get("{http://www.w3.org/XML/1998/namespace}id") or str(len(self._changes))
        for change in region:
            name = local(change)
            kinds: dict[str, Literal["insertion", "deletion", "format"]] = {
                "insertion": "insertion",
                "deletion": "deletion",
                "format-change": "format",
            }
            if name not in kinds:
                continue
            author, date, texts = "", None, []
            for child in change:
                if local(child) == "change-info":
                    for part in child:
                        if local(part) == "creator":
                            author = clean("".join(map(str, part.itertext())))
                        elif local(part) == "date":
                            date = clean("".join(map(str, part.itertext()))) or None
                else:
                    texts.append("".join(map(str, child.itertext())) + "\n")
            self._changes[identifier] = (kinds[name], author, date, texts)

    # Flow

    def _flow(self, parent: etree._Element, depth: int, *, is_list: bool = False, list_level: int = 0, number: bool = False) -> None:
        if depth > _MOST_DEPTH:
            self._is_cut = True
            return
        for child in parent:
            if len(self._items) > self._limits.blocks:
                self._is_cut = True
                return
            name = local(child)
            if name in {"p", "h"}:
                self._add_paragraph(child, is_list=is_list, list_level=list_level, number=number, depth=depth)
            elif name == "list":
                level = list_level + 1 if is_list else 0
                is_numbered = self._is_numbered(child, level) if child.get(TEXT + "style-name") or not is_list else number
                for item in child:
                    self._flow(item, depth + 1, is_list=local(item) == "list-item", list_level=level, number=is_numbered)
            elif name == "table":
                self._add_table(child, depth)
            elif name in _INDEXES:
                for paragraph in child.iter(TEXT + "p"):
                    self._add_paragraph(paragraph, is_toc=True, depth=depth)
            elif name in {"change-start", "change-end", "change"}:
                self._mark(child, name)
            elif name == "frame":
                self._boxes(child, depth)
            elif name not in _SKIPPED:
                self._flow(child, depth + 1, is_list=is_list, list_level=list_level, number=number)

    def _is_numbered(self, element: etree._Element, level: int) -> bool:
        style = self._list_styles.get(element.get(TEXT + "style-name") or "")
        if style is None:
            return False
        for entry in style:
            if entry.get(TEXT + "level") == str(level + 1):
                return local(entry) == "list-level-style-number" and bool(entry.get(STYLE + "num-format"))
        return False

    def _mark(self, element: etree._Element, name: str) -> None:
        identifier = element.get(TEXT + "change-id") or ""
        if name == "change-start":
            self._inserting.add(identifier)
        elif name == "change-end":
            self._inserting.discard(identifier)

    def _add_paragraph(
        self,
        element: etree._Element,
        *,
        is_list: bool = False,
        list_level: int = 0,
        number: bool = False,
        is_toc: bool = False,
        depth: int = 0,
    ) -> None:
        self._paragraphs += 1
        locator = f"paragraph {self._paragraphs}"
        line, boxes = self._paragraph(element)
        if line.text:
            line.locator = locator
            line.is_toc = line.is_toc or is_toc
            if line.is_toc:
                line.level, line.level_basis = 0, ""
            if is_list and not line.level:
                line.is_list_item, line.list_level = True, list_level
                line.number_depth = list_level + 1 if number else 0
            self._items.append(line)
        for box in boxes:
            self._boxes(box, depth)

    def _boxes(self, frame: etree._Element, depth: int) -> None:
        for box in frame.iterchildren(DRAW + "text-box"):
            self._flow(box, depth + 1)

    def _paragraph(self, element: etree._Element) -> tuple[Line, list[etree._Element]]:
        style = self._styles.get("paragraph", element.get(TEXT + "style-name"))
        runs: list[_Run] = []
        boxes: list[etree._Element] = []
        self._runs(element, style, runs, boxes, 0)
        shown = [run for run in runs if not run.style.hidden]
        kept = [run for run in shown if not run.style.struck]
        has_kept = any(run.text.strip() for run in kept)
        used = kept if has_kept else shown
        line = Line(clean("".join(run.text for run in used)), style=style.name)
        if not line.text:
            return line, boxes
        weights = [(run, len(run.text.strip())) for run in used]
        total = sum(length for _, length in weights) or 1
        line.is_struck = not has_kept
        line.is_bold = sum(length for run, length in weights if run.style.bold) > 0.9 * total
        line.is_italic = sum(length for run, length in weights if run.style.italic) > 0.9 * total
        sizes: Counter[float] = Counter()
        for run, length in weights:
            sizes[run.style.size or 12.0] += length
        line.size = max(sizes, key=lambda size: (sizes[size], size))
        is_blue = sum(length for run, length in weights if (run.style.color or "").casefold() in _BLUE) > 0.9 * total
        line.is_placeholder = sum(length for run, length in weights if run.is_prompt) > 0.9 * total
        line.may_be_guidance = looks_like_guidance(style.name, is_blue=is_blue, is_italic=line.is_italic)
        name = style.name.casefold()
        line.is_toc = name.startswith(("contents ", "inhaltsverzeichnis", "table des matières", "índice"))
        line.is_caption = name in {"caption", "table", "beschriftung", "tabelle", "légende", "tableau", "leyenda", "tabla"}
        line.is_title = is_title_style(style.name)
        if local(element) == "h":
            level = element.get(TEXT + "outline-level") or "1"
            line.level = min(int(level), 9) if level.isdecimal() and len(level) < 3 else 1
            line.level_basis = "style" if style.outline or heading_level(style.name) else "outline"
        elif style.outline or heading_level(style.name):
            line.level, line.level_basis = min(style.outline or heading_level(style.name), 9), "style"
        if line.is_title or len(line.text) > 400:
            line.level, line.level_basis = 0, ""
        return line, boxes

    def _runs(self, element: etree._Element, base: OdfStyle, runs: list[_Run], boxes: list[etree._Element], depth: int) -> None:
        if depth > _MOST_DEPTH:
            self._is_cut = True
            return
        self._say(element.text, base, runs)
        for child in element:
            name = local(child)
            if name == "s":
                count = child.get(TEXT + "c") or "1"
                self._say(" " * min(int(count) if count.isdecimal() else 1, 100), base, runs)
            elif name == "tab":
                self._say("\t", base, runs)
            elif name == "line-break":
                self._say("\n", base, runs)
            elif name == "annotation":
                comment = annotation(child)
                if comment.text and len(self._comments) < _MOST_CHANGES:
                    self._comments.append(comment)
            elif name in {"change-start", "change-end", "change"}:
                self._mark(child, name)
            elif name == "frame":
                boxes.append(child)
            elif name == "span":
                self._runs(child, _over(self._styles.get("text", child.get(TEXT + "style-name")), base), runs, boxes, depth + 1)
            elif name == "placeholder":
                runs.append(_Run("".join(map(str, child.itertext())), base, is_prompt=True))
            elif name not in _SKIPPED:
                self._runs(child, base, runs, boxes, depth + 1)
            self._say(child.tail, base, runs)

    def _say(self, text: str | None, style: OdfStyle, runs: list[_Run]) -> None:
        if text:
            # Line ends of the file are white space; real ones are elements.
            text = text if text in {"\n", "\t"} else text.replace("\n", " ").replace("\r", " ")
            runs.append(_Run(text, style))
            for identifier in self._inserting:
                if identifier in self._changes and self._changes[identifier][0] == "insertion":
                    self._changes[identifier][3].append(text)

    # Tables

    def _add_table(self, element: etree._Element, depth: int) -> None:
        self._tables += 1
        number = self._tables
        rows = list(_rows(element))
        cells = [cell for row, _ in rows for cell in row if local(cell) == "table-cell"]
        is_frame = len(cells) == 1 or (
            all(sum(1 for cell in row if local(cell) == "table-cell") <= 1 for row, _ in rows)
            and any(cell.find(".//" + TEXT + "h") is not None for cell in cells)
        )
        if is_frame:
            for cell in cells:
                self._flow(cell, depth + 1)
            return
        nested: list[etree._Element] = []
        table = self._table(rows, number, nested)
        if table is not None:
            self._items.append(table)
        for inner in nested:
            if depth < _MOST_DEPTH:
                self._add_table(inner, depth + 1)
            else:
                self._is_cut = True

    def _table(self, rows: list[tuple[etree._Element, bool]], number: int, nested: list[etree._Element]) -> TableBlock | None:
        limits = self._limits
        empty = Cell("", type="empty")
        grid: list[list[Cell]] = []
        covered: dict[tuple[int, int], Cell] = {}
        header_rows = 0
        is_cut = False
        count = 0
        for row, is_header in rows:
            times = _repeated(row, "number-rows-repeated")
            at = len(grid)
            out: list[Cell] = []
            for child in row:
                name = local(child)
                if name not in {"table-cell", "covered-table-cell"}:
                    continue
                repeat = min(_repeated(child, "number-columns-repeated"), limits.columns - len(out))
                if repeat <= 0:
                    is_cut = True
                    break
                if name == "covered-table-cell":
                    out += [covered.get((at, len(out) + offset), empty) for offset in range(repeat)]
                    continue
                cell = self._cell(child, nested)
                for _ in range(repeat):
                    column = len(out)
                    for down in range(min(cell.row_span, limits.rows - at)):
                        for right in range(min(cell.column_span, limits.columns - column)):
                            if (down or right) and len(covered) < limits.cells:
                                covered[at + down, column + right] = Cell(
                                    cell.text, None, cell.type, 1, 1, True, cell.is_struck, cell.is_bold, cell.is_placeholder, cell.link
                                )
                    out.append(cell)
            is_filled = any(cell.text for cell in out)
            for _ in range(min(times, limits.rows if is_filled else 1)):
                if len(grid) >= limits.rows or count > limits.cells:
                    is_cut = True
                    break
                grid.append(out)
                count += len(out)
            if is_header and header_rows == at:
                header_rows = len(grid)
        while grid and not any(cell.text for cell in grid[-1]):
            grid.pop()
        if not grid:
            return None
        width = max(map(len, grid))
        return TableBlock(
            tuple(tuple(row + [empty] * (width - len(row))) for row in grid),
            name="",
            locator=f"table {number}",
            header_rows=min(header_rows, len(grid)),
            is_cut=is_cut,
        )

    def _cell(self, element: etree._Element, nested: list[etree._Element]) -> Cell:
        spans = _repeated(element, "number-rows-spanned"), min(_repeated(element, "number-columns-spanned"), self._limits.columns)
        lines: list[Line] = []
        self._cell_lines(element, lines, nested, 0)
        valid = [line for line in lines if not line.is_struck] or lines
        text = "\n".join(line.text for line in valid)[: self._limits.cell_text]
        if not text:
            return Cell("", None, "empty", *spans)
        anchor = element.find(".//" + TEXT + "a")
        return Cell(
            text,
            None,
            "text",
            *spans,
            is_struck=all(line.is_struck for line in lines),
            is_bold=all(line.is_bold or bool(line.level) for line in valid),
            is_placeholder=all(line.is_placeholder for line in valid) or is_placeholder(text),
            link=((anchor.get(XLINK + "href") or "")[:2_000] or None) if anchor is not None else None,
        )

    def _cell_lines(self, element: etree._Element, lines: list[Line], nested: list[etree._Element], depth: int) -> None:
        if depth > _MOST_DEPTH:
            self._is_cut = True
            return
        for child in element:
            name = local(child)
            if name in {"p", "h"}:
                self._paragraphs += 1
                line, boxes = self._paragraph(child)
                if line.text:
                    lines.append(line)
                for box in boxes:
                    for inner in box.iterchildren(DRAW + "text-box"):
                        self._cell_lines(inner, lines, nested, depth + 1)
            elif name == "table":
                nested.append(child)
            elif name in {"list", "list-item", "list-header", "section"}:
                self._cell_lines(child, lines, nested, depth + 1)

    def _headers(self, root: etree._Element | None) -> list[str]:
        found: list[str] = []
        if root is None:
            return found
        for element in root.iter(
            *(STYLE + name for name in ("header", "footer", "header-first", "footer-first", "header-left", "footer-left"))
        ):
            lines: list[str] = []
            for paragraph in element.iter(TEXT + "p", TEXT + "h"):
                line, _ = self._paragraph(paragraph)
                if line.text and line.text not in lines:
                    lines.append(line.text)
            text = "\n".join(lines)[:4_000]
            if text and text not in found:
                found.append(text)
        return found


def _over(style: OdfStyle, base: OdfStyle) -> OdfStyle:
    return OdfStyle(
        base.name,
        base.bold if style.bold is None else style.bold,
        base.italic if style.italic is None else style.italic,
        base.struck if style.struck is None else style.struck,
        base.hidden if style.hidden is None else style.hidden,
        base.size if style.size is None else style.size,
        base.color if style.color is None else style.color,
    )


def _rows(table: etree._Element) -> list[tuple[etree._Element, bool]]:
    found: list[tuple[etree._Element, bool]] = []
    waiting = [(child, False) for child in reversed(table)]
    while waiting:
        element, is_header = waiting.pop()
        name = local(element)
        if name == "table-row":
            found.append((element, is_header))
        elif name in {"table-rows", "table-header-rows", "table-row-group"}:
            waiting += [(child, is_header or name == "table-header-rows") for child in reversed(element)]
    return found


def _repeated(element: etree._Element, name: str) -> int:
    value = element.get(TABLE + name) or "1"
    return max(int(value), 1) if value.isdecimal() and len(value) < 9 else 1
