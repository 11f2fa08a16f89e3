"""Columns of the methods' own templates and of everyday lists, in short: header, one row, what each header is."""

import pytest
from register_tables import columns, counts, heading, read, sheet, table, text_document, workbook

from auditor.connect.protocol import Parsed

Read = tuple[Parsed, str | None]


def D(title: str, text: str, language: str | None = None) -> Read:  # noqa: N802  (short, as there are many)
    return text_document(heading(title), table(text)), language


def S(name: str, text: str, language: str | None = None, path: str = "Book.xlsx") -> Read:  # noqa: N802
    return workbook(sheet(name, text), path=path), language


REGISTERS: list[tuple[Read, str, dict[str, str]]] = [
    (
        S(
            "Issue Log",
            "ID|Category|Title|Description|Status|Identified by|Identification date|Urgency|Impact|Size|Issue Owner|Escalation|Action details (effort & responsible)|Target date|Traceability/Comments\nI1|IT|X down|text here|Open|Ann|@2026-01-01|3|4|2|Bo|No|do it|@2026-02-01|R1",
        ),
        "issue",
        {
            "Title": "title",
            "Urgency": "urgency",
            "Size": "size",
            "Identification date": "raised_on",
            "Identified by": "raised_by",
            "Issue Owner": "owner_id",
            "Escalation": "is_escalated",
            "Target date": "due_on",
            "Action details (effort & responsible)": "action_details",
        },
    ),
    (
        S(
            "Decision Log",
            "ID|Category|Title|Description|Decision taken by|People present|Date|Decision owner|Escalation|Date of application|Decision communicated to\nD1|IT|Go live|text|PSC|All|@2026-01-01|Ann|No|@2026-02-01|Team",
        ),
        "decision",
        {
            "Title": "title",
            "Decision taken by": "decided_by",
            "Date": "decided_on",
            "Decision owner": "owner_id",
            "Date of application": "applies_on",
            "Decision communicated to": "audience",
            "People present": "people_present",
        },
    ),
    (
        S(
            "Change Log",
            "ID|Category|Title|Description|Status|Requested by|Identification date|Size|Priority|Decision|Decided by|Decision date|Escalation|Action details|Target date|Actual delivery date|Requester informed|Comments\nC1|Scope|New export|text|Approved|Ann|@2026-01-01|2|3|Approved|PSC|@2026-01-05|No|do|@2026-03-01||Yes, by mail|x",
        ),
        "change_request",
        {
            "Requested by": "requested_by",
            "Identification date": "requested_on",
            "Size": "size",
            "Decision": "decision",
            "Decided by": "decided_by",
            "Decision date": "decided_on",
            "Target date": "due_on",
            "Actual delivery date": "implemented_on",
            "Requester informed": "audience",
        },
    ),
    (
        S(
            "Risk Register",
            "Risk identifier|Risk author|Date registered|Risk category|Risk description|Probability|Impact|Expected value|Proximity|Risk response categories|Risk response|Risk status|Risk owner|Risk actionee\nR1|Ann|@2026-01-01|IT|Cause leads to effect|3|4|12|@2026-05-01|Reduce|Do x|Active|Bo|Cy",
        ),
        "risk",
        {
            "Risk identifier": "id",
            "Risk author": "identified_by",
            "Date registered": "identified_on",
            "Risk description": "title",
            "Proximity": "proximity_on",
            "Risk response categories": "response",
            "Risk response": "response_detail",
            "Risk status": "status",
            "Risk actionee": "actionee_id",
        },
    ),
    (
        S(
            "Issue Register",
            "Issue identifier|Issue type|Date raised|Raised by|Issue Report author|Issue description|Priority|Severity|Status|Closure date\nI1|RFC|@2026-01-01|Ann|Bo|Something wrong|High|Low|Open|",
        ),
        "issue",
        {"Issue type": "kind", "Date raised": "raised_on", "Issue description": "title", "Closure date": "resolved_on"},
    ),
    (
        S(
            "Quality Register",
            "Quality identifier|Product identifier|Product title|Quality method|Roles and responsibilities|Target review date|Actual review date|Target sign-off date|Actual sign-off date|Result\nQ1|P1|Design|Inspection|Ann|@2026-01-01|@2026-01-02|@2026-01-03||Pass",
        ),
        "review",
        {
            "Product title": "subject",
            "Quality method": "kind",
            "Target review date": "planned_on",
            "Actual review date": "held_on",
            "Result": "result",
        },
    ),
    (
        S("Lessons Log", "Lesson type|Lesson detail|Date logged|Logged by|Priority\nProject|Plan earlier|@2026-01-01|Ann|High"),
        "lesson",
        {"Lesson detail": "title", "Date logged": "recorded_on"},
    ),
    (
        S(
            "Risiken",
            "Nr.|Risikobeschreibung|EW|AG|RZ|Massnahmen|Verantw.|Termin|Status\n1|Lieferant fällt aus|2|3|6|Zweitlieferant|Muster|01.05.2026|offen",
            "de",
        ),
        "risk",
        {
            "Risikobeschreibung": "title",
            "EW": "likelihood",
            "AG": "impact",
            "RZ": "score",
            "Massnahmen": "response_detail",
            "Verantw.": "owner_id",
        },
    ),
    (
        D(
            "Analyse des risques",
            "Réf.|Description du risque|Cause|Conséquence|P|G|C|Action de maîtrise|Porteur|Date butoir|Statut\nR1|Retard|Fournisseur|Report|3|4|12|Relance|M. Dupont|01/05/2026|Ouvert",
            "fr",
        ),
        "risk",
        {
            "Description du risque": "title",
            "P": "likelihood",
            "G": "impact",
            "C": "score",
            "Action de maîtrise": "response_detail",
            "Porteur": "owner_id",
            "Date butoir": "due_on",
        },
    ),
    (
        D(
            "Matriz de riesgos",
            "Nº|Descripción del riesgo|Causa|Prob.|Imp.|Severidad|Respuesta|Disparador|Dueño del riesgo\n1|Retraso|Proveedor|Alta|Medio|Alto|Mitigar|Aviso|Ana",
            "es",
        ),
        "risk",
        {"Descripción del riesgo": "title", "Prob.": "likelihood", "Respuesta": "response", "Dueño del riesgo": "owner_id"},
    ),
    (
        S(
            "RAID",
            "Nr.|Art|Beschreibung|Verantwortlich|Fällig am|Status\n1|Risiko|Ausfall|Meier|01.05.2026|offen\n2|Maßnahme|Anrufen|Meier|01.05.2026|erledigt\n3|Entscheidung|Kauf|LA|01.05.2026|beschlossen\n4|Problem|Defekt|Kunz|01.05.2026|offen",
            "de",
        ),
        "risk action decision issue",
        {},
    ),
    (
        S(
            "Journal",
            "N°|Type|Description|Responsable|Échéance|Statut\n1|Risque|Retard|A|01/05/2026|Ouvert\n2|Action|Appeler|B|01/05/2026|Fait\n3|Décision|Achat|C|01/05/2026|Validé",
            "fr",
        ),
        "risk action decision",
        {},
    ),
    (
        S(
            "owssvr",
            "Title|Assigned To|Issue Status|Priority|Description|Category|Due Date|Created|Created By\nPrinter|Ann|Active|(2) Normal|no ink|(1) Cat|@2026-01-01|@2026-01-01|Ann",
            None,
            "Issue tracker export.xlsx",
        ),
        "issue",
        {"Title": "title", "Assigned To": "owner_id", "Issue Status": "status", "Created": "raised_on", "Created By": "raised_by"},
    ),
    (
        S(
            "Issue Register",
            "Issue ID|Issue type|Date raised|Raised by|Description|Decision|Status\n"
            "I-01|Problem/concern|@2026-01-02|Ann|No room|Approve|Closed\nI-02|Request for change|@2026-02-02|Bo|Second form|Approve|Open\n"
            "I-03|Off-specification|@2026-02-09|Bo|No logo|Approve|Open",
        ),
        "issue",
        {"Issue ID": "id", "Issue type": "kind", "Date raised": "raised_on", "Raised by": "raised_by"},
    ),
    (
        S(
            "Sheet1",
            "Risk #|Risk|Category|Risk Owner|Probability of Risk|Impact of Risk|Risk Score|Trigger|Mitigation Strategy|Contingency Plan|Status\n1|Delay|Sched|Ann|.4|High|12|none|Buffer|Overtime|Open",
        ),
        "risk",
        {
            "Risk #": "id",
            "Risk": "title",
            "Probability of Risk": "likelihood",
            "Impact of Risk": "impact",
            "Mitigation Strategy": "response_detail",
        },
    ),
    (
        S(
            "Tabelle1",
            "ID|Titel|Eintrittswkt.|Auswirkung|Gegenmaßnahme|Eigner|Datum\n1|Ausfall|hoch|mittel|Test|Kunz|01.02.2026",
            "de",
            "Risikoliste_2026.xlsx",
        ),
        "risk",
        {"Titel": "title", "Auswirkung": "impact", "Gegenmaßnahme": "response_detail", "Eigner": "owner_id", "Datum": "identified_on"},
    ),
    (
        D("Aufgaben aus der Sitzung", "Nr.|Aufgabe|Wer|Bis wann|Status\n1|Protokoll|Kunz|01.02.2026|offen", "de"),
        "action",
        {"Aufgabe": "title", "Wer": "owner_id", "Bis wann": "due_on"},
    ),
    (
        D("Actions à mener", "Quoi|Qui|Quand\nRelancer|Léa|01/02/2026", "fr"),
        "action",
        {"Quoi": "title", "Qui": "owner_id", "Quand": "due_on"},
    ),
    (D("Action items", "What|Who|When\nCall|Ann|@2026-01-01"), "action", {"What": "title", "Who": "owner_id", "When": "due_on"}),
    (D("Next steps", "Task|Responsible|Deadline\nCall|Ann|@2026-01-01"), "action", {"Task": "title"}),
    (D("Milestones", "Milestone|Date\nStart|@2026-01-01"), "milestone", {"Date": "baseline_on"}),
    (D("Timeline", "Milestone|Target Date\nStart|@2026-01-01"), "milestone", {}),
    (D("Project schedule", "Key milestone|Planned completion\nStart|@2026-01-01"), "milestone", {}),
    (D("Deliverables", "Deliverable|Description|Due date\nPlan|A plan|@2026-01-01"), "deliverable", {"Deliverable": "title"}),
    (D("Scope", "Deliverable|Description|Acceptance criteria\nPlan|A plan|signed"), "deliverable", {}),
    (D("Budget", "Item|Cost\nLaptop|€ 1,200\nTotal|€ 1,200"), "cost", {}),
    (D("Estimated costs", "Cost type|Year 1|Year 2\nStaff|10,000 EUR|12,000 EUR"), "cost", {}),
    (D("Kostenplan", "Position|2026|2027|Summe\nPersonal|10.000 €|12.000 €|22.000 €", "de"), "cost", {}),
    (
        D("Stakeholder", "Name|Rolle|Erwartungen|Einfluss|Maßnahmen\nKunz|Nutzer|einfach|hoch|einbinden", "de"),
        "stakeholder",
        {"Name": "name", "Einfluss": "influence"},
    ),
    (
        D("Interesados", "Interesado|Rol|Interés|Poder|Estrategia\nAlcaldía|Cliente|Alto|Alto|Informar", "es"),
        "stakeholder",
        {"Poder": "influence"},
    ),
    (
        D("Requirements", "Req ID|Requirement|Type|Priority|Source\nR1|The system shall x|Functional|Must|Ann"),
        "requirement",
        {"Source": "origin", "Type": "kind"},
    ),
    (
        D("Exigences fonctionnelles", "Réf|Exigence|Priorité|Statut\nEF1|Le système doit|Haute|Validée", "fr"),
        "requirement",
        {"Exigence": "title"},
    ),
    (
        D("Change requests", "CR|Summary|Raised by|Date|Status|Cost\nCR1|Export|Ann|@2026-01-01|Approved|€ 500"),
        "change_request",
        {"CR": "id", "Summary": "title"},
    ),
    (D("Quality reviews", "Deliverable|Review type|Reviewer|Date|Outcome\nPlan|Peer|Ann|@2026-01-01|Passed"), "review", {}),
    (D("Benefits", "Benefit|KPI|Current value|Target value|When\nFaster|days|10|5|@2027-01-01"), "benefit", {}),
    (D("Phases", "Phase|Start|End\nInitiating|@2026-01-01|@2026-02-01"), "stage", {"Phase": "name"}),
    (D("Verträge", "Auftragnehmer|Vertrag|Betrag|Datum\nMuster GmbH|Entwicklung|10.000 €|01.01.2026", "de"), "agreement", {}),
    (
        S(
            "Actions",
            "Action ID|Meeting date|Action|Action owner|Target date|Revised date|Status|Date closed|Comments\nA1|@2026-01-01|Do|Ann|@2026-02-01||Closed|@2026-01-20|x",
        ),
        "action",
        {"Meeting date": "raised_on", "Target date": "due_on", "Date closed": "closed_on"},
    ),
    (D("Test cases", "ID|Description|Expected result|Status\n1|Open page|page opens|Passed"), "test", {}),
    (
        D("Stages", "Stage|Planned start|Planned end|Actual start|Actual end\nInitiation|@2026-01-01|@2026-02-01|@2026-01-03|"),
        "stage",
        {"Stage": "name", "Actual start": "started_on"},
    ),
    (
        D("Meetings held", "Meeting|Meeting date|Chair|Minutes sent on\nSteering committee|@2026-01-10|Ann|@2026-01-12"),
        "meeting",
        {"Meeting": "kind", "Chair": "chair_id"},
    ),
    (
        S("Urlaubsplan", "Mitarbeiter|Von|Bis|Grund\nKunz|01.07.2026|15.07.2026|Urlaub", "de"),
        "absence",
        {"Mitarbeiter": "person_id", "Von": "from_on", "Bis": "to_on"},
    ),
    (
        S("Formations", "Collaborateur|Formation|Date de formation|Expire le\nLéa|PM²|01/02/2026|01/02/2029", "fr"),
        "training",
        {"Formation": "topic", "Expire le": "expires_on"},
    ),
]

