"""`auditor sql`: questions over the newest snapshot and audit."""

import sys

import rich_click as click

from auditor.cli.console import console, settings_of, table


@click.command()
@click.argument("question", metavar='"SELECT …"')
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True)
@click.option("--snapshot", default="latest", show_default=True, metavar="ID", help="Which snapshot.")
@click.option(
    "--audit",
    default="latest",
    show_default=True,
    metavar="ID",
    help="Which audit (tables evaluation, evidence, finding, conclusion, waiver).",
)
@click.pass_context
def sql(ctx: click.Context, question: str, form: str, snapshot: str, audit: str) -> int:
    """Ask the newest snapshot and audit in SQL (DuckDB's dialect). Nothing can be changed, and nothing else on the machine is read.

    \b
      auditor sql "select status, count(*) from risk group by all order by 2 desc"
      auditor sql "select project_id, rule, verdict, reason from evaluation where verdict = 'nonconform'" --format csv
    """  # noqa: D301  (click wants the character itself)
    from auditor.errors import StoreError  # noqa: PLC0415  (only this command needs them)
    from auditor.results.store import audits, result_files  # noqa: PLC0415
    from auditor.snapshot.store import columns_by_file, open_snapshot  # noqa: PLC0415
    from auditor.workbench.query import ask, write_csv, write_json  # noqa: PLC0415

    store = settings_of(ctx).store.path
    found = open_snapshot(store, snapshot)
    files = {name: found.file(name) for name in columns_by_file()}
    if audit != "latest" and not audits(store):
        raise StoreError("there is no audit yet", hint="run `auditor audit`")
    if audits(store):
        files |= result_files(store, audit)
    answer = ask(question, files)
    stream = sys.stdout
    if form == "csv":
        write_csv(answer, stream)
    elif form == "json":
        write_json(answer, stream)
    else:
        console().print(table(answer.columns, answer.rows))
    return 0
