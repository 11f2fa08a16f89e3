"""Registers whose headers are plain words instead of the textbook's, and columns that are told by what stands below them."""

import datetime as dt

import pytest
from register_tables import columns, read, sheet, workbook

CHANGES = """
Change|Headline|What is wanted and why|Stage|Wanted by|Asked on|Ruling|Ruled by|Ruled on|Ready on
C-1|New gate|The old one is too low|Implemented|Ann Lee|@2026-03-02|approve|Bo Ek|@2026-03-09|@2026-04-01
C-2|Night lamps|It is dark|Waiting for approval|Ann Lee|@2026-03-05||||
Forms of the first two are kept in the folder of forms.|||||||||
"""


def test_a_register_of_changes_in_plain_words() -> None:
    first, second = read(workbook(sheet("Wishes", CHANGES), path="Change register.xlsx")).found
    assert (first.own_id, first.values["title"], first.values["status"]) == ("C-1", "New gate", "implemented")
    assert (first.values["requested_by"], first.values["requested_on"]) == ("Ann Lee", dt.date(2026, 3, 2))
    assert (first.values["decision"], first.values["decided_by"], first.values["decided_on"]) == ("approved", "Bo Ek", dt.date(2026, 3, 9))
    assert first.values["implemented_on"] == dt.date(2026, 4, 1)
    assert (second.own_id, second.values["status"]) == ("C-2", "waiting_for_approval")


def test_stages_that_are_no_states_stay_stages() -> None:
    text = CHANGES.replace("Implemented", "Executing").replace("Waiting for approval", "Planning")
    first, _ = read(workbook(sheet("Wishes", text), path="Change register.xlsx")).found
    assert "status" not in first.values
    assert "stage_id" in first.filled


def test_a_headline_stands_beside_what_was_decided() -> None:
    text = """
    Ref|Headline|What was decided|Who was there|Decision by|Day|Holds from|Told to
    D-1|Charter accepted|edition 1.0|minutes|Bo Ek|@2026-03-09|@2026-03-10|team
    D-2|House style|instead of the official one|minutes|Bo Ek|@2026-03-11|@2026-03-12|team
    """
    first, _ = read(workbook(sheet("Rulings", text), path="Decision register.xlsx")).found
    assert (first.values["title"], first.values["description"]) == ("Charter accepted", "edition 1.0")
    assert (first.values["decided_on"], first.values["applies_on"]) == (dt.date(2026, 3, 9), dt.date(2026, 3, 10))


@pytest.mark.parametrize(
    ("by", "on"),
    [
        ("Taken by", "Taken on"),
        ("Made by", "Made on"),
        ("Entschieden von", "Getroffen am"),
        ("Prise par", "Prise le"),
        ("Tomada por", "Tomada el"),
    ],
)
def test_when_a_decision_was_taken(by: str, on: str) -> None:
    text = f"""
    No|Decision|Description|{by}|{on}|Valid from
    D-1|Charter accepted|edition 1.0|Bo Ek|@2026-03-09|@2026-03-10
    D-2|House style|instead of the official one|Bo Ek|@2026-03-11|@2026-03-12
    """
    first, _ = read(workbook(sheet("Decisions", text), path="Decision register.xlsx")).found
    assert (first.values["decided_by"], first.values["decided_on"]) == ("Bo Ek", dt.date(2026, 3, 9))
    assert first.values["applies_on"] == dt.date(2026, 3, 10)


@pytest.mark.parametrize("header", ["Watched by", "Who watches", "In charge", "Betreut von"])
def test_who_watches_a_risk_owns_it(header: str) -> None:
    text = f"""
    Ref|Short name|Where it stands|Prob.|Impact|{header}|Answer|What we do (who, effort)
    R1|Data loss|Approved|#4|#3|Ann Lee|Reduce|Copies; B. Ek, 2 days
    R2|Late supplier|Closed|#2|#5||Accept|Watch
    """
    first, second = read(workbook(sheet("Risks", text))).found
    assert (first.values["owner_id"], first.values["status"], first.values["response"]) == ("Ann Lee", "approved", "reduce")
    assert first.values["response_detail"].startswith("Copies")
    assert "owner_id" in second.filled
    assert "owner_id" not in second.values


