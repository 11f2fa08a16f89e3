"""Translations: the texts of rules (`texts/<language>.yaml` in a pack) and of templates (the same beside them). They change no verdict.

What nobody has translated reads in English, is marked as such in every list, and is counted.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType

from auditor.checklist.template import Shelf, TextFile
from auditor.checklist.words import ENGLISH, fixed_words, languages
from auditor.errors import AuditorError, Location, RuleError, did_you_mean, raise_all
from auditor.model.row import Frozen
from auditor.rulebook.lint import LintFinding
from auditor.rulebook.load import Rulebook
from auditor.rulebook.pack import find_packs
from auditor.rulebook.profile import Profile
from auditor.rulebook.rule import Rule
from auditor.rulebook.sentence import TemplateError, placeholders
from auditor.rulebook.yaml_source import Positions, load_yaml, read_model

FIELDS = ("title", "requirement", "ask", "why", "fix", "say")
"""Texts of a rule that can be translated."""


class RuleTexts(Frozen):
    """The texts of one rule in another language; what is left out reads in English."""

    title: str = ""
    requirement: str = ""
    ask: str = ""
    why: str = ""
    fix: str = ""
    say: str = ""  # with the placeholders of the rule's own sentence


class QuestionTexts(Frozen):
    """The texts of a template's own question."""

    text: str
    requirement: str = ""
    guidance: str = ""


class GroupTexts(Frozen):
    """The texts of a group."""

    title: str
    note: str = ""


class TemplateTexts(Frozen):
    """The texts of a template."""

    title: str = ""
    purpose: str = ""
    groups: dict[str, GroupTexts] = {}


class BandTexts(Frozen):
    """The texts of a band of a scheme, in the order of its bands."""

    title: str
    advice: str = ""


class SchemeTexts(Frozen):
    """The texts of a scheme."""

    title: str
    bands: list[BandTexts] = []


class TextsFile(Frozen):
    """`texts/<language>.yaml` beside templates.

    Attributes:
        words: fixed words (`auditor/checklist/languages`) for a language that auditor does not ship, or said otherwise.
        kinds, questions, schemes, roles: by kind, id of the question, id of the scheme, English name of the role.
    """

    words: dict[str, str] = {}
    kinds: dict[str, TemplateTexts] = {}
    questions: dict[str, QuestionTexts] = {}
    schemes: dict[str, SchemeTexts] = {}
    roles: dict[str, str] = {}


@dataclass(frozen=True)
class Texts:
    """Every text of one language."""

    language: str = ENGLISH
    words: Mapping[str, str] = field(default_factory=dict)  # those that differ from the shipped ones
    rules: Mapping[str, RuleTexts] = field(default_factory=dict)
    kinds: Mapping[str, TemplateTexts] = field(default_factory=dict)
    questions: Mapping[str, QuestionTexts] = field(default_factory=dict)
    schemes: Mapping[str, SchemeTexts] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)

    def word(self, key: str) -> str:
        """Return a fixed word."""
        return self.words.get(key) or fixed_words(self.language)[key]

    def of_rule(self, rule: Rule, profile: Profile) -> tuple[RuleTexts, bool]:
        """Return the texts of a rule and whether its question is in the language of the list.

        A text that the profile says in its own words is not translated by the pack: the translation would say something else.
        """
        own = rule_texts(rule)
        if self.language == ENGLISH:
            return own, True
        stated = profile.rulebook.rules.get(rule.id, rule)
        found = self.rules.get(rule.id)
        asked = "ask" if rule.ask else "requirement"
        if found is None:
            return own, False
        kept = {name: getattr(found, name) for name in FIELDS if getattr(found, name) and getattr(stated, name) == getattr(rule, name)}
        return own.model_copy(update=kept), asked in kept


def rule_texts(rule: Rule) -> RuleTexts:
    """Return the texts of a rule as its file, or the profile, says them."""
    return RuleTexts(title=rule.title, requirement=rule.requirement, ask=rule.ask, why=rule.why, fix=rule.fix, say=rule.say)


