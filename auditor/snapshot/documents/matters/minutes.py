"""Minutes and agendas: the meeting, who was there, what was decided and who does what."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from auditor.connect.document import Cell, TextBlock
from auditor.connect.values import clean, fold, parse_boolean
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.matters.grid import (
    DAY_IN_TEXT,
    Filling,
    Grid,
    Line,
    Pair,
    Prose,
    Reading,
    day_in,
    day_in_titles,
    day_of,
    find_columns,
    header_texts,
    is_banner,
    is_known,
    is_label_table,
    name_in,
    names_of,
    pair_in,
    pairs_of,
    person_of,
    statements_in,
    table_of,
    text_of,
)
from auditor.snapshot.documents.matters.meeting_log import read_meeting_log
from auditor.snapshot.documents.matters.sentences import WRITTEN_DAY as _WRITTEN_DAY
from auditor.snapshot.documents.matters.sentences import before_stop, deeds_in, denies, sentences_in
from auditor.snapshot.documents.matters.words import BODIES
from auditor.snapshot.words import words as listed

MINUTES = frozenset({"minutes_of_meeting", "minutes"})
AGENDA = frozenset({"meeting_agenda", "agenda"})

_LABELS = frozenset({"meeting", "meeting_date", "chair", "minute_taker", "minutes_sent", "agenda_sent", "attendees", "absentees"})
_SENT = frozenset({"minutes_sent", "agenda_sent"})
_WHEN = frozenset({"meeting_date", "date"})
_TAIL = re.compile(r"\s*[\[(]([^()\[\]]{2,100})[\])]\s*\.?\s*$")
_LONGEST_ITEM = 1500
_SEVERAL = 2
_MOSTLY_DATED = 0.7
_FEWEST_SURNAMES = 3
_MOST_TITLE_LINES = 3  # blocks among which the line below the title stands
_MOST_LABELS = 12
_LONGEST_SUBTITLE = 80
_FIRST_LINES = 4
_LONGEST_HEAD = 400  # of a line that says when, where and by whom


@dataclass(slots=True)
class Minuted:
    """What minutes or an agenda say of their meeting."""

    meeting: Found | None = None
    held_on: date | None = None
    rows: list[Found] = field(default_factory=list)
    decisions: list[Found] = field(default_factory=list)  # as rows of `decision`: what decides at gates is found among them


def read_minutes(reading: Reading, registers: Sequence[Found]) -> tuple[Minuted, tuple[Found, ...]]:
    """Return meetings with their rows, and *registers* without what belongs to them: actions name their meeting, decisions are gone.

    A document may hold the minutes of several meetings, one below the other: each below a heading that says its day.
    """
    if reading.kind in MINUTES and (logged := read_meeting_log(reading, lambda texts: _kind(reading, texts))):
        return Minuted(rows=logged), tuple(registers)
    parts = _several(reading)
    if not parts:
        return _read_one(reading, registers)
    whole = Minuted()
    rest, joined = list(registers), list[Found]()
    for part in parts:
        places = {table_of(grid.lines[0].locator) for grid in part.grids if grid.lines}
        one, left = _read_one(part, [row for row in rest if table_of(row.locator) in places])
        rest = [row for row in rest if table_of(row.locator) not in places]
        reading.taken |= part.taken
        joined += left
        whole.rows += [row for row in (one.meeting, *one.rows) if row is not None]
        whole.decisions += [
            _dated(row, one.held_on)
            for row in one.decisions
            if one.held_on is None or "decided_on" in row.filled or is_of_minutes(row.own_id)  # else the log that numbers it dates it
        ]
    return whole, (*rest, *joined)


def _several(reading: Reading) -> list[Reading]:
    """Return a document part by part, where headings of one level say the days of several meetings; none where it is of one meeting."""
    if reading.kind not in MINUTES:
        return []
    headings = [
        (index, block) for index, block in enumerate(reading.document.blocks) if isinstance(block, TextBlock) and block.level and block.text
    ]
    for level in sorted({block.level for _, block in headings}):
        dated = [(index, block, day_in(reading, block.text)) for index, block in headings if block.level == level and not block.is_title]
        days = [day for _, _, day in dated if day is not None]
        if len(days) < _SEVERAL or len(set(days)) < len(days) or len(days) < _MOSTLY_DATED * len(dated):
            continue
        ends = [*(index for index, block in headings if block.level <= level), len(reading.document.blocks)]
        return [
            _part(reading, index, next(end for end in ends if end > index), clean(block.text, 300))
            for index, block, day in dated
            if day is not None
        ]
    return []


def _part(reading: Reading, begin: int, end: int, title: str) -> Reading:
    return replace(
        reading,
        grids=tuple(grid for grid in reading.grids if begin < grid.index < end),
        prose=tuple(line for line in reading.prose if begin < line.index < end),
        titles=(title, *reading.titles),
        front=(),
        taken=set(),
    )


_NUMBER_IN_MINUTES = re.compile(r"\d{1,2}(?:[./-]\d{1,2}){0,2}")


def is_of_minutes(own_id: str | None) -> bool:
    """Say whether a decision has no number but that of minutes: another one is that of the log, which dates it."""
    return not own_id or _NUMBER_IN_MINUTES.fullmatch(own_id.strip(" .")) is not None


def _dated(row: Found, held_on: date | None) -> Found:
    """Return a decision with the day of its meeting, where it has none."""
    if held_on is None or "decided_on" in row.filled:
        return row
    return replace(row, values={**row.values, "decided_on": held_on}, filled=row.filled | {"decided_on"})


def _read_one(reading: Reading, registers: Sequence[Found]) -> tuple[Minuted, tuple[Found, ...]]:
    """Return the meeting of a document, or of a part of it.

    Only a document that is minutes or an agenda speaks of *the* meeting: its kind or its labels say so. A decision of minutes is a
    `listed_item`: whether the Decision Log holds it too is a question that rules ask.
    """
    pairs = _pairs(reading)
    is_minutes, is_agenda = _what(reading, pairs)
    if not (is_minutes or is_agenda):
        return Minuted(), tuple(registers)
    result = Minuted()
    if _is_of_other_body(reading, pairs):
        return result, tuple(registers)  # no meeting of the project; what it decided stands in the decisions of the project
    result.meeting = _meeting(reading, pairs, result, is_minutes=is_minutes)
    own_id = result.meeting.own_id or ""
    if is_minutes:
        result.rows += _attendance(reading, pairs, own_id, result.meeting)
        attended = list(result.rows)
        result.rows += _table_rows(reading, own_id, registers)
        result.rows += _list_rows(reading, own_id, [*registers, *result.rows])
        initials = _initials(reading, attended)
        stated = [_named(row, initials) for row in (*registers, *result.rows)]
        result.decisions = [row for row in stated if row.table == "decision" and not _is_no_decision(str(row.values.get("title") or ""))]
        result.rows = [row for row in stated[len(registers) :] if row.table != "decision"]
        result.rows += [_listed_decision(reading, row, position, result.held_on) for position, row in enumerate(result.decisions, 1)]
        result.rows += _told_decisions(reading, result.decisions)
        registers = [row for row in stated[: len(registers)] if row.table != "decision"]
    joined = tuple(_joined(row, own_id) if is_minutes and row.table == "action" else row for row in registers)
    return result, joined


_AS_ITEM = {
    "title": "name",
    "rationale": "text",
    "description": "text",
    "owner_id": "person_id",
    "decided_by": "person_id",
    "decided_on": "on_date",
}


def _listed_decision(reading: Reading, row: Found, position: int, held_on: date | None) -> Found:
    """Return a decision of minutes as a listed item, of the day of the meeting unless it is an entry of the log, which dates it."""
    item = Filling(reading, "listed_item")
    item.set("kind", "decision")
    item.set("position", position)
    item.set("ref", row.own_id)
    for column, target in _AS_ITEM.items():
        if column in row.filled and target not in item.values:
            item.set(target, row.values.get(column))
    if held_on is not None and "on_date" not in item.filled and is_of_minutes(row.own_id) and "decided_on_raw" not in row.values:
        item.set("on_date", held_on)
    if "decided_on_raw" in row.values:
        item.raw("on_date", str(row.values["decided_on_raw"]))
    return item.found(row.locator, "decision", str(row.values.get("title", "")), row.own_id or "")


def _initials(reading: Reading, attended: Sequence[Found]) -> Mapping[str, str]:
    """Return initials → name: those that the attendance list states, else those of the names where they fit one person only."""
    found: dict[str, set[str]] = {}
    for grid in reading.grids:
        hit = _attendance_list(reading, grid)
        if hit is None or "initials" not in hit[0]:
            continue
        for line in hit[1]:
            cells = {name: line.cell(place) for name, place in hit[0].items()}
            names = names_of(name_in(cells))
            if len(names) == 1 and (initials := text_of(cells.get("initials"))):
                found.setdefault(initials, set()).add(names[0])
    for name in (str(row.values.get("person_id", "")) for row in attended):
        if len(name.split()) > 1:
            found.setdefault("".join(word[0] for word in re.split(r"[\s-]+", name) if word[:1].isupper()), set()).add(name)
    return {initials: names.pop() for initials, names in found.items() if len(names) == 1}


def _named(row: Found, initials: Mapping[str, str]) -> Found:
    owner = initials.get(str(row.values.get("owner_id", "")))
    return row if owner is None else replace(row, values={**row.values, "owner_id": owner})


def _joined(row: Found, own_id: str) -> Found:
    values = {"kind": "meeting", **row.values}
    return replace(row, values=values, filled=row.filled | {"meeting_id", "kind"}, refers={**row.refers, "meeting_id": ("meeting", own_id)})


def _pairs(reading: Reading) -> list[Pair]:
    found: list[Pair] = []
    for grid in reading.grids:
        if is_label_table(reading, grid) or _says_when(reading, grid):
            found += pairs_of(reading, grid)
    for line in reading.prose[:80]:
        for text in _statements(reading, line.text):
            stated = statements_in(reading, text, line.block.locator)
            if stated is None or not any(_WHEN & set(pair.names) for pair in stated):
                stated = [pair] if (pair := pair_in(reading, text, line.block.locator)) is not None else []
            found += stated
    return found


def _says_when(reading: Reading, grid: Grid) -> bool:
    """Say whether a table of two columns begins with the day of the meeting, whatever else it tells: 'Date', 'Place', 'Aim'."""
    lines = [[cell for cell in line.cells if not cell.is_covered] for line in grid.lines[:_MOST_LABELS]]
    if reading.kind not in MINUTES | AGENDA or not lines or any(len(cells) != 2 for cells in lines):
        return False
    label, cell = lines[0]
    return "meeting_date" in reading.words.label(label.text) and (day_of(reading, cell) or day_in(reading, text_of(cell))) is not None


def _statements(reading: Reading, text: str) -> Iterator[str]:
    """Yield the lines of *text*; one of short sentences falls into these where each states something.

    'Chair: Ada Finch. Notes: Jo Lake.' says two things.
    """
    for line in text.split("\n"):
        sentences = list(sentences_in(line))
        if len(sentences) > 1 and len(line) <= _LONGEST_HEAD and any(pair_in(reading, part, "") is not None for part in sentences[1:]):
            yield from (part.rstrip(".") for part in sentences)
        else:
            yield line


def _what(reading: Reading, pairs: Sequence[Pair]) -> tuple[bool, bool]:
    if reading.kind in MINUTES:
        return True, False
    if reading.kind in AGENDA:
        return False, True
    if reading.kind is not None:
        return False, False
    names = {name for pair in pairs for name in pair.names}
    if "minute_taker" in names and names & {"meeting_date", "attendees", "chair"}:
        return True, False
    return False, False


def _meeting(reading: Reading, pairs: Sequence[Pair], result: Minuted, *, is_minutes: bool) -> Found:
    row = Filling(reading, "meeting")
    subjects = [text_of(pair.cell) for pair in pairs if "meeting" in pair.names]
    kind = _kind(reading, [*subjects, *reading.titles[:1], *_below_title(reading), *reading.titles[1:]])
    if kind is not None:
        row.set("kind", kind)
        row.raw("kind", next((text for text in subjects if text), reading.titles[0] if reading.titles else kind))
    held = _held(reading, pairs)
    if held is not None:
        row.set("held_on", held)
    for pair in pairs:
        if "chair" in pair.names and "chair_id" not in row.values:
            row.person("chair_id", pair.cell)
        if "minute_taker" in pair.names and "minute_taker_id" not in row.values:
            row.person("minute_taker_id", pair.cell)
        if "minutes_sent" in pair.names and is_minutes and "minutes_sent_on" not in row.values:
            row.day("minutes_sent_on", pair.cell)
        if "agenda_sent" in pair.names and not (is_minutes and "minutes_sent" in pair.names) and "agenda_on" not in row.values:
            row.day("agenda_on", pair.cell)
    if is_minutes and held is not None:
        _papers(reading, row, held)
    _told(reading, pairs, row, is_minutes=is_minutes)
    if is_minutes:
        row.set("has_minutes", value=True)
    has_agenda = not is_minutes or _has_agenda(reading)
    if has_agenda:
        row.set("has_agenda", value=True)
    result.held_on = held
    own_id = f"{kind or 'meeting'} {held.isoformat()}" if held is not None else f"{kind or 'meeting'}"
    first = next((pair.locator for pair in pairs if _LABELS & set(pair.names)), "")
    return row.found(first, "meeting", kind or "", str(held or ""), own_id=own_id)


def _told(reading: Reading, pairs: Sequence[Pair], row: Filling, *, is_minutes: bool) -> None:
    """Fill in who chaired the meeting and when its paper was sent, where sentences say so: 'Sent on 3 May 2026 by Jo Lake'."""
    column = "minutes_sent_on" if is_minutes else "agenda_on"
    if "chair_id" not in row.values:
        named = {name for text in (*(text_of(pair.cell) for pair in pairs), *_short_prose(reading)) if (name := _chaired_by(reading, text))}
        named = named or set(_chair_marked(reading))
        if len(named) == 1:
            row.set("chair_id", named.pop())
    if column not in row.filled:
        deeds = [deed for deed in deeds_in(reading, _short_prose(reading)) if deed.action == "send" and deed.days]
        days = {day for deed in deeds for _, day in deed.days}
        if len(days) == 1:
            row.set(column, days.pop())


_MOST_OF_PAPERS = 12  # lines at either end of minutes that say when their papers were sent
_CLAUSES = re.compile(r"\s*;\s*|,\s+(?=\D)|\s+(?:and|et|und|y)\s+(?=\D)")


def _papers(reading: Reading, row: Filling, held: date) -> None:
    """Fill in when the agenda and the minutes were sent, where clauses say so: 'Agenda sent on 3 May; minutes circulated on 12 May 2026'.

    Those of another meeting are told too: an agenda that was sent after the meeting and minutes from before it are not its own.
    """
    lines = list(_short_prose(reading))
    sent: dict[str, set[date]] = {"agenda_on": set(), "minutes_sent_on": set()}
    for line in dict.fromkeys([*lines[:_MOST_OF_PAPERS], *lines[-_MOST_OF_PAPERS:]]):
        for clause in (part for sentence in sentences_in(line) for part in _CLAUSES.split(sentence)):
            said = f" {fold(clause)} "
            about = {name for name, marker in _PAPERS.items() if any(f" {word} " in said for word in reading.words.markers.get(marker, ()))}
            verbs = reading.words.markers.get("paper_sent", ())
            if len(about) != 1 or denies(reading, clause) or not any(f" {word} " in said for word in verbs):
                continue
            days = {day for written in _WRITTEN_DAY.findall(clause) if (day := _day_near(reading, written, held)) is not None}
            name = about.pop()
            day = days.pop() if len(days) == 1 else None
            if day is not None and (day <= held if name == "agenda_on" else day >= held):
                sent[name].add(day)
    for name, days in sent.items():
        if len(days) == 1 and row.values.get(name) is None:
            row.set(name, next(iter(days)))


_PAPERS: Mapping[str, str] = {"agenda_on": "paper_agenda", "minutes_sent_on": "paper_minutes"}


def _day_near(reading: Reading, written: str, held: date) -> date | None:
    """Return the day that *written* means; one without a year is that of the meeting's year."""
    return reading.day(written) or reading.day(f"{written.strip()} {held.year}")


