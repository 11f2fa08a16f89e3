"""`auditor explain`: what a rule asks, what it looked at, which rows decided, how to mend it."""

import rich_click as click

from auditor.cli.console import console, settings_of


@click.command()
@click.argument("rule", metavar="WHAT")
@click.option("--project", metavar="ID", help="Show what the rule says of this project, decided anew on the newest snapshot.")
@click.option("--profile", metavar="NAME", help="As this profile asks it.")
@click.option("--evidence", type=click.IntRange(1, 10_000), default=20, show_default=True, metavar="N", help="How many subjects are shown.")
@click.pass_context
def explain(ctx: click.Context, rule: str, project: str | None, profile: str | None, evidence: int) -> int:
    """Explain a rule: the requirement and its source, the condition in words, parameters and who set them, and how to mend a lapse.

    With --project: the verdict, what was looked at, and the rows that decided with the place where each stands; its waivers; then what
    tailoring and the conclusions of the newest audit made of it. WHAT may also be a product, a gate or a conclusion (`rfe`,
    `gate_readiness`): what was derived about it, from which facts and by which production.
    """
    from auditor.errors import UsageError  # noqa: PLC0415  (only this command needs them)
    from auditor.reports.explain import explain_derivations, explain_evaluation, explain_rule, explain_waivers  # noqa: PLC0415
    from auditor.results.store import audits  # noqa: PLC0415
    from auditor.workbench.desk import Desk  # noqa: PLC0415

    try:
        desk = Desk(settings_of(ctx))
    except UsageError:
        if project is not None:
            raise
        desk = Desk.without_settings()
    out = console()
    rules = desk.rulebook.rules
    name = rule.upper() if rule.upper() in rules else rule
    if name not in rules and project is not None:
        derived = desk.derivations(project, name)
        if derived:
            out.print(explain_derivations(derived, desk.rulebook.packs))
            return 0
    asked = desk.rule_profile(name, project, profile)
    out.print(explain_rule(asked))
    if project is not None:
        found = desk.try_rule(asked, project, evidence_limit=evidence)
        out.print(explain_evaluation(found, asked, desk.telling(asked)))
        waivers = desk.waivers_on(asked, found)
        if waivers:
            out.print(explain_waivers(waivers))
        if audits(desk.settings.store.path):
            out.print(explain_derivations(desk.derivations(project, name), desk.rulebook.packs))
    return 0
