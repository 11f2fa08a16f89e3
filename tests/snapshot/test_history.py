"""How rows were on past days."""

from datetime import UTC, date, datetime, timedelta

from auditor.model.schema import TABLES

DAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = datetime(2026, 3, 9, 9, tzinfo=UTC)
WORK = TABLES["work_item"].by_name


def _edit(number, at, person, *items):
    return {
        "id": str(number),
        "created": at,
        "author": person("u1", "Anna Weber"),
        "items": [
            {"field": field, "fieldId": field, "fieldtype": "jira", "from": from_id, "fromString": first, "to": to_id, "toString": second}
            for field, from_id, first, to_id, second in items
        ],
    }


DONE = {"id": "3", "name": "Done", "statusCategory": {"key": "done"}}


def _moved(issue, person):
    return issue(
        1,
        status=DONE,
        resolution={"name": "Fixed"},
        resolutiondate="2026-01-20T10:00:00.000+0000",
        updated="2026-02-01T10:00:00.000+0000",
        duedate="2026-03-01",
        assignee=person("u2", "Tom Berg"),
        changes=[
            _edit(1, "2026-01-10T10:00:00.000+0000", person, ("assignee", None, None, "u2", "Tom Berg")),
            _edit(2, "2026-01-12T10:00:00.000+0000", person, ("duedate", "2026-02-01", "2026-02-01", "2026-03-01", "2026-03-01")),
            _edit(
                3,
                "2026-01-20T10:00:00.000+0000",
                person,
                ("status", "1", "Open", "3", "Done"),
                ("resolution", None, None, "1", "Fixed"),
            ),
        ],
    )


def _on(rows, snapshot, table, day, columns, where="true"):
    """What held at the end of a day."""
    end = day + timedelta(days=1)
    return rows(
        snapshot, f"{table}_history", columns, f"{where} and valid_from < '{end}' and coalesce(valid_to >= '{end}', true)", order="all"
    )


def test_the_log_tells_what_was(world, rows, issue, person):
    # The issue of another status tells what category it has.
    world.pages(_moved(issue, person), issue(2))
    snapshot = world.snapshot()
    columns = "status, status_category, assignee_id, due_on, resolution, done_at is not null, title"
    where = "key = 'ALPHA-1'"
    assert _on(rows, snapshot, "work_item", date(2026, 1, 4), "key", where) == []
    assert _on(rows, snapshot, "work_item", date(2026, 1, 5), columns, where) == [
        ("Open", "todo", None, date(2026, 2, 1), None, False, "Item 1")
    ]
    assert _on(rows, snapshot, "work_item", date(2026, 1, 11), columns, where)[0][2:4] == ("u2", date(2026, 2, 1))
    assert _on(rows, snapshot, "work_item", date(2026, 1, 12), columns, where)[0][2:4] == ("u2", date(2026, 3, 1))
    assert _on(rows, snapshot, "work_item", date(2026, 1, 20), columns, where) == [
        ("Done", "done", "u2", date(2026, 3, 1), "Fixed", True, "Item 1")
    ]
    # Nobody was assigned: blank. How many comments there were: unknown.
    bits = _on(rows, snapshot, "work_item", date(2026, 1, 5), "unknown_bits", where)[0][0]
    assert bits & WORK["assignee_id"].mask == 0
    assert bits & WORK["done_at"].mask == 0
    assert bits & WORK["attachment_count"].mask


def test_intervals_follow_one_another(world, rows, issue, person):
    world.pages(_moved(issue, person), issue(2), issue(3, updated="2026-01-05T10:00:00.000+0000"))
    snapshot = world.snapshot()
    for key in ("ALPHA-1", "ALPHA-2", "ALPHA-3"):
        found = rows(snapshot, "work_item_history", "valid_from, valid_to", f"key = '{key}'", order="valid_from")
        assert found[0][0] == datetime(2026, 1, 5, 10)  # noqa: DTZ001  (as DuckDB gives it)
        assert [row[1] for row in found[:-1]] == [row[0] for row in found[1:]]
        assert found[-1][1] is None
        assert all(begin < end for begin, end in found[:-1])


