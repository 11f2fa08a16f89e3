"""The fake Jira of the tests in a process of its own, with answers that were prepared: what is measured is who asks, not who answers."""

import argparse
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import orjson

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.servers.jira import FakeJira, Issue  # noqa: E402  (found only now)
from tests.servers.web import Asked, Reply, WebServer  # noqa: E402  (as above)

CONTROL = "/bench/"
_JSON = {"Content-Type": "application/json;charset=UTF-8"}


class PreparedJira(FakeJira):
    """Documents and histories are packed once, and again only when their issue was edited.

    Args:
        latency: seconds until an answer begins.
    """

    def __init__(self, *, cloud: bool, latency: float) -> None:
        super().__init__(cloud=cloud)
        self.latency = latency
        self.at_most = 10
        self.embedded_history = 40 if cloud else 100_000
        self._documents: dict[tuple[int, bool], tuple[int, orjson.Fragment]] = {}
        self._entries: dict[int, tuple[int, orjson.Fragment]] = {}
        self._histories: dict[str, orjson.Fragment] = {}
        self._queries: dict[str, tuple[int, list[tuple[str, int, int, int]]]] = {}
        self._counted: dict[str, float] = {}
        self._with_log = False

    def prepare(self) -> None:
        """Pack everything."""
        for issue in self.issues.values():
            self.document(issue)
            self.document(issue, with_log=True)
            self._shown((issue.project, issue.number, issue.id, issue.updated), ["updated", "created"])

    def document(self, issue: Issue, *, with_log: bool = False, whole: bool = False) -> Any:
        if whole:
            if self.cloud:  # what `expand` gives of one issue: the hundred newest
                self.embedded_history = 100
            try:
                return super().document(issue, with_log=with_log, whole=not self.cloud)
            finally:
                self.embedded_history = 40
        known = self._documents.get((issue.id, with_log))
        if known is None or known[0] != issue.updated:
            packed = orjson.Fragment(orjson.dumps(super().document(issue, with_log=with_log)))
            known = self._documents[issue.id, with_log] = (issue.updated, packed)
        return known[1]

    def history(self, item: dict[str, Any]) -> Any:
        if (known := self._histories.get(item["id"])) is None:
            known = self._histories[item["id"]] = orjson.Fragment(orjson.dumps(super().history(item)))
        return known

    def _shown(self, hit: tuple[str, int, int, int], fields: list[str], *, with_log: bool = False) -> Any:
        if "updated" not in fields:
            return super()._shown(hit, fields, with_log=with_log or self._with_log)
        known = self._entries.get(hit[2])
        if known is None or known[0] != hit[3]:
            known = self._entries[hit[2]] = (hit[3], orjson.Fragment(orjson.dumps(super()._shown(hit, fields))))
        return known[1]

    def _hits(self, jql: str, *, stranger: bool, lenient: bool = False) -> Any:
        known = self._queries.get(jql)
        if known is not None and known[0] == self.now and not stranger:
            return known[1]
        hits = super()._hits(jql, stranger=stranger, lenient=lenient)
        if isinstance(hits, list) and len(hits) > 1_000:
            self._queries[jql] = (self.now, hits)
        return hits

    def answer(self, asked: Asked) -> Reply:
        if asked.path.startswith(CONTROL):
            return Reply(self.control(asked.path.removeprefix(CONTROL), parse_qs("&".join(f"{k}={v[0]}" for k, v in asked.query.items()))))
        begun = time.perf_counter()
        reply = super().answer(self._translated(asked))
        if not isinstance(reply.body, (bytes, str)):
            reply = Reply(orjson.dumps(reply.body), reply.status, {**_JSON, **reply.headers})
        took = time.perf_counter() - begun
        with self.lock:
            self._counted["requests"] = self._counted.get("requests", 0) + 1
            self._counted["refused"] = self._counted.get("refused", 0) + (reply.status == 429)
            self._counted["server seconds"] = self._counted.get("server seconds", 0.0) + took
        return Reply(reply.body, reply.status, reply.headers, wait=max(0.0, self.latency - took))

    def _translated(self, asked: Asked) -> Asked:
        """Cloud has v2 beside v3, and its search without a body: the package asks so."""
        if not self.cloud or not asked.path.startswith("/rest/api/2/"):
            return asked
        rest = asked.path.removeprefix("/rest/api/2/")
        method, body = asked.method, asked.body
        if rest == "search/jql" and method == "GET":
            said = {name: values[0] for name, values in asked.query.items()}
            more = {name: said[name].split(",") for name in ("fields", "expand") if name in said}
            method, body = "POST", orjson.dumps({**said, **more, "maxResults": int(said.get("maxResults", "50"))})
        return Asked(method, f"/rest/api/3/{rest}", asked.query, asked.headers, body)

    def _cloud_search(self, body: dict[str, Any], *, stranger: bool) -> Reply:
        if "changelog" not in body.get("expand", ()):
            return super()._cloud_search(body, stranger=stranger)
        self._with_log = True
        self.page = 100  # as many come back when all fields are asked for
        try:
            return super()._cloud_search(body, stranger=stranger)
        finally:
            self._with_log = False
            self.page = 5_000

    def _get(self, asked: Asked, rest: str, *, stranger: bool) -> Reply:
        if self.cloud and rest == "project":
            return Reply([self._project_object(key) for key in sorted(self.projects)])
        if rest == "group/member":  # not in the short pages with which the fake tries others
            listed = [self.user(who) for who in self.groups["developers"]]
            return Reply({"startAt": 0, "maxResults": 50, "total": len(listed), "isLast": True, "values": listed})
        return super()._get(asked, rest, stranger=stranger)

    def _agile(self, asked: Asked, rest: str, *, stranger: bool) -> Reply:
        if rest.endswith("/sprint"):
            number = int(rest.split("/")[1])
            listed = [self.sprint_object(item) for item in self.sprints.values() if item["board"] == number]
            return Reply({"startAt": 0, "maxResults": 50, "isLast": True, "values": listed})
        return super()._agile(asked, rest, stranger=stranger)

    def control(self, what: str, query: dict[str, list[str]]) -> dict[str, Any]:
        """Do what the benchmark wants, between two measurements."""
        with self.lock:
            if what == "edit":
                issues = list(self.issues.values())
                count = int(query["count"][0])
                for issue in issues[:: max(1, len(issues) // count - 1) | 1][:count]:  # odd: long ones are among them as they are among all
                    self.rename(issue, f"{issue.summary}, again")
                self.prepare()
                return {}
            if what == "truth":
                return {
                    "issues": len(self.issues),
                    "edits": sum(len(issue.histories) for issue in self.issues.values()),
                    "comments": sum(len(issue.comments) for issue in self.issues.values()),
                    "worklogs": sum(len(issue.worklogs) for issue in self.issues.values()),
                }
            counted, self._counted = self._counted, {}
            assert self.server is not None
            counted["most at once"], self.server.most_at_once = self.server.most_at_once, 0
            self.server.asked.clear()
            return counted


LONG = 20
"""Every how many-th issue has a long past: more edits than Cloud gives with an issue, more comments and worklogs than it embeds."""


def fill(jira: FakeJira, issues: int, edits: int) -> None:
    """Fill a fake with two projects, each issue with a past."""
    for key in ("ALPHA", "BETA"):
        jira.project(key)
        board = jira.board(key)
        sprints = [jira.sprint(board, f"Sprint {number}") for number in range(6)]
        version, component = jira.version(key, "1.0"), jira.component(key, "core")
        for number in range(issues // 2):
            issue = jira.create(key, f"Work {number} of {key}", description="What is to be done. " * 20, points=3.0, versions=[version])
            issue.components = [component]
            jira.into_sprint(issue, sprints[number % len(sprints)])
            is_long = number % LONG == 0
            for step in range(59 if is_long else edits - 1):
                if step % 2:
                    jira.transition(issue, ("3", "6")[step // 2 % 2])
                else:
                    jira.assign(issue, ("ann", "bob")[step // 2 % 2])
            for _ in range(25 if is_long else 2):
                jira.comment(issue, "A word about it. " * 10)
            for _ in range(25 if is_long else 1):
                jira.log_work(issue)
    jira.roles = {"Administrators": [("user", "ann"), ("group", "developers")], "Project Lead": [("user", "bob")]}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dialect", choices=("cloud", "server"))
    parser.add_argument("--issues", type=int, default=20_000)
    parser.add_argument("--edits", type=int, default=5)
    parser.add_argument("--latency", type=float, default=0.05)
    options = parser.parse_args()
    sys.setswitchinterval(0.001)
    jira = PreparedJira(cloud=options.dialect == "cloud", latency=options.latency)
    fill(jira, options.issues, options.edits)
    jira.prepare()
    server = WebServer(jira.answer)
    jira.server, jira.url = server, server.url
    print(server.url, flush=True)
    sys.stdin.read()  # until whoever started it is gone
    server.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
