"""Papers tell when a breach of personal data was discovered and when the authority was told."""

import datetime as dt
from decimal import Decimal

import pytest
from details_notation import read

from auditor.snapshot.documents.found import Found


def breaches(text: str) -> list[Found]:
    return [row for row in read(text).found if row.values.get("name") == "breach_notified"]


@pytest.mark.parametrize(
    ("detected", "notified"),
    [
        ("Detected (breach known to the agency)", "Supervisory authority notified (ref. 26-0517)"),
        ("Festgestellt", "Meldung an die Aufsichtsbehörde"),
        ("Prise de connaissance", "Notification à la CNIL"),
        ("Conocimiento de la brecha", "Notificación a la AEPD"),
    ],
)
def test_steps_below_each_other(detected: str, notified: str) -> None:
    (row,) = breaches(
        f"# Incident INC-01\n| Step | When |\n| Sent | 2026-05-11 15:05 |\n| {detected} | 2026-05-12 08:40 |\n"
        f"| Recipient told | 2026-05-12 13:30 |\n| {notified} | 2026-05-15 16:30 |"
    )
    assert (row.values["ref"], row.values["on_date"], row.values["number"]) == ("INC-01", dt.date(2026, 5, 15), Decimal("79.83"))


def test_a_register_has_a_column_for_each() -> None:
    found = breaches(
        "# Data breaches\n| Incident | Detected on | Authority notified on |\n| DB-1 | 2026-05-12 08:40 | 2026-05-13 08:40 |\n"
        "| DB-2 | 2026-05-12 | 2026-05-18 |\n| DB-3 | 2026-05-12 | 2026-05-15 |\n| DB-4 | 2026-05-12 | not needed |"
    )
    assert [(row.values["ref"], row.values.get("number")) for row in found] == [
        ("DB-1", Decimal(24)),
        ("DB-2", Decimal(120)),
        ("DB-3", None),
    ]


def test_a_sentence_tells_both() -> None:
    (row,) = breaches("# Incident\nDetected on 12 May 2026 08:40; the supervisory authority was notified on 14 May 2026 08:40.\n")
    assert row.values["number"] == Decimal(48)


def test_other_days_are_no_notification() -> None:
    assert not breaches("# Incident\n| Step | When |\n| Detected | 2026-05-12 08:40 |\n| Parents told | 2026-05-13 17:00 |")
    assert not breaches("# Delivery\n| Step | When |\n| Fault detected | 2026-05-12 |\n| Harbour authority notified | 2026-05-18 |")
