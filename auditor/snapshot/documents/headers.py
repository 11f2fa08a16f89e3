r"""Which column of which register a header means.

Headers come as people write them: 'Likelihood\n(1-5)', 'Verantwortliche/r', 'Date d'identification du risque *', 'Response(s)'. A header
is first brought to its words, then looked up in what the packs declare, then compared by similarity. Everything is compiled once per
specification and remembered per header, since the same headers come again in every file.
"""

# ruff: noqa: SIM905  (lists of words read better as one text)
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import fuzz, process

from auditor.connect.values import ShareScale, clean, currency_of, fold, scale_of_bounds
from auditor.model.schema import TABLES
from auditor.model.types import Kind
from auditor.rulebook.registers_spec import RegisterSpec, RegistersSpec
from auditor.snapshot.words import words as listed

LONGEST_HEADER = 240
_MOST_WORDS = 24
_ALIKE = 91.0  # similarity (0..100) from which two headers are one word misspelt
_SHORTEST_ALIKE = 6
_LONGEST_ALIKE = 40
_MOST_ALIKE = 4
_SHORTEST_STEM = 4
_SHORTEST_ABBREVIATION = 3
_MOST_ASKED = 3
_SHORTEST_TAIL = 2
_LONGEST_CODE = 3
_LONGEST_SIGN = 4
_MOST_PART_WORDS = 8
_PART = 0.6
_ABBREVIATED = 0.85
_TOO_GENERAL = frozenset("date datum fecha type typ tipo nature name nombre item comment action actions when person".split())
_MOST_KEPT = 20_000
_MAYBE = 0.5
_MAYBE_COLUMN = 0.65
MAYBE_RANK = 10_000  # from here on: headers that mean a column where nothing else does
_FULL = 0.95
_CALLED = 0.8  # 'Requirement / User story' is one
_LONGEST_NAME = 6
_MOST_NAME_WORDS = 40
_MOST_NOTHING_WORDS = 10

