"""Roles that documents leave to others: in which somebody met or approved, and who never agreed to one."""

from collections import defaultdict
from collections.abc import Sequence

from auditor.snapshot.rows import Made

_FEWEST_AGREED = 4  # people, from which a list is one of all who hold roles
_SHORTEST_NAME = 3  # letters of a part of a name that two people may share
_TELLING = frozenset({"attendance", "role"})
_TOLD = frozenset({"attendance", "approval"})


def settle_held_roles(rows: Sequence[Made]) -> None:
    """Give who is named without a role the only one that all lists of roles and all minutes give the person.

    'Apologies: Ada Finch' tells who was missing, not which interest; the minutes of the other meetings and the list of roles do. Where
    they tell several roles, or none, the role stays unknown. 'A. Finch' is the only one of those with a role who may be called so.
    """
    live = [row for row in rows if not row.is_gone and row.get("person_id") is not None]
    roles: dict[object, set[str]] = defaultdict(set)
    for row in live:
        if row.table in _TELLING and row.get("role"):
            roles[row.get("person_id")].add(str(row.get("role")))
    for row in live:
        if row.table in _TOLD and "role" not in row.filled:
            person = row.get("person_id")
            called = [person] if person in roles else [other for other in roles if _may_be(str(person), str(other))]
            if len(called) == 1 and len(held := roles[called[0]]) == 1:
                row.put("role", next(iter(held)))


def _may_be(short: str, full: str) -> bool:
    """Say whether a name with an initial may be short for another: 'A. Finch' for 'Ada Finch'. Names are kept by their parts in order."""
    said, called = short.rpartition(":")[2].split("-"), full.rpartition(":")[2].split("-")
    letters = [part for part in said if len(part) == 1]
    rest = [part for part in called if part not in said]
    return len(said) == len(called) == 2 and len(letters) == len(rest) == 1 and rest[0].startswith(letters[0])


def settle_agreements(rows: Sequence[Made]) -> None:
    """Leave blank when a role was agreed to for whom the list of those who agreed leaves out, though it holds others in that role.

    The list stands in the current role descriptions. Who may be in it under another spelling of the name, or in another role, stays
    unknown.
    """
    live = [row for row in rows if not row.is_gone]
    current = {row.id: row.get("kind") for row in live if row.table == "artefact" and row.get("is_current")}
    roles = [row for row in live if row.table == "role" and row.get("person_id") is not None and row.artefact in current]
    lists: dict[str, list[Made]] = defaultdict(list)
    for row in roles:
        if current[row.artefact] == "role_descriptions" and "accepted_on" in row.filled:
            lists[row.artefact].append(row)
    if len(lists) != 1:
        return
    listed = next(iter(lists.values()))
    agreed = {str(row.get("person_id")) for row in listed}
    held = {row.get("role") for row in listed}
    if len(agreed) < _FEWEST_AGREED:
        return
    parts = {part for person in agreed for part in _parts(person)}
    for row in roles:
        if "accepted_on" not in row.filled and row.get("role") in held and parts.isdisjoint(_parts(str(row.get("person_id")))):
            row.put("accepted_on", None)


def _parts(person: str) -> set[str]:
    return {part for part in person.rpartition(":")[2].split("-") if len(part) >= _SHORTEST_NAME}
