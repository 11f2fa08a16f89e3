"""Lines that state several things, files of several reports, lists headed by who was there, tables that bear their title."""

import datetime as dt

import pytest
from details_notation import document_of, read

from auditor.connect.document import Cell, Document, TableBlock
from auditor.snapshot.documents.found import Found


def _rows(found: tuple[Found, ...], table: str) -> list[Found]:
    return [row for row in found if row.table == table]


@pytest.mark.parametrize(
    ("line", "first", "last", "issued"),
    [
        ("Report date 4 March 2026; period 2 February 2026 to 27 February 2026; stage 1 Begin.", (2, 2), (2, 27), (3, 4)),
        ("Report date: 4 March 2026 | Period: 02/02/2026 – 27/02/2026", (2, 2), (2, 27), (3, 4)),
        ("Report date: 4 March 2026   Period: 2 February 2026 to 27 February 2026; stages 1 and 2.", (2, 2), (2, 27), (3, 4)),
        ("Report date 4 March 2026; nothing more is said; period of rest", None, None, (3, 4)),
        ("From: Ada Finch, project manager   To: board", None, None, None),
    ],
)
def test_one_line_states_day_and_period(
    line: str, first: tuple[int, int] | None, last: tuple[int, int] | None, issued: tuple[int, int] | None
) -> None:
    found = read(f"% Highlight Report 2\n{line}\n# Summary\nAll is well.", kind="highlight_report")
    (report,) = _rows(found.found, "report")
    days = [None if day is None else dt.date(2026, *day) for day in (first, last, issued)]
    assert [report.values.get(name) for name in ("period_from_on", "period_to_on", "issued_on")] == days
    assert "period_from_on_raw" not in report.values


def test_a_stage_is_named_without_a_colon_only_beside_the_day() -> None:
    both = read("% Highlight Report 2\nReport date 4 March 2026; stage 2 Build.", kind="highlight_report")
    assert _rows(both.found, "report")[0].refers["stage_id"] == ("stage", "2 Build")
    alone = read("% Highlight Report\nStage 2 was started", kind="highlight_report")
    assert "stage_id" not in _rows(alone.found, "report")[0].refers


def test_a_file_of_several_reports_is_several_reports() -> None:
    text = "% Checkpoint reports WP-04\n" + "\n".join(
        f"# Checkpoint {number}\n| Item | Report |\n| Date | {day}-Mar-2026 |\n| Period | 01-Mar-2026 to {day}-Mar-2026 |\n| Lessons | None |"
        for number, day in ((1, 13), (2, 27))
    )
    reports = _rows(read(text, kind="checkpoint_report").found, "report")
    assert [row.values["issued_on"] for row in reports] == [dt.date(2026, 3, 13), dt.date(2026, 3, 27)]
    assert [row.values["period_to_on"] for row in reports] == [dt.date(2026, 3, 13), dt.date(2026, 3, 27)]
    assert {row.refers["work_package_id"] for row in reports} == {("work_package", "WP-04")}


def test_reports_of_a_stage_stand_in_one_file() -> None:
    """Each below its heading with its own period; a document that repeats one period is one report."""
    text = "% Highlight reports, Stages 1 and 2\n" + "".join(
        f"# Highlight report {month} (issued {day})\n| Period | {month}-01 to {month}-28 |\n| {label} | {day} |\n| Stage | {stage} |\n"
        "## Summary\nAll as planned.\n"
        for month, day, label, stage in (("2026-01", "2026-02-03", "Issued", 1), ("2026-02", "2026-03-04", "Sent", 2))
    )
    reports = _rows(read(text, kind="highlight_report").found, "report")
    assert [(row.values["period_from_on"], row.values["period_to_on"], row.values["issued_on"]) for row in reports] == [
        (dt.date(2026, 1, 1), dt.date(2026, 1, 28), dt.date(2026, 2, 3)),
        (dt.date(2026, 2, 1), dt.date(2026, 2, 28), dt.date(2026, 3, 4)),
    ]
    bare = "\n".join(line for line in text.split("\n") if "| Issued" not in line and "| Sent" not in line)
    assert len(_rows(read(bare, kind="highlight_report").found, "report")) == 2
    assert (
        len(_rows(read(bare.replace("2026-02-01 to 2026-02-28", "2026-01-01 to 2026-01-28"), kind="highlight_report").found, "report")) == 1
    )


def test_a_cover_line_states_several_things() -> None:
    found = read("% Plan\nReference: X-1 | Version: 1.2 | Status: Approved | Date: 3 May 2026\nPrepared by: Ada Finch   |   Owner: Jo Lake")
    assert found.artefact["version_on_cover"] == "1.2"
    assert found.artefact["date_on_cover"] == dt.date(2026, 5, 3)
    assert found.artefact["author_id"] == "Ada Finch"


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("| Present | Role |\n| Ada Finch | Executive |\n| Jo Lake | Senior user |", {"Ada Finch": True, "Jo Lake": True}),
        ("| Apologies | Role |\n| Ada Finch | Executive |\n| Jo Lake | Senior user |", {"Ada Finch": False, "Jo Lake": False}),
        (
            "| Present | Role |\n| Ada Finch | Executive |\n| Jo Lake | Pilot |\n\nApologies: Lee Park (senior user), on leave; no substitute",
            None,
        ),
        ("| Name | Present |\n| Ada Finch | yes |\n| Jo Lake | no |", {"Ada Finch": True, "Jo Lake": False}),
    ],
)
def test_a_header_says_who_was_there(text: str, there: dict[str, bool] | None) -> None:
    found = read(f"% Minutes of the project board\nDate: 3 March 2026   Place: Room 2\n{text}", kind="minutes_of_meeting")
    said = {row.values["person_id"]: row.values["is_present"] for row in _rows(found.found, "attendance")}
    assert said == (there or {"Ada Finch": True, "Jo Lake": True, "Lee Park": False})
    assert _rows(found.found, "meeting")[0].values["held_on"] == dt.date(2026, 3, 3)


def test_a_table_bears_its_title_in_its_first_row() -> None:
    """A sign-off below such a row is no list of who holds which role."""
    title = tuple(Cell("Sign-off", column_span=4) if not place else Cell("Sign-off", is_covered=True) for place in range(4))
    rows = (("Role", "Name", "Date signed", "Result"), ("Executive", "Ada Finch", "3 March 2026", "Approved"))
    table = TableBlock((title, *(tuple(Cell(text) for text in row) for row in rows)), locator="table 1")
    found = read(Document("docx", (*document_of("% Plan\n# Aim\nOne thing.").blocks, table)))
    (approval,) = _rows(found.found, "approval")
    assert (approval.values["person_id"], approval.values["decided_on"]) == ("Ada Finch", dt.date(2026, 3, 3))
    assert _rows(found.found, "role") == []


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("| Role | Holder | Accepted on |", "accepted_on"),
        ("| Role | Name | In role since |", "from_on"),
        ("| Holder | Role | Agreed on |", "accepted_on"),
    ],
)
def test_lists_of_roles_say_since_when(header: str, column: str) -> None:
    cells = {"Role": "User assurance", "Holder": "Ada Finch", "Name": "Ada Finch"}
    line = " | ".join(cells.get(head.strip(), "3 March 2026") for head in header.strip("|").split("|"))
    (role,) = _rows(read(f"% Roles\n# Roles\n{header}\n| {line} |").found, "role")
    assert role.values == {"role": "project_assurance", "person_id": "Ada Finch", column: dt.date(2026, 3, 3)}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Stage 2 closed; stage 3 started on 13 July with the environments.", dt.date(2026, 7, 13)),
        ("Stage 3 started on 13 July 2026.", dt.date(2026, 7, 13)),
        ("Stage 3 started on 20 December.", dt.date(2025, 12, 20)),
        ("Phase 3 hat am 13.07.2026 begonnen.", dt.date(2026, 7, 13)),
        ("Stage 3 is started on time.", None),
        ("Stage 3 started on 13 September 2026.", None),
    ],
)
def test_a_report_tells_when_a_stage_began(text: str, day: dt.date | None) -> None:
    """A day without a year is the last one before the report; one after it tells of a plan."""
    found = read(f"% Highlight Report 6\nReport date: 6 August 2026\n# Summary\n{text}", kind="highlight_report")
    assert [(row.values["number"], row.values["started_on"]) for row in _rows(found.found, "stage")] == ([(3, day)] if day else [])


