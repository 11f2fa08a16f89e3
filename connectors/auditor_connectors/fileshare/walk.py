"""Walking a share: every file once, links not followed, nothing that breaks ends the walk or counts as absent."""

import errno
import os
import stat
import threading
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Literal

from auditor_connectors.fileshare.names import case_twins, is_matched, is_skipped, locked_name, offline_name, printable, shown_names
from auditor_connectors.fileshare.tree import HIDDEN, NO_STATE, OFFLINE, Before, Listing, Row, Tree

_MOST_DEPTH = 100
_LOOK_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Met:
    """Something in a folder: a file, or something that stands where one could be.

    Attributes:
        path: relative to the root, printable, '/' as separator; unique.
        raw: the same as the place spells it.
        tag: of the content, as the server makes it; '' where there is none.
        state: 'file', or why it cannot be read.
        is_open: an office application has it open, as its lock file says.
    """

    path: str
    raw: str
    size: int = 0
    mtime_ns: int = 0
    tag: str = ""
    state: Literal["file", "offline", "link", "special", "lock", "denied", "folder_denied"] = "file"
    error: str = ""
    is_open: bool = False


@dataclass(slots=True)
class Folder:
    """A folder that was walked; *is_read_only* is None where nobody says."""

    path: str
    is_read_only: bool | None


@dataclass(slots=True)
class Walk:
    """How far the walk of one place came.

    Attributes:
        reason, detail: why it is not complete; the first reason counts.
    """

    folders: list[Folder] = field(default_factory=list)
    reason: str = ""
    detail: str = ""
    notes: list[str] = field(default_factory=list)
    files: int = 0

    def fail(self, reason: str, detail: str) -> None:
        """Note that not everything was seen."""
        if not self.reason:
            self.reason, self.detail = reason, detail


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one walk may cost, and what it leaves out."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    files: int = 200_000
    depth: int = _MOST_DEPTH
    folder_seconds: float = 60.0


Thing = Met | list[str]
"""What a walk met; a list holds the paths of known files of one folder that did not change."""


class Walker:
    """Walks the folders below a root."""

    def __init__(self, tree: Tree, bounds: Bounds) -> None:
        self._tree = tree
        self._bounds = bounds
        self._root: Listing | None = None
        self.seen: set[tuple[int, int]] = set()

    def top(self) -> list[tuple[Row, str]]:
        """Return what lies in the root, with the printable names, sorted by them.

        Raises:
            OSError: it cannot be listed.
        """
        round_ = _Round(self._tree, self._bounds, Walk(), Before(), set())
        round_.run("", "", is_deep=False)
        if round_.refused is not None:
            raise round_.refused
        self._root = round_.listings[""]
        if self._root.identity:
            self.seen.add(self._root.identity)
        shown = shown_names([row[0] for row in self._root.rows])
        return sorted(((Row(*row), shown[row[0]]) for row in self._root.rows), key=lambda item: (item[1], item[0].name))

    def files(self, walk: Walk, before: Before) -> list[Thing]:
        """Return what lies directly in the root. `top` goes before."""
        assert self._root is not None
        round_ = _Round(self._tree, self._bounds, walk, before, self.seen)
        return list(round_.of_listing(self._root, "", "", is_deep=False)[0])

    def below(self, raw: str, path: str, walk: Walk, before: Before) -> list[Thing]:
        """Return what lies in a folder, whose printable path is *path*, and below: each folder before those in it, sorted by name.

        Raises:
            SourceError: the place does not answer at all any more.
        """
        round_ = _Round(self._tree, self._bounds, walk, before, self.seen)
        round_.run(raw, path)
        return list(round_.things(path))


@dataclass(slots=True)
class _Task:
    raw: str
    path: str
    depth: int
    parent: str | None


