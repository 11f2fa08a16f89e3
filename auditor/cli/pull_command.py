"""`auditor pull`: read what changed at the sources and take a snapshot."""

import rich_click as click

from auditor.cli.console import console, progress, settings_of, table


@click.command()
@click.option("--source", "only", multiple=True, metavar="NAME", help="Only this source; may be repeated.")
@click.option("--offline", is_flag=True, help="Ask no source: map anew what was pulled before (after a change of mapping or recognition).")
@click.option(
    "--allow-incomplete",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    metavar="N",
    help="How many places may be read incompletely before the exit code is 3.",
)
@click.pass_context
def pull(ctx: click.Context, only: tuple[str, ...], *, offline: bool, allow_incomplete: int) -> int:
    """Read what changed at the sources and take a snapshot of all projects.

    A pull that was interrupted goes on where it stopped. What a source could not give is counted, and stays unknown to every rule.
    """
    from auditor.workbench.pulling import problems, pull_and_map  # noqa: PLC0415  (only this command needs it)

    settings = settings_of(ctx)
    with progress("reading the sources") as report:
        done = pull_and_map(settings, only=only, offline=offline, progress=report.step)
    out = console()
    sources = done.pulled.sources if done.pulled else ()
    counts = ("New", "Changed", "Unchanged", "Gone", "Unreadable")
    if sources:
        rows = [(item.name, item.new, item.changed, item.unchanged, item.gone, item.unread) for item in sources]
        out.print(table(("Source", *counts), rows, right=counts))
    out.print(f"snapshot {done.snapshot.id}: {len(done.snapshot.project_ids())} projects")
    incomplete = [line for item in sources for line in problems(item)]
    for line in incomplete:
        click.echo(line, err=True)
    if len(incomplete) > allow_incomplete:
        click.echo(f"exit 3: {len(incomplete)} places were read incompletely, {allow_incomplete} are allowed", err=True)
        return 3
    return 0
