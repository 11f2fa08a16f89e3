"""What people do to tables: group headers, several registers in one sheet, notes, totals, merged and hidden cells."""

from datetime import date
from decimal import Decimal

import pytest
from register_tables import columns, counts, heading, read, rows, sheet, table, text_document, workbook

from auditor.connect.document import Cell, Document, TableBlock
from auditor.connect.protocol import Parsed

RISKS = """
ID|Risk|Likelihood|Impact|Owner|Due date|Status
R1|Data loss|4|3|Ann Lee|@2026-03-01|Open
R2|Late supplier|2|5|Bo Ek|@2026-04-01|Closed
"""


def test_values_filled_and_place() -> None:
    first = read(workbook(sheet("Risks", RISKS))).found[0]
    assert first.table == "risk"
    assert first.own_id == "R1"
    assert first.locator == "Risks!A2:G2"
    assert first.values == {
        "title": "Data loss", "likelihood": 4, "likelihood_raw": "4", "impact": 3, "impact_raw": "3", "owner_id": "Ann Lee",
        "due_on": date(2026, 3, 1), "due_on_raw": "2026-03-01", "status": "proposed", "status_raw": "Open",
    }  # fmt: skip
    assert first.filled == {"title", "likelihood", "impact", "owner_id", "due_on", "status"}
    assert first.key == ("data loss", "2026-03-01")


def test_ratings_below_initials_and_once_more_after_the_response() -> None:
    """Beside a likelihood in figures the figure next to it is the impact; 'Auswirkung' in words tells of it."""
    text = """
    Nr.|Ursache|Ereignis|Auswirkung|W|A|Wert|Maßnahme|W danach|A danach|Wert danach|Eigentümer|Status
    R-1|Wasser im Keller|Pläne werden nass|Nacharbeit beim Trocknen|4|3|12|Regale erhöhen|2|3|6|Ada Finch|aktiv
    R-2|Angespannter Markt|Lieferant fällt aus|Der Test beginnt später|2|4|8|Vertretung regeln|3|4|12|Bo Ek|geschlossen
    """
    first, second = read(workbook(sheet("Risikoregister", text))).found
    names = ("likelihood", "impact", "score", "residual_likelihood", "residual_impact", "residual_score")
    assert [first.values.get(name) for name in names] == [4, 3, 12, 2, 3, 6]
    assert [second.values.get(name) for name in names] == [2, 4, 8, 3, 4, 12]
    assert first.values["title"] == "Pläne werden nass"
    assert "Nacharbeit" in str(first.values["description"])


def test_place_in_a_text_document_and_away_from_the_corner() -> None:
    assert read(text_document(heading("Risks"), table(RISKS, 3))).found[1].locator == "table 3 row 3"
    parsed = workbook(sheet("Risks", RISKS, first_row=5, first_column=2))
    assert read(parsed).found[0].locator == "Risks!B6:H6"


def test_registers_below_each_other() -> None:
    text = RISKS + "\n|\nIssues||||||\nID|Issue|Priority|Raised on|Owner||\nI1|No room|High|@2026-02-02|Ann Lee||\n"
    assert counts(read(workbook(sheet("Log", text)))) == {"risk": 2, "issue": 1}


def test_registers_side_by_side() -> None:
    text = """
    Risks||||Issues|||
    ID|Risk|Owner||ID|Issue|Owner|Status
    R1|Data loss|Ann||I1|No room|Bo|Open
    R2|Late supplier|Bo||I2|No licence|Ann|Closed
    ||||I3|Server down|Ann|Open
    """
    found = read(workbook(sheet("RAID", text)))
    assert counts(found) == {"risk": 2, "issue": 3}
    assert {row.locator for row in found.found if row.register == "issue"} == {"RAID!E3:H3", "RAID!E4:H4", "RAID!E5:H5"}


