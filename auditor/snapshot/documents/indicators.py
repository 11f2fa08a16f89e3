"""Lists of indicators with a column for each period: every value below one becomes a measurement.

    | KPI               | Target  | Apr 2026 | May 2026 | Action when missed |
    | First-pass yield  | >= 0.80 | 0.75     | 0.69     |                    |

The sign of the target tells which side of it is the good one. A place that is still empty is no measurement.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from auditor.connect.values import DayOrder, clean, fold, is_placeholder, parse_period_end
from auditor.snapshot.documents.cells import read_cell, reading_of
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.grid import Grid
from auditor.snapshot.documents.headers import Register
from auditor.snapshot.words import words

TABLE = "measurement"
_MORE = re.compile(r"\s*(?:>|≥|⩾|=\s*>)")
_LESS = re.compile(r"\s*(?:<|≤|⩽|=\s*<)")


def periods_of(grid: Grid, row: int, columns: Mapping[int, str], order: DayOrder) -> dict[int, tuple[str, date]]:
    """Return header and last day of the period of each column whose header in *row* is one and that has no other meaning."""
    if "actual" in columns.values():
        return {}
    labels = {column: clean(grid.text(row, column), 60) for column in grid.filled(row) if column not in columns}
    found = {column: (label, parse_period_end(label, order)) for column, label in labels.items() if not grid.is_hidden_column(column)}
    return {column: (label, day) for column, (label, day) in found.items() if day is not None}


def measured(
    read: Found,
    grid: Grid,
    row: int,
    columns: Mapping[int, str],
    periods: Mapping[int, tuple[str, date]],
    register: Register,
    language: str | None,
) -> Iterator[Found]:
    """Yield *read*, the line of an indicator, once for each period of which it tells a value, or alone."""
    values, filled = dict(read.values), set(read.filled)
    target = next((column for column, name in columns.items() if name == "target"), None)
    side = _better(grid.text(row, target)) if target is not None and not grid.is_hidden_column(target) else None
    if side is not None:
        values["better"] = side
        filled.add("better")
    alone = True
    for column, (label, day) in sorted(periods.items()):
        cell = grid.cell(row, column)
        if is_placeholder(clean(cell.text)) or cell.is_placeholder:
            continue
        alone = False
        said = read_cell(cell, reading_of(register, "actual", label), DayOrder(), language)
        told = {**values, "period_on": day, "period_on_raw": label}
        known = filled | {"period_on"}
        if said.state == "value":
            told["actual"] = said.value
            known.add("actual")
        key = (read.key[0] if read.key else "", day.isoformat())
        yield replace(read, values=told, filled=frozenset(known), locator=grid.locator(row, [min(columns), column]), own_id=None, key=key)
    if alone:
        yield replace(read, values=values, filled=frozenset(filled))


def _better(text: str) -> str | None:
    """Return which side of the target is the good one, as its sign or its first words say: '>= 0.95', 'at most 5'."""
    if _MORE.match(text):
        return "more"
    if _LESS.match(text):
        return "less"
    said = f"{fold(text)} "
    sides = {
        side
        for side, name in (("more", "target_at_least"), ("less", "target_at_most"))
        if any(said.startswith(f"{word} ") for word in words(name))
    }
    return sides.pop() if len(sides) == 1 else None
