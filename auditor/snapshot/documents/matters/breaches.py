"""How long after its discovery a breach of personal data was notified to the authority, as a paper of the project tells it.

    | Step                             | When             |      | Incident | Detected         | Authority notified |
    | Detected                         | 2026-05-12 08:40 |      | DB-1     | 2026-05-12 08:40 | 2026-05-15 16:30   |
    | Supervisory authority notified   | 2026-05-15 16:30 |

Hours count from moment to moment. Where only days are told, the hours are known no closer than a day; then the fewest are given that
these days allow, and none where that would not settle whether three days were kept.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal

from auditor.connect.values import fold
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.matters.grid import DAY_IN_TEXT, Filling, Grid, Line, Reading, header_texts, text_of
from auditor.snapshot.documents.matters.sentences import sentences_in
from auditor.snapshot.words import words

_TIME = re.compile(r"(?<!\d)([01]?\d|2[0-3])(?:[:h]|\.(?=\d\d\s*(?:Uhr|h)))([0-5]\d)")
_CLOSE = 24  # characters between a day and its time
_HEADER_WITHIN = 3
_MOST_LINES = 300
_LONGEST = 300
_ID = re.compile(r"\b[A-Z]{1,6}[-_ ]?\d{1,5}(?:[-/]\d{1,5})?\b")
_SURE_DAYS = 2  # two days apart are less than three days, whatever the times
_LATE_DAYS = 4  # four days apart are more than three, whatever the times


@dataclass(frozen=True, slots=True)
class _Moment:
    at: datetime
    has_time: bool


def read_breaches(reading: Reading) -> Iterator[Found]:
    """Yield a `listed_item` (kind `figure`, name `breach_notified`) per breach of which both moments are told; `number` are the hours."""
    about = any(_says(title, "data_breaches") for title in reading.titles)
    for grid in reading.grids:
        if not about and not any(_says(text, "data_breaches") for text in (*grid.above[:2], grid.table.name)):
            continue
        rows = list(_listed(reading, grid))
        yield from rows or _stepped(reading, grid)
    for line in reading.prose:
        if not about and not any(_says(text, "data_breaches") for text in (*line.above[:2], line.text)):
            continue
        parts = [part for sentence in sentences_in(line.text) for part in re.split(r";\s+", sentence)]
        found = _told(reading, [(part, part) for part in parts])
        if found is not None:
            yield _item(reading, *found, _name(line.text, *line.above[:1]), line.text, line.block.locator)


def _stepped(reading: Reading, grid: Grid) -> Iterator[Found]:
    """Yield the breach whose steps a table lists one below the other."""
    lines = [[text for cell in line.cells if not cell.is_covered and (text := text_of(cell))] for line in grid.lines[:_MOST_LINES]]
    found = _told(reading, [(texts[0], " ".join(texts[1:])) for texts in lines if len(texts) > 1])
    if found is not None:
        yield _item(reading, *found, _name(grid.heading.text if grid.heading else "") or str(found[0].at.date()), "", grid.lines[0].locator)


def _listed(reading: Reading, grid: Grid) -> Iterator[Found]:
    """Yield the breaches of a register that has a column for each of the two moments."""
    for at, line in enumerate(grid.lines[:_HEADER_WITHIN]):
        heads = header_texts(line)
        detected = [place for place, head in enumerate(heads) if _is_detection(head)]
        notified = [place for place, head in enumerate(heads) if _is_notification(head)]
        if len(detected) != 1 or len(notified) != 1:
            continue
        for row in grid.lines[at + 1 : at + 1 + _MOST_LINES]:
            one, other = (_moment(reading, text_of(row.cell(place))) for place in (detected[0], notified[0]))
            if one is not None and other is not None:
                yield _item(reading, one, other, _name(*_texts(row)[:1]), " | ".join(_texts(row)), row.locator)
        return


def _texts(row: Line) -> list[str]:
    return [text for cell in row.cells if (text := text_of(cell))]


def _told(reading: Reading, parts: Sequence[tuple[str, str]]) -> tuple[_Moment, _Moment] | None:
    """Return the two moments that labels with their values, or parts of a text, tell; None where one is missing or told twice."""
    detected = {moment for label, value in parts if _is_detection(label) and (moment := _moment(reading, value)) is not None}
    notified = {moment for label, value in parts if _is_notification(label) and (moment := _moment(reading, value)) is not None}
    return (detected.pop(), notified.pop()) if len(detected) == len(notified) == 1 else None


def _is_detection(label: str) -> bool:
    return _says(label, "breach_detected") and not _says(label, "told_authority")


def _is_notification(label: str) -> bool:
    return _says(label, "data_authorities") and _says(label, "told_authority")


def _moment(reading: Reading, text: str) -> _Moment | None:
    """Return the one day of *text* with the time that stands behind it."""
    found = [(match, day) for match in DAY_IN_TEXT.finditer(text) if (day := reading.day(match[0])) is not None]
    if len(found) != 1:
        return None
    match, day = found[0]
    said = _TIME.search(text[match.end() : match.end() + _CLOSE])
    return _Moment(datetime.combine(day, time(int(said[1]), int(said[2])) if said else time()), said is not None)


def _hours(one: _Moment, other: _Moment) -> Decimal | None:
    if one.has_time and other.has_time:
        return round(Decimal((other.at - one.at) // timedelta(minutes=1)) / 60, 2)
    days = (other.at.date() - one.at.date()).days
    if _SURE_DAYS < days < _LATE_DAYS:
        return None
    return Decimal(24 * max(days - 1, 0))


def _name(*texts: str) -> str:
    return next((match[0] for text in texts if (match := _ID.search(text)) is not None), "")


def _says(text: str, name: str) -> bool:
    padded = f" {fold(text)} "
    return any(f" {word} " in padded for word in words(name))


def _item(reading: Reading, one: _Moment, other: _Moment, name: str, text: str, place: str) -> Found:
    row = Filling(reading, "listed_item")
    row.set("kind", "figure")
    row.set("name", "breach_notified")
    row.set("ref", name)
    row.set("on_date", other.at.date())
    row.set("text", text[:_LONGEST])
    if (hours := _hours(one, other)) is not None:
        row.set("number", hours)
        row.set("unit", "hours")
    return row.found(place, "figure", "breach_notified", name, one.at.isoformat(), other.at.isoformat())