def _short_prose(reading: Reading) -> Iterator[str]:
    return (line.text for line in reading.prose if len(line.text) <= _LONGEST_HEAD)


def _chaired_by(reading: Reading, text: str) -> str:
    """Return who chaired in 'PSC meeting, chaired by Ada Finch', 'Ada Finch chaired the meeting'; '' when nobody is said."""
    for phrase in reading.words.phrases.get("chaired_by", ()):
        match = re.search(rf"(?<!\w){re.escape(phrase)}\s+((?:[^\W\d_][\w'’-]*\.?\s*){{1,5}})", text, re.IGNORECASE)
        if match and len(names := [name for name in names_of(match[1].strip(" .")) if _is_name(name)]) == 1:
            return names[0]
    for sentence in sentences_in(text):
        for phrase in reading.words.phrases.get("chaired_it", ()):
            name, sign, _ = sentence.partition(f" {phrase}")
            if sign and len(names := names_of(name)) == 1 and _is_name(names[0]) and len(names[0].split()) > 1:
                return names[0]
    return ""


_MARK = re.compile(r"\(([^()]{2,30})\)")


def _chair_marked(reading: Reading) -> Iterator[str]:
    """Yield who bears the mark of the chair in a list of who was there: 'Ada Finch | Executive (chair)', 'Ada Finch (chair)'."""
    for line in (line for grid in reading.grids for line in grid.lines):
        texts = [text_of(cell) for cell in line.cells if not cell.is_covered and text_of(cell)]
        if not any("chair" in reading.words.labels.get(fold(mark), ()) for text in texts for mark in _MARK.findall(text)):
            continue
        names = [
            name for text in texts for name in names_of(_MARK.sub("", text).strip()) if _is_name(name) and not reading.words.role_of(name)
        ]
        if len(names) == 1:
            yield names[0]


