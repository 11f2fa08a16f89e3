"""What the remarks of an entry say of its end: 'Closed on 9 September 2026', where the register has no column for that day."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from auditor.connect.values import DayOrder, parse_day
from auditor.snapshot.documents.found import Found

_ENDED = frozenset({"closed", "rejected"})
_CLOSED_ON = "closed_on"
_DAY = (
    r"(\d{4}-\d{2}-\d{2}|\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{1,2}(?:st|nd|rd|th|er|\.)?\s+(?:de\s+)?[^\W\d_]{3,10}\.?,?\s+(?:de\s+)?\d{4}"
    r"|[^\W\d_]{3,10}\s+\d{1,2},?\s+\d{4})"
)
_VERB = r"(?:closed|closure|geschlossen|abgeschlossen|clos|close|clôturée?|fermée?|cerrad[oa])"
_ON = r"(?:on|since|am|seit|le|depuis le|el|desde el|:)"
_SAID = (
    re.compile(rf"\b{_VERB}\s*,?\s+(?:{_ON}\s+)?{_DAY}", re.IGNORECASE),
    re.compile(rf"\b{_VERB}\s*:\s*{_DAY}", re.IGNORECASE),
    re.compile(rf"\b(?:am|seit)\s+{_DAY}\s+{_VERB}\b", re.IGNORECASE),
)
_NOT_DONE = re.compile(
    r"\b(?:not|be|never|if|until|nicht|werden|wird|soll|falls|wenn|non|être|sera|si|no|ser|será)\s+(?:\S+\s+){0,1}$", re.IGNORECASE
)


def with_day_of_closing(row: Found, texts: Iterable[str], order: DayOrder) -> Found:
    """Return an entry that has ended with the one day on which its remarks say that it was closed.

    What is denied or planned says nothing, and two days say nothing: it was closed, opened and closed again, or something else was.
    """
    if row.table != "risk" or row.values.get("status") not in _ENDED or _CLOSED_ON in row.filled:
        return row
    days = {day for text in texts for day in _days(text, order)}
    if len(days) != 1 or None in days:
        return row
    return replace(row, values={**row.values, _CLOSED_ON: days.pop()}, filled=row.filled | {_CLOSED_ON})


def _days(text: str, order: DayOrder) -> Iterable[date | None]:
    for pattern in _SAID:
        for match in pattern.finditer(text):
            yield None if _NOT_DONE.search(text[: match.start()]) else parse_day(match[1], order)
