"""The demonstration finds every defect that was written down before the rules, and raises no false alarm."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

from auditor.checks.evaluation import Verdict
from auditor.demo.portfolio import build_portfolio
from auditor.demo.run import MARK, Shown, run_demo
from auditor.errors import UsageError
from auditor.reports.json_report import json_bytes
from tests.shipped import shipped_rulebook

pytestmark = pytest.mark.xdist_group("demo-own")


@pytest.fixture(scope="module")
def shown(demonstration: Shown) -> Shown:
    return demonstration


def defects() -> list[dict[str, Any]]:
    return yaml.safe_load((files("auditor.demo") / "defects.yaml").read_text("utf-8"))


def found(shown: Shown) -> Iterator[tuple[str, str]]:
    for finding in shown.result.findings:
        yield finding.project, re.sub(r"(?<=\d)[a-z]$", "", finding.rule)


def test_every_defect_is_found(shown: Shown) -> None:
    """Each written defect has a finding of its rule in its project."""
    missing = {(item["project"], item["rule"]) for item in defects()} - set(found(shown))
    assert not missing


def test_there_is_no_false_alarm(shown: Shown) -> None:
    """Each finding is a written defect."""
    false = set(found(shown)) - {(item["project"], item["rule"]) for item in defects()}
    assert not false, [
        (f.project, f.rule, [i.evidence.says for i in f.items])
        for f in shown.result.findings
        if (f.project, re.sub(r"(?<=\d)[a-z]$", "", f.rule)) in false
    ]


def test_the_right_entries_are_named(shown: Shown) -> None:
    """Where a defect names entries, the finding shows exactly these."""
    for item in defects():
        if "subjects" not in item:
            continue
        items = [
            evidence
            for finding in shown.result.findings
            if finding.project == item["project"] and re.sub(r"(?<=\d)[a-z]$", "", finding.rule) == item["rule"]
            for evidence in finding.items
        ]
        named = {
            subject
            for subject in item["subjects"]
            if any(re.search(rf"(?<![\w-]){re.escape(subject)}(?![\w-])", f"{e.evidence.subject_id} {e.evidence.says}") for e in items)
        }
        assert named == set(item["subjects"]), item
        assert len(items) == len(item["subjects"]), item


def test_nothing_conforms_where_nothing_was_read(shown: Shown) -> None:
    """The project whose documents are scans has no finding, and no conform about what a document would show."""
    haze = [item for item in shown.result.evaluations if item.project == "HAZE"]
    assert not [item for item in haze if item.verdict is Verdict.NONCONFORM]
    assert not [item.rule for item in haze if item.verdict is Verdict.CONFORM]


def test_the_healthy_project_is_mostly_assessed(shown: Shown) -> None:
    """Most of what applies to the complete project and can be decided without a person was decided."""
    rules = shipped_rulebook().rules
    said = [item for item in shown.result.evaluations if item.project == "ALPINE" and rules[item.rule].decides == "both"]
    decided = sum(1 for item in said if item.verdict in {Verdict.CONFORM, Verdict.NONCONFORM})
    left = sum(1 for item in said if item.verdict is Verdict.NOT_ASSESSED)
    assert decided / (decided + left) > 0.7
    assert next(project for project in shown.report.projects if project.id == "ALPINE").score.nonconform == 0


def test_no_rule_crashes(shown: Shown) -> None:
    """Every rule gives a verdict for every project, none by crashing."""
    assert not [item for item in shown.result.evaluations if item.reason == "rule_error"]


def test_a_second_run_gives_the_same_report(shown: Shown, tmp_path: Path) -> None:
    """The same portfolio elsewhere gives the same JSON but for the folder in the links."""
    again = run_demo(tmp_path / "portfolio")
    first, second = (json.loads(json_bytes(item.report).replace(str(item.folder).encode(), b"")) for item in (shown, again))
    for report in (first, second):
        report.pop("inputs")
        report.pop("audit")
    assert first == second


def test_somebody_elses_folder_is_left_alone(tmp_path: Path) -> None:
    """A folder that holds something else is refused; the demonstration's own is written anew."""
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match="holds something else"):
        run_demo(tmp_path)
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_the_command_says_where_everything_lies(tmp_path: Path) -> None:
    """`auditor demo` prints the summary and the report's place, and exits with 0 although there are findings."""
    done = subprocess.run(
        [sys.executable, "-m", "auditor", "demo", str(tmp_path / "d")], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "report/index.html" in done.stdout.replace("\n", "")
    assert (tmp_path / "d" / MARK).is_file()


def test_the_files_are_the_same_each_time(tmp_path: Path) -> None:
    """Two portfolios are the same, byte by byte."""
    build_portfolio(tmp_path / "a")
    build_portfolio(tmp_path / "b")
    one, two = (
        {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}
        for root in (tmp_path / "a", tmp_path / "b")
    )
    assert one == two
