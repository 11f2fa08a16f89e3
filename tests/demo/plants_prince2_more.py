"""More defects of PRINCE2 projects: of authority, baselines, money, lessons, the boundary of a stage, and of what comes after the end."""

import os
import re
from datetime import UTC, date, datetime, time
from random import Random
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from docx import Document

from tests.demo.planting import (
    Edit,
    Kind,
    Place,
    added_row,
    both,
    cell,
    column,
    dropped_row,
    entry,
    filled,
    gone,
    paragraph,
    reworded,
    saved,
    sheet,
    without_row,
    without_section,
)
from tests.demo.plants_prince2 import page

_MODIFIED = re.compile(rb">[^<]*</dcterms:modified>")
_PID = "Project Initiation Documentation"


def history(pattern: str, *rows: tuple[str, str, str, str]) -> Edit:
    """Return an edit that has a document tell another history of its versions: day, version, author, what was changed."""

    def edit(place: Place, _: Random) -> str:
        path = place.file(pattern)
        document = Document(str(path))
        table = next(one for one in document.tables if "Revision date" in [cell.text for cell in one.rows[0].cells])
        for row in table.rows[1:]:
            row._tr.getparent().remove(row._tr)
        for values in rows:
            for one, value in zip(table.add_row().cells, values, strict=True):
                one.text = value
        saved(path, document)
        return f"{path.name}: its history is {rows}"

    return edit


def saved_on(pattern: str, day: date) -> Edit:
    """Return an edit that lets a Word document or a workbook be as old as *day*, for the folder and by its own properties."""

    def edit(place: Place, _: Random) -> str:
        path = place.file(pattern)
        with ZipFile(path) as archive:
            parts = {part: archive.read(part) for part in archive.infolist()}
        with ZipFile(path, "w", ZIP_DEFLATED) as archive:
            for part, content in parts.items():
                if part.filename == "docProps/core.xml":
                    content = _MODIFIED.sub(f">{day}T12:00:00Z</dcterms:modified>".encode(), content)  # noqa: PLW2901
                archive.writestr(part, content)
        at = datetime.combine(day, time(12), tzinfo=UTC).timestamp()
        os.utime(path, (at, at))
        return f"{path.name} was saved on {day}"

    return edit


def declared(text: str) -> Edit:
    """Return an edit that says more of the project in the configuration."""

    def edit(place: Place, _: Random) -> str:
        path = place.folder / "auditor.toml"
        said = path.read_text("utf-8")
        path.write_text(said.replace(f'id = "{place.project}"\n', f'id = "{place.project}"\n{text}\n', 1), "utf-8")
        return text

    return edit


def _outside(issues: list[dict[str, Any]]) -> None:
    for issue in _booked(issues)[:2]:
        issue["fields"]["parent"] = None


def _booked(issues: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for one in issues if one["fields"].get("worklog", {}).get("worklogs")]


