"""As whom a source is asked. A connector with a sign-in of its own writes another class of this shape."""

import base64
from typing import Protocol


class Credentials(Protocol):
    """What proves to a source who asks.

    An instance is used by several threads at once.
    """

    def headers(self) -> dict[str, str]:
        """Return the headers that carry the proof now.

        Raises:
            AccessDenied: there is no proof to be had.
            SourceUnavailable: whoever issues it does not answer.
        """
        ...

    def renew(self) -> bool:
        """Get a new proof after the source refused the present one; False when there is no other."""
        ...

    def secrets(self) -> tuple[str, ...]:
        """Return every text that must never be shown, in all forms in which it travels."""
        ...


class Anonymous:
    """Nobody in particular."""

    def headers(self) -> dict[str, str]:
        """Return no headers."""
        return {}

    def renew(self) -> bool:
        """Return False: nobody stays nobody."""
        return False

    def secrets(self) -> tuple[str, ...]:
        """Return nothing."""
        return ()


class Basic:
    """A user with a password or an API token."""

    def __init__(self, user: str, secret: str) -> None:
        self._secret = secret
        self._packed = base64.b64encode(f"{user}:{secret}".encode()).decode()

    def headers(self) -> dict[str, str]:
        """Return the header of HTTP Basic."""
        return {"Authorization": f"Basic {self._packed}"}

    def renew(self) -> bool:
        """Return False: the configuration holds one secret only."""
        return False

    def secrets(self) -> tuple[str, ...]:
        """Return the secret, and user and secret as they travel."""
        return (self._secret, self._packed)


class Bearer:
    """A token that stands for itself."""

    def __init__(self, token: str) -> None:
        self._token = token

    def headers(self) -> dict[str, str]:
        """Return the header with the token."""
        return {"Authorization": f"Bearer {self._token}"}

    def renew(self) -> bool:
        """Return False: the configuration holds one token only."""
        return False

    def secrets(self) -> tuple[str, ...]:
        """Return the token."""
        return (self._token,)
