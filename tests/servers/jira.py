"""A Jira that never was: Cloud or Data Center, with a state that people edit, and the faults of the real ones."""

import itertools
import random
import re
import threading
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.servers.contract import Contract
from tests.servers.web import Asked, Reply, WebServer

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SPRINT, POINTS, EPIC, PROBABILITY = "customfield_10020", "customfield_10016", "customfield_10014", "customfield_10044"
STATUSES = {"1": ("Open", "new"), "3": ("In Progress", "indeterminate"), "6": ("Closed", "done")}
TYPES = {
    "10001": ("Task", False, 0),
    "10002": ("Bug", False, 0),
    "10003": ("Sub-task", True, -1),
    "10000": ("Epic", False, 1),
    "10007": ("Risk", False, 0),
}
FIELDS = [
    ("summary", "Summary", {"type": "string", "system": "summary"}),
    ("status", "Status", {"type": "status", "system": "status"}),
    (SPRINT, "Sprint", {"type": "array", "items": "json", "custom": "com.pyxis.greenhopper.jira:gh-sprint", "customId": 10020}),
    (POINTS, "Story point estimate", {"type": "number", "custom": "com.pyxis.greenhopper.jira:jsw-story-points", "customId": 10016}),
    (EPIC, "Epic Link", {"type": "any", "custom": "com.pyxis.greenhopper.jira:gh-epic-link", "customId": 10014}),
    (
        PROBABILITY,
        "Probability",
        {"type": "option", "custom": "com.atlassian.jira.plugin.system.customfieldtypes:select", "customId": 10044},
    ),
]


@dataclass
class Issue:
    id: int
    project: str
    number: int
    summary: str
    type: str = "10001"
    status: str = "1"
    reporter: str = "ann"
    assignee: str | None = None
    description: str | None = None
    created: int = 0
    updated: int = 0
    labels: list[str] = field(default_factory=list)
    components: list[str] = field(default_factory=list)
    versions: list[str] = field(default_factory=list)
    sprints: list[int] = field(default_factory=list)
    points: float | None = None
    probability: str | None = None
    parent: int | None = None
    links: list[tuple[int, int, bool]] = field(default_factory=list)  # id of the link, other issue, outward
    comments: list[dict[str, Any]] = field(default_factory=list)
    worklogs: list[dict[str, Any]] = field(default_factory=list)
    histories: list[dict[str, Any]] = field(default_factory=list)

    @property
    def key(self) -> str:
        return f"{self.project}-{self.number}"


def stamp(milliseconds: int) -> str:
    at = EPOCH + timedelta(milliseconds=milliseconds)
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}+0000"


Fault = Callable[[Asked], Reply | None]


