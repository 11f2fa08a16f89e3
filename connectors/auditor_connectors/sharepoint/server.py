"""SharePoint Server: asked through its REST interface, answered in the words of Graph, so that everything else is the same."""

import re
import threading
from collections.abc import Callable, Iterator, Mapping
from mimetypes import guess_type
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote, urlsplit

from auditor import __version__
from auditor.connect.http import Anonymous, Basic, Bearer, Client, Credentials
from auditor.connect.http.hosts import Origin
from auditor.errors import AccessDenied, NotVisible, Rejected, UsageError
from auditor_connectors.sharepoint.graph import BadPages, Bounded, Resync
from auditor_connectors.sharepoint.options import ServerOptions
from auditor_connectors.sharepoint.places import mark_of

_PER_PAGE = 1_000
_MOST_PAGES = 10_000
_ROOT = "root"
_TYPES = {
    "Text": "text", "Note": "text", "Choice": "choice", "MultiChoice": "choice", "DateTime": "dateTime", "Number": "number",
    "Counter": "number", "Integer": "number", "Currency": "currency", "Boolean": "boolean", "Lookup": "lookup", "LookupMulti": "lookup",
    "User": "personOrGroup", "UserMulti": "personOrGroup", "TaxonomyFieldType": "term", "TaxonomyFieldTypeMulti": "term",
    "Calculated": "calculated", "URL": "hyperlinkOrPicture", "ModStat": "contentApprovalStatus",
}  # fmt: skip
_TERMS = "TaxCatchAll"
"""The hidden column that holds the words of all terms of an item."""
_LEVELS = {1: "published", 2: "draft", 255: "checkout"}
_APPROVES, _MANAGES = 0x10, 0x800
"""Bits of what a user may do: approve items, manage lists."""
_NO_RIGHT = frozenset({"limited access", "web-only limited access"})
_LISTED = "Id,FSObjType,FileLeafRef,FileRef,FileDirRef,UniqueId,Modified,owshiddenversion"
_LIST = "Id,Title,Description,BaseType,BaseTemplate,Hidden,EnableModeration,ItemCount,Created,RootFolder/ServerRelativeUrl"


