"""When users were trained, and by when plans promise that they are."""

import pytest
from details_notation import read

PLAN = "business_implementation_plan"


def _told(text: str, name: str, kind: str | None = None) -> list[tuple[object, str | None]]:
    found = [row for row in read(text, kind=kind).found if row.values.get("name") == name]
    return [(row.values.get("ref"), row.values["on_date"].isoformat() if "on_date" in row.values else None) for row in found]


RECORD = """
# Training records
| No | Date | Group | Participants | Trainer |
| 1 | 2026-05-04 | Front desk | 7 | A. Finch |
| 2 | 2026-05-19 | Night crew | 3 | A. Finch |
| 3 | 2026-05-20 | Refresher, front desk | 3 | A. Finch |
| 4 | cancelled | Yard | 3 | A. Finch |
"""


def test_courses_are_read_with_their_group_and_day() -> None:
    assert _told(RECORD, "course_held") == [("Front desk", "2026-05-04"), ("Night crew", "2026-05-19")]


@pytest.mark.parametrize(
    "text",
    [
        "# Schulungsnachweise\n| Nr | Durchgeführt am | Abteilung | Teilnehmer |\n| 1 | 04.05.2026 | Empfang | 7 |",
        "# Formations tenues\n| Date | Groupe | Participants | Formateur |\n| 2026-05-04 | Empfang | 7 | A. Finch |",
        "# Cursos\n| Fecha | Grupo | Asistentes |\n| 2026-05-04 | Empfang | 7 |",
    ],
)
def test_in_other_languages(text: str) -> None:
    assert _told(text, "course_held") == [("Empfang", "2026-05-04")]


@pytest.mark.parametrize(
    "text",
    [
        RECORD.replace("Training records", "Visits"),
        RECORD.replace("Training records", "Training plan"),
        RECORD.replace("| Participants | Trainer |", "| Room | Remark |"),
        RECORD.replace("| No |", "| Planned date |"),
        RECORD.replace("| Date |", "| Duration |"),
        RECORD.replace("| Group |", "| Room |"),
    ],
)
def test_other_tables_are_no_records_of_courses(text: str) -> None:
    assert _told(text, "course_held") == []


@pytest.mark.parametrize("kind", [PLAN, "minutes_of_meeting", "project_status_report"])
def test_plans_and_reports_are_no_records_of_courses(kind: str) -> None:
    assert _told(RECORD, "course_held", kind) == []


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("# Activities\n| No | Activity | Who | Until |\n| 1 | Training of all 38 users | A. Finch | 17 April 2026 |", ["2026-04-17"]),
        ("# Activities\n| No | Activity | Until |\n| 1 | Training of users, before go-live | 17 April 2026 |", ["2026-04-17", None]),
        ("# Activities\n| Nr | Tätigkeit | Bis |\n| 1 | Schulung der Anwender | 17.04.2026 |", ["2026-04-17"]),
        ("# Training\nAll users are trained before go-live.", [None]),
        ("# Training\nCourses for 16 drivers by 17 April 2026.", ["2026-04-17"]),
        ("# Formation\nLes utilisateurs sont formés avant la mise en service.", [None]),
        ("# Training\nThe users met on 17 April 2026 to speak of training.", []),
        ("# Activities\n| No | Activity | Until |\n| 1 | Training material | 17 April 2026 |", []),
        ("# Activities\n| No | Activity | From | Until |\n| 1 | Training of users | 2 April 2026 | 17 April 2026 |", []),
        ("# History\n| Version | Date | Changes |\n| 1.1 | 17 April 2026 | Training of users moved |", []),
    ],
)
def test_promises_of_plans(text: str, days: list[str | None]) -> None:
    assert [day for _, day in _told(text, "training_promised", PLAN)] == days


def test_other_documents_promise_nothing() -> None:
    assert _told("# Training\nAll users are trained before go-live.", "training_promised", "project_charter") == []


def _attendance(text: str, language: str | None = None) -> list[tuple[object, object]]:
    rows = read(text, language=language).found
    return [
        (row.values["person_id"], row.values["name"])
        for row in rows
        if str(row.values.get("name", "")) in {"course_attended", "course_missed"}
    ]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("# Training of users\n| Name | Session | Attendance | Remark |\n| Ann Lee | 2026-04-23 | present | |\n| Bo Ash | 2026-04-23 | absent | no catch-up agreed |", "en"),
        ("# Formation des agents\n| Agent | Session | Présence | Remarque |\n| Ann Lee | 23/04/2026 | présent | |\n| Bo Ash | 23/04/2026 | absent | pas de rattrapage fixé |", "fr"),
        ("# Schulung der Anwender\n| Name | Datum | Anwesend |\n| Ann Lee | 23.04.2026 | ja |\n| Bo Ash | 23.04.2026 | nein |", "de"),
        ("# Formación de usuarios\n| Nombre | Fecha | Asistencia |\n| Ann Lee | 23/04/2026 | sí |\n| Bo Ash | 23/04/2026 | no |", "es"),
    ],
)  # fmt: skip
def test_lists_of_attendance(text: str, language: str) -> None:
    assert _attendance(text, language) == [("Ann Lee", "course_attended"), ("Bo Ash", "course_missed")]


@pytest.mark.parametrize(
    "line",
    ["Bo Ash | 2026-04-23 | absent | catch-up at the next session", "Bo Ash | 2026-04-23 | absent | trained on 2026-05-02", "Bo Ash | 2026-04-23 | absent | left the unit", "Bo Ash | 2026-04-23 | | ", "Bo Ash | soon | absent | ", "Night crew (3) | 2026-04-23 | perhaps | "],
)  # fmt: skip
def test_lines_that_tell_of_no_absence(line: str) -> None:
    text = f"# Training of users\n| Name | Session | Attendance | Remark |\n| Ann Lee | 2026-04-23 | absent | |\n| {line} |"
    assert _attendance(text, "en") == [("Ann Lee", "course_missed")]


def test_a_list_of_something_else_tells_of_no_training() -> None:
    assert _attendance("# Fire drill\n| Name | Date | Attendance |\n| Ann Lee | 2026-04-23 | absent |", "en") == []
