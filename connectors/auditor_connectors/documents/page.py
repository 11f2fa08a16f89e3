"""html: what a reader of the page sees; nothing is run, nothing is fetched."""

from lxml import etree, html

from auditor.connect.document import Cell, Document, TableBlock
from auditor_connectors.documents.limits import Limits, Unreadable
from auditor_connectors.documents.look import Line, finish
from auditor_connectors.documents.text import clean, is_placeholder

_SKIPPED = frozenset(
    {"script", "style", "noscript", "template", "head", "svg", "iframe", "object", "embed", "nav", "select", "button", "canvas", "math"}
)
_BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "div", "dl", "dt", "fieldset",
        "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "li",
        "main", "ol", "p", "pre",
        "section", "summary", "table", "ul",
    }
)  # fmt: skip
_STRUCK = frozenset({"s", "strike", "del"})
_BOLD = frozenset({"b", "strong", "th"})
_MOST_DEPTH = 120
_META = {"author": "creator", "description": "description", "keywords": "keywords", "generator": "application", "date": "created"}


def read_html(text: str, limits: Limits) -> Document:
    """Return the structure of a web page.

    Raises:
        Unreadable: nothing can be read in it.
    """
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False, encoding="utf-8")
    try:
        root = html.document_fromstring(text[: limits.text].encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable("damaged", "no page can be made of it") from error
    reader = _Reader(limits)
    body = root.find("body")
    reader.flow(body if body is not None else root)
    finished = finish(reader.items, limits)
    if not finished.blocks and reader.is_cut:
        raise Unreadable("damaged", "nested too deeply")
    if not finished.blocks:
        raise Unreadable("empty", "the page shows no text")
    return Document(
        "html",
        finished.blocks,
        _properties(root),
        broken_reference_count=finished.broken_reference_count,
        placeholder_count=finished.placeholder_count,
        is_cut=finished.is_cut or reader.is_cut or len(text) > limits.text,
    )


def read_part(text: str, limits: Limits) -> list[Line | TableBlock]:
    """Return what a piece of a page shows, as HTML stands amid a text of another kind; nothing when no page can be made of it."""
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False, encoding="utf-8")
    try:
        root = html.document_fromstring(f"<html><body>{text}</body></html>".encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return []
    reader = _Reader(limits)
    body = root.find("body")
    reader.flow(body if body is not None else root)
    return reader.items


def _properties(root: html.HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    title = root.find("head/title")
    if title is not None and (text := clean(title.text or "")):
        found["title"] = text[:4_000]
    language = root.get("lang")
    if language:
        found["language"] = clean(language)[:40]
    for element in root.iterfind("head/meta"):
        name = _META.get((element.get("name") or "").casefold())
        value = clean(element.get("content") or "")
        if name and value:
            found.setdefault(name, value[:4_000])
    return found


class _Reader:
    def __init__(self, limits: Limits) -> None:
        self.items: list[Line | TableBlock] = []
        self.is_cut = False
        self._limits = limits
        self._open: list[tuple[str, bool, bool]] = []  # text, struck, bold
        self._tables = 0
        self._blocks = 0

    def flow(
        self, element: etree._Element, depth: int = 0, *, struck: bool = False, bold: bool = False, item: int | None = None, lists: int = 0
    ) -> None:
        """Take what is inside *element*."""
        if depth > _MOST_DEPTH or len(self.items) > self._limits.blocks:
            self.is_cut = True
            return
        self._say(element.text, struck, bold)
        for child in element:
            tag = child.tag if isinstance(child.tag, str) else ""
            if tag in _SKIPPED or _is_hidden(child):
                pass
            elif tag == "br":
                self._say("\n", struck, bold)
            elif tag == "table":
                self.close(list_level=item)
                self._table(child, depth)
            elif tag in _BLOCKS:
                self.close(list_level=item)
                inner = lists + 1 if tag in {"ul", "ol"} else lists
                own = max(lists - 1, 0) if tag == "li" else item
                self.flow(child, depth + 1, struck=struck, bold=bold, item=own, lists=inner)
                if len(tag) == 2 and tag[0] == "h" and tag[1] in "123456":
                    self.close(level=int(tag[1]))
                else:
                    self.close(list_level=own)
            else:
                self.flow(
                    child,
                    depth + 1,
                    struck=struck or tag in _STRUCK or "line-through" in (child.get("style") or ""),
                    bold=bold or tag in _BOLD,
                    item=item,
                    lists=lists,
                )
            self._say(child.tail, struck, bold)
        if depth == 0:
            self.close()

    def _say(self, text: str | None, struck: bool, bold: bool) -> None:
        if text:
            self._open.append((text if text == "\n" else text.replace("\n", " ").replace("\r", " "), struck, bold))

    def close(self, *, level: int = 0, list_level: int | None = None) -> None:
        """End the paragraph that is open."""
        pieces, self._open = self._open, []
        kept = [piece for piece in pieces if not piece[1]]
        has_kept = any(text.strip() for text, _, _ in kept)
        used = kept if has_kept else pieces
        text = clean("".join(text for text, _, _ in used))
        if not text:
            return
        self._blocks += 1
        line = Line(text, level, "style" if level else "", f"paragraph {self._blocks}", is_struck=not has_kept)
        line.is_bold = all(bold for part, _, bold in used if part.strip())
        if list_level is not None:
            line.is_list_item, line.list_level = True, list_level
        self.items.append(line)

    def _table(self, element: etree._Element, depth: int) -> None:
        rows = [row for row in element.iter("tr") if _owner(row) is element]
        cells = [[cell for cell in row if cell.tag in {"td", "th"}] for row in rows]
        if sum(map(len, cells)) == 1 or (
            cells and max(map(len, cells)) == 1 and any(True for _ in element.iter("h1", "h2", "h3", "table"))
        ):
            for row in cells:
                for cell in row:
                    self.flow(cell, depth + 1)
                    self.close()
            return
        self._tables += 1
        limits = self._limits
        grid: list[list[Cell]] = []
        hanging: dict[int, tuple[int, Cell]] = {}  # column → rows still covered from above
        header_rows = 0
        nested: list[etree._Element] = []
        is_cut = False
        for tr, content in zip(rows, cells, strict=True):
            if len(grid) >= limits.rows:
                is_cut = True
                break
            out: list[Cell] = []
            for cell in content:
                self._hang(out, hanging)
                columns, down = _span(cell, "colspan", limits.columns), _span(cell, "rowspan", limits.rows)
                if len(out) + columns > limits.columns:
                    is_cut = True
                    break
                made = self._cell(cell, down, columns)
                covered = Cell(made.text, None, made.type, 1, 1, True, made.is_struck, made.is_bold, made.is_placeholder, made.link)
                for offset in range(columns):
                    if down > 1:
                        hanging[len(out)] = (down - 1, covered)
                    out.append(made if not offset else covered)
                nested += [table for table in cell.iter("table") if _owner(table) is element]
            self._hang(out, hanging)
            parent = tr.getparent()
            is_head = parent is not None and parent.tag == "thead"
            if header_rows == len(grid) and (is_head or (not grid and content and all(cell.tag == "th" for cell in content))):
                header_rows += 1
            grid.append(out)
        if any(cell.text for row in grid for cell in row):
            width = max(map(len, grid))
            empty = Cell("", type="empty")
            caption = element.find("caption")
            name = clean("".join(map(str, caption.itertext())))[:200] if caption is not None else ""
            self.items.append(
                TableBlock(
                    tuple(tuple(row + [empty] * (width - len(row))) for row in grid),
                    name,
                    f"table {self._tables}",
                    header_rows=header_rows,
                    is_cut=is_cut,
                )
            )
        for table in nested:
            if depth < _MOST_DEPTH:
                self._table(table, depth + 1)
            else:
                self.is_cut = True

    @staticmethod
    def _hang(out: list[Cell], hanging: dict[int, tuple[int, Cell]]) -> None:
        while len(out) in hanging:
            left, cell = hanging.pop(len(out))
            if left > 1:
                hanging[len(out)] = (left - 1, cell)
            out.append(cell)

    def _cell(self, element: etree._Element, rows: int, columns: int) -> Cell:
        inner = _Reader(self._limits)
        inner.flow(_without_tables(element), 0, bold=element.tag == "th")
        lines = [item for item in inner.items if isinstance(item, Line)]
        valid = [line for line in lines if not line.is_struck] or lines
        text = "\n".join(line.text for line in valid)[: self._limits.cell_text]
        if not text:
            return Cell("", None, "empty", rows, columns)
        anchor = element.find(".//a[@href]")
        return Cell(
            text,
            None,
            "text",
            rows,
            columns,
            is_struck=all(line.is_struck for line in lines),
            is_bold=all(line.is_bold for line in valid),
            is_placeholder=is_placeholder(text),
            link=clean(anchor.get("href") or "")[:2_000] or None if anchor is not None else None,
        )


def _without_tables(element: etree._Element) -> etree._Element:
    """Return the cell without the tables in it, which stand on their own."""
    if element.find(".//table") is None:
        return element
    copy = html.fromstring(etree.tostring(element, encoding="unicode", with_tail=False))
    for table in copy.findall(".//table"):
        parent = table.getparent()
        if parent is not None:
            parent.remove(table)
    return copy


def _owner(element: etree._Element) -> etree._Element | None:
    parent = element.getparent()
    while parent is not None and parent.tag != "table":
        parent = parent.getparent()
    return parent


def _is_hidden(element: etree._Element) -> bool:
    style = (element.get("style") or "").replace(" ", "").casefold()
    return element.get("hidden") is not None or "display:none" in style or "mso-hide:all" in style


def _span(element: etree._Element, name: str, most: int) -> int:
    value = (element.get(name) or "1").strip()
    return max(1, min(int(value), most)) if value.isdecimal() and len(value) < 7 else 1