@pytest.mark.parametrize(
    ("text", "gate", "stage"),
    [
        ("Plan of stage 2 approved, stage 2 authorized from 16 March 2026.", "stage_boundary", "2"),
        ("PID 1.0 approved; project authorized within the tolerances.", "project_authorisation", None),
        ("The project is authorised; stage 2 is authorised.", "project_authorisation", "2"),
        ("Freigabe der Phase 3: genehmigt", "stage_boundary", "3"),
        ("Phase 4 ist vom 16.03. bis 19.06.2026 freigegeben; Toleranz Zeit ±1 Woche", "stage_boundary", "4"),
        ("Stage 3 is on hold until authorised", None, None),
        ("Stage 4 is planned to be authorised on 5 May 2026", None, None),
        ("Phase 3 ist erst im Mai freigegeben", None, None),
        ("Stage 3 is from 2 February to 25 September authorized", "stage_boundary", "3"),
        ("La séquence 4 est du 16 mars au 19 juin autorisée", "stage_boundary", "4"),
        ("PID 1.0, business case 1.0 and project plan 1.0 approved; tailoring approved", "project_authorisation", None),
        ("The Project Initiation Documentation is approved and stage 2 authorised", "project_authorisation", "2"),
        ("Business case 1.0 approved. Projektleitdokumentation 1.0 genehmigt", "project_authorisation", None),
        ("PID 2.0 approved", None, None),
        ("PID outline and draft of the plan approved", None, None),
        ("PID review dates discussed; business case approved", None, None),
        ("Changes to the PID approved", None, None),
        ("PID will be approved by mail", None, None),
        ("PID cannot be approved yet", None, None),
        ("PID shall be approved in May", None, None),
        ("PID must be approved by the sponsor first", None, None),
        ("PID may be approved by mail", None, None),
        ("La documentación de inicio no fue aprobada", None, None),
        ("PID soll im Mai genehmigt werden", None, None),
        ("PID 1.0 approved; the pilot may be run in May", "project_authorisation", None),
        ("Stage 2 will be authorized later", None, None),
        ("RfE: the project may move to the Executing Phase.", "rfe", None),
        ("RfP: le projet peut entrer dans la phase de planification.", "rfp", None),
        ("RfC: das Projekt darf in die Abschlussphase übergehen.", "rfc", None),
        ("RfE: el proyecto puede iniciar la fase de ejecución.", "rfe", None),
        ("RfE: the project may move to the Executing Phase if the budget is confirmed.", None, None),
    ],
)
def test_decisions_of_the_board_are_gates(text: str, gate: str | None, stage: str | None) -> None:
    minutes = f"% Minutes of the project board\nDate: 3 March 2026\n# Decisions\n| No. | Decision | Date |\n| D-1 | {text} | 3 March 2026 |"
    found = _rows(read(minutes, kind="minutes_of_meeting").found, "gate")
    assert [row.values["gate"] for row in found] == ([gate] if gate else [])
    assert [row.refers.get("stage_id") for row in found] == ([("stage", stage) if stage else None] if gate else [])


@pytest.mark.parametrize(("number", "is_dated"), [("4.2", True), ("3", True), ("D-17", False), ("2026-014", False)])
def test_minutes_number_their_decisions(number: str, is_dated: bool) -> None:
    """A mere number is that of the minutes, whose day it has; another id is that of the decision log, which dates it."""
    minutes = (
        "% Compte rendu du comité de pilotage n° 4\n| Séance du | 25 juin 2026 |\n| Rédacteur | Ada Finch |\n"
        f"# Décisions\n| N° | Décision | Décideur |\n| {number} | Le comité autorise la séquence 2. | Comité de pilotage |"
    )
    found = read(minutes, kind="minutes_of_meeting", language="fr").found
    assert [row.values["held_on"] for row in _rows(found, "meeting")] == [dt.date(2026, 6, 25)]
    gates = [(row.values["gate"], row.values["decided_on"], row.refers["stage_id"]) for row in _rows(found, "gate")]
    assert gates == ([("stage_boundary", dt.date(2026, 6, 25), ("stage", "2"))] if is_dated else [])


@pytest.mark.parametrize(
    ("period", "language"),
    [("juin 2026", "fr"), ("June 2026", "en"), ("2026-06", "en"), ("06/2026", "es"), ("Juni 2026", "de"), ("junio de 2026", "es")],
)
def test_a_month_is_a_period(period: str, language: str) -> None:
    said = f"% Report\n| Period | {period} |\n| Rapport diffusé le | 2026-07-06 |\n| Séquence | 1 |"
    (report,) = _rows(read(said, kind="highlight_report", language=language).found, "report")
    assert [report.values[name] for name in ("period_from_on", "period_to_on")] == [dt.date(2026, 6, 1), dt.date(2026, 6, 30)]
    assert report.values["issued_on"] == dt.date(2026, 7, 6)
    assert report.refers["stage_id"] == ("stage", "1")


def test_stages_end_at_their_total() -> None:
    plan = (
        "% Plan de projet\n# Séquences\n| Séquence | Début | Fin | Budget |\n| Initialisation | 2026-01-05 | 2026-02-13 | 10 |\n"
        "| Séquence 1 - conception | 2026-02-16 | 2026-06-26 | 20 |\n| Total hors réserves |  |  | 30 |\n| Réserve |  |  | 5 |"
    )
    found = _rows(read(plan, kind="project_plan", language="fr").found, "stage")
    assert [(row.values["name"], row.values.get("number")) for row in found] == [("Initialisation", None), ("Séquence 1 - conception", 1)]


def test_steps_of_approval_say_who_only_wrote_or_read() -> None:
    plan = (
        "% Plan\n# Circuit de validation\n| Étape | Nom | Fonction | Date | Visa |\n| Rédaction | Ada Finch | Chef de projet | 2026-01-05 | signé |\n"
        "| Vérification | Jo Lake | Assurance projet | 2026-01-06 | signé |\n"
        "| Approbation | Kim Obi | Exécutif du projet, pour le comité de pilotage | 2026-01-08 | signé |"
    )
    said = read(plan, kind="project_plan", language="fr")
    found = [(row.values.get("action"), row.values["role"]) for row in _rows(said.found, "approval")]
    assert found == [("review", "project_assurance"), ("approve", "executive")]
    assert said.artefact["approved_on"] == dt.date(2026, 1, 8)


