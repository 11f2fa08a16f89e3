"""One document library: what is in it, what changed, and its files one by one."""

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from auditor.connect.http import NotAccepted
from auditor.connect.protocol import Pulled, Record, Unread, UnreadReason
from auditor.errors import AccessDenied, NotVisible, Rejected
from auditor_connectors.documents.pool import Read, ReaderPool
from auditor_connectors.fileshare.names import is_matched, is_skipped, printable
from auditor_connectors.sharepoint.columns import columns_of, has_approval, people_in, selections
from auditor_connectors.sharepoint.graph import ITEMS_PER_PAGE, NOT_SEEN, BadPages, Resync, Tenant, TooLarge, why_not
from auditor_connectors.sharepoint.options import ReadingOptions
from auditor_connectors.sharepoint.places import Site, below_root, mark_of, segment
from auditor_connectors.sharepoint.shapes import instant, taken

VERSION = "1"
"""Goes up when files would be read otherwise: all are then read anew."""

FILE, FOLDER = "file:", "folder:"
_LISTED = "id,name,size,eTag,cTag,webUrl,lastModifiedDateTime,parentReference,file,folder,package,remoteItem,deleted,root,malware"
_WHOLE = (
    "id,name,size,eTag,cTag,webUrl,createdDateTime,lastModifiedDateTime,createdBy,lastModifiedBy,fileSystemInfo,parentReference,file,"
    "malware,publication,shared"
)
_ALWAYS = ("_UIVersionString", "_ModerationStatus", "_ModerationComments", "_CheckinComment", "_ComplianceTag", "ContentType")
_KEPT = frozenset({"id", "name", "size", "eTag", "cTag", "deleted", "remoteItem", "lastModifiedDateTime"})
_THERE: dict[str, Any] = {}
_SET = "0x0120D520"
"""Ids of content types of document sets begin so."""
_TRANSIENT = frozenset({"permission_denied", "locked", "offline", "crashed"})
_BOUNDED = frozenset({"too_large", "time_limit", "memory_limit"})
_FILMS = re.compile(r"(?i)^(?:audio|video)/")
_UNSAFE = re.compile(r"[^\w .()+-]")


@dataclass(slots=True)
class Library:
    """What is known of a library before its files are read.

    Attributes:
        about: drive, its columns, content types and rights, as far as they are told.
        items: id → what was listed of it.
        link: where the next walk of changes begins; '' when this one did not come to its end.
        is_full: everything was listed, not only what changed.
        paths: id of a folder → its path from the library on, of those that a full listing tells; None: what it lies in was not listed.
        gaps: what could not be seen → why.
        problem, detail: why the library was not listed; '' when it was.
    """

    drive: str
    name: str
    about: dict[str, Any] = field(default_factory=dict)
    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    link: str = ""
    is_full: bool = True
    paths: dict[str, str | None] = field(default_factory=dict)
    gaps: dict[str, str] = field(default_factory=dict)
    problem: str = ""
    detail: str = ""


def file_key(drive: str, item: str) -> str:
    """Return the key of a file: it stays when the file is renamed or moved inside its library."""
    return f"{FILE}{drive}:{item}"


def folder_key(drive: str, item: str) -> str:
    """Return the key of a folder; '' is the library itself."""
    return f"{FOLDER}{drive}:{item}"


def drive_of(key: str) -> str:
    """Return the library of a file or folder."""
    return key.partition(":")[2].rpartition(":")[0]


