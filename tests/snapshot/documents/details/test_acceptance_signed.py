"""Notes that tell in one cell or line who accepted a deliverable and when; lists of what was done before."""

import datetime as dt

import pytest
from details_notation import read

from auditor.connect.values import DayOrder
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.signings import signing_in, with_blank_days, with_day_of_signing

KIND = "deliverables_acceptance_note"
MAY = dt.date(2026, 5, 3)


def _rows(text: str, table: str = "deliverable", kind: str | None = KIND, language: str = "en") -> list[Found]:
    return [row for row in read(text, kind=kind, language=language).found if row.table == table]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ann Lee (PO), 3 May 2026", "Ann Lee (PO)"),
        ("A. Lee 2026-05-03", "A. Lee"),
        ("03.05.2026, Bo Ek", "Bo Ek"),
        ("Ann Lee, UAT 2026-05-03; CR-02", "Ann Lee"),
        ("am 03.05.2026 durch Bo Ek", "Bo Ek"),
        ("Ann Lee, Bo Ek, le 3 mai 2026", "Ann Lee, Bo Ek"),
        ("Steering Committee, 3 May 2026", "Steering Committee"),
    ],
)
def test_a_cell_tells_who_and_when(text: str, name: str) -> None:
    assert signing_in(text, DayOrder(is_day_first=True)) == (name, MAY)


@pytest.mark.parametrize("text", ["Ann Lee", "3 May 2026", "Ann Lee, 3 May 2026 and 4 May 2026", "Ann Lee, May 2026", ""])
def test_what_does_not_say_both_says_nothing(text: str) -> None:
    assert signing_in(text, DayOrder(is_day_first=True)) is None


def test_a_register_that_tells_days_beside_names_has_no_day_where_nobody_is_named() -> None:
    signed = Found("requirement", {"validated_by": "A. Lee 2026-05-03"}, frozenset({"validated_by"}), "A2")
    blank = Found("requirement", {}, frozenset({"validated_by"}), "A3")
    named = Found("requirement", {"validated_by": "Bo Ek"}, frozenset({"validated_by"}), "A4")
    rows = [with_day_of_signing(row, DayOrder(is_day_first=True)) for row in (signed, blank, named)]
    rows, told = with_blank_days(rows, {"validated_by"})
    assert told == {"validated_on"}
    assert (rows[0].values["validated_by"], rows[0].values["validated_on"]) == ("A. Lee", MAY)
    assert [("validated_on" in row.filled, row.values.get("validated_on")) for row in rows[1:]] == [(True, None), (False, None)]
    assert with_blank_days(rows, {"validated_by", "validated_on"})[1] == frozenset(), "a column of its own says the days"


NOTE = (
    "% Deliverables Acceptance Note - D2 Core release\n| No | Deliverable | Criterion | Result | Verified by, date |\n"
    "| 1 | D2 | UAT 95 % | 96 % - okay | Bo Ek, 1 May 2026 |\n{lines}"
)


@pytest.mark.parametrize(
    ("lines", "acceptance", "by"),
    [
        ("Result: final acceptance.\nAccepted by: Dr. Ann Lee, Project Owner, 3 May 2026 (signed)", "accepted", "Dr. Ann Lee"),
        ("Result: provisional acceptance. Two defects remain.\nAccepted by: Ann Lee, Project Owner, 3 May 2026", "provisional", "Ann Lee"),
        ("Résultat : réception définitive\nAccepté par : Ann Lee, 3 mai 2026", "accepted", "Ann Lee"),
        ("Ergebnis: Endabnahme\nAbgenommen am 03.05.2026 durch Ann Lee", "accepted", "Ann Lee"),
        ("Resultado: aceptación provisional\nFirmado por Ann Lee, 3 de mayo de 2026", "provisional", "Ann Lee"),
    ],
)
def test_lines_below_a_note_state_who_accepted_the_deliverable_of_its_title(lines: str, acceptance: str, by: str) -> None:
    (row,) = _rows(NOTE.format(lines=lines))
    assert (row.own_id, row.values["title"], row.values["acceptance"]) == ("D2", "Core release", acceptance)
    assert (row.values["accepted_by"], row.values["accepted_on"]) == (by, MAY)
    done = {item.values["name"]: item.values["on_date"] for item in _rows(NOTE.format(lines=lines), "listed_item")}
    assert done["acceptance_signed"] == MAY
    assert done["acceptance_activity"] == dt.date(2026, 5, 1)


