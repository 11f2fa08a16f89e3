"""As whom Graph is asked: tokens from Microsoft's sign-in, by a secret, a certificate, or a person with a code.

`SignIn` is the seam: `MsalSignIn` is the real one, tests of other things use a token that stands for itself.
"""

import base64
import contextlib
import json
import os
import re
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from auditor.connect.http import NotAccepted
from auditor.connect.http.hosts import Hosts
from auditor.connect.http.options import HttpOptions
from auditor.connect.http.pace import backoff, retry_after
from auditor.connect.secret import Secret
from auditor.errors import SourceUnavailable, UsageError
from auditor_connectors.sharepoint.options import SharePointOptions

_CLAIMS = re.compile(r'claims="?([A-Za-z0-9+/=_-]+)')
_DELEGATED = ("Sites.Read.All",)
_SEES_ALL = frozenset({"sites.manage.all", "sites.fullcontrol.all"})
_ATTEMPTS = 4
_BUSY = frozenset({429, 500, 502, 503, 504})
_LONGEST_WAIT = 60.0
_LONGEST_ANSWER = 60.0
_AUTHORITY_ERRORS = frozenset({"temporarily_unavailable", "server_error", "service_unavailable"})


class SignIn(Protocol):
    """Gets tokens for Graph. Called by one thread at a time."""

    def token(self, *, is_new: bool, claims: str | None) -> str:
        """Return a token.

        Args:
            is_new: the last one was refused.
            claims: what Graph said is missing, for the authority.

        Raises:
            NotAccepted: there is none to be had.
            SourceUnavailable: the authority does not answer.
        """
        ...

    def secrets(self) -> tuple[str, ...]:
        """Return what must never be shown, besides the tokens."""
        ...


class GraphCredentials:
    """The proof for Graph, shared by all threads of a pull."""

    def __init__(self, sign_in: SignIn) -> None:
        self._sign_in = sign_in
        self._lock = threading.Lock()
        self._sent = threading.local()
        self._seen: list[str] = []
        self._claims: str | None = None

    def headers(self) -> dict[str, str]:
        """Return the header with a token that is valid now."""
        token = self._sent.token = self._token(is_new=False)
        return {"Authorization": f"Bearer {token}"}

    def renew(self) -> bool:
        """Get another token after Graph refused the one that this thread sent; another thread may have done so meanwhile."""
        refused = getattr(self._sent, "token", "")
        return self._token(is_new=True, instead_of=refused) != refused

    def secrets(self) -> tuple[str, ...]:
        """Return every token so far, and what they were made of."""
        return (*self._sign_in.secrets(), *self._seen)

    def challenged(self, header: str) -> None:
        """Note what a refusal says is missing (`WWW-Authenticate`), for the next token."""
        found = _CLAIMS.search(header)
        if found:
            with contextlib.suppress(ValueError):
                packed = found[1] + "=" * (-len(found[1]) % 4)
                self._claims = base64.urlsafe_b64decode(packed.replace("+", "-").replace("/", "_")).decode("utf-8")

    def granted(self) -> frozenset[str] | None:
        """Return the rights that the token names, in lower case; None: it does not say. It is a hint, never a proof."""
        return rights_of(self._token(is_new=False))

    def claims(self) -> Mapping[str, Any]:
        """Return what the token says of its owner; nothing when it cannot be read."""
        return claims_of(self._token(is_new=False))

    def _token(self, *, is_new: bool, instead_of: str = "") -> str:
        with self._lock:
            if is_new and self._seen and self._seen[-1] != instead_of:
                return self._seen[-1]
            claims, self._claims = (self._claims, None) if is_new else (None, self._claims)
            token = self._sign_in.token(is_new=is_new, claims=claims)
            if token not in self._seen[-1:]:
                self._seen.append(token)
            return token