class _Round:
    """The walk of one place: folders are listed by threads that can be left behind, since a mount may hang."""

    def __init__(self, tree: Tree, bounds: Bounds, walk: Walk, before: Before, seen: set[tuple[int, int]]) -> None:
        self._tree = tree
        self._bounds = bounds
        self._walk = walk
        # Patterns may have changed since: then every name is looked at.
        self._before = None if bounds.include or bounds.exclude else before
        self._seen = seen
        self._waiting: list[_Task] = []
        self._busy: dict[int, tuple[float, _Task]] = {}
        self._workers = 0
        self._changed = threading.Condition()
        self._finished = threading.Event()
        self._found: dict[str, tuple[list[Thing], list[str]]] = {}
        self._failed: BaseException | None = None
        self._is_deep = True
        self.listings: dict[str, Listing] = {}
        self.refused: OSError | None = None

    def run(self, raw: str, path: str, *, is_deep: bool = True) -> None:
        """Walk from a folder on.

        Raises:
            SourceError: of the tree.
        """
        self._is_deep = is_deep
        self._waiting.append(_Task(raw, path, 0, raw.rpartition("/")[0] if raw else None))
        for _ in range(max(1, self._tree.lanes)):
            self._start()
        look = min(_LOOK_SECONDS, self._bounds.folder_seconds / 4)
        try:
            while not self._finished.wait(look):
                self._leave_behind()
        finally:
            with self._changed:
                self._waiting.clear()
                self._busy.clear()
                self._changed.notify_all()
        if self._failed is not None:
            raise self._failed

    def things(self, path: str) -> Iterator[Thing]:
        """Yield what was met, in an order that threads do not change."""
        waiting = [path]
        while waiting:
            things, below = self._found.pop(waiting.pop(), ((), ()))
            yield from things
            waiting += reversed(below)

    def _start(self) -> None:
        with self._changed:
            self._workers += 1
            number = self._workers
        threading.Thread(target=self._work, args=(number,), name="walk", daemon=True).start()

    def _leave_behind(self) -> None:
        """Give up folders that do not answer; whoever waits for them is replaced."""
        with self._changed:
            late = [number for number, (since, _) in self._busy.items() if time.monotonic() - since > self._bounds.folder_seconds]
            for number in late:
                _, task = self._busy.pop(number)
                self._refuse(task, TimeoutError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT)))
                self._check_end()
        for _ in late:
            self._start()

    def _work(self, number: int) -> None:
        try:
            while self._next(number):
                pass
        except BaseException as error:  # noqa: BLE001  (raised again where the walk is waited for)
            with self._changed:
                self._busy.pop(number, None)
                self._failed = self._failed or error
                self._waiting.clear()
                self._finished.set()
                self._changed.notify_all()

    def _next(self, number: int) -> bool:
        """List one more folder; False when there is none, or nobody waits for this thread any more."""
        with self._changed:
            while not self._waiting and self._busy and not self._finished.is_set():
                self._changed.wait()
            if not self._waiting or self._finished.is_set():
                self._check_end()
                return False
            task = self._waiting.pop()
            self._busy[number] = (time.monotonic(), task)
        listing: Listing | None = None
        refusal: OSError | None = None
        try:
            listing = self._tree.list(task.raw, task.path, self._before)
            if self._before is not None and self._must_be_told(listing):
                listing = self._tree.list(task.raw, task.path)
        except OSError as error:
            if error.errno != errno.ENOENT or not self._has_vanished(task):
                refusal = error
        with self._changed:
            if self._busy.get(number) is None:
                return False  # left behind in the meantime
            if listing is not None:
                self._take(task, listing)
            elif refusal is not None:
                self._refuse(task, refusal)
            del self._busy[number]
            self._check_end()
            if self._tree.lanes > 1:
                self._changed.notify_all()
        return True

    def _check_end(self) -> None:
        if not self._waiting and not self._busy:
            self._finished.set()
            self._changed.notify_all()

    def _has_vanished(self, task: _Task) -> bool:
        """Say whether a folder is gone since the one above it was listed: that one is there, has other things, but not it any more."""
        if task.parent is None or not task.depth:
            return False  # of the first level nobody is sure: a mount that is gone looks the same
        try:
            rows = self._tree.list(task.parent).rows
        except OSError:
            return False
        return bool(rows) and all(row[0] != task.raw.rpartition("/")[2] for row in rows)

    def _refuse(self, task: _Task, error: OSError) -> None:
        self.refused = self.refused or error
        reason, text = _reason(error)
        self._walk.fail(reason, f"{task.path or '.'}: {text}")
        if task.path:
            self._found[task.path] = ([Met(f"{task.path}/", task.raw, state="folder_denied", error=text)], [])

    def _take(self, task: _Task, listing: Listing) -> None:
        if not self._is_deep:
            self.listings[task.path] = listing
            return
        if task.depth > self._bounds.depth:
            self._walk.fail("limit_reached", f"more than {self._bounds.depth} folders inside each other: {task.path}")
            return
        if listing.identity is not None:
            if listing.identity in self._seen:
                self._walk.notes.append(f"met twice, walked once: {task.path}")
                return
            self._seen.add(listing.identity)
        self._walk.folders.append(Folder(task.path, listing.is_read_only))
        things, below = self.of_listing(listing, task.raw, task.path, is_deep=True)
        self._found[task.path] = (things, [path for _, path in below])
        self._waiting += [_Task(raw, path, task.depth + 1, task.raw) for raw, path in reversed(below)]

    def of_listing(self, listing: Listing, raw: str, path: str, *, is_deep: bool) -> tuple[list[Thing], list[tuple[str, str]]]:
        """Return what lies in one folder: the things, and the folders in it (raw and printable path) when they are walked, too."""
        if listing.rows or len(set("\0".join(listing.same).casefold().split("\0"))) < len(listing.same):
            return self._of_rows(listing, raw, path, is_deep=is_deep)
        # Nothing changed: this is done for every folder, thus in few steps, each over all of its names.
        self._walk.files += len(listing.same)
        return ([listing.same] if listing.same else []), []

    def _of_rows(self, listing: Listing, raw: str, path: str, *, is_deep: bool) -> tuple[list[Thing], list[tuple[str, str]]]:
        start, raw_start = (f"{path}/" if path else ""), (f"{raw}/" if raw else "")
        same = [name[len(start) :] for name in listing.same] if _is_odd(listing.rows) else []
        shown = shown_names([*(row[0] for row in listing.rows), *same])
        rows = sorted(listing.rows, key=lambda row: (shown[row[0]], row[0]))
        everything = listing.same + [start + shown[row[0]] for row in rows]
        twins = case_twins(everything)
        if twins:
            self._walk.notes.append(f"{twins} names in {path or '.'} differ by case only")
        locks = [lock for row in rows if (lock := locked_name(row[0])) is not None]
        things: list[Met] = []
        below: list[tuple[str, str]] = []
        room = self._bounds.files - self._walk.files - len(listing.same)
        for row in rows:
            if len(things) >= room:
                self._walk.fail("limit_reached", f"more than {self._bounds.files} files")
                below.clear()
                break
            self._entry(row, raw_start + row[0], start + shown[row[0]], locks, things, below if is_deep else None)
        self._walk.files += len(things) + len(listing.same)
        return ([listing.same, *things] if listing.same else [*things]), below

    def _must_be_told(self, listing: Listing) -> bool:
        """Say whether more must be known of the files that are the same: one of them is open, or not all may be met."""
        if not listing.same:
            return False
        too_many = len(listing.same) + len(listing.rows) > self._bounds.files - self._walk.files
        return too_many or (bool(listing.rows) and _has_lock(listing.rows))

    def _entry(self, row: Row, raw: str, path: str, locks: Collection[str], things: list[Met], below: list[tuple[str, str]] | None) -> None:
        name, mode, size, mtime_ns, attributes, tag = row
        away = offline_name(name)
        if away is not None:
            things.append(Met(f"{path.rpartition('/')[0]}/{printable(away)}".lstrip("/"), raw, state="offline", error="only in the cloud"))
            return
        if name.startswith("~$"):
            text = "a lock file: somebody has a document open, or had when the application ended"
            things.append(Met(path, raw, state="lock", error=text))
            return
        if is_skipped(name) or is_matched(path, self._bounds.exclude) or attributes & HIDDEN:
            return
        if mode != NO_STATE and stat.S_ISDIR(mode):
            if below is not None:
                below.append((raw, path))
            return
        if self._bounds.include and not is_matched(path, self._bounds.include):
            return
        if mode == NO_STATE:
            things.append(Met(path, raw, state="denied", error=tag))
        elif stat.S_ISLNK(mode):
            error = self._tree.link(raw)
            if error:
                things.append(Met(path, raw, state="link", error=error))
        elif not stat.S_ISREG(mode):
            things.append(Met(path, raw, state="special", error="a pipe, socket or device"))
        else:
            is_away = bool(attributes & OFFLINE)
            is_open = any(name == lock or (len(name) == len(lock) + 2 and name.endswith(lock)) for lock in locks)
            error = "in cold storage or in the cloud" if is_away else ""
            things.append(Met(path, raw, size, mtime_ns, tag, "offline" if is_away else "file", error, is_open=is_open))


def _has_lock(rows: Collection[Row]) -> bool:
    return any(locked_name(row[0]) is not None for row in rows)


def _is_odd(rows: Collection[Row]) -> bool:
    """Say whether a name among them is not shown as it is spelt: then it may collide with any other."""
    together = "".join([row[0] for row in rows])
    return not (together.isascii() and together.isprintable())


def _reason(error: OSError) -> tuple[str, str]:
    """Return the reason of `Walked` and a line for a person."""
    if error.errno in {errno.EACCES, errno.EPERM}:
        return "permission_denied", "the folder may not be listed"
    if error.errno == errno.ETIMEDOUT:
        return "time_limit", "no answer in time"
    if error.errno == errno.ENAMETOOLONG:
        return "limit_reached", "the path is too long"
    return "unavailable", os.strerror(error.errno) if error.errno else "it cannot be listed"
