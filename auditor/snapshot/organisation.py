"""Facts of the organisation: a file per table, `organisation/<table>.csv` or `.yaml` beside `auditor.toml`.

    # organisation/authority.csv
    role,subject,limit,currency,from_on
    project_manager,change_request,5000,EUR,2024-01-01

The columns are those of the model. An empty cell is blank; a column that the file does not have is unknown. People stand there by the ids
of their accounts, or by their names as documents write them.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from auditor.errors import AuditorError, Location, UsageError, did_you_mean, raise_all
from auditor.model.schema import TABLES, Column, Table
from auditor.model.types import Kind
from auditor.snapshot.people import named
from auditor.snapshot.review import read_yaml
from auditor.snapshot.rows import Made, digest_id

SOURCE = "organisation"
_COMPUTED = "person_load"
_TRUE = frozenset({"true", "yes", "1", "x"})
_FALSE = frozenset({"false", "no", "0"})


def organisation_rows(folder: Path) -> Iterator[Made]:
    """Yield the rows of the organisation's tables, with their coverage and completeness.

    Raises:
        UsageError: a file is no CSV or YAML.
        ExceptionGroup: everything else that is wrong, of `UsageError`.
    """
    errors: list[AuditorError] = []
    made: list[Made] = []
    for table in TABLES.values():
        if not table.is_organisational:
            continue
        if table.name == _COMPUTED:
            made += _about(table, set(), 0, is_complete=False, reason="hours_seen_only")
            continue
        file = next((found for found in (folder / f"{table.name}.csv", folder / f"{table.name}.yaml") if found.is_file()), None)
        if file is None:
            continue
        rows = [*_rows(table, file, errors)]
        made += rows
        made += _about(table, set().union(*(row.filled for row in rows)) if rows else set(), len(rows), is_complete=True, reason="")
    raise_all(f"{folder}: the facts of the organisation are wrong", errors)
    return iter(made)


def _rows(table: Table, file: Path, errors: list[AuditorError]) -> Iterator[Made]:
    columns = {column.name: column for column in table.own}
    url = file.absolute().as_uri()
    for number, said in _read(file):
        at = Location(str(file), number)
        values: dict[str, Any] = {}
        for name, value in said.items():
            if name == "id":
                continue
            column = columns.get(name)
            if column is None:
                errors.append(UsageError(f"{table.name} has no column {name!r}", at=at, hint=did_you_mean(name, columns)))
                continue
            found = _value(column, value)
            if found is None and value not in (None, ""):
                errors.append(UsageError(f"{name}: expected {column.type.kind}, not {value!r}", at=at))
            values[name] = found
        row_id = str(said.get("id") or digest_id(table.name, *(f"{name}={values[name]}" for name in sorted(values))))
        yield Made(table.name, row_id, values, set(values), SOURCE, url, f"line {number}")


def _read(file: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    if file.suffix == ".yaml":
        data = read_yaml(file) or []
        if not isinstance(data, list) or not all(isinstance(item, dict) for item in data):
            raise UsageError("expected a list of rows", at=Location(str(file)))
        yield from enumerate(data, start=1)
        return
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: cannot be read: {getattr(error, 'strerror', '') or 'it is not UTF-8'}") from error
    first = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",")
    for row in reader:
        if None in row or any(value is None for value in row.values()):
            raise UsageError("this line has another number of cells than the first", at=Location(str(file), reader.line_num))
        yield reader.line_num, {str(name).strip(): value.strip() for name, value in row.items()}


def _value(column: Column, value: Any) -> Any:
    if value is None or value == "":
        return None
    kind = column.type.kind
    if kind is Kind.PERSON:
        return _person(str(value))
    try:
        if kind is Kind.BOOLEAN:
            word = str(value).casefold()
            return True if word in _TRUE else False if word in _FALSE else None
        if kind is Kind.DAY:
            if isinstance(value, date) and not isinstance(value, datetime):
                return value
            return date.fromisoformat(str(value))
        if kind is Kind.INTEGER:
            return int(str(value))
        if kind is Kind.DECIMAL:
            return Decimal(str(value))
    except (ValueError, InvalidOperation):
        return None
    return str(value)


def _person(text: str) -> str:
    """Return the id of somebody: a name as documents write it gets the id of names, anything else is an id already."""
    found = named(text)
    is_name = found is not None and found.kind == "person" and len(found.tokens) > 1 and not any(sign in text for sign in "@:/_0123456789")
    return found.id if found is not None and is_name else text


def _about(table: Table, columns: set[str], count: int, *, is_complete: bool, reason: str) -> Iterator[Made]:
    values: dict[str, Any] = {
        "table_name": table.name,
        "columns": ", ".join(sorted(columns)) or None,
        "is_complete": is_complete,
        "row_count": count,
        "doubt_count": 0,
        "history_from": None,
        "reason": reason or None,
    }
    yield Made("coverage", digest_id("coverage", SOURCE, table.name), values, set(values), SOURCE)
    own = {name: values[name] for name in ("table_name", "is_complete", "history_from", "reason")}
    yield Made("completeness", f"completeness:{table.name}", own, set(own), "auditor")
