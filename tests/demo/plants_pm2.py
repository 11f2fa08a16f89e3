"""Kinds of planted defects for the requirements of PM². Each was derived from the clause's text, not from the rule."""

import os
import re
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from docx import Document
from openpyxl import load_workbook

from auditor.demo.tracker import CRITERIA, POINTS
from tests.demo.planting import (
    Edit,
    Kind,
    Place,
    added_row,
    both,
    cell,
    column,
    entry,
    gone,
    paragraph,
    renamed,
    reworded,
    saved,
    sheet,
    ticket,
    without_section,
)


def word_column(pattern: str, header: str, value: str) -> Edit:
    """Return an edit that sets a column in all rows of the Word tables that have it."""

    def edit(place: Place, _: Random) -> str:
        path = place.file(pattern)
        document = Document(str(path))
        tables = [table for table in document.tables if header in [one.text for one in table.rows[0].cells]]
        for table in tables:
            at = [one.text for one in table.rows[0].cells].index(header)
            for row in table.rows[1:]:
                row.cells[at].text = value
        saved(path, document)
        return f"{path.name}: {header} of {len(tables)} tables is {value!r}"

    return edit


def emptied(pattern: str, *headings: str) -> Edit:
    """Return an edit that leaves headings with nothing below them."""

    def edit(place: Place, _: Random) -> str:
        path = place.file(pattern)
        document = Document(str(path))
        for heading in headings:
            levels = {p._p: int(p.style.name[-1]) for p in document.paragraphs if p.style and p.style.name.startswith("Heading")}
            at = next(p for p in document.paragraphs if p._p in levels and p.text.endswith(heading))
            body = list(document.element.body)
            for block in body[body.index(at._p) + 1 :]:
                if levels.get(block, 9) <= levels[at._p] or block.tag.endswith("sectPr"):
                    break
                block.getparent().remove(block)
        saved(path, document)
        return f"{path.name}: nothing below {', '.join(headings)}"

    return edit


def everywhere(old: str, new: str) -> Edit:
    """Return an edit that replaces a person by another one in all documents, sheets and tickets of the project."""

    def edit(place: Place, _: Random) -> str:
        root = place.folder / "Projects" / place.project
        for path in sorted(root.rglob("*.docx")):
            document = Document(str(path))
            lines = [*document.paragraphs, *(p for t in document.tables for row in t.rows for one in row.cells for p in one.paragraphs)]
            hits = [one for one in lines if old in one.text]
            for one in hits:
                one.text = one.text.replace(old, new)
            if hits:
                saved(path, document)
        for path in sorted(root.rglob("*.xlsx")):
            book = load_workbook(path)
            cells = [one for page in book for row in page.iter_rows() for one in row if old in str(one.value)]
            for one in cells:
                one.value = str(one.value).replace(old, new)
            if cells:
                saved(path, book)
        pages = place.folder / "jira-pages" / f"{place.project}.json"
        pages.write_text(pages.read_text("utf-8").replace(old, new), "utf-8")
        return f"{old} is {new} everywhere"

    return edit


def unnamed(role: str) -> Edit:
    """Return an edit after which no document says who holds a role."""

    def said(text: str) -> str:
        return text.partition(" (")[0]

    def edit(place: Place, _: Random) -> str:
        root = place.folder / "Projects" / place.project
        for path in sorted(root.rglob("*.docx")):
            document = Document(str(path))
            rows = [row.cells for table in document.tables for row in table.rows if role in [said(one.text) for one in row.cells[:2]]]
            for cells in rows:
                cells[1 if said(cells[0].text) == role else 0].text = ""
            if rows:
                saved(path, document)
        for path in sorted(root.rglob("*.xlsx")):
            book = load_workbook(path)
            rows = [row for page in book for row in page.iter_rows() if role in [said(str(one.value)) for one in row[:2]]]
            for row in rows:
                row[0].value = None
            if rows:
                saved(path, book)
        return f"nobody is {role}"

    return edit


