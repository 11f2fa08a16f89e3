"""JSON values of Jira as values of the model.

Each reader takes any JSON value: None stays None (Jira says that there is nothing), what has no declared shape becomes `UNKNOWN`
(something is there that nobody can read), which is never the same as nothing.
"""

import hashlib
import math
import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo


class Unknown:
    """The type of `UNKNOWN`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()
"""Something is there, or would be, and cannot be read."""

_MOST = 10**12
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u200b\u2028\u2029\ufeff]")
_CONTROL_BYTES = bytes([*range(9), 11, 12, *range(14, 32), 127])
_CENT = Decimal("0.01")
_POINT = Decimal("0.0001")
_HOUR = 3600
_EPOCH_MS = 10**11  # larger numbers are milliseconds: in seconds they would lie after the year 5138
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:$|[T ])")
_MAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")


def text(value: Any, limit: int = 20_000) -> str | Unknown | None:
    """Return NFC text without control characters, at most *limit* characters; blank text is None."""
    if value is None:
        return None
    if isinstance(value, str):
        return cleaned(value, limit) or None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return UNKNOWN


def cleaned(value: str, limit: int = 20_000) -> str:
    """Return NFC text without control characters and outer white space, at most *limit* characters."""
    if value.isascii() and value.isprintable():
        return value.strip()[:limit]
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    if value.isascii():  # the common case, many times faster
        return value.encode().translate(None, _CONTROL_BYTES).decode().strip()[:limit]
    return _CONTROL.sub("", unicodedata.normalize("NFC", _CONTROL.sub("", value))).strip()[:limit]


def identifier(value: Any) -> str | None:
    """Return an id as text; None when it is none. Ids are numbers in some answers and text in others."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return cleaned(value, 255) or None
    return None


def instant(value: Any) -> datetime | Unknown | None:
    """Return a time in UTC. Text needs an offset (without colon, too); numbers are seconds or milliseconds since 1970."""
    if value is None or value == "":
        return None
    try:
        if isinstance(value, str):
            stripped = value.strip()
            if stripped.isdigit():
                return _from_epoch(int(stripped[:20]))
            found = datetime.fromisoformat(stripped)
            # A time of no stated zone could lie a day off: nothing may be concluded from it.
            return found.astimezone(UTC) if found.tzinfo else UNKNOWN
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return _from_epoch(value)
    except (ValueError, OverflowError, OSError):
        pass
    return UNKNOWN


def _from_epoch(value: float) -> datetime:
    seconds = value / 1000 if abs(value) >= _EPOCH_MS else value
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)


def day(value: Any) -> date | Unknown | None:
    """Return a plain day; '2013-06-06 00:00:00.0' is one, and is never shifted by a time zone."""
    if value is None or value == "":
        return None
    if isinstance(value, str) and (found := _DAY.match(value.strip())):
        try:
            return date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            return UNKNOWN
    return UNKNOWN


def day_in(at: datetime, zone: ZoneInfo) -> date | Unknown:
    """Return the day of an instant in the project's time zone."""
    try:
        return at.astimezone(zone).date()
    except OverflowError:
        return UNKNOWN


def hours(seconds: Any) -> Decimal | Unknown | None:
    """Return seconds as hours."""
    if seconds is None or seconds == "":
        return None
    if isinstance(seconds, str):
        try:
            seconds = int(seconds[:20])
        except ValueError:
            return UNKNOWN
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not math.isfinite(seconds) or abs(seconds) >= _MOST:
        return UNKNOWN
    return (Decimal(int(seconds)) / _HOUR).quantize(_CENT)


def quantity(value: Any) -> Decimal | Unknown | None:
    """Return a number with four decimals."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return UNKNOWN
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value) or abs(value) >= _MOST:
        return UNKNOWN
    return Decimal(str(value)).quantize(_POINT)


def whole(value: Any) -> int | Unknown | None:
    """Return a whole number."""
    if value is None:
        return None
    if (
        isinstance(value, bool)
        or not isinstance(value, (int, float))
        or not math.isfinite(value)
        or abs(value) >= _MOST
        or value != int(value)
    ):
        return UNKNOWN
    return int(value)


def names(value: Any) -> str | Unknown | None:
    """Return a list of texts or of things with a name as one text, in the source's order, parted by ', '."""
    if value is None:
        return None
    if not isinstance(value, list):
        return UNKNOWN
    found = []
    for item in value:
        name = text(item.get("name", item.get("value")) if isinstance(item, dict) else item)
        if not isinstance(name, str):
            return UNKNOWN
        found.append(name)
    return ", ".join(found) or None


def name_of(value: Any) -> str | Unknown | None:
    """Return the name of a status, priority, type …; blank and null are None."""
    if isinstance(value, dict):
        return text(value.get("name", value.get("value"))) if ("name" in value or "value" in value) else UNKNOWN
    return text(value)


def person_id(value: Any) -> str | Unknown | None:
    """Return the stable id of a user: `accountId`, else `key`, else `name`. An e-mail address is never an id in clear."""
    if value is None:
        return None
    if isinstance(value, dict):
        for field in ("accountId", "key", "name"):
            if found := identifier(value.get(field)):
                return masked(found)
    return UNKNOWN


def masked(person: str) -> str:
    """Return a person's id with an e-mail address replaced by its digest."""
    return f"mail:{mail_hash(person)[:16]}" if _MAIL.match(person) else person


def mail_hash(address: str) -> str:
    """Return the SHA-256 of an address in its plain form; trackers that write 'x at y dot org' mean the same address."""
    plain = address.strip().lower().replace(" at ", "@").replace(" dot ", ".")
    return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()


def person_name(value: Any) -> str | None:
    """Return a display name; where it is an e-mail address, the part before the @."""
    name = text(value, 255)
    if not isinstance(name, str):
        return None
    return name.split("@", 1)[0] if _MAIL.match(name) else name


_NOT_WORD = re.compile(r"[\W_]+")


@lru_cache(maxsize=16_384)
def folded(word: str) -> str:
    """Return *word* as words are compared: without case, accents and punctuation."""
    if not word.isascii():
        word = "".join(letter for letter in unicodedata.normalize("NFKD", word) if not unicodedata.combining(letter))
    return _NOT_WORD.sub(" ", word.casefold()).strip()


def digest(*parts: str) -> str:
    """Return a short digest of *parts*, the same on every machine."""
    joined = "\x1f".join(parts)
    return hashlib.blake2b(joined.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