class LibraryReader:
    """Reads libraries of one site. Its methods may be called from several threads.

    Args:
        graph: the tenant.
        site: whose libraries.
        known: key → fingerprint of what earlier pulls left.
        options: of the source.
    """

    def __init__(self, graph: Tenant, site: Site, known: Mapping[str, str], options: ReadingOptions) -> None:
        self._graph = graph
        self._site = site
        self._known = known
        self._options = options
        # What decides which files are meant, and where they belong: when it changes, everything is listed again.
        self._rules = content_digest([options.include, options.exclude, sorted(site.parts.items())])

    # Listing

    def list(self, drive: Mapping[str, Any], link: str | None) -> Library:
        """Return what is in a library, or what changed in it since *link*."""
        unmapped: Counter[str] = Counter()
        library = Library(str(drive["id"]), printable(str(drive.get("name") or drive["id"])))
        library.about = {"drive": taken("drive", drive, unmapped)}
        try:
            self._describe(library, unmapped)
            self._enumerate(library, link)
        except (*NOT_SEEN, BadPages) as error:
            library.problem, library.detail = why_not(error), f"{library.name}: {_line(error)}"
        library.about["unmapped"] = sorted(unmapped)
        return library

    def _describe(self, library: Library, unmapped: Counter[str]) -> None:
        drive = f"drives/{segment(library.drive)}"
        columns = [taken("column", item, unmapped) for item in self._graph.values(f"{drive}/list/columns", {"$top": ITEMS_PER_PAGE})]
        library.about["columns"] = columns
        library.about["has_approval"] = has_approval(columns_of(columns))
        try:
            types = self._graph.values(f"{drive}/list/contentTypes", {"$top": ITEMS_PER_PAGE})
            library.about["types"] = [taken("contentType", item, unmapped) for item in types]
        except NOT_SEEN as error:
            library.gaps["types"] = why_not(error)
        try:
            root = self._graph.object(f"{drive}/root", {"$select": "id,name,webUrl"})
            library.about["root"] = str(root.get("id") or "")
            rights = self._graph.values(f"{drive}/items/{segment(library.about['root'])}/permissions")
            library.about["rights"] = [taken("permission", item, unmapped) for item in rights]
        except NOT_SEEN as error:
            library.gaps["rights"] = why_not(error)

    def _enumerate(self, library: Library, link: str | None) -> None:
        if link and self._known.get(folder_key(library.drive, "")) == self.folder_fingerprint(library.name, "", library.name):
            try:
                library.items, library.link = self._graph.changes(link, keep=_slim)
                library.is_full = False
            except (Resync, NotVisible, Rejected):
                link = None  # too old, or no more understood: everything is listed again
        if not link or library.is_full or self._is_rearranged(library):
            library.is_full = True
            query = {"$select": _LISTED, "$top": ITEMS_PER_PAGE}
            library.items, library.link = self._graph.changes(f"drives/{segment(library.drive)}/root/delta", query, keep=_slim)
            if not any("root" in item for item in library.items.values()):
                # Even an empty library lists its root: an answer without it is none, whatever its status says.
                library.link = ""
                raise BadPages("the listing leaves out the root of the library")
            self._place_folders(library)

    def _is_rearranged(self, library: Library) -> bool:
        """Say whether a folder that was known was renamed, moved or deleted: what lies in it is then not listed as changed."""
        for number, item in library.items.items():
            known = self._known.get(folder_key(library.drive, number))
            if known and ("deleted" in item or ("folder" in item and known.partition(" ")[0] != _folder_mark(item))):
                return True
        return False

    def _place_folders(self, library: Library) -> None:
        """Give every folder of a full listing its path; None: what it lies in was not listed."""
        folders = {number: item for number, item in library.items.items() if ("folder" in item or "root" in item) and "deleted" not in item}
        for number in folders:
            chain: list[str] = []
            here: str = number
            while here not in library.paths and here in folders and here not in chain and "root" not in folders[here]:
                chain.append(here)
                here = str((folders[here].get("parentReference") or {}).get("id") or "")
            path = library.paths[here] if here in library.paths else library.name if "root" in folders.get(here, {}) else None
            if "root" in folders.get(here, {}):
                library.paths[here] = library.name
            for below in reversed(chain):
                path = None if path is None else f"{path}/{_name(folders[below])}"
                library.paths[below] = path

    def path(self, library: Library, item: Mapping[str, Any]) -> str | None:
        """Return where a thing lies, from the library on; None: the listing does not tell."""
        parent = item.get("parentReference") or {}
        folder = library.paths.get(str(parent.get("id") or ""))
        if folder is None and (below := below_root(parent.get("path"))) is not None:
            folder = "/".join([library.name, *(printable(part) for part in below.split("/") if part)])
        return None if folder is None else f"{folder}/{_name(item)}"

    def is_hidden(self, path: str) -> bool:
        """Say whether a folder or file is left out by its path from the library on."""
        full = f"{self._site.place}/{path}"
        return (
            any(is_skipped(part) for part in path.split("/")[1:])
            or is_matched(full, self._options.exclude)
            or is_matched(path, self._options.exclude)
        )

    def is_left_out(self, path: str) -> bool:
        """Say whether nobody means a file by its path from the library on."""
        if self.is_hidden(path):
            return True
        full = f"{self._site.place}/{path}"
        return bool(self._options.include) and not (is_matched(full, self._options.include) or is_matched(path, self._options.include))

    # Folders

    def folder_fingerprint(self, name: str, parent: str, path: str) -> str:
        """Return what a folder is compared by: first what is its own, then what it lies in."""
        return f"{mark_of(name, parent)} {mark_of(VERSION, self._rules, self._site.place_of(path), path)}"

    def has_sets(self, library: Library) -> bool:
        """Say whether folders of a library may be document sets."""
        return any(str(kind.get("id") or "").startswith(_SET) for kind in library.about.get("types", ()))

    def is_set(self, library: Library, item: Mapping[str, Any]) -> bool:
        """Ask whether a folder is a document set."""
        path = f"drives/{segment(library.drive)}/items/{segment(str(item['id']))}/listItem"
        try:
            kind = self._graph.object(path, {"$select": "id,contentType"}).get("contentType")
        except NOT_SEEN as error:
            why_not(error)
            return False
        return isinstance(kind, dict) and str(kind.get("id") or "").startswith(_SET)

    def folder(self, library: Library, item: Mapping[str, Any], path: str, *, is_set: bool = False) -> Record:
        """Return the record of a folder."""
        number = "" if "root" in item else str(item["id"])
        place = self._site.place_of(path)
        name, parent = (library.name, "") if not number else _named(item)
        payload = {"path": f"{self._site.place}/{path}", "is_library": not number, "is_set": is_set, "drive": library.drive}
        return Record(
            folder_key(library.drive, number),
            "sharepoint.folder",
            place,
            payload,
            self.folder_fingerprint(name, parent, path),
            str(item.get("webUrl") or ""),
        )


