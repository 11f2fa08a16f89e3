"""The audit trail: entries that only follow each other, each with the hash of the one before. No database here.

    hash = SHA-256 of the JSON list [number, at, actor, source, kind, key, act, payload, before]

`before` of the first entry is the hash of the ledger's own id, so that no part of a trail can be taken for one of another ledger. Whoever
changes, removes, moves or inserts an entry breaks the chain from there on. Whoever can write the database could compute the whole chain
anew, or cut off its end: that shows only against a mark (number and hash of an entry) that was kept elsewhere. Every audit keeps one.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Literal

import orjson

from auditor.ledger.entry import AnswerEntry, Entry, canonical_json, entry_of, key_of, kind_of
from auditor.model.row import Frozen

Act = Literal["set", "withdraw"]

COLUMNS = ("number", "at", "actor", "source", "kind", "key", "act", "payload", "before", "hash")
"""Of a stored entry. All but `number` are texts."""


class TrailEntry(Frozen):
    """One entry of the trail.

    Attributes:
        number: from 1, without gaps.
        at: when it was written, UTC, by the clock of the machine that wrote it.
        actor: who wrote it.
        source: how: 'auditor answer', 'import answers.yaml', 'checklist 0123456789ab'.
        kind, key: what it is about.
        payload: what it says, as JSON values.
        before: hash of the entry before.
    """

    number: int
    at: datetime
    actor: str
    source: str
    kind: str
    key: str
    act: Act
    payload: dict[str, Any]
    before: str
    hash: str

    @property
    def entry(self) -> Entry:
        """What was written.

        Raises:
            ValueError: this version of auditor does not know such an entry.
        """
        return entry_of(self.kind, self.key, self.payload, is_withdrawal=self.act == "withdraw")


class Mark(Frozen):
    """Where a trail stood: kept outside of the ledger, it shows later whether what was written until then is still the same."""

    ledger: str  # the first 8 digits of the ledger's id
    position: int
    hash: str  # of the entry at the position; of the ledger's id when the trail is empty

    def __str__(self) -> str:
        """Return the mark as audits keep it."""
        return f"{self.position} {self.hash} of {self.ledger}"


def read_mark(text: str) -> Mark | None:
    """Return the mark that *text* is, or None when it is none."""
    found = re.fullmatch(r"([0-9]+) ([0-9a-f]{64}) of ([0-9a-f]{8})", text)
    return Mark(ledger=found[3], position=int(found[1]), hash=found[2]) if found else None


class Broken(Frozen):
    """The first thing that is wrong with a trail.

    Attributes:
        number: of the entry; 0: the trail as a whole.
    """

    number: int
    why: str


class Verified(Frozen):
    """What a verification of the whole trail found.

    Attributes:
        position: entries that are there and, up to `broken`, whole.
        head: hash of the newest entry; None when the trail is empty or broken.
        broken: None: all is well.
    """

    ledger: str  # its id
    position: int
    head: str | None
    broken: Broken | None

    @property
    def is_whole(self) -> bool:
        """Whether all is well."""
        return self.broken is None


def first_hash(ledger: str) -> str:
    """Return the predecessor of the first entry of the ledger with this id."""
    return hashlib.sha256(f"auditor ledger {ledger}".encode()).hexdigest()


def entry_hash(row: Mapping[str, Any]) -> str:
    """Return the hash of an entry, from the columns of its row as they are stored."""
    said = [row[name] for name in COLUMNS[:-1]]
    return hashlib.sha256(canonical_json(said).encode("utf-8", "surrogatepass")).hexdigest()


def instant_text(at: datetime) -> str:
    """Return an instant as it is stored and hashed: UTC, to the microsecond."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def trail_entry(row: Mapping[str, Any]) -> TrailEntry:
    """Return a stored row as an entry.

    Raises:
        ValueError: it is none.
    """
    if not _is_text(row):
        raise ValueError("an entry is made of texts")
    return TrailEntry.model_validate({**row, "at": datetime.fromisoformat(row["at"]), "payload": orjson.loads(row["payload"])})


def row_of(entry: TrailEntry) -> dict[str, Any]:
    """Return an entry as it is stored."""
    said = {name: getattr(entry, name) for name in COLUMNS}
    return said | {"at": instant_text(entry.at), "payload": canonical_json(entry.payload)}


def check_chain(ledger: str, rows: Iterable[Mapping[str, Any]], *, mark: str | None = None) -> Verified:
    """Return whether rows are the whole, unchanged trail of a ledger.

    Args:
        ledger: its id.
        rows: of the trail, by their number.
        mark: hash of an entry (or its beginning) that must be among them; None: none is known.
    """
    before, count, is_marked = first_hash(ledger), 0, mark is None
    if mark is not None and before.startswith(mark):
        is_marked = True
    for row in rows:
        broken = _fault(row, count + 1, before)
        if broken:
            return Verified(ledger=ledger, position=count, head=None, broken=Broken(number=count + 1, why=broken))
        count, before = count + 1, row["hash"]
        if mark is not None and before.startswith(mark):
            is_marked = True
    if not is_marked:
        why = f"no entry has the hash {str(mark)[:64]}: the end of the trail was cut off, or the trail was written anew"
        return Verified(ledger=ledger, position=count, head=before if count else None, broken=Broken(number=0, why=why))
    return Verified(ledger=ledger, position=count, head=before if count else None, broken=None)


def _fault(row: Mapping[str, Any], expected: int, before: str) -> str:
    """Return what is wrong with a row that should be the entry number *expected*; '' when nothing is."""
    number = row["number"]
    if not _is_text(row):
        return "it was changed after it was written: it holds what is no text"
    if number != expected:
        return f"the next entry that is there has the number {number}: entries were removed or moved"
    if row["before"] != before:
        return "it does not follow the entry before it: that one was changed or removed, or this one inserted"
    if row["hash"] != entry_hash(row):
        return "it was changed after it was written"
    try:
        said = trail_entry(row).entry
    except ValueError:
        return "its hash is right, but it says nothing that this version of auditor can read"
    if (key_of(said), kind_of(said)) != (row["key"], row["kind"]):
        return "its hash is right, but it is filed under another thing than it is about"
    return ""


def same(entry: TrailEntry, said: Entry) -> bool:
    """Say whether an entry of the trail says what *said* says. In which checklist a rule was answered is no part of the answer."""
    try:
        written = entry.entry
    except ValueError:
        return False
    if isinstance(written, AnswerEntry) and isinstance(said, AnswerEntry) and written.kind == "rule":
        return (written.answer, written.kind) == (said.answer, said.kind)
    return written == said


def _is_text(row: Mapping[str, Any]) -> bool:
    """Say whether every column but the number is a text: SQLite lets anybody store something else."""
    return all(isinstance(row[name], str) for name in COLUMNS[1:])


def replay(entries: Iterable[TrailEntry]) -> dict[tuple[str, str], TrailEntry]:
    """Return what holds after *entries*: (kind, key) → the newest entry, withdrawn things left out.

    The database answers the same with one query; this says what that query must give.
    """
    holds: dict[tuple[str, str], TrailEntry] = {}
    for entry in entries:
        if entry.act == "withdraw":
            holds.pop((entry.kind, entry.key), None)
        else:
            holds[entry.kind, entry.key] = entry
    return holds
