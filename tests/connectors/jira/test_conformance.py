import gzip
import json
from contextlib import ExitStack

import pytest

from auditor.connect.conformance import ConnectorConformance
from auditor_connectors.jira import JiraConnector
from auditor_connectors.jira.options import JiraOptions
from tests.servers.jira import FakeJira, serving_jira
from tests.servers.web import Reply


def issue(number, key, *, summary="Something", is_cloud=False, updated="2026-03-02T10:00:00.000+0100"):
    person = (
        {"accountId": "5b10", "displayName": "Ann Example"} if is_cloud else {"name": "ann", "key": "ann", "displayName": "Ann Example"}
    )
    text = "It is late."
    adf = {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [{"type": "text", "text": text}]}]}
    project = key.partition("-")[0]
    fields = {
        "project": {"id": "1" + str(len(project)), "key": project, "name": f"Project {project}"},
        "issuetype": {"id": "3", "name": "Task", "subtask": False},
        "summary": summary,
        "description": adf if is_cloud else text,
        "status": {"id": "1", "name": "Open", "statusCategory": {"id": 2, "key": "new", "name": "To Do"}},
        "created": "2026-03-01T10:00:00.000+0100",
        "updated": updated,
        "reporter": person,
        "assignee": None,
        "resolution": None,
    }
    history = {
        "id": f"9{number}",
        "author": person,
        "created": updated,
        "items": [{"field": "summary", "fieldtype": "jira", "from": None, "fromString": "Draft", "to": None, "toString": summary}],
    }
    return {
        "id": str(number),
        "key": key,
        "fields": fields,
        "changelog": {"startAt": 0, "maxResults": 1, "total": 1, "histories": [history]},
    }


def write(path, data, *, packed=False):
    content = json.dumps(data).encode()
    path.write_bytes(gzip.compress(content, mtime=0) if packed else content)


class _Jira(ConnectorConformance):
    is_cloud = False
    packed = False

    def page(self, issues):
        if self.is_cloud:
            return {"issues": issues, "isLast": True}
        return {"startAt": 0, "maxResults": 50, "total": len(issues), "issues": issues}

    def put(self, folder, name, issues):
        write(folder / (f"{name}.json.gz" if self.packed else f"{name}.json"), self.page(issues), packed=self.packed)

    def build(self, folder):
        self.put(folder, "alpha", [issue(101, "ALPHA-1", is_cloud=self.is_cloud), issue(102, "ALPHA-2", is_cloud=self.is_cloud)])
        self.put(folder, "beta", [issue(201, "BETA-1", is_cloud=self.is_cloud)])

    def connect(self, folder):
        return JiraConnector(JiraOptions(pages=folder))

    def change(self, folder):
        changed = issue(102, "ALPHA-2", is_cloud=self.is_cloud, summary="Something else", updated="2026-03-05T10:00:00.000+0100")
        self.put(folder, "alpha", [issue(101, "ALPHA-1", is_cloud=self.is_cloud), changed])
        return ["issue:102"]

    def remove(self, folder):
        self.put(folder, "alpha", [issue(101, "ALPHA-1", is_cloud=self.is_cloud)])
        return ["issue:102"]


class TestServer(_Jira):
    pass


class TestServerPacked(_Jira):
    packed = True


class TestCloud(_Jira):
    is_cloud = True


class TestCloudPacked(_Jira):
    is_cloud = True
    packed = True


class _Live(ConnectorConformance):
    """A served fake per folder; it is gone when the folder is."""

    is_cloud = True

    @pytest.fixture(autouse=True)
    def _served(self):
        with ExitStack() as stack:
            self.stack = stack
            self.fakes = {}
            yield

    def build(self, folder):
        jira = FakeJira(cloud=self.is_cloud)
        for key in ("ALPHA", "BETA"):
            jira.project(key)
            for number in range(3):
                jira.create(key, f"Work {number}")
        self.fakes[folder] = self.stack.enter_context(serving_jira(jira))
        jira.faults.append(lambda _: None if folder.exists() else Reply({}, 503))

    def connect(self, folder):
        return JiraConnector(JiraOptions(url=self.fakes[folder].url, token={"env": "JIRA_TEST_TOKEN"}))

    def change(self, folder):
        jira = self.fakes[folder]
        issue = next(iter(jira.issues.values()))
        jira.rename(issue, "Something else")
        return [f"issue:{issue.id}"]

    def remove(self, folder):
        jira = self.fakes[folder]
        issue = next(iter(jira.issues.values()))
        jira.delete(issue)
        return [f"issue:{issue.id}"]


class TestLiveCloud(_Live):
    pass


class TestLiveServer(_Live):
    is_cloud = False
