"""What conditions mean on DuckDB: three-valued, also where SQL is not."""

from datetime import UTC, date, datetime

import pytest

from auditor.checks.evaluation import Reason, Verdict
from auditor.checks.inputs import ExpectedProduct, Plan, ProjectPlan
from tests.checks.small import one, rows, states, words

DAY = date(2026, 6, 30)


def truth(require, *, about=None, unknown=None, complete=None, language=None, plan=None, **tables):
    """Return what a condition says: of the project, or of the only row of *about*."""
    given = rows(unknown=unknown, **tables)
    found = one(given, require=require, complete=complete, language=language, plan=plan, **({"about": about} if about else {}))
    assert found.reason is not Reason.RULE_ERROR, found.detail
    assert found.population == 1, found
    return True if found.passed else False if found.failed else None


RISK = {"id": "R1"}


@pytest.mark.parametrize(
    ("condition", "row", "unknown", "expected"),
    [
        ("score >= 20", {"score": 20}, [], True),
        ("score >= 20", {}, [], None),  # nobody wrote the number down
        ("score >= 20", {}, ["score"], None),
        ("due_on < today", {"due_on": date(2026, 6, 29)}, [], True),
        ("due_on < today", {}, [], False),  # no due date: not overdue
        ("not due_on < today", {}, [], True),
        ("due_on < today", {}, ["due_on"], None),
        ("due_on <> closed_on", {"due_on": DAY}, [], False),
        ("due_on <= closed_on", {"due_on": DAY}, ["closed_on"], None),
        ("status = 'approved'", {}, [], None),
        ("status in ('approved', 'closed')", {"status": "closed"}, [], True),
        ("status not in ('approved')", {}, [], None),
        ("title in ('a', 'b')", {}, [], False),
        ("title in ('a', 'b')", {}, ["title"], None),
        ("title like 'Fi%'", {"title": "Fire"}, [], True),
        ("title like 'fi%'", {"title": "Fire"}, [], False),
        ("title ilike 'fi%'", {"title": "Fire"}, [], True),
        ("matches(title, 'F.re')", {"title": "Fire"}, [], True),
        ("matches(title, 'F')", {"title": "Fire"}, [], False),  # the whole text
        ("matches(title, 'F')", {}, [], False),
        ("names(title, 'C-1')", {"title": "moved (c-1)"}, [], True),
        ("names(title, 'C-1')", {"title": "moved for C-10"}, [], False),
        ("names(title, 'C-1')", {"title": "moved for AC-1"}, [], False),
        ("names(title, 'C-1')", {"title": "moved for C-1-b"}, [], False),
        ("names(title, 'C.1')", {"title": "moved for C-1"}, [], False),  # an id is no pattern
        ("names(title, 'É1')", {"title": "é1: later"}, [], True),
        ("names(title, '')", {"title": "moved"}, [], False),
        ("names(title, 'C-1')", {}, [], False),
        ("names(title, 'C-1')", {}, ["title"], None),
        ("filled(title)", {"title": "x"}, [], True),
        ("filled(title)", {}, [], False),
        ("filled(title)", {}, ["title"], None),
        ("blank(score)", {}, [], True),
        ("is_escalated", {}, [], None),
        ("is_escalated or filled(title)", {"title": "x"}, [], True),
        ("likelihood * impact = 12", {"likelihood": 3, "impact": 4}, [], True),
        ("likelihood * impact >= 12", {"likelihood": 120, "impact": 120}, [], True),
        ("exposure(score, likelihood, impact) = 12", {"likelihood": 3, "impact": 4, "score": 20}, [], True),
        ("exposure(score, likelihood, impact) = 20", {"likelihood": 3, "score": 20}, [], True),
        ("exposure(score, likelihood, impact) = 20", {"likelihood": 3, "score": 20}, ["impact"], None),
        ("days(identified_on, today) = 30", {"identified_on": date(2026, 5, 31)}, [], True),
        ("days(identified_on, today) > 1", {}, [], False),
        ("due_on + 5 > today", {"due_on": date(2026, 6, 26)}, [], True),
        ("days(identified_on, due_on) between 1 and 9", {"identified_on": DAY, "due_on": date(2026, 7, 9)}, [], True),
        ("ratio(score, likelihood) >= 0.3", {"score": 1, "likelihood": 3}, [], True),
        ("ratio(score, likelihood) = 0.333333333", {"score": 1, "likelihood": 3}, [], False),
        ("ratio(score, likelihood) > -1", {"score": 1, "likelihood": 0}, [], None),
        ("during(identified_on, due_on, closed_on)", {"identified_on": DAY}, [], True),
        ("during(identified_on, due_on, closed_on)", {"identified_on": DAY, "due_on": DAY, "closed_on": DAY}, [], True),
        ("during(identified_on, due_on, closed_on)", {"identified_on": DAY}, ["closed_on"], None),
        ("during(identified_on, due_on, closed_on)", {"identified_on": DAY, "due_on": date(2026, 7, 1)}, ["closed_on"], False),
        ("during(identified_on, due_on, closed_on)", {}, [], False),
        ("overlaps(identified_on, due_on, closed_on, reviewed_on)", {"due_on": DAY, "closed_on": date(2026, 7, 1)}, [], False),
        ("overlaps(identified_on, due_on, closed_on, reviewed_on)", {"due_on": DAY}, [], True),
        ("overlaps(identified_on, due_on, closed_on, reviewed_on)", {"due_on": DAY}, ["closed_on"], None),
        ("happened_by(closed_on, due_on)", {"closed_on": DAY, "due_on": DAY}, [], True),
        ("happened_by(closed_on, due_on)", {"closed_on": DAY, "due_on": date(2026, 6, 29)}, [], False),
        ("happened_by(closed_on, due_on)", {"due_on": date(2026, 6, 29)}, [], False),
        ("happened_by(closed_on, due_on)", {"due_on": DAY}, [], None),  # the day is not past
        ("happened_by(closed_on, due_on)", {"due_on": date(2026, 6, 29)}, ["closed_on"], None),
        ("happened_by(closed_on, due_on)", {"closed_on": DAY}, [], None),
        ("working_days(identified_on, due_on) = 5", {"identified_on": date(2026, 6, 19), "due_on": date(2026, 6, 26)}, [], True),
        ("working_days(identified_on, due_on) = -5", {"identified_on": date(2026, 6, 26), "due_on": date(2026, 6, 19)}, [], True),
        ("add_working_days(identified_on, 3) = due_on", {"identified_on": date(2026, 6, 26), "due_on": date(2026, 7, 1)}, [], True),
        ("add_working_days(identified_on, 0) = due_on", {"identified_on": date(2026, 6, 27), "due_on": date(2026, 6, 27)}, [], True),
    ],
)
def test_rows(condition, row, unknown, expected):
    assert truth(condition, about="risk", unknown={"risk": unknown}, risk=[RISK | row]) is expected


