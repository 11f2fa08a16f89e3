"""What waivers do about findings, and how each waiver stands. No verdict, no evaluation and no actual score is touched.

- A waiver of one subject treats that subject alone. The finding as a whole is treated when every failing subject is: as accepted where the
  risk of one is, else as waived.
- A waiver without a subject treats the finding, whatever fails today.
- What waives is in force, is about what the rule still asks, and is of a rule that may be waived (else it may only be accepted).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Literal

from auditor.checks.evaluation import Evaluation, Reason, Verdict
from auditor.findings.finding import Finding, Item, Treatment, TreatmentName
from auditor.ledger.waiver import EndingIssue, Standing, Waiver, ended_by, requirement_digest, standing_of
from auditor.model.row import Frozen
from auditor.rulebook.digest import digest
from auditor.rulebook.rule import Rule

SOON_DAYS = 30
"""Within how many days an end is soon, unless `[waivers] soon_days` says otherwise."""


class WaiverBook(Frozen):
    """What an audit is told of waivers.

    Attributes:
        waivers: every one, also those that have ended.
        issues: what the snapshot knows of the issues that end some.
        soon_days: within how many days an end is soon.
    """

    waivers: tuple[Waiver, ...] = ()
    issues: tuple[EndingIssue, ...] = ()
    soon_days: int = SOON_DAYS

    def digest(self) -> str:
        """Return the digest of all of it; the order in which the waivers are told does not matter."""
        return digest(
            {
                "waivers": sorted(digest(waiver) for waiver in self.waivers),
                "issues": sorted(digest(issue) for issue in self.issues),
                "soon_days": self.soon_days,
            }
        )


class WaiverState(StrEnum):
    """How a waiver stands, all things considered."""

    NOT_BEGUN = "not_begun"
    IN_FORCE = "in_force"
    EXPIRED = "expired"
    UNKNOWN = "unknown"  # what ends it is not known, so nobody knows whether it still holds: it does not waive
    TO_CONFIRM = "to_confirm"  # the rule asks something else since: it does not waive until somebody confirms it
    NOT_WAIVABLE = "not_waivable"  # the rule may not be waived, a lapse may only be accepted as a risk: it does not waive


class WaiverStatus(Frozen):
    """A waiver on the day of an audit.

    Attributes:
        days: how long it has run: from its first day to the day of the audit or of its end; 0 on the first day and before.
        days_left: until its last day, which counts; None where no day is known, or it is not in force.
        is_soon: in force, and `days_left` is within the span that counts as soon.
        earlier: how many waivers of the same rule, project and subject began before it: it is the next link of a chain.
        treats: how many failing subjects it treats today; 1 where a finding counts no subjects.
        need: whether there is a lapse that it is needed for; unknown where the rule, or the subject, cannot be judged now.
        because: why it is not needed, or why that is not known, in words; '' where it is needed.
        is_open_again: it has ended, what it was about fails and is treated by no other waiver, and no later one about it has begun.
    """

    waiver: Waiver
    state: WaiverState
    days: int
    days_left: int | None
    is_soon: bool
    earlier: int
    treats: int
    need: Literal["yes", "no", "unknown"]
    because: str
    is_open_again: bool


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided of projects, as far as waivers need it.

    Attributes:
        as_of: the day of the audit.
        evaluations: (project, rule) → evaluation.
        rules: project → rule → as its profile asks it. A project that is not here is gone.
        closed: projects that are closed or cancelled.
        failing: (project, rule) → every failing subject, where the evaluation shows only the first few.
    """

    as_of: date
    evaluations: Mapping[tuple[str, str], Evaluation]
    rules: Mapping[str, Mapping[str, Rule]]
    closed: Collection[str] = ()
    failing: Mapping[tuple[str, str], Collection[str]] = field(default_factory=dict)

    def subjects(self, project: str, rule: str) -> tuple[frozenset[str], bool]:
        """Return the failing subjects that are known, and whether these are all."""
        evaluation = self.evaluations[project, rule]
        known = self.failing.get((project, rule))
        found = frozenset(known if known is not None else (item.subject_id for item in evaluation.evidence if item.outcome == "failed"))
        return found, len(found) >= evaluation.failed