_INFLECTION = re.compile(
    r"\((s|es|e|en|n|r|innen|in|a|as|os|x)\)|(?<=\w)(/-?in(nen)?|[*:_]in(nen)?|/r|/n|/e|·e(·s)?|/-a|/a|@s?)(?=\W|$)", re.IGNORECASE
)
_CAPTION = re.compile(
    r"^\s*(?:table|tabelle|tab\.|tableau|tabla|cuadro|abbildung|appendix|annex|anhang|annexe|anexo)\s*[A-Z\d][\d.]*\s*[:.–-]?\s*",
    re.IGNORECASE,
)
_TABLE = re.compile(r"\s*(?:table|tabelle|tab\.|tableau|tabla|cuadro)\s", re.IGNORECASE)
_QUESTION = re.compile(
    r"^\s*(?:what(?:'s|’s)?|who|which|was|wer|welche[rs]?|wie|qui|quel(?:le)?s?|en quoi|cu[aá]l(?:es)?|qui[eé]n(?:es)?|qu[eé])\s+"
    r"(?:is|are|was|ist|sind|war|est|sont|consiste|es|son)\s+(?:the|our|your|das|die|der|le|la|les|el|los|las)\s+",
    re.IGNORECASE,
)  # 'What is the issue?'
_ASKED = re.compile(
    r"\s+(?=(?:how|what|who|which|where|when|why|wie|was|wer|welche[rs]?|wann|comment|quels?|quelles?|qui|quand|cómo|qué|cuál|quién)\b)",
    re.IGNORECASE,
)
_MODIFIER = re.compile(
    r"^\s*(?:planned|proposed|suggested|recommended|agreed|required|necessary|possible|main|key|detailed|overall|current|existing|further|"
    r"geplante[rsnm]?|vorgeschlagene[rsnm]?|vereinbarte[rsnm]?|notwendige[rsnm]?|erforderliche[rsnm]?|mögliche[rsnm]?|bestehende[rsnm]?|"
    r"weitere[rsnm]?|aktuelle[rsnm]?|wichtigste[rsnm]?)\s+"
    r"|\s+(?:prévue?s?|proposée?s?|recommandée?s?|convenue?s?|requise?s?|possibles?|principale?s?|principaux|détaillée?s?|existante?s?|"
    r"propuest[oa]s?|planificad[oa]s?|recomendad[oa]s?|acordad[oa]s?|requerid[oa]s?|necesari[oa]s?|posibles?|principales|detallad[oa]s?)\s*$",
    re.IGNORECASE,
)
_MODIFIED = 0.8
_LONGEST_PLAIN = 30
_CLASS = re.compile(r"(?P<base>[^\W\d_]{5,}?)s?(?:klassen?|stufen?|grad|niveau|kategorie|einstufung)")
_SAYS_WHERE = re.compile(r"\s(?:in|dans|en)$", re.IGNORECASE)
_BRACKETS = re.compile(r"\((?:[^()]|\([^()]*\))*\)|\[[^\[\]]*\]|\{[^{}]*\}")
_CAMEL = re.compile(r"(?<=[a-zà-ÿ]{2})(?=[A-ZÀ-Þ])")
_TOP = re.compile(r"(?<!\d)([01])\s*(?:\([^()]{1,20}\)\s*)?(?:-|–|—|to|bis|à|a|\.\.\.?|…|/)\s*(?:[a-z]+ )?(\d{1,2})(?!\d)", re.IGNORECASE)
_AFTER = re.compile(r"\s*(?P<base>[^()\[\]]*[^()\[\]\s])\s*[(\[]\s*(?:res|resid|residual|rés|résid|rest)\.?\s*[)\]]\s*", re.IGNORECASE)
_NEVER = re.compile(r"(?!)")
_NOISE = frozenset(
    "rate rating level scale score value values low high medium min max from to the of in on x e g eg i e ie see list select drop down "
    "dropdown yes no y n "
    "if any known where applicable required optional mandatory auto calculated calculates formula please enter as per for and or a an by "
    "niveau echelle valeur de a si oui non liste obligatoire facultatif le la les "
    "stufe skala wert von bis ja nein falls bitte pflichtfeld wenn "
    "nivel escala valor hasta si obligatorio opcional el".split()
)
_POINTING = frozenset(
    "related linked associated affected zugehorig zugehorige zugehoriges verknupfte betroffene betroffenes lie lies liee liees associe "
    "associes concerne concernes relacionado relacionados relacionada relacionadas asociado asociados afectado afectados".split()
)  # such a header points at something else
_CONNECTORS = frozenset("of the for du de la le les l d des del los las el der die das des von vom fur zum zur a au this".split())


_NAMING_WORDS = frozenset(
    "id no nr number ref key code "
    "name title description statement summary bezeichnung beschreibung titel nom intitule libelle titre description nombre descripcion "
    "titulo".split()
)


@dataclass(frozen=True, slots=True)
class Match:
    """A header that may be a column."""

    column: str
    strength: float  # 0..1
    is_own: bool  # the header names the register by itself
    rank: int = 0  # place in the declaration: of two equal headers the first declared is taken, and joined texts stand in this order


