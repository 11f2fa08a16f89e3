"""Audits as Parquet folders that DuckDB, pandas and Power BI read as they are.

`<store>/audits/<id>/` holds `audit.json` (as of, inputs, projects) and the tables `evaluation`, `evidence`, `finding`, `conclusion` and
`waiver`.
A folder appears whole or not at all, and never changes.
"""

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from auditor.checks.evaluation import Evaluation, Evidence, ParamValue
from auditor.errors import StoreError
from auditor.findings.finding import Finding
from auditor.findings.treat import WaiverStatus
from auditor.reasoning.conclude import Conclusion
from auditor.results.audit_result import AuditResult
from auditor.rulebook.digest import canonical
from auditor.snapshot.store import connection

TABLES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "evaluation": {
            "audit": "VARCHAR",
            "project_id": "VARCHAR",
            "rule": "VARCHAR",
            "verdict": "VARCHAR",
            "reason": "VARCHAR",
            "detail": "VARCHAR",
            "population": "BIGINT",
            "passed": "BIGINT",
            "failed": "BIGINT",
            "undecided": "BIGINT",
            "may_pass": "BIGINT",
            "is_attested": "BOOLEAN",
            "is_partial": "BOOLEAN",
            "contradictions": "BIGINT",
            "next_verdict": "VARCHAR",
            "due_is_unknown": "BOOLEAN",
            "evidence_digest": "VARCHAR",
            "params": "VARCHAR",
        },
        "evidence": {
            "audit": "VARCHAR",
            "project_id": "VARCHAR",
            "rule": "VARCHAR",
            "position": "BIGINT",
            "subject_table": "VARCHAR",
            "subject_id": "VARCHAR",
            "outcome": "VARCHAR",
            "says": "VARCHAR",
            "reason": "VARCHAR",
            "values_json": "VARCHAR",
            "source": "VARCHAR",
            "url": "VARCHAR",
            "locator": "VARCHAR",
            "content_hash": "VARCHAR",
        },
        "finding": {
            "audit": "VARCHAR",
            "key": "VARCHAR",
            "project_id": "VARCHAR",
            "rule": "VARCHAR",
            "title": "VARCHAR",
            "area": "VARCHAR",
            "severity": "VARCHAR",
            "grade": "VARCHAR",
            "gate": "VARCHAR",
            "population": "BIGINT",
            "failed": "BIGINT",
            "undecided": "BIGINT",
            "is_attested": "BOOLEAN",
            "contradictions": "BIGINT",
            "review": "VARCHAR",
            "treatment": "VARCHAR",
            "treated": "BIGINT",
            "content": "VARCHAR",
        },
        "conclusion": {
            "audit": "VARCHAR",
            "project_id": "VARCHAR",
            "name": "VARCHAR",
            "about": "VARCHAR",
            "state": "VARCHAR",
            "says": "VARCHAR[]",
            "content": "VARCHAR",
        },
        "waiver": {
            "audit": "VARCHAR",
            "project_id": "VARCHAR",
            "rule": "VARCHAR",
            "position": "BIGINT",
            "subject": "VARCHAR",
            "kind": "VARCHAR",
            "requester": "VARCHAR",
            "approver": "VARCHAR",
            "begins_on": "DATE",
            "ends_on": "DATE",
            "ends_with": "VARCHAR",
            "state": "VARCHAR",
            "days": "BIGINT",
            "days_left": "BIGINT",
            "is_soon": "BOOLEAN",
            "earlier": "BIGINT",
            "treats": "BIGINT",
            "need": "VARCHAR",
            "is_open_again": "BOOLEAN",
            "content": "VARCHAR",
        },
    }
)
"""Table → column → DuckDB type. `params`, `values_json` and `content` hold JSON."""

_ORDER = MappingProxyType({"evidence": "project_id, rule, position", "conclusion": "project_id, name, about, state", "waiver": "position"})

FORMAT = 4


