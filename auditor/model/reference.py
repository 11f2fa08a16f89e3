"""What is derived from the declarations for people and other tools: DDL, JSON Schema, the reference page."""

from typing import Any

from auditor.model.schema import COMMON, TABLES, Column, Table
from auditor.model.types import Kind

_JSON: dict[Kind, dict[str, Any]] = {
    Kind.TEXT: {"type": "string"},
    Kind.CODE: {"type": "string"},
    Kind.REFERENCE: {"type": "string"},
    Kind.PERSON: {"type": "string"},
    Kind.INTEGER: {"type": "integer"},
    Kind.DECIMAL: {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"},
    Kind.BOOLEAN: {"type": "boolean"},
    Kind.DAY: {"type": "string", "format": "date"},
    Kind.INSTANT: {"type": "string", "format": "date-time"},
}
_FAMILIES = {
    "who": "Who, what, when",
    "artefacts": "Artefacts and the repository",
    "registers": "Registers",
    "work": "Work tracking",
    "organisation": "Facts of the organisation",
    "evidence": "About the evidence",
}


def ddl() -> str:
    """Return `create table` statements in DuckDB's dialect for every table and history, in the order of the model."""
    statements = []
    for table in TABLES.values():
        lines = [f'  "{column.name}" {column.type.sql}' for column in table.columns]
        statements.append(_create(table.name, lines))
        if table.has_history:
            statements.append(_create(f"{table.name}_history", [*lines, '  "valid_from" TIMESTAMP', '  "valid_to" TIMESTAMP']))
    return "\n".join(statements)


def _create(name: str, lines: list[str]) -> str:
    body = ",\n".join(lines)
    return f'create table "{name}" (\n{body}\n);\n'


def json_schema() -> dict[str, Any]:
    """Return a JSON Schema with one definition per table: a row as JSON says it (exact numbers and days are texts)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Rows of the normalised model",
        "$defs": {table.name: _row_schema(table) for table in TABLES.values()},
    }


def _row_schema(table: Table) -> dict[str, Any]:
    return {
        "type": "object",
        "description": table.sentence,
        "additionalProperties": False,
        "properties": {column.name: _column_schema(column) for column in table.columns},
    }


def _column_schema(column: Column) -> dict[str, Any]:
    schema: dict[str, Any] = dict(_JSON[column.type.kind])
    schema["type"] = [schema["type"], "null"]
    if column.type.codes:
        schema["enum"] = [*column.type.codes, None]
    if column.type.unit:
        schema["description"] = column.type.unit
    return schema


def markdown() -> str:
    """Return the reference page of the model."""
    common = ", ".join(f"`{name}`" for name in COMMON)
    lines = [
        "# The normalised model",
        "",
        "<!-- Written by docs/generate.py from the declarations in auditor/model/tables. -->",
        "",
        "Connectors fill these tables, rules read only these, findings point back into them. One row is one fact about one project.",
        "",
        f"Every table has {common}, and `unknown_bits`: bit *i* is set when the *i*-th own column of the row is unknown, not blank.",
        "",
        "*blank* says what a blank value means in a comparison: *absent*, there is none, the comparison is false; *unknown*, nobody wrote",
        "it down, the comparison is unknown. Columns marked *raw* keep the source's own word in `<column>_raw`; *person* holds people.",
        "Tables marked *history* can be read as they stood on a day, *register* has a place of record.",
    ]
    for family, title in _FAMILIES.items():
        lines += ["", f"## {title}"]
        for table in (table for table in TABLES.values() if table.family == family):
            marks = [name for name, is_so in (("register", table.is_register), ("history", table.has_history)) if is_so]
            lines += ["", f"### {table.name}", "", table.sentence + (f" *{', '.join(marks)}*" if marks else "")]
            if table.source:
                lines += ["", f"Source: {table.source}."]
            lines += ["", "| column | type | blank | values, unit |", "| --- | --- | --- | --- |"]
            lines += [_line(column) for column in table.own]
    return "\n".join(lines) + "\n"


def _line(column: Column) -> str:
    kind = column.type
    notes = [", ".join(kind.codes)] if kind.codes else []
    notes += [kind.unit] if kind.unit else []
    notes += ["raw"] if kind.has_raw else []
    notes += ["person"] if kind.personal else []
    return f"| `{column.name}` | {kind.kind.value} | {kind.blank} | {'; '.join(notes)} |"
