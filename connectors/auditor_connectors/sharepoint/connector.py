"""The connector for SharePoint through Microsoft Graph."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from auditor.connect.protocol import Diagnosis, Item, Known, Proposal, Pulled, Record, Scope
from auditor_connectors.sharepoint.diagnose import diagnose
from auditor_connectors.sharepoint.graph import Graph
from auditor_connectors.sharepoint.items import read_place
from auditor_connectors.sharepoint.options import SharePointOptions
from auditor_connectors.sharepoint.suggest import suggest
from auditor_connectors.sharepoint.walk import Walk


class SharePointConnector:
    """Reads libraries and lists of sites. Never writes.

    Args:
        options: the source's table in `auditor.toml`.
        name: the source's name.
        base: folder that relative paths of the options count from.
    """

    name = "sharepoint"
    project_key = "sharepoint"
    """The key of `[[project]]` that lists places of SharePoint."""
    Options = SharePointOptions

    def __init__(self, options: SharePointOptions, *, name: str = "sharepoint", base: Path | None = None) -> None:
        self._options = options
        self._source = name
        self._base = base or Path()

    def pull(self, scope: Scope, known: Known) -> Iterator[Pulled]:
        """Yield a record per document, folder and list, what stands beside them, and how far each site is covered.

        Raises:
            AccessDenied: nobody is signed in.
            SourceUnavailable: Graph, or the authority, does not answer.
            UsageError: an address or a secret cannot be used.
        """
        graph = Graph(self._options, self._base)
        walk = Walk(graph, known, scope, self._options)
        walking = walk.run()
        try:
            # Not `yield from`: whoever leaves a pull must end the waiting before the walk gives its threads back.
            for pulled in walking:  # noqa: UP028
                yield pulled
        finally:
            walk.stop()
            walking.close()
            graph.close()

    def diagnose(self, scope: Scope) -> Diagnosis | None:
        """Return what Graph says of itself and of us. Errors are those of `pull`."""
        graph = Graph(self._options, self._base)
        try:
            return diagnose(graph, self._options, scope)
        finally:
            graph.close()

    def suggest(self) -> Proposal:
        """Return which sites could be read. Errors are those of `pull`."""
        graph = Graph(self._options, self._base)
        try:
            return suggest(graph, self._options)
        finally:
            graph.close()

    def read(self, records: Iterable[Record]) -> Iterator[tuple[Record, Item]]:
        """Yield the documents, lists, folders and rights of one place, and what of it could not be seen."""
        return read_place(records, ZoneInfo(self._options.time_zone), self._options.columns)
