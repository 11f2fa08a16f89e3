"""What trackers hand over and loaders stumble on, from page to snapshot. The fixtures are our own."""

import json
from datetime import date, datetime
from decimal import Decimal

import pytest

from auditor.model.schema import TABLES

WORK = TABLES["work_item"].by_name
SPRINT = "com.atlassian.greenhopper.service.sprint.Sprint@4a655f6a["
FIELDS = [
    {"id": "customfield_10007", "name": "Sprint", "schema": {"type": "array", "custom": "com.pyxis.greenhopper.jira:gh-sprint"}},
    {"id": "customfield_10008", "name": "Epic Link", "schema": {"type": "any", "custom": "com.pyxis.greenhopper.jira:gh-epic-link"}},
    {"id": "customfield_10020", "name": "Story Points", "schema": {"type": "number", "custom": "x:float"}},
    {"id": "customfield_10030", "name": "Probability", "schema": {"type": "option", "custom": "x:select"}},
]


def _meta(world):
    (world.root / "pages" / "field.json").write_text(json.dumps(FIELDS), "utf-8")
    return world


def _adf(*texts):
    content = [{"type": "paragraph", "content": [{"type": "text", "text": text}]} for text in texts]
    return {"type": "doc", "version": 1, "content": content}


def _one(rows, snapshot, columns, table="work_item", where="true"):
    found = rows(snapshot, table, columns, where)
    assert len(found) == 1
    return found[0]


def test_v2_and_v3_of_the_same_issue_are_the_same(world, rows, issue):
    world.pages(issue(1, description="Some *bold* text.\n\nAcceptance criteria\n* it works"), packed=True)
    columns = "title, has_description, has_acceptance_criteria, status_category, created_at, reporter_id"
    expected = _one(rows, world.snapshot(), columns)
    for old in (world.root / "pages").iterdir():
        old.unlink()
    v3 = issue(1, description=_adf("Some bold text.", "Acceptance criteria", "it works"))
    v3["self"] = v3["self"].replace("/2/", "/3/")
    (world.root / "pages" / "page.json").write_text(json.dumps({"issues": [v3], "isLast": True}), "utf-8")
    assert _one(rows, world.snapshot(), columns) == expected
    assert expected[1:3] == (True, True)


def test_unknown_nodes_of_rich_text_degrade_to_their_text(world, rows, issue):
    comment = {
        "id": "5",
        "author": None,
        "created": "2026-01-06T10:00:00.000+0000",
        "body": {
            "type": "doc",
            "version": 1,
            "content": [
                {"type": "hologram", "content": [{"type": "text", "text": "two words"}]},
                {
                    "type": "paragraph",
                    "content": [{"type": "mention", "attrs": {"id": "u1"}}, {"type": "emoji", "attrs": {"shortName": ":)"}}],
                },
                None,
                {"type": "paragraph"},
            ],
        },
    }
    world.pages(issue(1, comment={"comments": [comment], "total": 1, "maxResults": 50, "startAt": 0}))
    words, by = _one(rows, world.snapshot(), "word_count, by_id", "comment")
    assert words >= 2
    assert by is None


def test_nobody_is_blank_and_a_missing_field_is_unknown(world, rows, issue):
    plain = issue(1, assignee=None, creator=None, reporter=None)
    del plain["fields"]["resolution"]
    del plain["fields"]["priority"]
    world.pages(plain)
    assignee, reporter, bits = _one(rows, world.snapshot(), "assignee_id, reporter_id, unknown_bits")
    assert (assignee, reporter) == (None, None)
    assert bits & (WORK["assignee_id"].mask | WORK["reporter_id"].mask) == 0
    assert bits & WORK["resolution"].mask
    assert bits & WORK["priority"].mask


def test_without_a_changelog_nothing_is_said_of_the_past(world, rows, issue):
    plain = issue(1)
    del plain["changelog"]
    world.pages(plain)
    snapshot = world.snapshot()
    bits = _one(rows, snapshot, "unknown_bits")[0]
    assert all(bits & WORK[name].mask for name in ("started_at", "reopen_count", "due_change_count"))
    assert _one(rows, snapshot, "is_complete, reason", "completeness", "table_name = 'history_entry'") == (False, "no_history")


def test_a_changelog_that_is_cut_off_is_not_whole(world, rows, issue):
    cut = issue(1)
    cut["changelog"]["total"] = 100
    world.pages(cut)
    snapshot = world.snapshot()
    assert _one(rows, snapshot, "is_complete, reason", "completeness", "table_name = 'history_entry'") == (False, "history_cut_off")


