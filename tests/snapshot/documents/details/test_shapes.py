"""Shapes that documents come in: covers, ticks, merged rows, matrices, blank forms."""

import datetime as dt

import pytest
from details_notation import document_of, read

from auditor.connect.document import Cell, Document, TableBlock, TextBlock
from auditor.snapshot.documents.found import Found


def _rows(found: tuple[Found, ...], table: str) -> list[Found]:
    return [row for row in found if row.table == table]


@pytest.mark.parametrize(
    ("text", "version", "day"),
    [
        ("% Plan\nVersion 1.2\n12 March 2026", "1.2", dt.date(2026, 3, 12)),
        ("% Plan\nVersion: 1.2 (draft)\nDate: 2026-03-12", "1.2", dt.date(2026, 3, 12)),
        ("% Plan\n# FECHA 18/02/2026\nVersión 0.3", "0.3", dt.date(2026, 2, 18)),
        ("% Plan\nStand\n03.05.2026\nVersion\nV2.0", "2.0", dt.date(2026, 5, 3)),
        ("% Plan\nVersion 1.2\n12 March 2026\n14 March 2026", "1.2", None),
        ("% Plan\nVersion 1.2   |   Status: Approved   |   12 March 2026", "1.2", dt.date(2026, 3, 12)),
        ("% Plan\nVersión 1.2  ·  12 de marzo de 2026", "1.2", dt.date(2026, 3, 12)),
        ("% Plan\n# Contents\nVersion 1.2\n12 March 2026", None, None),
        ("% Plan\nVersion 1.2 replaces version 1.1", None, None),
    ],
)
def test_covers(text: str, version: str | None, day: dt.date | None) -> None:
    """A cover needs no colon; two days, sentences, and what follows the contents say nothing."""
    found = read(text)
    assert found.artefact.get("version_on_cover") == version
    assert found.artefact.get("date_on_cover") == day


@pytest.mark.parametrize(
    ("text", "is_looked_for"),
    [
        ("% Plan\nVersion 1.2", True),
        ("% Plan\nVersion 1.2\n12 March 2026", False),
        ("% Plan\nVersion 1.2\nMarch 2026", False),
        ("% Plan\nVersion 1.2\n12 March 2026\n14 March 2026", False),
        ("% Plan\nVersion 1.2\nDate: early in spring", False),
        ("% Plan\nVersion 1.2\n2026", True),
    ],
)
def test_a_date_that_is_no_single_day_is_unknown_and_not_blank(text: str, is_looked_for: bool) -> None:
    found = read(text + "\n# Introduction\nOne.\nTwo.\nThree.")
    assert ("date_on_cover" in found.looked_for) is is_looked_for
    assert ("date_on_cover" in found.artefact_filled) is ("\n12 March 2026" in text and "14" not in text)


def test_a_page_header_states_the_version_only_where_the_cover_does_not() -> None:
    """'Template version' is not the version."""
    document = document_of("% Plan")
    assert read(Document("docx", document.blocks, headers=("Plan | Version 0.9 | Page 2",))).artefact["version_on_cover"] == "0.9"
    assert read(Document("docx", document.blocks, headers=("Template version 3.0.1",))).artefact == {}
    both = Document("docx", document_of("% Plan\nVersion 1.0").blocks, headers=("Version 0.9",))
    assert read(both).artefact["version_on_cover"] == "1.0"


def test_ticks_below_a_header_over_two_columns() -> None:
    """Who is ticked was there, who is not was not; first and last name make one name."""
    head = (Cell("First Name", column_span=2), Cell("First Name", is_covered=True), Cell("Last Name"), Cell("Title"))
    rows = tuple(
        tuple(Cell(text) for text in row) for row in (("x", "Ada", "Finch", "PM"), ("", "Jo", "Lake", "Pilot"), ("X", "Lee", "Park", "SP"))
    )
    blocks = (TextBlock("Date: 3 March 2026"), TextBlock("Invitees:", level=1), TableBlock((head, *rows), locator="table 1"))
    found = read(Document("docx", blocks), kind="minutes_of_meeting")
    assert [(row.values["person_id"], row.values["is_present"]) for row in _rows(found.found, "attendance")] == [
        ("Ada Finch", True),
        ("Jo Lake", False),
        ("Lee Park", True),
    ]


