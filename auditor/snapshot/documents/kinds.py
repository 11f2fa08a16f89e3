"""Which kind of artefact or management product a document is, by what it calls itself and what it holds.

Evidence comes in channels: title lines, file name, folder, page headers, what the text says of itself, headings against the contents of
the standard, headers of tables, names of sheets. Each gives a strength in hundredths; a channel counts once, channels add up as
independent signs do (1 - (1 - a)(1 - b)), and what speaks against lowers the sum. The weights are judgements made for documents in
general: a kind is sure (0.8) only when two channels agree, never by a folder, an abbreviation or a word that others use too.

In a title the *head* counts: 'Risk Register Checklist' is a checklist, 'Guide to the Business Case' a guide, 'Protokoll der Sitzung zum
Projektauftrag' minutes. Longer names hide shorter ones, so that a 'Risk Management Plan' is no 'Plan'.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from auditor.connect.document import Document, TableBlock, TextBlock, texts_of
from auditor.connect.protocol import Parsed
from auditor.connect.values import fold
from auditor.rulebook.recognition import CORE, DeclaredKind, Recognition
from auditor.snapshot.words import words as listed

DOUBT = Decimal("0.4")
"""Below this a document is no candidate for a kind."""

SURE = Decimal("0.8")
"""From this on a document that was read fulfils a product."""

_TITLE_EXACT, _NAME_EXACT = 78, 66  # the whole line, the whole file name is the name
_WEIGHT_OF_TITLE = 100
_TITLE, _NAME, _NAME_ALONE, _FOLDER, _FOLDER_ALONE, _SHEET, _SHEET_ALONE, _SELF = 72, 62, 66, 30, 45, 40, 60, 35
_WEAK = 62  # per cent of the strength that a word has which others use too
_SHORT = 45
_ROWS, _NO_ROWS = 50, 42  # a register with rows, with its header only
_FEWEST_TASKS = 5  # rows from which a sheet of tasks is a schedule
_TELLING = 4  # weight from which a label says as much as a heading: 'Attendees:', 'Next meeting:'
_CONTENT_ALONE = 60  # most that headings and tables can give to a document that is never called so
_TELLING_ALONE = 84  # the same, where nearly all its headings are those of one kind and of hardly any other
_MOST_SECTIONS = 72  # most that headings can give
_RARE = (100, 100, 80, 60, 45, 45)  # per cent that a content item counts which so many kinds of a standard have
_COMMON = 25  # more than those
_ENOUGH_RARE = 7  # weight of rare content from which headings tell a kind
_PLAINLY = 10  # the same, from which they do so surely
_AHEAD = Decimal("1.6")  # times the weight that any other kind of the standard has
_EXPLAINED = Decimal("0.6")  # of the headings that the standard knows
_BESIDE = 30  # strength of a title, or a property of the file, that agrees with a file name which says nothing else
_MOST_BY_WEAK = 78
_MOST_BY_TWO_WEAK = 84  # when title, file name and contents agree
_GREAT_SUPPORT = 45
_MANY_OWN, _MANY_COLUMNS = 5, 8  # of a table that can hardly be of another kind
_NO_SUPPORT_WEAK = 66
_LONGEST_LINE = 140
_MOST_WINDOW = 8
_MOST_JOINED = 6
_MOST_TOKENS = 60
_TITLE_LINES = 8
_WEIGHT_OF_RIVAL = 51  # a page header or property, often left from a template, speaks for a kind and not against others
_COVER_LINES = 16
_LONGEST_COVER_LINE = 90
_BY_HOUSE = Decimal("0.95")  # called as the project says that it calls such artefacts
_MAIL_HEAD = 12  # lines among which the head of a mail stands
_LONGEST_MAIL = 120  # words of a mail that only says where a document is
_COVER_HEADINGS = 5
_MOST_LINES = 20  # of a paragraph whose lines may each have a label
_NAME_ONLY = 78  # most that title and file name give to a text of whose content nothing is what such documents hold
_FEWEST_ROWS = 2  # of a register from which it tells what a text is that is called so
_MOST_HEADINGS = 2_000  # blocks among which headings are looked at
_WORDS_OF_TRADE = 4
_HARDLY = 14  # strength of content up to which it may be by chance
_TEXTS = frozenset({"md", "txt", "html"})  # formats in which much is written beside projects' documents
_ABOUT_IT = 2  # headings that speak of the document by its name, from which a text is about such documents
_OTHER_MATTER = 3  # headings of something else
_HEADER_ROWS = 25
_TABULAR = 2  # letters in tables to letters elsewhere, from which a text document is a list
_TRACKER = 2  # headers that only a tracker's export has
_FUZZY = 90.0
_SHORTEST_FUZZY = 6
_MOST_KEPT = 50_000
_LETTERS_OF_A_COMPOUND = 14
_OF_SOMETHING = 92
_LONG_WORD = 9  # letters from which two may be wrong

_CODED = re.compile(
    r"\s*(?P<name>[^\d]{3,60}?[^\W\d_])\s+(?:(?P<code>[A-Z]{1,4}[-_. ]?\d{1,4}(?:\.\d{1,3})*)\b\s*[-–—:,|]?\s+(?=[^\W\d_])"
    r"|(?P<last>(?!KW|CW|FY|CY)[A-Z]{2,4}[-_.]?\d{1,4}(?:\.\d{1,3})*)\s*$)"
)  # 'Work package WP-08 Training', 'Work package WP-08'
_EXCEPT = re.compile(r"\s*(?:without|excluding|except|other than|ohne|außer|sans|hors|sauf|sin|excepto|salvo)\s", re.IGNORECASE)
_SEGMENTS = re.compile(r"\s[-‐‑]+\s|={2,}|\*{2,}|_{3,}|[–—:|/\\()\[\]{},;•·\n\r\t>«»\"“”]|\s{3,}|(?<=[^\W\d_]{4})\.\s+(?=[A-ZÀ-Þ])")
_SEGMENTS_OF_JOINT = re.compile(r"\s[-‐‑–—]+\s|[–—:|()\[\]{};•·\n\r\t>«»\"“”]")
_JOINED = re.compile(r"\s*,\s*(?:and\s+|und\s+)?|\s*(?:&|\+)\s*|\s+(?:and|und|sowie|et|y|e|ainsi que)\s+", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])|(?<=[A-ZÀ-Þ])(?=[A-ZÀ-Þ][a-zà-ÿ]{2})|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z]{3})")
_NAME_SEPARATORS = re.compile(r"[_.+]|(?<=\w)-(?=\w)")
_NUMBERS = re.compile(r"^(v|rev|r|q|kw|w|wk|week|woche|semaine|semana|no|nr|n)?\d+[a-z]{0,2}$|^[a-z]$|^v$|^rev$")
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_ON_COVER = re.compile(
    r"\b(v|version|versión|revision|révision|rev|draft|fassung|stand)\.?\s*\d|\b(19|20)\d\d\b|^(author|prepared|submitted|approved|written|team|"
    r"auteurs?|rédigé|préparé|présenté|équipe|autor|autoren|erstellt|verfasser|vorgelegt|autores|elaborado|preparado|presentado|equipo)\b|"
    r"^(table of contents|contents|sommaire|table des matières|inhalt|inhaltsverzeichnis|índice|tabla de contenidos?)$",
    re.IGNORECASE,
)
_TOC_LINE = re.compile(r"(\.{3,}|…|\t)\s*\d+\s*$")
_SHORT_TOKEN = re.compile(r"(?<![A-Za-z])[A-Z][A-Za-z]{1,5}(?![A-Za-z])")
_NUMBERING = re.compile(
    r"^\s*(?:(?:chapter|section|part|teil|partie|parte|annex|appendix|kapitel|abschnitt|anhang|anlage|chapitre|annexe|capítulo|anexo)\s+)?(?:[A-Z]?\d+(?:[.\-]\d+)*|[IVX]{1,5}|[A-Za-z])?(?:[.):]|\s*[-–])?\s+",
    re.IGNORECASE,
)
_GUIDE_SHEET = re.compile(
    r"read ?me|how to|instructions?|help|guide|anleitung|hinweise|hilfe|ausfüllhinweise|notice|mode d'emploi|aide|instrucciones|ayuda",
    re.IGNORECASE,
)
_TRIVIAL_SHEET = re.compile(
    r"(sheet|tabelle|feuil|feuille|hoja|blatt)\s*\d*|lists?|lookups?|definitions?|instructions?|legend|help|data|values|dropdowns?|"
    r"read ?me.*|how to.*|cover|cover page|guide|listes?|notice|mode d'emploi|aide|couverture|listen|anleitung|hinweise|hilfe|deckblatt|"
    r"ausfüllhinweise|listas?|instrucciones|ayuda|portada",
    re.IGNORECASE,
)

Key = tuple[str, str]  # (standard, kind)


class KindGuess(NamedTuple):
    """A kind that a document may be of.

    `standard` is `core` for kinds that belong to no standard. `confidence` has two decimals and lies from `DOUBT` to 1. `is_named` says
    that title or file name call the document so, `is_titled` that a line of the title is the name and nothing else, `is_joint` that the
    title calls it several things at once: 'Communication and change approach'.
    """

    kind: str
    confidence: Decimal
    standard: str
    because: tuple[str, ...]
    is_named: bool = False
    is_titled: bool = False
    is_joint: bool = False


class _Hit(NamedTuple):
    key: Key
    is_strong: bool
    is_own: bool


@dataclass(frozen=True, slots=True)
class _Mention:
    """A name of kinds in a segment of a title."""

    start: int
    end: int
    hits: tuple[_Hit, ...]
    head_first: bool  # French and Spanish put the head first


@dataclass(slots=True)
class _Named:
    """What a line says: the kinds by strength (hundredths), and which of them it is about in the first place."""

    strengths: dict[Key, int] = field(default_factory=dict)
    strong: set[Key] = field(default_factory=set)
    own: set[Key] = field(default_factory=set)
    primary: frozenset[Key] = frozenset()
    joint: frozenset[Key] = frozenset()  # where the line names several kinds in one: 'Quality and risk management plan'
    force: int = 0  # strength of the primary mention
    text: str = ""
    code: str = ""  # of what the line is about, behind the name of its kind: 'Work package WP-08 Training'


@dataclass(frozen=True, slots=True)
class _Token:
    word: str
    after_about: bool  # a preposition stands before it
    is_neutral: bool


@dataclass(frozen=True, eq=False)
class Compiled:
    """What packs say about recognition, ready to be looked up."""

    recognition: Recognition
    names: Mapping[str, tuple[_Hit, ...]]
    head_first: frozenset[str]  # keys of names that are French or Spanish only
    sections: Mapping[str, tuple[str, ...]]  # heading → section kinds
    columns: Mapping[str, tuple[tuple[str, bool], ...]]  # header → (columns, is own)
    against: Mapping[Key, frozenset[str]]
    shorts: Mapping[str, tuple[Key, ...]]
    inside: Mapping[str, tuple[Key, ...]]  # heading → kinds that may stand inside others
    chapters: Mapping[str, tuple[Key, ...]]  # heading → kinds, in what is called as one of `collections`
    collections: frozenset[str]
    same: Mapping[str, str]  # short word → word that it stands for
    about: frozenset[str]
    skip: frozenset[str]
    neutral: frozenset[str]
    this: tuple[tuple[str, ...], ...]
    title_labels: frozenset[str]
    elsewhere: tuple[str, ...]
    vocabulary: tuple[str, ...]
    tracker: frozenset[str] = frozenset()  # headers that only exports of work trackers have, folded
    holders: Mapping[tuple[str, str], int] = field(default_factory=dict)  # (standard, content item) → kinds that have it
    _corrected: dict[str, str] = field(default_factory=dict)
    _keys: dict[str, str] = field(default_factory=dict)

    def key(self, text: str) -> str:
        """Return *text* as names and headings are looked up: words without accents, articles, prepositions and plural, run together."""
        known = self._keys.get(text)
        if known is None:
            known = "".join(token.word for token in self.tokens(text))
            if len(self._keys) > _MOST_KEPT:
                self._keys.clear()
            self._keys[text] = known
        return known

    def tokens(self, text: str) -> list[_Token]:
        """Return the words of *text* that count."""
        found: list[_Token] = []
        after = False
        # What stands in capitals, alone or among other words, is a name or its short form: SEMINA is no misspelt seminar.
        names = {fold(word) for word in text.split() if word.isupper()}
        if len(names) > 1 and text.isupper():  # a line in capitals
            names.clear()
        for word in (self.same.get(part, part) for part in fold(text).split()[: _MOST_TOKENS * 2]):
            if word in self.about:
                after = True
            elif word not in self.skip and not _NUMBERS.match(word):
                stem = _stem(word) if word in names else self._correct(_stem(word))
                found.append(_Token(stem, after, stem in self.neutral))
                after = False
        return found[:_MOST_TOKENS]

    def _correct(self, word: str) -> str:
        """Return the known word that *word* misspells, or itself."""
        if len(word) < _SHORTEST_FUZZY or not self.vocabulary:
            return word
        known = self._corrected.get(word)
        if known is None:
            best = process.extractOne(word, self.vocabulary, scorer=fuzz.ratio, score_cutoff=_FUZZY)
            is_near = best is not None and best[0][0] == word[0] and OSA.distance(word, best[0]) <= (1 if len(word) < _LONG_WORD else 2)
            known = best[0] if best and is_near else word
            if len(self._corrected) > _MOST_KEPT:
                self._corrected.clear()
            self._corrected[word] = known
        return known

    def mentions(self, tokens: Sequence[_Token]) -> list[_Mention]:
        """Return the names in *tokens*, longest first hiding those within, in reading order."""
        found: list[tuple[int, int, str]] = []
        for start in range(len(tokens)):
            joined = ""
            for end in range(start + 1, min(len(tokens), start + _MOST_WINDOW) + 1):
                joined += tokens[end - 1].word
                if joined in self.names:
                    found.append((start, end, joined))
        found.sort(key=lambda item: (item[0] - item[1], not any(hit.is_strong for hit in self.names[item[2]]), -item[0]))
        taken: list[_Mention] = []
        for start, end, name in found:
            if all(end <= other.start or start >= other.end for other in taken):
                taken.append(_Mention(start, end, self.names[name], name in self.head_first))
        return sorted(taken, key=lambda mention: mention.start)


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


@lru_cache(maxsize=4)
def compile_recognition(recognition: Recognition) -> Compiled:
    """Return *recognition* ready for use; the same object for the same recognition."""
    words = recognition.words
    tracker = recognition.registers.tracker if recognition.registers else {}
    about, skip = (frozenset(word for phrase in _all(phrases) for word in fold(phrase).split()) for phrases in (words.about, words.skip))
    same = {fold(short): fold(word) for short, word in words.same.items()}
    bare = Compiled(
        recognition=recognition, names={}, head_first=frozenset(), sections={}, columns={}, against={}, shorts={}, inside={}, chapters={},
        same=same,
        collections=frozenset(), about=about,
        skip=skip, neutral=frozenset(), this=(), title_labels=frozenset(), elsewhere=(), vocabulary=(),
    )  # fmt: skip
    names: dict[str, dict[Key, _Hit]] = {}
    languages: dict[str, set[str]] = {}
    shorts: dict[str, list[Key]] = {}
    inside: dict[str, list[Key]] = {}
    chapters: dict[str, list[Key]] = {}
    for kind in recognition.kinds:
        key = (kind.standard, kind.id)
        own = {bare.key(phrase) for phrase in kind.own}
        for phrases, is_strong in ((kind.names, True), (kind.maybe, False)):
            for language, said in phrases.items():
                for phrase in said:
                    name = bare.key(phrase)
                    before = names.setdefault(name, {}).get(key)
                    if before is None or (is_strong and not before.is_strong):
                        names[name][key] = _Hit(key, is_strong, name in own)
                    languages.setdefault(name, set()).add(language)
        for short in kind.spec.short:
            shorts.setdefault(short, []).append(key)
        for phrase in _all(kind.inside):
            held = inside.setdefault(bare.key(phrase), [])
            if key not in held:
                held.append(key)
        for phrase in _all(kind.spec.chapters):
            chapters.setdefault(bare.key(phrase), []).append(key)
    vocabulary = {
        token.word
        for listed in (
            *(phrases for kind in recognition.kinds for phrases in (kind.names, kind.maybe, kind.spec.chapters)),
            recognition.collections,
            *recognition.sections.values(),
        )
        for phrase in _all(listed)
        for token in bare.tokens(phrase)
    }
    return Compiled(
        recognition=recognition,
        names={name: tuple(hits.values()) for name, hits in names.items() if name},
        head_first=frozenset(name for name, found in languages.items() if found <= {"fr", "es"}),
        sections=_index((section, phrase) for section, phrases in recognition.sections.items() for phrase in _all(phrases))(bare),
        columns=_column_index(recognition, bare),
        tracker=frozenset(fold(word) for listed in tracker.values() for word in listed),
        holders=Counter((kind.standard, section) for kind in recognition.kinds for section in kind.spec.sections),
        against={
            (kind.standard, kind.id): frozenset(bare.key(phrase) for phrase in _all(kind.spec.against))
            for kind in recognition.kinds
            if kind.spec.against
        },
        shorts={short: tuple(keys) for short, keys in shorts.items()},
        inside={name: tuple(keys) for name, keys in inside.items()},
        chapters={name: tuple(dict.fromkeys(keys)) for name, keys in chapters.items()},
        collections=frozenset(bare.key(phrase) for phrase in _all(recognition.collections)),
        same=same,
        about=about,
        skip=skip,
        neutral=frozenset(_stem(word) for phrase in _all(words.neutral) for word in fold(phrase).split()),
        this=tuple(sorted({tuple(fold(phrase).split()) for phrase in _all(words.this)}, key=lambda found: (-len(found), found))),
        title_labels=frozenset(fold(phrase) for phrase in _all(words.title_labels)),
        elsewhere=tuple(sorted({f" {fold(phrase)} " for phrase in _all(words.elsewhere)})),
        vocabulary=tuple(sorted(word for word in vocabulary if len(word) >= _SHORTEST_FUZZY)),
    )


def _all(phrases: Mapping[str, Iterable[str]]) -> Iterator[str]:
    return (phrase for listed in phrases.values() for phrase in listed)


class _index:  # noqa: N801  (reads as a function)
    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._pairs = list(pairs)

    def __call__(self, bare: Compiled) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for section, phrase in self._pairs:
            listed = found.setdefault(bare.key(phrase), [])
            if section not in listed:
                listed.append(section)
        return {heading: tuple(sections) for heading, sections in found.items()}


def _column_index(recognition: Recognition, bare: Compiled) -> dict[str, tuple[tuple[str, bool], ...]]:
    found: dict[str, dict[str, bool]] = {}
    for name, columns in recognition.columns.items():
        for phrases, is_own in ((columns.own, True), (columns.also, False)):
            for phrase in _all(phrases):
                found.setdefault(bare.key(phrase), {}).setdefault(name, is_own)
    return {header: tuple(listed.items()) for header, listed in found.items()}


# What a line is called


def _read_line(compiled: Compiled, text: str, base: int, *, is_file_name: bool = False) -> _Named:
    """Return the kinds that a title line or file name speaks of."""
    named = _Named(text=text[:_LONGEST_LINE])
    best: tuple[tuple[int, int, int, int, int], list[_Mention], _Mention, int] | None = None
    others: list[tuple[_Mention, int]] = []
    if (coded := _CODED.match(text)) is not None and _is_a_name(compiled, coded["name"]):
        named.code = coded["code"] or coded["last"]  # 'Work package WP-08 Training and procedures': what stands behind the code is its name
        text = coded["name"]
    for position, segment in enumerate(part for part in _SEGMENTS.split(text[: _LONGEST_LINE * 2]) if part.strip()):
        if _EXCEPT.match(segment):
            continue  # 'Communication sent (without highlight reports)'
        tokens = compiled.tokens(segment)
        mentions = compiled.mentions(tokens)
        if not mentions:
            continue
        head = _head(compiled, tokens, mentions)
        said = tokens[: _subject(tokens, head)] if _decides(compiled, head) and not head.head_first else tokens
        strength = _strength(said, head, base, is_file_name=is_file_name)
        if (
            _decides(compiled, head)
            and mentions[0] is head
            and len(mentions) > 1
            and all(token.is_neutral for token in tokens[: head.start])
        ):
            strength = max(strength, base * _OF_SOMETHING // 100)  # 'Agenda Kick-off Meeting on 3 May': what it is, and of what
        is_label = position == 0 and ":" in text and (head.start, head.end) == (0, len(tokens)) and any(hit.is_strong for hit in head.hits)
        rank = (is_label or _decides(compiled, head), strength, head.end - head.start, -position, 0)
        others.extend((mention, strength) for mention in mentions)
        if best is None or rank > best[0]:
            best = (rank, mentions, head, strength)
    if best is None:
        return named
    head, force = best[2], best[3]
    for mention, _ in others:
        if mention is not head:
            for hit in mention.hits:
                named.strengths[hit.key] = max(named.strengths.get(hit.key, 0), 12)
    for hit in head.hits:
        strength = force if hit.is_strong else force * _WEAK // 100
        named.strengths[hit.key] = max(named.strengths.get(hit.key, 0), strength)
        if hit.is_strong:
            named.strong.add(hit.key)
        if hit.is_own:
            named.own.add(hit.key)
    named.primary = frozenset(hit.key for hit in head.hits)
    named.force = force if any(hit.is_strong for hit in head.hits) else force * _WEAK // 100
    _add_joint(compiled, named, text, base)
    return named


def _add_joint(compiled: Compiled, named: _Named, text: str, base: int) -> None:
    """Add the kinds that a line names together, where it does: all of them are what it is about."""
    for segment in _SEGMENTS_OF_JOINT.split(text[: _LONGEST_LINE * 2]):
        found: dict[Key, bool] = {}
        for hits in named_together(compiled, segment):
            for hit in hits:
                found[hit.key] = found.get(hit.key, False) or hit.is_own
        if not found or not (named.primary & found.keys() or not named.primary):
            continue
        named.joint = frozenset(found)
        named.primary |= named.joint
        named.force = max(named.force, base)
        named.strong |= named.joint
        named.own |= {key for key, is_own in found.items() if is_own}
        for key in named.joint:
            named.strengths[key] = max(named.strengths.get(key, 0), base)
        return


def named_together(compiled: Compiled, text: str) -> list[tuple[_Hit, ...]]:
    """Return the kinds that *text* names in one, part by part; none where it does not.

    'Risk and issue approach', 'Communication management approach and change management approach', 'Acceptance, transition and quality
    checklists', 'Risiko- und Qualitätsmanagementansatz', 'Plan de transition et de formation'. Every part has to be a name, with the word
    that the last (French and Spanish: the first) shares with it, and they name different kinds.
    """
    parts = [part.strip() for part in _JOINED.split(text) if part.strip()]
    if not 1 < len(parts) <= _MOST_JOINED or any(len(part.split()) > _MOST_WINDOW for part in parts):
        return []
    first, last = parts[0].split(), parts[-1].split()
    ways = [parts]
    ways += [[*(f"{part} {' '.join(last[-count:])}" for part in parts[:-1]), parts[-1]] for count in (1, 2) if len(last) > count]
    ways += [[parts[0], *(f"{' '.join(first[:count])} {part}" for part in parts[1:])] for count in (1, 2, 3) if len(first) > count]
    if all(part.endswith("-") for part in parts[:-1]) and len(last) == 1:
        ways += [[*(part[:-1] + last[0][cut:] for part in parts[:-1]), parts[-1]] for cut in range(3, len(last[0]) - 3)]
    for way in ways:
        told = [_named_exactly(compiled, part) for part in way]
        if all(told) and len({frozenset(hit.key for hit in hits) for hits in told}) == len(told):
            return told
    return []


def _named_exactly(compiled: Compiled, text: str) -> tuple[_Hit, ...]:
    """Return the kinds of standards that *text* taken whole surely names; 'Draft' before it and a year behind it are not of it."""
    for said in (compiled.key(text), "".join(token.word for token in compiled.tokens(text) if not token.is_neutral)):
        if found := tuple(hit for hit in compiled.names.get(said, ()) if hit.is_strong and hit.key[0] != CORE):
            return found
    return ()


def _is_a_name(compiled: Compiled, text: str) -> bool:
    """Say whether *text* is the name of a kind and nothing else."""
    tokens = compiled.tokens(text)
    whole = [mention for mention in compiled.mentions(tokens) if (mention.start, mention.end) == (0, len(tokens))]
    return any(hit.is_strong for mention in whole for hit in mention.hits)


def _decides(compiled: Compiled, mention: _Mention) -> bool:
    return any(hit.is_strong and compiled.recognition.by_id[hit.key].spec.decides for hit in mention.hits)


def _head(compiled: Compiled, tokens: Sequence[_Token], mentions: Sequence[_Mention]) -> _Mention:
    """Return the mention that says what the thing is; the others say what it is about."""
    head = mentions[0]
    for mention in mentions[1:]:
        if _is_wider(compiled, mention, head):
            continue
        behind = any(token.after_about for token in tokens[head.end : mention.start + 1])
        if _decides(compiled, mention) and not _decides(compiled, head):
            head = head if behind and any(hit.is_strong for hit in head.hits) else mention
        elif not behind and not head.head_first and not (_decides(compiled, head) and not _decides(compiled, mention)):
            head = mention
    return head


def _is_wider(compiled: Compiled, mention: _Mention, head: _Mention) -> bool:
    """Say whether *mention* is but the wider word for what a standard calls *head*: 'Phase-exit reviews and other checklists'."""
    wide = {hit.key for hit in mention.hits}
    narrow = [hit.key for hit in head.hits if hit.is_strong and hit.key[0] != CORE]
    if not narrow or any(standard != CORE for standard, _ in wide):
        return False
    by_id = compiled.recognition.by_id
    columns = {tuple(by_id[key].spec.columns) for key in (*wide, *narrow)}
    return len(columns) == 1 and columns != {()}


def _subject(tokens: Sequence[_Token], mention: _Mention) -> int:
    """Return where that begins what a thing is about: 'minutes *of the quality board*'; the end when nothing says so."""
    return next((position for position in range(mention.end, len(tokens)) if tokens[position].after_about), len(tokens))


def _strength(tokens: Sequence[_Token], mention: _Mention, base: int, *, is_file_name: bool) -> int:
    outside = [token for token in (*tokens[: mention.start], *tokens[mention.end :]) if not token.is_neutral]
    behind = [token for token in tokens[mention.end :] if not token.is_neutral and not token.after_about]
    letters = sum(len(token.word) for token in tokens[mention.start : mention.end])
    inside = mention.end - mention.start
    is_compound = inside == 1 and letters >= _LETTERS_OF_A_COMPOUND
    strength = base
    if inside == 1 and letters < 11 and outside:
        strength = strength * 75 // 100
    share = inside * 100 // (inside + len(outside))
    if share < 50 and not (is_compound and mention.start == 0):  # 'Abnahmeprotokoll L1 Fachkonzept': what it is, and of what
        strength = strength * (88 if is_file_name else 85 if share >= 30 else 55) // 100
    if behind and not mention.head_first:
        strength = strength * 88 // 100
    return strength


def _stem_of(path: str) -> str:
    name = path.rsplit("/", 1)[-1]
    return _EXTENSION.sub("", name)


def _spaced(name: str) -> str:
    """Return a file or folder name as words."""
    return _CAMEL.sub(" ", _NAME_SEPARATORS.sub(" ", name))


def _short_keys(compiled: Compiled, text: str) -> dict[Key, str]:
    found: dict[Key, str] = {}
    for token in _SHORT_TOKEN.findall(_NAME_SEPARATORS.sub(" ", text)):
        for key in compiled.shorts.get(token, ()):
            found.setdefault(key, token)
    return found


# Title lines


def _title_lines(compiled: Compiled, document: Document) -> Iterator[tuple[str, int]]:
    """Yield the lines that may be the title, with their weight in per cent."""
    has_title = any(isinstance(block, TextBlock) and block.is_title for block in document.blocks[:40])
    cover = _cover_end(document)
    seen = headings = 0
    before = ""
    is_sheet = document.format in {"xlsx", "ods", "csv"}
    for position, block in enumerate(document.blocks[:40]):
        if seen >= _TITLE_LINES:
            break
        if isinstance(block, TextBlock):
            text = block.text.strip()
            if not text or _TOC_LINE.search(text):
                continue
            if (
                not seen
                and "\n" in text
                and len(first := text.split("\n", 1)[0].strip()) <= _LONGEST_COVER_LINE
                and first[-1:] not in ".:;,"
            ):
                text = first  # a text without marks begins with its title
            if seen and not block.is_title and text[0] == "(" and text[-1] == ")":
                continue  # '(kept for the final report)': a remark on what stands above
            if len(text) > 160 and not block.is_title:
                break
            usual = (100, 95, 90, 80, 75, 70, 65, 60)[seen]
            weight = 100 if block.is_title else 70 if has_title and block.level != 1 and seen != 1 else usual
            if position < cover and not text[0].isdigit():
                weight = max(weight, 80)
            elif block.level and seen and not block.is_title:
                weight = weight * (55 if headings < 2 else 30) // 100  # a heading after the first names a part, not the whole
            elif not block.is_title and (seen >= 3 or text.endswith((".", ",", ";")) or text.count(" ") > 12):
                weight = weight * (85 if block.is_bold else 55) // 100  # a sentence rather than a title
            seen += 1
            headings += block.level > 0
            yield text, weight
            if before and len(before) + len(text) < _LONGEST_LINE and block.level == 0:
                yield f"{before} {text}", weight * 90 // 100
            before = text if block.level == 0 or block.is_title else ""
        elif is_sheet:
            if position < 3 and not block.is_hidden and not _GUIDE_SHEET.match(block.name.strip()):
                yield from _sheet_titles(block)
        elif position < 4:
            yield from _cover_cells(compiled, block)
            seen += 1
    if title := document.properties.get("title", "").strip():
        yield title, 50
    for line in document.headers[:12]:
        if 3 < len(line) < _LONGEST_LINE:
            yield line, 50


def _cover_end(document: Document) -> int:
    """Return how many leading blocks make up a cover: short lines down to the last that gives a version, a day, an author; 0: none."""
    end = headings = 0
    for position, block in enumerate(document.blocks[:_COVER_LINES]):
        if not isinstance(block, TextBlock):
            break
        headings += block.level > 0 and not block.is_title
        if headings > _COVER_HEADINGS:
            break  # where headings begin the cover ends
        text = block.text.strip()
        if len(text) > _LONGEST_COVER_LINE or block.is_list_item or text.endswith((".", ";")) or _TOC_LINE.search(text):
            break
        if position and _ON_COVER.search(text):
            end = position
    return end


def _sheet_titles(table: TableBlock) -> Iterator[tuple[str, int]]:
    for row in table.rows[:6]:
        texts = [cell.text.strip() for cell in row if cell.text.strip() and not cell.is_covered]
        if 0 < len(texts) <= 2:
            for text in texts:
                if len(text) < _LONGEST_LINE:
                    yield text, 95 if len(texts) == 1 else 60


def _cover_cells(compiled: Compiled, table: TableBlock) -> Iterator[tuple[str, int]]:
    for number, row in enumerate(table.rows[:12]):
        texts = [cell.text.strip() for cell in row[:8] if cell.text.strip() and not cell.is_covered]
        for position, text in enumerate(texts):
            if len(text) >= _LONGEST_LINE:
                continue
            if position and fold(texts[position - 1]) in compiled.title_labels:
                yield text, 100
            elif number == 0 and len(texts) == 1:
                yield text, 95
            elif len(texts) <= 2 and number < 3:
                yield text, 65


# Content


def labels(document: Document) -> Iterator[tuple[str, bool]]:
    """Yield what may be the name of a part: headings (True), and short bold lines, lines before a colon and first cells (False)."""
    tables = 0
    for block in document.blocks[:4_000]:
        if isinstance(block, TextBlock):
            text = block.text.strip()
            if block.level:
                yield text, True
            elif (colon := text.find(":", 0, 45)) > 0:
                yield text[:colon].strip("* "), False
                for line in text.split("\n")[1:_MOST_LINES]:
                    if (colon := line.find(":", 0, 45)) > 0:
                        yield line[:colon].strip("* "), False
            elif (2 < len(text) < 60 and block.is_bold) or (len(text) < 45 and document.format in {"pptx", "pdf", "txt"}):
                yield text, False
        elif not block.is_layout and tables < 12 and document.format != "csv":
            tables += 1
            for number, row in enumerate(block.rows[:40]):
                for cell in row[: 12 if number == 0 else 1]:
                    if 2 < len(cell.text) < 60:
                        yield cell.text.strip().rstrip(": "), False


def without_number(text: str) -> str:
    """Return a heading without its number: '4.1 Scope' → 'Scope'."""
    rest = _NUMBERING.sub("", text, count=1).strip()
    return rest if len(rest) > 2 else text


def section_kinds(compiled: Compiled, heading: str) -> tuple[str, ...]:
    """Return the content items that may stand below *heading*, those declared first before the others; empty when none is known."""
    for text in dict.fromkeys((heading, without_number(heading))):
        if found := compiled.sections.get(compiled.key(text)):
            return found
    parts = [part for part in re.split(r"[/&(),;–]| and | und | et | y ", without_number(heading)) if len(part.strip()) > 3]
    if 1 < len(parts) <= 4:
        return tuple(dict.fromkeys(kind for part in parts for kind in compiled.sections.get(compiled.key(part), ())))
    return ()


def names_kind(compiled: Compiled, heading: str, key: Key) -> bool:
    """Say whether a heading or the name of a sheet names the kind *key*, with or without its number."""
    return any(key in compiled.inside.get(compiled.key(text), ()) for text in (heading, without_number(heading)) if text)


def kinds_mentioned(compiled: Compiled, text: str) -> frozenset[str]:
    """Return the kinds that *text*, a sentence or more, names by names that are surely theirs."""
    found: set[str] = set()
    for piece in re.split(r"[.;:\n]+|,\s", text[:4_000]):
        for mention in compiled.mentions(compiled.tokens(piece)):
            found |= {hit.key[1] for hit in mention.hits if hit.key[0] != CORE and hit.is_strong}
    return frozenset(found)


def kind_named(compiled: Compiled, name: str) -> str | None:
    """Return the kind of the first standard that *name*, taken whole, surely means ('Project Charter'); None when it means none."""
    hits = compiled.names.get(compiled.key(name), ())
    return next((hit.key[1] for hit in hits if hit.is_strong and hit.key[0] != CORE), None)


def called_by_house(guesses: Sequence[KindGuess], kind: str, recognition: Recognition) -> list[KindGuess]:
    """Return *guesses* about a document that is called by the name that its project gives to artefacts of *kind*.

    The name decides what other signs leave open. Where they surely tell another kind of that standard, they stay: nobody can say.
    """
    standards = [key[0] for key in recognition.by_id if key[1] == kind and key[0] != CORE]
    others = [guess for guess in guesses if guess.standard not in {*standards, CORE}]
    found = []
    for standard in standards:
        own = [guess for guess in guesses if guess.standard == standard]
        if own and own[0].confidence >= SURE and own[0].kind != kind:
            found += own
        else:
            found.append(KindGuess(kind, _BY_HOUSE, standard, ("the name that the project gives to such artefacts",)))
    return sorted([*found, *others], key=lambda guess: -guess.confidence)


def _content(compiled: Compiled, document: Document) -> dict[str, bool]:
    """Return the content items that the document holds; True when a heading says so."""
    found: dict[str, bool] = {}
    for text, is_heading in labels(document):
        if len(text) <= 90:
            for section in section_kinds(compiled, text):
                found[section] = found.get(section, False) or is_heading
    return found


def _rare_weight(compiled: Compiled, kind: DeclaredKind, content: Mapping[str, bool]) -> Decimal:
    """Return the weight of the headings of a kind in a document, each counting less the more kinds of the standard have it."""
    weight = 0
    for section, said in kind.spec.sections.items():
        if content.get(section, False):
            number = compiled.holders.get((kind.standard, section), 1)
            weight += said * (_RARE[number] if number < len(_RARE) else _COMMON)
    return Decimal(weight) / 100


def _telling(compiled: Compiled, content: Mapping[str, bool]) -> dict[Key, Decimal]:
    """Return the kinds that the headings of a document tell by themselves, with their weight."""
    weights = {(kind.standard, kind.id): _rare_weight(compiled, kind, content) for kind in compiled.recognition.kinds}
    headings = [section for section, is_heading in content.items() if is_heading]
    found: dict[Key, Decimal] = {}
    for key, weight in weights.items():
        if weight < _ENOUGH_RARE:
            continue
        sections = compiled.recognition.by_id[key].spec.sections
        known = [section for section in headings if (key[0], section) in compiled.holders]
        typical = sum(section in sections and sections[section] >= 3 for section in headings)
        others = max((other for at, other in weights.items() if at[0] == key[0] and at != key), default=Decimal(0))
        explained = Decimal(sum(section in sections for section in known)) / max(len(known), 1)
        if typical >= 2 and weight >= _AHEAD * others and explained >= _EXPLAINED:
            found[key] = weight
    return found


def _section_strength(kind: DeclaredKind, content: Mapping[str, bool]) -> tuple[int, list[str]]:
    held = [section for section in kind.spec.sections if section in content]
    if not held:
        return 0, []
    score = sum(
        weight * (2 if content[section] or weight >= _TELLING else 1)
        for section, weight in kind.spec.sections.items()
        if section in content
    )
    total = 2 * sum(kind.spec.sections.values())
    typical = sum(kind.spec.sections[section] >= 3 for section in held)
    if len(held) < 2 and total > 2 * kind.spec.sections[held[0]]:
        return (14 if typical else 0), held
    strength = min(14 + 75 * score // min(total, 24), 55)
    return (strength if typical >= 2 or len(held) >= 5 else min(strength, 38 if typical else 30)), held


def _columns(compiled: Compiled, document: Document) -> dict[str, int]:
    """Return which columns make up the tables of the document, with their strength in hundredths."""
    sizes: dict[str, int] = {}
    force: dict[str, int] = {}
    table_words = 0
    text_words = sum(len(block.text) for block in document.blocks if isinstance(block, TextBlock))
    for block in document.blocks:
        if not isinstance(block, TableBlock) or block.is_layout or block.is_hidden:
            continue
        table_words += sum(len(cell.text) for row in block.rows[:400] for cell in row)
        best = _columns_of(compiled, block)
        if best is not None:
            name, strength = best
            sizes[name] = sizes.get(name, 0) + max(len(block.rows), 1)
            force[name] = max(force.get(name, 0), strength)
    largest = max(sizes.values(), default=0)
    is_table = table_words >= text_words or document.format in {"xlsx", "ods", "csv"}
    return {name: strength if is_table and sizes[name] * 2 >= largest else strength * 30 // 100 for name, strength in sorted(force.items())}


def _is_tabular(document: Document) -> bool:
    """Say whether a document is tables in the first place."""
    if document.format in {"xlsx", "ods", "csv"}:
        return True
    tables = texts = 0
    for block in document.blocks:
        if isinstance(block, TextBlock):
            texts += len(block.text)
        elif not block.is_layout and not block.is_hidden:
            tables += sum(len(cell.text) for row in block.rows[:400] for cell in row if not cell.is_covered)
    return tables > _TABULAR * texts


def columns_of(compiled: Compiled, table: TableBlock) -> str | None:
    """Return which declared columns the headers of *table* are, or None."""
    found = _columns_of(compiled, table)
    return found[0] if found else None


def _columns_of(compiled: Compiled, table: TableBlock) -> tuple[str, int] | None:
    best: tuple[int, int, str] | None = None
    for row in table.rows[:_HEADER_ROWS]:
        if len({fold(cell.text) for cell in row[:60]} & compiled.tracker) >= _TRACKER:
            return None  # an export of work
        own: dict[str, set[str]] = {}
        total: dict[str, set[str]] = {}
        for cell in row[:60]:
            text = cell.text.strip()
            if not text or len(text) > 60 or cell.is_covered:
                continue
            header = compiled.key(re.sub(r"\([^)]*\)", "", text) or text)
            for name, is_own in compiled.columns.get(header, ()):
                total.setdefault(name, set()).add(header)
                if is_own:
                    own.setdefault(name, set()).add(header)
        for name, headers in own.items():
            rank = (len(headers), len(total[name]), name)
            if len(total[name]) >= 2 and (best is None or rank[:2] > best[:2]):
                best = rank
    if best is None or best[0] + best[1] < 4:
        return None
    if best[0] >= _MANY_OWN and best[1] >= _MANY_COLUMNS:
        return best[2], 58
    return best[2], 50 if best[0] >= 2 and best[1] >= 4 else 42 if best[1] >= 3 else 30


# Joining the evidence


class _Case:
    """The evidence about one document."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self.channels: dict[Key, dict[str, tuple[int, str]]] = {}
        self.strong: set[Key] = set()
        self.own: set[Key] = set()
        self.named: set[Key] = set()
        self.titled: set[Key] = set()  # a line of the title is the name
        self.joint: set[Key] = set()
        self.texts: list[str] = []
        self.telling: dict[Key, Decimal] = {}  # kinds that the headings tell by themselves
        self.has_rows = False  # a workbook with rows of registers
        self.is_text = False
        self.is_other_matter = False  # its headings are those of a manual, a library, an experiment
        self.spoken_of: Counter[Key] = Counter()  # headings below the title that call something by the kind's name

    def add(self, key: Key, channel: str, strength: int, because: str) -> None:
        channels = self.channels.setdefault(key, {})
        if strength > channels.get(channel, (0, ""))[0]:
            channels[channel] = (strength, because)

    def add_line(self, named: _Named, channel: str, because: str) -> None:
        for key, strength in named.strengths.items():
            self.add(key, channel, strength, because)
        self.strong |= named.strong
        self.own |= named.own
        self.named |= named.primary
        self.joint |= named.joint


