"""The demonstration from end to end: files are written, pulled, mapped and audited as any others."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path

from auditor.config.settings import load_settings
from auditor.demo.everything import build_everything
from auditor.demo.portfolio import build_portfolio
from auditor.demo.story import AS_OF
from auditor.errors import UsageError
from auditor.reports.model import AuditReport
from auditor.results.audit_result import AuditResult
from auditor.snapshot.progress import Progress
from auditor.workbench.desk import Desk
from auditor.workbench.pulling import pull_and_map
from auditor.workbench.reporting import write_reports

MARK = ".auditor-demo"
"""A file that says that a folder is the demonstration's own and may be written anew."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The demonstration as it lies in its folder."""

    folder: Path
    result: AuditResult
    report: AuditReport
    files: tuple[Path, ...]  # json, xlsx, first page of html


def run_demo(
    folder: Path, *, everything: bool = False, progress: Progress | None = None, deciding: Callable[[int], None] | None = None
) -> Shown:
    """Write the portfolio below *folder*, audit it as of its day, write the reports, and return where everything lies.

    *everything*: with the further projects of all methods, and the organisation's own rules.

    A folder of an earlier demonstration is written anew.

    Raises:
        UsageError: *folder* holds something else.
    """
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARK).is_file():
            raise UsageError(f"{folder} holds something else", hint="give an empty folder: `auditor demo FOLDER`")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).write_text("auditor demo writes this folder anew on each run\n", encoding="utf-8")
    settings = load_settings((build_everything if everything else build_portfolio)(folder))
    pull_and_map(settings, progress=progress, now=lambda: datetime.combine(AS_OF, time(12), tzinfo=UTC))
    desk = Desk(settings)
    result, plan = desk.audit(progress=deciding)
    report = desk.report(result, plan.profiles)
    files = tuple(write_reports(report, ("json", "xlsx", "html"), folder / "report"))
    return Shown(folder, result, report, files)
