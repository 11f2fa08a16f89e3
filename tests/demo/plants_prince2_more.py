"""More defects of PRINCE2 projects: of authority, baselines, money, lessons, the boundary of a stage, and of what comes after the end."""

from datetime import date

from tests.demo.planting import (
    Kind,
    both,
    cell,
    column,
    entry,
    filled,
    gone,
    reworded,
    sheet,
    without_row,
    without_section,
)

_PID = "Project Initiation Documentation"

KINDS = (
    Kind(
        "nobody wrote down how changes are handled",
        "NIMBUS",
        ("P2-CHG-01",),
        gone("Change Control Approach"),
        ("P2-IP-02", "P2-TLR-01"),
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
            reworded("Initiation/Business Case", ("Approved by the project board", "Draft for the board")),
        ),
        ("P2-DOC-02", "P2-BC-02"),
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
        both(
            without_row(_PID, "0.1"),
            cell(_PID, "1.0", 0, "14 April 2026"),
        ),
        ("P2-DOC-03",),
    ),
    Kind(
        "a baseline has a new version that nobody asked for",
        "NIMBUS",
        ("P2-CHG-10",),
        both(),
    ),
)
