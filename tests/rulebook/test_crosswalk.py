"""Cross-walks are data: what they name exists, and every mistake is told with its place."""

import shutil
from pathlib import Path

import pytest

from auditor.errors import AuditorError
from auditor.rulebook.crosswalk import Crosswalk, load_crosswalks, rules_of
from auditor.rulebook.load import Rulebook, load_rulebook

GOOD = Path(__file__).parent / "folders" / "good"


def crosswalks(folder: Path, text: str) -> tuple[Rulebook, dict[str, Crosswalk]]:
    """Return the rulebook of a copy of the good packs with one cross-walk more, and what was read."""
    copy = shutil.copytree(GOOD, folder / "rules")
    (copy / "acme" / "crosswalks").mkdir()
    (copy / "acme" / "crosswalks" / "iso.yaml").write_text(text, encoding="utf-8")
    book = load_rulebook([copy], installed=False)
    return book, dict(load_crosswalks(book, [copy], installed=False))


def test_globs_and_ids_name_rules(tmp_path: Path) -> None:
    """An entry is served by the rules that it names, each once, in order."""
    some = sorted(load_rulebook([GOOD], installed=False).rules)
    text = f"""\
name: iso
title: Another standard
editions: ['2008', '2015']
entries:
  - {{clause: '4.1', title: Context, rules: ['{some[0]}', '{some[0].partition("-")[0]}-*', '{some[0]}']}}
  - {{clause: '4.2', title: People, editions: ['2015'], checklists: [onboarding], reports: [doctor]}}
"""
    book, found = crosswalks(tmp_path, text)
    first, second = found["iso"].entries
    assert rules_of(first, book) == [rule for rule in some if rule.startswith(some[0].partition("-")[0] + "-")]
    assert rules_of(second, book) == []


@pytest.mark.parametrize(
    ("entry", "message", "line"),
    [
        ("{clause: '1', title: A, rules: [NO-SUCH-99]}", "there is no rule 'NO-SUCH-99'", 4),
        ("{clause: '1', title: A, rules: ['NOTHING-*']}", "there is no rule 'NOTHING-*'", 4),
        ("{clause: '1', title: A, editions: ['1999']}", "the edition '1999' is none of the file's editions", None),
        ("{clause: '1', title: A}\n  - {clause: '1', title: B}", "the entry '1' occurs twice", 5),
        ("{clause: '1'}", "title", 4),
    ],
)
def test_mistakes_are_told_with_their_place(tmp_path: Path, entry: str, message: str, line: int | None) -> None:
    text = f"name: iso\ntitle: Another standard\nentries:\n  - {entry}\n"
    with pytest.raises(ExceptionGroup) as caught:
        crosswalks(tmp_path, text)
    (error,) = caught.value.exceptions
    assert isinstance(error, AuditorError)
    assert message in str(error)
    assert error.at is not None
    assert error.at.file.endswith("acme/crosswalks/iso.yaml")
    assert line in (None, error.at.line)


def test_a_name_is_used_once(tmp_path: Path) -> None:
    text = "name: iso\ntitle: T\nentries: [{clause: '1', title: A}]\n"
    copy = shutil.copytree(GOOD, tmp_path / "rules")
    for pack in ("acme", "house"):
        (copy / pack / "crosswalks").mkdir()
        (copy / pack / "crosswalks" / "iso.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ExceptionGroup, match="cross-walks") as caught:
        load_crosswalks(load_rulebook([copy], installed=False), [copy], installed=False)
    assert "exists twice" in str(caught.value.exceptions[0])
