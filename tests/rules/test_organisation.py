"""The pack `organisation`: nobody is audited by it who does not ask for it."""

from auditor.rulebook.load import load_rulebook
from auditor.rulebook.profile import resolve_profile
from auditor.rulebook.profile_choice import offers
from tests.shipped import shipped_rulebook

OURS = """\
name: ours
title: PM² and what we add to it
extends: [pm2, organisation]
methodology: pm2
change:
  - rules: [ORG-SGN-01, ORG-SGN-01b]
    params: {approver_roles: [project_owner]}
    because: only the owner approves with us
"""


def test_no_shipped_profile_asks_its_rules(rulebook):
    """An organisation that never heard of the pack sees nothing of it, unless it asks by name for a profile that reuses it."""
    own = {rule for rule, pack in rulebook.pack_of.items() if pack == "organisation"}
    assert own
    for name in rulebook.profiles.keys() - {"legal", "agile-team", "lean-flow"}:
        assert own.isdisjoint(resolve_profile(rulebook, name).rules), name
    assert not any(offer.profile in {"organisation", "legal"} for offer in offers(rulebook))


def test_an_organisation_adds_it_to_its_method(rulebook, tmp_path):
    """Both packs hold, and what the organisation sets is known by the line that sets it."""
    (tmp_path / "ours.yaml").write_text(OURS, encoding="utf-8")
    ours = resolve_profile(load_rulebook((tmp_path,), understood=shipped_rulebook()), "ours")
    packs = {rulebook.pack_of[rule] for rule in ours.rules}
    assert packs == {"pm2", "organisation"}
    assert "ours.yaml" in ours.setting("ORG-SGN-01", "params.approver_roles").describe("approver_roles")


def test_every_requirement_has_rules(rulebook):
    """All 132 have a status and rules, and each rule answers one of them."""
    clauses = {id_: clause for id_, clause in rulebook.clauses.items() if rulebook.clause_pack[id_] == "organisation"}
    assert len(clauses) == 132
    assert [id_ for id_, clause in clauses.items() if not clause.rule_ids] == []
    answered = {rule for clause in clauses.values() for rule in clause.rule_ids}
    assert answered == {rule for rule, pack in rulebook.pack_of.items() if pack == "organisation"}
