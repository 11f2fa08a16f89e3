"""Productions as a program that a matcher runs, twice: once for what surely holds, once for what may hold where a fact is unknown.

Texts are written with a sign in front so that "not there" ('') and "unknown" ('?') are values of their own; flags are texts; a number has
a second property that says whether it is there. What may hold is found by patterns that an unknown value fills, over facts of a second
kind (`maybe.…`); what must not be there is looked for among what is sure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from auditor.errors import RuleError
from auditor.reasoning.program import Fact, Match, Operator, Pattern, Plain, Program, Ref, Tally, Test, holds
from auditor.rulebook.production import FACTS, Production, Property, Stated, Step, Then, When, derived_kinds, is_reference

ABSENT = ""
UNSTATED = "?"
_MAYBE = "maybe."
_THERE = "has_"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a match of the program comes from.

    Attributes:
        stated: the production.
        then: the consequence that the match makes a fact of; None: the match only says that the production holds.
        is_sure: whether it surely holds.
    """

    stated: Stated
    then: Then | None
    is_sure: bool


@dataclass(frozen=True)
class Compiled:
    """A program, and what its parts stand for."""

    program: Program
    sources: tuple[Source, ...]  # by the place of the match
    kinds: Mapping[str, Mapping[str, Property]]

    def facts(self, kind: str, values: Mapping[str, Any], unknown: Iterable[str] = ()) -> tuple[Fact, ...]:
        """Return a fact for both halves of the program.

        Args:
            kind: what it is.
            values: property → value; None or left out: not there.
            unknown: properties whose value is not known.
        """
        quiet = {name for name, property_ in self.kinds[kind].items() if property_.is_quiet} - self._asked.get(kind, frozenset())
        told = {name: value for name, value in values.items() if name not in quiet}
        written = _written(self.kinds[kind], told, frozenset(unknown) - quiet)
        return Fact(kind, written), Fact(_MAYBE + kind, written)

    def relevant(self, facts: Iterable[Fact]) -> list[Fact]:
        """Return those of *facts* that could fill a pattern: the others change nothing."""
        found = []
        for item in facts:
            if item not in self._matters:
                self._matters[item] = any(holds(pattern, item, ()) for pattern in self._alone.get(item.kind, ()))
            if self._matters[item]:
                found.append(item)
        return found

    @cached_property
    def _asked(self) -> Mapping[str, frozenset[str]]:
        """Kind of fact → properties that a pattern asks for, or that a consequence takes."""
        found: dict[str, set[str]] = {}
        for source in self.sources:
            names: dict[str | None, str] = {}
            for pattern in source.stated.production.when:
                found.setdefault(pattern.kind, set()).update(pattern.where)
                names[pattern.as_] = pattern.kind
            for alias, kind in names.items():
                if alias is not None and kind in self.kinds:  # what speaks of it by name may take any property
                    found[kind] |= set(self.kinds[kind])
        return {kind: frozenset(asked) for kind, asked in found.items()}

    @cached_property
    def _matters(self) -> dict[Fact, bool]:
        return {}

    @cached_property
    def _alone(self) -> Mapping[str, Sequence[Pattern]]:
        """The patterns without what joins them, by the kind of fact that they ask for."""
        patterns: dict[str, dict[Pattern, None]] = {}
        for pattern in (*(one for match in self.program.matches for one in match.patterns), *(one.pattern for one in self.program.tallies)):
            own = tuple(group for group in pattern.groups if not any(isinstance(test.value, Ref) for test in group))
            patterns.setdefault(pattern.kind, {})[Pattern(pattern.kind, own)] = None
        return {kind: list(listed) for kind, listed in patterns.items()}


def _written(properties: Mapping[str, Property], values: Mapping[str, Any], unknown: frozenset[str]) -> tuple[tuple[str, Plain], ...]:
    found: dict[str, Plain] = {}
    for name, property_ in properties.items():
        value = values.get(name)
        if property_.kind == "number":
            found[name] = int(value) if value is not None and name not in unknown else 0
            found[_THERE + name] = 2 if name in unknown else int(value is not None)
        else:
            found[name] = UNSTATED if name in unknown else ABSENT if value is None else _text(value)
    return tuple(sorted(found.items()))


def _text(value: Any) -> str:
    return f"={str(value).lower() if isinstance(value, bool) else value}"


def read_back(properties: Mapping[str, Property], fact: Fact) -> dict[str, Any]:
    """Return the properties of a fact as people know them; what is not there or unknown is left out."""
    values = fact.values
    found: dict[str, Any] = {}
    for name, property_ in properties.items():
        value = values[name]
        if property_.kind == "number":
            if values[_THERE + name] == 1:
                found[name] = value
        elif value not in (ABSENT, UNSTATED):
            text = str(value)[1:]
            found[name] = text == "true" if property_.kind == "flag" else text
    return found


