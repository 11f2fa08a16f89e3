"""What a question says of each outcome of a rule and each answer of a person."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from auditor.checklist.build import build_checklist, holds
from auditor.checklist.checklist import Checklist, Question
from auditor.checklist.template import Template
from auditor.checklist.texts import Texts, load_texts
from auditor.checks.evaluation import Evidence, Reason
from auditor.checks.inputs import ExpectedProduct, ProjectPlan
from auditor.rulebook.load import Rulebook
from auditor.rulebook.profile import Profile, resolve_profile
from tests.checklist.builders import answer, basis, evaluation, shelf
from tests.shipped import shipped_rulebook

RULE = "PM2-RSK-07"
SECOND = "PM2-RSK-08"

TEMPLATE = f"""\
kind: own
title: Own
groups:
- id: rules
  title: Rules
  rules: [{{rules: [{RULE}]}}]
- id: own
  title: Own
  questions:
  - {{id: O-1, text: Asked of all?, weight: 3}}
  - {{id: O-2, text: Of large ones?, when: {{size: [large, medium]}}}}
  - {{id: O-3, text: Of agile ones?, when: {{is_agile: true}}}}
  - {{id: O-4, text: About the plan?, product: transition_plan}}
  - {{id: O-5, text: Answered by a rule?, clauses: [{SECOND}]}}
