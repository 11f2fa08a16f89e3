"""Tables as people who know no standard write them: short headers, ids below nouns, registers in pieces, pictures instead of words."""

from datetime import date
from decimal import Decimal

import pytest
from register_tables import COMPILED, columns, counts, heading, read, sheet, table, text_document, workbook

from auditor.connect.values import is_placeholder, parse_level
from auditor.snapshot.documents.cells import code_of, is_like_day

WORDS = {register.name: register.values for register in COMPILED.registers}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Deliverable | Due date | Status\nPump hall drawn | 2026-03-01 | done\nPump hall built | 2026-09-01 | planned",
            {"deliverable": 2},
        ),
        ("Entregable | Fecha límite\nManual de la bomba | 2026-03-01\nPlano de la nave | 2026-04-01", {"deliverable": 2}),
        ("Milestone | Target date | Status\nHall ready | Q4 2026 | planned\nHall open | Q1 2027 | planned", {"milestone": 2}),
        ("Milestone description | Target delivery date\nHall ready | 2026-03-01\nHall open | 2026-09-01", {"milestone": 2}),
        ("ID | Anforderung | Priorität\nA1 | Die Pumpe meldet Druck | Muss\nA2 | Die Pumpe stoppt bei Hitze | Soll", {"requirement": 2}),
        ("Deliverable | Owner | Estimate\nPump hall drawn | Ada Moss | 6 h\nPump hall built | Ben Orr | 3 d", {"deliverable": 2}),
        (
            "Action | Responsable | Échéance | Budget\nPeindre la halle | Ada Moss | M6 | 30 k€\nVendre la pompe | Ben Orr | M7 | 0 €",
            {"action": 2},
        ),
        ("Deliverable | Owner | Architect | Works | Finance\nPump hall | A/R | C | I | I\nPump | I | A | R | C", {}),
        ("Product | Price | Date\nPump | 12 € | 2026-03-01\nHall | 14 € | 2026-03-02", {}),
        ("Paso | Acción | Responsable | Plazo\n1 | Abrir la válvula | Turno | 5 días\n2 | Cerrar la válvula | Turno | 6 días", {}),
        ("Lesson | Date | Teacher\nPumps at work | 2026-03-01 | Ada Moss\nHalls at night | 2026-03-08 | Ben Orr", {}),
        ("Exigence | Détail\nLa pompe s'arrête | À chaud\nLa pompe démarre | À froid", {}),
        ("Requisito | Mínimo recomendado | Notas\nMemoria | 2 GB | con margen\nDisco | 20 GB | mejor SSD", {}),
        ("Paso | Acción | Responsable\n1 | Abrir la válvula | Turno\n2 | Cerrar la válvula | Turno", {}),
        ("Role | Decision | Date\nHead of works | Agreed | 2026-03-01\nSponsor | Agreed | 2026-03-02", {}),
        ("Ergebnis | Datum\n3:1 gegen Nord | 2026-03-01\n0:0 gegen Süd | 2026-03-08", {}),
    ],
)
def test_short_headers_below_a_heading_that_says_nothing(text, expected):
    """Every header understood, the rows called what the register calls its own; steps, sign-offs and prerequisites are none."""
    assert counts(read(text_document(heading("Part 5"), table(text)))) == expected


@pytest.mark.parametrize(
    ("title", "header"),
    [
        ("Jalons majeurs", "Jalon | Semaine | Validation"),
        ("Meilensteine", "Meilenstein | Welle | Auslöser"),
    ],
)
def test_milestones_without_a_day(title, header):
    found = read(text_document(heading(title), table(f"{header}\nHalle steht | S3 | Plan\nHalle offen | S7 | Plan")))
    assert counts(found) == {"milestone": 2}


def test_what_many_call_a_matrix_is_their_register():
    for title in ("Risikomatrix", "Matriz de riesgos", "Risk matrix"):
        found = read(
            text_document(heading(title), table("Risk | Likelihood | Mitigation\nThe pump breaks | High | Spare pump\nRain | Low | Roof"))
        )
        assert counts(found) == {"risk": 2}
    grid = "Likelihood | Low impact | High impact\nHigh | amber | red\nLow | green | amber"
    assert counts(read(text_document(heading("Risk matrix"), table(grid)))) == {}


