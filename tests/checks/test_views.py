"""Views: three-valued, known or not for a project as a whole."""

from datetime import UTC, date, datetime

import pytest

from auditor.checks.evaluation import Reason, Verdict
from tests.checks.small import merged, one, rows, rule, run, states, words


def view(select, columns, known_when=("risk",), name="v"):
    return {"name": name, "sentence": "s", "columns": columns, "select": select, "known_when": list(known_when)}


OPEN = view("select project_id, id, title, score from risk where status <> 'closed'", {"title": "text", "score": "integer"})


def test_rows_of_a_view_are_a_population():
    risks = [
        {"id": "R1", "status": "approved", "score": 9},
        {"id": "R2", "status": "closed", "score": 9},
        {"id": "R3", "status": "approved"},
    ]
    found = one(rows(risk=risks), about="v", require="score > 20", language=words(views=[OPEN]))
    assert (found.population, states(found)) == (2, "R1 failed, R3 undecided")


def test_unknown_condition_leaves_out_its_row_and_what_there_is_more():
    """A risk without a known status may or may not be open: the others are sure, and nobody can say that there are no more."""
    language = words(views=[OPEN])
    doubtful = rows(risk=[{"id": "R1", "status": "approved", "score": 9}, {"id": "R2"}])
    sure = rows(of="Q", risk=[{"id": "R1", "status": "approved", "score": 9}])
    checks = [
        rule(about="v", require="score > 20"),
        rule("T-2", require="exists (from v where v.score = 9)"),
        rule("T-3", about="v", require="score > 2"),
    ]
    found = run(merged(doubtful, sure), checks, language=language)
    assert (found["T-1", "P"].verdict, states(found["T-1", "P"])) == (Verdict.NONCONFORM, "R1 failed")
    assert found["T-2", "P"].verdict is Verdict.CONFORM
    assert found["T-3", "P"].verdict is Verdict.NOT_ASSESSED
    assert [found[name, "Q"].verdict for name in ("T-1", "T-2", "T-3")] == [Verdict.NONCONFORM, Verdict.CONFORM, Verdict.CONFORM]


def test_incomplete_input_makes_a_view_of_groups_unknown():
    """What nobody has seen may change a row of it."""
    by_status = view(
        "select project_id, status as id, max(score) as most from risk group by project_id, status", {"most": "integer"}, name="grouped"
    )
    given = rows(risk=[{"id": "R1", "status": "approved", "score": 9}])
    found = one(given, about="grouped", require="most > 20", language=words(views=[by_status]), complete=[])
    assert (found.verdict, found.reason) == (Verdict.NOT_ASSESSED, Reason.NO_DATA)
    assert one(given, about="grouped", require="most > 20", language=words(views=[by_status])).verdict is Verdict.NONCONFORM


def test_incomplete_input_only_adds_to_a_view_that_chooses_rows():
    """A row that is seen and fails is broken whatever else there is; where all that are seen hold, others may not."""
    given = rows(risk=[{"id": "R1", "status": "approved", "score": 9}])
    language = words(views=[OPEN])
    found = one(given, about="v", require="score > 20", language=language, complete=[])
    assert (found.verdict, states(found)) == (Verdict.NONCONFORM, "R1 failed")
    found = one(given, about="v", require="score > 2", language=language, complete=[])
    assert (found.verdict, found.reason) == (Verdict.NOT_ASSESSED, Reason.NO_DATA)
    assert one(given, require="exists (from v)", language=language, complete=[]).verdict is Verdict.CONFORM
    assert one(given, require="not exists (from v where v.score > 20)", language=language, complete=[]).verdict is Verdict.NOT_ASSESSED


