"""Where a ledger is, without opening it: addresses, and how they are shown. Needs no database library."""

import re
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from auditor.errors import StoreError, UsageError

_SECRET = re.compile(r"(?i)((?:^|[?&])(?:\w*passw\w*|\w*secret\w*|\w*token\w*)=)[^&]*")
_POSTGRESQL = ("postgresql", "postgres", "postgresql+psycopg")
KNOWN = "sqlite:///file (relative to auditor.toml) or postgresql+psycopg://user@host/database"


def sqlite_url(file: Path) -> str:
    """Return the address of a ledger in a file."""
    return f"sqlite:///{quote(str(file.absolute()), safe='/:')}"


def sqlite_file(url: str) -> Path | None:
    """Return the file of a ledger, or None when it lies in PostgreSQL."""
    return Path(unquote(url.removeprefix("sqlite:///"))) if url.startswith("sqlite:///") else None


def is_there(file: Path) -> bool:
    """Say whether a file is there. A folder that may not be looked into is no sign that it is not.

    Raises:
        StoreError: nobody can tell.
    """
    try:
        file.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise StoreError(f"{file}: cannot be looked for: {error.strerror}", hint="may you read its folders?") from None
    return True


def full_url(url: str, base: Path, password: str | None = None) -> str:
    """Return an address as `open_ledger` takes it.

    Args:
        url: as people write it; a relative file counts from *base*.
        base: a folder.
        password: put into the address; None: it needs none.

    Raises:
        UsageError: this is no address of a ledger. The message does not show it.
    """
    scheme = url.partition(":")[0]
    if scheme == "sqlite":
        file = sqlite_file(url)
        if file is None or not file.name or url.endswith(":memory:") or "?" in url:
            raise UsageError("this is no address of a file", hint=f"write {KNOWN}")
        return sqlite_url(base / file)
    if scheme not in _POSTGRESQL:
        what = f"a ledger cannot lie in {scheme[:20]!r}" if "://" in url else "this is no address of a ledger"
        raise UsageError(what, hint=f"write {KNOWN}")
    try:
        parts = urlsplit(url)
        assert parts.port is None or parts.port > 0
    except (ValueError, AssertionError):
        raise UsageError("this is no address of a database", hint=f"write {KNOWN}") from None
    host = parts.netloc.rpartition("@")[2]
    user = parts.username or ""
    secret = quote(password, safe="") if password is not None else parts.password
    if password is not None and not user:
        raise UsageError("the address has a password and no user", hint=f"write {KNOWN}")
    who = f"{user}:{secret}@" if secret else f"{user}@" if user else ""
    return urlunsplit(("postgresql+psycopg", who + host, parts.path, parts.query, ""))


def has_password(url: str) -> bool:
    """Say whether a secret stands in an address itself."""
    try:
        return urlsplit(url).password is not None or _SECRET.search(urlsplit(url).query) is not None
    except ValueError:
        return "@" in url


def shown_url(url: str) -> str:
    """Return an address for people: the file, or the database without secrets."""
    file = sqlite_file(url)
    if file is not None:
        return str(file)
    try:
        parts = urlsplit(url)
    except ValueError:
        return "the database"
    user, at, host = parts.netloc.rpartition("@")
    query = _SECRET.sub(r"\1…", parts.query)
    return urlunsplit((parts.scheme.partition("+")[0], user.partition(":")[0] + at + host, parts.path, query, ""))
