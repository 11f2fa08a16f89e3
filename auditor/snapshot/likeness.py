"""How much of what a document lists the register of its kind says: decisions of minutes, risks of a charter. Rules compare no texts."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence

from auditor.config.mapping import fold
from auditor.snapshot.match import OWN_ID, plain_id
from auditor.snapshot.rows import Made

_REGISTERS = {"risk": "risk", "issue": "issue", "decision": "decision", "change": "change_request", "benefit": "benefit"}
"""Kind of a listed item → the register that should hold it."""

_SAID = ("title", "name", "text", "description", "rationale", "impact_analysis", "resolution", "response_detail", "comment", "category")
_SHORTEST_WORD = 4  # letters: articles and the like are shorter in all the languages that are read
_STEM = 6  # letters: 'approves' and 'approved' are one word
_FEWEST_WORDS = 3
_LONGEST = 2000


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
        if entries[table] and all("title" in entry.filled for entry in entries[table]):
            register = _Register(entries[table])
            for item in items:
                if (share := register.share_of(item)) is not None:
                    item.put("likeness", share)


class _Register:
    """The entries of one register, as words."""

    def __init__(self, entries: Sequence[Made]) -> None:
        said = [_said(entry, _SAID) for entry in entries]
        self._entries = [_stems(text) for text in said]
        self._ids = {plain_id(str(own)) for entry in entries for own in (entry.id, entry.get("key"), entry.extra.get("own_id")) if own}
        self._holders: dict[str, list[int]] = defaultdict(list)
        for number, words in enumerate(self._entries):
            for word in words:
                self._holders[word].append(number)

    def share_of(self, item: Made) -> int | None:
        texts = [str(item.get(column) or "") for column in ("ref", "name", "text")]
        if any(plain_id(found) in self._ids for text in texts for found in OWN_ID.findall(text[:_LONGEST])):
            return 100
        shares = [share for text in texts[1:] if (share := self._share(_stems(text))) is not None]
        return max(shares, default=None)

    def _share(self, words: frozenset[str]) -> int | None:
        if len(words) < _FEWEST_WORDS:
            return None
        size = len(self._entries)
        # Above nothing also for a word of all entries: (n + 1) / (n + 0.5) is more than one.
        weights = {word: math.log((size + 1) / (len(self._holders.get(word, ())) + 0.5)) for word in sorted(words)}
        held: dict[int, float] = defaultdict(float)
        for word, weight in weights.items():
            for number in self._holders.get(word, ()):
                held[number] += weight
        return round(100 * max(held.values(), default=0.0) / sum(weights.values()))


def _stems(text: str) -> frozenset[str]:
    words = fold(text[:_LONGEST]).split()
    return frozenset(word[:_STEM] for word in words if len(word) >= _SHORTEST_WORD and not any(letter.isdigit() for letter in word))


def _said(row: Made, columns: Sequence[str]) -> str:
    return " ".join(str(row.get(column)) for column in columns if column in row.values and row.get(column))