@pytest.mark.parametrize(("header", "cell", "is_filled"), [("Owner", "Ada Finch", True), ("Owner", "", True), ("Notes", "", False)])
def test_who_decided_at_a_gate_is_blank_where_the_list_has_a_column_for_it(header: str, cell: str, is_filled: bool) -> None:
    table = f"| Decision | {header} | Date |\n| Ready for Executing: approved | {cell} | 3 March 2026 |"
    minutes = f"% Minutes of Meeting\nDate: 3 March 2026\n# Decisions\n{table}"
    (gate,) = _rows(read(minutes, kind="minutes_of_meeting").found, "gate")
    assert ("decided_by" in gate.filled) is is_filled


def test_an_absent_member_has_the_role_behind_the_name() -> None:
    minutes = "% Minutes of the project board\nDate: 3 March 2026\nApologies: Lee Park (senior user), on leave; no substitute"
    (row,) = _rows(read(minutes, kind="minutes_of_meeting").found, "attendance")
    assert (row.values["person_id"], row.values["role"], row.values["is_present"]) == ("Lee Park", "senior_user", False)


def test_items_that_are_named_by_numbers_have_them_as_references() -> None:
    """'Risk | Description' above 'R-01 | …'; where the names are words they stay names."""
    found = read("% Case\n# Major risks\n| Risk | Description |\n| R-01 | Agents do not pay |\n| R-11 | Funds are withdrawn |")
    items = [row for row in _rows(found.found, "listed_item") if row.values["kind"] == "risk"]
    assert [(row.values["ref"], row.values["name"]) for row in items] == [("R-01", "Agents do not pay"), ("R-11", "Funds are withdrawn")]
    named = read("% Case\n# Major risks\n| Risk | Description |\n| Late feed | The provider is slow |")
    assert [row.values["name"] for row in _rows(named.found, "listed_item") if row.values["kind"] == "risk"] == ["Late feed"]


def test_points_of_a_list_of_risks_name_entries_in_brackets() -> None:
    """One without a number names none; it is a risk all the same."""
    found = read(
        "% Business case\n# 8. Risques majeurs\n- radio trop faible (R-01)\n- la norme change en 2027", kind="business_case", language="fr"
    )
    items = [row for row in _rows(found.found, "listed_item") if row.values["kind"] == "risk"]
    assert [(row.values.get("ref"), row.values["name"]) for row in items] == [
        ("R-01", "radio trop faible"),
        (None, "la norme change en 2027"),
    ]
    assert all("ref" in row.filled for row in items)


def test_a_plan_shows_the_checks_of_the_quality_register() -> None:
    checks = (
        Found(
            "review", {"subject": "Pages", "planned_on": dt.date(2026, 3, 3)}, frozenset({"subject", "planned_on"}), "table 1 row 2", "Q-13"
        ),
    )
    (item,) = _rows(read("% Stage plan", kind="stage_plan", registers=checks).found, "listed_item")
    assert (item.values["kind"], item.values["ref"], item.values["on_date"]) == ("activity", "Q-13", dt.date(2026, 3, 3))
    assert _rows(read("% Highlight report", kind="highlight_report", registers=checks).found, "listed_item") == []


def test_a_form_describes_a_product() -> None:
    """Several producers leave the producer unknown; a form of other labels describes none."""
    form = (
        "% Product Descriptions\n# PD-04 Fee service\n| Item | Content |\n| Identifier | PD-04 |\n| Title | Fee service |\n| Purpose | Fees |\n"
        "| Composition | Rules |\n| Derivation | Tariff |\n| Quality criteria | All examples right |\n| Producer | {} |\n| Approver | Jo Lake |"
    )
    (product,) = _rows(read(form.format("Ada Finch")).found, "deliverable")
    assert (product.own_id, product.values) == (
        "PD-04",
        {"title": "Fee service", "owner_id": "Ada Finch", "acceptor_id": "Jo Lake", "acceptance_criteria": "All examples right"},
    )
    assert "owner_id" not in _rows(read(form.format("Ada Finch and Lee Park")).found, "deliverable")[0].filled
    assert (
        _rows(read("% Plan\n| Title | Plan |\n| Purpose | To plan |\n| Approver | Jo Lake |\n| Version | 1.0 |").found, "deliverable") == []
    )


COLLECTED = """% Status meetings
# Status meeting 8 July 2026
Present: Ada Finch; Jo Lake
Server ordered.
| Action | Owner | Due |
| Order racks | Jo Lake | 20 July 2026 |
# Status meeting 22 July 2026
Present: Ada Finch; Sam Park
## Decisions
- Use the second room
"""


def test_a_table_of_numbered_stages_says_what_each_is_beside_its_number() -> None:
    """Whatever that column is called; one of people is further to the right, and an empty cell names nothing."""
    text = "% Plan\n# Stages\n| Stage | Content | From | To |\n| 1 | Initiation | 2026-01-05 | 2026-03-13 |\n| 2 | Booking and planning | 2026-03-16 | 2026-07-10 |"
    stages = _rows(read(text, kind="project_plan").found, "stage")
    assert [(row.values["number"], row.values["name"]) for row in stages] == [(1, "Initiation"), (2, "Booking and planning")]
    stages = _rows(read(text.replace("Initiation", ""), kind="project_plan").found, "stage")
    assert [row.values["name"] for row in stages] == ["1", "2"]


def test_periods_that_name_their_stage_are_no_stages() -> None:
    """A ledger by period repeats the number of the stage; its amounts are no names."""
    text = (
        "% Ledger\n# Periods\n| Period | From | To | Stage | Cost |\n| 1 | 2026-01-05 | 2026-01-31 | 1 | 31200 |\n"
        "| 2 | 2026-02-01 | 2026-02-28 | 1 | 35700 |\n| 3 | 2026-03-01 | 2026-03-31 | 2 | 40000 |"
    )
    assert _rows(read(text).found, "stage") == []
    own = "% Plan\n# Stages\n| Stage | From | To | Cost |\n| 1 | 2026-01-05 | 2026-02-28 | 66900 |\n| 2 | 2026-03-01 | 2026-06-30 | 40000 |"
    assert [row.values["number"] for row in _rows(read(own).found, "stage")] == [1, 2]


@pytest.mark.parametrize(
    ("head", "first", "other", "second"),
    [
        ("Id | Element | Baseline start | Baseline end", "S0 | Initiation", "P-01 | Design", "S1 | Build"),
        ("What | Planned from | Planned to", "Stage 0 initiation", "K1 cabinets", "Stage 1 build"),
        ("Nr | Vorgang | Plan von | Plan bis", "PH0 | Initiierung", "AP1 | Entwurf", "PH1 | Bau"),
        ("Élément | Début prévu | Fin prévue", "Étape 0 initiation", "Lot 1", "Étape 1 construction"),
        ("Elemento | Inicio previsto | Fin previsto", "F0 iniciación", "Producto 1", "F1 obra"),
    ],
)
def test_stages_stand_among_the_lines_of_a_schedule(head: str, first: str, other: str, second: str) -> None:
    """They follow each other by number and by day, and what else is listed begins in one of them."""
    lines = [f"{first} | 2026-01-05 | 2026-02-27", f"{other} | 2026-03-09 | 2026-04-30", f"{second} | 2026-03-02 | 2026-06-30"]
    text = "\n".join(["% Plan\n# Timetable", f"| {head} |", *(f"| {line} |" for line in lines)])
    stages = _rows(read(text, kind="project_plan").found, "stage")
    assert [(row.values["number"], row.values["planned_end_on"]) for row in stages] == [
        (0, dt.date(2026, 2, 27)),
        (1, dt.date(2026, 6, 30)),
    ]
    assert all(any(map(str.isalpha, row.values["name"])) for row in stages)
    for changed in (text.replace("2026-03-02", "2026-02-02"), text.replace("2026-03-09", "2026-07-09"), text.replace("2026-06-30 |", " |")):
        assert _rows(read(changed, kind="project_plan").found, "stage") == []  # they overlap; work lies outside; one has no end
    assert _rows(read(text).found, "stage") == []