class FakeJira:
    """The state, the people's edits, and the answers. Serve it with `serving_jira`."""

    def __init__(
        self, *, cloud: bool = True, context: str = "", token: str = "t0ken-of-nobody-else", contract: Contract | None = None
    ) -> None:
        self.cloud = cloud
        self.context = context
        self.token = token
        self.contract = contract
        self.violations: list[str] = []
        self.lock = threading.RLock()
        self.url = ""
        self.now = int((datetime.now(UTC) - timedelta(days=2) - EPOCH).total_seconds() * 1000)
        self.projects: dict[str, dict[str, Any]] = {}
        self.issues: dict[int, Issue] = {}
        self.born: dict[int, int] = {}  # issue, also a deleted one → when it was created
        self.named: dict[str, int] = {}  # present and old keys → issue
        self.versions: dict[str, dict[str, Any]] = {}
        self.components: dict[str, dict[str, Any]] = {}
        self.boards: dict[int, dict[str, Any]] = {}
        self.sprints: dict[int, dict[str, Any]] = {}
        self.roles: dict[str, list[tuple[str, str]]] = {}  # name → (kind, who), in every project
        self.groups: dict[str, list[str]] = {"developers": ["ann", "bob"]}
        self.statuses = {number: list(said) for number, said in STATUSES.items()}
        self.numbers = itertools.count(10_001)
        # How it misbehaves
        self.faults: list[Fault] = []
        self.before: list[Callable[[Asked], None]] = []
        self.late = False  # changes come into the search only with `index`
        self.expired = False
        self.forbidden: set[str] = set()  # projects that the account may not browse
        self.is_admin = True
        self.grants = [
            ("ADMINISTER_PROJECTS", "projectRole", "10002"), ("BROWSE_PROJECTS", "applicationRole", ""), ("EDIT_ISSUES", "group", "developers"),
            ("EDIT_ISSUES", "assignee", ""), ("DELETE_ISSUES", "projectLead", ""), ("BROWSE_PROJECTS", "anyone", ""),
            ("MANAGE_SPRINTS_PERMISSION", "group", "developers"), ("EDIT_ISSUES", "user", "acc-bob" if cloud else "JIRAUSER-bob"),
        ]  # fmt: skip
        self.page = 5_000 if cloud else 1_000
        self.embedded = 20  # comments and worklogs inside an issue
        self.embedded_history = 100_000
        self.bulk_changes = 10_000
        self.at_most = 0  # requests at once; 0: any number
        self.epoch_history = False
        self.same_token = False
        self.server: WebServer | None = None
        self.indexed: dict[int, tuple[str, int, int]] = {}  # issue → project, number, updated, as the search knows them

    # People's edits

    def tick(self, issue: Issue | None = None) -> int:
        self.now += 1_000
        if issue is not None:
            issue.updated = self.now
            if not self.late:
                self._index(issue)
        return self.now

    def _index(self, issue: Issue) -> None:
        self.indexed[issue.id] = (issue.project, issue.number, issue.updated)

    def index(self) -> None:
        """Let the search catch up."""
        with self.lock:
            self.indexed = {issue.id: (issue.project, issue.number, issue.updated) for issue in self.issues.values()}

    def project(self, key: str, name: str = "") -> None:
        self.projects[key] = {"id": str(next(self.numbers)), "key": key, "name": name or f"Project {key}", "lead": "ann"}

    def create(self, project: str, summary: str = "Something", **values: Any) -> Issue:
        with self.lock:
            number = self.projects[project].get("next", 1)
            self.projects[project]["next"] = number + 1
            issue = Issue(next(self.numbers), project, number, summary, **values)
            self.issues[issue.id] = issue
            self.named[issue.key] = issue.id
            issue.created = self.born[issue.id] = self.tick(issue)
            return issue

    def _log(
        self, issue: Issue, field_id: str, before: tuple[Any, Any], after: tuple[Any, Any], *, by: str = "bob", name: str = ""
    ) -> None:
        item = {
            "field": name or field_id, "fieldtype": "custom" if field_id.startswith("customfield") else "jira",
            "from": before[0], "fromString": before[1], "to": after[0], "toString": after[1],
        }  # fmt: skip
        if self.cloud:
            item["fieldId"] = field_id
        issue.histories.append({"id": str(next(self.numbers)), "author": by, "created": self.tick(issue), "items": [item]})

    def rename(self, issue: Issue, summary: str) -> None:
        with self.lock:
            self._log(issue, "summary", (None, issue.summary), (None, summary))
            issue.summary = summary

    def transition(self, issue: Issue, status: str) -> None:
        with self.lock:
            self._log(issue, "status", (issue.status, self.statuses[issue.status][0]), (status, self.statuses[status][0]))
            issue.status = status

    def assign(self, issue: Issue, who: str | None) -> None:
        with self.lock:
            self._log(issue, "assignee", (issue.assignee, issue.assignee), (who, who))
            issue.assignee = who

    def put_into(self, issue: Issue, components: list[str], labels: list[str]) -> None:
        with self.lock:
            self._log(issue, "labels", (None, " ".join(issue.labels)), (None, " ".join(labels)))
            issue.components, issue.labels = list(components), list(labels)

    def comment(self, issue: Issue, body: str = "Well.") -> None:
        with self.lock:
            issue.comments.append({"id": str(next(self.numbers)), "author": "bob", "body": body, "created": self.tick(issue)})

    def uncomment(self, issue: Issue) -> None:
        with self.lock:
            if issue.comments:
                issue.comments.pop()
                self.tick(issue)

    def log_work(self, issue: Issue, seconds: int = 3600) -> None:
        with self.lock:
            issue.worklogs.append({"id": str(next(self.numbers)), "author": "bob", "seconds": seconds, "created": self.tick(issue)})

    def link(self, first: Issue, second: Issue) -> None:
        with self.lock:
            number = next(self.numbers)
            first.links.append((number, second.id, True))
            second.links.append((number, first.id, False))
            self.tick(first)
            self.tick(second)

    def delete(self, issue: Issue) -> None:
        with self.lock:
            del self.issues[issue.id]
            for other in self.issues.values():
                if other.parent == issue.id or any(end == issue.id for _, end, _ in other.links):
                    other.links = [item for item in other.links if item[1] != issue.id]
                    other.parent = None if other.parent == issue.id else other.parent
                    self.tick(other)
            if not self.late:
                self.indexed.pop(issue.id, None)

    def move(self, issue: Issue, project: str) -> None:
        with self.lock:
            old = issue.key
            number = max([1, self.projects[project].get("next", 1)])
            self.projects[project]["next"] = number + 1
            issue.project, issue.number = project, number
            self.named[issue.key] = issue.id
            issue.components, issue.versions = [], []  # those of the old project
            self._log(issue, "Key", (None, old), (None, issue.key))

    def sprint(self, board: int, name: str, state: str = "active") -> int:
        with self.lock:
            number = next(self.numbers)
            self.sprints[number] = {
                "id": number,
                "name": name,
                "state": state,
                "board": board,
                "start": self.now - 86_400_000,
                "end": self.now + 86_400_000,
            }
            return number

    def into_sprint(self, issue: Issue, sprint: int) -> None:
        with self.lock:
            before = ", ".join(map(str, issue.sprints))
            issue.sprints = [*issue.sprints, sprint]
            after = ", ".join(map(str, issue.sprints))
            names = [
                ", ".join(self.sprints[number]["name"] for number in map(int, filter(None, side.split(", ")))) for side in (before, after)
            ]
            self._log(issue, SPRINT, (before, names[0]), (after, names[1]), name="Sprint")

    def close_sprint(self, sprint: int) -> None:
        """As in Jira, no issue is touched."""
        with self.lock:
            self.sprints[sprint] |= {"state": "closed", "completed": self.tick()}

    def version(self, project: str, name: str) -> str:
        number = str(next(self.numbers))
        self.versions[number] = {"id": number, "project": project, "name": name, "released": False, "releaseDate": "2026-12-01"}
        return number

    def component(self, project: str, name: str) -> str:
        number = str(next(self.numbers))
        self.components[number] = {"id": number, "project": project, "name": name}
        return number

    def board(self, project: str, kind: str = "scrum") -> int:
        number = next(self.numbers)
        self.boards[number] = {"id": number, "name": f"Board of {project}", "type": kind, "project": project}
        return number

    # Answering

    def answer(self, asked: Asked) -> Reply:
        for watch in list(self.before):
            watch(asked)
        with self.lock:
            return self._answer(asked)

    def _answer(self, asked: Asked) -> Reply:
        for fault in list(self.faults):
            if (reply := fault(asked)) is not None:
                return reply
        if self.at_most and self.server is not None and self.server.at_once > self.at_most:
            return Reply({"errorMessages": ["too many"]}, 429, {"Retry-After": "0"})
        path = asked.path.removeprefix(self.context)
        headers = {}
        signed_in = self.token in asked.headers.get("authorization", "") or self._is_basic(asked)
        if "authorization" in asked.headers and (self.expired or not signed_in):
            headers["X-Seraph-LoginReason"] = "AUTHENTICATED_FAILED"
            if path.endswith("/myself"):
                return Reply({"errorMessages": ["Client must be authenticated to access this resource."]}, 401, headers)
        stranger = self.expired or not signed_in
        reply = self._route(asked, path, stranger=stranger)
        reply.headers.update(headers)
        if self.contract is not None:
            self.violations += self.contract.violations(asked.method, path, asked.query, asked.body, reply.status, reply.body)
        return reply

    def _is_basic(self, asked: Asked) -> bool:
        import base64

        said = asked.headers.get("authorization", "")
        return said.startswith("Basic ") and base64.b64decode(said[6:]).decode().endswith(f":{self.token}")

    def _route(self, asked: Asked, path: str, *, stranger: bool) -> Reply:
        root = "/rest/api/3/" if self.cloud else "/rest/api/2/"
        if path == "/rest/api/2/serverInfo" or path == root + "serverInfo":
            return self._server_info()
        if path == "/_edge/tenant_info" and self.cloud:
            return Reply({"cloudId": "11111111-2222-3333-4444-555555555555"})
        if path.startswith("/rest/agile/1.0/"):
            return self._agile(asked, path.removeprefix("/rest/agile/1.0/"), stranger=stranger)
        if not path.startswith(root):
            return _error(404, "no such interface")
        rest = path.removeprefix(root)
        if asked.method == "POST":
            return self._post(asked, rest, stranger=stranger)
        return self._get(asked, rest, stranger=stranger)

    def _server_info(self) -> Reply:
        version = ("1001.0.0-SNAPSHOT", [1001, 0, 0]) if self.cloud else ("9.12.4", [9, 12, 4])
        return Reply(
            {
                "baseUrl": "https://jira.example.org", "version": version[0], "versionNumbers": version[1],
                "deploymentType": "Cloud" if self.cloud else "Server", "buildNumber": 100, "serverTime": stamp(self.now), "serverTitle": "Fake",
            }
        )  # fmt: skip

    def _visible(self, project: str, *, stranger: bool) -> bool:
        return not stranger and project in self.projects and project not in self.forbidden

    def _post(self, asked: Asked, rest: str, *, stranger: bool) -> Reply:
        body = asked.json()
        if self.cloud and rest == "search/jql":
            return self._cloud_search(body, stranger=stranger)
        if self.cloud and rest == "issue/bulkfetch":
            wanted = [self._find(word) for word in body["issueIdsOrKeys"]]
            shown = [issue for issue in wanted if issue and self._visible(issue.project, stranger=stranger)]
            return Reply({"issues": [self.document(issue) for issue in sorted(shown, key=lambda issue: issue.id)], "issueErrors": []})
        if self.cloud and rest == "changelog/bulkfetch":
            return self._bulk_changelog(body, stranger=stranger)
        if not self.cloud and rest == "search":
            return self._server_search(body, stranger=stranger)
        if self.cloud and rest == "search":
            return _error(410, "The requested API has been removed. CHANGE-2046")
        return _error(404, "no such operation")

    def _find(self, word: str) -> Issue | None:
        if str(word).isdigit():
            return self.issues.get(int(word))
        return self.issues.get(self.named.get(str(word).upper(), -1))

    # Searching

    def _hits(self, jql: str, *, stranger: bool, lenient: bool = False) -> list[tuple[str, int, int, int]] | Reply:
        """Return project, number, id, updated as the search knows them, by key."""
        where = re.sub(r"\s+ORDER BY .*$", "", jql)
        if found := re.fullmatch(r'key in \(([\w",-]+)\)', where):
            named = [(word, self._find(word.strip('"'))) for word in found[1].split(",")]
            unknown = [word for word, issue in named if issue is None]
            wanted = [issue.id for _, issue in named if issue is not None]
            if unknown and not lenient:
                return _error(400, f"An issue with key '{unknown[0]}' does not exist for field 'id'.")
            # By id the index is asked, too.
            hits = [
                (*self.indexed[number][:2], number, self.indexed[number][2])
                for number in wanted
                if number in self.indexed and number in self.issues
            ]
            return [hit for hit in hits if self._visible(self.issues[hit[2]].project, stranger=stranger)]
        part = re.search(r' AND (?:component = "([^"]*)"|labels = "([^"]*)"|\(labels is EMPTY\))', where)
        where = where.replace(part[0], "") if part else where
        between = {sign: int(said) for sign, said in re.findall(r" AND created (>=|<) (\d+)", where)}
        where = re.sub(r" AND created (?:>=|<) \d+", "", where)
        found = re.fullmatch(r'project = "(\w+)"(?: AND updated >= (\d+))?(?: AND issuekey > "(\w+-\d+)")?', where)
        if not found:
            return _error(400, f"Error in the JQL Query: {where[:80]}")
        project, since, after = found[1], int(found[2] or 0), found[3]
        if stranger:
            return []
        if not self._visible(project, stranger=stranger):
            return _error(400, f"The value '{project}' does not exist for the field 'project'.")
        low = 0
        if after:
            end = self._find(after)
            if end is None:
                return _error(400, f"An issue with key '{after}' does not exist for field 'issuekey'.")
            if end.project != project:
                return []  # it was moved: compared with its new key, nothing of this project comes after it
            low = end.number
        hits = [
            (*said[:2], number, said[2])
            for number, said in self.indexed.items()
            if said[0] == project and said[1] > low and said[2] >= since and self._is_between(number, between)
        ]
        return sorted(hit for hit in hits if part is None or self._is_in(hit[2], part))

    def _is_between(self, number: int, between: dict[str, int]) -> bool:
        """Created is known of what is deleted, too: the search may still know it."""
        created = self.born[number]
        return between.get(">=", 0) <= created and ("<" not in between or created < between["<"])

    def _is_in(self, number: int, part: re.Match[str]) -> bool:
        issue = self.issues.get(number)
        if issue is None:
            return False
        if part[1] is not None:
            return any(self.components[name]["name"] == part[1] for name in issue.components)
        return part[2] in issue.labels if part[2] is not None else not issue.labels

    def _cloud_search(self, body: dict[str, Any], *, stranger: bool) -> Reply:
        hits = self._hits(body["jql"], stranger=stranger)
        if isinstance(hits, Reply):
            return hits
        token = body.get("nextPageToken")
        if token and not re.fullmatch(r"after-\d+", token):
            return _error(400, "bad token")
        low = int(token.removeprefix("after-")) if token else 0
        rest = [hit for hit in hits if hit[1] > low]
        size = min(body.get("maxResults", 50), self.page)
        page = rest[:size]
        issues = [self._shown(hit, body.get("fields", ["id"])) for hit in page]
        answer: dict[str, Any] = {"issues": issues, "isLast": len(rest) <= size}
        if len(rest) > size:
            answer["nextPageToken"] = "after-1" if self.same_token else f"after-{page[-1][1]}"
        return Reply(answer)

    def _server_search(self, body: dict[str, Any], *, stranger: bool) -> Reply:
        hits = self._hits(body["jql"], stranger=stranger, lenient=body.get("validateQuery") is False)
        if isinstance(hits, Reply):
            return hits
        start, size = body.get("startAt", 0), min(body.get("maxResults", 50), self.page)
        if start + body.get("maxResults", 50) > 10_000:
            return _error(500, "Search limit exceeded")
        page = hits[start : start + size]
        fields = body.get("fields", ["*navigable"])
        issues = [self._shown(hit, fields, with_log="changelog" in body.get("expand", [])) for hit in page]
        return Reply({"startAt": start, "maxResults": size, "total": len(hits), "issues": issues})

    def _shown(self, hit: tuple[str, int, int, int], fields: list[str], *, with_log: bool = False) -> dict[str, Any]:
        issue = self.issues.get(hit[2])
        if "*all" in fields and issue is not None:
            return self.document(issue, with_log=with_log)
        shown = {"id": str(hit[2]), "key": f"{hit[0]}-{hit[1]}", "self": f"https://gateway.example/rest/api/3/issue/{hit[2]}"}
        said = {"updated": stamp(hit[3])} if "updated" in fields else {}
        said |= {"created": stamp(self.born[hit[2]])} if "created" in fields else {}
        return shown | ({"fields": said} if said else {})

    def _bulk_changelog(self, body: dict[str, Any], *, stranger: bool) -> Reply:
        issues = [
            issue for word in body["issueIdsOrKeys"] if (issue := self._find(word)) and self._visible(issue.project, stranger=stranger)
        ]
        entries = [(issue.id, history) for issue in issues for history in issue.histories]
        low = int(str(body.get("nextPageToken") or "from-0").removeprefix("from-"))
        size = min(body.get("maxResults", 1000), self.bulk_changes)
        logs: dict[int, list[Any]] = {}
        for issue_id, history in entries[low : low + size]:
            shown = self.history(history)
            if self.epoch_history:
                shown["created"] = history["created"]
            logs.setdefault(issue_id, []).append(shown)
        answer: dict[str, Any] = {"issueChangeLogs": [{"issueId": str(number), "changeHistories": found} for number, found in logs.items()]}
        if low + size < len(entries):
            answer["nextPageToken"] = "from-1" if self.same_token else f"from-{low + size}"
        return Reply(answer)

    # Reading

    def _get(self, asked: Asked, rest: str, *, stranger: bool) -> Reply:
        parts = rest.split("/")
        match parts:
            case ["myself"]:
                if stranger:
                    return _error(401, "not signed in")
                return Reply(self.user("ann") | {"timeZone": "Europe/Brussels"})
            case ["field"]:
                return Reply(
                    [{"id": number, "name": name, "custom": number.startswith("c"), "schema": schema} for number, name, schema in FIELDS]
                )
            case ["status"]:
                return Reply([self.status(number) for number in self.statuses])
            case ["issuetype"]:
                return Reply([self.kind(number) for number in TYPES])
            case ["priority"]:
                return Reply([{"id": "3", "name": "Medium"}])
            case ["resolution"]:
                return Reply([{"id": "1", "name": "Done"}])
            case ["mypermissions"]:
                return self._permissions(asked.one("projectKey"), stranger=stranger)
            case ["search"] if not self.cloud:
                body = {name: values[0] for name, values in asked.query.items()}
                more = {name: int(body[name]) for name in ("startAt", "maxResults") if name in body}
                more |= {name: body[name].split(",") for name in ("fields", "expand") if name in body}
                return self._server_search({**body, **more, "validateQuery": body.get("validateQuery") != "false"}, stranger=stranger)
            case ["project", "search"] if self.cloud:
                return self._project_search(asked, stranger=stranger)
            case ["project"] if not self.cloud:
                return Reply([self._project_object(key) for key in sorted(self.projects) if self._visible(key, stranger=stranger)])
            case ["project", key, *more]:
                return self._project(key.upper(), more, stranger=stranger)
            case ["group", "member"]:
                return self._members(asked)
            case ["user"] if not self.cloud:
                return Reply(self.user(asked.one("username")))
            case ["issue", word, *more]:
                issue = self._find(word)
                if issue is None or not self._visible(issue.project, stranger=stranger):
                    return _error(404, "Issue does not exist or you do not have permission to see it.")
                return self._issue(asked, issue, more)
        return _error(404, f"no such operation {rest}")

    def _permissions(self, key: str, *, stranger: bool) -> Reply:
        if key and key not in self.projects:
            return _error(404, f"No project could be found with key '{key}'.")
        browse = self._visible(key, stranger=stranger) if key else not stranger
        held = {"BROWSE_PROJECTS": browse, "ADMINISTER_PROJECTS": self.is_admin and browse, "ADMINISTER": self.is_admin and not stranger}
        return Reply(
            {
                "permissions": {
                    name: {"id": "10", "key": name, "name": name, "type": "PROJECT", "description": "", "havePermission": has}
                    for name, has in held.items()
                }
            }
        )

    def _grant(self, number: int, said: tuple[str, str, str]) -> dict[str, Any]:
        permission, kind, who = said
        holder = {"type": kind} | ({"parameter": who} if who else {}) | ({"value": who} if who and self.cloud else {})
        return {"id": number, "permission": permission, "holder": holder}

    def _project_search(self, asked: Asked, *, stranger: bool) -> Reply:
        listed = [self._project_object(key) for key in sorted(self.projects) if self._visible(key, stranger=stranger)]
        start, size = int(asked.one("startAt", "0")), min(int(asked.one("maxResults", "50")), 2 if self.page < 100 else 50)
        page = listed[start : start + size]
        return Reply(
            {"startAt": start, "maxResults": size, "total": len(listed), "isLast": start + len(page) >= len(listed), "values": page}
        )

    def _project_object(self, key: str) -> dict[str, Any]:
        project = self.projects[key]
        shown = {"id": project["id"], "key": key, "name": project["name"], "projectTypeKey": "software", "archived": False}
        return shown | ({"style": "classic", "simplified": False} if self.cloud else {})

    def _project(self, key: str, more: list[str], *, stranger: bool) -> Reply:
        if not self._visible(key, stranger=stranger):
            return _error(404, f"No project could be found with key '{key}'.")
        match more:
            case []:
                return Reply(self._project_object(key) | {"description": "", "lead": self.user(self.projects[key]["lead"])})
            case ["versions"]:
                return Reply([self.version_object(number) for number, item in self.versions.items() if item["project"] == key])
            case ["components"]:
                return Reply([{"id": number, "name": item["name"]} for number, item in self.components.items() if item["project"] == key])
            case ["permissionscheme"]:
                if not self.is_admin:
                    return _error(403, "You do not have permission.")
                return Reply({"id": 10_000, "name": "Default", "permissions": [self._grant(*grant) for grant in enumerate(self.grants, 1)]})
            case ["role"]:
                if not self.is_admin:
                    return _error(403, "You do not have permission.")
                return Reply(
                    {name: f"https://gateway.example/rest/api/3/project/1/role/{number}" for number, name in enumerate(self.roles, 10_002)}
                )
            case ["role", number]:
                if not self.is_admin:
                    return _error(401 if self.cloud else 403, "You cannot edit the configuration of this project.")
                name = list(self.roles)[int(number) - 10_002]
                actors = [self._actor(place, kind, who) for place, (kind, who) in enumerate(self.roles[name])]
                return Reply({"id": int(number), "name": name, "actors": actors})
        return _error(404, "no such operation")

    def _actor(self, number: int, kind: str, who: str) -> dict[str, Any]:
        if kind == "group":
            shown = {"id": number, "type": "atlassian-group-role-actor", "displayName": who}
            group = {"displayName": who, "name": who} | ({"groupId": f"group-{who}"} if self.cloud else {})
            return shown | {"actorGroup": group} | ({} if self.cloud else {"name": who})
        shown = {"id": number, "type": "atlassian-user-role-actor", "displayName": who.title()}
        return shown | ({"actorUser": {"accountId": f"acc-{who}"}} if self.cloud else {"name": who})

    def _members(self, asked: Asked) -> Reply:
        if not self.is_admin:
            return _error(403, "admins only")
        name = asked.one("groupname") or asked.one("groupId").removeprefix("group-")
        if name not in self.groups:
            return _error(404, "no such group")
        listed = [self.user(who) for who in self.groups[name]]
        start = int(asked.one("startAt", "0"))
        page = listed[start : start + 1]  # short pages, whatever was asked for
        return Reply({"startAt": start, "maxResults": 1, "total": len(listed), "isLast": start + 1 >= len(listed), "values": page})

    def _issue(self, asked: Asked, issue: Issue, more: list[str]) -> Reply:
        start, size = int(asked.one("startAt", "0")), min(int(asked.one("maxResults", "50")), 100)
        match more:
            case []:
                return Reply(self.document(issue, with_log="changelog" in asked.one("expand"), whole=True))
            case ["comment"]:
                page = [self.comment_object(item) for item in issue.comments[start : start + size]]
                return Reply({"startAt": start, "maxResults": size, "total": len(issue.comments), "comments": page})
            case ["worklog"] if self.cloud:
                page = [self.worklog_object(issue, item) for item in issue.worklogs[start : start + size]]
                return Reply({"startAt": start, "maxResults": size, "total": len(issue.worklogs), "worklogs": page})
            case ["worklog"]:
                page = [self.worklog_object(issue, item) for item in issue.worklogs]
                return Reply({"startAt": 0, "maxResults": len(page), "total": len(page), "worklogs": page})
            case ["changelog"] if self.cloud:
                page = [self.history(item) for item in issue.histories[start : start + size]]
                total = len(issue.histories)
                return Reply({"startAt": start, "maxResults": size, "total": total, "isLast": start + len(page) >= total, "values": page})
        return _error(404, "no such operation")

    def _agile(self, asked: Asked, rest: str, *, stranger: bool) -> Reply:
        start = int(asked.one("startAt", "0"))
        match rest.split("/"):
            case ["board"]:
                key = asked.one("projectKeyOrId")
                if not self._visible(key, stranger=stranger):
                    return _error(400, f"No project could be found with key or id '{key}'")
                listed = [{"id": b["id"], "name": b["name"], "type": b["type"]} for b in self.boards.values() if b["project"] == key]
                return Reply({"startAt": start, "maxResults": 50, "isLast": True, "values": listed[start:]})
            case ["board", number, "configuration"]:
                board = self.boards[int(number)]
                columns = [
                    {"name": "To do", "statuses": [{"id": "1", "self": "https://x.example/1"}]},
                    {"name": "Doing", "statuses": [{"id": "3", "self": "https://x.example/3"}], "max": 4},
                    {"name": "Done", "statuses": [{"id": "6", "self": "https://x.example/6"}]},
                ]
                return Reply(
                    {
                        "id": board["id"],
                        "name": board["name"],
                        "type": board["type"],
                        "columnConfig": {"columns": columns, "constraintType": "issueCount"},
                    }
                )
            case ["sprint", number]:
                found = self.sprints.get(int(number))
                return Reply(self.sprint_object(found)) if found else _error(404, "Sprint does not exist")
            case ["board", number, "sprint"]:
                if self.boards[int(number)]["type"] != "scrum":
                    return _error(400, "The board does not support sprints")
                listed = [self.sprint_object(item) for item in self.sprints.values() if item["board"] == int(number)]
                page = listed[start : start + 2]
                return Reply({"startAt": start, "maxResults": 2, "isLast": start + len(page) >= len(listed), "values": page})
        return _error(404, "no such operation")

    # Objects

    def user(self, who: str) -> dict[str, Any]:
        if self.cloud:
            return {"accountId": f"acc-{who}", "accountType": "atlassian", "displayName": who.title(), "active": True}
        return {"name": who, "key": f"JIRAUSER-{who}", "displayName": who.title(), "active": True, "emailAddress": f"{who}@example.org"}

    def status(self, number: str) -> dict[str, Any]:
        name, category = self.statuses[number]
        inner = {"id": {"new": 2, "indeterminate": 4, "done": 3}[category], "key": category, "name": category.title()}
        return {"id": number, "name": name, "statusCategory": inner}

    def kind(self, number: str) -> dict[str, Any]:
        name, subtask, level = TYPES[number]
        return {"id": number, "name": name, "subtask": subtask} | ({"hierarchyLevel": level} if self.cloud else {})

    def version_object(self, number: str) -> dict[str, Any]:
        item = self.versions[number]
        return {"id": number, "name": item["name"], "archived": False, "released": item["released"], "releaseDate": item["releaseDate"]}

    def sprint_object(self, item: dict[str, Any]) -> dict[str, Any]:
        shown = {"id": item["id"], "name": item["name"], "state": item["state"], "originBoardId": item["board"], "goal": ""}
        if item["state"] != "future":
            shown |= {"startDate": stamp(item["start"]), "endDate": stamp(item["end"])}
        return shown | ({"completeDate": stamp(item["completed"])} if "completed" in item else {})

    def _rich(self, text: str | None) -> Any:
        if text is None or not self.cloud:
            return text
        return {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [{"type": "text", "text": text}]}]}

    def comment_object(self, item: dict[str, Any]) -> dict[str, Any]:
        return {"id": item["id"], "author": self.user(item["author"]), "body": self._rich(item["body"]), "created": stamp(item["created"])}

    def worklog_object(self, issue: Issue, item: dict[str, Any]) -> dict[str, Any]:
        at = stamp(item["created"])
        return {
            "id": item["id"], "issueId": str(issue.id), "author": self.user(item["author"]), "timeSpentSeconds": item["seconds"],
            "started": at, "created": at,
        }  # fmt: skip

    def history(self, item: dict[str, Any]) -> dict[str, Any]:
        items = item["items"]
        if self.contract is not None:  # real answers hold null where the documents know text only
            items = [{name: value for name, value in each.items() if value is not None} for each in items]
        return {"id": item["id"], "author": self.user(item["author"]), "created": stamp(item["created"]), "items": items}

    def _sprint_value(self, number: int) -> Any:
        item = self.sprints[number]
        if self.cloud:
            shown = self.sprint_object(item)
            return {**shown, "boardId": item["board"]}
        state, completed = item["state"].upper(), stamp(item["completed"]) if "completed" in item else "<null>"
        return (
            f"com.atlassian.greenhopper.service.sprint.Sprint@4a65[id={number},rapidViewId={item['board']},state={state},name={item['name']},"
            f"startDate={stamp(item['start'])},endDate={stamp(item['end'])},completeDate={completed},goal=]"
        )

    def document(self, issue: Issue, *, with_log: bool = False, whole: bool = False) -> dict[str, Any]:
        limit = 100_000 if whole and not self.cloud else self.embedded
        links = []
        for number, other_id, outward in issue.links:
            other = self.issues.get(other_id)
            if other is None:
                continue
            kind = {"id": "1", "name": "Blocks", "inward": "is blocked by", "outward": "blocks"}
            links.append(
                {"id": str(number), "type": kind, "outwardIssue" if outward else "inwardIssue": {"id": str(other.id), "key": other.key}}
            )
        parent = self.issues.get(issue.parent or -1)
        comments, worklogs = issue.comments[:limit], issue.worklogs[:limit]
        project = self.projects[issue.project]
        fields: dict[str, Any] = {
            "project": {"id": project["id"], "key": issue.project, "name": project["name"]},
            "issuetype": self.kind(issue.type), "summary": issue.summary, "description": self._rich(issue.description),
            "status": self.status(issue.status), "priority": {"id": "3", "name": "Medium"}, "resolution": None, "resolutiondate": None,
            "created": stamp(issue.created), "updated": stamp(issue.updated), "duedate": None,
            "reporter": self.user(issue.reporter), "creator": self.user(issue.reporter),
            "assignee": self.user(issue.assignee) if issue.assignee else None,
            "labels": list(issue.labels),
            "components": [{"id": number, "name": self.components[number]["name"]} for number in issue.components],
            "fixVersions": [self.version_object(number) for number in issue.versions], "versions": [],
            "issuelinks": links, "subtasks": [], "attachment": [], "votes": {"votes": 0}, "watches": {"watchCount": 0}, "workratio": -1,
            "timetracking": {}, "timeoriginalestimate": None, "timeestimate": None, "timespent": None,
            "comment": {"startAt": 0, "maxResults": limit, "total": len(issue.comments), "comments": [self.comment_object(item) for item in comments]},
            "worklog": {"startAt": 0, "maxResults": limit, "total": len(issue.worklogs), "worklogs": [self.worklog_object(issue, item) for item in worklogs]},
            SPRINT: [self._sprint_value(number) for number in issue.sprints] or None,
            POINTS: issue.points, PROBABILITY: {"id": "1", "value": issue.probability} if issue.probability else None,
        }  # fmt: skip
        if parent is not None:
            if self.cloud:
                fields["parent"] = {"id": str(parent.id), "key": parent.key}
            else:
                fields[EPIC] = parent.key
        shown: dict[str, Any] = {
            "id": str(issue.id),
            "key": issue.key,
            "self": f"https://gateway.example/rest/api/3/issue/{issue.id}",
            "fields": fields,
        }
        if with_log:
            held = issue.histories if whole else issue.histories[: self.embedded_history]
            shown["changelog"] = {
                "startAt": 0,
                "maxResults": len(held),
                "total": len(issue.histories),
                "histories": [self.history(item) for item in held],
            }
        return shown


