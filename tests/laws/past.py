"""A project as it stood on a past day: what is known of it, and what may have become of it since."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from auditor.model.schema import TABLES
from auditor.model.types import Kind
from auditor.rulebook.condition import Language
from tests.laws.generate import ALWAYS_SEEN, COLUMNS, PAST, SETTINGS, Little, domain, row
from tests.laws.naive import BLANK, UNKNOWN, World, midnight, stood

Rows = list[dict[str, Any]]

HAPPENED = frozenset(
    {
        *("accepted_on", "achieved_on", "approved_on", "assessed_on", "authorised_on", "closed_on", "communicated_on", "completed_at"),
        *("created_at", "decided_on", "delivered_on", "done_at", "end_on", "ended_on", "escalated_on", "first_response_at", "held_on"),
        *("identified_on", "implemented_on", "issued_on", "raised_on", "recorded_on", "requested_on", "resolved_at", "resolved_on"),
        *("set_on", "signed_off_on", "start_on", "started_at", "started_on", "submitted_on", "validated_on", "verified_on"),
        *("at", "recorded_at", "requested_at", "added_at", "removed_at"),
        *("agenda_on", "baselined_on", "completed_on", "granted_on", "minutes_published_on", "minutes_sent_on", "sent_on", "worked_on"),
    }
)
"""Columns that say when something happened once."""

LOGS = frozenset({"history_entry", "artefact_version", "worklog", "comment"})
"""Tables whose rows are written once and never changed."""

TODAYS = frozenset({"person", "coverage", "completeness", "candidate", "unreadable", "expected", "match", "project_parameter"})
"""Tables that say what is known or agreed now, also about a past day."""

ALWAYS = ("key", "name", "time_zone", "calendar")
"""What holds of a project at any day."""


def as_it_stood(little: Little, day: date, language: Language) -> Little:
    """Return what is known today of *little* at the end of a past day, for an audit of that day."""
    now = little.world(language)
    end = midnight(now, day)
    tables: dict[str, Rows] = {}
    complete = set[str]()
    for name in {*little.complete, *(name for name in little.tables if name in TABLES)}:
        rows = little.tables.get(name, [])
        if name in TODAYS:
            tables[name] = rows
            complete |= {name} & little.complete
            continue
        is_told = name in little.complete and little.history_from.get(name, date.max) <= day
        if TABLES[name].has_history:
            tables[name] = [_plain(told) for told in little.tables.get(f"{name}_history", []) if stood(told, end)]
            tables[f"{name}_history"] = list(_told_then(little.tables.get(f"{name}_history", []), end))
        else:
            then = [_then(name, item, day, end, little) for item in rows]
            tables[name] = [item for item in then if item is not None]
            is_told = is_told and None not in then
        if name == "project" and not tables[name]:
            tables[name] = [{column: value if column in (*ALWAYS, "id") else UNKNOWN for column, value in item.items()} for item in rows]
        complete |= {name} if is_told or name == "project" else set()
    return replace(little, tables=tables, complete=complete, as_of=day)


def _plain(told: Mapping[str, Any]) -> dict[str, Any]:
    return {column: value for column, value in told.items() if column not in ("valid_from", "valid_to")}


def _told_then(rows: Iterable[Mapping[str, Any]], end: datetime) -> Iterable[dict[str, Any]]:
    for told in rows:
        if told["valid_from"] < end:
            stop = told.get("valid_to", BLANK)
            yield dict(told) | {"valid_to": stop if isinstance(stop, datetime) and stop < end else BLANK}


def _then(table: str, item: Mapping[str, Any], day: date, end: datetime, little: Little) -> dict[str, Any] | None:
    """Return what is known of a row without history; None where it is not known that it was there."""
    events = {column for column in item if column in HAPPENED and _is_day_or_moment(table, column)}
    past = {column for column in events if _is_past(item[column], day, end)}
    changed = [
        document.get("modified_at") for document in little.tables.get("artefact", []) if document["id"] == item.get("artefact_id", UNKNOWN)
    ]
    is_as_it_was = "artefact_id" in TABLES[table].by_name and bool(changed) and all(_is_past(moment, day, end) for moment in changed)
    if table in LOGS:
        return dict(item) if past else None
    if is_as_it_was:
        return dict(item)
    if not past:
        return None
    return {column: value if column in past or column in ("id", "is_gone", "is_record") else UNKNOWN for column, value in item.items()}


def _is_day_or_moment(table: str, column: str) -> bool:
    return column in TABLES[table].by_name and TABLES[table].by_name[column].type.kind in (Kind.DAY, Kind.INSTANT)


def _is_past(value: Any, day: date, end: datetime) -> bool:
    if isinstance(value, datetime):
        return value < end
    return isinstance(value, date) and value <= day


# What becomes of a project


def then(random: Random, little: Little, day: date) -> Little:
    """Return *little* as a project that stands on *day*: nothing unknown or unseen, and no event that is still to come."""
    tables: dict[str, Rows] = {}
    for name in COLUMNS:
        rows = [dict(item) for item in little.tables.get(name, [])]
        for item in rows:
            for column, value in item.items():
                if value is UNKNOWN:
                    item[column] = random.choice([BLANK, random.choice(domain(name, column))])
                if column in HAPPENED | {"modified_at"} and isinstance(item[column], date):
                    item[column] = _not_after(item[column], day)
        tables[name] = rows
        if name in PAST:
            told = [item for item in rows if not item.get("is_gone")] if name != "project" else rows
            start = datetime.combine(day - timedelta(days=300), time())
            tables[f"{name}_history"] = [dict(item) | {"valid_from": start, "valid_to": BLANK} for item in told]
            tables[name] = [dict(item) for item in told]
    complete = {name for name in COLUMNS if name == "project" or random.random() < 0.9}
    since = dict.fromkeys(PAST, date(1900, 1, 1))
    return replace(little, tables=tables, complete=complete, knows_expected=True, history_from=since, as_of=day)


def _not_after(value: date, day: date) -> date:
    if isinstance(value, datetime):
        return min(value, datetime.combine(day, time()) - timedelta(days=1))
    return min(value, day)


def later(random: Random, little: Little, as_of: date, language: Language) -> Little:
    """Return what *little* may have become by *as_of*: rows change, come and go, documents are edited, things happen."""
    day = little.as_of
    end = midnight(little.world(language), day)
    tables = {name: [dict(item) for item in rows] for name, rows in little.tables.items()}
    for item in tables["artefact"]:
        if random.random() < 0.5:
            item["modified_at"] = end + timedelta(days=random.randint(0, 3), hours=1)
    tables["artefact_history"] = _changes(random, "artefact", tables, little, end)
    for name in COLUMNS:
        if name in PAST:
            if name != "artefact":
                tables[f"{name}_history"] = _changes(random, name, tables, little, end)
        elif name not in TODAYS and name not in (*ALWAYS_SEEN, "project"):
            tables[name] = [_changed(random, name, item, day, tables) for item in tables[name]]
            tables[name] += _new(random, name, day)
    since = {name: day_ for name, day_ in little.history_from.items() if random.random() < 0.8}
    return replace(little, tables=tables, history_from=since, as_of=as_of)


def _changes(random: Random, name: str, tables: Mapping[str, Rows], little: Little, end: datetime) -> Rows:
    """Return the history of a table in which some rows changed after *end*; the present rows become the last ones."""
    told = []
    for before in little.tables[f"{name}_history"]:
        present = next(item for item in tables[name] if item["id"] == before["id"])
        if present == _plain(before) and random.random() < 0.5:
            told.append(dict(before))
            continue
        moment = end + timedelta(days=random.randint(0, 3), hours=1)
        told.append(dict(before) | {"valid_to": moment})
        for column in COLUMNS[name]:
            if random.random() < 0.5 and column not in SETTINGS.get(name, ()) and column != "modified_at" and column not in HAPPENED:
                present[column] = random.choice([BLANK, *domain(name, column)])
        told.append(dict(present) | {"valid_from": moment, "valid_to": BLANK})
    return told


def _changed(random: Random, name: str, item: dict[str, Any], day: date, tables: Mapping[str, Rows]) -> dict[str, Any]:
    """Return a row without history as it may be now; where its document was not edited since, it is as it was."""
    documents = [one for one in tables["artefact"] if one["id"] == item.get("artefact_id")]
    if documents and all(_is_past(one["modified_at"], day, datetime.combine(day, time())) for one in documents):
        return item
    found = dict(item)
    for column in COLUMNS[name]:
        if random.random() >= 0.4 or column == "artefact_id":
            continue
        if column not in HAPPENED:
            found[column] = random.choice([BLANK, *domain(name, column)])
        elif found[column] is BLANK:
            found[column] = day + timedelta(days=random.randint(1, 4))
    return found


def _new(random: Random, name: str, day: date) -> Rows:
    """Return rows that came after *day*."""
    found = [row(random, name, f"{name}-7{number}") for number in range(random.randint(0, 1))]
    for item in found:
        for column in item:
            if column in HAPPENED:
                item[column] = random.choice([BLANK, day + timedelta(days=2)])
            if column == "artefact_id":
                item[column] = BLANK
    return found


def world_of(little: Little, day: date, language: Language) -> World:
    """Return what the naive evaluator reads for an audit of a past day."""
    return as_it_stood(little, day, language).world(language)
