"""Tables of tolerances, and the forecasts of the stage that reports give beside them."""

from decimal import Decimal

import pytest
from details_notation import read

from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.matters.tolerances import limits_in


def rows(text: str, kind: str, table: str = "allowance", language: str = "fr") -> list[Found]:
    return [row for row in read(text, kind=kind, language=language).found if row.table == table]


STAGE_PLAN = (
    "% Plan de séquence 2 - pose\n# Tolérances\n| Critère | Tolérance |\n| Coût | +5 % / -10 % |\n| Délai | +2 / -2 semaines |\n"
    "| Périmètre | au moins 7 bornes |\n| Qualité | aucune |\n| Bénéfices | sans objet |\n| Couleur | bleue |"
)


def test_a_stage_plan_sets_the_tolerances_of_its_stage() -> None:
    """What is no plain limit stays unknown; what is not applicable is none."""
    found = rows(STAGE_PLAN, "stage_plan")
    said = {row.values["aspect"]: [row.values.get(name) for name in ("lower", "upper", "unit")] for row in found}
    assert said == {
        "cost": [Decimal(10), Decimal(5), "%"],
        "time": [Decimal(2), Decimal(2), "weeks"],
        "scope": [None, None, None],
        "quality": [Decimal(0), Decimal(0), None],
    }
    assert {(row.values["level"], row.refers["level_id"]) for row in found} == {("stage", ("stage", "2"))}
    assert "upper" not in next(row.filled for row in found if row.values["aspect"] == "scope")


def test_a_column_says_its_level() -> None:
    """Tolerances of every stage in the initiation documentation name no stage."""
    text = (
        "% PID\n# Controls\n| Aspect | Project tolerance | Stage tolerance |\n| Time | + 4 weeks | + 2 weeks |\n| Cost | +/- 10 % | 5 % |"
    )
    found = rows(text, "project_initiation_documentation", language="en")
    assert [(row.values["level"], row.values["aspect"], row.values["upper"], row.values["unit"]) for row in found] == [
        ("project", "time", 4, "weeks"),
        ("stage", "time", 2, "weeks"),
        ("project", "cost", 10, "%"),
        ("stage", "cost", 5, "%"),
    ]
    assert not any(row.refers for row in found)


@pytest.mark.parametrize(
    ("heading", "header", "language"),
    [
        ("Tolerances", ("Time", "Cost", "Scope"), "en"),
        ("Toleranzen", ("Zeit", "Kosten", "Umfang"), "de"),
        ("Tolérances", ("Délai", "Coût", "Périmètre"), "fr"),
        ("Tolerancias", ("Tiempo", "Coste", "Alcance"), "es"),
    ],
)
def test_aspects_may_stand_across(heading: str, header: tuple[str, ...], language: str) -> None:
    """One line of limits below the names of the aspects; without the heading it is some other table."""
    weeks = {"en": "weeks", "de": "Wochen", "fr": "semaines", "es": "semanas"}[language]
    table = f"| {' | '.join(header)} |\n| +2 {weeks} / - 1 {weeks} | +5% / -10% | Could items |"
    found = rows(f"% Stage plan 3\n# {heading}\n{table}", "stage_plan", language=language)
    said = [[row.values["level"], row.values["aspect"], *(row.values.get(name) for name in ("lower", "upper", "unit"))] for row in found]
    assert said == [["stage", "time", 1, 2, "weeks"], ["stage", "cost", 10, 5, "%"], ["stage", "scope", None, None, None]]
    assert rows(f"% Stage plan 3\n# Approach\n{table}", "stage_plan", language=language) == []


def test_levels_may_stand_below_each_other() -> None:
    text = (
        "% PID\n# Controls\n| Tolerance | Time | Cost | Benefits |\n| Project | + 4 weeks | +/- 10 % | -10 % |\n"
        "| Each stage | + 2 weeks | 5 % | none |"
    )
    found = rows(text, "project_initiation_documentation", language="en")
    assert [(row.values["level"], row.values["aspect"]) for row in found] == [
        (level, aspect) for level in ("project", "stage") for aspect in ("time", "cost", "benefits")
    ]


