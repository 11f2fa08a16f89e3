"""Which profile a project is audited by when nobody names one."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from auditor.audit import ProfileChoice, _completed
from auditor.errors import UsageError
from auditor.rulebook.load import Rulebook
from auditor.rulebook.profile_choice import fallback, offered, offers

Loads = Callable[..., Rulebook]


def chosen(rulebook: Rulebook, choice: ProfileChoice | None = None, **traits: Any) -> str | None:
    return _completed(choice or ProfileChoice(), rulebook).of("P", traits)


def test_plain_pm2_projects_keep_the_profile_of_pm2(shipped: Rulebook) -> None:
    """Whatever their size: the guide prints no classes of size, so that only an organisation can say who is small."""
    assert chosen(shipped, methodology="pm2") == "pm2"
    assert chosen(shipped, methodology="pm2", size="small") == "pm2"


def test_agile_projects_have_a_profile_of_their_own(shipped: Rulebook) -> None:
    """PM²-Agile has a shipped profile; where somebody named one for PM², that word comes first."""
    assert chosen(shipped, methodology="pm2_agile") == "pm2-agile"
    assert chosen(shipped, ProfileChoice(by_methodology={"pm2": "pm2-small"}), methodology="pm2_agile") == "pm2-small"


def test_prince2_projects_are_audited_by_their_edition(shipped: Rulebook) -> None:
    """Where a project does not say its edition the newest holds; the agile way has no profile of its own."""
    assert chosen(shipped, methodology="prince2", methodology_edition="2017") == "prince2-2017"
    assert chosen(shipped, methodology="prince2", methodology_edition="7th edition (2023)") == "prince2-2023"
    assert chosen(shipped, methodology="prince2") == "prince2-2023"
    assert chosen(shipped, methodology="prince2_agile") == "prince2-2023"


def test_a_project_of_unknown_methodology_gets_the_fallback(shipped: Rulebook) -> None:
    """One shipped profile says that it is for those; a project of a methodology without a profile gets none."""
    assert fallback(shipped) == "pm2"
    assert chosen(shipped) == "pm2"
    assert chosen(shipped, methodology="other") == "pm2"
    assert chosen(shipped, methodology="kanban") is None


@pytest.mark.parametrize(
    ("raw", "confidence", "basis", "profile"),
    [
        ("prince2", "0.60", "artefact", "prince2-2023"),
        ("prince2", "0.45", "artefact", "pm2"),
        ("pm2_agile", "0.70", "artefact", "pm2"),
        ("scrum", "0.60", "work", "pm2"),
        ("The Lakeside way", "0.90", "artefact", "pm2"),
        (None, None, None, "pm2"),
    ],
)
def test_a_likely_methodology_comes_before_the_fallback(
    shipped: Rulebook, raw: str | None, confidence: str | None, basis: str | None, profile: str
) -> None:
    """Whose documents are more likely those of another method is not asked for the artefacts of the fallback's, declared default or not."""
    sure = None if confidence is None else Decimal(confidence)
    told = {"methodology": None, "methodology_raw": raw, "methodology_confidence": sure, "methodology_basis": basis}
    assert chosen(shipped, **told) == profile
    assert chosen(shipped, ProfileChoice(default="pm2"), **told) == profile
    assert chosen(shipped, ProfileChoice(default="ours"), **told) == "ours"  # for any method, as whoever wrote it says


def test_what_a_person_wrote_comes_first(shipped: Rulebook) -> None:
    """--profile, then the project, then the methodology."""
    written = ProfileChoice(by_project={"P": "x"}, by_methodology={"pm2": "y"})
    assert chosen(shipped, written, methodology="pm2") == "x"
    assert chosen(shipped, ProfileChoice(by_methodology={"pm2": "y"}), methodology="pm2") == "y"
    assert chosen(shipped, ProfileChoice(forced="z", by_project={"P": "x"}), methodology="pm2") == "z"


def test_editions_choose_and_the_newest_holds_where_a_project_does_not_say(with_profiles: Loads) -> None:
    """The edition is found in what the project says of it; of an unknown one no profile is for."""
    book = with_profiles(
        old="extends: [acme]\nmethodology: prince2\nedition: '1'", new="extends: [acme]\nmethodology: prince2\nedition: '2'"
    )
    found = {edition: offered(offers(book), {"methodology": "prince2", "methodology_edition": edition}) for edition in ("1", "ed. 2", None)}
    assert found == {"1": ("old",), "ed. 2": ("new",), None: ("new",)}
    assert offered(offers(book), {"methodology": "prince2", "methodology_edition": "12"}) == ()
    assert offered(offers(book), {"methodology": "prince2_agile"}) == ("new",)


def test_the_profile_that_stands_on_another_and_the_narrower_one_come_first(with_profiles: Loads) -> None:
    """An organisation's profile comes before the one it extends; one for small projects before one for all."""
    book = with_profiles(
        base="extends: [acme]\nmethodology: pm2",
        ours="extends: [base]\nmethodology: pm2",
        little="extends: [base]\nmethodology: pm2\nsizes: [small]",
        hidden="extends: [ours]\nmethodology: pm2\nchosen: by_name",
    )
    assert offered(offers(book), {"methodology": "pm2", "size": "large"}) == ("ours",)
    assert offered(offers(book), {"methodology": "pm2", "size": "small"}) == ("little",)
    assert offered(offers(book), {"methodology": "pm2"}) == ("ours",)


def test_two_profiles_with_the_same_claim_are_an_error_that_names_them(with_profiles: Loads) -> None:
    """Nothing is chosen by chance; a default that somebody wrote settles it."""
    book = with_profiles(left="extends: [acme]\nmethodology: pm2", right="extends: [acme]\nmethodology: pm2")
    with pytest.raises(UsageError, match="several profiles are for the project P .pm2.: left, right"):
        chosen(book, methodology="pm2")
    assert chosen(book, ProfileChoice(default="right"), methodology="pm2") == "right"
    assert chosen(book, ProfileChoice(by_methodology={"pm2": "left"}), methodology="pm2") == "left"


def test_without_any_claim_somebody_has_to_choose(with_profiles: Loads) -> None:
    """Profiles that are for no methodology are chosen by name only."""
    with pytest.raises(UsageError, match="no profile was chosen"):
        _completed(ProfileChoice(), with_profiles(left="extends: [acme]", right="extends: [acme]"))


def test_a_misspelt_methodology_is_found_when_profiles_are_read(with_profiles: Loads) -> None:
    """A profile for 'pm3' would never be chosen, and nobody would know why."""
    with pytest.raises(ExceptionGroup) as caught:
        with_profiles(p="extends: [acme]\nmethodology: pm3")
    assert "p.yaml:3:14: unknown methodology 'pm3'" in str(caught.value.exceptions[0])
