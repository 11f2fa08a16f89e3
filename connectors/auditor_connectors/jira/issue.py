"""One issue record as ready facts: work item, comments, worklogs, links, sprint items, history; and as an entry for the registers."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from auditor.connect.protocol import Change, Entry, Fact, Item, Record
from auditor.errors import Unmappable
from auditor_connectors.jira import history, richtext
from auditor_connectors.jira.history import Edit, Log
from auditor_connectors.jira.instance import Instance, People
from auditor_connectors.jira.sprints import sprint
from auditor_connectors.jira.values import (
    UNKNOWN,
    Unknown,
    day,
    day_in,
    digest,
    folded,
    hours,
    identifier,
    instant,
    name_of,
    names,
    person_id,
    person_name,
    quantity,
    text,
)
from auditor_connectors.jira.words import words

_KEY = re.compile(r"^[A-Za-z][A-Za-z0-9_]+-\d+$")


@dataclass(slots=True)
class Row:
    """A row being filled: what is put is filled, blank or not; what is unknown stays out."""

    table: str
    id: str
    url: str = ""
    locator: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    filled: set[str] = field(default_factory=set)

    def put(self, column: str, value: Any) -> None:
        """Fill *column*; None is blank, `UNKNOWN` leaves it unknown."""
        if value is UNKNOWN:
            return
        self.filled.add(column)
        if value is not None:
            self.values[column] = value

    def raw(self, column: str, word: Any) -> None:
        """Keep the source's own word beside an enumeration or day."""
        if isinstance(word, str):
            self.values[f"{column}_raw"] = word

    def fact(self) -> Fact:
        """Return the finished row."""
        return Fact(self.table, self.id, self.values, frozenset(self.filled), locator=self.locator, url=self.url)


@dataclass(slots=True)
class Place:
    """What is gathered over all issues of one project while they pass by."""

    instance: Instance
    zone: ZoneInfo
    people: People = field(default_factory=People)
    issue_by_key: dict[str, str] = field(default_factory=dict)  # present and former keys → id
    epics: set[str] = field(default_factory=set)
    waiting: list[tuple[Record, Row, str, bool]] = field(default_factory=list)  # work items whose parent is known by its key only
    links: dict[str, tuple[Record, Row]] = field(default_factory=dict)
    sprints: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = field(default_factory=dict)
    versions: dict[str, tuple[float, dict[str, Any]]] = field(default_factory=dict)
    gaps: dict[str, str] = field(default_factory=dict)  # table → why it is not complete
    columns: dict[str, set[str]] = field(default_factory=dict)  # table → columns that were filled
    earliest: datetime | None = None
    has_history: bool = True
    issue_count: int = 0
    name: tuple[float, str] = (-2.0, "")  # of the project, as the newest issue has it

    def note(self, row: Row) -> None:
        """Remember which columns the source fills."""
        self.columns.setdefault(row.table, set()).update(row.filled)

    def gap(self, table: str, reason: str) -> None:
        """Remember that *table* was not read completely."""
        self.gaps.setdefault(table, reason)


@dataclass(frozen=True, slots=True)
class _Issue:
    record: Record
    id: str
    key: str
    url: str
    fields: dict[str, Any]
    updated: float  # milliseconds; -1: unknown
    documents: list[dict[str, Any]]
    log: Log


def read_issue(record: Record, place: Place) -> Iterator[Item]:
    """Yield the facts of one issue. Work items that wait for their parent's id stay in *place*.

    Raises:
        Unmappable: the record is no issue.
    """
    issue = _issue(record, place)
    work = _work_item(issue, place)
    place.issue_count += 1
    project = issue.fields.get("project")
    name = text(project.get("name"), 255) if isinstance(project, dict) else None
    if isinstance(name, str):
        place.name = max(place.name, (issue.updated, name))
    yield from _comments(issue, place, work)
    yield from _worklogs(issue, place)
    _links(issue, place)
    yield from _sprint_items(issue, place)
    yield from _history(issue, place, work)
    yield _entry(issue, place, work)
    place.note(work)
    if not _waits(issue, place, work):
        yield work.fact()


