"""`auditor waiver`: what projects were let off for a time, and which risks are accepted."""

import sys
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from auditor.cli.console import console, settings_of, table

if TYPE_CHECKING:
    from auditor.workbench.granting import Watched

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def waiver() -> None:
    """List, check and write waivers. They stand in `waivers.yaml` or `waivers.csv` beside `auditor.toml`, or in the ledger.

    A waiver lets a project off a requirement for a time (`waived`), or records that somebody bears the risk of a lapse (`accepted`). No
    verdict is changed by it: reports show the finding with who granted it, why, and until when, and the managed score beside the actual
    one. It is granted by another person than the one who asks for it, and has an end: a day, or the closing of an issue.
    """


@waiver.command("list")
@click.option("--project", metavar="ID", help="Only of this project.")
@click.option(
    "--as-of", type=_DAY, metavar="DAY", help="How each stands at the end of this day, also one to come. Default: the snapshot's."
)
@click.pass_context
def list_(ctx: click.Context, project: str | None, as_of: datetime | None) -> int:
    """Show how every waiver stands, how long it has run, whether it is needed and used, and who granted how many.

    Whether a waiver is needed says the newest audit, where it is of that day.
    """
    from auditor.reports.words import place_in_chain, waiver_in_words  # noqa: PLC0415  (only this command needs them)
    from auditor.workbench.desk import Desk  # noqa: PLC0415
    from auditor.workbench.granting import watch  # noqa: PLC0415

    watched = watch(Desk(settings_of(ctx)), as_of.date() if as_of else None)
    shown = [item for item in watched.statuses if project in (None, item.waiver.project)]
    out = console()
    if not shown:
        out.print("no waivers")
        return 0
    rows = []
    for item in shown:
        one = item.waiver
        state = [
            waiver_in_words(item),
            "open again" if item.is_open_again else "soon" if item.is_soon else "",
            place_in_chain(item.earlier),
        ]
        need = {"yes": "yes", "no": f"no: {item.because}", "unknown": f"? {item.because}"}[item.need]
        what = f"{one.rule} {one.subject or ''}".strip()
        kind = "waived" if one.kind == "waived" else "risk accepted"
        told = "; ".join(part for part in state if part)
        rows.append((one.project, what, kind, told, item.days, need, watched.last_used(item), one.approver))
    columns = ("Project", "Rule", "Kind", f"On {watched.as_of}", "Days", "Needed", "Last used", "Granted by")
    out.print(table(columns, rows, right=("Days",)))
    _counts(watched, project)
    return 0


def _counts(watched: "Watched", project: str | None) -> None:
    shown = [item for item in watched.statuses if project in (None, item.waiver.project)]
    out = console()
    states = Counter(item.state.value.replace("_", " ") for item in shown)
    out.print(f"{len(shown)} waivers: {', '.join(f'{count} {name}' for name, count in states.items())}")
    approvers = Counter(item.waiver.approver for item in shown if item.state.value == "in_force")
    if approvers:
        named = ", ".join(f"{name} {count}" for name, count in sorted(approvers.items(), key=lambda pair: (-pair[1], pair[0])))
        out.print(f"in force, by who granted them: {named}")
    if watched.audit is None:
        out.print("there is no audit of this day and the newest snapshot: `auditor audit` says which are needed")


@waiver.command()
@click.pass_context
def check(ctx: click.Context) -> int:
    """Name what is wrong with waivers, with its place and what to do, and exit with 2.

    Mistakes: unknown rules and projects, no approver, an approver who asked for it, no end, two at once. Lapses: one that has ended while
    its finding is open, one whose rule asks something else since, one whose end nobody knows.
    """
    from auditor.errors import raise_all  # noqa: PLC0415  (only this command needs them)
    from auditor.workbench.desk import Desk  # noqa: PLC0415
    from auditor.workbench.granting import lapses, watch  # noqa: PLC0415

    watched = watch(Desk(settings_of(ctx)))
    raise_all("waivers need somebody", lapses(watched))
    _counts(watched, None)
    return 0


