"""Golden files of the rulebook's tests: `AUDITOR_UPDATE_GOLDEN=1 pytest tests/rulebook` writes them anew."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    def compare(name: str, text: str) -> None:
        file = HERE / "golden" / name
        if os.environ.get("AUDITOR_UPDATE_GOLDEN"):
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8")
        assert text == file.read_text(encoding="utf-8"), "if the change is meant: AUDITOR_UPDATE_GOLDEN=1 pytest tests/rulebook"

    return compare


@pytest.fixture
def folders() -> Path:
    return HERE / "folders"
