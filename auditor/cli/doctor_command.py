"""`auditor doctor`: what is missing, who can give it, and what it would unlock."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import rich_click as click

from auditor.cli.console import console, progress, settings_of, table

if TYPE_CHECKING:
    from auditor.connect.protocol import Diagnosis
    from auditor.workbench.desk import Desk
    from auditor.workbench.doctor import SourceHealth


@click.command()
@click.option("--gaps", "count", type=click.IntRange(1), default=15, show_default=True, metavar="N", help="How many gaps are shown.")
@click.pass_context
def doctor(ctx: click.Context, count: int) -> int:
    """Show per source whether it answers and what it fills, whether the ledger is whole, and which gaps leave most decisions open.

    The gap that would unlock most comes first, with the person who can close it.
    """
    from auditor.errors import StoreError  # noqa: PLC0415  (only this command needs it)
    from auditor.reports.build import gaps  # noqa: PLC0415
    from auditor.workbench.desk import Desk  # noqa: PLC0415
    from auditor.workbench.doctor import rules_left_open, rules_that_read, sources_health, unmapped  # noqa: PLC0415
    from auditor.workbench.overview import coverage_seen, files_to_review  # noqa: PLC0415
    from auditor.workbench.writing import ledger_told  # noqa: PLC0415

    desk = Desk(settings_of(ctx))
    out = console()
    try:
        snapshot = desk.snapshot
    except StoreError:
        snapshot = None
    health = list(sources_health(desk.settings, coverage_seen(snapshot) if snapshot else []))
    rows = []
    for item in health:
        state = "yes"
        if item.problem:
            state = f"no: {item.problem}" + (f"; {item.hint}" if item.hint else "") + rules_left_open((), item, desk)
        fills = ", ".join(f"{name} {complete}/{projects}" for name, (projects, complete) in item.tables.items())
        why = ", ".join(
            f"{reason.replace('_', ' ')} ({number}; {rules_that_read(item.open_tables[reason], desk)})"
            for reason, number in item.reasons.items()
        )
        rows.append((item.name, item.connector, state, fills, why))
    out.print(
        table(
            ("Source", "Connector", "Answers", "Fills (complete/projects)", "Not complete because (tables; rules left open)"),
            rows,
            title="Sources",
        )
    )
    told = [(item.name, what, line) for item in health if item.diagnosis for what, line in _lines(item.diagnosis, item, desk)]
    if told:
        out.print(table(("Source", "", "Says"), told, title="What the sources say"))
    ledger, is_whole = ledger_told(desk.settings)
    out.print(f"Ledger: {ledger}\n")
    code = max(0 if is_whole else 4, 3 if any(item.problem for item in health) else 0)
    if snapshot is None:
        out.print("there is no snapshot yet: run `auditor pull`")
        return code
    if not is_whole:
        out.print("what people wrote cannot be relied on: no gaps are shown before the ledger is mended")
        return code
    with progress("deciding") as report:
        result, _ = desk.audit(progress=lambda done: report("deciding", done))
    found = gaps(result.evaluations)
    missing = [(gap.decisions, len(gap.projects), gap.what, gap.reason.replace("_", " "), gap.who) for gap in found[:count]]
    out.print(
        table(("Unlocks", "Projects", "What is missing", "Why", "Who can give it"), missing, title="Gaps", right=("Unlocks", "Projects"))
    )
    review = files_to_review(snapshot)
    if review:
        out.print(f"{len(review)} files are doubtful or could not be read: `auditor sources review`\n")
    words = unmapped(snapshot)
    if words:
        strange = [(what, name, number) for what, name, number in words[:count]]
        out.print(table(("What", "The source's word", "Times"), strange, title="Not mapped", right=("Times",)))
    return code


def _lines(diagnosis: "Diagnosis", health: "SourceHealth", desk: "Desk") -> Iterator[tuple[str, str]]:
    from auditor.workbench.doctor import rules_left_open  # noqa: PLC0415  (only this command needs it)

    if diagnosis.account:
        yield "account", diagnosis.account
    if diagnosis.dialect:
        yield "interface", diagnosis.dialect
    yield from (("sees", line) for line in diagnosis.seen)
    for line in diagnosis.unseen:
        yield "does not see", f"{line}{rules_left_open(diagnosis.hidden.get(line), health, desk)}"
    if diagnosis.clock_skew_seconds is not None:
        seconds = round(diagnosis.clock_skew_seconds)
        told = "as ours" if abs(seconds) <= 2 else f"{abs(seconds)} s {'ahead of' if seconds > 0 else 'behind'} ours"
        yield "clock", told
    if diagnosis.head_room:
        yield "rate limit", diagnosis.head_room
