"""`auditor checklist`: lists for people, filled in as far as the evidence goes."""

from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from auditor.cli.checklist_read_command import read_command
from auditor.cli.console import console, settings_of, table

if TYPE_CHECKING:
    from auditor.checklist.checklist import Checklist
    from auditor.workbench.checklisting import Checklists

FORMATS = ("html", "md", "xlsx", "docx")


@click.group()
def checklist() -> None:
    """Make lists that are tailored to a project and filled in as far as the evidence goes; the rest is asked of people."""


checklist.add_command(read_command)


@checklist.command()
@click.option("--project", "projects", multiple=True, metavar="ID", help="The project; may be repeated.")
@click.option("--all", "is_all", is_flag=True, help="One list for each project of the portfolio.")
@click.option("--kind", required=True, metavar="KIND", help="What it is for: phase-exit:rfe, health-check, … (`auditor checklist kinds`).")
@click.option("--language", default="en", show_default=True, metavar="CODE", help="Of its texts; what nobody translated stays English.")
@click.option("--format", "format_", type=click.Choice(FORMATS), default="html", show_default=True, help="How it is written.")
@click.option("--output", type=click.Path(path_type=Path), metavar="PATH", help="A file, or with several projects a folder. Default: here.")
@click.option("--person", default="", metavar="NAME", help="Who will fill it in; stands in the field for the name.")
@click.option(
    "--template", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="House style of a docx: a .docx or .dotx."
)
@click.pass_context
def new(
    ctx: click.Context,
    projects: tuple[str, ...],
    *,
    is_all: bool,
    kind: str,
    language: str,
    format_: str,
    output: Path | None,
    person: str,
    template: Path | None,
) -> int:
    """Write a list for a project: what the evidence decides is answered, with the evidence; what remains is for people.

    It stands on the newest audit; when that no longer says what one of today would say, a new one is made first.
    """
    from auditor.checklist.html import file_name  # noqa: PLC0415  (only this command needs it)
    from auditor.errors import UsageError  # noqa: PLC0415

    if is_all == bool(projects):
        raise UsageError("give the project with --project, or --all for each of the portfolio")
    if template is not None and format_ != "docx":
        raise UsageError("--template is the house style of a document", hint="give --format docx as well")
    lists = _lists(ctx)
    wanted = lists.projects if is_all else projects
    made = lists.make([kind], dict.fromkeys(wanted), language)
    is_folder = len(made) > 1 or is_all or (output is not None and output.is_dir())
    folder = (output or Path()) if is_folder else (output or Path()).parent
    folder.mkdir(parents=True, exist_ok=True)
    for item in made:
        path = folder / f"{file_name(item)}.{format_}" if is_folder or output is None else output
        _write(item, path, format_, person, template)
        states = [question.state for question in item.questions()]
        asked = len(states) - states.count("not_applicable")
        open_ = states.count("open") + states.count("to_confirm")
        click.echo(f"{path}: {asked} questions, {states.count('evidence')} answered with evidence, {open_} for people")
    return 0


@checklist.command()
@click.option("--language", default="en", show_default=True, metavar="CODE", help="Of the titles.")
@click.pass_context
def kinds(ctx: click.Context, language: str) -> int:
    """List the kinds of lists, and how much of each is translated."""
    lists = _lists(ctx)
    texts = lists.texts(language)
    rows = []
    for kind, template in lists.shelf.templates.items():
        said = texts.kinds.get(kind)
        own = list(template.questions())
        translated = len(own) if language == "en" else sum(1 for question in own if question.id in texts.questions)
        title = (said.title if said else "") or template.title
        rows.append((kind, title, ", ".join(template.methodologies) or "any", template.scheme.title, f"{translated} of {len(own)}"))
    console().print(table(("Kind", "Title", "For", "Scored by", f"Own questions in {language}"), rows))
    return 0


@checklist.command()
@click.option("--project", required=True, metavar="ID", help="The project.")
@click.option("--kind", required=True, metavar="KIND", help="Which list (`auditor checklist kinds`).")
@click.option("--language", default="en", show_default=True, metavar="CODE", help="Of its texts.")
@click.option("--every", is_flag=True, help="Also what is answered.")
@click.pass_context
def show(ctx: click.Context, project: str, kind: str, language: str, *, every: bool) -> int:
    """Show how a list stands: the share answered with evidence, attested and open, the score, and what is asked of people."""
    from auditor.checklist.terminal import checklist_page  # noqa: PLC0415  (only this command needs it)

    (made,) = _lists(ctx).make([kind], [project], language)
    console().print(checklist_page(made, every=every))
    return 0


@checklist.command()
@click.option("--strict", is_flag=True, help="Exit with 2 when there is a remark.")
@click.pass_context
def lint(ctx: click.Context, *, strict: bool) -> int:
    """Check templates, schemes and translations: mistakes with file, line and column, then remarks, then what is not translated yet."""
    from auditor.checklist.template import lint_shelf  # noqa: PLC0415  (only this command needs them)
    from auditor.checklist.texts import count_missing, known_languages, lint_texts  # noqa: PLC0415

    lists = _lists(ctx)
    book, folders = lists.desk.rulebook, lists.desk.settings.rules.folders
    found = [*lint_shelf(lists.shelf, book), *lint_texts(book, lists.shelf, folders)]
    for item in found:
        click.echo(str(item))
    for language in known_languages(lists.shelf, folders)[1:]:
        counts = count_missing(book, lists.shelf, lists.texts(language))
        click.echo(f"{language}: " + ", ".join(f"{done} of {every} {what}" for what, (done, every) in counts.items()) + " translated")
    click.echo(f"{len(lists.shelf.templates)} checklists, {len(found)} remarks")
    return 2 if found and strict else 0


def _lists(ctx: click.Context) -> "Checklists":
    from auditor.workbench.checklisting import Checklists  # noqa: PLC0415  (duckdb: half a second that --help does not pay)
    from auditor.workbench.desk import Desk  # noqa: PLC0415

    return Checklists(Desk(settings_of(ctx)))


def _write(item: "Checklist", path: Path, format_: str, person: str, template: Path | None) -> None:
    match format_:
        case "html":
            from auditor.checklist.html import write_html  # noqa: PLC0415  (only the format that is asked for)

            write_html(item, path, person=person)
        case "md":
            from auditor.checklist.markdown import write_markdown  # noqa: PLC0415

            write_markdown(item, path, person=person)
        case "xlsx":
            from auditor.checklist.xlsx import write_xlsx  # noqa: PLC0415

            write_xlsx(item, path, person=person)
        case "docx":
            from auditor.checklist.docx import write_docx  # noqa: PLC0415

            write_docx(item, path, template, person=person)
