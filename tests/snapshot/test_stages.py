"""Management stages: which row tells of one, and when it began and ended."""

from datetime import date

import pytest

from auditor.snapshot.rows import Made
from auditor.snapshot.stages import (
    begun_in,
    choose_packages,
    choose_stages,
    edges_of,
    number_of,
    plans_of_stages,
    settle_package_stages,
    settle_stages,
    spread_allowances,
)

TODAY = date(2026, 11, 20)


def made(table: str, row_id: str, artefact: str = "", **values: object) -> Made:
    return Made(table, row_id, dict(values), set(values), "files", artefact=artefact)


def plan(row_id: str, day: date, *, is_current: bool = True) -> Made:
    return made("artefact", row_id, kind="project_plan", status="approved", is_current=is_current, date_on_cover=day)


def stages(artefact: str) -> list[Made]:
    days = [(date(2026, 1, 5), date(2026, 3, 13)), (date(2026, 3, 16), date(2026, 7, 10)), (date(2026, 7, 13), date(2026, 12, 18))]
    return [
        made("stage", f"{artefact}{number}", artefact, number=number, planned_start_on=first, planned_end_on=last)
        for number, (first, last) in enumerate(days, 1)
    ]


def days_of(rows: list[Made], column: str) -> list[object]:
    return [row.get(column) if column in row.filled else "unknown" for row in rows if row.table == "stage"]


def test_each_stage_is_read_once() -> None:
    """As the current plan has it."""
    rows = [plan("a", date(2026, 1, 2), is_current=False), plan("b", date(2026, 7, 9)), *stages("a"), *stages("b")]
    choose_stages(rows)
    assert [row.id for row in rows if row.table == "stage" and row.is_record] == ["b1", "b2", "b3"]


def test_a_report_that_names_a_stage_is_no_plan() -> None:
    """What a later report says of a stage without its days does not take the place of the initiation documentation."""
    pid = plan("p", date(2026, 1, 2))
    pid.values["kind"] = "project_initiation_documentation"
    report = made("artefact", "r", kind="highlight_report", is_current=True, date_on_cover=date(2026, 11, 3))
    rows = [pid, report, *stages("p"), made("stage", "r3", "r", number=3, started_on=date(2026, 7, 13))]
    choose_stages(rows)
    assert [row.id for row in rows if row.table == "stage" and row.is_record] == ["p1", "p2", "p3"]


def test_of_current_documents_the_one_that_knows_when_stages_began_is_read() -> None:
    """The schedule is kept up to date; the initiation documentation, approved later than it was drawn up, only plans."""
    pid = plan("p", date(2026, 1, 2))
    pid.values["kind"] = "project_initiation_documentation"
    schedule = made("artefact", "s", kind="project_plan", is_current=True)
    begun = [made("stage", f"s{number}", "s", number=number, started_on=date(2026, number, 5)) for number in (1, 2, 3)]
    rows = [pid, schedule, *stages("p"), *begun]
    choose_stages(rows)
    assert [row.id for row in rows if row.table == "stage" and row.is_record] == ["s1", "s2", "s3"]
    schedule.values["is_current"] = False
    choose_stages(rows)
    assert [row.id for row in rows if row.table == "stage" and row.is_record] == ["p1", "p2", "p3"]


def test_the_number_may_stand_in_the_name() -> None:
    """A table of the plan calls its stages '2 Build'; the brief numbers them in a column of their own."""
    said = [made("stage", f"b{number}", "b", name=name) for number, name in enumerate(("1 Initiation", "2 Build", "Phase 3: Pilot"), 1)]
    for stage in said:
        stage.filled.discard("number")
    rows = [plan("b", date(2026, 7, 9)), *stages("a"), *said, made("stage", "c", "b", name="Afterwards")]
    choose_stages(rows)
    assert [(row.id, row.get("number")) for row in rows if row.table == "stage" and row.is_record] == [
        ("b1", 1),
        ("b2", 2),
        ("b3", 3),
        ("c", None),
    ]


def test_an_initiation_stage_without_a_number_comes_first() -> None:
    rows = [
        plan("a", date(2026, 7, 9)),
        *(made("stage", f"a{n}", "a", name=name) for n, name in enumerate(("Initialisation", "Séquence 1", "Séquence 2"))),
    ]
    for row in rows[1:]:
        row.filled.discard("number")
    choose_stages(rows)
    assert [row.get("number") for row in rows[1:]] == [0, 1, 2]


