"""All traffic with the fake is as Atlassian's published documents say, in both directions; a wrong request or answer is caught."""

import json

import pytest

from auditor.config.settings import load_settings
from auditor.connect.protocol import Scope
from tests.servers.contract import SPECS, Contract
from tests.servers.jira import FakeJira, small
from tests.servers.web import Reply, serving

pytestmark = [
    pytest.mark.samples,
    pytest.mark.skipif(not SPECS.is_dir(), reason="the vendors' documents are not here"),
]


def contract(*, cloud):
    if cloud:
        documents = {"jira-cloud-openapi.json": "", "jira-cloud-agile-openapi.json": ""}
        # The first request finds out which product it is, by the one path that both have; the second is public and undocumented.
        return Contract(documents, beyond=frozenset({"GET /rest/api/2/serverInfo", "GET /_edge/tenant_info"}))
    # The excerpt leaves members of groups out. It says of every field of an issue that it is an object, which even its examples are not.
    return Contract({"jira-dc-openapi.json": "/rest"}, beyond=frozenset({"GET /rest/api/2/group/member"}), loose={"IssueBean": "fields"})


@pytest.fixture
def jira(is_cloud):
    return small(FakeJira(cloud=is_cloud, contract=contract(cloud=is_cloud)), issues=12)


def test_a_first_pull_and_a_second(live, jira):
    jira.page, jira.embedded, jira.embedded_history, jira.bulk_changes = 5, 1, 1, 7
    issue = next(issue for issue in jira.issues.values() if issue.summary == "Work 3")
    for _ in range(3):
        jira.comment(issue)
        jira.log_work(issue)
    world = live(jira)
    assert world.pull().is_complete
    jira.rename(issue, "Another")
    jira.delete(next(iter(jira.issues.values())))
    assert world.pull().is_complete
    assert world.pull("census_hours = 24", 'places = ["ALPHA", "NOWHERE"]').walks
    world.connector().diagnose(Scope())
    jira.sprints.pop(next(iter(jira.sprints)))
    assert world.pull().is_complete
    assert jira.violations == []
    assert len({asked.path for asked in jira.server.asked}) > 20


GATEWAY = "/ex/jira/11111111-2222-3333-4444-555555555555"


@pytest.mark.parametrize(
    ("cloud", "context", "lines", "scheme"),
    [
        (True, "", (), "Basic"),
        (True, GATEWAY, ("scoped = true",), "Basic"),
        (True, GATEWAY, ("scoped = true", 'user = ""'), "Bearer"),
        (False, "/jira", (), "Bearer"),
        (False, "", ('user = "ann"',), "Basic"),
    ],
    ids=["site", "gateway", "gateway for a service account", "Data Center", "Data Center with a password"],
)
def test_every_way_to_sign_in(live, cloud, context, lines, scheme):
    """A scoped token works through the gateway only: the site is asked for its id as by a stranger, and for nothing else."""
    jira = small(FakeJira(cloud=cloud, context=context, contract=contract(cloud=cloud)), issues=2)
    world = live(jira)
    if any(line.startswith("user") for line in lines):
        settings = world.settings
        world.settings = lambda *more, store=".auditor": settings_with(settings, world, more, store)
    with serving(lambda _: Reply({"cloudId": GATEWAY.rpartition("/")[2]})) as site:
        if context == GATEWAY:
            lines = (*lines, f'gateway = "{jira.server.url}"')
            jira.url = site.url
        world.lines = lines
        assert world.pull(*(line for line in lines if not line.startswith("user"))).is_complete
        assert [asked.path for asked in site.asked] == (["/_edge/tenant_info"] if context == GATEWAY else [])
        assert all("authorization" not in asked.headers for asked in site.asked)
    assert {asked.headers["authorization"].split()[0] for asked in jira.server.asked} == {scheme}
    assert jira.violations == []


def settings_with(make, world, lines, store):
    """The configuration with another user, or with none."""
    make(*lines, store=store)
    file = world.folder / "auditor.toml"
    kept = [line for line in file.read_text("utf-8").splitlines() if not line.startswith("user = ")]
    wanted = [line for line in world.lines if line.startswith("user") and line != 'user = ""']
    file.write_text("\n".join([*kept, *wanted]), "utf-8")
    return load_settings(world.folder)


def test_without_the_bulk_history(live):
    jira = small(FakeJira(contract=contract(cloud=True)))
    jira.faults.append(lambda asked: Reply({}, 403) if "changelog/bulkfetch" in asked.path else None)
    assert live(jira).pull().is_complete
    assert any(asked.path.endswith("/changelog") for asked in jira.server.asked)
    assert jira.violations == []


WRONG_CLOUD = [
    ("POST", "/rest/api/3/search/jql", {}, {"jql": "project = X", "startAt": 50}, {"issues": []}),
    ("POST", "/rest/api/3/search/jql", {}, {"jql": "project = X", "validateQuery": True}, {"issues": []}),
    ("POST", "/rest/api/3/search/jql", {}, {"jql": "project = X", "expand": ["names"]}, {"issues": []}),
    ("POST", "/rest/api/3/changelog/bulkfetch", {}, {"issueIdsOrKeys": ["1"], "maxResults": 10_001}, {"issueChangeLogs": []}),
    ("POST", "/rest/api/3/changelog/bulkfetch", {}, {"maxResults": 10}, {"issueChangeLogs": []}),
    ("GET", "/rest/api/3/project/search", {"startAt": ["x"]}, None, {"values": []}),
    ("GET", "/rest/api/3/issue/X-1/comment", {"page": ["2"]}, None, {"comments": []}),
    ("GET", "/rest/api/3/no/such", {}, None, {}),
]
WRONG_ANSWER = [
    ("POST", "/rest/api/3/search/jql", {}, {"jql": "project = X"}, {"issues": [], "total": 3}),
    ("GET", "/rest/api/3/myself", {}, None, {"accountId": 7}),
    ("GET", "/rest/api/3/field", {}, None, {"values": []}),
]


@pytest.mark.parametrize(("method", "path", "query", "body", "answer"), WRONG_CLOUD + WRONG_ANSWER)
def test_what_is_wrong_is_caught(method, path, query, body, answer):
    packed = b"" if body is None else json.dumps(body).encode()
    assert contract(cloud=True).violations(method, path, query, packed, 200, answer)


def test_what_is_right_is_not():
    body = json.dumps({"jql": "project = X", "maxResults": 5000, "fields": ["updated"]}).encode()
    assert (
        contract(cloud=True).violations(
            "POST", "/rest/api/3/search/jql", {}, body, 200, {"issues": [{"id": "1", "key": "X-1"}], "isLast": True}
        )
        == []
    )


def test_a_fake_that_drifts_is_caught(live):
    jira = small(FakeJira(contract=contract(cloud=True)))
    jira.epoch_history = True  # Atlassian's own example does so, against its schema
    assert live(jira).pull().is_complete
    assert any("changelog/bulkfetch" in told for told in jira.violations)
