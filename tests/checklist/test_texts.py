"""Translations: read with their places, checked, and counted where they are missing."""

from pathlib import Path

import pytest

from auditor.checklist.template import load_shelf
from auditor.checklist.texts import count_missing, known_languages, lint_texts, load_texts
from auditor.checklist.words import fixed_words, languages
from auditor.errors import RuleError
from auditor.rulebook.load import Rulebook
from tests.checklist.builders import shelf
from tests.shipped import shipped_rulebook


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return shipped_rulebook()


def pack(folder: Path, **files: str) -> Path:
    """Write a pack with translations only."""
    own = folder / "own"
    (own / "texts").mkdir(parents=True)
    (own / "pack.yaml").write_text("name: own\ntitle: Own\nstandard: own\nversion: '1'\n", encoding="utf-8")
    for name, content in files.items():
        (own / "texts" / f"{name}.yaml").write_text(content, encoding="utf-8")
    return folder


def test_every_language_has_every_fixed_word() -> None:
    """What ships is complete; a word with values has the same values in each language."""
    import re

    english = fixed_words("en")
    for language in languages():
        words = fixed_words(language)
        assert words.keys() == english.keys()
        for key, text in words.items():
            assert sorted(re.findall(r"\{(\w+)\}", text)) == sorted(re.findall(r"\{(\w+)\}", english[key])), (language, key)
            assert language == "en" or text != "" and key


def test_an_unknown_language_is_told(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="nothing is translated into 'xx'") as raised:
        load_texts("xx", shelf(tmp_path / "s"))
    assert "de, fr" in str(raised.value)


def test_an_organisation_adds_a_language(tmp_path: Path) -> None:
    """With fixed words, a template and questions of its own; what it leaves out reads in English."""
    found = shelf(tmp_path / "s", a="kind: a\ntitle: A\n", texts__es="words: {question: Pregunta}\nkinds: {a: {title: Lista}}\n")
    assert known_languages(found) == ("en", "de", "es", "fr")
    texts = load_texts("es", found)
    assert (texts.word("question"), texts.word("answer"), texts.kinds["a"].title) == ("Pregunta", "Answer", "Lista")


def test_later_folders_win_for_what_they_say(tmp_path: Path) -> None:
    first, second = tmp_path / "one", tmp_path / "two"
    for folder, content in ((first, "kinds: {a: {title: Un, purpose: But}}\n"), (second, "kinds: {a: {title: Deux}}\n")):
        (folder / "texts").mkdir(parents=True)
        (folder / "texts" / "fr.yaml").write_text(content, encoding="utf-8")
    texts = load_texts("fr", load_shelf([first, second], installed=False))
    assert (texts.kinds["a"].title, texts.kinds["a"].purpose) == ("Deux", "But")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("PM2-RSK-07: {aks: Q}\n", "own/texts/fr.yaml:1:14: unknown field 'aks'"),
        ("PM2-RSK-07: text\n", "own/texts/fr.yaml:1:13:"),
        ("- PM2-RSK-07\n", "expected rules: their ids with their texts"),
        ('PM2-RSK-07: {say: "Le risque {id"}\n', "own/texts/fr.yaml:1:"),
        ("PM2-RSK-07: {ask: a}\nPM2-RSK-07: {ask: b}\n", "the key 'PM2-RSK-07' occurs twice"),
    ],
)
def test_a_mistake_in_the_texts_of_rules_is_told(content: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ExceptionGroup) as raised:
        load_texts("fr", shelf(tmp_path / "s"), [pack(tmp_path / "rules", fr=content)])
    assert any(message in str(error) for error in raised.value.exceptions), raised.value.exceptions


def test_a_mistake_in_the_texts_of_templates_is_told(tmp_path: Path) -> None:
    found = shelf(tmp_path / "s", texts__fr="kinds:\n  a: {titel: A}\n")
    with pytest.raises(ExceptionGroup) as raised:
        load_texts("fr", found)
    assert "s/texts/fr.yaml:2:7: unknown field 'titel'" in str(raised.value.exceptions[0])


def test_lint_names_what_translations_speak_of_in_vain(tmp_path: Path, rulebook: Rulebook) -> None:
    """A rule, question, kind, group, scheme or word that is not there, and a placeholder that the rule's sentence has not."""
    folder = pack(tmp_path / "rules", fr='PM2-RSK-77: {ask: Q}\nPM2-RSK-07: {say: "{nonsense}"}\n')
    texts = "words: {quesiton: Q}\nkinds: {aa: {title: A}, a: {groups: {h: {title: H}}}}\nquestions: {X-1: {text: T}}\nschemes: {s: {title: S}}\n"
    found = lint_texts(rulebook, shelf(tmp_path / "s", a="kind: a\ntitle: A\n", texts__fr=texts), [folder], installed=False)
    told = [str(item) for item in found]
    for message in (
        "own/texts/fr.yaml:1:1: there is no rule 'PM2-RSK-77'",
        "own/texts/fr.yaml:2:1: the sentence of PM2-RSK-07 has {nonsense}",
        "s/texts/fr.yaml:1:9: there is no word 'quesiton'; did you mean 'question'?",
        "there is no checklist 'aa'",
        "there is no group 'a/h'",
        "there is no question 'X-1'",
        "there is no scheme 's'",
    ):
        assert any(message in line for line in told), (message, told)
    assert len(told) == 7


def test_the_shipped_translations_have_no_remarks(rulebook: Rulebook) -> None:
    assert not lint_texts(rulebook, load_shelf(rulebook=rulebook))


@pytest.mark.parametrize("language", ["fr", "de"])
def test_the_phase_exit_kinds_are_translated_completely(language: str, rulebook: Rulebook) -> None:
    """Every title, group, question, role and band of the three kinds, and the rules of PM²; what is not translated elsewhere is counted."""
    found = load_shelf(rulebook=rulebook)
    texts = load_texts(language, found)
    for kind in ("phase-exit:rfp", "phase-exit:rfe", "phase-exit:rfc"):
        template = found.templates[kind]
        said = texts.kinds[kind]
        assert said.title
        assert said.purpose
        assert said.groups.keys() == {group.id for group in template.groups}
        assert all(question.id in texts.questions and texts.questions[question.id].guidance for question in template.questions())
        assert set(template.sign_off) <= texts.roles.keys()
        assert len(texts.schemes[template.scheme.id].bands) == len(template.scheme.bands)
    counts = count_missing(rulebook, found, texts)
    assert counts["rules"] == (sum(id_.startswith("PM2-") for id_ in rulebook.rules), len(rulebook.rules))
    assert counts["questions"][0] == 33
