"""Decisions at gates that stand in the tracker."""

import json
from datetime import date

import pytest

from auditor.model.schema import TABLES

DECISION = {"id": "7", "name": "Decision"}
DONE = {"id": "9", "name": "Applied", "statusCategory": {"key": "done"}}
OPEN = {"id": "8", "name": "Proposed", "statusCategory": {"key": "new"}}


@pytest.mark.parametrize(
    ("title", "status", "expected"),
    [
        ("Ready for Executing granted", DONE, [("rfe", "approved", date(2026, 3, 6))]),
        ("Prêt pour la clôture : reporté", DONE, [("rfc", "deferred", date(2026, 3, 6))]),
        ("Ready for Executing granted", OPEN, []),  # not taken yet
        ("Review for Ready for Executing is to be prepared", DONE, []),  # nothing is decided
        ("Ready for Planning and Ready for Executing granted", DONE, []),  # two gates
    ],
)
def test_a_decision_that_lets_the_project_pass(world, rows, issue, title, status, expected):
    (world.root / "pages" / "field.json").write_text(
        json.dumps([{"id": "customfield_1", "name": "Decision date", "schema": {"type": "date"}}])
    )
    world.pages(issue(1, issuetype=DECISION, summary=title, status=status, customfield_1="2026-03-06"))
    assert rows(world.snapshot(), "gate", "gate, decision, decided_on") == expected


def test_nobody_is_said_to_have_decided_is_not_nobody(world, rows, issue):
    fields = [{"id": "customfield_1", "name": "Decision date", "schema": {"type": "date"}}, {"id": "customfield_2", "name": "Decided by"}]
    (world.root / "pages" / "field.json").write_text(json.dumps(fields))
    title = "Ready for Executing granted"
    world.pages(issue(1, issuetype=DECISION, summary=title, status=DONE, customfield_1="2026-03-06", customfield_2=None))
    ((decided_by, bits),) = rows(world.snapshot(), "gate", "decided_by, unknown_bits")
    assert decided_by is None
    assert bits & TABLES["gate"].by_name["decided_by"].mask


@pytest.mark.parametrize(("title", "is_complete"), [("Ready for Executing granted", True), ("Another printer", False)])
def test_gates_that_the_tracker_tells_are_not_hidden_by_a_page(world, rows, issue, title, is_complete):
    """A scan without a name may hold a gate only where nothing else in the project tells of gates."""
    from reportlab.pdfgen.canvas import Canvas

    world.configure('[[project]]\nid = "alpha"\njira = ["ALPHA"]\nfolders = ["Gamma"]\n')
    world.pages(issue(1, issuetype=DECISION, summary=title, status=DONE)).document("Gamma/Note.md", "# Note\n\nSome words.\n")
    scan = Canvas(str(world.root / "Projects" / "Gamma" / "scan0001.pdf"))
    scan.rect(72, 700, 300, 9, fill=1)
    scan.save()
    known = dict(rows(world.snapshot(), "completeness", "table_name, is_complete", "project_id = 'alpha'"))
    assert known["gate"] is is_complete
    assert known["approval"] is False
