"""Issues whose status is told by a word that nobody knows."""

from datetime import date

import pytest

from auditor.snapshot.row_kinds import settle_open_issues
from auditor.snapshot.rows import Made


def issue(row_id: str, **values: object) -> Made:
    return Made("issue", row_id, dict(values), set(values), "files", artefact="log")


def resolved(*days: int) -> list[Made]:
    return [issue(f"I{day}", status="resolved", resolved_on=date(2026, 5, day) if day else None) for day in days]


@pytest.mark.parametrize(
    ("others", "values", "status"),
    [
        (resolved(4, 5, 6), {"resolved_on": None, "due_on": date(2026, 7, 1)}, "in_progress"),
        (resolved(4, 5), {"resolved_on": None, "due_on": date(2026, 7, 1)}, "unknown"),
        (resolved(4, 5, 6, 0), {"resolved_on": None, "due_on": date(2026, 7, 1)}, "unknown"),
        (resolved(4, 5, 6), {"resolved_on": None, "due_on": date(2026, 5, 6)}, "unknown"),
        (resolved(4, 5, 6), {"resolved_on": None}, "unknown"),
        (resolved(4, 5, 6), {"resolved_on": None, "due_on": date(2026, 5, 6), "status_raw": "bearbeitet"}, "in_progress"),
        (resolved(4, 5), {"resolved_on": None, "due_on": date(2026, 5, 6), "status_raw": "bearbeitet"}, "unknown"),
        (resolved(4, 5, 6), {"due_on": date(2026, 7, 1)}, "unknown"),
        (resolved(4, 5, 6), {"resolved_on": None, "due_on": date(2026, 7, 1), "resolved_on_raw": "soon"}, "unknown"),
        (resolved(4, 5, 6), {"resolved_on": None, "due_on": date(2026, 7, 1), "status": "postponed"}, "postponed"),
    ],
)
def test_what_has_no_day_of_resolution_is_worked_on(others: list[Made], values: dict[str, object], status: str) -> None:
    row = issue("X", **values)
    settle_open_issues([row, *others])
    assert row.values.get("status", "unknown") == status
