"""Random programs and facts of the fragment that all engines understand."""

from random import Random

from auditor.reasoning.program import Fact, Match, Operator, Pattern, Plain, Program, Ref, Tally, Test

KINDS: dict[str, dict[str, Plain]] = {
    "project": {"size": "", "phase": "", "n": 0},
    "product": {"product": "", "state": "", "n": 0},
    "declared": {"product": "", "used": "", "m": 0},
    "made": {"product": "", "n": 0},
}
BASE = ("project", "product", "declared")
TEXTS = ["=a", "=b", "=c", "", "?", '=ü"x\\ ']
TEXT_OPERATORS: list[Operator] = ["=", "!="]
NUMBER_OPERATORS: list[Operator] = ["=", "!=", "<", "<=", ">", ">="]


def program(random: Random) -> Program:
    """Return a few productions in two strata; the first may make facts that the second negates and counts."""
    matches: list[Match] = []
    tallies: list[Tally] = []
    for _ in range(random.randint(1, 6)):
        stratum = random.randint(0, 1)
        kinds = [random.choice(list(KINDS)) for _ in range(random.randint(1, 3))]
        patterns = [Pattern(kind, _groups(random, kind, kinds[:place])) for place, kind in enumerate(kinds)]
        makes = None
        if stratum == 0 and random.random() < 0.5:
            first = Ref(0, "product") if "product" in KINDS[kinds[0]] else random.choice(TEXTS)
            makes = ("made", (("product", first), ("n", random.randint(0, 2))))
        if random.random() < 0.2:
            kind = random.choice([*BASE, "made"] if stratum else BASE)
            tally = Tally(stratum, f"c{len(tallies)}", Pattern(kind, _groups(random, kind, [])), random.choice(["", *_texts(kind)]))
            tallies.append(tally)
            wants = Test("n", random.choice(NUMBER_OPERATORS), random.randint(0, 2))
            patterns.append(Pattern("count", ((Test("id", "=", tally.id),), (wants,))))
        for _ in range(random.choice([0, 0, 1, 2])):
            kind = random.choice([*BASE, "made"] if stratum else BASE)
            patterns.append(Pattern(kind, _groups(random, kind, kinds), is_negated=True))
        matches.append(Match(stratum, tuple(patterns), makes))
    return Program(tuple(matches), tuple(tallies), {**KINDS, "count": {"id": "", "key": "", "n": 0}})


def _texts(kind: str) -> list[str]:
    return [name for name, value in KINDS[kind].items() if isinstance(value, str)]


def _groups(random: Random, kind: str, before: list[str]) -> tuple[tuple[Test, ...], ...]:
    found: list[tuple[Test, ...]] = []
    for _ in range(random.randint(0, 2)):
        own = KINDS[kind]
        if before and random.random() < 0.5:
            place = random.randrange(len(before))
            other = KINDS[before[place]]
            pairs = [(left, right) for left in own for right in other if isinstance(own[left], str) == isinstance(other[right], str)]
            left, right = random.choice(pairs)
            operator = random.choice(TEXT_OPERATORS if isinstance(own[left], str) else NUMBER_OPERATORS)
            found.append((Test(left, operator, Ref(place, right)),))
            continue
        found.append(tuple(_constant(random, kind) for _ in range(random.choice([1, 1, 2, 3]))))
    return tuple(found)


def _constant(random: Random, kind: str) -> Test:
    name = random.choice(list(KINDS[kind]))
    if isinstance(KINDS[kind][name], str):
        return Test(name, random.choice(TEXT_OPERATORS), random.choice(TEXTS))
    return Test(name, random.choice(NUMBER_OPERATORS), random.randint(0, 2))


def facts(random: Random) -> list[Fact]:
    """Return up to seven facts."""
    return [_fact(random, random.choice(BASE)) for _ in range(random.randint(0, 7))]


def _fact(random: Random, kind: str) -> Fact:
    values = {name: random.choice(TEXTS) if isinstance(value, str) else random.randint(0, 2) for name, value in KINDS[kind].items()}
    return Fact(kind, tuple(sorted(values.items())))
