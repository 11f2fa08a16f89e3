"""Sprints as Jira gives them: objects, or the `toString` of a Java object."""

import re
from typing import Any

from auditor_connectors.jira.values import identifier

_KEYS = (
    "id", "rapidViewId", "state", "name", "startDate", "endDate", "completeDate", "activatedDate", "sequence", "goal", "synced",
    "autoStartStop", "incompleteIssuesDestinationId", "originBoardId",
)  # fmt: skip
_START = re.compile(r"(?:^|,)(" + "|".join(_KEYS) + r")=")
_JAVA = re.compile(r"^com\.atlassian\.greenhopper\.service\.sprint\.Sprint@[0-9a-fA-F]+\[")


def is_sprint(value: Any) -> bool:
    """Say whether *value* looks like a sprint, whatever the field is called."""
    if isinstance(value, str):
        return _JAVA.match(value) is not None
    return (
        isinstance(value, dict)
        and "state" in value
        and "id" in value
        and bool(value.keys() & {"boardId", "originBoardId", "startDate", "goal"})
    )


def sprint(value: Any) -> dict[str, Any] | None:
    """Return a sprint with its id, or None when *value* is none.

    Text is split at known keys only: a name or goal may hold ',', '=', ']' and new lines.
    """
    if isinstance(value, dict):
        return value if identifier(value.get("id")) else None
    if not isinstance(value, str) or not (begin := _JAVA.match(value)):
        return None
    body = value[begin.end() :].removesuffix("]")
    found: dict[str, Any] = {}
    starts = list(_START.finditer(body))
    for place, start in enumerate(starts):
        end = starts[place + 1].start() if place + 1 < len(starts) else len(body)
        word = body[start.end() : end]
        # The first wins: 'name=' inside a name is less likely than the object's own.
        found.setdefault(start[1], None if word == "<null>" else word)
    return found if identifier(found.get("id")) else None
