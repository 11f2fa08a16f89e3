"""Files of other organisations: written to disk by the usual libraries, read by the reader of their format, recognised to the end.

Every case says how many rows which register has, and what its headers mean. Headers are ones that no list of words has in full, besides
those that it has.
"""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from written_files import WRITERS, calculated, pdf

from auditor.connect.protocol import Parsed
from auditor.snapshot.documents.headers import compile_registers
from auditor.snapshot.documents.read import DocumentRead, load_document_words, read_document
from auditor.snapshot.documents.registers import RegistersRead, read_registers
from auditor_connectors.documents import structure

RISK_KINDS = {"risk_log", "risk_register"}
ISSUE_KINDS = {"issue_log", "issue_register"}
TEXTS = ("The supplier goes out of business", "Data of the old system is incomplete", "Users do not take part", "The law changes in autumn")
PEOPLE = ("Amara Diallo", "Lena Vogt", "Tom Baker", "Sofia Lindqvist")
DAYS = ("14/01/2025", "26/02/2025", "30/03/2025", "17/04/2025")
VALUES: dict[str, tuple[Any, ...]] = {
    "text": TEXTS,
    "who": PEOPLE,
    "day": DAYS,
    "no": (1, 2, 3, 4),
    "id": ("X-1", "X-2", "X-3", "X-4"),
    "ex": ("EX-001", "EX-002", "EX-003", "EX-004"),
    "1-5": (2, 5, 3, 4),
    "level": ("High", "Low", "High", "Medium"),
    "hoch": ("hoch", "gering", "mittel", "hoch"),
    "ABM": ("A", "B", "M", "A"),
    "state": ("Open", "Closed", "Open", "Open"),
    "offen": ("offen", "erledigt", "offen", "offen"),
    "money": ("1.234,56", "12.000,00", "900,00", "2.500,10"),
    "x": ("weekly call", "second source", "see the minutes", "training for all"),
    "": (None, None, None, None),
}


@dataclass(frozen=True)
class Case:
    file: str
    register: str
    headers: tuple[tuple[str, str, str | None], ...]  # label, what stands below, column of the model; None: whatever
    kinds: frozenset[str | None] = frozenset()
    above: tuple[tuple[Any, ...], ...] = ()
    name: str = "Register"

    @property
    def rows(self) -> list[list[Any]]:
        body = [[VALUES[kind][at] for _, kind, _ in self.headers] for at in range(len(TEXTS))]
        return [*map(list, self.above), [label for label, _, _ in self.headers], *body]


def case(file, register, *headers, kinds=(), above=(), name="Register"):
    return Case(file, register, headers, frozenset(kinds), above, name)


