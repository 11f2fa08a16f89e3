"""To whom and when a risk was escalated, in one column."""

import datetime as dt

import pytest
from register_tables import read, sheet, workbook


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("Escalated (to, date)", "Board PB-03, 17 June 2026"),
        ("Escalated to / on", "Steering group 2026-06-17"),
        ("Eskaliert (an, am)", "Lenkungsausschuss, 17.06.2026"),
        ("Escaladé à, le", "Comité de pilotage, 17 juin 2026"),
        ("Escalated on", "@2026-06-17"),
    ],
)
def test_whom_and_when_is_the_day_of_escalation(header: str, said: str) -> None:
    rows = (
        f"Id|Risk|Probability|Impact|Owner|{header}\nR1|The crane may come late|#4|#4|Ada Lovel|{said}\nR2|Staff may leave|#5|#5|Ben Okri|"
    )
    first, second = (row for row in read(workbook(sheet("Risks", rows))).found if row.table == "risk")
    assert first.values["escalated_on"] == dt.date(2026, 6, 17)
    assert "escalated_on" in second.filled
    assert second.values.get("escalated_on") is None


def test_an_escalation_without_a_day_has_none() -> None:
    rows = "Id|Risk|Probability|Impact|Owner|Escalated (to, date)\nR1|The crane may come late|#4|#4|Ada Lovel|Board\nR2|Staff may leave|#5|#5|Ben Okri|"
    first, _ = (row for row in read(workbook(sheet("Risks", rows))).found if row.table == "risk")
    assert first.values.get("escalated_on") is None
    assert "escalated_on" not in first.filled


@pytest.mark.parametrize(
    ("begun", "header"),
    [("Recorded on", "Reported on"), ("Erfasst am", "Gemeldet am"), ("Identifié le", "Signalé le")],
)
def test_beside_the_day_of_its_beginning_another_tells_who_was_told(begun: str, header: str) -> None:
    """Alone it is the day on which the risk was found."""
    rows = f"Id|{begun}|Risk|Probability|Impact|Owner|{header}\nR1|@2026-06-01|The crane may come late|#4|#4|Ada Lovel|@2026-06-17\nR2|@2026-06-02|Staff may leave|#5|#5|Ben Okri|"
    first, second = (row for row in read(workbook(sheet("Risks", rows))).found if row.table == "risk")
    assert (first.values["identified_on"], first.values["escalated_on"]) == (dt.date(2026, 6, 1), dt.date(2026, 6, 17))
    assert second.values.get("escalated_on") is None
    alone = rows.replace(f"|{begun}", "").replace("|@2026-06-01", "").replace("|@2026-06-02", "")
    first, _ = (row for row in read(workbook(sheet("Risks", alone))).found if row.table == "risk")
    assert first.values.get("escalated_on") is None
