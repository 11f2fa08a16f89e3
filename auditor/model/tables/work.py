"""Work tracking: every item of a tracker and what happened to it."""

from typing import Annotated, ClassVar, Literal

from auditor.model.row import Row
from auditor.model.types import Code, Day, Flag, Hours, Instant, PersonId, Quantity, Reference, Text, Whole


class WorkItem(Row):
    """A piece of work: an item of a tracker, a task of a schedule, a line of a plan in a document.

    An item of a tracker that maps to a register also gives the row of the register with the same id. What plans in documents say is a copy
    where a tool of the project holds its work, and the record where none does.

    Attributes:
        artefact_id: the document that the line stands in; unknown for what tools hold.

    Source: Jira issues, Microsoft Project schedules, tables of tasks in documents.
    """

    has_history: ClassVar[bool] = True

    key: Text = None
    kind: Annotated[Literal["epic", "story", "task", "bug", "subtask"] | None, Code()] = None
    title: Text = None
    status_category: Annotated[Literal["todo", "in_progress", "done"] | None, Code()] = None
    status: Text = None
    priority: Text = None
    priority_class: Annotated[Literal["must", "should", "could", "wont"] | None, Code()] = None
    assignee_id: PersonId = None
    reporter_id: PersonId = None
    parent_id: Reference = None
    work_package_id: Reference = None
    stage_id: Reference = None
    wbs_code: Text = None
    created_at: Instant = None
    updated_at: Instant = None
    start_on: Day = None
    due_on: Day = None
    baseline_start_on: Day = None
    baseline_due_on: Day = None
    started_at: Instant = None
    done_at: Instant = None
    resolved_at: Instant = None
    resolution: Text = None
    estimate_hours: Hours = None
    spent_hours: Hours = None
    remaining_hours: Hours = None
    story_points: Quantity = None
    rank: Text = None
    component: Text = None
    fix_version: Text = None
    labels: Text = None
    is_flagged: Flag = None
    flagged_since: Day = None
    reopen_count: Whole = None
    due_change_count: Whole = None
    has_description: Flag = None
    has_acceptance_criteria: Flag = None
    comment_count: Whole = None
    attachment_count: Whole = None
    artefact_id: Reference = None


class Sprint(Row):
    """A time box of an agile team.

    Attributes:
        goal_set_on: when a log of sprints says that the goal was written.
        committed_points: what a report of the sprint says that it began with; `done_points` what was done at its end.

    Source: Jira sprints; logs and reports of sprints in documents, which tell more of the tracker's sprints where it holds any.
    """

    has_history: ClassVar[bool] = True

    name: Text = None
    state: Annotated[Literal["future", "active", "closed"] | None, Code()] = None
    goal: Text = None
    start_at: Instant = None
    end_at: Instant = None
    completed_at: Instant = None
    board_id: Reference = None
    goal_set_on: Day = None
    planning_on: Day = None
    review_on: Day = None
    retrospective_on: Day = None
    committed_points: Quantity = None
    done_points: Quantity = None


class SprintItem(Row):
    """A work item was in a sprint.

    Source: Jira sprint field and its history.
    """

    has_history: ClassVar[bool] = True

    sprint_id: Reference = None
    work_item_id: Reference = None
    added_at: Instant = None
    removed_at: Instant = None
    points_then: Quantity = None
    was_done: Flag = None


class BoardColumn(Row):
    """A column of a board with its limits.

    Source: Jira boards.
    """

    board: Text = None
    position: Whole = None
    name: Text = None
    status_category: Text = None
    min: Whole = None
    max: Whole = None
    statuses: Text = None


class Worklog(Row):
    """Hours booked on a work item.

    Source: Jira worklogs.
    """

    work_item_id: Reference = None
    person_id: PersonId = None
    worked_on: Day = None
    hours: Hours = None
    recorded_at: Instant = None


class Comment(Row):
    """A comment; only its length is kept.

    Source: Jira comments, document comments.
    """

    table_name: Text = None
    row_id: Reference = None
    at: Instant = None
    by_id: PersonId = None
    word_count: Whole = None


class HistoryEntry(Row):
    """One recorded edit of one field.

    Source: Jira changelog, edits observed between pulls.
    """

    edit_id: Reference = None
    table_name: Text = None
    row_id: Reference = None
    field: Text = None
    from_value: Text = None
    to_value: Text = None
    from_code: Text = None
    to_code: Text = None
    at: Instant = None
    by_id: PersonId = None
    origin: Annotated[Literal["source_log", "observed"] | None, Code()] = None
    change_request_id: Reference = None
    batch_id: Reference = None