def test_a_blank_form_for_approvals_is_a_blank_approval() -> None:
    """Nobody is listed, and the document has a place for it."""
    found = read("# Approvals\n| Name | Role | Signature | Date |\n| | | | |")
    assert "approved_on" in found.artefact_filled
    assert found.found == ()


def test_an_unreadable_day_leaves_the_approval_unknown() -> None:
    """A day that may be two days is no approval, and no missing one either."""
    found = read(
        "# Approvers\n| Name | Action | Date |\n| Ada Finch | Approve | 04/06/2026 |\n| Lee Park | Approve | 05/06/2026 or later |"
    )
    assert "approved_on" not in found.artefact_filled
    rows = _rows(found.found, "approval")
    assert all("decided_on" not in row.filled and "decision" not in row.filled for row in rows)
    assert rows[0].values["decided_on_raw"] == "04/06/2026"


@pytest.mark.parametrize(
    ("action", "date", "expected"),
    [
        ("Approve", "12 March 2026", ("approve", "approved", True)),
        ("Approve", "Approved", ("approve", "approved", False)),
        ("Approve", "", ("approve", "pending", False)),
        ("Approve", "Rejected", ("approve", "rejected", False)),
        ("Review", "TBD", ("review", "pending", False)),
        ("For information", "", ("confirm", "pending", False)),
    ],
)
def test_decisions_of_approvers(action: str, date: str, expected: tuple[str | None, str, bool]) -> None:
    """Approved with a day or the word, pending when the place is empty."""
    (row,) = read(f"| Name | Action | Date |\n| Ada Finch | {action} | {date} |").found
    assert (row.values.get("action"), row.values.get("decision"), row.values.get("decided_on") is not None) == expected


def test_a_list_whose_header_and_heading_say_that_it_approves() -> None:
    """'Freigabe durch' is whose approval it is, and 'Freigaben' above the table what they did."""
    text = "% Plan\n# Freigaben\n| Freigabe durch | Rolle | Datum | Ergebnis |\n| Ada Finch | Auftraggeberin | 27.03.2026 | freigegeben |"
    (row,) = [row for row in read(text).found if row.table == "approval"]
    assert {name: row.values.get(name) for name in ("person_id", "role", "action", "decision", "decided_on")} == {
        "person_id": "Ada Finch",
        "role": "executive",
        "action": "approve",
        "decision": "approved",
        "decided_on": dt.date(2026, 3, 27),
    }
    assert read(text).artefact["approved_on"] == dt.date(2026, 3, 27)


def test_a_matrix_with_a_column_of_numbers() -> None:
    """The activity is the text before the roles, whatever else stands there; a table of other letters is no matrix."""
    found = read("| Step | Name | TPM | SP | PM |\n| 1 | Design | A | C | R |\n| 2 | Test | A/S | I | R |")
    assert [(row.values["name"], row.values["role"], row.values["value"]) for row in found.found][:3] == [
        ("Design", "TPM", "A"),
        ("Design", "solution_provider", "C"),
        ("Design", "project_manager", "R"),
    ]
    assert read("| Test | Run 1 | Run 2 |\n| T1 | P | F |\n| T2 | P | P |\n| T3 | F | P |").found == ()


def test_a_baseline_is_what_a_history_calls_one() -> None:
    """Not what is proposed to become one."""
    found = read(
        "# Document history\n| Version | Date | Comment |\n| 0.8 | 01/02/2026 | Proposed baseline |\n| 1.0 | 15/02/2026 | Baselined |\n"
        "| 1.1 | 20/02/2026 | Changes to baseline collected |"
    )
    assert [row.values["version"] for row in _rows(found.found, "baseline")] == ["1.0"]
    assert found.artefact["version_in_history"] == "1.1"


