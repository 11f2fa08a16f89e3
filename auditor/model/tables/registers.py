"""Registers: what Jira issue types, SharePoint lists and rows of xlsx and docx logs become."""

from typing import Annotated, ClassVar, Literal

from auditor.model.row import Row
from auditor.model.types import Code, Day, Flag, Hours, Instant, Money, PersonId, PersonName, Quantity, Reference, Scale, Text, Whole


class Risk(Row):
    """An entry of the risk log or risk register.

    Source: registers in files, Jira issue types, SharePoint lists.
    """

    is_register: ClassVar[bool] = True
    has_history: ClassVar[bool] = True

    title: Text = None
    description: Text = None
    category: Text = None
    kind: Annotated[Literal["threat", "opportunity"] | None, Code()] = None
    status: Annotated[
        Literal["proposed", "assessing", "waiting_for_approval", "approved", "in_progress", "rejected", "closed", "materialised"] | None,
        Code(),
    ] = None
    likelihood: Scale = None
    impact: Scale = None
    score: Whole = None
    residual_likelihood: Scale = None
    residual_impact: Scale = None
    residual_score: Whole = None
    response: Annotated[Literal["avoid", "reduce", "transfer", "share", "accept", "exploit", "enhance"] | None, Code()] = None
    response_detail: Text = None
    response_status: Text = None
    response_due_on: Day = None
    response_started_on: Day = None
    owner_id: PersonId = None
    actionee_id: PersonId = None
    identified_on: Day = None
    identified_by: PersonId = None
    approved_on: Day = None
    proximity_on: Day = None
    due_on: Day = None
    reviewed_on: Day = None
    next_review_on: Day = None
    closed_on: Day = None
    escalated_on: Day = None
    is_escalated: Flag = None
    change_reason: Text = None
    stage_id: Reference = None
    comment: Text = None


class Issue(Row):
    """An entry of the issue log or issue register.

    Source: registers in files, Jira issue types, SharePoint lists.
    """

    is_register: ClassVar[bool] = True
    has_history: ClassVar[bool] = True

    title: Text = None
    description: Text = None
    kind: Annotated[Literal["problem", "request_for_change", "off_specification", "external_event", "opportunity"] | None, Code()] = None
    category: Text = None
    status: Annotated[Literal["open", "in_progress", "postponed", "resolved", "closed"] | None, Code()] = None
    urgency: Scale = None
    impact: Scale = None
    size: Scale = None
    severity: Scale = None
    priority: Scale = None
    impact_analysis: Text = None
    owner_id: PersonId = None
    raised_on: Day = None
    raised_by: PersonId = None
    assessed_on: Day = None
    due_on: Day = None
    decision: Annotated[Literal["approved", "conditional", "rejected", "postponed", "merged"] | None, Code()] = None
    decided_on: Day = None
    decided_by: PersonId = None
    resolved_on: Day = None
    verified_on: Day = None
    closed_on: Day = None  # where a log tells it beside `resolved_on`, which takes the day of a log that has one for both
    resolution: Text = None
    cost: Money = None
    first_response_at: Instant = None
    is_escalated: Flag = None
    change_request_id: Reference = None
    stage_id: Reference = None
    action_details: Text = None
    comment: Text = None


class Decision(Row):
    """An entry of the decision log.

    Source: registers in files, Jira issue types, minutes.
    """

    is_register: ClassVar[bool] = True
    has_history: ClassVar[bool] = True

    title: Text = None
    description: Text = None
    kind: Annotated[Literal["gate", "escalation", "change", "exception", "closure", "other"] | None, Code()] = None
    rationale: Text = None
    status: Annotated[Literal["proposed", "waiting_for_approval", "approved", "rejected", "postponed", "implemented"] | None, Code()] = None
    decided_on: Day = None
    decided_by: PersonId = None
    owner_id: PersonId = None
    audience: Text = None
    communicated_on: Day = None
    applies_on: Day = None
    implemented_on: Day = None
    is_escalated: Flag = None
    people_present: Text = None
    comment: Text = None


