"""What later minutes say of an action that a meeting agreed: a line of them that names its number takes the state to it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from auditor.config.mapping import fold
from auditor.snapshot.rows import Made

_NUMBER = re.compile(r"(?=\S*\d)[^\W_]{1,8}(?:[-./][^\W_]{1,6}){0,3}(?=$|[\s:;,–(])")
"""'A-06-1', 'PSC3.2', '12': what a line of later minutes begins with, or has instead of the action's words."""


def follow_actions(made: Iterable[Made]) -> None:
    """Take to each action that a meeting agreed what the minutes of later meetings say of it: the latest line that tells a state.

    Such a line stands under 'Actions of earlier meetings', has the action's number and words, or its number where others have words
    ('A-06-1 | closed | approved by letter'), and stays a row: who agreed what, until when, stands in the row of the meeting that agreed it.
    Of rows with the same number the one of the earliest minutes is that; where two minutes of that day have it, nobody knows. Minutes that
    begin to count anew have the same number for other words, which then speak of something else.
    """
    rows = [row for row in made if not row.is_gone]
    held = {
        str(row.get("minutes_artefact_id")): day for row in rows if row.table == "meeting" and isinstance(day := row.get("held_on"), date)
    }
    said: dict[str, list[tuple[date, bool, Made]]] = defaultdict(list)
    for row in rows:
        if row.table == "action" and (day := held.get(row.artefact)) is not None:
            for number in _numbers(row):
                said[number].append((day, number == fold(row.id), row))
    for lines in said.values():
        own = sorted(((day, row) for day, is_own, row in lines if is_own), key=lambda one: one[0])
        if not own or (len(own) > 1 and own[0][0] == own[1][0]):
            continue
        agreed_on, action = own[0]
        later = [
            (day, str(status))
            for day, is_own, row in lines
            if day > agreed_on and (status := row.get("status")) and (not is_own or _is_same(action, row))
        ]
        last = {status for day, status in later if day == max(later)[0]}
        if len(last) == 1:
            action.put("status", last.pop())


def _numbers(row: Made) -> Iterator[str]:
    yield fold(row.id)
    title = str(row.get("title") or "").strip()
    found = _NUMBER.match(title)
    if found and fold(found[0]) != fold(row.id) and (found[0] == title or not found[0].isdecimal()):  # '3 licences' is no number 3
        yield fold(found[0])


def _is_same(action: Made, other: Made) -> bool:
    one, two = sorted((fold(str(row.get("title") or "")) for row in (action, other)), key=len)
    return bool(one) and one in two
