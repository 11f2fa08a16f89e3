"""A real PostgreSQL for tests: one server on a socket in a folder of its own, started by a user that is not root, and thrown away."""

import contextlib
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

_READY_SECONDS = 60
_FAST = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "shared_buffers=16MB")


class Postgresql:
    """A server. `AUDITOR_TEST_PG_URL` names one that runs already; its user makes databases."""

    def __init__(self):
        self._numbers = itertools.count(1)
        self._folder = None
        self.process = None
        given = os.environ.get("AUDITOR_TEST_PG_URL")
        if given:
            self._url = given
        else:
            self._start()
        self._admin = psycopg.connect(self._url, autocommit=True)

    def database(self, *, encoding="UTF8"):
        """Return the address of a new, empty database, as `open_ledger` takes it."""
        name = f"ledger_{os.getpid()}_{next(self._numbers)}"
        self._admin.execute(f"create database {name} template template0 encoding '{encoding}' lc_collate 'C' lc_ctype 'C'")
        parts = urlsplit(self._url)
        return urlunsplit(("postgresql+psycopg", parts.netloc, f"/{name}", parts.query, ""))

    def execute(self, statement):
        self._admin.execute(statement)

    def stop(self):
        self._admin.close()
        if self.process is not None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(5)
            self.process.kill()
            self.process.wait()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _start(self):
        # The path of a socket is short, and its folder is one that the server's user reaches: not below pytest's.
        self._folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
        data, tools = self._folder / "data", _tools()
        user = _user()
        as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
        if as_user:
            os.chown(self._folder, user.pw_uid, user.pw_gid)
        common = {"cwd": self._folder, "stdin": subprocess.DEVNULL, "env": {"PATH": os.environ["PATH"], "LC_ALL": "C"}, **as_user}
        init = [tools / "initdb", "-D", data, "-U", "tester", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C"]
        subprocess.run(init, check=True, capture_output=True, **common)
        self.log = self._folder / "log"
        with self.log.open("wb") as log:
            command = [tools / "postgres", "-D", data, "-k", self._folder, "-c", "listen_addresses=", *_FAST]
            self.process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, **common)
        self._url = f"postgresql://tester@/postgres?host={self._folder}"
        end = time.monotonic() + _READY_SECONDS
        while True:
            try:
                psycopg.connect(self._url).close()
            except psycopg.OperationalError:
                if time.monotonic() > end or self.process.poll() is not None:
                    raise RuntimeError(f"postgres does not start: {self.log.read_text('utf-8', 'replace')[-2000:]}") from None
                time.sleep(0.05)
            else:
                return


def _tools():
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    path = found[-1] if found else shutil.which("postgres")
    if path is None:
        raise RuntimeError("postgres is missing: apt-get install postgresql, or name a server in AUDITOR_TEST_PG_URL")
    return Path(path).parent


def _user():
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise RuntimeError("there is no user postgres or nobody to run the server")