@pytest.mark.parametrize("kind", ["project_brief", "highlight_report", "business_case"])
def test_other_documents_set_none(kind: str) -> None:
    assert rows(STAGE_PLAN, kind) == []


@pytest.mark.parametrize("text", ["see the plan", "+5 % / -2 weeks", "5", "+5 % of the reserve", "1.5.2", "+3 bananas"])
def test_what_is_no_limit(text: str) -> None:
    assert limits_in(text, "cost") is None


def test_a_report_forecasts_its_stage() -> None:
    """Only where a header says that the stage is meant."""
    text = (
        "% Rapport d'avancement\n| Période | octobre 2026 |\n| Séquence | 2 |\n# Tolérances\n"
        "| Critère | Plan de séquence | Réel à date | Prévision à fin de séquence | Tolérance |\n"
        "| Coût | 1 240 000 € | 668 000 € | 1 327 000 € | +5 % |\n| Délai | 29/01/2027 |  | 30/01/2027 | +2 semaines |"
    )
    said = {row.values["name"]: row.values["value"] for row in rows(text, "highlight_report", "listed_item")}
    assert said == {"stage_budget": "1240000", "stage_forecast_cost": "1327000", "stage_forecast_end": "2027-01-30"}
    other = text.replace("Plan de séquence", "Plan").replace("Prévision à fin de séquence", "Prévision")
    assert rows(other, "highlight_report", "listed_item") == []


@pytest.mark.parametrize(
    ("text", "language", "end", "cost"),
    [
        (
            (
                "| | Baseline | Forecast | Tolerance |\n| Stage end | 29 Jan 2027 | 26 Feb 2027 | +/- 2 weeks |\n| Stage cost, EUR thousand | 495 | 562 | +4 % |\n"
                "| Project end | 30 Sep 2027 | 30 Sep 2027 | 4 weeks |\n| Project cost, EUR m | 8.72 | 8.72 | +5 % |"
            ),
            "en",
            "2027-02-26",
            "562000",
        ),
        (
            (
                "| Aspect | Plan | Forecast | Tolerance | Status |\n| Stage 3 end | 18 December 2026 | 20 December 2026 | +2 weeks | within |\n"
                "| Stage 3 cost | £288,000 | £292,000 | +5% | within |\n| Project end | 26 March 2027 | 26 March 2027 | +3 weeks | within |"
            ),
            "en",
            "2026-12-20",
            "292000",
        ),
        (
            "| Größe | Basis | Prognose |\n| Phasenende | 29.01.2027 | 26.02.2027 |\n| Projektende | 30.09.2027 | 30.09.2027 |",
            "de",
            "2027-02-26",
            None,
        ),
        (
            "| | Référence | Prévision |\n| Fin de séquence | 29/01/2027 | 26/02/2027 |\n| Fin du projet | 30/09/2027 | 30/09/2027 |",
            "fr",
            "2027-02-26",
            None,
        ),
        (
            "| | Línea base | Previsión |\n| Fin de fase | 29/01/2027 | 26/02/2027 |\n| Fin del proyecto | 30/09/2027 | 30/09/2027 |",
            "es",
            "2027-02-26",
            None,
        ),
        (
            (
                "| Level | Aspect | Tolerance | Status |\n| Stage 2 | Cost | ± £25,000 | within |\n| Stage 2 | Time | ± 2 weeks | forecast 8 January 2027 (plan 18 December 2026) |\n"
                "| Project | Time | ± 4 weeks | within, forecast 30 April 2027 |"
            ),
            "en",
            "2027-01-08",
            None,
        ),
        (
            (
                "| Aspect | Stage 3 | Project |\n| Time | forecast end 18 December 2026, within tolerance | forecast closure 30 April 2027 |\n"
                "| Cost | planned to date £590,000; forecast at stage end £801,000 | budget £1,860,000 |\n| Scope | all kept | all kept |"
            ),
            "en",
            "2026-12-18",
            "801000",
        ),
        ("| Aspect | Stage 3 | Project |\n| Time | planned end 18 December 2026 | on plan |\n| Cost | within | within |", "en", None, None),
        (
            "| Milestone | Baseline | Forecast |\n| Stage 2 end | 1 May 2026 | 1 May 2026 |\n| Stage 3 end | 1 May 2027 | 9 May 2027 |",
            "en",
            None,
            None,
        ),
    ],
)
def test_what_a_report_says_of_the_end_of_its_stage(text: str, language: str, end: str | None, cost: str | None) -> None:
    """In the label of a line, below a head that names the stage, or in the words of a cell; of two stages nobody knows which is meant."""
    found = rows(f"% Highlight report\n# Tolerance status\n{text}", "highlight_report", "listed_item", language=language)
    said = {row.values["name"]: row.values["value"] for row in found}
    assert (said.get("stage_forecast_end"), said.get("stage_forecast_cost")) == (end, cost)


