"""Other ways in which the records of a flawless project may be kept: in a library of SharePoint, on a board alone, read twice.

A kind names the way behind the project: `RIVER@library`. What a folder cannot hold (columns, versions, rights) stands in a file beside the
documents, `library.json`, which kinds edit as people edit a library; it is served by the tests' own tenant while the copy is pulled.
"""

import json
import os
import shutil
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any
from unittest import mock

from auditor.config.settings import Settings, load_settings
from auditor.demo.story import AS_OF
from auditor.demo.tracker import Ticket, extra, user, write_pages
from auditor.workbench.pulling import pull_and_map
from tests.demo.planting import Edit, Place, taken_over
from tests.servers.graph import CLIENT, HOST, SECRET, TENANT, Drive, FakeGraph, Item, serving_graph

LIBRARY = "library.json"
EARLIER = "earlier"
"""Folder that holds a copy of everything as it was when it was read for the first time."""
FIRST_READ = AS_OF - timedelta(days=35)

_SHARE = '[[source]]\nname = "documents"\nconnector = "fileshare"\nroot = "Projects"\n'
_COLUMNS = ("DocType", "Status", "Owner", "ProjectCode")
_TAG = {"name": "_ComplianceTag", "displayName": "Label setting", "text": {}, "hidden": True}


def noon(day: date) -> datetime:
    """Return noon of a day."""
    return datetime.combine(day, time(12), tzinfo=UTC)


# -- how a copy is made ready ----------------------------------------------------------------------------------------------------------


def _in_library(folder: Path, project: str) -> None:
    """All documents lie in a library that knows of each its type, status, owner, project and versions."""
    root = folder / "Projects" / project
    files = {}
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        written = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC).date()
        begun = min(date(2026, 1, 19), written)
        title = path.stem.removeprefix(f"{project}_").partition("_v")[0]
        files[str(path.relative_to(root))] = {
            "fields": {"DocType": title.rstrip("-0123456789"), "Status": "Approved", "Owner": "Dora Pohl", "ProjectCode": project},
            "label": "",
            "checked_out_by": "",
            "created": str(begun),
            "versions": [["1.0", str(written)], ["0.1", str(begun)]],
        }
    said = {"roles": {"Members of the project": "write"}, "files": files}
    (folder / LIBRARY).write_text(json.dumps(said, indent=1), "utf-8")
    _configured(folder, 'profile = "service"', 'profile = "library"')
    (folder / "house" / "library.yaml").write_text(_LIBRARY_PROFILE, "utf-8")


def _archived(folder: Path, project: str) -> None:
    """The project is closed, its documents bear a label, and nobody may write into the library; the records office looks at it."""
    for pattern, name, *words in (
        ("09 Closure/.*Retention-Plan", "PROJECT_Archive-Index_v1.0.docx", "Retention Plan", "Archive Index"),
        ("05 Products/.*Definition-of-Done", "PROJECT_Accessibility-Statement_v1.0.docx", "Definition of Done", "Accessibility Statement"),
    ):
        taken_over(pattern, name, (words[0], words[1]))(Place(folder, project), Random(name))
    _in_library(folder, project)
    said = json.loads((folder / LIBRARY).read_text("utf-8"))
    for file in said["files"].values():
        file["label"] = "Project records, 7 years"
    said["roles"] = {"Members of the project": "read"}
    (folder / LIBRARY).write_text(json.dumps(said, indent=1), "utf-8")
    shutil.rmtree(folder / "jira-pages")
    (folder / "jira-pages").mkdir()
    _configured(folder, 'profile = "library"', 'profile = "records"')
    _configured(folder, 'phase = "executing"', 'phase = "closed"\nend_on = 2026-04-20')
    _configured(folder, f'jira = ["{project}"]\n', "")
    (folder / "house" / "records.yaml").write_text(_RECORDS_PROFILE, "utf-8")


