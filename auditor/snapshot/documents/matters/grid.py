"""A document as the matters read it: blocks with the headings above them, tables with their lines, cells with days and people.

Hidden rows, withdrawn (struck) cells and template residue say nothing. A cell whose value cannot be known (a formula without cached
value) makes its column unknown for that row; an empty one makes it blank.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from itertools import pairwise
from typing import Any

from auditor.connect.document import Cell, Document, TableBlock, TextBlock, texts_of
from auditor.connect.protocol import Parsed
from auditor.connect.values import UNSETTLED, DayOrder, clean, fold, is_placeholder, parse_day, parse_people, settle_day_order
from auditor.model.schema import TABLES
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.matters.words import DetailWords, TableWords, heading_key

_MOST_BLOCKS = 20_000
_REMARK = re.compile(r"\s*\([^()]*\)\s*$")
_TITLED_WITHIN = 6  # blocks: what stands above a title that begins later is no letterhead
_MOST_LINES = 2_000
_HEADER_WITHIN = 5  # lines
_MOST_PAIR_LINES = 200  # a form is no longer
_MOST_PAIR_CELLS = 12
_LONGEST_LEAD = 120
_SLOT = re.compile(r"\W{0,3}\[([^\W\d_][^\[\]\d]{1,40}?)\s?(\d{1,2})\](?!\()")  # '[Risk 1] and how it stands'
_LONGEST_ON_COVER = 250
_MOST_FRONT = 40  # blocks
_MOST_HEADINGS_ON_COVER = 4
_HEAD_AND_VALUES = 2  # lines
_MOST_ACROSS = 8  # lines
_FEWEST_ACROSS = 3  # labels
_ORDINAL = re.compile(r"(?<=\d) (?=(?:st|nd|rd|th)\b)")
DAY_IN_TEXT = re.compile(
    r"(?<![\d.])(\d{4}-\d{2}-\d{2}|\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{1,2}[/-]\d{1,2}[/-]\d{2}|\d{1,2}(?:st|nd|rd|th|er|\.)?\s+(?:de\s+)?[^\W\d_]{3,10}\.?,?\s+(?:de\s+)?\d{4}|"
    r"[^\W\d_]{3,10}\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4})(?!\d)"
)
_SHEETS = frozenset({"xlsx", "ods", "csv"})


@dataclass(frozen=True, slots=True)
class Line:
    """A visible row of a table."""

    cells: tuple[Cell, ...]
    locator: str
    number: int  # absolute

    def cell(self, place: int | None) -> Cell | None:
        """Return the cell at *place*, None when the row has none there."""
        return self.cells[place] if place is not None and place < len(self.cells) else None


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with what stands above it."""

    table: TableBlock
    lines: tuple[Line, ...]
    above: tuple[str, ...]  # keys of headings, nearest first; before them the paragraph directly above, the caption or the sheet's name
    heading: TextBlock | None
    index: int  # of the block
    is_sheet: bool
    is_front: bool  # before the first heading, or among the first ones

    def says(self, headings: frozenset[str]) -> bool:
        """Say whether one of *headings* stands directly above: lead, caption or nearest heading, with a remark in brackets or without."""
        if any(key in headings for key in self.above[:3]):
            return True
        return self.heading is not None and heading_key(_REMARK.sub("", self.heading.text)) in headings


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph or list item with what stands above it."""

    block: TextBlock
    text: str
    above: tuple[str, ...]
    heading: TextBlock | None
    index: int
    is_front: bool


@dataclass(slots=True)
class Reading:
    """A document while the matters read it."""

    document: Document
    path: str
    words: DetailWords
    kind: str | None
    language: str | None
    order: DayOrder
    grids: tuple[Grid, ...] = ()
    prose: tuple[Prose, ...] = ()
    front: tuple[tuple[str, str], ...] = ()  # lines of the cover page with their locators
    titles: tuple[str, ...] = ()  # title lines, first heading, title property, file name
    sections: Mapping[str, str] = field(default_factory=dict)  # locator of a heading → own id of its section
    pairs: dict[int, list["Pair"]] = field(default_factory=dict)  # index of a block → its labels and values
    taken: set[int] = field(default_factory=set)  # indexes of blocks that a matter has read
    signed: set[int] = field(default_factory=set)  # indexes of tables of approvers

    def day(self, text: str) -> date | None:
        """Return the day that *text* names, in the order of this document."""
        return parse_day(_ORDINAL.sub("", text), self.order)


def read_structure(parsed: Parsed, words: DetailWords, *, language: str | None, kind: str | None, habit: DayOrder = UNSETTLED) -> Reading:
    """Return *parsed* with headings, lines and titles worked out."""
    document = parsed.document
    language = language or words.language_of(_short_texts(document))
    texts = texts_of(document, _MOST_LINES)
    reading = Reading(
        document, parsed.path, words, kind, language, settle_day_order(texts, document.properties.get("language") or language, habit)
    )
    grids: list[Grid] = []
    prose: list[Prose] = []
    titles: list[str] = []
    is_titled = False
    stack: list[TextBlock] = []
    lead: str | None = None  # the paragraph directly above
    intro: str | None = None  # the line that introduces the list that is being read
    seen_headings = 0
    is_workbook = document.format in _SHEETS
    slots = _slots(document)
    for index, block in enumerate(document.blocks[:_MOST_BLOCKS]):
        if isinstance(block, TextBlock):
            text = clean(block.text, 4000)
            if not text or block.is_struck:
                continue
            if block.is_title and not is_titled and (not titles or index < _TITLED_WITHIN):
                titles, seen_headings, is_titled = [text], 0, True  # what stood above it was the name of the organisation
            if block.level:
                if not titles:
                    titles.append(text)
                if not block.is_title:
                    seen_headings += 1
                while stack and stack[-1].level >= block.level:
                    stack.pop()
                stack.append(block)
                lead = intro = None
                continue
            if block.is_placeholder or is_placeholder(text) or (block.is_list_item and _slot(text) in slots):
                continue
            above = _above(stack, intro if block.is_list_item else None, "")
            prose.append(Prose(block, text, above, stack[-1] if stack else None, index, seen_headings == 0))
            lead = text if len(text) <= _LONGEST_LEAD else None
            if not block.is_list_item:
                intro = text if lead and (text.endswith(":") or block.is_bold) else None
        elif not block.is_hidden:
            lines = tuple(_lines(block, is_workbook))
            above = _above(stack, lead, block.name)
            if lines and not is_workbook and is_banner(lines[0]):
                above = tuple(dict.fromkeys((heading_key(header_texts(lines[0])[0]), *above)))  # the table bears its own title
            grids.append(Grid(block, lines, above, stack[-1] if stack else None, index, is_workbook, seen_headings == 0 or index < 12))
            lead = intro = None
    titles += [document.properties.get("title", ""), re.sub(r"\.[a-z]{2,5}$", "", parsed.path.rsplit("/", 1)[-1], flags=re.IGNORECASE)]
    reading.front = tuple(_front(document, words))
    reading.grids, reading.prose, reading.titles = tuple(grids), tuple(prose), tuple(title for title in titles if title.strip())
    return reading


def _slot(text: str) -> str:
    """Return what a template numbers at the beginning of an item: '[Risk 1] and how it stands' → 'risk'; '' when nothing."""
    match = _SLOT.match(text)
    return fold(match[1]) if match else ""


def _slots(document: Document) -> frozenset[str]:
    """Return what a template numbers in its lists, from 1 on: one such bracket alone may be a reference."""
    found: dict[str, set[str]] = {}
    for block in document.blocks[:_MOST_BLOCKS]:
        if isinstance(block, TextBlock) and block.is_list_item and (match := _SLOT.match(block.text)):
            found.setdefault(fold(match[1]), set()).add(match[2])
    return frozenset(name for name, numbers in found.items() if {"1", "2"} <= numbers)


def _front(document: Document, words: DetailWords) -> Iterator[tuple[str, str]]:
    """Yield the lines of the cover: what stands before a table of contents, a long paragraph, the second page or the first real section."""
    if document.format in _SHEETS:
        return
    headings = 0
    for block in document.blocks[:_MOST_FRONT]:
        if isinstance(block, TableBlock):
            continue
        text = clean(block.text, 1000)
        if (block.page or 1) > 1 or len(text) > _LONGEST_ON_COVER or words.is_heading("contents", text):
            return
        headings += bool(block.level and not block.is_title)
        if headings > _MOST_HEADINGS_ON_COVER:
            return
        if text and not block.is_struck and not block.is_placeholder:
            yield from ((line.strip(), block.locator) for line in text.split("\n"))


def _short_texts(document: Document) -> Iterator[str]:
    for block in document.blocks[:_MOST_BLOCKS]:
        if isinstance(block, TextBlock):
            yield block.text
            yield block.text.split(":", 1)[0]
        else:
            yield from (cell.text for row in block.rows[:_MOST_LINES] for cell in row)


def _above(stack: Sequence[TextBlock], lead: str | None, name: str) -> tuple[str, ...]:
    keys = [heading_key(text.rstrip(":")) for text in (lead or "", name) if text]
    return tuple(dict.fromkeys(key for key in (*keys, *(heading_key(block.text) for block in reversed(stack))) if key))


def _lines(table: TableBlock, is_workbook: bool) -> Iterator[Line]:
    hidden_rows, hidden_columns = set(table.hidden_rows), set(table.hidden_columns)
    for offset, row in enumerate(table.rows[:_MOST_LINES]):
        number = table.first_row + offset
        if number in hidden_rows or not any(cell.text.strip() or cell.type == "uncalculated" for cell in row):
            continue
        cells = row
        if hidden_columns:
            cells = tuple(
                Cell("", type="uncalculated") if table.first_column + place in hidden_columns else cell for place, cell in enumerate(row)
            )
        yield Line(cells, _locator(table, number, len(row), is_workbook), number)


def _locator(table: TableBlock, number: int, width: int, is_workbook: bool) -> str:
    if is_workbook:
        first, last = _letters(table.first_column), _letters(table.first_column + max(width, 1) - 1)
        return f"{table.locator or table.name}!{first}{number}:{last}{number}"
    return f"{table.locator} row {number}".strip()


def table_of(locator: str) -> str:
    """Return the sheet or table in which *locator* lies: 'table 3' of 'table 3 row 4' and of 'table 3 column 2'."""
    return re.split(r"!| row | column ", locator, maxsplit=1)[0]


def _letters(column: int) -> str:
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def text_of(cell: Cell | None) -> str:
    """Return the text of *cell*, '' when it is empty, covered, withdrawn or a placeholder."""
    if cell is None or cell.is_covered or cell.is_struck or cell.is_placeholder:
        return ""
    text = clean(cell.text, 4000)
    return "" if is_placeholder(text) else text


def is_known(cell: Cell | None) -> bool:
    """Say whether what stands in *cell* can be known."""
    return cell is not None and cell.type not in {"uncalculated", "error"}


def is_banner(line: Line) -> bool:
    """Say whether the row is one text over several columns, a heading within the table."""
    texts = [clean(cell.text, 300) for cell in line.cells if cell.text.strip()]
    return len(set(texts)) == 1 and (len(texts) > 1 or any(cell.is_covered or cell.column_span > 1 for cell in line.cells))


def header_texts(line: Line) -> list[str]:
    """Return the texts of a header's cells, '' for covered ones."""
    return ["" if cell.is_covered else clean(cell.text, 300) for cell in line.cells]


