"""When personal data were looked at and when their processing began, as a data protection file states it beside labels."""

from collections.abc import Iterator

from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.matters.grid import Filling, Pair, Reading, day_in, day_of, is_known, pair_in, pairs_of, text_of

_SAID = {"screening_done": "data_protection_screening", "processing_began": "personal_data_processing"}


def read_data_protection(reading: Reading) -> Iterator[Found]:
    """Yield a `listed_item` (kind `figure`) with the day of each screening and of each begin of processing that the document states."""
    for grid in reading.grids:
        for pair in pairs_of(reading, grid):
            yield from _stated(reading, pair)
    for line in reading.prose:
        for text in line.text.split("\n"):
            if (said := pair_in(reading, text, line.block.locator)) is not None:
                yield from _stated(reading, said)


def _stated(reading: Reading, pair: Pair) -> Iterator[Found]:
    name = next((_SAID[name] for name in pair.names if name in _SAID), None)
    if name is None or not is_known(pair.cell) or not text_of(pair.cell):
        return
    day = day_of(reading, pair.cell) or day_in(reading, text_of(pair.cell))
    row = Filling(reading, "listed_item")
    row.set("kind", "figure")
    row.set("name", name)
    row.set("text", text_of(pair.cell)[:300])
    if day is not None:
        row.set("on_date", day)
    yield row.found(pair.locator, "figure", name, str(day or ""))
