"""The further projects: what was written down as wrong is found, and in the flawless ones nothing.

Defects and flawless projects were written before any rule was run on them. What is not found yet, and what is found though it is not
wrong, stands in `known.yaml`, each with its reason, for whoever mends the rule or the reader.
"""

import os
import re
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, time
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

from auditor.config.settings import load_settings
from auditor.demo.everything import build_further
from auditor.demo.house import house_stories, write_house
from auditor.demo.story import AS_OF
from auditor.results.audit_result import AuditResult
from auditor.workbench.desk import Desk
from auditor.workbench.pulling import pull_and_map

pytestmark = pytest.mark.xdist_group("demo-further")

WRITTEN: Mapping[str, Any] = yaml.safe_load((files("auditor.demo") / "more_defects.yaml").read_text("utf-8"))
FIRST: list[Mapping[str, Any]] = yaml.safe_load((files("auditor.demo") / "defects.yaml").read_text("utf-8"))
KNOWN: Mapping[str, Any] = yaml.safe_load((Path(__file__).parent / "known.yaml").read_text("utf-8"))


def base(rule: str) -> str:
    return re.sub(r"(?<=\d)[a-z]$", "", rule)


def pack(rule: str) -> str:
    return rule.partition("-")[0]


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> AuditResult:
    settings = load_settings(build_further(tmp_path_factory.mktemp("further")))
    pull_and_map(settings, now=lambda: datetime.combine(AS_OF, time(12), tzinfo=UTC))
    return Desk(settings).audit()[0]


@pytest.fixture(scope="module")
def found(audited: AuditResult) -> dict[tuple[str, str], list[str]]:
    """(project, clause) → what its findings say."""
    said: dict[tuple[str, str], list[str]] = {}
    for finding in audited.findings:
        said.setdefault((finding.project, base(finding.rule)), []).extend(item.evidence.says for item in finding.items)
    return said


def written() -> dict[tuple[str, str], Mapping[str, Any]]:
    return {(item["project"], item["rule"]): item for item in WRITTEN["defects"]}


def listed(part: str) -> set[tuple[str, str]]:
    return {(item["project"], item["rule"]) for item in KNOWN[part]}


def test_there_are_enough_defects_and_projects() -> None:
    """Over all packs, with one flawless project of each methodology; no defect stands there twice."""
    projects = {item["project"] for item in (*WRITTEN["defects"], *FIRST)} | set(WRITTEN["flawless"])
    assert len(projects) >= 19
    assert len(written()) == len(WRITTEN["defects"])
    assert len(written()) + len(FIRST) >= 150
    assert not {item["project"] for item in WRITTEN["defects"]} & set(WRITTEN["flawless"])
    assert min(Counter(pack(item["rule"]) for item in WRITTEN["defects"]).values()) >= 50


def test_what_was_written_is_found(found: dict[tuple[str, str], list[str]]) -> None:
    """Each defect has a finding of its clause in its project, but for those that `known.yaml` lists."""
    assert not set(written()) - set(found) - listed("missed")


def test_what_is_listed_as_missed_is_a_written_defect(found: dict[tuple[str, str], list[str]]) -> None:
    """The list names real defects; those that are found by now are to be taken out of it (asked for in the deep form)."""
    assert listed("missed") <= set(written())
    if os.environ.get("LAWS") == "deep":
        assert not listed("missed") & set(found)


def test_there_is_no_false_alarm(found: dict[tuple[str, str], list[str]]) -> None:
    """Each finding is a written defect, or what such a defect breaks besides, or listed with its reason."""
    besides = {(item["project"], rule) for item in WRITTEN["defects"] for rule in item.get("also", ())}
    false = set(found) - set(written()) - besides - listed("alarms")
    assert not false, {key: found[key][:3] for key in sorted(false)}


def test_recall_per_pack(found: dict[tuple[str, str], list[str]], record_property: Any) -> None:
    """The share of the defects that are found does not fall below what was measured once; it is stated per pack."""
    every = Counter(pack(rule) for _, rule in written())
    seen = Counter(pack(rule) for project, rule in written() if (project, rule) in found)
    for name, floor in KNOWN["recall"].items():
        record_property(f"recall {name}", f"{seen[name]} of {every[name]}")
        assert seen[name] >= floor, (name, seen[name], every[name])


def test_no_rule_crashes(audited: AuditResult) -> None:
    """Every rule gives a verdict for every project, none by crashing."""
    assert not [(item.project, item.rule) for item in audited.evaluations if item.reason == "rule_error"]


def test_the_files_are_the_same_each_time(tmp_path: Path) -> None:
    """Documents, tracker, exports and profile of the organisation's projects are the same, byte by byte."""
    one, two = tmp_path / "a", tmp_path / "b"
    assert write_house(one, house_stories()) == write_house(two, house_stories())
    assert len([path for path in one.rglob("*") if path.is_file()]) > 80
    for path in sorted(one.rglob("*")):
        assert path.is_dir() or path.read_bytes() == (two / path.relative_to(one)).read_bytes(), path
