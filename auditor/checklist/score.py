"""How a list stands and what it scores by its scheme: points, band, the interval that open questions leave, what rests on statements.

Exact: points are whole hundredths of weights, shares are fractions. Nothing is rounded before it is shown.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor

from auditor.checklist.checklist import Band, Checklist, Question, Says, Scheme, State

STATES: tuple[State, ...] = ("evidence", "attested", "to_confirm", "open", "not_applicable")
"""Every state, in the order in which they are told."""


@dataclass(frozen=True, slots=True)
class Scored:
    """What some questions score.

    Attributes:
        points: reached by what is answered, in hundredths of weights.
        possible: of what is answered.
        whole: of everything that counts, what is open as well.
        highest_points: reached if every open question were answered yes.
        attested: of `points`, those that rest on statements.
        states: state → how many questions.
        unexplained: answers that need a note and have none.
    """

    points: int = 0
    possible: int = 0
    whole: int = 0
    highest_points: int = 0
    attested_points: int = 0
    states: Mapping[State, int] = field(default_factory=dict)
    unexplained: int = 0

    @property
    def share(self) -> Fraction | None:
        """Points of what is answered; None: nothing that counts is answered."""
        return Fraction(self.points, self.possible) if self.possible else None

    @property
    def lowest(self) -> Fraction | None:
        """The share if every open question were answered no; None: nothing counts."""
        return Fraction(self.points, self.whole) if self.whole else None

    @property
    def highest(self) -> Fraction | None:
        """The share if every open question were answered yes; None: nothing counts."""
        return Fraction(self.highest_points, self.whole) if self.whole else None

    @property
    def attested(self) -> Fraction | None:
        """Which share of the points rests on statements; None: there are no points."""
        return Fraction(self.attested_points, self.points) if self.points else None

    @property
    def asked(self) -> int:
        """Questions that apply."""
        return sum(count for state, count in self.states.items() if state != "not_applicable")

    def part(self, state: State) -> Fraction | None:
        """Return which share of the questions that apply is in *state*; None: no question applies."""
        return Fraction(self.states.get(state, 0), self.asked) if self.asked else None


def score(questions: Iterable[Question], scheme: Scheme, answers: Mapping[tuple[str, str | None], Says] | None = None) -> Scored:
    """Return what *questions* score.

    Args:
        questions: of a list or of one of its groups.
        scheme: of the list.
        answers: (question, subject) → what a person answered since the list was made: it takes the place of what the list says.
    """
    points = possible = whole = highest = attested = unexplained = 0
    states: Counter[State] = Counter()
    for question in questions:
        new = (answers or {}).get((question.id, question.subject))
        state: State = "attested" if new is not None else question.state
        states[state] += 1
        given = question.given
        says = new or (given.says if given is not None and state not in ("open", "to_confirm") else None)
        if says in scheme.explain and new is None and state != "not_applicable" and given is not None and not given.note.strip():
            unexplained += 1
        if says == "not_applicable" or state == "not_applicable":
            continue
        full = question.weight * max(scheme.points.values())
        reached = question.weight * scheme.points[says] if says is not None else 0
        whole += full
        points += reached
        highest += reached if says is not None else full
        possible += full if says is not None else 0
        attested += reached if state == "attested" else 0
    return Scored(points, possible, whole, highest, attested, dict(states), unexplained)


def score_list(checklist: Checklist, answers: Mapping[tuple[str, str | None], Says] | None = None) -> Scored:
    """Return what a whole list scores."""
    return score(checklist.questions(), checklist.scheme, answers)


def band_of(scheme: Scheme, share: Fraction | None) -> Band | None:
    """Return the band of a share: the highest that begins at or below it, percent begun counting as reached.

    So '50 % and less, 51 to 80 %, above 80 %' holds for every share: 50.1 % is no longer in the lowest band, 80 % is in the middle one,
    80.1 % in the highest. A band from 100 % on takes nothing but 100 %.

    Returns:
        None when the scheme has no bands, or there is no share.
    """
    if share is None or not scheme.bands:
        return None
    percent = share * 100
    begun = ceil(percent)
    fitting = [band for band in scheme.bands if (percent >= 100 if band.from_percent == 100 else band.from_percent <= begun)]
    return fitting[-1]


def bands_of(scheme: Scheme, scored: Scored) -> tuple[Band, ...]:
    """Return the bands that are still possible, the lowest first: one when the open questions cannot change it, none without bands."""
    low, high = band_of(scheme, scored.lowest), band_of(scheme, scored.highest)
    if low is None or high is None:
        return ()
    return tuple(band for band in scheme.bands if low.from_percent <= band.from_percent <= high.from_percent)


def percent(share: Fraction | None) -> str:
    """Return a share for people: '80 %', '80.1 %'; never rounded up to a whole that was not reached. A dash where there is none."""
    if share is None:
        return "—"
    tenths = floor(share * 1000)
    if tenths % 10 == 0 and share * 1000 != tenths:
        tenths = min(tenths + 1, 999)  # just above a whole percent: that it is above decides bands
    return f"{tenths // 10}.{tenths % 10} %" if tenths % 10 else f"{tenths // 10} %"
