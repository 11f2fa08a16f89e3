"""A SharePoint Server that never was: the state of the fake tenant, answered through REST, in both forms of its JSON."""

import base64
import re
from contextlib import ExitStack, contextmanager
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.servers.graph import APPROVED, EPOCH, Drive, FakeGraph, Item, Site, person, stamp
from tests.servers.web import Asked, Reply, serving

PASSWORD = "pa55word-of-the-service-account"
_TYPES = {
    "personOrGroup": "User", "dateTime": "DateTime", "choice": "Choice", "number": "Number", "boolean": "Boolean", "lookup": "Lookup",
    "term": "TaxonomyFieldType", "text": "Text", "contentApprovalStatus": "ModStat",
}  # fmt: skip


class FakeServer(FakeGraph):
    """The same state.

    Attributes:
        verbose: answers with everything below `d`, as servers without the newer form.
        approves: what the account may do: approve items, or read only.
        require: 'basic' or 'token'.
        keeps_rows: versions of rows can be asked for, as of servers since 2019.
    """

    def __init__(self) -> None:
        super().__init__()
        self.verbose = False
        self.approves = False
        self.require = "basic"
        self.handshake: Any = None
        self.keeps_rows = True

    def answer(self, asked: Asked) -> Reply:
        for look in list(self.before):
            look(asked)
        for fault in list(self.faults):
            reply = fault(asked)
            if reply is not None:
                return reply
        if self.handshake is not None:
            refused = self.handshake(asked)
            if refused is not None:
                return refused
        else:
            wanted = (
                f"Bearer {PASSWORD}"
                if self.require == "token"
                else "Basic " + base64.b64encode(f"CONTOSO\\svc:{PASSWORD}".encode()).decode()
            )
            if asked.headers.get("authorization") != wanted:
                return Reply("401 UNAUTHORIZED", 401)
        with self.lock:
            try:
                return self._rest(asked)
            except KeyError:
                return Reply(
                    {"odata.error": {"code": "-2130575338, Microsoft.SharePoint.SPException", "message": {"value": "does not exist"}}}, 404
                )
            except PermissionError:
                return Reply({"odata.error": {"code": "-2147024891, System.UnauthorizedAccessException", "message": {"value": "no"}}}, 403)

    def _rest(self, asked: Asked) -> Reply:
        path = unquote(asked.path)
        web, _, rest = path.partition("/_api/web")
        site = next((one for one in self.sites.values() if f"/{one.path}" == web), None)
        if site is None:
            raise KeyError(web)
        if not site.is_granted:
            raise PermissionError
        for pattern, handle in _ROUTES:
            found = re.fullmatch(pattern, rest)
            if found:
                said = handle(self, site, asked, *found.groups())
                if isinstance(said, Reply):
                    return said
                return self._page(asked, said) if isinstance(said, list) else Reply({"d": said} if self.verbose else said)
        raise KeyError(rest)

    def _page(self, asked: Asked, things: list[dict[str, Any]]) -> Reply:
        begin = int(asked.one("$skiptoken", "0"))
        page = things[begin : begin + self.page]
        body: dict[str, Any] = {"results" if self.verbose else "value": page}
        if begin + self.page < len(things):
            query = "&".join(f"{name}={value[0]}" for name, value in asked.query.items() if name != "$skiptoken")
            body["__next" if self.verbose else "odata.nextLink"] = f"{self.server.url}{asked.path}?{query}&$skiptoken={begin + self.page}"
        return Reply({"d": body} if self.verbose else body)

    def web(self, site: Site, _: Asked) -> dict[str, Any]:
        return {
            "Id": site.id[-8:],
            "Title": site.title,
            "Description": "",
            "Url": f"{self.server.url}/{site.path}",
            "Created": stamp(EPOCH)[:-1],
        }

    def webs(self, site: Site, _: Asked) -> list[dict[str, Any]]:
        return [{"Url": f"{self.server.url}/{one.path}"} for one in self.sites.values() if one.parent == site.id]

    def me(self, _: Site, __: Asked) -> dict[str, Any]:
        return {"Title": "Service of auditor", "LoginName": "CONTOSO\\svc"}

    def bits(self, _: Site, __: Asked) -> dict[str, Any]:
        return {"High": "176", "Low": "138612849" if self.approves else "138612833"}

    def users(self, _: Site, __: Asked) -> list[dict[str, Any]]:
        return [
            {"Id": number, "Title": (said := person(who)["user"])["displayName"], "Email": said["email"]}
            for number, who in ((1, "ann"), (2, "bob"), (3, "cem"))
        ]

    def all_lists(self, site: Site, _: Asked) -> list[dict[str, Any]]:
        found = []
        for drive in self.drives.values():
            if drive.site == site.id:
                count = sum(not item.is_deleted and bool(item.parent) for item in drive.items.values())
                found.append(self.list_said(site, drive.id, drive.name, 1, drive.has_approval, count))
        for listed in self.lists.values():
            if listed.site == site.id:
                count = sum(not row.is_deleted for row in listed.rows.values())
                found.append(self.list_said(site, listed.id, listed.title, 0, listed.has_approval, count) | {"Hidden": listed.is_hidden})
        return found

    def list_said(self, site: Site, number: str, title: str, kind: int, approval: bool, count: int) -> dict[str, Any]:
        url = f"/{site.path}/{title}" if kind else f"/{site.path}/Lists/{title}"
        return {
            "Id": number, "Title": title, "Description": "", "BaseType": kind, "BaseTemplate": 101 if kind else 100, "Hidden": False,
            "EnableModeration": approval, "ItemCount": count, "Created": stamp(EPOCH), "RootFolder": {"ServerRelativeUrl": url},
        }  # fmt: skip

    def one_list(self, site: Site, asked: Asked, number: str) -> dict[str, Any]:
        return next(item for item in [*self.all_lists(site, asked), {}] if not item or item["Id"].lower() == number) or self._none(number)

    def _none(self, number: str) -> dict[str, Any]:
        raise KeyError(number)

    def _held(self, number: str) -> Any:
        found = next((one for one in (*self.drives.values(), *self.lists.values()) if one.id.lower() == number), None)
        if found is None:
            raise KeyError(number)
        if isinstance(found, Drive) and found.is_denied:
            raise PermissionError
        return found

    def fields(self, _: Site, __: Asked, number: str) -> list[dict[str, Any]]:
        found = [{"Id": "t", "InternalName": "Title", "Title": "Title", "Hidden": False, "TypeAsString": "Text"}]
        found.append(
            {"Id": "m", "InternalName": "_ModerationStatus", "Title": "Approval Status", "Hidden": True, "TypeAsString": "ModStat"}
        )
        if any("term" in column for column in self._held(number).columns):
            found.append(
                {"Id": "x", "InternalName": "TaxCatchAll", "Title": "Taxonomy Catch All", "Hidden": True, "TypeAsString": "LookupMulti"}
            )
        for column in self._held(number).columns:
            kind = next(kind for kind in _TYPES if kind in column)
            is_day = column.get("dateTime", {}).get("format") == "dateOnly"
            found.append(
                {"Id": column["name"], "InternalName": column["name"], "Title": column["displayName"], "Hidden": False, "TypeAsString": _TYPES[kind], "DisplayFormat": 0 if is_day else 1}
            )  # fmt: skip
        return found

    def types(self, _: Site, __: Asked, number: str) -> list[dict[str, Any]]:
        self._held(number)
        return [{"StringId": "0x0101", "Name": "Document"}, {"StringId": "0x0120D520A8", "Name": "Document Set"}]

    def rights_of(self, _: Site, __: Asked, number: str) -> list[dict[str, Any]]:
        self._held(number)
        members = {"PrincipalType": 8, "Title": "Members", "Email": ""}
        ann = {"PrincipalType": 1, "Title": "Ann Archer", "Email": "ann@contoso.example"}
        roles: Any = [{"Name": "Contribute"}, {"Name": "Limited Access"}]
        return [
            {"PrincipalId": 5, "Member": members, "RoleDefinitionBindings": {"results": roles} if self.verbose else roles},
            {"PrincipalId": 6, "Member": ann, "RoleDefinitionBindings": [{"Name": "Limited Access"}]},
        ]

    def number_of(self, item: Item) -> int:
        return int(re.sub(r"\D", "", item.id)[2:])

    def items_of(self, site: Site, asked: Asked, number: str) -> list[dict[str, Any]]:
        held = self._held(number)
        if isinstance(held, Drive):
            return [
                self.thing(site, held, item)
                for item in held.items.values()
                if item.parent and not item.is_deleted and self.is_shown(held, item)
            ]
        rows = [
            row
            for row in held.rows.values()
            if not row.is_deleted and (self.approves or not held.has_approval or row.moderation == APPROVED)
        ]
        found = []
        for row in rows:
            said = {"Id": int(row.id), "ID": int(row.id), "ContentTypeId": row.content_type, "Modified": stamp(row.at)[:-1], "AuthorId": 1}
            said["Created"] = stamp(row.created)[:-1]
            said["OData__UIVersionString"] = f"{row.version}.0"
            terms = {name: value for name, value in row.fields.items() if isinstance(value, dict) and "TermGuid" in value}
            if "TaxCatchAll" in asked.one("$expand"):
                told: Any = [{"ID": value["WssId"], "Term": value["Label"]} for value in terms.values()]
                said["TaxCatchAll"] = {"results": told} if self.verbose else told
            for name, value in (row.fields | {name: value | {"Label": str(value["WssId"])} for name, value in terms.items()}).items():
                said[f"{name.removesuffix('LookupId')}Id" if name.endswith("LookupId") else name] = (
                    int(value) if name.endswith("LookupId") else value
                )
            if held.has_approval:
                said["OData__ModerationStatus"] = int(row.moderation)
            found.append(said)
        return found

    def row_versions(self, _: Site, __: Asked, number: str, item: str) -> list[dict[str, Any]]:
        """In names of columns every underscore is written in full, and those that begin with one get a prefix before it."""
        row = self._held(number).rows[item]
        if row.is_deleted or not self.keeps_rows:
            raise KeyError(item)
        users = {"1": "ann", "2": "bob", "3": "cem"}
        found = []
        for one in [{"id": f"{row.version}.0", "at": row.at, "by": row.editor, "fields": row.fields}, *row.versions]:
            by = person(one["by"])["user"]
            said: dict[str, Any] = {
                "VersionLabel": one["id"], "VersionId": 512 * int(one["id"].partition(".")[0]), "Created": stamp(one["at"]), "Modified": stamp(one["at"])[:-1],
                "IsCurrentVersion": one["id"] == f"{row.version}.0", "OData__x005f_UIVersionString": one["id"],
                "Editor": {"LookupId": 9, "LookupValue": by["displayName"], "Email": by["email"]},
            }  # fmt: skip
            for name, value in one["fields"].items():
                plain = name.removesuffix("LookupId")
                who = person(users[value])["user"] if plain != name else {}
                told = {"LookupId": int(value), "LookupValue": who["displayName"], "Email": who["email"]} if who else value
                said[plain.replace("_", "_x005f_")] = told
            found.append(said)
        return found

    def is_shown(self, drive: Drive, item: Item) -> bool:
        return self.approves or not drive.has_approval or item.content is None or item.moderation == APPROVED

    def thing(self, site: Site, drive: Drive, item: Item) -> dict[str, Any]:
        above = "/".join(filter(None, [f"/{site.path}/{drive.name}", self.path_of(drive, item)]))
        return {
            "Id": self.number_of(item), "FSObjType": 0 if item.content is not None else 1, "FileLeafRef": item.name,
            "FileRef": f"{above}/{item.name}", "FileDirRef": above, "UniqueId": f"u-{item.id}", "Modified": stamp(item.at), "owshiddenversion": item.edits,
        }  # fmt: skip

    def _found(self, number: str, item: str) -> tuple[Drive, Item]:
        drive = self._held(number)
        for one in drive.items.values():
            if one.parent and self.number_of(one) == int(item) and not one.is_deleted and not one.is_hidden and self.is_shown(drive, one):
                return drive, one
        raise KeyError(item)

    def one_item(self, site: Site, _: Asked, number: str, item: str) -> dict[str, Any]:
        drive, found = self._found(number, item)
        names = {who: person(who)["user"] for who in ("ann", "bob", "cem")}
        said = self.thing(site, drive, found) | {
            "Created": stamp(EPOCH), "ContentTypeId": "0x0120D520A8" if found.is_set else "0x0101",
            "Author": {"Title": "Ann Archer", "EMail": "ann@contoso.example"},
            "Editor": {"Title": names[found.editor]["displayName"], "EMail": names[found.editor]["email"]},
            "OData__UIVersionString": found.version, **found.fields,
        }  # fmt: skip
        if drive.has_approval:
            said["OData__ModerationStatus"] = int(found.moderation)
        if found.content is not None:
            level = 255 if found.checked_out_by else 1 if found.version.endswith(".0") else 2
            said["File"] = {
                "Length": str(len(found.content) + found.extra_size), "UIVersionLabel": found.version, "Level": level,
                "CheckOutType": 0 if found.checked_out_by else 2,
            }  # fmt: skip
        return said

    def file(self, *said: Any, **more: Any) -> Any:
        """Of the state, and of the interface."""
        if isinstance(said[0], Drive):
            return super().file(*said, **more)
        _, found = self._found(said[2], said[3])
        now = found.versions[0]
        by = person(now["by"])["user"]
        return {
            "UIVersionLabel": now["id"],
            "TimeLastModified": stamp(now["at"]),
            "Length": str(now["size"]),
            "ModifiedBy": {"Title": by["displayName"], "Email": by["email"]},
        }

    def older(self, _: Site, __: Asked, number: str, item: str) -> list[dict[str, Any]]:
        _, found = self._found(number, item)
        return [
            {
                "VersionLabel": one["id"],
                "Created": stamp(one["at"]),
                "Size": one["size"],
                "CreatedBy": {"Title": person(one["by"])["user"]["displayName"]},
            }
            for one in reversed(found.versions[1:])
        ]

    def value(self, _: Site, __: Asked, number: str, item: str) -> Reply:
        _, found = self._found(number, item)
        return Reply(found.content or b"")


