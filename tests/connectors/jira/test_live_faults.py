"""What real Jiras do wrong: the right rows all the same, the right coverage, no loop, no lost change."""

import random
import threading

import pytest
from requests.structures import CaseInsensitiveDict

from auditor.connect.http import Answer
from auditor.connect.http.pace import Pace
from auditor_connectors.jira.live.site import _look
from tests.servers.jira import FakeJira, edit, small, some
from tests.servers.web import Reply

HTML = "<!DOCTYPE html><html><title>Log in</title></html>"


def pulled(live, jira, *lines):
    world = live(jira)
    report = world.pull(*lines)
    return world, report


@pytest.fixture
def jira(is_cloud):
    return small(FakeJira(cloud=is_cloud), issues=12)


PASSING = {
    "429 in bursts": Reply({"errorMessages": []}, 429, {"Retry-After": "0", "RateLimit-Reason": "jira-burst-based"}),
    "429 of the quota": Reply({"errorMessages": []}, 429, {"RateLimit-Reason": "jira-quota-tenant-based"}),
    "503 in bursts": Reply("<html>Service unavailable</html>", 503),
    "HTML instead of JSON": Reply(HTML),
    "dropped connections": Reply(b"", cut=-1),
    "half answers": Reply({"issues": [{"id": "1"}] * 100}, cut=60),
    "an error inside": Reply({"errorMessages": ["NullPointerException"]}, 500),
}


@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING.keys())
def test_what_passes_costs_nothing_but_time(live, jira, fault):
    world = live(jira)
    expected = world.whole()
    jira.faults.append(some(fault, 12, every=3))
    report = world.pull()
    assert report.is_complete, report
    assert world.rows() == expected


@pytest.mark.parametrize("fault", [Reply({}, 503), Reply(HTML), Reply(b"", cut=-1), Reply({}, 429)], ids=["503", "HTML", "dropped", "429"])
def test_what_does_not_pass_ends_and_nothing_is_concluded(live, jira, fault):
    world = live(jira)
    world.pull()
    jira.delete(next(iter(jira.issues.values())))
    jira.faults.append(lambda asked: fault if b"ALPHA" in asked.body or b"BETA" in asked.body else None)
    report = world.pull("http.max_wait_minutes = 0.01")
    assert not report.is_complete
    assert {walk.reason for walk in report.walks if walk.place} <= {"source_error"}
    assert report.gone == 0
    jira.faults.clear()
    report = world.pull()
    assert report.is_complete
    assert report.gone == 1
    assert world.rows() == world.whole()


def test_short_pages_are_not_the_last(live, jira):
    jira.page = 3
    jira.bulk_changes = 4
    world, report = pulled(live, jira)
    assert report.is_complete, report
    assert len([key for key in world.records() if key.startswith("issue:")]) == len(jira.issues)
    assert all(record.fingerprint for record in world.records().values())


def test_an_empty_page_in_between_is_not_the_last(live):
    jira = small(FakeJira(), issues=12)
    jira.page = 5
    emptied = []

    def empty(asked):
        if asked.path.endswith("/search/jql") and b"after-5" in asked.body and not emptied:
            emptied.append(1)
            return Reply({"issues": [], "isLast": False, "nextPageToken": "after-4"})
        return None

    jira.faults.append(empty)
    world, report = pulled(live, jira)
    assert emptied
    assert report.is_complete
    assert len([key for key in world.records() if key.startswith("issue:")]) == len(jira.issues)


def test_a_token_that_repeats_ends_the_project(live):
    jira = small(FakeJira(), issues=12)
    jira.page, jira.same_token = 5, True
    _, report = pulled(live, jira)
    walks = {walk.place: walk for walk in report.walks}
    assert walks["ALPHA"].reason == "source_error"
    assert "token again and again" in walks["ALPHA"].detail
    assert len(jira.server.asked) < 100


def test_a_history_that_repeats_its_token_ends_the_pull(live):
    jira = small(FakeJira(), issues=12)
    jira.bulk_changes, jira.same_token = 5, True
    _, report = pulled(live, jira)
    assert report.error_kind == "source_error"
    assert "token again and again" in report.error
    assert len(jira.server.asked) < 100


