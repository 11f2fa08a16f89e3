"""Clauses: every auditable requirement of a standard, and how the pack covers it.

`python -m auditor.rulebook.clauses FOLDER` writes the rules of a pack into its `clauses.yaml`.
"""

import re
import sys
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import model_validator

from auditor.model.row import Frozen
from auditor.rulebook.yaml_source import load_yaml

_CLAUSE = re.compile(r"- id: (\S+)")
_LISTED = re.compile(r"\[\s*\w")  # rules, not an empty list
_RULES = re.compile(r"(\s+)rules:.*")


class Coverage(StrEnum):
    """How much of a clause the pack can decide."""

    AUTOMATIC = "automatic"  # from what connectors deliver
    PARTLY = "partly"  # evidence is found and flagged, a person judges
    MANUAL = "manual"  # only a person can say
    OUT_OF_SCOPE = "out_of_scope"  # nothing that an audit of projects can see


class Clause(Frozen):
    """One requirement of the standard, in the pack's own words."""

    id: str
    title: str = ""
    requirement: str
    section: str | None = None
    area: str
    phase: str | None = None
    editions: list[str] = []  # those in which it holds; none named: all of the pack
    status: Coverage
    reason: str | None = None  # why it is not automatic
    rules: list[str] | Literal["planned"] = []  # ids, or that nobody wrote one yet

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.status in {Coverage.MANUAL, Coverage.OUT_OF_SCOPE} and not self.reason:
            raise ValueError(f"a clause that is {self.status} gives its reason")
        if self.status in {Coverage.AUTOMATIC, Coverage.PARTLY} and not self.rules:
            raise ValueError(f"a clause that is {self.status} names its rules, or says 'rules: planned'")
        if self.status is Coverage.OUT_OF_SCOPE and self.rules:
            raise ValueError("a clause that is out_of_scope has no rules")
        return self

    @property
    def rule_ids(self) -> list[str]:
        """The rules that answer it; none while they are planned."""
        return [] if self.rules == "planned" else [rule for rule in self.rules if isinstance(rule, str)]

    @property
    def is_planned(self) -> bool:
        """Whether its rules are still to be written."""
        return self.rules == "planned"


def count_coverage(clauses: Iterable[Clause]) -> Mapping[str, Mapping[str, int]]:
    """Return per area how many clauses stand in each status, and how many of them have a rule (`with_rules`)."""
    counts: dict[str, dict[str, int]] = {}
    for clause in clauses:
        area: dict[str, Any] = counts.setdefault(clause.area, {**dict.fromkeys(map(str, Coverage), 0), "with_rules": 0})
        area[str(clause.status)] += 1
        area["with_rules"] += bool(clause.rule_ids)
    return dict(sorted(counts.items()))


def write_rules(folder: Path) -> int:
    """Write which rules answer each clause into `clauses.yaml` of the pack in *folder*, and return how many lines changed.

    Only lines `rules:` are written, on one line each; a clause without a rule keeps what it says when that is no list of rules.

    Raises:
        RuleError: a file cannot be read.
    """
    answers: dict[str, list[str]] = {}
    for file in sorted(folder.glob("*/*.yaml")):
        data = load_yaml(file).data
        if isinstance(data, dict) and isinstance(data.get("answers"), list):
            for clause in data["answers"]:
                answers.setdefault(str(clause), []).append(str(data.get("id")))
    path = folder / "clauses.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    changed, clause = 0, ""
    for number, line in enumerate(lines):
        if found := _CLAUSE.match(line):
            clause = found[1]
        elif (found := _RULES.fullmatch(line)) and (clause in answers or _LISTED.search(line)):
            rules = f"[{', '.join(answers[clause])}]" if clause in answers else "planned"
            lines[number] = f"{found[1]}rules: {rules}"
            changed += lines[number] != line
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return changed


if __name__ == "__main__":
    print(write_rules(Path(sys.argv[1])), "clauses changed")  # noqa: T201  (a command)
