"""ods: the real cells of every sheet; what a file repeats a million times is counted, not copied."""

from collections.abc import Iterator

from lxml import etree

from auditor.connect.document import Comment, Document, TableBlock
from auditor_connectors.documents.container import Package, local
from auditor_connectors.documents.limits import Limits, Unreadable
from auditor_connectors.documents.look import finish
from auditor_connectors.documents.numbers import general
from auditor_connectors.documents.odf import OFFICE, TABLE, TEXT, XLINK, OdfStyle, OdfStyles, annotation, odf_properties
from auditor_connectors.documents.sheet import Placed, SheetCells
from auditor_connectors.documents.text import clean, is_placeholder

_LAST_ROW = 1_048_576
_LAST_COLUMN = 16_384
_MOST_COMMENTS = 5_000


def read_ods(package: Package, limits: Limits) -> Document:
    """Return the sheets of an OpenDocument spreadsheet.

    Raises:
        Unreadable: damaged, or beyond the limits.
    """
    return _Reader(package, limits).read()


class _Sheet:
    def __init__(self, name: str, limits: Limits, *, is_hidden: bool) -> None:
        self.name = name
        self.is_hidden = is_hidden
        self.cells = SheetCells(limits)
        self.row = 0
        self.hidden_rows: list[int] = []
        self.hidden_columns: list[int] = []
        self.column_styles: list[tuple[int, str | None]] = []  # (last column, default style)
        self.merges: list[tuple[int, int, int, int]] = []
        self.header_rows: list[int] = []
        self.is_cut = False


