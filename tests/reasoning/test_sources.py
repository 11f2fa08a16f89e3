"""Two sources that state one thing differently are a contradiction; what one of them does not state is none."""

from datetime import date

import pytest

from auditor.audit import ProfileChoice, plan_audit, run_audit
from auditor.reasoning.sources import disagreements
from auditor.snapshot.store import write_snapshot
from tests.checks.small import merged, rows
from tests.shipped import shipped_rulebook

DAY = date(2026, 6, 30)


def same(number, one, other, table="risk"):
    return {
        "id": f"M{number}",
        "from_table": table,
        "from_id": one,
        "to_table": table,
        "to_id": other,
        "kind": "same_thing",
    }


def person(name, realm="jira", **more):
    return {"id": name, "kind": "person", "realm": realm, **more}


def risk(name, source, **more):
    return {"id": name, "source": source, "title": "Supplier late", **more}


@pytest.fixture
def of(tmp_path):
    def snapshot(*of_projects, **tables):
        every = merged(*(of_projects or (rows(of="P", project=[{"id": "P", "methodology": "pm2"}], **tables),)))
        return write_snapshot(tmp_path / "snapshot", every, {"as_of": DAY.isoformat()})

    return snapshot


def found(snapshot, **more):
    return [(d.table, d.column, d.sources, d.count, d.said) for d in disagreements(snapshot, ["P"], **more)]


def test_values_of_one_thing_in_two_sources(of):
    snapshot = of(
        match=[same(1, "R-1", "J-1"), same(2, "J-2", "R-2"), same(3, "R-3", "J-3")],
        risk=[
            risk("R-1", "register", status="closed", likelihood=2, due_on=date(2026, 5, 1)),
            risk("J-1", "tracker", status="in_progress", likelihood=2, due_on=date(2026, 6, 1)),
            risk("R-2", "register", status="approved", likelihood=3, due_on=date(2026, 5, 2)),
            risk("J-2", "tracker", status="assessing", likelihood=None, due_on=date(2026, 5, 3)),
            risk("R-3", "register", status=None),
            risk("J-3", "tracker", status="closed"),
        ],
    )
    assert found(snapshot) == [
        ("risk", "due_on", ("register", "tracker"), 2, ("2026-05-01", "2026-06-01")),
        ("risk", "status", ("register", "tracker"), 1, ("ended", "open")),
    ]
    assert found(snapshot, as_of=date(2026, 6, 1)) == []
    assert disagreements(snapshot, ["Q"]) == ()


def test_rows_of_one_source_or_gone_or_unknown_are_no_contradiction(of):
    snapshot = of(
        match=[same(1, "R-1", "R-2"), same(2, "R-3", "J-3"), same(3, "R-4", "J-4"), same(4, "R-5", "D-5", "issue")],
        risk=[
            risk("R-1", "register", impact=1),
            risk("R-2", "register", impact=2),
            risk("R-3", "register", impact=1),
            risk("J-3", "tracker", impact=2, is_gone=True),
            risk("R-4", "register", impact=1),
            risk("J-4", "tracker"),
        ],
    )
    assert found(snapshot) == []


@pytest.mark.parametrize(
    ("other", "differ"),
    [
        (person("b"), True),
        (person("b", identity="x"), True),
        (person("b", identity="y"), False),
        (person("b", realm="names"), False),
        (person("b", kind="group"), False),
        (person("b", kind=None), False),
    ],
)
def test_owners_are_two_people_only_when_that_is_known(of, other, differ):
    one = person("a", identity="y") if other.get("identity") else person("a")
    snapshot = of(
        person=[one, other],
        match=[same(1, "R-1", "J-1")],
        risk=[risk("R-1", "register", owner_id="a"), risk("J-1", "tracker", owner_id="b")],
        role=[
            {"id": "r1", "role": "project_manager", "person_id": "a", "source": "register"},
            {"id": "r2", "role": "project_manager", "person_id": "b", "source": "tracker"},
            {"id": "r3", "role": "developer", "person_id": "a", "source": "register"},
            {"id": "r4", "role": "developer", "person_id": "b", "source": "tracker"},
        ],
    )
    people = ("one person", "another person")
    expected = [("risk", "owner_id"), ("role", "project_manager")] if differ else []
    assert found(snapshot) == [(table, column, ("register", "tracker"), 1, people) for table, column in expected]


def test_role_that_was_held_one_after_the_other_is_no_contradiction(of):
    snapshot = of(
        person=[person("a"), person("b")],
        role=[
            {"id": "r1", "role": "project_manager", "person_id": "a", "source": "register", "to_on": date(2026, 1, 1)},
            {"id": "r2", "role": "project_manager", "person_id": "b", "source": "tracker"},
        ],
    )
    assert found(snapshot) == []


def test_what_follows_in_an_audit(of):
    snapshot = of(
        person=[person("a"), person("b")],
        match=[same(1, "R-1", "J-1")],
        risk=[risk("R-1", "register", status="closed"), risk("J-1", "tracker", status="approved")],
        role=[
            {"id": "r1", "role": "project_manager", "person_id": "a", "source": "register"},
            {"id": "r2", "role": "project_manager", "person_id": "b", "source": "tracker"},
        ],
    )
    result = run_audit(snapshot, plan_audit(snapshot, shipped_rulebook(), ProfileChoice(forced="pm2")))
    said = {item.about: item.says for item in result.conclusions if item.name == "contradiction"}
    assert said == {
        "risk": ("register and tracker say different of status (1 times): “Supplier late” is ended in one and open in the other",),
        "role": ("register and tracker name different people as project manager",),
    }