@pytest.mark.parametrize(
    "select",
    [
        "select a.project_id, a.id, m.held_on from action a left join meeting m on m.project_id = a.project_id and m.id = a.meeting_id",
        "select a.project_id, a.id, max(a.due_on) over (partition by a.project_id) as held_on from action a",
    ],
)
def test_a_view_whose_rows_depend_on_others_is_unknown(select):
    """A meeting that nobody has seen may be the action's; an action that nobody has seen may be the last."""
    odd = view(select, {"held_on": "day"}, ["action"], name="odd")
    given = rows(meeting=[{"id": "M1"}], action=[{"id": "A1", "meeting_id": "M9", "due_on": date(2026, 1, 1)}])
    found = one(given, about="odd", require="held_on > date '2030-01-01'", language=words(views=[odd]), complete=[])
    assert found.verdict is Verdict.NOT_ASSESSED


def test_join_and_unknown_keys():
    joined = view(
        "select a.project_id, a.id, m.held_on, a.title from action a join meeting m on m.project_id = a.project_id and m.id = a.meeting_id",
        {"held_on": "day", "title": "text"},
        ["action", "meeting"],
    )
    language = words(views=[joined])
    meeting = [{"id": "M1", "held_on": date(2026, 1, 1)}, {"id": "M2"}]
    action = [{"id": "A1", "meeting_id": "M1"}, {"id": "A2", "meeting_id": "M9"}, {"id": "A3"}, {"id": "A4", "meeting_id": "M2"}]
    found = one(rows(meeting=meeting, action=action), about="v", require="filled(held_on)", language=language)
    assert (found.population, states(found)) == (2, "A4 failed")
    hidden = rows(
        meeting=meeting,
        action=[*action, {"id": "A5", "unknown_bits": rows(unknown={"action": ["meeting_id"]}, action=[{}])["action"][0]["unknown_bits"]}],
    )
    found = one(hidden, about="v", require="filled(held_on)", language=language)
    assert (found.verdict, states(found)) == (Verdict.NONCONFORM, "A4 failed")  # of which meeting A5 is nobody knows
    assert one(hidden, about="v", require="filled(title) or true", language=language).verdict is Verdict.NOT_ASSESSED
    alone = rows(meeting=[], action=hidden["action"])
    assert one(alone, about="v", require="filled(held_on)", language=language).reason is Reason.EMPTY_POPULATION


def test_left_join_has_blanks():
    joined = view(
        "select m.project_id, m.id, a.title from meeting m left join action a on a.project_id = m.project_id and a.meeting_id = m.id",
        {"title": "text"},
        ["action", "meeting"],
    )
    given = rows(meeting=[{"id": "M1"}, {"id": "M2"}], action=[{"id": "A1", "meeting_id": "M1", "title": "x"}])
    found = one(given, about="v", require="filled(v.title)", language=words(views=[joined]))
    assert states(found) == "M2 failed"


def test_groups_and_unknown_values():
    total = view(
        "select cost.project_id, min(cost.id) as id, cost.category, sum(cost.amount) as total, count(*) as n, "
        "count(*) filter (where cost.kind = 'actual') as booked from cost group by cost.project_id, cost.category",
        {"category": "text", "total": "decimal", "n": "integer", "booked": "integer"},
        ["cost"],
    )
    language = words(views=[total])
    costs = [
        {"id": "C1", "category": "a", "amount": 10, "kind": "actual"},
        {"id": "C2", "category": "a", "amount": 5, "kind": "budget"},
        {"id": "C3", "category": "b", "kind": "actual"},
        {"id": "C4", "amount": 7, "kind": "actual"},
        {"id": "C5", "amount": 7, "kind": "actual"},
    ]
    given = rows(cost=costs)
    assert states(one(given, about="v", require="total = 15", language=language)) == "C4 failed, C3 undecided"
    assert states(one(given, about="v", require="n = 2", language=language)) == "C3 failed"
    assert states(one(given, about="v", require="booked = 1", language=language)) == "C4 failed"
    hidden = rows(unknown={"cost": ["kind"]}, cost=[{"id": "C1", "amount": 1}])
    assert one(hidden, about="v", require="n = 1", language=language).verdict is Verdict.NOT_ASSESSED


