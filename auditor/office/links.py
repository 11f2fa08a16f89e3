"""Which addresses from sources may become links, and which characters may become text."""

import re
from urllib.parse import urlsplit

LONGEST_LINK = 2_000  # characters: beyond it Excel drops a link in silence
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def is_web_link(url: str) -> bool:
    """Whether *url* leads to a page of the web: what comes from a source could be `javascript:`, `file:` or a formula."""
    if len(url) > LONGEST_LINK or any(letter.isspace() for letter in url):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme.lower() in {"http", "https"} and bool(parts.netloc)


def printable(text: str) -> str:
    """Return *text* without what XML cannot hold; line ends are line feeds."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
