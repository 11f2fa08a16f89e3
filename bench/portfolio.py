"""The portfolio that the benchmark audits: made by DuckDB from hashes, the same on every machine with the same DuckDB.

Every value follows from (table, column, project, row). About 1,100 rows a project in 29 tables; each column is blank for some rows, and
4 % of its values are unknown (here and there, or for the whole project); in 5 % of the projects some tables are incomplete.
"""

import json
import re
from pathlib import Path

import duckdb

from auditor.model.schema import TABLES, UNKNOWN
from auditor.snapshot.store import VERSION, Snapshot, columns_by_file

AS_OF = "2026-06-30"
UNKNOWN_OF_1000 = 40
HISTORY = "_history"
WHOLE = frozenset({"kind", "role", "wbs_code", "identity", "person_id", "meeting_id", "artefact_id", "table_name", "row_id", "action"})
"""Columns that say what a row is and to what it belongs: a source states them for all rows of a project or for none."""

_KINDS = [
    "project_initiation_request",
    "business_case",
    "project_charter",
    "project_handbook",
    "project_work_plan",
    "outsourcing_plan",
    "deliverables_acceptance_plan",
    "transition_plan",
    "business_implementation_plan",
    "requirements_management_plan",
    "project_change_management_plan",
    "risk_management_plan",
    "issue_management_plan",
    "quality_management_plan",
    "communications_management_plan",
    "project_end_report",
    "risk_log",
    "issue_log",
    "minutes_of_meeting",
    "project_status_report",
]
_ROLES = [
    "project_owner",
    "solution_provider",
    "business_manager",
    "project_manager",
    "project_core_team",
    "project_core_team",
    "project_core_team",
    "project_quality_assurance",
    "user_representatives",
    "project_support_office",
]


def _one_of(stream: str, *values: str) -> str:
    """Return one of *values*, each as likely as it is often."""
    listed = ", ".join(f"'{value}'" for value in values)
    return f"[{listed}][1 + {{{stream}:{len(values)}}}]"


def _person(stream: str) -> str:
    return f"'person-' || {{{stream}:12}}"


def _day(stream: str, after: int, span: int) -> str:
    return f"date '2024-01-01' + cast({after} + {{{stream}:{span}}} as integer)"


_TITLE = "'Entry ' || {t:100000} || ' about the ' || " + _one_of("w", "interface", "migration", "training", "budget", "supplier", "server")
_LONG = (
    "'Because of ' || {l:9999} || ' the ' || "
    + _one_of("m", "key users", "unit", "supplier")
    + " || ' may be late, so that tests ' || {n:99} || ' slip'"
)
_FLAG = "{f:10} < 8"

