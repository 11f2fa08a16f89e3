"""The statements that decide subjects, explain and show them: one each for every population, however many rules speak of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from auditor.checks.compile import sql
from auditor.checks.compile.facts import ANSWERED, Fact, Kept, kept, looked_up, stored, why_open
from auditor.checks.compile.lower import ELEMENT, Bool, Lowering
from auditor.checks.compile.scope import PROJECT, Hoists, Relations, Scope, Statement
from auditor.checks.compile.settings import Settings
from auditor.checks.compile.sql import Select, Sql
from auditor.checks.quoting import PLACE, ROW
from auditor.model.types import Kind
from auditor.rulebook import expression as ir
from auditor.rulebook.expression import Node
from auditor.rulebook.rule import Decides

SHOWN = ("source", "url", "locator", "content_hash")
TRUE, FALSE, MAY_PASS = 4, 3, 7
UNSURE = (5, 6, 8, MAY_PASS)
"""Codes of subjects (see `Deciding`): belongs and meets, belongs and does not, may belong and meets; and all that are not known."""
MEETING = 5
"""The code of a subject that belongs, and may or may not meet."""
LEAST = 3
"""The lowest code of a subject that belongs or may belong."""


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
class Deciding:
    """A statement that decides every subject of a population for several rules.

    Attributes:
        select: gives one row per subject: PLACE (the number of its project), ROW, a column of codes for each rule, and what sub-queries
            answered, so that they are asked once.
        codes: rule → its column. A code is 3 times whether the subject belongs plus whether it meets the rule, each 0 false, 1 true,
            2 unknown.
        kept: what sub-queries answered.
        known: columns of `_known` that it reads.
    """

    select: Select
    codes: dict[str, str] = field(default_factory=dict)
    kept: dict[Node, Kept] = field(default_factory=dict)
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

    select: Select
    applies: dict[str, int] = field(default_factory=dict)
    due: dict[str, tuple[int, int]] = field(default_factory=dict)
    populations: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, tuple[int, int]] = field(default_factory=dict)
    known: frozenset[str] = frozenset()


@dataclass
class Explaining:
    """A statement that says why subjects are undecided.

    Attributes:
        select: gives ROW, PLACE, the codes, and a column for each rule: why it is undecided there, NULL where it is not.
        reasons: rule → its column; a rule that is never undecided for a reason has none.
        known: columns of `_known` that it reads.
    """

    select: Select
    reasons: dict[str, str] = field(default_factory=dict)
    known: frozenset[str] = frozenset()


@dataclass
class Showing:
    """A statement that gives subjects with the values that decided.

    Attributes:
        select: gives one row per subject: ROW, its id, the columns of SHOWN, the reasons that were asked for, and values.
        reasons: rule → place of its reason in a row.
        fields: rule → (name, place in a row) of each value that its sentence names or its conditions read.
        known: columns of `_known` that it reads.
    """

    select: Select
    reasons: dict[str, int] = field(default_factory=dict)
    fields: dict[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    known: frozenset[str] = frozenset()


class Builder:
    """Builds statements over the relations of one run."""

    def __init__(self, settings: Settings, relations: Relations) -> None:
        self.facts: dict[Node, Fact] = {}  # what was computed for the projects already
        self.hoists = Hoists("_hoist")  # what the statements built so far join, and is to be stored before they run
        self._settings = settings
        self._relations = relations

    def _start(
        self, rule: Ready, *, explains: bool = False, rows: str = "", kept: Mapping[Node, Kept] | None = None
    ) -> tuple[Lowering, Scope]:
        """Begin a statement about the subjects of a rule.

        Args:
            rule: the rule.
            explains: whether sub-queries keep their reasons.
            rows: the relation that holds those that are looked at; '': all of them.
            kept: what stands beside them there.
        """
        settings = self._settings
        statement = Statement(self._relations, self.hoists)
        lowering = Lowering(
            statement,
            settings.today,
            time_zones=settings.time_zones,
            calendars=settings.calendars,
            explains=explains,
            past=settings.past,
            facts=self.facts,
            kept=kept,
        )
        key = ELEMENT if rule.each else None if rule.population == PROJECT else (rule.population, 0)
        relation = rule.population if rule.each or rule.population == PROJECT else self._relations.name(rule.population)
        return lowering, Scope(statement, rows or relation, key, rows_of=relation)

    # Facts

    def stored_facts(self, nodes: Sequence[Node], name: str, *, explains: bool) -> tuple[Select, dict[Node, Fact], frozenset[str]]:
        """Return the statement that computes *nodes* once per project, how they are read from the relation *name*, and what it knows.

        *explains*: whether it says why there is no answer too, for all of them; else `stored_reasons` does so for some.
        """
        lowering, scope = self._start(Ready("", Decides.BOTH, PROJECT), explains=explains)
        columns: dict[str, Sql] = {}
        facts: dict[Node, Fact] = {}
        for number, node in enumerate(nodes):
            found, own = stored(node, lowering, scope, f"f{number}")
            facts[node] = Fact(name, found)
            columns |= own
            if explains and isinstance(node, ANSWERED):
                columns[f"w{number}"] = why_open(node, lowering, scope)
                facts[node] = Fact(name, found, (name, f"w{number}"))
        return _of_projects(scope, columns), facts, frozenset(lowering.known)

    def stored_reasons(self, nodes: Sequence[Node], name: str) -> tuple[Select, dict[Node, tuple[str, str]], frozenset[str]]:
        """Return the statement that says once per project why *nodes* have no answer, where each stands, and what it knows."""
        lowering, scope = self._start(Ready("", Decides.BOTH, PROJECT), explains=True)
        columns = {f"w{number}": why_open(node, lowering, scope) for number, node in enumerate(nodes)}
        places = {node: (name, column) for node, column in zip(nodes, columns, strict=True)}
        return _of_projects(scope, columns), places, frozenset(lowering.known)

    # Deciding

    def deciding(self, rules: Sequence[Ready], *, explains: bool = True) -> Deciding:
        """Return the statement that decides the subjects of *rules*, which all have the same population.

        *explains*: whether what sub-queries answered is kept with the reasons; else who explains asks them again.
        """
        lowering, scope = self._start(rules[0], explains=explains)
        columns: dict[str, tuple[str, Sql]] = {}

        def column(item: Sql) -> str:
            written = item
            if written not in columns:
                columns[written] = (f"c{len(columns) + 1}", item)
            return columns[written][0]

        found = Deciding(Select([], ""))
        for rule in rules:
            where, require = self._conditions(rule, lowering, scope)
            found.codes[rule.id] = column(_code(where, require))
            if where is not None and where.sql == sql.false():
                continue
            for asked in (*looked_up(rule.where, self.facts), *looked_up(rule.require, self.facts)):
                if asked not in found.kept:
                    found.kept[asked], own = kept(asked, lowering, scope, f"k{len(found.kept) + 1}")
                    columns |= {name: (name, item) for name, item in own.items()}
        project = scope.alias if rules[0].population == PROJECT else scope.of_project(PROJECT)
        select = scope.select(
            sql.named(sql.cast(sql.column(project, ROW), "INTEGER"), PLACE),
            sql.named(sql.column(scope.alias, ROW), ROW),
            *(sql.named(item, alias) for alias, item in columns.values()),
        )
        found.select = select
        found.known = frozenset(lowering.known)
        return found

    def _conditions(self, rule: Ready, lowering: Lowering, scope: Scope) -> tuple[Bool | None, Bool]:
        where = None if rule.where is None else lowering.condition(rule.where, scope)
        if where is not None and where.sql == sql.false():
            return where, Bool(sql.false(), nullable=False)  # no subject belongs: nobody asks whether it meets the rule
        if rule.require is None:
            nothing = Bool(sql.cast(sql.null(), "BOOLEAN")) if rule.decides is Decides.NOTHING else Bool(sql.true(), nullable=False)
            return where, nothing
        return where, lowering.condition(rule.require, scope)

    # Projects

    def gating(self, rules: Iterable[Ready], *, explains: bool = False) -> Gating:
        """Return the statement about the projects: whether each rule applies and is due, and which populations are known."""
        found = list(rules)
        lowering, scope = self._start(Ready("", Decides.BOTH, PROJECT), explains=explains)
        columns: dict[str, tuple[int, Sql]] = {}

        def column(item: Sql) -> int:
            written = item
            if written not in columns:
                columns[written] = (len(columns) + 1, item)
            return columns[written][0]

        gating = Gating(Select([], ""))
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
        select.order = [scope.project_id]
        gating.select = select
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

    def explaining(self, rules: Sequence[Ready], decided: Deciding, rows: str) -> Explaining:
        """Return the statement that says why subjects of *rules* are undecided.

        Args:
            rules: the rules, all with the same population.
            decided: how they were decided.
            rows: the relation with the subjects that are looked at, and their codes.
        """
        lowering, scope = self._start(rules[0], explains=True, rows=rows, kept=decided.kept)
        columns: dict[str, tuple[str, Sql]] = {}
        found = Explaining(Select([], ""))
        for rule in rules:
            where, require = self._conditions(rule, lowering, scope)
            item = self._reason(rule, sql.column(scope.alias, decided.codes[rule.id]), where, require, lowering, scope)
            if item is None:
                continue
            found.reasons[rule.id] = columns.setdefault(item, (f"r{len(columns) + 1}", item))[0]
        same = (ROW, PLACE, *dict.fromkeys(decided.codes[rule.id] for rule in rules))
        select = scope.select(
            *(sql.named(sql.column(scope.alias, name), name) for name in same),
            *(sql.named(item, alias) for alias, item in columns.values()),
        )
        found.select = select
        found.known = frozenset(lowering.known)
        return found

    def showing(
        self, rules: Sequence[Ready], columns: Mapping[str, Sequence[str]], decided: Deciding, reasons: Mapping[str, str], rows: str
    ) -> Showing:
        """Return the statement that gives the subjects which *rules*, all with the same population, show.

        Args:
            rules: the rules.
            columns: rule → columns of the subject that its sentence names.
            decided: how they were decided.
            reasons: rule → column with the reason why a subject is undecided.
            rows: the relation with the subjects that are looked at, what sub-queries answered, and the reasons.
        """
        first = rules[0]
        lowering, scope = self._start(first, rows=rows, kept=decided.kept)
        if first.each:
            subject = sql.cast(sql.column(scope.alias, "element"), "VARCHAR")
        else:
            subject = scope.project_id if first.population == PROJECT else sql.column(scope.alias, "id")
        shown = [sql.cast(sql.null(), "VARCHAR") if first.each else sql.column(scope.alias, name) for name in SHOWN]
        fixed = [sql.column(scope.alias, ROW), subject, *shown]
        found = Showing(Select([], ""))
        places: dict[str, tuple[int, Sql]] = {}

        def place(item: Sql) -> int:
            written = item
            if written not in places:
                places[written] = (len(fixed) + len(places), item)
            return places[written][0]

        for rule in rules:
            if rule.id in reasons:
                found.reasons[rule.id] = place(sql.column(scope.alias, reasons[rule.id]))
            fields: dict[str, int] = {name: place(sql.column(scope.alias, name)) for name in columns[rule.id]}
            for name, asked in _asked(rule):
                if name not in fields:
                    fields[name] = place(_answer(asked, lowering, scope))
            found.fields[rule.id] = tuple(fields.items())
        select = scope.select(*fixed, *(item for _, item in places.values()))
        found.select = select
        found.known = frozenset(lowering.known)
        return found

    def _reason(self, rule: Ready, code: Sql, where: Bool | None, require: Bool, lowering: Lowering, scope: Scope) -> Sql | None:
        """Return why a subject is undecided: because it is not known whether it belongs, before whether it meets the rule."""
        pairs = []
        if rule.where is not None and where is not None and where.nullable:
            pairs.append((_among(code, *(one for one in UNSURE if one != MEETING)), lowering.why(rule.where, scope)))
        if rule.require is not None and require.nullable:
            pairs.append((_among(code, MEETING), lowering.why(rule.require, scope)))
        return sql.case(*pairs) if pairs else None


def _of_projects(scope: Scope, columns: Mapping[str, Sql]) -> Select:
    return scope.select(sql.named(scope.project_id, "project_id"), *(sql.named(item, alias) for alias, item in columns.items()))


def _among(code: Sql, *codes: int) -> Sql:
    return sql.among(code, [sql.value(one) for one in codes])


def _code(where: Bool | None, require: Bool) -> Sql:
    """Return the code of a subject; each condition stands in it once, so that it is computed once."""
    meets = _number(require)
    belongs = sql.value(1) if where is None else _number(where)
    return sql.cast(sql.binary("+", sql.binary("*", belongs, sql.value(3)), meets), "UTINYINT")


def _number(condition: Bool) -> Sql:
    number = sql.cast(condition.sql, "UTINYINT")
    return sql.call("coalesce", number, sql.value(2)) if condition.nullable else number


def _asked(rule: Ready) -> Iterable[tuple[str, Node]]:
    """Yield what the conditions of a rule read, by the words of the condition: columns, and what terms and sub-queries answered."""
    for node in (rule.where, rule.require):
        waiting = [] if node is None else [node]
        while waiting:
            part = waiting.pop(0)
            match part:
                case ir.ColumnRef(source=source, name=name) if source.depth <= 0:
                    is_own = source.depth == 0 or (source.depth < 0 and rule.population == PROJECT)
                    yield name if is_own else f"project.{name}", part
                case ir.Named(text=text):
                    yield text, part
                    own = [below for below in part.item.walk() if isinstance(below, ir.ColumnRef) and below.source.depth == 0]
                    waiting = [*own, *waiting]
                case ir.Exists() | ir.Count() | ir.Aggregate():
                    yield ir.words(part), part
                case ir.Query():
                    pass
                case _:
                    waiting = [*part.children(), *waiting]


def _answer(asked: Node, lowering: Lowering, scope: Scope) -> Sql:
    match asked:
        case ir.Count():
            counted = lowering.value(asked, scope)
            return counted.low or counted.sql  # at least so many
        case ir.ColumnRef() | ir.Aggregate():
            return lowering.value(asked, scope).sql
        case _:
            return lowering.condition(asked, scope).sql if asked.kind is Kind.BOOLEAN else lowering.value(asked, scope).sql


def named_columns(names: Iterable[str], columns: Mapping[str, object]) -> list[str]:
    """Return those of *names* that are columns of the subject."""
    return [name for name in names if name in columns]