def _issue(record: Record, place: Place) -> _Issue:
    documents = [item for item in _list(record.payload.get("documents")) if isinstance(item, dict) and isinstance(item.get("fields"), dict)]
    if not documents:
        raise Unmappable("an issue without fields")
    issue_id = identifier(documents[0].get("id"))
    if issue_id is None:
        raise Unmappable("an issue without an id")
    fields: dict[str, Any] = documents[0]["fields"]
    newest = fields.get("updated")
    if any(document["fields"].get("updated") == newest for document in documents[1:]):
        fields = dict(fields)
        for document in documents[1:]:
            if document["fields"].get("updated") == newest:
                fields = {**document["fields"], **fields}
    fields = place.instance.fresh(fields)
    key = text(documents[0].get("key"), 255)
    updated = instant(newest)
    if isinstance(key, str):
        place.issue_by_key[key] = issue_id
    log = history.log_of(record.payload, place.instance, place.people, newest)
    for edit in log.edits:
        for item in edit.items:
            if item.column == "key" and item.from_text:  # a move: the old key is in the text only
                place.issue_by_key.setdefault(item.from_text, issue_id)
    seen = updated.timestamp() * 1000 if isinstance(updated, datetime) else -1
    return _Issue(record, issue_id, key if isinstance(key, str) else "", record.url, fields, seen, documents, log)


# Work item


def _present(fields: dict[str, Any], name: str) -> Any:
    """Return a field's value, `UNKNOWN` where the answer leaves the field out."""
    return fields.get(name, UNKNOWN)


def _work_item(issue: _Issue, place: Place) -> Row:
    fields, instance = issue.fields, place.instance
    row = Row("work_item", issue.id, issue.url, issue.key)
    row.put("key", issue.key or UNKNOWN)
    row.put("title", _via(text, _present(fields, "summary"), 500))
    _kind(row, fields, instance)
    status = _present(fields, "status")
    row.put("status", _via(name_of, status))
    category = instance.category_of(status)
    row.put("status_category", category or UNKNOWN)
    row.raw("status_category", row.values.get("status"))
    priority = _via(name_of, _present(fields, "priority"))
    row.put("priority", priority)
    if isinstance(priority, str) and (found := words().priority_classes.get(folded(priority))):
        row.put("priority_class", found)
        row.raw("priority_class", priority)
    for column, name in (("assignee_id", "assignee"), ("reporter_id", "reporter")):
        user = _present(fields, name)
        place.people.meet(user, issue.updated)
        row.put(column, _via(person_id, user))
    place.people.meet(fields.get("creator"), issue.updated)
    for column, name in (("created_at", "created"), ("updated_at", "updated"), ("resolved_at", "resolutiondate")):
        row.put(column, _via(instant, _present(fields, name)))
    row.put("resolution", _via(name_of, _present(fields, "resolution")))
    _day(row, "due_on", _present(fields, "duedate"))
    found_start, start = instance.role(fields, "start_on")
    if found_start:
        _day(row, "start_on", start)
    _tracking(row, fields)
    _custom(row, fields, instance)
    for column, name in (("component", "components"), ("fix_version", "fixVersions"), ("labels", "labels")):
        row.put(column, _via(names, _present(fields, name)))
    _marked(row, fields, instance)
    _versions(issue, place)
    _texts(row, fields, instance)
    attachments = _present(fields, "attachment")
    row.put("attachment_count", len(attachments) if isinstance(attachments, list) else UNKNOWN)
    _from_log(row, issue, place, category)
    created = row.values.get("created_at")
    if isinstance(created, datetime):
        place.earliest = min(place.earliest or created, created)
    return row


def _via(read: Any, value: Any, *more: Any) -> Any:
    return UNKNOWN if value is UNKNOWN else read(value, *more)


def _day(row: Row, column: str, value: Any) -> None:
    found = _via(day, value)
    row.put(column, found)
    if found is UNKNOWN and isinstance(value, str):
        row.raw(column, text(value, 100))


