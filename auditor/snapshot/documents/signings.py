"""Who did something and when, told in one cell: 'Ann Lee (PO), 16 December 2025', 'J. Lake 2026-02-06', '12.06.2026, Bo Ek'."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from auditor.connect.values import DayOrder, clean, fold, parse_day, parse_people
from auditor.model.schema import TABLES
from auditor.model.types import Kind
from auditor.snapshot.documents.found import Found
from auditor.snapshot.words import words

_DAY = re.compile(
    r"(?<![\w.])(?:\d{4}-\d\d-\d\d|\d{1,2}([./-])\d{1,2}\1\d{4}|\d{1,2}(?:st|nd|rd|th|er|\.)? (?:de )?[^\W\d_]{3,10}\.?,? (?:de )?\d{4}"
    r"|[^\W\d_]{3,10} \d{1,2}, \d{4})(?!\w)"
)
_LOOSE_ENDS = " ,;:–-/|\n"
_BEFORE_A_DAY = re.compile(r"(?:^|\s+)(?:on|am|vom|le|du|el|del|dated?|from)$", re.IGNORECASE)


_BEFORE_A_NAME = re.compile(r"^(?:by|durch|von|par|por)\s+", re.IGNORECASE)


@lru_cache(maxsize=64)
def deeds_of(table: str) -> tuple[tuple[str, str], ...]:
    """Return the columns of *table* that say who did something, with those that say when: accepted_by and accepted_on."""
    columns = TABLES[table].by_name
    named = [name.removesuffix("_by") for name, column in columns.items() if name.endswith("_by") and column.type.kind is Kind.PERSON]
    return tuple((f"{name}_by", f"{name}_on") for name in named if f"{name}_on" in columns)


def with_day_of_signing(row: Found, order: DayOrder) -> Found:
    """Return a row whose cell for who did something tells when as well with both; two days, and a day alone, say nothing for sure."""
    for by, on in deeds_of(row.table):
        text = row.values.get(by)
        if on in row.filled or not isinstance(text, str):
            continue
        if (signed := signing_in(text, order)) is not None:
            row = replace(row, values={**row.values, by: signed[0], on: signed[1]}, filled=row.filled | {on})
    return row


def with_blank_days(rows: Sequence[Found], columns: Collection[str]) -> tuple[list[Found], frozenset[str]]:
    """Return *rows* of a register, and the days that its cells for people tell beside its *columns*; nobody named, no day either."""
    told = {
        (by, on)
        for row in rows[:1]
        for by, on in deeds_of(row.table)
        if by in columns and on not in columns and any(on in other.filled for other in rows)
    }
    completed = [replace(row, filled=row.filled | {on for by, on in told if by in row.filled and by not in row.values}) for row in rows]
    return completed, frozenset(on for _, on in told)


def signing_in(text: str, order: DayOrder) -> tuple[str, date] | None:
    """Return who signed and when by 'Ann Lee (PO), 16 December 2025'.

    None when *text* does not say both, names several days, or says that it is still to come: 'Ann Lee, planned for 3 May 2026'.
    """
    if is_open(text):
        return None
    said = list(_DAY.finditer(text))
    day = parse_day(said[0][0], order) if len(said) == 1 else None
    if day is None:
        return None
    name = _name(text[: said[0].start()]) or _name(text[said[0].end() :])
    return (name, day) if name else None


def is_open(text: str) -> bool:
    """Say whether a text with a name and a day tells of a signature that is still to be given, or was refused."""
    said = f" {fold(text)} "
    return any(f" {word} " in said for word in words("signature_open"))


def _name(text: str) -> str:
    """Return the names in what stands on one side of a day, without words that only say at what occasion: 'Ann Lee, retest'."""
    text = _BEFORE_A_DAY.sub("", clean(text, 300).strip(_LOOSE_ENDS)).strip(_LOOSE_ENDS)
    text = _BEFORE_A_NAME.sub("", text)
    parts = [part.strip() for part in re.split(r"[,;]\s*(?![^()]*\))", text) if part.strip()]
    if len(parts) > 1 and " " in parts[0]:
        parts = [part for part in parts if " " in part]
    name = ", ".join(parts)
    return name if parse_people(name) else ""
