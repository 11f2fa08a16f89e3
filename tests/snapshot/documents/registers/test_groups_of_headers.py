"""Headers below the names of groups, headers that ask, and columns that hold something else than their header may mean."""

import datetime as dt
from decimal import Decimal

import pytest
from register_tables import heading, read, sheet, table, text_document, workbook

RISKS = """
>5 What||||| >3 Now||| >3 Planned after response||| When| >6 Response||||||
No.|Noted on|Because of|it may happen that|and then|P|I|Rating|P after|I after|Rating after|How near|Type of response|What we do|State of response|Owner|Action owner|Action by
R01|@2026-03-02|Pumps are old|a pump breaks|the test stops|#4|#3|#12|#3|#2|#6|Within stage|Reduce|Buy a spare|In progress|Ann Lee|Bo Ek|@2026-05-01
R02|@2026-03-03|Two depots|brackets are loose|data drift|#3|#3|#9|#2|#2|#4|Imminent|Reduce|Check torque|Planned, not started|Site team|Bo Ek|@2026-06-01
"""


def test_who_owns_a_risk_and_who_acts_on_it_stand_below_one_group() -> None:
    first, second = (row for row in read(workbook(sheet("Risks", RISKS))).found if row.table == "risk")
    assert first.values["title"] == "a pump breaks"
    assert first.values["owner_id"] == "Ann Lee"
    assert first.values["actionee_id"] == "Bo Ek"
    assert first.values["response_due_on"] == dt.date(2026, 5, 1)
    assert (first.values["likelihood"], first.values["score"], first.values["residual_score"]) == (4, 12, 6)
    assert first.values["residual_likelihood"] == 3
    assert first.values["identified_on"] == dt.date(2026, 3, 2)
    assert second.values["owner_id"] == "Site team"
    assert second.values["response_status"] == "Planned, not started"
    assert second.values["proximity_on_raw"] == "Imminent"


@pytest.mark.parametrize(
    "header",
    [
        "ID|Risk|Likelihood|Impact|Owner|Status|Action by",
        "Nr.|Risiko|Wahrscheinlichkeit|Auswirkung|Eigner|Status|Handeln bis",
    ],
)
def test_days_are_nobody(header: str) -> None:
    rows = f"{header}\nR1|Pump breaks|#3|#4|Ann Lee|Open|@2026-05-01\nR2|Valve leaks|#2|#4|Bo Ek|Open|@2026-06-01"
    found = [row for row in read(workbook(sheet("Risks", rows))).found if row.table == "risk"]
    assert [row.values["owner_id"] for row in found] == ["Ann Lee", "Bo Ek"]
    assert all(row.values.get("actionee_id") is None for row in found)


def test_what_is_checked_belongs_to_a_product() -> None:
    rows = (
        "QR no.|Product|What is checked|How|Planned|Held|Reviewer|Outcome|Sign-off\n"
        "Q-01|P02|Salt spray|Test|@2026-01-05|@2026-01-05|Ann Lee|Fail|\nQ-02|P02|Salt spray again|Test|@2026-02-05|@2026-02-05|Ann Lee|Pass|@2026-02-09"
    )
    first, second = (row for row in read(workbook(sheet("Quality", rows))).found if row.table == "review")
    assert first.values["subject"] == "Salt spray"
    assert first.refers["subject_id"] == ("deliverable", "P02")
    assert first.values["held_on"] == dt.date(2026, 1, 5)
    assert (first.values["result"], second.values["result"]) == ("failed", "passed")
    assert second.values["signed_off_on"] == dt.date(2026, 2, 9)


def test_where_a_description_stands_is_no_name() -> None:
    rows = "Product|Title|State|Accepted on|Description in\nP1|Pump|Accepted|@2026-05-01|PD 1.0\nP2|Valve|Not started||PD 1.1"
    found = [row for row in read(workbook(sheet("Products", rows))).found if row.table == "deliverable"]
    assert [row.values["title"] for row in found] == ["Pump", "Valve"]


