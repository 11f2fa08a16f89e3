"""A pull of a folder, here or on a server, that is killed at any moment: the next one ends where a pull without trouble ends.

Three kills of SFTP and two of each other kind by default; `LAWS=deep` for 200 each.
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

KINDS = {"sftp": 3, "smb": 2, "webdav": 2, "s3": 2, "local": 2}
"""Kind of share → how often a pull of it is killed."""
if os.environ.get("LAWS") == "deep":
    KINDS = dict.fromkeys(KINDS, 200)
_MANY = 20
CHILD = """
import sys, tempfile
from pathlib import Path
from auditor_connectors.documents import child, pool
import auditor_connectors.fileshare.remote, auditor_connectors.fileshare.{kind}
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


def lines_of(share, root):
    """The source's table, as `auditor.toml` says it."""
    if share is None:
        return f'root = "{root}"\n'
    said = {
        name: value for name, value in share.options(root).model_dump().items() if name in ("root", "known_hosts", "endpoint_url") and value
    }
    return "".join(f'{name} = "{value}"\n' for name, value in said.items()) + (
        f'user = "{share.user}"\npassword = {{env = "SHARE_PASSWORD"}}\nconnections = 2\n'
    )


@pytest.mark.parametrize(("kind", "kills"), KINDS.items())
def test_killed_pulls_end_where_a_whole_one_ends(share_of, tmp_path, kind, kills):
    share = None if kind == "local" else share_of(kind)
    root, temporary = tmp_path / "root", tmp_path / "temporary"
    temporary.mkdir()
    write(root, *(f"P{place}/{folder}/{number}.md" for place in range(3) for folder in range(4) for number in range(6)), "top.md")
    for store in ("whole", "killed"):
        (tmp_path / store).mkdir()
        (tmp_path / store / "auditor.toml").write_text(
            f'[[source]]\nname = "share"\nconnector = "fileshare"\nreaders = 1\n{lines_of(share, root)}'
        )
    sync = (lambda: None) if share is None else (lambda: share.sync(root))
    sync()
    whole = load_settings(tmp_path / "whole" / "auditor.toml")
    killed = load_settings(tmp_path / "killed" / "auditor.toml")
    begun = datetime.now(UTC)
    pulling.pull(whole)
    takes = (datetime.now(UTC) - begun).total_seconds() + 0.3
    if kills < _MANY:
        takes /= 3  # few moments: none of them behind the end
    draw = Random(kills)
    ended = 0
    for number in range(kills):
        child = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", CHILD.replace("{kind}", kind), str(killed.file), str(temporary)],
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
            sync()
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
    assert ended < kills
    assert list(Path(temporary).iterdir()) == []
