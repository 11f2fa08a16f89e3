"""How rows were: one row per validity interval, from recorded edits, versions of documents and the present row.

What a past interval holds of a column is known when

- the source's log tells it (and then also where the log is whole and does not name the column: it never changed),
- it is the date of an event on or before that moment, or the event lies later and so had not happened,
- the row was not modified since.

Everything else is unknown there.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from auditor.model.schema import TABLES, UNKNOWN, Column, Table
from auditor.model.types import Kind
from auditor.snapshot.editions import BORN_AT
from auditor.snapshot.rows import Made

SUFFIX = "_history"

_LOGGED_WORK = frozenset(
    {
        "kind",
        "title",
        "status_category",
        "status",
        "priority",
        "assignee_id",
        "reporter_id",
        "parent_id",
        "start_on",
        "due_on",
        "resolution",
        "estimate_hours",
        "spent_hours",
        "remaining_hours",
        "story_points",
        "component",
        "fix_version",
        "labels",
        "is_flagged",
        "has_description",
    }
)
"""What the log of a tracker tells of work items. Counts and what is computed from the log are not among it."""

_NEVER_LOGGED = frozenset({"stage_id", "sprint_id", "meeting_id", "change_request_id", "is_owner_external"})

EVENTS = frozenset(
    {
        "accepted_on",
        "achieved_on",
        "approved_on",
        "assessed_on",
        "authorised_on",
        "closed_on",
        "communicated_on",
        "completed_at",
        "created_at",
        "decided_on",
        "delivered_on",
        "done_at",
        "end_on",
        "ended_on",
        "escalated_on",
        "first_response_at",
        "held_on",
        "identified_on",
        "implemented_on",
        "issued_on",
        "raised_on",
        "recorded_on",
        "requested_on",
        "resolved_at",
        "resolved_on",
        "set_on",
        "signed_off_on",
        "start_on",
        "started_at",
        "started_on",
        "submitted_on",
        "validated_on",
        "verified_on",
    }
)
"""Dates of what happened once. A date that moves on (last review, present version) or lies ahead (due, planned, forecast) is none."""

_PLANNED_START = frozenset({"work_item", "agreement"})
"""Tables in which `start_on` and `end_on` are plans."""

_BIRTHS = ("created_at", "identified_on", "raised_on", "requested_on", "recorded_on")
_REOPENED = frozenset({"done_at", "resolved_at", "resolution"})
_ALWAYS = frozenset({"key", "time_zone", "calendar", "lineage_id"})


@dataclass(frozen=True, slots=True)
class _Edit:
    at: datetime
    order: tuple[str, int, str]
    field: str
    before: Any  # value of the column, `_UNKNOWN` where nothing tells it
    raw: str | None


class _Unknown:
    """The type of `_UNKNOWN`."""


_UNKNOWN = _Unknown()


def history_rows(
    rows: Sequence[Made], logged: frozenset[tuple[str, str]], zone: ZoneInfo, declared: frozenset[str] = frozenset()
) -> Iterator[tuple[str, Made, datetime, datetime | None]]:
    """Yield (table, row, valid_from, valid_to) for every row of a table with history; valid_to None: it still holds.

    Args:
        rows: all rows of one project.
        logged: (source, table) whose log is whole: columns that it does not name never changed.
        zone: in which days begin.
        declared: columns of `project` that a person declared: they hold at any day.
    """
    edits = _edits(rows)
    versions = _versions(rows)
    births = {(row.source, row.id): row.get("created_at") for row in rows if row.table == "work_item"}
    for row in rows:
        table = TABLES[row.table]
        if table.has_history:
            found = edits.get((row.source, row.table, row.id), [])
            if row.table == "artefact":
                found = [*found, *versions.get(row.id, [])]
            course = _Course(row, table, found, zone)
            course.is_logged = (row.source, row.table) in logged or BORN_AT in row.extra
            course.born = births.get((row.source, row.id)) if row.table != "work_item" else row.get("created_at")
            course.born = course.born or row.extra.get(BORN_AT)
            course.always = _ALWAYS | (declared if row.table == "project" else frozenset())
            yield from course.intervals()


def _edits(rows: Iterable[Made]) -> dict[tuple[str, str, str], list[_Edit]]:
    found: dict[tuple[str, str, str], list[_Edit]] = defaultdict(list)
    for row in rows:
        if row.table != "history_entry":
            continue
        name, at, field = str(row.get("table_name")), row.get("at"), str(row.get("field"))
        table = TABLES.get(name)
        column = table.by_name.get(field) if table is not None else None
        if column is None or column.bit is None or not isinstance(at, datetime):
            continue
        before = _before(column, row)
        found[row.source, name, str(row.get("row_id"))].append(_Edit(at, _order(row), field, before, row.get("from_value")))
    for items in found.values():
        items.sort(key=lambda edit: (edit.at, edit.order))
    return found


def _order(row: Made) -> tuple[str, int, str]:
    edit, _, number = row.id.rpartition(".")
    digits = "".join(letter for letter in number if letter.isdigit())
    return (edit, int(digits[:9]) if digits else 0, row.id)


def _before(column: Column, row: Made) -> Any:
    """Return what the column held before an edit."""
    if column.type.kind is Kind.TEXT:
        return row.get("from_value") if "from_value" in row.filled else _UNKNOWN
    if "from_code" not in row.filled:
        return _UNKNOWN
    code = row.get("from_code")
    return None if code is None else _typed(column, str(code))


def _typed(column: Column, code: str) -> Any:
    try:
        match column.type.kind:
            case Kind.BOOLEAN:
                return {"true": True, "false": False}.get(code, _UNKNOWN)
            case Kind.DAY:
                return date.fromisoformat(code[:10])
            case Kind.INSTANT:
                at = datetime.fromisoformat(code)
                return at if at.tzinfo else _UNKNOWN
            case Kind.INTEGER:
                return int(code)
            case Kind.DECIMAL:
                return Decimal(code)
            case _:
                return code
    except (ValueError, InvalidOperation):
        return _UNKNOWN


_OF_VERSION = ("version", "status", "modified_at", "modified_by", "approved_on", "approved_by", "size_bytes")


def _versions(rows: Iterable[Made]) -> dict[str, list[_Edit]]:
    """Return what the versions of documents tell as edits: at the moment of each version, what held before it."""
    by_artefact: dict[str, list[Made]] = defaultdict(list)
    for row in rows:
        if row.table == "artefact_version" and isinstance(row.get("modified_at"), datetime):
            by_artefact[str(row.get("artefact_id"))].append(row)
    found = {}
    for artefact, items in by_artefact.items():
        items.sort(key=lambda row: (row.get("modified_at"), row.id))
        edits: list[_Edit] = []
        for earlier, later in pairwise(items):
            for column in _OF_VERSION:
                known = column in earlier.filled or earlier.get(column) is not None
                edits.append(
                    _Edit(later.get("modified_at"), ("", len(edits), column), column, earlier.get(column) if known else _UNKNOWN, None)
                )
        found[artefact] = edits
    return found


class _Course:
    """The life of one row."""

    def __init__(self, row: Made, table: Table, edits: list[_Edit], zone: ZoneInfo) -> None:
        self._row = row
        self._table = table
        self._edits = sorted(edits, key=lambda edit: (edit.at, edit.order))
        self._zone = zone
        self.is_logged = False
        self.born: Any = None
        self.always: frozenset[str] = frozenset()

    @property
    def _is_whole(self) -> bool:
        """Whether nothing is missing between the edits: what lies between two of them held all the time."""
        return self.is_logged or self._table.name == "artefact"

    def intervals(self) -> Iterator[tuple[str, Made, datetime, datetime | None]]:
        row = self._row
        events = self._events()
        modified = self._modified()
        ends = row.extra.get("gone_at") if row.is_gone else None
        start = self._start(events, modified)
        if ends is not None and start >= ends:
            return
        marks = {edit.at for edit in self._edits} | {at for at in events.values() if at is not None} | {modified}
        bounds = sorted(at for at in marks if start < at and (ends is None or at < ends))
        begins = [start, *bounds]
        stops: list[datetime | None] = [*bounds, ends]
        states = self._states(begins)
        for begin, stop, state in zip(begins, stops, states, strict=True):
            yield row.table, self._at(begin, state, events, modified), begin, stop

    def _events(self) -> dict[str, datetime | None]:
        """Return column → from when on the date of the event is known; None: it is known not to have happened."""
        found: dict[str, datetime | None] = {}
        for column in self._table.own:
            name = column.name
            if name not in EVENTS or (name in {"start_on", "end_on"} and self._table.name in _PLANNED_START):
                continue
            value = self._row.get(name)
            if value is None and name not in self._row.filled:
                continue
            if isinstance(value, datetime):
                found[name] = value.astimezone(UTC)
            elif isinstance(value, date):
                found[name] = _begin(value, self._zone)
            elif value is None:
                found[name] = None
        return found

    def _modified(self) -> datetime:
        """Return since when the row is as it is now."""
        stated = self._row.get("updated_at") or self._row.extra.get("modified_at") or self._row.seen_at
        assert isinstance(stated, datetime)
        return max([stated.astimezone(UTC), *(edit.at for edit in self._edits)])

    def _start(self, events: Mapping[str, datetime | None], modified: datetime) -> datetime:
        """Return since when the row is known to exist."""
        if isinstance(self.born, datetime):
            return self.born.astimezone(UTC)
        dated = [at for at in events.values() if at is not None]
        return min([modified, *dated, *(edit.at for edit in self._edits[:1])])

    def _states(self, begins: Sequence[datetime]) -> list[dict[str, tuple[Any, str | None]]]:
        """Return per interval what the log says its columns held, newest last; columns that the log does not name are left out."""
        state: dict[str, tuple[Any, str | None]] = {}
        edits = list(self._edits)
        states = []
        for begin in reversed(begins):
            while edits and edits[-1].at > begin:
                edit = edits.pop()
                state[edit.field] = (edit.before, edit.raw)
            states.append(dict(state))
        return states[::-1]

    def _at(
        self, begin: datetime, state: Mapping[str, tuple[Any, str | None]], events: Mapping[str, datetime | None], modified: datetime
    ) -> Made:
        row = self._row
        if begin >= modified:
            return row
        made = replace(row, values={}, filled=set(), is_gone=False, extra={})
        changed = {edit.field for edit in self._edits}
        for column in self._table.own:
            name = column.name
            if name in state and self._is_whole:
                value, raw = state[name]
                if value is not _UNKNOWN:
                    made.put(name, value)
                    if raw is not None and column.type.has_raw:
                        made.values[f"{name}_raw"] = raw
            elif (name in changed and self._is_whole) or name in self.always or (self.is_logged and self._is_told(name)):
                self._copy(made, column)
            elif name in events:
                self._event(made, column, events[name], begin)
        return made

    def _is_told(self, name: str) -> bool:
        """Say whether a whole log would tell a change of this column."""
        if self._table.name == "work_item":
            return name in _LOGGED_WORK
        return name not in _NEVER_LOGGED and name in self._row.filled

    def _event(self, made: Made, column: Column, at: datetime | None, begin: datetime) -> None:
        if at is None or at <= begin:
            self._copy(made, column)
        elif not (column.name in _REOPENED and self._row.get("reopen_count") != 0):
            made.put(column.name, None)  # it lies later: it had not happened
        # else: what was undone and done again has an earlier date that nothing tells

    def _copy(self, made: Made, column: Column) -> None:
        row = self._row
        if column.name in row.filled:
            made.filled.add(column.name)
        if row.get(column.name) is not None:
            made.values[column.name] = row.get(column.name)
            if column.type.has_raw and row.values.get(f"{column.name}_raw") is not None:
                made.values[f"{column.name}_raw"] = row.values[f"{column.name}_raw"]


def _begin(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def stored(made: Made, project: str, valid_from: datetime, valid_to: datetime | None) -> dict[str, Any]:
    """Return an interval as a row of `<table>_history`."""
    row = made.row(project)
    bits = row.pop(UNKNOWN)
    return {**row, UNKNOWN: bits, "valid_from": valid_from, "valid_to": valid_to}
