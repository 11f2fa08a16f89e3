"""Which subjects are read: drawn by a seed, in strata, the same for the same population and seed in whatever order it comes."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from auditor.model.row import Frozen
from auditor.sampling.size import failures_between, sample_size


class Subject(Frozen):
    """One member of the population; `digest` is that of what is shown of it: the answer is bound to it."""

    table: str
    id: str
    what: str  # for people: its title, and below what is known of it
    place: str = ""  # where it stands
    url: str = ""  # '' when there is none
    stratum: str = ""
    digest: str | None = None


class Stratum(Frozen):
    """A part of the population from which is drawn on its own."""

    name: str
    population: int
    drawn: int


class Sample(Frozen):
    """What is to be read, and why so much of it.

    Attributes:
        rule, project, snapshot: of which population.
        by: column by whose values the strata are made; '': one stratum.
        population: how many need a person.
        confidence, tolerable: shares, as they were asked for.
        allowed: failures with which the population is still accepted.
        seed: of the draw; left out when drawing it follows from rule, project and snapshot, so that nobody chooses it.
        is_sized: False: the size was given by a person, no confidence stands behind it.
        items: in the order in which they are to be read: that of strata and draw.
    """

    rule: str
    project: str
    snapshot: str
    by: str
    population: int
    confidence: Decimal
    tolerable: Decimal
    allowed: int
    seed: str
    is_sized: bool
    strata: tuple[Stratum, ...]
    items: tuple[Subject, ...]

    def why(self) -> str:
        """Return for people why the sample has this size."""
        many = f"{len(self.items)} of {self.population}"
        if not self.is_sized:
            return f"{many}: the size was given"
        if len(self.items) == self.population:
            return f"{many}: so few that nothing less would do"
        accepted = "none fails" if not self.allowed else f"at most {self.allowed} fail"
        share = f"{(self.tolerable * 100).normalize():f} %"
        return (
            f"{many}: if more than {share} of all fail, such a sample shows it with {(self.confidence * 100).normalize():f} % confidence; "
            f"accepted when {accepted}"
        )


def draw(
    population: Sequence[Subject],
    *,
    rule: str,
    project: str,
    snapshot: str,
    confidence: Decimal,
    tolerable: Decimal,
    allowed: int = 0,
    size: int | None = None,
    seed: str | None = None,
    by: str = "",
) -> Sample:
    """Return a sample of *population*; each stratum gives at least one, the rest in proportion.

    Raises:
        ValueError: a share or size lies outside its bounds.
    """
    if size is not None and size < 1:
        raise ValueError("a sample has at least one item")
    seed = seed if seed is not None else hashlib.sha256(f"{rule}\x1f{project}\x1f{snapshot}".encode()).hexdigest()[:8]
    parts: dict[str, list[Subject]] = defaultdict(list)
    for subject in population:
        parts[subject.stratum].append(subject)
    many = {name: len(part) for name, part in parts.items()}
    wanted = size if size is not None else _size(many, Fraction(tolerable), Fraction(confidence), allowed)
    shares = allocate(many, min(wanted, len(population)))
    items: list[Subject] = []
    for name in sorted(parts):
        items += sorted(parts[name], key=lambda subject: _place(seed, subject))[: shares[name]]
    return Sample(
        rule=rule,
        project=project,
        snapshot=snapshot,
        by=by,
        population=len(population),
        confidence=confidence,
        tolerable=tolerable,
        allowed=allowed,
        seed=seed,
        is_sized=size is None,
        strata=tuple(Stratum(name=name, population=len(parts[name]), drawn=shares[name]) for name in sorted(parts)),
        items=tuple(items),
    )


def _size(parts: Mapping[str, int], tolerable: Fraction, confidence: Fraction, allowed: int) -> int:
    """Return the smallest sample that is accepted with the allowed failures; several parts need somewhat more than one."""
    population = sum(parts.values())
    size = sample_size(population, tolerable=tolerable, confidence=confidence, allowed=allowed)
    if len(parts) > 1:
        while size < population:
            shares = allocate(parts, size)
            drawn = [(parts[name], shares[name]) for name in parts]
            if sum(shares.values()) >= allowed and failures_between(drawn, allowed, 1 - confidence)[1] <= tolerable * population:
                break
            size += 1
    return size


def allocate(parts: Mapping[str, int], wanted: int) -> dict[str, int]:
    """Return how many of each part are drawn: in proportion, at least one of each, in all *wanted* or as many as there are parts."""
    whole = sum(parts.values())
    shares = {name: min(many, max(1, wanted * many // whole)) for name, many in parts.items() if many}
    rest = {name: Fraction(wanted * parts[name], whole) - shares[name] for name in shares}
    while sum(shares.values()) < min(wanted, whole):
        name = max((name for name in shares if shares[name] < parts[name]), key=lambda one: (rest[one], one))
        shares[name] += 1
        rest[name] -= 1
    while sum(shares.values()) > max(wanted, len(shares)):
        name = min((name for name in shares if shares[name] > 1), key=lambda one: (rest[one], one))
        shares[name] -= 1
        rest[name] += 1
    return shares


def strata_of(values: Iterable[object]) -> list[str]:
    """Return the names of strata for values of a column; what is blank or unknown is a stratum of its own."""
    return ["(blank)" if value is None or str(value).strip() == "" else str(value) for value in values]


def _place(seed: str, subject: Subject) -> tuple[str, str, str]:
    return hashlib.sha256(f"{seed}\x1f{subject.table}\x1f{subject.id}".encode()).hexdigest(), subject.table, subject.id
