import io
import zipfile

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from auditor.connect.document import Document, TableBlock, TextBlock
from auditor_connectors.documents import Unreadable, structure, structure_of_bytes


def read(data, name):
    document = structure_of_bytes(data if isinstance(data, bytes) else data.encode(), name)
    assert Document.from_json(document.to_json()) == document
    assert structure_of_bytes(data if isinstance(data, bytes) else data.encode(), name).to_json() == document.to_json()
    return document


def outline(document):
    return [
        [[("^" if cell.is_covered else "") + cell.text for cell in row] for row in block.rows]
        if isinstance(block, TableBlock)
        else (("T" if block.is_title else f"h{block.level}" if block.level else "li" if block.is_list_item else "p"), block.text)
        for block in document.blocks
    ]


def test_markdown():
    text = """---
title: "Risk plan"
author: Ann
reviewed by: Ben
---
# Risk *plan*

Some **bold** text
over two lines.

Second level
------------

- first
  - [x] inner ~~old~~ new
1. numbered

| ID | Title | Owner |
|----|:-----:|-------|
| R1 | a \\| b | [Ann](mailto:a@b.c) |
| R2 | ~~gone~~ | |

```
# no heading
```

<!-- hidden
# comment -->
**Bold line**

Text below the bold line, which is longer than it.
"""
    document = read(text, "plan.md")
    assert document.properties == {"title": "Risk plan", "creator": "Ann", "custom:reviewed by": "Ben"}
    assert outline(document) == [
        ("h1", "Risk plan"),
        ("p", "Some bold text over two lines."),
        ("h2", "Second level"),
        ("li", "first"),
        ("li", "☑ inner new"),
        ("li", "numbered"),
        [["ID", "Title", "Owner"], ["R1", "a | b", "Ann"], ["R2", "gone", ""]],
        ("p", "# no heading"),
        ("h3", "Bold line"),
        ("p", "Text below the bold line, which is longer than it."),
    ]
    table = next(block for block in document.blocks if isinstance(block, TableBlock))
    assert (table.header_rows, table.name, table.rows[1][2].link, table.rows[2][1].is_struck) == (1, "Second level", "mailto:a@b.c", True)


def test_markdown_in_other_encodings():
    for encoding in ("utf-8-sig", "utf-16", "utf-16-le", "cp1252"):
        assert outline(read("# Größe\n\nfür alle\n".encode(encoding), "a.md")) == [("h1", "Größe"), ("p", "für alle")]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('ID,Title\n1,"a, b"\n2,c\n', [["ID", "Title"], ["1", "a, b"], ["2", "c"]]),
        ("ID;Kosten\n1;1.234,56\n2;7,5\n", [["ID", "Kosten"], ["1", "1.234,56"], ["2", "7,5"]]),
        ("sep=|\nID|Title\n1|x\n", [["ID", "Title"], ["1", "x"]]),
        ("ID\tTitle\n1\tx, y, z\n", [["ID", "Title"], ["1", "x, y, z"]]),
        ("\n\nOnly\na\nb\n\n", [["Only"], ["a"], ["b"]]),
        ("a,b,c\n1\n", [["a", "b", "c"], ["1", "", ""]]),
    ],
)
def test_separated_values(text, rows):
    for encoding in ("utf-8", "utf-16", "cp1252"):
        assert outline(read(text.encode(encoding), "r.csv")) == [rows]


def test_plain_text():
    text = "STATUS REPORT\n=============\n\nAll is well\nin March.\n\n* one\n* two\n"
    assert outline(read(text, "r.txt")) == [("h1", "STATUS REPORT"), ("p", "All is well\nin March."), ("li", "one"), ("li", "two")]


