"""Labels in one row with their values in the next; bodies whose meetings are none of the project."""

import datetime as dt

import pytest
from details_notation import read


def _meeting(text, kind="minutes_of_meeting"):
    found = read(text, kind=kind)
    (meeting,) = [row for row in found.found if row.table == "meeting"]
    return meeting


@pytest.mark.parametrize(
    ("head", "values"),
    [
        ("| Date | Place | Chair | Minutes | Issued on | Issued to |", "| 9 June 2026 | Hall | Ada Finch | Bo Ek | 10 June 2026 | PSC |"),
        ("| Datum | Ort | Vorsitz | Protokoll | Versandt am |", "| 09.06.2026 | Saal | Ada Finch | Bo Ek | 10.06.2026 |"),
        ("| Date | Lieu | Présidence | Rédacteur | Diffusé le |", "| 09/06/2026 | Salle | Ada Finch | Bo Ek | 10/06/2026 |"),
        ("| Fecha | Lugar | Preside | Secretario | Enviada el |", "| 09/06/2026 | Sala | Ada Finch | Bo Ek | 10/06/2026 |"),
    ],
)
def test_minutes_say_across_when_and_by_whom(head, values):
    meeting = _meeting(f"% Minutes – PSC 3\n{head}\n{values}\n# Discussion\nAll is well.")
    assert meeting.values["kind"] == "steering_committee"
    assert (meeting.values["held_on"], meeting.values["minutes_sent_on"]) == (dt.date(2026, 6, 9), dt.date(2026, 6, 10))
    assert (meeting.values["chair_id"], meeting.values["minute_taker_id"]) == ("Ada Finch", "Bo Ek")
    assert "agenda_on" not in meeting.values


def test_a_control_block_across():
    found = read(
        "% Project Charter\n| Version | Date | Author | Owner | Sensitivity |\n| 1.0 | 10 April 2026 | Bo Ek | Ada Finch | Basic |\n# Scope\nMuch.",
        kind="project_charter",
    )
    told = {name: found.artefact.get(name) for name in ("version_on_cover", "date_on_cover", "author_id", "owner_id", "sensitivity")}
    assert told == {
        "version_on_cover": "1.0",
        "date_on_cover": dt.date(2026, 4, 10),
        "author_id": "Bo Ek",
        "owner_id": "Ada Finch",
        "sensitivity": "Basic",
    }


@pytest.mark.parametrize(
    ("second", "names"),
    [
        ("| Project Owner | Solution Provider | Business Manager | Project Manager |", "| Ada Finch | Cy Orr | Di Pell | Bo Ek |"),
        ("| Projekteigner | Auftragnehmer | Fachverantwortung | Projektleitung |", "| Ada Finch | Cy Orr | Di Pell | Bo Ek |"),
        ("| Propriétaire du projet | Fournisseur de solution | Chef de projet | |", "| Ada Finch | Cy Orr | Bo Ek | |"),
    ],
)
@pytest.mark.parametrize("between", ["", "\n"])
def test_a_control_block_across_goes_on(second, names, between):
    """A second row of labels over its values stands below the first one, in the same table or in one of its own."""
    found = read(
        f"% Transition Plan\n## About this document\n| Project | Author | Version | Date | Sensitivity |\n| QX | Bo Ek | 1.0 | 10 April 2026 | Basic |\n{between}{second}\n{names}\n# Scope\nMuch.",
        kind="transition_plan",
    )
    told = {name: found.artefact.get(name) for name in ("version_on_cover", "date_on_cover", "author_id", "owner_id", "sensitivity")}
    assert told == {
        "version_on_cover": "1.0",
        "date_on_cover": dt.date(2026, 4, 10),
        "author_id": "Bo Ek",
        "owner_id": "Ada Finch",
        "sensitivity": "Basic",
    }


