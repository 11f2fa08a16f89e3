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
_TOLD_MEETINGS = MINUTES | AGENDA
_WORKBOOKS, _SEVERAL_SHEETS = frozenset({"xlsx", "ods"}), 3
_NO_SHEET = MINUTES | AGENDA | frozenset(REPORTS)
"""What tells how things stood on a day; a line of it may have been settled since."""

_PERCENT = re.compile(r"(?<![\w.,])(\d{1,2}(?:[.,]\d)?)\s*(?:%|per ?cent\b|pour ?cent\b|prozent\b|por ciento\b)", re.IGNORECASE)
_PARTS = re.compile(r" \| |\n|;|(?<=[^\W\d_][.!?])\s+")
_ENTRY = re.compile(r"(?<![\w-])[A-Za-z]{1,6}[-_]\d{1,4}(?![\w-])")
_DECIDING = ("decision", "change_request", "issue")
_LISTED = frozenset({"decision", "change", "issue"})
_SAID = ("title", "name", "text", "description", "rationale", "impact_analysis", "resolution", "comment")
_HEADER_WITHIN = 5
_MOST_LINES = 300
_LONGEST_HEAD = 60
_LONGEST = 200
_FEWEST_PARTS = 2
_LEAST_TOLD = Decimal(1000)  # smaller figures may be anything
_MOST_TIMES = Decimal(10)
"""An amount that is more than ten times its budget is told in another unit."""


class _Over(NamedTuple):
    doc: Doc
    locator: str
    line: str
    budget: str
    spent: str
    share: Decimal  # per cent above the budget
    amounts: tuple[str, ...] = ()  # in plain figures: what it stands at, and how much that is above


def overspent_lines(rows: Iterable[Made], docs: Iterable[Doc]) -> Iterator[Made]:
    """Yield a `listed_item` (kind `figure`, `line_overspent`) for each line beyond the limit; its reason is what was said of it.

    The limit is the one percentage that handbooks and plans name beside a line of the budget; where they name several, the highest counts,
    where they name none nothing is said.
    """
    current = sorted((doc for doc in docs if doc.is_current and doc.seen.gone_at is None), key=lambda doc: (doc.source, doc.path))
    over = [found for doc in current if doc.kind not in _NO_SHEET or _is_workbook(doc) for found in _over(doc)]
    limits = [limit for doc in current if doc.kind not in _NO_SHEET for limit in _limits(doc)] if over else []
    if not limits:
        return
    spoken = list(_spoken([row for row in rows if not row.is_gone], {doc.id for doc in current if doc.kind in _TOLD_THERE}))
    for found in over:
        if found.share > max(limits):
            yield _item(found, max(limits), next((text for place, text in spoken if place != found.doc.id and _is_of(found, text)), None))


def _is_workbook(doc: Doc) -> bool:
    """Say whether a document is kept up to date, though it reads like a report: sheets for budget, actions, communications side by side."""
    sheets = [block for block in doc.parsed.document.blocks if isinstance(block, TableBlock) and not block.is_hidden]
    return doc.kind not in _TOLD_MEETINGS and doc.parsed.document.format in _WORKBOOKS and len(sheets) >= _SEVERAL_SHEETS


def _over(doc: Doc) -> Iterator[_Over]:
    """Yield the lines beyond their budget: spent, used of what was planned until now, or expected at the end by the last forecast."""
    for block in doc.parsed.document.blocks:
        if not isinstance(block, TableBlock) or block.is_hidden:
            continue
        for at, row in enumerate(block.rows[:_HEADER_WITHIN]):
            columns = [(place, _column(cell.text)) for place, cell in enumerate(row) if cell.text and not cell.is_covered]
            by_name = {name: [place for place, of in columns if of == name] for name in ("budget", "spent", "planned", "used", "forecast")}
            if not by_name["planned"]:
                by_name["spent"] += by_name["used"]
            pairs = [(by_name["budget"], by_name["spent"]), (by_name["planned"], by_name["used"])]
            found = [(budget[0], spent[0]) for budget, spent in pairs if len(budget) == len(spent) == 1]
            if by_name["budget"] and by_name["forecast"]:
                found.append((by_name["budget"][-1], by_name["forecast"][-1]))  # 'Original budget | Current budget | … | Forecast (May)'
            label = next((place for place, of in columns if not of and _is_label(block, at + 1, place)), None)
            if found and label is not None and label < min(min(pair) for pair in found):
                yield from _once(over for pair in found for over in _of_rows(doc, block, at + 1, label, *pair))
                break


