"""A Microsoft 365 tenant that never was: sites, libraries and lists that people edit, contents on another host, and a sign-in."""

import itertools
import json
import random
import re
import threading
from collections.abc import Callable
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, unquote

from tests.servers.web import Asked, Reply, serving

HOST = "contoso.sharepoint.com"
TENANT = "11111111-2222-3333-4444-555555555555"
CLIENT = "99999999-8888-7777-6666-555555555555"
SECRET = "s3cret-of-the-application-only"
EPOCH = datetime(2026, 1, 1, 8, tzinfo=UTC)
APPROVED, REJECTED, PENDING, DRAFT = "0", "1", "2", "3"
SYSTEM_COLUMNS = [
    {"name": "Title", "displayName": "Title", "text": {"textType": "plain"}},
    {"name": "ContentType", "displayName": "Content Type", "text": {}, "readOnly": True},
    {"name": "Editor", "displayName": "Modified By", "personOrGroup": {}, "readOnly": True},
    {"name": "Modified", "displayName": "Modified", "dateTime": {"format": "dateTime"}, "readOnly": True},
    {"name": "_UIVersionString", "displayName": "Version", "text": {}, "readOnly": True},
]


def person(number: str) -> dict[str, Any]:
    names = {"ann": "Ann Archer", "bob": "Bob Baker", "cem": "Cem Carter"}
    mail = f"{number.lower().replace(' ', '.')}@contoso.example"
    return {"user": {"id": f"id-{number}", "displayName": names.get(number, number), "email": mail}}


@dataclass
class Item:
    """A file or folder; *seq* tells when it changed last."""

    id: str
    name: str
    parent: str
    content: bytes | None = None  # None: a folder
    seq: int = 0
    edits: int = 1
    content_edits: int = 1
    version: str = "1.0"
    moderation: str = APPROVED
    checked_out_by: str = ""
    editor: str = "ann"
    at: datetime = EPOCH
    created: datetime = EPOCH
    author: str = "ann"
    fields: dict[str, Any] = field(default_factory=dict)
    versions: list[dict[str, Any]] = field(default_factory=list)
    facets: dict[str, Any] = field(default_factory=dict)
    is_deleted: bool = False
    is_set: bool = False
    is_hidden: bool = False  # listed, and 404 when it is asked for
    extra_size: int = 0


@dataclass
class Drive:
    id: str
    site: str
    name: str
    items: dict[str, Item]
    columns: list[dict[str, Any]] = field(default_factory=list)
    has_approval: bool = False
    is_denied: bool = False
    rights: list[dict[str, Any]] = field(default_factory=list)

    @property
    def root(self) -> Item:
        return next(item for item in self.items.values() if not item.parent)


@dataclass
class Row:
    id: str
    fields: dict[str, Any]
    seq: int = 0
    at: datetime = EPOCH
    moderation: str = APPROVED
    is_deleted: bool = False
    content_type: str = "0x01"
    created: datetime = EPOCH
    editor: str = "bob"
    version: int = 1
    versions: list[dict[str, Any]] = field(default_factory=list)  # older ones, the newest first


@dataclass
class ListOf:
    id: str
    site: str
    title: str
    columns: list[dict[str, Any]]
    rows: dict[str, Row] = field(default_factory=dict)
    template: str = "genericList"
    is_hidden: bool = False
    has_approval: bool = False
    keeps: int = 50  # versions of each row; 0: none, and every row stays in version 1.0


@dataclass
class Site:
    id: str
    path: str
    title: str
    is_granted: bool = True
    parent: str = ""
    is_denied_users: bool = False


