"""Phase, methodology, size and end of a project that nobody declared: inferred, with basis and confidence.

From `KNOWN` on rules treat them as known. Below it the column stays unknown, and what was inferred stands in `<column>_raw`, for people.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Literal

from auditor.config.mapping import fold
from auditor.connect.document import TextBlock
from auditor.rulebook.recognition import CORE, Recognition
from auditor.snapshot.artefacts import Doc
from auditor.snapshot.documents.kinds import SURE
from auditor.snapshot.documents.matters.words import heading_key
from auditor.snapshot.row_kinds import BOARD, ends
from auditor.snapshot.rows import Made
from auditor.snapshot.words import words

KNOWN = Decimal("0.8")

Basis = Literal["declared", "gate", "artefact", "work", "guess"]

_AFTER_GATE = {"rfp": "planning", "rfe": "executing", "rfc": "closing"}
_BY_MEETING = {
    "initiating_kick_off": "initiating",
    "planning_kick_off": "planning",
    "executing_kick_off": "executing",
    "project_end_review": "closing",
}
_BY_REPORT = {
    "status": "executing",
    "progress": "executing",
    "checkpoint": "executing",
    "highlight": "executing",
    "end_stage": "executing",
    "end_project": "closing",
}
_REGULAR = frozenset({"status", "progress", "checkpoint", "highlight"})
_FEWEST_REPORTS, _SHORTEST_REPORTING = 3, 56  # reports, days: fewer may be those of planning
_BY_DOCUMENT = frozenset({"sprint_retrospective", "sprint_review"})
"""Documents of no standard that look back on work that was done."""
_CLOSURE = "closure_notification"
_DECIDED = frozenset({"approved", "implemented"})
_PRODUCING = frozenset({"story", "bug"})
_FEWEST_PRODUCED = 5
"""Stories and bugs that are done: what is built and mended. Tasks may be those of planning."""
_ORDER = ("initiating", "planning", "executing", "closing", "closed")
_FIRST_BLOCKS = 60
_MOST_BLOCKS, _MOST_ROWS = 2_000, 100
_LONG_STEM = 4
_LEAST = Decimal("0.3")
_BY_KINDS = Decimal("0.6")
_BY_NAME = {1: Decimal("0.75"), 2: Decimal("0.85"), 3: Decimal("0.95")}
"""Documents that name the method → how sure it is, where nothing speaks for another."""
_MANY_KINDS, _VERY_MANY_KINDS = 6, 10
_BY_MANY_KINDS = Decimal("0.8")
_CLEARLY, _CLEARLY_BESIDE_MANY = 5, 3


@dataclass(frozen=True, slots=True)
class Inferred:
    """What was concluded about one trait of a project."""

    value: str
    basis: Basis
    confidence: Decimal


def infer_methodology(docs: Sequence[Doc], rows: Iterable[Made], recognition: Recognition) -> Inferred | None:
    """Return the method that the documents speak of and whose artefacts they are; None when nothing tells it."""
    named: Counter[str] = Counter()
    kinds: dict[str, set[str]] = defaultdict(set)
    for doc in docs:
        named.update(_named_standards(doc, recognition))
        sure = {guess.standard: guess for guess in doc.read.guesses if guess.standard != CORE and guess.confidence >= SURE}
        if len(sure) == 1:
            standard, guess = next(iter(sure.items()))
            kinds[standard].add(guess.kind)
    points = Counter({standard: 3 * named[standard] + len(kinds[standard]) for standard in {*named, *kinds}})
    if not points:
        return _agile(rows)
    best, count = min(points.items(), key=lambda item: (-item[1], item[0]))
    second = max((other for standard, other in points.items() if standard != best), default=0)
    # One document may be taken for an artefact of another method: that is no doubt beside many that are not. Minutes, records of decisions
    # and of acceptance are kept by projects of any method.
    clearly = _CLEARLY_BESIDE_MANY if len(kinds[best]) >= _VERY_MANY_KINDS else _CLEARLY
    share = Decimal(1) if count >= clearly * second else Decimal(count - second) / count
    # Many methods know a charter and a risk log: a few kinds never make it sure, the documents have to name the method.
    # Beside one that names it, many artefacts that no other method knows say as much as a second one that does; very many say it alone.
    naming = named[best] + (1 if named[best] and len(kinds[best]) >= _MANY_KINDS else 0)
    alone = _BY_MANY_KINDS if len(kinds[best]) >= _VERY_MANY_KINDS else _BY_KINDS
    most = _BY_NAME[min(naming, max(_BY_NAME))] if naming else alone
    return Inferred(best, "artefact", (_LEAST + (most - _LEAST) * share).quantize(Decimal("0.01")))


def _agile(rows: Iterable[Made]) -> Inferred | None:
    counts = Counter(
        row.table for row in rows if not (row.is_gone or row.artefact) and row.table in {"sprint", "work_item", "board_column"}
    )
    if counts["sprint"] > 1:
        return Inferred("scrum", "work", Decimal("0.6"))
    if counts["board_column"]:
        return Inferred("kanban", "work", Decimal("0.5"))
    return None


def _named_standards(doc: Doc, recognition: Recognition) -> set[str]:
    """Return the standards that a document's first lines, headers and properties name."""
    document = doc.parsed.document
    said = [*document.headers, *document.properties.values(), doc.path]
    said += [block.text for block in document.blocks[:_FIRST_BLOCKS] if isinstance(block, TextBlock)]
    text = f" {fold(' '.join(said).replace('²', '2'))} "
    return {standard for standard in recognition.standards if any(f" {name} " in text for name in _names(standard))}


