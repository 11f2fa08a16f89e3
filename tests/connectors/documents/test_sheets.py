import io
import zipfile
from datetime import date

import pytest

from auditor.connect.document import Document, TableBlock
from auditor_connectors.documents import Limits, structure, structure_of_bytes
from auditor_connectors.documents.numbers import read_format

S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def xlsx(*sheets, book="", strings="", styles="", parts=None, states=()):
    """Return a workbook of raw sheet XML (what stands inside <worksheet>)."""
    buffer = io.BytesIO()
    names = "".join(
        f'<sheet name="S{number}" sheetId="{number}" r:id="r{number}"{states[number - 1] if number <= len(states) else ""}/>'
        for number in range(1, len(sheets) + 1)
    )
    relations = "".join(
        f'<Relationship Id="r{number}" Type="{REL}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, len(sheets) + 1)
    )
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>')
        package.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        package.writestr("xl/workbook.xml", f'<workbook xmlns="{S}" xmlns:r="{REL}">{book}<sheets>{names}</sheets></workbook>')
        package.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}<Relationship Id="st" Type="{REL}/styles" Target="styles.xml"/><Relationship Id="ss" Type="{REL}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        )
        package.writestr("xl/styles.xml", f'<styleSheet xmlns="{S}">{styles}</styleSheet>')
        package.writestr("xl/sharedStrings.xml", f'<sst xmlns="{S}">{strings}</sst>')
        for number, inner in enumerate(sheets, 1):
            package.writestr(f"xl/worksheets/sheet{number}.xml", f'<worksheet xmlns="{S}" xmlns:r="{REL}">{inner}</worksheet>')
        for name, content in (parts or {}).items():
            package.writestr(name, content)
    return buffer.getvalue()


def read(*sheets, limits=None, **rest):
    document = structure_of_bytes(xlsx(*sheets, **rest), "a.xlsx", limits or Limits())
    assert Document.from_json(document.to_json()) == document
    return document


def inline(reference, text):
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def cells(table):
    return [[("^" if cell.is_covered else "") + cell.text for cell in row] for row in table.rows]


def test_kinds_of_cells():
    sheet = (
        '<sheetData><row r="2"><c r="B2" t="s"><v>0</v></c><c r="C2"><v>1.5</v></c><c r="D2" t="b"><v>1</v></c><c r="E2" t="e"><v>#REF!</v></c>'
        '<c r="F2"><f>1+1</f></c><c r="G2"><f>1+1</f><v>2</v></c><c r="H2" t="str"><f>IF(1,"")</f><v></v></c><c r="I2" t="str"><f>"x"</f><v>x_x000D_y</v></c>'
        '<c r="J2" s="1"><v>46000</v></c><c r="K2" s="2"><v>0.256</v></c><c r="L2" t="d"><v>2026-03-01T00:00:00Z</v></c><c r="M2" s="1"/></row></sheetData>'
    )
    styles = '<numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts><fonts><font/></fonts><cellXfs><xf/><xf numFmtId="164"/><xf numFmtId="10"/></cellXfs>'
    table = read(sheet, strings="<si><t>Risk</t></si>", styles=styles).blocks[0]
    assert (table.first_row, table.first_column, table.name, table.locator) == (2, 2, "S1", "S1")
    assert [(cell.text, cell.value, cell.type) for cell in table.rows[0]] == [
        ("Risk", None, "text"),
        ("1.5", 1.5, "number"),
        ("TRUE", True, "boolean"),
        ("#REF!", "#REF!", "error"),
        ("", None, "uncalculated"),
        ("2", 2, "number"),
        ("", None, "empty"),
        ("x\ny", None, "text"),
        ("09/12/2025", "2025-12-09", "date"),
        ("25.60%", 0.256, "number"),
        ("2026-03-01", "2026-03-01", "date"),
    ]


def test_writers_that_do_not_calculate(tmp_path):
    import openpyxl
    import xlsxwriter

    book = xlsxwriter.Workbook(str(tmp_path / "x.xlsx"))
    sheet = book.add_worksheet()
    sheet.write_formula("A1", "=1+1")
    sheet.write_formula("A2", "=1+1", None, 2)
    sheet.write_number("A3", 0)
    book.close()
    assert [row[0].type for row in structure(tmp_path / "x.xlsx").blocks[0].rows] == ["uncalculated", "number", "number"]
    other = openpyxl.Workbook()
    other.active["A1"] = "=1+1"
    other.active["A2"] = "text"
    other.save(tmp_path / "o.xlsx")
    assert [row[0].type for row in structure(tmp_path / "o.xlsx").blocks[0].rows] == ["uncalculated", "text"]


