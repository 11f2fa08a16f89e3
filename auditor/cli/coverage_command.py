"""`auditor coverage`: how far the rules reach, and how far they reached in the newest audit."""

from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from auditor.cli.console import console, table

if TYPE_CHECKING:
    from rich.console import Console

    from auditor.reports.coverage import ClauseReach, CoverageReport

_WORDS = {
    "both": "decided",
    "refutes": "can refute",
    "supports": "can support",
    "asks": "a person is asked",
    "planned": "planned",
    "none": "no rule",
}
_MOST = 12  # rules of an entry on the terminal


@click.command()
@click.option("--pack", "packs", multiple=True, metavar="NAME", help="Only this pack, clause by clause; may be repeated.")
@click.option("--crosswalk", metavar="NAME", help="What serves each entry of another standard.")
@click.option("--audit", default="latest", show_default=True, metavar="ID", help="The audit whose decisions are counted.")
@click.option("--gaps", "count", type=click.IntRange(0), default=10, show_default=True, metavar="N", help="How many gaps are shown.")
@click.option("--format", "format_", type=click.Choice(["text", "json", "html"]), default="text", show_default=True, help="What to give.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Where it goes. html: coverage.html.")
@click.pass_context
def coverage(
    ctx: click.Context, packs: tuple[str, ...], crosswalk: str | None, audit: str, count: int, format_: str, output: Path | None
) -> int:
    """Show per standard how many clauses are decided by machine, and which missing data would unlock most.

    The counts of an audit are those of the newest one, where there is a store.
    """
    from auditor.cli.rules_command import desk_of  # noqa: PLC0415  (only this command needs them)
    from auditor.errors import UsageError  # noqa: PLC0415
    from auditor.reports.coverage import coverage_bytes, write_coverage_html, write_coverage_json  # noqa: PLC0415
    from auditor.workbench.reaching import reach_of  # noqa: PLC0415

    if output is not None and format_ == "text":
        raise UsageError("a file is written as json or html", hint="give --format json or --format html beside --output")
    report = reach_of(desk_of(ctx), packs=packs, crosswalk=crosswalk, audit=audit)
    if format_ == "html":
        path = write_coverage_html(report, output or Path("coverage.html"))
        click.echo(str(path))
        return 0
    if format_ == "json":
        if output is None:
            click.echo(coverage_bytes(report).decode(), nl=False)
        else:
            click.echo(str(write_coverage_json(report, output)))
        return 0
    out = console()
    if crosswalk is not None:
        _show_crosswalk(report, out)
        return 0
    _show_packs(report, out)
    if packs:
        out.print(table(*_clause_table(report.clauses, with_audit=report.audit is not None)))
    if report.audit is not None and count:
        rows = [
            (len(gap.clauses), len(gap.projects), gap.decisions, gap.what, gap.reason.replace("_", " "), gap.who) for gap in report.gaps
        ]
        title = f"What would unlock most (audit {report.audit})"
        columns = ("Clauses", "Projects", "Decisions", "What is missing", "Why", "Who can give it")
        out.print(table(columns, rows[:count], title=title, right=columns[:3]))
    elif report.audit is None:
        out.print("no audit in the store: `auditor audit` shows how many clauses can be decided on your projects")
    return 0


def _show_packs(report: "CoverageReport", out: "Console") -> None:
    statuses = ("automatic", "partly", "manual", "out_of_scope")
    columns: tuple[str, ...] = ("Pack", "Clauses", "Automatic", "Partly", "Manual", "Out of scope", "Planned", "Rules")
    rows: list[tuple[object, ...]] = [
        (pack.name, pack.clauses, *(pack.by_status[name] for name in statuses), pack.by_means["planned"], pack.rules)
        for pack in report.packs
    ]
    out.print(table(columns, [tuple(map(str, row)) for row in rows], title="Clauses", right=columns[1:]))
    columns = ("Pack", "Decides", "Refutes", "Supports", "Asks", "By machine", "Projects", "Decided there", "Of what applied")
    rows = [
        (
            pack.name,
            *(pack.by_means[name] for name in ("both", "refutes", "supports", "asks")),
            _percent(pack.machine_share),
            pack.projects if report.audit else "—",
            "—" if pack.decided is None else pack.decided,
            _percent(pack.decided_share),
        )
        for pack in report.packs
    ]
    out.print(table(columns, [tuple(map(str, row)) for row in rows], title="What the strongest rule of each does", right=columns[1:]))
    total = sum(pack.clauses for pack in report.packs)
    machine = sum(sum(pack.by_means[name] for name in ("both", "refutes", "supports")) for pack in report.packs)
    if total:
        out.print(f"{machine} of {total} clauses have a condition that decides, refutes or supports ({machine / total:.0%})\n")


def _clause_table(clauses: "list[ClauseReach]", *, with_audit: bool) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    columns: tuple[str, ...] = ("Clause", "How", "Rules", *(("Decided", "Open") if with_audit else ()), "Requirement")
    rows = []
    for clause in clauses:
        reach = clause.reach
        counts = (str(reach.decided), str(reach.open)) if reach is not None else ("—", "—")
        rules = ", ".join(rule.id for rule in clause.rules)
        rows.append((clause.id, _WORDS[clause.means], rules, *(counts if with_audit else ()), clause.requirement))
    return columns, rows


def _show_crosswalk(report: "CoverageReport", out: "Console") -> None:
    for item in report.crosswalks:
        rows = []
        for entry in item.entries:
            more = f" and {len(entry.rules) - _MOST} more" if len(entry.rules) > _MOST else ""
            rules = ", ".join(entry.rules[:_MOST]) + more
            rows.append((entry.clause, entry.title, rules, ", ".join(entry.checklists), ", ".join(entry.reports)))
        out.print(table(("Entry", "What it is about", "Rules", "Checklists", "Reports"), rows, title=item.title))
        told = f", nothing serves: {', '.join(item.empty)}" if item.empty else ", none is empty"
        out.print(f"{len(item.entries)} entries{told}")


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{share * 100:.0f} %"
