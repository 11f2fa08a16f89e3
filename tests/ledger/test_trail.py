"""Whoever changes what was written is found, on both databases."""

import hashlib
import json
from pathlib import Path

import pytest

from auditor.config.ledger_address import sqlite_url
from auditor.errors import StoreError
from auditor.ledger.entry import canonical_json
from auditor.ledger.ledger import Ledger, open_ledger
from auditor.ledger.schema import trail
from auditor.ledger.trail import COLUMNS, check_chain, entry_hash, read_mark, row_of
from tests.ledger.conftest import Outside, answer

WHO = {"actor": "ada", "source": "test"}


def filled(url: str, count: int = 5) -> Ledger:
    ledger = open_ledger(url)
    for number in range(1, count + 1):
        ledger.write([answer(f"R-{number:02}")], **WHO)
    return ledger


CHANGES = [
    ("number", "99"),
    ("at", "'2026-01-01T00:00:00.000000Z'"),
    ("actor", "'bob'"),
    ("source", "'elsewhere'"),
    ("kind", "'waiver'"),
    ("key", "'[]'"),
    ("act", "'withdraw'"),
    ("payload", "replace(payload, '\"yes\"', '\"no\"')"),
    ("before", "'" + "0" * 64 + "'"),
    ("hash", "'" + "0" * 64 + "'"),
]


@pytest.mark.parametrize(("column", "value"), CHANGES)
def test_one_changed_column_is_found(url: str, outside: Outside, column: str, value: str) -> None:
    """Whichever column of whichever entry is changed, the trail is broken there, and not before."""
    assert {name for name, _ in CHANGES} == set(COLUMNS)
    assert [item.name for item in trail.columns] == list(COLUMNS)
    with filled(url) as ledger:
        outside.tamper(f"update ledger_trail set {column} = {value} where number = 3")
        found = ledger.verify()
        assert found.broken is not None
        assert found.broken.number == 3
        assert found.position == 2


# The ends of the hash columns are swapped in the inserted entry: no two entries may share one.
@pytest.mark.parametrize(
    ("statements", "number"),
    [
        (["delete from ledger_trail where number = 1"], 1),
        (["delete from ledger_trail where number = 3"], 3),
        (["delete from ledger_trail where number = 3", "update ledger_trail set number = number - 1 where number > 3"], 3),
        (["update ledger_trail set number = 0 where number = 2", "update ledger_trail set number = 2 where number = 3",
          "update ledger_trail set number = 3 where number = 0"], 2),
        (["update ledger_trail set number = number + 100 where number > 2", "update ledger_trail set number = number - 99 where number > 100",
          ("insert into ledger_trail select 3, at, actor, source, kind, key, act, payload, substr(hash, 2) || 'x', substr(before, 2) || 'y' "
           "from ledger_trail where number = 2")], 3),
        (["update ledger set id = 'ffffffffffffffffffffffffffffffff'"], 1),
    ],
    ids=["first removed", "removed", "removed and renumbered", "reordered", "inserted", "of another ledger"],
)  # fmt: skip
def test_removed_moved_and_inserted_entries_are_found(url: str, outside: Outside, statements: list[str], number: int) -> None:
    """An entry that is gone, in another place or new between others breaks the chain there."""
    with filled(url):
        outside.tamper(*statements)
    with open_ledger(url) as ledger:
        found = ledger.verify()
        assert found.broken is not None
        assert found.broken.number == number


def test_a_change_with_a_new_hash_breaks_the_next_entry(url: str, outside: Outside) -> None:
    """Whoever computes the hash of a changed entry anew is found at the entry after it."""
    with filled(url) as ledger:
        row = row_of(next(entry for entry in ledger.entries() if entry.number == 3)) | {"actor": "bob"}
        outside.tamper(f"update ledger_trail set actor = 'bob', hash = '{entry_hash(row)}' where number = 3")
        found = ledger.verify()
        assert found.broken is not None
        assert found.broken.number == 4


def test_a_cut_off_end_and_a_new_chain_show_against_a_mark(url: str, outside: Outside) -> None:
    """A chain that lost its end, or was computed anew from some entry on, is whole in itself: only a hash kept elsewhere shows it."""
    with filled(url) as ledger:
        mark = ledger.mark()
        assert read_mark(str(mark)) == mark
        assert ledger.verify(head=mark.hash[:16]).is_whole
        ledger.write([answer("R-06")], **WHO)
        assert ledger.verify(head=mark.hash).is_whole, "the trail may grow"
        outside.tamper("delete from ledger_trail where number >= 5")
        assert ledger.verify().is_whole
        cut = ledger.verify(head=mark.hash)
        assert cut.broken is not None
        assert "cut off" in cut.broken.why
        ledger.write([answer("R-05", says="no"), answer("R-06")], **WHO)
        assert ledger.verify().is_whole
        assert not ledger.verify(head=mark.hash).is_whole
        assert ledger.hash_at(5) != mark.hash
        assert ledger.hash_at(7) is None


