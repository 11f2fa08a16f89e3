"""Further kinds of planted defects for the requirements of PM², those that were supported only before. Derived from the clauses' texts."""

import os
import re
import zipfile
from datetime import UTC, date, datetime, time
from random import Random

from tests.demo.planting import (
    Edit,
    Kind,
    Place,
    added_row,
    both,
    cell,
    column,
    entry,
    filled,
    gone,
    renamed,
    reworded,
    sheet,
    without_row,
    without_section,
)


def left_alone(pattern: str, since: date) -> Edit:
    """Return an edit that sets the days back that a workbook keeps: nobody saved it since."""

    def edit(place: Place, _: Random) -> str:
        path = place.file(pattern)
        with zipfile.ZipFile(path) as source:
            members = {name: source.read(name) for name in source.namelist()}
        core = members["docProps/core.xml"]
        members["docProps/core.xml"] = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>%sT12:00:00Z" % str(since).encode(), core)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
            for name, content in members.items():
                target.writestr(name, content)
        stamp = datetime.combine(since, time(12), tzinfo=UTC).timestamp()
        os.utime(path, (stamp, stamp))
        return f"{path.name} was saved on {since} last"

    return edit


KINDS: tuple[Kind, ...] = (
    Kind("a change is parked", "LINDEN", ("PM2-CHG-12",), sheet("Change_Log", "Status", "Parked")),
    Kind("an issue sleeps", "LINDEN", ("PM2-ISS-07",), sheet("Issue_Log", "Status", "Sleeping", lambda row: row["Status"] == "Open")),
    Kind(
        "a risk occurred and left no issue",
        "LINDEN",
        ("PM2-RSK-18",),
        entry(
            "Risk_Log",
            {"ID": "R-05", "Title": "Server room too warm", "Status": "Occurred", "Identification Date": date(2026, 6, 20)},
            lambda row: row["ID"] == "R-01",
        ),
        apart=True,  # an issue that lost its day could be the one
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
        apart=True,
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
    Kind(
        "the baseline was moved without a decision",
        "LINDEN",
        ("PM2-SCH-03",),
        both(
            cell("Project_Work_Plan", "Document Version", 1, "2.0"),
            added_row(
                "Project_Work_Plan", "Revision", ("2.0", "20 April 2026", "Niko Brandt", "Milestones moved by two months, new baseline")
            ),
            renamed("Project_Work_Plan", lambda name: name.replace("V1.0", "V2.0")),
        ),
        ("PM2-DOC-08",),
    ),
    Kind(
        "nobody speaks of a delay of two months",
        "LINDEN",
        ("PM2-SCH-02",),
        cell("Project_Work_Plan", "M3", 3, "14 December 2026"),
    ),
    Kind("a milestone has no baseline", "WILLOW", ("PM2-MON-01",), cell("Project_Work_Plan", "M3", 2, ""), ("PM2-SCH-01",)),
    Kind(
        "the committee decided and the log has nothing",
        "LINDEN",
        ("PM2-MON-05",),
        reworded(
            "MoM_Project_Steering.*2026-04", ("D-03", "1"), ("Ready for Executing: gate passed", "The northern offices begin in autumn")
        ),
    ),
    Kind(
        "an open action in the minutes has no day",
        "LINDEN",
        ("PM2-COM-07",),
        both(cell("MoM_Project_Steering.*2026-06", "A1", 3, ""), cell("MoM_Project_Steering.*2026-06", "A1", 4, "Open")),
        ("PM2-MON-07",),
    ),
    Kind(
        "a report states more than the sheet",
        "WILLOW",
        ("PM2-EXE-09",),
        reworded("Project_Status_Report_2026-03-30", ("224,000 EUR", "310,000 EUR")),
    ),
    Kind(
        "costs ran before anything was approved",
        "WILLOW",
        ("PM2-CST-01",),
        entry("Budget_Control", {"Month": date(2025, 3, 1), "Actual (EUR)": 9000, "Budget (EUR)": 9000}),
        apart=True,  # the sheet would begin before the first decision
    ),
    Kind(
        "every month cost a third more than planned",
        "WILLOW",
        ("PM2-CST-03",),
        column("Budget_Control", "Budget (EUR)", 24000),
    ),
    Kind(
        "nobody entered what January cost",
        "WILLOW",
        ("PM2-CST-07",),
        sheet("Budget_Control", "Actual (EUR)", None, lambda row: f"{row['Month']:%Y-%m}" == "2026-01"),
        ("PM2-EXE-09",),
    ),
    Kind(
        "two reports are silent on risks and issues",
        "WILLOW",
        ("PM2-RSK-12", "PM2-ISS-10"),
        both(
            without_section("Project_Status_Report_2026-03-30", "Risks and Issues"),
            without_section("Project_Status_Report_2026-04-29", "Risks and Issues"),
            reworded("MoM_Project_Steering.*2026-02", ("Open points were recorded as actions.", "Thanks to all.")),
            reworded("MoM_Project_Steering.*2026-04", ("Open points were recorded as actions.", "Thanks to all.")),
        ),
    ),
    Kind(
        "two reports are silent on money",
        "WILLOW",
        ("PM2-CST-02",),
        both(without_section("Project_Status_Report_2025-12-30", "Cost"), without_section("Project_Status_Report_2026-01-29", "Cost")),
    ),
    Kind(
        "a status report is silent on the contractor",
        "WILLOW",
        ("PM2-OUT-06",),
        without_section("Project_Status_Report_2026-01-29", "Contractor"),
    ),
    Kind(
        "an order was paid before it was accepted",
        "WILLOW",
        ("PM2-OUT-07",),
        sheet("Contract_Register", "Paid on", date(2025, 11, 3), lambda row: row["Contract No"] == "PO-21"),
    ),
    Kind(
        "nobody set up the service desk",
        "WILLOW",
        ("PM2-TRN-06",),
        filled(
            "Project_Schedule",
            {"Status": "Not started", "Actual Start": None, "Actual End": None},
            lambda row: row["Task"] == "Set up the service desk",
        ),
    ),
    Kind(
        "the go-live was never announced",
        "WILLOW",
        ("PM2-TRN-07",),
        filled(
            "Project_Schedule",
            {"Status": "Not started", "Actual Start": None, "Actual End": None},
            lambda row: row["Task"] == "Announce the go-live to the residents",
        ),
    ),
    Kind(
        "the success criteria are wishes",
        "LINDEN",
        ("PM2-INI-06",),
        reworded(
            "Business_Case",
            (
                "Processing time falls by a third within a year, and every case can be traced from the application to the decision.",
                "Work becomes easier, and people are happier with the service.",
            ),
        ),
    ),
    Kind(
        "the handbook knows nothing of sprints",
        "LINDEN",
        ("PM2-AGL-08", "PM2-AGL-01"),
        both(
            reworded("Project_Handbook", (" The team works in sprints of two weeks.", "")),
            without_row("Project_Handbook", "Product Owner"),
        ),
    ),
    Kind(
        "the finding of an audit left no issue",
        "WILLOW",
        ("PM2-QUA-10",),
        sheet("Quality_Register", "Findings", 3, lambda row: row["Review ID"] == "QR-3"),
    ),
    Kind(
        "a very high risk has no response",
        "LINDEN",
        ("PM2-RSK-10",),
        filled(
            "Risk_Log",
            {
                "Likelihood": 5,
                "Impact": 4,
                "Risk Level": 20,
                "Escalation": "Yes",
                "Action Details": None,
                "Action Responsible": None,
                "Target Date": None,
            },
            lambda row: row["ID"] == "R-01",
        ),
        ("PM2-RSK-09",),
    ),
    Kind("nobody touched the risk log", "LINDEN", ("PM2-RSK-11",), left_alone("Risk_Log", date(2026, 3, 20)), apart=True),
    Kind(
        "the schedule names nothing but packages",
        "WILLOW",
        ("PM2-PLA-14", "PM2-QUA-04", "PM2-TRN-02", "PM2-TRN-09"),
        column("Project_Schedule", "Task", lambda row: f"Package {row['WBS ID']}"),
        apart=True,
    ),
    Kind(
        "who speaks for the users never came",
        "LINDEN",
        ("PM2-STK-05",),
        both(
            *(
                both(reworded(name, ("Business Implementation Group", "User Representative")), cell(name, "Kurt Engel", 2, "No"))
                for name in ("MoM_Planning", "MoM_Executing", "MoM_Project_Steering.*2026-04", "MoM_Project_Steering.*2026-06")
            )
        ),
        ("PM2-PLA-02",),
        apart=True,
    ),
    Kind(
        "the largest issue was kept from the committee",
        "LINDEN",
        ("PM2-ISS-06",),
        entry(
            "Issue_Log",
            {
                "ID": "I-03",
                "Title": "The register refuses all bookings",
                "Description": "Since the change of the certificate no booking reaches the register",
                "Identification Date": date(2026, 6, 12),
                "Impact": 5,
                "Escalation": "No",
            },
            lambda row: row["ID"] == "I-02",
        ),
    ),
    Kind(
        "nobody answered an escalation",
        "LINDEN",
        ("PM2-GOV-21",),
        both(
            gone("MoM_Project_Steering.*2026-06"),
            entry(
                "Issue_Log",
                {
                    "ID": "I-03",
                    "Title": "The units want another calendar",
                    "Description": "Two units refuse the calendar of the portal and ask for their own",
                    "Identification Date": date(2026, 4, 20),
                    "Escalation": "Yes",
                },
                lambda row: row["ID"] == "I-02",
            ),
        ),
        ("PM2-GOV-20", "PM2-EXE-09"),
        apart=True,
    ),
    Kind(
        "the handbook names a manager who left",
        "WILLOW",
        ("PM2-PLA-09",),
        both(
            reworded("Project_Status_Report_2026-03-30", ("David Roos", "Lea Moor")),
            reworded("Project_Status_Report_2026-04-29", ("David Roos", "Lea Moor")),
        ),
        apart=True,  # another manager, whose day nobody tells
    ),
    Kind("a sprint was never planned together", "LINDEN", ("PM2-AGL-02",), gone("MoM_Sprint_Planning_2026-05-14")),
    Kind("nobody reviewed a sprint", "LINDEN", ("PM2-AGL-03",), gone("MoM_Sprint_Review_2026-05-27")),
    Kind("a retrospective was left out", "LINDEN", ("PM2-AGL-04",), gone("MoM_Sprint_Retrospective_2026-05-27")),
    Kind(
        "requirements are written nowhere",
        "WILLOW",
        ("PM2-REQ-01",),
        both(gone("Requirements_Document"), without_section("Project_Charter", "Needs and Features")),
        ("PM2-INI-14",),
        apart=True,
    ),
    Kind(
        "the manager alone spent a seventh of the budget more",
        "WILLOW",
        ("PM2-CST-04",),
        filled("Change_Log", {"Cost (EUR)": 92000, "Decided by": "David Roos"}),
        ("PM2-CHG-07",),
    ),
)
