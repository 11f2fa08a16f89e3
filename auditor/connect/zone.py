"""The name of a time zone, as settings hold it."""

from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator


def _known(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:
        raise ValueError(f"unknown time zone {name!r}, write one such as 'Europe/Brussels'") from error
    return name


ZoneName = Annotated[str, AfterValidator(_known)]
"""A name that `ZoneInfo` knows."""
