"""What readers of documents find: rows before they have an identity."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Found:
    """One row that a document states.

    People are given by the name as written; the snapshot turns names into persons. Days are `date`, amounts `Decimal`.

    Attributes:
        table: of the model.
        values: column → value, own and raw columns. A column of *filled* that is missing here is blank.
        filled: own columns that the document fills for this row. A cell whose value cannot be known is left out of it.
        locator: the place in the document: 'Risks!A12:K12', 'table 3 row 4', 'paragraph 12'.
        own_id: the id that the document itself gives the row; None when it gives none.
        register: what kind of list the row comes from, part of its identity where it has no id of its own.
        key: what else tells it from its neighbours: normalised title, first date.
        refers: column → (table, own id) of another row of the same document, resolved by the snapshot (an attendance to its meeting).
    """

    table: str
    values: Mapping[str, Any]
    filled: frozenset[str]
    locator: str
    own_id: str | None = None
    register: str = ""
    key: tuple[str, ...] = ()
    refers: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kept:
    """A register that a document holds, whether or not it has rows.

    Attributes:
        columns: own columns of the table that the register has a column for.
        is_complete: False when rows were cut off or could not be read.
        locator: sheet or table.
        product: the kind of product that this register is (`risk_log`), where the pack says so.
    """

    table: str
    columns: frozenset[str]
    is_complete: bool
    locator: str
    product: str = ""
