"""The naive evaluator says what the specification of the language says, sentence by sentence."""

from datetime import date
from decimal import Decimal

import pytest

from auditor.rulebook.names import Event
from auditor.rulebook.rule import Param, Rule
from tests.laws.naive import BLANK, UNKNOWN, Scope, World, audit, evaluate, parse, truth


def _world(complete=("risk", "issue", "role", "person", "product", "candidate", "gate", "link", "meeting"), **tables) -> World:
    return World({"project": [{"id": "P", "phase": "executing"}], **tables}, {*complete, "project"}, date(2026, 6, 30))


def _says(text: str, world: World, about: str = "risk") -> bool | None:
    scope = Scope(world, params={"most": 3})
    row = world.rows(about)[0] if world.rows(about) else {}
    return truth(evaluate(parse(text), scope.with_row(about, about, row)))


ROW = {"id": "R1", "title": "Fire", "status": BLANK, "score": UNKNOWN, "likelihood": 3, "due_on": BLANK, "closed_on": UNKNOWN}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("risk.likelihood <= $most", True),
        ("risk.likelihood between 1 and 2", False),
        ("risk.title in ('Fire', 'Flood')", True),
        ("risk.title not like 'F%'", False),
        ("risk.due_on < today", False),  # there is no due date: not overdue
        ("not risk.due_on < today", True),
        ("risk.closed_on < today", None),
        ("risk.status = 'closed'", None),  # nobody wrote it down
        ("risk.score > 3 and risk.likelihood = 4", False),
        ("risk.score > 3 or risk.likelihood = 3", True),
        ("risk.due_on < risk.closed_on", None),  # unknown, whatever stands on the other side
        ("filled(risk.title)", True),
        ("filled(risk.status)", False),
        ("filled(risk.score)", None),
        ("blank(risk.due_on)", True),
        ("ratio(risk.likelihood, 2) = 1.5", True),
        ("ratio(risk.likelihood, 0) = 1", None),
        ("during(today, risk.due_on, risk.due_on)", True),
        ("during(today, risk.closed_on, risk.due_on)", None),
        ("happened_by(risk.due_on, date '2026-06-29')", False),
        ("happened_by(risk.due_on, today)", None),
        ("happened_by(risk.closed_on, today)", None),
    ],
)
def test_values(text, expected):
    assert _says(text, _world(risk=[ROW])) is expected


@pytest.mark.parametrize(
    ("text", "complete", "incomplete"),
    [
        ("exists (from issue where issue.status = 'open')", True, True),
        ("exists (from issue where issue.status = 'postponed')", None, None),
        ("exists (from issue where issue.title = 'None')", False, None),
        ("not exists (from issue where issue.title = 'None')", True, None),
        ("(select count(*) from issue where issue.status = 'open') >= 1", True, True),
        ("(select count(*) from issue where issue.status = 'open') <= 2", True, None),
        ("(select count(*) from issue where issue.status = 'open') = 2", None, None),
        ("(select count(*) from issue where issue.status = 'open') = 3", False, None),
        ("(select min(issue.raised_on) from issue where issue.status = 'open') <= date '2026-02-01'", True, True),
        ("(select min(issue.raised_on) from issue where issue.status = 'open') > date '2026-02-01'", False, False),
        ("(select min(issue.raised_on) from issue where issue.status = 'open') = date '2026-02-01'", None, None),
        ("(select max(issue.cost) from issue) >= 7", True, True),
        ("(select sum(issue.cost) from issue) = 12", True, None),
        ("(select sum(issue.cost) from issue where issue.title = 'None') = 0", True, None),
        ("(select max(issue.cost) from issue where issue.title = 'None') = 0", None, None),
        ("risk.title in (select issue.title from issue)", True, True),
        ("'Flood' in (select issue.title from issue)", False, None),
    ],
)
def test_sub_queries(text, complete, incomplete):
    rows = [
        {"id": "I1", "title": "Fire", "status": "open", "raised_on": date(2026, 2, 1), "cost": Decimal(5)},
        {"id": "I2", "title": "Water", "status": BLANK, "raised_on": date(2026, 1, 1), "cost": Decimal(7)},
    ]
    assert _says(text, _world(risk=[ROW], issue=rows)) is complete
    assert _says(text, _world(("risk",), risk=[ROW], issue=rows)) is incomplete


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (("A", "x"), ("A", "y"), True),
        (("A", "x"), ("B", "x"), False),
        ((BLANK, "x"), (BLANK, "x"), False),  # two accounts of one directory
        ((BLANK, "x"), ("A", "y"), None),
        ((UNKNOWN, "x"), (BLANK, "x"), None),
    ],
)
def test_same_person(left, right, expected):
    people = [{"id": id_, "kind": "person", "identity": known, "realm": realm} for id_, (known, realm) in (("a", left), ("b", right))]
    world = _world(risk=[{"id": "R1", "owner_id": "a", "actionee_id": "b"}], person=people)
    assert _says("same_person(risk.owner_id, risk.actionee_id)", world) is expected
    assert _says("same_person(risk.owner_id, risk.owner_id)", world) is True


