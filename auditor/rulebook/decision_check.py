"""Whether a decision table decides every project, and no project twice: exact, with the example that falls through.

Each column is divided into parts in which no cell of it changes its mind: the values of a code, the intervals between all bounds, the texts
that are named and any other, and "nobody knows". A project is one part of each column.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from auditor.rulebook.decision_cell import Anything, Between, Cell, OneOf, Unstated
from auditor.rulebook.production import Property

MOST_EXAMPLES = 3
_MOST_STEPS = 2_000_000


@dataclass(frozen=True, slots=True)
class Part:
    """Values of one characteristic between which no cell of the table tells a difference.

    Attributes:
        example: one of them; None: nobody knows the value.
        is_other: a text that no cell names.
    """

    example: Any
    is_unknown: bool = False
    is_other: bool = False

    def __str__(self) -> str:
        """Return it for people."""
        if self.is_unknown:
            return "unknown"
        if self.is_other:
            return "anything else"
        if isinstance(self.example, bool):
            return "yes" if self.example else "no"
        return f"{self.example:,}" if isinstance(self.example, int) else str(self.example)


UNKNOWN_PART = Part(None, is_unknown=True)
OTHER_PART = Part(None, is_other=True)


class TooManyCases(ValueError):
    """The table has too many combinations to look at all of them."""


@dataclass(frozen=True)
class Conditions:
    """The conditions of a table: names of characteristics, and row by row what is asked of each.

    Attributes:
        properties: in the order of the columns.
        rows: cells, as many as there are columns.
    """

    properties: Mapping[str, Property]
    rows: Sequence[Sequence[Cell]]

    @cached_property
    def parts(self) -> tuple[tuple[Part, ...], ...]:
        """Column by column, its parts; "nobody knows" is the last one."""
        return tuple(
            (*_known_parts(property_, [row[number] for row in self.rows]), *(() if property_.is_sure else (UNKNOWN_PART,)))
            for number, property_ in enumerate(self.properties.values())
        )

    @cached_property
    def knows_unknown(self) -> tuple[bool, ...]:
        """Column by column, whether a cell says what holds when nobody knows the value."""
        return tuple(any(isinstance(row[number], Unstated) for row in self.rows) for number in range(len(self.properties)))

    def holds(self, row: int, column: int, part: Part) -> bool | None:
        """Return whether a cell holds for the values of *part*; None: it may, nobody knows."""
        cell = self.rows[row][column]
        if isinstance(cell, Anything):
            return True
        if part.is_unknown:
            return isinstance(cell, Unstated) if self.knows_unknown[column] else None
        return meets(cell, part)

    @cached_property
    def _sure(self) -> list[list[int]]:
        """Row by row and column by column, the parts (bits) for which the cell surely holds."""
        return self._bits(lambda held: held is True)

    @cached_property
    def _open(self) -> list[list[int]]:
        """The same for the parts for which the cell holds, or may."""
        return self._bits(lambda held: held is not False)

    def _bits(self, counts: Callable[[bool | None], bool]) -> list[list[int]]:
        return [
            [
                sum(1 << bit for bit, part in enumerate(parts) if counts(self.holds(row, column, part)))
                for column, parts in enumerate(self.parts)
            ]
            for row in range(len(self.rows))
        ]

    def may_meet(self, first: int, second: int) -> bool:
        """Return whether there may be a project for which both rows hold, or of which nobody knows."""
        return all(one & other for one, other in zip(self._open[first], self._open[second], strict=True))

    def both(self, first: int, second: int) -> tuple[Part, ...] | None:
        """Return a project for which both rows surely hold; None: there is none."""
        shared = [one & other for one, other in zip(self._sure[first], self._sure[second], strict=True)]
        if not all(shared):
            return None
        return tuple(parts[(bits & -bits).bit_length() - 1] for bits, parts in zip(shared, self.parts, strict=True))

    def uncovered(
        self, rows: Sequence[int], *, within: int | None = None, with_unknown: bool = True, most: int = MOST_EXAMPLES
    ) -> list[tuple[Part, ...]]:
        """Return projects for which none of *rows* surely holds, at most *most* of them.

        Args:
            rows: numbers of rows.
            within: look only at projects for which this row surely holds.
            with_unknown: whether characteristics may be unknown.
            most: how many are wanted.

        Raises:
            TooManyCases: there are too many combinations.
        """
        columns: list[list[tuple[Part, int]]] = []
        for column, parts in enumerate(self.parts):
            seen = [
                (bit, part)
                for bit, part in enumerate(parts)
                if (with_unknown or not part.is_unknown) and (within is None or self._sure[within][column] >> bit & 1)
            ]
            columns.append([(part, sum(1 << row for row in rows if self._sure[row][column] >> bit & 1)) for bit, part in seen])
        if not all(columns):
            return []
        search = _Search(columns, most)
        search.walk((), sum(1 << row for row in rows))
        return search.found

    def words(self, project: Sequence[Part]) -> str:
        """Return a project for people: `size = large, is_outsourced = unknown, budget = 200,000`."""
        return ", ".join(f"{name} = {part}" for name, part in zip(self.properties, project, strict=True)) or "any project"


class _Search:
    """Walks column by column, and never twice to the same rows at the same column."""

    def __init__(self, columns: Sequence[Sequence[tuple[Part, int]]], most: int) -> None:
        self.found: list[tuple[Part, ...]] = []
        self._columns = columns
        self._most = most
        self._seen: set[tuple[int, int]] = set()
        self._steps = 0

    def walk(self, before: tuple[Part, ...], rows: int) -> None:
        """Look for projects that begin with *before*, for which *rows* (bits) hold so far."""
        column = len(before)
        if not rows:
            self.found.append((*before, *(parts[0][0] for parts in self._columns[column:])))
            return
        if column == len(self._columns) or (column, rows) in self._seen:
            return
        self._seen.add((column, rows))
        for part, holding in self._columns[column]:
            self._steps += 1
            if self._steps > _MOST_STEPS:
                raise TooManyCases
            if len(self.found) < self._most:
                self.walk((*before, part), rows & holding)


def meets(cell: Cell, part: Part) -> bool:
    """Return whether a test holds for the known values of *part*."""
    if isinstance(cell, Between):
        return not part.is_other and (cell.low is None or part.example >= cell.low) and (cell.high is None or part.example <= cell.high)
    if isinstance(cell, OneOf):
        is_named = not part.is_other and part.example in cell.values
        return is_named != cell.is_negated
    return isinstance(cell, Anything)


def _known_parts(property_: Property, cells: Sequence[Cell]) -> Iterator[Part]:
    if property_.kind == "flag":
        yield from (Part(True), Part(False))
    elif property_.kind == "number":
        cuts = {0}
        for cell in cells:
            if isinstance(cell, Between):
                cuts |= {*([cell.low] if cell.low is not None else []), *([cell.high + 1] if cell.high is not None else [])}
            elif isinstance(cell, OneOf):
                cuts |= {bound for value in cell.values for bound in (value, value + 1)}
        yield from (Part(cut) for cut in sorted(cuts))
    elif property_.codes:
        yield from (Part(code) for code in property_.codes)
    else:
        named = dict.fromkeys(value for cell in cells if isinstance(cell, OneOf) for value in cell.values)
        yield from (Part(value) for value in named)
        yield OTHER_PART
