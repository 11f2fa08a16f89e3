"""Ledgers by period: what was spent from one day to another, in lines that follow each other, whatever their periods are."""

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from itertools import pairwise

from auditor.connect.values import multiple_of, parse_number
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.matters.grid import Filling, Reading, day_of, find_columns, text_of

_LONGEST = timedelta(45)  # a period; a stage is longer
_FEWEST = 3


def read_ledgers(reading: Reading, registers: Collection[str] = ()) -> Iterator[Found]:
    """Yield a row of `cost` per period of a ledger, on its last day; *registers* are the tables that were read as registers of costs."""
    if "ledger" not in reading.words.tables:
        return
    for grid in reading.grids:
        if grid.index in reading.taken or (grid.table.locator or grid.table.name) in registers:
            continue
        hit = find_columns(grid, reading.words.tables["ledger"])
        if hit is None:
            continue
        columns, lines = hit
        header = grid.lines[grid.lines.index(lines[0]) - 1] if lines else None
        label = text_of(header.cell(columns["amount"])) if header is not None else ""
        rows: list[tuple[date, date, Found]] = []
        for line in lines:
            first, last = (day_of(reading, line.cell(columns[name])) for name in ("from", "to"))
            amount = parse_number(text_of(line.cell(columns["amount"])), reading.language)
            if first is None or last is None:
                break  # a total, or notes
            row = Filling(reading, "cost")
            row.set("kind", "actual")
            row.set("period_on", last)
            row.set("category", text_of(line.cell(columns["stage"])) if "stage" in columns else None)
            if amount is not None and not amount.is_percent:
                row.set("amount", amount.value.scaleb(multiple_of(label)))
            rows.append((first, last, row.found(line.locator, "cost", "ledger", last.isoformat())))
        in_turn = all(before[1] < after[0] for before, after in pairwise(rows))
        if len(rows) >= _FEWEST and in_turn and all(timedelta() < last - first <= _LONGEST for first, last, _ in rows):
            reading.taken.add(grid.index)
            yield from (found for _, _, found in rows)
