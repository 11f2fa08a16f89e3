"""A set of productions as a matcher sees it: patterns over facts whose properties are texts and whole numbers, all of them present.

Facts are matched as sets: what a program derives does not depend on the order of facts or productions, nor on the engine. Productions
stand in *strata*: what one negates is complete before it runs. Within one production no fact fills two patterns, and one that fills a
pattern does not stand against a negated one: this is what durable-rules does, and so it is what productions mean here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

Operator = Literal["=", "!=", "<", "<=", ">", ">="]
Plain = str | int


@dataclass(frozen=True, slots=True)
class Ref:
    """A property of the fact that fills an earlier pattern of the same production."""

    pattern: int
    name: str


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison of a property. Texts are compared by = and != alone."""

    __test__ = False  # no test of pytest

    name: str
    operator: Operator
    value: Plain | Ref


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a fact must be like: of this kind, and for each group one of its tests holds.

    Attributes:
        groups: a conjunction of disjunctions; a test with a `Ref` stands alone in its group.
        is_negated: no other such fact is there; it comes after all patterns that are not negated.
    """

    kind: str
    groups: tuple[tuple[Test, ...], ...] = ()
    is_negated: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """A production as patterns; the first is not negated.

    Attributes:
        stratum: when it runs, from 0.
        makes: the fact that follows: its kind, and property → value; None: nothing follows that productions read.
    """

    stratum: int
    patterns: tuple[Pattern, ...]
    makes: tuple[str, tuple[tuple[str, Plain | Ref], ...]] | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """A fact that counts others before a stratum runs: kind `count`, with `id` and `n`.

    Attributes:
        by: the property whose values are counted apart, as the property `key`; '': all together.
    """

    stratum: int
    id: str
    pattern: Pattern
    by: str = ""


@dataclass(frozen=True, slots=True)
class Program:
    """Everything a matcher needs, in a form that can be sent to another process.

    Attributes:
        matches: the productions; a firing names one by its place.
        tallies: what is counted.
        defaults: kind of fact → property → the value that stands for "not there".
    """

    matches: tuple[Match, ...]
    tallies: tuple[Tally, ...] = ()
    defaults: Mapping[str, Mapping[str, Plain]] = field(default_factory=dict)

    @property
    def strata(self) -> int:
        """How many strata there are."""
        levels = [item.stratum for item in self.matches] + [item.stratum for item in self.tallies]
        return max(levels, default=-1) + 1


@dataclass(frozen=True, slots=True, order=True)
class Fact:
    """Something that is so: equal facts are one."""

    kind: str
    properties: tuple[tuple[str, Plain], ...]  # sorted by name

    @property
    def values(self) -> dict[str, Plain]:
        """The properties by name."""
        return dict(self.properties)


@dataclass(frozen=True, slots=True, order=True)
class Firing:
    """A production that holds, and the facts that fill its patterns (none for negated ones).

    Attributes:
        production: its place in the program.
        facts: in the order of its patterns.
        made: the fact that follows, where the production makes one.
    """

    production: int
    facts: tuple[Fact, ...]
    made: Fact | None = None


def read_properties(program: Program) -> dict[str, frozenset[str]]:
    """Return kind of fact → the properties that its patterns test, or that others join: an engine needs no others."""
    found: dict[str, set[str]] = {}
    for match in program.matches:
        for pattern in match.patterns:
            own = found.setdefault(pattern.kind, set())
            for test in (test for group in pattern.groups for test in group):
                own.add(test.name)
                if isinstance(test.value, Ref):
                    found.setdefault(match.patterns[test.value.pattern].kind, set()).add(test.value.name)
    return {kind: frozenset(names) for kind, names in found.items()}


def fact(kind: str, values: Mapping[str, Any], program: Program) -> Fact:
    """Return a fact with every property that facts of its kind have in *program*."""
    return Fact(kind, tuple(sorted({**program.defaults.get(kind, {}), **values}.items())))


class Matcher(Protocol):
    """One production-rule engine, loaded with a program."""

    def matches(self, stratum: int, facts: Sequence[Fact]) -> list[tuple[int, tuple[int, ...]]]:
        """Return every production of a stratum that holds: its place, and the places of the facts that fill its patterns."""
        ...


def derive(program: Program, matcher: Matcher, facts: Sequence[Fact], *, most: int = 10_000) -> list[Firing]:
    """Return everything that holds, in the order of `Firing`.

    Args:
        program: the productions.
        matcher: loaded with them.
        facts: what is so at the beginning.
        most: how many facts there may be; more of them mean productions that feed each other without end.

    Raises:
        OverflowError: there were more.
    """
    known = dict.fromkeys(sorted(set(facts)))
    found: set[Firing] = set()
    for stratum in range(program.strata):
        for tally in program.tallies:
            if tally.stratum == stratum:
                known |= dict.fromkeys(_counted(tally, known))
        reads = {pattern.kind for match in program.matches if match.stratum == stratum for pattern in match.patterns}
        grows = bool(reads)
        while grows:
            listed = [item for item in known if item.kind in reads]
            grows = False
            for production, places in matcher.matches(stratum, listed):
                match = program.matches[production]
                filled = tuple(listed[place] for place in places)
                made = None if match.makes is None else _made(match.makes, filled, program)
                found.add(Firing(production, filled, made))
                if made is not None and made not in known:
                    known[made] = None
                    grows = grows or made.kind in reads
            if len(known) > most:
                raise OverflowError(f"productions made more than {most} facts")
    return sorted(found, key=_order)


def _order(firing: Firing) -> Any:
    return firing.production, [_fact_order(item) for item in firing.facts]


def _fact_order(item: Fact) -> Any:
    return item.kind, [(name, isinstance(value, str), value) for name, value in item.properties]


def _made(makes: tuple[str, tuple[tuple[str, Plain | Ref], ...]], filled: Sequence[Fact], program: Program) -> Fact:
    kind, properties = makes
    values = {name: filled[value.pattern].values[value.name] if isinstance(value, Ref) else value for name, value in properties}
    return fact(kind, values, program)


def _counted(tally: Tally, facts: Mapping[Fact, None]) -> list[Fact]:
    counts: dict[Plain, int] = {} if tally.by else {"": 0}
    for item in facts:
        if holds(tally.pattern, item, ()):
            key = item.values[tally.by] if tally.by else ""
            counts[key] = counts.get(key, 0) + 1
    return [Fact("count", (("id", tally.id), ("key", key), ("n", number))) for key, number in counts.items()]


def holds(pattern: Pattern, item: Fact, filled: Sequence[Fact]) -> bool:
    """Return whether a fact is like a pattern, given the facts of the patterns before it."""
    if item.kind != pattern.kind:
        return False
    values = item.values
    return all(any(_test(test, values, filled) for test in group) for group in pattern.groups)


def _test(test: Test, values: Mapping[str, Plain], filled: Sequence[Fact]) -> bool:
    left = values[test.name]
    right = filled[test.value.pattern].values[test.value.name] if isinstance(test.value, Ref) else test.value
    if isinstance(left, str) or isinstance(right, str):
        return (left == right) == (test.operator == "=")
    compare: Mapping[str, Callable[[int, int], bool]] = _COMPARE
    return compare[test.operator](left, right)


_COMPARE: dict[str, Callable[[int, int], bool]] = {
    "=": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}