def test_one_list_of_several_registers() -> None:
    text = """
    ID|Type|Description|Owner|Due date|Status
    1|Risk|Supplier may fail|Ann|@2026-05-01|Open
    2|Action|Call the supplier|Bo|@2026-02-01|Done
    3|Issue|Server is down|Ann|@2026-02-03|Resolved
    4|Decision|Use two suppliers|Board|@2026-02-10|Approved
    5|Assumption|Prices stay|Ann||
    """
    found = read(workbook(sheet("RAID log", text)))
    assert counts(found) == {"risk": 1, "action": 1, "issue": 1, "decision": 1}
    by = {row.register: row for row in found.found}
    assert by["action"].values["status"] == "done"
    assert by["issue"].values["status"] == "resolved"
    assert by["risk"].values["title"] == "Supplier may fail"


def test_yearly_sheets_are_one_register_each() -> None:
    parsed = workbook(sheet("2025", RISKS), sheet("2026", RISKS), path="Risk log.xlsx")
    found = read(parsed)
    assert counts(found) == {"risk": 4}
    assert [kept.locator for kept in found.kept] == ["2025", "2026"]


def test_repeated_header_blank_rows_notes_totals_and_groups() -> None:
    text = """
    Project X||||||
    Last update: @2026-01-01||||||
    ID|Risk|Likelihood|Impact|Owner|Due date|Status
    >7 *Technical
    R1|Data loss|4|3|Ann Lee|@2026-03-01|Open
    |
    R2|Late supplier|2|5|Bo Ek|@2026-04-01|Closed
    ID|Risk|Likelihood|Impact|Owner|Due date|Status
    R3|No budget|2|5|Bo Ek|@2026-04-01|Closed
    R4||||||
    |
    Note: likelihood is rated by the team||||||
    Total|3|||||
    """
    found = read(workbook(sheet("Risks", text)))
    assert [row.own_id for row in found.found] == ["R1", "R2", "R3"]


def test_example_row_is_no_row() -> None:
    text = "ID|Risk|Likelihood|Owner\n0|e.g. the supplier fails|3|PM\nExample|Staff leaves|2|HR\n1|Real thing|2|Ann"
    assert [row.values["title"] for row in read(workbook(sheet("Risks", text))).found] == ["Real thing"]


def test_row_merged_over_group_and_over_continuations() -> None:
    text = """
    ID|Risk|Owner|Mitigation
    R1|Data loss|Ann Lee|Test restores
    ^|^|^|Buy a second disk
    R2|Late supplier|Ann Lee|Penalties
    """
    found = read(workbook(sheet("Risks", text)))
    assert [row.own_id for row in found.found] == ["R1", "R2"]
    grouped = """
    Category|Risk|Owner|Status
    Technical|Data loss|Ann Lee|Open
    ^|Server fails|Bo Ek|Open
    """
    assert [row.values["category"] for row in read(workbook(sheet("Risks", grouped))).found] == ["Technical", "Technical"]


def test_form_with_fields_in_the_first_column() -> None:
    form = "Risk ID|R7\nRisk title|Data loss\nProbability|High\nImpact|Medium\nRisk owner|Ann Lee\nStatus|Open"
    found = read(text_document(heading("Risk R7"), table(form)))
    assert counts(found) == {"risk": 1}
    only = found.found[0]
    assert (only.own_id, only.values["title"], only.values["likelihood"], only.values["owner_id"]) == ("R7", "Data loss", 4, "Ann Lee")
    assert only.locator == "table 1 column 2"


def test_form_in_pairs() -> None:
    form = "Change ID|C1|Date of request|@2026-01-05\nRequested by|Ann|Priority|High\nChange title|New report|Status|Approved"
    found = read(text_document(heading("Change request"), table(form)))
    assert counts(found) == {"change_request": 1}
    assert found.found[0].values["requested_by"] == "Ann"
    assert found.found[0].values["status"] == "approved"


def test_hidden_rows_count_and_hidden_columns_are_unknown() -> None:
    first = read(workbook(sheet("Risks", RISKS, hidden_rows=(2,), hidden_columns=(5,)))).found
    assert len(first) == 2
    assert "owner_id" not in first[0].values
    assert "owner_id" not in first[0].filled