class FileReader:
    """Reads files of one site: what the library says of each, and its content. Called from several threads.

    Args:
        temporary: folder for contents while they are read.
        users: whom the site knows, when somebody is named.
        pool: reads them.
    """

    def __init__(
        self,
        graph: Tenant,
        site: Site,
        users: Callable[[], Mapping[str, str]],
        reader: LibraryReader,
        options: ReadingOptions,
        pool: ReaderPool,
        temporary: Path,
    ) -> None:
        self._graph = graph
        self._site = site
        self._users = users
        self._reader = reader
        self._options = options
        self._limits = limits = options.limits()
        self._pool = pool
        self._temporary = temporary
        self._numbers = iter(range(1 << 62))
        self._lock = threading.Lock()
        self._bound = sha256(repr(sorted(asdict(limits).items())).encode()).hexdigest()[:8]

    def fingerprints(self, item: Mapping[str, Any], path: str) -> frozenset[str]:
        """Return the fingerprints by which a file counts as unchanged."""
        plain = self._fingerprint(item, path)
        return frozenset({plain, f"{plain}:{self._bound}"})

    def is_due(self, known: str) -> bool:
        """Say whether a file that did not change is to be read again: it could not be then, or met a limit that changed."""
        return not known or (":" in known and not known.endswith(f":{self._bound}"))

    def is_same(self, known: str, item: Mapping[str, Any]) -> bool:
        """Say whether a file that is listed as changed is as it was when it was read; a move changes its mark as well."""
        parts = known.removesuffix(f":{self._bound}").split(" ")
        return len(parts) == 4 and parts[0] == VERSION and parts[2:] == _marks(item)

    def _fingerprint(self, item: Mapping[str, Any], path: str) -> str:
        return " ".join([VERSION, mark_of(self._site.place_of(path), path), *_marks(item)])

    def read(self, library: Library, item: Mapping[str, Any]) -> Pulled | None:
        """Return the record of a file, or why it could not be read; None: nobody means it, or it is a folder."""
        number = str(item["id"])
        path = self._reader.path(library, item)
        try:
            whole = self._whole(library.drive, number)
        except (AccessDenied, NotVisible, Rejected) as error:
            if isinstance(error, NotAccepted):
                raise
            shown = path or f"{library.name}/{_name(item)}"
            if self._reader.is_left_out(shown):
                return None
            return self._unread(library, item, shown, "permission_denied", "the item is listed and may not be read", is_transient=True)
        path = self._reader.path(Library(library.drive, library.name), whole) or path or f"{library.name}/{_name(whole)}"
        if "folder" in whole or self._reader.is_left_out(path):
            return None
        for facet, told in (("package", "a notebook or another package"), ("remoteItem", "a shortcut, which is not followed")):
            if facet in whole or facet in item:
                return self._unread(library, {**item, **whole}, path, "unsupported", told)
        if "malware" in whole:
            return self._unread(library, whole, path, "damaged", "SharePoint says that it holds malware")
        if "file" not in whole:
            return self._unread(library, whole, path, "not_a_document", "neither a file nor a folder")
        if _FILMS.match(str((whole.get("file") or {}).get("mimeType") or "")):
            return self._unread(library, whole, path, "not_a_document", "sound or film")
        size = whole.get("size")
        if isinstance(size, int) and size > self._limits.file_bytes:
            return self._unread(library, whole, path, "too_large", f"{size} bytes")
        return self._content(library, whole, path)

    def _content(self, library: Library, whole: dict[str, Any], path: str) -> Pulled | None:
        number = str(whole["id"])
        with self._lock:
            folder = self._temporary / str(next(self._numbers))
        folder.mkdir()
        file = folder / (_UNSAFE.sub("_", _name(whole))[-100:].lstrip(".") or "file")
        try:
            with file.open("w+b") as into:
                self._graph.fetch(library.drive, number, into, max_bytes=self._limits.file_bytes)
            read = self._pool.read(file)
            details = self._details(library, number)
        except TooLarge:
            return self._unread(library, whole, path, "too_large", f"more than {self._limits.file_bytes} bytes")
        except (AccessDenied, NotVisible, Rejected) as error:
            if isinstance(error, NotAccepted):
                raise
            return self._unread(library, whole, path, "permission_denied", "the content may not be read", is_transient=True)
        finally:
            file.unlink(missing_ok=True)
            folder.rmdir()
        return self._pulled(library, whole, path, read, details)

    def _pulled(self, library: Library, whole: dict[str, Any], path: str, read: Read, details: dict[str, Any]) -> Pulled:
        if read.document is None:
            return self._unread(library, whole, path, read.reason or "crashed", read.error)
        unmapped: Counter[str] = Counter()
        payload = {
            "document": read.document,
            "path": f"{self._site.place}/{path}",
            "drive": library.drive,
            "size": read.size,
            "item": taken("driveItem", whole, unmapped),
            **details,
        }
        payload["unmapped"] = sorted(unmapped)
        fingerprint = self._fingerprint(whole, path)
        if read.document.get("is_cut"):
            fingerprint += f":{self._bound}"
        fields = details["fields"]
        return Record(
            file_key(library.drive, str(whole["id"])),
            "sharepoint.file",
            self._site.place_of(path),
            payload,
            fingerprint,
            str(whole.get("webUrl") or ""),
            version=str(fields.get("_UIVersionString") or (details["versions"][0].get("id") if details["versions"] else "") or ""),
            changed_at=instant(whole.get("lastModifiedDateTime")),
            content_hash=read.sha256,
        )

    def _whole(self, drive: str, number: str) -> dict[str, Any]:
        return self._graph.object(f"drives/{segment(drive)}/items/{segment(number)}", {"$select": _WHOLE})

    def _details(self, library: Library, number: str) -> dict[str, Any]:
        """Return what the library says of a file: its columns and its versions."""
        unmapped: Counter[str] = Counter()
        path = f"drives/{segment(library.drive)}/items/{segment(number)}"
        gaps: dict[str, str] = {}
        fields: dict[str, Any] = {}
        about: dict[str, Any] = {}
        columns = [column for column in columns_of(library.about.get("columns", ())) if column.is_own]
        for select in selections(columns, _ALWAYS):
            try:
                said = taken("listItem", self._graph.object(f"{path}/listItem", {"$expand": f"fields($select={select})"}), unmapped)
            except Rejected:
                # A name that this tenant does not know: whatever it gives unasked, then.
                said = taken("listItem", self._graph.object(f"{path}/listItem", {"$expand": "fields"}), unmapped)
            fields |= said.pop("fields", {})
            about |= said
        versions: list[dict[str, Any]] = []
        if self._options.versions:
            try:
                versions, is_cut = self._versions(path, unmapped)
                if is_cut:
                    gaps["versions"] = "limit_reached"
            except NOT_SEEN as error:
                gaps["versions"] = why_not(error)
        else:
            gaps["versions"] = "not_asked"
        named = [column for column in columns if column.kind == "personOrGroup"]
        is_named = any(column.name in fields or f"{column.name}LookupId" in fields for column in named)
        users = people_in(named, fields, self._users()) if is_named else {}
        return {"fields": fields, "users": users, "list_item": about, "versions": versions, "gaps": gaps}

    def _versions(self, path: str, unmapped: Counter[str]) -> tuple[list[dict[str, Any]], bool]:
        found: dict[str, dict[str, Any]] = {}
        for page in self._graph.pages(f"{path}/versions", {"$top": ITEMS_PER_PAGE}):
            for item in page["value"]:
                version = taken("version", item, unmapped)
                found.setdefault(str(version.get("id")), version)
            if len(found) > self._options.versions:
                return list(found.values())[: self._options.versions], True
        return list(found.values()), False

    def _unread(
        self, library: Library, item: Mapping[str, Any], path: str, reason: UnreadReason, error: str, *, is_transient: bool = False
    ) -> Unread:
        fingerprint = self._fingerprint(item, path)
        if is_transient or reason in _TRANSIENT:
            fingerprint = ""
        elif reason in _BOUNDED:
            fingerprint += f":{self._bound}"
        place = self._site.place_of(path)
        shown = f"{self._site.place}/{path}"
        return Unread(file_key(library.drive, str(item["id"])), place, shown, reason, error, str(item.get("webUrl") or ""), fingerprint)


