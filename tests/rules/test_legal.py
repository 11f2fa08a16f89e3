"""The pack `legal`: records that the law asks for, in one profile with those that the organisation's pack looks at already."""

from auditor.rulebook.profile import resolve_profile


def test_its_profile_holds_the_rules_of_both_packs(rulebook):
    """Personal data, procurement, retention from the organisation's pack; accessibility and the rest from its own."""
    rules = resolve_profile(rulebook, "legal").rules
    assert {rulebook.pack_of[rule] for rule in rules} == {"legal", "organisation"}
    assert {rule.split("-")[1] for rule in rules if rule.startswith("ORG-")} == {"GDP", "PRO", "RET"}
    assert {rule for rule, pack in rulebook.pack_of.items() if pack == "legal"} <= set(rules)


def test_every_clause_has_rules(rulebook):
    """Each clause of the pack is answered."""
    clauses = [clause for id_, clause in rulebook.clauses.items() if rulebook.clause_pack[id_] == "legal"]
    assert clauses
    assert all(clause.rule_ids for clause in clauses)
