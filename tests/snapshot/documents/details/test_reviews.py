"""Who held a review and when, as checklists and reports say it."""

import datetime as dt

import pytest
from details_notation import document_of, read

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
