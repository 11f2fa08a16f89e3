"""Real files in the shapes that organisations give their registers: written by the usual libraries, read like any other."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

Row = Sequence[Any]
Sheets = dict[str, Sequence[Row]]


def xlsx(path: Path, sheets: Sheets, merged: Sequence[str] = (), hidden: Sequence[int] = ()) -> None:
    """Write a workbook; *merged* ranges and *hidden* rows are those of the first sheet."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    first = book.worksheets[0]
    for area in merged:
        first.merge_cells(area)
    for number in hidden:
        first.row_dimensions[number].hidden = True
    book.save(path)


def calculated(path: Path, sheets: Sheets) -> None:
    """Write a workbook whose formulas have values: a cell ('=A1', 4) is a formula with its result."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, tuple):
                        sheet.write_formula(at, column, value[0], None, value[1])
                    elif value is not None:
                        sheet.write(at, column, value)


def ods(path: Path, sheets: Sheets) -> None:
    """Write a spreadsheet of LibreOffice."""
    from odfdo import Cell, Document, Row, Table

    document = Document("spreadsheet")
    document.body.clear()
    for name, rows in sheets.items():
        table = Table(name)
        for values in rows:
            row = Row()
            for value in values:
                row.append(Cell(value) if value is not None else Cell())
            table.append(row)
        document.body.append(table)
    document.save(str(path))


def docx(path: Path, blocks: Sequence[str | Sequence[Row]], inserted: int | None = None) -> None:
    """Write a Word file: '# heading', 'text' or a table; row *inserted* of each table stands in a content control, the next is tracked."""
    from docx import Document
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    document = Document()
    for block in blocks:
        if isinstance(block, str):
            if block.startswith("# "):
                document.add_heading(block[2:], 1)
            else:
                document.add_paragraph(block)
            continue
        table = document.add_table(rows=len(block), cols=max(map(len, block)))
        for at, row in enumerate(block):
            for column, value in enumerate(row):
                table.cell(at, column).text = "" if value is None else str(value)
        if inserted is not None:
            rows = [row._tr for row in table.rows]
            mark = OxmlElement("w:ins")
            mark.set(qn("w:author"), "A")
            mark.set(qn("w:id"), "1")
            rows[inserted + 1].get_or_add_trPr().append(mark)
            control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
            rows[inserted].addprevious(control)
            content.append(rows[inserted])
            control.append(content)
    document.save(str(path))


def odt(path: Path, blocks: Sequence[str | Sequence[Row]]) -> None:
    """Write a text of LibreOffice: '# heading', 'text' or a table."""
    from odfdo import Cell, Document, Header, Paragraph, Row, Table

    document = Document("text")
    document.body.clear()
    for number, block in enumerate(blocks):
        if isinstance(block, str):
            document.body.append(Header(1, block[2:]) if block.startswith("# ") else Paragraph(block))
            continue
        table = Table(f"Table{number}")
        for values in block:
            row = Row()
            for value in values:
                cell = Cell()
                cell.append(Paragraph("" if value is None else str(value)))
                row.append(cell)
            table.append(row)
        document.body.append(table)
    document.save(str(path))


def pdf(path: Path, blocks: Sequence[str | Sequence[Row]], *, ruled: bool = True) -> None:
    """Write a PDF: '# heading', 'text' or a table, with lines around its cells or without."""
    from reportlab.lib import colors
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Table, TableStyle

    styles = getSampleStyleSheet()
    flow: list[Flowable] = []
    for block in blocks:
        if isinstance(block, str):
            flow.append(Paragraph(block.removeprefix("# "), styles["Heading1" if block.startswith("# ") else "BodyText"]))
            continue
        table = Table([[Paragraph(str(value), styles["BodyText"]) for value in row] for row in block])
        if ruled:
            table.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.grey)]))
        flow.append(table)
    SimpleDocTemplate(str(path)).build(flow)


WRITERS: dict[str, Callable[..., None]] = {".xlsx": xlsx, ".ods": ods, ".docx": docx, ".odt": odt, ".pdf": pdf}
