"""Pages of a tracker, as Jira's search answers them: issues with their history, sprints, bookings and comments."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from auditor.demo.documents import mail

SPRINTS, POINTS, CRITERIA, FLAGGED = "customfield_10020", "customfield_10016", "customfield_10050", "customfield_10021"
_NAMES = {SPRINTS: "Sprint", POINTS: "Story Points", CRITERIA: "Acceptance Criteria", FLAGGED: "Flagged"}
_CATEGORIES = {"To Do": "new", "Backlog": "new", "Ready": "new", "Done": "done", "Closed": "done"}  # everything else is in progress
_NUMBERS = ("To Do", "In Progress", "In Review", "Approved", "Done", "Backlog", "Ready", "Closed", "Blocked")


@dataclass(frozen=True, slots=True)
class Sprint:
    """A time box: days of its planned start and end, and of its completion (None while it runs)."""

    id: int
    name: str
    start: date
    end: date
    completed: date | None
    goal: str

    def as_field(self) -> dict[str, Any]:
        """Return it as the sprint field of an issue holds it."""
        return {
            "id": self.id,
            "name": self.name,
            "state": "closed" if self.completed else "active",
            "boardId": 7,
            "goal": self.goal,
            "startDate": instant(self.start, 8),
            "endDate": instant(self.end, 16),
        } | ({"completeDate": instant(self.completed, 16)} if self.completed else {})


@dataclass(slots=True)
class Ticket:
    """What happened to one issue, day by day.

    Attributes:
        path: (day, status) in order; it begins in the first one's predecessor 'To Do' on `created`.
        sprints: (day on which it was added, sprint).
        points: its story points; `pointed` is the day of the estimate (None: at its creation).
        hours: (day, person, hours).
        moves: (day, old, new) of its due date; `edits`: (day, author, field, old, new) of anything else.
        comments: (day, author).
    """

    number: int
    summary: str
    created: date
    kind: str = "Story"
    reporter: str = ""
    assignee: str = ""
    path: Sequence[tuple[date, str]] = ()
    priority: str = "Medium"
    points: float | None = None
    pointed: date | None = None
    criteria: str = ""
    sprints: Sequence[tuple[date, Sprint]] = ()
    due: date | None = None
    moves: Sequence[tuple[date, date, date]] = ()
    edits: Sequence[tuple[date, str, str, str, str]] = ()
    hours: Sequence[tuple[date, str, float]] = ()
    comments: Sequence[tuple[date, str]] = ()
    parent: int | None = None
    labels: Sequence[str] = ()
    release: str = ""
    resolution: str | None = "Done"
    estimate: float = 0
    flagged: date | None = None
    links: Sequence[tuple[str, int]] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    description: str = ""


def instant(day: date, hour: int = 9, minute: int = 0) -> str:
    """Return a moment as Jira writes it."""
    return datetime.combine(day, time(hour, minute)).strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def user(name: str) -> dict[str, Any]:
    """Return an account."""
    return {
        "accountId": f"demo:{name.lower().replace(' ', '-')}",
        "displayName": name,
        "emailAddress": mail(name),
        "active": True,
        "accountType": "atlassian",
    }


def _status(name: str) -> dict[str, Any]:
    category = _CATEGORIES.get(name, "indeterminate")
    return {"id": str(10000 + _NUMBERS.index(name)), "name": name, "statusCategory": {"key": category, "name": name}}


def write_pages(path: Path, project: str, name: str, tickets: Sequence[Ticket], lead: str, base: int) -> None:
    """Write one page with *tickets* of a project; ids count from *base*, which no other project may use."""
    issues = [_document(item, project, name, lead, base) for item in tickets]
    named = {f"customfield_{number}": said for number, said in _EXTRA_NAMES.items()}
    page = {
        "expand": "schema,names",
        "startAt": 0,
        "maxResults": 100,
        "total": len(issues),
        "issues": issues,
        "names": _NAMES | named,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(page, indent=1, ensure_ascii=False), encoding="utf-8")
    _write_lists(path, project, tickets, base)


def _write_lists(path: Path, project: str, tickets: Sequence[Ticket], base: int) -> None:
    """Write the lists of the project's sprints and versions, as its board and its page of releases answer."""
    boxes = {sprint.id: sprint.as_field() for item in tickets for _, sprint in item.sprints}
    if boxes:
        answer = {"maxResults": 50, "startAt": 0, "total": len(boxes), "isLast": True, "values": [boxes[key] for key in sorted(boxes)]}
        path.with_name(f"{project}-sprints.json").write_text(json.dumps(answer, indent=1), encoding="utf-8")
    names = sorted({item.release for item in tickets if item.release})
    if names:
        versions = [
            {"id": str(base + 90 + place), "name": name, "released": False, "archived": False, "projectId": base}
            for place, name in enumerate(names)
        ]
        path.with_name(f"{project}-versions.json").write_text(json.dumps(versions, indent=1), encoding="utf-8")


