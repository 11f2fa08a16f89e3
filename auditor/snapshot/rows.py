"""Rows on their way into a snapshot: from drafts with what is filled to columns with `unknown_bits`."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from auditor.connect.protocol import Record
from auditor.model.draft import Draft
from auditor.model.schema import COMMON, TABLES, UNKNOWN, Column, Table
from auditor.model.types import Kind
from auditor.snapshot.raw import Seen

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_CONTROL_BYTES = bytes([*range(9), 11, 12, *range(14, 32), 127])
_WHOLE_MOST = 2**63
_LONGEST = 20_000
_UNFIT = object()


@dataclass(slots=True)
class Made:
    """A row of one project that is being made.

    Attributes:
        values: column → value, own and raw columns; what is missing or None is blank when in *filled*, else unknown.
        artefact: id of the document that it was read from; '' for rows of tools.
    """

    table: str
    id: str
    values: dict[str, Any]
    filled: set[str]
    source: str
    url: str = ""
    locator: str = ""
    record_version: str = ""
    content_hash: str = ""
    seen_at: datetime | None = None
    is_gone: bool = False
    is_record: bool = True
    artefact: str = ""
    extra: dict[str, Any] = field(default_factory=dict)  # what later steps remember about it

    def put(self, column: str, value: Any) -> None:
        """Fill a column; None is blank."""
        self.filled.add(column)
        self.values[column] = value

    def get(self, column: str) -> Any:
        """Return a value, None when it is blank or unknown."""
        return self.values.get(column)

    def row(self, project: str | None) -> dict[str, Any]:
        """Return the finished row. A value that its column cannot hold becomes unknown, its words stay in the raw column."""
        table = TABLES[self.table]
        row: dict[str, Any] = {
            "project_id": project,
            "id": self.id,
            "is_gone": self.is_gone,
            "is_record": self.is_record,
            "source": self.source,
            "url": self.url or None,
            "locator": self.locator or None,
            "record_version": self.record_version or None,
            "content_hash": self.content_hash or None,
            "seen_at": self.seen_at,
        }
        bits = 0
        for column in own_columns(table):
            value = self.values.get(column.name)
            if value is not None:
                value = fitting(column, value)
                if value is _UNFIT:
                    bits |= column.mask
                    if column.type.has_raw and self.values.get(f"{column.name}_raw") is None:
                        row[f"{column.name}_raw"] = str(self.values[column.name])[:_LONGEST]
                elif value is not None:
                    row[column.name] = value
            if value is None and column.bit is not None and column.name not in self.filled:
                bits |= column.mask
        row[UNKNOWN] = bits
        return row


def own_columns(table: Table) -> tuple[Column, ...]:
    """Return the columns of a table besides the common ones and `unknown_bits`."""
    found = _OWN.get(table.name)
    if found is None:
        found = _OWN[table.name] = tuple(column for column in table.columns if column.name not in COMMON and column.name != UNKNOWN)
    return found


_OWN: dict[str, tuple[Column, ...]] = {}


def made_of(draft: Draft, seen: Seen | None) -> Made:
    """Return a draft of a tool as a row in the making."""
    values = dict(draft.values)
    row_id = str(values.pop("id", "") or "")
    return Made(
        draft.table,
        row_id or digest_id(draft.source, draft.table, draft.locator, draft.url),
        values,
        set(draft.filled),
        draft.source,
        draft.url,
        draft.locator,
        draft.record_version,
        draft.content_hash,
        draft.seen_at or (seen.seen_at if seen else None),
        is_gone=seen is not None and seen.gone_at is not None,
    )


def made_at(record: Record, seen: Seen, table: str, row_id: str, source: str, values: Mapping[str, Any]) -> Made:
    """Return a row with the provenance of a record; the columns of *values* are filled."""
    return Made(
        table,
        row_id,
        dict(values),
        set(values),
        source,
        record.url,
        "",
        record.version,
        record.content_hash,
        seen.seen_at,
        is_gone=seen.gone_at is not None,
    )


def digest_id(*parts: str) -> str:
    """Return an id made of *parts*, the same on every machine."""
    joined = "\x1f".join(parts)
    return hashlib.blake2b(joined.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def fitting(column: Column, value: Any) -> Any:
    """Return *value* as its column stores it; None for empty text; `_UNFIT` when it is of another type or out of range."""
    kind = column.type.kind
    if kind in _TEXTUAL:
        if not isinstance(value, str):
            value = str(value)
        if not value.isprintable():
            value = value.encode().translate(None, _CONTROL_BYTES).decode() if value.isascii() else _CONTROL.sub("", value)
        value = value[:_LONGEST]
        if kind is Kind.CODE and column.type.codes and value not in column.type.codes:
            return _UNFIT
        return value or None
    if kind is Kind.BOOLEAN:
        return value if isinstance(value, bool) else _UNFIT
    if kind is Kind.DAY:
        return value if isinstance(value, date) and not isinstance(value, datetime) else _UNFIT
    if kind is Kind.INSTANT:
        return value.astimezone(UTC) if isinstance(value, datetime) and value.tzinfo else _UNFIT
    return _number(column, value)


def _number(column: Column, value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        return _UNFIT
    if column.type.kind is Kind.INTEGER:
        if value != int(value):
            return _UNFIT
        least, most = (1, 5) if column.type.unit == "1..5" else (-_WHOLE_MOST, _WHOLE_MOST - 1)
        return int(value) if least <= value <= most else _UNFIT
    width, places = _scale(column.type.sql)
    try:
        amount = Decimal(value).quantize(Decimal(1).scaleb(-places))
    except InvalidOperation:
        return _UNFIT
    return amount if amount.is_finite() and abs(amount) < Decimal(10) ** (width - places) else _UNFIT


_TEXTUAL = frozenset({Kind.TEXT, Kind.CODE, Kind.REFERENCE, Kind.PERSON})


def _scale(sql: str) -> tuple[int, int]:
    width, _, places = sql.partition("(")[2].rstrip(")").partition(",")
    return int(width), int(places)
