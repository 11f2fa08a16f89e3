"""The words of packs by which control blocks, approvers, minutes and the like are recognised, compiled."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from auditor.connect.values import clean, fold
from auditor.rulebook.details_spec import DetailsSpec, Phrases, TableSpec
from auditor.snapshot.documents.headers import variants
from auditor.snapshot.words import words as listed

Kinds = Callable[[str], str | None]
"""Gives the kind of artefact that a name means, None when none."""

_EITHER = re.compile(r"\s*/\s*|\s+(?:or|ou|oder|o)\s+")
_ON_BEHALF = re.compile(
    r"\s*,\s*(?:for|on behalf of|pour|au nom d[eu]|für|im namen|im auftrag|por|en nombre de|en representación de)\b.*", re.IGNORECASE
)
_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]{1,60})[)\]]\s*")
_NUMBER = re.compile(
    r"^\s*(?:(?:appendix|annex|annexe|anhang|anexo)\s+\w{1,3}\b\s*[.:–—-]?\s*|[ivxIVX]{1,5}[.)]\s+|[A-Z]\.\d*\s+|\d{1,2}(?:\.\d{1,2})*[.)]?\s+)"
)
_LONGEST_LABEL = 80
_LONGEST_VERSION = 20
_FEWEST_WORDS = 3  # known words that settle a language


@dataclass(frozen=True, slots=True)
class TableWords:
    """How one kind of table is told from others; all texts folded."""

    headings: frozenset[str]
    columns: Mapping[str, tuple[str, ...]]  # header → columns
    sure: tuple[frozenset[str], ...]
    named: tuple[frozenset[str], ...]
    against: frozenset[str]
    telling: frozenset[str] = frozenset()

    def columns_of(self, header: Sequence[str], *, is_named: bool) -> dict[str, int] | None:
        """Return column → place in *header*, or None when the table is of another kind.

        Args:
            header: texts of the header's cells, '' for empty or covered ones.
            is_named: whether a heading above says what the table is.
        """
        wanted: list[tuple[float, int, int, str]] = []
        is_told = self._begins_with_its_name(header)
        for place, text in enumerate(header):
            if not text or len(text) > _LONGEST_LABEL * 2:
                continue
            is_told = is_told or any(words in self.telling for words, _ in variants(text)[:2])
            if not is_named and any(words in self.against for words, _ in variants(text)[:2]):
                return None
            for words, weight in variants(text):
                for order, column in enumerate(self.columns.get(words, ())):
                    wanted.append((-weight, order, place, column))
        found: dict[str, int] = {}
        taken: set[int] = set()
        for _, _, place, column in sorted(wanted):
            if column not in found and place not in taken:
                found[column] = place
                taken.add(place)
        told = tuple(group for group in self.named if "date" in group) if is_told else ()
        groups = (*self.sure, *self.named) if is_named else (*self.sure, *told)
        return found if any(group <= found.keys() for group in groups) else None

    def _begins_with_its_name(self, header: Sequence[str]) -> bool:
        """Say whether the first column is called as the whole table is, and the others are columns of it: 'Approved by | Role | Date'."""
        said = [variants(text)[:2] for text in header if text]
        if len(said) < _FEWEST_COLUMNS or not any(
            words in self.headings and self.columns.get(words, ("",))[0] == "name" for words, _ in said[0]
        ):
            return False
        return all(any(words in self.columns for words, _ in texts) for texts in said)


_FEWEST_COLUMNS = 3  # 'Accepted by | Date' may be of anything

BODIES = frozenset({"project_steering_committee", "appropriate_governance_body", "project_board"})
_PARTS = re.compile(r"\s*[,;/]\s*|\s+(?:and|und|et|y)\s+")
_HELD_BY_SEVERAL = frozenset({"project_assurance", "team_manager", "project_core_team"})
_GROUPS = _HELD_BY_SEVERAL | {"user_representative", "business_implementation_group"}
_MEMBER = r"(?:members?|Mitglied(?:er)?|membres?|miembros?)"
_OF_GROUP = re.compile(
    rf"(?:(?P<head>[A-Z]{{2,5}})(?:\s+{_MEMBER})?(?:\s*[,;:(–—]|\s+-\s|$)|{_MEMBER}(?:\s+(?:of|the|des|der|du|de|la|del|l['’]))*\s+(?P<of>[A-Z]{{2,5}})\b).*",
    re.IGNORECASE,
)  # 'PCT, lead developer', 'BIG member, training', 'Member of the PCT': what the member does stands beside it


@dataclass(frozen=True, eq=False)
class DetailWords:
    """Everything that packs say in `details.yaml`, ready for use; texts folded."""

    labels: Mapping[str, tuple[str, ...]]
    tables: Mapping[str, TableWords]
    headings: Mapping[str, frozenset[str]]
    values: Mapping[str, Mapping[str, str]]
    lists: Mapping[str, str]
    markers: Mapping[str, tuple[str, ...]]
    roles: Mapping[str, str]
    short_roles: Mapping[str, str]  # as written
    sides: Mapping[str, str]
    parameters: tuple["ParameterWords", ...]
    languages: Mapping[str, frozenset[str]]  # words of labels and headers → languages that write them so
    phrases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # the markers as written
    kinds: Kinds | None = None
    _label_cache: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def label(self, text: str) -> tuple[str, ...]:
        """Return what the label *text* may stand for, the empty tuple when it is none."""
        if len(text) > _LONGEST_LABEL:
            return ()
        if text not in self._label_cache:
            if len(self._label_cache) > 20_000:
                self._label_cache.clear()
            self._label_cache[text] = self._label(text.strip().rstrip(":").strip())
        return self._label_cache[text]

    def _label(self, plain: str) -> tuple[str, ...]:
        """Return what the label means: as a whole, without its brackets, or each word that it offers ('Confidentiality / sensitivity')."""
        for words in (fold(plain), fold(_BRACKETS.sub(" ", plain))):
            if words and words in self.labels:
                return self.labels[words]
        parts = _EITHER.split(plain)
        found = [name for part in parts if len(parts) > 1 for name in self.labels.get(fold(part), ())]
        return tuple(dict.fromkeys(found))

    def language_of(self, texts: Iterable[str]) -> str | None:
        """Return the language in which most of *texts* (labels, headers, headings) are known, None when they do not say."""
        counts: Counter[str] = Counter()
        for words in dict.fromkeys(fold(text.rstrip(": ")) for text in texts if len(text) <= _LONGEST_LABEL):
            languages = self.languages.get(words, frozenset())
            if len(languages) == 1:
                counts.update(languages)
        first = counts.most_common(2)
        return first[0][0] if first and first[0][1] >= _FEWEST_WORDS and (len(first) == 1 or first[0][1] >= 2 * first[1][1]) else None

    def value(self, name: str, text: str) -> str | None:
        """Return the standard value that *text* means in the list *name*: the whole text, or what stands before a bracket or dash."""
        words = self.values.get(name, {})
        plain = clean(text, 200)
        for part in (plain, _BRACKETS.sub(" ", plain), re.split(r"\s[-–—]\s|[:;,(/\n]", plain)[0]):
            if (found := words.get(fold(part))) is not None:
                return found
        return None

    def inside(self, name: str, text: str) -> str | None:
        """Return the value of the list *name* of which a word stands inside *text*, the longest word first; None when there is none."""
        padded = f" {fold(clean(text, 2000))} "
        best: tuple[int, str] | None = None
        for words, value in self.values.get(name, {}).items():
            if len(words) > 2 and f" {words} " in padded and (best is None or len(words) > best[0]):
                best = (len(words), value)
        return best[1] if best else None

    def all_inside(self, name: str, text: str) -> set[str]:
        """Return every value of the list *name* of which a word stands inside *text*."""
        padded = f" {fold(clean(text, 2000))} "
        return {value for words, value in self.values.get(name, {}).items() if len(words) > 2 and f" {words} " in padded}

    def heads_control(self, text: str) -> bool:
        """Say whether the heading *text* is that of a block about the document itself: its control block, history, approvers, contents."""
        key = heading_key(text)
        blocks = [self.headings.get(name, frozenset()) for name in ("control", "contents")]
        blocks += [self.tables[name].headings for name in ("history", "approvers", "distribution") if name in self.tables]
        return any(key in block for block in blocks)

    def is_heading(self, name: str, text: str) -> bool:
        """Say whether the heading *text* is one of the list *name*."""
        return heading_key(text) in self.headings.get(name, frozenset())

    def role(self, text: str) -> str | None:
        """Return the standard id of the role that *text* names: 'Project Owner (PO)', 'PM', 'Chef de projet'; None when none."""
        plain = clean(text, 120).replace("’", "'")
        if not plain:
            return None
        if (found := self.short_roles.get(plain.strip())) is not None:
            return found
        without = _BRACKETS.sub(" ", plain)
        for part in (plain, without, _ON_BEHALF.sub("", without)):  # 'Executive, for the project board': the role is who signs
            words = fold(part)
            for candidate in (words, words.removesuffix("s"), words.replace(" s ", "s "), words.removesuffix("in")):
                if (found := self.roles.get(candidate)) is not None:
                    return found
        if (found := self.short_roles.get(_ON_BEHALF.sub("", without).strip())) is not None:
            return found  # 'PO, for the Steering Committee (PSC)'
        brackets = _BRACKETS.findall(plain)
        head = self.roles.get(fold(without.partition(",")[0])) if "," in without else None
        if head is not None and any(self.short_roles.get(inner.strip()) in _GROUPS for inner in brackets):
            return head  # 'User Representative, berth desk (BIG)': the group is where the role belongs
        if short := next((self.short_roles[inner.strip()] for inner in brackets if inner.strip() in self.short_roles), None):
            return short
        return self._role_of_several(fold(without)) or self._role_among(plain) or self._group_of(plain)

    def role_of(self, text: str) -> str | None:
        """Return the role of somebody beside whom *text* stands: a role, or one with the post or unit that they have in their house.

        'Project Owner, Director of Customer Operations'. What is of another house is another role: 'Project Manager, Acme Ltd'.
        """
        if (found := self.role(text)) is not None:
            return found
        first, comma, rest = _BRACKETS.sub(" ", clean(text, 200)).partition(",")
        said = set(fold(rest).split())
        if not comma or said & (listed("of_others") | listed("contractors")) or not said & listed("posts"):
            return None
        return self.role(first) if not any(self.role(part) for part in _PARTS.split(rest) if part.strip()) else None

    def roles_among(self, text: str) -> tuple[str, ...]:
        """Return the roles that *text* names side by side, each a part of it: 'User assurance; Project Support'. Empty: one at most."""
        parts = [part for part in _PARTS.split(clean(text, 120).replace("’", "'")) if part.strip()]
        roles = [self.role(part) for part in parts]
        found = tuple(dict.fromkeys(role for role in roles if role is not None))
        return found if len(found) > 1 and None not in roles and not BODIES & set(found) else ()

    def _role_among(self, text: str) -> str | None:
        """Return the one role that parts of *text* name: 'PSC member, Business Manager'; a body beside a role is the seat there."""
        every = [part for part in _PARTS.split(text) if part.strip()]
        parts = [part for part in every if fold(part) not in listed("beside_roles")]  # 'PO, chair', 'PQA, no vote'
        if len(every) < 2 or not parts:
            return None
        roles = [self.role(part) or self._seat_in(part) for part in parts]
        found = {role for role in roles if role is not None}
        if None in roles:
            return None  # 'Project Manager, supplier' is another one than the project's
        found = found - BODIES or found
        return found.pop() if len(found) == 1 else None

    def _seat_in(self, text: str) -> str | None:
        """Return the body of which *text* names a seat: 'PSC member'."""
        return next((role for word in text.split() if (role := self.short_roles.get(word)) in BODIES), None)

    def _role_of_several(self, words: str) -> str | None:
        """Return the role that several hold, each for something: 'Team manager Registry', 'Projektsicherung Benutzer'."""
        parts = words.split()
        for count in range(len(parts) - 1, 0, -1):
            head = " ".join(parts[:count])
            found = self.roles.get(head) or self.roles.get(head.removesuffix("in"))
            if found is not None:
                return found if found in _HELD_BY_SEVERAL else None
        return None

    def _group_of(self, text: str) -> str | None:
        """Return the group of several by whose abbreviation *text* begins, with what the member does in it: 'PCT, lead developer'."""
        match = _OF_GROUP.fullmatch(text)
        found = self.short_roles.get(match["head"] or match["of"]) if match is not None else None
        if found not in _GROUPS:
            return None
        others = [part for part in _PARTS.split(text)[1:] if part.strip()]
        return found if not any(self.role(part) for part in others) else None  # 'PCT, Project Manager': two roles

    def kind_of(self, name: str) -> str | None:
        """Return the kind of artefact that *name* means; None without a resolver or when it means none."""
        return self.kinds(clean(name, 200)) if self.kinds is not None and name.strip() else None


@dataclass(frozen=True, slots=True)
class ParameterWords:
    """How one parameter of the project is found in sentences."""

    name: str
    about: tuple[str, ...]
    says: str
    after: tuple[str, ...]
    named: frozenset[str] = frozenset()


def heading_key(text: str) -> str:
    """Return a heading as it is compared: without number, letter case and punctuation."""
    plain = clean(text, 200)
    return fold(_NUMBER.sub("", plain)) or fold(plain)


def compile_details(spec: DetailsSpec, kinds: Kinds | None = None) -> DetailWords:
    """Return *spec* ready for use.

    Args:
        spec: what the packs say.
        kinds: gives the kind of artefact that a name means, for tailoring tables; None leaves `names_kind` unknown.
    """
    labels: dict[str, list[str]] = {}
    for name, phrases in spec.labels.items():
        for words in _folded(phrases):
            names = labels.setdefault(words, [])
            if name not in names:
                names.append(name)
    return DetailWords(
        labels={words: tuple(names) for words, names in labels.items()},
        tables={name: _table(table) for name, table in spec.tables.items()},
        headings={name: frozenset(_folded(phrases)) for name, phrases in spec.headings.items()},
        values={
            name: {words: value for value, phrases in values.items() for words in _folded(phrases)} for name, values in spec.values.items()
        },
        lists={words: kind for kind, phrases in spec.lists.items() for words in _folded(phrases)},
        markers={name: tuple(sorted(_folded(phrases), key=len, reverse=True)) for name, phrases in spec.markers.items()},
        roles={words: role for role, said in reversed(spec.roles.items()) for words in _folded(said.names)},
        short_roles={short: role for role, said in reversed(spec.roles.items()) for short in said.short},
        sides={role: said.side for role, said in spec.roles.items() if said.side is not None},
        parameters=tuple(
            ParameterWords(name, tuple(_folded(said.about)), said.says, tuple(_folded(said.after)), frozenset(_folded(said.named)))
            for name, said in spec.parameters.items()
        ),
        languages=_languages(spec),
        phrases={name: tuple(dict.fromkeys(text for said in phrases.values() for text in said)) for name, phrases in spec.markers.items()},
        kinds=kinds,
    )


def _table(spec: TableSpec) -> TableWords:
    columns: dict[str, list[str]] = {}
    for column, phrases in spec.columns.items():
        for words in _folded(phrases):
            names = columns.setdefault(words, [])
            if column not in names:
                names.append(column)
    return TableWords(
        headings=frozenset(_folded(spec.headings)),
        columns={words: tuple(names) for words, names in columns.items()},
        sure=tuple(frozenset(group) for group in spec.sure),
        named=tuple(frozenset(group) for group in spec.named),
        against=frozenset(_folded(spec.against)),
        telling=frozenset(_folded(spec.telling)),
    )


def _languages(spec: DetailsSpec) -> Mapping[str, frozenset[str]]:
    tables = [phrases for table in spec.tables.values() for phrases in (table.headings, *table.columns.values())]
    found: dict[str, set[str]] = {}
    for phrases in (*spec.labels.values(), *tables, *spec.headings.values(), *spec.lists.values()):
        for language, said in phrases.items():
            for phrase in said:
                found.setdefault(fold(phrase), set()).add(language)
    return {words: frozenset(languages) for words, languages in found.items()}


def _folded(phrases: Phrases) -> Iterable[str]:
    return dict.fromkeys(words for said in phrases.values() for phrase in said if (words := fold(phrase)))


_VERSION = re.compile(r"(?<!\d)(?<!\d\.)\d{1,3}(?:\.\d{1,3}){0,3}(?!\d)(?!\.\d)")


def parse_version(text: str) -> str | None:
    """Return the version number that *text* states ('V1.0', 'Version 1.2 (draft)', '0.3-draft'), else the text itself when it is short."""
    plain = clean(text, 80).replace("\n", " ")
    if not plain:
        return None
    if re.fullmatch(r"\.\d{1,3}", plain):
        return f"0{plain}"
    numbers = _VERSION.findall(plain)
    dotted = [number for number in numbers if "." in number]
    if re.search(r"\d{4}", plain):
        numbers = dotted = []
    if len(numbers) == 1 or len(dotted) == 1:
        return str((dotted or numbers)[0])
    return plain if len(plain) <= _LONGEST_VERSION else None


def version_order(version: str) -> tuple[int, ...] | None:
    """Return *version* as numbers to compare, None when it is none."""
    return tuple(int(part) for part in version.split(".")) if re.fullmatch(r"\d{1,6}(\.\d{1,6}){0,3}", version) else None


def plain_number(value: Decimal) -> str:
    """Return *value* without exponent and trailing zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
