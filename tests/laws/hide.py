"""Seeing less of a project: values become unknown, rows vanish and their table is no longer complete."""

from random import Random

from tests.laws.generate import Little
from tests.laws.naive import UNKNOWN

CONFIGURATION = ("project_parameter",)
"""What states parameters is no fact that a condition reads."""


def hidden(random: Random, little: Little) -> Little:
    """Return *little* with less of it seen."""
    share = random.choice([0.1, 0.3, 0.6])
    tables = {}
    complete = set(little.complete)
    for table, rows in little.tables.items():
        kept = [dict(row) for row in rows]
        if table in CONFIGURATION:
            tables[table] = kept
            continue
        if table != "project" and random.random() < share / 2:
            complete.discard(table)
            kept = [row for row in kept if random.random() >= share]
        for row in kept:
            for column in row:
                if column != "id" and not column.endswith("_raw") and random.random() < share:
                    row[column] = UNKNOWN
                    if f"{column}_raw" in row:
                        row[f"{column}_raw"] = UNKNOWN  # a source that does not fill a column has no words for it either
        tables[table] = kept
    expected, knows = list(little.expected), little.knows_expected
    if random.random() < share / 2:
        expected, knows = [item for item in expected if random.random() >= share], False
    return Little(tables, complete, expected, knows)
