"""What all servers have in common: connections that break, content that is fetched into a temporary file, an account of what we may see."""

import contextlib
import errno
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, Protocol, TypeVar

from auditor.connect.http.pace import backoff
from auditor.connect.protocol import Diagnosis, Scope
from auditor.errors import SourceUnavailable
from auditor_connectors.documents.limits import Unreadable
from auditor_connectors.documents.pool import Read, ReaderPool
from auditor_connectors.fileshare.names import is_matched, is_skipped, shown_names
from auditor_connectors.fileshare.options import FileshareOptions
from auditor_connectors.fileshare.place import Got, link_of
from auditor_connectors.fileshare.tree import FOLDER, Before, Listing, Tree
from auditor_connectors.fileshare.walk import Met

ATTEMPTS = 4
_MOST_ASKED = 200
_MOST_NAME = 120
_PREFIX = "auditor-share-"

T = TypeVar("T")


class Dropped(Exception):
    """A connection broke or did not answer; another attempt may help. The message names no secret."""


@dataclass(frozen=True, slots=True)
class State:
    """What a file was when it was fetched.

    Attributes:
        has_changed: it was written to while it was fetched.
    """

    size: int
    mtime_ns: int
    tag: str = ""
    has_changed: bool = False


@dataclass(frozen=True, slots=True)
class About:
    """What a server says of itself; None and '' where it does not."""

    account: str = ""
    dialect: str = ""
    skew_seconds: float | None = None
    head_room: str = ""


class Sink(Protocol):
    """Takes the content of a file."""

    def write(self, part: bytes) -> None:
        """Take a part. Raises Unreadable: that is too much; SourceUnavailable: nobody wants it any more."""
        ...

    def restart(self) -> None:
        """Forget what came so far: the content is sent again from its beginning."""
        ...


class Line(Protocol):
    """A connection to a server, used by one thread at a time. Errors of one folder or file are those of `Tree`."""

    def listing(self, folder: str) -> Listing:
        """Return what lies in a folder. Raises `Dropped`, too."""
        ...

    def link(self, path: str) -> str:
        """Return what is to be said of a link, as `Tree.link`. Raises `Dropped`, too."""
        ...

    def fetch(self, met: Met, sink: Sink) -> State:
        """Hand over the content of a file, part by part.

        Raises:
            OSError: as `Tree`.
            Unreadable: it is there and its content is not to be had.
            Dropped: the connection broke; what was handed over is worthless.
        """
        ...

    def about(self) -> About:
        """Return what the server said of itself so far."""
        ...

    def close(self) -> None:
        """End the connection. Raises nothing."""
        ...


class Server(Protocol):
    """How a server is reached."""

    name: str
    """For messages: without user, password and parameters."""
    url: str
    """Address of the root, for links."""
    says_when_written: bool
    has_exact_tags: bool
    retries: int
    """How often a connection is tried again; 0 where the library does that itself."""

    def connect(self) -> Line:
        """Return a new connection.

        Raises:
            AccessDenied: we are not who may enter. Never tried again: accounts are locked after a few wrong passwords.
            SourceUnavailable: it is not the server that we know, or has no such root.
            Dropped: it does not answer.
        """
        ...

    def close(self) -> None:
        """Give back what all connections share."""
        ...


class _RemoteTree:
    """What lies below the root of a server."""

    def __init__(self, do: "Callable[[Callable[[Line], Any], str], Any]", lanes: int) -> None:
        self._do = do
        self.lanes = lanes

    def list(self, folder: str, path: str = "", before: Before | None = None) -> Listing:  # noqa: ARG002  (the network costs more)
        """Return what lies in a folder, errors as `Tree`."""
        listing: Listing = self._do(lambda line: line.listing(folder), folder)
        return listing

    def link(self, path: str) -> str:
        """Return what is to be said of a link."""
        said: str = self._do(lambda line: line.link(path), path)
        return said


