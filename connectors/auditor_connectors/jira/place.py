"""All records of one project as items: what its issues are read with comes first, what spans issues comes last."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from auditor.connect.protocol import Fact, Filled, Item, Record
from auditor.errors import Unmappable
from auditor_connectors.jira.instance import Instance, instance_of
from auditor_connectors.jira.issue import Place, Row, meet_sprint, read_issue, settle
from auditor_connectors.jira.values import UNKNOWN, day, folded, identifier, instant, person_id, text, whole

_ALWAYS = {
    "comment": ("table_name", "row_id", "at", "by_id", "word_count"),
    "worklog": ("work_item_id", "person_id", "worked_on", "hours", "recorded_at"),
    "link": ("from_table", "from_id", "to_table", "to_id", "kind", "is_broken"),
    "sprint": ("name", "state", "goal", "start_at", "end_at", "completed_at", "board_id"),
    "sprint_item": ("sprint_id", "work_item_id"),
    "access_right": ("table_name", "row_id", "grantee_id", "is_group", "right"),
    "history_entry": (
        "edit_id",
        "table_name",
        "row_id",
        "field",
        "from_value",
        "to_value",
        "from_code",
        "to_code",
        "at",
        "by_id",
        "origin",
    ),
}
"""What Jira fills of these tables even where it has no row of them."""

_RIGHTS = {
    "ADMINISTER_PROJECTS": "admin", "BROWSE_PROJECTS": "read", "CREATE_ISSUES": "write", "EDIT_ISSUES": "write", "DELETE_ISSUES": "delete",
}  # fmt: skip
"""Permission → right. Others let nobody read or change more: who may watch, vote, log work or move a sprint."""
_EVERYBODY = {"anyone": "anybody, signed in or not", "applicationRole": "everybody who is signed in"}

_TABLES = ("work_item", "comment", "worklog", "link", "sprint", "sprint_item", "history_entry", "person")


def read_place(records: Iterable[Record], *, realm: str, host: str, zone: ZoneInfo) -> Iterator[tuple[Record, Item]]:
    """Yield the items of one project's records.

    Issues that come before the project's own record wait for it; when it comes first, as it does by key, one issue is in memory at a time.
    """
    reading = _Reading(realm, host, zone)
    for record in records:
        yield from reading.take(record)
    yield from reading.end()


class _Reading:
    def __init__(self, realm: str, host: str, zone: ZoneInfo) -> None:
        self._realm = realm
        self._host = host
        self._zone = zone
        self._place: Place | None = None
        self._about: Record | None = None
        self._first: Record | None = None
        self._early: list[Record] = []

    def take(self, record: Record) -> Iterator[tuple[Record, Item]]:
        if record.kind == "jira.project":
            self._about = record
            self._place = Place(instance_of(record.payload), self._zone)
            self._place.issue_by_key |= _parents(self._place)
            early, self._early = self._early, []
            for earlier in early:
                yield from self._issue(earlier, self._place)
        elif record.kind == "jira.issue":
            if self._place is None:
                self._early.append(record)
            else:
                yield from self._issue(record, self._place)

    def end(self) -> Iterator[tuple[Record, Item]]:
        if self._place is None:
            if not self._early:
                return
            # No metadata at all: what the issues themselves tell of statuses is all there is.
            self._place = Place(Instance(self._early[0].place), self._zone)
            for record in self._early:
                _statuses_of(record, self._place.instance)
            for record in self._early:
                yield from self._issue(record, self._place)
        place = self._place
        owner = self._about or self._first
        if owner is None:
            return
        yield from settle(place)
        for record, row in place.links.values():
            yield record, row.fact()
        for item in _of_project(owner, place, self._realm, self._host):
            yield owner, item

    def _issue(self, record: Record, place: Place) -> Iterator[tuple[Record, Item]]:
        self._first = self._first or record
        try:
            for item in read_issue(record, place):
                yield record, item
        except Unmappable as error:
            place.gap("work_item", "unmapped")
            for table in ("comment", "worklog", "link", "sprint_item", "history_entry"):
                place.gap(table, "unmapped")
            values = {"path": record.key, "reason": "damaged", "error": error.message}
            yield record, Fact("unreadable", f"unmapped:{record.key}", values, frozenset({"path", "reason", "error"}))


def _parents(place: Place) -> dict[str, str]:
    """Return key → id of issues that issues name as their parents, of whatever project."""
    found = (meta["data"] for meta in place.instance.metas if meta.get("kind") == "parents" and isinstance(meta.get("data"), dict))
    return {key: number for data in found for key, number in data.items() if isinstance(number, str)}


def _statuses_of(record: Record, instance: Instance) -> None:
    for document in record.payload.get("documents") or ():
        fields = document.get("fields") if isinstance(document, dict) else None
        status = fields.get("status") if isinstance(fields, dict) else None
        if isinstance(status, dict) and (status_id := identifier(status.get("id"))) and (category := instance.category_of(status)):
            instance.statuses.setdefault(status_id, category)


def _of_project(owner: Record, place: Place, realm: str, host: str) -> Iterator[Item]:
    yield from _project(owner, place)
    versions_whole = _versions_from_list(place)
    sprints_whole = _sprints_from_lists(place)
    rows = [*_milestones(place, owner.url), *_sprints(place), *_board_columns(place), *_roles(place, owner.url), *_rights(place, owner.url)]
    for row in rows:
        place.note(row)
        yield row.fact()
    host = host or place.instance.host
    for person, values in place.people.rows(f"jira:{host}" if host else realm):
        row = Row("person", person)
        for column, value in values.items():
            row.put(column, value)
        place.note(row)
        yield row.fact()
    yield from _filled(place, versions_whole, sprints_whole)


def _filled(place: Place, versions_whole: bool, sprints_whole: bool) -> Iterator[Filled]:
    begins = place.earliest.date().isoformat() if place.earliest and place.has_history and place.issue_count else None
    gaps = dict(place.gaps)
    told = next(
        (meta["data"] for meta in place.instance.metas if meta.get("kind") == "coverage" and isinstance(meta.get("data"), dict)), None
    )
    gaps |= {table: reason for table, reason in (told or {}).items() if isinstance(table, str) and isinstance(reason, str)}
    tables = [*_TABLES, *(table for table in ("milestone", "board_column") if table in place.columns)]
    # A tracker whose roles nobody declared to be a method's holds none of these: whether they are known is for other sources to say.
    if "role" in gaps or _has_mapped_role(place):
        tables.append("role")
    # A recorded tracker says nothing of rights: whether they are known is for other sources to say.
    if "access_right" in gaps or _metas(place, "permissions"):
        tables.append("access_right")
    if not sprints_whole:
        gaps.setdefault("sprint", "seen_in_issues_only")
    if not versions_whole:
        gaps.setdefault("milestone", "seen_in_issues_only")
    gaps.setdefault("person", "seen_in_issues_only")
    if told is None and not place.issue_count and "board_column" in tables:
        gaps.setdefault("board_column", "seen_in_issues_only")
    for table in tables:
        reason = gaps.get(table, "")
        history_from = begins if table in ("work_item", "history_entry", "sprint_item") else None
        yield Filled(table, frozenset(place.columns.get(table, _ALWAYS.get(table, ()))), not reason, history_from, reason)


_NOTHING: dict[str, Any] = {}


def _project(owner: Record, place: Place) -> Iterator[Item]:
    key = place.instance.key or owner.place
    # A part of a Jira project is a project of its own: it has the name that was given to it.
    is_part = owner.payload.get("part") is True
    row = Row("project", owner.place if is_part else key, owner.url)
    row.put("key", key)
    described = next(
        (meta["data"] for meta in place.instance.metas if meta.get("kind") == "project" and isinstance(meta.get("data"), dict)), None
    )
    created: dict[str, Any] = next(
        (meta["data"] for meta in place.instance.metas if meta.get("kind") == "createmeta" and isinstance(meta.get("data"), dict)), {}
    )
    name = text((described or created).get("name"), 255)
    row.put("name", owner.place if is_part else name if isinstance(name, str) else place.name[1] or UNKNOWN)
    if described is not None:
        row.put("description", text(described.get("description", UNKNOWN)) if "description" in described else UNKNOWN)
        lead = person_id(described.get("lead"))
        if isinstance(lead, str):
            place.people.meet(described["lead"], -1)
            # Who leads a tracker's project is a fact of the tracker: no standard's role follows from it.
            held = Row("role", f"{key}:lead", owner.url)
            held.put("role", "tracker_lead")
            held.put("person_id", lead)
            place.note(held)
            yield held.fact()
    place.note(row)
    yield row.fact()


def _roles(place: Place, url: str) -> Iterator[Row]:
    """Yield who holds which role of the tracker, members of groups with the group; as a role of the model only where that was declared."""
    held: dict[str, Row] = {}
    for meta in place.instance.metas:
        role = meta.get("data")
        if meta.get("kind") != "role" or not isinstance(role, dict) or (number := identifier(role.get("id"))) is None:
            continue
        name = text(role.get("name"), 255)
        said = text(role.get("mapped"), 100)
        word = said if isinstance(said, str) else f"tracker_{folded(name).replace(' ', '_')}" if isinstance(name, str) else UNKNOWN
        for actor in _dicts(role.get("actors")):
            group = actor.get("group")
            people = [*_dicts(actor.get("members")), *([actor["user"]] if isinstance(actor.get("user"), dict) else [])]
            ids = []
            for person in people:
                place.people.meet(person, -1)
                ids.append(person_id(person))
            if isinstance(group, dict) and "members" not in actor:
                ids.append(place.people.group(group))
            for person_key in ids:
                row = Row("role", f"{place.instance.key}:role:{number}:{person_key}", url, f"role {number}")
                row.put("role", word)
                row.put("person_id", person_key)
                held.setdefault(row.id, row)
    yield from (held[key] for key in sorted(held))


def _rights(place: Place, url: str) -> Iterator[Row]:
    """Yield who may read, change or administer a project, by its permission scheme.

    What depends on the issue (its assignee) is no right of anybody.
    """
    held: dict[str, Row] = {}
    actors = _actors(place)
    for meta in _metas(place, "permissions"):
        for grant in _dicts(meta.get("data")):
            right = _RIGHTS.get(str(grant.get("permission")))
            holder = grant.get("holder")
            if right is None or not isinstance(holder, dict):
                continue
            for grantee, is_group in _grantees(place, holder, actors):
                row = Row("access_right", f"{place.instance.key}:right:{right}:{grantee}", url, "permission scheme")
                for column, value in (("table_name", "project"), ("row_id", place.instance.key), ("grantee_id", grantee)):
                    row.put(column, value)
                row.put("is_group", is_group)
                row.put("right", right)
                held.setdefault(row.id, row)
    yield from (held[key] for key in sorted(held))


def _grantees(place: Place, holder: dict[str, Any], actors: dict[str, list[tuple[Any, bool]]]) -> Iterator[tuple[Any, bool]]:
    kind = str(holder.get("type"))
    name, number = identifier(holder.get("parameter")), identifier(holder.get("value")) or identifier(holder.get("parameter"))
    if kind == "user" and number:
        yield place.people.mention(number, None), False
    elif kind == "group" and number:
        yield place.people.group({"id": number, "name": name or number}), True
    elif kind == "projectRole" and number:
        yield from actors.get(number) or [(place.people.group({"id": f"role {number}", "name": f"role {number} of the tracker"}), True)]
    elif kind in _EVERYBODY:
        yield place.people.group({"id": _EVERYBODY[kind], "name": _EVERYBODY[kind]}), True
    elif kind == "projectLead":
        described: Any = next((meta.get("data") for meta in place.instance.metas if meta.get("kind") == "project"), None)
        lead = person_id(described.get("lead")) if isinstance(described, dict) else UNKNOWN
        if isinstance(lead, str):
            yield lead, False


def _actors(place: Place) -> dict[str, list[tuple[Any, bool]]]:
    """Return role → who is in it, a group as the group."""
    found: dict[str, list[tuple[Any, bool]]] = {}
    for meta in place.instance.metas:
        role = meta.get("data")
        if meta.get("kind") != "role" or not isinstance(role, dict) or (number := identifier(role.get("id"))) is None:
            continue
        mine = found.setdefault(number, [])
        for actor in _dicts(role.get("actors")):
            if isinstance(actor.get("group"), dict):
                mine.append((place.people.group(actor["group"]), True))
            elif isinstance(actor.get("user"), dict):
                place.people.meet(actor["user"], -1)
                mine.append((person_id(actor["user"]), False))
    return found


def _has_mapped_role(place: Place) -> bool:
    """Say whether a role of the tracker was declared to be one of a method."""
    found = (meta["data"] for meta in place.instance.metas if meta.get("kind") == "role")
    return any(isinstance(role, dict) and isinstance(role.get("mapped"), str) for role in found)


def _versions_from_list(place: Place) -> bool:
    """Let the project's list of versions win over what issues embed; True when there is a whole list.

    A part of a Jira project has the versions that its issues name. To whom one belongs that none of them names, nothing tells: if it
    may still be used, the part's versions are not known completely.
    """
    is_whole = False
    for meta in _metas(place, "versions"):
        is_whole |= meta.get("is_whole") is True
        for version in _dicts(meta.get("data")):
            version_id = identifier(version.get("id"))
            if version_id is None:
                continue
            if not place.instance.is_part or version_id in place.versions:
                place.versions[version_id] = (float("inf"), version)
            elif version.get("archived") is not True and version.get("released") is not True:
                place.gap("milestone", "shared_with_other_projects")
    return is_whole


def _metas(place: Place, kind: str) -> list[dict[str, Any]]:
    """Return metadata that is this project's own, or must be: there is no other project."""
    return [
        meta
        for meta in place.instance.metas
        if meta.get("kind") == kind and (meta.get("place") == place.instance.key or (not meta.get("place") and place.instance.is_only))
    ]


