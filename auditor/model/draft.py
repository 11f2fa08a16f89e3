"""A row before it is part of a snapshot: what mappers write."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Draft:
    """One row of one table with the place where it was read.

    Attributes:
        values: column → value (own, raw and `id`). A column that is missing or None here is *blank* when it is in *filled*, else
            *unknown*. Text values are NFC without control characters; days are `date`, instants aware UTC `datetime`, amounts `Decimal`.
        filled: own columns of the table that the source fills for this row. A cell whose value cannot be known (a formula without a
            cached value, a cut-off text, a hidden column) is left out of it.
        project: the place (`Record.place`) that it belongs to; the builder turns it into a project.
    """

    table: str
    values: Mapping[str, Any]
    filled: frozenset[str]
    project: str
    source: str
    url: str = ""
    locator: str = ""
    record_version: str = ""
    content_hash: str = ""
    seen_at: datetime | None = None
