"""What each source could give of each table of a project, where the place of record is, and what is therefore complete."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from auditor.connect.values import fold
from auditor.model.schema import TABLES
from auditor.snapshot.copies import is_called, title_of
from auditor.snapshot.documents.tasks import TABLE as WORK
from auditor.snapshot.rows import Made, digest_id


@dataclass(slots=True)
class Claim:
    """What one source says about one table of a project, over all its places there.

    Attributes:
        reason: why it is not complete.
        doubts: things that may hold rows of it and could not be read or recognised.
        changed_at: when the source's rows changed last, to choose between places of record.
    """

    source: str
    table: str
    columns: set[str] = field(default_factory=set)
    is_complete: bool = True
    history_from: str | None = None
    reason: str = ""
    doubts: int = 0
    changed_at: datetime | None = None
    parts: int = 0

    def join(self, columns: Iterable[str], *, is_complete: bool, history_from: str | None, reason: str) -> None:
        """Add what is said about another place of the same source."""
        self.columns |= set(columns)
        self.history_from = history_from if self.parts == 0 else _later(self.history_from, history_from)
        self.parts += 1
        if not is_complete:
            self.fail(reason)

    def fail(self, reason: str) -> None:
        """Note that not all of it was read; the first reason stays."""
        self.is_complete = False
        self.reason = self.reason or reason or "incomplete"


@dataclass(slots=True)
class Claims:
    """Everything that the sources of one project say."""

    by_key: dict[tuple[str, str], Claim] = field(default_factory=dict)  # (source, table)

    def of(self, source: str, table: str) -> Claim:
        """Return the claim of a source about a table, a new one where there is none."""
        return self.by_key.setdefault((source, table), Claim(source, table))

    def about(self, table: str) -> list[Claim]:
        """Return what all sources say about a table."""
        return [claim for (_, name), claim in sorted(self.by_key.items()) if name == table]

    def known(self, source: str, table: str) -> Claim | None:
        """Return the claim of a source about a table, or None."""
        return self.by_key.get((source, table))


def _later(first: str | None, second: str | None) -> str | None:
    """Return from which day on both have a history."""
    return None if first is None or second is None else max(first, second)


@dataclass(frozen=True, slots=True)
class Records:
    """Where the places of record of a project are.

    Attributes:
        sources: register → source.
        assumed: registers for which nobody declared it and several sources hold it.
    """

    sources: Mapping[str, str]
    assumed: frozenset[str]


def choose_records(claims: Claims, declared: Mapping[str, str], kinds_of: Mapping[str, frozenset[str]]) -> Records:
    """Return the place of record of every register that a source of the project holds.

    Declared by table, or by a kind of product that is the register; else the only source; of several the one with history, then the one
    that changed last. What a tracker shows only as far as its issues name it gives way to a source that was read to the end.

    Args:
        claims: what the sources say.
        declared: table or kind of product → source.
        kinds_of: register → kinds of products that it is.
    """
    sources: dict[str, str] = {}
    assumed = set()
    for table in TABLES.values():
        if not table.is_register:
            continue
        found = claims.about(table.name)
        wanted = declared.get(table.name) or next(
            (declared[kind] for kind in sorted(kinds_of.get(table.name, ())) if kind in declared), None
        )
        if wanted is not None:
            sources[table.name] = wanted
        elif found:
            best = max(
                found,
                key=lambda claim: (
                    not _is_partial(claim, found),
                    claim.history_from is not None,
                    _stamp(claim.changed_at),
                    claim.source,
                ),
            )
            sources[table.name] = best.source
            if len(found) > 1:
                assumed.add(table.name)
    return Records(sources, frozenset(assumed))


_SEEN_IN_ISSUES = "seen_in_issues_only"


def _is_partial(claim: Claim, found: Sequence[Claim]) -> bool:
    """Say whether a tracker shows only those that its issues name, and another source all: the fix versions that are in use."""
    return claim.reason == _SEEN_IN_ISSUES and any(other.is_complete and other.columns for other in found)


def _stamp(at: datetime | None) -> str:
    return "" if at is None else at.isoformat()


_KEPT_IN_TWO = frozenset({"risk", "issue", "change_request", "decision", "lesson"})
"""Registers that a project may keep in two places: those of the team in a tracker, the others in a workbook."""


def mark_records(rows: Sequence[Made], records: Records, kinds_of: Mapping[str, frozenset[str]]) -> None:
    """Mark the rows of registers that are not of their place of record.

    Where nobody declared it, an entry that only another source holds counts too: it is left out of no check because a register of the same
    kind lies elsewhere. What a document that is another product lists, as a charter its risks, is no register's entry.

    Args:
        rows: of one project.
        records: where the places of record are.
        kinds_of: register → kinds of products that it is.
    """
    kept: dict[str, list[Made]] = defaultdict(list)
    for row in rows:
        if row.table in records.assumed & _KEPT_IN_TWO and row.source == records.sources[row.table] and not row.is_gone:
            kept[row.table].append(row)
    holds: dict[str, set[str]] = defaultdict(set)  # document → products that it is or holds
    for row in rows:
        if row.table == "product" and row.artefact and not row.is_gone:
            holds[row.artefact].add(str(row.get("kind")))
    for row in rows:
        if TABLES[row.table].is_register and records.sources.get(row.table, row.source) != row.source:
            is_assumed = row.table in records.assumed & _KEPT_IN_TWO
            held = holds[row.artefact] if row.artefact else set()
            is_listed = bool(held) and held.isdisjoint(kinds_of.get(row.table, frozenset()))
            row.is_record = row.is_record and is_assumed and not is_listed and not _is_among(row, kept[row.table])


def _is_among(row: Made, kept: Iterable[Made]) -> bool:
    """Say whether one of *kept* may be the entry that *row* is: by its number, or its title."""
    number, title = fold(str(row.extra.get("own_id") or row.id)), fold(title_of(row))
    for other in kept:
        numbers = {fold(str(other.get("key") or "")), fold(str(other.extra.get("own_id") or other.id))}
        if number in numbers or (title and is_called(title, fold(title_of(other)))):
            return True
    return False


def mark_plans(rows: Sequence[Made]) -> None:
    """Mark what is no work of the project's plan, or a copy of it.

    An entry of a register that a tracker holds is an item of work there too; where its type is none of work, it is the entry alone. The
    tasks that stand in documents are copies where a tool or a schedule of the project holds its work. Defects are no plan: a tracker
    that holds nothing else leaves the plan to the documents.
    """
    work = [row for row in rows if row.table == WORK and not row.is_gone]
    entries = {(row.source, row.id) for row in rows if row.table in _KEPT_IN_TWO and not row.artefact}
    for row in work:
        if not row.artefact and row.get("kind") is None and (row.source, row.id) in entries:
            row.is_record = False
    if any(not row.artefact and row.is_record and row.get("kind") != "bug" for row in work):
        for row in work:
            row.is_record = row.is_record and not row.artefact


def coverage_rows(claims: Claims, rows: Iterable[Made]) -> list[Made]:
    """Return a row per source and table."""
    counts = Counter((row.source, row.table) for row in rows if not row.is_gone)
    made = []
    for (source, table), claim in sorted(claims.by_key.items()):
        values = {
            "table_name": table,
            "columns": ", ".join(sorted(claim.columns)) or None,
            "is_complete": claim.is_complete,
            "row_count": counts[source, table],
            "doubt_count": claim.doubts,
            "history_from": _day(claim.history_from),
            "reason": None if claim.is_complete else claim.reason,
        }
        made.append(Made("coverage", digest_id("coverage", source, table), values, set(values), source))
    return made


def completeness_rows(claims: Claims, records: Records, computed: Mapping[str, tuple[bool, str]]) -> list[Made]:
    """Return a row per table of which anything is known.

    Args:
        claims: what the sources say.
        records: where the places of record are.
        computed: tables that are made here → whether what they are made of was complete, and why not.
    """
    made = []
    by_table: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims.by_key.values():
        by_table[claim.table].append(claim)
    for table in sorted({*by_table, *records.sources}):
        found = by_table.get(table, [])
        counted = found
        if table in records.sources and table not in records.assumed:
            counted = [claim for claim in found if claim.source == records.sources[table]]
        failed = next((claim for claim in sorted(counted, key=lambda claim: claim.source) if not claim.is_complete), None)
        reason = "no_data" if not counted else failed.reason if failed else ""
        starts = [claim.history_from for claim in counted]
        if table in records.assumed:
            starts = [claim.history_from for claim in found if claim.source == records.sources[table]]
        history_from = max((start for start in starts if start), default=None) if starts and all(starts) else None
        made.append(_completeness(table, not reason, history_from, reason))
    made += [_completeness(table, is_complete, None, reason) for table, (is_complete, reason) in sorted(computed.items())]
    return made


_EDITS = "history_entry"


def edits_known(claims: Claims, rows: Iterable[Made]) -> list[Made]:
    """Return a row 'history_entry.work_item' for each table whose sources tell all edits, where others keep no past of theirs.

    Of a register that lies in a workbook the past is not known; what happened to the work in a tracker is.
    """
    if all(claim.is_complete for claim in claims.about(_EDITS)):
        return []
    held: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row.is_record and not row.is_gone and TABLES[row.table].has_history:
            held[row.table].add(row.source)
    made = []
    for table, sources in sorted(held.items()):
        told = [claims.known(source, _EDITS) for source in sorted(sources)]
        if all(claim is not None and claim.is_complete for claim in told):
            starts = [claim.history_from for claim in told if claim is not None and claim.history_from]
            made.append(_completeness(f"{_EDITS}.{table}", True, max(starts) if len(starts) == len(told) else None, ""))
    return made


def _completeness(table: str, is_complete: bool, history_from: str | None, reason: str) -> Made:
    values = {
        "table_name": table,
        "is_complete": is_complete,
        "history_from": _day(history_from),
        "reason": None if is_complete else reason,
    }
    return Made("completeness", f"completeness:{table}", values, set(values), "auditor")


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
