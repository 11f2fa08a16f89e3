"""Views of packs as SQL: their rows, and the projects for which they are not known."""

from collections.abc import Sequence
from dataclasses import dataclass

from auditor.checks.compile import sql
from auditor.checks.compile.lower import Lowering, Value, keys_of, missing
from auditor.checks.compile.scope import Key, Relations, Scope, Statement
from auditor.checks.compile.settings import Settings
from auditor.checks.compile.sql import Select, Sql
from auditor.model.schema import COMMON, TABLES, UNKNOWN
from auditor.rulebook import expression as ir
from auditor.rulebook.condition import HISTORY, view_columns
from auditor.rulebook.expression import Node, Selection, Source
from auditor.rulebook.names import View

_ROW_BY_ROW = (
    ir.Constant,
    ir.ColumnRef,
    ir.Today,
    ir.Not,
    ir.And,
    ir.Or,
    ir.Compare,
    ir.InList,
    ir.Like,
    ir.Arithmetic,
    ir.Function,
    ir.Filled,
    ir.KnownTrue,
    ir.IsNull,
    ir.Coalesce,
    ir.IfBlank,
    ir.Choice,
)
"""What a condition or column of a view may be made of that looks at nothing but the rows it stands for."""


def only_adds(view: View, selection: Selection) -> bool:
    """Say whether what is unknown could only add rows to *view*, and take none away and change none: unseen rows, unknown values.

    So it is where a view chooses and joins rows of tables and other views, each by itself: no groups, no windows, no left joins, nothing of
    a history, and no table that must be complete besides those it is made of.
    """
    if selection.group is not None or any(joined.is_left for joined in selection.joins):
        return False
    names = {source.name for source in selection.sources}
    if any(name not in TABLES and name.endswith(HISTORY) for name in names):
        return False
    return set(view.known_when) <= names and all(isinstance(part, _ROW_BY_ROW) for node in selection.nodes() for part in node.walk())


@dataclass(frozen=True)
class BuiltView:
    """The statements of a view.

    Attributes:
        rows: all its rows that are sure; those of a project are right only when the view is known for it, unless it `only_adds`.
        doubts: each gives projects for which the view is not known, because a condition or key is unknown there.
        known: columns of `_known` that these read.
    """

    rows: Select
    doubts: tuple[Select, ...]
    known: frozenset[str]


