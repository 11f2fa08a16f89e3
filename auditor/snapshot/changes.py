"""Requests for change are issues where a method keeps them so.

PRINCE2 has one register of issues: requests for change, off-specifications, problems. Where a tool or a list of its own holds the requests,
each is an issue as well, with the same id. What its log tells of it is told of the issue too.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from auditor.snapshot.coverage import Claims
from auditor.snapshot.rows import Made

_SAME = (
    "title",
    "description",
    "priority",
    "size",
    "impact_analysis",
    "assessed_on",
    "due_on",
    "cost",
    "decision",
    "decided_on",
    "decided_by",
    "is_escalated",
    "stage_id",
    "action_details",
    "comment",
)
_OTHER = {"requested_on": "raised_on", "requested_by": "raised_by", "implemented_on": "resolved_on"}
_COLUMNS: Mapping[str, str] = {**{name: name for name in _SAME}, **_OTHER}
_STATUS = {
    "submitted": "open",
    "assessing": "in_progress",
    "waiting_for_approval": "in_progress",
    "approved": "in_progress",
    "postponed": "postponed",
    "implemented": "resolved",
    "rejected": "closed",
    "merged": "closed",
    "closed": "closed",
}
_TABLE, _MIRROR = "change_request", "issue"


def issues_of_changes(rows: Sequence[Made], claims: Claims) -> list[Made]:
    """Return an issue for each request for change that no issue stands for yet, with its history and its links; extend *claims*.

    Call it when people, kinds and references are settled.
    """
    held = {row.id for row in rows if row.table == _MIRROR} | {
        str(row.get("change_request_id")) for row in rows if row.table == _MIRROR and row.get("change_request_id")
    }
    made = [_issue(row) for row in rows if row.table == _TABLE and row.id not in held]
    if not made:
        return []
    ids = {row.id for row in made}
    for claim in claims.about(_TABLE):
        if any(row.source == claim.source and not row.is_gone for row in made):
            columns = {_COLUMNS[name] for name in claim.columns & _COLUMNS.keys()} | {"kind", "change_request_id"}
            columns |= {"status"} if "status" in claim.columns else set()
            claims.of(claim.source, _MIRROR).join(
                columns, is_complete=claim.is_complete, history_from=claim.history_from, reason=claim.reason
            )
    return [*made, *_told(rows, ids)]


def _issue(row: Made) -> Made:
    made = replace(row, table=_MIRROR, values={}, filled=set(), extra=dict(row.extra))
    for column, target in _COLUMNS.items():
        if column in row.filled:
            made.put(target, row.get(column))
        if (raw := row.values.get(f"{column}_raw")) is not None:
            made.values[f"{target}_raw"] = raw
    if "impact_analysis" not in row.filled and "impact_assessed" in row.filled:
        made.put("impact_analysis", "assessed" if row.get("impact_assessed") else None)
    if "status" in row.filled:
        made.put("status", _STATUS.get(str(row.get("status"))))
    if (raw := row.values.get("status_raw")) is not None:
        made.values["status_raw"] = raw
    made.put("kind", "request_for_change")
    made.put("change_request_id", row.id)
    return made


def _told(rows: Iterable[Made], ids: set[str]) -> Iterator[Made]:
    """Yield the edits and links of the requests once more, as those of the issues."""
    for row in rows:
        if row.table == "history_entry" and row.get("table_name") == _TABLE and row.get("row_id") in ids:
            field = str(row.get("field"))
            target = field if field in {"status", "row"} else _COLUMNS.get(field)
            if target is None:
                continue
            changed = {"table_name": _MIRROR, "field": target}
            if field == "status":
                changed |= {code: _STATUS[said] for code in ("from_code", "to_code") if (said := str(row.get(code))) in _STATUS}
            yield _copy(row, changed)
        elif row.table == "link":
            changed = {
                f"{end}_table": _MIRROR for end in ("from", "to") if row.get(f"{end}_table") == _TABLE and row.get(f"{end}_id") in ids
            }
            if changed:
                yield _copy(row, changed)


def _copy(row: Made, changed: Mapping[str, str]) -> Made:
    return replace(row, id=f"{row.id}:{_MIRROR}", values={**row.values, **changed}, filled=set(row.filled), extra=dict(row.extra))
