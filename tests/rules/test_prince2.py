"""What the pack for PRINCE2 says as a whole: its clauses, its tailoring, what stands before the board, and whom it is for."""

from datetime import date

import pytest

from auditor.audit import ProfileChoice, plan_audit, run_audit
from auditor.checks.evaluation import Evaluation, Reason
from auditor.reasoning.conclude import conclude
from auditor.reasoning.facts import Project, Told
from auditor.rulebook.profile import resolve_profile
from auditor.snapshot.store import write_snapshot
from tests.checks.small import merged, rows
from tests.shipped import shipped_rulebook

RULEBOOK = shipped_rulebook()
PROFILE = resolve_profile(RULEBOOK, "prince2")
OWN = {id_: rule for id_, rule in RULEBOOK.rules.items() if RULEBOOK.pack_of[id_] == "prince2"}
GATES = ("project_authorisation", "stage_boundary")


def test_every_clause_has_a_status():
    """The standard's 179 auditable requirements are all named, and none is called decided that no rule decides."""
    clauses = [clause for id_, clause in RULEBOOK.clauses.items() if RULEBOOK.clause_pack[id_] == "prince2"]
    assert len(clauses) == 179
    answered = {clause for rule in OWN.values() for clause in rule.answers}
    assert {clause.id for clause in clauses if clause.rule_ids} == answered
    assert all(clause.reason for clause in clauses if clause.status != "automatic")
    assert [clause.id for clause in clauses if clause.status != "out_of_scope" and not clause.rule_ids] == []


def test_good_practice_is_not_quoted_as_the_standard():
    """Where the manual's wording was not seen the citation says so, and so does the requirement."""
    for rule in OWN.values():
        if any("good practice" in citation.section for citation in rule.cites):
            assert "good practice" in rule.requirement or "advised" in rule.requirement, rule.id


def test_editions_are_data():
    """What only one edition asks for is switched by a parameter, not by a rule of its own per edition."""
    for rule in OWN.values():
        only = {edition for citation in rule.cites for edition in citation.editions}
        if only == {"2023"} and rule.applies == "true":
            assert "project.methodology_edition" not in str(rule.require), rule.id
        for param in rule.params.values():
            assert set(param.default_by_edition) in (set(), {"2017", "2023"}), rule.id


def readiness(gate, phase, **verdicts):
    """Return state → sentences of what is concluded about *gate* when its rules say this and all others conform."""
    asked = [rule for rule in OWN.values() if rule.gate == gate and rule.severity in ("critical", "major")]
    said = {rule.id: verdicts.get(name, {"verdict": "conform"}) for rule, name in zip(asked, ("first", "second", *"_" * 40), strict=False)}
    evaluations = [Evaluation(rule=id_, project="P", **said[id_]) for id_ in said]
    past = {"project_authorisation": phase == "executing", "stage_boundary": False}
    project = Project({"phase": phase}, tuple(Told("gate", {"gate": name, "is_past": past[name]}) for name in GATES))
    found = conclude({"P": project}, {}, evaluations, PROFILE).conclusions
    return {(one.about, one.state): one.says for one in found if one.name == "gate_readiness"}


@pytest.mark.parametrize(("gate", "phase"), [("project_authorisation", "planning"), ("stage_boundary", "executing")])
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
def test_readiness_for_what_the_board_decides_next(gate, phase, verdicts, state):
    said = readiness(gate, phase, **verdicts)
    assert set(said) == {(gate, state)}
    assert all(said.values())


def test_a_closed_project_waits_for_no_boundary():
    assert readiness("stage_boundary", "closed") == {}


@pytest.mark.parametrize(
    ("rule", "about", "state"),
    [
        ("P2-PRG-06", "project_board", "not_escalated"),
        ("P2-PRG-06b", "project_board", "not_escalated"),
        ("P2-PRG-06c", "project_board", "not_escalated"),
        ("P2-PRG-06d", "project_board", "not_escalated"),
        ("P2-PRG-06e", "project_board", "not_escalated"),
        ("P2-PRG-08", "project_board", "unanswered"),
        ("P2-PRG-09", "business_layer", "not_escalated"),
        ("P2-PRG-09b", "business_layer", "not_escalated"),
        ("P2-PRG-09c", "business_layer", "not_escalated"),
        ("P2-BC-02", "business_layer", "no_justification"),
    ],
)
def test_exceptions_go_to_those_who_must_act(rule, about, state):
    def said(verdict):
        found = conclude({"P": Project({"phase": "executing"})}, {}, [Evaluation(rule=rule, project="P", **verdict)], PROFILE)
        return [(one.about, one.state) for one in found.conclusions if one.name == "exception"]

    assert said({"verdict": "nonconform", "failed": 1}) == [(about, state)]
    assert said({"verdict": "not_assessed", "reason": "no_data"}) == []
    assert said({"verdict": "conform"}) == []