def recognise_kind(parsed: Parsed, recognition: Recognition, registers: Mapping[str, int] | None = None) -> list[KindGuess]:
    """Return the kinds that a document may be of, surest first; the first of each standard is the best of that standard.

    Args:
        parsed: the document with its path.
        recognition: what the packs say.
        registers: tables of the model of which registers were read from it → number of rows; empty when not known.

    Returns:
        Guesses of at least `DOUBT`; kinds of no standard (`core`) among them. Empty: nothing is known of it.
    """
    compiled = compile_recognition(recognition)
    document = parsed.document
    if _is_covering_mail(document):
        return []
    case = _Case(compiled)
    name = _add_path(case, parsed.path)
    title = _add_titles(case, document)
    if title.code and fold(_stem_of(parsed.path)).startswith(fold(title.code)):
        name.force = 0  # 'WP-08 Training.docx' is called by its code and name; the title says what it is
    _add_self(case, document)
    _add_sheets(case, document)
    _add_content(case, document, registers or {})
    return _instead(_guesses(case, title, name, document.format), recognition, document, parsed.path)


def _is_covering_mail(document: Document) -> bool:
    """Say whether a text is the mail with which a document was sent: the head of a mail, and a few lines that say where the document is.

    It is called as the document is, and is none: 'Subject: Status report October. Please find the report in the folder …'.
    """
    if document.format != "txt" or any(not isinstance(block, TextBlock) or block.level for block in document.blocks):
        return False
    lines = [line for text in texts_of(document) for line in text.splitlines()]
    heads = {fold(line.partition(":")[0]): place for place, line in enumerate(lines[:_MAIL_HEAD]) if ":" in line}
    subjects, sides = listed("mail_subject") & heads.keys(), listed("mail_sides") & heads.keys()
    if not subjects or not sides:
        return False
    body = max(heads[label] for label in subjects | sides) + 1
    said = f" {fold(' '.join(lines[body:]))} "
    return len(said.split()) <= _LONGEST_MAIL and any(f" {phrase} " in said for phrase in listed("sent_along"))


