"""What a document holds of its template, and what its name and title say."""

import pytest

from auditor.connect.document import Cell, Document, TableBlock, TextBlock
from auditor.snapshot.documents.read import load_document_words
from auditor.snapshot.documents.template import Residue, read_residue, residue_words, title_of, version_in_name, words_of


@pytest.fixture(scope="module")
def words():
    return residue_words(load_document_words().recognition)


@pytest.mark.parametrize(
    "text",
    [
        "<Project Name>",
        "<dd/mm/yyyy>",
        "[Describe the scope of the project. Name what is left out.]",
        "{{author}}",
        "TBD",
        "Lorem ipsum",
        "Click or tap here to enter text.",
        "À compléter",
        "Klicken oder tippen Sie hier, um Text einzugeben.",
        "Por definir",
        "[à compléter par le chef de projet]",
        "<Name des Projekts>",
    ],
)
def test_residue_is_told(words, text):
    """Brackets and words of templates in four languages."""
    assert words.is_residue(text)


@pytest.mark.parametrize(
    "text",
    ["n/a", "-", "[x]", "[ ]", "[12]", "<br>", "</div>", "<https://example.org>", "Text", "", "a < b and c > d", "<a@b.org>", "sin objeto"],
)
def test_answers_and_markup_are_no_residue(words, text):
    """'n/a' is an answer; a tick, a citation, markup and an address are what they are."""
    assert not words.is_residue(text)
    assert words.pieces(text) == 0


def test_placeholders_within_a_text_are_counted(words):
    """Each one counts."""
    assert words.pieces("The <Project Name> starts on [date] and is led by [insert name of the manager], see [Smith] and [3].") == 3
    assert words.pieces("Subject of mails: [MILL][Topic][type]; files are called [Project]_[Title]_[Date].") == 0  # patterns of names


def read(words, blocks, name="x", **more):
    return read_residue(Document("docx", tuple(blocks), **more), words, name=name)


def test_a_template_nobody_filled_in_is_told(words):
    """The project's name still waits on the cover, and most of the text is guidance."""
    blocks = [
        TextBlock("<Project Name>", is_title=True),
        TextBlock("Scope", level=1),
        TextBlock("[Describe what the project delivers and what it does not deliver, so that everybody agrees.]"),
        TextBlock("Risks", level=1),
        TextBlock("Describe the main risks", is_italic=True),
        TableBlock(tuple(tuple(Cell(text) for text in row) for row in [("Id", "Risk", "Owner"), ("<id>", "<risk>", "<owner>")])),
    ]
    left = read(words, blocks)
    assert left.is_unchanged is True
    assert left.count == 6
    filled = [
        TextBlock("Harbour lamps", is_title=True),
        TextBlock("Scope", level=1),
        TextBlock("New lamps for all piers of the harbour. " * 9),
    ]
    assert read(words, filled) == Residue(0, 0, 72, is_unchanged=False)
    half = [
        *blocks[:3],
        TextBlock("We replace every lamp of the northern piers and leave those of the southern ones for another year. " * 2),
    ]
    assert read(words, half).is_unchanged is None


def test_an_empty_form_called_template_is_unchanged(words):
    """A list with its header only, in a file called template, is the template."""
    table = TableBlock((tuple(Cell(text) for text in ("Id", "Risk", "Owner")),), name="Risks")
    assert read(words, [table], "Risk Log Template.xlsx").is_unchanged is True
    assert read(words, [table], "Risk Log.xlsx").is_unchanged is None


def test_what_was_cut_is_not_called_a_template(words):
    """A document of which only the beginning was read may be filled in further down."""
    blocks = [TextBlock("<Project Name>", is_title=True), *(TextBlock("[insert the text of this chapter]") for _ in range(9))]
    assert read(words, blocks).is_unchanged is True
    assert read(words, blocks, is_cut=True).is_unchanged is None


def test_steps_and_tasks_are_no_guidance(words):
    """An imperative alone is a step of a test or a task, not an instruction to the writer."""
    assert read(words, [TextBlock("Enter the name of the user"), TextBlock("Describe the error to the help desk")]).count == 0


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("Charter v1.2.docx", "1.2"),
        ("Charter_v01_2.docx", "1.2"),
        ("Charter_v1-0.docx", "1.0"),
        ("Charter_v1-2026-05-03.docx", "1"),
        ("Plan-V3.pdf", "3"),
        ("Plan rev 4.pdf", "4"),
        ("Handbuch Version 2.0 final.docx", "2.0"),
        ("Plan_1.1.docx", "1.1"),
        ("Plan 0.9 draft.docx", "0.9"),
        ("Report 2026-03-01.docx", None),
        ("Report 24.10.25.docx", None),
        ("Charter (1).docx", None),
        ("v2/Charter.docx", None),
        ("Minutes 3 27 2015-1.docx", None),
        ("Review 2.xlsx", None),
        ("Review_v1.0_20251125.xlsx", "1.0"),
        ("Review_v2_20251125.xlsx", "2"),
        ("Review_v1.0_final.xlsx", "1.0"),
    ],
)
def test_the_version_in_a_name(name, version):
    """Versions are told from dates, copies and numbers."""
    assert version_in_name(name) == version


def test_the_title_of_a_document(words):
    """Style, first heading, property; never what a program wrote, never a placeholder."""
    styled = Document("docx", (TextBlock("Cover"), TextBlock("Project Charter", is_title=True), TextBlock("Scope", level=1)))
    assert title_of(styled, words) == "Project Charter"
    assert title_of(Document("docx", (TextBlock("<Title>", is_title=True), TextBlock("Scope", level=1))), words) == "Scope"
    assert title_of(Document("pdf", (TextBlock("Text"),), {"title": "Microsoft Word - x.doc"}), words) is None
    assert title_of(Document("pdf", (TextBlock("Text"),), {"title": "Plan of the piers"}), words) == "Plan of the piers"
    sheet = TableBlock(((Cell("Risk Register"), Cell("")), (Cell("Id"), Cell("Risk"))))
    assert title_of(Document("xlsx", (sheet,)), words) == "Risk Register"
    assert title_of(Document("txt", (TextBlock("Text"),)), words) is None
    cover = tuple(TextBlock(text, is_title=True) for text in ("October 2014", "Ministry of Piers", "Risk Management Plan"))
    assert title_of(Document("docx", cover), words) == "Ministry of Piers"
    assert title_of(Document("docx", cover), words, is_name=lambda line: "Plan" in line) == "Risk Management Plan"


def test_words_of_hidden_sheets_do_not_count():
    """Only what a reader sees has words."""
    blocks = (
        TextBlock("one two"),
        TableBlock(((Cell("three"), Cell("three", is_covered=True)),)),
        TableBlock(((Cell("four"),),), is_hidden=True),
    )
    assert words_of(Document("xlsx", blocks)) == 3
