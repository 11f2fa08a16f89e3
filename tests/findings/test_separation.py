"""Who grants a waiver is surely another person than who asks for it."""

import pytest

from auditor.findings.separation import are_two_people
from auditor.snapshot.people import NAMES, Aliases, named


def aliases(**names):
    return Aliases({(NAMES, named(name).id): identity for identity, listed in names.items() for name in listed})


@pytest.mark.parametrize(
    ("first", "second", "says"),
    [
        ("Jan Kowalski", "Olga Brandt", True),
        ("Jan Kowalski", "Kowalski, Jan", False),
        ("jan KOWALSKI", "Jan Kowalski", False),
        ("Jan Kowalski", "J. Kowalski", None),
        ("Jan Kowalski", "Kowalski", None),
        ("Weber", "Olga Brandt", None),
        ("Jan Kowalski", "Steering Committee", None),
        ("Jan Kowalski", "TBD", None),
    ],
)
def test_names_alone(first, second, says):
    """Whole, different names are two people; what may be short for the other, and what is no person, is not known."""
    assert are_two_people(first, second, Aliases()) is says
    assert are_two_people(second, first, Aliases()) is says


def test_confirmed_names():
    """Two names of one identity are one person, those of two identities are two, however alike they look; an identity may stand itself."""
    known = aliases(anna=["Anna Weber", "Anna Vogel"], alma=["A. Weber"])
    assert are_two_people("Anna Weber", "Anna Vogel", known) is False
    assert are_two_people("Anna Weber", "A. Weber", known) is True
    assert are_two_people("anna", "Anna Vogel", known) is False
    assert are_two_people("anna", "Olga Brandt", known) is True
    assert are_two_people("Anna Weber", "Anne Vogel", known) is None  # may be one of her other names
