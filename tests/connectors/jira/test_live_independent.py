"""An imitation of Data Center 8.20 that others wrote: everything it holds is read, and a second pull reads nothing."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections import Counter

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
    found = Counter()
    with RawStore(settings.store.path, "tracker") as raw:
        for place in raw.places():
            records = [record for record, _ in raw.records(place)]
            found.update(item.table for _, item in settings.sources[0].connect().read(records) if isinstance(item, Fact))
    issues = asked(f"{url}/rest/api/2/search?jql=project=JIRA820&maxResults=1000&fields=comment")
    assert issues["total"] == len(issues["issues"]) == found["work_item"]
    keys = [issue["key"] for issue in issues["issues"]]
    assert found["comment"] == sum(asked(f"{url}/rest/api/2/issue/{key}/comment")["total"] for key in keys)
    assert found["worklog"] == sum(asked(f"{url}/rest/api/2/issue/{key}/worklog")["total"] for key in keys)
    assert found["history_entry"] > 0
    assert found["sprint"] > 0
    assert found["board_column"] > 0
