"""A table whose rows name entries of another sheet's register by their ids tells of those entries; it is no register of its own."""

import pytest
from register_tables import counts, read, sheet, workbook

RISKS = """Id|Title|Probability|Impact|Score|Owner|Status
R-01|The crane may come late|#3|#4|#12|Ada Lovel|Open
R-02|The ground may be soft|#2|#4|#8|Ben Okri|Open
R-03|Staff may leave|#2|#2|#4|Cleo Park|Closed"""


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        (
            "Changes",
            (
                "Date|Risk|Change|By\n@2026-06-15|R-01|Score raised to 16 after the survey|Ada Lovel\n"
                "@2026-06-17|R-01|Score 12 again|Ada Lovel\n@2026-08-19|all|Looked at with owners|Ada Lovel\n@2026-09-01|R-03|Closed|Ben Okri"
            ),
        ),
        (
            "Change log",
            "Risk ID|Changed on|Changed by|Description of change\nR-01|@2026-06-15|Ada Lovel|Score 16\nR-02|@2026-06-16|Ben Okri|New owner",
        ),
        (
            "History",
            (
                "Risk ID|Date|Probability|Impact|Score|Status\nR-01|@2026-05-01|#4|#4|#16|Open\nR-01|@2026-06-01|#3|#4|#12|Open\n"
                "R-02|@2026-05-01|#3|#4|#12|Open\nR-02|@2026-06-01|#2|#4|#8|Open"
            ),
        ),
        (
            "Änderungen",
            "Datum|Risiko|Änderung|Durch\n@2026-06-15|R-01|Bewertung erhöht auf 16|Ada Lovel\n@2026-06-17|R-02|Neuer Eigner|Ada Lovel",
        ),
    ],
)
def test_what_changed_in_a_register_is_no_register(name: str, rows: str) -> None:
    found = read(workbook(sheet("Risks", RISKS), sheet(name, rows)))
    assert counts(found) == {"risk": 3}
    assert {kept.table for kept in found.kept} == {"risk"}


@pytest.mark.parametrize(
    ("name", "rows", "expected"),
    [
        ("Actions", "Risk|Action|Owner|Due\nR-01|Order early|Ada Lovel|@2026-07-01\nR-01|Visit the factory|Ben Okri|@2026-08-01", "action"),
        (
            "Changes",
            (
                "Id|Change|Risk|Requested by|Requested on|Decision|Decided on\nC-1|A second crane|R-01|Ada Lovel|@2026-05-01|Approved|@2026-05-09\n"
                "C-2|Piles|R-02|Ben Okri|@2026-05-02|Rejected|@2026-05-10"
            ),
            "change_request",
        ),
    ],
)
def test_registers_that_name_the_risk_stay_registers(name: str, rows: str, expected: str) -> None:
    found = read(workbook(sheet("Risks", RISKS), sheet(name, rows)))
    assert counts(found)[expected] == 2


def test_a_second_sheet_with_ids_of_its_own_is_read() -> None:
    more = RISKS.replace("R-0", "R-1")
    assert counts(read(workbook(sheet("Open risks", RISKS), sheet("Closed risks", more)))) == {"risk": 6}


PRODUCTS = """Product|Title|Status|Owner|Approved on
P1|Pump|Approved|Ada Lovel|@2026-05-01
P2|Valve|{second}|Ben Okri|
P3|Pipe|Not started|Ben Okri|"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("State 20 August 2026", "State 20 November 2026"),
        ("Stand 20.08.2026", "Stand 20.11.2026"),
        ("2026-08", "2026-11"),
        ("août 2026", "novembre 2026"),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_of_two_states_the_later_one_counts(old: str, new: str, turned: bool) -> None:
    sheets = [sheet(old, PRODUCTS.format(second="Not started")), sheet(new, PRODUCTS.format(second="In development"))]
    found = read(workbook(*(reversed(sheets) if turned else sheets), path="Product Status Account.xlsx")).found
    assert [row.values["status"] for row in found if row.table == "deliverable"] == ["accepted", "in_progress", "planned"]


def test_sheets_of_other_entries_all_count() -> None:
    second = PRODUCTS.format(second="Approved").replace("P1", "P4").replace("P2", "P5").replace("P3", "P6")
    found = read(workbook(sheet("2025", PRODUCTS.format(second="Approved")), sheet("2026", second), path="Products.xlsx")).found
    assert len([row for row in found if row.table == "deliverable"]) == 6