def _milestones(place: Place, url: str) -> Iterator[Row]:
    for version_id, (_, version) in sorted(place.versions.items()):
        row = Row("milestone", version_id, url, f"version {version_id}")
        row.put("title", text(version.get("name"), 500))
        released = version.get("released")
        # The interface leaves `releaseDate` out where there is none.
        on = day(version.get("releaseDate"))
        row.put("forecast_on", on)
        if on is UNKNOWN:
            row.raw("forecast_on", text(version.get("releaseDate"), 100))
        if released is True:
            row.put("achieved_on", on if on is not None else UNKNOWN)
        elif released is False:
            row.put("achieved_on", None)
        yield row


def _sprints_from_lists(place: Place) -> bool:
    is_whole = False
    for meta in _metas(place, "sprints"):
        is_list = isinstance(meta.get("data"), list) and (len(meta["data"]) > 1 or meta.get("place") == place.instance.key)
        is_whole |= meta.get("is_whole") is True and is_list
    for meta in place.instance.metas:
        if meta.get("kind") == "sprints":
            for item in _dicts(meta.get("data")):
                # Of sprints that are shared with other projects only those that issues of this one name.
                is_own = place.instance.is_only or (meta.get("place") == place.instance.key and not place.instance.is_part)
                if is_own or identifier(item.get("id")) in place.sprints:
                    meet_sprint(place, item, float("inf"))
    return is_whole or _leaves_no_gap(place)


