"""Every bug that `specs/jira.md` lists of other clients, in its order: none of them is ours.

Those that only writing clients have (`createmeta` without pages) or that come of interfaces that are not used (the feed of worklogs) are
held by what is asked at all.
"""

import json
import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import Rejected
from auditor_connectors.jira.live.search import condition_of, quoted
from auditor_connectors.jira.options import Part
from tests.servers.jira import FakeJira, small
from tests.servers.web import Reply

SEARCH = ("/search", "/search/jql")


def searches(jira):
    """What was searched, as JQL."""
    return [asked.json()["jql"] for asked in jira.server.asked if asked.path.endswith(SEARCH) and asked.body]


def pulled(live, jira, *lines, times=1):
    world = live(jira)
    for _ in range(times):
        report = world.pull(*lines)
    return world, report


@pytest.fixture
def jira(is_cloud):
    return small(FakeJira(cloud=is_cloud), issues=12)


def test_removed_search_is_not_called(live):
    """Seen at pycontribs/jira #2367, #2379."""
    jira = small(FakeJira())
    pulled(live, jira, times=2)
    assert not [asked.path for asked in jira.server.asked if asked.path.endswith(("/2/search", "/3/search"))]


def test_moments_are_milliseconds_whatever_zone_the_account_is_in(live, jira):
    """Seen at airbyte #48492, tap-jira #15, devlake #4932, beads #3788: a bare date is read in the account's zone, here Brussels."""
    world, _ = pulled(live, jira, "census_hours = 24")
    jira.rename(next(iter(jira.issues.values())), "Changed")
    report = world.pull("census_hours = 24")
    assert report.changed == 1
    bounds = [bound for jql in searches(jira) for bound in re.findall(r"(?:updated|created) *[<>=]+ *(\S+)", jql)]
    assert bounds
    assert all(re.fullmatch(r"\d{12,13}", bound) for bound in bounds)


def test_changes_have_no_upper_bound(live, jira):
    """Seen at insight #1739, #3447: what changes often would never be read."""
    pulled(live, jira, "census_hours = 24", times=3)
    assert not [jql for jql in searches(jira) if re.search(r"updated *<", jql)]


def test_watermark_reaches_back_behind_what_comes_late(live, jira):
    """Seen at activepieces #14869: also when something newer was already seen."""
    world, _ = pulled(live, jira, "census_hours = 24")
    first, second = list(jira.issues.values())[1:3]
    jira.late = True
    jira.rename(first, "Late one")
    jira.late = False
    for number in range(3):
        jira.rename(second, f"Quick {number}")
        world.pull("census_hours = 24")
    jira.index()
    world.pull("census_hours = 24")
    assert any("Late one" in row for row in world.rows("work_item"))


@pytest.mark.parametrize("newest", [40, 100])
def test_all_of_a_long_history_is_read(live, is_cloud, newest):
    """Seen at airbyte #33040, pycontribs/jira #712, #911, faros #2003."""
    jira = small(FakeJira(cloud=is_cloud), issues=3)
    issue = next(iter(jira.issues.values()))
    for number in range(newest + 30):
        jira.rename(issue, f"Name {number}")
    jira.embedded_history = newest
    world, report = pulled(live, jira)
    assert report.is_complete
    told = " ".join(world.rows("history_entry"))
    assert all(f"'Name {number}'" in told for number in range(newest + 30))


def test_all_pages_are_read_whatever_total_says(live, jira):
    """Seen at atlassian-python-api #301, #988, #880."""
    jira.page = 2
    world, report = pulled(live, jira)
    assert report.is_complete
    assert len([key for key in world.records() if key.startswith("issue:")]) == len(jira.issues)


def test_same_next_page_ends(live):
    """Seen at atlassian-python-api #1310: in lists that are read by offset, too."""
    jira = small(FakeJira(), issues=3)
    page = {"values": [{"id": 1, "name": "B", "type": "kanban"}], "isLast": False, "startAt": 0, "maxResults": 1}
    jira.faults.append(lambda asked: Reply(page) if asked.path.endswith("/agile/1.0/board") else None)
    world, report = pulled(live, jira)
    assert sum(asked.path.endswith("/agile/1.0/board") for asked in jira.server.asked) < 20
    assert report.is_complete  # of the issues; what boards tell is a gap
    assert any("Filled" in row and "is_complete=False" in row for row in world.rows("sprint"))
    assert not any("is_complete=True" in row for row in world.rows("board_column", "sprint"))


def test_offsets_are_not_sent_to_the_search_by_tokens(live):
    """Seen at jira-cli #898, oikb #69, mcp-atlassian #848."""
    jira = small(FakeJira(), issues=12)
    jira.page = 3
    pulled(live, jira, times=2)
    bodies = [asked.json() for asked in jira.server.asked if asked.path.endswith("/search/jql")]
    assert len({body.get("nextPageToken") for body in bodies}) > 3
    assert not [body for body in bodies if {"startAt", "validateQuery"} & body.keys()]