def test_a_plan_that_was_brought_up_to_date_shows_what_has_begun() -> None:
    """What it plans for later stays unknown; what is planned for after today has not begun."""
    rows = [plan("a", date(2026, 7, 9)), *stages("a")]
    rows.append(made("stage", "a4", "a", number=4, planned_start_on=date(2026, 12, 21), planned_end_on=date(2027, 3, 31)))
    settle_stages(rows, TODAY)
    assert days_of(rows, "started_on") == [date(2026, 1, 5), date(2026, 3, 16), "unknown", None]
    assert days_of(rows, "ended_on") == [date(2026, 3, 13), "unknown", "unknown", None]


def test_reports_and_decisions_tell_of_stages() -> None:
    """The first report of a stage holds the day planned, or a report says the day; the next stage and the closing end one."""
    rows = [plan("a", date(2026, 1, 2)), *stages("a")]
    rows += [
        made("report", "r1", "x", kind="highlight", stage_id="a1", period_from_on=date(2026, 1, 2), period_to_on=date(2026, 1, 30)),
        made("report", "r2", "y", kind="highlight", period_from_on=date(2026, 3, 1), period_to_on=date(2026, 3, 31)),
        made("section", "s2", "y", text="The PID is approved; stage 2 started on 18 March with the tests."),
        made("report", "r3", "z", kind="highlight", stage_id="a3", period_from_on=date(2026, 8, 1), period_to_on=date(2026, 8, 31)),
        made("decision", "d1", kind="gate", status="approved", decided_on=date(2026, 3, 17), title="PID approved, stage 2 authorized"),
        made("decision", "d2", kind="gate", status="approved", decided_on=date(2026, 7, 9), title="Plan of stage 3 approved"),
        made("decision", "d3", kind="closure", status="approved", decided_on=date(2026, 11, 2), title="Project closed"),
    ]
    settle_stages(rows, TODAY)
    assert days_of(rows, "started_on") == [date(2026, 1, 5), date(2026, 3, 18), "unknown"]
    assert days_of(rows, "ended_on") == [date(2026, 3, 13), "unknown", "unknown"]
    assert days_of(rows, "authorised_on") == ["unknown", date(2026, 3, 17), "unknown"]


@pytest.mark.parametrize(
    ("authorised", "begun"), [(date(2026, 3, 12), date(2026, 3, 16)), (date(2026, 3, 20), "unknown"), (None, "unknown")]
)
def test_a_report_that_names_no_stage_is_of_the_one_that_was_let_begin(authorised: date | None, begun: date | str) -> None:
    """Its period lies within the days planned for a stage that the board had authorised before."""
    rows = [plan("a", date(2026, 1, 2)), *stages("a")]
    rows.append(made("report", "r1", "x", kind="highlight", period_from_on=date(2026, 3, 16), period_to_on=date(2026, 3, 31)))
    if authorised is not None:
        rows.append(made("decision", "d1", kind="gate", status="approved", decided_on=authorised, title="Stage 2 authorised"))
    settle_stages(rows, TODAY)
    assert days_of(rows, "started_on")[1] == begun


def test_what_a_column_says_stays() -> None:
    rows = [plan("a", date(2026, 7, 9)), *stages("a")]
    rows[1].put("started_on", None)
    rows[2].put("started_on", date(2026, 3, 20))
    settle_stages(rows, TODAY)
    assert days_of(rows, "started_on") == [None, date(2026, 3, 20), "unknown"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Stage 2 closed; stage 3 started on 13 July with the environments.", [(3, date(2026, 7, 13))]),
        ("Phase 2 wurde am 31. März 2025 begonnen", []),
        ("Phase 2 begonnen am 31.03.2025.", [(2, date(2025, 3, 31))]),
        ("Stage 3 is to start on 13 July.", []),
        ("Version 3 started on 13 July.", []),
        ("Stage 2 was closed and Stage 3 began on 2026-06-22.", [(3, date(2026, 6, 22))]),
    ],
)
def test_the_day_that_a_report_tells(text: str, found: list[tuple[int, date]]) -> None:
    assert list(begun_in(text, 2026)) == found


