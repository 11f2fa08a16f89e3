"""What is unknown stays unknown: what surely follows does so in every world, and what follows in one of them may follow."""

import os
from itertools import product as every
from random import Random

from auditor.reasoning.compile import compile_productions
from auditor.reasoning.facts import Told
from auditor.reasoning.program import derive
from auditor.reasoning.tailor import as_facts
from auditor.reasoning.trace import holding
from auditor.rulebook.production import Production, Stated
from tests.reasoning.naive import NaiveMatcher

SEEDS = 1_000 if os.environ.get("LAWS") == "deep" else 50
SIZES, FLAGS = ["small", "medium", "large"], [True, False]
PROJECT = {"size": SIZES, "is_agile": FLAGS, "is_outsourced": FLAGS}
KINDS = ["risk_log", "issue_log"]


def _tests(random: Random) -> dict:
    found = {}
    for name, values in random.sample(sorted(PROJECT.items()), random.randint(0, 2)):
        found[name] = random.choice([random.choice(values), random.sample(values, 2), {"not": random.choice(values)}, {"present": True}])
    return found


def _pattern(random: Random, word: str) -> dict:
    kind = random.choice(["project", "product", "made"] if word != "fact" else ["project", "product"])
    if kind == "project":
        return {word: kind, "where": _tests(random)}
    if kind == "made":
        return {word: kind, "where": {"name": random.choice(["a", "b"])}}
    where = {"product": random.choice(KINDS)} if random.random() < 0.7 else {}
    where |= {name: random.choice([True, False, {"not": True}]) for name in ("is_found", "is_approved") if random.random() < 0.5}
    return {word: kind, "where": where}


def _productions(random: Random) -> list[Stated]:
    """Return productions, the first of which make what the others may read, negate and count."""
    found = []
    for number in range(random.randint(2, 5)):
        when = [_pattern(random, "fact") for _ in range(random.randint(1, 2))]
        makes = number < 2
        extra = [] if makes else [_pattern(random, "no")] if random.random() < 0.6 else []
        if not makes and random.random() < 0.4:
            limit = random.choice([{"at_least": 1}, {"at_most": 1}, {"at_least": 1, "at_most": 2}])
            extra.append(_pattern(random, "count") | limit)
        if makes and random.random() < 0.4:
            extra = [_pattern(random, "no")]
            extra = [item for item in extra if item["no"] != "made"]
        then = (
            [{"derive": "made", "values": {"name": random.choice(["a", "b"])}}]
            if makes
            else [{"require": "risk_log", "obligation": "mandatory"}]
        )
        made = Production.model_validate({"name": f"p{number}", "when": [*when, *extra], "then": then, "because": "x"})
        found.append(Stated("p", "tailoring", made))
    return found


def _facts(random: Random) -> list[Told]:
    """Return a project and two products; facts are a set, so no two of them could turn out to be the same."""
    found = []
    kinds = random.sample(KINDS, 2)
    for kind, names in (("project", PROJECT), *((("product", {"is_found": FLAGS, "is_approved": FLAGS}),) * 2)):
        values, unknown = {}, []
        for name, choices in names.items():
            chance = random.random()
            if chance < 0.35:
                unknown.append(name)
            elif chance < 0.9:
                values[name] = random.choice(choices)
        if kind == "product":
            values["product"] = kinds.pop()
        found.append(Told(kind, values, tuple(unknown)))
    return found


def _worlds(facts: list[Told]) -> list[list[Told]]:
    """Return every way in which the unknown may be: each value, or blank."""
    choices = []
    for item in facts:
        domain = PROJECT if item.kind == "project" else {"is_found": FLAGS, "is_approved": FLAGS}
        ways = every(*([*domain[name], None] for name in item.unknown))
        choices.append([Told(item.kind, dict(item.values) | dict(zip(item.unknown, way, strict=True))) for way in ways])
    return [list(world) for world in every(*choices)]


def _holds(stated: list[Stated], facts: list[Told]) -> tuple[set[str], set[str]]:
    """Return the productions that surely hold, and those that may."""
    compiled = compile_productions(stated, "tailoring")
    program = compiled.program
    held = holding(compiled, derive(program, NaiveMatcher(program), as_facts(compiled, facts)))
    return {item.production.name for item in held if item.is_sure}, {item.production.name for item in held if not item.is_sure}


def test_what_surely_follows_holds_in_every_world_and_what_holds_in_one_may_follow():
    sure_ones = open_ones = 0
    for seed in range(SEEDS):
        random = Random(seed)
        stated, facts = _productions(random), _facts(random)
        worlds = _worlds(facts)
        if len(worlds) > 300:
            continue
        surely, maybe = _holds(stated, facts)
        sure_ones, open_ones = sure_ones + len(surely), open_ones + len(maybe - surely)
        assert surely <= maybe, (seed, stated)
        for world in worlds if len(worlds) < 25 else random.sample(worlds, 25):
            there, also = _holds(stated, world)
            assert there == also, (seed, world)  # where everything is known nothing is open
            assert surely <= there, (seed, stated, facts, world)
            assert there <= maybe, (seed, stated, facts, world)
    assert sure_ones > SEEDS / 2
    assert open_ones > SEEDS / 4