def write_result(store: Path, result: AuditResult) -> Path:
    """Write *result* below *store* and return its folder; a result that is there already is left as it is.

    Raises:
        StoreError: the folder cannot be written.
    """
    folder = store / "audits" / result.id
    if (folder / "audit.json").is_file():
        _mark_latest(store, result.id)
        return folder
    partial = folder.with_name(f".{result.id}.part")
    try:
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        _write_tables(
            partial,
            {
                "evaluation": _evaluations(result),
                "evidence": _evidence(result),
                "finding": _findings(result),
                "conclusion": _conclusions(result),
                "waiver": _waivers(result),
            },
        )
        head = result.model_dump(mode="json", exclude={"evaluations", "findings", "conclusions", "waivers"}) | {"format": FORMAT}
        (partial / "audit.json").write_text(json.dumps(head, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)  # a folder without audit.json is what an interrupted run of another version left
        partial.replace(folder)
    except OSError as error:
        shutil.rmtree(partial, ignore_errors=True)
        raise StoreError(f"the audit cannot be written to {folder}: {error.strerror}", hint="is the disk full, or not writable?") from error
    _mark_latest(store, result.id)
    return folder


def open_result(store: Path, audit: str = "latest") -> AuditResult:
    """Return an audit of *store*.

    Args:
        store: the folder of the store.
        audit: its id, the beginning of one, or 'latest'.

    Raises:
        StoreError: there is no such audit, or its folder is damaged.
    """
    folder = _folder(store, audit)
    try:
        head = json.loads((folder / "audit.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StoreError(f"the audit {folder.name} cannot be read", hint="delete its folder and run `auditor audit` again") from error
    if head.pop("format", None) != FORMAT:
        raise StoreError(f"the audit {folder.name} was written by another version", hint="run `auditor audit` again")
    evidence = _evidence_of(folder)
    evaluations = tuple(_evaluation(row, evidence.get((row["project_id"], row["rule"]), ())) for row in _rows(folder, "evaluation"))
    findings = tuple(Finding.model_validate_json(row["content"]) for row in _rows(folder, "finding"))
    conclusions = tuple(Conclusion.model_validate_json(row["content"]) for row in _rows(folder, "conclusion"))
    waivers = tuple(WaiverStatus.model_validate_json(row["content"]) for row in _rows(folder, "waiver"))
    more = {"evaluations": evaluations, "findings": findings, "conclusions": conclusions, "waivers": waivers}
    return AuditResult.model_validate(head | more)


def waivers_used(store: Path) -> dict[tuple[str, str, str, date], date]:
    """Return key of a waiver → the last day of an audit in which it treated something, over all audits of *store*.

    Raises:
        StoreError: an audit is damaged.
    """
    found: dict[tuple[str, str, str, date], date] = {}
    for name in audits(store):
        folder = store / "audits" / name
        if not (folder / "waiver.parquet").is_file():
            continue  # of a version that knew no waivers
        for row in _rows(folder, "waiver"):
            if row["treats"]:
                found[row["project_id"], row["rule"], row["subject"] or "", row["begins_on"]] = date.fromisoformat(name[:10])
    return found


def audits(store: Path) -> list[str]:
    """Return the ids of all audits, oldest day first."""
    root = store / "audits"
    return sorted(folder.name for folder in root.iterdir() if (folder / "audit.json").is_file()) if root.is_dir() else []


def result_files(store: Path, audit: str = "latest") -> dict[str, Path]:
    """Return the Parquet file of each table of an audit.

    Raises:
        StoreError: there is no such audit.
    """
    folder = _folder(store, audit)
    return {table: folder / f"{table}.parquet" for table in TABLES}


def _folder(store: Path, audit: str) -> Path:
    root = store / "audits"
    known = audits(store)
    if not known:
        raise StoreError("there is no audit yet", hint="run `auditor audit`")
    if audit == "latest":
        pointer = root / "latest"
        name = pointer.read_text(encoding="utf-8").strip() if pointer.is_file() else known[-1]
        return root / (name if name in known else known[-1])
    found = [name for name in known if name == audit] or [name for name in known if name.startswith(audit) or audit in name]
    if len(found) != 1:
        what = "several audits are" if found else "no audit is"
        raise StoreError(f"{what} called {audit[:60]!r}", hint=f"known are: {', '.join((found or known)[-5:])}")
    return root / found[0]


def _mark_latest(store: Path, audit: str) -> None:
    pointer = store / "audits" / "latest"
    partial = pointer.with_name(".latest.part")
    partial.write_text(audit + "\n", encoding="utf-8")
    partial.replace(pointer)


def _write_tables(folder: Path, tables: Mapping[str, Iterable[Mapping[str, Any]]]) -> None:
    import orjson  # noqa: PLC0415  (only who writes pays)

    database = connection()
    try:
        for table, rows in tables.items():
            lines = folder / f"{table}.ndjson"
            with lines.open("wb") as target:
                for row in rows:
                    target.write(orjson.dumps(row, option=orjson.OPT_SORT_KEYS) + b"\n")
            columns = ", ".join(f"'{name}': '{type_}'" for name, type_ in TABLES[table].items())
            database.execute(
                f"copy (select * from read_json(?, format='newline_delimited', columns={{{columns}}}, maximum_object_size=67108864)) "
                f"to '{_quoted(folder / f'{table}.parquet')}' (format parquet, compression zstd)",
                [str(lines)],
            )
            lines.unlink()
    finally:
        database.close()


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _evaluations(result: AuditResult) -> Iterator[dict[str, Any]]:
    for item in result.evaluations:
        row = item.model_dump(mode="json", exclude={"evidence", "params", "project"})
        yield row | {"audit": result.id, "project_id": item.project, "params": _json(item.params)}


def _evidence(result: AuditResult) -> Iterator[dict[str, Any]]:
    for item in result.evaluations:
        for position, evidence in enumerate(item.evidence):
            row = evidence.model_dump(mode="json", exclude={"values"})
            place = {"audit": result.id, "project_id": item.project, "rule": item.rule, "position": position}
            yield row | place | {"values_json": _json(evidence.values)}


def _conclusions(result: AuditResult) -> Iterator[dict[str, Any]]:
    for item in result.conclusions:
        row = {"name": item.name, "about": item.about, "state": item.state, "says": list(item.says)}
        yield row | {"audit": result.id, "project_id": item.project, "content": _json(item)}


def _waivers(result: AuditResult) -> Iterator[dict[str, Any]]:
    for position, item in enumerate(result.waivers):
        row = item.model_dump(mode="json", exclude={"waiver"}) | item.waiver.model_dump(mode="json", exclude={"project"})
        place = {"audit": result.id, "project_id": item.waiver.project, "position": position, "content": _json(item)}
        yield {name: value for name, value in (row | place).items() if name in TABLES["waiver"]}


def _findings(result: AuditResult) -> Iterator[dict[str, Any]]:
    for item in result.findings:
        row = {name: value for name, value in item.model_dump(mode="json").items() if name in TABLES["finding"]}
        yield row | {"audit": result.id, "project_id": item.project, "content": _json(item)}


def _json(value: Any) -> str:
    # Keys keep their order: reports tell values in it, and print the same bytes when they come back.
    return json.dumps(canonical(value), ensure_ascii=False)


def _rows(folder: Path, table: str) -> Iterator[dict[str, Any]]:
    import duckdb  # noqa: PLC0415  (half a second that `auditor --help` does not pay)

    order = _ORDER.get(table, "project_id, rule")
    database = connection()
    try:
        cursor = database.execute(f"select * from read_parquet(?) order by {order}", [str(folder / f"{table}.parquet")])
        names = [item[0] for item in cursor.description or ()]
        while batch := cursor.fetchmany(10_000):
            yield from (dict(zip(names, row, strict=True)) for row in batch)
    except duckdb.Error as error:
        raise StoreError(f"the table {table} of the audit {folder.name} cannot be read", hint="delete its folder, then audit") from error
    finally:
        database.close()


def _evidence_of(folder: Path) -> dict[tuple[str, str], tuple[Evidence, ...]]:
    found: dict[tuple[str, str], list[Evidence]] = {}
    for row in _rows(folder, "evidence"):
        values = {name: row[name] for name in Evidence.model_fields if name != "values"} | {"values": json.loads(row["values_json"])}
        found.setdefault((row["project_id"], row["rule"]), []).append(Evidence.model_validate(values))
    return {key: tuple(items) for key, items in found.items()}


def _evaluation(row: Mapping[str, Any], evidence: tuple[Evidence, ...]) -> Evaluation:
    values = {name: row[name] for name in Evaluation.model_fields if name not in ("project", "params", "evidence")}
    params = {name: ParamValue.model_validate(value) for name, value in json.loads(row["params"]).items()}
    return Evaluation.model_validate(values | {"project": row["project_id"], "params": params, "evidence": evidence})
