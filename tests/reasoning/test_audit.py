"""Tailoring and conclusions inside an audit: what is read of a snapshot, what follows, and that every engine says the same."""

from datetime import date

import orjson
import pytest

from auditor.audit import ProfileChoice, plan_audit, run_audit
from auditor.checks.evaluation import Evaluation, Reason, Verdict
from auditor.checks.inputs import Plan, ProjectPlan, TailoredParam
from auditor.demo.run import Shown
from auditor.reasoning.conclude import conclude, conclude_portfolio
from auditor.reasoning.facts import Project, Told, read_projects
from auditor.reasoning.reasoner import installed
from auditor.results.store import open_result, write_result
from auditor.rulebook.profile import resolve_profile
from auditor.snapshot.store import write_snapshot
from tests.checks.small import merged, rows, rule, run
from tests.shipped import shipped_rulebook

DAY = date(2026, 6, 30)


def item(name, kind, *, is_used, reason="a reason", artefact="A1"):
    return {"id": name, "kind": "tailoring", "names_kind": kind, "is_used": is_used, "reason": reason, "artefact_id": artefact}


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    tables = merged(
        rows(
            of="P1",
            project=[{"id": "P1", "methodology": "pm2", "size": "medium", "phase": "executing", "is_outsourced": True}],
            product=[
                {"id": "C", "kind": "project_charter", "approved_on": date(2026, 2, 1), "is_current": True},
                {"id": "W", "kind": "project_work_plan", "approved_on": date(2026, 7, 9), "is_current": True},
                {"id": "R", "kind": "risk_log", "status": "draft", "is_current": True},
            ],
            artefact=[{"id": "A1", "approved_on": date(2026, 3, 1)}, {"id": "A2", "status": "draft"}],
            listed_item=[
                item("L1", "outsourcing_plan", is_used=False),
                item("L2", "change_request_form", is_used=True),
                item("L3", "issue_log", is_used=False, reason=None, artefact="A2"),
            ],
            gate=[{"id": "G1", "gate": "rfp", "decision": "approved", "decided_on": date(2026, 2, 2)}],
            candidate=[{"id": "X", "kind": "decision_log"}],
        ),
        rows(of="P2", project=[{"id": "P2", "methodology": "pm2", "size": "small"}]),
    )
    tables["completeness"] = [
        {"project_id": "P1", "table_name": name, "is_complete": True}
        for name in ("product", "candidate", "artefact", "listed_item", "gate")
    ]
    return write_snapshot(tmp_path_factory.mktemp("s") / "snapshot", tables, {"as_of": DAY.isoformat()})


def told(project, kind):
    return [(dict(fact.values), fact.unknown) for fact in project.told if fact.kind == kind]


def test_what_is_read_of_a_snapshot(snapshot):
    traits = {"P1": {"methodology": "pm2", "size": "medium"}, "P2": {"methodology": None}}
    found = read_projects(snapshot, traits, ["project_charter", "project_work_plan", "risk_log", "change_log", "decision_log"])
    assert sorted(told(found["P1"], "product"), key=lambda one: one[0]["product"]) == [
        ({"product": "change_log", "is_found": False, "is_approved": False}, ()),  # everything was read
        ({"product": "decision_log"}, ("is_found", "is_approved")),  # a file may be it
        ({"product": "project_charter", "is_found": True, "is_approved": True}, ()),
        ({"product": "project_work_plan", "is_found": True, "is_approved": False}, ()),  # that day is still to come
        ({"product": "risk_log", "is_found": True, "is_approved": False}, ()),
    ]
    assert {unknown for _, unknown in told(found["P2"], "product")} == {("is_found", "is_approved")}  # nothing was read completely
    assert sorted(told(found["P1"], "declared"), key=lambda one: one[0]["product"]) == [
        ({"product": "change_request_form", "is_used": True, "has_reason": True, "is_approved": True}, ()),
        ({"product": "issue_log", "is_used": False, "has_reason": False, "is_approved": False}, ()),
        ({"product": "outsourcing_plan", "is_used": False, "has_reason": True, "is_approved": True}, ()),
    ]
    assert [(dict(fact)["gate"], dict(fact)["is_past"]) for fact, _ in told(found["P1"], "gate")] == [
        ("rfp", True),
        ("rfe", False),
        ("rfc", False),
    ]
    assert told(found["P2"], "gate") == []  # the method is not known, nor are its gates


def plan_of(snapshot, engine=None):
    return plan_audit(snapshot, shipped_rulebook(), ProfileChoice(forced="pm2"), engine=engine)


def test_what_the_project_declared_outranks_the_method(snapshot):
    plan = plan_of(snapshot).plans["pm2"].projects["P1"]
    owed = {product.kind: product.obligation for product in plan.expected}
    assert owed["outsourcing_plan"] == "not_used"  # the method asks for it, because the project outsources
    assert owed["change_request_form"] == "mandatory"  # the method leaves it open
    assert owed["project_charter"] == "mandatory"
    assert "tailoring table" in next(product.why for product in plan.expected if product.kind == "outsourcing_plan")


def test_every_engine_gives_the_same_audit(snapshot, tmp_path):
    made = [run_audit(snapshot, plan_of(snapshot, engine)) for engine in installed()]
    assert len({orjson.dumps(result.model_dump(mode="json")) for result in made}) == 1
    result = made[0]
    assert [derivation.production for derivation in result.projects[0].derivations] == [
        "pm2-declared-not-used",
        "pm2-declared-not-used",
        "pm2-declared-used",
    ]
    assert result.notes == ()
    write_result(tmp_path, result)
    assert open_result(tmp_path) == result


# Rules that tailoring changes

SCORE = {"score": {"type": "integer", "default": 20, "project_parameter": "top"}}


