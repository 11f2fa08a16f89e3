"""Who holds a role, where a sentence says only that."""

import pytest
from details_notation import read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The contractor's project manager is Jo Lake.", [("contractor_project_manager", "Jo Lake")]),
        ("The team keeps the named persons. The project manager is Jo Lake.", [("project_manager", "Jo Lake")]),
        ("Der Projektleiter ist Jo Lake.", [("project_manager", "Jo Lake")]),
        ("Le chef de projet est Mme Jo Lake.", [("project_manager", "Mme Jo Lake")]),
        ("The project manager is responsible for the plan.", []),
        ("The project manager is not Jo Lake.", []),
        ("The project owner is Head of Division.", []),  # a post, no person
        ("The weather is Jo Lake.", []),
    ],
)
def test_a_sentence_says_who_holds_a_role(text: str, expected: list[tuple[str, str]]) -> None:
    rows = [row for row in read(f"# 7. Project manager\n{text}", kind="project_handbook").found if row.table == "role"]
    assert [(row.values["role"], row.values["person_id"]) for row in rows] == expected
