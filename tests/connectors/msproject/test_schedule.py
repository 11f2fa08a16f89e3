"""What a schedule says, and what is refused."""

import os
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.connect.conformance import Remembered
from auditor.connect.protocol import Fact, Filled, Record, Scope, Unmapped, Unread
from auditor_connectors.msproject import MsProjectConnector, MsProjectOptions
from auditor_connectors.msproject.reading import _hours, _lag
from tests.connectors.msproject.schedules import schedule, task


@pytest.fixture
def read(tmp_path):
    """Write schedules into one project and read them; facts by table and id without the lineage, and everything else."""

    def reading(*texts, names=None, zone="Europe/Brussels"):
        folder = tmp_path / "P"
        folder.mkdir(exist_ok=True)
        for number, text in enumerate(texts):
            file = folder / (names[number] if names else f"plan{number}.xml")
            file.write_bytes(text if isinstance(text, bytes) else text.encode())
            os.utime(file, (1_700_000_000 + number,) * 2)
        connector = MsProjectConnector(MsProjectOptions(root=tmp_path, time_zone=zone))
        pulled = list(connector.pull(Scope(), Remembered()))
        items = [item for _, item in connector.read([thing for thing in pulled if isinstance(thing, Record)])]
        facts = {}
        for item in items:
            if isinstance(item, Fact):
                facts.setdefault(item.table, {})[item.id.partition(":")[2] or item.id] = item
        return facts, [item for item in items if not isinstance(item, Fact)], [thing for thing in pulled if isinstance(thing, Unread)]

    return reading


def test_a_task_is_a_work_item(read):
    one = task(
        2, "Write it", 2, ActualStart="2026-03-02T09:00:00", PercentComplete=40, ActualWork="PT16H30M0S", RemainingWork="PT23H30M0S",
        Baseline=[{"Number": 0, "Start": "2026-02-02T08:00:00", "Finish": "2026-02-06T23:30:00", "Work": "PT40H0M0S"}, {"Number": 3}],
        CreateDate="2026-01-05T10:00:00", Notes="Details",
    )  # fmt: skip
    facts, _, _ = read(schedule([task(0, "Portal", 0), task(1, "Build", 1, Summary=1), one]))
    item = facts["work_item"]["2"]
    values = dict(item.values)
    assert values.pop("parent_id").endswith(":1")
    assert values == {
        "key": "2", "title": "Write it", "kind": "task", "kind_raw": "task", "wbs_code": "2", "status": "40 %", "status_category": "in_progress",
        "status_category_raw": "40 %", "has_description": True, "start_on": date(2026, 3, 2), "due_on": date(2026, 3, 6),
        "baseline_start_on": date(2026, 2, 2), "baseline_due_on": date(2026, 2, 6), "created_at": datetime(2026, 1, 5, 9, tzinfo=UTC),
        "started_at": datetime(2026, 3, 2, 8, tzinfo=UTC), "estimate_hours": Decimal("40.00"), "spent_hours": Decimal("16.50"),
        "remaining_hours": Decimal("23.50"),
    }  # fmt: skip
    assert {"done_at", "assignee_id", "priority"} <= item.filled  # blank, not unknown
    assert facts["work_item"]["1"].values["kind"] == "epic"
    assert "0" not in facts["work_item"]
    assert sorted(facts["baseline"]) == ["baseline:0", "baseline:3"]
    assert facts["project"]["P"].values == {
        "name": "Portal", "currency": "EUR", "start_on": date(2026, 3, 2), "forecast_end_on": date(2026, 3, 6)
    }  # fmt: skip