"""


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return shipped_rulebook()


@pytest.fixture(scope="module")
def profile(rulebook: Rulebook) -> Profile:
    return resolve_profile(rulebook, "pm2")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory, rulebook: Rulebook) -> Template:
    return shelf(tmp_path_factory.mktemp("shelf"), rulebook=rulebook, own=TEMPLATE).templates["own"]


def asked(item: Checklist) -> dict[str, Question]:
    return {question.id: question for question in item.questions()}


def one(template: Template, rulebook: Rulebook, profile: Profile, verdict: str, *answers: Any, **changes: Any) -> Question:
    """Return the question of RULE when the audit gave *verdict*."""
    given = basis(rulebook, profile, [evaluation(RULE, verdict, **changes)], answers=answers)
    return asked(build_checklist(template, given))[RULE]


def failing(**changes: Any) -> Evidence:
    return Evidence(
        **(
            {
                "subject_table": "risk",
                "subject_id": "R1",
                "outcome": "failed",
                "values": {"id": "R1", "title": "Late"},
                "says": "Risk R1 has no owner.",
                "url": "file:///p/Log.xlsx",
                "locator": "A1",
            }
            | changes
        )
    )


def test_a_conform_rule_is_answered_yes_with_evidence(template: Template, rulebook: Rulebook, profile: Profile) -> None:
    found = one(template, rulebook, profile, "conform", population=5, passed=5)
    assert (found.state, found.given and found.given.says, found.given and found.given.author) == ("evidence", "yes", "")
    assert [shown.text for shown in found.evidence] == ["5 looked at, none fails"]


def test_what_passes_is_shown_with_its_place(template: Template, rulebook: Rulebook, profile: Profile) -> None:
    seen = failing(outcome="undecided", says="", values={"id": "R1", "title": "Late", "owner_id": "Ada", "a test (x)": True})
    given = basis(rulebook, profile, [evaluation(RULE, "conform", population=1, passed=1)], passing={RULE: (seen,)})
    (shown,) = asked(build_checklist(template, given))[RULE].evidence
    assert shown.text == "Risk R1 “Late”: owner: Ada"
    assert (shown.place, shown.url) == ("Log.xlsx, A1", "file:///p/Log.xlsx")


def test_a_nonconform_rule_is_answered_no_with_its_sentences(template: Template, rulebook: Rulebook, profile: Profile) -> None:
    found = one(template, rulebook, profile, "nonconform", population=9, failed=7, passed=2, evidence=(failing(),))
    assert (found.state, found.given and found.given.says) == ("evidence", "no")
    assert found.evidence[0].text == "Risk R1 has no owner."
    assert found.evidence_count == 7


def test_an_address_that_a_browser_must_not_open_is_no_link(template: Template, rulebook: Rulebook, profile: Profile) -> None:
    found = one(template, rulebook, profile, "nonconform", population=1, failed=1, evidence=(failing(url="javascript:alert(1)"),))
    assert found.evidence[0].url == ""


def test_an_unassessed_rule_is_open_and_says_why(template: Template, rulebook: Rulebook, profile: Profile) -> None:
    found = one(template, rulebook, profile, "not_assessed", reason=Reason.NO_DATA, detail="no source holds the table risk")
    assert (found.state, found.given) == ("open", None)
    assert found.why_open == "No source holds what the rule looks at. (no source holds any risk)"
    assert found.digest == "now"


def test_a_rule_that_the_audit_does_not_know_is_open(template: Template, rulebook: Rulebook, profile: Profile) -> None:
    """Never a yes for want of a verdict."""
    assert asked(build_checklist(template, basis(rulebook, profile)))[RULE].state == "open"


def test_a_verdict_on_a_statement_is_attested(template: Template, rulebook: Rulebook, profile: Profile) -> None:
    said = answer(RULE, note="seen", evidence="minutes", expires_on=date(2026, 12, 31))
    found = one(template, rulebook, profile, "conform", said, population=1, passed=1, is_attested=True)
    assert found.state == "attested"
    assert found.given is not None
    assert found.given.model_dump() == {
        "says": "yes",
        "author": "Ada",
        "on": date(2026, 6, 1),
        "note": "seen",
        "evidence": "minutes",
        "expires_on": date(2026, 12, 31),
    }


def test_answers_about_single_subjects_are_told_together(template: Template, rulebook: Rulebook, profile: Profile) -> None:
    said = [answer(RULE, subject="R1", note="one"), answer(RULE, subject="R2", author="Ben", note="two")]
    found = one(template, rulebook, profile, "conform", *said, population=2, passed=2, is_attested=True)
    assert found.given is not None
    assert (found.given.author, found.given.note) == ("Ada, Ben", "R1: one; R2: two")


def test_partly_stays_partly(template: Template, rulebook: Rulebook, profile: Profile) -> None:
    found = one(
        template, rulebook, profile, "nonconform", answer(RULE, "partly"), population=1, failed=1, is_partial=True, is_attested=True
    )
    assert (found.state, found.given and found.given.says) == ("attested", "partly")


def test_a_yes_against_the_evidence_is_a_no_with_the_contradiction(template: Template, rulebook: Rulebook, profile: Profile) -> None:
    found = one(template, rulebook, profile, "nonconform", answer(RULE), population=1, failed=1, contradictions=1, evidence=(failing(),))
    assert (found.state, found.given and found.given.says, found.given and found.given.author) == ("evidence", "no", "")
    assert found.contradiction == "Ada answered “Yes” on 2026-06-01; the evidence says “No”."


def test_a_no_against_the_evidence_rests_on_the_person(template: Template, rulebook: Rulebook, profile: Profile) -> None:
    found = one(template, rulebook, profile, "nonconform", answer(RULE, "no"), population=1, failed=1, contradictions=1)
    assert (found.state, found.given and found.given.author) == ("attested", "Ada")
    assert found.contradiction == "Ada answered “No” on 2026-06-01; the evidence says “Yes”."


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"expires_on": date(2026, 6, 29)}, "The answer that Ada gave on 2026-06-01 was valid until 2026-06-29."),
        ({"evidence_digest": "then"}, "What was shown has changed since Ada answered on 2026-06-01."),
    ],
)
def test_an_answer_that_no_longer_holds_is_to_be_confirmed(
    changes: dict[str, Any], why: str, template: Template, rulebook: Rulebook, profile: Profile
) -> None:
    """It stands there, with who gave it, and counts for nothing."""
    found = one(template, rulebook, profile, "not_assessed", answer(RULE, **changes), reason=Reason.AWAITING_ANSWER)
    assert (found.state, found.why_open, found.given and found.given.author) == ("to_confirm", why, "Ada")


def test_an_answer_that_holds_until_today_is_no_old_one(template: Template, rulebook: Rulebook, profile: Profile) -> None:
    found = one(template, rulebook, profile, "not_assessed", answer(RULE, expires_on=date(2026, 6, 30)), reason=Reason.NO_DATA)
    assert found.state == "open"


def test_not_applicable_by_a_person_is_shown_for_approval(template: Template, rulebook: Rulebook, profile: Profile) -> None:
    found = one(template, rulebook, profile, "not_applicable", answer(RULE, "not_applicable", note="tiny"), reason=Reason.TAILORED_OUT)
    assert (found.state, found.given and found.given.says, found.given and found.given.note) == ("attested", "not_applicable", "tiny")


def test_an_empty_population_stays_in_the_list(template: Template, rulebook: Rulebook, profile: Profile) -> None:
    found = one(template, rulebook, profile, "not_applicable", reason=Reason.EMPTY_POPULATION)
    assert (found.state, [shown.text for shown in found.evidence]) == ("not_applicable", ["There is nothing of this kind in the project."])


def test_what_tailoring_dropped_is_left_out_with_its_because(template: Template, rulebook: Rulebook, profile: Profile) -> None:
    plan = ProjectPlan(dropped={RULE: "the board agreed to it"})
    dropped = evaluation(RULE, "not_applicable", reason=Reason.TAILORED_OUT, detail="the board agreed to it")
    item = build_checklist(template, basis(rulebook, profile, [dropped], plan=plan))
    assert RULE not in asked(item)
    assert dict(item.left_out)[f"{RULE} {rulebook.rules[RULE].title}"] == "the board agreed to it"


TWICE = "PM2-CFG-05", "PM2-CFG-05b"


@pytest.fixture(scope="module")
def asks_twice(tmp_path_factory: pytest.TempPathFactory, rulebook: Rulebook) -> Template:
    """A list of two rules that ask the same question; the second can only refute."""
    text = TEMPLATE.replace(f"rules: [{RULE}]", f"rules: [{', '.join(TWICE)}]")
    return shelf(tmp_path_factory.mktemp("twice"), rulebook=rulebook, own=text).templates["own"]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("conform", "not_assessed", {TWICE[0]}),
        ("not_assessed", "not_assessed", {TWICE[0]}),
        ("nonconform", "not_assessed", {TWICE[0]}),
        ("conform", "nonconform", set(TWICE)),
        ("conform", "conform", set(TWICE)),
    ],
)
def test_one_question_of_two_rules_is_asked_once(
    asks_twice: Template, rulebook: Rulebook, profile: Profile, first: str, second: str, expected: set[str]
) -> None:
    """Where the one that can only refute did not, the other asks for both; what is decided is shown of each."""
    reason = {"not_assessed": {"reason": Reason.AWAITING_ANSWER}}
    found = [evaluation(id_, verdict, **reason.get(verdict, {})) for id_, verdict in zip(TWICE, (first, second), strict=True)]
    item = build_checklist(asks_twice, basis(rulebook, profile, found))
    assert asked(item).keys() & set(TWICE) == expected
    left = dict(item.left_out).get(f"{TWICE[1]} {rulebook.rules[TWICE[1]].title}", "")
    assert left == ("" if TWICE[1] in expected else f"the same question as {TWICE[0]}, which is asked")


def test_a_question_is_asked_where_the_list_leaves_the_other_rule_out(tmp_path: Path, rulebook: Rulebook, profile: Profile) -> None:
    text = TEMPLATE.replace(f"rules: [{RULE}]", f"rules: [{TWICE[1]}]")
    template = shelf(tmp_path, rulebook=rulebook, own=text).templates["own"]
    found = [evaluation(TWICE[0], "conform"), evaluation(TWICE[1], "not_assessed", reason=Reason.AWAITING_ANSWER)]
    assert TWICE[1] in asked(build_checklist(template, basis(rulebook, profile, found)))


@pytest.mark.parametrize("reasons", [(Reason.NO_DATA, Reason.AWAITING_ANSWER), (Reason.AWAITING_ANSWER, Reason.NO_DATA)])
def test_one_question_is_asked_once_whatever_its_rules_wait_for(
    asks_twice: Template, rulebook: Rulebook, profile: Profile, reasons: tuple[Reason, Reason]
) -> None:
    """A person who says that earlier versions are kept has said it for both."""
    found = [evaluation(id_, "not_assessed", reason=reason) for id_, reason in zip(TWICE, reasons, strict=True)]
    assert asked(build_checklist(asks_twice, basis(rulebook, profile, found))).keys() & set(TWICE) == {TWICE[0]}


def test_what_was_answered_and_changed_since_is_asked_again_by_itself(asks_twice: Template, rulebook: Rulebook, profile: Profile) -> None:
    found = [evaluation(id_, "not_assessed", reason=Reason.AWAITING_ANSWER) for id_ in TWICE]
    answers = [answer(TWICE[1], "yes", evidence_digest="other")]
    assert asked(build_checklist(asks_twice, basis(rulebook, profile, found, answers=answers)))[TWICE[1]].state == "to_confirm"


def test_own_questions_follow_size_and_declared_tailoring(template: Template, rulebook: Rulebook, profile: Profile) -> None:
    """False: left out with the reason. Not known: asked, and said so. A product that tailoring does not use takes its questions with it."""
    plan = ProjectPlan(expected=(ExpectedProduct(kind="transition_plan", obligation="not_used", why="nothing goes into use"),))
    item = build_checklist(template, basis(rulebook, profile, plan=plan))
    left = {what.split(" ")[0]: because for what, because in item.left_out}
    assert left["O-2"] == "it concerns projects where Size = large / medium"
    assert left["O-4"] == "the tailoring does not use it (nothing goes into use)"
    assert "not known whether it concerns the project (Agile)" in asked(item)["O-3"].why_open
    assert asked(item)["O-1"].weight == 3


def test_a_rule_is_asked_in_the_place_of_an_own_question(template: Template, rulebook: Rulebook, profile: Profile) -> None:
    """A clause for which the profile has a rule is not asked twice; without the rule the question has the clause's requirement."""
    item = build_checklist(template, basis(rulebook, profile))
    assert "O-5" not in asked(item)
    assert SECOND in asked(item)
    free = build_checklist(template, basis(rulebook, None))
    assert set(asked(free)) == {"O-1", "O-3", "O-4", "O-5"}
    assert asked(free)["O-5"].requirement == rulebook.clauses[SECOND].requirement
    assert asked(free)["O-5"].cites.startswith("PM²")


