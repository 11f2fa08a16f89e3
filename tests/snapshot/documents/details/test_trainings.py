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
