"""Builders of waivers, evaluations and findings with defaults."""

from datetime import date
from typing import Any

from auditor.checks.evaluation import Evaluation, Evidence, Verdict
from auditor.findings.derive import derive_findings
from auditor.findings.finding import Finding
from auditor.findings.treat import Decided
from auditor.ledger.waiver import Waiver, requirement_digest
from auditor.rulebook.rule import Rule

AS_OF = date(2026, 6, 30)
REQUIREMENT = "Every risk has an owner."


def made_rule(id_: str = "A-1", **more: Any) -> Rule:
    return Rule(id=id_, title="Risks have owners", requirement=REQUIREMENT, cites=[], answers=[], area="risk", severity="major", **more)


def made_waiver(**more: Any) -> Waiver:
    values = {
        "rule": "A-1",
        "requirement": requirement_digest(REQUIREMENT),
        "project": "P",
        "reason": "for a time",
        "requester": "Jan Kowalski",
        "approver": "Olga Brandt",
        "begins_on": date(2026, 6, 1),
    } | more
    if "ends_on" not in values and "ends_with" not in values:
        values["ends_on"] = date(2026, 7, 31)
    return Waiver(**values)


def evaluated(verdict: str = "nonconform", failing: tuple[str, ...] = ("R1",), **more: Any) -> Evaluation:
    """Return what A-1 says of P; where it does not fail, nothing fails."""
    failing = failing if verdict == "nonconform" else ()
    shown = tuple(
        Evidence(subject_table="risk", subject_id=id_, outcome="failed", values={}, says=f"{id_} has no owner") for id_ in failing
    )
    values = {"rule": "A-1", "project": "P", "population": 9, "failed": len(failing), "evidence": shown}
    if verdict == "not_assessed":
        values["reason"] = "no_data"
    if verdict == "not_applicable":
        values["reason"] = "condition_false"
    return Evaluation(verdict=Verdict(verdict), **(values | more))


def decided(*evaluations: Evaluation, rules: dict[str, Rule] | None = None, **more: Any) -> Decided:
    asked = rules if rules is not None else {"A-1": made_rule()}
    projects = {item.project for item in evaluations} | {"P"}
    values = {"as_of": AS_OF, "evaluations": {(e.project, e.rule): e for e in evaluations}, "rules": dict.fromkeys(projects, asked)}
    return Decided(**(values | more))


def found(*evaluations: Evaluation) -> list[Finding]:
    return list(derive_findings(evaluations, {item.rule: made_rule(item.rule) for item in evaluations}))
