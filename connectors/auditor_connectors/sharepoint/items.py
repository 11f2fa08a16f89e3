"""What the records of a place say: documents with what the library knows of them, lists as tables, folders, rights, coverage. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from auditor.config.mapping import fold
from auditor.connect.document import Document
from auditor.connect.protocol import Fact, Filled, Item, Parsed, Record
from auditor_connectors.fileshare.items import MEDIA, kind_of_folder
from auditor_connectors.sharepoint.columns import Column, columns_of, text_of
from auditor_connectors.sharepoint.lists import attached, past_of, statuses_of, table_of
from auditor_connectors.sharepoint.options import LibraryColumns
from auditor_connectors.sharepoint.shapes import instant, person

INCOMPLETE_APPROVAL = "approval_state_incomplete"
"""What is not approved may be left out of everything that this account is shown: nothing is known absent."""

_FOLDER = frozenset({"path", "kind"})
_WRITES = frozenset({"write", "contribute", "edit", "full control", "design"})
_READS = frozenset({"read", "view", "restricted view", "view only", "limited access"})
_RIGHT = frozenset({"table_name", "row_id", "grantee_id", "is_group", "right"})
_VERSION = frozenset({"version", "is_major", "modified_at", "modified_by", "size_bytes"})
_ARTEFACT = frozenset({"path", "folder", "file_name", "media_type", "size_bytes", "created_at", "modified_at", "author_id", "modified_by"})
_APPROVAL = {"0": "approved", "1": "rejected", "2": "pending", "3": "draft", "4": "scheduled"}
_STATUS = {"approved": "approved", "pending": "in_review", "scheduled": "in_review", "draft": "draft", "rejected": "draft"}
_DECISION = {"approved": "approved", "pending": "pending", "rejected": "rejected"}
_COLUMNS = ("status", "version", "owner_id", "submitted_on", "approved_on", "approved_by")
_DAYS = frozenset({"submitted_on", "approved_on"})
_PEOPLE = frozenset({"owner_id", "approved_by"})
_LONGEST = 2_000
_MOST_ATTACHED = 200
_COLUMN = "library:"
"""Begins the names of properties that are columns of a library."""


@dataclass(slots=True)
class _About:
    """What stands beside the documents of a place."""

    columns: dict[str, tuple[Column, ...]] = field(default_factory=dict)  # library → its columns
    approval: dict[str, bool] = field(default_factory=dict)  # library → whether it is approved what it holds
    rows: dict[str, dict[str, Mapping[str, Any]]] = field(default_factory=dict)  # list → row → what is kept of how it was
    read_only: dict[str, bool] = field(default_factory=dict)  # library → whether nobody may write; left out: not known


def read_place(records: Iterable[Record], zone: ZoneInfo, declared: LibraryColumns) -> Iterator[tuple[Record, Item]]:
    """Yield what the records of one place say, whatever their order.

    Args:
        records: of one place.
        zone: in which moments of lists and columns become days.
        declared: columns of libraries that say how far a document is, before the shipped ones.
    """
    about = _About()
    sites: list[Record] = []
    others: list[Record] = []
    for record in records:
        (sites if record.kind == "sharepoint.site" else others).append(record)
    for record in sorted(sites, key=lambda record: record.key):
        for library in record.payload.get("libraries", ()):
            about.columns[library["id"]] = columns_of(library.get("columns", ()))
            about.approval[library["id"]] = bool(library.get("has_approval"))
            if (said := _is_read_only(library)) is not None:
                about.read_only[library["id"]] = said
    for record in others:
        if record.kind == "sharepoint.row":
            about.rows.setdefault(record.payload["list"], {})[record.payload["row"]] = record.payload
    for record in others:
        match record.kind:
            case "sharepoint.file":
                yield record, _parsed(record, about, zone, _words(declared))
            case "sharepoint.list":
                yield record, _list(record, zone, about.rows.get(str(record.payload["list"].get("id")), {}))
                for attachment in _attachments(record):
                    yield record, attachment
            case "sharepoint.folder":
                yield record, _folder(record, about)
    for record in sites:
        for item in _site(record, others):
            yield record, item


# Documents


def _parsed(record: Record, about: _About, zone: ZoneInfo, words: Mapping[str, Any]) -> Parsed:
    payload = record.payload
    document = Document.from_json(payload["document"])
    item, fields = payload["item"], payload["fields"]
    path = payload["path"]
    folder, _, name = path.rpartition("/")
    values: dict[str, Any] = {
        "path": path,
        "folder": folder,
        "file_name": name,
        "media_type": MEDIA[document.format],
        "size_bytes": payload["size"],
    }
    filled = set(values)

    def put(column: str, value: Any) -> None:
        values[column] = value
        filled.add(column)

    for column, moment in (("created_at", "createdDateTime"), ("modified_at", "lastModifiedDateTime")):
        if (at := instant(item.get(moment))) is not None:
            put(column, at.replace(microsecond=0))
    for column, who in (("author_id", "createdBy"), ("modified_by", "lastModifiedBy")):
        if (found := person(item.get(who))) is not None:
            put(column, found[0])
    publication = item.get("publication")
    version = str(fields.get("_UIVersionString") or record.version or (publication or {}).get("versionId") or "")
    if isinstance(publication, dict) and publication.get("level"):
        put("is_checked_out", publication["level"] == "checkout" or "checkedOutBy" in publication)
    if version:
        put("version", version)
        put("published_level", _level(version))
    if fields.get("_ComplianceTag"):
        put("retention_label", str(fields["_ComplianceTag"]))
    elif any(column.name == "_ComplianceTag" for column in about.columns.get(payload["drive"], ())):
        put("retention_label", None)  # the library has the column, and nothing stands in it
    columns = [column for column in about.columns.get(payload["drive"], ()) if column.is_own]
    _put_columns(columns, fields, payload["users"], zone, words, put, values)
    facts = [*_versions(payload)]
    if about.approval.get(payload["drive"]):
        said = _APPROVAL.get(str(fields.get("_ModerationStatus")))
        if said is not None:
            put("status", _STATUS[said])
            values["status_raw"] = said
            facts += _approval(payload, said, version)
        else:
            filled.discard("status")
            values.pop("status", None)
    properties = dict(document.properties)
    if version:
        properties[f"{_COLUMN}Version"] = version
    for shown in columns:
        text = text_of(shown, fields, payload["users"], zone)
        if text:
            properties[f"{_COLUMN}{shown.title}"] = text[:_LONGEST]
    kind = str((payload.get("list_item", {}).get("contentType") or {}).get("name") or fields.get("ContentType") or "")
    if kind:
        properties[f"{_COLUMN}content type"] = kind
    return Parsed(replace(document, properties=properties), path, values, frozenset(filled), tuple(facts))


def _put_columns(
    columns: list[Column],
    fields: Mapping[str, Any],
    users: Mapping[str, str],
    zone: ZoneInfo,
    words: Mapping[str, Any],
    put: Any,
    values: dict[str, Any],
) -> None:
    """Fill what columns of the library say: the first that is there and filled counts; one that is there and empty is blank."""
    names: dict[str, Column] = {}
    for column in columns:
        for name in (column.name, column.title):
            names.setdefault(fold(name), column)
    for target in _COLUMNS:
        present = [names[word] for word in words["columns"].get(target, ()) if word in names]
        texts = [(column, text_of(column, fields, users, zone)) for column in present]
        if not texts or texts[0][1] is None:
            continue
        text = next((text for _, text in texts if text), "")
        if not text:
            if target != "version":
                put(target, None)
            continue
        if target == "status":
            values["status_raw"] = text
            if (status := words["statuses"].get(fold(text))) is not None:
                put(target, status)
        elif target in _DAYS:
            day = _day(text)
            if day is not None:
                put(target, day)
            values[f"{target}_raw"] = text
        else:
            put(target, text)


def _level(version: str) -> str:
    major, _, minor = version.partition(".")
    if minor in ("", "0"):
        return "major"
    return "draft" if major == "0" else "minor"


def _versions(payload: Mapping[str, Any]) -> Iterator[Fact]:
    """Yield the versions that the library keeps. Older ones may have been trimmed: a history that begins at 14.0 is normal."""
    for said in payload["versions"]:
        number = str(said.get("id") or "")
        if not number:
            continue
        values: dict[str, Any] = {"version": number, "is_major": _level(number) == "major"}
        at, by = instant(said.get("lastModifiedDateTime")), person(said.get("lastModifiedBy"))
        if at is not None:
            values["modified_at"] = at.replace(microsecond=0)
        if by is not None:
            values["modified_by"] = by[0]
        if isinstance(said.get("size"), int):
            values["size_bytes"] = said["size"]
        comment = str(payload["fields"].get("_CheckinComment") or "").strip()
        if comment and number == str(payload["fields"].get("_UIVersionString")):
            values["comment"] = comment[:_LONGEST]  # that of the present version: those of others nobody tells
        yield Fact("artefact_version", f"{payload['drive']}:{payload['item']['id']}:{number}", values, frozenset(values))


def _approval(payload: Mapping[str, Any], said: str, version: str) -> Iterator[Fact]:
    """Yield what content approval says. Who decided, and when, the list does not tell."""
    decision = _DECISION.get(said)
    if decision is not None:
        values = {"version": version or None, "action": "approve", "decision": decision, "medium": "column"}
        yield Fact("approval", f"{payload['drive']}:{payload['item']['id']}:approval", values, frozenset(values))


# Lists, folders, the site


def _list(record: Record, zone: ZoneInfo, kept: Mapping[str, Mapping[str, Any]]) -> Parsed:
    payload = record.payload
    path = payload["path"]
    folder, _, name = path.rpartition("/")
    values: dict[str, Any] = {"path": path, "folder": folder, "file_name": name}
    if record.changed_at is not None:
        values["modified_at"] = record.changed_at.replace(microsecond=0)
    return Parsed(table_of(payload, zone), path, values, frozenset(values), past=past_of(payload, kept, zone))


def _attachments(record: Record) -> Iterator[Fact]:
    """Yield a row per item that has attachments: what they hold is not read, and nobody has to wonder."""
    for number in attached(record.payload["rows"])[:_MOST_ATTACHED]:
        path = f"{record.payload['path']}/{number}/attachments"
        values = {"path": path, "reason": "unsupported", "error": "attachments of list items are not read"}
        yield Fact("unreadable", f"{record.key}:{number}:attachments", values, frozenset(values), locator=number, url=record.url)


def _folder(record: Record, about: _About) -> Fact:
    path = record.payload["path"]
    said = about.read_only.get(str(record.payload.get("drive"))) if record.payload["is_library"] else None
    more = {} if said is None else {"is_read_only": said}  # folders may have rights of their own
    kind = "library" if record.payload["is_library"] else "document_set" if record.payload["is_set"] else kind_of_folder(path)
    return Fact("folder", f"folder:{path}", {"path": path, "kind": kind} | more, _FOLDER | more.keys(), locator=path)


def _site(record: Record, others: Iterable[Record]) -> Iterator[Item]:
    payload = record.payload
    place = payload["place"]
    if not payload["is_part"]:
        site = payload["site"]
        values = {key: str(site[name]) for key, name in (("name", "displayName"), ("description", "description")) if site.get(name)}
        if values:
            yield Fact("project", record.place, values, frozenset(values), url=record.url)
    for library in payload["libraries"]:
        yield from _rights(library, place)
    rights = [library["gaps"]["rights"] for library in payload["libraries"] if "rights" in library["gaps"]]
    yield Filled("access_right", _RIGHT, not rights, reason=rights[0] if rights else "")
    known = any(_is_read_only(library) is not None for library in payload["libraries"])
    yield Filled("folder", _FOLDER | {"is_read_only"} if known else _FOLDER, is_complete=True)
    cut = [gap for other in others if other.kind == "sharepoint.file" and (gap := other.payload["gaps"].get("versions"))]
    yield Filled("artefact_version", _VERSION, not cut, reason=cut[0] if cut else "")
    problems = INCOMPLETE_APPROVAL if _may_hide(payload, others) else ""
    yield Filled("artefact", _ARTEFACT, not problems, reason=problems)


def _may_hide(payload: Mapping[str, Any], others: Iterable[Record]) -> bool:
    """Say whether a library or list with content approval may hold more than this account is shown.

    An application that may only read gets what is approved, and no word of the rest. Whoever is shown anything else sees all of it.
    """
    if payload.get("sees_unapproved"):
        return False
    states: dict[str, set[str]] = {}
    for other in others:
        if other.kind == "sharepoint.file":
            states.setdefault(other.payload["drive"], set()).add(str(other.payload["fields"].get("_ModerationStatus")))
        elif other.kind == "sharepoint.list":
            states.setdefault(other.payload["list"]["id"], set()).update(statuses_of(other.payload["rows"]))
    held = [*payload["libraries"], *payload["lists"]]
    return any(one.get("has_approval") and not states.get(one["id"], set()) & {"1", "2", "3", "4"} for one in held)


def _rights(library: Mapping[str, Any], place: str) -> Iterator[Fact]:
    folder = f"folder:{place}/{library['name']}"
    for right in library.get("rights", ()):
        said = ", ".join(sorted(map(str, right.get("roles") or ()))) or str((right.get("link") or {}).get("type") or "")
        for name, is_group in _grantees(right):
            values = {"table_name": "folder", "row_id": folder, "grantee_id": name, "is_group": is_group, "right": said}
            mark = sha256("\x1f".join((library["id"], str(right.get("id")), name)).encode("utf-8", "surrogatepass")).hexdigest()[:16]
            yield Fact("access_right", f"right:{mark}", values, _RIGHT, locator=library["name"])


def _is_read_only(library: Mapping[str, Any]) -> bool | None:
    """Say whether nobody may write into a library; None where rights were not told, or are called by a name of their own."""
    roles = {str(role).lower() for right in library.get("rights", ()) for role in right.get("roles") or ("?",)}
    if roles & _WRITES:
        return False
    return True if roles and roles <= _READS and "rights" not in library["gaps"] else None


def _grantees(right: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    link = right.get("link")
    if isinstance(link, dict) and link.get("scope") in ("anonymous", "organization"):
        yield ("anyone with the link" if link["scope"] == "anonymous" else "everyone in the organisation with the link"), True
    named = [right.get("grantedToV2") or right.get("grantedTo")]
    named += right.get("grantedToIdentitiesV2") or right.get("grantedToIdentities") or []
    seen: dict[str, bool] = {}
    for said in named:
        found = person(said)
        if found is not None:
            seen.setdefault(*found)
    yield from seen.items()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


@cache
def _shipped() -> dict[str, dict[str, tuple[str, ...]]]:
    said = yaml.safe_load(files(__package__).joinpath("library.yaml").read_text("utf-8"))
    return {
        "columns": {target: tuple(fold(word) for word in words) for target, words in said["columns"].items()},
        "statuses": {status: tuple(fold(word) for word in words) for status, words in said["statuses"].items()},
    }


@cache
def _words_of(packed: tuple[tuple[str, tuple[str, ...]], ...], statuses: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[str, Any]:
    own = dict(packed)
    columns = {target: (*map(fold, own.get(target, ())), *_shipped()["columns"].get(target, ())) for target in _COLUMNS}
    words = {word: status for status, known in _shipped()["statuses"].items() for word in known}
    words |= {fold(word): status for status, said in statuses for word in said}
    return {"columns": columns, "statuses": words}


def _words(declared: LibraryColumns) -> dict[str, Any]:
    own = tuple((target, tuple(getattr(declared, target))) for target in _COLUMNS)
    return _words_of(own, tuple(sorted(declared.statuses.items())))
