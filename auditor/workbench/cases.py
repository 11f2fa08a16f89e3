"""Cases: little projects that prove rules, words and views, decided by the engine itself.

Every case becomes a project of its own. A rule sees one project only, so all cases that share a day, the organisation's tables and the
values of parameters are decided in one run.
"""

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from auditor.checks.evaluation import Evaluation
from auditor.checks.inputs import Answer, ExpectedProduct, Plan, ProjectPlan
from auditor.connect.values import is_placeholder
from auditor.model.schema import TABLES, UNKNOWN, Table
from auditor.model.types import Kind
from auditor.rulebook.condition import HISTORY, Described, view_columns
from auditor.rulebook.load import Rulebook
from auditor.rulebook.names import Term, View
from auditor.rulebook.params import param_value
from auditor.rulebook.rule import Case, Expect, Rule, Severity

AS_OF = date(2026, 6, 30)
"""The day of a case that names none."""

PROJECT = {"phase": "executing", "size": "medium"}
"""The project of a case that gives none; everything else about it is unknown."""

VARIANT = "~"
"""Stands in the id of a rule between that of a shipped rule and what tells the variant of it."""

_EVER = date(1900, 1, 1)
_AT_ONCE = 60
"""Rules of one run: each is computed over the projects of all, so the work grows with the square; more runs make the same views anew."""
_EVIDENCE = 1_000  # more subjects than a case has
_OWED = re.compile(r"\b(?:uses|required)\s*\(\s*'([^']+)'\s*\)", re.IGNORECASE)
_TEXTS = frozenset({Kind.TEXT, Kind.PERSON, Kind.REFERENCE})
Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class CaseOutcome:
    """What became of one case.

    Attributes:
        kind: rule, term or view.
        name: id of the rule, or name of the word or view.
        case: what the case is called.
        differences: what was expected and did not come, in words; none: it holds.
        said: what the rule says, when it is a case of a rule.
        number: its place among the cases of the rule, word or view, from 0.
    """

    kind: str
    name: str
    case: str
    differences: tuple[str, ...]
    said: Evaluation | None = None
    number: int = 0

    @property
    def holds(self) -> bool:
        """Whether the case gives what it expects."""
        return not self.differences


@dataclass(frozen=True, slots=True)
class CaseProject:
    """A case as a project of a snapshot.

    Attributes:
        project: its id in the run.
        own_id: the id that the case itself gives its project.
        rows: table → rows of this project as a snapshot holds them.
        organisation: tables without a project → rows.
    """

    project: str
    own_id: str
    rows: Rows
    organisation: Rows
    plan: ProjectPlan
    answers: tuple[Answer, ...]
    as_of: date


def case_project(case: Case, project: str, *, rule: Rule | None = None, products: Collection[str] = ()) -> CaseProject:
    """Return *case* as the project called *project*.

    Args:
        case: given tables are complete, others are not; a column that no row names is unknown.
        project: the id that it has in the run.
        rule: whose case it is; the answer of the case is about it.
        products: kinds that the project owes when the case does not give `expected`.
    """
    given = {"project": [PROJECT], **case.given}
    own_id = str(given["project"][0].get("id", project))
    rename = _renamed(given, own_id, project)
    rows: Rows = {"completeness": []}
    organisation: Rows = {}
    for name, listed in given.items():
        if name == "expected":
            continue
        table = TABLES[name if name in TABLES else name.removesuffix(HISTORY)]
        made = _rows(table, name, listed, case.unknown.get(name, ()), None if table.is_organisational else project)
        for row in made:
            rename(table, row)
        (organisation if table.is_organisational else rows)[name] = made
    for row in rows["project"]:
        row["id"] = project
    for row, owner in _completeness(case, project):
        (organisation if owner is None else rows).setdefault("completeness", []).append(row | {"project_id": owner})
    answers: tuple[Answer, ...] = ()
    if case.answer is not None and rule is not None:
        said = case.answer
        subject = project if said.subject == own_id else said.subject
        day = case.as_of or AS_OF
        answers = (
            Answer(
                rule=rule.id, project=project, subject=subject, says=said.says, author="case", on=day, note=said.note or "as the case says"
            ),
        )
    return CaseProject(project, own_id, rows, organisation, _plan(case, products), answers, case.as_of or AS_OF)


