"""What commands share: the configuration they stand on, tables, progress."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

from auditor.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from auditor.config.settings import Settings
    from auditor.snapshot.progress import Step

CONFIGURATION = "auditor.toml"


def find_configuration(given: str | None) -> Path:
    """Return the configuration: the given one, or `auditor.toml` here or in the nearest folder above.

    Raises:
        UsageError: there is none.
    """
    if given is not None:
        path = Path(given)
        if not path.is_file():
            raise UsageError(f"{given}: there is no such file", hint="`auditor init` writes a configuration")
        return path
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / CONFIGURATION).is_file():
            return folder / CONFIGURATION
    raise UsageError(f"there is no {CONFIGURATION} here or in a folder above", hint="`auditor init` looks around and writes one")


def settings_of(ctx: click.Context) -> "Settings":
    """Return the settings of the configuration that the command was called with."""
    from auditor.config.settings import load_settings  # noqa: PLC0415  (only commands that need it)

    return load_settings(find_configuration(ctx.ensure_object(dict).get("config")))


def console(*, stderr: bool = False) -> "Console":
    """Return a console that honours `NO_COLOR`, and does not break lines when its output goes into a file or a pipe."""
    from rich.console import Console  # noqa: PLC0415  (only where something is shown)

    stream = sys.stderr if stderr else sys.stdout
    return Console(
        stderr=stderr, highlight=False, soft_wrap=not stream.isatty(), emoji=False, markup=False, width=None if stream.isatty() else 120
    )


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str | None = None, right: Sequence[str] = ()) -> "Table":
    """Return a table of plain texts. What comes from a source never becomes markup or a control sequence."""
    from rich import box  # noqa: PLC0415  (as above)
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    shown = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left", title_style="bold", pad_edge=False)
    for column in columns:
        shown.add_column(column, justify="right" if column in right else "left", overflow="fold")
    for row in rows:
        shown.add_row(*(value if isinstance(value, Text) else Text(printable(value)) for value in row))
    return shown


def printable(value: Any) -> str:
    """Return *value* as text without control characters: a source cannot move the cursor."""
    text = "" if value is None else str(value)
    return "".join(letter if letter.isprintable() or letter == "\n" else "\ufffd" for letter in text)


@contextmanager
def progress(text: str) -> Iterator["Reporter"]:
    """Show on a terminal's standard error how long work goes; be silent elsewhere."""
    if not sys.stderr.isatty():
        yield Reporter(None, None)
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console(stderr=True), transient=True) as bar:
        yield Reporter(bar, bar.add_task(text, total=None))


class Reporter:
    """Takes word of progress from long work."""

    def __init__(self, bar: Any, task: Any) -> None:
        self._bar = bar
        self._task = task

    def __call__(self, text: str, done: int, total: int | None = None) -> None:
        """Show that *done* of *total* (None: not known) is ready, and what is being worked on."""
        if self._bar is not None:
            self._bar.update(self._task, description=printable(text)[:60], completed=done, total=total)

    def step(self, step: "Step") -> None:
        """Show a step of pulling or mapping."""
        verb = {"pull": "reading", "map": "mapping", "write": "writing"}[step.what]
        self(" ".join(part for part in (verb, step.source, step.place) if part), step.done, step.total)
