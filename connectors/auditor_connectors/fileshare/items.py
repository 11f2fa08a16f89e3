"""What a record of a share says: the document, the folders, and the columns that the repository fills. Pure."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from auditor.connect.document import Document
from auditor.connect.protocol import Fact, Filled, Item, Parsed, Record

_FOLDER = frozenset({"path", "kind", "is_read_only"})
_ARTEFACT = frozenset(
    {
        "path",
        "folder",
        "file_name",
        "media_type",
        "size_bytes",
        "modified_at",
        "is_checked_out",
    }
)
MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "pdf": "application/pdf",
    "md": "text/markdown",
    "txt": "text/plain",
    "html": "text/html",
    "csv": "text/csv",
}
"""Format of a document → its media type."""
_ARCHIVE = re.compile(
    r"(?i)(?:^|[\W_\d])(?:archived?|archives?|archiv|archiviert|archivé|archivo histórico|archivados?|old|obsolete|superseded|"
    r"alt|ältere|veraltet|ancien(?:ne)?s?|obsolètes?|antiguos?|obsoletos?|history|historique|historie|backup|sicherung|sauvegarde)(?:$|[\W_\d])"
)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?")
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_DEFAULTS = frozenset(
    {
        "2006-09-16T00:00:00",  # of libraries that write workbooks
        "2013-12-23T23:15:00",  # of a library that writes docx
        "2013-01-27T09:14:16",  # of a library that writes pptx
        "1980-01-01T00:00:00",
        "1601-01-01T00:00:00",
    }
)
"""Dates that libraries leave in files; they say nothing of the document."""


def items_of(record: Record) -> Iterator[Item]:
    """Yield what *record* says."""
    if record.kind == "document":
        yield _parsed(record)
    elif record.kind == "folders":
        yield from _folders(record)


def _parsed(record: Record) -> Parsed:
    payload = record.payload
    document = Document.from_json(payload["document"])
    path = payload["path"]
    folder, _, name = path.rpartition("/")
    values: dict[str, Any] = {
        "path": path,
        "folder": folder,
        "file_name": name,
        "media_type": MEDIA[document.format],
        "size_bytes": payload["size"],
        "is_checked_out": payload["is_open"],
    }
    filled = set(values)
    written = _written(_stated(document.properties.get("modified")), _plausible(_of_share(payload["mtime_ns"])))
    if written is not None:
        values["modified_at"] = written
        filled.add("modified_at")
    created = _stated(document.properties.get("created"))
    if created is not None and (written is None or created <= written + timedelta(days=1)):
        values["created_at"] = created
        filled.add("created_at")
    return Parsed(document, path, values, frozenset(filled))


def _folders(record: Record) -> Iterator[Item]:
    payload = record.payload
    for path, is_read_only in payload["folders"]:
        values = {"path": path, "kind": kind_of_folder(path)}
        if is_read_only is None:
            yield Fact("folder", f"folder:{path}", values, _FOLDER - {"is_read_only"}, locator=path)
        else:
            yield Fact("folder", f"folder:{path}", values | {"is_read_only": is_read_only}, _FOLDER, locator=path)
    # Servers do not say who may write: what nobody says is not filled.
    folders = _FOLDER - {"is_read_only"} if any(item[1] is None for item in payload["folders"]) else _FOLDER
    for table, columns in (("artefact", _ARTEFACT), ("folder", folders)):
        yield Filled(table, columns, payload["is_complete"], reason=payload["reason"])


def kind_of_folder(path: str) -> str:
    """Return what a folder is for: 'project' (directly below the root), 'archive' (it or one above it), else 'folder'."""
    first, _, rest = path.partition("/")
    if not rest:
        return "project" if first else "folder"
    return "archive" if any(_ARCHIVE.search(part) for part in rest.split("/")) else "folder"


def _stated(text: str | None) -> datetime | None:
    """Return an instant that a document states; without a zone it counts as UTC. None when it says nothing."""
    if not text or not _ISO.fullmatch(text.strip()):
        return None
    try:
        at = datetime.fromisoformat(text.strip().replace(" ", "T"))
    except ValueError:
        return None
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    if at.strftime("%Y-%m-%dT%H:%M:%S") in _DEFAULTS:
        return None
    return _plausible(at)


def _written(stated: datetime | None, kept: datetime | None) -> datetime | None:
    """Return when a document was changed: as it says itself, else as the share says.

    None where the share has it from before that day: one of them is no day of writing, and nobody can say which.
    """
    if stated is not None and kept is not None and stated > kept + timedelta(days=1):
        return None
    return stated or kept


def _plausible(at: datetime | None) -> datetime | None:
    return at.replace(microsecond=0) if at is not None and at >= _EARLIEST and at.year < 2200 else None


def _of_share(mtime_ns: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(mtime_ns // 1_000_000_000, UTC)
    except (OverflowError, ValueError, OSError):
        return None
