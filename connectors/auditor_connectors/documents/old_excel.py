"""xls, the workbooks of Excel 97 to 2003 and before: the same cells as those of xlsx, by the library xlrd.

It does not tell formulas from what they gave, and writers that do not calculate leave 0 or nothing behind them: both are taken as not
known.
"""

import struct
from collections.abc import Iterator
from io import StringIO

import xlrd
from xlrd.book import Book
from xlrd.sheet import Cell as OldCell
from xlrd.sheet import Sheet

from auditor.connect.document import Comment, Document, TableBlock
from auditor_connectors.documents.limits import Limits, Unreadable
from auditor_connectors.documents.look import finish
from auditor_connectors.documents.numbers import read_format
from auditor_connectors.documents.sheet import Placed, SheetCells
from auditor_connectors.documents.text import clean, is_placeholder

_BOLD = 700
_MOST_COMMENTS = 5_000
_DAMAGED = (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError, struct.error, xlrd.compdoc.CompDocError)
"""What the library raises where a file is not what it says."""


def read_xls(data: bytes, limits: Limits) -> Document:
    """Return the sheets of an old workbook, each as one table or more.

    Raises:
        Unreadable: damaged or protected by a password.
    """
    try:
        with xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=StringIO(), ragged_rows=True) as book:
            return _read(book, limits)
    except xlrd.XLRDError as error:
        if "encrypt" in str(error).casefold() or "password" in str(error).casefold():
            raise Unreadable("encrypted", "protected by a password") from error
        raise Unreadable("damaged", "the old workbook cannot be read") from error
    except _DAMAGED as error:
        raise Unreadable("damaged", "the old workbook cannot be read") from error


def _read(book: Book, limits: Limits) -> Document:
    tables: list[TableBlock] = []
    comments: list[Comment] = []
    empty: list[str] = []
    left = limits.cells
    is_cut = False
    for sheet in book.sheets():
        name = clean(sheet.name)
        cells = SheetCells(limits)
        whole = True
        for row in range(sheet.nrows):
            for column in range(sheet.row_len(row)):
                placed = _placed(book, sheet.cell(row, column), limits)
                if placed is None:
                    continue
                if left <= 0 or not cells.put(row + 1, column + 1, placed):
                    whole = False
                    break
                left -= 1
            if not whole:
                break
        is_cut = is_cut or not whole
        held = [*_tables(sheet, name, cells, is_cut=not whole)]
        tables += held
        if not held and whole and not sheet.visibility:
            empty.append(name)
        comments += [Comment(clean(note.author), None, clean(note.text)[:4_000]) for _, note in sorted(sheet.cell_note_map.items())]
    finished = finish(tables, limits, by_look=False)
    properties = {"creator": clean(book.user_name)} if book.user_name.strip() else {}
    return Document(
        "xlsx",
        finished.blocks,
        properties,
        comments=tuple(comments[:_MOST_COMMENTS]),
        broken_reference_count=finished.broken_reference_count,
        placeholder_count=finished.placeholder_count,
        is_cut=finished.is_cut or is_cut or len(comments) > _MOST_COMMENTS,
        empty_sheets=tuple(empty),
    )


def _placed(book: Book, cell: OldCell, limits: Limits) -> Placed | None:
    style = book.xf_list[cell.xf_index] if cell.xf_index is not None and cell.xf_index < len(book.xf_list) else None
    font = book.font_list[style.font_index] if style is not None and style.font_index < len(book.font_list) else None
    is_struck = bool(font and font.struck_out)
    is_bold = bool(font and (font.bold or font.weight >= _BOLD))
    if cell.value in {"", 0} and cell.ctype in {xlrd.XL_CELL_TEXT, xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE}:
        return Placed("", None, "uncalculated")
    if cell.ctype == xlrd.XL_CELL_TEXT:
        text = clean(cell.value)[: limits.cell_text]
        return Placed(text, None, "text", is_struck, is_bold, is_placeholder=is_placeholder(text)) if text else None
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return Placed("TRUE" if cell.value else "FALSE", bool(cell.value), "boolean", is_struck, is_bold)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        text = xlrd.error_text_from_code.get(cell.value, "#N/A")
        return Placed(text, text, "error", is_struck, is_bold)
    if cell.ctype not in {xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE}:
        return None
    known = book.format_map.get(style.format_key) if style is not None else None
    text, value, type_ = read_format(known.format_str if known is not None else "General").show(cell.value, is_1904=bool(book.datemode))
    return Placed(text, value, type_, is_struck, is_bold) if text else None


def _tables(sheet: Sheet, name: str, cells: SheetCells, *, is_cut: bool) -> Iterator[TableBlock]:
    merges = [(top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells]
    hidden_rows = sorted(row + 1 for row, info in sheet.rowinfo_map.items() if info.hidden)
    hidden_columns = sorted(column + 1 for column, info in sheet.colinfo_map.items() if info.hidden)
    for table in cells.tables(merges, {}):
        last_row = table.first_row + len(table.rows) - 1
        last_column = table.first_column + len(table.rows[0]) - 1
        yield TableBlock(
            table.rows,
            name,
            name,
            table.first_row,
            table.first_column,
            tuple(row for row in hidden_rows if table.first_row <= row <= last_row),
            tuple(column for column in hidden_columns if table.first_column <= column <= last_column),
            bool(sheet.visibility),
            is_cut,
        )
