"""Registers of a document: risk logs, decision registers, lists of deliverables … become rows of the model.

A table is a register when one of its rows reads like the header of one, and what stands around it (sheet, caption, heading, file name)
does not say otherwise. Headers are scored against every declared register (`headers`), two-row headers and headers further down
included; the values below decide between columns that a header may mean.

Decisions that a reader should know:

- Rows and sheets that are hidden count: a filter hides a row from the eye, not from the register. A hidden *column* is unknown.
- A row that is struck through stays a row. Unless a cell says its status, that is unknown: withdrawn, done and superseded all look so.
- An id and nothing else is no row, nor is a template's example, a total, a group heading or 'no risks identified'.
- What is merged over several rows is said of each of them; a row that has nothing of its own but a continuation is none.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Any

from rapidfuzz import fuzz

from auditor.connect.document import Cell, Document, TableBlock, TextBlock, texts_of
from auditor.connect.protocol import Parsed
from auditor.connect.values import (
    MONTHS,
    UNSETTLED,
    DayOrder,
    Range,
    ShareScale,
    clean,
    currency_of,
    fold,
    is_placeholder,
    parse_day,
    parse_period,
    parse_share,
    settle_day_order,
    spread,
)
from auditor.model.schema import TABLES
from auditor.model.types import Kind
from auditor.snapshot.documents.cards import Cards, Deck, numbered
from auditor.snapshot.documents.cells import Read, Reading, day_of, fits, id_of, read_cell, reading_of, with_scale
from auditor.snapshot.documents.context import Around, Surroundings, captions_below
from auditor.snapshot.documents.costs import read_costs
from auditor.snapshot.documents.found import Found, Kept
from auditor.snapshot.documents.grid import Grid, grid_of, pairs, shown, titled, turned, walk
from auditor.snapshot.documents.headers import LONGEST_HEADER, MAYBE_RANK, Match, Register, Registers, plain_title, without_inflection
from auditor.snapshot.documents.indicators import TABLE as INDICATORS
from auditor.snapshot.documents.indicators import measured, periods_of
from auditor.snapshot.documents.matrix import TABLE as MATRIX
from auditor.snapshot.documents.matrix import read_matrix, trainings_beside
from auditor.snapshot.documents.remarks import with_day_of_closing
from auditor.snapshot.documents.signings import deeds_of, with_blank_days, with_day_of_signing
from auditor.snapshot.documents.strays import Entries, strays
from auditor.snapshot.documents.tasks import TABLE as TASKS
from auditor.snapshot.documents.tasks import outlined
from auditor.snapshot.words import words as listed_words

_SURE = 2.4  # points from which a header is one
_SURE_UNDERSTOOD = 1.75  # the same, where every header is understood and the first names the register's rows
_SURE_MOSTLY = 1.3  # the same, where half as many headers are not
_FULL_ENOUGH = 0.8
_SURE_DATED = 0.9  # the same, where the rows are called what the register's are and each has its day
_SURE_NAMED = 2.1  # the same, below the register's own name
_PLAINLY_NAMED = 1.4
_SURE_TURNED = 3.0
_SAMPLE_ROWS = 40
_WHOLE_DAY = re.compile(r"\d{1,2}([./-])\d{1,2}\1\d{4}|\d{4}-\d\d-\d\d|\d{1,2}\.? [^\W\d_]{3,10}\.? \d{4}")
_MOST_TEXT_IN_HEADER = 160
_UNIQUE_ENOUGH = 0.8
_FEWEST_STATES = 2
_LIKE_PART = 0.7
_ENOUGH_FOREIGN = 2  # headers that speak against a register
_NO_DAY = 0.1  # less for days that are none yet: 'M3', 'Q2'
_LIKE_STEM = 0.9
_PART_OF_TITLE = 0.6
_TELLS = 0.02
_MOST_CODES, _NEARLY_ALL = 0.6, 0.98  # of the words below a header: from which share it is one of codes, and what that counts
_NAMED = 1.5  # points of a place that bears the register's name
_ENOUGH_TO_NAME = 3  # columns that have to be sure before one without a name is taken for the title
_SENTENCE = 12  # letters
_MEMBERS = "membership"  # lists of people, which tell of their trainings too
_REVIEWED, _REVIEWED_ON = "risk", "reviewed_on"  # of which registers the rows above say when all of it was reviewed
_LIST_OF_NAMES = 3  # rows, and columns beside the names
_SAME_NAME = 85.0  # similarity (0..100)
_ONLY_ENTRIES = frozenset({"request_for_change", "off_specification", "external_event"})  # kinds that trackers of work do not have
_TRACKER = 2  # headers that only a tracker's export has
_OTHER = 0.5
_BEGUN = 0.3
_MOST_TRIED = 60  # rows that look like headers and are none: from then on only those below an empty row or a title are looked at
_MOST_TRIED_AT_ALL = 600
_MOST_ROWS_ABOVE = 400  # from here on as well
_FEWEST_OTHER_HEADERS = 3
_MOST_ROWS_READ_CLOSELY = 20  # rows at the top whose headers need not be declared in full
_MOST_BETWEEN = 4  # page header, footer and number between the halves of a table
_LONGEST_PLAIN_HEADER = 60
_LONGEST_KIND = 40
_MOST_KINDS = 2000
_MOST_FIELDS = 60
_MOST_FORMS = 60
_YEAR = re.compile(r"[^\W\d_]{0,2}[ .:']*\d{4}(?:/\d{2,4})?")
_PERIOD = re.compile(r"(?:w|kw|cw|wk|week|s|sem|q|t|m|day|d)? ?\d{1,4}(?: \d{1,4})*")
_COUNTED = re.compile(r"([a-z]+) \d{1,2}")
_COUNTER = re.compile(r"[(\[]?(\d{1,2}|[A-Za-z])[)\].]?")
_FEWEST_COUNTED = 3
_FEWEST_PERIODS = 3
_FEWEST_FIELDS, _FEWEST_FIELDS_MARKED = 4, 3
_FEWEST_WORDS = 3
_IN_EVERY_LOG = frozenset({"risk", "issue"})
_TOLD_OF_CHANGES = frozenset({"change_request", "issue", "risk"})  # as which a table of what changed may be read
_SAID_OF_A_CHANGE = frozenset({"title", "description", "comment", "category", "requested_by_id", "raised_by_id", "identified_by_id"})
_TOLD_IN_A_LINE = frozenset({"decision", "lesson"})  # registers whose entries are often nothing but a sentence
_LEVEL = re.compile(r"\(?([1-5])\)?(?:\s*[-–—=:.)]\s*\S.*|\s*)$")
_FEWEST_LEVELS, _MOST_LEVELS = 3, 5
_MOST_SCALE_ROWS = 40
_ID_NUMBER = re.compile(r"[^\W\d_]{0,6}[ .\-_#]{0,2}0*(\d{1,6})[.)]?")
_WORKBOOKS = frozenset({"xlsx", "ods", "csv"})
_PREFIXED = re.compile(r"([^\W\d_]{2,8})[-_. ]?\d{1,5}")  # 'ADR-014'
_CODE = re.compile(r"([^\W\d_]{1,8})[-_. ]?\d{1,5}")  # 'D-02'
_BARE_ID = re.compile(r"[^\W\d_]{0,5}[-_. ]?\d{1,5}(?:[.-]\d{1,3}){0,2}")
_LONGEST_NUMBERED = 20
_NUMBERED = re.compile(r"[#A-Za-z_.\-/ ]{0,12}\d+[\w.\-/#]*")
_MERE_DATE = frozenset({"date", "datum", "fecha"})
_AWAITED = frozenset({"due_on", "planned_on"})  # what a mere 'Date' may be taken for
_JUST_TITLE = frozenset(fold(word) for word in ("title", "titel", "titre", "título"))
_JUST_NAME = _JUST_TITLE | frozenset(
    fold(word) for word in ("name", "bezeichnung", "benennung", "nom", "nombre", "designation", "intitulé")
)
_TITLE_PARTS = re.compile(r"\s+[–—-]\s+|[:|]\s+")
_NUMBER_WORDS = frozenset(["id", "no", "nr", "n", "number", "numero", "nummer", "nro", "num", "ref", "reference", "referencia", "de"])
_RESIDUAL = {"likelihood": "residual_likelihood", "impact": "residual_impact", "score": "residual_score"}


_HIGHEST_LEVEL, _HIGHEST_SCORE = 10, 100
_AFTER = frozenset(
    [
        "after",
        "post",
        "residual",
        "net",
        "later",
        "then",
        "rest",
        "restrisiko",
        "danach",
        "nachher",
        "nach",
        "netto",
        "residuell",
        "apres",
        "residuel",
        "residuelle",
        "nette",
        "despues",
        "posterior",
        "neto",
        "tras",
        "response",
        "mitigation",
        "treatment",
        "massnahme",
        "massnahmen",
        "mesure",
        "mesures",
        "medida",
        "medidas",
    ]
)


@dataclass(frozen=True, slots=True)
class Mapped:
    """How one header of a register was understood: what a person corrects when it was misread."""

    locator: str  # sheet or table
    register: str
    label: str  # as written; of a two-row header both rows
    column: str | None  # of the model; 'id' is the register's own id; None: not understood


@dataclass(frozen=True, slots=True)
class RegistersRead:
    """What the tables of a document hold."""

    found: tuple[Found, ...]
    kept: tuple[Kept, ...]
    mapped: tuple[Mapped, ...] = ()


@dataclass(frozen=True, slots=True)
class _Header:
    """Rows of a grid that read like the header of a register."""

    register: Register
    row: int
    depth: int  # rows that it takes
    columns: Mapping[int, str]  # column of the grid → column of the model
    labels: Mapping[int, str]
    points: float
    own: int  # headers that name the register by themselves

    @property
    def body(self) -> int:
        return self.row + self.depth


@dataclass(slots=True)
class _Part:
    """A header with the rows below it."""

    headers: tuple[_Header, ...]  # of a list of several registers: one each
    rows: range
    columns: tuple[int, ...]  # columns of the grid that belong to it
    kind_column: int | None = None  # says to which register a row belongs


def read_registers(parsed: Parsed, compiled: Registers, *, language: str | None, habit: DayOrder = UNSETTLED) -> RegistersRead:
    """Return the rows of all registers in a document, in reading order, and the registers that it keeps.

    Args:
        parsed: the document with its path; the file's name is evidence.
        compiled: what the packs say about registers.
        language: of the document ('en', 'de-AT'), which settles '1.234' and 03/04/2026 where nothing else does; None: not known.
        habit: how the project's other documents write days in figures.
    """
    return _Reader(parsed, compiled, language, habit).read()


@dataclass(slots=True)
class _Reader:
    parsed: Parsed
    compiled: Registers
    language: str | None
    habit: DayOrder
    order: DayOrder = field(default_factory=DayOrder)
    found: list[Found] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    mapped: list[Mapped] = field(default_factory=list)
    logs: frozenset[int] = frozenset()  # sheets that tell what changed in the register of another one, or what it was before
    shares: ShareScale | None = None  # what the document says which likelihood in percent is which level

    def read(self) -> RegistersRead:
        document = self.parsed.document
        grids = [grid_of(block, document.format) for block in document.blocks if isinstance(block, TableBlock)]
        self.shares = next((scale for grid in grids if (scale := self._stated_scale(grid)) is not None), None)
        self.order = settle_day_order(texts_of(document), self.language, self.habit)
        around = Surroundings(self.compiled, self.parsed.path, document.properties.get("title", ""))
        position = 0
        last: tuple[Grid, list[_Part]] | None = None
        between = 0
        cards = Cards(self.compiled)
        sheets = self._sheets(grids) if document.format in _WORKBOOKS else {}
        below = captions_below(document.blocks)
        for block in document.blocks:
            if isinstance(block, TextBlock):
                around.saw(block)
                cards.saw(block, around)
                between += 1
                if block.level or between > (_MOST_BETWEEN if document.format == "pdf" else 0):
                    last = None
                continue
            grid = grids[position]
            position += 1
            if grid.width < 2 or not grid.height or block.is_layout or position - 1 in self.logs:
                if grid.width == 1 and not block.is_layout and (part := self._names_alone(grid, around.of(block))) is not None:
                    self._read_part(grid, part, document, around.of(block))
                around.saw_table()
                continue
            parts = self._continued(last, grid) if last and document.format not in _WORKBOOKS else None
            here = around.of(block, below.get(position - 1, ""))
            parts = parts if parts is not None else sheets[position - 1] if position - 1 in sheets else self._parts(grid, here)
            form = self._form(grid, here, [header for part in parts for header in part.headers])
            if form is not None:
                self._read_part(*form, document)
                parts = []
            for part in parts:
                self._read_part(grid, part, document, here)
            if not parts and form is None and not self._read_more(grid, document) and not self._read_matrix(grid, here, document):
                self._read_costs(grid, here, document)
            last, between = ((grid, parts) if parts else None), 0
            around.saw_table()
        if document.format not in _WORKBOOKS:
            for deck in cards.decks():
                self._read_deck(deck, document)
        return RegistersRead(tuple(self.found), tuple(self.kept), tuple(self.mapped))

    def _sheets(self, grids: Sequence[Grid]) -> dict[int, list[_Part]]:
        """Return the registers of the sheets of a workbook; a sheet that has the header of another one is the same register."""
        alone = sum(grid.width >= 2 and grid.height > 1 for grid in grids) == 1
        around = Surroundings(self.compiled, self.parsed.path, self.parsed.document.properties.get("title", ""), is_alone=alone)
        parts = {
            at: self._parts(grid, around.of(grid.table))
            for at, grid in enumerate(grids)
            if grid.width >= 2 and grid.height and not grid.table.is_layout
        }
        examples = {at for at in parts if self.compiled.is_sign("example", grids[at].table.name)}
        kept = {part.headers[0].register.name for at, found in parts.items() if at not in examples for part in found}
        for at in examples:
            parts[at] = [part for part in parts[at] if part.headers[0].register.name not in kept]
        self.logs = self._logs(grids, parts)
        self.logs |= self._former(grids, parts)
        for at in self.logs:
            parts[at] = []
        known = {_header_key(part.headers[0].labels): part for found in parts.values() for part in found}
        for at, found in parts.items():
            if not found and at not in self.logs and known and at not in examples and not around.of(grids[at].table).is_no_register:
                parts[at] = _as_known(grids[at], known)
        return parts

    def _logs(self, grids: Sequence[Grid], parts: Mapping[int, Sequence[_Part]]) -> frozenset[int]:
        """Return the sheets that tell what changed in the register of another one: 'Date | Risk | Change | By' beside the risks.

        They name the entries by their ids and say no more than when, what and by whom; what has a decision, a status, a price or an id of
        its own is a register that refers to the other one.
        """
        listed: dict[str, tuple[int, set[str]]] = {}
        for at, found in parts.items():
            for part in found:
                ids = next((column for column, name in part.headers[0].columns.items() if name == "id"), None)
                said = [fold(own) for row in part.rows if ids is not None and (own := id_of(grids[at].cell(row, ids)))]
                if len(found) == len(part.headers) == 1 and said and len(set(said)) == len(said):
                    listed.setdefault(part.headers[0].register.name, (at, set(said)))
        logs = set()
        for at, found in parts.items():
            if len(found) != 1 or len(found[0].headers) != 1 or found[0].headers[0].register.name not in _TOLD_OF_CHANGES:
                continue
            header = found[0].headers[0]
            for register in self.compiled.registers:
                place, known = listed.get(register.name, (at, set()))
                told = [column for column, label in header.labels.items() if place != at and register.is_called(label)]
                for column in told:
                    said = [fold(text) for row in found[0].rows if (text := grids[at].text(row, column).strip())]
                    others = {name for to, name in header.columns.items() if to != column and not self._are_days(grids[at], header, to)}
                    if others <= _SAID_OF_A_CHANGE and said and 2 * sum(own in known for own in said) >= len(said):
                        logs.add(at)
        return frozenset(logs)

    def _former(self, grids: Sequence[Grid], parts: Mapping[int, Sequence[_Part]]) -> frozenset[int]:
        """Return the sheets that hold what another one holds at a later day that both names say: 'State 20 August', 'State 20 November'."""
        dated = []
        for at, found in parts.items():
            day = self._day_in_name(grids[at].table.name)
            if day is None or len(found) != 1 or len(found[0].headers) != 1:
                continue
            header = found[0].headers[0]
            called = [column for column, name in header.columns.items() if name in {"id", *_NAMES}]
            said = {key for row in found[0].rows if any(key := tuple(fold(grids[at].text(row, column)) for column in called))}
            dated.append((at, day, header.register.name, said))
        return frozenset(
            at
            for at, day, name, said in dated
            for _, later, other, more in dated
            if later > day and name == other and said and 2 * len(said & more) >= len(said)
        )

    def _day_in_name(self, name: str) -> date | None:
        """Return the day or month that the name of a sheet ends with; registers of several years count anew in each."""
        words = name.replace("_", " ").split()
        said = (" ".join(words[at:]) for at in range(len(words)))
        return next((day for text in said if (day := parse_period(text, self.order)) is not None and not _YEAR.fullmatch(text)), None)

    def _are_days(self, grid: Grid, header: _Header, column: int) -> bool:
        cells = _sampled(grid, header.body, column)
        return bool(cells) and all(day_of(cell, self.order) is not None for cell in cells)

    def _tells_money(self, grid: Grid, header: _Header) -> bool:
        """Say whether amounts stand wherever days should: 'Item | Baseline | Actual' of a budget heads no milestones."""
        days = [column for column, name in header.columns.items() if _is_day(header.register, name)]
        cells = [cell for column in days for cell in _sampled(grid, header.body, column)]
        amounts = [cell for cell in cells if currency_of(cell.text) is not None and any(map(str.isdigit, cell.text))]
        return len(days) > 1 and len(amounts) == len(cells) > 1

    def _stated_scale(self, grid: Grid) -> ShareScale | None:
        """Return the scale of likelihoods that a small table gives: a row per level, 1 to 3, 4 or 5, each with its range in percent."""
        risk = next((register for register in self.compiled.registers if "likelihood" in register.values), None)
        if risk is None or not _FEWEST_LEVELS <= grid.height <= _MOST_SCALE_ROWS:
            return None
        named = {match.column for text in (grid.table.name, *walk(grid)) for match in risk.match_exactly(text[:LONGEST_HEADER])}
        if "likelihood" not in named or "impact" in named:
            return None
        words = risk.values["likelihood"]
        numbered: dict[int, Range] = {}
        worded: dict[int, Range] = {}
        for row in range(grid.height):
            texts = [grid.text(row, column).strip() for column in grid.filled(row)]
            shares = [share for text in texts if "%" in text and (share := parse_share(text)) is not None]
            if len(shares) != 1:
                continue
            for text in texts:
                if "%" not in text and (match := _LEVEL.fullmatch(text)):
                    numbered.setdefault(int(match[1]), shares[0])
                elif (found := words.get(fold(text))) is not None:
                    worded.setdefault(int(found), shares[0])
        top = len(numbered)
        if _FEWEST_LEVELS <= top <= _MOST_LEVELS and sorted(numbered) == list(range(1, top + 1)):
            scale = {level: numbered[number] for number in numbered if (level := spread(number, top)) is not None}
        else:
            scale = worded
        levels = sorted(scale)
        if len(levels) < _FEWEST_LEVELS:
            return None
        if any(scale[later][0] < scale[earlier][1] for earlier, later in pairwise(levels)) or all(
            low == high for low, high in scale.values()
        ):
            return None
        return scale

    # Where registers are

    def _parts(self, grid: Grid, around: Around) -> list[_Part]:
        """Return the registers of a table: one, several below each other, or several side by side."""
        starts: list[tuple[int, _Header, tuple[int, ...]]] = []
        ends: list[int] = []
        if self.compiled.explains_fields(grid.text(0, 0), grid.text(0, 1)):
            return []
        row = tried = 0
        while row < grid.height:
            is_late = row > _MOST_ROWS_ABOVE or tried > _MOST_TRIED
            if (is_late and len(grid.filled(row - 1)) > 1) or tried > _MOST_TRIED_AT_ALL or not self._may_be_header(grid, row):
                row += 1
                continue
            tried += 1
            here = self._headers_at(grid, row, around)
            if here and starts and len(grid.filled(row - 1)) > 1:
                here = [(header, columns) for header, columns in here if _is_plainly_header(grid, header)]
            if here and not self._is_better_below(grid, row, here, around):
                starts.extend((row, header, columns) for header, columns in here)
                row = max(header.body for header, _ in here)
            else:
                if starts and not here and self._is_other_header(grid, row, starts[-1][1]):
                    ends.append(row)
                row += 1
        parts: list[_Part] = []
        for index, (row, header, columns) in enumerate(starts):
            if self._tells_money(grid, header):
                continue
            after = [start for start in starts[index + 1 :] if start[0] > row and set(start[2]) & set(columns)]
            end = min([start[0] for start in after[:1]] + [end for end in ends if end > row] + [grid.height])
            while end < grid.height and end > header.body + 1 and len(grid.filled(end - 1)) <= 1:
                end -= 1  # the title of what follows
            parts.append(self._part(grid, header, range(header.body, end), columns))
        return parts

    def _names_alone(self, grid: Grid, around: Around) -> _Part | None:
        """Return the register that a table of one column is: 'Decision' above what was decided, below the heading 'Decisions'."""
        for register in self.compiled.registers:
            needs = register.spec.needs
            if len(needs) != 1 or register.table not in _TOLD_IN_A_LINE or around.near.get(register.name, 0.0) < 1:
                continue
            if grid.height > 1 and register.is_called(grid.text(0, 0)) and not around.is_no_register:
                header = _Header(register, 0, 1, {0: needs[0][0]}, {0: _label(grid.text(0, 0))}, _SURE, 1)
                return _Part((header,), range(1, grid.height), (0,))
        return None

    def _may_be_header(self, grid: Grid, row: int) -> bool:
        filled = grid.filled(row)
        if len(filled) < 2:
            return False
        texts = [
            grid.text(row, column)
            for column in filled
            if len(grid.text(row, column)) <= _MOST_TEXT_IN_HEADER and grid.cell(row, column).type in {"text", "uncalculated"}
        ]
        days = sum(1 for column in filled if _WHOLE_DAY.fullmatch(grid.text(row, column).strip()))
        if 0 < 2 * days < len(filled):
            return False  # an entry with its days; days alone may head the columns of a calendar
        known = sum(map(self.compiled.says_header, texts))
        if known < 2 and row < _MOST_ROWS_READ_CLOSELY and len(texts) <= _MOST_FIELDS:
            known = sum(map(self.compiled.may_say_header, texts))
        many = len(filled)
        if known >= 2 and known < 0.25 * many:
            many -= sum(map(_is_period, texts))
        return (known >= 2 and known >= 0.25 * many) or (known == 1 and many <= 3)

    def _is_other_header(self, grid: Grid, row: int, before: _Header) -> bool:
        """Say whether a row that stands apart is the header of a table that is no register: 'ID | Assumption | Owner' below the risks."""
        filled = grid.filled(row)
        if len(grid.filled(row - 1)) > 1 or len(grid.filled(row + 1)) < 2 or len(filled) < _FEWEST_OTHER_HEADERS:
            return False
        texts = [grid.text(row, column).strip() for column in filled]
        if any(len(text) > _LONGEST_PLAIN_HEADER or any(letter.isdigit() for letter in text) for text in texts):
            return False
        said = {fold(text) for text in texts}
        labels = {fold(label) for label in before.labels.values()}
        return bool(said & labels) and not said <= labels and 2 * sum(map(self.compiled.says_header, texts)) >= len(texts)

    def _is_better_below(self, grid: Grid, row: int, here: list[tuple[_Header, tuple[int, ...]]], around: Around) -> bool:
        """Say whether what seems a header is a group row or a title row above the true one."""
        below = row + 1
        if below >= grid.height or not self._may_be_header(grid, below) or _is_two_rows(grid, row, range(grid.width)):
            return False
        there = self._headers_at(grid, below, around)
        if len(here) > 1 and len(there) <= 1:
            return False
        return sum(header.points for header, _ in there) > sum(header.points for header, _ in here) + 0.3

    def _headers_at(self, grid: Grid, row: int, around: Around) -> list[tuple[_Header, tuple[int, ...]]]:
        """Return the header that *row* is, or several side by side, each with the columns that belong to it."""
        everything = tuple(range(grid.width))
        best = self._header(grid, row, everything, around.below(grid, row))
        segments = _segments(grid, row)
        if len(segments) > 1:
            several = [(self._header(grid, row, segment, around.below(grid, row, segment)), segment) for segment in segments]
            sure = [(header, segment) for header, segment in several if header is not None and len(header.columns) >= 2]
            if len(sure) > 1 and (best is None or sum(len(header.columns) for header, _ in sure) > len(best.columns)):
                return sure
        if best is None:
            labels = _labels(grid, row, 1, everything)
            combined = self._combined(grid, row, 1, {column: texts[0] for column, texts in labels.items()}, range(row + 1, grid.height))
            best = combined[1][0] if combined else None
        if not any(grid.filled(below) for below in range(row + 1, grid.height)):
            waiting = self._waiting(grid, row, around)
            if waiting:
                return [(header, everything) for header in waiting]
        return [(best, everything)] if best else []

    def _waiting(self, grid: Grid, row: int, around: Around) -> list[_Header]:
        """Return the registers of a log of several that has no entries yet: risks and issues, which every one of them has."""
        labels = {column: texts[0] for column, texts in _labels(grid, row, 1, range(grid.width)).items()}
        kinds = next((column for column, label in labels.items() if self.compiled.is_combined(label)), None)
        stem = re.sub(r"[_\-.]+", " ", PurePosixPath(self.parsed.path).stem)
        if kinds is None or not any(self.compiled.names_combined(text) for text in (stem, *around.below(grid, row).texts)):
            return []
        rest = {column: (label,) for column, label in labels.items() if column != kinds}
        found = []
        for register in self.compiled.registers:
            if register.name not in _IN_EVERY_LOG:
                continue
            chosen = self._assigned(grid, register, row + 1, rest)
            names = {match.column for match in chosen.values()}
            if len(names) >= _FEWEST_FIELDS and all(names & set(group) for group in register.spec.needs):
                found.append(_Header(register, row, 1, {at: match.column for at, match in chosen.items()}, labels, _SURE, 0))
        return found

    def _header(self, grid: Grid, row: int, columns: Sequence[int], around: Around) -> _Header | None:
        candidates = []
        for depth in (2,) if _is_two_rows(grid, row, columns) else (1, 2):
            if row + depth > grid.height:
                break
            everything = _labels(grid, row, depth, columns)
            labels = _without_periods(everything)
            has_calendar = len(everything) - len(labels) >= _FEWEST_PERIODS
            ordinals = Counter(word for texts in labels.values() if (word := _ordinal(texts[0])))
            labels = {column: texts for column, texts in labels.items() if ordinals[_ordinal(texts[0])] < 2}
            if len(labels) < 2 or (depth == 2 and not _is_second_row(grid, row, columns)):
                continue
            if self._is_export_of_work(grid, row + depth, labels):
                continue
            for register in self.compiled.registers:
                header = self._scored(grid, register, row, depth, labels, around, has_calendar=has_calendar)
                if header is not None:
                    candidates.append(header)
        return max(candidates, key=lambda header: (header.points, header.own, -header.depth), default=None)

    def _is_export_of_work(self, grid: Grid, body: int, labels: Mapping[int, tuple[str, ...]]) -> bool:
        """Say whether a header is that of a tracker's export ('Issue key', 'Issue Type', 'Sprint') whose rows are work, not entries.

        Rows are entries of a register when their type says so: 'Risk', 'Problem', 'Off-specification'.
        """
        words = {column: fold(texts[0]) for column, texts in labels.items()}
        if len(self.compiled.tracker.intersection(words.values())) < _TRACKER:
            return False
        kinds = next((column for column, word in words.items() if word in self.compiled.tracker_types), None)
        if kinds is None:
            return True
        said = [fold(cell.text) for cell in _sampled(grid, body, kinds)]
        entries = [word for word in said if self._is_type_of_entry(word)]
        return 2 * len(entries) < len(said) or not said

    def _is_type_of_entry(self, word: str) -> bool:
        register = self._register_of(word)
        if register is not None:
            return register.name != "action"
        kinds = [values["kind"].get(word) for register in self.compiled.registers if "kind" in (values := register.values)]
        return "problem concern" in word or any(kind in _ONLY_ENTRIES for kind in kinds)

    def _scored(
        self,
        grid: Grid,
        register: Register,
        row: int,
        depth: int,
        labels: Mapping[int, tuple[str, ...]],
        around: Around,
        sure: float = _SURE,
        *,
        has_calendar: bool = False,
    ) -> _Header | None:
        """Return what *labels* are as a header of *register*, or None when they are not enough."""
        if register.is_never(texts[0] for texts in labels.values()):
            return None
        context = around.points(register.name)
        exact = sum(any(register.match_exactly(text) for text in texts) for texts in labels.values())
        if exact < (1 if context >= 1 else 2):
            return None
        told = {column: bool(_matches(register, texts)) for column, texts in labels.items()}
        known: float = sum(told[column] or register.is_other(texts[0], has_calendar=has_calendar) for column, texts in labels.items())
        if context >= 1:
            known += 0.5 * sum(not told[column] and register.match_part(texts[0]) is not None for column, texts in labels.items())
        if not known or (known < 2 and context < 1) or known / len(labels) < (0.3 if context >= 1 else 0.4):
            return None
        chosen = self._assigned(grid, register, row + depth, labels)
        if context >= _NAMED:
            self._named_by_content(grid, register, row + depth, labels, chosen)
        names = {match.column for match in chosen.values()}
        if any(not names & set(group) for group in register.spec.needs) or self._is_scale(grid, register, row + depth, labels, chosen):
            return None
        told_besides = names - {"id", *(register.spec.needs[0] if register.spec.needs else ())}
        if told_besides and told_besides <= set(register.spec.not_alone) and around.near.get(register.name, 0.0) < 1:
            return None
        points, own = 0.0, 0
        seen: set[str] = set()
        for match in sorted(chosen.values(), key=lambda match: -match.strength):
            weight = 1.0 if match.is_own else 0.3 if match.column in {"id", "comment"} else 0.5
            points += match.strength * weight * (0.4 if match.column in seen else 1.0)
            own += match.is_own and match.strength >= 0.8
            seen.add(match.column)
        others = [column for column in labels if column not in chosen and register.is_other(labels[column][0], has_calendar=has_calendar)]
        unknown = [column for column in labels if column not in chosen and column not in others]
        if context >= 1:  # what a header of the register begins with, in a place that bears its name
            begun = [column for column in unknown if (part := register.match_part(labels[column][0])) is not None and part.is_own]
            unknown = [column for column in unknown if column not in begun]
            points += _BEGUN * len(begun)
        points += _OTHER * len(others)
        points -= 0.15 * len(unknown) + 0.8 * sum(register.is_foreign(labels[column][0]) for column in unknown)
        points += context + (0.3 if not unknown else 0.0)
        enough = sure - 0.4 if own > 1 else sure
        if (
            sure == _SURE
            and len(unknown) <= (len(seen) if len(seen) >= _ENOUGH_TO_NAME else len(seen) // 2)
            and self._is_understood(register, labels, chosen, mostly=bool(unknown), has_calendar=has_calendar)
        ):
            enough = _SURE_MOSTLY if unknown else _SURE_UNDERSTOOD
        elif sure == _SURE and context >= _PLAINLY_NAMED and self._names_called(register, labels, chosen):
            enough = _SURE_NAMED
        if sure == _SURE and self._are_dated(grid, register, row + depth, labels, chosen):
            enough = min(enough, _SURE_DATED)
        if points < enough or (not own and context < 1):
            return None
        if len(seen) < 2 and not (context >= 1 and own):
            return None
        self._assign_parts(grid, register, row + depth, labels, chosen)
        self._assign_by_words(grid, register, row + depth, labels, chosen)
        if register.name == "risk":
            self._assign_ratings(grid, register, row + depth, labels, chosen)
        taken = {column: match.column for column, match in chosen.items()}
        return _Header(register, row, depth, taken, {column: texts[0] for column, texts in labels.items()}, points, own)

    def _is_scale(
        self, grid: Grid, register: Register, body: int, labels: Mapping[int, tuple[str, ...]], chosen: Mapping[int, Match]
    ) -> bool:
        """Say whether a table explains levels or codes, one per row: 'Likelihood | Description' above 'Rare', 'Unlikely'."""
        first = min(labels)
        if first not in chosen or {match.column for at, match in chosen.items() if at != first} - _NAMING:
            return False
        name = chosen[first].column
        of = None if name in _NAMING or name == "id" else TABLES[register.table].by_name[name].type
        if of is None or not (of.kind is Kind.CODE or of.unit == "1..5"):
            return False
        said = []
        for row in range(body, min(body + _SAMPLE_ROWS, grid.height)):
            if not grid.filled(row):
                break
            said.append(fold(grid.text(row, first)))
        return len(said) >= _FEWEST_LEVELS - 1 and len(set(said)) == len(said) and all(said)

    def _are_dated(
        self, grid: Grid, register: Register, body: int, labels: Mapping[int, tuple[str, ...]], chosen: Mapping[int, Match]
    ) -> bool:
        """Say whether rows that are called what the register's are all have their day, whatever else is said of them.

        'Milestone | Due | Hours | Proposal'; what speaks against the register, as a duration does, settles that it is another list.
        """
        if not register.spec.short_needs or not self._names_called(register, labels, chosen):
            return False
        if any(register.is_foreign(texts[0]) for texts in labels.values()):
            return False
        days = [at for at, match in chosen.items() if match.column in register.spec.short_needs and _is_day(register, match.column)]
        return any(
            len(cells) > 1 and all(day_of(cell, self.order) is not None for cell in cells)
            for cells in (_sampled(grid, body, at) for at in days)
        )

    def _names_called(self, register: Register, labels: Mapping[int, tuple[str, ...]], chosen: Mapping[int, Match]) -> bool:
        """Say whether the rows are named or numbered below a header that is what the register calls them: 'Milestone', 'Bug ID'."""
        named = _NAMING | {"id"}
        names = [column for column, match in chosen.items() if match.column in named and match.is_own and match.strength >= _FULL_ENOUGH]
        return any(register.is_called(labels[column][0]) for column in names)

    def _is_understood(
        self, register: Register, labels: Mapping[int, tuple[str, ...]], chosen: Mapping[int, Match], *, mostly: bool, has_calendar: bool
    ) -> bool:
        """Say whether a header is plain though short: its rows are called what the register's are, and it has a day, a person or a code.

        'Deliverable | Due date', 'Requisito | Prioridad'. Where other headers are not understood (*mostly*) a mere 'Date' is no day:
        prices and signatures have one, too.
        """
        if not self._names_called(register, labels, chosen):
            return False
        days = [name for name in register.spec.short_needs if name != "id" and TABLES[register.table].by_name[name].type.kind is Kind.DAY]
        if has_calendar and days and len(days) == len(register.spec.short_needs) > 1:
            return True  # months beside the list say when
        if register.spec.short_needs:
            return any(match.column in register.spec.short_needs for match in chosen.values())
        told = {match.column for at, match in chosen.items() if not mostly or fold(labels[at][0]) not in _MERE_DATE}
        told -= {"id", "stage_id"}
        types = [TABLES[register.table].by_name[name].type for name in told]
        return any(of.kind in {Kind.DAY, Kind.PERSON, Kind.CODE} or of.unit == "1..5" for of in types)

    def _assigned(self, grid: Grid, register: Register, body: int, labels: Mapping[int, tuple[str, ...]]) -> dict[int, Match]:
        """Return the column of the model for each header: strongest first, what its values look like weighed in."""
        possible = {column: _matches(register, texts) for column, texts in labels.items()}
        self._ids_below_name(grid, register, body, labels, possible)
        self._ids_below_kind(grid, body, possible)
        self._numbers_beside_names(grid, register, body, labels, possible)
        self._states_below_stage(grid, register, body, possible)
        self._owners_below_group(register, labels, possible)
        self._subjects_by_id(grid, register, body, possible)
        offers: list[tuple[float, bool, int, int, Match]] = []
        for column, matches in possible.items():
            for match in matches:
                share = self._share(grid, body, column, register, match.column)
                if match.rank >= MAYBE_RANK and share < _LIKE_PART:
                    continue
                if self._holds_days_only(grid, body, column, register, match.column):
                    continue
                if share >= _MOST_CODES and self._is_code(register, match.column) and len(_sampled(grid, body, column)) >= _FEWEST_WORDS:
                    share = _NEARLY_ALL + (1 - _NEARLY_ALL) * share  # a list of codes in which some are wrong, not a text
                weight = match.strength * (0.6 + 0.4 * share) + self._tells(grid, body, column, register, match.column, share)
                offers.append((weight, match.is_own, -match.rank, -column, match))
        offers.sort(key=lambda offer: offer[:4], reverse=True)
        chosen: dict[int, Match] = {}
        taken: set[str] = set()
        for strength, _, _, minus, match in offers:
            column = -minus
            if column in chosen:
                continue
            target = match.column
            if target in taken and self._joins(register, target) and not self._adds(grid, body, column):
                continue
            if target in taken and not self._joins(register, target) and not _is_tick(register, target, labels[column]):
                other = _RESIDUAL.get(target) if register.name == "risk" else None
                first = next(at for at, was in chosen.items() if was.column == target)
                if other is None or other in taken or strength < 0.8 or not _is_same_label(labels[first], labels[column]):
                    continue
                if first < column:
                    match = Match(other, match.strength, match.is_own, match.rank)  # noqa: PLW2901  (the second set of ratings stands after the response)
                else:
                    chosen[first] = Match(other, chosen[first].strength, match.is_own, match.rank)
                target = other
            chosen[column] = match
            taken.add(target)
        self._make_room(grid, register, body, possible, chosen)
        self._room_for_title(possible, chosen)
        taken = {match.column for match in chosen.values()}
        if "title" in register.spec.columns and "title" not in taken:
            named = next(
                (
                    at
                    for at, texts in labels.items()
                    if at not in chosen and self._names_in_part(register, texts) and _are_sentences(_sampled(grid, body, at))
                ),
                None,
            )
            if named is not None:
                chosen[named] = Match("title", _PART_OF_TITLE, is_own=False)
                taken.add("title")
        if "title" in register.spec.columns and "title" not in taken and "description" in taken:
            told = [column for column, match in chosen.items() if match.column == "description"]
            own = [column for column in told if chosen[column].is_own]
            events = [column for column in told if any(match.column == "title" for match in possible[column])]
            if len(told) > 1 and len(events) == 1:  # 'Cause | Event | Effect'
                own = events
            elif len(own) > 1 or (len(told) > 1 and not own):
                own = [
                    column for column in told if fold(labels[column][-1]) in self.compiled.description_words
                ]  # 'Cause | Description | Effect'
            if len(told) == 1 or len(own) == 1:  # the only text that names the row
                named = own[0] if own else told[0]
                chosen[named] = Match("title", chosen[named].strength, chosen[named].is_own)
        if "title" in taken and "description" in register.spec.columns and "description" not in taken:
            called = next(column for column, match in chosen.items() if match.column == "title")
            plain = next((at for at, texts in labels.items() if at not in chosen and fold(texts[0]) in _JUST_TITLE), None)
            if plain is not None and chosen[called].is_own:  # 'ADR | Title | Decision'
                chosen[plain], chosen[called] = Match("title", 1.0, is_own=False), replace(chosen[called], column="description")
                taken.add("description")
        self._place_dates(register, labels, chosen)
        self._days_of_deeds(register, labels, chosen)
        if "id" not in taken and "traced_to" in taken:  # the only keys are those of the rows: 'JIRA key | Description'
            first = min(labels)
            if first in chosen and chosen[first].column == "traced_to" and any(match.column == "id" for match in possible[first]):
                texts = [cell.text.strip() for cell in _sampled(grid, body, first)]
                if len(set(texts)) == len(texts) and all(_NUMBERED.fullmatch(text) for text in texts):
                    chosen[first] = next(match for match in possible[first] if match.column == "id")
                    taken.add("id")
        if (
            "id" in taken and "origin" in register.spec.columns and "origin" not in taken
        ):  # ids that repeat stand for what the rows come from
            for at, matches in possible.items():
                if at not in chosen and matches and matches[0].column == "id" and matches[0].is_own:
                    chosen[at] = Match("origin", _OTHER, is_own=False)
                    break
        if "id" not in taken and "id" in register.spec.columns:
            ids = next(
                (column for column in labels if column not in chosen and self._holds_ids(grid, body, column, labels[column][0])), None
            )
            if ids is not None:
                chosen[ids] = Match("id", 0.8, is_own=False)
        self._codes_first(grid, body, labels, chosen)
        return chosen

    def _codes_first(self, grid: Grid, body: int, labels: Mapping[int, tuple[str, ...]], chosen: dict[int, Match]) -> None:
        """Take the codes of the first column for the ids, under whatever header, where what was taken for them stands at several rows.

        'Dec. | Date | Decision | Reference' above 'D-02 | … | Minutes 14/04' and 'D-03 | … | Minutes 14/04'.
        """
        taken = next((column for column, match in chosen.items() if match.column == "id"), None)
        first = min(labels)
        if taken is None or first in chosen:
            return
        repeated = [cell.text.strip() for cell in _sampled(grid, body, taken)]
        codes = [cell.text.strip() for cell in _sampled(grid, body, first)]
        makes = {match[1] if (match := _CODE.fullmatch(code)) is not None else "" for code in codes}
        is_unique = len(set(codes)) == len(codes) >= len(repeated)
        if len(set(repeated)) < len(repeated) and is_unique and len(makes) == 1 and all(makes):
            chosen[first] = chosen.pop(taken)

    def _make_room(
        self, grid: Grid, register: Register, body: int, possible: Mapping[int, tuple[Match, ...]], chosen: dict[int, Match]
    ) -> None:
        """Move a day to another column of the model that its header may mean, when a second header means the first one alone.

        'Due date | Delivery date': the one is due, the other delivered, though 'Delivery date' alone may be either.
        """
        for column, matches in possible.items():
            if column in chosen or not matches or matches[0].column == "id" or matches[0].strength < _FULL_ENOUGH:
                continue
            wanted = matches[0]
            if TABLES[register.table].by_name[wanted.column].type.kind is not Kind.DAY:
                continue
            holder = next((at for at, match in chosen.items() if match.column == wanted.column), None)
            taken = {match.column for match in chosen.values()}
            others = (
                [match for match in possible.get(holder, ()) if match.column not in taken and match.column != "id"]
                if holder is not None
                else []
            )
            if holder is None or not others or self._share(grid, body, column, register, wanted.column) < _LIKE_PART:
                continue
            if self._share(grid, body, holder, register, others[0].column) >= _LIKE_PART:
                chosen[holder], chosen[column] = others[0], wanted

    def _room_for_title(self, possible: Mapping[int, tuple[Match, ...]], chosen: dict[int, Match]) -> None:
        """Let a plain 'Headline' be the title where the column that was taken for it may describe as well: 'What was decided'."""
        if any(match.column == "description" for match in chosen.values()):
            return
        holder = next((at for at, match in chosen.items() if match.column == "title"), None)
        described = (
            next((match for match in possible.get(holder, ()) if match.column == "description"), None) if holder is not None else None
        )
        plain = [
            (column, matches[0])
            for column, matches in possible.items()
            if column not in chosen and matches and matches[0].column == "title" and matches[0].strength >= _FULL_ENOUGH
        ]
        if holder is not None and described is not None and len(plain) == 1:
            chosen[holder] = described
            chosen[plain[0][0]] = plain[0][1]

    def _owners_below_group(
        self, register: Register, labels: Mapping[int, tuple[str, ...]], possible: dict[int, tuple[Match, ...]]
    ) -> None:
        """Take a header below the name of a group by its own word, where another column says by itself what both together would mean.

        Below 'Response' stand 'Owner' and 'Action owner': the second acts on the response, so the first owns the risk.
        """
        for column, texts in labels.items():
            matches = possible[column]
            if len(texts) == 1 or not matches or TABLES[register.table].by_name.get(matches[0].column) is None:
                continue
            target = matches[0].column
            if TABLES[register.table].by_name[target].type.kind is not Kind.PERSON:
                continue
            alone = register.match(texts[1])
            if not alone or alone[0].column == target or alone[0].strength < _FULL_ENOUGH:
                continue
            said = [
                match
                for other, words in labels.items()
                if other != column and (match := next(iter(register.match_exactly(words[min(1, len(words) - 1)])), None)) is not None
            ]
            if any(match.column == target and match.is_own for match in said) and not any(
                match.column == alone[0].column and match.is_own for match in said
            ):
                possible[column] = alone

    def _subjects_by_id(self, grid: Grid, register: Register, body: int, possible: dict[int, tuple[Match, ...]]) -> None:
        """Take a header that names what was reviewed for its id, where nothing but ids stands below it and another column says what it is.

        'Product | What is checked' above 'P02 | Salt spray', several times where a product is checked more than once.
        """
        if not {"subject", "subject_id"} <= register.spec.columns.keys():
            return
        if any(match.column == "subject_id" for matches in possible.values() for match in matches):
            return
        naming = [column for column, matches in possible.items() if matches and matches[0].column == "subject"]
        coded = [column for column in naming if (cells := _sampled(grid, body, column)) and all(_is_code_of(cell) for cell in cells)]
        if len(naming) > 1 and len(coded) == 1:
            possible[coded[0]] = (replace(possible[coded[0]][0], column="subject_id"),)

    def _holds_days_only(self, grid: Grid, body: int, column: int, register: Register, target: str) -> bool:
        """Say whether a column that would name people or number entries holds days.

        'Action by' may ask who, and until when; 'Référence' may be a number, and the day of the baseline.
        """
        if target != "id" and TABLES[register.table].by_name[target].type.kind is not Kind.PERSON:
            return False
        cells = _sampled(grid, body, column)
        if target == "id" and not all(cell.type == "date" or _WITH_YEAR.search(cell.text) for cell in cells):
            return False  # '1.2.3' counts tasks
        return bool(cells) and all(day_of(cell, self.order) is not None for cell in cells)

    def _states_below_stage(self, grid: Grid, register: Register, body: int, possible: dict[int, tuple[Match, ...]]) -> None:
        """Take 'Stage' for the status where nothing but states stands below it: a change is at the stage 'waiting for approval'."""
        words = register.values.get("status", {})
        if not words or any(match.column == "status" for matches in possible.values() for match in matches):
            return
        for column, matches in possible.items():
            if not matches or matches[0].column != "stage_id":
                continue
            texts = [fold(cell.text) for cell in _sampled(grid, body, column)]
            if len(set(texts)) >= _FEWEST_STATES and all(text in words for text in texts):
                possible[column] = (replace(matches[0], column="status"),)
                return

    def _joins(self, register: Register, target: str) -> bool:
        return target in register.spec.columns and register.spec.columns[target].joins

    def _adds(self, grid: Grid, body: int, column: int) -> bool:
        """Say whether a second text tells of each row: '1.0' is a version, and what nearly every row repeats is where it stands."""
        texts = [cell.text.strip() for cell in _sampled(grid, body, column)]
        if texts and not any(sum(map(str.isalpha, text)) > 1 for text in texts):
            return False
        if texts and not any(map(str.islower, "".join(texts))) and all(any(map(str.isdigit, text)) for text in texts):
            return False  # 'SB-PDS, P-01' says where the description is
        return len(texts) < _FEWEST_WORDS or 2 * len(set(texts)) > len(texts)

    def _place_dates(self, register: Register, labels: Mapping[int, tuple[str, ...]], chosen: dict[int, Match]) -> None:
        """Give a mere 'Date' to a column by its place: of minutes' actions the one after the owner is the day on which they are due."""
        said = register.spec.mere_date
        taken = {match.column: column for column, match in chosen.items()}
        if not said or "title" not in taken:
            return
        for column, texts in labels.items():
            if column in chosen or fold(texts[0]) not in _MERE_DATE:
                continue
            place = "before" if column < taken["title"] else "after" if column > taken.get("owner_id", len(labels) + column) else None
            if place in said and said[place] not in taken:
                chosen[column] = Match(said[place], _OTHER, is_own=False)
                taken[said[place]] = column

    def _days_of_deeds(self, register: Register, labels: Mapping[int, tuple[str, ...]], chosen: dict[int, Match]) -> None:
        """Give a mere 'Date' directly behind who did something to the day of that: 'Accepted by | Date', where no column tells it."""
        taken = {match.column for match in chosen.values()}
        for column, texts in labels.items():
            before = chosen.get(column - 1)
            if before is None or fold(texts[0]) not in _MERE_DATE or (column in chosen and chosen[column].column not in _AWAITED):
                continue
            for by, on in deeds_of(register.table):
                if before.column == by and on in register.spec.columns and on not in taken:
                    chosen[column] = Match(on, _OTHER, is_own=False)
                    taken.add(on)

    def _told_under_other_name(
        self,
        grid: Grid,
        body: int,
        labels: Mapping[int, tuple[str, ...]],
        possible: dict[int, tuple[Match, ...]],
        coded: int,
        naming: str,
    ) -> bool:
        """Let the column directly behind codes name the rows, under whatever header, where it says words: 'Risk | What | Score'."""
        cells = _sampled(grid, body, coded + 1) if coded + 1 in labels and not possible.get(coded + 1) else []
        if not cells or not all(map(_is_code_of, _sampled(grid, body, coded))) or not all(" " in cell.text.strip() for cell in cells):
            return False
        possible[coded + 1] = (Match(naming, _OTHER, is_own=False),)
        return True

    def _ids_below_name(
        self, grid: Grid, register: Register, body: int, labels: Mapping[int, tuple[str, ...]], possible: dict[int, tuple[Match, ...]]
    ) -> None:
        """Take a header that names the rows for their id, where nothing but ids stands below it and another column names them.

        'Requirement | Description' above 'A01 | The user logs in', 'KPI | Name' above 'K1 | Report timeliness'.
        """
        naming = next((name for name in ("title", "name") if name in register.spec.columns), "")
        if not naming or any(match.column == "id" for matches in possible.values() for match in matches):
            return
        for column, matches in possible.items():
            if not matches or matches[0].column != naming:
                continue
            has_titles = any(
                at != column and found and found[0].column == naming and found[0].strength >= _FULL_ENOUGH for at, found in possible.items()
            )
            if not (matches[0].is_own or has_titles or self._names_own(possible, column)):
                continue
            others = [match.column for at, found in possible.items() if at != column for match in found]
            rows = range(body, min(body + _SAMPLE_ROWS, grid.height))
            texts = [text for row in rows if len(grid.filled(row)) > 1 and (text := grid.text(row, column).strip())]  # notes stand alone
            if not texts or len(set(texts)) < len(texts) or not all(_BARE_ID.fullmatch(text) for text in texts):
                continue
            if not {naming, "description"} & set(others) and not self._told_under_other_name(grid, body, labels, possible, column, naming):
                continue
            possible[column] = (Match("id", matches[0].strength, matches[0].is_own),)
            return

    def _ids_below_kind(self, grid: Grid, body: int, possible: dict[int, tuple[Match, ...]]) -> None:
        """Take a header for the id that may say the kind, where nothing but ids stands below it and another column tells the kind.

        'Check | Product | Method' above 'Q-01 | P-01 | Load test'.
        """
        if any(match.column == "id" for matches in possible.values() for match in matches):
            return
        kinds = [column for column, matches in possible.items() if matches and matches[0].column == "kind"]
        for column in kinds if len(kinds) > 1 else ():
            cells = _sampled(grid, body, column)
            if cells and all(map(_is_code_of, cells)) and len({cell.text.strip() for cell in cells}) == len(cells):
                possible[column] = (replace(possible[column][0], column="id"),)
                return

    def _numbers_beside_names(
        self,
        grid: Grid,
        register: Register,
        body: int,
        labels: Mapping[int, tuple[str, ...]],
        possible: dict[int, tuple[Match, ...]],
    ) -> None:
        """Take a header that names the rows for their number, where nothing but numbers stands below it and a mere 'Name' beside it.

        'Stage | Name | Start' above '2 | Build | 3 May'.
        """
        if not {"number", "name"} <= register.spec.columns.keys():
            return
        plain = [at for at, texts in labels.items() if fold(texts[-1]) in _JUST_NAME]
        for column, matches in possible.items():
            naming = next((match for match in matches if match.column == "name"), None)
            if naming is None or len(plain) != 1 or column in plain:
                continue
            texts = [cell.text.strip() for cell in _sampled(grid, body, column)]
            if texts and len(set(texts)) == len(texts) and all(_COUNTING.fullmatch(text) for text in texts):
                possible[column] = (replace(naming, column="number"),)
                possible[plain[0]] = (Match("name", 1.0, is_own=False),)
                return

    def _names_own(self, possible: Mapping[int, tuple[Match, ...]], but: int) -> bool:
        """Say whether a column other than *but* names the rows by the register's own word: 'Item' beside 'Action'."""
        return any(at != but and match.column == "title" and match.is_own for at, matches in possible.items() for match in matches[:1])

    def _names_in_part(self, register: Register, texts: tuple[str, ...]) -> bool:
        """Say whether a header says in part what names the rows: 'Decision to be taken', 'Riesgo detectado'."""
        if len(texts) > 1 or register.is_other(texts[0]) or register.is_foreign(texts[0]):
            return False
        match = register.match_part(texts[0])
        return match is not None and match.column == "title" and match.is_own

    def _assign_parts(
        self, grid: Grid, register: Register, body: int, labels: Mapping[int, tuple[str, ...]], chosen: dict[int, Match]
    ) -> None:
        """Give columns that nothing else wants to headers that say them in part only, when what stands below looks like it."""
        taken = {match.column for match in chosen.values()}
        for column, texts in labels.items():
            if column in chosen or len(texts) > 1 or register.is_other(texts[0]) or register.is_foreign(texts[0]):
                continue
            match = register.match_part(texts[0])
            if (
                match is None
                or (match.column in taken and not (self._joins(register, match.column) and self._adds(grid, body, column)))
                or TABLES[register.table].by_name[match.column].type.kind in {Kind.DAY, Kind.PERSON}
                or self._share(grid, body, column, register, match.column) < _LIKE_PART
            ):
                match = self._by_stem(grid, register, body, column, texts[0], taken) or match
            if match is None:
                continue
            if match.column in taken and not (self._joins(register, match.column) and self._adds(grid, body, column)):
                continue
            if self._share(grid, body, column, register, match.column) >= _LIKE_PART:
                chosen[column] = match
                taken.add(match.column)

    def _assign_by_words(
        self, grid: Grid, register: Register, body: int, labels: Mapping[int, tuple[str, ...]], chosen: dict[int, Match]
    ) -> None:
        """Give a column of codes that no header names to the one below which nothing but its words stands: 'Open', 'Closed', 'Open'."""
        taken = {match.column for match in chosen.values()}
        codes = [
            name
            for name in register.spec.columns
            if name != "id" and name not in taken and TABLES[register.table].by_name[name].type.kind is Kind.CODE
        ]
        for column, texts in labels.items():
            if column in chosen or register.is_other(texts[0]) or register.is_foreign(texts[0]):
                continue
            cells = _sampled(grid, body, column)
            if len(cells) < _FEWEST_WORDS or len({fold(cell.text) for cell in cells}) < 2:
                continue
            likely = [name for name in codes if self._share(grid, body, column, register, name) == 1]
            if len(likely) == 1 and likely[0] not in taken:
                chosen[column] = Match(likely[0], _OTHER, is_own=False)
                taken.add(likely[0])

    def _assign_ratings(
        self, grid: Grid, register: Register, body: int, labels: Mapping[int, tuple[str, ...]], chosen: dict[int, Match]
    ) -> None:
        """Find the ratings of risks that stand below initials: 'W | A | Wert', and later once more: 'W danach | A danach'.

        An impact in words is a text that tells of it; beside a likelihood in figures the figure next to it is the level. A second set of
        ratings is what repeats the labels of the first with a word more that says 'after'.
        """
        places = {match.column: at for at, match in chosen.items()}
        first = places.get("likelihood")
        if first is None or not self._rates(grid, body, first):
            return
        told = places.get("impact")
        beside = next((at for at in sorted(labels) if at > first), None)
        is_told_in_words = told is not None and self._share(grid, body, told, register, "impact") < _LIKE_PART
        if beside is not None and beside not in chosen and (told is None or is_told_in_words) and self._rates(grid, body, beside):
            if told is not None:
                chosen[told] = Match("description", _OTHER, is_own=False)
            chosen[beside] = Match("impact", _OTHER, is_own=False)
        places = {match.column: at for at, match in chosen.items()}
        for before, after in _RESIDUAL.items():
            if before not in places or after in places:
                continue
            label = fold(labels[places[before]][-1])
            again = next(
                (
                    at
                    for at, texts in labels.items()
                    if (at not in chosen or chosen[at].column == before)
                    and at > places[before]
                    and _says_after(fold(texts[-1]), label)
                    and self._rates(grid, body, at, most=_HIGHEST_SCORE)
                ),
                None,
            )
            if again is not None:
                chosen[again] = Match(after, _OTHER, is_own=False)

    def _rates(self, grid: Grid, body: int, column: int, most: int = _HIGHEST_LEVEL) -> bool:
        """Say whether nothing but small whole numbers stands below a header."""
        cells = [cell.text.strip() for cell in _sampled(grid, body, column)]
        return bool(cells) and all(text.isdigit() and 0 < int(text) <= most for text in cells)

    def _by_stem(self, grid: Grid, register: Register, body: int, column: int, label: str, taken: set[str]) -> Match | None:
        """Return the day or person that a header means by the verb in it, when days or names stand below: 'Zu klären bis'."""
        if not _sampled(grid, body, column):
            return None
        for idea in self.compiled.ideas_in(label):
            for name in register.by_idea.get(idea, ()):
                if (
                    name not in taken
                    and self._share(grid, body, column, register, name) >= _LIKE_STEM
                    and self._says_days(grid, register, body, column, name)
                ):
                    return Match(name, _PART_OF_TITLE, is_own=False)
        return None

    def _says_days(self, grid: Grid, register: Register, body: int, column: int, name: str) -> bool:
        """Say whether half of the cells are days, where *name* is one: 'OBS-01' below 'Detection signal' is none."""
        if TABLES[register.table].by_name[name].type.kind is not Kind.DAY:
            return True
        cells = _sampled(grid, body, column)
        return 2 * sum(day_of(cell, self.order) is not None for cell in cells) >= len(cells)

    def _named_by_content(
        self, grid: Grid, register: Register, body: int, labels: Mapping[int, tuple[str, ...]], chosen: dict[int, Match]
    ) -> None:
        """Take the first column of sentences as what names the rows, where no header says it: 'What happened?', 'Subject matter'."""
        names = {match.column for match in chosen.values()}
        missing = [group for group in register.spec.needs if not names & set(group)]
        if len(missing) != 1 or not set(missing[0]) & _NAMING or len(names - {"id", "comment"}) < _ENOUGH_TO_NAME:
            return
        for column, texts in labels.items():
            cells = _sampled(grid, body, column)
            if column in chosen or register.is_other(texts[0]) or register.is_foreign(texts[0]):
                continue
            if _are_sentences(cells):
                chosen[column] = Match(next(name for name in missing[0] if name in _NAMING), _OTHER, is_own=False)
                return

    def _share(self, grid: Grid, body: int, column: int, register: Register, target: str) -> float:
        """Return how many (0..1) of the values below a header look like those of the model's column; 1 where there are none."""
        key = (body, column, register.name, target)
        share: float | None = grid.remembered.get(key)
        if share is None:
            cells = _sampled(grid, body, column)
            share = 1.0
            if cells:
                kind = None if target == "id" else TABLES[register.table].by_name[target]
                words = register.values.get(target, {})
                share = sum(fits(cell, kind, words, self.order) for cell in cells) / len(cells)
                if kind is not None and kind.type.kind is Kind.DAY:
                    share *= 1 - _NO_DAY * sum(day_of(cell, self.order) is None for cell in cells) / len(cells)
                if kind is None:
                    unique = len({cell.text for cell in cells}) / len(cells)
                    share *= 1.0 if unique >= _UNIQUE_ENOUGH else unique
            grid.remembered[key] = share
        return share

    def _is_code(self, register: Register, target: str) -> bool:
        return target != "id" and TABLES[register.table].by_name[target].type.kind is Kind.CODE

    def _tells(self, grid: Grid, body: int, column: int, register: Register, target: str, share: float) -> float:
        """Return a little more for a column of levels or codes that all values fit: a text fits whatever they are."""
        is_free = target == "id" or TABLES[register.table].by_name[target].type.kind in {Kind.TEXT, Kind.PERSON, Kind.REFERENCE}
        return 0.0 if is_free or share < _NEARLY_ALL or not _sampled(grid, body, column) else _TELLS

    def _holds_ids(self, grid: Grid, body: int, column: int, label: str) -> bool:
        """Say whether an unknown header ('TP_873#', 'Ticket-Nr.') stands above what can only be ids: short, numbered, each its own."""
        words = fold(without_inflection(label)).split()
        if not words:
            return False
        texts = [grid.text(row, column).strip() for row in range(body, grid.height) if grid.text(row, column).strip()][: _SAMPLE_ROWS * 5]
        if len(set(texts)) < 0.9 * len(texts) or not texts:
            return False
        if label.strip().endswith("#") or {words[0], words[-1]} & self.compiled.id_words:
            return sum(len(text) <= _LONGEST_NUMBERED and _NUMBERED.fullmatch(text) is not None for text in texts) >= 0.8 * len(texts)
        if len(words) > 1 or not label.strip().isupper():
            return False
        return all((match := _PREFIXED.fullmatch(text)) is not None and fold(match[1]) == words[0] for text in texts)

    def _part(self, grid: Grid, header: _Header, rows: range, columns: tuple[int, ...]) -> _Part:
        """Return the register below *header*, or the several that a column 'Type' tells apart."""
        combined = self._combined(grid, header.row, header.depth, header.labels, rows)
        return _Part(tuple(combined[1]), rows, columns, combined[0]) if combined else _Part((header,), rows, columns)

    def _combined(self, grid: Grid, row: int, depth: int, labels: Mapping[int, str], rows: range) -> tuple[int, list[_Header]] | None:
        """Return the column whose words say to which register each row belongs, and a header for each register; None when none does."""
        for column, label in labels.items():
            if not self.compiled.is_combined(label):
                continue
            words = [fold(text) for at in rows[:_MOST_KINDS] if (text := grid.text(at, column).strip()) and len(text) <= _LONGEST_KIND]
            by_word = {word: self._register_of(word) for word in set(words)}
            named = {register.name: register for register in by_word.values() if register is not None}
            known = sum(by_word[word] is not None or word in self.compiled.other_rows for word in words)
            if len(named) < 2 or known < 0.7 * len(words) or named.keys() <= {"issue", "change_request"}:
                continue
            rest = {at: (text,) for at, text in labels.items() if at != column}
            headers = []
            strangers = 0
            for register in named.values():
                if sum(register.is_foreign(texts[0]) for texts in rest.values()) >= _ENOUGH_FOREIGN:
                    strangers += 1  # 'Task' in a schedule with predecessors and baselines is no action of a log
                    continue
                chosen = self._assigned(grid, register, row + depth, rest)
                names = {match.column for match in chosen.values()}
                if all(names & set(group) for group in register.spec.needs):
                    self._assign_parts(grid, register, row + depth, rest, chosen)
                    taken = {at: match.column for at, match in chosen.items()}
                    headers.append(_Header(register, row, depth, taken, labels, _SURE, 0))
            if headers and len(headers) + strangers > 1:
                return column, sorted(headers, key=lambda header: header.register.name)
        return None

    def _register_of(self, word: str) -> Register | None:
        for register in self.compiled.registers:
            if word in register.row_words or (word.endswith("s") and word[:-1] in register.row_words):
                return register
        return None

    def _continued(self, last: tuple[Grid, list[_Part]], grid: Grid) -> list[_Part] | None:
        """Return the rest of a table that a page break cut, or None when *grid* is a table of its own."""
        before, parts = last
        if len(parts) != 1 or before.width != grid.width:
            return None
        is_cut = grid.table.locator.startswith("page ")
        if is_cut and before.table.locator.split(" ")[:2] == grid.table.locator.split(" ")[:2]:
            return None
        header = parts[0].headers[0]
        first = {column: fold(grid.text(0, column)) for column in header.labels}
        if all(text == fold(header.labels[column]) for column, text in first.items()):
            return [_Part(parts[0].headers, range(1, grid.height), parts[0].columns, parts[0].kind_column)]
        if sum(self.compiled.says_header(grid.text(0, column)) for column in range(grid.width)) >= 2:
            return None
        if not is_cut and not self._goes_on(before, parts[0], grid):
            return None
        return [_Part(parts[0].headers, range(grid.height), parts[0].columns, parts[0].kind_column)]

    def _goes_on(self, before: Grid, part: _Part, grid: Grid) -> bool:
        """Say whether the rows of *grid*, which has no header, count on from the last id above it, in columns that hold the same."""
        header = part.headers[0]
        ids = next((column for column, name in header.columns.items() if name == "id"), None)
        if ids is None or header.register.name != part.headers[-1].register.name:
            return False
        above = [number for row in part.rows if (number := _number_in(before.text(row, ids))) is not None]
        here = [number for row in range(grid.height) if (number := _number_in(grid.text(row, ids))) is not None]
        if not above or len(here) < grid.height or here[0] != above[-1] + 1:
            return False
        return all(
            self._share(grid, 0, column, header.register, name)
            >= min(_LIKE_PART, self._share(before, header.body, column, header.register, name))
            for column, name in header.columns.items()
        )

    # Other shapes

    def _read_matrix(self, grid: Grid, around: Around, document: Document) -> bool:
        """Read a table of persons and trainings; say whether it is one."""
        register = next((register for register in self.compiled.registers if register.name == MATRIX), None)
        read = read_matrix(grid, register, around, self.order) if register is not None else None
        if read is None:
            return False
        self.found.extend(read.rows)
        self.mapped.extend(Mapped(grid.table.locator, MATRIX, label, column) for label, column in read.labels)
        self.kept.append(Kept(MATRIX, read.columns, _is_whole(grid, document), grid.table.locator, ""))
        return True

    def _read_costs(self, grid: Grid, around: Around, document: Document) -> None:
        costs = read_costs(grid, self.compiled, around, self.language, self.order)
        if costs is not None:
            self.found.extend(costs.rows)
            self.mapped.extend(Mapped(grid.table.locator, "cost", label, column) for label, column in costs.labels)
            self.kept.append(Kept("cost", costs.columns, _is_whole(grid, document), grid.table.locator, ""))

    def _form(self, grid: Grid, around: Around, rivals: Sequence[_Header]) -> tuple[Grid, _Part] | None:
        """Return a table that is turned: fields below each other, one entry per column or per table; None when it is none.

        Headers found in rows, *rivals*, must be topped, in points and in columns.
        """
        points = max((rival.points for rival in rivals), default=0.0)
        columns = max((len(rival.columns) for rival in rivals), default=0)
        if around.is_no_register or self.compiled.explains_fields(grid.text(0, 0), grid.text(0, 1)):
            return None
        if grid.width > 2 and not any(grid.says(row, column) for row in range(1, grid.height) for column in range(1, grid.width)):
            return None  # labels above and beside, and nothing filled in
        best: tuple[Grid, _Header] | None = None
        for form in self._forms(grid):
            if form is None or form.width > _MOST_FIELDS or not 2 <= form.height <= _MOST_FORMS:
                continue
            labels = _labels(form, 0, 1, range(form.width))
            if form.places and not self._are_pairs(form):
                continue
            if labels and not any(form.says(row, min(labels)) for row in range(1, form.height)):
                labels.pop(min(labels))  # the title of the form
            ordinals = Counter(word for texts in labels.values() if (word := _ordinal(texts[0])))
            labels = {column: texts for column, texts in labels.items() if ordinals[_ordinal(texts[0])] < 2}  # 'Phase 1', 'Phase 2': rows
            if len(labels) < 3:
                continue
            here = around.below(form, 0)
            for register in self.compiled.registers:
                header = self._scored(form, register, 0, 1, labels, here, max(_SURE_TURNED, points))
                if header is None or len(header.columns) < max(3, columns) or 2 * len(header.columns) < len(labels):
                    continue
                if best is None or (header.points, header.own) > (best[1].points, best[1].own):
                    best = form, header
        if best is None:
            return None
        form, header = best
        return form, _Part((header,), range(1, form.height), tuple(range(form.width)))

    def _forms(self, grid: Grid) -> Iterator[Grid | None]:
        """Yield a table turned, and as pairs of labels and values; each also with the number and name that its title row says."""
        above = [shown(grid.text(0, column)) for column in grid.filled(0)]
        title = None
        if len(above) == 1 or (len(above) == 2 and grid.width > 2 and above[0][-1:].isdigit()):  # 'R1 – Fire', 'Risk no. 1 | Fire'
            title = numbered(": ".join(above))
        for form in (turned(grid), pairs(grid)):
            yield form
            if title is not None and form is not None and form.height == 2:
                yield titled(form, 0, *title)

    def _read_deck(self, deck: Deck, document: Document) -> None:
        """Read entries that are written as paragraphs, each below its own heading, when what stands above says which register they are."""
        labels = {column: (text,) for column, text in enumerate(deck.labels)}
        sure = _SURE if deck.is_marked else _SURE_TURNED
        everything = [self._scored(deck.grid, register, 0, 1, labels, deck.around, sure) for register in self.compiled.registers]
        header = max((found for found in everything if found is not None), key=lambda found: (found.points, found.own), default=None)
        fewest = _FEWEST_FIELDS_MARKED if deck.is_marked else _FEWEST_FIELDS
        if header is None or len(header.columns) < fewest or 2 * len(header.columns) < len(labels):
            return
        if deck.around.points(header.register.name) < 1 or not (header.own or deck.has_ids or deck.is_marked):
            return
        columns = tuple(range(deck.grid.width))
        for row, place in enumerate(deck.locators, start=1):
            table = replace(deck.grid.table, locator=place)
            card = Grid([deck.grid.rows[0], deck.grid.rows[row]], table, is_sheet=False, place=place)
            self._read_part(card, _Part((header,), range(1, 2), columns), document)

    def _are_pairs(self, form: Grid) -> bool:
        """Say whether what stands in the second and later columns of labels are labels, and not the entries of a table that is turned."""
        later = [form.text(0, at) for at, (_, column) in enumerate(form.places) if column > 1]
        return 2 * sum(self.compiled.says_header(text) and not _NUMBERED.fullmatch(text) for text in later) >= len(later)

    # Rows

    def _read_part(self, grid: Grid, part: _Part, document: Document, around: Around | None = None) -> None:
        caption = " ".join(
            [
                grid.table.name,
                *(grid.text(row, column) for row in range(min(part.headers[0].row, 8)) for column in range(min(grid.width, 8))),
            ]
        )
        for header in part.headers:
            register = header.register
            readings = {
                column: reading_of(register, name, header.labels[column], caption, self.shares)
                for column, name in header.columns.items()
                if name != "id"
            }
            self.mapped.extend(
                Mapped(grid.table.locator, register.name, label, header.columns.get(column)) for column, label in header.labels.items()
            )
            products = register.spec.products
            titled = self._said_by_titles(grid, header, around)
            columns = {reading.column.name for column, reading in readings.items() if not grid.is_hidden_column(column)}
            columns |= set(register.spec.constants) | set(titled)
            is_for_log = register.table == _REVIEWED and _REVIEWED_ON not in header.columns.values()
            reviewed = self._reviewed_on(grid, header) if is_for_log else None
            columns |= {_REVIEWED_ON} if reviewed is not None else set()
            if register.table == INDICATORS and periods_of(grid, header.row, header.columns, self.order):
                columns |= {"period_on", "actual", "better"}
            readings = {column: with_scale(reading, _sampled(grid, header.body, column)) for column, reading in readings.items()}
            rows = [
                replace(row, values={**titled, **row.values}, filled=row.filled | set(titled)) if titled else row
                for row in self._rows(grid, part, header, readings)
            ]
            rows, told = with_blank_days(rows, columns)
            self.kept.append(
                Kept(
                    register.table,
                    frozenset(columns | told),
                    _is_whole(grid, document),
                    grid.table.locator,
                    products[0] if products else "",
                )
            )
            if reviewed is not None:
                rows = [_reviewed(row, reviewed) for row in rows]
            if register.table == TASKS:
                rows = outlined(rows)
            if register.table == _MEMBERS:
                self._read_trainings_beside(grid, header, document)
            if len(rows) < _LIST_OF_NAMES or not _names_only(grid, part, header):
                self._keep(rows, document, repeats=register.spec.repeats)  # else a template: a column of names, all others left for later

    def _read_trainings_beside(self, grid: Grid, header: _Header, document: Document) -> None:
        """Read which trainings the members of a list completed, where it has columns for them."""
        register = next((register for register in self.compiled.registers if register.name == MATRIX), None)
        person = next((column for column, name in header.columns.items() if name == "person_id"), None)
        rest = [column for column in header.labels if column not in header.columns]
        read = (
            trainings_beside(grid, header.body, person, header.labels, rest, register, self.order)
            if register is not None and person is not None
            else None
        )
        if read is not None:
            self.found.extend(read.rows)
            self.mapped.extend(Mapped(grid.table.locator, MATRIX, label, column) for label, column in read.labels)
            self.kept.append(Kept(MATRIX, read.columns, _is_whole(grid, document), grid.table.locator, ""))

    def _reviewed_on(self, grid: Grid, header: _Header) -> date | None:
        """Return the day on which the whole register was last reviewed, as the rows above its header say: 'Last review | 30 September'."""
        said: set[date] = set()
        for row in range(header.body):  # a row of labels and days directly above may have been taken for one of groups
            texts = [(shown(grid.text(row, column)), column) for column in grid.filled(row)]
            for at, (text, _) in enumerate(texts):
                label, sign, value = text.partition(":")
                if fold(label) not in listed_words("log_reviewed"):
                    continue
                if sign and value.strip():
                    day = parse_day(value.strip(), self.order)
                else:
                    day = day_of(grid.cell(row, texts[at + 1][1]), self.order) if at + 1 < len(texts) else None
                if day is not None:
                    said.add(day)
        return said.pop() if len(said) == 1 else None

    def _said_by_titles(self, grid: Grid, header: _Header, around: Around | None) -> dict[str, str]:
        """Return the codes that titles say of every row, for columns that the header lacks: 'Follow-on actions', 'Purchase orders'.

        The nearest title that says one decides: the rows above the header, sheet, caption and heading, then what the header calls the rows,
        then the name of the file.
        """
        titled = header.register.titled
        if not titled or around is None:
            return {}
        taken = set(header.columns.values())
        above = around.below(grid, header.row).texts
        near = above[: len(above) - len(around.texts) + 1 + (self.parsed.document.format not in _WORKBOOKS)]
        stem = re.sub(r"[_\-.]+", " ", PurePosixPath(self.parsed.path).stem)
        said = {}
        for column, words in titled.items():
            if column in taken:
                continue
            value = next((value for text in near if (value := _value_in_title(text, words, within=False)) is not None), None)
            value = value or _value_in_header(header, column) or _value_in_title(stem, words, within=True)
            if value is not None:
                said[column] = value
        return said

    def _keep(self, rows: Iterable[Found], document: Document, *, repeats: bool) -> None:
        """Add rows; one that the document has listed before, by id and name, adds to what was said of it there.

        In a workbook only products, which two registers keep: that of products and that of configuration items; and entries of which one
        sheet says no state: the forms of the requests, an analysis of each risk. Other sheets with the same entries are years, or states
        of another day. What a sheet of configuration items has by ids of another kind is no product: plans and reports are configuration
        items too.
        """
        known = {} if repeats else self._listed()
        if document.format in _WORKBOOKS:
            rows = list(rows)
            listed = {key: at for key, at in known.items() if _has_letter(key[1])}
            known = {key: at for key, at in listed.items() if self.found[at].table == "deliverable"}
            rows = _like(known, rows)
            told = [(self.found[listed[key]], row) for row in rows if (key := (row.register, row.own_id or "")) in listed]
            known = {**known, **listed} if _tell_more(told) else known
        added: list[Found] = []
        for row in rows:
            at = known.get((row.register, row.own_id or ""))
            if at is None or not _is_same_row(self.found[at], row):
                added.append(row)
            else:
                one = self.found[at]
                self.found[at] = _joined(one, row) if not _has_state(row) or _has_state(one) else _joined(row, one)
        self.found.extend(added)

    def _listed(self) -> dict[tuple[str, str], int]:
        """Return where each row with an id of its own stands; ids that stand twice are left out."""
        counted = Counter((row.register, row.own_id) for row in self.found if row.own_id)
        return {
            (row.register, row.own_id): at for at, row in enumerate(self.found) if row.own_id and counted[row.register, row.own_id] == 1
        }

    def _read_more(self, grid: Grid, document: Document) -> bool:
        """Read a table that says more of rows listed before, by their ids alone: 'Risk ID | Mitigation | Owner'; say whether it is one."""
        if document.format in _WORKBOOKS:
            return False
        listed = self._listed()
        labels = {column: texts for column, texts in _labels(grid, 0, 1, range(grid.width)).items() if not _is_period(texts[0])}
        rows = range(1, grid.height)
        best: _Header | None = None
        for register in self.compiled.registers if listed and len(labels) > 1 else ():
            chosen = self._assigned(grid, register, 1, labels)
            ids = next((column for column, match in chosen.items() if match.column == "id"), None)
            if ids is None or len(chosen) < 2 or 2 * len(chosen) < len(labels):
                continue
            said = [id_of(grid.cell(row, ids)) for row in rows if grid.says(row, ids)]
            if not said or not all(own and _has_letter(own) and (register.name, own) in listed for own in said):
                continue
            columns = {column: match.column for column, match in chosen.items()}
            header = _Header(register, 0, 1, columns, {column: texts[0] for column, texts in labels.items()}, _SURE, 0)
            if best is None or len(header.columns) > len(best.columns):
                best = header
        if best is None:
            return False
        self._read_part(grid, _Part((best,), rows, tuple(range(grid.width))), document)
        return True

    def _rows(self, grid: Grid, part: _Part, header: _Header, readings: Mapping[int, Reading]) -> Iterator[Found]:
        register = header.register
        typical = _typical(grid, part)
        gap = 0
        labels = {column: fold(text) for column, text in header.labels.items()}
        periods = periods_of(grid, header.row, header.columns, self.order) if register.table == INDICATORS else {}
        others = strays(Entries(grid, part.rows, part.columns, register, header.columns), self.compiled)
        for row in part.rows:
            filled = grid.filled(row, part.columns)
            if not filled:
                gap += 1
                continue
            after_gap, gap = gap, 0
            if row in others:
                continue
            if part.kind_column is not None and self._register_of(fold(grid.text(row, part.kind_column))) is not register:
                continue
            repeated = sum(fold(grid.text(row, column)) == labels.get(column) for column in filled)
            if (repeated >= 2 and repeated >= 0.6 * len(filled)) or (row == header.body and _is_numbering(grid, row, filled)):
                continue
            if not self._is_row(grid, row, filled, header, typical, after_gap):
                continue
            shown_in = (column for column in filled if not (grid.is_hidden_column(column) or grid.cell(row, column).is_struck))
            texts = [grid.text(row, column) for column in shown_in]
            read = with_day_of_signing(self._row(grid, row, part, header, readings), self.order)
            read = with_day_of_closing(read, texts, self.order)
            if register.table == INDICATORS:
                yield from measured(read, grid, row, header.columns, periods, register, self.language)
            else:
                yield read

    def _is_row(self, grid: Grid, row: int, filled: list[int], header: _Header, typical: "_Typical", gap: int) -> bool:
        register = header.register
        naming = register.spec.needs[0] if register.spec.needs else register.spec.columns
        substance = [column for column, name in header.columns.items() if name in naming]
        said = [column for column in substance if self._is_said(grid, row, column)]
        if not said:
            is_waiting = any(grid.cell(row, column).text.strip().startswith(_TO_FILL) for column in substance)
            return not is_waiting and self._is_row_by_rest(grid, row, header)
        if all((row, column) in grid.joined_up for column in said):
            own = [column for column in filled if (row, column) not in grid.joined_up]
            ids = [column for column, name in header.columns.items() if name == "id"]
            if not any(column in own for column in ids) and not any(
                column in own for column in header.columns if header.columns[column] in _TELLING
            ):
                return False
        if all(grid.cell(row, column).type == "uncalculated" for column in filled if header.columns.get(column) != "id"):
            return False  # formulas filled down below the last row
        if self._is_guidance(grid, row, filled):
            return False
        named = [column for column, name in header.columns.items() if name in {"id", *_NAMES}] or said
        begins = [grid.text(row, column) for column in (filled if len(filled) == 1 else named)]
        if any(self.compiled.is_sign(sign, text) for text in begins for sign in ("total", "note", "example")):
            return False
        if all(self.compiled.is_nothing(grid.text(row, column), register) for column in said):
            return False
        return len(filled) > 1 or not self._is_heading(grid, row, filled[0], header, typical, gap)

    def _is_row_by_rest(self, grid: Grid, row: int, header: _Header) -> bool:
        """Say whether a row without title is one all the same: it has an id of its own and people, days or texts that somebody wrote.

        A status or a score alone may be what a template fills down.
        """
        if not any(
            name == "id" and id_of(grid.cell(row, column)) and (row, column) not in grid.joined_up
            for column, name in header.columns.items()
        ):
            return False
        table = TABLES[header.register.table]
        written = filled = 0
        for column, name in header.columns.items():
            if name == "id" or not self._is_said(grid, row, column) or (row, column) in grid.joined_up:
                continue
            filled += grid.cell(row, column).type != "uncalculated"
            written += table.by_name[name].type.kind in {Kind.TEXT, Kind.PERSON, Kind.DAY} and grid.cell(row, column).type != "uncalculated"
        return filled >= 2 and written >= 1 and not self._is_guidance(grid, row, grid.filled(row))

    def _is_guidance(self, grid: Grid, row: int, filled: list[int]) -> bool:
        """Say whether a row tells how to fill in the others: 'Enter the …', 'Select …', 'Bitte … angeben'."""
        told = sum(self.compiled.is_instruction(grid.text(row, column)) for column in filled)
        return told >= 3 and 2 * told >= len(filled)

    def _is_said(self, grid: Grid, row: int, column: int) -> bool:
        cell = grid.cell(row, column)
        if cell.type == "uncalculated":
            return True
        return (
            bool(cell.text.strip())
            and not cell.is_placeholder
            and not is_placeholder(clean(cell.text))
            and (row, column) not in grid.joined_left
        )

    def _is_heading(self, grid: Grid, row: int, column: int, header: _Header, typical: "_Typical", gap: int) -> bool:
        """Say whether the only cell of a row that is filled is a group heading, a note or the title of what follows."""
        cell = grid.cell(row, column)
        if len(header.columns) < 2 and len(header.labels) < 2:
            return False
        spans = (row, column + 1) in grid.joined_left and typical.spans < 0.5
        if spans or (cell.is_bold and typical.bold < 0.5):
            return True
        if typical.filled >= 2 and gap:
            return True
        text = cell.text.strip()
        return typical.filled >= 3 and (text.endswith(":") or column not in header.columns or header.columns[column] == "id")

    def _row(self, grid: Grid, row: int, part: _Part, header: _Header, readings: Mapping[int, Reading]) -> Found:
        register = header.register
        own_id: str | None = None
        values: dict[str, Any] = dict(register.spec.constants)
        filled = {reading.column.name for reading in readings.values()} | set(values)
        refers: dict[str, tuple[str, str]] = {}
        texts: dict[str, list[tuple[int, str]]] = {}
        states: dict[str, set[str]] = {}
        struck = [grid.cell(row, column).is_struck for column in grid.filled(row, part.columns)]
        withdrawn = bool(struck) and all(struck)
        for column, name in header.columns.items():
            cell = grid.cell(row, column)
            if name == "id":
                own_id = id_of(cell) if own_id is None else own_id
                continue
            reading = readings[column]
            read = read_cell(cell, reading, self.order, self.language) if (row, column) not in grid.joined_left else Read("blank")
            if grid.is_hidden_column(column) or (cell.is_struck and not withdrawn and read.state == "value"):
                read = Read("unknown")
            states.setdefault(name, set()).add(read.state)
            kind = reading.column.type.kind
            if read.raw is not None and reading.column.type.has_raw:
                values.setdefault(f"{name}_raw", read.raw)
            if read.state != "value":
                continue
            if kind is Kind.REFERENCE:
                if (target := _target(register.table, name)) is not None:
                    refers[name] = (target, " ".join(str(read.value).split()))
                else:
                    states[name] = {"unknown"}
            elif kind is Kind.TEXT:
                match_rank = next((match.rank for match in register.match(reading.header) if match.column == name), 10_000)
                texts.setdefault(name, []).append((match_rank, str(read.value)))
            else:
                values.setdefault(name, read.value)
            if read.currency and "currency" in TABLES[register.table].by_name and not states.get("currency", set()) & {"value"}:
                values.setdefault("currency", read.currency)
                filled.add("currency")
        for name, parts in texts.items():
            values[name] = "\n".join(dict.fromkeys(text for _, text in sorted(parts)))
        unknown = {name for name, seen in states.items() if "unknown" in seen and name not in values and name not in refers}
        filled -= unknown
        if own_id is None and "number" in texts:
            own_id = str(values["number"])  # orders and invoices are called by their number
        if withdrawn and "status" in filled and "status" not in values:
            filled.discard("status")
        return Found(
            register.table,
            values,
            frozenset(filled),
            grid.locator(row, [column for column in part.columns if column in header.columns]),
            own_id,
            register.name,
            _key(values),
            refers,
        )


