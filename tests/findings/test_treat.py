"""Waivers change what is done about findings, and nothing else."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.checks.evaluation import Verdict
from auditor.findings.score import Scoring, managed_score, score
from auditor.findings.treat import WaiverBook, WaiverState, treat
from auditor.ledger.waiver import EndingIssue
from tests.findings.made import AS_OF, decided, evaluated, found, made_rule, made_waiver

subjects = st.sampled_from([None, "R1", "R2", "R3"])
starts = st.integers(-90, 30).map(lambda count: AS_OF + timedelta(days=count))


@st.composite
def some_waivers(draw):
    """Waivers of several rules and projects: held, ended, to come, of changed requirements, ended by issues; no two share a key."""
    made = []
    for _ in range(draw(st.integers(0, 6))):
        begin = draw(starts)
        end = {"ends_on": begin + timedelta(days=draw(st.integers(0, 120)))} if draw(st.booleans()) else {"ends_with": "B-1"}
        more = {} if draw(st.integers(0, 4)) else {"requirement": "r-other"}
        made.append(
            made_waiver(
                rule=draw(st.sampled_from(["A-1", "A-2", "A-3"])),
                project=draw(st.sampled_from(["P", "Q"])),
                subject=draw(subjects),
                kind=draw(st.sampled_from(["waived", "accepted"])),
                begins_on=begin,
                **end,
                **more,
            )
        )
    return tuple({waiver.key: waiver for waiver in made}.values())


@st.composite
def worlds(draw):
    evaluations = []
    for project, rule in product("PQ", ("A-1", "A-2", "A-3")):
        verdict = draw(st.sampled_from([*Verdict]))
        failing = tuple(sorted(draw(st.sets(st.sampled_from(["R1", "R2", "R3"]), min_size=1))))
        hidden = draw(st.integers(0, 2)) if verdict is Verdict.NONCONFORM else 0
        item = evaluated(verdict.value, failing, project=project, rule=rule)
        evaluations.append(item.model_copy(update={"failed": item.failed + hidden}))
    rules = {name: made_rule(name, waivable=draw(st.booleans())) for name in ("A-1", "A-2", "A-3")}
    issue = EndingIssue(key="B-1", is_closed=draw(st.booleans()), closed_on=draw(st.sampled_from([(), (date(2026, 6, 20),)])))
    book = WaiverBook(waivers=draw(some_waivers()), issues=draw(st.sampled_from([(), (issue,)])))
    return evaluations, rules, book


@given(worlds())
def test_a_waiver_touches_treatment_alone(world):
    """Whatever is waived: each finding is there, with its verdict's facts, in its order; only what is done about it differs."""
    evaluations, rules, book = world
    before = found(*evaluations)
    after, statuses = treat(before, book, decided(*evaluations, rules=rules))
    plain = {"treatment": "none", "treated": 0, "treatments": ()}
    bare = [f.model_copy(update=plain | {"items": tuple(i.model_copy(update={"treatment": "none"}) for i in f.items)}) for f in after]
    assert bare == before
    assert sorted(status.waiver.key for status in statuses) == sorted(waiver.key for waiver in book.waivers)
    for finding in after:
        assert finding.treated <= finding.failed
        holding = [s for s in statuses if (s.waiver.project, s.waiver.rule) == (finding.project, finding.rule) and s.state == "in_force"]
        assert bool(finding.treatments) <= bool(holding)
        assert (finding.treatment == "none") or holding


@given(worlds(), st.randoms(use_true_random=False))
def test_order_does_not_matter(world, random):
    """In whatever order waivers are told, the findings, how each stands, and the digest of the book are the same."""
    evaluations, rules, book = world
    shuffled = list(book.waivers)
    random.shuffle(shuffled)
    other = book.model_copy(update={"waivers": tuple(shuffled)})
    world_ = decided(*evaluations, rules=rules)
    assert treat(found(*evaluations), book, world_) == treat(found(*evaluations), other, world_)
    assert book.digest() == other.digest()


