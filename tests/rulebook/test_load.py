"""Loading of packs: strict, complete in what it reports, the same on every machine."""

from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.errors import RuleError
from auditor.rulebook.load import load_rulebook


def mistakes(*folders: Path) -> list[str]:
    with pytest.raises(ExceptionGroup) as caught:
        load_rulebook(folders, installed=False)
    assert all(isinstance(error, RuleError) for error in caught.value.exceptions)
    return [str(error) for error in caught.value.exceptions]


def test_every_mistake_of_every_file_is_reported_in_one_run(folders: Path, golden: Callable[[str, str], None]) -> None:
    """An author sees all mistakes of a pack in one run, each with file, line, column, caret and hint."""
    golden("broken.txt", "\n".join(mistakes(folders / "broken")) + "\n")


def test_every_mistake_has_a_place(folders: Path) -> None:
    """Line and column are filled wherever the file could be read."""
    with pytest.raises(ExceptionGroup) as caught:
        load_rulebook([folders / "broken"], installed=False)
    without = [error for error in caught.value.exceptions if not error.at.line]
    assert {error.message for error in without} == {"nothing reads this file"}


def test_a_good_folder_gives_a_rulebook(folders: Path) -> None:
    """What the files say stands in the rulebook, in a total order."""
    rulebook = load_rulebook([folders / "good"], installed=False)
    assert list(rulebook.packs) == ["acme", "house"]
    assert list(rulebook.rules) == ["ACME-PLA-01", "ACME-RSK-01", "HOUSE-01"]
    assert rulebook.pack_of["HOUSE-01"] == "house"
    assert list(rulebook.profiles) == ["branch", "site"]
    assert rulebook.clauses["ACME-PLA-02"].is_planned


def test_a_later_pack_redefines_a_word_and_it_is_recorded(folders: Path) -> None:
    """An organisation's definition holds, and the rulebook says whose it replaced."""
    rulebook = load_rulebook([folders / "good"], installed=False)
    assert rulebook.terms["is_high"].expression == "score >= 15"
    (redefinition,) = rulebook.redefinitions
    assert (redefinition.kind, redefinition.name, redefinition.by, redefinition.instead_of) == ("term", "is_high", "house", "acme")


def test_a_pack_cannot_redefine_words_of_a_pack_that_it_does_not_require(folders: Path, tmp_path: Path) -> None:
    """Two packs that know nothing of each other cannot change each other's words in silence."""
    other = tmp_path / "other"
    other.mkdir()
    (other / "pack.yaml").write_text("name: other\ntitle: Other\nstandard: other\nversion: '1'\n")
    (other / "vocabulary.yaml").write_text("terms: [{name: is_high, sentence: x, expression: 'true'}]\n")
    (message,) = mistakes(folders / "good", other)
    assert "the term 'is_high' is defined twice" in message
    assert "a pack that requires acme may redefine it" in message


def test_a_history_is_not_what_makes_a_view_known(folders: Path, tmp_path: Path) -> None:
    """A history begins somewhere: which table is known is asked, and how far back where it is read."""
    other = tmp_path / "other"
    other.mkdir()
    (other / "pack.yaml").write_text("name: other\ntitle: Other\nstandard: other\nversion: '1'\n")
    columns = "columns: {n: text}, select: 'select stage.project_id, stage.id, stage.name as n from stage'"
    view = f"{{name: stages, sentence: x, {columns}, known_when: [stage, stage_history]}}"
    (other / "views.yaml").write_text(f"views: [{view}]\n")
    (message,) = [item for item in mistakes(folders / "good", other) if "views.yaml" in item]
    assert "'stage_history' is never complete" in message
    assert "name 'stage'" in message


def test_rows_of_a_terms_case_are_rows_of_the_model(folders: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "pack.yaml").write_text("name: other\ntitle: Other\nstandard: other\nversion: '1'\n")
    case = "{about: project, tables: {project: [{id: P, started_on: '2026-03-01'}]}, says: is_old(project.start_on), expect: true}"
    term = f"{{name: is_old, parameters: {{day: day}}, type: boolean, sentence: x, expression: day < today, cases: [{case}]}}"
    (other / "vocabulary.yaml").write_text(f"terms: [{term}]\n")
    (message,) = [item for item in mistakes(folders / "good", other) if "vocabulary.yaml" in item]
    assert "the table project has no column 'started_on'" in message
    assert "did you mean 'start_on'?" in message