def test_a_milestone_has_its_baseline_forecast_and_actual_day(read):
    facts, _, _ = read(
        schedule(
            [
                task(
                    1,
                    "Done",
                    Milestone=1,
                    Finish="2026-03-04T17:00:00",
                    ActualFinish="2026-03-04T17:00:00",
                    Baseline={"Number": 0, "Finish": "2026-03-01T17:00:00"},
                ),
                task(2, "Open", Milestone=1, ActualFinish="NA"),
            ]
        )
    )
    assert facts["milestone"]["1"].values == {
        "title": "Done", "baseline_on": date(2026, 3, 1), "forecast_on": date(2026, 3, 4), "achieved_on": date(2026, 3, 4)
    }  # fmt: skip
    assert facts["milestone"]["2"].values == {"title": "Open", "forecast_on": date(2026, 3, 6)}
    assert {"baseline_on", "achieved_on"} <= facts["milestone"]["2"].filled


def test_links_keep_their_type_and_lag(read):
    after = task(
        3,
        PredecessorLink=[
            {"PredecessorUID": 1, "Type": 1, "CrossProject": 0, "LinkLag": 4800, "LagFormat": 7},
            {"PredecessorUID": 2, "Type": 3, "CrossProject": 0, "LinkLag": 0, "LagFormat": 7},
            {"PredecessorUID": 9, "Type": 1, "CrossProject": 0, "LinkLag": -50, "LagFormat": 19},
            {"PredecessorUID": 4, "Type": 1, "CrossProject": 1, "LinkLag": 0},
            {"PredecessorUID": 1, "Type": 7, "LinkLag": 0},
        ],
    )
    facts, _, _ = read(schedule([task(1), task(2), after]))
    links = facts["link"]
    assert [links[f"3:{n}"].values.get("kind") for n in range(1, 6)] == ["blocks", "relates", "blocks", "blocks", None]
    assert [links[f"3:{n}"].values.get("is_broken") for n in range(1, 6)] == [False, False, True, None, False]
    assert "from_id" not in links["3:4"].filled
    assert "is_broken" not in links["3:4"].filled
    assert "kind" not in links["3:5"].filled
    assert links["3:1"].locator == "P/plan0.xml task 3, predecessor FS, lag 8 h"
    assert links["3:3"].locator == "P/plan0.xml task 3, predecessor FS, lag -50 %"


def test_only_people_are_assigned(read):
    resources = [
        {"UID": 1, "Name": "Jane Doe", "Type": 1, "EmailAddress": "jane@example.org", "IsNull": 0},
        {"UID": 2, "Name": "Concrete", "Type": 0, "IsNull": 0},
        {"UID": 3, "Name": "John Roe", "IsNull": 0},
    ]
    assignments = [
        {"UID": n, "TaskUID": t, "ResourceUID": r} for n, (t, r) in enumerate([(1, 1), (1, 2), (2, 1), (2, 3), (3, 2), (3, -65535)])
    ]
    facts, _, _ = read(schedule([task(1), task(2), task(3)], resources, assignments))
    said = {key: item.values.get("assignee_id") for key, item in facts["work_item"].items()}
    assert said == {"1": "Jane Doe <jane@example.org>", "2": "Jane Doe <jane@example.org>; John Roe", "3": None}
    assert "person" not in facts


def test_inactive_external_and_null_tasks_are_counted_not_planned(read):
    facts, rest, _ = read(schedule([task(1), task(2, Active=0), task(3, ExternalTask=1), {"UID": 4, "ID": 4, "IsNull": 1}]))
    assert sorted(facts["work_item"]) == ["1"]
    assert {(item.field, item.count) for item in rest if isinstance(item, Unmapped)} == {
        ("inactive tasks", 1),
        ("tasks of other schedules", 1),
    }


def test_what_has_no_known_shape_is_unknown(read):
    facts, rest, _ = read(schedule([task(1, Finish="someday", Work="5 days", PercentComplete="many")]))
    item = facts["work_item"]["1"]
    assert not {"due_on", "estimate_hours", "status_category"} & item.filled
    assert item.values["due_on_raw"] == "someday"
    assert {item.field for item in rest if isinstance(item, Unmapped)} == {"due_on of no known shape", "estimate_hours of no known shape"}


