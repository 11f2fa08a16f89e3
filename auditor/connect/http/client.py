"""The client of one source: every request of a connector goes through here.

It keeps limits (time, size, requests at once), tries again what may pass, waits when the source asks for it, goes to configured hosts
only, and turns what is left into errors that say who can act. It only reads: whatever is asked may be asked again.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar
from urllib.parse import urlsplit

import orjson

from auditor import __version__
from auditor.connect.http.credentials import Anonymous, Credentials
from auditor.connect.http.hosts import Hosts, Origin
from auditor.connect.http.options import HttpOptions
from auditor.connect.http.pace import Pace, backoff, retry_after
from auditor.connect.http.redaction import Redactor, shown_url
from auditor.connect.http.requestlog import RequestLog
from auditor.connect.lenient import parse_json
from auditor.connect.secret import Secret
from auditor.errors import AccessDenied, NotVisible, Rejected, SourceError, SourceUnavailable

if TYPE_CHECKING:
    import requests

_T = TypeVar("_T")
_R = TypeVar("_R")
_PART = 65_536
_REDIRECTS = 5
_ATTEMPTS = 7
_BRIEF_ATTEMPTS = 5
"""For what is rarely mended by asking again: a page instead of data, an error inside the source, a broken encoding."""
_UNAVAILABLE = frozenset({429, 502, 503, 504})
_MOVED = frozenset({301, 302, 303, 307, 308})
_KEEPS_METHOD = frozenset({307, 308})


@dataclass(frozen=True, slots=True)
class Answer:
    """What a source answered.

    Attributes:
        url: for messages: without parameters.
        data: the JSON value; None where no JSON was asked for.
    """

    status: int
    headers: Mapping[str, str]  # names in whatever case
    url: str
    body: bytes = b""
    data: Any = None

    def object(self) -> dict[str, Any]:
        """Return the JSON object.

        Raises:
            SourceUnavailable: it is something else.
        """
        if isinstance(self.data, dict):
            return self.data
        raise SourceUnavailable(
            f"{self.url}: the answer has another shape than the interface promises", hint="is this address the source's?"
        )

    def list(self) -> list[Any]:
        """Return the JSON array.

        Raises:
            SourceUnavailable: it is something else.
        """
        if isinstance(self.data, list):
            return self.data
        raise SourceUnavailable(
            f"{self.url}: the answer has another shape than the interface promises", hint="is this address the source's?"
        )


class NotAccepted(AccessDenied):
    """The source does not know who asks (401); a new proof may help."""


class _Again(Exception):
    """The attempt failed and another may not."""

    def __init__(self, error: SourceError, *, attempts: int = _ATTEMPTS, wait: float | None = None, is_refusal: bool = False) -> None:
        super().__init__()
        self.error = error
        self.attempts = attempts
        self.wait = wait
        self.is_refusal = is_refusal


class Client:
    """Asks one source. Its methods may be called from several threads.

    Args:
        base: address of the source; paths count from it.
        credentials: as whom; sent to configured hosts only.
        options: the table `http` of the source.
        more_hosts: further addresses that belong to the source.
        folder: that relative paths of the options count from.
        inspect: looks at every answer before its status is judged, and may raise a `SourceError`.
        pauses: from an answer that refuses and its endpoint, what has to pause: the endpoint, or '' for everything.
        may_leave: whether content may be fetched from an address of another host; left out: from any that nobody can read along with.
        handshake: an `auth` of `requests` for servers that want more than a header (NTLM); used at configured hosts only.
        clock, sleep: for tests.
    """

    def __init__(
        self,
        base: str,
        *,
        credentials: Credentials | None = None,
        options: HttpOptions | None = None,
        more_hosts: Iterable[str] = (),
        folder: Path | None = None,
        inspect: Callable[[Answer], None] | None = None,
        pauses: Callable[[Answer, str], str] | None = None,
        may_leave: Callable[[str], bool] | None = None,
        handshake: Any = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] | None = None,
    ) -> None:
        self._options = options or HttpOptions()
        self._folder = folder or Path()
        self._credentials = credentials or Anonymous()
        self._hosts = Hosts(base, more_hosts)
        self._inspect = inspect
        self._pauses = pauses or (lambda _answer, _endpoint: "")
        self._handshake = handshake
        self._leaves = may_leave or (lambda _url: True)
        self._clock = clock
        self._stopped = threading.Event()
        max_seconds = None if self._options.max_minutes is None else self._options.max_minutes * 60
        self.pace = Pace(
            self._options.concurrency,
            max_wait=self._options.max_wait_minutes * 60,
            max_seconds=max_seconds,
            clock=clock,
            sleep=sleep or self._sleep,
        )
        self._proxy = self._read_proxy()
        self.clean = Redactor(lambda: (*self._credentials.secrets(), *([self._proxy] if self._proxy else [])))
        log = self._options.request_log
        self._log = RequestLog(self._folder / log, self.clean) if log else None
        self._session: requests.Session | None = None
        self._lock = threading.Lock()
        self._proxies_of: dict[str, dict[str, str]] = {}
        self._seen_headers: dict[str, str] = {}
        self.skew_seconds: float | None = None
        self.request_count = 0

    # For connectors

    def get(
        self, path: str, params: Mapping[str, Any] | None = None, *, endpoint: str = "", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Return the JSON answer to a GET.

        Args:
            path: below the base, or a link that the source gave (next page).
            params: values are sent as `str`; lists repeat the name; None is left out.
            endpoint: name under which the source counts this kind of request; left out: method and path.
            headers: further ones.

        Raises:
            AccessDenied: 401, 403, or no proof to be had.
            NotVisible: 404, 410.
            Rejected: any other refusal of the request itself.
            SourceUnavailable: attempts, waiting or time were used up, or the answer cannot be used.
        """
        return self._ask("GET", path, params, None, endpoint, headers)

    def post(self, path: str, body: Any, *, params: Mapping[str, Any] | None = None, endpoint: str = "") -> Answer:
        """Return the JSON answer to a POST that only reads: a search, a bulk read. Errors are those of `get`."""
        return self._ask("POST", path, params, body, endpoint, None)

    def download(self, path: str, into: BinaryIO, *, max_bytes: int, headers: Mapping[str, str] | None = None) -> Answer:
        """Write the content at *path* into a file, and return the answer without its body.

        A redirect to another host is followed without any proof of who asks. A further attempt begins anew, with a new address.

        Raises:
            Those of `get`; `SourceUnavailable` also when the content is larger than *max_bytes*.
        """
        begin = into.tell()

        def write(part: bytes) -> None:
            into.write(part)

        def restart() -> None:
            into.seek(begin)
            into.truncate()

        return self._persist("GET", self._hosts.url(path), None, None, path, headers, (restart, write, max_bytes))

    def ask(
        self,
        method: str,
        path: str,
        take: Callable[[bytes], None],
        *,
        restart: Callable[[], None],
        max_bytes: int,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Hand over the answer to a request that is no JSON, part by part; return it without its body.

        Args:
            method: one that only reads: GET, PROPFIND.
            path: below the base.
            take: gets the parts of an answer below 300, as `Answer.status` tells afterwards.
            restart: what was handed over so far is worthless: another attempt begins.
            max_bytes: more is an error.
            body: sent as it is.
            headers: further ones.

        Raises:
            Those of `get`, and of *take*.
        """
        return self._persist(method, self._hosts.url(path), None, body, f"{method} {path}", headers, (restart, take, max_bytes))

    def map(
        self, work: Callable[[_T], _R], things: Iterable[_T], *, ahead: int = 2, at_once: int | None = None
    ) -> Generator[_R, None, None]:
        """Yield `work(thing)` for all *things* in their order, several at once and never far ahead of whoever takes them.

        Args:
            work: called in threads; its first error ends everything and is raised here.
            things: taken as they are needed.
            ahead: how many per thread may be finished or under way.
            at_once: how many threads; left out: as many as requests may be sent at once.
        """
        workers = at_once or self._options.concurrency
        pool = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="source")
        waiting: deque[Future[_R]] = deque()
        try:
            for thing in things:
                waiting.append(pool.submit(work, thing))
                if len(waiting) >= workers * ahead:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except KeyboardInterrupt:
            self.stop()
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def header(self, name: str) -> str | None:
        """Return the value that a header (of rate limits, of versions) had in the last answer that carried it."""
        return self._seen_headers.get(name.lower())

    def stop(self) -> None:
        """Let nothing wait any more: whoever does, or would, gets `SourceUnavailable`."""
        self._stopped.set()

    def close(self) -> None:
        """End waiting and connections."""
        self.stop()
        with self._lock:
            if self._session is not None:
                self._session.close()
                self._session = None
        if self._log:
            self._log.close()

    # One request, until it is answered or given up

    def _ask(
        self, method: str, path: str, params: Mapping[str, Any] | None, body: Any, endpoint: str, headers: Mapping[str, str] | None
    ) -> Answer:
        url = self._hosts.url(path)
        return self._persist(method, url, params, body, endpoint or f"{method} {path.partition('?')[0]}", headers, None)

    def _persist(
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None,
        body: Any,
        endpoint: str,
        headers: Mapping[str, str] | None,
        sink: tuple[Callable[[], None], Callable[[bytes], None], int] | None,
    ) -> Answer:
        attempt = 0
        renewed = False
        while True:
            attempt += 1
            try:
                with self.pace.turn(endpoint):
                    answer = self._follow(method, url, params, body, headers, sink, attempt)
                self._judge(answer, endpoint, attempt)
            except _Again as again:
                if attempt >= again.attempts:
                    raise again.error from None
                if not again.is_refusal:  # a refusal made everybody pause already; that pause is waited for in `turn`
                    self.pace.wait(backoff(attempt) if again.wait is None else again.wait)
            except NotAccepted:
                if renewed or not self._credentials.renew():
                    raise
                renewed = True
            else:
                self.pace.answered()
                return answer

    def _judge(self, answer: Answer, endpoint: str, attempt: int) -> None:
        """Raise what the status of an answer means."""
        if self._inspect:
            self._inspect(answer)
        status, url = answer.status, answer.url
        if status in _UNAVAILABLE:
            wait = retry_after(answer.headers, datetime.now(UTC))
            error = SourceUnavailable(f"{url}: the source answered {status} again and again", hint="try later; what was read is kept")
            if wait is not None or status == 429:
                self.pace.refused(wait or backoff(attempt), self._pauses(answer, endpoint))
                raise _Again(error, attempts=_ATTEMPTS * 3, is_refusal=True)
            raise _Again(error)
        if status >= 500:
            raise _Again(
                SourceUnavailable(f"{url}: an error inside the source ({status})", hint="tell its administrator"), attempts=_BRIEF_ATTEMPTS
            )
        if status == 401:
            raise NotAccepted(f"{url}: the source does not accept the credentials (401)", hint="is the token right, and still valid?")
        if status == 403:
            raise AccessDenied(f"{url}: the account may not read this (403)", hint="ask the source's owner for the right")
        if status in (404, 410):
            raise NotVisible(f"{url}: not there, or not visible to the account ({status})")
        if status >= 400:
            raise Rejected(f"{url}: the source refuses the request ({status})", hint=self._complaint(answer), status=status)

    def _complaint(self, answer: Answer) -> str | None:
        """Return what the source says is wrong, one line: it may name a field or a project, never a secret."""
        if not isinstance(answer.data, dict):
            return None
        inner = answer.data.get("error")
        said = [*(answer.data.get("errorMessages") or ()), inner.get("message") if isinstance(inner, dict) else None]
        text = "; ".join(item for item in said if isinstance(item, str))
        text = "".join(letter if letter.isprintable() else " " for letter in text)
        return self.clean(text)[:300] or None

    # One attempt

    def _follow(
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None,
        body: Any,
        headers: Mapping[str, str] | None,
        sink: tuple[Callable[[], None], Callable[[bytes], None], int] | None,
        attempt: int,
    ) -> Answer:
        """Send the request and follow redirects, as far as they may be followed."""
        ends = self._clock() + self._options.answer_seconds
        is_own = True
        for _ in range(_REDIRECTS + 1):
            answer = self._send(method, url, params, body, headers, sink, attempt, is_own=is_own, ends=ends)
            location = next((value for name, value in answer.headers.items() if name.lower() == "location"), None)
            if answer.status not in _MOVED or not location:
                return answer
            target = Hosts.redirected(url, location)
            is_own = is_own and self._hosts.has(target)
            if method != "GET" and answer.status not in _KEEPS_METHOD:
                raise SourceUnavailable(f"{answer.url}: the source answers a question with a redirect", hint="is this the right address?")
            if not is_own:
                self._may_leave(answer, target, is_download=sink is not None)
            url, params = target, None
        raise SourceUnavailable(f"{shown_url(url)}: redirected too often", hint="is this the right address?")

    def _may_leave(self, answer: Answer, target: str, *, is_download: bool) -> None:
        origin = Origin.of(target)
        if not is_download or origin is None:
            raise SourceUnavailable(
                f"{answer.url}: the source sends us to another host ({shown_url(target)})",
                hint="a sign-in page, when the token is not accepted; or another address than the source's own",
            )
        base = Origin.of(self._hosts.base)
        if not origin.is_private or (origin.scheme == "http" and base is not None and base.scheme == "https"):
            raise SourceUnavailable(f"{answer.url}: the content lies where it would travel in clear ({shown_url(target)})")
        if not self._leaves(target):
            raise AccessDenied(f"{answer.url}: the content lies at a host that nobody allowed ({origin.host})")

    def _send(
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None,
        body: Any,
        headers: Mapping[str, str] | None,
        sink: tuple[Callable[[], None], Callable[[bytes], None], int] | None,
        attempt: int,
        *,
        is_own: bool,
        ends: float,
    ) -> Answer:
        sent = {"Accept": "application/json" if sink is None else "*/*", "User-Agent": f"auditor/{__version__}"}
        if is_own:
            sent |= dict(headers or {}) | self._credentials.headers()
        content = None
        if body is not None:
            content = body if isinstance(body, bytes) else orjson.dumps(body)
            if not isinstance(body, bytes):
                sent["Content-Type"] = "application/json"
        begun = time.monotonic()
        answer: Answer | None = None
        size = 0
        trouble = ""
        try:
            answer, size = self._exchange(method, url, params, content, sent, sink, ends, self._handshake if is_own else None)
        except _Again as again:
            trouble = again.error.message
            raise
        except SourceError as error:
            trouble = error.message
            raise
        finally:
            self.request_count += 1
            if self._log:
                status = answer.status if answer else None
                self._log.write(method, url, status, time.monotonic() - begun, size, attempt, trouble)
        return answer

    def _exchange(
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None,
        content: bytes | None,
        headers: Mapping[str, str],
        sink: tuple[Callable[[], None], Callable[[bytes], None], int] | None,
        ends: float,
        handshake: Any,
    ) -> tuple[Answer, int]:
        import requests  # noqa: PLC0415  (heavy, and only when a source is asked)
        import urllib3.exceptions  # noqa: PLC0415  (as above)

        where = shown_url(url)
        timeouts = (self._options.connect_seconds, max(0.05, min(self._options.answer_seconds, ends - self._clock())))
        try:
            response = self._open().request(
                method,
                url,
                params={name: value for name, value in (params or {}).items() if value is not None},
                data=content,
                headers=dict(headers),
                auth=handshake,
                timeout=timeouts,
                allow_redirects=False,
                stream=True,
                proxies=self._proxies(url),
            )
            with response:
                self._note(response.headers)
                plain = Answer(response.status_code, response.headers, where)
                if sink is not None and response.status_code < 300:
                    restart, write, max_bytes = sink
                    restart()
                    return plain, self._read(response, where, ends, max_bytes, write)
                parts: list[bytes] = []
                size = self._read(response, where, ends, self._options.max_answer_mb * 1024 * 1024, parts.append)
            body = b"".join(parts)
            return self._parsed(plain, body, is_wanted=sink is None), size
        except requests.exceptions.SSLError:
            raise SourceUnavailable(
                f"{where}: the certificate of the source cannot be verified", hint="a private authority is named by `http.ca_file`"
            ) from None
        except requests.exceptions.ProxyError:
            raise _Again(
                SourceUnavailable(f"{where}: the proxy does not answer", hint="see `http.proxy`"), attempts=_BRIEF_ATTEMPTS
            ) from None
        except (
            requests.exceptions.InvalidURL,
            requests.exceptions.InvalidHeader,
            requests.exceptions.InvalidSchema,
            UnicodeError,
        ) as error:
            raise Rejected(f"{where}: the request cannot be sent ({type(error).__name__})") from None
        except (requests.exceptions.Timeout, urllib3.exceptions.TimeoutError):
            raise _Again(SourceUnavailable(f"{where}: no answer in time", hint="try later, or raise `http.answer_seconds`")) from None
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            kind = type(error).__name__
            raise _Again(
                SourceUnavailable(f"{where}: the connection failed ({kind})", hint="is the address right, the network there?")
            ) from None

    def _read(self, response: Any, where: str, ends: float, max_bytes: int, take: Callable[[bytes], Any]) -> int:
        """Read a body part by part: a slow or endless one ends at its limit."""
        size = 0
        raw = response.raw
        while part := raw.read1(_PART, decode_content=True):
            size += len(part)
            if size > max_bytes:
                raise SourceUnavailable(f"{where}: the answer is larger than {max_bytes} bytes", hint="see `http.max_answer_mb`")
            if self._clock() > ends:
                raise _Again(
                    SourceUnavailable(f"{where}: the answer takes too long", hint="try later, or raise `http.answer_seconds`"),
                    attempts=_BRIEF_ATTEMPTS,
                )
            take(part)
        said = response.headers.get("Content-Length", "")
        if said.isdigit() and raw.tell() < int(said):
            raise _Again(SourceUnavailable(f"{where}: the answer was cut off", hint="try later"))
        return size

    @staticmethod
    def _parsed(answer: Answer, body: bytes, *, is_wanted: bool) -> Answer:
        try:
            data = parse_json(body) if is_wanted and body.strip() else None
        except ValueError as error:
            if answer.status >= 300:
                return Answer(answer.status, answer.headers, answer.url, body)
            hint = (
                "a page for people (sign-in, maintenance, proxy): is the address right, the token valid?" if "HTML" in str(error) else None
            )
            raise _Again(SourceUnavailable(f"{answer.url}: {error}", hint=hint), attempts=_BRIEF_ATTEMPTS) from None
        if is_wanted and data is None and 200 <= answer.status < 300 and answer.status != 204:
            raise _Again(SourceUnavailable(f"{answer.url}: an answer without content"), attempts=_BRIEF_ATTEMPTS)
        return Answer(answer.status, answer.headers, answer.url, body, data)

    # Session

    def _open(self) -> "requests.Session":
        with self._lock:
            if self._session is None:
                self._session = self._new_session()
            return self._session

    def _new_session(self) -> "requests.Session":
        from http.cookiejar import DefaultCookiePolicy  # noqa: PLC0415  (as `requests`)

        import requests  # noqa: PLC0415  (as above)
        import requests.adapters  # noqa: PLC0415  (as above)

        session = requests.Session()
        # Nothing of the environment: a .netrc would put other people's passwords into our requests.
        session.trust_env = False
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        session.verify = True if self._options.ca_file is None else str(_authorities(self._folder / self._options.ca_file))
        adapter = requests.adapters.HTTPAdapter(pool_connections=4, pool_maxsize=self._options.concurrency, pool_block=True)
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        return session

    def _read_proxy(self) -> str | None:
        said = self._options.proxy
        return said.read(self._folder) if isinstance(said, Secret) else said

    def _proxies(self, url: str) -> dict[str, str]:
        from requests.utils import get_environ_proxies  # noqa: PLC0415  (as `requests`)

        if self._proxy:
            return {"http": self._proxy, "https": self._proxy}
        host = urlsplit(url).netloc  # asked once: it looks through the whole environment
        if host not in self._proxies_of:
            self._proxies_of[host] = dict(get_environ_proxies(url))
        return self._proxies_of[host]

    def _sleep(self, seconds: float) -> None:
        if self._stopped.wait(seconds):
            raise SourceUnavailable("the pull was stopped")

    def _note(self, headers: Mapping[str, str]) -> None:
        for name, value in headers.items():
            if "ratelimit" in name.lower().replace("-", "") or name.lower() in ("retry-after", "date"):
                self._seen_headers[name.lower()] = value
        try:
            at = parsedate_to_datetime(headers.get("Date", ""))
        except (ValueError, TypeError, IndexError):
            return
        if at.tzinfo is not None:
            self.skew_seconds = (at - datetime.now(UTC)).total_seconds()


def _authorities(file: Path) -> Path:
    """Return *file* when it holds certificates."""
    import ssl  # noqa: PLC0415  (as `requests`)

    if not file.is_file():
        raise SourceUnavailable(f"{file}: there is no such file", hint="`http.ca_file` names it")
    try:
        ssl.create_default_context(cafile=str(file))
    except (ssl.SSLError, OSError) as error:
        hint = "PEM is wanted: -----BEGIN CERTIFICATE-----" if isinstance(error, ssl.SSLError) else error.strerror
        raise SourceUnavailable(f"{file}: no certificates of an authority", hint=hint) from None
    return file
