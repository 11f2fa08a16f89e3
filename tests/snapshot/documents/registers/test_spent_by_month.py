"""Tables that follow what was spent: a budget, a column for each month, a total and a forecast."""

from decimal import Decimal

import pytest
from register_tables import read, sheet, workbook

ROWS = """
>{title}
{header}
Licences|#400|#100|#150|#250|62 %|#450
Travel|#200|#0|#230|#230|115 %|#260
Total|#600|#100|#380|#480|80 %|#710
"""


def _sums(title: str, header: str) -> dict[str | None, Decimal]:
    found = read(workbook(sheet("Follow-up", ROWS.format(title=title, header=header)))).found
    sums: dict[str | None, Decimal] = {}
    for row in found:
        if row.table == "cost":
            kind = row.values.get("kind")
            sums[kind] = sums.get(kind, Decimal(0)) + row.values["amount"]
    return sums


@pytest.mark.parametrize(
    ("title", "header"),
    [
        ("EUR, invoices accepted by end of month", "Budget line|Budget|2026-04|2026-05|Total|% of budget|Forecast at completion"),
        ("EUR, factures acceptées en fin de mois", "Poste budgétaire|Budget|2026-04|2026-05|Total|% du budget|Prévision"),
        ("EUR, anerkannte Rechnungen", "Kostenposition|Budget|2026-04|2026-05|Summe|% vom Budget|Prognose"),
        ("EUR, facturas aceptadas", "Partida presupuestaria|Presupuesto|2026-04|2026-05|Total|% del presupuesto|Previsión"),
    ],
)
def test_what_the_title_says_was_spent_is_actual_and_the_budget_stays(title: str, header: str) -> None:
    assert _sums(title, header) == {"budget": Decimal(600), "actual": Decimal(480), "forecast": Decimal(710)}


@pytest.mark.parametrize("title", ["EUR, as agreed", "EUR, budget of the case of 3 May"])
def test_months_beside_a_budget_of_which_nothing_is_said_are_of_no_kind(title: str) -> None:
    """What has a column of its own is not what the months show, whatever the title is about."""
    assert _sums(title, "Budget line|Budget|2026-04|2026-05|Total|% of budget|Forecast at completion") == {None: Decimal(480)}


MONTHS = """
>{title}
{header}
Licences|#400|#90|#100|#140|#150|#230|#250
Travel|#200|#10|#0|#200|#230|#210|#230
Total|#600|#100|#100|#340|#380|#440|#480
"""


@pytest.mark.parametrize(
    ("title", "header"),
    [
        (
            "Budget, EUR",
            "Budget line|Total budget|Apr. 26 planned|Apr. 26 actual|May 26 planned|May 26 actual|Planned to date|Actual to date",
        ),
        ("Budget, EUR", "Ligne budgétaire|Budget total|avr. 26 prévu|avr. 26 réel|mai 26 prévu|mai 26 réel|Cumul prévu|Cumul réel"),
        ("Budget, EUR", "Kostenart|Gesamtbudget|Plan 04/2026|Ist 04/2026|Plan 05/2026|Ist 05/2026|Plan kumuliert|Ist kumuliert"),
        (
            "Presupuesto, EUR",
            "Partida|Presupuesto|abril 2026 previsto|abril 2026 real|mayo 2026 previsto|mayo 2026 real|Previsto acumulado|Real acumulado",
        ),
    ],
)
def test_months_with_what_was_planned_and_spent(title: str, header: str) -> None:
    text = MONTHS.format(title=title, header=header)
    assert _sums_of(text) == {("budget", None): Decimal(600), ("actual", 4): Decimal(100), ("actual", 5): Decimal(380)}


def _sums_of(text: str) -> dict[tuple[str | None, int | None], Decimal]:
    sums: dict[tuple[str | None, int | None], Decimal] = {}
    for row in read(workbook(sheet("Follow-up", text))).found:
        if row.table == "cost":
            month = row.values.get("period_on")
            key = (row.values.get("kind"), month.month if month else None)
            sums[key] = sums.get(key, Decimal(0)) + row.values["amount"]
    return sums
