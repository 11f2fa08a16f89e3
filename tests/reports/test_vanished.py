"""What the sources do not show any more is named: it is counted by no rule, and nobody has to wonder where it went."""

from pathlib import Path

import openpyxl

from auditor.reports.html import file_names
from auditor.reports.model import AuditReport
from auditor.reports.workbook import write_workbook
from tests.reports.conftest import HOSTILE, PROJECTS


def test_rows_that_vanished_are_named_once(report: AuditReport) -> None:
    """A document, not what stood in it; an entry, not its work item; what has the same number elsewhere is something else."""
    told = {(item.project, item.source, item.table): (item.count, item.named[:2]) for item in report.vanished}
    assert told == {
        ("ALPINE", "tracker", "artefact"): (1, [HOSTILE]),
        ("ALPINE", "tracker", "issue"): (1, ["17 Another with that number"]),
        ("ALPINE", "tracker", "risk"): (1, ["17 Supplier late"]),
        ("ALPINE", "tracker", "work_item"): (120, ["A-100 Work", "A-101 Work"]),
    }
    assert {len(item.named) for item in report.vanished} == {1, 100}


def test_pages_name_them(pages: Path) -> None:
    """The project's page names them, that of the portfolio counts them."""
    page = (pages / "projects" / f"{file_names([key for key, _ in sorted(PROJECTS)])['ALPINE']}.html").read_text("utf-8")
    assert "What the sources do not show any more" in page
    assert "17 Supplier late" in page
    assert "and 20 more" in page
    assert "<script>alert(1)" not in page
    assert "123 rows that the sources do not show any more" in (pages / "index.html").read_text("utf-8")
    other = (pages / "projects" / f"{file_names([key for key, _ in sorted(PROJECTS)])['empty']}.html").read_text("utf-8")
    assert "do not show any more" not in other


def test_the_workbook_lists_them(report: AuditReport, tmp_path: Path) -> None:
    """A line each, up to what is named, then how many more; as text."""
    sheet = openpyxl.load_workbook(write_workbook(report, tmp_path / "report.xlsx"))["Vanished"]
    rows = [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=2)]
    assert ("Alpine Portal", "tracker", "risk", "17 Supplier late") in rows
    assert ("Alpine Portal", "tracker", "work_item", "and 20 more") in rows
    assert len(rows) == 3 + 100 + 1
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row} == {"s"}