def _renamed(given: Mapping[str, Sequence[Mapping[str, Any]]], own_id: str, project: str) -> Callable[[Table, dict[str, Any]], None]:
    """Return what makes rows that speak of the project by the case's id speak of it by the run's."""
    others = {row.get("id") for name, rows in given.items() if name != "project" for row in rows}

    def rename(table: Table, row: dict[str, Any]) -> None:
        if own_id == project or own_id in others:
            return
        for column in table.own:
            if column.type.kind is Kind.REFERENCE and row.get(column.name) == own_id:
                row[column.name] = project

    return rename


def _rows(
    table: Table, name: str, listed: Sequence[Mapping[str, Any]], unknown: Collection[str], project: str | None
) -> list[dict[str, Any]]:
    named = {column for row in listed for column in row} - set(unknown)
    bits = table.bits(tuple(column.name for column in table.own if column.name not in named))
    made = []
    for number, row in enumerate(listed, start=1):
        found: dict[str, Any] = {"id": f"{name}-{number}", "is_gone": False, "is_record": True, "source": "case", "project_id": project}
        if name.endswith(HISTORY) and name not in TABLES:
            found["valid_from"] = datetime(1900, 1, 1, tzinfo=UTC)
        for column, value in row.items():
            if column not in unknown:
                found[column] = _value(table, column, value)
        made.append(found | {UNKNOWN: bits})
    return made


def _value(table: Table, column: str, value: Any) -> Any:
    """Return a value of a case as a snapshot holds it; a placeholder is blank."""
    declared = table.by_name.get(column)
    kind = Kind.INSTANT if declared is None else declared.type.kind  # None: the interval of a history
    if value is None or (isinstance(value, str) and kind in _TEXTS and is_placeholder(value)):
        return None
    if kind is Kind.DAY:
        return date.fromisoformat(str(value))
    if kind is Kind.INSTANT:
        moment = datetime.fromisoformat(str(value))
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return Decimal(str(value)) if kind is Kind.DECIMAL else value


def _completeness(case: Case, project: str) -> Iterator[tuple[dict[str, Any], str | None]]:
    """Yield the rows of `completeness` that a case makes, each with the project that it belongs to."""
    tables = {name if name in TABLES else name.removesuffix(HISTORY) for name in ("project", *case.given)} - {"expected"}
    for name in sorted({*tables, *(name for name in case.incomplete if name in TABLES)} - {"expected"}):
        history = f"{name}{HISTORY}"
        is_complete = name in tables and name not in case.incomplete
        row = {
            "id": f"completeness-{name}",
            "table_name": name,
            "is_complete": is_complete,
            "history_from": _EVER if history in case.given and history not in case.incomplete else None,
            "reason": None if is_complete else "incomplete_data",
            "is_gone": False,
            "is_record": True,
            "source": "case",
            UNKNOWN: 0,
        }
        yield row, None if TABLES[name].is_organisational else project


def _plan(case: Case, products: Collection[str]) -> ProjectPlan:
    owed: Iterable[Mapping[str, Any]] = (
        case.given["expected"] if "expected" in case.given else [{"kind": kind, "obligation": "mandatory"} for kind in sorted(products)]
    )
    expected = tuple(
        ExpectedProduct(
            kind=str(row["kind"]),
            obligation=row.get("obligation") or "mandatory",
            why=str(row.get("why") or ""),
            because_of=str(row.get("because_of") or ""),
        )
        for row in owed
    )
    is_known = "expected" not in case.incomplete
    return ProjectPlan(expected=expected, is_known=is_known, unknown_because="" if is_known else "the case says so")


