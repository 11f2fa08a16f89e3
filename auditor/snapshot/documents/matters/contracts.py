"""When a contract was signed, as the contract itself and the papers around it say it.

Few projects keep a register of contracts. The day stands below the contract ('For the agency: … 2 February 2026, signed'), in the first
table of a contractor's report, in minutes. A framework contract, an amendment and what is still to be signed say nothing.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from auditor.connect.values import clean, fold
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.matters.grid import Filling, Grid, Reading, day_in, text_of
from auditor.snapshot.documents.matters.sentences import sentences_in
from auditor.snapshot.words import words

_LONGEST = 300
_FARTHEST = 24  # words between the contract and its signature
_MOST_BEFORE_DAY = 3  # words between the signature and its day: 'signed by both sides on'
_MOST_OF_DAY = 5  # words: '12 de marzo de 2026'
_MOST_CELLS = 8
_ITSELF = frozenset({"outsourcing_records", None})


def read_contracts(reading: Reading) -> Iterator[Found]:
    """Yield a `listed_item` (kind `figure`, name `contract_signed`) with the day on which a contract was signed.

    Of a contract the last signature counts: it binds from then on.
    """
    if _is_contract(reading):
        days = [(day, place, text) for text, place, _ in _texts(reading) if (day := _signed_in_contract(reading, text)) is not None]
        said = [max(days)] if days else []
    else:
        said = [(day, place, text) for text, place, above in _texts(reading) if (day := _signed(reading, text, above)) is not None]
    seen = set()
    for day, place, text in said:
        if day in seen:
            continue
        seen.add(day)
        row = Filling(reading, "listed_item")
        row.set("kind", "figure")
        row.set("name", "contract_signed")
        row.set("text", text[:_LONGEST])
        row.set("on_date", day)
        yield row.found(place, "figure", "contract_signed", day.isoformat())


def _is_contract(reading: Reading) -> bool:
    """Say whether the document is a contract: by its title or the name of its file, and neither a plan nor a change of one."""
    if reading.kind not in _ITSELF:
        return False
    called = [fold(text).split() for text in reading.titles[:2]]
    return any(words("contract_titles") & set(said) and not words("beside_contracts") & set(said) for said in called) and not any(
        words("beside_contracts") & set(said) for said in called
    )


def _texts(reading: Reading) -> Iterator[tuple[str, str, str]]:
    """Yield sentences, cells and short lines of tables, each with its place and the heading above."""
    for line in reading.prose:
        for text in sentences_in(line.text):
            yield text, line.block.locator, line.above[0] if line.above else ""
    for grid in reading.grids:
        for row in grid.lines:
            cells = [text for cell in row.cells if not cell.is_covered and (text := text_of(cell))]
            if 1 < len(cells) <= _MOST_CELLS:
                yield clean(", ".join(cells) if len(cells) > 2 else ": ".join(cells), 1000), row.locator, _above(grid)
            for cell in cells:
                for text in sentences_in(cell):
                    if text != cell or len(cells) != 2:
                        yield text, row.locator, _above(grid)


def _above(grid: Grid) -> str:
    return grid.above[0] if grid.above else ""


def _signed_in_contract(reading: Reading, text: str) -> date | None:
    """Return the one day of a sentence or line in which a contract speaks of its signature."""
    said = fold(text).split()
    if len(text) > _LONGEST or _is_of_other(said) or not (words("signed") | words("signature")) & set(said):
        return None
    return day_in(reading, text)


def _signed(reading: Reading, text: str, above: str) -> date | None:
    """Return the day on which, by a sentence or a label with its value, a contract was signed."""
    raw = text.split()
    said = [fold(word) for word in raw]
    if len(text) > _LONGEST or _is_of_other(said):
        return None
    place = next((at for at, word in enumerate(said) if word in words("signed")), None)
    if place is None:
        return None
    before = said[max(0, place - _FARTHEST) : place]
    is_of_contract = any(_is_noun(before[: at + 1]) for at in range(len(before)))
    if not is_of_contract and not (place == 0 and any(_is_noun(fold(above).split()[: at + 1]) for at in range(len(above.split())))):
        return None
    rest = re.split(r"[;.]\s", " ".join(raw[place + 1 :]))[0].split()
    until = next((at for at, word in enumerate(rest) if any(sign.isdigit() for sign in word)), None)
    if until and until <= _MOST_BEFORE_DAY + 1 and not any(word.endswith(",") for word in rest[:until]):
        is_said_plainly = fold(rest[until - 1]) in words("days_of_change")
        return day_in(reading, " ".join(rest[: until + _MOST_OF_DAY])) if is_said_plainly else None
    if until is None and place and before[-1:] and any(sign.isdigit() for word in raw[max(0, place - 4) : place] for sign in word):
        return day_in(reading, " ".join(raw[max(0, place - 4) : place]))  # 'der Vertrag wurde am 26.09.2025 unterzeichnet'
    return None


def _is_noun(said: Sequence[str]) -> bool:
    """Say whether the last of *said* is a contract for one piece of work, not a framework that many such stand on."""
    return (
        bool(said)
        and said[-1] in words("contract_nouns")
        and " ".join(said[-2:]) not in words("contract_frameworks")
        and said[-1] not in words("contract_frameworks")
        and not any(word in words("other_contracts") for word in said[-3:-1])
    )


def _is_of_other(said: Sequence[str]) -> bool:
    """Say whether it is told of an amendment, or of a signature that is still to come."""
    text = f" {' '.join(said)} "
    return any(f" {phrase} " in text for phrase in words("not_signed_yet")) or bool(words("contract_changes") & set(said))
