"""What conditions ask about a project as a whole: computed once per run and project, however many rules and rows ask for it.

A part of a condition that looks things up and speaks of no row at hand (`gate_on('rfe')`, `uses('risk_log')`) is such a fact. Facts that
rest on other facts are computed after them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from auditor.checks.compile import sql
from auditor.checks.compile.lower import Bool, Lowering, Value, keys_of
from auditor.checks.compile.scope import Scope
from auditor.checks.compile.sql import Sql
from auditor.checks.quoting import quoted
from auditor.model.types import Kind
from auditor.rulebook import expression as ir
from auditor.rulebook.expression import Node, Query

ANSWERED = (ir.Exists, ir.Count, ir.Aggregate, ir.LongestGap)
_LOOKED_UP = (*ANSWERED, ir.Dated, ir.HappenedBy, ir.Named)


@dataclass(frozen=True)
class Fact:
    """Where a fact is stored, and how it reads there.

    Attributes:
        reason: column that says why there is no answer; '' where the parts of the fact say it.
    """

    relation: str
    found: Bool | Value
    reason: str = ""

    def read(self, alias: str) -> Bool | Value:
        """Return the fact as the row *alias* of its relation holds it."""
        if isinstance(self.found, Bool):
            return Bool(_at(self.found.sql, alias), self.found.nullable)
        found = self.found
        states = [_at(state, alias) if isinstance(state, Sql) else state for state in (found.unknown, found.murk)]
        bounds = [None if bound is None else _at(bound, alias) for bound in (found.low, found.high)]
        return Value(_at(found.sql, alias), found.nullable, states[0], states[1], bounds[0], bounds[1], found.is_count)


@dataclass(frozen=True)
class Kept:
    """What a sub-query of a rule answered for each subject, kept beside the subject.

    Attributes:
        reason: column that says why it is not known which rows count; NULL where that is known.
    """

    found: Bool | Value
    reason: str

    def read(self, alias: str) -> Bool | Value:
        """Return the answer as the row *alias* holds it."""
        return Fact("", self.found).read(alias)


def _at(item: Sql, alias: str) -> Sql:
    return Sql(f"{quoted(alias)}.{item}")


def layers(nodes: Iterable[Node]) -> list[list[Node]]:
    """Return the facts that *nodes* ask for, those that rest on others behind them."""
    levels: dict[Node, int] = {}

    def level(node: Node) -> int:
        """Return how many layers of facts stand below and at *node*."""
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

    def keep(suffix: str, item: Sql) -> Sql:
        columns[f"{stem}{suffix}"] = item
        return sql.column("", f"{stem}{suffix}")

    if node.kind is Kind.BOOLEAN:
        condition = lowering.condition(node, scope)
        return Bool(keep("", sql.cast(condition.sql, "BOOLEAN")), condition.nullable), columns
    value = lowering.value(node, scope)
    states = [keep(suffix, state) if isinstance(state, Sql) else state for suffix, state in (("u", value.unknown), ("k", value.murk))]
    bounds = [None if bound is None else keep(suffix, bound) for suffix, bound in (("l", value.low), ("h", value.high))]
    return Value(keep("", value.sql), value.nullable, states[0], states[1], bounds[0], bounds[1], value.is_count), columns


def kept(node: Node, lowering: Lowering, scope: Scope, stem: str) -> tuple[Kept, Mapping[str, Sql]]:
    """Return what a sub-query answers for each subject, with the reason where it does not, and the columns that hold it."""
    found, columns = stored(node, lowering, scope, stem)
    reason = f"{stem}w"
    assert isinstance(node, ANSWERED)
    return Kept(found, reason), {**columns, reason: lowering.why_unseen(node.query, scope)}
