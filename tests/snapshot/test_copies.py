"""One entry that several documents list: the register keeps it, the others show copies."""

import datetime as dt
from typing import Any

import pytest

from auditor.snapshot.copies import COPY, Holder, mark_copies, own_ids, twice_numbered
from auditor.snapshot.documents.found import Found
from auditor.snapshot.references import REFERS
from auditor.snapshot.rows import Made


def found(table: str, own_id: str | None, title: str, *filled: str) -> Found:
    """Return a row of a register as a document states it."""
    return Found(table, {"title": title}, frozenset({"title", *filled}), "table 1 row 2", own_id, table, (title.casefold(), ""))


def holder(name: str, *rows: Found, keeps: str = "", **more: Any) -> Holder:
    """Return a document that is a product of the standard, unless *more* says otherwise."""
    said = {"is_known": True, "is_periodic": False, "is_current": True, "is_gone": False, "is_workbook": False} | more
    return Holder(name, name, rows, frozenset({keeps} - {""}), **said)


def made(table: str, row_id: str, document: str, own: str | None, **values: Any) -> Made:
    """Return a row of a document that is of the place of record so far."""
    place = {"url": f"file:///share/{document}.docx", "locator": f"row {row_id}"}
    return Made(table, row_id, dict(values), set(values), "files", **place, artefact=document, extra={"own_id": own})


def test_the_register_has_the_id_and_the_plan_shows_a_copy() -> None:
    """The register comes before the plan though the plan says more; a report never has an id that another document has."""
    register = holder("Products.xlsx", found("deliverable", "P-01", "Form", "status"), keeps="deliverable")
    plan = holder("Plan.docx", found("deliverable", "P-01", "Form", "due_on", "owner_id"))
    report = holder("May.docx", found("deliverable", "P-01", "Form", "a", "b", "c"), is_periodic=True)
    assert own_ids([plan, register, report]) == {("deliverable", "P-01"): "Products.xlsx"}
    assert own_ids([plan, report]) == {("deliverable", "P-01"): "Plan.docx"}


def test_a_number_that_means_two_things_is_nobodys() -> None:
    """Two names, a number twice in one document, a bare number that every list counts anew."""
    first, other = found("risk", "R-1", "Late permits"), found("risk", "R-1", "Budget cut")
    assert own_ids([holder("a", first), holder("b", other)]) == {("risk", "R-1"): None}
    assert own_ids([holder("a", first, first), holder("b", first)]) == {("risk", "R-1"): None}
    assert own_ids([holder("a", found("risk", "1", "Same")), holder("b", found("risk", "1", "Same"))]) == {("risk", "1"): None}
    assert own_ids([holder("a", first), holder("b", found("risk", "R-1", "Late permit"))]) == {("risk", "R-1"): "b"}
    assert own_ids([holder("a", first), holder("b", first, is_gone=True), holder("c", first, is_current=False)]) == {("risk", "R-1"): "a"}


def test_beside_a_register_the_number_alone_says_which_entry_is_meant() -> None:
    """Reports and cases tell a risk in their own words; a second register, or a file that nobody knows, may mean another one."""
    register = holder("Log.xlsx", found("risk", "R-1", "Few agents pay online"), keeps="risk")
    case = holder("Case.docx", found("risk", "R-1", "Payment is not used"))
    report = holder("May.docx", found("risk", "R-1", "Agents do not pay"), is_periodic=True, is_known=False)
    key = ("risk", "R-1")
    assert own_ids([register, case, report]) == {key: "Log.xlsx"}
    assert own_ids([register, holder("List.xlsx", found("risk", "R-1", "Payment is not used"), is_known=False)]) == {key: None}
    assert own_ids([register, holder("Old.xlsx", found("risk", "R-1", "Payment is not used"), keeps="risk")]) == {key: None}
    assert own_ids([case, report]) == {key: None}


def test_the_kept_row_takes_what_only_a_copy_says() -> None:
    """A column that the register lacks is filled where all copies agree; reports fill none, and nothing is overwritten."""
    rows = [
        made("deliverable", "P-01", "register", "P-01", title="Form", status="accepted"),
        made("deliverable", "x1", "plan", "P-01", title="Form", status="open", wbs_code="1.1", acceptance_criteria="Fast"),
        made("deliverable", "x2", "charter", "P-01", title="Form", wbs_code="2.2", acceptance_criteria="Fast"),
        made("deliverable", "x3", "report", "P-01", title="Form", owner_id="Ada Finch"),
    ]
    mark_copies(rows, [holder("register"), holder("plan"), holder("charter"), holder("report", is_periodic=True)])
    assert [row.is_record for row in rows] == [True, False, False, False]
    assert [bool(row.extra.get(COPY)) for row in rows] == [False, True, True, True]
    assert rows[0].values == {"title": "Form", "status": "accepted", "acceptance_criteria": "Fast"}
    assert rows[0].locator == "row P-01; acceptance_criteria: plan.docx, row x1"  # each value can be found where it stands


