"""What is taken of each kind of answer. The rest is counted by name, never dropped in silence."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

SHAPES: Mapping[str, Mapping[str, str]] = {
    "site": {
        "id": "", "name": "", "displayName": "", "description": "", "webUrl": "", "createdDateTime": "", "lastModifiedDateTime": "",
        "isPersonalSite": "", "siteCollection": "siteCollection", "root": "facet", "parentReference": "reference",
    },
    "siteCollection": {"hostname": ""},
    "drive": {
        "id": "", "name": "", "description": "", "driveType": "", "webUrl": "", "createdDateTime": "", "lastModifiedDateTime": "",
        "owner": "identities", "list": "list",
    },
    "driveItem": {
        "id": "", "name": "", "size": "", "eTag": "", "cTag": "", "webUrl": "", "createdDateTime": "", "lastModifiedDateTime": "",
        "createdBy": "identities", "lastModifiedBy": "identities", "parentReference": "reference", "file": "file", "folder": "facet",
        "package": "package", "remoteItem": "remote", "deleted": "deleted", "root": "facet", "malware": "facet", "fileSystemInfo": "times",
        "publication": "publication", "listItem": "listItem", "shared": "shared",
    },
    "file": {"mimeType": "", "hashes": "hashes"},
    "hashes": {"quickXorHash": ""},
    "package": {"type": ""},
    "remote": {"id": "", "name": "", "parentReference": "reference"},
    "deleted": {"state": ""},
    "shared": {"scope": ""},
    "times": {"createdDateTime": "", "lastModifiedDateTime": ""},
    "publication": {"level": "", "versionId": "", "checkedOutBy": "identities"},
    "reference": {"driveId": "", "driveType": "", "id": "", "name": "", "path": "", "siteId": ""},
    "identities": {"user": "identity", "group": "identity", "application": "identity", "siteUser": "identity", "siteGroup": "identity"},
    "identity": {"id": "", "displayName": "", "email": "", "loginName": "", "userPrincipalName": ""},
    "list": {
        "id": "", "name": "", "displayName": "", "description": "", "webUrl": "", "createdDateTime": "", "lastModifiedDateTime": "",
        "eTag": "", "list": "listInfo", "system": "facet", "parentReference": "reference",
    },
    "listInfo": {"contentTypesEnabled": "", "hidden": "", "template": ""},
    "listItem": {
        "id": "", "eTag": "", "webUrl": "", "createdDateTime": "", "lastModifiedDateTime": "", "createdBy": "identities",
        "lastModifiedBy": "identities", "contentType": "contentTypeInfo", "fields": "fields", "deleted": "deleted",
        "parentReference": "reference",
    },
    "contentTypeInfo": {"id": "", "name": ""},
    "contentType": {"id": "", "name": "", "description": "", "hidden": "", "group": "", "documentSet": "facet"},
    "column": {
        "id": "", "name": "", "displayName": "", "description": "", "hidden": "", "readOnly": "", "required": "", "indexed": "",
        "boolean": "facet", "calculated": "calculated", "choice": "facet", "contentApprovalStatus": "facet", "currency": "currency",
        "dateTime": "dateTime", "geolocation": "facet", "hyperlinkOrPicture": "facet", "lookup": "lookup", "number": "facet",
        "personOrGroup": "personOrGroup", "term": "term", "text": "text", "thumbnail": "facet",
    },
    "calculated": {"outputType": "", "format": ""},
    "currency": {"locale": ""},
    "dateTime": {"format": ""},
    "lookup": {"allowMultipleValues": "", "columnName": "", "listId": ""},
    "personOrGroup": {"allowMultipleSelection": "", "chooseFromType": ""},
    "term": {"allowMultipleValues": ""},
    "text": {"textType": "", "allowMultipleLines": ""},
    "version": {
        "id": "", "lastModifiedDateTime": "", "lastModifiedBy": "identities", "size": "", "publication": "publication", "fields": "fields",
    },
    "permission": {
        "id": "", "roles": "", "grantedToV2": "identities", "grantedToIdentitiesV2": "identities", "grantedTo": "identities",
        "grantedToIdentities": "identities", "link": "sharing", "inheritedFrom": "reference", "expirationDateTime": "",
    },
    "sharing": {"type": "", "scope": ""},
}  # fmt: skip
"""Kind → field → kind of its value: '' a plain value, 'facet' something that is there or not, 'fields' columns with all their values."""


def taken(kind: str, data: Any, unmapped: Counter[str]) -> dict[str, Any]:
    """Return what is taken of an answer, all the way down; what is not is counted as 'kind.field'. Something else than an object: {}."""
    if not isinstance(data, dict):
        return {}
    shape = SHAPES[kind]
    found: dict[str, Any] = {}
    for name, value in data.items():
        if name.startswith("@") or "@odata" in name:
            continue
        below = shape.get(name)
        if below is None:
            unmapped[f"{kind}.{name}"] += 1
        elif value is not None:
            found[name] = _value(below, value, unmapped)
    return found


def _value(kind: str, value: Any, unmapped: Counter[str]) -> Any:
    if kind == "":
        return value
    if kind == "facet":
        return {}
    if kind == "fields":
        return {name: item for name, item in value.items() if not name.startswith("@") and "@odata" not in name and item is not None}
    if isinstance(value, list):
        return [taken(kind, item, unmapped) for item in value if isinstance(item, dict)]
    return taken(kind, value, unmapped)


def instant(text: Any) -> datetime | None:
    """Return a moment of Graph in UTC; None when it is none. The first day of all (0001-01-01) stands for none."""
    if not isinstance(text, str):
        return None
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    if at.year == 1:
        return None
    try:
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except OverflowError:
        return None


def person(identities: Any) -> tuple[str, bool] | None:
    """Return how whoever did something is named, with the address where it is known, and whether it is a group; None: nobody is named."""
    if not isinstance(identities, dict):
        return None
    for kind in ("user", "siteUser", "group", "siteGroup", "application"):
        found = identities.get(kind)
        if isinstance(found, dict):
            address = next((text for name in ("email", "userPrincipalName") if "@" in (text := str(found.get(name) or ""))), "")
            name = str(found.get("displayName") or "").strip()
            shown = f"{name} <{address}>" if name and address else name or address
            if shown:
                return shown, kind in ("group", "siteGroup")
    return None


def deepest_code(body: Any) -> str:
    """Return the most exact code of an error; '' when there is none. `innerError` may be spelt in two ways and nested."""
    code = ""
    here = (body.get("error") or body.get("odata.error")) if isinstance(body, dict) else None
    for _ in range(20):
        if not isinstance(here, dict):
            break
        if isinstance(here.get("code"), str) and here["code"]:
            code = here["code"]
        here = here.get("innerError") or here.get("innererror")
    return code
