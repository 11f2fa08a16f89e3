"""Registers as people write them in texts: bold entries, days for headings, a table of one column, lists of something else beside them."""

import pytest
from register_tables import COMPILED

from auditor.connect.protocol import Parsed
from auditor.snapshot.documents.read import load_document_words, read_document
from auditor.snapshot.documents.registers import RegistersRead, read_registers
from auditor_connectors.documents.reading import structure_of_bytes


def read(text: str, name: str, language: str = "en") -> RegistersRead:
    return read_registers(Parsed(structure_of_bytes(text.encode(), name), name), COMPILED, language=language)


def said(found: RegistersRead, register: str) -> list[tuple[str | None, str]]:
    return [(row.own_id, str(row.values.get("title"))) for row in found.found if row.register == register]


BOLD = """# Decision log

## Day one

**D-01 — One depot only.**
The depot in Lyon serves both lines.
*Rationale*: there is one team.

**D-02 — Steel frames.** Frames of wood were looked at. *Rationale*: steel is at hand.

## Day two

**D-03 — No night shift.**
*Rationale*: neighbours object.
"""


def test_bold_lines_with_ids_are_entries_across_headings() -> None:
    """A bold id and name begin an entry; the labels may stand amid its text, and the entries count on below the next heading."""
    found = read(BOLD, "decision-log.md")
    assert said(found, "decision") == [("D-01", "One depot only."), ("D-02", "Steel frames."), ("D-03", "No night shift.")]
    assert [row.values["rationale"] for row in found.found] == ["there is one team.", "steel is at hand.", "neighbours object."]


def test_one_such_entry_alone_is_none() -> None:
    """An id in bold words does not make a register; two of a kind do."""
    assert said(read(BOLD.split("**D-02", maxsplit=1)[0], "decision-log.md"), "decision") == []


def test_bold_entries_of_a_document_of_another_kind_are_none() -> None:
    """Only where title or file name call them so: the same paragraphs of a tutorial are no decisions."""
    assert said(read(BOLD.replace("Decision log", "A tutorial"), "tutorial.md"), "decision") == []


def test_headings_may_begin_with_the_day() -> None:
    """A day before the name is when the lesson was noted, not part of what it is called."""
    text = "\n\n".join(
        f"### [2026-08-0{day}] {name}\n\n**Story**: S-{day} · **Category**: Tests\n\n**Problem**: it failed\n\n**Recommendation**: test early"
        for day, name in ((5, "Buttons differ"), (6, "Tags go stale"))
    )
    found = read(f"# Lessons learned\n\n{text}\n", "lessons-learned.md")
    assert [(row.values["recorded_on"].isoformat(), row.values["recommendation"]) for row in found.found] == [
        ("2026-08-05", "test early"),
        ("2026-08-06", "test early"),
    ]
    assert all(name in str(row.values["title"]) for row, name in zip(found.found, ("Buttons differ", "Tags go stale"), strict=True))


@pytest.mark.parametrize(("title", "wanted"), [("Decisions", 2), ("Materials", 0)])
def test_a_table_of_one_column_below_its_name(title: str, wanted: int) -> None:
    """What was decided needs no second column where the heading calls it decisions."""
    found = read(f"# Client meeting\n\n## {title}\n\n| Decision |\n| --- |\n| Use the small hall |\n| Ask the city |\n", "notes.md")
    assert len(said(found, "decision")) == wanted


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("Milestone | Due | Proposal | Hours | Team", 2),
        ("Milestone | Due | Proposal | Duration | Team", 0),
        ("Topic | Due | Proposal | Hours | Team", 0),
    ],
)
def test_milestones_with_their_days_are_milestones_whatever_stands_beside(header: str, wanted: int) -> None:
    """Called milestones and each with its day; a duration tells a plan of tasks."""
    rows = "| Design done | 2026-09-03 | Maps | 26 | A |\n| Core done | 2026-10-01 | Four parts | 64 | B |"
    found = read(f"# Topic plan\n\n| {header} |\n|---|---|---|---|---|\n{rows}\n", "topic.md")
    assert len(said(found, "milestone")) == wanted


REQUIREMENTS = (
    "Item,,,,Produced by:,Ann Lee\nLevel 1,,,,on:,12/14/23\nParent,ID,Level,Name,Rationale,Tags\n"
    ",REQ-1,L1,The system shall store data,It is the goal,core\n,REQ-2,L1,The system shall run in a cloud,It saves effort,core\n"
    ",,,Level 2 requirements,,\n,TXT-9,,Processing,,\n"
    "REQ-1,REQ-5,L2,The system shall run in parallel,It saves time,core\nREQ-1,REQ-6,L2,The system shall log,Audits,core\n,REQ-7,,The system shall stop,,\n"
)


def test_titles_above_and_sections_among_the_entries_are_none() -> None:
    """Two rows of titles stand above the header; a row with a name alone, or an id of another make, heads those below."""
    found = read(REQUIREMENTS, "requirements.csv")
    assert [own for own, _ in said(found, "requirement")] == ["REQ-1", "REQ-2", "REQ-5", "REQ-6", "REQ-7"]


def test_who_is_told_how_often_is_no_register_of_stakeholders() -> None:
    """A plan of communication in the same document names groups; the register names who they are."""
    text = (
        "# Stakeholder register\n\n## Internal\n\n| Name | Role | Influence |\n|---|---|---|\n| Ann Lee | Buyer | High |\n| Bo Ek | User | Low |\n\n"
        "## How we communicate\n\n| Stakeholder | Frequency | Medium |\n|---|---|---|\n| Sponsor | Monthly | Call |\n| Team | Daily | Chat |\n"
    )
    assert [row.values["name"] for row in read(text, "stakeholder-register.md").found if row.register == "stakeholder"] == [
        "Ann Lee",
        "Bo Ek",
    ]


def test_a_form_that_nobody_filled_in_is_no_entry() -> None:
    """Labels above and beside, and nothing between them."""
    text = "# Change requests\n\n| Area | Current baseline | Proposed change | Variance |\n|---|---|---|---|\n| Schedule | | | |\n| Budget | | | |\n| Status | | | |\n"
    assert said(read(text, "change-requests.md"), "change_request") == []


RECORD = "# {title}\n\n## Context\n\nText.\n\n## Decision\n\n| | Decision | Why |\n|---|---|---|\n| 1 | From the snapshot | It is sealed |\n| 2 | No browser | None at hand |\n\n## {last}\n\nGood.\n"


@pytest.mark.parametrize(("last", "wanted"), [("Consequences", 0), ("Next meeting", 2)])
def test_parts_of_one_decision_are_no_decisions(last: str, wanted: int) -> None:
    """A record with context, decision and consequences is about one decision; other documents list several."""
    text = RECORD.format(title="The record is rendered by one library", last=last)
    found = read_document(Parsed(structure_of_bytes(text.encode(), "adr-002.md"), "adr-002.md"), load_document_words())
    assert sum(row.table == "decision" for row in found.found) == wanted
