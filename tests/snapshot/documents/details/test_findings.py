"""Findings of reviews that name the issue as which they were entered."""

import pytest
from details_notation import read


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        (
            "| No | Finding | Cause | Issue |\n| --- | --- | --- | --- |\n| NC-1 | No notes | Rota | I-07 |",
            "en",
            [("NC-1", "I-07", "No notes")],
        ),
        ("| N° | Constat | Problème |\n| --- | --- | --- |\n| NC-2 | Sans date | P-04 |", "fr", [("NC-2", "P-04", "Sans date")]),
        (
            "| Nr | Feststellung | Erfasst als |\n| --- | --- | --- |\n| F1 | Ohne Datum | O-12 (offen) |",
            "de",
            [("F1", "O-12", "Ohne Datum")],
        ),
        ("| No | Finding | Issue |\n| --- | --- | --- |\n| NC-1 | No notes | I-07, I-08 |\n| NC-2 | No date | none |", "en", []),
        ("| No | Risk | Issue |\n| --- | --- | --- |\n| NC-1 | No notes | I-07 |", "en", []),
    ],
)
def test_a_finding_names_its_issue(text: str, language: str, expected: list[tuple[str, str, str]]) -> None:
    found = read(f"% Quality review\n# Findings\n{text}", language=language).found
    rows = [row.values for row in found if row.values.get("name") == "finding_entered"]
    assert [(row["role"], row["ref"], row["text"]) for row in rows] == expected
