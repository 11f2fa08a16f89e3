"""Lists: every row of each, how it was, and the table that they make."""

import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from auditor.connect.document import Cell, Document, TableBlock
from auditor.connect.protocol import Edition, Past, Record
from auditor.errors import NotVisible, Rejected
from auditor_connectors.fileshare.names import is_matched, printable
from auditor_connectors.sharepoint.columns import Column, cell, columns_of, has_approval, people_in, selections, shown
from auditor_connectors.sharepoint.graph import ITEMS_PER_PAGE, NOT_SEEN, BadPages, Resync, Tenant, why_not
from auditor_connectors.sharepoint.library import VERSION, content_digest
from auditor_connectors.sharepoint.options import ListOptions, ReadingOptions
from auditor_connectors.sharepoint.places import Site, mark_of, segment
from auditor_connectors.sharepoint.shapes import instant, person, taken

LIST = "list:"
ROW = "row:"
"""Begins the keys of how single rows were."""
_OF_FILES = frozenset({"documentLibrary", "pictureLibrary", "webPageLibrary", "webTemplateExtensionsList"})
"""Kinds of lists that are libraries, or hold the site's own pages."""
_USERS = "User Information List"
_ROW = ("ID", "Title", "_ModerationStatus", "ContentType", "_UIVersionString", "Attachments")
_READING = "3"
"""Goes up when lists would be read otherwise: all are then read anew."""
_FIRST = ("1.0", "0.1", "")
"""Versions of a row that nobody changed, or whose list keeps none."""
_AT_ONCE = timedelta(seconds=60)
"""A row that was changed no later than so after it was created was not changed by people: forms and flows write twice."""
_MOST_PAST = 20_000
"""Rows as they were that are looked at in one list."""


@dataclass(slots=True)
class Listed:
    """A list that was read, or found as it was.

    Attributes:
        payload: None when nothing changed.
        problem, detail: why it was not read; '' when it was.
    """

    id: str
    title: str
    link: str = ""
    payload: dict[str, Any] | None = None
    fingerprint: str = ""
    problem: str = ""
    detail: str = ""
    has_approval: bool = False
    url: str = ""
    unmapped: list[str] = field(default_factory=list)


def is_register(data: Mapping[str, Any], site: Site, options: ReadingOptions) -> bool:
    """Say whether a list is one that people fill row by row, and nobody left it out."""
    about = data.get("list") if isinstance(data.get("list"), dict) else {}
    assert isinstance(about, dict)
    if about.get("hidden") or "system" in data or about.get("template") in _OF_FILES:
        return False
    title = title_of(data)
    path = f"{site.place}/Lists/{title}"
    said = options_of(data, options)
    return not (said is not None and said.skip) and not is_matched(path, options.exclude)


def title_of(data: Mapping[str, Any]) -> str:
    """Return what a list is called."""
    return printable(str(data.get("displayName") or data.get("name") or data.get("id") or "")).replace("/", "_")


def options_of(data: Mapping[str, Any], options: ReadingOptions) -> ListOptions | None:
    """Return what is declared about a list, by its title or the name in its address."""
    names = {str(data.get(key) or "").casefold() for key in ("displayName", "name", "id")}
    return next((said for name, said in options.lists.items() if name.casefold() in names), None)


class Users:
    """Everybody whom a site knows: id in the site → name and address. Asked for when the first item that changed may name somebody."""

    def __init__(self, graph: Tenant, site: Site) -> None:
        self._graph = graph
        self._site = site
        self._lock = threading.Lock()
        self._found: dict[str, str] | None = None

    def all(self) -> Mapping[str, str]:
        """Return them; nobody when the account may not see them: who is meant stays unknown then."""
        with self._lock:
            if self._found is None:
                self._found = self._read()
            return self._found

    def _read(self) -> dict[str, str]:
        query = {"$expand": "fields($select=ID,Title,EMail,UserName)", "$top": ITEMS_PER_PAGE}
        try:
            items = self._graph.values(f"sites/{segment(self._site.id)}/lists/{_USERS.replace(' ', '%20')}/items", query)
        except (*NOT_SEEN, BadPages) as error:
            why_not(error)
            return {}
        found = {}
        for item in items:
            fields = item.get("fields")
            if not isinstance(fields, dict):
                continue
            name = str(fields.get("Title") or "").strip()
            address = next((text for key in ("EMail", "UserName") if "@" in (text := str(fields.get(key) or ""))), "")
            if name or address:
                found[str(item.get("id"))] = f"{name} <{address}>" if name and address else name or address
        return found


