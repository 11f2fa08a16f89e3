"""What a rule says of a project, from the counts of its subjects and from what people said. The only place where verdicts are decided.

Exact: shares are fractions, nothing is rounded. Knows nothing of databases.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType

from auditor.checks.evaluation import Reason, Verdict
from auditor.checks.inputs import Answer
from auditor.rulebook.rule import Decides


class State(StrEnum):
    """What the condition says of one subject that belongs, or may belong, to the population."""

    TRUE = "T"  # belongs and meets it
    FALSE = "F"  # belongs and does not
    UNKNOWN = "U"  # belongs and may or may not; or may belong and does not surely meet it
    MAY_PASS = "M"  # noqa: S105  (no password: meets it, and may or may not belong)


STATES: Mapping[Decides, str] = MappingProxyType(
    {Decides.BOTH: "FUM", Decides.REFUTES: "FUTM", Decides.SUPPORTS: "FUM", Decides.NOTHING: "FUTM"}
)
"""Which subjects are shown, most telling first."""


class Result(StrEnum):
    """What becomes of a subject."""

    PASSED = "passed"
    FAILED = "failed"
    UNDECIDED = "undecided"
    MAY_PASS = "may_pass"  # noqa: S105  (no password)
    EXCLUDED = "excluded"  # a person says that it does not apply


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a state and an answer make of one subject.

    Attributes:
        waits: undecided because a person must say, not because a fact is unknown.
    """

    result: Result
    waits: bool = False
    is_attested: bool = False
    is_contradiction: bool = False
    is_partial: bool = False


_WAITS = Outcome(Result.UNDECIDED, waits=True)
_UNDECIDED = Outcome(Result.UNDECIDED)
_PASSED = Outcome(Result.PASSED)
_FAILED = Outcome(Result.FAILED)
_ATTESTED = Outcome(Result.PASSED, is_attested=True)
_DENIED = Outcome(Result.FAILED, is_attested=True)
_PARTLY = Outcome(Result.FAILED, is_attested=True, is_partial=True)


def outcome(state: State, decides: Decides, answer: Answer | None, *, is_tailorable: bool = False) -> Outcome:
    """Return what becomes of one subject.

    Args:
        state: what the condition says.
        decides: what the condition proves.
        answer: what a person says of the subject; None: nothing that counts.
        is_tailorable: whether a person may say that the rule does not apply.
    """
    says = answer.says if answer is not None else None
    if says == "not_applicable":
        if is_tailorable and answer is not None and answer.note.strip():
            return Outcome(Result.EXCLUDED)
        says = None
    if decides is Decides.NOTHING:
        return {None: _WAITS, "yes": _ATTESTED, "no": _DENIED, "partly": _PARTLY}[says]
    if state is State.MAY_PASS:
        if says is None:
            return _WAITS if decides is Decides.REFUTES else Outcome(Result.MAY_PASS)
        return Outcome(Result.MAY_PASS) if says == "yes" else _UNDECIDED
    if says is None:
        return _unanswered(state, decides)
    if state is State.UNKNOWN:
        return {"yes": _ATTESTED, "no": _DENIED, "partly": _PARTLY}[says]
    if state is State.TRUE:
        return {
            "yes": _ATTESTED if decides is Decides.REFUTES else _PASSED,
            "no": Outcome(Result.FAILED, is_contradiction=decides is not Decides.REFUTES),
            "partly": Outcome(Result.FAILED, is_partial=True),
        }[says]
    if says == "yes":
        return _ATTESTED if decides is Decides.SUPPORTS else Outcome(Result.FAILED, is_contradiction=True)
    return _FAILED


def _unanswered(state: State, decides: Decides) -> Outcome:
    if state is State.UNKNOWN:
        return _UNDECIDED
    if state is State.TRUE:
        return _WAITS if decides is Decides.REFUTES else _PASSED
    return _WAITS if decides is Decides.SUPPORTS else _FAILED


