"""A data protection file states when it was screened and since when personal data are processed."""

import datetime as dt

import pytest
from details_notation import read


@pytest.mark.parametrize(
    ("screened", "began"),
    [
        ("Screening completed on", "Start of processing of personal data"),
        ("Datum der Vorprüfung", "Beginn der Verarbeitung"),
        ("Date de l'analyse préalable", "Début du traitement"),
        ("Fecha de la evaluación previa", "Inicio del tratamiento"),
    ],
)
def test_days_beside_labels(screened: str, began: str) -> None:
    found = read(
        f"% Data Protection File\n| Item | Value |\n| {screened} | 2026-05-29 |\n| {began} | 2026-05-18 (200 households) |\n| Result | low |"
    )
    said = {row.values["name"]: row.values.get("on_date") for row in found.found if row.values.get("kind") == "figure"}
    assert said == {"data_protection_screening": dt.date(2026, 5, 29), "personal_data_processing": dt.date(2026, 5, 18)}


def test_words_that_are_no_day_stay_words() -> None:
    (row,) = [row for row in read("% Data Protection File\nStart of processing: spring\n").found if row.values.get("kind") == "figure"]
    assert "on_date" not in row.filled