def _kind(row: Row, fields: dict[str, Any], instance: Instance) -> None:
    kind = fields.get("issuetype")
    name = name_of(kind)
    if not isinstance(kind, dict) and not isinstance(name, str):
        return
    row.raw("kind", name)
    described = kind if isinstance(kind, dict) else {}
    level = described.get("hierarchyLevel", instance.types.get(identifier(described.get("id")) or ""))
    if described.get("subtask") is True or level == -1:
        row.put("kind", "subtask")
    elif level == 1:
        row.put("kind", "epic")
    elif isinstance(name, str) and (found := words().kinds.get(folded(name))):
        row.put("kind", found)


def _tracking(row: Row, fields: dict[str, Any]) -> None:
    tracking = fields.get("timetracking")
    tracking = tracking if isinstance(tracking, dict) else {}
    for column, name, inner in (
        ("estimate_hours", "timeoriginalestimate", "originalEstimateSeconds"),
        ("spent_hours", "timespent", "timeSpentSeconds"),
        ("remaining_hours", "timeestimate", "remainingEstimateSeconds"),
    ):
        value = _present(fields, name)
        if value is UNKNOWN or value is None:
            value = tracking.get(inner, None if "timetracking" in fields and isinstance(fields["timetracking"], dict) else value)
        row.put(column, _via(hours, value))


def _custom(row: Row, fields: dict[str, Any], instance: Instance) -> None:
    found, points = instance.role(fields, "story_points")
    if found:
        row.put("story_points", quantity(points))
    found, rank = instance.role(fields, "rank")
    if found:
        row.put("rank", text(rank, 255))
    found, flags = instance.role(fields, "flagged")
    if isinstance(fields.get("flagged"), bool):
        row.put("is_flagged", fields["flagged"])
    elif found:
        row.put("is_flagged", bool(flags) if flags is None or isinstance(flags, (list, dict)) else UNKNOWN)


def _marked(row: Row, fields: dict[str, Any], instance: Instance) -> None:
    """Let the field that names the change an issue carries out be one more of its labels."""
    _, change = instance.role(fields, "change")
    said = change if isinstance(change, str) else name_of(change)
    if isinstance(said, str) and said.strip() and (labels := row.values.get("labels")) is not UNKNOWN:
        row.put("labels", text(", ".join(filter(None, (labels, said.strip()))), 1000))


_WORD = re.compile(r"[^\n]*")


def states_criteria(text: str) -> bool:
    """Return whether a description says when its story is accepted: a heading, numbered marks (AC1), or a scenario (given, when, then)."""
    lines = [folded(line) for line in text.split("\n")]
    said = words()
    first = [line.split(" ", 2) for line in lines if line]
    marked = any(start[0].rstrip("0123456789") in said.acceptance_marks for start in first)
    told = any(all(any(line == word or line.startswith(f"{word} ") for line in lines) for word in scenario) for scenario in said.scenarios)
    return marked or told or any(line.startswith(said.acceptance) for line in lines)


def _texts(row: Row, fields: dict[str, Any], instance: Instance) -> None:
    described = _via(richtext.plain, _present(fields, "description"))
    row.put("has_description", UNKNOWN if described is UNKNOWN else described is not None)
    has_field, criteria = instance.role(fields, "acceptance")
    stated = has_field and criteria not in (None, "", [])
    if stated or (isinstance(described, str) and states_criteria(described)):
        row.put("has_acceptance_criteria", True)
    elif described is not UNKNOWN and not _has_nameless(fields, instance):
        # Where fields have no names, one of them may hold the criteria.
        row.put("has_acceptance_criteria", False)


_FEWEST_WORDS = 3


def _has_nameless(fields: dict[str, Any], instance: Instance) -> bool:
    """Say whether a field without a name holds a text that may be anything."""
    return any(
        name.startswith("customfield_")
        and name not in instance.names
        and (richtext.is_adf(value) or (isinstance(value, str) and value.count(" ") >= _FEWEST_WORDS - 1))
        for name, value in fields.items()
    )


def _from_log(row: Row, issue: _Issue, place: Place, category: Any) -> None:
    log = issue.log
    if not log.is_complete:
        place.has_history = False
        place.gap("history_entry", "history_cut_off" if log.is_present else "no_history")
        if row.values.get("is_flagged") is False:
            row.put("flagged_since", None)
        return
    course = history.course_of(log, history.steps_of(log, place.instance), row.values.get("created_at", UNKNOWN), category)
    row.put("started_at", course.started_at)
    row.put("done_at", course.done_at)
    row.put("reopen_count", course.reopen_count)
    row.put("due_change_count", history.due_changes(log))
    if row.values.get("is_flagged") is False:
        row.put("flagged_since", None)
    elif row.values.get("is_flagged") is True:
        at = history.flagged_at(log)
        if isinstance(at, datetime):
            row.put("flagged_since", day_in(at, place.zone))


