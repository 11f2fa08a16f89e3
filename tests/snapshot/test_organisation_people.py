"""People in the files of the organisation: by the ids of their accounts, or by their names."""

from pathlib import Path

import pytest

from auditor.snapshot.organisation import organisation_rows


@pytest.mark.parametrize(
    ("said", "person"),
    [
        ("Ada Finch", "name:ada-finch"),
        ("Finch, Ada", "name:ada-finch"),
        ("Dr. José Núñez", "name:jose-nunez"),
        ("5b10ac8d82e05b22cc7d4ef5", "5b10ac8d82e05b22cc7d4ef5"),
        ("afinch", "afinch"),
        ("name:ada-finch", "name:ada-finch"),
        ("jira:server:ada finch", "jira:server:ada finch"),
        ("ada.finch@example.org", "ada.finch@example.org"),
        ("Service Desk", "Service Desk"),
    ],
)
def test_a_name_is_the_name_that_documents_write(tmp_path: Path, said: str, person: str) -> None:
    (tmp_path / "directory.csv").write_text(f'person_id,is_active\n"{said}",true\n', encoding="utf-8")
    found = [row.get("person_id") for row in organisation_rows(tmp_path) if row.table == "directory"]
    assert found == [person]