@pytest.mark.parametrize(
    "statement",
    [
        "update ledger_trail set actor = 'bob'",
        "delete from ledger_trail",
        "update ledger set id = 'x'",
        "delete from ledger",
    ],
)
def test_the_database_refuses_to_change_what_was_written(url: str, outside: Outside, statement: str) -> None:
    """Update and delete fail for everybody, whatever program they use."""
    with filled(url, 2) as ledger:
        with pytest.raises(Exception, match="append-only"):
            outside.run(statement)
        assert ledger.verify().position == 2


def test_replacing_and_truncating_are_refused_too(url: str, outside: Outside) -> None:
    """`insert or replace` of SQLite and `truncate` of PostgreSQL, which fire no trigger for rows, are no way around."""
    statement = (
        "truncate ledger_trail"
        if url.startswith("postgresql")
        else "insert or replace into ledger_trail select number, at, 'bob', source, kind, key, act, payload, before, hash from ledger_trail"
    )
    with filled(url, 2) as ledger:
        with pytest.raises(Exception, match="append-only"):
            outside.run(statement)
        assert ledger.verify().position == 2


def test_a_removed_guard_is_told(url: str, outside: Outside) -> None:
    """A trigger that is gone, or switched off, is a reason not to rely on the trail."""
    with filled(url, 2) as ledger:
        on_table = " on ledger_trail" if url.startswith("postgresql") else ""
        outside.run(f"drop trigger ledger_trail_no_delete{on_table}")
        found = ledger.verify()
        assert found.broken is not None
        assert (found.broken.number, found.position) == (0, 2)
        assert "ledger_trail_no_delete" in found.broken.why


@pytest.mark.parametrize("column", ["at", "actor", "payload", "hash"])
def test_what_is_no_text_is_found(tmp_path: Path, column: str) -> None:
    """SQLite stores anything anywhere: bytes where a text was are a changed entry, not a traceback."""
    url = sqlite_url(tmp_path / "ledger.sqlite")
    outside = Outside(url)
    with filled(url, 3) as ledger:
        outside.tamper(f"update ledger_trail set {column} = x'00ff' where number = 2")
        found = ledger.verify()
        assert found.broken is not None
        assert found.broken.number == 2
        outside.tamper(f"update ledger_trail set {column} = cast(x'c3' as text) where number = 2")
        for looking in (ledger.verify, ledger.answers):
            with pytest.raises(StoreError, match="changed from outside"):
                looking()


def test_the_hash_is_what_its_description_says() -> None:
    """Somebody who knows only the docstring of the trail can compute the hashes."""
    row = {"number": 1, "at": "2026-01-01T00:00:00.000000Z", "actor": "Jürgen", "source": "s", "kind": "answer", "key": "[]", "act": "set"}
    row |= {"payload": "{}", "before": hashlib.sha256(b"auditor ledger 0123").hexdigest()}
    said = json.dumps([*row.values()], ensure_ascii=False, separators=(",", ":"))
    assert entry_hash(row) == hashlib.sha256(said.encode()).hexdigest()
    assert check_chain("0123", []).is_whole


def test_a_right_hash_does_not_save_nonsense(url: str, outside: Outside) -> None:
    """An entry whose hash is right, and which says nothing or is filed under another thing, is found all the same."""
    for changes in ({"kind": "wish"}, {"key": "[]"}, {"payload": "{}"}, {"act": "erase"}):
        with filled(url, 1) as ledger:
            row = row_of(next(iter(ledger.entries()))) | changes
            columns = ", ".join(f"{name} = {_text(value)}" for name, value in changes.items())
            outside.tamper(f"update ledger_trail set {columns}, hash = '{entry_hash(row)}' where number = 1")
            found = ledger.verify()
            assert found.broken is not None
            assert found.broken.number == 1
            outside.tamper("delete from ledger_trail")


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def test_canonical_json_has_one_form() -> None:
    """Keys are sorted, nothing is escaped that need not be."""
    assert canonical_json({"b": "ü", "a": [1, None]}) == '{"a":[1,null],"b":"ü"}'


def test_whoever_has_seen_enough_leaves_nothing_open(url: str) -> None:
    """Reading a part of the trail closes what it opened; the ledger is written on as before."""
    with filled(url, 3) as ledger:
        assert next(entry.number for entry in ledger.entries()) == 1
        assert ledger.write([answer("R-09")], **WHO).position == 4
