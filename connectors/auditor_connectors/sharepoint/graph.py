"""Graph: its requests by name, its pages, its contents. Everything goes through the one client of the source."""

import re
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, BinaryIO, Protocol
from urllib.parse import quote, urlsplit

from auditor import __version__
from auditor.connect.http import Answer, Client, NotAccepted
from auditor.connect.http.hosts import Origin
from auditor.errors import AccessDenied, NotVisible, Rejected, SourceError, SourceUnavailable
from auditor_connectors.sharepoint.identity import GraphCredentials, MsalSignIn, SignIn, sees_unapproved
from auditor_connectors.sharepoint.options import SharePointOptions
from auditor_connectors.sharepoint.shapes import deepest_code

_MOST_PAGES = 20_000
_MOST_EMPTY = 1_000
"""Pages without anything in a row: what may not be seen leaves some empty, and no listing ends so late."""
_FETCHES = 3
"""How often a content is asked for: its address is good for minutes only."""
_LONGEST_RESET = 300.0
ITEMS_PER_PAGE = 200

NOT_SEEN = (AccessDenied, NotVisible, Rejected)
"""What a request may raise that the account has no right to, or the tenant no function for."""


class BadPages(SourceError):
    """A listing that cannot be trusted: it does not end, leads elsewhere, or leaves out what it must hold."""


class Resync(NotVisible):
    """The link to changes is too old (410): everything has to be listed again."""


class TooLarge(Exception):
    """A content is larger than one may be."""


def why_not(error: Exception) -> str:
    """Return the word of coverage for one of `NOT_SEEN`, or for `BadPages`.

    Raises:
        NotAccepted: nobody is signed in any more: whatever would be concluded were wrong.
    """
    if isinstance(error, NotAccepted):
        raise error
    if isinstance(error, (AccessDenied, NotVisible)):
        return "permission_denied"
    return "page_failed" if isinstance(error, BadPages) else "source_error"


