"""Minutes say who came in whose stead, and what those present did besides their role."""

import pytest
from details_notation import read

from auditor.snapshot.documents.found import Found


def present(text: str) -> list[Found]:
    return [
        row
        for row in read(f"% Steering committee minutes\nDate: 2026-04-30\n{text}", kind="minutes_of_meeting").found
        if row.table == "attendance"
    ]


@pytest.mark.parametrize(
    "said", ["represented by Jo Lake (DEL-01)", "vertreten durch Jo Lake", "représentée par Jo Lake", "representada por Jo Lake"]
)
def test_a_seat_is_taken_by_another(said: str) -> None:
    rows = present(
        f"# Attendance\n| Name | Role | Attendance |\n| Ann Lee | Project Owner | {said} |\n| Bo Ash | Business Manager | present |"
    )
    told = [(row.values["person_id"], row.values["role"], row.values["is_present"], row.values.get("deputises_for_id")) for row in rows]
    assert told == [
        ("Ann Lee", "project_owner", False, None),
        ("Jo Lake", "project_owner", True, "Ann Lee"),
        ("Bo Ash", "business_manager", True, None),
    ]


def test_a_chair_has_a_role_too() -> None:
    rows = present("# Attendance\n| Name | Role | Attendance |\n| Ann Lee | PO, chair | present |\n| Bo Ash | BM, no vote | apologies |")
    assert [(row.values["role"], row.values["is_present"]) for row in rows] == [("project_owner", True), ("business_manager", False)]
