"""Lists keep how their rows were: a register in a list has a past, told by whom and when, and only where nothing of it is missing."""

from datetime import UTC, date, datetime, timedelta

import pytest

from auditor.connect.protocol import Parsed
from auditor.model.schema import TABLES
from auditor.snapshot.build import build_snapshot
from auditor.snapshot.documents.read import load_document_words
from tests.connectors.sharepoint.test_items import rows_of
from tests.servers.graph import PENDING, FakeGraph, small
from tests.servers.web import Reply

pytestmark = pytest.mark.usefixtures("here")


def register(graph):
    listed = next(iter(graph.lists.values()))
    return listed, listed.rows["1"], listed.rows["2"]


def later(graph, **step):
    graph.now += timedelta(**step)


def edited(graph):
    """A register whose first entry went up, got another owner, and was closed."""
    listed, first, _ = register(graph)
    later(graph, days=3)
    graph.enter(first, by="ann", Likelihood="5")
    later(graph, days=4)
    graph.enter(first, by="cem", Risk_x0020_OwnerLookupId="3", RiskStatus="Closed")
    return listed, first


def entries(snapshot, row_id="1", place="ALPHA"):
    rows = [row for row in rows_of(snapshot, "history_entry", place) if row["table_name"] == "risk" and row["row_id"] == row_id]
    return sorted((row["at"], row["field"], row["from_code"] or row["from_value"], row["to_code"] or row["to_value"]) for row in rows), rows


def built(world, *lines):
    return build_snapshot(world.settings(*lines), load_document_words())


def completeness(snapshot, table, place="ALPHA"):
    return next(row for row in rows_of(snapshot, "completeness", place) if row["table_name"] == table)


def asked_for_versions(graph):
    return sorted(
        asked.path.rpartition("/items/")[2] for asked in graph.server.asked if "/lists/" in asked.path and "versions" in asked.path
    )


def test_what_was_changed_when_and_by_whom(live):
    graph = small(FakeGraph())
    created = register(graph)[1].at
    edited(graph)
    world = live(graph)
    assert world.pull().is_complete
    snapshot = built(world)
    told, rows = entries(snapshot)
    assert [(field, before, after) for _, field, before, after in told] == [
        ("likelihood", "3", "5"),
        ("owner_id", "name:ann-archer", "name:carter-cem"),
        ("status", "proposed", "closed"),
    ]
    first, second = told[0][0], told[1][0]
    assert second - first >= timedelta(days=4)
    assert {row["origin"] for row in rows} == {"source_log"}
    assert {(row["field"], row["by_id"]) for row in rows} == {
        ("likelihood", "name:ann-archer"),
        ("owner_id", "name:carter-cem"),
        ("status", "name:carter-cem"),
    }
    assert len({row["edit_id"] for row in rows}) == 2
    past = sorted(
        (row["valid_from"], row["likelihood"], row["owner_id"]) for row in rows_of(snapshot, "risk_history", "ALPHA") if row["id"] == "1"
    )
    assert list(dict.fromkeys((likelihood, owner) for _, likelihood, owner in past)) == [
        (3, "name:ann-archer"), (5, "name:ann-archer"), (5, "name:carter-cem"),
    ]  # fmt: skip
    assert completeness(snapshot, "risk")["history_from"] == created.date()
    assert completeness(snapshot, "history_entry")["is_complete"] is True


def test_whom_nobody_names_is_unknown_and_not_nobody(live, monkeypatch):
    graph = small(FakeGraph())
    edited(graph)
    world = live(graph)
    world.pull()
    monkeypatch.setattr("auditor_connectors.sharepoint.lists._who", lambda _: None)
    _, rows = entries(built(world))
    mask = TABLES["history_entry"].by_name["by_id"].mask
    assert [(row["by_id"], bool(row["unknown_bits"] & mask)) for row in rows] == [(None, True)] * 3