def test_answers_to_own_questions_fill_the_next_list(template: Template, rulebook: Rulebook, profile: Profile) -> None:
    """Attested while the question is the same and the answer holds; else to be confirmed again."""
    first = asked(build_checklist(template, basis(rulebook, profile)))["O-1"]
    said = answer("O-1", evidence_digest=first.digest)
    for changed, state in (
        (said, "attested"),
        (said.model_copy(update={"evidence_digest": None}), "attested"),
        (said.model_copy(update={"evidence_digest": "another question"}), "to_confirm"),
        (said.model_copy(update={"expires_on": date(2026, 6, 29)}), "to_confirm"),
        (said.model_copy(update={"project": "Q"}), "open"),
    ):
        item = build_checklist(template, basis(rulebook, profile, own_answers=[changed]))
        assert asked(item)["O-1"].state == state


def test_weights_are_those_of_the_profile_where_the_template_says_so(rulebook: Rulebook, profile: Profile, tmp_path: Path) -> None:
    found = shelf(tmp_path / "s", a=f"kind: a\ntitle: A\nweigh: severity\ngroups: [{{id: g, title: G, rules: [{{rules: [{RULE}]}}]}}]\n")
    plan = ProjectPlan(severities={RULE: "critical"})
    assert asked(build_checklist(found.templates["a"], basis(rulebook, profile)))[RULE].weight == 5
    assert asked(build_checklist(found.templates["a"], basis(rulebook, profile, plan=plan)))[RULE].weight == 10


