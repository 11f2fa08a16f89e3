"""Entries of registers that are written as text: a heading for each, below it lines 'Label: value'.

Only decks count: two or more such entries of the same headings' level that share labels which some register has. What register they are,
if any, is for the reader of registers to say. A bold line that begins with an id is a heading as well, and entries that all have an id or
a day in their headings need share but one label.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from auditor.connect.document import Cell, TableBlock, TextBlock
from auditor.connect.values import fold
from auditor.snapshot.documents.context import Around, Surroundings
from auditor.snapshot.documents.grid import Grid
from auditor.snapshot.documents.headers import Registers

_LINE = re.compile(r"\s*[-•*–]?\s*\**([^:*\n]{2,60}?)\s*\**\s*:\s*\**\s*(.*)", re.DOTALL)
_NUMBERED = re.compile(
    r"\s*((?:[^\W\d_]{1,12}[ \-_.]{0,2})?(?:#|no\.?|nr\.?|n°)?\s?[A-Z]{0,4}[\-_]?\d{1,5})\s*[:.)–—-]\s*(\S.*)",
    re.IGNORECASE | re.DOTALL,
)  # 'Risk #1: Late permits', 'D-001 – Cloud'
_CODED = re.compile(r"\s*\[?([A-Z]{1,5}\d{0,2}[-_. ]?\d{1,4}(?:\.\d{1,3})?)\]?\s*(?:[:.)–—]|-(?=\s))\s*(\S.*)", re.DOTALL)
"""An id of letters and figures and a name: 'J1-01 — One depot', 'ADR-003: Database'."""
_DATED = re.compile(
    r"\s*[\[(]?(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}([./])\d{1,2}\2\d{2,4})[\])]?\s*(?:[:–—|-]\s*)?(\S.*)", re.DOTALL
)  # '[2026-08-05] The button has another text'
_LABEL = re.compile(r"(?:^|(?<=[.;!?»”·|)\]]))\s*[·|]?\s*([^\W\d_][^:*\n.;!?·|]{1,40}?)\s?:\s")
_CALLED = re.compile(r"\s*([^\W\d_]{3,14})[ \-_.]{1,2}(?:#|no\.?|nr\.?|n[°º])?\s?\d", re.IGNORECASE)  # 'Risk #1', 'Lección 1'
_SHARED, _SHARED_MARKED = 3, 1  # labels that two cards have to share
_BELOW_HEADINGS = 10  # levels by which bold lines stand below headings
_MOST_LABELS = 40
_TITLE, _ID, _DATE, _DESCRIPTION = "Title", "ID", "Date", "Description"


@dataclass(frozen=True, slots=True)
class Deck:
    """Cards that belong together, as a table: a row of labels and a row per card."""

    grid: Grid
    labels: tuple[str, ...]
    locators: tuple[str, ...]  # of each card: where its heading stands
    around: Around
    has_ids: bool  # every card has a number of its own
    is_marked: bool = False  # every card has an id of letters and figures or a day of its own


@dataclass(slots=True)
class _Card:
    heading: str
    level: int
    locator: str
    around: Around
    fields: dict[str, str] = field(default_factory=dict)
    last: str = ""  # label whose value is still to come
    text: str = ""  # the first paragraph that has no label
    code: str = ""  # id that the heading begins with
    make: str = ""  # letters of the id
    day: str = ""  # that the heading begins with
    name: str = ""  # the rest of it

    def read_heading(self, compiled: Registers) -> "_Card":
        """Take id, day and name out of the heading; 'Lesson 3: Test early' has an id when a register's entries are called so."""
        self.name = self.heading
        if (dated := _DATED.fullmatch(self.heading)) is not None:
            self.day, self.name = dated[1], dated[3]
        elif (coded := _CODED.fullmatch(self.heading)) is not None:
            self.code, self.name = coded[1], coded[2]
            self.make = coded[1].rstrip("0123456789.")
        elif (called := _CALLED.match(self.heading)) is not None and (found := numbered(self.heading)) is not None:
            word = fold(called[1])
            if any(word in register.nouns for register in compiled.registers):
                (self.code, self.name), self.make = found, word
        return self

    @property
    def is_marked(self) -> bool:
        """Whether the heading begins with an id of letters and figures or with a day."""
        return bool(self.code or self.day)