class RemotePlace:
    """A root on a server.

    Args:
        server: how it is reached.
        options: the source's table.
        sleep: waits before another attempt; for tests. Left out: a wait that `stop` ends.
    """

    def __init__(self, server: Server, options: FileshareOptions, *, sleep: Callable[[float], None] | None = None) -> None:
        self._server = server
        self._limit = options.limits().file_bytes
        self._options = options
        self.name = server.name
        self.threads = options.connections
        self.says_when_written = server.says_when_written
        self.has_exact_tags = server.has_exact_tags
        self.tree: Tree = _RemoteTree(self._do, options.connections)
        self._idle: list[Line] = []
        self._all: set[Line] = set()
        self._room = threading.BoundedSemaphore(options.connections)
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._sleep = sleep or self._wait
        self._about = About()
        self._folder: Path | None = None
        self._guard: int | None = None
        self._count = 0
        self._down: SourceUnavailable | None = None

    def address(self, raw: str) -> str:
        """Return the address of a file."""
        return link_of(self._server.url, raw)

    # Reading

    def read(self, met: Met, pool: ReaderPool) -> Got:
        """Fetch a file, read it in a child process, remove it again."""
        if met.size == 0:
            return Got(Read(None, "empty", "the file has no content", 0, met.mtime_ns), met.tag)
        if met.size > self._limit:
            return Got(Read(None, "too_large", _too_large(met.size, self._limit), met.size, met.mtime_ns), met.tag)
        with self._file(met.raw) as path:
            try:
                state = self._do(lambda line: self._fetch(line, met, path), met.raw)
            except Unreadable as error:
                return Got(Read(None, error.reason, error.error, met.size, met.mtime_ns), met.tag)
            except OSError as error:
                return Got(_failed(error))
            if state.has_changed:
                return Got(Read(None, has_changed=True, size=state.size, mtime_ns=state.mtime_ns), state.tag)
            read = pool.read(path)
            return Got(replace(read, size=state.size, mtime_ns=state.mtime_ns, has_vanished=False, has_changed=False), state.tag)

    def _fetch(self, line: Line, met: Met, path: Path) -> State:
        with path.open("wb") as file:
            sink = _File(file, self._limit, self._stopped)
            state = line.fetch(met, sink)
        # Else it was written to, or not all of it came: it is fetched again.
        return state if sink.size == state.size else replace(state, has_changed=True)

    @contextmanager
    def _file(self, raw: str) -> Iterator[Path]:
        """Give a path for content whose name ends as that of the file on the server; nothing is left there afterwards."""
        with self._lock:
            if self._folder is None:
                self._folder, self._guard = _temporary()
            self._count += 1
            folder = self._folder / str(self._count)
        folder.mkdir(mode=0o700)
        try:
            yield folder / _safe(raw.rpartition("/")[2])
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def skew_seconds(self) -> float | None:
        """Return how far the server's clock is before ours."""
        return self._about.skew_seconds

    # Connections

    def _do(self, work: Callable[[Line], T], what: str) -> T:
        """Return what *work* returns with a connection, tried again when that breaks."""
        attempt = 0
        while True:
            attempt += 1
            if self._down is not None:
                raise self._down
            if self._stopped.is_set():
                raise SourceUnavailable("the pull was stopped")
            try:
                return self._once(work)
            except Dropped as dropped:
                if attempt > self._server.retries:
                    self._give_up(str(dropped), what)
            self._sleep(backoff(attempt))

    def _give_up(self, why: str, what: str) -> NoReturn:
        """Raise that this one thing cannot be had while the server answers otherwise, else that the server is away."""
        try:
            if what:
                self._once(lambda line: line.listing(""))
                raise OSError(errno.EIO, why)
        except Dropped:
            pass
        self._down = SourceUnavailable(f"{self.name} does not answer: {why}", hint="try later; what was read is kept")
        raise self._down from None

    def _once(self, work: Callable[[Line], T]) -> T:
        with self._room:
            with self._lock:
                line = self._idle.pop() if self._idle else None
            if line is None:
                line = self._server.connect()
                with self._lock:
                    self._all.add(line)
            is_good = False
            try:
                result = work(line)
            except (OSError, Unreadable):
                is_good = True
                raise
            else:
                is_good = True
                return result
            finally:
                about = line.about()
                with self._lock:
                    self._about = about
                    if is_good and not self._stopped.is_set():
                        self._idle.append(line)
                    else:
                        self._all.discard(line)
                if not is_good or self._stopped.is_set():
                    line.close()

    def _wait(self, seconds: float) -> None:
        self._stopped.wait(seconds)

    def stop(self) -> None:
        """Let nothing wait or be fetched any more."""
        self._stopped.set()
        with self._lock:
            lines = list(self._all)
        for line in lines:
            line.close()

    def close(self) -> None:
        """End the connections, remove what was fetched."""
        self.stop()
        with self._lock:
            self._all, self._idle = set(), []
            folder, self._folder = self._folder, None
            guard, self._guard = self._guard, None
        self._server.close()
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
        if guard is not None:
            os.close(guard)

    # Doctor

    def diagnose(self, scope: Scope) -> Diagnosis:
        """Return as whom the server knows us, what we may list on the first level, and how its clock goes."""
        root = self.tree.list("")
        shown = shown_names([row[0] for row in root.rows])
        seen: list[str] = []
        unseen: list[str] = []
        files = 0
        for row in sorted(root.rows):
            name = shown[row[0]]
            if is_skipped(row[0]) or is_matched(name, self._options.exclude) or (scope.places and name not in scope.places):
                continue
            if row[1] & 0o170000 != FOLDER:
                files += 1
                continue
            if len(seen) + len(unseen) >= _MOST_ASKED:
                seen.append("and further folders, which were not asked for")
                break
            try:
                seen.append(f"folder {name}: {len(self.tree.list(row[0]).rows)} entries")
            except OSError as error:
                why = "may not be listed" if error.errno in {errno.EACCES, errno.EPERM} else (error.strerror or "cannot be listed")
                unseen.append(f"folder {name} {why}")
        unseen += [f"there is no folder {place}" for place in scope.places if place and place not in shown.values()]
        if files:
            seen.append(f"{files} files in the root")
        about = self._about
        # Whatever stands in documents may stand in those that are not seen.
        hidden: dict[str, tuple[str, ...]] = dict.fromkeys(unseen, ())
        return Diagnosis(about.account, about.dialect, tuple(seen), tuple(unseen), about.skew_seconds, about.head_room, hidden)


