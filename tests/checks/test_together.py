"""Rules of a portfolio are decided together: a statement that fails is noticed, though its rules are then decided one by one."""

from pathlib import Path

import pytest

from auditor.checks.compile.plan import compile_rules
from auditor.checks.database import snapshot_database
from auditor.checks.engine import Engine
from auditor.checks.inputs import ExpectedProduct, Plan, ProjectPlan
from bench.portfolio import write_portfolio
from tests.shipped import shipped_rulebook

PROJECTS = 24  # more than are looked at before a statement is written


@pytest.mark.xdist_group("portfolio-together")
def test_no_statement_of_shipped_rules_has_to_be_taken_apart(tmp_path: Path) -> None:
    """All packs over the portfolio of the benchmark: every rule is decided, and none of them by a statement of its own for want of another."""
    rulebook = shipped_rulebook()
    snapshot = write_portfolio(tmp_path / "portfolio", PROJECTS)
    owed = tuple(
        ExpectedProduct(kind=kind, obligation="mandatory")
        for kind in sorted({item.kind for pack in rulebook.obligations.values() for item in pack})
    )
    plan = Plan(projects={project: ProjectPlan(expected=owed) for project in snapshot.project_ids()})
    with snapshot_database(snapshot) as database:
        engine = Engine(database, compile_rules(list(rulebook.rules.values()), rulebook.language), plan, snapshot.as_of)
    assert len(engine.projects) == PROJECTS
    assert (engine.retried, engine.errors) == ([], {})