@pytest.mark.parametrize(
    ("name", "number"), [("Stage 2 – Build", 2), ("2", 2), ("3. Einführung", 3), ("Build", None), ("Phase Initiierung", None)]
)
def test_the_number_of_a_stage(name: str, number: int | None) -> None:
    assert number_of(name) == number


def test_a_tolerance_of_every_stage_is_one_of_each_without_its_own() -> None:
    said = [
        made("stage", "s0", kind="initiation", number=0),
        made("stage", "s1", kind="delivery", number=1),
        made("stage", "s2", kind="delivery", number=2),
        made("allowance", "every", level="stage", aspect="cost", upper=5),
        made("allowance", "own", level="stage", aspect="cost", level_id="s2", upper=7),
    ]
    found = [(row.get("level_id"), row.get("upper")) for row in spread_allowances(said)]
    assert found == [("s1", 5)]
    assert [row.is_record for row in said[3:]] == [False, True]


def test_the_tolerances_of_a_stage_plan_are_those_of_its_stage() -> None:
    """By the number in its title or by the name of the stage; of a plan that names none or two they are those of every stage."""
    said = [
        made("stage", "s1", "a", kind="initiation", number=1, name="1 Initiation"),
        made("stage", "s2", "a", kind="delivery", number=2, name="Foundation"),
        made("stage", "s3", "a", kind="delivery", number=3, name="Roll-out"),
    ]
    for title, stage in (
        ("Stage Plan 3: Permit Counter", "s3"),
        ("Initiation Stage Plan: Permit Counter", "s1"),
        ("Stage plan Foundation", "s2"),
        ("Stage plan", None),
        ("Stage plan Foundation and Roll-out", None),
        ("Stage plan of office 12", None),
    ):
        plan = made("artefact", "p", kind="stage_plan", title=title, file_name="plan.docx")
        allowance = made("allowance", "t", "p", level="stage", aspect="time", upper=5)
        spread = [row.get("level_id") for row in spread_allowances([*said, plan, allowance])]
        assert (allowance.get("level_id"), spread) == (stage, [] if stage else ["s2", "s3"]), title


def test_each_edition_of_a_stage_plan_belongs_to_its_stage() -> None:
    """By the number or the name that its title bears; a plan that names none, or another document, belongs to none."""
    said = [
        made("stage", "s2", "a", kind="delivery", number=2, name="Foundation"),
        made("stage", "s3", "a", kind="delivery", number=3, name="Roll-out"),
        made("artefact", "draft", kind="stage_plan", title="Stage plan 3", file_name="x.pdf", version="0.4", is_current=False),
        made("artefact", "plan", kind="stage_plan", title="Foundation plan", file_name="y.pdf"),
        made("artefact", "none", kind="stage_plan", title="Stage plan", file_name="z.pdf"),
        made("artefact", "other", kind="end_stage_report", title="End of stage 2", file_name="r.pdf"),
    ]
    found = [(row.get("from_id"), row.get("to_table"), row.get("to_id")) for row in plans_of_stages(said)]
    assert found == [("draft", "stage", "s3"), ("plan", "stage", "s2")]


def test_an_exception_plan_belongs_to_the_stage_that_its_title_names() -> None:
    said = [
        made("artefact", "exception", kind="exception_plan", title="Exception plan for stage 2 Roll-out"),
        made("artefact", "report", kind="exception_report", title="Exception report for stage 2 Roll-out"),
        made("stage", "s2", number=2, name="Roll-out"),
        made("stage", "s3", number=3, name="Handover"),
    ]
    assert [(row.get("from_id"), row.get("to_id")) for row in plans_of_stages(said)] == [("exception", "s2")]


def test_a_line_that_two_readers_took_for_a_tolerance_counts_once() -> None:
    """The row without a level is left out where another one of the same line has it; one of another line or document stays."""
    said = [
        made("allowance", name, artefact, aspect="time", upper=5) for name, artefact in (("a", "p"), ("b", "p"), ("c", "q"), ("d", "p"))
    ]
    for row, locator in zip(said, ("table 7 row 2", "table 7 row 3", "table 7 row 2", "table 7 row 2"), strict=True):
        row.locator = locator
    said[3].put("level", "project")
    assert not list(spread_allowances(said))
    assert [row.is_record for row in said] == [False, True, True, True]