def _reviewed(row: Found, day: date) -> Found:
    """Return *row* as reviewed on *day*, when the whole register was; a risk that came later was not reviewed then."""
    came = row.values.get("identified_on")
    if "identified_on" in row.filled and (not isinstance(came, date) or came <= day):
        return replace(row, values={**row.values, _REVIEWED_ON: day}, filled=row.filled | {_REVIEWED_ON})
    return row


def _says_after(label: str, first: str) -> bool:
    """Say whether a folded label is *first* and words that say 'after' besides: 'W danach' after 'W', 'residual L' after 'L'."""
    words, plain = label.split(), first.split()
    rest = [word for word in words if word not in plain]
    return len(words) == len(plain) + len(rest) and bool(rest) and set(rest) <= _AFTER


def _like(known: Mapping[tuple[str, str], int], rows: Sequence[Found]) -> Sequence[Found]:
    """Return the rows of a sheet of configuration items that have ids as the products have them; all rows of any other list."""
    letters = {own_id.rstrip("0123456789.") for _, own_id in known}
    is_second = any((row.register, row.own_id or "") in known for row in rows)
    sheet = f" {fold(rows[0].locator.rpartition('!')[0])} " if rows else ""
    if not is_second or not any(f" {word}" in sheet for word in listed_words("configuration_items")):
        return rows
    return [row for row in rows if row.own_id is None or row.own_id.rstrip("0123456789.") in letters]