def test_the_last_interval_is_the_present(world, rows, issue, person):
    world.pages(_moved(issue, person), issue(2))
    snapshot = world.snapshot()
    columns = ", ".join(f'"{column.name}"' for column in TABLES["work_item"].columns)
    assert rows(snapshot, "work_item_history", columns, "valid_to is null") == rows(snapshot, "work_item", columns)


def test_without_a_log_the_past_is_unknown_but_for_events(world, rows, issue):
    plain = issue(1, status=DONE, resolution={"name": "Fixed"}, resolutiondate="2026-01-20T10:00:00.000+0000")
    del plain["changelog"]
    world.pages(plain)
    snapshot = world.snapshot()
    before = _on(rows, snapshot, "work_item", date(2026, 1, 10), "status, resolution, unknown_bits")
    assert before[0][:2] == (None, None)
    assert before[0][2] & WORK["status"].mask
    assert before[0][2] & WORK["resolution"].mask
    after = _on(rows, snapshot, "work_item", date(2026, 1, 25), "status, resolved_at")
    assert after == [(None, datetime(2026, 1, 20, 10))]  # noqa: DTZ001  (as DuckDB gives it)
    assert _on(rows, snapshot, "work_item", date(2026, 2, 1), "status") == [("Done",)]  # not modified since
    assert rows(snapshot, "completeness", "history_from", "table_name = 'work_item'") == [(None,)]


def test_a_register_of_the_tracker_has_its_history(world, rows, issue, person):
    world.pages(
        issue(
            1,
            issuetype={"id": "9", "name": "Risk", "subtask": False},
            status=DONE,
            changes=[_edit(1, "2026-01-20T10:00:00.000+0000", person, ("status", "1", "Open", "3", "Done"))],
        ),
        issue(2),
    )
    snapshot = world.snapshot()
    assert rows(snapshot, "risk", "status") == [("closed",)]
    assert _on(rows, snapshot, "risk", date(2026, 1, 19), "status, title") == [("proposed", "Item 1")]
    assert _on(rows, snapshot, "risk", date(2026, 1, 20), "status") == [("closed",)]


def test_changes_of_a_document_are_seen_between_pulls(world, rows, risks):
    world.document("Gamma/Risk Log.xlsx", risks)
    world.pull()
    later = [list(row) for row in risks[:3]]
    later[1][2], later[1][7] = "Closed", "2026-06-01"
    world.document("Gamma/Risk Log.xlsx", later, at=int(datetime(2026, 3, 5, tzinfo=UTC).timestamp()))
    snapshot = world.snapshot(LATER)
    found = rows(snapshot, "history_entry", 'table_name, row_id, field, from_code, to_code, "at", origin', order="row_id, field")
    at = datetime(2026, 3, 5)  # noqa: DTZ001  (as DuckDB gives it)
    assert found == [
        ("risk", "R1", "due_on", "2026-04-01", "2026-06-01", at, "observed"),
        ("risk", "R1", "status", rows(snapshot, "history_entry", "from_code", "field = 'status'")[0][0], "closed", at, "observed"),
        ("risk", "R3", "row", None, "gone", at, "observed"),
    ]
    assert rows(snapshot, "risk", "id, is_gone", order="id") == [("R1", False), ("R2", False), ("R3", True)]
    assert len(rows(snapshot, "artefact_version", "id")) == 1
    # What was seen now and then is no whole log.
    assert rows(snapshot, "completeness", "is_complete, reason", "table_name = 'history_entry'") == [(False, "no_history")]
    assert _on(rows, snapshot, "risk", date(2026, 3, 1), "due_on", "id = 'R1'") == [(None,)]
