"""The French and German texts of the PM² rules: complete, translated, and with the values of the rules' own sentences."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from auditor.checklist.question import question_of
from auditor.checklist.texts import FIELDS, RuleTexts, load_texts
from auditor.rulebook.rule import Rule
from auditor.rulebook.sentence import placeholders
from tests.checklist.builders import shelf
from tests.shipped import shipped_rulebook

LANGUAGES = ("fr", "de")
ASKED = ("title", "requirement", "ask")
"""What a person who answers reads; nothing of it may be left in English."""

_FOREIGN = {"fr": re.compile(r"['\"“„]|«(?! )|(?<! )[»?!;]"), "de": re.compile(r"['\"«»’]|„[^“]*$|“[^„“]*“")}
"""Quotation marks and spacing that the language does not write."""


@pytest.fixture(scope="module")
def rules() -> Mapping[str, Rule]:
    return {id_: rule for id_, rule in shipped_rulebook().rules.items() if id_.startswith("PM2-")}


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Mapping[str, RuleTexts]]:
    """Language → rule → texts, read as checklists read them."""
    empty = shelf(tmp_path_factory.mktemp("shelf"))
    return {
        language: {id_: found for id_, found in load_texts(language, empty).rules.items() if id_.startswith("PM2-")}
        for language in LANGUAGES
    }


@pytest.mark.parametrize("language", LANGUAGES)
class TestTexts:
    def test_every_rule_is_translated(self, language: str, rules: Mapping[str, Rule], texts: Mapping[str, Mapping[str, RuleTexts]]) -> None:
        found = texts[language]
        missing = [
            f"{id_}.{name}"
            for id_, rule in rules.items()
            for name in ASKED
            if getattr(rule, name) and not getattr(found.get(id_), name, "")
        ]
        assert len(rules) > 200
        assert missing == []

    def test_what_is_one_question_is_one_in_every_language(
        self, language: str, rules: Mapping[str, Rule], texts: Mapping[str, Mapping[str, RuleTexts]]
    ) -> None:
        """A list asks it once, in the words of whichever of its rules comes first."""
        worded: dict[tuple[str, frozenset[str]], set[str]] = {}
        for id_, rule in rules.items():
            worded.setdefault(question_of(rule), set()).add(texts[language][id_].ask)
        assert [found for found in worded.values() if len(found) > 1] == []

    def test_advice_is_in_one_language(self, language: str, texts: Mapping[str, Mapping[str, RuleTexts]]) -> None:
        """Lists print why and fix as one paragraph."""
        assert [id_ for id_, found in texts[language].items() if bool(found.why) != bool(found.fix)] == []

    def test_only_rules_that_exist_are_translated(
        self, language: str, rules: Mapping[str, Rule], texts: Mapping[str, Mapping[str, RuleTexts]]
    ) -> None:
        assert sorted(texts[language].keys() - rules.keys()) == []

    def test_nothing_is_said_that_the_rule_does_not_say(
        self, language: str, rules: Mapping[str, Rule], texts: Mapping[str, Mapping[str, RuleTexts]]
    ) -> None:
        """A text without an English one would be shown by no list, or would be shown in its place."""
        assert [
            f"{id_}.{name}"
            for id_, found in texts[language].items()
            for name in FIELDS
            if id_ in rules and getattr(found, name) and not getattr(rules[id_], name)
        ] == []

    def test_no_text_is_a_copy_of_the_english_one(
        self, language: str, rules: Mapping[str, Rule], texts: Mapping[str, Mapping[str, RuleTexts]]
    ) -> None:
        assert [
            f"{id_}.{name}"
            for id_, found in texts[language].items()
            for name in FIELDS
            if id_ in rules and getattr(found, name) and getattr(found, name).split() == getattr(rules[id_], name).split()
        ] == []

    def test_sentences_have_the_values_of_the_rule(
        self, language: str, rules: Mapping[str, Rule], texts: Mapping[str, Mapping[str, RuleTexts]]
    ) -> None:
        """The same placeholders with the same formats, each as often; their order is the language's."""

        def values(sentence: str) -> list[tuple[str, str]]:
            return sorted((item.name, item.format or "") for item in placeholders(sentence))

        assert [
            id_ for id_, found in texts[language].items() if id_ in rules and found.say and values(found.say) != values(rules[id_].say)
        ] == []

    def test_quotation_marks_are_those_of_the_language(self, language: str, texts: Mapping[str, Mapping[str, RuleTexts]]) -> None:
        assert [
            f"{id_}.{name}: {found_text}"
            for id_, found in texts[language].items()
            for name in FIELDS
            if _FOREIGN[language].search(found_text := getattr(found, name))
        ] == []


def test_both_languages_translate_the_same(texts: Mapping[str, Mapping[str, RuleTexts]]) -> None:
    said = {
        language: {(id_, name) for id_, found in of.items() for name in FIELDS if getattr(found, name)} for language, of in texts.items()
    }
    assert sorted(said["fr"] ^ said["de"]) == []


def test_a_folder_without_texts_says_nothing(tmp_path: Path) -> None:
    """The texts come from the pack: without installed packs there are none."""
    assert load_texts("fr", shelf(tmp_path), installed=False).rules == {}
