"""One run of rules over one database: what is prepared once, and the statements that answer.

Statements are built as trees (`compile`), run fused, and one by one where a fused one fails, so that one rule's mistake is its own.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from threading import Timer
from types import NoneType
from typing import TYPE_CHECKING, Any

from auditor.checks.compile import sql
from auditor.checks.compile.facts import ANSWERED, Fact, layers
from auditor.checks.compile.lower import BEGINNING, PERSONS, Unsupported
from auditor.checks.compile.plan import WHOLE, CheckPlan, RulePlan
from auditor.checks.compile.scope import KNOWN, PERSON, PROJECT, Hoist, Relations
from auditor.checks.compile.seen import NOTHING_KNOWN, Seen
from auditor.checks.compile.settings import Settings
from auditor.checks.compile.sql import Known, Select
from auditor.checks.compile.statement import FALSE, LEAST, MAY_PASS, TRUE, Builder, Deciding, Gating, Ready, named_columns
from auditor.checks.compile.views import ViewBuilder, only_adds
from auditor.checks.database import EVERY, HISTORY, ORDER, Database, is_zone, table_types
from auditor.checks.inputs import ExpectedProduct, Plan, ProjectPlan
from auditor.checks.params import Params
from auditor.checks.quoting import PLACE, ROW, literal, quoted
from auditor.checks.shown import Asked, Decided, Picking, Shown, counted_here
from auditor.checks.verdict import State
from auditor.model.schema import TABLES, UNKNOWN
from auditor.model.types import Kind
from auditor.rulebook import expression as ir
from auditor.rulebook.condition import view_columns
from auditor.rulebook.expression import Node, Selection
from auditor.rulebook.folding import Holding, per_element
from auditor.rulebook.names import View
from auditor.rulebook.rule import Each

if TYPE_CHECKING:
    import duckdb

EXPECTED = "expected"
MOST_SECONDS = 300
"""How long one statement may take before its rules end as errors."""

_TOO_LONG = "InterruptException"  # the engine stopped a statement at its deadline
_BITS = 60  # views whose projects stand in one number
_LISTED = 500  # elements of a list that stand in the statement itself
_HERE = 100_000  # codes that are counted and picked here: below it a statement costs more than the work
_PLAIN = ("VARCHAR", "DATE", "BOOLEAN")  # types whose literals have them by themselves
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|[0-9][0-9.,:-]*")
_UNKNOWN = ProjectPlan(is_known=False)
NO_COUNTS: Mapping[State, int] = {}
_STATE_ORDER = (State.TRUE, State.FALSE, State.UNKNOWN, State.MAY_PASS)


class Engine:
    """Everything about one run but what people said and how it is shown.

    Attributes:
        projects: ids in their order.
        errors: rule → why it cannot be decided.
        retried: why statements of several rules did not run; each rule of theirs was decided by itself then, at more cost.
    """

    def __init__(
        self, database: Database, checks: CheckPlan, plan: Plan, as_of: date, *, fuse: bool = True, seconds: float = MOST_SECONDS
    ) -> None:
        self.today = as_of
        self.retried: list[str] = []
        self.errors: dict[str, str] = {id_: rule.error for id_, rule in checks.rules.items() if rule.error}
        self._database = database
        self._con = database.con
        self._checks = checks
        self._plan = plan
        self._fuse = fuse
        self._seconds = seconds
        self._made: set[str] = set()
        self._seen_of: dict[str, Seen] = {}
        self._settled: dict[str, Known | None] = {}
        self._elements_of: dict[str, int] = {}
        self._known_of: dict[str, frozenset[str]] = {}
        self._listed: dict[tuple[str | None, str], tuple[bool, date | None]] = {}
        self._broken: dict[str, str] = {}
        if as_of < database.as_of:
            database.look_back(as_of)
        self.projects = self._projects()
        self.params = Params(self._con, checks, self.projects, plan)
        self.params.store(database)
        self._ready = self._resolved()
        self._relations = Relations(self._relation, self._seen, self._settle)
        self._builder = Builder(self._settings, self._relations)
        self._decided: dict[str, Decided] = {}
        self._hoisted: list[str] = []
        self._picking = Picking(database, self._builder, self._prepare, self._relation, self._named)
        self._gating: dict[str, tuple[Gating, dict[str, tuple[Any, ...]]]] = {}
        self._reasons: dict[str, tuple[Gating, dict[str, tuple[Any, ...]]]] = {}
        self._decide()

    # Preparing

    def _projects(self) -> list[str]:
        self._database.ensure("project")
        self._database.ensure("calendar_day")
        con = self._con
        zones = [row[0] for row in con.execute("select distinct time_zone from project where time_zone is not null order by 1").fetchall()]
        valid = [zone for zone in zones if is_zone(zone)]
        calendars = con.execute("select distinct calendar from calendar_day where calendar is not null").fetchall()
        listed = ", ".join(map(literal, valid)) or "''"
        self._database.define(
            PROJECT,
            f"select p.* exclude ({ROW}), row_number() over (order by p.project_id) - 1 as {ROW}, case when time_zone in ("
            + listed
            + ") then time_zone else 'UTC' end as _zone, coalesce(c.off, []) as _off, coalesce(c.extra, []) as _extra "
            "from (select * from project qualify row_number() over (partition by project_id order by id, source, url) = 1) p "
            "left join (select calendar, list(on_date order by on_date) filter (not is_working and isodow(on_date) < 6) as off, "
            "list(on_date order by on_date) filter (is_working and isodow(on_date) >= 6) as extra from calendar_day group by calendar) c "
            "on c.calendar = p.calendar where p.project_id is not null",
            stored=True,
        )
        self._made.add(PROJECT)
        self._settings = Settings(
            self.today,
            time_zones=any(zone not in ("UTC", "Etc/UTC") for zone in valid),
            calendars=bool(calendars),
            past=self._database.past is not None,
        )
        return [row[0] for row in con.execute(f"select project_id from {PROJECT} order by 1").fetchall()]

    def _relation(self, source: str) -> str:
        """Return the name of the relation that holds the rows of *source*, which exists from now on."""
        if source == WHOLE:
            return PROJECT
        if source not in self._made:
            if source == EXPECTED:
                self._load_expected()
            elif source == PERSON:
                self._database.ensure("person")
                self._database.define(
                    PERSON,
                    "select project_id, id, kind, realm, identity, "
                    f"identity is null and ({UNKNOWN} & {TABLES[PERSONS].by_name['identity'].mask}) <> 0 as may_have_identity from person "
                    "qualify row_number() over (partition by project_id, id order by identity nulls last, source) = 1",
                    stored=True,
                )
            elif source in self._checks.language.views:
                if source in self._broken:
                    raise Unsupported(self._broken[source])
                self._store_view(self._checks.language.views[source])
            else:
                self._database.ensure(source)
            self._made.add(source)
        return source

    def _seen(self, relation: str) -> Seen:
        """Return what is known of the rows of a relation: much where there are few, else only what is unknown in some of them."""
        found = self._seen_of.get(relation)
        if found is None:
            types = self._types(relation)
            found = self._seen_of[relation] = NOTHING_KNOWN if not types else self._look_at(relation, types)
        return found

    def _types(self, relation: str) -> Mapping[str, str]:
        """Return column → type of a relation whose rows say which of their values are unknown; nothing for others."""
        if relation == PROJECT:
            return table_types(WHOLE)
        views = self._checks.language.views
        if relation in views:
            return {name: column.type.sql for name, column in view_columns(views[relation]).items()}
        table = relation if relation in TABLES else relation.removeprefix(EVERY)
        return table_types(table) if table.removesuffix(HISTORY) in TABLES else {}

    def _look_at(self, relation: str, types: Mapping[str, str]) -> Seen:
        columns = list(types) if self._database.is_small else []
        counts = "".join(f", count({quoted(name)})" for name in columns)
        selected = f"count(*), bit_or({UNKNOWN}), bit_and({UNKNOWN}){counts}"
        found = self._con.execute(f"select {selected} from {quoted(relation)}").fetchone()
        assert found is not None
        rows, sometimes, always, *filled = found
        if not rows:
            return Seen(rows=0)
        constants = {name: sql.known(f"CAST(NULL AS {types[name]})", None) for name, n in zip(columns, filled, strict=True) if not n}
        if relation == PROJECT and columns:
            constants |= self._common(relation, [name for name in columns if name not in constants])[0]
        every = frozenset(name for name, n in zip(columns, filled, strict=True) if n == rows)
        return Seen(rows=rows, sometimes=sometimes or 0, always=always or 0, filled=every, constants=constants)

    def _common(self, relation: str, columns: Sequence[str] = (), rows_of: Hoist | None = None) -> tuple[dict[str, Known], frozenset[str]]:
        """Return column → the value that it has for all projects, and the columns that have one for every project.

        Args:
            relation: with one row per project, or an aggregation; nothing is known of it unless there are few projects.
            columns: those that are looked at; none: all.
            rows_of: the aggregation that it holds, which may lack a project without rows.
        """
        if not self._database.is_small:
            return {}, frozenset()
        found = self._con.execute(f"select {', '.join(map(quoted, columns)) or '*'} from {quoted(relation)}")
        described = [(str(one[0]), str(one[1])) for one in found.description or ()]
        rows = found.fetchall()
        if rows and rows_of is not None and rows_of.scope.has_project and len(rows) != len(self.projects):
            return {}, frozenset()
        constants, filled = {}, set()
        for at, (name, type_) in enumerate(described):
            values = [row[at] for row in rows]
            if values and None not in values:
                filled.add(name)
            value = values[0] if values else None
            if not isinstance(value, (bool, int, Decimal, str, date, NoneType)) or any(one != value for one in values):
                continue
            is_plain = value is not None and type_ in _PLAIN
            constants[name] = sql.value(value) if is_plain else sql.known(f"CAST({sql.value(value)} AS {type_})", value)
        return constants, frozenset(filled)

    def _store_view(self, view: View) -> None:
        """Compute a view once: its rows for the projects that it is known for, and which these are."""
        try:
            selection = self._checks.selections[view.name]
            if isinstance(selection, str):
                raise Unsupported(selection)
            built = ViewBuilder(self._settings, self._relations).build(view, selection)
            edits = {ir.edits_of(selection.where, source) for source in selection.sources if source.name == ir.EDITS}
            views = self._checks.language.views
            inputs = {*view.known_when, *edits, *(source.name for source in selection.sources if source.name in views)}
            inputs -= ({ir.EDITS} - edits) if edits else set()
            tests = [self._is_complete(name) for name in sorted(inputs)]
            tests += [f"coalesce({self._is_complete(name)} <= {literal(BEGINNING.isoformat())}, false)" for name in _histories(selection)]
            known = " and ".join(tests) or "true"
            self._database.ensure("completeness")
            self._know_what(map(sql.text, (*built.doubts, built.rows)), built.known)  # aggregations of other statements are not ready yet
            doubtful = " union all ".join(f"({sql.text(doubt)})" for doubt in built.doubts) or "select null::varchar where false"
            # The rows of a view that unseen rows only add to are sure where they are seen, as those of a table are.
            chosen = (
                "true" if only_adds(view, selection) else f"project_id in (select project_id from {quoted(_known_projects(view.name))})"
            )
            with self._deadline(self._con):
                self._database.define(
                    _known_projects(view.name),
                    f"select p.project_id from {PROJECT} p left join completeness c on c.project_id = p.project_id "
                    f"{self._planned(inputs)} group by p.project_id "
                    f"having {known} and p.project_id not in "
                    f"(select project_id from ({doubtful}) d(project_id) where project_id is not null)",
                    stored=True,
                )
                self._define_numbered(view.name, f"select * from ({sql.text(built.rows)}) v where {chosen}", ORDER)
        except _failures() as error:
            self._broken[view.name] = f"the view {view.name} cannot be computed: {self._told(error)}"
            raise Unsupported(self._broken[view.name]) from error

    def _define_numbered(self, name: str, select: str, order: Sequence[str]) -> None:
        """Store rows under *name* with the place of each in their order."""
        keys = ", ".join(["project_id", *order])
        self._database.define(name, f"select *, row_number() over (order by {keys}) - 1 as {ROW} from ({select}) r", stored=True)

    def _load_expected(self) -> None:
        """Load what projects owe: each list that several of them share once."""
        lists: dict[tuple[ExpectedProduct, ...], int] = {}
        number_of = {project: lists.setdefault(tuple(self._of(project).expected), len(lists)) for project in self.projects}
        rows: Iterator[dict[str, Any]] = (
            {"number": number, "id": item.kind, "kind": item.kind, "obligation": item.obligation}
            | {"why": item.why or None, "because_of": item.because_of or None, "unknown_bits": 0}
            for listed, number in lists.items()
            for item in listed
        )
        types = table_types(EXPECTED)
        self._database.load("_lists", {"number": "INTEGER", **{name: type_ for name, type_ in types.items() if name != "project_id"}}, rows)
        self._database.load(
            "_owed",
            {"project_id": "VARCHAR", "number": "INTEGER"},
            ({"project_id": project, "number": number} for project, number in number_of.items()),
        )
        columns = ", ".join(map(quoted, types))
        self._define_numbered(EXPECTED, f"select {columns} from _owed join _lists using (number)", ("id",))

    def _of(self, project: str) -> ProjectPlan:
        return self._plan.projects.get(project) or _UNKNOWN

    def _resolved(self) -> dict[str, Ready]:
        found = {}
        pool, speaking, asking = ir.Pool(), Holding(ir.Element), Holding(ir.Query)
        for id_, rule in self._checks.rules.items():
            if id_ in self.errors:
                continue
            about = rule.rule.about
            each = isinstance(about, Each)
            if isinstance(about, Each):
                population, known = self._elements(rule), ""
            else:
                population, known = (PROJECT, "") if about == WHOLE else (about, about)
            nodes = {
                name: pool.of(self.params.resolved(id_, node))
                for name in ("applies", "due", "where", "require")
                if (node := rule.node(name)) is not None
            }
            elements = self.params.texts(id_)
            if elements is not None:
                nodes |= {
                    name: pool.of(per_element(nodes[name], elements, speaking, asking)) for name in ("where", "require") if name in nodes
                }
            if isinstance(rule.rule.due, date):
                nodes["due"] = ir.Constant(rule.rule.due, Kind.DAY)
            known = known and ir.edits_of(nodes.get("where"), ir.Source(known, known, 0))
            found[id_] = Ready(id_, rule.rule.decides, population, each, known, **nodes)
        return found

    def _elements(self, rule: RulePlan) -> str:
        """Load the elements of a list for every project and return the name of the relation."""
        name = f"_each_{rule.rule.id}"
        is_number = any(
            isinstance(item, int) for project in self.projects[:1] for item in self.params.elements(rule.rule.id, project) or []
        )
        columns = {"project_id": "VARCHAR", "element": "BIGINT" if is_number else "VARCHAR"}
        rows = [
            {"project_id": project, "element": item}
            for project in self.projects
            for item in dict.fromkeys(self.params.elements(rule.rule.id, project) or ())
        ]
        self._elements_of[name] = len(rows)
        if 0 < len(rows) <= _LISTED:
            listed = ", ".join(f"({sql.value(row['project_id'])}, {sql.value(row['element'])})" for row in rows)
            written = f"(values {listed}) v(project_id, element)"
        else:
            self._database.load(f"{name}_rows", columns, rows)
            written = quoted(f"{name}_rows")
        self._define_numbered(name, f"select project_id, element::{columns['element']} as element from {written}", ("element::varchar",))
        self._made.add(name)
        return name

    # Deciding

    def _know_everything(self) -> None:
        """Compute once what is complete, for every source that a rule reads."""
        sources = {plan.about for plan in self._checks.rules.values()}
        sources |= {source for plan in self._checks.rules.values() for part in plan.conditions.values() for source in part.sources}
        known = {source for source in sources if source in TABLES}
        for view in self._checks.selections:
            try:
                self._relation(view)
            except Unsupported:
                continue  # the rules that read it say so
            known.add(view)
        self._know(known)

    def _store_facts(self, asked: Iterable[Node | None], stem: str) -> None:
        """Compute once what several rules, or many rows, ask about a project as a whole."""
        for number, layer in enumerate(layers((node for node in asked if node is not None), self._builder.facts)):
            if not self._store_layer(layer, f"_{stem}{number}"):
                for place, node in enumerate(layer):
                    self._store_layer([node], f"_{stem}{number}_{place}")  # a fact that fails is left to its rules

    def _store_layer(self, layer: Sequence[Node], name: str) -> bool:
        try:
            with self._deadline(self._con):
                facts = self._computed(layer, name)
                asked = [node for node, fact in facts.items() if isinstance(node, ANSWERED) and fact.reason is None and fact.is_open()]
                facts |= self._with_reasons(asked, facts, f"{name}_why")
        except _failures() as error:
            self._builder.hoists.take()
            self.retried.append(self._told(error))
            return False
        self._builder.facts |= facts
        return True

    def _computed(self, layer: Sequence[Node], name: str) -> dict[Node, Fact]:
        """Store the answers of *layer*.

        Where there are few projects, most of what is aggregated is the same for all of them, and most answers are known: only the rest is
        asked, and explained by itself.
        """
        explains = not self._database.is_small
        select, facts, known = self._builder.stored_facts(layer, name, explains=explains)
        self._store_hoists(known, select, hoists=self._builder.hoists.held())
        settled = {hoist: self._common(hoist.name, rows_of=hoist)[0] for hoist in self._builder.hoists.held() if hoist.key is None}
        for hoist, constants in settled.items():
            hoist.constants = constants
        if any(settled.values()):
            select, facts, _ = self._builder.stored_facts(layer, name, explains=explains)
        self._builder.hoists.take()
        self._database.define(name, sql.text(select), stored=True)
        constants, filled = self._common(name)
        return {node: replace(fact, constants=constants, filled=filled) for node, fact in facts.items()}

    def _with_reasons(self, asked: Sequence[Node], facts: Mapping[Node, Fact], name: str) -> dict[Node, Fact]:
        """Store why some facts have no answer."""
        if not asked:
            return {}
        select, places, known = self._builder.stored_reasons(asked, name)
        self._prepare(known, select)
        self._database.define(name, sql.text(select), stored=True)
        constants, _ = self._common(name)
        return {node: replace(facts[node], reason=places[node], constants={**facts[node].constants, **constants}) for node in asked}

    def _decide(self) -> None:
        every = list(self._ready.values())
        if self._fuse:
            if not self._database.is_small:
                self._know_everything()
            self._store_facts((node for ready in every for node in (ready.applies, ready.due)), "gates")
        for group in [every] if self._fuse else [[ready] for ready in every]:
            self._run_alone_or_together(group, self._gate)
        concerned = [ready for ready in every if any(self.concerns(ready.id, project) for project in self.projects)]
        if self._fuse:
            self._store_facts((node for ready in concerned for node in (ready.where, ready.require)), "facts")
        groups: dict[str, list[Ready]] = {}
        for ready in concerned:
            if ready.id not in self.errors and not self._is_empty(ready):
                groups.setdefault(ready.population if self._fuse else ready.id, []).append(ready)
        statements = self._written_together(groups.values()) if self._fuse else {}
        for group in groups.values():
            self._run_alone_or_together(group, partial(self._count, written=statements.get(group[0].id)))
        self._forget_hoists()

    def _is_empty(self, ready: Ready) -> bool:
        """Return whether there is nothing to decide: a population whose table or view holds no row."""
        if ready.each or ready.population == PROJECT:
            return False
        try:
            return self._seen(self._relation(ready.population)).is_empty
        except Unsupported:
            return False  # said where the rule is decided

    def _written_together(self, groups: Iterable[Sequence[Ready]]) -> Mapping[str, Deciding]:
        """Return the statements of all populations, so that what several of them aggregate is aggregated once.

        Returns:
            First rule of a population → its statement; empty where one cannot be written: each is then written by itself.
        """
        try:
            statements = {group[0].id: self._deciding(group) for group in groups}
            known = frozenset().union(*(statement.known for statement in statements.values()))
            with self._deadline(self._con):
                self._prepare(known, *(statement.select for statement in statements.values()))
        except _failures() as error:
            self._builder.hoists.take()
            self.retried.append(self._told(error))
            return {}
        return statements

    def _run_alone_or_together(self, group: list[Ready], run: Callable[[list[Ready]], None]) -> None:
        """Run one statement for *group*; where it fails, one for each half, until only the culprit fails.

        Halves of what does not fit into memory do; of what takes too long each may take as long again, so that each rule has its own then.
        """
        if not group:
            return
        try:
            with self._deadline(self._con):
                run(group)
        except _failures() as error:
            self._builder.hoists.take()  # of statements that will not run
            if len(group) == 1:
                self.errors[group[0].id] = self._told(error)
                return
            self.retried.append(self._told(error))
            size = 1 if type(error).__name__ == _TOO_LONG else (len(group) + 1) // 2
            for start in range(0, len(group), size):
                self._run_alone_or_together(group[start : start + size], run)

    def _count(self, group: list[Ready], *, written: Deciding | None) -> None:
        """Decide every subject of a population once; what is kept of each is small, so that it can be counted, picked and explained."""
        is_of_all = written is not None and len(written.codes) == len(group)
        statement = written if written is not None and is_of_all else self._deciding(group)
        self._prepare(statement.known, statement.select)
        name = f"_decided_{group[0].id}"
        self._database.define(name, sql.text(statement.select), stored=True)
        listed = list(statement.codes)
        if 0 <= self._size(group[0]) * len(listed) <= _HERE:
            columns = ", ".join(map(quoted, dict.fromkeys(statement.codes.values())))
            rows = self._con.execute(f"select {PLACE}, {ROW}, {columns} from {quoted(name)} where {PLACE} is not null").fetchall()
            decided = Decided(name, statement, counted_here(rows, statement.codes, self.projects), group, rows)
            self._decided |= dict.fromkeys(listed, decided)
            return
        counted = []
        for id_ in listed:
            code = quoted(statement.codes[id_])
            true, false, may = (f"count(case when {code} = {one} then 1 end)" for one in (TRUE, FALSE, MAY_PASS))
            every = f"count(case when {code} >= {LEAST} then 1 end)"
            counted += [true, false, f"{every} - {true} - {false} - {may}", may]
        found = self._con.execute(
            f"select {PLACE}, {', '.join(counted)} from {quoted(name)} where {PLACE} is not null group by {PLACE} order by {PLACE}"
        ).fetchall()
        decided = Decided(name, statement, {self.projects[row[0]]: row for row in found}, group)
        for id_ in listed:
            self._decided[id_] = decided

    def _deciding(self, group: Sequence[Ready]) -> Deciding:
        return self._builder.deciding(group, explains=not self._database.is_small)

    def _size(self, ready: Ready) -> int:
        """Return how many subjects a rule has where they are few enough to be looked at here; -1: they are not."""
        if not self._database.is_small:
            return -1
        if ready.each:
            return self._elements_of[ready.population]
        return len(self.projects) if ready.population == PROJECT else self._seen(ready.population).rows

    def _gate(self, group: list[Ready]) -> None:
        statement = self._builder.gating(group)
        rows = {row[0]: row for row in self._fetch(statement.select, statement.known)}
        for ready in group:
            self._gating[ready.id] = (statement, rows)

    def _fetch(self, select: Select, known: Collection[str]) -> list[tuple[Any, ...]]:
        self._prepare(known, select)
        return self._con.execute(sql.text(select)).fetchall()

    def _prepare(self, known: Collection[str], *selects: Select) -> None:
        """Let everything exist that statements read: facts about the projects, and what is aggregated for them."""
        self._store_hoists(known, *selects, hoists=self._builder.hoists.take())

    def _store_hoists(self, known: Collection[str], *selects: Select, hoists: Iterable[Hoist]) -> None:
        written = {hoist.name: sql.text(hoist.build()) for hoist in hoists}
        self._know_what([*map(sql.text, selects), *written.values()], known)
        for name, select in written.items():
            self._database.define(name, select, stored=True)
            self._hoisted.append(name)

    def _know_what(self, written: Iterable[str], known: Collection[str]) -> None:
        """Let the facts about persons and projects exist that statements name."""
        named = " ".join(written)
        if quoted(PERSON) in named:
            self._relation(PERSON)
        if quoted(KNOWN) in named:
            self._know(known)

    def _forget_hoists(self) -> None:
        for name in self._hoisted:
            self._database.forget(name)
        self._hoisted.clear()

    def _know(self, wanted: Collection[str]) -> None:
        have = set(self._known_columns)
        if set(wanted) <= have:
            return
        self._known_columns = tuple(sorted(have | set(wanted)))
        self._database.ensure("completeness")
        views = [name for name in self._known_columns if name in self._checks.language.views]
        others = [name for name in self._known_columns if name not in self._checks.language.views]
        columns = "".join(f", {self._is_complete(name)} as {quoted(name)}" for name in others)
        told = (
            f"select p.project_id{columns} from {PROJECT} p "
            f"left join completeness c on c.project_id = p.project_id{self._planned(others)} group by p.project_id"
        )
        self._database.define(KNOWN, self._with_views(told, views), stored=True)

    def _with_views(self, told: str, views: Sequence[str]) -> str:
        """Return *told*, rows by project, with a column for each of *views*.

        All projects of all views in one scan: asking each view by itself holds a hash table of each in memory, at once.
        """
        if not views:
            return told
        for name in views:
            self._relation(name)
        listed = " union all ".join(
            f"select project_id, {at} as place from {quoted(_known_projects(name))}" for at, name in enumerate(views)
        )
        words = range(-(-len(views) // _BITS))
        masks = ", ".join(
            f"bit_or(case when place // {_BITS} = {word} then 1::bigint << (place % {_BITS}) end) as word{word}" for word in words
        )
        columns = ", ".join(
            f"coalesce((v.word{at // _BITS} >> {at % _BITS}) & 1, 0) = 1 as {quoted(name)}" for at, name in enumerate(views)
        )
        return (
            f"select t.*, {columns} from ({told}) t "
            f"left join (select project_id, {masks} from ({listed}) l group by project_id) v on v.project_id = t.project_id"
        )

    _known_columns: tuple[str, ...] = ()

    def _settle(self, name: str) -> Known | None:
        """Return the column of KNOWN of that name where it is the same for all projects, and these are few; None: it must be asked for."""
        if not self._database.is_small or self._database.past is not None:
            return None
        if name not in self._settled:
            found = {self._told_complete(name, project) for project in self.projects}
            self._settled[name] = sql.value(found.pop()) if len(found) == 1 else None
        return self._settled[name]

    def _told_complete(self, name: str, project: str) -> bool | date | None:
        """Return what `_is_complete` asks the database."""
        if name == WHOLE or name in self._checks.language.extra:
            return True
        if name in self._checks.language.views:
            self._relation(name)
            if name not in self._known_of:
                rows = self._con.execute(f"select project_id from {quoted(_known_projects(name))}").fetchall()
                self._known_of[name] = frozenset(row[0] for row in rows)
            return project in self._known_of[name]
        if name == EXPECTED:
            return self._of(project).is_known
        if "." in name:
            base = name.partition(".")[0]
            known_of = self._told_complete(base, project)
            return self._listed.get((project, name), (known_of, None))[0]
        if not self._listed:
            self._database.ensure("completeness")
            picked = "project_id, table_name, bool_and(coalesce(is_complete, false)), max(history_from)"
            rows = self._con.execute(f"select {picked} from completeness group by project_id, table_name").fetchall()
            self._listed |= {(row[0], row[1]): (row[2], row[3]) for row in rows}
        table = name.removesuffix(HISTORY) if name not in TABLES else name
        owner = None if name == table and TABLES[table].is_organisational else project
        is_complete, since = self._listed.get((owner, table), (False, None))
        return is_complete if name == table else since

    def _planned(self, names: Collection[str]) -> str:
        """Return the join that tells of which projects the expected products are known, where *names* has these."""
        if EXPECTED not in names:
            return ""
        self._database.load(
            "_planned",
            {"project_id": "VARCHAR", "is_known": "BOOLEAN"},
            ({"project_id": project, "is_known": self._of(project).is_known} for project in self.projects),
        )
        return " left join _planned e on e.project_id = p.project_id"

    def _is_complete(self, name: str) -> str:
        if name == WHOLE:
            return "true"
        if name in self._checks.language.extra:
            return "true"
        if name in self._checks.language.views:
            self._relation(name)
            return f"bool_or(p.project_id in (select project_id from {quoted(_known_projects(name))}))"
        if name == EXPECTED:
            return "coalesce(bool_and(e.is_known), false)"
        if "." in name:
            own = f"bool_and(coalesce(c.is_complete, false)) filter (c.table_name = {literal(name)})"
            return f"coalesce({own}, {self._is_complete(name.partition('.')[0])})"
        table = name.removesuffix(HISTORY) if name not in TABLES else name
        if name != table:
            return f"max(c.history_from) filter (c.table_name = {literal(table)})"
        if TABLES[table].is_organisational:
            whole = f"from completeness o where o.project_id is null and o.table_name = {literal(table)}"
            return f"(select coalesce(bool_and(coalesce(o.is_complete, false)), false) {whole})"
        whole = f"coalesce(bool_and(coalesce(c.is_complete, false)) filter (c.table_name = {literal(table)}), false)"
        lost = self._database.lost(table)
        return whole if lost is None else f"({whole} and not bool_or(p.project_id in ({lost})))"

    # Answers

    def counts(self, rule: str, project: str) -> Mapping[State, int]:
        """Return how many subjects of a rule and project are in which state."""
        decided = self._decided.get(rule)
        row = None if decided is None else decided.counts.get(project)
        if decided is None or row is None:
            return NO_COUNTS
        start = decided.place(rule)
        return dict(zip(_STATE_ORDER, row[start : start + 4], strict=True))

    def totals(self, rule: str) -> Mapping[State, int]:
        """Return how many subjects of a rule are in which state, over all projects."""
        decided = self._decided.get(rule)
        if decided is None:
            return dict.fromkeys(_STATE_ORDER, 0)
        start = decided.place(rule)
        return {state: sum(row[start + at] for row in decided.counts.values()) for at, state in enumerate(_STATE_ORDER)}

    def has_any(self, rule: str, states: str, projects: Iterable[str]) -> bool:
        """Return whether a subject of a rule is in one of *states* in one of *projects*."""
        decided = self._decided.get(rule)
        if decided is None:
            return False
        start = decided.place(rule)
        wanted = [start + at for at, state in enumerate(_STATE_ORDER) if state.value in states]
        return any(any(row[place] for place in wanted) for project in projects if (row := decided.counts.get(project)) is not None)

    def _named(self, rule: str) -> Sequence[str]:
        """Return the columns of its subjects that a rule's sentence names."""
        ready = self._ready[rule]
        known = {} if ready.each else self._checks.language.columns(WHOLE if ready.population == PROJECT else ready.population) or {}
        return named_columns(self._checks.rules[rule].named, known)

    def is_known(self, rule: str, project: str) -> bool:
        """Return whether the population of a rule was seen completely."""
        ready = self._ready[rule]
        if ready.each:
            return self.params.elements(rule, project) is not None
        if not ready.known:
            return True
        statement, rows = self._gating[rule]
        return bool(rows[project][statement.populations[ready.known]])

    def applies(self, rule: str, project: str) -> tuple[bool | None, str]:
        """Return whether the rule concerns the project, and why that is unknown."""
        statement, rows = self._gating[rule]
        place = statement.applies.get(rule)
        if place is None:
            return True, ""
        found = rows[project][place]
        return found, self._why(rule, project)[0] if found is None else ""

    def concerns(self, rule: str, project: str) -> bool:
        """Return whether a rule says something of the project: tailoring did not drop it, and it is not known that it does not apply."""
        return rule not in self._of(project).dropped and (rule not in self._gating or self.may_apply(rule, project))

    def may_apply(self, rule: str, project: str) -> bool:
        """Return whether the rule concerns the project, or it is not known that it does not."""
        statement, rows = self._gating[rule]
        place = statement.applies.get(rule)
        return place is None or rows[project][place] is not False

    def due(self, rule: str, project: str) -> tuple[bool | None, str]:
        """Return whether the rule is due, and from which day or why that is unknown."""
        statement, rows = self._gating[rule]
        places = statement.due.get(rule)
        if places is None:
            return True, ""
        row = rows[project]
        value, absent = row[places[0]], places[1]
        if value is None:
            if absent >= 0 and row[absent]:
                return False, "what it waits for has not happened"
            return None, self._why(rule, project)[1]
        if isinstance(value, date):
            return value <= self.today, f"due on {value.isoformat()}"
        return bool(value), ""

    def _why(self, rule: str, project: str) -> tuple[str, str]:
        """Return why it is unknown whether a rule applies and whether it is due."""
        if rule not in self._reasons:
            wanted = [self._ready[rule]]
            if self._fuse:
                wanted = [self._ready[id_] for id_, (said, rows) in self._gating.items() if _is_unsure(said, id_, rows)]
            self._run_alone_or_together(wanted, self._explain)
        statement, rows = self._reasons.get(rule, (None, {}))
        row = rows.get(project)
        if statement is None or row is None:
            return "", ""
        first, second = ((row[place] or "") if place >= 0 else "" for place in statement.reasons[rule])
        return first, second

    def _explain(self, group: list[Ready]) -> None:
        statement = self._builder.gating(group, explains=True)
        rows = {row[0]: row for row in self._fetch(statement.select, statement.known)}
        for ready in group:
            self._reasons[ready.id] = (statement, rows)

    @property
    def is_past(self) -> bool:
        """Whether rows are seen as they stood on a past day."""
        return self._settings.past

    def _deadline(self, con: "duckdb.DuckDBPyConnection") -> AbstractContextManager[None]:
        return _interrupted_after(con, self._seconds)

    def _told(self, error: Exception) -> str:
        """Return what an error says without what it may quote: values of a project do not belong into a report of the engine."""
        if isinstance(error, Unsupported):
            return str(error)
        if type(error).__name__ == _TOO_LONG:
            return f"it took longer than {self._seconds:g} seconds"
        first = (str(error).splitlines() or [""])[0]
        return f"{type(error).__name__}: {_QUOTED.sub('…', first)[:200]}"

    def is_complete(self, table: str, project: str) -> bool:
        """Return whether a table was read completely for a project."""
        if self._complete is None:
            found = self._con.execute(
                "select project_id, table_name from completeness group by all having bool_and(coalesce(is_complete, false))"
            ).fetchall()
            self._complete = set(found)
        return table == WHOLE or (project, table) in self._complete or (None, table) in self._complete

    _complete: set[tuple[str | None, str]] | None = None

    def incomplete(self) -> Mapping[tuple[str | None, str], str | None]:
        """Return (project, table) → reason for every table that is listed as incomplete."""
        self._database.ensure("completeness")
        found = self._con.execute(
            "select project_id, table_name, min(reason) from completeness where is_complete is not true group by all order by all"
        ).fetchall()
        return {(row[0], row[1]): row[2] for row in found}

    def show(
        self, rules: Iterable[str], between: tuple[str, str], *, limit: int | None, states: str = "", all_reasons: Collection[str] = ()
    ) -> "Shown":
        """Return subjects of *rules* in the projects between two, with reasons and values, ready to be taken.

        Args:
            rules: their ids. One that fails here is among `errors` from now on.
            between: first and last project.
            limit: how many subjects of a rule and project, in the order of *states* and of their ids; None: all of them.
            states: the states (T, F, U, M) that are shown, most telling first; '': those that a rule's kind of decision calls for.
            all_reasons: rules for which the reasons are counted even where a subject fails.
        """
        groups: dict[str, list[str]] = {}
        for rule in rules:
            if rule in self._decided:
                groups.setdefault(self._decided[rule].name, []).append(rule)
        shown = Shown(self._database, self.projects)
        inside = bisect_left(self.projects, between[0]), bisect_right(self.projects, between[1]) - 1
        asked = Asked(inside, limit, states, frozenset(all_reasons))
        for group in groups.values():
            self._run_alone_or_together(
                [self._ready[id_] for id_ in group], lambda some: shown.add(self._picking.pick(self._decided[some[0].id], some, asked))
            )
        self._forget_hoists()
        return shown


def _is_unsure(statement: Gating, rule: str, rows: Mapping[str, tuple[Any, ...]]) -> bool:
    """Return whether it is unknown for a project whether the rule applies or is due."""
    places = [place for place in (statement.applies.get(rule), statement.due.get(rule, (None, -1))[0]) if place is not None]
    return any(row[place] is None for row in rows.values() for place in places)


def _histories(selection: Selection) -> list[str]:
    """Return the histories that a view reads: all of them, so it is known only where they are known from the beginning."""
    names = {source.name for source in selection.sources}
    return sorted(name for name in names if name not in TABLES and name.removesuffix(HISTORY) in TABLES and name.endswith(HISTORY))


def _known_projects(view: str) -> str:
    """Return where the projects stand for which all rows of a view are known."""
    return f"_of_{view}"


def _failures() -> tuple[type[Exception], ...]:
    import duckdb  # noqa: PLC0415  (it is loaded already; only its errors are named)

    return (duckdb.Error, Unsupported, RecursionError)


@contextmanager
def _interrupted_after(con: "duckdb.DuckDBPyConnection", seconds: float) -> Iterator[None]:
    """Let what runs on *con* inside fail with an error of the database when it takes longer."""
    timer = Timer(seconds, con.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
