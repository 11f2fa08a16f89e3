"""What every report shows, whatever its format: the published, versioned shape of an audit's result.

The JSON report is this model written out; its JSON Schema is `report.schema.json` beside this module. Shares are numbers from 0 to 1
rounded to four decimals; None means that there is nothing to divide by, shown as a dash.
"""

from datetime import date
from typing import Any, Literal

from auditor.model.row import Frozen

SCHEMA_VERSION = "1.3"
"""Raised in its first part when a field disappears or changes its meaning, in its second when one is added."""

VerdictName = Literal["conform", "nonconform", "not_assessed", "not_applicable"]
Colour = Literal["green", "amber", "red", "grey", "none"]


class ScoreView(Frozen):
    """A score as an interval, beside its coverage."""

    value: float | None
    lowest: float | None
    highest: float | None
    coverage: float | None
    attested: float | None
    conform: int
    nonconform: int
    not_assessed: int
    not_applicable: int
    rag: Colour


class ManagedView(Frozen):
    """The managed score: what is left to do once waivers are honoured. What is waived counts as if its rule did not apply."""

    score: ScoreView
    waived: int  # nonconform rules that are left out
    accepted: int  # nonconform rules whose risk is accepted: they stay among `score.nonconform`
    accepted_share: float | None  # what the accepted ones cost, in the unit of `score.value`


class TreatmentView(Frozen):
    """What a waiver that holds does about a finding."""

    kind: str  # 'waived', 'accepted'
    subject: str | None  # None: every subject
    reason: str
    requester: str
    approver: str
    begins_on: date
    ends_on: date | None
    ends_with: str | None
    says: str  # in words: 'waived until 2026-09-30'


class WaiverView(Frozen):
    """A waiver and how it stands."""

    rule: str
    title: str  # of the rule; '' when nobody asks it any more
    project: str
    subject: str | None
    kind: str
    reason: str
    requester: str
    approver: str
    begins_on: date
    ends_on: date | None
    ends_with: str | None
    state: str
    says: str  # the state in words
    days: int  # how long it has run
    days_left: int | None
    is_soon: bool
    earlier: int  # waivers of the same thing before it
    treats: int  # failing subjects that it treats
    need: str  # 'yes', 'no', 'unknown'
    because: str  # why not, or why nobody knows
    is_open_again: bool  # it has ended, and what it was about fails still


class EvidenceView(Frozen):
    """One subject with the values that decided and the place where they stand."""

    subject: str  # table and id: 'risk R-02'
    called: str  # the subject as people call it: 'risk R-02 “Late data”'
    outcome: str
    says: str  # persons by their names
    values: dict[str, Any]  # by the names of columns and conditions; persons by their ids
    told: list[str]  # the same in words: 'owner: Ana Petrov'
    place: str  # where it stands, in words: 'Risk_Log.xlsx, Risks!A12:K12'
    source: str | None
    locator: str | None
    url: str | None
    content_hash: str | None
    reason: str | None = None
    treatment: str = "none"  # 'waived', 'accepted'


class ParamView(Frozen):
    """A parameter's value and who set it."""

    name: str
    value: Any
    origin: str


class EvaluationView(Frozen):
    """What one rule says of the project."""

    rule: str
    verdict: VerdictName
    reason: str | None
    detail: str
    population: int
    passed: int
    failed: int
    undecided: int
    is_attested: bool
    next_verdict: VerdictName | None


class FindingView(Frozen):
    """A nonconformity with its evidence."""

    key: str
    rule: str
    title: str
    area: str
    grade: str
    gate: str | None
    review: str
    treatment: str  # of the finding as a whole
    treated: int  # failing subjects that are waived or accepted
    treatments: list[TreatmentView]
    failed: int
    population: int
    is_attested: bool
    params: list[ParamView]
    evidence: list[EvidenceView]  # the first few; `failed` counts all


