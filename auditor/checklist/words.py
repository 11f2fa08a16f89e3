"""The fixed words of checklists, by language: 'Question', 'Yes', 'attested'. What a language lacks reads in English."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType

from auditor.checklist.checklist import Checklist, Says, State
from auditor.rulebook.yaml_source import load_yaml

ENGLISH = "en"


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that have fixed words, English first."""
    found = sorted(
        item.name.removesuffix(".yaml") for item in (files("auditor.checklist") / "languages").iterdir() if item.name.endswith(".yaml")
    )
    return ENGLISH, *(name for name in found if name != ENGLISH)


@cache
def fixed_words(language: str) -> Mapping[str, str]:
    """Return key → text of *language*, in English where it has none; an unknown language is English throughout."""
    english = _read(ENGLISH)
    return english if language not in languages() or language == ENGLISH else MappingProxyType({**english, **_read(language)})


def word(checklist: Checklist, key: str) -> str:
    """Return a fixed word in the language of *checklist*.

    Raises:
        KeyError: there is no such word.
    """
    return checklist.words.get(key) or fixed_words(checklist.language)[key]


def says_word(checklist: Checklist, says: Says) -> str:
    """Return how an answer reads: 'Yes', 'Not applicable'."""
    return word(checklist, f"says.{says}")


def state_word(checklist: Checklist, state: State) -> str:
    """Return how a state reads: 'answered with evidence'."""
    return word(checklist, f"state.{state}")


@cache
def _read(language: str) -> Mapping[str, str]:
    name = f"{language}.yaml"
    return MappingProxyType({str(key): str(text) for key, text in load_yaml(_folder() / name, name).data.items()})


def _folder() -> Traversable:
    return files("auditor.checklist") / "languages"