def _kind(reading: Reading, texts: Sequence[str]) -> str | None:
    for text in texts:
        found = reading.words.all_inside("meeting_kind", text)
        if len(found) == 1:
            return found.pop()
        if len(found) > 1:
            return reading.words.inside("meeting_kind", text)
    return None


def _below_title(reading: Reading) -> list[str]:
    """Return the line that stands directly below a title that says no more than that it is minutes: '3rd meeting of the steering group'."""
    blocks = reading.document.blocks[:_MOST_TITLE_LINES]
    texts = [clean(block.text, 200) for block in blocks if isinstance(block, TextBlock) and not block.level and block.text.strip()]
    own = [text for text in texts if text not in reading.titles]
    return [text for text in own[:1] if len(text) <= _LONGEST_SUBTITLE]


def _is_of_other_body(reading: Reading, pairs: Sequence[Pair]) -> bool:
    """Say whether the paper is of a body of the organisation, as the investment board, and of no meeting that projects have."""
    texts = [*(text_of(pair.cell) for pair in pairs if "meeting" in pair.names), *reading.titles]
    if _kind(reading, texts) is not None:
        return False
    bodies = reading.words.headings.get("other_body", frozenset())
    return any(f" {body} " in f" {fold(clean(text, 300))} " for text in texts for body in bodies)


