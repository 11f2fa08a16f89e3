"""Tables that stand in one, and cells that say two things: lists of attendance below the particulars, versions beside what was done."""

from details_notation import read


def test_a_list_of_attendance_below_the_particulars_of_the_meeting() -> None:
    text = """% Planning Kick-off Meeting - minutes
| Date and time | 27 March 2026, 09:00-11:30 | |
| Chair | Ann Lee | |
| Issued | 31 March 2026 | |
| Name | Role | Present |
| Ann Lee | Project Manager | yes |
| Jo Lake | User Representative, North (BIG) | no (leave) |
| Bo Ash, Li Ma, Al Day | PCT | yes (all three) |"""
    rows = [row.values for row in read(text, kind="minutes_of_meeting").found if row.table == "attendance"]
    assert [(row["person_id"], row["role"], row["is_present"]) for row in rows] == [
        ("Ann Lee", "project_manager", True),
        ("Jo Lake", "user_representative", False),
        ("Bo Ash", "project_core_team", True),
        ("Li Ma", "project_core_team", True),
        ("Al Day", "project_core_team", True),
    ]


def test_the_version_that_was_approved_stands_beside_what_was_done() -> None:
    text = """% Business Case
# Approvers and reviewers
| Name | Role | Action | Date |
| Ann Lee | Project Owner | Approve (v1.0) | 21 February 2026 |
| Ann Lee | Project Owner | Approve (version 1.1) | 27 May 2026 |
| Jo Lake | Solution Provider | Review (v1.0) | 19 February 2026 |"""
    rows = [row.values for row in read(text, kind="business_case").found if row.table == "approval"]
    assert [(row["version"], row["action"]) for row in rows] == [("1.0", "approve"), ("1.1", "approve"), ("1.0", "review")]


def test_who_did_what_without_a_column_of_actions() -> None:
    text = """% Handbook
# Release
| Version | Who, as what | Did | On |
| 1.0 | Ann Lee, Project Owner | approved | 20.03.2026 |
| 1.0 | Jo Lake, Business Manager | reviewed | 19.03.2026 |"""
    rows = [row.values for row in read(text, kind="project_handbook").found if row.table == "approval"]
    assert [(row["person_id"], row.get("role"), row.get("action")) for row in rows] == [
        ("Ann Lee", "project_owner", "approve"),
        ("Jo Lake", "business_manager", "review"),
    ]


def test_a_report_whose_table_has_lines_of_its_own() -> None:
    text = """% Status, report 4
| Reporting period | 19 November 2026 - 20 January 2027 |
| Fishing | none |
| Tides | high |
| Herons | 7 |
| Schedule of boats | as planned |
| Open issues | 2: I-11, I-12 |
| Next tide | Tuesday |"""
    found = read(text, kind="project_status_report").found
    (report,) = [row.values for row in found if row.table == "report"]
    assert str(report["period_to_on"]) == "2027-01-20"