CASES = [
    case("R&O Register.xlsx", "risk", ("Item", "no", "id"), ("Risk Statement", "text", "title"), ("P", "1-5", "likelihood"), ("I", "1-5", "impact"),
         ("PxI", "1-5", "score"), ("Treatment Actions", "x", "response_detail"), ("Accountable", "who", "owner_id"), kinds=RISK_KINDS, above=(("ACME",), ("As of", "05-May-2025"), ())),
    case("Threats.xlsx", "risk", ("Ref.", "id", "id"), ("Description of threat", "text", "title"), ("Pre-mitigation probability", "1-5", "likelihood"), ("Pre-mitigation impact", "1-5", "impact"),
         ("Mitigation measure(s)", "x", "response_detail"), ("Post-mitigation probability", "1-5", "residual_likelihood"), ("Post-mitigation impact", "1-5", "residual_impact"),
         ("Risk lead", "who", "owner_id"), ("Date last updated", "day", "reviewed_on"), name="Project risk register"),
    case("Word risks.docx", "risk", ("Risk No", "id", "id"), ("Risk Description", "text", "title"), ("Likelihood", "level", "likelihood"), ("Consequence", "level", "impact"),
         ("Treatment", "x", "response_detail"), ("Responsibility", "who", "owner_id"), kinds=RISK_KINDS, name="Risk register"),
    case("Risikomanagement.ods", "risk", ("Kennung", "id", "id"), ("Risikobeschreibung", "text", "title"), ("EW (1-5)", "1-5", "likelihood"), ("Auswirk.", "1-5", "impact"), ("Risikozahl", "1-5", "score"),
         ("Präventive Maßnahmen", "x", "response_detail"), ("Zuständige Person", "who", "owner_id"), kinds=RISK_KINDS, name="Risiken", above=(("Risikomanagement Projekt Süd",), ())),
    case("Risikoregister.odt", "risk", ("Nr.", "no", "id"), ("Risiko", "text", "title"), ("Wahrscheinlichkeit", "hoch", "likelihood"), ("Auswirkung", "hoch", "impact"), ("Maßnahme", "x", "response_detail"),
         ("Verantwortlich", "who", "owner_id"), kinds=RISK_KINDS, name="Risikoregister"),
    case("Cartographie.xlsx", "risk", ("Code", "id", "id"), ("Facteur de risque", "text", "title"), ("Probabilité (1 à 5)", "1-5", "likelihood"), ("Gravité (1 à 5)", "1-5", "impact"),
         ("Actions de maîtrise", "x", "response_detail"), ("Suivi par", "who", "owner_id"), ("Date de révision", "day", "reviewed_on"), kinds=RISK_KINDS, name="Analyse de risques"),
    case("Riesgos.odt", "risk", ("N°", "no", "id"), ("Evento de riesgo", "text", "title"), ("Probabilidad (B/M/A)", "ABM", "likelihood"), ("Impacto (B/M/A)", "ABM", "impact"), ("Severidad", "level", None),
         ("Medidas a adoptar", "x", "response_detail"), ("Dueño del riesgo", "who", "owner_id"), kinds=RISK_KINDS, name="Registro de riesgos"),
    case("Risques - Risks.xlsx", "risk", ("N° / No", "no", "id"), ("Risque / Risk", "text", "title"), ("Probabilité / Probability", "1-5", "likelihood"), ("Impact / Impact", "1-5", "impact"),
         ("Responsable / Owner", "who", "owner_id"), ("Statut / Status", "state", "status"), kinds=RISK_KINDS, name="Risques-Risks"),
    case("issues tracker.xlsx", "issue", ("#", "no", "id"), ("Date logged", "day", "raised_on"), ("Logged by", "who", "raised_by"), ("What is the issue?", "text", "title"), ("Fix by", "day", "due_on"),
         ("Open / Closed", "state", "status"), kinds=ISSUE_KINDS, name="Issues"),
    case("Liste.xlsx", "issue", ("Nr.", "no", "id"), ("Woran hängt es gerade", "text", "title"), ("Erfasst am", "day", "raised_on"), ("Zuständig", "who", "owner_id"), ("Status", "offen", "status"), name="Offene Punkte"),
    case("LOP.xlsx", "issue", ("Offener Punkt", "text", "title"), ("Eingebracht von", "who", "raised_by"), ("Eingebracht am", "day", "raised_on"), ("Zu klären durch", "who", "owner_id"), ("Zu klären bis", "day", "due_on"),
         ("Ergebnis", "x", "resolution"), kinds=ISSUE_KINDS, name="LOP"),
    case("Journal des problèmes.odt", "issue", ("Réf.", "id", "id"), ("Description du problème", "text", "title"), ("Ouvert le", "day", "raised_on"), ("Assigné à", "who", "owner_id"), ("Résolution", "x", "resolution"), kinds=ISSUE_KINDS, name="Journal des problèmes"),
    case("Bitácora de problemas.docx", "issue", ("Nº", "no", "id"), ("Problema", "text", "title"), ("Responsable de resolver", "who", "owner_id"), ("Estatus", "state", "status"), kinds=ISSUE_KINDS, name="Bitácora de problemas"),
    case("Key decisions.xlsx", "decision", ("ID", "id", "id"), ("Decision to be taken", "text", "title"), ("Alternatives", "x", "description"), ("Decided on", "day", "decided_on"), ("Decision owner", "who", "owner_id"), kinds={"decision_log"}, name="Key decisions"),
    case("Entscheidungsliste.ods", "decision", ("Nr.", "id", "id"), ("Beschluss", "text", "title"), ("Begründung", "x", "rationale"), ("Beschlossen am", "day", "decided_on"), ("Umsetzung durch", "who", "owner_id"), kinds={"decision_log"}, name="Entscheidungen"),
    case("Relevé.ods", "decision", ("N°", "no", "id"), ("Décision", "text", "title"), ("Date", "day", "decided_on"), ("Responsable de mise en œuvre", "who", "owner_id"), name="Relevé de décisions"),
    case("CR log.ods", "change_request", ("CR", "id", "id"), ("Title", "text", "title"), ("Raised by", "who", "requested_by"), ("Submitted", "day", "requested_on"), ("Implemented on", "day", "implemented_on"), kinds={"change_log"}, name="Change requests"),
    case("Control de cambios.xlsx", "change_request", ("Código", "id", "id"), ("Solicitud de cambio", "text", "title"), ("Solicitante", "who", "requested_by"), ("Impacto en coste (€)", "money", "cost"), kinds={"change_log"}, name="Cambios"),
    case("LL.xlsx", "lesson", ("#", "no", "id"), ("What happened?", "text", "title"), ("What we would do differently", "x", "recommendation"), ("Date", "day", "recorded_on"), name="Lessons learnt"),
    case("REX.xlsx", "lesson", ("N°", "no", "id"), ("Constat", "text", "title"), ("Préconisation", "x", "recommendation"), name="Retour d'expérience"),
    case("Exigences.ods", "requirement", ("Réf. exigence", "ex", "id"), ("Exigence", "text", "title"), ("Origine", "x", "origin"), ("Critère d'acceptation", "x", "acceptance_criteria"), kinds={"requirements_documents"}, name="Exigences"),
    case("Deliverables list.docx", "deliverable", ("Ref", "id", "id"), ("Deliverable", "text", "title"), ("Format", "x", None), ("Responsible partner", "who", "owner_id"), ("Planned submission", "day", "due_on"), name="List of deliverables"),
    case("Jalons.docx", "milestone", ("Jalon", "text", "title"), ("Date contractuelle", "day", "baseline_on"), ("Date prévisionnelle", "day", "forecast_on"), name="Jalons"),
    case("Actions.xlsx", "action", ("Réf.", "id", "id"), ("Action à mener", "text", "title"), ("Qui", "who", "owner_id"), ("Pour le", "day", "due_on"), ("Fait le", "", "closed_on"), kinds={None}, name="Actions"),
    case("Tareas.odt", "action", ("Tarea", "text", "title"), ("Responsable", "who", "owner_id"), ("Fecha límite", "day", "due_on"), name="Tareas"),
    case("Stakeholderanalyse.xlsx", "stakeholder", ("Nr.", "no", "id"), ("Stakeholder", "who", "name"), ("Einfluss (1-5)", "1-5", "influence"), ("Kommunikationsmaßnahme", "x", "communication_need"), kinds={"project_stakeholder_matrix"}, name="Stakeholder"),
    case("Risk register.pdf", "risk", ("ID", "id", "id"), ("Risk description", "text", "title"), ("Likelihood", "level", "likelihood"), ("Impact", "level", "impact"), ("Owner", "who", "owner_id"), kinds=RISK_KINDS, name="Risk register"),
]  # fmt: skip