def test_time_zone_of_the_project():
    item = {"id": "W", "created_at": datetime(2026, 6, 30, 22, 30, tzinfo=UTC)}
    for zone, expected in (("Europe/Brussels", True), ("UTC", False), ("nowhere", False)):
        given = {"project": [{"id": "P", "time_zone": zone}], "work_item": [item]}
        assert truth("day(created_at) = date '2026-07-01'", about="work_item", **given) is expected


def test_calendar_of_the_project():
    days = [
        {"calendar": "c", "on_date": date(2026, 6, 24), "is_working": False},
        {"calendar": "c", "on_date": date(2026, 6, 27), "is_working": True},
        {"calendar": "other", "on_date": date(2026, 6, 25), "is_working": False},
    ]
    given = {"project": [{"id": "P", "calendar": "c", "start_on": date(2026, 6, 22), "end_on": date(2026, 6, 29)}], "calendar_day": days}
    assert truth("working_days(project.start_on, project.end_on) = 5", **given) is True
    assert truth("add_working_days(project.start_on, 4) = date '2026-06-27'", **given) is True


ISSUES = [{"id": "I1", "status": "open", "priority": 3}, {"id": "I2", "status": "closed", "priority": 5}]
HIDDEN = [*ISSUES, {"id": "I3"}]


