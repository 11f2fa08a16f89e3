"""When users were trained, by records of courses, and by when plans promise that they are.

A record is a table with a day and a group, participants or a trainer, where its title or the document's speaks of training:

    | No | Date  | Group     | Participants | Trainer |
    | 7  | 28/04 | Night crew | 3           | P. Kall |

A promise stands in a plan: a line that speaks of training users and names one day, or a sentence with 'before go-live'.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from auditor.connect.values import fold, parse_boolean
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.matters.grid import DAY_IN_TEXT, Filling, Grid, Line, Reading, day_of, header_texts, text_of
from auditor.snapshot.documents.matters.minutes import AGENDA, MINUTES
from auditor.snapshot.documents.matters.reports import KINDS as REPORTS
from auditor.snapshot.documents.matters.sentences import sentences_in
from auditor.snapshot.words import words

_PLANS = frozenset({"business_implementation_plan", "transition_plan", "training_plan", "project_work_plan"})
_NO_RECORD = _PLANS | MINUTES | AGENDA | frozenset(REPORTS) | {"communication_management_approach", "stakeholder_matrix"}
_HEADER_WITHIN = 4
_MOST_LINES = 300
_LONGEST = 200
_FEWEST_BESIDE = 1
_FEWEST_NAMES = 2  # of a person
_COUNTED = re.compile(r"(?<!\w)\d{1,5}\s+[^\W\d_]{3,}")


def read_trainings(reading: Reading) -> Iterator[Found]:
    """Yield `listed_item`s (kind `figure`): `course_held` with its day, `training_promised` with the day until which, or none.

    Lists of attendance give `course_attended` and `course_missed`, each with person and day.

    A promise without a day is one for the time before go-live.
    """
    if reading.kind in _PLANS:
        yield from _promises(reading)
    if reading.kind not in _NO_RECORD and not _says(" ".join(reading.titles), "plans"):
        for grid in reading.grids:
            titles = (*reading.titles, *grid.above[:1], grid.table.name)
            if any(_says(text, "trainings") for text in titles) and not any(_says(text, "plans") for text in grid.above[:1]):
                yield from _courses(reading, grid)
        yield from _lists(reading)


def _lists(reading: Reading) -> Iterator[Found]:
    """Yield who attended a training and who missed it, by lists of attendance: 'Ann Lee | 23 April 2026 | absent | no catch-up'.

    Somebody whose line tells of a day or of a plan to catch up, or that they left, says nothing.
    """
    name = reading.path.rpartition("/")[2].replace("_", " ")
    for grid in reading.grids:
        banner = [text_of(cell) for line in grid.lines[:1] for cell in line.cells if not cell.is_covered][:1]
        if not any(_says(text, "trainings") for text in (name, *reading.titles, *grid.above[:1], grid.table.name, *banner)):
            continue
        for at, line in enumerate(grid.lines[:_HEADER_WITHIN]):
            heads = [fold(head) for head in header_texts(line)]
            places = [[place for place, head in enumerate(heads) if head in words(of)] for of in ("course_people", "course_presence")]
            days = [place for place, head in enumerate(heads) if head in words("day") | words("course_days") | words("course_sessions")]
            if all(len(found) == 1 for found in (*places, days)):
                yield from _attendance(reading, grid.lines[at + 1 : at + 1 + _MOST_LINES], places[0][0], places[1][0], days[0])
                break


def _attendance(reading: Reading, lines: Sequence[Line], who: int, presence: int, when: int) -> Iterator[Found]:
    for row in lines:
        person, day = text_of(row.cell(who)), day_of(reading, row.cell(when))
        said = text_of(row.cell(presence))
        state = {"yes": True, "no": False}.get(reading.words.value("present", said) or "", parse_boolean(said)) if said else None
        if state is None or day is None or len(person.split()) < _FEWEST_NAMES:
            continue
        rest = [text for place, cell in enumerate(row.cells) if place not in {who, presence, when} and (text := text_of(cell))]
        told = " | ".join(rest)
        is_caught_up = _says(told, "course_catch_up") and not _says(told, "none_of_it")
        if not state and (is_caught_up or _says(told, "leaves") or any(DAY_IN_TEXT.search(text) for text in rest)):
            continue
        item = Filling(reading, "listed_item")
        item.set("kind", "figure")
        item.set("name", "course_attended" if state else "course_missed")
        item.set("person_id", person)
        item.set("text", told[:_LONGEST] or None)
        item.set("on_date", day)
        yield item.found(row.locator, "figure", "attendance", person, day.isoformat())


def _courses(reading: Reading, grid: Grid) -> Iterator[Found]:
    for at, line in enumerate(grid.lines[:_HEADER_WITHIN]):
        heads = [fold(head) for head in header_texts(line)]
        days = [place for place, head in enumerate(heads) if head in words("day") | words("course_days")]
        who = [place for place, head in enumerate(heads) if head in words("course_groups")]
        beside = [place for place, head in enumerate(heads) if head in words("course_columns")]
        if len(days) != 1 or not who or len(beside) < _FEWEST_BESIDE or any(head in words("course_planned") for head in heads):
            continue
        for row in grid.lines[at + 1 : at + 1 + _MOST_LINES]:
            day = day_of(reading, row.cell(days[0]))
            group = text_of(row.cell(who[0]))
            if day is not None and group and not _is_other(row):
                yield _item(reading, "course_held", day, group, _told(row), row.locator)
        return


def _is_other(row: Line) -> bool:
    """Say whether a line tells that the course is no first one, or was not held."""
    return any(_says(text_of(cell), name) for cell in row.cells for name in ("course_again", "course_not_held"))


def _promises(reading: Reading) -> Iterator[Found]:
    for grid in reading.grids:
        if any(fold(head) in words("history_columns") for line in grid.lines[:_HEADER_WITHIN] for head in header_texts(line)):
            continue  # when a version was written is no day of a promise
        for row in grid.lines[:_MOST_LINES]:
            said = next((text for cell in row.cells if _is_of_users(text := text_of(cell))), "")
            if not said:
                continue
            found = {day for cell in row.cells if (day := day_of(reading, cell)) is not None}
            if len(found) == 1:
                yield _item(reading, "training_promised", found.pop(), said, _told(row), row.locator)
            if _says(_told(row), "before_go_live"):
                yield _item(reading, "training_promised", None, said, _told(row), row.locator)
    for line in reading.prose:
        for sentence in sentences_in(line.text):
            if not _is_of_users(sentence):
                continue
            found = {day for match in DAY_IN_TEXT.finditer(sentence) if (day := reading.day(match[0])) is not None}
            if len(found) == 1 and any(_says(sentence[: match.start()][-12:], "until_day") for match in DAY_IN_TEXT.finditer(sentence)):
                yield _item(reading, "training_promised", found.pop(), "", sentence, line.block.locator)
            if _says(sentence, "before_go_live"):
                yield _item(reading, "training_promised", None, "", sentence, line.block.locator)


def _is_of_users(text: str) -> bool:
    """Say whether a text speaks of training people, not of a course's material or of a room: 'Training of all 38 users'."""
    return _says(text, "trainings") and (_says(text, "trained_people") or _COUNTED.search(text) is not None)


def _told(row: Line) -> str:
    return " | ".join(text for cell in row.cells if (text := text_of(cell)))


def _says(text: str, name: str) -> bool:
    padded = f" {fold(text)} "
    return any(f" {word} " in padded for word in words(name))


def _item(reading: Reading, name: str, day: date | None, who: str, text: str, place: str) -> Found:
    row = Filling(reading, "listed_item")
    row.set("kind", "figure")
    row.set("name", name)
    row.set("ref", who[:_LONGEST])
    row.set("text", text[:_LONGEST])
    row.set("on_date", day)
    return row.found(place, "figure", name, who, text[:_LONGEST], "" if day is None else day.isoformat())
