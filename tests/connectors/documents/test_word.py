import io
import zipfile

import pytest

from auditor.connect.document import Cell, Document, TableBlock, TextBlock
from auditor_connectors.documents import structure_of_bytes

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
HEAD = (
    f'<w:document xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:wps="urn:wps" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><w:body>'
)
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)


def relations(*pairs):
    inner = "".join(
        f'<Relationship Id="{name}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}"{mode}/>'
        for name, kind, target, mode in pairs
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inner}</Relationships>'


def package(body, parts):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": RELS,
            "word/document.xml": HEAD + body + "</w:body></w:document>",
            **parts,
        }.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def read(body, parts=None, name="a.docx"):
    document = structure_of_bytes(package(body, parts or {}), name)
    assert Document.from_json(document.to_json()) == document
    return document


def p(text, properties="", run=""):
    return f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def styled(text, style):
    return p(text, f'<w:pStyle w:val="{style}"/>')


def tc(*content, properties=""):
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(content)}</w:tc>"


def tr(*cells, properties=""):
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def tbl(*rows, properties=""):
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr>{''.join(rows)}</w:tbl>"


def style(identifier, name, inner="", based="", kind="paragraph", default=False):
    parent = f'<w:basedOn w:val="{based}"/>' if based else ""
    mark = ' w:default="1"' if default else ""
    return f'<w:style w:type="{kind}" w:styleId="{identifier}"{mark}><w:name w:val="{name}"/>{parent}{inner}</w:style>'


def styles(*inner):
    defaults = '<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="22"/></w:rPr></w:rPrDefault></w:docDefaults>'
    return f'<w:styles xmlns:w="{W}">{defaults}{"".join(inner)}</w:styles>'


def texts(document):
    return [block.text for block in document.blocks if isinstance(block, TextBlock)]


def headings(document):
    return [(block.level, block.text, block.level_basis) for block in document.blocks if isinstance(block, TextBlock) and block.level]


def tables(document):
    return [block for block in document.blocks if isinstance(block, TableBlock)]


def grid(table):
    return [[("^" if cell.is_covered else "") + cell.text for cell in row] for row in table.rows]


BODY = p("This is a paragraph of ordinary text that says something about the project, long enough to be text.")


def test_headings_by_style_in_any_language_and_by_inheritance():
    sheet = styles(
        style("Normal", "Normal", default=True),
        style("berschrift1", "heading 1", '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>'),
        style("Titre2", "Titre 2"),
        style("Mine", "Kapitel unten", based="berschrift1"),
        style("Ttulo3", "Título 3"),
        style("Deep", "Deep", '<w:pPr><w:outlineLvl w:val="3"/></w:pPr>'),
        style("TOCHeading", "TOC Heading", '<w:pPr><w:outlineLvl w:val="9"/></w:pPr>', based="berschrift1"),
        style("Titel", "Title"),
        style("Round", "Round", based="Round2"),
        style("Round2", "Round2", based="Round"),
    )
    body = "".join(
        [
            styled("Projekthandbuch", "Titel"),
            styled("Ziele", "berschrift1"),
            BODY,
            styled("Portée", "Titre2"),
            BODY,
            styled("Weiter", "Mine"),
            BODY,
            styled("Riesgos", "Ttulo3"),
            BODY,
            styled("Tief", "Deep"),
            BODY,
            styled("Inhalt", "TOCHeading"),
            styled("Kreis", "Round"),
            p("Eigene Gliederung", '<w:outlineLvl w:val="1"/>'),
            BODY,
        ]
    )
    document = read(body, {"word/styles.xml": sheet})
    assert headings(document) == [
        (1, "Ziele", "style"),
        (2, "Portée", "style"),
        (1, "Weiter", "style"),
        (3, "Riesgos", "style"),
        (4, "Tief", "style"),
        (2, "Eigene Gliederung", "outline"),
    ]
    assert [block.text for block in document.blocks if block.is_title] == ["Projekthandbuch"]


def test_headings_of_a_file_without_styles_part():
    document = read(styled("Scope", "Heading1") + BODY + styled("Out of scope", "Heading2") + BODY)
    assert headings(document) == [(1, "Scope", "style"), (2, "Out of scope", "style")]


