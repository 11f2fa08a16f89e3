"""`auditor profile`: what the commands show and refuse."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from auditor.cli.main import cli
from auditor.errors import AuditorError, UsageError
from auditor.rulebook.load import Rulebook, load_rulebook
from tests.shipped import shipped_rulebook


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shipped: Rulebook):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("auditor.workbench.desk.kept_rulebook", lambda _folders, _cache: shipped)

    def call(*arguments: str) -> Result:
        return CliRunner().invoke(cli, arguments, standalone_mode=False, catch_exceptions=False)

    return call


def test_the_list_says_for_whom_each_profile_is(run) -> None:
    """Name, projects, and whether it holds without being named."""
    lines = run("profile", "list").output.splitlines()
    assert any(line.split()[:1] == ["pm2-small"] and "pm2, small" in line and "by name" in line for line in lines)
    assert any(line.split()[:1] == ["pm2-agile"] and "by default" in line for line in lines)


def test_a_profile_is_shown_with_everything_that_decides(run) -> None:
    """Rules, what is left out, what tailors projects, who set what."""
    shown = run("profile", "show", "pm2-small").output
    assert "severity: minor, set by pm2-small.yaml" in shown
    assert "without PM2-SCH-07: a schedule of milestones is enough" in shown
    assert "product outsourcing_plan: mandatory when is_outsourced yes" in shown
    assert "tailoring pm2-declared-not-used (pm2)" in shown
    data = json.loads(run("profile", "show", "pm2-small", "--json").output)
    assert data["rules"]["PM2-INI-01"]["fields"]["severity"]["value"] == "minor"
    assert {item["step"] for item in data["productions"]} >= {"tailoring", "conclusions"}


def test_one_rule_is_shown_with_its_history(run) -> None:
    shown = run("profile", "show", "pm2-small", "--rule", "PM2-INI-01").output
    assert "before: major, set by pm2" in shown
    assert run("profile", "show", "pm2-small", "--rule", "PM2-SCH-07").output.startswith("PM2-SCH-07 is left out by pm2-small.yaml")
    with pytest.raises(UsageError, match="no rule 'PM2-INI-99'"):
        run("profile", "show", "pm2-small", "--rule", "PM2-INI-99")


def test_a_difference_is_shown(run) -> None:
    shown = run("profile", "diff", "pm2", "pm2-small").output
    assert "- PM2-SCH-07" in shown
    assert "severity: major → minor (pm2-small.yaml" in shown
    assert run("profile", "diff", "pm2", "pm2").output == "pm2 and pm2 ask the same\n"
    data = json.loads(run("profile", "diff", "pm2", "pm2-small", "--json").output)
    assert data["left_out"]
    assert data["productions"] == {"added": [], "left_out": []}


def test_what_tailors_projects_differently_is_shown(run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows of a table that comes with a pack of the second profile."""
    town = load_rulebook([Path(__file__).parents[3] / "docs" / "example-organisation" / "rules"], understood=shipped_rulebook())
    monkeypatch.setattr("auditor.workbench.desk.kept_rulebook", lambda _folders, _cache: town)
    shown = run("profile", "diff", "pm2", "lakeside").output
    assert "+ LAKE-RSK-01 Open risks are looked at every quarter" in shown
    assert "+ tailoring lakeside-sizes-2 (lakeside): the council decides about every project from half a million on" in shown


def test_a_new_profile_is_written_once(run, tmp_path: Path) -> None:
    """With its schema beside it; a file that is there is not written over, and its name is that of the profile."""
    assert "wrote rules/ours.yaml" in run("profile", "new", "ours", "--extends", "pm2").output
    assert (tmp_path / "rules" / "schema" / "profile.json").is_file()
    with pytest.raises(UsageError, match="is there already"):
        run("profile", "new", "ours", "--extends", "pm2")
    with pytest.raises(UsageError, match="lies in a file ours.yaml"):
        run("profile", "new", "ours", "--extends", "pm2", "--output", "rules/other.yaml")
    with pytest.raises(AuditorError, match="did you mean"):
        run("profile", "new", "theirs", "--extends", "pm2-smal")