@given(worlds())
def test_managed_is_never_below_actual(world):
    """At its value and at both ends the managed score is at least the actual one; and the actual one is what it is without waivers."""
    evaluations, rules, book = world
    after, _ = treat(found(*evaluations), book, decided(*evaluations, rules=rules))
    treatments = {(finding.project, finding.rule): finding.treatment for finding in after}
    pairs = [(item, "major") for item in evaluations if item.project == "P"]
    actual, managed = score(pairs, Scoring()), managed_score(pairs, treatments, Scoring())
    assert managed_score(pairs, {}, Scoring()).score == actual
    for part in ("value", "lowest", "highest"):
        ours, theirs = getattr(managed.score, part), getattr(actual, part)
        if ours is not None and theirs is not None:
            assert ours >= theirs
    assert managed.score.conform == actual.conform
    assert managed.score.nonconform + managed.waived == actual.nonconform
    assert managed.score.not_assessed == actual.not_assessed
    assert managed.accepted <= managed.score.nonconform


def test_managed_scores_by_hand():
    """Waived is left out as if the rule did not apply; accepted stays a lapse, and what it costs is told."""
    pairs = [(evaluated("conform", rule="A"), "major"), (evaluated(rule="B"), "major"), (evaluated(rule="C"), "critical")]
    assert score(pairs, Scoring()).value == Fraction(5, 20)
    found_ = managed_score(pairs, {("P", "B"): "waived", ("P", "C"): "accepted"}, Scoring())
    assert found_.score.value == Fraction(5, 15)
    assert (found_.waived, found_.accepted, found_.accepted_share) == (1, 1, Fraction(10, 15))
    assert found_.score.rag == "red"
    all_waived = managed_score(pairs[1:], {("P", "B"): "waived", ("P", "C"): "waived"}, Scoring())
    assert all_waived.score.value is None
    assert all_waived.score.rag == "none"


def treated(evaluation, *waivers, **more):
    (finding,), statuses = treat(found(evaluation), WaiverBook(waivers=waivers), decided(evaluation, **more))
    return finding, statuses


def test_one_subject_is_one_item():
    """A waiver of one subject treats that one; the finding is waived only when every failing subject is."""
    both = evaluated(failing=("R1", "R2"))
    finding, _ = treated(both, made_waiver(subject="R1"))
    assert [item.treatment for item in finding.items] == ["waived", "none"]
    assert (finding.treatment, finding.treated) == ("none", 1)
    finding, _ = treated(both, made_waiver(subject="R1"), made_waiver(subject="R2"))
    assert (finding.treatment, finding.treated) == ("waived", 2)
    finding, _ = treated(both, made_waiver(subject="R1"), made_waiver(subject="R2", kind="accepted"))
    assert finding.treatment == "accepted"
    assert [item.treatment for item in finding.items] == ["waived", "accepted"]


def test_what_is_not_shown_is_not_waived():
    """Where more subjects fail than are known, waivers of single ones do not treat the whole; a waiver of the rule does."""
    many = evaluated(failing=("R1",), failed=3)
    assert treated(many, made_waiver(subject="R1"))[0].treatment == "none"
    assert treated(many, made_waiver())[0].treatment == "waived"
    every = {("P", "A-1"): {"R1", "R2", "R3"}}
    waivers = [made_waiver(subject=id_) for id_ in ("R1", "R2", "R3")]
    assert treated(many, *waivers, failing=every)[0].treatment == "waived"
    assert treated(many, *waivers[:2], failing=every)[0].treatment == "none"


def test_no_subject_is_covered_by_no_subject():
    """A lapse that a person stated of the project as a whole counts no subjects: waivers of single ones never cover it."""
    stated = evaluated(failing=(), failed=0, is_attested=True)
    assert treated(stated, made_waiver(subject="R1"))[0].treatment == "none"
    finding, (status,) = treated(stated, made_waiver())
    assert finding.treatment == "waived"
    assert status.treats == 1


