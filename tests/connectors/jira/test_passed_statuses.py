"""What recorded pages of a search tell beyond the present: statuses that are only passed through, sprints that leave no gap."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from auditor.connect.protocol import Fact, Filled, Record, Scope
from auditor_connectors.jira.connector import JiraConnector
from auditor_connectors.jira.options import JiraOptions

DONE = {"id": "4", "name": "Done", "statusCategory": {"key": "done"}}


class _Nothing:
    """No earlier pull."""

    def fingerprint(self, key: str) -> str | None:
        """Nothing is known."""
        del key
        return None

    def fingerprints(self, place: str) -> Mapping[str, str]:
        """Nothing is known."""
        del place
        return {}

    def watermark(self, name: str) -> str | None:
        """Nothing is known."""
        del name
        return None


def _read(folder: Path, issues: list[dict[str, Any]]) -> list[Any]:
    (folder / "page.json").write_text(json.dumps({"startAt": 0, "total": len(issues), "issues": issues}))
    connector = JiraConnector(JiraOptions(pages=folder))
    records = [item for item in connector.pull(Scope(), _Nothing()) if isinstance(item, Record)]
    return [item for _, item in connector.read(sorted(records, key=lambda record: record.key))]


def _issue(steps: list[tuple[str, str, str]], resolved: str | None, **fields: Any) -> dict[str, Any]:
    """Return an issue that went through *steps* (day, from, to)."""
    moves = [(f"{day}T10:00:00.000+0000", "status", before, after) for day, before, after in steps]
    if resolved:
        moves.append((f"{resolved}T10:00:00.000+0000", "resolution", "", "Done"))
    histories = [
        {"id": str(number), "created": at, "items": [{"field": field, "fieldId": field, "fromString": before, "toString": after}]}
        for number, (at, field, before, after) in enumerate(moves, 1)
    ]
    fields = {"project": {"key": "WIND"}, "summary": "Turn", "created": "2026-03-01T08:00:00.000+0000", "status": DONE} | fields
    fields["updated"] = "2026-03-30T08:00:00.000+0000"
    return {"id": "70", "key": "WIND-1", "fields": fields, "changelog": {"total": len(histories), "histories": histories}}


@pytest.mark.parametrize(
    ("steps", "resolved", "done"),
    [
        ([("2026-03-02", "To Do", "In Progress"), ("2026-03-05", "In Progress", "Signed off"), ("2026-03-09", "Signed off", "Done")], "2026-03-09", "2026-03-09"),
        # Resolved when it came there: it may be a status that is done.
        ([("2026-03-02", "To Do", "In Progress"), ("2026-03-05", "In Progress", "Signed off"), ("2026-03-09", "Signed off", "Done")], "2026-03-05", None),
        # No resolution ever: nothing tells.
        ([("2026-03-02", "To Do", "In Progress"), ("2026-03-05", "In Progress", "Signed off"), ("2026-03-09", "Signed off", "Done")], None, None),
        # Before work began: it may be one that waits.
        ([("2026-03-02", "To Do", "Signed off"), ("2026-03-05", "Signed off", "In Progress"), ("2026-03-09", "In Progress", "Done")], "2026-03-09", None),
    ],
)  # fmt: skip
def test_a_status_that_was_passed_before_the_resolution_is_work_in_progress(
    tmp_path: Path, steps: list[tuple[str, str, str]], resolved: str | None, done: str | None
) -> None:
    """The resolution comes with the status that is done; what came before it, and after work had begun, was not done."""
    rows = [item for item in _read(tmp_path, [_issue(steps, resolved)]) if isinstance(item, Fact)]
    work = next(row for row in rows if row.table == "work_item")
    assert (str(work.values["done_at"])[:10] if "done_at" in work.values else None) == done
    assert ("started_at" in work.values) is (done is not None)
    entries = [row for row in rows if row.table == "history_entry" and row.values.get("field") == "status_category"]
    assert [row.values.get("to_code") for row in entries].count("in_progress") == (2 if done else 1)


def _sprint(number: int, name: str, start: str, end: str, state: str = "closed") -> dict[str, Any]:
    days = {"startDate": f"2026-{start}T08:00:00.000Z", "endDate": f"2026-{end}T16:00:00.000Z"}
    return {"id": number, "name": name, "state": state, "boardId": 9, **days}


@pytest.mark.parametrize(
    ("sprints", "is_known"),
    [
        ([_sprint(1, "Wind 1", "01-05", "01-16"), _sprint(2, "Wind 2", "02-05", "02-16"), _sprint(3, "Wind 3", "03-05", "03-16", "active")], True),
        ([_sprint(1, "Wind 4", "01-05", "01-16"), _sprint(2, "Wind 5", "01-19", "01-30"), _sprint(3, "Wind 6", "02-02", "02-13")], False),
        ([_sprint(1, "Wind 4", "01-05", "01-16"), _sprint(2, "Wind 5", "02-05", "02-16"), _sprint(3, "Wind 7", "03-05", "03-16")], False),
        ([_sprint(1, "Ash", "01-05", "01-16"), _sprint(2, "Birch", "01-19", "01-30"), _sprint(3, "Cedar", "02-02", "02-13")], True),
        ([_sprint(1, "Ash", "01-05", "01-16"), _sprint(2, "Birch", "01-19", "01-30"), _sprint(3, "Cedar", "02-16", "02-27")], False),
        ([_sprint(1, "Wind 1", "01-05", "01-16"), _sprint(2, "Wind 2", "01-19", "01-30")], False),
        ([_sprint(1, "Wind 1", "01-05", "01-16"), _sprint(2, "Sun 2", "02-19", "02-28"), _sprint(3, "Wind 3", "03-19", "03-28")], False),
    ],
)  # fmt: skip
def test_sprints_that_leave_no_gap_are_all_that_have_begun(tmp_path: Path, sprints: list[dict[str, Any]], is_known: bool) -> None:
    """By their numbers from the first on, or because between two there is no room for a third; two sprints prove nothing."""
    ahead = {"id": 44, "name": "Some day", "state": "future", "boardId": 9, "goal": ""}
    items = _read(tmp_path, [_issue([], None, customfield_1=[*sprints, ahead])])
    assert next(item.is_complete for item in items if isinstance(item, Filled) and item.table == "sprint") is is_known
