"""Rows below the header of a register that are none of its rows: hints how to fill it in, legends, footers, headings of an outline.

They stand in the same columns as the entries, so only their shape tells: far fewer cells than an entry has, in a block of their own or at
the end, with an id that no entry would have.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from auditor.connect.values import fold
from auditor.model.schema import TABLES
from auditor.model.types import Kind
from auditor.snapshot.documents.grid import Grid
from auditor.snapshot.documents.headers import Register, Registers
from auditor.snapshot.stages import number_of

_MOST_HINT_ROWS = 2
_FEWEST_HINTS = 2
_HINTS = 0.5  # of the cells of a row
_FEWEST_WITH_SECTIONS = 4
_FULL = 4  # cells that an entry has to have before a row of two is told from it
_NARROW = 2
_NARROW_OF_MANY = 3
_MOST_ENTRIES_LOOKED_AT = 400
_NUMBERED = 0.8
_BRACKETED = re.compile(r"[(\[<{].{1,120}[)\]>}]\.?", re.DOTALL)
_DATE_FORMAT = re.compile(
    r"\W*(?:d{1,2}|j{1,2}|t{1,2}|m{1,3}|yy(?:yy)?|a{4}|jj(?:jj)?)(?:[./\- ](?:d{1,2}|j{1,4}|t{1,2}|m{1,3}|y{2,4}|a{2,4})){1,2}\W*"
)
_CHOICES = re.compile(r"\s*(?:/|\||,|;|\bor\b|\band\b|\boder\b|\bund\b|\bou\b|\bet\b|\bo\b|\bu\b|\by\b)\s*", re.IGNORECASE)
_OUTLINE = re.compile(r"[^\W\d_]{0,6}[-_ ]?\d+(?:\.\d+)*\.?")
_ID = re.compile(r"(\D*)(\d+)\D*")


@dataclass(frozen=True, slots=True)
class Entries:
    """Where the rows of a register stand and what its columns mean."""

    grid: Grid
    rows: range
    columns: Sequence[int]
    register: Register
    names: Mapping[int, str]  # column of the grid → column of the model

    def ids(self) -> list[int]:
        """Return the columns of ids."""
        return [column for column, name in self.names.items() if name == "id"]

    def filled(self, row: int) -> list[int]:
        """Return the columns in which a row says something."""
        return self.grid.filled(row, self.columns)

    def blocks(self) -> Iterator[list[int]]:
        """Yield the rows that follow each other without an empty one."""
        block: list[int] = []
        for row in self.rows:
            if self.filled(row):
                block.append(row)
            elif block:
                yield block
                block = []
        if block:
            yield block


def strays(entries: Entries, compiled: Registers) -> frozenset[int]:
    """Return the rows of the grid that are no entries of the register for what they look like beside the others."""
    found = {*_hints(entries, compiled), *_no_stages(entries), *_sections(entries)}
    blocks = [[row for row in block if row not in found] for block in entries.blocks()]
    blocks = [block for block in blocks if block]
    if not blocks:
        return frozenset(found)
    counts = sorted(len(entries.filled(row)) for row in blocks[0][:_MOST_ENTRIES_LOOKED_AT] if len(entries.filled(row)) > 1)
    full = counts[len(counts) // 2] if counts else 0
    if full < _FULL:
        return frozenset(found)
    narrow = {row for block in blocks for row in block if _is_narrow(len(entries.filled(row)), full)}
    found.update(_outline_headings(entries, narrow))
    found.update(_totals(entries, compiled))
    known = _known_ids(entries, (row for row in blocks[0] if row not in narrow))
    for block in blocks[1:]:
        several = [row for row in block if len(entries.filled(row)) > 1]
        if several and all(row in narrow for row in several) and not _goes_on(entries, several[0], known):
            found.update(block)
    found.update(_endings(entries, blocks, narrow, known, compiled))
    return frozenset(found)


def _is_narrow(count: int, full: int) -> bool:
    return (count <= _NARROW and 2 * count <= full) or (count <= _NARROW_OF_MANY and 3 * count <= full)


# Hints


def _hints(entries: Entries, compiled: Registers) -> Iterator[int]:
    """Yield the first rows where they say how to fill in the others: '(short text)', 'dd/mm/yyyy', 'Open or closed'."""
    for row in entries.rows[:_MOST_HINT_ROWS]:
        filled = entries.filled(row)
        told = [column for column in filled if _is_hint(entries, row, column, compiled)]
        needs = entries.register.spec.needs
        naming = [column for column in filled if needs and entries.names.get(column) in needs[0]]
        naming += [column for column in entries.ids() if any(letter.isdigit() for letter in entries.grid.text(row, column))]
        if len(told) < _FEWEST_HINTS or len(told) < _HINTS * len(filled) or not set(naming) <= set(told):
            return
        yield row


def _is_hint(entries: Entries, row: int, column: int, compiled: Registers) -> bool:
    cell = entries.grid.cell(row, column)
    text = entries.grid.text(row, column).strip()
    if cell.type not in {"text", "empty"}:
        return False
    if _BRACKETED.fullmatch(text) or _DATE_FORMAT.fullmatch(text.casefold()) or compiled.is_instruction(text):
        return True
    if compiled.is_type_of_field(text) or compiled.is_sign("example", text):
        return True
    name = entries.names.get(column, "id")
    if name == "id":
        return False
    of = TABLES[entries.register.table].by_name[name].type
    if of.kind is Kind.CODE or of.unit == "1..5":
        words = entries.register.values.get(name, {})
        choices = [choice for part in _CHOICES.split(text) if (choice := fold(part))]
        return len(set(choices)) > 1 and all(choice in words for choice in choices)
    return False


# What stands below


def _no_stages(entries: Entries) -> Iterator[int]:
    """Yield the rows below numbered stages with days that have neither number nor day: 'Risk budget', 'Changes approved to date'."""
    if entries.register.table != "stage":
        return
    naming = [column for column, name in entries.names.items() if name in {"number", "name", "id"}]
    days = [column for column, name in entries.names.items() if name != "id" and TABLES["stage"].by_name[name].type.kind is Kind.DAY]
    is_below = False
    for row in entries.rows:
        filled = entries.filled(row)
        has_number = any(number_of(entries.grid.text(row, column)) is not None for column in naming)
        has_day = any(column in filled for column in days)
        if is_below and filled and not has_number and not has_day:
            yield row
        is_below = is_below or (has_number and has_day)


def _sections(entries: Entries) -> Iterator[int]:
    """Yield the rows amid the entries that hold a name alone, without id or with one of another make, while all others have more.

    'Level 2 requirements', 'TXT-9 | Science processing' above 'REQ-2 | … | Test | …'.
    """
    ids, grid = entries.ids(), entries.grid
    rows = [row for row in entries.rows if entries.filled(row)]
    if not ids or len(rows) < _FEWEST_WITH_SECTIONS:
        return
    counts = {row: len(entries.filled(row)) for row in rows}
    full = [row for row in rows if counts[row] >= _FULL]
    own = {row: next((text for column in ids if (text := grid.text(row, column).strip())), "") for row in rows}
    makes = {match[1].strip().casefold() for row in full if (match := _ID.fullmatch(own[row]))}
    if len(full) < 2 or not all(own[row] for row in full) or not all(makes):
        return
    for row in rows[:-1]:
        is_alone = counts[row] == (_NARROW if own[row] else 1)
        match = _ID.fullmatch(own[row])
        is_other = not own[row] if match is None else match[1].strip().casefold() not in makes
        if is_alone and is_other:
            yield row


def _outline_headings(entries: Entries, narrow: Iterable[int]) -> Iterator[int]:
    """Yield the rows that hold a number and a name alone and whose number those of the next rows begin with: '2 Reports' above '2.1'."""
    grid = entries.grid
    for row in sorted(narrow):
        for column in entries.ids():
            own = grid.text(row, column).strip()
            if not _OUTLINE.fullmatch(own) or len(entries.filled(row)) > _NARROW:
                continue
            stem = own.rstrip(".").removesuffix(".0")
            below = next((at for at in range(row + 1, entries.rows.stop) if grid.text(at, column).strip()), None)
            if below is not None and grid.text(below, column).strip().startswith(f"{stem}."):
                yield row


def _totals(entries: Entries, compiled: Registers) -> Iterator[int]:
    """Yield the rows without id that begin with a word for a total, all other cells of which are numbers: 'Total of changes | 12'."""
    grid = entries.grid
    for row in entries.rows:
        filled = entries.filled(row)
        if not filled or any(column in filled for column in entries.ids()) or not entries.ids():
            continue
        if compiled.begins_total(grid.text(row, filled[0])) and all(grid.text(row, at).strip()[-1:].isdigit() for at in filled[1:]):
            yield row


def _known_ids(entries: Entries, rows: Iterable[int]) -> list[str]:
    return [text for row in rows for column in entries.ids() if (text := entries.grid.text(row, column).strip())]


def _goes_on(entries: Entries, row: int, known: Sequence[str]) -> bool:
    """Say whether the first row of a later block may be an entry: its id is another one of the same make, later than those above."""
    ids = entries.ids()
    if not ids:
        first = entries.grid.text(row, entries.filled(row)[0]).strip()
        is_value = any(fold(first) in words for words in entries.register.values.values())  # 'High | More than 50 %'
        return not first.endswith(":") and not is_value
    own = next((text for column in ids if (text := entries.grid.text(row, column).strip())), "")
    if not known:
        return True
    makes = Counter(match[1].strip().casefold() for text in known if (match := _ID.fullmatch(text)))
    if sum(makes.values()) < _NUMBERED * len(known):
        return bool(own) and own not in known
    match = _ID.fullmatch(own)
    if match is None or own in known or match[1].strip().casefold() not in makes:
        return False
    if match[1].strip():
        return True
    numbers = [int(found[2]) for text in known if (found := _ID.fullmatch(text)) and not found[1].strip()]
    return not numbers or int(match[2]) > max(numbers)


def _endings(
    entries: Entries, blocks: Sequence[Sequence[int]], narrow: set[int], known: Sequence[str], compiled: Registers
) -> Iterator[int]:
    """Yield the narrow rows that end a block: a legend from the word that begins it, and names and days of who prepared it."""
    grid = entries.grid
    for block in blocks:
        tail = list(takewhile(lambda row: row in narrow, reversed(block)))
        begin = [row for row in tail if compiled.is_sign("note", grid.text(row, entries.filled(row)[0]))]
        if begin and len(tail) < len(block):
            yield from (row for row in tail if row >= min(begin))
        if sum(any(letter.isdigit() for letter in text) for text in known) < max(_NUMBERED * len(known), 2):
            continue
        for row in tail:
            own = "".join(grid.text(row, column) for column in entries.ids())
            if not own.strip() or any(letter.isdigit() for letter in own) or len(entries.filled(row)) != _NARROW:
                break
            yield row
