"""Stages and decisions whose registers have no column for their kind."""

from datetime import date

import pytest

from auditor.snapshot.row_kinds import decision_kind, settle_kinds
from auditor.snapshot.rows import Made


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Stage 4 is authorised", "gate"),
        ("The board authorizes initiation", "gate"),
        ("Freigabe der Phase 2", "gate"),
        ("La fase 3 queda autorizada", "gate"),
        ("Project authorisation granted", "gate"),
        ("The project is closed as planned", "closure"),
        ("Clôture du projet approuvée", "closure"),
        ("Projektabschluss beschlossen", "closure"),
        ("Option B of the exception report", "exception"),
        ("Request for change CR-4 is approved", "change"),
        ("The project is hereby closed on 3 May", "closure"),
        ("Bericht angenommen; das Projekt wird zum 26. Mai 2026 abgeschlossen.", "closure"),
        ("In the project stage 2 is closed", None),
        ("Use one database for both sites", None),
        ("A new project manager is approved", None),
        ("The change request in the exception report is approved", None),
    ],
)
def test_what_a_decision_is_about(text: str, kind: str | None) -> None:
    """In the words of boards; nothing where they leave a doubt."""
    assert decision_kind(text) == kind


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("The project is closed with effect of 19 June", "steering_committee", "closure"),
        ("Das Projekt ist mit Wirkung vom 19.06.2026 geschlossen", "steering_committee", "closure"),
        ("Le projet est clos au 19 juin", "steering_committee", "closure"),
        ("El proyecto queda cerrado el 19 de junio", "steering_committee", "closure"),
        ("The project will be closed on 19 June", "steering_committee", None),
        ("Stage 3 of the project is closed", "steering_committee", None),
        ("The project is closed with effect of 19 June", "project_status", None),
    ],
)
def test_minutes_of_the_board_tell_that_it_ends_the_project(text: str, kind: str, value: str | None) -> None:
    """In so many words; a meeting of the team decides no such thing."""
    day = date(2026, 6, 19)
    row = Made("listed_item", "L1", {"kind": "decision", "name": text, "on_date": day}, {"kind", "name", "on_date"}, "files", artefact="A1")
    meeting = Made("meeting", "M1", {"kind": kind, "held_on": day}, {"kind", "held_on"}, "files", artefact="A1")
    settle_kinds([row, meeting], "prince2")
    assert (row.get("value"), "value" in row.filled) == (value, True)


def test_management_stages_of_prince2() -> None:
    """The first is initiation, what ends the project closing, all others delivery; what comes before is no stage."""
    names = {
        "Initiation": "initiation",
        "2 Build": "delivery",
        "Phase Initiierung": "initiation",
        "Closing": "closing",
        "4 Project closure": "closing",
        "Dues, migration, go-live, closure": "delivery",
        "Starting up": None,
    }
    rows = [Made("stage", name, {"name": name}, {"name"}, "files") for name in names]
    settle_kinds(rows, "prince2")
    assert {row.id: row.get("kind") for row in rows} == names
    others = [
        Made("stage", "a", {"name": "Build"}, {"name"}, "files"),
        Made("stage", "b", {"name": "X", "kind": "phase", "kind_raw": "Phase"}, {"name", "kind"}, "files"),
        Made("stage", "c", {"name": "Initiierung", "kind": "phase"}, {"name", "kind"}, "files"),
    ]
    settle_kinds(others[:1], None)
    settle_kinds(others[1:], "prince2")
    assert [row.get("kind") for row in others] == [None, "phase", "initiation"]
    assert "kind" not in others[0].filled


def test_a_stage_without_a_name_is_what_other_lists_call_its_number() -> None:
    """The plan says 'Stage 1', the initiation documentation 'Stage 1 Initiation'; where two tell it differently nothing is known."""

    def kinds(*stages: tuple[int, str]) -> list[str | None]:
        rows = [Made("stage", str(at), {"number": no, "name": name}, {"number", "name"}, "files") for at, (no, name) in enumerate(stages)]
        settle_kinds(rows, "prince2")
        return [row.get("kind") for row in rows]

    assert kinds((1, "Stage 1"), (2, "Stage 2"), (1, "Stage 1 Initiation")) == ["initiation", "delivery", "initiation"]
    assert kinds((1, "Stage 1"), (1, "Initiation"), (1, "Build")) == [None, "initiation", "delivery"]
    assert kinds((1, "Stage 1"), (2, "Initiation")) == [None, "initiation"]


@pytest.mark.parametrize(
    "said",
    [
        Made("artefact", "p", {"kind": "stage_plan", "title": "Stage Plan - Stage 1 (Initiation)"}, {"kind", "title"}, "files"),
        Made("artefact", "r", {"kind": "end_stage_report", "file_name": "End Stage Report 1 - Initiation.docx"}, set(), "files"),
        Made("artefact", "q", {"kind": "end_stage_report", "title": "Phasenabschlussbericht Phase 1 Initiierung"}, set(), "files"),
        Made("cost", "c", {"category": "1 Initiation"}, {"category"}, "files", artefact="plan"),
    ],
)
def test_documents_tell_which_number_is_the_initiation(said: Made) -> None:
    """A schedule that numbers its stages gets their kinds from titles and budgets; what follows the initiation delivers."""

    def kinds(*others: Made) -> list[str | None]:
        rows = [Made("stage", str(no), {"number": no, "name": str(no)}, {"number", "name"}, "files") for no in (1, 2, 3)]
        plan = Made("product", "plan", {"kind": "project_plan"}, {"kind"}, "files", artefact="plan")
        settle_kinds([*rows, plan, *others], "prince2")
        return [row.get("kind") for row in rows]

    assert kinds(said) == ["initiation", "delivery", "delivery"]
    assert kinds() == [None, None, None]
    later = Made("artefact", "l", {"kind": "stage_plan", "title": "Stage 2 plan after initiation"}, {"kind", "title"}, "files")
    assert kinds(later) == [None, None, None]