def test_a_forecast_where_the_true_end_will_stand_is_no_end() -> None:
    text = (
        "% Plan\n# Timetable\n| What | Planned from | Planned to | Actual from | Actual to / forecast |\n"
        "| Stage 1 initiation | 2026-01-05 | 2026-02-27 | 2026-01-05 | 2026-02-27 |\n| Stage 2 build | 2026-03-02 | 2026-06-30 | 2026-03-02 | forecast 2026-07-04 |"
        "\n| K1 cabinets | 2026-03-09 | 2026-04-30 | 2026-03-09 | 2026-04-30 |"
    )
    first, second = _rows(read(text, kind="project_plan").found, "stage")
    assert (first.values["started_on"], first.values["ended_on"]) == (dt.date(2026, 1, 5), dt.date(2026, 2, 27))
    assert second.values["forecast_end_on"] == dt.date(2026, 7, 4)
    assert "ended_on" in second.filled
    assert "ended_on" not in second.values


@pytest.mark.parametrize("last", ["Change budget", "Budget de risques"])
def test_what_has_neither_number_nor_day_below_numbered_stages_is_no_stage(last: str) -> None:
    text = f"% Plan\n# Stages\n| Stage | From | To |\n| 1 Initiation | 2026-01-05 | 2026-03-13 |\n| {last} | | |\n| 2 Closing | 2026-03-16 | 2026-07-10 |"
    stages = _rows(read(text, kind="project_plan").found, "stage")
    assert [row.values["name"] for row in stages] == ["1 Initiation", "2 Closing"]
    stages = _rows(read(text.replace("| | |", "| later | later |"), kind="project_plan").found, "stage")
    assert [row.values["name"] for row in stages] == ["1 Initiation", last, "2 Closing"]


def test_the_day_of_a_meeting_is_not_that_of_its_control_block() -> None:
    """The form that speaks of the meeting tells it; a sentence behind the apologies is nobody's name."""
    text = (
        "% Project Board Minutes PB-04\n| Document reference | PB-04 |\n| Version | 1.0 |\n| Date | 28 August 2026 |\n| Author | Jo Lake |\n"
        "# 1 Meeting\n| Meeting | End stage assessment |\n| Date | 26 August 2026 |\n| Chair | Ada Finch |\n| Published | 28 August 2026 |\n"
        "Apologies: Kim Obi (leave). No deputy was named."
    )
    found = read(text, kind="minutes_of_meeting").found
    (meeting,) = _rows(found, "meeting")
    assert (meeting.values["held_on"], meeting.values["minutes_sent_on"]) == (dt.date(2026, 8, 26), dt.date(2026, 8, 28))
    assert [(row.values["person_id"], row.values["is_present"]) for row in _rows(found, "attendance")] == [("Kim Obi", False)]
    found = read(text.replace("Kim Obi (leave). No deputy was named", "Kim Obi, Prof. Lu van Dam"), kind="minutes_of_meeting").found
    assert {"Kim Obi", "Prof. Lu van Dam"} == {row.values["person_id"] for row in _rows(found, "attendance")}


def test_what_each_party_needs_to_know_is_a_schedule_of_messages() -> None:
    """Cells that nobody filled stay blank."""
    text = (
        "% Communication Management Approach\n# 9 Information needs\n| Party | Content | Provider | Frequency | Means | Format |\n"
        "| Insurer | Stage results | Executive | End of each stage | Letter | Two pages |\n| Fire service | Access routes | Project Manager |  |  |  |"
    )
    found = read(text, kind="communication_management_approach").found
    rows = [row for row in _rows(found, "listed_item") if row.values["kind"] == "communication"]
    assert [(row.values["text"], row.values.get("value"), row.values.get("unit")) for row in rows] == [
        ("Insurer", "End of each stage", "Letter"),
        ("Fire service", None, None),
    ]


def test_a_control_block_of_one_line_and_a_history_by_on_and_by() -> None:
    text = (
        "% Project plan\n| ID | Version | State | Dated | Written by | Accountable |\n| P-1 | 2.0 | Approved | 2026-06-17 | Ada Finch | Jo Lake |\n"
        "## Changes to this document\n| Version | On | By | What changed |\n| 1.0 | 2025-12-17 | Ada Finch | Approved |\n| 2.0 | 2026-06-17 | Ada Finch | New stage |"
    )
    found = read(text, kind="project_plan")
    said = {name: found.artefact.get(name) for name in ("version_on_cover", "status", "date_on_cover", "author_id", "owner_id")}
    assert said == {
        "version_on_cover": "2.0",
        "status": "approved",
        "date_on_cover": dt.date(2026, 6, 17),
        "author_id": "Ada Finch",
        "owner_id": "Jo Lake",
    }
    assert [row.values["modified_at"].date() for row in _rows(found.found, "artefact_version")] == [
        dt.date(2025, 12, 17),
        dt.date(2026, 6, 17),
    ]


def test_the_record_of_a_board_tells_of_each_meeting() -> None:
    """When the notes went out, who took the chair by a mark in the list, and the day of what was decided."""
    text = "% Record of the project board\n" + "".join(
        f"# {day} {what}\n| Meeting | {what} |\n| Date | {day} |\n| Notes sent to all members | {sent} |\n\n| Present | Role |\n"
        f"| Ada Finch | Executive{mark} |\n| Jo Lake | Senior user |\n## Decisions\n| No. | Decision | Decided by |\n| {number} | {said} | Ada Finch |\n"
        for day, what, sent, mark, number, said in (
            ("2026-01-14", "Authorization of initiation", "2026-01-16", " (chair)", "D-01", "Stage 1 authorized"),
            ("2026-03-18", "Authorization of the project", "2026-03-19", "", "D-02", "PID 1.0 approved, project authorized"),
        )
    )
    found = read(text, kind="minutes_of_meeting").found
    meetings = _rows(found, "meeting")
    assert [(row.values["held_on"].isoformat(), row.values["minutes_sent_on"].isoformat()) for row in meetings] == [
        ("2026-01-14", "2026-01-16"),
        ("2026-03-18", "2026-03-19"),
    ]
    assert [row.values.get("chair_id") for row in meetings] == ["Ada Finch", None]
    assert _rows(found, "gate") == []  # the log that numbers them dates them
    found = read(text.replace("D-0", ""), kind="minutes_of_meeting").found
    assert {row.values["gate"]: row.values.get("decided_on") for row in _rows(found, "gate")}["project_authorisation"] == dt.date(
        2026, 3, 18
    )


def test_a_heading_may_name_the_product_that_a_form_describes() -> None:
    form = "| Rubrique | Contenu |\n| But | {} |\n| Critères de qualité | < 2 s |\n| Méthode | essai |\n| Producteur | {} |\n| Vérificateur | Jo Lake |\n| Approbateur | {} |"
    text = (
        f"% Descriptions de produits\n# 2. P01 - Bornes\n{form.format('afficher', 'Ada Finch', 'Kim Obi')}\n"
        f"# 3. P02 : Rames\n{form.format('rouler', 'Ada Finch', 'Ada Finch')}\n# 4. Annexe\n{form.format('rien', 'Jo Lake', 'Jo Lake')}"
    )
    found = _rows(read(text, language="fr").found, "deliverable")
    assert [(row.own_id, row.values["title"], row.values["owner_id"], row.values["acceptor_id"]) for row in found] == [
        ("P01", "Bornes", "Ada Finch", "Kim Obi"),
        ("P02", "Rames", "Ada Finch", "Ada Finch"),
    ]


