"""The words by which names of people, folders and files are read (`words.yaml`)."""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from auditor.config.mapping import fold


@cache
def words(name: str) -> frozenset[str]:
    """Return the folded words of a list, in all languages."""
    return _lists()[name]


@cache
def numbers() -> dict[str, int]:
    """Return how small numbers are written as words, in all languages, folded → the number; 0 for 'no' and 'none'."""
    return {fold(word): number for number, found in _said()["numbers"].items() for word in found}


@cache
def _lists() -> dict[str, frozenset[str]]:
    return {name: frozenset(fold(word) for found in lists.values() for word in found) for name, lists in _said().items()}


@cache
def _said() -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster where PyYAML was built with it
    said: dict[str, Any] = yaml.load(files(__package__).joinpath("words.yaml").read_text("utf-8"), Loader=loader)  # noqa: S506  (a safe loader, too)
    return said