def find_columns(grid: Grid, table: TableWords) -> tuple[dict[str, int], tuple[Line, ...]] | None:
    """Return the columns of *grid* as a table of that kind and the lines below its header, or None when it is none."""
    is_named = grid.says(table.headings)
    for position, line in enumerate(grid.lines[:_HEADER_WITHIN]):
        texts = header_texts(line)
        if sum(1 for text in texts if text) < 2 and not (is_named and len(texts) == 1):
            continue
        columns = table.columns_of(texts, is_named=is_named)
        if columns is not None:
            return columns, grid.lines[position + 1 :]
        if position == 0 and sum(1 for text in texts if text) > 1 and not grid.is_sheet:
            return None  # the first full row of a document's table is its header
    return None


@dataclass(slots=True)
class Filling:
    """A row while it is filled: blank and unknown stay apart."""

    reading: Reading
    table: str
    values: dict[str, Any] = field(default_factory=dict)
    filled: set[str] = field(default_factory=set)
    refers: dict[str, tuple[str, str]] = field(default_factory=dict)

    def set(self, column: str, value: Any) -> None:
        """Fill *column*; None is blank."""
        self.filled.add(column)
        if value is not None and value != "":
            self.values[column] = value

    def text(self, column: str, cell: Cell | None) -> str:
        """Fill *column* with the text of *cell* and return it."""
        if cell is None or not is_known(cell):
            return ""
        text = text_of(cell)
        self.set(column, text)
        return text

    def person(self, column: str, cell: Cell | None) -> str:
        """Fill *column* with the person named in *cell*."""
        if cell is None or not is_known(cell):
            return ""
        name = person_of(text_of(cell))
        self.set(column, name)
        return name

    def day(self, column: str, cell: Cell | None) -> date | None:
        """Fill *column* with the day in *cell*. Words that are no full day stay raw, and the column unknown."""
        if cell is None or not is_known(cell):
            return None
        text = text_of(cell)
        found = day_of(self.reading, cell)
        if text and found is None:
            self.raw(column, text)
            return None
        self.set(column, found)
        return found

    def code(self, column: str, name: str, cell: Cell | None) -> str | None:
        """Fill *column* with the standard value of the list *name*; words that mean none stay raw, and the column unknown."""
        if cell is None or not is_known(cell):
            return None
        text = text_of(cell)
        found = self.reading.words.value(name, text) if text else None
        if text:
            self.raw(column, text)
            if found is None:
                return None
        self.set(column, found)
        return found

    def raw(self, column: str, text: str) -> None:
        """Keep the source's own words of *column*."""
        if f"{column}_raw" in _RAW[self.table]:
            self.values[f"{column}_raw"] = text[:500]

    def refer(self, column: str, table: str, said: str) -> None:
        """Let *column* name the row of *table* that *said* means: by its number, id or name, in whatever document it stands."""
        self.filled.add(column)
        self.refers[column] = (table, said[:200])

    def below(self, heading: TextBlock | None) -> None:
        """Let `section_id` name the section that begins with *heading*."""
        own_id = self.reading.sections.get(heading.locator) if heading is not None else None
        if own_id is not None:
            self.filled.add("section_id")
            self.refers["section_id"] = ("section", own_id)

    def found(self, locator: str, register: str, *key: str, own_id: str | None = None) -> Found:
        """Return the row."""
        return Found(
            self.table,
            dict(self.values),
            frozenset(self.filled),
            locator,
            own_id,
            register,
            tuple(fold(part)[:200] for part in key),
            dict(self.refers),
        )


