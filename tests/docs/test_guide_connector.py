"""The connector of the guide is a connector: the suite that it shows passes, and its rows reach a snapshot."""

import re
import sys
from datetime import UTC, date, datetime
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType

import duckdb
import pytest

from auditor.config.settings import load_settings
from auditor.connect import registry
from auditor.snapshot.build import build_snapshot
from auditor.snapshot.documents.read import load_document_words
from auditor.snapshot.pull import pull

PAGE = Path(__file__).parents[2] / "docs" / "guide-writing-a-connector.md"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = [(kind, text) for kind, text in _BLOCK.findall(PAGE.read_text("utf-8"))]
EXPORT = next(text for kind, text in BLOCKS if kind == "json")


def module(name: str) -> ModuleType:
    """Run the block that begins with the name of a file."""
    source = next(text for kind, text in BLOCKS if kind == "python" and text.startswith(f"# {name}.py\n"))
    made = ModuleType(name)
    sys.modules[name] = made
    exec(compile(source, f"{PAGE.name}:{name}.py", "exec"), made.__dict__)  # our own page
    return made


REVIEWS = module("reviews")
TestReviews = module("test_reviews").TestReviews


def test_the_example_is_small():
    source = next(text for kind, text in BLOCKS if text.startswith("# reviews.py"))
    assert len([line for line in source.splitlines() if line.strip()]) < 100


def test_its_rows_reach_a_snapshot(tmp_path, monkeypatch):
    """Configured as the page shows, what is there is in its columns, null is blank, what was left out is unknown, the rest is counted."""
    points = registry._installed() | {"reviews": EntryPoint("reviews", "reviews:ReviewConnector", registry.GROUP)}
    monkeypatch.setattr(registry, "_installed", lambda: points)
    registry.connector_class.cache_clear()
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "ALPHA.json").write_text(EXPORT.replace('"findings": 3', '"findings": "few", "colour": "red"'), "utf-8")
    toml = next(text for kind, text in BLOCKS if kind == "toml" and "[[source]]" in text)
    (tmp_path / "auditor.toml").write_text('[store]\npath = "store"\n' + toml, "utf-8")
    settings = load_settings(tmp_path / "auditor.toml")
    assert pull(settings, now=lambda: datetime(2026, 3, 2, 9, tzinfo=UTC)).is_complete
    snapshot = build_snapshot(settings, load_document_words(()))
    columns = "project_id, id, subject, planned_on, held_on, result, reviewer_id, finding_count, locator"
    rows = duckdb.sql(f"select {columns} from '{snapshot.path / 'review.parquet'}'").fetchall()
    assert rows == [("PORTAL", "RV-7", "Design", date(2026, 2, 10), None, "failed", "name:doe-jane", None, "ALPHA.json RV-7")]
    unknown = duckdb.sql(f"select unknown_bits from '{snapshot.path / 'review.parquet'}'").fetchall()[0][0]
    review = registry_columns()
    assert unknown & review["finding_count"].mask
    assert not unknown & review["held_on"].mask
    assert snapshot.manifest["unmapped"]["fields"] == {"tests: review: colour": 1}
    assert snapshot.manifest["unmapped"]["values"] == {"tests: review.finding_count: few": 1}


def registry_columns():
    from auditor.model.schema import TABLES

    return TABLES["review"].by_name


@pytest.fixture(autouse=True)
def _forget_the_example():
    yield
    registry.connector_class.cache_clear()
