"""Whatever people do while pulls run, and whenever a pull is killed: the last pull says what a first pull says."""

import multiprocessing
import os
import random
import shutil
import signal
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.config.settings import load_settings
from auditor.snapshot.build import build_snapshot
from auditor.snapshot.documents.read import load_document_words
from auditor.snapshot.pull import pull
from auditor.snapshot.raw import RawStore
from auditor.snapshot.store import open_snapshot, snapshot_ids, verify_snapshot
from tests.connectors.jira.conftest import Live
from tests.servers.jira import FakeJira, edit, serving_jira, small
from tests.servers.web import Reply

IS_DEEP = os.environ.get("LAWS") == "deep"


@settings(max_examples=400 if IS_DEEP else 12, derandomize=not IS_DEEP)
@given(
    is_cloud=st.booleans(),
    seed=st.integers(0, 10**6),
    pulls=st.integers(1, 3),
    often=st.floats(0, 0.5),
    page=st.integers(2, 9),
    census=st.sampled_from(["0", "24"]),
    late=st.booleans(),
)
def test_edits_at_any_moment_leave_the_truth(is_cloud, seed, pulls, often, page, census, late):
    """Edits between and during pulls, some of them late in the search, by changes or by complete lists: then a last pull."""
    draw = random.Random(seed)
    with ExitStack() as stack:
        jira = small(FakeJira(cloud=is_cloud), issues=5)
        jira.page, jira.late = page, late
        jira.index()
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        world = Live(stack.enter_context(serving_jira(jira)), folder)

        def disturb(_):
            if draw.random() < often:
                edit(jira, draw)
            if draw.random() < 0.1:
                jira.index()

        jira.before.append(disturb)
        for _ in range(pulls):
            world.pull(f"census_hours = {census}")
            for _ in range(draw.randrange(6)):
                edit(jira, draw)
        jira.before.clear()
        jira.index()
        jira.late = False
        report = world.pull("census_hours = 0")
        assert report.is_complete, report
        assert world.rows() == world.whole()


def _pull_in_a_process(folder: str, text: str) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # what a shell put into the background ignores it
    os.environ["JIRA_TEST_TOKEN"] = "t0ken-of-nobody-else"
    Path(folder, "auditor.toml").write_text(text, "utf-8")
    pull(load_settings(Path(folder)))


def _pull_and_build_in_a_process(folder: str, text: str) -> None:
    _pull_in_a_process(folder, text)
    build_snapshot(load_settings(Path(folder)), load_document_words(()))


def _context():
    """Processes that begin with everything loaded: what is killed is a pull, not the start of Python."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(
        ["auditor.config.settings", "auditor.snapshot.build", "auditor_connectors.jira", "requests", "duckdb", __name__]
    )
    return context


@pytest.mark.parametrize("kills", [200 if IS_DEEP else 8])
def test_a_killed_pull_goes_on_where_it_was(live, is_cloud, tmp_path, kills):
    """SIGKILL at random moments: what was read stays, nothing is concluded, and the pull that comes to its end says everything."""
    draw = random.Random(kills)
    jira = small(FakeJira(cloud=is_cloud), issues=60)
    world = live(jira)
    world.settings()
    text = (tmp_path / "auditor.toml").read_text("utf-8")
    context = _context()
    warm = context.Process(target=int)  # starts the server of processes
    warm.start()
    warm.join()
    begun = time.monotonic()
    whole = context.Process(target=_pull_and_build_in_a_process, args=(str(tmp_path), text))
    (tmp_path / ".auditor").mkdir()
    whole.start()
    whole.join()
    longest = time.monotonic() - begun
    shutil.rmtree(tmp_path / ".auditor")
    (tmp_path / ".auditor").mkdir()
    kept = set()
    killed = 0
    for number in range(kills):
        process = context.Process(target=_pull_and_build_in_a_process, args=(str(tmp_path), text))
        process.start()
        time.sleep(longest * draw.uniform(0.02, 1.0))
        process.kill()
        process.join()
        killed += process.exitcode == -signal.SIGKILL
        for name in snapshot_ids(tmp_path / ".auditor"):
            verify_snapshot(open_snapshot(tmp_path / ".auditor", name))
        if number % 3 == 0:
            edit(jira, draw)
        if (tmp_path / ".auditor" / "raw" / "tracker.sqlite").exists():
            now = set(world.records())
            assert {key for key in kept - now if int(key.removeprefix("issue:")) in jira.issues} == set()
            kept = now
    assert killed > kills / 3
    report = world.pull()
    assert report.is_complete
    assert world.rows() == world.whole()


def test_a_second_pull_after_a_killed_one_reads_the_rest_only(live, monkeypatch):
    jira = FakeJira()
    jira.project("ALPHA")
    for number in range(1000):
        jira.create("ALPHA", f"Work {number}")
    world = live(jira)
    keep = RawStore.keep
    written = []

    def interrupted(self, thing):
        written.append(thing)
        if len(written) > 500:
            raise KeyboardInterrupt
        return keep(self, thing)

    monkeypatch.setattr(RawStore, "keep", interrupted)
    with pytest.raises(KeyboardInterrupt):
        world.pull()
    monkeypatch.setattr(RawStore, "keep", keep)
    held = len(world.records())
    assert 0 < held < 1000
    before = len(jira.server.asked)
    report = world.pull()
    assert report.is_complete
    asked = [len(item.json()["issueIdsOrKeys"]) for item in jira.server.asked[before:] if "issue/bulkfetch" in item.path]
    assert sum(asked) == 1000 - held
    assert len(world.records()) == 1001


@pytest.mark.parametrize("path", ["serverInfo", "search", "bulkfetch"])
def test_an_interrupted_pull_ends_at_once_though_the_jira_asks_to_wait(live, tmp_path, path):
    jira = small(FakeJira(), issues=10)
    world = live(jira)
    world.settings()
    text = (tmp_path / "auditor.toml").read_text("utf-8")
    jira.faults.append(lambda asked: Reply({}, 429, {"Retry-After": "600"}) if path in asked.path else None)
    process = _context().Process(target=_pull_in_a_process, args=(str(tmp_path), text))
    process.start()
    for _ in range(300):
        if any(path in asked.path for asked in jira.server.asked):
            break
        time.sleep(0.1)
    time.sleep(0.5)
    begun = time.monotonic()
    os.kill(process.pid, signal.SIGINT)
    process.join(30)
    assert not process.is_alive()
    assert time.monotonic() - begun < 20
    jira.faults.clear()
    assert world.pull().is_complete
