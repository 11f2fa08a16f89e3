"""Scores: intervals with their coverage, never a bare percentage."""

from collections.abc import Iterable
from fractions import Fraction
from statistics import median
from typing import Literal

from auditor.checks.evaluation import Evaluation, Verdict
from auditor.model.row import Frozen

Rag = Literal["green", "amber", "red", "grey", "none"]


class Scoring(Frozen):
    """How an organisation weighs and colours."""

    weights: dict[str, int] = {"critical": 10, "major": 5, "minor": 2, "observation": 0}
    green_from: Fraction = Fraction(9, 10)
    amber_from: Fraction = Fraction(7, 10)
    min_coverage: Fraction = Fraction(6, 10)


class Score(Frozen):
    """Weighted conform ÷ assessed, with what the undecided could still make of it.

    Attributes:
        value: 0..1; None: nothing was assessed ('—').
        lowest: the value if everything not assessed turned out nonconform; None as above only when nothing applies.
        highest: the value if everything not assessed turned out conform.
        coverage: assessed ÷ applicable by number of rules; None: nothing applies.
        attested: the share of `value` that rests on people's statements, in the same unit.
    """

    value: Fraction | None
    lowest: Fraction | None
    highest: Fraction | None
    coverage: Fraction | None
    attested: Fraction | None
    conform: int
    nonconform: int
    not_assessed: int
    not_applicable: int
    rag: Rag


def score(evaluations: Iterable[tuple[Evaluation, str]], scoring: Scoring) -> Score:
    """Return the score of pairs of an evaluation and its severity."""
    counts = dict.fromkeys(Verdict, 0)
    weights = dict.fromkeys(Verdict, 0)
    attested = 0
    for evaluation, severity in evaluations:
        weight = scoring.weights.get(severity, 0)
        counts[evaluation.verdict] += 1
        weights[evaluation.verdict] += weight
        if evaluation.verdict is Verdict.CONFORM and evaluation.is_attested:
            attested += weight
    return score_of(counts, weights, attested, scoring)


def score_of(counts: dict[Verdict, int], weights: dict[Verdict, int], attested: int, scoring: Scoring) -> Score:
    """Return the score from the number and the summed weight of the rules per verdict."""
    good, bad, open_ = (weights[verdict] for verdict in (Verdict.CONFORM, Verdict.NONCONFORM, Verdict.NOT_ASSESSED))
    assessed = good + bad
    every = assessed + open_
    applicable = counts[Verdict.CONFORM] + counts[Verdict.NONCONFORM] + counts[Verdict.NOT_ASSESSED]
    coverage = Fraction(counts[Verdict.CONFORM] + counts[Verdict.NONCONFORM], applicable) if applicable else None
    value = Fraction(good, assessed) if assessed else None
    return Score(
        value=value,
        lowest=Fraction(good, every) if every else None,
        highest=Fraction(good + open_, every) if every else None,
        coverage=coverage,
        attested=Fraction(attested, assessed) if assessed else None,
        conform=counts[Verdict.CONFORM],
        nonconform=counts[Verdict.NONCONFORM],
        not_assessed=counts[Verdict.NOT_ASSESSED],
        not_applicable=counts[Verdict.NOT_APPLICABLE],
        rag=_rag(value, coverage, scoring),
    )


def _rag(value: Fraction | None, coverage: Fraction | None, scoring: Scoring) -> Rag:
    if value is None or coverage is None:
        return "none"
    if coverage < scoring.min_coverage:
        return "grey"
    if value >= scoring.green_from:
        return "green"
    return "amber" if value >= scoring.amber_from else "red"


class Distribution(Frozen):
    """Scores of a portfolio: median and quartiles of those projects that have a score, never a mean."""

    projects: int
    scored: int
    median: Fraction | None
    lower_quartile: Fraction | None
    upper_quartile: Fraction | None


def distribution(scores: Iterable[Score]) -> Distribution:
    """Return how the scores of the projects lie."""
    every = list(scores)
    values = sorted(item.value for item in every if item.value is not None)
    half = len(values) // 2
    return Distribution(
        projects=len(every),
        scored=len(values),
        median=median(values) if values else None,
        lower_quartile=median(values[: half + len(values) % 2]) if values else None,
        upper_quartile=median(values[half:]) if values else None,
    )