def _slim(item: dict[str, Any]) -> dict[str, Any]:
    """Return what is needed of a thing while everything of its library is held: a library may hold 100,000."""
    found = {name: value for name, value in item.items() if name in _KEPT}
    for facet in ("file", "folder", "root", "package", "malware"):
        if facet in item:
            found[facet] = _THERE
    if isinstance(item.get("parentReference"), dict):
        # Where parents are told by path only, as by servers of one's own, the path is what there is.
        parent = item["parentReference"]
        found["parentReference"] = {"id": parent["id"]} if "id" in parent else {"path": parent.get("path")}
    return found


def _marks(item: Mapping[str, Any]) -> list[str]:
    """Return what changes when a file or what is known of it does, and what changes with its content only."""
    tag = str(item.get("eTag") or f"{item.get('lastModifiedDateTime')}/{item.get('size')}")
    parent = str((item.get("parentReference") or {}).get("id") or "")
    return [mark_of(tag, _name(item), parent), mark_of(str(item.get("cTag") or item.get("size")))]


def _name(item: Mapping[str, Any]) -> str:
    return printable(str(item.get("name") or item.get("id") or "")).replace("/", "_")


def _named(item: Mapping[str, Any]) -> tuple[str, str]:
    return _name(item), str((item.get("parentReference") or {}).get("id") or "")


def _folder_mark(item: Mapping[str, Any]) -> str:
    return mark_of("", "") if "root" in item else mark_of(*_named(item))


def _line(error: Exception) -> str:
    return str(getattr(error, "message", "")) or type(error).__name__


def content_digest(value: Any) -> str:
    """Return the digest of JSON values."""
    return sha256(orjson.dumps(value, option=orjson.OPT_SORT_KEYS)).hexdigest()


def new_files(library: Library, reader: LibraryReader) -> Iterator[tuple[dict[str, Any], str | None]]:
    """Yield the things of a listing that are no folders and not deleted, with their paths."""
    for item in library.items.values():
        if "deleted" not in item and "folder" not in item and "root" not in item:
            yield item, reader.path(library, item)
