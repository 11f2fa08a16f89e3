"""Cells as values of the model: blank, a value, or unknown with its reason. Never a guess."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from auditor.config.mapping import fold
from auditor.connect.values import (
    DayOrder,
    clean,
    currency_of,
    is_placeholder,
    multiple_of,
    parse_boolean,
    parse_day,
    parse_level,
    parse_number,
    parse_period,
    settle_day_order,
)
from auditor.model.schema import Column
from auditor.model.types import Kind
from auditor_connectors.tabular.declare import Cells

_CLOCK = re.compile(
    r"(?P<day>.*?\S)[ T,]+(?P<hour>\d{1,2})[:h](?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?\s*(?P<half>[AaPp]\.?\s?[Mm]\.?)?"
)
_FIGURES = re.compile(r"(\d{1,2})\s?[-/]\s?(\d{1,2})\s?[-/]\s?(\d{4}|\d{2})(?!\d)")
_AMOUNT = re.compile(r"\d[\d.,'’\s\u00a0\u202f]*")
_DURATION = re.compile(r"(?P<number>[\d.,]+)\s*(?P<unit>[A-Za-zéäöüß]+)\.?\??")
_LONGEST_DAY = 60
_LONGEST_WORD = 200
_WEEKDAYS = {
    word: number
    for number, words in enumerate(
        (
            ("monday", "mon", "montag", "mo", "lundi", "lun", "lunes"),
            ("tuesday", "tue", "tues", "dienstag", "di", "mardi", "mar", "martes"),
            ("wednesday", "wed", "mittwoch", "mi", "mercredi", "mer", "miercoles", "mie"),
            ("thursday", "thu", "thur", "thurs", "donnerstag", "do", "jeudi", "jeu", "jueves", "jue"),
            ("friday", "fri", "freitag", "fr", "vendredi", "ven", "viernes", "vie"),
            ("saturday", "sat", "samstag", "sonnabend", "sa", "samedi", "sam", "sabado", "sab"),
            ("sunday", "sun", "sonntag", "so", "dimanche", "dim", "domingo", "dom"),
        )
    )
    for word in words
}
_PERIOD = "period_on"
_HOURS = frozenset(["h", "hr", "hrs", "hour", "hours", "std", "stunde", "stunden", "heure", "heures", "hora", "horas"])
_MINUTES = frozenset(["m", "min", "mins", "minute", "minutes", "minuten", "minutos"])


@dataclass(frozen=True, slots=True)
class Unread:
    """A cell holds something whose value is not known."""

    reason: str  # 'ambiguous_day', 'no_day', 'no_number', 'ambiguous_number', 'unknown_word', 'formula', 'several' …
    word: str = ""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one column of one file writes days and numbers.

    Attributes:
        day_first: None: not settled.
        short_year: whether 26 in 03/04/26 is the year; not settled in a column that may as well begin with it.
        decimal: '.' or ','; '' when not settled.
        formats: of days and times, declared.
        header: what the header says of its numbers, 'Amount (k€)'.
        zone: of times that state none.
    """

    zone: ZoneInfo
    day_first: bool | None = None
    short_year: bool = False
    decimal: str = ""
    formats: tuple[str, ...] = ()
    header: str = ""


class Evidence:
    """What the cells of a column tell of its dialect; a few of them are kept, whatever the number of lines."""

    def __init__(self) -> None:
        self._days: dict[tuple[bool, bool], str] = {}
        self._ends: tuple[set[str], set[str]] = (set(), set())  # first and last figure of days with a year of two figures
        self._marks: set[str] = set()

    def add(self, text: str) -> None:
        """Look at a cell."""
        if len(text) > _LONGEST_DAY or not text:
            return
        if found := _FIGURES.match(_without_weekday(text)):
            shape = (int(found[1]) > 12, int(found[2]) > 12)
            self._days.setdefault(shape, found[0])
            if len(found[3]) == 2:
                self._ends[0].add(found[1].zfill(2))
                self._ends[1].add(found[3])
        if mark := _decimal_mark(text):
            self._marks.add(mark)

    def day_first(self) -> bool | None:
        """Return whether days come first, where the column itself says so beyond doubt."""
        return settle_day_order(self._days.values(), None).is_day_first

    def short_year(self) -> bool:
        """Say whether years of two figures come last: there are fewer of them than of what comes first."""
        return len(self._ends[0]) > len(self._ends[1])

    def decimal(self) -> str:
        """Return the decimal mark, where the column itself says so beyond doubt."""
        return self._marks.copy().pop() if len(self._marks) == 1 else ""


def _without_weekday(text: str) -> str:
    return re.sub(r"^[^\d]{0,14}(?=\d)", "", text.strip())


