"""Waivers inside an audit: no evaluation, conclusion or actual score depends on them, and nothing unseen is waived."""

from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pytest

from auditor.audit import AuditPlan, ProfileChoice, plan_audit, run_audit
from auditor.findings.treat import WaiverBook
from auditor.ledger.waiver import EndingIssue, requirement_digest
from auditor.results.audit_result import AuditResult
from auditor.snapshot.store import Snapshot, write_snapshot
from tests.checks.small import merged, rows
from tests.findings.made import made_waiver
from tests.shipped import shipped_rulebook

RULE = "PM2-RSK-07"
FAILING = [f"R{number}" for number in range(1, 8)]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    risks = [{"id": id_, "status": "approved", "owner_id": None} for id_ in FAILING]
    risks.append({"id": "R8", "status": "approved", "owner_id": "anna"})
    project = {"methodology": "pm2", "size": "medium", "phase": "executing", "is_outsourced": False, "is_agile": False}
    tables = merged(
        rows(of="P", project=[project | {"id": "P"}], risk=risks, person=[{"id": "anna", "name": "Anna Vogel", "kind": "person"}]),
        rows(of="Q", project=[project | {"id": "Q"}]),
    )
    return write_snapshot(tmp_path_factory.mktemp("s") / "snapshot", tables, {"as_of": "2026-06-30"})


@pytest.fixture(scope="module")
def plan(snapshot: Snapshot) -> AuditPlan:
    """Of an audit that asks one rule alone."""
    whole = plan_audit(snapshot, shipped_rulebook(), ProfileChoice(forced="pm2"))
    profile = whole.profiles["pm2"]
    few = replace(profile, rules=MappingProxyType({RULE: profile.rules[RULE]}), settings=MappingProxyType({RULE: profile.settings[RULE]}))
    return replace(whole, profiles={"pm2": few})


def audited(snapshot: Snapshot, plan: AuditPlan, *waivers: dict[str, object], **more: object) -> AuditResult:
    requirement = requirement_digest(plan.profiles["pm2"].rules[RULE].requirement)
    made = tuple(made_waiver(**({"rule": RULE, "requirement": requirement} | waiver)) for waiver in waivers)
    return run_audit(snapshot, plan, evidence_limit=2, waivers=WaiverBook(waivers=made, **more))


@pytest.fixture(scope="module")
def plain(snapshot: Snapshot, plan: AuditPlan) -> AuditResult:
    return audited(snapshot, plan)


def test_seven_waivers_of_seven_subjects(snapshot: Snapshot, plan: AuditPlan, plain: AuditResult) -> None:
    """The evidence shows two of seven: when each of the seven is waived the finding is, whatever is shown; with one left it is not."""
    (before,) = [finding for finding in plain.findings if finding.project == "P"]
    assert (before.failed, len(before.items)) == (7, 2)
    all_ = audited(snapshot, plan, *({"subject": id_} for id_ in FAILING))
    (finding,) = [finding for finding in all_.findings if finding.project == "P"]
    assert (finding.treatment, finding.treated) == ("waived", 7)
    assert [status.treats for status in all_.waivers] == [1] * 7
    some = audited(snapshot, plan, *({"subject": id_} for id_ in FAILING[1:]))
    (finding,) = [finding for finding in some.findings if finding.project == "P"]
    assert (finding.treatment, finding.treated) == ("none", 6)
    for result in (all_, some):
        assert result.evaluations == plain.evaluations
        assert result.conclusions == plain.conclusions
        assert {name for name in plain.inputs if result.inputs[name] != plain.inputs[name]} == {"waivers"}
        assert result.id != plain.id


def test_the_order_in_which_waivers_are_told(snapshot: Snapshot, plan: AuditPlan) -> None:
    """Told in another order the same waivers give the same result, with the same id."""
    some = [{"subject": "R1"}, {"subject": "R9"}, {"project": "Q"}, {"subject": "R2", "ends_with": "B-1"}]
    issue = EndingIssue(key="B-1", is_closed=False)
    assert audited(snapshot, plan, *some, issues=(issue,)) == audited(snapshot, plan, *reversed(some), issues=(issue,))


def test_only_waivers_of_its_projects(snapshot: Snapshot, plan: AuditPlan) -> None:
    """An audit of one project speaks of its waivers alone; an audit of all also of those whose project is gone."""
    some = [{"subject": "R1"}, {"project": "Q"}, {"project": "gone"}]
    assert [status.waiver.project for status in audited(snapshot, plan, *some).waivers] == ["P", "Q", "gone"]
    one = replace(plan, chosen={"P": "pm2"})
    assert [status.waiver.project for status in audited(snapshot, one, *some).waivers] == ["P"]


def test_a_past_day(snapshot: Snapshot, plan: AuditPlan) -> None:
    """As of a past day a waiver stands as it stood then: what began later does not hold yet, what has ended since still does."""
    then = replace(plan, as_of=date(2026, 6, 15))
    found = audited(
        snapshot,
        then,
        {"subject": "R1", "begins_on": date(2026, 6, 16)},
        {"subject": "R2", "ends_on": date(2026, 6, 20)},
        {"subject": "R3", "ends_with": "B-1"},
        issues=(EndingIssue(key="B-1", is_closed=True, closed_on=(date(2026, 6, 25),)),),
    )
    assert [status.state.value for status in found.waivers] == ["in_force", "in_force", "not_begun"]  # by first day