def _tell_more(told: Sequence[tuple[Found, Found]]) -> bool:
    """Say whether two sheets tell of the same entries, and not of their states on two days: one of them says no state.

    Each entry has the same name in both, and no day that both say differs.
    """
    if not told or all(_has_state(one) and _has_state(other) for one, other in told):
        return False
    return all(
        one.table not in _MANY_STATES
        and _is_same_row(one, other)
        and one.key[:1] != ("",)
        and not any(
            name.endswith("_on") and None is not one.values.get(name) != other.values.get(name) is not None
            for name in one.filled & other.filled
        )
        for one, other in told
    )


def _has_state(row: Found) -> bool:
    return bool(row.filled & _STATE)


_STATE = frozenset({"status", "status_category", "decision"})
_MANY_STATES = frozenset({TASKS, "cost", "milestone"})  # each sheet of these may be a state of another day, though none says so


def _has_letter(own_id: str) -> bool:
    return any(letter.isalpha() for letter in own_id)


def _is_same_row(one: Found, other: Found) -> bool:
    """Say whether two rows of one id are one: nameless, or of names that begin alike; mere numbers count anew in every list."""
    first, second = one.key[0] if one.key else "", other.key[0] if other.key else ""
    if not second or not first:
        return _has_letter(one.own_id or "")
    if first == second:
        return True
    return _has_letter(one.own_id or "") and (
        first.startswith(second) or second.startswith(first) or fuzz.ratio(first, second) >= _SAME_NAME
    )


