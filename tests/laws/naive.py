"""What a condition says of plain rows, written once more from the rules of the language and sharing nothing with the compiler.

One project at a time, row by row, without SQL: a parser of its own, three-valued values, the verdict table. It is slow and short on
purpose; the laws compare the engine with it.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from auditor.model.schema import COMMON, TABLES
from auditor.model.types import Kind
from auditor.rulebook.names import Event, Term, View
from auditor.rulebook.rule import Each, Param, Rule

# Values: a Python value, or one of these


class _Mark:
    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


BLANK = _Mark("BLANK")  # in a row: the source fills the column, and here it is empty
UNKNOWN = _Mark("UNKNOWN")  # in a row and in a value: it cannot be known
ABSENT = _Mark("ABSENT")  # the value of a blank that means 'there is none': a comparison with it is false
UNSTATED = _Mark("UNSTATED")  # the value of a blank that means 'nobody wrote it down': a comparison with it is unknown
MARKS = (UNKNOWN, ABSENT, UNSTATED)


@dataclass(frozen=True)
class Interval:
    """A number of rows, or a sum of such numbers, from `low` to `high`; None: without end."""

    low: int | None
    high: int | None


@dataclass(frozen=True)
class Extreme:
    """An unknown least or greatest value of which one row shows that it is at most or at least `proof`."""

    function: str
    proof: Any


@dataclass
class World:
    """The rows of one project, and those of its organisation.

    Attributes:
        tables: table or `<table>_history` → rows; own columns hold a value, BLANK or UNKNOWN; a column left out is UNKNOWN.
        complete: tables of which no row is unseen.
        history_from: table → the day from which its history is known.
    """

    tables: dict[str, list[dict[str, Any]]]
    complete: set[str]
    as_of: date = date(2026, 6, 30)
    views: Mapping[str, View] = field(default_factory=dict)
    terms: Mapping[str, Term] = field(default_factory=dict)
    events: Mapping[str, Event] = field(default_factory=dict)
    history_from: Mapping[str, date] = field(default_factory=dict)
    cached: dict[str, tuple[list[dict[str, Any]], bool]] = field(default_factory=dict)

    def _view(self, name: str) -> tuple[list[dict[str, Any]], bool]:
        if name not in self.cached:
            self.cached[name] = view_rows(self, self.views[name])
        return self.cached[name]

    def rows(self, name: str) -> list[dict[str, Any]]:
        """Return the rows that a rule sees under *name*; of an unknown view there are none."""
        if name in self.views:
            return self._view(name)[0]
        if name not in TABLES and name.startswith("all_"):
            return self.tables.get(name.removeprefix("all_"), [])
        rows = self.tables.get(name, [])
        return [row for row in rows if row.get("is_gone") is not True and row.get("is_record", True) is not False]

    def is_complete(self, name: str) -> bool:
        """Say whether no row of a table or view is unseen."""
        if name in self.views:
            return self._view(name)[1]
        if name.endswith("_history") and name not in TABLES:  # all of it: from the beginning
            table = name.removesuffix("_history")
            return table in self.complete and self.history_from.get(table, date.max) <= date(1900, 1, 1)
        return name == "project" or name in self.complete or (name not in TABLES and name.removeprefix("all_") in self.complete)


# Reading conditions

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+\.\d+|\.\d+|\d+)|'(?P<text>(?:[^']|'')*)'|\$(?P<param>\w+)|(?P<word>[A-Za-z_]\w*)|(?P<sign><>|!=|<=|>=|[-+*().,<>=]))"
)
Tree = tuple[Any, ...]


@dataclass(frozen=True)
class Query:
    """`from table alias at day where …`."""

    table: str
    alias: str
    day: Tree | None
    where: Tree | None
    select: Tree | None


@dataclass(frozen=True)
class Over:
    """`over (partition by … order by … rows between …)`; a bound of the rows is None where there is none."""

    partition: tuple[Tree, ...]
    order: tuple[tuple[Tree, bool], ...]  # key, whether the greatest comes first
    rows: tuple[int | None, int | None] | None


@dataclass(frozen=True)
class From:
    """A source of a view."""

    table: str
    alias: str
    is_left: bool
    on: Tree | None


@dataclass(frozen=True)
class Select:
    """A view."""

    columns: tuple[tuple[str, Tree], ...]
    sources: tuple[From, ...]
    where: Tree | None
    keys: tuple[Tree, ...] | None


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        place, text = 0, text.rstrip()
        while place < len(text):
            found = _TOKEN.match(text, place)
            assert found, text[place:]
            kind = str(found.lastgroup)
            value = found[kind]
            self.tokens.append((kind, value.lower() if kind == "word" else value.replace("''", "'") if kind == "text" else value))
            place = found.end()
        self.place = 0

    def peek(self, *values: str, ahead: int = 0) -> bool:
        here = self.place + ahead
        return here < len(self.tokens) and self.tokens[here][0] in ("word", "sign") and self.tokens[here][1] in values

    def take(self, *values: str) -> bool:
        if self.peek(*values):
            self.place += 1
            return True
        return False

    def need(self, value: str) -> None:
        assert self.take(value), (value, self.tokens[self.place :])

    def next(self) -> tuple[str, str]:
        self.place += 1
        return self.tokens[self.place - 1]

    def whole(self) -> Tree:
        tree = self.disjunction()
        assert self.place == len(self.tokens), self.tokens[self.place :]
        return tree

    def disjunction(self) -> Tree:
        tree = self.conjunction()
        while self.take("or"):
            tree = ("or", tree, self.conjunction())
        return tree

    def conjunction(self) -> Tree:
        tree = self.negation()
        while self.take("and"):
            tree = ("and", tree, self.negation())
        return tree

    def negation(self) -> Tree:
        return ("not", self.negation()) if self.take("not") else self.comparison()

    def comparison(self) -> Tree:
        left = self.sum()
        for sign in ("=", "<>", "!=", "<=", ">=", "<", ">"):
            if self.take(sign):
                return ("compare", "<>" if sign == "!=" else sign, left, self.sum())
        if self.take("is"):
            negated = self.take("not")
            self.need("null")
            return ("not", ("null", left)) if negated else ("null", left)
        negated = self.take("not")
        if self.take("between"):
            low = self.sum()
            self.need("and")
            tree: Tree = ("and", ("compare", ">=", left, low), ("compare", "<=", left, self.sum()))
        elif self.take("in"):
            tree = self.membership(left)
        elif self.peek("like", "ilike"):
            tree = ("like", self.next()[1], left, self.sum())
        else:
            assert not negated
            return left
        return ("not", tree) if negated else tree

    def membership(self, left: Tree) -> Tree:
        if self.tokens[self.place][0] == "param":
            return ("in", left, (("param", self.next()[1]),))
        if self.peek("(") and self.peek("select", "from", ahead=1):
            self.need("(")
            return ("among", left, self.query())
        self.need("(")
        items = [self.sum()]
        while self.take(","):
            items.append(self.sum())
        self.need(")")
        return ("in", left, tuple(items))

    def sum(self) -> Tree:
        tree = self.product()
        while self.peek("+", "-"):
            tree = ("arithmetic", self.next()[1], tree, self.product())
        return tree

    def product(self) -> Tree:
        tree = self.value()
        while self.take("*"):
            tree = ("arithmetic", "*", tree, self.value())
        return tree

    def value(self) -> Tree:
        if self.take("-"):
            return ("arithmetic", "*", ("value", -1), self.value())
        if self.take("("):
            if self.peek("select", "from"):
                return self.aggregate()
            tree = self.disjunction()
            self.need(")")
            return tree
        kind, word = self.next()
        if kind == "number":
            return ("value", Decimal(word) if "." in word else int(word))
        if kind == "text":
            return ("value", word)
        if kind == "param":
            return ("param", word)
        if word in ("true", "false"):
            return ("value", word == "true")
        if word == "date" and self.tokens[self.place][0] == "text":
            return ("value", date.fromisoformat(self.next()[1]))
        if word == "case":
            return self.choice()
        if word == "exists" and self.take("("):
            return ("exists", self.query())
        if self.take("("):
            return self.call(word)
        if self.take("."):
            return ("column", word, self.next()[1])
        return ("column", None, word)

    def call(self, word: str) -> Tree:
        arguments: list[Any] = []
        is_distinct = self.take("distinct")
        while not self.take(")"):
            if self.take("*"):
                arguments.append(("every",))
            elif (
                self.peek("(")
                and self.peek("select", ahead=1)
                and not (self.peek("count", "min", "max", "sum", ahead=2) and self.peek("(", ahead=3))
            ):
                self.need("(")
                arguments.append(("series", self.query()))
            else:
                arguments.append(self.disjunction())
            self.take(",")
        name = f"{word} distinct" if is_distinct else word
        if self.take("filter"):
            self.need("(")
            self.need("where")
            test = self.disjunction()
            self.need(")")
            return ("group", name, tuple(arguments), test)
        if self.take("over"):
            return ("window", name, tuple(arguments), self.window())
        if is_distinct or word in ("count", "min", "max", "sum"):
            return ("group", name, tuple(arguments), None)
        return ("call", word, tuple(arguments))

    def window(self) -> "Over":
        self.need("(")
        partition, order = [], []
        rows = None
        if self.take("partition"):
            self.need("by")
            partition.append(self.sum())
            while self.take(","):
                partition.append(self.sum())
        if self.take("order"):
            self.need("by")
            while True:
                key = self.sum()
                order.append((key, self.take("desc")))
                self.take("asc")
                if not self.take(","):
                    break
        if self.take("rows"):
            self.need("between")
            start = self.side()
            self.need("and")
            rows = start, self.side()
        self.need(")")
        return Over(tuple(partition), tuple(order), rows)

    def side(self) -> int | None:
        """Return a bound of a frame in rows from the current one; None: without end."""
        kind, word = self.next()
        towards = self.next()[1]
        if word == "unbounded":
            return None
        if word == "current":
            return 0
        assert kind == "number", word
        return -int(word) if towards == "preceding" else int(word)

    def selection(self) -> "Select":
        """Return the SELECT of a view."""
        self.need("select")
        columns = []
        while True:
            tree = self.disjunction()
            columns.append((self.next()[1] if self.take("as") else str(tree[2]), tree))
            if not self.take(","):
                break
        self.need("from")
        sources = [self.source(is_left=False)]
        while self.peek("join", "left", "inner"):
            is_left = self.take("left")
            self.take("inner", "outer")
            self.need("join")
            sources.append(self.source(is_left=is_left))
        where = self.disjunction() if self.take("where") else None
        keys = None
        if self.take("group"):
            self.need("by")
            keys = [self.sum()]
            while self.take(","):
                keys.append(self.sum())
        assert self.place == len(self.tokens), self.tokens[self.place :]
        return Select(tuple(columns), tuple(sources), where, None if keys is None else tuple(keys))

    def source(self, *, is_left: bool) -> "From":
        table = self.next()[1]
        alias = table
        if not self.peek("join", "left", "inner", "on", "where", "group") and self.place < len(self.tokens):
            self.take("as")
            alias = self.next()[1]
        return From(table, alias, is_left, self.disjunction() if self.take("on") else None)

    def choice(self) -> Tree:
        pairs = []
        while self.take("when"):
            test = self.disjunction()
            self.need("then")
            pairs.append((test, self.disjunction()))
        otherwise = self.disjunction() if self.take("else") else None
        self.need("end")
        return ("case", tuple(pairs), otherwise)

    def aggregate(self) -> Tree:
        self.need("select")
        function = self.next()[1]
        assert function in ("count", "min", "max", "sum"), function
        self.need("(")
        select = None
        if not self.take("*"):
            select = self.sum()
        self.need(")")
        return ("aggregate", function, self.query(select))

    def query(self, select: Tree | None = None) -> Query:
        if self.take("select"):
            select = None if self.take("*") else self.sum()
        self.need("from")
        table = self.next()[1]
        alias = table
        if self.place < len(self.tokens) and self.tokens[self.place][0] == "word" and not self.peek("where", "at", "as") or self.take("as"):
            alias = self.next()[1]
        day = self.sum() if self.take("at") else None
        where = self.disjunction() if self.take("where") else None
        self.need(")")
        return Query(table, alias, day, where, select)


_parsed: dict[str, Tree] = {}


def parse(text: str) -> Tree:
    """Return the tree of a condition."""
    if text not in _parsed:
        _parsed[text] = _Parser(text).whole()
    return _parsed[text]


# Truth

Truth = bool | None


def negate(item: Truth) -> Truth:
    """Return the negation."""
    return None if item is None else not item


def both(items: Iterator[Truth] | Sequence[Truth]) -> Truth:
    """Return whether all are true."""
    found = list(items)
    return False if False in found else None if None in found else True


def either(items: Iterator[Truth] | Sequence[Truth]) -> Truth:
    """Return whether at least one is true."""
    found = list(items)
    return True if True in found else None if None in found else False


def compare(sign: str, left: Any, right: Any) -> Truth:
    """Return what a comparison says: unknown where a side is, else false where a side is known absent."""
    if UNKNOWN in (left, right) or UNSTATED in (left, right):
        return None
    if ABSENT in (left, right):
        return False if all(_is_exact(item) for item in (left, right)) else None
    if isinstance(left, Extreme) or isinstance(right, Extreme):
        return _compare_extreme(sign, left, right)
    if isinstance(left, Interval) or isinstance(right, Interval):
        return _compare_intervals(sign, _interval(left), _interval(right))
    return bool(_SIGNS[sign](_exact(left), _exact(right)))


def _is_exact(value: Any) -> bool:
    return not isinstance(value, Extreme) and (not isinstance(value, Interval) or (value.low is not None and value.low == value.high))


_SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
_MIRRORED = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def _exact(value: Any) -> Any:
    return Fraction(value) if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else value


def _compare_extreme(sign: str, left: Any, right: Any) -> Truth:
    if isinstance(right, Extreme):
        if isinstance(left, Extreme):
            return None
        left, right, sign = right, left, _MIRRORED[sign]
    if isinstance(right, Interval) or sign in ("=", "<>"):
        return None
    # The least value is at most the proof, the greatest at least: that settles these two signs and their opposites.
    shown = ("<=", "<") if left.function == "min" else (">=", ">")
    if sign in shown:
        return True if compare(sign, left.proof, right) else None
    return False if compare({">": "<=", ">=": "<", "<": ">=", "<=": ">"}[sign], left.proof, right) else None


Bounds = tuple[Fraction | None, Fraction | None]


def _interval(value: Any) -> Bounds:
    if isinstance(value, Interval):
        return None if value.low is None else Fraction(value.low), None if value.high is None else Fraction(value.high)
    return Fraction(value), Fraction(value)


def _compare_intervals(sign: str, left: Bounds, right: Bounds) -> Truth:
    """Return what a comparison says when it says the same of every number of both intervals."""
    if sign in (">", ">="):
        return _compare_intervals(_MIRRORED[sign], right, left)
    (low, high), (other_low, other_high) = left, right
    below, above = (high, other_low), (other_high, low)
    if sign in ("=", "<>"):
        apart = any(one is not None and other is not None and one < other for one, other in (below, above))
        same = None not in (low, other_low) and low == high == other_low == other_high
        equal = False if apart else True if same else None
        return equal if sign == "=" else negate(equal)
    test = _SIGNS[sign]
    if None not in below and test(*below):
        return True
    return False if None not in above and not test(low, other_high) else None


# Evaluation

_NEVER_UNKNOWN = {*COMMON, "valid_from", "valid_to"}
_VIEW_BLANKS = dict.fromkeys(("text", "any", "reference", "person", "day", "instant"), ABSENT)
PHASES = ("initiating", "planning", "executing", "closing", "closed")


@dataclass
class Scope:
    """What a condition may name: rows by alias, values by name, params."""

    world: World
    frames: tuple[tuple[str, str, Mapping[str, Any]], ...] = ()  # alias, table, row; inner ones last
    names: Mapping[str, Any] = field(default_factory=dict)  # a list's element
    arguments: Mapping[str, Callable[[], Any]] | None = None  # inside a term
    params: Mapping[str, Any] = field(default_factory=dict)
    computed: Mapping[Tree, Any] = field(default_factory=dict)  # in a view: its aggregates and windows for the row

    def with_row(self, alias: str, table: str, row: Mapping[str, Any]) -> "Scope":
        """Return the scope with one more row."""
        return Scope(self.world, (*self.frames, (alias, table, row)), self.names, self.arguments, self.params)


def cell(world: World, table: str, row: Mapping[str, Any], name: str) -> Any:
    """Return the value of a column of a row: a blank becomes what its column says that a blank means."""
    value = row.get(
        name, True if name == "is_record" else BLANK if name in _NEVER_UNKNOWN else UNKNOWN
    )  # what no place of record takes away
    if value is not BLANK and value is not None:
        return value
    if table in world.views:
        return _VIEW_BLANKS.get(world.views[table].columns.get(name, "text"), UNSTATED)
    declared = TABLES[table if table in TABLES else table.removeprefix("all_").removesuffix("_history")].by_name
    return ABSENT if name not in declared or declared[name].type.blank == "absent" else UNSTATED


def _has(world: World, table: str, name: str) -> bool:
    if table in world.views:
        return name in world.views[table].columns or name in COMMON
    return name in TABLES[table if table in TABLES else table.removeprefix("all_").removesuffix("_history")].by_name or name in (
        "valid_from",
        "valid_to",
    )


def evaluate(tree: Tree, scope: Scope) -> Any:
    """Return the value of *tree*: for conditions True, False or None."""
    match tree[0]:
        case "value":
            return tree[1]
        case "param":
            value = scope.params[tree[1]]
            return UNKNOWN if value is None else value
        case "column":
            return _column(tree, scope)
        case "not":
            return negate(truth(evaluate(tree[1], scope)))
        case "and":
            return both([truth(evaluate(tree[1], scope)), truth(evaluate(tree[2], scope))])
        case "or":
            return either([truth(evaluate(tree[1], scope)), truth(evaluate(tree[2], scope))])
        case "compare":
            return compare(tree[1], evaluate(tree[2], scope), evaluate(tree[3], scope))
        case "in":
            item = evaluate(tree[1], scope)
            values = [evaluate(value, scope) for value in tree[2]]
            if len(values) == 1 and isinstance(values[0], (list, tuple)):
                values = list(values[0])
            return either([compare("=", item, value) for value in values])
        case "among":
            item = evaluate(tree[1], scope)
            found, is_complete = _select(tree[2], scope)
            return _any([both([where, compare("=", value, item)]) for where, value in found], is_complete=is_complete)
        case "exists":
            found, is_complete = _select(tree[1], scope)
            return _any([where for where, _ in found], is_complete=is_complete)
        case "aggregate":
            return _aggregate(tree[1], *_select(tree[2], scope))
        case "like":
            return _like(tree, scope)
        case "arithmetic":
            return _arithmetic(tree[1], evaluate(tree[2], scope), evaluate(tree[3], scope))
        case "null":
            return evaluate(tree[1], scope) in (*MARKS, None)
        case "case":
            for test, value in tree[1]:
                if truth(evaluate(test, scope)):
                    return evaluate(value, scope)
            return UNKNOWN if tree[2] is None else evaluate(tree[2], scope)
        case "call":
            return _call(tree[1], tree[2], scope)
        case "group" | "window":
            return scope.computed[tree]
    raise AssertionError(tree)


def truth(value: Any) -> Truth:
    """Return a value as truth: a boolean column that is blank or unknown says nothing."""
    return None if value in MARKS else value


def _column(tree: Tree, scope: Scope) -> Any:
    _, alias, name = tree
    if alias is None:
        if scope.arguments is not None and name in scope.arguments:
            return scope.arguments[name]()
        if name == "today":
            return scope.world.as_of
        if name == "unknown" and scope.arguments is not None:
            return UNKNOWN
        if name in scope.names:
            return scope.names[name]
        for _, table, row in reversed(scope.frames):
            if _has(scope.world, table, name):
                return cell(scope.world, table, row, name)
        raise AssertionError(f"no column {name}")
    for known, table, row in reversed(scope.frames):
        if known == alias:
            return cell(scope.world, table, row, name)
    assert alias == "project", alias
    return cell(scope.world, "project", scope.world.tables["project"][0], name)


def _any(found: list[Truth], *, is_complete: bool) -> Truth:
    return True if True in found else False if None not in found and is_complete else None


def _select(query: Query, scope: Scope) -> tuple[list[tuple[Truth, Any]], bool]:
    """Return for each row of a query that may count whether it does and what is selected, and whether no row is unseen."""
    found: list[tuple[Truth, Any]] = []
    world = scope.world
    if query.day is not None:
        return _at(query, scope)
    for row in world.rows(query.table):
        inner = scope.with_row(query.alias, query.table, row)
        where = True if query.where is None else truth(evaluate(query.where, inner))
        if where is not False:
            found.append((where, None if query.select is None else evaluate(query.select, inner)))
    return found, world.is_complete(query.table)


def _at(query: Query, scope: Scope) -> tuple[list[tuple[Truth, Any]], bool]:
    """Return the rows of a query as they stood at the end of a day, and whether no other row can have stood there."""
    assert query.day is not None
    world, found = scope.world, list[tuple[Truth, Any]]()
    day = evaluate(query.day, scope)
    if day in MARKS or isinstance(day, Extreme):
        return found, False
    for row in world.rows(query.table + "_history"):
        if not stood(row, midnight(world, day)):
            continue
        inner = scope.with_row(query.alias, query.table, row)
        where = True if query.where is None else truth(evaluate(query.where, inner))
        if where is not False:
            found.append((where, None if query.select is None else evaluate(query.select, inner)))
    since = world.history_from.get(query.table)
    return found, world.is_complete(query.table) and since is not None and since <= day


def midnight(world: World, day: date) -> datetime:
    """Return the moment, in UTC, at which *day* ends where the project is."""
    end = datetime.combine(day, time()) + timedelta(days=1)
    return end.replace(tzinfo=_zone(world)).astimezone(UTC).replace(tzinfo=None)


def _zone(world: World) -> ZoneInfo:
    name = _known(world.tables["project"][0].get("time_zone", UNKNOWN))
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def stood(row: Mapping[str, Any], end: datetime) -> bool:
    """Say whether the interval of a row of a history contains the last moment before *end*."""
    stop = _known(row.get("valid_to", BLANK))
    return bool(row["valid_from"] < end) and (stop is None or bool(stop >= end))


def _aggregate(function: str, found: list[tuple[Truth, Any]], is_complete: bool) -> Any:
    sure = [value for where, value in found if where]
    if function == "count":
        return Interval(len(sure), len(found) if is_complete else None)
    known = [value for value in sure if value not in MARKS]
    if len(known) == len(found) and is_complete:
        if function == "sum":
            return sum((Fraction(value) for value in known), Fraction(0))
        return (min(known) if function == "min" else max(known)) if known else UNSTATED
    if function == "sum" or not known:
        return UNKNOWN
    return Extreme(function, min(known) if function == "min" else max(known))


def _like(tree: Tree, scope: Scope) -> Truth:
    item, pattern = evaluate(tree[2], scope), evaluate(tree[3], scope)
    if item in MARKS:
        return False if item is ABSENT else None
    written = "".join(".*" if char == "%" else "." if char == "_" else re.escape(char) for char in pattern)
    return bool(re.fullmatch(written, item, re.DOTALL | (re.IGNORECASE if tree[1] == "ilike" else 0)))


def _mark(*values: Any) -> Any:
    """Return the mark that a function of *values* has; None: all are known."""
    for mark in (UNKNOWN, UNSTATED, ABSENT):
        if mark in values:
            return mark
    return UNKNOWN if any(isinstance(value, Extreme) for value in values) else None


def _arithmetic(sign: str, left: Any, right: Any) -> Any:
    mark = _mark(left, right)
    if mark is not None:
        return mark
    if isinstance(left, Interval) or isinstance(right, Interval):
        return _interval_arithmetic(sign, left, right)
    if isinstance(left, date):
        return left + timedelta(days=int(right) if sign == "+" else -int(right))
    left, right = Fraction(left), Fraction(right)
    return left + right if sign == "+" else left - right if sign == "-" else left * right


def _interval_arithmetic(sign: str, left: Any, right: Any) -> Any:
    """Return the interval of a sum; whatever else is done with an undecided number of rows is unknown."""
    if not isinstance(left, Interval):
        left = Interval(left, left)
    if not isinstance(right, Interval):
        right = Interval(right, right)
    if _is_exact(left) and _is_exact(right):
        return _arithmetic(sign, left.low, right.low)
    if sign == "+":
        return Interval(_total(left.low, right.low), _total(left.high, right.high))
    if sign == "-":
        return Interval(_total(left.low, right.high, -1), _total(left.high, right.low, -1))
    return UNKNOWN


def _total(first: int | None, second: int | None, sign: int = 1) -> int | None:
    return None if first is None or second is None else first + sign * second


def _call(word: str, arguments: tuple[Tree, ...], scope: Scope) -> Any:
    term = scope.world.terms.get(word)
    if term is not None and term.expression is not None:
        given = {name: (lambda tree=tree: evaluate(tree, scope)) for name, tree in zip(term.parameters, arguments, strict=True)}
        # literals must stay literal for words that name a kind or a table
        return evaluate(parse(term.expression), Scope(scope.world, scope.frames, {}, given, {}))
    if word in _LAZY:
        return _LAZY[word](arguments, scope)
    return _PLAIN[word](scope, *(evaluate(item, scope) for item in arguments))


def _filled(_scope: Scope, value: Any) -> Truth:
    return None if value is UNKNOWN or isinstance(value, Extreme) else value not in (ABSENT, UNSTATED)


def _plain(function: Callable[..., Any], *, is_boolean: bool = False) -> Callable[..., Any]:
    def applied(_scope: Scope, *values: Any) -> Any:
        mark = _mark(*values)
        if mark is not None:
            return (False if mark is ABSENT else None) if is_boolean else mark
        return function(*values)

    return applied


def _names(text: str, word: str) -> bool:
    """Return whether *word* stands in *text* with nothing of a word beside it."""
    text, word = text.lower(), word.lower()

    def is_of_word(place: int) -> bool:
        return 0 <= place < len(text) and (text[place].isalnum() or text[place] in "_-")

    places = [place for place in range(len(text)) if word and text.startswith(word, place)]
    return any(not is_of_word(place - 1) and not is_of_word(place + len(word)) for place in places)


def _day(scope: Scope, moment: Any) -> Any:
    """Return the day of a moment where the project is."""
    mark = _mark(moment)
    return mark if mark is not None else moment.replace(tzinfo=UTC).astimezone(_zone(scope.world)).date()


def _ratio(_scope: Scope, first: Any, second: Any) -> Any:
    if _mark(first, second) is not None:
        return UNKNOWN
    if isinstance(first, Interval) or isinstance(second, Interval):
        first = first.low if isinstance(first, Interval) and _is_exact(first) else first
        second = second.low if isinstance(second, Interval) and _is_exact(second) else second
        if isinstance(first, Interval) or isinstance(second, Interval):
            return UNKNOWN
    return UNKNOWN if second == 0 else Fraction(first) / Fraction(second)


def _during(_scope: Scope, day: Any, start: Any, end: Any) -> Truth:
    if day in MARKS or isinstance(day, Extreme):
        return False if day is ABSENT else None
    return both([_ordered(start, day), _ordered(day, end)])


def _ordered(first: Any, last: Any) -> Truth:
    """Return whether two bounds of spans are in order: a blank one is open, an unknown one unknown."""
    if any(item is UNKNOWN or isinstance(item, Extreme) for item in (first, last)):
        return None
    return True if first in MARKS or last in MARKS else compare("<=", first, last)


def _overlaps(_scope: Scope, start: Any, end: Any, other_start: Any, other_end: Any) -> Truth:
    return both([_ordered(start, other_end), _ordered(other_start, end)])


def _happened_by(scope: Scope, event: Any, day: Any) -> Truth:
    if day in MARKS or isinstance(day, Extreme):
        return None
    if event is UNKNOWN or isinstance(event, Extreme):
        return None
    if event in (ABSENT, UNSTATED) or event > scope.world.as_of:
        return False if day < scope.world.as_of else None  # it has not happened
    return compare("<=", event, day)


def _same_person(scope: Scope, left: Any, right: Any) -> Truth:
    if UNKNOWN in (left, right):
        return None
    if ABSENT in (left, right):
        return False
    people = {row["id"]: row for row in scope.world.rows("person")}
    if left not in people or right not in people:
        return None
    first, second = people[left], people[right]
    if first.get("kind", UNKNOWN) != "person" or second.get("kind", UNKNOWN) != "person":
        return None  # a group is never a person, and what is unknown may be a group
    if left == right:
        return True
    identities = first.get("identity", UNKNOWN), second.get("identity", UNKNOWN)
    if UNKNOWN in identities:
        return None
    if BLANK not in identities:
        return bool(identities[0] == identities[1])
    realms = _known(first.get("realm")), _known(second.get("realm"))
    return False if None not in realms and realms[0] == realms[1] else None


def _known(value: Any) -> Any:
    return None if value in (BLANK, UNKNOWN) else value


def _is_group(scope: Scope, person: Any) -> Truth:
    if person in MARKS:
        return False if person is ABSENT else None
    kinds = [row.get("kind", UNKNOWN) for row in scope.world.rows("person") if row["id"] == person]
    if not kinds:
        return False if scope.world.is_complete("person") else None
    return None if kinds[0] in (UNKNOWN, BLANK) else kinds[0] in ("group", "placeholder")


def _so_far(scope: Scope, value: Any) -> Any:
    """Return a day of something that happens once; one to come has not happened."""
    return UNSTATED if isinstance(value, date) and value > scope.world.as_of else value


def _dated(value: Any, doubt: Truth, *, is_known_absent: bool) -> Any:
    """Return a day; that there is none is known only without doubt."""
    if value is not UNSTATED:
        return UNKNOWN if isinstance(value, Extreme) else value
    return ABSENT if doubt is False and is_known_absent else UNKNOWN


def _doubt(scope: Scope, kind: Any) -> Truth:
    found = [compare("=", cell(scope.world, "candidate", row, "kind"), kind) for row in scope.world.rows("candidate")]
    return None if True in found or None in found or not scope.world.is_complete("candidate") else False


def _found(scope: Scope, table: str, test: Callable[[Callable[[str], Any]], Truth]) -> Truth:
    """Return whether a row of *table* meets *test*."""
    rows = scope.world.rows(table)
    return _any(
        [test(lambda name, row=row: cell(scope.world, table, row, name)) for row in rows], is_complete=scope.world.is_complete(table)
    )


def _least(scope: Scope, table: str, select: str, test: Callable[[Callable[[str], Any]], Truth]) -> Any:
    found = []
    for row in scope.world.rows(table):
        read = lambda name, row=row: cell(scope.world, table, row, name)  # noqa: E731  (one line says it)
        where = test(read)
        if where is not False:
            found.append((where, read(select)))
    return _aggregate("min", found, scope.world.is_complete(table))


def _exists_product(scope: Scope, kind: Any) -> Truth:
    return either([_found(scope, "product", lambda of: compare("=", of("kind"), kind)), _doubt(scope, kind)])


def _approved_on(scope: Scope, kind: Any) -> Any:
    value = _least(scope, "product", "approved_on", lambda of: both([compare("=", of("kind"), kind), _filled(scope, of("approved_on"))]))
    return _dated(_so_far(scope, value), _doubt(scope, kind), is_known_absent=True)


def _obligation(*obligations: str) -> Callable[..., Any]:
    def owed(scope: Scope, kind: Any) -> Truth:
        def test(of: Callable[[str], Any]) -> Truth:
            return both([compare("=", of("kind"), kind), either([compare("=", of("obligation"), item) for item in obligations])])

        return _found(scope, "expected", test)

    return owed


def _phase_reached(scope: Scope, phase: Any) -> Truth:
    found = cell(scope.world, "project", scope.world.tables["project"][0], "phase")
    return either([compare("=", found, later) for later in PHASES[PHASES.index(phase) :]])


def _gate_on(scope: Scope, gate: Any) -> Any:
    def passed(of: Callable[[str], Any]) -> Truth:
        decided = either([compare("=", of("decision"), item) for item in ("approved", "conditional")])
        return both([compare("=", of("gate"), gate), decided])

    return _dated(_so_far(scope, _least(scope, "gate", "decided_on", passed)), doubt=False, is_known_absent=True)


def _event(scope: Scope, name: Any) -> Any:
    event = scope.world.events[name]
    value = _so_far(scope, evaluate(parse(event.expression), Scope(scope.world)))
    if value not in (ABSENT, UNSTATED):
        return UNKNOWN if isinstance(value, Extreme) else value
    return UNSTATED if all(scope.world.is_complete(table) for table in event.known_when) else UNKNOWN


def _stage_of(scope: Scope, day: Any) -> Any:
    return _least(scope, "stage", "id", lambda of: _during(scope, day, of("started_on"), of("ended_on")))


def _origin(scope: Scope, table: str) -> str:
    while table in scope.world.views:
        found = re.search(r"\bfrom\s+(\w+)", scope.world.views[table].select, re.IGNORECASE)
        assert found
        table = found[1].lower()
    return table if table in TABLES else table.removeprefix("all_").removesuffix("_history")


def _link(here: str, there: str) -> Callable[..., Any]:
    def linked(scope: Scope, kind: Any, table: Any) -> Truth:
        _, subject, row = scope.frames[-1]
        origin = _origin(scope, subject)

        def test(of: Callable[[str], Any]) -> Truth:
            same = [compare("=", of(f"{here}_id"), row["id"]), compare("=", of("kind"), kind)]
            sides = [compare("=", of(f"{there}_table"), table), compare("=", of(f"{here}_table"), origin)]
            return both([*same, *sides, of("is_broken") is not True])

        return _found(scope, "link", test)

    return linked


def _matched(scope: Scope, table: Any) -> Truth:
    _, subject, row = scope.frames[-1]
    origin = _origin(scope, subject)

    def side(here: str, there: str) -> Callable[[Callable[[str], Any]], Truth]:
        return lambda of: both(
            [
                compare("=", of(f"{here}_id"), row["id"]),
                compare("=", of("kind"), "same_thing"),
                compare("=", of(f"{there}_table"), table),
                compare("=", of(f"{here}_table"), origin),
            ]
        )

    return either([_found(scope, "match", side("from", "to")), _found(scope, "match", side("to", "from"))])


def _held_role(scope: Scope, person: Any, role: Any, day: Any) -> Truth:
    def test(of: Callable[[str], Any]) -> Truth:
        held = [compare("=", of("role"), role), _same_person(scope, of("person_id"), person)]
        return both([*held, _during(scope, day, of("from_on"), of("to_on"))])

    return _found(scope, "role", test)


def _exposure(_scope: Scope, score: Any, likelihood: Any, impact: Any) -> Any:
    product = _arithmetic("*", likelihood, impact)
    return score if product in (ABSENT, UNSTATED) else product


def _series(arguments: tuple[Tree, ...], scope: Scope) -> Any:
    series, start, end = arguments[0], evaluate(arguments[1], scope), evaluate(arguments[2], scope)
    if series[0] == "series":
        found, is_complete = _select(series[1], scope)
    else:
        _, view, column = series
        found, is_complete = _select(Query(view, view, None, None, ("column", view, column)), scope)
    if _mark(start, end) is not None or not is_complete or any(where is None or value in MARKS for where, value in found):
        return UNKNOWN
    if end < start:
        return UNKNOWN
    days = sorted({start, end, *(value for _, value in found if start <= value <= end)})
    return max((after - before).days for before, after in zip(days, days[1:], strict=False)) if len(days) > 1 else 0


def _kept_every(arguments: tuple[Tree, ...], scope: Scope) -> Truth:
    gap = _series((arguments[0], *arguments[3:]), scope)
    return compare("<=", gap, _arithmetic("+", evaluate(arguments[1], scope), evaluate(arguments[2], scope)))


def _coalesce(arguments: tuple[Tree, ...], scope: Scope) -> Any:
    for item in arguments:
        value = evaluate(item, scope)
        if value not in (*MARKS, None):
            return value
    return UNKNOWN


def _previous(arguments: tuple[Tree, ...], scope: Scope) -> Any:
    """Return the report before the row: as the document says, where that is blank the one before it in `report_before`."""
    alias, table, row = next(frame for frame in reversed(scope.frames) if frame[0] == arguments[0][2])
    stated = cell(scope.world, table, row, "previous_id")
    if stated not in (ABSENT, UNSTATED):
        return stated

    def same(of: Callable[[str], Any]) -> Truth:
        return both([compare("=", of("id"), row["id"]), _filled(scope, of("before_id"))])

    return _least(scope, "report_before", "before_id", same)


def _is_working(scope: Scope, day: date) -> bool:
    project = scope.world.tables["project"][0]
    calendar = _known(project.get("calendar", UNKNOWN))
    listed = [
        row
        for row in scope.world.rows("calendar_day")
        if calendar is not None and row.get("calendar") == calendar and row.get("on_date") == day and row.get("is_working") in (True, False)
    ]
    return bool(listed[0]["is_working"]) if listed else day.weekday() < 5


def _working_days(scope: Scope, first: Any, last: Any) -> Any:
    mark = _mark(first, last)
    if mark is not None:
        return mark
    start, end = sorted((first, last))
    count = sum(_is_working(scope, start + timedelta(days=number)) for number in range(1, (end - start).days + 1))
    return count if first <= last else -count


def _add_working_days(scope: Scope, day: Any, count: Any) -> Any:
    mark = _mark(day, count)
    if mark is not None:
        return mark
    if isinstance(count, Interval):
        if not _is_exact(count):
            return UNKNOWN
        count = count.low
    if count < 0 or count > 5000:
        return UNKNOWN
    while count > 0:
        day += timedelta(days=1)
        count -= _is_working(scope, day)
    return day


_LAZY: dict[str, Callable[[tuple[Tree, ...], Scope], Any]] = {
    "longest_gap_days": _series,
    "kept_every": _kept_every,
    "coalesce": _coalesce,
    "previous": _previous,
}
_PLAIN: dict[str, Callable[..., Any]] = {
    "filled": _filled,
    "blank": lambda scope, value: negate(_filled(scope, value)),
    "same_person": _same_person,
    "is_group": _is_group,
    "exists_product": _exists_product,
    "approved_on": _approved_on,
    "required": _obligation("mandatory"),
    "uses": _obligation("mandatory", "recommended", "optional"),
    "phase_reached": _phase_reached,
    "gate_on": _gate_on,
    "event": _event,
    "during": _during,
    "overlaps": _overlaps,
    "happened_by": _happened_by,
    "stage_of": _stage_of,
    "linked": _link("to", "from"),
    "links_to": _link("from", "to"),
    "matched": _matched,
    "held_role": _held_role,
    "ratio": _ratio,
    "exposure": _exposure,
    "working_days": _working_days,
    "add_working_days": _add_working_days,
    "day": _day,
    "lower": _plain(lambda text: text.lower()),
    "upper": _plain(lambda text: text.upper()),
    "trim": _plain(lambda text: text.strip(" ")),
    "length": _plain(len),
    "abs": _plain(lambda number: abs(Fraction(number))),
    "year": _plain(lambda day: day.year),
    "month": _plain(lambda day: day.month),
    "days": _plain(lambda first, second: (second - first).days),
    "contains": _plain(lambda text, part: part in text, is_boolean=True),
    "names": _plain(_names, is_boolean=True),
    "matches": _plain(lambda text, pattern: re.fullmatch(pattern, text) is not None, is_boolean=True),
}


# Views


def view_rows(world: World, view: View) -> tuple[list[dict[str, Any]], bool]:
    """Return the rows of a view that are sure, and whether they are all of them.

    It is unknown where what chooses, joins, groups or orders rows is unknown for a row, and where an input is incomplete; unless it only
    chooses and joins rows: then those that are chosen for sure are rows of it in every world.
    """
    if (view.name, view.select) not in _selections:
        _selections[view.name, view.select] = _Parser(view.select).selection()
    select = _selections[view.name, view.select]
    inputs = {*view.known_when, *(source.table for source in select.sources if source.table in world.views)}
    is_whole = all(world.is_complete(name) for name in inputs)
    is_plain = _only_joins(world, view, select)
    if not is_whole and not is_plain:
        return [], False
    chosen, is_sure = _chosen(world, select)
    if not is_sure and not is_plain:
        return [], False
    is_whole = is_whole and is_sure
    if select.keys is None:
        windows = [part for _, tree in select.columns for part in _parts(tree, "window")]
        computed: list[dict[Tree, Any]] = [{} for _ in chosen]
        for window in windows:
            values = _window(window, chosen)
            if values is None:
                return [], False
            for place, value in enumerate(values):
                computed[place][window] = value
        return [_made(select, scope, found) for scope, found in zip(chosen, computed, strict=True)], is_whole
    grouped = _grouped(select, chosen)
    return ([], False) if grouped is None else (grouped, True)


_BEYOND_ROWS = ("window", "group", "exists", "among", "series", "count", "query")
_LOOKS_UP = {"same_person", "is_group", "working_days", "add_working_days", "overlaps", "happened_by", "ratio", "longest_gap", "held_role"}


def _only_joins(world: World, view: View, select: Select) -> bool:
    """Say whether each row of a view rests on the rows that it joins and on nothing else, so that unseen rows only add to it."""
    tables = {source.table for source in select.sources}
    is_plain = select.keys is None and not any(source.is_left or source.table.endswith("_history") for source in select.sources)
    is_of_its_own = set(view.known_when) <= tables
    said = (select.where, *(source.on for source in select.sources), *(tree for _, tree in select.columns))
    is_beyond = any(next(_parts(tree, kind), None) is not None for tree in said for kind in _BEYOND_ROWS)
    looks_up = any(part[1] in _LOOKS_UP or part[1] in world.terms for tree in said for part in _parts(tree, "call"))
    return is_plain and is_of_its_own and not is_beyond and not looks_up


_selections: dict[tuple[str, str], Select] = {}


def _parts(tree: Any, kind: str) -> Iterator[Tree]:
    if isinstance(tree, tuple):
        if tree and tree[0] == kind:
            yield tree
        for part in tree:
            yield from _parts(part, kind)


class _NoRow(dict[str, Any]):
    """What a left join puts where it finds nothing."""

    def get(self, _name: str, _default: Any = None) -> Any:
        return BLANK

    def __getitem__(self, _name: str) -> Any:
        return BLANK


def _chosen(world: World, select: Select) -> tuple[list[Scope], bool]:
    """Return the rows, joined, that a view selects for sure, and whether it is known of every row whether it is one."""
    found: list[tuple[Scope, bool]] = [(Scope(world), False)]  # the rows so far, and whether it is doubtful that they belong together
    for source in select.sources:
        joined = []
        for scope, is_doubtful in found:
            partners = []
            for row in world.rows(source.table):
                inner = scope.with_row(source.alias, source.table, row)
                on = True if source.on is None else truth(evaluate(_bound(source.on), inner))
                if on is not False:
                    partners.append((inner, is_doubtful or on is None))
            if source.is_left and not any(not doubtful for _, doubtful in partners):
                partners.append((scope.with_row(source.alias, source.table, _NoRow()), is_doubtful or bool(partners)))
            joined += partners
        found = joined
    chosen, is_sure = [], True
    for scope, is_doubtful in found:
        where = True if select.where is None else truth(evaluate(_bound(select.where), scope))
        if is_doubtful and where is False:  # only what speaks of one source alone leaves its row out whatever it is joined to
            where = both([truth(evaluate(part, scope)) for part in _conjuncts(select.where) if len(_aliases(part)) == 1])
        if where is None or (where and is_doubtful):
            is_sure = False
        elif where:
            chosen.append(scope)
    return chosen, is_sure


def _conjuncts(tree: Tree | None) -> list[Tree]:
    if tree is None:
        return []
    return [*_conjuncts(tree[1]), *_conjuncts(tree[2])] if tree[0] == "and" else [tree]


def _aliases(tree: Tree) -> set[Any]:
    return {column[1] for column in _parts(tree, "column")}


def _bound(tree: Any) -> Any:
    """Return *tree* with the comparisons of projects taken as true: there is one project here."""
    if not isinstance(tree, tuple):
        return tree
    if tree and tree[0] == "compare" and all(side[0] == "column" and side[2] == "project_id" for side in tree[2:]):
        return ("value", True)
    return tuple(_bound(part) for part in tree)


def _is_project(tree: Tree) -> bool:
    return bool(tree[0] == "column" and tree[2] == "project_id")


def _plain_value(value: Any) -> Any:
    return BLANK if value in (ABSENT, UNSTATED, None) else UNKNOWN if isinstance(value, Extreme) else value


def _made(select: Select, scope: Scope, computed: Mapping[Tree, Any]) -> dict[str, Any]:
    inner = Scope(scope.world, scope.frames, computed=computed)
    return {name: _plain_value(evaluate(tree, inner)) for name, tree in select.columns if not _is_project(tree)}


def _key(tree: Tree, scope: Scope) -> Any:
    """Return a key by which rows are grouped or ordered: ABSENT for all that is absent, UNKNOWN for what is not known."""
    value = evaluate(tree, scope)
    return UNKNOWN if value is UNSTATED else value


def _grouped(select: Select, chosen: list[Scope]) -> list[dict[str, Any]] | None:
    assert select.keys is not None
    groups: dict[tuple[Any, ...], list[Scope]] = {}
    for scope in chosen:
        keys = tuple(_key(tree, scope) for tree in select.keys if not _is_project(tree))
        if UNKNOWN in keys:
            return None
        groups.setdefault(keys, []).append(scope)
    rows = []
    for group in groups.values():
        computed: dict[Tree, Any] = {}
        for _, tree in select.columns:
            for part in _parts(tree, "group"):
                _, function, arguments, test = part
                tests = [True if test is None else truth(evaluate(test, scope)) for scope in group]
                if None in tests:
                    return None
                kept = [scope for scope, is_kept in zip(group, tests, strict=True) if is_kept]
                computed[part] = _of_all(function, [evaluate(arguments[0], scope) if arguments[0] != ("every",) else 1 for scope in kept])
        rows.append(_made(select, group[0], computed))
    return rows


def _of_all(function: str, values: list[Any]) -> Any:
    """Return an aggregate; unknown where one of its values is unknown."""
    if UNKNOWN in values or (UNSTATED in values and not function.startswith("count")):
        return UNKNOWN
    known = [value for value in values if value not in MARKS]
    if function.startswith("count"):
        return len(set(known)) if function == "count distinct" else len(known)
    if not known:
        return ABSENT
    return min(known) if function == "min" else max(known) if function == "max" else sum(map(Fraction, known))


def _stated(value: Any) -> Any:
    return ABSENT if value is UNSTATED else value


def _window(window: Tree, chosen: list[Scope]) -> list[Any] | None:
    """Return what a window gives for each row; None where it is unknown how rows are parted or ordered."""
    _, function, arguments, over = window
    partitions: dict[tuple[Any, ...], list[int]] = {}
    orders: list[tuple[Any, ...]] = []
    for place, scope in enumerate(chosen):
        keys = tuple(_key(tree, scope) for tree in over.partition if not _is_project(tree))
        order = tuple(_key(tree, scope) for tree, _ in over.order)
        if UNKNOWN in keys or UNKNOWN in order:
            return None
        partitions.setdefault(keys, []).append(place)
        orders.append(order)
    found: list[Any] = [None] * len(chosen)
    for places in partitions.values():
        ties = [tuple(str(row["id"]) for _, _, row in scope.frames) for scope in chosen]
        places.sort(key=ties.__getitem__)
        for number in reversed(range(len(over.order))):
            is_descending = over.order[number][1]
            known = [place for place in places if orders[place][number] is not ABSENT]
            known.sort(key=lambda place, number=number: orders[place][number], reverse=is_descending)  # type: ignore[misc]
            places[:] = known + [place for place in places if orders[place][number] is ABSENT]
        values = [evaluate(arguments[0], chosen[place]) if arguments and arguments[0] != ("every",) else 1 for place in places]
        for number, place in enumerate(places):
            found[place] = _in_window(function, arguments, over, values, number, [orders[other] for other in places])
    return found


def _in_window(
    function: str, arguments: tuple[Tree, ...], over: Over, values: list[Any], number: int, orders: list[tuple[Any, ...]]
) -> Any:
    if function == "row_number":
        return number + 1
    if function in ("rank", "dense_rank"):
        before = [order for order in orders[:number] if order != orders[number]]
        return (len(set(before)) if function == "dense_rank" else len(before)) + 1
    if function in ("lag", "lead"):
        step = int(arguments[1][1]) if len(arguments) > 1 else 1
        place = number - step if function == "lag" else number + step
        return _stated(values[place]) if 0 <= place < len(values) else ABSENT
    start, end = over.rows or ((None, 0) if over.order else (None, None))
    first = 0 if start is None else max(0, number + start)
    last = len(values) if end is None else max(0, number + end + 1)
    frame = values[first:last]
    if function in ("first_value", "last_value"):
        return _stated(frame[0] if function == "first_value" else frame[-1]) if frame else ABSENT
    return _of_all(function, frame)


# Verdicts


@dataclass(frozen=True)
class Said:
    """What a rule says of a project."""

    verdict: str
    reason: str | None = None
    passed: int = 0
    failed: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()
    may_pass: int = 0


def audit(rule: Rule, world: World, params: Mapping[str, Any] | None = None) -> Said:
    """Return the verdict of *rule*, without answers."""
    scope = Scope(world, params=param_values(rule, world) | dict(params or {}))
    project = scope.with_row("project", "project", world.tables["project"][0])
    due = when_due(rule, project)
    if due in (ABSENT, UNSTATED):
        return Said("not_applicable", "not_due_yet")
    if due is False or (isinstance(due, date) and due > world.as_of):
        return Said("not_applicable", "not_due_yet")
    applies = truth(evaluate(parse(rule.applies), project))
    if applies is not True:
        return Said("not_assessed") if applies is None else Said("not_applicable", "condition_false")
    return _population(rule, scope, project)


def param_values(rule: Rule, world: World) -> dict[str, Any]:
    """Return the values of the parameters of *rule*; None: not configured."""
    return {name: _param(param, world) for name, param in rule.params.items()}


def when_due(rule: Rule, project: Scope) -> Any:
    """Return the day of a rule, ABSENT or UNSTATED when it has not come, or whether it is due; None or UNKNOWN: nobody knows."""
    if isinstance(rule.due, date):
        return rule.due
    tree = parse(rule.due)
    due = evaluate(tree, project)
    is_flag = tree[0] == "column" and TABLES["project"].by_name[tree[2]].type.kind is Kind.BOOLEAN
    return truth(due) if is_flag else due


_WHOLE = ("integer", "days", "working_days")


def _param(param: Param, world: World) -> Any:
    """Return the value that holds: what the project's documents state, else that of its edition, else the rule's own."""
    value = param.default
    if param.default_by_edition:
        edition = world.tables["project"][0].get("methodology_edition", UNKNOWN)
        value = param.default_by_edition.get(edition, value) if isinstance(edition, str) else value
    names = [param.project_parameter] if isinstance(param.project_parameter, str) else list(param.project_parameter or ())
    stated = [
        row
        for name in names
        for row in sorted(world.rows("project_parameter"), key=lambda row: str(row["id"]))
        if row.get("name") == name and _known(row.get("value")) is not None
    ]
    if stated:
        value = int(stated[0]["value"]) if param.type in _WHOLE else stated[0]["value"]
    return date.fromisoformat(value) if param.type == "date" and isinstance(value, str) else value


def _population(rule: Rule, scope: Scope, project: Scope) -> Said:
    world = scope.world
    share = rule.allow_share if not isinstance(rule.allow_share, str) else evaluate(parse(rule.allow_share), scope)
    if share in MARKS:
        return Said("not_assessed", "not_configured")
    share = Fraction(share)
    subjects: list[tuple[str, Scope]] = []
    is_known = True
    if isinstance(rule.about, Each):
        values = rule.about.each if isinstance(rule.about.each, list) else scope.params[rule.about.each.removeprefix("$")]
        if values is None:
            return Said("not_assessed", "not_configured")
        subjects = [(str(value), Scope(world, (), {rule.about.as_: value}, None, scope.params)) for value in values]
    elif rule.about == "project":
        subjects = [(str(world.tables["project"][0].get("id")), project)]
    else:
        is_known = world.is_complete(rule.about)
        subjects = [(str(row["id"]), scope.with_row(rule.about, rule.about, row)) for row in world.rows(rule.about)]
    return _count(rule, subjects, share, is_known=is_known)


def _count(rule: Rule, subjects: list[tuple[str, Scope]], share: Fraction, *, is_known: bool) -> Said:
    passed, may_pass = 0, 0
    failed: list[str] = []
    undecided: list[str] = []
    is_doubtful = False
    for name, scope in subjects:
        belongs = truth(evaluate(parse(rule.where), scope))
        if belongs is False:
            continue
        is_doubtful = is_doubtful or belongs is None
        met = None if rule.require is None else truth(evaluate(parse(rule.require), scope))
        if rule.decides == "nothing" or (rule.decides == "refutes" and met) or (rule.decides == "supports" and met is False):
            met = None
        if met is None or (belongs is None and met is False):
            undecided.append(name)
        elif not met:
            failed.append(name)
        elif belongs:
            passed += 1
        else:
            may_pass += 1
    counts = {"passed": passed, "failed": tuple(sorted(failed)), "undecided": tuple(sorted(undecided)), "may_pass": may_pass}
    n = passed + len(failed) + len(undecided)
    if not is_known:
        return Said("nonconform" if share == 0 and failed else "not_assessed", **counts)  # type: ignore[arg-type]
    if len(failed) > share * (n + may_pass):
        return Said("nonconform", **counts)  # type: ignore[arg-type]
    if n == 0:
        return Said("not_assessed", **counts) if is_doubtful else Said("not_applicable", "empty_population")  # type: ignore[arg-type]
    if len(failed) + len(undecided) <= share * n:
        return Said("conform", **counts)  # type: ignore[arg-type]
    return Said("not_assessed", **counts)  # type: ignore[arg-type]
