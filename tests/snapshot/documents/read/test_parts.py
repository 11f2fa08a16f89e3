"""Documents that hold several products one after the other, each below a heading 'Part …'."""

import openpyxl
import pytest

PM2 = '[[project]]\nid = "Gamma"\nfolders = ["Gamma"]\nmethodology = "pm2"\n'
TEXT = """# Risk and Issue Management Plans

# {a} – Risk Management Plan

# 1. Risk appetite

The committee accepts risks up to level four without a response of its own.

# {b} – Issue Management Plan

# 2. Escalation

Issues of size four and five go to the steering committee within five working days.
"""


@pytest.mark.parametrize("parts", [("Part A", "Part B"), ("PART 1", "PART 2"), ("Teil I", "Teil II"), ("Partie A", "Partie B")])
def test_what_stands_below_a_part_belongs_to_it_whatever_its_level(world, rows, parts):
    world.configure(PM2).document("Gamma/Risk and Issue Management Plans.md", TEXT.format(a=parts[0], b=parts[1]))
    kinds = {kind for (kind,) in rows(world.snapshot(), "product", "kind")}
    assert {"risk_management_plan", "issue_management_plan"} <= kinds


def test_who_approves_is_no_label_of_the_document(world, rows):
    """A table that begins with roles tells who approved, whatever the roles are called."""
    world.configure(PM2).document(
        "Gamma/Business Case.md",
        "# Business Case\n\nVersion: 1.0\n\n## Approval and review\n\n| Role | Name | Action | Date |\n| --- | --- | --- | --- |\n"
        "| Project Owner | Ann Lee | Approve | 10 February 2026 |\n| Solution Provider | Bo Ray | Review | 6 February 2026 |\n\n"
        "## Context\n\nThe harbour has no light.\n",
    )
    found = rows(world.snapshot(), "approval", "person_id, action, decision, decided_on::varchar", order="person_id")
    assert found == [("name:ann-lee", "approve", "approved", "2026-02-10"), ("name:bo-ray", "review", "approved", "2026-02-06")]


def test_a_sheet_is_what_its_first_line_says(world, rows):
    """Its name may be shorter, and alone may mean something else."""
    world.configure(PM2)
    book = openpyxl.Workbook()
    for name, lines in {
        "Transition": [["Transition Checklist"], ["Item", "Responsible", "Status"], ["Servers are ready and tried", "Ann Lee", "Done"]],
        "Business implementation": [["What is left"], ["Item", "Responsible", "Status"], ["Procedures are written anew", "Bo Ray", "Open"]],
    }.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    del book["Sheet"]
    (world.root / "Projects" / "Gamma").mkdir()
    book.save(world.root / "Projects" / "Gamma" / "Lists.xlsx")
    kinds = {kind for (kind,) in rows(world.snapshot(), "product", "kind")}
    assert "transition_checklist" in kinds
    assert not kinds & {"transition_plan", "business_implementation_checklist"}


@pytest.mark.parametrize(
    ("titles", "label"),
    [
        (("Phase-exit review – Initiating", "Phase-exit review – Planning"), "Date"),
        (("Revue de fin de phase : Initialisation", "Revue de fin de phase : Planification"), "Date"),
        (("Phasenprüfung (Initiierung)", "Phasenprüfung (Planung)"), "Datum"),
    ],
)
def test_sheets_of_a_workbook_are_reviews_of_phases(world, rows, titles, label):
    """Which checklist the workbook is nobody can say; what each sheet is its first line says, with the phase behind it."""
    world.configure(PM2)
    book = openpyxl.Workbook()
    question = ["No", "Question", "Answer", "Score"]
    sheets = [
        ("A", [[titles[0]], [label, "2026-06-08"], question, [1, "Is the Business Case approved by the owner of the project?", "Yes", 10]]),
        ("B", [[titles[1]], [label, "2026-09-14"], question, [1, "Are the plans ready for the committee and its members?", "Yes", 10]]),
        (
            "Transition",
            [["Transition checklist (from January)"], ["Item", "Responsible"], ["Servers are ready and were tried out", "Ann Lee"]],
        ),
    ]
    for name, lines in sheets:
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    del book["Sheet"]
    (world.root / "Projects" / "Gamma").mkdir()
    book.save(world.root / "Projects" / "Gamma" / "Checklists.xlsx")
    snapshot = world.snapshot()
    assert {"phase_exit_review_checklist", "transition_checklist"} <= {kind for (kind,) in rows(snapshot, "product", "kind")}
    assert rows(snapshot, "review", "kind, subject, held_on::varchar", order="held_on") == [
        ("phase_exit", "rfp", "2026-06-08"),
        ("phase_exit", "rfe", "2026-09-14"),
    ]
    assert ("gate", True) in rows(snapshot, "completeness", "table_name, is_complete")
