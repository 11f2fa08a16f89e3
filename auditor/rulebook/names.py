"""What conditions may name besides tables: terms, views and events of the packs."""

from typing import Any, Literal

from auditor.model.row import Frozen

ConditionType = Literal["boolean", "integer", "decimal", "text", "code", "reference", "person", "day", "instant", "any"]


class Term(Frozen):
    """A word of the vocabulary: reads like the standard, expands to an expression or to a join of the compiler.

    `expression` uses the parameters by their names. A term without one is built into the compiler (`filled`, `same_person`,
    `held_role`, `linked`, `happened_by`, `stage_of` …); the pack then only documents it.
    """

    name: str
    parameters: dict[str, ConditionType | Literal["column", "event", "literal", "table"]] = {}
    type: ConditionType = "boolean"
    sentence: str
    expression: str | None = None
    absorbs_unknown: str | None = None  # the reason why it may turn unknown into known
    cases: list[dict[str, Any]] = []  # {given: {param: value}, expect: value}: null is blank or NULL, '~' text 'unknown' is unknown


class View(Frozen):
    """A named SELECT over model tables and earlier views, one row per fact, always with project_id and id."""

    name: str
    sentence: str
    columns: dict[str, ConditionType]
    select: str
    known_when: list[str]  # tables that must be complete for the view to be known
    cases: list[dict[str, Any]] = []  # {given: tables, expect: rows | 'unknown'}


class Event(Frozen):
    """Something that happens once in a project, with the day on which it did."""

    name: str
    sentence: str
    expression: str  # a scalar sub-query or column giving a day
    known_when: list[str] = []  # tables that must be complete for 'did not happen' to be known