def test_the_kept_row_refers_to_what_only_a_copy_says() -> None:
    """The case names the product that a benefit rests on; where two documents name different ones nobody knows."""
    plan, case, other = (
        holder(name, found("benefit", "B-1", "Less paper"), keeps=keeps) for name, keeps in (("P", "benefit"), ("C", ""), ("O", ""))
    )
    for documents in ([plan, case], [plan, case, other]):
        rows = [
            made("benefit", name, document.id, "B-1", name="Less paper")
            for name, document in zip(("B-1", "x", "y"), documents, strict=False)
        ]
        for number, row in enumerate(rows[1:], 2):
            row.extra[REFERS] = {"enabling_deliverable_id": ("deliverable", f"P-0{number}")}
        mark_copies(rows, documents)
        agreed = {"enabling_deliverable_id": ("deliverable", "P-02")} if len(documents) == 2 else None
        assert rows[0].extra.get(REFERS) == agreed


def test_where_there_is_a_risk_log_other_documents_only_show_risks() -> None:
    """Reports and documents of other kinds are excerpts; an unknown file may be a second log; without a log all of them count."""
    rows = [made("risk", "R-1", "log", "R-1", title="A")]
    rows += [made("risk", f"x{number}", name, None, title=name) for number, name in enumerate(("report", "charter", "list"))]
    papers = [holder("report", is_periodic=True, is_known=False), holder("charter"), holder("list", is_known=False)]
    mark_copies(rows, [holder("log", keeps="risk"), *papers])
    assert [row.is_record for row in rows] == [True, False, False, True]
    alone = [made("risk", "x1", "report", None, title="A"), made("risk", "x2", "charter", None, title="B")]
    mark_copies(alone, papers)
    assert all(row.is_record for row in alone)


def test_a_number_that_the_register_gave_twice_names_one_of_its_entries() -> None:
    """A list of what was spent names the entry by the number alone: it is no entry of its own, whichever of the two is meant."""
    rows = [
        made("issue", "I-4 #1", "log", "I-4", title="Slow page"),
        made("issue", "I-4 #2", "log", "I-4", title="Wrong sum"),
        made("issue", "x1", "budget", None, title="I-4"),
        made("issue", "x2", "budget", None, title="I-5"),
    ]
    mark_copies(rows, [holder("log", keeps="issue"), holder("budget", is_known=False)])
    assert [row.is_record for row in rows] == [True, True, False, True]


def test_plans_only_show_lessons_of_the_log() -> None:
    """A plan names the lessons that it uses; a report may tell one that nobody entered yet."""
    rows = [
        made("lesson", "L-1", "log", "L-1", title="A"),
        made("lesson", "L-9", "plan", "L-9", title="B"),
        made("lesson", "L-8", "end", "L-8", title="C"),
    ]
    mark_copies(rows, [holder("log", keeps="lesson"), holder("plan", is_plan=True), holder("end")])
    assert [row.is_record for row in rows] == [True, False, True]
    mark_copies(alone := [made("lesson", "L-9", "plan", "L-9", title="B")], [holder("plan", is_plan=True)])
    assert alone[0].is_record


def test_an_empty_log_hides_no_risks() -> None:
    """A template of a log beside the risks of a charter is not where the project keeps them."""
    rows = [made("risk", "x1", "charter", None, title="A")]
    mark_copies(rows, [holder("log", keeps="risk"), holder("charter")])
    assert rows[0].is_record


def test_stages_that_two_documents_list_are_one() -> None:
    """By number and name, the fullest first; another name is another stage."""
    rows = [
        made("stage", "a", "plan", None, number=2, name="Build", started_on=None, ended_on=None),
        made("stage", "b", "brief", None, number=2, name="build", authorised_by="Ada Finch"),
        made("stage", "c", "brief", None, number=3, name="Roll-out"),
        made("stage", "d", "plan", None, number=3, name="Closure"),
    ]
    mark_copies(rows, [holder("plan"), holder("brief")])
    assert [row.id for row in rows if row.is_record] == ["a", "c", "d"]
    assert rows[0].get("authorised_by") == "Ada Finch"


