"""Tables of persons and trainings: a column for each training, a day where they meet."""

import datetime as dt

from register_tables import read, sheet, workbook


def trainings(name: str, text: str) -> list[tuple[object, object, object, bool]]:
    return [
        (row.values["person_id"], row.values["topic"], row.values.get("completed_on"), "completed_on" in row.filled)
        for row in read(workbook(sheet(name, text))).found
        if row.table == "training"
    ]


def test_a_day_a_gap_a_tick_and_what_is_not_asked() -> None:
    found = trainings(
        "Training",
        """
        >4 Mandatory training
        |
        Person|Start in project|security_awareness|Data protection
        Ann Lee|@2026-03-06|@2026-03-20|
        Bo Ek|@2026-03-06|yes|@2026-02-24
        Jo Lake|@2026-03-06|n/a|missing
        """,
    )
    assert found == [
        ("Ann Lee", "security_awareness", dt.date(2026, 3, 20), True),
        ("Ann Lee", "Data protection", None, True),
        ("Bo Ek", "security_awareness", None, False),
        ("Bo Ek", "Data protection", dt.date(2026, 2, 24), True),
        ("Jo Lake", "Data protection", None, True),
    ]


def test_other_tables_of_persons_and_days_are_none() -> None:
    """Another place, other words below the headers, and a plain list of trainings."""
    assert not trainings("Onboarding", "Person|Start|Laptop|Badge\nAnn Lee|@2026-03-06|@2026-03-07|@2026-03-08")
    assert not trainings("Training", "Person|Motto|Remark\nAnn Lee|Carpe diem|None so far\nBo Ek|Festina lente|Left early")
    plain = trainings("Training", "Person|Course|Completed on\nAnn Lee|Fire|@2026-03-06\nBo Ek|Fire|@2026-03-07")
    assert [row[:3] for row in plain] == [("Ann Lee", "Fire", dt.date(2026, 3, 6)), ("Bo Ek", "Fire", dt.date(2026, 3, 7))]
