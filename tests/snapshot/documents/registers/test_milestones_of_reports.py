"""Milestones as reports show them: what was agreed beside what is reached or expected."""

import datetime as dt

import pytest
from register_tables import heading, read, table, text_document


@pytest.mark.parametrize(
    "header",
    [
        "Milestone|Reference|Actual or forecast|Situation",
        "Jalon|Référence|Réel ou prévu|Situation",
        "Meilenstein|Referenz|Ist oder Prognose|Lage",
        "Hito|Referencia|Real o previsto|Situación",
    ],
)
def test_a_reference_of_days_is_what_was_agreed(header: str) -> None:
    text = f"{header}\nM2 Network in service|30/01/2026|29/01/2026|.\nM4 North done|30/04/2026|05/06/2026|."
    found = read(text_document(heading("Milestones"), table(text))).found
    rows = [row for row in found if row.table == "milestone"]
    assert [(row.own_id, row.values["baseline_on"], row.values["forecast_on"]) for row in rows] == [
        (None, dt.date(2026, 1, 30), dt.date(2026, 1, 29)),
        (None, dt.date(2026, 4, 30), dt.date(2026, 6, 5)),
    ]


def test_a_reference_of_codes_numbers_the_entries() -> None:
    text = "Référence|Jalon|Date de référence\nJ2|Réseau en service|30/01/2026\nJ4|Pose terminée|30/04/2026"
    found = read(text_document(heading("Jalons"), table(text))).found
    assert [(row.own_id, row.values["baseline_on"]) for row in found if row.table == "milestone"] == [
        ("J2", dt.date(2026, 1, 30)),
        ("J4", dt.date(2026, 4, 30)),
    ]
