"""JSON of sources that is not quite JSON: half surrogate pairs, NaN, bytes of another encoding cost their characters, not the answer."""

import json
from typing import Any

import orjson

_LONG_NUMBER = 19  # digits that a 64-bit number may not hold


def parse_json(content: bytes) -> Any:
    """Return the value of a JSON text.

    Raises:
        ValueError: it is none; the message says what it looks like and quotes nothing of it.
    """
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        text = _decoded(content)
    start = text.lstrip()[:1]
    if start == "<":
        raise ValueError("HTML instead of JSON")
    if start not in ("{", "["):
        raise ValueError("not JSON" if start else "no content")
    try:
        return _salvaged(text)
    except (ValueError, RecursionError) as error:
        raise ValueError("cut off or not JSON") from error


def _decoded(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    return content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")


def _salvaged(text: str) -> Any:
    value = json.loads(
        text, parse_constant=lambda _: None, parse_int=lambda digits: int(digits) if len(digits) < _LONG_NUMBER else float(digits)
    )
    whole = json.dumps(value, ensure_ascii=False)
    try:
        whole.encode("utf-8")
    except UnicodeEncodeError:
        return json.loads(whole.encode("utf-8", "replace"))
    return value