def _waits(issue: _Issue, place: Place, work: Row) -> bool:
    """Fill the parent, from `parent`, Epic Link, Parent Link in this order; True when it has to wait until its key is known."""
    fields, instance = issue.fields, place.instance
    if work.values.get("kind") == "epic":
        place.epics.add(issue.id)
    parent = fields.get("parent", UNKNOWN)
    if isinstance(parent, dict) and (parent_id := identifier(parent.get("id"))):
        work.put("parent_id", parent_id)
        return False
    for candidate in (parent, instance.role(fields, "epic_link")[1], instance.role(fields, "parent_link")[1]):
        value = candidate.get("data", candidate) if isinstance(candidate, dict) else candidate
        if isinstance(value, dict) and (parent_id := identifier(value.get("id"))):
            work.put("parent_id", parent_id)
            return False
        if key := key_of(value):
            place.waiting.append((issue.record, work, key, False))
            return True
    if not instance.roles.get("epic_link") and (candidate_key := _nameless_key(issue, instance)):
        place.waiting.append((issue.record, work, candidate_key, True))
        return True
    # Jira leaves `parent` out where there is none: only an answer with all its fields makes that known. The `epic` of the agile
    # interface is no parent here, but says that there may be one. An empty Epic Link says that no epic holds what is no subtask.
    has_no_epic = instance.role(fields, "epic_link")[0] and work.values.get("kind") not in ("subtask", "epic")
    if not fields.get("epic") and ("parent" in fields or "epic" in fields or has_no_epic or fields.keys() >= _ALL_FIELDS):
        work.put("parent_id", None)
    return False


def key_of(value: Any) -> str:
    """Return the key by which a field of an issue names its parent; '' when it names none by a key."""
    value = value.get("data", value) if isinstance(value, dict) else value
    value = value.get("key") if isinstance(value, dict) else value
    return value if isinstance(value, str) and _KEY.match(value) else ""


_ALL_FIELDS = frozenset({"votes", "watches", "workratio", "issuelinks"})  # nobody asks for these by name


def _nameless_key(issue: _Issue, instance: Instance) -> str | None:
    for name, value in issue.fields.items():
        if (
            value.__class__ is str
            and "-" in value
            and name.startswith("customfield_")
            and name not in instance.names
            and _KEY.match(value)
            and value != issue.key
        ):
            return value
    return None


def settle(place: Place) -> Iterator[tuple[Record, Item]]:
    """Yield the work items that waited, now that every key of the project is known."""
    for record, work, key, must_be_epic in place.waiting:
        parent = place.issue_by_key.get(key)
        if parent is not None and (not must_be_epic or parent in place.epics):
            work.put("parent_id", parent)
            place.note(work)
        yield record, work.fact()


# What hangs on it. Its ids hold that of the issue: not every Jira counts edits, comments and worklogs over all issues.


def _merged(issue: _Issue, name: str, items: str, pages: str) -> tuple[list[dict[str, Any]], bool | None]:
    """Return comments or worklogs over all answers, by id, and whether they are all; None: no answer holds any list."""
    found: dict[str, dict[str, Any]] = {}
    complete: bool | None = None
    newest = issue.fields.get("updated")
    for position, document in enumerate(issue.documents):
        part = document["fields"].get(name)
        if not isinstance(part, dict) or not isinstance(part.get(items), list):
            continue
        if position and complete:
            break  # the leading document has them all: what an older one holds besides was deleted
        _collect(found, part[items])
        total = part.get("total")
        is_current = document["fields"].get("updated") == newest
        complete = bool(complete) or (is_current and isinstance(total, int) and total <= len(found))
    for page in _dicts(issue.record.payload.get(pages)):
        _collect(found, page.get(items))
        total = page.get("total")
        complete = bool(complete) or (isinstance(total, int) and total <= len(found))
    return [found[name] for name in sorted(found)], complete