@dataclass
class _Found:
    words: dict[str, str] = field(default_factory=dict)
    rules: dict[str, RuleTexts] = field(default_factory=dict)
    kinds: dict[str, TemplateTexts] = field(default_factory=dict)
    questions: dict[str, QuestionTexts] = field(default_factory=dict)
    schemes: dict[str, SchemeTexts] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Place:
    """What a file of texts speaks of, and where."""

    what: str
    name: str
    at: Location
    language: str


def known_languages(shelf: Shelf, rule_folders: Iterable[Path | Traversable] = (), *, installed: bool = True) -> tuple[str, ...]:
    """Return the languages in which something is written, English first."""
    found = {*languages(), *(item.language for item in shelf.texts)}
    found |= {item.language for item in _rule_files(rule_folders, installed=installed)}
    return ENGLISH, *sorted(found - {ENGLISH})


def load_texts(language: str, shelf: Shelf, rule_folders: Iterable[Path | Traversable] = (), *, installed: bool = True) -> Texts:
    """Return the texts of a language; for English there is nothing to read but what an organisation says otherwise.

    Args:
        language: 'en', 'fr', 'de', …
        shelf: templates with their files of texts; those of later folders win.
        rule_folders: what `[rules] folders` names.
        installed: whether the packs of installed distributions belong.

    Raises:
        ExceptionGroup: of RuleError, every mistake with its place.
        RuleError: nothing at all is written in the language.
    """
    known = known_languages(shelf, rule_folders, installed=installed)
    if language not in known:
        raise RuleError(
            f"nothing is translated into {language[:20]!r}",
            hint=did_you_mean(language, known) or f"there are: {', '.join(known)}; texts/{language}.yaml beside templates adds one",
        )
    errors: list[AuditorError] = []
    found, _ = _read(language, shelf, tuple(rule_folders), errors, installed=installed)
    raise_all("texts have mistakes", errors)
    return Texts(
        language,
        words=MappingProxyType(found.words),
        rules=MappingProxyType(found.rules),
        kinds=MappingProxyType(found.kinds),
        questions=MappingProxyType(found.questions),
        schemes=MappingProxyType(found.schemes),
        roles=MappingProxyType(found.roles),
    )


def lint_texts(
    rulebook: Rulebook, shelf: Shelf, rule_folders: Iterable[Path | Traversable] = (), *, installed: bool = True
) -> list[LintFinding]:
    """Return what translations speak of that is not there, ordered by place.

    Raises:
        ExceptionGroup: of RuleError, when a file has mistakes.
    """
    errors: list[AuditorError] = []
    remarks: list[LintFinding] = []
    known = _known(rulebook, shelf)
    for language in known_languages(shelf, rule_folders, installed=installed):
        found, places = _read(language, shelf, tuple(rule_folders), errors, installed=installed)
        for place in places:
            if place.name not in known[place.what]:
                hint = did_you_mean(place.name, known[place.what])
                remarks.append(
                    LintFinding("unknown-text", f"there is no {place.what} {place.name!r}{f'; {hint}' if hint else ''}", place.at)
                )
            elif place.what == "rule" and (extra := _strange(found.rules[place.name].say, rulebook.rules[place.name].say)):
                message = f"the sentence of {place.name} has {{{extra}}}, which the rule's own has not"
                remarks.append(LintFinding("unknown-placeholder", message, place.at))
    raise_all("texts have mistakes", errors)
    return sorted(set(remarks), key=lambda item: (item.at.file, item.at.line, item.at.column, item.message))


def count_missing(rulebook: Rulebook, shelf: Shelf, texts: Texts) -> dict[str, tuple[int, int]]:
    """Return how much is translated into the language of *texts*: 'rules', 'questions', 'kinds' → (translated, all)."""
    rules = sum(1 for id_, rule in rulebook.rules.items() if getattr(texts.rules.get(id_), "ask" if rule.ask else "requirement", ""))
    asked = {question.id for template in shelf.templates.values() for question in template.questions()}
    return {
        "rules": (rules, len(rulebook.rules)),
        "questions": (sum(1 for id_ in asked if id_ in texts.questions), len(asked)),
        "kinds": (sum(1 for kind in shelf.templates if texts.kinds.get(kind, TemplateTexts()).title), len(shelf.templates)),
    }


