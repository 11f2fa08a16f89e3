"""xlsx and xlsm: the real cells of every sheet, as a person sees them.

Sheets are streamed and bounded by the cells that are there, never by the dimension that a file declares. Cells far from each other
give several tables of one sheet, so that a lone cell in the last row costs nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from auditor.connect.document import Comment, Document, TableBlock
from auditor_connectors.documents.container import Package, attribute, local
from auditor_connectors.documents.limits import Limits, Unreadable
from auditor_connectors.documents.look import finish
from auditor_connectors.documents.numbers import BUILT_IN, Format, read_format
from auditor_connectors.documents.properties import office_properties
from auditor_connectors.documents.sheet import Placed, SheetCells
from auditor_connectors.documents.text import clean, is_placeholder

_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_C = _S + "c"
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_OFF = frozenset({"0", "false", "off"})
_MOST_STRINGS = 2_000_000
_MOST_COMMENTS = 5_000
_MOST_MERGES = 50_000
_LAST_ROW = 1_048_576
_LAST_COLUMN = 16_384


@dataclass(frozen=True, slots=True)
class _Text:
    text: str
    is_struck: bool = False
    is_bold: bool = False


@dataclass(frozen=True, slots=True)
class _CellStyle:
    format: Format
    is_bold: bool = False
    is_struck: bool = False
    is_guidance: bool = False  # blue italics


@dataclass(slots=True)
class _Sheet:
    """One sheet while it is read."""

    name: str
    is_hidden: bool
    cells: SheetCells
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: set[int] = field(default_factory=set)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    links: dict[tuple[int, int], str] = field(default_factory=dict)
    is_cut: bool = False


def read_xlsx(package: Package, main: str, limits: Limits) -> Document:
    """Return the sheets of a workbook whose main part is *main*, each as one table or more.

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
        root = package.xml(main)
        if root is None:
            raise Unreadable("damaged", "the workbook part is empty")
        self._book = root
        properties = root.find(_S + "workbookPr")
        self._is_1904 = properties is not None and (properties.get("date1904") or "0") not in _OFF
        calculation = root.find(_S + "calcPr")
        # Writers that do not calculate say so here, and leave 0 or nothing behind their formulas.
        self._is_calculated = calculation is None or (calculation.get("fullCalcOnLoad") or "0") in _OFF
        self._styles = self._read_styles()
        self._strings = self._read_strings()
        self._left = limits.cells

    def _part(self, kind: str) -> str:
        return next((target for type_, target in self._relations.values() if type_ == kind), "")

    def read(self) -> Document:
        tables: list[TableBlock] = []
        comments: list[Comment] = []
        empty: list[str] = []
        is_cut = False
        persons = self._persons()
        for element in self._book.iter(_S + "sheet"):
            kind, part = self._relations.get(attribute(element, "id") or "", ("", ""))
            if kind != "worksheet" or part not in self._package:
                continue
            name = clean(element.get("name") or "")
            sheet = _Sheet(name, element.get("state") in {"hidden", "veryHidden"}, SheetCells(self._limits))
            self._read_sheet(part, sheet)
            is_cut = is_cut or sheet.is_cut
            held = [*self._tables(part, sheet)]
            tables += held
            if not held and not sheet.is_cut and not sheet.is_hidden:
                empty.append(name)
            comments += self._comments(part, persons)
        finished = finish(tables, self._limits, by_look=False)
        return Document(
            "xlsx",
            finished.blocks,
            office_properties(self._package),
            comments=tuple(comments[:_MOST_COMMENTS]),
            broken_reference_count=finished.broken_reference_count,
            placeholder_count=finished.placeholder_count,
            is_cut=finished.is_cut or is_cut or len(comments) > _MOST_COMMENTS,
            empty_sheets=tuple(empty),
        )

    # What cells refer to

    def _read_styles(self) -> list[_CellStyle]:
        root = self._package.xml(self._part("styles"))
        if root is None:
            return []
        codes = {
            int(element.get("numFmtId") or 0): element.get("formatCode") or ""
            for element in root.iterfind(f"{_S}numFmts/{_S}numFmt")
            if (element.get("numFmtId") or "").isdecimal()
        }
        fonts = [
            (_is_on(font, "b"), _is_on(font, "strike"), _is_on(font, "i") and _is_blue(font))
            for font in root.iterfind(f"{_S}fonts/{_S}font")
        ]
        formats: dict[int, Format] = {}
        styles = []
        for element in root.iterfind(f"{_S}cellXfs/{_S}xf"):
            number = _whole(element.get("numFmtId"))
            if number not in formats:
                formats[number] = read_format(codes.get(number, BUILT_IN.get(number, "General")))
            font = _whole(element.get("fontId"))
            is_bold, is_struck, is_guidance = fonts[font] if font < len(fonts) else (False, False, False)
            styles.append(_CellStyle(formats[number], is_bold, is_struck, is_guidance))
        return styles

    def _read_strings(self) -> list[_Text]:
        part = self._part("sharedStrings")
        found: list[_Text] = []
        if part:
            for element in self._package.stream(part, _S + "si"):
                if len(found) >= _MOST_STRINGS:
                    raise Unreadable("too_large", f"more than {_MOST_STRINGS} texts")
                found.append(_rich(element))
                _drop(element)
        return found

    # Sheets

    def _read_sheet(self, part: str, sheet: _Sheet) -> None:
        tags = [_S + name for name in ("row", "c", "col", "sheetFormatPr", "mergeCell", "hyperlink")]
        relations = self._package.relations(part)
        row = 0
        before = ""  # reference of the cell before, whose column counts for a cell without one
        column = 0
        hides_rows = False
        for element in self._package.stream(part, *tags):
            if element.tag == _C:
                reference = element.get("r") or ""
                if not len(element) and reference:  # only a style: most cells of most sheets
                    before = reference
                    continue
                if not column:  # the first of a row with something in it: the row's start has been parsed
                    parent = element.getparent()
                    row = (_whole(parent.get("r")) if parent is not None else 0) or row + 1
                place = _REFERENCE.fullmatch(reference)
                earlier = _REFERENCE.fullmatch(before) if not place and before else None
                column = _column(place[1]) if place else (_column(earlier[1]) if earlier else column) + 1
                before = ""
                at_row = int(place[2]) if place else row
                if 0 < at_row <= _LAST_ROW and column <= _LAST_COLUMN and self._left > 0:
                    placed = self._cell(element)
                    if placed is not None:
                        if not sheet.cells.put(at_row, column, placed):
                            sheet.is_cut = True
                        else:
                            self._left -= 1
                elif self._left <= 0 and len(element):
                    sheet.is_cut = True
                element.clear()
                continue
            name = local(element)
            if name == "row":
                row = _whole(element.get("r")) or (row if column else row + 1)
                column = 0
                before = ""
                if (element.get("hidden") or ("1" if hides_rows and element.get("ht") is None else "0")) not in _OFF:
                    sheet.hidden_rows.append(row)
                _drop(element)
            elif name == "col":
                if (element.get("hidden") or "0") not in _OFF:
                    first, last = _whole(element.get("min")), min(_whole(element.get("max")), _LAST_COLUMN)
                    sheet.hidden_columns.update(range(first, last + 1))
            elif name == "sheetFormatPr":
                hides_rows = (element.get("zeroHeight") or "0") not in _OFF
            elif name == "mergeCell":
                if len(sheet.merges) < _MOST_MERGES and (area := _area(element.get("ref") or "")):
                    sheet.merges.append(area)
                _drop(element)
            else:
                target = relations.get(attribute(element, "id") or "", ("", ""))[1] or element.get("location") or ""
                area = _area(element.get("ref") or "")
                if target and area and len(sheet.links) < _MOST_MERGES:
                    sheet.links[area[0], area[1]] = clean(target)[:2_000]
                _drop(element)

    def _cell(self, element: etree._Element) -> Placed | None:
        style_number = _whole(element.get("s"))
        style = self._styles[style_number] if style_number < len(self._styles) else None
        kind = element.get("t") or "n"
        raw: str | None = None
        formula = False
        inline: etree._Element | None = None
        for child in element:
            name = local(child)
            if name == "v":
                raw = child.text or ""
            elif name == "f":
                formula = True
            elif name == "is":
                inline = child
        is_struck = style.is_struck if style else False
        is_bold = style.is_bold if style else False
        guidance = style.is_guidance if style else False
        if kind == "inlineStr" and inline is not None:
            return self._text(_rich(inline), is_struck, is_bold, guidance)
        if raw is None or (raw == "" and kind != "str"):
            return Placed("", None, "uncalculated") if formula else None
        if formula and not self._is_calculated and raw in {"", "0"}:
            return Placed("", None, "uncalculated")
        if kind == "s":
            number = _whole(raw.strip(), -1)
            return self._text(self._strings[number], is_struck, is_bold, guidance) if 0 <= number < len(self._strings) else None
        if kind in {"str", "inlineStr"}:
            return self._text(_Text(_unescape(raw)), is_struck, is_bold, guidance)
        if kind == "b":
            is_true = raw.strip() not in _OFF
            return Placed("TRUE" if is_true else "FALSE", is_true, "boolean", is_struck, is_bold)
        if kind == "e":
            return Placed(clean(raw), clean(raw), "error", is_struck, is_bold)
        if kind == "d":
            day = raw.strip().removesuffix("Z").removesuffix("T00:00:00")
            return Placed(day, day, "date", is_struck, is_bold)
        try:
            number_value = float(raw)
        except ValueError:
            return self._text(_Text(raw), is_struck, is_bold, guidance)
        text, value, type_ = (style.format if style else read_format("General")).show(number_value, is_1904=self._is_1904)
        if not text:  # a format that shows nothing, or the date of an empty cell
            return Placed("", value, "number", is_struck, is_bold) if type_ == "number" and value else None
        return Placed(text, value, type_, is_struck, is_bold)

    def _text(self, text: _Text, is_struck: bool, is_bold: bool, guidance: bool) -> Placed | None:
        shown = clean(text.text)[: self._limits.cell_text]
        if not shown:
            return None
        return Placed(
            shown,
            None,
            "text",
            is_struck or text.is_struck,
            is_bold or text.is_bold,
            is_placeholder=guidance or is_placeholder(shown),
        )

    def _tables(self, part: str, sheet: _Sheet) -> Iterator[TableBlock]:
        headers = dict(self._header_rows(part))
        for table in sheet.cells.tables(sheet.merges, sheet.links):
            last_row = table.first_row + len(table.rows) - 1
            last_column = table.first_column + len(table.rows[0]) - 1
            yield TableBlock(
                table.rows,
                sheet.name,
                sheet.name,
                table.first_row,
                table.first_column,
                tuple(row for row in sheet.hidden_rows if table.first_row <= row <= last_row),
                tuple(sorted(column for column in sheet.hidden_columns if table.first_column <= column <= last_column)),
                sheet.is_hidden,
                sheet.is_cut,
                headers.get(table.first_row, 0),
            )

    def _header_rows(self, part: str) -> Iterator[tuple[int, int]]:
        for target in self._package.related(part, "table"):
            root = self._package.xml(target)
            area = _area(root.get("ref") or "") if root is not None else None
            if root is not None and area:
                count = _whole(root.get("headerRowCount"), 1)
                if 0 < count < 10:
                    yield area[0], count

    # Comments

    def _persons(self) -> dict[str, str]:
        found = {}
        for kind, target in self._relations.values():
            if kind == "person" and (root := self._package.xml(target)) is not None:
                for element in root:
                    found[attribute(element, "id") or ""] = clean(element.get("displayName") or "")
        return found

    def _comments(self, part: str, persons: dict[str, str]) -> Iterator[Comment]:
        threaded = False
        for target in self._package.related(part, "threadedComment"):
            root = self._package.xml(target)
            done: dict[str, bool] = {}
            for element in root if root is not None else ():
                threaded = True
                identifier, parent = element.get("id") or "", element.get("parentId")
                is_done = (element.get("done") or "0") not in _OFF or (parent is not None and done.get(parent, False))
                done[identifier] = is_done
                text = clean("".join(child.text or "" for child in element if local(child) == "text"))
                yield Comment(persons.get(element.get("personId") or "", ""), element.get("dT"), text[:4_000], is_done)
        for target in self._package.related(part, "comments"):
            root = self._package.xml(target)
            if root is None:
                continue
            authors = [clean(element.text or "") for element in root.iterfind(f"{_S}authors/{_S}author")]
            for element in root.iterfind(f"{_S}commentList/{_S}comment"):
                number = _whole(element.get("authorId"))
                author = authors[number] if number < len(authors) else ""
                if threaded and author.startswith("tc="):
                    continue
                body = element.find(_S + "text")
                text = clean(_rich(body).text if body is not None else "")
                if text:
                    yield Comment(author, None, text[:4_000])