def _instead(guesses: list[KindGuess], recognition: Recognition, document: Document, path: str) -> list[KindGuess]:
    """Return *guesses* with those replaced that the first lines' labels say to be another kind: a report to a customer.

    In the folder of a contract a report that names the contract is the contractor's, whomever it says that it is for.
    """
    said: set[str] | None = None
    for kind in recognition.kinds:
        if not kind.spec.instead_of or not any(guess.standard == kind.standard and guess.kind in kind.spec.instead_of for guess in guesses):
            continue
        said = _first_labels(document) if said is None else said
        told_labels = [any(fold(phrase) in said for phrase in _all(phrases)) for phrases in kind.spec.labels]
        if not all(told_labels) and not (any(told_labels[1:]) and _is_of_contract(path)):
            continue
        told = {guess.kind: guess for guess in guesses if guess.standard == kind.standard}
        best = max((told[name] for name in (kind.id, *kind.spec.instead_of) if name in told), key=lambda guess: guess.confidence)
        because = (*best.because, "labels of the first lines")
        kept = [guess for guess in guesses if guess.standard != kind.standard or guess.kind not in {kind.id, *kind.spec.instead_of}]
        guesses = sorted([best._replace(kind=kind.id, because=because), *kept], key=lambda guess: -guess.confidence)
    return guesses


