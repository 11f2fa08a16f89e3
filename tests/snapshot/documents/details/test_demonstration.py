"""The demonstration's documents, as real files in three languages: read to the last row."""

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest
from details_notation import read

from auditor.demo.documents import files_of
from auditor.demo.portfolio import stories
from auditor.demo.write import write_file
from auditor.snapshot.documents.details import DetailsRead
from auditor_connectors.documents import structure

CONTROL = {
    "title",
    "version_on_cover",
    "date_on_cover",
    "author_id",
    "owner_id",
    "sensitivity",
    "version_in_history",
    "approved_on",
    "approved_by",
}


def _read(folder: Path, project: str, part: str, kind: str, language: str) -> DetailsRead:
    story = next(story for story in stories() if story.id == project)
    file = next(file for file in files_of(story) if part in file.path)
    return read(structure(write_file(folder, file)), kind=kind, language=language, path=file.path)


@pytest.mark.parametrize(
    ("project", "part", "language"),
    [("FJORD", "Project_Charter", "en"), ("CEDRE", "Charte_de_projet", "fr"), ("EICHE", "Projektauftrag", "de")],
)
def test_a_charter(tmp_path: Path, project: str, part: str, language: str) -> None:
    """Control block, approvers, history, roles, milestones and deliverables, whatever the language."""
    found = _read(tmp_path, project, part, "project_charter", language)
    assert found.artefact_filled == CONTROL
    assert set(found.artefact) == CONTROL
    assert found.artefact["version_on_cover"] == found.artefact["version_in_history"] == "1.0"
    assert found.looked_for == frozenset()
    kinds = Counter(str(row.values["kind"]) for row in found.found if row.table == "listed_item")
    assert kinds == {"role_assignment": 4, "reference": 2, "deliverable": 3, "milestone": 4}
    assert Counter(row.table for row in found.found) == Counter(
        {"project": 1, "approval": 2, "artefact_version": 3, "role": 4, "listed_item": 13, "project_parameter": 1}
    )
    assert {row.values["role"] for row in found.found if row.table == "role"} == {
        "project_owner",
        "solution_provider",
        "business_manager",
        "project_manager",
    }


def test_a_handbook_without_control_block(tmp_path: Path) -> None:
    """What a whole document has no place for was looked for; approvers and history are still read."""
    found = _read(tmp_path, "GROVE", "Project_Handbook", "project_handbook", "en")
    assert found.looked_for == {"version_on_cover", "date_on_cover", "author_id", "owner_id", "sensitivity"}
    assert found.artefact["version_in_history"] == "1.0"
    parameters = {row.values["name"]: row.values["value"] for row in found.found if row.table == "project_parameter"}
    assert parameters == {
        "escalation_threshold": "15",
        "risk_level_of_committee": "15",
        "risk_review_days": "30",
        "issue_review_days": "7",
        "status_report_interval": "30",
        "steering_interval": "60",
    }


def test_minutes(tmp_path: Path) -> None:
    """Meeting, attendance, the decision and the action."""
    found = _read(tmp_path, "FJORD", "MoM_Planning", "minutes_of_meeting", "en")
    meeting = next(row for row in found.found if row.table == "meeting")
    assert meeting.values["kind"] == "planning_kick_off"
    assert meeting.values["held_on"] == dt.date(2025, 7, 7)
    assert meeting.values["minutes_sent_on"] == dt.date(2025, 7, 8)
    tables = Counter(row.table for row in found.found)
    assert (tables["attendance"], tables["action"], tables["listed_item"], tables["distribution"]) == (7, 1, 1, 7)


@pytest.mark.parametrize("ending", ["docx", "pdf"])
def test_a_status_report_in_either_format(tmp_path: Path, ending: str) -> None:
    """Period, day, light and figures of a report, also from a PDF."""
    story = next(story for story in stories() if story.id == "FJORD")
    file = next(file for file in files_of(story) if "Project_Status_Report" in file.path and file.path.endswith(ending))
    found = read(structure(write_file(tmp_path, file)), kind="project_status_report", language="en", path=file.path)
    report = next(row for row in found.found if row.table == "report")
    assert report.values["issued_on"] == report.values["period_to_on"] == file.on
    assert (report.values["rag"], report.values["summary_rag"]) == ("green", "green")
    figures = {row.values["name"]: row.values["value"] for row in found.found if row.values.get("kind") == "figure"}
    assert {"open_risks", "open_issues", "budget", "spent", "forecast_cost", "baseline_end", "forecast_end"} <= figures.keys()
    assert figures["budget"] == "480000"


def test_a_checklist(tmp_path: Path) -> None:
    """The review that a phase-exit checklist records."""
    found = _read(tmp_path, "FJORD", "Phase-Exit_Review_Checklist_Planning", "phase_exit_review_checklist", "en")
    (review,) = (row for row in found.found if row.table == "review")
    assert (review.values["kind"], review.values["subject"], review.values["result"]) == ("phase_exit", "rfe", "passed")
    assert isinstance(review.values["held_on"], dt.date)