def test_the_id_follows_what_the_list_depends_on(template: Template, rulebook: Rulebook, profile: Profile) -> None:
    """The same inputs, the same list; another answer, another list."""
    one_, same = (build_checklist(template, basis(rulebook, profile)) for _ in range(2))
    other = build_checklist(template, basis(rulebook, profile, own_answers=[answer("O-1")]))
    assert one_ == same
    assert one_.id != other.id


@pytest.mark.parametrize(
    ("when", "size", "says"),
    [
        ({}, None, True),
        ({"size": "small"}, "small", True),
        ({"size": "small"}, "large", False),
        ({"size": ["small", "medium"]}, "medium", True),
        ({"size": {"not": "small"}}, "small", False),
        ({"size": {"not": ["large"]}}, "small", True),
        ({"size": {"is": "small"}}, "small", True),
        ({"size": "small"}, None, None),
        ({"size": {"not": "small"}}, None, None),
        ({"size": {"is": "small", "known": True}}, None, False),
        ({"size": {"known": False}}, None, True),
        ({"size": {"known": False}}, "small", False),
        ({"size": {"present": True}}, "small", True),
        ({"size": {"present": True}}, None, None),
    ],
)
def test_conditions_are_those_of_productions(when: dict[str, Any], size: str | None, says: bool | None) -> None:
    """Three-valued: what nobody knows decides nothing."""
    assert holds(when, {"size": size}) is says


