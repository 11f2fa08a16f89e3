"""`auditor init`: look at a folder, show what is there, write a configuration."""

from pathlib import Path

import rich_click as click

from auditor.cli.console import CONFIGURATION, console, progress, table


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=".")
@click.option("--time-zone", default="UTC", show_default=True, metavar="ZONE", help="In which instants become days: Europe/Brussels.")
@click.option("--force", is_flag=True, help="Write over a configuration that is there.")
def init(folder: Path, time_zone: str, *, force: bool) -> int:
    """Look at a folder: which projects lie there, in which phase, which files are recognised, doubtful, unreadable.

    Writes a commented auditor.toml, reads everything once, and shows what was found and why. Nothing else than that file and .auditor is
    written.
    """
    from auditor.config.settings import load_settings  # noqa: PLC0415  (only this command needs it)
    from auditor.errors import UsageError  # noqa: PLC0415
    from auditor.rulebook.load import load_rulebook  # noqa: PLC0415
    from auditor.workbench.find import configuration, find_sources  # noqa: PLC0415
    from auditor.workbench.overview import files_to_review, projects_seen  # noqa: PLC0415
    from auditor.workbench.pulling import problems, pull_and_map  # noqa: PLC0415

    target = folder / CONFIGURATION
    if target.exists() and not force:
        raise UsageError(f"{target} is there already", hint="`auditor pull` works with it; --force writes a new one over it")
    found = find_sources(folder)
    if not found:
        raise UsageError(f"nothing in {folder.resolve()} looks like documents of projects or recorded answers of a tracker")
    profiles = load_rulebook().profiles
    default = next(iter(profiles), None) if len(profiles) == 1 else None
    text = configuration(found, time_zone=time_zone, default_profile=default)
    partial = target.with_suffix(".part")
    partial.write_text(text, encoding="utf-8")
    try:
        settings = load_settings(partial)
    except BaseException:
        partial.unlink()
        raise
    partial.replace(target)
    settings = load_settings(target)
    out = console()
    out.print(f"wrote {target}")
    for source in found:
        out.print(f"  {source.name}: {source.proposal.why}")
    with progress("reading") as report:
        done = pull_and_map(settings, progress=report.step)
    for item in done.pulled.sources if done.pulled else ():
        for line in problems(item):
            click.echo(line, err=True)
    seen = projects_seen(done.snapshot)
    right = ("Files", "Sure", "Doubtful", "Unread", "Items")
    rows = [
        (item.id, item.methodology, item.phase, item.size, item.files, item.recognised, item.doubtful, item.unreadable, item.work_items)
        for item in seen
    ]
    out.print(table(("Project", "Methodology", "Phase", "Size", *right), rows, right=right))
    review = files_to_review(done.snapshot)
    if review:
        out.print(table(("Project", "File", "May be", "Sure", "Why"), [_file_row(item) for item in review[:20]], title="To look at"))
        more = f" ({len(review) - 20} more)" if len(review) > 20 else ""
        out.print(f"{len(review)} files are doubtful or unreadable{more}: `auditor sources review` writes them into a workbook to correct")
    out.print("next: `auditor audit`, or declare what is inferred wrongly under [[project]] in auditor.toml and `auditor pull --offline`")
    return 0


def _file_row(item: object) -> tuple[object, ...]:
    from auditor.workbench.overview import FileSeen  # noqa: PLC0415  (only this command needs it)

    assert isinstance(item, FileSeen)
    sure = "" if item.confidence is None else f"{item.confidence:.0%}"
    return (item.project, item.path, item.kind, sure, item.reason.replace("_", " "))