def test_an_entry_that_nobody_changed_was_always_so(live):
    graph = small(FakeGraph())
    edited(graph)
    world = live(graph)
    world.pull()
    snapshot = built(world)
    past = [row for row in rows_of(snapshot, "risk_history", "ALPHA") if row["id"] == "2"]
    assert {(row["likelihood"], row["impact"]) for row in past} == {(3, 4)}
    assert entries(snapshot, "2")[0] == []


def test_only_rows_that_changed_are_asked_for_their_versions(live):
    graph = small(FakeGraph())
    listed, first = edited(graph)
    world = live(graph)
    world.pull()
    assert asked_for_versions(graph) == ["1/versions"]
    graph.server.asked.clear()
    world.pull()
    assert asked_for_versions(graph) == []
    graph.enter(listed.rows["2"], Impact="5")
    world.pull()
    assert asked_for_versions(graph) == ["2/versions"]
    graph.strike(first)
    world.pull()
    assert not any(key.startswith("row:") and key.endswith(":1") for key in world.records())
    assert world.rows() == world.whole()


def test_a_list_that_keeps_no_versions_tells_no_past(live):
    """All its rows stay in 1.0, whatever people change."""
    graph = small(FakeGraph())
    listed, first, second = register(graph)
    listed.keeps = 0
    later(graph, days=3)
    graph.enter(first, Likelihood="5")
    world = live(graph)
    assert world.pull().is_complete
    assert asked_for_versions(graph) == []
    snapshot = built(world)
    assert completeness(snapshot, "risk")["is_complete"] is True
    assert completeness(snapshot, "risk")["history_from"] is None
    assert completeness(snapshot, "history_entry")["reason"] == "no_history"
    before = [
        row for row in rows_of(snapshot, "risk_history", "ALPHA") if row["id"] == "1" and row["valid_from"].replace(tzinfo=UTC) < first.at
    ]
    assert {row["likelihood"] for row in before} <= {None}
    assert second.version == 1


@pytest.mark.parametrize("keeps", [2, 50])
def test_a_past_that_was_trimmed_is_not_whole(live, keeps):
    graph = small(FakeGraph())
    listed, _, _ = register(graph)
    listed.keeps = keeps
    edited(graph)
    world = live(graph)
    world.pull()
    snapshot = built(world)
    assert (completeness(snapshot, "risk")["history_from"] is None) == (keeps == 2)
    assert completeness(snapshot, "history_entry")["is_complete"] is (keeps == 50)
    assert {field for _, field, _, _ in entries(snapshot)[0]} == (
        {"owner_id", "status"} if keeps == 2 else {"likelihood", "owner_id", "status"}
    )


def test_a_version_that_was_written_over_is_no_beginning(live):
    graph = small(FakeGraph())
    listed, first, _ = register(graph)
    listed.keeps = 0
    later(graph, days=3)
    graph.enter(first, Likelihood="5")
    listed.keeps = 50
    later(graph, days=3)
    graph.enter(first, Likelihood="4")
    world = live(graph)
    world.pull()
    snapshot = built(world)
    assert [(before, after) for _, _, before, after in entries(snapshot)[0]] == [("5", "4")]
    assert completeness(snapshot, "risk")["history_from"] is None


@pytest.mark.parametrize("status", [403, 404])
def test_versions_that_may_not_be_read_leave_the_past_unknown(live, status):
    graph = small(FakeGraph())
    edited(graph)
    world = live(graph)
    graph.faults.append(
        lambda asked: Reply({"error": {"code": "accessDenied"}}, status) if "/lists/" in asked.path and "versions" in asked.path else None
    )
    assert world.pull().is_complete
    snapshot = built(world)
    assert entries(snapshot)[0] == []
    assert completeness(snapshot, "risk")["is_complete"] is True
    assert completeness(snapshot, "risk")["history_from"] is None
    graph.faults.clear()
    graph.enter(register(graph)[2], Impact="5")
    world.pull()
    assert {field for _, field, _, _ in entries(built(world))[0]} == {"likelihood", "owner_id", "status"}


