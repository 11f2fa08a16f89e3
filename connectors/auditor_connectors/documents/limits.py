"""How much of a file is read, and how a file that cannot be read says so."""

from dataclasses import dataclass

from auditor.connect.protocol import UnreadReason


class Unreadable(Exception):
    """A file has no structure to give.

    Args:
        reason: one of `UnreadReason`.
        error: one line for a person, without content of the file.
    """

    def __init__(self, reason: UnreadReason, error: str = "") -> None:
        super().__init__(reason, error)
        self.reason: UnreadReason = reason
        self.error = error

    def __str__(self) -> str:
        """Return reason and error on one line."""
        return f"{self.reason}: {self.error}" if self.error else self.reason


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one file. Beyond the first group a file is `too_large`, beyond the second it is cut (`Document.is_cut`).

    Attributes:
        seconds: wall-clock time of the child process for one file.
        memory_bytes: address space that the child may use beyond what it starts with.
    """

    file_bytes: int = 200 * 2**20
    part_bytes: int = 200 * 2**20  # one part of an archive, inflated
    total_bytes: int = 400 * 2**20  # all parts that are read, inflated
    members: int = 20_000
    ratio: int = 100  # inflated to deflated, of parts over `ratio_from_bytes`
    ratio_from_bytes: int = 50 * 2**20
    elements: int = 400_000  # paragraphs and tables, empty ones included
    seconds: float = 60.0
    memory_bytes: int = 1536 * 2**20

    blocks: int = 50_000
    cells: int = 400_000  # of one document
    rows: int = 100_000  # of one table
    columns: int = 400  # of one table
    text: int = 20_000_000  # characters of one document
    cell_text: int = 32_767
    pages: int = 1_000


DEFAULT = Limits()
