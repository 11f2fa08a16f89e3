"""What reading a live Jira costs, beside the `jira` package of PyPI doing the same reading in the same run.

`make bench BENCH_ARGS="--smoke"` for a small one. The Jira is the tests' fake in a process of its own: 50 ms until an answer begins, 429
above 10 requests at once. Each part runs in a process of its own; memory is its peak.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

TOKEN = "t0ken-of-nobody-else"
CHANGES = 50


# Parts


def part_pull(_url: str, folder: Path) -> dict[str, Any]:
    """Read what changed into the store."""
    import requests  # noqa: F401  (what starting costs is left out, as of the package)

    from auditor.config.settings import load_settings
    from auditor.snapshot.pull import pull

    settings = load_settings(folder)
    settings.sources[0].connect()
    begun = time.perf_counter()
    report = pull(settings).sources[0]
    assert report.is_complete, report
    return {"seconds": time.perf_counter() - begun, "new": report.new, "changed": report.changed, "unchanged": report.unchanged}


def part_package(url: str, _folder: Path) -> dict[str, Any]:
    """Read every issue with comments, worklogs and history: the search with everything in it, then what it cut off, issue by issue."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from jira import JIRA
    begun = time.perf_counter()
    client = JIRA(url, basic_auth=("ann@example.org", TOKEN))
    found = {"issues": 0, "edits": 0, "comments": 0, "worklogs": 0}
    for project in client.projects():
        for issue in client.search_issues(f'project = "{project.key}"', maxResults=False, fields="*all", expand="changelog"):
            log, comments, worklogs = issue.changelog, issue.fields.comment, issue.fields.worklog
            histories = log.histories
            if log.total > len(histories):
                histories = client.issue(issue.id, expand="changelog").changelog.histories
            said = comments.comments if comments.total <= len(comments.comments) else client.comments(issue)
            done = worklogs.worklogs if worklogs.total <= len(worklogs.worklogs) else client.worklogs(issue)
            found["issues"] += 1
            found["edits"] += len(histories)
            found["comments"] += len(said)
            found["worklogs"] += len(done)
    return {"seconds": time.perf_counter() - begun, **found}


def part_snapshot(_url: str, folder: Path) -> dict[str, Any]:
    """Map what was read and write a snapshot."""
    from auditor.config.settings import load_settings
    from auditor.model.schema import TABLES
    from auditor.snapshot.build import build_snapshot
    from auditor.snapshot.documents.read import load_document_words

    settings = load_settings(folder)
    begun = time.perf_counter()
    snapshot = build_snapshot(settings, load_document_words(()))
    seconds = time.perf_counter() - begun
    import duckdb

    counted = (duckdb.sql(f"select count(*) from '{snapshot.file(table)}'").fetchall() for table in TABLES)
    return {"seconds": seconds, "rows": sum(rows[0][0] for rows in counted)}


def part_counted(_url: str, folder: Path) -> dict[str, Any]:
    """Count what the store holds, to compare with what the Jira holds."""
    from auditor.config.settings import load_settings
    from auditor.connect.protocol import Fact
    from auditor.snapshot.raw import RawStore

    connector = load_settings(folder).sources[0].connect()
    found = {"issues": 0, "edits": 0, "comments": 0, "worklogs": 0}
    edits = set()
    names = {"work_item": "issues", "comment": "comments", "worklog": "worklogs"}
    with RawStore(folder / ".auditor", "tracker") as raw:
        for place in raw.places():
            for _, item in connector.read(record for record, _ in raw.records(place)):
                if isinstance(item, Fact) and item.table in names:
                    found[names[item.table]] += 1
                elif isinstance(item, Fact) and item.table == "history_entry":
                    edits.add(item.values["edit_id"])
    return found | {"edits": len(edits)}


PARTS = {"pull": part_pull, "package": part_package, "snapshot": part_snapshot, "counted": part_counted}


def _measured(part: str, url: str, folder: Path) -> dict[str, Any]:
    os.environ["JIRA_TEST_TOKEN"] = TOKEN
    found = PARTS[part](url, folder)
    used = resource.getrusage(resource.RUSAGE_SELF)
    return found | {"cpu": used.ru_utime + used.ru_stime, "memory": used.ru_maxrss / 1024}


# The run