def test_neither_end_nor_token_ends(live):
    """Seen at jira-assistant #418."""
    jira = small(FakeJira(), issues=3)
    jira.faults.append(
        lambda asked: (
            Reply({"issues": [], "warningMessages": []}) if asked.path.endswith("/search/jql") and b"updated" in asked.body else None
        )
    )
    pulled(live, jira)
    assert len(jira.server.asked) < 60


def test_no_word_of_python_is_sent(live, jira):
    """Seen at pycontribs/jira #229: `maxResults=False`."""
    pulled(live, jira, times=2)
    sent = [value for asked in jira.server.asked for values in asked.query.values() for value in values]
    sent += re.findall(r": *(\w+)", " ".join(asked.body.decode() for asked in jira.server.asked))
    assert sent
    assert not {"False", "True", "None"} & set(sent)


def test_every_list_of_issues_is_ordered(live, jira):
    """Seen at perceval #89: without an order a pull that goes on loses what moved."""
    jira.page = 3
    pulled(live, jira, "census_hours = 24", times=2)
    listed = [jql for jql in searches(jira) if jql.startswith("project = ")]
    orders = {jql.rpartition(" ORDER BY ")[2] if " ORDER BY " in jql else "" for jql in listed}
    counted = {
        asked.json()["jql"]
        for asked in jira.server.asked
        if asked.path.endswith("/search") and asked.body and asked.json().get("maxResults") == 0
    }
    assert {jql for jql in listed if " ORDER BY " not in jql} <= counted
    assert orders - {""} <= {"key ASC", "issuekey ASC"}


def test_nothing_is_asked_that_only_writing_needs(live, jira):
    """Seen at pycontribs/jira #1699, #1729: `createmeta`."""
    pulled(live, jira)
    assert not [asked.path for asked in jira.server.asked if "createmeta" in asked.path]


def test_expired_token_is_no_empty_jira(live, jira):
    """Seen at MrRefactoring/jira.js #418, n8n #16325, raycast #27550."""
    world, _ = pulled(live, jira)
    before = set(world.records())
    jira.expired = True
    report = world.pull()
    assert report.error_kind == "permission_denied"
    assert set(world.records()) == before


def test_one_deleted_issue_does_not_end_the_pull(live, jira):
    """Seen at devlake #2226."""
    victim = next(issue for issue in jira.issues.values() if issue.summary == "Work 3")
    jira.before.append(lambda asked: jira.delete(victim) if b"*all" in asked.body and victim.id in jira.issues else None)
    _, report = pulled(live, jira)
    assert report.is_complete


def test_a_thousand_worklogs_of_one_moment_are_all_read(live, is_cloud):
    """Seen at tap-jira: a cursor of moments would stand still."""
    jira = small(FakeJira(cloud=is_cloud), issues=3)
    issue = next(iter(jira.issues.values()))
    jira.embedded = 20
    before = jira.now
    for _ in range(1_100):
        jira.log_work(issue, 60)
        jira.now = before
    world, report = pulled(live, jira)
    assert report.is_complete
    assert sum(f"'{issue.id}'" in row and "table='worklog'" in row for row in world.rows("worklog")) >= 1_100
    assert not [asked.path for asked in jira.server.asked if "worklog/updated" in asked.path]


# JQL


@pytest.mark.parametrize("key", ["AND", "OR", "EMPTY", "ORDER", "NULL"])
def test_projects_that_are_called_like_words_of_jql(live, is_cloud, key):
    jira = FakeJira(cloud=is_cloud)
    jira.project(key)
    jira.create(key, "Work")
    world, report = pulled(live, jira)
    assert report.is_complete, report
    assert {record.place for record in world.records().values() if record.key.startswith("issue:")} == {key}


def read_back(text):
    """A value of JQL as Jira reads it: None when it is none, or something follows it."""
    found = re.fullmatch(r'"((?:[^"\\]|\\["\\])*)"', text)
    return None if found is None else re.sub(r"\\(.)", r"\1", found[1])


@given(st.text(alphabet=[*string.printable.split("\t")[0], "é", "–", "项"]).filter(str.isprintable))
def test_a_value_is_read_back_as_it_is(value):
    """Whatever somebody calls a project, a component or a label, it stays one value."""
    assert read_back(quoted(value)) == value
    assert read_back(condition_of(Part(project="P", component=value or "x")).removeprefix("component = ")) == (value or "x")
    assert json.loads(json.dumps(quoted(value))) == quoted(value)


@pytest.mark.parametrize("value", ["a\nb", "a\x00", "a\u202eb", "\x7f"])
def test_characters_that_no_name_has_are_refused(value):
    with pytest.raises(Rejected):
        quoted(value)