class FakeGraph:
    """The state, what people do to it, and Graph's answers about it.

    Attributes:
        page: things per page, whatever is asked for.
        rights: what the application's token says it may do.
        faults: asked about each request first; the first reply counts.
        before: called before each request is answered.
        quiet_deletes: of a folder that is deleted, what was in it is not told.
        repeats: pages of changes repeat a thing of the page before.
    """

    def __init__(self, *, contract: Any = None) -> None:
        self.lock = threading.RLock()
        self.sites: dict[str, Site] = {}
        self.drives: dict[str, Drive] = {}
        self.lists: dict[str, ListOf] = {}
        self.page = 100
        self.rights = ["Sites.Read.All"]
        self.faults: list[Callable[[Asked], Reply | None]] = []
        self.before: list[Callable[[Asked], None]] = []
        self.quiet_deletes = False
        self.repeats = False
        self.contract = contract
        self.violations: list[str] = []
        self.leaks: list[str] = []
        self.tokens: list[str] = []
        self.links: dict[str, tuple[str, str, int]] = {}  # secret of a link → drive, item, uses left
        self.link_uses = 1
        self.broken_links = 0  # so many links are refused when they are used
        self.oldest = 0  # links of changes from before are refused with 410
        self.now = EPOCH
        self.numbers = itertools.count(1)
        self.server: Any = None
        self.content: Any = None
        self.authority: Any = None
        self.device_waits = 1
        self.refused_secret = False

    # What people do

    def tick(self) -> int:
        self.now += timedelta(minutes=1)
        return next(self.numbers)

    def site(self, name: str, *, path: str = "", parent: str = "", granted: bool = True) -> Site:
        number = f"{HOST},{name.lower()}0000-0000,web-{name.lower()}"
        found = Site(number, path or f"sites/{name}", f"Project {name}", granted, parent)
        self.sites[number] = found
        return found

    def library(self, site: Site, name: str = "Documents", **more: Any) -> Drive:
        number = f"b!{site.id.rpartition('-')[2]}-{name.replace(' ', '')}"
        root = Item(f"01{name[:3].upper()}ROOT", "root", "", seq=self.tick())
        drive = Drive(number, site.id, name, {root.id: root}, **more)
        self.drives[number] = drive
        return drive

    def folder(self, drive: Drive, name: str, parent: Item | None = None) -> Item:
        with self.lock:
            item = Item(f"01F{next(self.numbers):06d}", name, (parent or drive.root).id, at=self.now)
            drive.items[item.id] = item
            self._bump(drive, item)
            return item

    def file(self, drive: Drive, name: str, content: bytes | str = "", parent: Item | None = None, **more: Any) -> Item:
        with self.lock:
            data = content.encode() if isinstance(content, str) else content
            item = Item(f"01D{next(self.numbers):06d}", name, (parent or drive.root).id, data, at=self.now, **more)
            item.versions = [{"id": item.version, "at": self.now, "by": item.editor, "size": len(data)}]
            drive.items[item.id] = item
            self._bump(drive, item)
            return item

    def _bump(self, drive: Drive, item: Item) -> None:
        """Note a change; the folders above come with it."""
        above = drive.items.get(item.parent)
        while above is not None:
            above.seq = self.tick()
            above = drive.items.get(above.parent)
        item.seq = self.tick()
        item.at = self.now

    def write(self, drive: Drive, item: Item, content: bytes | str, *, by: str = "ann", major: bool = True) -> None:
        with self.lock:
            item.content = content.encode() if isinstance(content, str) else content
            first, second = map(int, item.version.split("."))
            item.version = f"{first + 1}.0" if major else f"{first}.{second + 1}"
            item.edits += 1
            item.content_edits += 1
            item.editor = by
            self._bump(drive, item)
            item.versions.insert(0, {"id": item.version, "at": self.now, "by": by, "size": len(item.content)})

    def say(self, drive: Drive, item: Item, **fields: Any) -> None:
        """Change columns, not the content."""
        with self.lock:
            item.fields |= fields
            item.edits += 1
            self._bump(drive, item)

    def moderate(self, drive: Drive, item: Item, state: str) -> None:
        with self.lock:
            item.moderation = state
            item.edits += 1
            self._bump(drive, item)

    def check_out(self, drive: Drive, item: Item, by: str) -> None:
        with self.lock:
            item.checked_out_by = by
            item.edits += 1
            self._bump(drive, item)

    def rename(self, drive: Drive, item: Item, name: str) -> None:
        """As in SharePoint, what lies in a folder is not touched."""
        with self.lock:
            item.name = name
            item.edits += 1
            self._bump(drive, item)

    def move(self, drive: Drive, item: Item, parent: Item) -> None:
        with self.lock:
            item.parent = parent.id
            item.edits += 1
            self._bump(drive, item)

    def delete(self, drive: Drive, item: Item) -> None:
        with self.lock:
            below = [other for other in drive.items.values() if self._is_in(drive, other, item) and not other.is_deleted]
            for other in below:
                other.is_deleted = True
                if not self.quiet_deletes:
                    other.seq = self.tick()
            item.is_deleted = True
            item.seq = self.tick()

    @staticmethod
    def _is_in(drive: Drive, item: Item, folder: Item) -> bool:
        here: Item | None = item
        while here is not None and here.parent:
            if here.parent == folder.id:
                return True
            here = drive.items.get(here.parent)
        return False

    def register(self, site: Site, title: str, columns: list[dict[str, Any]], **more: Any) -> ListOf:
        number = f"list-{site.id.rpartition('-')[2]}-{title.replace(' ', '')}"
        found = ListOf(number, site.id, title, columns, **more)
        self.lists[number] = found
        return found

    def row(self, listed: ListOf, **fields: Any) -> Row:
        with self.lock:
            row = Row(str(len(listed.rows) + 1), fields, seq=self.tick(), at=self.now, created=self.now)
            listed.rows[row.id] = row
            return row

    def enter(self, row: Row, *, by: str = "bob", **fields: Any) -> None:
        with self.lock:
            keeps = next(listed.keeps for listed in self.lists.values() if any(row is one for one in listed.rows.values()))
            if keeps:
                old = {"id": f"{row.version}.0", "at": row.at, "by": row.editor, "fields": dict(row.fields)}
                row.versions = [old, *row.versions][: keeps - 1]
                row.version += 1
            row.fields |= fields
            row.editor = by
            row.seq = self.tick()
            row.at = self.now

    def strike(self, row: Row) -> None:
        with self.lock:
            row.is_deleted = True
            row.seq = self.tick()

    def forget_changes(self) -> None:
        """Links to changes are too old from now on."""
        with self.lock:
            self.oldest = self.tick()

    # Graph

    def answer(self, asked: Asked) -> Reply:
        for look in list(self.before):
            look(asked)
        for fault in list(self.faults):
            reply = fault(asked)
            if reply is not None:
                return reply
        with self.lock:
            reply = self._answer(asked)
        if self.contract is not None:
            said = json.loads(json.dumps(reply.body)) if not isinstance(reply.body, (bytes, str)) else None
            self.violations += self.contract.violations(
                asked.method, unquote(asked.path).removeprefix("/v1.0"), asked.query, asked.body, reply.status, said
            )
        return reply

    def _answer(self, asked: Asked) -> Reply:
        if asked.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens[-1:]:
            return error(401, "InvalidAuthenticationToken", "Lifetime validation failed, the token is expired.")
        path = unquote(asked.path).removeprefix("/v1.0/")
        for pattern, handle in _ROUTES:
            found = pattern.fullmatch(path)
            if found:
                try:
                    return handle(self, asked, *found.groups())
                except KeyError:
                    return error(404, "itemNotFound", "The resource could not be found.")
                except PermissionError:
                    return error(403, "accessDenied", "Access denied")
        return error(400, "BadRequest", "Resource not found for the segment")

    def _site(self, number: str) -> Site:
        site = self.sites[number]
        if not site.is_granted:
            raise PermissionError
        return site

    def _drive(self, number: str) -> Drive:
        drive = self.drives[number]
        if drive.is_denied or not self.sites[drive.site].is_granted:
            raise PermissionError
        return drive

    def _listing(self, asked: Asked, things: list[dict[str, Any]]) -> Reply:
        begin = int(asked.one("$skiptoken", "0") or 0)
        body: dict[str, Any] = {"value": things[begin : begin + self.page]}
        if begin + self.page < len(things):
            query = "&".join(f"{quote(name)}={quote(value[0])}" for name, value in asked.query.items() if name != "$skiptoken")
            body["@odata.nextLink"] = f"{self.server.url}{asked.path}?{query}&$skiptoken={begin + self.page}"
        return Reply(body)

    def site_json(self, site: Site) -> dict[str, Any]:
        return {
            "@odata.etag": "x", "id": site.id, "name": site.path.rpartition("/")[2], "displayName": site.title,
            "webUrl": f"https://{HOST}/{site.path}", "createdDateTime": stamp(EPOCH), "siteCollection": {"hostname": HOST},
        }  # fmt: skip

    def get_sites(self, asked: Asked) -> Reply:
        return self._listing(asked, [self.site_json(site) for site in self.sites.values() if site.is_granted and not site.parent])

    def get_site_by_path(self, _: Asked, host: str, path: str) -> Reply:
        found = next(site for site in [*self.sites.values(), None] if site is None or (host == HOST and site.path == path))
        if found is None:
            raise KeyError(path)
        return Reply(self.site_json(self._site(found.id)))

    def get_site(self, _: Asked, number: str) -> Reply:
        return Reply(self.site_json(self._site(number)))

    def get_subsites(self, asked: Asked, number: str) -> Reply:
        return self._listing(asked, [self.site_json(site) for site in self.sites.values() if site.parent == self._site(number).id])

    def get_drives(self, asked: Asked, number: str) -> Reply:
        site = self._site(number)
        return self._listing(asked, [self.drive_json(drive) for drive in self.drives.values() if drive.site == site.id])

    def drive_json(self, drive: Drive) -> dict[str, Any]:
        return {
            "id": drive.id, "name": drive.name, "driveType": "documentLibrary",
            "webUrl": f"https://{HOST}/{self.sites[drive.site].path}/{quote(drive.name)}", "createdDateTime": stamp(EPOCH),
        }  # fmt: skip

    def get_drive(self, _: Asked, number: str) -> Reply:
        return Reply(self.drive_json(self._drive(number)))

    def get_root(self, _: Asked, number: str) -> Reply:
        drive = self._drive(number)
        return Reply(self.item_json(drive, drive.root))

    def get_drive_columns(self, asked: Asked, number: str) -> Reply:
        drive = self._drive(number)
        return self._listing(asked, columns_json(drive.columns, has_approval=drive.has_approval))

    def get_types(self, asked: Asked, number: str) -> Reply:
        self._drive(number)
        return self._listing(asked, [{"id": "0x0101", "name": "Document"}, {"id": "0x0120D520A8", "name": "Document Set"}])

    def get_rights(self, asked: Asked, number: str, item: str) -> Reply:
        drive = self._drive(number)
        assert item in drive.items
        return self._listing(asked, drive.rights)

    def path_of(self, drive: Drive, item: Item) -> str:
        names = []
        here = drive.items.get(item.parent)
        while here is not None and here.parent:
            names.append(here.name)
            here = drive.items.get(here.parent)
        return "/".join(reversed(names))

    def item_json(self, drive: Drive, item: Item, *, is_delta: bool = False) -> dict[str, Any]:
        if item.is_deleted:
            return {"id": item.id, "deleted": {"state": "deleted"}, "parentReference": {"driveId": drive.id}}
        path = self.path_of(drive, item)
        found: dict[str, Any] = {
            "@odata.etag": "x", "id": item.id, "name": item.name, "size": len(item.content or b"") + item.extra_size,
            "eTag": f'"{{{item.id}}},{item.edits}"', "cTag": f'"c:{{{item.id}}},{item.content_edits}"',
            "webUrl": f"https://{HOST}/{self.sites[drive.site].path}/{quote(drive.name)}/{quote(f'{path}/{item.name}'.strip('/'))}",
            "createdDateTime": stamp(item.created), "lastModifiedDateTime": stamp(item.at), "createdBy": person(item.author),
            "lastModifiedBy": person(item.editor), "parentReference": {"driveId": drive.id, "driveType": "documentLibrary"},
        }  # fmt: skip
        if item.parent:
            found["parentReference"]["id"] = item.parent
            if not is_delta:
                found["parentReference"]["path"] = f"/drives/{drive.id}/root:" + (f"/{quote(path)}" if path else "")
        else:
            found["root"] = {}
        if item.content is None and not item.facets:
            found["folder"] = {"childCount": 1}
        elif not item.facets:
            found["file"] = {"mimeType": "text/markdown", "hashes": {"quickXorHash": "AAAA"}}
            if not is_delta:
                level = "checkout" if item.checked_out_by else "published" if item.version.endswith(".0") else "draft"
                found["publication"] = {"level": level, "versionId": item.version}
                if item.checked_out_by:
                    found["publication"]["checkedOutBy"] = person(item.checked_out_by)
                found["@microsoft.graph.downloadUrl"] = self._link(drive, item)
        return found | item.facets

    def _shown(self, drive: Drive, item: Item) -> bool:
        """What is not approved is left out for whoever may only read, without a word."""
        sees = {"Sites.Manage.All", "Sites.FullControl.All"} & set(self.rights)
        return not drive.has_approval or bool(sees) or item.content is None or item.moderation == APPROVED

    def _item(self, drive: Drive, number: str) -> Item:
        item = drive.items[number]
        if item.is_deleted or item.is_hidden or not self._shown(drive, item):
            raise KeyError(number)
        return item

    def get_item(self, asked: Asked, number: str, item: str) -> Reply:
        drive = self._drive(number)
        body = self.item_json(drive, self._item(drive, item))
        return Reply(selected(body, asked.one("$select")))

    def get_list_item(self, asked: Asked, number: str, item: str) -> Reply:
        drive = self._drive(number)
        found = self._item(drive, item)
        fields: dict[str, Any] = {
            "@odata.etag": "x", "id": found.id[-4:], "_UIVersionString": found.version, "ContentType": "Document", **found.fields,
        }  # fmt: skip
        if drive.has_approval:
            fields["_ModerationStatus"] = int(found.moderation)
        body = {"id": found.id[-4:], "contentType": content_type(found), "fields": chosen(fields, asked.one("$expand"))}
        return Reply(body)

    def get_versions(self, asked: Asked, number: str, item: str) -> Reply:
        drive = self._drive(number)
        found = self._item(drive, item)
        versions = [
            {"id": one["id"], "lastModifiedDateTime": stamp(one["at"]), "lastModifiedBy": person(one["by"]), "size": one["size"]}
            for one in found.versions
        ]
        return self._listing(asked, versions)

    def get_content(self, _: Asked, number: str, item: str) -> Reply:
        drive = self._drive(number)
        return Reply(b"", 302, {"Location": self._link(drive, self._item(drive, item))})

    def _link(self, drive: Drive, item: Item) -> str:
        secret = f"tempauth-{drive.id[-6:]}-{item.id}-{next(self.numbers)}"
        self.links[secret] = (drive.id, item.id, self.link_uses)
        return f"{self.content.url}/download.aspx?UniqueId={item.id}&tempauth={quote(secret)}"

    def delta(self, asked: Asked, things: list[Any], show: Callable[[Any], dict[str, Any]], is_shown: Callable[[Any], bool]) -> Reply:
        """Changes in the order in which they happened; what changes again meanwhile comes again at the end."""
        said = asked.one("token")
        kind, begun, after = (said.split("-")[0], *map(int, said.split("-")[1:])) if said else ("first", next(self.numbers), 0)
        if said and begun < self.oldest:
            location = f"{self.server.url}{asked.path}"
            return Reply(error(410, "resyncRequired", "Resync required").body, 410, {"Location": location})
        # A first listing tells only of deletions after it began.
        is_first = kind == "first"
        waiting = sorted((thing for thing in things if thing.seq > after), key=lambda thing: thing.seq)
        waiting = [thing for thing in waiting if (not thing.is_deleted or not is_first or thing.seq > begun) and is_shown(thing)]
        page = waiting[: self.page]
        values = [show(thing) for thing in page]
        if self.repeats and page:
            values.append(show(page[0]))
        link = f"{self.server.url}{asked.path}?" + "".join(
            f"{quote(name)}={quote(value[0])}&" for name, value in asked.query.items() if name.startswith("$")
        )
        body: dict[str, Any] = {"value": values}
        if len(waiting) > len(page):
            body["@odata.nextLink"] = f"{link}token={kind}-{begun}-{page[-1].seq}"
        else:
            last = page[-1].seq if page else after
            body["@odata.deltaLink"] = f"{link}token=changes-{next(self.numbers)}-{last}"
        return Reply(body)

    def get_drive_delta(self, asked: Asked, number: str) -> Reply:
        drive = self._drive(number)
        return self.delta(
            asked,
            list(drive.items.values()),
            lambda item: selected(self.item_json(drive, item, is_delta=True), asked.one("$select")),
            lambda item: self._shown(drive, item),
        )

    # Lists

    def list_json(self, listed: ListOf) -> dict[str, Any]:
        return {
            "id": listed.id, "name": listed.title.replace(" ", ""), "displayName": listed.title,
            "webUrl": f"https://{HOST}/{self.sites[listed.site].path}/Lists/{quote(listed.title)}",
            "list": {"hidden": listed.is_hidden, "template": listed.template, "contentTypesEnabled": False},
        }  # fmt: skip

    def get_lists(self, asked: Asked, number: str) -> Reply:
        site = self._site(number)
        lists = [self.list_json(listed) for listed in self.lists.values() if listed.site == site.id and not listed.is_hidden]
        libraries = [
            {
                "id": f"l{drive.id[2:]}",
                "name": drive.name,
                "displayName": drive.name,
                "list": {"hidden": False, "template": "documentLibrary"},
            }
            for drive in self.drives.values()
            if drive.site == site.id
        ]
        return self._listing(asked, [*libraries, *lists])

    def _list(self, site: str, number: str) -> ListOf:
        self._site(site)
        return self.lists[number]

    def get_list(self, _: Asked, site: str, number: str) -> Reply:
        return Reply(self.list_json(self._list(site, number)))

    def get_list_columns(self, asked: Asked, site: str, number: str) -> Reply:
        listed = self._list(site, number)
        return self._listing(asked, columns_json(listed.columns, has_approval=listed.has_approval))

    def row_json(self, listed: ListOf, row: Row, expand: str) -> dict[str, Any]:
        if row.is_deleted:
            return {"id": row.id, "deleted": {"state": "deleted"}}
        fields: dict[str, Any] = {
            "@odata.etag": "x", "id": row.id, "ContentType": "Item", "_UIVersionString": f"{row.version}.0", **row.fields,
        }  # fmt: skip
        if listed.has_approval:
            fields["_ModerationStatus"] = int(row.moderation)
        found: dict[str, Any] = {
            "id": row.id, "lastModifiedDateTime": stamp(row.at), "createdDateTime": stamp(row.created), "lastModifiedBy": person(row.editor),
            "contentType": {"id": row.content_type, "name": "Item"},
        }  # fmt: skip
        if "fields" in expand:
            lookups = [column["name"] for column in listed.columns if {"lookup", "personOrGroup", "term"} & column.keys()]
            asked = re.findall(r"\$select=([^)]*)", expand)
            if asked and len(set(asked[0].split(",")) & set(lookups)) > 9:
                raise PermissionError("more than 12 lookups, those of every item included")
            found["fields"] = chosen(fields, expand)
        return found

    def _row_is_shown(self, listed: ListOf, row: Row) -> bool:
        sees = {"Sites.Manage.All", "Sites.FullControl.All"} & set(self.rights)
        return not listed.has_approval or bool(sees) or row.moderation == APPROVED

    def get_list_items(self, asked: Asked, site: str, number: str) -> Reply:
        if number == "User Information List":
            if self._site(site).is_denied_users:
                raise PermissionError
            rows = [("1", "ann"), ("2", "bob"), ("3", "cem")]
            users = [(one, person(who)["user"]) for one, who in rows]
            return self._listing(
                asked, [{"id": one, "fields": {"id": one, "Title": user["displayName"], "EMail": user["email"]}} for one, user in users]
            )
        listed = self._list(site, number)
        rows = [row for row in listed.rows.values() if not row.is_deleted and self._row_is_shown(listed, row)]
        return self._listing(asked, [self.row_json(listed, row, asked.one("$expand")) for row in rows])

    def get_list_delta(self, asked: Asked, site: str, number: str) -> Reply:
        listed = self._list(site, number)
        return self.delta(
            asked,
            list(listed.rows.values()),
            lambda row: self.row_json(listed, row, asked.one("$expand")),
            lambda row: self._row_is_shown(listed, row),
        )

    def get_row_versions(self, asked: Asked, site: str, number: str, row_id: str) -> Reply:
        listed = self._list(site, number)
        row = listed.rows[row_id]
        if row.is_deleted or not self._row_is_shown(listed, row):
            raise KeyError(row_id)
        now = {"id": f"{row.version}.0", "at": row.at, "by": row.editor, "fields": row.fields}
        versions = [
            {
                "id": one["id"], "lastModifiedDateTime": stamp(one["at"]), "lastModifiedBy": person(one["by"]),
                **({"fields": chosen({"id": row_id, **one["fields"]}, asked.one("$expand"))} if "fields" in asked.one("$expand") else {}),
            }
            for one in [now, *row.versions]
        ]  # fmt: skip
        return self._listing(asked, versions)

    # Where contents lie

    def content_answer(self, asked: Asked) -> Reply:
        for fault in list(self.faults):
            reply = fault(asked)
            if reply is not None:
                return reply
        with self.lock:
            told = json.dumps([asked.path, asked.query, asked.headers, asked.body.decode("latin-1")])
            self.leaks += [token for token in (*self.tokens, SECRET) if token in told]
            secret = asked.one("tempauth")
            if self.broken_links:
                self.broken_links -= 1
                return Reply("<html>The link has expired</html>", 401)
            drive, item, uses = self.links.get(secret, ("", "", 0))
            if not uses:
                return Reply("<html>401 UNAUTHORIZED</html>", 401)
            self.links[secret] = (drive, item, uses - 1)
            return Reply(self.drives[drive].items[item].content or b"")

    # The sign-in

    def authority_answer(self, asked: Asked) -> Reply:
        path = asked.path.strip("/")
        plain = self.authority.url.replace("http://", "https://")
        if path.endswith(".well-known/openid-configuration"):
            base = f"{plain}/{TENANT}/oauth2/v2.0"
            return Reply(
                {
                    "issuer": f"{plain}/{TENANT}/v2.0",
                    "authorization_endpoint": f"{base}/authorize",
                    "token_endpoint": f"{base}/token",
                    "device_authorization_endpoint": f"{base}/devicecode",
                }
            )
        body = dict(part.split("=", 1) for part in asked.body.decode().split("&") if "=" in part)
        body = {name: unquote(value.replace("+", " ")) for name, value in body.items()}
        if path.endswith("devicecode"):
            return Reply(
                {
                    "device_code": "device-code-1", "user_code": "ABCD-EFGH", "verification_uri": "https://microsoft.com/devicelogin",
                    "expires_in": 900, "interval": 0, "message": "open https://microsoft.com/devicelogin and enter ABCD-EFGH",
                }
            )  # fmt: skip
        grant = body.get("grant_type", "")
        if (
            grant == "client_credentials"
            and "client_assertion" not in body
            and (body.get("client_secret") != SECRET or self.refused_secret)
        ):
            said = f"AADSTS7000215: Invalid client secret provided: {body.get('client_secret')}"
            return Reply({"error": "invalid_client", "error_description": said}, 401)
        if grant.endswith("device_code") and self.device_waits:
            self.device_waits -= 1
            return Reply({"error": "authorization_pending", "error_description": "not yet"}, 400)
        found: dict[str, Any] = {"token_type": "Bearer", "expires_in": 3600, "access_token": self.issue()}
        if grant != "client_credentials":
            found |= {
                "refresh_token": "refresh-of-a-person-1",
                "scope": body.get("scope", f"{self.server.url}/Sites.Read.All"),
                "id_token": _jwt(
                    {
                        "sub": "1",
                        "aud": CLIENT,
                        "iss": "x",
                        "exp": 9_999_999_999,
                        "preferred_username": "ann@contoso.example",
                        "oid": "o",
                        "tid": TENANT,
                    }
                ),
                "client_info": "eyJ1aWQiOiJvIiwidXRpZCI6InQifQ",
            }
        return Reply(found)

    def issue(self) -> str:
        """A new token; the ones before are refused from now on."""
        token = _jwt({"roles": self.rights, "appid": CLIENT, "app_displayname": "auditor of the tests", "n": len(self.tokens)})
        self.tokens.append(token)
        return token


