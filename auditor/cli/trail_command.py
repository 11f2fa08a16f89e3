"""`auditor trail`: everything that people ever wrote, and whether it is still what they wrote."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import rich_click as click

from auditor.cli.console import console, settings_of, table

if TYPE_CHECKING:
    from auditor.ledger.trail import TrailEntry

KINDS = ("answer", "waiver", "sign_off", "document", "person")


@click.group()
def trail() -> None:
    """Show and verify everything that people wrote; take over files, and write them again."""


@trail.command()
@click.option("--project", metavar="ID", help="Only what is about this project.")
@click.option("--kind", type=click.Choice(KINDS), help="Only entries of this kind.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, with the hashes.")
@click.pass_context
def show(ctx: click.Context, project: str | None, kind: str | None, as_json: bool) -> int:
    """Show the trail, oldest entry first."""
    import json  # noqa: PLC0415  (only here)

    from auditor.ledger.joined import ledger_of  # noqa: PLC0415  (only this command needs it)
    from auditor.ledger.transfer import entries_of_project  # noqa: PLC0415

    with ledger_of(settings_of(ctx)) as ledger:
        entries = [] if ledger is None else list(ledger.entries(kind=kind))
    if project is not None:
        entries = list(entries_of_project(entries, project))
    if as_json:
        click.echo(json.dumps([entry.model_dump(mode="json") for entry in entries], ensure_ascii=False, indent=1))
        return 0
    rows = [
        (entry.number, f"{entry.at:%Y-%m-%d %H:%M}", entry.actor, entry.source, entry.kind, _about(entry), _says(entry))
        for entry in entries
    ]
    out = console()
    out.print(table(("No.", "At (UTC)", "By", "How", "Kind", "About", "Says"), rows, right=("No.",)))
    out.print(f"{len(entries)} entries" if entries else "nothing was written yet")
    return 0


def _about(entry: "TrailEntry") -> str:
    import json  # noqa: PLC0415  (only here)

    parts = [part for part in json.loads(entry.key) if part]
    return " ".join(parts[1:] if entry.kind == "answer" else parts)


def _says(entry: "TrailEntry") -> str:
    said = entry.payload
    if entry.act == "withdraw":
        return f"withdrawn {said.get('because') or ''}".strip()
    if entry.kind == "answer":
        answer = said["answer"]
        return f"{answer['says'].replace('_', ' ')} ({answer['author']}, {answer['on']}) {answer['note']}".strip()
    if entry.kind == "waiver":
        end = said.get("ends_on") or said.get("ends_with")
        return f"{said.get('kind', 'waived')} until {end}, approved by {said.get('approver')}: {said.get('reason')}"
    if entry.kind == "sign_off":
        return f"signed as {said['role']} on {said['on']}"
    return str(said.get("kind") or ", ".join(said.get("names", ())))


@trail.command()
@click.option("--head", metavar="HASH", help="The hash of an entry that you noted elsewhere, or its first 16 digits: is it in the trail?")
@click.pass_context
def verify(ctx: click.Context, head: str | None) -> int:
    """Say whether the trail is whole: nothing changed, removed, moved or inserted. Exit code 4 when it is not.

    Each entry carries the hash of the one before. Whoever can write the database could cut off the end, or compute everything anew: that
    shows against hashes that were kept elsewhere. Every audit of the store keeps one, and --head takes another: note it outside.
    """
    import re  # noqa: PLC0415  (only here)

    from auditor.errors import UsageError  # noqa: PLC0415  (only this command needs it)
    from auditor.workbench.writing import trail_health  # noqa: PLC0415

    if head is not None and not re.fullmatch(r"[0-9a-f]{16,64}", head):
        raise UsageError("--head takes 16 to 64 hexadecimal digits", hint="as `auditor trail verify` prints them")
    health = trail_health(settings_of(ctx), head=head)
    if health.broken is not None:
        where = f"entry {health.broken.number}" if health.broken.number else "the trail"
        click.echo(f"{health.place}: {where}: {health.broken.why}" if health.place else health.broken.why, err=True)
        click.echo("  what people wrote cannot be relied on as it is; restore the ledger from a backup", err=True)
        return 4
    out = console()
    if health.verified is None:
        out.print("nothing was written yet")
        return 0
    out.print(f"{health.place}: {health.verified.position} entries, whole")
    if health.verified.head is not None:
        out.print(f"head {health.verified.head}")
    if health.agreeing:
        out.print(f"{health.agreeing} audits were made of this trail as it is")
    if health.others:
        out.print(f"{health.others} audits were made of another ledger")
    return 0


@trail.command("import")
@click.option("--prefer", type=click.Choice(("file", "ledger")), help="What holds where they contradict each other; both are recorded.")
@click.option("--trail", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Restore a trail that was exported.")
@click.option("--author", metavar="NAME", help="Who takes them over. Default: AUDITOR_AUTHOR, or who runs the command.")
@click.pass_context
def import_(ctx: click.Context, prefer: Literal["file", "ledger"] | None, file: Path | None, author: str | None) -> int:
    """Take over answers.yaml, people.yaml, recognition-review.yaml and the waivers files. Done again it writes nothing twice.

    The files may stay: what the ledger once held from them, and holds newer, is no contradiction.
    """
    from auditor.ledger.transfer import restore_trail  # noqa: PLC0415  (only this command needs it)
    from auditor.workbench.desk import Desk  # noqa: PLC0415
    from auditor.workbench.writing import actor_of, take_over  # noqa: PLC0415

    settings = settings_of(ctx)
    out = console()
    if file is not None:
        out.print(f"{restore_trail(settings.ledger_url, file)} entries restored")
        return 0
    done = take_over(Desk(settings), actor=actor_of(author), prefer=prefer)
    if not done:
        out.print("there is no file to take over")
        return 0
    rows = [(item.file, item.written, item.held, item.older) for item in done]
    right = ("Written", "Held already", "Newer in the ledger")
    out.print(table(("File", *right), rows, right=right))
    return 0


@trail.command()
@click.option("--output", type=click.Path(file_okay=False, path_type=Path), default="ledger-export", show_default=True, help="The folder.")
@click.pass_context
def export(ctx: click.Context, output: Path) -> int:
    """Write what holds as the files that people can read and edit, and the whole trail as trail.jsonl, with every hash."""
    from auditor.workbench.writing import write_out  # noqa: PLC0415  (only this command needs it)

    files = write_out(settings_of(ctx), output)
    for path in files:
        click.echo(path)
    if not files:
        click.echo("nothing was written yet")
    return 0
