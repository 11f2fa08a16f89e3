"""Scores: exact, as intervals, with what rests on statements apart."""

from fractions import Fraction

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from auditor.checklist.checklist import Band, Group, Question, Scheme
from auditor.checklist.score import band_of, bands_of, percent, score, score_list
from auditor.checklist.template import load_shelf
from tests.checklist.builders import checklist, given, question

PM2 = load_shelf().schemes["pm2-bands"]


@pytest.mark.parametrize(
    ("share", "band"),
    [
        (Fraction(0), "Red"),
        (Fraction(1, 2), "Red"),
        (Fraction(501, 1000), "Amber"),
        (Fraction(51, 100), "Amber"),
        (Fraction(80, 100), "Amber"),
        (Fraction(8001, 10000), "Green"),
        (Fraction(81, 100), "Green"),
        (Fraction(1), "Green"),
    ],
)
def test_the_bands_are_those_of_pm2(share: Fraction, band: str) -> None:
    """50 % and less, 51 to 80 %, above 80 %: every share is in one of them."""
    found = band_of(PM2, share)
    assert found is not None
    assert found.title == band


def test_everything_needed_means_everything() -> None:
    """A band from 100 % on is not reached by 99.9 %."""
    scheme = load_shelf().schemes["all-needed"]
    titles = [getattr(band_of(scheme, share), "title", None) for share in (Fraction(999, 1000), Fraction(1))]
    assert titles == ["Not complete", "Complete"]


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (None, "—"),
        (Fraction(1), "100 %"),
        (Fraction(1, 3), "33.3 %"),
        (Fraction(1, 2), "50 %"),
        (Fraction(50_001, 100_000), "50.1 %"),
        (Fraction(9_999, 10_000), "99.9 %"),
    ],
)
def test_a_share_is_never_shown_in_another_band(share: Fraction | None, shown: str) -> None:
    """Just above a border reads as above it, just below as below."""
    assert percent(share) == shown


SAYS = st.sampled_from(["yes", "no", "partly", "not_applicable"])


@st.composite
def asked(draw: st.DrawFn) -> list[Question]:
    found = []
    for number in range(draw(st.integers(0, 8))):
        state = draw(st.sampled_from(["evidence", "attested", "to_confirm", "open", "not_applicable"]))
        says = draw(SAYS) if state != "open" else None
        found.append(question(f"Q-{number}", state=state, given=given(says) if says else None, weight=draw(st.integers(0, 10))))
    return found


@drawn(asked(), asked())
def test_the_score_lies_in_its_interval_whatever_is_answered(some: list[Question], more: list[Question]) -> None:
    """Lowest ≤ the share once everything open is answered, somehow ≤ highest; and the extremes are reached by no and by yes."""
    every = [*some, *(item.model_copy(update={"id": f"M{item.id}"}) for item in more)]
    scored = score(every, PM2)
    unanswered = [(item.id, item.subject) for item in every if item.state in ("open", "to_confirm")]
    if scored.whole:
        assert scored.lowest is not None
        assert scored.highest is not None
        assert scored.lowest <= scored.highest
        for says, end in (("no", scored.lowest), ("yes", scored.highest)):
            assert score(every, PM2, dict.fromkeys(unanswered, says)).share == end  # type: ignore[arg-type]  # of Says
        middle = score(every, PM2, dict.fromkeys(unanswered, "partly")).share
        assert middle is not None
        assert scored.lowest <= middle <= scored.highest
    assert sum(scored.states.values()) == len(every)
    assert scored.attested_points <= scored.points <= scored.highest_points <= scored.whole


@drawn(asked())
def test_groups_add_up_to_the_whole(every: list[Question]) -> None:
    half = len(every) // 2
    item = checklist(Group(id="a", title="A", questions=tuple(every[:half])), Group(id="b", title="B", questions=tuple(every[half:])))
    parts = [score(group.questions, item.scheme) for group in item.groups]
    whole = score_list(item)
    for name in ("points", "possible", "whole", "highest_points", "attested_points", "unexplained"):
        assert getattr(whole, name) == sum(getattr(part, name) for part in parts)


def test_open_and_to_be_confirmed_answers_do_not_count() -> None:
    """An answer that is asked again is no answer."""
    scored = score(
        [question("A-1", state="to_confirm", given=given("yes", "Ada")), question("A-2", state="evidence", given=given("no"))], PM2
    )
    assert (scored.share, scored.lowest, scored.highest) == (0, 0, Fraction(1, 2))


def test_statements_are_shown_apart() -> None:
    scored = score(
        [question("A-1", state="evidence", given=given("yes")), question("A-2", state="attested", given=given("yes", "Ada"))], PM2
    )
    assert scored.attested == Fraction(1, 2)


def test_comply_or_explain_counts_what_is_not_explained() -> None:
    """PRINCE2's way: a no, a partly or a not applicable needs a note."""
    scheme = load_shelf().schemes["comply-or-explain"]
    items = [
        question("A-1", state="evidence", given=given("no")),
        question("A-2", state="attested", given=given("partly", "Ada", note="in tools")),
        question("A-3", state="attested", given=given("not_applicable", "Ada")),
        question("A-4", state="evidence", given=given("yes")),
    ]
    assert score(items, scheme).unexplained == 2


def test_an_own_scheme_may_give_other_points() -> None:
    scheme = Scheme(
        id="s",
        title="S",
        points={"yes": 100, "partly": 80, "no": 10},
        bands=(Band(from_percent=0, title="A"), Band(from_percent=40, title="B")),
    )
    scored = score([question("A-1", state="evidence", given=given("partly"), weight=3), question("A-2", weight=1)], scheme)
    assert scored.share == Fraction(8, 10)
    assert [band.title for band in bands_of(scheme, scored)] == ["B"]


def test_a_band_is_certain_only_when_the_open_questions_cannot_change_it() -> None:
    one = [question("A-1", state="evidence", given=given("yes")), question("A-2")]
    assert [band.title for band in bands_of(PM2, score(one, PM2))] == ["Red", "Amber", "Green"]
    assert bands_of(PM2, score([], PM2)) == ()
