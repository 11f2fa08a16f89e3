"""The tables of the specification, line by line, and what must hold of every count."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.checks.evaluation import Reason, Verdict
from auditor.checks.inputs import Answer
from auditor.checks.verdict import Facts, Outcome, Result, State, Tally, counting_answers, decide, outcome, tally
from auditor.rulebook.rule import Decides

TODAY = date(2026, 6, 30)
T, F, U, M = State
BOTH, REFUTES, SUPPORTS, NOTHING = Decides


def says(word, **more):
    return Answer(rule="R", project="P", says=word, author="a", on=date(2026, 6, 1), **more)


def result(state, decides, word=None):
    found = outcome(state, decides, None if word is None else says(word))
    words = [str(found.result)]
    words += [name for name in ("waits", "is_attested", "is_contradiction", "is_partial") if getattr(found, name)]
    return " ".join(words)


@pytest.mark.parametrize(
    ("word", "decides", "state", "expected"),
    [
        ("yes", BOTH, T, "passed"),
        ("yes", SUPPORTS, T, "passed"),
        ("yes", REFUTES, T, "passed is_attested"),
        ("yes", BOTH, F, "failed is_contradiction"),
        ("yes", REFUTES, F, "failed is_contradiction"),
        ("yes", SUPPORTS, F, "passed is_attested"),
        ("yes", BOTH, U, "passed is_attested"),
        ("yes", NOTHING, U, "passed is_attested"),
        ("no", BOTH, T, "failed is_contradiction"),
        ("no", SUPPORTS, T, "failed is_contradiction"),
        ("no", REFUTES, T, "failed"),
        ("no", BOTH, F, "failed"),
        ("no", SUPPORTS, F, "failed"),
        ("no", REFUTES, U, "failed is_attested"),
        ("no", NOTHING, U, "failed is_attested"),
        ("partly", BOTH, T, "failed is_partial"),
        ("partly", BOTH, F, "failed"),
        ("partly", BOTH, U, "failed is_attested is_partial"),
        ("partly", NOTHING, T, "failed is_attested is_partial"),
        (None, BOTH, T, "passed"),
        (None, SUPPORTS, T, "passed"),
        (None, REFUTES, T, "undecided waits"),
        (None, BOTH, F, "failed"),
        (None, REFUTES, F, "failed"),
        (None, SUPPORTS, F, "undecided waits"),
        (None, BOTH, U, "undecided"),
        (None, SUPPORTS, U, "undecided"),
        (None, NOTHING, T, "undecided waits"),
        (None, BOTH, M, "may_pass"),
        (None, SUPPORTS, M, "may_pass"),
        (None, REFUTES, M, "undecided waits"),
        ("no", BOTH, M, "undecided"),
    ],
)
def test_subject(word, decides, state, expected):
    assert result(state, decides, word) == expected


def test_not_applicable_counts_only_with_a_reason_and_where_the_rule_is_tailorable():
    assert outcome(F, BOTH, says("not_applicable", note="no budget"), is_tailorable=True) == Outcome(Result.EXCLUDED)
    assert outcome(F, BOTH, says("not_applicable", note="no budget")) == Outcome(Result.FAILED)
    assert outcome(F, BOTH, says("not_applicable", note=" "), is_tailorable=True) == Outcome(Result.FAILED)


def verdict(p=0, f=0, u=0, m=0, share=0, *, known=True):
    return decide(Facts(Tally(p, f, u, m), Fraction(share), is_known=known)).verdict


@pytest.mark.parametrize(
    ("counts", "share", "expected"),
    [
        ((1, 0, 0, 0), 0, Verdict.CONFORM),
        ((1, 1, 0, 0), 0, Verdict.NONCONFORM),
        ((1, 0, 1, 0), 0, Verdict.NOT_ASSESSED),
        ((0, 0, 0, 1), 0, Verdict.NOT_ASSESSED),
        ((0, 0, 0, 0), 0, Verdict.NOT_APPLICABLE),
        ((9, 1, 0, 0), "1/10", Verdict.CONFORM),
        ((8, 1, 1, 0), "1/10", Verdict.NOT_ASSESSED),
        ((8, 2, 0, 0), "1/10", Verdict.NONCONFORM),
        ((8, 1, 0, 1), "1/10", Verdict.NOT_ASSESSED),
        ((6, 3, 0, 0), "1/3", Verdict.CONFORM),
        ((5, 3, 0, 0), "1/3", Verdict.NONCONFORM),
    ],
)
def test_counted(counts, share, expected):
    assert verdict(*counts, share) is expected


def test_unknown_population_never_conforms_and_refutes_only_without_a_share():
    assert verdict(5, known=False) is Verdict.NOT_ASSESSED
    assert verdict(5, 1, known=False) is Verdict.NONCONFORM
    assert verdict(5, 5, share="1/10", known=False) is Verdict.NOT_ASSESSED
    assert verdict(known=False) is Verdict.NOT_ASSESSED


def test_order_of_what_comes_before():
    failing = Tally(failed=1)
    assert decide(Facts(failing, dropped="small", due=False, applies=False)).reason is Reason.TAILORED_OUT
    later = decide(Facts(failing, due=False, applies=True))
    assert (later.verdict, later.reason, later.next_verdict) == (Verdict.NOT_APPLICABLE, Reason.NOT_DUE_YET, Verdict.NONCONFORM)
    assert decide(Facts(failing, due=False, applies=False)).reason is Reason.NOT_DUE_YET
    assert decide(Facts(failing, applies=False)).reason is Reason.CONDITION_FALSE
    unsure = decide(Facts(failing, applies=None, applies_reason=Reason.UNMAPPED, applies_detail="no source fills x"))
    assert (unsure.verdict, unsure.reason, unsure.detail) == (Verdict.NOT_ASSESSED, Reason.UNMAPPED, "no source fills x")
    counted = decide(Facts(failing, due=None, due_detail="gate unknown"))
    assert counted.verdict is Verdict.NONCONFORM
    assert counted.due_is_unknown
    assert "gate unknown" in counted.detail


def test_commonest_reason_and_ties():
    facts = Facts(Tally(undecided=5, waiting=2), reasons={Reason.UNMAPPED: 2, Reason.NO_DATA: 1}, details={Reason.UNMAPPED: "x"})
    assert (decide(facts).reason, decide(facts).detail) == (Reason.UNMAPPED, "x")
    facts = Facts(Tally(undecided=3, waiting=3))
    assert decide(facts).reason is Reason.AWAITING_ANSWER
    facts = Facts(Tally(passed=1), is_known=False, population_reason=Reason.ACCESS_DENIED, population_detail="risk")
    assert (decide(facts).reason, decide(facts).detail) == (Reason.ACCESS_DENIED, "risk")


def test_answer_where_only_the_population_is_unknown():
    for word, expected in (("yes", Verdict.CONFORM), ("no", Verdict.NONCONFORM), ("partly", Verdict.NONCONFORM)):
        found = decide(Facts(Tally(passed=2), is_known=False, answer=says(word)))
        assert (found.verdict, found.is_attested, found.is_partial) == (expected, True, word == "partly")
    unseen = decide(Facts(Tally(), is_known=False, answer=says("yes")))
    assert (unseen.verdict, unseen.is_attested) == (Verdict.CONFORM, True)
    doubtful = decide(Facts(Tally(undecided=1), is_known=False, answer=says("yes")))
    assert doubtful.verdict is Verdict.NOT_ASSESSED


def test_attested_only_when_the_answer_was_needed():
    def conform(counts, share=0, **more):
        total = tally(counts, BOTH, **more)
        return decide(Facts(total, Fraction(share)))

    assert conform({T: 3}).is_attested is False
    assert conform({T: 3, U: 1}, answer=says("yes")).is_attested is True
    assert conform({T: 19, U: 1}, "1/10", answer=says("yes")).is_attested is False
    denied = conform({T: 1, F: 1, U: 1}, answer=says("no"))
    assert (denied.verdict, denied.is_attested, denied.is_partial) == (Verdict.NONCONFORM, False, False)
    partly = conform({U: 1}, answer=says("partly"))
    assert (partly.is_attested, partly.is_partial) == (True, True)


def test_everything_excluded_is_tailored_out():
    total = tally({F: 2}, BOTH, says("not_applicable", note="no budget"), is_tailorable=True)
    found = decide(Facts(total, is_tailorable=True))
    assert (found.verdict, found.reason) == (Verdict.NOT_APPLICABLE, Reason.TAILORED_OUT)


def test_which_answers_count():
    old = Answer(rule="R", project="P", says="no", author="a", on=date(2026, 1, 1))
    late = says("yes")
    gone = says("no", expires_on=date(2026, 6, 29))
    future = Answer(rule="R", project="P", says="no", author="z", on=date(2026, 7, 1))
    single = says("partly", subject="R1")
    bound = says("no", evidence_digest="other", subject="R2")
    whole, one, stale = counting_answers([late, gone, old, future, single, bound], TODAY, "now")
    assert whole is late
    assert one == {"R1": single}
    assert stale == (bound,)
    assert counting_answers([says("no", evidence_digest="now")], TODAY, "now")[0] is not None


COUNTS = st.fixed_dictionaries({state: st.integers(0, 6) for state in State})
SHARE = st.fractions(0, 1, max_denominator=7)
ANSWER = st.one_of(st.none(), st.sampled_from(["yes", "no", "partly"]).map(says))


@given(COUNTS, SHARE, st.sampled_from(list(Decides)), ANSWER, st.booleans())
def test_laws_of_counting(counts, share, decides, answer, known):
    total = tally(counts, decides, answer)
    assert total.passed + total.failed + total.undecided + total.may_pass == sum(counts.values())
    found = decide(Facts(total, share, is_known=known, answer=answer))
    assert (found.reason is None) == (found.verdict in (Verdict.CONFORM, Verdict.NONCONFORM))
    if answer is None:
        assert not found.is_attested
        assert not total.contradictions
        if not known or (decides in (REFUTES, NOTHING) and share < 1):
            assert found.verdict is not Verdict.CONFORM
        if decides in (SUPPORTS, NOTHING):
            assert found.verdict is not Verdict.NONCONFORM


@given(COUNTS, SHARE)
def test_knowing_more_never_turns_a_verdict_round(counts, share):
    """What is undecided may pass or fail, and who may belong may not: a decided verdict stands in every such world."""
    found = decide(Facts(tally(counts, BOTH), share)).verdict
    if found not in (Verdict.CONFORM, Verdict.NONCONFORM):
        return
    for failing in range(counts[U] + 1):
        for absent in range(counts[M] + 1):
            world = {T: counts[T] + counts[U] - failing + counts[M] - absent, F: counts[F] + failing}
            assert decide(Facts(tally(world, BOTH), share)).verdict is found
