"""The table of a tabular source in `auditor.toml`."""

from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from auditor.connect.zone import ZoneName


class TabularOptions(BaseModel):
    """A folder of exports, and what their tables mean."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    root: Path
    """The folder in which the exports lie."""
    declaration: tuple[str, ...]
    """Files with declarations, relative to `auditor.toml`, or names of shipped ones."""
    files: tuple[str, ...] = ()
    """Patterns of files, instead of those that the declarations say: for shipped ones."""
    project: str = ""
    """Project of every line, instead of what the declarations say: for exports of one project."""
    url: Annotated[str, Field(pattern=r"^((https?|file)://[^\s\"'<>\\]+)?$")] = ""
    """Address under which people reach the folder. Left out: the folder itself."""
    time_zone: ZoneName = "UTC"
    """Zone of times that state none, and in which instants become days."""
    max_file_mb: Annotated[int, Field(gt=0, le=1_048_576)] = 4_096
    """How large a text file may be. Workbooks have the limits of documents."""

    @field_validator("declaration", mode="before")
    @classmethod
    def _one(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    @field_validator("declaration")
    @classmethod
    def _some(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value:
            raise ValueError("says which tables there are: at least one")
        return value
