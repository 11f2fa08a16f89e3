"""Approval records, days on which minutes were issued, deputies beside stakeholders."""

import datetime as dt

import pytest
from details_notation import WORDS, read

from auditor.connect.document import Cell, Document, TableBlock
from auditor.connect.protocol import Parsed
from auditor.snapshot.documents.details import read_details


def test_an_approval_record_tells_when_it_was_submitted_and_approved() -> None:
    found = read(
        "% Quality Plan\n# Approval record\n| Name | Role | Action | Submitted on | Date of action | Version |\n"
        "| Jo Lake | Project Owner | Approve | 2026-03-17 | 2026-04-08 | 1.0 |\n| Bo Ek | Business Manager | Review | 2026-03-28 | 2026-04-03 | 1.0 |"
    )
    rows = [row for row in found.found if row.table == "approval"]
    assert [(row.values["action"], row.values["decided_on"]) for row in rows] == [
        ("approve", dt.date(2026, 4, 8)),
        ("review", dt.date(2026, 4, 3)),
    ]
    assert rows[0].values["requested_at"].date() == dt.date(2026, 3, 17)
    assert found.artefact["approved_on"] == dt.date(2026, 4, 8)
    assert found.artefact["approved_by"] == "Jo Lake"


@pytest.mark.parametrize("label", ["Minutes issued on", "Minutes published on", "Minutes circulated", "Protokoll veröffentlicht am"])
def test_minutes_say_when_they_were_issued(label: str) -> None:
    found = read(
        f"% Minutes of meeting\n| Meeting | Steering committee |\n| Date and time | 2026-06-16 |\n| {label} | 2026-06-30 |",
        kind="minutes_of_meeting",
    )
    (meeting,) = [row for row in found.found if row.table == "meeting"]
    assert meeting.values["minutes_sent_on"] == dt.date(2026, 6, 30)


def test_a_list_of_stakeholders_names_deputies() -> None:
    found = read(
        "% Stakeholder matrix\n| Stakeholder | Role | Unit | Influence | Deputy |\n| Jo Lake | Project Owner (PO) | Board | High | Bo Ek |\n"
        "| Ann Lee | Project Manager (PM) | IT | High | |\n| Franz Aigner | Consumer Council | Council | Medium | |"
    )
    roles = [row for row in found.found if row.table == "role"]
    assert [(row.values["role"], row.values["person_id"], row.values.get("deputy_id")) for row in roles] == [
        ("project_owner", "Jo Lake", "Bo Ek"),
        ("project_manager", "Ann Lee", None),
    ]
    assert all("deputy_id" in row.filled for row in roles)


