"""Typed conditions as SQL whose value is TRUE, FALSE or NULL exactly as the specification of rules says.

What has no value is *unknown* or *blank*. `Value.murk` tells where that makes a comparison NULL (unknown, or blank in a column whose blank
means unknown); elsewhere it makes the comparison false.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from operator import attrgetter
from typing import Protocol

from auditor.checks.compile import sql
from auditor.checks.compile.scope import KNOWN, PARAMS, PERSON, PROJECT, Hoist, Key, Scope, Statement, hoist_key
from auditor.checks.compile.sql import Sql
from auditor.model.schema import TABLES, UNKNOWN
from auditor.model.types import Kind
from auditor.rulebook import expression as ir
from auditor.rulebook.expression import Node, Query
from auditor.rulebook.folding import mapped

HISTORY = "_history"
EVERY = "all_"
PERSONS = "person"
State = bool | Sql
"""Where a missing value is so: never, always, or where the expression (never NULL) says."""

ELEMENT: Key = ("", 0)
BEGINNING = date(1900, 1, 1)
"""Before it nothing was recorded: a history that is known from this day on is known as a whole."""

_MIRROR: Mapping[str, str] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "<>": "<>"}
_STEP = "BIGINT"
_KEPT = 1 << 16  # conditions of which it is kept what they speak of


class Unsupported(Exception):
    """The compiler has no SQL for a condition; its rule is a `rule_error`."""


@dataclass(frozen=True)
class Bool:
    """A condition."""

    sql: Sql
    nullable: bool = True


@dataclass(frozen=True)
class Value:
    """A value.

    Attributes:
        sql: NULL where there is none.
        nullable: whether there may be none.
        unknown: where there is none: is it unknown, not blank?
        murk: where there is none: is a comparison NULL, not false?
        low, high: bounds that hold even where the value is not known; NULL: none known.
        is_count: whether the bounds also decide equality.
    """

    sql: Sql
    nullable: bool = False
    unknown: State = False
    murk: State = False
    low: Sql | None = None
    high: Sql | None = None
    is_count: bool = False


class Stored(Protocol):
    """Where something is stored that was computed for the whole project."""

    @property
    def relation(self) -> str:
        """The relation, with one row per project."""

    def read(self, alias: Callable[[], str]) -> Bool | Value:
        """Return it as the row of the relation holds it that *alias* joins and names."""

    def why(self, join: Callable[[str], str]) -> Sql | None:
        """Return why there is no answer; None where the parts of the condition say it. *join* joins the row of a relation and names it."""


class Beside(Protocol):
    """What a sub-query answered for a subject, kept beside it."""

    @property
    def reason(self) -> str:
        """The column that says why there is no answer; '' where nothing says it yet."""

    def read(self, alias: str) -> Bool | Value:
        """Return the answer as the row *alias* holds it."""


@dataclass(frozen=True)
class Rows:
    """What is known of the rows that a sub-query means."""

    sure: Sql  # how many surely count
    doubtful: Sql | None  # how many may count; None: none
    complete: Sql  # whether there are no others
    aggregate: Callable[[str], tuple[Sql, Sql]]  # function → its value over the sure rows, how many of these have no value
    why: Callable[[], Sql]  # the first reason why a row is doubtful; NULL where none is


class Variable(ir.ParamRef):
    """A parameter whose value differs from project to project: the column `<rule>.<name>` of the projects' parameters."""


def some(*states: State) -> State:
    """Return where at least one of *states* holds."""
    if any(state is True for state in states):
        return True
    found = sql.either(state for state in states if isinstance(state, Sql))
    return False if found == sql.false() else found


def missing(value: Value, state: State) -> State:
    """Return where *value* is missing and *state* holds."""
    if not value.nullable or state is False:
        return False
    found = sql.is_null(value.sql) if state is True else sql.both([sql.is_null(value.sql), state])
    return False if found == sql.false() else found


@lru_cache(_KEPT)
def keys_of(node: Node) -> frozenset[Key]:
    """Return the rows that *node* speaks of, without those of the sub-queries inside it."""
    found: set[Key] = set()
    own: set[Key] = set()
    for part in node.walk():
        match part:
            case ir.ColumnRef(source=source) if source.depth >= 0:
                found.add((source.alias, source.depth))
            case ir.Element():
                found.add(ELEMENT)
            case Query(source=source):
                own.add((source.alias, source.depth))
            case _:
                pass
    return frozenset(found - own)


@lru_cache(_KEPT)
def needs_project(node: Node) -> bool:
    """Return whether *node* depends on the project beyond the rows that it names."""
    for part in node.walk():
        match part:
            case Variable() | ir.WorkingDays() | ir.AddWorkingDays() | ir.SamePerson() | ir.IsGroup() | ir.Query() | ir.Dated():
                return True
            case ir.ColumnRef(source=source) if source.depth < 0:
                return True
            case ir.Function(name="day"):
                return True
            case _:
                pass
    return False