def test_minutes_of_several_meetings_stand_in_one_file() -> None:
    found = read(COLLECTED, kind="minutes_of_meeting").found
    meetings = _rows(found, "meeting")
    assert [(row.values["kind"], row.values["held_on"]) for row in meetings] == [
        ("project_status", dt.date(2026, 7, 8)),
        ("project_status", dt.date(2026, 7, 22)),
    ]
    there = [(row.refers["meeting_id"][1], row.values["person_id"]) for row in _rows(found, "attendance")]
    first, second = (str(row.own_id) for row in meetings)
    assert there == [(first, "Ada Finch"), (first, "Jo Lake"), (second, "Ada Finch"), (second, "Sam Park")]
    assert [row.refers["meeting_id"][1] for row in _rows(found, "action")] == [first]
    (decision,) = [row for row in _rows(found, "listed_item") if row.values["kind"] == "decision"]
    assert decision.values["name"] == "Use the second room"


def test_minutes_with_days_in_their_headings_are_of_one_meeting() -> None:
    """A heading with a day among others without is no meeting."""
    text = "% Minutes\nMeeting date: 3 May 2026\n# Review of the plan of 1 April 2026\nFine.\n# Risks\nNone.\n# Changes since 2 April 2026\nNone."
    (meeting,) = _rows(read(text, kind="minutes_of_meeting").found, "meeting")
    assert meeting.values["held_on"] == dt.date(2026, 5, 3)


@pytest.mark.parametrize(
    "named", ["Steering committee", "PSC meeting", "Meeting of the steering committee", "Sitzung des Lenkungsausschusses"]
)
def test_a_table_of_meetings_says_how_often_the_committee_meets(named: str) -> None:
    """In a sentence 'steering committee' alone says nothing of meetings."""
    text = f"% Handbook\n# Reports and meetings\n| Report | Responsible | Frequency |\n| {named} | Ada Finch | every two months |"
    found = {row.values["name"]: row.values["value"] for row in _rows(read(text).found, "project_parameter")}
    assert found == {"steering_interval": "60"}
    said = read("% Handbook\n# Reports\nThe steering committee gets a letter every two months.").found
    assert not _rows(said, "project_parameter")


@pytest.mark.parametrize(
    ("said", "there"),
    [
        ("Ada Finch, Jo Lake", ["Ada Finch", "Jo Lake"]),
        ("Finch, Lake, Park; Mx Dr. Reed via Teams", ["Finch", "Lake", "Park", "Mx Dr. Reed"]),
        ("Ada Finch (PO, chair); Jo Lake (PM)", ["Ada Finch", "Jo Lake"]),
    ],
)
def test_who_was_there(said: str, there: list[str]) -> None:
    found = read(f"% Minutes\nMeeting date: 3 May 2026\nPresent: {said}", kind="minutes_of_meeting").found
    rows = _rows(found, "attendance")
    assert [row.values["person_id"] for row in rows] == there
    if "chair" in said:
        assert [row.values["role"] for row in rows] == ["project_owner", "project_manager"]


PACKAGE = (
    "% {title}\n| Version | 1.0 |\n# {agreed}\n| Item | Agreement |\n| {start} | 2026-11-02 |\n| {end} | 2026-12-11 |\n| {reports} |\n"
    "# {acts}\n| Action | Name | Date |\n| {authorised} | Gail Lowe | 2026-10-30 |\n| {accepted} | {by} |\n| {closed} | open |  |"
)
ENGLISH = {
    "title": "Work Package WP-08 Training",
    "agreed": "Joint agreements",
    "start": "Start",
    "end": "End",
    "reports": "Reporting | Checkpoint report every two weeks, Friday",
    "acts": "Authorisation and acceptance",
    "authorised": "Authorised by the project manager",
    "accepted": "Accepted by the team manager",
    "closed": "Completion confirmed by the project manager",
}
GERMAN = {
    "title": "Arbeitspaket AP-08 Schulung",
    "agreed": "Vereinbarungen",
    "start": "Beginn",
    "end": "Ende",
    "reports": "Berichte | alle zwei Wochen",
    "acts": "Beauftragung",
    "authorised": "Beauftragt durch die Projektleitung",
    "accepted": "Angenommen durch den Teammanager",
    "closed": "Fertigstellung bestätigt durch die Projektleitung",
}


@pytest.mark.parametrize("said", [ENGLISH, GERMAN])
def test_a_work_package_of_its_own(said: dict[str, str]) -> None:
    """What was done has a person and a day; a line without a day was not done; the code is its number."""
    (package,) = _rows(read(PACKAGE.format(by="Kim Obi | 2026-10-31", **said), kind="work_package").found, "work_package")
    assert package.own_id == said["title"].split()[2 if said is ENGLISH else 1]
    assert package.values == {
        "title": said["title"].rpartition(" ")[2],
        "planned_start_on": dt.date(2026, 11, 2),
        "due_on": dt.date(2026, 12, 11),
        "reporting_days": 14,
        "authorised_on": dt.date(2026, 10, 30),
        "authorised_by": "Gail Lowe",
        "accepted_on": dt.date(2026, 10, 31),
        "accepted_by": "Kim Obi",
        "team_manager_id": "Kim Obi",
    }
    (package,) = _rows(read(PACKAGE.format(by=" | ", **said), kind="work_package").found, "work_package")
    assert {"accepted_on", "accepted_by", "closed_on"} <= package.filled - package.values.keys()
    assert "team_manager_id" not in package.filled


def test_a_work_package_whose_days_stand_below_their_labels() -> None:
    """A name without day and signature is of whom is to accept; the text of its reports says how often they come."""
    text = (
        "% Lot de travaux LT-07 : Bornes\n# 4. Accords\n| Début | Fin | Budget | Tolérances |\n| 06/07/2026 | 18/12/2026 | 480 000 € | +4 % |\n"
        "# 5. Rapports\nPoint de contrôle toutes les deux semaines ; alerte immédiate si nécessaire.\n# 6. Signatures\n"
        "| Rôle | Nom | Date | Signature |\n| Autorisation - chef de projet | Ada Finch | 06/07/2026 | signé |\n"
        "| Acceptation - responsable d'équipe | Jo Lake |  |  |"
    )
    (package,) = _rows(read(text, kind="work_package", language="fr").found, "work_package")
    assert package.values == {
        "title": "Bornes",
        "planned_start_on": dt.date(2026, 7, 6),
        "due_on": dt.date(2026, 12, 18),
        "reporting_days": 14,
        "authorised_on": dt.date(2026, 7, 6),
        "authorised_by": "Ada Finch",
        "team_manager_id": "Jo Lake",
    }
    assert {"accepted_on", "accepted_by"} <= package.filled


def test_a_work_package_whose_targets_say_when_it_runs() -> None:
    """The line on time among its targets, and the team manager below a heading; a sentence there names nobody."""
    text = (
        "% Work package description WP-03\n# Team manager\n{who}\n# Targets and tolerances\n| Aspect | Target | Tolerance |\n"
        "| Time | 2026-06-22 to 2026-12-18 | + 5 working days |\n| Cost | EUR 436,000 | + 5 per cent |"
    )
    (package,) = _rows(read(text.format(who="Kim Obi, Team North."), kind="work_package").found, "work_package")
    assert (package.values["planned_start_on"], package.values["due_on"]) == (dt.date(2026, 6, 22), dt.date(2026, 12, 18))
    assert package.values["team_manager_id"] == "Kim Obi"
    (package,) = _rows(read(text.format(who="To be named by the supplier."), kind="work_package").found, "work_package")
    assert "team_manager_id" not in package.filled


