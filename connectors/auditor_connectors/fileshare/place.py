"""A root that was opened: what lies there, and how a file of it is read."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from auditor.connect.protocol import Diagnosis, Scope
from auditor_connectors.documents.pool import Read, ReaderPool
from auditor_connectors.fileshare.local import LocalTree
from auditor_connectors.fileshare.options import FileshareOptions
from auditor_connectors.fileshare.tree import Tree
from auditor_connectors.fileshare.walk import Met


@dataclass(frozen=True, slots=True)
class Got:
    """What became of one file, and the tag that its content had then ('' where there is none)."""

    read: Read
    tag: str = ""


class Place(Protocol):
    """A root that was opened. Threads may read at once."""

    tree: Tree
    threads: int
    """How many files are fetched at once; 0: as many as there are readers."""
    name: str
    """For messages."""
    says_when_written: bool
    """Whether the time of a file is that of its last change, not that of its arrival there."""
    has_exact_tags: bool
    """Whether the tag of a file tells every change of its content, however quick."""

    def read(self, met: Met, pool: ReaderPool) -> Got:
        """Return what became of a file.

        Raises:
            SourceError: the place does not answer at all any more.
        """
        ...

    def address(self, raw: str) -> str:
        """Return the address of a file."""
        ...

    def skew_seconds(self) -> float | None:
        """Return how far its clock is before ours; None when it does not say."""
        ...

    def stop(self) -> None:
        """Let nothing wait or be fetched any more."""
        ...

    def close(self) -> None:
        """End connections, remove what was fetched."""
        ...

    def diagnose(self, scope: Scope) -> Diagnosis | None:
        """Return what a server says of itself and of us; None when there is nobody to ask. Errors are those of a pull."""
        ...


class LocalPlace:
    """A local or mounted folder: files are read where they lie."""

    threads = 0
    says_when_written = True
    has_exact_tags = False

    def __init__(self, root: Path) -> None:
        self._tree = LocalTree(root)
        self.tree: Tree = self._tree
        self.name = str(root)

    def read(self, met: Met, pool: ReaderPool) -> Got:
        """Read a file in a child process."""
        return Got(pool.read(Path(self._tree.path(met.raw))))

    def address(self, raw: str) -> str:
        """Return the `file:` address."""
        return Path(self._tree.path(raw)).as_uri()

    def skew_seconds(self) -> float | None:
        """Return 0: the clock is ours, or as good as."""
        return 0.0

    def stop(self) -> None:
        """Do nothing: the readers are stopped by their pool."""

    def close(self) -> None:
        """Do nothing: nothing is kept."""

    def diagnose(self, scope: Scope) -> Diagnosis | None:  # noqa: ARG002  (nobody is asked)
        """Return None: there is nobody to ask."""
        return None


def open_place(options: FileshareOptions, base: Path, root: Path) -> Place:
    """Return the root of a source. Nothing is asked of a server yet.

    Args:
        options: the source's table.
        base: folder that relative paths of the options count from.
        root: the local folder, when it is one.

    Raises:
        UsageError: a secret cannot be had, or the package for this kind of server is not installed.
    """
    where = options.where
    if not where.scheme:
        return LocalPlace(root)
    from auditor_connectors.fileshare.remote import RemotePlace  # noqa: PLC0415  (only when a server is asked)

    if where.scheme == "smb":
        from auditor_connectors.fileshare.smb import SmbServer  # noqa: PLC0415  (as above)

        return RemotePlace(SmbServer(options, base), options)
    if where.scheme == "sftp":
        from auditor_connectors.fileshare.sftp import SftpServer  # noqa: PLC0415  (as above)

        return RemotePlace(SftpServer(options, base), options)
    if where.scheme == "s3":
        from auditor_connectors.fileshare.s3 import S3Server  # noqa: PLC0415  (as above)

        return RemotePlace(S3Server(options, base), options)
    from auditor_connectors.fileshare.webdav import WebdavServer  # noqa: PLC0415  (as above)

    return RemotePlace(WebdavServer(options, base), options)


def link_of(start: str, raw: str) -> str:
    """Return the address of a file below the address *start*."""
    return f"{start}/{quote(raw, safe='/~', errors='surrogateescape')}" if raw else start
