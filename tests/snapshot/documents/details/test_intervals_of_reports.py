"""How often the project reports, and not its contractor."""

import pytest
from details_notation import read


def _interval(text, kind="project_handbook"):
    found = read(text, kind=kind)
    return [
        row.values["value"] for row in found.found if row.table == "project_parameter" and row.values["name"] == "status_report_interval"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "A status report is written every two months and sent to the committee; a summary goes to the board once a year.",
        "A status report is written every two months. The contractor writes a status report every quarter.",
    ],
)
def test_sentences(text):
    assert _interval(f"% Project Handbook\n# Reporting\n{text}") == ["60"]


def test_a_table():
    assert _interval(
        "% Communications Plan\n# Communication matrix\n| Item | Audience | Frequency | Responsible |\n"
        "| Status report | Committee | every two months | Bo Ek |\n| Contractor status report | Project Manager | every quarter | Jo Lake |",
        "communications_management_plan",
    ) == ["60"]


def test_an_outsourcing_plan_speaks_of_the_contractor():
    assert not _interval("% Contract LW/17, extract\n# Reports\nA status report is due each quarter by the 20th.", None)
    assert not _interval("% Outsourcing Plan\n# Reports\nA status report is due each quarter by the 20th.", "outsourcing_plan")


@pytest.mark.parametrize(
    ("table", "days"),
    [
        ("| Contractor status report | Contractor | every quarter |", "90"),
        ("| Sachstand des Auftragnehmers | Auftragnehmer | halbjährlich |", "180"),
        ("| Rapport du prestataire | Prestataire | tous les six mois |", "180"),
        ("| Informe del contratista | Contratista | semestral |", "180"),
    ],
)
def test_how_often_the_contractor_reports(table, days):
    found = read(
        f"% Project Handbook\n# Reports\n| Report | Responsible | Frequency |\n| Status report | Bo Ek | every two months |\n{table}",
        kind="project_handbook",
    )
    said = {row.values["name"]: row.values["value"] for row in found.found if row.table == "project_parameter"}
    assert said == {"status_report_interval": "60", "contractor_report_interval": days}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("A risk with a residual score above 15 is escalated to the Project Board within 5 working days.", "16"),
        ("Risks with a residual score of 16 or more are escalated.", "16"),
        ("Escalation: residual risk score at or above 12.", "12"),
        ("Risiken mit einem Restrisikowert über 15 werden eskaliert.", "16"),
        ("Les risques dont la criticité résiduelle est supérieure à 12 sont escaladés au comité.", "13"),
        ("Los riesgos con riesgo residual superior a 12 se elevan al comité.", "13"),
        ("A residual score above 12 is told to the sponsor, a residual score above 15 is escalated to the board.", None),
        ("A risk with a residual score above 15 gets a second owner.", None),
        ("A risk with a score above 15 is escalated.", None),
    ],
)
def test_the_line_above_which_what_remains_of_a_risk_is_escalated(text, line):
    found = read(f"% Risk Management Approach\n# Risk tolerance\n{text}", kind="risk_management_approach")
    said = [
        row.values["value"] for row in found.found if row.table == "project_parameter" and row.values["name"] == "residual_risk_tolerance"
    ]
    assert said == ([line] if line else [])


@pytest.mark.parametrize(
    "text",
    [
        "Weekly review of the change log, summary in the status reports.",
        "Revue hebdomadaire du registre, restitution dans les rapports d'état.",
        "Wöchentliche Durchsicht des Registers, Zusammenfassung in den Statusberichten.",
    ],
)
def test_how_often_a_log_is_reviewed_is_not_how_often_the_project_reports(text):
    assert not _interval(f"% Change Management Plan\n# Control\n{text}", "project_change_management_plan")


def test_how_often_may_begin_the_sentence():
    assert _interval("% Project Handbook\n# Reporting\nOnce a month, a status report goes to the committee.") == ["30"]


@pytest.mark.parametrize("header", ["Réunion | Présidence | Fréquence", "Meeting | Chaired by | Frequency", "Sitzung | Vorsitz | Turnus"])
def test_how_often_the_committee_meets(header):
    body = {
        "R": "Comité de pilotage | PO | trimestrielle",
        "M": "Steering committee | PO | quarterly",
        "S": "Lenkungsausschuss | PO | vierteljährlich",
    }
    found = read(f"% Project Handbook\n# Monitoring\n| {header} |\n| {body[header[0]]} |\n| Team | PM | – |", kind="project_handbook")
    assert [(row.values["name"], row.values["value"]) for row in found.found if row.table == "project_parameter"] == [
        ("steering_interval", "90")
    ]
