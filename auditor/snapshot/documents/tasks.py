"""Which lines of a table of tasks are tasks, and which sum others up.

Numbers tell it ('2' above '2.1'); packages that nothing is planned below are what is worked on, whatever they are called. Where there are
no numbers, a line without anybody to do it that spans the line below it, or without days, may be a phase: its kind is unknown then, since a
rule about tasks must not take it for a long one.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from auditor.snapshot.documents.found import Found

TABLE = "work_item"
_SUM = "epic"
_OUTLINE = re.compile(r"[^\W\d_]{0,4}[-. ]?\d{1,3}(?:\.\d{1,3})*\.?")


def outlined(rows: Sequence[Found]) -> list[Found]:
    """Return the lines of one table with what their order and numbers tell: kind, parent, number in the breakdown."""
    codes = [_code(row) for row in rows]
    known = {code: row.own_id or code for code, row in zip(codes, rows, strict=True) if code}
    parents = [_parent(code, known) for code in codes]
    if not any(parents):
        return [_plain(row, after) for row, after in zip(rows, [*rows[1:], None], strict=True)]
    above = set(parents)
    are_lowest = all(row.values.get("kind") in {None, _SUM} for row in rows)  # the column for it knows sums only: 'Phase', 'WP'
    made = []
    for row, code, parent in zip(rows, codes, parents, strict=True):
        values: dict[str, Any] = {"wbs_code": code or row.values.get("wbs_code")}
        if are_lowest and parent and code not in above and row.values.get("kind") == _SUM:
            values["kind"] = "task"
        elif code in above or "kind_raw" not in row.values:  # what a column says in words that nobody knows stays unknown
            values["kind"] = row.values.get("kind") or (_SUM if code in above else "task")
        refers = {**row.refers, "parent_id": (TABLE, known[parent])} if parent else row.refers
        made.append(
            replace(
                row,
                own_id=row.own_id or code or None,
                values={**row.values, **values},
                filled=row.filled | values.keys() | {"parent_id"},
                refers=refers,
            )
        )
    return made


def _code(row: Found) -> str:
    text = str(row.values.get("wbs_code") or row.own_id or "").strip()
    return text.rstrip(".").removesuffix(".0") if _OUTLINE.fullmatch(text) else ""


def _parent(code: str, known: dict[str, str]) -> str:
    while "." in code:
        code = code.rpartition(".")[0]
        if code in known:
            return code
    return ""


def _plain(row: Found, after: Found | None) -> Found:
    if row.values.get("kind") or "kind_raw" in row.values or _may_sum_up(row, after):
        return row
    return replace(row, values={**row.values, "kind": "task"}, filled=row.filled | {"kind"})


def _may_sum_up(row: Found, after: Found | None) -> bool:
    if row.values.get("assignee_id"):
        return False
    begin, end = _span(row)
    if begin is None or end is None or after is None:
        return begin is None or end is None
    first, last = _span(after)
    return first is not None and last is not None and begin <= first and last <= end


def _span(row: Found) -> tuple[Any, Any]:
    values = row.values
    return values.get("start_on") or values.get("baseline_start_on"), values.get("due_on") or values.get("baseline_due_on")
