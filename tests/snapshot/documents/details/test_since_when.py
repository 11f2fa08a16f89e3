"""Since when a role is held, in brackets behind the name; and who only stands in for its holder."""

import datetime as dt

import pytest
from details_notation import read


def _roles(text):
    return [row for row in read(text, kind="project_charter").found if row.table == "role"]


@pytest.mark.parametrize(
    "said",
    [
        "assigned by the SP on 31/12/2025",
        "appointed on 31 December 2025",
        "since 31/12/2025",
        "benannt durch den Lenkungsausschuss am 31.12.2025",
        "am 31.12.2025 durch den Vorstand bestellt",
        "nommée par le comité le 31/12/2025",
        "designada por el comité el 31/12/2025",
    ],
)
def test_appointed_on(said):
    (row,) = _roles(f"% Charter\n# Roles and responsibilities\n| Role | Name | Unit |\n| Project Manager (PM) | Ada Finch ({said}) | R.3 |")
    assert row.values["person_id"] == "Ada Finch"
    assert row.values["from_on"] == dt.date(2025, 12, 31)


@pytest.mark.parametrize(
    ("said", "column"), [("until 31 December 2025", "to_on"), ("bis 31.12.2025", "to_on"), ("since 31/12/2025", "from_on")]
)
def test_a_term_behind_the_role(said, column):
    """'Team manager, vehicles (until 30 June 2026)': the days are of the role, whoever stands beside it."""
    (row,) = _roles(f"% Charter\n# Roles and responsibilities\n| Role | Name | Unit |\n| Project Manager ({said}) | Ada Finch | R.3 |")
    assert (row.values["role"], row.values["person_id"]) == ("project_manager", "Ada Finch")
    assert row.values[column] == dt.date(2025, 12, 31)


def test_a_remark_with_a_day_parts_no_name():
    (row,) = _roles("% Charter\n# Roles\n| Role | Name |\n| Project Manager (PM) | Ada Finch (contract of 31/12/2025 and annex) |")
    assert row.values["person_id"] == "Ada Finch"
    assert "from_on" not in row.values


@pytest.mark.parametrize("role", ["Deputy of the Project Manager", "Deputy Project Manager", "Stellvertretung der Projektleitung"])
def test_a_deputy_leads_nothing(role):
    rows = _roles(f"% Charter\n# Roles\n| Role | Name |\n| Project Manager (PM) | Ada Finch |\n| {role} | Bo Ek |")
    assert [(row.values.get("role"), row.values["person_id"]) for row in rows] == [("project_manager", "Ada Finch")]


def test_a_role_of_a_plan_is_told_before_what_it_does():
    (row,) = _roles(
        "% Quality Management Plan\n# 3. Process and roles\nProject Quality Assurance (PQA): Jo Lake. The PQA reports to the PSC and holds the reviews."
    )
    assert (row.values["role"], row.values["person_id"]) == ("project_quality_assurance", "Jo Lake")


def test_what_a_role_does_names_nobody():
    assert not _roles("% Plan\n# Process and roles\nProject Manager: Keeps the log. Tells the owner of each risk.")