@dataclass(slots=True)
class Cards:
    """Follows the paragraphs of a document and collects cards."""

    compiled: Registers
    found: list[_Card] = field(default_factory=list)
    _level: int = 0

    def saw(self, block: TextBlock, around: Surroundings) -> None:
        """Take note of a paragraph; *around* has seen it already."""
        text = block.text.strip()
        if block.level:
            self._level = block.level
            self.found.append(_Card(text, block.level, block.locator, around.above()).read_heading(self.compiled))
            return
        if not text:
            return
        if block.is_bold and not block.is_list_item and _CODED.fullmatch(text):
            card = _Card(text, self._level + _BELOW_HEADINGS, block.locator, around.above(is_heading=False))
            self.found.append(card.read_heading(self.compiled))
            return
        if not self.found:
            return
        card = self.found[-1]
        for line in block.text.split("\n"):
            self._read(card, line)

    def _read(self, card: _Card, line: str) -> None:
        match = _LINE.fullmatch(line)
        if match and len(card.fields) < _MOST_LABELS and self.compiled.says_header(match[1]):
            self._split(card, match[1].strip(), match[2])
        elif card.last:
            card.fields[card.last] = line.strip()
            card.last = ""
        elif card.is_marked and line.strip():
            begins = [found for found in _LABEL.finditer(line) if self.compiled.says_header(found[1])]
            said = line[: begins[0].start()] if begins else line
            card.text = card.text or said.strip()
            if begins:
                self._split(card, begins[0][1].strip(), line[begins[0].end() :])

    def _split(self, card: _Card, label: str, value: str) -> None:
        """Keep what a line says below its labels; of marked cards several may stand in one paragraph."""
        begins = [found for found in _LABEL.finditer(value) if self.compiled.says_header(found[1])] if card.is_marked else []
        for at, end in zip([None, *begins], [*begins, None], strict=True):
            name = at[1].strip() if at else label
            said = value[at.end() if at else 0 : end.start() if end else len(value)].strip().strip("*·|").strip()
            if len(card.fields) < _MOST_LABELS:
                card.fields.setdefault(name, said)
            card.last = "" if said else name

    def decks(self) -> Iterator[Deck]:
        """Yield what belongs together: cards of one level below one heading that share labels, or one below several that count on."""
        decks: list[list[_Card]] = []
        for run in self._runs():
            before = decks[-1] if decks else []
            if (
                before
                and before[0].level == run[0].level
                and before[0].make
                and before[0].make == run[0].make
                and _is_like(before[0], run[0])
            ):
                before.extend(run)
            else:
                decks.append(run)
        for deck in decks:
            yield from _deck(deck)

    def _runs(self) -> Iterator[list[_Card]]:
        deck: list[_Card] = []
        for card in self.found:
            if deck and (card.level != deck[0].level or not _is_like(deck[0], card)):
                if card.level < deck[0].level or card.fields:
                    yield deck
                    deck = []
                else:
                    continue  # a heading within a card
            if card.fields:
                deck.append(card)
        if deck:
            yield deck


def numbered(text: str) -> tuple[str, str] | None:
    """Return the number and the name that the title of an entry says ('Risk #1: Late permits'), or None."""
    match = _NUMBERED.fullmatch(text)
    return (match[1], match[2]) if match else None


def _is_like(one: _Card, other: _Card) -> bool:
    is_marked = one.is_marked and other.is_marked and one.make == other.make
    return len(_folded(one) & _folded(other)) >= (_SHARED_MARKED if is_marked else _SHARED)


def _folded(card: _Card) -> set[str]:
    return {fold(label) for label in card.fields}


def _mark(card: _Card) -> tuple[str, str] | None:
    return (card.code, card.name) if card.code else None if card.day else numbered(card.heading)


def _deck(cards: list[_Card]) -> Iterator[Deck]:
    if len(cards) < 2:
        return
    labels: dict[str, str] = {}
    for card in cards:
        for label in card.fields:
            labels.setdefault(fold(label), label)
    is_marked = all(card.code for card in cards) or all(card.day for card in cards)
    marks = [_mark(card) for card in cards]
    has_ids = all(marks) and "id" not in labels
    has_days = all(card.day for card in cards) and fold(_DATE) not in labels
    has_texts = is_marked and fold(_DESCRIPTION) not in labels and any(card.text for card in cards)
    names = [
        *([_ID] if has_ids else []),
        *([_DATE] if has_days else []),
        *([] if fold(_TITLE) in labels else [_TITLE]),
        *([_DESCRIPTION] if has_texts else []),
        *labels.values(),
    ]
    rows = []
    for card, mark in zip(cards, marks, strict=True):
        said = {fold(label): value for label, value in card.fields.items()}
        texts = [mark[0] if mark else ""] if has_ids else []
        texts += [card.day] if has_days else []
        if fold(_TITLE) not in labels:
            texts.append(mark[1] if mark else card.name)
        texts += [card.text] if has_texts else []
        texts += [said.get(label, "") for label in labels]
        rows.append([Cell(text, text) if text else Cell("", type="empty") for text in texts])
    head = [Cell(name, name) for name in names]
    table = TableBlock(tuple(tuple(row) for row in (head, *rows)), locator=cards[0].locator)
    grid = Grid([head, *rows], table, is_sheet=False)
    has_numbers = all(marks) or "id" in labels
    yield Deck(grid, tuple(names), tuple(card.locator for card in cards), cards[0].around, has_numbers, is_marked)