@dataclass(slots=True)
class Register:
    """One register as it is looked for."""

    name: str
    spec: RegisterSpec
    table: str
    names: frozenset[str]  # folded
    nouns: frozenset[str]
    exact: dict[str, list[Match]] = field(default_factory=dict)  # folded header → columns, most wanted first
    foreign: frozenset[str] = frozenset()
    values: dict[str, Mapping[str, str]] = field(default_factory=dict)  # column → folded word → value
    row_words: frozenset[str] = frozenset()  # what a column 'Type' of a list of several registers calls its rows
    share_scales: tuple[ShareScale, ...] = ()
    titled: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # column → plain title → value
    others: frozenset[str] = frozenset()
    others_beside_calendar: frozenset[str] = frozenset()
    never_with: tuple[frozenset[str], ...] = ()  # folded
    calls: frozenset[str] = frozenset()  # nouns in whose plural the register is named: 'risk', not 'product'
    long_nouns: frozenset[str] = frozenset()  # those that compounds begin with: 'Risikoeigner'
    noun_lengths: tuple[int, ...] = ()  # of these, shortest first
    by_idea: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # list of words → columns that use it
    begins_noun: re.Pattern[str] = _NEVER  # finds a word that a noun is or begins
    by_letter: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # first letter → headers long enough to be misspelt
    _cache: dict[str, tuple[Match, ...]] = field(default_factory=dict)
    _alike_cache: dict[str, tuple[Match, ...]] = field(default_factory=dict)
    _part_cache: dict[str, Match | None] = field(default_factory=dict)

    def match(self, header: str) -> tuple[Match, ...]:
        """Return the columns that *header* may be, strongest first; empty when none."""
        found = self.match_exactly(header)
        if found or len(header) > _LONGEST_ALIKE or _SAYS_WHERE.search(header):
            return found
        if header not in self._alike_cache:
            if len(self._alike_cache) > _MOST_KEPT:
                self._alike_cache.clear()
            best: dict[str, Match] = {match.column: match for match in self._abbreviated(header)}
            for words, factor in variants(header)[:_MOST_ALIKE] if not best else ():
                for match in self._alike(words):
                    best.setdefault(match.column, Match(match.column, match.strength * factor, match.is_own, match.rank))
            if not best and (rest := _MODIFIER.sub("", header, count=1)) != header:
                best = {match.column: match for match in self._plain(rest)}
            self._alike_cache[header] = tuple(sorted(best.values(), key=lambda match: -match.strength))
        return self._alike_cache[header]

    def match_exactly(self, header: str) -> tuple[Match, ...]:
        """Return the columns that *header* may be without allowing for misspelling; much faster."""
        if header not in self._cache:
            if len(self._cache) > _MOST_KEPT:
                self._cache.clear()
            best: dict[str, Match] = {}
            for words, factor in variants(header):
                for match in self._lookup(words):
                    strength = match.strength * factor
                    if match.column not in best or best[match.column].strength < strength:
                        best[match.column] = Match(match.column, strength, match.is_own, match.rank)
            found = sorted(best.values(), key=lambda match: -match.strength)
            # what a header says in full is not weighed against what a part of it would say
            self._cache[header] = tuple(
                match for match in found if match.strength >= _FULL or found[0].strength < _FULL or match.rank >= MAYBE_RANK
            )
        return self._cache[header]

    def _lookup(self, words: str) -> Iterator[Match]:
        if found := self.exact.get(words):
            yield from found
            return
        if not self.begins_noun.search(words):
            return
        for rest in self._without_noun(words):
            for match in self.exact.get(rest, ()):
                yield Match(match.column, match.strength * 0.98, is_own=True, rank=match.rank)

    def _without_noun(self, words: str) -> Iterator[str]:
        """Yield *words* without the register's own noun: 'risk owner' → 'owner', 'risikobeschreibung' → 'beschreibung'."""
        parts = words.split()
        if len(parts) > 8:
            return
        for position, part in enumerate(parts):
            if part in self.nouns and len(parts) > 1:
                rest = parts[:position] + parts[position + 1 :]
                before = position
                while before and before <= len(rest) and rest[before - 1] in _CONNECTORS:
                    before -= 1
                    rest.pop(before)
                while before == 0 and rest and rest[0] in _CONNECTORS:
                    rest.pop(0)
                if rest:
                    yield " ".join(rest)
            else:
                for length in self.noun_lengths:
                    if len(part) - length < _SHORTEST_TAIL:
                        break
                    if part[:length] in self.long_nouns:
                        for tail in {part[length:], part[length:].removeprefix("s")}:
                            yield " ".join([*parts[:position], tail, *parts[position + 1 :]])

    def _abbreviated(self, header: str) -> Iterator[Match]:
        """Yield the one column whose headers begin as the words of *header* do that end with a point: 'Prior.', 'Date prév.'."""
        parts = [part for part in re.split(r"[\s/]+|(?<=\.)(?=\w)", _BRACKETS.sub(" ", header).strip()) if part]
        if not any(part.endswith(".") and len(fold(part)) >= _SHORTEST_ABBREVIATION for part in parts) or len(parts) > _MOST_PART_WORDS:
            return
        wanted = [(fold(part), part.endswith(".")) for part in parts]
        if not all(word for word, _ in wanted):
            return
        found: dict[str, Match] = {}
        for known, matches in self.exact.items():
            words = [word for word in known.split() if word not in _CONNECTORS]
            if len(words) == len(wanted) and all(
                word.startswith(said) if is_short else word == said for word, (said, is_short) in zip(words, wanted, strict=True)
            ):
                best = matches[0]
                found.setdefault(best.column, Match(best.column, _ABBREVIATED, best.is_own, best.rank))
        if len(found) == 1:
            yield from found.values()

    def _plain(self, header: str) -> Iterator[Match]:
        """Yield the texts and people that *header* may be: 'Measures' of 'Planned measures'; whether a day is planned is never left out."""
        for match in self.match_exactly(header):
            if match.column != "id" and TABLES[self.table].by_name[match.column].type.kind in {Kind.TEXT, Kind.PERSON}:
                yield Match(match.column, match.strength * _MODIFIED, match.is_own, match.rank)

    def _alike(self, words: str) -> Iterator[Match]:
        if len(words) < _SHORTEST_ALIKE or len(words) > 60:
            return
        found = process.extractOne(words, self.by_letter.get(words[0], ()), scorer=fuzz.ratio, score_cutoff=_ALIKE)
        if found:
            for match in self.exact[found[0]]:
                yield Match(match.column, match.strength * 0.9 * found[1] / 100, match.is_own, match.rank)

    def match_part(self, header: str) -> Match | None:
        """Return what the longest run of words at the start or the end of *header* means: 'Approval status', 'Responsable del plan'.

        For headers that say no column in full; never an id or a comment.
        """
        if header not in self._part_cache:
            if len(self._part_cache) > _MOST_KEPT:
                self._part_cache.clear()
            self._part_cache[header] = self._match_part(header)
        return self._part_cache[header]

    def _match_part(self, header: str) -> Match | None:
        words = [word for word in fold(_BRACKETS.sub(" ", header)).split() if not word.isdigit()]
        if _SAYS_WHERE.search(header.strip()) or not 2 <= len(words) <= _MOST_PART_WORDS or words[0] in _POINTING or words[-1] in _POINTING:
            return None
        for length in range(len(words) - 1, 0, -1):
            for part in (words[:length], words[-length:]):
                text = " ".join(part)
                if len(text) < _SHORTEST_STEM or part[-1] in _CONNECTORS or text in _TOO_GENERAL:
                    continue
                for match in self.exact.get(text, ()):
                    if match.column not in {"id", "comment"}:
                        return Match(match.column, _PART, match.is_own, match.rank)
        return None

    def is_called(self, header: str) -> bool:
        """Say whether *header* is what the register calls one of its rows: 'Milestone', 'Risiken', 'Descripción del hito'."""
        for words, weight in variants(header) if len(header) <= _LONGEST_ALIKE else ():
            if weight < _CALLED:
                continue
            if words in self.calls or (
                not self.calls.isdisjoint(parts := words.split()) and set(parts) <= self.calls | _NAMING_WORDS | _CONNECTORS
            ):
                return True
        return False

    def is_other(self, header: str, *, has_calendar: bool = False) -> bool:
        """Say whether *header* speaks for this register (beside the months of a calendar) though the model has no column for it."""
        others = self.others | self.others_beside_calendar if has_calendar else self.others
        return any(words in others for words, _ in variants(header))

    def is_never(self, headers: Iterable[str]) -> bool:
        """Say whether *headers* together are those of something else: 'Version', 'Author' and 'Change' of a document's history."""
        words = {fold(header) for header in headers}
        return bool(self.never_with) and all(not words.isdisjoint(group) for group in self.never_with)

    def is_foreign(self, header: str) -> bool:
        """Say whether *header* speaks against this register."""
        return any(words in self.foreign for words, _ in variants(header))


