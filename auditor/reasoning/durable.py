"""Matching with durable-rules, inside the fragment in which it is right.

The engine's own host starts timers and swallows exceptions, so its C module is driven directly: one ruleset a process, one session that
is deleted after each question, a fact of its own that fires first in every session (without it deleting the state would free what was
never made), and the facts that may be negated before all others, because negation there looks at once.
"""

import json
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

from auditor.reasoning.program import Fact, Match, Pattern, Program, Ref, Test, read_properties

Groups = tuple[tuple[Test, ...], ...]

_SESSION = "s"
_BOOT = "boot"
_STRATUM = "stratum"
_ALWAYS = {"$lte": {"zero_": {"stage": "n_"}}}
"""A join that holds for every fact. When the last join of a pattern fails, the engine reads beyond its end: so the last one never fails."""
_WORDS = {"!=": "$neq", "<": "$lt", "<=": "$lte", ">": "$gt", ">=": "$gte"}


class DurableMatcher:
    """The engine, loaded with a program. Only one lives in a process."""

    def __init__(self, program: Program) -> None:
        import durable_rules_engine  # noqa: PLC0415  (not installed everywhere)

        self._engine = durable_rules_engine
        self._matches = program.matches
        self._needed = read_properties(program)
        self._negated = {pattern.kind for match in program.matches for pattern in match.patterns if pattern.is_negated}
        rules: dict[str, Any] = {"boot": {"all": [{"m": {"$and": [{"kind_": _BOOT}, {"n_": 0}]}}]}}
        for place, match in enumerate(program.matches):
            for number, patterns in enumerate(_variants(match)):
                rules[f"r{place}_{number}"] = {"all": patterns}
        self._handle = durable_rules_engine.create_ruleset("auditor", json.dumps(rules, ensure_ascii=False))

    def matches(self, stratum: int, facts: Sequence[Fact]) -> list[tuple[int, tuple[int, ...]]]:
        """Return every production of a stratum that holds."""
        listed = [(place, item) for place, item in enumerate(facts)]
        listed.sort(key=lambda pair: pair[1].kind not in self._negated)
        messages: list[dict[str, Any]] = [
            {"id": f"f{place}", "sid": _SESSION, "kind_": item.kind, "zero_": 0, **self._properties(item)} for place, item in listed
        ]
        messages.append({"id": "stratum", "sid": _SESSION, "kind_": _STRATUM, "n_": stratum})
        found: list[tuple[int, tuple[int, ...]]] = []
        try:
            boot = {"id": "boot", "sid": _SESSION, "kind_": _BOOT, "n_": 0}
            _, state = self._engine.assert_fact(self._handle, json.dumps(boot))
            self._engine.start_action_for_state(self._handle, state)
            self._engine.complete_and_start_action(self._handle, state)
            _, state = self._engine.assert_facts(self._handle, json.dumps(messages, ensure_ascii=False))
            started = self._engine.start_action_for_state(self._handle, state)
            message = json.loads(started[1]) if started else None
            while message:
                for name, frame in message.items():
                    if name != "boot":
                        production = int(name[1:].partition("_")[0])
                        found.append((production, self._filled(self._matches[production], frame)))
                done = self._engine.complete_and_start_action(self._handle, state)
                message = json.loads(done) if done else None
        finally:
            self._engine.delete_state(self._handle, _SESSION)
        return found

    def _properties(self, item: Fact) -> dict[str, Any]:
        needed = self._needed.get(item.kind, ())
        return {_named(name): value for name, value in item.properties if name in needed}

    def _filled(self, match: Match, frame: dict[str, Any]) -> tuple[int, ...]:
        return tuple(int(frame[f"p{place}"]["id"][1:]) for place, pattern in enumerate(match.patterns) if not pattern.is_negated)


def _variants(match: Match) -> Iterator[list[dict[str, Any]]]:
    """Yield the rules that stand for a production.

    A pattern that joins and has alternatives loses its join in the engine; so each alternative becomes a rule of its own, and in a negated
    pattern, where none of them may be, a pattern of its own.
    """
    positive = [(place, pattern) for place, pattern in enumerate(match.patterns) if not pattern.is_negated]
    negated: list[dict[str, Any]] = []
    for pattern in match.patterns:
        for groups in _alternatives(pattern) if pattern.is_negated else ():
            negated.append({f"n{len(negated)}$not": _written(pattern, groups)})
    for chosen in product(*(_alternatives(pattern) for _, pattern in positive)):
        yield [
            {"stage": {"$and": [{"kind_": _STRATUM}, {"n_": match.stratum}]}},
            *({f"p{place}": _written(pattern, groups)} for (place, pattern), groups in zip(positive, chosen, strict=True)),
            *negated,
        ]


def _alternatives(pattern: Pattern) -> list[Groups]:
    if not any(isinstance(test.value, Ref) for group in pattern.groups for test in group):
        return [pattern.groups]
    return [tuple((test,) for test in dict.fromkeys(chosen)) for chosen in product(*pattern.groups)]


def _written(pattern: Pattern, groups: Groups) -> dict[str, Any]:
    joins = any(isinstance(test.value, Ref) for group in groups for test in group)
    tests = [_test(group[0]) if len(group) == 1 else {"$or": [_test(test) for test in group]} for group in dict.fromkeys(groups)]
    if joins:
        tests.append(_ALWAYS)
    return {"$and": [{"kind_": pattern.kind}, *tests]} if tests else {"kind_": pattern.kind}


def _test(test: Test) -> dict[str, Any]:
    name = _named(test.name)
    right: Any = {f"p{test.value.pattern}": _named(test.value.name)} if isinstance(test.value, Ref) else test.value
    return {name: right} if test.operator == "=" else {_WORDS[test.operator]: {name: right}}


def _named(name: str) -> str:
    return f"v_{name}"  # `id` and `sid` are the engine's own
