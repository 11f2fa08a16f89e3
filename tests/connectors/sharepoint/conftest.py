"""A fake tenant, a configuration that points at it, and what pulls of it leave behind."""

import hashlib
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from auditor.config.settings import load_settings
from auditor.connect.protocol import Record, Unread
from auditor.snapshot.pull import SourceReport, pull
from auditor.snapshot.raw import RawStore
from auditor_connectors.documents.limits import Limits, Unreadable
from auditor_connectors.documents.pool import Read, ReaderPool
from auditor_connectors.documents.reading import structure
from auditor_connectors.sharepoint import SharePointConnector
from tests.servers.graph import CLIENT, HOST, SECRET, TENANT, FakeGraph, serving_graph


class Live:
    """One tenant and one store."""

    def __init__(self, graph: FakeGraph, folder: Path) -> None:
        self.graph = graph
        self.folder = folder

    def settings(self, *lines: str, store: str = ".auditor", sites: tuple[str, ...] | None = None) -> Any:
        if sites is None:
            sites = tuple(f"https://{HOST}/{site.path}" for site in self.graph.sites.values() if not site.parent)
        text = [
            "[store]", f'path = "{store}"', 'time_zone = "Europe/Brussels"', "[[source]]", 'name = "documents"', 'connector = "sharepoint"',
            f'tenant = "{TENANT}"', f'client_id = "{CLIENT}"', f'authority = "{self.graph.authority.url}"', "discover = false",
            f'graph = "{self.graph.server.url}/v1.0"', 'content_hosts = ["127.0.0.1"]', "readers = 1",
            *([f"sites = {list(sites)!r}".replace("'", '"')] if sites else []),
            *([] if any("device_cache" in line or "certificate" in line for line in lines) else ['secret = {env = "GRAPH_TEST_SECRET"}']),
            *lines,
        ]  # fmt: skip
        (self.folder / "auditor.toml").write_text("\n".join(text), "utf-8")
        return load_settings(self.folder)

    def pull(self, *lines: str, store: str = ".auditor", sites: tuple[str, ...] | None = None) -> SourceReport:
        return pull(self.settings(*lines, store=store, sites=sites)).sources[0]

    def connector(self, *lines: str) -> SharePointConnector:
        made = self.settings(*lines).sources[0].connect()
        assert isinstance(made, SharePointConnector)
        return made

    def records(self, store: str = ".auditor") -> dict[str, Record]:
        """What is live in the store."""
        with RawStore(self.folder / store, "documents") as raw:
            return {record.key: record for place in raw.places() for record, seen in raw.records(place) if seen.gone_at is None}

    def unread(self, store: str = ".auditor") -> dict[str, Unread]:
        """What is there and could not be read, by path."""
        with RawStore(self.folder / store, "documents") as raw:
            return {thing.path: thing for place in raw.places() for thing, _ in raw.unread(place)}

    def rows(self, *lines: str, store: str = ".auditor") -> list[str]:
        """What the live records and what could not be read say, in a fixed order."""
        found = []
        with RawStore(self.folder / store, "documents") as raw:
            for place in raw.places():
                records = [record for record, seen in raw.records(place) if seen.gone_at is None]
                for record, item in self.connector(*lines).read(records):
                    found.append(f"{place} {record.key} {record.version} {item!r}")
                found += [f"{place} {thing.key} {thing.path} {thing.reason} {thing.error}" for thing, _ in raw.unread(place)]
        return sorted(found)

    def whole(self, *lines: str) -> list[str]:
        """What a first pull into an empty store says."""
        Live.number = getattr(Live, "number", 0) + 1
        store = f"whole-{Live.number}"
        report = self.pull(*lines, store=store)
        assert report.is_complete, report
        return self.rows(*lines, store=store)

    def items(self, *lines: str, place: str = "ALPHA", store: str = ".auditor") -> list[Any]:
        """The items of a place."""
        with RawStore(self.folder / store, "documents") as raw:
            records = [record for record, seen in raw.records(place) if seen.gone_at is None]
        return [item for _, item in self.connector(*lines).read(records)]


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    """Waits are short, and the secret is where the configuration says."""
    monkeypatch.setattr("auditor.connect.http.pace._FIRST", 0.01)
    monkeypatch.setenv("GRAPH_TEST_SECRET", SECRET)


@pytest.fixture
def here(monkeypatch):
    """Files are read in this process: a child takes longer to start than a pull of a small tenant takes."""
    monkeypatch.setattr(ReaderPool, "read", lambda self, path: read_here(path, self._limits))


def read_here(path: Path, limits: Limits) -> Read:
    data = path.read_bytes()
    try:
        return Read(structure(path, limits).to_json(), size=len(data), sha256=hashlib.sha256(data).hexdigest())
    except Unreadable as error:
        return Read(None, error.reason, error.error, size=len(data))


@pytest.fixture
def live(tmp_path):
    """Make a served fake and its store: `live(FakeGraph())`."""
    with ExitStack() as stack:

        def make(graph: FakeGraph, folder: Path = tmp_path) -> Live:
            return Live(stack.enter_context(serving_graph(graph)), folder)

        yield make
