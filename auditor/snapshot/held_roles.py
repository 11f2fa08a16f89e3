"""The role in which somebody was at a meeting, missed it or approved something, where the document names the person alone."""

from collections import defaultdict
from collections.abc import Sequence

from auditor.snapshot.rows import Made

_TELLING = frozenset({"attendance", "role"})
_TOLD = frozenset({"attendance", "approval"})


def settle_held_roles(rows: Sequence[Made]) -> None:
    """Give who is named without a role the only one that all lists of roles and all minutes give the person.

    'Apologies: Ada Finch' tells who was missing, not which interest; the minutes of the other meetings and the list of roles do. Where
    they tell several roles, or none, the role stays unknown.
    """
    live = [row for row in rows if not row.is_gone and row.get("person_id") is not None]
    roles: dict[object, set[str]] = defaultdict(set)
    for row in live:
        if row.table in _TELLING and row.get("role"):
            roles[row.get("person_id")].add(str(row.get("role")))
    for row in live:
        if row.table in _TOLD and "role" not in row.filled and len(held := roles.get(row.get("person_id"), set())) == 1:
            row.put("role", next(iter(held)))
