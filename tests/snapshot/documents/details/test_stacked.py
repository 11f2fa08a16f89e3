"""Tables that somebody drew as one, who looked at a paper for assurance, and roles with a term behind them."""

import pytest
from details_notation import WORDS, document_of, read

from auditor.snapshot.documents.stacked import unstacked

STACKED = """% Stage plan
| Identifier | SP-3 |  |  |
| Version | 1.0 |  |  |
| {history} |
| 0.4 | 13 May 2026 | Bo Ek | {changes} |
| {approvers} |
| Jo Lake | Executive | {word} | 28 May 2026 |
| Ann Lee | Senior User | {word} | 29 May 2026 |
# Scope
All halls.
"""


@pytest.mark.parametrize(
    ("history", "approvers", "word"),
    [
        ("Version | Date | Author | Change", "Name | Role | Decision | Date", "Approved"),
        ("Version | Date | Auteur | Modifications", "Nom | Rôle | Décision | Date", "approuvé"),
        ("Version | Datum | Autor | Änderung", "Name | Rolle | Entscheidung | Datum", "genehmigt"),
        ("Versión | Fecha | Autor | Cambios", "Nombre | Rol | Decisión | Fecha", "aprobado"),
    ],
)
def test_a_list_of_versions_and_one_of_approvers_below_the_form_in_one_table_are_read(history: str, approvers: str, word: str) -> None:
    text = STACKED.format(history=history, approvers=approvers, word=word, changes="to the board")
    parted = unstacked(document_of(text), WORDS.tables)
    assert [(block.first_row, len(block.rows)) for block in parted.blocks if hasattr(block, "rows")] == [(1, 2), (3, 2), (5, 3)]
    found = read(parted, kind="stage_plan")
    approvals = [(row.values["person_id"], row.values["action"], row.locator) for row in found.found if row.table == "approval"]
    assert approvals == [("Jo Lake", "approve", "table 1 row 6"), ("Ann Lee", "approve", "table 1 row 7")]
    assert found.artefact["approved_on"].day == 29
    assert [row.values["version"] for row in found.found if row.table == "artefact_version"] == ["0.4"]


@pytest.mark.parametrize(
    "rows",
    [
        "| Name | Role | Decision | Date |\n| Jo Lake | Executive | Approved | 28 May 2026 |\n| Name | Role | Decision | Date |\n| Bo Ek | User | Approved | 28 May 2026 |",
        "| Field | Value |\n| Name | Date |\n| Role | Executive |",
        "| Aspect | Target | Forecast |\n| Date | Decision | End of May |\n| Name | Role | four |",
    ],
)
def test_a_header_that_is_repeated_and_pairs_of_words_part_no_table(rows: str) -> None:
    document = document_of(f"% Plan\n{rows}\n")
    assert unstacked(document, WORDS.tables) is document


def test_a_sheet_is_not_parted() -> None:
    document = document_of(
        STACKED.format(history="Version | Date | Author | Change", approvers="Name | Role | Decision | Date", word="Approved", changes="x"),
        "xlsx",
    )
    assert unstacked(document, WORDS.tables) is document


@pytest.mark.parametrize(
    "text",
    [
        "| Project assurance | business: Ann Lee, agreed 3 May 2026; user: Jo Lake, agreed 3 May 2026 |\n| Version | 1.0 |",
        "ESR-1, version 1.0. Project assurance agrees: Ann Lee (business) and Jo Lake (user), 3 May 2026.",
        "# Assurance\nBusiness: Ann Lee, agreed 3 May 2026. User: reviewed and agreed by Jo Lake, 3 May 2026.",
        "# Summary\nAssurance (Ann Lee, Jo Lake) agrees, 3 May 2026.",
        "# Projektsicherung\nGeprüft von Ann Lee und Jo Lake am 3. Mai 2026.",
    ],
)
def test_who_looked_at_a_paper_for_assurance_may_stand_in_words(text: str) -> None:
    found = read(f"% End Stage Report\n{text}\n# Forecast\nThe stage ends in May.", kind="end_stage_report")
    rows = [row.values for row in found.found if row.table == "approval"]
    assert [(row["person_id"], row["role"], row["action"], row["decided_on"].isoformat()) for row in rows] == [
        ("Ann Lee", "project_assurance", "review", "2026-05-03"),
        ("Jo Lake", "project_assurance", "review", "2026-05-03"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "# Assurance\nAnn Lee (business), Jo Lake (user).",  # hold the role
        "# Assurance\nWill be reviewed by Ann Lee on 3 May 2026.",
        "# Assurance\nAnn Lee has not agreed, 3 May 2026.",
        "# Plan\nPapers are read by assurance on 3 May 2026, Ann Lee leads.",
        "| Project assurance | Ann Lee, Jo Lake |\n| Version | 1.0 |",
    ],
)
def test_who_only_holds_the_role_or_is_still_to_look_has_looked_at_nothing(text: str) -> None:
    found = read(f"% End Stage Report\n{text}\n# Forecast\nThe stage ends in May.", kind="end_stage_report")
    assert not [row for row in found.found if row.table == "approval"]


@pytest.mark.parametrize(
    ("role", "term"),
    [
        ("Senior Supplier (Acme) from 1 April 2026", ("2026-04-01", None)),
        ("Senior Supplier to 31 March 2026", (None, "2026-03-31")),
        ("Senior Supplier, from 1 April 2026 to 30 June 2026", ("2026-04-01", "2026-06-30")),
        ("Senior Supplier – bis 31. März 2026", (None, "2026-03-31")),
        ("Senior Supplier depuis le 1 avril 2026", ("2026-04-01", None)),
        ("Senior Supplier", (None, None)),
    ],
)
def test_a_role_may_bear_its_term_without_brackets(role: str, term: tuple[str | None, str | None]) -> None:
    found = read(
        f"% Roles\n# Acceptance\n| Role | Holder | Accepted on |\n| {role} | Jo Lake | 14 April 2026 |\n| Executive | Ann Lee | 1 March 2026 |",
        kind="role_descriptions",
    )
    row = next(row.values for row in found.found if row.table == "role")
    days = (row.get("from_on"), row.get("to_on"))
    assert row["role"] == "senior_supplier"
    assert tuple(day and day.isoformat() for day in days) == term