def test_a_work_package_with_a_table_of_targets_and_one_of_steps() -> None:
    """Begin and end among the targets, how often it is reported below the heading of controls; that the work is done is told, then it is closed."""
    text = (
        "% Work package description WP-06\n# 3. Targets and tolerances\n| Target | Value | Tolerance |\n| Start | 21 September 2026 | – |\n"
        "| End | 11 December 2026 | ± 1 week |\n| Cost | within the stage plan | ± £8,000 |\n# 4. Monitoring, control and reporting\n"
        "Checkpoint report every four weeks on a Friday. Forecast breach of a tolerance: issue to the project manager at once.\n"
        "# 6. Agreement\n| Step | Name | Date |\n| Authorised by the project manager | Gail Lowe | 21 September 2026 |\n"
        "| Accepted by the team manager | Kim Obi | 22 September 2026 |\n| Completion notified by the team manager | Kim Obi | 2 December 2026 |\n"
        "| Completion accepted, work package closed | Gail Lowe | {closed} |"
    )
    for closed, day in (("3 December 2026", dt.date(2026, 12, 3)), ("open", None)):
        (package,) = _rows(read(text.format(closed=closed), kind="work_package").found, "work_package")
        assert (package.values["planned_start_on"], package.values["due_on"]) == (dt.date(2026, 9, 21), dt.date(2026, 12, 11))
        assert package.values["reporting_days"] == 28
        assert "closed_on" in package.filled
        assert package.values.get("closed_on") == day


@pytest.mark.parametrize(
    ("told", "closed"),
    [
        ("Completed: notified by Kim Obi on 3 December 2026, accepted by Gail Lowe on 7 December 2026", dt.date(2026, 12, 7)),
        ("open", None),
        ("notified by Kim Obi on 3 December 2026", "unknown"),
        ("accepted by Gail Lowe on 7 December 2026; accepted by Jo Lake on 8 December 2026", "unknown"),
    ],
)
def test_a_work_package_with_one_line_for_begin_and_end(told: str, closed: object) -> None:
    """Its reports come on a day of the week; of the steps of its completion the one counts by which the work was taken back."""
    text = (
        "% Work Package WP-03\n# 1 Agreement\n| Start / end | 14 September 2026 / 11 December 2026 |\n"
        f"| Reporting | Checkpoint report every Friday to the project manager |\n| Completion record | {told} |"
    )
    (package,) = _rows(read(text, kind="work_package").found, "work_package")
    assert (package.values["planned_start_on"], package.values["due_on"]) == (dt.date(2026, 9, 14), dt.date(2026, 12, 11))
    assert package.values["reporting_days"] == 7
    assert (package.values.get("closed_on") if "closed_on" in package.filled else "unknown") == closed


@pytest.mark.parametrize("signed", ["signed Kim Obi", "signed", "/s/ K. Obi", "gez. Obi", ""])
def test_a_work_package_that_agrees_on_its_days(signed: str) -> None:
    """'Agreed start' is a planned day and no acceptance; a signature that repeats the name is nobody else."""
    text = (
        "% Work Package WP-03\n# 1 Date and authorization\n| Authorized by | Gail Lowe, Project Manager, on 14 September 2026 |\n"
        "| Team manager | Kim Obi |\n| Agreed start | 14 September 2026 |\n| Agreed end | 29 January 2027 |\n# 2 Acceptance\n"
        f"| Step | Name | Date | Signature |\n| Accepted by team manager | Kim Obi | 16 September 2026 | {signed} |"
    )
    (package,) = _rows(read(text, kind="work_package").found, "work_package")
    said = {name: package.values.get(name) for name in ("planned_start_on", "due_on", "accepted_on", "accepted_by", "authorised_by")}
    assert said == {
        "planned_start_on": dt.date(2026, 9, 14),
        "due_on": dt.date(2027, 1, 29),
        "accepted_on": dt.date(2026, 9, 16),
        "accepted_by": "Kim Obi",
        "authorised_by": "Gail Lowe",
    }
    (package,) = _rows(read(text.replace(f"16 September 2026 | {signed}", " | "), kind="work_package").found, "work_package")
    assert {"accepted_on", "accepted_by"} <= package.filled - package.values.keys()


@pytest.mark.parametrize(
    "text",
    [
        (
            "% Work packages, stage 2\n# WP2.1 Posts (version 2.0)\n| Person authorized | Kim Obi, North Ltd |\n| Products | P-04, P-05 (product descriptions) |\n"
            "| Dates | 3 September 2026 to 5 February 2027 |\n| Monitoring and reporting | checkpoint report every three weeks |\n"
            "## Agreements\n| Authorized by the project manager | 2 September 2026 (v1.0); 20 November 2026 (v2.0), Gail Lowe |\n"
            "| Accepted by the team manager | 2 September 2026; 20 November 2026, Kim Obi |\n| Work started | 4 September 2026 |\n"
            "| Completion notified | 1 February 2027, Kim Obi |\n| Completion received, package closed | 3 February 2027, Gail Lowe |"
        ),
        (
            "% Work package description WP2.1\nGiven to Kim Obi (North Ltd). Products: P-04 and P-05.\nFrom 03.09.2026 to 05.02.2027; money GBP 1,000.\n"
            "Reporting: checkpoint report every three weeks on Friday.\n# Agreed\n| Step | When | Who |\n"
            "| Authorized | 02.09.2026 (1.0), 20.11.2026 (1.1) | Gail Lowe |\n| Taken on | 02.09.2026, 20.11.2026 | Kim Obi |\n"
            "| Work begun | 04.09.2026 | Kim Obi |\n| Completed and received | 03.02.2027 | Gail Lowe |"
        ),
        (
            "% Work Package WP2.1\n| Date of authorisation | 2 September 2026, Gail Lowe, Project Manager |\n| Team manager | Kim Obi, accepted 2 September 2026 |\n"
            "| Work started | 4 September 2026 |\n# Description\nSet posts. Products: P-04, P-05.\n# Joint agreements\nEffort 40 h; start 3 September 2026, end 5 February 2027.\n"
            "# Reporting arrangements\nCheckpoint report every three weeks on Friday.\n# Completion\n"
            "Completion notified by Kim Obi on 1 February 2027; accepted and closed by Gail Lowe on 3 February 2027."
        ),
        (
            "% Arbeitspaket WP2.1\n| Beauftragte Person | Kim Obi, Nord GmbH |\n| Produkte | P-04, P-05 |\n| Termine | 03.09.2026 bis 05.02.2027 |\n"
            "| Berichte | Teamstatusbericht alle drei Wochen |\n| Freigegeben | 02.09.2026 (1.0); 20.11.2026 (1.1), Gail Lowe |\n"
            "| Übernommen | 02.09.2026; 20.11.2026, Kim Obi |\n| Arbeit begonnen | 04.09.2026 |\n| Fertigstellung bestätigt | 03.02.2027 |"
        ),
    ],
)
def test_a_work_package_in_forms_steps_and_sentences(text: str) -> None:
    """Of several issues the first counts; what is told of the work is no closing."""
    found = read(text, kind="work_package").found
    (package,) = _rows(found, "work_package")
    said = {name: value for name, value in package.values.items() if name != "title"}
    assert said == {
        "team_manager_id": "Kim Obi",
        "authorised_on": dt.date(2026, 9, 2),
        "authorised_by": "Gail Lowe",
        "accepted_on": dt.date(2026, 9, 2),
        "accepted_by": "Kim Obi",
        "planned_start_on": dt.date(2026, 9, 3),
        "started_on": dt.date(2026, 9, 4),
        "due_on": dt.date(2027, 2, 5),
        "closed_on": dt.date(2027, 2, 3),
        "reporting_days": 21,
    }
    assert [(row.refers["from_id"][1], row.refers["to_id"][1]) for row in _rows(found, "link")] == [("P-04", "WP2.1"), ("P-05", "WP2.1")]


