"""Which folder is proposed for whoever has no configuration yet."""

from pathlib import Path

import pytest

from auditor_connectors.fileshare.propose import propose


def filed(root: Path, *paths: str) -> Path:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(b"x")
    return root


PARTS = ("01 Initiating/Charter.docx", "02_Planung/Plan.xlsx", "E Meetings/Minutes.docx", "Photos/a.pdf")


def test_the_folders_are_projects(tmp_path: Path) -> None:
    (found,) = propose(filed(tmp_path, "Portal/Charter.docx", "Bridge/Plan.xlsx", "Registry 2/01 Planning/a.docx"))
    assert found.options == {"root": "."}
    assert not found.places


def test_a_folder_that_holds_nearly_all_is_the_root(tmp_path: Path) -> None:
    (found,) = propose(filed(tmp_path, "Projects/Portal/Charter.docx", "Projects/Bridge/Plan.xlsx"))
    assert found.options == {"root": "Projects"}


def test_the_only_folder_is_one_project(tmp_path: Path) -> None:
    (found,) = propose(filed(tmp_path, *(f"Portal/{path}" for path in PARTS)))
    assert found.options == {"root": "."}
    assert not found.places


def test_the_folder_is_one_project_itself(tmp_path: Path) -> None:
    (found,) = propose(filed(tmp_path / "Portal", *PARTS))
    assert found.options == {"root": ".."}
    assert list(found.places) == ["Portal"]


@pytest.mark.parametrize("names", [("Planning tool", "Bridge", "Registry"), ("001 Portal", "002 Bridge", "003 Quality system")])
def test_projects_may_be_called_like_parts(tmp_path: Path, names: tuple[str, ...]) -> None:
    (found,) = propose(filed(tmp_path, *(f"{name}/Charter.docx" for name in names)))
    assert found.options == {"root": "."}
    assert not found.places
