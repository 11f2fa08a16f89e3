"""Who looked at a document for project assurance, where no table tells it.

'Project assurance | business: Ann Lee, agreed 3 May 2026; user: Jo Lake, agreed 4 May 2026' and 'Assurance agrees: Ann Lee and Jo Lake,
3 May 2026' say who did it. Only what was done on a day counts; who is merely named as assurance holds the role and has looked at nothing.
"""

import re
from collections.abc import Iterator
from datetime import date
from itertools import takewhile

from auditor.connect.values import clean, fold, parse_people
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.matters.grid import Filling, Reading, day_in, header_texts
from auditor.snapshot.documents.matters.sentences import denies, sentences_in
from auditor.snapshot.words import words

ASSURANCE = "project_assurance"
_MOST_LABEL_WORDS = 3
_LONGEST = 800
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_APART = re.compile(r"[,;:()]|\s[–—-]\s|\s+(?:and|und|et|y|&)\s+")
_NUMBER_ENDS = re.compile(r"(?<=\d\.\d)\.\s+(?=[A-ZÀ-Þ])")  # 'Version 1.0. Assurance agrees'
_NAME = re.compile(
    r"(?:Dr\.?\s|Prof\.?\s)?(?:[A-ZÀ-Þ]\.\s?){0,2}[A-ZÀ-Þ][\w'’-]+(?:\s(?:(?:de|da|di|du|la|van|von|der|den|del|dos|el|al|bin)\s)*[A-ZÀ-Þ][\w'’-]+){0,3}"
)


def read_assured(reading: Reading) -> Iterator[Found]:
    """Yield a row of `approval` for everybody of whom the document says that they looked at it for project assurance, and when."""
    seen: set[tuple[str, date]] = set()
    for text, place in _told(reading):
        day_told = _only_day(reading, text)
        for statement in sentences_in(text):
            day = day_in(reading, statement) or day_told
            if day is None or denies(reading, statement) or not _is_given(text if day_told else statement):
                continue
            for name in _names(reading, statement):
                if (name, day) in seen:
                    continue
                seen.add((name, day))
                row = Filling(reading, "approval")
                row.set("person_id", name)
                row.set("role", ASSURANCE)
                row.set("action", "review")
                row.set("decided_on", day)
                yield row.found(place, "assured", name, ASSURANCE, day.isoformat())


def _told(reading: Reading) -> Iterator[tuple[str, str]]:
    """Yield what stands behind the word assurance: beside it in a form, below it as a heading, behind it in a sentence."""
    for grid in reading.grids:
        if grid.is_sheet or grid.index in reading.signed:
            continue
        for row in grid.lines:
            said = [text for text in header_texts(row) if text]
            if len(said) == 2 and _is_assurance(reading, said[0]):
                yield said[1], row.locator
    for line in reading.prose:
        if len(line.text) > _LONGEST:
            continue
        if line.heading is not None and _is_assurance(reading, line.heading.text):
            yield line.text, line.block.locator
            continue
        for sentence in sentences_in(_NUMBER_ENDS.sub(";\n", line.text)):
            starts = list(_WORD.finditer(sentence))[:_MOST_LABEL_WORDS]
            ends = [word.end() for word in starts if _is_assurance(reading, sentence[: word.end()])]
            if ends and starts[0].start() == 0:
                yield sentence[ends[0] :], line.block.locator


def _is_assurance(reading: Reading, text: str) -> bool:
    return fold(text) in words("assurance_headings") or reading.words.role(clean(text, 120)) == ASSURANCE


def _only_day(reading: Reading, text: str) -> date | None:
    """Return the day of a text that names one: it holds for all whom it names."""
    days = {day for part in re.split(r"[,;()]|\.\s", text) if (day := day_in(reading, part)) is not None}
    return days.pop() if len(days) == 1 else None


def _is_given(text: str) -> bool:
    said = f" {fold(text)} "
    return any(f" {word} " in said for word in words("assurance_given"))


def _names(reading: Reading, text: str) -> Iterator[str]:
    """Yield who is named: what stands between signs and is nothing but a name, without the words of agreement around it."""
    for part in _APART.split(text):
        name = _without_verbs(part.strip(" ."))
        people = parse_people(name)
        if (
            _NAME.fullmatch(name) is not None
            and (" " in name or "." in name)
            and len(people) == 1
            and people[0].kind == "person"
            and reading.words.role(name) is None
        ):
            yield name


def _without_verbs(text: str) -> str:
    """Return *text* without what was done before and behind the name: 'reviewed and agreed by Jo Lake', 'Jo Lake on 3 May 2026'."""
    parts = list(takewhile(lambda part: not any(letter.isdigit() for letter in part), text.split()))
    if len(parts) > 1 and fold(parts[0]) in words("assurance_given"):
        parts.pop(0)  # 'Geprüft von Jo Lake'
    while parts and parts[0].islower():
        parts.pop(0)
    while parts and parts[-1].islower():
        parts.pop()
    return " ".join(parts)
