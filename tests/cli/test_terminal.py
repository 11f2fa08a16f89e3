"""On a terminal long work shows how far it is; in a pipe nothing but the answer. An interrupted command leaves nothing half-written."""

import os
import pty
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from auditor.cli.errors import report_errors

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(autouse=True)
def interruptible() -> Iterator[None]:
    """A run of the tests that a shell put into its background ignores interruptions, and so would what it starts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def on_a_terminal(*arguments: str, cwd: Path, width: int = 100) -> tuple[int, str]:
    """Run a command whose outputs are a terminal of *width* columns; return its exit code and all that it showed."""
    master, slave = pty.openpty()
    environment = {key: value for key, value in os.environ.items() if key != "NO_COLOR"} | {"TERM": "xterm", "COLUMNS": str(width)}
    process = subprocess.Popen(
        [sys.executable, "-m", "auditor", *arguments], cwd=cwd, stdin=slave, stdout=slave, stderr=slave, env=environment, close_fds=True
    )
    os.close(slave)
    shown = b""
    end = time.monotonic() + 240
    while time.monotonic() < end:
        if select.select([master], [], [], 0.5)[0]:
            try:
                part = os.read(master, 65_536)
            except OSError:  # the other side is closed
                break
            if not part:
                break
            shown += part
        elif process.poll() is not None:
            break
    os.close(master)
    return process.wait(30), shown.decode("utf-8", "replace")


def test_progress_on_a_terminal(copy: Path) -> None:
    """A pull shows what is being read and how much is done, and clears it away."""
    code, shown = on_a_terminal("pull", cwd=copy)
    assert code == 0
    assert "reading" in shown
    assert "/" in shown
    assert "\x1b[2K" in shown


def test_colours_only_on_a_terminal(portfolio: Path) -> None:
    """Colours on a terminal, none in a pipe; no line is wider than the terminal."""
    _, shown = on_a_terminal("explain", "PM2-RSK-13", cwd=portfolio, width=80)
    assert "\x1b[" in shown
    piped = subprocess.run(
        [sys.executable, "-m", "auditor", "explain", "PM2-RSK-13"], cwd=portfolio, capture_output=True, text=True, timeout=120, check=False
    )
    assert "\x1b" not in piped.stdout
    assert piped.stderr == ""


def interrupted(*arguments: str, cwd: Path, after: float) -> tuple[int, str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "auditor", *arguments], cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    maps, end = Path(f"/proc/{process.pid}/maps"), time.monotonic() + 60
    while maps.exists() and "duckdb" not in maps.read_text() and process.poll() is None and time.monotonic() < end:
        time.sleep(0.05)  # before that Python itself is still starting, and answers for itself
    time.sleep(after)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=120)
    return process.returncode, err


def waste(folder: Path) -> list[Path]:
    return [path for path in (folder / ".auditor").rglob("*") if path.name.endswith((".part", ".ndjson")) or path.name.startswith(".tmp")]


@pytest.mark.parametrize("after", [0.5, 3.0])
def test_an_interrupted_pull_goes_on(copy: Path, after: float) -> None:
    """Interrupted at whatever point: 130 and one sentence (or it was done already), no snapshot that is not whole, and the next pull goes on."""
    for path in (copy / ".auditor").rglob("*"):
        if path.is_file() and path.parent.name != "cache":
            path.unlink()
    code, err = interrupted("pull", cwd=copy, after=after)
    # Done already, and Python on its way out, which has put its handlers away: the system ends it without a word.
    assert code in (0, 130) or (code == -signal.SIGINT and not err), err
    assert "Traceback" not in err
    if code == 130:
        assert "interrupted" in err
    done = subprocess.run([sys.executable, "-m", "auditor", "pull"], cwd=copy, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    assert "7 projects" in done.stdout
    assert not waste(copy)


@pytest.mark.parametrize("after", [0.5, 3.0])
def test_an_interrupted_audit_leaves_no_half(copy: Path, after: float) -> None:
    """Interrupted: 130, no audit that is not whole; the audit before is still the newest."""
    before = (copy / ".auditor" / "audits" / "latest").read_text()
    code, err = interrupted("audit", "--evidence", "7", cwd=copy, after=after)
    assert code in (0, 130), err
    assert "Traceback" not in err
    shown = subprocess.run([sys.executable, "-m", "auditor", "show"], cwd=copy, capture_output=True, text=True, timeout=240, check=False)
    assert shown.returncode == 0, shown.stderr
    if code == 130:
        assert (copy / ".auditor" / "audits" / "latest").read_text() == before
        assert not waste(copy)


def test_an_interruption_inside_the_database_is_one_too(capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C in a query arrives as an error of the database's own."""
    con = duckdb.connect(config={"threads": 1})
    timer = threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(SystemExit) as ended, report_errors():
        con.execute("select sum(hash(a.range + b.range)) from range(1000000) a, range(1000000) b").fetchall()
    con.close()
    assert ended.value.code == 130
    assert "interrupted" in capsys.readouterr().err
