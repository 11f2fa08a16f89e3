"""Opening a ledger: older ones are brought up, everything that is none, or cannot be used, is told in one sentence with what to do."""

import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from auditor.config.ledger_address import full_url, has_password, shown_url, sqlite_file, sqlite_url
from auditor.config.settings import load_settings
from auditor.errors import StoreError, UsageError
from auditor.ledger import database
from auditor.ledger.ledger import find_ledger, open_ledger
from auditor.ledger.schema import NEWEST, VERSION_TABLE, metadata
from tests.ledger.conftest import PG, Outside, answer
from tests.servers.postgresql import Postgresql

WHO = {"actor": "ada", "source": "test"}
ROOT = Path(__file__).parents[2]


def steps(connection: sa.Connection | None = None) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
    return config


@contextmanager
def engine(url: str) -> Iterator[sa.Engine]:
    made = sa.create_engine(url, poolclass=sa.NullPool)
    yield made
    made.dispose()


# Revisions


def test_a_ledger_of_the_first_revision_is_brought_up(url: str, outside: Outside) -> None:
    """What was written before an upgrade is there after it, unchanged; the guards are set; also when several open it at once."""
    with open_ledger(url) as ledger:
        ledger.write([answer(), answer("R-02")], **WHO)
        mark, entries, identity = ledger.mark(), list(ledger.entries()), ledger.id
    rows, created = outside.run("select * from ledger_trail order by number"), outside.run("select created_at from ledger")[0][0]
    old = full_url(url, Path("/")) if url.startswith("postgresql") else url.replace("ledger.sqlite", "old.sqlite")
    if url.startswith("postgresql"):
        outside.run("drop schema public cascade", "create schema public")
    with engine(old) as made, made.begin() as connection:
        command.upgrade(steps(connection), "0001")
        names = ["number", "at", "actor", "source", "kind", "key", "act", "payload", "before", "hash"]
        for row in rows:
            connection.execute(
                sa.text(f"insert into ledger_trail values ({', '.join(f':{name}' for name in names)})"), dict(zip(names, row, strict=True))
            )
        connection.execute(sa.text("insert into ledger values (:id, :at)"), {"id": identity, "at": created})

    def look(_: int) -> tuple[object, ...]:
        with open_ledger(old) as ledger:
            return ledger.mark(), list(ledger.entries()), ledger.verify().is_whole

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(look, range(3))) == [(mark, entries, True)] * 3
    with pytest.raises(Exception, match="append-only"):
        Outside(old).run("delete from ledger_trail")


def test_the_steps_lead_to_the_declared_tables(url: str) -> None:
    """The migrations make what the schema declares, and the newest of them is the one that the program expects."""
    script = ScriptDirectory.from_config(steps())
    assert script.get_heads() == [NEWEST]
    assert [item.revision for item in script.walk_revisions()] == sorted((item.revision for item in script.walk_revisions()), reverse=True)
    open_ledger(url).close()
    with engine(url) as made, made.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, metadata) == []


def test_a_newer_ledger_is_not_touched(url: str, outside: Outside) -> None:
    """A ledger of a later version is refused by name of its revision, for reading and for writing."""
    open_ledger(url).close()
    outside.run(f"update {VERSION_TABLE} set version_num = '0099'")
    for opening in (open_ledger, find_ledger):
        with pytest.raises(StoreError, match="newer auditor.*0099") as error:
            opening(url)
        assert "install that version" in str(error.value)


def test_a_database_of_something_else_is_refused(url: str, outside: Outside) -> None:
    """Tables that are not the ledger's, or only some of its own, are never written into."""
    open_ledger(url).close()
    outside.run(f"drop table {VERSION_TABLE}")
    with pytest.raises(StoreError, match="something else"):
        open_ledger(url)


def test_an_incomplete_ledger_is_told(url: str, outside: Outside) -> None:
    """A ledger without its trail, or without its id, is no ledger to go on with."""
    open_ledger(url).close()
    outside.tamper("delete from ledger")
    with pytest.raises(StoreError, match="which ledger it is"):
        open_ledger(url)
    outside.run("drop table ledger_trail")
    with pytest.raises(StoreError, match="not complete"):
        open_ledger(url)


