"""The shipped profiles are known: no rule and no value of them changes in silence."""

from collections.abc import Callable

import pytest

from auditor.rulebook.load import Rulebook
from auditor.rulebook.profile import describe_profile, resolve_profile

NAMES = ("pm2-small", "pm2-agile", "prince2-2017", "prince2-2023")  # pm2 itself: tests/rulebook/test_shipped.py


@pytest.mark.parametrize("name", NAMES)
def test_the_shipped_profile_is_known(name: str, shipped: Rulebook, golden: Callable[[str, str], None]) -> None:
    golden(f"{name}.txt", describe_profile(resolve_profile(shipped, name)))


@pytest.mark.parametrize("name", NAMES)
def test_every_change_of_a_shipped_profile_changes_something_and_says_why(name: str, shipped: Rulebook) -> None:
    """A change to the value that holds already would be a mistake of ours."""
    profile = resolve_profile(shipped, name)
    changed = [setting for own in profile.settings.values() for setting in own.values() if setting.before is not None]
    assert changed
    for setting in changed:
        assert setting.because
        assert setting.before is not None
        if not setting.because.startswith("the value of edition"):  # the edition holds, whatever a project says of its own
            assert setting.value != setting.before.value
