"""What holds of the engine whatever the rules and the projects are: random conditions over random little projects."""

import os
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from auditor.checks.compile.plan import compile_rules
from tests.laws.engine import decide, stored_tables
from tests.laws.generate import AS_OF, DAYS, Little, completion, filled_organisation, language, little_project, organisation, random_rule
from tests.laws.hide import hidden, hidden_organisation
from tests.laws.naive import UNKNOWN, Scope, audit, param_values, when_due
from tests.laws.past import as_it_stood, later, then

pytestmark = pytest.mark.xdist_group("laws")

DEEP = os.environ.get("LAWS") == "deep"
WORDS = language()
RULES = 150 if DEEP else 32
PROJECTS = 60 if DEEP else 16

laws = settings(
    max_examples=200 if DEEP else 3,
    derandomize=not DEEP,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],  # a seed does not shrink; the message shows one rule and one project
    suppress_health_check=[HealthCheck.too_slow],
)
seeds = st.integers(0, 2**32)


def _batch(seed: int, rules: int = RULES, projects: int = PROJECTS):
    random = Random(seed)
    made = [random_rule(random, WORDS, number) for number in range(rules)]
    around = organisation(random)
    return random, {rule.id: rule for rule in made}, {f"P{number:03}": little_project(random, around) for number in range(projects)}


def _decide(projects: dict[str, Little], rules, **how):
    checks = rules if not isinstance(rules, dict) else compile_rules(rules.values(), WORDS)
    return decide(stored_tables(projects), {name: little.plan() for name, little in projects.items()}, checks, WORDS, **how)


def _shown(rule, little: Little, *said: object) -> str:
    every = little.tables | little.organisation.tables
    complete = little.complete | little.organisation.complete
    tables = [f"{table} ({'complete' if table in complete else 'incomplete'}): {rows}" for table, rows in every.items()]
    tables.append(f"history from {little.history_from}, owed {little.expected} ({'known' if little.knows_expected else 'unknown'})")
    condition = f"about {rule.about}, where {rule.where}, require {rule.require}, applies {rule.applies}, due {rule.due}"
    return "\n".join([f"{condition}, decides {rule.decides}, allow_share {rule.allow_share}", *tables, *map(str, said)])


def _is_due_known(rule, little: Little) -> bool:
    """Say whether it is known that the rule is due, or that it is not: the laws leave alone what only `due` reads."""
    if rule.due == "true":
        return True
    world = little.world(WORDS)
    scope = Scope(world, params=param_values(rule, world)).with_row("project", "project", world.tables["project"][0])
    return when_due(rule, scope) not in (None, UNKNOWN)


def _absorbs(rule) -> bool:
    return any(word in f"{rule.where} {rule.require} {rule.applies} {rule.due}" for word in ("surely_late", "band("))


def _counts(said) -> tuple[object, ...]:
    return (said.verdict, said.reason, said.passed, said.failed, said.undecided, said.may_pass, said.next_verdict)


@laws
@given(seeds)
def test_the_engine_says_what_the_rules_of_the_language_say(seed):
    """Where the naive evaluator decides, so does the engine, with the same counts."""
    _, rules, projects = _batch(seed)
    said = _decide(projects, rules)
    compared = 0
    for (id_, name), found in said.items():
        rule, little = rules[id_], projects[name]
        assert found.reason != "rule_error", _shown(rule, little, found.detail)
        if not _is_due_known(rule, little):
            continue
        naive = audit(rule, little.world(WORDS))
        compared += 1
        if naive.verdict != "not_assessed":
            assert (str(found.verdict), found.reason) == (naive.verdict, naive.reason), _shown(rule, little, naive, found)
        if naive.verdict in ("conform", "nonconform"):
            assert found.failed >= len(naive.failed), _shown(rule, little, naive, found)
            assert found.passed >= naive.passed, _shown(rule, little, naive, found)
    assert compared > len(said) / 2


@laws
@given(seeds)
def test_possible_worlds(seed):
    """What is decided holds in every world that the project may be, whatever is unknown or unseen."""
    random, rules, projects = _batch(seed)
    said = _decide(projects, rules)
    around = next(iter(projects.values())).organisation
    organisations = [filled_organisation(random, around) for _ in range(12 if DEEP else 4)]
    for name, little in projects.items():
        worlds = [completion(random, little, one) for one in organisations]
        for id_, rule in rules.items():
            found = said[id_, name]
            if found.verdict == "not_assessed" or _absorbs(rule) or not _is_due_known(rule, little):
                continue
            for world in worlds:
                told = audit(rule, world.world(WORDS))
                assert told.verdict == found.verdict, _shown(rule, little, found, "in the world", world.tables, told)


