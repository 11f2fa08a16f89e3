"""How much of a report stood in the one before."""

from datetime import date
from decimal import Decimal
from typing import Any

from auditor.snapshot.repeats import mark_repeats
from auditor.snapshot.rows import Made


def _report(artefact: str, day: date, **said: str) -> list[Made]:
    rows = [Made("report", f"r-{artefact}", {"kind": "status", "period_to_on": day}, {"kind", "period_to_on"}, "files", artefact=artefact)]
    for heading, text in said.items():
        values: dict[str, Any] = {"heading": heading, "text": text}
        rows.append(Made("section", f"{artefact}-{heading}", values, {"heading", "text"}, "files", artefact=artefact))
    return rows


def _likeness(rows: list[Made]) -> dict[str, Decimal | None | str]:
    mark_repeats(rows)
    return {
        row.id: row.get("similarity_to_previous") if "similarity_to_previous" in row.filled else "unknown"
        for row in rows
        if row.table == "section"
    }


def test_sections_are_compared_with_the_report_before() -> None:
    """By heading, whatever the order of the files; the first report has nothing to be like."""
    rows = [
        *_report("b", date(2026, 5, 31), Summary="The bridge is closed for repair.", Next="Paint the rails."),
        *_report("a", date(2026, 4, 30), Summary="The bridge is closed, for repair!"),
    ]
    assert _likeness(rows) == {"b-Summary": Decimal("1.00"), "b-Next": None, "a-Summary": None}


def test_tables_are_no_prose_and_copies_of_a_report_no_earlier_one() -> None:
    """A table stays as it is for months; a PDF of the same period is the same report."""
    table = "Open | 4\nClosed | 2"
    rows = [
        *_report("a", date(2026, 4, 30), Figures=table, Text="We dig."),
        *_report("b", date(2026, 5, 31), Figures=table, Text="Nothing was dug, it rained."),
        *_report("c", date(2026, 5, 31), Figures=table, Text="Nothing was dug, it rained."),
    ]
    found = _likeness(rows)
    assert found["b-Figures"] is None
    likeness = found["b-Text"]
    assert isinstance(likeness, Decimal)
    assert likeness < Decimal("0.8")
    assert found["c-Text"] == likeness


def test_a_text_that_is_not_kept_leaves_it_unknown() -> None:
    rows = [*_report("a", date(2026, 4, 30), Text="We dig."), *_report("b", date(2026, 5, 31), Text="We dig.")]
    rows[1].filled.discard("text")
    assert _likeness(rows) == {"a-Text": "unknown", "b-Text": "unknown"}
