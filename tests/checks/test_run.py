"""A whole run: parameters, answers, evidence, mistakes that stay their own, and that nothing depends on how it is run."""

from datetime import UTC, date, datetime
from decimal import Decimal

import orjson
import pytest

from auditor.checks.compile.lower import Unsupported
from auditor.checks.compile.plan import compile_rules
from auditor.checks.compile.statement import Builder
from auditor.checks.database import memory_database, snapshot_database
from auditor.checks.evaluation import Reason, Verdict
from auditor.checks.inputs import Answer, Plan, ProjectPlan
from auditor.checks.run import check, subject_digest
from auditor.snapshot.store import write_snapshot
from tests.checks.small import merged, one, rows, rule, run, states, words

SCORE = {"score": {"type": "integer", "default": 20, "project_parameter": "top", "default_by_edition": {"3.1": 15}}}


def many():
    """Return eight projects that differ."""
    parts = []
    for number in range(8):
        risk = [
            {
                "id": f"R{n:02}",
                "title": f"t{n}",
                "status": ("approved", "closed", None)[(n + number) % 3],
                "score": (n * number) % 26,
                "source": "s",
            }
            for n in range(number * 3)
        ]
        meeting = [{"id": f"M{n}", "held_on": date(2026, 1 + n, 1)} for n in range(number % 4)]
        link = [
            {"id": f"L{n}", "kind": "mitigates", "from_table": "work_item", "to_table": "risk", "to_id": f"R{n:02}"} for n in range(number)
        ]
        parts.append(
            rows(
                of=f"P{number}",
                project=[{"id": f"P{number}", "phase": "planning" if number % 2 else None}],
                risk=risk,
                meeting=meeting,
                link=link,
            )
        )
    return merged(*parts)


RULES = [
    rule("T-1", about="risk", where="status = 'approved'", require="score <= $score", params=SCORE, say="Risk {id} scores {score}"),
    rule("T-2", about="risk", require="linked('mitigates', 'work_item')", decides="supports"),
    rule("T-3", about="risk", require="exists (from meeting where meeting.held_on > date '2026-02-01')", due="phase_reached('planning')"),
    rule("T-4", require="(select count(*) from risk where risk.status = 'approved') < 3", applies="exists (from meeting)"),
    rule("T-5", about="meeting", require="(select max(risk.score) from risk) > 3", decides="refutes"),
    rule("T-6", about={"each": ["a", "b"], "as": "x"}, require="x = 'a'"),
    rule("T-7", require="exists (from view_of where view_of.score > 20)"),
    rule("T-8", about="risk", require="score <> nonsense"),
]
LANGUAGE = words(
    views=[
        {
            "name": "view_of",
            "sentence": "s",
            "columns": {"score": "integer"},
            "select": "select project_id, id, score from risk where filled(status)",
            "known_when": ["risk"],
        }
    ]
)


def as_bytes(found):
    return b"\n".join(orjson.dumps(item.model_dump(mode="json")) for item in found)


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    tables = many()
    tables["completeness"] = [
        {"project_id": f"P{number}", "table_name": name, "is_complete": (number + place) % 3 > 0, "reason": "permission_denied"}
        for number in range(8)
        for place, name in enumerate(("risk", "meeting", "link"))
    ]
    return write_snapshot(tmp_path_factory.mktemp("s") / "snapshot", tables, {"as_of": "2026-06-30"})


def decided(snapshot, projects=None, **options):
    with snapshot_database(snapshot, projects=projects, threads=options.pop("threads", 1)) as database:
        plan = Plan(projects={f"P{number}": ProjectPlan() for number in range(8)})
        return list(check(database, compile_rules(RULES, LANGUAGE), plan, **options))


def test_same_bytes_however_it_is_run(snapshot):
    whole = decided(snapshot)
    keys = [(item.project, item.rule) for item in whole]
    assert keys == sorted(keys)
    assert len(keys) == 64
    assert {item.verdict for item in whole} == set(Verdict)
    expected = as_bytes(whole)
    assert as_bytes(decided(snapshot, threads=4)) == expected
    assert as_bytes(decided(snapshot, fuse=False)) == expected
    parts = [*decided(snapshot, ["P0", "P3"]), *decided(snapshot, ["P1"]), *decided(snapshot, [f"P{n}" for n in (2, 4, 5, 6, 7)])]
    assert as_bytes(sorted(parts, key=lambda item: (item.project, item.rule))) == expected