def owed_products(rulebook: Rulebook, rule: Rule) -> frozenset[str]:
    """Return the kinds that a case's project owes: every product of the standards that the rule's pack stands on, and those it names."""
    own = rulebook.pack_of.get(rule.id.partition(VARIANT)[0])
    waiting, seen = [] if own is None else [own], set[str]()
    while waiting:
        pack = waiting.pop()
        if pack not in seen:
            seen.add(pack)
            waiting.extend(rulebook.packs[pack].requires)
    stated = {item.kind for pack in seen for item in rulebook.obligations.get(pack, ())}
    texts = [str(getattr(rule, name)) for name in ("applies", "due", "where", "require")]
    return frozenset(stated | {kind for text in texts for kind in _OWED.findall(text)})


# Running


@dataclass
class _Run:
    """Cases that can be decided together."""

    as_of: date
    rules: dict[str, Rule] = field(default_factory=dict)
    members: list[tuple[Rule, Case, CaseProject]] = field(default_factory=list)

    def has_room_for(self, rule: Rule) -> bool:
        """Return whether cases of *rule*, with these values of its parameters, can be decided in this run."""
        return self.rules[rule.id] == rule if rule.id in self.rules else len(self.rules) < _AT_ONCE


def run_case(rulebook: Rulebook, rule: Rule, case: Case) -> CaseOutcome:
    """Return what becomes of one case of *rule*, which need not be the rule as the rulebook has it."""
    return next(iter(_decide(rulebook, [(rule, case)])))


def run_rule_cases(rulebook: Rulebook, rule_ids: Collection[str] | None = None, *, rules: Iterable[Rule] = ()) -> list[CaseOutcome]:
    """Return what becomes of every case, by rule and in the order of the file.

    Args:
        rulebook: what the rules may name.
        rule_ids: rules whose cases are run; None: all.
        rules: further rules, not (or otherwise) in the rulebook, such as mutations.
    """
    wanted = [rule for rule in rulebook.rules.values() if rule_ids is None or rule.id in rule_ids]
    return _decide(rulebook, [(rule, case) for rule in (*wanted, *rules) for case in rule.cases])


def _decide(
    rulebook: Rulebook,
    asked: Sequence[tuple[Rule, Case]],
    *,
    extra: Mapping[str, Mapping[str, Described]] | None = None,
    given: Mapping[str, tuple[str, Mapping[str, Any]]] | None = None,
) -> list[CaseOutcome]:
    """Return what becomes of each case.

    Args:
        rulebook: what the rules may name.
        asked: rules and their cases.
        extra: further sources with their columns.
        given: rule → source of *extra* and its only row.
    """
    names = count(1)
    runs: dict[str, list[_Run]] = {}
    owed = {rule.id: owed_products(rulebook, rule) for rule, _ in asked}
    where: list[tuple[_Run, str]] = []
    for rule, case in asked:
        project = case_project(case, f"case-{next(names):05}", rule=rule, products=owed[rule.id])
        key = f"{project.as_of} {json.dumps(project.organisation, default=str, sort_keys=True)}"
        held = _with_params(rule, case)
        run = next((run for run in runs.get(key, ()) if run.has_room_for(held)), None)
        if run is None:
            run = _Run(project.as_of)
            runs.setdefault(key, []).append(run)
        run.rules[rule.id] = held
        run.members.append((rule, case, project))
        where.append((run, project.project))
    said = {id(run): _run(rulebook, run, extra or {}, given or {}) for group in runs.values() for run in group}
    found = []
    for (rule, case), (run, name) in zip(asked, where, strict=True):
        project = next(member for _, _, member in run.members if member.project == name)
        evaluation = said[id(run)][rule.id, name]
        number = next((place for place, other in enumerate(rule.cases) if other is case), 0)
        found.append(CaseOutcome("rule", rule.id, case.name, tuple(_differences(case.expect, evaluation, project)), evaluation, number))
    return found