@laws
@given(seeds)
def test_hiding_is_sound(seed):
    """Who sees less may fall silent, and says nothing else."""
    random, rules, projects = _batch(seed)
    around = hidden_organisation(random, next(iter(projects.values())).organisation)
    less = {name: hidden(random, little, around) for name, little in projects.items()}
    before, after = _decide(projects, rules), _decide(less, rules)
    for (id_, name), found in after.items():
        rule = rules[id_]
        if _absorbs(rule) or not _is_due_known(rule, less[name]):
            continue
        known = before[id_, name]
        assert found.verdict in (known.verdict, "not_assessed"), _shown(rule, projects[name], known, "hidden", less[name], found)


@laws
@given(seeds)
def test_looking_back_says_what_is_known_of_that_day(seed):
    """An audit of a past day: where the naive evaluator decides by what is still known of it, so does the engine."""
    random, rules, projects = _batch(seed)
    day = random.choice(DAYS[:3])
    said = _decide(projects, rules, day=day)
    for (id_, name), found in said.items():
        rule, past = rules[id_], as_it_stood(projects[name], day, WORDS)
        assert found.reason != "rule_error", _shown(rule, past, found.detail)
        if not _is_due_known(rule, past):
            continue
        naive = audit(rule, past.world(WORDS))
        if naive.verdict != "not_assessed":
            assert (str(found.verdict), found.reason) == (naive.verdict, naive.reason), _shown(rule, past, day, naive, found)


@laws
@given(seeds)
def test_looking_back_never_says_what_the_audit_of_that_day_did_not(seed):
    """Whatever became of a project since: an audit of a past day says what the audit on that day said, or that it cannot know."""
    random, rules, projects = _batch(seed)
    day = random.choice(DAYS[:3])
    before = {name: then(random, little, day) for name, little in projects.items()}
    after = {name: later(random, little, AS_OF, WORDS) for name, little in before.items()}
    first, second = _decide(before, rules, as_of=day), _decide(after, rules, day=day)
    for (id_, name), found in second.items():
        rule, past = rules[id_], as_it_stood(after[name], day, WORDS)
        if _absorbs(rule) or not _is_due_known(rule, past):
            continue
        known = first[id_, name]
        assert found.verdict in (known.verdict, "not_assessed"), _shown(
            rule, before[name], known, "later", _shown(rule, after[name], found)
        )


@laws
@given(seeds)
def test_the_order_of_rows_never_matters(seed):
    random, rules, projects = _batch(seed, RULES // 4)
    first = _decide(projects, rules, evidence=5)
    assert _decide(projects, rules, shuffle=random, evidence=5) == first


@laws
@given(seeds)
def test_an_unrelated_project_never_changes_a_verdict(seed):
    random, rules, projects = _batch(seed, RULES // 2)
    said = _decide(projects, rules)
    around = next(iter(projects.values())).organisation
    others = {f"X{number}": little_project(random, around) for number in range(10)}
    more = _decide(projects | others, rules)
    assert {key: more[key] for key in said} == said


@laws
@given(seeds)
def test_any_split_of_the_projects_gives_the_same_answer(seed):
    random, rules, projects = _batch(seed, RULES // 4)
    checks = compile_rules(rules.values(), WORDS)
    whole = _decide(projects, checks, evidence=5)
    names = sorted(projects)
    random.shuffle(names)
    place = random.randint(1, len(names) - 1)
    parts = [_decide({name: projects[name] for name in part}, checks, evidence=5) for part in (names[:place], names[place:])]
    assert parts[0] | parts[1] == whole


@laws
@given(seeds)
def test_rules_that_share_a_statement_say_what_each_says_alone(seed):
    _, rules, projects = _batch(seed, RULES // 4)
    together = _decide(projects, rules)
    alone = _decide(projects, rules, fuse=False)
    assert {key: _counts(found) for key, found in alone.items()} == {key: _counts(found) for key, found in together.items()}


@laws
@given(seeds)
def test_what_is_known_beforehand_never_matters(seed):
    """Statements about few projects leave out what their rows say already; one project leaves out most."""
    _, rules, projects = _batch(seed, RULES // 2, PROJECTS // 2)

    def decided(**how) -> dict[tuple[str, str], str]:
        return {key: said.model_dump_json() for key, said in _decide(projects, rules, evidence=3, **how).items()}

    many, few = decided(is_small=False), decided()
    alone = {key: said for name in projects for key, said in decided(only=(name,)).items()}
    for found in (few, alone):
        assert found.keys() == many.keys()
        for key, said in many.items():
            assert found[key] == said, _shown(rules[key[0]], projects[key[1]], said, found[key])


@laws
@given(seeds)
def test_the_same_inputs_give_the_same_bytes(seed):
    _, rules, projects = _batch(seed, RULES // 4)
    first, second = (
        b"\n".join(said.model_dump_json().encode() for _, said in sorted(_decide(projects, rules, evidence=3).items())) for _ in range(2)
    )
    assert first == second