def _is_label(table: TableBlock, first: int, place: int) -> bool:
    """Say whether a column names lines: it holds words, and not the letter or figure of the line alone."""
    cells = [row[place].text for row in table.rows[first : first + _MOST_LINES] if len(row) > place and row[place].text.strip()]
    return sum(bool(stems(text)) for text in cells) * 2 > len(cells)


def _once(found: Iterable[_Over]) -> Iterator[_Over]:
    seen = set[str]()
    for over in found:
        if over.line not in seen:
            seen.add(over.line)
            yield over


def _column(head: str) -> str:
    """Return what a column of amounts holds by its header, money and days behind it apart: 'Actual to 30 June 2026 EUR'."""
    said = [word for word in fold(head[:_LONGEST_HEAD]).split() if word not in words("money_units")]
    while said and currency_of(said[-1].upper()) is not None:
        said.pop()
    lists = (
        ("budget", "line_budget"),
        ("planned", "line_planned_to_date"),
        ("used", "line_used_to_date"),
        ("spent", "line_spent"),
        ("forecast", "line_forecast"),
    )
    for end in range(len(said), 0, -1):
        for name, of in lists:
            rest = said[end:]
            if " ".join(said[:end]) in words(of) and (not rest or rest[0] in words("up_to") or (name == "forecast" and _is_month(rest))):
                return name
    return ""


def _is_month(rest: list[str]) -> bool:
    return parse_period(" ".join(rest)) is not None or (len(rest) == 1 and parse_period(f"{rest[0]} 2026") is not None)


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
        if any(_ENTRY.search(cell.text) for cell in row[label + 1 :]):
            continue  # its remark names the decision or the change
        planned, used = Decimal(amounts[0].value), Decimal(amounts[1].value)
        if 0 < planned < used <= planned * _MOST_TIMES:
            told = tuple(f"{amount.normalize():f}" for amount in (used, used - planned) if amount >= _LEAST_TOLD)
            share = 100 * (used - planned) / planned
            yield _Over(doc, table.locator, line, row[budget].text.strip(), row[spent].text.strip(), share, told)


def _limits(doc: Doc) -> Iterator[Decimal]:
    for text, _locator in passages_of(doc.parsed.document):
        label, _, levels = text.partition(" | ")
        told = levels.split(" | ") if levels else []
        if not _says(
            label, "budget_lines"
        ):  # 'Cost of a budget line | up to 5 % | …', 'Cost | up to 5 % of a line | … | 10 % of the total'
            told = [part for part in told if _says(label, "money_matters") and _says(part, "of_a_line")]
        if shares := {Decimal(match[1].replace(",", ".")) for part in told for match in _PERCENT.finditer(part)}:
            yield min(shares)
            continue
        for part in _PARTS.split(text):
            shares = {Decimal(match[1].replace(",", ".")) for match in _PERCENT.finditer(part)}
            if len(shares) == 1 and _says(part, "budget_lines"):
                yield shares.pop()


def _spoken(rows: list[Made], told_there: set[str]) -> Iterator[tuple[str, str]]:
    """Yield what was said, with the document whose text says it: the sheet that shows a line says nothing more of it."""
    for row in rows:
        if row.table in _DECIDING or (row.table == "listed_item" and row.get("kind") in _LISTED):
            yield "", " ".join(str(row.get(column)) for column in _SAID if row.get(column))
        elif row.table == "section" and str(row.get("artefact_id")) in told_there:
            yield str(row.get("artefact_id")), f"{row.get('heading') or ''} {row.get('text') or ''}"


def _is_of(found: _Over, text: str) -> bool:
    """Say whether a text may speak of money for the line.

    It has half of its words and one of money, one of overspending that it does not deny, or the amount itself, or what it is above.
    """
    own, said = stems(found.line), stems(text)
    if _FEWEST_PARTS * len(own & said) >= len(own) and _says(text, "money_matters"):
        return True
    if any(_says(part, "overspending") and not _says(part, "none_of_it") for part in _PARTS.split(text)):
        return True
    plain = re.sub(r"(?<=\d)[ \u00a0\u202f.,'](?=\d{3}(?!\d))", "", text)
    return any(re.search(rf"(?<![\d.,]){amount}(?![\d.,]*\d)", plain) for amount in found.amounts)


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