def test_formula_without_value_is_unknown_not_blank() -> None:
    text = "ID|Risk|Likelihood|Impact|Risk score|Owner\nR1|Data loss|4|3|=|\nR2|Late|2|2|4|Ann\nR3||||=|"
    found = read(workbook(sheet("Risks", text))).found
    assert [row.own_id for row in found] == ["R1", "R2"]
    assert "score" not in found[0].filled
    assert "owner_id" in found[0].filled
    assert found[1].values["score"] == 4


def test_struck_row_stays_with_unknown_status() -> None:
    text = "ID|Risk|Owner|Status\n~R1|~Data loss|~Ann|\n~R2|~Late|~Bo|~Closed\nR3|Fire|~Ann|Open"
    found = read(workbook(sheet("Risks", text))).found
    assert len(found) == 3
    assert "status" not in found[0].filled
    assert found[1].values["status"] == "closed"
    assert "owner_id" not in found[2].filled


def test_placeholders_are_blank() -> None:
    text = "ID|Risk|Owner|Due date|Status\nR1|Data loss|TBD|tbc|-\nR2|Late|<name>|n/a|Open"
    for row in read(workbook(sheet("Risks", text))).found:
        assert {"owner_id", "due_on"} <= row.filled
        assert not {"owner_id", "due_on"} & set(row.values)


def test_words_nobody_knows_are_unknown() -> None:
    row = read(workbook(sheet("Risks", "ID|Risk|Owner|Status\nR1|Data loss|Ann|Purple"))).found[0]
    assert row.values["status_raw"] == "Purple"
    assert "status" not in row.filled


def test_days_as_text() -> None:
    text = "ID|Action|Owner|Due date\n1|A|x|03.04.2026\n2|B|x|3 avril 2026\n3|C|x|Q2\n4|D|x|03/04/2026\n5|E|x|April 2026"
    due = [
        (row.values.get("due_on"), "due_on" in row.filled, row.values["due_on_raw"])
        for row in read(workbook(sheet("Actions", text)), None).found
    ]
    assert due == [
        (date(2026, 4, 3), True, "03.04.2026"),
        (date(2026, 4, 3), True, "3 avril 2026"),
        (None, False, "Q2"),
        (None, False, "03/04/2026"),
        (None, False, "April 2026"),
    ]


def test_other_days_of_the_document_settle_day_and_month() -> None:
    text = "ID|Action|Owner|Due date\n4|D|x|03/04/2026\n5|E|x|25/04/2026"
    assert read(workbook(sheet("Actions", text)), None).found[0].values["due_on"] == date(2026, 4, 3)
    text = "ID|Action|Owner|Due date\n4|D|x|03/04/2026\n5|E|x|04/25/2026"
    assert read(workbook(sheet("Actions", text)), None).found[0].values["due_on"] == date(2026, 3, 4)


def test_scales() -> None:
    text = "ID|Risk|Probability (1-3)|Impact (1-10)|Owner\nR1|Data loss|3|10|x\nR2|Late|2|5|x"
    levels = [(row.values["likelihood"], row.values["impact"]) for row in read(workbook(sheet("Risks", text))).found]
    assert levels == [(5, 5), (3, 3)]
    reverse = "ID|Issue|Priority (1 = highest)|Owner\nI1|Down|1|x\nI2|Slow|4|x"
    assert [row.values["priority"] for row in read(workbook(sheet("Issues", reverse))).found] == [5, 2]
    percent = "ID|Risk|Probability|Impact|Owner\nR1|Data loss|30 %|high|x"
    row = read(workbook(sheet("Risks", percent))).found[0]
    assert row.values["likelihood_raw"] == "30 %"
    assert "likelihood" not in row.filled


def test_numbers_of_the_continent() -> None:
    text = "CR-Nr.|Änderungsantrag|Antragsteller|Kosten (EUR)|Status\n1|Export|Meier|1.234,56|genehmigt\n2|Import|Meier|12.000|offen"
    found = read(workbook(sheet("Änderungen", text)), "de").found
    assert [row.values["cost"] for row in found] == [Decimal("1234.56"), Decimal(12000)]
    assert found[0].values["currency"] == "EUR"


