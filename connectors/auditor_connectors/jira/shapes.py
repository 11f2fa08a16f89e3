"""What a recorded JSON document is: its shape decides, never its file name.

A document is cut into pieces: issues, parts of issues (comments, worklogs, changelogs), and metadata. What has no declared shape gives
no piece and is told by name.
"""

import re
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from auditor_connectors.jira.values import identifier

PartKind = Literal["comments", "worklogs", "changelogs"]
MetaKind = Literal["fields", "statuses", "board", "versions", "sprints", "types", "createmeta", "project", "server", "project_statuses"]
"""Metadata that recorded pages hold. A live Jira adds components, priorities, resolutions, role, coverage."""


@dataclass(frozen=True, slots=True)
class IssuePiece:
    """An issue document."""

    document: dict[str, Any]


@dataclass(frozen=True, slots=True)
class PartPiece:
    """A page of one issue's comments, worklogs or changelog. *issue* is an id, or a key where the page knows no id."""

    issue: str
    kind: PartKind
    page: dict[str, Any]


@dataclass(frozen=True, slots=True)
class MetaPiece:
    """Something about the instance or one project. *place* is a project's key, '' when it concerns all."""

    kind: MetaKind
    place: str
    data: Any
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Content:
    """What one page holds.

    Attributes:
        start, total: offset paging of issues, None where the page has none.
        is_last: False: a further page of issues follows (cursor paging); None: the page does not say.
        trouble: the page is an error message.
    """

    pieces: tuple[IssuePiece | PartPiece | MetaPiece, ...] = ()
    is_issue_list: bool = False
    start: int | None = None
    total: int | None = None
    count: int = 0
    is_last: bool | None = None
    trouble: str = ""
    names: dict[str, Any] = field(default_factory=dict)  # field id → {name, schema} that came with the issues


def content_of(name: str, data: Any) -> Content:
    """Return what the page called *name* holds; no pieces when nobody declared its shape."""
    if isinstance(data, dict):
        return _of_object(name, data)
    if isinstance(data, list):
        return _of_list(name, data)
    return Content()


_ISSUE_IN_PATH = re.compile(r"(?:^|[/_.\-=])(?:issues?[/_.\-])?([A-Z][A-Z0-9_]+-\d+|\d{3,})(?=$|[/_.\-])")
_ISSUE_IN_LINK = re.compile(r"/issue/([^/?#]+)(?:/|$)")
_PROJECT_IN_PATH = re.compile(
    r"(?:^|/)(?:projects?[/_.\-])([A-Z][A-Z0-9_]+)(?=[/_.\-])"
    r"|(?:^|/)([A-Z][A-Z0-9_]+)[/_.\-](?:boards?[/_.\-]\d+[/_.\-])?(?:versions|statuses|sprints?)(?![A-Za-z])"
)


_NO_SPRINTS = re.compile(r"(?:^|/)([A-Z][A-Z0-9_]+)[/_.\-]sprints(?:\.json(?:\.gz)?)?$")


def _of_object(name: str, data: dict[str, Any]) -> Content:
    if isinstance(data.get("issues"), list):
        return _issue_list(data, data["issues"])
    if isinstance(data.get("fields"), dict) and ("id" in data or "key" in data):
        return Content((IssuePiece(data),), count=1, names=_names(data))
    if isinstance(data.get("issueChangeLogs"), list):
        return _bulk_changelog(data)
    for plural, kind in (("comments", "comments"), ("worklogs", "worklogs"), ("histories", "changelogs")):
        if isinstance(data.get(plural), list):
            return _part(name, kind, data, data[plural])  # type: ignore[arg-type]  # the loop's texts are PartKinds
    if isinstance(data.get("values"), list):
        return _values(name, data)
    if isinstance(data.get("errorMessages"), list) or (isinstance(data.get("errors"), dict) and "status" in data):
        return Content(trouble="an error message of Jira")
    if isinstance(data.get("columnConfig"), dict):
        location = data.get("location")
        place = identifier(location.get("key") or location.get("projectKey")) if isinstance(location, dict) else None
        return _meta("board", place or "", data)
    if isinstance(data.get("projects"), list):
        return Content(
            tuple(MetaPiece("createmeta", identifier(item.get("key")) or "", item) for item in data["projects"] if isinstance(item, dict))
        )
    if isinstance(data.get("issueTypes"), list):
        return _meta("types", _project(name), data["issueTypes"])
    if isinstance(data.get("fields"), list):
        return _meta("fields", "", data["fields"])
    if "deploymentType" in data and "baseUrl" in data:
        return _meta("server", "", data)
    if identifier(data.get("key")) and ("projectTypeKey" in data or "lead" in data):
        return _meta("project", str(data["key"]), data)
    if is_sprint_object(data):
        return _meta("sprints", "", [data])
    return Content()


def _issue_list(data: dict[str, Any], issues: list[Any]) -> Content:
    token = identifier(data.get("nextPageToken"))
    is_last = data.get("isLast") if isinstance(data.get("isLast"), bool) else None
    if is_last is None and token:
        is_last = False
    if is_last is None and "total" not in data and "startAt" not in data:
        is_last = True  # no token and no offset: the only or last page of a cursor
    failed = data.get("errorMessages") or data.get("warningMessages")
    return Content(
        tuple(IssuePiece(item) for item in issues if isinstance(item, dict)),
        is_issue_list=True,
        start=_number(data.get("startAt")),
        total=_number(data.get("total")),
        count=len(issues),
        is_last=is_last,
        trouble="an error message of Jira" if failed and not issues else "",
        names=_names(data),
    )


