"""The language of a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.snapshot.documents.language import detect_language


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The project replaces the lamps of the piers and is paid by the harbour authority."),
        ("fr", "La commune refait le centre de loisirs et le jardin pour les enfants du quartier."),
        ("de", "Das Archiv zieht in ein neues Gebäude um, und die Akten werden mit Sorgfalt verpackt."),
        ("es", "El ayuntamiento renueva el parque para los vecinos y las asociaciones de la ciudad."),
        ("it", "Il comune rinnova il parco per gli abitanti e le associazioni della città."),
        ("nl", "De gemeente vernieuwt het park voor de bewoners en de verenigingen van de stad."),
        ("pt", "O município renova o parque para os moradores e as associações da cidade."),
        ("uk", "Місто оновлює парк для мешканців і їхніх об'єднань."),
        ("ru", "Город обновляет парк для жителей и их объединений."),
        ("el", "Ο δήμος ανανεώνει το πάρκο για τους κατοίκους."),
        ("ja", "プロジェクトの目的は公園を新しくすることです。"),
        (None, "Budget 2026"),
        (None, ""),
        (None, "1 2 3 – 4"),
        (
            "de",
            "Anwesend Rolle Petra Alm Projektmanagerin Beschluss Termin freigegeben 27.03.2025 Kosten 78.000 EUR Ergebnis bestanden Prüfer Jan Ohm",
        ),
        ("en", "Owner Jill Ash due 27-Mar-2026 approved Stage 2 budget register Role executive Ann Orr"),
        ("fr", "Responsable Luc Roy échéance 27/03/2026 approuvé jalon registre décision livrable Anne Prat"),
        (None, "Status Plan Budget Rolle registre"),
        ("de", "Der Project Manager und das Project Office werden im Sprint Review von dem Product Owner informiert."),
    ],
)
def test_a_language_is_told_by_its_little_words(language, text):
    """Little words and letters tell the language; too few of them tell none."""
    assert detect_language(text) == language


@given(st.text(max_size=300))
def test_any_text_has_a_code_or_none(text):
    """Whatever the text, the answer is a code of two letters or None, and the same for its parts joined."""
    found = detect_language(text)
    assert found is None or (len(found) == 2 and found.isalpha())
    assert detect_language(text.split(" ")) == found