def _with_params(rule: Rule, case: Case) -> Rule:
    """Return *rule* with the case's values of its parameters."""
    if not case.params:
        return rule
    changed = {
        name: param.model_copy(update={"default": param_value(param, case.params[name])}) if name in case.params else param
        for name, param in rule.params.items()
    }
    return rule.model_copy(update={"params": changed})


def _run(
    rulebook: Rulebook, run: _Run, extra: Mapping[str, Mapping[str, Described]], given: Mapping[str, tuple[str, Mapping[str, Any]]]
) -> dict[tuple[str, str], Evaluation]:
    from auditor.checks.compile.plan import compile_rules  # noqa: PLC0415  (sqlglot and DuckDB take a second to import)
    from auditor.checks.database import memory_database  # noqa: PLC0415
    from auditor.checks.quoting import ROW  # noqa: PLC0415
    from auditor.checks.run import check  # noqa: PLC0415

    projects = [project for _, _, project in run.members]
    plan = Plan(projects={project.project: project.plan for project in projects})
    answers = tuple(answer for project in projects for answer in project.answers)
    wanted = {(rule.id, project.project) for rule, _, project in run.members}
    checks = compile_rules(run.rules.values(), replace(rulebook.language, extra=extra))
    with memory_database(_together(projects), as_of=run.as_of) as database:
        for rule, _, project in run.members:
            if rule.id in given:
                source, row = given[rule.id]
                types = {name: described.type.sql for name, described in extra[source].items()} | {UNKNOWN: "UBIGINT", ROW: "BIGINT"}
                database.load(source, types, [_given_row(extra[source], row, project.project) | {ROW: 0}])
        found = check(database, checks, plan, answers, evidence_limit=_EVIDENCE, wanted=wanted)
        return {(item.rule, item.project): item for item in found}


def _given_row(columns: Mapping[str, Described], row: Mapping[str, Any], project: str) -> dict[str, Any]:
    bits = sum(1 << bit for name, (_, bit) in columns.items() if bit is not None and row.get(name) == "unknown")
    values = {name: None if value == "unknown" else value for name, value in row.items()}
    return {"project_id": project, "id": "given"} | values | {UNKNOWN: bits}


def _together(projects: Sequence[CaseProject]) -> Rows:
    """Return the rows of *projects*, and once those of the organisation, which are the same for all of them."""
    tables: Rows = {}
    for rows in (*(project.rows for project in projects), projects[0].organisation):
        for name, listed in rows.items():
            tables.setdefault(name, []).extend(listed)
    return tables


def _differences(expect: Expect, said: Evaluation, project: CaseProject) -> Iterator[str]:
    def own(text: str) -> str:
        return text.replace(project.project, project.own_id)

    found = {
        outcome: sorted(own(item.subject_id) for item in said.evidence if item.outcome == outcome) for outcome in ("failed", "undecided")
    }
    why = f" ({said.reason}{': ' + own(said.detail) if said.detail else ''})" if said.reason else ""
    if said.verdict != expect.verdict:
        yield f"expected {expect.verdict}, the rule says {said.verdict}{why}"
    elif expect.reason is not None and said.reason != expect.reason:
        yield f"expected the reason {expect.reason}, the rule says {said.reason}"
    for outcome, wanted in (("failed", expect.failed), ("undecided", expect.undecided)):
        if wanted is not None and sorted(wanted) != found[outcome]:
            yield f"expected {outcome}: {', '.join(sorted(wanted)) or 'none'}; the rule says {', '.join(found[outcome]) or 'none'}"
    if expect.attested is not None and said.is_attested != expect.attested:
        yield "expected a verdict that rests on a statement" if expect.attested else "expected a verdict that rests on no statement"
    if expect.says is not None:
        sentences = [own(item.says) for item in said.evidence if item.outcome == "failed"]
        if not sentences or sentences[0] != expect.says:
            yield f"expected the sentence “{expect.says}”, the rule says “{sentences[0] if sentences else ''}”"


# Words and views


