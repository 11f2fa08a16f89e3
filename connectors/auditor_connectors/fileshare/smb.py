"""SMB 2 and 3, over smbprotocol."""

import contextlib
import errno
import logging
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from auditor.errors import AccessDenied, SourceUnavailable, UsageError
from auditor_connectors.documents.limits import Unreadable
from auditor_connectors.fileshare.options import FileshareOptions
from auditor_connectors.fileshare.place import link_of
from auditor_connectors.fileshare.remote import ATTEMPTS, About, Dropped, Sink, State
from auditor_connectors.fileshare.tree import FILE, FOLDER, HIDDEN, LINK, OFFLINE, Listing, Row
from auditor_connectors.fileshare.walk import Met

_PART = 1 << 20
_DIRECTORY, _REPARSE = 0x10, 0x400
_LINKS = frozenset({0xA000000C, 0xA0000003, 0x8000000A, 0x80000012})  # symbolic link, junction, two kinds of DFS referrals
_SHARING = frozenset({0xC0000043, 0xC0000054})  # sharing violation, lock conflict
_AWAY = frozenset({0xC000CE00, 0xC000CE01, 0xC000CE02, 0xC0000270})  # files of cloud providers, files that were moved to other storage
_NOT_THERE = frozenset({0xC0000034, 0xC000003A, 0xC0000056, 0xC000000F})  # name, path, delete pending, no such file
_DENIED = frozenset({0xC0000022, 0xC0000061})
_NO_SHARE = frozenset({0xC00000CC, 0xC00000C9})
_LOCKED_OUT = {
    0xC000006D: "the server does not accept user or password",
    0xC000006E: "the account may not sign in from here or now",
    0xC0000071: "the password has expired",
    0xC0000072: "the account is disabled",
    0xC0000193: "the account has expired",
    0xC0000224: "the password must be changed first",
    0xC0000234: "the account is locked",
    0xC000015B: "the account may not sign in over the network",
}


class SmbServer:
    """How a share is reached.

    Args:
        options: the source's table.
        base: folder that relative paths of the options count from.

    Raises:
        UsageError: a secret or the package is missing.
    """

    says_when_written = True
    has_exact_tags = False
    retries = ATTEMPTS

    def __init__(self, options: FileshareOptions, base: Path) -> None:
        try:
            import smbclient  # noqa: PLC0415  (an extra)
        except ImportError:
            raise UsageError("the package `smbprotocol` is not installed", hint="pip install 'auditor[smb]'") from None
        logging.getLogger("smbprotocol").setLevel(logging.CRITICAL)  # they log what breaks, with its data
        logging.getLogger("smbclient").setLevel(logging.CRITICAL)
        logging.getLogger("spnego").setLevel(logging.CRITICAL)
        self.client: Any = smbclient
        where = options.where
        self.host, self.port = where.host, where.port
        begin = f"smb://{where.host}" + (f":{where.port}" if where.port != 445 else "")
        self.url = link_of(begin, where.path)
        self.name = self.url
        self.root = "\\\\" + where.host + "\\" + where.path.replace("/", "\\")
        if not options.user and not options.kerberos:
            raise UsageError(f"{self.name}: SMB needs a `user` with a `password`", hint="or kerberos = true")
        if options.user and options.password is None and not options.kerberos:
            raise UsageError(f"{self.name}: the user has no `password`", hint='write password = {env = "NAME"}')
        self.user = options.user
        self._password = options.read(options.password, base)
        self._auth = "kerberos" if options.kerberos else "negotiate"
        self._encrypt = True if options.encrypt else None
        self.timeout = options.timeout_seconds
        if options.domain_controller:
            # The package keeps one for the whole process.
            smbclient.ClientConfig(domain_controller=options.domain_controller, username=self.user, password=self._password)

    def connect(self) -> "SmbLine":
        """Return a new connection, errors as `Server`."""
        cache: dict[str, Any] = {}
        arguments = {
            "username": self.user or None,
            "password": self._password or None,
            "port": self.port,
            "encrypt": self._encrypt,
            "connection_timeout": max(1, int(self.timeout)),
            "connection_cache": cache,
            "auth_protocol": self._auth,
        }
        line = SmbLine(self, cache, arguments)
        try:
            with line.watched():
                session = self.client.register_session(self.host, **arguments)
        except OSError as error:
            line.close()
            raise Dropped(f"no connection ({type(error).__name__})") from None
        except BaseException:
            line.close()
            raise
        line.session = session
        line.skew_seconds = _skew(session.connection)
        return line

    def close(self) -> None:
        """Do nothing: every connection has what it needs."""