class Lowering:
    """Lowers conditions inside one statement.

    Args:
        statement: where they belong.
        today: the day of the audit.
        time_zones: whether a project may be in another zone than UTC.
        calendars: whether a project may have a calendar of its own.
        explains: whether reasons are asked for, so that sub-queries keep theirs.
        past: whether the day lies in the past, so that an unknown value is one without history.
        facts: parts of conditions that were computed for the whole project already.
        kept: parts of conditions that were computed for the subjects already.
    """

    def __init__(
        self,
        statement: Statement,
        today: date,
        *,
        time_zones: bool = True,
        calendars: bool = True,
        explains: bool = False,
        past: bool = False,
        facts: "Mapping[Node, Stored] | None" = None,
        kept: "Mapping[Node, Beside] | None" = None,
    ) -> None:
        self._statement = statement
        self._today = today
        self._time_zones = time_zones
        self._calendars = calendars
        self._facts = facts or {}
        self._kept = kept or {}
        self.explains = explains
        self._unknown = "no_history" if past else "unmapped"
        self.known: set[str] = set()  # columns of `_known` that are read

    def _fact(self, node: Node, scope: Scope) -> "Bool | Value | None":
        """Return *node* from where it was computed for the whole project, or the subject, already; None: it was not."""
        kept = self._kept.get(node)
        if kept is not None:
            return kept.read(scope.alias)
        stored = self._facts.get(node)
        return None if stored is None else stored.read(lambda: scope.of_project(stored.relation))

    # Conditions

    def condition(self, node: Node, scope: Scope) -> Bool:
        """Return *node* as a condition on the row of *scope*."""
        found = scope.memo.get(("condition", node))
        if found is None:
            fact = self._fact(node, scope)
            found = scope.memo["condition", node] = self._condition(node, scope) if fact is None else fact
        assert isinstance(found, Bool)
        return found

    def _condition(self, node: Node, scope: Scope) -> Bool:
        match node:
            case ir.Constant(value=bool() as known):
                return Bool(sql.value(known), nullable=False)
            case ir.Constant(value=None):
                return Bool(sql.cast(sql.null(), "BOOLEAN"))
            case ir.Named(item=item):
                return self.condition(item, scope)
            case ir.Not(item=item):
                inner = self.condition(item, scope)
                return Bool(sql.no(inner.sql), inner.nullable)
            case ir.And(items=items) | ir.Or(items=items):
                parts = [self.condition(item, scope) for item in items]
                join = sql.both if isinstance(node, ir.And) else sql.either
                return Bool(join(part.sql for part in parts), any(part.nullable for part in parts))
            case ir.Compare(operator=operator, left=left, right=right):
                return self._compare(operator, left, right, scope)
            case ir.InList():
                return self._in_list(node, scope)
            case ir.Like(item=item, pattern=pattern, is_case_blind=blind):
                word = "ILIKE" if blind else "LIKE"
                return self._test([self.value(item, scope), self.value(pattern, scope)], lambda a, b: sql.binary(word, a, b))
            case ir.Function(name="contains" | "matches" as name, arguments=arguments):
                function = "contains" if name == "contains" else "regexp_full_match"
                values = [self.value(argument, scope) for argument in arguments]
                return self._test(values, lambda a, b: sql.call(function, a, b))
            case ir.Function(name="names", arguments=arguments):
                return self._test([self.value(argument, scope) for argument in arguments], sql.names)
            case ir.Exists(query=query):
                return self._exists(query, scope)
            case ir.Filled(item=item):
                return self._filled(self.value(item, scope))
            case ir.SamePerson(left=left, right=right):
                return self._same_person(left, right, scope)
            case ir.IsGroup(item=item):
                return self._is_group(item, scope)
            case ir.KnownTrue(item=item):
                return Bool(sql.is_true(self.condition(item, scope).sql), nullable=False)
            case ir.IsNull(item=item):
                value = self.value(item, scope)
                return Bool(sql.is_null(value.sql) if value.nullable else sql.false(), nullable=False)
            case ir.During(day=day, start=start, end=end):
                return self._during(*(self.value(item, scope) for item in (day, start, end)))
            case ir.Overlaps():
                return self._overlaps(*(self.value(item, scope) for item in node.children()))
            case ir.HappenedBy(event=event, day=day):
                return self._happened_by(self.value(event, scope), self.value(day, scope))
            case _:
                value = self.value(node, scope)
                return Bool(value.sql, value.nullable)

    def _test(self, values: list[Value], build: Callable[..., Sql]) -> Bool:
        """Return a test of *values* that is false where one of them is known absent, and NULL where one is unknown."""
        is_gone = any(isinstance(value.sql, sql.Known) and value.sql.known is None for value in values)
        base = sql.cast(sql.null(), "BOOLEAN") if is_gone else build(*(value.sql for value in values))
        missing_ones = [value for value in values if value.nullable]
        if not missing_ones:
            return Bool(base, nullable=False)
        if all(value.murk is True for value in missing_ones):
            return Bool(base)
        unsure = some(*(missing(value, value.murk) for value in missing_ones))
        if unsure is False:
            return Bool(sql.call("coalesce", base, sql.false()), nullable=False)
        assert isinstance(unsure, Sql)
        return Bool(sql.call("coalesce", base, _unknown_if(unsure)))

    def _compare(self, operator: str, left: Node, right: Node, scope: Scope) -> Bool:
        a, b = _bare(left), _bare(right)
        if isinstance(a, ir.Ratio) or isinstance(b, ir.Ratio):
            return self._compare_ratios(operator, a, b, scope)
        first, second = self.value(left, scope), self.value(right, scope)
        if first.low is None and second.low is None:
            return self._test([first, second], lambda x, y: sql.binary(operator, x, y))
        is_equality = operator in ("=", "<>")
        if is_equality and not (first.is_count or second.is_count):
            return self._test([first, second], lambda x, y: sql.binary(operator, x, y))
        return self._compare_bounds(operator, first, second)

    def _compare_bounds(self, operator: str, first: Value, second: Value) -> Bool:
        """Decide by what the values cannot exceed: only where every possible value gives the same answer."""
        if operator in (">", ">="):
            return self._compare_bounds(_MIRROR[operator], second, first)
        a_low, a_high = first.low or first.sql, first.high or first.sql
        b_low, b_high = second.low or second.sql, second.high or second.sql
        absent: list[tuple[Sql, Sql]] = []
        for value, other in ((first, second), (second, first)):
            if value.low is None and value.nullable and value.murk is not True:
                unsure = some(value.murk, missing(other, True))
                known = sql.case((unsure, sql.null()), otherwise=sql.false()) if isinstance(unsure, Sql) else sql.false()
                absent.append((sql.is_null(value.sql), known))
        if operator in ("<", "<="):
            proven = sql.binary(operator, a_high, b_low)
            refuted = sql.binary({"<": ">=", "<=": ">"}[operator], a_low, b_high)
            return Bool(sql.case(*absent, (proven, sql.true()), (refuted, sql.false())))
        apart = sql.either([sql.binary("<", a_high, b_low), sql.binary("<", b_high, a_low)])
        same = sql.both([sql.binary("=", a_low, a_high), sql.binary("=", b_low, b_high), sql.binary("=", a_low, b_low)])
        yes, no = (sql.true(), sql.false()) if operator == "=" else (sql.false(), sql.true())
        return Bool(sql.case(*absent, (same, yes), (apart, no)))

    def _compare_ratios(self, operator: str, left: Node, right: Node, scope: Scope) -> Bool:
        """Compare quotients by multiplying crosswise; the sign of the divisors turns the comparison."""

        def parts(node: Node) -> tuple[Value, Value | None]:
            if isinstance(node, ir.Ratio):
                return self.value(node.dividend, scope), self.value(node.divisor, scope)
            return self.value(node, scope), None

        (a, b), (c, d) = parts(left), parts(right)
        first = a.sql if d is None else sql.binary("*", a.sql, d.sql)
        second = c.sql if b is None else sql.binary("*", c.sql, b.sql)
        divisors = [value.sql for value in (b, d) if value is not None]
        sign = divisors[0] if len(divisors) == 1 else sql.binary("*", divisors[0], divisors[1])
        return Bool(
            sql.case(
                (sql.binary(">", sign, sql.value(0)), sql.binary(operator, first, second)),
                (sql.binary("<", sign, sql.value(0)), sql.binary(_MIRROR[operator], first, second)),
            )
        )

    def _in_list(self, node: ir.InList, scope: Scope) -> Bool:
        item = self.value(node.item, scope)
        plain: list[Node] = []
        rest: list[Node] = []
        for value in node.values:  # tens of thousands where a parameter lists them
            bare = _bare(value)
            (plain if isinstance(bare, ir.Constant) and bare.value is not None else rest).append(value)
        if item.low is not None:
            return self.condition(ir.Or(tuple(ir.Compare("=", node.item, value) for value in node.values)), scope)
        parts: list[Bool] = []
        if plain:
            listed = [self.value(value, scope).sql for value in plain]
            parts.append(self._test([item], lambda x: sql.among(x, listed)))
        for value in rest:
            if isinstance(value, Variable) and value.is_list:
                other = self.value(value, scope)
                parts.append(self._test([item, other], lambda x, y: sql.call("list_contains", y, x)))
            else:
                parts.append(self.condition(ir.Compare("=", node.item, value), scope))
        if not parts:
            return self._test([item], lambda x: sql.both([sql.is_there(x), sql.false()]))
        return Bool(sql.either(part.sql for part in parts), any(part.nullable for part in parts))

    def _filled(self, value: Value) -> Bool:
        if not value.nullable:
            return Bool(sql.true(), nullable=False)
        if value.unknown is False:
            return Bool(sql.is_there(value.sql), nullable=False)
        if not isinstance(value.unknown, Sql):
            return Bool(sql.case((sql.is_there(value.sql), sql.true())))
        return Bool(sql.either([sql.is_there(value.sql), _unknown_if(value.unknown)]))

    def _same_person(self, left: Node, right: Node, scope: Scope) -> Bool:
        a, b = self.value(left, scope), self.value(right, scope)
        p, q = self._person(left, a, scope), self._person(right, b, scope)
        gone = [value for value in (a, b) if value.nullable]
        unsure = some(*(missing(value, value.unknown) for value in gone))
        pairs: list[tuple[Sql, Sql]] = []
        if isinstance(unsure, Sql):
            pairs.append((unsure, sql.null()))
        if gone:
            pairs.append((sql.either(sql.is_null(value.sql) for value in gone), sql.false()))
        identities = sql.column(p, "identity"), sql.column(q, "identity")
        realms = sql.column(p, "realm"), sql.column(q, "realm")
        # A group is never a person, and whoever is not known to be a person may be a group.
        persons = [sql.is_true(sql.binary("=", sql.column(row, "kind"), sql.value("person"))) for row in (p, q)]
        pairs += [
            (sql.no(sql.both(persons)), sql.null()),
            (sql.binary("=", a.sql, b.sql), sql.true()),
            (sql.either(sql.column(row, "may_have_identity") for row in (p, q)), sql.null()),
            (sql.binary("=", *identities), sql.true()),
            (sql.binary("<>", *identities), sql.false()),
            (sql.binary("=", *realms), sql.false()),
        ]
        return Bool(sql.case(*pairs))

    def _is_group(self, item: Node, scope: Scope) -> Bool:
        value = self.value(item, scope)
        row = self._person(item, value, scope)
        kind = sql.column(row, "kind")
        pairs: list[tuple[Sql, Sql]] = []
        unsure = missing(value, value.unknown)
        if isinstance(unsure, Sql):
            pairs.append((unsure, sql.null()))
        if value.nullable:
            pairs.append((sql.is_null(value.sql), sql.false()))
        pairs.append((sql.is_there(kind), sql.among(kind, [sql.value("group"), sql.value("placeholder")])))
        nobody = sql.both([sql.is_null(sql.column(row, "id")), self.complete(PERSONS, scope)])
        pairs.append((nobody, sql.false()))  # nothing says that it is a group, and nothing unseen could
        return Bool(sql.case(*pairs))

    def _person(self, node: Node, value: Value, scope: Scope) -> str:
        """Join the person that *node* names to the row that *node* speaks of."""
        return self._home(keys_of(node), scope).row_of(PERSON, value.sql, value.sql)

    def _bound(self, bound: Value, test: Callable[[Sql], Sql]) -> Bool:
        """Return *test* of a bound that is open where it is blank."""
        if not bound.nullable:
            return Bool(test(bound.sql), nullable=False)
        pairs = [(sql.is_there(bound.sql), test(bound.sql))]
        if bound.unknown is True:
            return Bool(sql.case(*pairs))
        if isinstance(bound.unknown, Sql):
            pairs.append((bound.unknown, sql.null()))
        return Bool(sql.case(*pairs, otherwise=sql.true()), bound.unknown is not False)

    def _during(self, day: Value, start: Value, end: Value) -> Bool:
        bounds = [
            self._bound(start, lambda x: sql.binary(">=", day.sql, x)),
            self._bound(end, lambda x: sql.binary("<=", day.sql, x)),
        ]
        inside = sql.both(bound.sql for bound in bounds)
        nullable = any(bound.nullable for bound in bounds)
        if not day.nullable:
            return Bool(inside, nullable)
        if day.murk is True:
            return Bool(sql.case((sql.is_there(day.sql), inside)))
        pairs = [(sql.is_there(day.sql), inside)]
        if isinstance(day.murk, Sql):
            pairs.append((day.murk, sql.null()))
        return Bool(sql.case(*pairs, otherwise=sql.false()), nullable or day.murk is not False)

    def _overlaps(self, first_start: Value, first_end: Value, second_start: Value, second_end: Value) -> Bool:
        parts = []
        for start, end in ((first_start, second_end), (second_start, first_end)):
            parts.append(self._bound(start, lambda x, end=end: self._bound(end, lambda y: sql.binary("<=", x, y)).sql))  # type: ignore[misc]
        open_ends = [value for value in (first_start, first_end, second_start, second_end) if value.nullable]
        unsure = any(value.unknown is not False for value in open_ends)
        if unsure:
            # An open bound beside an unknown one is still open: only what both sides know decides.
            return Bool(sql.both(self._ordered(s, e) for s, e in ((first_start, second_end), (second_start, first_end))))
        return Bool(sql.both(part.sql for part in parts), any(part.nullable for part in parts))

    def _ordered(self, start: Value, end: Value) -> Sql:
        """Return start <= end, where a blank bound is open and an unknown one NULL."""
        pairs: list[tuple[Sql, Sql]] = []
        for value in (start, end):
            unsure = missing(value, value.unknown)
            if isinstance(unsure, Sql):
                pairs.append((unsure, sql.null()))
        blank = [sql.is_null(value.sql) for value in (start, end) if value.nullable]
        if blank:
            pairs.append((sql.either(blank), sql.true()))
        ordered = sql.binary("<=", start.sql, end.sql)
        return sql.case(*pairs, otherwise=ordered) if pairs else ordered

    def _happened_by(self, event: Value, day: Value) -> Bool:
        pairs: list[tuple[Sql, Sql]] = []
        if day.nullable:
            pairs.append((sql.is_null(day.sql), sql.null()))
        today = sql.value(self._today)
        pairs.append((sql.binary("<=", event.sql, today), sql.binary("<=", event.sql, day.sql)))
        past = sql.binary("<", day.sql, today)  # what had not happened by then did not happen in time; else it still may
        if not event.nullable or event.unknown is False:
            pairs.append((past, sql.false()))
        elif event.unknown is True:
            pairs.append((sql.both([sql.is_there(event.sql), past]), sql.false()))
        else:
            pairs.append((sql.both([sql.either([sql.is_there(event.sql), sql.no(event.unknown)]), past]), sql.false()))
        return Bool(sql.case(*pairs))

    # Values

    def value(self, node: Node, scope: Scope) -> Value:
        """Return *node* as a value in the row of *scope*."""
        found = scope.memo.get(("value", node))
        if found is None:
            fact = self._fact(node, scope)
            found = scope.memo["value", node] = self._value(node, scope) if fact is None else fact
            if isinstance(found, Bool):
                found = scope.memo["value", node] = Value(found.sql, found.nullable, found.nullable, found.nullable)
        assert isinstance(found, Value)
        return found

    def _value(self, node: Node, scope: Scope) -> Value:
        match node:
            case ir.Constant(value=None, value_kind=kind):
                return Value(sql.cast(sql.null(), SQL_TYPES[kind]), nullable=True, unknown=True, murk=True)
            case ir.Constant(value=known):
                return Value(sql.value(known))
            case Variable(name=name):
                return Value(sql.column(scope.of_project(PARAMS), name), nullable=True, unknown=True, murk=True)
            case ir.ParamRef(name=name):
                raise Unsupported(f"the parameter ${name} has no value")
            case ir.Today():
                return Value(sql.value(self._today))
            case ir.ColumnRef():
                return self._column(node, scope)
            case ir.Element():
                return Value(sql.column(self._owner(ELEMENT, scope).alias, "element"))
            case ir.Named(item=item):
                return self.value(item, scope)
            case ir.Arithmetic():
                return self._arithmetic(node, scope)
            case ir.Function(name=name, arguments=arguments) if node.kind is not Kind.BOOLEAN:
                values = [self.value(argument, scope) for argument in arguments]
                return self._combine(values, self._function(name, [value.sql for value in values], scope))
            case ir.Count(query=query):
                return self._count(query, scope)
            case ir.Aggregate(function=function, query=query):
                return self._aggregate(function, query, scope)
            case ir.Dated():
                return self._dated(node, scope)
            case ir.Coalesce(items=items):
                values = [self.value(item, scope) for item in items]
                unknown = some(*(value.unknown for value in values))
                return Value(
                    sql.call("coalesce", *(value.sql for value in values)), all(value.nullable for value in values), unknown, unknown
                )
            case ir.IfBlank(item=item, otherwise=otherwise):
                return self._if_blank(self.value(item, scope), self.value(otherwise, scope))
            case ir.Choice(tests=tests, values=results, otherwise=otherwise):
                pairs = [(self.condition(test, scope).sql, self.value(result, scope)) for test, result in zip(tests, results, strict=True)]
                default = None if otherwise is None else self.value(otherwise, scope)
                every = [value for _, value in pairs] + ([default] if default else [])
                nullable = default is None or any(value.nullable for value in every)
                chosen = sql.case(*((test, value.sql) for test, value in pairs), otherwise=None if default is None else default.sql)
                unknown, murk = (
                    _of_choice([(test, state(value)) for test, value in pairs], True if default is None else state(default))
                    for state in (attrgetter("unknown"), attrgetter("murk"))
                )
                return Value(chosen, nullable, unknown, murk)
            case ir.Ratio():
                raise Unsupported("a ratio can only be compared")
            case ir.LongestGap():
                return self._longest_gap(node, scope)
            case ir.WorkingDays(start=start, end=end):
                values = [self.value(start, scope), self.value(end, scope)]
                return self._combine(values, sql.call("_working_days", values[0].sql, values[1].sql, *self._calendar(scope)))
            case ir.AddWorkingDays(start=start, days=days):
                values = [self.value(start, scope), self.value(days, scope)]
                found = self._combine(values, sql.call("_add_working_days", values[0].sql, values[1].sql, *self._calendar(scope)))
                return Value(found.sql, nullable=True, unknown=found.unknown, murk=found.murk)
            case ir.GroupAggregate():
                return self._group_aggregate(node, scope)
            case ir.Window():
                return self._window(node, scope)
            case _ if node.kind is Kind.BOOLEAN:
                condition = self.condition(node, scope)
                return Value(condition.sql, condition.nullable, condition.nullable, condition.nullable)
            case _:
                raise Unsupported(f"no SQL for {type(node).__name__}")

    def _column(self, node: ir.ColumnRef, scope: Scope) -> Value:
        is_optional = False
        if node.source.depth < 0:
            seen = self._statement.relations.seen(PROJECT)
            constant = seen.constants.get(node.name)
            if constant is not None and constant.known is not None:
                return Value(constant)
            alias = scope.of_project(PROJECT)
        else:
            key = (node.source.alias, node.source.depth)
            owner = self._owner(key, scope)
            alias = owner.rows[key]
            is_optional = alias in owner.optional
            seen = owner.seen(alias)
        found: Sql = sql.column(alias, node.name)
        if not is_optional:
            if node.name == "id" or node.name in seen.filled:
                return Value(found)
            found = seen.constants.get(node.name, found)
            if isinstance(found, sql.Known) and found.known is not None:
                return Value(found)
        unknown: State = False
        if node.bit is not None and seen.always >> node.bit & 1 and not is_optional:
            unknown = True
        elif node.bit is not None and seen.sometimes >> node.bit & 1:
            bits = sql.column(alias, UNKNOWN)
            unknown = sql.test_bit(sql.call("coalesce", bits, sql.value(0)) if is_optional else bits, 1 << node.bit)
        return Value(found, nullable=True, unknown=unknown, murk=True if node.type.blank == "unknown" else unknown)

    def _owner(self, key: Key, scope: Scope) -> Scope:
        found = scope.owner(key)
        if found is None:
            raise Unsupported(f"nothing is called {key[0] or 'the element'} here")
        return found

    def _home(self, keys: Iterable[Key], scope: Scope) -> Scope:
        """Return the innermost scope whose row is among *keys*; the anchor when there are none."""
        wanted = set(keys)
        found: Scope | None = scope
        while found is not None:
            if wanted & found.rows.keys():
                return found
            found = found.parent
        return scope.anchor

    def _combine(self, values: list[Value], result: Sql) -> Value:
        """Return a value that is missing where one of *values* is, for the same reason."""
        return Value(
            result,
            any(value.nullable for value in values),
            some(*(missing(value, value.unknown) for value in values)),
            some(*(missing(value, value.murk) for value in values)),
        )

    def _arithmetic(self, node: ir.Arithmetic, scope: Scope) -> Value:
        left, right = self.value(node.left, scope), self.value(node.right, scope)
        if node.kind is Kind.DAY:
            days = sql.cast(right.sql, "INTEGER")
            return self._combine([left, right], sql.cast(sql.binary(node.operator, left.sql, days), "DATE"))
        whole = node.kind is Kind.INTEGER

        def number(item: Sql, of: Node) -> Sql:
            return sql.cast(item, _STEP) if whole and not isinstance(of, ir.Constant) else item

        result = self._combine([left, right], sql.binary(node.operator, number(left.sql, node.left), number(right.sql, node.right)))
        if not (left.is_count or right.is_count) or node.operator == "*":
            return result
        a_low, a_high = left.low or left.sql, left.high or left.sql
        b_low, b_high = right.low or right.sql, right.high or right.sql
        if node.operator == "-":
            b_low, b_high = b_high, b_low
        low, high = (sql.binary(node.operator, x, y) for x, y in ((a_low, b_low), (a_high, b_high)))
        return Value(result.sql, result.nullable, result.unknown, result.murk, low, high, is_count=True)

    def _function(self, name: str, arguments: list[Sql], scope: Scope) -> Sql:
        match name:
            case "lower" | "upper" | "trim" | "length" | "abs" | "year" | "month":
                return sql.call(name, *arguments)
            case "days":
                return sql.binary("-", arguments[1], arguments[0])
            case "day":
                if not self._time_zones:
                    return sql.cast(arguments[0], "DATE")
                zone = sql.column(scope.of_project(PROJECT), "_zone")
                moment = sql.call("timezone", zone, sql.call("timezone", sql.value("UTC"), arguments[0]))
                return sql.cast(moment, "DATE")
            case _:
                raise Unsupported(f"no SQL for the function {name}")

    def _calendar(self, scope: Scope) -> tuple[Sql, Sql]:
        project = scope.of_project(PROJECT)
        if not self._calendars:
            empty = sql.empty_list("DATE")
            return empty, empty
        return sql.column(project, "_off"), sql.column(project, "_extra")

    def _if_blank(self, item: Value, otherwise: Value) -> Value:
        if not item.nullable or item.unknown is True:
            return item
        if item.unknown is False:
            unknown, murk = otherwise.unknown, otherwise.murk
            return Value(sql.call("coalesce", item.sql, otherwise.sql), otherwise.nullable, unknown, murk)
        chosen = sql.case((sql.is_there(item.sql), item.sql), (sql.no(item.unknown), otherwise.sql))
        return Value(chosen, nullable=True, unknown=some(item.unknown, otherwise.unknown), murk=some(item.unknown, otherwise.murk))

    def _dated(self, node: ir.Dated, scope: Scope) -> Value:
        value = self.value(node.value, scope)
        doubts: list[State] = [value.unknown] if value.nullable else []
        if node.unless is not None:
            doubt = self.condition(node.unless, scope)
            doubts.append(sql.call("coalesce", doubt.sql, sql.true()) if doubt.nullable else doubt.sql)
        doubts += [sql.no(self.complete(table, scope)) for table in node.tables]
        unknown = some(*doubts)
        happened = sql.case((sql.binary("<=", value.sql, sql.value(self._today)), value.sql))  # a day to come has not happened
        return Value(happened, nullable=True, unknown=unknown, murk=unknown if node.is_absent_false else True)

    # Values that only views have

    def _group_aggregate(self, node: ir.GroupAggregate, scope: Scope) -> Value:
        """Return an aggregate over a group, NULL and unknown where one of its values is unknown."""
        test = None if node.test is None else self.condition(node.test, scope).sql

        def chosen(item: Sql) -> Sql:
            return item if test is None else sql.case((test, item))

        if node.item is None:
            return Value(sql.count_rows() if test is None else sql.count_if(test))
        value = self.value(node.item, scope)
        is_count = node.function.startswith("count")
        gap = missing(value, value.unknown if is_count else value.murk)
        taken = chosen(value.sql)
        found: Sql = sql.call("COUNT", sql.distinct(taken) if node.function == "count_distinct" else taken)
        if not is_count:
            found = sql.call(node.function, taken)
        if not isinstance(gap, Sql):
            return Value(found, nullable=not is_count)
        unknown = sql.call("coalesce", sql.call("bool_or", chosen(gap)), sql.false())
        return Value(sql.case((sql.no(unknown), found)), nullable=True, unknown=unknown, murk=unknown)

    def _window(self, node: ir.Window, scope: Scope) -> Value:
        """Return what a window function takes from other rows of the project."""
        partition = [scope.project_id, *(self.value(key, scope).sql for key in node.partition)]
        keys = [sql.ordered(self.value(key.item, scope).sql, is_descending=key.is_descending) for key in node.order]
        if keys:
            ties = [sql.column(alias, name) for alias in scope.rows.values() for name in ("id", "source")]
            keys += [sql.ordered(tie) for tie in ties]

        def over(item: Sql) -> Sql:
            return sql.over(item, partition, keys, "" if node.rows is None else f"ROWS BETWEEN {node.rows[0]} AND {node.rows[1]}")

        if not node.arguments:
            return Value(over(sql.count_rows() if node.function == "count" else sql.call(node.function)))
        value = self.value(node.arguments[0], scope)
        rest = [self.value(argument, scope).sql for argument in node.arguments[1:]]
        is_count = node.function.startswith("count")
        if node.function == "count_distinct":
            found = over(sql.call("COUNT", sql.distinct(value.sql)))
        else:
            found = over(sql.call(node.function, value.sql, *rest))
        takes_one = node.function in ("lag", "lead", "first_value", "last_value")
        gap = missing(value, value.unknown if takes_one or is_count else value.murk)
        if not isinstance(gap, Sql):
            return Value(found, nullable=not is_count)
        if takes_one:
            unknown = sql.call("coalesce", over(sql.call(node.function, gap, *rest)), sql.false())
            return Value(found, nullable=True, unknown=unknown, murk=unknown)
        unknown = sql.call("coalesce", over(sql.call("bool_or", gap)), sql.false())
        return Value(sql.case((sql.no(unknown), found)), nullable=True, unknown=unknown, murk=unknown)

    # Sub-queries

    def complete(self, source: str, scope: Scope) -> Sql:
        """Return whether *source* was read completely for the project."""
        name = source.removeprefix(EVERY) if source not in TABLES and source.removeprefix(EVERY) in TABLES else source
        settled = self._statement.relations.settled(name)
        if settled is None:
            self.known.add(name)
        known = sql.column(scope.of_project(KNOWN), name) if settled is None else settled
        if name in TABLES or not name.endswith(HISTORY):
            return known
        # `_known` tells from which day on a history is known; a rule that names the history asks of all of it.
        whole = sql.binary("<=", known, sql.value(BEGINNING))
        return sql.both([self.complete(name.removesuffix(HISTORY), scope), sql.call("coalesce", whole, sql.false())])

    def _exists(self, query: Query, scope: Scope) -> Bool:
        rows = self._rows(query, scope)
        none = [rows.complete] if rows.doubtful is None else [sql.binary("=", rows.doubtful, sql.value(0)), rows.complete]
        return Bool(sql.case((sql.binary(">", rows.sure, sql.value(0)), sql.true()), (sql.both(none), sql.false())))

    def _count(self, query: Query, scope: Scope) -> Value:
        rows = self._rows(query, scope)
        most = rows.sure if rows.doubtful is None else sql.binary("+", rows.sure, rows.doubtful)
        exact = [rows.complete] if rows.doubtful is None else [sql.binary("=", rows.doubtful, sql.value(0)), rows.complete]
        known = sql.case((sql.both(exact), rows.sure))
        high = sql.case((rows.complete, most))
        return Value(known, nullable=True, unknown=True, murk=True, low=rows.sure, high=high, is_count=True)

    def _aggregate(self, function: str, query: Query, scope: Scope) -> Value:
        rows = self._rows(query, scope)
        found, blanks = rows.aggregate(function)
        tests = [sql.binary("=", blanks, sql.value(0)), rows.complete]
        if rows.doubtful is not None:
            tests.append(sql.binary("=", rows.doubtful, sql.value(0)))
        exact = sql.both(tests)
        if function == "sum":
            return Value(sql.case((exact, sql.call("coalesce", found, sql.value(0)))), nullable=True, unknown=True, murk=True)
        known = sql.case((exact, found))
        low, high = (known, found) if function == "min" else (found, known)
        return Value(known, nullable=True, unknown=sql.no(exact), murk=True, low=low, high=high)

    def _longest_gap(self, node: ir.LongestGap, scope: Scope) -> Value:
        rows = self._rows(node.query, scope)
        days, blanks = rows.aggregate("list")
        tests = [sql.binary("=", blanks, sql.value(0)), rows.complete]
        if rows.doubtful is not None:
            tests.append(sql.binary("=", rows.doubtful, sql.value(0)))
        start, end = self.value(node.start, scope), self.value(node.end, scope)
        empty = sql.empty_list("DATE")
        gap = sql.call("_longest_gap", sql.call("coalesce", days, empty), start.sql, end.sql)
        return Value(sql.case((sql.both(tests), gap)), nullable=True, unknown=True, murk=True)

    def _rows(self, query: Query, scope: Scope) -> Rows:
        """Return what is known of the rows of *query*, found in the cheapest way that its condition allows."""
        found = scope.memo.get(("rows", query))
        if found is None:
            found = scope.memo["rows", query] = self._find_rows(query, scope)
        assert isinstance(found, Rows)
        return found

    def _find_rows(self, query: Query, scope: Scope) -> Rows:
        relations = self._statement.relations
        is_summed = query.select is not None and query.select.kind in ir.NUMBERS and query.select.kind is not Kind.INTEGER
        if query.day is None and not is_summed and relations.seen(relations.name(query.source.name)).is_empty:
            return self._no_rows(query, scope)
        key: Key = (query.source.alias, query.source.depth)
        local: list[Node] = []
        equal: list[tuple[Node, Node]] = []
        mixed = bool(query.day is not None and keys_of(query.day))
        if query.select is not None and keys_of(query.select) - {key}:
            mixed = True
        for part in ir.conjuncts(query.where):
            keys = keys_of(part)
            if not keys - {key}:
                local.append(part)
            elif (pair := _equality(part, key)) is not None:
                equal.append(pair)
            else:
                mixed = True
        is_organisational = query.source.name in TABLES and TABLES[query.source.name].is_organisational
        if is_organisational:
            inner = [*local, *(pair[0] for pair in equal), *([query.select] if query.select is not None else [])]
            mixed = mixed or any(needs_project(part) for part in inner)
        if mixed or len(equal) > 1 or query.day is not None:
            return self._lateral(query, scope)
        return self._hoisted(query, local, equal[0] if equal else None, scope)

    def _no_rows(self, query: Query, scope: Scope) -> Rows:
        """Return what is known where no project has a row of the source."""

        def aggregate(function: str) -> tuple[Sql, Sql]:
            assert query.select is not None
            type_ = SQL_TYPES[query.select.kind]
            return sql.cast(sql.null(), f"{type_}[]" if function == "list" else type_), sql.value(0)

        return Rows(sql.value(0), None, self.complete(ir.edits_of(query.where, query.source), scope), aggregate, sql.null)

    def _hoist(self, query: Query, key: Node | None) -> Hoist:
        source = query.source

        def make(name: str) -> Hoist:
            has_project = not (source.name in TABLES and TABLES[source.name].is_organisational)
            inner = Scope(self._statement, self._statement.relations.name(source.name), (source.name, 1), has_project=has_project)
            return Hoist(name, inner, None if key is None else self.value(key, inner).sql)

        return self._statement.hoists.get(hoist_key(query, key), make)

    def _hoisted(self, query: Query, local: list[Node], equal: tuple[Node, Node] | None, scope: Scope) -> Rows:
        hoist = self._hoist(query, None if equal is None else _renamed(equal[0], query))
        where = _renamed(ir.conjunction(local), query)
        select = None if query.select is None else _renamed(query.select, query)
        condition = self.condition(where, hoist.scope)
        outer = None if equal is None else self.value(equal[1], scope)
        home = scope.anchor if equal is None else self._home(keys_of(equal[1]), scope)
        joined = partial(home.join_hoist, hoist, None if outer is None else outer.sql, None if equal is None else equal[1])
        hoist.need(self._needed(where, hoist.scope))
        holds, sure, doubtful = _measures(hoist, condition)

        def column(measure: str) -> Sql:
            return sql.call("coalesce", hoist.read(measure, joined), sql.value(0))

        unsure = column(doubtful) if doubtful else None
        if equal is not None and outer is not None:
            unsure = self._by_key(query, equal[0], where, outer, unsure, scope)

        def aggregate(function: str) -> tuple[Sql, Sql]:
            assert select is not None
            value = hoist.inner(self.value(select, hoist.scope).sql)
            found, blanks = _aggregates(hoist, function, holds, value)
            return hoist.read(found, joined), column(blanks)

        def why() -> Sql:
            reason = self._why_row(where, condition, hoist)
            lost = sql.null() if equal is None else self.why_value(equal[0], hoist.scope, static=True)
            return sql.call("coalesce", hoist.read(reason, joined), lost) if reason else lost

        return Rows(column(sure), unsure, self.complete(ir.edits_of(query.where, query.source), scope), aggregate, why)

    def _by_key(self, query: Query, inner: Node, where: Node, outer: Value, doubtful: Sql | None, scope: Scope) -> Sql | None:
        """Return how many rows may count when rows are found by a key that may be missing on either side."""
        every = self._hoist(query, None)
        key = self.value(_renamed(inner, query), every.scope)
        condition = self.condition(where, every.scope)
        possible = sql.call("coalesce", condition.sql, sql.true()) if condition.nullable else condition.sql
        needed = self._needed(where, every.scope)
        lost: Sql | None = None
        unsure = missing(key, key.murk)
        joined = partial(scope.join_hoist, every, None, None)
        if isinstance(unsure, Sql):
            every.need(unsure if needed is None else sql.both([unsure, needed]))
            measure = every.measure(sql.count_if(every.inner(sql.both([unsure, possible]))))
            lost = sql.call("coalesce", every.read(measure, joined), sql.value(0))
        found = [item for item in (doubtful, lost) if item is not None]
        matched = None if not found else found[0] if len(found) == 1 else sql.binary("+", *found)
        if not outer.nullable or outer.murk is False:
            if not outer.nullable:
                return matched
            return sql.case((sql.is_there(outer.sql), matched or sql.value(0)), otherwise=lost or sql.value(0)) if found else None
        every.need(needed)
        measure = every.measure(sql.count_if(every.inner(possible)))
        any_ = sql.call("coalesce", every.read(measure, joined), sql.value(0))
        pairs = [(sql.is_there(outer.sql), matched or sql.value(0))]
        if outer.murk is True:
            return sql.case(*pairs, otherwise=any_)
        assert isinstance(outer.murk, Sql)
        return sql.case(*pairs, (outer.murk, any_), otherwise=lost or sql.value(0))

    def _needed(self, where: Node, scope: Scope) -> Sql | None:
        """Return a cheap test that every row meets for which *where* is not false; None: there is none."""
        tests = []
        for part in ir.conjuncts(where):
            if part == ir.TRUE or any(isinstance(below, (Query, ir.SamePerson, ir.IsGroup)) for below in part.walk()):
                continue
            found = self.condition(part, scope)
            tests.append(sql.call("coalesce", found.sql, sql.true()) if found.nullable else found.sql)
        return sql.both(tests) if tests else None

    def _lateral(self, query: Query, scope: Scope) -> Rows:
        source = query.source
        keys = keys_of(query)
        home = self._home(keys, scope)
        in_table = source.name in TABLES
        has_project = not (in_table and TABLES[source.name].is_organisational)
        relation = source.name if query.day is None else source.name + HISTORY
        # Its names are those of the statement in which it lands: of an aggregation that an earlier one began, not the present one's.
        inner = Scope(
            home.statement, self._statement.relations.name(relation), (source.alias, source.depth), parent=home, has_project=has_project
        )
        condition = self.condition(query.where or ir.TRUE, inner)
        tests: list[Sql] = []
        if has_project and not home.has_single_rows:
            tests.append(sql.binary("=", inner.project_id, home.nearest_project_id))
        for part in ir.conjuncts(query.where):
            if keys_of(part) == {(source.alias, source.depth)}:  # rows that it surely leaves out need no partner
                own = self.condition(part, inner)
                tests.append(sql.call("coalesce", own.sql, sql.true()) if own.nullable else own.sql)
        complete = self.complete(ir.edits_of(query.where, source), home)
        if query.day is not None:
            day = self.value(query.day, home)
            tests.append(self._held_on(inner, day.sql))
            since = self._since(source.name + HISTORY, home)
            complete = sql.call("coalesce", sql.both([complete, sql.binary("<=", since, day.sql)]), sql.false())
        columns: list[Sql] = [sql.named(condition.sql, "c")]
        if query.select is not None:
            columns.append(sql.named(self.value(query.select, inner).sql, "v"))
        if self.explains:
            reason = self.why(query.where or ir.TRUE, inner) if condition.nullable else sql.cast(sql.null(), "VARCHAR")
            columns.append(sql.named(sql.case((sql.is_null(condition.sql), reason)), "w"))
        is_beside = home.has_single_rows
        rows = home.beside(inner, columns, tests) if is_beside else inner.select(*columns, where=tests)
        c, v = sql.column("", "c"), sql.column("", "v")
        measures = [sql.named(sql.count_if(c), "t"), sql.named(sql.count_if(sql.is_null(c)), "u")]
        if self.explains:
            measures.append(sql.named(sql.call("min", sql.column("", "w")), "w"))
        if query.select is not None:
            kind = query.select.kind
            blanks = sql.count_if(sql.both([c, sql.is_null(v)]))
            taken = sql.case((c, v))
            measures.append(sql.named(blanks, "b"))
            measures += [sql.named(sql.call(name, taken), name) for name in ("min", "max")]
            if kind in ir.NUMBERS:
                measures.append(sql.named(sql.call("sum", taken), "sum"))
            if kind is Kind.DAY:
                measures.append(sql.named(_listed(taken), "list"))
        if is_beside:
            key = sql.column("", "k")
            joined = home.join_beside(sql.Select([key, *measures], sql.rows_of(rows, "r"), group=[key]))
        else:
            joined = home.join_lateral(sql.Select(measures, sql.rows_of(rows, "r")))

        def counted(name: str) -> Sql:
            return sql.call("coalesce", sql.column(joined, name), sql.value(0)) if is_beside else sql.column(joined, name)

        doubtful = counted("u") if condition.nullable else None

        def aggregate(function: str) -> tuple[Sql, Sql]:
            return sql.column(joined, function), counted("b")

        def why() -> Sql:
            return sql.column(joined, "w") if self.explains else sql.null()

        return Rows(counted("t"), doubtful, complete, aggregate, why)

    def _since(self, history: str, home: Scope) -> Sql:
        """Return the day from which on a history is known for the project."""
        settled = self._statement.relations.settled(history)
        if settled is not None:
            return settled
        self.known.add(history)
        return sql.column(home.of_project(KNOWN), history)

    def _held_on(self, inner: Scope, day: Sql) -> Sql:
        """Return whether a row of a history held at the end of *day* in the project's time zone."""
        midnight: Sql = sql.cast(sql.binary("+", day, sql.value(1)), "TIMESTAMP")
        if self._time_zones:
            zone = sql.column(inner.of_project(PROJECT), "_zone")
            midnight = sql.call("timezone", sql.value("UTC"), sql.call("timezone", zone, midnight))
        until = sql.column(inner.alias, "valid_to")
        return sql.both(
            [
                sql.binary("<", sql.column(inner.alias, "valid_from"), midnight),
                sql.either([sql.is_null(until), sql.binary(">=", until, midnight)]),
            ]
        )

    # Reasons

    def why(self, node: Node, scope: Scope) -> Sql:
        """Return the reason why the condition *node* is NULL, as `reason:what`; meaningless where it is not."""
        match node:
            case ir.Constant(reason=reason):
                return sql.value(f"{reason or 'no_data'}:")
            case ir.Named(item=item) | ir.Not(item=item) | ir.KnownTrue(item=item):
                return self.why(item, scope)
            case ir.And(items=items) | ir.Or(items=items):
                found = [(item, self.condition(item, scope)) for item in items]
                return self._first([(sql.is_null(part.sql), self.why(item, scope)) for item, part in found if part.nullable])
            case ir.Exists(query=query):
                return self._why_rows(node, query, scope)
            case ir.SamePerson(left=left, right=right):
                return self._first([*self._gaps((left, right), scope, unknown=True), (sql.true(), sql.value("identity_unknown:"))])
            case ir.IsGroup(item=item):
                return self._first([*self._gaps((item,), scope, unknown=True), (sql.true(), sql.value("identity_unknown:"))])
            case ir.HappenedBy(event=event, day=day):
                return self._first([*self._gaps((day, event), scope), (sql.true(), sql.value("no_data:"))])
            case ir.ColumnRef() | Variable():
                return self.why_value(node, scope)
            case _:
                return self._first([*self._gaps(tuple(node.children()), scope), (sql.true(), sql.value("no_data:"))])

    def why_value(self, node: Node, scope: Scope, *, static: bool = False) -> Sql:
        """Return the reason why the value *node* is missing. *static*: without looking at the row."""
        match node:
            case ir.Constant(reason=reason):
                return sql.value(f"{reason or 'no_data'}:")
            case ir.Named(item=item):
                return self.why_value(item, scope, static=static)
            case Variable(name=name):
                return sql.value(f"not_configured:{name.partition('.')[2] or name}")
            case ir.ColumnRef(source=source, name=name):
                what = f"{source.name}.{name}"
                value = self.value(node, scope) if not static else None
                if value is None or value.unknown is True:
                    return sql.value(f"{self._unknown}:{what}")
                if value.unknown is False:
                    return sql.value(f"no_data:{what}")
                return sql.case((value.unknown, sql.value(f"{self._unknown}:{what}")), otherwise=sql.value(f"no_data:{what}"))
            case ir.Count(query=query) | ir.Aggregate(query=query) | ir.LongestGap(query=query):
                return self._why_rows(node, query, scope)
            case ir.Dated(value=value, unless=unless, tables=tables):
                inner = self.value(value, scope)
                pairs: list[tuple[Sql, Sql]] = []
                unsure = missing(inner, inner.unknown)
                if isinstance(unsure, Sql):
                    pairs.append((unsure, self.why_value(value, scope)))
                if unless is not None:
                    pairs.append((sql.is_null(self.condition(unless, scope).sql), self.why(unless, scope)))
                pairs += [(sql.no(self.complete(table, scope)), sql.value(f"incomplete:{table}")) for table in tables]
                return self._first([*pairs, (sql.true(), sql.value("no_data:"))])
            case _ if node.kind is Kind.BOOLEAN:
                return self.why(node, scope)
            case _:
                return self._first([*self._gaps(tuple(node.children()), scope), (sql.true(), sql.value("no_data:"))])

    def _gaps(self, nodes: Iterable[Node], scope: Scope, *, unknown: bool = False) -> list[tuple[Sql, Sql]]:
        """Return for each of *nodes* that may be missing: where it is, and why."""
        found = []
        for node in nodes:
            if isinstance(node, Query):
                continue
            if isinstance(_bare(node), ir.Ratio):
                found += self._gaps(_bare(node).children(), scope)
                continue
            value = self.value(node, scope)
            gap = missing(value, value.unknown if unknown else value.murk)
            if isinstance(gap, Sql):
                is_told = isinstance(_bare(node), ir.ColumnRef) and value.murk is value.unknown
                found.append((gap, self.why_value(node, scope, static=is_told)))
        return found

    def _first(self, pairs: list[tuple[Sql, Sql]]) -> Sql:
        return sql.case(*pairs) if pairs else sql.value("no_data:")

    def _why_rows(self, node: Node, query: Query, scope: Scope) -> Sql:
        kept = self._kept.get(node)
        if kept is not None and kept.reason:
            return sql.call("coalesce", sql.column(scope.alias, kept.reason), sql.value(_nothing(query)))
        fact = self._facts.get(node)
        reason = None if fact is None else fact.why(scope.of_project)
        if reason is not None:
            return sql.call("coalesce", reason, sql.value(_nothing(query)))
        return sql.call("coalesce", self.why_unseen(query, scope), sql.value(_nothing(query)))

    def why_unseen(self, query: Query, scope: Scope) -> Sql:
        """Return the reason why it is not known which rows *query* means; NULL where that is known."""
        rows = self._rows(query, scope)
        pairs: list[tuple[Sql, Sql]] = [(sql.no(rows.complete), sql.value(f"incomplete:{query.source.name}"))]
        if rows.doubtful is not None:
            pairs.insert(0, (sql.binary(">", rows.doubtful, sql.value(0)), sql.call("coalesce", rows.why(), sql.value("no_data:"))))
        return sql.case(*pairs)

    def _why_row(self, where: Node, condition: Bool, hoist: Hoist) -> str | None:
        """Return the column with the first reason why a row of *hoist* is doubtful."""
        if not condition.nullable:
            return None
        reason = self.why(where, hoist.scope)
        if not reason.startswith("'"):
            reason = hoist.inner(reason)
        return hoist.measure(sql.call("min", sql.case((sql.is_null(hoist.inner(condition.sql)), reason))))