@pytest.fixture(scope="module")
def words():
    return load_document_words()


def read(path: Path, words) -> tuple[DocumentRead, RegistersRead]:
    document = Parsed(structure(path), path.name)
    found = read_document(document, words)
    return found, read_registers(document, compile_registers(words.recognition.registers), language=found.language)


def counted(read: DocumentRead | RegistersRead) -> Counter[str]:
    return Counter(row.register for row in read.found if row.register)


@pytest.mark.parametrize("given", CASES, ids=lambda given: given.file)
def test_rows_columns_and_kind(given, words, tmp_path):
    """Every row once, every header understood, the kind that a person would give it."""
    path = tmp_path / given.file
    if path.suffix in {".xlsx", ".ods"}:
        WRITERS[path.suffix](path, {given.name: given.rows})
    else:
        WRITERS[path.suffix](path, [f"# {given.name}", given.rows])
    document, registers = read(path, words)
    assert counted(registers) == {given.register: len(TEXTS)}
    meant = {mapped.label: mapped.column for mapped in registers.mapped}
    assert {label: meant[label.strip(" *:")] for label, _, column in given.headers if column} == {
        label: column for label, _, column in given.headers if column
    }
    assert [row.own_id for row in registers.found] == [
        str(value) for value in next((VALUES[kind] for _, kind, column in given.headers if column == "id"), (None,) * 4)
    ] or not any(column == "id" for _, _, column in given.headers)
    assert document.kind in given.kinds or not given.kinds