class SmbLine:
    """A connection to an SMB server, with a cache of connections of its own: the package's is one for the whole process."""

    def __init__(self, server: SmbServer, cache: dict[str, Any], arguments: dict[str, Any]) -> None:
        self._server = server
        self._cache = cache
        self._arguments = arguments
        self._until = 0.0
        self._is_late = False
        self.session: Any = None
        self.skew_seconds: float | None = None

    def _path(self, path: str) -> str:
        return self._server.root + ("\\" + path.replace("/", "\\") if path else "")

    def listing(self, folder: str) -> Listing:
        """Return what lies in a folder, errors as `Line`: one question tells all of its entries."""
        rows = []
        with self.watched():
            for entry in self._server.client.scandir(self._path(folder), **self._arguments):
                about = entry.smb_info
                attributes = int(about.file_attributes)
                if attributes & _REPARSE and (int(about.ea_size) & 0xFFFFFFFF) in _LINKS:
                    mode = LINK
                else:
                    mode = FOLDER if attributes & _DIRECTORY else FILE
                kept = attributes & (HIDDEN | OFFLINE if mode == FILE else HIDDEN)
                rows.append(Row(about.file_name, mode, int(about.end_of_file), _nanoseconds(about.last_write_time), kept))
                self._beat()
        return Listing(rows)

    def link(self, path: str) -> str:
        """Return that a link is not followed."""
        del path
        return "a link, a junction or a referral, which is not followed"

    def fetch(self, met: Met, sink: Sink) -> State:
        """Hand over the content of a file, errors as `Line`."""
        open_file = self._server.client.open_file
        with self.watched(), open_file(self._path(met.raw), mode="rb", share_access="rwd", buffering=0, **self._arguments) as file:
            before = _state(file)
            while part := file.read(_PART):
                sink.write(part)
                self._beat()
            # What was written since the handle was opened shows in its end and time when they are asked for anew.
            after = self._again(met.raw)
        return State(before[0], before[1], has_changed=before != after)

    def _again(self, raw: str) -> tuple[int, int]:
        about = self._server.client.stat(self._path(raw), follow_symlinks=False, **self._arguments)
        return int(about.st_size), int(about.st_mtime_ns) // 1_000 * 1_000

    def about(self) -> About:
        """Return the account, the dialect, and how the clock goes."""
        if self.session is None:
            return About(self._server.user)
        connection = self.session.connection
        dialect = {0x202: "2.0.2", 0x210: "2.1", 0x300: "3.0", 0x302: "3.0.2", 0x311: "3.1.1"}.get(int(connection.dialect or 0), "?")
        encrypted = ", encrypted" if getattr(self.session, "encrypt_data", False) else ", signed"
        return About(self._server.user or "by Kerberos", f"SMB {dialect}{encrypted}", self.skew_seconds)

    def close(self) -> None:
        """End the connection, whatever it is doing."""
        self._abort()
        self._cache.clear()

    def _abort(self) -> None:
        for connection in list(self._cache.values()):
            for session in list(connection.session_table.values()):
                for handle in list(session.open_table.values()):
                    handle._connected = False  # noqa: SLF001  (else the package complains of handles that nobody can close any more)
            transport: Any = getattr(connection, "transport", None)
            with contextlib.suppress(Exception):  # it may be half made, or broken already
                transport.close()

    # Time: the package waits for answers without end

    def _watch(self, end: threading.Event) -> None:
        while not end.wait(max(0.05, self._until - time.monotonic())):
            if time.monotonic() >= self._until:
                self._is_late = True
                self._abort()
                return

    def _beat(self) -> None:
        """Note that something came."""
        self._until = time.monotonic() + self._server.timeout

    @contextlib.contextmanager
    def watched(self) -> Iterator[None]:
        """Translate errors, and end the connection when no answer comes."""
        from smbprotocol import exceptions  # noqa: PLC0415  (an extra)

        end = threading.Event()
        self._is_late = False
        self._beat()
        threading.Thread(target=self._watch, args=(end,), name="smb", daemon=True).start()
        try:
            yield
        except exceptions.SMBOSError as error:
            raise _translated(int(error.ntstatus or 0), error.errno or 0, self._server) from None
        except exceptions.SMBConnectionClosed:
            raise Dropped("the connection broke") from None
        except exceptions.SMBResponseException as error:
            raise _translated(int(error.status), 0, self._server) from None
        except exceptions.SMBException as error:
            raise Dropped(f"the conversation broke off ({type(error).__name__})") from None
        except OSError as error:
            # What the server says is an SMBOSError: this is our end of the connection, EBADF when another thread closed it.
            raise Dropped(f"the connection broke ({type(error).__name__})") from None
        except ValueError as error:
            # Of the package when a server cannot be reached; of a name that it cannot read.
            raise Dropped(f"no connection ({type(error).__name__})") from None
        finally:
            end.set()


