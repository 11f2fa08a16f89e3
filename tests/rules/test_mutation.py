"""Cases notice mistakes: of every shipped rule some of its conditions are changed a little, and a case must fail."""

import os
from random import Random

import pytest

from auditor.checks.run import language_of
from auditor.rulebook.load import load_rulebook
from auditor.rulebook.rule import Param, Rule
from auditor.workbench.cases import VARIANT, run_rule_cases
from auditor.workbench.mutate import Mutation, mutations

RULEBOOK = load_rulebook()
WORDS = language_of(RULEBOOK)
EACH = None if os.environ.get("LAWS") == "deep" else 1
LEAST = 0.7
"""Share of the mistakes that are noticed: some change nothing that can be told (a part that another one implies)."""


def _sample() -> list[Mutation]:
    found = []
    for rule in RULEBOOK.rules.values():
        made = list(mutations(rule, WORDS))
        if EACH is not None:
            made = Random(rule.id).sample(made, min(EACH, len(made)))
        found += made
    return found


@pytest.mark.xdist_group("mutation")
def test_mistakes_in_conditions_are_noticed():
    sample = _sample()
    variants = [item.rule.model_copy(update={"id": f"{item.rule.id}{VARIANT}{number}"}) for number, item in enumerate(sample)]
    noticed: set[str] = set()
    for start in range(0, len(variants), 40):
        part = variants[start : start + 40]
        noticed |= {item.name for item in run_rule_cases(RULEBOOK, (), rules=part) if not item.holds}
    missed = [f"{item.rule.id} {item.field}: {item.change}" for item, rule in zip(sample, variants, strict=True) if rule.id not in noticed]
    assert 1 - len(missed) / len(sample) >= LEAST, "\n".join(missed)


def test_each_kind_of_mistake_is_made():
    rule = Rule(
        id="T-1",
        title="t",
        requirement="t",
        cites=[],
        answers=[],
        area="t",
        severity="minor",
        about="risk",
        where="status <> 'closed' and filled(risk.title)",
        require="risk.score < $most or not (risk.due_on >= today) and risk.likelihood = 2",
        params={"most": Param(type="integer", default=3)},
    )
    made = {(item.field, getattr(item.rule, item.field)) for item in mutations(rule, WORDS)}
    assert ("where", "(status <> 'closed' OR FILLED(risk.title))") in made
    assert ("where", "status <> 'closed'") in made
    assert ("where", "FILLED(risk.title)") in made
    assert ("where", "status = 'closed' AND FILLED(risk.title)") in made
    assert ("where", "status <> 'closed' AND NOT (FILLED(risk.title))") in made
    requires = {text for field, text in made if field == "require"}
    assert any("risk.score <= $most" in text for text in requires)
    assert any("risk.score >= $most" in text for text in requires)
    assert any("risk.likelihood = 3" in text for text in requires)
    assert any("NOT" not in text for text in requires)
