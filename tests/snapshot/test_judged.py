"""What an auditor found wrong when verdicts were compared with their sources: each mistake once, in the general case."""

import openpyxl
import pytest

from auditor.model.schema import TABLES

ROLES = "# Project Charter\n\n## Roles\n\n| Role | Name |\n| --- | --- |\n"


@pytest.mark.parametrize("word", ["Sponsor", "Project Executive", "Projektauftraggeber", "Commanditaire du projet", "Patrocinador"])
def test_who_orders_the_project_is_its_owner_whatever_the_word(world, rows, word):
    world.configure('[[project]]\nid = "Gamma"\nfolders = ["Gamma"]\nmethodology = "pm2"\n')
    world.document("Gamma/Project Charter.md", f"{ROLES}| {word} | Anna Weber |\n| Project Manager | Tom Berg |\n")
    assert rows(world.snapshot(), "role", "role, person_id", order="role") == [
        ("project_manager", "name:berg-tom"),
        ("project_owner", "name:anna-weber"),
    ]


def test_a_sponsor_beside_a_project_owner_stays_a_sponsor(world, rows):
    world.configure('[[project]]\nid = "Gamma"\nfolders = ["Gamma"]\nmethodology = "pm2"\n')
    world.document("Gamma/Project Charter.md", f"{ROLES}| Sponsor | Anna Weber |\n| Project Owner | Tom Berg |\n")
    assert rows(world.snapshot(), "role", "role, person_id", order="role") == [
        ("project_owner", "name:berg-tom"),
        ("sponsor", "name:anna-weber"),
    ]


def test_in_prince2_it_is_the_executive(world, rows):
    world.configure('[[project]]\nid = "Gamma"\nfolders = ["Gamma"]\nmethodology = "prince2"\n')
    world.document(
        "Gamma/Project Brief.md", f"{ROLES.replace('Charter', 'Brief')}| Sponsor | Anna Weber |\n| Project Manager | Tom Berg |\n"
    )
    assert rows(world.snapshot(), "role", "role", order="role") == [("executive",), ("project_manager",)]


PM2 = '[[project]]\nid = "Gamma"\nfolders = ["Gamma"]\nmethodology = "pm2"\n'
BLANK = """# Business Case

Project: <Project Name>

Version: <Version>

## Context

<This section describes the situation and its urgency>

## Alternatives

[Describe the alternatives that were considered]

## Risks

[Briefly describe the main risks]
"""


def test_a_template_that_nobody_filled_in_is_no_product_and_no_proof_of_absence(world, rows):
    world.configure(PM2).document("Gamma/Business Case.md", BLANK)
    snapshot = world.snapshot()
    assert rows(snapshot, "artefact", "kind, is_template_unchanged") == [("business_case", True)]
    assert rows(snapshot, "product", "kind") == []
    assert rows(snapshot, "candidate", "kind, reason") == [("business_case", "low_confidence")]


def test_a_file_called_template_counts_when_it_has_entries(world, rows, risks):
    world.configure(PM2)
    world.document("Gamma/Risk Log Template.xlsx", risks).document(
        "Gamma/Issue Log Template.xlsx", [["ID", "Issue title", "Status", "Owner"]]
    )
    snapshot = world.snapshot()
    assert rows(snapshot, "product", "kind") == [("risk_log",)]
    assert rows(snapshot, "candidate", "kind") == [("issue_log",)]


def test_a_register_without_entries_is_a_register(world, rows):
    header = [["ID", "Change title", "Description", "Status", "Requested by", "Date requested", "Decision", "Decided by"]]
    world.configure(PM2).document("Gamma/Change Log.xlsx", header)
    snapshot = world.snapshot()
    assert rows(snapshot, "product", "kind") == [("change_log",)]
    assert rows(snapshot, "candidate", "kind") == []


def _workbook(world, path, sheets):
    file = world.root / "Projects" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    book.save(file)


DECISIONS = ["ID", "Decision", "Description", "Decision date", "Decided by", "Owner"]


def test_an_empty_sheet_may_be_the_register_that_it_is_called(world, rows):
    """Nobody can say that there is no Risk Log when a sheet waits for the first risk."""
    world.configure(PM2)
    _workbook(world, "Gamma/Workbook.xlsx", {"Overview": [["Project", "Gamma"], ["Phase", "Planning"]], "RAID": [], "Change Log": []})
    snapshot = world.snapshot()
    assert {kind for (kind,) in rows(snapshot, "candidate", "kind")} >= {"risk_log", "issue_log", "decision_log", "change_log"}
    assert rows(snapshot, "product", "kind", "kind like '%_log'") == []