def test_a_mistake_stays_its_own(snapshot):
    found = decided(snapshot)
    wrong = [item for item in found if item.rule == "T-8"]
    assert {item.reason for item in wrong} == {Reason.RULE_ERROR}
    assert "unknown column 'nonsense'" in wrong[0].detail
    assert all(item.reason is not Reason.RULE_ERROR for item in found if item.rule != "T-8")


def test_a_statement_that_fails_takes_no_other_rule_with_it():
    risks = [{"id": "R1", "score": 9_000_000_000_000_000_000, "likelihood": 3}]
    found = run(
        rows(risk=risks), [rule("T-1", about="risk", require="score * score > 1"), rule("T-2", about="risk", require="likelihood = 3")]
    )
    broken = found["T-1", "P"]
    assert (broken.verdict, broken.reason) == (Verdict.NOT_ASSESSED, Reason.RULE_ERROR)
    assert "9000000000000000000" not in broken.detail.replace(" ", "")
    assert found["T-2", "P"].verdict is Verdict.CONFORM


def test_evidence_that_fails_takes_no_other_rule_with_it(monkeypatch):
    showing = Builder.showing

    def failing(self, rules, *given, **options):
        if any(item.id == "T-1" for item in rules):
            raise Unsupported("cannot be shown")
        return showing(self, rules, *given, **options)

    monkeypatch.setattr(Builder, "showing", failing)
    risks = [{"id": "R2", "score": 3, "likelihood": 3}, {"id": "R1", "score": 2, "likelihood": 3}]
    found = run(
        rows(risk=risks),
        [rule("T-1", about="risk", require="score > 9"), rule("T-2", about="risk", require="score > 7 and likelihood = 3")],
    )
    assert (found["T-1", "P"].reason, found["T-1", "P"].detail) == (Reason.RULE_ERROR, "cannot be shown")
    assert states(found["T-2", "P"]) == "R1 failed, R2 failed"
    shown = found["T-2", "P"].evidence[0].values
    assert (shown["score"], shown["likelihood"]) == (2, 3)


def test_reasons_name_what_is_missing():
    listed = [{"id": "c", "table_name": "risk", "is_complete": False, "reason": "permission_denied"}]
    denied = one(rows(risk=[], completeness=listed), about="risk", require="score > 1", complete=[])
    assert (denied.verdict, denied.reason) == (Verdict.NOT_ASSESSED, Reason.ACCESS_DENIED)
    assert denied.detail == "the table risk was not read completely: permission_denied"
    unmapped = one(rows(unknown={"risk": ["score"]}, risk=[{"id": "R1"}]), about="risk", require="score > 1")
    assert (unmapped.reason, unmapped.detail) == (Reason.UNMAPPED, "no source fills the column risk.score")
    blank = one(rows(risk=[{"id": "R1"}]), about="risk", require="score > 1")
    assert (blank.reason, blank.detail) == (Reason.NO_DATA, "risk.score is not stated")
    person = one(
        rows(risk=[{"id": "R1", "owner_id": "a", "actionee_id": "b"}], person=[]),
        about="risk",
        require="same_person(owner_id, actionee_id)",
    )
    assert person.reason is Reason.IDENTITY_UNKNOWN
    file = one(rows(product=[], candidate=[{"id": "C", "kind": "log", "reason": "low_confidence"}]), require="exists_product('log')")
    assert file.reason is Reason.LOW_CONFIDENCE
    inner = one(rows(unknown={"issue": ["owner_id"]}, issue=[{"id": "I"}]), require="not exists (from issue where filled(issue.owner_id))")
    assert (inner.reason, inner.detail) == (Reason.UNMAPPED, "no source fills the column issue.owner_id")


def test_commonest_reason_of_many_subjects():
    bits = rows(unknown={"risk": ["score"]}, risk=[{}])["risk"][0]["unknown_bits"]
    risks = [{"id": "R1"}, {"id": "R2", "unknown_bits": bits}, {"id": "R3", "unknown_bits": bits}]
    assert one(rows(risk=risks), about="risk", require="score > 1", evidence_limit=1).reason is Reason.UNMAPPED


