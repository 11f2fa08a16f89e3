"""References from one document to another are settled when exactly one row fits."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from auditor.snapshot.references import REFERS, change_links, settle_references
from auditor.snapshot.rows import Made


def made(table: str, row_id: str, refers: dict[str, tuple[str, str]] | None = None, **values: Any) -> Made:
    """Return a row; *refers*: column → (table, words)."""
    return Made(table, row_id, dict(values), set(values), "files", extra={REFERS: refers} if refers else {})


STAGES = (("s1", 1, "Initiation"), ("s2", 2, "Foundation"), ("s3", 3, "Roll-out"))


@pytest.mark.parametrize(
    ("said", "stage"),
    [
        ("2", "s2"),
        ("2 Foundation", "s2"),
        ("Stage 3 – Roll-out", "s3"),
        ("Foundation", "s2"),
        ("Foundation stage", "s2"),
        ("roll-out", "s3"),
        ("Stages 2 and 3", None),
        ("Executing", None),
        ("7", None),
    ],
)
def test_a_stage_is_meant_by_number_or_name(said: str, stage: str | None) -> None:
    """As reports, logs and work packages write it; two numbers or an unknown word name none."""
    report = made("report", "r", {"stage_id": ("stage", said)})
    settle_references([report, *(made("stage", row_id, number=number, name=name) for row_id, number, name in STAGES)])
    assert report.get("stage_id") == stage
    assert ("stage_id" in report.filled) == (stage is not None)


def test_other_rows_are_meant_by_their_ids_and_names() -> None:
    """With and without signs, with the name behind it; copies and what is gone are never meant."""
    packages = [made("work_package", "WP-01", title="Build the form"), made("work_package", "WP-02", title="Load the data")]
    copy = made("work_package", "x", title="Load the data")
    copy.is_record = False
    said = {"WP01": "WP-01", "WP-02 Load the data": "WP-02", "Build the form": "WP-01", "WP-01, WP-02": None, "Load": None}
    for words, meant in said.items():
        report = made("report", "r", {"work_package_id": ("work_package", words)})
        settle_references([report, *packages, copy])
        assert report.get("work_package_id") == meant, words


def test_a_check_is_joined_to_the_product_that_it_names() -> None:
    """By the number of the product, else by its name; a name that two products have joins nothing."""
    products = [
        made("deliverable", "P-01", title="Form"),
        made("deliverable", "P-02", title="Guide"),
        made("deliverable", "P-03", title="Guide"),
    ]
    checks = [
        made("review", "q1", {"subject_id": ("deliverable", "P-02")}, subject="Form"),
        made("review", "q2", subject="form"),
        made("review", "q3", subject="Guide"),
        made("review", "q4", subject="P-03 Guide"),
    ]
    settle_references([*products, *checks])
    assert [check.get("subject_id") for check in checks] == ["P-02", "P-01", None, "P-03"]
    assert checks[1].get("subject_table") == "deliverable"


def test_a_change_may_stand_in_a_register_of_issues() -> None:
    """Below 'Change' or 'Risk or change' its number is a change; a problem is none."""
    change, problem = made("issue", "I-02", kind="request_for_change"), made("issue", "I-01", kind="problem")
    rows = [
        made("cost", f"k{n}", {column: (table, said)})
        for n, (column, table, said) in enumerate(
            (
                ("change_request_id", "change_request", "I-02"),
                ("risk_id", "risk", "I-02"),
                ("change_request_id", "change_request", "I-01"),
            )
        )
    ]
    settle_references([*rows, change, problem])
    assert [row.get("change_request_id") for row in rows] == ["I-02", "I-02", None]


def test_what_names_a_row_of_another_table_goes_to_its_column() -> None:
    """'C-04' below 'Risk or change' is a change; two rows that bear the id, or a column that says something already, settle nothing."""
    change, risk = made("change_request", "C-04", title="Queue"), made("risk", "R-01", title="Fire")
    drawn = made("cost", "k1", {"risk_id": ("risk", "C-04")})
    settle_references([drawn, change, risk])
    assert (drawn.get("risk_id"), drawn.get("change_request_id")) == (None, "C-04")
    assert "risk_id" in drawn.filled
    named = made("cost", "k2", {"risk_id": ("risk", "R-01")})
    unknown = made("cost", "k3", {"risk_id": ("risk", "R-99")})
    settle_references([named, unknown, change, risk])
    assert named.get("risk_id") == "R-01"
    assert "change_request_id" not in named.filled
    assert "risk_id" not in unknown.filled
    assert "change_request_id" not in unknown.filled


def test_work_below_a_package_belongs_to_it() -> None:
    """Through the task above a subtask too; the package itself, and work below something else, belong to none."""
    rows = [
        made("work_package", "K1", title="Forms"),
        made("work_item", "K1", title="Forms"),
        made("work_item", "T1", parent_id="K1"),
        made("work_item", "S1", parent_id="T1"),
        made("work_item", "T2", parent_id="E1"),
        made("work_item", "T3", parent_id="K1", work_package_id="K9"),
    ]
    settle_references(rows)
    assert [row.get("work_package_id") for row in rows[1:]] == [None, "K1", "K1", None, "K9"]


def test_a_task_with_the_number_of_a_package_is_work_on_it() -> None:
    """A bare figure numbers anything."""
    package, other = made("work_package", "WP-01", title="Forms"), made("work_package", "2", title="Tests")
    package.extra["own_id"], other.extra["own_id"] = "WP-01", "2"
    rows = [package, other, *(made("work_item", f"t{n}", wbs_code=code) for n, code in enumerate(("WP-01", "wp 01", "2", "WP-03")))]
    settle_references(rows)
    assert [row.get("work_package_id") for row in rows[2:]] == ["WP-01", "WP-01", None, None]


def test_work_that_nothing_holds_is_outside_the_packages() -> None:
    """Where the tracker holds other work in packages and says that this has nothing above it."""
    rows = [
        made("work_package", "K1", title="Forms"),
        made("work_item", "t1", parent_id="K1"),
        made("work_item", "t2"),
        made("work_item", "t3", parent_id="t2"),
        made("work_item", "t4"),
    ]
    rows[2].put("parent_id", None)
    settle_references(rows)
    assert [("work_package_id" in row.filled, row.get("work_package_id")) for row in rows[1:]] == [
        (True, "K1"),
        (True, None),
        (True, None),
        (False, None),
    ]
    alone = [rows[0], made("work_item", "t5")]
    alone[1].put("parent_id", None)
    settle_references(alone)
    assert "work_package_id" not in alone[1].filled


def test_an_epic_is_the_package_whose_number_it_begins_with() -> None:
    """What lies below it is work on that package; a task that names a package is not."""
    rows = [
        made("work_package", "LT-21", title="Stations"),
        made("work_package", "LT-22", title="Trams"),
        made("work_item", "e1", kind="epic", title="LT-22 Trams, six of them"),
        made("work_item", "e2", kind="epic", title="After LT-21"),
        made("work_item", "t1", kind="task", title="Wiring", parent_id="e1", started_at=datetime(2026, 7, 2, 8, tzinfo=UTC)),
        made("work_item", "t2", kind="task", title="LT-21 asks", parent_id="e2"),
    ]
    rows[2].put("started_at", None)
    settle_references(rows)
    assert [row.get("work_package_id") for row in rows[2:]] == ["LT-22", None, "LT-22", None]
    assert rows[1].get("started_on") == date(2026, 7, 2)


def test_a_plan_does_not_tell_when_the_work_on_a_package_began() -> None:
    """A list of tasks that says what has begun does, unless it leaves out the day of one of them."""
    begun = {"started_at": datetime(2026, 7, 2, 8, tzinfo=UTC)}
    rows = [
        made("work_package", "K1", title="Forms"),
        made("work_item", "p1", work_package_id="K1"),
        made("work_item", "t1", work_package_id="K1", **begun),
        made("work_item", "t2", work_package_id="K1"),
    ]
    rows[1].artefact, rows[2].artefact, rows[3].artefact = "plan", "tasks", "tasks"
    settle_references(rows)
    assert "started_on" not in rows[0].filled
    rows[3].put("started_at", None)
    settle_references(rows)
    assert rows[0].get("started_on") == date(2026, 7, 2)


@pytest.mark.parametrize(
    ("title", "change"),
    [
        ("I-09: screen at low height", "I-09"),
        ("Incidence I-09 : écran à hauteur basse", "I-09"),
        ("Demande de changement I-09 - écran", "I-09"),
        ("I-09 Analyse d'impact", None),
        ("Impact of I-09", None),
        ("I-10: access to the room", None),
        ("Screens, after the talk about what was I-09", None),
        ("Screen at low height (I-09)", "I-09"),
        ("Écran à hauteur basse [I-09]", "I-09"),
        ("Screens of all rooms (see I-09)", None),
        ("Screens of all rooms (six more, I-09)", "I-09"),
        ("Screens of all rooms (I-09, I-10)", None),
        ("Impact of the low screen (I-09)", None),
        ("Wiring", None),
    ],
)
def test_a_task_carries_out_the_change_that_its_title_begins_with(title: str, change: str | None) -> None:
    rows = [made("issue", "I-09", kind="request_for_change"), made("issue", "I-10", kind="problem"), made("work_item", "w", title=title)]
    for row in rows[:2]:
        row.artefact = "a"
        row.extra["own_id"] = row.id
    found = [(row.get("from_id"), row.get("to_table"), row.get("to_id"), row.get("kind")) for row in change_links(rows)]
    assert found == ([("w", "issue", change, "implements")] if change else [])


@pytest.mark.parametrize(
    ("title", "labels", "change"),
    [
        ("Screen at low height", "I-09, REQ-4", "I-09"),
        ("Screen at low height", "i09, urgent", "I-09"),
        ("Screens of all rooms", "I-09, I-10", None),
        ("Estimate the screens", "I-09", None),
        ("Wiring", "urgent", None),
        ("Wiring", None, None),
    ],
)
def test_a_task_carries_out_the_change_whose_number_is_its_label(title: str, labels: str | None, change: str | None) -> None:
    rows = [made("issue", f"I-{number}", kind="request_for_change") for number in ("09", "10")]
    rows.append(made("work_item", "w", title=title, labels=labels))
    for row in rows[:2]:
        row.artefact = "a"
        row.extra["own_id"] = row.id
    found = [(row.get("from_id"), row.get("to_id"), row.get("kind")) for row in change_links(rows)]
    assert found == ([("w", change, "implements")] if change else [])


def test_what_a_package_makes_is_told_of_the_package_that_the_tracker_keeps() -> None:
    """The document describes it under its number, the register is the tracker's."""
    described = Made(
        "work_package", "WP-05", {"title": "Training"}, {"title"}, "files", is_record=False, artefact="a", extra={"own_id": "WP-05"}
    )
    other = Made("work_package", "WP-06", {"title": "Tests"}, {"title"}, "files", is_record=False, artefact="a", extra={"own_id": "WP-06"})
    kept = [made("work_package", "1", title="WP-05 Training pack"), made("work_package", "2", title="WP-07: Tests")]
    links = [
        made("link", "l1", from_table="deliverable", from_id="P1", to_table="work_package", to_id="WP-05", kind="child_of"),
        made("link", "l2", from_table="deliverable", from_id="P2", to_table="work_package", to_id="WP-06", kind="child_of"),
    ]
    settle_references([described, other, *kept, *links])
    assert [link.get("to_id") for link in links] == ["1", "WP-06"]