def test_a_sheet_with_the_name_and_the_header_of_a_register_is_it(world, rows):
    world.configure(PM2)
    _workbook(
        world,
        "Gamma/Workbook.xlsx",
        {"Overview": [["Project", "Gamma"], ["Phase", "Planning"]], "Decision Log": [DECISIONS], "Other": [DECISIONS]},
    )
    snapshot = world.snapshot()
    assert rows(snapshot, "product", "kind", "kind = 'decision_log'") == [("decision_log",)]


def test_a_header_alone_may_be_a_register(world, rows):
    world.configure(PM2)
    _workbook(world, "Gamma/Workbook.xlsx", {"Overview": [["Project", "Gamma"], ["Phase", "Planning"]], "Tab 7": [DECISIONS]})
    snapshot = world.snapshot()
    assert rows(snapshot, "product", "kind", "kind = 'decision_log'") == []
    assert ("decision_log",) in rows(snapshot, "candidate", "kind")


def test_a_sheet_of_risks_leaves_no_doubt_that_the_workbook_may_be_a_risk_log(world, rows, risks):
    world.configure(PM2)
    issues = [["ID", "Issue title", "Status", "Owner", "Due date"], ["I1", "No room", "Open", "Tom Berg", "2026-04-01"]]
    _workbook(world, "Gamma/Project book.xlsx", {"Overview": [["Project", "Gamma"]], "Risks": risks, "Issues": issues})
    snapshot = world.snapshot()
    kinds = {kind for (kind,) in rows(snapshot, "product", "kind")}
    assert kinds >= {"risk_log", "issue_log"}
    assert not kinds & {kind for (kind,) in rows(snapshot, "candidate", "kind")}


def test_the_first_row_of_a_template_is_no_entry(world, rows):
    """Somebody chose a status for '<risk title>': that is how templates look, not a risk."""
    world.configure(PM2)
    header = ["ID", "Category", "Risk title", "Description", "Status", "Owner", "Due date"]
    waiting = ["R01", "e.g. Schedule", "<Risk title>", "<Describe the risk>", "Proposed", "<Name>", "dd/mm/yyyy"]
    real = ["R02", "Supply", "Stone comes late", "The quarry closes", "Proposed", "Anna Weber", "2026-04-01"]
    unnamed = ["R03", "Supply", "TBD", "TBD", "Approved", "Tom Berg", "2026-04-01"]
    world.document("Gamma/Risk Log.xlsx", [header, waiting, real, unnamed])
    assert rows(world.snapshot(), "risk", "id", order="id") == [("R02",), ("R03",)]


def test_a_title_page_is_no_document_yet(world, rows):
    world.configure(PM2).document("Gamma/Project-End Report.md", "# Project-End Report\n\nGamma\n\nDraft\n\n## Results\n\ntbd\n")
    snapshot = world.snapshot()
    assert rows(snapshot, "product", "kind") == []
    assert rows(snapshot, "candidate", "kind") == [("project_end_report",)]


@pytest.mark.parametrize(
    ("resolution", "status"), [("Won't Do", "rejected"), ("Duplicate", "rejected"), ("Done", "implemented"), (None, "implemented")]
)
def test_a_change_that_was_finished_without_being_done_is_not_implemented(world, rows, issue, resolution, status):
    kind = {"id": "9", "name": "Change Request", "subtask": False}
    done = {"id": "3", "name": "Done", "statusCategory": {"key": "done"}}
    world.pages(issue(1, issuetype=kind, status=done, resolution={"name": resolution} if resolution else None))
    assert rows(world.snapshot(), "change_request", "status") == [(status,)]


CASE = """# Business Case

| Document title | Business Case |
| --- | --- |
| Author | Tom Berg |
| Version | 1.0 |
| Date | 2026-01-10 |

## Document approvers

| Name | Role | Action | Date |
| --- | --- | --- | --- |
| Anna Weber | Project Owner | Approve | |

## Context

The unit handles two thousand requests a year by hand and cannot keep up with them.
"""


@pytest.mark.parametrize(
    ("title", "is_known"),
    [
        ("Business Case approved", False),
        ("The steering committee endorses the Business Case and its budget", False),
        ("Étude d'opportunité validée", False),
        ("Supplier approved", True),
        ("Business Case to be shortened", True),
    ],
)
def test_a_decision_may_have_approved_what_shows_no_approval(world, rows, title, is_known):
    """The document alone says 'never approved'; the Decision Log may say otherwise."""
    log = (
        f"# Decision Log\n\n| ID | Decision | Date | Decided by |\n| --- | --- | --- | --- |\n| D1 | {title} | 2026-02-01 | Anna Weber |\n"
    )
    world.configure(PM2).document("Gamma/Business Case.md", CASE).document("Gamma/Decision Log.md", log)
    snapshot = world.snapshot()
    bit = next(column.mask for column in TABLES["product"].columns if column.name == "approved_on")
    ((approved, bits),) = rows(snapshot, "product", "approved_on, unknown_bits", "kind = 'business_case'")
    assert approved is None
    assert (not bits & bit) is is_known