def test_hidden_rows_columns_and_sheets():
    sheet = (
        '<sheetFormatPr zeroHeight="0"/><cols><col min="2" max="2" hidden="1"/></cols><sheetData>'
        f'<row r="1">{inline("A1", "a")}{inline("B1", "b")}{inline("C1", "c")}</row><row r="2" hidden="1">{inline("A2", "d")}</row><row r="3">{inline("A3", "e")}</row></sheetData>'
    )
    document = read(sheet, f'<sheetData><row r="1">{inline("A1", "secret")}</row></sheetData>', states=("", ' state="veryHidden"'))
    first, second = document.blocks
    assert (first.hidden_rows, first.hidden_columns, first.is_hidden, second.is_hidden) == ((2,), (2,), False, True)


def test_merged_struck_rich_and_linked_cells():
    styles = "<fonts><font/><font><strike/></font><font><b/></font></fonts><cellXfs><xf/><xf fontId='1'/><xf fontId='2'/></cellXfs>"
    strings = (
        "<si><r><rPr><strike/></rPr><t>High</t></r><r><t xml:space='preserve"
        "'> Low</t></r></si><si><t>plain</t><rPh><t>reading</t></rPh></si><si><r><rPr><strike/></rPr><t>gone</t></r></si>"
    )
    sheet = (
        f'<sheetData><row r="1"><c r="A1" s="2" t="s"><v>1</v></c></row><row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" s="1" t="s"><v>1</v></c><c r="C2" t="s"><v>2</v></c></row>'
        f'<row r="3">{inline("A3", "x")}{inline("C3", "y")}</row></sheetData>'
        '<mergeCells><mergeCell ref="A1:C1"/><mergeCell ref="A3:B4"/></mergeCells><hyperlinks><hyperlink ref="C3" location="S2!A1"/></hyperlinks>'
    )
    table = read(sheet, strings=strings, styles=styles).blocks[0]
    assert cells(table) == [["plain", "^plain", "^plain"], ["Low", "plain", "gone"], ["x", "^x", "y"]]
    assert table.rows[0][0].column_span == 3
    assert table.rows[0][0].is_bold
    assert [cell.is_struck for cell in table.rows[1]] == [False, True, True]
    assert table.rows[2][2].link == "S2!A1"


def test_cells_without_references_and_rows_without_numbers():
    sheet = '<sheetData><row><c t="inlineStr"><is><t>a</t></is></c><c/><c t="inlineStr"><is><t>c</t></is></c></row><row/><row><c t="inlineStr"><is><t>d</t></is></c></row><row><c r="C4" s="0"/><c t="inlineStr"><is><t>e</t></is></c></row></sheetData>'
    assert cells(read(sheet).blocks[0]) == [["a", "", "c", ""], ["", "", "", ""], ["d", "", "", ""], ["", "", "", "e"]]


def test_comments_of_both_sorts():
    parts = {
        "xl/worksheets/_rels/sheet1.xml.rels": f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="c" Type="{REL}/comments" Target="../comments1.xml"/><Relationship Id="t" Type="http://schemas.microsoft.com/office/2017/10/relationships/threadedComment" Target="../threadedComments/t1.xml"/></Relationships>',
        "xl/comments1.xml": f'<comments xmlns="{S}"><authors><author>Ann</author><author>tc={{1}}</author></authors><commentList><comment ref="A1" authorId="0"><text><r><t>Check</t></r><r><t> this</t></r></text></comment><comment ref="A2" authorId="1"><text><t>copy</t></text></comment></commentList></comments>',
        "xl/threadedComments/t1.xml": '<ThreadedComments xmlns="urn:t"><threadedComment ref="A2" dT="2026-03-01T10:00:00.00" personId="{P}" id="{1}" done="1"><text>Who?</text></threadedComment></ThreadedComments>',
    }
    document = read(f'<sheetData><row r="1">{inline("A1", "a")}</row></sheetData>', parts=parts)
    assert [(comment.text, comment.is_resolved) for comment in document.comments] == [("Who?", True), ("Check this", False)]


def test_defined_table_marks_its_header(tmp_path):
    import openpyxl
    from openpyxl.worksheet.table import Table

    book = openpyxl.Workbook()
    book.active.append(["ID", "Title"])
    book.active.append(["R1", "Late"])
    book.active.add_table(Table(displayName="T", ref="A1:B2"))
    book.save(tmp_path / "t.xlsx")
    assert structure(tmp_path / "t.xlsx").blocks[0].header_rows == 1


