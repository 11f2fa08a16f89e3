"""By which roles the deciders of changes are named."""

import pytest

from auditor.snapshot.deciders import name_deciders
from auditor.snapshot.documents.details import load_detail_words
from auditor.snapshot.rows import Made

WORDS = load_detail_words()


@pytest.mark.parametrize(
    ("written", "roles"),
    [
        ("BM and PM (A. Lee, J. Lake)", "business_manager, project_manager"),
        ("PM", "project_manager"),
        ("Projektleitung mit Business Manager", "business_manager, project_manager"),
        ("PM with PSC", "project_manager, project_steering_committee"),
        ("PM and the wise", None),
        ("Ann Lee", None),
        ("Project Manager of the supplier", None),
    ],
)
def test_the_roles_that_decided(written: str, roles: str | None) -> None:
    row = Made("change_request", "C1", {"decided_by": written}, {"decided_by"}, "docs")
    name_deciders([row], WORDS)
    assert row.get("decided_as") == roles
    assert "decided_as" in row.filled


def test_where_nobody_is_named_nothing_is_known() -> None:
    row = Made("change_request", "C1", {"title": "T"}, {"title"}, "docs")
    name_deciders([row], WORDS)
    assert "decided_as" not in row.filled
