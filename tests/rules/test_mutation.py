"""Cases notice mistakes: every condition of every shipped rule is changed a little, and a case must fail."""

import os
import re

import pytest

from auditor.checks.run import language_of
from auditor.rulebook.rule import Decides, Param, Rule
from auditor.workbench.cases import VARIANT, run_rule_cases
from auditor.workbench.mutate import Mutation, mutations
from tests.shipped import shipped_rulebook

RULEBOOK = shipped_rulebook()
WORDS = language_of(RULEBOOK)
LEAST = 0.95
"""Share of the mistakes that a case notices, without those that change nothing."""

PARTS = 4
"""The rules are parted so that several workers can look at them."""

EVERY = 1 if os.environ.get("LAWS") == "deep" else 8
"""Which of the mistakes are tried: the first of so many."""

_GRACE = (
    "DAY(controlled_document.modified_at) <= controlled_document.approved_on OR DAYS(controlled_document.approved_on, "
    "DAY(controlled_document.modified_at)) <= $grace_days without its first part"
)
_EQUAL: dict[tuple[str, str], str] = {
    ("PM2-DOC-02", "FILLED(approval.decided_on) AND approval.decided_on <= today without its first part"): (
        "a comparison with a blank day is false, with an unknown one unknown"
    ),
    ("PM2-DOC-08", _GRACE): "what was changed before the approval was changed less than any grace after it; the part is for the reader",
    ("PM2-DOC-08", "DAY(controlled_document.modified_at) <= controlled_document.approved_on with the other edge"): (
        "on the day of the approval the second part holds"
    ),
    ("PM2-GOV-07", "d.role = 'project_manager' AND (FILLED(d.from_on) OR FILLED(d.accepted_on)) without its last part"): (
        "where no line of the manager is without a day, as the second part of the condition asks, a line of the manager has one"
    ),
}


def _equal(item: Mutation) -> str:
    """Return why a change makes no difference that anybody could notice; '' when it makes one."""
    if item.field == "require" and item.rule.decides == Decides.NOTHING:
        return "the condition decides nothing, it only collects what a person looks at"
    dropped = re.search(r"FILLED\((\w+\.person_id)\) without its last part$", item.change)
    if dropped and item.field == "require" and f"SAME_PERSON({dropped[1]}, " in str(item.rule.require):
        return "same_person is false where nobody is named, and unknown where it is unknown who is"
    return _EQUAL.get((item.rule.id, item.change), "")


def _missed(made: list[Mutation]) -> list[Mutation]:
    """Return the mistakes that no case notices."""
    variants = [item.rule.model_copy(update={"id": f"{item.rule.id}{VARIANT}{number}"}) for number, item in enumerate(made)]
    noticed: set[str] = set()
    for start in range(0, len(variants), 40):
        noticed |= {item.name for item in run_rule_cases(RULEBOOK, (), rules=variants[start : start + 40]) if not item.holds}
    return [item for item, rule in zip(made, variants, strict=True) if rule.id not in noticed]


@pytest.mark.parametrize("part", range(PARTS))
def test_mistakes_in_conditions_are_noticed(part):
    made = [item for rule in list(RULEBOOK.rules.values())[part::PARTS] for item in mutations(rule, WORDS)][::EVERY]
    missed = _missed(made)
    told = [f"{item.rule.id} {item.field}: {item.change}" for item in missed if not _equal(item)]
    assert 1 - len(told) / sum(not _equal(item) for item in made) >= LEAST, "\n".join(told)
    unlike = [f"{item.rule.id} {item.field}: {item.change}" for item in made if _equal(item) and item not in missed]
    assert not unlike, "a case notices what is said to make no difference"


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
