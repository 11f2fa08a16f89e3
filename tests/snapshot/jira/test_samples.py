"""The counts of the README of ../shared/samples/jira, by SQL over the snapshot."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from auditor.config.settings import load_settings
from auditor.model.schema import TABLES
from auditor.snapshot.build import build_snapshot
from auditor.snapshot.pull import pull

SAMPLES = Path(__file__).parents[4] / "shared" / "samples" / "jira"
MOST_MEMORY = 1_500 * 2**20

COUNTS = """
select
    (select count(*) from work_item),
    (select count(distinct edit_id) from history_entry),
    (select count(*) from comment where table_name = 'work_item'),
    (select count(*) from work_item where resolution is null and unknown_bits & {resolution} = 0),
    (select count(*) from work_item where assignee_id is null and unknown_bits & {assignee} = 0),
    (select count(*) from work_item where parent_id is not null),
    (select count(*) from work_item w where exists (
        from link l where l.project_id = w.project_id
            and (l.from_table = 'work_item' and l.from_id = w.id or l.to_table = 'work_item' and l.to_id = w.id)))
"""


@pytest.mark.samples
@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        # issues, edits, comments, resolution null, assignee null, with parent, with links
        ("apache-2015", (210, 1117, 757, 0, 27, 25, 43)),
        ("duraspace-2015", (1947, 11350, 3357, 506, 640, 123, 521)),
        ("apache-arrow-2022", (10379, 0, 0, 2387, 3556, 996, 2469)),
        ("apache-arrow-2022-with-comments", (99, 0, 304, 0, 11, 0, 6)),
        ("titanium-TIMOB-2021", (1205, 0, 4335, 371, 165, 0, 479)),
        ("titanium-MOD-2021", (367, 0, 1443, 95, 62, 27, 103)),
        ("cloud-SP-2021", (10, 47, 1, 6, 10, 0, 3)),
    ],
)
def test_counts_are_reproduced(tmp_path, words, folder, expected):
    before = _memory_from_now_on()
    assert _counts(_snapshot(tmp_path, words, folder)) == expected
    if before is not None:
        assert _memory("VmHWM") - before < MOST_MEMORY


def _memory_from_now_on() -> int | None:
    """Let the peak begin anew, whatever other tests took in this process, and return what is taken now; None: not on this system."""
    if not sys.platform.startswith("linux"):
        return None
    Path("/proc/self/clear_refs").write_text("5")
    return _memory("VmRSS")


def _memory(name: str) -> int:
    """Return an amount of memory of this process, in bytes."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(f"{name}:"))
    return int(line.split()[1]) * 1024


@pytest.mark.samples
@pytest.mark.parametrize("folder", ["fiware-2018", "createmeta-cloud"])
def test_every_other_folder_loads(tmp_path, words, folder):
    snapshot = _snapshot(tmp_path, words, folder)
    assert snapshot.manifest["sources"]["tracker"]["error"] == ""
    assert len(snapshot.project_ids()) > 0


def _snapshot(tmp_path, words, folder):
    if not (SAMPLES / folder).is_dir():
        pytest.skip("../shared/samples is not there")
    text = f'[store]\npath = "store"\n[[source]]\nname = "tracker"\nconnector = "jira"\npages = "{SAMPLES / folder}"\n'
    (tmp_path / "auditor.toml").write_text(text, "utf-8")
    settings = load_settings(tmp_path)
    report = pull(settings, now=lambda: datetime(2026, 3, 2, tzinfo=UTC))
    assert [source.error for source in report.sources] == [""]
    return build_snapshot(settings, words)


def _counts(snapshot):
    con = duckdb.connect()
    for name in ("work_item", "history_entry", "comment", "link"):
        con.execute(f"create view {name} as from read_parquet('{snapshot.file(name)}')")
    work = TABLES["work_item"].by_name
    counts = COUNTS.format(resolution=work["resolution"].mask, assignee=work["assignee_id"].mask)
    return con.execute(counts).fetchall()[0]
