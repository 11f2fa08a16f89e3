"""What the conditions of a rule mean is read once, and anew only where a profile changed what they depend on."""

from auditor.rulebook.condition import rule_conditions
from tests.shipped import shipped_rulebook


def test_a_rule_as_it_is_written_is_not_read_again() -> None:
    book = shipped_rulebook()
    rule = book.rules["PM2-RSK-10"]
    assert book.conditions_of(rule) is book.conditions["PM2-RSK-10"]
    assert book.conditions_of(rule.model_copy(update={"title": "Another"})) is book.conditions["PM2-RSK-10"]


def test_a_changed_condition_is_read_anew() -> None:
    book = shipped_rulebook()
    rule = book.rules["PM2-RSK-10"].model_copy(update={"where": "false"})
    assert book.conditions_of(rule) == rule_conditions(rule, book.language)
    assert book.conditions_of(rule)["where"] != book.conditions["PM2-RSK-10"]["where"]


def test_a_rule_of_nobody_is_read() -> None:
    book = shipped_rulebook()
    rule = book.rules["PM2-RSK-10"].model_copy(update={"id": "OWN-RSK-01"})
    assert book.conditions_of(rule) == book.conditions["PM2-RSK-10"]
