"""Several processes write one ledger, and processes are killed while they write."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from auditor.ledger.ledger import open_ledger
from tests.ledger.conftest import answer
from tests.ledger.writer import BATCH

DEEP = os.environ.get("LAWS") == "deep"
ROOT = Path(__file__).parents[2]
WRITERS = 4 if DEEP else 2
BATCHES = 100 if DEEP else 15


def start(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.ledger.writer", *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def end(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=600)
    assert process.returncode == 0, err
    return out


def test_writers_at_once_lose_nothing(url: str) -> None:
    """Processes that make a ledger and write into it at the same moment: everything is there, the chain is whole, batches stay together."""
    processes = [start("write", url, f"w{number}", str(BATCHES)) for number in range(WRITERS)]
    for process in processes:
        end(process)
    with open_ledger(url) as ledger:
        assert ledger.verify().position == WRITERS * BATCHES * BATCH
        assert len(ledger.answers()) == WRITERS * BATCHES * BATCH
        actors = [entry.actor for entry in ledger.entries()]
        batches = [set(actors[start : start + BATCH]) for start in range(0, len(actors), BATCH)]
        assert all(len(batch) == 1 for batch in batches)
        assert {name for batch in batches for name in batch} == {f"w{number}" for number in range(WRITERS)}


def test_killed_while_writing_leaves_nothing_half_written(url: str) -> None:
    """A writer that is killed at any moment leaves whole batches, everything that it was told is certain, and a whole trail."""
    rounds = 200 if DEEP else 30
    position = int(end(start("kill", url, str(rounds), "7")))
    with open_ledger(url) as ledger:
        assert ledger.verify().position == position >= rounds * BATCH
        assert ledger.write([answer("after")], actor="ada", source="test").position == position + 1


@pytest.mark.parametrize("count", [6])
def test_a_new_ledger_is_made_once(url: str, count: int) -> None:
    """Threads that open a ledger that is not there yet all get the same one."""
    from concurrent.futures import ThreadPoolExecutor

    def identity(_: int) -> str:
        with open_ledger(url) as ledger:
            return ledger.id

    with ThreadPoolExecutor(count) as pool:
        assert len(set(pool.map(identity, range(count)))) == 1