def _stops_after(text: str, word: str) -> bool:
    """Say whether *word* is set off from what follows it: 'e.g. x', 'Note: x', but not 'Note taking'."""
    rest = iter(enumerate(text))
    for letter in word.replace(" ", ""):
        for _, found in rest:
            if fold(found)[:1] == letter:
                break
    return next((found in ".:-–—,;)(\n" for _, found in rest if not found.isspace() or found == "\n"), False)


@dataclass(frozen=True, slots=True)
class Registers:
    """All registers of a specification, compiled."""

    registers: tuple[Register, ...]
    known: frozenset[str]  # every declared header of every register, folded
    not_registers: frozenset[str]
    spec: RegistersSpec
    by_name: Mapping[str, frozenset[str]]  # folded name → registers
    by_maybe_name: Mapping[str, frozenset[str]]  # titles that others bear too
    combined: frozenset[str]  # headers of the column that says to which register a row belongs
    combined_names: frozenset[str]  # what logs of several registers are called
    other_rows: frozenset[str]  # what it calls rows of no register
    not_rows: Mapping[str, frozenset[str]]  # 'total', 'example', 'nothing', 'note' → folded words

    fillers: frozenset[str]  # words of a row that says that there is nothing
    not_register_words: frozenset[str]  # one of these in a title is enough
    instructions: frozenset[str]  # how a cell begins that tells what to write into it
    description_words: frozenset[str]  # headers that say no more than that they describe, folded
    id_words: frozenset[str]  # single words that a column of ids may be called
    cost: Register | None  # how cost tables are read; None: the packs say nothing of them
    tracker: frozenset[str]  # headers that only exports of work trackers have, folded
    stems: Mapping[str, re.Pattern[str]]  # list of words → how its headers go on or begin, folded
    tracker_types: frozenset[str]  # their headers of the type of a row
    cost_words: Mapping[str, frozenset[str]]  # what stands above their columns, folded

    def explains_fields(self, first: str, second: str) -> bool:
        """Say whether two headers are those of a table that explains fields: 'Column | Description', 'Feld | Bedeutung'."""
        said = self.spec.dictionary
        return fold(first) in map(fold, said.get("field", ())) and fold(second) in map(fold, said.get("meaning", ()))

    def says_header(self, text: str) -> bool:
        """Say whether any register has a column of that name."""
        return any(words in self.known for words, _ in variants(text))

    def may_say_header(self, text: str) -> bool:
        """Say the same of a text that may hold the register's noun: 'Description of risk'; slower."""
        return self.says_header(text) or any(register.match_exactly(text) for register in self.registers)

    def ideas_in(self, label: str) -> tuple[str, ...]:
        """Return the lists of words whose stems a header holds, in the order in which they are declared."""
        folded = fold(label)
        return tuple(idea for idea, stems in self.stems.items() if stems.search(folded))

    def is_combined(self, header: str) -> bool:
        """Say whether a column of that name may say to which register each row belongs."""
        return any(words in self.combined for words, _ in variants(header))

    def names_combined(self, text: str) -> bool:
        """Say whether a title is that of a log of several registers: 'RAID', 'Orion RAID log v3'."""
        padded = f" {' '.join(word for word in fold(text[:200]).split() if not word.isdigit())} "
        return any(f" {name} " in padded for name in self.combined_names)

    def named_in(self, text: str) -> dict[str, float]:
        """Return the registers that a title names, with how plainly (0..1)."""
        words = [word for word in fold(_CAPTION.sub("", text[:400])).split() if not word.isdigit()][:_MOST_NAME_WORDS]
        whole = " ".join(words)
        if whole in self.by_name:
            return dict.fromkeys(self.by_name[whole], 1.0)
        found: dict[str, float] = dict.fromkeys(self.by_maybe_name.get(whole, ()), _MAYBE)
        used: set[int] = set()
        for length in range(min(_LONGEST_NAME, len(words)), 0, -1):
            for start in range(len(words) - length + 1):
                if used & set(range(start, start + length)):
                    continue
                if names := self.by_name.get(" ".join(words[start : start + length])):
                    used |= set(range(start, start + length))
                    quality = 0.75 if 4 * length >= len(words) else 0.55 if len(words) <= 8 else 0.4
                    for name in names:
                        found[name] = max(found.get(name, 0.0), quality)
        return found

    def names_no_register(self, text: str) -> bool:
        """Say whether a title is that of a value list, a legend, a pivot, instructions."""
        words = " ".join(word for word in fold(text[:200]).split() if not word.isdigit())
        if not words or words in self.by_name:
            return False
        return words in self.not_registers or not self.not_register_words.isdisjoint(words.split())

    def is_sign(self, sign: str, text: str) -> bool:
        """Say whether a row that begins with *text* is a 'total', an 'example' or a 'note'."""
        words = self.not_rows.get(sign, frozenset())
        head = text[:80]
        folded = " ".join(word for word in fold(head).split() if not word.isdigit())
        if not folded:
            return False
        if folded in words:
            return not (len(folded) <= _LONGEST_CODE and any(letter.isdigit() for letter in head))  # 'EX-001' and 'NB 4' are ids
        if sign == "total":
            return "," in head and fold(head.rpartition(",")[2]) in words  # 'Work, total'
        return any(folded.startswith(word + " ") and _stops_after(head, word) for word in words)

    def begins_total(self, text: str) -> bool:
        """Say whether *text* begins with a word for a total: 'Total of approved changes', 'Gesamtsumme'."""
        words = fold(text[:80]).split()
        return any(" ".join(words[:count]) in self.not_rows.get("total", ()) for count in range(1, min(len(words), _MOST_ASKED) + 1))

    def is_type_of_field(self, text: str) -> bool:
        """Say whether *text* tells what is to stand below it: 'Free text', 'Date', 'Liste déroulante'."""
        return fold(text[:80]) in self.not_rows.get("field_type", ())

    def is_instruction(self, text: str) -> bool:
        """Say whether *text* begins as guidance does: 'Enter', 'Bitte', 'Indiquer', 'Describa'."""
        return len(text) > 8 and fold(text[:40]).split(" ", maxsplit=1)[0] in self.instructions

    def is_nothing(self, text: str, register: "Register") -> bool:
        """Say whether *text* says that there is no row: 'None', 'No new risks at this time', 'Keine offenen Punkte'."""
        folded = fold(text[:120])
        if not folded or len(folded.split()) > _MOST_NOTHING_WORDS:
            return False
        for phrase in self.not_rows.get("nothing", ()):
            if folded == phrase:
                return True
            if folded.startswith(phrase + " "):
                rest = folded[len(phrase) :].split()
                if any(word in register.nouns or word.removesuffix("s") in register.nouns for word in rest) and all(
                    word in self.fillers or word in register.nouns or word.removesuffix("s") in register.nouns for word in rest
                ):
                    return True
        return False


