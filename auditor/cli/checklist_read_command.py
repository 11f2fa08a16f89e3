"""`auditor checklist read`: what people wrote into lists goes into the ledger."""

from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from auditor.cli.console import console, settings_of, table

if TYPE_CHECKING:
    from auditor.workbench.list_reading import Gathered


@click.command("read")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False), metavar="FILE…")
@click.option("--author", default="", metavar="NAME", help="Who answered where a list names nobody.")
@click.option(
    "--take",
    multiple=True,
    metavar="FILE|PERSON",
    help="Whose answer counts where answers differ; 'ledger' is what holds. May be repeated.",
)
@click.option("--dry-run", is_flag=True, help="Show what would be written; write nothing.")
@click.pass_context
def read_command(ctx: click.Context, files: tuple[Path, ...], *, author: str, take: tuple[str, ...], dry_run: bool) -> int:
    """Read filled-in lists (.xlsx, .docx, .html, .md), of one person or of several, into the ledger.

    Every valid answer arrives; what is none is named by its cell. Where people disagree, nothing is written until --take says whose answer
    counts. Exit code 2: something needs a look.
    """
    from auditor.workbench.desk import Desk  # noqa: PLC0415  (duckdb: half a second that --help does not pay)
    from auditor.workbench.list_reading import gather, write_gathered  # noqa: PLC0415
    from auditor.workbench.writing import actor_of  # noqa: PLC0415

    desk = Desk(settings_of(ctx))
    gathered = gather(desk, files, author=author, take=take)
    _tell(gathered)
    merged = gathered.merged
    count = f"{len(merged.answers)} answers, {len(merged.sign_offs)} signatures"
    if dry_run:
        click.echo(f"would write {count}")
        return 2 if gathered.needs_a_look else 0
    written = write_gathered(desk, gathered, actor=actor_of(None))
    if written.conflicts:
        for conflict in written.conflicts:
            click.echo(f"meanwhile {conflict.theirs.actor} wrote about the same (entry {conflict.theirs.number})", err=True)
        click.echo("nothing was written: read the lists again", err=True)
        return 2
    known = len(written.unchanged) + merged.known
    held = f", {known} held already" if known else ""
    click.echo(f"{len(written.written)} entries written, position {written.position}{held}")
    return 2 if gathered.needs_a_look else 0


def _tell(gathered: "Gathered") -> None:
    out = console()
    for read in gathered.files:
        back = read.back
        click.echo(
            f"{read.file}: {back.kind} of {back.project}: {len(back.filled)} answers, {len(back.misread)} that are none, "
            f"{back.untouched} untouched"
        )
    wrong = [
        (f"{read.file}, {item.place}" if len(gathered.files) > 1 else item.place, item.what, item.why, item.hint)
        for read in gathered.files
        for item in (*read.back.misread, *read.back.unknown)
    ]
    if wrong:
        out.print(table(("Where", "What stands there", "Why it is no answer", "What to do"), wrong, title="No answers"))
    merged = gathered.merged
    if merged.nameless:
        nameless = [(item.where, item.question, item.subject or "") for item in merged.nameless]
        out.print(table(("Where", "Question", "Subject"), nameless, title="Without an author: name one in the list, or give --author"))
    for conflict in merged.conflicts:
        title = " ".join(part for part in (conflict.question, conflict.subject or "", "of", conflict.project) if part)
        rows = [
            (side.answer.says.replace("_", " "), side.answer.author, side.answer.on.isoformat(), side.answer.note, side.where)
            for side in conflict.sides
        ]
        heading = f"{title}: answers differ; --take says whose counts"
        out.print(table(("Says", "Who", "On", "Note", "Where"), rows, title=heading))
    if merged.remarks:
        told = [(item.question, item.subject or "", item.what, item.where) for item in merged.remarks]
        out.print(table(("Question", "Subject", "Remark", "Where"), told, title="Answers that need attention"))