def run_term_cases(rulebook: Rulebook, names: Collection[str] | None = None) -> list[CaseOutcome]:
    """Return what becomes of every case of every word of the vocabulary (of *names*).

    A case gives values of the word's parameters (`given`, `expect` the value), or tables, a condition that uses the word (`tables`,
    `about`, `says`) and whether it holds. As a value null is a blank, 'unknown' what is not known; as what a condition says both are
    unknown.
    """
    wanted = [term for term in rulebook.terms.values() if names is None or term.name in names]
    asked: list[tuple[Rule, Case]] = []
    given: dict[str, tuple[str, str, Mapping[str, Any]]] = {}  # id of the rule → source, condition, row
    labels: list[tuple[str, str, int]] = []
    extra: dict[str, Mapping[str, Described]] = {}
    for term in wanted:
        for number, case in enumerate(term.cases, start=1):
            id_ = f"TERM-{len(labels):05}"
            labels.append((term.name, str(case.get("name") or case.get("says") or f"case {number}"), number - 1))
            source = f"given_{len(labels)}"
            columns: dict[str, Any] = {} if "says" in case else {name: kind for name, kind in term.parameters.items() if kind not in _NAMED}
            says = str(case["says"]) if "says" in case else _call(term, case, source)
            about = str(case.get("about", "project")) if "says" in case else source
            if "says" not in case:
                extra[source] = view_columns(View(name=source, sentence="", columns=columns, select="", known_when=[]))
                given[id_] = (source, says, {name: case.get("given", {}).get(name) for name in columns})
            rule = Rule(
                id=id_,
                title=term.name,
                requirement=term.sentence,
                cites=[],
                answers=[],
                area="words",
                severity=Severity.OBSERVATION,
                about=about,
                require=says,
            )
            verdict = _says(term, case)
            tables = {name: case[name] for name in ("unknown", "incomplete", "as_of") if name in case}
            asked.append((rule, Case(name=labels[-1][1], given=case.get("tables", {}), expect=Expect(verdict=verdict), **tables)))
    found = _decide(rulebook, asked, extra=extra, given={id_: (source, row) for id_, (source, _, row) in given.items()})
    return [replace(item, kind="term", name=name, number=number) for item, (name, _, number) in zip(found, labels, strict=True)]


_NAMED = ("column", "event", "literal", "table")  # parameters that stand for a name, not for a value


def _call(term: Term, case: Mapping[str, Any], source: str) -> str:
    """Return the condition that is true when *term* gives what *case* expects (false and unknown for themselves)."""
    values = case.get("given", {})
    arguments = [f"{source}.{name}" if kind not in _NAMED else _literal(values.get(name)) for name, kind in term.parameters.items()]
    call = f"{term.name}({', '.join(arguments)})"
    if term.type == "boolean":
        return call
    expect = case.get("expect")
    return f"filled({call})" if expect in (None, "unknown") else f"{call} = {_literal(expect, term.type)}"


def _literal(value: Any, kind: str = "text") -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, Decimal)):
        return str(value)
    quoted = "'" + str(value).replace("'", "''") + "'"
    return f"date {quoted}" if kind == "day" else quoted


def _says(term: Term, case: Mapping[str, Any]) -> Any:
    expect = case.get("expect")
    if "says" in case or term.type == "boolean":
        return {True: "conform", False: "nonconform"}.get(expect, "not_assessed") if isinstance(expect, bool) else "not_assessed"
    return "nonconform" if expect is None else "not_assessed" if expect == "unknown" else "conform"


def run_view_cases(rulebook: Rulebook, names: Collection[str] | None = None) -> list[CaseOutcome]:
    """Return what becomes of every case of every view (of *names*): its rows, or that it is unknown.

    Only the columns that an expected row names are compared; null is blank, 'unknown' what is not known. Rows may stand in any order.
    """
    found = []
    for view in rulebook.views.values():
        if (names is None or view.name in names) and view.cases:
            found += _view_cases(rulebook, view)
    return found