def compile_registers(spec: RegistersSpec) -> Registers:
    """Return *spec* ready for use. Costs some milliseconds: do it once."""
    registers = []
    for name, said in spec.registers.items():
        exact: dict[str, list[Match]] = {}
        for column, how in said.columns.items():
            weak = [*how.headers, *(word for words in how.words for word in spec.words[words])]
            for rank, (word, is_own) in enumerate([*((word, True) for word in how.own), *((word, False) for word in weak)]):
                matches = exact.setdefault(fold(_numbered(word)), [])
                if all(match.column != column for match in matches):
                    matches.append(Match(column, 0.6 if how.last else 1.0, is_own, rank))
            for rank, word in enumerate(how.maybe, start=MAYBE_RANK):
                matches = exact.setdefault(fold(_numbered(word)), [])
                if all(match.column != column for match in matches):
                    matches.append(Match(column, _MAYBE_COLUMN, is_own=False, rank=rank))
        others = frozenset(fold(word) for word in said.others)
        foreign = frozenset(fold(word) for word in (*said.foreign, *spec.foreign)) - set(exact) - others
        values = {column: _words_of(spec, name, column) for column in said.columns}
        nouns = frozenset(fold(noun) for noun in said.nouns)
        names = frozenset(fold(word) for word in said.names)
        row_words = frozenset(fold(word) for word in said.row_words)
        scales = tuple(scale_of_bounds(bounds) for bounds in spec.share_scales)
        long_nouns = frozenset(noun for noun in nouns if len(noun) > _SHORTEST_STEM)
        by_letter: dict[str, list[str]] = {}
        for header in exact:
            if len(header) >= _SHORTEST_ALIKE:
                by_letter.setdefault(header[0], []).append(header)
        registers.append(
            Register(
                name,
                said,
                said.table or name,
                names,
                nouns,
                exact,
                foreign,
                values,
                row_words=row_words,
                share_scales=scales,
                titled={
                    column: {plain_title(title): value for value, titles in said_by.items() for title in titles}
                    for column, said_by in said.titled.items()
                },
                others=others,
                others_beside_calendar=frozenset(fold(word) for word in said.others_beside_calendar),
                never_with=tuple(frozenset(fold(word) for word in group) for group in said.never_with),
                calls=frozenset(noun for noun in nouns if any(_is_plural(name, noun) for name in names)),
                long_nouns=long_nouns,
                by_idea={
                    idea: tuple(column for column, how in said.columns.items() if idea in how.words)
                    for idea in {word for how in said.columns.values() for word in how.words}
                },
                begins_noun=re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(nouns)))})") if nouns else _NEVER,
                noun_lengths=tuple(sorted({len(noun) for noun in long_nouns})),
                by_letter={letter: tuple(headers) for letter, headers in by_letter.items()},
            )
        )
    by_name: dict[str, set[str]] = {}
    for register in registers:
        for word in register.names:
            by_name.setdefault(word, set()).add(register.name)
    maybe: dict[str, set[str]] = {}
    for name, said in spec.registers.items():
        for word in said.maybe_names:
            maybe.setdefault(fold(word), set()).add(name)
    for word in spec.costs.get("names", ()):
        by_name.setdefault(fold(word), set()).add("cost")
    return Registers(
        tuple(registers),
        frozenset(word for register in registers for word in register.exact),
        frozenset(fold(word) for word in spec.not_registers),
        spec,
        {word: frozenset(names) for word, names in by_name.items()},
        {word: frozenset(names) for word, names in maybe.items()},
        frozenset(fold(word) for word in spec.combined),
        frozenset(fold(word) for word in spec.combined_names),
        frozenset(fold(word) for word in spec.other_rows),
        {sign: frozenset(fold(word) for word in words) for sign, words in spec.not_rows.items()},
        frozenset(part for word in spec.not_rows.get("filler", ()) for part in fold(word).split()),
        frozenset(fold(word) for word in spec.not_register_words),
        frozenset(fold(word) for word in spec.not_rows.get("instruction", ())),
        frozenset(fold(word) for word in spec.words.get("description", ())),
        frozenset(fold(word) for word in spec.words.get("id", ()) if " " not in fold(word)),
        Register("cost", RegisterSpec(columns={}), "cost", frozenset(), frozenset()) if spec.costs else None,
        frozenset(fold(word) for words in spec.tracker.values() for word in words),
        {idea: re.compile(rf"\b(?:{'|'.join(re.escape(fold(stem)) for stem in stems)})") for idea, stems in spec.stems.items() if stems},
        frozenset(fold(word) for word in spec.tracker.get("type", ())),
        {name: frozenset(fold(word) for word in said) for name, said in spec.costs.items()},
    )