def test_a_listed_stage_takes_what_reports_mention_of_it() -> None:
    rows = [
        made("stage", "s1", "plan", None, number=3, name="Build", planned_start_on="2026-07-10"),
        made("stage", "s2", "report", None, number=3, started_on="2026-07-13"),
        made("stage", "s3", "report", None, number=4, started_on="2026-09-01"),
    ]
    mark_copies(rows, [holder("plan"), holder("report", is_periodic=True)])
    assert [row.is_record for row in rows] == [True, False, True]
    assert rows[0].values["started_on"] == "2026-07-13"


def test_a_number_at_two_matters_of_one_register_stays_to_be_seen() -> None:
    """Not where the second row goes on with the first, in another table, or by plain figures."""
    two = [
        found("lesson", "E-4", "Change of the executive"),
        found("lesson", "E-4", "One folder for all"),
        found("lesson", "E-5", "Real data"),
    ]
    assert twice_numbered(two) == {0: "E-4 #1", 1: "E-4 #2"}
    assert twice_numbered([found("risk", "R-1", "Late permits"), found("risk", "R-1", "Late permits again")]) == {}
    assert twice_numbered([found("risk", "1", "Late permits"), found("risk", "1", "Budget cut")]) == {}
    elsewhere = Found("risk", {"title": "Cut"}, frozenset({"title"}), "table 7 row 2", "R-1", "risk", ("cut", ""))
    assert twice_numbered([found("risk", "R-1", "Late permits"), elsewhere]) == {}


def test_a_report_shows_one_of_two_entries_that_share_a_number() -> None:
    rows = [
        made("lesson", "E-4 #1", "log", "E-4", title="Change of the executive"),
        made("lesson", "E-4 #2", "log", "E-4", title="One folder for all"),
        made("lesson", "0a1b", "report", "E-4", title="Change of the executive"),
        made("lesson", "0a1c", "report", "E-4", title="Something else"),
    ]
    mark_copies(rows, [holder("log"), holder("report")])
    assert [row.is_record for row in rows] == [True, True, False, True]


def test_a_row_that_only_says_a_number_means_the_entry_of_that_number() -> None:
    """What was spent on R-06 is no second risk; a product by its code and name is the product of the register."""
    rows = [
        made("risk", "R-06", "log", "R-06", title="Too few testers"),
        made("risk", "x1", "log", None, title="R-06"),
        made("risk", "x2", "log", None, title="R-07"),
        made("deliverable", "PD-01", "register", "PD-01", title="Registry"),
        made("deliverable", "x3", "package", None, title="Registry", wbs_code="PD-01"),
        made("deliverable", "x4", "package", None, title="Guide", wbs_code="PD-01"),
    ]
    mark_copies(rows, [holder("log", keeps="risk"), holder("register", keeps="deliverable"), holder("package")])
    assert [row.is_record for row in rows] == [True, False, True, True, False, True]


def test_checks_of_a_plan_are_planned_only_where_there_is_a_quality_register() -> None:
    rows = [made("review", "Q-01", "register", "Q-01", subject="Form"), made("review", "Q-13", "plan", "Q-13", subject="Pages")]
    mark_copies(rows, [holder("register", keeps="review"), holder("plan", is_plan=True)])
    assert [row.is_record for row in rows] == [True, False]
    alone = [made("review", "Q-13", "plan", "Q-13", subject="Pages")]
    mark_copies(alone, [holder("plan", is_plan=True)])
    assert alone[0].is_record


def test_the_record_of_a_check_is_no_other_check_where_number_and_day_are_those_of_the_register() -> None:
    """Held on another day it may be one; so may that of a second register, and an entry of any other register."""

    def check(day: int | None, subject: str, table: str = "review") -> Found:
        said = {"held_on": dt.date(2026, 6, day)} if day else {}
        return Found(table, said, frozenset({"held_on"}), "Records!A2:G2", "Q-01", table, (subject, ""))

    register = holder("Log.xlsx", check(4, "label printer"), keeps="review")
    key = ("review", "Q-01")
    assert own_ids([register, holder("Records.xlsx", check(4, "P10"), is_known=False)]) == {key: "Log.xlsx"}
    assert own_ids([register, holder("Records.xlsx", check(5, "P10"), is_known=False)]) == {key: None}
    assert own_ids([register, holder("Old.xlsx", check(4, "P10"), keeps="review")]) == {key: None}
    undated = holder("Log.xlsx", check(None, "label printer"), keeps="review")
    assert own_ids([undated, holder("Records.xlsx", check(None, "P10"), is_known=False)]) == {key: None}
    risks = holder("Log.xlsx", check(4, "late", "risk"), keeps="risk")
    assert own_ids([risks, holder("List.xlsx", check(4, "cut", "risk"), is_known=False)]) == {("risk", "Q-01"): None}