_RAW: Mapping[str, frozenset[str]] = {
    name: frozenset(column.name for column in table.columns if column.name.endswith("_raw")) for name, table in TABLES.items()
}


def day_of(reading: Reading, cell: Cell | None) -> date | None:
    """Return the day in *cell*, typed or written."""
    if cell is None:
        return None
    if cell.type == "date" and isinstance(cell.value, str):
        try:
            return date.fromisoformat(cell.value[:10])
        except ValueError:
            return None
    return reading.day(text_of(cell))


def day_in(reading: Reading, text: str) -> date | None:
    """Return the one full day that stands in *text* ('Monday 3 March 2026, 10:00'), None when there is none or are several."""
    found = {day for match in DAY_IN_TEXT.findall(text.replace("_", " ")) if (day := reading.day(match)) is not None}
    return found.pop() if len(found) == 1 else None


def day_in_titles(reading: Reading) -> date | None:
    """Return the day that the first title with a day states: of the document, of its file."""
    return next((day for text in reading.titles if (day := day_in(reading, text)) is not None), None)


def instant(day: date | None) -> datetime | None:
    """Return noon (UTC) of *day*: the same day in nearly every time zone."""
    return None if day is None else datetime.combine(day, time(12), tzinfo=UTC)


def person_of(text: str) -> str:
    """Return the name in *text* as written, '' when it names nobody."""
    people = parse_people(text)
    if not people:
        return ""
    return people[0].name if len(people) == 1 else clean(text, 300).replace("\n", "; ")


