"""Results that miss their criteria although they were accepted; days of records."""

import datetime as dt

import pytest
from details_notation import read

from auditor.snapshot.documents.matters.criteria import misses

NOTE = "deliverables_acceptance_note"


@pytest.mark.parametrize(
    ("asked", "found", "language"),
    [
        ("at least 98.0 % of 1,000 results, no tolerance", "964 of 1,000 (96.4 %) - okay", "en"),
        ("at least 36 of 40 calls", "31 of 40", None),
        ("10 of 10", "8 of 10 (two sent twice)", "en"),
        ("≥ 95 %", "94.9 %", "en"),
        ("mindestens 98,0 %", "96,4 %", "de"),
        ("höchstens 2 von 400", "3 von 400", "de"),
        ("au moins 95 %", "92 %", "fr"),
        ("au plus 200 N", "230 N", "fr"),
        ("como máximo 5 %", "7 %", "es"),
        ("mean at least 4.0", "3.8", "en"),
        ("more than 90 %", "90 %", "en"),
        ("less than 3 s", "3 s", "en"),
    ],
)
def test_a_result_outside_its_bound_misses_it(asked: str, found: str, language: str | None) -> None:
    assert misses(asked, found, language)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("at least 95 %, no critical", "95.8 %"),
        ("at least 95 %", "95 %"),
        ("at most 200 N", "180 N"),
        ("90 % of positions at most 60 s old", "94 %"),
        ("at least 98 %, tolerance of 3 points", "96 %"),
        ("at least 80 %", "75 %, hence provisional"),
        ("at least 80 %", "75 % - not okay"),
        ("at least 80 %", "62 in total"),
        ("at least 36 of 40", "31 of 45"),
        ("at least 80 % and at least 90 % at night", "85 %"),
        ("not more than 5 defects", "5 defects"),
        ("18 of 20 within 5 minutes", "17 of 20"),
        ("no open remark", "none"),
        ("", "3"),
    ],
)
def test_what_reaches_its_bound_or_cannot_be_compared_misses_nothing(asked: str, found: str) -> None:
    assert not misses(asked, found, "en")


def _missed(text: str, kind: str | None = None) -> list[tuple[object, object]]:
    items = [row for row in read(text, kind=kind).found if row.values.get("name") == "criterion_missed"]
    return [(item.values["ref"], item.values["on_date"]) for item in items]


def test_a_list_of_what_was_accepted_tells_what_missed_its_criterion() -> None:
    text = (
        "% Interim deliverables\n| Interim deliverable | Criterion | Result | Accepted by | Date |\n"
        "| Prototype | at least 36 of 40 | 31 of 40 | A. Lee | 17 October 2025 |\n| Feed | at least 90 % | 94 % | A. Lee | 22 September 2025 |\n"
        "| Ledger | at least 90 % | 80 % | | |"
    )
    assert _missed(text) == [("Prototype", dt.date(2025, 10, 17))]
    assert _missed(text.replace("Accepted by", "Tested by")) == [], "nothing says that it was accepted"


def test_the_lines_of_a_note_are_accepted_with_it() -> None:
    text = (
        "% Acceptance Note - D3 Adapters, batch 1\n| Deliverable | Criterion | Result |\n| D3 batch 1 | at least 98 % | 96.4 % - okay |\n"
        "Result: {result}\nAccepted by: Ann Lee, 3 May 2026"
    )
    assert _missed(text.format(result="accepted"), NOTE) == [("D3 batch 1", dt.date(2026, 5, 3))]
    assert _missed(text.format(result="provisional acceptance"), NOTE) == []
    assert _missed(text.format(result="accepted")) == [], "it is no note"


def _days(text: str, kind: str | None = None) -> dict[object, object]:
    return {row.values.get("name"): row.values["on_date"] for row in read(text, kind=kind).found if row.values.get("kind") == "figure"}


@pytest.mark.parametrize(
    "text",
    [
        "% Budget approval note B1\nApproved: Ann Lee, Project Owner, 20 June 2025",
        "% Mittelfreigabe\nGenehmigt durch Ann Lee am 20.06.2025",
        "% Approbation du budget\nApprouvé par Ann Lee, le 20 juin 2025",
    ],
)
def test_a_note_releases_the_budget_on_the_day_of_its_signature(text: str) -> None:
    assert _days(text).get("budget_released") == dt.date(2025, 6, 20)


