"""All trackers of ../shared/samples/jira as one portfolio: `auditor sql` gives the numbers of its README, tracker by tracker."""

import json
import os
from pathlib import Path

import pytest

from auditor.cli.main import main
from auditor.model.schema import TABLES

SAMPLES = Path(__file__).parents[4] / "shared" / "samples" / "jira"

EXPECTED = {
    "apache-2015": (210, 1117, 757, 0, 27, 25, 43),
    "duraspace-2015": (1947, 11350, 3357, 506, 640, 123, 521),
    "apache-arrow-2022": (10379, 0, 0, 2387, 3556, 996, 2469),
    "apache-arrow-2022-with-comments": (99, 0, 304, 0, 11, 0, 6),
    "titanium-TIMOB-2021": (1205, 0, 4335, 371, 165, 0, 479),
    "titanium-MOD-2021": (367, 0, 1443, 95, 62, 27, 103),
    "cloud-SP-2021": (10, 47, 1, 6, 10, 0, 3),
}
"""Folder → issues, edits of the changelog, comments, resolution null, assignee null, with parent, with links."""

COUNTS = """
select w.source, count(*) as issues,
    (select count(distinct h.edit_id) from history_entry h where h.source = w.source) as edits,
    (select count(*) from comment c where c.source = w.source and c.table_name = 'work_item') as comments,
    count(*) filter (where w.resolution is null and w.unknown_bits & {resolution} = 0) as unresolved,
    count(*) filter (where w.assignee_id is null and w.unknown_bits & {assignee} = 0) as unassigned,
    count(*) filter (where w.parent_id is not null) as with_parent,
    count(*) filter (where exists (select 1 from link l where l.project_id = w.project_id and l.source = w.source
        and (l.from_table = 'work_item' and l.from_id = w.id or l.to_table = 'work_item' and l.to_id = w.id))) as with_links
from work_item w group by w.source order by w.source
"""


def _run(root: Path, *arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["-c", str(root / "auditor.toml"), *arguments])
    return int(ended.value.code or 0)


@pytest.mark.samples
def test_the_trackers_together_give_the_counts_of_each(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No tracker takes an issue, an edit, a comment or a link from another, though two of them hold the same project."""
    if not SAMPLES.is_dir():
        pytest.skip("../shared/samples is not there")
    pages = {folder: os.path.relpath(SAMPLES / folder, tmp_path) for folder in EXPECTED}
    sources = [f'[[source]]\nname = "{folder}"\nconnector = "jira"\npages = "{where}"\n' for folder, where in pages.items()]
    (tmp_path / "auditor.toml").write_text('[store]\npath = "store"\n' + "".join(sources), "utf-8")
    assert _run(tmp_path, "pull") == 0
    capsys.readouterr()
    work = TABLES["work_item"].by_name
    question = COUNTS.format(resolution=work["resolution"].mask, assignee=work["assignee_id"].mask)
    assert _run(tmp_path, "sql", question, "--format", "json") == 0
    rows = json.loads(capsys.readouterr().out)
    assert {row.pop("source"): tuple(row.values()) for row in rows} == EXPECTED
    assert _run(tmp_path, "sql", "select count(*) as n from work_item", "--format", "json") == 0
    assert json.loads(capsys.readouterr().out) == [{"n": sum(counts[0] for counts in EXPECTED.values())}]
