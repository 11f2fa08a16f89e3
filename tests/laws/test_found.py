"""What the laws once found wrong, each as a little case."""

from typing import Any

import pytest

from auditor.rulebook.condition import Language
from auditor.rulebook.names import View
from auditor.rulebook.rule import Case, Param, Rule
from auditor.workbench.cases import run_case
from tests.laws.engine import decide, stored_tables
from tests.laws.generate import DAYS, Little, language
from tests.shipped import shipped_rulebook

RULEBOOK = shipped_rulebook()
TRUE, FALSE, NULL = "conform", "nonconform", "not_assessed"


def _person(**known):
    return {"id": "a", "kind": "person", "realm": "x", "identity": None} | known


_TOLD = {"id": "R1", "title": "Fire", "valid_from": "2026-01-01 00:00", "valid_to": None}


def _rule(**said: Any) -> Rule:
    return Rule(id="T-1", title="t", requirement="t", cites=[], answers=[], area="t", severity="minor", **said)


@pytest.mark.parametrize(
    ("require", "given", "unknown", "expected"),
    [
        ("risk.title not like 'F%'", {"risk": [{"title": "Fire"}]}, {}, FALSE),
        ("risk.title not ilike 'w%'", {"risk": [{"title": "Fire"}]}, {}, TRUE),
        # spans of which some bounds are never blank and others may be unknown
        ("overlaps(today, today, risk.identified_on, today)", {"risk": [{"title": "Fire", "identified_on": "2026-07-01"}]}, {}, FALSE),
        ("overlaps(today, today, risk.identified_on, today)", {"risk": [{"title": "Fire"}]}, {}, NULL),
        # who is not known to be a person may be a group, and a confirmed identity that is not known may join two accounts
        ("same_person(risk.owner_id, risk.owner_id)", {"risk": [{"owner_id": "a"}], "person": [_person()]}, {}, TRUE),
        ("same_person(risk.owner_id, risk.owner_id)", {"risk": [{"owner_id": "a"}], "person": [_person()]}, {"person": ["kind"]}, NULL),
        (
            "same_person(risk.owner_id, risk.actionee_id)",
            {"risk": [{"owner_id": "a", "actionee_id": "b"}], "person": [_person(), _person(id="b")]},
            {},
            FALSE,
        ),
        (
            "same_person(risk.owner_id, risk.actionee_id)",
            {"risk": [{"owner_id": "a", "actionee_id": "b"}], "person": [_person(), _person(id="b")]},
            {"person": ["identity"]},
            NULL,
        ),
        # nothing says that a name is a group, and nothing unseen could
        ("is_group(risk.owner_id)", {"risk": [{"owner_id": "a"}], "person": []}, {}, FALSE),
        ("is_group(risk.owner_id)", {"risk": [{"owner_id": "a"}]}, {}, NULL),
        # a source that does not fill a column has no words for it either
        ("filled(risk.status_raw)", {"risk": [{"status": None, "status_raw": None}]}, {}, FALSE),
        ("filled(risk.status_raw)", {"risk": [{"status": None, "status_raw": None}]}, {"risk": ["status", "status_raw"]}, NULL),
        # a history that a condition names, all of it
        ("not exists (from risk_history h where h.title = 'Water')", {"risk": [{"id": "R1"}], "risk_history": [_TOLD]}, {}, TRUE),
        ("exists (from risk_history h where h.title = 'Water')", {"risk": [{"id": "R1"}], "risk_history": [_TOLD]}, {}, FALSE),
        ("exists (from risk_history h where h.title = 'Fire')", {"risk": [{"id": "R1"}], "risk_history": [_TOLD]}, {}, TRUE),
        ("exists (from risk_history h where h.title = 'Fire')", {"risk": [{"id": "R1"}]}, {}, NULL),
        # rows of the organisation that are only counted
        ("(select count(*) from directory) <= 1", {"risk": [{"id": "R1"}], "directory": [{"person_id": "p:1"}]}, {}, TRUE),
        ("exists (from directory)", {"risk": [{"id": "R1"}], "directory": []}, {}, FALSE),
        ("exists (from directory)", {"risk": [{"id": "R1"}]}, {}, NULL),
    ],
)
def test_found(require, given, unknown, expected):
    rule = _rule(about="risk", require=require)
    case = Case(name="case", given=given, unknown=unknown, expect={"verdict": expected})
    assert run_case(RULEBOOK, rule, case).differences == ()


def test_what_a_project_states_of_a_parameter_holds_on_a_past_day_too():
    """An audit of a past day must not decide by the pack's value where the project states another."""
    words = language()
    param = Param(type="integer", default=2, project_parameter="few")
    rule = _rule(
        require="1 >= $few",
        params={"few": param},
    )
    stated = [{"id": "A1", "name": "few", "value": "1"}]
    little = Little({"project": [{"id": "P", "phase": "executing"}], "project_parameter": stated}, {"project", "project_parameter"})
    for day in (None, DAYS[0]):
        said = decide(stored_tables({"P": little}), {"P": little.plan()}, [rule], words, day=day)
        assert said["T-1", "P"].verdict == "conform"


def test_a_view_over_a_history_is_known_only_with_it():
    """What no history tells may have been: `not exists` over such a view must not be true."""
    once = View(
        name="once",
        sentence="how risks were called",
        columns={"title": "text"},
        select="select h.project_id, h.id, h.title from risk_history h",
        known_when=["risk"],
    )
    rule = _rule(
        require="not exists (from once o where o.title = 'Fire')",
    )
    little = Little({"project": [{"id": "P"}], "risk": [{"id": "R1", "title": "Water"}], "risk_history": []}, {"project", "risk"})
    said = decide(stored_tables({"P": little}), {"P": little.plan()}, [rule], Language({}, {"once": once}, {}))
    assert said["T-1", "P"].verdict == "not_assessed"
