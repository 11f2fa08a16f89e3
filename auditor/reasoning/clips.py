"""Matching with CLIPS, where durable-rules cannot be installed, or by choice."""

from collections.abc import Sequence
from typing import Any

from auditor.reasoning.program import Fact, Match, Pattern, Plain, Program, Ref, Test, read_properties


class ClipsMatcher:
    """The engine, loaded with a program."""

    def __init__(self, program: Program) -> None:
        import clips  # noqa: PLC0415  (an engine that not every audit needs)

        self._matches = program.matches
        self._environment = clips.Environment()
        kinds = read_properties(program)
        self._kinds = {kind: f"k{number}" for number, kind in enumerate(sorted(kinds))}
        self._slots = {kind: {name: f"s{number}" for number, name in enumerate(sorted(names))} for kind, names in kinds.items()}
        environment = self._environment
        environment.build("(deftemplate stratum (slot n))")
        for kind, name in self._kinds.items():
            slots = " ".join(f"(slot {slot})" for slot in self._slots[kind].values())
            environment.build(f"(deftemplate {name} (slot place) {slots})")
        self._templates = {kind: environment.find_template(name) for kind, name in self._kinds.items()}
        self._found: list[tuple[int, tuple[int, ...]]] = []
        environment.define_function(self._fire, name="fire")
        for place, match in enumerate(program.matches):
            environment.build(self._rule(place, match))

    def matches(self, stratum: int, facts: Sequence[Fact]) -> list[tuple[int, tuple[int, ...]]]:
        """Return every production of a stratum that holds."""
        self._found = []
        environment = self._environment
        environment.reset()
        for place, item in enumerate(facts):
            if item.kind in self._kinds:  # others are read by no production
                slots = self._slots[item.kind]
                template = self._templates[item.kind]
                template.assert_fact(place=place, **{slots[name]: value for name, value in item.properties if name in slots})
        environment.find_template("stratum").assert_fact(n=stratum)
        environment.run()
        return self._found

    def _fire(self, production: Any, *places: Any) -> None:
        self._found.append((int(production), tuple(map(int, places))))

    def _rule(self, place: int, match: Match) -> str:
        lines = [f"(stratum (n {match.stratum}))"]
        positive = [number for number, pattern in enumerate(match.patterns) if not pattern.is_negated]
        for number, pattern in enumerate(match.patterns):
            lines.append(self._pattern(number, pattern, [other for other in positive if other < number], match))
        bound = " ".join(f"?place{number}" for number in positive)
        return f"(defrule r{place} {' '.join(lines)} => (fire {place} {bound}))"

    def _pattern(self, number: int, pattern: Pattern, before: Sequence[int], match: Match) -> str:
        slots = self._slots[pattern.kind]
        needed = {test.name for group in pattern.groups for test in group}
        if not pattern.is_negated:
            needed |= {
                test.value.name
                for other in match.patterns
                for group in other.groups
                for test in group
                if isinstance(test.value, Ref) and test.value.pattern == number
            }
        bound = [f"({slots[name]} ?v{number}_{slots[name]})" for name in sorted(needed)]
        tests = []
        for group in pattern.groups:
            written = [self._test(number, pattern, test, match) for test in group]
            tests.append(written[0] if len(written) == 1 else f"(or {' '.join(written)})")
        tests += [f"(neq ?place{number} ?place{other})" for other in before if match.patterns[other].kind == pattern.kind]
        whole = f"({self._kinds[pattern.kind]} {' '.join([f'(place ?place{number})', *bound])})"
        if not pattern.is_negated:
            return " ".join([whole, *(f"(test {test})" for test in tests)])
        return f"(not (and {whole} {' '.join(f'(test {test})' for test in tests)}))" if tests else f"(not {whole})"

    def _test(self, number: int, pattern: Pattern, test: Test, match: Match) -> str:
        left = f"?v{number}_{self._slots[pattern.kind][test.name]}"
        if isinstance(test.value, Ref):
            kind = match.patterns[test.value.pattern].kind
            right = f"?v{test.value.pattern}_{self._slots[kind][test.value.name]}"
        else:
            right = _literal(test.value)
        word = {"=": "eq", "!=": "neq"}.get(test.operator, test.operator)
        return f"({word} {left} {right})"


def _literal(value: Plain) -> str:
    if isinstance(value, int):
        return str(value)
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