class Tenant(Protocol):
    """What is asked for sites, libraries and lists, in the words of Graph: Graph itself, or a server that is asked in its own."""

    client: Client

    def object(self, path: str, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the object at a path. Errors are those of `Client.get`."""
        ...

    def pages(self, path: str, params: Mapping[str, Any] | None = None) -> Iterator[dict[str, Any]]:
        """Yield the pages of a listing to its end; `BadPages` when it cannot be trusted."""
        ...

    def values(self, path: str, params: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Return all things of a listing, each once."""
        ...

    def changes(
        self, path: str, params: Mapping[str, Any] | None = None, *, keep: Callable[[dict[str, Any]], dict[str, Any]] = ...
    ) -> tuple[dict[str, dict[str, Any]], str]:
        """Return what is in a library or list, or changed since a link; `Resync` where changes cannot be told."""
        ...

    def site(self, address: str) -> dict[str, Any]:
        """Return the site at an address."""
        ...

    def fetch(self, drive: str, item: str, into: BinaryIO, *, max_bytes: int) -> None:
        """Write the content of a file; `TooLarge` when it is."""
        ...

    def sees_unapproved(self, site: str) -> bool | None:
        """Say whether the account is shown what is not approved yet; None: that cannot be told."""
        ...

    def account(self) -> tuple[str, str]:
        """Return as whom we are known, and what is asked."""
        ...

    def close(self) -> None:
        """End all connections."""
        ...


class Graph:
    """Asks one tenant.

    Args:
        options: of the source.
        folder: that relative paths of the options count from.
        sign_in: as whom; None: as the options say.
        make_client: for tests.

    Raises:
        UsageError: the address or a secret cannot be used.
    """

    def __init__(
        self,
        options: SharePointOptions,
        folder: Path,
        *,
        sign_in: SignIn | None = None,
        make_client: Callable[..., Client] = Client,
    ) -> None:
        self._options = options
        self.credentials = GraphCredentials(sign_in or MsalSignIn(options, folder))
        self._origin = Origin.of(options.graph)
        self.client = make_client(
            options.graph,
            credentials=self.credentials,
            options=options.http,
            folder=folder,
            inspect=self._inspect,
            may_leave=self._may_leave,
        )
        self._headers = {
            "Accept": "application/json;odata.metadata=minimal",
            "User-Agent": f"NONISV|{options.company or 'auditor'}|auditor/{__version__}",
        }

    def close(self) -> None:
        """End all connections."""
        self.client.close()

    # Requests by name

    def object(self, path: str, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the object at a path. Errors are those of `Client.get`."""
        return self.client.get(path, params, headers=self._headers).object()

    def pages(self, path: str, params: Mapping[str, Any] | None = None) -> Iterator[dict[str, Any]]:
        """Yield the pages of a listing to its end; its last one has no link to a next.

        Raises:
            BadPages: it does not end, comes to the same page again, leads to another host, or is none.
            Resync: the link is too old.
        """
        seen: set[str] = set()
        where = path
        empty = 0
        for _ in range(_MOST_PAGES):
            page = self.client.get(where, params, headers=self._headers).object()
            if not isinstance(page.get("value"), list):
                raise BadPages("a page of a listing without its values")
            yield page
            empty = 0 if page["value"] else empty + 1
            following = page.get("@odata.nextLink")
            if following is None:
                return
            if not isinstance(following, str) or Origin.of(following) != self._origin:
                raise BadPages("a listing goes on at another host, which is not asked")
            if following in seen or empty >= _MOST_EMPTY:
                raise BadPages("the same page comes again and again")
            seen.add(following)
            where, params = following, None
        raise BadPages("the listing does not end")

    def values(self, path: str, params: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Return all things of a listing, each once, the last time that it came. Errors are those of `pages`."""
        found: dict[Any, dict[str, Any]] = {}
        for page in self.pages(path, params):
            for item in page["value"]:
                if isinstance(item, dict):
                    found.pop(item.get("id"), None)
                    found[item.get("id")] = item
        return list(found.values())

    def changes(
        self, path: str, params: Mapping[str, Any] | None = None, *, keep: Callable[[dict[str, Any]], dict[str, Any]] = lambda item: item
    ) -> tuple[dict[str, dict[str, Any]], str]:
        """Return what a walk of changes lists: id → the last that was said of it, and the link that the next one begins with.

        Args:
            path: of the listing, or a link that an earlier walk ended with.
            params: of the listing.
            keep: what of each thing is held.

        Raises:
            BadPages: it does not come to its end, where nothing may be concluded from it.
            Resync: the link is too old.
        """
        found: dict[str, dict[str, Any]] = {}
        link = None
        for page in self.pages(path, params):
            for item in page["value"]:
                if isinstance(item, dict) and isinstance(item.get("id"), str):
                    found.pop(item["id"], None)
                    found[item["id"]] = keep(item)
            link = page.get("@odata.deltaLink")
        if not isinstance(link, str) or not link or Origin.of(link) != self._origin:
            raise BadPages("a listing of changes ends without saying where the next one begins")
        return found, link

    def site(self, address: str) -> dict[str, Any]:
        """Return the site at an address, or of an id."""
        return self.object(site_path(address))

    def fetch(self, drive: str, item: str, into: BinaryIO, *, max_bytes: int) -> None:
        """Write the content of a file. A link that was refused is asked for anew; it never gets the token.

        Raises:
            TooLarge: it is larger than *max_bytes*.
            AccessDenied, NotVisible: it may not be read.
        """
        path = f"drives/{quote(drive, safe='!')}/items/{quote(item, safe='!')}/content"
        for attempt in range(1, _FETCHES + 1):
            into.seek(0)
            into.truncate()
            bounded = Bounded(into, max_bytes)
            try:
                self.client.download(path, bounded, max_bytes=max_bytes + 2 * Bounded.SLACK, headers=self._headers)  # type: ignore[arg-type]
            except (AccessDenied, NotVisible):
                if attempt == _FETCHES:
                    raise
            else:
                return

    def sees_unapproved(self, site: str) -> bool | None:  # noqa: ARG002  (tokens hold for all sites)
        """Say whether the token's rights show what is not approved yet; None: they do not tell."""
        return sees_unapproved(self.credentials.granted(), is_application=self._options.device_cache is None)

    def account(self) -> tuple[str, str]:
        """Return as whom we are known, by the token, and what is asked."""
        options, claims, rights = self._options, self.credentials.claims(), self.credentials.granted()
        name = claims.get("app_displayname") or claims.get("name") or "the application"
        told = f"with {', '.join(sorted(rights))}" if rights else "with rights that its token does not tell"
        kind = "for a person who signed in" if options.device_cache is not None else "by itself"
        return f"{name} ({options.client_id[:8]}…), {kind}, {told}", f"Microsoft Graph ({options.graph.partition('://')[2]})"

    # What every answer tells

    def _inspect(self, answer: Answer) -> None:
        headers = answer.headers
        if answer.status == 401:
            self.credentials.challenged(headers.get("WWW-Authenticate") or "")
        if answer.status == 410:
            raise Resync(f"{answer.url}: the source wants everything to be listed again (410)")
        if answer.status in (403, 423):
            raise AccessDenied(f"{answer.url}: the account may not read this ({_code(answer)})", hint=_traced("ask for the right", answer))
        if answer.status == 404:
            raise NotVisible(f"{answer.url}: not there, or not visible to the account ({_code(answer)})", hint=_traced("", answer))
        left, reset = _number(headers.get("RateLimit-Remaining")), _number(headers.get("RateLimit-Reset"))
        if left is not None and left <= 0 and reset:
            # Told before anything is refused, or beside `Retry-After`: the longer wait counts.
            self.client.pace.refused(min(reset, _LONGEST_RESET))

    def _may_leave(self, url: str) -> bool:
        """Say whether content may be fetched from an address."""
        host = (urlsplit(url).hostname or "").lower()
        return any(fnmatchcase(host, pattern.lower()) for pattern in self._options.content_hosts)


def _code(answer: Answer) -> str:
    """Return the status with the most exact code that the body tells."""
    return " ".join(filter(None, (str(answer.status), deepest_code(answer.data)[:100])))


def _traced(hint: str, answer: Answer) -> str | None:
    """Return a hint with what Microsoft's support asks for."""
    number = re.sub(r"[^\w-]", "", str(answer.headers.get("request-id") or ""))[:50]
    told = f"request-id {number} of {answer.headers.get('Date') or 'now'}" if number else ""
    return "; ".join(filter(None, (hint, told))) or None


class Bounded:
    """A file that takes so many bytes and no more."""

    SLACK = 1 << 20

    def __init__(self, file: BinaryIO, most: int) -> None:
        self._file = file
        self._left = self._most = most

    def write(self, part: bytes) -> int:
        """Write; `TooLarge` beyond the limit."""
        self._left -= len(part)
        if self._left < 0:
            raise TooLarge
        return self._file.write(part)

    def tell(self) -> int:
        """Return the place."""
        return self._file.tell()

    def seek(self, place: int) -> int:
        """Go to a place."""
        return self._file.seek(place)

    def truncate(self) -> int:
        """Forget what stands behind the place."""
        self._left = self._most - self._file.tell()
        return self._file.truncate()


def site_path(address: str) -> str:
    """Return the path of a site in Graph, from its address or its id.

    Raises:
        SourceUnavailable: it is neither.
    """
    if "://" not in address:
        return f"sites/{quote(address, safe=',')}"
    parts = urlsplit(address)
    if not parts.hostname:
        raise SourceUnavailable(f"{address}: no address of a site")
    path = quote(parts.path.strip("/"), safe="/%")
    return f"sites/{parts.hostname}:/{path}" if path else f"sites/{parts.hostname}"


def _number(text: str | None) -> float | None:
    try:
        found = float(text or "")
    except ValueError:
        return None
    return found if 0 <= found < float("inf") else None
