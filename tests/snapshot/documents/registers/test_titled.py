"""What titles say of every row, columns of codes with a wrong word, and columns that join registers."""

import pytest
from register_tables import heading, read, sheet, table, text_document, workbook


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Follow-on action recommendations", "follow_on"),
        ("7. Follow-on actions", "follow_on"),
        ("Folgemaßnahmen", "follow_on"),
        ("Recommandations d'actions de suivi", "follow_on"),
        ("Actions", None),
        ("Actions from the last meeting", None),
    ],
)
def test_a_title_says_what_kind_of_actions_they_are(title: str, kind: str | None) -> None:
    """The nearest heading only; other titles leave the kind unknown."""
    found = read(
        text_document(
            heading(title),
            table(
                """
                ID | Action | Owner | Due date
                F1 | Print the guide | Ada Finch | 2026-05-01
                F2 | Show the card | Tom Ray | 2026-06-01
                """
            ),
        )
    )
    assert {row.values.get("kind") for row in found.found} == {kind}
    assert {"kind" in row.filled for row in found.found} == {kind is not None}


def test_a_column_beats_the_title() -> None:
    """A list below such a title that has a column for the kind is read by it."""
    found = read(
        text_document(
            heading("Follow-on actions"),
            table(
                """
                ID | Action | Action type | Owner | Due date
                F1 | Print the guide | Corrective | Ada Finch | 2026-05-01
                F2 | Show the card | Follow on | Tom Ray | 2026-06-01
                """
            ),
        )
    )
    assert [row.values.get("kind") for row in found.found] == ["corrective", "follow_on"]


def test_a_strategy_that_is_none_leaves_the_column_one_of_strategies() -> None:
    """Three of four words are strategies: the fourth stays as it is written, and is no text of a response."""
    found = read(
        workbook(
            sheet(
                "Risk Register",
                """
                Risk ID | Risk | Likelihood | Impact | Response strategy
                R1 | Late permits | 3 | 4 | Reduce
                R2 | Key user leaves | 2 | 4 | Accept
                R3 | Price rises | 2 | 2 | Dream
                R4 | Fire | 1 | 5 | Avoid
                """,
            )
        )
    )
    assert [row.values.get("response") for row in found.found] == ["reduce", "accept", None, "avoid"]
    assert found.found[2].values["response_raw"] == "Dream"
    assert "response" not in found.found[2].filled


def test_a_check_names_its_product_by_number() -> None:
    """The number of the product is a reference, its name the subject."""
    found = read(
        workbook(
            sheet(
                "Quality Register",
                """
                Quality ID | Product ID | Product title | Method | Planned date | Actual date | Result
                Q1 | P-07 | Form | Inspection | 2026-05-01 | 2026-05-02 | Pass
                Q2 | P-08 | Guide | Test | 2026-06-01 | |
                """,
            )
        )
    )
    assert [row.refers.get("subject_id") for row in found.found] == [("deliverable", "P-07"), ("deliverable", "P-08")]
    assert [row.values.get("subject") for row in found.found] == ["Form", "Guide"]


@pytest.mark.parametrize(
    "header",
    ["Stage | Name | Start | End", "Phase | Bezeichnung | Beginn | Ende"],
)
def test_numbers_beside_names_number_the_stages(header: str) -> None:
    """'Stage' above mere numbers beside a mere 'Name' is the number; above names it stays the name."""
    found = read(
        text_document(heading("Schedule"), table(f"{header}\n1 | Begin | 2026-02-02 | 2026-03-13\n2 | Build | 2026-03-16 | 2026-07-10"))
    )
    assert [(row.values["number"], row.values["name"]) for row in found.found] == [(1, "Begin"), (2, "Build")]
    named = read(
        text_document(heading("Stages"), table("Stage | Start | End\nBegin | 2026-02-02 | 2026-03-13\nBuild | 2026-03-16 | 2026-07-10"))
    )
    assert [row.values["name"] for row in named.found] == ["Begin", "Build"]


def test_a_row_of_values_is_no_header_of_costs() -> None:
    found = read(
        text_document(
            heading("Costs"),
            table(
                """
                Aspect | Project target | Forecast | Tolerance
                Time | 31-Mar-2027 | 31-Mar-2027 | 4 weeks
                Cost | EUR 580,000 | EUR 579,200 | EUR 30,000
                """
            ),
        )
    )
    assert not [row for row in found.found if row.table == "cost" and "period_on" in row.values]
    case = read(
        text_document(heading("7 Costs"), table("Cost | Amount\nStages | EUR 580,000\nChange budget | EUR 35,000\nTotal | EUR 615,000"))
    )
    assert [(row.values["category"], int(row.values["amount"])) for row in case.found] == [("Stages", 580000), ("Change budget", 35000)]
