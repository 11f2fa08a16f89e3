"""Tables as organisations write them, in four languages: what they are, how many rows, which header is which column."""

from dataclasses import dataclass, field

import pytest
from register_tables import columns, counts, heading, read, sheet, table, text_document, workbook

from auditor.connect.protocol import Parsed


@dataclass
class Case:
    name: str
    language: str
    parsed: Parsed
    counts: dict[str, int]
    columns: dict[str, str | None] = field(default_factory=dict)


CASES = [
    Case(
        "risk log of the method's template",
        "en",
        workbook(
            sheet(
                "Risk Log",
                """
                >16 Project Risk Log
                Project:|Harbour|||||||||||||||
                |
                >6 Risk identification and description|>5 Risk assessment|>5 Risk response
                ID|Category|Title|Description|Status|Identified by|Identification date|Likelihood (L)|Impact (I)|Risk Level (RL)|Risk Owner|Escalation (Yes/No)|Risk response strategy|Action details (effort & responsible)|Target date|Traceability/Comments
                R1|Technical|Data loss|Backups are not tested|Approved|Ann Lee|@2026-02-03|3|4|#12|Bo Ek|No|Reduce|Test restores (2 d, Bo)|@2026-05-01|see I3
                R2|People|Key person leaves|Only one knows the interface|Proposed|Ann Lee|@2026-02-10|2|5|#10|Ann Lee|Yes|Accept|Document (5 d)|@2026-06-01|
                R3|||||||||||||||
                """,
            ),
            path="Risk_Log(v0.3).xlsx",
        ),
        {"risk": 2},
        {
            "ID": "id",
            "Category": "category",
            "Title": "title",
            "Status": "status",
            "Identification date": "identified_on",
            "Likelihood (L)": "likelihood",
            "Impact (I)": "impact",
            "Risk Level (RL)": "score",
            "Risk Owner": "owner_id",
            "Risk response strategy": "response",
            "Action details (effort & responsible)": "response_detail",
            "Target date": "due_on",
        },
    ),
    Case(
        "two-row header with ratings before and after",
        "en",
        workbook(
            sheet(
                "Register",
                """
                Ref|Risk description|>3 Inherent risk|Controls|>3 Residual risk|Owner|Next review
                ^|^|Likelihood|Impact|Rating|^|Likelihood|Impact|Rating|^|^
                1|Supplier fails|High|Medium|#12|Second source|Low|Medium|#6|P. Roe|@2026-09-01
                2|Late approval|Medium|Medium|#9|Escalate early|Low|Low|#4|Q. Zed|@2026-09-01
                """,
            ),
            path="Corporate risk register.xlsx",
        ),
        {"risk": 2},
        {
            "Ref": "id",
            "Risk description": "title",
            "Inherent risk\nLikelihood": "likelihood",
            "Inherent risk\nImpact": "impact",
            "Inherent risk\nRating": "score",
            "Residual risk\nLikelihood": "residual_likelihood",
            "Residual risk\nImpact": "residual_impact",
            "Residual risk\nRating": "residual_score",
            "Owner": "owner_id",
        },
    ),
    Case(
        "Risikoregister",
        "de",
        workbook(
            sheet(
                "Risiken 2026",
                """
                Risikoregister Projekt Hafen|||||||||
                Stand: 03.04.2026|||||||||
                Nr.|Risikobezeichnung|Ursache|Auswirkung|Eintrittswahrscheinlichkeit (1-5)|Schadenshöhe (1-5)|Risikowert|Maßnahmen|Verantwortlich|Termin|Status
                1|Lieferverzug|Nur ein Anbieter|Verzögerung um Wochen|4|3|12|Zweitlieferant suchen|Meier, Hans|30.06.2026|offen
                2|Budgetüberschreitung|Unklare Anforderungen|Mehrkosten|2|4|8|Änderungsverfahren|K. Schulz|31.12.2026|in Bearbeitung
                """,
            )
        ),
        {"risk": 2},
        {
            "Nr.": "id",
            "Risikobezeichnung": "title",
            "Eintrittswahrscheinlichkeit (1-5)": "likelihood",
            "Schadenshöhe (1-5)": "impact",
            "Risikowert": "score",
            "Maßnahmen": "response_detail",
            "Verantwortlich": "owner_id",
            "Termin": "due_on",
            "Status": "status",
        },
    ),
    Case(
        "registre des risques",
        "fr",
        text_document(
            heading("4. Registre des risques"),
            table(
                """
                N°|Intitulé du risque|Probabilité|Gravité|Criticité|Plan d'action|Pilote|Échéance|État
                1|Retard du fournisseur|Élevée|Moyenne|12|Pénalités|M. Durand|3 avril 2026|En cours
                2|Départ du chef de projet|Faible|Élevée|8|Suppléant|Mme Petit|30/06/2026|Ouvert
                """
            ),
        ),
        {"risk": 2},
        {
            "N°": "id",
            "Intitulé du risque": "title",
            "Probabilité": "likelihood",
            "Gravité": "impact",
            "Criticité": "score",
            "Plan d'action": "response_detail",
            "Pilote": "owner_id",
            "Échéance": "due_on",
            "État": "status",
        },
    ),
    Case(
        "registro de riesgos",
        "es",
        workbook(
            sheet(
                "Riesgos",
                """
                Código|Riesgo|Tipo|Probabilidad|Impacto|Nivel de riesgo|Estrategia|Plan de respuesta|Responsable|Fecha límite|Estado
                R-01|Falta de personal|Recursos|Alta|Medio|12|Mitigar|Contratar apoyo|José Gil|15/05/2026|Abierto
                R-02|Cambio normativo|Legal|Baja|Alto|8|Aceptar|Seguimiento mensual|Ana Ruiz|30/06/2026|Cerrado
                """,
            )
        ),
        {"risk": 2},
        {
            "Código": "id",
            "Riesgo": "title",
            "Probabilidad": "likelihood",
            "Impacto": "impact",
            "Nivel de riesgo": "score",
            "Estrategia": "response",
            "Plan de respuesta": "response_detail",
            "Responsable": "owner_id",
            "Fecha límite": "due_on",
            "Estado": "status",
        },
    ),
    Case(
        "issue log",
        "en",
        workbook(
            sheet(
                "Issues",
                """
                Issue #|Issue|Raised by|Date raised|Severity|Assigned to|Target resolution date|Status|Resolution|Date closed
                I-1|Server too slow|Tim|02/13/2026|High|Ops|02/20/2026|Resolved|More memory|02/19/2026
                I-2|No test data|Eve|02/14/2026|Medium|Eve|03/01/2026|Open||
                """,
            )
        ),
        {"issue": 2},
        {
            "Issue #": "id",
            "Issue": "title",
            "Raised by": "raised_by",
            "Date raised": "raised_on",
            "Severity": "severity",
            "Assigned to": "owner_id",
            "Target resolution date": "due_on",
            "Resolution": "resolution",
            "Date closed": "resolved_on",
        },
    ),
    Case(
        "Liste offener Punkte",
        "de",
        workbook(
            sheet(
                "LOP",
                """
                Lfd. Nr.|Thema|Beschreibung|Erfasst am|Erfasst von|Prio|Zuständig|Fällig am|Status|Bemerkung
                1|Zugang|Kein Zugang zum Testsystem|01.03.2026|Kern|hoch|IT|10.03.2026|erledigt|
                2|Schulung|Termin fehlt|02.03.2026|Kern|mittel|Weiß|31.03.2026|offen|Raum klären
                """,
            )
        ),
        {"issue": 2},
        {
            "Lfd. Nr.": "id",
            "Thema": "title",
            "Beschreibung": "description",
            "Erfasst am": "raised_on",
            "Zuständig": "owner_id",
            "Fällig am": "due_on",
            "Prio": "priority",
        },
    ),
    Case(
        "suivi des actions",
        "fr",
        workbook(
            sheet(
                "Suivi",
                """
                Plan d'actions du projet||||||
                Réf|Action|Responsable|Date de création|Date d'échéance|Avancement|Commentaires
                A1|Rédiger le cahier des charges|Léa|05/01/2026|20/01/2026|Terminé|
                A2|Planifier la recette|Luc|06/01/2026|28/02/2026|En cours|
                """,
            ),
            path="Plan d'actions.xlsx",
        ),
        {"action": 2},
        {"Réf": "id", "Action": "title", "Responsable": "owner_id", "Date d'échéance": "due_on", "Avancement": "status"},
    ),
    Case(
        "Maßnahmenliste",
        "de",
        text_document(
            heading("Maßnahmen"),
            table(
                """
                Maßnahme|Verantwortlich|Termin|Erledigt am|Status
                Protokoll versenden|Frau Adam|12.01.2026|11.01.2026|erledigt
                Angebot einholen|Herr Bach|20.02.2026||offen
                """
            ),
        ),
        {"action": 2},
        {"Maßnahme": "title", "Verantwortlich": "owner_id", "Termin": "due_on", "Erledigt am": "closed_on", "Status": "status"},
    ),
    Case(
        "registro de decisiones",
        "es",
        workbook(
            sheet(
                "Decisiones",
                """
                Id|Decisión|Justificación|Fecha de la decisión|Tomada por|Estado
                D1|Usar software libre|Coste|12/01/2026|Comité de dirección|Aprobada
                D2|Aplazar la fase 2|Presupuesto|15/02/2026|Comité de dirección|Implementada
                """,
            )
        ),
        {"decision": 2},
        {
            "Id": "id",
            "Decisión": "title",
            "Justificación": "rationale",
            "Fecha de la decisión": "decided_on",
            "Tomada por": "decided_by",
            "Estado": "status",
        },
    ),
    Case(
        "decision log in minutes",
        "en",
        text_document(
            heading("Decisions taken"),
            table(
                """
                No.|Decision|Decided by|Date|Owner
                1|Go with supplier B|Steering Committee|@2026-03-12|Kim Ray
                2|Move the pilot to May|Steering Committee|@2026-03-12|Lou Fox
                """
            ),
        ),
        {"decision": 2},
        {"No.": "id", "Decision": "title", "Decided by": "decided_by", "Date": "decided_on", "Owner": "owner_id"},
    ),
    Case(
        "journal des changements",
        "fr",
        workbook(
            sheet(
                "Changements",
                """
                N° demande|Objet de la demande|Demandeur|Date de la demande|Priorité|Coût (k€)|Décision|Date de décision|Statut
                1|Ajouter un export|MOA|10/02/2026|Haute|12,5|Accepté|20/02/2026|Mis en œuvre
                2|Nouveau rôle|MOE|11/02/2026|Basse|3|Refusé|20/02/2026|Clos
                """,
            )
        ),
        {"change_request": 2},
        {
            "Demandeur": "requested_by",
            "Date de la demande": "requested_on",
            "Priorité": "priority",
            "Coût (k€)": "cost",
            "Décision": "decision",
            "Statut": "status",
        },
    ),
    Case(
        "change log",
        "en",
        workbook(
            sheet(
                "CR Log",
                """
                CR No|Change title|Description of change|Requestor|Request date|Impact on schedule|Cost impact|CCB decision|Decision date|Status
                CR-1|Add report|A monthly report|Sales|@2026-01-10|2 weeks|4,500 EUR|Approved|@2026-01-20|Implemented
                """,
            )
        ),
        {"change_request": 1},
        {
            "CR No": "id",
            "Change title": "title",
            "Requestor": "requested_by",
            "Request date": "requested_on",
            "CCB decision": "decision",
            "Decision date": "decided_on",
            "Status": "status",
        },
    ),
    Case(
        "lecciones aprendidas",
        "es",
        text_document(
            heading("Lecciones aprendidas"),
            table(
                """
                Nº|Lección aprendida|Positiva/Negativa|Recomendación|Fecha
                1|Los talleres cortos funcionan|Positiva|Repetir|10/03/2026
                2|El contrato llegó tarde|Negativa|Empezar antes|11/03/2026
                """
            ),
        ),
        {"lesson": 2},
        {"Lección aprendida": "title", "Recomendación": "recommendation", "Fecha": "recorded_on"},
    ),
    Case(
        "lessons log",
        "en",
        workbook(
            sheet(
                "Lessons",
                """
                Lesson ID|What happened|Category|Recommendation|Owner|Status
                L1|Scope grew without control|What went wrong|Freeze the scope|PMO|Approved
                L2|Daily stand-ups helped|What went well|Keep|Team|Applied
                """,
            ),
            path="Lessons Learned Log.xlsx",
        ),
        {"lesson": 2},
        {"Lesson ID": "id", "What happened": "title", "Recommendation": "recommendation", "Owner": "owner_id", "Status": "status"},
    ),
    Case(
        "matrice des parties prenantes",
        "fr",
        text_document(
            heading("Parties prenantes"),
            table(
                """
                Nom|Organisation|Rôle|Intérêt|Influence|Attitude|Besoins de communication
                Mairie|Ville|Financeur|Élevé|Élevé|Favorable|Point mensuel
                Usagers|Public|Utilisateurs|Moyen|Faible|Neutre|Lettre
                """
            ),
        ),
        {"stakeholder": 2},
        {
            "Nom": "name",
            "Organisation": "organisation",
            "Rôle": "role",
            "Intérêt": "interest",
            "Influence": "influence",
            "Attitude": "attitude",
            "Besoins de communication": "communication_need",
        },
    ),
    Case(
        "Stakeholderliste",
        "de",
        workbook(
            sheet(
                "Stakeholder",
                """
                Stakeholder|Rolle im Projekt|Abteilung|Einfluss|Interesse|Einstellung|E-Mail
                Fachbereich|Auftraggeber|Referat 3|hoch|hoch|positiv|f@amt.example
                Personalrat|Beteiligter|PR|mittel|gering|neutral|
                """,
            )
        ),
        {"stakeholder": 2},
        {
            "Stakeholder": "name",
            "Rolle im Projekt": "role",
            "Abteilung": "organisation",
            "Einfluss": "influence",
            "Interesse": "interest",
            "Einstellung": "attitude",
            "E-Mail": "contact",
        },
    ),
    Case(
        "Anforderungsliste",
        "de",
        workbook(
            sheet(
                "Anforderungen",
                """
                ID|Anforderung|Quelle|Priorität|Art|Status|Akzeptanzkriterien
                A-1|Das System zeigt Termine an|Fachbereich|Muss|funktional|abgenommen|Anzeige unter 2 s
                A-2|Barrierefreiheit nach BITV|Gesetz|Soll|nicht-funktional|offen|Prüfbericht
                """,
            )
        ),
        {"requirement": 2},
        {
            "ID": "id",
            "Anforderung": "title",
            "Quelle": "origin",
            "Priorität": "priority",
            "Status": "status",
            "Akzeptanzkriterien": "acceptance_criteria",
        },
    ),
    Case(
        "liste des livrables",
        "fr",
        text_document(
            heading("Livrables"),
            table(
                """
                Livrable|Responsable|Date de livraison prévue|Date de livraison réelle|Critères d'acceptation|Statut
                Cahier des charges|Léa|31/01/2026|30/01/2026|Validé par la MOA|Accepté
                Plan de tests|Luc|28/02/2026||Relu|En cours
                """
            ),
        ),
        {"deliverable": 2},
        {
            "Livrable": "title",
            "Responsable": "owner_id",
            "Date de livraison prévue": "due_on",
            "Date de livraison réelle": "delivered_on",
            "Critères d'acceptation": "acceptance_criteria",
            "Statut": "status",
        },
    ),
    Case(
        "Meilensteinplan",
        "de",
        text_document(
            heading("Meilensteine"),
            table(
                """
                Nr.|Meilenstein|Plantermin|Prognose|Ist-Termin
                M1|Projektauftrag|01.02.2026|01.02.2026|03.02.2026
                M2|Abnahme|Q4|15.12.2026|
                """
            ),
        ),
        {"milestone": 2},
        {"Nr.": "id", "Meilenstein": "title", "Plantermin": "baseline_on", "Prognose": "forecast_on", "Ist-Termin": "achieved_on"},
    ),
    Case(
        "hitos",
        "es",
        text_document(
            heading("Hitos principales"), table("Hito|Fecha prevista|Fecha real\nInicio|01/02/2026|02/02/2026\nCierre|30/11/2026|")
        ),
        {"milestone": 2},
        {"Hito": "title", "Fecha prevista": "baseline_on", "Fecha real": "achieved_on"},
    ),
    Case(
        "quality register",
        "en",
        workbook(
            sheet(
                "Quality Register",
                """
                Quality ID|Product|Quality method|Reviewer|Planned review date|Actual review date|Result
                Q1|Design|Peer review|Jo|@2026-03-01|@2026-03-03|Pass
                Q2|Manual|Inspection|Al|@2026-04-01||
                """,
            )
        ),
        {"review": 2},
        {
            "Quality ID": "id",
            "Product": "subject",
            "Quality method": "kind",
            "Reviewer": "reviewer_id",
            "Planned review date": "planned_on",
            "Actual review date": "held_on",
            "Result": "result",
        },
    ),
    Case(
        "benefits",
        "en",
        text_document(
            heading("Expected benefits"),
            table(
                """
                Benefit|Measure|Baseline|Target|Owner|Realisation date
                Faster answers|Days per case|12|5|Dana|@2027-01-31
                Fewer errors|Errors per month|40|10|Dana|@2027-06-30
                """
            ),
        ),
        {"benefit": 2},
        {
            "Benefit": "name",
            "Measure": "measure",
            "Baseline": "baseline",
            "Target": "target",
            "Owner": "owner_id",
            "Realisation date": "due_on",
        },
    ),
    Case(
        "Vertragsregister",
        "de",
        workbook(
            sheet(
                "Verträge",
                """
                Vertragsnummer|Auftragnehmer|Vertragsgegenstand|Vertragsart|Vertragswert (EUR)|Beginn|Ende
                V-12|Muster GmbH|Entwicklung|Rahmenvertrag|1.234,56|01.01.2026|31.12.2027
                V-13|Beispiel AG|Betrieb|Einzelauftrag|12.000,00|01.03.2026|28.02.2027
                """,
            )
        ),
        {"agreement": 2},
        {
            "Vertragsnummer": "number",
            "Auftragnehmer": "supplier",
            "Vertragsgegenstand": "title",
            "Vertragsart": "kind",
            "Vertragswert (EUR)": "amount",
            "Beginn": "start_on",
            "Ende": "end_on",
        },
    ),
    Case(
        "tolerances",
        "en",
        text_document(
            heading("Project tolerances"),
            table("Tolerance area|Lower limit|Upper limit|Unit\nTime|0|15|days\nCost|5|10|%"),
        ),
        {"allowance": 2},
        {"Tolerance area": "aspect", "Lower limit": "lower", "Upper limit": "upper", "Unit": "unit"},
    ),
    Case(
        "work packages",
        "en",
        workbook(
            sheet(
                "Work packages",
                """
                WP No|Work package|Team manager|Planned start|Planned end|Date authorised
                WP1|Design|Ida|@2026-01-01|@2026-03-31|@2026-01-05
                WP2|Build|Per|@2026-04-01|@2026-09-30|
                """,
            )
        ),
        {"work_package": 2},
        {
            "WP No": "id",
            "Work package": "title",
            "Team manager": "team_manager_id",
            "Planned start": "planned_start_on",
            "Planned end": "due_on",
            "Date authorised": "authorised_on",
        },
    ),
    Case(
        "work packages that were taken back",
        "en",
        workbook(
            sheet(
                "Work packages",
                """
                WP No|Work package|Team manager|Accepted on|Due date|Closed on|Completion accepted on|Completion accepted by
                WP1|Design|Ida|@2026-01-05|@2026-03-31|@2026-03-30|@2026-04-02|Per
                WP2|Build|Per|@2026-04-01|@2026-09-30|||
                """,
            )
        ),
        {"work_package": 2},
        {
            "WP No": "id",
            "Work package": "title",
            "Accepted on": "accepted_on",
            "Closed on": "closed_on",
            "Completion accepted on": "taken_back_on",
            "Completion accepted by": "taken_back_by",
        },
    ),
    Case(
        "Korrekturmaßnahmen mit Wirksamkeit",
        "de",
        workbook(
            sheet(
                "Korrekturmaßnahmen",
                """
                Nr|Maßnahme|Verantwortlich|Fällig am|Erledigt am|Status|Wirksamkeit geprüft am
                M1|Plan unterzeichnen|Ida|@2026-01-05|@2026-01-04|erledigt|@2026-04-02
                M2|Liste führen|Per|@2026-04-01|@2026-04-01|erledigt|
                """,
            )
        ),
        {"action": 2},
        {"Nr": "id", "Maßnahme": "title", "Fällig am": "due_on", "Erledigt am": "closed_on", "Wirksamkeit geprüft am": "effect_checked_on"},
    ),
    Case(
        "timesheet",
        "en",
        workbook(sheet("Timesheet", "Employee|Week ending|Planned hours|Actual hours\nAda|@2026-03-06|40|38\nBob|@2026-03-06|40|41.5")),
        {"effort": 2},
        {"Employee": "person_id", "Week ending": "period_on", "Planned hours": "planned_hours", "Actual hours": "actual_hours"},
    ),
    Case(
        "indicateurs",
        "fr",
        text_document(
            heading("Indicateurs clés"),
            table("Indicateur|Valeur cible|Valeur réelle|Unité\nDisponibilité|99,5|99,7|%\nDélai moyen|5|6|jours"),
        ),
        {"measurement": 2},
        {"Indicateur": "name", "Valeur cible": "target", "Valeur réelle": "actual", "Unité": "unit"},
    ),
    Case(
        "presupuesto por años",
        "es",
        workbook(
            sheet(
                "Presupuesto",
                """
                Presupuesto del proyecto (EUR)|||
                Partida|2026|2027|Total
                Personal|120.000,00|80.000,00|200.000,00
                Licencias|12.500,50|12.500,50|25.001,00
                Total|132.500,50|92.500,50|225.001,00
                """,
            )
        ),
        {"cost": 4},
    ),
    Case(
        "Kosten Plan und Ist",
        "de",
        text_document(
            heading("Kosten"),
            table(
                """
                Kostenart|Plan (T€)|Ist (T€)|Abweichung
                Personal|120|80,5|-39,5
                Sachkosten|40|38|-2
                Summe|160|118,5|-41,5
                """
            ),
        ),
        {"cost": 4},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.language} {case.name}")
def test_table_is_read(case: Case) -> None:
    found = read(case.parsed, case.language)
    assert counts(found) == case.counts
    mapped = columns(found)
    assert {label: mapped.get(label) for label in case.columns} == case.columns
