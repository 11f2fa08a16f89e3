"""How large a sample must be, and what it says of the population: exact, over the hypergeometric distribution.

The sample is drawn without putting back from a population of known size. No floating point decides.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import comb, floor


def sample_size(population: int, *, tolerable: Fraction, confidence: Fraction, allowed: int = 0) -> int:
    """Return the smallest sample that finds more than *allowed* failures, with *confidence*, whenever more than the tolerable share fails.

    Args:
        population: how many there are.
        tolerable: share of failures that is accepted, 0 ≤ tolerable < 1.
        confidence: 0 < confidence < 1.
        allowed: failures in the sample with which the population is still accepted.

    Returns:
        0..population; the whole population where no smaller sample will do.

    Raises:
        ValueError: a share lies outside its bounds.
    """
    if population < 0 or allowed < 0 or not 0 <= tolerable < 1 or not 0 < confidence < 1:
        raise ValueError("population and allowed are 0 or more, tolerable is 0 up to below 1, confidence between 0 and 1")
    failing = floor(tolerable * population) + 1
    if failing > population or failing <= allowed:
        return population
    low, high = 0, 1
    while high < population and _share_up_to(population, failing, high, allowed) > 1 - confidence:
        low, high = high, 2 * high  # samples are small: numbers near half of a large population would have millions of digits
    high = min(high, population)
    while low < high:
        middle = (low + high) // 2
        if _share_up_to(population, failing, middle, allowed) <= 1 - confidence:
            high = middle
        else:
            low = middle + 1
    return low


def failures_between(parts: Sequence[tuple[int, int]], failed: int, tail: Fraction) -> tuple[int, int]:
    """Return the fewest and the most failures of a population with which so many in the sample are not too unlikely.

    Each end is wrong with a chance of at most *tail*. Of one part both are exact (Clopper and Pearson's way, for a population of known
    size). Of several parts, whatever the failures of each, the number found is no likelier far from its mean than with a binomial
    distribution of that mean (Hoeffding, 1956), which gives somewhat wider ends.

    Args:
        parts: how many each part has, and how many of these were drawn.
        failed: of all drawn.
        tail: 0 < tail < 1.

    Raises:
        ValueError: more was drawn, or failed, than there is.
    """
    population, drawn = sum(part[0] for part in parts), sum(part[1] for part in parts)
    if not 0 <= failed <= drawn or any(not 0 <= one <= many for many, one in parts):
        raise ValueError("no more can fail than was drawn, and no more be drawn than there is")
    parts = [part for part in parts if part[0]]
    if len(parts) <= 1 or drawn == population:

        def few(failing: int) -> Fraction:
            return _share_up_to(population, failing, drawn, failed)

        def many(failing: int) -> Fraction:
            return 1 - _share_up_to(population, failing, drawn, failed - 1)
    else:
        rates = [Fraction(one, many) for many, one in parts]

        def few(failing: int) -> Fraction:
            mean = failing * min(rates)
            return _binomial_up_to(drawn, mean / drawn, failed) if failed <= mean - 1 else Fraction(1)

        def many(failing: int) -> Fraction:
            mean = failing * max(rates)
            return 1 - _binomial_up_to(drawn, mean / drawn, failed - 1) if failed >= mean + 1 else Fraction(1)

    fewest, most = failed, population - (drawn - failed)
    low, high = fewest, most
    while low < high:  # the most with which so few failures still happen often enough
        middle = (low + high + 1) // 2
        if few(middle) > tail:
            low = middle
        else:
            high = middle - 1
    upper = low
    low, high = fewest, upper
    while low < high:  # the fewest with which so many failures still happen often enough
        middle = (low + high) // 2
        if many(middle) > tail:
            high = middle
        else:
            low = middle + 1
    return low, upper


def _binomial_up_to(trials: int, chance: Fraction, up_to: int) -> Fraction:
    """Return the chance of at most *up_to* successes."""
    good, bad, whole = chance.numerator, chance.denominator - chance.numerator, chance.denominator
    total = sum(comb(trials, found) * good**found * bad ** (trials - found) for found in range(min(up_to, trials) + 1))
    return Fraction(total, whole**trials)


def _share_up_to(population: int, failing: int, drawn: int, up_to: int) -> Fraction:
    """Return the share of samples of *drawn* that hold at most *up_to* of the *failing*."""
    if failing < drawn:  # the same either way, and the smaller one makes the smaller numbers
        failing, drawn = drawn, failing
    first = max(0, drawn - (population - failing))
    last = min(up_to, drawn, failing)
    if last < first:
        return Fraction(0)
    term = comb(failing, first) * comb(population - failing, drawn - first)
    total = term
    for found in range(first, last):
        term = term * (failing - found) * (drawn - found) // ((found + 1) * (population - failing - drawn + found + 1))
        total += term
    return Fraction(total, comb(population, drawn))
