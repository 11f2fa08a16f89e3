"""What a sheet, a title or a header calls its rows is said of each of them; registers of money, waivers, access and indicators."""

import datetime as dt
from decimal import Decimal

import pytest
from register_tables import heading, read, sheet, table, text_document, workbook

ORDERS = """
{header}|Date|Supplier|Subject|Amount (EUR)|Approved by|Approval date
PO-1|@2026-03-02|Acme|Pumps, lot 1|#4800|Ann Lee|@2026-03-01
PO-2|@2026-03-05|Bolt|Cables|#900|Ann Lee|@2026-03-04
"""


@pytest.mark.parametrize(
    ("name", "header", "path", "kind"),
    [
        ("Orders", "Order", "Finance.xlsx", "order"),
        ("Sheet1", "Purchase order no.", "Finance.xlsx", "order"),
        ("Tabelle1", "Nr.", "Vertragsregister.xlsx", None),
        ("Verträge", "Vertrag", "Liste.xlsx", "contract"),
        ("Data", "Number", "ABC_Contract-Register_v1.0.xlsx", "contract"),
        ("Bestellungen", "Bestellung", "Liste.xlsx", "order"),
        ("Orders and invoices", "Contract number", "Finance.xlsx", "contract"),
    ],
)
def test_the_nearest_title_says_the_kind(name: str, header: str, path: str, kind: str | None) -> None:
    found = read(workbook(sheet(name, ORDERS.format(header=header)), path=path)).found
    rows = [row for row in found if row.table == "agreement"]
    assert len(rows) == 2
    assert [row.own_id for row in rows] == ["PO-1", "PO-2"]
    if kind is not None:
        assert {row.values.get("kind") for row in rows} == {kind}
        assert all("kind" in row.filled for row in rows)
    assert [row.values["approved_on"] for row in rows] == [dt.date(2026, 3, 1), dt.date(2026, 3, 4)]


def test_an_invoice_names_its_order_and_its_days() -> None:
    found = read(
        workbook(
            sheet(
                "Invoices",
                """
                >2 Invoices
                |
                Invoice|Date|Supplier|Amount (EUR)|Order|Received on|Accepted on|Paid on
                I-7|@2026-04-01|Acme|#100|PO-1|@2026-03-30|@2026-03-31|@2026-04-09
                I-8|@2026-04-02|Acme|#200||@2026-03-30||
                """,
            )
        )
    ).found
    first, second = (row for row in found if row.table == "agreement")
    assert first.own_id == "I-7"
    assert first.values["kind"] == "invoice"
    assert first.refers["parent_id"] == ("agreement", "PO-1")
    assert first.values["accepted_on"] == dt.date(2026, 3, 31)
    assert first.values["paid_on"] == dt.date(2026, 4, 9)
    assert "parent_id" in second.filled
    assert "parent_id" not in second.refers


def test_corrective_actions_are_told_by_title_or_header() -> None:
    by_title = read(
        workbook(
            sheet(
                "Findings and actions",
                "Finding|Description|Action|Owner|Due|Status\nF-1|No owner|Name one|Ann Lee|@2026-05-01|Open\nF-2|No test|Test|Bo Ek|@2026-05-02|Closed",
            )
        )
    ).found
    assert {row.values.get("kind") for row in by_title if row.table == "action"} == {"corrective"}
    by_header = read(
        text_document(
            heading("Results"),
            table("No|Corrective action|Owner|Due date|Status\n1|Name one|Ann Lee|@2026-05-01|Open\n2|Test|Bo Ek|@2026-05-02|Closed"),
        )
    ).found
    assert {row.values.get("kind") for row in by_header if row.table == "action"} == {"corrective"}


