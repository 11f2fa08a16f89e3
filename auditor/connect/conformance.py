"""Tests that every connector inherits.

class TestFileshare(ConnectorConformance):
    def build(self, folder): ...      # make a small source in an empty folder
    def connect(self, folder): ...    # a new connector to it
    def change(self, folder): ...     # change something; the keys of the records that must be read again
    def remove(self, folder): ...     # remove something; the keys that must not be met again
"""

import shutil
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Collection, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Self

import orjson

from auditor.connect.protocol import Connector, Entry, Fact, Filled, Gone, Mark, Parsed, Pulled, Record, Scope, Unchanged, Unread, Walked
from auditor.errors import SourceUnavailable
from auditor.model.schema import TABLES

_HASH_LENGTH = 64


class Remembered:
    """What pulls leave behind, kept in memory: a `Known`, by the same rules as the raw store."""

    def __init__(self, pulled: Iterable[Pulled] = ()) -> None:
        self._live: dict[str, tuple[str, str]] = {}  # key → place, fingerprint
        self._marks: dict[str, str] = {}
        self.then(pulled)

    def then(self, pulled: Iterable[Pulled]) -> Self:
        """Add what a further pull yielded."""
        things = list(pulled)
        met = set()
        for thing in things:
            match thing:
                case Record() | Unread():
                    self._live[thing.key] = (thing.place, thing.fingerprint)
                    met.add(thing.key)
                case Unchanged():
                    met.add(thing.key)
                case Gone():
                    self._live.pop(thing.key, None)
        walks = {thing.place: thing for thing in things if isinstance(thing, Walked) and thing.is_complete}
        spoken = {thing.place for thing in things if isinstance(thing, Walked)}
        for key, (place, _) in list(self._live.items()):
            # A place that was not met at all is gone with the walk of the whole source.
            walk = walks.get(place if place in spoken else "")
            if key not in met and walk is not None and not walk.is_delta:
                del self._live[key]
        self._marks |= {thing.name: thing.value for thing in things if isinstance(thing, Mark) and thing.place in walks}
        return self

    @property
    def live(self) -> set[str]:
        """The keys of what is there."""
        return set(self._live)

    def fingerprint(self, key: str) -> str | None:
        """Return the fingerprint of a live thing."""
        found = self._live.get(key)
        return None if found is None else found[1]

    def fingerprints(self, place: str) -> dict[str, str]:
        """Return the fingerprints of a place."""
        return {key: fingerprint for key, (where, fingerprint) in self._live.items() if where == place}

    def watermark(self, name: str) -> str | None:
        """Return a mark of a place that was walked completely."""
        return self._marks.get(name)


def keys_of(pulled: Iterable[Pulled]) -> list[str]:
    """Return the keys of the things in *pulled*, in their order."""
    return [thing.key for thing in pulled if isinstance(thing, (Record, Unread, Unchanged))]