class ViewBuilder:
    """Builds views over the relations of one run."""

    def __init__(self, settings: Settings, relations: Relations) -> None:
        self._settings = settings
        self._relations = relations
        self._known: set[str] = set()

    def build(self, view: View, selection: Selection) -> BuiltView:
        """Return the statements of *view*."""
        self._known = set()
        doubts = [*self._local_doubts(selection), *self._join_doubts(selection), *self._row_doubts(selection)]
        rows = self._rows(view, selection)
        return BuiltView(rows, tuple(doubts), frozenset(self._known))

    def _start(self, source: Source) -> tuple[Statement, Lowering, Scope]:
        settings = self._settings
        statement = Statement(self._relations)
        lowering = Lowering(statement, settings.today, time_zones=settings.time_zones, calendars=settings.calendars)
        scope = Scope(statement, self._relations.name(source.name), _key(source), has_project=not _is_organisational(source))
        return statement, lowering, scope

    def _done(self, statement: Statement, lowering: Lowering, select: Select, tests: Sequence[Sql]) -> Select:
        if tests:
            select.where = sql.both(tests)
        self._known |= lowering.known
        return statement.with_hoists(select)

    # Doubts

    def _local_doubts(self, selection: Selection) -> list[Select]:
        """Return for each source the projects where its own part of `where` is unknown for a row that has its partners."""
        found = []
        for source in selection.sources:
            parts = _local(selection, source)
            if not parts or _is_organisational(source):
                continue
            statement, lowering, scope = self._joined(selection)
            condition = lowering.condition(ir.conjunction(parts), scope)
            if not condition.nullable:
                continue
            tests = [sql.is_null(condition.sql)]
            for other in selection.sources:
                tests += self._possible(selection, other, lowering, scope) if other != source else []
            for part in _rest(selection):
                tests.append(sql.call("coalesce", lowering.condition(part, scope).sql, sql.true()))
            found.append(self._done(statement, lowering, scope.select(scope.project_id), tests))
        return found

    def _join_doubts(self, selection: Selection) -> list[Select]:
        """Return the projects where it is unknown whether two rows belong together."""
        found: list[Select] = []
        sources = {_key(source): source for source in selection.sources}
        for joined in selection.joins:
            for part in ir.conjuncts(joined.on):
                sides = _sides(part, sources)
                if sides is None:
                    found += self._pair_doubts(part, [sources[key] for key in sources if key in keys_of(part)], selection)
                    continue
                for (node, source), (_, other) in (sides, sides[::-1]):
                    doubt = self._key_doubt(node, source, other, selection)
                    if doubt is not None:
                        found.append(doubt)
        return found

    def _key_doubt(self, node: Node, source: Source, other: Source, selection: Selection) -> Select | None:
        """Return the projects where a row has no known key while the other source has a row that it could belong to."""
        statement, lowering, scope = self._start(source)
        value = lowering.value(node, scope)
        gap = missing(value, value.murk)
        if not isinstance(gap, Sql) or _is_organisational(source):
            return None
        tests = [gap, *self._possible(selection, source, lowering, scope)]
        if not _is_organisational(other):
            partner, lowering_there, there = self._start(other)
            rows = self._done(
                partner, lowering_there, there.select(there.project_id), self._possible(selection, other, lowering_there, there)
            )
            tests.append(sql.within(scope.project_id, rows))
        return self._done(statement, lowering, scope.select(scope.project_id), tests)

    def _pair_doubts(self, part: Node, sources: Sequence[Source], selection: Selection) -> list[Select]:
        own = [source for source in sources if not _is_organisational(source)]
        if not own:
            return []
        rest = [source for source in sources if source != own[0]]
        statement, lowering, scope = self._start(own[0])
        for source in rest:
            scope.join_source(self._relations.name(source.name), _key(source), is_left=False, has_project=not _is_organisational(source))
        condition = lowering.condition(part, scope)
        if not condition.nullable:
            return []
        tests = [sql.is_null(condition.sql)]
        for source in sources:
            tests += self._possible(selection, source, lowering, scope)
        return [self._done(statement, lowering, scope.select(scope.project_id), tests)]

    def _possible(self, selection: Selection, source: Source, lowering: Lowering, scope: Scope) -> list[Sql]:
        """Return the test that a row is not surely left out by its own part of `where`."""
        parts = _local(selection, source)
        if not parts:
            return []
        condition = lowering.condition(ir.conjunction(parts), scope)
        return [sql.call("coalesce", condition.sql, sql.true()) if condition.nullable else condition.sql]

    def _row_doubts(self, selection: Selection) -> list[Select]:
        """Return the projects where the rest of `where`, or a key of a group or an order, is unknown for a row."""
        statement, lowering, scope = self._joined(selection)
        rest = _rest(selection)
        gaps: list[Sql] = []
        tests: list[Sql] = []
        for source in selection.sources:
            tests += self._possible(selection, source, lowering, scope)
        for part in rest:
            condition = lowering.condition(part, scope)
            tests.append(sql.call("coalesce", condition.sql, sql.true()))
            if condition.nullable:
                gaps.append(sql.is_null(condition.sql))
        for key in _keys(selection):
            value = lowering.value(key, scope)
            gap = missing(value, value.murk)
            if isinstance(gap, Sql):
                gaps.append(gap)
        for node in selection.nodes():
            for part in node.walk():
                if isinstance(part, ir.GroupAggregate) and part.test is not None:
                    condition = lowering.condition(part.test, scope)
                    if condition.nullable:
                        gaps.append(sql.is_null(condition.sql))
        if not gaps:
            return []
        return [self._done(statement, lowering, scope.select(scope.project_id), [*tests, sql.either(gaps)])]

    # Rows

    def _joined(self, selection: Selection) -> tuple[Statement, Lowering, Scope]:
        statement, lowering, scope = self._start(selection.first)
        for joined in selection.joins:
            source = joined.source
            scope.join_source(
                self._relations.name(source.name), _key(source), is_left=joined.is_left, has_project=not _is_organisational(source)
            )
            if joined.on is not None:
                scope.restrict(lowering.condition(joined.on, scope).sql)
        return statement, lowering, scope

    def _rows(self, view: View, selection: Selection) -> Select:
        statement, lowering, scope = self._joined(selection)
        tests = [lowering.condition(part, scope).sql for part in ir.conjuncts(selection.where)]
        types = view_columns(view)
        chosen = dict(selection.columns)
        columns: list[Sql] = [scope.project_id]
        bits: list[Sql] = []
        for name in COMMON:
            if name != "project_id":
                node = chosen.get(name)
                columns.append(_typed(sql.null() if node is None else lowering.value(node, scope).sql, types[name].type.sql, name))
        for name, described in types.items():
            if name in COMMON:
                continue
            node = chosen[name]
            value = lowering.value(node, scope)
            columns.append(_typed(value.sql, described.type.sql, name))
            gap = self._gap(node, value, selection)
            if gap is not None and described.bit is not None:
                bits.append(sql.case((gap, sql.value(1 << described.bit)), otherwise=sql.value(0)))
        total = bits[0] if bits else sql.value(0)
        for bit in bits[1:]:
            total = sql.binary("+", total, bit)
        columns.append(_typed(total, "UBIGINT", UNKNOWN))
        select = scope.select(*columns)
        if selection.group is not None:
            keys = [scope.project_id, *(lowering.value(key, scope).sql for key in selection.group)]
            select.group = keys
        return self._done(statement, lowering, select, tests)

    def _gap(self, node: Node, value: Value, selection: Selection) -> Sql | None:
        """Return where the value of a column is unknown, not blank; None: nowhere."""
        if selection.group is not None and not any(isinstance(part, ir.GroupAggregate) for part in node.walk()):
            return None  # a key of the group: where it is unknown the view is
        gap = missing(value, value.unknown)
        return gap if isinstance(gap, Sql) else None