def unknown_in(properties: Mapping[str, Property], fact: Fact) -> list[str]:
    """Return the properties of a fact that are unknown."""
    values = fact.values
    return [
        name for name, kind in properties.items() if (values[_THERE + name] == 2 if kind.kind == "number" else values[name] == UNSTATED)
    ]


def plain_kind(kind: str) -> str:
    """Return the kind of fact without the mark of what may be."""
    return kind.removeprefix(_MAYBE)


def compile_productions(stated: Sequence[Stated], step: Step) -> Compiled:
    """Return the productions of one step as a program.

    Raises:
        RuleError: productions wait for each other: one negates or counts what follows from it.
    """
    own = [item for item in stated if item.step == step]
    derived = derived_kinds([item.production for item in own], step)
    kinds: dict[str, Mapping[str, Property]] = {**FACTS[step], **derived}
    strata = _strata(own, derived)
    matches: list[Match] = []
    sources: list[Source] = []
    tallies: dict[tuple[Any, ...], Tally] = {}
    for item in own:
        production = item.production
        makes: list[Then | None] = [None, *(then for then in production.then if then.derive is not None)]
        for is_sure in (True, False):
            writer = _Writer(production, kinds, strata[production.name], tallies, is_sure=is_sure)
            patterns = writer.patterns()
            for then in makes:
                made = None if then is None else writer.made(then)
                matches.append(Match(strata[production.name], patterns, made))
                sources.append(Source(item, then, is_sure))
    defaults: dict[str, Mapping[str, Plain]] = {}
    for kind, properties in kinds.items():
        empty = dict(_written(properties, {}, frozenset()))
        defaults[kind] = defaults[_MAYBE + kind] = empty
    if tallies:
        defaults["count"] = {"id": "", "key": "", "n": 0}
    return Compiled(Program(tuple(matches), tuple(tallies.values()), defaults), tuple(sources), kinds)


def _strata(own: Sequence[Stated], derived: Mapping[str, Any]) -> dict[str, int]:
    """Return when each production runs: behind those that make what it negates or counts."""
    level = {item.production.name: 0 for item in own}
    made_at = dict.fromkeys(derived, 0)
    for _ in range(len(own) + 1):
        before = dict(level)
        for item in own:
            production = item.production
            lowest = 0
            for pattern in production.when:
                if pattern.kind in made_at:
                    lowest = max(lowest, made_at[pattern.kind] + (pattern.fact is None))
            level[production.name] = max(level[production.name], lowest)
            for then in production.then:
                if then.derive is not None:
                    made_at[then.derive] = max(made_at[then.derive], level[production.name])
        if level == before:
            return level
    names = ", ".join(sorted(name for name in level if level[name] > 0))
    raise RuleError(
        f"productions wait for each other: {names}", hint="one of them negates or counts what follows from it; derive another kind of fact"
    )


