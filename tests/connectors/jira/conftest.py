"""A fake Jira, a configuration that points at it, and what pulls of it leave behind."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from auditor.config.settings import load_settings
from auditor.connect.protocol import Record
from auditor.snapshot.pull import SourceReport, pull
from auditor.snapshot.raw import RawStore
from auditor_connectors.jira import JiraConnector
from tests.servers.jira import FakeJira, serving_jira

TOKEN = "t0ken-of-nobody-else"


class Live:
    """One Jira and one store."""

    def __init__(self, jira: FakeJira, folder: Path) -> None:
        self.jira = jira
        self.folder = folder

    def settings(self, *lines: str, store: str = ".auditor") -> Any:
        text = [
            "[store]", f'path = "{store}"', "[[source]]", 'name = "tracker"', 'connector = "jira"', f'url = "{self.jira.url}"',
            'token = {env = "JIRA_TEST_TOKEN"}', *(['user = "ann@example.org"'] if self.jira.cloud else []), *lines,
        ]  # fmt: skip
        (self.folder / "auditor.toml").write_text("\n".join(text), "utf-8")
        return load_settings(self.folder)

    def pull(self, *lines: str, store: str = ".auditor") -> SourceReport:
        return pull(self.settings(*lines, store=store)).sources[0]

    def connector(self, *lines: str) -> JiraConnector:
        made = self.settings(*lines).sources[0].connect()
        assert isinstance(made, JiraConnector)
        return made

    def records(self, store: str = ".auditor") -> dict[str, Record]:
        """What is live in the store."""
        with RawStore(self.folder / store, "tracker") as raw:
            return {record.key: record for place in raw.places() for record, seen in raw.records(place) if seen.gone_at is None}

    def rows(self, *tables: str, store: str = ".auditor") -> list[str]:
        """What the live records say, in a fixed order."""
        found = []
        with RawStore(self.folder / store, "tracker") as raw:
            for place in raw.places():
                records = [record for record, seen in raw.records(place) if seen.gone_at is None]
                for _, item in self.connector().read(records):
                    if not tables or getattr(item, "table", "entry") in tables:
                        found.append(f"{place} {item!r}")
        return sorted(found)

    def whole(self, *tables: str) -> list[str]:
        """What a first pull into an empty store says."""
        Live.number = getattr(Live, "number", 0) + 1
        store = f"whole-{Live.number}"
        report = self.pull(store=store)
        assert report.is_complete, report
        return self.rows(*tables, store=store)


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    """Waits are short, and the token is where the configuration says."""
    monkeypatch.setattr("auditor.connect.http.pace._FIRST", 0.01)
    monkeypatch.setenv("JIRA_TEST_TOKEN", TOKEN)


@pytest.fixture
def live(tmp_path):
    """Make a served fake and its store: `live(FakeJira(...))`."""
    with ExitStack() as stack:

        def make(jira: FakeJira, folder: Path = tmp_path) -> Live:
            return Live(stack.enter_context(serving_jira(jira)), folder)

        yield make


@pytest.fixture(params=["cloud", "server"])
def is_cloud(request):
    return request.param == "cloud"