_OF_MEETING = frozenset({"meeting", "chair", "minute_taker", "attendees"})


def _held(reading: Reading, pairs: Sequence[Pair]) -> date | None:
    forms = {table_of(pair.locator) for pair in pairs if _OF_MEETING & set(pair.names)}
    for name in ("meeting_date", "date"):
        cells = [pair for pair in pairs if name in pair.names and not _SENT & set(pair.names)]
        cells = [pair for pair in cells if table_of(pair.locator) in forms] or cells  # not that of the control block
        days = {day for pair in cells if (day := _one_day(reading, pair)) is not None}
        if len(days) == 1:
            return days.pop()
        if days:
            return None
    if reading.kind in AGENDA:  # it says when it was sent as well
        said = [*reading.titles, *(line.text for line in reading.prose[:_FIRST_LINES])]
        timed = {day for text in said for day in _days_with_hour(reading, text)}
        if timed:
            return timed.pop() if len(timed) == 1 else None
    return day_in_titles(reading)


_HOUR = re.compile(r",?\s*(?:at|um|à|a las)?\s*\d{1,2}(?:[:.h]\d{2}|\s*(?:h|Uhr|am|pm)\b)", re.IGNORECASE)


def _days_with_hour(reading: Reading, text: str) -> Iterator[date]:
    """Yield the days behind which an hour stands: 'sent 26 March 2026 for 31 March 2026, 13:00-14:30'."""
    rest = text
    while (found := DAY_IN_TEXT.search(rest)) is not None:
        if _HOUR.match(rest, found.end()) and (day := reading.day(found[0])) is not None:
            yield day
        rest = rest[found.end() :]


def _one_day(reading: Reading, pair: Pair) -> date | None:
    """Return the day in 'Monday 3 March 2026, 10:00-11:00', also with the hour."""
    if (day := day_of(reading, pair.cell)) is not None:
        return day
    return day_in(reading, text_of(pair.cell))


def _has_agenda(reading: Reading) -> bool:
    headings = reading.words.headings.get("agenda", frozenset())
    return any(key in headings for line in reading.prose for key in line.above[:1]) or any(grid.says(headings) for grid in reading.grids)


# Attendance


def _attendance(reading: Reading, pairs: Sequence[Pair], meeting_id: str, meeting: Found) -> Iterator[Found]:
    chair = fold(str(meeting.values.get("chair_id", "")))
    seen: set[str] = set()
    there: set[str] = set()

    def row_of(
        name: str,
        locator: str,
        *,
        present: bool | None,
        is_known_present: bool,
        role: str | None = None,
        has_role: bool = False,
        deputises_for: str = "",
    ) -> Found | None:
        key = fold(name)
        if not key or key in seen:
            return None
        seen.add(key)
        if present:
            there.add(key)
        row = Filling(reading, "attendance")
        row.filled.add("meeting_id")
        row.refers["meeting_id"] = ("meeting", meeting_id)
        row.set("person_id", name)
        if has_role:
            row.set("role", role)
        if is_known_present:
            row.set("is_present", present)
        if chair:
            row.set("is_chair", key == chair)
        if deputises_for:
            row.set("deputises_for_id", deputises_for)
        return row.found(locator, "attendance", name)

    for grid in reading.grids:
        if grid.index in reading.taken:
            continue
        if (listed := _headed_by_presence(reading, grid)) is not None:
            reading.taken.add(grid.index)
            place, role_place, was_there, lines = listed
            for line in lines:
                role_text = text_of(line.cell(role_place))
                for name in names_of(text_of(line.cell(place))):
                    role = reading.words.role_of(role_text) or role_text or None
                    found = row_of(name, line.locator, present=was_there, is_known_present=True, role=role, has_role=role_place is not None)
                    if found is not None:
                        yield found
            continue
        if (hit := _attendance_list(reading, grid)) is None:
            continue
        columns, lines = _with_marks(grid, *hit)
        reading.taken.add(grid.index)
        is_absent_list = bool(grid.above) and "absentees" in reading.words.labels.get(grid.above[0], ())
        ticks = {text.casefold() for line in lines if (text := _tick(line.cell(columns.get("present"))))}
        is_ticked = len(ticks) == 1 and len(next(iter(ticks))) == 1  # one sign throughout: where it is missing, nobody was there
        for line in lines:
            cells = {name: line.cell(place) for name, place in columns.items()}
            present, known = _present(reading, cells, is_absent_list=is_absent_list, is_ticked=is_ticked)
            role_text = text_of(cells.get("role"))
            people = names_of(name_in(cells))
            deputy = _deputy_in(text_of(cells.get("present"))) if len(people) == 1 else None
            if deputy is not None:
                present, known = False, True  # 'represented by Jo Lake': the seat was taken, by another
            for name in people:
                role = reading.words.role_of(role_text) or role_text or None
                found = row_of(name, line.locator, present=present, is_known_present=known, role=role, has_role="role" in cells)
                if found is not None:
                    yield found
                if found is not None and deputy is not None:
                    other = row_of(
                        deputy,
                        line.locator,
                        present=True,
                        is_known_present=True,
                        role=role,
                        has_role="role" in cells,
                        deputises_for=name,
                    )
                    if other is not None:
                        yield other
    for wanted, present in (("attendees", True), ("absentees", False)):
        for pair in pairs:
            if wanted in pair.names:
                text = text_of(pair.cell)
                named = [name for name in _named_in(text) if not _is_said(name)]
                for name in named:
                    role = _role_behind(reading, text, name)
                    found = row_of(name, pair.locator, present=present, is_known_present=True, role=role, has_role=role is not None)
                    if found is not None:
                        yield found
        for item in reading.prose:
            names = reading.words.labels.get(item.above[0], ()) if item.above else ()
            if wanted in names and (item.block.is_list_item or len(item.text) <= 80) and ":" not in item.text:
                head, role = _name_and_role(reading, item.text)
                people = names_of(head)
                if len(people) == 1 and 1 < len(people[0].split()) <= 5:
                    found = row_of(
                        people[0], item.block.locator, present=present, is_known_present=True, role=role, has_role=role is not None
                    )
                    if found is not None:
                        yield found
    if there and chair and (found := row_of(str(meeting.values["chair_id"]), meeting.locator, present=True, is_known_present=True)):
        yield found  # whoever chaired was there, also where the list names only the others