def treat(findings: Iterable[Finding], book: WaiverBook, decided: Decided) -> tuple[tuple[Finding, ...], tuple[WaiverStatus, ...]]:
    """Return the findings with what is done about them, in their order, and how every waiver stands, by project, rule and first day."""
    issues = {issue.key: issue for issue in book.issues}
    waivers = sorted(book.waivers, key=_order)
    states = {waiver.key: state_of(waiver, decided, issues.get(waiver.ends_with or "")) for waiver in waivers}
    holding: dict[tuple[str, str], list[Waiver]] = defaultdict(list)
    for waiver in waivers:
        if states[waiver.key] is WaiverState.IN_FORCE:
            holding[waiver.project, waiver.rule].append(waiver)
    treated = tuple(_treated(finding, holding.get((finding.project, finding.rule), []), decided) for finding in findings)
    by_place = {(finding.project, finding.rule): finding for finding in treated}
    statuses = tuple(
        _status(waiver, states, book, decided, issues, by_place.get((waiver.project, waiver.rule)), waivers) for waiver in waivers
    )
    return treated, statuses


def state_of(waiver: Waiver, decided: Decided, issue: EndingIssue | None) -> WaiverState:
    """Return how *waiver* stands; whether it has ended is what `standing_of` says."""
    standing = standing_of(waiver, decided.as_of, issue)
    rule = decided.rules.get(waiver.project, {}).get(waiver.rule)
    if standing in (Standing.EXPIRED, Standing.NOT_BEGUN) or rule is None:
        return WaiverState(standing.value)
    if waiver.requirement != requirement_digest(rule.requirement):
        return WaiverState.TO_CONFIRM
    if waiver.kind == "waived" and not rule.waivable:
        return WaiverState.NOT_WAIVABLE
    return WaiverState(standing.value)


def _order(waiver: Waiver) -> tuple[str, str, date, str, str]:
    return waiver.project, waiver.rule, waiver.begins_on, waiver.subject or "", digest(waiver)


def _treated(finding: Finding, waivers: list[Waiver], decided: Decided) -> Finding:
    if not waivers:
        return finding
    kinds: dict[str | None, TreatmentName] = {waiver.subject: waiver.kind for waiver in waivers}
    whole: TreatmentName = kinds.get(None, "none")
    failing, is_all = decided.subjects(finding.project, finding.rule)
    covered = [kinds[subject] for subject in sorted(failing) if subject in kinds]
    treatment: TreatmentName = whole
    # A finding that counts no subject (a statement about the project as a whole) is covered by no waiver of a subject.
    if whole == "none" and is_all and failing and len(covered) == len(failing):
        treatment = "accepted" if "accepted" in covered else "waived"
    return finding.model_copy(
        update={
            "treatment": treatment,
            "treated": finding.failed if whole != "none" else len(covered),
            "treatments": tuple(_treatment(waiver) for waiver in waivers if waiver.subject is None or waiver.subject in failing),
            "items": tuple(_treated_item(item, kinds, whole) for item in finding.items),
        }
    )


def _treated_item(item: Item, kinds: Mapping[str | None, TreatmentName], whole: TreatmentName) -> Item:
    treatment = kinds.get(item.evidence.subject_id, whole)
    return item if treatment == "none" else item.model_copy(update={"treatment": treatment})


def _treatment(waiver: Waiver) -> Treatment:
    return Treatment(**{name: getattr(waiver, name) for name in Treatment.model_fields})


