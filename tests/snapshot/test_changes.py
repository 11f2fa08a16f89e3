"""Requests for change that a tool keeps by themselves are issues where the method keeps them so."""

from datetime import date
from typing import Any

from auditor.snapshot.changes import issues_of_changes
from auditor.snapshot.coverage import Claims
from auditor.snapshot.rows import Made


def made(table: str, own: str, /, **values: Any) -> Made:
    return Made(table, own, dict(values), set(values), "tracker", locator=own)


def claimed() -> Claims:
    claims = Claims()
    claims.of("tracker", "change_request").join(
        ("title", "status", "decided_on", "requested_on"), is_complete=True, history_from="2026-01-01", reason=""
    )
    return claims


def test_a_request_is_an_issue_with_its_history_and_links() -> None:
    rows = [
        made(
            "change_request",
            "C1",
            title="Form",
            status="assessing",
            status_raw="Assessed",
            requested_on=date(2026, 3, 1),
            decided_on=None,
            effort_hours=3,
        ),
        made("history_entry", "H1", table_name="change_request", row_id="C1", field="status", from_code="submitted", to_code="assessing"),
        made("history_entry", "H2", table_name="change_request", row_id="C1", field="effort_hours"),
        made("history_entry", "H3", table_name="risk", row_id="C1", field="status"),
        made("link", "L1", from_table="work_item", from_id="W1", kind="implements", to_table="change_request", to_id="C1"),
    ]
    claims = claimed()
    issue, edit, link = issues_of_changes(rows, claims)
    assert (issue.table, issue.id, issue.values) == (
        "issue",
        "C1",
        {
            "title": "Form",
            "status": "in_progress",
            "status_raw": "Assessed",
            "raised_on": date(2026, 3, 1),
            "decided_on": None,
            "kind": "request_for_change",
            "change_request_id": "C1",
        },
    )
    assert issue.filled == {"title", "status", "raised_on", "decided_on", "kind", "change_request_id"}
    assert [edit.get(name) for name in ("table_name", "field", "from_code", "to_code")] == ["issue", "status", "open", "in_progress"]
    assert [link.get(name) for name in ("to_table", "to_id", "from_table")] == ["issue", "C1", "work_item"]
    claim = claims.of("tracker", "issue")
    assert (claim.is_complete, claim.history_from) == (True, "2026-01-01")
    assert claim.columns == {"title", "status", "decided_on", "raised_on", "kind", "change_request_id"}


def test_what_was_not_read_whole_stays_so_and_what_is_an_issue_already_is_none_twice() -> None:
    claims = claimed()
    claims.of("tracker", "change_request").fail("page_failed")
    assert len(issues_of_changes([made("change_request", "C1", title="Form")], claims)) == 1
    assert not claims.of("tracker", "issue").is_complete
    told = [made("change_request", "C1", title="Form"), made("issue", "I1", change_request_id="C1")]
    assert issues_of_changes(told, claimed()) == []


def test_an_assessment_that_is_only_ticked_counts() -> None:
    said = issues_of_changes(
        [made("change_request", "C1", impact_assessed=True), made("change_request", "C2", impact_assessed=False)], claimed()
    )
    assert [row.get("impact_analysis") for row in said] == ["assessed", None]
    assert all("impact_analysis" in row.filled for row in said)
