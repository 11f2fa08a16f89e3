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