def test_a_remark_leads_to_the_check_of_its_line() -> None:
    """The number stands in another document, too; without a check of that line it stays as it is."""
    checks = [
        Made("review", "x1", {}, set(), "files", artefact="log", extra={"own_id": "Q-22"}),
        Made("review", "x2", {}, set(), "files", artefact="records", extra={"own_id": "Q-22"}),
    ]
    said = {"kind": "figure", "name": "check_corrected"}
    told = [Made("listed_item", own, said | {"ref": own}, {"ref", "name"}, "files", artefact="log") for own in ("Q-22", "Q-23")]
    settle_references([*checks, *told])
    assert [row.get("ref") for row in told] == ["x1", "Q-23"]


def test_a_description_completes_the_package_that_a_tracker_keeps() -> None:
    """By the number that begins its title; what the tracker says stays, and reports on that number are on its entry."""
    kept = made("work_package", "2400", title="WP-03 Gates", due_on=date(2026, 7, 1))
    described = made("work_package", "WP-03", {"stage_id": ("stage", "2")}, title="Gates", due_on=date(2026, 8, 1), reporting_days=14)
    described.artefact, described.is_record, described.extra["own_id"] = "A1", False, "WP-03"
    report = made("report", "r", {"work_package_id": ("work_package", "WP-03")})
    settle_references([kept, described, report, made("stage", "s2", number=2, name="Foundation")])
    assert (kept.get("due_on"), kept.get("reporting_days"), kept.get("stage_id")) == (date(2026, 7, 1), 14, "s2")
    assert report.get("work_package_id") == "2400"


def test_two_entries_of_one_number_are_completed_by_nothing() -> None:
    kept = [made("work_package", row_id, title="WP-03 Gates") for row_id in ("2400", "2401")]
    described = made("work_package", "WP-03", title="Gates", reporting_days=14)
    described.artefact, described.is_record, described.extra["own_id"] = "A1", False, "WP-03"
    report = made("report", "r", {"work_package_id": ("work_package", "WP-03")})
    settle_references([*kept, described, report])
    assert [row.get("reporting_days") for row in kept] == [None, None]
    assert report.get("work_package_id") is None
