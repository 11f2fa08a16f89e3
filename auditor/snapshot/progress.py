"""How long work tells how far it is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Step:
    """Something was done.

    Attributes:
        what: which work is going on.
        source: of a pull; '' while mapping.
        place: which part is being worked on: a project, a folder; '' when none.
        done: how many things so far; of a snapshot: projects.
        total: of how many; None: nobody knows.
    """

    what: Literal["pull", "map", "write"]
    source: str = ""
    place: str = ""
    done: int = 0
    total: int | None = None


Progress = Callable[[Step], None]


def silent(step: Step) -> None:
    """Show nothing."""