def _is_plural(name: str, noun: str) -> bool:
    """Say whether *name* is *noun* or its plural: 'risiken' is that of 'risiko', 'entscheidungen' of 'entscheidung'."""
    return " " not in name and len(name) - len(noun) in range(3) and name.startswith(noun[:-1])


def _words_of(spec: RegistersSpec, register: str, column: str) -> Mapping[str, str]:
    said = spec.registers[register].columns[column]
    found: dict[str, str] = {}
    for values in (said.values, *(spec.value_lists[name] for name in said.value_lists)):
        for value, words in values.items():
            for word in (*words, value):
                found.setdefault(fold(str(word)), value)
    return found


def _numbered(header: str) -> str:
    """Return *header* with its number sign as a word: 'Issue #' is not 'Issue'."""
    return header.replace("#", " no ")


@lru_cache(maxsize=16_384)
def variants(header: str) -> tuple[tuple[str, float], ...]:
    """Return the folded readings of a header with how much each counts (0..1), fullest first."""
    header = clean(header, LONGEST_HEADER)
    if not header:
        return ()
    if header.isalpha():
        header = _CAMEL.sub(" ", header)  # 'AssignedTo'
    plain = _INFLECTION.sub(lambda match: match[1] if match[1] in {"s", "es"} and match[0].startswith("(") else "", header)
    singular = _INFLECTION.sub("", header)
    without = _BRACKETS.sub(" ", singular)
    if after := _AFTER.fullmatch(singular):
        without = f"residual {after['base']}"  # 'Imp (res.)' is the impact after the response, never the impact
    found: dict[str, float] = {}

    def add(text: str, weight: float) -> None:
        words = fold(text)
        if words and len(words.split()) <= _MOST_WORDS:
            found.setdefault(words, weight)

    if "#" in header:
        add(_numbered(header), 1.0)
        header, plain, singular, without = (_numbered(text) for text in (header, plain, singular, without))
        add(without.replace(" no ", " "), 0.85)
    if len(header) <= _LONGEST_SIGN and not header.isalpha() and (money := currency_of(header)) is not None:
        add(money, 1.0)  # '€', 'k€': a sign is no word
    add(header, 1.0)
    add(singular, 1.0)
    add(plain, 1.0)
    add(without, 1.0)
    for words in list(found):
        add(" ".join(word for word in words.split() if not word.isdigit()), 0.97)
    lines = [line for line in without.split("\n") if line.strip()]
    if len(lines) > 1:
        add(lines[0], 0.9)
        add(" ".join(lines[:2]), 0.9)
        add(" ".join(lines[:3]), 0.85)
    for sign in (":", " - ", " – ", ";", ".", "?"):
        if sign in without:
            add(without.split(sign, 1)[0], 0.85)
    for sign in ("/", "|", " & ", " and ", " or ", " und ", " oder ", " et ", " ou ", " y ", " o ", ","):
        if sign in without:
            for position, part in enumerate(without.split(sign)[:3]):
                add(part, 0.82 - position / 50)
    if len(without) > _LONGEST_PLAIN and len(parts_ := _ASKED.split(without, maxsplit=1)) == 2 and len(parts_[0].split()) <= _MOST_ASKED:
        add(parts_[0], 0.85)  # 'Influence How much influence do they have?'
    for word in (folded for folded in list(found) if " " not in folded):
        if compound := _CLASS.fullmatch(word):
            add(compound["base"], 0.82)  # 'Schadensklasse'
            add(compound["base"] + "s", 0.8)
    if asked := _QUESTION.match(without):
        add(without[asked.end() :], 0.9)
    parts = fold(without).split() if not _SAYS_WHERE.search(without.strip()) else []  # 'Description in' says where one stands
    kept = [word for word in parts if word not in _NOISE and not word.isdigit()]
    if kept and kept != parts:
        add(" ".join(kept), 0.8)
    for count in range(len(parts) - 1, 0, -1):
        if all(word in _NOISE or word.isdigit() for word in parts[count:]):
            add(" ".join(parts[:count]), 0.8)
    if len(parts) == 2 and len(listed("states_of_dates").intersection(parts)) == 1:
        add(" ".join(reversed(parts)), 0.97)  # 'Start planned'
    for word in list(found):
        if word.endswith("s") and len(word) > 4:
            found.setdefault(word[:-1], found[word] * 0.97)
        elif len(word) > 3:
            found.setdefault(word + "s", found[word] * 0.97)
    return tuple(found.items())


def is_caption(text: str) -> bool:
    """Say whether *text* is the caption of a table: 'Table 3: Risks', 'Tabelle 2 – Meilensteine'."""
    return len(text) <= LONGEST_HEADER and not text.rstrip().endswith(".") and bool(_TABLE.match(text) and _CAPTION.match(text))


def plain_title(text: str) -> str:
    """Return the words of a title without its caption and numbers: 'Table 3: Follow-on actions (2)' → 'follow on actions'."""
    return " ".join(word for word in fold(_CAPTION.sub("", text[:200])).split() if not word.isdigit())


def without_inflection(header: str) -> str:
    """Return *header* in the singular: 'Welle(n)' is 'Welle'."""
    return _INFLECTION.sub("", header)


def top_of_scale(header: str) -> int | None:
    """Return the highest number of the scale that a header states ('Impact (1-4)', 'Rate 1 (LOW) to 5 (HIGH)'), or None."""
    match = _TOP.search(clean(header, LONGEST_HEADER))
    if not match or match[1] != "1":
        return None
    top = int(match[2])
    return top if 2 <= top <= 100 else None
