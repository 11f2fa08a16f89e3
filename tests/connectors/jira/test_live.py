"""A live Jira, Cloud and Data Center: every row, changes only, and what is gone."""

import random

import duckdb
import pytest

from auditor.connect.protocol import Fact, Scope
from auditor.errors import AccessDenied, SourceUnavailable, UsageError
from auditor.snapshot.build import build_snapshot
from auditor.snapshot.documents.read import load_document_words
from tests.servers.jira import FakeJira, edit, small
from tests.servers.web import Reply, serving


def values(live, table):
    found = {}
    for place in {record.place for record in live.records().values()}:
        records = [record for record in live.records().values() if record.place == place]
        for _, item in live.connector().read(records):
            if isinstance(item, Fact) and item.table == table:
                found[item.id] = dict(item.values)
    return found


def test_everything_comes_into_its_table(live, is_cloud):
    jira = small(FakeJira(cloud=is_cloud))
    world = live(jira)
    report = world.pull()
    assert report.is_complete, report
    work = values(world, "work_item")
    assert set(work) == {str(number) for number in jira.issues}
    one = next(issue for issue in jira.issues.values() if issue.summary == "Work 3")
    mine = work[str(one.id)]
    assert (mine["status_category"], mine["fix_version"], mine["component"]) == ("done", "ALPHA 1.0", "ALPHA core")
    assert mine["parent_id"] == str(one.parent)
    assert mine["comment_count"] == 1
    assert len(values(world, "comment")) == len(values(world, "worklog")) == 16
    assert len(values(world, "link")) == 2
    assert len(values(world, "sprint")) == 4
    assert {row["board_id"] for row in values(world, "sprint").values()} == {
        str(number) for number, board in jira.boards.items() if board["type"] == "scrum"
    }
    assert len(values(world, "sprint_item")) == 16
    assert {row["name"] for row in values(world, "board_column").values()} == {"To do", "Doing", "Done"}
    assert {row["max"] for row in values(world, "board_column").values() if row["name"] == "Doing"} == {4}
    statuses = {"To do": "Open", "Doing": "In Progress", "Done": "Closed"}
    assert {row["name"]: row["statuses"] for row in values(world, "board_column").values()} == statuses
    assert len(values(world, "milestone")) == 2
    assert {row["role"] for row in values(world, "role").values()} == {"tracker_lead", "tracker_administrators", "tracker_project_lead"}
    person = "acc-bob" if is_cloud else "JIRAUSER-bob"
    assert sum(row["person_id"] == person and row["role"] == "tracker_administrators" for row in values(world, "role").values()) == 2
    assert len(values(world, "history_entry")) >= 2 * (8 + 8 + 3)


def test_a_second_pull_asks_little_and_reads_nothing(live, is_cloud):
    jira = small(FakeJira(cloud=is_cloud), issues=20)
    world = live(jira)
    first = world.pull()
    before = len(jira.server.asked)
    again = world.pull()
    assert (again.new, again.changed, again.gone) == (0, 0, 0)
    assert again.unchanged == first.new
    details = [asked for asked in jira.server.asked[before:] if "bulkfetch" in asked.path or b"*all" in asked.body]
    assert details == []


def test_what_changed_is_read_again_and_what_vanished_is_gone(live, is_cloud):
    jira = small(FakeJira(cloud=is_cloud))
    world = live(jira)
    world.pull()
    issues = list(jira.issues.values())
    jira.rename(issues[1], "Another name")
    jira.delete(issues[2])
    new = jira.create("ALPHA", "New")
    jira.close_sprint(next(iter(jira.sprints)))
    report = world.pull()
    assert (report.new, report.gone) == (1, 1)
    assert f"issue:{new.id}" in world.records()
    assert world.rows() == world.whole()


def test_an_issue_that_moved_is_one_issue(live, is_cloud):
    jira = small(FakeJira(cloud=is_cloud))
    world = live(jira)
    world.pull()
    for project, other in (("ALPHA", "BETA"), ("BETA", "ALPHA")):
        jira.move(next(issue for issue in jira.issues.values() if issue.project == project and issue.summary == "Work 5"), other)
    report = world.pull()
    assert report.gone == 0
    assert world.rows() == world.whole()