@pytest.mark.parametrize(
    ("stated", "edition", "value", "origin", "verdict"),
    [
        (None, None, 20, "pack", Verdict.CONFORM),
        (None, "3.1", 15, "edition 3.1", Verdict.NONCONFORM),
        ("10", None, 10, "docs Handbook!A1", Verdict.NONCONFORM),
        ("25", "3.1", 25, "docs Handbook!A1", Verdict.CONFORM),
        ("soon", None, None, "docs Handbook!A1: 'soon' is no value of it", Verdict.NOT_ASSESSED),
    ],
)
def test_which_value_of_a_parameter_holds(stated, edition, value, origin, verdict):
    given = rows(
        project=[{"id": "P", "methodology_edition": edition}],
        risk=[{"id": "R1", "score": 18}],
        project_parameter=[{"id": "X", "name": "top", "value": stated, "source": "docs", "locator": "Handbook!A1"}],
    )
    with memory_database(given, complete=["risk"]) as database:
        checks = compile_rules([rule(about="risk", require="score <= $score", params=SCORE)], words())
        (found,) = check(database, checks, Plan(), origin=lambda _rule, _param: "pack")
    assert (found.params["score"].value, found.params["score"].origin, found.verdict) == (value, origin, verdict)
    assert (found.reason is Reason.NOT_CONFIGURED) == (value is None)


def test_lists_and_shares_from_parameters():
    params = {"codes": {"type": "list", "default": ["a", "b"]}, "part": {"type": "share", "default": None}}
    given = rows(risk=[{"id": "R1", "title": "a"}, {"id": "R2", "title": "c"}])
    found = one(given, about="risk", require="title in $codes", params=params)
    assert states(found) == "R2 failed"
    unset = one(given, about="risk", require="title in $codes", params=params, allow_share="$part")
    assert (unset.verdict, unset.reason) == (Verdict.NOT_ASSESSED, Reason.NOT_CONFIGURED)
    half = {**params, "part": {"type": "share", "default": Decimal("0.25")}}
    assert one(given, about="risk", require="title in $codes", params=half, allow_share="$part * 2").verdict is Verdict.CONFORM
    empty = one(given, about="risk", require="title in $codes", params={"codes": {"type": "list", "default": []}})
    assert states(empty) == "R1 failed, R2 failed"


def test_evidence():
    risks = [
        {"id": f"R{n}", "title": f"t{n}", "score": 25 if n % 2 else None, "source": "s", "locator": f"A{n}", "url": "u"} for n in range(9)
    ]
    found = one(
        rows(risk=risks),
        about="risk",
        require="score < 20 or linked('mitigates', 'work_item')",
        say="Risk {id} “{title}”: {score}",
        evidence_limit=6,
    )
    assert states(found) == "R0 undecided, R1 undecided, R2 undecided, R3 undecided, R4 undecided, R5 undecided"
    found = one(
        rows(risk=risks, link=[]),
        about="risk",
        require="score < 20 or linked('mitigates', 'work_item')",
        say="Risk {id} “{title}”: {score}",
        evidence_limit=6,
    )
    assert states(found) == "R1 failed, R3 failed, R5 failed, R7 failed, R0 undecided, R2 undecided"
    assert (found.failed, found.undecided) == (4, 5)
    first = found.evidence[0]
    assert first.says == "Risk R1 “t1”: 25"
    assert first.values == {"id": "R1", "title": "t1", "score": 25, "linked('mitigates', 'work_item')": False}
    assert (first.source, first.locator, first.url, first.subject_table) == ("s", "A1", "u", "risk")
    assert found.evidence[4].reason is Reason.NO_DATA
    assert found.evidence[4].says == ""


def test_due_and_applies():
    def said(**fields):
        return one(rows(gate=[], project=[{"id": "P", "phase": "planning", "start_on": date(2026, 7, 9)}]), require="false", **fields)

    waiting = said(due="gate_on('rfp')")
    assert (waiting.reason, waiting.next_verdict) == (Reason.NOT_DUE_YET, Verdict.NONCONFORM)
    assert said(due="project.start_on").reason is Reason.NOT_DUE_YET
    assert said(due="2026-07-01").reason is Reason.NOT_DUE_YET
    assert said(due="2026-06-30").verdict is Verdict.NONCONFORM
    assert said(due="phase_reached('closing')").reason is Reason.NOT_DUE_YET
    unknown = said(due="exists (from meeting)")
    assert (unknown.verdict, unknown.due_is_unknown) == (Verdict.NONCONFORM, True)
    assert said(applies="phase_reached('closing')").reason is Reason.CONDITION_FALSE
    missing = said(applies="exists (from meeting)")
    assert (missing.verdict, missing.reason, missing.detail) == (Verdict.NOT_ASSESSED, Reason.NO_DATA, "no source holds the table meeting")
    plan = Plan(projects={"P": ProjectPlan(dropped={"T-1": "a small project"})})
    dropped = said(plan=plan)
    assert (dropped.reason, dropped.detail, dropped.evidence) == (Reason.TAILORED_OUT, "a small project", ())