def evaluate(plan, *, parameter=None):
    own = rule("T-1", about="risk", require="risk.score <= $score", params=SCORE)
    stated = [{"id": "X", "name": "top", "value": parameter}] if parameter else []
    tables = rows(of="P", project=[{"id": "P"}], risk=[{"id": "R1", "score": 15}], project_parameter=stated)
    return run(tables, [own], plan=Plan(projects={"P": plan}))["T-1", "P"]


def test_a_parameter_of_tailoring_stands_between_the_profile_and_the_documents():
    tailored = ProjectPlan(params={"T-1": {"score": TailoredParam(value=10, origin="pm2: small-ones")}})
    assert evaluate(ProjectPlan()).verdict is Verdict.CONFORM
    found = evaluate(tailored)
    assert found.verdict is Verdict.NONCONFORM
    assert found.params["score"].origin == "pm2: small-ones"
    assert evaluate(tailored, parameter="18").verdict is Verdict.CONFORM


def test_a_rule_that_may_be_dropped_is_not_assessed():
    found = evaluate(ProjectPlan(doubts={"T-1": "size of the project"}))
    assert (found.verdict, found.reason) == (Verdict.NOT_ASSESSED, Reason.NO_DATA)
    assert "size of the project" in found.detail


def test_a_dropped_rule_is_tailored_out():
    found = evaluate(ProjectPlan(dropped={"T-1": "it is small"}))
    assert (found.verdict, found.reason, found.detail) == (Verdict.NOT_APPLICABLE, Reason.TAILORED_OUT, "it is small")


# Conclusions

PROFILE = resolve_profile(shipped_rulebook(), "pm2")


def readiness(**verdicts):
    """Return what is concluded of the gate Ready for Executing when its rules say this and all others conform."""
    gate = [one for one in PROFILE.rules.values() if one.gate == "rfe" and one.severity in ("critical", "major")]
    said = dict(zip(("first", "second"), gate, strict=False))
    evaluations = []
    for own in gate:
        name = next((key for key, value in said.items() if value.id == own.id), "")
        evaluations.append(Evaluation(rule=own.id, project="P", **verdicts.get(name, {"verdict": "conform"})))
    gates = tuple(Told("gate", {"gate": gate, "is_past": gate == "rfp"}) for gate in ("rfp", "rfe", "rfc"))
    project = Project({"phase": "planning"}, gates)
    found = conclude({"P": project}, {}, evaluations, PROFILE).conclusions
    return {conclusion.about: conclusion.state for conclusion in found if conclusion.name == "gate_readiness"}, found


@pytest.mark.parametrize(
    ("verdicts", "state"),
    [
        ({}, "ready"),
        ({"first": {"verdict": "nonconform", "failed": 1}}, "not_ready"),
        ({"first": {"verdict": "not_applicable", "reason": "not_due_yet", "next_verdict": "nonconform"}}, "not_ready"),
        ({"first": {"verdict": "not_assessed", "reason": "no_data"}}, "cannot_say"),
        ({"first": {"verdict": "not_applicable", "reason": "not_due_yet", "next_verdict": "not_assessed"}}, "cannot_say"),
        ({"first": {"verdict": "not_assessed", "reason": "no_data"}, "second": {"verdict": "nonconform", "failed": 1}}, "not_ready"),
        ({"first": {"verdict": "not_applicable", "reason": "not_due_yet", "next_verdict": "conform"}}, "ready"),
    ],
)
def test_readiness_for_a_gate(verdicts, state):
    states, found = readiness(**verdicts)
    assert states == {"rfe": state}  # the gate that was passed, and the one after the next, are not asked about
    for conclusion in found:
        assert conclusion.derivations
        assert all(derivation.facts and derivation.because for derivation in conclusion.derivations)


def test_a_gate_of_which_nothing_is_asked_is_not_called_ready():
    project = Project({"phase": "planning"}, (Told("gate", {"gate": "rfe", "is_past": False}),))
    assert conclude({"P": project}, {}, [], PROFILE).conclusions == ()


def test_a_weakness_of_many_projects_is_one_of_the_organisation():
    own = min(id_ for id_, one in PROFILE.rules.items() if one.severity == "major")
    evaluations = [
        Evaluation(rule=own, project=f"P{number}", verdict="nonconform" if number < 5 else "conform", failed=1) for number in range(8)
    ]
    found = conclude_portfolio(evaluations, [], [PROFILE], 8).conclusions
    assert [(one.name, one.about, one.state, one.project) for one in found] == [("systemic", own, "nonconformity", "")]
    assert "5 projects (62 % of those assessed)" in found[0].says[0]
    assert conclude_portfolio(evaluations[4:], [], [PROFILE], 4).conclusions == ()


def test_the_demonstration_is_concluded_as_it_is_told(demonstration: Shown):
    """Gate by gate, from the story of each project: the log of defects says what blocks it."""
    said = {
        (conclusion.project, conclusion.about): conclusion.state
        for conclusion in demonstration.result.conclusions
        if conclusion.name == "gate_readiness"
    }
    assert said[("GROVE", "rfc")] == "not_ready"
    assert said[("EICHE", "rfe")] == "cannot_say"
    assert {project for project, about in said if about == "rfc"} == {"ALPINE", "BOREAL", "GROVE", "HAZE"}  # the next gate alone
    kept = [one for one in demonstration.result.conclusions if (one.project, one.about, one.state) == ("ALPINE", "rfc", "not_ready")]
    assert all("not met yet" in says for one in kept for says in one.says)  # it keeps its records: only what is still to come is open
    critical = {finding.project for finding in demonstration.result.findings if finding.grade == "critical"}
    escalated = {conclusion.project for conclusion in demonstration.result.conclusions if conclusion.name == "escalation"}
    assert escalated >= critical