def claims_of(token: str) -> Mapping[str, Any]:
    """Return what a token says; nothing when it is opaque."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        said = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def rights_of(token: str) -> frozenset[str] | None:
    """Return the rights that a token names, in lower case; None when it does not say."""
    said = claims_of(token)
    roles, scopes = said.get("roles"), said.get("scp")
    if isinstance(roles, list):
        return frozenset(str(role).lower() for role in roles)
    if isinstance(scopes, str):
        return frozenset(scope.lower() for scope in scopes.split())
    return None


def sees_unapproved(rights: frozenset[str] | None, *, is_application: bool) -> bool | None:
    """Say whether an account with these rights sees what is not approved; None: that cannot be told.

    An application that may only read gets approved items only, and no word of the others. What a person sees depends on lists.
    """
    if not is_application or rights is None:
        return None
    if rights & _SEES_ALL:
        return True
    return None if any(right.endswith("selected") for right in rights) else False


class MsalSignIn:
    """Signs in with Microsoft's library.

    Args:
        options: of the source.
        folder: that relative paths count from.
        tell: shows a person what to do (device code); None: standard error, when it is a terminal.

    Raises:
        UsageError: the library is not installed, or a secret cannot be used.
    """

    def __init__(
        self,
        options: SharePointOptions,
        folder: Path,
        *,
        tell: Callable[[str], None] | None = None,
    ) -> None:
        try:
            import msal  # noqa: PLC0415  (heavy, and an extra)
        except ImportError:
            raise UsageError("the package `msal` is not installed", hint="pip install 'auditor[sharepoint]'") from None
        self._options = options
        # Of the library itself, and what it raises of answers that have another shape.
        self._failures: tuple[type[Exception], ...] = (ValueError, KeyError, TypeError, msal.exceptions.MsalError)
        self._tell = tell or _terminal()
        self._secrets: list[str] = []
        self._cache_file = folder / options.device_cache if options.device_cache else None
        self._cache = msal.SerializableTokenCache()
        self._web = _AuthorityClient(options, folder)
        host = options.graph.partition("://")[2].partition("/")[0]
        scheme = options.graph.partition("://")[0]
        self._resource = f"{scheme}://{host}"
        common: dict[str, Any] = {
            "client_id": options.client_id,
            "authority": f"https://{options.authority.rstrip('/').partition('://')[2]}/{options.tenant}",
            "http_client": self._web,
            "instance_discovery": options.discover,
            "token_cache": self._cache,
        }
        try:
            self._app = self._new_app(msal, common, folder)
        except ValueError as error:
            raise UsageError(
                f"the sign-in at {options.authority} cannot be prepared ({_short(error, self._secrets)})",
                hint="are `tenant` and `authority` right, and is `certificate` a private key (PEM)?",
            ) from None

    def _new_app(self, msal: Any, common: dict[str, Any], folder: Path) -> Any:
        options = self._options
        if options.secret is not None:
            return msal.ConfidentialClientApplication(client_credential=self._read(options.secret, folder), **common)
        if options.certificate is not None:
            return msal.ConfidentialClientApplication(client_credential=self._certificate(folder), **common)
        self._load_cache()
        return msal.PublicClientApplication(**common)

    def _read(self, secret: Secret, folder: Path) -> str:
        text = secret.read(folder)
        self._secrets.append(text)
        return text

    def _certificate(self, folder: Path) -> dict[str, str]:
        options = self._options
        assert options.certificate is not None
        text = self._read(options.certificate, folder)
        self._secrets += [line for line in text.splitlines() if len(line) > 40]
        found: dict[str, str] = {"private_key": text}
        if options.thumbprint:
            found["thumbprint"] = re.sub(r"[^0-9A-Fa-f]", "", options.thumbprint)
        else:
            found["public_certificate"] = text
        if options.passphrase is not None:
            found["passphrase"] = self._read(options.passphrase, folder)
        from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415  (comes with `msal`)

        try:
            load_pem_private_key(text.encode(), found["passphrase"].encode() if "passphrase" in found else None)
        except (ValueError, TypeError) as error:
            raise UsageError(
                f"`certificate` is no private key that can be used ({type(error).__name__})", hint="PEM is wanted; is `passphrase` right?"
            ) from None
        return found

    def secrets(self) -> tuple[str, ...]:
        """Return secret and key, and what the cache of a person's sign-in holds."""
        kept = [item["secret"] for item in self._cache.search("RefreshToken") if item.get("secret")]
        return (*self._secrets, *kept)

    def token(self, *, is_new: bool, claims: str | None) -> str:
        """Return a token from the cache, or a new one."""
        try:
            if self._options.device_cache is not None:
                said = self._delegated(is_new=is_new, claims=claims)
            else:
                if is_new:
                    self._app.remove_tokens_for_client()
                said = self._app.acquire_token_for_client([f"{self._resource}/.default"], claims_challenge=claims)
        except self._failures as error:
            raise SourceUnavailable(
                f"{self._options.authority}: the authority's answer cannot be used ({type(error).__name__})", hint="is `authority` right?"
            ) from None
        token = said.get("access_token") if isinstance(said, dict) else None
        if not isinstance(token, str) or not token:
            self._refused(said if isinstance(said, dict) else {})
        self._save_cache()
        return str(token)

    def _refused(self, said: Mapping[str, Any]) -> None:
        code = str(said.get("error") or "no token")
        about = _short(said.get("error_description") or "", self._secrets)
        if code in _AUTHORITY_ERRORS:
            raise SourceUnavailable(f"{self._options.authority}: the authority gives no token now ({code})", hint=about or "try later")
        raise NotAccepted(f"{self._options.authority}: the authority gives no token ({code})", hint=about or "is the secret still valid?")

    # A person with a code

    def _delegated(self, *, is_new: bool, claims: str | None) -> Any:
        scopes = [f"{self._resource}/{right}" for right in _DELEGATED]
        for account in self._app.get_accounts():
            said = self._app.acquire_token_silent(scopes, account, force_refresh=is_new, claims_challenge=claims)
            if said:
                return said
        if self._tell is None:
            raise NotAccepted("nobody is signed in, and there is no terminal to ask", hint="run `auditor doctor` in a terminal once")
        flow = self._app.initiate_device_flow(scopes, claims_challenge=claims)
        if "user_code" not in flow:
            return flow
        self._tell(str(flow.get("message", "")))
        return self._app.acquire_token_by_device_flow(flow, claims_challenge=claims)

    def _load_cache(self) -> None:
        assert self._cache_file is not None
        if not self._cache_file.exists():
            return
        try:
            self._cache.deserialize(self._cache_file.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise UsageError(
                f"{self._cache_file}: the kept sign-in cannot be read ({type(error).__name__})", hint="remove the file and sign in again"
            ) from None

    def _save_cache(self) -> None:
        if self._cache_file is None or not self._cache.has_state_changed:
            return
        text = self._cache.serialize()
        self._cache_file.parent.mkdir(parents=True, exist_ok=True)
        # `mkstemp` makes the file for its owner only, before anything is in it.
        handle, partial = tempfile.mkstemp(dir=self._cache_file.parent, prefix=f".{self._cache_file.name}.")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(partial).replace(self._cache_file)


class _AuthorityClient:
    """What the library asks the authority with: its host only, within limits, nothing of the environment but the proxy."""

    def __init__(self, options: SharePointOptions, folder: Path) -> None:
        import requests  # noqa: PLC0415  (heavy, and only when a source is asked)

        self._http: HttpOptions = options.http
        more = ("https://login.microsoftonline.com",) if options.discover else ()
        self._hosts = Hosts(options.authority, more)
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = str(folder / self._http.ca_file) if self._http.ca_file else True
        self._proxy = self._http.proxy.read(folder) if isinstance(self._http.proxy, Secret) else self._http.proxy
        # The library writes every address with https; an authority on this very machine may do without.
        self._is_plain = options.authority.startswith("http://")

    def get(self, url: str, **more: Any) -> Any:
        """Return the answer to a GET."""
        return self._ask("GET", url, more)

    def post(self, url: str, **more: Any) -> Any:
        """Return the answer to a POST."""
        return self._ask("POST", url, more)

    def close(self) -> None:
        """End the connections."""
        self._session.close()

    def _ask(self, method: str, url: str, more: dict[str, Any]) -> Any:
        import requests  # noqa: PLC0415  (as above)
        from requests.utils import get_environ_proxies  # noqa: PLC0415  (as above)

        proxies = {"http": self._proxy, "https": self._proxy} if self._proxy else dict(get_environ_proxies(url))
        told = {name: value for name, value in more.items() if name in ("params", "data", "headers")}
        target = self._hosts.url(url.replace("https://", "http://", 1) if self._is_plain else url)
        timeouts = (self._http.connect_seconds, min(self._http.answer_seconds, _LONGEST_ANSWER))
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                answer = self._session.request(method, target, timeout=timeouts, allow_redirects=False, proxies=proxies, **told)
            except requests.exceptions.RequestException as error:
                if attempt == _ATTEMPTS:
                    raise SourceUnavailable(
                        f"{self._hosts.base}: the authority does not answer ({type(error).__name__})",
                        hint="is `authority` right, the network there?",
                    ) from None
            else:
                if answer.status_code not in _BUSY or attempt == _ATTEMPTS:
                    return answer
                wait = retry_after(answer.headers, datetime.now(UTC))
                if wait is not None and wait > _LONGEST_WAIT:
                    return answer
                time.sleep(wait or 0)
            time.sleep(backoff(attempt))
        raise AssertionError


def _terminal() -> Callable[[str], None] | None:
    if not sys.stderr.isatty():
        return None
    return lambda text: print(text, file=sys.stderr)  # noqa: T201  (a person has to see it now)


def _short(said: Any, secrets: list[str]) -> str:
    text = str(said).splitlines()[0] if str(said) else ""
    for secret in secrets:
        text = text.replace(secret, "•••")
    return "".join(letter if letter.isprintable() else " " for letter in text)[:200]
