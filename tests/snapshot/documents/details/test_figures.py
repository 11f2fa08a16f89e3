"""Figures of reports, as tables, lines and sentences state them."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from details_notation import document_of, read


def figures(text: str, language: str = "en", kind: str = "project_status_report") -> dict[str, str]:
    found = read(f"# Report\n{text}\n## Outlook\nGood.", kind=kind, language=language).found
    return {row.values["name"]: row.values["value"] for row in found if row.values.get("kind") == "figure"}


@pytest.mark.parametrize(
    ("text", "language", "spent"),
    [
        (
            "## Cost\n| Plan cumulative | Actual cumulative | Deviation | Budget |\n| 300,000 € | 298,000 € | -0.7 % | 600,000 € |",
            "en",
            "298000",
        ),
        (
            "## Cost\n| Allocated overall (EUR) | Spent since start (EUR) | Forecast at completion (EUR) |\n| 800 000 | 320 000 | 790 000 |",
            "en",
            "320000",
        ),
        ("## Coste\n| Previsto acumulado | Real acumulado | Previsión al término |\n| 310.000 € | 300.500 € | 600.000 € |", "es", "300500"),
        ("## Kosten\n| Ansatz | Ausgaben seit Beginn | Prognose |\n| 600.000 € | 229.750 € | 600.000 € |", "de", "229750"),
        ("## Coûts\n| Prévu cumulé | Réalisé cumulé | Prévision |\n| 310 000 € | 300 500 € | 600 000 € |", "fr", "300500"),
        ("Planned to date £590,000, actual £617,000 (+4.6 %).", "en", "617000"),
        ("£664,000 spent to date against £705,000 planned; forecast £2.1 million.", "en", "664000"),
        ("EUR 27,600 spent, EUR 28,000 planned to date.", "en", "27600"),
        ("Spent so far: EUR 1.2 million.", "en", "1200000"),
        ("Bisher wurden 120.000 EUR ausgegeben.", "de", "120000"),
        ("À ce jour, 120 000 € ont été dépensés.", "fr", "120000"),
        ("Hasta la fecha se han gastado 120.000 €.", "es", "120000"),
        ("| Level | State |\n| Time | forecast 29 January 2027 |\n| Cost | EUR 27,600 spent, EUR 28,000 planned to date |", "en", "27600"),
        # a line of a table whose columns say which of its amounts was planned
        (
            "| Aspect | Baseline | Forecast | Tolerance |\n| Stage cost, EUR thousand | 900 | 910 | +5 % |\n| Spent to date, EUR thousand | 410 | 395 | - |",
            "en",
            "395000",
        ),
        (
            "| Aspect | Plan | Forecast | Tolerance | Status |\n| Stage end | 1 May 2026 | 1 May 2026 | 2 weeks | within |\n| Spent to date | | £41,500 | | - |",
            "en",
            "41500",
        ),
        ("| Item | Plan | Forecast | Actual |\n| Spent to date | 570,000 € | 600,000 € | 561,000 € |", "en", "561000"),
        ("| Größe | Soll | Ist | Toleranz |\n| Bisherige Kosten | 410.000 € | 395.000 € | 5 % |", "de", "395000"),
        ("| Indicateur | Prévu | Réalisé |\n| Dépenses à ce jour | 410 000 € | 395 000 € |", "fr", "395000"),
        ("| Größe | Betrag in Tsd. EUR |\n| Budget | 1.240 |\n| Plan kumuliert | 505 |\n| Ist kumuliert | 512,3 |", "de", "512300"),
        ("| Concepto | Importe (€) |\n| Previsto acumulado | 310.000 |\n| Real acumulado | 300.500 |", "es", "300500"),
        ("## Cost\n| Budget (kEUR) | Planned to date | Actual to date | Difference |\n| 1 480 | 580 | 566 | -14 |", "en", "566000"),
        ("Cost of the project to the end of the month: £86,400.", "en", "86400"),
        ("Project cost to the end of October 2026: £86,400.", "en", "86400"),
        ("Kosten des Projekts bis Ende Oktober 2026: 86.400 EUR.", "de", "86400"),
        ("Coûts du projet au 31 octobre 2026 : 86 400 €.", "fr", "86400"),
        ("Coste del proyecto hasta el 31 de octubre de 2026: 86.400 €.", "es", "86400"),
    ],
)
def test_what_was_spent(text: str, language: str, spent: str) -> None:
    assert figures(text, language).get("spent") == spent


@pytest.mark.parametrize(
    "text",
    [
        "EUR 5,000 spent on training.",
        "EUR 12,000 spent in October.",
        "EUR 27,600 spent in the stage.",
        "Spent: EUR 5,000 (training).",
        "Costs: EUR 27,600.",
        "EUR 27,600 spent. EUR 120,000 spent to date.",  # of what the first is is not said
        "Not more than EUR 50,000 may be spent.",
        "EUR 27,600 will be spent.",
        "| Item | Then | Now |\n| Spent | 570,000 € | 561,000 € |",  # two amounts
        "Project cost in October 2026: £86,400.",
        "Project cost: £86,400.",
    ],
)
def test_what_is_no_total_is_not_what_was_spent(text: str) -> None:
    assert "spent" not in figures(text)


@pytest.mark.parametrize(
    ("text", "language", "name", "number"),
    [
        ("Issues open: I-008, I-011. Closed in the period: I-006, I-009, I-010.", "en", "open_issues", "2"),
        ("Requests raised: none. Issues open at the end of the period: I-08 and I-10; closed in it: I-09.", "en", "open_issues", "2"),
        ("Issues open at the end of the period: none; closed in it: I-07.", "en", "open_issues", "0"),
        ("Open risks: 6. Open issues: 2, of which requests for change: 1.", "en", "open_issues", "2"),
        ("Open risks: 6. Open issues: 2, of which requests for change: 1.", "en", "open_risks", "6"),
        ("Open risks 6; open issues 1.", "en", "open_risks", "6"),
        ("| State | green |\n| Open issues | 2: I-002, I-004 |", "en", "open_issues", "2"),
        ("| State | green |\n| Open issues | 0: none |", "en", "open_issues", "0"),
        ("Issues open: ².", "en", "open_issues", "2"),
        ("No open issues.", "en", "open_issues", "0"),
        ("Nine risks are open (R-01 to R-09).", "en", "open_risks", "9"),
        ("Nueve riesgos abiertos (R-01 a R-04 y R-06 a R-10); R-01 conserva el nivel 16.", "es", "open_risks", "9"),
        ("Es sind drei Risiken offen.", "de", "open_risks", "3"),
        ("Keine offenen Punkte.", "de", "open_issues", "0"),
        ("Sept risques ouverts.", "fr", "open_risks", "7"),
        ("There are 4 open risks and 2 open issues.", "en", "open_issues", "2"),
        ("There are 4 open risks and 2 open issues.", "en", "open_risks", "4"),
        # lines of a table whose column says that what it counts is open
        ("| | Open on the report date (RAID log) |\n| Risks | 8 |\n| Issues | 2 |", "en", "open_issues", "2"),
        (
            "| Log | Open entries | Remark |\n| Risks (not closed or rejected) | 13 | high: 3 |\n| Issues (not closed) | 5 | |",
            "en",
            "open_risks",
            "13",
        ),
        ("| Register | Total | Closed | Open |\n| Risks | 12 | 5 | 7 |\n| Issues | 6 | 4 | 2 |", "en", "open_risks", "7"),
        ("| Verzeichnis | Offen am 31.10.2026 |\n| Risiken | 8 |\n| Probleme | 2 |", "de", "open_issues", "2"),
        ("| Registre | Ouverts |\n| Risques | 8 |\n| Problèmes | 2 |", "fr", "open_risks", "8"),
        ("| Registro | Abiertas |\n| Riesgos | 8 |\n| Incidencias | 2 |", "es", "open_issues", "2"),
    ],
)
def test_what_is_counted(text: str, language: str, name: str, number: str) -> None:
    assert figures(text, language).get(name) == number


@pytest.mark.parametrize(
    "text",
    [
        "Two of the open risks are high.",
        "Issues open: see the log.",
        "Issues open: Log 4.",
        "At most 3 open risks are tolerated.",
        "3 open risks of the last period were closed.",
        "Open risks: 6 high.",
        "We closed 2 open issues.",
        "No open issues from the last period remain unanswered.",
        "| | Opened in the period |\n| Risks | 8 |\n| Issues | 2 |",
        "| Month | Open risks | Open issues |\n| 2026-01 | 8 | 2 |",
        "| | Open, high | Open, low |\n| Risks | 8 | 2 |",
        "| Risk | Open |\n| Risks of the supplier | 2 |",
    ],
)
def test_what_counts_a_part_counts_nothing(text: str) -> None:
    assert not {"open_risks", "open_issues"} & figures(text).keys()


def test_several_reports_of_a_page_are_told_apart_by_their_headings() -> None:
    """Of a PDF the place of a heading is its page. Figures name their document alone, so none is read where it holds several reports."""
    one = "## Highlight report {0}\n| Period | 2026-0{0}-01 to 2026-0{0}-28 |\n| Issued | 2026-0{1}-03 |\n| Spent to date (net) | £{0}00 |\n| Open issues | {0}: I-00{0} |\n"
    document = document_of("# Highlight Reports\nAll in one file.\n" + "".join(one.format(month, month + 1) for month in (1, 2, 3)))
    found = read(
        replace(document, blocks=tuple(replace(block, locator="page 2") for block in document.blocks)), kind="highlight_report"
    ).found
    assert sum(row.table == "report" for row in found) == 3
    assert not [row for row in found if row.values.get("kind") == "figure"]


@pytest.mark.parametrize(
    ("first", "second", "count"),
    [
        ("Highlight report 09: 1 May 2026 to 31 May 2026", "Highlight report 10: 1 July 2026 to 31 July 2026", 2),
        ("Statusbericht 09: 01.05.2026 bis 31.05.2026", "Statusbericht 10: 01.07.2026 bis 31.07.2026", 2),
        ("Report 9 (1 May 2026 - 31 May 2026)", "Report 10 (1 July 2026 - 31 July 2026)", 2),
        ("Work of 1 May 2026 to 31 May 2026", "Costs of 1 July 2026 to 31 July 2026", 1),
    ],
)
def test_the_heading_of_each_report_of_a_file_may_name_its_days(first: str, second: str, count: int) -> None:
    """The headings begin alike up to the number; chapters about several periods of one report do not."""
    text = f"# Reports of stage 3\nAll in one file.\n## {first}\nThis period: lamps.\n## {second}\nThis period: quays."
    found = [row for row in read(text, kind="highlight_report").found if row.table == "report"]
    days = [(row.values.get("period_from_on"), row.values.get("period_to_on")) for row in found]
    assert len(found) == count
    assert count == 1 or days == [(dt.date(2026, 5, 1), dt.date(2026, 5, 31)), (dt.date(2026, 7, 1), dt.date(2026, 7, 31))]


def test_a_heading_with_a_remark_in_brackets_is_one_of_costs() -> None:
    text = "% Highlight report HR07\n# 5. Cost (cumulative in the stage)\n| Planned | Actual | Forecast for the stage |\n| £285,000 | £268,300 | £520,000 |"
    found = {
        row.values["name"]: row.values["number"] for row in read(text, kind="highlight_report").found if row.values.get("kind") == "figure"
    }
    assert found["spent"] == Decimal(268300)
    assert found["forecast_cost"] == Decimal(520000)


def test_points_of_the_last_report_are_no_issues() -> None:
    text = "% Checkpoint report WP-06\n# 1. Follow-ups from the last report\nNo open points.\n# 5. Issues\nNone."
    assert not [row for row in read(text, kind="checkpoint_report").found if row.values.get("name") == "open_issues"]


@pytest.mark.parametrize(
    ("text", "language", "passed", "failed"),
    [
        ("Nine quality activities were planned and held, eight passed and one failed. One concession: I-4.", "en", "8", "1"),
        (
            "14 quality activities were planned and held; 13 passed and 1 failed and was repeated. All products were approved.",
            "en",
            "13",
            "1",
        ),
        ("Eleven quality activities were carried out in the stage; ten passed, one failed and was repeated.", "en", "10", "1"),
        ("Nine quality activities were carried out in the stage; all were passed at the first attempt.", "en", "9", "0"),
        ("Quality register: 9 checks, 8 passed, 1 failed and repeated (Q-09/Q-11).", "en", "8", "1"),
        ("12 tests were held, none failed.", "en", None, "0"),
        ("Neun Prüfungen waren geplant, acht bestanden, eine nicht bestanden.", "de", "8", "1"),
        ("Bilan qualité : 9 contrôles prévus, 9 réalisés, 9 conformes, aucun contrôle non conforme.", "fr", "9", "0"),
        ("Nueve controles de calidad realizados: ocho superados y uno no superado.", "es", "8", "1"),
        ("Controles no superados en la primera vez: Q-4.", "es", None, None),
        ("Quality: 9 activities planned and done, 8 passed, 1 failed (Q-08) and was repeated.", "en", "8", "1"),
        ("Qualität: 7 Aktivitäten durchgeführt, 6 bestanden, 1 nicht bestanden.", "de", "6", "1"),
        ("Team: 9 activities planned, 8 passed, 1 failed.", "en", None, None),
        ("Checks Q-09 and Q-16 passed.", "en", None, None),
        ("The tests of 5 March passed.", "en", None, None),
        ("P01: 5 checks passed. P02: 4 checks passed.", "en", None, None),
        ("All quality activities passed.", "en", None, None),
    ],
)
def test_checks_that_are_counted(text: str, language: str, passed: str | None, failed: str | None) -> None:
    """Where products are counted one by one, nothing is said of the whole."""
    found = figures(f"## Review of products\n{text}", language, "end_stage_report")
    assert (found.get("checks_passed"), found.get("checks_failed")) == (passed, failed)
