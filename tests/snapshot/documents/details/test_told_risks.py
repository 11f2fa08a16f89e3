"""Risks that minutes tell of in a sentence."""

import pytest
from details_notation import read


def _risks(text: str, kind: str = "minutes_of_meeting") -> list[str]:
    found = read(f"# Steering committee 4\n{text}", kind=kind).found
    return [row.values["name"] for row in found if row.table == "listed_item" and row.values["kind"] == "risk"]


@pytest.mark.parametrize(
    ("text", "risk"),
    [
        ("Ada Finch raised a new risk: the archive moves in winter. It goes to the log.", "the archive moves in winter"),
        ("Tom Ray signale un nouveau risque : les archives déménagent cet hiver.", "les archives déménagent cet hiver"),
        ("Neues Risiko: Das Archiv zieht im Winter um.", "Das Archiv zieht im Winter um"),
        ("Se señaló un nuevo riesgo: el archivo se muda en invierno.", "el archivo se muda en invierno"),
    ],
)
def test_a_sentence_tells_of_a_risk(text: str, risk: str) -> None:
    assert _risks(text) == [risk]
    assert _risks(text, "project_status_report") == []


@pytest.mark.parametrize(
    "text", ["New risk: none.", "No new risk was raised.", "The risks were looked at: R-01 stays high.", "Neues Risiko: keines."]
)
def test_no_risk_is_told(text: str) -> None:
    assert _risks(text) == []
