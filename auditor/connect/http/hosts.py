"""Where a source may send us: configured hosts only."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from auditor.connect.http.redaction import shown_url
from auditor.errors import SourceUnavailable, UsageError

_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Origin:
    """Scheme, host and port: what a secret is bound to."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: str) -> "Origin | None":
        """Return the origin of an absolute address; None when it has none that could be asked."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            return None
        scheme = parts.scheme.lower()
        if scheme not in _PORTS or not parts.hostname:
            return None
        return cls(scheme, parts.hostname.lower().rstrip("."), port or _PORTS[scheme])

    @property
    def is_private(self) -> bool:
        """Whether nobody on the way can read along: encrypted, or this very machine."""
        return self.scheme == "https" or self.host in ("localhost", "::1") or self.host.startswith("127.")


class Hosts:
    """The hosts that may be asked with the source's secret.

    Args:
        base: the source's address; what is relative counts from it, its context path included.
        more: further addresses whose hosts are the source's own.

    Raises:
        UsageError: an address is none, holds a password, or would send the secret in clear over a network.
    """

    def __init__(self, base: str, more: Iterable[str] = ()) -> None:
        self.base = base.rstrip("/")
        self._origins = {self._origin(address) for address in (base, *more)}

    @staticmethod
    def _origin(address: str) -> Origin:
        origin = Origin.of(address)
        if origin is None:
            raise UsageError(f"{shown_url(address)!r} is no address of a server", hint="write https://host or https://host/path")
        if "@" in urlsplit(address).netloc:
            raise UsageError(f"{shown_url(address)}: an address holds no user or password", hint="give them as `user` and `token`")
        if not origin.is_private:
            raise UsageError(f"{shown_url(address)}: a secret is never sent unencrypted", hint="use https")
        return origin

    def url(self, path: str) -> str:
        """Return the absolute address of a path below the base, or of a link that the source gave.

        Raises:
            SourceUnavailable: the link leads to a host that nobody configured.
        """
        absolute = path if "://" in path.partition("?")[0] else f"{self.base}/{path.lstrip('/')}"
        if not self.has(absolute):
            raise SourceUnavailable(
                f"the source names an address of another host: {shown_url(absolute)}",
                hint="nothing is sent there; if the host is the source's own, configure its address",
            )
        return absolute

    def has(self, url: str) -> bool:
        """Say whether an absolute address is of a configured host."""
        return Origin.of(url) in self._origins

    @staticmethod
    def redirected(url: str, location: str) -> str:
        """Return where a redirect leads."""
        return urljoin(url, location)
