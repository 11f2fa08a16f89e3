"""What a document says settles what it is, where its names alone leave that in doubt; and what a doubt that stays may hide.

Minutes, agendas, reports and checklists are read as such only when the document is surely one. One that may be one is read as if it were:
where that gives what such a document tells above all (the day of the meeting and who was there, the period of the report), it is one. Where
it gives nothing that was not read anyhow, the doubt hides nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

from auditor.snapshot.documents.details import DetailsRead
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.kinds import SURE, KindGuess, best_kind
from auditor.snapshot.documents.matters.gates import CHECKLISTS
from auditor.snapshot.documents.matters.minutes import AGENDA, MINUTES
from auditor.snapshot.documents.matters.reports import KINDS as REPORTS

READ_AS = MINUTES | AGENDA | CHECKLISTS | frozenset(REPORTS)
"""Kinds of documents that are read in a way of their own."""
TOLD_BY: Mapping[str, frozenset[str]] = {
    "gate": MINUTES | AGENDA | CHECKLISTS | {"decision_log"},
    "meeting": MINUTES | AGENDA,
    "attendance": MINUTES,
    "report": frozenset(REPORTS),
}
"""Table that is filled by what kind of document something is → the kinds: a document that may be one of them may hold more."""

_NAMED = Decimal("0.60")  # from which on a name together with what the document says tells what it is
_MET = Decimal("0.40")  # the same where it says when who met: hardly anything else does
_TITLED = Decimal("0.70")
_NEARLY = Decimal("0.75")
_RATHER = Decimal("0.50")  # from which on a document is rather of a kind than not
_FEWEST_PRESENT = 2
_FEWEST_ROLES = 3


def confirm(guesses: list[KindGuess], tried: Mapping[str, DetailsRead], read: DetailsRead) -> list[KindGuess]:
    """Return *guesses* with the best made sure where what the document says agrees with what it is called; else the same object.

    Args:
        guesses: of one document, surest first; the best of them is in doubt.
        tried: kind of `READ_AS` → what the document says when it is read as such.
        read: what it says when it is read as nothing in particular.
    """
    best = best_kind(guesses)
    if best is None or best.confidence >= SURE or not best.is_named:
        return guesses
    by_standard = [
        guess
        for standard in dict.fromkeys(guess.standard for guess in guesses)
        if (guess := best_kind([guess for guess in guesses if guess.standard == standard])) is not None and guess.is_named
    ]
    sure = {(guess.standard, guess.kind): because for guess in by_standard if (because := _agrees(guess, tried, read))}
    if not sure:
        return guesses
    for guess in by_standard:  # what a title names together is all of it
        reason = sure.get((guess.standard, guess.kind), "")
        if guess.is_joint and reason:
            same = (other for other in guesses if other.is_joint and other.standard == guess.standard)
            sure |= {(other.standard, other.kind): reason for other in same if other.confidence >= _TITLED}
    found = [
        guess._replace(confidence=max(guess.confidence, SURE), because=(*guess.because, sure[guess.standard, guess.kind]))
        if (guess.standard, guess.kind) in sure
        else guess
        for guess in guesses
    ]
    return sorted(found, key=lambda guess: -guess.confidence)


def _agrees(guess: KindGuess, tried: Mapping[str, DetailsRead], read: DetailsRead) -> str:
    """Return in words what of the document's content agrees with its name; '' when nothing does."""
    told = tried[guess.kind].found if guess.kind in tried else ()
    least = _MET if guess.kind in MINUTES | AGENDA or _count(told, "report") > 1 else _NAMED
    fewest = 0 if guess.is_titled and guess.confidence >= _NEARLY else _FEWEST_PRESENT
    if guess.kind in tried and guess.confidence >= least and _is_told(guess.kind, told, fewest):
        return "says what such a document says"
    if guess.kind == "role_descriptions" and guess.confidence >= _NAMED and _count(read.found, "role") >= _FEWEST_ROLES:
        return "names roles and who holds them"
    is_called = guess.is_titled and guess.confidence >= _TITLED
    if (is_called or guess.confidence >= _NEARLY) and guess.kind not in READ_AS and _is_controlled(read):
        return "has the control block of a document of the project"
    return ""