@pytest.mark.parametrize("census", ["0", "24"])
def test_an_epic_that_moved_is_the_parent_of_its_issues_still(live, is_cloud, census):
    """It is of another project then, and nobody touched what belongs to it. Data Center knows parents by their keys only."""
    jira = small(FakeJira(cloud=is_cloud))
    world = live(jira)
    world.pull(f"census_hours = {census}")
    epic = next(issue for issue in jira.issues.values() if issue.project == "ALPHA" and issue.type == "10000")
    children = {str(issue.id) for issue in jira.issues.values() if issue.parent == epic.id}
    assert children
    old = epic.key
    for _ in range(2):
        jira.move(epic, "BETA" if epic.project == "ALPHA" else "ALPHA")
        world.pull(f"census_hours = {census}")
        work = values(world, "work_item")
        assert {number for number, row in work.items() if row.get("parent_id") == str(epic.id)} == children
        assert not any(f"'Epic Link': '{old}'" in row for row in world.rows("entry"))
        assert world.rows() == world.whole()
        old = epic.key
    before = len(jira.server.asked)
    world.pull()
    assert not [asked for asked in jira.server.asked[before:] if "bulkfetch" in asked.path or b"*all" in asked.body]


def test_the_parent_of_another_project_that_is_not_asked_for_is_known(live, is_cloud):
    jira = small(FakeJira(cloud=is_cloud))
    world = live(jira)
    epic = next(issue for issue in jira.issues.values() if issue.project == "ALPHA" and issue.type == "10000")
    jira.move(epic, "BETA")
    assert world.pull('places = ["ALPHA"]').is_complete
    assert {row.get("parent_id") for row in values(world, "work_item").values()} == {str(epic.id), None}


def test_an_issue_that_moved_out_of_scope_is_gone(live, is_cloud):
    jira = small(FakeJira(cloud=is_cloud))
    world = live(jira)
    world.pull('places = ["ALPHA"]')
    issue = next(issue for issue in jira.issues.values() if issue.project == "ALPHA")
    jira.move(issue, "BETA")
    assert world.pull('places = ["ALPHA"]').gone == 1
    assert {record.place for record in world.records().values()} == {"ALPHA"}


def test_names_are_those_of_today_though_no_issue_was_touched(live, is_cloud):
    jira = small(FakeJira(cloud=is_cloud))
    world = live(jira)
    world.pull()
    next(iter(jira.versions.values()))["name"] = "Renamed version"
    next(iter(jira.components.values()))["name"] = "Renamed component"
    jira.statuses["3"][0] = "Doing"
    world.pull()
    rows = world.rows("work_item")
    assert any("Renamed version" in row for row in rows)
    assert any("Renamed component" in row for row in rows)
    assert not any("In Progress" in row for row in rows)
    assert rows == world.whole("work_item")


def test_changes_only_until_the_list_is_old(live, is_cloud):
    """Between complete lists a pull asks for changes, reaching back, and concludes nothing about what it did not see."""
    jira = small(FakeJira(cloud=is_cloud))
    world = live(jira)
    world.pull("census_hours = 24")
    issues = list(jira.issues.values())
    jira.delete(issues[5])
    jira.rename(issues[3], "Another name")
    before = len(jira.server.asked)
    report = world.pull("census_hours = 24")
    assert report.gone == 0
    assert any(b"updated >= " in asked.body for asked in jira.server.asked[before:])
    assert any("Another name" in row for row in world.rows("work_item"))
    assert world.pull("census_hours = 0").gone == 1
    assert world.rows() == world.whole()


def test_a_change_that_comes_late_into_the_search_is_not_lost(live, is_cloud):
    jira = small(FakeJira(cloud=is_cloud))
    world = live(jira)
    world.pull("census_hours = 24")
    jira.late = True
    issues = list(jira.issues.values())
    jira.rename(issues[1], "Late one")
    jira.late = False
    jira.rename(issues[2], "Quick one")
    world.pull("census_hours = 24")
    assert not any("Late one" in row for row in world.rows("work_item"))
    jira.index()
    world.pull("census_hours = 24")
    assert any("Late one" in row for row in world.rows("work_item"))


def test_an_issue_that_the_search_forgets_for_a_moment_is_not_gone(live):
    jira = small(FakeJira())
    world = live(jira)
    world.pull()
    del jira.indexed[next(iter(jira.indexed))]
    assert world.pull().gone == 0


def test_the_snapshot_marks_what_is_gone(live, is_cloud):
    jira = small(FakeJira(cloud=is_cloud))
    world = live(jira)
    world.pull()
    jira.delete(next(issue for issue in jira.issues.values() if issue.summary == "Work 4"))
    world.pull()
    snapshot = build_snapshot(world.settings(), load_document_words(()))
    found = duckdb.sql(
        f"select title, is_gone from '{snapshot.file('work_item')}' where title = 'Work 4' and project_id = 'ALPHA'"
    ).fetchall()
    assert found == [("Work 4", True)]