def _rich(element: etree._Element) -> _Text:
    """Return the text of a string item; struck pieces are left out when others are not struck."""
    if len(element) == 1 and local(element[0]) == "t":
        return _Text(_unescape(element[0].text or ""))
    pieces: list[tuple[str, bool, bool]] = []
    for child in element:
        name = local(child)
        if name == "t":
            pieces.append((_unescape(child.text or ""), False, False))
        elif name == "r":
            properties = child.find(_S + "rPr")
            text = "".join(part.text or "" for part in child.iterchildren(_S + "t"))
            pieces.append((_unescape(text), _is_on(properties, "strike"), _is_on(properties, "b")))
    kept = [piece for piece in pieces if not piece[1]]
    if pieces and not any(text.strip() for text, _, _ in kept):
        return _Text("".join(text for text, _, _ in pieces), any(text.strip() for text, _, _ in pieces))
    return _Text("".join(text for text, _, _ in kept), False, all(bold for text, _, bold in kept if text.strip()) if kept else False)


def _unescape(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _is_on(element: etree._Element | None, name: str) -> bool:
    child = element.find(_S + name) if element is not None else None
    return child is not None and (child.get("val") or "1") not in _OFF


def _is_blue(font: etree._Element) -> bool:
    color = font.find(_S + "color")
    return color is not None and (color.get("rgb") or "").upper()[2:] in {"0000FF", "0070C0", "3366FF"}


def _whole(text: str | None, default: int = 0) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 9 else default


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def _area(reference: str) -> tuple[int, int, int, int] | None:
    """Return first row, first column, last row, last column of 'A1:C3'; None when it is none."""
    first, _, last = reference.partition(":")
    one, two = _REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last or first)
    if not one or not two:
        return None
    rows, columns = sorted((int(one[2]), int(two[2]))), sorted((_column(one[1]), _column(two[1])))
    return rows[0], columns[0], rows[1], columns[1]


def _drop(element: etree._Element) -> None:
    parent = element.getparent()
    element.clear()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]