SQL_TYPES: Mapping[Kind, str] = {
    Kind.BOOLEAN: "BOOLEAN",
    Kind.INTEGER: "BIGINT",
    Kind.DECIMAL: "DECIMAL(28,6)",
    Kind.DAY: "DATE",
    Kind.INSTANT: "TIMESTAMP",
    Kind.TEXT: "VARCHAR",
    Kind.CODE: "VARCHAR",
    Kind.REFERENCE: "VARCHAR",
    Kind.PERSON: "VARCHAR",
}
"""How a value of each kind is stored where nothing else says it."""


def _of_choice(states: list[tuple[Sql, State]], otherwise: State) -> State:
    """Return the state of what a choice takes: that of the branch taken."""
    if all(state is otherwise for _, state in states) and isinstance(otherwise, bool):
        return otherwise
    plain = [(test, state if isinstance(state, Sql) else sql.value(state)) for test, state in states]
    return sql.case(*plain, otherwise=otherwise if isinstance(otherwise, Sql) else sql.value(otherwise))


def _unknown_if(state: Sql) -> Sql:
    """Return NULL where *state* holds, false elsewhere."""
    return sql.call("nullif", state, sql.true())


def _nothing(query: Query) -> str:
    return f"no_data:{'' if query.select is None else ir.words(query.select)}"


