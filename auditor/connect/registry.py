"""Connectors by name, as installed packages declare them (entry points `auditor.connectors`)."""

from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, ClassVar, Protocol

from pydantic import BaseModel

from auditor.connect.protocol import Connector
from auditor.errors import UsageError, did_you_mean

GROUP = "auditor.connectors"
DEFAULT_PROJECT_KEY = "folders"


class ConnectorClass(Protocol):
    """What an entry point names."""

    name: ClassVar[str]
    Options: ClassVar[type[BaseModel]]

    def __call__(self, options: Any, *, name: str = ..., base: Path | None = ...) -> Connector:
        """Make a connector of one source."""
        ...


def connector_names() -> tuple[str, ...]:
    """Return the names of all installed connectors, sorted."""
    return tuple(sorted(_installed()))


@lru_cache(maxsize=32)
def connector_class(name: str) -> ConnectorClass:
    """Return the class of a connector.

    Raises:
        UsageError: no installed package has it, or it cannot be imported.
    """
    found = _installed().get(name)
    if found is None:
        known = connector_names()
        raise UsageError(f"no connector {name!r}", hint=did_you_mean(name, known) or f"installed: {', '.join(known) or 'none'}")
    try:
        loaded: ConnectorClass = found.load()
    except (ImportError, AttributeError) as error:
        raise UsageError(f"the connector {name!r} cannot be loaded: {error}", hint=f"it is declared as {found.value}") from error
    return loaded


def project_key(connector: ConnectorClass) -> str:
    """Return the key of `[[project]]` that lists this connector's places: 'jira', 'folders'."""
    return str(getattr(connector, "project_key", DEFAULT_PROJECT_KEY))


@lru_cache(maxsize=1)
def _installed() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=GROUP)}