def _names(data: dict[str, Any]) -> dict[str, Any]:
    """Return the field metadata that `expand=names,schema` puts beside issues."""
    names, schemas = data.get("names"), data.get("schema")
    if not isinstance(names, dict):
        return {}
    return {
        field_id: {"id": field_id, "name": name, "schema": schemas.get(field_id) if isinstance(schemas, dict) else None}
        for field_id, name in names.items()
    }


def _part(name: str, kind: PartKind, page: dict[str, Any], items: list[Any]) -> Content:
    issue = _issue_of(name, page, items)
    if not items:
        # An empty page proves something of an issue that it names, and nothing otherwise.
        return Content((PartPiece(issue, kind, page),) if issue else (), count=1)
    by_issue: dict[str, list[Any]] = {}
    for item in items:
        own = identifier(item.get("issueId")) if isinstance(item, dict) else None
        by_issue.setdefault(own or issue, []).append(item)
    if set(by_issue) == {issue} or len(by_issue) == 1:
        owner = next(iter(by_issue))
        return Content((PartPiece(owner, kind, page),) if owner else (), count=1)
    return Content(tuple(PartPiece(owner, kind, {kind: found}) for owner, found in by_issue.items() if owner), count=1)


def _issue_of(name: str, page: dict[str, Any], items: list[Any]) -> str:
    """Return the id or key of the issue that a page belongs to, from the page's name, else from where the items say they lie."""
    if found := [match[1] for match in _ISSUE_IN_PATH.finditer(name.removesuffix(".gz").removesuffix(".json"))]:
        keys = [word for word in found if "-" in word]
        if keys:
            return keys[-1]
        if "issue" in name:
            return found[0]
    links = [page.get("self"), *(item.get("self") for item in items[:1] if isinstance(item, dict))]
    for link in links:
        # Only here, where a recorded page has no other word for its issue.
        if isinstance(link, str) and (match := _ISSUE_IN_LINK.search(link)):
            return match[1]
    return ""


def _bulk_changelog(data: dict[str, Any]) -> Content:
    pieces = []
    for log in data["issueChangeLogs"]:
        issue = identifier(log.get("issueId")) if isinstance(log, dict) else None
        if issue and isinstance(log.get("changeHistories"), list):
            pieces.append(PartPiece(issue, "changelogs", {"histories": log["changeHistories"], "isBulk": True}))
    return Content(tuple(pieces), count=1, is_last=not identifier(data.get("nextPageToken")))


def _values(name: str, data: dict[str, Any]) -> Content:
    values = data["values"]
    first = next((item for item in values if isinstance(item, dict)), None)
    if first is None:
        if "changelog" in name:
            return _part(name, "changelogs", data, values)
        if values == [] and data.get("isLast") is True and not data.get("startAt") and (found := _NO_SPRINTS.search(name)):
            return _meta("sprints", found[1], [])  # the whole list of a project: it has none
        return Content(count=1) if values == [] else Content()
    if isinstance(first.get("items"), list) and "created" in first:
        return _part(name, "changelogs", data, values)
    content = _of_list(name, values)
    if data.get("isLast") is True and not data.get("startAt"):
        return content
    # A page of a longer list proves no absence: what it holds counts, the list is not whole.
    pieces = tuple(replace(piece, is_whole=False) if isinstance(piece, MetaPiece) else piece for piece in content.pieces)
    return replace(content, pieces=pieces)


def _of_list(name: str, data: list[Any]) -> Content:
    items = [item for item in data if isinstance(item, dict)]
    if not items:
        return Content()
    first = items[0]
    if isinstance(first.get("fields"), dict) and ("key" in first or "id" in first):
        return Content(tuple(IssuePiece(item) for item in items), count=len(items))
    if "id" in first and "name" in first and (first.keys() & {"schema", "clauseNames", "navigable", "searchable"}):
        return _meta("fields", "", items)
    if "fieldId" in first and "name" in first:
        return _meta("fields", "", items)
    if "statusCategory" in first:
        return _meta("statuses", "", items)
    if isinstance(first.get("statuses"), list) and "subtask" in first:
        return _meta("project_statuses", _project(name), items)
    if "released" in first and "name" in first:
        return _meta("versions", _project(name), items)
    if "subtask" in first and "name" in first:
        return _meta("types", "", items)
    if is_sprint_object(first):
        return _meta("sprints", _project(name), items)
    if identifier(first.get("key")) and ("projectTypeKey" in first or "lead" in first):
        return Content(tuple(MetaPiece("project", str(item["key"]), item) for item in items if identifier(item.get("key"))))
    return Content()


def is_sprint_object(data: dict[str, Any]) -> bool:
    """Say whether *data* is a sprint of the agile interface."""
    return "state" in data and "id" in data and "name" in data and bool(data.keys() & {"originBoardId", "boardId", "goal", "startDate"})


def _meta(kind: MetaKind, place: str, data: Any) -> Content:
    return Content((MetaPiece(kind, place, data),))


def _project(name: str) -> str:
    found = _PROJECT_IN_PATH.search(name)
    return (found[1] or found[2]) if found else ""


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