def _error(status: int, message: str) -> Reply:
    return Reply({"errorMessages": [message], "errors": {}}, status)


@contextmanager
def serving_jira(jira: FakeJira):
    """Serve a fake while the test runs; a mistake of its own fails the test."""
    server = WebServer(jira.answer)
    jira.server = server
    jira.url = server.url + jira.context
    try:
        yield jira
    finally:
        server.close()
    assert not server.errors, server.errors


# Faults


def some(reply: Reply, times: int, *, path: str = "", every: int = 1) -> Fault:
    """Answer with *reply* so many times to requests whose path holds *path*, each *every*-th of them."""
    counts = {"left": times, "seen": 0}

    def fault(asked: Asked) -> Reply | None:
        if counts["left"] <= 0 or path not in asked.path:
            return None
        counts["seen"] += 1
        if counts["seen"] % every:
            return None
        counts["left"] -= 1
        return Reply(reply.body, reply.status, dict(reply.headers), reply.wait, reply.drip, reply.cut)

    return fault


def small(jira: FakeJira, *, issues: int = 8) -> FakeJira:
    """Fill a fake with two projects, a board with sprints, versions, components, roles, and issues with a past."""
    for key in ("ALPHA", "BETA"):
        jira.project(key)
        version, component = jira.version(key, f"{key} 1.0"), jira.component(key, f"{key} core")
        board = jira.board(key)
        first, second = jira.sprint(board, "Sprint 1"), jira.sprint(board, "Sprint 2", "future")
        epic = jira.create(key, "Everything", type="10000")
        made = [
            jira.create(key, f"Work {number}", versions=[version], components=[component], parent=epic.id, points=3.0)
            for number in range(issues)
        ]
        for number, issue in enumerate(made):
            jira.into_sprint(issue, first if number % 2 else second)
            jira.transition(issue, "3")
            if number % 3 == 0:
                jira.transition(issue, "6")
            jira.comment(issue)
            jira.log_work(issue)
        jira.link(made[0], made[1])
        risk = jira.create(key, "It may rain", type="10007", probability="High")
        jira.assign(risk, "ann")
    jira.board("ALPHA", "kanban")
    jira.roles = {"Administrators": [("user", "ann"), ("group", "developers")], "Project Lead": [("user", "bob")]}
    return jira


