"""What productions are told of each project before the checks run: read from a snapshot, unknown where the snapshot does not say."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from auditor.model.schema import TABLES, UNKNOWN
from auditor.reasoning.sources import Disagreement, disagreements
from auditor.rulebook.production import FACTS

if TYPE_CHECKING:
    from auditor.snapshot.store import Snapshot

GATES: Mapping[str, tuple[str, ...]] = {"pm2": ("rfp", "rfe", "rfc"), "prince2": ("project_authorisation", "stage_boundary")}
"""Methodology → the gates that its projects pass."""

_APPROVED = ("approved", "baselined")


@dataclass(frozen=True, slots=True)
class Told:
    """One fact as it was read.

    Attributes:
        values: property → value; what is not there is left out.
        unknown: properties whose value nobody states.
    """

    kind: str
    values: Mapping[str, Any]
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Project:
    """What is known of a project.

    Attributes:
        traits: its row of `project`; None where the value is blank or unknown.
        told: products, declared tailoring and gates.
        disagreements: what two sources state differently; told to `conclusions` only.
    """

    traits: Mapping[str, Any]
    told: tuple[Told, ...] = field(default=())
    disagreements: tuple[Told, ...] = field(default=())

    def facts(self) -> tuple[Told, ...]:
        """Return everything as facts, the project itself first."""
        names = FACTS["tailoring"]["project"]
        known = {name: self.traits[name] for name in names if self.traits.get(name) is not None}
        if "budget" in known:
            known["budget"] = math.floor(known["budget"])
        return (Told("project", known, tuple(name for name in names if name not in known)), *self.told)


def read_projects(
    snapshot: "Snapshot", traits: Mapping[str, Mapping[str, Any]], kinds: Iterable[str], as_of: date | None = None
) -> dict[str, Project]:
    """Return what productions are told of every project of *traits*.

    Args:
        snapshot: where it is read.
        traits: project id → its row of `project`.
        kinds: the products of which productions may want to know that they are missing.
        as_of: the day of the audit; what is approved or decided later has not happened. None: that of the snapshot.

    Raises:
        StoreError: the snapshot cannot be read.
    """
    from auditor.snapshot.store import connection  # noqa: PLC0415  (duckdb: half a second that only audits pay)

    day = as_of or snapshot.as_of
    found: dict[str, list[Told]] = {project: [] for project in traits}
    database = connection()
    try:

        def rows(table: str, columns: str, where: str = "true") -> list[tuple[Any, ...]]:
            return database.execute(
                f"select project_id, {columns} from read_parquet(?) where is_gone is not true and is_record is not false and {where} "
                "order by all",
                [str(snapshot.file(table))],
            ).fetchall()

        complete = {
            (project, table)
            for project, table in database.execute(
                "select project_id, table_name from read_parquet(?) where is_complete and table_name in ('product', 'candidate')",
                [str(snapshot.file("completeness"))],
            ).fetchall()
        }
        for project, told in _products(
            rows("product", "kind, status, approved_on", "kind is not null and is_current is not false"),
            rows("candidate", "kind", "kind is not null"),
            complete,
            traits,
            sorted(set(kinds)),
            day,
        ):
            found[project].append(told)
        for project, told in _declared(
            rows(
                "listed_item",
                f"names_kind, is_used, reason, {_bit('listed_item', 'reason')}, artefact_id",
                "kind = 'tailoring' and names_kind is not null",
            ),
            {(row[0], row[1]): row for row in rows("artefact", "id, status, approved_on")},
            day,
        ):
            if project in found:
                found[project].append(told)
        decided = rows("gate", "gate, decision, decided_on", "gate is not null")
    finally:
        database.close()
    for project, told in _gates(decided, traits, day):
        found[project].append(told)
    said: dict[str, list[Told]] = {project: [] for project in traits}
    for item in disagreements(snapshot, traits, as_of):
        said[item.project].append(_disagreement(item))
    return {project: Project(traits[project], tuple(told), tuple(said[project])) for project, told in found.items()}


def _disagreement(item: Disagreement) -> Told:
    values = {
        "table": item.table,
        "column": item.column,
        "source": item.sources[0],
        "other_source": item.sources[1],
        "count": item.count,
        "title": item.title,
        "said": item.said[0],
        "other_said": item.said[1],
        "row": item.ids[0],
        "other_row": item.ids[1],
    }
    return Told("disagreement", values)


def _bit(table: str, column: str) -> str:
    return f"(unknown_bits & {TABLES[table].by_name[column].mask}) <> 0 as {UNKNOWN}_{column}"


def _products(
    products: Iterable[tuple[Any, ...]],
    candidates: Iterable[tuple[Any, ...]],
    complete: set[tuple[str, str]],
    traits: Mapping[str, Any],
    kinds: list[str],
    day: date,
) -> Iterable[tuple[str, Told]]:
    """Yield each product: found, known to be absent, or neither; an approval counts from its day on."""
    states: dict[tuple[str, str], set[bool | None]] = {}
    for project, kind, status, approved_on in products:
        states.setdefault((project, kind), set()).add(_approved(status, approved_on, day))
    open_ = {(project, kind) for project, kind in candidates}
    for project in traits:
        for kind in kinds:
            seen = states.get((project, kind))
            if seen is not None:
                approved = True if True in seen else None if None in seen else False
                yield project, _told("product", {"product": kind, "is_found": True, "is_approved": approved})
            elif (project, kind) not in open_ and {(project, "product"), (project, "candidate")} <= complete:
                yield project, _told("product", {"product": kind, "is_found": False, "is_approved": False})
            else:
                yield project, _told("product", {"product": kind, "is_found": None, "is_approved": None})


def _approved(status: str | None, approved_on: date | None, day: date) -> bool | None:
    if approved_on is not None:
        return approved_on <= day
    return None if status is None else status in _APPROVED


def _declared(
    items: Iterable[tuple[Any, ...]], artefacts: Mapping[tuple[str, str], tuple[Any, ...]], day: date
) -> Iterable[tuple[str, Told]]:
    for project, kind, is_used, reason, is_reason_unknown, artefact in items:
        document = artefacts.get((project, artefact))
        approved = None if document is None else _approved(document[2], document[3], day)
        has_reason = None if is_reason_unknown else bool(reason and reason.strip())
        yield project, _told("declared", {"product": kind, "is_used": is_used, "has_reason": has_reason, "is_approved": approved})


def _gates(decided: Iterable[tuple[Any, ...]], traits: Mapping[str, Mapping[str, Any]], day: date) -> Iterable[tuple[str, Told]]:
    """Yield every gate of a project's methodology; it is past when it was passed."""
    passed: dict[tuple[str, str], tuple[str | None, date | None]] = {}
    for project, gate, decision, decided_on in decided:
        if decided_on is None or decided_on <= day:
            before = passed.get((project, gate))
            if before is None or before[0] not in ("approved", "conditional"):
                passed[project, gate] = (decision, decided_on)
    for project, own in traits.items():
        family = str(own.get("methodology") or "").removesuffix("_agile")
        for gate in GATES.get(family, ()):
            decision = passed.get((project, gate), (None, None))[0]
            is_past = decision in ("approved", "conditional") if (project, gate) in passed else False
            yield project, Told("gate", {"gate": gate, "is_past": is_past} | ({"decision": decision} if decision else {}))


def _told(kind: str, values: Mapping[str, Any]) -> Told:
    return Told(
        kind, {name: value for name, value in values.items() if value is not None}, tuple(n for n, v in values.items() if v is None)
    )