# Signing in, dialects, addresses


def test_a_context_path_is_kept(live):
    jira = small(FakeJira(cloud=False, context="/jira"))
    world = live(jira)
    assert world.pull().is_complete
    assert all(asked.path.startswith("/jira/") for asked in jira.server.asked)
    record = world.records()[f"issue:{next(iter(jira.issues))}"]
    assert record.url.startswith(f"{jira.url}/browse/ALPHA-")


def test_the_removed_search_is_never_called(live):
    jira = small(FakeJira())
    live(jira).pull()
    assert not any(asked.path.rstrip("/").endswith(("/3/search", "/2/search")) for asked in jira.server.asked)
    assert not any(b"startAt" in asked.body for asked in jira.server.asked)


def test_a_scoped_token_goes_to_the_gateway_only(live):
    jira = small(FakeJira(context="/ex/jira/11111111-2222-3333-4444-555555555555"))
    world = live(jira)
    gateway = jira.server.url
    with serving(lambda _: Reply({"cloudId": "11111111-2222-3333-4444-555555555555"})) as site:
        jira.url = site.url
        assert world.pull("scoped = true", f'gateway = "{gateway}"').is_complete
        assert [asked.path for asked in site.asked] == ["/_edge/tenant_info"]
        assert all("authorization" not in asked.headers for asked in site.asked)
    assert all(jira.token not in str(record.payload) for record in world.records().values())


def test_basic_and_bearer(live):
    cloud, server = small(FakeJira()), small(FakeJira(cloud=False))
    live(cloud).pull()
    assert all(asked.headers["authorization"].startswith("Basic ") for asked in cloud.server.asked)
    assert live(server).pull().is_complete
    assert all(asked.headers["authorization"].startswith("Bearer ") for asked in server.server.asked)


def test_an_expired_token_is_no_empty_jira(live, is_cloud):
    jira = small(FakeJira(cloud=is_cloud))
    world = live(jira)
    world.pull()
    known = world.records()
    jira.expired = True
    report = world.pull()
    assert report.error_kind == "permission_denied"
    assert report.gone == 0
    assert world.records() == known


def test_a_token_that_expires_in_the_middle_ends_the_pull(live, is_cloud):
    jira = small(FakeJira(cloud=is_cloud))
    world = live(jira)
    world.pull()

    def expire(asked):
        jira.expired = jira.expired or b"project" in asked.body

    jira.before.append(expire)
    report = world.pull()
    assert report.error_kind == "permission_denied"
    assert report.gone == 0


def test_a_stranger_without_the_telling_header_is_noticed_at_the_end(live):
    """A proxy may take the header away: that we are still who we were is asked before anything is concluded."""
    jira = small(FakeJira())
    world = live(jira)
    world.pull()
    answer = jira.answer

    def strip(asked):
        reply = answer(asked)
        reply.headers.pop("X-Seraph-LoginReason", None)
        if b"ALPHA" in asked.body:
            jira.expired = True
        return reply

    jira.server.answer = strip
    report = world.pull()
    assert report.error_kind == "permission_denied"
    assert report.gone == 0


def test_a_captcha_is_told_and_not_tried_again(live):
    jira = small(FakeJira(cloud=False))
    jira.faults.append(lambda _: Reply({}, 403, {"X-Authentication-Denied-Reason": "CAPTCHA_CHALLENGE; login-url=x"}))
    report = live(jira).pull()
    assert report.error_kind == "permission_denied"
    assert "CAPTCHA" in report.error
    assert len(jira.server.asked) == 1


def test_what_is_no_jira_is_said_so(live):
    jira = small(FakeJira())
    world = live(jira)
    jira.faults.append(lambda _: Reply({"hello": "world"}))
    assert "no Jira" in world.pull().error
    with pytest.raises(SourceUnavailable):
        world.connector().diagnose(Scope())


def test_a_missing_secret_is_a_mistake_of_the_configuration(live, monkeypatch):
    world = live(small(FakeJira()))
    monkeypatch.delenv("JIRA_TEST_TOKEN")
    with pytest.raises(UsageError, match="JIRA_TEST_TOKEN"):
        world.pull()


# Coverage


