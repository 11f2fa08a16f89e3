"""The share of the clauses that is really decided, for the README. `python docs/shares.py [--check]`.

Audits the demonstration with all its projects and, as two sources of one portfolio, the documents and trackers of ../shared/samples. Takes
about four minutes.
"""

import sys
import tempfile
from datetime import UTC, datetime, time
from pathlib import Path

from auditor.config.settings import load_settings
from auditor.demo.everything import build_everything
from auditor.demo.story import AS_OF
from auditor.reports.coverage import CoverageReport, PackReach
from auditor.workbench.desk import Desk
from auditor.workbench.pulling import pull_and_map
from auditor.workbench.reaching import reach_of

README = Path(__file__).parents[1] / "README.md"
SAMPLES = Path(__file__).parents[2] / "shared" / "samples"
BEGIN, END = "<!-- shares: written by docs/shares.py -->", "<!-- end of shares -->"
SAMPLES_READ_ON = datetime(2026, 11, 1, 12, tzinfo=UTC)
CONFIGURATION = """[store]
path = "store"

[[source]]
name = "documents"
connector = "fileshare"
root = "{samples}/documents"

[[source]]
name = "tracker"
connector = "jira"
pages = "{samples}/jira"
"""


def reached(configuration: Path, now: datetime) -> CoverageReport:
    """Pull and audit what *configuration* names, as of *now*, and return how far the rules reached."""
    desk = Desk(load_settings(configuration))
    pull_and_map(desk.settings, now=lambda: now)
    desk.audit()
    return reach_of(desk)


def shares(folder: Path) -> list[str]:
    """Return the table of the README, working in *folder*."""
    shown = reached(build_everything(folder / "demo"), datetime.combine(AS_OF, time(12), tzinfo=UTC))
    configuration = folder / "samples" / "auditor.toml"
    configuration.parent.mkdir()
    configuration.write_text(CONFIGURATION.format(samples=SAMPLES), encoding="utf-8")
    real = reached(configuration, SAMPLES_READ_ON)
    columns = ("projects", "clauses decided there", "of what applied")
    lines = [f"| pack | demonstration: {' | '.join(columns)} | real samples: {' | '.join(columns)} |", "| --- |" + " ---: |" * 6]
    return [*lines, *(f"| {one.name} | {_cells(one)} | {_cells(other)} |" for one, other in zip(shown.packs, real.packs, strict=True))]


def _cells(pack: PackReach) -> str:
    if not pack.projects:
        return "— | — | —"
    share = "—" if pack.decided_share is None else f"{pack.decided_share:.0%}".replace("%", " %")
    return f"{pack.projects} | {pack.decided} | {share}"


def main() -> int:
    """Write the README, or with --check say whether it tells the shares as they are."""
    text = README.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"README.md has no {BEGIN} … {END}")
    if not SAMPLES.is_dir():
        raise SystemExit(f"{SAMPLES} is not there")
    with tempfile.TemporaryDirectory() as folder:
        now = "\n".join([before + begin, *shares(Path(folder)), end + after])
    if "--check" in sys.argv:
        if now != text:
            print("README.md tells other shares than were measured: python docs/shares.py", file=sys.stderr)
        return int(now != text)
    README.write_text(now, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