class ChangeRequest(Row):
    """An entry of the change log.

    Source: registers in files, Jira issue types.
    """

    is_register: ClassVar[bool] = True
    has_history: ClassVar[bool] = True

    title: Text = None
    description: Text = None
    kind: Text = None
    status: Annotated[
        Literal["submitted", "assessing", "waiting_for_approval", "approved", "rejected", "postponed", "merged", "implemented", "closed"]
        | None,
        Code(),
    ] = None
    size: Scale = None
    priority: Scale = None
    impact_assessed: Flag = None
    impact_analysis: Text = None
    assessed_on: Day = None
    effort_hours: Hours = None
    cost: Money = None
    currency: Text = None
    requested_on: Day = None
    requested_by: PersonId = None
    waiting_since: Day = None
    decision: Annotated[Literal["approved", "conditional", "rejected", "postponed", "merged"] | None, Code()] = None
    decided_on: Day = None
    decided_by: PersonId = None
    decided_as: Text = None
    implemented_on: Day = None
    is_escalated: Flag = None
    stage_id: Reference = None
    action_details: Text = None
    due_on: Day = None
    comment: Text = None
    audience: Text = None
    """Who was told the decision, or when, in the words of the log."""


class Action(Row):
    """A task that somebody took on outside the plan.

    Source: minutes, action trackers, Jira.
    """

    is_register: ClassVar[bool] = True
    has_history: ClassVar[bool] = True

    title: Text = None
    kind: Annotated[Literal["meeting", "corrective", "follow_on", "risk_response", "retrospective"] | None, Code()] = None
    status: Annotated[Literal["open", "in_progress", "done", "cancelled"] | None, Code()] = None
    owner_id: PersonId = None
    is_owner_external: Flag = None
    raised_on: Day = None
    due_on: Day = None
    closed_on: Day = None
    effect_checked_on: Day = None
    meeting_id: Reference = None
    sprint_id: Reference = None


class Lesson(Row):
    """An entry of the lessons log.

    Source: registers in files, end reports.
    """

    is_register: ClassVar[bool] = True
    has_history: ClassVar[bool] = True

    title: Text = None
    kind: Annotated[Literal["positive", "negative"] | None, Code()] = None
    recorded_on: Day = None
    source_project: Text = None
    owner_id: PersonId = None
    status: Annotated[Literal["proposed", "approved", "applied", "rejected"] | None, Code()] = None
    recommendation: Text = None
    evidence_of_use: Text = None
    stage_id: Reference = None


class Stakeholder(Row):
    """A person or group with a stake in the project.

    Source: stakeholder matrix.
    """

    is_register: ClassVar[bool] = True
    has_history: ClassVar[bool] = True

    name: PersonName = None
    person_id: PersonId = None
    role: Text = None
    organisation: Text = None
    interest: Scale = None
    influence: Scale = None
    attitude: Text = None
    engagement: Text = None
    communication_need: Text = None
    contact: PersonName = None
    is_active: Flag = None


class Requirement(Row):
    """A requirement and its state.

    Source: requirements documents, traceability matrix, Jira.
    """

    is_register: ClassVar[bool] = True
    has_history: ClassVar[bool] = True

    title: Text = None
    origin: Text = None
    status: Annotated[Literal["proposed", "assessing", "approved", "rejected", "postponed", "implemented", "validated"] | None, Code()] = (
        None
    )
    priority: Scale = None
    kind: Text = None
    owner_id: PersonId = None
    acceptance_criteria: Text = None
    approved_on: Day = None
    validated_on: Day = None
    validated_by: PersonId = None
    rejected_reason: Text = None
    description: Text = None
    traced_to: Text = None
    comment: Text = None


