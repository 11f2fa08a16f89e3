"""Laws of pulling: nothing committed is lost, nothing half-written is seen, nothing is read twice."""

import gc
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from auditor.config.settings import Source
from auditor.connect.protocol import Record, Unchanged, Unread, Walked
from auditor.errors import AccessDenied, SourceUnavailable, StoreError
from auditor.snapshot.raw import RawStore

DAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = datetime(2026, 3, 9, 9, tzinfo=UTC)
CHILD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from auditor.config.settings import load_settings
from auditor.snapshot import pull as pulling
pulling._BATCH = 5
print("ready", flush=True)
pulling.pull(load_settings(Path(sys.argv[1])), now=lambda: datetime(2026, 3, 2, 9, tzinfo=UTC))
"""


def _fill(world, issue, risks):
    world.pages(*(issue(number, "ALPHA" if number % 3 else "BETA") for number in range(1, 120)), per_page=10)
    for name in ("Gamma", "Delta"):
        world.document(f"{name}/Risk Log.xlsx", risks)
        world.document(f"{name}/minutes.md", "# Minutes\n\n| Action | Owner |\n| --- | --- |\n| Call them | Anna Weber |\n")
    return world


def test_a_second_pull_reads_nothing_when_nothing_changed(world, issue, risks, content):
    _fill(world, issue, risks)
    first = world.pull()
    assert first.is_complete
    assert sum(source.new for source in first.sources) > 120
    before = content(world.build())
    second = world.pull()
    assert all((source.new, source.changed, source.unread, source.gone) == (0, 0, 0, 0) for source in second.sources)
    assert content(world.build()) == before


def test_a_second_pull_gives_what_a_first_one_gives(world, issue, risks):
    _fill(world, issue, risks)
    world.pull()
    issues = [issue(number, "ALPHA" if number % 3 else "BETA") for number in range(1, 119)]
    issues[4]["fields"]["summary"] = "Changed since"
    issues[4]["fields"]["updated"] = "2026-03-05T10:00:00.000+0000"
    world.pages(*issues, issue(200, "BETA"), per_page=10)
    world.document("Gamma/Risk Log.xlsx", risks[:3], at=1_750_000_000)
    (world.root / "Projects" / "Delta" / "minutes.md").unlink()
    report = world.pull(LATER)
    tracker, documents = report.sources
    assert (tracker.gone, documents.gone) == (1, 1)
    incremental = world.build()
    gone = duck(incremental, "work_item", "is_gone")
    assert gone == [("ALPHA-119",)]
    full = _elsewhere(world, LATER)
    for table in ("work_item", "risk", "artefact", "person", "product", "coverage", "completeness", "section"):
        # What was seen between the two pulls, no first pull can know.
        but = "table_name not in ('artefact_version', 'history_entry')" if table == "coverage" else "true"
        assert duck(incremental, table, f"not is_gone and {but}") == duck(full, table, but), table


def _elsewhere(world, at=DAY):
    """The snapshot of a first pull of the same sources into a store of its own."""
    os.environ["AUDITOR_STORE_PATH"] = str(world.root / "elsewhere")
    try:
        return world.snapshot(at)
    finally:
        del os.environ["AUDITOR_STORE_PATH"]


def duck(snapshot, table, where):
    import duckdb

    columns = "key" if where == "is_gone" else "*"
    return duckdb.sql(f"select {columns} from '{snapshot.file(table)}' where {where} order by all").fetchall()


@pytest.mark.parametrize("after", [0.0, 0.05, 0.15, 0.4])
def test_killing_a_pull_loses_nothing(world, issue, risks, content, after):
    _fill(world, issue, risks)
    expected = content(_elsewhere(world))
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(world.root)], stdout=subprocess.PIPE)
    assert child.stdout.readline() == b"ready\n"
    time.sleep(after)
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    report = world.pull()
    assert report.is_complete
    assert content(world.build()) == expected


def test_what_was_committed_before_the_kill_is_not_read_again(world, issue, risks):
    _fill(world, issue, risks)
    with RawStore(world.settings.store.path, "tracker", exclusive=True) as raw, raw.transaction():
        pass
    world.pull()
    raw = RawStore(world.settings.store.path, "tracker")
    raw._db.execute("update pull set finished_at = null")  # as a kill leaves it
    raw.close()
    with RawStore(world.settings.store.path, "tracker") as raw:
        state = raw.last_pull()
    assert state.error_kind == "interrupted"
    report = world.pull()
    assert report.sources[0].unchanged > 100
    assert report.sources[0].new == 0


def test_an_interrupted_pull_is_not_complete(world, issue, rows):
    world.pages(issue(1)).pull()
    with RawStore(world.settings.store.path, "tracker", exclusive=True) as raw:
        raw.begin(LATER)
    snapshot = world.build()
    assert rows(snapshot, "completeness", "is_complete, reason", "table_name = 'work_item'") == [(False, "interrupted")]


def test_two_pulls_at_once_are_refused(world, issue):
    world.pages(issue(1)).pull()
    with RawStore(world.settings.store.path, "tracker", exclusive=True) as raw:
        raw.begin(LATER)
        with pytest.raises(StoreError, match="another pull"):
            world.pull()


def test_a_damaged_raw_store_is_told(world, issue):
    world.pages(issue(1)).pull()
    file = world.settings.store.path / "raw" / "tracker.sqlite"
    for extra in file.parent.glob("tracker.sqlite-*"):
        extra.unlink()
    file.write_bytes(b"no database at all" * 100)
    with pytest.raises(StoreError, match="damaged"):
        world.pull()


def test_the_order_of_pages_does_not_matter(world, issue, content):
    issues = [issue(number) for number in range(1, 40)]
    world.pages(*issues, per_page=7)
    expected = content(_elsewhere(world))
    world.pages(*reversed(issues), per_page=40, packed=True)
    found = content(world.snapshot())
    # The manifest lists digests of what was pulled, pages included; the tables are the same.
    assert {name: data for name, data in found.items() if name != "manifest.json"} == {
        name: data for name, data in expected.items() if name != "manifest.json"
    }


def test_a_project_more_changes_nothing_for_the_others(world, issue, risks, rows):
    world.pages(issue(1), issue(2)).document("Gamma/Risk Log.xlsx", risks)
    before = {table: _of(rows, world.snapshot(), table) for table in ("work_item", "risk", "coverage", "completeness", "person", "match")}
    world.pages(issue(1), issue(2), issue(3, "OTHER", summary="The supplier leaves the market")).document("Omega/Risk Log.xlsx", risks)
    snapshot = world.snapshot()
    assert "OTHER" in snapshot.project_ids()
    for table, found in before.items():
        assert _of(rows, snapshot, table) == found, table


def _of(rows, snapshot, table):
    return rows(snapshot, table, where="project_id in ('ALPHA', 'Gamma')", order="all")


def test_a_file_that_was_renamed_goes_on_as_the_same_document(world, risks, rows):
    world.document("Gamma/Risks.xlsx", risks)
    first = rows(world.snapshot(), "artefact", "id, path, lineage_id")
    (world.root / "Projects" / "Gamma" / "Risks.xlsx").rename(world.root / "Projects" / "Gamma" / "Risk Log 2026.xlsx")
    snapshot = world.snapshot(LATER)
    second = rows(snapshot, "artefact", "id, path, lineage_id, is_gone")
    assert [(row[0], row[2]) for row in second] == [(row[0], row[2]) for row in first]
    assert second[0][1] == "Gamma/Risk Log 2026.xlsx"
    assert not second[0][3]


def test_what_vanished_is_gone_and_what_comes_back_is_there(world, issue, rows):
    world.pages(issue(1), issue(2)).pull()
    world.pages(issue(1)).pull(LATER)
    snapshot = world.build()
    assert rows(snapshot, "work_item", "key, is_gone", order="key") == [("ALPHA-1", False), ("ALPHA-2", True)]
    assert rows(snapshot, "work_item_history", "key, valid_to is null", "key = 'ALPHA-2' and valid_to is null") == []
    world.pages(issue(1), issue(2)).pull(LATER + timedelta(days=1))
    assert rows(world.build(), "work_item", "key, is_gone", order="key") == [("ALPHA-1", False), ("ALPHA-2", False)]


class Fake:
    """A connector that does as it is told."""

    def __init__(self, steps):
        self.steps = steps

    def pull(self, _scope, known):
        for step in self.steps:
            if isinstance(step, Exception):
                raise step
            if isinstance(step, Record) and known.fingerprint(step.key) == step.fingerprint:
                yield Unchanged(step.key)
            else:
                yield step

    def read(self, records):
        for _ in records:
            yield from ()


@pytest.mark.parametrize(("error", "kind"), [(AccessDenied("no"), "permission_denied"), (SourceUnavailable("off"), "source_error")])
def test_a_source_that_fails_costs_its_coverage_only(world, issue, rows, monkeypatch, error, kind):
    world.pages(issue(1))
    done = Record("A/1", "document", "A", {}, "1")
    steps = [done, Walked("A", True), Record("B/1", "document", "B", {}, "1"), error]
    connect = Source.connect
    monkeypatch.setattr(Source, "connect", lambda self: Fake(steps) if self.name == "documents" else connect(self))
    report = world.pull()
    assert [source.error_kind for source in report.sources] == ["", kind]
    assert not report.is_complete
    snapshot = world.build()
    found = rows(snapshot, "coverage", "project_id, is_complete, reason", "table_name = 'artefact'")
    assert found == [("A", True, None), ("B", False, kind)]
    assert rows(snapshot, "completeness", "is_complete", "table_name = 'work_item'") == [(True,)]


def test_an_incomplete_walk_declares_nothing_gone(world, monkeypatch, rows):
    steps = [Record("A/1", "document", "A", {}, "1"), Unread("A/2", "A", "A/2", "encrypted"), Walked("A", True), Walked("", True)]
    monkeypatch.setattr(Source, "connect", lambda _: Fake(steps))
    world.configure(base='[[source]]\nname = "documents"\nconnector = "fileshare"\nroot = "Projects"\n[store]\npath = "store"\n')
    assert world.pull().sources[0].gone == 0
    steps[:] = [Walked("A", False, "page_failed")]
    assert world.pull(LATER).sources[0].gone == 0
    assert [row[0] for row in rows(world.build(), "unreadable", "path")] == ["A/2"]
    steps[:] = [Walked("A", True)]
    assert world.pull(LATER + timedelta(days=1)).sources[0].gone == 2
    assert rows(world.build(), "unreadable", "path") == []


def test_a_place_that_is_no_longer_there_is_gone(world, monkeypatch):
    steps = [Record("A/1", "document", "A", {}, "1"), Record("B/1", "document", "B", {}, "1"), Walked("A", True), Walked("B", True)]
    steps.append(Walked("", True))
    monkeypatch.setattr(Source, "connect", lambda _: Fake(steps))
    world.configure(base='[[source]]\nname = "documents"\nconnector = "fileshare"\nroot = "Projects"\n[store]\npath = "store"\n')
    world.pull()
    steps[:] = [steps[0], Walked("A", True), Walked("", True)]
    assert world.pull(LATER).sources[0].gone == 1


def test_a_half_written_snapshot_is_never_seen(world, issue, monkeypatch, content):
    from auditor.snapshot import store

    world.pages(issue(1))
    before = world.snapshot()
    world.pages(issue(1), issue(2)).pull(LATER)
    calls = []

    def broken(*args):
        calls.append(args)
        if len(calls) > 3:
            raise KeyboardInterrupt
        return real(*args)

    real = store._to_parquet
    monkeypatch.setattr(store, "_to_parquet", broken)
    with pytest.raises(KeyboardInterrupt):
        world.build()
    assert store.open_snapshot(world.settings.store.path).id == before.id
    assert [file.name for file in Path(before.path).parent.iterdir() if file.name.startswith(".")] == []
    assert content(store.open_snapshot(world.settings.store.path)) == content(before)


def test_a_reading_that_was_left_ends_in_silence(world, issue, risks, monkeypatch):
    """An interrupted pull leaves a reading behind that is collected after the store was closed: nothing is printed then."""
    _fill(world, issue, risks).pull()
    said: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", said.append)
    with RawStore(world.settings.store.path, "tracker") as raw:
        reading = raw.records("ALPHA")
        next(reading)
    with RawStore(world.settings.store.path, "tracker", exclusive=True):
        pass  # and the file is free
    del reading
    gc.collect()
    assert said == []