def content_type(item: Item) -> dict[str, str]:
    if item.content is not None:
        return {"id": "0x0101", "name": "Document"}
    return {"id": "0x0120D520A8" if item.is_set else "0x0120", "name": "Document Set" if item.is_set else "Folder"}


def _jwt(said: dict[str, Any]) -> str:
    import base64

    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in ({"alg": "none"}, said)]
    return f"{parts[0]}.{parts[1]}.c2lnbmF0dXJl"


def stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def error(status: int, code: str, message: str) -> Reply:
    inner = {"code": code, "date": stamp(EPOCH), "request-id": "r-1", "client-request-id": "r-1"}
    return Reply({"error": {"code": code, "message": message, "innerError": inner}}, status)


def selected(body: dict[str, Any], select: str) -> dict[str, Any]:
    if not select:
        return {name: value for name, value in body.items() if name != "publication"}
    wanted = set(select.split(",")) | {"id", "deleted"}
    return {name: value for name, value in body.items() if name in wanted or name.startswith("@")}


def chosen(fields: dict[str, Any], expand: str) -> dict[str, Any]:
    """What of the columns is given: those that are asked for by name, or all without lookups and underscores."""
    asked = re.findall(r"\$select=([^)]*)", expand)
    if not asked:
        return {name: value for name, value in fields.items() if not name.startswith("_")}
    wanted = {"id", *asked[0].split(",")}
    return {
        name: value for name, value in fields.items() if name in wanted or name.removesuffix("LookupId") in wanted or name.startswith("@")
    }


