"""Covers of sheets, terms of roles in one cell, who takes part in prose, earlier ratings, limits and states of a stage in words."""

import datetime as dt
from decimal import Decimal

import pytest
from details_notation import WORDS, document_of, read

from auditor.snapshot.documents.details import DetailsRead
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.stacked import unstacked


def _rows(found: tuple[Found, ...], table: str, **wanted: object) -> list[Found]:
    return [row for row in found if row.table == table and all(row.values.get(name) == value for name, value in wanted.items())]


def _sheet(text: str, kind: str | None = None) -> DetailsRead:
    return read(document_of(text, "xlsx"), kind=kind)


@pytest.mark.parametrize(
    "head",
    [
        "Approved by | Role | Date",
        "Signed by | Function | Signed on",
        "Genehmigt durch | Funktion | Datum",
        "Approuvé par | Fonction | Date",
    ],
)
def test_a_list_called_as_its_first_column_needs_no_heading(head: str) -> None:
    text = (
        f"% Risk approach\n| Identifier | Version | Status | Date | Author | Owner |\n| X-1 | 1.0 | Approved | 2026-05-23 | Jo Lake | Jo Lake |\n"
        f"| {head} | | | |\n| Ada Finch | Project executive | 2026-06-12 | | | |\n| Bo Ek | Senior user | 2026-06-13 | | | |"
    )
    done = read(unstacked(document_of(text), WORDS.tables), kind="risk_management_approach")
    assert {row.values["person_id"] for row in _rows(done.found, "approval")} == {"Ada Finch", "Bo Ek"}
    assert done.artefact["approved_on"] == dt.date(2026, 6, 13)


def test_accepted_by_and_a_day_alone_are_no_approvers() -> None:
    assert not _rows(read("% Notes\n| Accepted by | Date |\n| Ada Finch | 2026-06-12 |\n| Bo Ek | 2026-06-13 |").found, "approval")


def test_a_sheet_that_begins_with_its_cover_tells_its_version_and_approval() -> None:
    text = (
        "| Stage plan - Mill | |\n| Version | 1.0 |\n| Status | Approved |\n| Date | 2026-02-04 |\n| Author and owner | Jo Lake |\n"
        "| Approved by | Project board, 2026-02-06 |\n| Assumptions | two fitters |\n| Products | P-06 |\n| Dependencies | none |\n"
        "| Lessons | L-11 |\n| Reporting | monthly |\n| Resources | four |\n| Actuals entered | 2026-06-26 |"
    )
    done = _sheet(text, "stage_plan")
    told = (done.artefact["version_on_cover"], done.artefact["approved_on"], done.artefact["author_id"], done.artefact["owner_id"])
    assert told == ("1.0", dt.date(2026, 2, 6), "Jo Lake", "Jo Lake")
    wide = _sheet(text.replace("| P-06 |", "| P-06 | three |"), "stage_plan")
    assert "version_on_cover" not in wide.artefact  # a list, not a cover


@pytest.mark.parametrize(
    ("heads", "cells", "since", "until"),
    [
        ("Appointed by, on | In post", "H. Marsh, 2026-03-14 | 2026-03-16 to closure", dt.date(2026, 3, 16), None),
        ("Appointed by, on | In post", "H. Marsh, 2026-03-14 | to closure", dt.date(2026, 3, 14), None),
        ("Appointed by | Term", "H. Marsh, 14 March 2026 | 16 March 2026 to 30 June 2026", dt.date(2026, 3, 16), dt.date(2026, 6, 30)),
        ("Ernannt von, am | Amtszeit", "H. Marsch, 14.03.2026 | 16.03.2026 bis 30.06.2026", dt.date(2026, 3, 16), dt.date(2026, 6, 30)),
        ("Nommé par, le | Période", "H. Marchand, 14/03/2026 | du 16/03/2026 au 30/06/2026", dt.date(2026, 3, 16), dt.date(2026, 6, 30)),
        ("Appointed by | Term", "H. Marsh | open", None, None),
    ],
)
def test_a_cell_tells_who_appointed_and_when_and_another_both_ends(
    heads: str, cells: str, since: dt.date | None, until: dt.date | None
) -> None:
    found = read(f"% Team\n# Roles\n| Role | Name | {heads} |\n| Senior user | Ada Finch | {cells} |").found
    (row,) = _rows(found, "role")
    assert (row.values.get("from_on"), row.values.get("to_on")) == (since, until)


