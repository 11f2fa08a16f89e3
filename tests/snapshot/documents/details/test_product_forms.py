"""Product descriptions that name all who are responsible in one field, or go on after the end of a page."""

import pytest
from details_notation import read

FIRST = "| Heading | Content |\n| Identifier | PR-1 |\n| Title | Catalogue |\n| Purpose | For stage 2 |\n| Composition | Requirements |"
REST = (
    "| Quality criteria | 120 requirements, each testable |\n| Quality tolerance | 5 open comments |\n| Quality method | Review |\n"
    "| Quality responsibilities | Producer Jo Lake; reviewer Bo Ek; approver Kim Obi |"
)


@pytest.mark.parametrize("between", ["\n", "\nThe Trust - page 2\n| Heading | Content |\n"])
def test_a_description_may_go_on_on_the_next_page(between: str) -> None:
    text = f"% Product Descriptions\n# PR-1 Catalogue\n{FIRST}{between}{REST}\n# PR-2 Forms\n{FIRST.replace('PR-1', 'PR-2')}\n{REST}"
    found = [row for row in read(text, kind="product_description", language="en").found if row.table == "deliverable"]
    assert [row.own_id for row in found] == ["PR-1", "PR-2"]
    names = ("title", "owner_id", "acceptor_id", "acceptance_criteria")
    assert [found[0].values[name] for name in names] == ["Catalogue", "Jo Lake", "Kim Obi", "120 requirements, each testable"]


def test_the_number_may_stand_beside_the_version() -> None:
    """And the heading, which begins with it, names the product."""
    text = (
        "% Product Descriptions\n# P01 Requirements specification\n| Item | Content |\n| Identifier / version | P01 / 1.0 |\n| Purpose | Basis |\n"
        "| Composition | Chapters |\n| Format | Document |\n| Quality specification | 42 requirements |\n| Quality tolerance | none |\n"
        "| Responsibilities | Producer Jo Lake; reviewer Bo Ek; acceptance authority Kim Obi |"
    )
    (row,) = [row for row in read(text, kind="product_description", language="en").found if row.table == "deliverable"]
    assert (row.own_id, row.values["title"], row.values["acceptor_id"]) == ("P01", "Requirements specification", "Kim Obi")
    assert row.values["acceptance_criteria"] == "42 requirements"
