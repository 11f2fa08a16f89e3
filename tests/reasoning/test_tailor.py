"""What a project owes follows from its characteristics, and is not known while one of them is not."""

from dataclasses import replace
from types import MappingProxyType

from auditor.reasoning.facts import Project, Told
from auditor.reasoning.tailor import tailor as tailored
from auditor.rulebook.obligations import Obligation
from auditor.rulebook.profile import Profile, resolve_profile
from tests.shipped import shipped_rulebook


def tailor(projects, profile, *told: Told):
    """Return the plan of projects of which these characteristics and facts are known."""
    return tailored({project: Project(traits, told) for project, traits in projects.items()}, profile).plan


def profile_with(*obligations: Obligation) -> Profile:
    profile = resolve_profile(shipped_rulebook(), "pm2")
    book = replace(profile.rulebook, obligations=MappingProxyType({"pm2": obligations}))
    return replace(profile, rulebook=book)


CHARTER = Obligation(kind="project_charter", obligation="mandatory", why="always")
OUTSOURCING = Obligation(kind="outsourcing_plan", obligation="mandatory", when={"is_outsourced": True}, why="parts are bought")
NO_OUTSOURCING = Obligation(kind="outsourcing_plan", obligation="not_used", when={"is_outsourced": False}, why="nothing is bought")
PLAN = Obligation(kind="quality_management_plan", obligation="recommended", when={"size": ["medium", "large"]}, why="not for small ones")


def test_the_first_statement_that_holds_wins() -> None:
    """Of several statements about a product the first whose characteristics hold is the obligation."""
    plan = tailor({"P": {"is_outsourced": False, "size": "large"}}, profile_with(CHARTER, OUTSOURCING, NO_OUTSOURCING, PLAN)).projects["P"]
    assert {item.kind: item.obligation for item in plan.expected} == {
        "project_charter": "mandatory",
        "outsourcing_plan": "not_used",
        "quality_management_plan": "recommended",
    }
    assert plan.is_known


def test_an_unknown_characteristic_leaves_its_product_open() -> None:
    """A product whose obligation hangs on an unknown characteristic is not listed, and the population is not known."""
    plan = tailor({"P": {"size": "small"}}, profile_with(CHARTER, OUTSOURCING, NO_OUTSOURCING, PLAN)).projects["P"]
    assert [item.kind for item in plan.expected] == ["project_charter"]
    assert not plan.is_known
    assert "is_outsourced" in plan.unknown_because


def test_a_statement_that_is_known_not_to_hold_needs_no_further_characteristic() -> None:
    """One characteristic that differs settles a statement, whatever else is unknown."""
    both = Obligation(kind="project_charter", obligation="optional", when={"size": "small", "is_agile": True}, why="x")
    plan = tailor({"P": {"size": "large"}}, profile_with(both)).projects["P"]
    assert plan.is_known
    assert plan.expected == ()


def test_every_shipped_obligation_leads_to_a_plan() -> None:
    """A medium project of which everything is known owes products, and knows why."""
    profile = resolve_profile(shipped_rulebook(), "pm2")
    traits = {"size": "medium", "methodology": "pm2", "is_outsourced": False, "is_agile": False, "has_personal_data": False}
    plan = tailor({"P": traits}, profile).projects["P"]
    assert {"project_charter", "risk_log"} <= {item.kind for item in plan.expected if item.obligation == "mandatory"}
    assert all(item.why for item in plan.expected)