class Deliverable(Row):
    """A deliverable and its acceptance.

    Source: deliverables list, acceptance plan, product register.
    """

    is_register: ClassVar[bool] = True
    has_history: ClassVar[bool] = True

    title: Text = None
    wbs_code: Text = None
    status: Annotated[Literal["planned", "in_progress", "delivered", "accepted", "rejected"] | None, Code()] = None
    due_on: Day = None
    delivered_on: Day = None
    acceptance: Annotated[Literal["accepted", "provisional", "rejected"] | None, Code()] = None
    accepted_on: Day = None
    accepted_by: PersonId = None
    acceptor_id: PersonId = None
    acceptance_criteria: Text = None
    owner_id: PersonId = None
    stage_id: Reference = None


class Milestone(Row):
    """A dated event that the plan commits to.

    Source: work plan, charter, Jira fix versions.
    """

    is_register: ClassVar[bool] = True
    has_history: ClassVar[bool] = True

    title: Text = None
    baseline_on: Day = None
    forecast_on: Day = None
    achieved_on: Day = None
    is_major: Flag = None
    stage_id: Reference = None


class Review(Row):
    """A review, audit or test of something, planned or held.

    Source: quality register, review reports.
    """

    is_register: ClassVar[bool] = True
    has_history: ClassVar[bool] = True

    kind: Annotated[Literal["quality", "peer", "phase_exit", "acceptance", "audit", "test"] | None, Code()] = None
    subject: Text = None
    subject_table: Text = None
    subject_id: Reference = None
    planned_on: Day = None
    forecast_on: Day = None
    held_on: Day = None
    result: Annotated[Literal["passed", "conditional", "failed"] | None, Code()] = None
    reviewer_id: PersonId = None
    is_reviewer_independent: Flag = None
    signed_off_on: Day = None
    finding_count: Whole = None
    open_finding_count: Whole = None
    supersedes_id: Reference = None
    sprint_id: Reference = None


class Report(Row):
    """A periodic or exceptional report.

    Source: status, progress, checkpoint, highlight and end reports.
    """

    kind: Annotated[
        Literal["status", "progress", "checkpoint", "highlight", "end_stage", "end_project", "exception", "quality", "contractor"] | None,
        Code(),
    ] = None
    period_from_on: Day = None
    period_to_on: Day = None
    issued_on: Day = None
    issued_by: PersonId = None
    rag: Annotated[Literal["green", "amber", "red"] | None, Code()] = None
    summary_rag: Annotated[Literal["green", "amber", "red"] | None, Code()] = None
    previous_id: Reference = None
    stage_id: Reference = None
    work_package_id: Reference = None
    artefact_id: Reference = None


class WorkPackage(Row):
    """Work that was handed to a team.

    Source: work packages, signed work assignments.
    """

    is_register: ClassVar[bool] = True
    has_history: ClassVar[bool] = True

    title: Text = None
    stage_id: Reference = None
    team_manager_id: PersonId = None
    is_external: Flag = None
    authorised_on: Day = None
    authorised_by: PersonId = None
    accepted_on: Day = None
    accepted_by: PersonId = None
    planned_start_on: Day = None
    due_on: Day = None
    started_on: Day = None
    closed_on: Day = None
    taken_back_on: Day = None
    taken_back_by: PersonId = None
    reporting_days: Whole = None
    deliverable_id: Reference = None


class Allowance(Row):
    """How far a level may deviate before it must escalate (the methods' tolerances).

    Source: PID, Handbook, stage plans.
    """

    is_register: ClassVar[bool] = True
    has_history: ClassVar[bool] = True

    level: Annotated[Literal["project", "stage", "work_package", "product"] | None, Code()] = None
    level_id: Reference = None
    aspect: Annotated[Literal["time", "cost", "scope", "quality", "benefits", "risk", "sustainability"] | None, Code()] = None
    lower: Quantity = None
    upper: Quantity = None
    unit: Text = None
    set_on: Day = None
    set_by: PersonId = None


