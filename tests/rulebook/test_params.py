"""Values of parameters: only what the type allows."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from auditor.rulebook.params import param_value, param_value_from_text
from auditor.rulebook.rule import Param


def param(type_: Any) -> Param:
    return Param(type=type_, one_of=["green", 3] if type_ == "one_of" else None)


@pytest.mark.parametrize(
    ("type_", "good", "bad"),
    [
        ("integer", [0, -3], [True, "3", Decimal("1.5")]),
        ("days", [0, 3], [-1, "3"]),
        ("working_days", [5], [-1, Decimal("0.5")]),
        ("number", [1, Decimal("1.5")], [True, "1", Decimal("NaN")]),
        ("money", [Decimal("10.00")], ["10 EUR"]),
        ("share", [0, 1, Decimal("0.5")], [2, -1, Decimal("1.01")]),
        ("text", ["x"], [1, ["x"]]),
        ("pattern", ["^a"], [1]),
        ("boolean", [True, False], ["true", 1]),
        ("one_of", ["green", 3], ["red", [], {}]),
        ("list", [[], ["a", 1]], ["a", [["a"]], {}]),
        ("table", [[], [{"a": 1}]], [["a"], {}]),
        ("date", [date(2026, 6, 30)], [20260630, "30.6.2026", "2026-02-30"]),
    ],
)
def test_a_type_takes_its_own_values_only(type_: str, good: list[Any], bad: list[Any]) -> None:
    """What fits is kept as it is, what does not is refused, nothing means not configured."""
    for value in good:
        assert param_value(param(type_), value) == value
    for value in bad:
        with pytest.raises(ValueError, match="is not"):
            param_value(param(type_), value)
    assert param_value(param(type_), None) is None


@pytest.mark.parametrize(
    ("type_", "text", "value"),
    [
        ("integer", " 16 ", 16),
        ("share", "12.5 %", Decimal("0.125")),
        ("share", "0.2", Decimal("0.2")),
        ("boolean", "Yes", True),
        ("one_of", "3", 3),
        ("date", "2026-06-30", date(2026, 6, 30)),
        ("text", "x", "x"),
        ("days", "", None),
    ],
)
def test_a_document_states_values_as_text(type_: str, text: str, value: Any) -> None:
    """The text of a cell becomes a value of the parameter's type."""
    assert param_value_from_text(param(type_), text) == value


@pytest.mark.parametrize(
    ("type_", "text"),
    [("integer", "many"), ("integer", "1.5"), ("list", "a"), ("share", "120 %"), ("boolean", "si"), ("number", "Infinity")],
)
def test_a_text_that_is_no_value_is_refused(type_: str, text: str) -> None:
    """What a cell says is never bent into a value."""
    with pytest.raises(ValueError, match="is not"):
        param_value_from_text(param(type_), text)
