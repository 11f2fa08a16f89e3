"""Everything that is derived from the declarations says the same as they do."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import jsonschema
import pytest

from auditor.model.reference import ddl, json_schema, markdown
from auditor.model.schema import COMMON, TABLES, UNKNOWN
from auditor.model.types import Kind
from auditor.snapshot.store import columns_by_file, write_snapshot


def test_the_ddl_is_the_snapshot(tmp_path: Path) -> None:
    """Tables made by the DDL have the columns and types of a snapshot's files, in the same order."""
    snapshot = write_snapshot(tmp_path / "s", {}, {"as_of": "2026-06-30"})
    database = duckdb.connect()
    database.execute(ddl())
    for name in columns_by_file():
        made = database.execute(f'describe "{name}"').fetchall()
        stored = database.execute(f"describe select * from read_parquet('{snapshot.file(name)}')").fetchall()
        assert [row[:2] for row in made] == [row[:2] for row in stored], name


@pytest.mark.parametrize("table", list(TABLES.values()), ids=list(TABLES))
def test_a_row_of_the_declaration_keeps_to_the_json_schema(table) -> None:  # noqa: ANN001
    """A row with a value in every column, as JSON says it, validates; one with a strange column does not."""
    values = {
        Kind.TEXT: "x",
        Kind.REFERENCE: "x",
        Kind.PERSON: "x",
        Kind.INTEGER: 3,
        Kind.DECIMAL: str(Decimal("1.5")),
        Kind.BOOLEAN: True,
        Kind.DAY: date(2026, 6, 30).isoformat(),
        Kind.INSTANT: "2026-06-30T12:00:00Z",
    }
    row = {column.name: column.type.codes[0] if column.type.codes else values.get(column.type.kind, "x") for column in table.columns}
    validator = jsonschema.Draft202012Validator(json_schema()["$defs"][table.name])
    validator.check_schema(validator.schema)
    assert validator.is_valid(row)
    assert validator.is_valid(dict.fromkeys(row))
    assert not validator.is_valid(row | {"strange": 1})


def test_bits_are_told_apart() -> None:
    """Each own column has a bit of its own, common and raw columns have none, and all fit into 64."""
    for table in TABLES.values():
        bits = [column.bit for column in table.own]
        assert bits == list(range(len(bits)))
        assert len(bits) <= 63
        assert all(table.by_name[name].bit is None for name in (*COMMON, UNKNOWN))
        assert table.bits(tuple(column.name for column in table.own)) == 2 ** len(bits) - 1


def test_the_page_names_every_column() -> None:
    """The reference page has each table and each of its own columns."""
    page = markdown()
    for table in TABLES.values():
        part = page.split(f"### {table.name}\n", 1)[1].split("\n### ", 1)[0]
        assert all(f"`{column.name}`" in part for column in table.own)
        assert table.sentence in part
