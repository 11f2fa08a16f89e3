"""A waiver: somebody with the right to do so lets a project off a requirement, or accepts the risk of a lapse, for a time.

A waiver never changes a verdict. It says what is done about a nonconformity, by whom, why and until when. Whether it has ended is
decided by `standing_of` alone.
"""

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import model_validator

from auditor.model.row import Frozen
from auditor.rulebook.digest import digest

WaiverKind = Literal["waived", "accepted"]
"""`waived`: the requirement need not be met for a time. `accepted`: it should be, and the risk of the lapse is borne."""

END_MISTAKES = ("a waiver has one end", "it would end on")
"""How the messages of a waiver with a wrong end begin; whoever knows the place of its fields says more."""


class Waiver(Frozen):
    """What was granted: for one requirement and one project, or one subject of it, for a time.

    Attributes:
        rule: id of the rule.
        requirement: `requirement_digest` of what the rule asked when the waiver was granted.
        project: id of the project.
        subject: id of the one subject ('R-02'); None: every subject, those to come too.
        requester: who asked for it, as documents write the name.
        approver: who granted it; another person than the requester.
        begins_on: the first day.
        ends_on: the last day; None where an issue ends it.
        ends_with: key of the issue of a tracker whose closing ends it; None where a day does. One of the two is always given.
    """

    rule: str
    requirement: str
    project: str
    subject: str | None = None
    kind: WaiverKind = "waived"
    reason: str
    requester: str
    approver: str
    begins_on: date
    ends_on: date | None = None
    ends_with: str | None = None

    @model_validator(mode="after")
    def _ends_once(self) -> "Waiver":
        if (self.ends_on is None) == (self.ends_with is None):
            raise ValueError(f"{END_MISTAKES[0]}: `ends_on` (its last day) or `ends_with` (the issue whose closing ends it)")
        if self.ends_on is not None and self.ends_on < self.begins_on:
            raise ValueError(f"{END_MISTAKES[1]} {self.ends_on}, before it begins on {self.begins_on}")
        return self

    @property
    def key(self) -> tuple[str, str, str, date]:
        """What makes it this waiver: project, rule, subject ('' for all) and first day. No two waivers share it."""
        return self.project, self.rule, self.subject or "", self.begins_on


class EndingIssue(Frozen):
    """What a snapshot knows of an issue whose closing ends a waiver.

    Attributes:
        key: of the issue.
        is_closed: whether it is closed now; None: not known.
        closed_on: every day on which it was closed, oldest first. Empty: never, or on days that nobody knows.
    """

    key: str
    is_closed: bool | None
    closed_on: tuple[date, ...] = ()


class Standing(StrEnum):
    """Where a waiver stands on a day, by time alone."""

    NOT_BEGUN = "not_begun"
    IN_FORCE = "in_force"
    EXPIRED = "expired"
    UNKNOWN = "unknown"  # the issue that ends it is not known, or the day of its closing: it does not waive


def standing_of(waiver: Waiver, as_of: date, issue: EndingIssue | None = None) -> Standing:
    """Return where *waiver* stands at the end of the day *as_of*. The only place where that is decided.

    A last day counts still; an issue ends the waiver on the day of its first closing since the waiver began, and opening it again revives
    nothing. One that was closed before the waiver began and never since ends it at once: such an end could not come.

    Args:
        waiver: to be judged.
        as_of: the day of the audit.
        issue: what the snapshot knows of `waiver.ends_with`; None: it does not know the issue.
    """
    if as_of < waiver.begins_on:
        return Standing.NOT_BEGUN
    if waiver.ends_on is not None:
        return Standing.IN_FORCE if as_of <= waiver.ends_on else Standing.EXPIRED
    if issue is None:
        return Standing.UNKNOWN
    ended = ended_by(waiver, issue)
    if ended is not None:
        return Standing.IN_FORCE if as_of < ended else Standing.EXPIRED
    if issue.is_closed is False:
        return Standing.IN_FORCE
    return Standing.EXPIRED if issue.is_closed and issue.closed_on else Standing.UNKNOWN


def ended_by(waiver: Waiver, issue: EndingIssue | None) -> date | None:
    """Return the first day since the waiver began on which *issue* was closed; None: not yet, or nobody knows."""
    return next((day for day in sorted(issue.closed_on) if day >= waiver.begins_on), None) if issue is not None else None


def requirement_digest(requirement: str) -> str:
    """Return the digest of what a rule asks, whatever the layout of its words: `r-` (no spreadsheet takes it for a number), 11 digits."""
    return f"r-{digest(' '.join(requirement.split()))[:11]}"