def test_costs_by_year_and_kind() -> None:
    text = "Cost category|2026 budget (k€)|2026 actual (k€)|2027 budget (k€)\nLicences|12|10.5|14\nTotal|12|10.5|14"
    found = read(workbook(sheet("Budget", text))).found
    assert [(row.values["kind"], row.values["period_on"], row.values["amount"], row.values["currency"], row.locator) for row in found] == [
        ("budget", date(2026, 1, 1), Decimal(12000), "EUR", "Budget!B2"),
        ("actual", date(2026, 1, 1), Decimal(10500), "EUR", "Budget!C2"),
        ("budget", date(2027, 1, 1), Decimal(14000), "EUR", "Budget!D2"),
    ]


def test_costs_below_a_row_of_years() -> None:
    text = "Cost item|>2 2026|>2 2027\n^|Budget|Actual|Budget|Actual\nStaff|#100|#90|#110|\nTravel|#5|#4|#6|"
    found = read(workbook(sheet("Costs (EUR)", text))).found
    assert len(found) == 6
    assert found[0].values["period_on"] == date(2026, 1, 1)
    assert {row.values["kind"] for row in found} == {"budget", "actual"}


def _by_month(text: str, title: str = "Costs (EUR)") -> list[tuple[str | None, date | None, Decimal | None]]:
    found = read(workbook(sheet(title, text))).found
    return [(row.values.get("kind"), row.values.get("period_on"), row.values.get("amount")) for row in found]


@pytest.mark.parametrize(
    "text",
    [
        "Cost tracker, EUR, cumulative||\nMonth|Planned|Actual\n2026-01|#100|#90\n2026-02|#210|#170",
        "Month|Planned to date (EUR)|Actual to date (EUR)\n2026-01|#100|#90\n2026-02|#210|#170",
        "Monat|Plan kumuliert (EUR)|Ist kumuliert (EUR)\n2026-01|#100|#90\n2026-02|#210|#170",
        "Mois|Prévu cumulé (EUR)|Réalisé cumulé (EUR)\n2026-01|#100|#90\n2026-02|#210|#170",
        "Mes|Previsto acumulado (EUR)|Real acumulado (EUR)\n2026-01|#100|#90\n2026-02|#210|#170",
        "Month|Planned (EUR)|Actual (EUR)|Planned to date|Actual to date\n2026-01|#100|#90|#100|#90\n2026-02|#110|#80|#210|#170",
    ],
)
def test_costs_that_are_added_up_from_month_to_month(text: str) -> None:
    """A month is what it added; where both stand there, the months count."""
    january, february = date(2026, 1, 1), date(2026, 2, 1)
    assert _by_month(text) == [
        ("budget", january, Decimal(100)),
        ("actual", january, Decimal(90)),
        ("budget", february, Decimal(110)),
        ("actual", february, Decimal(80)),
    ]


def test_costs_to_date_may_head_a_list_of_months() -> None:
    rows = _by_month("Costs to date, EUR||\nMonth|Planned|Actual\n2026-01|#100|#90\n2026-02|#110|#80")
    assert [amount for kind, _period, amount in rows if kind == "actual"] == [Decimal(90), Decimal(80)]


def test_costs_added_up_after_an_amount_that_is_not_known() -> None:
    rows = _by_month("Month|Actual to date (EUR)\n2026-01|#90\n2026-02|see ledger 7\n2026-03|#200\n2026-04|#260")
    assert [(period, amount) for _kind, period, amount in rows] == [
        (date(2026, 1, 1), Decimal(90)),
        (date(2026, 2, 1), None),
        (date(2026, 3, 1), None),
        (date(2026, 4, 1), None),
    ]


def test_the_forecast_of_the_whole_is_the_latest() -> None:
    text = "Month|Actual (EUR)|Estimate at completion (EUR)\n2026-01|#90|#900\n2026-02 from 5th|#80|#950"
    assert _by_month(text) == [
        ("actual", date(2026, 1, 1), Decimal(90)),
        ("actual", date(2026, 2, 1), Decimal(80)),
        ("forecast", date(2026, 2, 1), Decimal(950)),
    ]