class Server:
    """Asks one SharePoint Server. Changes are not told: everything is listed, and compared.

    Args:
        options: of the source.
        folder: that relative paths of the options count from.

    Raises:
        UsageError: the address or the secret cannot be used; the package for NTLM is missing.
    """

    def __init__(self, options: ServerOptions, folder: Path, *, make_client: Callable[..., Client] = Client) -> None:
        self._options = options
        self._origin = Origin.of(options.sites[0])
        parts = urlsplit(options.sites[0])
        self._base = f"{parts.scheme}://{parts.netloc}"
        secret = options.password.read(folder)
        handshake = None
        credentials: Credentials = Bearer(secret)
        if options.sign_in == "basic":
            credentials = Basic(options.user, secret)
        elif options.sign_in == "ntlm":
            credentials, handshake = _Known(secret), _ntlm(options.user, secret)
        self.client = make_client(
            self._base, credentials=credentials, options=options.http, folder=folder, handshake=handshake, may_leave=lambda _url: False
        )
        self._headers = {"Accept": "application/json;odata=nometadata", "User-Agent": f"NONISV|auditor|auditor/{__version__}"}
        self._webs: dict[str, str] = {}  # id → address
        self._lists: dict[str, dict[str, Any]] = {}  # id of a list → what it says of itself
        self._lock = threading.Lock()
        one = r"([^/]+)"
        self._routes: list[tuple[re.Pattern[str], Callable[..., Any]]] = [
            (re.compile(pattern), handle)
            for pattern, handle in (
                (rf"sites/{one}", self._known_site),
                (rf"sites/{one}/sites", self._subsites),
                (rf"sites/{one}/drives", self._drives),
                (rf"sites/{one}/lists", self._site_lists),
                (rf"sites/{one}/lists/User%20Information%20List/items", self._users),
                (rf"sites/{one}/lists/{one}", self._check_list),
                (rf"sites/{one}/lists/{one}/columns", self._list_columns),
                (rf"sites/{one}/lists/{one}/items(?:/delta)?", self._rows),
                (rf"sites/{one}/lists/{one}/items/{one}/versions", self._row_versions),
                (rf"drives/{one}", self._check),
                (rf"drives/{one}/root", self._root),
                (rf"drives/{one}/root/delta", self._everything),
                (rf"drives/{one}/list/columns", self._columns),
                (rf"drives/{one}/list/contentTypes", self._types),
                (rf"drives/{one}/items/{one}", self._whole),
                (rf"drives/{one}/items/{one}/permissions", self._rights),
                (rf"drives/{one}/items/{one}/listItem", self._item),
                (rf"drives/{one}/items/{one}/versions", self._versions),
            )
        ]

    def close(self) -> None:
        """End all connections."""
        self.client.close()

    # In the words of Graph

    def site(self, address: str) -> dict[str, Any]:
        """Return the site at an address."""
        return self._site(address.rstrip("/"))

    def object(self, path: str, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the object at a path of Graph."""
        found = self._answer(path, params or {})
        return found[0] if isinstance(found, list) else found

    def pages(self, path: str, params: Mapping[str, Any] | None = None) -> Iterator[dict[str, Any]]:
        """Yield a listing as one page."""
        yield {"value": self.values(path, params)}

    def values(self, path: str, params: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Return all things of a listing."""
        found = self._answer(path, params or {})
        return found if isinstance(found, list) else [found]

    def changes(
        self, path: str, params: Mapping[str, Any] | None = None, *, keep: Callable[[dict[str, Any]], dict[str, Any]] = lambda item: item
    ) -> tuple[dict[str, dict[str, Any]], str]:
        """Return everything that is in a library or list; a link to changes cannot be followed.

        Raises:
            Resync: *path* is such a link.
        """
        if path == _NO_LINK:
            raise Resync("the server tells no changes")
        return {str(item["id"]): keep(item) for item in self.values(path, params)}, _NO_LINK

    def fetch(self, drive: str, item: str, into: BinaryIO, *, max_bytes: int) -> None:
        """Write the content of a file."""
        web, number = self._of(drive)
        into.seek(0)
        into.truncate()
        path = f"{web}/_api/web/lists(guid'{number}')/items({int(item)})/File/$value"
        self.client.download(path, Bounded(into, max_bytes), max_bytes=max_bytes + 2 * Bounded.SLACK, headers=self._headers)  # type: ignore[arg-type]

    def sees_unapproved(self, site: str) -> bool | None:
        """Say whether the account may approve items of a site, or manage its lists."""
        try:
            said = self._get(f"{self._webs[site]}/_api/web/effectiveBasePermissions", {})
        except (AccessDenied, NotVisible):
            return None
        low = str(said.get("Low", said.get("EffectiveBasePermissions", {}).get("Low", "")))
        return bool(int(low) & (_APPROVES | _MANAGES)) if low.isdigit() else None

    def account(self) -> tuple[str, str]:
        """Return as whom the server knows us, and what it is."""
        said = self._get(f"{self._options.sites[0].rstrip('/')}/_api/web/currentUser", {"$select": "Title,LoginName"})
        return f"{said.get('Title') or 'without a name'}", f"SharePoint Server, REST ({self._base.partition('://')[2]})"

    def _answer(self, path: str, params: Mapping[str, Any]) -> list[dict[str, Any]] | dict[str, Any]:
        for pattern, handle in self._routes:
            found = pattern.fullmatch(path)
            if found:
                answer: list[dict[str, Any]] | dict[str, Any] = handle(params, *found.groups())
                return answer
        raise NotVisible(f"{path}: the server has nothing of the kind")

    # Sites and lists

    def _site(self, web: str) -> dict[str, Any]:
        said = self._get(f"{web}/_api/web", {"$select": "Id,Title,Description,Url,Created"})
        address = str(said.get("Url") or web).rstrip("/")
        number = mark_of(str(said.get("Id") or address))
        with self._lock:
            self._webs[number] = web
        return {
            "id": number, "displayName": said.get("Title"), "description": said.get("Description") or None, "webUrl": address,
            "createdDateTime": _utc(said.get("Created")),
        }  # fmt: skip

    def _known_site(self, _: Mapping[str, Any], number: str) -> dict[str, Any]:
        return self._site(self._webs[number])

    def _subsites(self, _: Mapping[str, Any], number: str) -> list[dict[str, Any]]:
        found = self._all(f"{self._webs[number]}/_api/web/webs", {"$select": "Url"})
        return [self._site(f"{self._base}{urlsplit(str(item['Url'])).path}".rstrip("/")) for item in found if item.get("Url")]

    def _all_lists(self, number: str) -> list[dict[str, Any]]:
        said = self._all(f"{self._webs[number]}/_api/web/lists", {"$select": _LIST, "$expand": "RootFolder"})
        found = []
        for item in said:
            key = f"{number}.{str(item.get('Id')).lower()}"
            with self._lock:
                self._lists[key] = item
            found.append({**item, "key": key})
        return found

    def _drives(self, _: Mapping[str, Any], number: str) -> list[dict[str, Any]]:
        return [
            {
                "id": item["key"], "name": item.get("Title"), "driveType": "documentLibrary",
                "webUrl": f"{self._base}{quote(_folder(item))}",
                "createdDateTime": _utc(item.get("Created")),
            }
            for item in self._all_lists(number)
            if item.get("BaseType") == 1 and not item.get("Hidden")
        ]  # fmt: skip

    def _site_lists(self, _: Mapping[str, Any], number: str) -> list[dict[str, Any]]:
        return [
            {
                "id": item["key"], "name": _folder(item).rpartition("/")[2], "displayName": item.get("Title"),
                "description": item.get("Description") or None, "webUrl": f"{self._base}{quote(_folder(item))}",
                "list": {
                    "hidden": bool(item.get("Hidden")),
                    "template": "documentLibrary" if item.get("BaseType") == 1 else f"template {item.get('BaseTemplate')}",
                },
            }
            for item in self._all_lists(number)
        ]  # fmt: skip

    def _of(self, key: str) -> tuple[str, str]:
        """Return the site's address and the id of a list."""
        number, _, guid = key.partition(".")
        return self._webs[number], guid

    def _path(self, key: str) -> str:
        web, guid = self._of(key)
        return f"{web}/_api/web/lists(guid'{guid}')"

    def _said(self, key: str) -> dict[str, Any]:
        with self._lock:
            found = self._lists.get(key)
        return self._get(self._path(key), {"$select": _LIST, "$expand": "RootFolder"}) if found is None else found

    def _check(self, _: Mapping[str, Any], key: str) -> dict[str, Any]:
        self._get(self._path(key), {"$select": "Id"})
        return {"id": key}

    def _check_list(self, params: Mapping[str, Any], _: str, key: str) -> dict[str, Any]:
        return self._check(params, key)

    def _columns(self, _: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
        said = self._all(f"{self._path(key)}/fields", {"$select": "Id,InternalName,Title,Hidden,TypeAsString,DisplayFormat,OutputType"})
        moderated = bool(self._said(key).get("EnableModeration"))
        return [_column(item, moderated=moderated) for item in said]

    def _list_columns(self, params: Mapping[str, Any], _: str, key: str) -> list[dict[str, Any]]:
        return self._columns(params, key)

    def _types(self, _: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
        said = self._all(f"{self._path(key)}/contentTypes", {"$select": "StringId,Name"})
        return [{"id": item.get("StringId"), "name": item.get("Name")} for item in said]

    def _rights(self, _: Mapping[str, Any], key: str, __: str) -> list[dict[str, Any]]:
        query = {"$expand": "Member,RoleDefinitionBindings", "$select": "PrincipalId,Member,RoleDefinitionBindings"}
        found = []
        for item in self._all(f"{self._path(key)}/roleassignments", query):
            member = item.get("Member") or {}
            roles = [str(role.get("Name")).lower() for role in _listed(item.get("RoleDefinitionBindings"))]
            roles = [role for role in roles if role not in _NO_RIGHT]
            kind = "siteUser" if member.get("PrincipalType") == 1 else "siteGroup"
            named = {"displayName": member.get("Title"), "email": member.get("Email") or None}
            if roles:
                found.append({"id": str(item.get("PrincipalId")), "roles": roles, "grantedToV2": {kind: named}})
        return found

    def _users(self, _: Mapping[str, Any], number: str) -> list[dict[str, Any]]:
        said = self._all(f"{self._webs[number]}/_api/web/siteusers", {"$select": "Id,Title,Email"})
        return [{"id": str(item["Id"]), "fields": {"Title": item.get("Title"), "EMail": item.get("Email")}} for item in said]

    # Libraries

    def _root(self, _: Mapping[str, Any], __: str) -> dict[str, Any]:
        return {"id": _ROOT}

    def _everything(self, _: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
        said = self._said(key)
        items = self._all(f"{self._path(key)}/items", {"$select": _LISTED, "$top": _PER_PAGE})
        if not items and said.get("ItemCount"):
            # Where single items are hidden fewer are listed than counted; that nothing is left of many is no listing.
            raise BadPages("the library counts items and lists none")
        base = _folder(said)
        return [{"id": _ROOT, "root": {}, "folder": {}}, *(self._thing(key, base, item) for item in items)]

    def _thing(self, key: str, base: str, item: Mapping[str, Any]) -> dict[str, Any]:
        path = str(item.get("FileRef") or "")
        above = str(item.get("FileDirRef") or path.rpartition("/")[0])
        below = above[len(base) :].strip("/") if above.startswith(base) else ""
        found: dict[str, Any] = {
            "id": str(item["Id"]), "name": item.get("FileLeafRef"), "eTag": f"{item.get('UniqueId')},{item.get('owshiddenversion')}",
            "cTag": f"{item.get('owshiddenversion')}", "lastModifiedDateTime": _utc(item.get("Modified")),
            "webUrl": f"{self._base}{quote(path)}", "parentReference": {"path": f"/drives/{key}/root:/{quote(below)}"},
        }  # fmt: skip
        found["folder" if item.get("FSObjType", item.get("FileSystemObjectType")) == 1 else "file"] = {}
        return found

    def _whole(self, _: Mapping[str, Any], key: str, number: str) -> dict[str, Any]:
        people = "Author/Title,Author/EMail,Editor/Title,Editor/EMail"
        file = "File/Length,File/UIVersionLabel,File/Level,File/CheckOutType"
        query = {"$select": f"{_LISTED},Created,{people},{file}", "$expand": "Author,Editor,File"}
        item = self._get(f"{self._path(key)}/items({int(number)})", query)
        found = self._thing(key, _folder(self._said(key)), item)
        found |= {
            "createdDateTime": _utc(item.get("Created")),
            "createdBy": _who(item.get("Author")),
            "lastModifiedBy": _who(item.get("Editor")),
        }
        file_said = item.get("File")
        if "file" in found and isinstance(file_said, dict):
            found["file"] = {"mimeType": guess_type(str(found["name"]))[0] or "application/octet-stream"}
            level = "checkout" if file_said.get("CheckOutType") in (0, 1) else _LEVELS.get(int(file_said.get("Level") or 0), "")
            found["publication"] = {"level": level, "versionId": file_said.get("UIVersionLabel")}
            if str(file_said.get("Length") or "").isdigit():
                found["size"] = int(file_said["Length"])
        return found

    def _item(self, params: Mapping[str, Any], key: str, number: str) -> dict[str, Any]:
        select, expand = self._lookups(key, params)
        item = self._get(f"{self._path(key)}/items({int(number)})", {"$select": select, "$expand": expand})
        return _row(item)

    def _versions(self, _: Mapping[str, Any], key: str, number: str) -> list[dict[str, Any]]:
        path = f"{self._path(key)}/items({int(number)})/File"
        now = self._get(
            path, {"$select": "UIVersionLabel,TimeLastModified,Length,ModifiedBy/Title,ModifiedBy/Email", "$expand": "ModifiedBy"}
        )
        query = {"$select": "VersionLabel,Created,Size,CreatedBy/Title,CreatedBy/Email", "$expand": "CreatedBy"}
        older = self._all(f"{path}/Versions", query)
        found = [_version(now.get("UIVersionLabel"), now.get("TimeLastModified"), now.get("ModifiedBy"), now.get("Length"))]
        return found + [
            _version(item.get("VersionLabel"), item.get("Created"), item.get("CreatedBy"), item.get("Size")) for item in reversed(older)
        ]

    # Lists

    def _rows(self, params: Mapping[str, Any], _: str, key: str) -> list[dict[str, Any]]:
        select, expand = self._lookups(key, params)
        items = self._all(f"{self._path(key)}/items", {"$select": select, "$expand": expand, "$top": _PER_PAGE})
        if not items and self._said(key).get("ItemCount"):
            raise BadPages("the list counts rows and lists none")
        return [_row(item) for item in items]

    def _row_versions(self, _: Mapping[str, Any], __: str, key: str, number: str) -> list[dict[str, Any]]:
        """Return how a row was; servers before 2019 do not tell (404)."""
        found = []
        for item in self._all(f"{self._path(key)}/items({int(number)})/versions", {}):
            # Every underscore in the name of a column is written in full here.
            said = _row({"Id": number, **{name.replace("_x005f_", "_"): value for name, value in item.items()}})
            # `Created` may be that of the version or of the row; what the version was saved at is sure.
            at = item.get("Modified") or item.get("Created")
            found.append(_version(item.get("VersionLabel"), at, item.get("Editor"), None) | {"fields": said["fields"]})
        return found

    def _lookups(self, key: str, params: Mapping[str, Any]) -> tuple[str, str | None]:
        """Return what to select and expand: every column, and of those that look something up what they show."""
        asked = re.findall(r"\$select=([^)]*)", str(params.get("$expand") or ""))
        wanted = set(asked[0].split(",")) if asked else set()
        columns = self._columns({}, key) if wanted else []
        names = [str(item["name"]) for item in columns if "lookup" in item and item["name"] in wanted and item["name"] != _TERMS]
        select = ["*", *(f"{name}/Id,{name}/Title" for name in names)]
        if any("term" in item and item["name"] in wanted for item in columns) and any(item["name"] == _TERMS for item in columns):
            select += [f"{_TERMS}/ID", f"{_TERMS}/Term"]
            names.append(_TERMS)
        return ",".join(select), ",".join(names) or None

    # Requests

    def _get(self, url: str, params: Mapping[str, Any]) -> dict[str, Any]:
        sent = dict(self._headers)  # several threads ask at once
        try:
            found = self.client.get(url, params, headers=sent).object()
        except Rejected as error:
            if error.status not in _NO_FORM or sent["Accept"] == _VERBOSE:
                raise
            # Servers of 2013 without an update know the older form of JSON only.
            self._headers["Accept"] = _VERBOSE
            found = self.client.get(url, params, headers=self._headers).object()
        inner = found.get("d")
        return inner if isinstance(inner, dict) else found

    def _all(self, url: str, params: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return all things of a listing, whatever of both forms the server answers in."""
        found: list[dict[str, Any]] = []
        seen: set[str] = set()
        where: str = url
        query: Mapping[str, Any] | None = params
        for _ in range(_MOST_PAGES):
            page = self._get(where, query or {})
            values = page.get("value", page.get("results"))
            if not isinstance(values, list):
                raise BadPages("a page of a listing without its values")
            found += [item for item in values if isinstance(item, dict)]
            following = page.get("odata.nextLink") or page.get("@odata.nextLink") or page.get("__next")
            if following is None:
                return found
            if not isinstance(following, str) or Origin.of(following) != self._origin:
                raise BadPages("a listing goes on at another host, which is not asked")
            if following in seen:
                raise BadPages("the same page comes again and again")
            seen.add(following)
            where, query = following, None
        raise BadPages("the listing does not end")


_NO_LINK = "all"
_VERBOSE = "application/json;odata=verbose"
_NO_FORM = frozenset({400, 406, 415})


class _Known(Anonymous):
    """Somebody whom connections know, not requests."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def secrets(self) -> tuple[str, ...]:
        """Return the password."""
        return (self._secret,)


def _ntlm(user: str, secret: str) -> Any:
    try:
        from requests_ntlm import HttpNtlmAuth  # noqa: PLC0415  (heavy, and an extra)
    except ImportError:
        raise UsageError("the package `requests-ntlm` is not installed", hint="pip install 'auditor[sharepoint-server]'") from None
    return HttpNtlmAuth(user, secret)


def _column(item: Mapping[str, Any], *, moderated: bool) -> dict[str, Any]:
    kind = _TYPES.get(str(item.get("TypeAsString")), "")
    name = str(item.get("InternalName"))
    found: dict[str, Any] = {"id": item.get("Id"), "name": name, "displayName": item.get("Title"), "hidden": bool(item.get("Hidden"))}
    if kind:
        found[kind] = {}
    if kind == "dateTime":
        found[kind] = {"format": "dateOnly" if item.get("DisplayFormat") == 0 else "dateTime"}
    if kind == "calculated" and item.get("OutputType") == 4:
        found[kind] = {"outputType": "dateTime", "format": "dateOnly" if item.get("DisplayFormat") == 0 else "dateTime"}
    if name == "_ModerationStatus":
        found["hidden"] = not moderated
    return found


def _row(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return an item with its columns by their internal names: the interface writes a prefix before underscores, and `Id` behind people."""
    fields: dict[str, Any] = {}
    terms = {str(one.get("ID")): str(one["Term"]) for one in _listed(item.get(_TERMS)) if one.get("Term")}
    for name, raw in item.items():
        if name == _TERMS or ("odata" in name.lower() and not name.startswith("OData_")):
            continue
        plain, value = name.removeprefix("OData_"), _field(raw, terms)
        if value is None:
            continue
        if plain.endswith("Id") and plain not in ("Id", "UniqueId") and isinstance(value, (int, list)):
            numbers = [str(one) for one in value] if isinstance(value, list) else str(value)
            fields[f"{plain.removesuffix('Id')}LookupId"] = numbers
        else:
            fields[plain] = value
    fields.pop("ContentTypeId", None)
    return {
        "id": str(item["Id"]),
        "contentType": {"id": str(item.get("ContentTypeId") or "")},
        "createdDateTime": _utc(item.get("Created")),
        "lastModifiedDateTime": _utc(item.get("Modified")),
        "fields": fields,
    }


def _field(value: Any, terms: Mapping[str, str]) -> Any:
    """Return a value in the shape of Graph; None: nothing, or something that was not asked for.

    Args:
        value: as the interface gives it.
        terms: number of a term in the site → its word: where one term is chosen the interface gives the number as its label.
    """
    if isinstance(value, dict):
        if "results" in value:
            return _field(value["results"], terms)
        if "__deferred" in value:
            return None
        if "Title" in value and "Id" in value:
            return {"LookupId": value["Id"], "LookupValue": value["Title"]}
        if "TermGuid" in value and str(value.get("Label") or "").isdigit():
            word = terms.get(str(value.get("WssId")))
            return {key: said for key, said in value.items() if key != "Label"} | ({"Label": word} if word else {})
    if isinstance(value, list):
        return [_field(one, terms) for one in value]
    return value


def _version(label: Any, at: Any, by: Any, size: Any) -> dict[str, Any]:
    found = {"id": label, "lastModifiedDateTime": _utc(at), "lastModifiedBy": _who(by)}
    return found | ({"size": int(size)} if str(size).isdigit() else {})


def _who(said: Any) -> dict[str, Any] | None:
    name = (said.get("Title") or said.get("LookupValue")) if isinstance(said, dict) else None
    if not isinstance(said, dict) or not name:
        return None
    return {"user": {"displayName": name, "email": said.get("EMail") or said.get("Email") or None}}


def _listed(said: Any) -> list[dict[str, Any]]:
    found = said.get("results") if isinstance(said, dict) else said
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _folder(said: Mapping[str, Any]) -> str:
    return str((said.get("RootFolder") or {}).get("ServerRelativeUrl") or "").rstrip("/")


def _utc(text: Any) -> str | None:
    """Return a moment with its zone: the interface means UTC, and says so not always."""
    if not isinstance(text, str) or not text:
        return None
    return text if re.search(r"(?:Z|[+-]\d{2}:?\d{2})$", text) else f"{text}Z"