_FEWEST_IN_A_ROW = 3
_NUMBERED = re.compile(r"(.*?)(\d+)(\D*)")


def _leaves_no_gap(place: Place) -> bool:
    """Say whether the sprints that issues name are all that have begun: on each board they begin with the first, and leave no gap.

    A sprint that nothing was ever planned into bears a number too, and takes its time.
    """
    boards: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for _, item in place.sprints.values():
        state = item.get("state")
        if isinstance(state, str) and state.lower() in ("active", "closed"):
            board = next((found for name in ("originBoardId", "boardId", "rapidViewId") if (found := identifier(item.get(name)))), "")
            boards[board].append(item)
    if place.instance.is_part or not boards:
        return False
    return all(
        len(items) >= _FEWEST_IN_A_ROW and not _begins_later(items) and (_are_numbered(items) or _are_adjoining(items))
        for items in boards.values()
    )


def _begins_later(items: list[dict[str, Any]]) -> bool:
    """Say whether the sprints bear numbers from a later one on: those before it are not seen."""
    found = [match for item in items if isinstance(name := text(item.get("name"), 255), str) and (match := _NUMBERED.fullmatch(name))]
    return bool(found) and min(int(match[2]) for match in found) > 1


def _are_numbered(items: list[dict[str, Any]]) -> bool:
    found = [_NUMBERED.fullmatch(name) if isinstance(name := text(item.get("name"), 255), str) else None for item in items]
    if not all(found):
        return False
    numbers = sorted(int(match[2]) for match in found if match)
    return len({folded(match[1]) for match in found if match}) == 1 and numbers == list(range(numbers[0], numbers[0] + len(items)))


