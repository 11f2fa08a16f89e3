"""Who, what, when: the project, its people, stages, gates and meetings."""

from typing import Annotated, ClassVar, Literal

from auditor.model.row import Row
from auditor.model.types import Code, Day, Flag, Instant, Money, PersonId, PersonName, Reference, Share, Text, Whole


class Project(Row):
    """One project, as declared or inferred.

    Source: Jira project, first-level folder, `[[project]]`, control blocks of documents.
    """

    has_history: ClassVar[bool] = True

    key: Text = None
    name: Text = None
    description: Text = None
    methodology: Annotated[Literal["pm2", "pm2_agile", "prince2", "prince2_agile", "scrum", "kanban", "other"] | None, Code()] = None
    methodology_edition: Text = None
    size: Annotated[Literal["small", "medium", "large"] | None, Code()] = None
    kind: Text = None
    phase: Annotated[Literal["initiating", "planning", "executing", "closing", "closed"] | None, Code()] = None
    status: Annotated[Literal["active", "on_hold", "cancelled", "closed"] | None, Code()] = None
    department: Text = None
    programme: Text = None
    start_on: Day = None
    planned_end_on: Day = None
    forecast_end_on: Day = None
    end_on: Day = None
    budget: Money = None
    currency: Text = None
    criticality: Text = None
    is_outsourced: Flag = None
    is_agile: Flag = None
    has_personal_data: Flag = None
    security_class: Text = None
    time_zone: Text = None
    calendar: Text = None
    tags: Text = None
    phase_basis: Annotated[Literal["declared", "gate", "artefact", "work", "guess"] | None, Code()] = None
    phase_confidence: Share = None
    methodology_basis: Annotated[Literal["declared", "gate", "artefact", "work", "guess"] | None, Code()] = None
    methodology_confidence: Share = None
    size_basis: Annotated[Literal["declared", "gate", "artefact", "work", "guess"] | None, Code()] = None
    size_confidence: Share = None


class Person(Row):
    """One account or name of one directory (realm); `identity` joins those of one human being.

    Source: Jira users, names in documents, `people.yaml`.
    """

    name: PersonName = None
    kind: Annotated[Literal["person", "group", "placeholder"] | None, Code()] = None
    realm: Text = None
    identity: Text = None
    identity_confidence: Share = None
    email_hash: Text = None
    organisation: Text = None
    is_active: Flag = None


class Role(Row):
    """A person holds a role in the project over a period.

    Source: Charter, Handbook, stakeholder matrix, Jira roles.
    """

    role: Text = None
    person_id: PersonId = None
    side: Annotated[Literal["requestor", "provider"] | None, Code()] = None
    deputy_id: PersonId = None
    accepted_on: Day = None
    from_on: Day = None
    to_on: Day = None


class Stage(Row):
    """A PM² phase or a PRINCE2 stage with its planned and true dates.

    Source: work plan, PID, reports.
    """

    has_history: ClassVar[bool] = True

    number: Whole = None
    name: Text = None
    kind: Annotated[Literal["phase", "initiation", "delivery", "closing"] | None, Code()] = None
    phase: Text = None
    planned_start_on: Day = None
    planned_end_on: Day = None
    forecast_end_on: Day = None
    started_on: Day = None
    ended_on: Day = None
    authorised_on: Day = None
    authorised_by: PersonId = None


class Gate(Row):
    """A decision at a phase gate or a stage boundary.

    Source: decision log, minutes, phase-exit checklist.
    """

    gate: Annotated[Literal["rfp", "rfe", "rfc", "stage_boundary", "project_authorisation"] | None, Code()] = None
    stage_id: Reference = None
    decision: Annotated[Literal["approved", "conditional", "rejected", "deferred"] | None, Code()] = None
    decided_on: Day = None
    recorded_at: Instant = None
    decided_by: PersonId = None
    conditions: Text = None


class Meeting(Row):
    """A meeting that was announced, held or minuted.

    Source: agendas and minutes.
    """

    kind: Annotated[
        Literal[
            "initiating_kick_off",
            "planning_kick_off",
            "executing_kick_off",
            "steering_committee",
            "project_status",
            "review",
            "retrospective",
            "daily",
            "sprint_planning",
            "project_end_review",
            "lessons_learned",
        ]
        | None,
        Code(),
    ] = None
    held_on: Day = None
    chair_id: PersonId = None
    minute_taker_id: PersonId = None
    agenda_on: Day = None
    minutes_sent_on: Day = None
    minutes_artefact_id: Reference = None
    minutes_published_on: Day = None
    has_agenda: Flag = None
    has_minutes: Flag = None
    duration_minutes: Whole = None
    sprint_id: Reference = None
    stage_id: Reference = None


class Attendance(Row):
    """Who was invited to a meeting, and whether they were there.

    Source: minutes.
    """

    meeting_id: Reference = None
    person_id: PersonId = None
    role: Text = None
    is_present: Flag = None
    is_chair: Flag = None
    deputises_for_id: PersonId = None


class Absence(Row):
    """A period in which a person is away.

    Source: absence exports.
    """

    person_id: PersonId = None
    from_on: Day = None
    to_on: Day = None
    kind: Text = None


class Training(Row):
    """A training that a person completed.

    Source: training registers.
    """

    person_id: PersonId = None
    topic: Text = None
    completed_on: Day = None
    expires_on: Day = None


class Membership(Row):
    """A person's time in the project: since when and until when, with which access.

    Source: registers of access, of joiners and leavers.
    """

    person_id: PersonId = None
    role: Text = None
    organisation: Text = None
    started_on: Day = None
    onboarded_on: Day = None
    access_granted_on: Day = None
    access_level: Text = None
    ended_on: Day = None
    access_removed_on: Day = None
    handed_over_on: Day = None


class Delegation(Row):
    """Who may act for whom in a period.

    Source: registers of delegations.
    """

    person_id: PersonId = None
    deputy_id: PersonId = None
    subject: Text = None
    from_on: Day = None
    to_on: Day = None
    granted_on: Day = None
    granted_by: PersonId = None
