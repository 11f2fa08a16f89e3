"""Lists: every row of each, and the table that they make."""

import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from auditor.connect.document import Cell, Document, TableBlock
from auditor.errors import NotVisible, Rejected
from auditor_connectors.fileshare.names import is_matched, printable
from auditor_connectors.sharepoint.columns import Column, cell, columns_of, has_approval, people_in, selections, shown
from auditor_connectors.sharepoint.graph import ITEMS_PER_PAGE, NOT_SEEN, BadPages, Resync, Tenant, why_not
from auditor_connectors.sharepoint.library import VERSION, content_digest
from auditor_connectors.sharepoint.options import ListOptions, ReadingOptions
from auditor_connectors.sharepoint.places import Site, mark_of, segment
from auditor_connectors.sharepoint.shapes import taken

LIST = "list:"
_OF_FILES = frozenset({"documentLibrary", "pictureLibrary", "webPageLibrary", "webTemplateExtensionsList"})
"""Kinds of lists that are libraries, or hold the site's own pages."""
_USERS = "User Information List"
_ROW = ("ID", "Title", "_ModerationStatus", "ContentType")


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
            head = mark_of(VERSION, content_digest([about, columns, said.model_dump()]))
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


def _number(text: str) -> tuple[int, str]:
    return (int(text), "") if text.isdigit() else (1 << 62, text)


def table_of(payload: Mapping[str, Any], zone: ZoneInfo) -> Document:
    """Return a list as the table that people see: its own titles above its rows. Folders in it are no rows."""
    said = ListOptions.model_validate(payload["said"])
    users = payload["users"]
    columns = list(shown(columns_of(payload["columns"]), said.columns))
    title = said.title or str(payload["path"]).rpartition("/")[2]
    head = (Cell("ID"), *(Cell(name, name) for _, name in columns))
    rows = [head]
    for row in payload["rows"]:
        if str((row.get("contentType") or {}).get("id") or "").startswith("0x0120"):
            continue
        fields = row.get("fields") or {}
        number = str(row["id"])
        whole = int(number) if number.isdigit() else number
        rows.append(
            (Cell(number, whole, "number" if isinstance(whole, int) else "text"), *(cell(it, fields, users, zone) for it, _ in columns))
        )
    block = TableBlock(tuple(rows), name=title, locator=title, header_rows=1)
    return Document("csv", (block,), {"title": title})


def statuses_of(rows: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Return the approval states that rows are in: digits as SharePoint writes them."""
    return frozenset(str((row.get("fields") or {}).get("_ModerationStatus")) for row in rows) - {"None"}
