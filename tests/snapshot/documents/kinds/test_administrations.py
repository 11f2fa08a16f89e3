"""Headings below which administrations write what a standard asks for."""

import pytest

from auditor.snapshot.documents.kinds import compile_recognition, section_kinds


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("5. Wege im Vergleich", "alternatives"),
        ("Gewählte Lösung", "solution_description"),
        ("Folgen für die Beschäftigten", "people_impact"),
        ("Bewertung der Projektführung", "pm_evaluation"),
        ("Empfehlungen für die Zeit nach dem Projekt", "post_project"),
        ("Qualitätsziele", "quality_objectives"),
        ("How success is measured", "success_criteria"),
        ("Solution choisie", "solution_description"),
        ("Cómo medimos el éxito", "success_criteria"),
    ],
)
def test_a_heading_of_ones_own_is_known(heading, kind, recognition):
    assert kind in section_kinds(compile_recognition(recognition), heading)