# Files


def test_a_file_that_is_no_ledger_is_refused(tmp_path: Path) -> None:
    """A text, another program's database, a folder: each is named, none is changed."""
    text = tmp_path / "text.sqlite"
    text.write_text("This is a text, and long enough to be one." * 100)
    other = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("create table customers (id)")
        connection.commit()
    before = other.read_bytes()
    (tmp_path / "folder.sqlite").mkdir()
    for file, says in ((text, "no ledger"), (other, "something else"), (tmp_path / "folder.sqlite", "no file")):
        for opening in (open_ledger, find_ledger):
            with pytest.raises(StoreError, match=says) as error:
                opening(sqlite_url(file))
            assert str(file) in str(error.value)
            assert "[ledger]" in str(error.value)
    assert other.read_bytes() == before


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    """A file whose pages were overwritten gives a sentence, not a traceback, and never a whole trail."""
    file = tmp_path / "ledger.sqlite"
    with open_ledger(sqlite_url(file)) as ledger:
        ledger.write([answer(f"R-{number}", note="x" * 400) for number in range(200)], **WHO)
    content = bytearray(file.read_bytes())
    content[8192:] = b"\x5a" * (len(content) - 8192)
    file.write_bytes(content)
    with pytest.raises(StoreError, match="damaged|cannot be"), open_ledger(sqlite_url(file)) as ledger:
        ledger.verify()


def test_a_full_disk_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk is full the batch is refused as a whole, and can be written when there is room."""
    url = sqlite_url(tmp_path / "ledger.sqlite")
    entries = [answer(f"R-{number}", note="x" * 1_000) for number in range(100)]
    with open_ledger(url) as ledger:
        ledger.write([answer()], **WHO)
        connect = sqlite3.connect

        def small(*arguments: object, **more: object) -> sqlite3.Connection:
            connection: sqlite3.Connection = connect(*arguments, **more)  # type: ignore[call-overload]
            connection.execute("pragma max_page_count = 20").close()
            return connection

        monkeypatch.setattr(sqlite3, "connect", small)
        with pytest.raises(StoreError, match="disk is full") as error:
            ledger.write(entries, **WHO)
        assert "nothing was written" in str(error.value)
        monkeypatch.undo()
        assert ledger.verify().position == 1
        assert ledger.write(entries, **WHO).position == 101


def test_a_lock_that_is_never_given_back_is_told(url: str) -> None:
    """Who waits too long for another writer is told so, and nothing was written."""
    with open_ledger(url, wait_seconds=0.05) as ledger:
        with ledger._database.writing(), pytest.raises(StoreError, match="somebody else") as error:
            ledger.write([answer()], **WHO)
        assert "try again" in str(error.value)
        assert ledger.write([answer()], **WHO).position == 1


_READ_ONLY = """
import os, sys
from alembic import command, config
from auditor.errors import StoreError
from auditor.ledger.ledger import find_ledger, open_ledger
from tests.ledger.conftest import answer
import sqlalchemy.dialects.sqlite.pysqlite
os.chdir("/")
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
with find_ledger(sys.argv[1]) as ledger:
    print(ledger.verify().position)
    try:
        ledger.write([answer("R-09")], actor="ada", source="test")
    except StoreError as error:
        print(error)
for opening, url in ((open_ledger, sys.argv[2]), (find_ledger, sys.argv[3])):
    try:
        opening(url)
    except StoreError as error:
        print(error)