def _is_of_contract(path: str) -> bool:
    return any(word in listed("contract_word") for folder in path.split("/")[:-1] for word in fold(folder).split())


_STATED = re.compile(r"\.\s+|;\s+|\n")
_REFERENCE = re.compile(r"\s*([^\W\d_]{4,20})\s+(?:no\.?\s*|nr\.?\s*|n°\s*)?[A-Z]{0,6}[-/ ]?\d[\w/.-]*\.?\s*", re.IGNORECASE)


def _first_labels(document: Document) -> set[str]:
    """Return the folded labels of the first lines and of the first cells of tables among them."""
    said: set[str] = set()
    for block in document.blocks[:_COVER_LINES]:
        if isinstance(block, TextBlock):
            label, colon, _ = block.text.partition(":")
            if colon and len(label) <= _LONGEST_COVER_LINE:
                said.add(fold(label))
            parts = [part for line in _STATED.split(block.text) for part in (line, *line.split(", "))]
            said |= {fold(match[1]) for part in parts if (match := _REFERENCE.fullmatch(part)) is not None}  # 'Contract C-12.'
            # 'Written by Ada Finch, project manager of the contractor, on 15 April'
            said |= {fold(part) for line in _STATED.split(block.text) for part in line.split(", ")[1:] if len(part) <= _LONGEST_COVER_LINE}
        else:
            said |= {fold(row[0].text) for row in block.rows[:_COVER_LINES] if row}
    return said