def test_the_latest_version_is_known_only_where_versions_can_be_compared() -> None:
    """Words are compared by their days; without days nothing is known, and an empty history is blank."""
    words = "# Document history\n| Version | Date | Comment |\n| draft | 01/02/2026 | a |\n| final | 15/02/2026 | b |"
    assert read(words).artefact["version_in_history"] == "final"
    assert "version_in_history" not in read(words.replace("15/02/2026", "")).artefact_filled
    empty = read("# Document history\n| Version | Date | Comment |\n| | | |")
    assert "version_in_history" in empty.artefact_filled
    assert "version_in_history" not in empty.artefact


@pytest.mark.parametrize(
    "sentence",
    [
        "Risks may be reviewed every week.",
        "Risks are reviewed weekly or monthly.",
        "Risks are reviewed when needed.",
        "If the risks are reviewed every week, tell the team.",
        "Weekly risk reviews",
        "Checkpoint reports weekly, highlight reports monthly, risk reviews at the end of each stage.",
    ],
)
def test_a_parameter_is_only_what_is_said_beyond_doubt(sentence: str) -> None:
    """'May', two intervals, none, a condition and a bare heading set nothing."""
    assert read(f"# Risk Management\n{sentence}", kind="project_handbook").found == ()


def test_parameters_that_contradict_each_other_are_left_out() -> None:
    """Two sections with two intervals."""
    text = "# A\nThe risks are reviewed every 2 weeks.\n# B\nThe risks are reviewed once a month."
    assert read(text, kind="project_handbook").found == ()


def test_one_meeting_of_several_days_is_of_no_day() -> None:
    """Two days stand beside 'Meeting date'."""
    found = read("Meeting date: 3 March 2026 and 4 March 2026\nChair: Ada Finch", kind="minutes_of_meeting")
    (meeting,) = _rows(found.found, "meeting")
    assert "held_on" not in meeting.filled


def test_a_document_that_is_no_minutes_has_no_meeting() -> None:
    """A plan with a table of meetings and a chair is no meeting."""
    text = "| Meeting date | 24/02/2026 |\n| Chair | Ada Finch |\n# Attendees\n| Name | Present |\n| Ada Finch | Yes |"
    assert not _rows(read(text, kind="project_handbook").found, "meeting")
    assert not _rows(read(text).found, "attendance")


@pytest.mark.parametrize("heading", ["# Roles", "# Governance", ""])
def test_a_table_of_roles_at_the_front_is_no_control_block(heading: str) -> None:
    """Its first column holds words that are labels elsewhere; the header row says that they are roles."""
    table = "| Role | Name |\n| Project Owner | Ada Finch |\n| Project Manager | Lee Park |"
    found = read(f"% Charter\n{heading}\n{table}\n# Scope\nA lamp.", kind="project_charter")
    assert [(row.values["role"], row.values["person_id"]) for row in _rows(found.found, "role")] == [
        ("project_owner", "Ada Finch"),
        ("project_manager", "Lee Park"),
    ]
    assert "owner_id" not in found.artefact


def test_a_form_names_who_holds_a_role_beside_its_label() -> None:
    """The block about the document itself does not: it names who was in charge when it was written."""
    form = (
        "| Project Title | Lamps |\n| Project Owner (PO) | Ada Finch |\n| Solution Provider (SP) | TBD |\n| Approving Authority | Jo Lake |"
    )
    found = read(f"% Request\n# Request\n{form}", kind="project_initiation_request")
    people = [("project_owner", "Ada Finch"), ("approving_authority", "Jo Lake")]
    assert [(row.values["role"], row.values["person_id"]) for row in _rows(found.found, "role")] == people
    assert [(row.values["role"], row.values["person_id"]) for row in _rows(found.found, "listed_item")] == people
    control = "| Document Title | Request |\n| Project Owner | Ada Finch |\n| Project Manager | Lee Park |\n| Version | 1.0 |"
    assert not _rows(read(f"% Request\n# Request\n{control}", kind="project_initiation_request").found, "role")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Project lead", True),
        ("Chef de projet MOE", True),
        ("Projektverantwortliche", True),
        ("Responsable del proveedor", True),
        ("Test manager", False),
        ("Graphic designer", False),
        ("Project accountant", False),
    ],
)
def test_a_role_in_words_of_its_own_may_lead_the_project(text: str, expected: bool) -> None:
    """Who holds it may hold one of the core roles: nobody can say that none is held."""
    found = read(f"% Charter\n# Roles\n| Role | Name |\n| Project Owner | Ada Finch |\n| {text} | Lee Park |", kind="project_charter")
    assert [(row.values.get("role"), row.values["person_id"]) for row in _rows(found.found, "role")] == [
        ("project_owner", "Ada Finch"),
        *([(None, "Lee Park")] if expected else []),
    ]
    assert all(("role" in row.filled) is (row.values["person_id"] == "Ada Finch") for row in _rows(found.found, "role"))


