"""Documents with the name of the organisation above their title."""

import datetime as dt
from dataclasses import replace

import pytest
from details_notation import document_of, read

from auditor.connect.document import TextBlock

MINUTES = (
    "% Project board – minutes PB-04\n| Date | 30 July 2026, 14:00 to 15:30 |\n| Chair | Ann Lee |\n| Present | Ann Lee (executive); Bo Ek |\n"
    "| Apologies | Jo Lake (senior user) |\n## Decisions\n| No | Decision |\n| 1 | The plan is approved. |"
)


def test_minutes_of_the_board_below_the_name_of_a_council_are_of_the_board() -> None:
    """The council whose letterhead it is did not meet."""
    document = document_of(MINUTES)
    head = TextBlock("Harbour City Council – Housing Department", level=2, level_basis="look", locator="paragraph 0", is_bold=True)
    found = read(replace(document, blocks=(head, *document.blocks)), kind="minutes_of_meeting")
    (meeting,) = [row for row in found.found if row.table == "meeting"]
    assert meeting.values["kind"] == "steering_committee"
    assert meeting.values["held_on"] == dt.date(2026, 7, 30)
    assert [(row.values["person_id"], row.values["is_present"]) for row in found.found if row.table == "attendance"] == [
        ("Ann Lee", True),
        ("Bo Ek", True),
        ("Jo Lake", False),
    ]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Project: Harbour Booking and Dues (HBD). Version 1.0, 12 March 2026. Author: Ann Lee.", "Harbour Booking and Dues (HBD)"),
        ("Project: St. Mary Hospital, Ward 7", "St. Mary Hospital, Ward 7"),
    ],
)
def test_the_name_of_a_project_ends_where_a_line_goes_on_about_the_document(line: str, name: str) -> None:
    found = read(f"% Impact assessment\n{line}\n# 1. Processing\nNames and addresses.")
    assert [row.values["name"] for row in found.found if row.table == "project"] == [name]


COVER = (
    "% Project Handbook\nHarbour Booking (HB)\nDate: 07/09/2026\nDoc. Version: {cover}\nTemplate Version: 3.0.1\nDocument Control Information\n"
    "| Settings | Value |\n| Document Title: | Project Handbook |\n| Project Title: | Harbour Booking (HB) |\n| Doc. Version: | 1.1 |\n"
    "| Document Author: | Ann Lee |\n# 1. Overview\nText."
)


@pytest.mark.parametrize("cover", ["1.0", "1.1"])
def test_the_version_on_the_cover_is_that_of_the_cover(cover: str) -> None:
    """Whatever the control block says; that of the template is none of the document's."""
    assert read(COVER.format(cover=cover), kind="project_handbook").artefact["version_on_cover"] == cover


def test_a_forgotten_cover_lets_no_older_approval_count() -> None:
    """Which approval is that of the document its control block says."""
    approvals = (
        "# Approvals\n| Name | Role | Action | Version | Date |\n| Ann Lee | Project Owner | Approve | 1.0 | 2026-03-20 |\n"
        "| Bo Ek | Project Owner | Approve | 1.1 | 2026-03-19 |\n# 1. Overview"
    )
    found = read(COVER.format(cover="1.0").replace("# 1. Overview", approvals), kind="project_handbook")
    assert found.artefact["version_on_cover"] == "1.0"
    assert (found.artefact["approved_on"], found.artefact["approved_by"]) == (dt.date(2026, 3, 19), "Bo Ek")