def test_a_search_without_a_token_and_without_an_end_stops(live):
    """A proxy, or another product, behind the same address."""
    jira = small(FakeJira())

    def bare(asked):
        return (
            Reply({"issues": [{"id": "10006", "key": "ALPHA-1", "fields": {"updated": "2026-01-01T00:00:00.000+0000"}}]})
            if "jql" in asked.path
            else None
        )

    jira.faults.append(bare)
    pulled(live, jira)
    assert sum("jql" in asked.path for asked in jira.server.asked) <= 4


def test_what_is_cut_off_is_read_on(live, jira):
    issue = next(issue for issue in jira.issues.values() if issue.summary == "Work 3")
    for number in range(130):
        jira.comment(issue, f"Comment {number}")
        jira.log_work(issue, 60 * (number + 1))
    jira.embedded = 5
    jira.embedded_history = 1
    world, report = pulled(live, jira)
    assert report.is_complete
    rows = world.rows("comment", "worklog", "history_entry")
    mine = [row for row in rows if f"'{issue.id}'" in row]
    assert sum("table='comment'" in row for row in mine) == 131
    assert sum("table='worklog'" in row for row in mine) == 131
    assert sum("table='history_entry'" in row for row in mine) >= len(issue.histories)
    assert not [row for row in world.rows() if "Filled" in row and "cut_off" in row]


def test_parts_that_may_not_be_read_leave_the_project_incomplete_and_are_tried_again(live, jira):
    issue = next(issue for issue in jira.issues.values() if issue.summary == "Work 3")
    for _ in range(30):
        jira.comment(issue)
    jira.faults.append(lambda asked: Reply({"errorMessages": ["no"]}, 403) if asked.path.endswith("/comment") else None)
    world, report = pulled(live, jira)
    assert {walk.place: walk.reason for walk in report.walks}["ALPHA"] == "page_failed"
    assert any("comments_cut_off" in row for row in world.rows() if "Filled(table='comment'" in row)
    jira.faults.clear()
    assert world.pull().is_complete
    assert world.rows() == world.whole()


def test_without_the_bulk_history_each_is_read(live):
    jira = small(FakeJira(), issues=12)
    expected = live(jira).whole("history_entry")
    jira.faults.append(lambda asked: Reply({"errorMessages": ["scope"]}, 403) if "changelog/bulkfetch" in asked.path else None)
    world, report = pulled(live, jira)
    assert report.is_complete
    assert len(world.rows("history_entry")) == len(expected)


def test_times_as_numbers_are_times(live):
    jira = small(FakeJira())
    expected = len(live(jira).whole("history_entry"))
    jira.epoch_history = True
    world, _ = pulled(live, jira)
    rows = world.rows("history_entry")
    assert len(rows) == expected
    assert all("'at': datetime" in row for row in rows if "Fact(" in row)


def test_one_issue_that_vanishes_meanwhile_costs_itself_only(live, jira):
    victim = next(issue for issue in jira.issues.values() if issue.summary == "Work 3")

    def vanish(asked):
        if (b"*all" in asked.body) and victim.id in jira.issues:
            jira.delete(victim)

    jira.before.append(vanish)
    world, report = pulled(live, jira)
    assert report.is_complete
    assert f"issue:{victim.id}" not in world.records()
    assert len([key for key in world.records() if key.startswith("issue:")]) == len(jira.issues)


@pytest.mark.parametrize("what", ["delete", "move"])
def test_the_end_of_a_page_that_vanishes_takes_nothing_with_it(live, what):
    """Data Center: ranges of keys are compared with an issue; when it is deleted or moved just then, the rest is still read."""
    jira = small(FakeJira(cloud=False), issues=12)
    jira.page = 5
    done = []

    def disturb(asked):
        if b'issuekey > \\"ALPHA-5\\"' in asked.body and not done:
            done.append(1)
            end = next(issue for issue in jira.issues.values() if issue.key == "ALPHA-5")
            jira.delete(end) if what == "delete" else jira.move(end, "BETA")

    jira.before.append(disturb)
    world, report = pulled(live, jira)
    assert done
    assert report.is_complete, report
    listed = {record.key for record in world.records().values() if record.place == "ALPHA" and record.key.startswith("issue:")}
    assert listed == {f"issue:{issue.id}" for issue in jira.issues.values() if issue.project == "ALPHA"}


