"""What a snapshot knows of the issues whose closing ends waivers."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from auditor.ledger.waiver import EndingIssue
from auditor.snapshot.store import Snapshot, connection


def ending_issues(snapshot: Snapshot, keys: Collection[str]) -> Mapping[str, EndingIssue]:
    """Return key → what *snapshot* knows of the issue, whichever project it is of. Keys of issues that it does not know are left out.

    Days are those of the store's time zone. Where a tracker's log is missing, the day of the last closing is known at most.
    """
    if not keys:
        return {}
    zone = ZoneInfo(str(snapshot.manifest.get("time_zone") or "UTC"))
    database = connection()
    try:
        items = database.execute(
            "select coalesce(key, id), project_id, id, status_category, done_at, resolved_at from read_parquet(?) "
            "where is_gone is not true and coalesce(key, id) in (select unnest(?)) order by 1, 2, 3",
            [str(snapshot.file("work_item")), sorted(keys)],
        ).fetchall()
        edits = database.execute(
            """
            select project_id, row_id, "at" from read_parquet(?)
            where table_name = 'work_item' and "field" = 'status_category' and to_code = 'done' and from_code is distinct from 'done'
              and "at" is not null and row_id in (select unnest(?))
            order by all
            """,
            [str(snapshot.file("history_entry")), sorted({str(item[2]) for item in items})],
        ).fetchall()
    finally:
        database.close()
    closings: dict[tuple[str, str], set[date]] = defaultdict(set)
    for project, id_, at in edits:
        closings[str(project), str(id_)].add(_day(at, zone))
    found: dict[str, EndingIssue] = {}
    for key, project, id_, category, done_at, resolved_at in items:
        days = closings[str(project), str(id_)]
        last = done_at or resolved_at
        if category == "done" and last is not None:
            days.add(_day(last, zone))
        is_closed = None if category is None else category == "done"
        found.setdefault(str(key), EndingIssue(key=str(key), is_closed=is_closed, closed_on=tuple(sorted(days))))
    return found


def _day(at: datetime, zone: ZoneInfo) -> date:
    return (at if at.tzinfo is not None else at.replace(tzinfo=UTC)).astimezone(zone).date()
