"""Plants a defect into the files of a flawless project: edits a Word document, a sheet, an export or a page of the tracker.

Every kind says which clauses it breaks; which entry is hit is drawn. Files are edited as people edit them, nothing else is touched.
"""

import json
import os
import re
import shutil
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

from docx import Document
from openpyxl import load_workbook

from auditor.demo.story import AS_OF


@dataclass(frozen=True)
class Place:
    """Where a project lies: the whole portfolio's folder, and its id.

    *taken* are the rows of sheets that were edited already: two defects in one row could hide each other.
    """

    folder: Path
    project: str
    taken: set[tuple[str, str]] = field(default_factory=set)

    def row(self, path: Path, rows: dict[int, str], rng: Random) -> int:
        """Draw one of *rows* (number → the row's id) that was not taken, and take it."""
        free = [number for number, name in sorted(rows.items()) if not {(path.name, name), (path.name, "")} & self.taken]
        if not free:
            message = f"no row of {path.name} fits that was not edited already"
            raise LookupError(message)
        number = rng.choice(free)
        self.taken.add((path.name, rows[number]))
        return number

    def whole(self, path: Path) -> None:
        """Take all rows of a sheet."""
        if any(name == path.name for name, _ in self.taken):
            message = f"rows of {path.name} were edited already"
            raise LookupError(message)
        self.taken.add((path.name, ""))

    def file(self, pattern: str, rng: Random | None = None) -> Path:
        """Return the (first or drawn) document whose path matches."""
        root = self.folder / "Projects" / self.project
        found = sorted(path for path in root.rglob("*") if path.is_file() and re.search(pattern, str(path.relative_to(root))))
        if not found:
            message = f"no file matches {pattern}"
            raise LookupError(message)
        return rng.choice(found) if rng else found[0]


Edit = Callable[[Place, Random], str]


@dataclass(frozen=True)
class Kind:
    """A kind of defect: in which project, which clauses it breaks (each has to be found), and the edit.

    *also* are clauses that the same edit breaks besides. *apart*: it gets a copy of its own, since what others edit would hide it.
    """

    name: str
    project: str
    breaks: tuple[str, ...]
    edit: Edit
    also: tuple[str, ...] = ()
    apart: bool = False

    @property
    def clauses(self) -> frozenset[str]:
        """All that may be found because of it."""
        return frozenset((*self.breaks, *self.also))


# -- sheets ------------------------------------------------------------------------------------------------------------------------------


def head_of(page: Any) -> tuple[int, dict[str, int]]:
    """Return the number of the row of a sheet that holds its headers, and header → number of its column."""
    top = next(row for row in range(1, 6) if sum(cell.value is not None for cell in page[row]) > 2)
    return top, {str(cell.value): cell.column for cell in page[top] if cell.value is not None}


def _name(row: dict[str, Any]) -> str:
    return next((str(value) for value in row.values() if value is not None), "")


def sheet(pattern: str, column: str, value: Any, where: Callable[[dict[str, Any]], bool] = lambda _: True) -> Edit:
    """Return an edit that sets *column* of a drawn row; *value* may be a function of the row (header → value)."""

    def edit(place: Place, rng: Random) -> str:
        path = place.file(pattern)
        book = load_workbook(path)
        page = book.worksheets[0]
        top, header = head_of(page)
        rows = {}
        for number in range(top + 1, page.max_row + 1):
            row = {name: page.cell(number, at).value for name, at in header.items()}
            if any(cell is not None for cell in row.values()) and where(row):
                rows[number] = row
        number = place.row(path, {at: _name(row) for at, row in rows.items()}, rng)
        new = value(rows[number]) if callable(value) else value
        page.cell(number, header[column]).value = new
        book.save(path)
        return f"{path.name}: {column} of row {number} is {new!r}"

    return edit


def dropped_row(pattern: str, where: Callable[[dict[str, Any]], bool]) -> Edit:
    """Return an edit that deletes a drawn row."""

    def edit(place: Place, rng: Random) -> str:
        path = place.file(pattern)
        book = load_workbook(path)
        page = book.worksheets[0]
        top, header = head_of(page)
        rows = {n: {h: page.cell(n, c).value for h, c in header.items()} for n in range(top + 1, page.max_row + 1)}
        number = place.row(path, {at: _name(row) for at, row in rows.items() if where(row)}, rng)
        page.delete_rows(number)
        book.save(path)
        return f"{path.name}: row {number} is gone"

    return edit


