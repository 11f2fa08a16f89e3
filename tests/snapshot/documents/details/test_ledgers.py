"""Ledgers by period, and the reports that state the same amounts."""

import datetime as dt
from decimal import Decimal

import pytest
from details_notation import read

LINES = (
    "| 1 | 2026-01-05 | 2026-01-30 | 1 | 31200 |\n| 2 | 2026-02-02 | 2026-02-27 | 1 | 35700 |\n| 3 | 2026-03-02 | 2026-03-27 | 2 | 38400 |"
)


@pytest.mark.parametrize(
    "head",
    [
        "Period | From | To | Stage | Cost in period",
        "Période | Du | Au | Séquence | Coût de la période",
        "Zeitraum | Von | Bis | Phase | Kosten im Zeitraum",
        "Período | Desde | Hasta | Fase | Gasto del período",
    ],
)
def test_a_line_for_each_period_tells_what_was_spent_in_it(head: str) -> None:
    rows = [row for row in read(f"% Ledger\n| {head} |\n{LINES}").found if row.table == "cost"]
    assert [(row.values["period_on"], row.values["amount"], row.values["kind"]) for row in rows] == [
        (dt.date(2026, 1, 30), Decimal(31200), "actual"),
        (dt.date(2026, 2, 27), Decimal(35700), "actual"),
        (dt.date(2026, 3, 27), Decimal(38400), "actual"),
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Cost in period", "Budget"),  # a plan
        ("2026-01-30", "2026-06-30"),  # a stage, and they overlap
        ("2026-02-02", "2026-01-02"),
        ("Period |", "Activity |"),
    ],
)
def test_what_is_no_ledger(old: str, new: str) -> None:
    text = f"% Ledger\n| Period | From | To | Stage | Cost in period |\n{LINES}"
    assert not [row for row in read(text.replace(old, new, 1)).found if row.table == "cost"]


@pytest.mark.parametrize(
    ("head", "stage", "project"),
    [
        (" | Budget or date | Tolerance | Actual | Forecast", "Stage 2 cost", "Project cost (stage budgets)"),
        ("Level | Planned to date | Tolerance | Spend to date (GBP) | Forecast", "Stage 2 Roll-out", "Project"),
        ("Niveau | Prévu | Tolérance | Dépensé à ce jour | Prévision", "Séquence 2", "Coût du projet"),
        ("Ebene | Plan | Toleranz | Ist kumuliert | Prognose", "Phase 2", "Projekt gesamt"),
    ],
)
def test_a_report_shows_the_cost_of_the_project_beside_that_of_the_stage(head: str, stage: str, project: str) -> None:
    text = f"% Report\n# Tolerance status\n| {head} |\n| {stage} | £524,000 | +5% | £314,900 | £523,000 |\n| {project} | £1,176,000 | +5% | £381,800 | £1,173,900 |"
    found = [row for row in read(text, kind="highlight_report").found if row.table == "listed_item" and row.values.get("name") == "spent"]
    assert [row.values["number"] for row in found] == [Decimal(381800)]
    alone = text.replace(f"| {stage} |", "| Training |")
    assert not [
        row for row in read(alone, kind="highlight_report").found if row.table == "listed_item" and row.values.get("name") == "spent"
    ]


def test_a_line_may_state_day_and_period_beside_each_other() -> None:
    text = "% Highlight Report 6\nDate 7 April 2026 · period 9 March 2026 to 3 April 2026 · issued by Kim Obi\n# Summary\nOn plan."
    (report,) = [row for row in read(text, kind="highlight_report").found if row.table == "report"]
    said = (report.values["issued_on"], report.values["period_from_on"], report.values["period_to_on"])
    assert said == (dt.date(2026, 4, 7), dt.date(2026, 3, 9), dt.date(2026, 4, 3))
