"""The connector for Microsoft Project XML."""

import os
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from hashlib import sha256
from pathlib import Path
from typing import Annotated
from urllib.parse import quote
from zoneinfo import ZoneInfo

import orjson
from pydantic import BaseModel, ConfigDict, Field

from auditor.config.mapping import EntryMapping
from auditor.connect.protocol import Item, Known, Proposal, Pulled, Record, Scope, Unchanged, Unread, UnreadReason, Walked
from auditor.connect.zone import ZoneName
from auditor.errors import AccessDenied, SourceUnavailable
from auditor_connectors.documents.limits import Unreadable

_LAYOUT = "1"
_MB = 2**20
_NAMESPACE = b"schemas.microsoft.com/project"
_DEEPEST = 6


class MsProjectOptions(BaseModel):
    """The table of a source of schedules in `auditor.toml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    root: Path
    """The folder. Each folder directly below is a place, as is each schedule that lies in the root itself, by its name."""
    include: tuple[str, ...] = ("*.xml",)
    """Patterns of files."""
    project: str = ""
    """Project of every schedule, whatever the folder."""
    url: Annotated[str, Field(pattern=r"^((https?|file)://[^\s\"'<>\\]+)?$")] = ""
    """Address under which people reach the folder. Left out: the folder itself."""
    time_zone: ZoneName = "UTC"
    """Zone of the schedules' wall clock."""
    max_file_mb: Annotated[int, Field(gt=0, le=4_096)] = 400


