"""The database under the ledger: connections, transactions, revisions, and what its errors mean. Foreign errors end here."""

import sqlite3
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from auditor.config.ledger_address import full_url, is_there, shown_url, sqlite_file
from auditor.errors import AuditorError, StoreError, UsageError
from auditor.ledger.schema import GUARDS, NEWEST, VERSION_TABLE, ledger, trail
from auditor.ledger.trail import COLUMNS, instant_text

WAIT_SECONDS = 30.0
"""How long a writer waits for another one."""

_LOCK = 0x617564_6C6564
"""Key of the advisory lock that lets one writer append at a time in PostgreSQL: 'audled'."""

_MIGRATING = threading.Lock()
"""Alembic keeps the migration at work in a variable of the whole process."""

_STEPS = Path(__file__).parent / "migrations"
_OWN = {ledger.name, trail.name, VERSION_TABLE}

Access = Literal["write", "read", "frozen"]
"""`read`: the file may not be written, or not by us. `frozen`: nor its folder, and nobody else is writing."""


class Database:
    """One database with a ledger. Safe to use from several threads.

    Args:
        url: its address.
        wait_seconds: see `WAIT_SECONDS`.
    """

    def __init__(self, url: str, *, wait_seconds: float = WAIT_SECONDS) -> None:
        self.url = full_url(url, Path.cwd())
        self.shown = shown_url(self.url)
        self.file = sqlite_file(self.url)
        self.access: Access = "write"
        self._wait_seconds = wait_seconds
        self._engine = self._made()

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Open a transaction that sees one state of the ledger and writes nothing."""
        with self._talking(), self._engine.connect() as connection:
            connection.execution_options(auditor_begin="begin")
            if self.file is None:
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Open a transaction that nobody else can write beside; it is committed at the end, or undone by an exception."""
        if self.access != "write":
            raise self._read_only()
        with self._talking(), self._engine.connect() as connection:
            connection.execution_options(auditor_begin="begin immediate")
            with connection.begin():
                if self.file is None:
                    connection.execute(sa.text(f"set local lock_timeout = {round(self._wait_seconds * 1000)}"))
                    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
                yield connection

    def prepare(self, *, create: bool, identity: str | None = None) -> bool:
        """Bring the ledger to the newest revision.

        Args:
            create: make one where there is none.
            identity: of one that is made; None: a random one.

        Returns:
            Whether there is a ledger.

        Raises:
            StoreError: there is something else, a newer ledger, or it cannot be read or written.
        """
        if self.file is not None:
            if not is_there(self.file):
                if not create:
                    return False
                self._make_folder(self.file.parent)
            elif not self.file.is_file():
                raise StoreError(f"{self.shown}: this is no file", hint="name a file under [ledger] url in auditor.toml")
        revision = self._revision_by_any_access()
        if revision is None and not create:
            return False
        if revision != NEWEST:
            self._migrate(identity)
        return True

    def identity(self) -> str:
        """Return the id of the ledger."""
        with self.reading() as connection:
            found = connection.execute(sa.select(ledger.c.id)).scalars().all()
        if len(found) != 1:
            raise StoreError(f"{self.shown}: it does not say which ledger it is", hint="restore it from a backup")
        return str(found[0])

    def missing_guards(self, connection: sa.Connection) -> tuple[str, ...]:
        """Return the triggers that should refuse changes, and are not there."""
        if self.file is not None:
            names = connection.execute(sa.text("select name from sqlite_master where type = 'trigger'"))
        else:
            names = connection.execute(sa.text("select tgname from pg_trigger where not tgisinternal and tgenabled <> 'D'"))
        there = set(names.scalars())
        return tuple(name for name in GUARDS if name not in there)

    # Connections

    def _made(self) -> sa.Engine:
        if self.file is None:
            try:
                return sa.create_engine(self.url, pool_pre_ping=True, connect_args={"connect_timeout": max(2, round(self._wait_seconds))})
            except ImportError:
                raise UsageError("a ledger in PostgreSQL needs psycopg", hint="pip install 'auditor[postgresql]'") from None
            except SQLAlchemyError:
                raise UsageError(f"{self.shown}: this is no address of a database") from None
        # Without a pool no connection keeps the file open between two questions, and threads share none.
        engine = sa.create_engine("sqlite://", creator=self._sqlite, poolclass=sa.NullPool)

        @sa.event.listens_for(engine, "begin")
        def _begin(connection: sa.Connection) -> None:
            connection.exec_driver_sql(connection.get_execution_options().get("auditor_begin", "begin"))

        return engine

    def _sqlite(self) -> sqlite3.Connection:
        mode = {"write": "mode=rwc", "read": "mode=ro", "frozen": "mode=ro&immutable=1"}[self.access]
        connection = sqlite3.connect(
            f"file:{quote(str(self.file))}?{mode}", uri=True, isolation_level=None, timeout=self._wait_seconds, check_same_thread=False
        )
        try:
            for pragma in ("foreign_keys = on", "synchronous = full", "trusted_schema = off"):
                connection.execute(f"pragma {pragma}").close()
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    # Revisions

    def _revision_by_any_access(self) -> str | None:
        try:
            return self._revision()
        except StoreError:
            if self.file is None or not is_there(self.file):
                raise
            # A file, or a folder, that we may only read.
            for access in self._lesser():
                self.access = access
                try:
                    return self._revision()
                except StoreError:
                    continue
            self.access = "write"
            raise

    def _lesser(self) -> Iterator[Access]:
        yield "read"
        unwritten = self.file.with_name(self.file.name + "-wal") if self.file else None
        if unwritten is not None and not (unwritten.exists() and unwritten.stat().st_size):
            yield "frozen"

    def _revision(self) -> str | None:
        """Return the revision of the ledger, or None when there is nothing at all."""
        with self.reading() as connection:
            return self._revision_of(connection)

    def _revision_of(self, connection: sa.Connection) -> str | None:
        tables = set(sa.inspect(connection).get_table_names())
        if VERSION_TABLE not in tables:
            if tables & _OWN or (self.file is not None and tables):
                raise StoreError(
                    f"{self.shown}: this is the database of something else", hint="name another one under [ledger] url in auditor.toml"
                )
            return None
        revision = connection.execute(sa.text(f"select version_num from {VERSION_TABLE}")).scalar()
        if revision is None or not tables >= _OWN:
            raise StoreError(f"{self.shown}: this ledger is not complete", hint="restore it from a backup")
        if str(revision) > NEWEST:
            raise StoreError(
                f"{self.shown}: this ledger was written by a newer auditor (its revision is {str(revision)[:20]}, this one knows {NEWEST})",
                hint="install that version; the ledger was not touched",
            )
        return str(revision)

    def _migrate(self, identity: str | None) -> None:
        from alembic import command  # noqa: PLC0415  (only where a ledger is made or changes its revision)
        from alembic.config import Config  # noqa: PLC0415

        if self.access != "write":
            raise self._read_only()
        self._use_wal()
        with self.writing() as connection:
            revision = self._revision_of(connection)  # again: another process may have been first
            if revision == NEWEST:
                return
            if revision is None and self.file is None:
                encoding = connection.execute(sa.text("show server_encoding")).scalar()
                if encoding != "UTF8":
                    raise StoreError(f"{self.shown}: its encoding is {encoding}", hint="create the database with the encoding UTF8")
            config = Config(attributes={"connection": connection})
            config.set_main_option("script_location", str(_STEPS).replace("%", "%%"))
            with _MIGRATING:
                command.upgrade(config, NEWEST)
            if revision is None:
                connection.execute(sa.insert(ledger).values(id=identity or uuid.uuid4().hex, created_at=instant_text(datetime.now(UTC))))

    def _use_wal(self) -> None:
        """Let readers read while somebody writes. The file remembers it."""
        if self.file is None:
            return
        end = time.monotonic() + self._wait_seconds
        with self._talking():
            while True:
                connection = self._sqlite()
                try:
                    connection.execute("pragma journal_mode = wal").close()
                except sqlite3.OperationalError as error:
                    # SQLite does not wait here for another process that does the same.
                    if not error.sqlite_errorname.startswith("SQLITE_BUSY") or time.monotonic() > end:
                        raise
                    time.sleep(0.01)
                else:
                    return
                finally:
                    connection.close()

    def _make_folder(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"{folder}: the folder of the ledger cannot be made: {error.strerror}") from None

    # Errors

    def _read_only(self) -> StoreError:
        return StoreError(f"{self.shown}: the ledger may only be read", hint="is the file, and its folder, yours to write?")

    @contextmanager
    def _talking(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise self._meant(error.orig if error.orig is not None else error) from None
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise self._meant(error) from None

    def _meant(self, error: BaseException) -> AuditorError:
        """Return what an error of a driver means to people. Its own words may hold what was written, and are not shown."""
        if isinstance(error, sqlite3.Error):
            return self._meant_by_sqlite(getattr(error, "sqlite_errorname", None) or type(error).__name__)
        state = getattr(error, "sqlstate", None) or ""
        for beginning, (says, hint) in _POSTGRESQL.items():
            if state.startswith(beginning):
                return StoreError(f"{self.shown}: {says}", hint=hint)
        if not state and type(error).__name__ in ("OperationalError", "ConnectionTimeout"):
            return StoreError(
                f"{self.shown}: the database cannot be reached",
                hint="does it run? Are host, user, password and database right?",
            )
        return StoreError(
            f"{self.shown}: the database refused ({type(error).__name__}{f' {state}' if state else ''})", hint="its log says why"
        )

    def _meant_by_sqlite(self, name: str) -> StoreError:
        if name.startswith("SQLITE_READONLY"):
            return self._read_only()
        for beginning, (says, hint) in _SQLITE.items():
            if name.startswith(beginning):
                return StoreError(f"{self.shown}: {says}", hint=hint)
        if not name.startswith("SQLITE_"):  # of Python's own module: it could not read a value as the text that it should be
            return StoreError(f"{self.shown}: an entry is no text: it was changed from outside", hint="restore the ledger from a backup")
        return StoreError(f"{self.shown}: the ledger cannot be used ({name})", hint="`auditor trail verify` says whether it is whole")


_ELSEWHERE = "name another one under [ledger] url in auditor.toml"
_AGAIN = "nothing was written; try again"
_SQLITE: Mapping[str, tuple[str, str]] = {
    "SQLITE_BUSY": ("somebody else has been writing the ledger for too long", _AGAIN),
    "SQLITE_LOCKED": ("somebody else has been writing the ledger for too long", _AGAIN),
    "SQLITE_FULL": ("the disk is full", "nothing was written; make room and try again"),
    "SQLITE_IOERR": ("the disk cannot be read or written", "nothing was written; is it full, or was the share lost?"),
    "SQLITE_CANTOPEN": ("the ledger cannot be opened", "is the file, and its folder, there and yours to read and write?"),
    "SQLITE_PERM": ("the ledger cannot be opened", "is the file, and its folder, there and yours to read and write?"),
    "SQLITE_NOTADB": ("this is no ledger", _ELSEWHERE),
    "SQLITE_CORRUPT": (
        "the file of the ledger is damaged",
        "restore it from a backup; `auditor trail verify` then says what is missing",
    ),
    "SQLITE_CONSTRAINT": ("the ledger takes new entries only: nothing in it can be changed", _AGAIN),
}
_POSTGRESQL: Mapping[str, tuple[str, str]] = {
    "08": ("the connection to the database broke", _AGAIN),
    "28": ("the database refuses user or password", "see [ledger] in auditor.toml"),
    "3D": ("there is no such database", "create it, with the encoding UTF8"),
    "42501": ("the user may not do this in the database", "it needs to read and insert; to make the ledger, to create tables"),
    "42P01": ("its tables are not there", "was it made by `auditor`, in this schema?"),
    "53": ("the database has no room", "nothing was written; its disk, or its number of connections, is used up"),
    "55P03": ("somebody else has been writing the ledger for too long", _AGAIN),
    "57": ("the database is being stopped or started", _AGAIN),
    "25006": ("the ledger may only be read", "is this a standby of the database?"),
    "40": ("somebody else was first", _AGAIN),
    "23505": ("somebody else was first", _AGAIN),
    "P0001": ("the ledger takes new entries only: nothing in it can be changed", _AGAIN),
}


def row_values(row: sa.Row[Any]) -> dict[str, Any]:
    """Return a row of the trail, all of its columns, as column → value."""
    return dict(zip(COLUMNS, row, strict=True))  # far quicker than asking the row for its names
