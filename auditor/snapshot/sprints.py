"""Sprints that documents tell of, beside those of a tracker.

A log of sprints says when the goal was written and the team met; a report per sprint says how many points it began with and finished. Where
a tracker holds the same sprints these are facts of its sprints, and the row of the document is a copy. Where none does, the row of the
document is the sprint, if it says that something took place: a plan that lists sprints to come holds none.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from auditor.config.mapping import fold
from auditor.snapshot.rows import Made, digest_id

_TABLE = "sprint"
_EVENTS = {"planning_on": "sprint_planning", "review_on": "review", "retrospective_on": "retrospective"}
_AT_THE_END = ("review_on", "retrospective_on", "done_points")
_TOLD = ("goal_set_on", *_EVENTS, "committed_points", "done_points")
_NUMBER = re.compile(r"(\d+)\D*$")


def settle_sprints(rows: Sequence[Made]) -> Iterator[Made]:
    """Give the sprints of a project what its documents say of them, mark copies, and yield the meetings that a log tells of."""
    live = [row for row in rows if row.table == _TABLE and not row.is_gone]
    told = [row for row in live if row.artefact]
    kept = [row for row in live if not row.artefact]
    has_tracker = bool(kept)
    meetings = {(row.get("kind"), row.get("held_on")) for row in rows if row.table == "meeting" and not row.is_gone}
    # What says most comes first: without a tracker it is the sprint that the others are copies of.
    for row in sorted(told, key=lambda row: (-len(row.values), row.locator, row.id)):
        same = _same(row, kept)
        if same is None and not has_tracker and any(row.get(column) is not None for column in _TOLD):
            if any(row.get(column) is not None for column in _AT_THE_END):
                row.put("state", "closed")
            kept.append(row)
            same = row
        else:
            row.is_record = False
            if same is not None:
                _add(same, row)
        if same is not None:
            yield from _meetings(row, same, meetings)
    # What is told of one sprint and not of another is not there: a log or report holds a row per sprint.
    for column in _TOLD:
        if any(row.get(column) is not None for row in kept):
            for row in kept:
                if column not in row.filled:
                    row.put(column, None)


def _add(sprint: Made, row: Made) -> None:
    """Fill what *sprint* does not say; where two documents say different things of it, the first that was read counts."""
    for column in _TOLD:
        if (value := row.get(column)) is not None and sprint.get(column) is None:
            sprint.put(column, value)
            if (said := row.get(f"{column}_raw")) is not None:
                sprint.values[f"{column}_raw"] = said
    if sprint.artefact and any(sprint.get(column) is not None for column in _AT_THE_END):
        sprint.put("state", "closed")


def _same(row: Made, kept: Sequence[Made]) -> Made | None:
    """Return the sprint of *kept* that *row* tells of: by its name, else by the number in it; None where several may be meant."""
    name = fold(str(row.get("name") or ""))
    found = [other for other in kept if fold(str(other.get("name") or "")) == name]
    if not found and (number := _NUMBER.search(name)):
        found = [other for other in kept if (match := _NUMBER.search(fold(str(other.get("name") or "")))) and match[1] == number[1]]
    found = [other for other in found if _begins(row) is None or _begins(other) is None or _begins(row) == _begins(other)]
    return found[0] if len(found) == 1 else None


def _begins(row: Made) -> date | None:
    at = row.get("start_at")
    return at.date() if isinstance(at, datetime) else at if isinstance(at, date) else None


def _meetings(row: Made, sprint: Made, known: set[tuple[object, object]]) -> Iterator[Made]:
    for column, kind in _EVENTS.items():
        on = row.get(column)
        if on is None or (kind, on) in known:
            continue
        known.add((kind, on))
        values = {"kind": kind, "held_on": on, "sprint_id": sprint.id}
        made = Made("meeting", digest_id("meeting", row.source, row.id, kind), values, set(values), row.source)
        made.url, made.locator, made.artefact = row.url, row.locator, row.artefact
        made.record_version, made.content_hash, made.seen_at = row.record_version, row.content_hash, row.seen_at
        yield made