def _joined(one: Found, other: Found) -> Found:
    """Return *one* with what *other* says besides; where both say something and it is not the same text, neither is known."""
    texts = {name for name, column in TABLES[one.table].by_name.items() if column.type.kind in {Kind.TEXT, Kind.PERSON}}
    values, filled = dict(one.values), set(one.filled)
    for name in sorted(other.filled):
        if name not in values and name not in one.refers:
            for part in (name, f"{name}_raw"):
                if part in other.values:
                    values[part] = other.values[part]
            filled.add(name)
        elif name not in texts and name in other.values and other.values[name] != values.get(name):
            values.pop(name, None)
            filled.discard(name)
    for name in set(other.values) - other.filled:
        values.setdefault(name, other.values[name])
    return replace(one, values=values, filled=frozenset(filled), refers={**other.refers, **one.refers})


_NAMES = frozenset({"title", "name", "subject"})
_NAMING = _NAMES | {"description"}
_TELLING = frozenset({"traced_to", "subject"})


_WITH_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_COUNTING = re.compile(r"\d{1,2}\.?")

_TO_FILL = ("<", "[", "{", "«")  # how what a template wants to be replaced begins


@dataclass(frozen=True, slots=True)
class _Typical:
    """What most rows of a register look like."""

    filled: float
    bold: float
    spans: float


