"""What a snapshot on disk promises."""

from datetime import UTC, date, datetime
from decimal import Decimal

import duckdb
import pytest

from auditor.errors import StoreError
from auditor.model.schema import TABLES
from auditor.snapshot.store import (
    columns_by_file,
    open_snapshot,
    publish_snapshot,
    read_snapshot,
    snapshot_ids,
    verify_snapshot,
    write_snapshot,
)

RISKS = [
    {
        "project_id": project,
        "id": f"R{number}",
        "source": "tracker",
        "title": f"Flüsse „{number}“\nzweite Zeile",
        "likelihood": number % 5 + 1,
        "due_on": date(2026, 3, number),
        "is_escalated": number % 2 == 0,
        "seen_at": datetime(2026, 3, 1, 10, 11, 12, 123456, tzinfo=UTC),
        "unknown_bits": 1 << 62 if number == 3 else 0,
    }
    for project in ("B", "A")
    for number in range(9, 0, -1)
]
MANIFEST = {"as_of": "2026-03-02", "created_from": {"tracker": "abc"}}


def rows(snapshot, table, columns="*"):
    return duckdb.sql(f"select {columns} from '{snapshot.file(table)}'").fetchall()


def test_every_table_and_history_exists(tmp_path):
    snapshot = write_snapshot(tmp_path / "s", {}, MANIFEST)
    for table in TABLES.values():
        assert rows(snapshot, table.name) == []
        described = duckdb.sql(f"describe select * from '{snapshot.file(table.name)}'").fetchall()
        assert [(row[0], row[1]) for row in described] == [(column.name, column.type.sql) for column in table.columns]
        if table.has_history:
            described = duckdb.sql(f"describe select * from '{snapshot.file(table.name + '_history')}'").fetchall()
            assert [row[0] for row in described][-3:] == ["unknown_bits", "valid_from", "valid_to"]


def test_values_survive_exactly(tmp_path):
    cost = {"project_id": "A", "id": "C1", "amount": Decimal("1234567890123456.78"), "unknown_bits": 3}
    snapshot = write_snapshot(tmp_path / "s", {"risk": RISKS, "cost": [cost]}, MANIFEST)
    found = rows(snapshot, "risk", "project_id, id, title, likelihood, due_on, is_escalated, seen_at, unknown_bits")
    assert [row[:2] for row in found] == sorted((row["project_id"], row["id"]) for row in RISKS)
    assert found[2] == (
        "A",
        "R3",
        "Flüsse „3“\nzweite Zeile",
        4,
        date(2026, 3, 3),
        False,
        datetime(2026, 3, 1, 10, 11, 12, 123456),  # noqa: DTZ001  (as DuckDB gives it)
        1 << 62,
    )
    assert rows(snapshot, "cost", "amount, unknown_bits, currency") == [(Decimal("1234567890123456.78"), 3, None)]


def test_the_order_of_rows_never_shows(tmp_path):
    twins = [{"project_id": "A", "id": "R1", "source": "documents", "title": title} for title in ("one", "two", "three")]
    first = write_snapshot(tmp_path / "1", {"risk": [*RISKS, *twins]}, MANIFEST)
    second = write_snapshot(tmp_path / "2", {"risk": iter([*reversed(twins), *reversed(RISKS)])}, MANIFEST)
    assert first.id == second.id
    for name in (*(f"{table}.parquet" for table in columns_by_file()), "manifest.json"):
        assert (first.path / name).read_bytes() == (second.path / name).read_bytes(), name


def test_publishing(tmp_path):
    with pytest.raises(StoreError, match="no snapshot yet"):
        open_snapshot(tmp_path)
    first = publish_snapshot(tmp_path, {"risk": RISKS, "project": [{"project_id": "A", "id": "A"}]}, MANIFEST)
    assert open_snapshot(tmp_path) == first
    assert first.id.startswith("2026-03-02-")
    assert first.as_of == date(2026, 3, 2)
    assert first.project_ids() == ("A",)
    assert publish_snapshot(tmp_path, {"risk": reversed(RISKS), "project": [{"project_id": "A", "id": "A"}]}, MANIFEST).id == first.id
    second = publish_snapshot(tmp_path, {"risk": RISKS[1:]}, MANIFEST)
    assert open_snapshot(tmp_path) == second
    assert open_snapshot(tmp_path, first.id) == first
    assert set(snapshot_ids(tmp_path)) == {first.id, second.id}
    assert not [entry for entry in (tmp_path / "snapshots").iterdir() if entry.name.startswith(".")]
    verify_snapshot(second)


def test_a_damaged_snapshot_is_told(tmp_path):
    snapshot = publish_snapshot(tmp_path, {"risk": RISKS}, MANIFEST)
    with snapshot.file("risk").open("ab") as stream:
        stream.write(b"x")
    with pytest.raises(StoreError, match="changed since"):
        verify_snapshot(snapshot)
    snapshot.file("risk").unlink()
    with pytest.raises(StoreError, match=r"risk\.parquet is missing"):
        open_snapshot(tmp_path)
    (snapshot.path / "manifest.json").write_text("{")
    with pytest.raises(StoreError, match="damaged"):
        read_snapshot(snapshot.path)
    with pytest.raises(StoreError, match="no id of a snapshot"):
        open_snapshot(tmp_path, "../etc")


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ({"risks": []}, "did you mean 'risk'"),
        ({"risk": [{"project_id": "A", "id": "1", "titel": "x"}]}, "did you mean 'title'"),
        ({"risk": [{"project_id": "A", "id": "1", "likelihood": "high"}]}, "cannot be stored"),
    ],
)
def test_a_mistake_leaves_nothing_behind(tmp_path, tables, message):
    with pytest.raises(StoreError, match=message):
        publish_snapshot(tmp_path, tables, MANIFEST)
    assert list(tmp_path.glob("snapshots/*")) == []
    assert list(tmp_path.glob("snapshots/.*")) == []


def test_half_a_character_pair_is_no_reason_to_fail(tmp_path):
    snapshot = write_snapshot(tmp_path / "s", {"risk": [{"project_id": "A", "id": "1", "title": "a\ud83d"}]}, MANIFEST)
    assert rows(snapshot, "risk", "title") == [("a\ufffd",)]