def guess_from_path(path: str, recognition: Recognition) -> list[KindGuess]:
    """Return what a file that could not be read may be, by its name and folders; never sure."""
    compiled = compile_recognition(recognition)
    if path.rsplit("/", 1)[-1].startswith(("~$", ".~lock")):
        return []
    case = _Case(compiled)
    name = _add_path(case, path, base=_NAME_ALONE, folder=_FOLDER_ALONE)
    found = _guesses(case, _Named(), name, None)
    return [guess._replace(confidence=min(guess.confidence, SURE - Decimal("0.01"))) for guess in found]


def best_kind(guesses: Sequence[KindGuess], methodology: str | None = None) -> KindGuess | None:
    """Return the guess for `artefact.kind`: the best of the project's standard, else of any; None when it is none of a standard's.

    A kind of no standard that is at least as sure says that the document is something else.

    Args:
        guesses: of one document, as `recognise_kind` returns them.
        methodology: of the project, as the model names it (`prince2_agile` → `prince2`).
    """
    standard = (methodology or "").removesuffix("_agile")
    of_standards = [guess for guess in guesses if guess.standard != CORE]
    best = next((guess for guess in of_standards if guess.standard == standard), None) or next(iter(of_standards), None)
    other = next((guess for guess in guesses if guess.standard == CORE), None)
    if best is None or (other is not None and other.confidence >= best.confidence):
        return None
    return best


