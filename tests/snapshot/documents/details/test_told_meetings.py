"""Meetings, gate reviews and roles that are told in short sentences rather than in tables."""

import datetime as dt

import pytest
from details_notation import WORDS, read

from auditor.connect.document import Cell, Document, TableBlock
from auditor.connect.protocol import Parsed
from auditor.snapshot.documents.details import read_details
from auditor.snapshot.documents.found import Found


def meeting(text: str, kind: str = "minutes_of_meeting", language: str = "en") -> Found:
    found = read(f"# Steering Committee, second meeting\n{text}\n## Decisions\n- Nothing.", kind=kind, language=language).found
    return next(row for row in found if row.table == "meeting")


def test_a_line_says_when_where_and_who() -> None:
    row = meeting(
        "3 May 2026, town hall. Chair: Ada Finch. Notes: Jo Lake.\nPresent: Ada Finch, Jo Lake.\nThese notes were sent by Jo Lake on 5 May 2026 to all."
    )
    assert (row.values["chair_id"], row.values["minutes_sent_on"]) == ("Ada Finch", dt.date(2026, 5, 5))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "PSC meeting, chaired by Ada Finch"),
        ("fr", "Réunion présidée par Ada Finch"),
        ("de", "Sitzung unter der Leitung von Ada Finch"),
        ("es", "Reunión presidida por Ada Finch"),
    ],
)
def test_a_phrase_says_who_chaired(language: str, said: str) -> None:
    row = meeting(f"| Meeting Date | 03/05/2026 |\n| Meeting Type | {said} |\n| Meeting Coordinator | Jo Lake |", language=language)
    assert row.values["chair_id"] == "Ada Finch"


def test_who_calls_a_meeting_need_not_chair_it() -> None:
    row = meeting("| Meeting Date | 03/05/2026 |\n| Meeting Title | Steering Committee |\n| Meeting Coordinator | Jo Lake |")
    assert "chair_id" not in row.values


def test_an_invitation_was_sent() -> None:
    row = meeting("3 May 2026, 09:00, town hall. Sent on 28 April 2026 by Jo Lake; questions to Ada Finch.", kind="meeting_agenda")
    assert row.values["agenda_on"] == dt.date(2026, 4, 28)


def test_a_bracket_that_no_method_knows_says_nothing_of_the_role() -> None:
    text = "# Team meeting\nPresent: Ada Finch (Project Owner), Jo Lake (weaver), Bo Ek (online).\n## Decisions\n- Nothing."
    rows = [row for row in read(text, kind="minutes_of_meeting").found if row.table == "attendance"]
    assert [row.values.get("role") for row in rows] == ["project_owner", None, None]
    assert ["role" in row.filled for row in rows] == [True, False, False]


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("Ada Finch (chair), Bo Ek and Jo Lake", ["Ada Finch", "Bo Ek", "Jo Lake"]),
        (
            "Ada Finch (PO), Bo Ek, Jo Lake (PCT, complete), Di Marsh and Al Moss (User Representatives), Uwe Abt (PQA).",
            ["Ada Finch", "Bo Ek", "Jo Lake", "Di Marsh", "Al Moss", "Uwe Abt"],
        ),
        ("Jean de la Tour, Ana García y Luis Prado", ["Jean de la Tour", "Ana García", "Luis Prado"]),
        ("Ada Finch (chair), Bo Ek, Jo Lake, Di Marsh (minutes); O. Moss.", ["Ada Finch", "Bo Ek", "Jo Lake", "Di Marsh", "O. Moss"]),
        ("Ada Finch, Bo Ek, Jo Lake, Di Marsh; O. Moss, W. Abt for assurance.", ["Ada Finch", "Bo Ek", "Jo Lake", "Di Marsh", "O. Moss", "W. Abt"]),
        ("Ada Finch, Field Service; Bo Ek, Field Works", ["Ada Finch, Field Service", "Bo Ek, Field Works"]),
        ("Ada Finch; a deputy or a vote was not named", ["Ada Finch"]),
        ("Ada de la Finch; eine Vertretung oder Stimme liegt nicht vor", ["Ada de la Finch"]),
        ("Ada Finch (annual leave until 8 September, no deputy named).", ["Ada Finch"]),
    ],
)  # fmt: skip
def test_lists_behind_one_another_name_each_person_once(said: str, names: list[str]) -> None:
    text = f"# Board meeting\nPresent: {said}\n## Decisions\n- Nothing."
    rows = [row for row in read(text, kind="minutes_of_meeting").found if row.table == "attendance"]
    assert [row.values["person_id"] for row in rows] == names


