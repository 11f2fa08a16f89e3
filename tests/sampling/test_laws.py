"""What a sample proves: checked against counting every sample there is."""

from decimal import Decimal
from fractions import Fraction
from itertools import product
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.sampling.draw import Subject, allocate, draw, strata_of
from auditor.sampling.projection import project
from auditor.sampling.size import failures_between, sample_size

SHARES = st.fractions(min_value=0, max_value=Fraction(9, 10), max_denominator=20)
SURE = st.sampled_from([Fraction(1, 2), Fraction(4, 5), Fraction(9, 10), Fraction(19, 20), Fraction(99, 100)])


def chance(population, failing, drawn, found):
    """Return the share of samples that hold exactly *found*."""
    if found > drawn or found > failing or drawn - found > population - failing:
        return Fraction(0)
    return Fraction(comb(failing, found) * comb(population - failing, drawn - found), comb(population, drawn))


@pytest.mark.parametrize(
    ("tolerable", "confidence", "size"),
    [("0.1", "0.9", 22), ("0.1", "0.95", 29), ("0.05", "0.9", 45), ("0.05", "0.95", 59), ("0.01", "0.95", 299)],
)
def test_of_a_large_population_the_sizes_are_those_of_the_tables(tolerable, confidence, size):
    assert sample_size(10**9, tolerable=Fraction(tolerable), confidence=Fraction(confidence)) == size


@given(st.integers(0, 60), SHARES, SURE, st.integers(0, 3))
@settings(max_examples=200, deadline=None)
def test_the_size_is_the_smallest_that_shows_too_many_failures(population, tolerable, confidence, allowed):
    size = sample_size(population, tolerable=tolerable, confidence=confidence, allowed=allowed)
    assert 0 <= size <= population

    def missed(drawn):
        too_many = range(int(tolerable * population) + 1, population + 1)
        return max((sum(chance(population, failing, drawn, found) for found in range(allowed + 1)) for failing in too_many), default=0)

    if size < population:
        assert missed(size) <= 1 - confidence
    if size > 0 and size < population:
        assert missed(size - 1) > 1 - confidence


@pytest.mark.parametrize("bad", [{"tolerable": Fraction(1)}, {"tolerable": Fraction(-1)}, {"confidence": Fraction(1)}, {"allowed": -1}])
def test_shares_outside_their_bounds_are_refused(bad):
    with pytest.raises(ValueError, match="tolerable"):
        sample_size(10, **{"tolerable": Fraction(1, 20), "confidence": Fraction(19, 20), **bad})


@given(st.integers(0, 24), st.data(), SURE)
@settings(max_examples=100, deadline=None)
def test_the_interval_holds_the_truth_as_often_as_it_says(population, data, confidence):
    drawn = data.draw(st.integers(0, population))
    ends = [failures_between([(population, drawn)], found, (1 - confidence) / 2) for found in range(drawn + 1)]
    for failing in range(population + 1):
        held = sum(chance(population, failing, drawn, found) for found, (low, high) in enumerate(ends) if low <= failing <= high)
        assert held >= confidence


def found_in_strata(parts, failing):
    """Return the chance of each number of failures over independent strata."""
    chances = {0: Fraction(1)}
    for (population, drawn), bad in zip(parts, failing, strict=True):
        after = {}
        for before, share in chances.items():
            for found in range(drawn + 1):
                more = chance(population, bad, drawn, found)
                if more:
                    after[before + found] = after.get(before + found, 0) + share * more
        chances = after
    return chances


@given(st.lists(st.integers(1, 7), min_size=2, max_size=3), st.integers(1, 12), SURE)
@settings(max_examples=40, deadline=None)
def test_the_interval_of_strata_holds_the_truth_wherever_the_failures_are(sizes, wanted, confidence):
    shares = allocate({str(number): many for number, many in enumerate(sizes)}, wanted)
    parts = [(many, shares[str(number)]) for number, many in enumerate(sizes)]
    ends = [failures_between(parts, found, (1 - confidence) / 2) for found in range(sum(shares.values()) + 1)]
    for failing in product(*(range(many + 1) for many in sizes)):
        chances = found_in_strata(parts, failing)
        held = sum(share for found, share in chances.items() if ends[found][0] <= sum(failing) <= ends[found][1])
        assert held >= confidence, failing


@given(st.integers(0, 80), st.data(), SURE)
@settings(max_examples=100, deadline=None)
def test_more_failures_found_never_mean_fewer_in_all(population, data, confidence):
    drawn = data.draw(st.integers(0, population))
    half = data.draw(st.integers(0, drawn))
    parts = data.draw(st.sampled_from([[(population, drawn)], [(population - half, drawn - half), (half, half)]]))
    before = (0, 0)
    for found in range(drawn + 1):
        low, high = failures_between(parts, found, 1 - confidence)
        assert found <= low <= high <= population - (drawn - found)
        assert (low, high) >= before
        before = (low, high)
    if drawn == population:
        assert before == (population, population)


