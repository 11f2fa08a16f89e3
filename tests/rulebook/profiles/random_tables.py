"""Random decision tables, and what they say of a project by looking at every row: nothing here knows how auditor reads a table."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from auditor.rulebook.decision_table import DecisionTable

Test = Callable[[Any], bool]
RULES = ("PM2-RSK-10", "PM2-RSK-11", "PM2-RSK-13")
PRODUCTS = ("risk_log", "change_log")


@dataclass(frozen=True)
class Cell:
    """What a cell says and means; `test` None: any value, `is_unknown`: nobody knows it."""

    text: str
    test: Test | None = None
    is_unknown: bool = False


ANY = Cell("-")
VALUES: Mapping[str, tuple[Any, ...]] = {
    "size": ("small", "medium", "large"),
    "is_outsourced": (True, False),
    "criticality": ("high", "low", "a, b", "elsewhere"),
    "budget": (0, 1, 9, 10, 11, 49, 50, 51, 99, 100, 101, 5_000),
}
"""Characteristic → values among which every test of these tables changes its mind."""


def cell(draw: random.Random, name: str) -> Cell:
    """Return a random cell of a column."""
    chance = draw.random()
    if chance < 0.25:
        return ANY
    if chance < 0.33:
        return Cell("unknown", is_unknown=True)
    if name == "budget":
        low, high = sorted(draw.sample((10, 50, 100), 2))
        return draw.choice(
            [
                Cell(f">= {low}", lambda n: n >= low),
                Cell(f"> {low}", lambda n: n > low),
                Cell(f"<= {high}", lambda n: n <= high),
                Cell(f"<{high}", lambda n: n < high),
                Cell(f"{low}..{high}", lambda n: low <= n <= high),
                Cell(f"[{low}..{high})", lambda n: low <= n < high),
                Cell(f"({low} .. {high}]", lambda n: low < n <= high),
                Cell(f"{low}, {high}", lambda n: n in (low, high)),
                Cell(f"not {low}", lambda n: n != low),
            ]
        )
    if name == "is_outsourced":
        wanted = draw.random() < 0.5
        return Cell(draw.choice(["yes", "true", "Yes"] if wanted else ["no", "false", "NO"]), lambda flag: flag is wanted)
    known = [value for value in VALUES[name] if value != "elsewhere"]
    values = draw.sample(known, draw.randint(1, 2))
    is_negated = draw.random() < 0.3
    text = ", ".join(f'"{value}"' if "," in value or draw.random() < 0.2 else value for value in values)
    return Cell(f"not {text}" if is_negated else text, lambda value: (value in values) != is_negated)


@dataclass(frozen=True)
class Made:
    """A table and its cells."""

    table: DecisionTable
    asked: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]

    def holds(self, row: int, world: Mapping[str, Any]) -> bool | None:
        """Return whether a row holds for a project; None: it may."""
        verdicts: list[bool | None] = []
        for column, name in enumerate(self.asked):
            one = self.cells[row][column]
            value = world.get(name)
            if one is ANY or one.text == "-":
                verdicts.append(True)
            elif one.is_unknown:
                verdicts.append(value is None)
            elif value is None:
                speaks_of_unknown = any(other[column].is_unknown for other in self.cells)
                verdicts.append(False if speaks_of_unknown else None)
            else:
                assert one.test is not None
                verdicts.append(one.test(value))
        return False if False in verdicts else None if None in verdicts else True

    def counts(self, row: int, world: Mapping[str, Any]) -> bool | None:
        """Return whether a row counts for a project, as the table's `hit` says; None: it may."""
        own = self.holds(row, world)
        if self.table.hit != "first" or own is False:
            return own
        earlier = [self.holds(other, world) for other in range(row)]
        if True in earlier:
            return False
        return None if None in earlier else own


def made(draw: random.Random, hit: str, complete: str = "no") -> Made:
    """Return a random table."""
    asked = tuple(draw.sample(sorted(VALUES), draw.randint(1, 3)))
    cells = tuple(tuple(cell(draw, name) for name in asked) for _ in range(draw.randint(1, 6)))
    done = {
        "require risk_log": ("mandatory", "optional", "not_used", "-"),
        "require change_log": ("mandatory", "recommended", "-", "-"),
        "drop": ("PM2-RSK-10", "PM2-RSK-11, PM2-RSK-13", "-", "-"),
        "severity PM2-RSK-10, PM2-RSK-11": ("minor", "observation", "-"),
        "set PM2-RSK-13 threshold": ("9", "16", "-"),
    }
    columns = (*asked, *done, "because", "cites")
    rows = tuple(
        (
            *(one.text for one in row),
            *(draw.choice(values) for values in done.values()),
            f"row {number}",
            draw.choice(["-", "pm2 3.1 § 3.6"]),
        )
        for number, row in enumerate(cells)
    )
    table = DecisionTable.model_validate(
        {"table": "made", "hit": hit, "complete": complete, "declared": draw.choice(["wins", "loses"]), "columns": columns, "rows": rows}
    )
    return Made(table, asked, cells)


def worlds(draw: random.Random, number: int) -> list[dict[str, Any]]:
    """Return random projects: some characteristics are not known."""
    return [{name: draw.choice([*values, None]) for name, values in VALUES.items()} for _ in range(number)]


def every_world(asked: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return one project for every combination of values that matter."""
    found: list[dict[str, Any]] = [{}]
    for name in asked:
        found = [{**world, name: value} for world in found for value in (*VALUES[name], None)]
    return found