def test_headings_by_look_and_number():
    big, bold = '<w:sz w:val="36"/>', "<w:b/>"
    body = "".join(
        [
            p("Project Charter", run='<w:sz w:val="56"/>'),
            p("Background", run=big),
            BODY,
            p("Details of it", run=bold),
            BODY,
            p("Objectives", run=big),
            BODY,
            p("2.1 Measures", run=""),
            BODY,
            p("Note: the budget is fixed", run=bold),
            p("Everything here is bold but it is a whole sentence that ends as sentences do.", run=bold),
            BODY,
        ]
    )
    document = read(body)
    assert headings(document) == [
        (1, "Background", "look"),
        (2, "Details of it", "look"),
        (1, "Objectives", "look"),
        (2, "2.1 Measures", "numbering"),
    ]
    assert document.blocks[0].is_title


def test_bold_lines_of_an_address_are_no_headings():
    document = read(BODY + "".join(p(text, run="<w:b/>") for text in ("Ministry of Works", "Long Street 5", "Brussels")) + BODY)
    assert headings(document) == []


def test_numbered_bold_items_are_headings():
    numbering = (
        f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl><w:lvl w:ilvl="1"><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum>'
        '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
    )

    def item(text, number, level, run=""):
        return p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>', run)

    body = (
        item("Introduction", 1, 0, "<w:b/>")
        + BODY
        + item("Overview", 1, 1, "<w:b/>")
        + BODY
        + item("apples", 2, 0)
        + item("Bold pears", 2, 0, "<w:b/>")
        + BODY
    )
    document = read(body, {"word/numbering.xml": numbering})
    assert headings(document) == [(1, "Introduction", "numbering"), (2, "Overview", "numbering")]
    assert [(block.text, block.list_level) for block in document.blocks if block.is_list_item] == [("apples", 0), ("Bold pears", 0)]


def test_tracked_changes():
    body = (
        '<w:p><w:r><w:t xml:space="preserve">The budget is </w:t></w:r><w:del w:author="Ann" w:date="2026-03-01T10:00:00Z"><w:r><w:delText>10</w:delText></w:r></w:del>'
        '<w:ins w:author="Ben" w:date="2026-03-02T10:00:00Z"><w:r><w:t>12</w:t></w:r></w:ins><w:r><w:t xml:space="preserve"> million</w:t></w:r>'
        '<w:moveFrom w:author="Ann"><w:r><w:t>moved away</w:t></w:r></w:moveFrom><w:moveTo w:author="Ann"><w:r><w:t>!</w:t></w:r></w:moveTo></w:p>'
        + tbl(
            tr(tc(p("a")), tc(p("b"))),
            tr(tc(p("x")), tc(p("y")), properties='<w:del w:author="Ann"/>'),
            tr(tc(p("c")), tc(p("d")), properties='<w:ins w:author="Ann"/>'),
        )
    )
    document = read(body)
    assert texts(document) == ["The budget is 12 million!"]
    assert grid(tables(document)[0]) == [["a", "b"], ["c", "d"]]
    assert [(change.kind, change.author, change.at, change.text) for change in document.tracked_changes] == [
        ("deletion", "Ann", "2026-03-01T10:00:00Z", "10"),
        ("insertion", "Ben", "2026-03-02T10:00:00Z", "12"),
        ("move", "Ann", None, "moved away"),
    ]


def test_text_wherever_it_hides():
    box = "<w:txbxContent>" + p("In a box") + tbl(tr(tc(p("k")), tc(p("v"))), tr(tc(p("k2")), tc(p("v2")))) + "</w:txbxContent>"
    body = (
        "<w:sdt><w:sdtContent>" + p("In a control of blocks") + "</w:sdtContent></w:sdt>"
        "<w:p><w:r><w:t>A</w:t></w:r><w:sdt><w:sdtContent><w:r><w:t>-control</w:t></w:r></w:sdtContent></w:sdt><w:smartTag><w:r><w:t>-tag</w:t></w:r></w:smartTag>"
        '<w:hyperlink><w:r><w:t>-link</w:t></w:r></w:hyperlink><w:fldSimple w:instr="DATE"><w:r><w:t>-field</w:t></w:r></w:fldSimple>'
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> REF x </w:instrText></w:r><w:r><w:t>code</w:t></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>-result</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
        '<w:r><w:t>end</w:t><w:tab/><w:t>x</w:t><w:br/><w:t>y</w:t><w:noBreakHyphen/><w:t>z</w:t><w:footnoteReference w:id="2"/></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r>'
        "<m:oMath><m:r><m:t>E=mc2</m:t></m:r></m:oMath></w:p>"
        "<w:p><w:r><w:t>Anchor</w:t><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>"
        + box
        + "</wps:txbx></w:drawing></mc:Choice>"
        "<mc:Fallback><w:pict><v:textbox>" + box + "</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>" + p("After")
    )
    document = read(body)
    assert texts(document) == ["In a control of blocks", "A-control-tag-link-field-resultend x\ny-zE=mc2", "Anchor", "In a box", "After"]
    assert grid(tables(document)[0]) == [["k", "v"], ["k2", "v2"]]


