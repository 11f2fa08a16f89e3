"""Meetings of which a log tells in a line each: a table 'Date | Present | Sent', a list '- 14.04.2026 – Roe, Doe. Trial is late'."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from auditor.connect.document import Cell
from auditor.connect.values import clean
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.matters.grid import Filling, Grid, Line, Reading, day_in, day_of, header_texts, names_of, text_of

_FEWEST = 2  # meetings that make a log
_MOSTLY = 0.7  # of the lines below the header
_FEWEST_SURNAMES = 3  # 'Lee, Ann' may be one person
_HEADER_WITHIN = 4  # lines
_LONGEST_HEAD = 300
_DATED_LINE = re.compile(
    r"\s*(?:[^\W\d_]{2,10}\.?,?\s+)?(\d{4}-\d{2}-\d{2}|\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{1,2}\.?\s+(?:de\s+)?[^\W\d_]{3,10}\.?,?\s+(?:de\s+)?\d{4})"
    r"\s*[:–—,-]\s*"
)
_PEOPLE = re.compile(r"([^.;:]{3,300}?)\s*[.;:](?=\s|$)")
_INITIALS = re.compile(r"[A-ZÀ-Þ]{2,4}")
_NAMES = re.compile(r"\s*(?:,|;|\band\b|\bund\b|\bet\b|\by\b)\s*")
_NAME = re.compile(r"[A-ZÀ-Þ][\w'’-]*\.?(?:\s+(?:[a-zà-ÿ]{2,3}\s+)?[A-ZÀ-Þ][\w'’-]*\.?){0,3}")

Kind = Callable[[Sequence[str]], str | None]


class _Told(NamedTuple):
    held_on: date
    people: str
    sent: Cell | None
    locator: str


def read_meeting_log(reading: Reading, kind_of: Kind) -> list[Found]:
    """Return the meetings of a log with who was there; empty where the document logs none, or one only.

    Args:
        reading: minutes.
        kind_of: gives the kind of meeting that texts name.
    """
    told: list[_Told] = []
    taken: list[Grid] = []
    for grid in reading.grids:
        if rows := _in_table(reading, grid):
            told += rows
            taken.append(grid)
    if not told:
        told = _in_list(reading)
    if len(told) < _FEWEST or len({one.held_on for one in told}) < len(told):
        return []
    reading.taken |= {grid.index for grid in taken}
    kind = kind_of(reading.titles) or kind_of([text for grid in taken for text in _alone(grid)])
    return [row for one in told for row in _rows(reading, one, kind)]


def _in_table(reading: Reading, grid: Grid) -> list[_Told]:
    for place, line in enumerate(grid.lines[:_HEADER_WITHIN]):
        heads = [reading.words.label(text) if text else () for text in header_texts(line)]
        when = [at for at, names in enumerate(heads) if {"meeting_date", "date"} & set(names)]
        who = [at for at, names in enumerate(heads) if "attendees" in names]
        if len(when) != 1 or len(who) != 1:
            continue
        sent = next((at for at, names in enumerate(heads) if "minutes_sent" in names and at not in (*when, *who)), None)
        below = [line for line in grid.lines[place + 1 :] if text_of(line.cell(when[0])) or text_of(line.cell(who[0]))]
        rows = [_told(reading, line, when[0], who[0], sent) for line in below]
        found = [row for row in rows if row is not None]
        return found if len(found) >= max(_FEWEST, _MOSTLY * len(below)) else []
    return []


def _told(reading: Reading, line: Line, when: int, who: int, sent: int | None) -> _Told | None:
    cell = line.cell(when)
    day = day_of(reading, cell) or day_in(reading, text_of(cell))
    return None if day is None else _Told(day, text_of(line.cell(who)), line.cell(sent), line.locator)


def _in_list(reading: Reading) -> list[_Told]:
    found: list[_Told] = []
    for line in reading.prose:
        if (match := _DATED_LINE.match(line.text)) is None or (day := reading.day(match[1])) is None:
            continue
        people = _PEOPLE.match(line.text[match.end() : match.end() + _LONGEST_HEAD])
        if people is not None and all(_NAME.fullmatch(part) for part in _NAMES.split(people[1].strip())):
            found.append(_Told(day, people[1], None, line.block.locator))
    return found


def _alone(grid: Grid) -> Iterator[str]:
    """Yield the texts above the header of a table that stand alone in their line."""
    for line in grid.lines[:_HEADER_WITHIN]:
        filled = [text_of(cell) for cell in line.cells if text_of(cell) and not cell.is_covered]
        if len(filled) == 1:
            yield clean(filled[0], 300)


def _rows(reading: Reading, told: _Told, kind: str | None) -> Iterator[Found]:
    meeting = Filling(reading, "meeting")
    if kind is not None:
        meeting.set("kind", kind)
    meeting.set("held_on", told.held_on)
    meeting.set("has_minutes", value=True)
    if told.sent is not None:
        meeting.day("minutes_sent_on", told.sent)
    own_id = f"{kind or 'meeting'} {told.held_on.isoformat()}"
    yield meeting.found(told.locator, "meeting", kind or "", str(told.held_on), own_id=own_id)
    for name in _names(told.people):
        row = Filling(reading, "attendance")
        row.filled.add("meeting_id")
        row.refers["meeting_id"] = ("meeting", own_id)
        if _INITIALS.fullmatch(name.strip()):
            row.raw("person_id", name.strip())  # whose they are another document says
        else:
            row.set("person_id", name)
        row.set("is_present", value=True)
        yield row.found(told.locator, "attendance", own_id, name)


def _names(text: str) -> list[str]:
    """Return who is listed: 'Ann Lee, Bo Ray' are two, 'Lee, Ray, Roe' three, 'AL, BR' two of whom nobody is known yet."""
    parts = [part.strip() for part in _NAMES.split(text.strip(" .")) if part.strip()]
    if all(_INITIALS.fullmatch(part) for part in parts):
        return parts
    is_list = len(parts) >= _FEWEST_SURNAMES or all(len(part.split()) > 1 for part in parts)
    return parts if is_list and all(_NAME.fullmatch(part) for part in parts) else names_of(text)