def test_a_row_named_by_number_and_name_means_that_entry() -> None:
    """'M7 Handover done' of a report is the plan's M7; another name, or another number, is an entry of its own."""
    rows = [
        made("milestone", "M7", "plan", "M7", title="Handover done", achieved_on="2026-10-16"),
        made("milestone", "x1", "report", None, title="M7 Handover done"),
        made("milestone", "x2", "report", None, title="M7: Handover"),
        made("milestone", "x3", "report", None, title="M7 Training held"),
        made("milestone", "x4", "report", None, title="M8 Handover done"),
        made("milestone", "x5", "plan", None, title="M7 Handover done"),
    ]
    mark_copies(rows, [holder("plan", keeps="milestone"), holder("report", is_periodic=True)])
    assert [row.is_record for row in rows] == [True, False, False, True, True, True]


@pytest.mark.parametrize(
    ("titles", "more", "are_copies"),
    [
        (("B1 errors per 1,000 doses", "B2 late doses"), {}, True),
        (("B1 errors per 1,000 doses", "B2 late doses"), {"is_known": False}, True),
        (("B1 errors per 1,000 doses", "B2 late doses"), {"is_known": False, "is_workbook": True}, False),  # it may number what is its own
        (("B1 errors per 1,000 doses", "B9 late doses"), {}, False),
        (("B1 errors per 1,000 doses", "Late doses"), {}, False),
        (("B1 errors per 1,000 doses",), {}, False),
    ],
)
def test_a_list_whose_every_line_begins_with_a_number_of_the_register_shows_its_entries(
    titles: tuple[str, ...], more: dict[str, bool], are_copies: bool
) -> None:
    case = [made("benefit", f"B{number}", "case", f"B{number}", name=name) for number, name in enumerate(("Fewer errors", "On time"), 1)]
    review = [made("benefit", f"x{number}", "review", None, name=name) for number, name in enumerate(titles)]
    mark_copies([*case, *review], [holder("case"), holder("review", **more)])
    assert [row.is_record for row in case] == [True, True]
    assert [row.is_record for row in review] == [not are_copies] * len(titles)


def test_a_line_of_an_outline_shows_the_entry_that_its_name_numbers() -> None:
    """Though the outline numbers its lines too; another name, and an entry of the same document, is another matter."""
    charter = holder("Charter.docx")
    plan = holder("Plan.docx")
    rows = [
        made("deliverable", "D2", "Charter.docx", "D2", title="Registry\nCentral registry"),
        made("deliverable", "D3", "Charter.docx", "D3", title="Gateway"),
        made("deliverable", "1.3", "Plan.docx", "1.3", title="D2 Registry", due_on=dt.date(2026, 6, 30)),
        made("deliverable", "1.4", "Plan.docx", "1.4", title="D3 Manuals"),
        made("deliverable", "1.5", "Charter.docx", "1.5", title="D3 Gateway"),
    ]
    mark_copies(rows, [charter, plan])
    assert [row.id for row in rows if row.is_record] == ["D2", "D3", "1.4", "1.5"]
    assert rows[0].get("due_on") == dt.date(2026, 6, 30)


def test_what_every_copy_leaves_blank_is_blank() -> None:
    """The approach has a place for the owner of a benefit, and nobody stands in it; where another copy names one, it is filled."""
    rows = [
        made("benefit", "B4", "case", "B4", name="Less turnover"),
        made("benefit", "x1", "approach", None, name="B4 Less turnover", owner_id=None),
        made("benefit", "B5", "case", "B5", name="Fewer calls"),
        made("benefit", "x2", "approach", None, name="B5 Fewer calls", owner_id=None),
        made("benefit", "x3", "plan", None, name="B5 Fewer calls", owner_id="Ada Finch"),
    ]
    mark_copies(rows, [holder("case", keeps="benefit"), holder("approach"), holder("plan")])
    assert [row.is_record for row in rows] == [True, False, True, False, False]
    assert ("owner_id" in rows[0].filled, rows[0].get("owner_id")) == (True, None)
    assert rows[2].get("owner_id") == "Ada Finch"


