"""A kept reading is the one that would be made; what changed is read, and what does not belong there is never taken."""

import hashlib
import os
import pickle
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from auditor.connect.protocol import Parsed
from auditor.connect.values import UNSETTLED, DayOrder
from auditor.snapshot import reading as module
from auditor.snapshot.documents.house import NO_HOUSE, HouseNames
from auditor.snapshot.documents.read import read_document
from auditor.snapshot.raw import RawStore
from auditor.snapshot.readings import Readings

CHARTER = "# Project Charter\n\nVersion 1.0, approved on 2026-01-12 by Anna Weber\n\n## Scope\n\nThe register.\n"
HOUSE = "# Project Handbook\n\n| PM² artefact | Called here |\n|---|---|\n| Business Case | Why Paper |\n"


@pytest.fixture
def read(monkeypatch):
    """The paths of the documents that were read anew, in their order."""
    paths = []

    def reading(parsed, *rest):
        paths.append(parsed.path)
        return read_document(parsed, *rest)

    monkeypatch.setattr(module, "read_document", reading)
    return paths


def test_what_did_not_change_is_not_read_again(world, risks, read, content):
    world.document("Gamma/Risk Log.xlsx", risks).document("Gamma/Charter.md", CHARTER)
    first = content(world.snapshot())
    assert sorted(read) == ["Gamma/Charter.md", "Gamma/Risk Log.xlsx"]
    read.clear()
    assert content(world.build()) == first
    assert read == []


def test_a_kept_reading_makes_the_snapshot_that_a_fresh_one_makes(world, risks, content):
    world.document("Gamma/Risk Log.xlsx", risks).document("Gamma/Charter.md", CHARTER).document("Gamma/Handbook.md", HOUSE)
    world.document("Gamma/Why Paper.md", "# Why Paper\n\n## Costs\n\n100 EUR on 03/04/2026\n")
    first = content(world.snapshot())
    assert content(world.build()) == first
    shutil.rmtree(world.root / "store" / "readings")
    assert content(world.build()) == first


def test_a_document_that_changed_is_read_and_no_other(world, risks, read, rows):
    world.document("Gamma/Risk Log.xlsx", risks).document("Gamma/Charter.md", CHARTER).snapshot()
    read.clear()
    world.document("Gamma/Charter.md", CHARTER + "\n## Limits\n\nNo more than the register.\n")
    snapshot = world.snapshot()
    assert set(read) == {"Gamma/Charter.md"}
    assert rows(snapshot, "section", "heading", "heading like 'Limits%'") == [("Limits",)]


def test_a_moved_document_is_read_by_its_new_name(world, read):
    world.document("Gamma/Charter.md", CHARTER).snapshot()
    read.clear()
    (world.root / "Projects/Gamma/Charter.md").rename(world.root / "Projects/Gamma/Notes.md")
    world.snapshot()
    assert "Gamma/Notes.md" in read


def test_other_words_read_everything_anew(world, risks, read):
    world.document("Gamma/Risk Log.xlsx", risks).document("Gamma/Charter.md", CHARTER).snapshot()
    read.clear()
    world.words = replace(world.words, digest="other")
    world.build()
    assert sorted(read) == ["Gamma/Charter.md", "Gamma/Risk Log.xlsx"]


def test_what_a_reading_follows_from_is_its_key(tmp_path, parsed_charter, words):
    """Path, values of the repository, habit, house, words and place: with any of them other the document is read."""
    asked = []

    def say(parsed=parsed_charter, habit=UNSETTLED, house=NO_HOUSE, digest="w", place="p", source="s"):
        readings = Readings(tmp_path, source, place, digest)
        readings.of(parsed, habit, house, lambda: asked.append(1) or read_document(parsed, words))
        readings.keep()

    others = [
        {},
        {"parsed": replace(parsed_charter, path="Gamma/Notes.md")},
        {"parsed": replace(parsed_charter, values={"version": "2.0"})},
        {"parsed": replace(parsed_charter, filled=frozenset({"version"}))},
        {"parsed": replace(parsed_charter, document=replace(parsed_charter.document, headers=("Draft",)))},
        {"habit": DayOrder(is_day_first=True)},
        {"house": HouseNames(kinds=(("why paper", "business_case"),))},
        {"digest": "v"},
        {"place": "q"},
        {"source": "t"},
    ]
    for number, other in enumerate(others, 1):
        say(**other)
        assert len(asked) == number, other
        say(**other)
        assert len(asked) == number, other


@pytest.fixture
def parsed_charter(world):
    """A document as the connector gives it."""
    world.document("Gamma/Charter.md", CHARTER).pull()
    source = next(source for source in world.settings.sources if source.name == "documents")
    with RawStore(world.root / "store", source.name) as raw:
        items = source.connect().read([record for record, _ in raw.records("Gamma")])
        return next(item for _, item in items if isinstance(item, Parsed))


class Evil:
    def __reduce__(self):
        return os.system, ("touch evil",)


def _every_reading_evil(kept):
    return pickle.dumps(dict.fromkeys(pickle.loads(kept), pickle.dumps(Evil())))  # noqa: S301  (our own)


@pytest.mark.parametrize(
    "forge",
    [
        lambda _: b"short",
        lambda _: pickle.dumps({}),
        lambda _: pickle.dumps(7),
        lambda _: pickle.dumps(Evil()),
        lambda kept: pickle.dumps(dict.fromkeys(pickle.loads(kept), pickle.dumps(7))),  # noqa: S301  (our own)
        _every_reading_evil,
    ],
    ids=["short", "nothing", "number", "evil", "numbers", "evils"],
)
@pytest.mark.parametrize("is_signed", [True, False])
def test_a_damaged_or_foreign_file_is_read_anew(world, read, monkeypatch, forge, *, is_signed):
    monkeypatch.chdir(world.root)
    world.document("Gamma/Charter.md", CHARTER).snapshot()
    (file,) = (world.root / "store" / "readings").rglob("*.pickle")
    content = forge(file.read_bytes()[32:])
    file.write_bytes((hashlib.sha256(content).digest() if is_signed else b"") + content)
    read.clear()
    world.build()
    assert read == ["Gamma/Charter.md"]
    assert not (world.root / "evil").exists()


def test_a_store_that_cannot_keep_them_is_no_hindrance(world):
    world.document("Gamma/Charter.md", CHARTER).pull()
    Path(world.root / "store" / "readings").write_text("no folder")
    assert world.build().project_ids() == ("Gamma",)
