"""Risks whose remarks say when they were closed."""

import datetime as dt

import pytest
from register_tables import read, sheet, workbook

DAY = dt.date(2026, 9, 9)


def _closed_on(remark: str, status: str = "Closed") -> tuple[dt.date | None, bool]:
    rows = f"""
    ID | Risk | Status | Raised on | Likelihood | Impact | Owner | Remarks
    R-01 | Supplier late | Approved | 2026-05-21 | 3 | 4 | Ada Finch | see the plan
    R-02 | Staff leave | {status} | 2026-05-22 | 2 | 4 | Tom Ray | {remark}
    """
    found = [row for row in read(workbook(sheet("Risks", rows))).found if row.table == "risk"]
    assert "closed_on" not in found[0].filled
    return found[1].values.get("closed_on"), "closed_on" in found[1].filled


@pytest.mark.parametrize(
    "remark",
    [
        "Occurred on 11/08/2026: three weeks late. Closed 09/09/2026.",
        "closed on 9 September 2026",
        "Closed: 2026-09-09",
        "Geschlossen am 09.09.2026",
        "Eingetreten; am 09.09.2026 geschlossen",
        "Clos le 9 septembre 2026",
        "Cerrado el 9 de septiembre de 2026",
    ],
)
def test_the_day_of_closing(remark: str) -> None:
    assert _closed_on(remark) == (DAY, True)


@pytest.mark.parametrize(
    "remark",
    [
        "Occurred on 11/08/2026",
        "Closed",
        "to be closed on 9 September 2026",
        "not closed 09/09/2026",
        "soll am 09.09.2026 geschlossen werden",
        "Closed 08/08/2026, opened anew, closed 09/09/2026",
        "Closed 09/2026",
    ],
)
def test_no_day_of_closing(remark: str) -> None:
    assert _closed_on(remark) == (None, False)


def test_an_open_risk_was_not_closed() -> None:
    assert _closed_on("Closed 09/09/2026", "Approved") == (None, False)
