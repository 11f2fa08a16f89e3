"""Every error that auditor raises on purpose.

* AuditorError
  x UsageError         the command or the configuration is wrong, its user can act                         exit 2
  x RuleError          a rule pack is wrong, its author can act                                            exit 2
  x SourceError        a source did not give what was asked                                                exit 3
    + AccessDenied       stop; the operator asks the source's owner for the right
    + SourceUnavailable  try later
    + NotVisible         the thing is not there, or not for this account: nobody can tell which
    + Rejected           the source refuses the request itself; a setting, or auditor, is wrong
    + Unmappable         the source's answer has a shape that nobody declared
  x ReasoningError     no engine could derive what productions ask for; whoever installed auditor can act   exit 5
  x StoreError         a snapshot or the ledger is damaged, locked or of another version                   exit 4

Several errors of one run travel together in an `ExceptionGroup`.
"""

import difflib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Location:
    """Where in a file something stands. Lines and columns count from 1; 0 means the file as a whole."""

    file: str
    line: int = 0
    column: int = 0
    text: str = ""  # the line itself, for the caret

    def __str__(self) -> str:
        """Return `file:line:column`, as compilers print it."""
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


class AuditorError(Exception):
    """Something that a person can act on.

    Args:
        message: what is wrong and what was expected, in one sentence without a full stop.
        at: the place.
        hint: what to do next.
    """

    exit_code: ClassVar[int] = 2

    def __init__(self, message: str, *, at: Location | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.at = at
        self.hint = hint

    def __str__(self) -> str:
        """Return place, message, the line with a caret, and the hint."""
        lines = [f"{self.at}: {self.message}" if self.at else self.message]
        if self.at and self.at.text:
            lines += [f"    {self.at.text}", "    " + " " * max(self.at.column - 1, 0) + "^"]
        if self.hint:
            lines.append(f"  {self.hint}")
        return "\n".join(lines)


class UsageError(AuditorError):
    """The command line or `auditor.toml` asks for something that cannot be."""


class RuleError(AuditorError):
    """A file of a rule pack or profile is wrong; its author can act."""


class SourceError(AuditorError):
    """A source did not give what was asked."""

    exit_code = 3


class AccessDenied(SourceError):
    """The account may not read part of the scope; ask the source's owner."""


class SourceUnavailable(SourceError):
    """The source did not answer in time, or at all; what was read before is valid."""


class NotVisible(SourceError):
    """The thing is not there, or the account may not see it: sources do not tell which."""


class Rejected(SourceError):
    """The source refuses the request as it stands; asking again changes nothing.

    Args:
        message, hint: as of every error.
        status: what the source answered; None: the request could not even be sent.
    """

    def __init__(self, message: str, *, hint: str | None = None, status: int | None = None) -> None:
        super().__init__(message, hint=hint)
        self.status = status


class Unmappable(SourceError):
    """A record has a shape that nobody declared; it is set aside and counted."""


class ReasoningError(AuditorError):
    """No reasoning engine could answer, or productions make facts without end."""

    exit_code = 5


class StoreError(AuditorError):
    """The store is damaged, locked, or of another version."""

    exit_code = 4


def did_you_mean(name: str, known: Collection[str]) -> str | None:
    """Return a hint naming the closest of *known*, or None when nothing is close."""
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    return f"did you mean {close[0]!r}?" if close else None


def raise_all(message: str, errors: Iterable[AuditorError]) -> None:
    """Raise all *errors* together, so that an author sees them in one run; do nothing when there are none."""
    found = list(errors)
    if found:
        raise ExceptionGroup(message, found)
