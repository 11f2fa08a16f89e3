"""What is remembered of a page: enough to know, without reading it again, which records it takes part in.

The index travels in the fingerprint of the page's record, the only thing that a connector gets back of an earlier pull.
"""

import base64
import re
import zlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from typing import Any

import orjson

from auditor_connectors.jira.shapes import Content, IssuePiece, MetaPiece, PartPiece
from auditor_connectors.jira.sprints import is_sprint
from auditor_connectors.jira.values import UNKNOWN, folded, identifier, instant, text
from auditor_connectors.jira.words import words

VERSION = 3
"""Raised whenever an index would come out differently: older ones are then made anew."""

_MOST_REMEMBERED = 8 * 1024 * 1024


@dataclass(slots=True)
class IssueMark:
    """An issue document of a page. *parts*: comments, worklogs, changelog: 0 absent, 1 cut off, 2 whole."""

    position: int
    issue: str
    key: str
    place: str
    updated: int  # milliseconds since 1970; -1: the document does not say
    size: int  # fields that it has
    shape: str  # digest of the names of its fields
    content: str  # digest of the document
    parts: tuple[int, int, int]
    site: str = ""  # address before `/rest/` in its own link; '' when there is none


@dataclass(slots=True)
class PartMark:
    """A page of comments, worklogs or changelog of one issue."""

    position: int
    issue: str
    content: str


@dataclass(slots=True)
class MetaMark:
    """Metadata of the instance or one project."""

    position: int
    kind: str
    place: str
    content: str


@dataclass(slots=True)
class Index:
    """What one page holds, without its contents."""

    issues: list[IssueMark] = field(default_factory=list)
    parts: list[PartMark] = field(default_factory=list)
    metas: list[MetaMark] = field(default_factory=list)
    is_recognised: bool = True
    is_issue_list: bool = False
    start: int | None = None
    total: int | None = None
    count: int = 0
    is_last: bool | None = None
    statuses: dict[str, list[str]] = field(default_factory=dict)  # id → name, key of its category
    names: dict[str, list[str]] = field(default_factory=dict)  # custom field → name, type
    shapes: dict[str, str] = field(default_factory=dict)  # custom field → what its values look like
    points: dict[str, list[int]] = field(default_factory=dict)  # custom field → values that agree with the changelog's points, and not

    def fingerprint(self, stamp: str) -> str:
        """Return the stamp and, where it is not too long, the index itself."""
        packed = base64.b85encode(zlib.compress(orjson.dumps(asdict(self), option=orjson.OPT_NON_STR_KEYS), 6)).decode()
        return f"{VERSION} {stamp} {packed}" if len(packed) < _MOST_REMEMBERED else f"{VERSION} {stamp}"

    @classmethod
    def remembered(cls, fingerprint: str | None, stamp: str) -> "Index | None":
        """Return the index of a page that has not changed since, or None."""
        version, _, rest = (fingerprint or "").partition(" ")
        known, _, packed = rest.partition(" ")
        if version != str(VERSION) or known != stamp or not packed:
            return None
        try:
            data = orjson.loads(zlib.decompress(base64.b85decode(packed)))
            data["issues"] = [IssueMark(**mark) for mark in data["issues"]]
            data["parts"] = [PartMark(**mark) for mark in data["parts"]]
            data["metas"] = [MetaMark(**mark) for mark in data["metas"]]
            return cls(**data)
        except (ValueError, TypeError, KeyError, zlib.error):
            return None  # not ours: the page is read again


def content_digest(value: Any) -> str:
    """Return a digest of a JSON value that does not depend on the order of its keys; '' when it is nested too deeply to be kept."""
    try:
        return blake2b(orjson.dumps(value, option=orjson.OPT_SORT_KEYS), digest_size=12).hexdigest()
    except (TypeError, orjson.JSONEncodeError):
        return ""


def index_of(content: Content) -> Index:
    """Return the index of a page."""
    index = Index(
        is_recognised=bool(content.pieces) or content.is_issue_list or content.count > 0,
        is_issue_list=content.is_issue_list,
        start=content.start,
        total=content.total,
        count=content.count,
        is_last=content.is_last,
    )
    for field_id, meta in content.names.items():
        _name(index, field_id, meta)
    shapes: dict[str, set[str]] = {}
    for position, piece in enumerate(content.pieces):
        match piece:
            case IssuePiece(document):
                index.issues.append(_issue_mark(position, document))
                _look_at(index, shapes, document)
            case PartPiece(issue, kind, page):
                index.parts.append(PartMark(position, issue, content_digest([kind, page])))
                if kind == "changelogs":
                    _names_in_log(index, page.get("histories", page.get("values")))
            case MetaPiece(kind, place, data, is_whole):
                index.metas.append(MetaMark(position, kind, place, content_digest([data, is_whole])))
    index.shapes = {name: next(iter(found)) for name, found in shapes.items() if len(found) == 1}
    return index


def place_of(document: dict[str, Any]) -> str:
    """Return the project's key of an issue document, '' when it does not say."""
    fields = document.get("fields")
    project = fields.get("project") if isinstance(fields, dict) else None
    if isinstance(project, dict) and (key := identifier(project.get("key"))):
        return key
    key = identifier(document.get("key")) or ""
    return key.rpartition("-")[0]


