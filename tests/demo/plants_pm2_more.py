"""Further kinds of planted defects for the requirements of PM², those that were supported only before. Derived from the clauses' texts."""

from datetime import date

from tests.demo.planting import (
    Kind,
    added_row,
    both,
    cell,
    entry,
    renamed,
    reworded,
    sheet,
    without_row,
)

KINDS: tuple[Kind, ...] = (
    Kind("a change is parked", "LINDEN", ("PM2-CHG-12",), sheet("Change_Log", "Status", "Parked")),
    Kind("an issue sleeps", "LINDEN", ("PM2-ISS-07",), sheet("Issue_Log", "Status", "Sleeping", lambda row: row["Status"] == "Open")),
    Kind(
        "a risk occurred and left no issue",
        "LINDEN",
        ("PM2-RSK-18",),
        entry(
            "Risk_Log",
            {"ID": "R-05", "Title": "Server room too warm", "Status": "Occurred", "Identification Date": date(2026, 6, 12)},
            lambda row: row["ID"] == "R-01",
        ),
    ),
    Kind(
        "the tests ended after the acceptance",
        "LINDEN",
        ("PM2-QUA-15",),
        cell("Deliverables_Acceptance_Note_DEL-2", "DEL-2", 2, "12 June 2026"),
    ),
    Kind(
        "nobody followed a rejection",
        "LINDEN",
        ("PM2-QUA-18",),
        cell("Deliverables_Acceptance_Note_DEL-1", "DEL-1", 3, "Rejected"),
    ),
    Kind("the request names no approver", "LINDEN", ("PM2-INI-03",), cell("Project_Initiation_Request", "Approving Authority", 1, "")),
    Kind(
        "nobody speaks for the users",
        "LINDEN",
        ("PM2-STK-02",),
        added_row("Project_Handbook", "Responsibility", ("User Representative", "", "Speaks for the users")),
    ),
    Kind(
        "the provider never sat in the committee",
        "LINDEN",
        ("PM2-GOV-02",),
        both(
            without_row("MoM_Project_Steering.*2026-04", "Solution Provider"),
            without_row("MoM_Project_Steering.*2026-06", "Solution Provider"),
        ),
    ),
    Kind(
        "planning was kicked off before the gate",
        "LINDEN",
        ("PM2-PLA-01",),
        both(
            reworded("MoM_Planning_Kick-off", ("15 December 2025", "3 December 2025"), ("16 December 2025", "4 December 2025")),
            reworded("Agenda_Planning_Kick-off", ("15 December 2025", "3 December 2025"), ("8 December 2025", "26 November 2025")),
        ),
    ),
    Kind(
        "executing was kicked off before the gate",
        "LINDEN",
        ("PM2-EXE-01",),
        both(
            reworded("MoM_Executing_Kick-off", ("9 February 2026", "28 January 2026"), ("10 February 2026", "29 January 2026")),
            reworded("Agenda_Executing_Kick-off", ("9 February 2026", "28 January 2026"), ("2 February 2026", "21 January 2026")),
        ),
    ),
    Kind(
        "a plan was changed and not approved again",
        "LINDEN",
        ("PM2-DOC-08",),
        both(
            cell("Issue_Management_Plan", "Document Version", 1, "1.1"),
            added_row("Issue_Management_Plan", "Revision", ("1.1", "20 March 2026", "Niko Brandt", "New scales and other limits")),
            renamed("Issue_Management_Plan", lambda name: name.replace("V1.0", "V1.1")),
        ),
    ),
)
