"""What a walk needs of a place where files lie, whatever it is reached through."""

import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

HIDDEN = 0x2 | 0x4
"""Attributes of Windows: hidden, system."""
OFFLINE = 0x1000 | 0x40000 | 0x400000
"""Attributes of Windows: offline, recall on open, recall on data access."""
NO_STATE = -1
"""Stands for the mode of something that is listed and says nothing else of itself."""
FILE, FOLDER, LINK = stat.S_IFREG, stat.S_IFDIR, stat.S_IFLNK


class Row(NamedTuple):
    """One name in a folder.

    Attributes:
        name: as the place spells it; bytes that are not UTF-8 as lone surrogates.
        mode: as `st_mode`: links, junctions and referrals as links; `NO_STATE` when its state was refused.
        size: bytes; mtime_ns: nanoseconds since 1970 UTC, 0 when nobody says.
        attributes: `HIDDEN` and `OFFLINE` bits of Windows; 0 where there are none.
        tag: of the content, as the server makes it (ETag); '' where there is none. Of a row without state: why it has none.
    """

    name: str
    mode: int
    size: int = 0
    mtime_ns: int = 0
    attributes: int = 0
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Before:
    """What earlier pulls know of a place: what did not change is met by its path only.

    Attributes:
        fingerprints: path → fingerprint of what is live.
        bound: what fingerprints end with of files that limits cut.
    """

    fingerprints: Mapping[str, str] = field(default_factory=dict)
    bound: str = ""


@dataclass(slots=True)
class Listing:
    """What lies in one folder.

    Attributes:
        rows: plain tuples of the shape of `Row`, in any order.
        same: paths of plain files that did not change, which are not among *rows*.
        identity: the same folder has the same one, whatever its path; None where nobody says.
        is_read_only: nobody may write into it; None where nobody says.
    """

    rows: list[Row]
    identity: tuple[int, int] | None = None
    is_read_only: bool | None = None
    same: list[str] = field(default_factory=list)


READERS = "2"
"""Goes up when the readers give a better structure: then files are read again though they did not change."""


def fingerprint(size: int, mtime_ns: int, tag: str = "", *, is_open: bool = False) -> str:
    """Return what changes when a file may have changed."""
    return f"{READERS}:{size}:{mtime_ns}" + (f":{tag}" if tag else "") + (":open" if is_open else "")


class Tree(Protocol):
    """A root with folders and files below it. Paths are relative to the root, '/' between the names, '' the root itself.

    Errors of one folder or file are `OSError` with its `errno`: ENOENT (it is not there), EACCES (we may not), ETIMEDOUT, others. What
    ends the whole pull is a `SourceError`.
    """

    lanes: int
    """How many folders may be listed at once, in threads."""

    def list(self, folder: str, path: str = "", before: Before | None = None) -> Listing:
        """Return what lies in a folder. Links are not followed.

        Args:
            folder: as the place spells it.
            path: the same as it is shown.
            before: what is known: a tree of very many files says of those that are the same no more than that they are.
        """
        ...

    def link(self, path: str) -> str:
        """Return what is to be said of a link; '' when it only is another name of something below the root."""
        ...
