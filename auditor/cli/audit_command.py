"""`auditor audit`: decide every rule for every project of the snapshot."""

import sys
from datetime import datetime
from pathlib import Path

import rich_click as click

from auditor.cli.console import console, progress, settings_of

GRADES = ("critical", "major", "minor", "observation")


@click.command()
@click.option("--profile", metavar="NAME", help="Audit every project by this profile, whatever its methodology.")
@click.option("--project", "projects", multiple=True, metavar="ID", help="Only this project; may be repeated.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="As things stood at the end of a past day (YYYY-MM-DD).")
@click.option(
    "--fail-on", type=click.Choice(GRADES), help="Exit with 1 when there is a finding of this grade or a worse one that no waiver treats."
)
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(["text", "json", "xlsx", "html"]),
    help="What to give; may be repeated. Default: text. One json without --output goes to standard output.",
)
@click.option("--output", type=click.Path(file_okay=False, path_type=Path), help="Where files go. Default: reports/<audit> in the store.")
@click.option("--snapshot", default="latest", show_default=True, metavar="ID", help="Which snapshot.")
@click.option("--evidence", type=click.IntRange(1, 1000), default=5, show_default=True, metavar="N", help="Subjects kept per finding.")
@click.option(
    "--allow-incomplete", type=click.IntRange(min=0), metavar="N", help="Exit with 3 when more tables than N were read incompletely."
)
@click.option("--until", type=click.IntRange(min=0), metavar="N", help="Count what people wrote only up to entry N of the ledger's trail.")
@click.pass_context
def audit(
    ctx: click.Context,
    profile: str | None,
    projects: tuple[str, ...],
    as_of: datetime | None,
    fail_on: str | None,
    formats: tuple[str, ...],
    output: Path | None,
    snapshot: str,
    evidence: int,
    allow_incomplete: int | None,
    until: int | None,
) -> int:
    """Decide every rule for every project, keep the result, and show it.

    The same snapshot, rules, answers and day give the same result to the byte. Projects are audited by the profile of their methodology.
    """
    from auditor.reports.json_report import json_bytes  # noqa: PLC0415  (only this command needs it)
    from auditor.reports.terminal import summary  # noqa: PLC0415
    from auditor.workbench.desk import Desk  # noqa: PLC0415
    from auditor.workbench.reporting import exit_reasons, write_reports  # noqa: PLC0415

    desk = Desk(settings_of(ctx), snapshot)
    with progress("deciding") as report:
        result, plan = desk.audit(
            profile=profile,
            projects=projects,
            as_of=as_of.date() if as_of else None,
            evidence_limit=evidence,
            progress=lambda done: report("deciding", done),
            until=until,
        )
    shown = desk.report(result, plan.profiles, in_words=any(name != "text" for name in formats))
    only_json = formats == ("json",) and output is None
    if only_json:
        sys.stdout.buffer.write(json_bytes(shown))
    else:
        out = console()
        if not formats or "text" in formats:
            out.print(summary(shown))
        files = [name for name in formats if name != "text"]
        for path in write_reports(shown, files, output or desk.settings.store.path / "reports" / result.id):
            out.print(f"{path}")
        if not formats:
            out.print(f"kept as {result.id}; `auditor show PROJECT` says more, `auditor audit --format html` writes pages")
    reasons = exit_reasons(result, shown, fail_on, allow_incomplete)
    for code, text in reasons:
        click.echo(f"exit {code}: {text}", err=True)
    return max((code for code, _ in reasons), default=0)
