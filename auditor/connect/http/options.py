"""What people may set about HTTP, the same for every connector: the table `http` of a source."""

import re
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from auditor.connect.secret import Secret


class HttpOptions(BaseModel):
    """How a source is asked.

    There is no switch for unverified TLS: a private authority is named by `ca_file`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    proxy: str | Secret | None = None
    """Proxy, without user and password; with them as a reference to a secret. Left out: what the environment says (HTTPS_PROXY …)."""
    ca_file: Path | None = None
    """Certificates of the authority that signed the source's (PEM), instead of those that come with `requests`."""
    concurrency: int = Field(default=8, ge=1, le=64)
    """Requests at once."""
    connect_seconds: float = Field(default=15, gt=0)
    answer_seconds: float = Field(default=180, gt=0)
    """How long one answer may take, from the request to its last byte."""
    max_answer_mb: int = Field(default=256, ge=1)
    """How large one answer may be, unpacked."""
    max_wait_minutes: float = Field(default=60, ge=0)
    """How long a pull may wait in all because the source asks it to, or does not answer."""
    max_minutes: float | None = Field(default=None, gt=0)
    """How long a pull may take in all; what is missing then is read by the next one. Left out: as long as it takes."""
    request_log: Path | None = None
    """File to which every request is added as a line of JSON, without secrets, parameters and contents. Left out: none."""

    @field_validator("proxy", mode="before")
    @classmethod
    def _holds_no_password(cls, value: Any) -> Any:
        if isinstance(value, str) and not re.fullmatch(r"https?://[^\s@]+", value):
            raise ValueError('write http://host:port; with user and password as {env = "NAME"} or {file = "path"}')
        return value
