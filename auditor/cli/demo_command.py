"""`auditor demo`: a portfolio with known defects, audited from end to end."""

from pathlib import Path

import rich_click as click

from auditor.cli.console import console, progress


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default="demo-portfolio")
@click.option("--all", "everything", is_flag=True, help="Twenty projects, of PM², PM²-Agile, PRINCE2 and by an organisation's own rules.")
def demo(folder: Path, everything: bool) -> int:
    """Write a portfolio of seven projects as real files, with known defects, audit it, and say where the report lies."""
    from auditor.demo.run import run_demo  # noqa: PLC0415  (only this command needs it)
    from auditor.reports.terminal import summary  # noqa: PLC0415

    with progress("writing the portfolio") as report:
        shown = run_demo(folder, everything=everything, progress=report.step, deciding=lambda done: report("deciding", done))
    out = console()
    out.print(summary(shown.report))
    out.print(f"the portfolio lies in {shown.folder}, its report in {shown.files[-1]}")
    out.print(f"try: cd {shown.folder} && auditor show BOREAL && auditor explain PM2-RSK-07 --project BOREAL")
    return 0
