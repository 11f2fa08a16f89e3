"""The connectors for SharePoint: through Microsoft Graph, and of a server of one's own."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from auditor.connect.protocol import Diagnosis, Item, Known, Proposal, Pulled, Record, Scope
from auditor_connectors.sharepoint.diagnose import diagnose
from auditor_connectors.sharepoint.graph import Graph, Tenant
from auditor_connectors.sharepoint.items import read_place
from auditor_connectors.sharepoint.options import ReadingOptions, ServerOptions, SharePointOptions
from auditor_connectors.sharepoint.server import Server
from auditor_connectors.sharepoint.suggest import suggest
from auditor_connectors.sharepoint.walk import Walk


class _Connector(ABC):
    """Reads libraries and lists of sites. Never writes.

    Args:
        options: the source's table in `auditor.toml`.
        name: the source's name.
        base: folder that relative paths of the options count from.
    """

    name: ClassVar[str]
    project_key: ClassVar[str] = "sharepoint"
    """The key of `[[project]]` that lists places of SharePoint."""
    Options: ClassVar[type[BaseModel]]

    def __init__(self, options: Any, *, name: str = "sharepoint", base: Path | None = None) -> None:
        self._options: Any = options
        self._source = name
        self._base = base or Path()

    @abstractmethod
    def _tenant(self) -> Tenant:
        """Return whom to ask."""

    @property
    def _reading(self) -> ReadingOptions:
        options: ReadingOptions = self._options
        return options

    def pull(self, scope: Scope, known: Known) -> Iterator[Pulled]:
        """Yield a record per document, folder and list, what stands beside them, and how far each site is covered.

        Raises:
            AccessDenied: nobody is signed in.
            SourceUnavailable: the source, or the authority, does not answer.
            UsageError: an address or a secret cannot be used.
        """
        tenant = self._tenant()
        walk = Walk(tenant, known, scope, self._reading)
        walking = walk.run()
        try:
            # Not `yield from`: whoever leaves a pull must end the waiting before the walk gives its threads back.
            for pulled in walking:  # noqa: UP028
                yield pulled
        finally:
            walk.stop()
            walking.close()
            tenant.close()

    def diagnose(self, scope: Scope) -> Diagnosis | None:
        """Return what the source says of itself and of us. Errors are those of `pull`."""
        tenant = self._tenant()
        try:
            return diagnose(tenant, self._reading, scope)
        finally:
            tenant.close()

    def read(self, records: Iterable[Record]) -> Iterator[tuple[Record, Item]]:
        """Yield the documents, lists, folders and rights of one place, and what of it could not be seen."""
        return read_place(records, ZoneInfo(self._reading.time_zone), self._reading.columns)


class SharePointConnector(_Connector):
    """Reads Microsoft 365 through Graph."""

    name = "sharepoint"
    Options = SharePointOptions

    def _tenant(self) -> Graph:
        return Graph(self._options, self._base)

    def suggest(self) -> Proposal:
        """Return which sites could be read. Errors are those of `pull`."""
        graph = self._tenant()
        try:
            return suggest(graph, self._options)
        finally:
            graph.close()


class SharePointServerConnector(_Connector):
    """Reads a SharePoint Server through its REST interface."""

    name = "sharepoint-server"
    Options = ServerOptions

    def _tenant(self) -> Server:
        return Server(self._options, self._base)
