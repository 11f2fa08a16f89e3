"""What no log of a source tells: how the rows of a document changed between pulls, seen by comparing."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from auditor.connect.protocol import Record
from auditor.model.schema import TABLES, Column
from auditor.model.types import Kind
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.read import DocumentRead
from auditor.snapshot.people import named
from auditor.snapshot.rows import Made, digest_id

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Earlier:
    """A document as an earlier pull saw it.

    Attributes:
        until: when it was seen that it had changed.
    """

    record: Record
    read: DocumentRead
    until: datetime


def keyed(rows: Sequence[Found]) -> dict[Key, Found]:
    """Return the rows of registers by what they are known by across the versions of their document."""
    ordinal: Counter[Key] = Counter()
    found = {}
    for row in rows:
        if TABLES[row.table].is_register:
            key = (row.table, row.register, "own", row.own_id) if row.own_id else (row.table, row.register, "key", *row.key)
            ordinal[key] += 1
            found[*key, str(ordinal[key])] = row
    return found


def changes(
    earlier: Sequence[Earlier],
    present: DocumentRead,
    changed_at: datetime | None,
    rows: Mapping[Key, Made],
    like: Made,
    told: Mapping[Key, datetime] = MappingProxyType({}),
) -> Iterator[Made]:
    """Yield the history entries of a document's registers, and the rows that vanished from it, as gone.

    Args:
        earlier: the document as it was, oldest first.
        present: as it is.
        changed_at: when the present version was written, by the source.
        rows: key → row of the present version.
        like: the document's row, for provenance.
        told: key → since when the repository itself tells every change of the row: those are not told twice.
    """
    versions = [*((item.read, item.record.changed_at, item.until) for item in earlier), (present, changed_at, None)]
    gone: dict[Key, tuple[Found, datetime]] = {}
    for (before, left, until), (after, written, _) in pairwise(versions):
        assert until is not None
        # The source's own time of the change, where it lies before it was noticed.
        at = written if written is not None and written <= until else until
        old, new = keyed(before.found), keyed(after.found)
        for key, row in old.items():
            if key not in new:
                gone[key] = (row, at)
                continue
            target = rows.get(key)
            if key in told and left is not None and left >= told[key]:
                continue
            row_id = target.id if target is not None else _gone_id(like, key)
            for column, first, second in differences(row, new[key]):
                yield entry_of(like, row.table, row_id, column, first, second, at)
        for key in new:
            gone.pop(key, None)
    for key, (row, at) in sorted(gone.items()):
        made = _vanished(like, key, row, at)
        yield made
        entry = entry_of(like, row.table, made.id, None, None, None, at)
        entry.put("field", "row")
        entry.put("to_code", "gone")
        yield entry


def versions_of(earlier: Sequence[Earlier], like: Made) -> Iterator[Made]:
    """Yield the versions of a document that earlier pulls saw."""
    for item in earlier:
        values: dict[str, Any] = {"artefact_id": like.id}
        if item.record.changed_at is not None:
            values["modified_at"] = item.record.changed_at
        for column in ("version_on_cover", "status"):
            if column in item.read.filled:
                values["version" if column == "version_on_cover" else column] = item.read.artefact.get(column)
        row_id = digest_id("artefact_version", like.id, item.record.content_hash, item.until.isoformat())
        made = _made(like, "artefact_version", row_id, values)
        made.content_hash = item.record.content_hash
        yield made


def differences(before: Found, after: Found) -> Iterator[tuple[Column, Any, Any]]:
    """Yield the columns that say something else than before, with what they said and say; those that either leaves unknown are left out."""
    for column in TABLES[before.table].own:
        name = column.name
        if name not in before.filled or name not in after.filled or name in before.refers or name in after.refers:
            continue
        first, second = before.values.get(name), after.values.get(name)
        if first != second:
            yield column, first, second


def entry_of(like: Made, table: str, row_id: str, column: Column | None, first: Any, second: Any, at: datetime) -> Made:
    """Return the history entry of a column that changed; without a column: of the row itself."""
    field = column.name if column is not None else "row"
    values: dict[str, Any] = {
        "edit_id": digest_id("observed", like.id, at.isoformat()),
        "table_name": table,
        "row_id": row_id,
        "field": field,
        "from_value": _said(first),
        "to_value": _said(second),
        "from_code": _code(column, first),
        "to_code": _code(column, second),
        "at": at,
        "origin": "observed",
    }
    return _made(like, "history_entry", digest_id("observed", like.id, table, row_id, field, at.isoformat()), values)


def _said(value: Any) -> str | None:
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else value.isoformat() if isinstance(value, date) else str(value)


def _code(column: Column | None, value: Any) -> str | None:
    if column is None or value is None or column.type.kind is Kind.TEXT:
        return None
    if column.type.kind is Kind.PERSON:
        person = named(str(value))
        return person.id if person is not None else None
    return _said(value)


def _vanished(like: Made, key: Key, row: Found, at: datetime) -> Made:
    made = _made(like, row.table, row.own_id or _gone_id(like, key), dict(row.values))
    made.filled = set(row.filled)
    made.is_gone = True
    made.locator = row.locator
    made.extra = {"names": True, "gone_at": at, "register": row.register}
    return made


def _gone_id(like: Made, key: Key) -> str:
    return digest_id(like.source, "gone", like.id, *key)


def _made(like: Made, table: str, row_id: str, values: dict[str, Any]) -> Made:
    return Made(
        table,
        row_id,
        values,
        set(values),
        like.source,
        like.url,
        "",
        like.record_version,
        like.content_hash,
        like.seen_at,
        artefact=like.id,
        extra={"names": True},
    )
