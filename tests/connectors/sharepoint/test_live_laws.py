"""Whatever people do while pulls run, and whenever a pull is killed: the last pull says what a first pull says."""

import multiprocessing
import os
import random
import signal
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.config.settings import load_settings
from auditor.snapshot.pull import pull
from auditor_connectors.documents.pool import ReaderPool
from tests.connectors.sharepoint.conftest import Live, read_here
from tests.servers.graph import SECRET, FakeGraph, edit, serving_graph, small

_DEEP = os.environ.get("LAWS") == "deep"


@settings(max_examples=100 if _DEEP else 4)
@given(
    seed=st.integers(0, 10**6),
    pulls=st.integers(1, 3),
    often=st.floats(0, 0.4),
    page=st.integers(1, 9),
    quiet=st.booleans(),
    repeats=st.booleans(),
    forgets=st.booleans(),
)
def test_edits_at_any_moment_leave_the_truth(seed, pulls, often, page, quiet, repeats, forgets):
    """Edits between and during pulls: then a last pull."""
    draw = random.Random(seed)
    with ExitStack() as stack:
        stack.enter_context(patch.object(ReaderPool, "read", lambda self, path: read_here(path, self._limits)))
        stack.enter_context(patch("auditor.connect.http.pace._FIRST", 0.01))
        graph = small(FakeGraph())
        graph.page, graph.quiet_deletes, graph.repeats = page, quiet, repeats
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        world = Live(stack.enter_context(serving_graph(graph)), folder)

        def disturb(_):
            if draw.random() < often:
                edit(graph, draw)

        graph.before.append(disturb)
        for _ in range(pulls):
            world.pull()
            for _ in range(draw.randrange(6)):
                edit(graph, draw)
            if forgets:
                graph.forget_changes()
        graph.before.clear()
        report = world.pull()
        assert report.is_complete, report
        assert world.rows() == world.whole()
        assert graph.leaks == []


def _pull_in_a_process(folder: str) -> None:
    os.environ["GRAPH_TEST_SECRET"] = SECRET
    pull(load_settings(Path(folder)))


@pytest.mark.xdist_group("graph-kills")
@pytest.mark.parametrize("kills", [200 if _DEEP else 3])
def test_a_killed_pull_goes_on_where_it_was(live, tmp_path, kills):
    """SIGKILL at random moments: what was read stays, nothing is concluded, and the pull that comes to its end says everything."""
    draw = random.Random(kills)
    graph = small(FakeGraph())
    graph.page = 5
    drive = next(iter(graph.drives.values()))
    for number in range(30):
        graph.file(drive, f"Paper {number}.md", f"# Paper {number}\n")
    world = live(graph)
    world.settings()
    context = multiprocessing.get_context("spawn")
    begun = time.monotonic()
    whole = context.Process(target=_pull_in_a_process, args=(str(tmp_path),))
    whole.start()
    whole.join()
    longest = time.monotonic() - begun
    for file in (tmp_path / ".auditor" / "raw").iterdir():
        file.unlink()
    kept: set[str] = set()
    for number in range(kills):
        process = context.Process(target=_pull_in_a_process, args=(str(tmp_path),))
        process.start()
        time.sleep(longest * draw.uniform(0.3, 1.0))
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        if (tmp_path / ".auditor" / "raw" / "documents.sqlite").exists():
            now = set(world.records())
            alive = {f"file:{one.id}:{item.id}" for one in graph.drives.values() for item in one.items.values() if not item.is_deleted}
            assert {key for key in kept - now if key in alive} == set()
            kept = now
        if number % 3 == 0:
            edit(graph, draw)
    report = world.pull()
    assert report.is_complete
    assert world.rows() == world.whole()
