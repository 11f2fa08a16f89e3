"""When a daily log was begun: the earliest day among its entries; and how long the board took to answer what it was asked.

The day on which the file was saved tells nothing of it, and a diary has no control block; the days of the entries stand in a column.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from auditor.connect.values import clean, fold
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.matters.grid import Filling, Reading, day_of, header_texts, text_of
from auditor.snapshot.words import words

_HEADER_WITHIN = 4
_MOST_LINES = 3000


_DAY = re.compile(
    r"\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}\.?(?:\d{4})?|\d{1,2}\.?(?:st|nd|rd|th)?\s+(?:de\s+)?[^\W\d_]{3,10}\.?(?:\s+(?:de\s+)?\d{4})?"
)
_NEAR = 3  # words between 'question' and its day: 'my question of 5 May'
_LAST_WORKING_DAY = 5


class _Entry(NamedTuple):
    on: date
    locator: str
    text: str
    beside: tuple[str, ...]  # what stands in the other columns


def read_diary(reading: Reading) -> Iterator[Found]:
    """Yield `listed_item`s of kind `figure`.

    `diary_begun` has day and text of the earliest entry of a daily log, `value` counts its entries. `board_answer` has the day of a
    question to the board and in `number` the working days (Monday to Friday) until the answer, or until the entry that says that there
    is none; `value` says which ('answered', 'open').
    """
    entries = list(_entries(reading))
    if entries and reading.kind == "daily_log":
        first = min(entries)
        row = Filling(reading, "listed_item")
        row.set("kind", "figure")
        row.set("name", "diary_begun")
        row.set("text", clean(first.text, 300))
        row.set("value", str(len(entries)))
        row.set("on_date", first.on)
        yield row.found(first.locator, "figure", "diary_begun", first.on.isoformat())
    yield from _answers(reading, entries)


def _entries(reading: Reading) -> Iterator[_Entry]:
    for grid in reading.grids:
        if reading.kind != "daily_log" and words("diary_names").isdisjoint(map(fold, (grid.table.name, *grid.above[:1]))):
            continue  # a project log has its diary on a sheet of its own
        for at, line in enumerate(grid.lines[:_HEADER_WITHIN]):
            heads = [fold(head) for head in header_texts(line)]
            day = next((place for place, head in enumerate(heads) if head in words("diary_day")), None)
            entry = next((place for place, head in enumerate(heads) if head in words("diary_entry")), None)
            if day is None or entry is None:
                continue
            for kept in grid.lines[at + 1 : at + 1 + _MOST_LINES]:
                cell = kept.cell(day)
                if cell is not None and (on := day_of(reading, cell)) is not None:
                    beside = tuple(text_of(kept.cell(place)) for place in range(len(kept.cells)) if place not in {day, entry})
                    yield _Entry(on, kept.locator, text_of(kept.cell(entry)), beside)
            break


def _answers(reading: Reading, entries: Sequence[_Entry]) -> Iterator[Found]:
    """Yield how long each question to the board waited, where an entry says so in words: by its day, or beside the question."""
    seen: dict[date, tuple[_Entry, date, str]] = {}
    for entry in sorted(entries):
        said = f" {fold(entry.text)} "
        if not _has(said, "boards"):
            continue
        asked = _day_of_question(reading, entry)
        if asked is not None and (state := "open" if _has(said, "no_reply") else "answered" if _has(said, "replied") else None):
            seen[asked] = entry, entry.on, state  # the last entry about a question tells
        elif asked is None and _has(said, "asks"):
            told = [text for text in entry.beside if _has(f" {fold(text)} ", "replied")]
            days = [day for text in told if (day := _day_in(reading, text, entry.on, is_later=True)) is not None]
            if len(days) == 1:
                seen[entry.on] = entry, days[0], "answered"
    for asked, (entry, until, state) in sorted(seen.items()):
        waited = sum((asked + timedelta(days=count)).isoweekday() <= _LAST_WORKING_DAY for count in range(1, (until - asked).days + 1))
        row = Filling(reading, "listed_item")
        row.set("kind", "figure")
        row.set("name", "board_answer")
        row.set("text", clean(entry.text, 300))
        row.set("value", state)
        row.set("number", Decimal(waited))
        row.set("on_date", asked)
        yield row.found(entry.locator, "figure", "board_answer", asked.isoformat())


def _has(said: str, listed: str) -> bool:
    return any(f" {phrase} " in said for phrase in words(listed))


def _day_of_question(reading: Reading, entry: _Entry) -> date | None:
    """Return the day of the earlier question that an entry names: 'my question of 5 May', 'die Frage vom 13. April'."""
    days = {
        day
        for match in _DAY.finditer(entry.text)
        if not words("questions_asked").isdisjoint(fold(entry.text[: match.start()]).split()[-_NEAR:])
        if (day := _day_in(reading, match[0], entry.on, is_later=False)) is not None and day < entry.on
    }
    return days.pop() if len(days) == 1 else None


def _day_in(reading: Reading, text: str, near: date, *, is_later: bool) -> date | None:
    """Return the one day in *text*; one without a year is the first behind *near*, or the last before it."""
    match = _DAY.search(text)
    if match is None:
        return None
    if (day := reading.day(match[0])) is not None:
        return day if (day >= near) == is_later else None
    said = match[0].rstrip(".")
    for year in (near.year, near.year + (1 if is_later else -1)):
        ways = (f"{said}.{year}", f"{said} {year}")
        day = next((found for way in ways if (found := reading.day(way)) is not None), None)
        if day is not None and (day >= near if is_later else day <= near):
            return day
    return None