_FEWEST_SAID = 4


def _is_said(name: str) -> bool:
    """Say whether what stands among names is words: 'Apologies: Ann de Vries; a deputy or a vote was not named'."""
    said = name.split()
    plain = [word for word in said if word[:1].islower() and fold(word) not in listed("particles")]
    return len(said) >= _FEWEST_SAID and 2 * len(plain) > len(said)


def _attendance_list(reading: Reading, grid: Grid) -> tuple[dict[str, int], tuple[Line, ...]] | None:
    """Return the columns and lines of a list of those who were there, also where it goes on below the particulars of the meeting.

    Two tables with nothing between them are one: 'Date | 3 June', 'Chair | Ann Lee', then 'Name | Role | Present'.
    """
    table = reading.words.tables["attendance"]
    if (hit := find_columns(grid, table)) is not None:
        return hit
    for position, line in enumerate(grid.lines):
        texts = header_texts(line)
        if sum(1 for text in texts if text) > 2 or position > 1:
            columns = table.columns_of(texts, is_named=False)
            if columns is not None and position and {"present", "absent"} & columns.keys():
                return columns, grid.lines[position + 1 :]
        if sum(1 for text in texts if text) > 2:
            return None
    return None


_PRESENCE = (("attendees", True), ("absentees", False))


def _headed_by_presence(reading: Reading, grid: Grid) -> tuple[int, int | None, bool, tuple[Line, ...]] | None:
    """Return the columns of names and roles of a list whose header says whether its people were there: 'Present | Role', 'Apologies'.

    Such a column holds names, not ticks.
    """
    if not grid.lines or is_label_table(reading, grid):
        return None
    header, lines = grid.lines[0], grid.lines[1:]
    heads = header_texts(header)
    for wanted, was_there in _PRESENCE:
        places = [place for place, head in enumerate(heads) if head and wanted in reading.words.label(head)]
        if len(places) != 1 or not lines:
            continue
        role_columns = reading.words.tables["attendance"].columns
        others = {place: role_columns.get(fold(head), ()) for place, head in enumerate(heads) if head and place != places[0]}
        if any({"name", "first", "last", "present", "absent"} & set(said) for said in others.values()):
            continue
        names = [text for line in lines if (text := text_of(line.cell(places[0])))]
        people = [name for text in names for name in names_of(text) if len(name.split()) > 1 and any(map(str.isupper, name))]
        if names and len(people) >= len(names):
            role_place = next((place for place, said in others.items() if "role" in said), None)
            return places[0], role_place, was_there, lines
    return None


def _deputy_in(text: str) -> str | None:
    """Return who stood in, where the place for who was there says so: 'represented by Jo Lake', 'vertreten durch Jo Lake'."""
    said = text.split()
    for place in range(1, len(said)):
        if fold(" ".join(said[:place])) in listed("represented_by"):
            people = names_of(re.sub(r"\s*\([^()]*\)", "", " ".join(said[place:])).strip())
            return people[0] if len(people) == 1 else None
    return None


def _tick(cell: Cell | None) -> str:
    """Return what stands in a cell to be ticked; one sign counts even where the form calls it a prompt."""
    sign = clean(cell.text, 20) if cell is not None and not cell.is_struck else ""
    return sign if len(sign) == 1 else text_of(cell)


def _with_marks(grid: Grid, columns: dict[str, int], lines: tuple[Line, ...]) -> tuple[dict[str, int], tuple[Line, ...]]:
    """Let a column of ticks below the header of the names, which spans both, say who was there."""
    column = next((name for name in ("name", "first") if name in columns), None)
    if column is None or "present" in columns or not lines:
        return columns, lines
    place = columns[column]
    head = next((line for line in reversed(grid.lines) if line.number < lines[0].number), None)
    cell = head.cell(place) if head is not None else None
    ticks = [_tick(line.cell(place)) for line in lines]
    if cell is None or cell.column_span < 2 or not any(ticks) or any(len(tick) > 1 for tick in ticks):
        return columns, lines
    return {**columns, column: place + 1, "present": place}, lines


def _role_behind(reading: Reading, text: str, name: str) -> str | None:
    """Return the role in brackets behind a name: 'Jane Doe (senior user), on leave'.

    What no method knows stays unknown: 'architect' may well be one of the core team.
    """
    match = re.search(rf"{re.escape(name)}\s*\(([^()]{{2,60}})\)", text)
    said = [match[1], *re.split(r"[,;/]", match[1])] if match else []  # 'PO, chair'
    return next((role for text in said if (role := reading.words.role(text)) is not None), None)


_BETWEEN_TOLD = re.compile(r"\s*[;,]\s*(?![^(]*\))|\s+(?:and|und|et|y)\s+(?=[A-ZÀ-Þ])(?![^(]*\))")
_TOLD_OF = re.compile(
    r"(?P<name>(?:(?:Prof|Dra?|Mrs?|Ms|Dame|Sir|Herr|Frau|Mme|M|Sra?)\.?\s+)*[A-ZÀ-Þ][\w'’-]*\.?"
    r"(?:\s+(?:(?:de|da|di|du|la|van|von|der|den|del|dos|el|al|bin)\s+)*[A-ZÀ-Þ][\w'’-]+){1,3})(?:\s*\([^()]*\))?(?:\s+[^\W\d_A-ZÀ-Þ].*)?"
)
"""Somebody with what is told of them: 'Ann Lee (chair)', 'Jo Lake reporting', 'Bo Ek for project assurance'."""


