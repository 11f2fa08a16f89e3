"""How much of a report stood in the report before: section by section, by the text below the same heading."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from auditor.config.mapping import fold
from auditor.snapshot.rows import Made

_SERIES = frozenset({"status", "progress", "checkpoint", "highlight", "contractor"})
_LONGEST = 20_000
_HUNDREDTH = Decimal("0.01")


def mark_repeats(rows: Iterable[Made]) -> None:
    """Fill `similarity_to_previous` of the sections of reports that follow each other: 0..1, blank where nothing is to compare.

    Reports of one kind and source are one series, in the order of their periods, else of their days of issue; a report without either
    has no place in it. Tables and figures are alike by their nature: only prose is compared. Where a text is not kept the likeness stays
    unknown.
    """
    sections: dict[str, list[Made]] = defaultdict(list)
    reports: dict[tuple[str, str, str], list[Made]] = defaultdict(list)
    for row in rows:
        if row.is_gone:
            continue
        if row.table == "section" and row.artefact:
            sections[row.artefact].append(row)
        elif row.table == "report" and row.artefact and row.get("kind") in _SERIES and _day(row) is not None:
            reports[row.source, str(row.get("kind")), str(row.get("work_package_id") or "")].append(row)
    for key in sorted(reports):
        days: dict[date, set[str]] = defaultdict(set)
        for report in reports[key]:
            if (day := _day(report)) is not None:
                days[day].add(report.artefact)
        before: list[Made] = []
        for day in sorted(days):
            # Of one day there may be several files: a draft, a copy as PDF. They are one report, and not compared with each other.
            now = [section for artefact in sorted(days[day]) for section in sections[artefact]]
            _compare(now, before)
            before = now


def _day(report: Made) -> date | None:
    day = report.get("period_to_on") or report.get("issued_on")
    return day if isinstance(day, date) else None


def _compare(sections: Sequence[Made], before: Sequence[Made]) -> None:
    from rapidfuzz import fuzz  # noqa: PLC0415  (only where there are reports)

    earlier: dict[str, list[Made]] = defaultdict(list)
    for section in before:
        earlier[fold(str(section.get("heading") or ""))].append(section)
    for section in sections:
        if "text" not in section.filled:
            continue
        said = _prose(section)
        same = earlier.get(fold(str(section.get("heading") or "")), [])
        others = [_prose(other) for other in same]
        if any("text" not in other.filled for other in same):
            continue
        scores = [fuzz.ratio(said, other) for other in others if said and other]
        share = max(scores) / 100 if scores else None
        section.put("similarity_to_previous", None if share is None else Decimal(str(share)).quantize(_HUNDREDTH))


def _prose(section: Made) -> str:
    """Return the words of a section that stand in sentences; '' where it holds a table only."""
    return " ".join(_words(str(section.get("text") or "")[:_LONGEST]))


def _words(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        if " | " not in line:
            yield from fold(line).split()
