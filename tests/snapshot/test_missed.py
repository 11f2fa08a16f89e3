"""Results that miss the criterion of what was passed or accepted on them."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from auditor.connect.document import Cell, Document, TableBlock, TextBlock
from auditor.snapshot.missed import missed_results
from auditor.snapshot.rows import Made

HELD, ACCEPTED = date(2026, 5, 4), date(2026, 5, 11)


def _made(table: str, row_id: str, *, is_record: bool = True, is_gone: bool = False, **values: Any) -> Made:
    return Made(table, row_id, values, set(values), "files", artefact="R", is_record=is_record, is_gone=is_gone)


CHECK = _made("review", "T-4", result="passed", held_on=HELD, subject_id="P-2", subject_table="deliverable")
PRODUCT = _made("deliverable", "P-2", accepted_on=ACCEPTED)


def _doc(*blocks: Any, language: str | None = "en", is_current: bool = True) -> Any:
    document = Document(format="docx", blocks=blocks)
    return SimpleNamespace(
        id="D",
        source="files",
        path="D.docx",
        parsed=SimpleNamespace(document=document),
        read=SimpleNamespace(language=language),
        seen=SimpleNamespace(gone_at=None, seen_at=None),
        record=SimpleNamespace(url="file:///D"),
        is_current=is_current,
    )


def _head(text: str) -> TextBlock:
    return TextBlock(text, level=1, locator="p")


def _table(*rows: tuple[str, ...], name: str = "") -> TableBlock:
    return TableBlock(rows=tuple(tuple(Cell(text) for text in row) for row in rows), name=name, locator="table 1")


def _met(*blocks: Any, rows: tuple[Made, ...] = (CHECK, PRODUCT), **doc: Any) -> list[tuple[Any, ...]]:
    return [(row.get("ref"), row.get("on_date")) for row in missed_results(rows, [_doc(*blocks, **doc)])]


ASKED = (_head("P-2 Sorting line"), TextBlock("Wrong parcels not above 2.0 % in a week"))
FOUND = (_head("T-4 Sorting line, trial week"), TextBlock("6,120 parcels, 214 wrong (3.5 %). Signed by two."))


def test_criterion_and_record_may_stand_in_two_places() -> None:
    assert _met(*ASKED, *FOUND) == [("P-2, T-4", ACCEPTED)]


def test_without_an_acceptance_the_day_of_the_check_counts() -> None:
    assert _met(*ASKED, *FOUND, rows=(CHECK,)) == [("P-2, T-4", HELD)]


@pytest.mark.parametrize(
    ("asked", "found", "language"),
    [
        ("Falsche Pakete höchstens 2,0 %", "214 falsche Pakete (3,5 %)", "de"),
        ("Colis mal triés : au plus 2,0 %", "214 colis mal triés (3,5 %)", "fr"),
        ("Paquetes erróneos: como máximo 2,0 %", "214 paquetes erróneos (3,5 %)", "es"),
        ("Recognised labels at least 98 %", "Labels recognised: 91.5 %", "en"),
        ("Wrong parcels ≤ 2 %", "Wrong parcels 3 %", "en"),
        ("At least 38 of 40 parcels arrive", "35 of 40 parcels arrived", "en"),
    ],
)
def test_in_other_words(asked: str, found: str, language: str) -> None:
    assert _met(_head("P-2"), TextBlock(asked), _head("Record (T-4)"), TextBlock(found), language=language)


def test_lines_of_tables_tell_the_same() -> None:
    product = _table(("Identifier", "P-2"), ("Quality criteria", "wrong parcels at most 2 %; line runs all day"), name="P-2 Sorting line")
    records = _table(("No", "Found"), ("T-4", "wrong parcels 3.5 %"), ("T-5", "wrong parcels 1.0 %"))
    assert _met(product, records) == [("P-2, T-4", ACCEPTED)]


def test_columns_of_one_line_need_no_common_words() -> None:
    assert _met(_table(("Check", "Criterion", "Result"), ("T-4", "at most 2 %", "3.5 %"))) == [("P-2, T-4", ACCEPTED)]
    assert _met(_table(("Check", "Sample", "Share"), ("T-4", "at most 2 %", "3.5 %"))) == []


def test_an_acceptance_criterion_may_name_the_check_that_shows_it() -> None:
    criterion = _made("listed_item", "x", kind="acceptance_criterion", ref="A-3", name="Few wrong parcels", text="at most 2 % in a week")
    certificate = _table(("Criterion", "Result", "Check"), ("A-3", "met", "T-4"))
    assert _met(certificate, *FOUND, rows=(CHECK, PRODUCT, criterion)) == [("P-2, T-4", ACCEPTED)]
    assert _met(_table(("Criterion", "Result", "Check"), ("A-3", "met", "T-5")), *FOUND, rows=(CHECK, PRODUCT, criterion)) == []


def test_a_validated_requirement_is_shown_by_the_test_it_names() -> None:
    requirement = _made(
        "requirement", "F-7", status="validated", validated_on=HELD, acceptance_criteria="At least 95 % of calls answered within 3 s, TC-7"
    )
    assert _met(_table(("Test", "Outcome"), ("TC-7", "88 % of calls answered")), rows=(requirement,)) == [("F-7", HELD)]
    assert _met(_table(("Test", "Outcome"), ("TC-8", "88 % of calls answered")), rows=(requirement,)) == []


@pytest.mark.parametrize(
    "found",
    [
        "6,120 parcels, 98 wrong (1.6 %).",
        "Wrong parcels 2.0 %",
        "Wrong parcels 3.5 %, not met",  # the record says so itself
        "Wrong parcels 3.5 % in the first run; wrong parcels 1.2 % in the second",
        "Wrong parcels 42 %",  # hardly the same measure
        "Belts replaced: 3.5 %",
        "Wrong parcels: 3.5 per thousand",
    ],
)
def test_what_is_not_evident_is_not_said(found: str) -> None:
    assert _met(*ASKED, _head("T-4 Trial week"), TextBlock(found)) == []


@pytest.mark.parametrize(
    "asked", ["Wrong parcels at most 2 %, tolerance 2 points", "Wrong parcels at most 2 %, at most 5 % in winter", "Few"]
)
def test_tolerances_and_two_bounds_leave_it_open(asked: str) -> None:
    assert _met(_head("P-2"), TextBlock(asked), *FOUND) == []


@pytest.mark.parametrize(
    "rows",
    [
        (CHECK, PRODUCT, _made("issue", "I-1", title="Result of T-4")),
        (CHECK, PRODUCT, _made("decision", "B-1", title="Concession", description="T-4 is accepted as it is")),
        (CHECK, PRODUCT, _made("issue", "I-1", kind="off_specification", title="P-2 sorts worse than asked")),
        (_made("review", "T-4", result="failed", held_on=HELD, subject_id="P-2"), PRODUCT),
        (_made("review", "T-4", result="passed", held_on=HELD, subject_id="P-2", is_record=False), PRODUCT),
        (_made("review", "T-4", result="passed", held_on=HELD, subject_id="P-2", is_gone=True), PRODUCT),
        (_made("review", "T-4", result="passed", held_on=None, subject_id="P-2"), _made("deliverable", "P-2", accepted_on=None)),
    ],
)
def test_what_was_spoken_of_or_not_passed_is_left_alone(rows: tuple[Made, ...]) -> None:
    assert _met(*ASKED, *FOUND, rows=rows) == []


def test_an_issue_in_the_line_of_the_check_excuses_it() -> None:
    register = _table(("Check", "Result", "Follow-up"), ("T-4", "pass", "I-1 noted"))
    issue = _made("issue", "I-1", title="Wrong parcels")
    assert _met(*ASKED, *FOUND, register, rows=(CHECK, PRODUCT, issue)) == []


def test_old_editions_tell_nothing() -> None:
    assert _met(*ASKED, *FOUND, is_current=False) == []