def _on_board(folder: Path, project: str) -> None:
    """A team that works without sprints has a board with limits, and no documents."""
    shutil.rmtree(folder / "Projects" / project)
    _configured(folder, f'folders = ["{project}"]\n', "")
    _configured(folder, _SHARE, "")
    pages = folder / "jira-pages"
    none = {"maxResults": 50, "startAt": 0, "total": 0, "isLast": True, "values": []}
    (pages / f"{project}-sprints.json").write_text(json.dumps(none), "utf-8")
    page = json.loads((pages / f"{project}.json").read_text("utf-8"))
    sprint = next(key for key, name in page["names"].items() if name == "Sprint")
    for issue in page["issues"]:
        issue["fields"][sprint] = None
        for history in issue["changelog"]["histories"]:
            history["items"] = [item for item in history["items"] if item["field"] != "Sprint"]
        kept = [history for history in issue["changelog"]["histories"] if history["items"]]
        issue["changelog"] |= {"histories": kept, "total": len(kept), "maxResults": len(kept)}
    names = [issue["fields"]["assignee"]["displayName"] for issue in page["issues"] if issue["fields"]["assignee"]]
    risks = pages / "risks.json"
    write_pages(risks, project, "", list(_risks(sorted(set(names)))), names[0], 900_000)
    more = json.loads(risks.read_text("utf-8"))
    risks.unlink()
    page["issues"] += more["issues"]
    page["names"] |= more["names"]
    page["total"] = len(page["issues"])
    statuses = {one["name"]: one["id"] for one in json.loads((pages / "statuses.json").read_text("utf-8"))}
    columns = [
        {"name": name, "statuses": [{"id": statuses[name]}]} | ({"max": most} if most else {})
        for name, most in (("To Do", 0), ("In Progress", 10), ("In Review", 4), ("Approved", 4), ("Done", 0))
    ]
    board = {"id": 7, "name": "Board of the team", "type": "kanban", "columnConfig": {"columns": columns, "constraintType": "issueCount"}}
    board["location"] = {"type": "project", "key": project}
    (pages / f"{project}.json").write_text(json.dumps(page, indent=1, ensure_ascii=False), "utf-8")
    (pages / f"{project}-board.json").write_text(json.dumps(board, indent=1), "utf-8")


def _risks(names: list[str]) -> Iterator[Ticket]:
    """Yield risks that the team keeps on its board, looked at in each month, and a task that answers the highest."""
    reviewed = AS_OF - timedelta(days=6)
    for number, (title, likelihood, impact, near) in enumerate(
        (
            ("Clerks not free", 3, 3, AS_OF + timedelta(days=60)),
            ("Data of two offices has gaps", 4, 4, AS_OF + timedelta(days=20)),
            ("Room not booked", 2, 2, AS_OF + timedelta(days=90)),
        ),
        501,
    ):
        owner = names[number % len(names)]
        yield Ticket(
            number,
            title,
            date(2026, 3, 16),
            "Risk",
            assignee=owner,
            path=[(date(2026, 4, 8), "In Progress")],
            due=AS_OF + timedelta(days=20),
            edits=[
                (date(2026, month, day), owner, "description", "As agreed", "As agreed, seen again")
                for month, day in ((4, 21), (5, 12), (6, 9), (6, 24))
            ],
            description="Because the season is busy, work may wait, so that the service opens late.",
            extra=extra(
                probability=str(likelihood),
                impact=str(impact),
                risk_response="Reduce",
                risk_owner=user(owner),
                last_reviewed=str(reviewed),
                proximity_date=str(near),
            ),
        )
    yield Ticket(
        510,
        "Close the gaps by hand",
        date(2026, 4, 8),
        "Task",
        assignee=names[0],
        path=[(date(2026, 5, 11), "In Progress")],
        due=AS_OF + timedelta(days=15),
        criteria="All gaps are closed.",
        points=3.0,
        estimate=12,
        hours=[(date(2026, 6, 26), names[0], 4.0)],
        comments=[(date(2026, 6, 26), names[0])],
        links=[("Mitigates", 502)],
        parent=1,
    )


def _checked_out(folder: Path, project: str) -> None:
    """A library that was read once before."""
    _in_library(folder, project)
    _read_twice(folder, project)