NONE: list[tuple[Read, None, dict[str, str]]] = [
    (D("Aufwandsschätzung", "Arbeitspaket|Aufwand (PT)\nDesign|10\nBuild|20", "de"), None, {}),
    (D("Resource plan", "Role|Name|Jan|Feb|Mar\nDev|Ann|10|10|5"), None, {}),
    (D("Hardware", "Item|Quantity|Unit price\nServer|2|€ 500"), None, {}),
    (D("Agenda", "Time|Topic|Speaker\n9:00|Intro|Ann"), None, {}),
    (D("Assumptions", "ID|Assumption|Impact if false\n1|Prices stay|more cost"), None, {}),
    (D("Open questions", "Question|Answer\nWho?|Ann"), None, {}),
    (D("Quality criteria", "Deliverable|Criterion|Metric\nPlan|complete|100%"), None, {}),
    (D("Escalation levels", "Level|Condition|Escalate to\n1|risk level > 15|PSC"), None, {}),
    (D("Risk categories", "Category|Description\nTechnical|About technology"), None, {}),
    (D("Risk management roles", "Role|Responsibility\nRisk owner|manages the risk"), None, {}),
    (D("Issue priority", "Priority|Description|Response time\nHigh|stops work|4 h"), None, {}),
    (D("Change history", "Date|Change|Author\n@2026-01-01|first draft|Ann"), None, {}),
    (D("Configuration items", "Item|Location|Version\nCode|git|1.0"), None, {}),
    (D("Reports", "Report|Audience|Frequency\nStatus report|PSC|monthly"), None, {}),
    (D("Quality metrics", "Metric|How measured\nDefects|count"), None, {}),
    (S("Summary", "Category|Open|Closed|Total\nRisks|3|4|7\nIssues|1|2|3"), None, {}),
    (D("SWOT", "Strengths|Weaknesses|Opportunities|Threats\na|b|c|d"), None, {}),
    (D("Work breakdown", "WBS|Work package|Description|Effort\n1.1|Design|do design|10"), None, {}),
    (D("Backlog", "Story|Points|Sprint\nLogin|3|1"), None, {}),
]


def name(case: tuple[Read, str | None, dict[str, str]]) -> str:
    block = case[0][0].document.blocks[0]
    return str(getattr(block, "text", "") or getattr(block, "name", ""))


@pytest.mark.parametrize("case", REGISTERS, ids=name)
def test_register_and_columns(case: tuple[Read, str, dict[str, str]]) -> None:
    (parsed, language), registers, expected = case
    found = read(parsed, language)
    assert sorted(counts(found)) == sorted(registers.split())
    mapped = columns(found)
    assert {label: mapped.get(label) for label in expected} == expected


@pytest.mark.parametrize("case", NONE, ids=name)
def test_no_register(case: tuple[Read, None, dict[str, str]]) -> None:
    (parsed, language), _, _ = case
    assert read(parsed, language).found == ()
