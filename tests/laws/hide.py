"""Seeing less of a project: values become unknown, rows vanish and their table is no longer complete."""

from dataclasses import replace
from random import Random
from typing import Any

from tests.laws.generate import ALWAYS_SEEN, COMMON, SETTINGS, Little, Organisation
from tests.laws.naive import UNKNOWN

Rows = list[dict[str, Any]]


def hidden(random: Random, little: Little, around: Organisation | None = None) -> Little:
    """Return *little* with less of it seen.

    Args:
        random: chooses what.
        little: what is seen.
        around: what is seen of the organisation; None: less.
    """
    share = random.choice([0.1, 0.3, 0.6])
    tables: dict[str, Rows] = {}
    complete, history_from = set(little.complete), dict(little.history_from)
    for table, rows in little.tables.items():
        own = table.removesuffix("_history")
        tables[table] = rows
        if table == own and _may_hide(table) and table != "project" and random.random() < share / 2:
            complete.discard(table)
            tables[table] = _fewer(random, rows, share)
        if table != own and random.random() < share / 2:
            history_from.pop(own, None)  # what was not told of the past
            tables[table] = _fewer(random, rows, share)
        tables[table] = _less(random, own, tables[table], share)
    expected, knows = list(little.expected), little.knows_expected
    if random.random() < share / 2:
        expected, knows = [item for item in expected if random.random() >= share], False
    around = around or hidden_organisation(random, little.organisation)
    return replace(
        little,
        tables=tables,
        complete=complete,
        history_from=history_from,
        expected=expected,
        knows_expected=knows,
        organisation=around,
    )


def hidden_organisation(random: Random, around: Organisation) -> Organisation:
    """Return *around* with less of it seen."""
    share = random.choice([0.0, 0.3, 0.6])
    gone = {table for table in around.tables if _may_hide(table) and random.random() < share / 2}
    rows = {table: _fewer(random, rows, share) if table in gone else rows for table, rows in around.tables.items()}
    return Organisation({table: _less(random, table, found, share) for table, found in rows.items()}, around.complete - gone)


def _may_hide(table: str) -> bool:
    return table not in ALWAYS_SEEN


def _fewer(random: Random, rows: Rows, share: float) -> Rows:
    return [row for row in rows if random.random() >= share]


def _less(random: Random, table: str, rows: Rows, share: float) -> Rows:
    kept = [dict(row) for row in rows]
    for row in kept:
        for column in row:
            is_fact = column not in (*COMMON, *SETTINGS.get(table, ())) and not column.endswith("_raw")
            if is_fact and random.random() < share:
                row[column] = UNKNOWN
                if f"{column}_raw" in row:
                    row[f"{column}_raw"] = UNKNOWN  # a source that does not fill a column has no words for it either
    return kept
