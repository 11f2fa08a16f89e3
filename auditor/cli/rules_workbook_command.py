"""`auditor rules import` and `auditor rules export-checklist`: an organisation's own checklist becomes rules, and rules a workbook."""

from pathlib import Path

import rich_click as click


@click.command("import")
@click.argument("workbook", type=click.Path(path_type=Path, dir_okay=False), metavar="WORKBOOK")
@click.option(
    "--pack", "name", required=True, metavar="NAME", help="What the pack and its list are called: small letters, digits, - and _."
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    metavar="FOLDER",
    help="Gets rules/NAME and checklists/NAME.yaml.",
)
@click.option("--title", default="", metavar="TEXT", help="Title of the pack and of the list. Default: the name.")
@click.option(
    "--language",
    type=click.Choice(["en", "fr", "de", "es"]),
    default="en",
    show_default=True,
    help="Of the texts that the workbook does not have.",
)
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="WHAT=LETTER",
    help="Where headings do not say it: question=C, group=A, weight=D, guidance=E, reference=F, id=G. May be repeated.",
)
def import_command(workbook: Path, *, name: str, output: Path, title: str, language: str, columns: tuple[str, ...]) -> int:
    """Make a pack of rules that people decide, and a checklist that asks them, of a checklist workbook (.xlsx)."""
    from auditor.checklist.workbook import read_questionnaire  # noqa: PLC0415  (only this command needs it)
    from auditor.checklist.workbook_pack import write_pack  # noqa: PLC0415

    questionnaire = read_questionnaire(workbook, _columns(columns))
    written = write_pack(questionnaire, name, output, title=title, language=language)
    for sheet in questionnaire.sheets:
        groups = len({item.group for item in sheet.items})
        weighed = sum(1 for item in sheet.items if item.weight)
        click.echo(f"{sheet.name}: {len(sheet.items)} questions in {groups} groups, {weighed} with a weight")
    click.echo(f"{len(written)} files below {output}: the rules in rules/{name}, the list in {written[-1].relative_to(output)}")
    click.echo('next: name the folders in auditor.toml ([rules] folders = ["rules"], [checklists] folders = ["checklists"]),')
    click.echo(f"      let a profile extend [{name}] beside your method, `auditor rules lint`")
    return 0


@click.command("export-checklist")
@click.argument("pack", type=click.Path(path_type=Path, file_okay=False), metavar="FOLDER")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), required=True, metavar="FILE.xlsx", help="The workbook.")
def export_command(pack: Path, *, output: Path) -> int:
    """Write the questions of the pack in FOLDER that people decide as a workbook: `auditor rules import` reads the same out of it."""
    from auditor.checklist.workbook import write_questionnaire  # noqa: PLC0415  (only this command needs it)
    from auditor.checklist.workbook_pack import read_pack  # noqa: PLC0415

    questionnaire = read_pack(pack)
    write_questionnaire(questionnaire, output)
    click.echo(f"{output}: {sum(1 for _ in questionnaire.items())} questions")
    return 0


def _columns(texts: tuple[str, ...]):  # type: ignore[no-untyped-def]  # noqa: ANN202  (its type is loaded only where it is used)
    from auditor.checklist.workbook import COLUMNS  # noqa: PLC0415  (as above)
    from auditor.errors import UsageError, did_you_mean  # noqa: PLC0415

    found = {}
    for text in texts:
        what, _, letters = text.partition("=")
        column = next((column for column in COLUMNS if column == what.strip().lower()), None)
        if column is None or not letters.strip():
            hint = did_you_mean(what, COLUMNS) or f"one of: {', '.join(COLUMNS)}; for example question=C"
            raise UsageError(f"--column {text[:40]!r} names no column", hint=hint)
        found[column] = letters.strip()
    return found
