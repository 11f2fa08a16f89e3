"""What logs and reports in documents add to the sprints of a tracker, and what they tell where there is none."""

from datetime import UTC, date, datetime
from typing import Any

from auditor.snapshot.rows import Made
from auditor.snapshot.sprints import settle_sprints


def _sprint(identity: str, name: str, begin: int | None = None, *, in_tool: bool = False, **values: Any) -> Made:
    said = {"name": name, **values}
    if begin:
        said["start_at"] = datetime(2026, 3, begin, 9, tzinfo=UTC)
    row = Made("sprint", identity, said, set(said), "jira" if in_tool else "files", locator=identity)
    row.artefact = "" if in_tool else "A1"
    return row


def test_a_log_adds_to_the_sprint_of_the_tracker() -> None:
    tool = _sprint("301", "Tram Sprint 4", 2, in_tool=True, goal="Pay")
    log = _sprint("L", "Tram Sprint 4", 2, goal="Other", goal_set_on=date(2026, 3, 9), review_on=date(2026, 3, 13))
    report = _sprint("R", "Sprint 4", done_points=8)
    made = list(settle_sprints([tool, log, report]))
    assert (tool.get("goal"), tool.get("goal_set_on"), tool.get("done_points")) == ("Pay", date(2026, 3, 9), 8)
    assert [row.is_record for row in (tool, log, report)] == [True, False, False]
    assert [(row.get("kind"), row.get("held_on"), row.get("sprint_id"), row.artefact) for row in made] == [
        ("review", date(2026, 3, 13), "301", "A1")
    ]


def test_a_sprint_that_may_be_two_or_begins_on_another_day_is_none_of_them() -> None:
    first, second = _sprint("301", "Tram 4", 2, in_tool=True), _sprint("302", "Bus 4", 2, in_tool=True)
    both, other = _sprint("L", "Sprint 4", review_on=date(2026, 3, 13)), _sprint("M", "Tram 4", 16, review_on=date(2026, 3, 27))
    assert not list(settle_sprints([first, second, both, other]))
    assert first.get("review_on") is None
    assert second.get("review_on") is None
    assert not both.is_record
    assert not other.is_record


def test_a_meeting_that_minutes_tell_is_told_once() -> None:
    tool = _sprint("301", "Tram 4", 2, in_tool=True)
    log = _sprint("L", "Tram 4", planning_on=date(2026, 3, 2), retrospective_on=date(2026, 3, 13))
    minutes = Made("meeting", "M", {"kind": "retrospective", "held_on": date(2026, 3, 13)}, {"kind", "held_on"}, "files")
    assert [row.get("kind") for row in settle_sprints([tool, log, minutes])] == ["sprint_planning"]


def test_without_a_tracker_the_log_holds_the_sprints_that_took_place() -> None:
    log = _sprint("L", "Tram 4", 2, goal="Pay", goal_set_on=date(2026, 3, 2), planning_on=date(2026, 3, 2))
    report = _sprint("R", "Tram 4", done_points=8)
    planned = _sprint("P", "Tram 5", 16, goal="Cancel")
    running = _sprint("Q", "Tram 6", 30, planning_on=date(2026, 3, 30))
    gone = _sprint("G", "Tram 7", 30, review_on=date(2026, 3, 30))
    gone.is_gone = True
    made = list(settle_sprints([log, report, planned, running, gone]))
    assert [row.is_record for row in (log, report, planned, running)] == [True, False, False, True]
    assert (log.get("state"), log.get("done_points")) == ("closed", 8)
    assert "state" not in running.filled
    assert [row.get("sprint_id") for row in made] == ["L", "Q"]
