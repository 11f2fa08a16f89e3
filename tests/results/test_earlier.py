"""What audits before said: the last of every earlier day, the newest assessed verdict, and how often in a row."""

from datetime import date
from functools import cache

import pytest

from auditor.audit import ProfileChoice, plan_audit, run_audit
from auditor.checks.evaluation import Evaluation, Verdict
from auditor.errors import StoreError
from auditor.reasoning.conclude import EarlierVerdict, conclude
from auditor.reasoning.facts import Project
from auditor.results.audit_result import AuditedProject, AuditResult
from auditor.results.earlier import earlier_verdicts
from auditor.results.store import write_result
from auditor.rulebook.profile import resolve_profile
from auditor.snapshot.store import write_snapshot
from tests.checks.small import merged, rows
from tests.shipped import shipped_rulebook

GOOD, BAD, OPEN = Verdict.CONFORM, Verdict.NONCONFORM, Verdict.NOT_ASSESSED


def keep(store, day, verdict, name="aaa", project="P", rule="PM2-RSK-01"):
    result = AuditResult(
        id=f"{day}-{name}",
        as_of=day,
        snapshot="s",
        generator="auditor",
        inputs={},
        projects=(AuditedProject(id=project, profile="pm2"),),
        evaluations=(Evaluation(rule=rule, project=project, verdict=verdict),),
        findings=(),
        conclusions=(),
    )
    write_result(store, result)


def said(store, before=date(2026, 6, 30)):
    return earlier_verdicts(store, before, ["P"]).verdicts.get("P", {}).get("PM2-RSK-01")


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ([], None),
        ([BAD], EarlierVerdict("nonconform", 1)),
        ([BAD, GOOD], EarlierVerdict("conform", 1)),
        ([GOOD, BAD, OPEN, BAD], EarlierVerdict("nonconform", 2)),
        ([BAD, OPEN], EarlierVerdict("nonconform", 1)),
        ([OPEN, OPEN], EarlierVerdict("not_assessed", 2)),
        ([GOOD] + [BAD] * 8, EarlierVerdict("nonconform", 6)),  # it looks back six days
    ],
)
def test_newest_assessed_verdict_and_how_often(tmp_path, verdicts, expected):
    for number, verdict in enumerate(verdicts):
        keep(tmp_path, date(2026, 1, 1 + number), verdict)
    assert said(tmp_path) == expected


def test_only_earlier_days_and_one_audit_a_day_and_the_project_itself_count(tmp_path):
    keep(tmp_path, date(2026, 6, 30), BAD)
    assert said(tmp_path) is None
    assert earlier_verdicts(tmp_path, date(2026, 6, 30), ["P"]).audits == ()
    keep(tmp_path, date(2026, 3, 1), BAD, "aaa")
    keep(tmp_path, date(2026, 3, 1), GOOD, "bbb")
    keep(tmp_path, date(2026, 4, 1), BAD, project="Q")
    assert said(tmp_path) == EarlierVerdict("conform", 1)
    assert earlier_verdicts(tmp_path, date(2026, 6, 30), ["P"]).audits == ("2026-03-01-bbb",)
    assert said(tmp_path, date(2026, 2, 1)) is None


def test_damaged_audit_is_named(tmp_path):
    keep(tmp_path, date(2026, 3, 1), BAD)
    (tmp_path / "audits" / "2026-03-01-aaa" / "evaluation.parquet").write_bytes(b"x")
    with pytest.raises(StoreError, match="2026-03-01-aaa"):
        said(tmp_path)
    (tmp_path / "audits" / "2026-03-01-aaa" / "audit.json").write_text("{}", "utf-8")
    with pytest.raises(StoreError, match="2026-03-01-aaa"):
        said(tmp_path)


@cache
def rulebook():
    return shipped_rulebook()


def concluded(verdict, earlier, name="PM2-RSK-01"):
    profile = resolve_profile(rulebook(), "pm2")
    evaluations = [Evaluation(rule="PM2-RSK-01", project="P", verdict=verdict)]
    found = conclude({"P": Project({"methodology": "pm2"})}, {}, evaluations, profile, earlier={"P": {name: earlier}}).conclusions
    return {item.name: item for item in found}


def test_what_is_not_met_again_recurs():
    found = concluded(BAD, EarlierVerdict("nonconform", 2))
    assert found["recurring_weakness"].about == "risk"
    assert "earlier audits in a row that found the same: 2" in found["recurring_weakness"].says[0]
    assert not any("in a row before" in says for says in found["escalation"].says)
    assert any("in 3 audits in a row before" in says for says in concluded(BAD, EarlierVerdict("nonconform", 3))["escalation"].says)
    assert "recurring_weakness" not in concluded(BAD, EarlierVerdict("conform", 3))
    assert "recurring_weakness" not in concluded(OPEN, EarlierVerdict("nonconform", 3))
    assert "recurring_weakness" not in concluded(BAD, EarlierVerdict("nonconform", 3), name="PM2-RSK-77")


def test_earlier_audits_are_an_input_of_the_result(tmp_path):
    tables = merged(rows(of="P", project=[{"id": "P", "methodology": "pm2"}]))
    snapshot = write_snapshot(tmp_path / "snapshot", tables, {"as_of": "2026-06-30"})
    plan = plan_audit(snapshot, rulebook(), ProfileChoice(forced="pm2"))
    first = run_audit(snapshot, plan)
    assert "earlier" not in first.inputs
    again = run_audit(snapshot, plan, earlier={"P": {"PM2-RSK-01": EarlierVerdict("nonconform", 1)}})
    assert again.inputs["earlier"]
    assert again.id != first.id