def _names(standard: str) -> tuple[str, ...]:
    """Return how a standard is written: 'prince2', 'prince 2'. Not 'pm 2': meetings begin at 1 PM."""
    name = fold(standard)
    stem = name.rstrip("0123456789")
    return (name, f"{stem} {name.removeprefix(stem)}") if name != stem and len(stem) >= _LONG_STEM else (name,)


_EDITION = re.compile(r"\b(?:edition|editions|version|auflage|ausgabe|edicion)\b")
_NEAR = 60  # letters behind the name of a standard


def infer_edition(docs: Sequence[Doc], methodology: str, recognition: Recognition) -> str | None:
    """Return the edition of the method that the documents follow: they name it ('PRINCE2, sixth edition (2017)', 'PM² version 3.1').

    Where none does, files and chapters are named as only one edition names its products ('Change Control Approach'). None where neither
    tells, or where several are told; but where two names or more are the newest edition's, that is it: old names live on, new ones were
    unknown before.
    """
    editions = recognition.editions.get(methodology, ())
    found: set[str] = set()
    for doc in docs if editions else ():
        for text in _said(doc):
            for name in _names(methodology):
                plain = fold(text.replace("²", "2"))
                for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", plain):
                    behind = plain[match.end() : match.end() + _NEAR]
                    word = _EDITION.search(behind)
                    for edition in editions:
                        said = re.search(rf"(?<!\w){re.escape(fold(edition))}(?!\w)", behind)
                        if said is not None and (word is not None or not behind[: said.start()].strip()):
                            found.add(edition)
    if not found:
        named = _editions_in_names(docs, recognition.edition_names.get(methodology, {}))
        newest = max(named, default="")
        found = {newest} if len(named) > 1 and named[newest] > 1 else set(named)
    return found.pop() if len(found) == 1 else None


def _editions_in_names(docs: Sequence[Doc], names: Mapping[str, AbstractSet[str]]) -> Mapping[str, int]:
    """Return how many of its names files and headings bear, of each edition of which any does."""
    said = {heading_key(text) for doc in docs for text in _headings(doc)} if names else set()
    files = [f" {fold(PurePosixPath(doc.path).stem.replace('_', ' '))} " for doc in docs] if names else []
    counts = {
        edition: sum(1 for name in known if fold(name) in said or any(f" {fold(name)} " in file for file in files))
        for edition, known in names.items()
    }
    return {edition: count for edition, count in counts.items() if count}


def _headings(doc: Doc) -> Iterable[str]:
    return (block.text for block in doc.parsed.document.blocks if isinstance(block, TextBlock) and block.level)