@waiver.command()
@click.option("--rule", required=True, metavar="ID", help="The rule.")
@click.option("--project", required=True, metavar="ID", help="The project.")
@click.option("--subject", metavar="ID", help="The one entry that is meant (R-02). Default: whatever fails, now and later.")
@click.option(
    "--accept", is_flag=True, help="Accept the risk: the lapse stays one in the managed score too. For rules that may not be waived."
)
@click.option("--reason", required=True, metavar="TEXT", help="Why it is right.")
@click.option("--requester", required=True, metavar="NAME", help="Who asks for it.")
@click.option("--approver", required=True, metavar="NAME", help="Who grants it: somebody else.")
@click.option("--begin", type=_DAY, metavar="DAY", help="Its first day. Default: today.")
@click.option("--end", type=_DAY, metavar="DAY", help="Its last day.")
@click.option("--issue", metavar="KEY", help="The issue whose closing ends it, in the place of a last day.")
@click.option("--into", type=click.Choice(["file", "ledger"]), help="Where it is written. Default: the ledger where there is one.")
@click.option("--author", metavar="NAME", help="Who writes it into the ledger. Default: AUDITOR_AUTHOR, or the user.")
@click.pass_context
def new(
    ctx: click.Context,
    rule: str,
    project: str,
    subject: str | None,
    reason: str,
    requester: str,
    approver: str,
    begin: datetime | None,
    end: datetime | None,
    issue: str | None,
    into: str | None,
    author: str | None,
    *,
    accept: bool,
) -> int:
    """Write a waiver, checked together with those that are there, with the digest of what the rule asks today.

    In `waivers.yaml` everything else stays as it is, comments too.
    """
    from auditor.errors import UsageError, did_you_mean  # noqa: PLC0415  (only this command needs them)
    from auditor.ledger.waiver import Waiver, requirement_digest  # noqa: PLC0415
    from auditor.workbench.desk import Desk  # noqa: PLC0415
    from auditor.workbench.granting import grant  # noqa: PLC0415
    from auditor.workbench.writing import actor_of, today  # noqa: PLC0415

    desk = Desk(settings_of(ctx))
    name = rule.upper() if rule.upper() in desk.rulebook.rules else rule
    found = desk.rulebook.rules.get(name)
    if found is None:
        raise UsageError(f"there is no rule {rule[:60]!r}", hint=did_you_mean(rule, desk.rulebook.rules) or "`auditor rules list`")
    if (end is None) == (issue is None):
        raise UsageError("a waiver has one end", hint="give --end DAY (its last day) or --issue KEY (the issue whose closing ends it)")
    first = begin.date() if begin else today(desk.settings)
    if end is not None and end.date() < first:
        raise UsageError(f"it would end on {end.date()}, before it begins on {first}", hint="--end is its last day; --begin its first")
    granted = Waiver(
        rule=name,
        requirement=requirement_digest(found.requirement),
        project=project,
        subject=subject,
        kind="accepted" if accept else "waived",
        reason=reason,
        requester=requester,
        approver=approver,
        begins_on=first,
        ends_on=end.date() if end else None,
        ends_with=issue,
    )
    where = grant(desk, granted, actor=actor_of(author), into_file=None if into is None else into == "file")
    console().print(f"written into {where}; `auditor audit` honours it")
    return 0


@waiver.command()
@click.option("--rule", required=True, metavar="ID", help="The rule.")
@click.option("--project", required=True, metavar="ID", help="The project.")
@click.option("--subject", metavar="ID", help="The entry that it is about. Default: the one about every entry.")
@click.option("--on", "last_day", type=_DAY, metavar="DAY", help="Its last day; one before it began withdraws it. Default: today.")
@click.option("--because", required=True, metavar="TEXT", help="Why it ends early.")
@click.option("--author", metavar="NAME", help="Who writes. Default: AUDITOR_AUTHOR, or the user.")
@click.pass_context
def end(
    ctx: click.Context, rule: str, project: str, subject: str | None, last_day: datetime | None, because: str, author: str | None
) -> int:
    """End a waiver of the ledger earlier than granted. What was granted stays in the trail; one in a file is changed there."""
    from auditor.workbench.desk import Desk  # noqa: PLC0415  (only this command needs them)
    from auditor.workbench.granting import end_early, find, watch  # noqa: PLC0415
    from auditor.workbench.writing import actor_of, today  # noqa: PLC0415

    desk = Desk(settings_of(ctx))
    day = last_day.date() if last_day else today(desk.settings)
    found = find(watch(desk), rule, project, subject)
    where = end_early(desk, found, day, actor=actor_of(author), because=because)
    console().print(f"written into {where}: its last day is {day}" if day >= found.begins_on else f"withdrawn in {where}")
    return 0


@waiver.command("csv")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="The file. Default: standard output.")
@click.pass_context
def csv_(ctx: click.Context, output: Path | None) -> int:
    """Write all waivers as CSV, with how each stands. The file is read back as `waivers.csv`; the computed columns are skipped then."""
    from auditor.findings.written import csv_text  # noqa: PLC0415  (only this command needs them)
    from auditor.workbench.desk import Desk  # noqa: PLC0415
    from auditor.workbench.granting import watch  # noqa: PLC0415

    text = csv_text(watch(Desk(settings_of(ctx))).statuses)
    if output is None:
        sys.stdout.buffer.write(text.encode())
        return 0
    output.write_bytes(b"\xef\xbb\xbf" + text.encode())
    console().print(f"{output}")
    return 0