def write_statuses(path: Path) -> None:
    """Write the list of statuses of the tracker."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([_status(name) for name in _NUMBERS], indent=1), encoding="utf-8")


_EXTRA_NAMES = {
    "10101": "Probability",
    "10102": "Risk Response",
    "10103": "Risk Owner",
    "10104": "Last Reviewed",
    "10105": "Severity",
    "10106": "Impact Analysis",
    "10107": "Escalated",
    "10108": "Decision",
    "10109": "Decision Date",
    "10110": "Decided By",
    "10111": "Impact",
    "10112": "Proximity Date",
}


def extra(**values: Any) -> dict[str, Any]:
    """Return custom fields by the names that they have, with blanks written as underscores."""
    numbers = {said.lower().replace(" ", "_"): number for number, said in _EXTRA_NAMES.items()}
    return {f"customfield_{numbers[name]}": value for name, value in values.items()}


def _document(item: Ticket, project: str, name: str, lead: str, base: int) -> dict[str, Any]:
    number = base + item.number
    author = item.assignee or lead
    histories: list[tuple[str, str, dict[str, Any]]] = []
    before = "To Do"
    for step, (day, after) in enumerate(item.path):
        old, new = _status(before), _status(after)
        change = {"field": "status", "fieldtype": "jira", "fieldId": "status", "from": old["id"], "fromString": before}
        items = [change | {"to": new["id"], "toString": after}]
        if _CATEGORIES.get(after) == "done" and item.resolution:
            items.append(
                {"field": "resolution", "fieldtype": "jira", "fieldId": "resolution", "from": None, "fromString": None}
                | {"to": "1", "toString": item.resolution}
            )
        histories.append((instant(day, 10, step), author, {"items": items}))
        before = after
    if item.pointed and item.points is not None:
        histories.append((instant(item.pointed, 14), author, _edit("Story Points", POINTS, "custom", "", f"{item.points:g}")))
    held: list[Sprint] = []
    for day, sprint in item.sprints:
        now = [*held, sprint]
        if day > item.created:
            histories.append(
                (
                    instant(day, 9),
                    lead,
                    {
                        "items": [
                            {"field": "Sprint", "fieldtype": "custom", "fieldId": SPRINTS}
                            | {"from": ", ".join(str(one.id) for one in held), "fromString": ", ".join(one.name for one in held)}
                            | {"to": ", ".join(str(one.id) for one in now), "toString": ", ".join(one.name for one in now)}
                        ]
                    },
                )
            )
        held = now
    histories += [(instant(day, 11), author, _edit("duedate", "duedate", "jira", str(old), str(new))) for day, old, new in item.moves]
    histories += [(instant(day, 12), by, _edit(what, what, "jira", old, new)) for day, by, what, old, new in item.edits]
    if item.flagged:
        histories.append((instant(item.flagged, 13), author, _edit("Flagged", FLAGGED, "custom", "", "Impediment")))
    histories.sort(key=lambda one: one[0])
    log = [{"id": f"{number}{place:02}", "author": user(by), "created": at} | what for place, (at, by, what) in enumerate(histories)]
    is_done = _CATEGORIES.get(before) == "done"
    done = next((day for day, status in reversed(item.path) if _CATEGORIES.get(status) == "done"), None) if is_done else None
    updated = max(
        [instant(item.created), *(at for at, _, _ in histories), *(instant(day, 15) for day, _ in item.comments)]
        + [instant(day, 17) for day, _, _ in item.hours]
    )
    spent = int(sum(hours for _, _, hours in item.hours) * 3600)
    estimate = int(item.estimate * 3600)
    fields: dict[str, Any] = {
        "summary": item.summary,
        "issuetype": {"id": str(10000 + len(item.kind)), "name": item.kind, "subtask": False, "hierarchyLevel": int(item.kind == "Epic")},
        "project": {"id": str(base), "key": project, "name": name},
        "status": _status(before),
        "resolution": {"id": "1", "name": item.resolution} if is_done and item.resolution else None,
        "resolutiondate": instant(done, 11) if done and item.resolution else None,
        "priority": {"id": item.priority, "name": item.priority},
        "assignee": user(item.assignee) if item.assignee else None,
        "reporter": user(item.reporter or lead),
        "creator": user(item.reporter or lead),
        "created": instant(item.created),
        "updated": updated,
        "duedate": item.due.isoformat() if item.due else None,
        "description": item.description or f"{item.summary}, as agreed with the units.",
        "labels": list(item.labels),
        "components": [],
        "fixVersions": [{"id": str(base + 90 + int(item.release[0]) - 1), "name": item.release, "released": False, "archived": False}]
        if item.release
        else [],
        "issuelinks": [
            {
                "id": f"{number}7{place}",
                "type": {"id": "1", "name": kind, "inward": f"is {kind.lower()} by", "outward": kind.lower()},
                "outwardIssue": {
                    "id": str(base + other),
                    "key": f"{project}-{other}",
                    "fields": {"summary": "", "status": _status("To Do"), "issuetype": {"id": "1", "name": "Story", "subtask": False}},
                },
            }
            for place, (kind, other) in enumerate(item.links)
        ],
        "subtasks": [],
        "timetracking": {
            "originalEstimateSeconds": estimate,
            "timeSpentSeconds": spent,
            "remainingEstimateSeconds": 0 if is_done else max(estimate - spent, 0),
        },
        "timeoriginalestimate": estimate,
        "timespent": spent,
        "timeestimate": 0 if is_done else max(estimate - spent, 0),
        SPRINTS: [sprint.as_field() for _, sprint in item.sprints] or None,
        POINTS: item.points,
        CRITERIA: item.criteria or None,
        FLAGGED: [{"id": "1", "value": "Impediment"}] if item.flagged else None,
        "comment": _all(
            "comments",
            [
                {"id": f"9{number}{place}", "author": user(by), "body": "Looked at together with the unit; goes on as planned."}
                | {"created": instant(day, 15), "updated": instant(day, 15)}
                for place, (day, by) in enumerate(item.comments)
            ],
        ),
        "worklog": _all(
            "worklogs",
            [
                {"id": f"8{number}{place}", "author": user(by), "started": instant(day, 9), "created": instant(day, 17)}
                | {"timeSpentSeconds": int(hours * 3600)}
                for place, (day, by, hours) in enumerate(item.hours)
            ],
        ),
    }
    if item.parent is not None:
        fields["parent"] = {
            "id": str(base + item.parent),
            "key": f"{project}-{item.parent}",
            "fields": {"summary": "", "status": _status("In Progress"), "issuetype": {"id": "10004", "name": "Epic", "subtask": False}},
        }
    return {
        "id": str(number),
        "key": f"{project}-{item.number}",
        "self": f"https://tracker.example.org/rest/api/2/issue/{number}",
        "fields": fields | dict(item.extra),
        "changelog": {"startAt": 0, "maxResults": len(log), "total": len(log), "histories": log},
    }


def _edit(said: str, field_id: str, kind: str, old: str, new: str) -> dict[str, Any]:
    return {
        "items": [
            {"field": said, "fieldtype": kind, "fieldId": field_id, "from": old or None, "fromString": old or None}
            | {"to": new or None, "toString": new or None}
        ]
    }


def _all(name: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    return {"startAt": 0, "maxResults": max(len(items), 20), "total": len(items), name: items}
