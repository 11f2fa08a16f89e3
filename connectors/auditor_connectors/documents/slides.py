"""pptx: slide by slide, the title as heading, then text and tables from top to bottom. Notes are left out: nobody sees them."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from lxml import etree

from auditor.connect.document import Cell, Comment, Document, TableBlock
from auditor_connectors.documents.container import Package, attribute, local
from auditor_connectors.documents.limits import Limits, Unreadable
from auditor_connectors.documents.look import Line, finish
from auditor_connectors.documents.properties import office_properties
from auditor_connectors.documents.text import clean, is_placeholder

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MOST_DEPTH = 30
_VALUE = re.compile(r":\s*\S")
_MOST_COMMENTS = 5_000
_TITLES = frozenset({"title", "ctrTitle"})
_FURNITURE = frozenset({"sldNum", "dt", "ftr", "hdr"})


def read_pptx(package: Package, main: str, limits: Limits) -> Document:
    """Return the structure of a presentation whose main part is *main*.

    Raises:
        Unreadable: damaged, encrypted, or beyond the limits.
    """
    return _Reader(package, main, limits).read()


class _Reader:
    def __init__(self, package: Package, main: str, limits: Limits) -> None:
        self._package = package
        self._main = main
        self._limits = limits
        self._is_cut = False
        self._headers: list[str] = []

    def read(self) -> Document:
        root = self._package.xml(self._main)
        if root is None:
            raise Unreadable("damaged", "the main part is empty")
        relations = self._package.relations(self._main)
        parts = [relations.get(element.get(_RELATIONSHIP) or "", ("", ""))[1] for element in root.iter(_P + "sldId")]
        items: list[Line | TableBlock] = []
        comments: list[Comment] = []
        authors = self._authors(relations)
        for number, part in enumerate(parts, 1):
            if number > self._limits.pages or len(items) > self._limits.blocks:
                self._is_cut = True
                break
            slide = self._package.xml(part) if part else None
            if slide is None or slide.get("show") in {"0", "false"}:
                continue
            items += self._slide(slide, part, number, is_first=not items)
            comments += self._comments(part, authors)
        finished = finish(items, self._limits, by_look=False)
        properties = office_properties(self._package)
        return Document(
            "pptx",
            finished.blocks,
            properties | {"pages": str(len(parts))},
            tuple(dict.fromkeys(self._headers))[:100],
            tuple(comments[:_MOST_COMMENTS]),
            page_count=len(parts),
            broken_reference_count=finished.broken_reference_count,
            placeholder_count=finished.placeholder_count,
            is_cut=finished.is_cut or self._is_cut,
        )

    def _slide(self, slide: etree._Element, part: str, number: int, *, is_first: bool) -> list[Line | TableBlock]:
        tree = slide.find(f"{_P}cSld/{_P}spTree")
        layout = self._layout(part)
        found: list[tuple[int, int, int, list[Line | TableBlock]]] = []
        tables = 0
        for shape, left, top in _shapes(tree, 0, 0, 0) if tree is not None else ():
            kind = _placeholder(shape)
            if kind in _FURNITURE:
                text = clean(_text(shape))
                if kind != "sldNum" and text:
                    self._headers.append(text)
                continue
            if local(shape) == "graphicFrame":
                for table in shape.iter(_A + "tbl"):
                    tables += 1
                    block = self._table(table, number, tables)
                    if block is not None:
                        found.append((1, top, left, [block]))
                found += [
                    (1, top, left, [Line(text, locator=f"slide {number}", page=number) for text in words])
                    for words in _diagram(self._package, part, shape)
                ]
                continue
            lines = self._lines(shape, number)
            if not lines or (len(lines) == 1 and lines[0].text == str(number)):
                continue
            if kind in _TITLES:
                text = clean(" ".join(line.text for line in lines))
                is_cover = is_first and (kind == "ctrTitle" or layout == "title")
                heading = Line(
                    text,
                    0 if is_cover else 1,
                    "" if is_cover else "style",
                    f"slide {number}",
                    style="Title",
                    is_title=is_cover,
                    page=number,
                    is_placeholder=is_placeholder(text),
                )
                found.append((0, top, left, [heading]))
            else:
                found.append((1, top, left, list(lines)))
        found.sort(key=lambda entry: entry[:3])
        items = [item for _, _, _, lines in found for item in lines]
        if items and not any(isinstance(item, Line) and (item.level or item.is_title) for item in items):
            _promote(items, is_first=is_first)
        _mark_labels(items)
        return items

    def _layout(self, part: str) -> str:
        for target in self._package.related(part, "slideLayout"):
            root = self._package.xml(target)
            return (root.get("type") or "") if root is not None else ""
        return ""

    def _lines(self, shape: etree._Element, number: int) -> list[Line]:
        body = shape.find(_P + "txBody")
        lines = []
        for paragraph in body.iterchildren(_A + "p") if body is not None else ():
            text, struck, is_bold, size = _paragraph(paragraph)
            if not text:
                continue
            properties = paragraph.find(_A + "pPr")
            level = properties.get("lvl") if properties is not None else None
            depth = int(level) if level and level.isdecimal() and len(level) < 3 else 0
            is_bulleted = properties is not None and any(local(child) in {"buChar", "buAutoNum", "buBlip"} for child in properties)
            is_list = is_bulleted or depth > 0 or _placeholder(shape) in {"body", "obj", ""}
            lines.append(
                Line(
                    text,
                    locator=f"slide {number}",
                    is_list_item=is_list and _placeholder(shape) is not None,
                    list_level=depth,
                    size=size,
                    is_bold=is_bold,
                    is_struck=struck,
                    page=number,
                )
            )
        return lines

    def _table(self, table: etree._Element, number: int, count: int) -> TableBlock | None:
        limits = self._limits
        rows: list[tuple[Cell, ...]] = []
        is_cut = False
        properties = table.find(_A + "tblPr")
        for row in table.iterchildren(_A + "tr"):
            if len(rows) >= limits.rows:
                is_cut = True
                break
            out: list[Cell] = []
            for element in row.iterchildren(_A + "tc"):
                if len(out) >= limits.columns:
                    is_cut = True
                    break
                if element.get("hMerge") in {"1", "true"} and out:
                    out.append(_covered(out[-1]))
                elif element.get("vMerge") in {"1", "true"} and rows and len(out) < len(rows[-1]):
                    out.append(_covered(rows[-1][len(out)]))
                else:
                    out.append(self._cell(element))
            rows.append(tuple(out))
        if not any(cell.text for row in rows for cell in row):
            return None
        width = max(map(len, rows))
        empty = Cell("", type="empty")
        has_header = properties is not None and properties.get("firstRow") in {"1", "true"} and len(rows) > 1
        return TableBlock(
            tuple(row + (empty,) * (width - len(row)) for row in rows),
            locator=f"slide {number} table {count}",
            header_rows=int(has_header),
            is_cut=is_cut,
        )

    def _cell(self, element: etree._Element) -> Cell:
        lines = [_paragraph(paragraph) for paragraph in element.iter(_A + "p")]
        lines = [line for line in lines if line[0]]
        valid = [line for line in lines if not line[1]] or lines
        text = "\n".join(line[0] for line in valid)[: self._limits.cell_text]
        rows, columns = _span(element, "rowSpan"), _span(element, "gridSpan")
        if not text:
            return Cell("", None, "empty", rows, columns)
        return Cell(
            text,
            None,
            "text",
            rows,
            columns,
            is_struck=all(line[1] for line in lines),
            is_bold=all(line[2] for line in valid),
            is_placeholder=is_placeholder(text),
        )

    def _authors(self, relations: dict[str, tuple[str, str]]) -> dict[str, str]:
        found = {}
        for kind, target in relations.values():
            if kind in {"commentAuthors", "authors"} and (root := self._package.xml(target)) is not None:
                for element in root:
                    found[element.get("id") or ""] = clean(element.get("name") or "")
        return found

    def _comments(self, part: str, authors: dict[str, str]) -> Iterator[Comment]:
        for target in self._package.related(part, "comments"):
            root = self._package.xml(target)
            for element in root.iter() if root is not None else ():
                if local(element) not in {"cm", "reply"}:
                    continue
                texts = ["".join(map(str, child.itertext())) for child in element if local(child) in {"text", "txBody"}]
                text = clean("\n".join(texts))
                if text:
                    author = authors.get(attribute(element, "authorId") or "", "")
                    date = attribute(element, "dt") or attribute(element, "created")
                    yield Comment(author, date, text[:4_000], attribute(element, "status") in {"resolved", "closed"})


def _mark_labels(items: list[Line | TableBlock]) -> None:
    """Make short lines in bold or capitals, with other text below, headings within the slide."""
    for item, after in pairwise(items):
        if isinstance(item, Line) and not item.level and not item.is_title and not item.is_list_item and _is_label(item):
            if isinstance(after, Line) and (_is_label(after) or after.level):
                continue
            item.level, item.level_basis = 2, "look"


def _is_label(line: Line) -> bool:
    text = line.text
    letters = sum(map(str.isalpha, text))
    return (
        letters >= 3
        and len(text) <= 60
        and len(text.split()) <= 6
        and "\n" not in text
        and not _VALUE.search(text)
        and (line.is_bold or text.isupper())
        and not text.endswith((".", ",", ";"))
    )


def _promote(items: list[Line | TableBlock], *, is_first: bool) -> None:
    """Make the largest short line at the top of a slide without a title placeholder its heading."""
    lines = [item for item in items[:6] if isinstance(item, Line) and len(item.text) <= 100]
    sized = [line for line in lines if line.size]
    if not sized:
        return
    best = max(sized, key=lambda line: line.size or 0)
    others = [item.size or 0 for item in items if isinstance(item, Line) and item is not best]
    if others and max(others) >= (best.size or 0):
        return
    if is_first:
        best.is_title = True
    else:
        best.level, best.level_basis = 1, "look"
    best.is_list_item = False


def _shapes(tree: etree._Element, left: int, top: int, depth: int) -> Iterator[tuple[etree._Element, int, int]]:
    """Yield the shapes of a slide, those of groups included, with their places."""
    for child in tree:
        name = local(child)
        if name in {"sp", "graphicFrame"}:
            x, y = _offset(child)
            yield child, x if x is not None else left, y if y is not None else top
        elif name == "grpSp" and depth < _MOST_DEPTH:
            x, y = _offset(child)
            yield from _shapes(child, x or left, y or top, depth + 1)
        elif name == "AlternateContent":
            for branch in child:
                if local(branch) in {"Choice", "Fallback"}:
                    yield from _shapes(branch, left, top, depth + 1)
                    break


def _offset(shape: etree._Element) -> tuple[int | None, int | None]:
    for element in shape.iter(_A + "off"):
        try:
            return int(element.get("x") or 0), int(element.get("y") or 0)
        except ValueError:
            return None, None
    return None, None


def _placeholder(shape: etree._Element) -> str | None:
    """Return the type of the placeholder that a shape fills; '' for one of content, None for a free shape."""
    for element in shape.iter(_P + "ph"):
        return element.get("type") or ""
    return None


def _paragraph(element: etree._Element) -> tuple[str, bool, bool, float | None]:
    """Return text, whether it is struck, whether it is bold, and the largest size."""
    pieces: list[tuple[str, bool, bool]] = []
    sizes: Counter[float] = Counter()
    for child in element:
        name = local(child)
        if name in {"r", "fld"}:
            text = "".join(part.text or "" for part in child.iterchildren(_A + "t"))
            properties = child.find(_A + "rPr")
            strike = properties.get("strike") if properties is not None else None
            bold = properties.get("b") if properties is not None else None
            size = properties.get("sz") if properties is not None else None
            if size and size.isdecimal() and len(size) < 7:
                sizes[int(size) / 100] += len(text)
            pieces.append((text, strike not in {None, "noStrike"}, bold in {"1", "true"}))
        elif name == "br":
            pieces.append(("\n", False, True))
    kept = [piece for piece in pieces if not piece[1]]
    has_kept = any(text.strip() for text, _, _ in kept)
    used = kept if has_kept else pieces
    text = clean("".join(text for text, _, _ in used))
    is_bold = bool(text) and all(bold for part, _, bold in used if part.strip())
    return text, bool(text) and not has_kept, is_bold, max(sizes) if sizes else None


def _text(shape: etree._Element) -> str:
    return " ".join("".join(part.text or "" for part in paragraph.iter(_A + "t")) for paragraph in shape.iter(_A + "p"))


def _diagram(package: Package, part: str, shape: etree._Element) -> Iterator[list[str]]:
    """Yield the texts of a SmartArt drawing."""
    for element in shape.iter():
        if local(element) == "relIds":
            target = package.relations(part).get(attribute(element, "dm") or "", ("", ""))[1]
            root = package.xml(target) if target else None
            if root is not None:
                texts = [clean("".join(word.text or "" for word in paragraph.iter(_A + "t"))) for paragraph in root.iter(_A + "p")]
                yield [text for text in texts if text]


def _span(element: etree._Element, name: str) -> int:
    value = element.get(name) or "1"
    return max(1, int(value)) if value.isdecimal() and len(value) < 5 else 1


def _covered(cell: Cell) -> Cell:
    return Cell(cell.text, cell.value, cell.type, 1, 1, True, cell.is_struck, cell.is_bold, cell.is_placeholder, cell.link)
