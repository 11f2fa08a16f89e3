"""How errors are shown, and the exit code that each gives. Nothing else in auditor prints an error."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import rich_click as click
from click.exceptions import Exit

from auditor.errors import AuditorError, StoreError

INTERRUPTED = 130
_DATABASE = ("duckdb", "_duckdb")  # what its errors mean elsewhere is said there; here only a damaged file of the store is left

_STOPPED = "Query interrupted"
"""What DuckDB raises, as a RuntimeError, when Ctrl-C meets it in a query."""


@contextmanager
def report_errors() -> Iterator[None]:
    """Turn what goes wrong inside into a message on standard error and an exit code: the highest of all."""
    try:
        yield
    except Exit as error:
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        _say_interrupted()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        _show([StoreError(f"{error.filename or 'a file'}: {error.strerror or error}", hint="is it there, whole, and yours to write?")])
        sys.exit(StoreError.exit_code)
    except AuditorError as error:
        _show([error])
        sys.exit(error.exit_code)
    except ExceptionGroup as group:
        known, rest = group.split(AuditorError)
        if rest is not None:
            raise
        assert known is not None
        errors = list(flat(known))
        _show(errors)
        sys.exit(max(error.exit_code for error in errors))
    except Exception as error:
        if isinstance(error, RuntimeError) and str(error) == _STOPPED:
            _say_interrupted()
        if type(error).__module__ not in _DATABASE:
            raise
        first = str(error).strip().partition("\n")[0]
        _show(
            [
                StoreError(
                    f"the store cannot be read: {first}", hint="`auditor pull --offline` maps a new snapshot, `auditor audit` audits it"
                )
            ]
        )
        sys.exit(StoreError.exit_code)


def _say_interrupted() -> NoReturn:
    click.echo("interrupted; what was finished is kept, the same command goes on from there", err=True)
    sys.exit(INTERRUPTED)


def flat(group: BaseExceptionGroup[BaseException]) -> Iterator[AuditorError]:
    """Yield the errors of a group in their order, groups in groups too."""
    for error in group.exceptions:
        if isinstance(error, BaseExceptionGroup):
            yield from flat(error)
        elif isinstance(error, AuditorError):
            yield error


def _show(errors: list[AuditorError]) -> None:
    for error in errors:
        click.echo(str(error), err=True)
    if len(errors) > 1:
        click.echo(f"{len(errors)} mistakes", err=True)
