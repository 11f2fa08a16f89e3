"""Results that miss the criterion of what was passed or accepted on them, where record, criterion and register are three places.

'9 false (7.1 %)' in the record of check Q-18, 'false alarms not above 5.0 %' in the description of product P-06, and in the register
'Q-18 | P-06 | pass'. Only what can be counted in one unit is judged, and only where the telling words of both are the same.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from auditor.config.mapping import fold
from auditor.connect.document import TableBlock, TextBlock
from auditor.connect.values import clean
from auditor.snapshot.artefacts import Doc
from auditor.snapshot.documents.matters.criteria import bound_of, is_refused, measured_in, misses
from auditor.snapshot.likeness import stems
from auditor.snapshot.match import OWN_ID, plain_id
from auditor.snapshot.rows import Made, digest_id
from auditor.snapshot.words import words

_CLAUSE = re.compile(r"(?<=[^\W\d_][.!?])\s+|(?<=[)%][.!?])\s+|[;\n]")
_HEAD = re.compile(r"\W{0,3}([A-Za-z]{1,8}[-_. ]?\d{1,4})(?![\w-])")
_EXCUSING = frozenset({"issue", "change_request", "decision"})
_EXCUSE = ("title", "description", "resolution", "decision", "impact_analysis", "rationale", "comment")
_LEAST_SHARE, _MOST_TIMES = Decimal("0.5"), Decimal(4)
"""A result further from its bound is hardly the result of this criterion: '12 % of the sensors were replaced' where 98 % have to answer."""
_FEWEST_WORDS = 1
_MOST_LINES = 200
_HEADER_WITHIN = 4
_LONGEST = 140


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    doc: Doc
    locator: str
    is_asked: bool = False  # it says of itself that it is a criterion, or a result
    is_found: bool = False


@dataclass(slots=True)
class _Claim:
    """Something that was passed, accepted or validated on a day."""

    item: str
    on: date
    checks: set[str] = field(default_factory=set)  # whose records tell its results
    subjects: set[str] = field(default_factory=set)  # whose descriptions tell its criteria
    asked: list[str] = field(default_factory=list)


def missed_results(rows: Iterable[Made], docs: Iterable[Doc]) -> Iterator[Made]:
    """Yield a `listed_item` (kind `figure`, `criterion_missed`) for what was passed or accepted although its record misses its criterion.

    The record of a check is what stands below a heading with its number, or in a line of a table that begins with it. The criterion stands
    there too, below the number of the product or requirement, or among the acceptance criteria of which a list says that this check shows
    them. Nothing is said where an issue, a change or a decision speaks of the check, or an off-specification of the product.
    """
    rows = [row for row in rows if not row.is_gone]
    claims = _claims(rows)
    if not claims:
        return
    wanted = {key for claim in claims for key in (*claim.checks, *claim.subjects)}
    wanted |= {plain_id(str(row.get("ref"))) for row in rows if _is_criterion(row)}
    told = _told(docs, wanted)
    named, off, issues = _excuses(rows)
    for claim in claims:
        if claim.checks & named or claim.subjects & off:
            continue
        asked = [*_asked_elsewhere(rows, claim, told), *claim.asked]
        record = [line for key in sorted(claim.checks) for line in told.get(key, ())]
        if any(is_refused(line.text) or _names(line.text) & issues for line in record):
            continue
        missed = _missed(asked, [line for key in sorted(claim.subjects) for line in told.get(key, ())], record)
        if missed is not None:
            yield _item(claim, *missed)


def _claims(rows: list[Made]) -> list[_Claim]:
    accepted = {
        row.id: row.get("accepted_on")
        for row in rows
        if row.table == "deliverable" and isinstance(row.get("accepted_on"), date) and row.get("acceptance") in {None, "accepted"}
    }
    asked = {row.id: str(row.get("acceptance_criteria")) for row in rows if row.table == "deliverable" and row.get("acceptance_criteria")}
    claims = []
    for row in rows:
        own = str(row.extra.get("own_id") or row.id)
        if not OWN_ID.fullmatch(own):
            continue
        if row.table == "review" and row.is_record and row.get("result") == "passed":
            subject = str(row.get("subject_id") or "")
            on = accepted.get(subject) or row.get("held_on")
            if isinstance(on, date):
                claim = _Claim(f"{subject}, {own}" if subject else own, on, {plain_id(own)})
                claim.subjects = {plain_id(subject)} if OWN_ID.fullmatch(subject) else set()
                claim.asked = [asked[subject]] if subject in asked else []
                claims.append(claim)
        elif (
            row.table == "requirement" and row.is_record and row.get("status") == "validated" and isinstance(row.get("validated_on"), date)
        ):
            criterion = str(row.get("acceptance_criteria") or "")
            if criterion:
                claims.append(_Claim(own, row.get("validated_on"), {plain_id(own), *_names(criterion)}, set(), [criterion]))
    return claims


def _told(docs: Iterable[Doc], wanted: set[str]) -> dict[str, list[_Line]]:
    """Return what current documents tell below the number of a thing, and in lines of tables that begin with it."""
    told: dict[str, list[_Line]] = defaultdict(list)
    for doc in sorted((doc for doc in docs if doc.is_current and doc.seen.gone_at is None), key=lambda doc: (doc.source, doc.path)):
        below = ""
        for block in doc.parsed.document.blocks:
            if isinstance(block, TextBlock):
                if block.level:
                    below = _number(block.text, wanted)
                elif below and block.text and not block.is_struck and len(told[below]) < _MOST_LINES:
                    told[below].append(_Line(block.text, doc, block.locator))
            else:
                for key, line in _of_table(doc, block, below or _number(block.name, wanted), wanted):
                    if len(told[key]) < _MOST_LINES:
                        told[key].append(line)
    return told


def _of_table(doc: Doc, table: TableBlock, below: str, wanted: set[str]) -> Iterator[tuple[str, _Line]]:
    heads: dict[int, str] = {}
    for at, row in enumerate(table.rows):
        cells = [(place, cell.text) for place, cell in enumerate(row) if cell.text and not cell.is_struck and not cell.is_covered]
        if at < _HEADER_WITHIN and not heads:
            heads = {place: name for place, text in cells if (name := _head(text))}
            if len(heads) > 1:
                continue
            heads = {}
        own = _number(cells[0][1], wanted) if cells and OWN_ID.fullmatch(cells[0][1].strip()) else ""
        key = own or below
        if not key:
            continue
        label = _head(cells[0][1]) if len(cells) > 1 and not own else ""
        for place, text in cells[0 if own == "" and not label else 1 :]:
            name = label or heads.get(place, "")
            yield key, _Line(text, doc, table.locator, is_asked=name == "criterion", is_found=name == "found")


def _head(text: str) -> str:
    said = fold(text)
    return "criterion" if said in words("acceptance_criteria") else "found" if said in words("measured_result") else ""


def _number(text: str, wanted: set[str]) -> str:
    match = _HEAD.match(text) or next(iter(re.finditer(r"\(" + _HEAD.pattern + r"\)", text)), None)
    key = plain_id(match[1]) if match is not None else ""
    return key if key in wanted else ""


def _is_criterion(row: Made) -> bool:
    return row.table == "listed_item" and row.get("kind") == "acceptance_criterion" and bool(row.get("ref"))


def _names(text: str) -> set[str]:
    return {plain_id(token) for token in OWN_ID.findall(text)}


def _asked_elsewhere(rows: list[Made], claim: _Claim, told: dict[str, list[_Line]]) -> Iterator[str]:
    """Yield the acceptance criteria of which a line says that this check shows them: 'AC-04 | met | Q-18'."""
    for row in rows:
        if _is_criterion(row) and any(_names(line.text) & claim.checks for line in told.get(plain_id(str(row.get("ref"))), ())):
            yield f"{row.get('name') or ''} {row.get('text') or ''}"


def _excuses(rows: list[Made]) -> tuple[set[str], set[str], set[str]]:
    named, off, issues = set[str](), set[str](), set[str]()
    for row in rows:
        if row.table not in _EXCUSING:
            continue
        said = _names(" ".join(str(row.get(column)) for column in _EXCUSE if row.get(column)))
        named |= said
        if row.table != "decision":
            issues.add(plain_id(str(row.extra.get("own_id") or row.id)))
            off |= said if row.get("kind") == "off_specification" else set()
    # Whatever names a product is named by many; only a check that somebody spoke of is excused by its name.
    return named, off, issues


def _missed(asked: list[str], described: list[_Line], record: list[_Line]) -> tuple[str, _Line, str] | None:
    criteria = [(clause, False) for text in asked for clause in _clauses(text)]
    criteria += [(clause, False) for line in described for clause in _clauses(line.text)]
    criteria += [(clause, True) for line in record if line.is_asked for clause in _clauses(line.text)]
    found = [(clause, line) for line in record if not line.is_asked for clause in _clauses(line.text)]
    for criterion, is_beside in criteria:
        language = record[0].doc.read.language if record else None
        bound = bound_of(criterion, language)
        if bound is None or not bound[2]:
            continue
        told = [(clause, line, values) for clause, line in found if (values := measured_in(clause, bound[2], line.doc.read.language))]
        if len(told) != 1 or bound_of(told[0][0], language) is not None:
            continue
        clause, line, values = told[0]
        is_least, limit = bound[0], bound[1]
        if not all(limit * _LEAST_SHARE <= value if is_least else value <= limit * _MOST_TIMES for value in values):
            continue
        if not (is_beside and line.is_found) and not _alike(criterion, clause, bound[2]):
            continue
        if misses(criterion, clause, language):
            return criterion, line, clause
    return None


def _alike(criterion: str, clause: str, unit: str) -> bool:
    """Say whether a result has half of the telling words of a criterion, its unit apart."""
    asked = {word for word in stems(criterion) if not unit.startswith(word)} - _bounding()
    shared = asked & stems(clause)
    return len(shared) >= _FEWEST_WORDS and 2 * len(shared) >= len(asked)


def _bounding() -> frozenset[str]:
    names = ("at_least", "at_most", "more_than", "less_than", "measured_result", "acceptance_criteria")
    return stems(" ".join(word for name in names for word in sorted(words(name))))


def _clauses(text: str) -> list[str]:
    return [part.strip() for part in _CLAUSE.split(text) if part.strip()]


def _item(claim: _Claim, criterion: str, line: _Line, clause: str) -> Made:
    doc = line.doc
    values: dict[str, Any] = {
        "artefact_id": doc.id,
        "kind": "figure",
        "name": "criterion_missed",
        "ref": claim.item,
        "text": clean(f"{criterion[:_LONGEST]} / {clause[:_LONGEST]}", 3 * _LONGEST),
        "on_date": claim.on,
    }
    key = digest_id("criterion_missed", doc.source, doc.path, claim.item, criterion)
    return Made(
        "listed_item", key, values, set(values), doc.source, doc.record.url, line.locator, seen_at=doc.seen.seen_at, artefact=doc.id
    )
