"""Tables of tasks: work that is planned in documents."""

from datetime import UTC, date, datetime

import pytest
from register_tables import read, sheet, workbook

from auditor.snapshot.documents.found import Found


def tasks(name: str, text: str) -> list[Found]:
    found = read(workbook(sheet(name, text))).found
    assert {row.table for row in found} <= {"work_item"}
    return list(found)


def test_an_outline_is_told_by_its_numbers() -> None:
    """What others stand below is no task; each line knows what it belongs to."""
    rows = tasks(
        "Schedule",
        """
        WBS|Task|Owner|Start|End|Duration (d)|% complete|Predecessors
        1|Planning||@2026-01-05|@2026-02-20|30|100%|
        1.1|Write the plan|Ann Lee|@2026-01-05|@2026-01-20|10|100%|
        1.2|Approve the plan|Bo Ek|@2026-01-21|@2026-02-20|10|#0.5|1.1
        2|Build||@2026-03-01|@2026-04-20|30|0 %|
        2.1|Build it|Bo Ek|@2026-03-01|@2026-04-20|10|0%|1.2
        """,
    )
    assert [row.values["kind"] for row in rows] == ["epic", "task", "task", "epic", "task"]
    assert [row.values["wbs_code"] for row in rows] == ["1", "1.1", "1.2", "2", "2.1"]
    assert [row.refers.get("parent_id", ("", ""))[1] for row in rows] == ["", "1", "1", "", "2"]
    assert [row.values["status_category"] for row in rows] == ["done", "done", "in_progress", "todo", "todo"]
    assert all("parent_id" in row.filled for row in rows)
    assert rows[1].values["assignee_id"] == "Ann Lee"
    assert (rows[1].values["start_on"], rows[1].values["due_on"]) == (date(2026, 1, 5), date(2026, 1, 20))


def test_packages_that_nothing_stands_below_are_what_is_worked_on() -> None:
    """Where the column tells only sums, the lowest level of the outline is the work; beside tasks a package is a sum, also an empty one."""
    table = """
        WBS|Type|Name|Owner|Start|End|% complete
        1|Phase|Planning||@2026-01-05|@2026-02-20|#0.5
        1.1|WP|Plans|Ann Lee|@2026-01-05|@2026-01-20|#1
        1.2|Work package|Tests|Bo Ek|@2026-01-20|@2026-02-20|#0
        2|Phase|Closing||@2026-03-05|@2026-03-20|#0
        """
    assert [row.values.get("kind") for row in tasks("Work plan", table)] == ["epic", "task", "task", "epic"]
    beside = tasks("Work plan", table + "2.1|Task|Archive the files|Bo Ek|@2026-03-05|@2026-03-20|#0\n")
    assert [row.values.get("kind") for row in beside] == ["epic", "epic", "epic", "epic", "task"]


def test_an_outline_keeps_what_it_does_not_understand() -> None:
    """A word that no pack knows is no task, a code of another form stays, and the number 1 may be one of a hundred."""
    rows = tasks(
        "Schedule",
        """
        WBS|Task|Type|Owner|Start|End|% complete
        1|Planning|Phase||@2026-01-05|@2026-02-20|#0.5
        1.1|Write the plan|Task|Ann Lee|@2026-01-05|@2026-01-20|#1
        1.2|Gate|Termin||@2026-01-20|@2026-01-20|100%
        X/7|Audit|Task|Bo Ek|@2026-01-20|@2026-02-20|#0
        """,
    )
    assert [row.values.get("kind") for row in rows] == ["epic", "task", None, "task"]
    assert [row.values["wbs_code"] for row in rows] == ["1", "1.1", "1.2", "X/7"]
    assert [row.values.get("status_category") for row in rows] == ["in_progress", None, "done", "todo"]
    assert "status_category" not in rows[1].filled


def test_a_line_that_may_be_a_phase_has_no_kind() -> None:
    rows = tasks(
        "Plan",
        """
        Tâche|Responsable|Début|Fin|Statut
        Préparation||05/01/2026|20/02/2026|
        Rédiger le plan|Ann Lee|05/01/2026|20/01/2026|Terminé
        Approuver le plan|Bo Ek|21/01/2026|20/02/2026|En cours
        """,
    )
    assert [row.values.get("kind") for row in rows] == [None, "task", "task"]
    assert "kind" not in rows[0].filled
    assert [row.values.get("status_category") for row in rows] == [None, "done", "in_progress"]


