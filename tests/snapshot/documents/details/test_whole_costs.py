"""What business cases and project plans say that the whole project costs."""

import datetime as dt

import pytest
from details_notation import read


def told(source: str, kind: str = "business_case", language: str = "en") -> list[tuple[str, str | None, dt.date | None]]:
    rows = (row.values for row in read(source, kind=kind, language=language).found if row.values.get("name") == "project_cost")
    return [(row["value"], row.get("unit"), row.get("on_date")) for row in rows]


@pytest.mark.parametrize(
    ("source", "language", "expected"),
    [
        ("# Costs\n| Item | GBP |\n| Stage 1 | 900,000 |\n| Total project | 1,398,000 |\n", "en", ("1398000", "GBP")),
        (
            "# Costs\n| Cost | £ |\n| Project cost, all stages with risk budget, as in the project plan | 1,248,000 |\n",
            "en",
            ("1248000", "GBP"),
        ),
        ("# Money (NOK)\n| Stage 1 | 110,000 |\n| Sum | 1,860,000 |\n| Running cost a year | 96,000 |\n", "en", ("1860000", None)),
        ("# Costs\nThe total project cost is EUR 450,000.\n", "en", ("450000", "EUR")),
        ("# Costs\nProject budget: £1.284m\n", "en", ("1284000", "GBP")),
        ("# Kosten\n| Posten | Budget (TEUR) |\n| Phase 1 | 200 |\n| Gesamtkosten | 1.284 |\n", "de", ("1284000", "EUR")),
        ("# Kosten\nDie Gesamtkosten des Projekts betragen 1.284.000 EUR.\n", "de", ("1284000", "EUR")),
        ("# Coûts\n| Poste | Montant (€) |\n| Séquence 1 | 200 000 |\n| Coût total du projet | 284 000 |\n", "fr", ("284000", "EUR")),
        ("# Costes\nEl presupuesto del proyecto asciende a 284.000 EUR.\n", "es", ("284000", "EUR")),
    ],
)
def test_the_cost_of_the_project(source: str, language: str, expected: tuple[str, str | None]) -> None:
    assert [found[:2] for found in told(source, language=language)] == [expected]


@pytest.mark.parametrize(
    "source",
    [
        "# Costs\n| Item | GBP |\n| Total without change budget | 1,398,000 |\n",  # of a part
        "# Costs\n| Item | GBP |\n| Stage 1 | 9,000 |\n| Maintenance a year | 8,000 |\n| Total | 1,398,000 |\n",  # with what comes after it
        "# Costs\n| Item | Actual GBP |\n| Total project | 1,398,000 |\n",
        "# Business options\n| Option | Project cost |\n| Do minimum | 310,000 |\n| Total | 310,000 |\n",
        "# Expected benefits\n| Benefit | Value |\n| Total | 362,000 |\n",
        "# Costs\nThe project cost must not exceed EUR 450,000.\n",
        "# Costs\nThe forecast project cost is EUR 450,000.\n",
        "# Costs\nThe project cost is about EUR 1.4m.\n",  # rounded too much
        "# Costs\nThe project budget of EUR 20,000 for training is new.\n",
    ],
)
def test_other_amounts(source: str) -> None:
    assert told(source) == []


def test_only_cases_and_plans_say_it() -> None:
    source = "# Budget\n| Item | Budget |\n| Total project | 1,398,000 |\n"
    assert told(source, "project_plan") != []
    assert told(source, "stage_plan") == []
    assert told(source, "highlight_report") == []


def test_each_baseline_has_its_day_and_so_has_what_the_history_sets() -> None:
    plan = (
        "# Version history\n| Version | Date | Author | Change |\n| 1.0 | 30 April 2025 | A. Berg | Baseline |\n"
        "| 2.0 | 20 November 2025 | A. Berg | Exception plan: cost 1,440,000, end 3 July 2026 |\n"
        "| 3.0 | 4 February 2026 | A. Berg | Cost 12,000 for stage 2 booked |\n\n"
        "# Budget\n| Item | Baseline 1.0 | Baseline 3.0 | Actual or forecast |\n| Stage 1 | 400,000 | 400,000 | 390,000 |\n"
        "| Total | 1,430,000 | 1,450,000 | 1,383,000 |\n"
    )
    assert told(plan, "project_plan") == [
        ("1430000", None, dt.date(2025, 4, 30)),
        ("1450000", None, dt.date(2026, 2, 4)),
        ("1440000", None, dt.date(2025, 11, 20)),
    ]


def test_the_current_column_beside_an_earlier_baseline_counts() -> None:
    plan = "# Budget\n| Budget | v1.0 T€ | aktuell T€ |\n| Phasen | 900,0 | 950,0 |\n| Projektkosten gesamt | 1.300,0 | 1.320,0 |\n"
    assert [found[0] for found in told(plan, "project_plan", "de")] == ["1320000", "1300000"]


@pytest.mark.parametrize("head", ["Actual/forecast £", "Actual or forecast (£)", "Ist/Prognose £"])
def test_a_plan_reckons_with_what_was_spent_and_what_is_expected(head: str) -> None:
    plan = f"# Stages and budget\n| Stage | Start | {head} |\n| 1 | 7 April 2025 | 93,400 |\n| Total | | 2,480,000 |\n"
    assert [found[0] for found in told(plan, "project_plan")] == ["2480000"]
    assert told(plan, "business_case") == []


def test_reserves_beside_the_cost_say_that_it_is_planned() -> None:
    def reasons(lines: str) -> list[str | None]:
        found = read(f"# Kosten\n| Position | EUR |\n{lines}| Projektkosten | 1.362.000 |\n", kind="business_case", language="de").found
        return [row.values.get("reason") for row in found if row.values.get("name") == "project_cost"]

    assert reasons("| Änderungsbudget | 80.000 |\n| Risikobudget | 50.000 |\n") == ["with reserves"]
    assert reasons("| Phasen | 80.000 |\n| Risikobudget | 50.000 |\n") == [None]
