"""What people may set about a file share, and where its root lies."""

import os
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from auditor.connect.http.options import HttpOptions
from auditor.connect.secret import Secret
from auditor_connectors.documents.limits import DEFAULT, Limits

Scheme = Literal["", "smb", "sftp", "webdav", "webdavs", "s3"]
SCHEMES = ("smb", "sftp", "webdav", "webdavs", "s3")
_BEGIN = re.compile(r"^([a-z][a-z0-9+.-]+)://", re.IGNORECASE)
_PORTS = {"smb": 445, "sftp": 22, "webdav": 80, "webdavs": 443, "s3": 0}
_OWN = {
    "user": SCHEMES,
    "password": SCHEMES,
    "connections": SCHEMES,
    "http": ("webdav", "webdavs", "s3"),
    "kerberos": ("smb",),
    "encrypt": ("smb",),
    "domain_controller": ("smb",),
    "key_file": ("sftp",),
    "passphrase": ("sftp",),
    "known_hosts": ("sftp",),
    "host_key": ("sftp",),
    "timeout_seconds": ("smb", "sftp"),
    "endpoint_url": ("s3",),
    "region": ("s3",),
    "session_token": ("s3",),
    "anonymous": ("s3",),
}
"""Option → the kinds of root that know it."""


@dataclass(frozen=True, slots=True)
class Root:
    """Where a share lies.

    Attributes:
        host: server; of S3 the bucket.
        path: below it, without '/' at its ends; of SMB it begins with the name of the share.
    """

    scheme: Scheme
    host: str
    port: int
    path: str

    @classmethod
    def of(cls, text: str) -> "Root":
        """Return what an address says.

        Raises:
            ValueError: it is none, or holds what does not belong there; the message does not repeat it.
        """
        begin = _BEGIN.match(text)
        if begin is None:
            return cls("", "", 0, text)
        scheme = begin[1].lower()
        if scheme not in SCHEMES:
            raise ValueError(f"a share is a folder, or begins with {', '.join(f'{known}://' for known in SCHEMES)}")
        try:
            parts = urlsplit(text)
            port = parts.port
        except ValueError:
            raise ValueError("the address cannot be read") from None
        if "@" in parts.netloc:
            raise ValueError('an address holds no user or password: write user = "…" and password = {env = "NAME"}')
        if parts.query or parts.fragment:
            raise ValueError("an address of a share has no parameters; write %3F and %23 for ? and # in names")
        if not parts.hostname:
            raise ValueError("the address names no server" if scheme != "s3" else "the address names no bucket")
        path = unquote(parts.path, errors="surrogateescape").strip("/")
        if any(part in {".", ".."} for part in path.split("/")) or "\\" in path:
            raise ValueError("the path of a share has no '.', '..' or '\\'")
        if scheme == "smb" and not path:
            raise ValueError("write smb://server/share, or smb://server/share/folder")
        host = parts.netloc.rpartition(":")[0] or parts.netloc if scheme == "s3" else parts.hostname
        return cls(scheme, host, port or _PORTS[scheme], path)  # type: ignore[arg-type]


class FileshareOptions(BaseModel):
    """The table of a file share in `auditor.toml`."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    root: Annotated[str, BeforeValidator(lambda value: os.fspath(value) if isinstance(value, Path) else value)]
    """The folder, or the address of one. Each folder directly below is a place, thus a project unless `[[project]]` says otherwise."""
    include: tuple[str, ...] = ()
    """Patterns of files (`*.docx`, `*/Reports/**`); left out: all."""
    exclude: tuple[str, ...] = ()
    """Patterns of files and folders that are not looked at (`Archive/**`, `*.bak`)."""
    url: Annotated[str, Field(pattern=r"^((https?|file)://[^\s\"'<>\\]+)?$")] = ""
    """Address under which people reach the folder; links of evidence begin with it. Left out: the folder itself."""
    max_file_mb: Annotated[int, Field(gt=0, le=4_096)] = DEFAULT.file_bytes // 2**20
    max_seconds: Annotated[float, Field(gt=0, le=3_600)] = DEFAULT.seconds
    """Time for one file."""
    max_memory_mb: Annotated[int, Field(ge=128)] = DEFAULT.memory_bytes // 2**20
    max_files: Annotated[int, Field(gt=0)] = 200_000
    """Of one first-level folder."""
    max_depth: Annotated[int, Field(gt=0, le=1_000)] = 60
    readers: Annotated[int, Field(ge=0, le=64)] = 0
    """Processes that read files at once; 0: as fits the machine."""

    user: str = ""
    """As whom a server is asked; of S3 the id of the access key."""
    password: Secret | None = None
    """Of the user; of S3 the secret access key."""
    connections: Annotated[int, Field(ge=1, le=32)] = 4
    """How much is asked of a server at once."""
    timeout_seconds: Annotated[float, Field(gt=0, le=3_600)] = 60.0
    """SMB, SFTP: how long an answer may take."""
    http: HttpOptions = HttpOptions()
    """WebDAV, S3: how the server is asked."""
    kerberos: bool = False
    """SMB: sign in by the ticket of whoever runs auditor, or with the password at the domain; never by NTLM."""
    encrypt: bool = False
    """SMB: refuse to speak unencrypted."""
    domain_controller: str = ""
    """SMB: who knows where folders of a distributed file system (DFS) lie."""
    key_file: Path | None = None
    """SFTP: the private key."""
    passphrase: Secret | None = None
    """SFTP: of the private key."""
    known_hosts: Path | None = None
    """SFTP: keys of servers, as OpenSSH keeps them. Left out: `~/.ssh/known_hosts`."""
    host_key: Annotated[str, Field(pattern=r"^(SHA256:[A-Za-z0-9+/]{43}=?)?$")] = ""
    """SFTP: fingerprint of the server's key; then no other one is accepted, and `known_hosts` is not read."""
    endpoint_url: Annotated[str, Field(pattern=r"^(https?://[^\s@?#]+)?$")] = ""
    """S3: the server. Left out: Amazon's."""
    region: str = ""
    session_token: Secret | None = None
    """S3: of temporary credentials."""
    anonymous: bool = False
    """S3: ask as nobody in particular. Without it and without `user` AWS's own sources of credentials count."""

    @field_validator("root")
    @classmethod
    def _is_root(cls, value: str) -> str:
        Root.of(value)
        return value

    @model_validator(mode="after")
    def _belong_together(self) -> Self:
        scheme = self.where.scheme
        for name in sorted(self.model_fields_set & _OWN.keys()):
            if scheme not in _OWN[name]:
                raise ValueError(f"`{name}` belongs to {', '.join(f'{known}://' for known in _OWN[name])}")
        if bool(self.user) < bool(self.password):
            raise ValueError("`password` needs a `user`")
        if self.passphrase and not self.key_file:
            raise ValueError("`passphrase` needs a `key_file`")
        if self.anonymous and self.user:
            raise ValueError("either `user` or `anonymous`")
        return self

    @property
    def where(self) -> Root:
        """Where the root lies."""
        return Root.of(self.root)

    def limits(self) -> Limits:
        """Return the limits on one file."""
        return replace(DEFAULT, file_bytes=self.max_file_mb * 2**20, seconds=self.max_seconds, memory_bytes=self.max_memory_mb * 2**20)

    def read(self, secret: Secret | None, base: Path) -> str:
        """Return what a secret is, '' when there is none. Raises UsageError as `Secret.read`."""
        return "" if secret is None else secret.read(base)


def asked(value: Any) -> str:
    """Return a text of a server on one line, as it may stand in a message."""
    return "".join(letter if letter.isprintable() else " " for letter in str(value))[:120].strip()