def test_what_a_business_case_allows_its_objectives_is_no_tolerance_of_a_level() -> None:
    """A row that names no level and no aspect; in a plan it stays, for it may be one."""
    said = [
        made("artefact", "case", kind="business_case"),
        made("artefact", "plan", kind="project_plan"),
        *(made("allowance", artefact, artefact, upper=10) for artefact in ("case", "plan")),
        made("allowance", "cost", "case", level="project", aspect="cost", upper=10),
    ]
    assert not list(spread_allowances(said))
    assert [row.is_record for row in said[2:]] == [False, True, True]


def test_a_report_on_the_end_of_a_stage_covers_the_stage() -> None:
    """Where it states its period, that counts."""
    own = date(2026, 2, 1)
    rows = [
        plan("a", date(2026, 7, 9)),
        *stages("a"),
        made("report", "r1", "x", kind="end_stage", stage_id="a1"),
        made("report", "r2", "y", kind="end_stage", stage_id="a1", period_from_on=own, period_to_on=own),
        made("report", "r3", "z", kind="end_stage", stage_id="a3"),
    ]
    settle_stages(rows, TODAY)
    said = [(row.get("period_from_on"), row.get("period_to_on")) for row in rows if row.table == "report"]
    assert said == [(date(2026, 1, 5), date(2026, 3, 13)), (own, own), (None, None)]


def test_reports_of_an_authorised_stage_need_not_name_it() -> None:
    """Their period lies in what is planned for it; a stage that nobody let begin has none."""
    decisions = [
        made(
            "decision", "d0", kind="gate", status="approved", decided_on=date(2025, 12, 19), title="Initiation authorised; brief approved"
        ),
        made("decision", "d1", kind="gate", status="approved", decided_on=date(2026, 3, 12), title="Stage 2 authorised from 16 March"),
    ]
    reports = [
        made("report", "r1", kind="highlight", period_from_on=date(2026, 3, 16), period_to_on=date(2026, 4, 30)),
        made("report", "r2", kind="highlight", period_from_on=date(2026, 7, 13), period_to_on=date(2026, 7, 31)),
    ]
    rows = [plan("a", date(2026, 3, 10)), *stages("a"), *decisions, *reports]
    next(row for row in rows if row.id == "a1").put("kind", "initiation")
    settle_stages(rows, TODAY)
    assert [row.get("stage_id") for row in reports] == ["a2", None]
    assert days_of(rows, "authorised_on")[:2] == [date(2025, 12, 19), date(2026, 3, 12)]
    assert days_of(rows, "started_on")[:2] == [date(2026, 1, 5), date(2026, 3, 16)]
    assert days_of(rows, "ended_on")[0] == date(2026, 3, 13)


PLANS = [
    made("artefact", f"plan{number}", kind="stage_plan", title=f"Stage {number} Plan", is_current=True, folder="Plans") for number in (2, 3)
]