class MsProjectConnector:
    """Reads schedules. Never writes.

    Args:
        options: the source's table in `auditor.toml`.
        name: the source's name.
        base: folder that a relative `root` counts from.
    """

    name = "msproject"
    gives_names = True
    Options = MsProjectOptions

    def __init__(self, options: MsProjectOptions, *, name: str = "msproject", base: Path | None = None) -> None:
        self._options = options
        self._source = name
        self._root = Path(os.path.abspath(base / options.root if base else options.root))  # noqa: PTH100  (links stay as they are)

    @staticmethod
    def mapping() -> EntryMapping:
        """Return an empty mapping: a schedule's rows are ready."""
        return EntryMapping()

    @staticmethod
    def propose(folder: Path) -> Iterator[Proposal]:
        """Yield *folder* when schedules lie at or below it."""
        found = [file for file in _walk(folder, ("*.xml",), lambda _: None) if _is_schedule(file)]
        if found:
            parents = {file.parent for file in found}
            # Folders are projects: one folder with schedules is a project, not the folder of all.
            root = (
                Path(os.path.commonpath(parents)) if len(parents) > 1 else found[0].parent.parent if found[0].parent != folder else folder
            )
            where = root.relative_to(folder).as_posix()
            many = "1 schedule" if len(found) == 1 else f"{len(found)} schedules"
            yield Proposal({"root": where}, f"{many} of Microsoft Project (XML) in {where}")

    def pull(self, scope: Scope, known: Known) -> Iterator[Pulled]:
        """Yield a record per schedule; files that are XML of another kind are passed over.

        Raises:
            AccessDenied: the folder may not be listed.
            SourceUnavailable: there is no folder.
        """
        try:
            os.listdir(self._root)  # noqa: PTH208  (to see whether it can be)
        except PermissionError as error:
            raise AccessDenied(f"the folder {self._root} may not be listed", hint="ask its owner for the right to read it") from error
        except OSError as error:
            raise SourceUnavailable(f"there is no folder {self._root}", hint="is it mounted, and `root` spelt right?") from error
        unlisted: list[str] = []
        places: dict[str, list[Path]] = {}
        for file in _walk(self._root, self._options.include, unlisted.append):
            places.setdefault(self._place(file), []).append(file)
        for place, files in sorted(places.items()):
            if scope.places and place not in scope.places:
                continue
            met = 0
            for file in files:
                for pulled in self._file(file, place, known):
                    met += 1
                    yield pulled
            if met or not unlisted:
                yield _walked(place, unlisted)
        if not scope.places or "" in scope.places:
            yield _walked("", unlisted)

    def read(self, records: Iterable[Record]) -> Iterator[tuple[Record, Item]]:
        """Yield the rows of one project's schedules."""
        from auditor_connectors.msproject.reading import read_place  # noqa: PLC0415  (needed with records only)

        return read_place(records, ZoneInfo(self._options.time_zone))

    def _place(self, file: Path) -> str:
        if self._options.project:
            return self._options.project
        parts = file.relative_to(self._root).parts
        return _printable(parts[0] if len(parts) > 1 else file.stem)

    def _file(self, file: Path, place: str, known: Known) -> Iterator[Pulled]:
        from auditor_connectors.msproject.schedule import read_schedule  # noqa: PLC0415  (lxml is heavy)

        path = _printable(file.relative_to(self._root).as_posix())
        url = self._options.url.rstrip("/") + "/" + quote(path, safe="/~") if self._options.url else file.as_uri()
        reason: UnreadReason
        try:
            about = file.stat()
            fingerprint = f"{_LAYOUT}:{about.st_size}:{about.st_mtime_ns}"
            if known.fingerprint(path) == fingerprint:
                yield Unchanged(path)
                return
            if not _is_schedule(file):
                return
            if about.st_size > self._options.max_file_mb * _MB:
                raise Unreadable("too_large", f"the file has {about.st_size} bytes, the limit is {self._options.max_file_mb * _MB}")  # noqa: TRY301
            with file.open("rb") as stream:
                payload = {"path": path, **read_schedule(stream)}
            after = file.stat()
            if (after.st_size, after.st_mtime_ns) != (about.st_size, about.st_mtime_ns):
                raise Unreadable("locked", "it changes while it is read")  # noqa: TRY301
        except Unreadable as error:
            yield Unread(path, place, path, error.reason, error.error, url, "" if error.reason == "locked" else fingerprint)
            return
        except OSError as error:
            reason = "permission_denied" if isinstance(error, PermissionError) else "locked"
            yield Unread(path, place, path, reason, os.strerror(error.errno or 0), url)
            return
        digest = sha256(orjson.dumps(payload, option=orjson.OPT_SORT_KEYS)).hexdigest()
        changed = datetime.fromtimestamp(max(about.st_mtime_ns, 0) // 1_000_000_000, UTC)
        yield Record(path, "msproject.schedule", place, payload, fingerprint, url, payload["project"].get("LastSaved", ""), changed, digest)


def _walked(place: str, unlisted: list[str]) -> Walked:
    return Walked(place, not unlisted, "permission_denied" if unlisted else "", "; ".join(unlisted[:5]))


def _walk(root: Path, patterns: tuple[str, ...], unlisted: Callable[[str], None]) -> Iterator[Path]:
    """Yield the files below *root* that fit, in the order of their names; links are not followed."""

    def failed(error: OSError) -> None:
        unlisted(f"a folder may not be listed: {os.strerror(error.errno or 0)}")

    for folder, folders, names in os.walk(root, onerror=failed):
        depth = len(Path(folder).relative_to(root).parts)
        folders[:] = sorted(name for name in folders if not name.startswith(".")) if depth < _DEEPEST else []
        for name in sorted(names):
            file = Path(folder) / name
            shown = file.relative_to(root).as_posix().casefold()
            fitting = any(fnmatchcase(shown, pattern.casefold()) for pattern in patterns)
            if fitting and not name.startswith((".", "~$")) and not file.is_symlink():
                yield file


def _is_schedule(file: Path) -> bool:
    """Say whether a file's beginning names the format; what cannot be opened is told by whoever opens it."""
    try:
        with file.open("rb") as stream:
            head = stream.read(8_192)
    except OSError:
        return True
    return _NAMESPACE in head.replace(b"\0", b"")


def _printable(name: str) -> str:
    return name.encode("utf-8", "backslashreplace").decode("utf-8")
