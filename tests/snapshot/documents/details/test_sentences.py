"""Approvals, versions and control blocks that are told in sentences and lines of a box rather than in tables."""

import datetime as dt

import pytest
from details_notation import WORDS, document_of, read

from auditor.connect.document import Cell, Document, TableBlock, TextBlock
from auditor.connect.protocol import Parsed
from auditor.snapshot.documents.details import DetailsRead, read_details

MAY = dt.date(2026, 5, 3)


def approvals(
    text: str, kind: str | None = "quality_management_plan", language: str = "en"
) -> list[tuple[str, str, str | None, dt.date | None]]:
    found = read(f"% Quality Management Plan\n{text}\n# 1 Aim\nTo be good.", kind=kind, language=language).found
    return [
        (row.values["action"], row.values["person_id"], row.values.get("role"), row.values.get("decided_on"))
        for row in found
        if row.table == "approval"
    ]


@pytest.mark.parametrize(
    ("language", "line", "expected"),
    [
        ("en", "Ada Finch, Project Owner, approved this plan on 3 May 2026.", [("approve", "Ada Finch", "project_owner", MAY)]),
        ("en", "Approved by Ada Finch (Project Owner) and Jo Lake on 3 May 2026", [("approve", "Ada Finch", "project_owner", MAY), ("approve", "Jo Lake", None, MAY)]),
        ("en", "Baseline approved by Ada Finch with the PSC of 3 May 2026 (DE-05)", [("approve", "Ada Finch", None, MAY)]),
        ("en", "This plan was approved by the Steering Committee on 3 May 2026.", [("approve", "Steering Committee", "project_steering_committee", MAY)]),
        ("en", "The Town Executive Board approved this plan on 3 May 2026.", [("approve", "Town Executive Board", None, MAY)]),
        ("en", "Jo Lake and Ada Finch reviewed it on 3 May 2026.", [("review", "Jo Lake", None, MAY), ("review", "Ada Finch", None, MAY)]),
        ("de", "Dieser Plan wurde von Ada Finch am 3. Mai 2026 genehmigt.", [("approve", "Ada Finch", None, MAY)]),
        ("de", "Ada Finch genehmigte diesen Plan am 3. Mai 2026.", [("approve", "Ada Finch", None, MAY)]),
        ("de", "Ada Finch hat diesen Plan am 3. Mai 2026 genehmigt.", [("approve", "Ada Finch", None, MAY)]),
        ("fr", "Ada Finch a approuvé ce plan le 3 mai 2026.", [("approve", "Ada Finch", None, MAY)]),
        ("fr", "Approuvé par Ada Finch le 3 mai 2026", [("approve", "Ada Finch", None, MAY)]),
        ("es", "Ada Finch aprobó este plan el 3 de mayo de 2026.", [("approve", "Ada Finch", None, MAY)]),
        ("es", "Aprobado por Ada Finch el 3 de mayo de 2026", [("approve", "Ada Finch", None, MAY)]),
    ],
)  # fmt: skip
def test_a_sentence_says_who_approved(language: str, line: str, expected: list[tuple[str, str, str | None, dt.date | None]]) -> None:
    assert approvals(line, language=language) == expected


@pytest.mark.parametrize(
    "line",
    [
        "Ada Finch has not approved this plan on 3 May 2026.",
        "This plan will be approved by Ada Finch on 3 May 2026.",
        "The plan is to be approved by Ada Finch on 3 May 2026.",
        "Ada Finch approved the budget on 3 May 2026.",  # something else
        "The minutes were approved by Ada Finch on 3 May 2026.",
        "Approved by e-mail on 3 May 2026.",
        "Changes approved by Ada Finch on 3 May 2026 are listed below.",
        "Whoever is asked approved this plan on 3 May 2026.",
        "Dieser Plan wird von Ada Finch am 3. Mai 2026 genehmigt.",
        "Approved by the Project Owner Ada Finch (planned for 3 May 2026).",
        "Approved by Ada Finch, expected 3 May 2026.",
        "Approved by Ada Finch (pending), 3 May 2026.",
    ],
)
def test_what_is_planned_denied_or_about_something_else_says_nothing(line: str) -> None:
    assert approvals(line) == []