def test_who_looked_at_nothing_knows_nothing():
    assert failures_between([(40, 0)], 0, Fraction(1, 20)) == (0, 40)
    assert failures_between([], 0, Fraction(1, 20)) == (0, 0)
    with pytest.raises(ValueError, match="no more"):
        failures_between([(4, 5)], 0, Fraction(1, 2))


SUBJECTS = st.lists(st.tuples(st.integers(0, 500), st.sampled_from(["a", "b", "c", ""])), unique_by=lambda one: one[0], max_size=60)


def population(pairs):
    return [Subject(table="risk", id=f"R-{number}", what=f"risk {number}", stratum=part) for number, part in pairs]


def sampled(pairs, **more):
    asked = {"confidence": Decimal("0.9"), "tolerable": Decimal("0.1"), "rule": "R", "project": "P", "snapshot": "s", "by": "category"}
    return draw(population(pairs), **{**asked, **more})


@given(SUBJECTS, st.randoms(use_true_random=False), st.one_of(st.none(), st.integers(1, 70)))
@settings(max_examples=150, deadline=None)
def test_the_draw_depends_on_seed_and_population_alone(pairs, random, size):
    sample = sampled(pairs, size=size)
    shuffled = list(pairs)
    random.shuffle(shuffled)
    assert sampled(shuffled, size=size) == sample
    assert len({item.id for item in sample.items}) == len(sample.items)
    assert {item.id for item in sample.items} <= {f"R-{number}" for number, _ in pairs}
    parts = {part for _, part in pairs}
    assert {item.stratum for item in sample.items} == parts
    for part in sample.strata:
        assert part.drawn == sum(item.stratum == part.name for item in sample.items) <= part.population
    if size is not None and pairs:
        assert len(sample.items) == min(len(pairs), max(size, len(parts)))


def test_another_seed_is_another_draw_and_none_is_derived():
    pairs = [(number, "") for number in range(200)]
    assert sampled(pairs).items == sampled(pairs).items
    assert sampled(pairs).seed == sampled(pairs, seed=sampled(pairs).seed).seed
    assert sampled(pairs).items != sampled(pairs, seed="other").items
    assert sampled(pairs).seed != sampled(pairs, snapshot="another").seed


@given(st.dictionaries(st.text("abc", min_size=1, max_size=3), st.integers(1, 40), min_size=1), st.integers(1, 150))
@settings(max_examples=200, deadline=None)
def test_parts_give_in_proportion(parts, wanted):
    shares = allocate(parts, wanted)
    whole = sum(parts.values())
    assert sum(shares.values()) == min(whole, max(wanted, len(parts)))
    assert all(1 <= shares[name] <= parts[name] for name in parts)
    if wanted >= whole:
        assert shares == parts


def test_what_is_blank_is_a_part_of_its_own():
    assert strata_of(["high", None, " ", 3]) == ["high", "(blank)", "(blank)", "3"]


@given(SUBJECTS, st.data())
@settings(max_examples=60, deadline=None)
def test_what_was_not_read_may_be_either(pairs, data):
    sample = sampled(pairs, size=data.draw(st.integers(1, 30)))
    says = st.sampled_from([None, "yes", "no", "partly", "not_applicable"])
    answers = {(item.table, item.id): data.draw(says) for item in sample.items}
    known = {key: one for key, one in answers.items() if one is not None}
    projection = project(sample, known)
    for unread in ("yes", "no"):
        whole = project(sample, {key: one or unread for key, one in answers.items()})
        assert projection.fewest <= whole.fewest <= whole.most <= projection.most
    assert (projection.likely is None) == any(not part.read for part in projection.parts)
    tolerable = sample.tolerable * sample.population
    assert {"accepted": projection.most <= tolerable, "not_accepted": projection.fewest > tolerable}.get(projection.outcome, True)


@pytest.mark.parametrize("parts", [1, 2, 5])
@pytest.mark.parametrize("allowed", [0, 2])
def test_a_sample_of_the_computed_size_is_accepted_with_what_is_allowed_and_with_no_more(parts, allowed):
    pairs = [(number, "abcde"[number % parts]) for number in range(300)]
    sample = sampled(pairs, confidence=Decimal("0.95"), tolerable=Decimal("0.05"), allowed=allowed)
    bad = {(item.table, item.id): "no" if number < allowed else "yes" for number, item in enumerate(sample.items)}
    assert sample.why().startswith(f"{len(sample.items)} of 300: if more than 5 % of all fail")
    assert project(sample, bad).outcome == "accepted"
    assert project(sample, dict(list(bad.items())[:-1])).outcome == "cannot_say"
    one_more = {key: "no" if number <= allowed else "yes" for number, key in enumerate(bad)}
    assert project(sample, one_more).outcome == "cannot_say"
    assert project(sample, dict.fromkeys(bad, "partly")).outcome == "not_accepted"