@pytest.mark.parametrize(
    "lines",
    [
        "Result: final acceptance.\nTo be accepted by: Ann Lee, 3 May 2026",
        "Result: acceptance pending\nAccepted by: Ann Lee, 3 May 2026",
        "Result: final acceptance.\nAccepted by: Ann Lee",
    ],
)
def test_what_is_not_signed_or_still_open_is_no_acceptance(lines: str) -> None:
    assert not [row for row in _rows(NOTE.format(lines=lines)) if "accepted_on" in row.values]


def test_a_table_of_notes_tells_each_acceptance() -> None:
    text = (
        "% Deliverables Acceptance Notes\n| Note | Deliverable | Criterion | Found | Result | {accepted} |\n"
        "| N-1 | D1 Portal | 20 of 20 | 20 | okay – final | Ann Lee (PO), 3 May 2026 |\n"
        "| N-2 | D4 Lists | 10 of 10 | 8 | not okay, hence provisional | Ann Lee (PO), 4 May 2026 |\n"
        "| N-3 | D4 Lists | 10 of 10 | 10 | okay | Ann Lee (PO), 9 May 2026 |\n| N-4 | D5 Manual | read | | | |"
    )
    for accepted in ("Accepted by, date", "Accepted by the Project Owner, on"):
        rows = _rows(text.format(accepted=accepted))
        assert [(row.own_id, row.values.get("acceptance")) for row in rows] == [
            ("D1", "accepted"),
            (None, "provisional"),
            ("D4", "accepted"),
            ("D5", None),
        ]
        assert rows[0].values["accepted_on"] == MAY
        assert {"accepted_on", "accepted_by"} <= rows[3].filled
        assert "accepted_on" not in rows[3].values
    assert _rows(text.format(accepted="To be accepted by")) == []


def test_an_acceptance_of_a_part_is_that_of_the_part() -> None:
    text = "% Acceptance Note - D3 Adapters, batch 1 (12 devices)\nResult: accepted\nAccepted by: Ann Lee, 3 May 2026"
    (signed,) = _rows(text, "listed_item")
    assert signed.values["ref"] == "D3 batch 1"


def test_a_checklist_of_activities_is_no_list_of_deliverables() -> None:
    text = (
        "% Acceptance checklist\n| Deliverable | Acceptance activity | Planned | Completed |\n| D1 | Review | 1 May 2026 | 2 May 2026 |\n"
        "| D1 | Walkthrough | 2 May 2026 | 9 May 2026 |\n| D3 batch 2 | Test | 7 July 2026 | |"
    )
    taken = Found("deliverable", {"title": "D1"}, frozenset({"title"}), "table 1 row 2")
    found = read(text, registers=(taken,))
    assert found.registers == ()
    done = [(item.values["ref"], item.values["on_date"]) for item in found.found if item.values.get("name") == "acceptance_activity"]
    assert done == [("D1", dt.date(2026, 5, 2)), ("D1", dt.date(2026, 5, 9))]


def _signed(text: str, language: str = "en") -> list[tuple[str, dt.date]]:
    rows = _rows(text, "listed_item", language=language)
    return [(row.values["ref"], row.values["on_date"]) for row in rows if row.values["name"] == "acceptance_signed"]


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        (
            "Number: AN-04. Project MOLE. Deliverable: D2 Quay lamps.\n\nAccepted without conditions.\n\nAccepted by: Ann Lee, Project Owner. Signed 3 May 2026.",
            "accepted",
        ),
        ("# D2 Quay lamps\nI accept deliverable D2 finally. Signed: Ann Lee, Project Owner, 3 May 2026 (DEC-7).", "accepted"),
        ("# D2 Quay lamps\nProvisional acceptance with two known defects: glass, paint.\nAccepted by: Ann Lee, 3 May 2026.", "provisional"),
        ("# Note D2 – Lampes du quai\nAccepté provisoirement par Ann Lee, propriétaire du projet, le 03/05/2026 (signé).", "provisional"),
        ("# D2 Kailampen\nDer Liefergegenstand wird ohne Vorbehalt abgenommen.\nAbgenommen durch: Ann Lee, 03.05.2026", "accepted"),
        ("# D2 Farolas\nAceptado por Ann Lee el 03/05/2026.", "accepted"),
        ("# D2 Quay lamps\nAccepted by: Ann Lee, Project Owner, 3 May 2026.", "accepted"),
    ],
)
def test_sentences_tell_an_acceptance(text: str, outcome: str) -> None:
    language = "fr" if "/" in text else "en"
    assert _signed("% Deliverables Acceptance Note\n" + text, language) == [("D2", MAY)]
    (row,) = _rows("% Deliverables Acceptance Note\n" + text, language=language)
    assert (row.own_id, row.values["acceptance"], row.values["accepted_on"], row.values["accepted_by"]) == ("D2", outcome, MAY, "Ann Lee")