def name_in(cells: Mapping[str, Cell | None]) -> str:
    """Return the text of the column `name`, else that of `first` and `last` together."""
    if (text := text_of(cells.get("name"))) or "first" not in cells:
        return text
    return f"{text_of(cells['first'])} {text_of(cells.get('last'))}".strip()


def names_of(text: str) -> list[str]:
    """Return the names of everybody in *text*, in its order."""
    return [person.name for person in parse_people(text)]


@dataclass(frozen=True, slots=True)
class Pair:
    """A label and the value beside it."""

    names: tuple[str, ...]  # what the label may stand for
    label: str
    cell: Cell
    locator: str
    is_unmarked: bool = False  # no colon stands between them


def pairs_of(reading: Reading, grid: Grid) -> list[Pair]:
    """Return the labels of *grid* with the values beside them, also where several pairs stand in one row or 'Label: value' in one cell."""
    if (known := reading.pairs.get(grid.index)) is not None:
        return known
    found = reading.pairs[grid.index] = []
    if _is_written_across(reading, grid):
        for heads, values in zip(grid.lines[::2], grid.lines[1::2], strict=True):
            for head, cell in zip(heads.cells, values.cells, strict=False):
                label = clean(head.text, 300)
                if (names := reading.words.label(label)) and not head.is_covered and not cell.is_covered:
                    found += _with_what_follows(reading, Pair(names, label, cell, values.locator))
        return found
    for line in grid.lines[:_MOST_PAIR_LINES]:
        cells = [cell for cell in line.cells[:_MOST_PAIR_CELLS] if not cell.is_covered]
        place = 0
        while place < len(cells):
            cell = cells[place]
            label = clean(cell.text, 300)
            following = cells[place + 1] if place + 1 < len(cells) else None
            names = reading.words.label(label) if label and not cell.is_struck else ()
            if names and following is not None:
                found += _with_what_follows(reading, Pair(names, label, following, line.locator))
                place += 2
                continue
            if label and ":" in label:
                found += _pairs_in_cell(reading, label, line.locator)
            place += 1
    return found


