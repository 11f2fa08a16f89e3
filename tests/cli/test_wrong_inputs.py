"""Wrong inputs: one clear message with its place and what to do, the right exit code, never a traceback."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.xdist_group("demo-waivers")

Auditor = Callable[..., Any]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[store\n", "auditor.toml:1:"),
        ('[store]\npath = ".auditor"\ntime_zone = "Europe/Brusels"\n', "Europe/Brussels"),
        ('[stoer]\npath = "x"\n', "did you mean 'store'"),
        ('[[source]]\nname = "a"\nconnector = "filshare"\nroot = "Projects"\n', "did you mean 'fileshare'"),
        ('[[source]]\nname = "a"\nconnector = "fileshare"\nrot = "Projects"\n', "rot"),
        ('[[source]]\nname = "a"\nconnector = "fileshare"\nroot = "Projects"\n[[project]]\nid = "A"\nmetodology = "pm2"\n', "did you mean"),
        ('[rules]\nfolders = ["nowhere"]\n', "no such folder of rules"),
        ("\x00\x01", "auditor.toml"),
    ],
)
def test_a_wrong_configuration(auditor: Auditor, tmp_path: Path, text: str, says: str) -> None:
    """The file, the line, what is wrong and what was meant."""
    (tmp_path / "Projects").mkdir()
    (tmp_path / "auditor.toml").write_text(text)
    ran = auditor("pull", cwd=tmp_path)
    assert ran.code == 2, ran.said
    assert says in ran.said
    assert len(ran.err.splitlines()) < 12


@pytest.mark.parametrize(
    ("name", "text", "says", "command"),
    [
        (
            "answers.yaml",
            "answers: [{rule: PM2-XXX-01, project: BOREAL, says: 'yes', author: A, on: 2026-06-01}]",
            "there is no rule 'PM2-XXX-01'",
            "audit",
        ),
        ("answers.yaml", "answers: [{rule: PM2-COM-03, project: BOREEL}]", "answers.yaml:1:", "audit"),
        ("answers.yaml", "answers: [", "answers.yaml:2:", "audit"),
        ("answers.yaml", "- a\n- b\n", "answers.yaml:1:", "audit"),
        ("people.yaml", "people: {a: b}", "people.yaml", "pull"),
        ("people.yaml", "people: [{identity: a, accounts: 7}]", "people.yaml", "pull"),
        ("people.yaml", "people: [", "people.yaml", "pull"),
        ("recognition-review.yaml", "documents: [{path: x}]", "recognition-review.yaml", "pull"),
        ("recognition-review.yaml", "x: [", "recognition-review.yaml", "pull"),
    ],
)
def test_wrong_files_beside_it(
    auditor: Auditor, portfolio: Path, copy_of_store: Path, name: str, text: str, says: str, command: str
) -> None:
    """Mistakes in what people write are shown with their place, and stop the command."""
    shutil.copy(portfolio / "auditor.toml", copy_of_store / "auditor.toml")
    (copy_of_store / name).write_text(text)
    ran = auditor(command, *(("--offline",) if command == "pull" else ("--project", "BOREAL")), cwd=copy_of_store)
    assert ran.code == 2, ran.said
    assert says in ran.said


@pytest.fixture
def copy_of_store(portfolio: Path, tmp_path: Path) -> Path:
    """A folder with the demonstration's store, without its documents."""
    shutil.copytree(portfolio / ".auditor", tmp_path / "p" / ".auditor")
    (tmp_path / "p" / "Projects").mkdir()
    (tmp_path / "p" / "jira-pages").mkdir()
    return tmp_path / "p"


def newest(store: Path, what: str) -> Path:
    return store / what / (store / what / "latest").read_text().strip()


@pytest.mark.parametrize(
    ("damage", "command"),
    [
        (lambda store: (newest(store, "snapshots") / "manifest.json").write_text("{"), ("audit",)),
        (lambda store: (newest(store, "snapshots") / "manifest.json").unlink(), ("audit",)),
        (lambda store: (newest(store, "snapshots") / "risk.parquet").write_bytes(b"PAR1 nonsense PAR1"), ("audit", "--project", "BOREAL")),
        (lambda store: (newest(store, "snapshots") / "risk.parquet").unlink(), ("audit", "--project", "BOREAL")),
        (lambda store: (newest(store, "snapshots") / "project.parquet").write_bytes(b""), ("audit",)),
        (lambda store: (newest(store, "snapshots") / "person.parquet").write_bytes(b""), ("show",)),
        (lambda store: (store / "snapshots" / "latest").write_text("../../etc"), ("sources", "list")),
        (lambda store: (newest(store, "audits") / "audit.json").write_text("{}"), ("show",)),
        (lambda store: (newest(store, "audits") / "evaluation.parquet").write_bytes(b"x"), ("show",)),
        (lambda store: (newest(store, "audits") / "evidence.parquet").unlink(), ("show",)),
        (lambda store: (newest(store, "audits") / "finding.parquet").write_bytes(b""), ("sql", "select * from finding")),
    ],
)
def test_a_damaged_store(
    auditor: Auditor, portfolio: Path, copy_of_store: Path, damage: Callable[[Path], Any], command: tuple[str, ...]
) -> None:
    """What is damaged is named, with the exit code of the store and what to do; nothing is guessed."""
    shutil.copy(portfolio / "auditor.toml", copy_of_store / "auditor.toml")
    damage(copy_of_store / ".auditor")
    ran = auditor(*command, cwd=copy_of_store)
    assert ran.code == (2 if command[0] == "sql" else 4), ran.said
    assert ran.err.strip()


def test_an_audit_that_cannot_be_kept(auditor: Auditor, portfolio: Path, copy_of_store: Path) -> None:
    """Where the store cannot take an audit, that is said with the exit code of the store."""
    shutil.copy(portfolio / "auditor.toml", copy_of_store / "auditor.toml")
    shutil.rmtree(copy_of_store / ".auditor" / "audits")
    (copy_of_store / ".auditor" / "audits").write_text("a file")
    ran = auditor("audit", "--evidence", "9", "--project", "BOREAL", cwd=copy_of_store)
    assert ran.code == 4, ran.said


def test_a_store_that_is_a_file(auditor: Auditor, copy_of_store: Path) -> None:
    """A file in the place of the store is said."""
    (copy_of_store / "auditor.toml").write_text('[store]\npath = "x"\n[[source]]\nname = "d"\nconnector = "fileshare"\nroot = "Projects"\n')
    (copy_of_store / "x").write_text("a file")
    ran = auditor("pull", cwd=copy_of_store)
    assert ran.code == 4, ran.said