def _rule_files(folders: Iterable[Path | Traversable], *, installed: bool) -> list[TextFile]:
    packs = find_packs(tuple(folders), installed=installed).packs
    return [TextFile(file.stem, file.path, file.name) for pack in packs for file in pack.texts]


def _read(
    language: str, shelf: Shelf, folders: tuple[Path | Traversable, ...], errors: list[AuditorError], *, installed: bool
) -> tuple[_Found, list[_Place]]:
    found, places = _Found(), list[_Place]()
    for file in _rule_files(folders, installed=installed):
        if file.language == language:
            places.extend(_read_rules(file, found, errors))
    for file in shelf.texts:
        if file.language == language:
            places.extend(_read_templates(file, found, errors))
    return found, places


def _read_rules(file: TextFile, found: _Found, errors: list[AuditorError]) -> Iterator[_Place]:
    try:
        source = load_yaml(file.path, file.name)
    except AuditorError as error:
        errors.append(error)
        return
    if not isinstance(source.data, dict):
        errors.append(RuleError("expected rules: their ids with their texts", at=source.positions.at()))
        return
    for id_ in source.data:
        read = read_model(RuleTexts, source, errors, id_)
        if read is None:
            continue
        try:
            list(placeholders(read.say))
        except TemplateError as error:
            errors.append(RuleError(str(error), at=source.positions.at(id_, "say", offset=error.offset)))
        found.rules[str(id_)] = read
        yield _Place("rule", str(id_), source.positions.at_key(id_), file.language)


def _read_templates(file: TextFile, found: _Found, errors: list[AuditorError]) -> Iterator[_Place]:
    try:
        source = load_yaml(file.path, file.name)
    except AuditorError as error:
        errors.append(error)
        return
    read = read_model(TextsFile, source, errors)
    if read is None:
        return
    positions: Positions = source.positions
    found.words.update(read.words)
    found.kinds.update({kind: _merged(found.kinds.get(kind), texts) for kind, texts in read.kinds.items()})
    found.questions.update(read.questions)
    found.schemes.update(read.schemes)
    found.roles.update(read.roles)
    for what, part, names in (
        ("word", "words", read.words),
        ("checklist", "kinds", read.kinds),
        ("question", "questions", read.questions),
        ("scheme", "schemes", read.schemes),
    ):
        for name in names:
            yield _Place(what, name, positions.at_key(part, name), file.language)
    for kind, texts in read.kinds.items():
        for group in texts.groups:
            yield _Place("group", f"{kind}/{group}", positions.at_key("kinds", kind, "groups", group), file.language)


def _merged(earlier: TemplateTexts | None, later: TemplateTexts) -> TemplateTexts:
    """Return the texts of a kind from two files: what the later one says wins."""
    if earlier is None:
        return later
    return TemplateTexts(
        title=later.title or earlier.title, purpose=later.purpose or earlier.purpose, groups={**earlier.groups, **later.groups}
    )


def _known(rulebook: Rulebook, shelf: Shelf) -> dict[str, Collection[str]]:
    return {
        "rule": rulebook.rules,
        "word": fixed_words(ENGLISH),
        "checklist": shelf.templates,
        "question": {question.id for template in shelf.templates.values() for question in template.questions()},
        "scheme": shelf.schemes,
        "group": {f"{kind}/{group.id}" for kind, template in shelf.templates.items() for group in template.groups},
    }


def _strange(translated: str, own: str) -> str | None:
    """Return a placeholder that the translated sentence has and the rule's own has not; None when there is none."""
    extra = Counter(item.name for item in placeholders(translated)).keys() - {item.name for item in placeholders(own)}
    return min(extra) if extra else None
