"""Days directly behind who did something, ids below the noun of the register, sheets of budgets that are no registers."""

import datetime as dt

import pytest
from register_tables import COMPILED, sheet

from auditor.connect.document import Document
from auditor.connect.protocol import Parsed
from auditor.snapshot.documents.registers import RegistersRead, read_registers


def read(name: str, text: str) -> RegistersRead:
    return read_registers(Parsed(Document("xlsx", (sheet(name, text),)), f"{name}.xlsx"), COMPILED, language="en")


def test_a_mere_day_behind_who_accepted_is_that_of_the_acceptance() -> None:
    found = read(
        "Products",
        "Product|Accepted by|Date|Remark\nCold rooms A and B|Ada Finch|2026-01-22|fine\nData base of seeds|Bo Ek|2026-01-23|fine",
    )
    assert [row.values.get("accepted_on") for row in found.found] == [dt.date(2026, 1, 22), dt.date(2026, 1, 23)]
    owned = read(
        "Products", "Product|Owner|Date|Status\nCold rooms A and B|Ada Finch|2026-01-22|open\nData base of seeds|Bo Ek|2026-01-23|open"
    )
    assert all("accepted_on" not in row.values for row in owned.found)


def test_codes_below_the_noun_are_ids_where_words_stand_behind_them() -> None:
    found = read("Risks", "Risk|What|Score\nR-11|a hot week may trip the supply|12\nR-05|people may be called away|9")
    assert [(row.own_id, row.values["title"]) for row in found.found] == [
        ("R-11", "a hot week may trip the supply"),
        ("R-05", "people may be called away"),
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Change budget", "Issue|Approved|Amount £|Left £|Remark\nBudget|2025-06-12|0|40000|\nIS-002|2025-08-05|2100|37900|stage 2"),
        (
            "Risk budget",
            "Risk|Released by|Date|Amount £|Left £|For\nBudget||2025-06-12|0|60000|\nR-01|Ada Finch|2025-11-20|12000|48000|hire",
        ),
    ],
)
def test_a_budget_that_is_drawn_on_is_no_register_of_what_draws_on_it(name: str, text: str) -> None:
    assert not [row for row in read(name, text).found if row.table in {"issue", "risk", "change_request"}]


def test_a_total_behind_a_comma_is_no_stage() -> None:
    found = read(
        "Stages", "Stage|Start|End\n1 Begin|2026-04-14|2026-06-13\n2 Build|2026-06-16|2026-12-19\nWork, total|2026-04-14|2026-12-19"
    )
    assert [row.values["name"] for row in found.found if row.table == "stage"] == ["1 Begin", "2 Build"]


def test_a_reference_to_the_description_is_no_part_of_a_name() -> None:
    found = read(
        "Products",
        "Id|Product|Status|Description|Owner\nP-01|Cold rooms A and B|accepted|SB-PDS, P-01|Ada Finch\nP-02|Drying chamber|open|SB-PDS, P-02|Bo Ek",
    )
    assert [row.values["title"] for row in found.found] == ["Cold rooms A and B", "Drying chamber"]