def _issue_mark(position: int, document: dict[str, Any]) -> IssueMark:
    fields = document.get("fields")
    fields = fields if isinstance(fields, dict) else {}
    updated = instant(fields.get("updated"))
    return IssueMark(
        position,
        identifier(document.get("id")) or "",
        identifier(document.get("key")) or "",
        place_of(document),
        int(updated.timestamp() * 1000) if updated is not None and updated is not UNKNOWN else -1,  # type: ignore[union-attr]
        len(fields),
        blake2b("\x1f".join(sorted(map(str, fields))).encode("utf-8", "replace"), digest_size=6).hexdigest(),
        content_digest(document),
        (
            _state(fields.get("comment"), "comments"),
            _state(fields.get("worklog"), "worklogs"),
            _state(document.get("changelog"), "histories"),
        ),
        _site(document.get("self")),
    )


def _site(link: Any) -> str:
    return link.partition("/rest/")[0][:200] if isinstance(link, str) and "/rest/" in link else ""


def _state(part: Any, items: str) -> int:
    if not isinstance(part, dict) or not isinstance(part.get(items), list):
        return 0
    total = part.get("total")
    return 2 if isinstance(total, int) and total <= len(part[items]) else 1


_RANK = re.compile(r"^\d\|[0-9a-z]+:[0-9a-z]*$")
_CUSTOM = "customfield_"


def _look_at(index: Index, shapes: dict[str, set[str]], document: dict[str, Any]) -> None:
    """Collect what an issue tells about the instance: categories of statuses, names and shapes of fields."""
    fields = document.get("fields")
    if not isinstance(fields, dict):
        return
    _statuses(index, fields)
    numbers = {}
    for name, value in fields.items():
        if value is None or not name.startswith(_CUSTOM):
            continue
        if isinstance(value, float):
            numbers[name] = value
        elif found := _shape(value):
            shapes.setdefault(name, set()).add(found)
    log = document.get("changelog")
    histories = log.get("histories") if isinstance(log, dict) else None
    points = _names_in_log(index, histories)
    if points is not None:
        for name, number in numbers.items():
            agree = index.points.setdefault(name, [0, 0])
            agree[0 if number == points else 1] += 1


def _shape(value: Any) -> str:
    first = value[0] if isinstance(value, list) and value else value
    if is_sprint(first):
        return "sprint"
    if isinstance(value, str):
        return "rank" if _RANK.match(value) else ""
    if isinstance(value, list) and isinstance(first, dict):
        option = first.get("value")
        return "flagged" if isinstance(option, str) and folded(option) in words().impediment else ""
    return ""


def _statuses(index: Index, fields: dict[str, Any]) -> None:
    found = [fields.get("status")]
    for link in _dicts(fields.get("issuelinks")):
        found += [_inner(link.get(end), "status") for end in ("inwardIssue", "outwardIssue") if end in link]
    found += [_inner(item, "status") for item in _dicts(fields.get("subtasks"))]
    found.append(_inner(fields.get("parent"), "status"))
    for status in found:
        if isinstance(status, dict) and (status_id := identifier(status.get("id"))) and status_id not in index.statuses:
            category = status.get("statusCategory")
            key = category.get("key") if isinstance(category, dict) else None
            name = text(status.get("name"), 255)
            if isinstance(key, str):
                index.statuses[status_id] = [name if isinstance(name, str) else "", key]


def _dicts(value: Any) -> Iterable[dict[str, Any]]:
    return (item for item in value if isinstance(item, dict)) if isinstance(value, list) else ()


def _inner(issue: Any, name: str) -> Any:
    fields = issue.get("fields") if isinstance(issue, dict) else None
    return fields.get(name) if isinstance(fields, dict) else None


def _names_in_log(index: Index, histories: Any) -> float | None:
    """Note the names of custom fields that a changelog gives with their id; return the last story points that it states."""
    last: tuple[str, float | None] = ("", None)
    for edit in _dicts(histories):
        for item in _dicts(edit.get("items")):
            name = item.get("field")
            if not isinstance(name, str) or item.get("fieldtype") != "custom":
                continue
            field_id = item.get("fieldId")
            if isinstance(field_id, str) and field_id.startswith(_CUSTOM):
                index.names.setdefault(field_id, [text(name, 255) or "", ""])  # type: ignore[list-item]  # a str gives a str
            if words().field_names.get(folded(name)) == "story_points" and str(edit.get("created")) >= last[0]:
                last = (str(edit.get("created")), _float(item.get("toString")))
    return last[1]


def _float(value: Any) -> float | None:
    try:
        return float(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _name(index: Index, field_id: Any, meta: Any) -> None:
    if not isinstance(field_id, str) or not field_id.startswith(_CUSTOM) or not isinstance(meta, dict):
        return
    name = text(meta.get("name"), 255)
    schema = meta.get("schema")
    custom = schema.get("custom") if isinstance(schema, dict) else None
    if isinstance(name, str):
        index.names[field_id] = [name, custom if isinstance(custom, str) else ""]