def test_a_table_of_one_row_stays_a_table():
    """A history of one version, a list of one action: their first row is a header."""
    found = read(
        "% Project Charter\n# Document history\n| Version | Date | Author | Changes |\n| 1.0 | 2026-04-10 | Bo Ek | First |\n"
        "# Actions\n| Action | Owner | Due date | Status |\n| Call the kick-off | Bo Ek | 2026-05-01 | Open |",
        kind="project_charter",
    )
    assert [row.values["version"] for row in found.found if row.table == "artefact_version"] == ["1.0"]
    assert found.artefact.get("version_on_cover") is None


@pytest.mark.parametrize("title", ["Investment Board – extract of the minutes", "Auszug aus dem Protokoll: Verwaltungsrat"])
def test_a_body_of_the_organisation_does_not_meet_for_the_project(title):
    found = read(f"% {title}\n| Meeting of | 7 July 2026 |\n| Chair | Ada Finch |\n| Minutes taken by | Bo Ek |", kind="minutes_of_meeting")
    assert not [row for row in found.found if row.table == "meeting"]


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Project Owner, Director of Customer Operations", "project_owner"),
        ("Project Manager, Network Technology", "project_manager"),
        ("Projektleiterin, Referat 4", "project_manager"),
        ("Chef de projet, direction informatique", "project_manager"),
        ("Jefa de proyecto, departamento de sistemas", "project_manager"),
        ("PO, for the Project Steering Committee (PSC)", "project_owner"),
        ("Project Manager, Acme Services Ltd", "Project Manager, Acme Services Ltd"),
        ("Project Manager, Acme", "Project Manager, Acme"),
        ("Project Manager, supplier", "Project Manager, supplier"),
    ],
)
def test_a_role_with_a_post(text, role):
    found = read(
        f"% Minutes\n| Meeting | Steering committee |\n| Held on | 2026-06-09 |\n# Who was there\n| Name | Capacity | Attendance |\n"
        f"| Ada Finch | {text} | Present |\n| Bo Ek | Business Manager | Apologies |",
        kind="minutes_of_meeting",
    )
    rows = [row for row in found.found if row.table == "attendance"]
    assert [(row.values["role"], row.values["is_present"]) for row in rows] == [(role, True), ("business_manager", False)]


def test_an_agenda_says_when_it_was_sent():
    meeting = _meeting(
        "% Agenda of the planning kick-off\n| Meeting on | 3 June 2026 |\n| Called by | Bo Ek |\n| Sent on | 27 May 2026 |",
        "meeting_agenda",
    )
    assert (meeting.values["held_on"], meeting.values["agenda_on"]) == (dt.date(2026, 6, 3), dt.date(2026, 5, 27))


def test_columns_that_ask_are_approvals_below_such_a_heading_only():
    found = read(
        "% Project Charter\n| Version | Date | Author | Owner | Sensitivity |\n| 1.0 | 10 April 2026 | Bo Ek | Ada Finch | Basic |\n"
        "Approvals\n| What | Who | In which role | When |\n| Approved | Ada Finch | PO, for the Project Steering Committee (PSC) | 14 April 2026 |\n"
        "Versions\n| No | Date | By | Change |\n| 1.0 | 10 April 2026 | Bo Ek | For acceptance |\n| 0.1 | 1 April 2026 | Bo Ek | Draft |\n"
        "# Next\n| What | Who | When |\n| Call the kick-off | Bo Ek | 14 April 2026 |\n"
        "# Points\n| No | Date | By | Change |\n| 1 | 10 April 2026 | Bo Ek | Lighter red |\n| 2 | 1 April 2026 | Bo Ek | Blue |",
        kind="project_charter",
    )
    rows = [row for row in found.found if row.table == "approval"]
    assert [(row.values["person_id"], row.values["role"], row.values["decided_on"]) for row in rows] == [
        ("Ada Finch", "project_owner", dt.date(2026, 4, 14))
    ]
    assert [row.values["version"] for row in found.found if row.table == "artefact_version"] == ["1.0", "0.1"]
    assert found.artefact["version_in_history"] == "1.0"