@pytest.mark.parametrize(
    ("header", "first", "second", "third"),
    [
        ("Description version", "1.0", "1.1", "0.x"),
        ("Version of the description", "#1", "#2", "#1"),
        ("Description", "Product Descriptions 1.1", "Product Descriptions 1.1", "Product Descriptions 1.1"),
    ],
)
def test_the_version_of_a_description_is_no_name(header: str, first: str, second: str, third: str) -> None:
    rows = f"Product|Title|{header}|Status\nP1|Pump|{first}|Accepted\nP2|Valve|{second}|Not started\nP3|Pipe|{third}|Not started"
    found = [row for row in read(workbook(sheet("Products", rows))).found if row.table == "deliverable"]
    assert [row.values["title"] for row in found] == ["Pump", "Valve", "Pipe"]


def test_what_describes_each_product_is_part_of_its_name() -> None:
    rows = (
        "Product|Title|Description|Status\nP1|Pump|Lifts water|Accepted\nP2|Valve|Shuts the line|Not started\nP3|Pipe|Leads water|Accepted"
    )
    found = [row for row in read(workbook(sheet("Products", rows))).found if row.table == "deliverable"]
    assert [row.values["title"].split("\n")[0] for row in found] == ["Pump", "Valve", "Pipe"]
    assert "Lifts water" in found[0].values["title"]


@pytest.mark.parametrize("header", ["EUR thousand", "TEUR", "in thousand EUR"])
def test_a_header_of_money_alone_is_of_amounts_in_its_unit(header: str) -> None:
    """And '2030' below it is an amount, no year."""
    budget = f"Position|{header}\nStage 1 (actual)|310\nStage 2|2030\nChange budget|350\nTotal|2690"
    rows = [row for row in read(text_document(heading("7 Budget"), table(budget))).found if row.table == "cost"]
    assert [(row.values["category"], row.values["amount"], row.values["kind"]) for row in rows] == [
        ("Stage 1 (actual)", Decimal(310_000), "actual"),
        ("Stage 2", Decimal(2_030_000), "budget"),
        ("Change budget", Decimal(350_000), "change_budget"),
    ]


@pytest.mark.parametrize("header", ["Content", "Purpose", "Name", "Inhalt"])
def test_what_a_numbered_stage_is_about_names_it(header: str) -> None:
    rows = f"Stage|{header}|Planned start|Planned end\n1|Initiation|@2025-11-03|@2025-12-19\n2|Booking and planning|@2026-01-05|@2026-06-19"
    found = [row for row in read(text_document(heading("Stages"), table(rows))).found if row.table == "stage"]
    assert [(row.values["number"], row.values["name"]) for row in found] == [(1, "Initiation"), (2, "Booking and planning")]


@pytest.mark.parametrize("below", ["Risk budget|||£150,000", "Änderungsbudget|||120.000 EUR", "Changes approved to date|||£47,000"])
def test_what_has_neither_number_nor_day_below_numbered_stages_is_none(below: str) -> None:
    """Reserves of money end the table of stages; a last stage whose days are to come is one."""
    stages = "Stage|From|To|Planned cost\n1 Initiation|@2026-02-18|@2026-04-14|£96,000\n2 Build|@2026-04-15|@2026-07-31|£318,000"
    found = read(text_document(heading("Stages"), table(f"{stages}\n{below}"))).found
    assert [row.values["name"] for row in found if row.table == "stage"] == ["1 Initiation", "2 Build"]
    found = read(text_document(heading("Stages"), table(f"{stages}\nClosing|to be set|to be set|£20,000"))).found
    assert [row.values["name"] for row in found if row.table == "stage"] == ["1 Initiation", "2 Build", "Closing"]
    found = read(text_document(heading("Stages"), table("Stage|From|To\nInitiation|@2026-02-18|@2026-04-14\nClosing||"))).found
    assert [row.values["name"] for row in found if row.table == "stage"] == ["Initiation", "Closing"]