def dropped_rows(pattern: str, where: Callable[[dict[str, Any]], bool]) -> Edit:
    """Return an edit that deletes all rows of a sheet that fit."""

    def edit(place: Place, _: Random) -> str:
        path = place.file(pattern)
        book = load_workbook(path)
        page = book.worksheets[0]
        top, header = head_of(page)
        rows = {n: {h: page.cell(n, c).value for h, c in header.items()} for n in range(top + 1, page.max_row + 1)}
        fit = [n for n, row in rows.items() if any(value is not None for value in row.values()) and where(row)]
        if not fit:
            message = f"no row of {path.name} fits"
            raise LookupError(message)
        for number in reversed(fit):
            page.delete_rows(number)
        saved(path, book)
        return f"{path.name}: {len(fit)} rows are gone"

    return edit


# -- Word --------------------------------------------------------------------------------------------------------------------------------


def cell(pattern: str, label: str, column: int, value: str, *, drawn: bool = False) -> Edit:
    """Return an edit that sets the cell in *column* of the table row in which *label* stands in the first or second cell."""

    def edit(place: Place, rng: Random) -> str:
        path = place.file(pattern, rng if drawn else None)
        document = Document(str(path))
        rows = [row for table in document.tables for row in table.rows if label in [one.text for one in row.cells[:2]]]
        rows = [row for row in rows if len(row.cells) > column]
        row = rows[0]
        row.cells[column].text = value
        document.save(str(path))
        return f"{path.name}: {label} is {value!r}"

    return edit


def both(*edits: Edit) -> Edit:
    """Return an edit that does all of *edits*."""

    def edit(place: Place, rng: Random) -> str:
        return ", ".join(one(place, rng) for one in edits)

    return edit


def paragraph(pattern: str, text: str, *, drawn: bool = False) -> Edit:
    """Return an edit that adds a paragraph."""

    def edit(place: Place, rng: Random) -> str:
        path = place.file(pattern, rng if drawn else None)
        document = Document(str(path))
        document.add_paragraph(text)
        document.save(str(path))
        return f"{path.name}: {text}"

    return edit


def without_table(pattern: str, header: str) -> Edit:
    """Return an edit that removes the table with *header* in its first row."""

    def edit(place: Place, _: Random) -> str:
        path = place.file(pattern)
        document = Document(str(path))
        table = next(table for table in document.tables if header in [one.text for one in table.rows[0].cells])
        table._tbl.getparent().remove(table._tbl)
        document.save(str(path))
        return f"{path.name}: without the table {header}"

    return edit


def saved(path: Path, what: Any) -> None:
    """Save a document or a book, and leave the file's day as it was: the edit was made then."""
    stamp = path.stat().st_mtime
    what.save(str(path))
    if path.suffix == ".xlsx":
        _backdate(path, datetime.fromtimestamp(stamp, tz=UTC))
    os.utime(path, (stamp, stamp))


