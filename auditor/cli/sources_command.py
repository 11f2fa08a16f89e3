"""`auditor sources`: what was recognised at the sources, and its correction by a person."""

from pathlib import Path

import rich_click as click

from auditor.cli.console import console, settings_of, table


@click.group()
def sources() -> None:
    """See what was recognised at the sources, and correct it."""


@sources.command("list")
@click.pass_context
def list_(ctx: click.Context) -> int:
    """List per source which tables it fills, in how many projects, how many of these completely, and why not."""
    from auditor.snapshot.store import open_snapshot  # noqa: PLC0415  (only this command needs it)
    from auditor.workbench.overview import coverage_seen  # noqa: PLC0415

    snapshot = open_snapshot(settings_of(ctx).store.path)
    rows = [
        (row["source"], row["table_name"], row["projects"], row["complete"], row["rows"], (row["reasons"] or "").replace("_", " "))
        for row in coverage_seen(snapshot)
    ]
    right = ("Projects", "Complete", "Rows")
    console().print(table(("Source", "Table", *right, "Why not"), rows, right=right))
    return 0


@sources.command()
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default="sources-review.xlsx",
    show_default=True,
    help="The workbook to write.",
)
@click.option(
    "--read", "corrected", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A corrected workbook to read back."
)
@click.pass_context
def review(ctx: click.Context, output: Path, corrected: Path | None) -> int:
    """Write every file and what it was taken for into one workbook; with --read take the corrections back.

    \b
      auditor sources review                             writes sources-review.xlsx; fill in its column 'Is really'
      auditor sources review --read sources-review.xlsx  keeps the corrections; `auditor pull --offline` applies them
    """  # noqa: D301  (click wants the character itself)
    from auditor.ledger.joined import joined_review, ledger_of  # noqa: PLC0415  (only this command needs it)
    from auditor.rulebook.recognition import load_recognition  # noqa: PLC0415
    from auditor.snapshot.store import open_snapshot  # noqa: PLC0415
    from auditor.workbench.review import read_review, review_rows, write_review  # noqa: PLC0415
    from auditor.workbench.writing import actor_of, keep_corrections  # noqa: PLC0415

    settings = settings_of(ctx)
    kinds = {kind.id for kind in load_recognition(settings.rules.folders).kinds}
    if corrected is not None:
        count, place = keep_corrections(settings, read_review(corrected, kinds), actor=actor_of(None))
        click.echo(f"{count} corrections in {place}; `auditor pull --offline` applies them")
        return 0
    with ledger_of(settings) as ledger:
        before = joined_review(settings, ledger)
    count = write_review(review_rows(open_snapshot(settings.store.path)), kinds, before, output)
    click.echo(f"{output}: {count} files, those to look at first")
    return 0
