"""JSON keeps to its published schema; a workbook holds no formula."""

import json
from pathlib import Path

import jsonschema
import openpyxl
import pytest
from rich.console import Console

from auditor.reports.build import build_report
from auditor.reports.json_report import json_bytes, json_schema, published_schema, write_json
from auditor.reports.model import AuditReport
from auditor.reports.terminal import project_page, summary
from auditor.reports.workbook import write_workbook
from auditor.results.audit_result import AuditResult
from auditor.rulebook.profile import Profile
from auditor.snapshot.store import Snapshot


def test_the_published_schema_is_the_models() -> None:
    """`report.schema.json` is what the model says; a change of one is a change of the other."""
    assert published_schema() == json.loads(json.dumps(json_schema()))


def test_a_report_keeps_to_the_schema(report: AuditReport, tmp_path: Path) -> None:
    """What is written validates."""
    path = write_json(report, tmp_path / "audit.json")
    jsonschema.validate(json.loads(path.read_text("utf-8")), published_schema())


def test_the_same_result_gives_the_same_bytes(result: AuditResult, snapshot: Snapshot, profile: Profile, report: AuditReport) -> None:
    """Building and writing a report twice gives the same JSON, byte by byte."""
    assert json_bytes(build_report(result, snapshot, {"pm2": profile})) == json_bytes(report)


def test_a_workbook_holds_texts_only(report: AuditReport, tmp_path: Path) -> None:
    """No cell is a formula, whatever the sources hold; every finding has its row."""
    book = openpyxl.load_workbook(write_workbook(report, tmp_path / "findings.xlsx"))
    assert book.sheetnames == ["Findings", "Evidence", "Not assessed", "Scores", "Waivers", "Vanished", "Inputs"]
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    assert book["Findings"].max_row - 1 == sum(len(project.findings) for project in report.projects)


@pytest.mark.parametrize("width", [80, 140])
def test_the_terminal_shows_no_control_characters(report: AuditReport, width: int) -> None:
    """Texts of sources cannot move the cursor or turn the reading order."""
    console = Console(width=width, record=True, force_terminal=False)
    with console.capture() as captured:
        console.print(summary(report))
        console.print(project_page(report.projects[1]))
    text = captured.get()
    assert "ALPINE" in text
    assert all(letter.isprintable() or letter == "\n" for letter in text)