_LIST = r"/lists\(guid'([^']+)'\)"
_ROUTES: list[tuple[str, Any]] = [
    ("", FakeServer.web),
    ("/webs", FakeServer.webs),
    ("/currentUser", FakeServer.me),
    ("/effectiveBasePermissions", FakeServer.bits),
    ("/siteusers", FakeServer.users),
    ("/lists", FakeServer.all_lists),
    (_LIST, FakeServer.one_list),
    (rf"{_LIST}/fields", FakeServer.fields),
    (rf"{_LIST}/contentTypes", FakeServer.types),
    (rf"{_LIST}/roleassignments", FakeServer.rights_of),
    (rf"{_LIST}/items", FakeServer.items_of),
    (rf"{_LIST}/items\((\d+)\)", FakeServer.one_item),
    (rf"{_LIST}/items\((\d+)\)/versions", FakeServer.row_versions),
    (rf"{_LIST}/items\((\d+)\)/File", FakeServer.file),
    (rf"{_LIST}/items\((\d+)\)/File/Versions", FakeServer.older),
    (rf"{_LIST}/items\((\d+)\)/File/\$value", FakeServer.value),
]


@contextmanager
def serving_sharepoint(server: FakeServer):
    """Serve it."""
    with ExitStack() as stack:
        server.server = stack.enter_context(serving(server.answer))
        yield server


def host_of(url: str) -> str:
    return urlsplit(url).netloc
