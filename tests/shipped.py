"""The rulebook as it is shipped: read once per run of the tests, whichever worker or command asks first."""

from functools import cache

from auditor.rulebook.cache import cache_folder, kept_rulebook
from auditor.rulebook.load import Rulebook


@cache
def shipped_rulebook() -> Rulebook:
    """Return what `load_rulebook()` returns (tests/rulebook/test_cache.py); nothing in it can be changed."""
    return kept_rulebook((), cache_folder())
