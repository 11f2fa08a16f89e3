"""Tables beside the YAML of a pack, and the command that checks and converts them."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from auditor.cli.main import cli
from auditor.errors import AuditorError, UsageError
from auditor.rulebook.cache import kept_rulebook
from auditor.rulebook.decision_format import load_table, write_table
from auditor.rulebook.lint import lint_rulebook
from auditor.rulebook.load import Rulebook, load_rulebook
from tests.rulebook.profiles.conftest import GOOD

TABLE = "table,{name}\nhit,unique\n\nsize,require risk_log,set ACME-RSK-01 high_score,because\nsmall,optional,16,little\nnot small,mandatory,,much\nunknown,mandatory,,nobody knows\n"


def pack(folder: Path, **files: str | bytes) -> Path:
    reasoning = folder / "own" / "reasoning"
    reasoning.mkdir(parents=True)
    (folder / "own" / "pack.yaml").write_text("name: own\ntitle: O\nstandard: own\nversion: 1.0.0\nrequires: [acme]\n")
    for name, content in files.items():
        file = reasoning / name.replace("__", ".")
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def sheet(tmp_path: Path, name: str, kind: str) -> bytes:
    source = tmp_path / "source.csv"
    source.write_text(TABLE.format(name=name))
    errors: list[AuditorError] = []
    found = load_table(source, "source.csv", errors)
    assert found is not None
    return write_table(found[0], kind)


def mistakes(folder: Path) -> list[str]:
    with pytest.raises(ExceptionGroup) as caught:
        load_rulebook([GOOD, folder], installed=False)
    return [str(error) for error in caught.value.exceptions]


def test_tables_of_every_format_are_read_beside_each_other(tmp_path: Path) -> None:
    """CSV, xlsx and YAML give the same productions but for their names; lint asks no schema of a sheet; the cache keeps them."""
    files = {"a__csv": TABLE.format(name="a"), "b__xlsx": sheet(tmp_path, "b", ".xlsx"), "c__yaml": sheet(tmp_path, "c", ".yaml")}
    folder = pack(tmp_path / "packs", **files, **{"~$b__xlsx": b"what Excel keeps while a file is open"})
    book = load_rulebook([GOOD, folder], installed=False)
    names = [item.production.name for item in book.productions]
    assert [name.removeprefix("a") for name in names if name.startswith("a")] == ["-1", "-1-risk-log", "-2-risk-log", "-3-risk-log"]
    by_table = [
        [item.production.model_dump(exclude={"name"}) for item in book.productions if item.production.name.startswith(name)]
        for name in "abc"
    ]
    assert by_table[0] == by_table[1] == by_table[2]
    assert not [item for item in lint_rulebook(book) if item.code == "no-schema-line" and "reasoning" in item.at.file]
    kept = kept_rulebook([GOOD, folder], tmp_path / "cache", installed=False)
    assert kept_rulebook([GOOD, folder], tmp_path / "cache", installed=False).productions == kept.productions == book.productions


def test_mistakes_of_tables_come_with_all_others_in_one_run(tmp_path: Path) -> None:
    """A gap, an unknown rule, a parameter that the rule does not have, a value that it cannot have: each with its cell."""
    wrong = TABLE.format(name="b").replace("unknown,mandatory,,nobody knows\n", "")
    (gap,) = mistakes(pack(tmp_path / "gap", b__csv=wrong))
    assert gap.startswith("gap/own/reasoning/b.csv, B2: size = unknown: no row")
    rule = TABLE.format(name="b").replace("ACME-RSK-01", "ACME-RSK-02")
    assert mistakes(pack(tmp_path / "rule", b__csv=rule)) == [
        "rule/own/reasoning/b.csv, C5: 'ACME-RSK-02' names no rule\n  did you mean 'ACME-RSK-01'?"
    ]
    param = TABLE.format(name="b").replace("high_score", "hgh_score")
    assert (
        "b.csv, C5: ACME-RSK-01 has no parameter 'hgh_score'\n  did you mean 'high_score'?"
        in mistakes(pack(tmp_path / "param", b__csv=param))[0]
    )
    value = TABLE.format(name="b").replace(",16,", ",many,")
    assert "b.csv, C5: 'many' is no value of high_score of ACME-RSK-01" in mistakes(pack(tmp_path / "value", b__csv=value))[0]


def test_a_table_exists_once_and_no_other_file_is_silently_ignored(tmp_path: Path) -> None:
    """Two tables of one name; a format that nothing reads."""
    (twice,) = mistakes(pack(tmp_path / "twice", a__csv=TABLE.format(name="a"), b__csv=TABLE.format(name="a")))
    assert "the table 'a' exists twice" in twice
    (stray,) = mistakes(pack(tmp_path / "stray", a__ods=b""))
    assert (
        stray
        == "stray/own/reasoning/a.ods: nothing reads this file\n  productions are .yaml files; decision tables are .yaml, .csv or .xlsx"
    )


def test_lint_names_products_and_standards_that_nobody_knows(tmp_path: Path) -> None:
    """A product that no obligation names is most likely misspelt; with its cell."""
    rows = "size,require risk_logg,because,cites\nsmall,optional,x,pm3 1 § 2\n"
    obligation = "obligations: [{kind: risk_log, obligation: mandatory, why: always}]\n"
    folder = pack(tmp_path / "packs", a__csv=f"table,a\nhit,unique\ncomplete,no\n\n{rows}")
    (folder / "own" / "obligations.yaml").write_text(obligation)
    found = [str(item) for item in lint_rulebook(load_rulebook([GOOD, folder], installed=False)) if "reasoning" in str(item)]
    assert found == [
        "packs/own/reasoning/a.csv, B6: no pack asks for the product 'risk_logg'; did you mean 'risk_log'? [unknown-product]",
        "packs/own/reasoning/a.csv, D6: no pack is about 'pm3' [unknown-standard]",
    ]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    book: Rulebook = load_rulebook([GOOD], installed=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("auditor.workbench.desk.kept_rulebook", lambda _folders, _cache: book)

    def call(*arguments: str) -> str:
        return CliRunner().invoke(cli, ("rules", "table", *arguments), standalone_mode=False, catch_exceptions=False).output

    return call


def test_the_command_checks_converts_and_shows(run, tmp_path: Path) -> None:
    """CSV → xlsx → YAML → CSV is the file that it began with."""
    (tmp_path / "a.csv").write_text(TABLE.format(name="a"))
    assert run("a.csv") == "a: 3 rows, hit unique, complete always: no mistakes\n"
    assert run("a.csv", "--to", "a.xlsx") == "wrote a.xlsx\n"
    run("a.xlsx", "--to", "a.yaml")
    run("a.yaml", "--to", "b.csv")
    run("b.csv", "--to", "c.csv")
    assert (tmp_path / "b.csv").read_bytes() == (tmp_path / "c.csv").read_bytes()
    rows = (tmp_path / "b.csv").read_text().split("\n\n")[1].replace(",-,", ",,")
    assert rows == TABLE.split("\n\n")[1]
    assert "- {set: [ACME-RSK-01], param: high_score, value: 16}" in run("a.csv", "--productions")


def test_the_command_refuses_what_it_cannot_do(run, tmp_path: Path) -> None:
    """Another format, a file that is there; a table with mistakes is converted all the same, and they are named."""
    (tmp_path / "a.csv").write_text(TABLE.format(name="a").replace("unknown,mandatory,,nobody knows\n", ""))
    with pytest.raises(UsageError, match="not written as .ods"):
        run("a.csv", "--to", "a.ods")
    with pytest.raises(UsageError, match="is there already"):
        run("a.csv", "--to", "a.csv")
    with pytest.raises(ExceptionGroup) as caught:
        run("a.csv", "--to", "a.xlsx")
    assert "size = unknown: no row" in str(caught.value.exceptions[0])
    assert (tmp_path / "a.xlsx").is_file()
