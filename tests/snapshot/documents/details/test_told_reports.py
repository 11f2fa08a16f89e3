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


def test_the_number_of_a_report_before_its_month_is_no_day() -> None:
    found = read(
        "% Highlight report 10: April 2026\nPeriod 1 Apr 2026 to 30 Apr 2026. Issued 6 May 2026 by Ann Lee.\n## In short\nOn plan.",
        kind="highlight_report",
        path="Reports/Highlight Report 10 April 2026.docx",
    )
    (report,) = [row for row in found.found if row.table == "report"]
    assert report.values["issued_on"] == dt.date(2026, 5, 6)
    assert (report.values["period_from_on"], report.values["period_to_on"]) == (dt.date(2026, 4, 1), dt.date(2026, 4, 30))


def test_without_a_day_of_issue_the_number_of_a_report_is_none_either() -> None:
    found = read(
        "% Highlight report 10: April 2026\n## In short\nOn plan.", kind="highlight_report", path="R/Highlight Report 10 April 2026.docx"
    )
    (report,) = [row for row in found.found if row.table == "report"]
    assert "issued_on" not in report.filled


def test_reports_collected_in_one_file_say_each_their_period() -> None:
    found = read(
        "# Highlight reports (collected)\nEach report was sent by mail on the day named.\n"
        "# Highlight report 4: May 2026\nPeriod 1 May 2026 to 31 May 2026. Issued 4 Jun 2026 by Ann Lee.\n## In short\nOn plan.\n"
        "# Highlight report 5: June 2026\nPeriod 1 Jun 2026 to 30 Jun 2026. Issued 3 Jul 2026 by Ann Lee.\n## In short\nOn plan.",
        kind="highlight_report",
    )
    rows = [row for row in found.found if row.table == "report"]
    assert [(row.values["period_to_on"].month, row.values["issued_on"]) for row in rows] == [
        (5, dt.date(2026, 6, 4)),
        (6, dt.date(2026, 7, 3)),
    ]


def test_checkpoints_in_one_file_bear_their_day_and_package_in_the_title() -> None:
    found = read(
        "# Checkpoint report 1 of WP3.2, 24 Apr 2026\n| Period | 30 Mar 2026 to 24 Apr 2026 |\n| From | Ann Lee |\n"
        "# Checkpoint report 2 of WP3.2, 22 May 2026\n| Period | 25 Apr 2026 to 22 May 2026 |\n| From | Ann Lee |",
        kind="checkpoint_report",
    )
    rows = [row for row in found.found if row.table == "report"]
    assert [row.values["issued_on"] for row in rows] == [dt.date(2026, 4, 24), dt.date(2026, 5, 22)]
    assert [row.refers["work_package_id"] for row in rows] == [("work_package", "WP3.2")] * 2


@pytest.mark.parametrize(
    ("said", "language", "first", "last"),
    [
        ("3 October to 30 October 2026", "en", dt.date(2026, 10, 3), dt.date(2026, 10, 30)),
        ("3 to 30 October 2026", "en", dt.date(2026, 10, 3), dt.date(2026, 10, 30)),
        ("14 December to 2 January 2026", "en", dt.date(2025, 12, 14), dt.date(2026, 1, 2)),
        ("01.10. bis 30.10.2026", "de", dt.date(2026, 10, 1), dt.date(2026, 10, 30)),
        ("1. bis 30. Oktober 2026", "de", dt.date(2026, 10, 1), dt.date(2026, 10, 30)),
        ("du 3 octobre au 30 octobre 2026", "fr", dt.date(2026, 10, 3), dt.date(2026, 10, 30)),
        ("del 3 de octubre al 30 de octubre de 2026", "es", dt.date(2026, 10, 3), dt.date(2026, 10, 30)),
        ("31 to 30 October 2026", "en", None, None),
        ("version 2 to 3 May 2026", "en", None, None),
    ],
)
def test_a_period_whose_first_day_leaves_out_year_or_month(said: str, language: str, first: dt.date | None, last: dt.date | None) -> None:
    found = read(f"% Report\n| Period | {said} |\n| Date | 2026-11-30 |", kind="highlight_report", language=language).found
    (report,) = [row for row in found if row.table == "report"]
    assert (report.values.get("period_from_on"), report.values.get("period_to_on")) == (first, last)


@pytest.mark.parametrize(
    ("head", "first", "second"),
    [
        (
            "Report date | Period | Done in this period (products) | Follow-up of last report | Next period | Tolerance status",
            "2026-04-10 | 16 Mar-10 Apr | Frames cut | first | Assemble | time 0",
            "2026-05-08 | 11 Apr-8 May | Frames up | cut | Paint | time 0",
        ),
        (
            "Report of | Time covered | Done now | From last time | Next | Within room?",
            "10.04.2026 | 16.03.-10.04. | Frames cut | first | Assemble | time 0",
            "08.05.2026 | 11.04.-08.05. | Frames up | cut | Paint | time 0",
        ),
        (
            "Berichtsdatum | Zeitraum | erledigt | offene Punkte aus dem letzten Bericht | nächste Schritte | Toleranzstatus",
            "10.04.2026 | 16.03.-10.04. | Rahmen | keine | Montage | 0",
            "08.05.2026 | 11.04.-08.05. | Montage | keine | Anstrich | 0",
        ),
    ],
)
def test_checkpoints_in_lines_of_a_table(head: str, first: str, second: str) -> None:
    """The title or the column names the package; a period without a year is that of its report."""
    text = f"# WP-03 - Kim Obi\n| {head} |\n| {first} |\n| {second} |"
    rows = [row for row in read(text, kind="checkpoint_report").found if row.table == "report"]
    assert [(row.values["issued_on"], row.values["period_from_on"], row.values["period_to_on"]) for row in rows] == [
        (dt.date(2026, 4, 10), dt.date(2026, 3, 16), dt.date(2026, 4, 10)),
        (dt.date(2026, 5, 8), dt.date(2026, 4, 11), dt.date(2026, 5, 8)),
    ]
    assert {row.refers["work_package_id"] for row in rows} == {("work_package", "WP-03")}
    assert not [row for row in read(text).found if row.table == "report"]