def _collect(found: dict[str, dict[str, Any]], entries: Any) -> None:
    for entry in _dicts(entries):
        entry_id = identifier(entry.get("id")) or digest(str(entry.get("created")), str(entry.get("body", entry.get("started"))))
        found.setdefault(entry_id, {**entry, "id": entry_id})


def _comments(issue: _Issue, place: Place, work: Row) -> Iterator[Item]:
    comments, complete = _merged(issue, "comment", "comments", "comments")
    if not complete:
        place.gap("comment", "comments_cut_off" if complete is False else "column_not_mapped")
    part = issue.fields.get("comment")
    total = part.get("total") if isinstance(part, dict) else None
    if complete:
        work.put("comment_count", len(comments))
    elif isinstance(total, int) and not isinstance(total, bool) and 0 <= total < 10**9:
        work.put("comment_count", max(total, len(comments)))
    for comment in comments:
        row = Row("comment", f"{issue.id}.{comment['id']}", issue.url, f"{issue.key} comment {comment['id']}")
        row.put("table_name", "work_item")
        row.put("row_id", issue.id)
        at = _via(instant, _present(comment, "created"))
        row.put("at", at)
        author = comment.get("author", UNKNOWN)
        place.people.meet(author, at.timestamp() * 1000 if isinstance(at, datetime) else -1)
        row.put("by_id", _via(person_id, author))
        body = _via(richtext.plain, _present(comment, "body"))
        row.put("word_count", UNKNOWN if body is UNKNOWN else richtext.word_count(body or ""))
        place.note(row)
        yield row.fact()


def _worklogs(issue: _Issue, place: Place) -> Iterator[Item]:
    logs, complete = _merged(issue, "worklog", "worklogs", "worklogs")
    if not complete:
        place.gap("worklog", "worklogs_cut_off" if complete is False else "column_not_mapped")
    for log in logs:
        row = Row("worklog", f"{issue.id}.{log['id']}", issue.url, f"{issue.key} worklog {log['id']}")
        row.put("work_item_id", issue.id)
        author = log.get("author", UNKNOWN)
        started = _via(instant, _present(log, "started"))
        place.people.meet(author, started.timestamp() * 1000 if isinstance(started, datetime) else -1)
        row.put("person_id", _via(person_id, author))
        row.put("worked_on", day_in(started, place.zone) if isinstance(started, datetime) else started)
        row.put("hours", _via(hours, _present(log, "timeSpentSeconds")))
        row.put("recorded_at", _via(instant, _present(log, "created")))
        place.note(row)
        yield row.fact()


def _links(issue: _Issue, place: Place) -> None:
    links = _present(issue.fields, "issuelinks")
    if not isinstance(links, list):
        place.gap("link", "column_not_mapped")
        return
    for link in _dicts(links):
        for end in ("outwardIssue", "inwardIssue"):
            other = link.get(end)
            other_id = identifier(other.get("id")) if isinstance(other, dict) else None
            if other_id is None:
                continue
            kind = link.get("type")
            phrase = text(kind.get("outward"), 255) if isinstance(kind, dict) else UNKNOWN
            said = folded(phrase) if isinstance(phrase, str) else ""
            code, is_reversed = words().links.get(said, ("relates", False))
            ends = (issue.id, other_id) if end == "outwardIssue" else (other_id, issue.id)
            first, second = reversed(ends) if is_reversed else ends
            # Both ends list the same link, and there is one of a kind between two issues.
            link_id = f"{ends[0]}-{ends[1]}-{digest(said or str(identifier(link.get('id'))))}"
            row = Row("link", link_id, issue.url, f"{issue.key} link {identifier(link.get('id')) or ''}".rstrip())
            for column, value in (
                ("from_table", "work_item"),
                ("from_id", first),
                ("to_table", "work_item"),
                ("to_id", second),
                ("kind", code),
                ("is_broken", False),
            ):
                row.put(column, value)
            row.raw("kind", phrase)
            place.note(row)
            # Both ends list the same link: the one with the smaller id tells it, whatever the order of issues.
            known = place.links.get(link_id)
            if known is None or (len(issue.id), issue.id) < (len(known[0].key), known[0].key.removeprefix("issue:")):
                place.links[link_id] = (issue.record, row)


