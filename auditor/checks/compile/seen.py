"""What is known of the rows of a relation before a statement about them is written, so that the statement asks only what is open."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from auditor.checks.compile.sql import Known


@dataclass(frozen=True)
class Seen:
    """What all rows of a relation have in common.

    Attributes:
        rows: how many there are; -1: nobody counted.
        sometimes, always: the bits that say that a value is unknown: those that are set in a row, and those that are set in every row.
        filled: columns that have a value in every row.
        constants: column → the value that it has in every row; NULL: it has none in any.
    """

    rows: int = -1
    sometimes: int = ~0
    always: int = 0
    filled: frozenset[str] = frozenset()
    constants: Mapping[str, Known] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether there is none."""
        return self.rows == 0


NOTHING_KNOWN = Seen()
