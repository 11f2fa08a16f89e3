"""Control blocks and cover pages: title, version, date, author, owner, sensitivity, status; and the project's facts beside them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.matters.grid import (
    Filling,
    Grid,
    Pair,
    Reading,
    day_of,
    is_known,
    is_label_table,
    pair_in,
    pairs_of,
    person_of,
    text_of,
)
from auditor.snapshot.documents.matters.words import parse_version
from auditor.snapshot.documents.values import clean, currency_of, multiple_of, parse_number

CONTROL = frozenset({"version_on_cover", "date_on_cover", "author_id", "owner_id", "sensitivity"})
"""Columns of `artefact` for which the control block of a controlled document has a place."""

_DOCUMENT_LABELS = frozenset({"title", "version", "author", "document_owner", "sensitivity", "status", "approved_on", "submitted_on"})
_PROJECT_LABELS = frozenset({"project_title", "project_start", "project_end", "budget"})
_MOST_FRONT = 60  # paragraphs of a cover page
_LONGEST_VALUE = 200


@dataclass(slots=True)
class Facts:
    """What is known of the document itself."""

    values: dict[str, Any] = field(default_factory=dict)
    filled: set[str] = field(default_factory=set)

    def put(self, column: str, value: Any) -> None:
        """Fill *column*; the first place that says something wins, a blank one never erases."""
        self.filled.add(column)
        if value is not None and value != "" and column not in self.values:
            self.values[column] = value


def read_control(reading: Reading, facts: Facts) -> Iterator[Found]:
    """Fill *facts* from control blocks and the cover; yield the row of table `project` with what they say of it."""
    project = Filling(reading, "project")
    place = ""
    owner: Pair | None = None
    owned = False
    for pairs, is_control in _blocks(reading):
        names = {name for pair in pairs for name in pair.names}
        is_about_document = is_control or len(names & _DOCUMENT_LABELS) >= 2
        for pair in pairs:
            if is_about_document:
                owned = owned or "document_owner" in pair.names
                owner = owner or (pair if "project_owner" in pair.names else None)
                _document(reading, facts, pair)
            place = place or (pair.locator if _project(reading, project, pair) else "")
    if owner is not None and not owned and is_known(owner.cell):
        facts.put("owner_id", person_of(text_of(owner.cell)))
    if project.filled:
        yield project.found(place, "control block")


def _blocks(reading: Reading) -> Iterator[tuple[list[Pair], bool]]:
    """Yield the pairs of every block that may be about the document or project, and whether it is surely a control block."""
    for grid in reading.grids:
        is_control = grid.says(reading.words.headings["control"]) if "control" in reading.words.headings else False
        if not is_label_table(reading, grid) or not (is_control or grid.is_front or _is_early(reading, grid)):
            continue
        reading.taken.add(grid.index)
        yield pairs_of(reading, grid), is_control
    cover = [
        pair
        for line in reading.prose[:_MOST_FRONT]
        if line.is_front
        for text in line.text.split("\n")
        if (pair := pair_in(reading, text, line.block.locator))
    ]
    if cover:
        yield cover, False


def _is_early(reading: Reading, grid: Grid) -> bool:
    """Say whether the table is the only label table before any other table; forms begin so."""
    return grid is reading.grids[0]


def _document(reading: Reading, facts: Facts, pair: Pair) -> None:
    if not is_known(pair.cell):
        return
    text = text_of(pair.cell)
    if len(text) > _LONGEST_VALUE * 2:
        return
    for name in pair.names:
        match name:
            case "title":
                facts.put("title", clean(text, 300).replace("\n", " ") or None)
            case "version":
                facts.put("version_on_cover", parse_version(text) if text else None)
                if status := reading.words.inside("status", text):
                    facts.put("status", status)
            case "date":
                _put_day(reading, facts, "date_on_cover", pair)
            case "author":
                facts.put("author_id", person_of(text))
            case "document_owner":
                facts.put("owner_id", person_of(text))
            case "sensitivity":
                facts.put("sensitivity", clean(text, 80))
            case "status":
                status = reading.words.value("status", text) if text else None
                if not text or status:
                    facts.put("status", status)
                    if text:
                        facts.values.setdefault("status_raw", clean(text, 80))
            case "approved_on" | "submitted_on":
                _put_day(reading, facts, name, pair)
            case "approved_by":
                facts.put("approved_by", person_of(text))
            case _:
                continue


def _put_day(reading: Reading, facts: Facts, column: str, pair: Pair) -> None:
    text = text_of(pair.cell)
    day = day_of(reading, pair.cell)
    if day is None and text:
        facts.values.setdefault(f"{column}_raw", text[:200])
        return
    facts.put(column, day)


def _project(reading: Reading, project: Filling, pair: Pair) -> bool:
    """Fill *project* from *pair*; say whether it did."""
    if not is_known(pair.cell):
        return False
    text = text_of(pair.cell)
    before = len(project.filled)
    if "project_title" in pair.names and text and len(text) <= _LONGEST_VALUE:
        project.set("name", clean(text, 200).replace("\n", " "))
    for label, column in (("project_start", "start_on"), ("project_end", "planned_end_on")):
        if label in pair.names and (day := day_of(reading, pair.cell)) is not None:
            project.set(column, day)
    if "budget" in pair.names:
        put_money(reading, project, pair.label, text)
    return len(project.filled) > before


def put_money(reading: Reading, row: Filling, label: str, text: str) -> None:
    """Fill `budget` and `currency` of *row* from an amount, where it is one beyond doubt."""
    number = parse_number(text.split("\n", maxsplit=1)[0], reading.language)
    if number is None or number.is_percent or number.value <= 0:
        return
    row.set("budget", number.value.scaleb(multiple_of(label)))
    currency = number.currency or currency_of(label)
    if currency is not None:
        row.set("currency", currency)
