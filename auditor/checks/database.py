"""The database that rules are decided in: DuckDB over the files of one snapshot, or over rows in memory, locked before a rule runs.

Rules come from packs that somebody else wrote. What reaches the database is built from checked trees, and still the database can do
nothing but read the files that it was given: no other file, no network, no writing, no extension, and nobody can unlock it.
"""

import tempfile
import zoneinfo
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any, Protocol

from auditor.checks.past import MIDNIGHT, past_completeness, past_doubts, past_intervals, past_rows
from auditor.checks.quoting import ROW, literal, quoted
from auditor.errors import StoreError
from auditor.model.schema import TABLES, Column

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

HISTORY = "_history"
ORDER = ("id", "source", "url", "locator", "content_hash")
"""In which order the rows of a project are shown."""
EVERY = "all_"
MEMORY_LIMIT = "700MB"
SPILL_LIMIT = "8GB"
"""How much of what does not fit into memory may lie in the temporary folder; a statement that needs more fails."""
_AT_ONCE = 20_000  # rows that are loaded by one statement
_FEW = 20  # projects whose rows are read once into memory
_MOST_LISTED = 200  # projects that are named one by one, so that the files' statistics skip the others


class Files(Protocol):
    """What a snapshot must offer."""

    @property
    def as_of(self) -> date:
        """The day that `today` means."""

    def file(self, table: str) -> "Path":
        """Return the Parquet file of a table or history."""


