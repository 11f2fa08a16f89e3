"""Reports that say in sentences when they were sent and what they count, and their month in the title."""

import datetime as dt

import pytest
from details_notation import read

from auditor.snapshot.documents.found import Found


def report(title: str, text: str) -> tuple[Found, list[Found]]:
    found = read(f"# {title}\n{text}\n## Outlook\nGood.", kind="project_status_report").found
    return next(row for row in found if row.table == "report"), [row for row in found if row.values.get("kind") == "figure"]


SENT = "Sent on 7 August 2026 to the Steering Committee (Ada Finch, Jo Lake)."


def test_a_sentence_says_when_it_was_sent_and_the_title_for_which_month() -> None:
    row, _ = report("Mill Project Status Report, July 2026", SENT)
    days = [row.values[name] for name in ("issued_on", "period_from_on", "period_to_on")]
    assert days == [dt.date(2026, 8, 7), dt.date(2026, 7, 1), dt.date(2026, 7, 31)]


@pytest.mark.parametrize("title", ["Project Status Report, August 2026", "Project Status Report", "Project Status Report, 7 August 2026"])
def test_a_month_that_has_not_ended_is_no_period(title: str) -> None:
    row, _ = report(title, SENT)
    assert row.values["issued_on"] == dt.date(2026, 8, 7)
    assert "period_to_on" not in row.values


def test_two_days_of_sending_are_none() -> None:
    row, _ = report("Project Status Report, July 2026", f"{SENT} Sent on 9 August 2026 to the board.")
    assert "issued_on" not in row.values


def test_sentences_count() -> None:
    _, figures = report(
        "Project Status Report", "4 open issues in the register. 8 active risks. Highest: R-2.\nWe hope for 2 open issues next month."
    )
    assert {row.values["name"]: row.values["value"] for row in figures} == {"open_issues": "4", "open_risks": "8"}


@pytest.mark.parametrize(
    ("text", "passed"),
    [
        ("Bilan qualité : 9 contrôles prévus, 9 réalisés, 9 conformes, aucun contrôle non conforme.", ["9"]),
        ("Of 12 checks 11 passed and 1 failed.", ["11"]),
        ("Von 12 Prüfungen wurden 11 bestanden.", ["11"]),
        ("9 bornes conformes.", []),
        ("7 contrôles conformes en mai, 2 conformes en juin et 3 conformes en juillet.", []),
    ],
)
def test_sentences_count_the_checks_that_were_passed(text: str, passed: list[str]) -> None:
    found = read(f"% Rapport de fin de séquence 1\n# Revue des produits\n{text}", kind="end_stage_report").found
    assert [row.values["value"] for row in found if row.values.get("name") == "checks_passed"] == passed