def columns_json(columns: list[dict[str, Any]], *, has_approval: bool) -> list[dict[str, Any]]:
    approval = {"name": "_ModerationStatus", "displayName": "Approval Status", "contentApprovalStatus": {}, "hidden": not has_approval}
    return [{"id": f"c-{column['name']}", "hidden": False, **column} for column in [*SYSTEM_COLUMNS, approval, *columns]]


_ROUTES = [
    (re.compile(pattern), handle)
    for pattern, handle in [
        (r"sites", FakeGraph.get_sites),
        (r"sites/([^/:]+):/(.+)", FakeGraph.get_site_by_path),
        (r"sites/([^/]+)", FakeGraph.get_site),
        (r"sites/([^/]+)/sites", FakeGraph.get_subsites),
        (r"sites/([^/]+)/drives", FakeGraph.get_drives),
        (r"sites/([^/]+)/lists", FakeGraph.get_lists),
        (r"sites/([^/]+)/lists/([^/]+)", FakeGraph.get_list),
        (r"sites/([^/]+)/lists/([^/]+)/columns", FakeGraph.get_list_columns),
        (r"sites/([^/]+)/lists/([^/]+)/items", FakeGraph.get_list_items),
        (r"sites/([^/]+)/lists/([^/]+)/items/delta", FakeGraph.get_list_delta),
        (r"sites/([^/]+)/lists/([^/]+)/items/([^/]+)/versions", FakeGraph.get_row_versions),
        (r"drives/([^/]+)", FakeGraph.get_drive),
        (r"drives/([^/]+)/root", FakeGraph.get_root),
        (r"drives/([^/]+)/root/delta", FakeGraph.get_drive_delta),
        (r"drives/([^/]+)/list/columns", FakeGraph.get_drive_columns),
        (r"drives/([^/]+)/list/contentTypes", FakeGraph.get_types),
        (r"drives/([^/]+)/items/([^/]+)", FakeGraph.get_item),
        (r"drives/([^/]+)/items/([^/]+)/permissions", FakeGraph.get_rights),
        (r"drives/([^/]+)/items/([^/]+)/listItem", FakeGraph.get_list_item),
        (r"drives/([^/]+)/items/([^/]+)/versions", FakeGraph.get_versions),
        (r"drives/([^/]+)/items/([^/]+)/content", FakeGraph.get_content),
    ]
]

