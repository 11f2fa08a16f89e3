"""Which work of a tracker is the plan, and where milestones count that a tracker shows only in part."""

import pytest

from auditor.snapshot.coverage import Claims, Records, choose_records, edits_known, mark_plans, mark_records
from auditor.snapshot.rows import Made


def _work(identity: str, kind: str | None, *, in_tool: bool = True) -> Made:
    row = Made("work_item", identity, {"kind": kind}, {"kind"} if kind else set(), "jira" if in_tool else "documents")
    if not in_tool:
        row.artefact = "A1"
    return row


def _entry(table: str, identity: str) -> Made:
    return Made(table, identity, {"title": "Late permits"}, {"title"}, "jira")


@pytest.mark.parametrize(
    ("kinds", "is_plan"),
    [(["bug"], True), (["bug", None], True), ([], True), (["task"], False), (["story", "bug"], False)],
    ids=["defects", "defects and a risk", "nothing", "tasks", "stories"],
)
def test_a_tracker_of_defects_and_registers_leaves_the_plan_to_the_schedule(kinds: list[str | None], is_plan: bool) -> None:
    tool = [_work(str(number), kind) for number, kind in enumerate(kinds)]
    task = _work("1.4", "task", in_tool=False)
    mark_plans([*tool, task, *(_entry("risk", row.id) for row in tool if row.get("kind") is None)])
    assert task.is_record is is_plan


def test_an_entry_of_a_register_is_no_work_unless_its_type_is_one_of_work() -> None:
    risk, task, unknown = _work("R", None), _work("T", "task"), _work("U", None)
    mark_plans([risk, task, unknown, _entry("risk", "R"), _entry("change_request", "T")])
    assert [row.is_record for row in (risk, task, unknown)] == [False, True, True]


@pytest.mark.parametrize(
    ("is_complete", "columns", "source"), [(True, {"baseline_on"}, "documents"), (False, {"baseline_on"}, "jira"), (True, set(), "jira")]
)
def test_milestones_that_only_issues_name_give_way_to_those_of_a_plan(is_complete: bool, columns: set[str], source: str) -> None:
    claims = Claims()
    tool, plan = claims.of("jira", "milestone"), claims.of("documents", "milestone")
    tool.history_from = "2026-01-01"
    tool.fail("seen_in_issues_only")
    tool.columns |= {"title"}
    plan.columns |= columns
    if not is_complete:
        plan.fail("file_unreadable")
    assert choose_records(claims, {}, {}).sources["milestone"] == source


@pytest.mark.parametrize(
    ("products", "is_record"),
    [([], True), (["issue_log", "risk_log"], True), (["project_charter"], False)],
    ids=["unknown", "workbook of registers", "charter"],
)
def test_a_risk_that_only_a_charter_lists_is_no_entry_beside_the_tracker(products: list[str], is_record: bool) -> None:
    tool = Made("risk", "R-1", {"title": "Late permits"}, {"title"}, "jira")
    listed = Made("risk", "7f3a", {"title": "Fire in the hall"}, {"title"}, "documents", artefact="A1")
    held = [Made("product", kind, {"kind": kind}, {"kind"}, "documents", artefact="A1") for kind in products]
    mark_records([tool, listed, *held], Records({"risk": "jira"}, frozenset({"risk"})), {"risk": frozenset({"risk_log"})})
    assert listed.is_record is is_record


def test_edits_of_a_tracker_are_known_beside_a_register_without_a_past() -> None:
    """What keeps no past hides that of its own rows, not what the tracker tells of its work; a copy in a document counts for nothing."""
    claims = Claims()
    claims.of("jira", "history_entry").join((), is_complete=True, history_from="2026-01-01", reason="")
    risk, copied = Made("risk", "R-1", {}, set(), "documents"), _work("1.4", "task", in_tool=False)
    rows = [_work("T", "task"), risk, copied]
    copied.is_record = False
    assert not edits_known(claims, rows)
    claims.of("documents", "history_entry").join((), is_complete=False, history_from=None, reason="no_history")
    (made,) = edits_known(claims, rows)
    assert (made.get("table_name"), made.get("is_complete"), str(made.get("history_from"))) == (
        "history_entry.work_item",
        True,
        "2026-01-01",
    )
    copied.is_record = True
    assert not edits_known(claims, rows)
    copied.is_gone = True
    assert edits_known(claims, rows)
    claims.of("jira", "history_entry").fail("history_cut_off")
    assert not edits_known(claims, rows)