def _named_in(text: str) -> list[str]:
    """Return the names of a list of people, without what is said about them: 'Jane Doe (senior user), on leave; no substitute'."""
    is_mixed = any(part.count(", ") > 1 for part in before_stop(text).split(";"))  # not 'Ann Lee, Field Service; Bo Ek, Field Works'
    told = [_TOLD_OF.fullmatch(part.strip(" .")) for part in _BETWEEN_TOLD.split(before_stop(text)) if part.strip(" .")]
    if ";" in text and is_mixed and len(told) >= _FEWEST_SURNAMES and all(told):
        return [match["name"] for match in told if match is not None]
    text = _REASON.sub(lambda match: match[0] if _is_name(match[0].strip("() ")) else "", _before_remark(text))
    if several := _lists_named(text):
        return several
    names = names_of(_people_text(text))
    if len(names) == 1 and all(map(_is_name, pair := names[0].split(", "))) and len(pair) > 1:
        return pair  # 'Jane Doe, John Roe'
    surnames = len(names) >= _FEWEST_SURNAMES and all(_is_name(name) or (name.isalpha() and name.istitle()) for name in names)
    if surnames or all(map(_is_name, names)):
        return names
    parts = [part for part in re.split(r"[;,]\s*(?![^(]*\))", _people_text(text)) if part.strip()]
    plain = [name for part in parts for name in names_of(part) if _is_name(name)]
    return plain or names


_REASON = re.compile(r"\s*\([^()]*,[^()]*\)")
"""Several things said of somebody in brackets: '(annual leave until 8 September, no deputy named)'."""
_FEWEST_LISTED = 4  # names between two semicolons; two or three parts may be a name, its unit and its place
_FEWEST_IN_ONE = 5  # the same where there is one list only
_FEWEST_JOINED = 3  # the same where 'and' stands before the last
_JOINED = r"\s+(?:and|und|et|y)\s+(?=[A-ZÀ-Þ])(?![^(]*\))"


def _lists_named(text: str) -> list[str]:
    """Return the names where lists stand behind one another, or in a long list that all are names.

    'Ada Finch (chair), Bo Ek, Jo Lake, Di Marsh; O. Moss for assurance'; 'Ada Finch (chair), Bo Ek, Jo Lake, Di Marsh and Al Moss (users)'.
    """
    lists = [
        [_alone(part) for part in re.split(rf",\s*(?![^(]*\))|{_JOINED}", said) if part.strip(" .")]
        for said in re.split(r";\s*(?![^(]*\))", _people_text(text))
    ]
    named = [name for names in lists for name in names]
    joined = len(lists) == 1 and re.search(_JOINED, _people_text(text)) is not None
    fewest = _FEWEST_LISTED if len(lists) > 1 else _FEWEST_JOINED if joined and not any(map(_has_small_word, named)) else _FEWEST_IN_ONE
    is_sure = max(map(len, lists)) >= fewest and all(len(names_of(name)) == 1 and _is_name(name) for name in named)
    return [names_of(name)[0] for name in named] if is_sure else []


def _has_small_word(name: str) -> bool:
    """Say whether a word is written small that is no part of names: 'Head of Unit'."""
    return any(word[:1].islower() and fold(word) not in listed("particles") for word in name.split())


def _alone(text: str) -> str:
    """Return a name without what stands behind it: 'Oona Moss (minutes)', 'O. Moss for assurance'."""
    said = re.sub(r"\s*\([^()]*\)", "", text).strip(" .").split()
    end = next((place for place, word in enumerate(said) if place > 1 and fold(word) in listed("behind_names")), len(said))
    return " ".join(said[:end])


_SENTENCE_END = re.compile(r"(?<=[\w)])(?<!\W[A-ZÀ-Þ])\.\s+(?=[A-ZÀ-Þ])")


def _before_remark(text: str) -> str:
    """Return a list of people without the sentences behind it: 'Jane Doe (leave). No deputy was named.'."""
    parts = _SENTENCE_END.split(text)
    for place, part in enumerate(parts[1:], 1):
        said = [word for word in part.split() if word[:1].isalpha()]
        if 2 * sum(word[:1].islower() for word in said) >= len(said) > 2:  # nobody is called so
            return ". ".join(parts[:place])
    return text


def _is_name(name: str) -> bool:
    said = [word for word in name.split() if word[:1].isalpha()]
    return len(name.split()) > 1 and sum(word[:1].isupper() for word in said) >= 2


def _people_text(text: str) -> str:
    return re.sub(r"\s*\n\s*", "; ", text)


def _name_and_role(reading: Reading, text: str) -> tuple[str, str | None]:
    match = re.fullmatch(r"(.{2,60}?)\s*(?:[(–—]|\s-\s|,)\s*(.{2,60}?)\)?", text)
    if match and (role := reading.words.role(match[2])):
        return match[1], role
    return text, None


def _present(reading: Reading, cells: Mapping[str, Cell | None], *, is_absent_list: bool, is_ticked: bool) -> tuple[bool | None, bool]:
    """Return whether somebody was there and whether that is known."""
    cell, absent = cells.get("present"), cells.get("absent")
    if cell is not None:
        if not is_known(cell):
            return None, False
        text = text_of(cell) or cell.text.strip()
        if not text:
            return (False, True) if is_ticked or (absent is not None and text_of(absent)) else (None, True)
        said = reading.words.value("present", text)
        value = {"yes": True, "no": False}.get(said or "")
        value = parse_boolean(text) if value is None else value
        return value, value is not None
    if absent is not None and is_known(absent):
        text = text_of(absent)
        return (not text, True) if not text or parse_boolean(text) else (None, False)
    return (False, True) if is_absent_list else (None, False)


# Actions and decisions


_ENTRY = re.compile(r"[^\W\d_]{1,6}[-_.]?\d{1,4}\b")
_ALIKE = 0.6
_NO_DECISION = re.compile(
    r"(there (were|was) )?no (formal |new |further |other |specific )*decisions?( (was|were|has been|have been|had to be|is|are))?"
    r"( (taken|made|required|needed|recorded|necessary))?|none (was |were )?(taken|made)"
    r"|(il n y a eu )?aucune (nouvelle |autre )?decision( formelle)?( n a ete)?( (prise|necessaire))?|pas de decision( prise)?"
    r"|(es wurden? )?keine (formelle[nr]? |formalen |neuen |weiteren )*(entscheidung(en)?|beschlusse)( wurden?)?"
    r"( (getroffen|gefasst|notig|erforderlich))?"
    r"|(no se (tomo|tomaron|adopto|adoptaron) )?ningun(a|as)? (nueva |otra )?decision(es)?( formal)?|sin decision(es)?|"
    r"no se (tomaron|adoptaron) decisiones"
)
"""A row that says that nothing was decided, instead of a decision; folded."""


