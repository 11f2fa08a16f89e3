"""What is told in sentences: who approved, reviewed or sent something, and when.

'Ada Finch, Project Owner, approved this plan on 3 May 2026.' says as much as a table of approvers. Only plain statements count: one deed
in a sentence, done, by somebody who is named or by a body, to the document itself. What is wished, denied or planned says nothing.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from auditor.connect.values import clean, parse_people
from auditor.snapshot.documents.matters.grid import Reading, day_in
from auditor.snapshot.documents.matters.words import parse_version
from auditor.snapshot.documents.signings import is_open

_DAY = (
    r"(?:\d{4}-\d{2}-\d{2}|\d{1,2}[./-]\d{1,2}[./-]\d{4}|"
    r"\d{1,2}(?:st|nd|rd|th|er|\.)?\s+(?:de\s+)?[^\W\d_]{3,10}\.?,?\s+(?:de\s+)?\d{4}|[^\W\d_]{3,10}\s+\d{1,2},?\s+\d{4})"
)
WRITTEN_DAY = re.compile(rf"(?<!\w){_DAY}(?!\w)|(?<!\w)\d{{1,2}}(?:st|nd|rd|th|er|\.)?\s+(?:de\s+)?[^\W\d_]{{3,10}}(?!\w)", re.IGNORECASE)
"""A day as a sentence says it, at most without its year."""
_TITLES = "".join(
    rf"(?<!\b{title})" for title in ("Prof", "Profa", "Mrs", "Ing", "Mag", "Lic", "Dipl", "Dra", "Sra", "Srta", "Mme", "Mlle", "Rev", "Hon")
)
"""Before a name, and so before a capital: 'Present: Prof. Ada Finch, Jo Lake.' is one sentence."""
_ENDS = re.compile(rf"(?:(?<=[^\W_]{{3}}){_TITLES}|(?<=\d-\d\d)|(?<=[)\]\"”»’]))\.\s+(?=[A-ZÀ-Þ\d])|\n+|;\s+")
_OF_VERSION = re.compile(
    rf"(?:edition|version|revision|fassung|ausgabe|édition|révision|edición|versión|revisión)\s+(\d+(?:\.\d+)*)\s*,?\s+"
    rf"(?:(?:on|of|dated|am|vom|le|du|el|del)\s+)?({_DAY})",
    re.IGNORECASE,
)
_DAY_BEHIND = re.compile(rf"(?<=\w)\s+(?:{_DAY}|\d{{1,2}})$", re.IGNORECASE)
OWN_LINE = re.compile(
    rf"(?:[\w./-]{{2,24}}\s+)?(?:version|v|edition|édition|revision|révision|rev|fassung|versión)\.?\s?(\d{{1,3}}(?:\.\d{{1,3}}){{0,2}})"
    rf"(?:\s*,?\s+(?:(?:of|dated|vom|du|de|del)\s+)?({_DAY}))?\s*[-–—,:(]?\s*",
    re.IGNORECASE,
)
"""What a line says of its own document before it says more: 'PP-01 version 1.1 of 22 June 2026 - '."""
_SAME_DAY = re.compile(r"\b(?:the same day|am selben tag|am gleichen tag|le même jour|el mismo día)\b", re.IGNORECASE)
_HAVE = re.compile(r"^(.*?)\s+(?:has|have|hat|haben|a|ont|ha|han)(?:\s+(.*))?$", re.DOTALL)
_BE = re.compile(r"(?<!\w)(?:is|are|was|were|been|be|being|wurde|wurden|worden|ist|sind|est|sont|été|fue|fueron|sido)\s*$", re.IGNORECASE)
_WHO_ENDS = re.compile(
    r"\s+(?:on|am|le|el|in|at|with|to|for|as|an|pour|à|para|bei|mit|als)\s+|[.\n]|,\s*both\b|\s\((?=[^()]*\d)", re.IGNORECASE
)
_PARTS = re.compile(r"\s*,\s*(?![^(]*\))|\s+(?:and|und|et|y|e)\s+(?![^(]*\))")
_ARTICLE = re.compile(r"^(?:the|der|die|das|dem|den|le|la|les|l['’]|el|los|las)\s*(?=\w)", re.IGNORECASE)
_LOWER = re.compile(r"^(?:[a-zà-ÿ’']+\s+)+")
_NAME = re.compile(r"[^\W\d_][\w'’.-]*(?:\s+(?:(?:de|da|di|du|la|van|von|der|den|del|dos|el|al|bin)\s+)*[^\W\d_][\w'’.-]*){1,3}")
_ROLE_BEHIND = re.compile(r"^(.*?)\s*\(([^()]{2,60})\)$")
_ACTIONS = ("approve", "review", "send", "hold")
_LONGEST = 600
_MOST_SENTENCES = 60


@dataclass(frozen=True, slots=True)
class Doer:
    """Somebody, or a body, who did something."""

    name: str
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that a sentence says was done."""

    action: str  # approve, review, send, hold
    doers: tuple[Doer, ...]
    days: tuple[tuple[str | None, date], ...]  # each with the version that it speaks of
    text: str