def test_million_declared_rows_and_a_lone_far_cell():
    rows = "".join(f'<row r="{n}" s="1" customFormat="1"><c r="A{n}" s="0"/></row>' for n in range(3, 30_000))
    sheet = f'<dimension ref="A1:XFD1048576"/><sheetData><row r="1">{inline("A1", "ID")}{inline("B1", "Title")}</row><row r="2">{inline("A2", "1")}</row>{rows}<row r="1048576">{inline("XFD1048576", "far")}</row></sheetData>'
    first, far = read(sheet).blocks
    assert cells(first) == [["ID", "Title"], ["1", ""]]
    assert (far.first_row, far.first_column, cells(far)) == (1_048_576, 16_384, [["far"]])


def test_merge_over_whole_columns_costs_nothing():
    sheet = f'<sheetData><row r="1">{inline("A1", "title")}</row><row r="2">{inline("A2", "a")}{inline("B2", "b")}</row></sheetData><mergeCells><mergeCell ref="A1:XFD1"/><mergeCell ref="C1:C1048576"/></mergeCells>'
    assert cells(read(sheet).blocks[0]) == [["title", "^title"], ["a", "b"]]


def test_more_cells_than_the_limit_are_told():
    rows = "".join(f'<row r="{n}">{inline(f"A{n}", n)}</row>' for n in range(1, 50))
    document = read(f"<sheetData>{rows}</sheetData>", limits=Limits(cells=20))
    assert document.is_cut
    assert document.blocks[0].is_cut
    assert len(document.blocks[0].rows) == 20
    few_rows = read(f"<sheetData>{rows}</sheetData>", limits=Limits(rows=10))
    assert (few_rows.is_cut, len(few_rows.blocks[0].rows)) == (True, 10)


def test_dates_of_both_epochs():
    sheet = '<sheetData><row r="1"><c r="A1" s="1"><v>0</v></c><c r="B1" s="1"><v>100.5</v></c></row></sheetData>'
    styles = "<cellXfs><xf/><xf numFmtId='14'/></cellXfs>"
    late = read(sheet, styles=styles, book='<workbookPr date1904="1"/>').blocks[0].rows[0]
    assert [cell.value for cell in late] == ["1904-01-01", "1904-04-10T12:00:00"]
    early = read(sheet, styles=styles).blocks[0]
    assert [cell.value for cell in early.rows[0]] == ["1900-04-09T12:00:00"]


@pytest.mark.parametrize(
    ("code", "number", "text", "value", "kind"),
    [
        ("General", 0.1 + 0.2, "0.3", 0.1 + 0.2, "number"),
        ("General", 1e20, "1E+20", 1e20, "number"),
        ("0.00", 2.5, "2.50", 2.5, "number"),
        ("#,##0.00", 1234567.891, "1,234,567.89", 1234567.891, "number"),
        ("0%", 0.5, "50%", 0.5, "number"),
        ("0.0##", 1.5, "1.5", 1.5, "number"),
        ("000", 7, "007", 7, "number"),
        ('"R-"000', 7, "R-007", 7, "number"),
        ("[$€-407] #,##0;[Red]-[$€-407] #,##0", -1500, "-€ 1,500", -1500, "number"),
        ("#,##0,,", 12_000_000, "12", 12_000_000, "number"),
        ("0.00E+00", 12345, "1.23E+04", 12345, "number"),
        (";;;", 5, "", 5, "number"),
        ('0;-0;"none"', 0, "none", 0, "number"),
        ("#,##0_);(#,##0)", -5, "(5)", -5, "number"),
        ("d mmm yyyy", 46000, "9 Dec 2025", "2025-12-09", "date"),
        ("[$-409]mmmm d, yyyy;@", 46000, "December 9, 2025", "2025-12-09", "date"),
        ("yyyy-mm-dd hh:mm", 46000.75, "2025-12-09 18:00", "2025-12-09T18:00:00", "date"),
        ("dddd", 46000, "Tuesday", "2025-12-09", "date"),
        ("mmm-yy", 46000, "Dec-25", "2025-12-09", "date"),
        ("h:mm AM/PM", 0.75, "6:00 PM", "18:00", "text"),
        ("mm:ss", 0.0007, "01:00", "00:01", "text"),
        ("[h]:mm", 1.5, "36:00", 1.5, "number"),
        ("dd/mm/yyyy", 1, "01/01/1900", "1900-01-01", "date"),
        ("dd/mm/yyyy", 0, "", None, "text"),
        ("dd/mm/yyyy", 3e9, "3000000000", 3_000_000_000, "number"),
        ("dd/mm/yyyy", -5, "-5", -5, "number"),
        ("Standard", 3, "3", 3, "number"),
    ],
)
def test_number_formats(code, number, text, value, kind):
    assert read_format(code).show(float(number)) == (text, value, kind)


