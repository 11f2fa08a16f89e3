"""Walking a share: every file once, links not followed, nothing that breaks ends the walk or counts as absent."""

import errno
import os
import stat
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Literal, TypeVar, cast

from auditor_connectors.fileshare.names import case_twins, is_matched, is_skipped, locked_name, offline_name, printable, shown_names

_OFFLINE = 0x1000 | 0x40000 | 0x400000  # offline, recall on open, recall on data access
HIDDEN = 0x2 | 0x4
"""Attributes of Windows: hidden, system."""

_MOST_DEPTH = 100

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Met:
    """Something in a folder: a file, or something that stands where one could be.

    Attributes:
        path: relative to the root, printable, '/' as separator; unique.
        file: where it is really.
        state: 'file', or why it cannot be read.
        is_open: an office application has it open, as its lock file says.
    """

    path: str
    file: Path
    size: int = 0
    mtime_ns: int = 0
    state: Literal["file", "offline", "link", "special", "lock", "denied", "folder_denied"] = "file"
    error: str = ""
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that was walked."""

    path: str
    is_read_only: bool


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


class Walker:
    """Walks the folders below a root."""

    def __init__(self, root: Path, bounds: Bounds) -> None:
        self._root = root
        self._bounds = bounds
        self._real_root = Path(os.path.realpath(root))
        self._seen: set[tuple[int, int]] = set()

    def top(self) -> tuple[list[os.DirEntry[str]], dict[str, str]]:
        """Return the entries of the root and their printable names.

        Raises:
            OSError: it cannot be listed.
        """
        return self._list(self._root)

    def files(self, walk: Walk) -> Iterator[Met]:
        """Yield what lies directly in the root."""
        yield from self._folder(self._root, "", walk, is_deep=False)

    def below(self, folder: Path, path: str, walk: Walk) -> Iterator[Met]:
        """Yield what lies in *folder*, whose printable path is *path*, and below."""
        waiting = [(folder, path, 0)]
        while waiting:
            here, name, depth = waiting.pop()
            if depth > self._bounds.depth:
                walk.fail("limit_reached", f"more than {self._bounds.depth} folders inside each other: {name}")
                continue
            found: list[tuple[Path, str]] = []
            yield from self._folder(here, name, walk, is_deep=True, found=found)
            waiting += [(child, child_name, depth + 1) for child, child_name in reversed(found)]

    def _folder(self, folder: Path, path: str, walk: Walk, *, is_deep: bool, found: list[tuple[Path, str]] | None = None) -> Iterator[Met]:
        try:
            own = _within(self._bounds.folder_seconds, lambda: os.stat(folder))  # noqa: PTH116  (long names)
            if is_deep and (own.st_dev, own.st_ino) in self._seen and own.st_ino:
                walk.notes.append(f"met twice, walked once: {path}")
                return
            self._seen.add((own.st_dev, own.st_ino))
            entries, shown = self._list(folder)
        except OSError as error:
            reason, text = _reason(error)
            walk.fail(reason, f"{path or '.'}: {text}")
            if path:
                yield Met(f"{path}/", folder, state="folder_denied", error=text)
            return
        if is_deep:
            walk.folders.append(Folder(path, not own.st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)))
        twins = case_twins(list(shown.values()))
        if twins:
            walk.notes.append(f"{twins} names in {path or '.'} differ by case only")
        locks = [lock for entry in entries if (lock := locked_name(entry.name)) is not None]
        for entry in entries:
            child = f"{path}/{shown[entry.name]}" if path else shown[entry.name]
            if walk.files >= self._bounds.files:
                walk.fail("limit_reached", f"more than {self._bounds.files} files")
                return
            yield from self._entry(entry, child, walk, locks, found)

    def _entry(
        self, entry: os.DirEntry[str], path: str, walk: Walk, locks: list[str], found: list[tuple[Path, str]] | None
    ) -> Iterator[Met]:
        file = Path(entry.path)
        away = offline_name(entry.name)
        if away is not None:
            walk.files += 1
            yield Met(f"{path.rpartition('/')[0]}/{printable(away)}".lstrip("/"), file, state="offline", error="only in the cloud")
            return
        if entry.name.startswith("~$"):
            walk.files += 1
            yield Met(path, file, state="lock", error="a lock file: somebody has a document open, or had when the application ended")
            return
        if is_skipped(entry.name) or is_matched(path, self._bounds.exclude):
            return
        try:
            about = entry.stat(follow_symlinks=False)
        except OSError as error:
            if error.errno == errno.ENOENT:
                return
            walk.files += 1
            yield Met(path, file, state="denied", error=_reason(error)[1])
            return
        attributes = getattr(about, "st_file_attributes", 0)
        if attributes & HIDDEN:
            return
        if stat.S_ISLNK(about.st_mode) or getattr(about, "st_reparse_tag", 0) == getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", -1):
            yield from self._link(file, path, walk)
        elif stat.S_ISDIR(about.st_mode):
            if found is not None:
                found.append((file, path))
        elif self._bounds.include and not is_matched(path, self._bounds.include):
            return
        elif not stat.S_ISREG(about.st_mode):
            walk.files += 1
            yield Met(path, file, state="special", error="a pipe, socket or device")
        else:
            walk.files += 1
            yield Met(
                path,
                file,
                about.st_size,
                about.st_mtime_ns,
                "offline" if attributes & _OFFLINE else "file",
                "in cold storage or in the cloud" if attributes & _OFFLINE else "",
                is_open=any(entry.name == lock or (len(entry.name) == len(lock) + 2 and entry.name.endswith(lock)) for lock in locks),
            )

    def _link(self, file: Path, path: str, walk: Walk) -> Iterator[Met]:
        """Yield a link, unless it only is another name of something inside the root."""
        if self._bounds.include and not is_matched(path, self._bounds.include):
            return
        error = "a link, which is not followed"
        try:
            target = Path(os.path.realpath(file, strict=True))
        except OSError as failed:
            error = "a link that leads to itself" if failed.errno == errno.ELOOP else "a link to something that is not there"
        else:
            if target == self._real_root or self._real_root in target.parents:
                return
        walk.files += 1
        yield Met(path, file, state="link", error=error)

    def _list(self, folder: Path) -> tuple[list[os.DirEntry[str]], dict[str, str]]:
        def listing() -> list[os.DirEntry[str]]:
            with os.scandir(folder) as entries:
                return list(entries)

        entries = _within(self._bounds.folder_seconds, listing)
        shown = shown_names([entry.name for entry in entries])
        return sorted(entries, key=lambda entry: (shown[entry.name], entry.name)), shown


def _within(seconds: float, call: Callable[[], T]) -> T:
    """Return what *call* returns, unless that takes longer: a mount that hangs is left behind.

    Raises:
        OSError: of the call, or ETIMEDOUT.
    """
    answers: SimpleQueue[tuple[T | None, OSError | None]] = SimpleQueue()

    def run() -> None:
        try:
            answers.put((call(), None))
        except OSError as error:
            answers.put((None, error))

    threading.Thread(target=run, daemon=True).start()
    try:
        value, error = answers.get(timeout=seconds)
    except Empty:
        raise TimeoutError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT)) from None
    if error is not None:
        raise error
    return cast("T", value)


def _reason(error: OSError) -> tuple[str, str]:
    """Return the reason of `Walked` and a line for a person."""
    if error.errno in {errno.EACCES, errno.EPERM}:
        return "permission_denied", "the folder may not be listed"
    if error.errno == errno.ETIMEDOUT:
        return "time_limit", "no answer in time"
    if error.errno == errno.ENAMETOOLONG:
        return "limit_reached", "the path is too long"
    return "unavailable", os.strerror(error.errno) if error.errno else "it cannot be listed"
