"""What a snapshot holds, for people: projects with what was inferred and why, files with how they were recognised, what is missing."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from auditor.reports.words import BASES, METHODS
from auditor.rulebook.plain import value_in_words
from auditor.snapshot.store import Snapshot
from auditor.workbench.query import ask


@dataclass(frozen=True, slots=True)
class ProjectSeen:
    """A project as the snapshot has it; traits in words with their basis."""

    id: str
    name: str
    methodology: str
    phase: str
    size: str
    files: int
    recognised: int
    doubtful: int
    unreadable: int
    work_items: int


@dataclass(frozen=True, slots=True)
class FileSeen:
    """A file that a person should look at."""

    project: str
    path: str
    kind: str  # the best guess; '' when there is none
    confidence: float | None
    reason: str  # low_confidence, or why it could not be read
    url: str


def projects_seen(snapshot: Snapshot) -> list[ProjectSeen]:
    """Return every project with what was inferred, and how its files were recognised."""
    rows = _rows(
        snapshot,
        """
        select p.*, coalesce(a.files, 0) as files, coalesce(a.recognised, 0) as recognised, coalesce(c.doubtful, 0) as doubtful,
          coalesce(u.unread, 0) as unread, coalesce(w.items, 0) as items
        from (select * from project where is_gone is not true) p
        left join (select project_id, count(*) as files, count(*) filter (where kind is not null and kind_confidence >= 0.8) as recognised
          from artefact where is_gone is not true group by 1) a using (project_id)
        left join (select project_id, count(distinct path) as doubtful from candidate where reason = 'low_confidence' group by 1) c
          using (project_id)
        left join (select project_id, count(*) as unread from unreadable where is_gone is not true group by 1) u using (project_id)
        left join (select project_id, count(*) as items from work_item where is_gone is not true group by 1) w using (project_id)
        order by p.project_id
        """,
    )
    return [
        ProjectSeen(
            id=str(row["project_id"]),
            name=str(row["name"] or row["project_id"]),
            methodology=_trait(row, "methodology"),
            phase=_trait(row, "phase"),
            size=_trait(row, "size"),
            files=row["files"],
            recognised=row["recognised"],
            doubtful=row["doubtful"],
            unreadable=row["unread"],
            work_items=row["items"],
        )
        for row in rows
    ]


def files_to_review(snapshot: Snapshot) -> list[FileSeen]:
    """Return the files that are not surely recognised, and those that could not be read, by project and path."""
    doubtful = _rows(
        snapshot,
        """
        select project_id, path, kind, confidence, reason, url from (
          select *, row_number() over (partition by project_id, path order by confidence desc, kind) as place
          from candidate where reason = 'low_confidence')
        where place = 1 order by project_id, path
        """,
    )
    unread = _rows(
        snapshot,
        "select project_id, path, candidate_kinds, reason, url from unreadable where is_gone is not true order by project_id, path",
    )
    found = [
        FileSeen(
            str(row["project_id"]),
            str(row["path"]),
            str(row["kind"] or ""),
            _number(row["confidence"]),
            "low_confidence",
            str(row["url"] or ""),
        )
        for row in doubtful
    ]
    found += [
        FileSeen(
            str(row["project_id"]), str(row["path"]), str(row["candidate_kinds"] or ""), None, str(row["reason"]), str(row["url"] or "")
        )
        for row in unread
    ]
    return sorted(found, key=lambda item: (item.project, item.path, item.reason))


def coverage_seen(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Return per source and table: in how many projects it fills the table, how many of these completely, rows, and why not."""
    return list(
        _rows(
            snapshot,
            """
            select source, table_name, count(*) as projects, count(*) filter (where is_complete) as complete, sum(row_count) as rows,
              string_agg(distinct reason, ', ' order by reason) filter (where reason is not null) as reasons
            from coverage where source is not null group by all order by source, table_name
            """,
        )
    )


def _trait(row: dict[str, Any], name: str) -> str:
    value, basis, confidence = row[name], row[f"{name}_basis"], _number(row[f"{name}_confidence"])
    shown = value if value is not None else row.get(f"{name}_raw")
    if shown is None:
        return "not known"
    text = METHODS.get(str(shown), value_in_words(shown))
    if basis in (None, "declared"):
        return f"{text} (declared)"
    sure = f", {confidence:.0%}".replace("%", " %") if confidence is not None else ""
    doubt = "" if value is not None else ", too little to rely on"
    return f"{text} (from {BASES.get(basis, basis)}{sure}{doubt})"


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _rows(snapshot: Snapshot, question: str) -> Iterator[dict[str, Any]]:
    names = ("project", "artefact", "candidate", "unreadable", "work_item", "coverage")
    answer = ask(question, {name: snapshot.file(name) for name in names})
    return (dict(zip(answer.columns, row, strict=True)) for row in answer.rows)
