"""An imitation of Data Center 8.20 that others wrote: everything it holds is read, and a second pull reads nothing."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections import Counter, defaultdict
from datetime import UTC, date, datetime

import orjson
import pytest

from auditor.config.settings import load_settings
from auditor.connect.protocol import Fact
from auditor.snapshot.pull import pull
from auditor.snapshot.raw import RawStore


@pytest.fixture(scope="module")
def url():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "JIRA820_PORT": str(port), "JIRA820_DATE": "2026-03-02"}
    process = subprocess.Popen([sys.executable, "-m", "jira820"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                asked(f"{address}/rest/api/2/serverInfo")
                break
            except OSError:
                assert process.poll() is None
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait()


def asked(address):
    with urllib.request.urlopen(address, timeout=10) as answer:
        return orjson.loads(answer.read())


def test_everything_is_read_and_then_nothing(url, tmp_path):
    (tmp_path / "auditor.toml").write_text(f'[[source]]\nname = "tracker"\nconnector = "jira"\nurl = "{url}"\n', "utf-8")
    settings = load_settings(tmp_path)
    first = pull(settings).sources[0]
    again = pull(settings).sources[0]
    assert first.is_complete
    assert again.is_complete
    assert (again.new, again.changed, again.gone, again.unchanged) == (0, 0, 0, first.new)
    found = defaultdict(dict)
    with RawStore(settings.store.path, "tracker") as raw:
        for place in raw.places():
            records = [record for record, _ in raw.records(place)]
            for _, item in settings.sources[0].connect().read(records):
                if isinstance(item, Fact):
                    assert item.id not in found[item.table]
                    found[item.table][item.id] = item.values
    issues = asked(f"{url}/rest/api/2/search?jql=project=JIRA820&maxResults=1000&fields=*all")
    assert issues["total"] == len(issues["issues"]) == len(found["work_item"])
    ids = {issue["key"]: issue["id"] for issue in issues["issues"]}
    sprints = {}
    for issue in issues["issues"]:
        assert work_of(issue, ids) == {name: found["work_item"][issue["id"]].get(name) for name in work_of(issue, ids)}
        sprints |= {f"{issue['id']}:{item['id']}": str(item["id"]) for item in issue["fields"].get(SPRINT) or ()}
    assert sprints.items() <= {number: row["sprint_id"] for number, row in found["sprint_item"].items()}.items()
    assert Counter(frozenset((row["from_id"], row["to_id"])) for row in found["link"].values()) == links_of(issues["issues"])
    # What is asked for one by one: every fourth issue.
    some = [issue for issue in issues["issues"] if int(issue["id"]) % 4 == 0]
    assert len(some) > 50
    mine = {issue["id"] for issue in some}
    comments, worklogs, edits = {}, {}, set()
    for issue in some:
        comments |= {
            f"{issue['id']}.{item['id']}": (issue["id"], item["author"]["key"])
            for item in asked(f"{url}/rest/api/2/issue/{issue['key']}/comment")["comments"]
        }
        for item in asked(f"{url}/rest/api/2/issue/{issue['key']}/worklog")["worklogs"]:
            day = datetime.fromisoformat(item["started"]).astimezone(UTC).date()
            worklogs[f"{issue['id']}.{item['id']}"] = (issue["id"], item["author"]["key"], item["timeSpentSeconds"], day)
        for entry in asked(f"{url}/rest/api/2/issue/{issue['key']}?expand=changelog&fields=status")["changelog"]["histories"]:
            edits |= {
                (
                    issue["id"],
                    f"{issue['id']}.{entry['id']}",
                    datetime.fromisoformat(entry["created"]),
                    item["fromString"],
                    item["toString"],
                )
                for item in entry["items"]
            }
    assert {number: (row["row_id"], row["by_id"]) for number, row in found["comment"].items() if row["row_id"] in mine} == comments
    assert {
        number: (row["work_item_id"], row["person_id"], round(row["hours"] * 3600), row["worked_on"])
        for number, row in found["worklog"].items()
        if row["work_item_id"] in mine
    } == worklogs
    assert {
        (row["row_id"], row["edit_id"], row["at"], row.get("from_value"), row.get("to_value"))
        for row in found["history_entry"].values()
        if row["row_id"] in mine and row["field"] != "status_category"
    } == edits
    boards = [asked(f"{url}/rest/agile/1.0/board/{board['id']}/configuration") for board in asked(f"{url}/rest/agile/1.0/board")["values"]]
    assert Counter(row["name"] for row in found["board_column"].values()) == Counter(
        column["name"] for board in boards for column in board["columnConfig"]["columns"]
    )
    listed = {str(item["id"]): item for item in asked(f"{url}/rest/agile/1.0/board/1/sprint")["values"]}
    assert {number: (row["name"], row["state"]) for number, row in found["sprint"].items()} == {
        number: (item["name"], item["state"]) for number, item in listed.items()
    }


POINTS, EPIC, SPRINT = "customfield_10004", "customfield_10008", "customfield_10007"


def work_of(issue, ids):
    """An issue's row, read as plainly as its own answer says it."""
    fields = issue["fields"]

    def at(name):
        return datetime.fromisoformat(fields[name]).astimezone(UTC) if fields.get(name) else None

    def names(name):
        return ", ".join(item["name"] if isinstance(item, dict) else item for item in fields.get(name) or ()) or None

    parent = fields["parent"]["id"] if fields.get("parent") else ids.get(fields.get(EPIC))
    return {
        "key": issue["key"],
        "title": fields["summary"],
        "status": fields["status"]["name"],
        "status_category": {"new": "todo", "indeterminate": "in_progress", "done": "done"}[fields["status"]["statusCategory"]["key"]],
        "resolution": fields["resolution"]["name"] if fields.get("resolution") else None,
        "priority": fields["priority"]["name"],
        "assignee_id": fields["assignee"]["key"],
        "reporter_id": fields["reporter"]["key"],
        "created_at": at("created"),
        "updated_at": at("updated"),
        "resolved_at": at("resolutiondate"),
        "due_on": date.fromisoformat(fields["duedate"]) if fields.get("duedate") else None,
        "labels": names("labels"),
        "component": names("components"),
        "fix_version": names("fixVersions"),
        "story_points": fields.get(POINTS),
        "spent_hours": fields["timespent"] / 3600 if fields.get("timespent") else None,
        "parent_id": parent,
    }


def links_of(issues):
    """From which issue to which, as often as there are kinds of links between them."""
    found = set()
    for issue in issues:
        for link in issue["fields"].get("issuelinks") or ():
            for end, other in ((end, link[end]["id"]) for end in ("inwardIssue", "outwardIssue") if end in link):
                first, second = (issue["id"], other) if end == "outwardIssue" else (other, issue["id"])
                found.add((first, second, link["type"]["outward"]))
    return Counter(frozenset(one[:2]) for one in found)
