"""The statements that count, and those that show: one for every population, however many rules speak of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlglot import exp

from auditor.checks.compile import sql
from auditor.checks.compile.facts import Fact, stored
from auditor.checks.compile.lower import ELEMENT, Bool, Lowering
from auditor.checks.compile.scope import PROJECT, Scope, Statement
from auditor.checks.compile.settings import Settings
from auditor.checks.compile.sql import Sql
from auditor.model.types import Kind
from auditor.rulebook import expression as ir
from auditor.rulebook.expression import Node
from auditor.rulebook.rule import Decides

SHOWN = ("source", "url", "locator", "content_hash")


@dataclass(frozen=True)
class Ready:
    """A rule whose parameters have their values.

    Attributes:
        population: name of the relation of its subjects.
        each: whether these are the elements of a list.
        known: the source whose completeness makes the population known; '' when it always is.
    """

    id: str
    decides: Decides
    population: str
    each: bool = False
    known: str = ""
    applies: Node | None = None
    due: Node | None = None
    where: Node | None = None
    require: Node | None = None


@dataclass
class Counting:
    """A statement that counts, and where its answers stand.

    Attributes:
        select: gives one row per project, `project_id` first.
        places: rule → the columns of its counts (true, false, unknown, may pass).
        known: columns of `_known` that it reads.
    """

    select: exp.Select
    places: dict[str, tuple[int, int, int, int]] = field(default_factory=dict)
    known: frozenset[str] = frozenset()


@dataclass
class Gating:
    """The statement about the projects as such.

    Attributes:
        applies: rule → column with true, false or NULL.
        due: rule → (column with a condition or a day, column that says that the day is known not to exist or -1).
        populations: source → column that says whether it was read completely.
        reasons: rule → columns with the reasons why applies and due are unknown; -1: none.
    """

    select: exp.Select
    applies: dict[str, int] = field(default_factory=dict)
    due: dict[str, tuple[int, int]] = field(default_factory=dict)
    populations: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, tuple[int, int]] = field(default_factory=dict)
    known: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Place:
    """Where the answers of one rule stand in the rows that are shown.

    Attributes:
        state, reason: columns.
        fields: names of the values of a subject, in their order.
        values: their columns.
    """

    state: str
    reason: str
    fields: tuple[str, ...]
    values: tuple[str, ...]


@dataclass
class Showing:
    """A statement that gives subjects of several rules with the values that decided.

    Attributes:
        select: gives one row per subject that a rule shows: `project_id`, `id`, the columns of SHOWN and those of the places.
        places: rule → its columns.
        known: columns of `_known` that it reads.
        width: how many columns it gives.
    """

    select: exp.Select
    places: dict[str, Place] = field(default_factory=dict)
    known: frozenset[str] = frozenset()
    width: int = 0


Relation = Callable[[str], str]


class Builder:
    """Builds statements over the relations of one run."""

    def __init__(self, settings: Settings, relation: Relation) -> None:
        self.facts: dict[Node, Fact] = {}  # what was computed for the projects already
        self._settings = settings
        self._relation = relation

    def _start(self, rule: Ready, *, explains: bool = False, between: tuple[str, str] | None = None) -> tuple[Statement, Lowering, Scope]:
        settings = self._settings
        statement = Statement(self._relation, between)
        lowering = Lowering(
            statement,
            settings.today,
            time_zones=settings.time_zones,
            calendars=settings.calendars,
            explains=explains,
            past=settings.past,
            facts=self.facts,
        )
        key = ELEMENT if rule.each else None if rule.population == PROJECT else (rule.population, 0)
        relation = rule.population if rule.each or rule.population == PROJECT else self._relation(rule.population)
        return statement, lowering, Scope(statement, relation, key)

    # Facts

    def stored_facts(self, nodes: Sequence[Node], name: str) -> tuple[exp.Select, dict[Node, Fact], frozenset[str]]:
        """Return the statement that computes *nodes* once per project, how they are read from the relation *name*, and what it knows."""
        statement, lowering, scope = self._start(Ready("", Decides.BOTH, PROJECT))
        columns: dict[str, Sql] = {}
        facts: dict[Node, Fact] = {}
        for number, node in enumerate(nodes):
            found, own = stored(node, lowering, scope, f"f{number}")
            facts[node] = Fact(name, found)
            columns |= own
        select = scope.select(sql.named(scope.project_id, "project_id"), *(sql.named(item, alias) for alias, item in columns.items()))
        return statement.with_hoists(select), facts, frozenset(lowering.known)

    # Counting

    def counting(self, rules: Sequence[Ready]) -> Counting:
        """Return the statement that counts the subjects of *rules*, which all have the same population."""
        statement, lowering, scope = self._start(rules[0])
        inner: dict[str, tuple[str, Sql]] = {}

        def column(item: Sql) -> Sql:
            written = sql.text(item)
            if written not in inner:
                inner[written] = (f"b{len(inner) + 1}", item)
            return exp.Column(this=sql.name(inner[written][0]))

        outer: dict[str, tuple[int, Sql]] = {}
        zero = sql.value(0)

        def count(test: Sql | None) -> int:
            item = sql.count_if(test) if test is not None else zero
            written = sql.text(item)
            if written not in outer:
                outer[written] = (len(outer) + 1, item)
            return outer[written][0]

        places = {}
        for rule in rules:
            where, require = self._conditions(rule, lowering, scope)
            places[rule.id] = _places(where and Bool(column(where.sql), where.nullable), Bool(column(require.sql), require.nullable), count)
        source = scope.select(
            sql.named(scope.project_id, "project_id"),
            *(sql.named(item, alias) for alias, item in inner.values()),
        )
        project = exp.Column(this=sql.name("project_id"))
        select = exp.Select(
            expressions=[project, *(item for _, item in outer.values())],
            from_=exp.From(this=exp.Subquery(this=source, alias=exp.TableAlias(this=sql.name("r")))),
            group=exp.Group(expressions=[project]),
            order=exp.Order(expressions=[exp.Ordered(this=project)]),
        )
        return Counting(statement.with_hoists(select), places, frozenset(lowering.known))

    def _conditions(self, rule: Ready, lowering: Lowering, scope: Scope) -> tuple[Bool | None, Bool]:
        where = None if rule.where is None else lowering.condition(rule.where, scope)
        if rule.require is None:
            nothing = Bool(sql.cast(sql.null(), "BOOLEAN")) if rule.decides is Decides.NOTHING else Bool(sql.true(), nullable=False)
            return where, nothing
        return where, lowering.condition(rule.require, scope)

    # Projects

    def gating(self, rules: Iterable[Ready], *, explains: bool = False) -> Gating:
        """Return the statement about the projects: whether each rule applies and is due, and which populations are known."""
        found = list(rules)
        statement, lowering, scope = self._start(Ready("", Decides.BOTH, PROJECT), explains=explains)
        columns: dict[str, tuple[int, Sql]] = {}

        def column(item: Sql) -> int:
            written = sql.text(item)
            if written not in columns:
                columns[written] = (len(columns) + 1, item)
            return columns[written][0]

        gating = Gating(exp.Select())
        for rule in found:
            reasons = [-1, -1]
            if rule.applies is not None:
                applies = lowering.condition(rule.applies, scope)
                gating.applies[rule.id] = column(applies.sql)
                if explains and applies.nullable:
                    reasons[0] = column(sql.case((sql.is_null(applies.sql), lowering.why(rule.applies, scope))))
            if rule.due is not None:
                gating.due[rule.id], due_is_null, why = self._due(rule.due, lowering, scope, column)
                if explains and due_is_null is not None:
                    reasons[1] = column(sql.case((due_is_null, why())))
            gating.reasons[rule.id] = (reasons[0], reasons[1])
            if rule.known and rule.known not in gating.populations:
                gating.populations[rule.known] = column(lowering.complete(rule.known, scope))
        select = scope.select(scope.project_id, *(item for _, item in columns.values()))
        select.set("order", exp.Order(expressions=[exp.Ordered(this=scope.project_id)]))
        gating.select = statement.with_hoists(select)
        gating.known = frozenset(lowering.known)
        return gating

    def _due(
        self, node: Node, lowering: Lowering, scope: Scope, column: Callable[[Sql], int]
    ) -> tuple[tuple[int, int], Sql | None, Callable[[], Sql]]:
        if Kind.BOOLEAN is node.kind:
            condition = lowering.condition(node, scope)
            gap = sql.is_null(condition.sql) if condition.nullable else None
            return (column(condition.sql), -1), gap, lambda: lowering.why(node, scope)
        value = lowering.value(node, scope)
        if not value.nullable or value.unknown is True:
            absent = -1
        else:
            never = sql.is_null(value.sql)
            absent = column(never if value.unknown is False else sql.both([never, sql.no(value.unknown)]))
        return (column(value.sql), absent), sql.is_null(value.sql) if value.nullable else None, lambda: lowering.why_value(node, scope)

    # Showing

    def showing(
        self,
        rules: Sequence[Ready],
        columns: Mapping[str, Sequence[str]],
        states: Mapping[str, str],
        *,
        between: tuple[str, str] | None = None,
    ) -> Showing:
        """Return the statement that gives the subjects which *rules*, all with the same population, show.

        Args:
            rules: the rules.
            columns: rule → columns of the subject that its sentence names.
            states: rule → the states (T, F, U, M) that are shown.
            between: first and last project that is looked at; None: all.
        """
        first = rules[0]
        statement, lowering, scope = self._start(first, explains=True, between=between)
        inner: dict[str, tuple[str, Sql]] = {}
        outer: dict[str, tuple[str, Sql]] = {}

        def column(item: Sql) -> Sql:
            """Compute *item* once per row."""
            written = sql.text(item)
            if written not in inner:
                inner[written] = (f"b{len(inner) + 1}", item)
            return exp.Column(this=sql.name(inner[written][0]))

        def given(item: Sql) -> str:
            """Give *item*, made of what was computed once."""
            written = sql.text(item)
            if written not in outer:
                outer[written] = (f"c{len(outer) + 1}", item)
            return outer[written][0]

        places: dict[str, Place] = {}
        tests: list[Sql] = []
        for rule in rules:
            where, require = self._conditions(rule, lowering, scope)
            fields: dict[str, Sql] = {name: sql.column(scope.alias, name) for name in columns[rule.id]}
            for node in (rule.where, rule.require):
                for name, item in _answers(node, rule, lowering, scope):
                    fields.setdefault(name, item)
            state = _state(where and Bool(column(where.sql), where.nullable), Bool(column(require.sql), require.nullable))
            reason = column(self._reason(rule, where, require, lowering, scope))
            values = tuple(given(column(item)) for item in fields.values())
            places[rule.id] = Place(given(state), given(reason), tuple(fields), values)
            tests.append(exp.Paren(this=exp.In(this=state, expressions=[sql.value(one) for one in states[rule.id]])))
        if first.each:
            subject = sql.cast(sql.column(scope.alias, "element"), "VARCHAR")
        else:
            subject = scope.project_id if first.population == PROJECT else sql.column(scope.alias, "id")
        shown = [sql.cast(sql.null(), "VARCHAR") if first.each else sql.column(scope.alias, name) for name in SHOWN]
        source = scope.select(
            sql.named(scope.project_id, "project_id"),
            sql.named(subject, "id"),
            *(sql.named(item, name) for name, item in zip(SHOWN, shown, strict=True)),
            *(sql.named(item, alias) for alias, item in inner.values()),
            sql.named(sql.call("random"), "_barrier"),
        )
        # A test that speaks of something random is not moved below the projection, where every condition would be computed once more.
        tests.append(sql.binary(">", exp.Column(this=sql.name("_barrier")), sql.value(1)))
        select = exp.Select(
            expressions=[
                *(exp.Column(this=sql.name(name)) for name in ("project_id", "id", *SHOWN)),
                *(sql.named(item, alias) for alias, item in outer.values()),
            ],
            from_=exp.From(this=exp.Subquery(this=source, alias=exp.TableAlias(this=sql.name("r")))),
            where=exp.Where(this=sql.either(tests)),
        )
        return Showing(statement.with_hoists(select), places, frozenset(lowering.known), len(select.expressions))

    def _reason(self, rule: Ready, where: Bool | None, require: Bool, lowering: Lowering, scope: Scope) -> Sql:
        pairs = []
        if rule.where is not None and where is not None and where.nullable:
            pairs.append((sql.is_null(where.sql), lowering.why(rule.where, scope)))
        if rule.require is not None and require.nullable:
            pairs.append((sql.is_null(require.sql), lowering.why(rule.require, scope)))
        return sql.case(*pairs) if pairs else sql.cast(sql.null(), "VARCHAR")


def _places(where: Bool | None, require: Bool, count: Callable[[Sql | None], int]) -> tuple[int, int, int, int]:
    q = require.sql
    fails = None if q == sql.true() else sql.no(q)
    unknown = sql.is_null(q) if require.nullable else None
    if where is None:
        return count(q), count(fails), count(unknown), count(None)
    w = where.sql
    sure = sql.both([w, q]) if fails is not None else w
    failed = None if fails is None else sql.both([w, fails])
    unsure = [] if unknown is None else [sql.both([w, unknown])]
    maybe = None
    if where.nullable:
        if fails is not None:
            unsure.append(sql.both([sql.is_null(w), sql.no(sql.is_true(q) if require.nullable else q)]))
        maybe = sql.both([sql.is_null(w), q])
    return count(sure), count(failed), count(sql.either(unsure) if unsure else None), count(maybe)


def _state(where: Bool | None, require: Bool) -> Sql:
    q = require.sql
    belongs = sql.case((q, sql.value("T")), (sql.no(q), sql.value("F")), otherwise=sql.value("U"))
    if where is None:
        return belongs
    pairs = [(where.sql, belongs)]
    if where.nullable:
        pairs.append((sql.is_null(where.sql), sql.case((q, sql.value("M")), otherwise=sql.value("U"))))
    return sql.case(*pairs)


def _answers(node: Node | None, rule: Ready, lowering: Lowering, scope: Scope) -> Iterable[tuple[str, Sql]]:
    """Yield what a condition read, by the words of the condition: columns, parameters of the project, and what terms answered."""
    waiting = [] if node is None else [node]
    while waiting:
        part = waiting.pop(0)
        match part:
            case ir.ColumnRef(source=source, name=name) if source.depth <= 0:
                own = source.depth == 0 or (source.depth < 0 and rule.population == PROJECT)
                yield name if own else f"project.{name}", lowering.value(part, scope).sql
            case ir.Named(text=text):
                kind = part.kind
                yield text, lowering.condition(part, scope).sql if kind is Kind.BOOLEAN else lowering.value(part, scope).sql
                waiting = [*(below for below in part.item.walk() if isinstance(below, ir.ColumnRef) and below.source.depth == 0), *waiting]
            case ir.Exists():
                yield ir.words(part), lowering.condition(part, scope).sql
            case ir.Count():
                yield ir.words(part), lowering.value(part, scope).low or sql.null()
            case ir.Aggregate():
                yield ir.words(part), lowering.value(part, scope).sql
            case ir.Query():
                pass
            case _:
                waiting = [*part.children(), *waiting]


def named_columns(names: Iterable[str], columns: Mapping[str, object]) -> list[str]:
    """Return those of *names* that are columns of the subject."""
    return [name for name in names if name in columns]
