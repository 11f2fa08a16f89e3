"""Forecasts of reports beyond the limit that they state, and drafts that work packages name."""

import datetime as dt

import pytest
from details_notation import read


def beyond(head: str, line: str) -> list[dt.date]:
    text = f"% Highlight report\n# Tolerance status\n| {head} |\n| {line} |\n| Project | 3 July 2026 | +4 weeks (31 July 2026) |"
    rows = (row.values for row in read(text, kind="highlight_report").found)
    return [row["on_date"] for row in rows if row.get("name") == "stage_end_beyond_limit"]


@pytest.mark.parametrize(
    ("head", "line"),
    [
        ("Level | Forecast end | Tolerance", "Stage 2 Roll-out | 23 January 2026 | +2 weeks (2 January 2026); +5 %"),
        ("Level | End expected | Room left", "Stage 2 | 23 January 2026 | until 2 January 2026"),
        ("Ebene | Voraussichtliches Ende | Toleranz", "Phase 2 Einführung | 23.01.2026 | +2 Wochen (02.01.2026)"),
        ("Niveau | Fin prévisionnelle | Tolérance", "Séquence 2 | 23/01/2026 | +2 semaines (02/01/2026)"),
        ("Nivel | Fin previsto | Tolerancia", "Fase 2 | 23/01/2026 | +2 semanas (02/01/2026)"),
    ],
)
def test_an_end_beyond_the_limit_of_its_line(head: str, line: str) -> None:
    assert beyond(head, line) == [dt.date(2026, 1, 23)]


@pytest.mark.parametrize(
    "line",
    [
        "Stage 2 | 2 January 2026 | +2 weeks (2 January 2026)",
        "Stage 2 | 23 January 2026 | +2 weeks",  # no day of the limit
        "Stage 2 | under study | +2 weeks (2 January 2026)",
        "Training | 23 January 2026 | +2 weeks (2 January 2026)",
    ],
)
def test_what_is_within_or_says_no_limit(line: str) -> None:
    assert beyond("Level | Forecast end | Tolerance", line) == []


def drafts(references: str) -> list[tuple[str, str, str]]:
    text = f"% Work package WP-05 Interface\n| Authorised | 5 June 2026 |\n\n# References\n{references}"
    rows = (row.values for row in read(text, kind="work_package").found if row.values.get("name") == "draft_named")
    return [(row["ref"], row["value"], row["reason"]) for row in rows]


@pytest.mark.parametrize(
    "references",
    [
        "Set 2 v2.0; P01 Interface specification v0.8 (draft of 9 January), as the specification to build against",
        "P01 Schnittstellen, Version 0.8",
        "P01 (v0.8)",
    ],
)
def test_a_draft_that_a_package_builds_on(references: str) -> None:
    assert drafts(references) == [("P01", "0.8", "WP-05")]


@pytest.mark.parametrize(
    "references", ["P01 Interface v1.0", "P01 v1.0 replaces v0.8", "Guide 5 v0.8", "WP-05 v0.8", "P01; guide v0.8", "P01 at 0.8 bar"]
)
def test_what_names_no_draft(references: str) -> None:
    assert drafts(references) == []


def dear(head: str, line: str) -> list[str]:
    levels = "| Stage 3 | Risk | none | none | two |\n| Project | Cost | £90,000 | £99,000 | £95,000 |"
    text = f"% Highlight report\n# Tolerance status\n| {head} |\n| {line} |\n{levels}"
    rows = (row.values for row in read(text, kind="highlight_report").found)
    return [row["text"] for row in rows if row.get("name") == "stage_cost_beyond_limit"]


HEAD = "Level | Aspect | Plan | Forecast | Tolerance limit"


@pytest.mark.parametrize(
    ("head", "line", "told"),
    [
        (HEAD, "Stage 3 | Cost | £50,000 | £56,000 | £55,000", "£56,000 / £55,000"),
        ("Ebene | Aspekt | Plan | Prognose | Toleranzgrenze", "Phase 3 | Kosten | 50.000 € | 56.000 € | 55.000 €", "56.000 € / 55.000 €"),
        ("Niveau | Aspect | Prévu | Prévision | Limite", "Séquence 3 | Coût | 50 000 € | 56 000 € | 55 000 €", "56 000 € / 55 000 €"),
    ],
)
def test_a_cost_above_the_limit_of_its_line(head: str, line: str, told: str) -> None:
    assert dear(head, line) == [told]


@pytest.mark.parametrize(
    "line",
    [
        "Stage 3 | Cost | £50,000 | £55,000 | £55,000",
        "Stage 3 | Cost | £50,000 | £56,000 | £5,000",  # what may be spent beyond the plan
        "Stage 3 | Cost | £50,000 | £56,000 | +10 %",
        "Stage 3 | Cost | £50,000 | € 56,000 | £55,000",
        "Stage 3 | Time | 50,000 | 56,000 | 55,000",
        "Training | Cost | £50,000 | £56,000 | £55,000",
    ],
)
def test_a_cost_within_or_without_a_limit(line: str) -> None:
    assert dear(HEAD, line) == []


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "en",
            "Team manager: Ann Lee|Start and end: 5 February 2026 – 30 April 2026|Reporting: checkpoint report every second Friday|Authorized: Bo Hay, 3 February 2026|Completion: open",
        ),
        (
            "de",
            "Teammanager: Ann Lee|Termine: 05.02.2026 – 30.04.2026|Berichte: Teamstatusbericht jeden zweiten Freitag|Freigegeben: Bo Hay, 03.02.2026|Abgeschlossen: offen",
        ),
        (
            "fr",
            "Chef d'équipe : Ann Lee|Dates : 5 février 2026 – 30 avril 2026|Rapports : un vendredi sur deux|Autorisé : Bo Hay, 3 février 2026|Clôturé le : en attente",
        ),
        (
            "es",
            "Jefe de equipo: Ann Lee|Fechas: 5 de febrero de 2026 – 30 de abril de 2026|Informes: cada segundo viernes|Autorizado: Bo Hay, 3 de febrero de 2026|Cerrado el: pendiente",
        ),
    ],
)
def test_packages_may_be_told_in_lines_with_labels(language: str, lines: str) -> None:
    text = "% Work packages\n" + "".join(f"# WP-0{number} Gates\n- " + lines.replace("|", "\n- ") + "\n\n" for number in (1, 2))
    found = [row.values for row in read(text, kind="work_package", language=language).found if row.table == "work_package"]
    assert len(found) == 2
    for package in found:
        assert package["planned_start_on"].isoformat() == "2026-02-05"
        assert package["due_on"].isoformat() == "2026-04-30"
        assert (package["team_manager_id"], package["reporting_days"]) == ("Ann Lee", 14)
        assert (package["authorised_on"].isoformat(), package["authorised_by"], package.get("closed_on")) == ("2026-02-03", "Bo Hay", None)