def test_an_unknown_and_a_false_condition_together_are_false() -> None:
    assert holds({"size": "small", "phase": "closing"}, {"size": None, "phase": "planning"}) is False


FRENCH = f"""\
{RULE}:
  ask: Chaque risque approuvé a-t-il un responsable ?
  requirement: Chaque risque approuvé a une personne nommée comme responsable.
  say: "Le risque {{id}} « {{title}} » n’a pas de responsable."
"""


@pytest.fixture
def french(tmp_path: Path) -> Texts:
    pack = tmp_path / "pack"
    (pack / "texts").mkdir(parents=True)
    (pack / "pack.yaml").write_text("name: fr-test\ntitle: Test\nstandard: test\nversion: '1'\n", encoding="utf-8")
    (pack / "texts" / "fr.yaml").write_text(FRENCH, encoding="utf-8")
    return load_texts("fr", shelf(tmp_path / "none"), [tmp_path], installed=False)


def test_a_rule_is_asked_in_the_language_of_the_list(template: Template, rulebook: Rulebook, profile: Profile, french: Texts) -> None:
    """Question, requirement and, where the values of the evidence suffice, the sentence; the rest in English, marked and counted."""
    rule = rulebook.rules[RULE]
    values = {"id": "R1", "title": "Late", "status": "approved", "owner_id": None}
    from auditor.rulebook.sentence import render_sentence

    seen = failing(values=values, says=render_sentence(rule.say, values))
    given = basis(rulebook, profile, [evaluation(RULE, "nonconform", population=1, failed=1, evidence=(seen,))])
    item = build_checklist(template, given, french)
    found = asked(item)
    assert found[RULE].text == "Chaque risque approuvé a-t-il un responsable ?"
    assert found[RULE].evidence[0].text == "Le risque R1 « Late » n’a pas de responsable."
    assert rule.why in found[RULE].guidance
    assert found[RULE].language == ""
    assert (found[SECOND].text, found[SECOND].language) == (rulebook.rules[SECOND].ask, "en")
    assert item.untranslated == sum(1 for question in item.questions() if question.language) > 0
    assert item.id == build_checklist(template, given).id


def test_a_sentence_that_cannot_be_told_again_stays_as_it_is(
    template: Template, rulebook: Rulebook, profile: Profile, french: Texts
) -> None:
    seen = failing(values={}, says="Something else was said.")
    given = basis(rulebook, profile, [evaluation(RULE, "nonconform", population=1, failed=1, evidence=(seen,))])
    assert asked(build_checklist(template, given, french))[RULE].evidence[0].text == "Something else was said."


def test_what_a_profile_says_in_its_own_words_is_not_translated_by_the_pack(
    template: Template, rulebook: Rulebook, profile: Profile, french: Texts
) -> None:
    """The translation would say something else than what the organisation asks."""
    from dataclasses import replace
    from types import MappingProxyType

    own = profile.rules[RULE].model_copy(update={"ask": "Does our own committee know every risk?"})
    changed = replace(profile, rules=MappingProxyType({**profile.rules, RULE: own}))
    found = asked(build_checklist(template, basis(rulebook, changed), french))[RULE]
    assert (found.text, found.language) == ("Does our own committee know every risk?", "en")
    assert found.requirement == "Chaque risque approuvé a une personne nommée comme responsable."
