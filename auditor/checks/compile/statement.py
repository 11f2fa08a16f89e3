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


@dataclass
class Showing:
    """A statement that gives subjects with the values that decided.

    Attributes:
        select: gives one row per project: `project_id`, list of subjects, map of reasons.
        fields: names of the values of a subject, in their order.
    """

    select: exp.Select
    fields: tuple[str, ...]
    known: frozenset[str] = frozenset()


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
        self, rule: Ready, columns: Sequence[str], *, limit: int | None, states: str, between: tuple[str, str] | None = None
    ) -> Showing:
        """Return the statement that shows subjects of *rule*.

        Args:
            rule: the rule.
            columns: columns of the subject that its sentence names.
            limit: how many subjects per project, in the order of *states* and of their ids; None: all of them.
            states: the states (T, F, U, M) that are shown, most telling first.
            between: first and last project that is looked at; None: all.
        """
        statement, lowering, scope = self._start(rule, explains=True, between=between)
        where, require = self._conditions(rule, lowering, scope)
        state = _state(where, require)
        reason = self._reason(rule, where, require, lowering, scope)
        fields: dict[str, Sql] = {}
        if rule.each:
            subject = sql.cast(sql.column(scope.alias, "element"), "VARCHAR")
        elif rule.population == PROJECT:
            subject = scope.project_id
        else:
            subject = sql.column(scope.alias, "id")
        for name in columns:
            fields[name] = sql.column(scope.alias, name)
        for node in (rule.where, rule.require):
            for name, item in _answers(node, rule, lowering, scope):
                fields.setdefault(name, item)
        shown = () if rule.each else SHOWN
        plain: list[tuple[str, Sql]] = [
            ("project_id", scope.project_id),
            ("state", state),
            ("id", subject),
            ("reason", reason),
            *((f"p{number}", sql.column(scope.alias, name)) for number, name in enumerate(shown)),
            *((f"v{number}", item) for number, item in enumerate(fields.values())),
        ]
        source = scope.select(*(sql.named(item, alias) for alias, item in plain))
        picked = {alias: exp.Column(this=sql.name(alias)) for alias, _ in plain}
        packed = exp.Anonymous(
            this="struct_pack",
            expressions=[exp.PropertyEQ(this=sql.name(alias), expression=picked[alias]) for alias, _ in plain if alias != "project_id"],
        )
        rank = sql.call("strpos", sql.value(states), picked["state"])
        source_name = picked["p0"] if shown else sql.value("")
        order = sql.call(
            "concat", sql.cast(rank, "VARCHAR"), picked["id"], sql.value("\x01"), sql.call("coalesce", source_name, sql.value(""))
        )
        listed = sql.call("arg_min", packed, order, sql.value(limit)) if limit is not None else sql.call("list", packed)
        unsure = exp.In(this=picked["state"], expressions=[sql.value("U"), sql.value("M")])
        reasons = sql.call("histogram", sql.case((unsure, sql.call("concat", picked["state"], picked["reason"]))))
        select = exp.Select(
            expressions=[picked["project_id"], listed, reasons],
            from_=exp.From(this=exp.Subquery(this=source, alias=exp.TableAlias(this=sql.name("r")))),
            where=exp.Where(this=exp.In(this=picked["state"], expressions=[sql.value(one) for one in states])),
            group=exp.Group(expressions=[picked["project_id"]]),
            order=exp.Order(expressions=[exp.Ordered(this=picked["project_id"])]),
        )
        return Showing(statement.with_hoists(select), tuple(fields), frozenset(lowering.known))

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