@pytest.mark.parametrize("shape", ["objects", "text"])
def test_sprints_as_objects_and_as_java_text(world, rows, issue, shape):
    value = {
        "objects": {
            "id": 8,
            "name": "Sprint 3, the [last] one",
            "state": "closed",
            "boardId": 13,
            "startDate": "2026-01-05T09:00:00.000Z",
            "endDate": "2026-01-19T09:00:00.000Z",
            "completeDate": "2026-01-19T10:00:00.000Z",
            "goal": "",
        },
        "text": SPRINT + "rapidViewId=13,state=CLOSED,name=Sprint 3, the [last] one,startDate=2026-01-05T09:00:00.000Z,"
        "endDate=2026-01-19T09:00:00.000Z,completeDate=2026-01-19T10:00:00.000Z,goal=,id=8]",
    }[shape]
    _meta(world).pages(issue(1, customfield_10007=[value], customfield_10020=5.0))
    snapshot = world.snapshot()
    assert _one(rows, snapshot, "id, name, state, start_at", "sprint") == (
        "8",
        "Sprint 3, the [last] one",
        "closed",
        datetime(2026, 1, 5, 9),  # noqa: DTZ001  (as DuckDB gives it)
    )
    assert _one(rows, snapshot, "sprint_id, work_item_id", "sprint_item") == ("8", "10001")
    assert _one(rows, snapshot, "story_points") == (Decimal("5.0000"),)


def test_the_epic_is_a_parent_whatever_says_so(world, rows, issue):
    epic = issue(1, issuetype={"id": "5", "name": "Epic", "subtask": False})
    by_field = issue(2, customfield_10008="ALPHA-1")
    by_parent = issue(3, parent={"id": "10001", "key": "ALPHA-1"})
    alone = issue(4, parent=None)
    _meta(world).pages(epic, by_field, by_parent, alone)
    found = dict(rows(world.snapshot(), "work_item", "key, parent_id"))
    assert found == {"ALPHA-1": None, "ALPHA-2": "10001", "ALPHA-3": "10001", "ALPHA-4": None}


def test_an_empty_epic_link_says_that_no_epic_holds_the_issue(world, rows, issue):
    """The older tracker leaves `parent` out; of a subtask, whose parent is no epic, the field says nothing."""
    subtask = {"id": "9", "name": "Sub-task", "subtask": True}
    asked = [issue(1, customfield_10008=None), issue(2), issue(3, customfield_10008=None, issuetype=subtask)]
    for one in asked:
        for name in ("parent", "votes"):  # an answer with some fields only
            one["fields"].pop(name, None)
    _meta(world).pages(*asked)
    mask = WORK["parent_id"].mask
    found = {key: bool(bits & mask) for key, bits in rows(world.snapshot(), "work_item", "key, unknown_bits")}
    assert found == {"ALPHA-1": False, "ALPHA-2": True, "ALPHA-3": True}


def test_a_link_is_told_by_both_ends_and_counts_once(world, rows, issue):
    kind = {"id": "1", "name": "Blocks", "inward": "is blocked by", "outward": "blocks"}
    first = issue(1, issuelinks=[{"id": "77", "type": kind, "outwardIssue": {"id": "10002", "key": "ALPHA-2"}}])
    second = issue(2, issuelinks=[{"id": "77", "type": kind, "inwardIssue": {"id": "10001", "key": "ALPHA-1"}}])
    world.pages(first, second)
    assert rows(world.snapshot(), "link", "from_id, kind, to_id") == [("10001", "blocks", "10002")]


def test_days_of_old_logs_are_days(world, rows, issue, person):
    change = {
        "id": "9",
        "author": person("u1", "Anna Weber"),
        "created": "2026-01-12T10:00:00.000+0100",
        "items": [
            {"field": "duedate", "fieldtype": "jira", "from": "2013-06-06", "fromString": "2013-06-06 00:00:00.0", "to": "", "toString": ""}
        ],
    }
    world.pages(issue(1, changes=[change]))
    snapshot = world.snapshot()
    found = _one(rows, snapshot, 'field, from_code, to_code, "at"', "history_entry")
    assert found == ("due_on", "2013-06-06", None, datetime(2026, 1, 12, 9))  # noqa: DTZ001  (as DuckDB gives it)
    assert _one(rows, snapshot, "due_change_count") == (1,)