def test_web_page():
    page = """<!DOCTYPE html><html lang="en"><head><title>Minutes</title><meta name="author" content="Ann"><style>p{}</style></head><body>
    <script>alert('x')</script><nav>menu</nav><h1>Minutes of <i>March</i></h1><p>Present:&nbsp;<b>Ann</b>,<br>Ben <s>Cy</s></p>
    <ul><li>first<ul><li>inner</li></ul></li></ul><div style="display: none">secret</div>
    <table><caption>Actions</caption><tr><th>No</th><th colspan=2>What and who</th></tr><tr><td rowspan="2">1</td><td>call</td><td><a href="mailto:b@c">Ben</a></td></tr><tr><td>write</td><td>Cy</td></tr></table>
    <table><tr><td><h2>Framed</h2><p>words</p></td></tr></table></body></html>"""
    document = read(page, "m.html")
    assert document.properties == {"title": "Minutes", "language": "en", "creator": "Ann"}
    assert outline(document) == [
        ("h1", "Minutes of March"),
        ("p", "Present: Ann,\nBen"),
        ("li", "first"),
        ("li", "inner"),
        [["No", "What and who", "^What and who"], ["1", "call", "Ben"], ["^1", "write", "Cy"]],
        ("h2", "Framed"),
        ("p", "words"),
    ]
    table = document.blocks[4]
    assert (table.name, table.header_rows, table.rows[1][2].link) == ("Actions", 1, "mailto:b@c")


def test_page_under_other_names():
    page = b"<!DOCTYPE html><html><body><p>Sign in</p></body></html>"
    assert outline(read(page, "export.xls")) == [("p", "Sign in")]
    for name in ("a.docx", "a.pdf", "a.xlsx"):
        with pytest.raises(Unreadable) as caught:
            structure_of_bytes(page, name)
        assert caught.value.reason == "not_a_document"


# OpenDocument text

NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"'
)


def odt(body, automatic="", styles="", meta=""):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr(
            "content.xml",
            f"<office:document-content {NAMES}><office:automatic-styles>{automatic}</office:automatic-styles><office:body><office:text>{body}</office:text></office:body></office:document-content>",
        )
        package.writestr("styles.xml", f"<office:document-styles {NAMES}>{styles}</office:document-styles>")
        package.writestr("meta.xml", f"<office:document-meta {NAMES}><office:meta>{meta}</office:meta></office:document-meta>")
    return buffer.getvalue()