@pytest.mark.parametrize(
    "line",
    [
        "Present: Prof. Ada Finch (executive, chair), Bo Ek (senior supplier), Jo Lake. Apologies: Dr Kim Obi (on leave). Notes: Lu Dam.",
        "Taking part: Prof. Ada Finch (chair), Bo Ek, Mo Ray; Jo Lake reporting; Lu Dam for assurance. Minutes of 3 May confirmed.",
        "Chair: Prof. Ada Finch. Also present: Bo Ek, Jo Lake. Notes: Lu Dam.",
    ],
)
def test_who_takes_part_is_told_in_a_line(line: str) -> None:
    found = read(f"% Project board minutes, 12 June 2026\n{line}\n# 1 Stage 2\nThe stage goes on.", kind="minutes_of_meeting").found
    there = {row.values["person_id"] for row in _rows(found, "attendance", is_present=True)}
    assert {"Prof. Ada Finch", "Bo Ek", "Jo Lake"} <= there
    assert "Dr Kim Obi" not in there
    assert all(len(name.split()) <= 3 for name in there)


@pytest.mark.parametrize(
    ("head", "text"),
    [
        ("Rating history", "2026-01-10: 3x3=9; 2026-03-10: 3x4=12"),
        ("Score history", "10 Jan 2026: 9; 10 Mar 2026: 12"),
        ("Bewertungsverlauf", "10.01.2026 3x3; 10.03.2026 3x4"),
        ("Historique des cotations", "9 (10 janvier 2026); 12 (10 mars 2026)"),
        ("Historial de valoraciones", "10 de enero de 2026: 9; 10 de marzo de 2026: 12"),
    ],
)
def test_one_cell_tells_the_earlier_ratings_of_a_risk(head: str, text: str) -> None:
    found = _sheet(f"| Id | Event | {head} |\n| R-01 | Fire | {text} |\n| R-02 | Flood | soon |").found
    told = [(row.values["ref"], row.values["on_date"], row.values["number"]) for row in _rows(found, "listed_item", name="risk_rated")]
    assert told == [("R-01", dt.date(2026, 1, 10), Decimal(9)), ("R-01", dt.date(2026, 3, 10), Decimal(12))]


@pytest.mark.parametrize(
    ("limit", "state", "beyond"),
    [
        ("352,000 ±£15,000", "spent 90,900; forecast 369,800", True),
        ("352,000 ±£15,000", "spent 90,900; forecast 367,000", False),
        ("£352,000 + 5 %", "forecast £370,000", True),
        ("£352,000 + 10 %", "forecast £370,000", False),
        ("352,000", "forecast 369,800", False),
    ],
)
def test_limit_and_state_of_the_stage_stand_in_words(limit: str, state: str, beyond: bool) -> None:
    found = read(
        f"% Highlight report 6\n| Tolerance | Limit | Now or forecast |\n| Stage 3 time | 2026-08-14 ±2 weeks | 2026-08-20 |\n"
        f"| Stage 3 cost £ | {limit} | {state} |\n| Project cost £ | 1,000,000 ±£1,000 | 2,000,000 |",
        kind="highlight_report",
    ).found
    assert [row.values["on_date"] for row in _rows(found, "listed_item", name="stage_forecast_end")] == [dt.date(2026, 8, 20)]
    assert bool(_rows(found, "listed_item", name="stage_cost_beyond_limit")) == beyond


def test_a_line_of_a_plan_sets_the_tolerance_for_every_aspect() -> None:
    text = (
        "| Tolerances | time ±2 weeks; cost ±15,000 (337,000 to 367,000); scope none beyond the description; risk score below 16 |\n"
        "| Item | Budget £ |\n| Work | 352,000 |"
    )
    found = _sheet(text, "stage_plan").found
    told = {row.values["aspect"]: row.values.get("upper") for row in _rows(found, "allowance")}
    assert told == {"time": Decimal(2), "cost": Decimal(15000), "scope": None, "risk": None}


def test_a_description_tells_its_people_beside_one_label_in_turn() -> None:
    text = (
        "% Product descriptions\n# P-01 Cold rooms\n| Version | 1.0 |\n| Purpose | keep seed |\n| Composition and format | two rooms |\n"
        "| Source | tender |\n| Quality specification and tolerance | -20 C |\n| Quality method and skills | test |\n"
        "| Development method | build |\n| Producer / reviewer / acceptance authority | Jo Lake / Bo Ek / Ada Finch |"
    )
    (row,) = _rows(read(text, kind="product_description").found, "deliverable")
    assert (row.own_id, row.values["title"], row.values["owner_id"], row.values["acceptor_id"]) == (
        "P-01",
        "Cold rooms",
        "Jo Lake",
        "Ada Finch",
    )


