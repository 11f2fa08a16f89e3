"""Cases notice mistakes: every rule is changed a little, and a case must fail."""

import os

import pytest

from auditor.rulebook.rule import Case, Equivalent, Expect, Param, Rule
from auditor.workbench.mutate import mutations
from auditor.workbench.mutating import all_mutations, try_mutations
from tests.shipped import shipped_rulebook

DEEP = os.environ.get("LAWS") == "deep"
LEAST = 0.95 if DEEP else 0.9
"""Share of the mistakes that a case notices, without those that change nothing; a small sample may be unlucky."""

PARTS = 2
"""The rules are parted so that several workers can look at them."""

RULES, EVERY = (1, 1) if DEEP else (16, 8)
"""Which of the rules are looked at, and which of their mistakes are tried: the first of so many."""


@pytest.mark.parametrize("part", range(PARTS))
def test_mistakes_in_rules_are_noticed(part):
    book = shipped_rulebook()
    found = try_mutations(book, all_mutations(book, set(list(book.rules)[part :: PARTS * RULES]))[::EVERY])
    assert found.share >= LEAST, "\n".join(f"{item.rule.id} {item.name}" for item in found.missed)
    assert not found.contradicted, "a case notices what is said to make no difference"


LEVEL = Rule(
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
    cases=[
        Case(
            name="low",
            given={"risk": [{"id": "R", "title": "T", "status": "open", "score": 2, "likelihood": 1, "due_on": None}]},
            expect=Expect(verdict="conform"),
        )
    ],
)


def test_each_kind_of_mistake_is_made():
    made = {(item.field, getattr(item.rule, item.field)) for item in mutations(LEVEL, shipped_rulebook().language) if item.field != "cases"}
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


def test_what_cases_give_is_taken_away():
    made = {item.change: item.rule.cases[0] for item in mutations(LEVEL, shipped_rulebook().language) if item.field == "cases"}
    assert set(made) == {
        *(f"risk.{column} is {what}" for column in ("likelihood", "score", "status", "title") for what in ("unknown", "blank")),
        "risk is incomplete",
    }
    assert made["risk.score is unknown"].unknown == {"risk": ["score"]}
    assert made["risk.score is blank"].given["risk"][0]["score"] is None
    assert made["risk.score is blank"].given["risk"][0]["title"] == "T"
    assert made["risk is incomplete"].incomplete == ["risk"]


def test_what_was_tried_is_not_tried_again(tmp_path, monkeypatch):
    """The second run decides nothing; a reason in the rule excuses, and is named when a case notices the mistake all the same."""
    book = shipped_rulebook()
    made = list(mutations(LEVEL, book.language))[:6]
    first = try_mutations(book, made, kept=tmp_path)
    monkeypatch.setattr("auditor.workbench.mutating.run_rule_cases", lambda *_args, **_more: pytest.fail("tried again"))
    assert try_mutations(book, made, kept=tmp_path) == first
    assert first.missed
    assert len(first.missed) < len(made)
    stated = LEVEL.model_copy(update={"equivalent": [Equivalent(change=item.name, because="it is so") for item in made]})
    again = try_mutations(book, list(mutations(stated, book.language))[:6], kept=tmp_path)
    assert (again.made, again.missed) == (0, ())
    assert {item.name for item in again.excused} == {item.name for item in first.missed}
    assert {item.name for item in again.contradicted} == {item.name for item in made} - {item.name for item in first.missed}
