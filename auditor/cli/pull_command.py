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
    from auditor.workbench.pulling import pull_and_map  # noqa: PLC0415  (only this command needs it)

    settings = settings_of(ctx)
    with progress("reading the sources") as report:
        done = pull_and_map(settings, only=only, offline=offline, progress=report)
    out = console()
    if done.sources:
        out.print(
            table(
                ("Source", "New or changed", "Unchanged", "Gone", "Unreadable", "Not complete"),
                [(item.name, item.changed, item.unchanged, item.gone, item.unread, item.incomplete or "") for item in done.sources],
                right=("New or changed", "Unchanged", "Gone", "Unreadable", "Not complete"),
            )
        )
    for problem in done.problems:
        console(stderr=True).print(problem)
    out.print(f"snapshot {done.snapshot.id}: {len(done.snapshot.project_ids())} projects")
    return 3 if sum(item.incomplete for item in done.sources) > allow_incomplete or done.failed else 0
