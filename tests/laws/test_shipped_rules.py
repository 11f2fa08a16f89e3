"""The laws of sight for every shipped rule: hiding is sound, what is decided holds in every world, and the naive evaluator agrees."""

import os
from random import Random

import pytest

from auditor.checks.compile.plan import compile_rules
from auditor.checks.run import language_of
from auditor.rulebook.load import load_rulebook
from tests.laws.engine import decide, stored_tables
from tests.laws.hide import hidden
from tests.laws.naive import UNKNOWN, CannotSay, Scope, audit, evaluate, parse
from tests.laws.shipped import pool

pytestmark = pytest.mark.xdist_group("shipped")

DEEP = os.environ.get("LAWS") == "deep"
EACH = 60 if DEEP else 6
WORLDS = 20 if DEEP else 3
RULEBOOK = load_rulebook()
WORDS = language_of(RULEBOOK)
POOLS = {id_: found for id_, rule in RULEBOOK.rules.items() if (found := pool(RULEBOOK, WORDS, rule)) is not None}
ABSORBING = frozenset(term.name for term in RULEBOOK.terms.values() if term.absorbs_unknown)


def _projects():
    return {f"{id_}/{number}": made.project(Random(f"{id_}{number}")) for id_, made in POOLS.items() for number in range(EACH)}


def _less(projects):
    return {name: hidden(Random(f"less {name}"), little) for name, little in projects.items()}


def _decide(projects):
    """Return for each project what its own rule says."""
    found = {}
    names = sorted(POOLS)
    for start in range(0, len(names), 16):
        part = names[start : start + 16]
        own = {name: little for name, little in projects.items() if name.split("/")[0] in part}
        checks = compile_rules([RULEBOOK.rules[id_] for id_ in part], WORDS)
        said = decide(stored_tables(own), {name: little.plan() for name, little in own.items()}, checks, WORDS)
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
    return _decide(less)


def _is_due_known(rule, little) -> bool:
    if rule.due == "true" or not isinstance(rule.due, str):
        return True
    world = little.world(WORDS)
    scope = Scope(world, params={name: param.default for name, param in rule.params.items()})
    try:
        return evaluate(parse(rule.due), scope.with_row("project", "project", world.tables["project"][0])) not in (None, UNKNOWN)
    except CannotSay:
        return False


def _absorbs(rule) -> bool:
    return any(f"{name}(" in f"{rule.applies} {rule.where} {rule.require}" for name in ABSORBING)


def _shown(rule, little, *told) -> str:
    tables = [f"{name} ({'complete' if name in little.complete else 'incomplete'}): {rows}" for name, rows in little.tables.items()]
    return "\n".join(
        [f"{rule.id}: about {rule.about}, where {rule.where}, require {rule.require}, due {rule.due}", *tables, *map(str, told)]
    )


@pytest.mark.parametrize("id_", POOLS)
def test_hiding_is_sound(projects, less, said, said_of_less, id_):
    rule = RULEBOOK.rules[id_]
    for number in range(EACH):
        name = f"{id_}/{number}"
        before, after = said[name], said_of_less[name]
        if not _absorbs(rule) and _is_due_known(rule, less[name]):
            assert after.verdict in (before.verdict, "not_assessed"), _shown(
                rule, projects[name], before, "hidden:", _shown(rule, less[name], after)
            )


@pytest.mark.parametrize("id_", POOLS)
def test_possible_worlds(projects, less, said, said_of_less, id_):
    rule, random = RULEBOOK.rules[id_], Random(id_)
    for number in range(EACH):
        name = f"{id_}/{number}"
        for little, found in ((projects[name], said[name]), (less[name], said_of_less[name])):
            if found.verdict == "not_assessed" or _absorbs(rule) or not _is_due_known(rule, little):
                continue
            for _ in range(WORLDS):
                world = POOLS[id_].completion(random, little)
                try:
                    told = audit(rule, world.world(WORDS))
                except CannotSay:
                    continue
                assert told.verdict == found.verdict, _shown(rule, little, found, "in the world:", _shown(rule, world, told))


@pytest.mark.parametrize("id_", POOLS)
def test_the_engine_says_what_the_naive_evaluator_says(projects, less, said, said_of_less, id_):
    rule = RULEBOOK.rules[id_]
    for number in range(EACH):
        name = f"{id_}/{number}"
        for little, found in ((projects[name], said[name]), (less[name], said_of_less[name])):
            assert found.reason != "rule_error", found.detail
            try:
                told = audit(rule, little.world(WORDS))
            except CannotSay:
                continue
            if told.verdict != "not_assessed" and _is_due_known(rule, little):
                assert found.verdict == told.verdict, _shown(rule, little, found, told)
                assert told.reason in (None, found.reason), _shown(rule, little, found, told)


def test_most_rules_are_tried():
    assert len(POOLS) > len(RULEBOOK.rules) * 3 / 4
