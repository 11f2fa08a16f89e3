"""The changelog of one issue: edits merged over all pages, told in the columns of `work_item`."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from auditor_connectors.jira.instance import Category, Instance, People
from auditor_connectors.jira.values import (
    UNKNOWN,
    Unknown,
    cleaned,
    day,
    digest,
    folded,
    hours,
    identifier,
    instant,
    masked,
    person_id,
    quantity,
)
from auditor_connectors.jira.words import words

_LONG = 2_000  # of a text that was edited only the beginning is kept
_ROLES = {
    "story_points": "story_points",
    "flagged": "is_flagged",
    "epic_link": "parent_id",
    "parent_link": "parent_id",
    "sprint": "sprint",
    "start_on": "start_on",
}
_COLUMNS = {
    "status": "status",
    "assignee": "assignee_id",
    "reporter": "reporter_id",
    "duedate": "due_on",
    "summary": "title",
    "description": "has_description",
    "priority": "priority",
    "resolution": "resolution",
    "issuetype": "kind",
    "labels": "labels",
    "components": "component",
    "fixVersions": "fix_version",
    "timeoriginalestimate": "estimate_hours",
    "timeestimate": "remaining_hours",
    "timespent": "spent_hours",
    "parent": "parent_id",
    "key": "key",
}
LISTS = frozenset({"component", "fix_version"})
"""Columns whose log tells single values added and removed."""
_START = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Item:
    """One field of one edit. *column* is the column of `work_item`, 'sprint', or '' when none holds it; *word* is the source's."""

    word: str
    field_id: str  # the issue's own field: 'status', 'customfield_10021'; '' when the log does not say
    column: str
    from_id: str | None
    from_text: str | None
    to_id: str | None
    to_text: str | None


@dataclass(frozen=True, slots=True)
class Edit:
    """One recorded edit."""

    id: str
    at: datetime | None
    by: str | None
    is_by_known: bool  # False: the answer holds no author, which is not the same as nobody
    items: tuple[Item, ...]

    @property
    def order(self) -> tuple[datetime, int, str]:
        """Edits are sorted by time, then by number."""
        return (self.at or _START, int(self.id) if self.id.isdigit() and len(self.id) < 20 else 0, self.id)


@dataclass(slots=True)
class Log:
    """All known edits of one issue, oldest first."""

    edits: list[Edit] = field(default_factory=list)
    is_present: bool = False
    is_complete: bool = False


def log_of(payload: dict[str, Any], instance: Instance, people: People, newest: Any) -> Log:
    """Return the changelog of an issue record. *newest* is the `updated` of the leading document."""
    log = Log()
    merged: dict[str, Edit] = {}
    for document in _dicts(payload.get("documents")):
        part = document.get("changelog")
        if not isinstance(part, dict) or not isinstance(part.get("histories"), list):
            continue
        log.is_present = True
        _merge(merged, part["histories"], instance, people)
        fields = document.get("fields")
        is_current = isinstance(fields, dict) and fields.get("updated") == newest
        log.is_complete |= is_current and _holds(part.get("total"), merged)
    pages = _dicts(payload.get("changelogs"))
    for page in pages:
        log.is_present = True
        _merge(merged, page.get("histories", page.get("values")), instance, people)
    if pages:
        totals = [page.get("total") for page in pages]
        # Bulk answers state no total; that their cursor came to its end was seen when the pages were gathered.
        log.is_complete |= any(_holds(total, merged) for total in totals) or all(page.get("isBulk") is True for page in pages)
    log.edits = sorted(merged.values(), key=lambda edit: edit.order)
    return log


def _holds(total: Any, merged: dict[str, Edit]) -> bool:
    return isinstance(total, int) and not isinstance(total, bool) and total <= len(merged)


def _merge(merged: dict[str, Edit], histories: Any, instance: Instance, people: People) -> None:
    for history in _dicts(histories):
        edit = _edit(history, instance, people)
        merged.setdefault(edit.id, edit)


