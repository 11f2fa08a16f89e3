"""Sections of documents: content items, products inside other documents, what is empty and what is unknown."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.connect.document import Cell, Document, TableBlock, TextBlock
from auditor.connect.protocol import Parsed
from auditor.model.schema import TABLES
from auditor.snapshot.documents.kinds import SURE, recognise_kind
from auditor.snapshot.documents.sections import LONGEST_TEXT, recognise_sections


def read(parsed, recognition):
    return recognise_sections(parsed, recognise_kind(parsed, recognition), recognition)


def test_headings_are_the_content_items_that_a_reader_sees(case, recognition):
    """Each heading that a careful reader names is that content item."""
    kinds = {row.values["heading"]: row.values["kind"] for row in read(case.parsed, recognition).found}
    assert {heading: kinds.get(heading) for heading in case.sections} == case.sections


def test_products_inside_are_found_and_no_others_are_sure(case, recognition):
    """A product inside a document is sure exactly where a careful reader says so (in either standard's words)."""
    found = read(case.parsed, recognition)
    headings = {row.own_id: row.values["heading"] for row in found.found}
    sure = {(headings[product.section], product.kind) for product in found.products if product.confidence >= SURE}
    assert set(case.products.items()) <= sure
    registers = {"risk_log", "risk_register", "issue_log", "issue_register", "project_work_plan", "project_plan"}
    assert {heading for heading, kind in sure if kind not in registers} <= set(case.products)


def test_a_section_reaches_over_its_subsections(recognition):
    """Text, words and emptiness of a section include what stands below its subheadings, and end at the next heading of its level."""
    blocks = (
        TextBlock("Scope", level=1), TextBlock("In scope", level=2), TextBlock("Lamps and poles"),
        TextBlock("Risks", level=1), TextBlock("<describe the risks>", is_placeholder=True),
    )  # fmt: skip
    scope, inside, risks = read(Parsed(Document("docx", blocks), "x.docx"), recognition).found
    assert (scope.values["text"], scope.values["word_count"], scope.values["is_empty"]) == ("Lamps and poles", 3, False)
    assert (inside.values["level"], inside.values["position"], inside.values["text"]) == (2, 2, "Lamps and poles")
    assert (risks.values["text"], risks.values["is_empty"], risks.values["placeholder_count"]) == (None, True, 1)


def test_a_promise_of_words_is_no_content(recognition):
    """'To be defined during planning' below a heading leaves it empty; beside something it counts as a residue."""
    blocks = (
        TextBlock("Risks", level=1), TextBlock("To be defined during planning."),
        TextBlock("Scope", level=1), TextBlock("Lamps and poles"), TextBlock("Details will follow"),
    )  # fmt: skip
    risks, scope = read(Parsed(Document("docx", blocks), "x.docx"), recognition).found
    assert (risks.values["text"], risks.values["is_empty"], risks.values["placeholder_count"]) == (None, True, 1)
    assert (scope.values["text"], scope.values["is_empty"], scope.values["placeholder_count"]) == ("Lamps and poles", False, 1)


def test_a_table_with_a_header_only_is_empty(recognition):
    """Headers and labels are no content."""
    header = tuple(Cell(text) for text in ("ID", "Milestone", "Date"))
    row = tuple(Cell(text) for text in ("1", "Start", "2026-01-01"))
    empty, full = (
        read(Parsed(Document("docx", (TextBlock("Milestones", level=1), TableBlock(rows))), "x.docx"), recognition).found[0]
        for rows in ((header,), (header, row))
    )
    assert empty.values["is_empty"]
    assert not full.values["is_empty"]


def test_what_was_cut_is_unknown(recognition):
    """A section that a limit cut is not known to be empty, nor is its text or length known."""
    blocks = (TextBlock("Scope", level=1), TextBlock("All"), TextBlock("Risks", level=1))
    first, last = read(Parsed(Document("pdf", blocks, is_cut=True), "x.pdf"), recognition).found
    assert {"is_empty", "text", "word_count"} <= first.filled
    assert not {"is_empty", "text", "word_count"} & last.filled
    assert "is_empty" not in last.values


def test_a_long_text_is_cut_and_unknown(recognition):
    """A text of more than 20,000 characters is kept in part and not held for the whole."""
    blocks = (TextBlock("Scope", level=1), *(TextBlock("word " * 400) for _ in range(30)))
    (row,) = read(Parsed(Document("docx", blocks), "x.docx"), recognition).found
    assert len(row.values["text"]) <= LONGEST_TEXT
    assert "text" not in row.filled
    assert row.values["word_count"] == 12_000


@pytest.mark.parametrize(
    ("text", "is_sure"),
    [
        ("Risks are rated from one to five, reviewed every two weeks and escalated to the committee above twelve.", True),
        ("See the separate Risk Management Plan in the project folder, which is described in chapter two of it.", False),
        ("", False),
        ("TBD", False),
    ],
)
def test_a_handbook_holds_a_plan_only_when_it_says_it(text, is_sure, recognition):
    """A heading without the thing below it fulfils nothing."""
    blocks = (
        TextBlock("Project Handbook", is_title=True), TextBlock("Tailoring", level=1), TextBlock("None."), TextBlock("Escalation", level=1),
        TextBlock("To the committee."), TextBlock("Risk management plan", level=1), TextBlock(text),
    )  # fmt: skip
    found = read(Parsed(Document("docx", blocks), "Project Handbook.docx"), recognition)
    assert any(product.kind == "risk_management_plan" and product.confidence >= SURE for product in found.products) is is_sure


def test_a_tender_does_not_hold_the_plans_it_asks_for(recognition):
    """What a request for proposals demands is not there."""
    blocks = (
        TextBlock("Request for Proposal", is_title=True),
        TextBlock("Quality management plan", level=1),
        TextBlock("The bidder writes a quality management plan that names metrics, reviews and the people who do them."),
    )
    found = read(Parsed(Document("pdf", blocks), "RFP.pdf"), recognition)
    assert all(product.confidence < SURE for product in found.products)


def test_a_short_part_that_a_document_has_anyway_is_no_register(recognition):
    """A sentence on stakeholders in a charter is the charter's own part; a list of them may be the matrix."""
    charter = (
        TextBlock("Project Charter", level=0), TextBlock("Executive Summary", level=1), TextBlock("Cases are kept in one place."),
        TextBlock("Scope", level=1), TextBlock("In scope: applications. Out of scope: payments."),
        TextBlock("Success Criteria", level=1), TextBlock("A third faster."), TextBlock("Constraints", level=1), TextBlock("No budget."),
        TextBlock("Stakeholders", level=1),
    )  # fmt: skip
    few, many = ("Units of the department, applicants, archive.", "Unit A wants to know each month what was delivered. " * 5)
    for text, is_there in ((few, False), (many, True)):
        found = read(Parsed(Document("docx", (*charter, TextBlock(text))), "Project_Charter.docx"), recognition)
        assert any(product.kind == "project_stakeholder_matrix" for product in found.products) is is_there


def test_sheets_of_a_workbook_are_sections_and_products(recognition):
    """A sheet that is a register by name and columns is that product inside the workbook."""
    risks = TableBlock(
        (
            tuple(Cell(text) for text in ("ID", "Risk", "Probability", "Impact", "Owner")),
            tuple(Cell(text) for text in ("1", "Storm", "3", "4", "PM")),
        ),
        name="Risk Log",
    )
    other = (TableBlock(((Cell("Hello"),),), name=name) for name in ("Summary", "Contacts"))
    found = read(Parsed(Document("xlsx", (*other, risks)), "Workbook.xlsx"), recognition)
    assert [row.values["heading"] for row in found.found] == ["Summary", "Contacts", "Risk Log"]
    assert {product.kind for product in found.products if product.confidence >= SURE} == {"risk_log", "risk_register"}


blocks = st.lists(
    st.builds(
        TextBlock,
        text=st.sampled_from(["Scope", "Risks", "1.2 Milestones", "Some text", "TBD", "", "Risk management plan"]),
        level=st.integers(0, 4),
    )
    | st.builds(
        TableBlock,
        rows=st.lists(st.lists(st.builds(Cell, text=st.sampled_from(["a", "", "Risk"])), max_size=3).map(tuple), max_size=3).map(tuple),
    ),
    max_size=14,
).map(tuple)


@settings(max_examples=60, deadline=None)
@given(blocks=blocks, is_cut=st.booleans())
def test_sections_are_rows_of_the_model(blocks, is_cut, recognition):
    """Every section is a row of table `section` with an id of its own, in reading order, the same in every run."""
    parsed = Parsed(Document("docx", blocks, is_cut=is_cut), "x.docx")
    found = read(parsed, recognition)
    assert found == read(parsed, recognition)
    columns = {column.name for column in TABLES["section"].own}
    assert all(set(row.values) <= columns and row.filled <= columns and row.table == "section" for row in found.found)
    assert [row.values["position"] for row in found.found] == list(range(1, len(found.found) + 1))
    ids = {row.own_id for row in found.found}
    assert len(ids) == len(found.found)
    assert {product.section for product in found.products} <= ids


@settings(max_examples=30, deadline=None)
@given(blocks=blocks)
def test_ids_of_sections_survive_other_text(blocks, recognition):
    """A section keeps its id when text is added below it."""
    parsed = Parsed(Document("docx", blocks), "x.docx")
    longer = replace(
        parsed, document=replace(parsed.document, blocks=tuple(part for block in blocks for part in (block, TextBlock("More."))))
    )
    before, after = ([row.own_id for row in read(item, recognition).found] for item in (parsed, longer))
    assert before == after


@pytest.mark.parametrize(("below", "kind"), [("Change record", "document_control"), ("Room plan", None)])
def test_a_line_of_the_cover_is_no_section_of_the_content(below, kind, recognition):
    """Below it stand the control of the document and who agreed to it."""
    blocks = (
        TextBlock("Plan", is_title=True), TextBlock("NORTHWIND: new lamps at the quay", level=1),
        TableBlock(((Cell("Issue"), Cell("1.0")), (Cell("State"), Cell("Approved")))),
        TextBlock(below, level=2), TextBlock("1.0, 5 May, first issue"), TextBlock("Agreed by", level=2), TextBlock("Ann Lee"),
        TextBlock("1 Scope", level=1), TextBlock("Lamps"),
    )  # fmt: skip
    found = {row.values["heading"]: row.values["kind"] for row in read(Parsed(Document("docx", blocks), "x.docx"), recognition).found}
    assert found["NORTHWIND: new lamps at the quay"] == kind
    assert found["Agreed by"] == "approval"


@pytest.mark.parametrize(("title", "are_sure"), [("Management approaches", True), ("How we work", False), ("Management approach", False)])
def test_a_document_that_collects_products_holds_each(recognition, title, are_sure):
    """Its title is the plural of what its chapters are."""
    said = (
        "The register is kept by the project manager and is looked at every two weeks, in the meeting of the team, as the board agreed. "
        * 2
    )
    names = ("Benefits management approach", "Quality management approach", "Risk management approach", "Communication management approach")
    blocks = [TextBlock(title, is_title=True)]
    for number, name in enumerate(names, 1):
        blocks += [TextBlock(f"{number} {name}", level=1), TextBlock("Scope", level=2), TextBlock(said)]
    blocks += [TextBlock("5 Glossary", level=1), TextBlock(said)]
    found = read(Parsed(Document("docx", tuple(blocks)), "Management.docx"), recognition)
    sure = {product.kind for product in found.products if product.confidence >= SURE}
    wanted = {name.lower().replace(" ", "_") for name in names}
    assert sure & wanted == (wanted if are_sure else set())


@pytest.mark.parametrize(
    ("title", "chapters", "are_sure"),
    [
        ("NORTHWIND – Management approaches", ("1 Quality", "2 Risks", "3 Issues and changes", "4 Procurement (Commercial)"), True),
        ("Managementansätze", ("Qualität", "Risiko", "Offene Punkte und Änderungen", "Beschaffung"), True),
        ("Approches de management", ("Qualité", "Risques", "Incidences et changements", "Achats"), True),
        ("Enfoques de gestión", ("Calidad", "Riesgos", "Incidencias y cambios", "Compras"), True),
        ("Status of the project", ("1 Quality", "2 Risks", "3 Issues and changes", "4 Procurement"), False),
        ("Management approaches", ("1 Quality", "2 Risks", "3 Lamps", "4 Quays"), False),
    ],
)
@pytest.mark.parametrize("is_chapter", [False, True])
def test_chapters_of_a_collection_are_named_by_their_topics(recognition, title, chapters, are_sure, is_chapter):
    """Its title says what each of them is: at least three topics of such products; a chapter may be the collection as well."""
    said = (
        "Who keeps it, by which steps, how often it is looked at and to whom its state is reported is written down in these lines here. "
        * 2
    )
    blocks = (
        [TextBlock("Documentation", is_title=True), TextBlock(f"5 {title}", level=1)] if is_chapter else [TextBlock(title, is_title=True)]
    )
    for name in chapters:
        blocks += [TextBlock(name, level=1 + is_chapter), TextBlock(said)]
    found = read(Parsed(Document("docx", tuple(blocks)), "NW.docx"), recognition)
    sure = {product.kind for product in found.products if product.standard == "prince2" and product.confidence >= SURE}
    wanted = {"quality_management_approach", "risk_management_approach", "change_control_approach", "commercial_management_approach"}
    assert sure & wanted == (wanted if are_sure else set())


@pytest.mark.parametrize(
    ("heading", "kinds"),
    [
        ("Annex B: Stage plan 1 (initiation), version 1.0", {"stage_plan"}),
        ("Anhang: Phasenplan 1 (Initiierung), NW-15, Version 1.0", {"stage_plan"}),
        ("Annexe 2 – Plan de séquence", {"stage_plan"}),
        ("Anexo A. Plan de fase", {"stage_plan"}),
        ("Annex B: Risk register", set()),
        ("Annex B: Photographs", set()),
        ("Next: Stage plan 1 (initiation)", set()),
    ],
)
def test_an_annex_is_the_product_that_it_is_called(recognition, heading, kinds):
    """Of any kind but a register, which its rows make one; with its number, and what it is about in brackets behind it."""
    said = (
        "The stage begins on 3 March and ends on 9 May; the manager writes the plan and the board looks at it on 8 May, at a cost of 46,000. "
        * 2
    )
    blocks = (TextBlock("Project brief", is_title=True), TextBlock("Project definition", level=1), TextBlock(said), TextBlock(heading, level=1), TextBlock(said))  # fmt: skip
    found = read(Parsed(Document("docx", blocks), "Project brief.docx"), recognition)
    last = found.found[-1].own_id
    assert {
        product.kind
        for product in found.products
        if product.section == last and product.standard == "prince2" and product.confidence >= SURE
    } == kinds


@pytest.mark.parametrize(
    ("title", "headings", "expected"),
    [
        ("Business Case", ["2.1 Situation description and urgency", "B. Strategy"], ["context", "strategic_position"]),
        ("Business Case", ["2.2 Situation impact", "§2 Fit with strategy"], ["impact", "strategic_position"]),
        ("Dossier d'opportunité", ["4. Solutions étudiées", "Pertinence stratégique"], ["alternatives", "strategic_position"]),
        ("Business Implementation Plan", ["1.1 Processes", "1.2 People"], ["process_impact", "people_impact"]),
        ("Project Handbook", ["4 Processes"], ["processes"]),
    ],
)
def test_short_headings_mean_what_their_document_calls_for(recognition, title, headings, expected):
    blocks = [TextBlock(title, is_title=True)]
    for heading in headings:
        blocks += [TextBlock(heading, level=1, level_basis="style"), TextBlock("Some words that stand below this heading.")]
    rows = read(Parsed(Document("docx", tuple(blocks)), f"{title}.docx"), recognition).found
    assert [row.values["kind"] for row in rows if row.values["heading"] in headings] == expected