def _bare(node: Node) -> Node:
    while isinstance(node, ir.Named):
        node = node.item
    return node


def _equality(node: Node, key: Key) -> tuple[Node, Node] | None:
    """Return the inner and the outer side of `inner = outer`, where each speaks of its own rows only."""
    node = _bare(node)
    if not isinstance(node, ir.Compare) or node.operator != "=":
        return None
    for inner, outer in ((node.left, node.right), (node.right, node.left)):
        simple = isinstance(_bare(inner), ir.ColumnRef) and isinstance(_bare(outer), (ir.ColumnRef, ir.Element))
        if simple and keys_of(inner) == {key} and len(keys_of(outer)) == 1 and key not in keys_of(outer):
            return inner, outer
    return None


def _renamed(node: Node, query: Query) -> Node:
    """Return *node* with the query's row under its table's name, so that equal conditions of different rules are equal."""
    return _under_its_name(node, query.source)


@lru_cache(_KEPT)
def _under_its_name(node: Node, source: ir.Source) -> Node:
    plain = ir.Source(source.name, source.name, 1)
    if source == plain:
        return node

    def change(part: Node) -> Node | None:
        if isinstance(part, ir.ColumnRef) and part.source == source:
            return ir.ColumnRef(plain, part.name, part.type, part.bit)
        return None

    return mapped(node, change)


def _measures(hoist: Hoist, condition: Bool) -> tuple[Sql | None, str, str | None]:
    if condition.sql == sql.true():
        return None, hoist.measure(sql.count_rows()), None
    holds = hoist.inner(condition.sql)
    doubtful = hoist.measure(sql.count_if(sql.is_null(holds))) if condition.nullable else None
    return holds, hoist.measure(sql.count_if(holds)), doubtful


def _aggregates(hoist: Hoist, function: str, holds: Sql | None, value: Sql) -> tuple[str, str]:
    taken = value if holds is None else sql.case((holds, value))
    blank = sql.is_null(value) if holds is None else sql.both([holds, sql.is_null(value)])
    found = _listed(taken) if function == "list" else sql.call(function, taken)
    return hoist.measure(found), hoist.measure(sql.count_if(blank))


def _listed(item: Sql) -> Sql:
    """Return the list of all values of *item* that are there, in order."""
    return sql.call("list_sort", sql.call("list_distinct", sql.call("list", item)))