RISK_COLUMNS = [
    {"name": "Risk_x0020_Owner", "displayName": "Risk Owner", "personOrGroup": {"chooseFromType": "peopleOnly"}},
    {"name": "Likelihood", "displayName": "Likelihood", "choice": {}},
    {"name": "Impact", "displayName": "Impact", "choice": {}},
    {"name": "RiskStatus", "displayName": "Status", "choice": {}},
    {"name": "Found", "displayName": "Date identified", "dateTime": {"format": "dateOnly"}},
    {"name": "Area", "displayName": "Category", "term": {"allowMultipleValues": False}},
]


def small(graph: FakeGraph) -> FakeGraph:
    """Two sites, with documents and a register."""
    for name in ("ALPHA", "BETA"):
        site = graph.site(name)
        drive = graph.library(site, columns=[{"name": "Doc_x0020_State", "displayName": "Document Status", "choice": {}}])
        drive.rights = [{"id": "1", "roles": ["write"], "grantedToV2": {"siteGroup": {"id": "5", "displayName": f"{name} Members"}}}]
        plans = graph.folder(drive, "Plans")
        graph.folder(drive, "Archive")
        graph.file(
            drive,
            "Charter.md",
            f"# Project Charter {name}\n\n## Scope\n\nThis is what the project {name} does.\n",
            fields={"Doc_x0020_State": "Approved"},
        )
        for number in range(3):
            graph.file(drive, f"Note {number}.md", f"# Note {number}\n\nSomething of {name}.\n", plans)
        risks = graph.register(site, "Risk Log", list(RISK_COLUMNS))
        for number in range(2):
            graph.row(
                risks, Title=f"Risk {number} of {name}", Risk_x0020_OwnerLookupId=str(number + 1), Likelihood="3", Impact="4", RiskStatus="Open",
                Found="2026-03-01T23:00:00Z", Area={"Label": "Supply", "TermGuid": "t-1", "WssId": 4},
            )  # fmt: skip
    return graph