class _Reader:
    def __init__(self, package: Package, limits: Limits) -> None:
        self._package = package
        self._limits = limits
        self._left = limits.cells
        self._styles = OdfStyles()
        self._comments: list[Comment] = []

    def read(self) -> Document:
        self._styles.add(self._package.xml("styles.xml"))
        tables: list[TableBlock] = []
        empty: list[str] = []
        sheet: _Sheet | None = None
        is_cut = False
        seen = False
        wanted = (
            TABLE + "table",
            TABLE + "table-row",
            TABLE + "table-column",
            OFFICE + "automatic-styles",
            OFFICE + "spreadsheet",
        )
        table_of: etree._Element | None = None
        for element in self._package.stream("content.xml", *wanted):
            name = local(element)
            if name == "automatic-styles":
                self._styles.add(element)
                continue
            if name == "spreadsheet":
                seen = True
                continue
            owner = element if name == "table" else _owner(element)
            if owner is None or _owner(owner) is not None or _is_hint(owner):
                continue  # a table inside a cell or drawing, or kept copies of other files
            if table_of is not owner or sheet is None:
                table_of = owner
                style = self._styles.get("table", owner.get(TABLE + "style-name"))
                sheet = _Sheet(clean(owner.get(TABLE + "name") or ""), self._limits, is_hidden=style.is_hidden_table)
            if name == "table-column":
                self._column(element, sheet)
            elif name == "table-row":
                self._row(element, sheet)
                element.clear()
                _drop_elders(element)
            else:
                held = [*self._tables(sheet)]
                tables += held
                if not held and not sheet.is_cut and not sheet.is_hidden:
                    empty.append(sheet.name)
                is_cut = is_cut or sheet.is_cut
                sheet, table_of = None, None
                element.clear()
        if not seen and not tables:
            raise Unreadable("damaged", "there is no spreadsheet in the content")
        finished = finish(tables, self._limits, by_look=False)
        properties, pages = odf_properties(self._package)
        return Document(
            "ods",
            finished.blocks,
            properties,
            comments=tuple(self._comments[:_MOST_COMMENTS]),
            page_count=pages,
            broken_reference_count=finished.broken_reference_count,
            placeholder_count=finished.placeholder_count,
            is_cut=finished.is_cut or is_cut,
            empty_sheets=tuple(empty),
        )

    def _column(self, element: etree._Element, sheet: _Sheet) -> None:
        before = sheet.column_styles[-1][0] if sheet.column_styles else 0
        last = min(before + _repeated(element, "number-columns-repeated"), _LAST_COLUMN)
        sheet.column_styles.append((last, element.get(TABLE + "default-cell-style-name")))
        if element.get(TABLE + "visibility") in {"collapse", "filter"}:
            sheet.hidden_columns += range(before + 1, last + 1)

    def _row(self, element: etree._Element, sheet: _Sheet) -> None:
        times = min(_repeated(element, "number-rows-repeated"), _LAST_ROW - sheet.row)
        first = sheet.row + 1
        sheet.row += times
        if times <= 0:
            return
        is_hidden = element.get(TABLE + "visibility") in {"collapse", "filter"}
        placed, merges = self._cells(element, sheet)
        if is_hidden:
            sheet.hidden_rows += range(first, first + min(times, self._limits.rows))
        parent = element.getparent()
        if parent is not None and local(parent) == "table-header-rows":
            sheet.header_rows += range(first, first + min(times, 10))
        if not placed:
            return
        sheet.merges += [(first, column, first + rows - 1, column + columns - 1) for column, rows, columns in merges]
        for row in range(first, first + times):
            for column, cell in placed:
                if self._left <= 0 or not sheet.cells.put(row, column, cell):
                    sheet.is_cut = True
                    return
                self._left -= 1

    def _cells(self, element: etree._Element, sheet: _Sheet) -> tuple[list[tuple[int, Placed]], list[tuple[int, int, int]]]:
        placed: list[tuple[int, Placed]] = []
        merges: list[tuple[int, int, int]] = []
        column = 1
        for child in element:
            name = local(child)
            if name not in {"table-cell", "covered-table-cell"}:
                continue
            times = min(_repeated(child, "number-columns-repeated"), _LAST_COLUMN - column + 1)
            if times <= 0:
                break
            if name == "table-cell":
                style_name = child.get(TABLE + "style-name") or _style_of(sheet, column)
                cell = self._cell(child, self._styles.get("table-cell", style_name))
                if cell is not None:
                    placed += [(at, cell) for at in range(column, column + min(times, self._limits.columns))]
                    sheet.is_cut = sheet.is_cut or times > self._limits.columns
                    rows, columns = _repeated(child, "number-rows-spanned"), _repeated(child, "number-columns-spanned")
                    if rows > 1 or columns > 1:
                        merges.append((column, min(rows, self._limits.rows), min(columns, self._limits.columns)))
            column += times
        return placed, merges

    def _cell(self, element: etree._Element, style: OdfStyle) -> Placed | None:
        kind = element.get(OFFICE + "value-type") or ""
        lines: list[str] = []
        link: str | None = None
        struck: list[bool] = []
        for child in element:
            name = local(child)
            if name == "p":
                line, is_struck = self._line(child, style)
                lines.append(line)
                if line:
                    struck.append(is_struck)
                if link is None and (anchor := child.find(".//" + TEXT + "a")) is not None:
                    link = (anchor.get(XLINK + "href") or "")[:2_000] or None
            elif name == "annotation" and len(self._comments) <= _MOST_COMMENTS:
                comment = annotation(child)
                if comment.text:
                    self._comments.append(comment)
        text = clean("\n".join(lines))[: self._limits.cell_text]
        is_struck = bool(struck) and all(struck)
        is_bold = bool(style.bold)
        formula = element.get(TABLE + "formula") is not None
        if (
            next((value for key, value in element.attrib.items() if str(key).endswith("extension}value-type") or "calcext" in str(key)), "")
            == "error"
        ):
            return Placed(text, text, "error", is_struck, is_bold)
        if formula and not kind:
            return Placed("", None, "uncalculated") if not text else Placed(text, None, "text", is_struck, is_bold)
        if kind in {"float", "percentage", "currency"}:
            try:
                number = float(element.get(OFFICE + "value") or "")
            except ValueError:
                return Placed("", None, "uncalculated") if formula else None
            if text.startswith(("#", "Err:")) and formula:
                return Placed(text, text, "error", is_struck, is_bold)
            value: int | float = int(number) if number.is_integer() and abs(number) < 1e15 else number
            shown = text or (f"{general(number * 100)}%" if kind == "percentage" else general(number))
            return Placed(shown, value, "number", is_struck, is_bold)
        if kind == "date":
            day = (element.get(OFFICE + "date-value") or "").strip().removesuffix("T00:00:00")
            return Placed(text or day, day[:26], "date", is_struck, is_bold) if day else None
        if kind == "boolean":
            is_true = element.get(OFFICE + "boolean-value") == "true"
            return Placed(text or ("TRUE" if is_true else "FALSE"), is_true, "boolean", is_struck, is_bold)
        if not text:
            text = clean(element.get(OFFICE + "string-value") or element.get(OFFICE + "time-value") or "")[: self._limits.cell_text]
        if not text:
            return None
        return Placed(text, None, "text", is_struck, is_bold, is_placeholder(text), link)

    def _line(self, element: etree._Element, base: OdfStyle) -> tuple[str, bool]:
        """Return the text of a paragraph without what is struck through, unless all of it is."""
        pieces = list(self._pieces(element, bool(base.struck)))
        kept = "".join(text for text, is_struck in pieces if not is_struck)
        if kept.strip():
            return kept, False
        return "".join(text for text, _ in pieces), any(is_struck for text, is_struck in pieces if text.strip())

    def _pieces(self, element: etree._Element, is_struck: bool, depth: int = 0) -> Iterator[tuple[str, bool]]:
        if element.text:
            yield element.text, is_struck
        for child in element if depth < 40 else ():
            name = local(child)
            if name == "s":
                count = child.get(TEXT + "c") or "1"
                yield " " * min(int(count) if count.isdecimal() else 1, 100), is_struck
            elif name == "tab":
                yield "\t", is_struck
            elif name == "line-break":
                yield "\n", is_struck
            elif name not in {"annotation", "note"}:
                own = self._styles.get("text", child.get(TEXT + "style-name")).struck if name == "span" else None
                yield from self._pieces(child, is_struck if own is None else own, depth + 1)
            if child.tail:
                yield child.tail, is_struck

    def _tables(self, sheet: _Sheet) -> Iterator[TableBlock]:
        for table in sheet.cells.tables(sheet.merges, {}):
            last_row = table.first_row + len(table.rows) - 1
            last_column = table.first_column + len(table.rows[0]) - 1
            header = 0
            while table.first_row + header in sheet.header_rows:
                header += 1
            yield TableBlock(
                table.rows,
                sheet.name,
                sheet.name,
                table.first_row,
                table.first_column,
                tuple(row for row in sheet.hidden_rows if table.first_row <= row <= last_row),
                tuple(column for column in sheet.hidden_columns if table.first_column <= column <= last_column),
                sheet.is_hidden,
                sheet.is_cut,
                header,
            )


def _owner(element: etree._Element) -> etree._Element | None:
    parent = element.getparent()
    while parent is not None and parent.tag != TABLE + "table":
        parent = parent.getparent()
    return parent


def _is_hint(table: etree._Element) -> bool:
    parent = table.getparent()
    return parent is None or local(parent) != "spreadsheet" or table.find(TABLE + "table-source") is not None


def _repeated(element: etree._Element, name: str) -> int:
    value = element.get(TABLE + name) or "1"
    return max(int(value), 1) if value.isdecimal() and len(value) < 9 else 1


def _style_of(sheet: _Sheet, column: int) -> str | None:
    for last, style in sheet.column_styles:
        if column <= last:
            return style
    return None


def _drop_elders(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        while (elder := element.getprevious()) is not None and local(elder) == "table-row":
            parent.remove(elder)
