"""Checklists that ship with auditor."""

from importlib.resources import files
from importlib.resources.abc import Traversable


def pm2() -> Traversable:
    """Return the folder of PM²'s checklists."""
    return files("auditor_checklists") / "pm2"


def prince2() -> Traversable:
    """Return the folder of PRINCE2's checklists."""
    return files("auditor_checklists") / "prince2"


def organisation() -> Traversable:
    """Return the folder of checklists that belong to no method."""
    return files("auditor_checklists") / "organisation"