def edit(jira: FakeJira, draw: random.Random) -> None:
    """Do something that people do."""
    with jira.lock:
        issues = list(jira.issues.values())
        issue = draw.choice(issues) if issues else None
        choice = draw.randrange(14)
        if issue is None or choice == 0:
            jira.create(draw.choice(list(jira.projects)), f"New {draw.randrange(1000)}")
        elif choice in (1, 2):
            jira.rename(issue, f"Renamed {draw.randrange(1000)}")
        elif choice == 3:
            jira.transition(issue, draw.choice(list(jira.statuses)))
        elif choice == 4:
            jira.comment(issue, f"Words {draw.randrange(1000)}")
        elif choice == 5:
            jira.uncomment(issue)
        elif choice == 6:
            jira.log_work(issue, draw.randrange(1, 9) * 900)
        elif choice == 7:
            jira.delete(issue)
        elif choice == 8:
            others = [key for key in jira.projects if key != issue.project]
            if others:
                jira.move(issue, draw.choice(others))
        elif choice == 9:
            jira.assign(issue, draw.choice(["ann", "bob", None]))
        elif choice == 10 and jira.sprints:
            jira.close_sprint(draw.choice(list(jira.sprints)))
        elif choice == 11 and jira.versions:
            jira.versions[draw.choice(list(jira.versions))]["name"] = f"Version {draw.randrange(1000)}"
        elif choice == 12 and jira.components:
            jira.components[draw.choice(list(jira.components))]["name"] = f"Component {draw.randrange(1000)}"
        elif len(issues) > 1:
            first, second = draw.sample(issues, 2)
            jira.link(first, second)