def _edit(history: dict[str, Any], instance: Instance, people: People) -> Edit:
    at = instant(history.get("created"))
    author = history.get("author")
    people.meet(author, at.timestamp() * 1000 if isinstance(at, datetime) else -1)
    by = person_id(author)
    items = tuple(_item(item, instance, people) for item in _dicts(history.get("items")))
    edit_id = identifier(history.get("id"))
    if edit_id is None:
        edit_id = digest(str(history.get("created")), str(by), *(f"{item.word}|{item.from_text}|{item.to_text}" for item in items))
    return Edit(edit_id, at if isinstance(at, datetime) else None, by if isinstance(by, str) else None, isinstance(by, str), items)


def _item(item: dict[str, Any], instance: Instance, people: People) -> Item:
    word = _text(item.get("field")) or ""
    field_id = item.get("fieldId")
    field_id = field_id if isinstance(field_id, str) else ""
    said = folded(word)
    column = _COLUMNS.get(field_id, "")
    if not column and item.get("fieldtype") != "custom":
        field_id = field_id if field_id.startswith("customfield_") else words().history.get(said, "")
        column = _COLUMNS.get(field_id, "")
    if not column:
        role = next((role for role, fields in instance.roles.items() if field_id in fields), None) or words().field_names.get(said)
        column = _ROLES.get(role or "", "")
    from_id, to_id = _value(item.get("from")), _value(item.get("to"))
    from_text, to_text = _value(item.get("fromString")), _value(item.get("toString"))
    if column in ("assignee_id", "reporter_id"):
        from_id = people.mention(from_id, from_text) if from_id else None
        to_id = people.mention(to_id, to_text) if to_id else None
        from_text, to_text = _no_mail(from_text), _no_mail(to_text)
    return Item(word, field_id, column, from_id, from_text, to_id, to_text)


def _no_mail(value: str | None) -> str | None:
    return masked(value) if value else value


def _value(value: Any) -> str | None:
    """Return a side of a change; 'nothing' is null in some items and an empty text in others."""
    if value is None or value == "":
        return None
    return _text(value)


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        return cleaned(value, _LONG) or None
    return identifier(value)


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


# Standard values


def coded(item: Item, instance: Instance) -> tuple[str | Unknown | None, str | Unknown | None]:
    """Return both sides of a change as values of its column, as text; None: nothing, or a plain text column."""
    return _code(item.column, item.from_id, item.from_text, instance), _code(item.column, item.to_id, item.to_text, instance)


def _code(column: str, value_id: str | None, label: str | None, instance: Instance) -> str | Unknown | None:
    match column:
        case "assignee_id" | "reporter_id":
            return value_id
        case "parent_id":
            return value_id if value_id and value_id.isdigit() else (UNKNOWN if label or value_id else None)
        case "due_on" | "start_on":
            found = day(value_id or label)
            return found if isinstance(found, Unknown) else (found.isoformat() if found else None)
        case "estimate_hours" | "remaining_hours" | "spent_hours":
            amount = hours(value_id or label)
            return amount if isinstance(amount, Unknown) else (str(amount) if amount is not None else None)
        case "story_points":
            number = quantity(label or value_id)
            return number if isinstance(number, Unknown) else (str(number) if number is not None else None)
        case "is_flagged":
            return "true" if label or value_id else "false"
        case "has_description":
            return "true" if label else "false"
        case "labels":
            return ", ".join(label.split()) if label else None
        case "kind":
            level = instance.types.get(value_id or "")
            return (
                "epic"
                if level == 1
                else "subtask"
                if level == -1
                else words().kinds.get(folded(label or "")) or (UNKNOWN if label else None)
            )
        case _:
            return None


def lists_before(edits: list[Edit], column: str, now: str | None) -> Iterator[tuple[Edit, Item, str | None, str | None]]:
    """Yield, newest first, the whole list before and after each change of a column whose log tells single values added and removed."""
    current = now.split(", ") if now else []
    for edit in reversed(edits):
        for item in reversed(edit.items):
            if item.column != column:
                continue
            after = ", ".join(current) or None
            before = [name for name in current if name != item.to_text] if item.to_text else list(current)
            if item.from_text and item.from_text not in before:
                before.append(item.from_text)
            current = before
            yield edit, item, ", ".join(current) or None, after


