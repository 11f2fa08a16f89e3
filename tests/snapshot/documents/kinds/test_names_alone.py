"""What a text is called makes it no document of that kind surely: its content has to agree, and may speak against it."""

from decimal import Decimal

import pytest

from auditor.connect.document import Cell, Document, TableBlock, TextBlock
from auditor.connect.protocol import Parsed
from auditor.snapshot.documents.kinds import SURE, best_kind, recognise_kind
from auditor.snapshot.documents.read import load_document_words, read_document
from auditor_connectors.documents.reading import structure_of_bytes

DOUBTED = Decimal("0.6")


@pytest.fixture
def judged(recognition):
    def _judged(text, path):
        return best_kind(recognise_kind(Parsed(structure_of_bytes(text.encode(), path.rsplit("/", 1)[-1]), path), recognition))

    return _judged


def test_title_and_file_name_alone_are_in_doubt(judged):
    """Title and name agree, and nothing that such a plan holds is there: likely, never sure; with its content it is."""
    assert DOUBTED <= judged("# Quality management plan\n\n## Editorial contract\n\nText.", "quality-management-plan.md").confidence < SURE
    full = "# Quality management plan\n\n## Quality objectives\n\n## Quality assurance activities\n\n## Quality control\n\n## Roles and responsibilities\n"
    assert judged(full, "quality-management-plan.md").confidence >= SURE


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("# minutes\n\n## minutes method overview\n\n* as\n\n## minutes API reference\n\nThe field.", "docs/minutes.md"),
        (
            "# Note de cadrage\n\n## Présentation de la note de cadrage\n\n## Avantages de la note de cadrage\n\n## Note de cadrage vs cahier des charges\n",
            "note_de_cadrage.md",
        ),
        ("# Project handbook\n\n## Installation\n\n## Code style\n\n## Pull requests\n\n## Running the tests\n", "project-handbook.md"),
        (
            (
                "# Seven-day training plan\n\nTrain the model from scratch.\n\n## Budget\n\n8 GPUs, BF16, batch size 8, 40 000 tokens a second.\n\n"
                "## Gates\n\nThe validation loss falls; checkpoints are kept.\n"
            ),
            "docs/training-plan.md",
        ),
        ("# Requirements\n\n- Python 3.12\n- Docker\n\n## Installation\n\nRun it.\n\n## Usage\n\nCall it.\n", "docs/requirements.md"),
    ],
    ids=["interface", "article", "developers", "model", "needs of a program"],
)
def test_a_text_about_something_else_is_none(judged, text, path):
    """Manuals, articles about such documents and other trades use the same names."""
    found = judged(text, path)
    assert found is None or found.confidence < DOUBTED


def test_minutes_of_several_meetings_are_minutes(judged):
    """Headings that repeat the name speak against a text only where nothing else is what minutes hold."""
    one = "## Minutes of 3 May\n\n### Attendees\n\nAnn Lee\n\n### Decisions\n\nNone.\n\n### Next meeting\n\n10 May\n\n"
    assert judged(f"# Meeting minutes\n\n{one}{one.replace('3 May', '10 May')}", "meeting-minutes.md").confidence >= SURE


@pytest.mark.parametrize(
    ("text", "path", "kind"),
    [
        (
            "## Begriffe\n\nRisiken sind Ereignisse. Sie richten einen Schaden an, der bewertet wird.\n\n{table}",
            "Risikoanalyse.md",
            "risk_log",
        ),
        ("# Riesgos\n\nAquí se cuenta lo que puede salir mal en los próximos meses y qué hacemos.\n\n{table}", "riesgos.md", "risk_log"),
    ],
)
def test_a_bare_name_with_rows_is_the_register(text, path, kind):
    """'Risks' may be many things; with a table of risks it is the register."""
    table = "| # | Risk | Likelihood | Impact |\n|---|---|---|---|\n| 1 | Flood | High | Low |\n| 2 | Strike | Low | High |\n"
    words = load_document_words()

    def read(body: str):
        return read_document(Parsed(structure_of_bytes(text.format(table=body).encode(), path), path), words)

    assert (read(table).kind, read(table).kind_confidence >= DOUBTED) == (kind, True)
    assert (read("").kind_confidence or 0) < read(table).kind_confidence


