"""A kept rulebook is the one that would be read; what does not belong there is never taken."""

import hashlib
import os
import pickle
import shutil
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from auditor.rulebook import cache as module
from auditor.rulebook import load as loading
from auditor.rulebook.cache import kept_rulebook
from auditor.rulebook.condition import rule_conditions
from auditor.rulebook.load import Rulebook, load_rulebook

GOOD = Path(__file__).parent / "folders" / "good"


@pytest.fixture
def count(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How often the files were read."""
    calls: list[int] = []

    def load(*arguments: Any, **named: Any) -> Any:
        calls.append(1)
        return load_rulebook(*arguments, **named)

    monkeypatch.setattr(module, "load_rulebook", load)
    return calls


def profiles(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "mine.yaml").write_text(text)
    return folder


def test_the_second_time_nothing_is_read(tmp_path: Path, count: list[int]) -> None:
    """The same files give an equal rulebook without being read again, with every place in them."""
    first, second = (kept_rulebook([GOOD], tmp_path / "cache", installed=False) for _ in range(2))
    assert len(count) == 1
    assert first.digest == second.digest == load_rulebook([GOOD], installed=False).digest
    assert first.rules == second.rules
    assert list(first.rules) == list(second.rules)
    assert first.location("rule", next(iter(first.rules)), "require") == second.location("rule", next(iter(first.rules)), "require")


def test_a_changed_file_is_read(tmp_path: Path, count: list[int]) -> None:
    """A change of one character in one file, or a file more, is another rulebook."""
    folder = profiles(tmp_path / "rules", "name: mine\ntitle: One\nextends: [house]\n")
    assert kept_rulebook([GOOD, folder], tmp_path / "cache", installed=False).profiles["mine"].title == "One"
    profiles(folder, "name: mine\ntitle: Two\nextends: [house]\n")
    assert kept_rulebook([GOOD, folder], tmp_path / "cache", installed=False).profiles["mine"].title == "Two"
    assert len(count) == 2


def test_mistakes_are_never_kept(tmp_path: Path, count: list[int]) -> None:
    """A rulebook with mistakes is refused each time."""
    folder = profiles(tmp_path / "rules", "name: mine\nextends: [nothing]\n")
    for _ in range(2):
        with pytest.raises(ExceptionGroup):
            kept_rulebook([GOOD, folder], tmp_path / "cache", installed=False)
    assert len(count) == 2
    assert not list(tmp_path.rglob("*.pickle"))


class Evil:
    def __reduce__(self) -> Any:
        return os.system, ("touch evil",)


@pytest.mark.parametrize(
    ("content", "signed"),
    [
        (b"short", False),
        (b"x" * 500, True),
        (pickle.dumps(Evil()), True),
        (pickle.dumps({"a": 1}), True),
        (pickle.dumps(shutil.rmtree), True),
    ],
)
def test_a_damaged_or_foreign_file_is_read_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: list[int], content: bytes, *, signed: bool
) -> None:
    """Whatever lies in the place of a kept rulebook, even with a right digest: it is not taken, and nothing in it runs."""
    monkeypatch.chdir(tmp_path)
    kept_rulebook([GOOD], tmp_path / "cache", installed=False)
    file = next((tmp_path / "cache").glob("*.pickle"))
    file.write_bytes((hashlib.sha256(content).digest() if signed else b"") + content)
    assert kept_rulebook([GOOD], tmp_path / "cache", installed=False).rules
    assert len(count) == 2
    assert not (tmp_path / "evil").exists()


def test_a_folder_that_cannot_be_written_is_no_hindrance(tmp_path: Path) -> None:
    """Where nothing can be kept the files are read."""
    (tmp_path / "cache").write_text("no folder")
    assert kept_rulebook([GOOD], tmp_path / "cache", installed=False).rules


def test_the_shipped_rulebook_comes_back_whole(tmp_path: Path, count: list[int]) -> None:
    """Every field of what the tests and commands share is what the files say."""
    first, second = (kept_rulebook((), tmp_path / "cache") for _ in range(2))
    assert len(count) == 1
    for name in (item.name for item in fields(Rulebook) if item.name != "positions"):
        assert getattr(first, name) == getattr(second, name), name
    assert list(first.positions) == list(second.positions)
    assert all(first.key_location(*key) == second.key_location(*key) for key in list(first.positions)[::7])


@pytest.mark.parametrize("redefines", [False, True])
def test_what_was_understood_means_the_same_beside_more_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, redefines: bool) -> None:
    """A rulebook beside packs that were understood before says what it says read from nothing; a word that it redefines means the new."""
    shutil.copytree(GOOD, tmp_path / "good")
    if not redefines:
        (tmp_path / "good" / "house" / "vocabulary.yaml").unlink()
    before = load_rulebook([GOOD / "acme"], installed=False)
    fresh = load_rulebook([tmp_path / "good"], installed=False)
    read = []
    monkeypatch.setattr(loading, "rule_conditions", lambda rule, *rest: read.append(rule.id) or rule_conditions(rule, *rest))
    again = load_rulebook([tmp_path / "good"], installed=False, understood=before)
    assert again.conditions == fresh.conditions
    assert again.selections == fresh.selections
    assert (again.conditions["ACME-RSK-01"]["where"] == before.conditions["ACME-RSK-01"]["where"]) is not redefines
    assert set(read) == (set(fresh.rules) if redefines else {"HOUSE-01"})
