"""Scores: intervals with their coverage, never a bare percentage."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from statistics import median
from typing import Literal

from auditor.checks.evaluation import Evaluation, Verdict
from auditor.findings.finding import TreatmentName
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


class Managed(Frozen):
    """The score beside the actual one: what is still to be done once waivers are honoured.

    A waived nonconformity asks nothing of the project for now: it counts neither as conform nor as nonconform, as if the rule did not
    apply. An accepted risk is no fulfilment: it stays a nonconformity, and is counted apart.

    Attributes:
        score: never below the actual one, at either end.
        waived: nonconform rules that are left out.
        accepted: nonconform rules whose risk is accepted; they are among `score.nonconform`.
        accepted_share: what the accepted ones cost, in the unit of `score.value`; None where there is none.
    """

    score: Score
    waived: int
    accepted: int
    accepted_share: Fraction | None


def managed_score(
    evaluations: Iterable[tuple[Evaluation, str]], treatments: Mapping[tuple[str, str], TreatmentName], scoring: Scoring
) -> Managed:
    """Return the managed score of pairs of an evaluation and its severity.

    Args:
        evaluations: as for `score`.
        treatments: (project, rule) → what is done about the finding as a whole; what is not there is not treated.
        scoring: as for `score`.
    """
    kept: list[tuple[Evaluation, str]] = []
    accepted: list[str] = []
    waived = 0
    for evaluation, severity in evaluations:
        treatment = treatments.get((evaluation.project, evaluation.rule), "none") if evaluation.verdict is Verdict.NONCONFORM else "none"
        if treatment == "waived":
            waived += 1
            continue
        if treatment == "accepted":
            accepted.append(severity)
        kept.append((evaluation, severity))
    assessed = sum(scoring.weights.get(severity, 0) for item, severity in kept if item.verdict in (Verdict.CONFORM, Verdict.NONCONFORM))
    weight = sum(scoring.weights.get(severity, 0) for severity in accepted)
    return Managed(
        score=score(kept, scoring),
        waived=waived,
        accepted=len(accepted),
        accepted_share=Fraction(weight, assessed) if assessed else None,
    )


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