def cell_of_sheet(pattern: str, name: str, column: str, value: Any) -> Edit:
    """Return an edit that sets *column* of the row in which *name* stands, once more in a row that was edited already."""

    def edit(place: Place, _: Random) -> str:
        path = place.file(pattern)
        book = load_workbook(path)
        page = book.worksheets[0]
        top = next(row for row in range(1, 6) if sum(one.value is not None for one in page[row]) > 2)
        at = next(one.column for one in page[top] if one.value == column)
        row = next(row for row in page.iter_rows(min_row=top + 1) if name in [one.value for one in row])
        page.cell(row[0].row, at).value = value
        saved(path, book)
        return f"{column} of {name} is {value!r}"

    return edit


def second_sheet(pattern: str, label: str, value: str) -> Edit:
    """Return an edit of the sheet that tells of the document itself."""

    def edit(place: Place, _: Random) -> str:
        path = place.file(pattern)
        book = load_workbook(path)
        row = next(row for row in book.worksheets[1].iter_rows() if row[0].value == label)
        row[1].value = value
        saved(path, book)
        return f"{path.name}: {label} is {value!r}"

    return edit


def column_again(pattern: str, name: str, value: Any, where: Callable[[dict[str, Any]], bool]) -> Edit:
    """Return an edit of one more column of a sheet of which all rows are edited."""

    def edit(place: Place, rng: Random) -> str:
        return column(pattern, name, value, where)(Place(place.folder, place.project), rng)

    return edit


def no_rows(pattern: str) -> Edit:
    """Return an edit that leaves of a log only its header."""

    def edit(place: Place, _: Random) -> str:
        path = place.file(pattern)
        place.whole(path)
        book = load_workbook(path)
        page = book.worksheets[0]
        top = next(row for row in range(1, 6) if sum(one.value is not None for one in page[row]) > 2)
        page.delete_rows(top + 1, page.max_row)
        saved(path, book)
        return f"{path.name} has no entry"

    return edit


def pages(pattern: str, count: int) -> Edit:
    """Return an edit that lets a document grow; Word keeps the number of its pages in the properties."""

    def edit(place: Place, _: Random) -> str:
        path = place.file(pattern)
        document = Document(str(path))
        document.add_heading("Detailed requirements", 1)
        for number in range(1, 40 * count):
            document.add_paragraph(f"The user enters field {number} and the system checks that it fits field {number + 1}.")
        saved(path, document)
        stamp = path.stat().st_mtime
        with zipfile.ZipFile(path) as source:
            members = {name: source.read(name) for name in source.namelist()}
        members["docProps/app.xml"] = re.sub(rb"<Pages>\d+</Pages>", b"<Pages>%d</Pages>" % count, members["docProps/app.xml"])
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
            for name, content in members.items():
                target.writestr(name, content)
        os.utime(path, (stamp, stamp))
        return f"{path.name} has {count} pages"

    return edit


def other_version(pattern: str, folder: str, old: str, new: str) -> Edit:
    """Return an edit that puts a document into another folder too, as another version."""

    def edit(place: Place, rng: Random) -> str:
        path = place.file(pattern)
        target = place.folder / "Projects" / place.project / folder / path.name.replace(f"V{old}", f"V{new}")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
        return f"{target.name} lies in {folder} too: {cell(re.escape(folder) + '/' + re.escape(target.name), 'Document Version', 1, new)(place, rng)}"

    return edit


def moved(pattern: str, folder: str) -> Edit:
    """Return an edit that moves a file into another folder."""

    def edit(place: Place, _: Random) -> str:
        path = place.file(pattern)
        target = place.folder / "Projects" / place.project / folder / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        path.rename(target)
        return f"{path.name} lies in {folder}"

    return edit


def _running(issue: dict[str, Any]) -> bool:
    boxes = issue["fields"].get("customfield_10020") or []
    return any(box["state"] == "active" for box in boxes)


_OPEN: Callable[[dict[str, Any]], bool] = lambda row: row.get("Status") == "Open"  # noqa: E731
_APPROVED: Callable[[dict[str, Any]], bool] = lambda row: row.get("Status") == "Approved"  # noqa: E731