def test_ids_below_the_name_of_the_rows():
    found = read(
        text_document(
            heading("Anforderungen"),
            table("Anforderung | Priorität | Beschreibung\nA01 | Muss | Die Pumpe meldet Druck\nA02 | Soll | Sie stoppt"),
        )
    )
    assert columns(found) == {"Anforderung": "id", "Priorität": "priority", "Beschreibung": "title"}
    assert [row.own_id for row in found.found] == ["A01", "A02"]


def test_ids_below_a_word_for_the_check():
    """Where another column tells how it is checked; a check that is told in words stays what it was."""
    header = "Check | Product | Method | Reviewer | Planned on"
    rows = "Q-01 | P-01 | Load test | Ann Lee | 2026-03-01\nQ-02 | P-02 | Review | Bo Ek | 2026-03-08"
    found = read(text_document(heading("Quality register"), table(f"{header}\n{rows}")))
    assert [row.own_id for row in found.found] == ["Q-01", "Q-02"]
    assert columns(found)["Method"] == "kind"
    told = read(text_document(heading("Quality register"), table(f"{header}\n{rows.replace('Q-01', 'Load').replace('Q-02', 'Text')}")))
    assert [row.own_id for row in told.found] == [None, None]


def test_ids_that_begin_with_their_header():
    found = read(
        text_document(
            heading("Decision log"),
            table("ADR | Title | Decision | Date\nADR-1 | Pump | Buy two | 2026-03-01\nADR-2 | Hall | Rent it | 2026-03-08"),
        )
    )
    assert columns(found) == {"ADR": "id", "Title": "title", "Decision": "description", "Date": "decided_on"}


def test_an_n_in_brackets_is_no_number():
    found = read(
        text_document(
            heading("Meilensteine"),
            table("Meilenstein | Welle(n) | Datum\nHalle steht | w-01 | 2026-03-01\nHalle offen | w-02 | 2026-04-01"),
        )
    )
    assert columns(found)["Welle(n)"] != "id"


def test_a_register_in_two_tables():
    """The second says more of the same rows, by their ids."""
    first = "Risk ID | Risk | Category\nR-01 | The pump breaks down | Works\nR-02 | The hall is flooded | Weather"
    second = "Risk ID | Mitigation | Owner | Due date\nR-01 | Spare pump | Ada Moss | 2026-05-01\nR-02 | Higher sill | Ben Orr | 2026-06-01"
    found = read(text_document(heading("Risk analysis"), table(first), heading("Answers"), table(second, 2)))
    assert counts(found) == {"risk": 2}
    assert [row.values["owner_id"] for row in found.found] == ["Ada Moss", "Ben Orr"]
    assert found.found[0].values["title"] == "The pump breaks down"
    assert {"due_on", "response_detail", "category"} <= found.found[0].filled


def test_a_row_listed_twice_is_one_and_what_differs_is_unknown():
    first = "Risk ID | Risk | Status\nR-01 | The pump breaks down | Open\nR-02 | The hall is flooded | Open"
    second = "Risk ID | Risk | Status | Impact\nR-01 | The pump breaks | Closed | High\nR-02 | The hall is flooded | Open | Low"
    found = read(text_document(heading("Risks"), table(first), heading("Risk assessment"), table(second, 2)))
    assert counts(found) == {"risk": 2}
    pump, hall = found.found
    assert not {"status"} & (set(pump.filled) | set(pump.values))
    assert (hall.values["status"], hall.values["impact"], pump.values["impact"]) == ("proposed", 2, 4)


def test_numbers_count_anew_in_every_list():
    first = "No | Action | Owner | Due date\n1 | Order the pump | Ada Moss | 2026-05-01\n2 | Paint the hall | Ben Orr | 2026-05-02"
    second = "No | Action | Owner | Due date\n1 | Sell the pump | Ada Moss | 2026-06-01\n2 | Rent the hall | Ben Orr | 2026-06-02"
    found = read(text_document(heading("Actions of May"), table(first), heading("Actions of June"), table(second, 2)))
    assert counts(found) == {"action": 4}


def test_years_beside_costs():
    found = read(text_document(heading("Means"), table("Cost (kEUR) | 2026 | 2027\nPumps | 12 | 14\nStaff | 120 | 130\nTotal | 132 | 144")))
    assert [(row.values["category"], row.values["amount"], row.values["currency"], row.values["period_on"]) for row in found.found] == [
        ("Pumps", Decimal(12000), "EUR", date(2026, 1, 1)),
        ("Pumps", Decimal(14000), "EUR", date(2027, 1, 1)),
        ("Staff", Decimal(120000), "EUR", date(2026, 1, 1)),
        ("Staff", Decimal(130000), "EUR", date(2027, 1, 1)),
    ]


