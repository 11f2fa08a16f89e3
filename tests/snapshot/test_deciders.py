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


ROLES = {"Ann Lee": "business_manager", "Jo Lake": "project_manager", "Bo Ek": "project_owner"}


@pytest.mark.parametrize(
    ("written", "roles"),
    [
        ("Ann Lee and Jo Lake", "business_manager, project_manager"),
        ("Ann Lee, Jo Lake, Bo Ek", "business_manager, project_manager, project_owner"),
        ("Ann Lee", None),  # one alone is judged as a person
        ("Ann Lee and Wim Moss", None),
    ],
)
def test_several_who_are_named_decided_by_what_they_are(written: str, roles: str | None) -> None:
    held = [Made("role", f"R{name}", {"person_id": name, "role": role}, {"person_id", "role"}, "docs") for name, role in ROLES.items()]
    sits = Made("role", "R4", {"person_id": "Jo Lake", "role": "project_steering_committee"}, {"person_id", "role"}, "docs")
    row = Made("change_request", "C1", {"decided_by": written}, {"decided_by"}, "docs")
    name_deciders([row, *held, sits], WORDS)
    assert row.get("decided_as") == roles


def test_who_held_two_roles_or_gave_one_up_decided_by_none() -> None:
    held = [
        Made(
            "role",
            "R1",
            {"person_id": "Ann Lee", "role": "business_manager", "to_on": "2026-01-01"},
            {"person_id", "role", "to_on"},
            "docs",
        ),
        Made("role", "R2", {"person_id": "Jo Lake", "role": "project_manager"}, {"person_id", "role"}, "docs"),
        Made("role", "R3", {"person_id": "Jo Lake", "role": "project_owner"}, {"person_id", "role"}, "docs"),
        Made("role", "R4", {"person_id": "Bo Ek", "role": "solution_provider"}, {"person_id", "role"}, "docs"),
    ]
    for written in ("Ann Lee and Bo Ek", "Jo Lake and Bo Ek"):
        row = Made("change_request", "C1", {"decided_by": written}, {"decided_by"}, "docs")
        name_deciders([row, *held], WORDS)
        assert row.get("decided_as") is None


def test_where_nobody_is_named_nothing_is_known() -> None:
    row = Made("change_request", "C1", {"title": "T"}, {"title"}, "docs")
    name_deciders([row], WORDS)
    assert "decided_as" not in row.filled
