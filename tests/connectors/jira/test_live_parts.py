"""Several projects in one Jira project: each issue belongs to one of them, also when it changes from one to the other."""

import random

import pytest

from auditor.snapshot.build import build_snapshot
from auditor.snapshot.documents.read import load_document_words
from tests.servers.jira import FakeJira

PARTS = (
    'parts.PORTAL = {project = "WEB", component = "Portal"}',
    'parts.SHOP = {project = "WEB", label = "shop"}',
    'parts.REST = {project = "WEB", jql = "labels is EMPTY"}',
)


@pytest.fixture
def web(live, is_cloud):
    jira = FakeJira(cloud=is_cloud)
    jira.project("WEB")
    jira.project("OTHER")
    portal = jira.component("WEB", "Portal")
    for number in range(12):
        components, labels = [[portal], [], []][number % 3], [[], ["shop"], ["else"]][number % 3]
        jira.create("WEB", f"Work {number}", components=components, labels=labels)
    jira.create("OTHER", "Elsewhere")
    world = live(jira)
    world.portal = portal
    return world


def places(world):
    return {
        record.payload["documents"][0]["fields"]["summary"]: record.place
        for record in world.records().values()
        if record.kind == "jira.issue"
    }


def expected(world):
    """Each issue by the first part that claims it; what none claims is nowhere."""
    found = {}
    for issue in world.jira.issues.values():
        if issue.project == "OTHER":
            found[issue.summary] = "OTHER"
        elif world.portal in issue.components:
            found[issue.summary] = "PORTAL"
        elif "shop" in issue.labels:
            found[issue.summary] = "SHOP"
        elif not issue.labels:
            found[issue.summary] = "REST"
    return found


def test_each_issue_belongs_to_one_part(web):
    report = web.pull(*PARTS)
    assert report.is_complete, report
    assert {walk.place for walk in report.walks} == {"", "OTHER", "PORTAL", "SHOP", "REST"}
    assert places(web) == expected(web)
    assert set(places(web).values()) == {"OTHER", "PORTAL", "SHOP"}


@pytest.mark.parametrize("seed", range(3))
def test_what_changes_from_part_to_part_is_where_it_is_now(web, seed):
    draw = random.Random(seed)
    web.pull(*PARTS)
    for _ in range(3):
        for _ in range(6):
            issue = draw.choice(list(web.jira.issues.values()))
            if draw.random() < 0.2:
                web.jira.move(issue, "OTHER" if issue.project == "WEB" else "WEB")
            elif issue.project == "WEB":
                web.jira.put_into(issue, draw.choice([[], [web.portal]]), draw.choice([[], ["shop"], ["else"]]))
        assert web.pull(*PARTS).is_complete
        assert places(web) == expected(web)


def test_an_issue_of_a_part_that_is_only_late_in_the_search_is_not_gone(web):
    web.pull(*PARTS)
    number = next(issue.id for issue in web.jira.issues.values() if "shop" in issue.labels)
    del web.jira.indexed[number]
    if web.jira.cloud:  # Data Center answers by id from the same index
        assert web.pull(*PARTS).gone == 0
    web.jira.index()
    web.pull(*PARTS)
    assert places(web) == expected(web)


def told(world, place, table):
    """The rows of a table, and why it is not complete; None: nothing is said about it."""
    from auditor.connect.protocol import Fact, Filled

    records = [record for record in world.records().values() if record.place == place]
    items = [item for _, item in world.connector(*PARTS).read(records)]
    rows = {item.id: item.values for item in items if isinstance(item, Fact) and item.table == table}
    return rows, next((item.reason for item in items if isinstance(item, Filled) and item.table == table), None)


def test_what_belongs_to_the_whole_jira_project_is_shared(web):
    """Versions and sprints are those that the part's issues name; boards and roles are of every part."""
    jira = web.jira
    board = jira.board("WEB")
    mine, others = jira.sprint(board, "Portal's sprint"), jira.sprint(board, "Shop's sprint")
    used, unused, old = (jira.version("WEB", name) for name in ("1.0", "2.0", "0.9"))
    jira.versions[old]["released"] = True
    portal = [issue for issue in jira.issues.values() if web.portal in issue.components]
    shop = [issue for issue in jira.issues.values() if "shop" in issue.labels]
    portal[0].versions = [used]
    jira.into_sprint(portal[0], mine)
    jira.into_sprint(shop[0], others)
    assert web.pull(*PARTS).is_complete
    assert told(web, "PORTAL", "milestone") == ({used: told(web, "PORTAL", "milestone")[0][used]}, "shared_with_other_projects")
    assert set(told(web, "PORTAL", "sprint")[0]) == {str(mine)}
    assert set(told(web, "SHOP", "sprint")[0]) == {str(others)}
    assert told(web, "PORTAL", "sprint")[1] == ""
    assert len(told(web, "PORTAL", "board_column")[0]) == len(told(web, "SHOP", "board_column")[0]) == 3
    del jira.versions[unused]
    web.pull(*PARTS)
    assert told(web, "PORTAL", "milestone")[1] == ""
    assert told(web, "SHOP", "milestone") == ({}, None)


def test_only_the_parts_that_are_asked_for(web):
    report = web.pull(*PARTS, 'places = ["PORTAL"]')
    assert {walk.place for walk in report.walks} == {"", "PORTAL"}
    assert set(places(web).values()) == {"PORTAL"}


def test_a_part_that_cannot_be_listed_gives_nothing_to_those_after_it(web):
    web.pull(*PARTS)
    web.jira.faults.append(lambda asked: None if b"component" not in asked.body else fault())
    report = web.pull(*PARTS)
    walks = {walk.place: walk.is_complete for walk in report.walks}
    assert walks == {"": True, "OTHER": True, "PORTAL": False, "SHOP": False, "REST": False}
    assert places(web) == expected(web)


def fault():
    from tests.servers.web import Reply

    return Reply({"errorMessages": ["The value 'Portal' does not exist for the field 'component'."]}, 400)


def test_each_part_is_a_project_of_its_own(web):
    web.pull(*PARTS)
    snapshot = build_snapshot(web.settings(*PARTS), load_document_words(()))
    assert {"PORTAL", "SHOP", "OTHER"} <= set(snapshot.project_ids())
    assert "WEB" not in snapshot.project_ids()