KINDS = (
    Kind(
        "nobody wrote down how changes are handled",
        "NIMBUS",
        ("P2-CHG-01",),
        gone("Change Control Approach"),
        ("P2-IP-02", "P2-TLR-01"),
        apart=True,
    ),
    Kind(
        "the manager decided a change beyond the limit",
        "NIMBUS",
        ("P2-CHG-07",),
        sheet("Issue Register", "Decided by", "David Moss", lambda row: row["Issue ID"] == "I-02"),
    ),
    Kind(
        "a team manager decided a change",
        "HERON",
        ("P2-CHG-07",),
        sheet("Issue Register", "Decided by", "Hugo Marsh", lambda row: row["Issue ID"] == "I-03"),
    ),
    Kind(
        "nobody speaks for the suppliers, and nobody assures for them",
        "NIMBUS",
        ("P2-ORG-04",),
        both(
            *(reworded(name, ("Carla Venn", ""), ("Gina Lott", "")) for name in (_PID, "Project Brief")),
            column("Role Descriptions", "Name", None, lambda row: row["Name"] in {"Carla Venn", "Gina Lott"}),
        ),
        ("P2-PRI-07", "P2-ORG-17"),
    ),
    Kind(
        "nobody supports the project",
        "NIMBUS",
        ("P2-ORG-17",),
        both(
            *(cell(name, "Project Support", 1, "") for name in (_PID, "Project Brief")),
            sheet("Role Descriptions", "Name", None, lambda row: row["Role"] == "Project Support"),
        ),
    ),
    Kind(
        "the team was not looked at again at the boundary",
        "NIMBUS",
        ("P2-ORG-11",),
        gone("End Stage Report 2"),
        ("P2-PRG-11", "P2-SB-05", "P2-CHG-13"),
        apart=True,
    ),
    Kind(
        "the time that a plan may slip has no number",
        "NIMBUS",
        ("P2-PLA-05",),
        both(
            cell("Stage Plan 3", "Time", 2, "as agreed"), cell("Stage Plan 3", "Time", 3, "as agreed"), cell("Stage Plan 3", "Time", 4, "")
        ),
    ),
    Kind(
        "the business case was never approved",
        "VESPER",
        ("P2-PRI-01",),
        both(
            cell("Initiation/Business Case", "Status", 1, "Draft"),
            cell("Initiation/Business Case", "Version", 1, "0.4"),
            reworded("Initiation/Business Case", ("20 March 2026", ""), ("22 June 2026", "")),
        ),
        ("P2-DOC-02", "P2-BC-02", "P2-SB-05"),
        apart=True,
    ),
    Kind(
        "risks were not looked at again at the boundary",
        "NIMBUS",
        ("P2-SB-03",),
        column("Risk Register", "Last reviewed", date(2026, 2, 20)),
        ("P2-RSK-09",),
    ),
    Kind(
        "the PID was overwritten after the authorization",
        "NIMBUS",
        ("P2-IP-05",),
        history(_PID, ("14 April 2026", "1.1", "David Moss", "Brought up to date")),
        ("P2-DOC-03", "P2-DOC-02"),
    ),
    Kind(
        "a baseline has a new version that nobody asked for",
        "HERON",
        ("P2-CHG-10",),
        history(
            "Plans/Project Plan",
            ("24 July 2025", "2.0", "Dora Finley", "New baseline: more work for the old register"),
            ("18 July 2025", "1.0", "Dora Finley", "Approved by the project board"),
        ),
        ("P2-DOC-03", "P2-PLA-01", "P2-SB-02"),
    ),
    Kind(
        "the business case names a risk of which the register knows nothing",
        "NIMBUS",
        ("P2-BC-09",),
        added_row("Initiation/Business Case", "Risk ID", ("R-12", "The provider is sold", "support ends")),
    ),
    Kind(
        "a plan names a lesson that is not in the log",
        "NIMBUS",
        ("P2-PLA-08",),
        cell("Plans/Project Plan", "L-02", 0, "L-17"),
        apart=True,  # where the log has a number twice nobody knows which lesson is meant
    ),
    Kind(
        "a benefit begins before its product is there",
        "NIMBUS",
        ("P2-PLA-15",),
        cell("Initiation/Business Case", "B-02", 6, "30 May 2026"),
    ),
    Kind(
        "a concession left the description as it was",
        "HERON",
        ("P2-CHG-11",),
        both(
            without_row("Product Description P-03", "1.1"),
            saved_on("Product Description P-03", date(2025, 10, 4)),
        ),
        ("P2-DOC-03",),
    ),
    Kind(
        "an open issue is not in the report of the stage",
        "NIMBUS",
        ("P2-CHG-13",),
        cell("End Stage Report 2", "I-04", 0, "I-02"),
    ),
    Kind(
        "a corrective action is late",
        "NIMBUS",
        ("P2-CS-06",),
        cell("Highlight Report 2026-05", "C-05", 4, "Open"),
    ),
    Kind(
        "a corrective action has nobody",
        "NIMBUS",
        ("P2-CS-06",),
        both(cell("Highlight Report 2026-05", "C-05", 4, "Open"), cell("Highlight Report 2026-05", "C-05", 2, "")),
    ),
    Kind(
        "the board did not answer",
        "NIMBUS",
        ("P2-DP-04",),
        filled(
            "Issue Register",
            {
                "Escalated": "Yes",
                "Date raised": date(2026, 5, 20),
                "Assessed on": date(2026, 5, 22),
                "Description": "May the counter open on Saturdays?",
            },
            lambda row: row["Issue ID"] == "I-04",
        ),
        ("P2-CHG-13", "P2-CHG-12"),
        apart=True,
    ),
    Kind(
        "nothing is done about a risk that is near",
        "NIMBUS",
        ("P2-RSK-10",),
        filled("Risk Register", {"Response status": "Planned"}, lambda row: row["Risk ID"] == "R-01"),
    ),
    Kind(
        "the risk budget paid for a change",
        "NIMBUS",
        ("P2-RSK-14",),
        both(
            cell("End Stage Report 2", "A stub for the interface", 2, ""), cell("End Stage Report 2", "A stub for the interface", 3, "I-02")
        ),
    ),
    Kind(
        "nobody set tolerances for stage 3",
        "NIMBUS",
        ("P2-DP-05",),
        both(
            without_section("Stage Plan 3", "Tolerances"),
            sheet("Decision Log", "Rationale", "Asked for with the end stage report", lambda row: row["Decision ID"] == "D-03"),
            reworded("Board Minutes 2026-05", ("; tolerances of the stage: time ±10 days, cost ±10 %", "")),
        ),
        ("P2-PRI-09",),
    ),
    Kind(
        "a report forecasts far too high a cost of the stage",
        "NIMBUS",
        ("P2-PRG-06",),
        both(
            cell("Highlight Report 2026-05", "Cost (EUR)", 3, "171,000"),
            cell("Highlight Report 2026-05", "Cost (EUR)", 5, "Exceeded"),
        ),
        ("P2-PRG-05",),
    ),
    Kind(
        "the stage will end too late, and the board was not told",
        "NIMBUS",
        ("P2-PRG-06",),
        cell("Plans/Project Plan", "Roll-out", 8, "11 September 2026"),
    ),
    Kind(
        "an approved plan was changed in silence",
        "NIMBUS",
        ("P2-DOC-03",),
        both(paragraph("Stage Plan 3", "The training moves to September."), saved_on("Stage Plan 3", date(2026, 6, 24))),
    ),
    Kind(
        "nobody touched the plan of the running stage",
        "NIMBUS",
        ("P2-PLA-12",),
        both(
            *(sheet("Schedule 3", name, None, lambda row: row["WBS"] == "WP-03") for name in ("Actual finish",)),
            saved_on("Schedule 3", date(2026, 6, 1)),
        ),
        apart=True,
    ),
    Kind(
        "a work package was closed before its product was approved",
        "NIMBUS",
        ("P2-MP-01",),
        sheet("Configuration Item Records", "Product accepted", date(2026, 6, 26), lambda row: row["Product ID"] == "P-03"),
        ("P2-QUA-11",),
    ),
    Kind(
        "a team has no plan of its work",
        "NIMBUS",
        ("P2-MP-04",),
        dropped_row("Schedule 3", lambda row: row["WBS"] == "WP-04"),
    ),
    Kind(
        "a supplier from outside works without an approach",
        "HERON",
        ("P2-ORG-15",),
        both(
            sheet("Work Packages", "External", "Yes", lambda row: row["Work package ID"] == "WP-03"),
            gone("Commercial Management Approach"),
        ),
        ("P2-IP-02", "P2-TLR-01"),
    ),
    Kind(
        "hours were booked long after the end",
        "HERON",
        ("P2-CP-09",),
        entry("Timesheet", {"Week ending": date(2026, 4, 24)}),
    ),
    Kind(
        "hours were booked on work outside the packages",
        "VESPER",
        ("P2-CS-04",),
        page(_outside),
    ),
    Kind(
        "the project was stopped and nobody decided it",
        "HERON",
        ("P2-CP-10",),
        both(
            declared('status = "cancelled"'),
            gone("Closure Notification", "Board Minutes 2026-02"),
            dropped_row("Decision Log", lambda row: row["Decision ID"] == "D-04"),
        ),
        ("P2-CP-01",),
        apart=True,
    ),
    Kind(
        "a lesson vanished from its log",
        "NIMBUS@twice",
        ("P2-REG-01",),
        dropped_row("Lessons Log", lambda row: row["Lesson ID"] == "L-03"),
        ("P2-PRI-05",),
    ),
    Kind(
        "a report tells a smaller risk than the register knew",
        "NIMBUS",
        ("P2-RSK-12",),
        both(
            reworded("Highlight Report 2026-05", ("16", "4")),
            column("Risk Register", "Last reviewed", date(2026, 5, 28)),
            saved_on("Risk Register", date(2026, 5, 29)),
        ),
        ("P2-RSK-09",),
    ),
    Kind(
        "the case says nothing of what gets worse",
        "NIMBUS",
        ("P2-BC-06",),
        without_section("Initiation/Business Case", "Expected dis-benefits"),
    ),
    Kind(
        "the case counts nothing after the project",
        "NIMBUS",
        ("P2-BC-07",),
        without_row("Initiation/Business Case", "Operations and maintenance a year"),
    ),
    Kind(
        "the end says nothing of the business case",
        "HERON",
        ("P2-BC-14",),
        without_section("End Project Report", "Review of the business case"),
    ),
    Kind(
        "reports on stages compare nothing",
        "NIMBUS",
        ("P2-PRG-12",),
        both(*(without_section(f"End Stage Report {number}", "Review of stage objectives") for number in (1, 2))),
    ),
    Kind(
        "the plan states no assumptions",
        "NIMBUS",
        ("P2-PLA-06",),
        without_section("Plans/Project Plan", "Planning assumptions"),
    ),
    Kind(
        "the brief leaves nothing out",
        "NIMBUS",
        ("P2-SU-03",),
        without_section("Project Brief", "Exclusions"),
    ),
    Kind(
        "nobody knows whom to tell of an exception",
        "NIMBUS",
        ("P2-IP-03",),
        reworded(_PID, (" Escalation: team manager, project manager, project board, directorate.", "")),
    ),
    Kind(
        "nobody knows what becomes of the data",
        "HERON",
        ("P2-PRG-13",),
        reworded("Digital and Data Management Approach", ("; handed to the archive at the end", "")),
    ),
    Kind(
        "nobody says how risks are rated",
        "NIMBUS",
        ("P2-RSK-01",),
        both(*(without_section("Risk Management Approach", heading) for heading in ("Scales", "Risk tolerance"))),
    ),
    Kind(
        "nobody says what is a baseline",
        "NIMBUS",
        ("P2-CHG-02",),
        without_section("Change Control Approach", "Baselines"),
    ),
)