def test_merged_cells_nested_tables_and_header_rows():
    span, restart, go_on = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    inner = tbl(tr(tc(p("in1")), tc(p("in2"))), tr(tc(p("in3")), tc(p("in4"))))
    table = tbl(
        tr(tc(p("Risk", run="<w:b/>"), properties=restart), tc(p("Rating"), properties=span), properties="<w:tblHeader/>"),
        tr(tc(p(""), properties=go_on), tc(p("Likelihood")), tc(p("Impact")), properties="<w:tblHeader/>"),
        tr(tc(p("Late"), p("supplier")), tc(p("4")), tc(p("5"), inner)),
        tr(tc(p("Last")), properties='<w:gridBefore w:val="1"/>'),
    )
    document = read(p("Table 1: Risks", '<w:pStyle w:val="Caption"/>') + table + BODY)
    outer, nested = tables(document)
    assert grid(outer) == [
        ["Risk", "Rating", "^Rating"],
        ["^Risk", "Likelihood", "Impact"],
        ["Late\nsupplier", "4", "5"],
        ["", "Last", ""],
    ]
    assert outer.header_rows == 2
    assert (outer.rows[0][0].row_span, outer.rows[0][1].column_span) == (2, 2)
    assert outer.rows[0][0].is_bold
    assert (outer.name, outer.locator) == ("Table 1: Risks", "table 1")
    assert grid(nested) == [["in1", "in2"], ["in3", "in4"]]
    assert nested.locator == "table 2"


def test_frames_are_not_tables():
    document = read(
        styled("Top", "Heading1")
        + tbl(tr(tc(styled("Inside", "Heading2"), BODY)))
        + tbl(tr(tc(p("")), tc(p("Logo text"))))
        + tbl(tr(tc(styled("Part", "Heading2"))), tr(tc(p("words of it"))))
    )
    assert tables(document) == []
    assert headings(document) == [(1, "Top", "style"), (2, "Inside", "style"), (2, "Part", "style")]
    assert "Logo text" in texts(document)


def test_table_is_named_by_the_heading_above():
    table = tbl(tr(tc(p("a")), tc(p("b"))), tr(tc(p("c")), tc(p("d"))))
    document = read(styled("Stakeholders", "Heading1") + BODY + table)
    assert tables(document)[0].name == "Stakeholders"


def test_struck_text_is_withdrawn():
    gone = "<w:strike/>"
    body = (
        p("All of this is withdrawn", run=gone)
        + '<w:p><w:r><w:rPr><w:strike/></w:rPr><w:t xml:space="preserve">old </w:t></w:r><w:r><w:t>new</w:t></w:r></w:p>'
        + tbl(tr(tc(p("R1", run=gone)), tc(p("Late", run=gone))), tr(tc(p("R2")), tc(p("x", run=gone), p("kept"))))
    )
    document = read(body)
    assert [(block.text, block.is_struck) for block in document.blocks[:2]] == [("All of this is withdrawn", True), ("new", False)]
    rows = tables(document)[0].rows
    assert [cell.is_struck for cell in rows[0]] == [True, True]
    assert rows[1][1] == Cell("kept")


