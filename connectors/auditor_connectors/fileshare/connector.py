"""The connector for folders of documents, local or mounted."""

import errno
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field

from auditor.connect.protocol import Item, Known, Proposal, Pulled, Record, Scope, Unchanged, Unread, UnreadReason, Walked
from auditor.errors import AccessDenied, SourceUnavailable
from auditor_connectors.documents.limits import DEFAULT, Limits
from auditor_connectors.documents.pool import Read, ReaderPool
from auditor_connectors.fileshare.items import items_of
from auditor_connectors.fileshare.names import is_matched, is_skipped
from auditor_connectors.fileshare.propose import propose
from auditor_connectors.fileshare.walk import HIDDEN, Bounds, Met, Walk, Walker

_READERS = "1"
"""Goes up when the readers give a better structure: then files are read again though they did not change."""

_ABOUT = "//folders/"
"""Begins the keys of what is said about a place; no path of a file holds two slashes."""

_TRANSIENT = frozenset({"permission_denied", "locked", "offline", "crashed"})
_BOUNDED = frozenset({"too_large", "time_limit", "memory_limit"})
_TRIES = 3
_TICK_NS = 2_000_000_000  # the coarsest clock of a file system: two seconds (FAT)


class FileshareOptions(BaseModel):
    """The table of a file share in `auditor.toml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    root: Path
    """The folder. Each folder directly below is a place, thus a project unless `[[project]]` says otherwise."""
    include: tuple[str, ...] = ()
    """Patterns of files (`*.docx`, `*/Reports/**`); left out: all."""
    exclude: tuple[str, ...] = ()
    """Patterns of files and folders that are not looked at (`Archive/**`, `*.bak`)."""
    url: Annotated[str, Field(pattern=r"^((https?|file)://[^\s\"'<>\\]+)?$")] = ""
    """Address under which people reach the folder; links of evidence begin with it. Left out: the folder itself."""
    max_file_mb: Annotated[int, Field(gt=0, le=4_096)] = DEFAULT.file_bytes // 2**20
    max_seconds: Annotated[float, Field(gt=0, le=3_600)] = DEFAULT.seconds
    """Time for one file."""
    max_memory_mb: Annotated[int, Field(ge=128)] = DEFAULT.memory_bytes // 2**20
    max_files: Annotated[int, Field(gt=0)] = 200_000
    """Of one first-level folder."""
    max_depth: Annotated[int, Field(gt=0, le=1_000)] = 60
    readers: Annotated[int, Field(ge=0, le=64)] = 0
    """Processes that read files at once; 0: as fits the machine."""

    def limits(self) -> Limits:
        """Return the limits on one file."""
        return replace(DEFAULT, file_bytes=self.max_file_mb * 2**20, seconds=self.max_seconds, memory_bytes=self.max_memory_mb * 2**20)


@dataclass(frozen=True, slots=True)
class _File:
    met: Met
    place: str
    fingerprint: str


class FileshareConnector:
    """Reads the documents below a folder. Never writes.

    Args:
        options: the source's table in `auditor.toml`.
        name: the source's name.
        base: folder that a relative `root` counts from.
    """

    name = "fileshare"
    Options = FileshareOptions

    def __init__(self, options: FileshareOptions, *, name: str = "fileshare", base: Path | None = None) -> None:
        self._options = options
        self._source = name
        self._root = Path(os.path.abspath(base / options.root if base else options.root))  # noqa: PTH100  (links stay as they are)

    @staticmethod
    def propose(folder: Path) -> Iterator[Proposal]:
        """Yield the folder at or below *folder* whose folders look like projects."""
        return propose(folder)

    def pull(self, scope: Scope, known: Known) -> Iterator[Pulled]:
        """Yield a record per document, one per place about its folders, what could not be read, and how each place was walked.

        Raises:
            AccessDenied: the root may not be listed.
            SourceUnavailable: there is no root.
        """
        options = self._options
        bounds = Bounds(options.include, options.exclude, options.max_files, options.max_depth)
        walker = Walker(self._root, bounds)
        entries, shown = self._top(walker)
        with ReaderPool(options.limits(), workers=options.readers) as pool:
            pulling = _Pulling(known, pool, options.limits(), self._link)
            root_walk = Walk()
            if not entries:
                # A share that is suddenly empty is a mount that is gone, not a hundred projects that were deleted.
                root_walk.fail("empty", "nothing lies in the root")
            elif not scope.places or "" in scope.places:
                yield from pulling.place("", walker.files(root_walk), root_walk)
            for entry in entries:
                place = shown[entry.name]
                if not _is_folder(entry) or (scope.places and place not in scope.places):
                    continue
                if is_skipped(entry.name) or is_matched(place, bounds.exclude):
                    continue
                walk = Walk()
                yield from pulling.place(place, walker.below(Path(entry.path), place, walk), walk)
                yield _walked(place, walk)
        if not scope.places or "" in scope.places:
            yield _walked("", root_walk)

    def read(self, records: Iterable[Record]) -> Iterator[tuple[Record, Item]]:
        """Yield the documents of one place, its folders, and what the repository itself fills."""
        for record in records:
            for item in items_of(record):
                yield record, item

    def _top(self, walker: Walker) -> tuple[list[os.DirEntry[str]], dict[str, str]]:
        try:
            return walker.top()
        except OSError as error:
            if error.errno in {errno.EACCES, errno.EPERM}:
                raise AccessDenied(f"the folder {self._root} may not be listed", hint="ask its owner for the right to read it") from error
            if isinstance(error, (FileNotFoundError, NotADirectoryError)):
                raise SourceUnavailable(f"there is no folder {self._root}", hint="is the share mounted, and `root` spelt right?") from error
            raise SourceUnavailable(f"the folder {self._root} does not answer: {error.strerror}") from error

    def _link(self, met: Met) -> str:
        if self._options.url:
            return self._options.url.rstrip("/") + "/" + quote(met.path, safe="/~")
        return met.file.as_uri()


class _Pulling:
    """One pull: what is known is not opened, the rest goes through the pool."""

    def __init__(self, known: Known, pool: ReaderPool, limits: Limits, link: Callable[[Met], str]) -> None:
        self._known = known
        self._pool = pool
        self._link = link
        self._bound = sha256(repr(sorted(asdict(limits).items())).encode()).hexdigest()[:8]

    def place(self, place: str, things: Iterable[Met], walk: Walk) -> Iterator[Pulled]:
        ready: list[Pulled] = []
        for file, read in self._pool.read_all(self._to_read(place, things, ready)):
            yield from ready
            ready.clear()
            pulled = self._pulled(file, read)
            if pulled is not None:
                yield pulled
        yield from ready
        yield self._about(place, walk)

    def _to_read(self, place: str, things: Iterable[Met], ready: list[Pulled]) -> Iterator[tuple[_File, Path]]:
        """Yield the files that must be opened; put into *ready* what needs no opening."""
        for met in things:
            reason = _REASONS.get(met.state)
            if reason is not None:
                fingerprint = "" if reason in _TRANSIENT else met.state
                is_known = fingerprint and self._known.fingerprint(met.path) == fingerprint
                unread = Unread(met.path, place, met.path, reason, met.error, self._link(met), fingerprint)
                ready.append(Unchanged(met.path) if is_known else unread)
                continue
            file = _File(met, place, _fingerprint(met.size, met.mtime_ns, is_open=met.is_open))
            known = self._known.fingerprint(met.path)
            if known is not None and known in {file.fingerprint, f"{file.fingerprint}:{self._bound}"}:
                ready.append(Unchanged(met.path))
            else:
                yield file, met.file

    def _pulled(self, file: _File, read: Read) -> Pulled | None:
        met = file.met
        for _ in range(_TRIES - 1):
            if not read.has_changed:
                break
            read = self._pool.read(met.file)
        if read.has_vanished:
            return None
        url = self._link(met)
        fingerprint = file.fingerprint if read.size < 0 else _fingerprint(read.size, read.mtime_ns, is_open=met.is_open)
        if read.document is None or read.has_changed:
            reason: UnreadReason | Literal[""] = read.reason if read.document is None else "locked"
            error = read.error if read.document is None else "it changes while it is read"
            if reason in _TRANSIENT:
                fingerprint = ""
            elif reason in _BOUNDED:
                fingerprint += f":{self._bound}"
            return Unread(met.path, file.place, met.path, reason or "crashed", error, url, fingerprint)
        if read.document.get("is_cut"):
            fingerprint += f":{self._bound}"
        if _is_fresh(read.mtime_ns):
            fingerprint += ":fresh"
        payload = {
            "document": read.document,
            "path": met.path,
            "size": read.size,
            "mtime_ns": read.mtime_ns,
            "is_open": met.is_open,
        }
        return Record(
            met.path, "document", file.place, payload, fingerprint, url, changed_at=_instant(read.mtime_ns), content_hash=read.sha256
        )

    def _about(self, place: str, walk: Walk) -> Pulled:
        payload = {
            "place": place,
            "folders": [[folder.path, folder.is_read_only] for folder in sorted(walk.folders, key=lambda folder: folder.path)],
            "is_complete": not walk.reason,
            "reason": walk.reason,
        }
        fingerprint = sha256(repr(sorted(payload.items())).encode("utf-8", "surrogatepass")).hexdigest()
        key = _ABOUT + place
        if self._known.fingerprint(key) == fingerprint:
            return Unchanged(key)
        return Record(key, "folders", place, payload, fingerprint)


_REASONS: dict[str, UnreadReason] = {
    "offline": "offline",
    "link": "unsupported",
    "special": "not_a_document",
    "lock": "not_a_document",
    "denied": "permission_denied",
    "folder_denied": "permission_denied",
}


def _walked(place: str, walk: Walk) -> Walked:
    return Walked(place, not walk.reason, walk.reason, "; ".join([walk.detail, *walk.notes[:5]] if walk.detail else walk.notes[:5]))


def _fingerprint(size: int, mtime_ns: int, *, is_open: bool) -> str:
    return f"{_READERS}:{size}:{mtime_ns}" + (":open" if is_open else "")


def _is_fresh(mtime_ns: int) -> bool:
    """Say whether a file could change again without its time changing: it was written in this tick of a coarse clock."""
    return mtime_ns % 1_000_000_000 == 0 and datetime.now(UTC).timestamp() * 1e9 - mtime_ns < _TICK_NS


def _instant(mtime_ns: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(mtime_ns // 1_000_000_000, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Say whether an entry is a folder itself: no link, no junction, nothing hidden."""
    try:
        about = entry.stat(follow_symlinks=False)
    except OSError:
        return False
    is_junction = getattr(about, "st_reparse_tag", 0) == getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", -1)
    return stat.S_ISDIR(about.st_mode) and not is_junction and not getattr(about, "st_file_attributes", 0) & HIDDEN
