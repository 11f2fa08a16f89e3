"""Questions in SQL over a snapshot and an audit: read only, and of nothing else on the machine."""

import csv
import json
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from auditor.errors import UsageError

if TYPE_CHECKING:
    import duckdb

_NUMBER = re.compile(r"[-+]?[0-9]+([.,][0-9]+)?")


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to a question: names of its columns, and its rows as they come."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def ask(sql: str, tables: Mapping[str, Path], *, memory_limit: str = "2GB") -> Answered:
    """Return the answer of one SELECT.

    Args:
        sql: one statement in DuckDB's dialect.
        tables: name → Parquet file.
        memory_limit: beyond it the question ends with an error.

    Raises:
        UsageError: it is no SELECT, it cannot be answered, or it asks for what is not there.
    """
    import duckdb  # noqa: PLC0415  (half a second that only questions pay)

    with tempfile.TemporaryDirectory() as folder:
        database = duckdb.connect(":memory:", config={"autoinstall_known_extensions": False, "autoload_known_extensions": False})
        database.execute("set enable_progress_bar = false")  # as in auditor/snapshot/store.py
        try:
            for name, file in tables.items():
                quoted = str(file).replace("'", "''")
                database.execute(f"create view \"{name}\" as select * from read_parquet('{quoted}')")
            database.execute("set memory_limit = ?", [memory_limit])
            database.execute("set temp_directory = ?", [folder])
            database.execute("set allowed_paths = ?", [[str(file) for file in tables.values()]])
            database.execute("set enable_external_access = false")
            database.execute("set lock_configuration = true")
            statement = _only_question(database.extract_statements(sql))
            cursor = database.execute(statement)
            return Answered(tuple(item[0] for item in cursor.description or ()), tuple(cursor.fetchall()))
        except duckdb.Error as error:
            first, _, rest = str(error).strip().partition("\n")
            raise UsageError(first, hint=rest.strip() or None) from error
        finally:
            database.close()


def _only_question(statements: "list[duckdb.Statement]") -> "duckdb.Statement":
    import duckdb  # noqa: PLC0415  (as above)

    if len(statements) != 1:
        raise UsageError("one statement is wanted" if statements else "there is no question")
    if statements[0].type not in (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN):
        raise UsageError("only questions are answered: nothing can be changed", hint="begin with select")
    return statements[0]


def write_csv(answer: Answered, stream: IO[str]) -> None:
    """Write *answer* as CSV. A text that a spreadsheet would take for a formula gets an apostrophe before it."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(answer.columns)
    writer.writerows([_cell(value) for value in row] for row in answer.rows)


def write_json(answer: Answered, stream: IO[str]) -> None:
    """Write *answer* as a list of objects; days and exact numbers as texts."""
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    json.dump(rows, stream, default=str, ensure_ascii=False, indent=1)
    stream.write("\n")


def _cell(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") and not _NUMBER.fullmatch(value):
        return f"'{value}"
    return value