# table → rows per project, column → (blank of 1000, expression)
SPEC: dict[str, tuple[int, dict[str, tuple[int, str]]]] = {
    "project": (
        1,
        {
            "name": (0, "'Project ' || p"),
            "phase": (0, _one_of("a", *["executing"] * 6, *["closing"] * 2, *["closed"] * 2, "planning")),
            "size": (0, _one_of("b", "small", "medium", "large")),
            "start_on": (0, "date '2024-01-01' + cast(p % 300 as integer)"),
            "methodology": (0, "'pm2'"),
        },
    ),
    "person": (
        25,
        {
            "name": (0, "'Person ' || i"),
            "kind": (0, "case when i % 23 = 7 and p % 10 = 0 then 'group' else 'person' end"),
            "realm": (0, "'documents'"),
            "identity": (800, "'h:' || p || ':' || i"),
        },
    ),
    "role": (
        10,
        {
            "role": (0, "[" + ", ".join(f"'{role}'" for role in _ROLES) + "][1 + i]"),
            "person_id": (20, _person("a")),
            "from_on": (300, _day("b", 0, 200)),
            "to_on": (900, _day("c", 700, 200)),
        },
    ),
    "stage": (4, {"name": (0, "'Stage ' || i"), "started_on": (100, _day("a", 0, 100)), "ended_on": (400, _day("b", 200, 100))}),
    "gate": (
        3,
        {
            "gate": (0, "['rfp', 'rfe', 'rfc'][1 + i]"),
            "decision": (20, _one_of("a", "approved", "approved", "approved", "conditional", "rejected")),
            "decided_on": (30, "date '2024-06-01' + cast(200 * i + {b:60} as integer)"),
        },
    ),
    "meeting": (
        20,
        {
            "kind": (
                20,
                _one_of(
                    "a",
                    "project_status",
                    "project_status",
                    "steering_committee",
                    "planning_kick_off",
                    "executing_kick_off",
                    "initiating_kick_off",
                ),
            ),
            "held_on": (20, _day("b", 30, 800)),
            "chair_id": (100, _person("c")),
            "agenda_on": (200, _day("b", 20, 800)),
            "minutes_sent_on": (100, _day("b", 33, 800)),
            "minutes_artefact_id": (200, "'artefact-' || {d:30}"),
            "has_minutes": (20, "{e:10} < 9"),
        },
    ),
    "attendance": (
        50,
        {
            "meeting_id": (0, "'meeting-' || {a:20}"),
            "person_id": (10, _person("b")),
            "role": (500, _one_of("c", *_ROLES)),
            "is_present": (50, _FLAG),
        },
    ),
    "artefact": (
        30,
        {
            "kind": (30, _one_of("k", *_KINDS)),
            "title": (0, _TITLE),
            "path": (0, "'Project ' || p || '/Documents/' || {t:99999} || '.docx'"),
            "file_name": (0, "'Document_V' || {v:3} || '.' || {u:4} || '.docx'"),
            "is_current": (0, "{c:10} < 8"),
            "status": (100, _one_of("s", "draft", "approved", "approved", "in_review")),
            "version_on_cover": (60, "{v:3} || '.' || {u:4}"),
            "version_in_name": (100, "{v:3} || '.' || {u:4}"),
            "version_in_history": (150, "case when {x:10} = 0 then '9.9' else {v:3} || '.' || {u:4} end"),
            "date_on_cover": (60, _day("d", 100, 700)),
            "author_id": (80, _person("a")),
            "owner_id": (80, _person("o")),
            "sensitivity": (60, _one_of("z", "Public", "Limited", "Internal")),
            "modified_at": (0, "timestamp '2024-04-01' + to_hours(24 * {d:700})"),
            "approved_on": (200, _day("d", 97, 700)),
            "approved_by": (150, _person("b")),
            "placeholder_count": (0, "case when {y:10} = 0 then {y:7} else 0 end"),
        },
    ),
    "product": (
        20,
        {
            "kind": (0, "[" + ", ".join(f"'{kind}'" for kind in _KINDS) + "][1 + i % 20]"),
            "artefact_id": (50, "'artefact-' || i"),
            "section_id": (900, "'section-' || i"),
            "is_current": (0, "{c:10} < 9"),
            "approved_on": (150, _day("d", 60, 300)),
        },
    ),
    "artefact_version": (
        60,
        {
            "artefact_id": (0, "'artefact-' || {a:30}"),
            "version": (20, "{v:3} || '.' || {u:9}"),
            "modified_at": (20, "timestamp '2024-04-01' + to_hours(24 * {d:700})"),
            "modified_by": (40, _person("b")),
            "comment": (100, _TITLE),
            "size_bytes": (500, "10000 + {s:90000}"),
        },
    ),
    "section": (
        60,
        {
            "artefact_id": (0, "'artefact-' || {a:30}"),
            "kind": (300, _one_of("k", "references", "risks", "scope", "milestones", "budget", "approach")),
            "heading": (0, _TITLE),
            "text": (50, _LONG),
            "is_empty": (0, "{e:10} = 0"),
        },
    ),
    "listed_item": (
        70,
        {
            "artefact_id": (0, "'artefact-' || {a:30}"),
            "kind": (0, _one_of("k", "milestone", "decision", "tailoring", "figure", "reference", "action", "communication")),
            "name": (30, _TITLE),
            "ref": (100, "'decision-' || {r:32}"),
            "names_kind": (30, _one_of("n", *_KINDS)),
            "on_date": (50, _day("d", 100, 700)),
            "is_used": (30, _FLAG),
            "reason": (150, _TITLE),
            "number": (100, "cast({v:50} as decimal(18, 4))"),
        },
    ),
    "approval": (
        30,
        {
            "table_name": (0, "'artefact'"),
            "row_id": (0, "'artefact-' || {a:30}"),
            "person_id": (30, _person("b")),
            "action": (10, _one_of("c", "approve", "approve", "review", "accept")),
            "decision": (50, _one_of("e", "approved", "approved", "pending")),
            "decided_on": (100, _day("d", 100, 700)),
        },
    ),
    "distribution": (15, {"table_name": (0, "'artefact'"), "row_id": (0, "'artefact-' || {a:30}"), "sent_on": (50, _day("b", 100, 700))}),
    "baseline": (
        4,
        {"artefact_id": (0, "'artefact-' || {a:6}"), "version": (50, "{v:3} || '.0'"), "baselined_on": (20, _day("d", 100, 700))},
    ),
    "link": (
        60,
        {
            "from_table": (0, "case when {a:3} = 0 then 'requirement' else 'work_item' end"),
            "from_id": (0, "case when {a:3} = 0 then 'requirement-' || {b:70} else 'work_item-' || {b:250} end"),
            "to_table": (0, _one_of("c", "risk", "deliverable", "issue", "requirement")),
            "to_id": (0, _one_of("c", "risk", "deliverable", "issue", "requirement") + " || '-' || {e:50}"),
            "kind": (0, _one_of("f", "mitigates", "implements", "relates", "verifies")),
            "is_broken": (0, "{g:20} = 0"),
        },
    ),
    "match": (
        8,
        {
            "from_table": (0, "'listed_item'"),
            "from_id": (0, "'listed_item-' || {a:70}"),
            "to_table": (0, "'decision'"),
            "to_id": (0, "'decision-' || {b:30}"),
            "kind": (0, "'same_thing'"),
            "score": (0, "0.9"),
        },
    ),
    "risk": (
        50,
        {
            "title": (20, _TITLE),
            "description": (40, _LONG),
            "category": (40, _one_of("c", "IT", "Business", "People", "Legal")),
            "kind": (100, _one_of("d", "threat", "threat", "threat", "opportunity")),
            "status": (
                20,
                _one_of("s", "proposed", "assessing", "approved", "approved", "in_progress", "closed", "rejected", "materialised"),
            ),
            "status_raw": (
                20,
                _one_of("s", "Proposed", "Assessing", "Approved", "Genehmigt", "Parked", "Closed", "Rejected", "Materialised"),
            ),
            "likelihood": (30, "1 + {x:5}"),
            "impact": (30, "1 + {y:5}"),
            "likelihood_raw": (30, "1 + {x:5}"),
            "impact_raw": (30, "1 + {y:5}"),
            "score": (40, "case when {z:12} = 0 then 7 else (1 + {x:5}) * (1 + {y:5}) end"),
            "response": (60, _one_of("r", "avoid", "reduce", "reduce", "accept", "transfer")),
            "response_detail": (80, _TITLE),
            "response_due_on": (400, _day("e", 600, 500)),
            "owner_id": (60, _person("o")),
            "actionee_id": (200, _person("a")),
            "identified_on": (30, _day("i", 0, 700)),
            "identified_by": (40, _person("b")),
            "due_on": (150, _day("e", 700, 500)),
            "is_escalated": (50, "{f:3} > 0"),
            "comment": (200, _TITLE),
        },
    ),
    "issue": (
        60,
        {
            "title": (20, _TITLE),
            "description": (40, _LONG),
            "category": (40, _one_of("c", "IT", "Business", "People", "Legal")),
            "status": (20, _one_of("s", "open", "in_progress", "postponed", "resolved", "closed", "closed")),
            "status_raw": (20, _one_of("s", "Open", "Parked", "Postponed", "Resolved", "Closed", "Geschlossen")),
            "urgency": (30, "1 + {u:5}"),
            "impact": (30, "1 + {x:5}"),
            "size": (30, "1 + {y:5}"),
            "owner_id": (60, _person("o")),
            "raised_on": (30, _day("r", 0, 700)),
            "raised_by": (40, _person("b")),
            "due_on": (80, _day("e", 850, 400)),
            "is_escalated": (50, "{f:4} > 0"),
            "comment": (200, _TITLE),
        },
    ),
    "change_request": (
        25,
        {
            "title": (20, _TITLE),
            "description": (40, _LONG),
            "status": (
                20,
                _one_of("s", "submitted", "waiting_for_approval", "approved", "approved", "rejected", "implemented", "implemented"),
            ),
            "status_raw": (
                20,
                _one_of("s", "Submitted", "Waiting for Approval", "Approved", "Genehmigt", "Rejected", "Implemented", "Live"),
            ),
            "size": (30, "1 + {x:5}"),
            "priority": (30, "1 + {y:5}"),
            "assessed_on": (200, _day("a", 300, 200)),
            "effort_hours": (200, "cast({h:200} as decimal(12, 2))"),
            "action_details": (200, _TITLE),
            "requested_on": (30, _day("a", 250, 600)),
            "requested_by": (40, _person("b")),
            "decision": (60, _one_of("d", "approved", "approved", "conditional", "rejected")),
            "decided_on": (60, _day("a", 260, 600)),
            "decided_by": (60, _person("c")),
            "implemented_on": (400, _day("a", 300, 600)),
            "is_escalated": (50, "{f:4} = 0"),
            "comment": (200, _TITLE),
        },
    ),
    "decision": (
        30,
        {
            "title": (0, _TITLE),
            "decided_on": (40, _day("a", 100, 700)),
            "decided_by": (80, _person("b")),
            "owner_id": (80, _person("o")),
            "audience": (80, _one_of("c", "Steering committee", "Core team", "Users")),
            "applies_on": (80, "date '2024-01-01' + cast(95 + {a:700} + {e:80} as integer)"),
            "people_present": (80, _TITLE),
            "is_escalated": (100, "{f:6} = 0"),
        },
    ),
    "requirement": (
        70,
        {
            "title": (20, _TITLE),
            "description": (40, _LONG),
            "origin": (80, _one_of("o", "Workshop", "Law", "User")),
            "status": (20, _one_of("s", "proposed", "approved", "implemented", "validated", "validated", "rejected")),
            "priority": (100, "1 + {p:5}"),
            "priority_raw": (100, "1 + {p:5}"),
            "acceptance_criteria": (100, _LONG),
            "traced_to": (300, "'WBS ' || {w:99}"),
            "rejected_reason": (150, _TITLE),
            "comment": (300, _TITLE),
        },
    ),
    "deliverable": (
        20,
        {
            "title": (20, _TITLE),
            "acceptance": (80, _one_of("a", "accepted", "accepted", "provisional", "rejected")),
            "accepted_on": (150, _day("b", 400, 500)),
            "accepted_by": (100, _person("c")),
            "acceptance_criteria": (100, _LONG),
        },
    ),
    "milestone": (
        15,
        {
            "title": (0, _TITLE),
            "baseline_on": (60, _day("a", 100, 900)),
            "forecast_on": (150, "date '2024-01-01' + cast(90 + {a:900} + {b:60} as integer)"),
            "achieved_on": (400, "date '2024-01-01' + cast(90 + {a:900} + {c:60} as integer)"),
        },
    ),
    "review": (
        15,
        {
            "kind": (20, _one_of("a", "phase_exit", "acceptance", "test", "quality")),
            "subject_id": (50, "'deliverable-' || {b:20}"),
            "held_on": (50, _day("c", 300, 500)),
        },
    ),
    "report": (
        12,
        {
            "kind": (0, _one_of("a", "status", "status", "quality")),
            "artefact_id": (50, "'artefact-' || {b:30}"),
            "period_to_on": (30, "date '2024-03-31' + cast(30 * i as integer)"),
            "issued_on": (30, "date '2024-04-03' + cast(30 * i + {c:9} as integer)"),
        },
    ),
    "stakeholder": (
        15,
        {
            "name": (20, "'Person ' || {a:99}"),
            "person_id": (100, _person("b")),
            "role": (80, _one_of("c", *_ROLES)),
            "contact": (120, "'x' || {d:99}"),
        },
    ),
    "action": (
        30,
        {
            "kind": (50, _one_of("a", "meeting", "meeting", "corrective", "follow_on")),
            "status": (60, _one_of("b", "open", "closed", "done")),
            "owner_id": (60, _person("c")),
            "due_on": (80, _day("d", 300, 700)),
            "meeting_id": (200, "'meeting-' || {e:20}"),
        },
    ),
    "work_item": (
        250,
        {
            "kind": (0, _one_of("a", "story", "task", "task", "bug", "epic")),
            "status_category": (0, _one_of("b", "todo", "in_progress", "done", "done")),
            "assignee_id": (40, _person("c")),
            "updated_at": (0, "timestamp '2026-05-25' + to_hours({d:860})"),
            "wbs_code": (200, "(i // 20) || '.' || (i % 20 - case when {e:400} = 0 then 1 else 0 end)"),
        },
    ),
}
_STREAM = re.compile(r"\{(\w+):(\d+)\}")