def test_forms_of_checkpoints_whose_titles_bear_their_day() -> None:
    """Each is a report of its own, and its form lists no work packages."""
    form = "# WP-0{no}: checkpoint report of {day} June 2026\n| Work package | WP-0{no} |\n| Period | {begin} to {day} June 2026 |\n| Lessons | none |\n"
    text = "".join(form.format(no=no, day=day, begin=begin) for no, begin, day in ((4, 1, 12), (4, 15, 26), (5, 15, 26)))
    found = read(text, kind="checkpoint_report").found
    rows = [row for row in found if row.table == "report"]
    assert [(row.values["issued_on"].day, row.values["period_from_on"].day, row.refers["work_package_id"][1]) for row in rows] == [
        (12, 1, "WP-04"),
        (26, 15, "WP-04"),
        (26, 15, "WP-05"),
    ]
    assert not [row for row in found if row.table == "work_package"]


def test_the_period_may_follow_the_name_of_the_project() -> None:
    row, _ = report(
        "Project Status Report", "MILL. Reporting period 2026-05-01 to 2026-05-31. Phase: Executing. Issued 2026-06-05 by Ada Finch."
    )
    days = [row.values[name] for name in ("period_from_on", "period_to_on", "issued_on")]
    assert days == [dt.date(2026, 5, 1), dt.date(2026, 5, 31), dt.date(2026, 6, 5)]


@pytest.mark.parametrize(
    "text",
    [
        "Contract 14. To Jo Lake. Written by Ada Finch, 5 June 2026.",
        "Report of 2026-06-05 by Ada Finch.",
        "Rédigé par Ada Finch, le 5 juin 2026.",
    ],
)
def test_who_wrote_it_and_when(text: str) -> None:
    assert report("Project Status Report", text)[0].values["issued_on"] == dt.date(2026, 6, 5)


@pytest.mark.parametrize(
    "text",
    [
        "The plan was written by Ada Finch, 5 June 2026.",
        "Written by Ada Finch.",
        "Prepared by Ada Finch, 2026-06-05.\nDrafted by Jo Lake, 2026-06-06.",
    ],
)
def test_no_day_of_writing(text: str) -> None:
    assert "issued_on" not in report("Project Status Report", text)[0].values


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("Period: April and May 2026. Issued by Ada Finch on 29 May 2026. Overall situation: amber.", (2026, 4, 1), (2026, 5, 31)),
        ("Période : avril et mai 2026. Établi par Ada Finch le 29/05/2026. Situation générale : orange.", (2026, 4, 1), (2026, 5, 31)),
        ("Contrat 17. Période : décembre 2025 et janvier 2026. Situation générale : orange.", (2025, 12, 1), (2026, 1, 31)),
        ("Periode: x. Berichtszeitraum: erstes Quartal 2026. Gesamtlage: gelb.", (2026, 1, 1), (2026, 3, 31)),
        ("Período: segundo semestre de 2025. Situación general: ámbar.", (2025, 7, 1), (2025, 12, 31)),
        ("Period: fourth quarter of 2025. Overall situation: amber.", (2025, 10, 1), (2025, 12, 31)),
        ("Period: Q2 2026. Overall situation: amber.", (2026, 4, 1), (2026, 6, 30)),
    ],
)
def test_a_period_of_several_months_in_words(said: str, first: tuple[int, int, int], last: tuple[int, int, int]) -> None:
    row, _ = report("Status Report", said)
    assert (row.values["period_from_on"], row.values["period_to_on"]) == (dt.date(*first), dt.date(*last))
    assert row.values["rag"] == "amber"


@pytest.mark.parametrize("said", ["Period: fifth quarter of 2025.", "Period: May and June.", "Period: Monday and May 2026."])
def test_what_is_no_period_of_months(said: str) -> None:
    row, _ = report("Status Report", f"{said} Overall situation: amber.")
    assert "period_to_on" not in row.values


@pytest.mark.parametrize(
    "said",
    [
        "Cost to the end of May 2026: £310,000 for £305,000 planned. Forecast: £900,000.",
        "Dépenses cumulées à fin mai 2026 : 310 000 € pour 305 000 € prévus (budget : 900 000 €).",
    ],
)
def test_what_was_spent_stands_before_what_was_planned(said: str) -> None:
    _, figures = report("Status Report", said)
    assert [(row.values["name"], row.values["value"]) for row in figures] == [("spent", "310000")]


def test_what_was_spent_for_something_is_not_all() -> None:
    _, figures = report("Status Report", "Cost to the end of May 2026: £310,000 for the training of 40 people.")
    assert not figures


@pytest.mark.parametrize(
    "said", ["Problèmes non résolus : 5.", "Unresolved issues: 5.", "Nicht gelöste Probleme: 5.", "Problemas sin resolver: 5."]
)
def test_issues_that_are_not_solved_are_open(said: str) -> None:
    _, figures = report("Status Report", f"Risques ouverts : 10. {said}")
    assert ("open_issues", "5") in [(row.values["name"], row.values["value"]) for row in figures]
