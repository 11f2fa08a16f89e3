"""Folders and projects of trackers that are called the same."""

import tomllib
from dataclasses import replace

import pytest

from auditor.workbench.joining import Join, configured, joins_of
from auditor.workbench.overview import ProjectSeen


def folder(name: str) -> ProjectSeen:
    return ProjectSeen(
        name, name, "", "", "", files=3, recognised=2, doubtful=0, unreadable=0, work_items=1
    )  # a plan in a document is work


def tracker(key: str, name: str, source: str = "") -> ProjectSeen:
    return ProjectSeen(f"{key}{source}", name, "", "", "", files=0, recognised=0, doubtful=0, unreadable=0, work_items=9)


@pytest.mark.parametrize(
    ("place", "key", "name", "is_one"),
    [
        ("PORTAL", "PORTAL", "Citizen Portal", True),
        ("Portal", "PORTAL", "Citizen Portal", True),
        ("Citizen Portal", "CP", "Citizen Portal", True),
        ("PORTAL - Citizen Portal", "PORTAL", "Portal of the citizens", True),
        ("TRAMWAY-T3", "TRAM", "Tramway T3 - SAEIV et billettique", True),
        ("CITPOR", "CP", "CIT-POR", True),
        ("Cit_Por", "CITPOR", "Portal of the citizens", True),
        ("PORTAL", "CP", "Portal of the citizens", False),  # a short word begins many names
        ("Portals", "PORTAL", "Portal", False),
        ("Harbour", "PORTAL", "Portal", False),
    ],
)
def test_what_is_called_the_same(place: str, key: str, name: str, is_one: bool) -> None:
    source = "@jira" if place == key else ""  # as the snapshot calls the second of one name
    assert joins_of([folder(place), tracker(key, name, source)]) == ([Join(place, key, name)] if is_one else [])


def test_the_documents_say_what_the_project_is_called() -> None:
    said = replace(folder("2026-07 portal"), name="Portal of the Citizens (CIT-POR)")
    assert joins_of([said, tracker("CP", "CITPOR")]) == [Join("2026-07 portal", "CP", "CITPOR")]
    assert joins_of([said, tracker("CP", "Portal of the citizens")]) == [Join("2026-07 portal", "CP", "Portal of the citizens")]
    assert joins_of([said, tracker("CP", "Portal")]) == []


def test_what_two_may_be_is_left_to_a_person() -> None:
    assert joins_of([folder("PORTAL"), folder("Citizen Portal"), tracker("PORTAL", "Citizen Portal")]) == []
    assert joins_of([folder("PORTAL"), tracker("PORTAL", "One"), tracker("P2", "Portal")]) == []


def test_the_lines_are_toml() -> None:
    text = "\n".join(configured([Join('a "quoted" \\ name', "P", "x")], folders="folders", tracker="jira"))
    assert tomllib.loads(text)["project"] == [{"id": 'a "quoted" \\ name', "folders": ['a "quoted" \\ name'], "jira": ["P"]}]