def _status(
    waiver: Waiver,
    states: Mapping[tuple[str, str, str, date], WaiverState],
    book: WaiverBook,
    decided: Decided,
    issues: Mapping[str, EndingIssue],
    finding: Finding | None,
    waivers: list[Waiver],
) -> WaiverStatus:
    as_of, state = decided.as_of, states[waiver.key]
    ended = waiver.ends_on if waiver.ends_on is not None else ended_by(waiver, issues.get(waiver.ends_with or ""))
    last = ended if state is WaiverState.EXPIRED and ended is not None else as_of
    left = (waiver.ends_on - as_of).days if waiver.ends_on is not None and state is WaiverState.IN_FORCE else None
    need, because = _need(waiver, decided)
    fails = 0
    is_open = False
    if finding is not None:
        failing, _ = decided.subjects(finding.project, finding.rule)
        fails = max(finding.failed, 1) if waiver.subject is None else int(waiver.subject in failing)
        done = {treatment.subject for treatment in finding.treatments}
        is_open = bool(fails) and None not in done and (waiver.subject not in done if waiver.subject else finding.treatment == "none")
    return WaiverStatus(
        waiver=waiver,
        state=state,
        days=max((min(last, as_of) - waiver.begins_on).days, 0),
        days_left=left,
        is_soon=left is not None and left <= book.soon_days,
        earlier=sum(1 for other in waivers if _is_about_the_same(other, waiver) and other.begins_on < waiver.begins_on),
        treats=fails if state is WaiverState.IN_FORCE else 0,
        need=need,
        because=because,
        is_open_again=state is WaiverState.EXPIRED and is_open and not any(_is_followed_by(waiver, other, states) for other in waivers),
    )


def _is_followed_by(waiver: Waiver, other: Waiver, states: Mapping[tuple[str, str, str, date], WaiverState]) -> bool:
    """Return whether *other* is a later waiver of all that *waiver* is about, and has begun."""
    is_of_all = other.subject in (None, waiver.subject) and (other.project, other.rule) == (waiver.project, waiver.rule)
    return is_of_all and other.begins_on > waiver.begins_on and states[other.key] is not WaiverState.NOT_BEGUN


def _is_about_the_same(one: Waiver, other: Waiver) -> bool:
    return (one.project, one.rule) == (other.project, other.rule) and (one.subject == other.subject or None in (one.subject, other.subject))


def _need(waiver: Waiver, decided: Decided) -> tuple[Literal["yes", "no", "unknown"], str]:
    rules = decided.rules.get(waiver.project)
    if rules is None:
        return "no", "the project is gone"
    if waiver.project in decided.closed:
        return "no", "the project is closed"
    if waiver.rule not in rules:
        return "no", "the project's profile does not ask the rule"
    evaluation = decided.evaluations.get((waiver.project, waiver.rule))
    if evaluation is None:
        return "unknown", "nothing was audited since"
    match evaluation.verdict:
        case Verdict.CONFORM:
            return "no", "the requirement is met"
        case Verdict.NOT_APPLICABLE if evaluation.reason is Reason.NOT_DUE_YET:
            return "unknown", "the rule is not due yet"
        case Verdict.NOT_APPLICABLE:
            return "no", f"the rule does not apply ({evaluation.reason.value.replace('_', ' ') if evaluation.reason else 'no reason'})"
        case Verdict.NOT_ASSESSED:
            return "unknown", "the rule cannot be assessed now"
    failing, is_all = decided.subjects(waiver.project, waiver.rule)
    if waiver.subject is None or waiver.subject in failing:
        return "yes", ""
    if is_all and not evaluation.undecided and evaluation.failed:
        return "no", f"{waiver.subject} does not fail"
    return "unknown", f"whether {waiver.subject} fails is not known"


def lasts_until(waiver: Waiver, issue: EndingIssue | None) -> date | None:
    """Return the last day on which *waiver* may be in force; None: no end is in sight."""
    if waiver.ends_on is not None:
        return waiver.ends_on
    ended = ended_by(waiver, issue)
    return ended - timedelta(days=1) if ended is not None else None