@dataclass
class Tally:
    """Subjects counted by what became of them."""

    passed: int = 0
    failed: int = 0
    undecided: int = 0
    may_pass: int = 0
    excluded: int = 0
    waiting: int = 0  # of the undecided, those that wait for a person
    attested_passes: int = 0
    attested_fails: int = 0
    partial_fails: int = 0
    contradictions: int = 0

    @property
    def population(self) -> int:
        """How many belong, or may belong and do not surely pass."""
        return self.passed + self.failed + self.undecided

    def add(self, found: Outcome, count: int = 1) -> None:
        """Count *count* subjects of one outcome."""
        match found.result:
            case Result.PASSED:
                self.passed += count
                self.attested_passes += count if found.is_attested else 0
            case Result.FAILED:
                self.failed += count
                self.attested_fails += count if found.is_attested else 0
                self.partial_fails += count if found.is_partial else 0
            case Result.UNDECIDED:
                self.undecided += count
                self.waiting += count if found.waits else 0
            case Result.MAY_PASS:
                self.may_pass += count
            case Result.EXCLUDED:
                self.excluded += count
        self.contradictions += count if found.is_contradiction else 0


def tally(
    counts: Mapping[State, int],
    decides: Decides,
    answer: Answer | None = None,
    answered: Iterable[tuple[State, Answer]] = (),
    *,
    is_tailorable: bool = False,
) -> Tally:
    """Count the subjects.

    Args:
        counts: how many subjects are in which state, those of *answered* not among them.
        decides: what the condition proves.
        answer: what a person says of all subjects; None: nothing.
        answered: subjects of which a person spoke one by one.
        is_tailorable: whether a person may say that the rule does not apply.
    """
    total = Tally()
    for state, count in counts.items():
        if count:
            total.add(outcome(state, decides, answer, is_tailorable=is_tailorable), count)
    for state, own in answered:
        total.add(outcome(state, decides, own, is_tailorable=is_tailorable))
    return total


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict with its reason."""

    verdict: Verdict
    reason: Reason | None = None
    is_attested: bool = False
    is_partial: bool = False
    due_is_unknown: bool = False
    next_verdict: Verdict | None = None
    detail: str = ""


@dataclass(frozen=True)
class Facts:
    """Everything about one rule and one project that decides.

    Attributes:
        tally: the subjects.
        share: the share of the population that may fail.
        is_known: whether the population was seen completely.
        answer: what a person says of all subjects.
        reasons: why subjects are undecided (without those that wait for a person) → how many.
        details: reason → what is missing.
        population_reason, population_detail: why the population is not known.
        applies, due: what these conditions say; None: unknown. `due` is False before the day.
        applies_reason, applies_detail: why `applies` is unknown.
        dropped: why tailoring dropped the rule; None: it did not.
    """

    tally: Tally
    share: Fraction = Fraction(0)
    is_known: bool = True
    answer: Answer | None = None
    is_tailorable: bool = False
    reasons: Mapping[Reason, int] = field(default_factory=dict)
    details: Mapping[Reason, str] = field(default_factory=dict)
    population_reason: Reason = Reason.INCOMPLETE_DATA
    population_detail: str = ""
    applies: bool | None = True
    applies_reason: Reason = Reason.NO_DATA
    applies_detail: str = ""
    due: bool | None = True
    due_detail: str = ""
    dropped: str | None = None


def decide(facts: Facts) -> Decision:
    """Return what the rule says of the project."""
    if facts.dropped is not None:
        return Decision(Verdict.NOT_APPLICABLE, Reason.TAILORED_OUT, detail=facts.dropped)
    if facts.due is False:
        later = _applied(facts)
        return Decision(Verdict.NOT_APPLICABLE, Reason.NOT_DUE_YET, next_verdict=later.verdict, detail=facts.due_detail)
    found = _applied(facts)
    if facts.due is not None:
        return found
    detail = "; ".join(part for part in (found.detail, f"counted as due: {facts.due_detail or 'whether it is due is unknown'}") if part)
    return Decision(found.verdict, found.reason, found.is_attested, found.is_partial, due_is_unknown=True, detail=detail)


def _applied(facts: Facts) -> Decision:
    if facts.applies is False:
        return Decision(Verdict.NOT_APPLICABLE, Reason.CONDITION_FALSE)
    if facts.applies is None:
        return Decision(Verdict.NOT_ASSESSED, facts.applies_reason, detail=facts.applies_detail)
    total = facts.tally
    verdict = _counted(total, facts.share, is_known=facts.is_known)
    if verdict is Verdict.NOT_ASSESSED and not facts.is_known and facts.answer is not None:
        stated = _stated(facts)
        if stated is not None:
            return stated
    if verdict is Verdict.CONFORM:
        doubted = _counted(_without(total, passes=total.attested_passes), facts.share, is_known=facts.is_known)
        return Decision(verdict, is_attested=doubted is not Verdict.CONFORM)
    if verdict is Verdict.NONCONFORM:
        seen = _counted(_without(total, fails=total.attested_fails), facts.share, is_known=facts.is_known)
        whole = _counted(_without(total, fails=total.partial_fails), facts.share, is_known=facts.is_known)
        return Decision(verdict, is_attested=seen is not verdict, is_partial=whole is not verdict)
    if verdict is Verdict.NOT_APPLICABLE:
        return Decision(verdict, Reason.TAILORED_OUT if total.excluded else Reason.EMPTY_POPULATION)
    return _unassessed(facts)


def _counted(total: Tally, share: Fraction, *, is_known: bool) -> Verdict:
    n, m = total.population, total.may_pass
    if not is_known:
        return Verdict.NONCONFORM if share == 0 and total.failed > 0 else Verdict.NOT_ASSESSED
    if total.failed > share * (n + m):
        return Verdict.NONCONFORM
    if n == 0:
        return Verdict.NOT_APPLICABLE if m == 0 else Verdict.NOT_ASSESSED
    return Verdict.CONFORM if total.failed + total.undecided <= share * n else Verdict.NOT_ASSESSED


def _without(total: Tally, *, passes: int = 0, fails: int = 0) -> Tally:
    """Return *total* as if that many passes or fails were undecided."""
    return Tally(total.passed - passes, total.failed - fails, total.undecided + passes + fails, total.may_pass, total.excluded)


def _stated(facts: Facts) -> Decision | None:
    """Return what an answer about the whole says where only the unknown population stands in the way."""
    total, answer = facts.tally, facts.answer
    if answer is None or _counted(total, facts.share, is_known=True) is Verdict.NOT_ASSESSED:
        return None
    found = outcome(State.UNKNOWN, Decides.BOTH, answer, is_tailorable=facts.is_tailorable)
    match found.result:
        case Result.PASSED:
            return Decision(Verdict.CONFORM, is_attested=True)
        case Result.FAILED:
            return Decision(Verdict.NONCONFORM, is_attested=True, is_partial=found.is_partial)
        case Result.EXCLUDED:
            return Decision(Verdict.NOT_APPLICABLE, Reason.TAILORED_OUT)
        case _:
            return None


def _unassessed(facts: Facts) -> Decision:
    votes = Counter({reason: count for reason, count in facts.reasons.items() if count})
    if facts.tally.waiting:
        votes[Reason.AWAITING_ANSWER] += facts.tally.waiting
    if not votes:
        return Decision(Verdict.NOT_ASSESSED, facts.population_reason, detail=facts.population_detail)
    order = list(Reason)
    reason = min(votes, key=lambda one: (-votes[one], order.index(one)))
    detail = facts.details.get(reason, "")
    if not facts.is_known and facts.population_detail and reason is not facts.population_reason:
        detail = "; ".join(part for part in (detail, facts.population_detail) if part)
    return Decision(Verdict.NOT_ASSESSED, reason, detail=detail)


def counting_answers(
    answers: Sequence[Answer], today: date, digest: str | None, subjects: Mapping[str, str] | None = None
) -> tuple[Answer | None, dict[str, Answer], tuple[Answer, ...]]:
    """Return what counts of the answers about one rule and one project.

    Args:
        answers: in any order; of several about the same subject the latest counts.
        today: the day of the audit.
        digest: of what would be shown now; an answer that is bound to something else waits to be confirmed. None: not looked at.
        subjects: subject → digest of what would be shown of it alone, to which an answer about it may be bound as well.

    Returns:
        The answer about all subjects, those about single ones by their ids, and those that are to be confirmed.
    """
    whole: Answer | None = None
    single: dict[str, Answer] = {}
    stale: list[Answer] = []
    for answer in sorted(answers, key=lambda one: (one.on, one.author, one.says, one.note)):
        if answer.on > today or (answer.expires_on is not None and answer.expires_on < today):
            continue
        shown = {digest, (subjects or {}).get(answer.subject or "")}
        if answer.evidence_digest is not None and digest is not None and answer.evidence_digest not in shown:
            stale.append(answer)
        elif answer.subject is None:
            whole = answer
        else:
            single[answer.subject] = answer
    return whole, single, tuple(stale)
