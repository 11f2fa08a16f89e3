"""`auditor checklist` on the demonstration, and that an answer given in a list counts in the next audit."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from auditor.checklist.checklist import Checklist
from auditor.checks.evaluation import Reason, Verdict
from auditor.checks.inputs import Answer
from auditor.checks.run import run_checks
from auditor.cli.main import cli
from auditor.demo.run import Shown
from auditor.errors import AuditorError
from auditor.workbench.checklisting import Checklists

pytestmark = pytest.mark.xdist_group("demo-lists")


def run(demonstration: Shown, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["-c", str(demonstration.folder / "auditor.toml"), "checklist", *arguments], standalone_mode=False)


def test_a_list_is_written_for_each_project(demonstration: Shown, tmp_path: Path) -> None:
    """`--all`: one file per project, named for kind and project; each says how much is answered."""
    done = run(demonstration, "new", "--all", "--kind", "deliverables-acceptance", "--format", "md", "--output", str(tmp_path / "out"))
    assert done.exception is None
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == [f"deliverables-acceptance-{name}.md" for name in ("ALPINE", "BOREAL", "CEDRE", "EICHE", "FJORD", "GROVE", "HAZE")]
    assert re.search(r"FJORD\.md: 1[4-9] questions, [5-9] answered with evidence, \d+ for people", done.output)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("new", "--kind", "phase-exit:rfx", "--project", "ALPINE"), "there is no checklist 'phase-exit:rfx'"),
        (("new", "--kind", "health-check"), "give the project with --project, or --all"),
        (("new", "--kind", "health-check", "--project", "ALPINE", "--all"), "give the project with --project, or --all"),
        (("show", "--kind", "closing", "--project", "ALPIN"), "there is no project 'ALPIN' in the snapshot"),
        (("show", "--kind", "closing", "--project", "ALPINE", "--language", "xx"), "nothing is translated into 'xx'"),
    ],
)
def test_a_wrong_request_is_told(arguments: tuple[str, ...], message: str, demonstration: Shown) -> None:
    done = run(demonstration, *arguments)
    assert isinstance(done.exception, AuditorError)
    assert message in str(done.exception)
    assert done.exception.exit_code == 2


def test_kinds_and_lint_show_what_there_is(demonstration: Shown) -> None:
    kinds = run(demonstration, "kinds", "--language", "fr").output
    assert "Revue de fin de phase" in kinds
    assert "14 of 14" in kinds
    lint = run(demonstration, "lint", "--strict")
    assert "fr: " in lint.output
    assert "checklists, " in lint.output


def test_a_list_does_not_depend_on_the_order_of_sets(demonstration: Shown, tmp_path: Path) -> None:
    """Another hash seed, the same bytes."""
    found = []
    for seed in ("1", "77"):
        path = tmp_path / f"{seed}.md"
        command = [sys.executable, "-m", "auditor", "checklist", "new", "--kind", "transition", "--project", "BOREAL", "--format", "md"]
        environment = os.environ | {"PYTHONHASHSEED": seed}
        subprocess.run([*command, "--output", str(path)], check=True, cwd=demonstration.folder, env=environment, capture_output=True)
        found.append(path.read_bytes())
    assert found[0] == found[1]


def test_an_answer_given_in_a_list_counts_in_the_next_audit(lists: Checklists, made: Mapping[tuple[str, str], Checklist]) -> None:
    """The digest that a question shows is the one to which the engine binds the answer, decided or open, due or not."""
    result, plan = lists.audited
    project = "EICHE"
    profile = plan.profiles[plan.chosen[project] or ""]
    every = {q.id: q for kind in ("phase-exit:rfe", "closing") for q in made[kind, project].questions() if q.rule}
    profile = replace(profile, rules={id_: rule for id_, rule in profile.rules.items() if id_ in every})
    answers = [
        Answer(rule=id_, project=project, says="no", author="Ada", on=date(2026, 6, 30), evidence_digest=question.digest)
        for id_, question in every.items()
    ]
    name = plan.chosen[project] or ""
    again = {
        item.rule: item
        for item in run_checks(lists.desk.snapshot, profile, profile.rulebook, plan.plans[name], answers, projects=[project])
        if item.rule in every
    }
    before = {item.rule: item for item in result.evaluations if item.project == project}
    assert len(again) > 40
    for id_, item in again.items():
        assert "to be confirmed" not in item.detail, (id_, item.detail)
        if (
            item.reason not in (Reason.EMPTY_POPULATION, Reason.NOT_DUE_YET, Reason.CONDITION_FALSE)
            and item.verdict is not Verdict.NOT_ASSESSED
        ):
            assert item.verdict is Verdict.NONCONFORM, id_
    settled = [id_ for id_ in again if before[id_].verdict is Verdict.CONFORM]
    assert settled
    assert all(again[id_].contradictions for id_ in settled if profile.rules[id_].decides in ("both", "supports"))