@pytest.mark.parametrize(
    ("condition", "issues", "complete", "expected"),
    [
        ("exists (from issue where issue.status = 'open')", ISSUES, True, True),
        ("exists (from issue where issue.status = 'open')", ISSUES, False, True),
        ("exists (from issue where issue.status = 'resolved')", ISSUES, True, False),
        ("exists (from issue where issue.status = 'resolved')", ISSUES, False, None),
        ("not exists (from issue where issue.status = 'resolved')", HIDDEN, True, None),
        ("not exists (from issue where issue.status = 'resolved')", [], True, True),
        ("(select count(*) from issue where issue.status = 'open') = 1", ISSUES, True, True),
        ("(select count(*) from issue where issue.status = 'open') = 1", HIDDEN, True, None),
        ("(select count(*) from issue where issue.status = 'open') <> 3", HIDDEN, True, True),
        ("(select count(*) from issue where issue.status = 'open') = 0", HIDDEN, True, False),
        ("(select count(*) from issue where issue.status = 'open') between 1 and 2", HIDDEN, True, True),
        ("(select count(*) from issue where issue.status = 'open') >= 1", HIDDEN, False, True),
        ("(select count(*) from issue where issue.status = 'open') <= 5", HIDDEN, False, None),
        ("(select count(*) from issue) + 1 > 3", HIDDEN, True, True),
        ("(select count(*) from issue) in (1, 2)", ISSUES, True, True),
        ("(select max(priority) from issue) = 5", ISSUES, True, True),
        ("(select max(priority) from issue) >= 5", ISSUES, False, True),
        ("(select max(priority) from issue) < 5", ISSUES, False, False),
        ("(select max(priority) from issue) <= 5", ISSUES, False, None),
        ("(select max(priority) from issue) = 5", HIDDEN, True, None),
        ("(select min(priority) from issue) <= 3", HIDDEN, True, True),
        ("(select sum(priority) from issue) = 8", ISSUES, True, True),
        ("(select sum(priority) from issue where issue.status = 'resolved') = 0", ISSUES, True, True),
        ("(select sum(priority) from issue) >= 8", ISSUES, False, None),
        ("(select max(priority) from issue) > 0", [], True, None),
        ("'I1' in (select issue.id from issue)", ISSUES, False, True),
        ("'I9' in (select issue.id from issue)", ISSUES, True, False),
        ("'I9' in (select issue.id from issue)", ISSUES, False, None),
        ("3 in (select priority from issue where issue.status <> 'closed')", ISSUES, True, True),
        ("4 in (select priority from issue)", HIDDEN, True, None),
    ],
)
def test_sub_queries(condition, issues, complete, expected):
    assert truth(condition, issue=issues, complete=["issue"] if complete else []) is expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("exists (from action where action.meeting_id = meeting.id)", {"M1": True, "M2": None, "M3": None}),
        ("exists (from action where action.meeting_id = meeting.id and action.status = 'done')", {"M1": None, "M2": None, "M3": None}),
        ("(select count(*) from action where action.meeting_id = meeting.id) >= 2", {"M1": True, "M2": False, "M3": False}),
        ("exists (from action where action.raised_on <= meeting.held_on)", {"M1": True, "M2": False, "M3": None}),
        (
            "exists (from action where action.meeting_id = meeting.id and action.raised_on <= meeting.held_on)",
            {"M1": True, "M2": False, "M3": None},
        ),
    ],
)
def test_sub_queries_about_the_row(condition, expected):
    bits = rows(unknown={"action": ["meeting_id"]}, action=[{"id": "x"}])["action"][0]["unknown_bits"]
    given = rows(
        meeting=[{"id": "M1", "held_on": date(2026, 2, 1)}, {"id": "M2", "held_on": date(2025, 1, 1)}, {"id": "M3"}],
        action=[
            {"id": "A1", "meeting_id": "M1", "raised_on": date(2026, 1, 1), "status": "open"},
            {"id": "A2", "meeting_id": "M1", "raised_on": date(2026, 3, 1)},
            {"id": "A3", "unknown_bits": bits, "raised_on": date(2026, 3, 1)},
            {"id": "A4", "raised_on": date(2026, 3, 1)},
        ],
    )
    if "held_on" in condition:
        held = rows(unknown={"meeting": ["held_on"]}, meeting=[{"id": "x"}])["meeting"][0]["unknown_bits"]
        given["meeting"][2]["unknown_bits"] = held
    found = one(given, about="meeting", require=condition)
    failed = {item.subject_id for item in found.evidence if item.outcome == "failed"}
    undecided = {item.subject_id for item in found.evidence if item.outcome == "undecided"}
    assert found.reason is not Reason.RULE_ERROR, found.detail
    assert {name: False if name in failed else None if name in undecided else True for name in expected} == expected


