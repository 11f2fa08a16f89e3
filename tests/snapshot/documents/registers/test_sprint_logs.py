"""Logs of sprints, reports per sprint, logs of retrospectives and of tests, as teams keep them."""

from datetime import date
from decimal import Decimal

import pytest
from register_tables import read, sheet, workbook


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("Sprints", "Sprint|Start|End|Goal|Goal written on|Planning held|Review held|Retrospective held"),
        ("Sprint log", "Sprint name|From|To|Sprint goal|Goal agreed on|Planning date|Demo held|Retro date"),
        ("Sprintübersicht", "Sprint|Beginn|Ende|Sprintziel|Ziel festgelegt am|Planung am|Review am|Retrospektive am"),
        ("Journal des sprints", "Itération|Début|Fin|Objectif du sprint|Objectif fixé le|Planification le|Revue le|Rétrospective le"),
        ("Registro de sprints", "Sprint|Inicio|Fin|Objetivo del sprint|Objetivo fijado el|Planificación el|Revisión del sprint|Retrospectiva el"),
    ],
)  # fmt: skip
def test_a_log_of_sprints_tells_the_goal_its_day_and_when_the_team_met(name: str, header: str) -> None:
    text = f"""
    {header}
    Tram 1|@2026-01-05|@2026-01-16|Riders see the next tram|@2026-01-02|@2026-01-05|@2026-01-16|@2026-01-16
    Tram 2|@2026-01-19|@2026-01-30|Riders buy a day ticket|@2026-01-28|@2026-01-19|@2026-01-30|@2026-02-02
    Tram 3|@2026-02-02|@2026-02-13|Riders cancel a ticket|@2026-01-30|@2026-02-02||
    """
    first, second, third = (row.values for row in read(workbook(sheet(name, text))).found if row.table == "sprint")
    assert (first["name"], first["goal"], first["start_at"].date(), first["end_at"].date()) == (
        "Tram 1", "Riders see the next tram", date(2026, 1, 5), date(2026, 1, 16)
    )  # fmt: skip
    assert (second["goal_set_on"], second["planning_on"]) == (date(2026, 1, 28), date(2026, 1, 19))
    assert (second["review_on"], second["retrospective_on"]) == (date(2026, 1, 30), date(2026, 2, 2))
    assert (third.get("review_on"), third.get("retrospective_on")) == (None, None)


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("Per sprint", "Sprint|Report date|Committed points|Done points|Completion"),
        ("Velocity", "Sprint|Report date|Points planned|Points completed|Completion"),
        ("Je Sprint", "Sprint|Berichtsdatum|Geplante Punkte|Erledigte Punkte|Anteil"),
        ("Par sprint", "Sprint|Date du rapport|Points engagés|Points terminés|Taux"),
        ("Por sprint", "Sprint|Fecha del informe|Puntos comprometidos|Puntos terminados|Tasa"),
    ],
)
def test_a_report_per_sprint_tells_its_points(name: str, header: str) -> None:
    text = f"""
    {header}
    Sprint 1|@2026-01-16|33|30|91%
    Sprint 2|@2026-01-30|28|28|100%
    """
    rows = [row.values for row in read(workbook(sheet(name, text))).found if row.table == "sprint"]
    assert [(row["name"], row["committed_points"], row["done_points"]) for row in rows] == [
        ("Sprint 1", Decimal(33), Decimal(30)), ("Sprint 2", Decimal(28), Decimal(28)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Story|Sprint|Points|Status\n    Pay online|Sprint 1|5|Done\n    Cancel|Sprint 2|3|To Do",
        "Sprint|Start|End|Content\n    Sprint 1|@2026-01-05|@2026-01-16|Timetable\n    Sprint 2|@2026-01-19|@2026-01-30|Tickets",
        "Sprint|Start|End of week 1|End of week 2\n    Sprint 1|33|20|0\n    Sprint 2|28|14|3",
    ],
    ids=["backlog", "plan of sprints", "burn-down"],
)
def test_what_tells_of_nothing_that_took_place_is_no_log(text: str) -> None:
    assert not [row for row in read(workbook(sheet("Sprints", f"\n    {text}\n"))).found if row.table == "sprint"]


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("Retrospectives Log", "No.|Sprint|Retrospective date|Went well|To improve|Action|Owner|Due|Status"),
        ("Retrospektiven", "Nr.|Sprint|Datum der Retrospektive|Gut|Schlecht|Maßnahme|Verantwortlich|Fällig|Status"),
        ("Rétrospectives", "N°|Sprint|Date de la rétrospective|Points forts|À améliorer|Action|Responsable|Échéance|Statut"),
        ("Retrospectivas", "N.º|Sprint|Fecha de la retrospectiva|Bien|Mejorar|Acción|Responsable|Fecha límite|Estado"),
    ],
)
def test_actions_of_retrospectives_are_told_by_their_sheet(name: str, header: str) -> None:
    text = f"""
    {header}
    R-1|Tram 1|@2026-01-16|pairing|late reviews|Agree a rota of reviewers|Ada Finch|@2026-02-13|Done
    R-2|Tram 2|@2026-01-30|calm|noise|Move the stand-up to nine|Jo Lake|@2026-02-27|In Progress
    """
    rows = [row.values for row in read(workbook(sheet(name, text))).found if row.table == "action"]
    assert [(row["kind"], row["raised_on"], row["due_on"]) for row in rows] == [
        ("retrospective", date(2026, 1, 16), date(2026, 2, 13)), ("retrospective", date(2026, 1, 30), date(2026, 2, 27)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "header", "failed", "passed"),
    [
        ("Testing Log", "Test case|Work item|Summary|Tested by|Run|Run date|Environment|Result", "Failed", "Passed"),
        ("Test runs", "Test case|Issue key|Test description|Tester|Run|Run date|Build|Result", "Fail", "Pass"),
        ("Testprotokoll", "Testfall|User Story|Beschreibung|Getestet von|Lauf|Laufdatum|Umgebung|Ergebnis", "nicht bestanden", "bestanden"),
        ("Journal de tests", "Cas de test|Récit|Description|Testé par|Exécution|Date d'exécution|Environnement|Résultat", "échoué", "réussi"),
        ("Registro de pruebas", "Caso de prueba|Historia|Descripción|Probado por|Ejecución|Fecha de ejecución|Entorno|Resultado", "fallido", "superado"),
    ],
)  # fmt: skip
def test_runs_of_tests_name_the_entry_that_they_test(name: str, header: str, failed: str, passed: str) -> None:
    text = f"""
    {header}
    TC-1|TRAM-4|Buy a ticket|Ada Finch|1|@2026-02-03|T1|{failed}
    TC-1|TRAM-4|Buy a ticket|Ada Finch|2|@2026-02-04|T1|{passed}
    TC-2|TRAM-7|Cancel a ticket|Jo Lake|1|@2026-02-05|T1|{failed}
    """
    rows = [row for row in read(workbook(sheet(name, text))).found if row.table == "review"]
    assert [(row.values["kind"], row.values["held_on"].day, row.values["result"]) for row in rows] == [
        ("test", 3, "failed"), ("test", 4, "passed"), ("test", 5, "failed"),
    ]  # fmt: skip
    assert [row.refers["subject_id"][1] for row in rows] == ["TRAM-4", "TRAM-4", "TRAM-7"]
