"""Remarks in a register of checks that tell of a result that was corrected: 'result corrected to pass on 17 June'.

The failed check should stand as an entry of its own; a remark that names one does not hide it.
"""

import re
from collections.abc import Iterator

from auditor.connect.values import clean, fold
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.matters.grid import Filling, Grid, Reading, header_texts, text_of
from auditor.snapshot.documents.matters.sentences import denies, sentences_in
from auditor.snapshot.words import words

_HEADER_WITHIN = 5
_MOST_LINES = 1_000
_CODED = re.compile(r"([^\W\d_]{1,6})[-_. ]?\d{1,5}")
_LONGEST = 300


def read_corrected(reading: Reading) -> Iterator[Found]:
    """Yield a `listed_item` (kind `figure`, `check_corrected`) with the number of each check of which a remark tells that."""
    for grid in reading.grids:
        yield from _of_grid(reading, grid)


def _of_grid(reading: Reading, grid: Grid) -> Iterator[Found]:
    for at, line in enumerate(grid.lines[:_HEADER_WITHIN]):
        heads = [fold(head) for head in header_texts(line)]
        number = next((place for place, head in enumerate(heads) if head in words("check_number")), None)
        result = next((place for place, head in enumerate(heads) if head in words("check_result")), None)
        if number is None or result is None:
            continue
        for row in grid.lines[at + 1 : at + 1 + _MOST_LINES]:
            ref = text_of(row.cell(number))
            coded = _CODED.fullmatch(ref)
            if coded is None:
                continue
            others = [text_of(cell) for place, cell in enumerate(row.cells) if place not in {number, result} and not cell.is_covered]
            said = next((text for text in others if (_tells(reading, text) and not _names_other(text, coded[1], ref))), "")
            if said:
                item = Filling(reading, "listed_item")
                item.set("kind", "figure")
                item.set("name", "check_corrected")
                item.set("ref", ref)
                item.set("role", ref)  # stays what the line says, where the check has another id in the snapshot
                item.set("text", clean(said, _LONGEST))
                yield item.found(row.locator, "figure", "check_corrected", ref)
        return


def _tells(reading: Reading, text: str) -> bool:
    for sentence in sentences_in(text):
        padded = f" {fold(sentence)} "
        said = next((phrase for phrase in words("result_corrected") if f" {phrase} " in padded), None)
        if said is not None and not denies(reading, padded.replace(f" {said} ", " ")):  # 'not passed at first' says what it was
            return True
    return False


def _names_other(text: str, prefix: str, ref: str) -> bool:
    """Say whether *text* names another check: 'Repeat of Q-05, which failed at first'."""
    named = re.findall(rf"(?<!\w){re.escape(prefix)}[-_. ]?\d{{1,5}}(?!\w)", text)
    return any(fold(one) != fold(ref) for one in named)