def test_a_field_that_was_deleted_keeps_its_history(world, rows, issue, person):
    change = {
        "id": "9",
        "author": person("u1", "Anna Weber"),
        "created": "2026-01-12T10:00:00.000+0000",
        "items": [{"field": "Old Gizmo", "fieldtype": "custom", "from": None, "fromString": None, "to": None, "toString": "x"}],
    }
    world.pages(issue(1, changes=[change]))
    assert _one(rows, world.snapshot(), "field, to_value", "history_entry") == ("Old Gizmo", "x")


def test_a_custom_field_is_known_by_its_name(world, rows, issue):
    risk = issue(1, issuetype={"id": "9", "name": "Risk", "subtask": False}, customfield_10030={"value": "High"}, duedate="2026-04-01")
    _meta(world).pages(risk)
    assert _one(rows, world.snapshot(), "id, likelihood, likelihood_raw, due_on", "risk")[3] == date(2026, 4, 1)
    assert _one(rows, world.snapshot(), "likelihood", "risk") == (4,)


@pytest.mark.parametrize(
    ("name", "value", "labels"),
    [
        ("Change ID", "CHG-09", "migration, CHG-09"),
        ("Änderungsantrag", {"id": "7", "value": "CR-2"}, "migration, CR-2"),
        ("Change", None, "migration"),
        ("Shape", "round", "migration"),
    ],
)
def test_a_field_names_the_change_that_work_carries_out(world, rows, issue, name, value, labels):
    """It is a mark like others: what has the number of a change of the register is linked to it."""
    fields = [{"id": "customfield_10051", "name": name, "schema": {"type": "string", "custom": "x:text"}}]
    (world.root / "pages" / "field.json").write_text(json.dumps(fields), "utf-8")
    world.pages(issue(1, labels=["migration"], customfield_10051=value))
    assert _one(rows, world.snapshot(), "labels") == (labels,)


def test_a_damaged_page_costs_completeness_only(world, rows, issue):
    world.pages(issue(1))
    (world.root / "pages" / "search_00099.json").write_text('{"issues": [{"id": ', "utf-8")
    (world.root / "pages" / "login.json").write_text("<html>Log in</html>", "utf-8")
    report = world.pull()
    assert report.sources[0].unread == 2
    assert not report.is_complete
    snapshot = world.build()
    assert rows(snapshot, "work_item", "key") == [("ALPHA-1",)]
    assert _one(rows, snapshot, "is_complete, reason", "completeness", "table_name = 'work_item'") == (False, "page_failed")


def test_a_missing_page_is_noticed(world, rows, issue):
    world.pages(*(issue(number) for number in range(1, 31)), per_page=10)
    (world.root / "pages" / "search_00010.json").unlink()
    snapshot = world.snapshot()
    assert _one(rows, snapshot, "is_complete, reason", "completeness", "table_name = 'work_item'") == (False, "page_failed")


def test_hostile_values_are_only_text(world, rows, issue):
    title = "=cmd|' /C calc'!A0 \u202e<script>\x00\ud83d"
    world.pages(issue(1, summary=title, labels=["a" * 300], duedate="9999-99-99", timeoriginalestimate=10**30))
    found = _one(rows, world.snapshot(), "title, due_on, due_on_raw, estimate_hours, unknown_bits")
    assert found[0].startswith("=cmd|' /C calc'!A0")
    assert "\x00" not in found[0]
    assert found[1:4] == (None, "9999-99-99", None)
    assert found[4] & WORK["due_on"].mask
    assert found[4] & WORK["estimate_hours"].mask


def test_two_sites_that_count_alike_keep_their_issues(world, rows, issue):
    """Both sites number from 10000: the same id is another issue where site and key differ, and the same one where one of them holds."""
    theirs = issue(1, "BETA")
    theirs["self"] = theirs["self"].replace("jira.example.org", "other.example.net")
    renamed = issue(2)
    renamed["self"] = renamed["self"].replace("jira.example.org", "new.example.org")
    moved = issue(3, "GAMMA", updated="2026-02-09T10:00:00.000+0000")
    world.pages(issue(1), theirs, issue(2), renamed, issue(3), moved)
    assert rows(world.snapshot(), "work_item", "project_id, id, key") == [
        ("ALPHA", "10001", "ALPHA-1"),
        ("ALPHA", "10002", "ALPHA-2"),
        ("BETA", "10001", "BETA-1"),
        ("GAMMA", "10003", "GAMMA-3"),
    ]
