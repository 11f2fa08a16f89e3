"""What conditions ask about a project as a whole: computed once per run and project, however many rules and rows ask for it.

A part of a condition that looks things up and speaks of no row at hand (`gate_on('rfe')`, `uses('risk_log')`) is such a fact. Facts that
rest on other facts are computed after them.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from auditor.checks.compile import sql
from auditor.checks.compile.lower import SQL_TYPES, Bool, Lowering, Value, keys_of, some
from auditor.checks.compile.scope import Scope
from auditor.checks.compile.sql import Known, Sql
from auditor.model.types import Kind
from auditor.rulebook import expression as ir
from auditor.rulebook.expression import Node, Query

ANSWERED = (ir.Exists, ir.Count, ir.Aggregate, ir.LongestGap)
_LOOKED_UP = (*ANSWERED, ir.Dated, ir.HappenedBy, ir.Named)


@dataclass(frozen=True)
class Fact:
    """Where a fact is stored, and how it reads there.

    Attributes:
        reason: (relation, column) that says why there is no answer; None where the parts of the fact say it.
        constants: column → the value that all projects have.
        filled: columns that have a value for every project.
    """

    relation: str
    found: Bool | Value
    reason: tuple[str, str] | None = None
    constants: Mapping[str, Known] = field(default_factory=dict)
    filled: frozenset[str] = frozenset()

    def read(self, alias: Callable[[], str]) -> Bool | Value:
        """Return the fact as the row of its relation holds it that *alias* joins and names."""

        def at(item: Sql) -> Sql:
            return self._column(_bare(item), alias)

        found, item = self.found, at(self.found.sql)
        nullable = found.nullable and _bare(found.sql) not in self.filled
        if isinstance(found, Bool):
            return Bool(item, nullable)
        if not nullable:
            return Value(item)
        states = [at(state) if isinstance(state, Sql) else state for state in (found.unknown, found.murk)]
        bounds = [None if bound is None else at(bound) for bound in (found.low, found.high)]
        return Value(item, nullable, some(states[0]), some(states[1]), bounds[0], bounds[1], found.is_count)

    def why(self, join: Callable[[str], str]) -> Sql | None:
        """Return why there is no answer; None where the parts of the fact say it. *join* joins the row of a relation and names it."""
        return None if self.reason is None else self._column(self.reason[1], partial(join, self.reason[0]))

    def is_open(self) -> bool:
        """Return whether there is no answer for a project, for all that is known."""
        return self.found.nullable and _bare(self.found.sql) not in self.filled

    def _column(self, name: str, alias: Callable[[], str]) -> Sql:
        return self.constants.get(name) or sql.column(alias(), name)


@dataclass(frozen=True)
class Kept:
    """What a sub-query of a rule answered for each subject, kept beside the subject.

    Attributes:
        reason: column that says why it is not known which rows count, NULL where that is known; '' where nothing says it yet.
    """

    found: Bool | Value
    reason: str

    def read(self, alias: str) -> Bool | Value:
        """Return the answer as the row *alias* holds it."""
        return Fact("", self.found).read(lambda: alias)


def _bare(item: Sql) -> str:
    """Return the name of a column that is written without its table."""
    return item.strip('"')


def layers(nodes: Iterable[Node], known: Container[Node] = ()) -> list[list[Node]]:
    """Return the facts that *nodes* ask for and that are not *known*, those that rest on others behind them."""
    levels: dict[Node, int] = {}
    looked_at: dict[Node, int] = {}

    def level(node: Node) -> int:
        """Return how many layers of facts stand below and at *node*."""
        found = looked_at.get(node)
        if found is None:
            found = looked_at[node] = 0 if node in known else counted(node)
        return found

    def counted(node: Node) -> int:
        below = max((level(child) for child in node.children()), default=0)
        if not is_fact(node):
            return below
        levels[node] = below + 1
        return below + 1

    for node in nodes:
        level(node)
    deepest = max(levels.values(), default=0)
    return [[node for node, at in levels.items() if at == number] for number in range(1, deepest + 1)]


def looked_up(node: Node | None, facts: Mapping[Node, Fact]) -> Iterator[Node]:
    """Yield the parts of a condition that sub-queries answer, but for what was computed for the whole project already."""
    if node is None or node in facts:
        return
    if isinstance(node, ANSWERED):
        yield node
        return
    for child in node.children():
        yield from looked_up(child, facts)


def is_fact(node: Node) -> bool:
    """Return whether *node* is worth being computed once per project."""
    if not isinstance(node, _LOOKED_UP) or keys_of(node):
        return False
    if isinstance(node, ir.Named) and isinstance(node.item, (*_LOOKED_UP, ir.InList)):
        return False  # what stands below is one
    return any(isinstance(part, Query) for part in node.walk())


def stored(node: Node, lowering: Lowering, scope: Scope, stem: str) -> tuple[Bool | Value, Mapping[str, Sql]]:
    """Return a fact with its parts replaced by the columns in which they are stored, and these columns."""
    columns: dict[str, Sql] = {}

    def keep(suffix: str, item: Sql, kind: Kind = Kind.BOOLEAN) -> Sql:
        is_null = isinstance(item, Known) and item.known is None  # it needs its type, else the column has another
        columns[f"{stem}{suffix}"] = sql.cast(item, SQL_TYPES[kind]) if is_null else item
        return sql.column("", f"{stem}{suffix}")

    if node.kind is Kind.BOOLEAN:
        condition = lowering.condition(node, scope)
        return Bool(keep("", sql.cast(condition.sql, "BOOLEAN")), condition.nullable), columns
    value = lowering.value(node, scope)
    states = [keep(suffix, state) if isinstance(state, Sql) else state for suffix, state in (("u", value.unknown), ("k", value.murk))]
    bounds = [None if bound is None else keep(suffix, bound, node.kind) for suffix, bound in (("l", value.low), ("h", value.high))]
    return Value(keep("", value.sql, node.kind), value.nullable, states[0], states[1], bounds[0], bounds[1], value.is_count), columns


def kept(node: Node, lowering: Lowering, scope: Scope, stem: str) -> tuple[Kept, Mapping[str, Sql]]:
    """Return what a sub-query answers for each subject, and the columns that hold it, with the reason where *lowering* explains."""
    found, columns = stored(node, lowering, scope, stem)
    if not lowering.explains:
        return Kept(found, ""), columns
    reason = f"{stem}w"
    return Kept(found, reason), {**columns, reason: why_open(node, lowering, scope)}


def why_open(node: Node, lowering: Lowering, scope: Scope) -> Sql:
    """Return the reason why a sub-query has no answer, NULL where it has one."""
    assert isinstance(node, ANSWERED)
    why = lowering.why_unseen(node.query, scope)
    return sql.cast(sql.null(), "VARCHAR") if why == sql.null() else why
