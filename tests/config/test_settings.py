"""`auditor.toml` as settings: what it may say, and how mistakes are told."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from auditor.config.settings import load_settings
from auditor.config.toml_source import parse_toml
from auditor.connect.secret import Secret
from auditor.errors import UsageError

WHOLE = """
[store]
path = ".auditor"
time_zone = "Europe/Brussels"

[[source]]
name = "documents"
connector = "fileshare"
root = "Projects"            # each folder directly below is a project

[[source]]
name = "tracker"
connector = "jira"
pages = "jira-pages"
mapping.registers.risk.types = ["Danger"]

[[project]]
id = "FCREPO"
name = "Fedora"
jira = ["FCREPO"]
folders = ["fedora-repository/"]
methodology = "pm2"
size = "medium"
budget = 12000.50
start_on = 2024-03-01
tags = ["a", "b"]
record = {risk = "tracker", artefact = "documents", risk_log = "tracker"}
profile = "acme"

[rules]
folders = ["rules"]

[profiles]
pm2 = "acme-pm2"
default = "house"
"""


def load(tmp_path, text):
    (tmp_path / "auditor.toml").write_text(text, "utf-8")
    return load_settings(tmp_path)


def mistakes(tmp_path, text):
    with pytest.raises(ExceptionGroup) as caught:
        load(tmp_path, text)
    assert all(isinstance(error, UsageError) for error in caught.value.exceptions)
    return [str(error) for error in caught.value.exceptions]


def test_everything_it_may_say(tmp_path):
    settings = load(tmp_path, WHOLE)
    assert settings.store.path == tmp_path / ".auditor"
    assert settings.store.time_zone == "Europe/Brussels"
    assert [source.name for source in settings.sources] == ["documents", "tracker"]
    tracker = settings.source("tracker")
    assert tracker.options.pages == Path("jira-pages")
    assert tracker.options.time_zone == "Europe/Brussels"  # the store's, unless it says otherwise
    assert tracker.mapping.table_of("danger") == "risk"
    assert tracker.mapping.table_of("Risk") == "risk"
    assert settings.source("documents").mapping is None
    project = settings.projects[0]
    assert project.places == {"jira": ("FCREPO",), "folders": ("fedora-repository",)}
    assert project.columns == {
        "name": "Fedora",
        "methodology": "pm2",
        "size": "medium",
        "budget": Decimal("12000.50"),
        "start_on": date(2024, 3, 1),
        "tags": "a, b",
    }
    assert project.record == {"risk": "tracker", "artefact": "documents", "risk_log": "tracker"}
    assert settings.project_of_place["folders", "fedora-repository"] == "FCREPO"
    assert settings.rules.folders == (tmp_path / "rules",)
    assert settings.people_file == tmp_path / "people.yaml"
    assert settings.answers_file == tmp_path / "answers.yaml"


def test_which_profile_a_project_is_audited_by(tmp_path):
    settings = load(tmp_path, WHOLE)
    assert settings.profile_of("FCREPO", "prince2") == "acme"
    assert settings.profile_of("OTHER", "pm2") == "acme-pm2"
    assert settings.profile_of("OTHER", None) == "house"


def test_an_empty_file_is_a_configuration(tmp_path):
    settings = load(tmp_path, "")
    assert settings.sources == ()
    assert settings.store.time_zone == "UTC"


def test_the_environment_wins(tmp_path, monkeypatch):
    monkeypatch.setenv("AUDITOR_STORE_PATH", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("AUDITOR_STORE_TIME_ZONE", "Europe/Paris")
    settings = load(tmp_path, WHOLE)
    assert settings.store.path == tmp_path / "elsewhere"
    assert settings.store.time_zone == "Europe/Paris"
    monkeypatch.setenv("AUDITOR_STORE_TIME_ZONE", "Mars/North")
    assert "AUDITOR_STORE_TIME_ZONE" in mistakes(tmp_path, WHOLE)[0]


def test_every_mistake_is_told_in_one_run_with_its_place(tmp_path):
    text = WHOLE.replace("time_zone", "time_zon").replace('"medium"', '"middling"').replace("pages =", "page =").replace("root =", "rot =")
    found = mistakes(tmp_path, text + "[raport]\n")
    assert len(found) == 6
    told = "\n".join(found)
    assert "auditor.toml:4:1: unknown key 'time_zon'" in told
    assert "did you mean 'time_zone'?" in told
    assert '    size = "middling"\n    ^' in told
    assert "one of small, medium, large" in told or "did you mean 'medium'?" in told
    assert "unknown key 'page'" in told
    assert "unknown key 'rot'" in told
    assert "`root` is missing" in told
    assert "unknown key 'raport'" in told


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("", "a Jira needs `url`, or `pages` with recorded answers"),
        ('url = "https://jira.example.org"\ntoken = "abc123secret"', "a secret never stands in the configuration"),
        ('url = "https://jira.example.org"\nuser = "ann"', "`user` needs a `token`"),
        ('url = "https://ann:abc123secret@jira.example.org"', "url: "),
        ('pages = "x"\ntoken = {env = "X"}', "without signing in"),
        ('url = "https://jira.example.org"\nhttp.proxy = "http://ann:abc123secret@proxy.example.org:8080"', "proxy"),
        ('url = "https://jira.example.org"\nhttp.concurency = 3', "unknown key 'concurency'"),
    ],
)
def test_mistakes_of_a_live_jira_are_told_without_the_secret(tmp_path, options, message):
    told = "\n".join(mistakes(tmp_path, f'[[source]]\nname = "tracker"\nconnector = "jira"\n{options}\n'))
    assert message in told
    assert "abc123secret" not in told


@pytest.mark.parametrize(
    ("wrong", "right", "message"),
    [
        ('connector = "jira"', 'connector = "jria"', "did you mean 'jira'"),
        ('name = "tracker"', 'name = "documents"', "stands here twice"),
        ('name = "tracker"', 'name = "a/b"', "needs a `name`"),
        ('risk = "tracker"', 'risk = "trakcer"', "did you mean 'tracker'"),
        ('risk = "tracker"', 'worklog = "tracker"', "no place of record"),
        ('methodology = "pm2"', 'methodolgy = "pm2"', "did you mean 'methodology'"),
        ('methodology = "pm2"', "phase_basis = 'declared'", "unknown key 'phase_basis'"),
        ("start_on = 2024-03-01", 'start_on = "March"', "expected a date"),
        ("budget = 12000.50", 'budget = "much"', "expected an amount"),
        ('pm2 = "acme-pm2"', 'pm3 = "acme-pm2"', "did you mean 'pm2'"),
        ("registers.risk.types", "registers.rsik.types", "did you mean 'risk'"),
        ("registers.risk.types", "registers.risk.typs", "typs"),
        ('jira = ["FCREPO"]', "jira = 5", "expected a list of names"),
        ("[[project]]\nid", "[[project]]\nid_", "needs an `id`"),
        ("[rules]", "[[rules]]", "is a table"),
        ('folders = ["rules"]', 'engine = "prolog"', "'durable' or 'clips'"),
    ],
)
def test_a_mistake_is_told(tmp_path, wrong, right, message):
    assert wrong in WHOLE
    found = mistakes(tmp_path, WHOLE.replace(wrong, right, 1))
    assert any(message in error for error in found), found
    assert all("auditor.toml:" in error for error in found)


def test_a_place_belongs_to_one_project(tmp_path):
    found = mistakes(tmp_path, WHOLE + '[[project]]\nid = "TWO"\njira = ["FCREPO"]\n')
    assert "'FCREPO' belongs to the project 'FCREPO' already" in found[0]


def test_what_is_no_toml(tmp_path):
    with pytest.raises(UsageError) as caught:
        load(tmp_path, '[store]\npath = "a\n')
    assert "auditor.toml:2" in str(caught.value)
    with pytest.raises(UsageError, match="auditor init"):
        load_settings(tmp_path / "nowhere.toml")
    (tmp_path / "auditor.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match="UTF-8"):
        load_settings(tmp_path)


def test_places_of_keys():
    toml = parse_toml(
        'a = 1\n[t]\n"b c".d = [\n  1, # one\n  {e = """x\n]""", f.g = 2},\n]\n[[l]]\nx = \'y\'\n[[l]]\n[l.m]\nx = 2\n', file="f.toml"
    )
    assert toml.places["a",] == (1, 1)
    assert toml.places["t", "b c", "d"] == (3, 1)
    assert toml.places["t", "b c", "d", 0] == (4, 3)
    assert toml.places["t", "b c", "d", 1, "e"] == (5, 4)
    assert toml.places["t", "b c", "d", 1, "f", "g"] == (6, 7)
    assert toml.places["l", 0, "x"] == (9, 1)
    assert toml.places["l", 1, "m", "x"] == (12, 1)
    assert str(toml.at(("l", 1, "m", "nothing"))) == "f.toml:11:1"


def test_secrets_are_named_never_written(tmp_path, monkeypatch):
    with pytest.raises(ValueError, match="never stands") as caught:
        Secret.model_validate("hunter2")
    assert "hunter2" not in str(caught.value)
    with pytest.raises(ValueError, match="either"):
        Secret.model_validate({})
    monkeypatch.setenv("TRACKER_TOKEN", "s3cret")
    assert Secret(env="TRACKER_TOKEN").read(tmp_path) == "s3cret"
    with pytest.raises(UsageError, match="NO_SUCH_TOKEN is not set"):
        Secret(env="NO_SUCH_TOKEN").read(tmp_path)
    (tmp_path / "token").write_text("abc\n")
    assert Secret(file="token").read(tmp_path) == "abc"
    with pytest.raises(UsageError, match="cannot be read"):
        Secret(file="none").read(tmp_path)