def test_a_meeting_named_by_its_day_is_minuted_by_its_labels(judged):
    """'Client meeting' and who was there, decided and to be done: each bold label is a line of its own."""
    text = (
        "# Client meeting — first look at the tool\n\n**Date:** 22 September 2026\n**Format:** call\n**Present (team):** Ann Lee, Bo Ek\n\n"
        "## Decisions\n\n- Use the small hall\n\n## Actions\n\n- Ann: ask the city\n"
    )
    found = judged(text, "docs/meetings/client/2026-09-22-client-meeting.md")
    assert (found.kind, found.confidence >= DOUBTED) == ("minutes_of_meeting", True)


def test_a_framework_may_have_a_status_report(judged):
    """A word before the name says what it is about."""
    assert (
        judged("# Framework status report — 17 August 2026\n\n## Completed\n\n- All.", "status-report.md").kind == "project_status_report"
    )


def test_a_text_without_marks_begins_with_its_title(judged):
    """Markdown without a single mark keeps its lines, and its values between tabs are a table."""
    text = "Change Control Log\nUsage: write down all changes.\n---\nCR#\tDate Raised\tDescription\tStatus\nCR1\t2026-01-02\tNew colour\tOpen\n"
    assert judged(text, "change-control-log.md").kind == "change_log"
    document = structure_of_bytes(text.encode(), "change-control-log.md")
    assert [len(block.rows) for block in document.blocks if hasattr(block, "rows")] == [2]


@pytest.mark.parametrize("below", ["Project closure", "Stage plan 2", "Business case"])
def test_what_a_meeting_was_about_stands_below_the_title_of_its_minutes(judged, below):
    """The first line says what the text is; with the lines the other way round it is a plan or a report, if anything."""
    held = "\n\n## Attendees\n\nAnn Lee, Bo Ek\n\n## Decisions\n\nThe lamps are bought.\n\n## Actions\n\n- Bo Ek: orders, 3 May\n"
    assert judged(f"# Minutes of the board\n\n# {below}{held}", "2026-05-03 board.md").kind == "minutes_of_meeting"


def test_file_name_and_property_that_say_one_thing_are_sure_with_content(recognition):
    """A printed form without a title: its file is called so, the property of the file too, and it holds what such a report holds."""

    def sure(title, path, *rows):
        table = TableBlock(rows=tuple(tuple(Cell(text) for text in row) for row in rows), locator="t")
        document = Document(format="pdf", blocks=(TextBlock("Contract 14. Written by Ada Finch."), table), properties={"title": title})
        found = best_kind(recognise_kind(Parsed(document, path), recognition))
        return found is not None and (found.kind, found.confidence >= SURE) == ("contractor_status_report", True)

    rows = (("Subject", "Entry"), ("Status", "Good"), ("Forecast", "Portal"), ("Issues", "none"))
    path = "03.Contractor_Status_Report.MILL.2026-04-02.pdf"
    assert sure("Mill Ltd - Contractor Status Report 2026-03", path, *rows)
    assert not sure("Mill Ltd - letter", path, *rows)
    assert not sure("Mill Ltd - Contractor Status Report 2026-03", path, ("Colour", "Green"))


@pytest.mark.parametrize("project", ["SEMINA", "PLANT", "REPORTA", "MINUTIA", "CHARTRE"])
def test_a_project_called_like_a_misspelt_word_is_none(judged, project):
    """What stands in capitals behind a title is the project's name, whatever word it resembles."""
    text = f"# Project Initiation Request – {project}\n\n## Context\n\nA.\n\n## Desired outcomes\n\nB.\n\n## Impact\n\nC.\n\n## Success criteria\n\nD.\n"
    found = judged(text, f"{project}/01 Start/Project Initiation Request v1.0.md")
    assert (found.kind, found.confidence >= SURE) == ("project_initiation_request", True)


@pytest.mark.parametrize("title", ["Project Initation Request", "PROJECT INITATION REQUEST"])
def test_a_misspelt_title_is_read_as_it_was_meant(judged, title):
    text = f"# {title}\n\n## Context\n\nA.\n\n## Desired outcomes\n\nB.\n\n## Impact\n\nC.\n\n## Success criteria\n\nD.\n"
    assert judged(text, "start/pir-v1.md").kind == "project_initiation_request"