def test_drawdowns_waivers_and_access_requests_are_registers() -> None:
    found = read(
        workbook(
            sheet(
                "Reserve",
                """
                >2 Contingency drawdown
                Drawdown|Date|Amount (EUR)|Purpose|Risk or change|Approved by
                K-1|@2026-08-12|#2400|Licence|C-01|Jo Lake
                K-2|@2026-09-22|#3100|Rental|R-01|
                """,
            ),
            sheet(
                "Waivers",
                """
                Waiver|Rule|Reason|Requested by|Approved by|Approved on|Valid until|Status
                W-1|Penetration test|Internal only|Ann Lee|Jo Lake|@2026-05-12|@2026-10-31|In use
                """,
            ),
            sheet(
                "Access requests",
                """
                Request|Date|System|For|Requested by|Approved by|Approval date|Reviewed
                Z-1|@2026-03-09|Project share|Bo Ek|Ann Lee|Jo Lake|@2026-03-10|@2026-09-15
                Z-2|@2026-07-20|Billing|Ann Lee|Ann Lee|Ann Lee|@2026-07-20|@2026-09-15
                """,
            ),
        )
    ).found
    drawn = [row for row in found if row.table == "cost"]
    assert [(row.own_id, row.values["kind"], row.values["amount"]) for row in drawn] == [
        ("K-1", "drawdown", Decimal(2400)),
        ("K-2", "drawdown", Decimal(3100)),
    ]
    assert "approved_by" in drawn[1].filled
    assert "approved_by" not in drawn[1].values
    (waiver,) = [row for row in found if row.table == "exemption"]
    assert (waiver.own_id, waiver.values["title"], waiver.values["status"]) == ("W-1", "Penetration test", "active")
    assert waiver.values["expires_on"] == dt.date(2026, 10, 31)
    access = [row for row in found if row.table == "access_request"]
    assert [(row.own_id, row.values["requested_by"], row.values["approved_by"]) for row in access] == [
        ("Z-1", "Ann Lee", "Jo Lake"),
        ("Z-2", "Ann Lee", "Ann Lee"),
    ]


@pytest.mark.parametrize(
    ("said", "target"), [(">= 0.95", "0.95"), ("≤ 5", "5"), ("at least 80 %", "80"), ("mindestens 4", "4"), ("max. 3", "3"), ("high", None)]
)
def test_indicators_have_ids_and_bounds(said: str, target: str | None) -> None:
    found = read(
        workbook(
            sheet(
                "KPIs",
                f"KPI|Name|Owner|Formula|Target|Source|Frequency\nK1|Timeliness|Ann Lee|on time / all|{said}|share|monthly\nK2|Cost index|Bo Ek||{said}|plan|monthly",
            )
        )
    ).found
    first, second = (row for row in found if row.table == "measurement")
    assert (first.own_id, first.values["name"], first.values["frequency"]) == ("K1", "Timeliness", "monthly")
    assert first.values.get("target") == (None if target is None else Decimal(target))
    assert ("target" in first.filled) == (target is not None)
    assert "formula" in second.filled
    assert "formula" not in second.values


def test_the_next_review_is_not_the_last_one() -> None:
    found = read(
        workbook(
            sheet(
                "Risk log",
                "ID|Title|Status|Owner|Last update|Next review|Due date\nR1|Fire|Approved|Ann Lee|@2026-05-01|@2026-07-01|\nR2|Flood|Approved|Ann Lee|@2026-05-02||",
            )
        )
    ).found
    first, second = found
    assert (first.values["reviewed_on"], first.values["next_review_on"]) == (dt.date(2026, 5, 1), dt.date(2026, 7, 1))
    assert "next_review_on" in second.filled
    assert "next_review_on" not in second.values


def test_tasks_of_a_schedule_are_no_actions() -> None:
    found = read(
        workbook(
            sheet(
                "WBS",
                """
                WBS id|Task / milestone|Type|Responsible|Predecessor|Baseline start|Baseline finish
                1.1|Write the plans|Task|Ann Lee||@2026-03-01|@2026-03-20
                1.2|Review the plans|Task|Bo Ek|1.1|@2026-03-21|@2026-03-28
                M1|Plans approved|Milestone|Jo Lake|1.2|@2026-03-31|@2026-03-31
                """,
            )
        )
    ).found
    assert {row.table for row in found} <= {"milestone"}
