"""A workbook that keeps a log on one sheet, and on another more of the same entries: forms of requests, analyses of risks."""

import pytest
from register_tables import read, sheet, workbook

LOG = """
ID | Title | Status | Requested on | Requested by | Size | Decision | Decided on
CR-01 | Two more gauges | Approved | 2026-03-02 | Ada Finch | 2 | Approved | 2026-03-09
CR-02 | Remote valves | Rejected | 2026-03-04 | Tom Ray | 5 | Rejected | 2026-03-11
"""
FORMS = """
Change no. | Title | Requested on | Requested by | Present situation | Priority
CR-01 | Two more gauges | {day} | Ada Finch | 40 gauges | 4
CR-02 | {name} | 2026-03-04 | Tom Ray | Closed by hand | 1
"""
SHEETS = [sheet("Changes", LOG), sheet("Request forms", FORMS.format(day="2026-03-02", name="Remote valves"))]


@pytest.mark.parametrize("turned", [False, True])
def test_forms_say_more_of_the_entries_of_the_log(turned: bool) -> None:
    found = read(workbook(*(reversed(SHEETS) if turned else SHEETS), path="Change log.xlsx")).found
    rows = [row for row in found if row.table == "change_request"]
    assert [(row.own_id, row.values["status"], row.values["decision"], row.values["priority"]) for row in rows] == [
        ("CR-01", "approved", "approved", 4),
        ("CR-02", "rejected", "rejected", 1),
    ]
    assert all(row.locator.startswith("Changes!") for row in rows)


@pytest.mark.parametrize(
    "forms", [FORMS.format(day="2026-02-02", name="Remote valves"), FORMS.format(day="2026-03-02", name="Solar power")]
)
def test_other_entries_of_the_same_numbers_stay(forms: str) -> None:
    found = read(workbook(sheet("Changes", LOG), sheet("Request forms", forms), path="Change log.xlsx")).found
    assert [row.own_id for row in found if row.table == "change_request"] == ["CR-01", "CR-02"] * 2


def test_states_of_two_days_stay() -> None:
    older = LOG.replace("Rejected | 2026-03-04", "Submitted | 2026-03-04").replace("| Rejected | 2026-03-11", "| |")
    found = read(workbook(sheet("March", LOG), sheet("February", older), path="Change log.xlsx")).found
    assert [row.own_id for row in found if row.table == "change_request"] == ["CR-01", "CR-02"] * 2