_STOPS = re.compile(rf"(?:(?<=[^\W_]{{3}}){_TITLES}|(?<=[)\]]))\.\s+(?=[A-ZÀ-Þ])|\n")


def before_stop(text: str) -> str:
    """Return what *text* says up to its first full stop, with all that semicolons part."""
    return _STOPS.split(text.strip(), maxsplit=1)[0]


def sentences_in(text: str) -> Iterator[str]:
    """Yield the sentences and lines of *text*."""
    for sentence in _ENDS.split(clean(text, 8000))[:_MOST_SENTENCES]:
        if plain := sentence.strip(" •–—-*\t"):
            yield plain


def denies(reading: Reading, sentence: str) -> bool:
    """Say whether *sentence* speaks of what was not done, or of what is still to be done."""
    return _any_of(reading, "not_done").search(sentence) is not None


def deeds_in(reading: Reading, texts: Iterable[str]) -> Iterator[Deed]:
    """Yield what the sentences of *texts*, in their order, say was done."""
    last: date | None = None
    for text in texts:
        for sentence in sentences_in(text):
            deed = _deed(reading, sentence, last)
            if deed is not None:
                last = deed.days[-1][1] if deed.days else None
                yield deed


def _deed(reading: Reading, sentence: str, last: date | None) -> Deed | None:
    if len(sentence) > _LONGEST or _any_of(reading, "not_done").search(sentence):
        return None
    said = [(match, action) for action in _ACTIONS for match in _any_of(reading, f"deed_{action}").finditer(sentence)]
    if not said and (begins := _any_of(reading, "deed_issue").match(sentence)) is not None:
        said = [(begins, "send")]
    if len(said) != 1:
        return None
    match, action = said[0]
    before, after = sentence[: match.start()].strip(), sentence[match.end() :].strip()
    who = _who(reading, before, after, needs_object=action in {"approve", "review"})
    if who is None:
        return None
    doers = _doers(reading, who)
    if not doers and (who or action != "send"):  # 'Sent on 3 May 2026 to the board' need not say by whom
        return None
    own = OWN_LINE.match(before)
    told = sentence if own is None or own[2] is None else sentence[own.end() :]  # the day of the version is not that of the deed
    days: tuple[tuple[str | None, date], ...] = tuple(
        (parse_version(version), day) for version, written in _OF_VERSION.findall(told) if (day := reading.day(written)) is not None
    )
    if not days:
        day = day_in(reading, told) or (last if _SAME_DAY.search(told) else None)
        days = ((parse_version(own[1]) if own is not None else None, day),) if day is not None else ()
    return None if _is_to_come(sentence) else Deed(action, doers, days, sentence)


