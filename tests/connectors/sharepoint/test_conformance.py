"""The tests that every connector inherits, against a served fake per folder; it is gone when the folder is."""

from contextlib import ExitStack

import pytest

from auditor.connect.conformance import ConnectorConformance
from auditor_connectors.sharepoint import SharePointConnector
from auditor_connectors.sharepoint.options import SharePointOptions
from tests.servers.graph import CLIENT, HOST, TENANT, FakeGraph, serving_graph, small
from tests.servers.web import Reply

pytestmark = pytest.mark.usefixtures("here")


class TestSharePoint(ConnectorConformance):
    @pytest.fixture(autouse=True)
    def _served(self):
        with ExitStack() as stack:
            self.stack = stack
            self.fakes = {}
            yield

    def build(self, folder):
        graph = self.stack.enter_context(serving_graph(small(FakeGraph())))
        (folder / "there").write_text("")
        graph.faults.append(lambda _: None if folder.exists() else Reply(b"", cut=-1))
        self.fakes[folder] = graph

    def connect(self, folder):
        graph = self.fakes[folder]
        options = SharePointOptions(
            tenant=TENANT,
            client_id=CLIENT,
            secret={"env": "GRAPH_TEST_SECRET"},
            authority=graph.authority.url,
            discover=False,
            graph=f"{graph.server.url}/v1.0",
            content_hosts=("127.0.0.1",),
            sites=[f"https://{HOST}/{site.path}" for site in graph.sites.values()],
            readers=1,
        )
        return SharePointConnector(options)

    def _found(self, folder):
        graph = self.fakes[folder]
        drive = next(iter(graph.drives.values()))
        return graph, drive, next(item for item in drive.items.values() if item.name == "Note 1.md")

    def change(self, folder):
        graph, drive, item = self._found(folder)
        graph.write(drive, item, "# Another note\n")
        return [f"file:{drive.id}:{item.id}"]

    def remove(self, folder):
        graph, drive, item = self._found(folder)
        graph.delete(drive, item)
        return [f"file:{drive.id}:{item.id}"]
