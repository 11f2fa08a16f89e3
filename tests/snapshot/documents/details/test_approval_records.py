"""Approval records, days on which minutes were issued, deputies beside stakeholders."""

import datetime as dt

import pytest
from details_notation import read


def test_an_approval_record_tells_when_it_was_submitted_and_approved() -> None:
    found = read(
        "% Quality Plan\n# Approval record\n| Name | Role | Action | Submitted on | Date of action | Version |\n"
        "| Jo Lake | Project Owner | Approve | 2026-03-17 | 2026-04-08 | 1.0 |\n| Bo Ek | Business Manager | Review | 2026-03-28 | 2026-04-03 | 1.0 |"
    )
    rows = [row for row in found.found if row.table == "approval"]
    assert [(row.values["action"], row.values["decided_on"]) for row in rows] == [
        ("approve", dt.date(2026, 4, 8)),
        ("review", dt.date(2026, 4, 3)),
    ]
    assert rows[0].values["requested_at"].date() == dt.date(2026, 3, 17)
    assert found.artefact["approved_on"] == dt.date(2026, 4, 8)
    assert found.artefact["approved_by"] == "Jo Lake"


@pytest.mark.parametrize("label", ["Minutes issued on", "Minutes published on", "Minutes circulated", "Protokoll veröffentlicht am"])
def test_minutes_say_when_they_were_issued(label: str) -> None:
    found = read(
        f"% Minutes of meeting\n| Meeting | Steering committee |\n| Date and time | 2026-06-16 |\n| {label} | 2026-06-30 |",
        kind="minutes_of_meeting",
    )
    (meeting,) = [row for row in found.found if row.table == "meeting"]
    assert meeting.values["minutes_sent_on"] == dt.date(2026, 6, 30)


def test_a_list_of_stakeholders_names_deputies() -> None:
    found = read(
        "% Stakeholder matrix\n| Stakeholder | Role | Unit | Influence | Deputy |\n| Jo Lake | Project Owner (PO) | Board | High | Bo Ek |\n"
        "| Ann Lee | Project Manager (PM) | IT | High | |\n| Franz Aigner | Consumer Council | Council | Medium | |"
    )
    roles = [row for row in found.found if row.table == "role"]
    assert [(row.values["role"], row.values["person_id"], row.values.get("deputy_id")) for row in roles] == [
        ("project_owner", "Jo Lake", "Bo Ek"),
        ("project_manager", "Ann Lee", None),
    ]
    assert all("deputy_id" in row.filled for row in roles)
