"""Digests: equal contents, equal digests."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.rulebook.digest import digest

contents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.dates() | st.decimals(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=5), contents, max_size=5))
def test_the_order_of_keys_does_not_matter(value: dict[str, Any]) -> None:
    """Two mappings with the same items have the same digest."""
    assert digest(dict(reversed(value.items()))) == digest(value)


def test_equal_numbers_and_days_have_equal_digests() -> None:
    """How a number or a day was written does not matter, its kind does."""
    assert digest(Decimal("1.50")) == digest(Decimal("1.5"))
    assert digest(Decimal(2)) == digest(2)
    assert digest(date(2026, 6, 30)) == digest("2026-06-30")
    assert digest({"b", "a"}) == digest({"a", "b"})
    assert len({digest(value) for value in (1, True, "1", None, [], {}, [1], "")}) == 8


def test_what_has_no_order_has_no_digest() -> None:
    """A value that cannot be told apart reliably is refused."""
    with pytest.raises(TypeError):
        digest(0.1)
