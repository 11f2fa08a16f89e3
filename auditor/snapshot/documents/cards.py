"""Entries of registers that are written as text: a heading for each, below it lines 'Label: value'.

Only decks count: two or more such entries of the same headings' level that share labels which some register has. What register they are,
if any, is for the reader of registers to say.
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
_SHARED = 3  # labels that two cards have to share
_MOST_LABELS = 40
_TITLE, _ID = "Title", "ID"


@dataclass(frozen=True, slots=True)
class Deck:
    """Cards that belong together, as a table: a row of labels and a row per card."""

    grid: Grid
    labels: tuple[str, ...]
    locators: tuple[str, ...]  # of each card: where its heading stands
    around: Around
    has_ids: bool  # every card has a number of its own


@dataclass(slots=True)
class _Card:
    heading: str
    level: int
    locator: str
    around: Around
    fields: dict[str, str] = field(default_factory=dict)
    last: str = ""  # label whose value is still to come


@dataclass(slots=True)
class Cards:
    """Follows the paragraphs of a document and collects cards."""

    compiled: Registers
    found: list[_Card] = field(default_factory=list)

    def saw(self, block: TextBlock, around: Surroundings) -> None:
        """Take note of a paragraph; *around* has seen it already."""
        if block.level:
            self.found.append(_Card(block.text.strip(), block.level, block.locator, around.above()))
            return
        if not self.found or not block.text.strip():
            return
        card = self.found[-1]
        for line in block.text.split("\n"):
            match = _LINE.fullmatch(line)
            if match and len(card.fields) < _MOST_LABELS and self.compiled.says_header(match[1]):
                card.fields.setdefault(match[1].strip(), match[2].strip().strip("*").strip())
                card.last = "" if match[2].strip() else match[1].strip()
            elif card.last:
                card.fields[card.last] = line.strip()
                card.last = ""

    def decks(self) -> Iterator[Deck]:
        """Yield what belongs together: cards of one level below one heading that share labels."""
        deck: list[_Card] = []
        for card in self.found:
            if deck and (card.level != deck[0].level or not _is_like(deck[0], card)):
                if card.level < deck[0].level or card.fields:
                    yield from _deck(deck)
                    deck = []
                else:
                    continue  # a heading within a card
            if card.fields:
                deck.append(card)
        yield from _deck(deck)


def numbered(text: str) -> tuple[str, str] | None:
    """Return the number and the name that the title of an entry says ('Risk #1: Late permits'), or None."""
    match = _NUMBERED.fullmatch(text)
    return (match[1], match[2]) if match else None


def _is_like(one: _Card, other: _Card) -> bool:
    return len(_folded(one) & _folded(other)) >= _SHARED


def _folded(card: _Card) -> set[str]:
    return {fold(label) for label in card.fields}


def _deck(cards: list[_Card]) -> Iterator[Deck]:
    if len(cards) < 2:
        return
    labels: dict[str, str] = {}
    for card in cards:
        for label in card.fields:
            labels.setdefault(fold(label), label)
    numbered = [_NUMBERED.fullmatch(card.heading) for card in cards]
    rows = []
    has_ids = all(numbered) and "id" not in labels
    names = [*([_ID] if has_ids else []), *([] if fold(_TITLE) in labels else [_TITLE]), *labels.values()]
    for card, match in zip(cards, numbered, strict=True):
        said = {fold(label): value for label, value in card.fields.items()}
        texts = [match[1] if match else ""] if has_ids else []
        if fold(_TITLE) not in labels:
            texts.append(match[2] if match else card.heading)
        texts += [said.get(label, "") for label in labels]
        rows.append([Cell(text, text) if text else Cell("", type="empty") for text in texts])
    head = [Cell(name, name) for name in names]
    table = TableBlock(tuple(tuple(row) for row in (head, *rows)), locator=cards[0].locator)
    grid = Grid([head, *rows], table, is_sheet=False)
    yield Deck(grid, tuple(names), tuple(card.locator for card in cards), cards[0].around, all(numbered) or "id" in labels)