KINDS: tuple[Kind, ...] = (
    Kind(
        "an entry of the sprint has no estimate",
        "LINDEN",
        ("PM2-AGL-05",),
        ticket(
            lambda fields: fields.update({POINTS: None, "timeoriginalestimate": None, "timeestimate": None, "timetracking": {}}), _running
        ),
    ),
    Kind("an entry of the sprint has no criteria", "LINDEN", ("PM2-AGL-06",), ticket(lambda f: f.update({CRITERIA: None}), _running)),
    Kind(
        "a plan lies elsewhere as another version",
        "LINDEN",
        ("PM2-CFG-06",),
        other_version("Communications_Management_Plan", "3_Executing", "1.0", "1.1"),
        ("PM2-CFG-04", "PM2-CFG-10"),
    ),
    Kind(
        "the agenda came after the meeting",
        "LINDEN",
        ("PM2-COM-06",),
        reworded("Agenda_Planning_Kick-off", ("8 December 2025", "17 December 2025")),
        ("PM2-PLA-02", "PM2-PLA-03"),
    ),
    Kind(
        "minutes are older than their meeting",
        "LINDEN",
        ("PM2-EXE-04",),
        cell("MoM_Executing_Kick-off", "Minutes Issue Date", 1, "4 February 2026"),
        ("PM2-COM-06",),
    ),
    Kind(
        "a plan names nobody who approves it",
        "LINDEN",
        ("PM2-DOC-04",),
        word_column("Issue_Management_Plan", "Name", ""),
        ("PM2-PLA-11", "PM2-PLA-18", "PM2-CFG-04"),
    ),
    Kind("the stakeholder matrix is gone", "LINDEN", ("PM2-STK-01", "PM2-DOC-09"), gone("Stakeholder_Matrix")),
    Kind(
        "the status report is in no list of reports",
        "LINDEN",
        ("PM2-EXE-12",),
        reworded("Project_Handbook", ("Project Status Report", "Quality Review Report")),
        ("PM2-COM-03",),
    ),
    Kind(
        "nobody is Solution Provider",
        "LINDEN",
        ("PM2-GOV-01",),
        unnamed("Solution Provider"),
        ("PM2-PLA-02", "PM2-STK-02", "PM2-GOV-02", "PM2-INI-03"),
        apart=True,
    ),
    Kind("owner and provider are one", "LINDEN", ("PM2-GOV-04", "PM2-GOV-15"), everywhere("Dario Conti", "Iris Falk"), apart=True),
    Kind(
        "a level of escalation has no limit",
        "LINDEN",
        ("PM2-GOV-17",),
        reworded("Project_Handbook", ("Changes up to size 4", ""), ("50 person-days", "")),
    ),
    Kind(
        "a plan escalates at another level than the handbook",
        "LINDEN",
        ("PM2-GOV-18",),
        paragraph("Risk_Management_Plan", "Risks with a level of 20 or more are escalated to the Project Steering Committee."),
    ),
    Kind(
        "the committee heard nothing for months",
        "LINDEN",
        ("PM2-GOV-19", "PM2-MON-04"),
        gone("MoM_Project_Steering.*2026-04", *(f"Status_Report_2026-0{month}" for month in (3, 4, 5))),
        ("PM2-EXE-07", "PM2-CST-02", "PM2-MON-01", "PM2-RSK-12", "PM2-GOV-20", "PM2-AGL-07"),
    ),
    Kind("the request says nothing on constraints", "LINDEN", ("PM2-INI-02",), emptied("Project_Initiation_Request", "Constraints")),
    Kind(
        "the business case was approved after the gate",
        "LINDEN",
        ("PM2-INI-04",),
        cell("Business_Case", "Iris Falk", 3, "15 December 2025"),
        ("PM2-INI-01", "PM2-INI-13"),
    ),
    Kind(
        "the business case says nothing on money", "LINDEN", ("PM2-INI-07",), emptied("Business_Case", "Costs, Effort and Funding Source")
    ),
    Kind("the business case has no roadmap", "LINDEN", ("PM2-INI-09",), emptied("Business_Case", "Roadmap")),
    Kind("the charter says nothing on assumptions", "LINDEN", ("PM2-INI-14",), emptied("Project_Charter", "Assumptions")),
    Kind(
        "the charter is a specification",
        "LINDEN",
        ("PM2-INI-15",),
        pages("Project_Charter", 48),
    ),
    Kind(
        "there is no decision log",
        "LINDEN",
        ("PM2-INI-20",),
        gone("Decision_Log"),
        ("PM2-MON-05", "PM2-GOV-09", "PM2-GOV-10", "PM2-ISS-12", "PM2-ISS-11"),
        apart=True,
    ),
    Kind("there is no issue log", "LINDEN", ("PM2-ISS-01", "PM2-INI-20"), gone("Issue_Log")),
    Kind("the risk log is empty", "LINDEN", ("PM2-RSK-01", "PM2-INI-21"), no_rows("Risk_Log"), ("PM2-RSK-15", "PM2-EXE-09", "PM2-RSK-20")),
    Kind("an open issue has no size", "LINDEN", ("PM2-ISS-03",), sheet("Issue_Log", "Size", None, _OPEN)),
    Kind("the handbook says nothing on rules", "LINDEN", ("PM2-PLA-05",), emptied("Project_Handbook", "Project Rules")),
    Kind("nothing says why a plan is left out", "LINDEN", ("PM2-PLA-06",), reworded("Project_Handbook", ("Nothing is outsourced", ""))),
    Kind(
        "a plan of the handbook does not exist",
        "LINDEN",
        ("PM2-PLA-07", "PM2-DOC-09"),
        both(gone("Risk_Management_Plan"), without_section("Project_Handbook", "Risk Management")),
        ("PM2-PLA-11", "PM2-PLA-10", "PM2-RSK-16", "PM2-RSK-17"),
    ),
    Kind(
        "how issues are handled stands nowhere",
        "LINDEN",
        ("PM2-PLA-10",),
        both(gone("Issue_Management_Plan"), without_section("Project_Handbook", "Issue Management")),
    ),
    Kind(
        "the transition plan came after the gate",
        "LINDEN",
        ("PM2-PLA-17",),
        both(cell("Transition_Plan", "Iris Falk", 3, "20 March 2026"), cell("Transition_Plan", "1.0", 1, "20 March 2026")),
    ),
    Kind("the quality plan says nothing on control", "LINDEN", ("PM2-QUA-02",), emptied("Quality_Management_Plan", "Quality Control")),
    Kind(
        "a deliverable has no criterion",
        "LINDEN",
        ("PM2-QUA-12",),
        both(cell("Project_Work_Plan", "DEL-2", 3, ""), cell("Deliverables_Acceptance_Plan", "DEL-2", 2, "")),
    ),
    Kind("a risk is described in two words", "LINDEN", ("PM2-RSK-03",), sheet("Risk_Log", "Description", "Users away", _APPROVED)),
    Kind(
        "no risk is older than the gate",
        "LINDEN",
        ("PM2-RSK-15",),
        column("Risk_Log", "Identification Date", date(2026, 3, 2)),
        ("PM2-INI-21", "PM2-EXE-09", "PM2-RSK-20"),
    ),
    Kind("a milestone passed without a day", "LINDEN", ("PM2-SCH-01",), cell("Project_Work_Plan", "M2", 4, "")),
    Kind("a stakeholder has no contact", "LINDEN", ("PM2-STK-01",), sheet("Stakeholder_Matrix", "Contact", None)),
    Kind(
        "a planned report was never written",
        "LINDEN",
        ("PM2-COM-03",),
        added_row("Project_Handbook", "Report", ("Project Progress Report", "Project Manager", "Every six months")),
    ),
    Kind(
        "the project went on after it was refused",
        "LINDEN",
        ("PM2-GOV-14",),
        both(
            sheet(
                "Decision_Log",
                "Description",
                "The steering committee decides: Ready for Planning. Rejected.",
                lambda row: "Ready for Planning" in str(row["Title"]),
            ),
        ),
        ("PM2-GOV-09",),
        apart=True,
    ),
    # closed, outsourced, with schedule and registers
    Kind("the request says nothing on strategy", "WILLOW", ("PM2-INI-02",), emptied("Project_Initiation_Request", "Strategic Alignment")),
    Kind("the business case compares nothing", "LINDEN", ("PM2-INI-05",), emptied("Business_Case", "Possible Alternatives")),
    Kind("the charter says nothing on needs", "WILLOW", ("PM2-INI-14",), emptied("Project_Charter", "Needs and Features")),
    Kind(
        "the manager was appointed after the charter",
        "WILLOW",
        ("PM2-GOV-07",),
        reworded("Project_Handbook", ("19 May 2025", "14 July 2025")),
    ),
    Kind("two are accountable for one artefact", "WILLOW", ("PM2-GOV-16",), cell("Project_Handbook", "Risk Log", 2, "A")),
    Kind("the work plan says nothing on resources", "WILLOW", ("PM2-PLA-13",), emptied("Project_Work_Plan", "Resources")),
    Kind(
        "the form was built before the gate",
        "WILLOW",
        ("PM2-PLA-20",),
        both(
            sheet("Project_Schedule", "Start", date(2025, 7, 28), lambda row: row["Task"] == "Build the form"),
            cell_of_sheet("Project_Schedule", "Build the form", "Actual Start", date(2025, 7, 28)),
        ),
    ),
    Kind(
        "a task ends before it begins",
        "WILLOW",
        ("PM2-SCH-06",),
        sheet("Project_Schedule", "End", date(2025, 10, 3), lambda row: row["WBS ID"] == "2.1"),
    ),
    Kind(
        "two tasks bear one code", "WILLOW", ("PM2-SCH-07",), sheet("Project_Schedule", "WBS ID", "2.1", lambda row: row["WBS ID"] == "2.2")
    ),
    Kind(
        "the handover was done after the gate",
        "WILLOW",
        ("PM2-TRN-04",),
        both(
            sheet("Project_Schedule", "Actual End", date(2026, 5, 29), lambda row: row["Task"] == "Handover to operations"),
        ),
    ),
    Kind(
        "the users were never trained",
        "WILLOW",
        ("PM2-TRN-10",),
        both(
            sheet("Project_Schedule", "Status", "Not started", lambda row: row["Task"] == "Train the users"),
            cell_of_sheet("Project_Schedule", "Train the users", "Actual Start", None),
            cell_of_sheet("Project_Schedule", "Train the users", "Actual End", None),
        ),
    ),
    Kind(
        "somebody still works for the closed project",
        "WILLOW",
        ("PM2-CLO-12",),
        both(
            sheet("Project_Schedule", "Status", "In progress", lambda row: row["WBS ID"] == "1.2"),
            cell_of_sheet("Project_Schedule", "Test the form with key users", "Actual End", None),
        ),
    ),
    Kind(
        "a planned review did not take place",
        "WILLOW",
        ("PM2-QUA-05",),
        both(
            sheet("Quality_Register", "Actual Review Date", None, lambda row: row["Deliverable"] == "Case handling"),
            cell_of_sheet("Quality_Register", "Case handling", "Result", None),
        ),
    ),
    Kind(
        "the manager reviewed",
        "WILLOW",
        ("PM2-QUA-06",),
        sheet("Quality_Register", "Reviewer", "David Roos", lambda r: r["Review ID"] == "QR-1"),
    ),
    Kind("the review report has no recommendations", "WILLOW", ("PM2-QUA-08",), emptied("Quality_Review_Report", "Recommendations")),
    Kind(
        "nothing says how a non-conformity was corrected",
        "WILLOW",
        ("PM2-QUA-09",),
        sheet("Issue_Log", "Action Details", None, lambda row: row["Category"] == "Quality"),
    ),
    Kind("the quality plan has no metrics", "WILLOW", ("PM2-QUA-02",), emptied("Quality_Management_Plan", "Quality Metrics")),
    Kind("the acceptance plan names no tolerances", "WILLOW", ("PM2-QUA-12",), emptied("Deliverables_Acceptance_Plan", "Tolerances")),
    Kind(
        "a requirement was validated and never approved",
        "WILLOW",
        ("PM2-REQ-02",),
        sheet("Requirements_Document", "Approved on", None),
    ),
    Kind("nobody validated a requirement", "WILLOW", ("PM2-REQ-06",), sheet("Requirements_Document", "Validated by", None)),
    Kind(
        "a risk was closed before it was found",
        "WILLOW",
        ("PM2-RSK-06",),
        sheet("Risk_Log", "Closing Date", lambda row: row["Identification Date"] - timedelta(days=8)),
        ("PM2-EXE-09",),
    ),
    Kind(
        "an issue was verified before it was resolved",
        "WILLOW",
        ("PM2-ISS-08",),
        sheet("Issue_Log", "Verified on", lambda row: row["Resolution Date"] - timedelta(days=6), lambda row: row["Category"] != "Quality"),
    ),
    Kind(
        "a communication has nobody who sends it",
        "WILLOW",
        ("PM2-COM-01",),
        cell("Communications_Management_Plan", "Contractor Status Report", 5, ""),
    ),
    Kind(
        "a corrective action was never done",
        "WILLOW",
        ("PM2-CST-05",),
        sheet("Action_Log", "Status", "Open", lambda row: row["Action ID"] == "AC-1"),
    ),
    Kind("the matrix may be read by anybody", "WILLOW", ("PM2-STK-06",), second_sheet("Stakeholder_Matrix", "Sensitivity", "Public")),
    Kind("the transition plan is silent on interruptions", "WILLOW", ("PM2-TRN-01",), emptied("Transition_Plan", "Service Interruptions")),
    Kind(
        "what changes for people is left out",
        "WILLOW",
        ("PM2-TRN-08",),
        emptied("Business_Implementation_Plan", "Impact on People"),
        ("PM2-PLA-18",),
    ),
    Kind(
        "the outsourcing plan does not say who approves purchases",
        "WILLOW",
        ("PM2-OUT-02",),
        emptied("Outsourcing_Plan", "Purchase Approval"),
    ),
    Kind("the contract says nothing on acceptance", "WILLOW", ("PM2-OUT-04",), emptied("Contract_CT-11", "Acceptance Criteria")),
    Kind(
        "an order was signed by nobody",
        "WILLOW",
        ("PM2-OUT-09",),
        sheet("Contract_Register", "Signed by", None, lambda r: r["Type"] == "Order"),
    ),
    Kind(
        "no lesson was kept",
        "WILLOW",
        ("PM2-CLO-03",),
        both(emptied("Project-End_Report", "Lessons Learned and Best Practices"), gone("Lessons_Learned_Log")),
        ("PM2-CLO-07",),
    ),
    Kind("the end report says nothing on issues", "WILLOW", ("PM2-CLO-07",), emptied("Project-End_Report", "Issues")),
    Kind(
        "the project was accepted before its report",
        "WILLOW",
        ("PM2-CLO-10",),
        both(cell("Project_Acceptance_Note", "Astrid Kern", 3, "18 May 2026")),
        ("PM2-CLO-09", "PM2-CLO-06", "PM2-CLO-11"),
    ),
    Kind(
        "the quality plan is silent on configuration",
        "WILLOW",
        ("PM2-CFG-01",),
        emptied("Quality_Management_Plan", "Configuration Management"),
    ),
    Kind("the change plan knows no types of change", "WILLOW", ("PM2-CHG-15",), emptied("Change_Management_Plan", "Types of Change")),
    Kind("the issue plan is silent on escalation", "WILLOW", ("PM2-ISS-15",), emptied("Issue_Management_Plan", "Escalation")),
    Kind("the risk plan is silent on appetite", "WILLOW", ("PM2-RSK-16",), emptied("Risk_Management_Plan", "Risk Appetite")),
    Kind("the risk plan is silent on escalation", "WILLOW", ("PM2-RSK-17",), emptied("Risk_Management_Plan", "Escalation")),
    Kind(
        "the quality plan has no criteria of a phase exit",
        "WILLOW",
        ("PM2-QUA-03",),
        emptied("Quality_Management_Plan", "Phase Exit Criteria"),
    ),
    Kind(
        "the acceptance plan is silent on what is rejected",
        "WILLOW",
        ("PM2-QUA-13",),
        emptied("Deliverables_Acceptance_Plan", "Rejected Deliverables"),
    ),
    Kind("the handbook is silent on resources", "WILLOW", ("PM2-GOV-22",), emptied("Project_Handbook", "Resources"), ("PM2-PLA-05",)),
    Kind("the business case is silent on strategy", "WILLOW", ("PM2-INI-08",), emptied("Business_Case", "Strategic Alignment")),
    Kind(
        "the end report recommends nothing",
        "WILLOW",
        ("PM2-CLO-15",),
        emptied("Project-End_Report", "Post-Project Recommendations"),
        ("PM2-CLO-07", "PM2-TRN-11"),
    ),
    Kind("the end report is silent on satisfaction", "WILLOW", ("PM2-CLO-16",), emptied("Project-End_Report", "Stakeholder Satisfaction")),
    Kind("the transition has no way back", "WILLOW", ("PM2-TRN-05",), emptied("Transition_Plan", "Rollback"), ("PM2-TRN-01",)),
    Kind(
        "nothing is said on what follows the project",
        "WILLOW",
        ("PM2-TRN-11",),
        emptied("Business_Implementation_Plan", "Post Project Activities"),
        ("PM2-TRN-08", "PM2-PLA-18"),
    ),
    Kind(
        "the handbook does not say how progress is measured",
        "WILLOW",
        ("PM2-MON-03",),
        emptied("Project_Handbook", "Progress Measurement"),
        ("PM2-PLA-05",),
    ),
    Kind(
        "nobody stands beside the decisions of the gates",
        "WILLOW",
        ("PM2-GOV-09", "PM2-GOV-10", "PM2-GOV-11"),
        both(
            column("Decision_Log", "Decision Owner", None, lambda row: "Ready for" in str(row["Title"])),
            column_again("Decision_Log", "Identified by", None, lambda row: "Ready for" in str(row["Title"])),
        ),
        ("PM2-ISS-11", "PM2-ISS-12", "PM2-MON-05"),
    ),
    Kind("a plan lists no references", "WILLOW", ("PM2-DOC-06",), emptied("Transition_Plan", "References and Related Documents")),
    Kind("a status report is silent on cost", "LINDEN", ("PM2-EXE-08",), emptied("Status_Report_2026-04", "Cost")),
    Kind(
        "a review was held months later than planned",
        "WILLOW",
        ("PM2-QUA-07",),
        sheet("Quality_Register", "Planned Review Date", date(2025, 8, 29), lambda row: row["Review ID"] == "QR-1"),
    ),
    Kind("all lessons were written after the end", "WILLOW", ("PM2-CLO-04",), column("Lessons_Learned_Log", "Date", date(2026, 5, 27))),
    Kind(
        "a deliverable was accepted after the gate",
        "WILLOW",
        ("PM2-TRN-03",),
        reworded("Deliverables_Acceptance_Note_DEL-3", ("26 February 2026", "20 May 2026")),
        ("PM2-QUA-14",),
    ),
    Kind(
        "the core team came after the kick-off",
        "WILLOW",
        ("PM2-GOV-08",),
        reworded("Project_Handbook", ("30 June 2025", "28 July 2025")),
    ),
    Kind("a decision in the minutes has nobody", "LINDEN", ("PM2-COM-07",), cell("MoM_Executing_Kick-off", "D-01", 2, "")),
    Kind(
        "an order was never accepted",
        "WILLOW",
        ("PM2-CLO-13",),
        sheet("Contract_Register", "Accepted on", None, lambda r: r["Type"] == "Order"),
    ),
    Kind(
        "the manager approved the acceptance plan alone",
        "WILLOW",
        ("PM2-QUA-19",),
        both(
            cell("Deliverables_Acceptance_Plan", "Project Steering Committee (PSC)", 0, "David Roos"),
            reworded("Deliverables_Acceptance_Plan", ("Project Steering Committee (PSC)", "Project Manager")),
        ),
        ("PM2-QUA-12", "PM2-PLA-16"),
    ),
    Kind(
        "a plan is not named by the convention",
        "WILLOW",
        ("PM2-CFG-02",),
        renamed("Issue_Management_Plan", lambda _: "our issues, how we treat them.docx"),
        ("PM2-CFG-10", "PM2-CFG-04"),
    ),
    Kind("a plan lies outside the agreed folders", "WILLOW", ("PM2-CFG-03",), moved("Communications_Management_Plan", "Drafts of Carla")),
    Kind(
        "the plan was not touched after a change",
        "WILLOW",
        ("PM2-SCH-04",),
        entry(
            "Change_Log",
            {
                "ID": "C-02",
                "Title": "Permits for visitors",
                "Submission Date": date(2026, 5, 11),
                "Decision Date": date(2026, 5, 20),
                "Target Delivery Date": date(2026, 6, 5),
                "Actual Delivery Date": date(2026, 6, 4),
            },
        ),
        apart=True,  # whoever edits the plan touches it
    ),
)