"""


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user reaches: pytest's own are closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="ledger-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    for path in (folder, *folder.iterdir()):
        path.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.parametrize("folder_mode", [0o555, 0o777])
def test_a_ledger_that_may_only_be_read_is_read(open_folder: Path, folder_mode: int) -> None:
    """Who may only read the file, or nothing of its folder either, reads and verifies the ledger, and is told why nothing can be written.

    A folder that may not be looked into is told too: a ledger that cannot be seen is none that is not there.
    """
    place, closed = open_folder / "store", open_folder / "closed"
    for folder in (place, closed):
        folder.mkdir()
    file = place / "ledger.sqlite"
    with open_ledger(sqlite_url(file)) as ledger:
        ledger.write([answer()], **WHO)
    file.chmod(0o444)
    place.chmod(folder_mode)
    closed.chmod(0o000)
    open_folder.chmod(0o555)
    urls = [sqlite_url(path) for path in (file, open_folder / "new" / "ledger.sqlite", closed / "ledger.sqlite")]
    ran = subprocess.run([sys.executable, "-c", _READ_ONLY, *urls], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    lines = ran.stdout.splitlines()
    assert lines[0] == "1"
    assert "may only be read" in lines[1]
    assert "yours to write" in lines[2]
    assert "cannot be made" in lines[3]
    assert "cannot be looked for" in lines[4]


# PostgreSQL


@PG
def test_what_keeps_postgresql_from_answering_is_told(postgresql: Postgresql) -> None:
    """No server, no database, no right, another encoding: each is one sentence with what to do, and never shows the password."""
    url = postgresql.database()
    open_ledger(url).close()
    reader = url.replace("://tester@", "://reader:S3cr%3Ft@")
    postgresql.execute("create role reader login password 'S3cr?t'")
    latin = postgresql.database(encoding="LATIN1")
    for bad, says in (
        (url.replace("tester@", "nobody-of-us@"), "cannot be reached"),
        (url.replace("/ledger_", "/no_ledger_"), "cannot be reached"),
        ("postgresql://ada:S3cr%3Ft@127.0.0.1:1/x", "cannot be reached"),
        (latin, "encoding is LATIN1"),
        (reader, "may not do this"),
    ):
        with pytest.raises(StoreError, match=says) as error:
            open_ledger(bad)
        assert "S3cr" not in str(error.value)
        assert error.value.hint
        assert error.value.__cause__ is None
        assert error.value.__suppress_context__ or error.value.__context__ is None


@PG
def test_a_reader_of_postgresql_can_be_one_that_may_only_read_and_insert(postgresql: Postgresql) -> None:
    """The rights to read and to insert are enough for daily work; without the right to insert the refusal is told."""
    url = postgresql.database()
    outside = Outside(url)
    with open_ledger(url) as ledger:
        ledger.write([answer()], **WHO)
    postgresql.execute("create role clerk login")
    outside.run("grant select on ledger, ledger_trail, ledger_version to clerk")
    clerk = url.replace("://tester@", "://clerk@")
    with open_ledger(clerk) as ledger:
        assert ledger.verify().position == 1
        with pytest.raises(StoreError, match="may not do this"):
            ledger.write([answer("R-02")], **WHO)
        outside.run("grant insert on ledger_trail to clerk")
        assert ledger.write([answer("R-02")], **WHO).position == 2


@PG
def test_a_broken_connection_is_told(postgresql: Postgresql) -> None:
    """A connection that the server ends gives a sentence; the next question is answered again."""
    url = postgresql.database()
    with open_ledger(url) as ledger:
        ledger.write([answer()], **WHO)
        entries = ledger.entries()
        assert next(entries).number == 1
        name = url.partition("?")[0].rpartition("/")[2]
        postgresql.execute(f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'")
        with pytest.raises(StoreError, match="stopped or started|broke|refused|reached"):
            list(entries)
        assert ledger.position == 1


def test_every_error_of_a_driver_becomes_one_of_ours() -> None:
    """Whatever SQLite or PostgreSQL raise, people get a sentence with a place and a hint, and none of the driver's own words."""
    import psycopg

    codes = [name for name in dir(sqlite3) if name.startswith("SQLITE_") and isinstance(getattr(sqlite3, name), int)]
    assert "SQLITE_FULL" in codes
    local = database.Database("sqlite:////nowhere/ledger.sqlite")
    for name in codes:
        error = sqlite3.OperationalError("secret words")
        error.sqlite_errorname = name
        meant = local._meant(error)
        assert "/nowhere/ledger.sqlite" in meant.message
        assert meant.hint
        assert "secret" not in str(meant)
    remote = database.Database("postgresql://ada:S3cr@db.example.org/ledger")
    classes = [item for item in vars(psycopg.errors).values() if isinstance(item, type) and issubclass(item, Exception)]
    assert len(classes) > 200
    for item in classes:
        meant = remote._meant(item("secret words"))
        assert "db.example.org" in meant.message
        assert meant.hint
        assert "secret" not in str(meant)
        assert "S3cr" not in str(meant)
    remote.close()
    local.close()


