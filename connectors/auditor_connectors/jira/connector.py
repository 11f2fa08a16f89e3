"""The connector for Jira: recorded answers of REST v2 and v3, of the agile interface, in a folder."""

from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator

from auditor.config.mapping import EntryMapping, load_mapping
from auditor.connect.protocol import Item, Known, Proposal, Pulled, Record, Scope
from auditor_connectors.jira.gather import Gathering
from auditor_connectors.jira.pages import folder_pages
from auditor_connectors.jira.place import read_place
from auditor_connectors.jira.propose import propose


class JiraOptions(BaseModel):
    """The table of a Jira source in `auditor.toml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pages: Path
    """Folder of recorded answers, in any arrangement; gzip or not."""
    url: Annotated[str, Field(pattern=r"^(https?://[^\s\"'<>\\]+)?$")] = ""
    """Address of the Jira, for links that people click and to tell its accounts from those of another."""
    complete: bool | None = None
    """Whether the folder holds every issue of its projects. Left out: what the paging of the recorded searches says."""
    time_zone: str = "UTC"
    """Zone in which instants become days."""

    @field_validator("time_zone")
    @classmethod
    def _is_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"unknown time zone {value!r}") from error
        return value


class JiraConnector:
    """Reads issues, their history and what hangs on them. Never writes.

    Args:
        options: the source's table in `auditor.toml`.
        name: the source's name; it stands for the directory of accounts when no address is configured.
        base: folder that a relative `pages` counts from.
    """

    name = "jira"
    project_key = "jira"
    """The key of `[[project]]` that lists projects of Jira."""
    Options = JiraOptions

    def __init__(self, options: JiraOptions, *, name: str = "jira", base: Path | None = None) -> None:
        self._options = options
        self._source = name
        self._folder = base / options.pages if base else options.pages

    def pull(self, scope: Scope, known: Known) -> Iterator[Pulled]:
        """Yield a record per page, project and issue, and how far each project is covered.

        Raises:
            AccessDenied: the folder may not be listed.
            SourceUnavailable: there is no such folder.
        """
        pages = folder_pages(self._folder)
        yield from Gathering(pages, known, scope, base_url=self._options.url.rstrip("/"), completeness=self._options.complete).run()

    @staticmethod
    def propose(folder: Path) -> Iterator[Proposal]:
        """Yield the folders at or below *folder* that look like recorded answers."""
        return propose(folder)

    @staticmethod
    def mapping() -> EntryMapping:
        """Return the shipped mapping of issues to registers; `[source.mapping]` of `auditor.toml` goes before it."""
        file = files(__package__).joinpath("mapping.yaml")
        return load_mapping(file.read_text("utf-8"), file="jira/mapping.yaml")

    def read(self, records: Iterable[Record]) -> Iterator[tuple[Record, Item]]:
        """Yield the items of one project's records; an issue of no declared shape becomes an `unreadable` row."""
        host = self._options.url.partition("://")[2].partition("/")[0].rpartition("@")[2].lower()
        return read_place(records, realm=f"jira:{self._source}", host=host, zone=ZoneInfo(self._options.time_zone))
