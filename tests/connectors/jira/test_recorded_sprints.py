"""Whose recorded lists of sprints are: the name of the page says it, and a list is whole where its last page says so."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from auditor.connect.protocol import Filled, Record, Scope
from auditor_connectors.jira.connector import JiraConnector
from auditor_connectors.jira.options import JiraOptions
from auditor_connectors.jira.shapes import content_of

SPRINT = {"id": 4, "name": "March", "state": "closed", "originBoardId": 9, "startDate": "2026-03-02T08:00:00.000+0000"}


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("WIND-sprints.json", "WIND"),
        ("pages/WIND/sprints.json", "WIND"),
        ("WIND/board/9/sprint.json", "WIND"),
        ("project-WIND-sprints.json", "WIND"),
        ("sprints.json", ""),
        ("WIND-sprinters.json", ""),
    ],
)
def test_the_name_says_whose_list_it_is(name: str, place: str) -> None:
    """A list of sprints belongs to the project before the word; without one it is nobody's own."""
    (piece,) = content_of(name, {"isLast": True, "startAt": 0, "values": [SPRINT, SPRINT | {"id": 5}]}).pieces
    assert getattr(piece, "place", None) == place


def test_a_whole_list_without_sprints_says_that_there_are_none() -> None:
    """Only where it is the project's own list, and its last page."""
    none = {"isLast": True, "startAt": 0, "total": 0, "values": []}
    (piece,) = content_of("pages/WIND-sprints.json", none).pieces
    assert (getattr(piece, "kind", ""), getattr(piece, "place", ""), getattr(piece, "data", None)) == ("sprints", "WIND", [])
    for name, page in (("sprints.json", none), ("WIND/board/9/sprints.json", none), ("WIND-sprints.json", none | {"isLast": False})):
        assert not content_of(name, page).pieces


class _Nothing:
    """No earlier pull."""

    def fingerprint(self, key: str) -> str | None:
        """Nothing is known."""
        del key
        return None

    def fingerprints(self, place: str) -> Mapping[str, str]:
        """Nothing is known."""
        del place
        return {}

    def watermark(self, name: str) -> str | None:
        """Nothing is known."""
        del name
        return None


def _sprints_known(folder: Path, key: str) -> bool:
    connector = JiraConnector(JiraOptions(pages=folder))
    records = [item for item in connector.pull(Scope(), _Nothing()) if isinstance(item, Record) and item.place == key]
    found = [item for _, item in connector.read(sorted(records, key=lambda record: record.key)) if isinstance(item, Filled)]
    return next(item.is_complete for item in found if item.table == "sprint")


def test_a_whole_list_makes_the_sprints_of_its_project_known(tmp_path: Path) -> None:
    """With two projects in the folder each has its own list; a list that goes on makes nothing known; a folder's name no project."""
    for number, key in enumerate(("WIND", "SUN"), 1):
        fields = {"project": {"key": key}, "summary": "Turn", "customfield_1": [SPRINT], "updated": "2026-03-03T08:00:00.000+0000"}
        page = {"startAt": 0, "total": 1, "issues": [{"id": f"70{number}", "key": f"{key}-1", "fields": fields}]}
        (tmp_path / f"{key}.json").write_text(json.dumps(page))
        values = [SPRINT, SPRINT | {"id": 5, "state": "future"}]
        listed = {"isLast": key == "WIND", "startAt": 0, "values": values}
        (tmp_path / f"{key}-sprints.json").write_text(json.dumps(listed))
    (tmp_path / "OLD-sprints.json").write_text(json.dumps({"isLast": True, "startAt": 0, "values": [SPRINT]}))
    assert _sprints_known(tmp_path, "WIND")
    assert not _sprints_known(tmp_path, "SUN")
    connector = JiraConnector(JiraOptions(pages=tmp_path))
    assert {item.place for item in connector.pull(Scope(), _Nothing()) if isinstance(item, Record)} == {"", "WIND", "SUN"}
