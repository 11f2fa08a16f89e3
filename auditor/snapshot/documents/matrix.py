"""Tables of who completed which training: a row for each person, a column for each training, a day where they meet.

    | Person   | Start      | Security awareness | Data protection |
    | Ann Lee  | 2026-03-06 | 2026-03-20         |                 |

A day says when it was completed, an empty place that it was not; a mere tick leaves the day unknown. A list of who has access often has
such columns between its own; there only headers that name a training count.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from auditor.connect.document import Cell
from auditor.connect.values import DayOrder, clean, fold, is_placeholder, parse_boolean
from auditor.snapshot.documents.cells import day_of
from auditor.snapshot.documents.context import Around
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.grid import Grid
from auditor.snapshot.documents.headers import Register
from auditor.snapshot.words import words

TABLE = "training"
_HEADER_ROWS = 12
_NAMED = 1.0  # points of a place that bears the register's name
_LONGEST_TOPIC = 60
_MOST_WORDS_OF_A_NAME = 6
_ENOUGH = 0.8  # of the cells that say something
_NOT_ASKED = frozenset(
    ("n a", "na", "not applicable", "not required", "exempt", "entfallt", "nicht erforderlich", "sans objet", "non requis", "no aplica")
)
_MISSING = frozenset(
    (
        "missing",
        "open",
        "outstanding",
        "pending",
        "due",
        "overdue",
        "offen",
        "fehlt",
        "ausstehend",
        "manquant",
        "a faire",
        "pendiente",
        "falta",
    )
)


@dataclass(frozen=True, slots=True)
class MatrixRead:
    """The trainings of one table."""

    rows: tuple[Found, ...]
    columns: frozenset[str]
    labels: tuple[tuple[str, str], ...]  # header → column of the model


def read_matrix(grid: Grid, register: Register, around: Around, order: DayOrder) -> MatrixRead | None:
    """Return what a matrix of persons and trainings says, or None when *grid* is none."""
    for row in range(min(grid.height - 1, _HEADER_ROWS)):
        if len(grid.filled(row)) < 2:
            continue
        here = around.below(grid, row)
        if here.points(register.name) < _NAMED:
            return None
        labels = {column: clean(grid.text(row, column), 200) for column in grid.filled(row)}
        person = next(
            (at for at, text in labels.items() if any(match.column == "person_id" for match in register.match_exactly(text))), None
        )
        if person is None:
            continue
        topics = [at for at, text in labels.items() if at > person and _is_topic(grid, register, row + 1, at, text, order)]
        if topics and any(_day(grid, at, column, order) for at in range(row + 1, grid.height) for column in topics):
            return _read(grid, row, person, topics, labels, order)
    return None


def trainings_beside(
    grid: Grid, body: int, person: int, labels: Mapping[int, str], rest: Iterable[int], register: Register, order: DayOrder
) -> MatrixRead | None:
    """Return the trainings that columns of a list of people tell, those of *rest* whose headers name one; None when none does.

    Args:
        grid: the list.
        body: the first row of people.
        person: the column of their names.
        labels: header of each column.
        rest: columns that the list has no other use for.
        register: that of trainings, whose own headers name none.
        order: how days in figures are written.
    """
    topics = [at for at in rest if _names_training(labels[at]) and _is_topic(grid, register, body, at, labels[at], order)]
    if not any(_day(grid, at, column, order) for at in range(body, grid.height) for column in topics):
        return None
    return _read(grid, body - 1, person, topics, dict(labels), order)


def _names_training(label: str) -> bool:
    said = f" {fold(label)} "
    return any(f" {word} " in said for name in ("trainings", "training_topics") for word in words(name))


def _is_topic(grid: Grid, register: Register, body: int, column: int, label: str, order: DayOrder) -> bool:
    """Say whether a header names a training: it means nothing else, and below it stand days, ticks and gaps alone."""
    if len(label) > _LONGEST_TOPIC or register.match_exactly(label) or register.is_other(label) or register.is_foreign(label):
        return False
    said = [grid.cell(row, column) for row in range(body, grid.height) if grid.text(row, column).strip()]
    fits = sum(day_of(cell, order) is not None or _is_mark(cell) for cell in said)
    return not said or fits >= _ENOUGH * len(said)


def _is_mark(cell: Cell) -> bool:
    text = clean(cell.text, 40)
    return is_placeholder(text) or fold(text) in _NOT_ASKED | _MISSING or parse_boolean(text) is not None


def _day(grid: Grid, row: int, column: int, order: DayOrder) -> bool:
    return day_of(grid.cell(row, column), order) is not None


def _read(grid: Grid, header: int, person: int, topics: list[int], labels: dict[int, str], order: DayOrder) -> MatrixRead:
    rows: list[Found] = []
    for row in range(header + 1, grid.height):
        name = clean(grid.text(row, person), 200)
        if not name or is_placeholder(name) or len(name.split()) > _MOST_WORDS_OF_A_NAME or any(letter.isdigit() for letter in name):
            continue
        for column in topics:
            cell = grid.cell(row, column)
            text = clean(cell.text, 40)
            if fold(text) in _NOT_ASKED:
                continue
            values: dict[str, object] = {"person_id": name, "topic": labels[column]}
            filled = {"person_id", "topic"}
            if (day := day_of(cell, order)) is not None:
                values["completed_on"] = day
                filled.add("completed_on")
            elif is_placeholder(text) or fold(text) in _MISSING or parse_boolean(text) is False:
                filled.add("completed_on")
            if grid.is_hidden_column(column) or cell.type == "uncalculated":
                values.pop("completed_on", None)
                filled.discard("completed_on")
            key = (fold(name)[:200], fold(labels[column])[:200])
            rows.append(Found(TABLE, values, frozenset(filled), grid.locator(row, [person, column]), None, TABLE, key))
    named = [(labels[person], "person_id"), *((labels[column], "completed_on") for column in topics)]
    return MatrixRead(tuple(rows), frozenset({"person_id", "topic", "completed_on"}), tuple(named))
