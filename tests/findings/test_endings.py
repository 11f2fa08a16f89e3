"""What a snapshot knows of an issue that ends a waiver: its closings by the store's days, from the log where there is one."""

from datetime import date
from pathlib import Path

import pytest

from auditor.findings.endings import ending_issues
from auditor.ledger.waiver import EndingIssue
from auditor.snapshot.store import Snapshot, write_snapshot


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    def item(id_: str, key: str | None, category: str | None, **more: object) -> dict[str, object]:
        return {"project_id": "P", "id": id_, "key": key, "status_category": category} | more

    def edit(number: int, id_: str, before: str, after: str, at: str) -> dict[str, object]:
        row = {"project_id": "P", "id": f"{id_}.{number}", "table_name": "work_item", "row_id": id_, "field": "status_category"}
        return row | {"from_code": before, "to_code": after, "at": at}

    tables = {
        "work_item": [
            item("1", "B-1", "done", done_at="2026-06-09 22:30:00"),
            item("2", "B-2", "in_progress"),
            item("3", "B-3", "done", is_gone=True),
            item("4", "B-4", None),
            item("5", None, "done", resolved_at="2026-05-01 08:00:00"),
        ],
        "history_entry": [
            edit(1, "1", "todo", "done", "2026-03-01 10:00:00"),
            edit(2, "1", "done", "todo", "2026-03-05 10:00:00"),
            edit(3, "1", "todo", "done", "2026-06-09 22:30:00"),
            edit(4, "2", "todo", "in_progress", "2026-03-01 10:00:00"),
        ],
    }
    return write_snapshot(tmp_path_factory.mktemp("s") / "one", tables, {"as_of": "2026-06-30", "time_zone": "Europe/Brussels"})


def test_issues_of_a_snapshot(snapshot: Snapshot) -> None:
    """Closings of the log and the last one, by the day in the store's zone; what is gone or never was is left out."""
    assert ending_issues(snapshot, ["B-1", "B-2", "B-3", "B-4", "5", "B-9"]) == {
        "B-1": EndingIssue(key="B-1", is_closed=True, closed_on=(date(2026, 3, 1), date(2026, 6, 10))),
        "B-2": EndingIssue(key="B-2", is_closed=False),
        "B-4": EndingIssue(key="B-4", is_closed=None),
        "5": EndingIssue(key="5", is_closed=True, closed_on=(date(2026, 5, 1),)),
    }


def test_nothing_is_read_for_no_keys(tmp_path: Path) -> None:
    """Where no issue ends a waiver the snapshot is not asked."""
    assert ending_issues(Snapshot(tmp_path / "nowhere", {}), []) == {}
