"""What a version history tells of a changed baseline by nobody's word."""

from typing import Any

import pytest

from auditor.snapshot.documents.read import detail_words, load_document_words
from auditor.snapshot.rows import Made
from auditor.snapshot.unbacked import mark_unbacked

WORDS = detail_words(load_document_words())


def _made(table: str, row_id: str, **values: Any) -> Made:
    return Made(table, row_id, values, set(values), "files")


def _unbacked(comment: str | None, *rows: Made) -> Any:
    version = _made("artefact_version", "V1", comment=comment)
    mark_unbacked([version, *rows], WORDS)
    return version.get("unbacked") if "unbacked" in version.filled else "unknown"


@pytest.mark.parametrize(
    "comment",
    [
        "Dates of the third stage adjusted",
        "Project end moved",
        "Answer within 6 hours instead of 3 hours, at the wish of the supplier",
        "Budget shifted to next year",
        "Roll-out two weeks earlier, 4,000 EUR taken from the reserve",
        "Termine der Phase 3 verschoben",
        "Toleranzen gelockert",
        "Jalons décalés",
        "Fechas de la fase 3 modificadas",
    ],
)
def test_a_change_by_nobodys_word_is_told(comment: str) -> None:
    assert _unbacked(comment) == comment


@pytest.mark.parametrize(
    "comment",
    [
        "First issue",
        "Dates of the third stage adjusted after the decision of the board",
        "Milestones moved (CR-07)",
        "Milestone dates unchanged",
        "No change of the dates; figures of May added",
        "Dates in the layout of the template changed",
        "Contact persons changed",
        "Actual values of May",
        "Termine nach genehmigtem Änderungsantrag verschoben",
        "Jalons décalés par décision du comité",
        "Fechas modificadas según la solicitud de cambio 4",
        "Comments of the reviewers moved to the annex",
    ],
)
def test_what_moves_nothing_or_names_who_decided_is_backed(comment: str) -> None:
    assert _unbacked(comment) is None


def test_only_the_part_that_says_so_is_shown() -> None:
    assert _unbacked("Actuals of May; end date moved after a talk; task 4 added (CR-3)") == "end date moved after a talk"


def test_ids_of_a_plan_decide_nothing() -> None:
    """'M5' says what was moved where the plan has a milestone of that number, by whose word where it may be a change."""
    milestone = _made("milestone", "x1", title="M5 Go-live")
    assert _unbacked("Milestone M5 moved", milestone) == "Milestone M5 moved"
    assert _unbacked("Milestone M5 moved") is None
    assert _unbacked("Milestone M5 moved", milestone, _made("change_request", "M5", title="Later")) is None
    assert _unbacked("V1.2: milestone M5 moved", milestone) == "V1.2: milestone M5 moved"


@pytest.mark.parametrize(
    ("table", "kind"), [("change_request", None), ("decision", None), ("issue", None), ("listed_item", "decision"), ("listed_item", "risk")]
)
def test_an_entry_in_such_words_may_have_decided_it(table: str, kind: str | None) -> None:
    entry = _made(table, "E1", title="Dates of the north depot's pilot moved later", **({"kind": kind} if kind else {}))
    comment = "Dates of the pilot in the north depot moved later"
    assert _unbacked(comment, entry) == (comment if kind == "risk" else None)
    entry.is_gone = True
    assert _unbacked(comment, entry) == comment


def test_without_a_comment_nothing_is_known() -> None:
    assert _unbacked(None) == "unknown"
