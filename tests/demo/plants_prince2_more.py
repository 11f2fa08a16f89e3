"""More defects of PRINCE2 projects: of authority, baselines, money, lessons, the boundary of a stage, and of what comes after the end."""

import os
from datetime import UTC, date, datetime, time
from random import Random

from docx import Document

from tests.demo.planting import (
    Edit,
    Kind,
    Place,
    added_row,
    both,
    cell,
    column,
    filled,
    gone,
    reworded,
    saved,
    sheet,
    without_row,
    without_section,
)

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
    """Return an edit that lets a file be as old as *day*: nobody touched it since."""

    def edit(place: Place, _: Random) -> str:
        path = place.file(pattern)
        at = datetime.combine(day, time(12), tzinfo=UTC)
        document = Document(str(path))
        document.core_properties.modified = at.replace(tzinfo=None)
        document.save(str(path))
        os.utime(path, (at.timestamp(), at.timestamp()))
        return f"{path.name} was saved on {day}"

    return edit


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
)
