"""Decisions that only the text of minutes tells, beside those of its table; and who chaired."""

import pytest
from details_notation import read


def _decisions(text):
    table = "## Decisions\n| Decision ID | Description | Date | Owner |\n| D-09 | The go-live moves by four weeks to 12 May 2026 | 23 July 2026 | Ada Finch |"
    rows = read(
        f"# Steering Committee, meeting 4\n| Meeting Date | 23 July 2026 |\n## Summary\n{text}\n{table}", kind="minutes_of_meeting"
    ).found
    return [row.values["name"] for row in rows if row.table == "listed_item" and row.values.get("kind") == "decision"]


@pytest.mark.parametrize(
    "said",
    [
        "The PSC releases EUR 18 000 from contingency for a larger test environment.",
        "The committee approved an extra tester for two months.",
        "The Steering Committee therefore agreed to stop the pilot in Delft.",
        "Le comité de pilotage approuve le recours à un second prestataire.",
        "Der Lenkungsausschuss bewilligt 18 000 Euro aus der Reserve für Tests.",
        "El comité de dirección aprueba una reserva de 18 000 euros.",
        "After some discussion, the board chose Norvane of Leeds as the host of the platform.",
        "It was decided to host the platform in Leeds from February.",
        "Après échange, le Comité retient Norvane, à Lille, plutôt que l'offre de l'éditeur.",
        "Il est décidé de confier l'hébergement à la société Norvane.",
        "Le comité a choisi la société Norvane pour l'hébergement.",
        "Nach kurzer Beratung wählte der Lenkungsausschuss die Firma Norvane als Betreiber.",
        "Es wurde beschlossen, den Betrieb an die Firma Norvane zu vergeben.",
        "Tras el debate, el comité elige a la empresa Norvane para el alojamiento.",
        "Se decidió alojar la plataforma en León desde febrero.",
    ],
)
def test_told_in_the_text(said):
    assert len(_decisions(f"Load test: Bo Ek explained why. {said} It is ordered at once.")) == 2


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("Stage plan 3 was discussed. Decision: stage 3 is authorised from 3 May.", "stage 3 is authorised from 3 May."),
        ("C-4 instalment plans, £8,200. Decision: approved.", "C-4 instalment plans, £8,200: approved."),
        ("Der Bericht lag vor. Beschluss: Die Reserve bleibt gesperrt.", "Die Reserve bleibt gesperrt."),
        ("Le rapport est lu. Décision : la réserve reste bloquée.", "la réserve reste bloquée."),
    ],
)
def test_marked_in_the_midst_of_a_text(said: str, title: str) -> None:
    assert title in _decisions(said)


@pytest.mark.parametrize(
    "said",
    [
        "The PSC approved the minutes of the previous meeting without change.",
        "The committee examined the Business Case at the first milestone.",
        "The PSC agreed that the go-live moves by four weeks.",
        "The PSC approved the move of the go-live, see D-09.",
        "The committee asked the Project Manager to enter it in the Risk Log.",
        "The Project Manager decided to invite the users to the next review.",
        "Bo Ek noted that the PSC approved the budget in March.",
        "Le comité retient que les essais avancent comme prévu.",
        "Nach der Sitzung wählte Bo Ek die Firma Norvane als Betreiber.",
        "Ada Finch a exposé que le comité retient la société Norvane.",
    ],
)
def test_no_decision_or_a_listed_one(said):
    assert _decisions(said) == ["The go-live moves by four weeks to 12 May 2026"]


@pytest.mark.parametrize(
    "said",
    [
        "Two offers lay on the table and the board selects the one of Norvane.",
        "It was agreed to stop the pilot in Delft at once.",
        "Deux offres sont exposées et le comité retient la seconde.",
        "Es wurde vereinbart, den Betrieb an Norvane zu vergeben.",
        "Se acordó alojar la plataforma en León desde febrero.",
    ],
)
def test_what_may_be_a_decision_is_asked_about(said: str) -> None:
    found = read(f"# Steering Committee\n| Meeting Date | 23 July 2026 |\n## Summary\n{said}", kind="minutes_of_meeting").found
    told = [row for row in found if row.table == "listed_item" and row.values["kind"] == "told_decision"]
    assert [row.values["name"] for row in told] == [said]


@pytest.mark.parametrize(
    "said",
    [
        "Ada Finch chaired the meeting.",
        "Ada Finch a présidé la réunion.",
        "Ada Finch leitete die Sitzung.",
        "Ada Finch presidió la reunión.",
    ],
)
def test_who_chaired(said):
    found = read(f"# Steering Committee\n| Meeting Date | 23 July 2026 |\n## Summary\n{said}", kind="minutes_of_meeting").found
    assert next(row for row in found if row.table == "meeting").values["chair_id"] == "Ada Finch"
