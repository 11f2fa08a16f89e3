"""A local or mounted folder."""

import errno
import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from auditor_connectors.fileshare.tree import LINK, NO_STATE, READERS, Before, Listing, Row

_WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
_JUNCTION = getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", -1)
_BY_NUMBER = os.scandir in os.supports_fd
"""A folder that is open is listed by its number: the system does not look up the whole path again for every entry."""
_IS_PLAIN = os.name == "posix"
"""Files have no attributes beside their mode."""
_KIND, _REGULAR = 0o170000, stat.S_IFREG
_OPEN = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)


class LocalTree:
    """What lies below a folder of this machine, or of one that is mounted."""

    lanes = 1

    def __init__(self, root: Path) -> None:
        self._root = str(root)
        self._start = str(root / "_")[:-1]
        self._real = Path(os.path.realpath(root))

    def path(self, path: str) -> str:
        """Return where something is really."""
        return f"{self._start}{path}" if path else self._root

    def list(self, folder: str, path: str = "", before: Before | None = None) -> Listing:
        """Return what lies in a folder, errors as `Tree`."""
        where = self.path(folder)
        if not _BY_NUMBER:
            own = os.stat(where)  # noqa: PTH116  (long names)
            with os.scandir(where) as entries:
                return _listing(own, entries, path, before)
        # A folder that became a link since it was met is not followed.
        number = os.open(where, _OPEN | (getattr(os, "O_NOFOLLOW", 0) if folder else 0))
        try:
            own = os.fstat(number)
            with os.scandir(number) as entries:
                return _listing(own, entries, path, before)
        finally:
            os.close(number)

    def link(self, path: str) -> str:
        """Return what is to be said of a link, '' when it leads below the root."""
        try:
            target = Path(os.path.realpath(self.path(path), strict=True))
        except OSError as error:
            return "a link that leads to itself" if error.errno == errno.ELOOP else "a link to something that is not there"
        return "" if target == self._real or self._real in target.parents else "a link, which is not followed"


def _listing(own: os.stat_result, entries: Iterable[os.DirEntry[str]], path: str, before: Before | None) -> Listing:
    identity = (own.st_dev, own.st_ino) if own.st_ino else None
    same: list[str] = []
    if before is None or not before.fingerprints or not _IS_PLAIN:
        rows = _rows(entries)
    else:
        rows = _rows(_changed(entries, f"{path}/" if path else "", before, same))
    return Listing(rows, identity, not own.st_mode & _WRITABLE, same)


def _changed(entries: Iterable[os.DirEntry[str]], start: str, before: Before, same: list[str]) -> Iterable[os.DirEntry[str]]:
    """Return the entries that are not known as they are; add the paths of the others to *same*.

    Runs once for each of very many files: a whole folder in few steps, each over all of its entries.
    """
    listed = list(entries)
    try:
        states = [entry.stat(follow_symlinks=False) for entry in listed]
    except OSError:
        return listed  # each is asked again where one may fail
    # A name that is known as it is spelt is shown as it is spelt.
    paths = [start + entry.name for entry in listed]
    said = [f"{READERS}:{about.st_size}:{about.st_mtime_ns}" for about in states]
    was = list(map(before.fingerprints.get, paths))
    if said == was and all(mode & _KIND == _REGULAR for mode in {about.st_mode for about in states}):
        same += paths
        return ()
    bound, others = f":{before.bound}", []
    for entry, about, path, now, then in zip(listed, states, paths, said, was, strict=True):
        if then is not None and (now == then or now + bound == then) and about.st_mode & _KIND == _REGULAR:
            same.append(path)
        else:
            others.append(entry)
    return others


def _rows(entries: Iterable[os.DirEntry[str]]) -> list[Row]:
    found: list[Any] = []
    for entry in entries:
        try:
            about = entry.stat(follow_symlinks=False)
        except OSError as error:
            # What vanished since it was listed is not there.
            if error.errno != errno.ENOENT:
                found.append(Row(entry.name, NO_STATE, tag=_reason(error)))
            continue
        if _IS_PLAIN:  # a plain tuple, not a `Row`: this runs once for each of very many files
            found.append((entry.name, about.st_mode, about.st_size, about.st_mtime_ns, 0, ""))
        else:
            mode = LINK if getattr(about, "st_reparse_tag", 0) == _JUNCTION else about.st_mode
            found.append(Row(entry.name, mode, about.st_size, about.st_mtime_ns, getattr(about, "st_file_attributes", 0)))
    return found


def _reason(error: OSError) -> str:
    if error.errno in {errno.EACCES, errno.EPERM}:
        return "it may not be looked at"
    return os.strerror(error.errno) if error.errno else "its state cannot be asked"
