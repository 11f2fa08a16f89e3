"""About the evidence itself."""

from typing import Annotated, Literal

from auditor.model.row import Row
from auditor.model.types import Code, Day, Flag, Reference, Share, Text, Whole


class Coverage(Row):
    """What a source could give of a table for a project, and whether it gave all of it.

    Source: every pull.
    """

    table_name: Text = None
    columns: Text = None
    is_complete: Flag = None
    row_count: Whole = None
    doubt_count: Whole = None
    history_from: Day = None
    reason: Text = None


class Unreadable(Row):
    """A file or record that could not be read, and why.

    Source: every pull.
    """

    path: Text = None
    reason: Text = None
    error: Text = None
    candidate_kinds: Text = None


class Completeness(Row):
    """Whether a table was read completely for a project: `coverage` after the place of record was settled. What rules rely on.

    Source: computed at snapshot time from coverage and the place of record.
    """

    table_name: Text = None
    is_complete: Flag = None
    history_from: Day = None
    reason: Text = None


class Candidate(Row):
    """A file that may fulfil a product and was not recognised surely, or not read: while it exists the product is not known absent.

    Source: recognition.
    """

    kind: Text = None
    artefact_id: Reference = None
    path: Text = None
    confidence: Share = None
    reason: Annotated[Literal["low_confidence", "unreadable"] | None, Code()] = None
