"""The words of work tracking (`words.yaml`), folded for comparison and read once."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from auditor_connectors.jira.values import folded

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Words:
    """Folded word → what it means."""

    field_names: dict[str, str]  # name of a custom field → role
    field_types: dict[str, str]  # last part of `schema.custom` → role
    impediment: frozenset[str]
    acceptance: tuple[str, ...]  # beginnings of lines
    acceptance_marks: frozenset[str]
    scenarios: tuple[tuple[str, ...], ...]  # beginnings of lines that together are a scenario
    kinds: dict[str, str]
    categories: dict[str, str]
    priority_classes: dict[str, str]
    links: dict[str, tuple[str, bool]]  # outward phrase → kind, and whether the other end does it
    history: dict[str, str]  # word of a changelog → id of the field


@cache
def words() -> Words:
    """Return the shipped words."""
    data: dict[str, Any] = yaml.load(files(__package__).joinpath("words.yaml").read_text("utf-8"), Loader=_LOADER)  # noqa: S506  (a safe loader, too)
    links: dict[str, tuple[str, bool]] = {}
    for kind, phrases in data["links"].items():
        links |= {folded(phrase): (kind, False) for phrase in phrases["as_said"]}
        links |= {folded(phrase): (kind, True) for phrase in phrases["reversed"]}
    return Words(
        field_names={folded(name): role for role, said in data["fields"].items() for name in said["names"]},
        field_types={name: role for role, said in data["fields"].items() for name in said["custom"]},
        impediment=frozenset(folded(word) for word in data["impediment"]),
        acceptance=tuple(folded(word) for word in data["acceptance_headings"]),
        acceptance_marks=frozenset(folded(word) for word in data["acceptance_marks"]),
        scenarios=tuple(tuple(folded(word) for word in scenario) for scenario in data["scenarios"]),
        kinds=_turned(data["kinds"]),
        categories=_turned(data["status_categories"]),
        priority_classes=_turned(data["priority_classes"]),
        links=links,
        history=_turned(data["history"]),
    )


def _turned(meanings: dict[str, list[str]]) -> dict[str, str]:
    return {folded(word): meaning for meaning, said in meanings.items() for word in said}
