"""SFTP, over paramiko. A server whose key nobody vouched for is not spoken to."""

import base64
import contextlib
import hashlib
import logging
import posixpath
import socket
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.errors import AccessDenied, SourceUnavailable, UsageError
from auditor_connectors.fileshare.options import FileshareOptions, asked
from auditor_connectors.fileshare.place import link_of
from auditor_connectors.fileshare.remote import ATTEMPTS, About, Dropped, Sink, State
from auditor_connectors.fileshare.tree import Listing, Row
from auditor_connectors.fileshare.walk import Met

if TYPE_CHECKING:
    import paramiko

_PART = 32_768
_AHEAD = 64
_OPENDIR, _READDIR, _CLOSE, _HANDLE, _NAME = 11, 12, 4, 102, 104


class SftpServer:
    """How an SFTP server is reached.

    Args:
        options: the source's table.
        base: folder that relative paths of the options count from.

    Raises:
        UsageError: a secret, a key or the package is missing.
    """

    says_when_written = True
    has_exact_tags = False
    retries = ATTEMPTS

    def __init__(self, options: FileshareOptions, base: Path) -> None:
        try:
            import paramiko  # noqa: PLC0415  (an extra)
        except ImportError:
            raise UsageError("the package `paramiko` is not installed", hint="pip install 'auditor[sftp]'") from None
        self._paramiko = paramiko
        logging.getLogger("paramiko").setLevel(logging.CRITICAL)  # it logs broken connections as errors; we say what they cost
        where = options.where
        self._host, self._port = where.host, where.port
        self.root = "/" + where.path if where.path else "."
        shown = f"[{where.host}]" if ":" in where.host else where.host
        begin = f"sftp://{shown}" + (f":{where.port}" if where.port != 22 else "")
        self.url = link_of(begin, where.path)
        self.name = self.url
        self.user = options.user
        if not self.user:
            raise UsageError(f"{self.name}: SFTP needs a `user`", hint='and `password = {env = "NAME"}`, or `key_file`')
        self._password = options.read(options.password, base)
        self._key = self._read_key(options, base)
        if not self._password and self._key is None:
            raise UsageError(f"{self.name}: SFTP needs a `password` or a `key_file`")
        self._timeout = options.timeout_seconds
        self._fingerprint = options.host_key.rstrip("=")
        self._known_hosts = base / options.known_hosts if options.known_hosts else Path("~/.ssh/known_hosts").expanduser()
        if options.known_hosts and not self._known_hosts.is_file():
            raise UsageError(f"{self._known_hosts}: there is no such file", hint="`known_hosts` names it")

    def _read_key(self, options: FileshareOptions, base: Path) -> "paramiko.PKey | None":
        if options.key_file is None:
            return None
        file = base / options.key_file
        passphrase = options.read(options.passphrase, base)
        try:
            return self._paramiko.PKey.from_path(file, passphrase.encode() if passphrase else None)
        except OSError as error:
            raise UsageError(f"{file}: the key cannot be read", hint=error.strerror) from None
        except Exception as error:  # noqa: BLE001  (of several packages; none may show what is in the file)
            hint = "is it a private key, and the `passphrase` right?" if passphrase else "has it a `passphrase`?"
            raise UsageError(f"{file}: the key cannot be used ({type(error).__name__})", hint=hint) from None

    def connect(self) -> "SftpLine":
        """Return a new connection, errors as `Server`."""
        paramiko = self._paramiko
        try:
            channel = socket.create_connection((self._host, self._port), timeout=self._timeout)
        except OSError as error:
            raise Dropped(f"no connection ({error.strerror or type(error).__name__})") from None
        transport = None
        try:
            transport = paramiko.Transport(channel)
            transport.banner_timeout = transport.auth_timeout = transport.handshake_timeout = self._timeout
            transport.set_keepalive(15)
            self._prefer_known(transport)
            transport.start_client(timeout=self._timeout)
            self._check_key(transport.get_remote_server_key())
            self._sign_in(transport)
            line = SftpLine(self, transport, self._timeout)
        except BaseException as error:
            if transport is not None:
                transport.close()
            channel.close()
            if isinstance(error, (paramiko.SSHException, EOFError, OSError)):
                raise Dropped(f"no connection ({type(error).__name__})") from None
            raise
        return line

    def close(self) -> None:
        """Do nothing: every connection has what it needs."""

    def _sign_in(self, transport: "paramiko.Transport") -> None:
        paramiko = self._paramiko
        try:
            if self._key is not None:
                left = transport.auth_publickey(self.user, self._key)
                if left and self._password:
                    transport.auth_password(self.user, self._password)
            else:
                transport.auth_password(self.user, self._password)
        except paramiko.BadAuthenticationType as error:
            kinds = ", ".join(asked(kind) for kind in error.allowed_types)
            raise AccessDenied(f"{self.name}: the server does not accept this way of signing in", hint=f"it accepts: {kinds}") from None
        except paramiko.AuthenticationException as error:
            if type(error) is not paramiko.AuthenticationException or "timeout" in str(error).lower():
                raise Dropped("the sign-in broke off") from None
            what = "key" if self._key is not None else "password"
            raise AccessDenied(
                f"{self.name}: the server does not accept the {what} of {self.user}", hint="is it right, and valid?"
            ) from None
        if not transport.is_authenticated():
            raise AccessDenied(f"{self.name}: the server asks for more than one proof", hint="ask its administrator for an account without")

    # The server's key

    def _keys(self) -> list[tuple[bool, str, bytes]]:
        """Return the keys that are known for this server: whether it was revoked, its type, the key."""
        host = self._host if self._port == 22 else f"[{self._host}]:{self._port}"
        if not self._known_hosts.is_file():
            return []
        paramiko = self._paramiko
        found = []
        try:
            lines = self._known_hosts.read_text("utf-8", "replace").splitlines()
        except OSError as error:
            raise UsageError(f"{self._known_hosts}: the known servers cannot be read", hint=error.strerror) from None
        keys = paramiko.HostKeys()
        for line in lines:
            words = line.split()
            is_revoked = words[:1] == ["@revoked"]
            words = words[1:] if is_revoked else words
            if len(words) < 3 or words[0].startswith(("#", "@")):
                continue
            with contextlib.suppress(ValueError):
                key = base64.b64decode(words[2], validate=True)
                names = words[0].split(",")
                if any(name == host or (name.startswith("|1|") and _is_hash_of(keys, name, host)) for name in names):
                    found.append((is_revoked, words[1], key))
        return found

    def _prefer_known(self, transport: "paramiko.Transport") -> None:
        """Ask for a key of a type that is known first."""
        known = [] if self._fingerprint else [kind for is_revoked, kind, _ in self._keys() if not is_revoked]
        wanted = {"rsa-sha2-512", "rsa-sha2-256"} if "ssh-rsa" in known else set()
        options = transport.get_security_options()
        types = list(options.key_types)
        options.key_types = sorted(types, key=lambda kind: kind not in known and kind not in wanted)

    def _check_key(self, key: "paramiko.PKey") -> None:
        said = "SHA256:" + base64.b64encode(hashlib.sha256(key.asbytes()).digest()).decode().rstrip("=")
        if self._fingerprint:
            if said != self._fingerprint:
                raise SourceUnavailable(
                    f"{self.name}: the server shows another key than `host_key` says ({said})",
                    hint="somebody may be in between: ask its administrator before you change `host_key`",
                )
            return
        known = self._keys()
        if any(is_revoked and other == key.asbytes() for is_revoked, _, other in known):
            raise SourceUnavailable(f"{self.name}: the server shows a key that was revoked ({said})", hint="ask its administrator")
        trusted = [other for is_revoked, _, other in known if not is_revoked]
        if key.asbytes() in trusted:
            return
        if trusted:
            raise SourceUnavailable(
                f"{self.name}: the server shows another key than {self._known_hosts} holds ({said})",
                hint="somebody may be in between: ask its administrator before you change the file",
            )
        raise SourceUnavailable(
            f"{self.name}: nobody vouched for the server's key ({said})",
            hint=f'compare it with what its administrator says, then write host_key = "{said}", or add the key to {self._known_hosts}',
        )