def _versions(issue: _Issue, place: Place) -> None:
    for version in _dicts(issue.fields.get("fixVersions")) + _dicts(issue.fields.get("versions")):
        version_id = identifier(version.get("id"))
        if version_id and (version_id not in place.versions or issue.updated > place.versions[version_id][0]):
            place.versions[version_id] = (issue.updated, version)


def _sprints_of(issue: _Issue, place: Place) -> list[dict[str, Any]] | None:
    """Return the sprints of an issue, or None when no field tells them."""
    found, value = place.instance.role(issue.fields, "sprint")
    values = [*(_list(value) if isinstance(value, list) else [value])] if found else []
    for name in ("sprint", "closedSprints"):  # the agile interface
        if name in issue.fields:
            found = True
            extra = issue.fields[name]
            values += extra if isinstance(extra, list) else [extra]
    if not found:
        return None
    distinct = {}
    for item in values:
        if known := sprint(item):
            distinct[str(identifier(known.get("id")))] = known
    return list(distinct.values())


_STATES = {"future": 0, "active": 1, "closed": 2}


def meet_sprint(place: Place, item: dict[str, Any], seen: float) -> None:
    """Remember a sprint: a list (seen at infinity) wins, then what is further in its life, then what was seen later."""
    sprint_id = identifier(item.get("id"))
    if sprint_id is None:
        return
    state = item.get("state")
    rank = (
        seen == float("inf"),
        _STATES.get(state.lower(), -1) if isinstance(state, str) else -1,
        seen,
        repr(sorted(item.items(), key=repr)),
    )
    if sprint_id not in place.sprints or rank > place.sprints[sprint_id][0]:
        place.sprints[sprint_id] = (rank, item)


def _sprint_items(issue: _Issue, place: Place) -> Iterator[Item]:
    present = _sprints_of(issue, place)
    if present is None:
        place.gap("sprint_item", "column_not_mapped")
        place.gap("sprint", "column_not_mapped")
        if not any(item.column == "sprint" for edit in issue.log.edits for item in edit.items):
            return
    membership: dict[str, dict[str, Any]] = {}
    for item in present or ():
        meet_sprint(place, item, issue.updated)
        membership[str(identifier(item.get("id")))] = {"added": UNKNOWN, "removed": UNKNOWN, "item": item}
    created = _via(instant, _present(issue.fields, "created"))
    if issue.log.is_complete:
        for one in membership.values():
            one["added"], one["removed"] = created, None
        _from_sprint_log(issue.log, membership)
    for sprint_id, one in sorted(membership.items()):
        # Closing a sprint touches no issue: what the issue embeds is old, the board's list wins.
        one["item"] = place.instance.sprints.get(sprint_id, one["item"])
        row = Row("sprint_item", f"{issue.id}:{sprint_id}", issue.url, issue.key)
        row.put("sprint_id", sprint_id)
        row.put("work_item_id", issue.id)
        row.put("added_at", one["added"])
        row.put("removed_at", one["removed"])
        _then(row, issue, place, one)
        place.note(row)
        yield row.fact()


def _ids(value: str | None) -> set[str]:
    return {part.strip() for part in (value or "").split(",") if part.strip().isdigit()}


def _from_sprint_log(log: Log, membership: dict[str, dict[str, Any]]) -> None:
    for edit in log.edits:
        for item in edit.items:
            if item.column != "sprint":
                continue
            before, after = _ids(item.from_id), _ids(item.to_id)
            for sprint_id in after - before:
                one = membership.setdefault(sprint_id, {"item": {}})
                one["added"], one["removed"] = edit.at or UNKNOWN, None
            for sprint_id in before - after:
                one = membership.setdefault(sprint_id, {"added": UNKNOWN, "item": {}})
                one["removed"] = edit.at or UNKNOWN