RISKS = [["ID", "Risk", "Probability", "Impact", "Owner"], ["R1", TEXTS[0], "High", "Low", PEOPLE[0]], ["R2", TEXTS[1], "Low", "High", PEOPLE[1]], ["R3", TEXTS[2], "High", "High", PEOPLE[2]]]  # fmt: skip


def test_two_rows_of_headers_yearly_sheets_and_hidden_rows(words, tmp_path):
    """Merged groups above the headers; a sheet a year; what a filter hides is there."""
    head = [
        ["N°", "Risque", "Cotation", None, "Plan d'action", None],
        [None, None, "Probabilité", "Gravité", "Actions de maîtrise", "Pilote"],
    ]
    rows = [*head, [1, TEXTS[0], 2, 3, "x y", PEOPLE[0]], [2, TEXTS[1], 4, 1, "y z", PEOPLE[1]]]
    path = tmp_path / "Registre des risques.xlsx"
    WRITERS[".xlsx"](path, {"2024": rows, "2025": rows}, merged=("A1:A2", "B1:B2", "C1:D1", "E1:F1"), hidden=(4,))
    _, registers = read(path, words)
    first = [mapped for mapped in registers.mapped if mapped.locator == "2024"]
    assert [mapped.column for mapped in first][:4] == ["id", "title", "likelihood", "impact"]
    assert sum(row.locator.startswith("2024!") for row in registers.found) == 2


def test_formulas_with_values_and_without(words, tmp_path):
    """A score that was calculated is read; one that was not is unknown, and formulas filled down below the last row are no rows."""
    head = ["No", "Risk title", "Probability", "Impact", "Exposure", "Owner"]
    known = tmp_path / "risks.xlsx"
    calculated(
        known, {"Risk register": [head, [1, TEXTS[0], 2, 3, ("=C2*D2", 6), PEOPLE[0]], [2, TEXTS[1], 1, 3, ("=C3*D3", 3), PEOPLE[1]]]}
    )
    assert [row.values["score"] for row in read(known, words)[1].found] == [6, 3]
    unknown = tmp_path / "risks down.xlsx"
    WRITERS[".xlsx"](unknown, {"Risk register": [head, [1, TEXTS[0], 2, 3, "=C2*D2", PEOPLE[0]], *([None, None, None, None, f"=C{at}*D{at}", None] for at in range(3, 12))]})  # fmt: skip
    (row,) = read(unknown, words)[1].found
    assert "score" not in row.filled


def test_rows_in_content_controls_and_tracked_rows_count(words, tmp_path):
    path = tmp_path / "Risk log.docx"
    WRITERS[".docx"](path, ["# Risk log", RISKS], inserted=1)
    assert counted(read(path, words)[1]) == {"risk": 3}


@pytest.mark.parametrize("ruled", [True, False])
def test_rows_of_a_pdf_by_lines_or_by_the_space_between(words, tmp_path, ruled):
    """Cells that wrap stand close together; rows stand apart; the short cells stand below."""
    long = "that is told at such length that it does not fit into one line of its cell"
    path = tmp_path / "Decision log.pdf"
    table = [["Ref", "Decision", "Taken by", "Date"], *([f"D{at}", f"{TEXTS[at]} {long}", PEOPLE[at], DAYS[at]] for at in range(4))]
    pdf(path, ["# Decision log", table], ruled=ruled)
    found = [row for row in read(path, words)[1].found if row.register == "decision"]
    assert [row.own_id for row in found] == ["D0", "D1", "D2", "D3"]
    assert [row.values["title"] for row in found] == [f"{text} {long}" for text in TEXTS]