def test_a_title_row_says_when_a_gate_was_reviewed() -> None:
    texts = ("Gate check: Ready for Executing", "Phase-exit review held on 2 June 2026 by Jo Lake")
    rows = tuple((Cell(text), Cell("")) for text in texts) + ((Cell("Question"), Cell("Answer")), (Cell("Plans ready"), Cell("Yes")))
    document = Document("xlsx", (TableBlock(rows, name="Check", locator="Check"),))
    found = read_details(Parsed(document, "Gate check.xlsx"), WORDS, language="en", kind="phase_exit_review_checklist").found
    (review,) = [row for row in found if row.table == "review"]
    assert (review.values["subject"], review.values["held_on"], review.values["reviewer_id"]) == ("rfe", dt.date(2026, 6, 2), "Jo Lake")


def test_a_role_says_what_its_holder_does_besides() -> None:
    text = "# Roles\n| Role | Person |\n| Project Owner, chair of the Steering Committee | Ada Finch |\n| Project Manager, supplier | Jo Lake |"
    rows = [row for row in read(text, kind="project_handbook").found if row.table == "role"]
    assert [(row.values.get("role"), row.values["person_id"]) for row in rows if row.values.get("role")] == [("project_owner", "Ada Finch")]


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Reviewed by: Ann Poole   Date of the review: 23/06/2026   Overall status: GREEN", dt.date(2026, 6, 23)),
        ("Revisado por: Ana Pérez Gil   Fecha de la revisión: 23/06/2026   Resultado global: Superado", dt.date(2026, 6, 23)),
        ("Revue effectuée par : Anne Petit · Date de la revue : 23/06/2026 · Résultat global : Validé", dt.date(2026, 6, 23)),
        ("Geprüft von: Anne Klein | Datum der Prüfung: 23.06.2026 | Gesamtergebnis: Bestanden", dt.date(2026, 6, 23)),
        ("Reviewed by: Ann Poole: the date follows", None),
    ],
)
def test_one_cell_of_a_checklist_states_several_things(line: str, day: dt.date | None) -> None:
    """Who reviewed, when, and the result stand in one cell above the questions."""
    rows = tuple((Cell(text), Cell("")) for text in ("Phase-exit review: Planning", line))
    rows += ((Cell("Question"), Cell("Answer")), (Cell("Plans ready"), Cell("Yes")))
    document = Document("xlsx", (TableBlock(rows, name="Check", locator="Check"),))
    found = read_details(Parsed(document, "Phase exit.xlsx"), WORDS, language=None, kind="phase_exit_review_checklist").found
    days = [row.values.get("held_on") for row in found if row.table == "review"]
    assert days == ([day] if day else [None])


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Agenda sent on 24/04/2026; minutes circulated on 06/05/2026 to all members."),
        ("en", "The invitation was sent on 24 April. The minutes were issued on 6 May 2026 and need no answer."),
        ("fr", "Ordre du jour envoyé le 24/04/2026 ; compte rendu diffusé le 06/05/2026 aux membres et aux invités."),
        ("fr", "La convocation a été adressée le 24 avril 2026 et le procès-verbal transmis le 6 mai 2026."),
        ("de", "Die Tagesordnung wurde am 24.04.2026 versandt, das Protokoll am 06.05.2026 verteilt."),
        ("es", "La convocatoria se envió el 24 de abril de 2026; el acta fue distribuida el 6 de mayo de 2026."),
    ],
)
def test_clauses_say_when_the_papers_were_sent(language: str, said: str) -> None:
    row = meeting(f"Date: 2026-05-03\n{said}", language=language)
    assert (row.values["agenda_on"], row.values["minutes_sent_on"]) == (dt.date(2026, 4, 24), dt.date(2026, 5, 6))


@pytest.mark.parametrize(
    "said",
    [
        "The agenda was not sent on 24 April 2026.",
        "The minutes of the last meeting were sent on 6 March 2026.",
        "The agenda of the next meeting was sent on 20 May 2026.",
        "Minutes will be sent by 6 May 2026.",
    ],
)
def test_papers_of_other_meetings_and_wishes_say_nothing(said: str) -> None:
    row = meeting(f"Date: 2026-05-03\n{said}")
    assert not {"agenda_on", "minutes_sent_on"} & set(row.values)
