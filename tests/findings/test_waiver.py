"""When a waiver holds: one function, by the day and by what is known of the issue that ends it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from auditor.ledger.waiver import EndingIssue, Standing, requirement_digest, standing_of
from tests.findings.made import made_waiver

BEGIN = date(2026, 6, 1)
days = st.integers(-400, 400).map(lambda count: BEGIN + timedelta(days=count))
issues = st.one_of(
    st.none(),
    st.builds(
        EndingIssue,
        key=st.just("B-1"),
        is_closed=st.sampled_from([True, False, None]),
        closed_on=st.lists(days, max_size=3, unique=True).map(lambda found: tuple(sorted(found))),
    ),
)
waivers = st.one_of(
    st.integers(0, 400).map(lambda count: made_waiver(ends_on=BEGIN + timedelta(days=count))), st.just(made_waiver(ends_with="B-1"))
)


@given(waivers, days, st.integers(0, 400), issues)
def test_what_has_ended_stays_ended(waiver, day, later, issue):
    """By the same knowledge no later day revives a waiver that has ended, and none takes one back to before its beginning."""
    order = {Standing.NOT_BEGUN: 0, Standing.IN_FORCE: 1, Standing.UNKNOWN: 1, Standing.EXPIRED: 2}
    first, second = standing_of(waiver, day, issue), standing_of(waiver, day + timedelta(days=later), issue)
    assert order[first] <= order[second]
    if first is Standing.UNKNOWN:
        assert second is Standing.UNKNOWN


@given(waivers, days, issues)
def test_nothing_holds_by_ignorance(waiver, day, issue):
    """A waiver that an issue ends holds only where the issue is known, and known not to have been closed since it began, up to that day."""
    if standing_of(waiver, day, issue) is Standing.IN_FORCE:
        assert day >= waiver.begins_on
        if waiver.ends_on is None:
            assert issue is not None
            assert not any(waiver.begins_on <= closed <= day for closed in issue.closed_on)


@pytest.mark.parametrize(
    ("day", "stands"),
    [(date(2026, 5, 31), "not_begun"), (date(2026, 6, 1), "in_force"), (date(2026, 6, 30), "in_force"), (date(2026, 7, 1), "expired")],
)
def test_first_and_last_day_count(day, stands):
    """A waiver holds on its first day, on its last, and on no other side of them."""
    assert standing_of(made_waiver(ends_on=date(2026, 6, 30)), day) is Standing(stands)


@pytest.mark.parametrize(
    ("closed_on", "is_closed", "stands"),
    [
        ((), False, "in_force"),
        ((date(2026, 6, 10),), True, "expired"),
        ((date(2026, 6, 10),), False, "expired"),  # opened again: it has ended all the same
        ((date(2026, 6, 15),), True, "expired"),  # on the day itself
        ((date(2026, 6, 16),), True, "in_force"),  # the day of the audit is past: it was open then
        ((date(2026, 5, 20),), False, "in_force"),  # closed before it began, and open since
        ((date(2026, 5, 20),), True, "expired"),  # such an end could not come
        ((), True, "unknown"),
        ((), None, "unknown"),
        ((date(2026, 5, 20),), None, "unknown"),
    ],
)
def test_an_issue_ends_a_waiver(closed_on, is_closed, stands):
    """The first closing since it began ends it; where nobody knows of the issue, or of its day, it is unknown."""
    issue = EndingIssue(key="B-1", is_closed=is_closed, closed_on=closed_on)
    assert standing_of(made_waiver(ends_with="B-1"), date(2026, 6, 15), issue) is Standing(stands)
    assert standing_of(made_waiver(ends_with="B-1"), date(2026, 6, 15), None) is Standing.UNKNOWN


@pytest.mark.parametrize(
    "wrong", [{"ends_on": None, "ends_with": None}, {"ends_on": date(2026, 7, 1), "ends_with": "B-1"}, {"ends_on": date(2026, 5, 31)}]
)
def test_one_end(wrong):
    """A waiver has one end, and not before its beginning."""
    with pytest.raises(ValidationError):
        made_waiver(**wrong)


def test_the_digest_is_of_the_words():
    """Another layout of the same words is the same requirement, one other word is another; no spreadsheet takes it for a number."""
    assert requirement_digest("Every risk\n  has an owner.") == requirement_digest("Every risk has an owner.")
    assert requirement_digest("Every risk has one owner.") != requirement_digest("Every risk has an owner.")
    assert requirement_digest("x").startswith("r-")
