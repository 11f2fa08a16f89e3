"""Rich text as plain text: Atlassian Document Format (REST v3) and wiki markup (REST v2) of the same text read alike.

Source: adf-v1-schema.json of Atlassian; the notation help of Jira.
"""

import re
from functools import lru_cache
from typing import Any

from auditor_connectors.jira.values import UNKNOWN, Unknown, cleaned

_BLOCKS = frozenset(
    {
        "paragraph",
        "heading",
        "codeBlock",
        "blockquote",
        "listItem",
        "taskItem",
        "decisionItem",
        "tableRow",
        "tableCell",
        "tableHeader",
        "rule",
        "mediaSingle",
        "mediaGroup",
        "panel",
        "expand",
        "nestedExpand",
        "bulletList",
        "orderedList",
        "taskList",
        "decisionList",
        "table",
        "caption",
        "blockCard",
        "embedCard",
        "layoutColumn",
        "layoutSection",
        "bodiedExtension",
    }
)


def plain(value: Any) -> str | Unknown | None:
    """Return the text of an ADF document or of wiki markup; empty documents are None."""
    if value is None:
        return None
    if isinstance(value, str):
        return _of_wiki(value)
    if isinstance(value, dict):
        return _tidy(from_adf(value)) or None
    return UNKNOWN


@lru_cache(maxsize=16)  # a description is asked for several times in a row
def _of_wiki(value: str) -> str | None:
    return _tidy(from_wiki(value)) or None


def is_adf(value: Any) -> bool:
    """Say whether *value* is a document in Atlassian Document Format."""
    return isinstance(value, dict) and value.get("type") == "doc"


def from_adf(document: dict[str, Any]) -> str:
    """Return the text of a document; nodes of unknown type give the text inside them."""
    out: list[str] = []
    todo: list[Any] = [document]  # a stack, not recursion: the depth is the sender's choice
    while todo:
        node = todo.pop()
        if isinstance(node, str):
            out.append(node)
            continue
        if isinstance(node, list):
            todo.extend(reversed(node))
            continue
        if not isinstance(node, dict):
            continue
        kind = node.get("type")
        if isinstance(kind, str) and kind in _BLOCKS:
            out.append("\n")
            todo.append("\n")
        out.append(_own_text(kind, node))
        if isinstance(content := node.get("content"), (list, dict)):
            todo.append(content)
    return "".join(out)


def _own_text(kind: Any, node: dict[str, Any]) -> str:
    own = node.get("text")
    if isinstance(own, str):
        return own
    if kind == "hardBreak":
        return "\n"
    attributes = node.get("attrs")
    if not isinstance(attributes, dict):
        return ""
    if kind == "mention":
        return "@" + str(attributes.get("text") or attributes.get("id") or "").lstrip("@")
    if kind in ("emoji", "status", "placeholder"):
        return str(attributes.get("text") or attributes.get("shortName") or "")
    if kind in ("inlineCard", "blockCard", "embedCard"):
        return str(attributes.get("url") or "")
    if kind == "date":
        return str(attributes.get("timestamp") or "")
    if kind in ("expand", "nestedExpand"):
        return str(attributes.get("title") or "") + "\n"
    if kind not in ("media", "mediaInline", "mediaSingle", "panel", "heading", "codeBlock") and isinstance(attributes.get("text"), str):
        return str(attributes["text"])
    return ""


_MOST = 50_000
_MACRO = re.compile(r"\{(?:code|noformat|panel|quote|color|anchor|toc|section|column|expand)(?::[^{}\n]{0,500})?\}")
_LINE_START = re.compile(r"^[ \t]*(?:h[1-6]\.|bq\.|[*#-]{1,8}(?=[ \t])|-{4,5}$)[ \t]*", re.MULTILINE)
_LINK = re.compile(r"\[([^\[\]|\n]{1,500})\|([^\[\]\n]{1,2000})\]")
_BARE_LINK = re.compile(r"\[((?:https?|mailto|ftp|file):[^\[\]|\n]{1,2000})\]")
_MENTION = re.compile(r"\[~(?:accountid:)?([^\[\]\n]{1,255})\]")
_IMAGE = re.compile(r"!([^!\s|]{1,255}\.[A-Za-z0-9]{1,8})(?:\|[^!\n]{0,500})?!")
_EMPHASIS = re.compile(r"(?<![\w*_+^~-])([*_+^~]|\?\?|-)(?=\S)([^\n]{1,200}?)(?<=\S)\1(?![\w*_+^~-])")
_MONO = re.compile(r"\{\{([^{}\n]{1,2000})\}\}")
_CELL = re.compile(r"\|{1,2}")


def from_wiki(markup: str) -> str:
    """Return the text of wiki markup."""
    text = markup[:_MOST].replace("\r\n", "\n")
    if "{" in text:
        text = _MONO.sub(r"\1", _MACRO.sub("\n", text))
    text = _LINE_START.sub("", text)
    if "[" in text:
        text = _BARE_LINK.sub(r"\1", _LINK.sub(r"\1", _MENTION.sub(r"@\1", text)))
    if "!" in text:
        text = _IMAGE.sub("", text)
    for _ in range(2):  # bold inside italic
        text = _EMPHASIS.sub(r"\2", text)
    if "|" in text:
        text = "\n".join(_CELL.sub("\n", line) if line.lstrip().startswith("|") else line for line in text.split("\n"))
    return text.replace("\\\\", "\n")


_SPACES = re.compile(r"[ \t\u00a0]+")


def _tidy(text: str) -> str:
    lines = (_SPACES.sub(" ", line).strip() for line in cleaned(text, 200_000).split("\n"))
    return "\n".join(line for line in lines if line)[:20_000]


_WORD = re.compile(r"\w+")


def word_count(text: str) -> int:
    """Return how many words *text* has."""
    return sum(1 for _ in _WORD.finditer(text))