def _filled(table: str, expression: str) -> str:
    """Return *expression* with each `{stream:n}` as a whole number below n that follows from table, stream, project and row."""
    return _STREAM.sub(lambda found: f"cast(hash(p, i, '{table}.{found[1]}') % {found[2]} as integer)", expression)


def _select(table: str, columns: dict[str, str], projects: int, rows: int, spec: dict[str, tuple[int, str]]) -> str:
    """Return the statement that makes a table or history, with its columns in the order of the model."""
    declared = TABLES[table.removesuffix(HISTORY) if table not in TABLES else table]
    source = declared.name
    made = {
        "project_id": "'project-' || lpad(cast(p as varchar), 5, '0')",
        "id": "'project-' || lpad(cast(p as varchar), 5, '0')" if source == "project" else f"'{source}-' || i",
        "is_gone": "false",
        "is_record": "true",
        "source": f"'{'tracker' if source in ('work_item', 'risk', 'issue', 'link') else 'documents'}'",
        "url": "'https://example.org/' || p || '/' || i",
        "locator": f"'{source}!A' || (i + 2)",
        "valid_from": "timestamp '2024-02-01'",
    }
    gaps = []
    for name, (blank, expression) in spec.items():
        column = declared.by_name[name]
        value = _filled(source, expression)
        of = "p" if name in WHOLE else "p, i"
        unknown = f"hash({of}, '{source}.{name}?') % 1000 < {UNKNOWN_OF_1000}"
        empty = f"hash(p, i, '{source}.{name}-') % 1000 < {blank}" if blank else "false"
        if column.bit is None or source == "project":
            made[name] = f"case when {empty} then null else {value} end"
            continue
        made[name] = f"case when {unknown} or {empty} then null else {value} end"
        gaps.append(f"case when {unknown} then {column.mask} else 0 end")
    made[UNKNOWN] = " + ".join(gaps) or "0"
    picked = ", ".join(f'cast({made.get(name, "null")} as {sql}) as "{name}"' for name, sql in columns.items())
    # Between half and one and a half times as many rows, project by project; numbered as texts sort, so that files are sorted by id.
    count = f"case when {rows} < 5 then {rows} else {rows} // 2 + cast(hash(p, '{source}') % {max(rows, 1)} as integer) end"
    return (
        f"select {picked} from (select p, unnest(list_sort(range({count}), 'asc'))  as i from range({projects}) t(p)) "
        f"order by project_id, id"
    )


