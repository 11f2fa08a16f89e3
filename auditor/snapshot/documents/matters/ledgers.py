"""Ledgers: by period, what was spent from one day to another in lines that follow each other; and by posting, what was booked on a day.

| Period | From       | To         | Stage | Cost in period |      | Posting date | Stage (CH = change) | Text      | Amount |
| 1      | 05/01/2026 | 30/01/2026 | 1     | 31200          |      | 2026-01-31   | S1                  | Staff     | 31200  |
"""

import re
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from itertools import pairwise

from auditor.connect.values import fold, multiple_of, parse_number
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.matters.grid import Filling, Grid, Reading, day_of, find_columns, is_known, text_of
from auditor.snapshot.words import words

_LONGEST = timedelta(45)  # a period; a stage is longer
_FEWEST = 3


def read_ledgers(reading: Reading, registers: Collection[str] = ()) -> Iterator[Found]:
    """Yield a row of `cost` per period of a ledger, on its last day, or per posting; *registers* are tables that were read as registers."""
    if "ledger" not in reading.words.tables:
        return
    for grid in reading.grids:
        if grid.index in reading.taken or (grid.table.locator or grid.table.name) in registers:
            continue
        hit = find_columns(grid, reading.words.tables["ledger"])
        if hit is None:
            yield from _postings(reading, grid)
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


def _postings(reading: Reading, grid: Grid) -> Iterator[Found]:
    """Yield a row per posting to a stage. What is posted to changes or risks has budgets of its own, which reports show apart."""
    hit = find_columns(grid, reading.words.tables["postings"])
    if hit is None or not hit[1]:
        return
    columns, lines = hit
    head = grid.lines[grid.lines.index(lines[0]) - 1]
    label = text_of(head.cell(columns["amount"]))
    rows: list[Found] = []
    for number, line in enumerate(lines):
        posted = day_of(reading, line.cell(columns["posted"]))
        cell = line.cell(columns["amount"])
        amount = parse_number(text_of(cell), reading.language, is_money=True) if is_known(cell) else None
        if posted is None or amount is None or amount.is_percent:
            if not text_of(line.cell(columns["posted"])) or set(fold(line.cells[0].text).split()) & words("bare_totals"):
                break  # a total, or notes
            return
        stage = text_of(line.cell(columns["stage"]))
        if (stage_number := _stage_of(stage)) is None:
            continue
        row = Filling(reading, "cost")
        row.set("kind", "actual")
        row.set("period_on", posted)
        row.set("category", stage)
        row.refer("stage_id", "stage", stage_number)
        row.set("amount", amount.value.scaleb(multiple_of(label)))
        rows.append(row.found(line.locator, "cost", "posting", posted.isoformat(), stage, str(number)))
    if len(rows) >= _FEWEST:
        reading.taken.add(grid.index)
        yield from rows


def _stage_of(text: str) -> str | None:
    """Return the number of the stage that the cell of a posting names: 'S2', 'Stage 2', '2', 'Phase 1 Aufbau'; None for 'CH', 'R-07'."""
    said = fold(text).split()
    if not said or "-" in text.split(maxsplit=1)[0]:
        return None
    if (first := re.fullmatch(r"([^\W\d_]*)(\d{1,2})", said[0])) is not None:
        return first[2] if first[1] in words("posted_stage") else None
    return said[1] if said[0] in words("level_stage") and len(said) > 1 and said[1].isdecimal() else None