def test_the_later_of_two_schedules_counts(read):
    """Saved under another name it is the same schedule, whichever file is read first."""
    older = schedule([task(1, "Old"), task(2)], LastSaved="2026-01-01T12:00:00")
    newer = schedule([task(1, "New")], LastSaved="2026-02-01T12:00:00")
    for texts in ((older, newer), (newer, older)):
        facts, rest, _ = read(*texts, names=("Plan v1.xml", "Plan v2.xml"))
        assert {key: item.values["title"] for key, item in facts["work_item"].items()} == {"1": "New"}
        assert [item.count for item in rest if isinstance(item, Unmapped)] == [2]


def test_two_schedules_of_one_project_are_two(read):
    facts, _, _ = read(schedule([task(1, "One")], Title="Build"), schedule([task(2, "Two")], Title="Roll-out"))
    assert sorted(item.values["title"] for item in facts["work_item"].values()) == ["One", "Two"]


def test_tasks_that_share_their_uid_make_the_tables_incomplete(read):
    facts, rest, _ = read(schedule([task(1, "One"), task(1, "Two")]))
    assert len(facts["work_item"]) == 1
    assert {item.reason for item in rest if isinstance(item, Filled) and item.table != "person"} == {"duplicate_id"}


ENTITY = b'<?xml version="1.0"?><!DOCTYPE Project [<!ENTITY x SYSTEM "file:///etc/hostname">]><Project xmlns="http://schemas.microsoft.com/project"><Title>&x;</Title></Project>'
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE Project [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b']><Project xmlns="http://schemas.microsoft.com/project"><Title>&j;</Title></Project>'
)
DEEP = b'<Project xmlns="http://schemas.microsoft.com/project">' + b"<a>" * 5_000 + b"</a>" * 5_000 + b"</Project>"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (ENTITY, "damaged"),
        (LAUGHS, "damaged"),
        (DEEP, "damaged"),
        (b'<Project xmlns="http://schemas.microsoft.com/project">' + b"<a>" * 40 + b"</a>" * 40 + b"</Project>", "damaged"),
        (b'<Project xmlns="http://schemas.microsoft.com/project"><Tasks><Task>', "damaged"),
        (b'<Other xmlns="http://schemas.microsoft.com/project"/>', "unsupported"),
        (b'\x00\x01<Project xmlns="http://schemas.microsoft.com/project">', "damaged"),
    ],
    ids=["external entity", "laughs", "deep", "too deep", "cut off", "another root", "control characters"],
)
def test_hostile_files_are_refused(read, data, reason):
    facts, _, unread = read(data)
    assert not facts
    assert [thing.reason for thing in unread] == [reason]
    assert "hostname" not in unread[0].error


def test_utf_16_and_text_from_anywhere_is_read(read):
    facts, _, _ = read(schedule([task(1, "Größe\n & <x>")]).replace("UTF-8", "UTF-16").encode("utf-16"))
    assert facts["work_item"]["1"].values["title"] == "Größe\n& <x>"


@given(minutes=st.integers(0, 10**6))
def test_work_is_read_as_it_was_written(minutes):
    """Hours and minutes come back as hours."""
    assert _hours(f"PT{minutes // 60}H{minutes % 60}M0S") == (Decimal(minutes) / 60).quantize(Decimal("0.01"))


def test_lags_are_tenths_of_minutes():
    assert [_lag(4800, 7), _lag(-300, 5), _lag(25, 19), _lag("x", "")] == ["8 h", "-0.5 h", "25 %", "x"]


@pytest.mark.parametrize(
    ("files", "root"),
    [(["plan/PORTAL/p.xml"], "plan"), (["p.xml"], "."), (["a/x/1.xml", "a/y/2.xml"], "a"), (["a/1.xml", "a/b/2.xml"], "a"), ([], None)],
)
def test_init_finds_the_folder_whose_folders_are_projects(tmp_path, files, root):
    (tmp_path / "other.xml").write_text("<feed/>")
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(schedule([task(1)]))
    assert [proposal.options["root"] for proposal in MsProjectConnector.propose(tmp_path)] == ([root] if root else [])
