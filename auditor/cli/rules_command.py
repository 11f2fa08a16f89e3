"""`auditor rules`: what authors of rules work with."""

from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from auditor.cli.console import console, progress, settings_of, table
from auditor.cli.rules_workbook_command import export_command, import_command

if TYPE_CHECKING:
    from auditor.workbench.desk import Desk


@click.group()
def rules() -> None:
    """List, show, check, prove and try rules."""


rules.add_command(import_command)
rules.add_command(export_command)


def desk_of(ctx: click.Context) -> "Desk":
    """Return a desk: of the configuration where there is one, else with the installed rules."""
    from auditor.cli.console import find_configuration  # noqa: PLC0415  (only where rules are worked with)
    from auditor.errors import UsageError  # noqa: PLC0415
    from auditor.workbench.desk import Desk  # noqa: PLC0415

    given = ctx.find_root().ensure_object(dict).get("config")
    try:
        find_configuration(given)
    except UsageError:
        if given is not None:
            raise
        return Desk.without_settings()
    return Desk(settings_of(ctx))


@rules.command("list")
@click.option("--area", metavar="NAME", help="Only this area.")
@click.option("--profile", metavar="NAME", help="As this profile asks them. Default: every rule of every pack.")
@click.option("--clauses", is_flag=True, help="Every requirement of the standards and how it is covered, or that it is not.")
@click.pass_context
def list_(ctx: click.Context, area: str | None, profile: str | None, *, clauses: bool) -> int:
    """List the rules, or with --clauses every requirement of the standards with the way in which it is covered."""
    desk = desk_of(ctx)
    out = console()
    if clauses:
        listed = [
            (
                clause.id,
                clause.status,
                ", ".join(clause.rules) if isinstance(clause.rules, (list, tuple)) else clause.rules or "",
                clause.requirement,
            )
            for clause in desk.rulebook.clauses.values()
            if area in (None, clause.area)
        ]
        out.print(table(("Clause", "Status", "Rules", "Requirement"), listed))
        out.print(f"{len(listed)} clauses")
        return 0
    from auditor.rulebook.profile import resolve_profile  # noqa: PLC0415  (as above)

    found = resolve_profile(desk.rulebook, profile).rules if profile else desk.rulebook.rules
    rows = [(rule.id, rule.area, rule.severity.value, rule.gate or "", rule.title) for rule in found.values() if area in (None, rule.area)]
    out.print(table(("Rule", "Area", "Severity", "Gate", "Title"), rows))
    out.print(f"{len(rows)} rules")
    return 0


@rules.command()
@click.argument("rule", metavar="RULE")
@click.option("--profile", metavar="NAME", help="As this profile asks it.")
@click.pass_context
def show(ctx: click.Context, rule: str, profile: str | None) -> int:
    """Show a rule: what it asks, how it is decided, its parameters, and the cases that prove it."""
    from auditor.reports.explain import explain_rule  # noqa: PLC0415  (as above)

    desk = desk_of(ctx)
    asked = desk.rule_profile(rule, None, profile)
    out = console()
    out.print(explain_rule(asked))
    rows = [
        (case.name, case.expect.verdict.replace("_", " "), (case.expect.reason or "").replace("_", " ")) for case in asked.rules[rule].cases
    ]
    out.print(table(("Case", "Verdict", "Reason"), rows))
    return 0


@rules.command()
@click.option("--strict", is_flag=True, help="Exit with 2 when there is a remark.")
@click.pass_context
def lint(ctx: click.Context, *, strict: bool) -> int:
    """Name what loads and could still be better. Mistakes are shown with file, line and column, all in one run."""
    from auditor.rulebook.condition import rule_reads  # noqa: PLC0415  (as above)
    from auditor.rulebook.lint import lint_rulebook  # noqa: PLC0415

    desk = desk_of(ctx)
    book = desk.rulebook
    language = book.language
    found = lint_rulebook(book, lambda _book, rule: rule_reads(rule, language))
    for item in found:
        click.echo(str(item))
    click.echo(f"{len(book.rules)} rules, {len(found)} remarks")
    return 2 if found and strict else 0


@rules.command()
@click.argument("ids", nargs=-1, metavar="[RULE]…")
@click.pass_context
def test(ctx: click.Context, ids: tuple[str, ...]) -> int:
    """Prove rules by their cases (all rules, or those named), and terms and views by theirs."""
    from auditor.workbench.cases import run_rule_cases, run_term_cases, run_view_cases  # noqa: PLC0415  (as above)

    desk = desk_of(ctx)
    outcomes = run_rule_cases(desk.rulebook, ids or None)
    if not ids:
        outcomes += [*run_term_cases(desk.rulebook), *run_view_cases(desk.rulebook)]
    bad = [outcome for outcome in outcomes if not outcome.holds]
    for outcome in bad:
        where = desk.rulebook.location(outcome.kind, outcome.name, "cases", outcome.number)
        click.echo(f"{where}: the case “{outcome.case}” of {outcome.name} does not hold [{outcome.kind}]")
        for difference in outcome.differences:
            click.echo(f"  {difference}")
    click.echo(f"{len(outcomes)} cases, {len(bad)} do not hold")
    return 2 if bad else 0