_BRACKETS = re.compile(r"\(([^()]*)\)")
_BEFORE_A_DAY = re.compile(rf"(.{{1,30}}?)\b{_DAY}", re.IGNORECASE)


def _is_to_come(sentence: str) -> bool:
    """Say whether the day or a bracket says that it is still to be done, or was refused: 'by Ann Lee (planned for 3 May 2026)'."""
    said = _BRACKETS.findall(sentence) + [match[1] for match in _BEFORE_A_DAY.finditer(sentence)]
    return any(is_open(text) for text in said)


def _who(reading: Reading, before: str, after: str, *, needs_object: bool) -> str | None:
    """Return the words that say who did it; None when nobody is said, or when it was done to something else than the document."""
    by = _any_of(reading, "deed_by")
    for part in (after, before):
        if (agent := by.search(part)) is not None and (part is after or _is_passive(before)):
            what = before if part is after else part[: agent.start()]
            if needs_object and not _is_document(reading, _BE.sub("", what).strip()):
                return None
            return _WHO_ENDS.split(part[agent.end() :].lstrip(), maxsplit=1)[0]
    if _BE.search(before):
        return None
    if (have := _HAVE.match(before)) is not None and (not have[2] or _names_document(reading, have[2])):
        return have[1] if have[2] or not needs_object or _names_document(reading, after) else None
    return before if not needs_object or _names_document(reading, after) else None


def _is_passive(before: str) -> bool:
    return re.search(r"(?<!\w)(?:wurde|wurden|ist|sind|was|were|been|été|est|fue|fueron|sido)(?!\w)", before, re.IGNORECASE) is not None


def _is_document(reading: Reading, words: str) -> bool:
    """Say whether *words*, which stand before 'approved by', are nothing or the document itself."""
    return not words or _names_document(reading, words) or OWN_LINE.fullmatch(words) is not None


def _names_document(reading: Reading, words: str) -> bool:
    return _any_of(reading, "deed_object").match(words) is not None


def _doers(reading: Reading, who: str) -> tuple[Doer, ...]:
    """Return who is named in *who*; nobody when a part of it is neither a name, a role nor a body."""
    found: list[Doer] = []
    for part in _PARTS.split(who.strip(" ,:")):
        text = _DAY_BEHIND.sub("", part.strip())  # 'the board 27 August 2025'
        role_said = None
        if (bracket := _ROLE_BEHIND.match(text)) is not None:
            text, role_said = bracket[1], bracket[2]
        plain = _ARTICLE.sub("", text)
        role = reading.words.role(plain) or reading.words.role(_ARTICLE.sub("", _LOWER.sub("", plain)))
        if role is not None and found and plain == text:
            found[-1] = Doer(found[-1].name, found[-1].role or role)
        elif role is not None:
            found.append(Doer(plain, role))
        elif _is_somebody(text):
            found.append(Doer(text, (reading.words.role(role_said) or role_said) if role_said else None))
        elif plain != text and any(person.kind == "group" for person in parse_people(plain)):
            # 'the board' is that of the project; 'the executive board' may be whoever decides above it.
            found.append(Doer(plain, plain if len(plain.split()) == 1 else None))
        elif text:
            return ()
    return tuple(found)


def _is_somebody(text: str) -> bool:
    people = parse_people(text)
    return (
        _NAME.fullmatch(text) is not None
        and len(people) == 1
        and people[0].kind == "person"
        and sum(word[:1].isupper() for word in text.split()) >= 2
        and text.split(maxsplit=1)[0][:1].isupper()
    )


_PATTERNS: dict[tuple[str, ...], re.Pattern[str]] = {}


def _any_of(reading: Reading, marker: str) -> re.Pattern[str]:
    phrases = reading.words.phrases.get(marker, ())
    if phrases not in _PATTERNS:
        said = "|".join(re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True))
        _PATTERNS[phrases] = re.compile(rf"(?<!\w)(?:{said})(?!\w)" if said else r"(?!)", re.IGNORECASE)
    return _PATTERNS[phrases]
