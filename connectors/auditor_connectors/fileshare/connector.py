"""The connector for folders of documents: local, mounted, or of a server."""

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from auditor.connect.protocol import Diagnosis, Item, Known, Proposal, Pulled, Record, Scope, Unchanged, Unread, UnreadReason, Walked
from auditor.errors import AccessDenied, SourceUnavailable
from auditor_connectors.documents.limits import Limits
from auditor_connectors.documents.pool import ReaderPool
from auditor_connectors.fileshare.items import items_of
from auditor_connectors.fileshare.names import is_matched, is_skipped
from auditor_connectors.fileshare.options import FileshareOptions
from auditor_connectors.fileshare.place import Got, Place, open_place
from auditor_connectors.fileshare.propose import propose
from auditor_connectors.fileshare.tree import HIDDEN, NO_STATE, Before, Row, fingerprint
from auditor_connectors.fileshare.walk import Bounds, Met, Thing, Walk, Walker

_ABOUT = "//folders/"
"""Begins the keys of what is said about a place; no path of a file holds two slashes."""

_TRANSIENT = frozenset({"permission_denied", "locked", "offline", "crashed"})
_BOUNDED = frozenset({"too_large", "time_limit", "memory_limit"})
_TRIES = 3
_TICK_SECONDS = 2.0  # the coarsest clock of a file system (FAT)
_MARGIN_SECONDS = 60.0
"""How far the clock of a server that does not tell it may be from ours."""


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
        self._base = base or Path()
        self._root = Path(os.path.abspath(self._base / options.root))  # noqa: PTH100  (links stay as they are)

    @staticmethod
    def propose(folder: Path) -> Iterator[Proposal]:
        """Yield the folder at or below *folder* whose folders look like projects."""
        return propose(folder)

    def pull(self, scope: Scope, known: Known) -> Iterator[Pulled]:
        """Yield a record per document, one per place about its folders, what could not be read, and how each place was walked.

        A place in which nothing changed yields its `Walked` only, which says so.

        Raises:
            AccessDenied: the root may not be listed, or the server does not let us in.
            SourceUnavailable: there is no root, or the server does not answer (any more).
            UsageError: a secret cannot be had, a package is missing.
        """
        options = self._options
        place = open_place(options, self._base, self._root)
        try:
            bounds = Bounds(options.include, options.exclude, options.max_files, options.max_depth)
            walker = Walker(place.tree, bounds)
            top = self._top(walker, place)
            with ReaderPool(options.limits(), workers=options.readers) as pool:
                pulling = _Pulling(known, pool, options.limits(), place, options.url)
                yield from self._places(scope, bounds, walker, top, pulling)
        finally:
            place.close()

    def _places(self, scope: Scope, bounds: Bounds, walker: Walker, top: list[tuple[Row, str]], pulling: "_Pulling") -> Iterator[Pulled]:
        root_walk = Walk()
        has_root = not scope.places or "" in scope.places
        if not top:
            # A share that is suddenly empty is a mount that is gone, not a hundred projects that were deleted.
            root_walk.fail("empty", "nothing lies in the root")
        elif has_root:
            things = walker.files(root_walk, pulling.before(""))
            yield from pulling.things("", things, root_walk)
        for row, shown in top:
            if not _is_folder(row) or (scope.places and shown not in scope.places):
                continue
            if is_skipped(row.name) or is_matched(shown, bounds.exclude):
                continue
            walk = Walk()
            before = pulling.before(shown)
            things = walker.below(row.name, shown, walk, before)
            if pulling.is_unchanged(shown, things, walk, before):
                yield _walked(shown, walk, is_delta=True)
            else:
                yield from pulling.things(shown, things, walk)
                yield _walked(shown, walk)
        if has_root:
            yield _walked("", root_walk)

    def diagnose(self, scope: Scope) -> Diagnosis | None:
        """Return what a server says of itself and of us; None for a folder of this machine. Errors are those of `pull`."""
        if not self._options.where.scheme:
            return None
        place = open_place(self._options, self._base, self._root)
        try:
            self._top(Walker(place.tree, Bounds()), place)
            return place.diagnose(scope)
        finally:
            place.close()

    def read(self, records: Iterable[Record]) -> Iterator[tuple[Record, Item]]:
        """Yield the documents of one place, its folders, and what the repository itself fills."""
        for record in records:
            for item in items_of(record):
                yield record, item

    def _top(self, walker: Walker, place: Place) -> list[tuple[Row, str]]:
        try:
            return walker.top()
        except OSError as error:
            if error.errno in {errno.EACCES, errno.EPERM}:
                raise AccessDenied(f"the folder {place.name} may not be listed", hint="ask its owner for the right to read it") from error
            if isinstance(error, (FileNotFoundError, NotADirectoryError)):
                raise SourceUnavailable(f"there is no folder {place.name}", hint="is the share mounted, and `root` spelt right?") from error
            raise SourceUnavailable(f"the folder {place.name} does not answer: {error.strerror}") from error