def test_odt():
    styles = (
        '<office:styles><style:style style:name="Title" style:family="paragraph"/><style:style style:name="Heading_20_2" style:display-name="Heading 2" style:family="paragraph" style:default-outline-level="2"/></office:styles>'
        "<office:master-styles><style:master-page><style:header><text:p>Project X</text:p></style:header></style:master-page></office:master-styles>"
    )
    automatic = (
        '<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Heading_20_2"/><style:style style:name="T1" style:family="text"><style:text-properties style:text-line-through-style="solid"/></style:style>'
        '<style:style style:name="T2" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>'
    )
    body = (
        '<text:tracked-changes><text:changed-region text:id="c1"><text:deletion><office:change-info><dc:creator>Ann</dc:creator><dc:date>2026-03-01T10:00:00</dc:date></office:change-info><text:p>thrown out</text:p></text:deletion></text:changed-region>'
        '<text:changed-region text:id="c2"><text:insertion><office:change-info><dc:creator>Ben</dc:creator><dc:date>2026-03-02T10:00:00</dc:date></office:change-info></text:insertion></text:changed-region></text:tracked-changes>'
        '<text:p text:style-name="Title">Projektauftrag</text:p><text:table-of-content><text:index-body><text:p>Ziele 1</text:p></text:index-body></text:table-of-content>'
        '<text:h text:outline-level="1">Ziele</text:h><text:p>Wir bauen<text:change text:change-id="c1"/> <text:s text:c="3"/>ein<text:change-start text:change-id="c2"/> neues<text:change-end text:change-id="c2"/> System<text:note><text:note-body><text:p>note</text:p></text:note-body></text:note>.<office:annotation><dc:creator>Cy</dc:creator><dc:date>2026-03-03T10:00:00</dc:date><text:p>Welches?</text:p></office:annotation></text:p>'
        '<text:p text:style-name="P1">Unterziele</text:p><text:list><text:list-item><text:p>eins</text:p><text:list><text:list-item><text:p>innen</text:p></text:list-item></text:list></text:list-item></text:list>'
        '<text:p><text:span text:style-name="T1">weg</text:span></text:p><text:section><text:p><text:placeholder text:placeholder-type="text">&lt;Datum&gt;</text:placeholder></text:p></text:section>'
        "<text:p>Anker<draw:frame><draw:text-box><text:p>im Kasten</text:p></draw:text-box></draw:frame></text:p>"
        '<table:table><table:table-column/><table:table-header-rows><table:table-row><table:table-cell table:number-columns-spanned="2"><text:p><text:span text:style-name="T2">Risiko</text:span></text:p></table:table-cell><table:covered-table-cell/></table:table-row></table:table-header-rows>'
        '<table:table-row><table:table-cell table:number-rows-spanned="2"><text:p>R1</text:p></table:table-cell><table:table-cell><text:p>spät</text:p><text:p>teuer</text:p></table:table-cell></table:table-row><table:table-row><table:covered-table-cell/><table:table-cell><table:table><table:table-row><table:table-cell><text:p>i</text:p></table:table-cell><table:table-cell><text:p>j</text:p></table:table-cell></table:table-row></table:table></table:table-cell></table:table-row></table:table>'
    )
    meta = '<dc:title>Auftrag</dc:title><meta:initial-creator>Ann</meta:initial-creator><dc:creator>Ben</dc:creator><dc:date>2026-03-03T10:00:00</dc:date><meta:editing-cycles>4</meta:editing-cycles><meta:user-defined meta:name="Status">Entwurf</meta:user-defined><meta:document-statistic meta:page-count="3"/>'
    document = read(odt(body, automatic, styles, meta), "a.odt")
    assert outline(document) == [
        ("T", "Projektauftrag"),
        ("p", "Ziele 1"),
        ("h1", "Ziele"),
        ("p", "Wir bauen ein neues System."),
        ("h2", "Unterziele"),
        ("li", "eins"),
        ("li", "innen"),
        ("p", "weg"),
        ("p", "<Datum>"),
        ("p", "Anker"),
        ("p", "im Kasten"),
        [["Risiko", "^Risiko"], ["R1", "spät\nteuer"], ["^R1", ""]],
        [["i", "j"]],
    ]
    assert document.blocks[7].is_struck
    assert document.blocks[8].is_placeholder
    assert document.blocks[11].header_rows == 1
    assert document.blocks[11].rows[0][0].is_bold
    assert document.properties == {
        "title": "Auftrag",
        "creator": "Ann",
        "last_modified_by": "Ben",
        "modified": "2026-03-03T10:00:00",
        "revision": "4",
        "custom:Status": "Entwurf",
        "pages": "3",
    }
    assert (document.headers, document.page_count) == (("Project X",), 3)
    assert [(comment.author, comment.text) for comment in document.comments] == [("Cy", "Welches?")]
    assert [(change.kind, change.author, change.text) for change in document.tracked_changes] == [
        ("deletion", "Ann", "thrown out"),
        ("insertion", "Ben", "neues"),
    ]


# Presentations