def test_template_residue():
    sheet = styles(
        style("Normal", "Normal", default=True), style("Help", "Guidance Text", '<w:rPr><w:i/><w:color w:val="0000FF"/></w:rPr>')
    )
    prompt = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>" + p("Type the scope") + "</w:sdtContent></w:sdt>"
    body = (
        prompt
        + styled("Describe what the project is for.", "Help")
        + p("&lt;Project name&gt;")
        + p("[Insert the date]")
        + p("Owner: TBD")
        + p("Prepared by &lt;author&gt; on dd/mm/yyyy")
        + p("Lorem ipsum dolor sit amet")
        + p("See [1] and [RFC 2119], a &lt; b &gt; c")
        + BODY * 4
        + tbl(tr(tc(p("Owner")), tc(p("Date"))), tr(tc(p("&lt;name&gt;")), tc(p("TT.MM.JJJJ"))))
    )
    document = read(body, {"word/styles.xml": sheet})
    flags = {block.text: block.is_placeholder for block in document.blocks if isinstance(block, TextBlock)}
    assert [text for text, flag in flags.items() if flag] == [
        "Type the scope",
        "Describe what the project is for.",
        "<Project name>",
        "[Insert the date]",
        "Lorem ipsum dolor sit amet",
    ]
    assert [cell.is_placeholder for cell in tables(document)[0].rows[1]] == [True, True]
    assert document.placeholder_count == 5 + 1 + 2 + 2


def test_own_text_in_the_style_of_guidance_is_no_residue():
    sheet = styles(style("Normal", "Normal", default=True), style("InfoBlue", "InfoBlue"))
    body = styled("Describe the scope here.", "InfoBlue") + "".join(
        styled(f"We deliver part {n} of the platform in the second quarter of the year.", "InfoBlue") for n in range(6)
    )
    document = read(body, {"word/styles.xml": sheet})
    assert [block.is_placeholder for block in document.blocks] == [True] + [False] * 6


def test_the_subtitle_that_a_program_paints_blue_and_italic_is_no_guidance():
    look = '<w:rPr><w:i/><w:color w:val="4F81BD"/></w:rPr>'
    sheet = styles(
        style("Normal", "Normal", default=True), style("Subtitle", "Subtitle", look), style("IntenseQuote", "Intense Quote", look)
    )
    body = styled("Self-Service for Staff", "Subtitle") + styled("Nobody files paper any more.", "IntenseQuote") + BODY * 4
    document = read(body, {"word/styles.xml": sheet})
    assert not any(block.is_placeholder for block in document.blocks)
    assert document.placeholder_count == 0


@pytest.mark.parametrize(
    "text",
    [
        "Any extra information, or even a summary, can go here. Leave empty if not needed.",
        "Delete this section if no service is outsourced.",
        "Laisser vide si rien n'est sous-traité",
        "Leer lassen, falls nichts vergeben wird.",
        "Dejar en blanco si no procede",
    ],
)
def test_an_instruction_that_was_left_in_is_counted(text):
    assert read(p(text) + BODY).placeholder_count >= 1


def test_broken_references_in_four_languages():
    body = "".join(
        p(text)
        for text in (
            "See Error! Reference source not found.",
            "Voir Erreur ! Source du renvoi introuvable.",
            "Siehe Fehler! Verweisquelle konnte nicht gefunden werden.",
            "Véase ¡Error! No se encuentra el origen de la referencia. y Error! Bookmark not defined.",
            "No error here! Honest.",
        )
    )
    assert read(body).broken_reference_count == 5


