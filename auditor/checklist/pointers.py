"""Where to look: the documents, gates and meetings that a rule names, as they were read. For rules whose own subject has no place."""

from collections.abc import Collection, Mapping

from auditor.checks.evaluation import Evidence
from auditor.model.row import Frozen
from auditor.reports.build import place_of
from auditor.rulebook import expression as ir
from auditor.rulebook.condition import Condition
from auditor.snapshot.store import Snapshot, connection

_TABLES = (
    ("product", "kind", "approved_on", "is_current is not false"),
    ("gate", "gate", "decided_on", "decision is not null"),
    ("meeting", "kind", "held_on", "true"),
)
_MOST = 2  # of one name


class Thing(Frozen):
    """A product, a gate or a meeting of a project.

    Attributes:
        table: product, gate or meeting.
        on: the day of approval, decision or meeting, in ISO form; '' when it is not known.
    """

    table: str
    name: str
    on: str = ""
    place: str = ""
    url: str = ""


def read_things(snapshot: Snapshot, projects: Collection[str]) -> Mapping[str, Mapping[str, tuple[Thing, ...]]]:
    """Return project → name (`project_charter`, `rfe`, `planning_kick_off`) → the latest things of that name."""
    found: dict[str, dict[str, list[Thing]]] = {}
    database = connection()
    try:
        for table, name, day, where in _TABLES:
            rows = database.execute(
                f"select project_id, id, {name}, {day}, source, url, locator from read_parquet(?) "
                f"where is_gone is not true and is_record is not false and {name} is not null and {where} "
                f"order by project_id, {name}, {day} desc nulls last, id",
                [str(snapshot.file(table))],
            ).fetchall()
            for project, id_, called, on, source, url, locator in rows:
                if project in projects:
                    seen = Evidence(
                        subject_table=table, subject_id=id_, outcome="", values={}, says="", source=source, url=url, locator=locator
                    )
                    things = found.setdefault(project, {}).setdefault(called, [])
                    if len(things) < _MOST:
                        things.append(
                            Thing(table=table, name=called, on=on.isoformat() if on else "", place=place_of(seen), url=str(url or ""))
                        )
    finally:
        database.close()
    return {project: {name: tuple(things) for name, things in own.items()} for project, own in found.items()}


def names_in(conditions: Mapping[str, Condition]) -> tuple[str, ...]:
    """Return the texts that the conditions of a rule name, in their order: products, gates and kinds of meetings are among them."""
    names: dict[str, None] = {}
    for part in ("require", "where"):
        for node in conditions[part].node.walk() if part in conditions else ():
            if isinstance(node, ir.Constant) and isinstance(node.value, str):
                names[node.value] = None
    return tuple(names)
