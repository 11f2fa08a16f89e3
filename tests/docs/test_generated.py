"""Pages that are derived from the project are those that the project would write now."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from auditor.cli.main import COMMANDS
from auditor.config.settings import Settings
from tests.shipped import shipped_rulebook

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_page_is_current(generate: ModuleType) -> None:
    """`python docs/generate.py` would change nothing."""
    wanted = generate.pages()
    stale = [path.name for path, text in wanted.items() if not path.is_file() or path.read_text("utf-8") != text]
    assert not stale, f"run `python docs/generate.py`: {stale[:20]}"
    there = {path for folder in ("packs", "crosswalks") for path in (ROOT / "docs" / folder).rglob("*.md")}
    assert there <= set(wanted), "pages of rules that are gone"


def test_every_command_and_rule_is_documented() -> None:
    """The pages name each command and each rule."""
    commands = (ROOT / "docs" / "commands.md").read_text("utf-8")
    assert all(f"auditor {name}" in commands for name in COMMANDS)
    book = shipped_rulebook()
    for rule, pack in book.pack_of.items():
        page = (ROOT / "docs" / "packs" / pack / "rules" / f"{rule}.md").read_text("utf-8")
        assert page.startswith(f"# {rule}: ")
        assert f"](rules/{rule}.md)" in (ROOT / "docs" / "packs" / pack / "README.md").read_text("utf-8")


def test_every_setting_is_documented() -> None:
    """The guide of the configuration names each table of `auditor.toml`."""
    text = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    assert all(f"[{name}]" in text or f"[[{name}]]" in text for name in ("store", "source", "project", "rules", "profiles"))
    assert Settings.__doc__
