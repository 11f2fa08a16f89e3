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


@pytest.mark.parametrize(
    ("head", "lines", "expected"),
    [
        (
            "Date | Entry | Result",
            ["2026-05-05 | Asked Ann whether nights are paid. | ", "2026-06-09 | No reply yet from the Executive to my question of 5 May. | "],
            [("2026-05-05", "open", 25)],
        ),
        (
            "Datum | Eintrag | Ergebnis",
            ["2026-05-06 | Auf die Frage vom 13. April hat Herr Ek heute für den Lenkungsausschuss geantwortet. | erledigt"],
            [("2026-04-13", "answered", 17)],
        ),
        ("Date | Entry | Result", ["2026-03-19 | Asked the board which wards go first. | answered 2026-03-23"], [("2026-03-19", "answered", 2)]),
        ("Date | Entrée | Suite", ["2026-05-20 | Pas de réponse du comité de pilotage à ma question du 4 mai. | "], [("2026-05-04", "open", 12)]),
        ("Fecha | Entrada | Resultado", ["2026-05-20 | Sin respuesta del comité de dirección a mi pregunta del 4 de mayo. | "], [("2026-05-04", "open", 12)]),
        ("Date | Entry | Result", ["2026-05-05 | Asked the board which wards go first. | "], []),
        ("Date | Entry | Result", ["2026-05-05 | No reply yet from the supplier to my question of 3 May. | "], []),
        ("Date | Entry | Result", ["2026-05-05 | The board met on 3 May; no reply from the press. | "], []),
    ],
)  # fmt: skip
def test_how_long_the_board_took_to_answer(head: str, lines: list[str], expected: list[tuple[str, str, int]]) -> None:
    """A later entry names the day of the question, or the answer stands beside it; a question of which nothing more is told says nothing."""
    text = "% Daily Log\n" + "\n".join(f"| {line} |" for line in (head, "2026-01-05 | Took up the post. | ", *lines))
    found = [row.values for row in read(text, kind="daily_log").found if row.values.get("name") == "board_answer"]
    assert [(row["on_date"].isoformat(), row["value"], row["number"]) for row in found] == expected
