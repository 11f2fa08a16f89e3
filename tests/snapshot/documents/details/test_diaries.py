"""A daily log tells by the days of its entries when it was begun."""

import datetime as dt

import pytest
from details_notation import read


@pytest.mark.parametrize(
    ("head", "text"),
    [
        ("Date of entry | Entry | Person responsible", "Ask for a room"),
        ("Problem, action, event or comment | Date", "Call the landlord"),
        ("Eintragsdatum | Eintrag | verantwortlich", "Raum bestellt"),
        ("Date | Événement | Qui", "Salle demandée"),
        ("Fecha | Entrada | Quién", "Pedir una sala"),
    ],
)
def test_earliest_of_the_entries(head: str, text: str) -> None:
    is_behind = head.startswith("Problem")
    rows = [("2026-05-06", "Later"), ("2026-03-04", text), ("", "Without a day")]
    lines = "\n".join(f"| {what} | {day} |" if is_behind else f"| {day} | {what} | Ann |" for day, what in rows)
    found = [row.values for row in read(f"% Daily Log\n| {head} |\n{lines}", kind="daily_log").found if row.values.get("kind") == "figure"]
    assert [(row["name"], row["on_date"], row["text"], row["value"]) for row in found] == [("diary_begun", dt.date(2026, 3, 4), text, "2")]


@pytest.mark.parametrize(
    ("kind", "head"), [("risk_register", "Date | Entry"), ("daily_log", "Target date | Entry"), ("daily_log", "Date | Person responsible")]
)
def test_other_tables_begin_no_diary(kind: str, head: str) -> None:
    found = read(f"% Log\n| {head} |\n| 2026-05-06 | Later |", kind=kind).found
    assert not [row for row in found if row.values.get("name") == "diary_begun"]