def _said(doc: Doc) -> Iterable[str]:
    for block in doc.parsed.document.blocks[:_MOST_BLOCKS]:
        if isinstance(block, TextBlock):
            yield block.text
        else:
            yield from (cell.text for row in block.rows[:_MOST_ROWS] for cell in row if cell.type == "text")


def infer_phase(rows: Sequence[Made], as_of: date, docs: Sequence[Doc] = ()) -> Inferred | None:
    """Return the phase that the latest gate, kick-off, report or work speaks of.

    One report or a task that is done may belong to planning: that work goes on is known where reports were given for weeks, where a
    sprint was looked back on, or where several stories or bugs are done.
    """
    found: list[tuple[int, Inferred]] = []
    in_work = produced = 0
    reported: set[date] = set()
    approved = {doc.id for doc in docs if doc.is_current and _is_past(doc.values.get("approved_on"), as_of)}
    for row in rows:
        if row.is_gone:
            continue
        phase, basis, confidence = "", "guess", Decimal(0)
        match row.table:
            case "gate" if row.get("decision") in {"approved", "conditional"} and _is_past(row.get("decided_on"), as_of):
                phase, basis, confidence = _AFTER_GATE.get(str(row.get("gate")), ""), "gate", Decimal("0.9")
            case "decision" if row.get("kind") == "closure" and row.get("status") in _DECIDED and _is_past(row.get("decided_on"), as_of):
                phase, basis, confidence = "closed", "gate", Decimal("0.9")
            case "stage" if row.get("phase") in _ORDER and _is_past(row.get("started_on"), as_of):
                phase, basis, confidence = str(row.get("phase")), "artefact", Decimal("0.85")
            case "meeting" if _is_past(row.get("held_on"), as_of):
                phase, basis, confidence = _BY_MEETING.get(str(row.get("kind")), ""), "artefact", Decimal("0.85")
            case "report" if _is_past(row.get("period_to_on") or row.get("issued_on"), as_of):
                sure = row.get("kind") == "end_project" and row.get("artefact_id") in approved  # nobody approves it before the end
                phase, basis, confidence = _BY_REPORT.get(str(row.get("kind")), ""), "artefact", Decimal("0.85" if sure else "0.75")
                day = row.get("period_to_on") or row.get("issued_on")
                if row.get("kind") in _REGULAR and isinstance(day, date):
                    reported.add(day)
            case "work_item" if not row.artefact and row.get("status_category") in {"in_progress", "done"}:
                in_work += 1
                produced += row.get("status_category") == "done" and row.get("kind") in _PRODUCING
        if phase:
            found.append((_ORDER.index(phase), Inferred(phase, basis, confidence)))  # type: ignore[arg-type]  # one of the literals above
    if in_work:
        sure = Decimal("0.8") if produced >= _FEWEST_PRODUCED else Decimal("0.6")
        found.append((_ORDER.index("executing"), Inferred("executing", "work", sure)))
    if len(reported) >= _FEWEST_REPORTS and (max(reported) - min(reported)).days >= _SHORTEST_REPORTING:
        found.append((_ORDER.index("executing"), Inferred("executing", "artefact", Decimal("0.85"))))
    if any(_tells_of_closure(doc, as_of) for doc in docs):
        found.append((_ORDER.index("closed"), Inferred("closed", "artefact", Decimal("0.85"))))
    if _minuted_closures(rows, as_of):
        found.append((_ORDER.index("closed"), Inferred("closed", "gate", Decimal("0.9"))))
    if any(_looks_back(doc) for doc in docs):
        found.append((_ORDER.index("executing"), Inferred("executing", "artefact", Decimal("0.85"))))
    if not found:
        return None
    latest = max(place for place, _ in found)
    # Of the same phase the best witness counts; an earlier one never contradicts a later one.
    return max((inferred for place, inferred in found if place == latest), key=lambda inferred: (inferred.confidence, inferred.basis))


_OF_CONTRACTORS = frozenset({"contractor_status_report"})
_CONTRACTORS = frozenset({"contractor_project_manager"})