def _are_adjoining(items: list[dict[str, Any]]) -> bool:
    """Say whether between two sprints there is never room for a third as short as the shortest."""
    spans = [(instant(item.get("startDate")), instant(item.get("completeDate") or item.get("endDate"))) for item in items]
    times = sorted((start, end) for start, end in spans if isinstance(start, datetime) and isinstance(end, datetime))
    if len(times) < len(items):
        return False
    shortest = min(end - start for start, end in times)
    return all(after[0] - before[1] < shortest / 2 for before, after in pairwise(times))


def _sprints(place: Place) -> Iterator[Row]:
    for sprint_id, (_, item) in sorted(place.sprints.items()):
        row = Row("sprint", sprint_id, "", f"sprint {sprint_id}")
        row.put("name", text(item.get("name"), 255))
        state = text(item.get("state"), 50)
        if isinstance(state, str):
            row.raw("state", state)
            row.put("state", state.lower() if state.lower() in ("future", "active", "closed") else UNKNOWN)
        if "goal" in item:
            row.put("goal", text(item["goal"], 2_000))
        for column, name in (("start_at", "startDate"), ("end_at", "endDate"), ("completed_at", "completeDate")):
            row.put(column, instant(item.get(name)))
        boards = (identifier(item.get(name)) for name in ("originBoardId", "boardId", "rapidViewId"))
        row.put("board_id", next((board for board in boards if board), UNKNOWN))
        yield row


def _board_columns(place: Place) -> Iterator[Row]:
    for meta in _metas(place, "board"):
        board = meta.get("data")
        board_id = identifier(board.get("id")) if isinstance(board, dict) else None
        if not isinstance(board, dict) or board_id is None:
            continue
        config = board.get("columnConfig")
        columns = config.get("columns") if isinstance(config, dict) else None
        for position, column in enumerate(_dicts(columns), start=1):
            row = Row("board_column", f"{board_id}:{position}", "", f"board {board_id} column {position}")
            row.put("board", text(board.get("name"), 255) or board_id)
            row.put("position", position)
            row.put("name", text(column.get("name"), 255))
            categories = {place.instance.category(identifier(status.get("id")), None) for status in _dicts(column.get("statuses"))}
            if None not in categories:
                row.put("status_category", next(iter(categories)) if len(categories) == 1 else (None if not categories else UNKNOWN))
            row.put("min", whole(column.get("min")))
            row.put("max", whole(column.get("max")))
            labels = place.instance.labels.get("status", {})
            named = [labels.get(identifier(status.get("id")) or "") for status in _dicts(column.get("statuses"))]
            row.put("statuses", UNKNOWN if None in named else ", ".join(name for name in named if name) or None)
            yield row


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
