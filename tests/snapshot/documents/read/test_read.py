"""`read_document`: one document to the end, pure, and the same wherever it runs."""

import pickle
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.connect.document import Cell, Comment, Document, TableBlock, TextBlock, TrackedChange
from auditor.connect.protocol import Parsed
from auditor.model.schema import TABLES
from auditor.snapshot.documents.kinds import SURE, guess_from_path, recognise_kind
from auditor.snapshot.documents.read import load_document_words, read_document


@pytest.fixture(scope="module")
def words():
    return load_document_words()


CHARTER = Parsed(
    Document(
        "docx",
        (
            TextBlock("Project Charter", is_title=True),
            TextBlock("Scope", level=1),
            TextBlock("The project replaces the lamps of the piers and is paid by the harbour authority."),
            TextBlock("Risk management plan", level=1),
            TextBlock("TBD"),
        ),
        {"title": "Charter", "custom:Classification": "Internal"},
        comments=(Comment("A", None, "really?"),),
        tracked_changes=(TrackedChange("insertion", "A", None, "all"),),
        page_count=3,
        broken_reference_count=1,
    ),
    "harbour/Project Charter v1.1.docx",
)


def test_a_document_is_read_to_the_end(words):
    """Kind, columns of the artefact, sections and properties."""
    read = read_document(CHARTER, words)
    assert (read.kind, read.language) == ("project_charter", "en")
    assert read.kind_confidence is not None
    assert read.kind_confidence >= SURE
    assert dict(read.artefact) == {
        "title": "Project Charter", "version_in_name": "1.1", "language": "en", "word_count": 22, "placeholder_count": 1,
        "tracked_change_count": 1, "comment_count": 1, "broken_reference_count": 1, "page_count": 3, "is_template_unchanged": False,
    }  # fmt: skip
    assert [row.values["heading"] for row in read.found if row.table == "section"] == ["Scope", "Risk management plan"]
    assert {row.values["name"]: row.values["value"] for row in read.found if row.table == "artefact_property"} == {
        "custom:Classification": "Internal",
        "title": "Charter",
    }


def test_what_a_format_cannot_show_is_unknown(words):
    """A PDF has no tracked changes to count, a cut document no words."""
    pdf = read_document(replace(CHARTER, document=replace(CHARTER.document, format="pdf")), words)
    assert not {"tracked_change_count", "comment_count"} & pdf.filled
    cut = read_document(replace(CHARTER, document=replace(CHARTER.document, is_cut=True)), words)
    assert not {"word_count", "placeholder_count", "tracked_change_count", "is_template_unchanged"} & (
        cut.filled - {"is_template_unchanged"}
    )


def table(name, *rows):
    return TableBlock(tuple(tuple(Cell(text) for text in row) for row in rows), name=name, locator=name)


RISKS = (("ID", "Risk", "Probability", "Impact", "Mitigation", "Owner", "Status"), ("R1", "Storm", "2", "4", "Second rope", "Ito", "Open"))


def test_a_register_with_rows_is_a_product(words):
    """In a workbook a register is what it holds, whatever the sheet is called; in a text its heading has to name it."""
    workbook = Document("xlsx", (table("Contacts", ("Name", "Phone"), ("Ito", "5")), table("Data A", *RISKS), table("Extra", ("x", "y"))))
    read = read_document(Parsed(workbook, "tracker.xlsx"), words)
    assert {(product.kind, product.locator) for product in read.products if product.confidence >= SURE} == {
        ("risk_log", "Data A"),
        ("risk_register", "Data A"),
    }
    assert [kept.table for kept in read.kept] == ["risk"]
    assert any(row.table == "risk" for row in read.found)
    for heading, is_sure in (("4 Risk register", True), ("4 Risks", False)):
        blocks = (
            TextBlock("Project Charter", is_title=True),
            TextBlock("Scope", level=1),
            TextBlock("All piers."),
            TextBlock(heading, level=1),
        )
        charter = Document("docx", (*blocks, table("table 1", *RISKS)))
        read = read_document(Parsed(charter, "Project Charter.docx"), words)
        found = {product.kind: product.confidence for product in read.products}
        # The table of a charter may be all the log there is: nobody can say that there is none.
        assert Decimal("0.4") <= found["risk_log"]
        assert (found["risk_log"] >= SURE) is is_sure
        assert read.kind == "project_charter"


def test_an_empty_register_is_kept_and_is_no_product_inside(words):
    """A header without rows fulfils nothing inside another workbook."""
    workbook = Document("xlsx", (table("Contacts", ("Name", "Phone"), ("Ito", "5")), table("Data A", RISKS[0]), table("Extra", ("x", "y"))))
    read = read_document(Parsed(workbook, "tracker.xlsx"), words)
    assert [kept.table for kept in read.kept] == ["risk"]
    assert not [product for product in read.products if product.confidence >= SURE]


