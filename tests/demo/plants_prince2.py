"""Defects to plant into the PRINCE2 projects, each from what a requirement asks and what people get wrong in their files."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from docx import Document

from auditor.demo.tracker import CRITERIA
from tests.demo.planting import (
    Edit,
    Kind,
    Place,
    added_row,
    both,
    cell,
    dropped_row,
    entry,
    filled,
    gone,
    reworded,
    saved,
    sheet,
    taken_over,
    without_row,
    without_section,
)


def _days(name: str, days: int) -> Any:
    return lambda row: row[name] + timedelta(days=days)


def approver(pattern: str, name: str, role: str) -> Edit:
    """Return an edit that has somebody else approve a document."""

    def edit(place: Place, _: Random) -> str:
        path = place.file(pattern)
        document = Document(str(path))
        table = next(one for one in document.tables if "Date of approval" in [cell.text for cell in one.rows[0].cells])
        for row in table.rows[1:]:
            row.cells[0].text, row.cells[1].text = name, role
        saved(path, document)
        return f"{path.name} was approved by {name}"

    return edit


def page(change: Callable[[list[dict[str, Any]]], None]) -> Edit:
    """Return an edit of all issues of the tracker's page."""

    def edit(place: Place, _: Random) -> str:
        path = place.folder / "jira-pages" / f"{place.project}.json"
        whole = json.loads(path.read_text("utf-8"))
        change(whole["issues"])
        path.write_text(json.dumps(whole, indent=1, ensure_ascii=False), "utf-8")
        return "the tracker's page was edited"

    return edit


def _stories(issues: list[dict[str, Any]], status: str) -> list[dict[str, Any]]:
    return [one for one in issues if one["fields"]["issuetype"]["name"] != "Epic" and one["fields"]["status"]["name"] == status]


def _no_criterion(issues: list[dict[str, Any]]) -> None:
    _stories(issues, "Done")[3]["fields"][CRITERIA] = None


def _all_must(issues: list[dict[str, Any]]) -> None:
    for issue in issues:
        issue["fields"]["priority"] = {"id": "Must", "name": "Must"}