class _Pulling:
    """One pull: what is known is not opened, the rest goes through the pool."""

    def __init__(self, known: Known, pool: ReaderPool, limits: Limits, place: Place, url: str) -> None:
        self._known = known
        self._pool = pool
        self._place = place
        self._url = url.rstrip("/")
        self._bound = sha256(repr(sorted(asdict(limits).items())).encode()).hexdigest()[:8]

    def before(self, place: str) -> Before:
        """Return what is known of a place."""
        return Before(self._known.fingerprints(place), self._bound)

    def is_unchanged(self, place: str, things: list[Thing], walk: Walk, before: Before) -> bool:
        """Say whether a walk met all that is known of a place, and nothing else."""
        met = 1  # what is said about the place
        for thing in things:
            if isinstance(thing, list):
                met += len(thing)
            elif self._is_known(thing):
                met += 1
            else:
                return False
        about = self._about(place, walk)
        return not walk.reason and met == len(before.fingerprints) and before.fingerprints.get(about.key) == about.fingerprint

    def _is_known(self, met: Met) -> bool:
        known = self._known.fingerprint(met.path)
        reason = _REASONS.get(met.state)
        if reason is not None:
            return reason not in _TRANSIENT and known == met.state
        said = fingerprint(met.size, met.mtime_ns, met.tag, is_open=met.is_open)
        return known is not None and known in {said, f"{said}:{self._bound}"}

    def things(self, place: str, things: list[Thing], walk: Walk) -> Iterator[Pulled]:
        """Yield what becomes of the things of a place, and what is said about it."""
        ready: list[Pulled] = []
        to_read = self._to_read(place, things, ready)
        for met, got in self._pool.each(to_read, self._read, at_once=self._place.threads, stop=self._place.stop):
            yield from ready
            ready.clear()
            pulled = self._pulled(place, met, got)
            if pulled is not None:
                yield pulled
        yield from ready
        about = self._about(place, walk)
        yield Unchanged(about.key) if self._known.fingerprint(about.key) == about.fingerprint else about

    def _to_read(self, place: str, things: list[Thing], ready: list[Pulled]) -> Iterator[tuple[Met, Met]]:
        """Yield the files that must be opened; put into *ready* what needs no opening."""
        for thing in things:
            if isinstance(thing, list):
                ready += [Unchanged(path) for path in thing]
            elif self._is_known(thing):
                ready.append(Unchanged(thing.path))
            elif (reason := _REASONS.get(thing.state)) is not None:
                said = "" if reason in _TRANSIENT else thing.state
                ready.append(Unread(thing.path, place, thing.path, reason, thing.error, self._link(thing), said))
            else:
                yield thing, thing

    def _read(self, met: Met) -> Got:
        got = self._place.read(met, self._pool)
        for _ in range(_TRIES - 1):
            if not got.read.has_changed:
                break
            got = self._place.read(met, self._pool)
        return got

    def _pulled(self, place: str, met: Met, got: Got) -> Pulled | None:
        read = got.read
        if read.has_vanished:
            return None
        url = self._link(met)
        if read.size < 0:
            said = fingerprint(met.size, met.mtime_ns, met.tag, is_open=met.is_open)
        else:
            said = fingerprint(read.size, read.mtime_ns, got.tag, is_open=met.is_open)
        if read.document is None or read.has_changed:
            reason: UnreadReason | Literal[""] = read.reason if not read.has_changed else "locked"
            error = read.error if not read.has_changed else "it changes while it is read"
            if reason in _TRANSIENT:
                said = ""
            elif reason in _BOUNDED:
                said += f":{self._bound}"
            return Unread(met.path, place, met.path, reason or "crashed", error, url, said)
        if read.document.get("is_cut"):
            said += f":{self._bound}"
        if not (got.tag and self._place.has_exact_tags) and _is_fresh(read.mtime_ns, self._place.skew_seconds()):
            said += ":fresh"
        payload = {
            "document": read.document,
            "path": met.path,
            "size": read.size,
            "mtime_ns": read.mtime_ns if self._place.says_when_written else 0,
            "is_open": met.is_open,
        }
        return Record(met.path, "document", place, payload, said, url, changed_at=_instant(read.mtime_ns), content_hash=read.sha256)

    def _link(self, met: Met) -> str:
        if self._url:
            return self._url + "/" + quote(met.path, safe="/~")
        return self._place.address(met.raw)

    def _about(self, place: str, walk: Walk) -> Record:
        payload = {
            "place": place,
            "folders": [[folder.path, folder.is_read_only] for folder in sorted(walk.folders, key=lambda folder: folder.path)],
            "is_complete": not walk.reason,
            "reason": walk.reason,
        }
        said = sha256(repr(sorted(payload.items())).encode("utf-8", "surrogatepass")).hexdigest()
        return Record(_ABOUT + place, "folders", place, payload, said)


_REASONS: dict[str, UnreadReason] = {
    "offline": "offline",
    "link": "unsupported",
    "special": "not_a_document",
    "lock": "not_a_document",
    "denied": "permission_denied",
    "folder_denied": "permission_denied",
}


def _walked(place: str, walk: Walk, *, is_delta: bool = False) -> Walked:
    detail = "; ".join([walk.detail, *walk.notes[:5]] if walk.detail else walk.notes[:5])
    return Walked(place, not walk.reason, walk.reason, detail, is_delta=is_delta)


def _is_fresh(mtime_ns: int, skew_seconds: float | None = 0.0) -> bool:
    """Say whether a file could change again without its time changing: it was written in this tick of a coarse clock.

    Args:
        mtime_ns: as its place says.
        skew_seconds: how far the clock there is before ours; None when nobody knows.
    """
    if not mtime_ns or mtime_ns % 1_000_000_000:
        return False
    age = datetime.now(UTC).timestamp() + (skew_seconds or 0.0) - mtime_ns / 1e9
    return age < _TICK_SECONDS if skew_seconds is not None else abs(age) < _MARGIN_SECONDS


def _instant(mtime_ns: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(mtime_ns // 1_000_000_000, UTC) if mtime_ns else None
    except (OverflowError, ValueError, OSError):
        return None


def _is_folder(row: Row) -> bool:
    """Say whether a row is a folder itself: no link, no junction, nothing hidden."""
    return row.mode != NO_STATE and stat.S_ISDIR(row.mode) and not row.attributes & HIDDEN