def answer(says, **more):
    return Answer(rule="T-1", project="P", says=says, author="a", on=date(2026, 6, 1), **more)


def test_answers_about_all_and_about_one():
    given = rows(risk=[{"id": "R1", "score": 1}, {"id": "R2"}, {"id": "R3", "score": 30}], link=[])
    fields = {"about": "risk", "require": "score < 20", "decides": "supports"}
    assert states(one(given, **fields)) == "R3 undecided, R2 undecided"
    whole = one(given, **fields, answers=[answer("yes")])
    assert (whole.verdict, whole.is_attested, whole.passed) == (Verdict.CONFORM, True, 3)
    single = one(given, **fields, answers=[answer("yes"), answer("no", subject="R2")])
    assert (single.verdict, states(single).split(",")[0], single.is_attested) == (Verdict.NONCONFORM, "R2 failed", True)
    against = one(given, **fields, answers=[answer("no", subject="R1")])
    assert (against.verdict, against.contradictions, against.failed) == (Verdict.NONCONFORM, 1, 1)
    assert states(against).startswith("R1 failed")


def test_an_answer_is_bound_to_what_was_shown():
    given = rows(risk=[{"id": "R1", "score": 30}])
    fields = {"about": "risk", "require": "score < 20", "decides": "supports"}
    asked = one(given, **fields)
    assert (asked.reason, bool(asked.evidence_digest)) == (Reason.AWAITING_ANSWER, True)
    bound = answer("yes", evidence_digest=asked.evidence_digest)
    confirmed = one(given, **fields, answers=[bound])
    assert (confirmed.verdict, confirmed.evidence_digest) == (Verdict.CONFORM, asked.evidence_digest)
    for changed in ([{"id": "R1", "score": 31}], [{"id": "R1", "score": 30}, {"id": "R2", "score": 30}]):
        found = one(rows(risk=changed), **fields, answers=[bound])
        assert found.verdict is Verdict.NOT_ASSESSED
        assert "to be confirmed" in found.detail


def test_what_an_answer_is_bound_to_does_not_depend_on_how_much_is_shown():
    given = rows(risk=[{"id": f"R{number}", "score": 30 + number % 3} for number in range(40)])
    fields = {"about": "risk", "require": "score < 20", "decides": "supports"}
    asked = {limit: one(given, **fields, evidence_limit=limit) for limit in (0, 1, 4, 5, 6, 50)}
    assert len({found.evidence_digest for limit, found in asked.items() if limit}) == 1
    assert [len(found.evidence) for found in asked.values()] == [0, 1, 4, 5, 6, 40]
    bound = answer("yes", evidence_digest=asked[5].evidence_digest)
    for limit in asked:
        found = one(given, **fields, evidence_limit=limit, answers=[bound])
        assert (found.verdict, found.passed, len(found.evidence) <= limit) == (Verdict.CONFORM, 40, True)


def test_an_answer_about_one_subject_may_be_bound_to_it_alone():
    given = rows(risk=[{"id": "R1", "score": 30}, {"id": "R2", "score": 30}])
    fields = {"about": "risk", "require": "score < 20", "decides": "supports"}
    asked = {item.subject_id: item for item in one(given, **fields).evidence}
    bound = [answer("yes", subject=id_, evidence_digest=subject_digest("T-1", "P", item)) for id_, item in asked.items()]
    assert one(given, **fields, answers=bound).verdict is Verdict.CONFORM
    more = rows(risk=[{"id": "R1", "score": 30}, {"id": "R2", "score": 31}, {"id": "R3", "score": 30}])
    found = one(more, **fields, answers=bound)
    assert (found.verdict, found.passed, found.undecided) == (Verdict.NOT_ASSESSED, 1, 2)
    assert "to be confirmed: 1 answer about other evidence" in found.detail
    swapped = [bound[0].model_copy(update={"subject": bound[1].subject})]
    assert one(given, **fields, answers=swapped).passed == 0