def test_costs_by_months_alone() -> None:
    """Where nothing but the month names a row, the month is its category."""
    found = read(workbook(sheet("Budget", "Month|Planned (EUR)|Actual (EUR)\n2026-01|#100|#90\n2026-02|#110|\nTotal|#210|#90"))).found
    assert [(row.values["kind"], row.values["period_on"], row.values["amount"]) for row in found] == [
        ("budget", date(2026, 1, 1), Decimal(100)),
        ("actual", date(2026, 1, 1), Decimal(90)),
        ("budget", date(2026, 2, 1), Decimal(110)),
    ]
    assert not read(workbook(sheet("Budget", "Date|Planned (EUR)|Actual (EUR)\nSoon|#100|#90\nLater|#110|#95"))).found


@pytest.mark.parametrize(
    "text",
    [
        "Period|Planned to date (EUR)|Actual to date (EUR)\nJanuary–March 2026|#100|#90\nApril 2026|#210|#170\nReviewed with the owner before each report||",
        "Periodo|Previsto acumulado (EUR)|Real acumulado (EUR)\nEnero a marzo 2026|#100|#90\nAbril 2026|#210|#170",
        "Monat|Plan kumuliert (EUR)|Ist kumuliert (EUR)\nJanuar bis März 2026|#100|#90\nApril 2026|#210|#170",
        "Mois|Prévu cumulé (EUR)|Réalisé cumulé (EUR)\nJanvier-mars 2026|#100|#90\nAvril 2026|#210|#170",
    ],
)
def test_several_months_in_one_row(text: str) -> None:
    """They are told together, hence known from the last of them on."""
    rows = _by_month(text)
    assert [(period, amount) for kind, period, amount in rows if kind == "actual"] == [
        (date(2026, 3, 1), Decimal(90)),
        (date(2026, 4, 1), Decimal(80)),
    ]


def test_amounts_are_no_milestones() -> None:
    """The heads of a budget may be those of milestones as well; what stands below them tells."""
    text = "Item|Baseline|Actual / forecast\nStage 1|£160,000|£154,200\nStage 2|£480,000|£468,900\nRisk budget|£21,000|£21,000\nTotal|£661,000|£644,100"
    found = read(text_document(heading("Budget"), table(text))).found
    assert {row.table for row in found} == {"cost"}
    amounts = [(row.values["category"], row.values["amount"]) for row in found if row.values["kind"] in {"budget", "contingency"}]
    assert amounts[:2] == [("Stage 1", Decimal(160000)), ("Stage 2", Decimal(480000))]
    days = text.replace("£160,000|£154,200", "1 May 2026|3 May 2026").replace("£480,000|£468,900", "1 June 2026|")
    assert "milestone" in {row.table for row in read(text_document(heading("Plan"), table(days))).found}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Item|Budget GBP|Actual to 31 Oct 2026|Forecast\nStaff|#100|#60|#110\nTravel|#20|#0|#20", date(2026, 10, 31)),
        ("Item|Budget GBP|Spent until October 2026|Forecast\nStaff|#100|#60|#110\nTravel|#20|#0|#20", date(2026, 10, 31)),
        ("Kostenart|Budget (EUR)|Ist zum 31.10.2026|Prognose\nPersonal|#100|#60|#110\nReisen|#20|#0|#20", date(2026, 10, 31)),
        ("Poste|Budget (EUR)|Dépensé au 31/10/2026|Prévision\nPersonnel|#100|#60|#110\nVoyages|#20|#0|#20", date(2026, 10, 31)),
        ("Partida|Presupuesto (EUR)|Gastado a 31/10/2026|Previsión\nPersonal|#100|#60|#110\nViajes|#20|#0|#20", date(2026, 10, 31)),
    ],
)
def test_what_was_spent_until_a_day(text: str, day: date) -> None:
    """The day in a header is that of the state, no period; the columns beside it count as well."""
    found = read(workbook(sheet("Budget", text))).found
    amounts = {kind: [row.values["amount"] for row in found if row.values.get("kind") == kind] for kind in ("budget", "actual", "forecast")}
    assert amounts == {"budget": [100, 20], "actual": [60, 0], "forecast": [110, 20]}
    assert {row.values.get("version_on") for row in found} == {None, day}
    assert not [row for row in found if "period_on" in row.values]


