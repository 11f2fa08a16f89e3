"""One FROM clause under construction: the row that a condition speaks of, and what is joined to it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from auditor.checks.compile import sql
from auditor.checks.compile.seen import NOTHING_KNOWN, Seen
from auditor.checks.compile.sql import Known, Select, Sql
from auditor.checks.quoting import ROW
from auditor.rulebook.expression import Node, Query

Key = tuple[str, int]
"""How a condition calls a row: its alias, and how deep it stands (0: the subject, 1: a sub-query's row)."""

PROJECT = "_project"
KNOWN = "_known"
PARAMS = "_params"
PERSON = "_person"


class Hoists:
    """Aggregations that conditions ask for, of one statement or of several: each is computed once."""

    def __init__(self, stem: str = "h") -> None:
        self._stem = stem
        self._count = 0
        self._held: dict[object, Hoist] = {}

    def get(self, key: object, make: "Callable[[str], Hoist]") -> "Hoist":
        """Return the aggregation with that key; *make* gives a new one by its name."""
        found = self._held.get(key)
        if found is None:
            self._count += 1
            found = self._held[key] = make(f"{self._stem}{self._count}")
        return found

    def take(self) -> "list[Hoist]":
        """Return what was asked for so far, each behind those that it reads; whoever asks from now on gets new ones."""
        found = self.held()
        self._held.clear()
        return found

    def held(self) -> "list[Hoist]":
        """Return what was asked for so far, each behind those that it reads."""
        done: dict[Hoist, None] = {}

        def add(hoist: Hoist) -> None:
            for other in hoist.scope.hoists:
                add(other)
            done.setdefault(hoist)

        for hoist in list(self._held.values()):
            add(hoist)
        return list(done)


_NAME = re.compile(r'"(\w+)"\.')


def _nothing_seen(_relation: str) -> Seen:
    return NOTHING_KNOWN


def _nothing_settled(_source: str) -> Known | None:
    return None


@dataclass(frozen=True)
class Relations:
    """The relations of one run.

    Attributes:
        name: source → name of the relation that holds its rows, which exists from then on.
        seen: relation → what is known of its rows.
        settled: column of KNOWN → its value where it is the same for all projects; None: it is not, or that is not known.
    """

    name: Callable[[str], str]
    seen: Callable[[str], Seen] = _nothing_seen
    settled: Callable[[str], Known | None] = _nothing_settled


@dataclass
class Statement:
    """What belongs to one SQL statement: the aggregations that it joins, and its names."""

    relations: Relations
    hoists: Hoists = field(default_factory=Hoists)
    _count: int = 0

    def new_name(self, stem: str) -> str:
        """Return a name that nothing else in the statement has."""
        self._count += 1
        return f"{stem}{self._count}"

    def with_hoists(self, select: Select) -> Select:
        """Return *select* with the aggregations that it joins as common table expressions."""
        select.before = {hoist.name: hoist.build() for hoist in self.hoists.take()}
        return select


class Scope:
    """A relation under a name, with the rows of other relations joined to each of its rows, at most one of each."""

    def __init__(
        self,
        statement: Statement,
        relation: str,
        key: "Key | None",
        *,
        parent: "Scope | None" = None,
        has_project: bool = True,
        rows_of: str = "",
    ) -> None:
        """Begin with the rows of *relation*, which are some of those of *rows_of* where that is given."""
        self.statement = statement
        self.relation = relation
        self.alias = statement.new_name("s")
        self.rows: dict[Key, str] = {} if key is None else {key: self.alias}  # (alias in the condition, depth) → name in the statement
        self.optional: set[str] = set()  # names of rows that may be missing
        self.parent = parent
        self.has_project = has_project
        self.hoists: dict[Hoist, None] = {}
        self.element: Sql | None = None
        self.memo: dict[object, object] = {}  # what was lowered here already
        self._sources: dict[str, str] = {self.alias: rows_of or relation}  # name → relation whose rows it has
        self._joins: list[tuple[str, list[Sql]]] = []  # what is joined, and the tests of it
        self._names: list[str] = []  # of what is joined
        self._joined: dict[object, str] = {}
        self._is_multiplied = False

    @property
    def anchor(self) -> "Scope":
        """The scope to which facts of the whole project are joined: the outermost of those that are computed row by row."""
        return self if self.parent is None else self.parent.anchor

    @property
    def project_id(self) -> Sql:
        """The project of the row."""
        return sql.column(self.alias, "project_id")

    @property
    def nearest_project_id(self) -> Sql:
        """The project of the row, or of the row that it is computed for when its table belongs to the organisation."""
        return self.project_id if self.has_project or self.parent is None else self.parent.nearest_project_id

    def seen(self, alias: str) -> Seen:
        """Return what is known of the rows that are called *alias* in the statement."""
        source = self._sources.get(alias)
        return NOTHING_KNOWN if source is None else self.statement.relations.seen(source)

    def owner(self, key: Key) -> "Scope | None":
        """Return the scope whose row is called *key*: this one or one around it."""
        scope: Scope | None = self
        while scope is not None and key not in scope.rows:
            scope = scope.parent
        return scope

    def join_source(self, relation: str, key: Key, *, is_left: bool, has_project: bool) -> str:
        """Join rows of another source of the same project, any number of them, and return their name; `restrict` says which."""
        found = self.statement.new_name("s")
        self.rows[key] = found
        self._sources[found] = relation
        if is_left:
            self.optional.add(found)
        on = [sql.binary("=", sql.column(found, "project_id"), self.project_id)] if has_project else []
        self._add(found, f"{'LEFT JOIN' if is_left else 'JOIN'} {sql.relation(relation, found)}", on)
        self._is_multiplied = True
        return found

    def _add(self, name: str, joined: str, on: list[Sql]) -> None:
        self._names.append(name)
        self._joins.append((joined, on))

    def restrict(self, test: Sql) -> None:
        """Add a test to the last join."""
        self._joins[-1][1].append(test)

    def of_project(self, relation: str) -> str:
        """Join the project's row of *relation* and return its name."""
        anchor = self.anchor
        if anchor.relation == relation:
            return anchor.alias
        return anchor.attach(relation, relation, lambda alias: sql.binary("=", sql.column(alias, "project_id"), anchor.project_id))

    def row_of(self, relation: str, id_: Sql, key: object) -> str:
        """Join the row of *relation* with that id in the same project and return its name."""

        def on(alias: str) -> Sql:
            same = sql.binary("=", sql.column(alias, "project_id"), self.nearest_project_id)
            return sql.both([same, sql.binary("=", sql.column(alias, "id"), id_)])

        return self.attach((relation, key), relation, on)

    def join_hoist(self, hoist: "Hoist", outer: Sql | None, key: object) -> str:
        """Join what was aggregated, by the project and, where *outer* is given, by its value."""
        home = self.anchor if outer is None else self
        self.anchor.hoists[hoist] = None

        def on(alias: str) -> Sql:
            tests = []
            if hoist.scope.has_project:
                tests.append(sql.binary("=", sql.column(alias, "project_id"), home.nearest_project_id))
            if outer is not None:
                tests.append(sql.binary("=", sql.column(alias, "k"), outer))
            return sql.both(tests)

        return home.attach((hoist.name, key), hoist.name, on)

    def attach(self, key: object, relation: str, on: Callable[[str], Sql]) -> str:
        """Join at most one row of *relation*, once for each *key*, and return its name."""
        found = self._joined.get(key)
        if found is None:
            found = self._joined[key] = self.statement.new_name("j")
            self._add(found, f"LEFT JOIN {sql.relation(relation, found)}", [on(found)])
        return found

    @property
    def has_single_rows(self) -> bool:
        """Whether each row of the relation stands here once, so that its place tells it."""
        return self.parent is None and self.has_project and not self._is_multiplied

    def beside(self, inner: "Scope", columns: Sequence[Sql], where: Sequence[Sql]) -> Select:
        """Return rows of *inner*, each with the place `k` of the row of this scope that it belongs to; only with `has_single_rows`."""
        own = [f"{joined} ON {sql.both(tests)}" for joined, tests in inner._joins]  # noqa: SLF001  (the same class)
        joins = {name: f"{joined} ON {sql.both(tests)}" for name, (joined, tests) in zip(self._names, self._joins, strict=True)}
        needed: set[str] = set()
        waiting = " ".join((*columns, *where, *own))
        while found := {name for name in _NAME.findall(waiting) if name in joins} - needed:
            needed |= found
            waiting = " ".join(joins[name] for name in found)
        same = [sql.binary("=", inner.project_id, self.project_id)] if inner.has_project else []
        partner = f"JOIN {sql.relation(inner.relation, inner.alias)} ON {sql.both(same)}"
        chosen = [join for name, join in joins.items() if name in needed]
        key = sql.named(sql.column(self.alias, ROW), "k")
        return Select(
            [key, *columns], sql.relation(self.relation, self.alias), [*chosen, partner, *own], sql.both(where) if where else None
        )

    def join_beside(self, select: Select) -> str:
        """Join what *select* gives by the place `k` of this scope's row; where it gives nothing, its columns are NULL."""
        found = self.statement.new_name("l")
        on = [sql.binary("=", sql.column(found, "k"), sql.column(self.alias, ROW))]
        self._add(found, f"LEFT JOIN {sql.rows_of(select, found)}", on)
        return found

    def join_lateral(self, select: Select) -> str:
        """Join what *select*, which may speak of this scope's row, gives for each row."""
        found = self.statement.new_name("l")
        self._add(found, f"LEFT JOIN LATERAL {sql.rows_of(select, found)}", [])
        return found

    def select(self, *columns: Sql, where: Sequence[Sql] = ()) -> Select:
        """Return `select columns from the relation and all that was joined`, for the rows that meet all of *where*."""
        joins = [f"{joined} ON {sql.both(tests)}" for joined, tests in self._joins]
        return Select(list(columns), sql.relation(self.relation, self.alias), joins, sql.both(where) if where else None)


class Hoist:
    """Rows of a source aggregated once per project, or per project and key, for every condition that asks about them.

    Attributes:
        name: of the relation that holds it.
        scope: of the rows.
        key: the expression by which rows are found; None: by their project alone.
        constants: measure → the value that it has for all projects, once it was computed.
    """

    def __init__(self, name: str, scope: Scope, key: Sql | None) -> None:
        self.name = name
        self.scope = scope
        self.key = key
        self.constants: Mapping[str, Known] = {}
        self._inner: dict[Sql, str] = {}  # computed for each row → its name
        self._measures: dict[Sql, str] = {}  # computed for each group → its name
        self._needed: dict[Sql, None] = {}
        self._needs_all = False

    def need(self, test: Sql | None) -> None:
        """Say that measures look at rows that meet *test*; None: at every row. What none of them looks at is not aggregated."""
        if test is None:
            self._needs_all = True
        else:
            self._needed[test] = None

    def inner(self, item: Sql) -> Sql:
        """Compute *item* once per row and return its column."""
        return sql.column("", self._inner.setdefault(item, f"c{len(self._inner) + 1}"))

    def measure(self, aggregate: Sql) -> str:
        """Compute *aggregate* (over columns of `inner`) once per group and return its column."""
        return self._measures.setdefault(aggregate, f"m{len(self._measures) + 1}")

    def read(self, measure: str, joined: Callable[[], str]) -> Sql:
        """Return a measure as it is read where *joined* joins and names the aggregation."""
        return self.constants.get(measure) or sql.column(joined(), measure)

    def build(self) -> Select:
        """Return the aggregation."""
        groups: list[tuple[str, Sql]] = []
        if self.scope.has_project:
            groups.append(("project_id", self.scope.project_id))
        tests: list[Sql] = []
        if self.key is not None:
            groups.append(("k", self.key))
            tests.append(sql.is_there(self.key))
        if self._needed and not self._needs_all:
            tests.append(sql.either(self._needed))
        computed = [(alias, item) for item, alias in self._inner.items()]
        columns = [sql.named(item, alias) for alias, item in [*groups, *computed]]
        inner = self.scope.select(*(columns or [sql.value(1)]), where=tests)  # rows of the organisation that are only counted
        keys = [sql.column("", alias) for alias, _ in groups]
        measures = [sql.named(item, alias) for item, alias in self._measures.items()]
        return Select([*keys, *measures], sql.rows_of(inner, "r"), group=keys)


def hoist_key(query: Query, key: Node | None) -> tuple[object, ...]:
    """Return what tells one aggregation from another."""
    return (query.source.name, key, query.day)
