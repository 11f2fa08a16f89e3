"""What a repository itself keeps of the rows of a list: how each was, when it was changed, and by whom."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from auditor.connect.protocol import Edition, Past
from auditor.model.schema import TABLES
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.read import DocumentRead
from auditor.snapshot.observed import differences, entry_of
from auditor.snapshot.rows import Made, digest_id

_LINE = re.compile(r"![A-Z]+(\d+)(?::[A-Z]+\d+)?$")
"""The row in a locator: 'Risk Log!A12:H12'."""

BORN_AT = "born_at"
"""In `Made.extra`: since when a row is there, where its repository tells every change of it."""
TOLD_OF_EDITS = frozenset(
    {"edit_id", "table_name", "row_id", "field", "from_value", "to_value", "from_code", "to_code", "at", "by_id", "origin"}
)
"""Columns of `history_entry` that editions fill."""

_Place = tuple[int, str, int]  # line, table, which of several that one line says


@dataclass(frozen=True, slots=True)
class Lines:
    """The rows of a list as they were.

    Attributes:
        past: as the connector handed it over.
        read: what its document says.
    """

    past: Past
    read: DocumentRead

    def by_line(self) -> Mapping[int, tuple[Edition, ...]]:
        """Return the editions of each row of today, the oldest first."""
        found: dict[int, list[Edition]] = defaultdict(list)
        for edition in self.past.editions:
            found[edition.of].append(edition)
        return {line: tuple(editions) for line, editions in found.items()}


def noted(lines: Lines, stated: Sequence[tuple[Found, Made]]) -> dict[int, datetime]:
    """Give the rows of a list the moments of their own first and last edition; return id of what was found → since when all is told."""
    editions = lines.by_line()
    told = {}
    for (line, _, _), found, made in _placed(stated):
        of = editions.get(line, ())
        if of:
            made.extra["modified_at"] = of[-1].at
            if lines.past.is_whole:
                made.extra[BORN_AT] = of[0].at
            told[id(found)] = of[0].at
    return told


def edits(lines: Lines, stated: Sequence[tuple[Found, Made]], like: Made) -> Iterator[Made]:
    """Yield the history entries of a list's registers, as its repository tells them.

    Args:
        lines: of the list.
        stated: what it says today, with the rows made of it.
        like: the list's own row, for provenance.
    """
    rows = {place: made for place, _, made in _placed(stated)}
    said = {place: found for place, found, _ in _placed([(found, like) for found in lines.read.found])}
    tables: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for line, table, ordinal in rows:
        tables[line].append((table, ordinal))
    for of, editions in sorted(lines.by_line().items()):
        for table, ordinal in tables.get(of, ()):
            for before, after in pairwise(editions):
                first, second = said.get((before.line, table, ordinal)), said.get((after.line, table, ordinal))
                if first is None or second is None:
                    continue  # what it was then is no row of this register: nothing tells what was changed
                row = rows[of, table, ordinal]
                for column, old, new in differences(first, second):
                    made = entry_of(like, table, row.id, column, old, new, after.at)
                    made.id = digest_id("edition", like.id, after.key, after.version, table, str(ordinal), column.name)
                    made.put("edit_id", digest_id("edition", like.id, after.key, after.version))
                    made.put("origin", "source_log")
                    if after.by is not None:  # else nobody says who it was
                        made.put("by_id", after.by)
                    yield made


def history_begins(rows: Iterable[Made], source: str, zone: ZoneInfo) -> dict[str, date]:
    """Return register → since when its past is known, of those of which the repository tells every change of every entry.

    Args:
        rows: of one project.
        source: whose.
        zone: in which moments become days.
    """
    begins: dict[str, date] = {}
    unknown: set[str] = set()
    for row in rows:
        if row.source != source or row.is_gone or not row.is_record or not TABLES[row.table].is_register:
            continue
        born = row.extra.get(BORN_AT)
        if born is None:
            unknown.add(row.table)
        else:
            day = born.astimezone(zone).date()
            begins[row.table] = min(begins.get(row.table, day), day)
    return {table: day for table, day in begins.items() if table not in unknown}


def _placed(stated: Iterable[tuple[Found, Made]]) -> Iterator[tuple[_Place, Found, Made]]:
    """Yield the rows of registers with their place in the list."""
    seen: Counter[tuple[int, str]] = Counter()
    for found, made in stated:
        line = _LINE.search(found.locator)
        if line is None or found.table not in TABLES or not TABLES[found.table].is_register:
            continue
        at = (int(line[1]), found.table)
        seen[at] += 1
        yield (*at, seen[at]), found, made
