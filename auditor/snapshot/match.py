"""Which rows are about the same thing, or name one another, by their texts. Computed here: rules never compare texts.

`same_thing`: two rows of different tables (or of one table in different sources) with nearly the same title. `names`: a row's text holds
another row's id ('CR-12') or its whole title; the file name of a document or the comment of a version names a row, never the other way
round; the audience of a planned communication names a stakeholder by name, organisation or role ('PSC'). A match is a reason to say
'found', so doubt gives none, and one with a row that is not of record is not of record either.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from auditor.config.mapping import fold
from auditor.snapshot.copies import COPY
from auditor.snapshot.rows import Made, digest_id

_TABLES = frozenset(
    {
        "action",
        "benefit",
        "change_request",
        "decision",
        "deliverable",
        "issue",
        "lesson",
        "listed_item",
        "milestone",
        "requirement",
        "review",
        "risk",
        "work_item",
        "work_package",
    }
)
_SPEAKERS = {"artefact": ("title", "file_name"), "artefact_version": ("comment",)}
"""Tables that are no subject of a match and whose texts name rows that are."""

_OF_FORMS = frozenset({"change_request", "issue", "risk"})
"""Registers whose entries have forms of their own."""

_STAKEHOLDER = ("name", "organisation", "role")
_PARTS = re.compile(r"[,;/\n&]|\band\b|\bund\b|\bet\b|\by\b", re.IGNORECASE)
_TITLE = ("title", "name", "subject", "text", "description")
_SPEAKS = ("title", "name", "text", "description", "rationale", "impact_analysis", "resolution", "response_detail", "comment", "reason")
_ALIKE = 92.0
_FEWEST_WORDS = 2
_TITLE_WORDS = 4
_COMMON = 150  # a word that more titles hold tells nothing
_MOST_PER_ROW = 20
OWN_ID = re.compile(r"(?<![\w-])[A-Za-z][A-Za-z0-9]{0,9}[-_. ]?\d{1,6}(?![\w-])")
"""An id that entries bear: 'CR-12', 'R 1'."""

_LONGEST = 300


@dataclass(frozen=True, slots=True)
class _Text:
    row: Made
    words: tuple[str, ...]
    joined: str


def matches(rows: Iterable[Made]) -> Iterator[Made]:
    """Yield the matches between the rows of one project."""
    texts = []
    speakers: list[tuple[Made, str]] = []
    stakeholders: list[Made] = []
    rows = list(rows)
    forms = _forms(rows)
    for row in rows:
        if row.is_gone or row.extra.get(COPY):
            continue
        if row.table in _SPEAKERS:
            speakers.append((row, _said(row, _SPEAKERS[row.table]).replace("_", " ")))  # file names part words by underscores
        elif row.table == "stakeholder":
            stakeholders.append(row)
        elif row.table in _TABLES:
            title = next((str(row.get(column)) for column in _TITLE if column in row.values and row.get(column)), "")
            words = tuple(fold(title[:_LONGEST]).split())
            texts.append(_Text(row, words, " ".join(sorted(words))))
    texts.sort(key=lambda text: (text.row.table, text.row.source, text.row.id))
    yield from _same(texts)
    yield from _named(texts, sorted(speakers, key=lambda speaker: (speaker[0].table, speaker[0].source, speaker[0].id)), forms)
    yield from _addressed(texts, sorted(stakeholders, key=lambda row: (row.source, row.id)))


def _same(texts: Sequence[_Text]) -> Iterator[Made]:
    from rapidfuzz import fuzz  # noqa: PLC0415  (only where there is something to compare)

    index: dict[str, dict[tuple[str, str], list[int]]] = defaultdict(dict)
    groups = set()
    for number, text in enumerate(texts):
        if len(text.words) >= _FEWEST_WORDS:
            groups.add(_group(text.row))
            for word in set(text.words):
                index[word].setdefault(_group(text.row), []).append(number)
    if len(groups) == 1:
        return
    for number, text in enumerate(texts):
        if len(text.words) < _FEWEST_WORDS:
            continue
        group = _group(text.row)
        near: set[int] = set()
        for word in set(text.words):
            for other_group, numbers in index[word].items():
                if other_group != group and len(numbers) <= _COMMON:
                    near.update(other for other in numbers if other > number)
        found = []
        for other in near:
            theirs = texts[other]
            if not _may_match(text.row, theirs.row):
                continue
            score = fuzz.ratio(text.joined, theirs.joined, score_cutoff=_ALIKE)
            if score >= _ALIKE and _numbers(text.words) == _numbers(theirs.words):
                found.append((-score, other))
        for score, other in sorted(found)[:_MOST_PER_ROW]:
            yield _match(text.row, texts[other].row, "same_thing", Decimal(round(-score)) / 100)


def _group(row: Made) -> tuple[str, str]:
    """Return what rows share that cannot be alike: one register does not hold a thing twice."""
    return row.table, row.source


def _may_match(first: Made, second: Made) -> bool:
    if first.table == second.table:
        return first.source != second.source
    # An issue of a tracker and the register's row that it gives are one row, not two alike.
    return not (first.source == second.source and first.id == second.id)


def _numbers(words: Iterable[str]) -> tuple[str, ...]:
    """Return the words with digits: 'Release 2' is not 'Release 3'."""
    return tuple(sorted(word for word in words if any(letter.isdigit() for letter in word)))


def _said(row: Made, columns: Sequence[str]) -> str:
    """Return what a row says, column by column."""
    return " \n ".join(str(row.get(column)) for column in columns if column in row.values and row.get(column))


def _forms(rows: Iterable[Made]) -> dict[tuple[str, str], str]:
    """Return table and id of each document that is the form of one entry ('Change Request Form') → the id that it bears."""
    said: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in rows:
        if row.table in _OF_FORMS and row.artefact and not row.is_gone:
            said[row.table, row.artefact].append(str(row.extra.get("own_id") or ""))
    return {place: ids[0] for place, ids in said.items() if len(ids) == 1 and OWN_ID.fullmatch(ids[0])}


def _contradicts(speaker: Made, named: Made, forms: dict[tuple[str, str], str]) -> bool:
    """Say whether the name of a form calls another entry than the form itself: it is not known whose form it is."""
    own = forms.get((named.table, speaker.id)) if speaker.table == "artefact" else None
    return own is not None and plain_id(own) not in {plain_id(str(named.id)), plain_id(str(named.get("key") or ""))}


def _named(texts: Sequence[_Text], speakers: Sequence[tuple[Made, str]], forms: dict[tuple[str, str], str]) -> Iterator[Made]:
    by_id: dict[str, list[Made]] = defaultdict(list)
    by_title: dict[str, list[Made]] = defaultdict(list)
    keys = {(text.row.source, text.row.id): str(text.row.get("key") or "") for text in texts if text.row.table == "work_item"}
    for text in texts:
        if text.row.table != "listed_item":
            # An entry of a register that a tracker keeps is called by its key there: 'ABC-12'.
            for said in {str(text.row.id), str(text.row.get("key") or ""), keys.get((text.row.source, text.row.id), "")}:
                if OWN_ID.fullmatch(said):
                    by_id[plain_id(said)].append(text.row)
            if len(text.words) >= _TITLE_WORDS:
                by_title[" ".join(text.words)].append(text.row)
    speaking = [(text.row, _said(text.row, _SPEAKS)) for text in texts if text.row.table != "work_item"]
    for speaker, said in (*speaking, *speakers):
        found: dict[tuple[str, str, str], Made] = {}
        for token in OWN_ID.findall(said):
            for row in by_id.get(plain_id(token), ()):
                found[row.table, row.source, row.id] = row
        spoken = fold(said).split()
        for start in range(len(spoken) - _TITLE_WORDS + 1):
            for row in _titled(spoken, start, by_title):
                found[row.table, row.source, row.id] = row
        for key in sorted(found)[:_MOST_PER_ROW]:
            if found[key] is not speaker and _may_match(speaker, found[key]) and not _contradicts(speaker, found[key], forms):
                yield _match(speaker, found[key], "names", Decimal(1))


def _addressed(texts: Sequence[_Text], stakeholders: Sequence[Made]) -> Iterator[Made]:
    """Yield which stakeholders the audiences of planned communications name."""
    called: dict[str, list[Made]] = defaultdict(list)
    for row in stakeholders:
        names = {fold(str(row.get(column) or "").replace("_", " ")) for column in _STAKEHOLDER}
        role = fold(str(row.get("role") or "").replace("_", " ")).split()
        initials = "".join(word[0] for word in role) if len(role) > 1 else ""
        for name in sorted({*names, initials} - {""}):
            called[name].append(row)
    for text in texts:
        if text.row.table != "listed_item" or text.row.get("kind") not in ("communication", "report_in_use"):
            continue
        parts = sorted({fold(part) for part in _PARTS.split(str(text.row.get("text") or "")[:_LONGEST])} - {""})
        for row in {id(row): row for part in parts for row in called.get(part, ())}.values():
            yield _match(text.row, row, "names", Decimal(1))


def _titled(spoken: Sequence[str], start: int, by_title: dict[str, list[Made]]) -> Iterator[Made]:
    words = ""
    for end in range(start, min(start + 15, len(spoken))):
        words = f"{words} {spoken[end]}" if words else spoken[end]
        yield from by_title.get(words, ())


def plain_id(said: str) -> str:
    """Return an id as ids are compared: 'R-01' is 'r01'."""
    return re.sub(r"[-_. ]", "", said).casefold()


def _match(first: Made, second: Made, kind: str, score: Decimal) -> Made:
    values = {
        "from_table": first.table,
        "from_id": first.id,
        "to_table": second.table,
        "to_id": second.id,
        "kind": kind,
        "score": score,
    }
    row_id = digest_id("match", kind, first.table, first.source, first.id, second.table, second.source, second.id)
    # What only an earlier edition or another place says of an entry is no entry: no rule that asks whether there is one is answered by it.
    is_record = first.is_record and second.is_record
    return Made("match", row_id, values, set(values), first.source, first.url, first.locator, seen_at=first.seen_at, is_record=is_record)
