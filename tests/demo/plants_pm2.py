"""Kinds of planted defects for the requirements of PM². Each was derived from the clause's text, not from the rule."""

import os
import re
import zipfile
from collections.abc import Callable
from datetime import date
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
    gone,
    paragraph,
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
        ("PM2-PLA-02", "PM2-STK-02", "PM2-GOV-02"),
        apart=True,
    ),
    Kind("owner and provider are one", "LINDEN", ("PM2-GOV-04",), everywhere("Dario Conti", "Iris Falk"), apart=True),
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
        ("PM2-GOV-19",),
        gone("MoM_Project_Steering.*2026-04", *(f"Status_Report_2026-0{month}" for month in (3, 4, 5))),
        ("PM2-EXE-07", "PM2-CST-02", "PM2-MON-01", "PM2-MON-04", "PM2-RSK-12", "PM2-GOV-20"),
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
    Kind("the risk log is empty", "LINDEN", ("PM2-RSK-01", "PM2-INI-21"), no_rows("Risk_Log"), ("PM2-RSK-15", "PM2-EXE-09")),
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
)
