"""The base of every table's declaration: what each row carries whatever it is about."""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from auditor.model.types import Flag, Instant, Text


class Frozen(BaseModel):
    """A value that never changes and accepts no field it does not declare."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)  # half a second of every start otherwise


class Row(Frozen):
    """One fact about one project, with the place where it was read.

    Subclasses declare the columns of their own; the common ones stand here. A row is declared once and travels as part of a column
    batch; single objects exist at the edges and in tests.
    """

    is_organisational: ClassVar[bool] = False  # a fact of the organisation: no project
    is_register: ClassVar[bool] = False  # the place of record decides which source counts
    has_history: ClassVar[bool] = False  # `<table>_history` exists

    project_id: Text = None
    id: Text = None
    is_gone: Flag = None
    is_record: Flag = None
    source: Text = None
    url: Text = None
    locator: Text = None
    record_version: Text = None
    content_hash: Text = None
    seen_at: Instant = None
