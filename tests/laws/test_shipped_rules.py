"""The laws of sight for every shipped rule: hiding is sound, what is decided holds in every world, and the naive evaluator agrees."""

import os
from functools import cache
from random import Random

import pytest

from auditor.checks.compile.plan import compile_rules
from tests.laws.engine import decide, stored_tables
from tests.laws.hide import hidden
from tests.laws.naive import UNKNOWN, Scope, audit, param_values, when_due
from tests.laws.shipped import pool, with_params
from tests.shipped import shipped_rulebook

pytestmark = pytest.mark.xdist_group("shipped")

DEEP = os.environ.get("LAWS") == "deep"
SEED = os.environ.get("LAWS_SEED", "")  # other little projects than those of every run
EACH = 60 if DEEP else 2
WORLDS = 20 if DEEP else 2
STRICTER = dict.fromkeys(
    (
        "ORG-SOD-03",
        "ORG-SCR-09",
        "ORG-SCR-10",
        "ORG-SCR-10b",
        "ORG-SCR-11",
        "ORG-SCR-12",
        "ORG-SCR-13",
        "P2-BC-08c",
        "P2-CS-01e",
        "P2-DP-03c",
        "P2-PLA-13d",
        "PM2-AGL-06",
    ),
    "a row that joins two others leaves its view in doubt by a key that is not stated, though another key of it names nothing",
)
"""Rules of which the engine may leave open what the naive evaluator can say, and why: never the other way round."""

RULEBOOK = shipped_rulebook()
WORDS = RULEBOOK.language
ABSORBING = frozenset(term.name for term in RULEBOOK.terms.values() if term.absorbs_unknown)


@cache
def pool_of(id_):
    """Return what little projects of a rule are drawn from."""
    return pool(RULEBOOK, WORDS, RULEBOOK.rules[id_])


def _projects():
    return {f"{id_}/{number}": pool_of(id_).project(Random(f"{SEED}{id_}{number}")) for id_ in RULEBOOK.rules for number in range(EACH)}


def _less(projects):
    return {name: hidden(Random(f"{SEED}less {name}"), little) for name, little in projects.items()}


def _rule(name, little):
    return with_params(RULEBOOK.rules[name.split("/")[0]], little.params)


def _decide(projects, *, is_small=True):
    """Return for each project what its own rule says, by the statements for few projects or by those for many."""
    groups = {}  # what can be decided in one run: one day, one organisation, one value of each parameter
    for name, little in projects.items():
        group = groups.setdefault(repr((little.as_of, little.organisation, little.params and (name.split("/")[0], little.params))), {})
        group[name] = little
    found = {}
    for group in groups.values():
        names = sorted({name.split("/")[0] for name in group})
        for start in range(0, len(names), 32):
            own = {name: little for name, little in group.items() if name.split("/")[0] in names[start : start + 32]}
            checks = compile_rules({name.split("/")[0]: _rule(name, little) for name, little in own.items()}.values(), WORDS)
            plans = {name: little.plan() for name, little in own.items()}
            wanted = {(name.split("/")[0], name) for name in own}
            said = decide(stored_tables(own), plans, checks, WORDS, as_of=next(iter(own.values())).as_of, wanted=wanted, is_small=is_small)
            found |= {name: said[name.split("/")[0], name] for name in own}
    return found


@pytest.fixture(scope="module")
def projects():
    return _projects()


@pytest.fixture(scope="module")
def less(projects):
    return _less(projects)


@pytest.fixture(scope="module")
def said(projects):
    return _decide(projects)


@pytest.fixture(scope="module")
def said_of_less(less):
    return _decide(less, is_small=False)


def _is_due_known(rule, little) -> bool:
    world = little.world(WORDS)
    scope = Scope(world, params=param_values(rule, world))
    return when_due(rule, scope.with_row("project", "project", world.tables["project"][0])) not in (None, UNKNOWN)


def _absorbs(rule) -> bool:
    """Whether a term that takes what is unknown for something stands in a condition, or in a view that one reads."""
    said = f"{rule.about} {rule.applies} {rule.due} {rule.where} {rule.require}"
    views = " ".join(view.select for name, view in RULEBOOK.views.items() if name in said)
    return any(f"{name}(" in f"{said} {views}" for name in ABSORBING)


def _shown(rule, little, *told) -> str:
    tables = [f"{name} ({'complete' if name in little.complete else 'incomplete'}): {rows}" for name, rows in little.tables.items()]
    return "\n".join(
        [f"{rule.id}: about {rule.about}, where {rule.where}, require {rule.require}, due {rule.due}", *tables, *map(str, told)]
    )


@pytest.mark.parametrize("id_", RULEBOOK.rules)
def test_hiding_is_sound(projects, less, said, said_of_less, id_):
    for number in range(EACH):
        name = f"{id_}/{number}"
        rule = _rule(name, projects[name])
        before, after = said[name], said_of_less[name]
        if not _absorbs(rule) and _is_due_known(rule, less[name]):
            assert after.verdict in (before.verdict, "not_assessed"), _shown(
                rule, projects[name], before, "hidden:", _shown(rule, less[name], after)
            )


@pytest.mark.parametrize("id_", RULEBOOK.rules)
def test_possible_worlds(projects, less, said, said_of_less, id_):
    random = Random(f"{SEED}{id_}")
    for number in range(EACH):
        name = f"{id_}/{number}"
        rule = _rule(name, projects[name])
        for little, found in ((projects[name], said[name]), (less[name], said_of_less[name])):
            if found.verdict == "not_assessed" or _absorbs(rule) or not _is_due_known(rule, little):
                continue
            for _ in range(WORLDS):
                world = pool_of(id_).completion(random, little)
                told = audit(rule, world.world(WORDS))
                assert told.verdict == found.verdict, _shown(rule, little, found, "in the world:", _shown(rule, world, told))


@pytest.mark.parametrize("id_", RULEBOOK.rules)
def test_the_engine_says_what_the_naive_evaluator_says(projects, less, said, said_of_less, id_):
    for number in range(EACH):
        name = f"{id_}/{number}"
        rule = _rule(name, projects[name])
        for little, found in ((projects[name], said[name]), (less[name], said_of_less[name])):
            assert found.reason != "rule_error", found.detail
            told = audit(rule, little.world(WORDS))
            if id_ in STRICTER and found.verdict == "not_assessed":
                continue
            if told.verdict != "not_assessed" and _is_due_known(rule, little):
                assert found.verdict == told.verdict, _shown(rule, little, found, told)
                assert told.reason in (None, found.reason), _shown(rule, little, found, told)


def test_every_rule_is_tried_and_decided(said):
    """No rule is left out, and hardly one is not decided at all: what is always silent would keep every law."""
    assert {name.split("/")[0] for name in said} == set(RULEBOOK.rules)
    silent = {id_ for id_ in RULEBOOK.rules if all(said[f"{id_}/{number}"].verdict == "not_assessed" for number in range(EACH))}
    assert len(silent) < len(RULEBOOK.rules) / (10 if DEEP else 4), silent  # of two projects both may be silent by chance