def test_how_it_was_approved_is_nobody() -> None:
    """Beside the body stand the procedure and the decision; a body has its role."""
    found = read(
        "% Work Plan\n# Sign-off\n| Version | Date | Approved by | Remark |\n"
        "| 1.0 | 2026-02-27 | PSC (chair Ada Finch), written procedure | Baseline |\n"
        "| 1.1 | 2026-07-06 | PSC, decision QUAY-78 of 3 July 2026 | Re-baseline |\n| 1.2 | 2026-08-06 | Jo Lake | Dates |"
    )
    rows = [row for row in found.found if row.table == "approval"]
    assert [(row.values["person_id"], row.values.get("role"), row.values["decided_on"].month) for row in rows] == [
        ("PSC", "project_steering_committee", 2),
        ("PSC", "project_steering_committee", 7),
        ("Jo Lake", None, 8),
    ]


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ("| Review date | 11 September 2026 |\n| Reviewer | Jo Lake |", ("quality", dt.date(2026, 9, 11), "Jo Lake")),
        ("Review date: 11 September 2026\nReviewed by: Jo Lake", ("quality", dt.date(2026, 9, 11), "Jo Lake")),
        ("| Review date | 11 September 2026 |\n| Author | Jo Lake |", None),  # who wrote is not who reviewed
    ],
)
def test_a_report_of_a_quality_review_is_one(front: str, expected: tuple[str, dt.date, str] | None) -> None:
    found = read(f"% Quality Review Report Q3\n{front}\n# Results\nEleven checks are positive.", kind="quality_review_report")
    reviews = [tuple(row.values.get(name) for name in ("kind", "held_on", "reviewer_id")) for row in found.found if row.table == "review"]
    assert reviews == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("name", "who", "whom"),
    [
        ("Jo Lake on behalf of Ada Finch", "Jo Lake", "Ada Finch"),
        ("Jo Lake (on behalf of Ada Finch)", "Jo Lake", "Ada Finch"),
        ("Jo Lake in Vertretung von Ada Finch", "Jo Lake", "Ada Finch"),
        ("Jo Lake, au nom de Ada Finch", "Jo Lake", "Ada Finch"),
        ("Jo Lake", "Jo Lake", None),
    ],
)
def test_somebody_signs_for_another(name: str, who: str, whom: str | None) -> None:
    found = read(f"% Quality Plan\n# Approval\n| Name | Role | Action | Approved on |\n| {name} | Project Owner | Approve | 2026-04-08 |")
    (row,) = [row for row in found.found if row.table == "approval"]
    assert (row.values["person_id"], row.values.get("on_behalf_of_id")) == (who, whom)
    assert ("on_behalf_of_id" in row.filled) == (whom is not None)


def test_a_column_says_for_whom_somebody_signs() -> None:
    found = read(
        "% Quality Plan\n# Approval\n| Name | On behalf of | Role | Action | Approved on |\n"
        "| Jo Lake | Ada Finch | Project Owner | Approve | 2026-04-08 |\n| Bo Ek | | Business Manager | Approve | 2026-04-08 |"
    )
    rows = [row for row in found.found if row.table == "approval"]
    assert [row.values.get("on_behalf_of_id") for row in rows] == ["Ada Finch", None]
    assert all("on_behalf_of_id" in row.filled for row in rows)


def test_a_house_style_signs_in_a_capacity_and_counts_issues() -> None:
    """Control block, signatures and history at the end of the document, in words of a house of its own."""
    found = read(
        "% Quality Plan\n# 1 Aims\nWe aim high.\n# Document control\n| Document | Quality Plan |\n| Prepared by | Bo Ek |\n| Issue | 1.2 |\n"
        "| Issue date | 14 September 2026 |\n## Sign-off\n| Name | Capacity | Signed as | Signed on |\n"
        "| Bo Ek | Project Manager | Author | 14 September 2026 |\n| Ann Lee | Business Manager | Reviewer | 15 September 2026 |\n"
        "| Jo Lake | Project Owner | Approver, for the Steering Committee | 17 September 2026 |\n## Issue record\n"
        "| Issue | Date | By | What changed |\n| 1.2 | 14 September 2026 | Bo Ek | New scale |\n| 1.0 | 3 March 2026 | Bo Ek | First issue |",
        kind="quality_management_plan",
    )
    rows = [row for row in found.found if row.table == "approval"]
    assert [(row.values["person_id"], row.values["action"], row.values["role"], row.values["decided_on"]) for row in rows] == [
        ("Ann Lee", "review", "business_manager", dt.date(2026, 9, 15)),
        ("Jo Lake", "approve", "project_owner", dt.date(2026, 9, 17)),
    ]
    assert found.artefact["approved_on"] == dt.date(2026, 9, 17)
    assert (found.artefact["version_on_cover"], found.artefact["version_in_history"]) == ("1.2", "1.2")