def test_properties_comments_headers():
    parts = {
        "_rels/.rels": RELS.replace(
            "</Relationships>",
            '<Relationship Id="r2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>',
        ),
        "docProps/core.xml": '<cp:coreProperties xmlns:cp="urn:cp" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="urn:t"><dc:title>Charter</dc:title><dc:creator>Ann</dc:creator><cp:lastModifiedBy>Ben</cp:lastModifiedBy><cp:revision>7</cp:revision><dcterms:modified>2026-03-01T10:00:00Z</dcterms:modified></cp:coreProperties>',
        "docProps/app.xml": '<Properties xmlns="urn:a"><Template>PM2.dotx</Template><Pages>12</Pages></Properties>',
        "docProps/custom.xml": '<Properties xmlns="urn:c" xmlns:vt="urn:v"><property name="Sensitivity"><vt:lpwstr>Internal</vt:lpwstr></property></Properties>',
        "word/_rels/document.xml.rels": relations(
            ("h1", "header", "header1.xml", ""),
            ("f1", "footer", "footer1.xml", ""),
            ("c1", "comments", "comments.xml", ""),
            ("c2", "commentsExtended", "commentsExtended.xml", ""),
            ("l1", "hyperlink", "https://example.org/x", ' TargetMode="External"'),
        ),
        "word/header1.xml": f'<w:hdr xmlns:w="{W}">{p("Project X")}{tbl(tr(tc(p("Version 1.2")), tc(p("Draft"))))}</w:hdr>',
        "word/footer1.xml": f'<w:ftr xmlns:w="{W}">{p("Page 1 of 12")}</w:ftr>',
        "word/comments.xml": f'<w:comments xmlns:w="{W}" xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"><w:comment w:author="Cy" w:date="2026-03-03T10:00:00Z"><w:p w14:paraId="AA"><w:r><w:t>Who owns this?</w:t></w:r></w:p></w:comment><w:comment w:author="Di"><w:p w14:paraId="BB"><w:r><w:t>Done</w:t></w:r></w:p></w:comment></w:comments>',
        "word/commentsExtended.xml": '<w15:commentsEx xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"><w15:commentEx w15:paraId="BB" w15:done="1"/></w15:commentsEx>',
    }
    link = tbl(
        tr(tc(p("Document")), tc(p("Where"))),
        tr(tc(p("Plan")), tc('<w:p><w:hyperlink r:id="l1"><w:r><w:t>here</w:t></w:r></w:hyperlink></w:p>')),
    )
    document = read(BODY + link, parts)
    assert document.properties == {
        "title": "Charter",
        "creator": "Ann",
        "last_modified_by": "Ben",
        "revision": "7",
        "modified": "2026-03-01T10:00:00Z",
        "template": "PM2.dotx",
        "pages": "12",
        "custom:Sensitivity": "Internal",
    }
    assert document.page_count == 12
    assert document.headers == ("Page 1 of 12", "Project X\nVersion 1.2\nDraft")
    assert [(comment.author, comment.at, comment.text, comment.is_resolved) for comment in document.comments] == [
        ("Cy", "2026-03-03T10:00:00Z", "Who owns this?", False),
        ("Di", None, "Done", True),
    ]
    assert tables(document)[0].rows[1][1].link == "https://example.org/x"


def test_strict_variant_is_read_alike():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr(
            "_rels/.rels",
            RELS.replace("http://schemas.openxmlformats.org/officeDocument/2006", "http://purl.oclc.org/ooxml/officeDocument"),
        )
        archive.writestr(
            "word/document.xml",
            (HEAD + styled("Scope", "Heading1") + BODY + "</w:body></w:document>").replace(
                W, "http://purl.oclc.org/ooxml/wordprocessingml/main"
            ),
        )
    assert headings(structure_of_bytes(buffer.getvalue(), "strict.docx")) == [(1, "Scope", "style")]


def test_python_docx_writes_what_is_read(tmp_path):
    import docx as library

    written = library.Document()
    written.add_heading("Status Report", 0)
    written.add_heading("Risks", 1)
    written.add_paragraph("Two risks are open.")
    written.add_paragraph("first", style="List Bullet")
    table = written.add_table(rows=2, cols=2)
    for number, text in enumerate(("ID", "Risk", "R1", "Late")):
        table.cell(number // 2, number % 2).text = text
    written.save(str(tmp_path / "a.docx"))
    from auditor_connectors.documents import structure

    document = structure(tmp_path / "a.docx")
    assert document.blocks[0].is_title
    assert headings(document) == [(1, "Risks", "style")]
    assert [block.text for block in document.blocks if isinstance(block, TextBlock) and block.is_list_item] == ["first"]
    assert grid(tables(document)[0]) == [["ID", "Risk"], ["R1", "Late"]]


def test_titles_stand_on_the_cover_only():
    table = tbl(tr(tc(p("Version")), tc(p("Date"))), tr(tc(p("1.0")), tc(p("2026"))))
    body = (
        styled("Risk Management Plan", "Title")
        + styled("March 2026", "Title")
        + styled("Revision History", "Title")
        + table
        + styled("Table of Contents", "Title")
        + BODY
        + p("Version 1.3", run='<w:sz w:val="40"/>')
        + BODY
    )
    document = read(body)
    assert [block.text for block in document.blocks if isinstance(block, TextBlock) and block.is_title] == [
        "Risk Management Plan",
        "Revision History",
    ]
    assert headings(document) == [(1, "Table of Contents", "style")]