def _translated(status: int, number: int, server: SmbServer) -> Exception:
    """Return what a status of the server means here."""
    if status in _LOCKED_OUT:
        return AccessDenied(f"{server.name}: {_LOCKED_OUT[status]}", hint="it is not tried again: accounts are locked after a few times")
    if status in _NO_SHARE:
        return SourceUnavailable(f"{server.name}: the server has no such share", hint="is `root` spelt right?")
    if status in _SHARING:
        return Unreadable("locked", "another application has it open")
    if status in _AWAY:
        return Unreadable("offline", "in cold storage or in the cloud")
    if status in _NOT_THERE or number == errno.ENOENT:
        return FileNotFoundError(errno.ENOENT, "it is not there")
    if status in _DENIED or number in {errno.EACCES, errno.EPERM}:
        return PermissionError(errno.EACCES, "it may not be opened")
    if status in {0xC000020C, 0xC0000203, 0xC000035C, 0xC000009A}:  # disconnected, session gone, session expired, no resources
        return Dropped("the server ended the conversation")
    return OSError(number or errno.EIO, f"the server refuses it (0x{status:08X})")


def _nanoseconds(at: datetime | None) -> int:
    """Return the time of a file; 0 when it is before 1970 (1601: nobody set it)."""
    if at is None:
        return 0
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    delta = at - datetime(1970, 1, 1, tzinfo=UTC)
    return max(0, (delta.days * 86_400 + delta.seconds) * 1_000_000_000 + delta.microseconds * 1_000)


def _state(file: Any) -> tuple[int, int]:
    return int(file.fd.end_of_file), _nanoseconds(file.fd.last_write_time)


def _skew(connection: Any) -> float | None:
    """Return how far the server's clock is before ours; None when it does not say. To be asked right after the conversation began."""
    for packet in connection.preauth_integrity_hash_value:
        # The answer to the first question (MS-SMB2 2.2.4): its header, 40 bytes, the time in steps of 100 ns since 1601.
        if len(packet) >= 112 and packet[:4] == b"\xfeSMB" and packet[12:14] == b"\0\0" and packet[16] & 1:
            ticks = int.from_bytes(packet[104:112], "little")
            return ticks / 1e7 - 11_644_473_600 - datetime.now(UTC).timestamp()
    return None
