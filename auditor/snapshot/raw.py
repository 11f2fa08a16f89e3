"""The raw store: what was pulled, as the sources served it. One SQLite file per source, `<store>/raw/<source>.sqlite`.

Everything is written in transactions: a pull that is killed loses nothing that was committed, and the next one goes on from there.
A thing (record or unread thing) stays when it vanishes; it is marked as gone. What a record was before it changed is kept, so that
changes that no log of the source tells can be seen by comparing.
"""

import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import orjson

from auditor.connect.protocol import Mark, Record, Unread, Walked
from auditor.errors import StoreError

VERSION = 1
_FOLDER = "raw"
_AT_ONCE = 500  # records that are read from the file by one query
_SCHEMA = """
create table pull (
    number integer primary key,
    started_at text not null,
    finished_at text,              -- null: killed, or still running
    error_kind text not null default '',
    error text not null default ''
);
create table thing (
    key text primary key,
    place text not null,
    lineage text not null,         -- key at first sight, followed through renames
    fingerprint text not null,
    url text not null,
    kind text not null,            -- '' for what could not be read
    version text not null default '',
    changed_at text,
    content_hash text not null default '',
    payload blob,
    path text not null default '', -- of what could not be read, as the next two
    reason text not null default '',
    error text not null default '',
    first_pull integer not null,
    seen_pull integer not null,
    written_pull integer not null, -- when this content came in
    gone_pull integer,             -- when it was missed
    moved_to text                  -- key under which the same content lives on
) without rowid;
create index thing_place on thing (place, key);
create table earlier (
    key text not null,
    written_pull integer not null,
    until_pull integer not null,
    place text not null,
    kind text not null,
    url text not null,
    version text not null,
    changed_at text,
    content_hash text not null,
    payload blob,
    primary key (key, written_pull)
) without rowid;
create table walk (
    place text primary key,
    pull integer not null,
    is_complete integer not null,
    reason text not null,
    detail text not null,
    url text not null
) without rowid;
create table gone (                -- everything that ever vanished, also what came back
    key text not null,
    pull integer not null,
    primary key (key, pull)
) without rowid;
"""
_ADDED = (  # what files of earlier auditors have not
    "create table if not exists mark (name text primary key, value text not null, pull integer not null) without rowid",
    # Everything that is asked of all live things of a place: without it each is looked up beside its payload.
    "create index if not exists thing_live on thing (place, gone_pull, key, fingerprint, seen_pull)",
)
_UPSERT = """
insert into thing (key, place, lineage, fingerprint, url, kind, version, changed_at, content_hash, payload, path, reason, error,
                   first_pull, seen_pull, written_pull)
values (:key, :place, :key, :fingerprint, :url, :kind, :version, :changed_at, :content_hash, :payload, :path, :reason, :error,
        :pull, :pull, :pull)
on conflict (key) do update set place = excluded.place, fingerprint = excluded.fingerprint, url = excluded.url, kind = excluded.kind,
    version = excluded.version, changed_at = excluded.changed_at, content_hash = excluded.content_hash, payload = excluded.payload,
    path = excluded.path, reason = excluded.reason, error = excluded.error, seen_pull = excluded.seen_pull,
    written_pull = excluded.written_pull, gone_pull = null, moved_to = null
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """When a thing was met.

    Attributes:
        first_at: start of the pull that met it first.
        seen_at: start of the last pull that met it.
        gone_at: start of the pull that missed it; None: it is there.
        lineage: its key at first sight.
        written_at: start of the pull that found it as it is; since then at least it is so.
    """

    first_at: datetime
    seen_at: datetime
    gone_at: datetime | None
    lineage: str
    written_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Walk:
    """How a place was walked last.

    Attributes:
        is_stale: a later pull did not come to its end: what this one says is of an earlier day.
    """

    walked: Walked
    at: datetime
    is_stale: bool


@dataclass(frozen=True, slots=True)
class PullState:
    """How the last pull of a source ended.

    Attributes:
        error_kind: 'permission_denied', 'source_error', 'interrupted'; '' when it came to its end.
    """

    number: int
    started_at: datetime
    is_finished: bool
    error_kind: str = ""
    error: str = ""


class RawStore:
    """What is kept of one source.

    Args:
        store_path: the store's folder.
        source: the configured name.
        exclusive: for a pull: no other may run at the same time.

    Raises:
        StoreError: the file is damaged, of another version, or another pull holds it.
    """

    def __init__(self, store_path: Path, source: str, *, exclusive: bool = False) -> None:
        self.file = store_path / _FOLDER / f"{source}.sqlite"
        self.source = source
        self._exclusive = exclusive
        self._pull = 0
        self._times: dict[int, datetime] = {}
        self.file.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._db = sqlite3.connect(self.file, timeout=0 if exclusive else 30, isolation_level=None)
            self._prepare()
        except sqlite3.OperationalError as error:
            raise self._failed(error) from error
        except sqlite3.DatabaseError as error:
            raise StoreError(f"{self.file}: damaged", hint="remove the file and pull again") from error

    def _failed(self, error: sqlite3.Error) -> StoreError:
        if "locked" in str(error):
            return StoreError(f"{self.file}: another pull is running", hint="wait for it, or end it")
        return StoreError(f"{self.file}: {error}")

    def _prepare(self) -> None:
        if self._exclusive:
            self._db.execute("pragma locking_mode = exclusive")
        self._db.execute("pragma journal_mode = wal")
        self._db.execute("pragma synchronous = full")
        self._db.execute("begin immediate" if self._exclusive else "begin")
        try:
            version = self._db.execute("pragma user_version").fetchone()[0]
            if version == 0:
                for statement in _SCHEMA.split(";\n"):
                    if statement.strip():
                        self._db.execute(statement)
                self._db.execute(f"pragma user_version = {VERSION}")
            if version in {0, VERSION}:
                for statement in _ADDED:
                    self._db.execute(statement)
            self._db.execute("commit")
        except BaseException:
            self._db.execute("rollback")
            self._db.close()
            raise
        if version not in {0, VERSION}:
            self._db.close()
            raise StoreError(f"{self.file}: of layout {version}, this auditor reads {VERSION}", hint="remove the file and pull again")

    def close(self) -> None:
        """Give the file back."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing of what is written inside."""
        try:
            self._db.execute("begin immediate")
            yield
            self._db.execute("commit")
        except sqlite3.Error as error:
            if self._db.in_transaction:
                self._db.execute("rollback")
            raise self._failed(error) from error
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("rollback")
            raise

    # While pulling

    def begin(self, now: datetime) -> None:
        """Begin a pull."""
        with self.transaction():
            self._pull = self._db.execute("select coalesce(max(number), 0) + 1 from pull").fetchone()[0]
            self._db.execute("insert into pull (number, started_at) values (?, ?)", (self._pull, _text(now)))

    def finish(self, now: datetime, *, error_kind: str = "", error: str = "") -> None:
        """End the pull, whether or not it came to its end."""
        with self.transaction():
            self._db.execute(
                "update pull set finished_at = ?, error_kind = ?, error = ? where number = ?", (_text(now), error_kind, error, self._pull)
            )

    def fingerprint(self, key: str) -> str | None:
        """Return the fingerprint of a live thing, or None."""
        row = self._db.execute("select fingerprint from thing where key = ? and gone_pull is null", (key,)).fetchone()
        return None if row is None else str(row[0])

    def fingerprints(self, place: str) -> dict[str, str]:
        """Return key → fingerprint of what is live in a place."""
        return dict(self._db.execute("select key, fingerprint from thing where place = ? and gone_pull is null", (place,)).fetchall())

    def watermark(self, name: str) -> str | None:
        """Return the value of a kept mark; 'started_at': when the last pull that came to its end began; None: there is none."""
        if name != "started_at":
            found = self._db.execute("select value from mark where name = ?", (name,)).fetchone()
            return None if found is None else str(found[0])
        row = self._db.execute(
            "select started_at from pull where finished_at is not null and error_kind = '' order by number desc limit 1"
        ).fetchone()
        return None if row is None else str(row[0])

    def keep(self, thing: Record | Unread) -> bool:
        """Write a thing that was read; True when it is new."""
        found = self._db.execute("select content_hash, kind from thing where key = ?", (thing.key,)).fetchone()
        values: dict[str, Any] = {
            "key": thing.key,
            "place": thing.place,
            "fingerprint": thing.fingerprint,
            "url": thing.url,
            "kind": "",
            "version": "",
            "changed_at": None,
            "content_hash": "",
            "payload": None,
            "path": "",
            "reason": "",
            "error": "",
            "pull": self._pull,
        }
        if isinstance(thing, Record):
            values |= {
                "kind": thing.kind,
                "version": thing.version,
                "changed_at": _text(thing.changed_at) if thing.changed_at else None,
                "content_hash": thing.content_hash,
                "payload": zlib.compress(orjson.dumps(thing.payload), 1),
            }
        else:
            values |= {"path": thing.path, "reason": thing.reason, "error": thing.error}
        if found is not None and found[1] and (not isinstance(thing, Record) or found[0] != thing.content_hash):
            self._db.execute(
                "insert or ignore into earlier "
                "(key, written_pull, until_pull, place, kind, url, version, changed_at, content_hash, payload) "
                "select key, written_pull, ?, place, kind, url, version, changed_at, content_hash, payload from thing where key = ?",
                (self._pull, thing.key),
            )
        self._db.execute(_UPSERT, values)
        return found is None

    def met(self, keys: Sequence[str]) -> None:
        """Note that known things are still there, unchanged."""
        self._db.executemany("update thing set seen_pull = ?, gone_pull = null where key = ?", [(self._pull, key) for key in keys])

    def vanished(self, keys: Sequence[str]) -> int:
        """Note that the source says these things are gone; return how many of them were there."""
        count = 0
        for key in keys:
            found = self._db.execute("update thing set gone_pull = ? where key = ? and gone_pull is null", (self._pull, key))
            if found.rowcount:
                self._db.execute("insert or ignore into gone (key, pull) values (?, ?)", (key, self._pull))
                count += 1
        return count

    def mark(self, mark: Mark) -> None:
        """Keep where the next pull may begin."""
        self._db.execute("insert or replace into mark (name, value, pull) values (?, ?, ?)", (mark.name, mark.value, self._pull))

    def walked(self, walk: Walked, *, ends: bool = False) -> int:
        """Note how a place was walked; after a complete walk what was not met is gone. Return how many things vanished.

        Args:
            walk: of the place.
            ends: this is the whole source ('') walked to its end: places that were not met at all are gone, too.
        """
        self._db.execute(
            "insert or replace into walk (place, pull, is_complete, reason, detail, url) values (?, ?, ?, ?, ?, ?)",
            (walk.place, self._pull, walk.is_complete, walk.reason, walk.detail, walk.url),
        )
        if not walk.is_complete:
            return 0
        if walk.is_delta:
            return 0  # that everything live was seen in this pull is what the walk says: see `_seen_floor`
        places = [walk.place]
        if ends:
            # A place that was walked in this pull, completely or not, has spoken for itself.
            spoken = {row[0] for row in self._db.execute("select place from walk where pull = ?", (self._pull,))}
            places += [row[0] for row in self._db.execute("select distinct place from thing").fetchall() if row[0] not in spoken]
        vanished = 0
        for place in places:
            values = {"pull": self._pull, "place": place}
            where = "place = :place and seen_pull < :pull and gone_pull is null"
            self._db.execute(f"insert or ignore into gone (key, pull) select key, :pull from thing where {where}", values)
            vanished += self._db.execute(f"update thing set gone_pull = :pull where {where}", values).rowcount
        if ends:
            self._db.execute("delete from walk where pull < ? and place <> ''", (self._pull,))
        return vanished

    def follow_renames(self) -> int:
        """Let what appeared in this pull with the content of something that vanished in it go on as the same thing.

        Only where the content tells it clearly: one vanished, one appeared.
        """
        pairs = self._db.execute(
            "select min(old.key), min(new.key), min(old.lineage), min(old.first_pull) from thing old join thing new "
            "on new.content_hash = old.content_hash and new.key <> old.key "
            "where old.gone_pull = :pull and new.first_pull = :pull and new.gone_pull is null and old.content_hash <> '' "
            "and old.moved_to is null group by old.content_hash "
            "having count(*) = 1",
            {"pull": self._pull},
        ).fetchall()
        for old, new, lineage, first in pairs:
            self._db.execute("update thing set moved_to = ? where key = ?", (new, old))
            self._db.execute("update thing set lineage = ?, first_pull = ? where key = ?", (lineage, first, new))
        return len(pairs)

    # While mapping

    def last_pull(self) -> PullState | None:
        """Return how the last pull ended, or None when there was none."""
        row = self._db.execute(
            "select number, started_at, finished_at, error_kind, error from pull order by number desc limit 1"
        ).fetchone()
        if row is None:
            return None
        return PullState(row[0], _instant(row[1]), row[2] is not None, row[3] or ("" if row[2] else "interrupted"), row[4])

    def first_pull_at(self) -> datetime | None:
        """Return when the source was looked at for the first time; what was met then had been there before."""
        row = self._db.execute("select started_at from pull order by number limit 1").fetchone()
        return None if row is None else _instant(row[0])

    def places(self) -> tuple[str, ...]:
        """Return every place that holds a thing or was walked, also what is gone, sorted; '' is the source as a whole."""
        rows = self._db.execute("select place from walk union select distinct place from thing where moved_to is null order by 1")
        return tuple(row[0] for row in rows)

    def walk(self, place: str) -> Walk | None:
        """Return how a place was walked last, or None when it never was."""
        row = self._db.execute("select pull, is_complete, reason, detail, url from walk where place = ?", (place,)).fetchone()
        if row is None:
            return None
        last = self.last_pull()
        assert last is not None
        return Walk(Walked(place, bool(row[1]), row[2], row[3], row[4]), self._at(row[0]), row[0] < last.number)

    def records(self, place: str) -> Iterator[tuple[Record, Seen]]:
        """Yield the records of a place by key, gone ones too; a record that lives on under another key only there."""
        query = (
            "select key, kind, payload, fingerprint, url, version, changed_at, content_hash, first_pull, seen_pull, gone_pull, lineage, "
            "written_pull from thing where place = ? and key > ? and kind <> '' and moved_to is null order by key limit ?"
        )
        floor = self._seen_floor(place)
        # Read in parts: whoever is interrupted may leave this generator behind, and a cursor left behind holds the file.
        after = ""
        while rows := self._db.execute(query, (place, after, _AT_ONCE)).fetchall():
            after = rows[-1][0]
            for row in rows:
                yield (
                    Record(
                        row[0],
                        row[1],
                        place,
                        orjson.loads(zlib.decompress(row[2])),
                        row[3],
                        row[4],
                        row[5],
                        _instant(row[6]) if row[6] else None,
                        row[7],
                    ),
                    self._seen(row[8:], floor),
                )

    def earlier(self, place: str) -> Iterator[tuple[Record, datetime, datetime]]:
        """Yield what live records of a place were before, oldest first per key: record, since when and until when it was seen so."""
        query = (
            "select old.key, old.kind, old.payload, old.url, old.version, old.changed_at, old.content_hash, old.written_pull, "
            "old.until_pull from earlier old join thing now using (key) where now.place = ? and now.moved_to is null and now.kind <> '' "
            "order by old.key, old.written_pull"
        )
        for row in self._db.execute(query, (place,)).fetchall():
            payload = orjson.loads(zlib.decompress(row[2]))
            changed = _instant(row[5]) if row[5] else None
            yield Record(row[0], row[1], place, payload, "", row[3], row[4], changed, row[6]), self._at(row[7]), self._at(row[8])

    def unread(self, place: str) -> Iterator[tuple[Unread, Seen]]:
        """Yield what of a place could not be read and is there, by key."""
        query = (
            "select key, path, reason, error, url, fingerprint, first_pull, seen_pull, gone_pull, lineage "
            "from thing where place = ? and kind = '' and gone_pull is null order by key"
        )
        floor = self._seen_floor(place)
        for row in self._db.execute(query, (place,)).fetchall():
            yield Unread(row[0], place, row[1], row[2], row[3], row[4], row[5]), self._seen(row[6:], floor)

    def digest(self, place: str) -> tuple[tuple[str, str, bool], ...]:
        """Return key, fingerprint and whether it is gone of every thing of a place: what a snapshot was made of."""
        rows = self._db.execute(
            "select key, fingerprint, gone_pull is not null from thing where place = ? and moved_to is null order by key", (place,)
        )
        return tuple((row[0], row[1], bool(row[2])) for row in rows)

    def untouched(self, place: str) -> int:
        """Return how many live things of a place this pull did not meet one by one."""
        query = "select count(*) from thing where place = ? and gone_pull is null and seen_pull < ?"
        return int(self._db.execute(query, (place, self._pull)).fetchone()[0])

    def _seen_floor(self, place: str) -> int:
        """Return the pull in which everything that is live in a place was seen to be there, at least."""
        row = self._db.execute("select pull from walk where place = ? and is_complete", (place,)).fetchone()
        return 0 if row is None else int(row[0])

    def _seen(self, row: Sequence[Any], floor: int) -> Seen:
        return Seen(
            self._at(row[0]),
            self._at(max(row[1], floor) if row[2] is None else row[1]),
            None if row[2] is None else self._at(row[2]),
            row[3],
            self._at(row[4]) if len(row) > 4 else None,
        )

    def _at(self, pull: int) -> datetime:
        if pull not in self._times:
            self._times[pull] = _instant(self._db.execute("select started_at from pull where number = ?", (pull,)).fetchone()[0])
        return self._times[pull]


def has_raw(store_path: Path, source: str) -> bool:
    """Say whether anything was ever pulled of a source."""
    return (store_path / _FOLDER / f"{source}.sqlite").exists()


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
