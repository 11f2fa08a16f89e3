"""Words and views of the shipped packs: each is documented and has cases, which tests/rules/test_cases.py decides."""

import pytest

from auditor.rulebook.condition import BUILT_IN_WORDS
from auditor.rulebook.load import Rulebook
from tests.shipped import shipped_rulebook


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return shipped_rulebook()


def test_every_built_in_word_is_documented(rulebook: Rulebook) -> None:
    """What the compiler knows, people can look up."""
    plain = {"lower", "upper", "trim", "length", "abs", "year", "month", "day", "contains", "today"}  # as in every SQL
    assert sorted(BUILT_IN_WORDS - plain - set(rulebook.terms)) == []


def test_words_and_views_have_cases(rulebook: Rulebook) -> None:
    """Each is proved."""
    assert [term.name for term in rulebook.terms.values() if not term.cases] == []
    assert [view.name for view in rulebook.views.values() if not view.cases] == []
