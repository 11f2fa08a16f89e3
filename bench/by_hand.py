"""Twenty rules about rows, once in the language of rules and once as somebody would write them by hand in polars.

Both answer the same: how many subjects of a project pass, fail and are undecided, and the first three that fail or are undecided, with the
values that decided.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from auditor.model.schema import TABLES, UNKNOWN
from auditor.rulebook.rule import Rule

TODAY = date(2026, 6, 30)
SHOWN = ("source", "url", "locator", "content_hash")


class Table:
    """Columns of a table with their absence told apart: null is unknown, a blank is what the column says of it."""

    def __init__(self, name: str) -> None:
        self.table = TABLES[name]

    def unknown(self, column: str) -> pl.Expr:
        return (pl.col(UNKNOWN) & self.table.by_name[column].mask) != 0

    def filled(self, column: str) -> pl.Expr:
        value = pl.col(column).is_not_null()
        return pl.when(value).then(True).when(self.unknown(column)).then(None).otherwise(False)

    def test(self, condition: pl.Expr, *columns: str) -> pl.Expr:
        """Return *condition*, false where a column is known absent, null where it is unknown."""
        absent = [column for column in columns if self.table.by_name[column].type.blank == "absent"]
        if not absent:
            return condition
        unsure = pl.any_horizontal([pl.col(column).is_null() & self.unknown(column) for column in absent])
        return pl.when(condition.is_not_null()).then(condition).when(unsure).then(None).otherwise(False)


@dataclass(frozen=True)
class ByHand:
    """A rule and its polars."""

    rule: Rule
    where: Callable[[Table], pl.Expr]
    require: Callable[[Table], pl.Expr]


def _true(_: Table) -> pl.Expr:
    return pl.lit(True)


def _all(*columns: str) -> Callable[[Table], pl.Expr]:
    return lambda t: pl.all_horizontal([t.filled(column) for column in columns])


def _in(column: str, *values: str) -> Callable[[Table], pl.Expr]:
    return lambda t: pl.col(column).is_in(list(values))


_ROWS: list[tuple[str, str, str, Callable[[Table], pl.Expr], Callable[[Table], pl.Expr]]] = [
    (
        "risk",
        "true",
        "filled(risk.category) and filled(risk.title) and filled(risk.description) and filled(risk.status) and filled(risk.identified_by)",
        _true,
        _all("category", "title", "description", "status", "identified_by"),
    ),
    (
        "risk",
        "status in ('approved', 'in_progress')",
        "risk.likelihood between 1 and 4 and risk.impact between 1 and 5",
        _in("status", "approved", "in_progress"),
        lambda t: (pl.col("likelihood") >= 1) & (pl.col("likelihood") <= 4) & (pl.col("impact") >= 1) & (pl.col("impact") <= 5),
    ),
    (
        "risk",
        "filled(risk.score)",
        "risk.score = risk.likelihood * risk.impact",
        _all("score"),
        lambda t: pl.col("score") == pl.col("likelihood").cast(pl.Int64) * pl.col("impact").cast(pl.Int64),
    ),
    ("risk", "status in ('approved', 'in_progress')", "filled(risk.owner_id)", _in("status", "approved", "in_progress"), _all("owner_id")),
    ("risk", "status in ('approved', 'in_progress')", "filled(risk.response)", _in("status", "approved", "in_progress"), _all("response")),
    (
        "risk",
        "status not in ('rejected', 'closed') and filled(risk.due_on)",
        "risk.due_on >= today or filled(risk.comment)",
        lambda t: ~pl.col("status").is_in(["rejected", "closed"]) & t.filled("due_on"),
        lambda t: t.test(pl.col("due_on") >= TODAY, "due_on") | t.filled("comment"),
    ),
    (
        "risk",
        "status in ('approved', 'in_progress') and risk.score >= 15",
        "risk.is_escalated",
        lambda t: pl.col("status").is_in(["approved", "in_progress"]) & (pl.col("score") >= 15),
        lambda t: pl.col("is_escalated"),
    ),
    (
        "issue",
        "true",
        "filled(issue.category) and filled(issue.title) and filled(issue.description) and filled(issue.status) and filled(issue.raised_by)",
        _true,
        _all("category", "title", "description", "status", "raised_by"),
    ),
    (
        "issue",
        "status in ('open', 'in_progress', 'postponed')",
        "issue.urgency between 1 and 5 and issue.impact between 1 and 5 and issue.size between 1 and 4",
        _in("status", "open", "in_progress", "postponed"),
        lambda t: pl.all_horizontal(
            [*(pl.col(c) >= 1 for c in ("urgency", "impact", "size")), pl.col("urgency") <= 5, pl.col("impact") <= 5, pl.col("size") <= 4]
        ),
    ),
    (
        "issue",
        "status in ('open', 'in_progress', 'postponed')",
        "filled(issue.owner_id) and filled(issue.due_on)",
        _in("status", "open", "in_progress", "postponed"),
        _all("owner_id", "due_on"),
    ),
    (
        "issue",
        "status in ('open', 'in_progress') and filled(issue.due_on)",
        "issue.due_on >= today or issue.is_escalated",
        lambda t: pl.col("status").is_in(["open", "in_progress"]) & t.filled("due_on"),
        lambda t: t.test(pl.col("due_on") >= TODAY, "due_on") | pl.col("is_escalated"),
    ),
    (
        "change_request",
        "true",
        "filled(change_request.title) and filled(change_request.description) and filled(change_request.requested_by)",
        _true,
        _all("title", "description", "requested_by"),
    ),
    (
        "change_request",
        "filled(change_request.decided_on)",
        "change_request.requested_on <= change_request.decided_on",
        _all("decided_on"),
        lambda t: t.test(pl.col("requested_on") <= pl.col("decided_on"), "requested_on", "decided_on"),
    ),
    (
        "change_request",
        "status in ('approved', 'rejected')",
        "filled(change_request.decided_by) and filled(change_request.decided_on)",
        _in("status", "approved", "rejected"),
        _all("decided_by", "decided_on"),
    ),
    (
        "requirement",
        "status in ('approved', 'implemented', 'validated')",
        "filled(requirement.acceptance_criteria)",
        _in("status", "approved", "implemented", "validated"),
        _all("acceptance_criteria"),
    ),
    (
        "requirement",
        "true",
        "(filled(requirement.title) or filled(requirement.description)) and filled(requirement.origin) and filled(requirement.priority)",
        _true,
        lambda t: (t.filled("title") | t.filled("description")) & t.filled("origin") & t.filled("priority"),
    ),
    (
        "decision",
        "filled(decision.applies_on) and filled(decision.decided_on)",
        "decision.applies_on >= decision.decided_on",
        _all("applies_on", "decided_on"),
        lambda t: t.test(pl.col("applies_on") >= pl.col("decided_on"), "applies_on", "decided_on"),
    ),
    (
        "work_item",
        "work_item.status_category = 'in_progress' and work_item.kind <> 'epic'",
        "filled(work_item.assignee_id)",
        lambda t: (pl.col("status_category") == "in_progress") & (pl.col("kind") != "epic"),
        _all("assignee_id"),
    ),
    (
        "work_item",
        "work_item.status_category = 'in_progress'",
        "days(day(work_item.updated_at), today) <= 31",
        lambda t: pl.col("status_category") == "in_progress",
        lambda t: t.test((pl.lit(TODAY) - pl.col("updated_at").dt.date()).dt.total_days() <= 31, "updated_at"),
    ),
    (
        "artefact",
        "artefact.is_current and filled(artefact.version_on_cover)",
        "artefact.version_in_name = artefact.version_on_cover",
        lambda t: pl.col("is_current") & t.filled("version_on_cover"),
        lambda t: t.test(pl.col("version_in_name") == pl.col("version_on_cover"), "version_in_name", "version_on_cover"),
    ),
]

BY_HAND = [
    ByHand(
        Rule(
            id=f"HAND-{number:02}",
            title="by hand",
            requirement="by hand",
            cites=[],
            answers=[],
            area="bench",
            severity="minor",
            about=table,
            where=where,
            require=require,
        ),
        belongs,
        meets,
    )
    for number, (table, where, require, belongs, meets) in enumerate(_ROWS, start=1)
]


def run_by_hand(file: Callable[[str], Path]) -> tuple[Mapping[str, pl.DataFrame], Mapping[str, pl.DataFrame]]:
    """Return for each table the counts of its rules per project, and for each rule the first three subjects that do not surely pass."""
    counts: dict[str, pl.DataFrame] = {}
    evidence: dict[str, pl.DataFrame] = {}
    by_table: dict[str, list[ByHand]] = {}
    for rule in BY_HAND:
        by_table.setdefault(str(rule.rule.about), []).append(rule)
    for name, rules in by_table.items():
        table = Table(name)
        read = {rule.rule.id: _columns(rule.rule) for rule in rules}
        kept = dict.fromkeys(["project_id", "id", *SHOWN, UNKNOWN, *(column for columns in read.values() for column in columns)])
        rows = pl.scan_parquet(file(name)).filter(pl.col("is_gone").ne_missing(True) & pl.col("is_record").ne_missing(False))
        states = []
        for rule in rules:
            where, require = rule.where(table), rule.require(table)
            state = (
                pl.when(where & require)
                .then(pl.lit(1, pl.Int8))
                .when(where & ~require)
                .then(pl.lit(2, pl.Int8))
                .when(where.is_null() & require)
                .then(pl.lit(4, pl.Int8))
                .when(where.fill_null(True))
                .then(pl.lit(3, pl.Int8))
                .otherwise(pl.lit(0, pl.Int8))
            )
            states.append(state.alias(rule.rule.id))
        decided = rows.select(*kept, *states).collect()
        summed = [(pl.col(rule.rule.id) == code).sum().alias(f"{rule.rule.id}.{code}") for rule in rules for code in (1, 2, 3, 4)]
        counts[name] = decided.group_by("project_id").agg(summed)
        for rule in rules:
            evidence[rule.rule.id] = _first_three(decided, rule.rule, read[rule.rule.id], table)
    return counts, evidence


def _columns(rule: Rule) -> list[str]:
    said = f"{rule.where} {rule.require}"
    return [column.name for column in TABLES[str(rule.about)].own if re.search(rf"\b{column.name}\b", said)]


def _first_three(decided: pl.DataFrame, rule: Rule, columns: list[str], table: Table) -> pl.DataFrame:
    """Return the first three subjects of each project that fail, else are undecided, with what decided and why it is not known."""
    state = pl.col(rule.id)
    unknown = pl.coalesce(
        [pl.when(pl.col(one).is_null() & table.unknown(one)).then(pl.lit(f"unmapped:{rule.about}.{one}")) for one in columns]
    )
    blank = pl.coalesce([pl.when(pl.col(one).is_null()).then(pl.lit(f"no_data:{rule.about}.{one}")) for one in columns])
    shown = ["project_id", "id", *SHOWN, *columns]
    parts = []
    for code in (2, 3, 4):
        some = decided.filter(state == code).group_by("project_id", maintain_order=True).head(3)
        reason = pl.lit(None, pl.String) if code == 2 else pl.coalesce([unknown, blank])
        parts.append(some.select(*shown, state.alias("state"), reason.alias("reason")))
    return pl.concat(parts).group_by("project_id", maintain_order=True).head(3)
