"""A pull of a server that is killed at any moment: the next one ends where a pull without trouble ends.

Three kills by default; `LAWS=deep` for 200.
"""

import os
import signal
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from auditor.config.settings import load_settings
from auditor.snapshot import pull as pulling
from auditor.snapshot.raw import RawStore
from tests.connectors.fileshare.conftest import write

pytestmark = [pytest.mark.xdist_group("shares"), pytest.mark.usefixtures("read_here", "no_waiting")]

KILLS = 200 if os.environ.get("LAWS") == "deep" else 3
CHILD = """
import sys, tempfile
from pathlib import Path
from auditor_connectors.documents import child, pool
import auditor_connectors.fileshare.remote, auditor_connectors.fileshare.sftp, paramiko
import orjson
tempfile.tempdir = sys.argv[2]
def read(self, path):
    about, document = child._answer(path, self._limits)
    return pool._read_of(orjson.dumps(about) + b"\\n" + document)
pool._Child.read = read
from auditor.config.settings import load_settings
from auditor.snapshot import pull as pulling
pulling._BATCH = 5
settings = load_settings(Path(sys.argv[1]))
sys.stdin.readline()
print("begun", flush=True)
pulling.pull(settings)
print("done", flush=True)
"""


def content(store):
    """What a snapshot is made of, without the numbers of pulls."""
    with RawStore(store, "share") as raw:
        return {
            place: [(record.key, record.fingerprint, record.content_hash, seen.gone_at is None) for record, seen in raw.records(place)]
            for place in raw.places()
        }, {place: (walk.walked.is_complete, walk.walked.reason) for place in raw.places() if (walk := raw.walk(place))}


def test_killed_pulls_end_where_a_whole_one_ends(share_of, tmp_path):
    share = share_of("sftp")
    root, temporary = tmp_path / "root", tmp_path / "temporary"
    temporary.mkdir()
    write(root, *(f"P{place}/{folder}/{number}.md" for place in range(3) for folder in range(4) for number in range(6)), "top.md")
    for store in ("whole", "killed"):
        (tmp_path / store).mkdir()
        (tmp_path / store / "auditor.toml").write_text(
            f'[[source]]\nname = "share"\nconnector = "fileshare"\nroot = "sftp://127.0.0.1:{share.port}{root}"\nuser = "{share.user}"\n'
            f'password = {{env = "SHARE_PASSWORD"}}\nknown_hosts = "{share.known_hosts()}"\nreaders = 1\nconnections = 2\n'
        )
    whole = load_settings(tmp_path / "whole" / "auditor.toml")
    killed = load_settings(tmp_path / "killed" / "auditor.toml")
    begun = datetime.now(UTC)
    pulling.pull(whole)
    takes = (datetime.now(UTC) - begun).total_seconds() + 0.3
    draw = Random(KILLS)
    ended = 0
    for number in range(KILLS):
        child = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", CHILD, str(killed.file), str(temporary)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        child.stdin.write(b"\n")
        child.stdin.flush()
        assert child.stdout.readline() == b"begun\n"
        try:
            child.wait(draw.random() * takes)
            ended += 1
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        child.stdin.close()
        child.stdout.close()
        if number % 10 == 9:  # there is something new to read
            write(root, f"P{number % 3}/{number % 4}/1.md", f"P0/0/new {number}.md", text=f"# New\n\n{number}\n", at=1_700_000_000 + number)
            (root / "P1" / "1" / f"{number % 6}.md").unlink(missing_ok=True)
    patch = pytest.MonkeyPatch()
    patch.setattr(tempfile, "tempdir", str(temporary))
    try:
        assert pulling.pull(killed).is_complete
    finally:
        patch.undo()
    pulling.pull(whole)
    things, walks = content(killed.store.path)
    wanted, wanted_walks = content(whole.store.path)
    assert walks == wanted_walks
    # What came and went between two pulls of one of them only is not of the state.
    assert {place: [row for row in rows if row[3]] for place, rows in things.items()} == {
        place: [row for row in rows if row[3]] for place, rows in wanted.items()
    }
    assert ended < KILLS
    assert list(Path(temporary).iterdir()) == []