@pytest.mark.parametrize(
    "text",
    [
        "# D2 Quay lamps\nThe deliverable is not accepted. Signed: Ann Lee, 3 May 2026.",
        "# D2 Quay lamps\nThe risk of rust was accepted by Ann Lee on 3 May 2026.",
        "# D2 Quay lamps\nTo be accepted by Ann Lee on 3 May 2026.",
        "# D2 Quay lamps\nAccepted by: Ann Lee, Project Owner.",
        "Deliverables: D2 Quay lamps, D3 Poles.\n\nAccepted by: Ann Lee, 3 May 2026.",
        "# D2 Lamps\nAccepted by: Ann Lee, 3 May 2026.\n# D2 Poles\nAccepted by: Ann Lee, 4 May 2026.",
    ],
)
def test_what_is_refused_open_or_of_something_else_accepts_nothing(text: str) -> None:
    assert _signed("% Deliverables Acceptance Notes\n" + text) == []
    assert not [row for row in _rows("% Deliverables Acceptance Notes\n" + text) if "accepted_on" in row.values]


def test_notes_below_each_other_accept_each_its_own_and_a_part_only_itself() -> None:
    text = (
        "% Notes d'acceptation\n# Note L1 – Réseau\n| Critère | Vérifié par | Le |\n| Portée | Bo Ek | 01/05/2026 |\n"
        "Accepté par Ann Lee, le 03/05/2026 (signé).\n# Note L2 – Manuel, lot 1\nAccepté par Ann Lee, le 04/05/2026 (signé)."
    )
    assert _signed(text, "fr") == [("L1", MAY), ("L2 lot 1", dt.date(2026, 5, 4))]
    assert [row.own_id for row in _rows(text, language="fr")] == ["L1"]
    rows = _rows(text, "listed_item", language="fr")
    done = [(row.values["ref"], row.values["on_date"]) for row in rows if row.values["name"] == "acceptance_activity"]
    assert done == [("L1", dt.date(2026, 5, 1))]


def test_a_repeated_test_may_follow_the_acceptance() -> None:
    head = "| Deliverable | Activity | Completed on |\n| --- | --- | --- |\n"
    rows = [
        row.values["text"]
        for row in _rows(head + "| D2 | Load test | 3 May 2026 |\n| D2 | Retest of defects | 9 May 2026 |", "listed_item", None)
    ]
    assert rows == ["Load test"]


@pytest.mark.parametrize(
    ("text", "accepted_by"),
    [
        ("D2 is accepted by Ann Lee, Project Owner. Signed 3 May 2026.", "Ann Lee"),
        ("Accepted by: Ann Lee, Project Owner. Signed 3 May 2026.", "Ann Lee"),
        ("D2 will be accepted by Ann Lee on 3 May 2026.", None),
        ("Accepted by: Ann Lee (planned for 3 May 2026).", None),
        ("Accepted by: Ann Lee, expected 3 May 2026.", None),
        ("D2 is not accepted by Ann Lee, 3 May 2026.", None),
        ("D2 cannot be accepted by Ann Lee. Signed 3 May 2026.", None),
        ("If D2 is accepted by Ann Lee on 3 May 2026, payment follows.", None),
        ("D2 shall be accepted by Ann Lee by 3 May 2026.", None),
        ("D2 was refused. Accepted by: Ann Lee, 3 May 2026", None),  # what she signed nobody can say
        ("D2 sera accepté par Ann Lee le 3 mai 2026.", None),
        ("D2 ne peut pas être accepté par Ann Lee. Signé le 3 mai 2026.", None),
        ("D2 kann nicht abgenommen werden von Ann Lee. Unterzeichnet 3. Mai 2026.", None),
    ],
)
def test_what_is_to_come_or_was_refused_is_no_acceptance(text, accepted_by):
    found = read(f"# Deliverables Acceptance Note D2 Portal\n{text}", kind="deliverables_acceptance_note").found
    assert [row.values["accepted_by"] for row in found if row.table == "deliverable"] == ([accepted_by] if accepted_by else [])
    signed = [row.values["on_date"] for row in found if row.table == "listed_item" and row.values.get("name") == "acceptance_signed"]
    assert len(signed) == (accepted_by is not None)