def _is_no_decision(title: str) -> bool:
    return _NO_DECISION.fullmatch(fold(title)) is not None


def _told_decisions(reading: Reading, listed_ones: Sequence[Found]) -> Iterator[Found]:
    """Yield what the text says that a body decided and the decisions of the minutes do not list: 'The PSC releases EUR 5,000 for …'.

    What the text tells of a listed one, by a number that both name or in much the same words, is that one. Minutes and agendas are
    approved in every meeting; that is no decision which a log would hold.
    """
    titles = [fold(f"{row.own_id or ''} {row.values.get('title', '')} {row.values.get('rationale') or ''}") for row in listed_ones]
    named = {fold(entry) for row in listed_ones for entry in _ENTRY.findall(f"{row.own_id or ''} {row.values.get('title', '')}")}
    place = len(listed_ones)
    for line in reading.prose:
        if len(line.text) > _LONGEST_ITEM:
            continue
        for sentence in sentences_in(line.text):
            said = fold(sentence).split()
            is_sure = _tells_decision(reading, sentence)
            if not (is_sure or _may_tell_decision(reading, sentence)) or not listed("of_the_meeting").isdisjoint(said):
                continue
            if any(fold(entry) in named for entry in _ENTRY.findall(sentence)):
                continue
            long = {word for word in said if len(word) > 3}
            if any(len(long & set(title.split())) >= _ALIKE * min(len(long), len(set(title.split()))) for title in titles if title):
                continue
            place += 1
            item = Filling(reading, "listed_item")
            item.set("kind", "decision" if is_sure else "told_decision")
            item.set("position", place)
            item.set("ref", None)
            item.set("name", sentence[:500])
            yield item.found(line.block.locator, "decision", sentence[:200])


_FEWEST_TOLD = 6
_LONGEST_OPENING = 6  # words
_LONGEST_BODY = 4  # words


def _tells_decision(reading: Reading, sentence: str) -> bool:
    """Say whether a sentence, or what stands behind its opening words, begins with a body and what it did with its power.

    'Der Lenkungsausschuss bewilligt …', 'After discussion, the board chose …', 'Nach Beratung wählte der Ausschuss …', and what is told of
    nobody: 'Il est décidé de …'.
    """
    if len(sentence.split()) < _FEWEST_TOLD:
        return False
    return any(
        _decides(reading, words) or _starts_with(words, listed("decided_by_nobody")) or _decides_inverted(reading, words)
        for words in _openings(sentence)
    )


def _openings(sentence: str) -> Iterator[list[str]]:
    """Yield the words of a sentence, and those behind an opening of few words: 'After discussion, …', 'Nach Beratung beschließt …'."""
    words = sentence.split()
    yield words
    commas = [place for place, word in enumerate(words[:_LONGEST_OPENING], 1) if word.endswith(",")]
    for place in commas:
        yield words[place:]
    if fold(words[0]) in listed("opens_a_sentence"):
        for place in range(1, _LONGEST_OPENING):
            if place < len(words) and fold(words[place]) in listed("deciding") | listed("choosing"):
                yield words[place:]


def _decides(reading: Reading, words: list[str]) -> bool:
    """Say whether *words* begin with a body and what it did with its power."""
    for end in _bodies_end(reading, words):
        for place, word in enumerate(words[end : end + 2], end + 1):
            if fold(word) in listed("deciding"):
                return True
            if fold(word) in listed("choosing") and not _starts_with(words[place:], listed("that")):
                return True  # 'le comité retient que …' tells what it heard
    return False


def _decides_inverted(reading: Reading, words: list[str]) -> bool:
    """Say whether *words* begin with what a body did, and the body behind it: 'beschließt der Lenkungsausschuss …'."""
    is_deed = bool(words) and fold(words[0]) in listed("deciding") | listed("choosing")
    return is_deed and words[0][:1].islower() and any(_bodies_end(reading, words[1:]))


def _bodies_end(reading: Reading, words: list[str]) -> Iterator[int]:
    """Yield where the name of a body may end with which *words* begin."""
    start = 1 if len(words) > 1 and fold(words[0]) in listed("articles") else 0
    for end in range(start + 1, min(start + _LONGEST_BODY, len(words)) + 1):
        body = " ".join(words[start:end])
        if fold(body) in listed("bodies_at_work") or reading.words.role(body) in BODIES:
            yield end


def _starts_with(words: list[str], phrases: Collection[str]) -> bool:
    said = f"{fold(' '.join(words[:_LONGEST_BODY]))} "
    return any(said.startswith(f"{phrase} ") for phrase in phrases)


def _may_tell_decision(reading: Reading, sentence: str) -> bool:
    """Say whether a sentence may tell a decision, somewhere in it: '… and the board takes the second', 'it was agreed …'.

    What somebody says that a body decided is none: 'Bo Ek noted that the board approved …'.
    """
    words = sentence.split()
    if len(words) < _FEWEST_TOLD:
        return False
    for place in range(len(words)):
        if place and fold(words[place - 1]) in listed("that"):
            return False
        if _decides(reading, words[place:]) or _starts_with(words[place:], listed("agreed_by_nobody")):
            return True
    return False


def _table_rows(reading: Reading, meeting_id: str, registers: Sequence[Found]) -> Iterator[Found]:
    read = {table_of(row.locator) for row in registers}
    for grid in reading.grids:
        if grid.index in reading.taken or table_of(grid.lines[0].locator if grid.lines else "") in read:
            continue
        if (hit := find_columns(grid, reading.words.tables["decisions"])) is not None:
            reading.taken.add(grid.index)
            for line in hit[1]:
                yield from _decision(reading, hit[0], line)
        elif (hit := find_columns(grid, reading.words.tables["actions"])) is not None:
            reading.taken.add(grid.index)
            for line in hit[1]:
                yield from _action(reading, hit[0], line, meeting_id)