def _read_twice(folder: Path, _: str) -> None:
    """Everything was read once before, a month ago; what is edited was edited since."""
    shutil.copytree(folder, folder / EARLIER, copy_function=shutil.copy2)


WAYS: dict[str, Callable[[Path, str], None]] = {
    "library": _in_library,
    "archive": _archived,
    "board": _on_board,
    "twice": _read_twice,
    "checked": _checked_out,
}
"""Way → how a copy of a project, below a folder, is made to be kept so."""

_LIBRARY_PROFILE = """\
# For projects whose documents lie in a library with columns.
name: library
title: Rules of the house for libraries
extends: [organisation]
methodology: other
chosen: by_name
select:
- areas: [naming, versioning, data_protection, repository]
  because: what a library tells
change:
- rules: [ORG-GDP-05]
  params: {max_retention_months: 24}
  because: the records office allows two years
"""
_RECORDS_PROFILE = """\
# What the records office looks at when a project is closed.
name: records
title: Rules of the house for closed projects
extends: [organisation, legal]
methodology: other
chosen: by_name
select:
- areas: [retention, accessibility]
  because: the records office looks at nothing else
change:
- rules: ["LEGAL-ACC-*"]
  params: {must_be_accessible: true}
  because: everybody may ask for a right to water
"""


def _configured(folder: Path, old: str, new: str) -> None:
    path = folder / "auditor.toml"
    text = path.read_text("utf-8")
    if old not in text:
        message = f"the configuration does not say {old!r}"
        raise LookupError(message)
    path.write_text(text.replace(old, new), "utf-8")


def configured(old: str, new: str) -> Edit:
    """Return an edit of what the organisation's register of projects says of the project."""

    def edit(place: Place, _: Random) -> str:
        _configured(place.folder, old, new)
        return f"{old} is {new}"

    return edit


# -- how libraries and boards are edited ------------------------------------------------------------------------------------------------


def in_library(pattern: str, change: Callable[[dict[str, Any]], None]) -> Edit:
    """Return an edit of what the library knows of a file."""

    def edit(place: Place, _: Random) -> str:
        path = place.folder / LIBRARY
        said = json.loads(path.read_text("utf-8"))
        name = str(place.file(pattern).relative_to(place.folder / "Projects" / place.project))
        change(said["files"][name])
        path.write_text(json.dumps(said, indent=1), "utf-8")
        return f"the library was edited: {name}"

    return edit


def of_library(change: Callable[[dict[str, Any]], None]) -> Edit:
    """Return an edit of the library as a whole."""

    def edit(place: Place, _: Random) -> str:
        path = place.folder / LIBRARY
        said = json.loads(path.read_text("utf-8"))
        change(said)
        path.write_text(json.dumps(said, indent=1), "utf-8")
        return "the library was edited"

    return edit


def long_since(what: Edit) -> Edit:
    """Return an edit that was there already when everything was read for the first time."""

    def edit(place: Place, rng: Random) -> str:
        what(Place(place.folder / EARLIER, place.project), rng)
        return f"since the first reading: {what(place, rng)}"

    return edit


def of_board(change: Callable[[dict[str, Any]], None]) -> Edit:
    """Return an edit of the columns of the team's board, by their names."""

    def edit(place: Place, _: Random) -> str:
        path = place.folder / "jira-pages" / f"{place.project}-board.json"
        said = json.loads(path.read_text("utf-8"))
        change({column["name"]: column for column in said["columnConfig"]["columns"]})
        path.write_text(json.dumps(said, indent=1), "utf-8")
        return "the board was edited"

    return edit


# -- how a copy is pulled ---------------------------------------------------------------------------------------------------------------


def pulled(folder: Path) -> Settings:
    """Pull a copy in its way, and return its settings."""
    with serving_graph(FakeGraph()) as graph, _secret():
        if (folder / EARLIER).is_dir():
            _pulled(folder / EARLIER, FIRST_READ, graph)
            shutil.move(folder / EARLIER / ".auditor", folder / ".auditor")
            shutil.rmtree(folder / EARLIER)
        return _pulled(folder, AS_OF, graph)