@pytest.mark.parametrize(
    ("numbers", "levels"),
    [
        ((4, 6, 2), (4, None, 2)),  # one slip of the hand
        ((4, 8, 9), (None, None, None)),  # a scale that nobody states
        ((0, 0, 3), (None, None, None)),
    ],
)
def test_numbers_beyond_the_scale(numbers, levels):
    body = "\n".join(f"R{at} | The pump no {at} breaks | #{number} | Low" for at, number in enumerate(numbers))
    found = read(workbook(sheet("Risks", f"ID | Risk | Likelihood | Impact\n{body}")))
    assert tuple(row.values.get("likelihood") for row in found.found) == levels
    assert all(("likelihood" in row.filled) == (level is not None) for row, level in zip(found.found, levels, strict=True))


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("High (4)", 4), ("12 - HIGH", 4), ("🔴 High", 4), ("Hoch / High", 4), ("faible (voir ADR-64)", 2), ("very-high", 5), ("P1 (high)", 4),
        ("MED-HIGH", None), ("Medium to High", None), ("Faible/Moyenne", None), ("M/H", None), ("Low → High", None), ("P1 (critical)", None), ("3-4", None), ("🔴", None),
    ],
)  # fmt: skip
def test_levels(text, level):
    assert parse_level(text, WORDS["risk"]["likelihood"]) == level


@pytest.mark.parametrize(
    ("register", "text", "value"),
    [
        ("decision", "acceptée", "approved"), ("decision", "acceptées", "approved"), ("decision", "aprobadas", "approved"), ("decision", "abgelehnter", "rejected"),
        ("action", "Closed 12/03/2026", "done"), ("action", "Erledigt am 12.03.", "done"), ("action", "✅ Done", "done"), ("action", "Open / Closed", None), ("action", "✅", None),
        ("risk", "Closed on 2026-03-12, see mail", "closed"), ("action", "Opens", "open"), ("action", "Opening soon", None),
    ],
)  # fmt: skip
def test_codes(register, text, value):
    assert code_of(text, WORDS[register]["status"]) == value


@pytest.mark.parametrize(
    ("text", "expected"), [("🔴", False), ("⏳", False), ("✅", False), ("★★★", False), ("☐", True), ("—", True), ("────", True)]
)
def test_a_picture_says_something(text, expected):
    assert is_placeholder(text) == expected


def test_spanish_kick_offs():
    words = WORDS["meeting"]["kind"]
    assert code_of("Reunión de lanzamiento de la planificación", words) == "planning_kick_off"
    assert code_of("Kick-off de ejecución", words) == "executing_kick_off"
    assert code_of("Kick-off", words) is None  # of which phase, nobody says


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Common problems", "Problem | Solution\nThe pump does not start | Check the fuse\nThe pump is loud | Oil it"),
        ("Fehlerbehebung", "Problem | Lösung\nPumpe startet nicht | Sicherung prüfen\nPumpe ist laut | Ölen"),
        ("Dépannage", "Problème | Cause | Solution\nLa pompe ne part pas | fusible | le changer\nElle est bruyante | sec | huiler"),
        ("Solución de problemas", "Problema | Solución\nLa bomba no arranca | Ver el fusible\nHace ruido | Engrasar"),
        ("Known problems", "Symptom | Cause | Fix\nLoud pump noise | dry | oil it\nNo pressure at all | leak | seal it"),
        ("History", "Date | Change | Author\n2026-03-01 | First draft of it | Ada Moss\n2026-03-08 | After the review | Ben Orr"),
        ("Wechsel", "Änderung | Datum\nNeue Pumpe | 01.03.2026\nNeue Halle | 08.03.2026"),
        ("Summary", "Metric | Value\nSize of the hall | 20\nPower of the pump | 4"),
        ("Features", "Feature | Status\nPump | ✅\nHall | 🚧"),
    ],
)
def test_guides_histories_and_summaries_are_no_registers(title, text):
    for heading_ in (title, "Part 2"):
        assert counts(read(text_document(heading(heading_), table(text)))) == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Q3 2026", True), ("mid-May", True), ("Week 2, Day 5", True), ("J+30", True), ("M3", True), ("in 2 Wochen", True), ("3 months", True), ("Apr 2026", True), ("12/03", True),
        ("15/year", False), ("20 mins", False), ("99.9 %", False), ("50", False), ("1,200 €", False), ("soon", False),
    ],
)  # fmt: skip
def test_what_may_stand_for_a_day(text, expected):
    assert is_like_day(text) == expected


