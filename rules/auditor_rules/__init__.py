"""Rule packs that ship with auditor."""

from importlib.resources import files
from importlib.resources.abc import Traversable


def core() -> Traversable:
    """Return the folder of the core pack."""
    return files("auditor_rules") / "core"


def pm2() -> Traversable:
    """Return the folder of the PM² pack."""
    return files("auditor_rules") / "pm2"


def prince2() -> Traversable:
    """Return the folder of the PRINCE2 pack."""
    return files("auditor_rules") / "prince2"


def organisation() -> Traversable:
    """Return the folder of the pack of what an organisation adds to its method."""
    return files("auditor_rules") / "organisation"


def legal() -> Traversable:
    """Return the folder of the pack of records that the law asks for."""
    return files("auditor_rules") / "legal"


def quality() -> Traversable:
    """Return the folder of the cross-walks to standards of quality and of projects; it holds no rules."""
    return files("auditor_rules") / "quality"


def agile() -> Traversable:
    """Return the folder of the pack of work in sprints and on boards."""
    return files("auditor_rules") / "agile"


def lean() -> Traversable:
    """Return the folder of the pack of the flow of work."""
    return files("auditor_rules") / "lean"
