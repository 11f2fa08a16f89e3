"""Which tables a document in doubt leaves open, and which it cannot touch."""

import pytest

from auditor.model.schema import TABLES

PM2 = '[[project]]\nid = "Gamma"\nfolders = ["Gamma"]\nmethodology = "pm2"\n'
BY_KIND = "table_name in ('attendance', 'gate', 'meeting', 'report', 'stage')"
MINUTES_MAYBE = "# Attendees\n\nAnn, Bo\n\n# Next meeting\n\n12 March 2026\n"
CHARTER_MAYBE = "# Scope\n\nx\n\n# Success criteria\n\ny\n\n# Milestones\n\nz\n\n# Constraints\n\nz\n\n# Project description\n\nz\n"
REPORT_MAYBE = "# Overall status\n\nGreen\n\n# Reporting period\n\nMarch\n\n# Risks\n\nNone\n"


def _open(world, rows):
    return {name for name, is_complete in rows(world.snapshot(), "completeness", "table_name, is_complete", BY_KIND) if not is_complete}


@pytest.mark.parametrize(
    ("text", "left_open"),
    [
        (MINUTES_MAYBE, {"attendance", "gate", "meeting"}),
        (CHARTER_MAYBE, set()),
        (REPORT_MAYBE, {"report"}),
    ],
    ids=["minutes", "charter", "report"],
)
def test_a_document_in_doubt_leaves_open_what_it_may_hold(world, rows, text, left_open):
    world.configure(PM2).document("Gamma/Note 7.md", text)
    kinds = rows(world.snapshot(), "candidate", "kind, confidence")
    assert kinds, "the document is to be in doubt"
    assert _open(world, rows) == left_open


@pytest.mark.parametrize(("method", "left_open"), [("pm2", {"report"}), ("prince2", set())])
def test_a_report_that_the_method_does_not_have_hides_none_of_its_reports(world, rows, method, left_open):
    """Records of reviews may be a report on quality, which PRINCE2 does not know."""
    world.configure(PM2.replace("pm2", method)).document("Gamma/Quality review notes.md", "# Notes\n\nTwo errors, corrected.\n")
    kinds = {kind for (kind,) in rows(world.snapshot(), "candidate", "kind")}
    if method == "pm2":
        assert "quality_review_report" in kinds, "the document is to be in doubt"
    assert _open(world, rows) & {"report"} == left_open


def test_a_document_that_is_known_leaves_nothing_open(world, rows):
    world.configure(PM2).document("Gamma/Minutes of meeting.md", f"# Minutes of meeting\n\n{MINUTES_MAYBE}")
    assert _open(world, rows) == set()


def test_a_file_that_cannot_be_read_leaves_everything_open(world, rows):
    world.configure(PM2)
    file = world.root / "Projects" / "Gamma" / "Plan.docx"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"PK\x03\x04 no document")
    assert _open(world, rows) == {"attendance", "gate", "meeting", "report", "stage"}


def test_minutes_that_a_person_named_and_that_were_not_read_as_such_leave_meetings_open(world, rows):
    world.configure(PM2).document("Gamma/Note 7.md", CHARTER_MAYBE)
    (world.root / "recognition-review.yaml").write_text("documents:\n- {path: Gamma/Note 7.md, kind: minutes_of_meeting}\n", "utf-8")
    assert _open(world, rows) == {"attendance", "gate", "meeting"}


def test_a_reference_to_what_the_document_does_not_hold_is_unknown(world, rows):
    world.configure(PM2)
    world.document(
        "Gamma/Risk Log.xlsx", [["ID", "Risk", "Likelihood", "Impact", "Owner", "Phase"], ["R1", "Fire", "3", "4", "Ann Lee", "Design"]]
    )
    snapshot = world.snapshot()
    ((bits,),) = rows(snapshot, "risk", "unknown_bits")
    assert bits & TABLES["risk"].by_name["stage_id"].mask


PRINCE2 = '[[project]]\nid = "Gamma"\nfolders = ["Gamma"]\nmethodology = "prince2"\n'
ISSUES = [["ID", "Issue", "Type", "Status", "Owner"], ["I1", "Late permit", "problem", "open", "Ann Lee"]]


def _complete(world, rows, table):
    return rows(world.snapshot(), "completeness", "is_complete", f"table_name = '{table}'")


def test_a_folder_proves_nothing_of_what_only_tools_keep(world, rows):
    """A tool that nobody connected may hold links: that no document states one says nothing."""
    world.configure(PM2).document("Gamma/Issue Log.xlsx", ISSUES)
    assert _complete(world, rows, "issue") == [(True,)]
    assert (True,) not in _complete(world, rows, "link")


def test_requests_for_change_are_known_as_far_as_the_issues_are(world, rows):
    """PRINCE2 keeps them in the register of issues; what may hide an issue hides a request too."""
    world.configure(PRINCE2).document("Gamma/Issue Register.xlsx", ISSUES)
    assert _complete(world, rows, "change_request") == [(True,)]
    (world.root / "Projects" / "Gamma" / "More.docx").write_bytes(b"PK\x03\x04 no document")
    assert _complete(world, rows, "issue") == _complete(world, rows, "change_request") == [(False,)]


def test_another_method_may_keep_requests_for_change_elsewhere(world, rows):
    world.configure(PM2).document("Gamma/Issue Log.xlsx", ISSUES)
    assert (True,) not in _complete(world, rows, "change_request")


def test_a_list_of_who_holds_what_says_that_they_hold_it(world, rows):
    """Where it has no column for an end there is none; since when stays unknown, so that no approval of a day is explained by it."""
    world.configure(PRINCE2)
    (world.root / "Projects" / "Gamma").mkdir(parents=True, exist_ok=True)
    (world.root / "Projects" / "Gamma" / "PID.md").write_text(
        "# Project Initiation Documentation\n\n## Project management team structure\n\n"
        "| Role | Name |\n| --- | --- |\n| Executive | Ann Lee |\n| Project Manager | Bo Ray |\n"
    )
    held = rows(world.snapshot(), "role", "to_on, unknown_bits", "role = 'executive'")
    assert held
    columns = TABLES["role"].by_name
    assert all(end is None and not bits & columns["to_on"].mask and bits & columns["from_on"].mask for end, bits in held)


REQUIREMENTS = [
    ["ID", "Name", "Category", "Description", "Acceptance criterion", "Priority", "Status", "Requested by"],
    ["REQ-01", "Register", "functional", "As an authority I register", "Scenario 1 passes", "Must", "Validated", "Ann Lee"],
    ["REQ-02", "Renew", "functional", "As an authority I renew", "Scenario 2 passes", "Must", "Validated", "Ann Lee"],
]


def test_rows_that_were_read_from_a_document_in_doubt_are_not_hidden_by_it(world, rows):
    """What else the workbook may be does not matter: its requirements were read."""
    world.configure(PM2).document("Gamma/Requirements and traceability.xlsx", REQUIREMENTS)
    assert rows(world.snapshot(), "candidate", "kind"), "the document is to be in doubt"
    assert len(rows(world.snapshot(), "requirement", "id")) == 2
    assert _complete(world, rows, "requirement") == [(True,)]