def test_a_sheet_is_what_its_rows_are(words):
    """A sheet called 'Issue Register' that holds risks is no register of issues."""
    workbook = Document(
        "xlsx", (table("Contacts", ("Name", "Phone"), ("Ito", "5")), table("Issue Register", *RISKS), table("Extra", ("x", "y")))
    )
    read = read_document(Parsed(workbook, "tracker.xlsx"), words)
    assert {product.kind for product in read.products if product.confidence >= SURE} == {"risk_log", "risk_register"}


def test_a_pack_adds_a_kind_in_yaml_only(tmp_path, words):
    """A folder of an organisation's own words is read beside the installed packs, and changes the digest."""
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "pack.yaml").write_text("name: ours\ntitle: Ours\nstandard: house\nversion: '1'\n", encoding="utf-8")
    (tmp_path / "ours" / "recognition.yaml").write_text(
        "kinds:\n  night_sheet: {title: Night sheet, names: {en: [night sheet]}}\n", encoding="utf-8"
    )
    more = load_document_words([tmp_path])
    assert more.digest != words.digest
    assert more.digest == load_document_words([tmp_path]).digest
    parsed = Parsed(Document("docx", (TextBlock("Night sheet", is_title=True),)), "x/Night sheet.docx")
    assert (read_document(parsed, words).kind, read_document(parsed, more).kind) == (None, "night_sheet")


def test_a_control_block_that_is_not_there_is_blank(words):
    """Charters open with version and date: a charter that was read whole and has none has none. Minutes have no such block."""
    blocks = tuple(
        TextBlock(text) for text in ("The lamps of all piers are replaced.", "The city pays.", "It ends in May.", "Nobody objects.")
    )
    charter = Document("docx", (TextBlock("Project Charter", is_title=True), TextBlock("Scope", level=1), *blocks))
    read = read_document(Parsed(charter, "Project Charter.docx"), words)
    assert "version_on_cover" in read.filled
    assert read.artefact.get("version_on_cover") is None
    minutes = Document("docx", (TextBlock("Meeting minutes", is_title=True), TextBlock("Decisions", level=1), *blocks))
    assert "version_on_cover" not in read_document(Parsed(minutes, "Meeting minutes.docx"), words).filled


def test_words_travel_to_other_processes(words):
    """What was compiled in one process is compiled again in another, and says the same."""
    there = pickle.loads(pickle.dumps(words))  # noqa: S301  (our own bytes)
    assert there == words
    assert pickle.loads(pickle.dumps(read_document(CHARTER, there))) == read_document(CHARTER, words)  # noqa: S301


lines = st.lists(
    st.sampled_from(
        ["Risk", "Log", "Project", "Charter", "Plan", "Minutes", "of", "Test", "Registre", "des risques", "Projekthandbuch", "Acta", "2026"]
    ),
    min_size=1,
    max_size=4,
).map(" ".join)
blocks = st.lists(
    st.builds(TextBlock, text=lines, level=st.integers(0, 3), is_title=st.booleans())
    | st.builds(TableBlock, rows=st.lists(st.lists(st.builds(Cell, text=lines), max_size=3).map(tuple), max_size=3).map(tuple), name=lines),
    max_size=8,
).map(tuple)
documents = st.builds(Document, format=st.sampled_from(["docx", "xlsx", "pdf", "odt"]), blocks=blocks)


@settings(max_examples=60, deadline=None)
@given(document=documents, name=lines)
def test_a_neutral_name_never_raises_a_confidence(document, name, words):
    """Taking away what a file's name says takes away evidence: no kind that the name speaks for gets surer."""
    named = {(guess.standard, guess.kind): guess.confidence for guess in guess_from_path(f"{name}.x", words.recognition)}
    before = {(guess.standard, guess.kind): guess.confidence for guess in recognise_kind(Parsed(document, f"{name}.x"), words.recognition)}
    after = {(guess.standard, guess.kind): guess.confidence for guess in recognise_kind(Parsed(document, "scan0001.x"), words.recognition)}
    best = max(named.values(), default=Decimal(0))
    for key in (key for key, confidence in named.items() if confidence == best):
        assert after.get(key, Decimal(0)) <= before.get(key, Decimal(0))


