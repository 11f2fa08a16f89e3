"""Exports as rows of a snapshot, over several pulls."""

from datetime import UTC, date, datetime

import duckdb
import pytest

from auditor.config.settings import load_settings
from auditor.snapshot.build import build_snapshot
from auditor.snapshot.documents.read import load_document_words
from auditor.snapshot.pull import pull

TOML = """
[store]
path = "store"
[[source]]
name = "tracker"
connector = "tabular"
root = "jira"
declaration = "jira"
mapping.registers.risk.columns.owner_id.fields = ["Danger holder"]
[[source]]
name = "log"
connector = "tabular"
root = "logs"
declaration = "risks"
project = "LOG"
"""
HEADER = "Summary,Issue key,Issue Type,Status,Project key,Created,Assignee,Custom field (Probability),Custom field (Danger holder),Custom field (Review date)\n"
RISK = "Supplier leaves,ALPHA-1,Risk,Open,ALPHA,26/Nov/25 5:05 PM,,High,Jane Doe,02/Feb/26\n"
TASK = "Build,ALPHA-2,Task,Done,ALPHA,26/Nov/25 5:05 PM,John Roe,,,\n"


@pytest.fixture
def installation(tmp_path):
    (tmp_path / "auditor.toml").write_text(TOML, "utf-8")
    (tmp_path / "jira").mkdir()
    (tmp_path / "logs").mkdir()
    settings = load_settings(tmp_path / "auditor.toml")
    words = load_document_words(())

    def rows(day, query):
        report = pull(settings, now=lambda: datetime(2026, 3, day, 9, tzinfo=UTC))
        snapshot = build_snapshot(settings, words)
        tables = {name: str(snapshot.path / f"{name}.parquet") for name in ("risk", "work_item", "person", "completeness", "unreadable")}
        return duckdb.sql(query.format(**{name: f"'{path}'" for name, path in tables.items()})).fetchall(), report, snapshot

    return tmp_path, rows


def test_issues_and_logs_become_registers_and_work(installation):
    root, rows = installation
    (root / "jira" / "a.csv").write_text(HEADER + RISK + TASK, "utf-8")
    (root / "logs" / "risks.csv").write_text("ID;Title;Status;Probability;Owner\nR1;Late;Open;2;Jane Doe\n", "utf-8")
    found, _, _ = rows(
        2, "select project_id, id, title, status, likelihood, owner_id, reviewed_on, identified_on, locator from {risk} order by id"
    )
    assert found == [
        ("ALPHA", "ALPHA-1", "Supplier leaves", "proposed", 4, "name:doe-jane", date(2026, 2, 2), date(2025, 11, 26), "a.csv row 2"),
        ("LOG", "R1", "Late", "proposed", 2, "name:doe-jane", None, None, "risks.csv row 2"),
    ]
    found, _, _ = rows(3, "select id, assignee_id, status_category from {work_item} order by id")
    assert found == [("ALPHA-1", None, "todo"), ("ALPHA-2", "name:john-roe", "done")]
    found, _, _ = rows(4, "select project_id, id, name, kind from {person} order by 1, 2")
    assert found == [
        ("ALPHA", "name:doe-jane", "Jane Doe", "person"),
        ("ALPHA", "name:john-roe", "John Roe", "person"),
        ("LOG", "name:doe-jane", "Jane Doe", "person"),
    ]


def test_what_vanishes_from_an_export_stays_marked_as_gone(installation):
    root, rows = installation
    (root / "jira" / "a.csv").write_text(HEADER + RISK + TASK, "utf-8")
    (root / "logs" / "risks.csv").write_text("ID;Title;Status\n", "utf-8")
    found, report, first = rows(2, "select table_name, is_complete from {completeness} where project_id = 'LOG' and table_name = 'risk'")
    assert found == [("risk", True)]  # an empty log is known to be empty
    assert report.is_complete
    found, report, _ = rows(3, "select id, is_gone from {work_item} order by id")
    assert found == [("ALPHA-1", False), ("ALPHA-2", False)]
    assert [source.new + source.changed + source.gone for source in report.sources] == [0, 0]
    (root / "jira" / "a.csv").write_text(HEADER + TASK, "utf-8")
    found, report, _ = rows(4, "select id, is_gone from {work_item} order by id")
    assert found == [("ALPHA-1", True), ("ALPHA-2", False)]


def test_a_damaged_export_makes_nothing_vanish(installation):
    root, rows = installation
    (root / "jira" / "a.csv").write_text(HEADER + RISK + TASK, "utf-8")
    (root / "logs" / "risks.csv").write_text("ID;Title;Status\n", "utf-8")
    rows(2, "select 1")
    (root / "jira" / "a.csv").write_text(HEADER.replace("Issue key", "Key") + RISK + TASK, "utf-8")
    found, report, _ = rows(3, "select count(*), count(*) filter (is_gone), count(title) from {work_item}")
    assert found == [(2, 0, 0)]  # without the ids nobody can tell which line is which: what was known of them is unknown now
    assert not report.is_complete
    found, _, _ = rows(4, "select is_complete, reason from {completeness} where project_id = 'ALPHA' and table_name = 'work_item'")
    assert found == [(False, "column_missing")]


def test_what_is_not_known_of_an_entry_is_unknown_and_not_blank(installation):
    root, rows = installation
    (root / "jira" / "a.csv").write_text(HEADER + TASK, "utf-8")
    lines = "R1;=A1+1;Open;=B1*2;=C1+1;=D1+1\nR2;Late;Open;;;\nR3;Short;Open\n"
    (root / "logs" / "risks.csv").write_text("ID;Title;Status;Probability;Owner;Due date\n" + lines, "utf-8")
    found, _, _ = rows(2, "select id, title, likelihood, owner_id, due_on, unknown_bits from {risk} where project_id = 'LOG' order by id")
    from auditor.model.schema import TABLES

    bits = TABLES["risk"].bits(("likelihood", "owner_id", "due_on"))
    title = TABLES["risk"].bits(("title",))
    assert [(row[:5], row[5] & bits, row[5] & title) for row in found] == [
        (("R1", None, None, None, None), bits, title),
        (("R2", "Late", None, None, None), 0, 0),
        (("R3", "Short", None, None, None), bits, 0),
    ]