def _completeness(projects: int, columns: dict[str, str]) -> str:
    tables = ", ".join(f"'{name}'" for name in [*SPEC, "candidate", "project_parameter"])
    made = {
        "project_id": "'project-' || lpad(cast(p as varchar), 5, '0')",
        "id": "'completeness-' || t",
        "is_gone": "false",
        "is_record": "true",
        "table_name": "t",
        "is_complete": "not (hash(p) % 20 = 0 and hash(p, t) % 3 = 0)",
        "history_from": "date '2024-02-01'",
        UNKNOWN: "0",
    }
    picked = ", ".join(f'cast({made.get(name, "null")} as {sql}) as "{name}"' for name, sql in columns.items())
    return f"select {picked} from (select p, unnest([{tables}]) as t from range({projects}) x(p)) order by project_id, id"


def write_portfolio(folder: Path, projects: int) -> Snapshot:
    """Write the snapshot of *projects* projects; a folder that is there already is used as it is."""
    manifest = {"id": f"bench-{projects}", "as_of": AS_OF, "version": VERSION, "created_from": {}, "digests": {}, "model": ""}
    if (folder / "manifest.json").exists():
        return Snapshot(folder, manifest)
    folder.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(config={"memory_limit": "1GB", "temp_directory": str(folder / "tmp"), "preserve_insertion_order": True})
    rows = 0
    for name, columns in columns_by_file().items():
        table = name.removesuffix(HISTORY) if name not in TABLES else name
        count, spec = SPEC.get(table, (0, {}))
        if name == "completeness":
            statement = _completeness(projects, dict(columns))
        elif name not in SPEC and name != f"risk{HISTORY}":
            statement = "select " + ", ".join(f'cast(null as {sql}) as "{column}"' for column, sql in columns.items()) + " limit 0"
        else:
            statement = _select(name, dict(columns), projects, count, spec)
        connection.execute(f"copy ({statement}) to '{folder / f'{name}.parquet'}' (format parquet, compression zstd)")
        rows += connection.execute(f"select count(*) from '{folder / f'{name}.parquet'}'").fetchone()[0]  # type: ignore[index]
    connection.close()
    manifest["rows"] = rows
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return Snapshot(folder, manifest)
