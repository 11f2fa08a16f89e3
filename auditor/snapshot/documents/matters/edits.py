"""Where a document itself tells that a passage of it was written on a later day.

'(text of this paragraph corrected on 21 July 2025, T. Marsh)', 'This section was added on 3 May 2026', '[Nachtrag vom 3. Mai 2026]':
whoever wrote into a document left a note of it. Where that day lies behind the approval, the text is no more the one that was approved.
Notes that name neither the passage nor themselves ('the server was changed on 3 May 2026') tell of something else.
"""

import re
from collections.abc import Iterator

from auditor.connect.document import TextBlock
from auditor.connect.values import clean, fold
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.matters.grid import Filling, Reading, day_in, text_of
from auditor.snapshot.documents.matters.sentences import denies, sentences_in
from auditor.snapshot.words import words

_BRACKET = re.compile(r"[(\[]([^()\[\]]{8,300})[)\]]")
_LONGEST = 300
_MOST = 40


def read_edits(reading: Reading) -> Iterator[Found]:
    """Yield a row of `listed_item` (kind `history_entry`) per note that tells of a passage written on a day."""
    told = 0
    for text, heading, place in _texts(reading):
        if not any(letter.isdigit() for letter in text):
            continue
        for note in _notes(text):
            day = day_in(reading, note) if _is_of_passage(note, is_bracket=note is not text) else None
            if day is None or denies(reading, note):
                continue
            told += 1
            if told > _MOST:
                return
            item = Filling(reading, "listed_item")
            item.below(heading)
            item.set("kind", "history_entry")
            item.set("position", told)
            item.set("name", clean(note, _LONGEST))
            item.set("on_date", day)
            yield item.found(place, "history_entry", fold(note)[:80], day.isoformat())


def _texts(reading: Reading) -> Iterator[tuple[str, TextBlock | None, str]]:
    for line in reading.prose:
        yield line.text, line.heading, line.block.locator
    for grid in reading.grids:
        if grid.is_sheet or grid.index in reading.taken:
            continue  # what a history or a list of approvers tells is read as such
        for row in grid.lines:
            yield from ((text, grid.heading, row.locator) for cell in row.cells if (text := text_of(cell)))


def _notes(text: str) -> Iterator[str]:
    """Yield the brackets of *text*, and its sentences without them."""
    yield from (match[1] for match in _BRACKET.finditer(text))
    yield from (sentence for sentence in sentences_in(_BRACKET.sub(" ", text)) if len(sentence) <= _LONGEST)


def _is_of_passage(note: str, *, is_bracket: bool) -> bool:
    """Say whether *note* tells that a passage was written: it names the passage, or it is nothing but such a note."""
    said = f" {fold(note)} "
    if not any(f" {word} " in said for word in words("written_in")):
        return False
    if any(f" {word} " in said for word in words("passages")):
        return True
    return is_bracket and any(said.startswith(f" {word} ") for word in words("written_in"))