def _backdate(path: Path, moment: datetime) -> None:
    """Write into a book when it was changed: the library that saves it says now."""
    with zipfile.ZipFile(path) as source:
        members = [(item, source.read(item)) for item in source.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        said = rb"\g<1>" + f"{moment:%Y-%m-%dT%H:%M:%SZ}".encode()
        for item, content in members:
            is_said = item.filename == "docProps/core.xml"
            target.writestr(item, re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", said, content) if is_said else content)


def reworded(pattern: str, *pairs: tuple[str, str], drawn: bool = False) -> Edit:
    """Return an edit that replaces texts wherever they stand in paragraphs and tables: (old, new)."""

    def edit(place: Place, rng: Random) -> str:
        path = place.file(pattern, rng if drawn else None)
        document = Document(str(path))
        lines = [*document.paragraphs, *(p for t in document.tables for row in t.rows for one in row.cells for p in one.paragraphs)]
        for old, new in pairs:
            hits = [one for one in lines if old in one.text]
            if not hits:
                message = f"{path.name} does not say {old!r}"
                raise LookupError(message)
            for one in hits:
                one.text = one.text.replace(old, new)
        saved(path, document)
        return f"{path.name}: {pairs}"

    return edit


def without_section(pattern: str, heading: str, *, drawn: bool = False) -> Edit:
    """Return an edit that removes a heading with all that stands below it."""

    def edit(place: Place, rng: Random) -> str:
        path = place.file(pattern, rng if drawn else None)
        document = Document(str(path))
        at = next(p for p in document.paragraphs if p.style and p.style.name.startswith("Heading") and p.text.endswith(heading))
        levels = {p._p: int(p.style.name[-1]) for p in document.paragraphs if p.style and p.style.name.startswith("Heading")}
        body = list(document.element.body)
        for block in body[body.index(at._p) :]:
            if block is not at._p and (levels.get(block, 9) <= levels[at._p] or block.tag.endswith("sectPr")):
                break
            block.getparent().remove(block)
        saved(path, document)
        return f"{path.name}: without the section {heading}"

    return edit


def without_row(pattern: str, *labels: str) -> Edit:
    """Return an edit that removes the rows of Word tables that have a cell with one of *labels*."""

    def edit(place: Place, _: Random) -> str:
        path = place.file(pattern)
        document = Document(str(path))
        rows = [row for table in document.tables for row in table.rows if {one.text for one in row.cells} & set(labels)]
        if not rows:
            message = f"{path.name} has no row {labels}"
            raise LookupError(message)
        for row in rows:
            row._tr.getparent().remove(row._tr)
        saved(path, document)
        return f"{path.name}: without the rows {labels}"

    return edit


def added_row(pattern: str, header: str, values: Sequence[str]) -> Edit:
    """Return an edit that adds a row to the Word table with *header* in its first row."""

    def edit(place: Place, _: Random) -> str:
        path = place.file(pattern)
        document = Document(str(path))
        table = next(table for table in document.tables if header in [one.text for one in table.rows[0].cells])
        for one, value in zip(table.add_row().cells, values, strict=True):
            one.text = value
        saved(path, document)
        return f"{path.name}: a row more, {values}"

    return edit


def filled(pattern: str, values: Mapping[str, Any], where: Callable[[dict[str, Any]], bool] = lambda _: True) -> Edit:
    """Return an edit that sets several columns of a drawn row of a sheet; a value may be a function of the row."""

    def edit(place: Place, rng: Random) -> str:
        path = place.file(pattern)
        book = load_workbook(path)
        page = book.worksheets[0]
        top, header = head_of(page)
        rows = {n: {name: page.cell(n, at).value for name, at in header.items()} for n in range(top + 1, page.max_row + 1)}
        rows = {n: row for n, row in rows.items() if any(value is not None for value in row.values()) and where(row)}
        number = place.row(path, {n: _name(row) for n, row in rows.items()}, rng)
        new = {name: value(rows[number]) if callable(value) else value for name, value in values.items()}
        for name, value in new.items():
            page.cell(number, header[name]).value = value
        saved(path, book)
        return f"{path.name}: row {number} says {new}"

    return edit


def entry(pattern: str, changes: Mapping[str, Any], where: Callable[[dict[str, Any]], bool] = lambda _: True) -> Edit:
    """Return an edit that adds a row to a sheet: a copy of a drawn one with *changes*."""

    def edit(place: Place, rng: Random) -> str:
        path = place.file(pattern)
        book = load_workbook(path)
        page = book.worksheets[0]
        top, header = head_of(page)
        rows = [{name: page.cell(number, at).value for name, at in header.items()} for number in range(top + 1, page.max_row + 1)]
        row = rng.choice([row for row in rows if any(value is not None for value in row.values()) and where(row)]) | dict(changes)
        number = page.max_row + 1
        for name, at in header.items():
            page.cell(number, at).value = row[name]
            page.cell(number, at).number_format = page.cell(top + 1, at).number_format
        saved(path, book)
        return f"{path.name}: an entry more, {changes}"

    return edit


def column(pattern: str, name: str, value: Any, where: Callable[[dict[str, Any]], bool] = lambda _: True) -> Edit:
    """Return an edit that sets a column in all rows of a sheet that fit; *value* may be a function of the row."""

    def edit(place: Place, _: Random) -> str:
        path = place.file(pattern)
        place.whole(path)
        book = load_workbook(path)
        page = book.worksheets[0]
        top, header = head_of(page)
        for number in range(top + 1, page.max_row + 1):
            row = {one: page.cell(number, at).value for one, at in header.items()}
            if any(cell is not None for cell in row.values()) and where(row):
                page.cell(number, header[name]).value = value(row) if callable(value) else value
        saved(path, book)
        return f"{path.name}: {name} of all"

    return edit


def taken_over(pattern: str, name: str, *pairs: tuple[str, str]) -> Edit:
    """Return an edit that saves a Word document under another name beside it, reworded; `PROJECT` in the name is the project's id."""

    def edit(place: Place, rng: Random) -> str:
        path = place.file(pattern)
        target = path.with_name(name.replace("PROJECT", place.project))
        shutil.copy2(path, target)
        reworded(re.escape(target.name), *pairs)(place, rng)
        return f"{target.name} was made from {path.name}"

    return edit


# -- files, exports, tracker -------------------------------------------------------------------------------------------------------------


def gone(*patterns: str) -> Edit:
    """Return an edit that deletes the files."""

    def edit(place: Place, _: Random) -> str:
        paths = [place.file(pattern) for pattern in patterns]
        for path in paths:
            path.unlink()
            if not any(path.parent.iterdir()):
                path.parent.rmdir()
        return f"without {', '.join(path.name for path in paths)}"

    return edit


def renamed(pattern: str, new: Callable[[str], str], times: int = 1) -> Edit:
    """Return an edit that renames a file, or several."""

    def edit(place: Place, rng: Random) -> str:
        done = []
        for _ in range(times):
            path = place.file(pattern, rng)
            path.rename(path.with_name(new(path.name)))
            done.append(f"{path.name} is {new(path.name)}")
        return ", ".join(done)

    return edit


def copied(pattern: str, folder: str) -> Edit:
    """Return an edit that puts a copy of a file into another folder."""

    def edit(place: Place, rng: Random) -> str:
        path = place.file(pattern, rng)
        target = path.parent.parent / folder / path.name
        target.write_bytes(path.read_bytes())
        return f"{path.name} lies in {folder} too"

    return edit


def moved(pattern: str, folder: str) -> Edit:
    """Return an edit that puts a file into another folder beside its own."""

    def edit(place: Place, rng: Random) -> str:
        path = place.file(pattern, rng)
        target = path.parent.parent / folder / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        path.rename(target)
        return f"{path.name} lies in {folder}"

    return edit


def aged(pattern: str, day: date) -> Edit:
    """Return an edit that sets the day on which a file was written last."""

    def edit(place: Place, _: Random) -> str:
        path = place.file(pattern)
        moment = datetime.combine(day, time(12), tzinfo=UTC)
        if path.suffix == ".xlsx":
            _backdate(path, moment)
        os.utime(path, (moment.timestamp(), moment.timestamp()))
        return f"{path.name} was not written since {day}"

    return edit


def without_lines(name: str, *texts: str) -> Edit:
    """Return an edit that removes lines of an export: the project's with one of *texts*."""

    def edit(place: Place, _: Random) -> str:
        path = place.folder / "exports" / name
        lines = path.read_text("utf-8").splitlines()
        kept = [one for one in lines if not (one.startswith(f"{place.project},") and any(text in one for text in texts))]
        if len(kept) == len(lines):
            message = f"{name} has no line with {texts}"
            raise LookupError(message)
        path.write_text("\n".join(kept) + "\n", "utf-8")
        return f"{path.name}: without {texts}"

    return edit


def line(name: str, old: str, new: str) -> Edit:
    """Return an edit that replaces a text of an export."""

    def edit(place: Place, _: Random) -> str:
        path = place.folder / "exports" / name
        lines = path.read_text("utf-8").splitlines()
        at = next(number for number, text in enumerate(lines) if text.startswith(f"{place.project},") and old in text)
        lines[at] = lines[at].replace(old, new)
        path.write_text("\n".join(lines) + "\n", "utf-8")
        return f"{path.name}: {old} is {new}"

    return edit


def ticket(change: Callable[[dict[str, Any]], None], where: Callable[[dict[str, Any]], bool]) -> Edit:
    """Return an edit of a drawn issue of the tracker's page."""

    def edit(place: Place, rng: Random) -> str:
        path = place.folder / "jira-pages" / f"{place.project}.json"
        page = json.loads(path.read_text("utf-8"))
        issue = rng.choice([issue for issue in page["issues"] if where(issue)])
        change(issue["fields"])
        path.write_text(json.dumps(page, indent=1, ensure_ascii=False), "utf-8")
        return f"{issue['key']} was edited"

    return edit


def _status(issue: dict[str, Any], *names: str) -> bool:
    return issue["fields"]["status"]["name"] in names and issue["fields"]["issuetype"]["name"] != "Epic"


_OPEN_RISK: Callable[[dict[str, Any]], bool] = lambda row: row.get("Status") == "Approved"  # noqa: E731
_ACTIVE: Callable[[dict[str, Any]], bool] = lambda row: row.get("Status") == "Active" and row.get("Risk type") == "Threat"  # noqa: E731
_PAST = AS_OF - timedelta(days=45)

KINDS = (
    # PM²
    Kind("a risk loses its owner", "LINDEN", ("PM2-RSK-07",), sheet("Risk_Log", "Risk Owner", None, _OPEN_RISK)),
    Kind("a risk loses its likelihood", "LINDEN", ("PM2-RSK-04",), sheet("Risk_Log", "Likelihood", None, _OPEN_RISK), ("PM2-RSK-05",)),
    Kind("a level is wrong", "LINDEN", ("PM2-RSK-05",), sheet("Risk_Log", "Risk Level", lambda row: row["Risk Level"] + 2, _OPEN_RISK)),
    Kind(
        "an action of a risk is overdue",
        "LINDEN",
        ("PM2-RSK-14",),
        sheet("Risk_Log", "Target Date", _PAST, lambda row: row.get("Status") == "Approved" and row.get("Target Date") is not None),
    ),
    Kind("a risk loses its category", "LINDEN", ("PM2-RSK-02",), sheet("Risk_Log", "Category", None)),
    Kind(
        "an open issue loses its owner", "LINDEN", ("PM2-ISS-04",), sheet("Issue_Log", "Issue Owner", None, lambda r: r["Status"] == "Open")
    ),
    Kind("an open issue is overdue", "LINDEN", ("PM2-ISS-05",), sheet("Issue_Log", "Target Date", _PAST, lambda r: r["Status"] == "Open")),
    Kind("an issue loses its day", "LINDEN", ("PM2-ISS-02",), sheet("Issue_Log", "Identification Date", None)),
    Kind("nobody decided a change", "LINDEN", ("PM2-CHG-06",), sheet("Change_Log", "Decided by", None), ("PM2-CHG-07",)),
    Kind("nobody asked for a change", "LINDEN", ("PM2-CHG-02",), sheet("Change_Log", "Requested by", None), ("PM2-CHG-10",)),
    Kind(
        "a change was decided before it was asked for",
        "LINDEN",
        ("PM2-CHG-11",),
        sheet("Change_Log", "Decision Date", lambda row: row["Submission Date"] - timedelta(days=4)),
    ),
    Kind(
        "a decision applies before it was taken",
        "LINDEN",
        ("PM2-ISS-14",),
        sheet("Decision_Log", "Date of Application", lambda row: row["Decision Date"] - timedelta(days=9)),
    ),
    Kind("a requirement loses its criterion", "LINDEN", ("PM2-REQ-03",), sheet("Requirements_Document", "Acceptance Criteria", None)),
    Kind("a requirement loses its source", "LINDEN", ("PM2-REQ-04",), sheet("Requirements_Document", "Source", None)),
    Kind(
        "the handbook is gone",
        "LINDEN",
        ("PM2-PLA-04",),
        gone("Project_Handbook"),
        ("PM2-GOV-17", "PM2-PLA-05", "PM2-PLA-06", "PM2-PLA-07"),
        apart=True,
    ),
    Kind(
        "guidance is left in a plan",
        "LINDEN",
        ("PM2-DOC-05",),
        paragraph("2_Planning/[^/]*_Plan[.][^/]*docx", "<Describe the process here>", drawn=True),
    ),
    Kind(
        "the quality plan is a draft by its number",
        "LINDEN",
        ("PM2-CFG-04",),
        cell("Quality_Management_Plan", "Document Version", 1, "0.4"),
        ("PM2-CFG-10",),
    ),
    Kind(
        "the committee was chaired by the manager",
        "LINDEN",
        ("PM2-GOV-03",),
        cell("MoM_Project_Steering", "Meeting Chair", 1, "Niko Brandt"),
    ),
    Kind(
        "an action of the committee has nobody",
        "LINDEN",
        ("PM2-MON-07",),
        cell("MoM_Project_Steering.*2026-06", "A1", 2, ""),
        ("PM2-COM-07",),
    ),
    Kind(
        "two reports are gone",
        "LINDEN",
        ("PM2-EXE-07", "PM2-AGL-07"),
        gone("Status_Report_2026-04", "Status_Report_2026-05"),
        ("PM2-CST-02", "PM2-MON-01", "PM2-MON-04"),
    ),
    Kind(
        "nobody works on what is in progress",
        "LINDEN",
        ("PM2-EXE-05",),
        ticket(lambda fields: fields.update(assignee=None), lambda issue: _status(issue, "In Progress", "In Review", "Approved")),
    ),
    Kind("the handbook has no control block", "LINDEN", ("PM2-DOC-01",), without_table("Project_Handbook", "Settings"), ("PM2-CFG-10",)),
    Kind(
        "a decision is gone from the log",
        "LINDEN",
        ("PM2-MON-05",),
        dropped_row("Decision_Log", lambda row: "Ready for Executing" in str(row["Title"])),
        ("PM2-GOV-10",),
        apart=True,  # what is asked of a gate is not asked without it
    ),
    # PRINCE2
    Kind("a risk loses its owner (PRINCE2)", "NIMBUS", ("P2-RSK-04",), sheet("Risk Register", "Risk owner", None, _ACTIVE)),
    Kind("a risk loses its actionee", "NIMBUS", ("P2-RSK-05",), sheet("Risk Register", "Risk actionee", None, _ACTIVE)),
    Kind("the residual rating is higher", "NIMBUS", ("P2-RSK-07",), sheet("Risk Register", "Residual probability", 5, _ACTIVE)),
    Kind(
        "a risk was not reviewed",
        "NIMBUS",
        ("P2-RSK-09",),
        sheet("Risk Register", "Last reviewed", date(2026, 2, 20), _ACTIVE),
        ("P2-SB-03",),
    ),
    # Both documents list the benefit; whoever one of them names answers for it.
    Kind(
        "nobody answers for a benefit",
        "NIMBUS",
        ("P2-BC-05",),
        both(cell("Initiation/Business Case", "B-02", 5, ""), cell("Benefits Management Approach", "B-02", 5, "")),
        ("P2-CP-07", "P2-BC-11"),
    ),
    Kind("two highlight reports are gone", "NIMBUS", ("P2-PRG-03",), gone("Highlight Report 2026-03", "Highlight Report 2026-04")),
    Kind(
        "work began before it was authorised",
        "NIMBUS",
        ("P2-CS-01",),
        sheet(
            "Work Packages", "Started on", lambda row: row["Authorised on"] - timedelta(days=6), lambda row: row["Started on"] is not None
        ),
        ("P2-CS-05",),
    ),
    Kind(
        "the plan of stage 3 was approved late",
        "NIMBUS",
        ("P2-PLA-03",),
        cell("Stage Plan 3", "Olivia Hart", 4, "2 June 2026"),
        ("P2-PRI-09", "P2-SB-05"),
    ),
    Kind("a lesson loses its owner", "NIMBUS", ("P2-PRI-06",), sheet("Lessons Log", "Owner", None)),
    Kind(
        "an issue was decided by nobody",
        "NIMBUS",
        ("P2-CHG-06",),
        sheet("Issue Register", "Decided by", None, lambda row: row["Decision"] is not None),
        ("P2-CHG-07",),
    ),
    Kind("an issue has a type that is none", "NIMBUS", ("P2-CHG-04",), sheet("Issue Register", "Issue type", "Idea")),
    Kind(
        "the risk approach is gone",
        "NIMBUS",
        ("P2-IP-02",),
        gone("Risk Management Approach"),
        ("P2-RSK-01", "P2-TLR-01"),
    ),
    # the organisation
    Kind("a risk has nobody", "RIVER", ("ORG-RAID-01",), sheet("Risk-Register", "Risk Owner", None)),
    Kind(
        "a closed issue has no resolution",
        "RIVER",
        ("ORG-RAID-06",),
        sheet("Issue-Register", "Resolution", None, lambda r: r["Status"] == "Closed"),
    ),
    Kind("a risk was not reviewed (house)", "RIVER", ("ORG-RAID-02",), sheet("Risk-Register", "Last reviewed", date(2026, 3, 2))),
    Kind("an action is overdue", "RIVER", ("ORG-MTG-03",), sheet("Action-Log", "Due date", _PAST, lambda row: row["Status"] == "Open")),
    Kind("a decision has no reason", "RIVER", ("ORG-MTG-06",), sheet("Decision-Log", "Rationale", None)),
    Kind(
        "who asked decided",
        "RIVER",
        ("ORG-SOD-01",),
        sheet("Change-Log", "Decided by", lambda row: row["Requested by"]),
        ("ORG-SOD-06", "ORG-DFA-03"),
    ),
    Kind(
        "a file is called final",
        "RIVER",
        ("ORG-NAM-03",),
        renamed(r"02 Plans/.*docx", lambda n: n.replace("-Plan_v1.0", "-Plan-final_v1.0")),
    ),
    # One of twenty may wait for its next version by the standard: two files.
    Kind(
        "names are not by the pattern",
        "RIVER",
        ("ORG-NAM-01",),
        renamed(r"0[24] .*/[A-Z0-9]+_[^/]*docx", lambda n: "our " + n.partition("_")[2], times=2),
    ),
    Kind(
        "a folder is gone",
        "RIVER",
        ("ORG-FOL-01",),
        gone(*(f"08 Procurement/.*{name}" for name in ("Supplier", "Conflict", "Award", "Opening"))),
    ),
    Kind("a plan lies in two folders", "RIVER", ("ORG-FOL-03",), copied(r"02 Plans/.*(Risk|Quality)-Plan", "05 Products"), ("ORG-FOL-02",)),
    Kind("minutes were late", "RIVER", ("ORG-MTG-01",), cell("Board-Minutes-2026-03", "Minutes Issue Date", 1, "30 April 2026")),
    Kind("the board did not meet", "RIVER", ("ORG-MTG-04",), gone("Board-Minutes-2026-03")),
    Kind("two status reports are gone", "RIVER", ("ORG-REP-01",), gone("Status-Report-2026-03", "Status-Report-2026-04")),
    Kind("the manager ordered too much", "RIVER", ("ORG-DFA-01",), line("agreements.csv", ",2400,2400,Cleo Marr", ",8800,8800,Cleo Marr")),
    Kind("an invoice has no line of the budget", "RIVER", ("ORG-FIN-06",), line("agreements.csv", ",Paper,B2,", ",Paper,,")),
    Kind("a reserve was drawn by nobody", "RIVER", ("ORG-FIN-05",), line("amounts.csv", "2026-04-14,Alma Stern,R-02", "2026-04-14,,R-02")),
    Kind("the author approved", "RIVER", ("ORG-SOD-02",), cell("Quality-Plan", "Alma Stern", 0, "Dora Pohl"), ("ORG-SGN-01",)),
    Kind(
        "what is done has no resolution",
        "RIVER",
        ("ORG-JIR-03",),
        ticket(lambda fields: fields.update(resolution=None, resolutiondate=None), lambda issue: _status(issue, "Done")),
    ),
    Kind(
        "a summary says nothing",
        "RIVER",
        ("ORG-NAM-05",),
        ticket(lambda fields: fields.update(summary="tbd"), lambda issue: _status(issue, "To Do", "Done")),
    ),
)
