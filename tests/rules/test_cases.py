"""Every case of every shipped rule, word and view, decided by the engine."""

from dataclasses import replace
from datetime import date

import pytest

from auditor.checks.compile.plan import compile_rules
from auditor.checks.database import snapshot_database
from auditor.checks.inputs import Plan
from auditor.checks.run import check
from auditor.rulebook.lint import missing_verdicts
from auditor.rulebook.load import Rulebook
from auditor.rulebook.names import Term, View
from auditor.rulebook.rule import Case, Decides, Param, Rule
from auditor.snapshot.store import write_snapshot
from auditor.workbench.cases import CaseOutcome, case_project, run_case, run_rule_cases, run_term_cases, run_view_cases
from tests.shipped import shipped_rulebook

RULEBOOK = shipped_rulebook()
SHIPPED = [
    *(("rule", rule.id, case.name) for rule in RULEBOOK.rules.values() for case in rule.cases),
    *(("term", term.name, number) for term in RULEBOOK.terms.values() for number in range(len(term.cases))),
    *(("view", view.name, number) for view in RULEBOOK.views.values() for number in range(len(view.cases))),
]


@pytest.fixture(scope="module")
def outcomes() -> dict[tuple[str, str, str | int], CaseOutcome]:
    found: dict[tuple[str, str, str | int], CaseOutcome] = {("rule", item.name, item.case): item for item in run_rule_cases(RULEBOOK)}
    for kind, items in (("term", run_term_cases(RULEBOOK)), ("view", run_view_cases(RULEBOOK))):
        counts: dict[str, int] = {}
        for item in items:
            counts[item.name] = counts.get(item.name, -1) + 1
            found[kind, item.name, counts[item.name]] = item
    return found


@pytest.mark.xdist_group("cases")
@pytest.mark.parametrize(("kind", "name", "case"), SHIPPED, ids=str)
def test_case(outcomes, kind, name, case):
    assert outcomes[kind, name, case].differences == ()


@pytest.mark.parametrize("rule", RULEBOOK.rules)
def test_every_verdict_that_a_rule_can_reach_has_a_case(rule):
    assert missing_verdicts(RULEBOOK.rules[rule]) == ()


# The runner itself


LEVEL = Rule(
    id="T-1",
    title="level",
    requirement="level",
    cites=[],
    answers=["T-1"],
    area="tests",
    severity="minor",
    about="risk",
    require="risk.score = risk.likelihood * risk.impact",
    say="Risk {id} is {score}.",
)
NAMED = LEVEL.model_copy(update={"require": "filled(risk.title)"})
GIVEN = {"risk": [{"id": "R1", "likelihood": 3, "impact": 4, "score": 15}]}


def _told(rulebook: Rulebook, rule: Rule, **case) -> tuple[str, ...]:
    return run_case(rulebook, rule, Case(name="case", **case)).differences


def test_what_differs_is_told_in_words(rulebook):
    assert _told(rulebook, LEVEL, given=GIVEN, expect={"verdict": "nonconform", "failed": ["R1"], "says": "Risk R1 is 15."}) == ()
    assert _told(rulebook, LEVEL, given=GIVEN, expect={"verdict": "conform"}) == ("expected conform, the rule says nonconform",)
    assert _told(rulebook, LEVEL, given=GIVEN, expect={"verdict": "nonconform", "failed": ["R2"], "says": "Risk R1"}) == (
        "expected failed: R2; the rule says R1",
        "expected the sentence “Risk R1”, the rule says “Risk R1 is 15.”",
    )


def test_a_column_that_no_row_names_is_unknown_one_left_out_is_blank(rulebook):
    bare, named = {"id": "R1", "score": 1}, {"id": "R2", "title": "Fire"}
    assert _told(rulebook, NAMED, given={"risk": [bare]}, expect={"verdict": "not_assessed", "undecided": ["R1"]}) == ()
    assert _told(rulebook, NAMED, given={"risk": [bare, named]}, expect={"verdict": "nonconform", "failed": ["R1"]}) == ()
    hidden = {"given": {"risk": [bare, named]}, "unknown": {"risk": ["title"]}}
    assert _told(rulebook, NAMED, **hidden, expect={"verdict": "not_assessed", "undecided": ["R1", "R2"]}) == ()


def test_a_placeholder_is_blank(rulebook):
    assert _told(rulebook, NAMED, given={"risk": [{"id": "R1", "title": "TBD"}]}, expect={"verdict": "nonconform"}) == ()