class _Writer:
    """Writes one production for what is sure, or for what may be."""

    def __init__(
        self,
        production: Production,
        kinds: Mapping[str, Mapping[str, Property]],
        stratum: int,
        tallies: dict[tuple[Any, ...], Tally],
        *,
        is_sure: bool,
    ) -> None:
        self._production = production
        self._kinds = kinds
        self._stratum = stratum
        self._tallies = tallies
        self._is_sure = is_sure
        self._order = [item for item in production.when if item.no is None] + [item for item in production.when if item.no is not None]
        self._places: dict[str | None, tuple[int, When]] = {}
        place = 0
        for item in self._order:
            self._places[item.as_] = (place, item)
            place += 2 if item.at_least is not None and item.at_most is not None else 1

    def patterns(self) -> tuple[Pattern, ...]:
        """Return the patterns, negated ones last."""
        return tuple(
            pattern for item in self._order for pattern in (self._counting(item) if item.count is not None else [self._plain(item)])
        )

    def made(self, then: Then) -> tuple[str, tuple[tuple[str, Plain | Ref], ...]]:
        """Return the fact that a consequence makes."""
        kind = then.derive or ""
        values: list[tuple[str, Plain | Ref]] = []
        for name, value in then.values.items():
            is_number = self._kinds[kind][name].kind == "number"
            if is_reference(value):
                ref = self._ref(str(value))
                values.append((name, ref))
                if is_number:
                    is_count = self._places[str(value)[1:].partition(".")[0]][1].count is not None
                    values.append((_THERE + name, 1 if is_count else Ref(ref.pattern, _THERE + ref.name)))
            elif is_number:
                values += [(name, int(value)), (_THERE + name, 1)]
            else:
                values.append((name, _text(value)))
        return (kind if self._is_sure else _MAYBE + kind), tuple(values)

    def _ref(self, written: str) -> Ref:
        alias, _, name = written[1:].partition(".")
        return Ref(self._places[alias][0], name)

    def _plain(self, item: When) -> Pattern:
        # Surely not there is what not even may be there; perhaps not there is what is not surely there.
        may = self._is_sure if item.no is not None else not self._is_sure
        return Pattern(_MAYBE + item.kind if may else item.kind, self._groups(item, may=may), item.no is not None)

    def _counting(self, item: When) -> list[Pattern]:
        """Return the patterns over facts that count: surely at least so many are sure, surely at most so many are those that may be."""
        found = []
        if item.at_least is not None:
            found.append(self._counted(item, ">=", item.at_least, may=not self._is_sure))
        if item.at_most is not None:
            found.append(self._counted(item, "<=", item.at_most, may=self._is_sure))
        return found

    def _counted(self, item: When, word: Operator, number: int, *, may: bool) -> Pattern:
        return Pattern("count", ((Test("id", "=", self._tally(item, may=may).id),), (Test("n", word, number),)))

    def _tally(self, item: When, *, may: bool) -> Tally:
        pattern = Pattern(_MAYBE + item.kind if may else item.kind, self._groups(item, may=may))
        key = (self._stratum, pattern, item.by)
        if key not in self._tallies:
            self._tallies[key] = Tally(self._stratum, f"c{len(self._tallies)}", pattern, item.by or "")
        return self._tallies[key]

    def _groups(self, item: When, *, may: bool) -> tuple[tuple[Test, ...], ...]:
        properties = self._kinds[item.kind]
        groups: list[tuple[Test, ...]] = []
        for name, test in item.where.items():
            property_ = properties[name]
            written = _number_groups if property_.kind == "number" else _text_groups
            for group in written(name, test, self._ref):
                says_known = isinstance(test, dict) and "known" in test
                is_open = may and not property_.is_sure and not says_known and not any(isinstance(one.value, Ref) for one in group)
                unknown = Test(_THERE + name, "=", 2) if property_.kind == "number" else Test(name, "=", UNSTATED)
                groups.append((*group, unknown) if is_open else group)
        return tuple(dict.fromkeys(groups))


def _text_groups(name: str, test: Any, ref: Any) -> list[tuple[Test, ...]]:
    there = [(Test(name, "!=", ABSENT),), (Test(name, "!=", UNSTATED),)]
    if isinstance(test, dict):
        if test.get("known") is False:
            return [(Test(name, "=", UNSTATED),)]
        groups: list[tuple[Test, ...]] = []
        if "known" in test:
            groups.append((Test(name, "!=", UNSTATED),))
        if "is" in test:
            groups += _text_groups(name, test["is"], ref)
        if "present" in test:
            groups += there if test["present"] else [(Test(name, "=", ABSENT),)]
        if "not" in test:
            groups += there
            wrong = test["not"] if isinstance(test["not"], list) else [test["not"]]
            groups += [(Test(name, "!=", ref(one) if is_reference(one) else _text(one)),) for one in wrong]
        return groups
    if is_reference(test):
        return [*there, (Test(name, "=", ref(test)),)]
    values = test if isinstance(test, list) else [test]
    return [tuple(Test(name, "=", _text(value)) for value in dict.fromkeys(values))]


def _number_groups(name: str, test: Any, ref: Any) -> list[tuple[Test, ...]]:
    there = [(Test(_THERE + name, "=", 1),)]
    if isinstance(test, dict):
        if test.get("known") is False:
            return [(Test(_THERE + name, "=", 2),)]
        groups: list[tuple[Test, ...]] = _number_groups(name, test["is"], ref)[1:] if "is" in test else []
        if "present" in test:
            groups += there if test["present"] else [(Test(_THERE + name, "=", 0),)]
        bounds: tuple[tuple[str, Operator], ...] = (("at_least", ">="), ("at_most", "<="))
        groups += [(Test(name, word, test[key]),) for key, word in bounds if key in test]
        if "not" in test:
            wrong = test["not"] if isinstance(test["not"], list) else [test["not"]]
            groups += [(Test(name, "!=", ref(one) if is_reference(one) else one),) for one in wrong]
        return [*there, *groups]
    if is_reference(test):
        return [*there, (Test(name, "=", ref(test)),)]
    values = test if isinstance(test, list) else [test]
    return [*there, tuple(Test(name, "=", value) for value in dict.fromkeys(values))]
