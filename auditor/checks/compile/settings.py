"""What all statements of one run have in common."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Settings:
    """Of one run.

    Attributes:
        today: the day of the audit.
        time_zones: whether a project may be in another zone than UTC.
        calendars: whether a project may have a calendar of its own.
        past: whether the day lies before the snapshot's.
    """

    today: date
    time_zones: bool = True
    calendars: bool = True
    past: bool = False
