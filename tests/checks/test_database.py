"""The database can do nothing but read the files it was given."""

from datetime import UTC, date, datetime
from decimal import Decimal

import duckdb
import pytest

from auditor.checks.database import load_rows, memory_database, snapshot_database
from auditor.errors import StoreError
from auditor.snapshot.store import write_snapshot

RISKS = [{"project_id": "P", "id": f"R{n}", "title": "x"} for n in range(3)]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    folder = tmp_path_factory.mktemp("store")
    tables = {
        "project": [{"project_id": "P", "id": "P"}, {"project_id": "Q", "id": "Q"}],
        "risk": [*RISKS, {"project_id": "P", "id": "R9", "is_gone": True}, {"project_id": "Q", "id": "R1", "is_record": False}],
    }
    return write_snapshot(folder / "snapshot", tables, {"as_of": "2026-06-30"})


HOSTILE = [
    "copy (select 1) to '{folder}/out.csv'",
    "copy (select 1) to '{folder}/snapshot/risk.parquet'",
    "export database '{folder}/out'",
    "attach '{folder}/other.db'",
    "attach ':memory:' as other; create table other.t as select * from read_csv('/etc/passwd')",
    "create table t as select * from read_csv('/etc/passwd')",
    "select * from '/etc/passwd'",
    "select * from read_text('/etc/passwd')",
    "select * from read_blob('{folder}/secret.txt')",
    "select * from read_parquet('{folder}/other.parquet')",
    "select * from glob('{folder}/**')",
    "install httpfs",
    "load httpfs",
    "select * from read_csv('https://example.org/x.csv')",
    "set enable_external_access = true",
    "set lock_configuration = false",
    "reset lock_configuration",
    "set allowed_paths = ['/etc/passwd']",
    "set allowed_directories = ['/']",
    "set memory_limit = '100GB'",
    "create persistent secret (type s3, key_id 'a', secret 'b')",
    "pragma enable_profiling='json'; pragma profiling_output='{folder}/profile.json'",
]


@pytest.mark.parametrize("statement", HOSTILE)
def test_refused(snapshot, statement):
    folder = snapshot.path.parent
    (folder / "secret.txt").write_text("secret")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with snapshot_database(snapshot) as database:
        with pytest.raises(duckdb.Error):
            database.con.execute(statement.format(folder=folder)).fetchall()
        database.ensure("risk")
        assert database.con.execute("select count(*) from risk").fetchone() == (3,)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_memory_is_locked_too():
    with memory_database({"risk": RISKS}) as database, pytest.raises(duckdb.Error):
        database.con.execute("select * from read_text('/etc/passwd')").fetchall()


def test_what_rules_see(snapshot):
    with snapshot_database(snapshot) as database:
        for source, expected in (("risk", 3), ("all_risk", 5), ("risk_history", 0), ("authority", 0)):
            database.ensure(source)
            assert database.con.execute(f"select count(*) from {source}").fetchone() == (expected,)


@pytest.mark.parametrize("chosen", [["Q"], ["P", "Q"], [], [f"P{n}" for n in range(300)]])
def test_only_the_chosen_projects(snapshot, chosen):
    with snapshot_database(snapshot, projects=chosen) as database:
        database.ensure("project")
        found = database.con.execute("select project_id from project order by 1").fetchall()
    assert [row[0] for row in found] == [project for project in ("P", "Q") if project in chosen]


def test_rows_in_memory_are_exact():
    row = {
        "a": "ä'\"",
        "b": Decimal("12345678901234.56"),
        "c": date(2026, 2, 28),
        "d": datetime(2026, 2, 28, 1, 2, 3, tzinfo=UTC),
        "e": True,
        "f": None,
    }
    types = {"a": "VARCHAR", "b": "DECIMAL(18,2)", "c": "DATE", "d": "TIMESTAMP", "e": "BOOLEAN", "f": "BIGINT"}
    con = duckdb.connect()
    load_rows(con, "t", types, [row])
    assert con.execute("select * from t").fetchone() == (*tuple(row.values())[:3], row["d"].replace(tzinfo=None), True, None)
    with pytest.raises(StoreError, match="no column 'z'"):
        load_rows(con, "t", types, [{"z": 1}])