def test_words_of_the_register_come_first() -> None:
    """A column that is there is never overruled, even where its words were not understood."""
    rows = [
        Made("decision", "a", {"title": "Stage 2 is authorised", "kind": "other"}, {"title", "kind"}, "files"),
        Made("decision", "b", {"title": "Stage 2 is authorised", "kind_raw": "Type Z"}, {"title"}, "files"),
        Made("decision", "c", {"title": "Stage 2 is authorised"}, {"title"}, "files"),
    ]
    settle_kinds(rows, None)
    assert [row.get("kind") for row in rows] == ["other", None, "gate"]


def test_a_listed_decision_was_taken() -> None:
    """Where the list has a day and no column for the status; not where its words leave that open."""
    day = date(2026, 5, 26)
    given = {
        "Project closed": "approved",
        "Freigabe der Phase 2": "approved",
        "Stage 3 not authorised": None,
        "Abschluss verschoben": None,
        "Prepare closing of the project": None,
        "No day": None,
    }
    rows = [
        Made("decision", title, {"title": title} | ({"decided_on": day} if title != "No day" else {}), {"title", "decided_on"}, "files")
        for title in given
    ]
    settle_kinds(rows, None)
    assert {row.id: row.get("status") for row in rows} == given
    stated = Made("decision", "a", {"title": "Project closed", "decided_on": day, "status": None}, {"title", "status"}, "files")
    settle_kinds([stated], None)
    assert stated.get("status") is None


def test_a_decision_on_a_request_for_change_is_about_a_change() -> None:
    """It names the request by its number; the number of another issue tells nothing."""
    rows = [
        Made("issue", "OP-5", {"kind": "request_for_change"}, {"kind"}, "files"),
        Made("issue", "OP-6", {"kind": "problem"}, {"kind"}, "files"),
        Made("decision", "a", {"title": "OP-5 genehmigt"}, {"title"}, "files"),
        Made("decision", "b", {"title": "OP-6 besprochen"}, {"title"}, "files"),
    ]
    settle_kinds(rows, None)
    assert [row.get("kind") for row in rows[2:]] == ["change", None]


def test_costs_of_a_case_or_a_plan_are_planned() -> None:
    """A column that says what kind they are decides; in other documents the kind stays unknown."""

    def cost(document: str, **values: object) -> Made:
        return Made("cost", document, dict(values), set(values), "files", artefact=document)

    products = [Made("product", kind, {"kind": kind}, {"kind"}, "files", artefact=kind) for kind in ("business_case", "end_stage_report")]
    costs = [cost("business_case"), cost("end_stage_report"), cost("business_case", kind_raw="Spent so far")]
    settle_kinds([*products, *costs], "prince2")
    assert [row.get("kind") for row in costs] == ["budget", None, None]


def test_the_quality_register_holds_checks_of_quality() -> None:
    """By whatever method; an audit or the review of a phase is none, and other lists of reviews tell nothing."""
    rows = [
        Made("product", "q", {"kind": "quality_register"}, {"kind"}, "files", artefact="a"),
        Made("review", "r1", {"subject": "P01 Screens"}, {"subject"}, "files", artefact="a"),
        Made("review", "r2", {"subject": "Audit of the site"}, {"subject"}, "files", artefact="a"),
        Made("review", "r3", {"subject": "P02", "kind_raw": "walk"}, {"subject"}, "files", artefact="a"),
        Made("review", "r4", {"subject": "P02"}, {"subject"}, "files", artefact="b"),
        Made("review", "r5", {"subject": "Build", "kind_raw": "Talk at the end of the phase"}, {"subject"}, "files", artefact="a"),
    ]
    settle_kinds(rows, "prince2")
    assert [row.get("kind") for row in rows[1:]] == ["quality", None, "quality", None, None]


@pytest.mark.parametrize(("name", "kind"), [("1", None), ("2", None), ("Stage 1", None), ("Stage 2", "delivery"), ("1 Build", "delivery")])
def test_a_mere_number_says_no_kind_of_stage(name: str, kind: str | None) -> None:
    """The first may be the initiation."""
    rows = [Made("stage", name, {"name": name}, {"name"}, "files")]
    settle_kinds(rows, "prince2")
    assert rows[0].get("kind") == kind


def test_a_report_is_what_its_document_is_in_the_method() -> None:
    """What a document is depends on the method of the project, which is known only when all of them were read."""
    rows = [
        Made("artefact", "A1", {"kind": "project_status_report"}, {"kind"}, "files", artefact="A1"),
        Made("report", "R1", {"kind": "highlight"}, {"kind"}, "files", artefact="A1"),
        Made("artefact", "A2", {"kind": "highlight_report"}, {"kind"}, "files", artefact="A2"),
        Made("report", "R2", {"kind": "status"}, {"kind"}, "files", artefact="A2"),
        Made("artefact", "A3", {"kind": None}, {"kind"}, "files", artefact="A3"),
        Made("report", "R3", {"kind": "highlight"}, {"kind"}, "files", artefact="A3"),
        Made("artefact", "A4", {"kind": "project_status_report"}, {"kind"}, "files", artefact="A4"),
        Made("report", "R4", {"kind": "contractor"}, {"kind"}, "files", artefact="A4"),
    ]
    settle_kinds(rows, "pm2")
    assert [row.get("kind") for row in rows if row.table == "report"] == ["status", "highlight", "highlight", "contractor"]
