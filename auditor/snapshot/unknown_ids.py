"""Ids of a register's shape that a document names and the register has not: a report's 'R-19' where the register ends with R-16.

Only registers that documents hold: a tracker numbers everything that it keeps in one row of numbers, so that what is no risk may be a bug.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from auditor.connect.document import passages_of
from auditor.connect.values import clean
from auditor.snapshot.artefacts import Doc
from auditor.snapshot.match import OWN_ID, plain_id
from auditor.snapshot.rows import Made, digest_id

_REGISTERS = frozenset({"risk", "issue", "change_request", "decision", "action", "lesson"})
_SAME = frozenset({"risk", "issue", "change", "decision", "action", "lesson"})
"""Kinds of listed items that are entries of such registers, shown elsewhere."""

_ID = re.compile(r"(?<![\w.-])([A-Z]{1,8})([-_]?)(\d{1,4})(?![\w-]|\.\d)")
_FEWEST = 3  # entries of one shape: fewer are no way of numbering
_LISTS_SOME = 3  # a document with a third of the entries and less lists some of them
_LONGEST = 300
_ALIKE = 60  # per cent of its words that an entry has
_BEFORE = 120

_Shape = tuple[str, str, int]  # letters, what stands between, digits


def uncited_decisions(rows: Iterable[Made]) -> Iterator[Made]:
    """Yield the decisions of minutes whose number the Decision Log does not cite, where it cites those of the others.

    'PSC05-3' where entries of the log name PSC05-1 and PSC05-2. Only numbers that no two documents give, and only where the log cites
    those of several meetings: it does so as a habit. What an entry says in nearly the same words is there under another number.
    """
    listed: dict[str, list[Made]] = defaultdict(list)  # number → decisions of documents that bear it
    cited: set[str] = set()
    for row in rows:
        if row.is_gone:
            continue
        if row.table == "listed_item" and row.get("kind") == "decision" and row.get("ref") and row.get("artefact_id"):
            listed[plain_id(str(row.get("ref")))].append(row)
        elif row.table == "decision" and row.is_record:
            said = " ".join(str(value) for value in (row.id, *row.values.values(), row.extra.get("own_id")) if isinstance(value, str))
            cited |= {plain_id(token) for token in OWN_ID.findall(said)}
    own = {number: found[0] for number, found in listed.items() if len({row.get("artefact_id") for row in found}) == 1}
    named = {str(row.get("artefact_id")) for number, row in own.items() if number in cited}
    if len(named) < _FEWEST:
        return
    for number, row in own.items():
        if number in cited or str(row.get("artefact_id")) not in named or (row.get("likeness") or 0) >= _ALIKE:
            continue
        if not OWN_ID.fullmatch(str(row.get("ref"))) or row.get("likeness") is None:
            continue
        values: dict[str, Any] = {
            "artefact_id": row.get("artefact_id"),
            "table_name": "decision",
            "ref": row.get("ref"),
            "text": clean(str(row.get("name") or row.get("text") or ""), _LONGEST),
        }
        key = digest_id("unknown_id", row.source, str(row.get("artefact_id")), number)
        yield Made("unknown_id", key, values, set(values), row.source, row.url, row.locator, seen_at=row.seen_at, artefact=row.artefact)


def unknown_ids(rows: Iterable[Made], docs: Iterable[Doc]) -> Iterator[Made]:
    """Yield for each current document the ids that no entry of the register of that shape bears, the first place of each.

    Shapes that two registers share, or that other things of the project are numbered by, say nothing. Entries that vanished, that copies or
    earlier editions of a register have, count as known; a few lines of another document that list some of them are no edition of it.
    """
    held: dict[_Shape, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))  # by document; '': of no document
    tables: dict[_Shape, set[str]] = defaultdict(set)
    kept: dict[_Shape, int] = defaultdict(int)
    taken: set[tuple[str, str]] = set()  # letters and what stands between, of other things
    for row in rows:
        is_entry = row.table in _REGISTERS
        for name in (row.id, row.get("key"), row.get("ref"), row.extra.get("own_id"), row.get("wbs_code")):
            match = _ID.fullmatch(str(name)) if name else None
            if match is None or (row.table == "listed_item" and row.get("kind") in _SAME):
                continue
            letters, between, digits = match.groups()
            shape = (letters, between, len(digits))
            if is_entry:
                held[shape][row.artefact].add(int(digits))
            if not is_entry or not row.artefact:
                taken.add((letters, between))
            elif row.is_record and not row.is_gone:
                tables[shape].add(row.table)
                kept[shape] += 1
    known = {
        shape: next(iter(found)) for shape, found in tables.items() if len(found) == 1 and kept[shape] >= _FEWEST and shape[:2] not in taken
    }
    numbers = {shape: _of_registers(held[shape]) for shape in known}
    if known:
        for doc in sorted((doc for doc in docs if doc.is_current and doc.seen.gone_at is None), key=lambda doc: (doc.source, doc.path)):
            yield from _in_document(doc, known, numbers)


def _of_registers(held: dict[str, set[int]]) -> set[int]:
    """Return the numbers that documents have which hold enough of them to be the register, or an edition of it."""
    most = max(map(len, held.values()))
    return {number for document, found in held.items() if not document or _LISTS_SOME * len(found) > most for number in found}


def _in_document(doc: Doc, known: dict[_Shape, str], numbers: dict[_Shape, set[int]]) -> Iterator[Made]:
    met: set[str] = set()
    for text, locator in passages_of(doc.parsed.document):
        for match in _ID.finditer(text):
            letters, between, digits = match.groups()
            shape = (letters, between, len(digits))
            if shape not in known or int(digits) in numbers[shape] or match[0] in met:
                continue
            met.add(match[0])
            begin = max(0, match.start() - _BEFORE)
            values: dict[str, Any] = {
                "artefact_id": doc.id,
                "table_name": known[shape],
                "ref": match[0],
                "text": clean(text[begin : begin + _LONGEST], _LONGEST),
            }
            key = digest_id("unknown_id", doc.source, doc.path, match[0])
            yield Made(
                "unknown_id", key, values, set(values), doc.source, doc.record.url, locator, seen_at=doc.seen.seen_at, artefact=doc.id
            )
