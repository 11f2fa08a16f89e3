"""Tables that look like registers and are none."""

import pytest
from register_tables import COMPILED, heading, read, sheet, table, text_document, workbook

from auditor.connect.document import Document, TextBlock
from auditor.connect.protocol import Parsed
from auditor.snapshot.documents.registers import read_registers

NONE = {
    "version history": text_document(
        heading("Document history"),
        table("Version|Date|Author|Description of changes\n0.1|@2026-01-01|Ann|First draft\n1.0|@2026-02-01|Ann|Approved version"),
    ),
    "approvers": text_document(
        heading("Approval"),
        table("Name|Role|Action|Date\nAnn Lee|Project Owner|Approve|@2026-02-01\nBo Ek|Business Manager|Review|@2026-02-01"),
    ),
    "responsibility matrix": workbook(
        sheet(
            "RASCI",
            "Activity|Project Owner|Business Manager|Project Manager|Core Team\nWrite the charter|A|C|R|S\nAccept deliverables|A|R|I|I",
        )
    ),
    "glossary": text_document(heading("Glossary"), table("Term|Description\nPO|Project Owner\nPM|Project Manager")),
    "value lists": workbook(sheet("Lists", "Status|Priority|Category\nOpen|High|Technical\nClosed|Low|Legal\nIn progress|Medium|People")),
    "probability scale": text_document(
        heading("Risk likelihood scale"),
        table("Level|Likelihood|Description\n1|Very low|Less than 5 %\n2|Low|5 to 20 %\n3|Medium|20 to 50 %"),
    ),
    "impact scale": workbook(
        sheet("Scales", "Impact|Cost|Schedule|Quality\nHigh|> 20 %|> 3 months|not usable\nLow|< 5 %|< 1 week|hardly felt")
    ),
    "checklist": workbook(
        sheet("Checklist", "No.|Question|Yes/No|Comments\n1|Is the business case approved?|Yes|\n2|Is the budget approved?|No|in March")
    ),
    "communication matrix": text_document(
        heading("Communication matrix"),
        table(
            "What|Audience|Channel|Frequency|Responsible\nStatus report|Steering committee|Mail|monthly|PM\nNewsletter|All users|Intranet|quarterly|PSO"
        ),
    ),
    "option comparison": text_document(
        heading("Comparison of options"), table("Criterion|Weight|Option A|Option B\nCost|3|4|2\nRisk|2|3|5\nTime|1|2|2")
    ),
    "contact list": text_document(heading("Contacts"), table("Name|Phone|Email\nAnn Lee|1234|a@x.example\nBo Ek|2345|b@x.example")),
    "references": text_document(
        heading("Reference documents"), table("No.|Title|Version|Author\n1|Project Charter|1.0|Ann\n2|Handbook|0.9|Bo")
    ),
    "risk counts": workbook(sheet("Dashboard", "Status|Number of risks\nOpen|#12\nClosed|#7\nTotal|#19")),
    "attendance": text_document(heading("Participants"), table("Name|Organisation|Present\nAnn Lee|IT|x\nBo Ek|Finance|")),
    "empty template": text_document(
        heading("Risks"), table("ID|Risk|Likelihood|Impact|Owner\n1|<describe the risk>|<1-5>|<1-5>|<name>\n2||||\n3||||")
    ),
    "instructions": workbook(
        sheet(
            "How to use",
            "Column|Explanation\nRisk ID|A unique number\nRisk description|What may happen\nLikelihood|From 1 to 5\nImpact|From 1 to 5\nOwner|Who manages the risk",
        )
    ),
    "no risks": text_document(heading("Risks"), table("ID|Risk|Impact|Owner\n-|No new risks identified|n/a|n/a")),
    "Abkürzungen": text_document(heading("Abkürzungsverzeichnis"), table("Abkürzung|Bedeutung\nAG|Auftraggeber\nAN|Auftragnehmer")),
    "Ordre du jour": text_document(
        heading("Ordre du jour"), table("Heure|Sujet|Intervenant\n9h00|Accueil|Mme Petit\n9h15|Avancement|M. Durand")
    ),
    "interfaces": workbook(
        sheet(
            "Interfaces", "Interface|Source system|Target system|Protocol|Frequency\nOrders|ERP|Shop|REST|hourly\nStock|Shop|ERP|CSV|daily"
        )
    ),
    "team": text_document(heading("Project team"), table("Role|Name|Allocation\nProject Manager|Ann Lee|100 %\nDeveloper|Bo Ek|50 %")),
    "database columns": text_document(
        heading("Data model"),
        table("Name|Type|Length|Description\nid|int|11|primary key\ntitle|varchar|200|title of the item\nstatus|int|2|state"),
    ),
    "release notes": text_document(heading("Compatibility"), table("Browser|Version|Status\nFirefox|128|supported\nChrome|126|supported")),
}


@pytest.mark.parametrize("name", NONE)
def test_no_rows(name: str) -> None:
    parsed: Parsed = NONE[name]
    assert [(row.register, dict(row.values)) for row in read(parsed, None).found] == []


def test_an_empty_register_is_kept() -> None:
    found = read(NONE["empty template"])
    assert [kept.table for kept in found.kept] == ["risk"]
    assert found.kept[0].columns >= {"title", "likelihood", "impact", "owner_id"}
    assert found.kept[0].is_complete


def test_a_value_list_is_not_kept() -> None:
    assert read(NONE["value lists"]).kept == ()


def test_an_entry_with_its_days_is_no_header() -> None:
    """'product' in a column of kinds is a word of headers too: what stands below it are no names of products."""
    table = """Item | Kind | Responsible | Start | Finish
    Charter of the port | product | S. Ash | 10/02/2025 | 10/04/2025
    Register opened | management | O. Pen | 10/02/2025 | 28/02/2025
    Reports | management | S. Ash | 03/03/2025 | 03/04/2025"""
    document = Document("pdf", (TextBlock("8. Products and schedule", level=1), sheet("table 1", table)))
    found = read_registers(Parsed(document, "P/Stage plan 1.pdf"), COMPILED, language="en").found
    assert {row.values.get("title") for row in found if row.table == "deliverable"} <= {"Charter of the port", "Register opened", "Reports"}
