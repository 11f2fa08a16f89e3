"""Registers that organisations keep of people, money and indicators, in the words and layouts that they use."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

import pytest

from auditor.connect.document import Cell, Document, TableBlock
from auditor.connect.protocol import Parsed
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.read import load_document_words, read_document

DAY = date(2026, 4, 13)


def rows(table: str, lines: Sequence[Sequence[str]], *, sheet: str, file: str = "Register.xlsx") -> list[Found]:
    block = TableBlock(tuple(tuple(Cell(text) for text in line) for line in lines), name=sheet, locator=sheet)
    read = read_document(Parsed(Document(format="xlsx", blocks=(block,)), file), load_document_words())
    return [row for row in read.found if row.table == table]


def values(row: Found, *names: str) -> Mapping[str, object]:
    return {name: row.values.get(name) for name in names}


@pytest.mark.parametrize(
    ("sheet", "header"),
    [
        ("Orders", ["Order", "Date", "Supplier", "Subject", "EUR", "Approved by"]),
        ("Bestellungen", ["Bestellung", "Datum", "Lieferant", "Gegenstand", "€", "Genehmigt von"]),
        ("Commandes", ["Commande", "Date", "Fournisseur", "Objet", "EUR HT", "Approuvé par"]),
        ("Pedidos", ["Pedido", "Fecha", "Proveedor", "Objeto", "En euros", "Aprobado por"]),
    ],
)
def test_a_currency_alone_heads_the_amounts_of_orders(sheet: str, header: list[str]) -> None:
    found = rows("agreement", [header, ["ORD-7", "2026-04-13", "Kestrel Ltd", "Tablets", "4850", "Ann Lee"]], sheet=sheet)
    assert [values(row, "kind", "amount", "currency", "on_date") for row in found] == [
        {"kind": "order", "amount": Decimal("4850.00"), "currency": "EUR", "on_date": DAY}
    ]


def test_a_list_of_invoices_tells_by_which_record_was_accepted() -> None:
    header = ["Invoice", "Supplier", "Order", "EUR", "Accepted / goods received (record)", "Paid on"]
    found = rows(
        "agreement", [header, ["INV-1", "Kestrel Ltd", "ORD-7", "4850", "2026-04-13 (note AN-04)", "2026-04-10"]], sheet="Invoices"
    )
    assert [values(row, "kind", "accepted_on", "paid_on") for row in found] == [
        {"kind": "invoice", "accepted_on": DAY, "paid_on": date(2026, 4, 10)}
    ]


def test_a_sheet_of_the_contingency_is_no_decision_log() -> None:
    lines = [
        ["Id", "Date", "EUR", "Purpose", "Risk or change", "Decision", "Approved by", "Remaining of 9,000"],
        ["CD-1", "2026-04-13", "1200", "Alerts", "CR-01", "D-09", "Ann Lee", "7800"],
        ["CD-2", "2026-04-20", "900", "Translation", "R-04", "D-14", "Ann Lee", "6900"],
    ]
    assert not rows("decision", lines, sheet="Contingency")
    found = rows("cost", lines, sheet="Contingency")
    assert [values(row, "kind", "amount", "category") for row in found] == [
        {"kind": "drawdown", "amount": Decimal("1200.00"), "category": "Alerts"},
        {"kind": "drawdown", "amount": Decimal("900.00"), "category": "Translation"},
    ]
    assert [row.refers["decision_id"] for row in found] == [("decision", "D-09"), ("decision", "D-14")]


@pytest.mark.parametrize(
    "header",
    [
        ["Person", "Role", "Project start", "Access granted", "Security awareness", "Project end", "Access removed", "Handover note"],
        ["Name", "Rolle", "Eintritt", "Zugang erteilt am", "Informationssicherheit", "Austritt", "Zugang entzogen am", "Übergabe"],
        ["Nom", "Rôle", "Arrivée", "Accès accordé le", "Formation RGPD", "Départ", "Accès retiré le", "Passation"],
        ["Nombre", "Rol", "Incorporación", "Acceso concedido el", "Protección de datos", "Salida", "Acceso retirado el", "Traspaso"],
    ],
)
def test_who_joined_and_left_with_which_access_and_training(header: list[str]) -> None:
    lines = [
        header,
        ["Jo Moss", "developer", "2026-01-12", "2026-01-13", "2026-01-20", "2026-04-13", "2026-04-20", "2026-04-10, to Ann Lee"],
        ["Ann Lee", "tester", "2026-01-12", "2026-01-13", "", "", "", ""],
    ]
    left, here = rows("membership", lines, sheet="People", file="Access-register.xlsx")
    assert values(left, "person_id", "started_on", "access_granted_on", "ended_on", "access_removed_on", "handed_over_on") == {
        "person_id": "Jo Moss",
        "started_on": date(2026, 1, 12),
        "access_granted_on": date(2026, 1, 13),
        "ended_on": DAY,
        "access_removed_on": date(2026, 4, 20),
        "handed_over_on": date(2026, 4, 10),
    }
    assert "ended_on" in here.filled
    assert "ended_on" not in here.values
    trained = rows("training", lines, sheet="People", file="Access-register.xlsx")
    assert [(row.values["person_id"], row.values["topic"], row.values.get("completed_on")) for row in trained] == [
        ("Jo Moss", header[4], date(2026, 1, 20)),
        ("Ann Lee", header[4], None),
    ]


def test_other_days_of_a_list_of_people_are_no_training() -> None:
    lines = [
        ["Person", "Project start", "Access granted", "Laptop handed out", "Access removed"],
        ["Jo Moss", "2026-01-12", "2026-01-13", "2026-01-14", ""],
        ["Ann Lee", "2026-01-12", "2026-01-13", "2026-01-14", ""],
    ]
    assert len(rows("membership", lines, sheet="People")) == 2
    assert not rows("training", lines, sheet="People")


@pytest.mark.parametrize(
    ("sheet", "header"),
    [
        ("Approval delegations", ["Id", "From", "To", "For", "From date", "Until date", "Granted on"]),
        ("Vertretungen", ["Nr", "Vertretung für", "Vertreter", "Umfang", "Von", "Bis", "Erteilt am"]),
        ("Délégations", ["N°", "Délégant", "Délégataire", "Objet", "Du", "Au", "Accordée le"]),
        ("Delegaciones", ["Nº", "Delegante", "Delegado", "Alcance", "Desde", "Hasta", "Otorgada el"]),
    ],
)
def test_who_may_act_for_whom_and_until_when(sheet: str, header: list[str]) -> None:
    lines = [
        header,
        ["DEL-1", "Ann Lee", "Jo Moss", "Approval of documents", "2026-02-16", "2026-04-13", "2026-02-11"],
        ["DEL-2", "Bo Ash", "Cy Dee", "Votes", "2026-05-04", "2026-05-15", "2026-04-30"],
    ]
    found = rows("delegation", lines, sheet=sheet)
    assert values(found[0], "person_id", "deputy_id", "from_on", "to_on", "granted_on") == {
        "person_id": "Ann Lee",
        "deputy_id": "Jo Moss",
        "from_on": date(2026, 2, 16),
        "to_on": DAY,
        "granted_on": date(2026, 2, 11),
    }
    assert len(found) == 2


def test_a_table_of_limits_is_no_register_of_delegations() -> None:
    lines = [["Role", "Commitments up to EUR", "From", "To"], ["Project Manager", "5000", "2026-01-01", "2026-12-31"]]
    assert not rows("delegation", lines, sheet="Financial limits")


@pytest.mark.parametrize(
    ("header", "target", "side"),
    [
        (["KPI", "Owner", "Target", "Apr 2026", "May 2026", "Action when missed"], ">= 0.80", "more"),
        (["Kennzahl", "Verantwortlich", "Ziel", "04/2026", "05/2026", "Maßnahme"], "höchstens 0.80", "less"),
        (["Indicateur", "Responsable", "Cible", "avril 2026", "mai 2026", "Action corrective"], "au moins 0.80", "more"),
        (["Indicador", "Responsable", "Objetivo", "abril 2026", "mayo 2026", "Acción correctiva"], "≤ 0.80", "less"),
    ],
)
def test_an_indicator_has_a_measurement_for_each_column_of_a_period(header: list[str], target: str, side: str) -> None:
    lines = [header, ["Yield", "Ann Lee", target, "0.75 (mean of two runs)", "0.69", ""], ["Speed", "Jo Moss", "3", "4", "", "A-08"]]
    found = rows("measurement", lines, sheet="KPI")
    told = [values(row, "name", "period_on", "actual", "better", "action") for row in found]
    assert told == [
        {"name": "Yield", "period_on": date(2026, 4, 30), "actual": Decimal("0.75"), "better": side, "action": None},
        {"name": "Yield", "period_on": date(2026, 5, 31), "actual": Decimal("0.69"), "better": side, "action": None},
        {"name": "Speed", "period_on": date(2026, 4, 30), "actual": Decimal(4), "better": None, "action": "A-08"},
    ]
    assert "action" in found[0].filled
    assert "better" not in found[2].filled


def test_an_indicator_without_a_value_stays_one_row() -> None:
    lines = [["KPI", "Owner", "Target", "Apr 2026", "May 2026"], ["Yield", "Ann Lee", ">= 0.80", "", ""], ["Speed", "Jo", "3", "4", "5"]]
    found = rows("measurement", lines, sheet="KPI")
    assert [values(row, "name", "period_on") for row in found] == [
        {"name": "Yield", "period_on": None},
        {"name": "Speed", "period_on": date(2026, 4, 30)},
        {"name": "Speed", "period_on": date(2026, 5, 31)},
    ]


@pytest.mark.parametrize("header", ["Response start", "Maßnahme begonnen am", "Début du traitement", "Inicio de la respuesta"])
def test_a_risk_log_tells_when_the_response_started(header: str) -> None:
    lines = [["ID", "Risk", "Status", "Owner", header], ["R-1", "The load is too high", "open", "Ann Lee", "2026-04-13"]]
    assert [row.values.get("response_started_on") for row in rows("risk", lines, sheet="Risks")] == [DAY]


@pytest.mark.parametrize("said", ["left 2026-04-13", "no", "left the council 2026-04-13"])
def test_a_matrix_shows_who_is_not_there_any_more(said: str) -> None:
    lines = [["Stakeholder", "Role", "Interest", "Active"], ["Jo Moss", "Tester", "high", said], ["Ann Lee", "Owner", "high", "yes"]]
    assert [row.values.get("is_active") for row in rows("stakeholder", lines, sheet="Stakeholders")] == [False, True]
