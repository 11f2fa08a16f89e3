"""All traffic with the fake is as Microsoft's document says, in both directions; a wrong request or answer is caught."""

import pytest

from auditor.connect.protocol import Scope
from tests.servers.contract import SPECS
from tests.servers.graph import FakeGraph, small

pytestmark = [
    pytest.mark.samples,
    pytest.mark.skipif(not SPECS.is_dir(), reason="the vendors' documents are not here"),
]


@pytest.fixture(scope="module")
def contract():
    from tests.servers.graph_contract import GraphContract

    return GraphContract()


def test_a_first_pull_and_others(live, contract):
    graph = small(FakeGraph(contract=contract))
    graph.page = 3
    graph.site("SUB", path="sites/ALPHA/SUB", parent=next(iter(graph.sites)))
    world = live(graph)
    drive = next(iter(graph.drives.values()))
    charter = next(item for item in drive.items.values() if item.name == "Charter.md")
    assert world.pull("subsites = true").is_complete
    graph.write(drive, charter, "# Another\n", by="bob", major=False)
    graph.check_out(drive, charter, "bob")
    folder = graph.folder(drive, "More")
    graph.file(drive, "In it.md", "# In it\n", folder)
    graph.delete(drive, next(item for item in drive.items.values() if item.name == "Note 1.md"))
    graph.strike(next(iter(graph.lists.values())).rows["1"])
    graph.enter(next(iter(graph.lists.values())).rows["2"], Likelihood="5")
    assert world.pull("subsites = true").is_complete
    graph.lists.pop(next(iter(graph.lists)))
    graph.forget_changes()
    assert world.pull("subsites = true").is_complete
    world.connector().diagnose(Scope())
    world.settings(sites=())
    assert world.connector().suggest().places
    assert world.pull(sites=()).is_complete
    assert sorted(set(graph.violations)) == []
    assert len({asked.path for asked in graph.server.asked}) > 20
    assert any(asked.path.endswith("/items/2/versions") for asked in graph.server.asked)


WRONG = [
    ("GET", "/drives/d/root/delta", {"$filter": ["name eq 'x'"]}, {"value": []}),
    ("GET", "/drives/d/root/delta", {"$top": ["many"]}, {"value": []}),
    ("GET", "/drives/d/items/i", {"$select": ["id,colour"]}, {"id": "i"}),
    ("GET", "/sites/s/lists/l/items/delta", {"$orderby": ["id"]}, {"value": []}),
    ("GET", "/sites/s/documents", {}, {"value": []}),
    ("GET", "/drives/d/items/i/versions", {"$orderby": ["name"]}, {"value": []}),
    ("POST", "/drives/d/root/delta", {}, {"value": []}),
]
WRONG_ANSWER = [
    ("GET", "/drives/d/items/i", {}, {"id": "i", "colour": "red"}),
    ("GET", "/drives/d/items/i", {}, {"id": 7}),
    ("GET", "/drives/d/root/delta", {}, {"value": {"id": "i"}}),
    ("GET", "/sites/s/drives", {}, {"value": [{"id": "i", "driveType": 3}]}),
    ("GET", "/sites/s/lists/l/columns", {}, {"value": [{"name": "x", "hidden": "no"}]}),
]


@pytest.mark.parametrize(("method", "path", "query", "answer"), WRONG + WRONG_ANSWER)
def test_what_is_wrong_is_caught(contract, method, path, query, answer):
    assert contract.violations(method, path, query, b"", 200, answer)


def test_what_is_right_is_not(contract):
    item = {"id": "i", "name": "n", "@microsoft.graph.downloadUrl": "https://x", "file": {"mimeType": "text/plain"}}
    assert contract.violations("GET", "/drives/d/items/i", {"$select": ["id,name,file"]}, b"", 200, item) == []
    assert contract.violations("GET", "/sites/contoso.sharepoint.com:/sites/ABC", {}, b"", 200, {"id": "s"}) == []


def test_a_client_that_drifts_is_caught(live, contract, monkeypatch):
    """The traffic itself is what is checked: one wrong name in one request fails it."""
    monkeypatch.setattr("auditor_connectors.sharepoint.library._WHOLE", "id,name,size,eTag,parentReference,file,publication,colour")
    graph = small(FakeGraph(contract=contract))
    live(graph).pull()
    assert any("$select" in told for told in graph.violations)


def test_a_fake_that_drifts_is_caught(live, contract):
    graph = small(FakeGraph(contract=contract))
    next(iter(graph.drives.values())).rights = [{"id": "1", "roles": "write"}]
    live(graph).pull()
    assert any("permissions" in told for told in graph.violations)