class Benefit(Row):
    """A benefit or disbenefit with its measure.

    Source: benefits management approach, business case.
    """

    is_register: ClassVar[bool] = True
    has_history: ClassVar[bool] = True

    name: Text = None
    measure: Text = None
    unit: Text = None
    baseline: Quantity = None
    target: Quantity = None
    actual: Quantity = None
    is_disbenefit: Flag = None
    owner_id: PersonId = None
    due_on: Day = None
    enabling_deliverable_id: Reference = None
    review_planned_on: Day = None
    reviewed_on: Day = None


class Cost(Row):
    """An amount of money planned, forecast, committed or spent in a period.

    Source: cost tables, ERP exports.
    """

    is_register: ClassVar[bool] = True
    has_history: ClassVar[bool] = True

    category: Text = None
    kind: Annotated[Literal["budget", "forecast", "commitment", "actual", "contingency", "change_budget", "drawdown"] | None, Code()] = None
    period_on: Day = None
    amount: Money = None
    currency: Text = None
    version_on: Day = None
    approved_by: PersonId = None
    stage_id: Reference = None
    change_request_id: Reference = None
    risk_id: Reference = None
    decision_id: Reference = None
    artefact_id: Reference = None


class Agreement(Row):
    """A contract, order, invoice or payment.

    Source: procurement registers.
    """

    is_register: ClassVar[bool] = True
    has_history: ClassVar[bool] = True

    kind: Annotated[Literal["contract", "amendment", "order", "invoice", "payment", "receipt"] | None, Code()] = None
    parent_id: Reference = None
    supplier: Text = None
    number: Text = None
    title: Text = None
    on_date: Day = None
    signed_by: PersonId = None
    start_on: Day = None
    end_on: Day = None
    amount: Money = None
    currency: Text = None
    approved_amount: Money = None
    approved_by: PersonId = None
    approved_on: Day = None
    procedure: Text = None
    offer_count: Whole = None
    deliverable_id: Reference = None
    budget_line: Text = None
    work_began_on: Day = None
    received_on: Day = None
    accepted_on: Day = None
    paid_on: Day = None
    has_data_protection_terms: Flag = None


class Exemption(Row):
    """What a project may do otherwise than a rule of the organisation says: a waiver, derogation or concession.

    Source: waiver registers in files.
    """

    is_register: ClassVar[bool] = True
    has_history: ClassVar[bool] = True

    title: Text = None
    reason: Text = None
    status: Annotated[Literal["requested", "active", "ended", "rejected"] | None, Code()] = None
    requested_on: Day = None
    requested_by: PersonId = None
    approved_on: Day = None
    approved_by: PersonId = None
    expires_on: Day = None
    comment: Text = None


class AccessRequest(Row):
    """A request for access to a system, a folder or data.

    Source: access registers in files.
    """

    is_register: ClassVar[bool] = True
    has_history: ClassVar[bool] = True

    system: Text = None
    person_id: PersonId = None
    status: Annotated[Literal["requested", "approved", "rejected", "ended"] | None, Code()] = None
    requested_on: Day = None
    requested_by: PersonId = None
    approved_on: Day = None
    approved_by: PersonId = None
    reviewed_on: Day = None
    comment: Text = None


class Effort(Row):
    """Hours of a person in a period.

    Source: timesheets.
    """

    person_id: PersonId = None
    period_on: Day = None
    planned_hours: Hours = None
    actual_hours: Hours = None


class Measurement(Row):
    """A measured value of an indicator.

    Source: status reports, measurement exports.
    """

    name: Text = None
    period_on: Day = None
    target: Quantity = None
    better: Annotated[Literal["more", "less"] | None, Code()] = None
    actual: Quantity = None
    unit: Text = None
    owner_id: PersonId = None
    action: Text = None
    formula: Text = None
    data_source: Text = None
    frequency: Text = None
