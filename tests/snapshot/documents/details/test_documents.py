"""What documents in four languages say: as a person reads them."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from details_notation import FOLDER, fixture_names, read_fixture, told

from auditor.model.schema import TABLES
from auditor.model.types import Kind


@pytest.mark.parametrize("name", fixture_names())
def test_a_document_says_what_a_person_reads(name: str) -> None:
    """Every row, every blank, and nothing else; the expectation was read over line by line."""
    assert told(read_fixture(name)) == json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def test_every_language_has_its_documents() -> None:
    """Plans, minutes and reports in each of the four languages."""
    names = fixture_names()
    assert all(sum(name.startswith(f"{language}_") for name in names) >= 3 for language in ("en", "fr", "de", "es"))


_TYPES: dict[Kind, type] = {
    Kind.DAY: dt.date,
    Kind.INSTANT: dt.datetime,
    Kind.TEXT: str,
    Kind.PERSON: str,
    Kind.CODE: str,
    Kind.BOOLEAN: bool,
    Kind.INTEGER: int,
    Kind.DECIMAL: Decimal,
}


@pytest.mark.parametrize("name", fixture_names())
def test_what_is_filled_is_known_to_the_model(name: str) -> None:
    """Tables, columns and codes are the model's, values have its types, and a value never stands outside of what is filled."""
    for row in read_fixture(name).found:
        table = TABLES[row.table]
        own = {column.name: column for column in table.own}
        raw = {column.name for column in table.columns if column.name.endswith("_raw")}
        assert row.filled <= own.keys()
        assert set(row.values) <= row.filled | raw
        assert set(row.refers) <= row.filled
        for column, value in row.values.items():
            if column in raw:
                assert isinstance(value, str)
                continue
            kind = own[column].type
            assert isinstance(value, _TYPES[kind.kind]), (row.table, column, value)
            assert not kind.codes or value in kind.codes