@contextmanager
def _serving(dialect: str, issues: int, edits: int):
    command = [sys.executable, str(ROOT / "bench" / "jira_server.py"), dialect, "--issues", str(issues), "--edits", str(edits)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.stdin.close()
            server.wait(30)


def _control(url: str, what: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"{url}/bench/{what}") as answer:
        found: dict[str, Any] = json.loads(answer.read())
    return found


def _run(part: str, url: str, folder: Path) -> dict[str, Any]:
    _control(url, "stats")
    done = subprocess.run(
        [sys.executable, __file__, "--part", part, "--url", url, "--folder", str(folder)],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout.splitlines()[-1]) | _control(url, "stats")


def _configured(folder: Path, url: str, *lines: str) -> Path:
    folder.mkdir()
    text = [
        "[[source]]", 'name = "tracker"', 'connector = "jira"', f'url = "{url}"', 'user = "ann@example.org"',
        'token = {env = "JIRA_TEST_TOKEN"}', *lines,
    ]  # fmt: skip
    (folder / "auditor.toml").write_text("\n".join(text), "utf-8")
    return folder


def _told(what: str, found: dict[str, Any]) -> None:
    print(
        f"  {what}: {found['seconds']:.2f} s, CPU {found['cpu']:.1f} s, {found['requests']:.0f} requests "
        f"({found['refused']:.0f} refused, at most {found['most at once']:.0f} at once), {found['memory']:.0f} MB"
    )


def bench(dialect: str, issues: int, edits: int, folder: Path) -> list[tuple[str, float, float]]:
    """Print what one dialect costs; return what is limited: what, value, limit."""
    limits = []
    with _serving(dialect, issues // 4, edits) as url:
        quarter = _run("pull", url, _configured(folder / f"{dialect}-quarter", url))
    with _serving(dialect, issues, edits) as url:
        truth = _control(url, "truth")
        print(f"{'Cloud' if dialect == 'cloud' else 'Data Center'}: {', '.join(f'{held:,} {what}' for what, held in truth.items())}")
        package = _run("package", url, folder)
        _told("the package `jira`", package)
        mine = _configured(folder / dialect, url)
        first = _run("pull", url, mine)
        _told("a first pull into the store", first)
        counted = _run("counted", url, mine)
        for what, held in truth.items():
            assert counted[what] == held, (what, counted, truth)
            assert package[what] == held, (what, package, truth)
        same = _run("pull", url, mine)
        _told("a pull when nothing changed", same)
        _control(url, f"edit?count={CHANGES}")
        again = _run("pull", url, mine)
        _told(f"a pull after {CHANGES} changes, with the complete list of issues", again)
        assert again["changed"] == min(CHANGES, issues), again
        snapshot = _run("snapshot", url, mine)
        whole = first["seconds"] + snapshot["seconds"]
        print(
            f"  the snapshot from it: {snapshot['seconds']:.2f} s, {snapshot['rows']:,} rows, {snapshot['rows'] / snapshot['seconds']:,.0f} a second; "
            f"with the pull {snapshot['rows'] / whole:,.0f} a second; {snapshot['memory']:.0f} MB"
        )
        limits += [
            (f"{dialect}: the package : a first pull, wall time", package["seconds"] / first["seconds"], 5.0),
            (f"{dialect}: the package : a first pull, requests", package["requests"] / first["requests"], 1.0),
            (f"{dialect}: a first pull : a pull after {CHANGES} changes", first["seconds"] / again["seconds"], 100 / 3),
            (f"{dialect}: memory of a pull of a quarter : of all", quarter["memory"] / first["memory"], 0.5),
        ]
    return limits


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="400 issues of a Cloud: half a minute, no limits asserted")
    parser.add_argument("--issues", type=int, help="default 20000")
    parser.add_argument("--edits", type=int, default=5, help="per issue")
    parser.add_argument("--dialect", choices=("cloud", "server"), help="default: both")
    parser.add_argument("--part", choices=PARTS, help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        print(json.dumps(_measured(options.part, options.url, options.folder)))
        return 0
    issues = options.issues or (400 if options.smoke else 20_000)
    limits = []
    with tempfile.TemporaryDirectory(prefix="auditor-bench-") as temporary:
        for dialect in [options.dialect] if options.dialect else ["cloud"] if options.smoke else ["cloud", "server"]:
            limits += bench(dialect, issues, options.edits, Path(temporary))
    missed = 0
    for what, value, least in limits:
        missed += value < least
        print(f"{'ok    ' if value >= least else 'MISSED'} {what}: {value:.2f} (at least {least:.2f})")
    return 1 if missed and issues >= 20_000 else 0


if __name__ == "__main__":
    raise SystemExit(main())