@pytest.mark.parametrize(
    "header",
    [
        "How we check it",
        "How we know it is done",
        "Done when",
        "Wie wir es prüfen",
        "Woran wir es erkennen",
        "Comment on le vérifie",
        "Satisfaite si",
        "Cómo se comprueba",
        "Cumplido si",
    ],
)
def test_how_a_requirement_is_checked(header: str) -> None:
    text = f"Key|Text|Comes from|Weight|State|{header}\nQ-1|The gate opens|Ann Lee|must|Approved|test T1\nQ-2|The gate shuts|Bo Ek|should|Approved|"
    first, second = read(workbook(sheet("Catalogue", text), path="Requirements catalogue.xlsx")).found
    assert (first.values["acceptance_criteria"], first.values["priority"], first.values["origin"]) == ("test T1", 5, "Ann Lee")
    assert "acceptance_criteria" in second.filled
    assert "acceptance_criteria" not in second.values


def test_points_are_numbered_below_their_name() -> None:
    text = """
    Point|Headline|What is it about|State|Found by|Found on|What we do|Pressing|Until|In charge
    I-1|No keys|Two people cannot enter|Closed|Ann Lee|@2026-03-02|Keys made|#3|@2026-03-09|Bo Ek
    I-2|Clock wrong|Four seconds late|Open|Ann Lee|@2026-03-05|Server set|#3||
    """
    first, second = read(workbook(sheet("Open points", text), path="Issue register.xlsx")).found
    assert (first.own_id, first.values["title"], first.values["due_on"]) == ("I-1", "No keys", dt.date(2026, 3, 9))
    assert (first.values["owner_id"], first.values["raised_on"], first.values["urgency"]) == ("Bo Ek", dt.date(2026, 3, 2), 3)
    assert {"owner_id", "due_on"} <= second.filled - second.values.keys()


def test_a_french_register_abbreviates_gross_and_residual() -> None:
    """'P brute' and 'G résid.' are letters of probability and severity; who carries the measure out is not the owner."""
    found = read(
        workbook(
            sheet(
                "Risques",
                "N° | Identifié le | Par | Événement | P brute | G brute | Criticité brute | Mesure | Porteur | Chargé de la mesure | P résid. | G résid. | Criticité résid.\n"
                "R-01 | @2026-01-09 | Ada Finch | une borne tombe | #3 | #4 | #12 | fixer la borne | Jo Lake | Kim Obi | #2 | #4 | #8",
            ),
            path="Registre des risques.xlsx",
        ),
        "fr",
    )
    (risk,) = found.found
    said = {
        name: risk.values[name] for name in ("likelihood", "impact", "score", "residual_likelihood", "residual_impact", "residual_score")
    }
    assert said == {"likelihood": 3, "impact": 4, "score": 12, "residual_likelihood": 2, "residual_impact": 4, "residual_score": 8}
    assert [risk.values[name] for name in ("identified_by", "owner_id", "actionee_id")] == ["Ada Finch", "Jo Lake", "Kim Obi"]


def test_a_register_of_incidences_is_one_of_issues() -> None:
    found = read(
        workbook(
            sheet(
                "Incidences",
                "N° | Type | Date | Émetteur | Description | Analyse d’impact | Décision | Décideur | Date de décision | Réponse attendue le | État\n"
                "I-01 | Demande de changement | @2026-02-18 | Ada Finch | Une borne de plus | deux jours | Accepter | Jo Lake | @2026-02-26 | @2026-03-18 | Clos\n"
                "I-02 | Hors-spécification | @2026-03-02 | Kim Obi | Écran trop sombre |  |  |  |  | @2026-03-30 | Ouvert",
            ),
            path="Registre des incidences.xlsx",
        ),
        "fr",
    )
    assert [(row.register, row.own_id, row.values["kind"], str(row.values["due_on"])) for row in found.found] == [
        ("issue", "I-01", "request_for_change", "2026-03-18"),
        ("issue", "I-02", "off_specification", "2026-03-30"),
    ]


@pytest.mark.parametrize(
    "header",
    [
        "Stakeholder / group|Name|Role in the project|Influence",
        "Partie prenante|Nom|Rôle|Influence",
        "Stakeholder|Ansprechpartner|Rolle|Einfluss",
    ],
)
def test_a_group_of_stakeholders_stands_beside_whom_it_sends(header: str) -> None:
    """Where a group has a column, the one of names holds persons; where names stand alone, they are the stakeholders."""
    text = f"{header}\nInspectors|Ann Lee|User|high\nHosting|Bo Ek|Operations|low\n"
    first, _ = read(workbook(sheet("Stakeholder matrix", text), path="Stakeholder matrix.xlsx")).found
    assert (first.values["name"], first.values["person_id"]) == ("Inspectors", "Ann Lee")


