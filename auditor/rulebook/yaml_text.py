"""YAML that reads as if a person had written it, and that `load_yaml` reads back as it was."""

import re
import textwrap
from collections.abc import Mapping
from typing import Any

_PLAIN = re.compile(r"[^\W\d_][^:#{}\[\],&*!|>'\"%@`\\\n\t]*")
_BLOCK_PLAIN = re.compile(r"[^\W\d_]((?!: )(?! #)[^\n\t])*")
_LINE = 130
_INDENT = "  "


def yaml_lines(data: Mapping[str, Any], indent: int = 0) -> list[str]:
    """Return the lines of a mapping: texts, numbers, truth values, lists and mappings; short lists and mappings stay on one line.

    Texts are plain where that is safe, folded where they are long, in quotes otherwise.
    """
    lines: list[str] = []
    margin = _INDENT * indent
    for key, value in data.items():
        name = f"{margin}{_text(str(key))}:"
        if isinstance(value, Mapping) and value and not _fits(name, value):
            lines += [name, *yaml_lines(value, indent + 1)]
        elif isinstance(value, list) and value and not _fits(name, value):
            lines.append(name)
            for item in value:
                lines += _item(item, indent + 1)
        elif isinstance(value, str):
            lines += _long(name, value, indent)
        else:
            lines.append(f"{name} {_inline(value)}")
    return lines


def _item(item: Any, indent: int) -> list[str]:
    margin = _INDENT * indent
    if isinstance(item, Mapping) and item and not _fits(f"{margin}-", item):
        first, *rest = yaml_lines(item, indent + 1)
        return [f"{margin}- {first.lstrip()}", *rest]
    if isinstance(item, str):
        return [f"{margin}- {_text(item)}"]
    return [f"{margin}- {_inline(item)}"]


def _fits(name: str, value: Any) -> bool:
    return len(name) + 1 + len(_inline(value)) <= _LINE and not _holds_line(value)


def _holds_line(value: Any) -> bool:
    if isinstance(value, Mapping):
        return len(value) > 4 or any(isinstance(item, (Mapping, list)) and _holds_line(item) for item in value.values())
    return isinstance(value, list) and any(isinstance(item, Mapping) for item in value) and len(value) > 1


def _inline(value: Any) -> str:
    match value:
        case Mapping():
            return "{" + ", ".join(f"{_text(str(key))}: {_inline(item)}" for key, item in value.items()) + "}"
        case list():
            return "[" + ", ".join(_inline(item) for item in value) + "]"
        case bool():
            return "true" if value else "false"
        case None:
            return "null"
        case str():
            return _text(value)
        case _:
            return str(value)


def _long(name: str, text: str, indent: int) -> list[str]:
    """Return a text behind its key: on one line, folded when it is long, as a block when it has lines of its own."""
    one_line = f"{name} {text if _is_plain(text) else _text(text)}"
    margin = _INDENT * (indent + 1)
    if "\n" in text:
        lines = [f"{name} |-", *(f"{margin}{line}" if line else "" for line in text.split("\n"))]
        return lines if _reads(lines, text) else [one_line]
    if len(one_line) > _LINE:
        folded = textwrap.wrap(text, _LINE - len(margin), break_long_words=False, break_on_hyphens=False, expand_tabs=False)
        lines = [f"{name} >-", *(f"{margin}{line}" for line in folded)]
        return lines if _reads(lines, text) else [one_line]
    return [one_line]


def _is_plain(text: str) -> bool:
    """Whether a text may stand as it is behind a key on a line of its own."""
    return bool(_BLOCK_PLAIN.fullmatch(text)) and not text.endswith(" ") and _reads([f"x: {text}"], text)


def _text(text: str) -> str:
    if _PLAIN.fullmatch(text) and not text.endswith(" ") and _reads([f"x: {text}"], text):
        return text
    import yaml  # noqa: PLC0415  (only where YAML is written)

    quoted: str = yaml.safe_dump(text, allow_unicode=True, default_style='"', width=10**9).rstrip("\n")
    return quoted


def _reads(lines: list[str], text: str) -> bool:
    """Whether lines that hold one key say *text*."""
    import yaml  # noqa: PLC0415  (as above)

    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        values = list(yaml.load("\n".join(lines) + "\n", Loader=loader).values())  # noqa: S506  (a safe loader, the quick one)
    except (yaml.YAMLError, AttributeError, ValueError):
        return False
    return values == [text]
