"""What a cell of a decision table asks: `small, medium`, `not large`, `>= 200000`, `[100..200)`, `unknown`, `-` (any)."""

import re
from dataclasses import dataclass
from typing import Any

from auditor.errors import did_you_mean
from auditor.rulebook.production import Property

ANY = "-"
UNKNOWN = "unknown"

_COMPARISON = re.compile(r"(?P<word>>=|<=|>|<)\s*(?P<number>.+)")
_RANGE = re.compile(r"(?P<open>[\[(]?)\s*(?P<low>[^.\[\]()]+?)\s*\.\.\s*(?P<high>[^.\[\]()]+?)\s*(?P<close>[\])]?)")
_NUMBER = re.compile(r"[0-9]{1,15}|[0-9]{1,3}([ \u00a0\u202f'][0-9]{3}){1,4}")
_ITEM = re.compile(r'\s*(?:"(?P<quoted>(?:[^"]|"")*)"|(?P<plain>[^",]*?))\s*(?P<end>,|$)')
_FLAGS = {"yes": True, "true": True, "no": False, "false": False}


class CellError(ValueError):
    """A cell that cannot be understood; its text says why."""


@dataclass(frozen=True, slots=True)
class Anything:
    """`-`: whatever the value is, also when nobody knows it."""


@dataclass(frozen=True, slots=True)
class Unstated:
    """`unknown`: nobody states the value."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """`a, b`: the value is one of these; `is_negated`, `not a, b`: it is known and none of them."""

    values: tuple[Any, ...]
    is_negated: bool = False


@dataclass(frozen=True, slots=True)
class Between:
    """A whole number from *low* to *high*, both included; None: without end."""

    low: int | None
    high: int | None


Cell = Anything | Unstated | OneOf | Between


def read_cell(text: str, property_: Property) -> Cell:
    """Return what *text* asks of a characteristic.

    Raises:
        CellError: it cannot be understood, or no value meets it.
    """
    if not text:
        raise CellError("the cell is empty; `-` means any value")
    if text == ANY:
        return Anything()
    if text.lower() == UNKNOWN:
        return Unstated()
    if property_.kind == "number" and not re.match(r"not(?![\w])", text, re.IGNORECASE):
        found = _comparison(text) or _range(text)
        if found is not None:
            if found.low is not None and found.high is not None and found.low > found.high:
                raise CellError(f"{text[:60]!r} holds for no number")
            return found
    negated = re.match(r"not\s+", text, re.IGNORECASE)
    if property_.kind == "number" and re.search(r",[0-9]", text):
        raise CellError(f"{text[:60]!r} is one number or several; write 200000, or a list with spaces: 200, 300")
    values = tuple(
        dict.fromkeys(_value(item, property_, is_quoted=quoted) for item, quoted in _items(text[negated.end() if negated else 0 :]))
    )
    all_values = {True, False} if property_.kind == "flag" else set(property_.codes)
    if negated and all_values and all_values <= set(values):
        raise CellError(f"{text[:60]!r} holds for no value")
    return OneOf(values, is_negated=negated is not None)


def as_test(cell: Cell, *, knows_unknown: bool) -> Any:
    """Return the test of a production that *cell* stands for; None: none.

    Args:
        cell: what is asked.
        knows_unknown: whether the table says itself what holds when nobody knows the value: then an unknown one never may be the right one.
    """
    if isinstance(cell, Anything):
        return None
    if isinstance(cell, Unstated):
        return {"known": False}
    test: dict[str, Any]
    if isinstance(cell, Between):
        bounds = {"at_least": cell.low, "at_most": cell.high}
        test = {word: number for word, number in bounds.items() if number is not None}
    else:
        values = list(cell.values) if len(cell.values) > 1 else cell.values[0]
        if not cell.is_negated and not knows_unknown:
            return values
        test = {"not" if cell.is_negated else "is": values}
    return test | ({"known": True} if knows_unknown else {})


def list_items(text: str) -> list[str]:
    """Return the items of a list as a cell has it: `a, b`, an item with a comma in double quotes.

    Raises:
        CellError: an item is empty, or a quote is not closed.
    """
    return [item for item, _ in _items(text)]


def _items(text: str) -> list[tuple[str, bool]]:
    found = []
    place = 0
    while True:
        match = _ITEM.match(text, place)
        if match is None:
            raise CellError(f"{text[:60]!r} is no list: items with a comma stand in double quotes")
        quoted = match["quoted"]
        item = quoted.replace('""', '"') if quoted is not None else match["plain"]
        if not item and quoted is None:
            raise CellError(f"an item of the list {text[:60]!r} is empty")
        found.append((item, quoted is not None))
        place = match.end()
        if match["end"] == "":
            return found


def _value(item: str, property_: Property, *, is_quoted: bool) -> Any:
    if property_.kind == "number":
        return _number(item)
    if property_.kind == "flag":
        if item.lower() not in _FLAGS:
            raise CellError(f"{item[:60]!r} is neither yes nor no")
        return _FLAGS[item.lower()]
    if property_.codes and item not in property_.codes:
        raise CellError(f"{item[:60]!r} is no value of it; {did_you_mean(item, property_.codes) or ', '.join(property_.codes)}")
    if not is_quoted and (item == ANY or item.lower() == UNKNOWN):
        raise CellError(f"{item!r} is no value; it stands alone in its cell")
    return item


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise CellError(f"{text[:60]!r} is no whole number; write 200000 or 200 000")
    return int(re.sub(r"\D", "", text))


def _comparison(text: str) -> Between | None:
    match = _COMPARISON.fullmatch(text)
    if match is None:
        return None
    number = _number(match["number"].strip())
    if match["word"] == ">=":
        return Between(number, None)
    if match["word"] == ">":
        return Between(number + 1, None)
    if match["word"] == "<=":
        return Between(None, number)
    if number == 0:
        raise CellError(f"{text[:60]!r} holds for no number")
    return Between(None, number - 1)


def _range(text: str) -> Between | None:
    match = _RANGE.fullmatch(text)
    if match is None:
        return None
    if bool(match["open"]) != bool(match["close"]):
        raise CellError(f"{text[:60]!r}: a range has both brackets or none; ( and ) leave the end out")
    low, high = _number(match["low"]), _number(match["high"])
    return Between(low + (match["open"] == "("), high - (match["close"] == ")"))