def _view_cases(rulebook: Rulebook, view: View) -> list[CaseOutcome]:
    groups: dict[str, list[tuple[int, CaseProject]]] = {}
    for number, raw in enumerate(view.cases, start=1):
        given = {name: raw[name] for name in ("given", "unknown", "incomplete", "as_of") if name in raw}
        case = Case(name=f"case {number}", expect=Expect(verdict="conform"), **given)
        project = case_project(case, f"case-{number:05}")
        groups.setdefault(f"{project.as_of} {json.dumps(project.organisation, default=str, sort_keys=True)}", []).append((number, project))
    found: dict[int, CaseOutcome] = {}
    for group in groups.values():
        for number, differences in _view_group(rulebook, view, group):
            found[number] = CaseOutcome("view", view.name, f"case {number}", tuple(differences), number=number - 1)
    return [found[number] for number in sorted(found)]


def _view_group(rulebook: Rulebook, view: View, group: Sequence[tuple[int, CaseProject]]) -> Iterator[tuple[int, list[str]]]:
    from auditor.checks.compile.plan import compile_rules  # noqa: PLC0415  (sqlglot and DuckDB take a second to import)
    from auditor.checks.database import memory_database  # noqa: PLC0415
    from auditor.checks.engine import Engine  # noqa: PLC0415

    rule = Rule(
        id="VIEW-00001",
        title=view.name,
        requirement=view.sentence,
        cites=[],
        answers=[],
        area="views",
        severity=Severity.OBSERVATION,
        about=view.name,
        require="true",
    )
    checks = compile_rules([rule], rulebook.language, rulebook)
    projects = [project for _, project in group]
    with memory_database(_together(projects), as_of=projects[0].as_of) as database:
        plan = Plan(projects={project.project: project.plan for project in projects})
        engine = Engine(database, checks, plan, projects[0].as_of)
        for number, project in group:
            expected = view.cases[number - 1].get("expect", [])
            if rule.id in engine.errors:
                yield number, [engine.errors[rule.id]]
                continue
            is_known = engine.is_known(rule.id, project.project)
            if expected == "unknown" or not is_known:
                told = "expected rows, the view is unknown" if expected != "unknown" else "expected that the view is unknown; it is known"
                yield number, [told] if (expected == "unknown") is is_known else []
                continue
            rows = database.con.execute(f'select * from "{view.name}" where project_id = ? order by id', [project.project])
            columns = [item[0] for item in rows.description or ()]
            listed = [dict(zip(columns, row, strict=True)) for row in rows.fetchall()]
            yield number, list(_row_differences(view, expected, listed, project))


def _row_differences(
    view: View, expected: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]], project: CaseProject
) -> Iterator[str]:
    described = view_columns(view)

    def shown(row: Mapping[str, Any], column: str) -> Any:
        value, bit = row[column], described[column].bit
        if value is None:
            return "unknown" if bit is not None and int(row[UNKNOWN]) >> bit & 1 else None
        return project.own_id if value == project.project else value

    def plain(column: str, value: Any) -> Any:
        if value in (None, "unknown"):
            return value
        kind = described[column].type.kind
        if kind is Kind.DAY:
            return date.fromisoformat(str(value))
        if kind is Kind.INSTANT:
            return datetime.fromisoformat(str(value)).replace(tzinfo=None)
        return Decimal(str(value)) if kind is Kind.DECIMAL else value

    left = list(rows)
    for row in expected:
        wanted = {column: plain(column, value) for column, value in row.items()}
        match = next((item for item in left if all(shown(item, column) == value for column, value in wanted.items())), None)
        if match is None:
            near = next((item for item in left if item["id"] == row.get("id")), None)
            seen = "no such row" if near is None else str({column: shown(near, column) for column in wanted})
            yield f"expected {dict(row)}, the view has {seen}"
        else:
            left.remove(match)
    if len(rows) != len(expected):
        yield f"expected {len(expected)} rows, the view has {len(rows)}"
