"""How much of what a document lists the register of its kind says: decisions of minutes, risks of a charter. Rules compare no texts."""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from auditor.config.mapping import fold
from auditor.snapshot.match import OWN_ID, plain_id
from auditor.snapshot.rows import Made
from auditor.snapshot.words import words

_REGISTERS = {
    "risk": "risk",
    "issue": "issue",
    "decision": "decision",
    "change": "change_request",
    "benefit": "benefit",
    "communication": "stakeholder",
}
"""Kind of a listed item → the register that should hold it."""

_AUDIENCES = "communication"
_SAID = ("title", "name", "text", "description", "rationale", "impact_analysis", "resolution", "response_detail", "comment", "category")
_KNOWN_AS = ("name", "role", "role_raw", "organisation", "communication_need", "attitude", "category", "comment", "person_id")
_SHORTEST_WORD = 4  # letters: articles and the like are shorter in all the languages that are read
_STEM = 6  # letters: 'approves' and 'approved' are one word
_FEWEST_WORDS = 3
_LONGEST = 2000
_FEWEST_SHARED = 2  # words
_ZEROS = re.compile(r"(?<=\D)0+(?=\d)")


def mark_likeness(rows: Iterable[Made]) -> None:
    """Fill `likeness` of listed items: 0..100, per cent of its telling words that one entry of the register has; 100 where it names one.

    A word counts the more, the fewer entries have it. Of its name and its text the one counts that is more alike. Entries are those of the
    place of record. Unknown where the project has no entry of that register, where the title of one was not read, or where too few words
    tell something.
    """
    listed: dict[str, list[Made]] = defaultdict(list)
    entries: dict[str, list[Made]] = defaultdict(list)
    tables = frozenset(_REGISTERS.values())
    for row in rows:
        if row.is_gone:
            continue
        if row.table == "listed_item" and (kind := str(row.get("kind"))) in _REGISTERS:
            listed[_REGISTERS[kind]].append(row)
        elif row.table in tables and row.is_record:
            entries[row.table].append(row)
    for table, items in listed.items():
        named = "name" if table == "stakeholder" else "title"
        if entries[table] and all(named in entry.filled for entry in entries[table]):
            found = entries[table]
            ids = (str(own) for entry in found for own in (entry.id, entry.get("key"), entry.extra.get("own_id")) if own)
            register = Passages((_said(entry, _KNOWN_AS if table == "stakeholder" else _SAID) for entry in found), ids)
            strange = _of_other_entries(items, found)
            for item in items:
                columns = ("ref", "text") if item.get("kind") == _AUDIENCES else ("ref", "name", "text")  # its name is that of the paper
                texts = [str(item.get(column) or "") for column in columns]
                share = 100 if id(item) not in strange and register.names(texts) else register.share_of(texts[1:])
                if share is not None:
                    item.put("likeness", share)