def test_a_history_with_signatures_tells_both() -> None:
    found = read(
        "% Work Plan\n# Issue record and sign-off\n| Issue | Date | By | What changed | Signed by | Capacity | Signed on |\n"
        "| 1.1 | 2026-02-16 | Bo Ek | Re-baselined | Jo Lake for the Project Steering Committee | Chair | 2026-02-18 |\n"
        "| 1.0 | 2025-09-05 | Bo Ek | First baseline | Jo Lake for the Project Steering Committee | Chair | 2025-09-09 |",
        kind="project_work_plan",
    )
    rows = [row for row in found.found if row.table == "approval"]
    assert [(row.values["person_id"], row.values["on_behalf_of_id"], row.values["decided_on"]) for row in rows] == [
        ("Jo Lake", "Project Steering Committee", dt.date(2026, 2, 18)),
        ("Jo Lake", "Project Steering Committee", dt.date(2025, 9, 9)),
    ]
    assert found.artefact["approved_on"] == dt.date(2026, 2, 18)
    versions = [row for row in found.found if row.table == "artefact_version"]
    assert [row.values["version"] for row in versions] == ["1.1", "1.0"]
    assert [row.values["baselined_on"] for row in found.found if row.table == "baseline"] == [dt.date(2026, 2, 16), dt.date(2025, 9, 5)]


def test_issues_of_a_report_are_no_versions() -> None:
    found = read(
        "% Status report\n# Issues\n| Issue | Date | Description |\n| Late server | 2026-03-02 | Two weeks late |\n"
        "# Facts\n| Title | Late server |\n| Author | Bo Ek |\n| Issue | 12 |",
        kind="project_status_report",
    )
    assert not [row for row in found.found if row.table == "artefact_version"]
    assert found.artefact.get("version_on_cover") is None


@pytest.mark.parametrize(
    ("header", "day"),
    [
        ("Approver | Role | Date approved | Evidence", dt.date(2026, 3, 12)),
        ("Approbateur | Rôle | Date d'approbation | Preuve", dt.date(2026, 3, 12)),
        ("Genehmiger | Rolle | Genehmigungsdatum | Nachweis", dt.date(2026, 3, 12)),
        ("Document | Approver | Date approved | Evidence", None),
        ("Person | Role | Date | Evidence", None),
    ],
)
def test_a_column_of_approvers_says_what_the_table_is(header: str, day: dt.date | None) -> None:
    """No heading is needed above it; a list of documents that others approve is no approval of this one."""
    text = f"% Project plan\n# Control of the document\n| Status | Approved |\n| Owner | Jo Lake |\nBelow stands more.\n| {header} |\n| Ada Finch | Executive | 2026-03-12 | Mail |"
    assert read(text, kind="project_plan").artefact.get("approved_on") == day


@pytest.mark.parametrize(
    ("labels", "day"),
    [
        (("Name", "Post", "Date", "Signature"), "23 May 2026"),
        (("Name", "Function", "Signature", "Date:"), "2026-05-23"),
        (("Name", "Funktion", "Datum", "Unterschrift"), "23. Mai 2026"),
        (("Nom", "Fonction", "Date", "Signature"), "23 mai 2026"),
        (("Nombre", "Cargo", "Fecha", "Firma"), "23 de mayo de 2026"),
    ],
)
def test_a_letter_is_signed_in_a_form(labels: tuple[str, ...], day: str) -> None:
    """Line by line; that is its day, where it bears no other."""
    values = {label: day if label.startswith(("Da", "Fe")) else "Jo Lake" if label.startswith("N") else "Head" for label in labels}
    form = "\n".join(f"| {label} | {value} |" for label, value in values.items())
    found = read(f"% Handover\nOperations takes over the service.\n{form}")
    (row,) = [row for row in found.found if row.table == "approval"]
    assert (row.values["person_id"], row.values["decided_on"], row.values["decision"]) == ("Jo Lake", dt.date(2026, 5, 23), "approved")
    assert found.artefact["date_on_cover"] == dt.date(2026, 5, 23)