def test_neighbours_blank_last_and_their_unknown_values():
    chain = view(
        "select r.project_id, r.id, lag(r.rag) over (partition by r.project_id order by r.period_to_on) as before, "
        "row_number() over (partition by r.project_id order by r.period_to_on desc) as place from report r",
        {"before": "code", "place": "integer"},
        ["report"],
    )
    language = words(views=[chain])
    reports = [{"id": "S3"}, {"id": "S2", "period_to_on": date(2026, 2, 1), "rag": "red"}, {"id": "S1", "period_to_on": date(2026, 1, 1)}]
    found = one(rows(report=reports), about="v", require="filled(before)", language=language)
    assert states(found) == "S1 failed, S2 failed"  # S1 is first, S2 follows one without a colour, S3 comes last
    assert states(one(rows(report=reports), about="v", require="v.place < 3", language=language)) == "S3 failed"
    bits = rows(unknown={"report": ["rag"]}, report=[{}])["report"][0]["unknown_bits"]
    reports[2]["unknown_bits"] = bits
    assert states(one(rows(report=reports), about="v", require="filled(before)", language=language)) == "S1 failed, S2 undecided"


def test_views_on_views_and_histories():
    path = view(
        "select h.project_id, h.id, h.status, h.valid_from from risk_history h where h.status <> 'proposed'",
        {"status": "code", "valid_from": "instant"},
        name="path",
    )
    first = view("select p.project_id, min(p.id) as id, count(*) as n from path p group by p.project_id", {"n": "integer"})
    history = [
        {"project_id": "P", "id": "R1", "status": status, "valid_from": datetime(2026, month, 1, tzinfo=UTC)}
        for month, status in enumerate(("proposed", "approved", "closed"), start=1)
    ]
    given = rows(risk=[], risk_history=history)
    found = one(given, about="v", require="n = 2", language=words(views=[path, first]))
    assert found.verdict is Verdict.CONFORM


@pytest.mark.parametrize(
    ("select", "message"),
    [
        ("select id, title, score from risk", "has project_id"),
        ("select project_id, title, score from risk", "has an id"),
        ("select project_id, id, title from risk", "'score' is not selected"),
        ("select project_id, id, title, score, status from risk", "'status' is not declared"),
        ("select project_id, id, score as title, score from risk", "'title' is declared as text"),
        ("select project_id, id, title, scor as score from risk", "unknown column 'scor'"),
        ("select risk.project_id, risk.id, risk.title, risk.score from risk join issue on issue.id = risk.id", "joins rows of one project"),
        ("select risk.project_id, risk.id, risk.title, risk.score from risk, issue", "joins rows of one project"),
        ("select project_id, id, title, score from risk limit 1", "'limit' is refused"),
        ("select project_id, id, title, score from risk order by score", "'order' is refused"),
        ("select distinct project_id, id, title, score from risk", "'distinct' is refused"),
        ("select project_id, id, title, score from risk union select project_id, id, title, score from risk", "one SELECT"),
        ("with x as (select 1) select project_id, id, title, score from risk", "'with' is refused"),
        ("select project_id, id, title, score from read_csv('x')", "by their names"),
        ("select project_id, id, title, score from 'x.csv'", "unknown table or view 'x.csv'"),
        ("select project_id, id, title, random() as score from risk", "unknown term or function 'random'"),
        ("select project_id, id, title, sum(score) as score from risk", "'group by'"),
        ("select project_id, id, title, ntile(3) over (order by id) as score from risk", "no window function"),
        ("select project_id, id, title, score from risk where status is null", "refused in conditions"),
        ("select project_id, id, title, score from risk where project_id = 'Q'", "one project only"),
        ("select project_id, id, title, score from v", "unknown table or view 'v'"),
        ("drop table risk", "no condition"),
        ("select project_id, id, title, score from risk; drop table risk", "no condition"),
    ],
)
def test_refused(select, message):
    found = one(rows(risk=[]), about="v", require="true", language=words(views=[view(select, {"title": "text", "score": "integer"})]))
    assert found.reason is Reason.RULE_ERROR
    assert message in found.detail