def test_as_it_stood_on_a_day():
    report = [{"id": "S1", "period_to_on": date(2026, 2, 28)}]
    history = [
        {"id": "R1", "status": "proposed", "valid_from": datetime(2026, 1, 1, tzinfo=UTC), "valid_to": datetime(2026, 3, 1, tzinfo=UTC)},
        {"id": "R1", "status": "closed", "valid_from": datetime(2026, 3, 1, tzinfo=UTC)},
    ]
    given = rows(report=report, risk=[{"id": "R1", "status": "closed"}], risk_history=history)
    for status, expected in (("proposed", Verdict.CONFORM), ("closed", Verdict.NONCONFORM)):
        text = f"exists (from risk at report.period_to_on where status = '{status}')"
        for row in given["risk_history"]:
            row["project_id"] = "P"
        assert one(given, about="report", require=text).verdict is expected


def test_products_gates_and_events():
    language = words(events=[{"name": "charter", "sentence": "s", "expression": "approved_on('charter')", "known_when": ["product"]}])
    approved = [{"id": "X", "kind": "charter", "approved_on": date(2026, 3, 1)}]
    gate = [{"id": "G", "gate": "rfp", "decision": "approved", "decided_on": date(2026, 3, 5)}]
    late = "happened_by(event('charter'), gate_on('rfp'))"
    assert truth(late, language=language, product=approved, candidate=[], gate=gate) is True
    assert truth(late, language=language, product=[], candidate=[], gate=gate) is False
    assert truth(late, language=language, product=[], candidate=[{"id": "C", "kind": "charter", "reason": "unreadable"}], gate=gate) is None
    assert truth(late, language=language, product=approved, candidate=[], gate=[]) is None
    assert truth("exists_product('charter')", product=[], candidate=[]) is False
    assert truth("exists_product('charter')", product=[], candidate=[{"id": "C", "kind": "charter"}]) is None
    assert truth("exists_product('charter')", product=[], candidate=[{"id": "C", "kind": "other"}]) is False
    assert truth("filled(approved_on('charter'))", product=[{"id": "X", "kind": "charter"}], candidate=[]) is False
    assert truth("approved_on('charter') <= today", product=[], candidate=[]) is False
    assert truth("gate_on('rfp') <= today", gate=[{"id": "G", "gate": "rfp", "decision": "rejected"}]) is False
    plan = Plan(projects={"P": ProjectPlan(expected=(ExpectedProduct(kind="log", obligation="optional"),))})
    assert truth("uses('log') and not required('log') and not uses('plan')", plan=plan) is True
    assert truth("uses('plan')", plan=Plan()) is None


