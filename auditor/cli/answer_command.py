"""`auditor answer`: what only a person can say, kept in the ledger."""

from datetime import datetime
from typing import Any

import rich_click as click

from auditor.cli.console import console, settings_of, table

SAYS = ("yes", "no", "partly", "not-applicable")
_DAY = click.DateTime(["%Y-%m-%d"])


class Answering(click.RichGroup):
    """Takes the name of a rule where other groups take the name of a command."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Let `auditor answer RULE yes …` mean `auditor answer give RULE yes …`."""
        own = ("-h", "--help", *self.commands)
        return super().parse_args(ctx, ["give", *args] if args and args[0] not in own else args)


@click.group(cls=Answering)
def answer() -> None:
    """Answer what only a person can say: `auditor answer RULE yes --project P --note …`. Kept in the ledger, with its trail."""


@answer.command()
@click.argument("rule")
@click.argument("says", type=click.Choice(SAYS))
@click.option("--project", required=True, metavar="ID", help="The project.")
@click.option("--subject", metavar="ID", help="Only about this subject (a risk, a document). Default: all that were shown.")
@click.option("--note", default="", metavar="TEXT", help="Why. Needed for not-applicable.")
@click.option("--evidence", default="", metavar="TEXT", help="Where it can be seen.")
@click.option("--expires", type=_DAY, metavar="DAY", help="The last day on which it holds (YYYY-MM-DD).")
@click.option("--on", type=_DAY, metavar="DAY", help="The day on which it was said. Default: today.")
@click.option("--author", metavar="NAME", help="Who says it. Default: AUDITOR_AUTHOR, or who runs the command.")
@click.pass_context
def give(
    ctx: click.Context,
    rule: str,
    says: str,
    project: str,
    subject: str | None,
    note: str,
    evidence: str,
    expires: datetime | None,
    on: datetime | None,
    author: str | None,
) -> int:
    """Answer a rule for a project. A newer answer supersedes the older one, which stays in the trail."""
    from auditor.checks.inputs import Answer  # noqa: PLC0415  (only this command needs it)
    from auditor.workbench.desk import Desk  # noqa: PLC0415
    from auditor.workbench.writing import actor_of, give_answer, today  # noqa: PLC0415

    desk = Desk(settings_of(ctx))
    said = Answer.model_validate(
        {
            "rule": rule,
            "project": project,
            "subject": subject,
            "says": says.replace("-", "_"),
            "author": actor_of(author),
            "on": on.date() if on else today(desk.settings),
            "note": note,
            "evidence": evidence,
            "expires_on": expires.date() if expires else None,
        }
    )
    given = give_answer(desk, said, actor=actor_of(None))
    out = console()
    if not given.written.written:
        out.print(f"{given.ledger} says so already")
        return 0
    bound = (
        "it holds for what the newest audit showed" if given.is_bound else "no audit showed anything about it: it is bound to no evidence"
    )
    out.print(f"entry {given.written.position} of {given.ledger}; {bound}")
    if given.counts_from is not None:
        out.print(f"the snapshot is of {desk.snapshot.as_of}: the answer counts in audits from {given.counts_from} on")
    return 0


@answer.command("list")
@click.option("--project", metavar="ID", help="Only of this project.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.pass_context
def list_(ctx: click.Context, project: str | None, as_json: bool) -> int:
    """List the answers that hold, from answers.yaml and the ledger."""
    import json  # noqa: PLC0415  (only here)

    from auditor.workbench.desk import Desk  # noqa: PLC0415  (only this command needs it)
    from auditor.workbench.writing import answers_seen  # noqa: PLC0415

    found = answers_seen(Desk(settings_of(ctx)), project)
    if as_json:
        said: list[dict[str, Any]] = [{**item.answer.model_dump(mode="json"), "place": item.place} for item in found]
        click.echo(json.dumps(said, ensure_ascii=False, indent=1))
        return 0
    rows = [
        (
            item.answer.rule,
            item.answer.project,
            item.answer.subject or "",
            item.answer.says.replace("_", " "),
            item.answer.author,
            item.answer.on,
            item.answer.expires_on or "",
            item.answer.note,
            item.place,
        )
        for item in found
    ]
    console().print(table(("Rule", "Project", "Subject", "Says", "Author", "On", "Until", "Note", "Where"), rows))
    return 0


@answer.command()
@click.argument("rule")
@click.option("--project", required=True, metavar="ID", help="The project.")
@click.option("--subject", metavar="ID", help="The subject that the answer is about. Default: the answer about all.")
@click.option("--because", default="", metavar="TEXT", help="Why it does not hold any more.")
@click.option("--author", metavar="NAME", help="Who withdraws it. Default: AUDITOR_AUTHOR, or who runs the command.")
@click.pass_context
def withdraw(ctx: click.Context, rule: str, project: str, subject: str | None, because: str, author: str | None) -> int:
    """Withdraw an answer. It stays in the trail."""
    from auditor.workbench.desk import Desk  # noqa: PLC0415  (only this command needs it)
    from auditor.workbench.writing import actor_of, withdraw_answer  # noqa: PLC0415

    written = withdraw_answer(Desk(settings_of(ctx)), rule, project, subject, because=because, actor=actor_of(author))
    console().print(f"entry {written.position}: the answer to {rule} for {project} does not hold any more")
    return 0