class _File:
    """Takes content into a file of ours."""

    def __init__(self, file: BinaryIO, limit: int, stopped: threading.Event) -> None:
        self._file = file
        self._limit = limit
        self._stopped = stopped
        self.size = 0

    def write(self, part: bytes) -> None:
        """Take a part, errors as `Sink`."""
        self.size += len(part)
        if self.size > self._limit:
            raise Unreadable("too_large", _too_large(self.size, self._limit))
        if self._stopped.is_set():
            raise SourceUnavailable("the pull was stopped")
        try:
            self._file.write(part)
        except OSError as error:
            # It is ours: nothing is wrong with the share.
            hint = "TMPDIR names another one"
            raise SourceUnavailable(f"the temporary folder cannot take a file: {error.strerror}", hint=hint) from error

    def restart(self) -> None:
        """Forget what came so far."""
        self.size = 0
        self._file.seek(0)
        self._file.truncate()


def _too_large(size: int, limit: int) -> str:
    return f"the file has {size} bytes or more, the limit is {limit}"


def _failed(error: OSError) -> Read:
    if error.errno == errno.ENOENT:
        return Read(None, has_vanished=True)
    if error.errno in {errno.EACCES, errno.EPERM}:
        return Read(None, "permission_denied", "the file may not be opened")
    return Read(None, "crashed", "the file could not be fetched: " + (error.strerror or "the server does not say why"))


def _safe(name: str) -> str:
    """Return a name for a temporary file: readers look at its end only."""
    kept = "".join(letter if letter.isprintable() and letter not in '/\\:*?"<>|' else "_" for letter in name)
    stem, dot, end = kept.rpartition(".")
    if len(kept.encode("utf-8", "replace")) <= _MOST_NAME:
        return kept if kept.strip(".") else "_"
    end = end[:20]
    return stem.encode("utf-8", "replace")[:60].decode("utf-8", "ignore").replace("?", "_") + dot + end


def _temporary() -> tuple[Path, int | None]:
    """Return a new folder that only we may read, and what holds it; folders whose holder was killed are removed."""
    try:
        import fcntl  # noqa: PLC0415  (there is none on Windows)
    except ImportError:
        return Path(tempfile.mkdtemp(prefix=_PREFIX)), None
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            if left.is_symlink() or left.stat().st_uid != os.getuid():
                continue
            number = os.open(left, os.O_RDONLY)
            try:
                fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(left, ignore_errors=True)
            finally:
                os.close(number)
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        guard = os.open(folder, os.O_RDONLY)
        fcntl.flock(guard, fcntl.LOCK_EX)
        if folder.is_dir():  # else another pull took it for left behind before it was held
            return folder, guard
        os.close(guard)