def test_as_of_a_past_day():
    def said(day, require, **fields):
        history = [
            {
                "project_id": "P",
                "id": "R1",
                "status": "proposed",
                "unknown_bits": 0,
                "valid_from": datetime(2026, 1, 10, tzinfo=UTC),
                "valid_to": datetime(2026, 3, 1, tzinfo=UTC),
            },
            {"project_id": "P", "id": "R1", "status": "closed", "unknown_bits": 0, "valid_from": datetime(2026, 3, 1, tzinfo=UTC)},
        ]
        given = rows(
            risk=[{"id": "R1", "status": "closed"}],
            gate=[{"id": "G1", "conditions": "go", "decided_on": date(2026, 2, 1)}, {"id": "G2", "decided_on": date(2026, 4, 1)}],
            worklog=[{"id": "W1", "hours": 2, "recorded_at": datetime(2026, 2, 1, tzinfo=UTC)}],
        )
        return one(given | {"risk_history": history}, require=require, as_of=day, **fields)

    day = date(2026, 2, 10)
    assert states(said(day, "risk.status = 'closed'", about="risk")) == "R1 failed"
    assert said(date(2026, 3, 1), "risk.status = 'closed'", about="risk").verdict is Verdict.CONFORM
    assert said(date(2026, 1, 1), "risk.status = 'closed'", about="risk").reason is Reason.EMPTY_POPULATION
    assert said(day, "worklog.hours = 2", about="worklog").verdict is Verdict.CONFORM
    decision = said(day, "gate.conditions = 'go'", about="gate")
    assert (decision.verdict, decision.population, decision.reason) == (Verdict.NOT_ASSESSED, 1, Reason.NO_HISTORY)
    assert said(day, "exists (from gate where gate.decided_on <= today)").verdict is Verdict.CONFORM
    assert said(day, "not exists (from gate where gate.decided_on > today)").verdict is Verdict.NOT_ASSESSED
    assert said(day, "today = date '2026-02-10'").verdict is Verdict.CONFORM
    assert said(day, "phase_reached('executing')").reason is Reason.NO_HISTORY


def test_a_complete_table_is_not_said_to_be_missing():
    """What its rows leave open is named as what it is, for tables of the project and of the organisation."""
    for table in ("role", "authority"):
        given = rows(issue=[{"id": "I1"}], **{table: [{"id": "A1"}]}, unknown={table: ["role"]})
        found = one(given, about="issue", require=f"exists (from {table} a where a.role = 'executive')")
        assert (found.verdict, found.detail) != (Verdict.CONFORM, "")
        assert "no source holds" not in found.detail
        assert table in found.detail, found.detail


@pytest.mark.parametrize("many_projects", [False, True], ids=["told", "asked of the database"])
def test_edits_of_a_table_may_be_known_though_those_of_others_are_not(many_projects):
    """A condition that names the table asks of its edits alone: as subjects and in a sub-query."""
    listed = [
        {"id": "c", "table_name": "history_entry", "is_complete": False, "reason": "no_history"},
        {"id": "d", "table_name": "history_entry.work_item", "is_complete": True, "reason": None},
    ]
    edits = [{"id": "H1", "table_name": "work_item", "row_id": "W1", "field": "status"}]
    tables = rows(work_item=[{"id": "W1", "title": "a"}, {"id": "W2", "title": "b"}], history_entry=edits, completeness=listed)
    if many_projects:
        tables["project"] = [{**tables["project"][0], "project_id": f"P{n}", "id": f"P{n}"} for n in range(40)] + tables["project"]

    def verdict(**said):
        return one(tables, complete=["work_item"], **said).verdict

    none = "not exists (from history_entry h where h.row_id = work_item.id and h.field = 'title'"
    assert verdict(about="work_item", require=f"{none} and h.table_name = 'work_item')") is Verdict.CONFORM
    assert verdict(about="work_item", require=f"{none} and h.table_name = 'risk')") is Verdict.NOT_ASSESSED
    assert verdict(about="work_item", require=f"{none})") is Verdict.NOT_ASSESSED
    assert verdict(about="history_entry", where="table_name = 'work_item'", require="field = 'status'") is Verdict.CONFORM
    assert verdict(about="history_entry", require="field = 'status'") is Verdict.NOT_ASSESSED