class OpenQuestion(Frozen):
    """A rule that could not be decided, and why."""

    rule: str
    title: str
    area: str
    severity: str
    reason: str
    detail: str
    ask: str
    evidence: list[EvidenceView]


class AreaView(Frozen):
    """The score of one area of the method."""

    area: str
    score: ScoreView
    managed: ManagedView


class Trait(Frozen):
    """A characteristic of the project and how it is known."""

    name: str
    value: str
    basis: str  # 'declared', or 'inferred from …'


class ConclusionView(Frozen):
    """What several evaluations mean together."""

    name: str  # 'gate_readiness'
    about: str  # 'rfe'; '' the whole
    state: str  # 'not_ready'; '' that it is so
    title: str  # the same in words
    says: list[str]
    because: list[str]  # why each production says so


class ProjectView(Frozen):
    """The result of one project."""

    id: str
    name: str
    profile: str
    traits: list[Trait]
    score: ScoreView
    managed: ManagedView
    areas: list[AreaView]
    conclusions: list[ConclusionView]
    findings: list[FindingView]  # by grade, then rule
    open_questions: list[OpenQuestion]  # by reason, then rule
    waivers: list[WaiverView]  # by rule, then first day
    evaluations: list[EvaluationView]  # by rule


class RuleView(Frozen):
    """What a rule asks, as a project manager reads it."""

    id: str
    title: str
    requirement: str
    source: str  # 'PM² 3.1, section 9.7'
    area: str
    severity: str
    severity_origin: str
    gate: str | None
    condition: str
    why: str
    fix: str
    ask: str
    known_gaps: str | None


class SourceView(Frozen):
    """What a source could give for a project."""

    source: str
    project: str
    tables_complete: int
    tables_incomplete: int
    reasons: dict[str, int]


class UnreadableView(Frozen):
    """A file that could not be read."""

    project: str
    path: str
    reason: str
    candidates: list[str]


class VanishedView(Frozen):
    """Rows of one kind that their source does not show any more, and that no rule counts.

    Deleted, archived, moved out of scope, or hidden from the account: these look the same.
    """

    project: str
    source: str
    table: str
    count: int
    named: list[str]  # the first of them: 'ALPHA-7 Supplier late'


class Gap(Frozen):
    """Something missing, and how many decisions it would unlock."""

    what: str  # 'table risk is not read completely'
    reason: str
    who: str  # who can give it
    rules: list[str]
    projects: list[str]
    decisions: int  # project × rule that it leaves unassessed


class PortfolioView(Frozen):
    """All projects together: median and quartiles, never a mean."""

    projects: int
    scored: int
    median: float | None
    lower_quartile: float | None
    upper_quartile: float | None
    managed_median: float | None  # of the managed scores
    managed_lower_quartile: float | None
    managed_upper_quartile: float | None
    findings_by_grade: dict[str, int]  # treated ones too
    findings_by_treatment: dict[str, int]  # 'waived', 'accepted'; those that are neither are left out
    decisions: dict[str, int]  # verdict → project × rule
    conclusions: list[ConclusionView]  # over several projects


class WaiverSummary(Frozen):
    """All waivers of the audit, also those of projects that are gone."""

    soon_days: int  # within how many days an end is soon
    by_state: dict[str, int]
    by_approver: dict[str, int]  # those in force; the one with most comes first
    gone: list[WaiverView]  # of projects that are gone


class AuditReport(Frozen):
    """The result of one audit."""

    schema_version: str = SCHEMA_VERSION
    generator: str
    audit: str  # id
    as_of: date
    inputs: dict[str, str]  # name → digest or version of everything the result depends on
    weights: dict[str, int]
    min_coverage: float
    portfolio: PortfolioView
    waivers: WaiverSummary
    projects: list[ProjectView]
    rules: list[RuleView]
    sources: list[SourceView]
    unreadable: list[UnreadableView]
    vanished: list[VanishedView]
    gaps: list[Gap]
