"""The connector for Jira: Cloud and Data Center, or recorded answers of REST v2 and v3 and of the agile interface in a folder."""

from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

from auditor.config.mapping import EntryMapping, load_mapping
from auditor.connect.protocol import Diagnosis, Item, Known, Proposal, Pulled, Record, Scope
from auditor.errors import UsageError
from auditor_connectors.jira.gather import Gathering
from auditor_connectors.jira.live.diagnose import diagnose
from auditor_connectors.jira.live.site import Site
from auditor_connectors.jira.live.suggest import suggest
from auditor_connectors.jira.live.walk import Walk
from auditor_connectors.jira.options import JiraOptions
from auditor_connectors.jira.pages import folder_pages
from auditor_connectors.jira.place import read_place
from auditor_connectors.jira.propose import propose


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
        self._base = base or Path()

    def pull(self, scope: Scope, known: Known) -> Iterator[Pulled]:
        """Yield a record per project and issue (of recorded answers also per page), and how far each project is covered.

        Raises:
            AccessDenied: the Jira does not accept the token; the folder may not be listed.
            SourceUnavailable: the Jira does not answer; there is no such folder.
            UsageError: the address or the secret cannot be used.
        """
        options = self._options
        if options.pages is not None:
            pages = folder_pages(self._base / options.pages)
            yield from Gathering(pages, known, scope, base_url=options.url.rstrip("/"), completeness=options.complete).run()
            return
        site = Site(options, self._base)
        walk = Walk(site, known, scope, options).run()
        try:
            # Not `yield from`: whoever leaves a pull must end the waiting before the walk gives its threads back.
            for pulled in walk:  # noqa: UP028
                yield pulled
        finally:
            site.client.stop()
            walk.close()
            site.close()

    def diagnose(self, scope: Scope) -> Diagnosis | None:
        """Return what the Jira says of itself and of us; None for recorded answers. Errors are those of `pull`."""
        if self._options.pages is not None:
            return None
        site = Site(self._options, self._base)
        try:
            return diagnose(site, scope, _mapping().registers)
        finally:
            site.close()

    def suggest(self) -> Proposal:
        """Return what the Jira's own metadata propose: projects, and issue types and fields that look like registers.

        Raises:
            UsageError: there are recorded answers only. Others are those of `pull`.
        """
        if self._options.pages is not None:
            raise UsageError("recorded answers are found by looking at the folder", hint="give the address of a Jira")
        site = Site(self._options, self._base)
        try:
            return suggest(site, self._options, _mapping())
        finally:
            site.close()

    @staticmethod
    def propose(folder: Path) -> Iterator[Proposal]:
        """Yield the folders at or below *folder* that look like recorded answers."""
        return propose(folder)

    @staticmethod
    def mapping() -> EntryMapping:
        """Return the shipped mapping of issues to registers; `[source.mapping]` of `auditor.toml` goes before it."""
        return _mapping()

    def read(self, records: Iterable[Record]) -> Iterator[tuple[Record, Item]]:
        """Yield the items of one project's records; an issue of no declared shape becomes an `unreadable` row."""
        host = self._options.url.partition("://")[2].partition("/")[0].rpartition("@")[2].lower()
        return read_place(records, realm=f"jira:{self._source}", host=host, zone=ZoneInfo(self._options.time_zone))


@cache
def _mapping() -> EntryMapping:
    file = files(__package__).joinpath("mapping.yaml")
    return load_mapping(file.read_text("utf-8"), file="jira/mapping.yaml")
