"""The rows above a register of risks say when all of it was last reviewed."""

import datetime as dt

import pytest
from register_tables import read, sheet, workbook

_ROWS = """
ID | Risk | Cause | Status | Raised on | Likelihood | Impact | Owner
R-01 | Supplier late | Few suppliers | Approved | 2026-05-01 | 3 | 4 | Ada Finch
R-02 | Staff leave | New methods | Approved | 2026-07-04 | 2 | 4 | Tom Ray
"""


@pytest.mark.parametrize(
    ("above", "days"),
    [
        ("Opened on | 2026-05-01 | Last review | 2026-06-30", [dt.date(2026, 6, 30), None]),  # what came later was not reviewed then
        ("Last reviewed on: 30 July 2026", [dt.date(2026, 7, 30)] * 2),
        ("Dernière revue : | 2026-07-30", [dt.date(2026, 7, 30)] * 2),
        ("Letzte Durchsicht | 2026-07-30", [dt.date(2026, 7, 30)] * 2),
        ("Última revisión | 2026-07-30", [dt.date(2026, 7, 30)] * 2),
        ("Last updated | 2026-07-30", [None, None]),  # a row may have been added
        ("Last review | next month", [None, None]),
    ],
)
def test_the_day_above_the_register(above: str, days: list[dt.date | None]) -> None:
    found = read(workbook(sheet("Risks", f"Risk register\n{above}\n{_ROWS.strip()}")))
    rows = [row for row in found.found if row.table == "risk"]
    assert [row.values.get("reviewed_on") for row in rows] == days
    assert ["reviewed_on" in row.filled for row in rows] == [day is not None for day in days]


def test_a_column_beats_the_rows_above() -> None:
    body = _ROWS.strip().replace("Owner", "Last reviewed on").replace("Ada Finch", "2026-06-01").replace("Tom Ray", "")
    found = read(workbook(sheet("Risks", f"Risk register\nLast review | 2026-07-30\n{body}")))
    assert [row.values.get("reviewed_on") for row in found.found if row.table == "risk"] == [dt.date(2026, 6, 1), None]