def infer_outsourced(rows: Iterable[Made], docs: Sequence[Doc]) -> bool | None:
    """Return True where work was surely given to others, False where the tailoring says that none is, None where nothing tells.

    A contractor that reports, a project manager of the contractor, or an approved plan of outsourcing tells it. That no contract was found
    does not mean that there is none; that no plan of outsourcing is used, because nothing is outsourced, is what the project decided.
    """
    for doc in docs:
        if (
            doc.seen.gone_at is None
            and doc.is_current
            and (doc.kind in _OF_CONTRACTORS or (doc.kind == "outsourcing_plan" and doc.values.get("approved_on") is not None))
        ):
            return True
    rows = [row for row in rows if not row.is_gone]
    if any(row.table == "role" and row.get("person_id") and row.get("role") in _CONTRACTORS for row in rows):
        return True
    tailored = [row for row in rows if row.table == "listed_item" and row.is_record and row.get("kind") == "tailoring"]
    said = [row for row in tailored if row.get("names_kind") == "outsourcing_plan"]
    return (
        False
        if said and all(row.get("is_used") is False and _nothing_is_outsourced(str(row.get("reason") or "")) for row in said)
        else None
    )


def _nothing_is_outsourced(reason: str) -> bool:
    told = f" {fold(reason)} "
    return any(f" {phrase} " in told for phrase in words("nothing_outsourced"))


def _looks_back(doc: Doc) -> bool:
    """Say whether a document, filled in, looks back on work that was done."""
    if doc.seen.gone_at is not None or doc.values.get("is_template_unchanged") is not False:
        return False
    return any(guess.standard == CORE and guess.kind in _BY_DOCUMENT and guess.confidence >= SURE for guess in doc.read.guesses)


def _tells_of_closure(doc: Doc, as_of: date) -> bool:
    """Say whether a dated document, filled in, tells that the project was closed."""
    if doc.seen.gone_at is not None or doc.values.get("is_template_unchanged") or not _is_past(doc.values.get("date_on_cover"), as_of):
        return False
    return any(guess.standard == CORE and guess.kind == _CLOSURE and guess.confidence >= SURE for guess in doc.read.guesses)


def infer_end(rows: Sequence[Made], docs: Sequence[Doc], as_of: date) -> date | None:
    """Return the day on which the project was closed, where no log of decisions tells it: as minutes of the board say, else a notification.

    A notification comes after the decision; where the minutes have it, their day counts. None where nothing tells it.
    """
    if any(row.table == "decision" and row.get("kind") == "closure" and not row.is_gone for row in rows):
        return None
    told = [day for doc in docs if _tells_of_closure(doc, as_of) and isinstance(day := doc.values.get("date_on_cover"), date)]
    return min(_minuted_closures(rows, as_of) or told, default=None)


def _minuted_closures(rows: Iterable[Made], as_of: date) -> list[date]:
    """Return the days of the board's meetings in whose minutes it says that it ends the project."""
    rows = [row for row in rows if not row.is_gone and row.artefact]
    held = {(row.artefact, row.get("held_on")) for row in rows if row.table == "meeting" and row.get("kind") == BOARD}
    return [
        row.values["on_date"]
        for row in rows
        if row.table == "listed_item" and row.get("kind") == "decision" and _is_past(row.get("on_date"), as_of)
        if (row.artefact, row.get("on_date")) in held and ends(f"{row.get('name') or ''} . {row.get('text') or ''}")
    ]


def _is_past(day: object, as_of: date) -> bool:
    return isinstance(day, date) and day <= as_of


_BANDS: tuple[tuple[Decimal, str], ...] = ((Decimal(200_000), "small"), (Decimal(1_000_000), "medium"))
_DAYS = ((183, "small"), (548, "medium"))


def infer_size(columns: Mapping[str, object]) -> Inferred | None:
    """Return a size by bands of budget, else of duration. Every organisation has its own bands: it stays a guess."""
    budget = columns.get("budget")
    if isinstance(budget, Decimal):
        return Inferred(next((size for most, size in _BANDS if budget < most), "large"), "guess", Decimal("0.6"))
    start, end = columns.get("start_on"), columns.get("planned_end_on") or columns.get("end_on")
    if isinstance(start, date) and isinstance(end, date):
        days = (end - start).days
        return Inferred(next((size for most, size in _DAYS if days <= most), "large"), "guess", Decimal("0.5"))
    return None
