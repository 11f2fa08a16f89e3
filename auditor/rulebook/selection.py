"""Views of packs: from one SELECT to a typed tree, or to an error that says where and what to write instead.

What conditions refuse is refused here too; beside them a view may join sources of the same project, group, and look at neighbouring rows.
"""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from auditor.errors import RuleError, did_you_mean
from auditor.model.schema import COMMON, TABLES
from auditor.rulebook import expression as ir
from auditor.rulebook.condition import VIEW_TYPES, Context, Language, Locate, Reader, Wrong, check_size, fits, parse_sql
from auditor.rulebook.expression import Node, Selection, Source
from auditor.rulebook.names import View

if TYPE_CHECKING:
    from sqlglot import exp

_GROUPING = ("count", "min", "max", "sum")
_WINDOWS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "row_number": (0, 0),
        "rank": (0, 0),
        "dense_rank": (0, 0),
        "lag": (1, 2),
        "lead": (1, 2),
        "first_value": (1, 1),
        "last_value": (1, 1),
        "count": (1, 1),
        "min": (1, 1),
        "max": (1, 1),
        "sum": (1, 1),
    }
)
"""Window functions with the fewest and the most arguments."""
_SIDES = ("UNBOUNDED PRECEDING", "CURRENT ROW", "UNBOUNDED FOLLOWING")
_CLAUSES = ("expressions", "from_", "joins", "where", "group", "kind")


def analyse_view(view: View, language: Language, *, at: Locate | None = None) -> Selection:
    """Return the meaning of a view.

    Args:
        view: the view.
        language: what it may name; only views that stand before it in `language.views` are taken.
        at: tells the place of a character of its SELECT.

    Raises:
        RuleError: it is not well formed, names what does not exist, or asks for what is refused.
    """
    locate = at or (lambda _offset: None)
    earlier = {}
    for name, other in language.views.items():
        if name == view.name:
            break
        earlier[name] = other
    context = Context(Language(language.terms, earlier, language.events, language.extra), element="")
    try:
        return _ViewReader(context).selection(view)
    except Wrong as wrong:
        raise RuleError(wrong.message, at=locate(wrong.offset), hint=wrong.hint) from None
    except RecursionError:
        raise RuleError("the view is nested too deeply", at=locate(0), hint="name a part of it as another view") from None