def test_stakeholders_who_are_persons() -> None:
    text = "Name|Role|Influence|Interest\nAnn Lee|User|high|low\nBo Ek|Operations|low|high\n"
    first, _ = read(workbook(sheet("Stakeholder matrix", text), path="Stakeholder matrix.xlsx")).found
    assert first.values["name"] == "Ann Lee"
    assert "person_id" not in first.values


def test_a_column_may_only_say_that_something_was_recorded() -> None:
    """'Recorded' is the day, 'Recorded by' who entered it."""
    text = "Id|Recorded|Recorded by|Status|Threat|Probability|Impact|Risk owner\nR-01|@2025-11-10|Ada Finch|Open|Fire|3|3|Jo Lake"
    assert columns(read(workbook(sheet("Risk register", text))))["Recorded"] == "identified_on"
    text = "Id|Recorded|Recorded by|Event|Effect|Recommendation|Status\nL-01|@2025-10-01|Ada Finch|No user at the table|Built twice|Two planners|Closed"
    assert columns(read(workbook(sheet("Lessons log", text))))["Recorded"] == "recorded_on"


@pytest.mark.parametrize("header", ["Dec.", "Entsch.", "Déc."])
def test_codes_of_the_first_column_are_the_ids_where_references_repeat(header: str) -> None:
    """A reference that stands at two rows tells where the entry comes from; one of each row stays the id."""
    text = f"""
    {header}|Date|Decision|Taken by|Reference
    D-02|@2026-04-14|PID approved|Board|Minutes 14/04
    D-03|@2026-04-14|Stage 2 authorised|Board|Minutes 14/04
    D-04|@2026-07-06|Network route approved|Bo Ek|Register of issues
    """
    path = "Decision register.xlsx"
    assert [row.own_id for row in read(workbook(sheet("Decisions", text), path=path)).found] == ["D-02", "D-03", "D-04"]
    own = text.replace("Board|Minutes 14/04\n    D-03", "Board|Minutes 14/04a\n    D-03")
    assert [row.own_id for row in read(workbook(sheet("Decisions", own), path=path)).found][0] == "Minutes 14/04a"


@pytest.mark.parametrize(
    "header",
    [
        "Because of (cause)|there is the chance that (event)|which would (effect)|Prob.|Imp.|Score now|Prob. after|Imp. after|Score after",
        "Cause|Event|Effect|P before|I before|P x I|P after|I after|P x I after",
        "Weil (Ursache)|besteht die Möglichkeit dass (Ereignis)|was zur Folge hätte (Wirkung)|P vor|I vor|P x I|P nach|I nach|Score nach",
        "Porque (causa)|existe la posibilidad de que (evento)|lo que causaría (efecto)|P antes|I antes|P x I|P después|I después|P x I después",
    ],
)
def test_a_risk_is_said_in_a_sentence_over_columns(header: str) -> None:
    text = f"No.|{header}|Owner|Status\nR-1|Old poles|new poles are needed|a delay of weeks|4|3|12|2|2|4|Ann Lee|Active\nR-2|Few bids|one bid comes|high prices|3|3|9|1|2|2|Bo Ek|Closed"
    found = read(workbook(sheet("Risks", text), path="Risk register.xlsx")).found
    assert [(row.own_id, row.values["title"]) for row in found] == [("R-1", "new poles are needed"), ("R-2", "one bid comes")]
    names = ("likelihood", "impact", "score", "residual_likelihood", "residual_impact", "residual_score")
    assert [int(found[0].values[name]) for name in names] == [4, 3, 12, 2, 2, 4]


def test_a_link_to_the_description_is_no_part_of_the_title() -> None:
    text = """
    Product|Title|Producer|Status|Version|Link to description
    P01|Requirements|Ann Lee|Accepted|1.0|Product Descriptions.docx#P01
    P02|Architecture|Bo Ek|In work|0.9|Product Descriptions.docx#P02
    """
    found = read(workbook(sheet("Products", text), path="Product register.xlsx")).found
    assert [(row.own_id, row.values["title"]) for row in found] == [("P01", "Requirements"), ("P02", "Architecture")]
