"""The rows as they stood at the end of a past day: from histories where there are any, else only what cannot have been otherwise.

Without a history a row is known of a past day when its document was not changed since, or when it is an entry of a log, which nobody
changes. Of other rows the dates of events up to that day are known, and that those which lie later had not happened; a row of which no such
date tells that it was there is left out (its table has no history, so it is not complete either). Organisation, people and tailoring are
today's.
"""

from datetime import date

from auditor.checks.quoting import literal, quoted
from auditor.model.schema import TABLES, UNKNOWN, Column, Table
from auditor.model.types import Kind
from auditor.snapshot.history import EVENTS

_KEPT = frozenset({"key", "name", "time_zone", "calendar"})
"""Columns of a project that hold at any day."""

MIDNIGHT = "_midnight"
"""Relation: project → the moment at which the day of the audit ends there, in UTC."""

LOGS = frozenset({"history_entry", "artefact_version", "worklog", "comment"})
"""Tables whose rows are written once."""

_MOMENTS = frozenset({"at", "recorded_at", "requested_at", "added_at", "removed_at"})
"""Moments of what happened once, beside the events that histories know."""

_DAYS = frozenset(
    {"agenda_on", "baselined_on", "completed_on", "granted_on", "minutes_published_on", "minutes_sent_on", "sent_on", "worked_on"}
)
"""Days of what happened once, beside the events that histories know."""

TODAYS = frozenset(
    {
        "person",
        "coverage",
        "completeness",
        "candidate",
        "unreadable",
        "expected",
        "match",
        "mention",
        "unknown_id",
        "project_parameter",
    }
)
"""Tables that say what is known or agreed now, also about a past day."""


def past_rows(table: str, raw: str, present: str, artefacts: str) -> str:
    """Return the SQL of the rows of *table* at the end of the day.

    Args:
        table: a table of the model.
        raw: the relation of its rows, or of its history where it has one.
        present: the relation of its rows as they are now.
        artefacts: the relation of the artefacts as they are now.
    """
    declared = TABLES[table]
    columns = ", ".join(f"t.{quoted(column.name)}" for column in declared.columns)
    if declared.has_history:
        held = "t.valid_from < m.midnight and (t.valid_to is null or t.valid_to >= m.midnight)"
        rows = f"select {columns} from {raw} t join {MIDNIGHT} m on m.project_id = t.project_id where {held}"
        if table != "project":
            return rows
        # A project is there even when nothing tells how it was.
        own = " + ".join(f"{column.mask}::UBIGINT" for column in declared.own if column.name not in _KEPT)
        kept = ", ".join(_always(column) for column in declared.columns if column.name != UNKNOWN)
        seen = f"select t.project_id from {raw} t join {MIDNIGHT} m on m.project_id = t.project_id where {held}"
        return f"{rows} union all select {kept}, {own} as {UNKNOWN} from {present} t where t.project_id not in ({seen})"
    if declared.is_organisational or table in TODAYS:
        return f"select {columns} from {raw} t"
    return _without_history(declared, raw, artefacts)


def past_doubts(table: str, raw: str, artefacts: str) -> str | None:
    """Return the SQL of the projects in which a row may or may not have been there; None: that is always known."""
    declared = TABLES[table]
    if declared.has_history or declared.is_organisational or table in TODAYS:
        return None
    join, there, _ = _presence(declared, artefacts)
    return f"select t.project_id from {raw} t join {MIDNIGHT} m on m.project_id = t.project_id{join} where ({there}) is not true"


def _presence(table: Table, artefacts: str) -> tuple[str, str, str]:
    """Return a join, the test that a row was there, and the test that it was as it is now."""
    happened = [f"t.{quoted(column.name)} < m.{_bound(column)}" for column in _happenings(table)]
    there = " or ".join(happened) or "false"
    if table.name in LOGS:
        return "", there, "true"
    if "artefact_id" not in table.by_name:
        return "", there, "false"
    join = (
        f" left join (select project_id, id, max(modified_at) as modified_at from {artefacts} group by project_id, id) a "
        "on a.project_id = t.project_id and a.id = t.artefact_id"
    )
    fresh = "coalesce(a.modified_at < m.midnight, false)"
    return join, f"{fresh} or {there}", fresh


def _happenings(table: Table) -> list[Column]:
    """Return the columns that say when something happened once."""
    return [
        column
        for column in table.own
        if (column.type.kind is Kind.INSTANT and column.name in EVENTS | _MOMENTS)
        or (column.type.kind is Kind.DAY and column.name in EVENTS | _DAYS)
    ]


def _bound(column: Column) -> str:
    return "midnight" if column.type.kind is Kind.INSTANT else "day"


def _without_history(table: Table, raw: str, artefacts: str) -> str:
    join, there, fresh = _presence(table, artefacts)
    known = {column.name for column in _happenings(table)}
    picked = [_column(column, known, fresh) for column in table.columns if column.name != UNKNOWN]
    bits = " + ".join(_bit(column, known) for column in table.own) or "0"
    unknown = f"cast(case when {fresh} then t.{UNKNOWN} else {bits} end as UBIGINT) as {UNKNOWN}"
    return f"select {', '.join([*picked, unknown])} from {raw} t join {MIDNIGHT} m on m.project_id = t.project_id{join} where {there}"


def _always(column: Column) -> str:
    name = quoted(column.name)
    is_common = column.bit is None and not column.name.endswith("_raw")
    return f"t.{name}" if is_common or column.name in _KEPT else f"null::{column.type.sql} as {name}"


def past_intervals(table: str, raw: str) -> str:
    """Return the SQL of a history as it could be told at the end of the day."""
    columns = ", ".join(f"t.{quoted(column.name)}" for column in TABLES[table].columns)
    until = "case when t.valid_to < m.midnight then t.valid_to end as valid_to"
    return (
        f"select {columns}, t.valid_from, {until} from {raw} t join {MIDNIGHT} m on m.project_id = t.project_id "
        "where t.valid_from < m.midnight"
    )


def past_completeness(raw: str, day: date) -> str:
    """Return the SQL of what is complete at the end of the day: only from where its history begins."""
    todays = ", ".join(literal(name) for name in sorted(TODAYS))
    since = f"t.project_id is null or t.table_name in ({todays}) or t.history_from <= date '{day.isoformat()}'"
    picked = ", ".join(
        f"coalesce(t.is_complete and ({since}), false) as is_complete"
        if column.name == "is_complete"
        else f"case when t.is_complete and not coalesce({since}, false) then 'no_history' else t.reason end as reason"
        if column.name == "reason"
        else f"t.{quoted(column.name)}"
        for column in TABLES["completeness"].columns
    )
    return f"select {picked} from {raw} t"


def _column(column: Column, known: set[str], fresh: str) -> str:
    name = quoted(column.name)
    if column.bit is None and not column.name.endswith("_raw"):
        return f"t.{name}"
    if column.name in known:
        return f"case when {fresh} or t.{name} < m.{_bound(column)} then t.{name} end as {name}"
    return f"case when {fresh} then t.{name} end as {name}"


def _bit(column: Column, known: set[str]) -> str:
    """Return the column's part of `unknown_bits`: an event without a date now may have been undone, so it stays unknown."""
    if column.name in known:
        return f"case when t.{quoted(column.name)} is null then {column.mask}::UBIGINT else 0::UBIGINT end"
    return f"{column.mask}::UBIGINT"