def test_minutes_and_unknown_documents_tell_of_others() -> None:
    line = "Ada Finch approved this plan on 3 May 2026."
    assert approvals(line, "minutes_of_meeting") == []
    assert approvals(line, None) == []


def test_chapters_tell_how_approval_is_given() -> None:
    found = read("% Quality Plan\n# 1 Rules\nAda Finch approved this plan on 3 May 2026.", kind="quality_management_plan")
    assert not [row for row in found.found if row.table == "approval"]


def test_each_edition_has_its_day() -> None:
    text = "Version: 1.1\nAda Finch approved edition 1.0 on 3 May 2026 and edition 1.1 on 12 August 2026."
    found = read(f"% Project Handbook\n{text}\n# 1 Aim\nTo be good.", kind="project_handbook")
    rows = [row for row in found.found if row.table == "approval"]
    assert [(row.values["version"], row.values["decided_on"]) for row in rows] == [("1.0", MAY), ("1.1", dt.date(2026, 8, 12))]
    assert found.artefact["approved_on"] == dt.date(2026, 8, 12)


def test_the_same_day_is_that_of_the_sentence_before() -> None:
    text = "The Steering Committee accepted this plan on 3 May 2026. Ada Finch approved it the same day."
    assert [day for *_, day in approvals(text)] == [MAY, MAY]


def boxed(left: str, right: str) -> DetailsRead:
    blocks = (
        TextBlock("Risk Management Plan", locator="paragraph 1", is_title=True),
        TableBlock(((Cell(left), Cell(right)),), locator="table 1"),
        TextBlock("1 Aim", level=1, level_basis="style", locator="paragraph 2"),
        TextBlock("To find threats early.", locator="paragraph 3"),
    )
    return read_details(Parsed(Document("docx", blocks), "Plan.docx"), WORDS, language="en", kind="risk_management_plan")


LEFT = "About this document\n• Project: New Mill\n• Written by: Jo Lake\n• Edition 1.1 of 3 May 2026\n• Handling: internal"
RIGHT = "Release\nAda Finch approved this plan on 3 May 2026.\nEditions so far\n– 1.1, 3 May 2026, Jo Lake: approved text\n– 0.3, 2 April 2026, Jo Lake: for comment"  # fmt: skip


def test_a_box_of_lines_is_a_control_block_and_a_history() -> None:
    found = boxed(LEFT, RIGHT)
    said = found.artefact
    assert (said["author_id"], said["version_on_cover"], said["date_on_cover"], said["sensitivity"]) == ("Jo Lake", "1.1", MAY, "internal")
    assert (said["approved_on"], said["approved_by"], said["version_in_history"]) == (MAY, "Ada Finch", "1.1")
    versions = [row.values for row in found.found if row.table == "artefact_version"]
    assert [(row["version"], row["modified_by"], row["comment"]) for row in versions] == [
        ("1.1", "Jo Lake", "approved text"),
        ("0.3", "Jo Lake", "for comment"),
    ]


def test_lists_that_are_no_history_hold_no_versions() -> None:
    found = boxed(LEFT, "Prices\n– 1.1, 3 May 2026, Jo Lake: paint\n– 0.3, 2 April 2026, Jo Lake: wood")
    assert not [row for row in found.found if row.table == "artefact_version"]
    assert "version_in_history" not in found.artefact


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("PP-01 version 1.1 du 22/06/2026 - approuvé par le comité de pilotage le 25/06/2026", "fr"),
        ("Version 1.1 of 22 June 2026 - approved by the project board on 25 June 2026", "en"),
        ("Version 1.1 vom 22.06.2026 - genehmigt durch den Lenkungsausschuss am 25.06.2026", "de"),
    ],
)
def test_a_line_says_its_version_and_then_who_approved_it(line: str, language: str) -> None:
    """The day of the version is not that of the approval."""
    plan = f"| {line} |  |\n| Stage | Start | End |\n| 1 | 2026-01-05 | 2026-03-13 |"
    said = read(document_of(plan, "xlsx"), kind="project_plan", language=language)
    (row,) = [row for row in said.found if row.table == "approval"]
    assert [row.values[name] for name in ("version", "decided_on", "action")] == ["1.1", dt.date(2026, 6, 25), "approve"]
    assert said.artefact["date_on_cover"] == dt.date(2026, 6, 22)
    assert said.artefact["version_on_cover"] == "1.1"
