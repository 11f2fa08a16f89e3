"""`auditor init`: look at a folder, show what is there, write a configuration."""

from pathlib import Path

import rich_click as click

from auditor.cli.console import CONFIGURATION, console, printable, progress, table


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=".")
@click.option("--jira", metavar="URL", help="Ask this Jira which projects, issue types and fields it has, and propose how they are mapped.")
@click.option("--user", metavar="NAME", help="With --jira: whose token it is; left out for a token that stands alone.")
@click.option(
    "--token-env", default="JIRA_TOKEN", show_default=True, metavar="NAME", help="With --jira: the variable that holds the token."
)
@click.option("--scoped", is_flag=True, help="With --jira: the token is a scoped one of Jira Cloud.")
@click.option("--time-zone", default="UTC", show_default=True, metavar="ZONE", help="In which instants become days: Europe/Brussels.")
@click.option("--force", is_flag=True, help="Write over a configuration that is there.")
def init(folder: Path, jira: str | None, user: str | None, token_env: str, time_zone: str, *, scoped: bool, force: bool) -> int:
    """Look at a folder: which projects lie there, in which phase, which files are recognised, doubtful, unreadable.

    Writes a commented auditor.toml, reads everything once, and shows what was found and why. Nothing else than that file and .auditor is
    written. With --jira nothing is read yet: the proposal is there to be looked at first.
    """
    from auditor.config.settings import load_settings  # noqa: PLC0415  (only this command needs it)
    from auditor.errors import UsageError  # noqa: PLC0415
    from auditor.rulebook.cache import cache_folder, kept_rulebook  # noqa: PLC0415
    from auditor.rulebook.profile_choice import fallback  # noqa: PLC0415
    from auditor.workbench.find import ask_source, configuration, find_sources  # noqa: PLC0415
    from auditor.workbench.joining import configured, joins_of  # noqa: PLC0415
    from auditor.workbench.overview import files_to_review, projects_seen  # noqa: PLC0415
    from auditor.workbench.pulling import problems, pull_and_map  # noqa: PLC0415

    target = folder / CONFIGURATION
    if target.exists() and not force:
        raise UsageError(f"{target} is there already", hint="`auditor pull` works with it; --force writes a new one over it")
    found = find_sources(folder)
    if jira is not None:
        said = {"url": jira, "token": {"env": token_env}} | ({"user": user} if user else {}) | ({"scoped": True} if scoped else {})
        with progress("asking the Jira"):
            found.append(ask_source("jira", said, folder))
    if not found:
        raise UsageError(f"nothing in {folder.resolve()} looks like documents of projects or recorded answers of a tracker")
    text = configuration(found, time_zone=time_zone, default_profile=fallback(kept_rulebook((), cache_folder())))
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
        for remark in source.proposal.remarks:
            out.print(f"    {printable(remark)}")
    if jira is not None:
        out.print("next: look at auditor.toml, then `auditor doctor` shows what the account may see, and `auditor pull` reads it")
        return 0
    with progress("reading") as report:
        done = pull_and_map(settings, progress=report.step)
    for item in done.pulled.sources if done.pulled else ():
        for line in problems(item):
            click.echo(line, err=True)
    seen = projects_seen(done.snapshot)
    keys = {source.connector: source.project_key for source in settings.sources}
    if "fileshare" in keys and "jira" in keys and (joins := joins_of(seen)):
        text += "\n".join((*configured(joins, folders=keys["fileshare"], tracker=keys["jira"]), ""))
        partial.write_text(text, encoding="utf-8")
        partial.replace(target)
        with progress("joining") as report:
            done = pull_and_map(load_settings(target), offline=True, progress=report.step)
        seen = projects_seen(done.snapshot)
        for join in joins:
            told = (
                f"the folder {join.folder} and the Jira project {join.tracker} ({join.name}) are called the same and count as one project"
            )
            out.print(printable(f"  {told}; if they are two, take [[project]] out of {target.name}"))
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
