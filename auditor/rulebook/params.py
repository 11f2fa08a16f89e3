"""Values of parameters: which ones a type allows, and what they become."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from auditor.rulebook.rule import Param, ParamType

_EXPECTED: Mapping[ParamType, str] = MappingProxyType(
    {
        "integer": "a whole number",
        "number": "a number",
        "share": "a share from 0 to 1",
        "money": "an amount of money",
        "days": "a whole number of days, 0 or more",
        "working_days": "a whole number of working days, 0 or more",
        "text": "a text",
        "pattern": "a regular expression",
        "boolean": "true or false",
        "date": "a day (YYYY-MM-DD)",
        "one_of": "one of its values",
        "list": "a list",
        "table": "a list of mappings",
    }
)


def param_value(param: Param, value: Any) -> Any:
    """Return *value* as the parameter holds it: days as `date`, decimals exact, the rest as given; None stays None: not configured.

    Raises:
        ValueError: *value* is not of the parameter's type; the message says what is expected.
    """
    if value is None:
        return None
    found = _convert(param, value)
    if found is None:
        expected = f"one of {', '.join(map(str, param.one_of or []))}" if param.type == "one_of" else _EXPECTED[param.type]
        raise ValueError(f"{_shown(value)} is not {expected}")
    return found


def param_value_from_text(param: Param, text: str) -> Any:
    """Return what *text*, as a project's document states it, means for the parameter; None when it is empty.

    Raises:
        ValueError: it is not of the parameter's type, or the type (list, table) cannot stand in one cell.
    """
    text = text.strip()
    if not text:
        return None
    value: Any = text
    if param.type in {"integer", "days", "working_days", "number", "share", "money"}:
        try:
            value = Decimal(text.removesuffix("%").strip()) / (100 if text.endswith("%") else 1)
        except InvalidOperation:
            value = text
        if isinstance(value, Decimal) and value.is_finite() and value == value.to_integral_value():
            value = int(value)
    elif param.type == "boolean":
        value = {"true": True, "yes": True, "false": False, "no": False}.get(text.lower(), text)
    elif param.type == "one_of":
        value = next((item for item in param.one_of or [] if str(item) == text), text)
    return param_value(param, value)


def _convert(param: Param, value: Any) -> Any:
    """Return the value converted, or None where it is not of the type."""
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    is_number = is_whole or (isinstance(value, Decimal) and value.is_finite())
    match param.type:
        case "integer":
            fits = is_whole
        case "days" | "working_days":
            fits = is_whole and value >= 0
        case "number" | "money":
            fits = is_number
        case "share":
            fits = is_number and 0 <= value <= 1
        case "text" | "pattern":
            fits = isinstance(value, str)
        case "boolean":
            fits = isinstance(value, bool)
        case "date":
            return _day(value)
        case "one_of":
            fits = not isinstance(value, (dict, list)) and value in (param.one_of or [])
        case "list":
            fits = isinstance(value, list) and not any(isinstance(item, (dict, list)) for item in value)
        case "table":
            fits = isinstance(value, list) and all(isinstance(item, dict) for item in value)
    return value if fits else None


def _day(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _shown(value: Any) -> str:
    if isinstance(value, (dict, list)):
        return "a mapping" if isinstance(value, dict) else "a list"
    return repr(value)[:80] if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)[:80]
