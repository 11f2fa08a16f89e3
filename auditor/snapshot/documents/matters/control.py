"""Control blocks and cover pages: title, version, date, author, owner, sensitivity, status; and the project's facts beside them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from auditor.connect.document import Cell
from auditor.connect.values import clean, currency_of, fold, multiple_of, parse_number, parse_period
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.matters.grid import (
    Filling,
    Grid,
    Pair,
    Prose,
    Reading,
    day_in,
    day_of,
    find_columns,
    is_known,
    is_label_table,
    pair_in,
    pairs_of,
    person_of,
    statements_in,
    text_of,
)
from auditor.snapshot.documents.matters.sentences import denies
from auditor.snapshot.documents.matters.words import parse_version
from auditor.snapshot.documents.signings import is_open
from auditor.snapshot.words import words

CONTROL = frozenset({"version_on_cover", "date_on_cover", "author_id", "owner_id", "sensitivity"})
"""Columns of `artefact` for which the control block of a controlled document has a place."""

_DOCUMENT_LABELS = frozenset({"title", "version", "author", "document_owner", "sensitivity", "status", "approved_on", "submitted_on"})
_VERSIONS = frozenset({"version", "issue_number"})
_PROJECT_LABELS = frozenset({"project_title", "project_start", "project_end", "budget"})
_BARE_VERSION = re.compile(r"[vV]?\.?\s?\d{1,3}(\.\d{1,3}){1,3}(\s*[-–(]?\s*[^\W\d_]{3,12}\)?)?")
_VERSION_OF_DAY = re.compile(
    r"([^\W\d_][^\d,:]{1,30}?):?\s+v?(\d{1,3}(?:\.\d{1,3}){1,3})(?:\s+[-–—]\s+|,?\s+)\(?(?:(?:of|dated|from|on|vom|du|de|del)\s+)?(.{6,30}?)[.)]?",
    re.IGNORECASE,
)
_MOST_BOX_LINES, _FEWEST_BOX_LINES = 6, 3
_LONGEST_VALUE = 200
_YEAR = 4  # digits
_PAGE_HEADER = "page header"
_SIDE_BY_SIDE = re.compile(r"\s*[|·•]\s*")
_MONTH = re.compile(r"[^\W\d_]{3,12}\.?,?( de| del)? \d{4}")


@dataclass(slots=True)
class Facts:
    """What is known of the document itself."""

    values: dict[str, Any] = field(default_factory=dict)
    filled: set[str] = field(default_factory=set)

    def said(self, column: str) -> bool:
        """Say whether the document says anything of *column*, understood or not."""
        return column in self.filled or bool(self.values.get(f"{column}_raw"))

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
        is_about_document = is_control or len(names & _DOCUMENT_LABELS) >= 2 or {"version", "date"} <= names
        for pair in pairs:
            if is_about_document:
                owned = owned or "document_owner" in pair.names
                owner = owner or (pair if "project_owner" in pair.names and names & _DOCUMENT_LABELS else None)
                _document(reading, facts, pair, is_control=is_control)
            if _project(reading, project, pair):
                place = place or pair.locator
    if "date_on_cover" not in facts.filled and (said := _undecided_date(reading)):
        facts.values.setdefault("date_on_cover_raw", said)
    if owner is not None and not owned and is_known(owner.cell):
        facts.put("owner_id", person_of(text_of(owner.cell)))
    if "approved_on" not in facts.values:
        facts.values.pop("approved_by", None)  # 'approved by' without a day names who has to approve
        facts.filled.discard("approved_by")
    if project.filled:
        yield project.found(place, "control block")


def _blocks(reading: Reading) -> Iterator[tuple[list[Pair], bool]]:
    """Yield the pairs of every block that may be about the document or project, and whether it is surely a control block."""
    last: tuple[Grid, list[Pair], bool] | None = None
    for grid in reading.grids:
        is_control = grid.says(reading.words.headings["control"]) if "control" in reading.words.headings else False
        if not is_label_table(reading, grid) or not (is_control or grid.is_front or _is_early(reading, grid)):
            continue
        tables = ("roles", "approvers") if not is_control else ("approvers",)
        if any(find_columns(grid, reading.words.tables[name]) is not None for name in tables):
            continue  # 'Role | Name' above Project Owner, Project Manager: roles that people hold, or who approves; no labels
        reading.taken.add(grid.index)
        if last is not None and grid.index == last[0].index + 1 and grid.heading is last[0].heading:
            last = (grid, [*last[1], *pairs_of(reading, grid)], last[2] or is_control)  # two tables, one below the other: one block
            continue
        if last is not None:
            yield last[1:]
        last = (grid, list(pairs_of(reading, grid)), is_control)
    if last is not None:
        yield last[1:]
    for grid in reading.grids:
        if grid.is_front and not grid.is_sheet and grid.index not in reading.taken:
            for line in grid.lines[:_MOST_BOX_LINES]:
                for cell in line.cells:
                    if not cell.is_covered and (pairs := list(_in_box(reading, cell, line.locator))):
                        yield pairs, _heads_control(reading, cell)
    controlled = reading.words.headings.get("control", frozenset())
    below = [pair for line in reading.prose if line.above and line.above[0] in controlled for pair in _pairs_in(reading, line)]
    if below:
        yield below, True
    cover = list(_cover(reading))
    if cover:
        yield cover, True


def _heads_control(reading: Reading, cell: Cell) -> bool:
    return reading.words.is_heading("control", text_of(cell).split("\n", maxsplit=1)[0])


def _in_box(reading: Reading, cell: Cell, locator: str) -> Iterator[Pair]:
    """Yield what the lines of a cell say that is a block of its own: 'Written by: …', 'Edition 1.0 of 3 May 2026', one below the other."""
    lines = [line.strip(" •–—-*\t") for line in text_of(cell).split("\n")]
    if len(lines) < _FEWEST_BOX_LINES:
        return
    for line in lines:
        if (pair := pair_in(reading, line, locator)) is not None:
            yield pair
        elif both := _version_of_day(reading, line, locator):
            yield from both
        elif (pair := _unmarked(reading, line, locator)) is not None:
            yield pair


def _version_of_day(reading: Reading, line: str, locator: str) -> list[Pair]:
    """Return what 'Version 1.0 of 3 May 2026' or 'Version 3.0 12/03/2026' says; nothing for another line."""
    match = _VERSION_OF_DAY.fullmatch(line)
    if match is None or reading.day(match[3]) is None or not _VERSIONS & set(names := reading.words.label(match[1])):
        return []
    return [Pair(names, match[1], Cell(match[2]), locator), Pair(("date",), "", Cell(match[3]), locator)]


def settle_cover(reading: Reading, facts: Facts) -> None:
    """Let the version on the cover be that of the cover itself, whatever the control block says, by which approvals are told."""
    if facts.values.get("version_on_cover") and (said := _version_on_cover(reading)) is not None:
        facts.values["version_on_cover"] = said


def _version_on_cover(reading: Reading) -> str | None:
    """Return the one version that lines of the cover say, above all tables; None where they say none, or several."""
    others = {place for text, place in reading.front if not words("of_template").isdisjoint(fold(text).split())}  # 'Template version: 3.0'
    pairs = [pair for pair in _cover(reading) if pair.locator not in {_PAGE_HEADER, *others} and "version" in pair.names]
    said = {
        version
        for pair in pairs
        if is_known(pair.cell) and _BARE_VERSION.fullmatch(text_of(pair.cell)) and (version := parse_version(text_of(pair.cell)))
    }
    return said.pop() if len(said) == 1 else None


def _undecided_date(reading: Reading) -> str:
    """Return what a cover says of its date that is no single day: 'March 2026', or several days; '' when it says nothing."""
    said = [text for text, _ in reading.front if reading.day(text) is not None or _is_month(text)]
    return "; ".join(said)[:_LONGEST_VALUE]


def _is_month(text: str) -> bool:
    return _MONTH.fullmatch(text.strip()) is not None and parse_period(text) is not None


def _pairs_in(reading: Reading, line: Prose) -> Iterator[Pair]:
    for text in line.text.split("\n"):
        if (pair := pair_in(reading, text, line.block.locator)) is not None:
            yield pair


def _cover(reading: Reading) -> Iterator[Pair]:
    """Yield what the cover says: 'Version: 1.2', 'Version 1.2', 'Date' with the day on the next line, a day alone; then page headers."""
    days: list[Pair] = []
    front = [(part.strip(), locator) for text, locator in reading.front for part in _SIDE_BY_SIDE.split(text)]
    for position, (text, locator) in enumerate(front):
        names = reading.words.label(text)
        after = front[position + 1][0] if position + 1 < len(front) else ""
        stated = statements_in(reading, text, locator)
        if both := _version_of_day(reading, text, locator):
            yield from both
        elif stated is not None:
            yield from stated
        elif (pair := pair_in(reading, text, locator)) is not None or (pair := _unmarked(reading, text, locator)) is not None:
            yield pair
        elif ("date" in names and reading.day(after)) or (_VERSIONS & set(names) and _BARE_VERSION.fullmatch(after)):
            yield Pair(names, text, Cell(after), locator)
        elif reading.day(text) is not None and not (position and reading.words.label(front[position - 1][0])):
            days.append(Pair(("date",), "", Cell(text), locator))
    if len(days) == 1:
        yield days[0]
    for header in reading.document.headers[:20]:
        for text in re.split(r"[\n|\t]", header):
            if (pair := _unmarked(reading, text.replace(":", " "), _PAGE_HEADER)) is not None:
                yield pair


def _unmarked(reading: Reading, text: str, locator: str) -> Pair | None:
    """Return the pair of 'Version 1.2' or 'Datum 3.4.2026', where the value is beyond doubt."""
    said = text.split()
    for count in range(1, min(4, len(said))):
        names = reading.words.label(" ".join(said[:count]))
        rest = " ".join(said[count:])
        if (_VERSIONS & set(names) and _BARE_VERSION.fullmatch(rest)) or ("date" in names and reading.day(rest) is not None):
            return Pair(names, " ".join(said[:count]), Cell(rest), locator)
    return None


def _is_early(reading: Reading, grid: Grid) -> bool:
    """Say whether the table is the only label table before any other table; forms begin so."""
    return grid is reading.grids[0]


def _document(reading: Reading, facts: Facts, pair: Pair, *, is_control: bool) -> None:
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
            case "issue_number":
                if _BARE_VERSION.fullmatch(text) or (is_control and text.isdigit() and len(text) < _YEAR):
                    facts.put("version_on_cover", parse_version(text))
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
                elif (day := _approved_in(reading, text)) is not None:
                    facts.put("status", "approved")
                    facts.put("approved_on", day)
            case "approved_on" | "submitted_on":
                _put_day(reading, facts, name, pair)
            case "approved_by":
                who, day = _who_and_when(reading, text, facts.values.get("version_on_cover"))
                facts.put("approved_by", who)
                if day is not None:
                    facts.put("approved_on", day)
            case _:
                continue


_OF_VERSION = re.compile(
    r"\(\s*(?:(?:for|of|pour|für|de|para)\s+)?v?(?:ersion\s|ersión\s)?\.?\s*(\d{1,3}(?:\.\d{1,3}){1,3})(?:,[^()]*)?\s*\)", re.IGNORECASE
)


def _approved_in(reading: Reading, text: str) -> date | None:
    """Return the day of a status that tells of its approval: 'Approved by the board on 3 May 2026'."""
    is_approved = reading.words.inside("status", text) == "approved" and not denies(reading, text) and not is_open(text)
    return day_in(reading, text) if is_approved else None


def _who_and_when(reading: Reading, text: str, version: Any) -> tuple[str, date | None]:
    """Return who approved and on which day: 'Project board, 30 April 2026', 'Ann Lee, 3 May 2026 (v1.0); 4 June 2026 (v1.1)'.

    Of several days it is that of the version on the cover, or the last one where none names a version.
    """
    told = told_approvals(reading, text)
    if not told:
        return person_of(text), None
    own = [entry for entry in told if entry[0] is not None and entry[0] == version]
    if not own and any(entry[0] is not None for entry in told):
        return person_of(told[-1][2]), None  # approved were other versions
    _, day, name = own[-1] if own else max(told, key=lambda entry: entry[1])
    return person_of(name), day


def told_approvals(reading: Reading, text: str) -> list[tuple[str | None, date, str]]:
    """Return of which version, when and by whom each approval is that *text* tells: 'Ann Lee, 3 May 2026 (v1.0); 4 June 2026 (v1.1)'."""
    who = ""
    told: list[tuple[str | None, date, str]] = []
    for part in re.split(r"\s*[;\n]\s*", text):
        if (day := day_in(reading, part)) is None or denies(reading, part) or is_open(part):
            continue
        said = _OF_VERSION.search(part)
        name = re.split(r"\s*[,(]\s*|\s+(?:on|am|le|el)\s+|\s+(?=\d)", part.strip(), maxsplit=1)[0]
        if name and not any(letter.isdigit() for letter in name):
            if not name[0].isupper() and reading.words.role(name) is None:
                continue  # 'issued with the end project report, 24 June 2026'
            who = name
        told.append((said[1] if said is not None else None, day, who))
    return told


def _put_day(reading: Reading, facts: Facts, column: str, pair: Pair) -> None:
    text = text_of(pair.cell)
    day = day_of(reading, pair.cell)
    if day is None and text:
        facts.values.setdefault(f"{column}_raw", text[:200])
        return
    facts.put(column, day)


_AND_ON = re.compile(r"[.;,]\s+(?=\S)")


def _project(reading: Reading, project: Filling, pair: Pair) -> bool:
    """Fill *project* from *pair*; say whether it did."""
    if not is_known(pair.cell):
        return False
    text = text_of(pair.cell)
    before = len(project.filled)
    if "project_title" in pair.names and text and len(text) <= _LONGEST_VALUE:
        name = _before_labels(reading, clean(text, 200).replace("\n", " "))
        if not _is_told(reading, name):
            project.set("name", name)
    for label, column in (("project_start", "start_on"), ("project_end", "planned_end_on")):
        if label in pair.names and (day := day_of(reading, pair.cell)) is not None:
            project.set(column, day)
    if "budget" in pair.names:
        put_money(reading, project, pair.label, text)
    return len(project.filled) > before


def _is_told(reading: Reading, text: str) -> bool:
    """Say whether *text* tells something of the project and does not name it: 'Project: end 3 July 2026, in four weeks; cost +1 %'."""
    return ";" in text or _SENTENCE_END.search(text) is not None or day_in(reading, text) is not None or "%" in text


_SENTENCE_END = re.compile(r"[^\W\d_]{3}[.!?]\s+[^\W\d_]{2,}\s+[^\W\d_]")
"""A sentence behind which another one begins; 'St. Mary' and 'Nr. 3' end none."""


def _before_labels(reading: Reading, text: str) -> str:
    """Return a name without what a line goes on with: 'Harbour Booking (HB). Version 1.0, 12 March 2026'."""
    for match in _AND_ON.finditer(text):
        if reading.words.label(text[match.end() :].split(maxsplit=1)[0].rstrip(":")):
            return text[: match.start()]
    return text


def put_money(reading: Reading, row: Filling, label: str, text: str) -> None:
    """Fill `budget` and `currency` of *row* from an amount, where it is one beyond doubt."""
    number = parse_number(text.split("\n", maxsplit=1)[0], reading.language)
    if number is None or number.is_percent or number.value <= 0:
        return
    row.set("budget", number.value.scaleb(multiple_of(label)))
    currency = number.currency or currency_of(label)
    if currency is not None:
        row.set("currency", currency)