KINDS = (
    # principles and the business case
    Kind(
        "the case was not confirmed before stage 3",
        "NIMBUS",
        ("P2-PRI-02",),
        without_row("Initiation/Business Case", "1.1"),
        ("P2-DOC-03",),
    ),
    Kind(
        "nobody speaks for the suppliers",
        "NIMBUS",
        ("P2-PRI-07",),
        both(
            reworded("Project Initiation Documentation", ("Carla Venn", "")),
            reworded("Project Brief", ("Carla Venn", "")),
            dropped_row("Role Descriptions", lambda row: row["Role"] == "Senior Supplier"),
        ),
        ("P2-ORG-17",),
    ),
    Kind(
        "the plan knows no initiation stage",
        "NIMBUS",
        ("P2-PRI-08",),
        both(without_row("Project Plan", "Initiation"), gone("Initiation Stage Plan")),
        ("P2-SU-04",),
    ),
    Kind(
        "there is no tolerance for benefits",
        "NIMBUS",
        ("P2-PRI-09",),
        both(
            without_row("Project Initiation Documentation", "Benefits"),
            without_row("Project Plan", "Benefits"),
            without_row("Project Brief", "Benefits"),
        ),
    ),
    Kind(
        "a benefit will not be reviewed",
        "NIMBUS",
        ("P2-BC-11",),
        cell("Benefits Management Approach", "B-02", 6, ""),
    ),
    Kind(
        "the case was not looked at after the exception",
        "HERON",
        ("P2-BC-13",),
        without_row("Initiation/Business Case", "1.1"),
    ),
    Kind(
        "there is no approach to benefits",
        "NIMBUS",
        ("P2-BC-10",),
        gone("Benefits Management Approach"),
        ("P2-IP-02", "P2-TLR-01", "P2-BC-11"),
    ),
    # organizing
    Kind(
        "two people are the executive",
        "NIMBUS",
        ("P2-ORG-01",),
        added_row("Project Initiation Documentation", "From", ("Executive", "Nils Orme", "9 December 2025")),
    ),
    Kind(
        "the senior user did not accept the role",
        "NIMBUS",
        ("P2-ORG-05",),
        sheet("Role Descriptions", "Accepted on", None, lambda row: row["Role"] == "Senior User"),
    ),
    Kind(
        "the executive accepted the role after the first approvals",
        "NIMBUS",
        ("P2-ORG-06",),
        sheet("Role Descriptions", "Accepted on", date(2026, 3, 2), lambda row: row["Role"] == "Executive"),
    ),
    Kind(
        "two people manage the project",
        "VESPER",
        ("P2-ORG-07",),
        added_row("Project Initiation Documentation", "From", ("Project Manager", "Rolf Ahlers", "25 November 2025")),
        ("P2-ORG-05",),  # nobody asked the second
    ),
    Kind(
        "the team structure names somebody who left",
        "NIMBUS",
        ("P2-ORG-10",),
        both(
            reworded("Project Initiation Documentation", ("Isla Crane", "Greta Vann")),
            reworded("Project Brief", ("Isla Crane", "Greta Vann")),
        ),
    ),
    # quality
    Kind(
        "a criterion cannot be measured",
        "NIMBUS",
        ("P2-QUA-03",),
        reworded("Project Product Description", ("A case is found", "The service is easy to use"), ("under 10 seconds", "")),
    ),
    Kind(
        "a check of the plan is not in the register",
        "NIMBUS",
        ("P2-QUA-08",),
        added_row("Stage Plan 3", "Quality ID", ("Q-09", "Training material", "14 July 2026")),
    ),
    Kind(
        "a failed check was overwritten",
        "NIMBUS",
        ("P2-QUA-10",),
        sheet("Quality Register", "Result", "Pass (overwritten: first run failed)", lambda row: row["Quality ID"] == "Q-02"),
    ),
    # plans
    Kind(
        "the last stage plan does not close the project",
        "NIMBUS",
        ("P2-PLA-11",),
        without_row("Stage Plan 3", "Hand over the products to operations", "End project report and closure"),
    ),
    Kind(
        "an exception plan leaves the old plan in force",
        "HERON",
        ("P2-PLA-13",),
        taken_over("Stage Plan 2", "Exception Plan 2.docx", ("Stage Plan 2", "Exception Plan 2")),
    ),
    # risk
    Kind(
        "a risk is one word",
        "NIMBUS",
        ("P2-RSK-03",),
        filled("Risk Register", {"Risk description": "Delay", "Title": "Delay"}, lambda row: row["Risk ID"] == "R-02"),
    ),
    # issues and change
    Kind("there is no issue register", "NIMBUS", ("P2-CHG-03",), gone("Issue Register"), ("P2-TLR-01",)),
    Kind(
        "changes cost more than their budget",
        "NIMBUS",
        ("P2-CHG-08",),
        sheet("Issue Register", "Cost (EUR)", 19000, lambda row: row["Issue ID"] == "I-02"),
        apart=True,
    ),
    Kind(
        "no issue was raised in stage 2",
        "NIMBUS",
        ("P2-CHG-14",),
        dropped_row("Issue Register", lambda row: row["Issue ID"] == "I-02"),
        ("P2-PRG-05",),
    ),
    # progress
    Kind(
        "the plan has another day of the authorisation",
        "NIMBUS",
        ("P2-PRG-10",),
        reworded("Plans/Project Plan", ("6 May 2026", "20 May 2026")),
        ("P2-CS-01", "P2-PLA-03"),
    ),
    # processes
    Kind(
        "the plan of initiation was approved late",
        "NIMBUS",
        ("P2-SU-04",),
        reworded("Initiation Stage Plan", ("22 December 2025", "20 January 2026")),
        ("P2-PLA-03",),
    ),
    Kind(
        "the PID was approved in delivery",
        "NIMBUS",
        ("P2-IP-04",),
        reworded("Project Initiation Documentation", ("1 February 2026", "2 April 2026")),
        ("P2-IP-05",),
    ),
    Kind(
        "the users were absent when a stage was authorised",
        "NIMBUS",
        ("P2-DP-03",),
        cell("Board Minutes 2026-05", "Bruno Keel", 2, "No"),
    ),
    Kind(
        "a work package has no day and no tolerance",
        "NIMBUS",
        ("P2-CS-02",),
        filled("Work Packages", {"Tolerances": None, "Due date": None}, lambda row: row["Work package ID"] == "WP-03"),
    ),
    Kind(
        "the project plan was not brought up to date before stage 3",
        "NIMBUS",
        ("P2-SB-02",),
        without_row("Plans/Project Plan", "1.1"),
        ("P2-DOC-03",),
    ),
    Kind("there is no end project report", "HERON", ("P2-CP-02",), gone("End Project Report"), ("P2-TLR-01", "P2-CP-01")),
    Kind(
        "nobody will review a benefit after the end",
        "HERON",
        ("P2-CP-07",),
        cell("Benefits Management Approach", "B-02", 6, ""),
        ("P2-BC-11",),
    ),
    # the boundary of a stage
    Kind(
        "there is no plan of the next stage",
        "VESPER",
        ("P2-SB-01",),
        gone("Stage Plan 3"),
        ("P2-SB-05", "P2-PLA-02", "P2-PLA-03", "P2-PLA-12"),
    ),
    Kind("the stage ends without a report", "VESPER", ("P2-SB-05",), gone("End Stage Report 2")),
    # agile
    Kind("a story has no criterion", "VESPER", ("P2-AGL-02",), page(_no_criterion)),
    Kind(
        "the board did not answer the exception",
        "HERON",
        ("P2-PRG-08",),
        both(gone("Board Minutes 2025-08-29"), dropped_row("Decision Log", lambda row: row["Decision ID"] == "D-05")),
    ),
    Kind("the exception report has no options", "HERON", ("P2-PRG-07",), without_section("Exception Report", "Options")),
    Kind("there is no report of stage 2", "HERON", ("P2-PRG-11",), gone("End Stage Report 2"), ("P2-ORG-11",)),
    Kind("nothing was learned in the end", "HERON", ("P2-CP-08",), gone("Lessons Report"), ("P2-TLR-01",)),
    Kind(
        "an action after the end has nobody",
        "HERON",
        ("P2-CP-04",),
        cell("End Project Report", "F-01", 2, ""),
    ),
    Kind(
        "an issue is open after the end",
        "HERON",
        ("P2-CP-03",),
        filled("Issue Register", {"Status": "Open", "Closure date": None, "Implemented on": None}, lambda row: row["Issue ID"] == "I-03"),
        ("P2-PRG-05",),  # the reports did not count it
        apart=True,
    ),
    # records
    Kind(
        "two lessons have one number",
        "NIMBUS",
        ("P2-REG-02",),
        sheet("Lessons Log", "Lesson ID", "L-01", lambda row: row["Lesson ID"] == "L-03"),
    ),
    # tailoring
    Kind("a product was dropped without a reason", "NIMBUS", ("P2-TLR-01",), cell("Project Initiation Doc", "Issue reports", 2, "")),
    Kind(
        "the manager approved the tailoring",
        "VESPER",
        ("P2-TLR-02",),
        approver("Project Initiation Documentation", "Oswin Clay", "Project Manager"),
        ("P2-IP-04", "P2-DP-02"),
    ),
    Kind(
        "an entry is twice in the register",
        "NIMBUS",
        ("P2-REG-02",),
        entry("Issue Register", {"Description": "Printer stands in another room"}, lambda row: row["Issue ID"] == "I-02"),
        ("P2-PRG-05",),
    ),
    Kind(
        "nobody knows how often the archive is told",
        "NIMBUS",
        ("P2-ORG-13",),
        reworded("Communication Management Approach", ("At each stage boundary", "")),
    ),
    Kind(
        "initiation took far too long",
        "NIMBUS",
        ("P2-IP-01",),
        cell("Plans/Project Plan", "Initiation", 5, "20 April 2026"),
        ("P2-PRI-08",),
    ),
    Kind(
        "nobody decided to close the project",
        "HERON",
        ("P2-CP-01",),
        both(
            gone("Closure Notification", "Board Minutes 2026-02"),
            dropped_row("Decision Log", lambda row: row["Decision ID"] == "D-04"),
        ),
    ),
    Kind(
        "an issue was closed after the project",
        "HERON",
        ("P2-CP-06",),
        sheet("Issue Register", "Closure date", date(2026, 3, 30), lambda row: row["Issue ID"] == "I-02"),
        ("P2-PRG-05",),  # the reports did not count it
    ),
    Kind("all that waits is a must", "VESPER", ("P2-AGL-03",), page(_all_must), apart=True),
    Kind(
        "the case lapsed and work goes on",
        "VESPER",
        ("P2-PRI-03",),
        both(
            filled(
                "Decision Log",
                {
                    "Decision date": date(2026, 4, 22),
                    "Decision": "The business case is no longer valid",
                    "Rationale": "The law was not passed",
                },
                lambda row: row["Decision ID"] == "D-02",
            ),
            without_row("Initiation/Business Case", "1.1"),
        ),
        ("P2-DOC-03", "P2-SB-05"),
        apart=True,
    ),
    Kind(
        "a product was accepted after the closure",
        "HERON",
        ("P2-CP-05",),
        sheet("Product Register", "Product accepted", date(2026, 3, 20), lambda row: row["Product ID"] == "P-04"),
        apart=True,
    ),
    Kind("the project plan has no status", "NIMBUS", ("P2-DOC-01",), cell("Plans/Project Plan", "Status", 1, "")),
    Kind(
        "the risk register was tailored away",
        "NIMBUS",
        ("P2-TLR-04",),
        added_row("Project Initiation Documentation", "Reason", ("Risk register", "No", "We talk about risks")),
    ),
    Kind(
        "the business case was approved after stage 2 began",
        "NIMBUS",
        ("P2-BC-02",),
        reworded("Initiation/Business Case", ("30 January 2026", "3 March 2026")),
    ),
    Kind(
        "products were described before the product of the project",
        "NIMBUS",
        ("P2-PRI-10",),
        cell("Project Product Description", "Olivia Hart", 4, "20 April 2026"),
    ),
    Kind(
        "nobody approves a product",
        "NIMBUS",
        ("P2-QUA-05",),
        both(
            cell("Product Description P-01", "All test cases of the list are passed", 5, ""),
            sheet("Configuration Item Records", "Approver", None, lambda row: row["Product ID"] == "P-01"),
        ),
    ),
    Kind(
        "there is no quality register",
        "NIMBUS",
        ("P2-QUA-07",),
        gone("Quality Register"),
        ("P2-TLR-01",),
    ),
    Kind(
        "the stage report counts checks that were never made",
        "NIMBUS",
        ("P2-QUA-14",),
        cell("End Stage Report 2", "Quality checks passed", 1, "6"),
    ),
    Kind(
        "the project plan was approved after stage 2 began",
        "NIMBUS",
        ("P2-PLA-01",),
        reworded("Plans/Project Plan", ("31 January 2026", "3 March 2026")),
        ("P2-SB-02",),
    ),
    Kind("there is no risk register", "NIMBUS", ("P2-RSK-02",), gone("Risk Register"), ("P2-TLR-01",)),
    Kind(
        "the team reports monthly, and was to report weekly",
        "NIMBUS",
        ("P2-PRG-02",),
        sheet("Work Packages", "Reporting frequency (days)", 7, lambda row: row["Work package ID"] == "WP-02"),
    ),
    Kind(
        "the PID in force is a draft",
        "NIMBUS",
        ("P2-DOC-02",),
        both(
            cell("Project Initiation Documentation", "Status", 1, "Draft"),
            cell("Project Initiation Documentation", "Version", 1, "0.3"),
            reworded("Project Initiation Documentation", ("1 February 2026", "")),
        ),
        ("P2-IP-04",),
    ),
    Kind(
        "a product is not described",
        "VESPER",
        ("P2-QUA-04",),
        both(
            gone("Product Description P-02"),
            sheet("Product Register", "Quality criteria", None, lambda row: row["Product ID"] == "P-02"),
        ),
    ),
    Kind(
        "nobody authorised stage 3",
        "NIMBUS",
        ("P2-DP-01",),
        both(
            cell("Plans/Project Plan", "Roll-out", 6, ""),
            cell("Plans/Project Plan", "Roll-out", 7, ""),
            dropped_row("Decision Log", lambda row: row["Decision ID"] == "D-03"),
            gone("Board Minutes 2026-05"),
        ),
        ("P2-DP-02", "P2-PLA-03", "P2-CS-01"),
        apart=True,
    ),
)
