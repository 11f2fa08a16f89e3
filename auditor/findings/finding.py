"""A finding: a project does not fulfil a rule, and somebody must look at it."""

import hashlib
from datetime import date
from typing import Literal

from auditor.checks.evaluation import Evidence, ParamValue
from auditor.ledger.waiver import WaiverKind
from auditor.model.row import Frozen
from auditor.rulebook.rule import Severity

Grade = Literal["critical", "major", "minor", "observation", "improvement", "good_practice"]

GRADES: tuple[Grade, ...] = ("critical", "major", "minor", "observation", "improvement", "good_practice")
"""Worst first."""


TreatmentName = Literal["none", "waived", "accepted"]


class Treatment(Frozen):
    """What a waiver that holds does about a finding: who let it be, why, and until when. The verdict stays."""

    kind: WaiverKind
    subject: str | None  # None: every subject
    reason: str
    requester: str
    approver: str
    begins_on: date
    ends_on: date | None  # the last day; None: an issue ends it
    ends_with: str | None


class Item(Frozen):
    """One failing subject of a finding."""

    key: str  # subject table and subject id: the same in every audit
    evidence: Evidence
    treatment: TreatmentName = "none"


class Finding(Frozen):
    """Project × rule, with the subjects that fail.

    Identity is `key`: the project and the oldest id of the rule, so that a renamed rule continues its findings.
    """

    key: str
    project: str
    rule: str
    title: str
    area: str
    severity: Severity
    grade: Grade  # by default the severity; one step lower where a person answered 'partly'
    gate: str | None
    requirement: str
    why: str
    fix: str
    population: int
    failed: int
    undecided: int
    is_attested: bool  # rests on a person's statement
    contradictions: int
    params: dict[str, ParamValue]
    items: tuple[Item, ...]  # the first few; `failed` counts all
    review: Literal["draft", "confirmed", "rejected"] = "draft"
    treatment: TreatmentName = "none"  # of the finding as a whole: every failing subject is waived, or accepted
    treated: int = 0  # failing subjects that are waived or accepted, of `failed`
    treatments: tuple[Treatment, ...] = ()  # by subject; what holds today


def finding_key(project: str, rule: str) -> str:
    """Return the short stable key of a finding: 12 hexadecimal digits."""
    return hashlib.sha256(f"{project}\x1f{rule}".encode()).hexdigest()[:12]


def item_key(subject_table: str, subject_id: str) -> str:
    """Return the key of an item within its finding."""
    return f"{subject_table}:{subject_id}"


def one_step_lower(grade: Grade) -> Grade:
    """Return the next milder grade of a nonconformity; an observation stays one."""
    position = GRADES.index(grade)
    return GRADES[min(position + 1, GRADES.index("observation"))]