@pytest.mark.parametrize(
    ("folder", "said", "begins", "stage"),
    [
        ("04 Stage 3", {}, date(2026, 8, 3), "a3"),  # by the folder
        ("Packages", {3: "Products are made by WP-03 and WP-04."}, date(2026, 8, 3), "a3"),  # by the plan
        ("Packages", {3: "Products are made by WP-030."}, date(2026, 8, 3), "unknown"),
        ("Packages", {2: "WP-03 comes next.", 3: "WP-03 is done here."}, date(2026, 8, 3), "unknown"),
        ("03 Stage 2", {3: "WP-03 is done here."}, date(2026, 8, 3), "unknown"),  # they do not agree
        ("04 Stage 3", {}, date(2026, 5, 4), "unknown"),  # it begins elsewhere
        ("04 Stage 3", {}, None, "a3"),
        ("Packages", {}, date(2026, 8, 3), "unknown"),
    ],
)
def test_a_work_package_is_of_the_stage_whose_plan_or_folder_holds_it(
    folder: str, said: dict[int, str], begins: date | None, stage: str
) -> None:
    """Its checkpoint reports are of that stage too."""
    package = made("work_package", "WP-03", "doc", title="Build", **({"planned_start_on": begins} if begins else {}))
    report = made("report", "r1", "points", kind="checkpoint", work_package_id="WP-03")
    rows = [*stages("a"), *PLANS, made("artefact", "doc", kind="work_package", folder=folder, is_current=True), package, report]
    rows += [made("section", f"s{number}", f"plan{number}", text=text) for number, text in said.items()]
    settle_package_stages(rows)
    assert package.values.get("stage_id", "unknown") == stage
    assert report.values.get("stage_id", "unknown") == stage


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Start of stage 2", [(2, "begins")]),
        ("End of stage 3, trial running", [(3, "ends")]),
        ("Stage 2 complete / Stage 3 starts", [(2, "ends"), (3, "begins")]),
        ("Ende der Phase 2", [(2, "ends")]),
        ("Début de la phase 4", [(4, "begins")]),
        ("Cierre de la fase 1 e informes", []),
        ("Start of initiation", [(1, "begins")]),
        ("End of the initiation stage", [(1, "ends")]),
        ("Stage 2 end report approved", []),
        ("Start of planning stage 3", []),
        ("Stage 3", []),
        ("Release 2 complete", []),
        ("Start of stage 2 to 4", []),
    ],
)
def test_the_edge_of_a_stage_that_a_milestone_names(title: str, found: list[tuple[int, str]]) -> None:
    assert list(edges_of(title, 1)) == found


def test_milestones_tell_begin_end_and_forecast_of_stages() -> None:
    """Also what has not been reached, unless its day has passed: then nobody may have kept the plan."""
    rows = [plan("a", date(2026, 1, 2)), *stages("a")]
    for title, planned, forecast, reached in (
        ("Stage 1 ends", date(2026, 3, 13), None, date(2026, 3, 20)),
        ("Start of stage 2", date(2026, 3, 16), None, date(2026, 3, 23)),
        ("End of stage 2", date(2026, 7, 10), None, None),
        ("Start of stage 3", date(2026, 7, 13), None, date(2026, 7, 20)),
        ("End of stage 3", date(2026, 12, 18), date(2027, 1, 29), None),
    ):
        rows.append(made("milestone", title, "a", title=title, baseline_on=planned, forecast_on=forecast, achieved_on=reached))
    settle_stages(rows, TODAY)
    assert days_of(rows, "started_on") == ["unknown", date(2026, 3, 23), date(2026, 7, 20)]
    assert days_of(rows, "ended_on") == [date(2026, 3, 20), date(2026, 7, 10), None]
    assert days_of(rows, "forecast_end_on") == [None, "unknown", date(2027, 1, 29)]


def test_milestones_that_differ_tell_nothing_of_a_stage() -> None:
    """Nor do those of a plan that was replaced."""
    rows = [plan("a", date(2026, 1, 2)), plan("o", date(2025, 12, 2), is_current=False), *stages("a")]
    for row_id, artefact, title, reached in (
        ("m1", "a", "Start of stage 2", date(2026, 3, 23)),
        ("m2", "a", "Stage 2 begins", date(2026, 3, 30)),
        ("m3", "o", "Start of stage 3", date(2026, 7, 20)),
    ):
        rows.append(made("milestone", row_id, artefact, title=title, achieved_on=reached))
    settle_stages(rows, TODAY)
    assert days_of(rows, "started_on") == ["unknown", "unknown", "unknown"]


def test_one_row_of_a_numbered_package_is_left_and_what_has_no_number_is_none() -> None:
    """The document about it comes before the plans that list it; a list without numbers stays."""

    def package(own: str, artefact: str, title: str) -> Made:
        return Made("work_package", own, {"title": title}, {"title"}, "files", artefact=artefact, extra={"own_id": own})

    about = Made("artefact", "about", {"kind": "work_package"}, {"kind"}, "files")
    rows = [
        package("WP-01", "about", "Posts"),
        package("a", "plan", "WP-01 (v1.1)"),
        package("b", "plan", "WP-02"),
        package("c", "plan", "Management"),
    ]
    choose_packages([about, *rows])
    assert [row.is_record for row in rows] == [True, False, True, False]
    plain = [package("d", "plan", "Posts"), package("e", "plan", "Management")]
    choose_packages(plain)
    assert [row.is_record for row in plain] == [True, True]
