"""Lists of acceptance criteria below a line that says how they are ordered."""

import pytest
from details_notation import read


@pytest.mark.parametrize(
    ("line", "header", "language"),
    [
        ("Acceptance criteria by priority:", "No. | Criterion | Priority", "en"),
        ("Acceptance criteria, in order of priority:", "No. | Criterion | Priority", "en"),
        ("Abnahmekriterien nach Priorität:", "Nr. | Kriterium | Priorität", "de"),
        ("Critères d'acceptation par ordre de priorité :", "N° | Critère | Priorité", "fr"),
        ("Criterios de aceptación por orden de prioridad:", "Nº | Criterio | Prioridad", "es"),
    ],
)
def test_criteria_in_order_of_priority_are_criteria(line: str, header: str, language: str) -> None:
    text = f"% PID\n# Project product description\n{line}\n| {header} |\n| 1 | 2 % rejected lines at most | Must |\n| 2 | Easy to use | Should |"
    found = read(text, kind="project_initiation_documentation", language=language).found
    assert [row.values.get("name") for row in found if row.values.get("kind") == "acceptance_criterion"] == [
        "2 % rejected lines at most",
        "Easy to use",
    ]


def test_a_list_without_a_column_for_it_has_no_measures() -> None:
    """Where every other column is understood; one of an unknown name may hold them."""
    text = "% PID\n# Acceptance criteria\n| No. | Criterion | Priority |\n| 1 | Easy to use | Must |"
    for header, is_blank in (("Priority", True), ("Evidence", False)):
        found = read(text.replace("Priority", header), kind="project_initiation_documentation", language="en").found
        (row,) = [row for row in found if row.values.get("kind") == "acceptance_criterion"]
        assert ("text" in row.filled, row.values.get("text")) == (is_blank, None)
