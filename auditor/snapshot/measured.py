"""Measurements elsewhere against what a note of acceptance calls fine, and tolerances elsewhere that excuse what a line misses.

'Case search, 95th percentile at most 2.0 s (+ 0.2 s) | OK | 24 April' in the note, and in the report of the test a table with the line
'Case search', the column '95th percentile (s)' and 2.7 in it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from auditor.config.mapping import fold
from auditor.connect.document import TableBlock, TextBlock, passages_of
from auditor.connect.values import DayOrder, clean, parse_day, parse_number, settle_day_order
from auditor.snapshot.artefacts import Doc
from auditor.snapshot.documents.matters.acceptance import NOTES
from auditor.snapshot.documents.matters.criteria import bound_of, is_refused, says_none
from auditor.snapshot.documents.matters.sentences import WRITTEN_DAY
from auditor.snapshot.likeness import stems
from auditor.snapshot.rows import Made, digest_id
from auditor.snapshot.words import words

_EXCUSING = frozenset({"issue", "change_request", "decision"})
_EXCUSE = ("title", "description", "resolution", "decision", "impact_analysis", "rationale", "comment")
_AMOUNT = re.compile(r"(?<![\w.,])(\d[\d.,]*(?<![.,]))\s*(%|[^\W\d_]+)?")
_UNIT_OF_HEAD = re.compile(r"[(\[]\s*(?:in\s+|en\s+)?(%|[^\W\d_]+)\s*[)\]]\s*$")
_HEADER_WITHIN = 4
_MOST_TIMES, _LEAST_SHARE = Decimal(4), Decimal("0.5")
_LONGEST = 140
_MOSTLY = 0.6  # of the telling words of a criterion


@dataclass(frozen=True, slots=True)
class _Asked:
    doc: Doc
    locator: str
    text: str
    on: date
    is_least: bool
    limit: Decimal  # with what is allowed
    unit: str


def missed_measures(rows: Iterable[Made], docs: Iterable[Doc]) -> Iterator[Made]:
    """Yield a `listed_item` (kind `figure`, `criterion_missed`) for each line of a note that is called fine against every measurement.

    Measured is what stands in a table of a test's report: its line and its column have no telling word that the criterion has not. A report
    without a day up to that of the line says nothing, nor one of which a measurement reaches the bound. An issue, change or decision that
    speaks of the line and column, or a remark of the note on the line, excuses it.
    """
    current = sorted((doc for doc in docs if doc.is_current and doc.seen.gone_at is None), key=lambda doc: (doc.source, doc.path))
    asked = [one for doc in current if doc.kind in NOTES for one in _asked(doc)]
    tests = [doc for doc in current if doc.kind not in NOTES and _is_test(doc)] if asked else []
    said = [stems(" ".join(str(row.get(name)) for name in _EXCUSE if row.get(name))) for row in rows if row.table in _EXCUSING]
    for one in asked:
        measures = [measure for doc in tests if _begins_by(doc, one.on) for measure in _measures(doc, one)]
        if not measures or not all(_misses(one, value) for value, *_ in measures):
            continue
        value, label, head, doc, locator = measures[0]
        remarks = [stems(block.text) for block in one.doc.parsed.document.blocks if isinstance(block, TextBlock)]
        if any(label <= words_of for words_of in remarks) or any(label | head <= words_of for words_of in said):
            continue
        yield _item(one, value, doc, locator)


def _order(doc: Doc) -> DayOrder:
    return settle_day_order((text for text, _ in passages_of(doc.parsed.document)), doc.read.language)


def _asked(doc: Doc) -> Iterator[_Asked]:
    order = _order(doc)
    for block in doc.parsed.document.blocks:
        if not isinstance(block, TableBlock):
            continue
        for at, row in enumerate(block.rows[:_HEADER_WITHIN]):
            heads = [fold(cell.text) for cell in row]
            criteria = [place for place, head in enumerate(heads) if head in words("acceptance_criteria") | words("one_criterion")]
            verdicts = [place for place, head in enumerate(heads) if head in words("measured_result") | words("criterion_verdict")]
            if len(criteria) != 1 or not verdicts:
                continue
            for line in block.rows[at + 1 :]:
                texts = [cell.text.strip() for cell in line]
                if len(texts) <= max(criteria[0], *verdicts) or not any(
                    fold(texts[place]) in words("acceptance_fine") for place in verdicts
                ):
                    continue
                days = {day for text in texts if (day := parse_day(text, order)) is not None}
                if len(days) == 1 and not any(is_refused(text) for text in texts):
                    yield from _bounded(doc, block.locator, texts[criteria[0]], days.pop())
            break


def _bounded(doc: Doc, locator: str, text: str, on: date) -> Iterator[_Asked]:
    bound = bound_of(text, doc.read.language)
    if bound is None or not bound[2] or bound[2].startswith("of "):
        return
    is_least, limit, unit, _ = bound
    amounts = [value for value, of in _amounts(text, doc.read.language) if _same(of, unit) and value != limit]
    if not amounts and set(fold(text).split()) & words("tolerance_words"):
        return
    allowed = max(amounts, default=Decimal(0))
    if allowed < limit:
        yield _Asked(doc, locator, text, on, is_least, limit - allowed if is_least else limit + allowed, unit)


def _amounts(text: str, language: str | None) -> Iterator[tuple[Decimal, str]]:
    for match in _AMOUNT.finditer(text):
        if (number := parse_number(match[1], language)) is not None:
            yield Decimal(number.value), fold(match[2] or "") or (match[2] or "")


def _same(one: str, other: str) -> bool:
    return one == other or any(one in words(name) and other in words(name) for name in ("unit_second", "unit_percent"))


def _is_test(doc: Doc) -> bool:
    heads = [block.text for block in doc.parsed.document.blocks[:3] if isinstance(block, TextBlock)]
    said = f" {fold(' '.join([doc.path.rsplit('/', 1)[-1].replace('_', ' '), doc.parsed.document.properties.get('title') or '', *heads]))} "
    return any(f" {word} " in said for word in words("tells_of_tests"))


def _begins_by(doc: Doc, on: date) -> bool:
    order = _order(doc)
    written = (match[0] for text, _ in passages_of(doc.parsed.document) for match in WRITTEN_DAY.finditer(text))
    days = [day for text in written if (day := parse_day(text, order)) is not None]
    return bool(days) and min(days) <= on


def _measures(doc: Doc, asked: _Asked) -> Iterator[tuple[Decimal, frozenset[str], frozenset[str], Doc, str]]:
    told, tokens = stems(asked.text), set(fold(asked.text).split())
    for block in doc.parsed.document.blocks:
        if not isinstance(block, TableBlock) or len(block.rows) < 2:
            continue
        heads = [cell.text.strip() for cell in block.rows[0]]
        for line in block.rows[1:]:
            label = stems(line[0].text) if line else frozenset[str]()
            if not label or not label <= told:
                continue
            for head, cell in zip(heads[1:], line[1:], strict=False):
                named = _UNIT_OF_HEAD.search(head)
                column = _UNIT_OF_HEAD.sub("", head)
                counted = {word for word in fold(column).split() if any(letter.isdigit() for letter in word)}
                if not stems(column) or not stems(column) <= told or not counted <= tokens:
                    continue
                amounts = [*_amounts(cell.text, doc.read.language)]
                if len(amounts) == 1 and _same(amounts[0][1] or (fold(named[1]) or named[1] if named is not None else ""), asked.unit):
                    yield amounts[0][0], label, stems(column), doc, block.locator


def _misses(asked: _Asked, value: Decimal) -> bool:
    if asked.is_least:
        return asked.limit * _LEAST_SHARE <= value < asked.limit
    return asked.limit < value <= asked.limit * _MOST_TIMES


def _item(asked: _Asked, value: Decimal, doc: Doc, locator: str) -> Made:
    values: dict[str, Any] = {
        "artefact_id": asked.doc.id,
        "kind": "figure",
        "name": "criterion_missed",
        "ref": clean(asked.text, _LONGEST),
        "text": f"{value} {asked.unit} ({doc.path.rsplit('/', 1)[-1]}, {locator})",
        "on_date": asked.on,
    }
    key = digest_id("criterion_measured", asked.doc.source, asked.doc.path, asked.text)
    return Made(
        "listed_item",
        key,
        values,
        set(values),
        asked.doc.source,
        asked.doc.record.url,
        asked.locator,
        seen_at=asked.doc.seen.seen_at,
        artefact=asked.doc.id,
    )


def tolerated(rows: Iterable[Made], docs: Iterable[Doc]) -> set[str]:
    """Return the ids of missed criteria that a tolerance told elsewhere may excuse: 'daily readings | ≥ 98 % | tolerance 2 points'."""
    missed = [row for row in rows if row.table == "listed_item" and row.get("name") == "criterion_missed" and not row.is_gone]
    if not missed:
        return set()
    told = [one for doc in docs if doc.is_current and doc.seen.gone_at is None for one in _tolerances(doc)]
    return {row.id for row in missed if any(_excuses(row, *one) for one in told)}


def _tolerances(doc: Doc) -> Iterator[tuple[frozenset[str], str, str | None]]:
    for block in doc.parsed.document.blocks:
        if not isinstance(block, TableBlock):
            continue
        for at, row in enumerate(block.rows[:_HEADER_WITHIN]):
            places = [place for place, cell in enumerate(row) if set(fold(cell.text).split()) & words("tolerance_words")]
            if len(places) == 1 and sum(bool(cell.text.strip()) for cell in row) > 1:
                for line in block.rows[at + 1 :]:
                    if len(line) > places[0] and not says_none(line[places[0]].text):
                        yield stems(" ".join(cell.text for cell in line)), line[places[0]].text, doc.read.language
                break


def _excuses(row: Made, line: frozenset[str], allowed: str, language: str | None) -> bool:
    """Say whether a tolerance is of this criterion and as large as what is missing, or cannot be counted."""
    asked, _, found = str(row.get("text")).partition(" / ")
    telling = stems(asked)
    if not telling or len(telling & line) < _MOSTLY * len(telling):
        return False
    bound = bound_of(asked, language)
    amounts = [value for value, _ in _amounts(allowed, language)]
    results = [value for value, of in _amounts(found, language) if bound is not None and (_same(of, bound[2]) or of == bound[2])]
    if bound is None or not amounts or not results:
        return True
    short = max(abs(bound[1] - value) for value in results)
    return max(value for value in amounts if value < bound[1] or len(amounts) == 1) >= short
