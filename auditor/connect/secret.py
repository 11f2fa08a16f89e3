"""Secrets by reference: the configuration says where one lies, never what it is."""

import os
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

from auditor.errors import UsageError


class Secret(BaseModel):
    """Where a secret lies: `{env = "JIRA_TOKEN"}` or `{file = "jira.token"}`."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    env: str | None = None
    file: Path | None = None

    @model_validator(mode="before")
    @classmethod
    def _is_reference(cls, value: Any) -> Any:
        if isinstance(value, str):
            raise ValueError('a secret never stands in the configuration: write {env = "NAME"} or {file = "path"}')  # noqa: TRY004  (pydantic)
        if isinstance(value, dict) and len(value.keys() & {"env", "file"}) != 1:
            raise ValueError('write either {env = "NAME"} or {file = "path"}')
        return value

    def read(self, base: Path) -> str:
        """Return the secret.

        Args:
            base: folder that a relative file counts from.

        Raises:
            UsageError: there is none. The message names the place only.
        """
        if self.env is not None:
            found = os.environ.get(self.env, "")
            if not found:
                raise UsageError(f"the environment variable {self.env} is not set", hint="it holds the secret of a source")
            return found
        assert self.file is not None
        file = base / self.file
        try:
            return file.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{file}: the secret cannot be read", hint=str(getattr(error, "strerror", "") or "it is no text")) from None