def test_reference_to_another_row() -> None:
    text = "ID|Issue|Raised by|Status|Change request ID\nI1|Wrong export|Ann|Open|CR-7"
    row = read(workbook(sheet("Issues", text))).found[0]
    assert "change_request_id" not in row.values


def test_header_far_down_and_metadata_above() -> None:
    above = "\n".join(f"Line {number} of an explanation that nobody reads||||||" for number in range(35))
    assert counts(read(workbook(sheet("Risks", above + "\n" + RISKS.strip())))) == {"risk": 2}


def test_rest_of_a_table_on_the_next_page() -> None:
    first = TableBlock(rows("Milestone|Planned date\nStart|01/02/2026"), locator="page 3 table 1")
    rest = TableBlock(rows("Middle|15/03/2026\nEnd|20/12/2026"), locator="page 4 table 1")
    parsed = Parsed(Document("pdf", (heading("Milestones"), first, rest)), "Plan.pdf")
    assert counts(read(parsed)) == {"milestone": 3}


def test_cut_table_is_not_complete() -> None:
    kept = read(workbook(sheet("Risks", RISKS, is_cut=True))).kept
    assert [entry.is_complete for entry in kept] == [False]


def test_headers_are_told() -> None:
    mapped = columns(read(workbook(sheet("Risks", RISKS.replace("Due date", "Zebra")))))
    assert mapped["Zebra"] is None
    assert mapped["Owner"] == "owner_id"


def test_a_tick_column_per_value() -> None:
    text = "Test step|Pass|Fail|Comments\nOpen the page|x||\nLog in||x|no answer\nLog out|||"
    found = read(workbook(sheet("Test script", text))).found
    assert [row.values.get("result") for row in found] == ["passed", "failed", None]
    assert all(row.table == "review" and row.values["kind"] == "test" for row in found)


def test_layout_tables_are_passed_over() -> None:
    block = TableBlock(rows(RISKS), locator="table 1", is_layout=True)
    assert read(Parsed(Document("docx", (block,)), "a.docx")).found == ()


def test_ragged_and_empty_tables() -> None:
    ragged = TableBlock(((Cell("ID"), Cell("Risk"), Cell("Owner")), (Cell("R1"), Cell("Fire")), ()), locator="table 1")
    assert counts(read(Parsed(Document("docx", (heading("Risks"), ragged, TableBlock((), locator="table 2"))), "a.docx"))) == {"risk": 1}


def test_hidden_column_is_not_said_to_be_kept() -> None:
    kept = read(workbook(sheet("Risks", RISKS, hidden_columns=(5,)))).kept[0]
    assert "owner_id" not in kept.columns
    assert "title" in kept.columns


def test_a_line_of_the_budget_that_is_set_aside() -> None:
    """What is kept for changes and risks is no budget of the work; what was used of it is neither. A remark behind an amount is none of it."""
    text = """
    Position|Betrag
    Phase 1|30.000 EUR
    Änderungsbudget|15.000 EUR
    Risikobudget|0 EUR (auf Projektebene)
    Änderungsbudget (Ist)|2.600 EUR
    """
    found = read(text_document(heading("Budget"), table(text, 1))).found
    assert [(row.values["category"], row.values.get("kind"), row.values.get("amount")) for row in found] == [
        ("Phase 1", "budget", Decimal(30000)),
        ("Änderungsbudget", "change_budget", Decimal(15000)),
        ("Risikobudget", "contingency", Decimal(0)),
        ("Änderungsbudget (Ist)", "budget", Decimal(2600)),
    ]
