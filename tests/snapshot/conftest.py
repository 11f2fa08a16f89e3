"""A small portfolio on the disk: recorded pages of a tracker and folders of documents, written by the tests themselves."""

import gzip
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import openpyxl
import pytest

from auditor.config.settings import load_settings
from auditor.snapshot.build import build_snapshot
from auditor.snapshot.documents.read import load_document_words
from auditor.snapshot.pull import pull

DAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
LONG_AGO = 1_700_000_000

TOML = """
[store]
path = "store"
time_zone = "Europe/Brussels"

[[source]]
name = "tracker"
connector = "jira"
pages = "pages"
url = "https://jira.example.org"

[[source]]
name = "documents"
connector = "fileshare"
root = "Projects"
"""


def person(account, name):
    return {"accountId": account, "displayName": name, "active": True}


def issue(number, project="ALPHA", **fields):
    """An issue as `GET /search` gives it, with its whole changelog."""
    changes = fields.pop("changes", [])
    return {
        "id": str(10_000 + number),
        "key": f"{project}-{number}",
        "self": f"https://jira.example.org/rest/api/2/issue/{10_000 + number}",
        "fields": {
            "summary": f"Item {number}",
            "project": {"id": "1", "key": project, "name": project.title()},
            "issuetype": {"id": "1", "name": "Task", "subtask": False},
            "status": {"id": "1", "name": "Open", "statusCategory": {"key": "new"}},
            "priority": {"name": "High"},
            "created": "2026-01-05T10:00:00.000+0000",
            "updated": "2026-02-01T10:00:00.000+0000",
            "creator": person("u1", "Anna Weber"),
            "reporter": person("u1", "Anna Weber"),
            "assignee": None,
            "resolution": None,
            "resolutiondate": None,
            "duedate": None,
            "description": None,
            "labels": [],
            "components": [],
            "fixVersions": [],
            "issuelinks": [],
            "votes": {},
            "watches": {},
            "workratio": -1,
            **fields,
        },
        "changelog": {"startAt": 0, "maxResults": len(changes), "total": len(changes), "histories": changes},
    }


class World:
    """One installation below a folder."""

    def __init__(self, root, words):
        self.root = root
        self.words = words
        (root / "pages").mkdir()
        (root / "Projects").mkdir()
        self.configure()

    def configure(self, more="", base=TOML):
        (self.root / "auditor.toml").write_text(base + more, "utf-8")
        return self

    @property
    def settings(self):
        return load_settings(self.root)

    def pages(self, *issues, per_page=50, name="search", packed=False):
        for old in (self.root / "pages").glob(f"{name}_*"):
            old.unlink()
        for start in range(0, max(len(issues), 1), per_page):
            page = {"startAt": start, "maxResults": per_page, "total": len(issues), "issues": list(issues[start : start + per_page])}
            content = json.dumps(page).encode()
            file = self.root / "pages" / f"{name}_{start:05}.json{'.gz' if packed else ''}"
            file.write_bytes(gzip.compress(content) if packed else content)
        return self

    def document(self, path, text, at=LONG_AGO):
        file = self.root / "Projects" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if path.endswith(".xlsx"):
            book = openpyxl.Workbook()
            sheet = book.active
            sheet.title = "Log"
            for row in text:
                sheet.append(row)
            book.save(file)
        else:
            file.write_text(text, "utf-8")
        os.utime(file, (at, at))
        return self

    def pull(self, at=DAY, **options):
        return pull(self.settings, now=lambda: at, **options)

    def build(self):
        return build_snapshot(self.settings, self.words)

    def snapshot(self, at=DAY):
        self.pull(at)
        return self.build()


def rows(snapshot, table, columns="*", where="true", order="project_id, source, id"):
    """Rows of a table of a snapshot, as tuples."""
    return duckdb.sql(f"select {columns} from '{snapshot.file(table)}' where {where} order by {order}").fetchall()


def content(snapshot):
    """All bytes of a snapshot by file name."""
    return {file.name: file.read_bytes() for file in sorted(Path(snapshot.path).iterdir())}


RISKS = [
    ["ID", "Risk title", "Status", "Likelihood", "Impact", "Risk owner", "Date identified", "Due date"],
    ["R1", "The supplier leaves the market", "Open", 4, 5, "Anna Weber", "2026-01-10", "2026-04-01"],
    ["R2", "Key people fall ill for long", "Closed", 2, 3, "Tom Berg", "2026-01-12", None],
    ["R3", "The data cannot be migrated", "Open", 3, 4, "TBD", "2026-01-15", "2026-05-01"],
]


@pytest.fixture(scope="session")
def words():
    return load_document_words()


@pytest.fixture
def world(tmp_path, words):
    return World(tmp_path, words)


@pytest.fixture(name="rows")
def _rows():
    return rows


@pytest.fixture(name="content")
def _content():
    return content


@pytest.fixture(name="issue")
def _issue():
    return issue


@pytest.fixture(name="person")
def _person():
    return person


@pytest.fixture(name="risks")
def _risks():
    return [list(row) for row in RISKS]
