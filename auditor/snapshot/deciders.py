"""By which roles the deciders of changes are named: 'BM and PM (A. Lee, J. Lake)' is two roles, whoever holds them.

Where several are named by their names alone, it is the roles that they hold, if each holds one.
"""

from collections.abc import Iterable, Sequence

from auditor.connect.values import parse_people
from auditor.snapshot.documents.matters.ladders import COMMITTEES, deciders
from auditor.snapshot.documents.matters.words import DetailWords
from auditor.snapshot.rows import Made


def name_deciders(rows: Sequence[Made], words: DetailWords) -> None:
    """Give each change the roles of its deciders, blank where they are named otherwise; before names become persons."""
    held = _held(rows)
    for row in rows:
        if row.table == "change_request" and "decided_by" in row.filled:
            said = str(row.get("decided_by") or "")
            row.put("decided_as", ", ".join(sorted(deciders(words, said) or _roles_of(said, held))) or None)


def _held(rows: Iterable[Made]) -> dict[str, set[str]]:
    """Return person → the roles that they hold; that they sit in a committee does not make them the committee."""
    held: dict[str, set[str]] = {}
    for row in rows:
        if row.table == "role" and not row.is_gone and row.get("role") not in {None, *COMMITTEES}:
            for person in parse_people(str(row.get("person_id") or "")):
                held.setdefault(person.id, set()).add(str(row.get("role")) if row.get("to_on") is None else "")
    return held


def _roles_of(said: str, held: dict[str, set[str]]) -> set[str]:
    people = parse_people(said)
    roles = [held.get(person.id, set()) for person in people]
    return set().union(*roles) if len(people) > 1 and all(len(some) == 1 and all(some) for some in roles) else set()
