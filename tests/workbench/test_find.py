"""What lies in a folder becomes a configuration that loads, each thing belonging to one source."""

import json
import zipfile
from pathlib import Path

import pytest

from auditor.config.settings import load_settings
from auditor.errors import UsageError
from auditor.workbench.find import configuration, find_sources

PAGE = {
    "startAt": 0,
    "maxResults": 1,
    "total": 1,
    "issues": [{"id": "1", "key": "P-1", "fields": {"summary": "x", "issuetype": {"name": "Task"}}}],
}


def document(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for project in ("alpha", "beta"):
        document(tmp_path / project / "Charter.docx")
    (tmp_path / "tracker pages").mkdir()
    (tmp_path / "tracker pages" / "page1.json").write_text(json.dumps(PAGE))
    return tmp_path


def test_the_configuration_loads_and_no_folder_belongs_to_two_sources(folder: Path) -> None:
    """Documents and recorded answers are found; the folder of the answers is no project of documents."""
    found = find_sources(folder)
    assert {(source.connector, *source.proposal.options.values(), *source.exclude) for source in found} == {
        ("fileshare", ".", "tracker pages"),
        ("jira", "tracker pages"),
    }
    path = folder / "auditor.toml"
    path.write_text(configuration(found, time_zone="Europe/Brussels", default_profile="pm2"), encoding="utf-8")
    settings = load_settings(path)
    assert [source.name for source in settings.sources] == ["fileshare", "jira"]
    assert settings.store.time_zone == "Europe/Brussels"
    assert settings.profiles == {"default": "pm2"}


@pytest.mark.parametrize(
    ("beside", "excluded"),
    [(None, {"pages"}), ("pages/read me.docx", {"pages/A", "pages/B"}), ("pages/A/Charter.docx", {"pages/A/first", "pages/B"})],
)
def test_a_folder_of_nothing_but_other_sources_is_no_project(folder: Path, beside: str | None, excluded: set[str]) -> None:
    """Where answers of several projects lie together, their common folder is left out, unless documents stand beside them."""
    for place in ("pages/A/first", "pages/B"):
        (folder / place).mkdir(parents=True)
        (folder / place / "page1.json").write_text(json.dumps(PAGE))
    if beside is not None:
        document(folder / beside)
    documents = next(source for source in find_sources(folder) if source.connector == "fileshare")
    assert {*documents.exclude} == {"tracker pages", *excluded}


def test_the_folder_of_projects_may_lie_deeper(tmp_path: Path) -> None:
    """A single folder that holds all projects is taken as the root, so that its folders are the projects."""
    for project in ("alpha", "beta"):
        document(tmp_path / "Shared" / "Projects" / project / "01" / "Charter.docx")
    (source,) = find_sources(tmp_path)
    assert source.proposal.options == {"root": "Shared/Projects"}


def test_nothing_is_found_in_nothing(tmp_path: Path) -> None:
    """An empty folder gives no source, a missing one an error."""
    assert find_sources(tmp_path) == []
    with pytest.raises(UsageError, match="no such folder"):
        find_sources(tmp_path / "nowhere")


def test_names_that_are_not_plain_stay_themselves(tmp_path: Path) -> None:
    """Quotes and backslashes in a folder's name survive the way through the configuration."""
    name = 'a "quoted" \\ name'
    (tmp_path / name).mkdir()
    (tmp_path / name / "p.json").write_text(json.dumps(PAGE))
    path = tmp_path / "auditor.toml"
    path.write_text(configuration(find_sources(tmp_path), time_zone="UTC", default_profile=None), encoding="utf-8")
    (source,) = load_settings(path).sources
    assert str(source.options.pages) == name  # type: ignore[attr-defined]