@pytest.mark.parametrize(
    "text",
    [
        "% Lot de travaux LT-07 : Bornes\n# Accords\n| Début | Fin | Tolérances |\n| 06/07/2026 | 18/12/2026 | coût +4 %, délai +1 semaine |",
        "% Lot de travaux LT-07 : Bornes\n| Responsable | Jo Lake |\n| Tolérances | coût +4 %, délai +1 semaine |\n| Budget | 10 |",
        "% Lot de travaux LT-07 : Bornes\n# Accords\nTolérances : coût +4 %, délai +1 semaine ; qualité selon plan.",
        "% Work package LT-07 Posts\n# Tolerances\nCost +4 %, time +1 week.",
    ],
)
def test_a_work_package_says_its_tolerances_in_a_line(text: str) -> None:
    found = rows(text, "work_package")
    assert [(row.values["aspect"], row.values["upper"], row.values["unit"], row.refers["level_id"]) for row in found] == [
        ("cost", 4, "%", ("work_package", "LT-07")),
        ("time", 1, "weeks", ("work_package", "LT-07")),
    ]


def test_a_sentence_about_tolerances_sets_none() -> None:
    text = "% Lot de travaux LT-07 : Bornes\n# Rapports\nAlerte immédiate si une tolérance est menacée."
    assert rows(text, "work_package") == []


def test_a_column_of_levels_says_which_forecast_is_the_stage_s() -> None:
    """The lines of the project say nothing of the stage; of two stages nobody knows which is meant."""
    text = (
        "% Highlight report\n# Tolerance status\n| Level | Aspect | Planned | Forecast | Tolerance |\n| Stage 3 | Cost (EUR) | 150,000 | 171,000 | ±10 % |\n"
        "| Stage 3 | Time | 7 August 2026 | 9 August 2026 | ±10 days |\n| Project | Cost (EUR) | 300,000 | 321,000 | ±10 % |"
    )
    found = rows(text, "highlight_report", "listed_item", language="en")
    said = {row.values["name"]: row.values["value"] for row in found if row.values["name"].startswith("stage_")}
    assert said == {"stage_budget": "150000", "stage_forecast_cost": "171000", "stage_forecast_end": "2026-08-09"}
    two = text.replace("| Project |", "| Stage 2 |")
    assert not [row for row in rows(two, "highlight_report", "listed_item", language="en") if row.values["name"].startswith("stage_")]
    assert rows(text, "highlight_report", language="en") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("± £60,000", (Decimal(60000), Decimal(60000), "GBP")),
        ("± 25,000 €", (Decimal(25000), Decimal(25000), "EUR")),
        ("+ EUR 12 500", (None, Decimal(12500), "EUR")),
        ("+10 000 EUR, -5 000 EUR", (Decimal(5000), Decimal(10000), "EUR")),
        ("±EUR 1.250.000", (Decimal(1250000), Decimal(1250000), "EUR")),
        ("+2,5 %", (None, Decimal("2.5"), "%")),
        ("+0.125 %", (None, Decimal("0.125"), "%")),  # of shares and times three figures are no thousands
        ("EUR 5,000 EUR", None),
    ],
)
def test_amounts_of_tolerances_have_thousands(text: str, expected: tuple[Decimal | None, Decimal | None, str] | None) -> None:
    assert limits_in(text, "cost") == expected