def _add_path(case: _Case, path: str, *, base: int = _NAME, folder: int = _FOLDER) -> _Named:
    compiled = case.compiled
    stem = _stem_of(path)
    text = _spaced(stem)
    is_name = base == _NAME and compiled.key(text) in compiled.names
    named = _read_line(compiled, text, _NAME_EXACT if is_name else base, is_file_name=True)
    case.add_line(named, "name", f"file name '{stem[:80]}'")
    case.texts.append(text)
    for key, token in _short_keys(compiled, stem).items():
        case.add(key, "name", _SHORT, f"'{token}' in the file name")
        if not named.primary:
            case.named.add(key)
    for number, part in enumerate(reversed(path.split("/")[:-1][-4:])):
        inside = _read_line(compiled, _spaced(part), folder)
        for key in inside.primary:
            strength = inside.strengths[key] if key in inside.strong else max(inside.strengths[key], folder * 90 // 100)
            case.add(key, "folder", strength * (100, 85, 60, 40)[number] // 100, f"folder '{part[:60]}'")
    return named


def _add_titles(case: _Case, document: Document) -> _Named:
    best = _Named()
    is_decided = False
    for text, weight in _title_lines(case.compiled, document):
        is_name = case.compiled.key(text) in case.compiled.names
        base = _TITLE_EXACT if weight == _WEIGHT_OF_TITLE and is_name else _TITLE
        named = _read_line(case.compiled, text, base * weight // 100)
        decides = {key for key in named.primary & named.strong if case.compiled.recognition.by_id[key].spec.decides}
        if is_decided and not decides:  # 'Minutes of the board', and below it what the meeting was about: 'Project closure'
            named = _Named(text=named.text, strengths=dict.fromkeys(named.strengths, _HARDLY))
            is_name = False
        is_decided = is_decided or (weight == _WEIGHT_OF_TITLE and bool(decides))
        if is_name and weight >= _WEIGHT_OF_RIVAL:
            case.titled |= named.primary & named.strong
        case.add_line(named, "title", f"title '{text[:80]}'")
        if weight >= 60:
            case.texts.append(text)
            for key, token in _short_keys(case.compiled, text).items():
                case.add(key, "title", _SHORT * weight // 200, f"'{token}' in the title")
        if named.force > best.force and weight >= _WEIGHT_OF_RIVAL:
            best = named
    return best


def _add_self(case: _Case, document: Document) -> None:
    """Add what the first paragraphs say of the document: 'the purpose of this Risk Management Plan is …'."""
    compiled = case.compiled
    for block in [block for block in document.blocks[:120] if isinstance(block, TextBlock)][:60]:
        words = fold(block.text[:600]).split()
        for phrase in compiled.this:
            for position in range(len(words) - len(phrase)):
                if tuple(words[position : position + len(phrase)]) == phrase:
                    rest = " ".join(words[position + len(phrase) : position + len(phrase) + 9])
                    tokens = compiled.tokens(rest)
                    first = next((mention for mention in compiled.mentions(tokens) if mention.start <= 2), None)
                    for hit in first.hits if first else ():
                        case.add(hit.key, "self", _SELF if hit.is_strong else _SELF * _WEAK // 100, "the text calls itself so")


def _add_sheets(case: _Case, document: Document) -> None:
    sheets = [
        block
        for block in document.blocks
        if isinstance(block, TableBlock) and block.name and not block.is_hidden and document.format in {"xlsx", "ods"}
    ]
    telling = [sheet for sheet in sheets if not _TRIVIAL_SHEET.fullmatch(sheet.name.strip())]
    for number, sheet in enumerate(telling[:40]):
        base = _SHEET_ALONE if len(telling) == 1 else _SHEET if len(telling) == 2 else 24 if number == 0 else 10
        named = _read_line(case.compiled, _spaced(sheet.name), base)
        for key in named.primary:
            case.add(key, "sheet", named.strengths[key], f"sheet '{sheet.name[:40]}'")
        if len(telling) == 1:
            case.named |= named.primary
            case.strong |= named.strong & named.primary


def _add_content(case: _Case, document: Document, registers: Mapping[str, int]) -> None:
    content = _content(case.compiled, document)
    case.telling = _telling(case.compiled, content)
    _add_matter(case, document)
    is_workbook = document.format in {"xlsx", "ods", "csv"}
    columns = _columns(case.compiled, document)
    case.has_rows = is_workbook and any(registers.values())
    main = most = None
    if not is_workbook and any(registers.values()):
        most = max(sorted(registers), key=lambda table: registers[table])
        if registers[most] < _FEWEST_ROWS or 2 * registers[most] < sum(registers.values()):
            most = None
    if not is_workbook and any(registers.values()) and _is_tabular(document):
        main = max(sorted(registers), key=lambda table: registers[table])
    for kind in case.compiled.recognition.kinds:
        key = (kind.standard, kind.id)
        strength, held = _section_strength(kind, content)
        if strength and key in case.telling:
            strength = min(strength + 2 * int(case.telling[key]), _TELLING_ALONE if case.telling[key] >= _PLAINLY else _MOST_SECTIONS)
        if strength:
            case.add(key, "sections", strength, f"holds {', '.join(held[:6])}")
        if is_workbook and registers and kind.spec.registers:
            for table in kind.spec.registers:
                if table in registers:
                    case.add(key, "columns", _ROWS if registers[table] else columns.get(table, _NO_ROWS), f"register of {table}")
            continue
        if main is not None and main in kind.spec.registers:
            case.add(key, "columns", _ROWS, f"register of {main}")
        elif most is not None and most in kind.spec.registers and key in case.named:
            case.add(key, "columns", _NO_ROWS, f"rows of {most}")
        if is_workbook and "schedule" in kind.spec.columns and registers.get("work_item", 0) >= _FEWEST_TASKS:
            case.add(key, "columns", _ROWS, "a schedule of tasks")
        for name in kind.spec.columns:
            if name in columns:
                case.add(key, "columns", columns[name], f"columns of {name}")


def _add_matter(case: _Case, document: Document) -> None:
    """Take note of what speaks for a text about something else: headings of manuals and libraries, and those about such documents.

    'Advantages of the project brief' and 'Project brief or specification?' stand in an article on briefs.
    """
    case.is_text = document.format in _TEXTS
    if not case.is_text:
        return
    headings = [block.text for block in document.blocks[:_MOST_HEADINGS] if isinstance(block, TextBlock) and block.level]
    plain = {fold(without_number(text)) for text in headings}
    others = len(plain & listed("other_matter"))
    is_mostly = others > 1 and 2 * others >= len(plain) - 1  # the title apart
    case.is_other_matter = others >= _OTHER_MATTER or is_mostly or _tells_of_other(document)
    called = {name for text in case.texts for name, _, _ in _names_in(case.compiled, text)}
    for text in headings[1:]:
        for name, hits, is_whole in _names_in(case.compiled, without_number(text)):
            if name in called and not is_whole:
                case.spoken_of.update({hit.key for hit in hits})


def _names_in(compiled: Compiled, text: str) -> Iterator[tuple[str, tuple[_Hit, ...], bool]]:
    """Yield the names in a line, as they are looked up, with what they name and whether the line says nothing else."""
    tokens = compiled.tokens(text)
    for mention in compiled.mentions(tokens):
        name = "".join(token.word for token in tokens[mention.start : mention.end])
        yield name, mention.hits, mention.end - mention.start == len(tokens)


def _tells_of_other(document: Document) -> bool:
    """Say whether the words of a text are those of a trade that uses the same names: the training of a model, a programme of runs."""
    said = f" {' '.join(fold(text) for text in texts_of(document, _HEADER_ROWS))} "
    return any(sum(f" {word} " in said for word in listed(name)) >= _WORDS_OF_TRADE for name in ("machine_learning", "sports"))


def _guesses(case: _Case, title: _Named, name: _Named, format_: str | None) -> list[KindGuess]:
    keyed: list[tuple[Key, Decimal, tuple[str, ...]]] = []
    said = {phrase for text in case.texts for phrase in _phrases_in(case.compiled, text)}
    for key, channels in case.channels.items():
        spec = case.compiled.recognition.by_id[key].spec
        # 'Status report 3' names a contractor's report by the wider word; the title says whose it is.
        wide = {(key[0], other) for other in spec.instead_of} & name.primary if key in title.primary & title.strong else set()
        is_wider_name = bool(wide) and all(other in wide for other in name.primary if other[0] == key[0])
        score = Decimal(100 - (_FOLDER if is_wider_name and "name" not in channels else 0)) / 100
        for strength, _ in channels.values():
            score *= Decimal(100 - strength) / 100
        score = 1 - score
        support = max(channels.get("sections", (0, ""))[0], channels.get("columns", (0, ""))[0])
        if key not in case.named:
            if not (channels.keys() & {"self", "sheet", "folder"}):
                score = (
                    min(score, Decimal(_TELLING_ALONE) / 100)
                    if key in case.telling
                    else min(score * 90 / 100, Decimal(_CONTENT_ALONE) / 100)
                )
            score = min(score, Decimal(_TELLING_ALONE if key in case.telling else _MOST_BY_WEAK) / 100)
        elif key not in case.strong:
            most = _MOST_BY_WEAK if support >= 40 else _NO_SUPPORT_WEAK
            if key in case.telling:
                most = _TELLING_ALONE
            if support >= _GREAT_SUPPORT and {"title", "name"} <= channels.keys():
                most = _MOST_BY_TWO_WEAK
            score = min(score, Decimal(most) / 100)
        if case.is_text and support <= _HARDLY and "self" not in channels and spec.sections:
            score = min(score, Decimal(_NAME_ONLY) / 100)
            if case.is_other_matter or case.spoken_of[key] >= _ABOUT_IT:
                score = score * 60 / 100
        is_twice = key in case.strong & name.strong and name.primary == {key} and channels.get("title", (0, ""))[0] >= _BESIDE
        if is_twice and support > _HARDLY and not case.is_text:
            score = max(score, SURE)
        score = _less_rivals(score, key, title, _Named() if is_wider_name else name)
        if case.has_rows and key not in case.strong and not spec.registers:
            score = score * 80 / 100  # 'Risk management' on a workbook with rows of risks is no plan
        has_rows = channels.get("columns", (0, ""))[0] >= _NO_ROWS  # 'CHANGELOG.md' tells versions of software, but not with a register
        if spec.formats and format_ is not None and format_ not in spec.formats and not has_rows:
            score = score * 70 / 100
        if not said.isdisjoint(case.compiled.against.get(key, ())):
            score = score / 2
        confidence = min(score, Decimal("0.99")).quantize(Decimal("0.01"))
        if confidence >= DOUBT:
            because = tuple(reason for _, reason in sorted(channels.values(), key=lambda found: (-found[0], found[1])))
            keyed.append((key, confidence, because))
    order = {standard: number for number, standard in enumerate((*case.compiled.recognition.standards, CORE))}
    keyed.sort(key=lambda item: (-item[1], item[0] not in case.own, order[item[0][0]], item[0][1]))
    return [
        KindGuess(key[1], confidence, key[0], because, key in case.named, key in case.titled, key in case.joint)
        for key, confidence, because in keyed
    ]


def _phrases_in(compiled: Compiled, text: str) -> Iterator[str]:
    words = [token.word for token in compiled.tokens(text)]
    for start in range(len(words)):
        for end in range(start + 1, min(start + 4, len(words)) + 1):
            yield "".join(words[start:end])


def _less_rivals(score: Decimal, key: Key, title: _Named, name: _Named) -> Decimal:
    """Return *score* lowered when title or file name call the document something else."""
    if title.force >= 35 and key not in title.primary:
        score = score * (60 if title.force >= 55 else 75) / 100
    if name.force >= 35 and name.primary & name.strong and key not in name.primary:
        score = score * (85 if key in title.primary and title.force >= 45 else 70) / 100
    return score
