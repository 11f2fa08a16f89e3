"""What a sample that was read says of the whole population: an interval, never a bare number."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from auditor.model.row import Frozen
from auditor.sampling.draw import Sample
from auditor.sampling.size import failures_between

Says = Literal["yes", "no", "partly", "not_applicable"]
Outcome = Literal["accepted", "not_accepted", "cannot_say"]


class Part(Frozen):
    """What was read of one stratum."""

    name: str
    population: int
    drawn: int
    read: int
    failed: int  # 'no' and 'partly'
    not_applicable: int  # counted as not failing


class Projection(Frozen):
    """What follows for the population.

    Attributes:
        parts: by stratum.
        fewest, most: failures of the population; the truth lies between them with the sample's confidence or more. What was drawn and not
            read counts as either.
        likely: the share of each stratum's sample carried over to it; None: of some stratum nothing was read.
        outcome: accepted: at most the tolerable share fails, with the sample's confidence. not_accepted: more than that fails, as sure.
            cannot_say: neither follows. Each asks for one end only, so that its bound is a little nearer than that of the interval.
    """

    parts: tuple[Part, ...]
    population: int
    fewest: int
    most: int
    likely: Decimal | None
    outcome: Outcome


def project(sample: Sample, answers: Mapping[tuple[str, str], Says]) -> Projection:
    """Return what *answers* (by table and id of the subject) say of the population of *sample*; others than those drawn are left out."""
    strata = [stratum for stratum in sample.strata if stratum.population]
    parts: list[Part] = []
    surely = perhaps = 0  # failed; failed if all that was not read did
    likely: Fraction | None = Fraction(0)
    for stratum in strata:
        said = [answers.get((item.table, item.id)) for item in sample.items if item.stratum == stratum.name]
        read = [one for one in said if one is not None]
        failed = sum(one in ("no", "partly") for one in read)
        parts.append(
            Part(
                name=stratum.name,
                population=stratum.population,
                drawn=stratum.drawn,
                read=len(read),
                failed=failed,
                not_applicable=sum(one == "not_applicable" for one in read),
            )
        )
        surely += failed
        perhaps += failed + len(said) - len(read)
        likely = None if likely is None or not read else likely + Fraction(stratum.population * failed, len(read))
    fewest, _, least, _ = _ends(sample, surely)
    _, most, _, utmost = _ends(sample, perhaps)
    tolerable = Fraction(sample.tolerable) * sample.population
    outcome: Outcome = "accepted" if utmost <= tolerable else "not_accepted" if least > tolerable else "cannot_say"
    rounded = None if likely is None else Decimal(round(likely * 10)) / 10
    return Projection(parts=tuple(parts), population=sample.population, fewest=fewest, most=most, likely=rounded, outcome=outcome)


def _ends(sample: Sample, failed: int) -> tuple[int, int, int, int]:
    """Return the ends of the interval, and each end on its own."""
    parts = [(stratum.population, stratum.drawn) for stratum in sample.strata]
    unsure = 1 - Fraction(sample.confidence)
    return *failures_between(parts, failed, unsure / 2), *failures_between(parts, failed, unsure)