def test_checkpoints_are_dated_by_the_column_that_holds_days() -> None:
    text = (
        "| Report | Date | Period | Follow-ups | This period | Next period |\n"
        "| C1-1 | 2026-03-26 | Mar | floor coated on 11 March | batch 1 | batch 2 |"
    )
    found = _sheet(text, "checkpoint_report").found
    (report,) = _rows(found, "report")
    assert (report.values["issued_on"], report.values["period_from_on"]) == (dt.date(2026, 3, 26), dt.date(2026, 3, 1))
    assert [row.values["on_date"] for row in _rows(found, "listed_item", name="work_told")] == [dt.date(2026, 3, 11)]


def test_a_period_may_be_followed_by_the_day_of_the_report() -> None:
    (report,) = _rows(
        read(
            "% Highlight report 8\nPeriod 2026-05-01 to 2026-05-31, issued 2026-06-03 by Jo Lake to Ada Finch; copy to assurance.",
            kind="highlight_report",
        ).found,
        "report",
    )
    told = [report.values.get(name) for name in ("period_from_on", "period_to_on", "issued_on")]
    assert told == [dt.date(2026, 5, 1), dt.date(2026, 5, 31), dt.date(2026, 6, 3)]


def test_who_looked_at_a_paper_for_somebody_else_is_who_looked() -> None:
    text = "% End stage report\n# Project assurance\n| Interest | Reviewed by | Date |\n| User | Lu Dam for Dr Ada Finch | 2026-01-26 |"
    found = read(text, kind="end_stage_report").found
    assert [row.values["person_id"] for row in _rows(found, "approval")] == ["Lu Dam"]


def test_a_delegation_names_person_and_role_in_one_cell() -> None:
    text = (
        "% Issue approach\n# Change authority\n| Who | May decide a change costing up to | In a stage altogether up to |\n"
        "| Jo Lake, project manager | £2,500 | £10,000 |\n| Bo Ek (change authority) | £8,000 | £20,000 |"
    )
    rows = _rows(read(text).found, "listed_item", kind="delegation")
    told = [(row.values["role"], row.values["person_id"], row.values["number"]) for row in rows]
    assert told == [("project_manager", "Jo Lake", Decimal(2500)), ("change_authority", "Bo Ek", Decimal(8000))]


@pytest.mark.parametrize(
    ("told", "closed"),
    [
        ("notified by Jo Lake 2026-01-29, accepted by Bo Ek 2026-01-29, work package closed 2026-01-30", dt.date(2026, 1, 30)),
        ("notified by Jo Lake 2026-01-29, accepted by Bo Ek 2026-01-30", dt.date(2026, 1, 30)),
        ("notified by Jo Lake 2026-01-29", None),
        ("open", None),
    ],
)
def test_a_package_is_closed_when_somebody_says_that_it_is(told: str, closed: dt.date | None) -> None:
    text = (
        "% Work packages\n# WP-01 Cold rooms\n| Team manager | Jo Lake |\n| Products and descriptions | P-01, P-02 (PDS) |\n"
        "| Start and end | 2025-06-23 to 2025-12-12, by exception plan 2026-01-29 (agreed 2025-11-24) |\n"
        f"| Reporting | checkpoint report each calendar month |\n| Completion | {told} |\n# WP-02 Data\n| Team manager | Bo Ek |\n| Completion | open |"
    )
    found = read(text, kind="work_package").found
    row = next(row for row in _rows(found, "work_package") if row.own_id == "WP-01")
    told_days = (row.values["planned_start_on"], row.values["due_on"], row.values["reporting_days"], row.values.get("closed_on"))
    assert told_days == (dt.date(2025, 6, 23), dt.date(2026, 1, 29), 30, closed)
    assert len(_rows(found, "link")) == 2


@pytest.mark.parametrize(
    ("line", "issued"),
    [
        ("Identifier XR-01, 5 November 2025, version 1.0, author Jo Lake, to the project board.", dt.date(2025, 11, 5)),
        ("Kennung AB-01, 5. November 2025, Version 1.0, Verfasser Jo Lake.", dt.date(2025, 11, 5)),
        ("Identifier XR-01, 5 November 2025, on the loss of a casting.", None),
    ],
)
def test_a_line_that_lists_what_a_report_is_tells_its_day(line: str, issued: dt.date | None) -> None:
    (report,) = _rows(read(f"% Exception report XR-01\n{line}\n# Cause\nA casting was lost.", kind="exception_report").found, "report")
    assert report.values.get("issued_on") == issued
