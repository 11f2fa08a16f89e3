"""How German, Austrian and Swiss administrations write: Niederschrift, Mitzeichnung, Vermerk, Freigabe der Phase."""

import datetime as dt

import pytest
from details_notation import read


def test_a_note_beside_each_name_says_who_approved_and_who_countersigned() -> None:
    found = read(
        "% Konzept\n# Mitzeichnung und Freigabe\n| Name | Funktion | Vermerk | am |\n"
        "| Ada Finch | Auftraggeberin | genehmigt | 27.06.2026 |\n| Jo Lake | Lösungsverantwortung | mitgezeichnet | 30.06.2026 |\n"
        "| Bo Ek | Fachverantwortung | gesehen | |"
    )
    rows = [row for row in found.found if row.table == "approval"]
    assert [tuple(row.values.get(name) for name in ("person_id", "role", "action")) for row in rows] == [
        ("Ada Finch", "executive", "approve"),
        ("Jo Lake", "solution_provider", "review"),
        ("Bo Ek", "business_manager", "review"),
    ]
    assert found.artefact["approved_on"] == dt.date(2026, 6, 27)
    assert found.artefact["approved_by"] == "Ada Finch"


@pytest.mark.parametrize("note", ["nicht genehmigt", "abgelehnt"])
def test_a_note_that_refuses_approves_nothing(note: str) -> None:
    found = read(f"% Konzept\n# Freigabevermerk\n| Name | Funktion | Vermerk | am |\n| Ada Finch | Auftraggeberin | {note} | 27.06.2026 |")
    (row,) = [row for row in found.found if row.table == "approval"]
    assert row.values.get("decision") == "rejected"
    assert found.artefact.get("approved_on") is None


def test_what_is_to_be_released_is_not_released() -> None:
    found = read("% Konzept\n# Freigabevermerk\n| Name | Funktion | Vermerk | am |\n| Ada Finch | Auftraggeberin | Freigabe vorgesehen | |")
    (row,) = [row for row in found.found if row.table == "approval"]
    assert row.values["action"] == "approve"
    assert row.values.get("decision") != "approved"
    assert found.artefact.get("approved_on") is None


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("3. Sitzung des Lenkungskreises", "steering_committee"),
        ("Sitzung des Projektlenkungsausschusses", "steering_committee"),
        ("Planungsauftakt", "planning_kick_off"),
        ("Auftaktsitzung der Umsetzung", "executing_kick_off"),
    ],
)
def test_the_line_below_the_title_says_which_meeting_it_was(title: str, kind: str) -> None:
    found = read(f"% Niederschrift\n{title}\n| Sitzung am | 25.07.2026 |\n| Vorsitz | Ada Finch |", kind="minutes_of_meeting")
    (meeting,) = [row for row in found.found if row.table == "meeting"]
    assert meeting.values.get("kind") == kind


def test_orders_of_minutes_are_actions_and_resolutions_have_their_day() -> None:
    found = read(
        "% Niederschrift\n| Sitzung am | 25.07.2026 |\n# Beschlüsse\n| Nr. | Beschluss | verantwortlich | vom |\n"
        "| 1 | Die Planungsphase ist freigegeben. | Ada Finch | 25.07.2026 |\n"
        "# Aufträge\n| Nr. | Auftrag | wer | bis | Stand |\n| 2 | Auftakt vorbereiten | Jo Lake | 05.08.2026 | offen |",
        kind="minutes_of_meeting",
    )
    (gate,) = [row for row in found.found if row.table == "gate"]
    assert (gate.values["gate"], gate.values["decision"], gate.values["decided_on"]) == ("rfp", "approved", dt.date(2026, 7, 25))
    (action,) = [row for row in found.found if row.table == "action"]
    assert (action.values["owner_id"], action.values["due_on"]) == ("Jo Lake", dt.date(2026, 8, 5))


@pytest.mark.parametrize(
    ("said", "gate"),
    [
        ("Die Umsetzungsphase ist freigegeben.", "rfe"),
        ("Der Lenkungskreis gibt die Abschlussphase frei.", "rfc"),
        ("The executing phase is authorised.", "rfe"),
        ("La phase de clôture est autorisée.", "rfc"),
        ("Se autoriza la fase de planificación.", "rfp"),
        ("Die Freigabe der Umsetzung wird im Mai behandelt.", None),
        ("Der Projektplan ist freigegeben.", None),
    ],
)
def test_a_phase_that_is_released_is_a_gate(said: str, gate: str | None) -> None:
    text = f"% Niederschrift\n| Sitzung am | 25.07.2026 |\n# Beschlüsse\n| Nr. | Beschluss | verantwortlich |\n| 1 | {said} | Ada Finch |"
    found = read(text, kind="minutes_of_meeting")
    assert [row.values["gate"] for row in found.found if row.table == "gate"] == ([gate] if gate else [])


def test_a_list_of_people_says_since_when_they_hold_their_function() -> None:
    found = read(
        "% Beteiligtenliste\n| Gruppe | Name | Funktion im Projekt | Interesse | seit |\n| Leitung | Jo Lake | Projektleitung | hoch | 01.08.2026 |\n"
        "| Leitung | Bo Ek | Fachverantwortung | hoch | |\n| Kernteam | Ann Lee | Abläufe | hoch | 05.08.2026 |"
    )
    roles = {row.values["role"]: row for row in found.found if row.table == "role"}
    assert roles["project_manager"].values["from_on"] == dt.date(2026, 8, 1)
    assert "deputy_id" not in roles["project_manager"].filled
    assert roles["business_manager"].values.get("from_on") is None


def test_stages_of_work_on_a_document_are_its_history() -> None:
    found = read(
        "% Konzept\n# Bearbeitungsstände\n| Fassung | Stand | Bearbeitet durch | Anlass |\n| 1.0 | 22.07.2026 | Jo Lake | Vorlage |\n"
        "| 0.1 | 03.07.2026 | Jo Lake | Entwurf |"
    )
    assert found.artefact["version_in_history"] == "1.0"
    assert [row.values["version"] for row in found.found if row.table == "artefact_version"] == ["1.0", "0.1"]


def test_an_invitation_says_when_it_is_for() -> None:
    text = "% Einladung zum Planungsauftakt\nVersandt am 29.07.2026 durch Jo Lake\n| Termin | 05.08.2026, 9:00 bis 11:30 Uhr |\n| Ort | Saal |\n| Ziel | Plan |"
    (meeting,) = [row for row in read(text, kind="meeting_agenda").found if row.table == "meeting"]
    assert (meeting.values["held_on"], meeting.values["agenda_on"]) == (dt.date(2026, 8, 5), dt.date(2026, 7, 29))
    (other,) = [row for row in read("% Agenda\n| Termin | Thema |\n| 9:00 | Plan |", kind="meeting_agenda").found if row.table == "meeting"]
    assert "held_on" not in other.values
