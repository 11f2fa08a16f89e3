"""Lines of a budget that are exceeded by more than the project's own rules leave to the manager, and what was said of them.

A cost sheet says 'Data line | Budget 38,600 | Actual 46,900', the handbook 'a cost line more than 10 % over its budget: decision of the
Project Owner'; a decision, change, issue, minutes or report names the line and money, or none does. Rules compare no texts.
"""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from auditor.config.mapping import fold
from auditor.connect.document import TableBlock, passages_of
from auditor.connect.values import clean, currency_of, parse_number, parse_period
from auditor.snapshot.artefacts import Doc
from auditor.snapshot.documents.matters.minutes import AGENDA, MINUTES
from auditor.snapshot.documents.matters.reports import KINDS as REPORTS
from auditor.snapshot.likeness import stems
from auditor.snapshot.rows import Made, digest_id
from auditor.snapshot.words import words

_TOLD_THERE = MINUTES | frozenset(REPORTS)
_NO_SHEET = MINUTES | AGENDA | frozenset(REPORTS)
"""What tells how things stood on a day; a line of it may have been settled since."""

_PERCENT = re.compile(r"(?<![\w.,])(\d{1,2}(?:[.,]\d)?)\s*(?:%|per ?cent\b|pour ?cent\b|prozent\b|por ciento\b)", re.IGNORECASE)
_PARTS = re.compile(r" \| |\n|;|(?<=[^\W\d_][.!?])\s+")
_DECIDING = ("decision", "change_request", "issue")
_LISTED = frozenset({"decision", "change", "issue"})
_SAID = ("title", "name", "text", "description", "rationale", "impact_analysis", "resolution", "comment")
_HEADER_WITHIN = 5
_MOST_LINES = 300
_LONGEST_HEAD = 60
_LONGEST = 200
_FEWEST_PARTS = 2
_MOST_TIMES = Decimal(10)
"""An amount that is more than ten times its budget is told in another unit."""


class _Over(NamedTuple):
    doc: Doc
    locator: str
    line: str
    budget: str
    spent: str
    share: Decimal  # per cent above the budget


def overspent_lines(rows: Iterable[Made], docs: Iterable[Doc]) -> Iterator[Made]:
    """Yield a `listed_item` (kind `figure`, `line_overspent`) for each line beyond the limit; its reason is what was said of it.

    The limit is the one percentage that handbooks and plans name beside a line of the budget; where they name several, the highest counts,
    where they name none nothing is said.
    """
    current = sorted((doc for doc in docs if doc.is_current and doc.seen.gone_at is None), key=lambda doc: (doc.source, doc.path))
    over = [found for doc in current if doc.kind not in _NO_SHEET for found in _over(doc)]
    limits = [limit for doc in current if doc.kind not in _NO_SHEET for limit in _limits(doc)] if over else []
    if not limits:
        return
    spoken = list(_spoken([row for row in rows if not row.is_gone], {doc.id for doc in current if doc.kind in _TOLD_THERE}))
    for found in over:
        if found.share > max(limits):
            yield _item(found, max(limits), next((text for text in spoken if _is_of(found.line, text)), None))


def _over(doc: Doc) -> Iterator[_Over]:
    for block in doc.parsed.document.blocks:
        if not isinstance(block, TableBlock) or block.is_hidden:
            continue
        for at, row in enumerate(block.rows[:_HEADER_WITHIN]):
            columns = [(place, _column(cell.text)) for place, cell in enumerate(row) if cell.text and not cell.is_covered]
            budget = [place for place, name in columns if name == "budget"]
            spent = [place for place, name in columns if name == "spent"]
            if len(budget) == 1 and len(spent) == 1 and columns[0][0] < budget[0] and not columns[0][1]:
                yield from _of_rows(doc, block, at + 1, columns[0][0], budget[0], spent[0])
                break


def _column(head: str) -> str:
    """Return what a column of amounts holds by its header, money and days behind it apart: 'Actual to 30 June 2026 EUR'."""
    said = [word for word in fold(head[:_LONGEST_HEAD]).split() if word not in words("money_units")]
    while said and currency_of(said[-1].upper()) is not None:
        said.pop()
    for name, of in (("budget", "line_budget"), ("spent", "line_spent")):
        for end in range(len(said), 0, -1):
            rest = said[end:]
            if " ".join(said[:end]) in words(of) and (not rest or rest[0] in words("up_to")):
                return name
    return ""


def _of_rows(doc: Doc, table: TableBlock, first: int, label: int, budget: int, spent: int) -> Iterator[_Over]:
    language = doc.read.language
    for row in table.rows[first : first + _MOST_LINES]:
        if len(row) <= max(label, budget, spent) or any(row[place].is_struck or row[place].is_covered for place in (label, budget, spent)):
            continue
        line = clean(row[label].text, _LONGEST)
        if not stems(line) or parse_period(line) is not None or set(fold(line).split()) & words("sums"):
            continue
        amounts = [parse_number(row[place].text, language, is_money=True) for place in (budget, spent)]
        if amounts[0] is None or amounts[1] is None:
            continue
        planned, used = Decimal(amounts[0].value), Decimal(amounts[1].value)
        if 0 < planned < used <= planned * _MOST_TIMES:
            yield _Over(doc, table.locator, line, row[budget].text.strip(), row[spent].text.strip(), 100 * (used - planned) / planned)


def _limits(doc: Doc) -> Iterator[Decimal]:
    for text, _locator in passages_of(doc.parsed.document):
        for part in _PARTS.split(text):
            shares = {Decimal(match[1].replace(",", ".")) for match in _PERCENT.finditer(part)}
            if len(shares) == 1 and _says(part, "budget_lines"):
                yield shares.pop()


def _spoken(rows: list[Made], told_there: set[str]) -> Iterator[str]:
    for row in rows:
        if row.table in _DECIDING or (row.table == "listed_item" and row.get("kind") in _LISTED):
            yield " ".join(str(row.get(column)) for column in _SAID if row.get(column))
        elif row.table == "section" and str(row.get("artefact_id")) in told_there:
            yield f"{row.get('heading') or ''} {row.get('text') or ''}"


def _is_of(line: str, text: str) -> bool:
    """Say whether a text may speak of money for the line: it has half of its words and one of money, or one of overspending."""
    own, said = stems(line), stems(text)
    return _says(text, "overspending") or (_FEWEST_PARTS * len(own & said) >= len(own) and _says(text, "money_matters"))


def _says(text: str, name: str) -> bool:
    padded = f" {fold(text)} "
    return any(f" {word} " in padded for word in words(name))


def _item(found: _Over, limit: Decimal, said: str | None) -> Made:
    doc = found.doc
    share, most = (f"{number.quantize(Decimal('0.1')).normalize():f}" for number in (found.share, limit))
    values: dict[str, Any] = {
        "artefact_id": doc.id,
        "kind": "figure",
        "name": "line_overspent",
        "ref": found.line,
        "text": f"{found.spent} / {found.budget} (+{share} %, limit {most} %)",
        "reason": None if said is None else clean(said, _LONGEST),
    }
    key = digest_id("line_overspent", doc.source, doc.path, found.line, found.locator)
    return Made(
        "listed_item", key, values, set(values), doc.source, doc.record.url, found.locator, seen_at=doc.seen.seen_at, artefact=doc.id
    )
