"""Days on which checkpoint reports tell that work was done: 'First course days held on 11 and 12 February', '(mounted 29 September)'."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta

from auditor.connect.values import MONTHS, WEEKDAYS, clean, fold
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.matters.grid import DAY_IN_TEXT, Filling, Reading, text_of
from auditor.snapshot.documents.matters.words import heading_key
from auditor.snapshot.words import words

NAME = "work_told"
_MONTHS = "|".join(sorted(MONTHS, key=len, reverse=True))
_AND = r"(?:\s*(?:,|&|\+|–|-|\b(?:and|to|und|bis|et|au|y|al)\b)\s*)"
_WEEKDAY = (
    rf"(?:(?:{'|'.join(sorted((word for word in WEEKDAYS if len(word) > 3), key=len, reverse=True))})\s+)?"  # 'to Thursday 15 January'
)
_DAYS = re.compile(
    rf"(?<![\d.,/-])(\d{{1,2}})\.?(?:{_AND}{_WEEKDAY}\d{{1,2}}\.?)*\s+(?:de\s+)?({_MONTHS})\b\.?(?:\s+(?:de\s+)?(\d{{4}}))?", re.IGNORECASE
)
_SHORT = re.compile(r"(?<![\d.])(\d{1,2})\.(\d{1,2})\.(?!\d)")  # '01.06.'
_SENTENCES = re.compile(r"(?<=[^\W\d]{2})\.\s+(?=[A-ZÀ-Þ\d])|\n+")
_CLAUSES = re.compile(r";")
_PARTS = re.compile(r":\s+|\s+[–—-]\s+")  # 'Writing began on 23 March: structure agreed'
_IDS = re.compile(r"(?<![\w-])[A-Z]{1,5}-?\d{1,4}(?![\w-])")
_LONGEST = 400
_LONG_AGO = timedelta(180)  # a day without a year that lies further back is one that is still to come


def told_in(reading: Reading, text: str, beside: str, issued: date, locator: str) -> Iterator[Found]:
    """Yield a figure per clause of *text* that tells of work done on a day; *beside* is what else it says, for ids of issues."""
    clauses = [(sentence, clause) for sentence in _SENTENCES.split(clean(text, 4000)) for clause in _CLAUSES.split(sentence)]
    for sentence, clause in clauses:
        parts = [part for part in _PARTS.split(clause) if _is_told(part) and _days_until(reading, part, issued)]
        said = parts[0] if parts else clause
        if len(clause) > _LONGEST or not _is_told(said) or not (days := _days_until(reading, said, issued)):
            continue
        row = Filling(reading, "listed_item")
        row.set("kind", "figure")
        row.set("name", NAME)
        row.set("value", min(days).isoformat())
        row.set("on_date", min(days))
        row.set("text", (sentence if len(sentence) <= _LONGEST else clause).strip(" .•–—-*\t"))
        ids = _IDS.findall(clause)
        row.set("ref", ids[0] if len(set(ids)) == 1 else None)
        row.set("reason", " ".join(sorted(set(_IDS.findall(beside)))) or None)
        yield row.found(locator, "figure", NAME, min(days).isoformat(), clause[:60])


def _is_told(text: str) -> bool:
    """Say whether *text* tells of work that was done."""
    said = f" {fold(text)} "
    return any(f" {word} " in said for word in words("work_told")) and not any(f" {word} " in said for word in words("work_not_told"))


def _days_until(reading: Reading, text: str, issued: date) -> list[date]:
    return [day for day in _days(reading, text, issued) if day <= issued]


def told_in_report(reading: Reading, report: Found) -> Iterator[Found]:
    """Yield what a report that is a document of its own tells below the headings, or beside the labels, of what was done."""
    issued = report.values.get("issued_on") or report.values.get("period_to_on")
    if issued is None or "checkpoints" not in reading.words.tables:
        return
    columns = reading.words.tables["checkpoints"].columns
    beside = " ".join(line.text for line in reading.prose)
    for line in reading.prose:
        if line.heading is not None and "done" in columns.get(heading_key(line.heading.text), ()):
            yield from told_in(reading, line.text, beside, issued, report.locator)
    for grid in reading.grids:
        for row in grid.lines:
            cells = [cell for cell in row.cells if not cell.is_covered]
            if len(cells) == 2 and "done" in columns.get(heading_key(cells[0].text), ()):
                yield from told_in(reading, text_of(cells[1]), beside, issued, report.locator)


def _days(reading: Reading, clause: str, issued: date) -> Iterator[date]:
    """Yield the days of a clause. One without a year is the last of that name before the report; 'after 11 March' is no day of work."""
    clause = "".join(unicodedata.normalize("NFKD", sign)[0] for sign in clause)  # names of months are known without accents
    for match in _DAYS.finditer(clause):
        if _is_bound(clause[: match.start()]):
            continue
        years = (match[3],) if match[3] else (str(issued.year), str(issued.year - 1))
        found = [
            day
            for year in years
            if (day := reading.day(f"{match[1]} {match[2]} {year}")) is not None and (match[3] or _is_lately(day, issued))
        ]
        if found:
            yield found[0]
    for match in _SHORT.finditer(clause):
        if not _is_bound(clause[: match.start()]):
            days = [reading.day(f"{match[1]}.{match[2]}.{year}") for year in (issued.year, issued.year - 1)]
            yield from [day for day in days if day is not None and _is_lately(day, issued)][:1]
    for match in DAY_IN_TEXT.finditer(clause):
        if not _DAYS.match(match[0]) and not _is_bound(clause[: match.start()]) and (day := reading.day(match[0])) is not None:
            yield day


def _is_lately(day: date, issued: date) -> bool:
    return timedelta() <= issued - day <= _LONG_AGO


def _is_bound(before: str) -> bool:
    return not words("bounds_of_work").isdisjoint(fold(before).split()[-1:])
