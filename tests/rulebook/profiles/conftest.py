"""Profiles over the small packs of `tests/rulebook/folders/good`."""

from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.rulebook.load import Rulebook, load_rulebook
from tests.shipped import shipped_rulebook

GOOD = Path(__file__).parents[1] / "folders" / "good"


@pytest.fixture
def with_profiles(tmp_path: Path) -> Callable[..., Rulebook]:
    def load(**profiles: str) -> Rulebook:
        for name, text in profiles.items():
            (tmp_path / f"{name}.yaml").write_text(f"name: {name}\n{text}\n", encoding="utf-8")
        return load_rulebook([GOOD, tmp_path], installed=False)

    return load


@pytest.fixture(scope="session")
def shipped() -> Rulebook:
    return shipped_rulebook()
