"""From rows of a snapshot to plain rows of the naive evaluator, and back."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from auditor.checks.inputs import ProjectPlan
from auditor.model.schema import TABLES, UNKNOWN
from auditor.rulebook.load import Rulebook
from tests.laws.naive import BLANK, World
from tests.laws.naive import UNKNOWN as NOT_KNOWN

Rows = Mapping[str, Iterable[Mapping[str, Any]]]


def world(project: str, rows: Rows, plan: ProjectPlan, as_of: date, rulebook: Rulebook | None = None) -> World:
    """Return what a rule may see of *project*."""
    tables: dict[str, list[dict[str, Any]]] = {}
    complete: set[str] = set()
    since: dict[str, date] = {}
    for name, listed in rows.items():
        for row in listed:
            if row.get("project_id") not in (project, None):
                continue
            if name == "completeness":
                if row.get("is_complete"):
                    complete.add(row["table_name"])
                if row.get("history_from") is not None:
                    since[row["table_name"]] = row["history_from"]
                continue
            tables.setdefault(name, []).append(_plain(name, row))
    tables["expected"] = [
        {
            "id": item.kind,
            "kind": item.kind,
            "obligation": item.obligation,
            "why": item.why or BLANK,
            "because_of": item.because_of or BLANK,
        }
        for item in plan.expected
    ]
    if plan.is_known:
        complete.add("expected")
    words = {} if rulebook is None else {"views": rulebook.views, "terms": rulebook.terms, "events": rulebook.events}
    return World(tables, complete, as_of, history_from=since, **words)


def _plain(name: str, row: Mapping[str, Any]) -> dict[str, Any]:
    table = TABLES[name if name in TABLES else name.removesuffix("_history")]
    bits = int(row.get(UNKNOWN) or 0)
    found: dict[str, Any] = {}
    for column in table.columns:
        if column.name == UNKNOWN:
            continue
        value = row.get(column.name)
        if isinstance(value, datetime):
            value = value.replace(tzinfo=None)
        mask = (
            table.by_name[column.name.removesuffix("_raw")].mask
            if column.type is not None and column.name.endswith("_raw")
            else column.mask
        )
        found[column.name] = value if value is not None else NOT_KNOWN if bits & mask else BLANK
    for column in ("valid_from", "valid_to"):
        if column in row:
            moment = row[column]
            found[column] = BLANK if moment is None else moment.replace(tzinfo=None)
    return found


def stored(name: str, row: Mapping[str, Any], project: str) -> dict[str, Any]:
    """Return a plain row as a snapshot holds it."""
    table = TABLES[name.removesuffix("_history") if name not in TABLES else name]
    unknown = tuple(column.name for column in table.own if row.get(column.name, NOT_KNOWN) is NOT_KNOWN)
    known = {column: value for column, value in row.items() if value is not NOT_KNOWN and value is not BLANK}
    owner = None if table.is_organisational else project
    return {"project_id": owner, "is_gone": False, "is_record": True, "source": "law"} | known | {UNKNOWN: table.bits(unknown)}
