"""Who held a review and when, as checklists and reports say it."""

import datetime as dt

import pytest
from details_notation import document_of, read

from auditor.connect.document import Cell, Document, TableBlock

REPORT = (
    "% Quality Review Report\n| Project Title: | Harbour |\n| Date: | 24/09/2026 |\n# 1. Review Information\n{said}\n# 2. Findings\nNone."
)


@pytest.mark.parametrize(
    ("said", "language", "reviewer"),
    [
        ("Review held on 22/09/2026. Reviewer: Ann Lee. Interviewed: Bo Ek, Jo Lake.", "en", "Ann Lee"),
        ("Date of review: 22/09/2026. Reviewed by: Ann Lee.", "en", "Ann Lee"),
        ("Prüfung durchgeführt am 22.09.2026. Prüferin: Ann Lee.", "de", "Ann Lee"),
        ("Revue tenue le 22/09/2026. Réviseur : Ann Lee.", "fr", "Ann Lee"),
    ],
)
def test_a_report_says_in_sentences_who_reviewed_and_when(said: str, language: str, reviewer: str) -> None:
    found = read(REPORT.format(said=said), kind="quality_review_report", language=language)
    (review,) = [row for row in found.found if row.table == "review"]
    assert (review.values["kind"], review.values["held_on"]) == ("quality", dt.date(2026, 9, 22))
    assert review.values["reviewer_id"] == reviewer


def test_a_report_that_names_no_reviewer_tells_no_review() -> None:
    found = read(REPORT.format(said="All activities were looked at."), kind="quality_review_report")
    assert not [row for row in found.found if row.table == "review"]


def test_a_checklist_that_was_completed_is_a_review() -> None:
    text = (
        "% Phase-Exit Review Checklist – Ready for Executing (RfE)\n| Project: | Harbour |\n| Completed by: | Ann Lee |\n"
        "| Date of completion: | 31/03/2026 |\n| # | Question | Answer |\n| 1 | Is the Handbook approved? | Yes |"
    )
    found = read(document_of(text), kind="phase_exit_review_checklist")
    (review,) = [row for row in found.found if row.table == "review"]
    assert review.values["subject"] == "rfe"
    assert (review.values["held_on"], review.values["reviewer_id"]) == (dt.date(2026, 3, 31), "Ann Lee")


def workbook(*sheets: tuple[str, str]) -> Document:
    rows = lambda text: tuple(tuple(Cell(cell.strip()) for cell in line.strip("|").split("|")) for line in text.splitlines())  # noqa: E731
    return Document("xlsx", blocks=tuple(TableBlock(rows(text), name=name, locator=name) for name, text in sheets))


def reviews_of(document: Document, kind: str | None = None) -> list[tuple[object, object]]:
    found = [row for row in read(document, kind=kind).found if row.table == "review"]
    return [(row.values.get("subject"), row.values.get("held_on")) for row in found]


@pytest.mark.parametrize("kind", [None, "phase_exit_review_checklist"])
def test_a_workbook_with_a_sheet_for_each_phase_tells_their_reviews_and_not_those_of_quality(kind: str | None) -> None:
    document = workbook(
        (
            "Initiating",
            "Phase-exit review: Initiating | |\nReviewer|Ann Lee|Date|2026-01-20\n#|Check|Answer|Score\n1|Charter accepted|Yes|10",
        ),
        ("Planning", "Phase-exit review: Planning | |\nReviewer|Ann Lee|Date|2026-03-04\n#|Check|Answer|Score\n1|Plans approved|Yes|10"),
        ("Executing", "Phase-exit review: Executing | |\nplanned|June 2026||\n#|Check|Answer|Score\n1|Deliverables accepted|No|"),
        ("Quality April", "Quality review checklist\nReviewer|Bo Ek\nReview date|2026-04-21\nArea|Score\nScope|9"),
    )
    assert reviews_of(document, kind) == [("rfp", dt.date(2026, 1, 20)), ("rfe", dt.date(2026, 3, 4))]


@pytest.mark.parametrize(
    ("name", "header", "phases"),
    [
        ("Phase exit", "Phase|No|Question|Answer|Review date|Reviewer", ("Initiating", "Planning")),
        ("Sortie de phase", "Phase|N°|Question|Réponse|Date de la revue|Réviseur", ("Lancement", "Planification")),
        ("Phasenabschluss", "Phase|Nr|Frage|Antwort|Datum der Prüfung|Prüfer", ("Initiierung", "Planung")),
    ],
)
def test_a_list_of_questions_by_phase_tells_when_each_review_was_finished(name: str, header: str, phases: tuple[str, str]) -> None:
    first, second = phases
    rows = f"{first}|1|A|Yes|16/02/2026|Ann Lee\n{second}|1|B|Yes|20/03/2026|Ann Lee\n{second}|2|C|Yes|25/03/2026|Ann Lee"
    assert reviews_of(workbook((name, f"{header}\n{rows}"))) == [("rfp", dt.date(2026, 2, 16)), ("rfe", dt.date(2026, 3, 25))]
    unfinished = f"{rows}\n{second}|3|D|No||Ann Lee"
    assert reviews_of(workbook((name, f"{header}\n{unfinished}"))) == [("rfp", dt.date(2026, 2, 16))], "a question has no answer yet"
    assert reviews_of(workbook(("Lessons", f"{header}\n{rows}"))) == [], "nothing says that these are reviews at gates"
