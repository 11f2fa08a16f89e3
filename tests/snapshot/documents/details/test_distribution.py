"""To whom documents are sent: lists of people and groups, not sentences about it."""

import pytest
from details_notation import read


def recipients(text: str) -> list[str]:
    return [str(row.values["recipient"]) for row in read(text).found if row.table == "distribution"]


@pytest.mark.parametrize(
    "said",
    [
        "Every status report is mailed to all members of the Project Steering Committee and to the Project Owner.",
        "The plan is published on the intranet. Everybody is told by mail",
        "reports that the project manager writes at the end of each month, which all of them read",
    ],
)
def test_a_sentence_names_no_recipients(said: str) -> None:
    assert recipients(f"% Communications Management Plan\n# Approach\nDistribution: {said}") == []
    assert recipients(f"% Plan\n# Distribution list\n| Name | Date |\n| {said} | 2026-03-01 |") == []


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ("Ann Lee; Bo Ek", 2),
        ("Project Steering Committee", 1),
        ("PSC; Dr. J. Doe; IT team", 3),
        ("Mr. Doe and Ms. Roe", 2),
        ("ACME Inc.", 1),
    ],
)
def test_a_list_does(said: str, count: int) -> None:
    assert len(recipients(f"% Plan\nDistribution: {said}")) == count
    assert len(recipients(f"% Plan\n# Distribution list\n| Name | Date |\n| {said} | 2026-03-01 |")) == count