def test_a_target_is_a_day_or_a_value_by_what_stands_below():
    found = read(
        text_document(
            heading("Benefits"), table("Benefit | Baseline | Target\nFewer floods | 50/year | 15/year\nFaster pumps | 45 mins | 20 mins")
        )
    )
    assert columns(found)["Target"] == "target"


@pytest.mark.parametrize(
    ("letters", "levels"),
    [
        ("M A B", (3, 4, 2)),
        ("H N M", (4, 2, 3)),
        ("G H SH", (2, 4, 5)),
        ("L M H", (2, 3, 4)),
        ("A B C", (None, None, None)),
        ("A A A", (None, None, None)),
    ],
)
def test_initials_of_one_language(letters, levels):
    body = "\n".join(f"R{at} | The pump no {at} breaks | {letter} | 3" for at, letter in enumerate(letters.split()))
    found = read(workbook(sheet("Risks", f"ID | Risk | Likelihood | Impact\n{body}")))
    assert tuple(row.values.get("likelihood") for row in found.found) == levels


def test_the_history_of_a_document_is_no_log_of_changes():
    text = "Date | Change ID | Version | Type | Summary | Author\n2026-03-01 | C-1 | 0.1 | draft | First text of it | Ada Moss"
    assert counts(read(text_document(heading("Change log"), table(text)))) == {}
    text = "Change ID | Summary | Requested by | Status\nC-1 | A second pump | Ada Moss | Approved\nC-2 | A new hall | Ben Orr | Rejected"
    assert counts(read(text_document(heading("Change log"), table(text)))) == {"change_request": 2}


def test_what_explains_fields_is_no_entry():
    text = "Spalte | Beschreibung\nLieferant | Name\nVertragsnummer | Zahl\nBetrag | EUR\nKostenart | Zugeordnet"
    assert counts(read(text_document(heading("Tabelle der Bestellungen"), table(text)))) == {}


def test_rows_numbered_by_the_name_of_the_register():
    text = "Bug ID | Title | Ticket | Status\nB-1 | The pump shows no pressure | t1 | fixed\nB-2 | The hall is not found | t2 | open"
    found = read(text_document(heading("Sprint 13"), table(text)))
    assert [row.values["status"] for row in found.found] == ["resolved", "open"]


def test_lead_time_is_nobody():
    text = "Risk | Impact | Mitigation + lead time\nThe pump breaks down | High | A second pump in the shed\nThe hall is flooded | Low | A higher sill at the door"
    assert "owner_id" not in columns(read(text_document(heading("Risk register"), table(text)))).values()


def test_the_media_are_a_stakeholder():
    found = read(
        text_document(heading("Stakeholders"), table("Stakeholder | Influence | Interest\nMedia | High | Low\nTown hall | High | High"))
    )
    assert [row.values["name"] for row in found.found] == ["Media", "Town hall"]


def test_numbered_names_of_rows_are_no_labels_of_a_form():
    text = "Hito | Fecha | Descripción\nHito 1 | 07/04/2026 | La bomba\nHito 2 | 30/04/2026 | La nave"
    found = read(workbook(sheet("Hitos del proyecto", text)), "es")
    assert columns(found)["Fecha"] == "baseline_on"
    assert [row.values["baseline_on"] for row in found.found] == [date(2026, 4, 7), date(2026, 4, 30)]


@pytest.mark.parametrize(
    ("header", "below"),
    [("Detection signal", "OBS-01"), ("Related workstream", "WS-01"), ("Sprint", "Sprint 2")],
)
def test_what_points_at_something_else_is_no_column_of_the_row(header, below):
    text = f"Risk | Likelihood | Impact | {header}\nThe pump breaks down | High | Low | {below}\nThe hall is flooded | Low | Low | {below[:-1]}7"
    assert columns(read(text_document(heading("Risk register"), table(text))))[header] is None


def test_milestones_with_a_date_and_more():
    text = "Hito | Fecha | Responsable | Artefacto\nPlan listo | 2026-07-08 | ana | plan\nNave lista | 2026-07-09 | luis | nave"
    assert counts(read(text_document(heading("Cronología y cierre"), table(text)), "es")) == {"milestone": 2}