@pytest.mark.parametrize("said", ["In execution.", "En cours.", "In Arbeit.", "En ejecución."])
def test_a_work_package_that_runs_is_not_closed(said: str) -> None:
    (package,) = _rows(read(f"% Work Package WP-03\n# Completion\n{said}", kind="work_package").found, "work_package")
    assert "closed_on" in package.filled
    assert "closed_on" not in package.values
    (package,) = _rows(read("% Work Package WP-03\n# Completion\nBy e-mail.", kind="work_package").found, "work_package")
    assert "closed_on" not in package.filled


def test_what_is_no_work_package_of_its_own() -> None:
    """Another kind, a document of two packages, and words where a day belongs."""
    text = PACKAGE.format(by="Kim Obi | 2026-10-31", **ENGLISH)
    assert _rows(read(text, kind="stage_plan").found, "work_package") == []
    assert _rows(read(text.replace("WP-08", "WP-08 and WP-09", 1), kind="work_package").found, "work_package") == []
    (package,) = _rows(read(text.replace("2026-10-31", "by mail"), kind="work_package").found, "work_package")
    assert "accepted_on" not in package.filled


def test_a_form_of_a_work_package_tells_who_and_when_in_one_cell() -> None:
    text = (
        "% Work Package WP-3.2 – Rental module\n| Field | Content |\n| Date of authorization | 6 July 2026 by Ada Finch |\n"
        "| Team Manager | Jo Lake |\n| Work starts | 29 June 2026 |\n| Work ends | 27 November 2026 |\n"
        "| Accepted by the Team Manager | Jo Lake, 7 July 2026 |"
    )
    (package,) = _rows(read(text, kind="work_package").found, "work_package")
    assert package.values == {
        "title": "Rental module",
        "planned_start_on": dt.date(2026, 6, 29),
        "due_on": dt.date(2026, 11, 27),
        "team_manager_id": "Jo Lake",
        "authorised_on": dt.date(2026, 7, 6),
        "authorised_by": "Ada Finch",
        "accepted_on": dt.date(2026, 7, 7),
        "accepted_by": "Jo Lake",
    }


def test_identifier_and_title_stand_in_one_cell() -> None:
    form = (
        "% Product Descriptions\n# 5. Console\n| Field | Content |\n| Identifier and title | PR-05 Staff console |\n| Purpose | Sell |\n"
        "| Composition | Screens |\n| Derivation | Backlog |\n| Quality criteria | Fast |\n| Producer | Ada Finch |\n| Approver | Ada Finch |"
    )
    (product,) = _rows(read(form).found, "deliverable")
    assert (product.own_id, product.values["title"], product.values["owner_id"]) == ("PR-05", "Staff console", "Ada Finch")
    assert product.values["acceptor_id"] == "Ada Finch"


def test_who_took_the_minutes_and_when_they_were_sent_stand_in_one_cell() -> None:
    text = "% Project Board 5\n| Date | 3 September 2026 |\n| Chair | Ada Finch |\n| Minutes | Jo Lake, published on 17 September 2026 to all participants |"
    (meeting,) = _rows(read(text, kind="minutes_of_meeting").found, "meeting")
    assert meeting.values["minutes_sent_on"] == dt.date(2026, 9, 17)


@pytest.mark.parametrize("share", ["Share", "FTE", "Quotité", "Zeitanteil", "Dedicación"])
def test_a_resource_plan_does_not_say_since_when_a_role_is_held(share: str) -> None:
    """It says from when somebody is to work: a manager who wrote the Charter may be booked from the day after it."""
    table = (
        f"# Team\n| Name | Role | From | Until | {share} |\n| Ada Finch | Project Manager (PM) | 6 November 2026 | 30 March 2027 | 60 % |"
    )
    (row,) = _rows(read(f"% Work plan\n{table}", kind="project_work_plan").found, "role")
    assert "from_on" not in row.filled
    assert row.values["to_on"] == dt.date(2027, 3, 30)
    (listed,) = _rows(read("% Handbook\n" + table.replace(share, "Unit"), kind="project_handbook").found, "role")
    assert listed.values["from_on"] == dt.date(2026, 11, 6)


@pytest.mark.parametrize(
    ("heading", "header"),
    [
        ("4.2 Timing and milestones", "Milestone | Target date"),
        ("Calendrier et jalons", "Jalon | Échéance"),
        ("3 Termine und Meilensteine", "Meilenstein | Termin"),
        ("Plazos e hitos", "Hito | Fecha límite"),
    ],
)
def test_milestones_stand_below_a_heading_of_dates_and_milestones(heading: str, header: str) -> None:
    found = read(
        f"% Charter\n# {heading}\n| ID | {header} |\n| M1 | Lamps lit | 4 March 2026 |\n| M2 | Quay open | |", kind="project_charter"
    )
    items = [row.values for row in _rows(found.found, "listed_item") if row.values["kind"] == "milestone"]
    assert [(item["name"], item.get("on_date")) for item in items] == [("Lamps lit", dt.date(2026, 3, 4)), ("Quay open", None)]


@pytest.mark.parametrize(
    "line",
    [
        "Version 1.2 13/05/2026",
        "Version 1.2, 13 May 2026",
        "Version: 1.2 of 13 May 2026",
        "Version 1.2 (13 May 2026)",
        "Version 1.2 – 13 May 2026",
        "Version 1.2 vom 13. Mai 2026",
        "Versión 1.2 de 13 de mayo de 2026",
    ],
)
def test_a_cover_states_version_and_day_together(line: str) -> None:
    found = read(f"% Plan\n{line}\n# Scope\nWe plan the move of the office to the other side of the river, and back in the year after.")
    assert found.artefact.get("version_on_cover") == "1.2"
    assert found.artefact.get("date_on_cover") == dt.date(2026, 5, 13)


def test_a_version_beside_what_is_no_day_states_no_day() -> None:
    found = read("% Plan\nVersion 1.2 for information\n# Scope\nWe plan the move of the office to the other side of the river.")
    assert "date_on_cover" not in found.artefact


SEVERAL = (
    "% Work packages stage 3\n# 1. WP3.1 Repairs module\n| Team manager | Jo Lake |\n| Dates | 13/11/2025 to 22/05/2026 |\n"
    "| Reporting | checkpoint report every four weeks |\n| Authorised | Ada Finch, 12/11/2025 |\n| Accepted | Jo Lake, 13/11/2025 |\n"
    "| Closed | 20/05/2026 (Jo Lake notified, Ada Finch accepted) |\n"
    "# 2. WP3.2 Data migration\n| Team manager | Kim Obi |\n| Dates | 17/11/2025 to 15/05/2026 |\n| Authorised | Ada Finch, 13/11/2025 |\n"
    "| Accepted | Kim Obi, 13/11/2025 |\n| Closed | |\n# Document control\n| Version | 1.0 |\n| Accepted | Ben Fox, 20/05/2026 |"
)