def _then(row: Row, issue: _Issue, place: Place, one: dict[str, Any]) -> None:
    """Fill the points at the moment of commitment (start of the sprint, or when added later), and whether it was done at the end."""
    item = one["item"]
    started, ended = instant(item.get("startDate")), instant(item.get("completeDate") or item.get("endDate"))
    state = item.get("state")
    if not issue.log.is_complete or not isinstance(started, datetime):
        return
    added = one["added"]
    moment = max(started, added) if isinstance(added, datetime) else started
    row.put("points_then", _points_at(issue, place, moment))
    if isinstance(state, str) and state.lower() == "closed" and isinstance(ended, datetime):
        row.put("was_done", _done_at(issue, place, ended))


def _points_at(issue: _Issue, place: Place, moment: datetime) -> Any:
    for edit in issue.log.edits:
        for item in edit.items:
            if item.column == "story_points" and edit.at is not None and edit.at > moment:
                return quantity(item.from_text)
    found, points = place.instance.role(issue.fields, "story_points")
    return quantity(points) if found else UNKNOWN


def _done_at(issue: _Issue, place: Place, moment: datetime) -> Any:
    steps = history.steps_of(issue.log, place.instance)
    if any(step.at is None for step in steps):
        return UNKNOWN
    earlier = [step for step in steps if step.at is not None and step.at <= moment]
    before = steps[0].before if steps else place.instance.category_of(issue.fields.get("status"))
    category = earlier[-1].after if earlier else before
    return UNKNOWN if category is None else category == "done"


# History


def _history(issue: _Issue, place: Place, work: Row) -> Iterator[Item]:
    wholes: dict[tuple[str, int], tuple[str | None, str | None]] = {}
    for listed in sorted(history.LISTS):
        if listed in work.filled and issue.log.is_complete:
            for edit, item, before, after in history.lists_before(issue.log.edits, listed, work.values.get(listed)):
                wholes[edit.id, id(item)] = (before, after)
    known = history.categories_of(issue.log, place.instance)
    for edit in issue.log.edits:
        if not edit.items:
            yield _entry_row(issue, place, edit, "0", None, (None, None), (None, None))
        for number, item in enumerate(edit.items):
            whole = wholes.get((edit.id, id(item)))
            # A log with gaps does not tell the whole list at any moment: its entries keep the source's word.
            is_standard = item.column not in ("", "sprint") and (whole is not None or item.column not in history.LISTS)
            column = item.column if is_standard else None
            codes = whole or history.coded(item, place.instance)
            labels = (
                item.from_text if item.from_text is not None else item.from_id,
                item.to_text if item.to_text is not None else item.to_id,
            )
            yield _entry_row(issue, place, edit, str(number), column or item.word or None, labels, codes)
            if item.column == "status":
                shown = (known[item.from_id, item.from_text] or UNKNOWN, known[item.to_id, item.to_text] or UNKNOWN)
                yield _entry_row(issue, place, edit, f"{number}c", "status_category", labels, shown)


def _entry_row(
    issue: _Issue,
    place: Place,
    edit: Edit,
    number: str,
    column: str | None,
    labels: tuple[str | None, str | None],
    codes: tuple[str | Unknown | None, str | Unknown | None],
) -> Fact:
    edit_id = f"{issue.id}.{edit.id}"
    row = Row("history_entry", f"{edit_id}.{number}", issue.url, issue.key)
    row.put("edit_id", edit_id)
    row.put("table_name", "work_item")
    row.put("row_id", issue.id)
    row.put("field", column)
    row.put("from_value", labels[0])
    row.put("to_value", labels[1])
    row.put("from_code", codes[0])
    row.put("to_code", codes[1])
    row.put("at", edit.at or UNKNOWN)
    row.put("by_id", edit.by if edit.is_by_known else UNKNOWN)
    row.put("origin", "source_log")
    place.note(row)
    return row.fact()


# Entry

_OWN = {
    "summary": text,
    "priority": name_of,
    "resolution": name_of,
    "issuetype": name_of,
    "status": name_of,
    "labels": names,
    "components": names,
    "fixVersions": names,
    "versions": names,
    "duedate": text,
    "created": instant,
    "updated": instant,
    "resolutiondate": instant,
    "description": richtext.plain,
    "environment": richtext.plain,
}
_PEOPLE = ("assignee", "reporter", "creator")