def test_a_form_that_nobody_signed_is_pending() -> None:
    """Two sign side by side, one of them not yet: the letter has no day of its own."""
    found = read("% Handover\nAll is well.\n| Name | Jo Lake | Bo Ek |\n| Date | 2026-05-23 | |\n| Signature | J. Lake | |")
    rows = [row for row in found.found if row.table == "approval"]
    assert [(row.values["person_id"], row.values["decision"]) for row in rows] == [("Jo Lake", "approved"), ("Bo Ek", "pending")]
    assert "date_on_cover" not in found.artefact


@pytest.mark.parametrize(
    ("heading", "header"),
    [
        ("7 Assurance", "| Interest | Reviewed by | Date | Result |"),
        ("Project assurance", "| Area | Name | Date | Remark |"),
        ("Projektsicherung", "| Interesse | Geprüft von | Datum | Ergebnis |"),
    ],
)
def test_assurance_looks_at_a_paper(heading: str, header: str) -> None:
    """It approves nothing; below another heading such a table is none of assurance."""
    lines = "| Business | Jo Lake | 2026-08-26 | agreed |\n| User | Bo Ek | 2026-08-27 | agreed |"
    found = read(f"% End stage report 2\n# Summary\nAll is well.\n# {heading}\n{header}\n{lines}", kind="end_stage_report")
    rows = [row.values for row in found.found if row.table == "approval"]
    assert [(row["person_id"], row["role"], row["action"], row["decided_on"].day) for row in rows] == [
        ("Jo Lake", "project_assurance", "review", 26),
        ("Bo Ek", "project_assurance", "review", 27),
    ]
    assert "approved_on" not in found.artefact
    other = read(f"% End stage report 2\n# Products\n{header}\n{lines}", kind="end_stage_report")
    assert not [row for row in other.found if row.values.get("role") == "project_assurance"]


@pytest.mark.parametrize(
    ("name", "sheet", "first", "is_told"),
    [
        ("Reviews.xlsx", "Reviews", "Project assurance – reviews made", True),
        ("Assurance reviews.xlsx", "2026", "", True),
        ("Prüfungen.xlsx", "Projektsicherung", "", True),
        ("Reviews.xlsx", "Reviews", "Quality assurance reviews", False),
        ("Assurance plan.xlsx", "Reviews", "Project assurance", False),
    ],
)
def test_a_sheet_lists_what_assurance_looked_at(name: str, sheet: str, first: str, is_told: bool) -> None:
    """By the name of file, sheet or first line; what quality assurance tests, and what is planned, is another matter."""
    lines = ((first,), ("Date", "Subject", "Reviewer", "Finding"), ("2026-01-19", "Stage plan 3", "Jo Lake", "None"), ("2026-01-20", "Brief", "Bo Ek", "None"))  # fmt: skip
    rows = tuple(tuple(map(Cell, line)) for line in lines[0 if first else 1 :])
    document = Document("xlsx", (TableBlock(rows, name=sheet, locator=sheet),))
    found = read_details(Parsed(document, name), WORDS, language="en", kind=None).found
    assert [row.values["person_id"] for row in found if row.values.get("role") == "project_assurance"] == (
        ["Jo Lake", "Bo Ek"] if is_told else []
    )


@pytest.mark.parametrize(("said", "language"), [("Not present", "en"), ("abwesend", "de"), ("absent", "fr"), ("ausente", "es")])
def test_who_was_not_there_has_not_approved(said: str, language: str) -> None:
    """A plan that one member of the board did not approve has no day of approval."""
    table = f"| Name | Role | Decision | Date |\n| Jo Lake | Executive | Approved | 2026-07-28 |\n| Bo Ek | Senior user | {said} | |"
    found = read(f"% Stage 3 Plan\n# Approvals\n{table}", kind="stage_plan", language="en" if language == "en" else None)
    rows = [row for row in found.found if row.table == "approval"]
    assert [row.values["decision"] for row in rows] == ["approved", "pending"]
    assert "approved_on" not in found.artefact
    assert "approved_on" in found.artefact_filled
