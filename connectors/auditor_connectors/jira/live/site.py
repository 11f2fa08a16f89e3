"""One Jira: which product it is, as whom it knows us, and its requests by name."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

from auditor.connect.http import Anonymous, Answer, Basic, Bearer, Client, Credentials, NotAccepted
from auditor.connect.http.pace import Pace, retry_after
from auditor.errors import AccessDenied, NotVisible, Rejected, SourceUnavailable
from auditor_connectors.jira.options import JiraOptions
from auditor_connectors.jira.values import identifier, instant, person_id, text

_MOST_PAGES = 20_000
_LONGEST_PAUSE = 60.0
_BAD_LOGIN = ("AUTHENTICATED_FAILED", "AUTHENTICATION_DENIED")


@dataclass(frozen=True, slots=True)
class Server:
    """What a Jira says of itself.

    Attributes:
        time: its clock when it was asked; None when it does not say.
    """

    is_cloud: bool
    version: str
    base_url: str
    time: datetime | None
    data: Mapping[str, Any]


class Site:
    """Asks one Jira.

    Args:
        options: of the source.
        folder: that relative paths of the options count from.
        make_client: for tests.

    Raises:
        UsageError: the address or the secret cannot be used.
    """

    def __init__(self, options: JiraOptions, folder: Path, make_client: Callable[..., Client] = Client) -> None:
        self._options = options
        self._folder = folder
        self._make_client = make_client
        self.client = self._client(options.url, self._credentials())
        if options.scoped:
            cloud = options.cloud_id or self._cloud_id()
            self.client.close()
            self.client = self._client(f"{options.gateway.rstrip('/')}/ex/jira/{cloud}", self._credentials())
        self.assumed: bool | None = None
        """Whether it is Jira Cloud as far as an earlier pull knew, until the Jira has told it; None: nothing is known."""
        self._server: Server | None = None
        self._asking = Lock()
        self._search_by_address = False
        self.given: set[str] = set()  # parts of issues that this Jira does not embed and gives when it is asked
        self.refused: set[str] = set()  # those that it does not give, either

    def _client(self, base: str, credentials: Credentials) -> Client:
        client: Client = self._make_client(
            base,
            credentials=credentials,
            options=self._options.http,
            folder=self._folder,
            inspect=lambda answer: _look(answer, client.pace),
            pauses=_pauses,
        )
        return client

    def _credentials(self) -> Credentials:
        options = self._options
        if options.token is None:
            return Anonymous()
        secret = options.token.read(self._folder)
        return Basic(options.user, secret) if options.user else Bearer(secret)

    def _cloud_id(self) -> str:
        """Return the site's id; it is public, and asked without the token: the site would refuse a scoped one."""
        asking = self._client(self._options.url, Anonymous())
        try:
            found = identifier(asking.get("_edge/tenant_info").object().get("cloudId"))
        finally:
            asking.close()
        if found is None:
            raise SourceUnavailable(f"{self._options.url}: the site does not tell its cloud id", hint="set `cloud_id`")
        return found

    def close(self) -> None:
        """End all connections."""
        self.client.close()

    # Who and what

    @property
    def server(self) -> Server:
        """What the Jira says of itself, asked once.

        Raises:
            SourceUnavailable: nothing that answers there is a Jira.
        """
        with self._asking:
            if self._server is None:
                self._server = self._ask_server()
        return self._server

    def _ask_server(self) -> Server:
        data = self.client.get("rest/api/2/serverInfo").object()
        kind = data.get("deploymentType")
        version = text(data.get("version"), 100)
        if kind not in ("Cloud", "Server") and not isinstance(version, str):
            raise SourceUnavailable(
                f"{self._options.url}: no Jira answers there", hint="the address includes a context path, if there is one"
            )
        at = instant(data.get("serverTime"))
        return Server(
            kind == "Cloud",
            version if isinstance(version, str) else "",
            str(data.get("baseUrl") or ""),
            at if isinstance(at, datetime) else None,
            data,
        )

    @property
    def is_cloud(self) -> bool:
        """Whether it is Jira Cloud."""
        if self._server is None and self.assumed is not None:
            return self.assumed
        return self.server.is_cloud

    def api(self, path: str) -> str:
        """Return the path of an operation of the platform's interface."""
        return f"rest/api/{3 if self.is_cloud else 2}/{path}"

    def myself(self) -> dict[str, Any] | None:
        """Return the account that the token belongs to; None when nobody signs in.

        Raises:
            NotAccepted: the token is not, or no longer, valid.
        """
        if self._options.token is None:
            return None
        answer = self.client.get(self.api("myself")).object()
        if not isinstance(person_id(answer), str):
            raise NotAccepted("the Jira does not say whose token this is", hint="is it still valid?")
        return answer

    # Requests by name

    def object(self, path: str, params: Mapping[str, Any] | None = None, *, endpoint: str = "") -> dict[str, Any]:
        """Return the object at a path of the platform's interface."""
        return self.client.get(self.api(path), params, endpoint=endpoint).object()

    def items(self, path: str, params: Mapping[str, Any] | None = None) -> list[Any]:
        """Return the list at a path of the platform's interface."""
        return self.client.get(self.api(path), params).list()

    def ask(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Return the object that a search or bulk read of the platform's interface answers."""
        return self.client.post(self.api(path), body).object()

    def search(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Return what Data Center's search answers: asked with a body, or as an address where that is not allowed (405)."""
        if not self._search_by_address:
            try:
                return self.ask("search", body)
            except Rejected as error:
                if error.status != 405:
                    raise
                self._search_by_address = True
        params = {name: ",".join(value) if isinstance(value, list) else value for name, value in body.items()}
        return self.object("search", {name: str(value).lower() if isinstance(value, bool) else value for name, value in params.items()})

    def pages(
        self, path: str, items: str, params: Mapping[str, Any] | None = None, *, size: int, endpoint: str = ""
    ) -> Iterator[dict[str, Any]]:
        """Yield the pages of a list that is read by offset, to its end.

        What ends it: `isLast`, the end of `total`, or a page without items; never that a page is shorter than was asked for.

        Raises:
            SourceUnavailable: it does not end.
        """
        start = 0
        for _ in range(_MOST_PAGES):
            page = self.client.get(path, {**(params or {}), "startAt": start, "maxResults": size}, endpoint=endpoint).object()
            found = page.get(items)
            if not isinstance(found, list):
                raise SourceUnavailable(f"{path}: a page without {items!r}")
            yield page
            start += len(found)
            total = page.get("total")
            if not found or page.get("isLast") is True or (page.get("isLast") is not False and isinstance(total, int) and start >= total):
                return
        raise SourceUnavailable(f"{path}: the list does not end")

    def values(self, path: str, params: Mapping[str, Any] | None = None, *, size: int = 50, endpoint: str = "") -> list[dict[str, Any]]:
        """Return all items of a list that is read by offset, each once."""
        found: dict[Any, dict[str, Any]] = {}
        for page in self.pages(path, "values", params, size=size, endpoint=endpoint):
            before = len(found)
            for item in page["values"]:
                if isinstance(item, dict):
                    found.setdefault(item.get("id", item.get("accountId", item.get("name"))), item)
            if page["values"] and len(found) == before:
                raise SourceUnavailable(f"{path}: the same page comes again and again")
        return list(found.values())


def _header(answer: Answer, name: str) -> str:
    return answer.headers.get(name) or ""


def _look(answer: Answer, pace: Pace) -> None:
    """Look at the headers of an answer: what Jira thinks of us, and whether it will soon refuse."""
    _inspect(answer)
    if answer.status >= 400:
        return  # a refusal says itself how long to wait
    if _header(answer, "X-RateLimit-NearLimit").lower() == "true":
        pace.refused(0.0)  # less at once from now on; nobody has to wait
    elif (wait := retry_after(answer.headers, datetime.now(UTC))) is not None and wait > 0:
        pace.refused(min(wait, _LONGEST_PAUSE))  # Data Center says with every answer when the next may come: 0 while there are some left


def _inspect(answer: Answer) -> None:
    """Raise what only headers tell: a refused token is answered with 200 and nothing in it where strangers may read."""
    if "CAPTCHA" in _header(answer, "X-Authentication-Denied-Reason"):
        raise NotAccepted(
            f"{answer.url}: Jira wants a person to sign in after failed attempts (CAPTCHA)", hint="sign in with this account in a browser"
        )
    reason = _header(answer, "X-Seraph-LoginReason")
    if any(word in reason for word in _BAD_LOGIN):
        raise NotAccepted(
            f"{answer.url}: Jira does not accept the token and answers as to a stranger", hint="is the token right, and still valid?"
        )


def _pauses(answer: Answer, endpoint: str) -> str:
    """Return what pauses after a refusal: Cloud's limit of bursts counts per operation, all others hold for the account."""
    return endpoint if _header(answer, "RateLimit-Reason") == "jira-burst-based" else ""


NOT_SEEN = (AccessDenied, NotVisible, Rejected)
"""What a request may raise that the account has no right to, or the product no function for."""


def why_not(error: Exception) -> str:
    """Return the word of coverage for one of `NOT_SEEN`.

    Raises:
        NotAccepted: nobody is signed in any more: whatever would be concluded were wrong.
    """
    if isinstance(error, NotAccepted):
        raise error
    return "permission_denied" if isinstance(error, (AccessDenied, NotVisible)) else "source_error"