@pytest.mark.parametrize(
    ("waiver", "rule", "state"),
    [
        ({}, {}, "in_force"),
        ({"ends_on": date(2026, 6, 29)}, {}, "expired"),
        ({"begins_on": date(2026, 7, 1)}, {}, "not_begun"),
        ({"ends_with": "B-9"}, {}, "unknown"),
        ({"requirement": "r-before"}, {}, "to_confirm"),
        ({}, {"waivable": False}, "not_waivable"),
        ({"kind": "accepted"}, {"waivable": False}, "in_force"),
        ({"requirement": "r-before", "ends_on": date(2026, 6, 29)}, {}, "expired"),
    ],
)
def test_only_what_is_in_force_treats(waiver, rule, state):
    """Ended, to come, of an unknown end, of a requirement that has changed, of a rule that may not be waived: none of them treats."""
    finding, (status,) = treated(evaluated(), made_waiver(**waiver), rules={"A-1": made_rule(**rule)})
    assert status.state is WaiverState(state)
    assert (finding.treatment != "none") == (state == "in_force")
    assert status.is_open_again == (state == "expired")


@pytest.mark.parametrize(
    ("evaluation", "more", "waiver", "need", "because"),
    [
        (evaluated(), {}, {}, "yes", ""),
        (evaluated("conform"), {}, {}, "no", "the requirement is met"),
        (evaluated("not_applicable"), {}, {}, "no", "the rule does not apply (condition false)"),
        (evaluated("not_applicable", reason="not_due_yet"), {}, {}, "unknown", "the rule is not due yet"),
        (evaluated("not_assessed"), {}, {}, "unknown", "the rule cannot be assessed now"),
        (evaluated(), {"rules": {}}, {}, "no", "the project's profile does not ask the rule"),
        (evaluated(), {"closed": {"P"}}, {}, "no", "the project is closed"),
        (evaluated(), {"closed": {"Q"}}, {"project": "gone"}, "no", "the project is gone"),
        (evaluated(), {}, {"subject": "R9"}, "no", "R9 does not fail"),
        (evaluated(undecided=1), {}, {"subject": "R9"}, "unknown", "whether R9 fails is not known"),
        (evaluated(failed=2), {}, {"subject": "R9"}, "unknown", "whether R9 fails is not known"),
    ],
)
def test_what_is_needed(evaluation, more, waiver, need, because):
    """A waiver is needed where what it is about fails; not where the rule is met, does not apply or is not asked, or the project is over."""
    statuses = treat(found(evaluation), WaiverBook(waivers=(made_waiver(**waiver),)), decided(evaluation, **more))[1]
    assert [(status.need, status.because) for status in statuses] == [(need, because)]


def test_chains_ages_and_ends():
    """Waivers of the same thing, one after the other, are counted; so are the days that each has run and has left."""
    first = made_waiver(begins_on=date(2026, 1, 1), ends_on=date(2026, 3, 31))
    second = made_waiver(begins_on=date(2026, 4, 1), ends_on=date(2026, 6, 10))
    third = made_waiver(begins_on=date(2026, 6, 11), ends_on=date(2026, 7, 30))
    other = made_waiver(begins_on=date(2026, 6, 12), ends_on=date(2026, 12, 31), rule="A-2")
    _, statuses = treated(evaluated(), first, second, third, other)
    assert [(s.earlier, s.days, s.days_left, s.is_soon, s.is_open_again) for s in statuses] == [
        (0, 89, None, False, False),
        (1, 70, None, False, False),
        (2, 19, 30, True, False),
        (0, 18, 184, False, False),
    ]
    _, statuses = treated(evaluated(), first, second)
    assert [s.is_open_again for s in statuses] == [False, True]  # of a chain the last one tells it


def test_one_subject_again_after_a_waiver_of_all():
    """A waiver of one subject follows one of the whole rule: it is the second of its chain; those of other subjects are no links."""
    whole = made_waiver(begins_on=date(2026, 1, 1), ends_on=date(2026, 5, 31))
    one, other = made_waiver(subject="R1"), made_waiver(subject="R2", begins_on=date(2026, 6, 2))
    _, statuses = treated(evaluated(failing=("R1", "R2", "R3")), whole, one, other)
    assert [status.earlier for status in statuses] == [0, 1, 1]
    assert [status.is_open_again for status in statuses] == [True, False, False]  # R3 is open again
    _, statuses = treated(evaluated(failing=("R1", "R2")), whole, one, other)
    assert not any(status.is_open_again for status in statuses)
