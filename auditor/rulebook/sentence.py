"""The sentences of rules, such as `Risk {id} “{title}” (score {score}) has no response.`, and the values in them.

A placeholder is a name and, if wanted, a format: `{share:percent}`. There are no attributes, no calls, no other formats: templates come
from pack authors and values from sources, and neither may do more than stand in a text. `{{` and `}}` give braces.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

FORMATS = ("percent", "money", "day", "number")
BLANK = "not stated"
_LONGEST_VALUE = 200
_PIECE = re.compile(r"\{\{|\}\}|\{(?P<inside>[^{}]*)\}|(?P<brace>[{}])")
_INSIDE = re.compile(r"(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?::(?P<format>[a-z]+))?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+")


class Placeholder(NamedTuple):
    """One placeholder of a template."""

    name: str
    format: str | None
    offset: int  # of its opening brace


class TemplateError(ValueError):
    """A template is not well formed; `offset` says where."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


def placeholders(template: str) -> Iterator[Placeholder]:
    """Yield the placeholders of *template* in their order.

    Raises:
        TemplateError: a brace stands alone, or what stands in braces is neither a name nor `name:format`.
    """
    for piece in _PIECE.finditer(template):
        if piece["brace"]:
            raise TemplateError(f"a single {piece['brace']!r}; write it twice to show one", piece.start())
        if piece["inside"] is None:
            continue
        inside = _INSIDE.fullmatch(piece["inside"])
        if inside is None:
            raise TemplateError(f"{piece.group()[:60]!r} is neither {{name}} nor {{name:format}}", piece.start())
        if inside["format"] is not None and inside["format"] not in FORMATS:
            raise TemplateError(f"unknown format {inside['format']!r}; known are {', '.join(FORMATS)}", piece.start())
        yield Placeholder(inside["name"], inside["format"], piece.start())


def render_sentence(template: str, values: Mapping[str, Any]) -> str:
    """Return *template* with its placeholders replaced by *values*, the same on every machine.

    A name without a value, and None, read as "not stated". Line breaks and control characters in a value become spaces, and a long value
    is cut: what comes from a source cannot change the shape of a sentence. Escaping for HTML or spreadsheets is the writer's.

    Raises:
        TemplateError: see `placeholders`; never for what the loader accepted.
    """
    _check(template)

    def replace(piece: re.Match[str]) -> str:
        if piece["inside"] is None:
            return piece.group()[0]
        name, _, format_ = piece["inside"].partition(":")
        return show_value(values.get(name), format_ or None)

    return _PIECE.sub(replace, template)


@lru_cache(1_000)
def _check(template: str) -> None:
    """Raise TemplateError as `placeholders` does: a rule's sentence is rendered once for every subject."""
    list(placeholders(template))


def show_value(value: Any, format_: str | None = None) -> str:
    """Return *value* as people read it.

    Days are ISO, decimals lose idle zeros, lists are joined with commas, booleans are yes and no. *format_* is one of FORMATS: `percent`
    (a share 0..1), `money` (two decimals, thin groups of three), `number` (groups of three), `day` (the day of a time).
    """
    if value is None or value == "":
        return BLANK
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat() if format_ == "day" else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, (int, Decimal)):
        return _number(Decimal(value), format_)
    if isinstance(value, (list, tuple)):
        return ", ".join(show_value(item, format_) for item in value)
    text = _CONTROL.sub(" ", str(value)).strip()
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"


def _number(value: Decimal, format_: str | None) -> str:
    if not value.is_finite():
        return BLANK
    if format_ == "percent":
        shown = f"{value:.1%}".removesuffix("%").removesuffix(".0")
        return f"{shown.removeprefix('-') if shown == '-0' else shown} %"
    if format_ == "money":
        return f"{value:,.2f}".replace(",", "\u202f")
    if format_ == "number":
        whole, dot, rest = _plain(value).partition(".")
        return f"{int(whole):,}".replace(",", "\u202f") + dot + rest if abs(value) >= 1 else _plain(value)
    return _plain(value)


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}" if value else "0"