def test_a_form_with_version_and_day_is_about_the_document() -> None:
    form = "| Projektname | Turm |\n| Auftraggeber | Ada Finch |\n| Version | 1.1 |\n| Stand | 20.01.2026 |"
    found = read(f"% Projektsteckbrief\n{form}\n# Ziele\nEin Turm.", kind="project_charter")
    assert (found.artefact["version_on_cover"], found.artefact["date_on_cover"]) == ("1.1", dt.date(2026, 1, 20))


@pytest.mark.parametrize(
    ("said", "expected"), [("Checks passed: 7", {"7"}), ("Bestandene Prüfungen: 7", {"7"}), ("Checks passed: 70 %", set())]
)
def test_passed_checks_of_a_report_are_a_count(said: str, expected: set[str]) -> None:
    found = read(f"% End stage report\n{said}", kind="end_stage_report")
    assert {row.values["value"] for row in found.found if row.values.get("name") == "checks_passed"} == expected


def test_planned_reviews_of_benefits_with_their_results() -> None:
    """Below such a heading; a review without a result has a blank one."""
    text = "% Benefits\n# Benefit reviews\n| Review | Planned | Benefits | Reviewer | Result |\n| Baseline | 5 March 2026 | B1 | Ada Finch | Done |\n| First | 30 June 2026 | B1 | Bo Ek | |"
    rows = [row for row in read(text, kind="benefits_management_approach").found if row.table == "listed_item"]
    assert [(row.values["kind"], row.values["name"], row.values["on_date"], row.values.get("value")) for row in rows] == [
        ("activity", "Baseline", dt.date(2026, 3, 5), "Done"),
        ("activity", "First", dt.date(2026, 6, 30), None),
    ]
    assert all("value" in row.filled for row in rows)


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("Assumptions", "Last checked on"),
        ("Assumptions", "Validation date"),
        ("Annahmen", "Zuletzt geprüft am"),
        ("Hypothèses", "Vérifiée le"),
        ("Supuestos", "Validado el"),
    ],
)
def test_assumptions_bear_the_day_on_which_they_were_last_checked(heading: str, said: str) -> None:
    text = f"% Plan\n# {heading}\n| ID | Name | {said} |\n| A1 | Clerks are free | 9 June 2026 |"
    rows = _rows(read(text, kind="project_plan").found, "listed_item")
    assert [(row.values["kind"], row.values["name"], row.values["on_date"]) for row in rows] == [
        ("assumption", "Clerks are free", dt.date(2026, 6, 9))
    ]


def test_a_schedule_of_messages_without_a_column_for_what_they_say() -> None:
    """The line goes by whom it is for, and keeps how often and by what; a blank interval is blank."""
    text = "% Approach\n# Stakeholder analysis\n| Stakeholder | Frequency | Channel |\n| Clerks | Monthly | Mail |\n| Archive | | Mail |"
    rows = _rows(read(text, kind="communication_management_approach").found, "listed_item")
    assert [(row.values["name"], row.values["text"], row.values.get("value"), row.values["unit"]) for row in rows] == [
        ("Clerks", "Clerks", "Monthly", "Mail"),
        ("Archive", "Archive", None, "Mail"),
    ]
    assert all("value" in row.filled for row in rows)