@rules.command()
@click.argument("ids", nargs=-1, metavar="[RULE]…")
@click.option("--every", type=click.IntRange(1), default=1, show_default=True, metavar="N", help="Try the first of so many mistakes only.")
@click.option("--least", type=click.IntRange(0, 100), default=95, show_default=True, metavar="PERCENT", help="Exit with 2 below this.")
@click.pass_context
def mutate(ctx: click.Context, ids: tuple[str, ...], every: int, least: int) -> int:
    """Make little mistakes in rules (all, or those named; globs), and tell those that no case of theirs notices.

    Conditions are changed, and what all cases give: a column that is blank or unknown, a table that is incomplete. What was tried is
    kept: a run that was interrupted goes on where it stopped. A mistake that makes no difference is stated in the rule, `equivalent`.
    """
    from fnmatch import fnmatchcase  # noqa: PLC0415  (as above)

    from auditor.errors import UsageError  # noqa: PLC0415
    from auditor.rulebook.cache import cache_folder  # noqa: PLC0415
    from auditor.workbench.mutating import all_mutations, try_mutations  # noqa: PLC0415

    book = desk_of(ctx).rulebook
    wanted = [rule for rule in book.rules if not ids or any(fnmatchcase(rule, id_) for id_ in ids)]
    if not wanted:
        raise UsageError(f"there is no rule {ids[0][:60]!r}", hint="`auditor rules list`")
    made = all_mutations(book, set(wanted))[::every]
    with progress("trying mistakes") as report:
        found = try_mutations(book, made, kept=cache_folder(), progress=lambda done: report("trying mistakes", done, len(made)))
    for item in found.missed:
        click.echo(f"{item.rule.id} {item.name}")
    for item in found.contradicted:
        click.echo(f"{item.rule.id} {item.name}: the rule says that it makes no difference, a case notices it")
    click.echo(
        f"rules: {len(wanted)}, mistakes: {found.made}, noticed: {found.made - len(found.missed)} ({found.share:.1%}); "
        f"without a difference: {len(found.excused)}"
    )
    return 2 if found.share * 100 < least or found.contradicted else 0


@rules.command("try")
@click.argument("rule", metavar="RULE")
@click.option("--project", required=True, metavar="ID", help="The project to try it on.")
@click.option("--profile", metavar="NAME", help="As this profile asks it.")
@click.option("--evidence", type=click.IntRange(1, 10_000), default=20, show_default=True, metavar="N", help="How many subjects are shown.")
@click.pass_context
def try_(ctx: click.Context, rule: str, project: str, profile: str | None, evidence: int) -> int:
    """Show what a rule says of a project of the newest snapshot; nothing is kept."""
    from auditor.reports.explain import explain_evaluation  # noqa: PLC0415  (as above)
    from auditor.workbench.desk import Desk  # noqa: PLC0415

    desk = Desk(settings_of(ctx))
    asked = desk.rule_profile(rule, project, profile)
    console().print(explain_evaluation(desk.try_rule(asked, project, evidence_limit=evidence), asked, desk.telling(asked)))
    return 0


@rules.command("table")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE")
@click.option("--to", "target", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write it as .yaml, .csv or .xlsx.")
@click.option("--productions", is_flag=True, help="Show the productions that it stands for.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@click.pass_context
def table_(ctx: click.Context, file: Path, target: Path | None, *, productions: bool, force: bool) -> int:
    """Check a decision table (.yaml, .csv, .xlsx): every cell, gaps and overlaps with an example. Or write it in another format."""
    from auditor.errors import AuditorError, UsageError, raise_all  # noqa: PLC0415  (as above)
    from auditor.rulebook.decision_format import FORMATS, load_table, productions_text, write_table  # noqa: PLC0415
    from auditor.rulebook.decision_table import read_table, table_mistakes  # noqa: PLC0415

    if target is not None and target.suffix not in FORMATS:
        raise UsageError(f"a table is not written as {target.suffix or 'a file without an ending'}", hint=", ".join(FORMATS))
    if target is not None and target.exists() and not force:
        raise UsageError(f"{target} is there already", hint="--force writes over it")
    errors: list[AuditorError] = []
    read = load_table(file, str(file), errors)
    if read is None:
        raise_all("the table has mistakes", errors)
        return 2
    if target is not None:
        target.write_bytes(write_table(read[0], target.suffix))
        click.echo(f"wrote {target}")
    compiled = read_table(*read, errors)
    if compiled is not None:
        errors.extend(table_mistakes(compiled, desk_of(ctx).rulebook.rules))
    raise_all("the table has mistakes", errors)
    assert compiled is not None
    if productions:
        click.echo(productions_text(compiled.productions), nl=False)
    elif target is None:
        rows = len(read[0].rows)
        click.echo(f"{read[0].table}: {rows} {'row' if rows == 1 else 'rows'}, hit {read[0].hit}, complete {read[0].complete}: no mistakes")
    return 0