def _is_hash_of(keys: Any, name: str, host: str) -> bool:
    return bool(keys.hash_host(host, name) == name)


class SftpLine:
    """A connection to an SFTP server. Names travel as bytes: nobody says that they are UTF-8."""

    def __init__(self, server: SftpServer, transport: "paramiko.Transport", timeout: float) -> None:
        import paramiko  # noqa: PLC0415  (an extra)

        self._server = server
        self._transport = transport
        self._broken = (paramiko.SSHException, EOFError, socket.timeout, paramiko.SFTPError)
        client = paramiko.SFTPClient.from_transport(transport)
        assert client is not None
        self._client: Any = client
        channel = client.get_channel()
        assert channel is not None
        channel.settimeout(timeout)
        self._attributes: Any = paramiko.SFTPAttributes

    def _path(self, path: str) -> bytes:
        whole = posixpath.join(self._server.root, path) if path else self._server.root
        return whole.encode("utf-8", "surrogateescape")

    def listing(self, folder: str) -> Listing:
        """Return what lies in a folder, errors as `Line`."""
        with self._watched():
            return Listing(self._rows(self._path(folder)))

    def _rows(self, folder: bytes) -> list[Row]:
        client = self._client
        kind, answer = client._request(_OPENDIR, folder)  # noqa: SLF001  (its own listing fails on names that are not UTF-8)
        if kind != _HANDLE:
            raise EOFError
        handle = answer.get_binary()
        rows = []
        while True:
            try:
                kind, answer = client._request(_READDIR, handle)  # noqa: SLF001  (as above)
            except EOFError:
                if not self._transport.is_active():
                    raise
                break
            if kind != _NAME:
                raise EOFError
            for _ in range(answer.get_int()):
                name = answer.get_binary().decode("utf-8", "surrogateescape")
                answer.get_binary()
                about = self._attributes._from_msg(answer, "", "")  # noqa: SLF001  (as above)
                if name in {".", ".."}:
                    continue
                mode = about.st_mode
                if mode is None:
                    mode = self._client.lstat(folder + b"/" + name.encode("utf-8", "surrogateescape")).st_mode or 0
                rows.append(Row(name, mode, about.st_size or 0, int(about.st_mtime or 0) * 1_000_000_000))
        client._request(_CLOSE, handle)  # noqa: SLF001  (as above)
        return rows

    def link(self, path: str) -> str:
        """Return what is to be said of a link; '' when it leads below the root."""
        with self._watched():
            try:
                target = self._client.normalize(self._path(path))
                root = self._client.normalize(self._path(""))
                self._client.stat(self._path(path))
            except OSError as error:
                if isinstance(error, self._broken):
                    raise
                return "a link to something that is not there, or to itself"
        return "" if target == root or target.startswith(root.rstrip("/") + "/") else "a link, which is not followed"

    def fetch(self, met: Met, sink: Sink) -> State:
        """Hand over the content of a file, errors as `Line`."""
        with self._watched(), self._client.open(self._path(met.raw), "rb", bufsize=0) as file:
            before = file.stat()
            if stat.S_ISLNK(before.st_mode or 0) or (before.st_mode and not stat.S_ISREG(before.st_mode)):
                raise OSError(0, "it is no plain file any more")
            file.prefetch(before.st_size, _AHEAD)
            while part := file.read(_PART):
                sink.write(part)
            after = file.stat()
        is_same = (before.st_size, before.st_mtime) == (after.st_size, after.st_mtime)
        return State(int(before.st_size or 0), int(before.st_mtime or 0) * 1_000_000_000, has_changed=not is_same)

    def about(self) -> About:
        """Return the account and what the server calls itself."""
        return About(self._server.user, asked(self._transport.remote_version))

    def close(self) -> None:
        """End the connection."""
        self._transport.close()

    @contextlib.contextmanager
    def _watched(self) -> Any:
        try:
            yield
        except self._broken as error:
            raise Dropped(f"the connection broke ({type(error).__name__})") from None
        except OSError as error:
            if not self._transport.is_active():
                raise Dropped(f"the connection broke ({type(error).__name__})") from None
            # What the server writes into its refusals is nothing that we need to repeat.
            raise OSError(error.errno or 0, error.strerror if error.errno else "the server refuses it") from None
