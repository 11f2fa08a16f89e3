"""Tables from the rules drawn on a page."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence

_SNAP = 3.0
_NARROW = 7.0
"""Upright rules closer than this are sides of one: of a double rule, or of the shade behind a text."""
_SHORTEST = 4.0
_HIGHEST_ROW = 250.0
_MOST_EDGES = 4_000


class Edges:
    """Horizontal and vertical rules, in points.

    Args:
        widest, highest: longer rules are the frame of the page.
    """

    def __init__(self, widest: float, highest: float) -> None:
        self._widest = widest
        self._highest = highest
        self.horizontal: list[tuple[float, float, float]] = []  # y, left, right
        self.vertical: list[tuple[float, float, float]] = []  # x, bottom, top

    def add(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Keep a line when it is level or upright and not too short."""
        if len(self.horizontal) + len(self.vertical) >= _MOST_EDGES:
            return
        if abs(y0 - y1) <= 0.8 and _SHORTEST <= abs(x0 - x1) <= self._widest:
            self.horizontal.append(((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
        elif abs(x0 - x1) <= 0.8 and _SHORTEST <= abs(y0 - y1) <= self._highest:
            self.vertical.append(((x0 + x1) / 2, min(y0, y1), max(y0, y1)))


class Frame:
    """Where a table stands: its columns begin and end at *xs*."""

    def __init__(self, xs: list[float], top: float) -> None:
        self.xs = xs
        self.top = top

    def matches(self, other: "Frame") -> bool:
        """Say whether another table has its columns at the same places: the same table on the next page."""
        return len(self.xs) == len(other.xs) and all(abs(one - two) < 2 * _SNAP for one, two in zip(self.xs[:-1], other.xs, strict=False))


class Grid(Frame):
    """The lines of one table: *xs* from left to right, *ys* from top to bottom."""

    def __init__(
        self,
        xs: list[float],
        ys: list[float],
        horizontal: Sequence[tuple[float, float, float]],
        vertical: Sequence[tuple[float, float, float]],
    ) -> None:
        super().__init__(xs, ys[0])
        self.ys = ys
        self.bottom, self.left, self.right = ys[-1], xs[0], xs[-1]
        self._down = [-y for y in ys]
        rows, columns = len(ys) - 1, len(xs) - 1
        self._origin: dict[tuple[int, int], tuple[int, int]] = {}
        self._merge(rows, columns, horizontal, vertical)

    def _merge(
        self, rows: int, columns: int, horizontal: Sequence[tuple[float, float, float]], vertical: Sequence[tuple[float, float, float]]
    ) -> None:
        upright: dict[int, list[tuple[float, float]]] = defaultdict(list)
        for x, low, high in vertical:
            upright[_nearest(self.xs, x)].append((low, high))
        level: dict[int, list[tuple[float, float]]] = defaultdict(list)
        for y, low, high in horizontal:
            level[_nearest(self._down, -y)].append((low, high))
        for row in range(rows):
            middle_y = (self.ys[row] + self.ys[row + 1]) / 2
            for column in range(columns):
                middle_x = (self.xs[column] + self.xs[column + 1]) / 2
                if column and not _covers(upright[column], middle_y):
                    origin = self._origin[row, column - 1]
                    # A merged area is a rectangle: go on to the right only within the row where it began, or as far as above.
                    if origin[0] == row or self._origin.get((row - 1, column)) == origin:
                        self._origin[row, column] = origin
                        continue
                if row and not _covers(level[row], middle_x):
                    origin = self._origin[row - 1, column]
                    if origin[1] == column or (column and self._origin[row, column - 1] == origin):
                        self._origin[row, column] = origin
                        continue
                self._origin[row, column] = (row, column)

    def holds(self, x: float, y: float) -> bool:
        """Say whether a point is inside the table."""
        return self.left <= x <= self.right and self.bottom <= y <= self.top

    def cell_at(self, x: float, y: float) -> tuple[int, int] | None:
        """Return row and column of a point."""
        row, column = bisect_right(self._down, -y) - 1, bisect_right(self.xs, x) - 1
        return (row, column) if 0 <= row < len(self.ys) - 1 and 0 <= column < len(self.xs) - 1 else None

    def origin(self, row: int, column: int) -> tuple[int, int]:
        """Return the first cell of the merged area that a cell belongs to."""
        return self._origin[row, column]

    def span(self, origin: tuple[int, int], rows: Sequence[int], columns: Sequence[int]) -> tuple[int, int]:
        """Return how many of *rows* and *columns* a merged area covers, at least one each."""
        return (
            max(1, sum(1 for row in rows if any(self._origin[row, column] == origin for column in columns))),
            max(1, sum(1 for column in columns if any(self._origin[row, column] == origin for row in rows))),
        )


def grids_of(edges: Edges) -> Iterator[Grid]:
    """Yield the grids that rules form, from top to bottom; at least two cells each."""
    level = _joined(edges.horizontal, _SNAP)
    upright = _joined(edges.vertical + list(_implied(edges.horizontal, edges.vertical)), _NARROW)
    parent = list(range(len(level) + len(upright)))

    def root(one: int) -> int:
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    for number, (x, low, high) in enumerate(upright):
        for other, (y, left, right) in enumerate(level):
            if left - _SNAP <= x <= right + _SNAP and low - _SNAP <= y <= high + _SNAP:
                parent[root(len(level) + number)] = root(other)
    groups: dict[int, tuple[list[tuple[float, float, float]], list[tuple[float, float, float]]]] = defaultdict(lambda: ([], []))
    for number, line in enumerate(level):
        groups[root(number)][0].append(line)
    for number, line in enumerate(upright):
        groups[root(len(level) + number)][1].append(line)
    grids = []
    for lines, columns in groups.values():
        xs = _places([x for x, _, _ in columns], _NARROW)
        ys = _places([y for y, _, _ in lines], _SNAP)[::-1]
        if len(xs) >= 2 and len(ys) >= 2 and (len(xs) - 1) * (len(ys) - 1) >= 2 and len(xs) * len(ys) < 40_000:
            grids.append(Grid(xs, ys, lines, columns))
    yield from sorted(grids, key=lambda grid: (-grid.top, grid.left))


def _implied(lines: list[tuple[float, float, float]], upright: list[tuple[float, float, float]]) -> Iterator[tuple[float, float, float]]:
    """Yield the upright rules of tables that draw level ones only: one piece per cell, so that the pieces tell the columns."""
    places = _places([at for at, _, _ in lines], _SNAP)
    by_place: dict[int, set[tuple[float, float]]] = defaultdict(set)
    for at, low, high in lines:
        by_place[_nearest(places, at)].add((float(round(low)), float(round(high))))
    chains: dict[int, tuple[float, float, float, tuple[float, ...]]] = {}
    for number, place in enumerate(places):
        pieces = sorted(by_place[number])
        left, right = pieces[0][0], max(high for _, high in pieces)
        breaks = tuple(sorted({low for low, _ in pieces if low - left > _NARROW and any(abs(high - low) <= 2 for _, high in pieces)}))
        chains[number] = (place, left, right, breaks)
    for number in range(1, len(places)):
        (low, left, right, breaks), (high, other_left, other_right, other) = chains[number - 1], chains[number]
        common = [x for x in breaks if any(abs(x - y) <= 2 for y in other)]
        if high - low > _HIGHEST_ROW or any(_touches(rule, low, common) or _touches(rule, high, common) for rule in upright):
            continue  # a table that draws upright rules draws all of them
        if common and abs(left - other_left) <= _SNAP and abs(right - other_right) <= _SNAP:
            for x in (left, *common, right):
                yield x, low, high


def _touches(rule: tuple[float, float, float], y: float, xs: list[float]) -> bool:
    x, low, high = rule
    return low - _SNAP <= y <= high + _SNAP and any(abs(x - other) <= _SNAP for other in xs)


def _joined(lines: list[tuple[float, float, float]], snap: float) -> list[tuple[float, float, float]]:
    """Return lines with the pieces of one rule put together."""
    places = _places([at for at, _, _ in lines], snap)
    by_place: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for at, low, high in lines:
        by_place[_nearest(places, at)].append((low, high))
    found = []
    for number, pieces in by_place.items():
        pieces.sort()
        low, high = pieces[0]
        for begin, end in pieces[1:]:
            if begin <= high + _SNAP:
                high = max(high, end)
            else:
                found.append((places[number], low, high))
                low, high = begin, end
        found.append((places[number], low, high))
    return sorted(found)


def _places(values: list[float], snap: float) -> list[float]:
    """Return the distinct places, those within reach of each other as one."""
    found: list[list[float]] = []
    for value in sorted(values):
        if found and value - found[-1][-1] <= snap:
            found[-1].append(value)
        else:
            found.append([value])
    return [sum(group) / len(group) for group in found]


def _nearest(places: list[float], value: float) -> int:
    at = bisect_right(places, value)
    candidates = [index for index in (at - 1, at) if 0 <= index < len(places)]
    return min(candidates, key=lambda index: abs(places[index] - value))


def _covers(pieces: list[tuple[float, float]], at: float) -> bool:
    return any(low - _SNAP <= at <= high + _SNAP for low, high in pieces)