def _typical(grid: Grid, part: _Part) -> _Typical:
    counts: list[int] = []
    bold = spans = 0
    for row in part.rows[:400]:
        filled = grid.filled(row, part.columns)
        if not filled:
            continue
        counts.append(len(filled))
        bold += grid.cell(row, filled[0]).is_bold
        spans += (row, filled[0] + 1) in grid.joined_left
    counts.sort()
    total = max(len(counts), 1)
    return _Typical(counts[len(counts) // 2] if counts else 0, bold / total, spans / total)


def _is_code_of(cell: Cell) -> bool:
    """Say whether a cell holds an id with letters and a number: 'P02', 'SWW-PD-3'."""
    text = cell.text.strip()
    return _BARE_ID.fullmatch(text) is not None and any(letter.isalpha() for letter in text) and any(letter.isdigit() for letter in text)


def _sampled(grid: Grid, body: int, column: int) -> list[Cell]:
    """Return the cells below a header that say something, of its first rows."""
    key = (body, column)
    cells: list[Cell] | None = grid.remembered.get(key)
    if cells is None:
        cells = grid.remembered[key] = [
            grid.cell(row, column)
            for row in range(body, min(body + _SAMPLE_ROWS, grid.height))
            if grid.says(row, column) and not is_placeholder(grid.text(row, column))
        ]
    return cells


def _is_day(register: Register, name: str) -> bool:
    column = None if name == "id" else TABLES[register.table].by_name.get(name)
    return column is not None and column.type.kind is Kind.DAY


def _are_sentences(cells: Sequence[Cell]) -> bool:
    """Say whether cells hold words enough, and each its own, to name the rows."""
    said = {cell.text for cell in cells if cell.type == "text"}
    return len(cells) > 1 and len(said) >= _UNIQUE_ENOUGH * len(cells) and sum(map(len, said)) >= _SENTENCE * len(said)


def _key(values: Mapping[str, Any]) -> tuple[str, ...]:
    name = next((str(values[column]) for column in ("title", "name", "subject", "description", "category") if values.get(column)), "")
    day = next((str(values[column]) for column in _FIRST_DAYS if values.get(column)), "")
    return (fold(name)[:200], day)


_FIRST_DAYS = (
    "identified_on",
    "raised_on",
    "requested_on",
    "decided_on",
    "recorded_on",
    "held_on",
    "planned_on",
    "due_on",
    "baseline_on",
    "period_on",
    "on_date",
    "issued_on",
)


def _is_tick(register: Register, target: str, labels: tuple[str, ...]) -> bool:
    """Say whether a header is itself a value of the column: 'Pass' and 'Fail', to be ticked, are together the result."""
    return (
        TABLES[register.table].by_name[target].type.kind is Kind.CODE and any(fold(label) in register.values[target] for label in labels)
        if target != "id"
        else False
    )


def _names_only(grid: Grid, part: _Part, header: _Header) -> bool:
    """Say whether nothing but the names of the rows is filled in, though the header has other columns, for days."""
    names = {"id", *_NAMING, *(header.register.spec.needs[0] if header.register.spec.needs else ())}
    others = [column for column in header.labels if header.columns.get(column) not in names]
    told = [header.columns[column] for column in others if column in header.columns]
    if not told or any(TABLES[header.register.table].by_name[name].type.kind is not Kind.DAY for name in told):
        return False
    return len(others) >= _LIST_OF_NAMES and not any(grid.says(row, column) for row in part.rows for column in others)


def _value_in_title(title: str, words: Mapping[str, str], *, within: bool) -> str | None:
    """Return the one code that a title says, whole or beside a name: 'Project X – Purchase orders'; *within*: anywhere in its words."""
    plain = plain_title(title)
    if (value := words.get(plain)) is not None:
        return value
    found = {value for part in _TITLE_PARTS.split(title) if (value := words.get(plain_title(part))) is not None}
    if not found and within:
        found = {value for phrase, value in words.items() if f" {phrase} " in f" {plain} "}
    return found.pop() if len(found) == 1 else None


def _value_in_header(header: _Header, column: str) -> str | None:
    """Return the code by which the header calls its rows, where they are named or numbered: 'Invoice no.', 'Corrective action'."""
    words = header.register.values.get(column, {})
    for at in sorted(header.columns):
        if header.columns[at] in {"id", "number", "title"}:
            said = fold(header.labels[at])
            plain = " ".join(word for word in said.split() if word not in _NUMBER_WORDS)
            if (value := words.get(said) or words.get(plain)) is not None:
                return value
    return None


def _target(table: str, column: str) -> str | None:
    if (table, column) == ("review", "subject_id"):
        return "deliverable"
    if column == "parent_id":
        return table
    name = column.removesuffix("_id")
    if name == "enabling_deliverable":
        return "deliverable"
    if name in {"previous", "supersedes"}:
        return table
    return name if name in TABLES else None


def _is_whole(grid: Grid, document: Document) -> bool:
    return not (grid.table.is_cut or document.is_cut)


def _header_key(labels: Mapping[int, str]) -> tuple[tuple[int, str], ...]:
    return tuple(sorted((column, fold(label)) for column, label in labels.items()))


def _as_known(grid: Grid, known: Mapping[tuple[tuple[int, str], ...], _Part]) -> list[_Part]:
    """Return the register of a sheet whose header is that of a sheet which was recognised."""
    for row in range(min(grid.height, _MOST_ROWS_ABOVE)):
        labels = {column: texts[0] for column, texts in _labels(grid, row, 1, range(grid.width)).items()}
        part = known.get(_header_key(labels)) if len(labels) >= _FEWEST_FIELDS else None
        if part is not None and all(header.depth == 1 for header in part.headers):
            headers = tuple(replace(header, row=row) for header in part.headers)
            return [_Part(headers, range(row + 1, grid.height), tuple(range(grid.width)), part.kind_column)]
    return []


def _number_in(text: str) -> int | None:
    """Return the number that ends an id: 'R-07' → 7, None when none does."""
    match = _ID_NUMBER.fullmatch(text.strip())
    return int(match[1]) if match else None


def _is_plainly_header(grid: Grid, header: _Header) -> bool:
    """Say whether a row amid the rows of a register can only be a header: short words nearly all of which are columns."""
    cells = [grid.cell(header.row, column) for column in header.labels]
    return (
        len(header.columns) >= 3
        and 4 * len(header.columns) >= 3 * len(header.labels)
        and all(cell.type == "text" and len(cell.text) <= _LONGEST_PLAIN_HEADER for cell in cells)
    )


def _segments(grid: Grid, row: int) -> list[tuple[int, ...]]:
    """Return the runs of columns of a header that an empty column separates."""
    found: list[tuple[int, ...]] = []
    run: list[int] = []
    for column in range(grid.width):
        if grid.text(row, column).strip() or (row, column) in grid.joined_left:
            run.append(column)
        elif run:
            found.append(tuple(run))
            run = []
    if run:
        found.append(tuple(run))
    return [segment for segment in found if len(segment) > 1]


def _is_second_row(grid: Grid, row: int, columns: Sequence[int]) -> bool:
    """Say whether the row below may be the second row of a header: it stands below cells that span columns, or fills gaps."""
    below = [column for column in columns if grid.text(row + 1, column).strip() and (row + 1, column) not in grid.joined_up]
    if not below or any(grid.cell(row + 1, column).type in {"number", "date", "boolean"} for column in below):
        return False
    if any(len(grid.text(row + 1, column)) > _MOST_TEXT_IN_HEADER for column in below):
        return False
    spanned = any((row, column) in grid.joined_left for column in columns)
    tall = any((row + 1, column) in grid.joined_up for column in columns)
    gaps = any(not grid.text(row, column).strip() for column in below)
    return spanned or tall or gaps


def _is_two_rows(grid: Grid, row: int, columns: Sequence[int]) -> bool:
    """Say whether merged cells make a header of two rows: some span columns above words of their own, all others both rows."""
    spanned = tall = 0
    for column in columns:
        if (row + 1, column) in grid.joined_up:
            tall += (row, column) not in grid.joined_left
        elif not grid.text(row + 1, column).strip():
            continue
        elif (row, column) in grid.joined_left or (row, column + 1) in grid.joined_left:
            spanned += 1
        else:
            return False
    return spanned >= 2 and tall >= 2 and _is_second_row(grid, row, columns)


def _is_numbering(grid: Grid, row: int, filled: Sequence[int]) -> bool:
    """Say whether a row only counts the columns: '(1) | (2) | (3)', 'a | b | c'."""
    counted = [_COUNTER.fullmatch(grid.text(row, column).strip()) for column in filled]
    if len(filled) < _FEWEST_COUNTED or not all(counted):
        return False
    numbers = [int(match[1]) if match[1].isdigit() else ord(match[1].casefold()) for match in counted if match]
    return all(later - earlier == 1 for earlier, later in pairwise(numbers))


def _labels(grid: Grid, row: int, depth: int, columns: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Return the headers of a row, or of two rows read together; the group's name first, then what the column alone is called."""
    labels: dict[int, tuple[str, ...]] = {}
    group = ""
    for column in columns:
        upper = grid.cell(row, column).text.strip() if (row, column) in grid.joined_left else grid.text(row, column).strip()
        if depth == 1:
            if grid.text(row, column).strip():
                labels[column] = (_label(grid.text(row, column)),)
            continue
        lower = "" if (row + 1, column) in grid.joined_up else grid.text(row + 1, column).strip()
        spans = (row, column) in grid.joined_left or (row, column + 1) in grid.joined_left
        if upper and not spans:
            group = upper if lower and not grid.text(row, column + 1).strip() else ""
        if lower:
            above = upper or group
            labels[column] = (_label(f"{above}\n{lower}"), _label(lower), _label(above)) if above else (_label(lower),)
        elif upper and (row, column) not in grid.joined_left:
            labels[column] = (_label(upper),)
    return labels


@lru_cache(maxsize=16_384)
def _ordinal(label: str) -> str:
    """Return the word of a header that only counts ('Step 1', 'Phase 2'), else ''."""
    match = _COUNTED.fullmatch(fold(label.split("\n", maxsplit=1)[0]))
    return match[1] if match else ""


def _without_periods(labels: Mapping[int, tuple[str, ...]]) -> dict[int, tuple[str, ...]]:
    """Return *labels* without the calendar beside a list; a month's name that heads the first column alone is none: 'Dec.', 'Déc.'."""
    periods = [column for column, texts in labels.items() if _is_period(texts[0])]
    if periods == [min(labels, default=-1)]:
        return dict(labels)
    return {column: texts for column, texts in labels.items() if column not in periods}


@lru_cache(maxsize=16_384)
def _is_period(label: str) -> bool:
    """Say whether a header is a month, a week or a day of a calendar beside the list."""
    words = fold(label)
    return words in MONTHS or _PERIOD.fullmatch(words) is not None or parse_period(label) is not None


@lru_cache(maxsize=16_384)
def _label(text: str) -> str:
    return clean(text, LONGEST_HEADER).strip(" *:")


def _is_same_label(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Say whether two headers are the same word, numbers and the names of groups left out."""
    first, second = ("".join(letter for letter in fold(texts[min(1, len(texts) - 1)]) if letter.isalpha()) for texts in (one, other))
    return first == second


def _matches(register: Register, texts: tuple[str, ...]) -> tuple[Match, ...]:
    """Return what a header may be; of one in two rows first both together, then the column's own word, then the group's."""
    if len(texts) == 1:
        return register.match(texts[0])
    together = [match for match in register.match(texts[0].replace("\n", " ")) if match.strength >= 0.95]
    if together:
        return tuple(together)
    for text, factor in ((texts[1], 0.92), (texts[2], 0.75)):
        if found := register.match(text):
            return tuple(Match(match.column, match.strength * factor, match.is_own, match.rank) for match in found)
    return ()
