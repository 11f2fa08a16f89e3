"""When a daily log was begun: the earliest day among its entries.

The day on which the file was saved tells nothing of it, and a diary has no control block; the days of the entries stand in a column.
"""

from collections.abc import Iterator

from auditor.connect.values import clean, fold
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.matters.grid import Filling, Reading, day_of, header_texts, text_of
from auditor.snapshot.words import words

_HEADER_WITHIN = 4
_MOST_LINES = 3000


def read_diary(reading: Reading) -> Iterator[Found]:
    """Yield a `listed_item` (kind `figure`, name `diary_begun`) with the day and text of the earliest entry; `value` counts the entries."""
    if reading.kind != "daily_log":
        return
    entries = []
    for grid in reading.grids:
        for at, line in enumerate(grid.lines[:_HEADER_WITHIN]):
            heads = [fold(head) for head in header_texts(line)]
            day = next((place for place, head in enumerate(heads) if head in words("diary_day")), None)
            entry = next((place for place, head in enumerate(heads) if head in words("diary_entry")), None)
            if day is None or entry is None:
                continue
            for kept in grid.lines[at + 1 : at + 1 + _MOST_LINES]:
                cell = kept.cell(day)
                if cell is not None and (on := day_of(reading, cell)) is not None:
                    entries.append((on, kept.locator, text_of(kept.cell(entry))))
            break
    if not entries:
        return
    on, place, text = min(entries)
    row = Filling(reading, "listed_item")
    row.set("kind", "figure")
    row.set("name", "diary_begun")
    row.set("text", clean(text, 300))
    row.set("value", str(len(entries)))
    row.set("on_date", on)
    yield row.found(place, "figure", "diary_begun", on.isoformat())