def _pulled(folder: Path, day: date, graph: FakeGraph) -> Settings:
    path = folder / "auditor.toml"
    if (folder / LIBRARY).is_file():
        _fill(graph, folder)
        (project,) = (path.name for path in (folder / "Projects").iterdir())
        path = _asks(folder, graph, project)
    settings = load_settings(path)
    pull_and_map(settings, now=lambda: noon(day))
    return settings


@contextmanager
def _secret() -> Iterator[None]:
    with mock.patch.dict(os.environ, {"GRAPH_TEST_SECRET": SECRET}):
        yield


def _asks(folder: Path, graph: FakeGraph, project: str) -> Path:
    """Write the configuration with the library in the place of the share."""
    source = (
        f'[[source]]\nname = "documents"\nconnector = "sharepoint"\ntenant = "{TENANT}"\nclient_id = "{CLIENT}"\n'
        f'authority = "{graph.authority.url}"\ndiscover = false\ngraph = "{graph.server.url}/v1.0"\ncontent_hosts = ["127.0.0.1"]\n'
        f'readers = 1\nsites = ["https://{HOST}/sites/{project}"]\nsecret = {{env = "GRAPH_TEST_SECRET"}}\n'
    )
    path = folder / "auditor-library.toml"
    text = (folder / "auditor.toml").read_text("utf-8").replace(_SHARE, source)
    path.write_text(text.replace(f'folders = ["{project}"]', f'sharepoint = ["{project}"]'), "utf-8")
    return path


def _fill(graph: FakeGraph, folder: Path) -> None:
    """Put the documents and what is known of them into the tenant, in the place of what was there; ids come from the paths."""
    said = json.loads((folder / LIBRARY).read_text("utf-8"))
    (root,) = (folder / "Projects").iterdir()
    graph.drives.clear()
    graph.sites.clear()
    columns = [{"name": name, "displayName": name, "text": {}} for name in _COLUMNS]
    drive = graph.library(graph.site(root.name), columns=[*columns, _TAG])
    drive.rights = [
        {"id": str(number), "roles": [role], "grantedToV2": {"siteGroup": {"id": str(number), "displayName": name}}}
        for number, (name, role) in enumerate(said["roles"].items())
    ]
    folders: dict[Path, Item] = {}
    for path in sorted(root.rglob("*")):
        name = str(path.relative_to(root))
        above = folders.get(path.parent)
        number = f"{zlib.crc32(name.encode()):010}"
        if path.is_dir():
            folders[path] = _called(drive, graph.folder(drive, path.name, above), f"01F{number}")
            continue
        # Whatever a kind put there is there since today.
        known = said["files"].get(name) or {
            "fields": {},
            "label": "",
            "checked_out_by": "",
            "created": str(AS_OF),
            "versions": [["1.0", str(AS_OF)]],
        }
        fields = {column: value for column, value in known["fields"].items() if value}
        fields |= {"_ComplianceTag": known["label"]} if known["label"] else {}
        item = _called(drive, graph.file(drive, path.name, path.read_bytes(), above, fields=fields), f"01D{number}")
        item.version = known["versions"][0][0]
        item.at = noon(date.fromisoformat(known["versions"][0][1]))
        item.created = noon(date.fromisoformat(known["created"]))
        item.checked_out_by = known["checked_out_by"]
        item.author = item.editor = known["fields"].get("Owner") or "Dora Pohl"
        content = item.content or b""
        item.content_edits = zlib.crc32(content)
        item.edits = zlib.crc32(json.dumps(known, sort_keys=True).encode() + content)
        item.versions = [
            {"id": version, "at": noon(date.fromisoformat(day)), "by": item.editor, "size": len(content)}
            for version, day in known["versions"]
        ]
    graph.forget_changes()


def _called(drive: Drive, item: Item, number: str) -> Item:
    del drive.items[item.id]
    item.id = number
    drive.items[number] = item
    return item
