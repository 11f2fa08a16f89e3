"""The shipped packs and profiles."""

from collections.abc import Callable
from typing import get_args

import pytest

from auditor.checks.evaluation import Reason
from auditor.rulebook.lint import lint_rulebook
from auditor.rulebook.load import Rulebook
from auditor.rulebook.profile import describe_profile, resolve_profile
from auditor.rulebook.rule import NotApplicable, NotAssessed
from tests.shipped import shipped_rulebook

ADVICE = {"long-condition", "order-of-dates", "say-without-values", "clause-unlisted"}  # worth a look, not always wrong


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return shipped_rulebook()


def test_the_shipped_packs_load(rulebook: Rulebook) -> None:
    """What is shipped is found through its entry points and has no mistake."""
    assert {"core", "pm2", "prince2"} <= set(rulebook.packs)


def test_every_clause_of_pm2_has_a_status(rulebook: Rulebook) -> None:
    """The 248 auditable requirements of the standard and the 9 of its agile extension are all named."""
    assert sum(pack == "pm2" for pack in rulebook.clause_pack.values()) == 257


def test_the_shipped_rules_keep_our_habits(rulebook: Rulebook) -> None:
    """Lint finds nothing but advice."""
    assert [str(finding) for finding in lint_rulebook(rulebook) if finding.code not in ADVICE] == []


def test_the_shipped_profile_is_known(rulebook: Rulebook, golden: Callable[[str, str], None]) -> None:
    """No rule of the shipped profile appears, changes or disappears in silence."""
    golden("pm2.txt", describe_profile(resolve_profile(rulebook, "pm2")))


def test_cases_know_the_reasons_of_evaluations() -> None:
    """What a case may expect is what an evaluation may say."""
    assert {*get_args(NotAssessed), *get_args(NotApplicable)} == set(Reason)
