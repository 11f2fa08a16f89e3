"""Laws of scores."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from auditor.checks.evaluation import Evaluation, Reason, Verdict
from auditor.findings.score import Scoring, distribution, score

severities = st.sampled_from(["critical", "major", "minor", "observation"])
pairs = st.lists(st.tuples(st.sampled_from(list(Verdict)), severities, st.booleans()), max_size=30)


def evaluated(verdict, attested=False):
    reason = None if verdict in (Verdict.CONFORM, Verdict.NONCONFORM) else Reason.NO_DATA
    return Evaluation(rule="R", project="P", verdict=verdict, reason=reason, is_attested=attested)


@given(pairs)
def test_value_lies_in_its_interval(items):
    """The score lies between the lowest and the highest that the undecided could make of it."""
    result = score([(evaluated(verdict, attested), severity) for verdict, severity, attested in items], Scoring())
    if result.value is not None:
        assert result.lowest <= result.value <= result.highest
        assert 0 <= result.attested <= result.value
    if result.coverage is not None:
        assert 0 <= result.coverage <= 1


@given(pairs)
def test_deciding_an_open_rule_stays_in_the_interval(items):
    """Whatever an undecided rule turns out to be, the new score lies in the old interval."""
    before = score([(evaluated(v), s) for v, s, _ in items], Scoring())
    for outcome in (Verdict.CONFORM, Verdict.NONCONFORM):
        after = score([(evaluated(outcome if v is Verdict.NOT_ASSESSED else v), s) for v, s, _ in items], Scoring())
        if after.value is not None and before.lowest is not None:
            assert before.lowest <= after.value <= before.highest


def test_nothing_assessed_has_no_score():
    """Nothing assessed shows a dash, never 0 % or 100 %."""
    result = score([(evaluated(Verdict.NOT_ASSESSED), "major"), (evaluated(Verdict.NOT_APPLICABLE), "major")], Scoring())
    assert result.value is None
    assert result.rag == "none"
    assert result.coverage == 0


def test_below_minimum_coverage_is_grey():
    """A perfect score on too little evidence is grey."""
    items = [(evaluated(Verdict.CONFORM), "major")] + [(evaluated(Verdict.NOT_ASSESSED), "major")] * 2
    assert score(items, Scoring()).rag == "grey"


def test_portfolio_is_a_median():
    """One project at zero does not drag the portfolio as a mean would."""
    good = score([(evaluated(Verdict.CONFORM), "major")], Scoring())
    bad = score([(evaluated(Verdict.NONCONFORM), "major")], Scoring())
    assert distribution([good, good, bad]).median == Fraction(1)
