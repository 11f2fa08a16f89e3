"""Secrets by reference: the configuration says where one lies, never what it is."""

import importlib
import os
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

from auditor.errors import UsageError


class Secret(BaseModel):
    """Where a secret lies: `{env = "JIRA_TOKEN"}`, `{file = "jira.token"}` or `{keyring = "service/user"}`."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    env: str | None = None
    file: Path | None = None
    keyring: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _is_reference(cls, value: Any) -> Any:
        if isinstance(value, str):
            raise ValueError('a secret never stands in the configuration: write {env = "NAME"} or {file = "path"}')  # noqa: TRY004  (pydantic)
        if isinstance(value, dict) and len(value.keys() & {"env", "file", "keyring"}) != 1:
            raise ValueError('write either {env = "NAME"}, {file = "path"} or {keyring = "service/user"}')
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
        if self.keyring is not None:
            return _from_keyring(self.keyring)
        assert self.file is not None
        file = base / self.file
        try:
            return file.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{file}: the secret cannot be read", hint=str(getattr(error, "strerror", "") or "it is no text")) from None


def _from_keyring(name: str) -> str:
    service, _, user = name.rpartition("/")
    try:
        found = importlib.import_module("keyring").get_password(service or name, user)
    except ImportError:
        raise UsageError("the package `keyring` is not installed", hint="pip install keyring, or name a variable or a file") from None
    except Exception as error:  # noqa: BLE001  (whatever its back ends raise; what they say may hold the secret)
        raise UsageError(f"the keyring cannot be asked for {name!r} ({type(error).__name__})") from None
    if not found:
        raise UsageError(f"the keyring holds nothing for {name!r}", hint=f"keyring set {service or name} {user}")
    return str(found)