def edit(graph: FakeGraph, draw: random.Random) -> None:
    """Do something that people do."""
    with graph.lock:
        drive = draw.choice(sorted(graph.drives.values(), key=lambda one: one.id))
        files = sorted((item for item in drive.items.values() if item.content is not None and not item.is_deleted), key=lambda one: one.id)
        folders = sorted((item for item in drive.items.values() if item.content is None and not item.is_deleted), key=lambda one: one.id)
        rows = sorted(
            (row for one in graph.lists.values() for row in one.rows.values() if not row.is_deleted), key=lambda one: (one.seq, one.id)
        )
        kind = draw.randrange(12)
        number = next(graph.numbers)
        if kind == 0 or not files:
            graph.file(drive, f"New {number}.md", f"# New {number}\n", draw.choice(folders))
        elif kind in (1, 2):
            graph.write(drive, draw.choice(files), f"# Rewritten {number}\n", by=draw.choice(["ann", "bob"]))
        elif kind == 3:
            graph.rename(drive, draw.choice(files), f"Renamed {number}.md")
        elif kind == 4:
            graph.delete(drive, draw.choice(files))
        elif kind == 5:
            graph.move(drive, draw.choice(files), draw.choice(folders))
        elif kind == 6 and len(folders) > 1:
            graph.rename(drive, draw.choice([one for one in folders if one.parent]), f"Folder {number}")
        elif kind == 7 and len(folders) > 2:
            graph.delete(drive, draw.choice([one for one in folders if one.parent]))
        elif kind == 8:
            graph.folder(drive, f"Folder {number}", draw.choice(folders))
        elif kind == 9 and rows:
            graph.enter(draw.choice(rows), Title=f"Changed {number}")
        elif kind == 10 and rows:
            graph.strike(draw.choice(rows))
        elif graph.lists:
            graph.row(draw.choice(sorted(graph.lists.values(), key=lambda one: one.id)), Title=f"Row {number}", Likelihood="2", Impact="2")


@contextmanager
def serving_graph(graph: FakeGraph):
    """Serve Graph, the host of contents, and the authority."""
    with ExitStack() as stack:
        graph.server = stack.enter_context(serving(graph.answer))
        graph.content = stack.enter_context(serving(graph.content_answer))
        graph.authority = stack.enter_context(serving(graph.authority_answer))
        yield graph