def test_pptx_of_a_library(tmp_path):
    import pptx
    from pptx.util import Inches

    deck = pptx.Presentation()
    cover = deck.slides.add_slide(deck.slide_layouts[0])
    cover.shapes.title.text = "Steering Committee"
    cover.placeholders[1].text = "March 2026"
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "Risks"
    frame = slide.placeholders[1].text_frame
    frame.text = "Supplier late"
    inner = frame.add_paragraph()
    inner.text, inner.level = "two weeks", 1
    slide.notes_slide.notes_text_frame.text = "do not tell"
    last = deck.slides.add_slide(deck.slide_layouts[5])
    last.shapes.title.text = "Actions"
    table = last.shapes.add_table(3, 2, Inches(1), Inches(2), Inches(6), Inches(2)).table
    for number, text in enumerate(("No", "Action", "1", "Call", "", "Write")):
        table.cell(number // 2, number % 2).text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    deck.core_properties.title = "SC"
    deck.save(str(tmp_path / "a.pptx"))
    document = structure(tmp_path / "a.pptx")
    assert outline(document) == [
        ("T", "Steering Committee"),
        ("p", "March 2026"),
        ("h1", "Risks"),
        ("li", "Supplier late"),
        ("li", "two weeks"),
        ("h1", "Actions"),
        [["No", "Action"], ["1", "Call"], ["^1", "Write"]],
    ]
    assert (document.properties["title"], document.page_count, document.blocks[-1].locator, document.blocks[-1].header_rows) == (
        "SC",
        3,
        "slide 3 table 1",
        1,
    )


# PDF


def pdf(tmp_path, story, **options):
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import SimpleDocTemplate

    path = tmp_path / "a.pdf"
    SimpleDocTemplate(str(path), pagesize=A4, title="Plan", author="Ann", invariant=1, **options).build(story)
    return path


FONTS = ("Helvetica", "Helvetica-Bold", "Helvetica-Oblique", "Times-Roman", "Times-Italic", "Courier", "Courier-Bold")


@given(
    texts=st.lists(
        st.lists(st.text("1147.:/-ilLfjrtTA,()", max_size=14).map("1{}".format), min_size=1, max_size=5), min_size=1, max_size=6
    ),
    font=st.sampled_from(FONTS),
    size=st.sampled_from([6, 8, 9.5, 11, 14]),
)
@example(texts=[["11/11/2026", "1.1", "v1.0", "211", "1", "111"]], font="Helvetica", size=10)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_words_in_pdf_are_the_words_that_were_written(tmp_path, texts, font, size):
    """White inside a word is never taken for a space, however narrow its letters; a space always is one."""
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(tmp_path / "words.pdf"))
    canvas.setFont(font, size)
    for number, words in enumerate(texts):
        canvas.drawString(60, 780 - 40 * number, "Word " + " ".join(words) + " end")
    canvas.save()
    said = " ".join(block.text for block in structure(tmp_path / "words.pdf").blocks)
    assert said == " ".join("Word " + " ".join(words) + " end" for words in texts)


def test_a_footer_may_hold_other_numbers_than_that_of_the_page(tmp_path):
    """It is no text of the document, and does not cut a table that goes on over the page in two."""
    from reportlab.platypus import PageBreak, Table

    def footer(canvas, document):
        canvas.drawString(60, 30, f"Stage plan 3 version 1.0 In confidence Page {document.page}")

    grid = [("GRID", (0, 0), (-1, -1), 0.5, "black")]
    first, second = [["Version", "1.0"], ["Status", "Approved"]], [["Author", "Ann Lee"], ["Owner", "Bo Ray"]]
    story = [Table(first, style=grid, colWidths=[90, 200]), PageBreak(), Table(second, style=grid, colWidths=[90, 200]), PageBreak()]
    story.append(Table([["Place", "Riga"], ["Day", "11 May"]], style=grid, colWidths=[60, 100]))
    from reportlab.platypus import SimpleDocTemplate

    SimpleDocTemplate(str(tmp_path / "a.pdf"), invariant=1).build(story, onFirstPage=footer, onLaterPages=footer)
    document = structure(tmp_path / "a.pdf")
    assert [block for block in document.blocks if not isinstance(block, TableBlock)] == []
    assert [[[cell.text for cell in row] for row in block.rows] for block in document.blocks] == [
        [*first, *second],
        [["Place", "Riga"], ["Day", "11 May"]],
    ]


