"""The table of a SharePoint source in `auditor.toml`."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from auditor.connect.http import HttpOptions
from auditor.connect.secret import Secret
from auditor_connectors.documents.limits import DEFAULT, Limits

_ADDRESS = r"^https?://[^\s\"'<>\\@]+$"
_CONTENT_HOSTS = ("*.sharepoint.com", "*.sharepoint.us", "*.sharepoint-mil.us", "*.sharepoint.cn", "*.svc.ms", "*.1drv.com")


class GraphHttp(HttpOptions):
    """As of every source; more than a few requests at once are refused."""

    concurrency: int = Field(default=4, ge=1, le=64)


class Part(BaseModel):
    """A folder of a site's library that is a project of its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    site: Annotated[str, Field(min_length=1)]
    """Place of the site, as it would be called undivided: 'PMO'."""
    folder: Annotated[str, Field(min_length=1)]
    """Library and folders below it: 'Documents/Projects/Alpha'."""

    @field_validator("folder")
    @classmethod
    def _is_plain(cls, value: str) -> str:
        return value.strip("/")


class ListOptions(BaseModel):
    """How a list is to be read where its own words do not tell."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = ""
    """As if the list were called so: 'Risk log'."""
    columns: dict[str, str] = Field(default_factory=dict)
    """Column, by its internal or display name → as if it were called so: {"Holder" = "Risk owner"}; '' leaves it out."""
    skip: bool = False


class LibraryColumns(BaseModel):
    """Which columns of libraries say what the model knows of a document; internal or display names, the first that is filled counts.

    They are looked for beside the shipped names (`library.yaml`), and before them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: tuple[str, ...] = ()
    version: tuple[str, ...] = ()
    owner_id: tuple[str, ...] = ()
    submitted_on: tuple[str, ...] = ()
    approved_on: tuple[str, ...] = ()
    approved_by: tuple[str, ...] = ()
    statuses: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Status of the model → words of the column: {approved = ["Signed off"]}."""

    @field_validator("statuses")
    @classmethod
    def _are_known(cls, value: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        if unknown := sorted(value.keys() - {"draft", "in_review", "approved", "baselined", "superseded", "archived"}):
            raise ValueError(f"no status of a document: {', '.join(unknown)}")
        return value


class ReadingOptions(BaseModel):
    """What is read, and how: the same for SharePoint in the cloud and of one's own."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    sites: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    """Addresses of sites; in the cloud also ids. Left out there: all that the application may list (none with `Sites.Selected`)."""
    subsites: bool = False
    """Whether the sites below each site are read, too, each as a place."""
    parts: dict[str, Part] = Field(default_factory=dict)
    """Place → folder of a site that it is; the rest of the site stays the site's place."""
    include: tuple[str, ...] = ()
    """Patterns of files (`*.docx`, `*/Reports/**`); left out: all."""
    exclude: tuple[str, ...] = ()
    """Patterns of files, folders, libraries and lists that are not looked at (`*/Archive/**`)."""
    lists: dict[str, ListOptions] = Field(default_factory=dict)
    """List, by its title or the name in its address → how it is to be read."""
    columns: LibraryColumns = LibraryColumns()
    """Which columns of libraries say how far a document is."""
    sees_unapproved: bool | None = None
    """Whether the account sees what is not approved yet in libraries with content approval. Left out: what its rights tell."""
    versions: Annotated[int, Field(ge=0, le=50_000)] = 500
    """How many versions of a document, or of a row of a list, are listed at most; 0: none. Contents of old documents are not read, old rows
    are: they are the past of a register."""
    http: GraphHttp = GraphHttp()
    """How it is asked: proxy, authority, limits."""
    max_file_mb: Annotated[int, Field(gt=0, le=4_096)] = DEFAULT.file_bytes // 2**20
    max_seconds: Annotated[float, Field(gt=0, le=3_600)] = DEFAULT.seconds
    """Time for reading one file."""
    max_memory_mb: Annotated[int, Field(ge=128)] = DEFAULT.memory_bytes // 2**20
    readers: Annotated[int, Field(ge=0, le=64)] = 0
    """Processes that read files at once; 0: as fits the machine."""
    time_zone: str = "UTC"
    """Zone in which instants of lists become days."""

    @field_validator("time_zone")
    @classmethod
    def _is_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"unknown time zone {value!r}") from error
        return value

    def limits(self) -> Limits:
        """Return the limits on one file."""
        return replace(DEFAULT, file_bytes=self.max_file_mb * 2**20, seconds=self.max_seconds, memory_bytes=self.max_memory_mb * 2**20)


class SharePointOptions(ReadingOptions):
    """A tenant that is asked through Microsoft Graph, and as whom."""

    tenant: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]*$")]
    """Id or domain of the tenant."""
    client_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]+$")]
    """Id of the application that was registered for auditor."""
    secret: Secret | None = None
    """Client secret of the application."""
    certificate: Secret | None = None
    """Private key of the application's certificate (PEM), instead of a secret."""
    thumbprint: Annotated[str, Field(pattern=r"^[0-9A-Fa-f: ]*$")] = ""
    """SHA-1 thumbprint of the certificate. Left out: `certificate` holds the certificate, too."""
    passphrase: Secret | None = None
    """Of the private key."""
    device_cache: Path | None = None
    """Instead of both: a person signs in with a code; this file (mode 0600) keeps what is needed not to ask again."""
    authority: Annotated[str, Field(pattern=_ADDRESS)] = "https://login.microsoftonline.com"
    """Where the application signs in: other national clouds have their own."""
    graph: Annotated[str, Field(pattern=_ADDRESS)] = "https://graph.microsoft.com/v1.0"
    """Address of Graph, its version included."""
    discover: bool = True
    """Whether the authority is checked with Microsoft's list of clouds. False for an authority that no list holds."""
    content_hosts: tuple[str, ...] = _CONTENT_HOSTS
    """Hosts that contents may be fetched from (patterns); they never get the token."""
    company: Annotated[str, Field(pattern=r"^[\w .-]*$")] = ""
    """Named in the `User-Agent`: Microsoft slows down nameless traffic first."""

    @model_validator(mode="after")
    def _has_one_proof(self) -> Self:
        if sum(item is not None for item in (self.secret, self.certificate, self.device_cache)) != 1:
            raise ValueError("a SharePoint needs either `secret`, `certificate` or `device_cache`")
        if self.certificate is None and (self.thumbprint or self.passphrase):
            raise ValueError("`thumbprint` and `passphrase` say something about a `certificate`")
        return self


class ServerOptions(ReadingOptions):
    """A SharePoint Server of one's own, asked through its REST interface."""

    sites: Annotated[tuple[Annotated[str, Field(pattern=_ADDRESS)], ...], Field(min_length=1)]
    """Addresses of sites, all on one server."""
    user: str = ""
    """Account: `DOMAIN\\name`, or a name for `basic`. Left out: `password` is a token that stands alone (of ADFS or a gateway)."""
    password: Secret
    """Of the account, or the token."""
    sign_in: Literal["ntlm", "basic", "token"] = "ntlm"
    """How the server wants to know who asks."""

    @model_validator(mode="after")
    def _is_one_server(self) -> Self:
        if len({urlsplit(site)[:2] for site in self.sites}) > 1:
            raise ValueError("`sites` of one source are on one server: write another [[source]] for the other one")
        if (self.sign_in == "token") == bool(self.user):
            raise ValueError("`user` goes with `ntlm` and `basic`, and not with `token`")
        return self
