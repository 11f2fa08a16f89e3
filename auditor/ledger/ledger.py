"""The ledger: what people write, and the trail of all that was ever written.

Only the trail is kept. What holds is derived from it each time: the newest entry about each thing, unless it withdraws.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import sqlalchemy as sa

from auditor.checks.inputs import Answer
from auditor.errors import StoreError, UsageError
from auditor.ledger.database import WAIT_SECONDS, Database, row_values
from auditor.ledger.entry import (
    AnswerEntry,
    ConfirmationEntry,
    DocumentKind,
    Entry,
    Kind,
    PersonAliases,
    SignOffEntry,
    WaiverEntry,
    Withdraw,
    canonical_json,
    key_of,
    kind_of,
    payload_of,
)
from auditor.ledger.schema import trail
from auditor.ledger.trail import Broken, Mark, TrailEntry, Verified, check_chain, entry_hash, first_hash, instant_text, same, trail_entry
from auditor.ledger.waiver import Waiver
from auditor.model.row import Frozen

_AT_ONCE = 400
"""Keys per question: databases limit the parameters of a statement."""

_LONGEST_NAME = 200


class StoredAnswer(Frozen):
    """An answer that holds.

    Attributes:
        kind: 'question': a checklist's own, which the engine never sees.
        checklist: kind of the checklist that it was given in; None: in none.
        entry: number of its entry in the trail.
    """

    answer: Answer
    kind: Literal["rule", "question"]
    checklist: str | None
    entry: int


class Conflict(Frozen):
    """Two people wrote about one thing.

    Attributes:
        mine: what was to be written.
        theirs: what somebody wrote meanwhile.
    """

    mine: Entry
    theirs: TrailEntry


class Written(Frozen):
    """What became of entries.

    Attributes:
        position: of the trail afterwards.
        written: the new entries, in their order.
        unchanged: what held already and was left out.
        conflicts: not empty: nothing was written.
    """

    position: int
    written: tuple[TrailEntry, ...] = ()
    unchanged: tuple[Entry, ...] = ()
    conflicts: tuple[Conflict, ...] = ()


def open_ledger(
    url: str, *, now: Callable[[], datetime] | None = None, wait_seconds: float = WAIT_SECONDS, identity: str | None = None
) -> "Ledger":
    """Return the ledger at an address; it is made where there is none, and brought to the newest revision.

    Args:
        url: 'sqlite:////absolute/path' or 'postgresql+psycopg://user:password@host/database'.
        now: the clock.
        wait_seconds: how long a writer waits for another one.
        identity: of a ledger that is made; None: a new one. One that is there keeps its own.

    Raises:
        UsageError: this is no address of a ledger.
        StoreError: there is something else, a newer ledger, or it cannot be read or written.
    """
    found = _opened(url, now, wait_seconds, create=True, identity=identity)
    assert found is not None
    return found


def find_ledger(url: str, *, now: Callable[[], datetime] | None = None, wait_seconds: float = WAIT_SECONDS) -> "Ledger | None":
    """Return the ledger at an address, or None when there is none: reading makes nothing. Arguments and errors: `open_ledger`."""
    return _opened(url, now, wait_seconds, create=False)


def _opened(
    url: str, now: Callable[[], datetime] | None, wait_seconds: float, *, create: bool, identity: str | None = None
) -> "Ledger | None":
    database = Database(url, wait_seconds=wait_seconds)
    try:
        if not database.prepare(create=create, identity=identity):
            database.close()
            return None
        return Ledger(database, database.identity(), now or (lambda: datetime.now(UTC)))
    except BaseException:
        database.close()
        raise


class Ledger:
    """What people write. Made by `open_ledger`; a context manager that closes it.

    Attributes:
        id: 32 hexadecimal digits.
        shown: where it is, without secrets.
    """

    def __init__(self, database: Database, identity: str, now: Callable[[], datetime]) -> None:
        self.id = identity
        self.shown = database.shown
        self._database = database
        self._now = now

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self._database.close()

    @property
    def file(self) -> Path | None:
        """Where it lies; None: in PostgreSQL."""
        return self._database.file

    @property
    def position(self) -> int:
        """Number of the newest entry of the trail; 0: nothing was written yet."""
        with self._database.reading() as connection:
            return _position(connection)

    def mark(self, *, until: int | None = None) -> Mark:
        """Return where the trail stands, or stood at a position: kept elsewhere, it shows later what was cut off or rewritten.

        Raises:
            UsageError: the trail is not that long.
        """
        with self._database.reading() as connection:
            position = self._until(connection, until)
            head = connection.execute(sa.select(trail.c.hash).where(trail.c.number == position)).scalar()
        if head is None and position:
            raise StoreError(f"{self.shown}: entry {position} of the trail is not there", hint="`auditor trail verify`")
        return Mark(ledger=self.id[:8], position=position, hash=head or first_hash(self.id))

    # What holds

    def answers(self, *, until: int | None = None) -> tuple[StoredAnswer, ...]:
        """Return the answers that hold: the newest per rule or question, project and subject; withdrawn ones are left out.

        Args:
            until: as of this position of the trail; None: now.

        Raises:
            UsageError: the trail is not that long.
            StoreError: an entry cannot be read.
        """
        found = []
        for entry in self.holding("answer", until):
            said = self.read(entry)
            assert isinstance(said, AnswerEntry)
            found.append(StoredAnswer(answer=said.answer, kind=said.kind, checklist=said.checklist, entry=entry.number))
        return tuple(
            sorted(found, key=lambda item: (item.answer.rule, item.answer.project, item.answer.subject or "", item.checklist or ""))
        )

    def waivers(self, *, until: int | None = None) -> tuple[Waiver, ...]:
        """Return the waivers that hold, by their key, ended ones too. Arguments and errors: `answers`."""
        said = [self.read(entry) for entry in self.holding("waiver", until)]
        return tuple(sorted((item.waiver for item in said if isinstance(item, WaiverEntry)), key=lambda item: item.key))

    def sign_offs(self, *, until: int | None = None) -> tuple[SignOffEntry, ...]:
        """Return the signatures that hold, in the order in which they were given. Arguments and errors: `answers`."""
        said = [self.read(entry) for entry in self.holding("sign_off", until)]
        return tuple(item for item in said if isinstance(item, SignOffEntry))

    def documents(self, *, until: int | None = None) -> tuple[DocumentKind, ...]:
        """Return what people said that documents are, by source and path. Arguments and errors: `answers`."""
        found = self._confirmed("document", until)
        return tuple(sorted((item for item in found if isinstance(item, DocumentKind)), key=lambda item: (item.source, item.path)))

    def people(self, *, until: int | None = None) -> tuple[PersonAliases, ...]:
        """Return the confirmed aliases of people, by identity. Arguments and errors: `answers`."""
        found = self._confirmed("person", until)
        return tuple(sorted((item for item in found if isinstance(item, PersonAliases)), key=lambda item: item.identity))

    def _confirmed(self, kind: Kind, until: int | None) -> list[DocumentKind | PersonAliases]:
        said = [self.read(entry) for entry in self.holding(kind, until)]
        return [item.confirms for item in said if isinstance(item, ConfirmationEntry)]

    # The trail

    def holding(self, kind: Kind, until: int | None = None) -> list[TrailEntry]:
        """Return the newest entries about each thing of a kind, by their numbers; withdrawals are left out."""
        with self._database.reading() as connection:
            newest = (
                sa.select(sa.func.max(trail.c.number).label("number"))
                .where(trail.c.kind == kind, trail.c.number <= self._until(connection, until))
                .group_by(trail.c.key)
                .subquery()
            )
            query = sa.select(trail).join(newest, newest.c.number == trail.c.number).where(trail.c.act == "set").order_by(trail.c.number)
            return [self._entry(row_values(row)) for row in connection.execute(query)]

    def entries(self, *, kind: str | None = None, until: int | None = None) -> Iterator[TrailEntry]:
        """Yield the trail from its beginning, one entry at a time.

        Args:
            kind: only of this kind; None: of all.
            until: up to this position; None: to the end.
        """
        with self._database.reading() as connection:
            query = sa.select(trail).where(trail.c.number <= self._until(connection, until)).order_by(trail.c.number)
            if kind is not None:
                query = query.where(trail.c.kind == kind)
            with connection.execution_options(yield_per=1_000).execute(query) as rows:  # closed too where the caller has enough
                for row in rows:
                    yield self._entry(row_values(row))

    def history(self, kind: str, key: str) -> tuple[TrailEntry, ...]:
        """Return everything that was written about one thing, oldest first."""
        with self._database.reading() as connection:
            query = sa.select(trail).where(trail.c.kind == kind, trail.c.key == key).order_by(trail.c.number)
            return tuple(self._entry(row_values(row)) for row in connection.execute(query))

    def histories(self, things: Iterable[tuple[str, str]]) -> dict[tuple[str, str], list[TrailEntry]]:
        """Return (kind, key) → everything that was written about it, oldest first; things without entries are left out."""
        found: dict[tuple[str, str], list[TrailEntry]] = {}
        with self._database.reading() as connection:
            for kind, keys in _portions(things):
                query = sa.select(trail).where(trail.c.kind == kind, trail.c.key.in_(keys)).order_by(trail.c.number)
                for row in connection.execute(query):
                    entry = self._entry(row_values(row))
                    found.setdefault((entry.kind, entry.key), []).append(entry)
        return found

    def hash_at(self, position: int) -> str | None:
        """Return the hash of the entry at a position (0: where the chain begins), or None when the trail is not that long."""
        if position == 0:
            return first_hash(self.id)
        with self._database.reading() as connection:
            found = connection.execute(sa.select(trail.c.hash).where(trail.c.number == position)).scalar()
        return None if found is None else str(found)

    def verify(self, *, head: str | None = None) -> Verified:
        """Return whether the trail is whole: the first broken entry, or that all is well.

        Args:
            head: hash, or its beginning, of an entry that was noted elsewhere: it must be in the trail. None: none was.
        """
        with self._database.reading() as connection:
            with connection.execution_options(yield_per=1_000).execute(sa.select(trail).order_by(trail.c.number)) as rows:
                found = check_chain(self.id, (row_values(row) for row in rows), mark=head)
            missing = self._database.missing_guards(connection)
        if found.is_whole and missing:
            why = f"the guard {missing[0]} of the database was removed; the entries themselves are whole"
            return found.model_copy(update={"broken": Broken(number=0, why=why)})
        return found

    def write(self, entries: Sequence[Entry], *, actor: str, source: str, if_unchanged_since: int | None = None) -> Written:
        """Append entries to the trail, in one transaction: all of them or none.

        What holds already is left out. Several entries about one thing follow each other.

        Args:
            entries: what to write.
            actor: who writes.
            source: how: 'auditor answer', 'checklist 0123456789ab'.
            if_unchanged_since: the position that the writer knew. Something else that anybody wrote about the same thing since is a
                conflict: then nothing at all is written. None: whatever was written is superseded.

        Raises:
            UsageError: an entry cannot be stored.
            StoreError: the ledger cannot be written; nothing was.
        """
        self._check_name("actor", actor)
        self._check_name("source", source)
        ready = [(kind_of(entry), key_of(entry), entry, self._payload(entry)) for entry in entries]
        with self._database.writing() as connection:
            position = _position(connection)
            newest = self._newest(connection, {(kind, key) for kind, key, _, _ in ready})
            if if_unchanged_since is not None:
                conflicts = tuple(
                    Conflict(mine=entry, theirs=theirs)
                    for kind, key, entry, _ in ready
                    if (theirs := newest.get((kind, key))) is not None and theirs.number > if_unchanged_since and not _says(theirs, entry)
                )
                if conflicts:
                    return Written(position=position, conflicts=conflicts)
            before = connection.execute(sa.select(trail.c.hash).where(trail.c.number == position)).scalar() or first_hash(self.id)
            at = instant_text(self._now())
            rows: list[dict[str, Any]] = []
            unchanged: list[Entry] = []
            for kind, key, entry, payload in ready:
                last = newest.get((kind, key))
                if _says(last, entry):
                    unchanged.append(entry)
                    continue
                row = {"number": position + len(rows) + 1, "at": at, "actor": actor, "source": source, "kind": kind, "key": key}
                row |= {"act": "withdraw" if isinstance(entry, Withdraw) else "set", "payload": payload, "before": before}
                before = row["hash"] = entry_hash(row)
                rows.append(row)
                newest[kind, key] = trail_entry(row)
            if rows:
                connection.execute(sa.insert(trail), rows)
        return Written(position=position + len(rows), written=tuple(map(trail_entry, rows)), unchanged=tuple(unchanged))

    def append(self, rows: Sequence[dict[str, Any]]) -> int:
        """Append stored entries of this ledger's own trail, which were checked, as they are; return how many were new.

        Raises:
            StoreError: they do not go on from what is there.
        """
        with self._database.writing() as connection:
            position = _position(connection)
            head = connection.execute(sa.select(trail.c.hash).where(trail.c.number == position)).scalar()
            if position > len(rows) or (position and rows[position - 1]["hash"] != head):
                raise StoreError(f"{self.shown}: the ledger holds other entries than the file", hint="name a new place under [ledger] url")
            if rows[position:]:
                connection.execute(sa.insert(trail), list(rows[position:]))
        return len(rows) - position

    # Helpers

    def _newest(self, connection: sa.Connection, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], TrailEntry]:
        found = {}
        for kind, some in _portions(keys):
            newest = sa.select(sa.func.max(trail.c.number)).where(trail.c.kind == kind, trail.c.key.in_(some)).group_by(trail.c.key)
            for row in connection.execute(sa.select(trail).where(trail.c.number.in_(newest))):
                entry = self._entry(row_values(row))
                found[entry.kind, entry.key] = entry
        return found

    def _until(self, connection: sa.Connection, until: int | None) -> int:
        position = _position(connection)
        if until is None:
            return position
        if not 0 <= until <= position:
            raise UsageError(f"the trail has no position {until}", hint=f"its newest entry is {position}: {self.shown}")
        return until

    def _entry(self, row: dict[str, Any]) -> TrailEntry:
        try:
            return trail_entry(row)
        except ValueError:
            raise StoreError(f"{self.shown}: entry {row['number']} of the trail cannot be read", hint="`auditor trail verify`") from None

    def read(self, entry: TrailEntry) -> Entry:
        """Return what an entry of the trail says.

        Raises:
            StoreError: this version of auditor does not know such an entry.
        """
        try:
            return entry.entry
        except ValueError:
            raise StoreError(
                f"{self.shown}: entry {entry.number} of the trail says nothing that this auditor can read",
                hint="was it written by a newer auditor? `auditor trail verify` says whether it was changed",
            ) from None

    def _payload(self, entry: Entry) -> str:
        text = canonical_json(payload_of(entry))
        try:
            (text + key_of(entry)).encode()
        except UnicodeEncodeError:
            raise UsageError(f"what is to be written about {kind_of(entry)} {ascii(key_of(entry))[:80]} is no valid text") from None
        return text

    def _check_name(self, what: str, name: str) -> None:
        if not name.strip() or len(name) > _LONGEST_NAME or not name.isprintable():
            raise UsageError(f"the {what} of an entry is 1 to {_LONGEST_NAME} printable letters, not {ascii(name)[:60]}")


def _position(connection: sa.Connection) -> int:
    return int(connection.execute(sa.select(sa.func.coalesce(sa.func.max(trail.c.number), 0))).scalar_one())


def _portions(things: Iterable[tuple[str, str]]) -> Iterator[tuple[str, list[str]]]:
    """Yield a kind and keys of it, as many as one question may hold."""
    by_kind: dict[str, list[str]] = {}
    for kind, key in sorted(set(things)):
        by_kind.setdefault(kind, []).append(key)
    for kind, keys in by_kind.items():
        for start in range(0, len(keys), _AT_ONCE):
            yield kind, keys[start : start + _AT_ONCE]


def _place(answer: Answer, checklist: str | None) -> tuple[str, str, str, str]:
    return answer.rule, answer.project, answer.subject or "", checklist or ""


def _says(last: TrailEntry | None, entry: Entry) -> bool:
    """Say whether *last*, the newest entry about the same thing (None: there is none), leaves nothing to write."""
    if isinstance(entry, Withdraw):
        return last is None or last.act == "withdraw"
    return last is not None and same(last, entry)