# Addresses


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql+psycopg://ada:S3cr%40t@db:5432/l", "postgresql://ada@db:5432/l"),
        ("postgresql://db/l?user=ada&password=S3cr&sslmode=require", "postgresql://db/l?user=ada&password=…&sslmode=require"),
        ("postgresql://db/l?sslpassword=S3cr", "postgresql://db/l?sslpassword=…"),
        ("postgresql://ada:S3cr@[::1", "the database"),
        ("sqlite:////tmp/a%20b.sqlite", "/tmp/a b.sqlite"),
    ],
)
def test_an_address_is_shown_without_its_secrets(url: str, shown: str) -> None:
    """Passwords never appear, wherever they stand in an address."""
    assert shown_url(url) == shown
    assert has_password(url) == ("S3cr" in url)


def test_addresses_mean_what_they_say(tmp_path: Path) -> None:
    """Relative files count from the configuration; a password is put in so that it is read back; nonsense is refused without being shown."""
    assert sqlite_file(full_url("sqlite:///a b/l.sqlite", tmp_path)) == tmp_path / "a b" / "l.sqlite"
    assert sqlite_file(sqlite_url(tmp_path / "100% ü?#.sqlite")) == tmp_path / "100% ü?#.sqlite"
    full = full_url("postgres://ada@db/l", tmp_path, "a:b/c@d?%")
    assert sa.make_url(full).password == "a:b/c@d?%"
    assert sa.make_url(full).drivername == "postgresql+psycopg"
    for bad in ("mysql://u:S3cr@h/d", "S3cr", "sqlite://S3cr", "sqlite:///:memory:", "sqlite:///", "postgresql://u:S3cr@h:port/d", ""):
        with pytest.raises(UsageError) as error:
            full_url(bad, tmp_path)
        assert "S3cr" not in str(error.value)
    with pytest.raises(UsageError, match="no user"):
        full_url("postgresql://db/l", tmp_path, "S3cr")


def test_the_configuration_says_where_the_ledger_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a word it lies in the store; an address may hold no password; the environment wins."""
    file = tmp_path / "auditor.toml"

    def url(text: str) -> str:
        file.write_text(text)
        return load_settings(file).ledger_url

    assert url('[store]\npath = "kept"\n') == sqlite_url(tmp_path / "kept" / "ledger.sqlite")
    assert url('[ledger]\nurl = "sqlite:///here.sqlite"\n') == sqlite_url(tmp_path / "here.sqlite")
    monkeypatch.setenv("WHERE", "postgresql://ada:S3cr@db/l")
    monkeypatch.setenv("PASSWORD_OF_LEDGER", "S3cr")
    assert url('[ledger]\nurl = {env = "WHERE"}\n') == "postgresql+psycopg://ada:S3cr@db/l"
    said = '[ledger]\nurl = "postgresql://ada@db/l"\npassword = {env = "PASSWORD_OF_LEDGER"}\n'
    assert url(said) == "postgresql+psycopg://ada:S3cr@db/l"
    assert "S3cr" not in repr(load_settings(file))
    for text in ('url = "postgresql://ada:S3cr@db/l"', 'url = "nfs://S3cr"', 'password = "S3cr"', "url = {enf = 'x'}", 'urll = "x"'):
        with pytest.raises(ExceptionGroup) as group:
            url(f"[ledger]\n{text}\n")
        (error,) = group.value.exceptions
        assert "S3cr@" not in str(error)
        assert "auditor.toml:2" in str(error)
    monkeypatch.setenv("AUDITOR_LEDGER_URL", "sqlite:///other.sqlite")
    assert url("") == sqlite_url(tmp_path / "other.sqlite")