def test_every_day_comes_back(tmp_path):
    import openpyxl

    days = [
        date(1900, 1, 1),
        date(1900, 2, 28),
        date(1900, 3, 1),
        date(2000, 2, 29),
        date(2026, 12, 31),
        date(9999, 12, 31),
    ]
    book = openpyxl.Workbook()
    for day in days:
        book.active.append([day])
    book.save(tmp_path / "d.xlsx")
    assert [row[0].value for row in structure(tmp_path / "d.xlsx").blocks[0].rows] == [day.isoformat() for day in days]


# OpenDocument

NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
)


def ods(tables, automatic=""):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr(
            "content.xml",
            f"<office:document-content {NAMES}><office:automatic-styles>{automatic}</office:automatic-styles><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>",
        )
    return structure_of_bytes(buffer.getvalue(), "a.ods")


def cell(text="", attributes=""):
    return f"<table:table-cell {attributes}>" + (f"<text:p>{text}</text:p>" if text else "") + "</table:table-cell>"


def test_ods_cells_repeats_and_hidden_parts():
    automatic = '<style:style style:name="gone" style:family="table-cell"><style:text-properties style:text-line-through-style="solid"/></style:style><style:style style:name="bold" style:family="table-cell"><style:text-properties fo:font-weight="bold"/></style:style><style:style style:name="off" style:family="table"><style:table-properties table:display="false"/></style:style>'
    tables = (
        '<table:table table:name="Risks"><table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse"/>'
        f"<table:table-header-rows><table:table-row>{cell('ID', 'table:style-name=' + chr(34) + 'bold' + chr(34))}{cell('Due')}{cell('x')}</table:table-row></table:table-header-rows>"
        f"<table:table-row>{cell('R1')}{cell('01.03.26', 'office:value-type=' + chr(34) + 'date' + chr(34) + ' office:date-value=' + chr(34) + '2026-03-01' + chr(34))}{cell('gone', 'table:style-name=' + chr(34) + 'gone' + chr(34))}</table:table-row>"
        f'<table:table-row table:visibility="filter">{cell("50 %", "office:value-type=" + chr(34) + "percentage" + chr(34) + " office:value=" + chr(34) + "0.5" + chr(34))}{cell("", "table:formula=" + chr(34) + "of:=A1" + chr(34))}{cell("#REF!", "table:formula=" + chr(34) + "of:=A1" + chr(34) + " calcext:value-type=" + chr(34) + "error" + chr(34))}</table:table-row>'
        f'<table:table-row table:number-rows-repeated="3">{cell("same", "table:number-columns-repeated=" + chr(34) + "2" + chr(34))}</table:table-row>'
        f"<table:table-row>{cell('wide', 'table:number-columns-spanned=' + chr(34) + '2' + chr(34) + ' table:number-rows-spanned=' + chr(34) + '1' + chr(34))}<table:covered-table-cell/></table:table-row>"
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>'
        f'<table:table table:name="Old" table:style-name="off"><table:table-row>{cell("a")}</table:table-row></table:table>'
    )
    document = ods(tables, automatic)
    risks, old = document.blocks
    assert cells(risks) == [
        ["ID", "Due", "x"],
        ["R1", "01.03.26", "gone"],
        ["50 %", "", "#REF!"],
        ["same", "same", ""],
        ["same", "same", ""],
        ["same", "same", ""],
        ["wide", "^wide", ""],
    ]
    assert (risks.header_rows, risks.hidden_rows, risks.hidden_columns, risks.is_hidden, old.is_hidden) == (1, (3,), (3,), False, True)
    assert risks.rows[0][0].is_bold
    assert risks.rows[1][1].value == "2026-03-01"
    assert risks.rows[1][2].is_struck
    assert [(one.type, one.value) for one in risks.rows[2]] == [("number", 0.5), ("uncalculated", None), ("error", "#REF!")]


def test_ods_of_a_library(tmp_path):
    import odfdo

    book = odfdo.Document("spreadsheet")
    book.body.clear()
    table = odfdo.Table("Issues")
    table.set_values([["ID", "Title", "Cost"], ["I1", "Late", 12.5]])
    book.body.append(table)
    book.save(str(tmp_path / "a.ods"))
    (block,) = structure(tmp_path / "a.ods").blocks
    assert isinstance(block, TableBlock)
    assert cells(block) == [["ID", "Title", "Cost"], ["I1", "Late", "12.5"]]
    assert block.rows[1][2].value == 12.5
