"""Notes of acceptance say which deliverable is accepted, how, by whom and when."""

import datetime as dt

import pytest
from details_notation import read

from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.matters.acceptance import acceptance_in

KIND = "deliverables_acceptance_note"
FORM = "% Deliverables Acceptance Note\n| Project | Ferry |\n| Deliverable | D2 Timetable |\n| Criteria | Legible |\n| Result | {result} |"
SIGNED = "\n# Signature\n| Name | Role | Date | Signature |\n| Jo Lake | Project Owner | 5 March 2026 | signed |"


def _deliverables(text: str, kind: str | None = KIND, registers: tuple[Found, ...] = ()) -> list[Found]:
    return [row for row in read(text, kind=kind, registers=registers).found if row.table == "deliverable"]


def test_a_form_is_the_acceptance_of_one_deliverable() -> None:
    (row,) = _deliverables(FORM.format(result="Provisionally accepted") + SIGNED)
    assert (row.own_id, row.key[0]) == ("D2", "timetable")  # the name by which a plan lists it too
    assert (row.values["title"], row.values["acceptance"]) == ("Timetable", "provisional")
    assert (row.values["accepted_on"], row.values["accepted_by"]) == (dt.date(2026, 3, 5), "Jo Lake")
    assert _deliverables(FORM.format(result="Accepted") + SIGNED, kind=None) == []


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Final acceptance", "accepted"),
        ("Provisional acceptance (three defects)", "provisional"),
        ("Endabnahme", "accepted"),
        ("réception avec réserves", "provisional"),
        ("Final acceptance test passed", None),
        ("Final acceptance (refused)", "rejected"),
        ("Final acceptance (pending)", None),
        ("Provisional acceptance (pending)", None),
        ("Final acceptance planned for May", None),
        ("Acceptance pending", None),
    ],
)
def test_a_result_may_name_the_acceptance(said: str, meant: str | None) -> None:
    """Where that is all it says."""
    assert acceptance_in(said) == meant


def test_a_table_of_one_line_is_such_a_form() -> None:
    text = "% Abnahmeprotokoll\n| Liefergegenstand | Ergebnis |\n| L-3 Fahrplan | abgenommen ohne Auflagen |" + SIGNED
    (row,) = _deliverables(text)
    assert (row.own_id, row.values["title"], row.values["acceptance"]) == ("L-3", "Fahrplan", "accepted")


def test_what_a_note_does_not_say_is_not_known() -> None:
    (tested,) = _deliverables(FORM.format(result="Passed") + SIGNED)
    assert not {"acceptance", "accepted_on", "accepted_by"} & tested.filled
    (unsigned,) = _deliverables(FORM.format(result="Accepted"))
    assert not {"accepted_on", "accepted_by"} & unsigned.filled
    (refused,) = _deliverables(FORM.format(result="Not accepted") + SIGNED)
    assert refused.values["acceptance"] == "rejected"
    assert "accepted_on" in refused.filled
    assert "accepted_on" not in refused.values
    (both,) = _deliverables(FORM.format(result="Accepted") + SIGNED + "\n| Ada Finch | Solution Provider | 6 March 2026 | signed |")
    assert both.values["accepted_on"] == dt.date(2026, 3, 6)
    assert "accepted_by" not in both.filled
    assert _deliverables("% Note\n| Deliverable | D1 to D5 |\n| Result | Accepted |" + SIGNED) == []


def test_a_form_is_no_register_of_deliverables() -> None:
    """Rows that its lines were taken for go; a list that tells the acceptance itself stays, and so does any list of another table."""
    line = Found("deliverable", {"title": "Result"}, frozenset({"title"}), "table 1 row 3", register="deliverable")
    other = Found("deliverable", {"title": "Pier"}, frozenset({"title"}), "table 7 row 3", register="deliverable")
    assert read(FORM.format(result="Accepted"), kind=KIND, registers=(line, other)).registers == (other,)
    told = Found("deliverable", {"title": "Pier", "acceptance": "accepted"}, frozenset({"title", "acceptance"}), "table 1 row 2")
    found = read(FORM.format(result="Accepted"), kind=KIND, registers=(told,))
    assert found.registers == (told,)
    assert not [row for row in found.found if row.table == "deliverable"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Accepted", "accepted"),
        ("accepted with one condition", "provisional"),
        ("Accepted without reservations", "accepted"),
        ("Accepté avec réserves", "provisional"),
        ("unter Vorbehalt abgenommen", "provisional"),
        ("Nicht abgenommen", "rejected"),
        ("Rechazado", "rejected"),
        ("Aceptado", "accepted"),
        ("Passed", None),
        ("", None),
        ("The deliverable will be accepted when the two findings are closed", None),
        ("wird abgenommen werden", None),
    ],
)
def test_what_was_decided(text: str, says: str | None) -> None:
    assert acceptance_in(text) == says


def test_of_two_results_one_is_what_was_accepted() -> None:
    """German administrations call a deliverable a result, and what came of its test as well."""
    form = "% Abnahmeprotokoll\n| Ergebnis | E4 Schulungsreihe |\n| Abnahme am | 28.08.2026 |\n| Entscheidung | {result} |"
    signed = "\n| Abgenommen durch | Funktion | Zeichen | Datum |\n| Jo Lake | Projektleitung | gez. Lake | 28.08.2026 |"
    (row,) = _deliverables(form.format(result="abgenommen ohne Vorbehalt") + "\nUnterlagen liegen bei." + signed)
    assert (row.own_id, row.values["title"], row.values["acceptance"]) == ("E4", "Schulungsreihe", "accepted")
    assert (row.values["accepted_on"], row.values["accepted_by"]) == (dt.date(2026, 8, 28), "Jo Lake")
    assert _deliverables(form.format(result="E5 Umbau")) == []


@pytest.mark.parametrize(
    ("label", "said", "meant"),
    [
        ("Type of acceptance", "Final", "accepted"),
        ("Kind of acceptance", "final, without condition", "accepted"),
        ("Kind of acceptance", "final (two defects)", None),
        ("Art der Abnahme", "vorläufig", "provisional"),
        ("Type de réception", "définitive", "accepted"),
        ("Tipo de aceptación", "provisional, dos defectos", "provisional"),
        ("Type of acceptance", "final, to be accepted", None),
        ("Type of acceptance", "on paper", None),
    ],
)
def test_the_type_of_an_acceptance_that_is_signed(label: str, said: str, meant: str | None) -> None:
    form = f"% Deliverables Acceptance Note\n| Deliverable | D2 Timetable |\n| Note number | N2 |\n| {label} | {said} |"
    (row,) = _deliverables(form + SIGNED)
    assert row.values.get("acceptance") == meant
    assert row.values.get("accepted_by") == ("Jo Lake" if meant else None)
    (unsigned,) = _deliverables(form)
    assert "acceptance" not in unsigned.filled


def test_the_type_in_a_table_of_one_line() -> None:
    (row,) = _deliverables("% Acceptance Note\n| Deliverable | Note | Date | Kind |\n| D2 Timetable | N2 | 5 March 2026 | final |" + SIGNED)
    assert (row.own_id, row.values["acceptance"], row.values["accepted_on"]) == ("D2", "accepted", dt.date(2026, 3, 5))