# What follows from the log


@dataclass(frozen=True, slots=True)
class Course:
    """How an issue went through its statuses, as far as the log and the categories tell."""

    started_at: datetime | Unknown | None
    done_at: datetime | Unknown | None
    reopen_count: int | Unknown


@dataclass(frozen=True, slots=True)
class Step:
    """A change of status. Categories are None where nothing tells them."""

    at: datetime | None
    before: Category | None
    after: Category | None


def steps_of(log: Log, instance: Instance) -> list[Step]:
    """Return the changes of status, oldest first."""
    known = categories_of(log, instance)
    return [
        Step(edit.at, known[item.from_id, item.from_text], known[item.to_id, item.to_text])
        for edit in log.edits
        for item in edit.items
        if item.column == "status"
    ]


def categories_of(log: Log, instance: Instance) -> dict[tuple[str | None, str | None], Category | None]:
    """Return the category of every status that the log names, by id and name.

    Pages of a search tell the categories of those statuses in which something lies now; others are only passed through ('Approved'). Such
    a one is work in progress where work had begun before it, and the issue's resolution came later, together with a status that is done.
    """
    moves = [(edit.at, item) for edit in log.edits for item in edit.items if item.column == "status"]
    known = {end: instance.category(*end) for _, item in moves for end in ((item.from_id, item.from_text), (item.to_id, item.to_text))}
    if None not in known.values():
        return known
    resolved = [edit.at for edit in log.edits for item in edit.items if item.column == "resolution" and (item.to_id or item.to_text)]
    closing = {at for at, item in moves if known[item.to_id, item.to_text] == "done" and at in resolved}
    passed: dict[tuple[str | None, str | None], bool] = {}
    has_begun = False
    for number, (at, item) in enumerate(moves):
        end = (item.to_id, item.to_text)
        left = moves[number + 1][0] if number + 1 < len(moves) else None
        has_begun |= known[end] == "in_progress"
        if known[end] is None:
            is_open = at is not None and left is not None and has_begun and any(at < moment for moment in closing if moment is not None)
            was_open = is_open and not any(at <= moment < left for moment in resolved if moment is not None)  # type: ignore[operator]  # both are known
            passed[end] = passed.get(end, True) and was_open
    return {end: category or ("in_progress" if passed.get(end) else None) for end, category in known.items()}


def course_of(log: Log, steps: list[Step], created: datetime | Unknown | None, now: Category | None) -> Course:
    """Return when work started and ended; unknown where the log is missing, cut off or names a status that nothing explains."""
    if not log.is_complete or any(step.at is None or step.before is None or step.after is None for step in steps):
        return Course(UNKNOWN, UNKNOWN, UNKNOWN)
    first = steps[0].before if steps else now
    last = steps[-1].after if steps else now
    if first is None:
        return Course(UNKNOWN, UNKNOWN, 0 if not steps else UNKNOWN)
    started: datetime | Unknown | None = (
        created if first == "in_progress" else next((step.at for step in steps if step.after == "in_progress"), None)
    )
    done: datetime | Unknown | None = None
    if last == "done":
        done = next((step.at for step in reversed(steps) if step.before != "done" and step.after == "done"), created)
    return Course(started, done, sum(1 for step in steps if step.before == "done" and step.after != "done"))


def flagged_at(log: Log) -> datetime | Unknown | None:
    """Return when the present flag was set; None when it never was."""
    at: datetime | Unknown | None = None
    is_set = False
    for edit in log.edits:
        for item in edit.items:
            if item.column == "is_flagged":
                now = bool(item.to_id or item.to_text)
                if now and not is_set:
                    at = edit.at or UNKNOWN
                is_set = now
    return at if is_set else None


def due_changes(log: Log) -> int:
    """Return how often a due date that was set was moved or taken away."""
    return sum(
        1
        for edit in log.edits
        for item in edit.items
        if item.column == "due_on"
        and (item.from_id or item.from_text)
        and day(item.from_id or item.from_text) != day(item.to_id or item.to_text)
    )