def _action(reading: Reading, columns: dict[str, int], line: Line, meeting_id: str) -> Iterator[Found]:
    cells = {name: line.cell(place) for name, place in columns.items()}
    title = text_of(cells.get("title"))
    if not title or is_banner(line):
        return
    row = _action_row(reading, title, meeting_id)
    row.person("owner_id", cells.get("owner"))
    row.day("due_on", cells.get("due"))
    row.code("status", "action_status", cells.get("status"))
    row.day("raised_on", cells.get("raised"))
    row.day("closed_on", cells.get("closed"))
    yield row.found(line.locator, "action", title, own_id=text_of(cells.get("id")) or None)


def _action_row(reading: Reading, title: str, meeting_id: str) -> Filling:
    row = Filling(reading, "action")
    row.set("title", title[:500])
    row.set("kind", "meeting")
    row.filled.add("meeting_id")
    row.refers["meeting_id"] = ("meeting", meeting_id)
    return row


def _decision(reading: Reading, columns: dict[str, int], line: Line) -> Iterator[Found]:
    cells = {name: line.cell(place) for name, place in columns.items()}
    title = text_of(cells.get("title"))
    if not title or is_banner(line):
        return
    row = Filling(reading, "decision")
    row.set("title", title[:500])
    row.person("owner_id", cells.get("owner"))
    row.day("decided_on", cells.get("date"))
    row.text("rationale", cells.get("rationale"))
    yield row.found(line.locator, "decision", title, own_id=text_of(cells.get("id")) or None)


def _list_rows(reading: Reading, meeting_id: str, before: Sequence[Found]) -> Iterator[Found]:
    """Yield actions and decisions of paragraphs: 'AP: … (JD, 12/05)', 'Decision: …', list items below such a heading."""
    known = {fold(str(row.values.get("title", "")))[:80] for row in before}
    actions, decisions = (reading.words.tables[name].headings for name in ("actions", "decisions"))
    for line in reading.prose:
        for text in (part for written in line.text.split("\n") for part in _at_markers(reading, written)):
            marker, rest = _marked(reading, text)
            kind = marker
            if kind is None and line.block.is_list_item and line.block.list_level == 0 and line.above:
                kind = "action" if line.above[0] in actions else "decision" if line.above[0] in decisions else None
            if kind is None or len(rest) < 4 or len(rest) > _LONGEST_ITEM or fold(rest)[:80] in known:
                continue
            known.add(fold(rest)[:80])
            yield _listed(reading, line, kind, rest, meeting_id)


_MARKER_WITHIN = re.compile(r"(?<=[.!?;])\s+(?=([^\W\d_][^:–—.\n]{0,24}?)\s*(?:#?\s*\d{1,3})?\s*:\s*\S)")
_FEWEST_WORDS = 3  # of a decision that says by itself what it is about


def _at_markers(reading: Reading, text: str) -> Iterator[str]:
    """Yield *text* cut where a decision or an action begins in the midst of it: 'Plan 3 was discussed. Decision: it is approved.'.

    What stands before 'Decision: approved.' says what was approved.
    """
    markers: list[Collection[str]] = [reading.words.markers.get(kind, ()) for kind in ("action", "decision")]
    cuts = [match for match in _MARKER_WITHIN.finditer(text) if any(fold(match[1]) in words for words in markers)]
    before = ""
    for begin, end in pairwise([0, *(match.end() for match in cuts), len(text)]):
        part = text[begin:end].strip()
        label, _, rest = part.partition(":")
        if begin and len(re.split(r"(?<=[.!?;])\s", rest.strip(), maxsplit=1)[0].split()) < _FEWEST_WORDS:
            part = f"{label}: {before.rstrip(' .;')}:{rest}"
        before = part
        yield part


def _marked(reading: Reading, text: str) -> tuple[str | None, str]:
    match = re.match(r"\s*([^\W\d_][^:–—\n]{0,24}?)\s*(?:#?\s*\d{1,3})?\s*(?::|\s[–—-]\s)\s*(.+)", text, re.DOTALL)
    if match:
        words = fold(match[1])
        for kind in ("action", "decision"):
            if words in reading.words.markers.get(kind, ()):
                return kind, match[2].strip()
    return None, text.strip()


def _listed(reading: Reading, line: Prose, kind: str, text: str, meeting_id: str) -> Found:
    title, owner, due = _owner_and_day(reading, text)
    if kind == "decision":
        row = Filling(reading, "decision")
        row.set("title", (title if due is not None or owner else text)[:500])
        if owner:
            row.set("owner_id", owner)
        if due is not None:
            row.set("decided_on", due)
        return row.found(line.block.locator, "decision", text)
    row = _action_row(reading, title, meeting_id)
    if owner:
        row.set("owner_id", owner)
    if due is not None:
        row.set("due_on", due)
    return row.found(line.block.locator, "action", title)


def _owner_and_day(reading: Reading, text: str) -> tuple[str, str, date | None]:
    """Split 'Send the list (JD, 12/05/2026)' into what, who and until when; what is not said beyond doubt is left in the text."""
    match = _TAIL.search(text)
    if not match:
        return text, "", None
    owner, day = "", None
    for part in re.split(r"\s*[;,]\s*|\s+[–—-]\s+", match[1]):
        plain = _without_marker(reading, part)
        if (found := reading.day(plain)) is not None and day is None:
            day = found
        elif (
            not owner and re.search(r"[^\W\d_]{2}", plain) and not re.search(r"\d", plain) and len(plain.split()) <= 4 and person_of(plain)
        ):
            owner = person_of(plain)
        else:
            return text, "", None
    is_person = (
        bool(re.fullmatch(r"[A-Z]{2,4}", owner))
        or (len(owner.split()) > 1 and all(word[:1].isupper() for word in owner.split()))
        or reading.words.role(owner)
    )
    if day is None and not is_person:
        return text, "", None
    return text[: match.start()].strip(), owner if is_person or day is not None else "", day


def _without_marker(reading: Reading, text: str) -> str:
    words = text.strip()
    for name in ("due", "owner"):
        for marker in reading.words.markers.get(name, ()):
            pattern = re.match(rf"{re.escape(marker)}\s*:?\s+", fold(words[: len(marker) + 2]) + " ")
            if pattern and fold(words).startswith(f"{marker} "):
                return words.split(":", 1)[1].strip() if ":" in words else " ".join(words.split()[len(marker.split()) :])
    return words