@dataclass
class Database:
    """A locked connection, and which sources it has.

    Attributes:
        con: the connection; only SQL built by the compiler is run on it.
        as_of: the day of the snapshot.
        raw: table or history → SQL of the relation with all its rows, as it is stored.
        numbered: the same with the place of each row in its table, which is in the order of projects and ids, as the column ROW.
        projects: ids that are looked at; None: all.
        past: the day at whose end rows are looked at; None: as they are.
        is_small: whether few rows are expected, so that what a statement costs is to be understood, not to run.
    """

    con: "duckdb.DuckDBPyConnection"
    as_of: date
    raw: Mapping[str, str]
    numbered: Mapping[str, str]
    projects: tuple[str, ...] | None = None
    past: date | None = None
    is_small: bool = False
    _made: set[str] = field(default_factory=set)
    _kinds: dict[str, str] = field(default_factory=dict)

    def relation(self, source: str) -> str:
        """Return the SQL of the rows of *source* (a table, `all_<table>` or `<table>_history`) that rules may see.

        Rows that vanished and copies that do not count are left out of a table; `all_<table>` has them all. Only the projects that are
        looked at are there, and the organisation's rows.
        """
        name = source.removeprefix(EVERY) if source not in TABLES else source
        base = self.numbered.get(name) or _empty(name)
        picked = "*"
        if self.past is not None:
            base = f"({self._past(name)}) t"
            picked = f"*, row_number() over (order by project_id nulls first, {', '.join(map(quoted, ORDER))}) as {ROW}"
        tests = []
        table = TABLES[name.removesuffix(HISTORY)]
        if source == name and source not in ("completeness", "coverage", "expected"):
            tests.append("is_gone is not true and is_record is not false")
        if not table.is_organisational and self.projects is not None:
            tests.append(self._of_projects())
        return f"select {picked} from {base}" + (f" where {' and '.join(tests)}" if tests else "")

    def _stored(self, name: str) -> str:
        return self.raw.get(name) or _empty(name)

    def _past(self, name: str) -> str:
        assert self.past is not None
        if name == "completeness":
            return past_completeness(self._stored(name), self.past)
        if name not in TABLES:
            return past_intervals(name.removesuffix(HISTORY), self._stored(name))
        told = self._stored(name + HISTORY) if TABLES[name].has_history else self._stored(name)
        return past_rows(name, told, self._stored(name), self._stored("artefact"))

    def lost(self, table: str) -> str | None:
        """Return the SQL of the projects in which a row of *table* may or may not have been there on the past day; None: nowhere."""
        if self.past is None:
            return None
        return past_doubts(table, self._stored(table), self._stored("artefact"))

    def look_back(self, day: date) -> None:
        """See rows from now on as they stood at the end of *day*, in each project's time zone."""
        zones = [row[0] for row in self.con.execute(f"select distinct time_zone from {self._stored('project')} order by 1").fetchall()]
        valid = ", ".join(literal(zone) for zone in zones if zone and is_zone(zone)) or "''"
        following = day + timedelta(days=1)
        self.con.execute(
            f"create or replace table {MIDNIGHT} as select project_id, date '{following.isoformat()}' as day, "
            f"timezone('UTC', timezone(any_value(case when time_zone in ({valid}) then time_zone else 'UTC' end order by id), "
            f"timestamp '{following.isoformat()} 00:00:00')) as midnight "
            f"from {self._stored('project')} where project_id is not null group by project_id"
        )
        self.past = day
        self._made.clear()

    def _of_projects(self) -> str:
        projects = self.projects or ()
        if 0 < len(projects) <= _MOST_LISTED:
            return f"project_id in ({', '.join(map(literal, projects))})"
        return "project_id in (select project_id from _chosen)"

    def ensure(self, source: str) -> None:
        """Let *source* exist as a view of the database."""
        if source in self._made:
            return
        self.define(source, self.relation(source), stored=self.past is not None or self.is_small)

    def define(self, name: str, select: str, *, stored: bool) -> None:
        """Define *name* as what *select* gives: stored once, or computed whenever it is read."""
        kind = "table" if stored else "view"
        if self._kinds.get(name, kind) != kind:
            self.forget(name)
        self.con.execute(f"create or replace {kind} {quoted(name)} as {select}")
        self._kinds[name] = kind
        self._made.add(name)

    def forget(self, name: str) -> None:
        """Give back what *name* holds; nothing happens when it was not defined."""
        if kind := self._kinds.pop(name, ""):
            self.con.execute(f"drop {kind} {quoted(name)}")
            self._made.discard(name)

    def load(self, name: str, columns: Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> None:
        """Create the table *name* with *rows*."""
        load_rows(self.con, name, columns, rows)
        self._kinds[name] = "table"
        self._made.add(name)

    def close(self) -> None:
        """Close the connection."""
        self.con.close()


def is_zone(name: str) -> bool:
    """Return whether *name* is a time zone."""
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def table_types(table: str) -> dict[str, str]:
    """Return column → SQL type of a table or history as it is stored."""
    name = table.removesuffix(HISTORY) if table not in TABLES else table
    columns: Sequence[Column] = TABLES[name].columns
    types = {column.name: column.type.sql for column in columns}
    if table != name:
        types |= {"valid_from": "TIMESTAMP", "valid_to": "TIMESTAMP"}
    return types


def _empty(table: str) -> str:
    columns = ", ".join(f"null::{sql} as {quoted(name)}" for name, sql in table_types(table).items())
    return f"(select {columns}, null::bigint as {ROW} limit 0)"


def load_rows(con: "duckdb.DuckDBPyConnection", name: str, columns: Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Create the table *name* with *columns* (name → SQL type) and fill it: exact for days, times, decimals and texts.

    Raises:
        StoreError: a row has a column that the table has not.
    """
    import orjson  # noqa: PLC0415  (only who loads rows pays)

    typed = ", ".join(f"{quoted(column)} {sql}" for column, sql in columns.items())
    con.execute(f"create or replace table {quoted(name)} ({typed})")
    lists = {column for column, sql in columns.items() if sql.endswith("[]")}
    shape = orjson.dumps([{column: ["VARCHAR"] if column in lists else "VARCHAR" for column in columns}]).decode()
    picked = ", ".join(f"cast(r.{quoted(column)} as {sql})" for column, sql in columns.items())
    waiting = iter(rows)
    while some := list(islice(waiting, _AT_ONCE)):
        listed = []
        for row in some:
            if strange := row.keys() - columns.keys():
                raise StoreError(f"{name} has no column {min(strange)!r}")
            listed.append({key: _plain(value) for key, value in row.items()})
        con.execute(
            f"insert into {quoted(name)} select {picked} from (select unnest(from_json(?::varchar, {literal(shape)})) as r)",
            [orjson.dumps(listed).decode()],
        )


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.astimezone(UTC).replace(tzinfo=None)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value if value is None else str(value)


def _connect(folder: str, memory_limit: str, threads: int | None) -> "duckdb.DuckDBPyConnection":
    import duckdb  # noqa: PLC0415  (half a second that only checks pay)

    config: dict[str, Any] = {
        "memory_limit": memory_limit,
        "temp_directory": folder,
        "max_temp_directory_size": SPILL_LIMIT,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "preserve_insertion_order": True,
    }
    if threads is not None:
        config["threads"] = threads
    con = duckdb.connect(":memory:", config=config)
    con.execute("set enable_progress_bar = false")  # it would be printed into our own output once a statement takes two seconds
    return con


def _lock(con: "duckdb.DuckDBPyConnection", files: Iterable[str]) -> None:
    con.execute("set TimeZone = 'UTC'")
    con.execute(f"set allowed_paths = [{', '.join(map(literal, files))}]")
    con.execute("set enable_external_access = false")
    con.execute("set lock_configuration = true")


@contextmanager
def snapshot_database(
    snapshot: Files,
    *,
    projects: Iterable[str] | None = None,
    memory_limit: str = MEMORY_LIMIT,
    threads: int | None = None,
) -> Iterator[Database]:
    """Give a database over the files of *snapshot*.

    Args:
        snapshot: what `open_snapshot` gives.
        projects: ids to look at; None: all.
        memory_limit: of DuckDB; what does not fit goes to a temporary folder.
        threads: of DuckDB; None: all cores, one for a few projects.
    """
    names = [*TABLES, *(f"{name}{HISTORY}" for name, table in TABLES.items() if table.has_history)]
    files = {name: str(snapshot.file(name).resolve()) for name in names}
    with tempfile.TemporaryDirectory(prefix="auditor-checks-") as folder:
        chosen = None if projects is None else tuple(sorted(set(projects)))
        if threads is None and chosen is not None and len(chosen) <= _FEW:
            threads = 1  # there is too little to share
        con = _connect(folder, memory_limit, threads)
        try:
            _lock(con, files.values())
            stored = {name: literal(file) for name, file in files.items() if name != "expected"}
            raw = {name: f"read_parquet({file})" for name, file in stored.items()}
            numbered = {
                name: f"(select * rename (file_row_number as {ROW}) from read_parquet({file}, file_row_number = true))"
                for name, file in stored.items()
            }
            yield _prepared(Database(con, snapshot.as_of, raw, numbered, chosen, is_small=chosen is not None and len(chosen) <= _FEW))
        finally:
            con.close()


@contextmanager
def memory_database(
    tables: Mapping[str, Iterable[Mapping[str, Any]]],
    *,
    complete: Iterable[str] = (),
    as_of: date = date(2026, 6, 30),
    is_small: bool = True,
) -> Iterator[Database]:
    """Give a database over rows in memory, for cases and tests.

    Args:
        tables: table or `<table>_history` → rows (column → value; `unknown_bits` as the snapshot has it, left out: 0). A table
            `completeness` is taken as it is.
        complete: tables that are complete for every project of `project`, beside what `completeness` says; `<table>` also makes its
            history known from the beginning.
        as_of: the day of the snapshot.
        is_small: whether few rows are expected.
    """
    with tempfile.TemporaryDirectory(prefix="auditor-checks-") as folder:
        con = _connect(folder, MEMORY_LIMIT, 1)
        try:
            raw = {}
            rows: dict[str, list[dict[str, Any]]] = {name: [dict(row) for row in given] for name, given in tables.items()}
            projects = sorted({str(row["project_id"]) for row in rows.get("project", [])})
            known = rows.setdefault("completeness", [])
            known += [
                {"project_id": project, "table_name": table, "is_complete": True, "history_from": date(1, 1, 1), "unknown_bits": 0}
                for table in complete
                for project in ([None] if TABLES[table].is_organisational else projects)
            ]
            for name, given in rows.items():
                stored = f"_raw_{name}"
                load_rows(con, stored, table_types(name), sorted(({"unknown_bits": 0, **row} for row in given), key=_order))
                raw[name] = quoted(stored)
            numbered = {name: f"(select *, rowid as {ROW} from {stored})" for name, stored in raw.items()}
            _lock(con, ())
            yield _prepared(Database(con, as_of, raw, numbered, is_small=is_small))
        finally:
            con.close()


def _order(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return where a row stands in its table, as a snapshot has it: rows of one id keep one order, whichever came first."""
    return (*(str(row.get(name) or "") for name in ("project_id", *ORDER)), repr(sorted(row.items())))


def _prepared(database: Database) -> Database:
    for macro in MACROS:
        database.con.execute(macro)
    if database.projects is not None and not 0 < len(database.projects) <= _MOST_LISTED:
        database.load("_chosen", {"project_id": "VARCHAR"}, ({"project_id": project} for project in database.projects))
    return database


_MOVED = (
    "(case when b >= a then len(list_filter({0}, lambda x: x > a and x <= b)) else -len(list_filter({0}, lambda x: x > b and x <= a)) end)"
)
_WEEKDAYS = "create macro _weekdays(d) as ((d - date '1900-01-01') // 7) * 5 + least((d - date '1900-01-01') % 7 + 1, 5)"
"""Weekdays (Monday to Friday) from a fixed Monday up to and including d."""
_WORKING_DAYS = (
    f"create macro _working_days(a, b, off, extra) as _weekdays(b) - _weekdays(a) - {_MOVED.format('off')} + {_MOVED.format('extra')}"
)
"""Working days after a, up to and including b; negative when b is earlier."""
_ADD_WORKING_DAYS = (
    "create macro _add_working_days(a, n, off, extra) as "
    "case when n = 0 then a when n > 0 and n <= 5000 then list_filter("
    "list_transform(range(1, (n * 7) // 5 + 8 + 2 * len(off)), lambda i: cast(a + cast(i as integer) as date)), "
    "lambda x: (isodow(x) < 6 and not list_contains(off, x)) or list_contains(extra, x))[n] end"
)
"""The n-th working day after a; a itself when n is 0; nothing when n is negative or too far."""
_GAPS = "create macro _gaps(days) as list_max(list_transform(range(1, len(days)), lambda i: days[i + 1] - days[i]))"
_LONGEST_GAP = (
    "create macro _longest_gap(days, a, b) as case when b >= a then _gaps(list_concat(list_concat([a], "
    "list_sort(list_filter(days, lambda x: x >= a and x <= b))), [b])) end"
)
"""The most days between neighbours of the days of a list that lie between a and b, both of these counted."""
MACROS = (_WEEKDAYS, _WORKING_DAYS, _ADD_WORKING_DAYS, _GAPS, _LONGEST_GAP)
"""What SQL has no word for; written here, never by a rule."""
