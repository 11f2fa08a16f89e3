"""Notes that tell of a passage written later, and who approved when, told beside one label."""

import pytest
from details_notation import read


@pytest.mark.parametrize(
    "note",
    [
        "Changes up to 5,000 are decided by the manager (text of this paragraph corrected on 3 May 2026, AL).",
        "The limit is ten per cent (row added here after the workshop of 3 May 2026).",
        "This section was inserted on 3 May 2026.",
        "The limit is ten per cent [Nachtrag vom 3. Mai 2026].",
        "Dieser Absatz wurde am 3. Mai 2026 ergänzt.",
        "Ce paragraphe a été modifié le 3 mai 2026.",
        "Este párrafo fue añadido el 3 de mayo de 2026.",
    ],
)
def test_a_note_tells_on_which_day_a_passage_was_written(note: str) -> None:
    found = read(f"% Plan\n# Controls\n{note}", kind="project_plan")
    rows = [row.values for row in found.found if row.table == "listed_item" and row.values["kind"] == "history_entry"]
    assert [row["on_date"].isoformat() for row in rows] == ["2026-05-03"]


@pytest.mark.parametrize(
    "note",
    [
        "The server was changed on 3 May 2026.",  # no passage of this document
        "This section will be corrected by 3 May 2026.",
        "This section describes the stage that ends on 3 May 2026.",
        "This section was corrected.",
        "The plan (approved on 3 May 2026) holds.",
    ],
)
def test_what_is_no_note_of_an_edit_or_names_no_day_tells_of_none(note: str) -> None:
    found = read(f"% Plan\n# Controls\n{note}", kind="project_plan")
    assert not [row for row in found.found if row.table == "listed_item" and row.values["kind"] == "history_entry"]


@pytest.mark.parametrize(
    ("said", "who", "day"),
    [
        ("Project board, 3 May 2026", "Project board", "2026-05-03"),
        ("Ann Lee on 3 May 2026", "Ann Lee", "2026-05-03"),
        ("Ann Lee, 1 April 2026 (v1.0); 3 May 2026 (v1.1, confirmed)", "Ann Lee", "2026-05-03"),
        ("Ann Lee, 3 May 2026 (v1.1); Bo Ek, 4 June 2026 (v1.2)", "Ann Lee", "2026-05-03"),
        ("Project board, 1 April 2026 (v1.0); later versions as decided", None, None),  # which is not this one
        ("Project board", None, None),
        ("issued with the report, 3 May 2026", None, None),
        ("to be approved by the board on 3 May 2026", None, None),
    ],
)
def test_beside_who_approved_may_stand_when_and_which_version(said: str, who: str | None, day: str | None) -> None:
    found = read(f"% Plan\n| Version | 1.1 |\n| Author | Jo Lake |\n| Approved by | {said} |\n# Scope\nAll.", kind="project_plan")
    approved = found.artefact.get("approved_on")
    assert (found.artefact.get("approved_by"), approved and approved.isoformat()) == (who, day)


def test_a_status_may_tell_who_approved_and_when() -> None:
    text = "% Plan\n| Version | 1.1 |\n| Author | Jo Lake |\n| Status | {} |\n# Scope\nAll."
    found = read(text.format("Approved by the Project Board on 3 May 2026"), kind="project_plan").artefact
    assert (found["status"], found["approved_on"].isoformat()) == ("approved", "2026-05-03")
    assert "approved_on" not in read(text.format("To be approved by the Project Board on 3 May 2026"), kind="project_plan").artefact


def test_each_approval_beside_one_label_is_an_approval() -> None:
    said = "Project Board, 1 April 2026 (v1.0); 3 May 2026 (v1.1)"
    found = read(f"% Plan\n| Version | 1.1 |\n| Author | Jo Lake |\n| Approved by | {said} |\n# Scope\nAll.", kind="project_plan")
    rows = [row.values for row in found.found if row.table == "approval"]
    assert [(row["person_id"], row["version"], row["decided_on"].isoformat(), row["action"]) for row in rows] == [
        ("Project Board", "1.0", "2026-04-01", "approve"),
        ("Project Board", "1.1", "2026-05-03", "approve"),
    ]