@pytest.mark.parametrize(
    ("text", "aspect", "expected"),
    [
        ("+4 weeks / -3 weeks on 14 May 2027", "time", (Decimal(3), Decimal(4), "weeks")),
        ("± 2 Wochen auf den 14.05.2027", "time", (Decimal(2), Decimal(2), "weeks")),
        ("+£123,000 / -£120,000 on £2,460,000", "cost", (Decimal(120000), Decimal(123000), "GBP")),
        ("+5 % / -10 % sur 40 000 €", "cost", (Decimal(10), Decimal(5), "%")),
        ("± 5 % sobre 40.000 EUR", "cost", (Decimal(5), Decimal(5), "%")),
        ("+5 % on the reserve", "cost", None),
        ("+5 % of £40,000", "cost", None),
        ("+2 weeks on request", "time", None),
    ],
)
def test_a_limit_may_name_the_planned_value(text: str, aspect: str, expected: tuple[Decimal | None, Decimal | None, str] | None) -> None:
    """The day or amount of the plan behind it is no part of the limit; anything else makes it none."""
    assert limits_in(text, aspect) == expected


def test_an_exception_plan_sets_the_tolerances_of_the_stage_that_it_names() -> None:
    text = "% Stage 3 Exception Plan - Build\n# Targets and tolerances\nTime +1 week / -1 week on 27 November 2026; cost +£20,000 / -£20,000 on £806,000."
    found = rows(text, "exception_plan", language="en")
    assert [(row.values["level"], row.values["aspect"], row.values["upper"], row.refers["level_id"]) for row in found] == [
        ("stage", "time", 1, ("stage", "3")),
        ("stage", "cost", 20000, ("stage", "3")),
    ]
    assert rows(text.replace("Stage 3 Exception", "Exception"), "exception_plan", language="en") == []


@pytest.mark.parametrize("label", ["Proposed", "Vorschlag", "Proposition", "Propuesta"])
def test_what_is_proposed_is_not_set(label: str) -> None:
    text = f"% Stage Plan 4\n# Tolerances\n{label}: time +3 weeks / -3 weeks; cost +£45,000 / -£60,000."
    assert rows(text, "stage_plan", language="en") == []
    assert len(rows(text.replace(f"{label}: ", ""), "stage_plan", language="en")) == 2


def test_beside_a_limit_one_in_words_is_known_to_be_there() -> None:
    """Its aspect begins a part of the same list; what is not applicable, and a sentence on its own, sets none."""
    text = (
        "% Stage Plan 2\n# Targets and tolerances\n"
        "Time +2 weeks / -2 weeks; cost +£15,000 / -£15,000; scope: none; risk: no risk of score 16 or more; benefits: not applicable."
    )
    found = rows(text, "stage_plan", language="en")
    assert [(row.values["aspect"], row.values.get("upper")) for row in found] == [
        ("time", 2),
        ("cost", 15000),
        ("scope", 0),
        ("risk", None),
    ]
    assert "upper" not in found[3].filled
    assert rows("% Stage Plan 2\n# Tolerances\nRisk: no risk of score 16 or more.", "stage_plan", language="en") == []
    assert len(rows(text.replace("risk: no", "risk no"), "stage_plan", language="en")) == 4
    commas = "% Stage Plan 2\n# Tolerances\nTime ± 1 week, cost ± 5 %, scope none, risk score up to 15, quality as described, sustainability power +5 %."
    assert [row.values["aspect"] for row in rows(commas, "stage_plan", language="en")] == [
        "time",
        "cost",
        "scope",
        "risk",
        "sustainability",
    ]
    one = "% Stage Plan 2\n# Tolerances\nTime +2 weeks / -2 weeks; scope twelve wards, eleven if one is closed."
    assert len(rows(one, "stage_plan", language="en")) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("+5% (£16,900) / -10%", (Decimal(10), Decimal(5), "%")),
        ("± 5 % (40.000 EUR)", (Decimal(5), Decimal(5), "%")),
        ("+5 % (not for hardware) / -10 %", None),
    ],
)
def test_a_bracket_may_tell_the_limit_in_money(text: str, expected: tuple[Decimal | None, Decimal | None, str] | None) -> None:
    assert limits_in(text, "cost") == expected
    assert limits_in("+2 weeks (2 January 2026)", "time") == (None, Decimal(2), "weeks")