def test_pdf_headings_paragraphs_and_ruled_tables(tmp_path):
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import PageBreak, Paragraph, Table

    sheet = getSampleStyleSheet()
    text = (
        "This project replaces the old register of vehicles by a new one which is quicker, and cheaper to run for all of the departments. "
        * 4
    )
    grid = [("GRID", (0, 0), (-1, -1), 0.5, "black"), ("SPAN", (0, 0), (1, 0))]
    rows = [["Risk", "", "Impact"], ["R1", "Supplier late", "4"], ["R2", "Budget cut", "5"]]
    more = [["Risk", "", "Impact"], ["R3", "Flood", "2"]]
    story = [
        Paragraph("Project Plan", sheet["Title"]),
        Paragraph("Scope", sheet["Heading1"]),
        Paragraph(text, sheet["BodyText"]),
        Paragraph("In detail", sheet["Heading2"]),
        Paragraph(text, sheet["BodyText"]),
        Table(rows, style=grid, colWidths=[60, 150, 80]),
        PageBreak(),
        Table(more, style=grid, colWidths=[60, 150, 80]),
        Paragraph(text, sheet["BodyText"]),
    ]
    document = structure(pdf(tmp_path, story))
    found = outline(document)
    assert found[0] == ("T", "Project Plan")
    assert [entry for entry in found if entry[0] in ("h1", "h2")] == [("h1", "Scope"), ("h2", "In detail")]
    assert found[2] == ("p", text.strip())
    tables = [block for block in document.blocks if isinstance(block, TableBlock)]
    assert [found[number] for number in range(len(found)) if isinstance(found[number], list)] == [
        [["Risk", "^Risk", "Impact"], ["R1", "Supplier late", "4"], ["R2", "Budget cut", "5"], ["R3", "Flood", "2"]]
    ]
    assert (tables[0].locator, tables[0].name) == ("page 1 table 1", "In detail")
    assert (document.page_count, document.properties["title"], document.properties["creator"]) == (2, "Plan", "Ann")
    assert {block.page for block in document.blocks if isinstance(block, TextBlock)} == {1, 2}


def test_pdf_row_that_a_page_cuts_in_two_is_one(tmp_path):
    from reportlab.platypus import PageBreak, Table

    grid = [("GRID", (0, 0), (-1, -1), 0.5, "black")]
    widths = [60, 150, 80, 80]
    story = [
        Table(
            [
                ["Id", "Milestone", "Baseline", "Forecast"],
                ["M1", "Design ready", "1 May", "2 May"],
                ["M2", "Intake of", "3 June", "4 June"],
            ],
            style=grid,
            colWidths=widths,
        ),
        PageBreak(),
        Table([["", "files accepted", "", ""], ["M3", "Go-live", "5 July", "6 July"]], style=grid, colWidths=widths),
    ]
    (table,) = [block for block in structure(pdf(tmp_path, story)).blocks if isinstance(block, TableBlock)]
    assert [[cell.text for cell in row] for row in table.rows[2:]] == [
        ["M2", "Intake of files accepted", "3 June", "4 June"],
        ["M3", "Go-live", "5 July", "6 July"],
    ]


def test_pdf_column_that_is_empty_on_one_page_keeps_its_place(tmp_path):
    """What stands to the right of it is not taken for it: a forecast is no date on which something was reached."""
    from reportlab.platypus import PageBreak, Table

    grid = [("GRID", (0, 0), (-1, -1), 0.5, "black")]
    widths = [60, 150, 80, 80]
    story = [
        Table([["Id", "Milestone", "Actual", "Forecast"], ["M1", "Design ready", "1 May", ""]], style=grid, colWidths=widths),
        PageBreak(),
        Table([["M2", "Intake ready", "", "4 June"], ["M3", "Go-live", "", "6 July"]], style=grid, colWidths=widths),
    ]
    (table,) = [block for block in structure(pdf(tmp_path, story)).blocks if isinstance(block, TableBlock)]
    assert [[cell.text for cell in row] for row in table.rows[2:]] == [
        ["M2", "Intake ready", "", "4 June"],
        ["M3", "Go-live", "", "6 July"],
    ]


def test_pdf_running_heads_are_no_text(tmp_path):
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate

    def running(canvas, document):
        canvas.drawString(72, 800, "Project X – confidential")
        canvas.drawString(500, 30, f"Page {document.page} of 4")

    sheet = getSampleStyleSheet()
    story = []
    for number in range(4):
        story += [Paragraph(f"Chapter {number} says something of its own.", sheet["BodyText"]), PageBreak()]
    SimpleDocTemplate(str(tmp_path / "b.pdf")).build(story, onFirstPage=running, onLaterPages=running)
    document = structure(tmp_path / "b.pdf")
    assert document.headers == ("Project X – confidential", "Page 1 of 4")
    assert [block.text for block in document.blocks] == [f"Chapter {number} says something of its own." for number in range(4)]


