"""What the shipped productions of PM² make of projects of different kinds."""

from typing import Any

import pytest

from auditor.checks.inputs import ProjectPlan
from auditor.reasoning.facts import Project, Told
from auditor.reasoning.tailor import tailor
from auditor.rulebook.load import Rulebook
from auditor.rulebook.profile import resolve_profile

KNOWN = {"methodology": "pm2", "is_outsourced": False, "is_agile": False, "has_personal_data": False}
PLANS = ("deliverables_acceptance_plan", "transition_plan", "risk_management_plan", "requirements_documents", "signed_work_assignments")
NOT_USED = Told("declared", {"product": "risk_management_plan", "is_used": False, "has_reason": True}, ("is_approved",))

KINDS: dict[str, tuple[dict[str, Any], tuple[Told, ...]]] = {
    "small": ({"size": "small"}, ()),
    "medium": ({"size": "medium"}, ()),
    "small and risky": ({"size": "small", "criticality": "high"}, ()),
    "small, risky, declared": ({"size": "small", "criticality": "critical"}, (NOT_USED,)),
    "small, given away": ({"size": "small", "is_outsourced": True}, ()),
    "agile": ({"size": "medium", "methodology": "pm2_agile", "is_agile": True}, ()),
    "plain and agile": ({"size": "medium", "is_agile": True}, ()),
    "small, who works unknown": ({"size": "small", "is_outsourced": None}, ()),
    "medium, much unknown": ({"size": "medium", "is_agile": None, "criticality": None}, ()),
}


@pytest.fixture(scope="module")
def plans(shipped: Rulebook) -> dict[str, ProjectPlan]:
    projects = {name: Project(KNOWN | traits, told) for name, (traits, told) in KINDS.items()}
    return dict(tailor(projects, resolve_profile(shipped, "pm2")).plan.projects)


def duties(plan: ProjectPlan) -> tuple[str | None, ...]:
    found = {item.kind: item.obligation for item in plan.expected}
    return tuple(found.get(kind) for kind in PLANS)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("small", ("optional", "optional", "recommended", "recommended", "recommended")),
        ("medium", ("recommended", "recommended", "mandatory", "recommended", "recommended")),
        ("small and risky", ("recommended", "recommended", "mandatory", "recommended", "recommended")),
        ("small, risky, declared", ("recommended", "recommended", "not_used", "recommended", "recommended")),
        ("small, given away", ("recommended", "optional", "recommended", "recommended", "recommended")),
        ("agile", ("recommended", "recommended", "mandatory", "optional", "optional")),
        ("plain and agile", ("recommended", "recommended", "mandatory", "recommended", "optional")),
        ("small, who works unknown", (None, "optional", "recommended", "recommended", "recommended")),
        ("medium, much unknown", ("recommended", "recommended", "mandatory", "recommended", "recommended")),
    ],
)
def test_what_a_project_of_this_kind_owes(kind: str, expected: tuple[str | None, ...], plans: dict[str, ProjectPlan]) -> None:
    """By size, risk class, outsourcing, agile work, and by what it declared; what hangs on an unknown fact stays open."""
    assert duties(plans[kind]) == expected


def test_a_high_risk_class_is_watched_more_closely(plans: dict[str, ProjectPlan]) -> None:
    """Another interval and severity; where nobody states a class the profile's hold, and nothing is in doubt."""
    risky, plain = plans["small and risky"], plans["medium, much unknown"]
    assert risky.params["PM2-RSK-11"]["interval"].value == 14
    assert risky.severities == {"PM2-GOV-12": "major"}
    assert (plain.params, plain.severities, plain.doubts) == ({}, {}, {})


def test_obligations_and_productions_of_pm2_say_nothing_twice(shipped: Rulebook) -> None:
    """One mechanism each: a project of which only size and outsourcing are known gets its products from obligations alone, but for one."""
    own = [item.production for item in shipped.productions if item.pack == "pm2" and item.step == "tailoring"]
    by_kind = [item for item in own if {"size", "is_outsourced"} & {name for when in item.when for name in when.where}]
    assert [item.name for item in by_kind] == ["pm2-outsourced-acceptance"]


def test_what_cites_nothing_says_that_it_is_our_reading(shipped: Rulebook) -> None:
    """A fact that could not be confirmed is never cited as the standard's word."""
    own = [item.production for item in shipped.productions if item.pack == "pm2" and item.step == "tailoring"]
    for item in own:
        assert item.cites or "our reading" in item.because or item.name.startswith("pm2-agile-"), item.name
