"""The JSON report: the published model, byte-identical for the same inputs."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

from auditor.reports.model import AuditReport


def json_bytes(report: AuditReport) -> bytes:
    """Return the report as UTF-8 JSON with sorted keys and a final newline."""
    text = json.dumps(report.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, indent=1)
    return (text + "\n").encode()


def write_json(report: AuditReport, path: Path) -> Path:
    """Write the report to *path* in one step and return it."""
    partial = path.with_suffix(".part")
    partial.write_bytes(json_bytes(report))
    partial.replace(path)
    return path


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of the report, as published in `report.schema.json`."""
    schema = AuditReport.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def published_schema() -> dict[str, Any]:
    """Return the schema that ships with the package."""
    published: dict[str, Any] = json.loads((files("auditor.reports") / "report.schema.json").read_text(encoding="utf-8"))
    return published
