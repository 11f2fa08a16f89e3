"""Questions in SQL read the given tables and nothing else, and change nothing."""

import io
from pathlib import Path

import duckdb
import pytest

from auditor.errors import UsageError
from auditor.workbench.query import ask, write_csv, write_json


@pytest.fixture
def tables(tmp_path: Path) -> dict[str, Path]:
    file = tmp_path / "risk.parquet"
    duckdb.sql(f"copy (select * from (values ('R1', '=1+1', 5), ('R2', '-3', null)) t(id, title, score)) to '{file}' (format parquet)")
    (tmp_path / "secret.csv").write_text("a,b\n1,2\n")
    return {"risk": file}


def test_a_question_is_answered(tables: dict[str, Path]) -> None:
    """A SELECT gives its columns and rows."""
    answer = ask("select id, score from risk order by id", tables)
    assert answer.columns == ("id", "score")
    assert answer.rows == (("R1", 5), ("R2", None))


@pytest.mark.parametrize(
    "hostile",
    [
        "copy (select 1) to '{folder}/out.csv'",
        "copy risk to '{folder}/risk.parquet'",
        "select * from read_csv('{folder}/secret.csv')",
        "select * from '{folder}/secret.csv'",
        "select * from read_text('/etc/passwd')",
        "select * from glob('/etc/*')",
        "attach '{folder}/x.db'",
        "create table t as select 1",
        "drop view risk",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "pragma enable_object_cache",
        "export database '{folder}/dump'",
        "select 1; select 2",
        "",
        "select nothing from nowhere",
    ],
)
def test_nothing_else_is_done(tables: dict[str, Path], tmp_path: Path, hostile: str) -> None:
    """What reads other files, writes, or changes settings is refused with an error, and leaves no trace."""
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(UsageError):
        ask(hostile.format(folder=tmp_path), tables)
    assert sorted(tmp_path.rglob("*")) == before
    assert ask("select count(*) from risk", tables).rows == ((2,),)


def test_csv_holds_no_formula(tables: dict[str, Path]) -> None:
    """A text that a spreadsheet would calculate gets an apostrophe; a number stays a number."""
    stream = io.StringIO()
    write_csv(ask("select title, score from risk order by id", tables), stream)
    assert stream.getvalue() == "title,score\n'=1+1,5\n-3,\n"


def test_json_is_a_list_of_objects(tables: dict[str, Path]) -> None:
    """Days and exact numbers become texts, NULL null."""
    stream = io.StringIO()
    write_json(ask("select date '2026-06-30' as d, 1.5::decimal(4,2) as n, null as x", tables), stream)
    assert stream.getvalue() == '[\n {\n  "d": "2026-06-30",\n  "n": "1.50",\n  "x": null\n }\n]\n'