def test_what_only_a_draft_leaves_open_is_not_known() -> None:
    """A draft plan still says 'tbd' where the criteria will stand; what it does say counts, and so does the blank of a finished plan."""
    rows = [
        made("deliverable", "P-12", "log", "P-12", title="Training set"),
        made("deliverable", "x1", "draft", "P-12", title="Training set", acceptance_criteria=None, due_on=dt.date(2027, 3, 1)),
        made("deliverable", "P-13", "log", "P-13", title="Rollout"),
        made("deliverable", "x2", "draft", "P-13", title="Rollout", acceptance_criteria=None),
        made("deliverable", "x3", "plan", "P-13", title="Rollout", acceptance_criteria=None),
    ]
    mark_copies(rows, [holder("log", keeps="deliverable"), holder("draft", is_plan=True, is_draft=True), holder("plan", is_plan=True)])
    assert ("acceptance_criteria" in rows[0].filled, rows[0].get("due_on")) == (False, dt.date(2027, 3, 1))
    assert "acceptance_criteria" in rows[2].filled


def test_an_outline_without_days_shows_the_milestones_of_the_plan() -> None:
    """By their names; a day of its own, another figure, or two milestones of the name make it a row of its own."""
    day = "2026-05-29"
    plan = [
        made("milestone", "M1", "Plan", "M1", title="Release 1 in use by two ports", baseline_on=day),
        made("milestone", "M2", "Plan", "M2", title="Data migrated", baseline_on=day),
        made("milestone", "M3", "Plan", "M3", title="Gate passed", baseline_on=day),
        made("milestone", "M4", "Plan", "M4", title="Gate passed", baseline_on=day),
    ]
    case = [
        made("milestone", "a", "Case", None, title="Release 1 (register) in use by two ports"),
        made("milestone", "b", "Case", None, title="Data migrated", forecast_on=day),
        made("milestone", "c", "Case", None, title="Release 2 in use by two ports"),
        made("milestone", "d", "Case", None, title="Gate passed"),
        made("milestone", "e", "Case", None, title="Data"),
    ]
    mark_copies([*plan, *case], [holder("Plan"), holder("Case")])
    assert [row.is_record for row in case] == [False, True, True, True, True]
    assert all(row.is_record for row in plan)


def test_a_role_accepted_since_an_older_version_is_accepted() -> None:
    """Of another role, or where two days are said, nobody knows."""
    day, other = dt.date(2026, 4, 2), dt.date(2026, 5, 2)
    rows = [
        made("role", "a", "old", None, role="senior_user", person_id="p:1", accepted_on=None),
        made("role", "b", "new", None, role="senior_user", person_id="p:1", accepted_on=day),
        made("role", "c", "new", None, role="executive", person_id="p:1", accepted_on=None),
        made("role", "d", "pid", None, role="senior_user", person_id="p:1"),
        made("role", "e", "old", None, role="executive", person_id="p:2", accepted_on=None),
        made("role", "f", "new", None, role="executive", person_id="p:2", accepted_on=day),
        made("role", "g", "pid", None, role="executive", person_id="p:2", accepted_on=other),
    ]
    mark_copies(rows, [holder("old", is_current=False), holder("new"), holder("pid")])
    assert [row.get("accepted_on") for row in rows] == [day, day, None, day, None, day, other]


@pytest.mark.parametrize("planned", [True, False])
def test_reports_show_the_tolerances_that_plans_set(planned: bool) -> None:
    """Where no plan was read a report is all that tells them."""
    rows = [made("allowance", "a", "Report", None, level="stage", aspect="cost")]
    if planned:
        rows.append(made("allowance", "b", "Plan", None, level="stage", aspect="cost"))
    mark_copies(rows, [holder("Report", is_periodic=True), holder("Plan")])
    assert [row.is_record for row in rows] == ([False, True] if planned else [True])


def test_a_report_is_all_that_tells_tolerances_of_a_level_that_no_plan_sets() -> None:
    rows = [
        made("allowance", "a", "Report", None, level="stage", aspect="cost"),
        made("allowance", "b", "Report", None, level=None, aspect="time"),
        made("allowance", "c", "Plan", None, level="project", aspect="cost"),
    ]
    mark_copies(rows, [holder("Report", is_periodic=True), holder("Plan")])
    assert [row.is_record for row in rows] == [True, False, True]


def test_a_charter_outlines_the_milestones_that_the_plan_lays_down() -> None:
    """Where the plan has none, or one, or is no more in use, those of the charter stay."""

    def marked(**plan: Any) -> list[bool]:
        day = dt.date(2026, 5, 1)
        rows = [
            made("milestone", "c1", "charter", None, title="Go live", baseline_on=day),
            *(made("milestone", f"M{n}", "plan", f"M{n}", title=f"Step {n}", baseline_on=day) for n in range(plan.pop("count", 2))),
        ]
        mark_copies(rows, [holder("charter", is_first=True), holder("plan", **plan)])
        return [row.is_record for row in rows]

    assert marked() == [False, True, True]
    assert marked(count=1) == [True, True]
    assert marked(is_periodic=True) == [True, True, True]