def exported(kind: str) -> list[list[Any]]:
    head = ["Issue Type", "Issue key", "Issue id", "Summary", "Assignee", "Reporter", "Status", "Created", "Due date"]
    return [head, *([kind, f"VE-{at}", 100 + at, TEXTS[at], PEOPLE[at], PEOPLE[0], "Open", DAYS[0], DAYS[at]] for at in range(4))]


def test_an_export_of_a_tracker_is_work(words, tmp_path):
    """'Issue' of Jira is no issue of the project, unless its type says so."""
    work = tmp_path / "jira-export.xlsx"
    WRITERS[".xlsx"](work, {"Your Jira Issues": exported("Story")})
    document, registers = read(work, words)
    assert not counted(registers)
    assert document.kind is None
    risks = tmp_path / "jira risks.xlsx"
    WRITERS[".xlsx"](risks, {"Risks": exported("Risk")})
    assert counted(read(risks, words)[1]) == {"risk": 4}


def test_what_a_template_holds_is_no_row(words, tmp_path):
    """No rows, examples, names without a single day."""
    risks = tmp_path / "Risk register.xlsx"
    WRITERS[".xlsx"](
        risks,
        {
            "Risk register": [
                ["Project:", "<Project Name>"],
                [],
                RISKS[0],
                ["R1"],
                ["R2"],
                ["Example", "The server fails", "High", "Low", "J. Doe"],
            ]
        },
    )
    document, registers = read(risks, words)
    assert (document.kind in RISK_KINDS, counted(registers), len(registers.kept)) == (True, {}, 1)
    dates = tmp_path / "Plan.xlsx"
    WRITERS[".xlsx"](
        dates, {"Milestones": [["Milestone", "Original due date", "Planned due date", "Owner", "% Complete"], *([text] for text in TEXTS)]}
    )
    assert not counted(read(dates, words)[1])


def test_registers_side_by_side_and_below_each_other(words, tmp_path):
    issues = [
        ["Issue", "Priority", "Owner", "Status"],
        [TEXTS[3], "High", PEOPLE[0], "Open"],
        [TEXTS[2], "Low", PEOPLE[1], "Closed"],
        [TEXTS[1], "Low", PEOPLE[2], "Open"],
    ]
    risks = [row[1:] for row in RISKS]
    path = tmp_path / "One pager.xlsx"
    beside = [["Risks", None, None, None, None, "Issues"], *([*left, None, *right] for left, right in zip([*risks], issues, strict=True))]
    WRITERS[".xlsx"](path, {"Beside": beside, "Below": [["Risks"], *risks, [], ["Issues"], *issues]})
    assert counted(read(path, words)[1]) == {"risk": 6, "issue": 6}


def test_a_budget_that_is_called_a_risk_register_holds_no_risks(words, tmp_path):
    path = tmp_path / "Risk Register final.xlsx"
    WRITERS[".xlsx"](
        path,
        {"Budget": [["Cost item", "Budget", "Actual", "Forecast"], ["Hardware", 12000, 8000, 12500], ["Licences", 30000, 30000, 30000]]},
    )
    document, registers = read(path, words)
    assert set(counted(registers)) == {"cost"} or {row.table for row in registers.found} == {"cost"}
    assert document.kind_confidence is None or document.kind_confidence < 0.8


def test_a_title_before_a_colon_says_what_it_is(words, tmp_path):
    """'Product Description: Training Manual' is about a manual and no training."""
    path = tmp_path / "PD Training.docx"
    WRITERS[".docx"](
        path,
        [
            "# Product Description: Training Manual",
            "# Purpose",
            "Users learn.",
            "# Composition",
            "Chapters.",
            "# Derivation",
            "Manual.",
            "# Quality criteria",
            "Complete.",
        ],
    )
    assert read(path, words)[0].kind == "product_description"
