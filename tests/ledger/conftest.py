"""Ledgers in SQLite and in a real PostgreSQL: what holds for one holds for the other."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import psycopg
import pytest

from auditor.checks.inputs import Answer
from auditor.config.ledger_address import sqlite_file, sqlite_url
from auditor.ledger.entry import AnswerEntry
from tests.servers.postgresql import Postgresql

PG = pytest.mark.xdist_group("postgresql")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Postgresql]:
    server = Postgresql()
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=PG)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a ledger that is not there yet."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path / "ledger.sqlite")
    return request.getfixturevalue("postgresql").database()


def answer(rule: str = "R-01", project: str = "ALPHA", says: str = "yes", **more: object) -> AnswerEntry:
    said = {"author": "Ada", "on": date(2026, 3, 1)} | more
    return AnswerEntry(answer=Answer.model_validate({"rule": rule, "project": project, "says": says, **said}))


class Outside:
    """Somebody who opens the database without auditor."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._file = sqlite_file(url)

    def run(self, *statements: str) -> list[tuple[object, ...]]:
        """Run statements in one transaction and return the rows of the last one."""
        if self._file is not None:
            with closing(sqlite3.connect(self._file, isolation_level=None)) as connection:
                connection.execute("begin immediate")
                for statement in statements:
                    rows = connection.execute(statement).fetchall()
                connection.execute("commit")
                return rows
        with psycopg.connect(self._url.replace("+psycopg", "")) as connection:
            for statement in statements:
                cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def tamper(self, *statements: str) -> None:
        """Take the guards away, run statements, and put the guards back: nothing but the chain can show it."""
        if self._file is None:
            tables = ("ledger_trail", "ledger")
            off, on = ([f"alter table {table} {verb} trigger user" for table in tables] for verb in ("disable", "enable"))
        else:
            guards = self.run("select name, sql from sqlite_master where type = 'trigger'")
            off, on = [f"drop trigger {name}" for name, _ in guards], [str(sql) for _, sql in guards]
        self.run(*off, *statements, *on)


@pytest.fixture
def outside(url: str) -> Outside:
    return Outside(url)