def test_a_group_is_never_a_person():
    world = _world(risk=[{"id": "R1", "owner_id": "a"}], person=[{"id": "a", "kind": "group", "identity": BLANK, "realm": "x"}])
    assert _says("same_person(risk.owner_id, risk.owner_id)", world) is None
    assert _says("is_group(risk.owner_id)", world) is True


def test_an_event_that_did_not_happen_is_known_only_with_its_tables():
    event = Event(name="met", sentence="met", expression="(select min(meeting.held_on) from meeting)", known_when=["meeting"])
    for complete, expected in ((("risk", "meeting"), False), (("risk",), None)):
        world = _world(complete, risk=[ROW], meeting=[])
        world.events = {"met": event}
        assert _says("happened_by(event('met'), date '2026-06-01')", world) is expected


def _rule(**fields) -> Rule:
    plain = {"id": "T-1", "title": "t", "requirement": "t", "cites": [], "answers": [], "area": "t", "severity": "minor", "about": "risk"}
    return Rule(**plain | {"require": "risk.score > 1", "params": {"most": Param(type="integer", default=3)}} | fields)


def _rows(*scores):
    return [{"id": f"R{number}", "score": score, "status": "approved"} for number, score in enumerate(scores, start=1)]


@pytest.mark.parametrize(
    ("scores", "share", "complete", "expected"),
    [
        ((2, 3), 0, True, "conform"),
        ((2, 0), 0, True, "nonconform"),
        ((2, UNKNOWN), 0, True, "not_assessed"),
        ((2, 0, UNKNOWN), 0, True, "nonconform"),
        ((2, 2, 0), Decimal("0.5"), True, "conform"),
        ((2, 0, 0), Decimal("0.5"), True, "nonconform"),
        ((2, 0, UNKNOWN), Decimal("0.5"), True, "not_assessed"),
        ((), 0, True, "not_applicable"),
        ((), 0, False, "not_assessed"),
        ((2, 3), 0, False, "not_assessed"),
        ((2, 0), 0, False, "nonconform"),
        ((0, 0), Decimal("0.5"), False, "not_assessed"),
    ],
)
def test_the_verdict(scores, share, complete, expected):
    assert audit(_rule(allow_share=share), _world(("risk",) if complete else (), risk=_rows(*scores))).verdict == expected


def test_who_may_belong_and_passes_never_counts_against_the_project():
    rows = [{"id": "R1", "score": 2, "status": BLANK}, {"id": "R2", "score": 2, "status": "approved"}]
    said = audit(_rule(where="risk.status = 'approved'"), _world(risk=rows))
    assert (said.verdict, said.passed, said.may_pass) == ("conform", 1, 1)
    alone = audit(_rule(where="risk.status = 'approved'"), _world(risk=rows[:1]))
    assert (alone.verdict, alone.may_pass) == ("not_assessed", 1)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"due": "project.phase = 'closing'"}, ("not_applicable", "not_due_yet")),
        ({"due": date(2026, 7, 1)}, ("not_applicable", "not_due_yet")),
        ({"due": "gate_on('rfp')"}, ("not_applicable", "not_due_yet")),
        ({"due": "project.size = 'large'"}, ("conform", None)),  # unknown counts as due
        ({"applies": "project.phase = 'closing'"}, ("not_applicable", "condition_false")),
        ({"applies": "project.size = 'large'"}, ("not_assessed", None)),
        ({"decides": "refutes"}, ("not_assessed", None)),
        ({"decides": "supports", "require": "risk.score > 9"}, ("not_assessed", None)),
    ],
)
def test_before_the_subjects_are_counted(fields, expected):
    said = audit(_rule(**fields), _world(risk=_rows(2), gate=[]))
    assert (said.verdict, said.reason) == expected