class ConnectorConformance(ABC):
    """What the runner and the snapshot rely on. A subclass says how to make, change and shrink a source."""

    @abstractmethod
    def build(self, folder: Path) -> None:
        """Make a small source with at least two places in an empty folder."""

    @abstractmethod
    def connect(self, folder: Path) -> Connector:
        """Return a new connector to the source in *folder*."""

    @abstractmethod
    def change(self, folder: Path) -> Collection[str]:
        """Change something; return the keys of the records that must be read again."""

    @abstractmethod
    def remove(self, folder: Path) -> Collection[str]:
        """Remove something; return the keys that must not be met any more."""

    # Helpers

    def _source(self, tmp_path: Path) -> Path:
        folder = tmp_path / "source"
        folder.mkdir()
        self.build(folder)
        return folder

    def _pull(self, folder: Path, known: Remembered | None = None, places: tuple[str, ...] = ()) -> list[Pulled]:
        return list(self.connect(folder).pull(Scope(places), known or Remembered()))

    # Pulling

    def test_keys_are_unique(self, tmp_path: Path) -> None:
        """One pull meets every thing once."""
        keys = keys_of(self._pull(self._source(tmp_path)))
        assert keys
        assert [key for key, count in Counter(keys).items() if count > 1] == []

    def test_every_place_ends_with_its_walk(self, tmp_path: Path) -> None:
        """Each place that holds something is walked once, and nothing of it comes after."""
        pulled = self._pull(self._source(tmp_path))
        walked: list[str] = []
        for thing in pulled:
            if isinstance(thing, Walked):
                walked.append(thing.place)
            elif isinstance(thing, (Record, Unread)):
                assert thing.place not in walked, thing.key
        assert len(walked) == len(set(walked))
        assert {thing.place for thing in pulled if isinstance(thing, (Record, Unread))} - {""} <= set(walked)

    def test_records_can_be_kept(self, tmp_path: Path) -> None:
        """A record survives JSON, knows when it changes, and states its time in UTC."""
        records = [thing for thing in self._pull(self._source(tmp_path)) if isinstance(thing, Record)]
        assert records
        for record in records:
            assert orjson.loads(orjson.dumps(record.payload)) == record.payload, record.key
            assert record.fingerprint, record.key
            assert record.changed_at is None or record.changed_at.utcoffset() == timedelta(0), record.key
            assert len(record.content_hash) in {0, _HASH_LENGTH}, record.key
            record.key.encode("utf-8")

    def test_second_pull_is_all_unchanged(self, tmp_path: Path) -> None:
        """What did not change is met, or said to be as it was, and not read again."""
        folder = self._source(tmp_path)
        first = self._pull(folder)
        again = self._pull(folder, Remembered(first))
        whole = {thing.place for thing in again if isinstance(thing, Walked) and thing.is_delta}
        kept = {thing.key: thing.place for thing in first if isinstance(thing, (Record, Unread)) and thing.fingerprint}
        met = {thing.key for thing in again if isinstance(thing, Unchanged)}
        assert {key for key, place in kept.items() if place not in whole} <= met <= set(kept)
        assert {thing.key for thing in again if isinstance(thing, (Record, Unread))} == set(keys_of(first)) - set(kept)
        assert Remembered(first).then(again).live == set(keys_of(first))
        walks = [[(thing.place, thing.is_complete, thing.reason) for thing in pull if isinstance(thing, Walked)] for pull in (first, again)]
        assert walks[0] == walks[1]

    def test_what_changed_is_read_again(self, tmp_path: Path) -> None:
        """A change gives new records with new fingerprints; the rest is left alone."""
        folder = self._source(tmp_path)
        first = self._pull(folder)
        wanted = set(self.change(folder))
        again = self._pull(folder, Remembered(first))
        read = {thing.key: thing for thing in again if isinstance(thing, (Record, Unread))}
        assert wanted
        assert wanted <= set(read)
        known = Remembered(first)
        assert all(read[key].fingerprint != known.fingerprint(key) for key in wanted)
        assert known.then(again).live >= set(keys_of(first))
        assert len(read) < len(keys_of(first))

    def test_what_vanished_is_not_met(self, tmp_path: Path) -> None:
        """What is gone is not met by a complete walk, or said to be gone by a walk of changes."""
        folder = self._source(tmp_path)
        first = self._pull(folder)
        gone = set(self.remove(folder))
        again = self._pull(folder, Remembered(first))
        assert gone
        assert gone <= set(keys_of(first))
        assert not gone & set(keys_of(again))
        assert Remembered(first).then(again).live == set(keys_of(first)) - gone

    def test_stopped_pull_goes_on(self, tmp_path: Path) -> None:
        """What was yielded before a pull was stopped is valid; the next one brings the rest."""
        folder = self._source(tmp_path)
        whole = self._pull(folder)
        half = []
        pulling = self.connect(folder).pull(Scope(), Remembered())
        for thing in pulling:
            half.append(thing)
            if len(half) * 2 >= len(whole):
                break
        close = getattr(pulling, "close", None)
        if close is not None:
            close()
        rest = self._pull(folder, Remembered(half))
        assert Remembered(half).then(rest).live == set(keys_of(whole))

    def test_scope_is_kept(self, tmp_path: Path) -> None:
        """Asked for one place, a connector yields nothing of the others."""
        folder = self._source(tmp_path)
        places = sorted({thing.place for thing in self._pull(folder) if isinstance(thing, Walked)} - {""})
        assert len(places) >= 2
        pulled = self._pull(folder, places=(places[0],))
        assert any(isinstance(thing, Record) and thing.place == places[0] for thing in pulled)
        assert {thing.place for thing in pulled if isinstance(thing, (Record, Unread, Walked))} <= {places[0], ""}

    def test_missing_source_is_an_error(self, tmp_path: Path) -> None:
        """A source that is not there is not a source where everything was deleted."""
        folder = self._source(tmp_path)
        shutil.rmtree(folder)
        try:
            pulled = self._pull(folder)
        except SourceUnavailable:
            return
        raise AssertionError(f"no error, but {len(pulled)} things")

    # Reading

    def _records(self, tmp_path: Path) -> dict[str, list[Record]]:
        places: dict[str, list[Record]] = {}
        for thing in self._pull(self._source(tmp_path)):
            if isinstance(thing, Record):
                places.setdefault(thing.place, []).append(thing)
        return places

    def test_reading_is_pure(self, tmp_path: Path) -> None:
        """The same records give the same items, in whatever order they come, without the source."""
        places = self._records(tmp_path)
        connector = self.connect(tmp_path / "source")
        shutil.rmtree(tmp_path / "source")
        items = 0
        for records in places.values():
            read = [
                sorted(repr((record.key, item)) for record, item in connector.read(order)) for order in (records, records, records[::-1])
            ]
            assert read[0] == read[1] == read[2]
            items += len(read[0])
        assert items

    def test_items_fit_the_model(self, tmp_path: Path) -> None:
        """Facts and coverage name columns that exist; what is stated is among what is filled; ids are unique in their table."""
        connector = None
        for records in self._records(tmp_path).values():
            connector = connector or self.connect(tmp_path / "source")
            ids: Counter[tuple[str, str]] = Counter()
            for record, item in connector.read(records):
                match item:
                    case Fact():
                        columns = {column.name for column in TABLES[item.table].columns}
                        assert set(item.values) <= columns, (record.key, item.table)
                        assert item.filled <= columns, (record.key, item.table)
                        ids[item.table, item.id] += 1
                    case Filled():
                        assert item.columns <= {column.name for column in TABLES[item.table].columns}, item.table
                        assert item.is_complete or item.reason, item.table
                    case Parsed():
                        columns = {column.name for column in TABLES["artefact"].columns}
                        assert set(item.values) <= columns
                        assert item.filled <= columns
                        assert item.document.blocks
                    case Entry():
                        assert item.type
                        assert item.id
            assert [name for name, count in ids.items() if count > 1 and name[0] not in {"person", "sprint"}] == []