def test_a_sentence_tells_the_first_booking() -> None:
    assert _days("% Costs\nStaff day EUR 300; first day booked 2 June 2025. May 2026 follows.")["first_booking"] == dt.date(2025, 6, 2)
    assert _days("% Costs\nThe first booking is planned for 2 June 2025 (pending).") == {}


TRANSFER = "% {title}\n| Side | Name | Signed on |\n| Hands over | Bo Ek | 18 May 2026 |\n| Takes over | Ann Lee | {day} |"


def test_a_record_hands_over_when_the_last_has_signed() -> None:
    for title in ("Record of transfer", "Transfer of ownership", "Übergabeprotokoll", "Acta de traspaso"):
        assert _days(TRANSFER.format(title=title, day="2 June 2026"))["ownership_transferred"] == dt.date(2026, 6, 2)
    assert "ownership_transferred" not in _days(TRANSFER.format(title="Record of transfer", day="")), "one has still to sign"
    assert "ownership_transferred" not in _days(TRANSFER.format(title="Plan for the transfer of ownership", day="2 June 2026"))


def test_a_checklist_tells_when_ownership_was_handed_over() -> None:
    text = "% Checklists\n| No | Item | Status | Date |\n| T7 | Transfer of ownership signed | {state} | 2 June 2026 |"
    assert _days(text.format(state="Done"))["ownership_transferred"] == dt.date(2026, 6, 2)
    assert "ownership_transferred" not in _days(text.format(state="open"))


@pytest.mark.parametrize(
    "table",
    [
        "| No. | Criterion | Threshold | Measured | Result | Checked by | Date |\n| K1 | Doors that open | ≥ 98 % | 96.8 % | passed | A. Lee | 2026-03-04 |",
        "| N° | Critère | Seuil | Mesuré | Résultat | Vérifié par | Le |\n| K1 | Portes qui s'ouvrent | ≥ 98 % | 96,8 % | conforme | A. Lee | 04/03/2026 |",
        "| Nr. | Kriterium | Sollwert | Istwert | Bewertung | Datum |\n| K1 | Türen, die öffnen | mindestens 98 % | 96,8 % | erfüllt | 04.03.2026 |",
        "| N.º | Criterio | Umbral | Valor medido | Resultado | Fecha |\n| K1 | Puertas que abren | al menos 98 % | 96,8 % | conforme | 04/03/2026 |",
        "| No. | Criterion | Minimum | Result | Actual | Date |\n| K1 | Doors that open | 98 % | OK | 96.8 % | 2026-03-04 |",
        "| No. | Criteria | Measured value | Verdict | Date |\n| K1 | Doors that open: at least 98 % | 96.8 % | ok | 2026-03-04 |",
    ],
)
def test_a_line_that_calls_a_result_fine_which_misses_its_bound(table: str) -> None:
    language = "fr" if "Critère" in table else "de" if "Kriterium" in table else "es" if "Criterio " in table else "en"
    title = {"en": "Acceptance", "fr": "Note d'acceptation de la recette", "de": "Abnahme der Türen", "es": "Aceptación de las puertas"}[
        language
    ]
    assert _missed(f"% {title}\n{table}") == [("K1", dt.date(2026, 3, 4))]


@pytest.mark.parametrize(
    "line",
    [
        "| K1 | Doors that open | ≥ 98 % | 96.8 % | failed | none | 2026-03-04 |",
        "| K1 | Doors that open | ≥ 98 % | 96.8 % | passed | 2 points | 2026-03-04 |",
        "| K1 | Doors that open | ≥ 98 % | 98.8 % | passed | none | 2026-03-04 |",
        "| K1 | Doors that open | 98 % | 96.8 % | passed | none | 2026-03-04 |",
        "| K1 | Doors that open | ≥ 98 % | 96.8 % | passed | none | soon |",
    ],
)
def test_a_line_that_may_be_fine(line: str) -> None:
    head = "% Acceptance\n| No. | Criterion | Threshold | Measured | Result | Tolerance | Date |\n"
    assert _missed(head + "| K1 | Doors that open | ≥ 98 % | 96.8 % | passed | none | 2026-03-04 |") == [("K1", dt.date(2026, 3, 4))]
    assert _missed(head + line) == []
