"""The engine over little projects: many projects and many rules in one run."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from random import Random
from typing import Any

from auditor.checks.compile.plan import CheckPlan, compile_rules
from auditor.checks.database import memory_database
from auditor.checks.evaluation import Evaluation
from auditor.checks.inputs import Plan, ProjectPlan
from auditor.checks.run import check
from auditor.model.schema import TABLES
from auditor.rulebook.condition import Language
from auditor.rulebook.rule import Rule
from tests.laws.generate import AS_OF, Little
from tests.laws.worlds import stored

Tables = dict[str, list[dict[str, Any]]]


def stored_tables(projects: Mapping[str, Little]) -> Tables:
    """Return the rows of *projects*, which all see one organisation, as a snapshot holds them."""
    tables: Tables = {"completeness": []}
    for name, little in projects.items():
        for table, rows in little.tables.items():
            for row in rows:
                made = stored(table, row, name)
                tables.setdefault(table, []).append(made | ({"id": name} if table in ("project", "project_history") else {}))
        known = {table for table in little.tables if table in TABLES} | little.complete
        for table in sorted(known):
            tables["completeness"].append(_completeness(name, table, table in little.complete, little.history_from.get(table)))
    around = next(iter(projects.values())).organisation
    assert all(little.organisation == around for little in projects.values())
    for table in sorted({*around.tables, *around.complete}):
        tables.setdefault(table, []).extend(stored(table, row, "") for row in around.tables.get(table, ()))
        tables["completeness"].append(_completeness(None, table, table in around.complete, None))
    return tables


def _completeness(project: str | None, table: str, is_complete: bool, since: date | None) -> dict[str, Any]:
    made = {"project_id": project, "id": f"c-{table}", "table_name": table, "is_complete": is_complete}
    return made | {"history_from": since, "unknown_bits": 0}


def decide(
    tables: Tables,
    plans: Mapping[str, ProjectPlan],
    rules: Iterable[Rule] | CheckPlan,
    words: Language,
    *,
    as_of: date = AS_OF,
    day: date | None = None,
    shuffle: Random | None = None,
    only: Collection[str] | None = None,
    evidence: int = 0,
    fuse: bool = True,
    wanted: Collection[tuple[str, str]] | None = None,
    is_small: bool = True,
) -> dict[tuple[str, str], Evaluation]:
    """Return (rule, project) → what the engine says.

    Args:
        tables: rows as a snapshot holds them.
        plans: project → what it owes.
        rules: what is asked.
        words: what the rules may name.
        as_of: the day of the snapshot.
        day: the day of the audit; None: that of the snapshot.
        shuffle: puts the rows of every table into another order.
        only: projects that are there; None: all.
        evidence: how many subjects are shown; the counts count all.
        fuse: whether rules share statements.
        wanted: (rule, project) pairs that are looked at; None: all.
        is_small: whether few rows are expected.
    """
    rows = {name: list(listed) for name, listed in tables.items()}
    if only is not None:
        rows = {
            name: listed
            if name in TABLES and TABLES[name].is_organisational
            else [row for row in listed if row["project_id"] in (*only, None)]
            for name, listed in rows.items()
        }
    if shuffle is not None:
        for listed in rows.values():
            shuffle.shuffle(listed)
    checks = rules if isinstance(rules, CheckPlan) else compile_rules(rules, words)
    with memory_database(rows, as_of=as_of, is_small=is_small) as database:
        return {
            (item.rule, item.project): item
            for item in check(database, checks, Plan(projects=dict(plans)), as_of=day, evidence_limit=evidence, fuse=fuse, wanted=wanted)
        }


def ids(item: Evaluation, outcome: str) -> tuple[str, ...]:
    """Return the subjects with an outcome."""
    return tuple(sorted(found.subject_id for found in item.evidence if found.outcome == outcome))