def test_a_project_that_may_not_be_browsed_is_incomplete_and_the_rest_is_there(live, is_cloud):
    jira = small(FakeJira(cloud=is_cloud))
    world = live(jira)
    world.pull('places = ["ALPHA", "BETA"]')
    jira.forbidden.add("BETA")
    report = world.pull('places = ["ALPHA", "BETA"]')
    walks = {walk.place: (walk.is_complete, walk.reason) for walk in report.walks}
    assert walks["BETA"] == (False, "permission_denied")
    assert walks["ALPHA"] == (True, "")
    assert any(record.place == "BETA" for record in world.records().values())
    assert report.gone == 0


def test_roles_that_may_not_be_read_are_no_empty_roles(live, is_cloud):
    jira = small(FakeJira(cloud=is_cloud))
    jira.is_admin = False
    world = live(jira)
    if is_cloud:  # Cloud says 401 for this alone: the token is in order
        jira.faults.append(lambda asked: Reply({"errorMessages": ["no"]}, 403) if "/role" in asked.path else None)
    assert world.pull().is_complete
    rows = [row for row in world.rows() if "Filled(table='role'" in row]
    assert rows
    assert all("permission_denied" in row for row in rows)


def test_roles_that_were_declared_are_known_completely(live, is_cloud):
    """Without a declaration the tracker holds no role of a method: others tell whether these are known."""
    world = live(small(FakeJira(cloud=is_cloud)))
    world.pull()
    assert not [row for row in world.rows() if "Filled(table='role'" in row]
    mapped = ('roles = {Administrators = "project_manager"}',)
    world.pull(*mapped)
    assert "project_manager" in {row["role"] for row in values(world, "role").values()}
    filled = [row for row in world.rows() if "Filled(table='role'" in row]
    assert filled
    assert all("is_complete=True" in row for row in filled)


def test_a_jira_where_nothing_is_visible_is_not_empty(live, is_cloud):
    jira = small(FakeJira(cloud=is_cloud))
    world = live(jira)
    world.pull()
    jira.forbidden |= {"ALPHA", "BETA"}
    report = world.pull()
    assert not report.is_complete
    assert report.gone == 0


def test_doctor_tells_who_we_are_and_what_we_may_see(live, is_cloud):
    jira = small(FakeJira(cloud=is_cloud))
    world = live(jira)
    jira.forbidden.add("BETA")
    jira.is_admin = False
    found = world.connector().diagnose(Scope(("ALPHA", "BETA")))
    assert found.account.startswith("Ann (")
    assert ("Cloud" in found.dialect) is is_cloud
    assert any("ALPHA" in line for line in found.seen)
    assert any(line.startswith("BETA") for line in found.unseen)
    assert any("Administer Projects" in line for line in found.unseen)
    assert {line.partition(":")[0]: set(tables) >= {"work_item", "risk", "role"} for line, tables in found.hidden.items()} == {
        "BETA": True,
        "who holds which role and right in 1 of 1 projects": False,
    }
    assert set(found.hidden) < set(found.unseen)
    assert found.clock_skew_seconds < -86_000  # the fake lives in the past
    jira.expired = True
    with pytest.raises(AccessDenied):
        world.connector().diagnose(Scope())


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({}, ""),
        ({"X-RateLimit-Remaining": "17", "X-RateLimit-Limit": "100"}, "17 of 100 requests left"),
        (
            {"X-RateLimit-Remaining": "0", "X-RateLimit-Limit": "100", "X-RateLimit-FillRate": "10", "X-RateLimit-Interval-Seconds": "60"},
            "0 of 100 requests left, 10 more every 60 s",
        ),
        ({"Beta-RateLimit": '"tenant-app-quota";r=17842;t=2107'}, '"tenant-app-quota";r=17842;t=2107'),
    ],
)
def test_doctor_tells_the_head_room(live, is_cloud, headers, told):
    jira = small(FakeJira(cloud=is_cloud), issues=2)
    world = live(jira)
    answer = jira.answer

    def limited(asked):
        reply = answer(asked)
        reply.headers.update(headers)
        return reply

    jira.server.answer = limited
    assert world.connector().diagnose(Scope()).head_room == told


# The law


@pytest.mark.parametrize("seed", range(6))
def test_after_any_edits_a_pull_equals_a_first_pull(live, is_cloud, seed):
    draw = random.Random(seed)
    jira = small(FakeJira(cloud=is_cloud), issues=5)
    world = live(jira)
    for _ in range(3):
        world.pull()
        for _ in range(draw.randrange(8)):
            edit(jira, draw)
    world.pull()
    assert world.rows() == world.whole()
