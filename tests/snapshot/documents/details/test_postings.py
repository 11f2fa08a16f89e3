"""Ledgers of postings: what was booked on a day to a stage."""

import datetime as dt
from decimal import Decimal

import pytest
from details_notation import read

from auditor.snapshot.documents.found import Found

LINES = "| 2025-02-28 | S0 | Survey | 4800 |\n| 2025-03-31 | S0 | Staff | 22700 |\n| 2025-07-31 | CH | I-05 | 12500 |\n| 2025-08-31 | S1 | Pilot | 84400 |"


def posted(text: str) -> list[Found]:
    return [row for row in read(text).found if row.table == "cost"]


@pytest.mark.parametrize(
    ("head", "first"),
    [
        ("Posting date | Stage (CH = change) | Text | Amount", "S0"),
        ("Booked | Part | Text | NOK", "Stage 0"),
        ("Date comptable | Séquence | Libellé | Montant", "Séquence 0"),
        ("Buchungsdatum | Phase | Buchungstext | Betrag", "Phase 0 Initiierung"),
        ("Fecha contable | Fase | Concepto | Importe", "0"),
    ],
)
def test_a_line_for_each_posting_to_a_stage(head: str, first: str) -> None:
    rows = posted(f"% Ledger\n| {head} |\n{LINES.replace('| S0 |', f'| {first} |', 1)}")
    assert [(row.values["period_on"], row.values["amount"], row.values["kind"], row.refers["stage_id"][1]) for row in rows] == [
        (dt.date(2025, 2, 28), Decimal(4800), "actual", "0"),
        (dt.date(2025, 3, 31), Decimal(22700), "actual", "0"),
        (dt.date(2025, 8, 31), Decimal(84400), "actual", "1"),
    ]
    assert rows[0].values["category"] == first


def test_a_total_ends_the_postings_and_thousands_are_counted() -> None:
    rows = posted(
        f"% Ledger\n| Posting date | Stage | Text | Amount, EUR thousand |\n{LINES}\n| Total | | | 124400 |\n| 2025-09-01 | S1 | Later | 5 |"
    )
    assert [row.values["amount"] for row in rows] == [Decimal(4800000), Decimal(22700000), Decimal(84400000)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Amount", "Budget"),  # a plan
        ("Posting date", "Planned for"),
        ("2025-03-31", "end of March"),  # no posting
        ("22700", "some"),
        ("| S1 |", "| R-01 |"),  # too few are left
    ],
)
def test_what_is_no_ledger_of_postings(old: str, new: str) -> None:
    assert posted(f"% Ledger\n| Posting date | Stage | Text | Amount |\n{LINES}".replace(old, new, 1)) == []
