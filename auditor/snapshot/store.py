"""Snapshots on disk: one immutable folder of Parquet files each, published by a rename.

`<store>/snapshots/<id>/` holds a file for every table of the model and every `<table>_history`, empty ones too, and `manifest.json`.
`<store>/snapshots/latest` names the newest. The same rows give the same bytes, whatever their order.
"""

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from auditor.errors import StoreError, did_you_mean
from auditor.model.schema import TABLES, UNKNOWN

if TYPE_CHECKING:
    import duckdb

VERSION = 1
"""Of the layout of a snapshot; another one is refused."""

_FOLDER = "snapshots"
_LATEST = "latest"
_HISTORY = "_history"
_ROW_GROUP = 122_880
_MOST_OF_A_ROW = 1 << 25  # bytes of one row as JSON: texts are cut long before
_BATCH = 1 << 20
_TIE = "~"
_SURROGATE = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was true at one moment.

    Attributes:
        path: its folder.
        manifest: what `manifest.json` holds: id, as_of, created_from, digests, model, and what could not be mapped.
    """

    path: Path
    manifest: Mapping[str, Any]

    @property
    def id(self) -> str:
        """The day and a digest of the content."""
        return str(self.manifest["id"])

    @property
    def as_of(self) -> date:
        """The day of the last pull, in the store's time zone: what `today` means for rules."""
        return date.fromisoformat(self.manifest["as_of"])

    def file(self, table: str) -> Path:
        """Return the Parquet file of a table or of its history (`risk_history`).

        Raises:
            StoreError: the model has no such table.
        """
        if table not in columns_by_file():
            raise StoreError(f"no table {table!r} in a snapshot", hint=did_you_mean(table, columns_by_file()))
        return self.path / f"{table}.parquet"

    def project_ids(self) -> tuple[str, ...]:
        """Return the ids of all projects that are there, sorted."""
        con = connection()
        try:
            query = "select distinct project_id from read_parquet(?) where is_gone is not true order by 1"
            found = con.execute(query, [str(self.file("project"))]).fetchall()
        finally:
            con.close()
        return tuple(row[0] for row in found)


@lru_cache(maxsize=1)
def columns_by_file() -> Mapping[str, Mapping[str, str]]:
    """Return file name (without suffix) → column → DuckDB type, for all files of a snapshot, in the order of the model."""
    files: dict[str, dict[str, str]] = {}
    for table in TABLES.values():
        plain = {column.name: column.type.sql for column in table.columns}
        files[table.name] = plain
        if table.has_history:
            files[table.name + _HISTORY] = {**plain, "valid_from": "TIMESTAMP", "valid_to": "TIMESTAMP"}
    return files


def connection() -> "duckdb.DuckDBPyConnection":
    """Return a DuckDB connection in memory that answers the same on every machine: one thread, UTC, nothing fetched from anywhere."""
    import duckdb  # noqa: PLC0415  (heavy: only who reads or writes a snapshot pays for it)

    con = duckdb.connect(
        config={"threads": 1, "autoinstall_known_extensions": False, "autoload_known_extensions": False, "preserve_insertion_order": True}
    )
    con.execute("set enable_progress_bar = false")  # it would be printed into our own output once a statement takes two seconds
    return con


