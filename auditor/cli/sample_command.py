"""`auditor sample`: what people read of a population too large to be read whole, and what it says of the rest."""

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

from auditor.cli.console import console, settings_of, table

if TYPE_CHECKING:
    from auditor.sampling.projection import Projection
    from auditor.sampling.sheet import Sheet


class _Percent(click.ParamType[Decimal]):
    """A share written as percent: 95, 2.5, 5%."""

    name = "percent"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        """Return the share, 0..1."""
        if isinstance(value, Decimal):
            return value
        try:
            share = Decimal(str(value).strip().removesuffix("%").strip()) / 100
        except InvalidOperation:
            self.fail(f"{value!r} is no percentage; write 95 or 2.5", param, ctx)
        if not 0 <= share < 1:
            self.fail(f"{value!r} is not from 0 to below 100", param, ctx)
        return share


@click.group()
def sample() -> None:
    """Draw a sample of what a rule leaves to people, and tell from what they read how the whole is."""


@sample.command()
@click.argument("rule")
@click.option("--project", required=True, metavar="ID")
@click.option("--profile", metavar="NAME", help="As this profile asks it.")
@click.option("--confidence", type=_Percent(), default="95", show_default=True, help="How sure the sample must be, in percent.")
@click.option("--tolerable", type=_Percent(), default="5", show_default=True, help="Which share may fail, in percent.")
@click.option("--allowed", type=click.IntRange(0, 1_000), default=0, show_default=True, help="Failures in the sample that are accepted.")
@click.option("--size", type=click.IntRange(1), help="So many, without a confidence behind it.")
@click.option("--by", default="", metavar="COLUMN", help="Draw from the parts that differ in this column, in proportion.")
@click.option("--seed", metavar="TEXT", help="Draw by this seed. Default: it follows from rule, project and snapshot.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Where the workbook is written.")
@click.pass_context
def draw(
    ctx: click.Context,
    rule: str,
    project: str,
    profile: str | None,
    confidence: Decimal,
    tolerable: Decimal,
    allowed: int,
    size: int | None,
    by: str,
    seed: str | None,
    output: Path | None,
) -> int:
    """Draw from the subjects of RULE that are left to people, and write them into a workbook to be filled in.

    The same snapshot and seed give the same sample. Its size follows from confidence and tolerable share; `Plan` in the workbook says why.
    """
    from auditor.sampling.sheet import write_sheet  # noqa: PLC0415  (only this command needs them)
    from auditor.workbench.desk import Desk  # noqa: PLC0415
    from auditor.workbench.sampling import Wanted, draw_sample  # noqa: PLC0415

    desk = Desk(settings_of(ctx))
    name = rule.upper() if rule.upper() in desk.rulebook.rules else rule
    drawn, asked = draw_sample(desk, name, project, Wanted(confidence, tolerable, allowed, size, seed, by), profile)
    path = output or Path(f"sample {name} {project}.xlsx".replace("/", "_"))
    write_sheet(drawn, asked.title, asked.ask or asked.requirement, path)
    out = console()
    out.print(f"{drawn.why()} (seed {drawn.seed})")
    if by:
        out.print(table((by, "all", "drawn"), [(part.name, part.population, part.drawn) for part in drawn.strata], right=("all", "drawn")))
    out.print(f"{path}: fill it in, then `auditor sample read`")
    return 0


@sample.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--author", default="", metavar="NAME", help="Who read, where the sheet does not say it.")
@click.option("--dry-run", is_flag=True, help="Show what follows, keep nothing.")
@click.pass_context
def read(ctx: click.Context, file: Path, author: str, dry_run: bool) -> int:
    """Read a filled-in sample: what it says of the whole, as an interval, and keep the answers in the ledger.

    What was drawn and not read may be either: it widens the interval. Cells that hold no answer are named, and nothing is kept then.
    """
    from datetime import date  # noqa: PLC0415  (only this command needs them)

    from auditor.errors import UsageError  # noqa: PLC0415
    from auditor.sampling.sheet import read_sheet  # noqa: PLC0415
    from auditor.workbench.desk import Desk  # noqa: PLC0415
    from auditor.workbench.sampling import keep_answers, projection_of  # noqa: PLC0415

    sheet = read_sheet(file)
    out = console()
    _tell(out, sheet, projection_of(sheet))
    if sheet.mistakes:
        raise UsageError(f"{file}: {len(sheet.mistakes)} cells hold no answer:\n  " + "\n  ".join(sheet.mistakes), hint="nothing was kept")
    if dry_run or not sheet.read:
        return 0
    written = keep_answers(Desk(settings_of(ctx)), sheet, author=author, on=date.today())  # noqa: DTZ011  (the reader's own day)
    out.print(f"{len(written.written)} answers kept, {len(written.unchanged)} were there already; `auditor audit` counts them")
    return 0


def _tell(out: Any, sheet: "Sheet", projection: "Projection") -> None:
    rows = [(part.name or "all", part.population, part.drawn, part.read, part.failed) for part in projection.parts]
    out.print(table(("part", "population", "drawn", "read", "failed"), rows, right=("population", "drawn", "read", "failed")))
    many = projection.population or 1
    likely = "" if projection.likely is None else f", most likely {projection.likely:f}"
    sure = f" ({(sheet.sample.confidence * 100).normalize():f} % confidence)"
    out.print(f"of {projection.population}, {projection.fewest} to {projection.most} fail{likely}{sure}: {_share(projection, many)}")
    tolerable = f"{(sheet.sample.tolerable * 100).normalize():f} %"
    said = {
        "accepted": f"accepted: no more than {tolerable} fail",
        "not_accepted": f"not accepted: more than {tolerable} fail",
        "cannot_say": f"cannot say whether more than {tolerable} fail: read what is left, or draw more",
    }
    out.print(said[projection.outcome])


def _share(projection: "Projection", many: int) -> str:
    return f"{100 * projection.fewest / many:.1f} to {100 * projection.most / many:.1f} %"