def test_people():
    person = [
        {"id": "a", "kind": "person", "realm": "jira", "identity": "I"},
        {"id": "b", "kind": "person", "realm": "files", "identity": "I"},
        {"id": "c", "kind": "person", "realm": "jira"},
        {"id": "d", "kind": "person", "realm": "files"},
        {"id": "g", "kind": "group", "realm": "jira"},
    ]

    def same(one_, other):
        given = {"risk": [{"id": "R", "owner_id": one_, "actionee_id": other}], "person": person}
        return truth("same_person(owner_id, actionee_id)", about="risk", **given)

    assert [same("a", "b"), same("a", "a"), same("a", "c"), same("c", "d"), same("a", "g"), same("g", "g"), same("a", None)] == [
        *(True, True, False, None, None, None, False)
    ]
    held = "held_role(owner_id, 'pm', identified_on)"
    role = [{"id": "O", "role": "pm", "person_id": "b", "from_on": date(2026, 1, 1)}]
    risk = [{"id": "R", "owner_id": "a", "identified_on": date(2026, 2, 1)}]
    assert truth(held, about="risk", risk=risk, role=role, person=person) is True
    assert truth(held, about="risk", risk=[risk[0] | {"identified_on": date(2025, 2, 1)}], role=role, person=person) is False
    inner = "exists (from role o where o.role = 'pm' and same_person(o.person_id, risk.owner_id))"
    assert truth(inner, about="risk", risk=risk, role=role, person=person) is True


def test_series():
    def kept(days, complete=("report",)):
        report = [{"id": f"S{n}", "issued_on": date(2026, month, 1)} for n, month in enumerate(days)]
        series = "kept_every((select issued_on from report), 31, 5, date '2026-01-01', date '2026-05-01')"
        return truth(series, report=report, complete=list(complete))

    assert kept([2, 3, 4]) is True
    assert kept([2, 4]) is False
    assert kept([]) is False
    assert kept([2, 3, 4], complete=()) is None


def test_links():
    link = [{"id": "L", "from_table": "work_item", "from_id": "W", "to_table": "risk", "to_id": "R1", "kind": "mitigates"}]
    linked = "linked('mitigates', 'work_item')"
    assert truth(linked, about="risk", risk=[RISK], link=link) is True
    assert truth(linked, about="risk", risk=[RISK], link=[link[0] | {"is_broken": True}]) is False
    assert truth(linked, about="risk", risk=[RISK], link=[link[0] | {"kind": None}]) is None
    assert truth("links_to('mitigates', 'risk')", about="work_item", work_item=[{"id": "W"}], link=link) is True


def test_elements_of_a_list():
    fields = {"about": {"each": ["pm", "po"], "as": "role_id"}, "require": "exists (from role where role.role = role_id)"}
    found = one(rows(role=[{"id": "O", "role": "pm"}]), **fields, say="no {role_id}")
    assert (found.verdict, states(found), found.evidence[0].says) == (Verdict.NONCONFORM, "po failed", "no po")
    listed = {"about": {"each": "$roles", "as": "role_id"}, "require": "role_id <> 'x'"}
    unset = one(rows(), **listed, params={"roles": {"type": "list"}})
    assert (unset.verdict, unset.reason) == (Verdict.NOT_ASSESSED, Reason.NOT_CONFIGURED)


def test_a_term_may_absorb_the_unknown_when_it_says_so():
    language = words(
        terms=[
            {
                "name": "known_open",
                "parameters": {"status": "code"},
                "sentence": "s",
                "absorbs_unknown": "an unknown status is no reason to ask",
                "expression": "case when status is null then false else status <> 'closed' end",
            }
        ]
    )
    assert truth("known_open(status)", about="risk", language=language, risk=[RISK]) is False
    assert truth("known_open(status)", about="risk", language=language, risk=[RISK | {"status": "approved"}]) is True


def test_expected_products():
    plan = Plan(
        projects={
            "P": ProjectPlan(
                expected=(ExpectedProduct(kind="log", obligation="mandatory"), ExpectedProduct(kind="x", obligation="not_used"))
            )
        }
    )
    fields = {"about": "expected", "where": "obligation = 'mandatory'", "require": "exists_product(expected.kind)"}
    found = one(rows(product=[], candidate=[]), **fields, plan=plan)
    assert (found.verdict, states(found)) == (Verdict.NONCONFORM, "log failed")
    unknown = one(rows(product=[], candidate=[]), **fields, plan=Plan())
    assert (unknown.verdict, unknown.reason) == (Verdict.NOT_ASSESSED, Reason.NO_DATA)