def test_tables_that_are_not_given_are_incomplete(rulebook):
    assert _told(rulebook, LEVEL, given={}, expect={"verdict": "not_assessed"}) == ()
    assert _told(rulebook, LEVEL, given={"risk": []}, expect={"verdict": "not_applicable", "reason": "empty_population"}) == ()
    assert _told(rulebook, LEVEL, given={"risk": []}, incomplete=["risk"], expect={"verdict": "not_assessed"}) == ()


def test_a_project_that_is_not_given_is_medium_and_executing_and_owes_everything(rulebook):
    rule = LEVEL.model_copy(
        update={"about": "project", "require": "project.size = 'medium' and phase_reached('executing') and uses('plan')"}
    )
    assert _told(rulebook, rule.model_copy(update={"id": "PM2-RSK-01"}), expect={"verdict": "conform"}) == ()
    nothing = {"given": {"expected": []}, "expect": {"verdict": "nonconform", "failed": ["P"]}}
    assert _told(rulebook, rule, given={"expected": [], "project": [{"id": "P", "size": "small"}]}, expect=nothing["expect"]) == ()


def test_answers_params_and_days_of_a_case_hold(rulebook):
    rule = LEVEL.model_copy(
        update={
            "require": "risk.score <= $most and risk.due_on >= today",
            "decides": Decides.SUPPORTS,
            "params": {"most": Param(type="integer", default=10)},
        }
    )
    given = {"risk": [{"id": "R1", "score": 15, "due_on": "2026-06-30"}]}
    assert _told(rulebook, rule, given=given, expect={"verdict": "not_assessed", "reason": "awaiting_answer"}) == ()
    assert _told(rulebook, rule, given=given, params={"most": 20}, expect={"verdict": "conform", "attested": False}) == ()
    assert _told(rulebook, rule, given=given, params={"most": 20}, as_of=date(2026, 7, 1), expect={"verdict": "not_assessed"}) == ()
    assert _told(rulebook, rule, given=given, answer={"says": "yes"}, expect={"verdict": "conform", "attested": True}) == ()
    assert _told(rulebook, rule, given=given, answer={"says": "no", "subject": "R1"}, expect={"verdict": "nonconform"}) == ()


def test_words_with_values_of_their_parameters(rulebook):
    def told(expect: object, **given: object) -> tuple[str, ...]:
        term = Term(
            name="is_open",
            parameters={"status": "code"},
            sentence="open",
            expression="status not in ('closed', 'rejected')",
            cases=[{"given": given, "expect": expect}],
        )
        book = replace(rulebook, terms={**rulebook.terms, "is_open": term})
        return run_term_cases(book, ["is_open"])[0].differences

    assert (told(True, status="approved"), told(False, status="closed"), told(None, status=None), told(None, status="unknown")) == ((),) * 4
    assert told(False, status="approved") == ("expected nonconform, the rule says conform",)


def test_views_are_compared_row_by_row(rulebook):
    def told(expect: object, **case: object) -> tuple[str, ...]:
        view = View(
            name="open_risk",
            sentence="open",
            columns={"title": "text", "score": "integer"},
            select="select project_id, id, title, score from risk where status <> 'closed'",
            known_when=["risk"],
            cases=[{"given": {"risk": [{"id": "R1", "title": "Fire", "score": None, "status": "approved"}]}, **case, "expect": expect}],
        )
        return run_view_cases(replace(rulebook, views={**rulebook.views, "open_risk": view}), ["open_risk"])[0].differences

    assert told([{"id": "R1", "title": "Fire", "score": None}]) == ()
    assert told([{"id": "R1", "title": "unknown"}], unknown={"risk": ["title"]}) == ()
    assert told("unknown", unknown={"risk": ["status"]}) == ()
    assert told([{"id": "R1", "title": "Flood"}]) == (
        "expected {'id': 'R1', 'title': 'Flood'}, the view has {'id': 'R1', 'title': 'Fire'}",
    )
    assert told([]) == ("expected 0 rows, the view has 1",)
    assert told("unknown") == ("expected that the view is unknown; it is known",)


def test_cases_are_projects_of_a_snapshot_on_disk_too(rulebook, tmp_path):
    rule = rulebook.rules["PM2-RSK-02"]
    tables: dict[str, list[dict[str, object]]] = {}
    projects = [case_project(case, f"case-{number}", rule=rule) for number, case in enumerate(rule.cases)]
    for project in projects:
        for name, rows in project.rows.items():
            tables.setdefault(name, []).extend(rows)
    snapshot = write_snapshot(tmp_path / "snapshot", tables, {"as_of": "2026-06-30"})
    plan = Plan(projects={project.project: project.plan for project in projects})
    with snapshot_database(snapshot) as database:
        said = list(check(database, compile_rules([rule], rulebook.language), plan))
    assert [str(item.verdict) for item in said] == [case.expect.verdict for case in rule.cases]