def test_a_document_lists_several_work_packages() -> None:
    """Each stands below a heading with its number; what stands below another heading is of none."""
    first, second = _rows(read(SEVERAL, kind="work_package").found, "work_package")
    assert (first.own_id, second.own_id) == ("WP3.1", "WP3.2")
    assert [package.refers["stage_id"] for package in (first, second)] == [("stage", "3")] * 2
    assert first.values == {
        "title": "Repairs module",
        "team_manager_id": "Jo Lake",
        "planned_start_on": dt.date(2025, 11, 13),
        "due_on": dt.date(2026, 5, 22),
        "reporting_days": 28,
        "authorised_on": dt.date(2025, 11, 12),
        "authorised_by": "Ada Finch",
        "accepted_on": dt.date(2025, 11, 13),
        "accepted_by": "Jo Lake",
        "closed_on": dt.date(2026, 5, 20),
    }
    assert (second.values["accepted_by"], second.values["due_on"]) == ("Kim Obi", dt.date(2026, 5, 15))
    assert "closed_on" not in second.values
    assert _rows(read(SEVERAL.replace("WP3.2", "WP3.1"), kind="work_package").found, "work_package") == []


@pytest.mark.parametrize(
    ("heading", "kinds"),
    [
        ("2. Effectiveness: success criteria", ["success_criterion"]),
        ("Bilan – critères de succès", ["success_criterion"]),
        ("Success criteria: a word before", []),
        ("Effectiveness", []),
    ],
)
def test_the_last_part_of_a_heading_says_what_stands_below(heading: str, kinds: list[str]) -> None:
    for below in ("| ID | Success criterion | Result |\n| SC1 | Ferry on time | 97 % |", "- The ferry is on time"):
        found = read(f"% End report\n# {heading}\n{below}", kind="project_end_report")
        assert [row.values["kind"] for row in _rows(found.found, "listed_item")] == kinds


def test_a_form_of_a_work_package_in_which_each_cell_tells_all() -> None:
    """'Authorised by | Ann Lee, 27 March 2026'; what is open was not done yet."""
    text = (
        "% Work package WP3.2\nAlert application\n| Work package | WP3.2 Alert application |\n| Team manager | Bo Ek |\n"
        "| Dates | 30 Mar 2026 to 11 Dec 2026 |\n| Reporting | checkpoint report every four weeks |\n"
        "| Authorised by | Ann Lee, 27 Mar 2026 |\n| Accepted by | Bo Ek, 27 Mar 2026 |\n| Completion accepted | open |"
    )
    (package,) = _rows(read(text, kind="work_package").found, "work_package")
    assert {name: package.values[name] for name in ("planned_start_on", "due_on", "reporting_days", "team_manager_id")} == {
        "planned_start_on": dt.date(2026, 3, 30),
        "due_on": dt.date(2026, 12, 11),
        "reporting_days": 28,
        "team_manager_id": "Bo Ek",
    }
    assert (package.values["authorised_on"], package.values["accepted_on"]) == (dt.date(2026, 3, 27), dt.date(2026, 3, 27))
    assert "closed_on" in package.filled
    assert "closed_on" not in package.values


def test_several_work_packages_in_one_document() -> None:
    form = "| Team manager | {0} |\n| Dates | 6 Oct 2026 to 30 Nov 2026 |\n| Authorised by | Ann Lee, 3 Oct 2026 |\n| Completion accepted | {1} |"
    text = f"% Work packages of stage 2\n# WP2.1 Kits\n{form.format('Bo Ek', '1 Dec 2026')}\n# WP2.2 Platform\n{form.format('Jo Lake', 'open')}"
    first, second = _rows(read(text, kind="work_package").found, "work_package")
    assert [(row.own_id, row.values["title"], row.values["team_manager_id"]) for row in (first, second)] == [
        ("WP2.1", "Kits", "Bo Ek"),
        ("WP2.2", "Platform", "Jo Lake"),
    ]
    assert first.values["closed_on"] == dt.date(2026, 12, 1)
    assert "closed_on" in second.filled - second.values.keys()


@pytest.mark.parametrize(
    "beside",
    [
        "The log is reviewed every month and before each PSC meeting.",
        "Das Register wird monatlich und vor jeder Sitzung des Lenkungsausschusses durchgesehen.",
        "Le registre est revu chaque mois et avant chaque réunion du comité de pilotage.",
    ],
)
def test_what_is_done_before_each_meeting_says_not_how_often_it_is(beside: str) -> None:
    text = f"% Handbook\n# Risks\n{beside}\n# Meetings\n| What | Audience | Frequency | Responsible |\n| PSC meeting | Members | every two months | Ada Finch |"
    said = {row.values["name"]: row.values["value"] for row in _rows(read(text).found, "project_parameter")}
    assert said.get("steering_interval") == "60"


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("No formal decision was taken.", False),
        ("No decisions", False),
        ("Aucune décision n'a été prise.", False),
        ("Es wurden keine Beschlüsse gefasst.", False),
        ("No se tomaron decisiones.", False),
        ("No decision on the budget before the review is closed.", True),
    ],
)
def test_a_row_that_says_that_nothing_was_decided_is_no_decision(text: str, is_one: bool) -> None:
    minutes = f"% Minutes of the kick-off meeting\n| Meeting date | 3 March 2026 |\n# Decisions\n| Id | Decision | Date | Owner |\n| – | {text} | | |"
    found = read(minutes, kind="minutes_of_meeting").found
    assert [row.values["name"] for row in _rows(found, "listed_item") if row.values["kind"] == "decision"] == ([text] if is_one else [])


@pytest.mark.parametrize(
    ("said", "who"),
    [
        ("Approved by the board 27 August 2025", ("board", "board")),
        ("Approved by the board on 27 August 2025", ("board", "board")),
        ("Approved by Ada Finch 27 August 2025", ("Ada Finch", None)),
    ],
)
def test_the_day_behind_a_name_is_no_part_of_it(said: str, who: tuple[str, str | None]) -> None:
    """A body that no method knows acts as what it is, not in a role that might be anybody's."""
    found = read(f"% Business case\n{said}\n# One\nText.", kind="business_case").found
    assert [(row.values["person_id"], row.values.get("role")) for row in found if row.table == "approval"] == [who]


@pytest.mark.parametrize(
    ("beside", "is_approved"),
    [
        ("Project board, 3 May 2026", True),
        ("Ada Finch, 3 May 2026", True),
        ("Pending: project board of 3 May 2026", False),
        ("Project board (planned for 3 May 2026)", False),
        ("Project board, expected 3 May 2026", False),
        ("Board meeting of 3 May 2026, refused", False),
        ("Ada Finch, prévu le 3 mai 2026", False),
        ("Ada Finch, geplant am 3. Mai 2026", False),
        ("Ada Finch, pendiente, 3 de mayo de 2026", False),
    ],
)
def test_an_approval_that_is_still_to_come_or_was_refused_is_none(beside: str, is_approved: bool) -> None:
    """Beside 'Approved by' a day tells of an approval only where nothing says that it is planned, waited for or refused."""
    said = read(f"% Business case\n| Version | 1.0 |\n| Author | Bo Ek |\n| Approved by | {beside} |\n# One\nText.", kind="business_case")
    assert ("approved_on" in said.artefact) is is_approved
    assert bool([row for row in said.found if row.table == "approval"]) is is_approved