@pytest.mark.parametrize("refuses", [False, True])
def test_a_list_that_is_asked_for_in_ranges_is_whole(live, jira, refuses):
    """By when issues were created; as a whole where a Jira does not compare so."""
    jira.page = 4
    for number in range(30):
        jira.now += 60_000
        jira.create("ALPHA", f"More {number}")
    world = live(jira)
    world.pull()
    before = len(jira.server.asked)
    if refuses:
        jira.faults.append(lambda asked: Reply({"errorMessages": ["'created'"]}, 400) if b"AND created" in asked.body else None)
    new = jira.create("ALPHA", "The last")
    first = min(number for number, issue in jira.issues.items() if issue.project == "ALPHA" and issue.summary == "Work 1")
    jira.delete(jira.issues[first])
    report = world.pull()
    assert report.is_complete
    assert (report.new, report.gone) == (1, 1)
    assert f"issue:{new.id}" in world.records()
    assert sum(b"AND created" in asked.body for asked in jira.server.asked[before:]) > 4
    jira.faults.clear()
    assert world.rows() == world.whole()


def test_ranges_that_leave_something_out_are_not_believed(live):
    """Data Center counts: what a range forgets is found in the whole list."""
    jira = small(FakeJira(cloud=False))
    jira.page = 4
    for number in range(20):
        jira.now += 60_000
        jira.create("ALPHA", f"More {number}")
    world = live(jira)
    world.pull()
    new = jira.create("ALPHA", "The last")
    empty = {"startAt": 0, "maxResults": 4, "total": 0, "issues": []}
    jira.faults.append(lambda asked: Reply(empty) if b"AND created >=" in asked.body and b"created <" not in asked.body else None)
    assert world.pull().new == 1
    assert f"issue:{new.id}" in world.records()


def test_edits_while_pages_are_read_lose_nothing(live, jira):
    """Every request, somebody edits something; when they stop, one pull later all is as a first pull has it."""
    draw = random.Random(7)
    jira.page = 4
    jira.before.append(lambda _: edit(jira, draw) if draw.random() < 0.3 else None)
    world, _ = pulled(live, jira)
    world.pull()
    jira.before.clear()
    assert world.pull().is_complete
    assert world.rows() == world.whole()


def test_an_edit_between_a_history_and_its_document_is_in_both(live):
    """Cloud gives documents and histories apart: what is edited between the two must not be missing for good."""
    jira = small(FakeJira(), issues=12)
    victim = next(issue for issue in jira.issues.values() if issue.summary == "Work 3")
    has_histories = threading.Event()
    edits = []

    def answered(asked):
        if "changelog/bulkfetch" in asked.path:
            threading.Timer(0.3, has_histories.set).start()

    def late(asked):
        if asked.path.endswith("issue/bulkfetch") and b"*all" in asked.body and str(victim.id).encode() in asked.body and not edits:
            edits.append(has_histories.wait(2))
            jira.rename(victim, "Renamed between")

    jira.before += [answered, late]
    world, report = pulled(live, jira)
    assert edits
    assert report.is_complete
    assert world.pull().is_complete
    assert world.rows() == world.whole()


def test_a_large_project_is_not_read_by_offset(live):
    """Data Center refuses offsets beyond 10,000, and a page may hold fewer than were asked for."""
    jira = FakeJira(cloud=False)
    jira.project("ALPHA")
    for number in range(60):
        jira.create("ALPHA", f"Work {number}")
    jira.page = 7
    world, report = pulled(live, jira)
    assert report.is_complete
    assert len(world.records()) == 61
    assert all(asked.json().get("startAt", 0) == 0 for asked in jira.server.asked if asked.path.endswith("/search"))


def test_no_more_requests_at_once_than_the_jira_takes(live, jira):
    jira.at_most = 10
    _, report = pulled(live, jira, "http.concurrency = 8")
    assert report.is_complete
    assert jira.server.most_at_once <= 10


def test_what_is_listed_and_cannot_be_read_is_not_taken_for_gone(live, jira):
    """A Jira that answers bulk reads with other issues than were asked for, and knows one of them by no name."""
    victim = next(issue for issue in jira.issues.values() if issue.summary == "Work 3")

    def hide(asked):
        if asked.path.rpartition("/")[2] in (str(victim.id), victim.key):
            return Reply({"errorMessages": ["no"]}, 404)
        return Reply({"issues": [], "issueErrors": []}) if b"*all" in asked.body else None

    jira.faults.append(hide)
    world, report = pulled(live, jira)
    walks = {walk.place: (walk.is_complete, walk.reason) for walk in report.walks}
    assert walks == {"": (True, ""), "ALPHA": (False, "page_failed"), "BETA": (True, "")}
    assert len([key for key in world.records() if key.startswith("issue:")]) == len(jira.issues) - 1
    jira.faults.clear()
    assert world.pull().is_complete
    assert world.rows() == world.whole()