def test_versions_that_nobody_wants_are_not_asked_for(live):
    graph = small(FakeGraph())
    edited(graph)
    world = live(graph)
    world.pull("versions = 0")
    assert asked_for_versions(graph) == []
    assert completeness(built(world, "versions = 0"), "risk")["history_from"] is None
    world.pull()
    assert asked_for_versions(graph) == ["1/versions"]
    world.pull("versions = 0")
    assert not any(key.startswith("row:") for key in world.records())


def test_what_pulls_saw_is_not_told_twice(live):
    """The list changed between two pulls, which see it by comparing, and keeps it, too."""
    graph = small(FakeGraph())
    _, first, _ = register(graph)
    world = live(graph)
    world.pull()
    later(graph, days=1)
    graph.enter(first, by="ann", Likelihood="5")
    world.pull()
    _, rows = entries(built(world))
    assert [(row["field"], row["origin"], row["by_id"]) for row in rows] == [("likelihood", "source_log", "name:ann-archer")]


def test_what_pulls_saw_of_a_list_without_versions_is_told(live):
    graph = small(FakeGraph())
    listed, first, _ = register(graph)
    listed.keeps = 0
    world = live(graph)
    world.pull()
    later(graph, days=1)
    graph.enter(first, by="ann", Likelihood="5")
    world.pull()
    _, rows = entries(built(world))
    assert [(row["field"], row["origin"], row["by_id"]) for row in rows] == [("likelihood", "observed", None)]


def test_a_row_that_is_edited_while_it_is_read(live):
    """Its versions hold one that the list did not show yet: that is of the next pull."""
    graph = small(FakeGraph())
    _, first = edited(graph)
    world = live(graph)
    once = iter([True])

    def disturb(asked):
        if "/lists/" in asked.path and "versions" in asked.path and next(once, False):
            graph.enter(first, Impact="1")

    graph.before.append(disturb)
    assert world.pull().is_complete
    assert {field for _, field, _, _ in entries(built(world))[0]} == {"likelihood", "owner_id", "status"}
    assert world.pull().is_complete
    assert {field for _, field, _, _ in entries(built(world))[0]} == {"likelihood", "owner_id", "status", "impact"}


def test_more_versions_than_are_wanted(live):
    graph = small(FakeGraph())
    edited(graph)
    graph.page = 1
    world = live(graph)
    world.pull("versions = 2")
    past = next(item for item in world.items("versions = 2") if isinstance(item, Parsed) and item.past is not None).past
    assert not past.is_whole
    assert [edition.version for edition in past.editions if edition.key == "1"] == ["2.0", "3.0"]


def test_a_list_that_is_gone_takes_its_past_with_it(live):
    graph = small(FakeGraph())
    edited(graph)
    world = live(graph)
    world.pull()
    assert any(key.startswith("row:") for key in world.records())
    graph.lists.pop(next(iter(graph.lists)))
    world.pull()
    assert not any(key.startswith("row:") for key in world.records())


def test_the_trap_of_approval_is_one_for_the_past_as_well(live):
    graph = small(FakeGraph())
    listed, first = edited(graph)
    listed.has_approval = True
    first.moderation = PENDING
    world = live(graph)
    world.pull()
    snapshot = built(world)
    assert completeness(snapshot, "risk")["is_complete"] is False
    assert completeness(snapshot, "history_entry")["is_complete"] is False


def test_the_days_of_the_past_are_moments(live):
    graph = small(FakeGraph())
    edited(graph)
    world = live(graph)
    world.pull()
    moments = {at for at, *_ in entries(built(world))[0]}
    assert all(isinstance(at, datetime) for at in moments)
    assert {at.date() for at in moments} >= {date(2026, 1, 4), date(2026, 1, 8)}
