"""A pull of a tenant, and what it says."""

from tests.servers.graph import FakeGraph, small


def test_a_first_pull_brings_everything(live):
    world = live(small(FakeGraph()))
    report = world.pull()
    assert report.is_complete, report
    assert {walk.place for walk in report.walks} == {"", "ALPHA", "BETA"}
    kinds = sorted(record.kind for record in world.records().values())
    assert kinds.count("sharepoint.file") == 8
    assert kinds.count("sharepoint.list") == 2
    assert not world.unread()
    assert world.graph.leaks == []