def _decimal_mark(text: str) -> str:
    found = _AMOUNT.search(text)
    if found is None:
        return ""
    digits = found[0].strip(" .,'’\u00a0\u202f")
    points, commas = digits.count("."), digits.count(",")
    if points and commas:
        last = "." if digits.rfind(".") > digits.rfind(",") else ","
        return last if digits.count(last) == 1 else ""
    if points > 1 or commas > 1:
        return "," if points else "."
    if not points and not commas:
        return ""
    mark = "." if points else ","
    whole, after = digits.split(mark)
    grouped = re.split(r"['’\s]", whole)
    return mark if len(after) != 3 or whole.strip("0") == "" or len(grouped) > 1 or len(whole) > 3 else ""


def text_of(cell: Any) -> str:
    """Return a cell as text; '' for what has no known value."""
    if isinstance(cell, str):
        return cell if cell.isalnum() and cell.isascii() else clean(cell)
    kind, value = cell[0], cell[1]
    if kind == "?":
        return ""
    if kind == "b":
        return "true" if value else "false"
    return str(value).removesuffix(".0") if kind == "n" else str(value)


def is_blank(cell: Any) -> bool:
    """Say whether a cell holds nothing, or a placeholder for it."""
    if not isinstance(cell, str):
        return False
    if not cell or cell[0].isdigit():  # no placeholder begins with a figure
        return not cell
    if len(cell) > 2 * _LONGEST_WORD:  # no placeholder is so long
        return not cell.strip()
    return is_placeholder(clean(cell))


def read_cell(column: Column, said: Cells | None, cell: Any, dialect: Dialect) -> Any:
    """Return the value of a cell for *column*: None when blank, `Unread` when it is not known."""
    if not isinstance(cell, str) and cell[0] == "?":
        return Unread(str(cell[1]))
    kind = column.type.kind
    if is_blank(cell):
        return _blank(column, said)
    text = text_of(cell)
    if said is not None and said.pattern is not None:
        found = said.pattern.search(text)
        if found is None:
            return Unread("no_match", text)
        text = cell = (found[1] if found.groups() else found[0]).strip()
        if not text:
            return _blank(column, said)
    if said is not None and said.bands:
        return _banded(said, cell)
    if said is not None and said.codes:
        code = said.codes.get(fold(text[:_LONGEST_WORD]))
        if code is not None and kind in (Kind.CODE, Kind.BOOLEAN, Kind.TEXT, Kind.REFERENCE):
            return code.casefold() == "true" if kind is Kind.BOOLEAN else code
    if kind in (Kind.TEXT, Kind.REFERENCE, Kind.PERSON):
        return currency_of(text) or text if column.name == "currency" else text
    if kind is Kind.CODE:
        word = fold(text[:_LONGEST_WORD])
        return next((code for code in column.type.codes if fold(code) == word), Unread("unknown_word", text))
    if kind is Kind.BOOLEAN:
        flag = cell[1] if not isinstance(cell, str) and cell[0] == "b" else parse_boolean(text)
        return Unread("unknown_word", text) if flag is None else flag
    if kind is Kind.DAY:
        day = read_day(cell, dialect)
        if column.name == _PERIOD and isinstance(day, Unread) and day.reason == "no_day":
            return parse_period(text, DayOrder(dialect.day_first)) or day
        return day
    if kind is Kind.INSTANT:
        return read_instant(cell, dialect)
    if column.type.unit == "1..5":
        level = parse_level(_whole(text), dict(said.codes) if said is not None else {})
        return Unread("unknown_word", text) if level is None else level
    return read_number(column, said, cell, dialect)


def _blank(column: Column, said: Cells | None) -> Any:
    """Return what a blank cell stands for."""
    if said is None or not said.blank:
        return None
    return said.blank.casefold() == "true" if column.type.kind is Kind.BOOLEAN else said.blank


def _banded(said: Cells, cell: Any) -> Any:
    """Return the standard value of a percentage."""
    if isinstance(cell, str):
        number = parse_number(cell, "en") or parse_number(cell, "de")
        if number is None:
            return Unread("no_number", cell)
        percent = number.value
    elif cell[0] == "n":
        percent = Decimal(str(cell[1]))
        if len(cell) > 2 or 0 < percent < 1:
            percent *= 100
        elif percent == 1:
            return Unread("ambiguous_number", "1")  # one percent, or all of it
    else:
        return Unread("no_number", text_of(cell))
    reached = [code for code, start in sorted(said.bands.items(), key=lambda item: item[1]) if percent >= start]
    return reached[-1] if reached and percent <= 100 else Unread("no_number", str(percent))


def _whole(text: str) -> str:
    return text.removesuffix(".0")


# Days and moments


def _clocked(text: str) -> tuple[str, time | None]:
    """Return the day and the time of day that *text* holds."""
    found = _CLOCK.fullmatch(text)
    if found is None:
        return text, None
    hour = int(found["hour"])
    if found["half"]:
        hour = hour % 12 + (12 if found["half"][0] in "pP" else 0)
    try:
        return found["day"], time(hour, int(found["minute"]), int(found["second"] or 0))
    except ValueError:
        return text, None


