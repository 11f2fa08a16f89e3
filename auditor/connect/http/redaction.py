"""What may be shown of an address or a message: never a secret, never the parameters of an address."""

from collections.abc import Callable, Iterable
from urllib.parse import quote, urlsplit

_SHORTEST = 4
"""Shorter texts are no secrets, and would take letters out of everything."""
_MASK = "•••"


class Redactor:
    """Takes secrets out of texts, in clear and percent-encoded.

    Args:
        secrets: asked each time, since tokens change while a pull runs.
    """

    def __init__(self, secrets: Callable[[], Iterable[str]]) -> None:
        self._secrets = secrets

    def __call__(self, text: str) -> str:
        """Return *text* without any secret."""
        for secret in sorted(set(self._secrets()), key=len, reverse=True):
            if len(secret) >= _SHORTEST:
                for form in {secret, quote(secret, safe="")}:
                    text = text.replace(form, _MASK)
        return text


def shown_url(url: str) -> str:
    """Return an address that may stand in a message: without user, password, parameters and fragment."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "an address that cannot be read"
    if not parts.hostname:
        return parts.path[:200]
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{port}{parts.path}"[:300]
