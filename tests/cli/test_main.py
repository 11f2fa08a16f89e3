"""The command line is quick to start, and tells what is wrong without a traceback."""

import subprocess
import sys
from pathlib import Path

import click
import pytest

from auditor.cli.main import COMMANDS, cli

HEAVY = ("duckdb", "sqlglot", "requests", "sqlalchemy", "fastapi", "openpyxl", "lxml", "xlsxwriter", "docx", "polars")


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "auditor", *arguments], cwd=cwd, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize("arguments", [["--help"], ["audit", "--help"], ["rules", "--help"], ["--version"]])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    """Help and completion import no library that takes long to load."""
    code = (
        "import sys\nfrom auditor.cli.main import main\n"
        f"try:\n    main({arguments!r})\nexcept SystemExit as e:\n    assert not e.code, e.code\n"
        f"loaded = sorted(set({HEAVY!r}) & set(sys.modules))\nassert not loaded, loaded\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr


def test_every_command_has_help() -> None:
    """Each command loads and explains itself in a sentence at least."""
    for name in COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        assert len(command.help or "") > 20


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["pull"], "`auditor init` looks around and writes one"),
        (["-c", "nowhere.toml", "audit"], "nowhere.toml: there is no such file"),
        (["audt"], "No such command"),
        (["audit", "--fail-on", "terrible"], "Invalid value for '--fail-on'"),
        (["audit", "--as-of", "yesterday"], "Invalid value for '--as-of'"),
        (["explain", "PM2-RSK-99"], "there is no rule 'PM2-RSK-99'"),
        (["sql", "select 1"], "there is no auditor.toml"),
    ],
)
def test_wrong_use_is_exit_2_without_a_traceback(tmp_path: Path, arguments: list[str], says: str) -> None:
    """A mistake of the user gives one message on standard error, and 2."""
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert says in " ".join(done.stderr.split())


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(tmp_path: Path, shell: str) -> None:
    """Each shell's script names the command."""
    done = run("completion", shell, cwd=tmp_path)
    assert done.returncode == 0
    assert "_AUDITOR_COMPLETE" in done.stdout