def test_a_column_says_what_each_line_is() -> None:
    """A work package with an owner is no task; a word that no pack knows tells nothing."""
    rows = tasks(
        "Arbeitspakete",
        """
        ID|Typ|Bezeichnung|Zuständig|Start (Basis)|Ende (Basis)|Start (Ist)|Ende (Ist)|Ende (Prognose)|Vorgänger|Fertig %
        AP1|Arbeitspaket|Fachkonzept|Yve Korn|02.07.2026|28.08.2026|02.07.2026||28.08.2026|-|40
        1.1|Aufgabe|Akten aufnehmen|Yve Korn|02.07.2026|31.07.2026|02.07.2026|31.07.2026|31.07.2026|-|100
        1.2|Termin|Akten abnehmen|Yve Korn|31.07.2026|31.07.2026||||1.1|0
        """,
    )
    assert [row.values.get("kind") for row in rows] == ["epic", "task", None]
    assert "kind" not in rows[2].filled
    assert rows[0].values["due_on"] == date(2026, 8, 28)
    assert rows[0].values["baseline_start_on"] == date(2026, 7, 2)
    assert [row.values["status_category"] for row in rows] == ["in_progress", "done", "todo"]


def test_actual_days_are_noon_of_the_day() -> None:
    (row,) = tasks(
        "Sheet1",
        """
        Nr.|Vorgang|Verantwortlich|Beginn geplant|Ende geplant|Ist-Beginn|Ist-Ende|Status
        7|Konzept|Ann Lee|05.01.2026|20.01.2026|06.01.2026|30.01.2026|erledigt
        """,
    )
    assert row.values["started_at"] == datetime(2026, 1, 6, 12, tzinfo=UTC)
    assert row.values["done_at"] == datetime(2026, 1, 30, 12, tzinfo=UTC)
    assert row.own_id == "7"


@pytest.mark.parametrize(
    "text",
    [
        "Stage|Name|Start|End\n1|Begin|2026-02-02|2026-03-13\n2|Build|2026-03-16|2026-07-10",
        "Task|Role|Responsibility\nTest|Tester|plans the tests",
        "ID|Milestone|Baseline|Forecast\nM1|Go live|2026-02-02|2026-03-13",
        "ID|Action|Owner|Due date|Status\n1|Call|Ann Lee|2026-02-02|Open",
    ],
)
def test_other_tables_hold_no_tasks(text: str) -> None:
    assert not [row for row in read(workbook(sheet("Sheet1", text))).found if row.table == "work_item"]


@pytest.mark.parametrize("header", ["WBS", "Work package", "PSP-Element", "Lot de travaux", "EDT"])
def test_a_requirement_is_traced_to_what_is_planned(header: str) -> None:
    table = f"ID|Requirement|{header}|Priority|Status\nR-01|A search takes two seconds|4.3|M|Validated\nR-02|Lamps burn|4.1|M|Open"
    rows = read(workbook(sheet("Requirements list", table))).found
    assert [(row.table, row.values.get("traced_to")) for row in rows] == [("requirement", "4.3"), ("requirement", "4.1")]


def test_what_a_day_is_may_stand_behind_it() -> None:
    """'Start planned' is the planned start, 'Start actual' the actual one."""
    rows = tasks(
        "Schedule",
        """
        Stage 3 schedule with actuals||||||||
        Activity|Work package|Owner|Start planned|End planned|Start actual|End actual|Percent|Forecast end
        Strip out|WP-03|Ann Lee|@2026-09-14|@2026-10-02|@2026-08-31|@2026-09-25|100|@2026-09-25
        Fire-stopping|WP-03|Ann Lee|@2026-10-05|@2026-12-16|@2026-10-06||55|@2026-12-18
        Test|WP-03|Ann Lee|@2027-01-04|@2027-01-29|||0|@2027-01-29
        """,
    )
    assert [row.values["started_at"].date() if row.values.get("started_at") else None for row in rows] == [
        date(2026, 8, 31),
        date(2026, 10, 6),
        None,
    ]
    assert [row.values["done_at"].date() if row.values.get("done_at") else None for row in rows] == [date(2026, 9, 25), None, None]
    assert [row.values["status_category"] for row in rows] == ["done", "in_progress", "todo"]
    assert [row.refers["work_package_id"][1] for row in rows] == ["WP-03"] * 3
    assert rows[1].values["due_on"] == date(2026, 12, 18)