_RECIPIENTS = re.compile(r"\s+(?:to|an|à|aux|a)\s+(?=\D)")


def _with_what_follows(reading: Reading, pair: Pair) -> list[Pair]:
    """Return *pair*, and what its value goes on to state: 'Minutes | Ann Lee, published on 17 September 2026'."""
    value, sign, rest = text_of(pair.cell).partition(", ")
    told = _RECIPIENTS.split(rest.strip(" ."), maxsplit=1)[0]
    stated = unmarked_pair(reading, told, pair.locator) if sign and "\n" not in value else None
    if stated is None or reading.day(value) is not None:
        return [pair]
    return [Pair(pair.names, pair.label, Cell(value), pair.locator), stated]


def _pairs_in_cell(reading: Reading, text: str, locator: str) -> list[Pair]:
    """Return what one cell states: 'Label: value', or several of them in a line."""
    if text.count(":") > 1 and (stated := statements_in(reading, text, locator)):
        return stated
    pair = pair_in(reading, text, locator)
    return [] if pair is None else [pair]


_IN_TEXT = re.compile(r"\s*([^:\n]{1,60}?)\s*:\s*(.*)", re.DOTALL)


def pair_in(reading: Reading, text: str, locator: str) -> Pair | None:
    """Return the label and value of 'Label: value', None when *text* is nothing like it."""
    match = _IN_TEXT.fullmatch(text)
    if not match or not (names := reading.words.label(match[1])):
        return None
    return Pair(names, match[1], Cell(match[2].strip()), locator)


_BETWEEN_STATEMENTS = re.compile(r"\s*[|;\t·•]\s*|,\s+|\s+(?=[^\W\d_a-z][^\W\d_]*(?:\s[^\W\d_]+){0,4}\s?:\s)")
_LONGEST_STATED = 300
_MOST_LABEL_WORDS = 3


def statements_in(reading: Reading, text: str, locator: str) -> list[Pair] | None:
    """Return the labels and values of a line that states several: 'Date: 3 May 2026  Place: Online', 'Version: 1.0 | Date: 4 May'.

    A value without a colon before it counts only behind a label whose value is a day, a period or a number. What does not begin with a
    label belongs to the value before it. None: the line states one thing at most.
    """
    if len(text) > _LONGEST_STATED or "\n" in text:
        return None
    cuts = [0]
    told = _end_of_label(reading, text, 0)
    for cut in _BETWEEN_STATEMENTS.finditer(text):
        if cut.start() < told:
            continue  # inside a label of several words, as 'Datum der Prüfung'
        if end := _end_of_label(reading, text, cut.end()):
            told = end
            cuts.append(cut.start())
            continue
        following = text[cut.end() : (next_cut.start() if (next_cut := _BETWEEN_STATEMENTS.search(text, cut.end())) else len(text))]
        if _begins_statement(reading, following, is_marked=bool(cut[0].strip())):
            cuts.append(cut.start())
    parts = [text[start:end].strip(" |;\t,·•") for start, end in pairwise([*cuts, len(text)])]
    if len(parts) < 2:
        return None
    found: list[Pair] = []
    for part in parts:
        pair = pair_in(reading, part, locator) or unmarked_pair(reading, part.strip(" ."), locator)
        if pair is not None:
            found.append(pair)
    return found