def _typed(item: Sql, type_: str, name: str) -> Sql:
    return sql.named(sql.cast(item, type_), name)


def _key(source: Source) -> Key:
    return source.alias, source.depth


def _is_organisational(source: Source) -> bool:
    return source.name in TABLES and TABLES[source.name].is_organisational


def _local(selection: Selection, source: Source) -> list[Node]:
    """Return the parts of `where` that speak of one source alone, where its rows are not joined from the left."""
    if any(joined.is_left and joined.source == source for joined in selection.joins):
        return []
    return [part for part in ir.conjuncts(selection.where) if keys_of(part) == {_key(source)}]


def _rest(selection: Selection) -> list[Node]:
    local = [part for source in selection.sources for part in _local(selection, source)]
    return [part for part in ir.conjuncts(selection.where) if part not in local]


def _keys(selection: Selection) -> list[Node]:
    """Return what groups, partitions and orders rows."""
    found = list(selection.group or ())
    for node in selection.nodes():
        for part in node.walk():
            if isinstance(part, ir.Window):
                found += [*part.partition, *(key.item for key in part.order)]
    return found


def _sides(part: Node, sources: dict[Key, Source]) -> tuple[tuple[Node, Source], tuple[Node, Source]] | None:
    """Return the two sides of an equality of two sources, each with its source."""
    if not isinstance(part, ir.Compare) or part.operator != "=":
        return None
    left, right = keys_of(part.left), keys_of(part.right)
    if len(left) != 1 or len(right) != 1 or left == right:
        return None
    return (part.left, sources[next(iter(left))]), (part.right, sources[next(iter(right))])
