"""How far the rules reach: every clause once, counted by the strongest of its rules, and what an audit decided of it."""

import json
import re
from pathlib import Path

import pytest

from auditor.checks.evaluation import Evaluation, Reason, Verdict
from auditor.reports.coverage import CoverageReport, Reach, build_coverage, coverage_bytes, write_coverage_html, write_coverage_json
from auditor.results.audit_result import AuditResult
from auditor.rulebook.crosswalk import Crosswalk, CrosswalkEntry
from auditor.rulebook.load import Rulebook, load_rulebook

GOOD = Path(__file__).parents[1] / "rulebook" / "folders" / "good"
WALK = Crosswalk(
    name="iso",
    title="Another <standard>",
    entries=[CrosswalkEntry(clause="1", title="Risks", rules=["ACME-*"]), CrosswalkEntry(clause="2", title="Paper")],
)


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_rulebook([GOOD], installed=False)


def said(rule: str, project: str, verdict: Verdict, reason: Reason | None = None, *, attested: bool = False) -> Evaluation:
    return Evaluation(rule=rule, project=project, verdict=verdict, reason=reason, detail="table risk", is_attested=attested)


@pytest.fixture(scope="module")
def reached(book: Rulebook, result: AuditResult) -> CoverageReport:
    """Four projects; of each the risk rule says something else, the planning rule is open in all but one."""
    evaluations = (
        said("ACME-RSK-01", "A", Verdict.CONFORM),
        said("ACME-RSK-01", "B", Verdict.NONCONFORM, attested=True),
        said("ACME-RSK-01", "C", Verdict.NOT_ASSESSED, Reason.NO_DATA),
        said("ACME-RSK-01", "D", Verdict.NOT_APPLICABLE, Reason.NOT_DUE_YET),
        said("ACME-PLA-01", "A", Verdict.NOT_ASSESSED, Reason.AWAITING_ANSWER),
        said("ACME-PLA-01", "B", Verdict.NONCONFORM),
    )
    return build_coverage(book, {"iso": WALK}, result.model_copy(update={"evaluations": evaluations}), generator="auditor test")


def test_each_clause_stands_once_with_its_means(reached: CoverageReport, book: Rulebook) -> None:
    assert [clause.id for clause in reached.clauses] == list(book.clauses)
    assert {clause.id: clause.means for clause in reached.clauses if clause.pack == "acme"} == {
        "ACME-RSK-01": "both",
        "ACME-PLA-01": "refutes",
        "ACME-PLA-02": "planned",
        "ACME-PLA-03": "none",
    }


def test_a_project_counts_once_per_clause(reached: CoverageReport) -> None:
    reach = {clause.id: clause.reach for clause in reached.clauses}
    assert reach["ACME-RSK-01"] == Reach(decided=1, attested=1, open=1, not_applicable=1, why_open={"no_data": 1})
    assert reach["ACME-PLA-01"] == Reach(decided=1, open=1, why_open={"awaiting_answer": 1})
    assert reach["ACME-PLA-02"] is None


def test_a_pack_is_the_sum_of_its_clauses(reached: CoverageReport) -> None:
    acme = next(pack for pack in reached.packs if pack.name == "acme")
    assert acme.clauses == sum(acme.by_status.values()) == sum(acme.by_means.values()) == 4
    assert acme.machine_share == 0.5
    assert (acme.projects, acme.decided, acme.decided_share) == (4, 2, 0.4)


def test_gaps_name_the_clauses_that_they_leave_open(reached: CoverageReport) -> None:
    assert {(gap.reason, tuple(gap.clauses), tuple(gap.projects)) for gap in reached.gaps} == {
        ("no_data", ("ACME-RSK-01",), ("C",)),
        ("awaiting_answer", ("ACME-PLA-01",), ("A",)),
    }


def test_an_entry_that_nothing_serves_is_named(reached: CoverageReport) -> None:
    (walk,) = reached.crosswalks
    assert walk.entries[0].rules == ["ACME-PLA-01", "ACME-RSK-01"]
    assert walk.empty == ["2"]


def test_without_an_audit_nothing_is_said_of_projects(book: Rulebook) -> None:
    report = build_coverage(book, {}, None, generator="auditor test", packs=["acme"])
    assert {clause.pack for clause in report.clauses} == {"acme"}
    assert all(clause.reach is None for clause in report.clauses)
    assert [(pack.name, pack.decided, pack.decided_share, pack.projects) for pack in report.packs] == [("acme", None, None, 0)]
    assert report.gaps == []


def test_a_page_holds_no_control_characters(reached: CoverageReport, tmp_path: Path) -> None:
    """Not in texts, and not in what filters join of them."""
    (walk,) = reached.crosswalks
    nasty = walk.model_copy(
        update={"title": "A\x1b[2J", "entries": [walk.entries[0].model_copy(update={"rules": ["R\x07"], "reports": ["\x9b1m", "b"]})]}
    )
    page = write_coverage_html(reached.model_copy(update={"crosswalks": [nasty]}), tmp_path / "coverage.html").read_text(encoding="utf-8")
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", page)
    assert page.count("\ufffd") >= 3
    assert "&amp;lt;" not in page


def test_json_and_page_say_the_same(reached: CoverageReport, tmp_path: Path) -> None:
    """Both name every clause; what comes from files is text in the page, and the same report gives the same bytes."""
    assert CoverageReport.model_validate(json.loads(coverage_bytes(reached))) == reached
    assert write_coverage_json(reached, tmp_path / "coverage.json").read_bytes() == coverage_bytes(reached)
    page = write_coverage_html(reached, tmp_path / "coverage.html").read_text(encoding="utf-8")
    for clause in reached.clauses:
        assert re.search(rf'<th scope="row" class="rule">{clause.id}</th>', page)
    assert "Another &lt;standard&gt;" in page
    assert "<script" not in page
    assert write_coverage_html(reached, tmp_path / "again.html").read_text(encoding="utf-8") == page
