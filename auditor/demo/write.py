"""Writes the demonstration's files as real docx, xlsx and pdf, the same bytes each time."""

import datetime as dt
import os
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

from auditor.demo.blocks import File, Grid, Heading, Para, Sheet, Title, Value

_ZIP_DAY = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say: the same bytes on each run


def write_file(folder: Path, file: File) -> Path:
    """Write *file* below *folder* and return its path; its time of change is noon of `file.on` (UTC)."""
    path = folder / file.path
    path.parent.mkdir(parents=True, exist_ok=True)
    match path.suffix:
        case ".docx":
            _write_docx(path, file)
        case ".xlsx":
            _write_xlsx(path, file)
        case ".pdf":
            _write_pdf(path, file)
        case ".md":
            path.write_text(_markdown(file), encoding="utf-8")
        case other:
            message = f"the demonstration writes no {other} files"
            raise ValueError(message)
    stamp = dt.datetime.combine(file.on, dt.time(12), tzinfo=dt.UTC).timestamp()
    os.utime(path, (stamp, stamp))
    return path


def shown(value: Value, language: str = "en") -> str:
    """Return *value* as a person of that language writes it in a document."""
    match value:
        case None:
            return ""
        case dt.date():
            return value.strftime("%d.%m.%Y") if language == "de" else value.strftime("%d/%m/%Y")
        case Decimal():
            text = f"{value:,.2f}"
            return text if language == "en" else text.replace(",", " ").replace(".", ",").replace(" ", "." if language == "de" else " ")
        case _:
            return str(value)


def _write_docx(path: Path, file: File) -> None:
    import docx  # noqa: PLC0415  (python-docx: only the demonstration needs it)

    document = docx.Document()
    moment = dt.datetime.combine(file.on, dt.time(12))
    properties = document.core_properties
    properties.author = properties.last_modified_by = file.author
    properties.created = properties.modified = moment
    properties.title = next((block.text for block in file.blocks if isinstance(block, Title)), "")
    for block in file.blocks:
        match block:
            case Title(text):
                _styled(document.add_paragraph(text), "Title")
            case Heading(text, level):
                _styled(document.add_paragraph(text), f"Heading{level}")
            case Para(text):
                document.add_paragraph(text)
            case Grid():
                _docx_table(document, block, file.table_style)
    document.save(str(path))
    _settle(path)


def _styled(paragraph: Any, style_id: str) -> None:
    paragraph._p.style = style_id  # noqa: SLF001  (by its id: python-docx looks for a name among all styles, each time)


def _docx_table(document: Any, grid: Grid, style: str) -> None:
    rows = ([list(grid.header)] if grid.header else []) + [[shown(value) for value in row] for row in grid.rows]
    body = document._body  # noqa: SLF001  (as `add_table`, but for the search for the style)
    table = body.add_table(len(rows), len(rows[0]), document._block_width)  # noqa: SLF001
    table._tbl.tblStyle_val = style.replace(" Accent ", "-Accent").replace(" ", "")  # noqa: SLF001
    for line, row in zip(table._tbl.tr_lst, rows, strict=True):  # noqa: SLF001
        for cell, text in zip(line.tc_lst, row, strict=True):
            cell.p_lst[0].add_r().text = text


def _write_xlsx(path: Path, file: File) -> None:
    import xlsxwriter  # noqa: PLC0415  (only where a workbook is written)

    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as workbook:
        workbook.set_properties({"author": file.author, "created": dt.datetime.combine(file.on, dt.time(12))})
        for sheet in file.sheets:
            _sheet(workbook, sheet)
    _settle(path)


def _sheet(workbook: Any, sheet: Sheet) -> None:
    bold = workbook.add_format({"bold": True, "bg_color": "#DCE6F1", "text_wrap": True, "border": 1})
    day = workbook.add_format({"num_format": "yyyy-mm-dd", "border": 1})
    plain = workbook.add_format({"text_wrap": True, "valign": "top", "border": 1})
    target = workbook.add_worksheet(sheet.name)
    first = 0
    if sheet.title:
        target.write_string(0, 0, sheet.title, workbook.add_format({"bold": True, "font_size": 14}))
        first = 2
    for column, name in enumerate(sheet.header):
        target.write_string(first, column, name, bold)
        target.set_column(column, column, max(12, min(len(name) + 2, 40)))
    for offset, row in enumerate(sheet.rows, start=first + 1):
        for column, value in enumerate(row):
            match value:
                case None:
                    target.write_blank(offset, column, None, plain)
                case dt.date():
                    target.write_datetime(offset, column, dt.datetime.combine(value, dt.time()), day)
                case int() | Decimal():
                    target.write_number(offset, column, value, plain)
                case _:
                    target.write_string(offset, column, str(value), plain)


def _write_pdf(path: Path, file: File) -> None:
    from reportlab import rl_config  # noqa: PLC0415  (only where a PDF is written)
    from reportlab.lib import colors  # noqa: PLC0415
    from reportlab.lib.styles import getSampleStyleSheet  # noqa: PLC0415
    from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle  # noqa: PLC0415

    rl_config.invariant = 1
    styles = getSampleStyleSheet()
    if file.is_scan:
        _write_scan(path)
        return
    flow: list[Flowable] = []
    for block in file.blocks:
        match block:
            case Title(text):
                flow.append(Paragraph(text, styles["Title"]))
            case Heading(text, level):
                flow.append(Paragraph(text, styles[f"Heading{level}"]))
            case Para(text):
                flow.append(Paragraph(text, styles["BodyText"]))
            case Grid(header, rows):
                body = ([list(header)] if header else []) + [[shown(value) for value in row] for row in rows]
                cells = [[Paragraph(text, styles["BodyText"]) for text in row] for row in body]
                flow += [Spacer(1, 6), Table(cells, style=TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.grey)])), Spacer(1, 6)]
    SimpleDocTemplate(str(path), author=file.author, title=path.stem, invariant=1).build(flow)


def _markdown(file: File) -> str:
    parts = []
    for block in file.blocks:
        match block:
            case Title(text):
                parts.append(f"# {text}")
            case Heading(text, level):
                parts.append(f"{'#' * (level + 1)} {text}")
            case Para(text):
                parts.append(text)
            case Grid(header, rows):
                lines = [list(header or [""] * len(rows[0])), ["---"] * len(rows[0] if rows else header)]
                lines += [[shown(value) for value in row] for row in rows]
                parts.append("\n".join("| " + " | ".join(line) + " |" for line in lines))
    return "\n\n".join(parts) + "\n"


def _write_scan(path: Path) -> None:
    """Write a page that is only a picture, as a scanner does: no text layer."""
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415  (only where a PDF is written)

    canvas = Canvas(str(path), invariant=1)
    for line in range(24):
        canvas.setFillGray(0.75)
        canvas.rect(72, 740 - line * 26, 440 - (line * 37) % 160, 9, stroke=0, fill=1)
    canvas.save()


def _settle(path: Path) -> None:
    """Write the zip again with fixed times: office writers stamp the present moment into every member."""
    with zipfile.ZipFile(path) as source:
        members = [(name, source.read(name)) for name in source.namelist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in members:
            target.writestr(zipfile.ZipInfo(name, _ZIP_DAY), content, zipfile.ZIP_DEFLATED)