def test_a_field_knows_its_place(folders: Path) -> None:
    """Every field of a rule can be pointed at, down to a character of its condition."""
    rulebook = load_rulebook([folders / "good"], installed=False)
    at = rulebook.location("rule", "ACME-RSK-01", "where", offset=len("is_high(score) and "))
    assert at.file == "good/acme/risk/ACME-RSK-01.yaml"
    assert at.text[at.column - 1 :] == "score >= $high_score"


def test_the_digest_does_not_depend_on_folder_or_layout(folders: Path, tmp_path: Path) -> None:
    """Equal contents have equal digests wherever they lie and however they are laid out; another content has another."""
    before = load_rulebook([folders / "good"], installed=False).digest
    copy = tmp_path / "elsewhere"
    for file in sorted((folders / "good").rglob("*.yaml")):
        target = copy / file.relative_to(folders / "good")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("# a comment more\n" + file.read_text())
    assert load_rulebook([copy], installed=False).digest == before
    rule = copy / "acme/risk/ACME-RSK-01.yaml"
    rule.write_text(rule.read_text().replace("default: 20", "default: 21"))
    assert load_rulebook([copy], installed=False).digest != before


def test_ids_are_never_reused(folders: Path, tmp_path: Path) -> None:
    """The id of another rule, or an alias of it, is refused."""
    rule = (folders / "good/house/risk/HOUSE-01.yaml").read_text().replace("aliases: [HOUSE-00]", "aliases: [ACME-RSK-01]")
    pack = tmp_path / "more"
    (pack / "risk").mkdir(parents=True)
    (pack / "pack.yaml").write_text("name: more\ntitle: More\nstandard: more\nversion: '1'\nrequires: [house]\n")
    (pack / "risk/HOUSE-02.yaml").write_text(rule.replace("id: HOUSE-01", "id: HOUSE-02").replace("name: HOUSE-01", "x"))
    assert any("ids are never reused" in message for message in mistakes(folders / "good", pack))


def test_packs_that_require_each_other_are_refused(tmp_path: Path) -> None:
    """A cycle among packs is one mistake, not a hang."""
    for name, other in (("a", "b"), ("b", "a")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "pack.yaml").write_text(f"name: {name}\ntitle: T\nstandard: s\nversion: '1'\nrequires: [{other}]\n")
    (message,) = mistakes(tmp_path)
    assert "packs require each other: a, b" in message


def test_a_folder_that_does_not_exist_is_an_error() -> None:
    """A misspelt folder never means 'no rules'."""
    with pytest.raises(RuleError, match="no such folder"):
        load_rulebook([Path("/nowhere/at/all")], installed=False)


def test_a_broken_file_does_not_make_others_look_broken(folders: Path, tmp_path: Path) -> None:
    """One mistake gives one message: what a broken file would have named is not reported as missing."""
    for file in sorted((folders / "good").rglob("*.yaml")):
        target = tmp_path / "copy" / file.relative_to(folders / "good")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(file.read_text())
    for broken in ("acme/views.yaml", "acme/clauses.yaml", "acme/risk/ACME-RSK-01.yaml", "profiles/branch.yaml"):
        path = tmp_path / "copy" / broken
        text = path.read_text()
        path.write_text("nonsense: [\n")
        assert len(mistakes(tmp_path / "copy")) == 1, broken
        path.write_text(text)


def test_two_hundred_rules_load_in_well_under_a_second(folders: Path, tmp_path: Path) -> None:
    """Loading is linear and fast; the bound is generous because machines are shared."""
    import time

    pack = tmp_path / "big"
    (pack / "risk").mkdir(parents=True)
    (pack / "pack.yaml").write_text("name: big\ntitle: Big\nstandard: house\nversion: '1'\n")
    ids = [f"BIG-{number:03}" for number in range(200)]
    lines = [f"  - {{id: {id_}, requirement: x, area: risk, status: automatic, rules: [{id_}]}}\n" for id_ in ids]
    (pack / "clauses.yaml").write_text("clauses:\n" + "".join(lines))
    text = (folders / "good/house/risk/HOUSE-01.yaml").read_text().replace("aliases: [HOUSE-00]\n", "")
    for id_ in ids:
        (pack / "risk" / f"{id_}.yaml").write_text(text.replace("HOUSE-01", id_))
    start = time.process_time()
    assert len(load_rulebook([pack], installed=False).rules) == 200
    assert time.process_time() - start < 2