def _count(rows: Iterable[Found], table: str) -> int:
    return sum(row.table == table for row in rows)


def _is_controlled(read: DetailsRead) -> bool:
    """Say whether a document shows its versions, or who approved it: an article about such documents has neither."""
    return _count(read.found, "artefact_version") + _count(read.found, "approval") > 0 or (
        "version_on_cover" in read.artefact and bool({"author_id", "owner_id"} & read.artefact.keys())
    )


def _is_told(kind: str, rows: Sequence[Found], fewest: int) -> bool:
    """Say whether what was read of a document is what one of *kind* tells above all; minutes: the day and *fewest* who were there."""
    if kind in MINUTES:
        return any(row.table == "meeting" and row.values.get("held_on") for row in rows) and (
            _count(rows, "attendance") >= fewest or _count(rows, "meeting") > 1
        )
    if kind in AGENDA:
        return any(row.table == "meeting" and row.values.get("held_on") for row in rows)
    if kind in CHECKLISTS:
        return any(row.table == "review" and row.values.get("held_on") and row.values.get("subject") for row in rows)
    reports = [row for row in rows if row.table == "report"]
    dated = [row for row in reports if row.values.get("issued_on") or row.values.get("period_to_on")]
    return bool(dated) and len(dated) == len(reports)


_ANCHOR: Sequence[tuple[frozenset[str], str]] = (
    (MINUTES | AGENDA, "meeting"),
    (CHECKLISTS, "review"),
    (frozenset(REPORTS), "report"),
)
"""Kinds → the table of which such a document tells in the first place."""


def hidden_by_doubt(
    guesses: Sequence[KindGuess], tried: Mapping[str, DetailsRead], read: DetailsRead, *, is_cut: bool, is_of_logs: bool = False
) -> dict[str, frozenset[str]]:
    """Return kind that a document may be → tables of which it would hold rows that were not read.

    A workbook of several logs (*is_of_logs*) that is called a dashboard, and says neither day nor period nor light of a report, is none:
    what it holds are the logs.

    A document that is called minutes, or is so rather than not, and of which nothing can be read as minutes may hold anything of a meeting:
    it was not understood. One that only looks a little like minutes, and says no more when it is read as such, hides nothing.
    """
    hidden: dict[str, frozenset[str]] = {}
    for guess in guesses:
        if guess.kind not in tried:
            continue
        mine = {table for table, kinds in TOLD_BY.items() if guess.kind in kinds}
        anchor = next(table for kinds, table in _ANCHOR if guess.kind in kinds)
        as_such = tried[guess.kind].found
        told = {table for table in mine if _rows(as_such, table, _substance) - _rows(read.found, table, _substance)}
        if is_of_logs and anchor == "report" and not told and not is_cut:
            continue
        if is_cut or (
            (guess.is_named or guess.confidence >= _RATHER) and not any(row.table == anchor and _substance(row) for row in as_such)
        ):
            told = mine
        if told:
            hidden[guess.kind] = hidden.get(guess.kind, frozenset()) | told
    return hidden


_BARE = frozenset({"kind", "has_minutes", "has_agenda", "subject"})
"""What a row says of itself as soon as the document is taken for one of the kind."""


def _substance(row: Found) -> bool:
    return row.table not in {"meeting", "report", "review"} or bool({name for name in row.values if not name.endswith("_raw")} - _BARE)


def _rows(rows: Iterable[Found], table: str, is_counted: Callable[[Found], bool]) -> Counter[tuple[str, str]]:
    return Counter(
        (str(row.own_id), str(sorted((name, str(value)) for name, value in row.values.items())))
        for row in rows
        if row.table == table and is_counted(row)
    )
