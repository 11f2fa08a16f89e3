"""`auditor show`: an audit, a project or a finding of the store."""

import rich_click as click

from auditor.cli.console import console, settings_of


@click.command()
@click.argument("what", default="latest", metavar="[AUDIT|PROJECT|FINDING]")
@click.option("--audit", default="latest", show_default=True, metavar="ID", help="The audit that a project or finding is shown of.")
@click.pass_context
def show(ctx: click.Context, what: str, audit: str) -> int:
    """Show an audit, one project of it, or one finding with its evidence.

    Without an argument: the newest audit. A finding is named by its key, or the beginning of it.
    """
    from auditor.errors import UsageError, did_you_mean  # noqa: PLC0415  (only this command needs them)
    from auditor.reports.terminal import finding_page, project_page, summary  # noqa: PLC0415
    from auditor.results.store import audits  # noqa: PLC0415
    from auditor.workbench.desk import Desk  # noqa: PLC0415

    settings = settings_of(ctx)
    out = console()
    if what == "latest" or what in audits(settings.store.path):
        _, _, report = Desk(settings).kept(what, in_words=False)
        out.print(summary(report))
        return 0
    _, _, report = Desk(settings).kept(audit)
    project = next((item for item in report.projects if what in (item.id, item.name)), None)
    if project is not None:
        out.print(project_page(project))
        return 0
    found = [(item, finding) for item in report.projects for finding in item.findings if finding.key.startswith(what)]
    if not found:
        names = [item.id for item in report.projects]
        raise UsageError(
            f"{what[:60]!r} is no audit, project or finding", hint=did_you_mean(what, names) or f"projects are: {', '.join(names[:8])}"
        )
    rules = {rule.id: rule for rule in report.rules}
    for item, finding in found:
        out.print(item.id)
        out.print(finding_page(finding))
        rule = rules[finding.rule]
        out.print(f"  asked: {rule.requirement} ({rule.source})\n  why: {rule.why}\n  to do: {rule.fix}\n")
    return 0
