"""The rulebook as it is shipped, read once."""

import pytest

from auditor.rulebook.load import Rulebook, load_rulebook


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    return load_rulebook()