def _end_of_label(reading: Reading, text: str, start: int) -> int:
    """Return where a known label that begins at *start* ends; 0 where none does."""
    match = _IN_TEXT.match(text, start)
    return match.end(1) if match is not None and reading.words.label(match[1]) else 0


def _begins_statement(reading: Reading, part: str, *, is_marked: bool) -> bool:
    """Say whether *part* is a statement of its own; where no sign stands before it, a label of several words has to be known."""
    match = _IN_TEXT.fullmatch(part)
    if match is not None:
        return is_marked or " " not in match[1].strip() or bool(reading.words.label(match[1]))
    return is_marked and unmarked_pair(reading, part.strip(" ."), "") is not None


_NUMBERED = frozenset({"phase", "work_package"})
_DATED = frozenset({"report_date", "date", "meeting_date", "period"})


def unmarked_pair(reading: Reading, text: str, locator: str) -> Pair | None:
    """Return the pair of 'Report date 4 March 2026', 'period 2 to 27 February 2026', 'stage 1 Initiation'; None when it is none."""
    words = text.split()
    for count in range(min(_MOST_LABEL_WORDS, len(words) - 1), 0, -1):
        names = reading.words.label(" ".join(words[:count]))
        rest = " ".join(words[count:]).partition(";")[0].strip()
        is_dated = bool(_DATED & set(names)) and (reading.day(rest) is not None or range_in(reading, rest) is not None)
        first = rest.partition(", ")[0]
        if not is_dated and _DATED & set(names) and (reading.day(first) is not None or range_in(reading, first) is not None):
            is_dated, rest = True, first  # 'Period 1 to 31 May 2026, issued on 3 June by Ann Lee'
        if is_dated or (_NUMBERED & set(names) and words[count].strip(".,:").isdigit()):
            return Pair(names, " ".join(words[:count]), Cell(rest), locator, is_unmarked=True)
    return None


_RANGE = re.compile(r"\s+(?:-|–|—|to|until|through|bis|au|à|a|al|hasta)\s+|\s*[–—]\s*", re.IGNORECASE)
_FROM = re.compile(r"^(?:from|du|de|von|vom|desde|del)\s+", re.IGNORECASE)


_SHORT_DAY = re.compile(
    r"\d{1,2}\.?|\d{1,2}[./]\d{1,2}[./]?|\d{1,2}\.?\s+[^\W\d_]{3,10}\.?|[^\W\d_]{3,10}\s+\d{1,2}|\d{1,2} de [^\W\d_]{3,10}"
)


def range_in(reading: Reading, text: str) -> tuple[date, date] | None:
    """Return the first and the last day of '2 February to 27 February 2026', None when *text* is no such range."""
    parts = [_FROM.sub("", part.strip()) for part in _RANGE.split(clean(text.partition(";")[0], 120))]
    if len(parts) != 2:
        return None
    last = reading.day(parts[1])
    first = _first_day(reading, parts[0], parts[1], last) if last is not None else None
    return (first, last) if first is not None and last is not None and first <= last else None


def _first_day(reading: Reading, text: str, behind: str, last: date) -> date | None:
    """Return the day that begins a range; what it leaves out, year or month, is that of the last day: '3 to 30 October 2026'."""
    if (day := reading.day(text)) is not None or not _SHORT_DAY.fullmatch(text):
        return day
    sign = next((sign for sign in "./" if sign in text and text[:1].isdigit() and not any(map(str.isalpha, text))), " ")
    short = f"{text.rstrip('./')}{sign}"
    number = re.match(r"\d{1,2}\.?\s*", behind)
    said = [f"{short}{last.year}", f"{short}{last.year - 1}"]
    if re.fullmatch(r"\d{1,2}\.?", text) and number is not None:
        said = [f"{text}{'' if text.endswith('.') else ' '}{behind[number.end() :]}"]
    return next((day for one in said if (day := reading.day(one)) is not None and day <= last), None)