def test_a_search_that_may_not_be_asked_with_a_body(live):
    jira = small(FakeJira(cloud=False))
    expected = live(jira).whole()
    jira.faults.append(lambda asked: Reply({}, 405) if asked.method == "POST" else None)
    world, report = pulled(live, jira)
    assert report.is_complete
    assert len(world.rows()) == len(expected)


def without(jira, part):
    document = jira.document

    def shown(*args, **more):
        made = document(*args, **more)
        return {**made, "fields": {name: value for name, value in made["fields"].items() if name != part}}

    jira.document = shown


@pytest.mark.parametrize("part", ["comment", "worklog"])
def test_a_part_that_is_not_embedded_is_asked_for(live, jira, part):
    without(jira, part)
    world, report = pulled(live, jira)
    assert report.is_complete
    assert len([row for row in world.rows(part) if "Fact(" in row]) == 24


def test_a_part_that_is_switched_off_is_asked_for_once(live, jira):
    without(jira, "worklog")
    jira.faults.append(lambda asked: Reply({"errorMessages": ["time tracking is off"]}, 400) if asked.path.endswith("/worklog") else None)
    world, report = pulled(live, jira, 'places = ["ALPHA"]')
    assert report.is_complete
    assert sum(asked.path.endswith("/worklog") for asked in jira.server.asked) == 1
    assert all("column_not_mapped" in row for row in world.rows("worklog"))


def test_a_jira_that_moved_to_the_cloud_is_asked_as_it_is_now(live):
    """What product it is is assumed from the pull before, and asked meanwhile."""
    jira = small(FakeJira(cloud=False), issues=5)
    world, _ = pulled(live, jira)
    jira.cloud = True
    jira.create("ALPHA", "Behind the move")
    before = len(jira.server.asked)
    assert world.pull().is_complete
    assert world.rows() == world.whole()
    assert any("/rest/api/2/myself" in asked.path for asked in jira.server.asked[before:])
    assert world.pull().is_complete
    assert not any("/rest/api/2/myself" in asked.path for asked in jira.server.asked[-30:])


@pytest.mark.parametrize(
    ("headers", "status", "limit", "pause"),
    [
        ({"X-RateLimit-NearLimit": "true"}, 200, 4, 0.0),
        ({"X-RateLimit-NearLimit": "false", "X-RateLimit-Remaining": "5"}, 200, 8, None),
        ({"X-RateLimit-Remaining": "0", "retry-after": "2"}, 200, 4, 2.0),
        ({"X-RateLimit-Remaining": "0", "retry-after": "86400"}, 200, 4, 60.0),
        ({"X-RateLimit-Remaining": "9", "retry-after": "0"}, 200, 8, None),
        ({"retry-after": "soon"}, 200, 8, None),
        ({"X-RateLimit-NearLimit": "true", "Retry-After": "1"}, 429, 8, None),
    ],
)
def test_less_is_asked_before_anything_is_refused(headers, status, limit, pause):
    """What Jira says of its limits beside an answer slows down what comes after it; a refusal says itself how long to wait."""
    pace = Pace(8, max_wait=600, max_seconds=None, clock=lambda: 1_000.0, sleep=lambda _: None)
    _look(Answer(status, CaseInsensitiveDict(headers), "http://jira.example"), pace)
    assert pace.limit == limit
    assert pace._until.get("") == (None if pause is None else 1_000.0 + pause)


def test_a_jira_that_is_near_its_limit_is_read_whole(live, jira):
    world = live(jira)
    plain = jira.answer
    told = []

    def limited(asked):
        reply = plain(asked)
        reply.headers["X-RateLimit-NearLimit"] = "true"
        told.append(asked)
        return reply

    jira.server.answer = limited
    assert world.pull("http.concurrency = 8").is_complete
    assert len(told) > 10
    jira.server.answer = plain
    assert world.rows() == world.whole()
