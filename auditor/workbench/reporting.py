"""Reports as files, and what an audit means for the exit code."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from auditor.checks.evaluation import Reason
from auditor.findings.finding import GRADES
from auditor.reports.model import AuditReport
from auditor.results.audit_result import AuditResult


def write_reports(report: AuditReport, formats: Iterable[str], folder: Path) -> Iterator[Path]:
    """Write *report* in the given formats (json, xlsx, html) into *folder* and yield the path of each, that of the first page for html.

    Each file appears whole or not at all.
    """
    for name in formats:
        folder.mkdir(parents=True, exist_ok=True)
        match name:
            case "json":
                from auditor.reports.json_report import write_json  # noqa: PLC0415  (only what is asked for is loaded)

                yield write_json(report, folder / "audit.json")
            case "xlsx":
                from auditor.reports.workbook import write_workbook  # noqa: PLC0415

                yield write_workbook(report, folder / "findings.xlsx")
            case "html":
                from auditor.reports.html import write_html  # noqa: PLC0415

                yield write_html(report, folder)
            case _:
                message = f"no report is called {name!r}"
                raise ValueError(message)


def exit_reasons(result: AuditResult, report: AuditReport, fail_on: str | None, allow_incomplete: int | None) -> list[tuple[int, str]]:
    """Return the exit codes that the result asks for, each with its reason.

    Args:
        result: of the audit.
        report: of the same audit.
        fail_on: grade from which a finding counts; None: findings do not. One that a waiver which holds treats as a whole does not count:
            somebody answers for it until a day.
        allow_incomplete: how many tables may be read incompletely; None: any number.
    """
    found: list[tuple[int, str]] = []
    if fail_on is not None:
        bad = GRADES[: next(place for place, grade in enumerate(GRADES) if grade == fail_on) + 1]
        grave = [finding for finding in result.findings if finding.grade in bad]
        count = sum(1 for finding in grave if finding.treatment == "none")
        treated = f", {len(grave) - count} more are waived or accepted" if count < len(grave) else ""
        if count:
            found.append((1, f"{count} findings of grade {fail_on} or worse{treated}"))
    incomplete = sum(source.tables_incomplete for source in report.sources)
    if allow_incomplete is not None and incomplete > allow_incomplete:
        found.append((3, f"{incomplete} tables were read incompletely, {allow_incomplete} are allowed"))
    crashed = sorted({item.rule for item in result.evaluations if item.reason is Reason.RULE_ERROR})
    if crashed:
        found.append((5, f"rules crashed: {', '.join(crashed[:10])}"))
    return found
