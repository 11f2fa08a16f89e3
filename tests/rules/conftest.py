"""The rulebook as it is shipped, read once."""

import pytest

from auditor.rulebook.load import Rulebook
from tests.shipped import shipped_rulebook


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    return shipped_rulebook()