class ListReader:
    """Reads the lists of one site. Called from several threads.

    Args:
        graph: the tenant.
        site: whose lists.
        users: whom the site knows.
        known: key → fingerprint of what earlier pulls left.
        options: of the source.
    """

    def __init__(self, graph: Tenant, site: Site, users: Users, known: Mapping[str, str], options: ReadingOptions) -> None:
        self._graph = graph
        self._users = users
        self._site = site
        self._known = known
        self._options = options

    def read(self, data: Mapping[str, Any], link: str | None) -> Listed:
        """Return a list with all its rows; without them when nothing changed since *link*."""
        listed = Listed(str(data["id"]), title_of(data), url=str(data.get("webUrl") or ""))
        unmapped: Counter[str] = Counter()
        about = taken("list", data, unmapped)
        about.pop("lastModifiedDateTime", None)
        about.pop("eTag", None)
        path = f"sites/{segment(self._site.id)}/lists/{segment(listed.id)}"
        try:
            columns = [taken("column", item, unmapped) for item in self._graph.values(f"{path}/columns", {"$top": ITEMS_PER_PAGE})]
            listed.has_approval = has_approval(columns_of(columns))
            said = options_of(data, self._options) or ListOptions()
            head = mark_of(VERSION, _READING, content_digest([about, columns, said.model_dump(), self._options.versions]))
            known = self._known.get(f"{LIST}{listed.id}", "")
            if link and known.startswith(f"{head} "):
                try:
                    changed, listed.link = self._graph.changes(link)
                    if not changed:
                        listed.fingerprint = known
                        return listed
                except (Resync, NotVisible, Rejected):
                    listed.link = ""
            rows, listed.link = self._rows(path, columns, said, unmapped)
            users = self._people(columns_of(columns), rows)
        except (*NOT_SEEN, BadPages) as error:
            listed.problem, listed.detail = why_not(error), f"{listed.title}: {getattr(error, 'message', '')}"
            return listed
        listed.unmapped = sorted(unmapped)
        listed.payload = {
            "list": about,
            "columns": columns,
            "rows": rows,
            "users": users,
            "said": said.model_dump(),
            "path": f"{self._site.place}/Lists/{listed.title}",
            "unmapped": listed.unmapped,
            "has_approval": listed.has_approval,
        }
        listed.fingerprint = f"{head} {content_digest([rows, users])[:16]}"
        return listed

    def versions(self, listed: Listed, row: Mapping[str, Any]) -> Record | None:
        """Return how a row was; None when that cannot be told now."""
        assert listed.payload is not None
        number = str(row["id"])
        columns = [
            column for column, _ in shown(columns_of(listed.payload["columns"]), ListOptions.model_validate(listed.payload["said"]).columns)
        ]
        names = {name for column in columns for name in (column.name, f"{column.name}LookupId")}
        path = f"sites/{segment(self._site.id)}/lists/{segment(listed.id)}/items/{segment(number)}/versions"
        unmapped: Counter[str] = Counter()
        found: dict[str, dict[str, Any]] = {}
        is_cut = False
        try:
            # Columns are given unasked here; which of them mean something is known of the list.
            for page in self._graph.pages(path, {"$expand": "fields", "$top": ITEMS_PER_PAGE}):
                for item in page["value"]:
                    version = taken("version", item, unmapped)
                    fields = {name: value for name, value in version.get("fields", {}).items() if name in names}
                    found.setdefault(str(version.get("id")), {**version, "fields": fields})
                if len(found) > self._options.versions:
                    is_cut = True
                    break
        except (*NOT_SEEN, BadPages) as error:
            why_not(error)
            return None
        versions = list(found.values())[: self._options.versions]
        users = self._people(columns, versions)
        payload = {"list": listed.id, "row": number, "versions": versions, "users": users, "is_cut": is_cut, "unmapped": sorted(unmapped)}
        return Record(
            row_key(listed.id, number),
            "sharepoint.row",
            self._site.place,
            payload,
            row_mark(listed, row),
            listed.url,
            version=version_of(row),
            changed_at=instant(row.get("lastModifiedDateTime")),
            content_hash=sha256(content_digest(payload).encode()).hexdigest(),
        )

    def _people(self, columns: Iterable[Column], rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
        columns = [column for column in columns if column.kind == "personOrGroup"]
        found: dict[str, str] = {}
        for row in rows:
            fields = row.get("fields") or {}
            if any(column.name in fields or f"{column.name}LookupId" in fields for column in columns):
                found |= people_in(columns, fields, self._users.all())
        return dict(sorted(found.items()))

    def _rows(
        self, path: str, columns: list[dict[str, Any]], said: ListOptions, unmapped: Counter[str]
    ) -> tuple[list[dict[str, Any]], str]:
        """Return all rows by id, and the link to what changes after them."""
        wanted = [column for column, _ in shown(columns_of(columns), said.columns)]
        first, *others = selections(wanted, _ROW)
        found, link = self._graph.changes(f"{path}/items/delta", {"$expand": f"fields($select={first})", "$top": ITEMS_PER_PAGE})
        rows = {number: taken("listItem", item, unmapped) for number, item in found.items() if "deleted" not in item}
        for select in others:  # more columns that look something up than one query may ask for
            query = {"$expand": f"fields($select={select})", "$top": ITEMS_PER_PAGE}
            for item in self._graph.values(f"{path}/items", query):
                row = rows.get(str(item.get("id")))
                if row is not None:
                    row["fields"] = {**taken("listItem", item, unmapped).get("fields", {}), **row.get("fields", {})}
        return [rows[number] for number in sorted(rows, key=_number)], link


def row_key(number: str, row: str) -> str:
    """Return the key of how a row of a list was."""
    return f"{ROW}{number}:{row}"


def row_mark(listed: Listed, row: Mapping[str, Any]) -> str:
    """Return what how a row was is compared by: its version, and how its list is read."""
    return mark_of(listed.fingerprint.partition(" ")[0], version_of(row), str(row.get("lastModifiedDateTime")))


def version_of(row: Mapping[str, Any]) -> str:
    """Return the version that a row is in; '' where nobody tells."""
    return str((row.get("fields") or {}).get("_UIVersionString") or "")


def has_older(row: Mapping[str, Any]) -> bool:
    """Say whether a list keeps how a row was before."""
    return version_of(row) not in _FIRST


def _number(text: str) -> tuple[int, str]:
    return (int(text), "") if text.isdigit() else (1 << 62, text)


def table_of(payload: Mapping[str, Any], zone: ZoneInfo) -> Document:
    """Return a list as the table that people see: its own titles above its rows. Folders in it are no rows."""
    return _table(payload, [*_lines(payload, zone)])


def past_of(payload: Mapping[str, Any], kept: Mapping[str, Mapping[str, Any]], zone: ZoneInfo) -> Past:
    """Return how the rows of a list were.

    Args:
        payload: of the list.
        kept: row → what was pulled of its versions.
        zone: in which moments become days.
    """
    lines = [*_lines(payload, zone)]
    rows = [row for row in payload["rows"] if not _is_folder(row)]
    columns = list(shown(columns_of(payload["columns"]), ListOptions.model_validate(payload["said"]).columns))
    editions: list[Edition] = []
    next_id = max((int(row["id"]) for row in rows if str(row["id"]).isdigit()), default=0) + 1
    is_whole = True
    for of, row in enumerate(rows, start=2):  # below the titles
        number = str(row["id"])
        at = instant(row.get("lastModifiedDateTime"))
        if at is None:
            is_whole = False
            continue
        said = kept.get(number, {"versions": (), "users": {}, "is_cut": False})
        older = _older(said["versions"], version_of(row))
        is_whole &= not said["is_cut"] and _is_whole(row, older)
        for version in older:
            written = instant(version.get("lastModifiedDateTime"))
            if written is None or len(lines) > _MOST_PAST:
                is_whole = False
                continue
            fields = version.get("fields") or {}
            # A number of its own: what stands there twice would be an entry that stands there twice.
            lines.append((Cell(str(next_id), next_id, "number"), *(cell(it, fields, said["users"], zone) for it, _ in columns)))
            next_id += 1
            editions.append(Edition(number, str(version["id"]), len(lines) + 1, of, written, _who(version)))
        # A server does not say of a row who changed it last; of its versions it does.
        now: Mapping[str, Any] = next((version for version in said["versions"] if version.get("id") == version_of(row)), {})
        editions.append(Edition(number, version_of(row), of, of, at, _who(row) or _who(now)))
    return Past(_table(payload, lines), tuple(editions), is_whole)


def _older(versions: Iterable[Mapping[str, Any]], now: str) -> list[Mapping[str, Any]]:
    """Return the versions of a row before its present one, the oldest first: one that came while it was read is of the next pull."""
    present = _parts(now)
    return sorted((version for version in versions if _parts(version.get("id")) < present), key=lambda version: _parts(version.get("id")))


def _is_whole(row: Mapping[str, Any], older: list[Mapping[str, Any]]) -> bool:
    """Say whether every change of a row is told.

    A list that keeps no versions leaves all rows in 1.0, whatever people change; one that keeps fifty drops the first ones. And while
    none are kept the version that a row is in is written over: it is then younger than the row.
    """
    chain = [_parts(version.get("id")) for version in older] + [_parts(version_of(row))]
    if any(not _follows(first, second) for first, second in pairwise(chain)) or chain[0] not in {(1, 0), (0, 1)}:
        return False
    first = older[0] if older else row
    created, written = instant(row.get("createdDateTime")), instant(first.get("lastModifiedDateTime"))
    return created is not None and written is not None and written - created <= _AT_ONCE


def _follows(first: tuple[int, int], second: tuple[int, int]) -> bool:
    return second in {(first[0], first[1] + 1), (first[0] + 1, 0)}


def _parts(version: Any) -> tuple[int, int]:
    major, _, minor = str(version or "").partition(".")
    return (int(major), int(minor or 0)) if major.isdecimal() and (minor or "0").isdecimal() else (0, 0)


def _who(said: Mapping[str, Any]) -> str | None:
    found = person(said.get("lastModifiedBy"))
    return None if found is None else found[0]


def _is_folder(row: Mapping[str, Any]) -> bool:
    return str((row.get("contentType") or {}).get("id") or "").startswith("0x0120")


def _lines(payload: Mapping[str, Any], zone: ZoneInfo) -> Iterator[tuple[Cell, ...]]:
    columns = list(shown(columns_of(payload["columns"]), ListOptions.model_validate(payload["said"]).columns))
    for row in payload["rows"]:
        if _is_folder(row):
            continue
        fields = row.get("fields") or {}
        number = str(row["id"])
        whole = int(number) if number.isdigit() else number
        told = (cell(it, fields, payload["users"], zone) for it, _ in columns)
        yield (Cell(number, whole, "number" if isinstance(whole, int) else "text"), *told)


def _table(payload: Mapping[str, Any], lines: Iterable[tuple[Cell, ...]]) -> Document:
    said = ListOptions.model_validate(payload["said"])
    title = said.title or str(payload["path"]).rpartition("/")[2]
    head = (Cell("ID"), *(Cell(name, name) for _, name in shown(columns_of(payload["columns"]), said.columns)))
    block = TableBlock((head, *lines), name=title, locator=title, header_rows=1)
    return Document("csv", (block,), {"title": title})


def attached(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the ids of rows that have attachments, which Graph does not give."""
    return [str(row["id"]) for row in rows if (row.get("fields") or {}).get("Attachments") is True]


def statuses_of(rows: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Return the approval states that rows are in: digits as SharePoint writes them."""
    return frozenset(str((row.get("fields") or {}).get("_ModerationStatus")) for row in rows) - {"None"}