def _moment(cell: Any, dialect: Dialect) -> datetime | tuple[date, time | None] | Unread:
    """Return an instant with its zone, or a day with the time on it."""
    if not isinstance(cell, str) and cell[0] in {"n", "b"}:
        return Unread("no_day", str(cell[1]))
    text = text_of(cell)
    if len(text) > _LONGEST_DAY:
        return Unread("no_day", text)
    for pattern in dialect.formats:
        try:
            found = datetime.strptime(text, pattern)  # noqa: DTZ007  (the pattern says whether there is a zone)
        except ValueError:
            continue
        return found if found.tzinfo else (found.date(), found.time())
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        pass
    else:
        if re.match(r"\d{4}-\d{2}-\d{2}", text):
            return found if found.tzinfo else (found.date(), found.time() if len(text) > 10 else None)
    day_text, clock = _clocked(text)
    figures = _FIGURES.match(_without_weekday(day_text))
    if figures is not None and (weekday := _WEEKDAYS.get(fold(day_text.split()[0].split(",")[0]))) is not None:
        # Project writes 'Fri 13/03/26': of all ways to read the figures those count that are of that day of the week.
        fitting = {day for day in _readings(figures) if day.weekday() == weekday}
        if len(fitting) == 1:
            return fitting.pop(), clock
        if not fitting:
            return Unread("no_day", text)
    if figures is not None and len(figures[3]) == 2 and not dialect.short_year:
        return Unread("ambiguous_day", text)
    day = parse_day(day_text, DayOrder(dialect.day_first))
    if day is not None:
        return day, clock
    return Unread("ambiguous_day" if figures is not None else "no_day", text)


def _readings(figures: "re.Match[str]") -> Iterator[date]:
    """Yield every day that three figures may name."""
    first, second, third = int(figures[1]), int(figures[2]), figures[3]
    orders = [(third, second, first), (third, first, second)]
    if len(third) == 2:
        orders.append((figures[1], second, int(third)))
    for year, month, day in orders:
        try:
            yield date(int(year) if len(year) == 4 else int(year) + (2000 if int(year) < 70 else 1900), month, day)
        except ValueError:
            continue


def read_day(cell: Any, dialect: Dialect) -> date | Unread:
    """Return the day of a cell, in the source's zone."""
    found = _moment(cell, dialect)
    if isinstance(found, Unread):
        return found
    return found.astimezone(dialect.zone).date() if isinstance(found, datetime) else found[0]


def read_instant(cell: Any, dialect: Dialect) -> datetime | Unread:
    """Return the moment of a cell in UTC; a time without a zone is of the source's. A day alone is no moment."""
    found = _moment(cell, dialect)
    if isinstance(found, Unread):
        return found
    if isinstance(found, datetime):
        return found.astimezone(UTC)
    day, clock = found
    if clock is None:
        return Unread("no_time", text_of(cell))
    return datetime.combine(day, clock, dialect.zone).astimezone(UTC)


# Numbers


def read_number(column: Column, said: Cells | None, cell: Any, dialect: Dialect) -> Decimal | int | Unread:
    """Return a number in the unit of its column."""
    text = text_of(cell)
    unit = said.unit if said is not None else ""
    if column.type.unit == "hours" and isinstance(cell, str) and (found := _DURATION.fullmatch(text)):
        word = found["unit"].casefold()
        unit = "hours" if word in _HOURS else "minutes" if word in _MINUTES else ""
        if not unit:
            return Unread("other_unit", text)  # days: nobody says how long one is
        text = found["number"]
    if isinstance(cell, str):
        language = {".": "en", ",": "de"}.get(dialect.decimal)
        number = parse_number(text, language)
        if number is None:
            return Unread("ambiguous_number" if parse_number(text, "en") and parse_number(text, "de") else "no_number", text)
        value, is_percent = number.value, number.is_percent
    elif cell[0] == "n":
        value, is_percent = Decimal(str(cell[1])), False
        if not value.is_finite():
            return Unread("no_number", text)
    else:
        return Unread("no_number", text)
    if column.type.unit == "0..1" and (is_percent or unit == "percent"):
        value /= 100
    if column.type.unit == "currency" and dialect.header:
        value = value.scaleb(multiple_of(dialect.header))
    value = value / 3600 if unit == "seconds" else value / 60 if unit == "minutes" else value
    if column.type.kind is Kind.INTEGER:
        return int(value) if value == int(value) else Unread("no_whole_number", text)
    return value


def currency_said(cell: Any, dialect: Dialect) -> str | None:
    """Return the currency that an amount's cell or its header names."""
    return (currency_of(cell) if isinstance(cell, str) else None) or currency_of(dialect.header)


def one_of(cells: Iterable[Any]) -> Any:
    """Return the cell that counts of several columns with one header: the one that is filled; differing ones are several."""
    filled = [cell for cell in cells if not is_blank(cell)]
    if not filled:
        return ""
    return filled[0] if all(cell == filled[0] for cell in filled) else ["?", "several"]