class _ViewReader(Reader):
    """Reads the SELECT of a view: all its sources are rows at hand, aggregates and windows are values."""

    def selection(self, view: View) -> Selection:
        """Return the meaning of *view*."""
        from sqlglot import exp  # noqa: PLC0415  (half a second that only reading of rules pays)

        tree, self._days = parse_sql(view.select, into_query=True)
        if not isinstance(tree, exp.Select):
            raise Wrong("a view is one SELECT", 0)
        extra = sorted(key for key, value in tree.args.items() if value and key not in _CLAUSES)
        if extra:
            raise Wrong(f"'{extra[0].rstrip('_')}' is refused in views", 0, "name another view for it")
        start = tree.args.get("from_")
        if start is None:
            raise Wrong("a view selects from a table or view", 0)
        self._frames = []
        first = self._source(start.this)
        joins = tuple(self._join(join) for join in tree.args.get("joins") or ())
        where = tree.args.get("where")
        condition = None if where is None else self._boolean(where.this)
        group = tree.args.get("group")
        keys = None if group is None else self._keys(group)
        columns = self._columns(tree, view, is_grouped=keys is not None)
        found = Selection(first, joins, condition, keys, columns)
        for node in found.nodes():
            check_size(node)
        return found

    def _source(self, table: "exp.Expression") -> Source:
        from sqlglot import exp  # noqa: PLC0415

        if not isinstance(table, exp.Table) or not isinstance(table.this, exp.Identifier) or table.args.get("db"):
            raise self._wrong("a view reads tables and views by their names", table)
        if any(value for key, value in table.args.items() if value and key not in ("this", "alias")):
            raise self._wrong("a view reads tables and views by their names", table)
        name = str(table.name).lower()
        if self._language.columns(name) is None:
            hint = did_you_mean(name, self._language.sources) or "views stand behind those that they read"
            raise self._wrong(f"unknown table or view {name[:60]!r}", table, hint)
        if self._days.get(table.this.meta.get("start", -1)):
            raise self._wrong("a view reads rows as they are; name the history itself", table, f"from {name}_history")
        alias = str(table.alias or name).lower()
        if any(frame.alias == alias for frame in self._frames):
            raise self._wrong(f"{alias!r} occurs twice", table, f"from {name} other")
        source = Source(name, alias, 0)
        self._frames.append(source)
        return source

    def _join(self, join: "exp.Join") -> ir.Joined:
        from sqlglot import exp  # noqa: PLC0415

        extra = [key for key, value in join.args.items() if value and key not in ("this", "on", "using", "side", "kind")]
        side = str(join.args.get("side") or "").upper()
        if extra or side not in ("", "LEFT") or str(join.args.get("kind") or "INNER").upper() not in ("INNER", "OUTER"):
            raise self._wrong("only join and left join are possible", join)
        earlier = list(self._frames)
        source = self._source(join.this)
        rest: list[exp.Expression] = []
        bound = source.name in TABLES and TABLES[source.name].is_organisational
        for item in join.args.get("using") or ():
            if str(item.name).lower() != "project_id":
                raise self._wrong("only project_id can stand behind 'using'", join, "on a.x = b.y")
            bound = True
        on = join.args.get("on")
        parts: list[Any] = [] if on is None else list(on.flatten()) if isinstance(on, exp.And) else [on]
        for part in parts:
            plain = part.unnest()
            if self._is_project(plain, source, earlier):
                bound = True
            else:
                rest.append(plain)
        if not bound:
            raise self._wrong(
                "a view joins rows of one project", join, f"on {source.alias}.project_id = {earlier[0].alias}.project_id and …"
            )
        tests = [self._boolean(part) for part in rest]
        return ir.Joined(source, side == "LEFT", ir.conjunction(tests) if tests else None)

    def _is_project(self, part: "exp.Expression", source: Source, earlier: Collection[Source]) -> bool:
        """Return whether *part* is `source.project_id = other.project_id`."""
        from sqlglot import exp  # noqa: PLC0415

        if not isinstance(part, exp.EQ) or not all(_is_project_id(side) for side in (part.this, part.expression)):
            return False
        tables = {str(side.table).lower() for side in (part.this, part.expression)}
        return source.alias in tables and any(other.alias in tables for other in earlier)

    def _keys(self, group: "exp.Group") -> tuple[Node, ...]:
        if extra := [key for key, value in group.args.items() if value and key != "expressions"]:
            raise self._wrong(f"'{extra[0]}' is refused", group)
        found = []
        for item in group.expressions:
            if not _is_project_id(item):
                node = self._node(item)
                if isinstance(node, ir.Constant):
                    raise self._wrong("a group is named by its expression", item)
                found.append(node)
        return tuple(found)

    def _columns(self, tree: "exp.Select", view: View, *, is_grouped: bool) -> tuple[tuple[str, Node], ...]:
        from sqlglot import exp  # noqa: PLC0415

        found: dict[str, Node] = {}
        has_project = False
        for item in tree.expressions:
            name = str(item.alias_or_name).lower()
            inner = item.this if isinstance(item, exp.Alias) else item
            if name == "project_id" and _is_project_id(inner):
                has_project = True
                continue
            if not name or name in found:
                raise self._wrong("every column of a view has a name of its own", item, "x as name")
            if name not in COMMON and name not in view.columns:
                raise self._wrong(f"{name[:60]!r} is not declared", item, did_you_mean(name, view.columns) or "declare it under columns")
            node = self._node(inner)
            wanted = view.columns.get(name)
            if wanted is not None and not fits(node, wanted):
                raise self._wrong(f"{name!r} is declared as {wanted}; here it is {node.kind}", item)
            found[name] = node
        if not has_project:
            raise Wrong("a view has project_id", 0, f"select {self._frames[0].alias}.project_id, …")
        if "id" not in found:
            raise Wrong("a view has an id", 0, f"select {self._frames[0].alias}.id, …, or min(x.id) as id of a group")
        if missing := [name for name in view.columns if name not in found and name not in COMMON]:
            raise Wrong(f"the declared column {missing[0]!r} is not selected", 0)
        if not is_grouped and any(isinstance(part, ir.GroupAggregate) for node in found.values() for part in node.walk()):
            raise Wrong("an aggregate stands in a view with 'group by'", 0, "group by project_id")
        return tuple(found.items())

    # Values that only views have

    def _node(self, tree: "exp.Expression") -> Node:
        from sqlglot import exp  # noqa: PLC0415

        if isinstance(tree, exp.Window):
            return self._window(tree)
        if isinstance(tree, exp.Filter):
            inner = self._node(tree.this)
            if not isinstance(inner, ir.GroupAggregate):
                raise self._wrong("'filter' stands behind an aggregate", tree)
            return ir.GroupAggregate(inner.function, inner.item, self._boolean(tree.expression.this), at=inner.at)
        if isinstance(tree, exp.Anonymous) and str(tree.this).lower() in _GROUPING and not self._inside_term:
            return self._aggregate(tree)
        return super()._node(tree)

    def _aggregate(self, tree: "exp.Anonymous") -> Node:
        from sqlglot import exp  # noqa: PLC0415

        name = str(tree.this).lower()
        if len(tree.expressions) != 1:
            raise self._wrong(f"{name} has one argument", tree)
        argument = tree.expressions[0]
        at = self._at(tree)
        if isinstance(argument, exp.Star):
            if name != "count":
                raise self._wrong("only count(*) is possible", tree)
            return ir.GroupAggregate("count", None, at=at)
        if isinstance(argument, exp.Distinct):
            if name != "count" or len(argument.expressions) != 1:
                raise self._wrong("only count(distinct x) is possible", tree)
            return ir.GroupAggregate("count_distinct", self._node(argument.expressions[0]), at=at)
        item = self._node(argument)
        if name == "sum" and item.kind not in ir.NUMBERS:
            raise self._wrong("only numbers are summed", tree)
        return ir.GroupAggregate(name, item, at=at)  # type: ignore[arg-type]  # one of _GROUPING

    def _window(self, tree: "exp.Window") -> Node:
        from sqlglot import exp  # noqa: PLC0415

        call = tree.this
        name = str(call.this).lower() if isinstance(call, exp.Anonymous) else ""
        if name not in _WINDOWS:
            raise self._wrong(f"{name[:60]!r} is no window function that views have", tree, did_you_mean(name, _WINDOWS))
        fewest, most = _WINDOWS[name]
        if name == "count" and len(call.expressions) == 1 and isinstance(call.expressions[0], exp.Distinct):
            if tree.args.get("order") is not None or len(call.expressions[0].expressions) != 1:
                raise self._wrong("count(distinct x) over (partition by …) has one column and no order", tree)
            name, call = "count_distinct", call.expressions[0]
        arguments = [item for item in call.expressions if not isinstance(item, exp.Star)]
        is_star = name == "count" and len(call.expressions) == 1 and not arguments
        if not is_star and not fewest <= len(arguments) <= most:
            raise self._wrong(f"{name} has {fewest} argument{'s' if fewest != 1 else ''}", tree)
        values = tuple(self._node(item) for item in arguments)
        if name in ("lag", "lead") and len(values) == 2 and not isinstance(values[1], ir.Constant):
            raise self._wrong("the second argument is a number", tree)
        if name == "sum" and values[0].kind not in ir.NUMBERS:
            raise self._wrong("only numbers are summed", tree)
        partition = tuple(self._node(item) for item in tree.args.get("partition_by") or () if not _is_project_id(item))
        order = tree.args.get("order")
        keys = () if order is None else tuple(ir.Ordered(self._node(item.this), bool(item.args.get("desc"))) for item in order.expressions)
        if not keys and name not in ("count", "count_distinct", "min", "max", "sum"):
            raise self._wrong(f"{name} needs 'order by'", tree)
        return ir.Window(name, values, partition, keys, self._rows_between(tree), at=self._at(tree))

    def _rows_between(self, tree: "exp.Window") -> tuple[str, str] | None:
        spec = tree.args.get("spec")
        if spec is None:
            return None
        sides = []
        for side in ("start", "end"):
            written = f"{spec.args.get(side) or 'CURRENT ROW'} {spec.args.get(side + '_side') or ''}".strip().upper()
            number = written.removesuffix(" PRECEDING").removesuffix(" FOLLOWING")
            if written not in _SIDES and not (number.isdigit() and len(number) < 5):
                raise self._wrong("only 'rows between' of unbounded, current row and numbers of rows is possible", tree)
            sides.append(written)
        if str(spec.args.get("kind") or "").upper() != "ROWS" or spec.args.get("exclude"):
            raise self._wrong("only 'rows between' is possible", tree)
        return sides[0], sides[1]


def _is_project_id(tree: "exp.Expression") -> bool:
    from sqlglot import exp  # noqa: PLC0415

    return isinstance(tree, exp.Column) and str(tree.name).lower() == "project_id"


def column_type(view: View, name: str) -> str:
    """Return how a column of a view is stored."""
    return VIEW_TYPES[view.columns[name]].sql if name in view.columns else TABLES["risk"].by_name[name].type.sql
