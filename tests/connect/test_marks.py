"""Where the next pull begins is kept with a complete walk only; walks that list changes leave the rest alone."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from auditor.config.settings import Settings, Source, Store
from auditor.connect.protocol import Expected, Gone, Mark, Record, Unchanged, Walked
from auditor.errors import SourceUnavailable
from auditor.snapshot import pull as pulling
from auditor.snapshot.raw import RawStore


class Options(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Scripted:
    """Yields what it was given; an exception in its place."""

    name = "scripted"
    Options = Options

    def __init__(self):
        self.script = []
        self.marks_seen = []

    def pull(self, scope, known):  # noqa: ARG002  (the protocol's signature)
        self.marks_seen.append(known.watermark("changes"))
        for thing in self.script:
            if isinstance(thing, BaseException):
                raise thing
            yield thing

    def read(self, records):  # noqa: ARG002  (the protocol's signature)
        yield from ()


@pytest.fixture
def world(tmp_path: Path, monkeypatch):
    connector = Scripted()
    source = Source("one", "scripted", Options(), tmp_path, "folders")
    monkeypatch.setattr(Source, "connect", lambda _: connector)
    settings = Settings(tmp_path / "auditor.toml", Store(path=tmp_path / "store"), (source,))
    steps = []

    def run(*script):
        connector.script = script
        return pulling.pull(settings, progress=steps.append).sources[0]

    run.connector, run.steps, run.store = connector, steps, settings.store.path
    return run


def record(key, place="P", text="x"):
    return Record(key, "thing", place, {"text": text}, text, content_hash=f"{key}{text}")


def live(world):
    with RawStore(world.store, "one") as raw:
        return {rec.key: rec.payload["text"] for place in raw.places() for rec, seen in raw.records(place) if seen.gone_at is None}


def test_a_mark_is_kept_when_its_place_was_walked_completely(world):
    world(record("a"), Mark("P", "changes", "link-1"), Walked("P", is_complete=True), Walked("", is_complete=True))
    world(Mark("P", "changes", "link-2"), Walked("P", is_complete=False, reason="page_failed"), Walked("", is_complete=True))
    world(Mark("P", "changes", "link-3"), SourceUnavailable("gone away"))
    world(Mark("P", "changes", "link-4"))
    world()
    assert world.connector.marks_seen == [None, "link-1", "link-1", "link-1", "link-1"]


def test_a_pull_that_is_stopped_keeps_no_mark(world):
    with pytest.raises(KeyboardInterrupt):
        world(record("a"), Mark("P", "changes", "link-1"), Walked("P", is_complete=True), KeyboardInterrupt())
    world()
    assert world.connector.marks_seen == [None, None]
    assert live(world) == {"a": "x"}


def test_a_walk_of_changes_leaves_the_rest_alone(world):
    world(record("a"), record("b"), record("c"), Walked("P", is_complete=True), Walked("", is_complete=True))
    report = world(
        record("b", text="y"), Gone("c"), Gone("nobody"), Walked("P", is_complete=True, is_delta=True), Walked("", is_complete=True)
    )
    assert live(world) == {"a": "x", "b": "y"}
    assert (report.changed, report.gone) == (1, 1)
    world(Unchanged("a"), Walked("P", is_complete=True), Walked("", is_complete=True))
    assert live(world) == {"a": "x"}


def test_what_came_back_is_there(world):
    world(record("a"), Walked("P", is_complete=True), Walked("", is_complete=True))
    world(Gone("a"), Walked("P", is_complete=True, is_delta=True), Walked("", is_complete=True))
    assert live(world) == {}
    world(record("a"), Walked("P", is_complete=True, is_delta=True), Walked("", is_complete=True))
    assert live(world) == {"a": "x"}


def test_what_moved_to_another_place_is_not_gone(world):
    world(record("a"), record("b"), Walked("P", is_complete=True), Walked("Q", is_complete=True), Walked("", is_complete=True))
    world(
        record("a", place="Q", text="y"),
        Unchanged("b"),
        Walked("P", is_complete=True),
        Walked("Q", is_complete=True),
        Walked("", is_complete=True),
    )
    assert live(world) == {"a": "y", "b": "x"}


def test_progress_knows_how_many_will_come(world):
    world(Expected("P", 2), Expected("Q", 1), record("a"), record("b"), record("c", place="Q"))
    assert [(step.place, step.done, step.total) for step in world.steps] == [("P", 1, 3), ("P", 2, 3), ("Q", 3, 3)]


def test_a_store_of_an_earlier_auditor_has_no_marks_yet(world):
    world(record("a"))
    with sqlite3.connect(world.store / "raw" / "one.sqlite") as database:
        database.execute("drop table mark")
    database.close()
    with RawStore(world.store, "one", exclusive=True) as raw:
        raw.begin(datetime(2026, 1, 1, tzinfo=UTC))
        assert raw.watermark("changes") is None
        with raw.transaction():
            raw.mark(Mark("", "changes", "link"))
        assert raw.watermark("changes") == "link"