def write_snapshot(folder: Path, tables: Mapping[str, Iterable[Mapping[str, Any]]], manifest: Mapping[str, Any]) -> Snapshot:
    """Write a snapshot as *folder*, which appears only when it is whole.

    Args:
        folder: must not exist yet, or be empty.
        tables: table or `<table>_history` → rows, in any order; tables left out are empty. A row maps columns to `str`, `int`, `bool`,
            `date`, UTC `datetime`, `Decimal` or None; what it leaves out is NULL (`unknown_bits`: 0).
        manifest: at least `as_of` (ISO day); `id`, `digests` and `model` are added, an `id` of its own is kept.

    Raises:
        StoreError: an unknown table or column, a value that its column cannot hold, a folder that cannot be written.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _partial(folder.parent) as partial:
        _check_names(tables)
        whole = _fill(partial, _flat(tables), lambda: manifest)
        _publish(partial, folder)
    return Snapshot(folder, whole)


def publish_snapshot(store_path: Path, tables: Mapping[str, Iterable[Mapping[str, Any]]], manifest: Mapping[str, Any]) -> Snapshot:
    """Write a snapshot into the store under an id made of its day and content, and let `latest` name it.

    A snapshot of the same content that is there already stays as it is.

    Raises:
        StoreError: as `write_snapshot`.
    """
    _check_names(tables)
    return publish_rows(store_path, _flat(tables), lambda: manifest)


def publish_rows(store_path: Path, rows: Iterable[tuple[str, Mapping[str, Any]]], manifest: Callable[[], Mapping[str, Any]]) -> Snapshot:
    """Do as `publish_snapshot` with rows that come one by one, of any table, as (table, row); few of them are in memory at a time.

    Args:
        store_path: the store's folder.
        rows: in any order.
        manifest: asked for when all rows were taken.

    Raises:
        StoreError: as `write_snapshot`.
    """
    home = store_path / _FOLDER
    home.mkdir(parents=True, exist_ok=True)
    with _partial(home) as partial:
        whole = _fill(partial, rows, manifest)
        folder = home / str(whole["id"])
        if not (folder / "manifest.json").exists():
            _publish(partial, folder)
    _point(home, str(whole["id"]))
    return Snapshot(folder, whole)


def _check_names(tables: Iterable[str]) -> None:
    if unknown := sorted(set(tables) - set(columns_by_file())):
        raise StoreError(f"no table {unknown[0]!r} in a snapshot", hint=did_you_mean(unknown[0], columns_by_file()))


def _flat(tables: Mapping[str, Iterable[Mapping[str, Any]]]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    return ((name, row) for name, rows in tables.items() for row in rows)


@contextmanager
def _partial(home: Path) -> Iterator[Path]:
    """Give a folder that is gone afterwards, unless it was given another name."""
    partial = Path(tempfile.mkdtemp(prefix=".partial-", dir=home))
    try:
        yield partial
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def open_snapshot(store_path: Path, id: str = "latest") -> Snapshot:  # noqa: A002  (the contract's word)
    """Return a snapshot of the store.

    Raises:
        StoreError: there is none, it is damaged, or it is of another version of the layout.
    """
    home = store_path / _FOLDER
    name = id
    if id == _LATEST:
        try:
            name = (home / _LATEST).read_text("utf-8").strip()
        except FileNotFoundError:
            raise StoreError(f"{store_path}: no snapshot yet", hint="run `auditor pull` first") from None
    if not re.fullmatch(r"[\w.-]+", name) or name.startswith("."):
        raise StoreError(f"{name!r} is no id of a snapshot")
    return read_snapshot(home / name)


def read_snapshot(folder: Path) -> Snapshot:
    """Return the snapshot that lies in *folder*.

    Raises:
        StoreError: it is none, it is damaged, or it is of another version of the layout.
    """
    try:
        manifest = orjson.loads((folder / "manifest.json").read_bytes())
    except FileNotFoundError:
        near = did_you_mean(folder.name, snapshot_ids(folder.parent.parent)) if folder.parent.name == _FOLDER else None
        raise StoreError(f"{folder}: no snapshot", hint=near) from None
    except orjson.JSONDecodeError as error:
        raise StoreError(f"{folder}: the manifest is damaged", hint="run `auditor pull` again") from error
    if manifest.get("version") != VERSION:
        raise StoreError(
            f"{folder}: a snapshot of layout {manifest.get('version')!r}, this auditor reads {VERSION}",
            hint="run `auditor pull` again: a snapshot is made anew from what was pulled",
        )
    if missing := sorted(name for name in columns_by_file() if not (folder / f"{name}.parquet").exists()):
        raise StoreError(f"{folder}: {missing[0]}.parquet is missing", hint="run `auditor pull` again")
    return Snapshot(folder, manifest)


def snapshot_ids(store_path: Path) -> tuple[str, ...]:
    """Return the ids of all whole snapshots of the store, oldest day first."""
    home = store_path / _FOLDER
    if not home.is_dir():
        return ()
    return tuple(sorted(entry.name for entry in home.iterdir() if not entry.name.startswith(".") and (entry / "manifest.json").exists()))


def verify_snapshot(snapshot: Snapshot) -> None:
    """Check that every file is the one that was written.

    Raises:
        StoreError: a file differs from its digest.
    """
    for name, expected in snapshot.manifest["digests"].items():
        if _digest(snapshot.path / name) != expected:
            raise StoreError(f"{snapshot.path / name}: changed since the snapshot was written", hint="run `auditor pull` again")


# Writing


def _fill(folder: Path, rows: Iterable[tuple[str, Mapping[str, Any]]], manifest: Callable[[], Mapping[str, Any]]) -> dict[str, Any]:
    con: duckdb.DuckDBPyConnection | None = None
    written = _write_lines(folder, rows)
    try:
        for name, columns in columns_by_file().items():
            file = folder / f"{name}.parquet"
            if name in written:
                con = con or connection()
                lines = _lines_of(folder, name)
                _to_parquet(con, name, columns, lines, file)
                lines.unlink()
            else:
                file.write_bytes(_empties()[name])
    finally:
        if con is not None:
            con.close()
    digests = {f"{name}.parquet": _digest(folder / f"{name}.parquet") for name in columns_by_file()}
    whole = {**manifest(), "version": VERSION, "model": _model_digest(), "digests": digests}
    if "id" not in whole:
        whole["id"] = f"{whole['as_of']}-{hashlib.sha256(orjson.dumps(whole, option=orjson.OPT_SORT_KEYS)).hexdigest()[:12]}"
    (folder / "manifest.json").write_bytes(orjson.dumps(whole, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2))
    return whole


def _lines_of(folder: Path, name: str) -> Path:
    return folder / f"{name}.ndjson"


def _write_lines(folder: Path, rows: Iterable[tuple[str, Mapping[str, Any]]]) -> set[str]:
    """Write *rows* as lines of JSON, a file per table, and return the tables that have any."""
    files = columns_by_file()
    buffers: dict[str, bytearray] = {}
    try:
        for name, row in rows:
            if not row.keys() <= files[name].keys():
                strange = min(row.keys() - files[name].keys())
                raise StoreError(f"table {name!r} has no column {strange!r}", hint=did_you_mean(strange, files[name]))
            line = _line(row)
            if len(line) > _MOST_OF_A_ROW:
                raise StoreError(f"table {name!r}: row {row.get('id')!r} is too long to be stored")
            buffer = buffers.setdefault(name, bytearray())
            buffer += line
            if len(buffer) > _BATCH:
                _append(_lines_of(folder, name), buffer)
        for name, buffer in buffers.items():
            _append(_lines_of(folder, name), buffer)
    except OSError as error:
        raise StoreError(f"{folder.parent}: cannot be written: {error.strerror or error}") from error
    return set(buffers)


def _append(file: Path, buffer: bytearray) -> None:
    with file.open("ab") as stream:
        stream.write(buffer)
    buffer.clear()


_OPTIONS = orjson.OPT_NAIVE_UTC | orjson.OPT_UTC_Z | orjson.OPT_SORT_KEYS


def _line(row: Mapping[str, Any]) -> bytes:
    """Return a row as a line of JSON, with a digest of all that it holds: rows of one id keep one order, whichever came first."""
    line = _json(row)
    return b'%b,"%b":"%b"}\n' % (line[:-1], _TIE.encode(), hashlib.blake2b(line, digest_size=8).hexdigest().encode())


def _json(row: Mapping[str, Any]) -> bytes:
    try:
        return orjson.dumps(row, default=_plain, option=_OPTIONS)
    except TypeError:
        # Half a character pair, as broken documents hold: no text of any language.
        clean = {key: _SURROGATE.sub("\ufffd", value) if isinstance(value, str) else value for key, value in row.items()}
        return orjson.dumps(clean, default=_plain, option=_OPTIONS)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(type(value).__name__)


def _to_parquet(con: "duckdb.DuckDBPyConnection", name: str, columns: Mapping[str, str], lines: Path, file: Path) -> None:
    import duckdb  # noqa: PLC0415  (heavy: only who reads or writes a snapshot pays for it)

    typed = ", ".join(f"'{column}': '{sql}'" for column, sql in (*columns.items(), (_TIE, "VARCHAR")))
    picked = ", ".join(f"coalesce({UNKNOWN}, 0) as {UNKNOWN}" if column == UNKNOWN else f'"{column}"' for column in columns)
    order = "project_id nulls first, id, source" + (", valid_from" if name.endswith(_HISTORY) else "") + f', "{_TIE}"'
    reading = (
        f"read_json({_quoted(lines)}, format = 'newline_delimited', records = true, columns = {{{typed}}}, "
        f"maximum_object_size = {_MOST_OF_A_ROW})"
    )
    try:
        con.execute(
            f"copy (select {picked} from {reading} order by {order}) to {_quoted(file)} "
            f"(format parquet, compression zstd, row_group_size {_ROW_GROUP})"
        )
    except duckdb.Error as error:
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise StoreError(f"table {name!r} cannot be stored: {said}") from error


@lru_cache(maxsize=1)
def _empties() -> Mapping[str, bytes]:
    """Return the file of every table without rows."""
    files = {}
    con = connection()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "empty.parquet"
        try:
            for name, columns in columns_by_file().items():
                picked = ", ".join(f'null::{sql} as "{column}"' for column, sql in columns.items())
                con.execute(f"copy (select {picked} limit 0) to {_quoted(file)} (format parquet, compression zstd)")
                files[name] = file.read_bytes()
        finally:
            con.close()
    return files


def _quoted(file: Path) -> str:
    return "'" + str(file).replace("'", "''") + "'"


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@lru_cache(maxsize=1)
def _model_digest() -> str:
    return hashlib.sha256(orjson.dumps(columns_by_file())).hexdigest()[:16]


# Publishing


def _publish(partial: Path, folder: Path) -> None:
    """Give a written folder its name. Everything is on the disk before it has it."""
    for file in partial.iterdir():
        _sync(file)
    partial.chmod(0o755)
    _sync(partial)
    try:
        partial.rename(folder)
    except OSError as error:
        raise StoreError(f"{folder}: cannot be written: {error.strerror or error}") from error
    _sync(folder.parent)


def _point(home: Path, name: str) -> None:
    handle, path = tempfile.mkstemp(prefix=".latest-", dir=home)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(name + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        Path(path).chmod(0o644)
        Path(path).replace(home / _LATEST)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(path).unlink()
        raise
    _sync(home)


def _sync(path: Path) -> None:
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:  # a folder cannot be opened on Windows; the rename is durable there by itself
        return
    try:
        os.fsync(handle)
    except OSError:  # some network file systems cannot do it for folders
        if not path.is_dir():
            raise
    finally:
        os.close(handle)