# A small portfolio


def declared(name, kind, *, is_used):
    return {"id": name, "kind": "tailoring", "names_kind": kind, "is_used": is_used, "reason": "small", "artefact_id": "A1"}


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    prince2 = rows(
        of="P1",
        project=[{"id": "P1", "name": "Portal", "methodology": "prince2", "methodology_edition": "2017", "phase": "executing"}],
        listed_item=[
            declared("L1", "daily_log", is_used=False),
            declared("L2", "business_case", is_used=False),
            declared("L3", "product_register", is_used=True),
        ],
        artefact=[{"id": "A1", "kind": "project_initiation_documentation", "is_current": True, "approved_on": date(2026, 3, 1)}],
        product=[],
        candidate=[],
        stage=[],
    )
    pm2 = rows(of="P2", project=[{"id": "P2", "methodology": "pm2", "size": "small", "phase": "executing"}])
    planned = rows(
        of="P3",
        project=[{"id": "P3", "name": "Depot", "methodology": "prince2", "phase": "planning"}],
        product=[
            {"id": "B", "kind": "business_case", "is_current": True, "approved_on": date(2026, 6, 1)},
            {"id": "D", "kind": "project_plan", "is_current": True, "approved_on": None},
        ],
        candidate=[],
        stage=[{"id": "S1", "kind": "initiation", "started_on": date(2026, 5, 4)}],
        decision=[],
    )
    tables = merged(prince2, pm2, planned)
    tables["completeness"] = [
        {"project_id": project, "table_name": name, "is_complete": True}
        for project, own in (("P1", prince2), ("P3", planned))
        for name in own
    ]
    return write_snapshot(tmp_path_factory.mktemp("s") / "snapshot", tables, {"as_of": "2026-06-30"})


@pytest.fixture(scope="module")
def audited(snapshot):
    plan = plan_audit(snapshot, RULEBOOK, ProfileChoice(forced="prince2"), projects=["P1", "P3"])
    found = run_audit(snapshot, plan).evaluations
    return plan, {(item.rule, item.project): item for item in found}


def test_tailoring_leaves_what_principles_rest_on(audited):
    plan, found = audited
    owed = {product.kind: product.obligation for product in plan.plans["prince2"].projects["P1"].expected}
    assert owed["daily_log"] == "not_used"
    assert owed["product_register"] == "mandatory"
    assert owed["business_case"] == "mandatory"  # the project left it out, the principle does not
    assert (found["P2-TLR-04", "P1"].verdict, found["P2-BC-02", "P1"].verdict) == ("nonconform", "nonconform")


def test_each_project_is_audited_by_its_own_method(snapshot):
    plan = plan_audit(snapshot, RULEBOOK, ProfileChoice())
    rules = {project: {rule.split("-")[0] for rule in plan.profiles[name].rules} for project, name in plan.chosen.items()}
    assert rules == {"P1": {"P2"}, "P2": {"PM2"}, "P3": {"P2"}}


def test_no_rule_crashes_where_little_is_known(audited):
    assert [rule for rule, item in audited[1].items() if item.reason is Reason.RULE_ERROR] == []
    assert {rule for rule, _ in audited[1]} == set(OWN)


def test_what_the_older_edition_does_not_ask_is_not_asked(audited):
    for rule in ("P2-ORG-02b", "P2-PRG-13", "P2-CP-09"):
        assert audited[1][rule, "P1"].reason == Reason.CONDITION_FALSE


def test_what_the_board_will_ask_is_known_before_it_asks(audited):
    """In initiation nothing of this is due, and it is told all the same whether it is there."""
    found = {rule: audited[1][rule, "P3"] for rule in ("P2-BC-02", "P2-PLA-01", "P2-IP-04")}
    assert {item.reason for item in found.values()} == {Reason.NOT_DUE_YET}
    assert {rule: item.next_verdict for rule, item in found.items()} == {
        "P2-BC-02": "conform",
        "P2-PLA-01": "nonconform",  # written, and not approved
        "P2-IP-04": "nonconform",
    }