def test_pdf_with_level_rules_only(tmp_path):
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(tmp_path / "c.pdf"))
    for row, texts in enumerate((("Product", "Description"), ("Lookout", "Finds vehicles"), ("Site", "Tells of it"))):
        top = 700 - 30 * row
        for left, right, text in zip((60, 200), (200, 500), texts, strict=True):
            canvas.line(left, top, right, top)
            canvas.line(left, top - 30, right, top - 30)
            canvas.drawString(left + 5, top - 18, text)
    canvas.save()
    assert outline(structure(tmp_path / "c.pdf")) == [[["Product", "Description"], ["Lookout", "Finds vehicles"], ["Site", "Tells of it"]]]


def picture_page(canvas):
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    canvas.drawImage(ImageReader(Image.new("RGB", (40, 40), "grey")), 0, 0, 500, 700)
    canvas.showPage()


def test_scans_are_never_empty(tmp_path):
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(tmp_path / "scan.pdf"))
    picture_page(canvas)
    picture_page(canvas)
    canvas.save()
    with pytest.raises(Unreadable) as caught:
        structure(tmp_path / "scan.pdf")
    assert caught.value.reason == "no_text_layer"
    canvas = Canvas(str(tmp_path / "mixed.pdf"))
    canvas.drawString(72, 700, "The approval is on the next page, which was scanned.")
    canvas.showPage()
    picture_page(canvas)
    canvas.save()
    document = structure(tmp_path / "mixed.pdf")
    assert document.is_cut
    assert len(document.blocks) == 1


def test_encrypted_pdf(tmp_path):
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(tmp_path / "e.pdf"), encrypt=StandardEncryption("secret"))
    canvas.drawString(72, 700, "hidden")
    canvas.save()
    with pytest.raises(Unreadable) as caught:
        structure(tmp_path / "e.pdf")
    assert caught.value.reason == "encrypted"


def test_pdf_table_without_rules(tmp_path):
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(tmp_path / "d.pdf"))
    canvas.drawString(60, 760, "The risks of the project, as they were known at the end of the second month of the work.")
    lines = [
        ("ID", "Risk", "Owner", "Score"),
        ("R1", "Supplier is late", "Ann", "12"),
        ("", "with the server", "", ""),
        ("R2", "Budget cut", "Ben", "8"),
    ]
    for number, texts in enumerate(lines):
        for left, text in zip((60, 110, 300, 420), texts, strict=True):
            canvas.drawString(left, 720 - 16 * number, text)
    canvas.drawString(60, 630, "Text goes on below the table and is as long as a line of text usually is in such documents.")
    canvas.save()
    found = outline(structure(tmp_path / "d.pdf"))
    assert found[1] == [
        ["ID", "Risk", "Owner", "Score"],
        ["R1", "Supplier is late with the server", "Ann", "12"],
        ["R2", "Budget cut", "Ben", "8"],
    ]
    assert [entry[0] for entry in (found[0], found[2])] == ["p", "p"]


def test_pdf_shades_and_neighbouring_tables(tmp_path):
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(tmp_path / "e.pdf"))
    for top, texts in ((700, ("#", "Task")), (670, ("1", "Write"))):
        for left, right, text in zip((60, 120), (120, 400), texts, strict=True):
            canvas.rect(left, top - 30, right - left, 30)
            canvas.drawString(left + 5, top - 18, text)
    canvas.setFillGray(0.9)
    for left, right in ((60, 130), (130, 220), (220, 300)):  # marked words of a paragraph
        canvas.rect(left, 580, right - left, 14, stroke=0, fill=1)
    canvas.setFillGray(0)
    canvas.drawString(60, 583, "some words that somebody has marked")
    for top, texts in ((500, ("#", "Task")), (470, ("2", "Read"))):
        for left, right, text in zip((60, 120), (120, 400), texts, strict=True):
            canvas.rect(left, top - 30, right - left, 30)
            canvas.drawString(left + 5, top - 18, text)
    canvas.save()
    assert outline(structure(tmp_path / "e.pdf")) == [
        [["#", "Task"], ["1", "Write"]],
        ("p", "some words that somebody has marked"),
        [["#", "Task"], ["2", "Read"]],
    ]