_ROWS_OF = ("attendance", "approvers", "roles", "deputies", "actions", "decisions", "tailoring", "communication", "stages", "items")
"""Tables that may have one row only, and are no labels with their values below."""


def _is_written_across(reading: Reading, grid: Grid) -> bool:
    """Say whether *grid* has its labels in one row and their values in the next: 'Date | Place | Chair' above '3 May 2026 | …'.

    Most cells of the first row have to be labels, three at least; before the first heading two. A table of one row that is known by its
    columns is none, nor is a history, which says what was changed. A block may go on in the same way: labels once more, their values.
    """
    if len(grid.lines) < _HEAD_AND_VALUES or len(grid.lines) > _MOST_ACROSS or len(grid.lines) % _HEAD_AND_VALUES or grid.is_sheet:
        return False
    for number, (heads, values) in enumerate(zip(grid.lines[::2], grid.lines[1::2], strict=True)):
        if not _is_head_over_values(reading, grid, heads, values, is_first=number == 0):
            return False
    if any(_columns_at_top(reading, grid, name) for name in _ROWS_OF if name in reading.words.tables):
        return False
    return "changes" not in _columns_at_top(reading, grid, "history")


def _is_head_over_values(reading: Reading, grid: Grid, heads: Line, values: Line, *, is_first: bool) -> bool:
    """Say whether *heads* are labels of what stands in *values*. Rows further down are plain only when nearly all cells are labels."""
    head, below = ([cell for cell in line.cells if not cell.is_covered] for line in (heads, values))
    if len(head) != len(below) or len(head) < _FEWEST_ACROSS - (not is_first):
        return False
    told = [cell.text for cell in head if cell.text.strip()]
    known = sum(1 for text in told if reading.words.label(text))
    if is_first and (known < (_FEWEST_ACROSS if grid.heading is not None else _FEWEST_ACROSS - 1) or known * 2 < len(told)):
        return False
    if not is_first and (known < _FEWEST_ACROSS - 1 or len(told) - known > known // 2):
        return False
    return not any(reading.words.label(cell.text) for cell in below)


def _columns_at_top(reading: Reading, grid: Grid, name: str) -> Mapping[str, int]:
    hit = find_columns(grid, reading.words.tables[name]) if name in reading.words.tables else None
    return hit[0] if hit is not None else {}


_MOST_OF_COVER = 8  # lines at the head of a sheet that say what the document is
_LABEL_AND_VALUE = 2  # cells
_COVER_LABELS = frozenset({"date", "status", "author", "document_owner", "approved_by", "approved_on"})


def _is_cover_sheet(reading: Reading, grid: Grid) -> bool:
    """Say whether a sheet begins with what the document is, a label and its value in each line, whatever it goes on to tell below."""
    if not grid.is_sheet or any(sum(1 for text in header_texts(line) if text) > _LABEL_AND_VALUE for line in grid.lines):
        return False
    told = [names for line in grid.lines[:_MOST_OF_COVER] if line.cells and (names := reading.words.label(line.cells[0].text))]
    return any("version" in names for names in told) and sum(1 for names in told if _COVER_LABELS.intersection(names)) >= _LABEL_AND_VALUE


def is_label_table(reading: Reading, grid: Grid) -> bool:
    """Say whether *grid* has labels rather than a header row: in its first column, or above one row of values."""
    if not grid.lines:
        return False
    if _is_written_across(reading, grid) or _is_cover_sheet(reading, grid):
        return True
    lines = [[cell for cell in line.cells if not cell.is_covered] for line in grid.lines[:_MOST_PAIR_LINES]]
    if len(lines) == 1:
        return len(lines[0]) in {2, 4} and bool(reading.words.label(lines[0][0].text))
    known = sum(1 for cells in lines if cells and reading.words.label(cells[0].text))
    return known >= 2 and 2 * known >= len(lines) - 1 and sum(1 for cells in lines if len(cells) in {1, 2, 4}) * 2 >= len(lines)