def mark_findings(rows: Iterable[Made]) -> None:
    """Fill `likeness` of findings that say as which issue they were entered: per cent of their telling words that this issue has.

    100 where the issue bears the number of the finding; 0 where no issue is called so, though others bear numbers of that kind.
    """
    rows = [row for row in rows if not row.is_gone]
    findings = [row for row in rows if row.table == "listed_item" and row.get("name") == "finding_entered"]
    if not findings:
        return
    issues: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row.table == "issue" and "title" in row.filled:
            for own in {str(row.extra.get("own_id") or row.id), str(row.get("key") or "")} - {""}:
                issues[_key(own)].append(_said(row, _SAID))
    kinds = {_kind_of(own) for own in issues}
    for row in findings:
        entries = issues.get(_key(str(row.get("ref"))), [])
        told = [words for column in ("text", "reason") if len(words := stems(str(row.get(column) or ""))) >= _FEWEST_WORDS]
        if not told or (not entries and _kind_of(_key(str(row.get("ref")))) not in kinds):
            continue
        own = str(row.get("role") or "")
        number = fold(own) if OWN_ID.fullmatch(own) else ""  # a bare figure may stand for anything
        if any(number and f" {number} " in f" {fold(entry)} " for entry in entries):
            row.put("likeness", 100)
        else:
            shares = [100 * len(words & stems(entry)) // len(words) for words in told for entry in entries]
            row.put("likeness", max(shares, default=0))


def _kind_of(own: str) -> str:
    return own.rstrip("0123456789")


def name_changes_worked_on(rows: Iterable[Made]) -> None:
    """Fill `ref` of the work that reports tell with the issue that it carries out: one that the report names, and whose title it has.

    What bears its edition ('Firmware 4.2') in one title alone is of that issue, even where the report does not name it.
    """
    rows = [row for row in rows if not row.is_gone]
    issues = {
        _key(str(row.extra.get("own_id") or row.id)): row for row in rows if row.table == "issue" and row.is_record and row.get("title")
    }
    for row in rows:
        if row.table != "listed_item" or row.get("name") != "work_told" or _key(str(row.get("ref") or "")) in issues:
            continue
        told = stems(str(row.get("text") or ""))
        editions = _editions(str(row.get("text") or ""))
        named = [own for own, issue in issues.items() if editions & _editions(str(issue.get("title")))] if editions else []
        for own in str(row.get("reason") or "").split() if not named else ():
            title = stems(str(issues[_key(own)].get("title"))) if _key(own) in issues else frozenset()
            if len(title & told) >= _FEWEST_SHARED and 2 * len(title & told) >= len(title):
                named.append(own)
        if len(named) == 1:
            row.put("ref", str(issues[_key(named[0])].extra.get("own_id") or issues[_key(named[0])].id))


_EDITION = re.compile(r"([^\W\d_]{3,})\s+[vV]?\.?\s?(\d{1,4}(?:\.\d{1,4}){1,3})(?![\d.]*\d)")


def _editions(text: str) -> frozenset[tuple[str, str]]:
    """Return what *text* names with its edition, which is the same in every language: 'Firmware 4.2', 'release 7.3.1'."""
    return frozenset((fold(name), number) for name, number in _EDITION.findall(text) if fold(name) in words("named_editions"))


def _of_other_entries(items: Iterable[Made], entries: Iterable[Made]) -> set[int]:
    """Return the items whose number an entry bears that is another thing: 'R-05 Late delivery' where R-05 of the register is 'Illness'.

    Only where other items of the same document bear the numbers of the entries that have their words; else each counts for itself.
    """
    said = {_key(str(own)): stems(_said(entry, _SAID)) for entry in entries for own in (entry.extra.get("own_id") or entry.id,)}
    by_document: dict[str, list[tuple[Made, float]]] = defaultdict(list)
    for item in items:
        words = stems(f"{item.get('name') or ''} {item.get('text') or ''}")
        if len(words) >= _FEWEST_WORDS and (entry := said.get(_key(str(item.get("ref") or "")))) is not None:
            by_document[str(item.get("artefact_id") or item.url)].append((item, len(words & entry) / len(words)))
    return {
        id(item)
        for found in by_document.values()
        if sum(share >= _SURELY for _, share in found) >= _FEWEST_ALIKE
        for item, share in found
        if share <= _HARDLY
    }


_SURELY, _HARDLY, _FEWEST_ALIKE = 0.6, 0.15, 2


class Passages:
    """Texts in which the words of another are looked for, one passage at a time."""

    def __init__(self, texts: Iterable[str], ids: Iterable[str] = ()) -> None:
        """Take the passages.

        Args:
            texts: one for each passage.
            ids: what they, or what they stand for, are called ('R-12').
        """
        self._passages = [stems(text) for text in texts]
        self._ids = {_key(own) for own in ids}
        self._holders: dict[str, list[int]] = defaultdict(list)
        for number, passage in enumerate(self._passages):
            for word in passage:
                self._holders[word].append(number)

    def names(self, texts: Iterable[str]) -> bool:
        """Return whether an id that stands in *texts* is one of the passages'."""
        return any(_key(found) in self._ids for text in texts for found in OWN_ID.findall(text[:_LONGEST]))

    def share_of(self, texts: Iterable[str], fewest: int = _FEWEST_WORDS) -> int | None:
        """Return how much of the most alike of *texts* the most alike passage has, 0..100.

        None where no text has *fewest* telling words or more.
        """
        shares = [self._share(words) for text in texts if len(words := stems(text)) >= fewest]
        return max(shares, default=None)

    def _share(self, words: frozenset[str]) -> int:
        size = len(self._passages)
        # Above nothing also for a word of all passages: (n + 1) / (n + 0.5) is more than one.
        weights = {word: math.log((size + 1) / (len(self._holders.get(word, ())) + 0.5)) for word in sorted(words)}
        held: dict[int, float] = defaultdict(float)
        for word, weight in weights.items():
            for number in self._holders.get(word, ()):
                held[number] += weight
        return round(100 * max(held.values(), default=0.0) / sum(weights.values()))


def _key(own_id: str) -> str:
    """Return an id as ids are compared here: 'I-007' is 'I 7'."""
    return _ZEROS.sub("", plain_id(own_id))


def stems(text: str) -> frozenset[str]:
    """Return the telling words of a text as they are compared: folded, the longer ones, cut to their beginning."""
    words = fold(text[:_LONGEST]).split()
    return frozenset(word[:_STEM] for word in words if len(word) >= _SHORTEST_WORD and not any(letter.isdigit() for letter in word))


def _said(row: Made, columns: Sequence[str]) -> str:
    return " ".join(str(row.get(column)) for column in columns if column in row.values and row.get(column))
