"""Matching by trying everything: what the engines are compared with."""

from collections.abc import Sequence

from auditor.reasoning.program import Fact, Program, holds


class NaiveMatcher:
    """Tries every combination of facts."""

    def __init__(self, program: Program) -> None:
        self._program = program

    def matches(self, stratum: int, facts: Sequence[Fact]) -> list[tuple[int, tuple[int, ...]]]:
        found = []
        for place, match in enumerate(self._program.matches):
            if match.stratum != stratum:
                continue
            ways: list[tuple[int, ...]] = [()]
            for pattern in match.patterns:
                if pattern.is_negated:
                    ways = [
                        way
                        for way in ways
                        if not any(
                            number not in way and holds(pattern, item, [facts[one] for one in way]) for number, item in enumerate(facts)
                        )
                    ]
                else:
                    ways = [
                        (*way, number)
                        for way in ways
                        for number, item in enumerate(facts)
                        if number not in way and holds(pattern, item, [facts[one] for one in way])
                    ]
            found += [(place, way) for way in ways]
        return found
