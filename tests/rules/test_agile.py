"""The packs `agile` and `lean`: what they ask themselves, and in their profiles what the organisation's pack asks of the same work."""

import pytest

from auditor.rulebook.profile import resolve_profile
from auditor.rulebook.profile_choice import offers


@pytest.mark.parametrize(
    ("profile", "pack", "areas"),
    [("agile-team", "agile", {"SCR", "KAN", "DOD"}), ("lean-flow", "lean", {"KAN", "DOD"})],
)
def test_profiles_reuse_what_the_organisation_asks(rulebook, profile, pack, areas):
    """No check is written twice: the profile takes the organisation's rules beside those of its pack, and is chosen by name only."""
    rules = resolve_profile(rulebook, profile).rules
    assert {rulebook.pack_of[rule] for rule in rules} == {pack, "organisation"}
    assert {rule.split("-")[1] for rule in rules if rule.startswith("ORG-")} == areas
    assert {rule for rule, of in rulebook.pack_of.items() if of == pack} <= set(rules)
    assert all(offer.profile != profile for offer in offers(rulebook))


def test_every_clause_has_rules(rulebook):
    """Each clause of the packs is answered."""
    clauses = [clause for id_, clause in rulebook.clauses.items() if rulebook.clause_pack[id_] in {"agile", "lean"}]
    assert len(clauses) == 13
    assert all(clause.rule_ids for clause in clauses)
