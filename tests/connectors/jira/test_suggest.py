"""`auditor init --jira` proposes from the instance's own metadata, and writes a configuration that works."""

import re

import pytest

from auditor.cli.main import cli
from auditor.config.settings import load_settings
from auditor.errors import AccessDenied, UsageError
from auditor.snapshot.pull import pull
from tests.servers import jira as fake
from tests.servers.jira import FakeJira, serving_jira, small


@pytest.fixture
def instance(monkeypatch, is_cloud):
    """A Jira with types and fields of its own words."""
    types = {**fake.TYPES, "20001": ("Programme risk", False, 0), "20002": ("Widget", False, 0), "20003": ("Décision", False, 0)}
    custom = {"type": "option", "custom": "com.atlassian.jira.plugin.system.customfieldtypes:select", "customId": 1}
    more = [
        ("customfield_20001", "Our risk impact (1-5)", custom),
        ("customfield_20002", "Gizmo", custom),
        ("customfield_20003", "Gizmo", custom),
    ]
    monkeypatch.setattr(fake, "TYPES", types)
    monkeypatch.setattr(fake, "FIELDS", [*fake.FIELDS, *more])
    with serving_jira(small(FakeJira(cloud=is_cloud), issues=2)) as jira:
        yield jira


def init(folder, jira, *more):
    user = ["--user", "ann@example.org"] if jira.cloud else []
    return cli.main(["init", str(folder), "--jira", jira.url, "--token-env", "JIRA_TEST_TOKEN", *user, *more], standalone_mode=False)


def test_the_proposal_is_written_and_loads(instance, tmp_path, capsys):
    assert init(tmp_path, instance) == 0
    text = (tmp_path / "auditor.toml").read_text("utf-8")
    shown = capsys.readouterr().out
    assert 'token = {env = "JIRA_TEST_TOKEN"}' in text
    assert instance.token not in text + shown
    assert 'mapping.registers.risk.types = ["Programme risk"]' in text
    assert 'mapping.registers.risk.columns.impact.fields = ["Our risk impact (1-5)"]' in text
    assert "decision: issues of type Décision" in shown
    assert "work, unless declared otherwise: Widget" in shown
    assert "same name" in shown
    settings = load_settings(tmp_path)
    source = settings.sources[0]
    assert source.places == ("ALPHA", "BETA")
    assert source.mapping.table_of("Programme Risk") == "risk"
    assert pull(settings).is_complete


def test_a_refused_token_writes_nothing(instance, tmp_path):
    instance.expired = True
    with pytest.raises(AccessDenied):
        init(tmp_path, instance)
    assert not (tmp_path / "auditor.toml").exists()


def test_what_cannot_be_asked_is_said(tmp_path):
    with pytest.raises(UsageError, match="url"):
        cli.main(["init", str(tmp_path), "--jira", "no address"], standalone_mode=False)
    assert not (tmp_path / "auditor.toml").exists()


def test_doctor_shows_what_the_jira_says(instance, tmp_path, capsys):
    init(tmp_path, instance)
    instance.forbidden.add("BETA")
    assert cli.main(["-c", str(tmp_path / "auditor.toml"), "doctor"], standalone_mode=False) == 0
    shown = capsys.readouterr().out
    assert "Ann (" in shown
    assert "REST v3" in shown or "REST v2" in shown
    assert "BETA: not there, or not visible" in shown
    assert int(re.search(r"stay\s+open\s+for\s+it:\s+(\d+)", re.sub(r"[│┃|]", " ", shown))[1]) > 5
    assert "behind ours" in shown
    instance.expired = True
    assert cli.main(["-c", str(tmp_path / "auditor.toml"), "doctor"], standalone_mode=False) == 3
    shown = capsys.readouterr().out
    assert "is the token right" in shown or "is it right" in shown
    assert instance.token not in shown