@settings(max_examples=40, deadline=None)
@given(document=documents, name=lines)
def test_rows_fit_the_model(document, name, words):
    """Every row found has columns of its table only, and is filled for such only."""
    read = read_document(Parsed(document, f"{name}.docx"), words)
    for row in read.found:
        own = {column.name for column in TABLES[row.table].columns}
        assert set(row.values) <= own
        assert row.filled <= own
    assert set(read.artefact) <= set(TABLES["artefact"].by_name)
    assert read == read_document(Parsed(document, f"{name}.docx"), words)


def test_a_block_about_the_document_is_not_its_title(words):
    """'Revision History' heads many documents and is the name of none; nor is what a program puts into the properties."""
    blocks = (TextBlock("Revision History", level=1), TextBlock("Vision of the lamps", level=1), TextBlock("All piers."))
    for title in ("", "PowerPoint Presentation", "docx"):
        read = read_document(Parsed(Document("docx", blocks, {"title": title} if title else {}), "x.docx"), words)
        assert read.artefact["title"] == "Vision of the lamps"


def test_a_chapter_that_names_another_product_is_no_title(words):
    """The first heading of a charter stays its title although one below names the matrix of stakeholders."""
    texts = ("Lamps of the piers", "Stakeholders", "Deliverables")
    blocks = tuple(block for text in texts for block in (TextBlock(text, level=1), TextBlock("All piers.")))
    read = read_document(Parsed(Document("docx", blocks), "Project Charter.docx"), words)
    assert (read.kind, read.artefact["title"]) == ("project_charter", "Lamps of the piers")


def test_a_table_of_approvers_is_no_register(words):
    """'Name | Role | Decision | Date' below a title about changes or checks: who signed, not what was asked."""
    rows = (("Name", "Role", "Decision", "Date"), ("Ada Finch", "Executive", "Approved", "13-Mar-2026"))
    cells = tuple(tuple(Cell(text) for text in row) for row in rows)
    blocks = (
        TextBlock("Product Descriptions", is_title=True),
        TextBlock("Approvals"),
        TableBlock(cells, locator="table 1"),
        TextBlock("Change history", level=1),
    )
    found = read_document(Parsed(Document("docx", blocks), "Product descriptions of the quality reviews and changes.docx"), words).found
    assert [row.values["person_id"] for row in found if row.table == "approval"] == ["Ada Finch"]
    assert not [row for row in found if row.table in {"change_request", "review"}]


@pytest.mark.parametrize(("name", "is_diary"), [("Daily log", True), ("Projekttagebuch", True), ("Quality register", False)])
def test_the_entries_of_a_diary_are_no_checks(name, is_diary, words):
    lines = [
        (name, "", "", "", ""),
        ("Date", "Entry", "Who", "By when", "Result"),
        ("2026-03-02", "Ask the harbour for the drawings", "Ann Lee", "2026-03-06", "two came"),
        ("2026-03-09", "Key for the shed is missing", "Bo Finch", "2026-03-10", "found"),
    ]
    table = TableBlock(tuple(tuple(Cell(cell, cell) for cell in line) for line in lines), name="Log", locator="Log")
    found = read_document(Parsed(Document("xlsx", (table,)), f"harbour/{name}.xlsx"), words)
    assert ({row.table for row in found.found if row.table in {"review", "risk", "issue"}} == set()) is is_diary


CHECKS = ("Quality id", "Product", "Method", "Planned")
PLANNED = (("Q-01", "P01", "inspection", "2026-05-29"), ("Q-02", "P01", "load test", "2026-06-05"), ("Q-03", "P02", "review", "2026-06-12"))


@pytest.mark.parametrize(
    ("sheet", "more", "expected"),
    [
        ("Quality activities", (), Decimal("0.50")),  # what came of them has its place elsewhere
        ("Quality activities", ("Result",), Decimal("0.85")),
        ("Quality register", (), None),
    ],
)
def test_the_checks_that_a_plan_lists_are_no_register(words, sheet, more, expected):
    """A sheet of a plan without a place for results is at most in doubt: the register keeps the numbers of its checks."""
    about = (
        ("Title", "Stage 2 plan"),
        ("Version", "1.0"),
        ("Assumptions", "None"),
        ("Tolerances", "Time + 2 weeks"),
        ("Prerequisites", "-"),
    )
    rows = [row + tuple("passed" for _ in more) for row in PLANNED]
    book = Document("xlsx", (table("Plan", *about), table(sheet, CHECKS + more, *rows)))
    read = read_document(Parsed(book, "Mole/Stage 2 plan v1.0.xlsx"), words)
    assert read.kind == "stage_plan"
    held = [part.confidence for part in read.products if part.kind == "quality_register" and part.confidence <= Decimal("0.85")]
    assert held == ([expected] if expected is not None else held[:1])
    if expected is None:
        assert any(part.confidence >= SURE for part in read.products if part.kind == "quality_register")