def _entry(issue: _Issue, place: Place, work: Row) -> Entry:
    """Return the issue in the source's words, for the declared mapping to registers."""
    fields, instance = issue.fields, place.instance
    values: dict[str, Any] = {}
    people: dict[str, str] = {}
    for name, read in _OWN.items():
        if name in fields:
            value = read(fields[name])
            if value is not UNKNOWN:
                values[name] = value.isoformat() if isinstance(value, datetime) else value
    for name in _PEOPLE:
        if name in fields:
            _person(name, fields[name], values, people, place, issue.updated)
    if "status_category" in work.values:
        values["status_category"] = work.values["status_category"]
    for field_id in sorted(
        name for name, value in fields.items() if name.startswith("customfield_") and (value is not None or name in instance.names)
    ):
        value = fields[field_id]
        name = instance.names.get(field_id, field_id)
        if value is None and (name is field_id or name in values):
            continue
        if _is_user(value) or (isinstance(value, list) and value and _is_user(value[0])):
            _person(name, value[0] if isinstance(value, list) else value, values, people, place, issue.updated)
            continue
        known = _sprint_names(value, instance) if field_id in instance.roles.get("sprint", ()) else _plain(value)
        if known is not UNKNOWN and values.get(name) is None:
            values[name] = known
    kind = name_of(fields.get("issuetype"))
    return Entry(
        kind if isinstance(kind, str) else "",
        issue.id,
        values,
        people,
        tuple(_changes(issue, place)),
        has_changes=issue.log.is_complete,
        locator=issue.key,
        url=issue.url,
    )


def _sprint_names(value: Any, instance: Instance) -> Any:
    """Return the present names of the sprints in a field, whatever form they have there."""
    found = [known for item in (value if isinstance(value, list) else [value]) if (known := sprint(item))]
    shown = [text(instance.sprints.get(str(identifier(item.get("id"))), item).get("name"), 255) for item in found]
    return [name for name in shown if isinstance(name, str)] or None


def _is_user(value: Any) -> bool:
    return isinstance(value, dict) and ("accountId" in value or ("displayName" in value and ("name" in value or "key" in value)))


def _person(name: str, user: Any, values: dict[str, Any], people: dict[str, str], place: Place, seen: float) -> None:
    person = person_id(user)
    if person is UNKNOWN:
        return
    place.people.meet(user, seen)
    values[name] = person_name(user.get("displayName")) if isinstance(user, dict) else None
    if isinstance(person, str):
        people[name] = person


def _plain(value: Any) -> Any:
    """Return a custom field's value as text, number, bool or list of texts."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return text(value)
    if isinstance(value, (int, float)):
        found = quantity(value)
        return found if isinstance(found, Unknown) else (int(value) if value == int(value) else value)
    if isinstance(value, list):
        items = [_plain(item) for item in value[:200]]
        return UNKNOWN if any(item is UNKNOWN for item in items) else [item for item in items if item is not None]
    if richtext.is_adf(value):
        return richtext.plain(value)
    if isinstance(value, Mapping):
        own = name_of(dict(value))
        child = value.get("child")
        inner = name_of(child) if isinstance(child, dict) else None
        return f"{own} / {inner}" if isinstance(own, str) and isinstance(inner, str) else own
    return UNKNOWN


_FIELD_OF = {
    "status": "status",
    "assignee_id": "assignee",
    "reporter_id": "reporter",
    "due_on": "duedate",
    "title": "summary",
    "priority": "priority",
    "resolution": "resolution",
    "kind": "issuetype",
    "labels": "labels",
    "component": "components",
    "fix_version": "fixVersions",
    "has_description": "description",
}


def _changes(issue: _Issue, place: Place) -> Iterator[Change]:
    for edit in issue.log.edits:
        if edit.at is None:
            continue
        edit_id = f"{issue.id}.{edit.id}"
        for item in edit.items:
            name = _FIELD_OF.get(item.column) or place.instance.names.get(item.field_id) or item.word
            yield Change(edit_id, name, edit.at, edit.by, item.from_text, item.to_text, item.from_id, item.to_id)
            if item.column == "status":
                before, after = place.instance.category(item.from_id, item.from_text), place.instance.category(item.to_id, item.to_text)
                yield Change(edit_id, "status_category", edit.at, edit.by, before, after)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
