"""One cell of a register as a value of one column of the model."""

# ruff: noqa: SIM905  (lists of words read better as one text)
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from auditor.connect.document import Cell
from auditor.connect.values import (
    MONTHS,
    DayOrder,
    ShareScale,
    clean,
    currency_of,
    fold,
    is_placeholder,
    level_of_share,
    multiple_of,
    parse_boolean,
    parse_day,
    parse_level,
    parse_number,
    parse_share,
    spread,
)
from auditor.model.schema import TABLES, Column
from auditor.model.types import Kind
from auditor.snapshot.documents.headers import Register, top_of_scale

_REMARK = re.compile(r"(?<=\S)\s*\([^()\d]*\)\s*$")  # '0 EUR (on the level of the project)'
_BESIDE = re.compile(r"(?<=[\d%])\s*\([^()]*[^\W\d_]{3}[^()]*\)\s*$")  # '0.79 (mean of Sprints 4 and 5)'
_LONGEST_ID = 60
_LONGEST_RAW = 500
_SEPARATORS = re.compile(r"\s*(?:[:;,(\[–—/\n]|\s-\s|\.\s)\s*")
_NUMBERED = re.compile(r"^\s*[(\[]?\d{1,3}\s*(?:[.)\]:=–-]|\s)\s*")
_DATED = re.compile(
    r"\s+(?:(?:on|am|le|el|since|seit|depuis|desde)\s+)?\d{1,4}[./-]\d{1,2}(?:[./-]\d{2,4})?\b.*$", re.IGNORECASE | re.DOTALL
)  # 'Closed 12/03/2026, see mail'
_INFLECTED = tuple(
    pair.split("/") for pair in "ees/e ee/e es/e s/ as/o os/o a/o e/ er/ es/ en/".split()
)  # endings, folded, and what stands in the plain word instead
_LIKE_DAY = re.compile(
    r"(?<!\d)(?:19|20)\d{2}(?!\d)|(?<!\d)\d{1,2}\s?[./-]\s?\d{1,2}(?!\d|\s?[%€$£])|^[^\W\d_]{1,9}\.?\s?[+-]?\s?\d{1,3}\b|"
    r"\d\.?\s?(?:d|days?|w|weeks?|months?|tage?n?|wochen?|monate?n?|mon|j|jours?|semaines?|mois|d[ií]as?|semanas?|mes(?:es)?)\b",
    re.IGNORECASE,
)
_LONGEST_LIKE_DAY = 30
_SEVERAL = 2
_PEOPLE_APART = re.compile(r"[,;/&+\n(]|\s(?:and|und|et|y)\s")
_MOST_WORDS_OF_A_NAME = 7
_ID = re.compile(r"[A-Z]{1,8}[-_]\d{1,5}")
_LETTERS: tuple[Mapping[str, str], ...] = (
    {"mb": "1", "b": "2", "m": "3", "a": "4", "ma": "5"},
    {"sn": "1", "n": "2", "m": "3", "h": "4", "sh": "5"},
    {"sg": "1", "g": "2", "m": "3", "h": "4", "sh": "5"},
)  # all that a column says: the initials of one language
_SHORTEST_INFLECTED = 5
_HIGHEST_FIRST = re.compile(r"(?<!\d)1\s*(?:=|:|-|–|\()\s*\(?\s*([^\W\d_]+(?: [^\W\d_]+)?)")
_BOUNDS = frozenset({"target", "baseline"})
_BOUND = re.compile(
    r"^\s*(?:[<>]\s*=?|=\s*[<>]?|[≤≥⩽⩾]|at least|at most|min(?:imum|\.)?|max(?:imum|\.)?|not (?:more|less) than|up to|mindestens|höchstens|"
    r"maximal|minimal|nicht (?:mehr|weniger) als|bis zu|au (?:moins|plus)|jusqu'à|al menos|como (?:mínimo|máximo)|hasta)\s*(?=[-+\d])",
    re.IGNORECASE,
)  # a target is a bound: '≥ 95 %', 'at least 4'
_IN_PERCENT = re.compile(r"%|\b(?:in )?(?:percent|per cent|prozent|pourcentage|porcentaje)\b", re.IGNORECASE)
_PLAIN = re.compile(r"[+-]?(\d{1,3})(?:[.,]0+)?")
_TOLD_WITH_WHOM = frozenset({"escalated_on", "handed_over_on"})
_DAY_WITHIN = re.compile(
    r"(?<![\w.])(?:\d{4}-\d\d-\d\d|\d{1,2}([./-])\d{1,2}\1\d{2,4}|\d{1,2}\.? [^\W\d_]{3,10}\.? \d{4}|[^\W\d_]{3,10} \d{1,2}, \d{4})(?!\w)"
)
_COURSE = frozenset({"todo", "in_progress", "done"})
_NOT_HOURS = frozenset(
    "day days pd md mandays persondays tag tage personentage pt jour jours jh dia dias fte week weeks month months wochen monate mois "
    "semaines semanas meses points sp".split()
)


@dataclass(frozen=True, slots=True)
class Reading:
    """How the cells below one header are read."""

    register: Register
    column: Column
    header: str
    words: Mapping[str, str]  # folded word → standard value
    top: int = 5
    is_reversed: bool = False  # 1 is the highest
    currency: str | None = None
    power: int = 0  # amounts are to be taken times ten to this
    is_hours: bool = True
    shares: tuple[ShareScale, ...] = ()  # scales of likelihoods in percent
    is_percent: bool = False  # the header says so
    is_scale_known: bool = True  # plain numbers can be levels: none of the column lies beyond


@dataclass(frozen=True, slots=True)
class Read:
    """What a cell says. `unknown`: it says something, or may, that cannot be known."""

    state: Literal["value", "blank", "unknown"]
    value: Any = None
    raw: str | None = None
    currency: str | None = None


BLANK = Read("blank")
UNKNOWN = Read("unknown")


def reading_of(register: Register, column: str, header: str, caption: str = "", stated: ShareScale | None = None) -> Reading:
    """Return how to read *column* below *header*; *caption* (title rows, sheet) may state currency and multiple.

    *stated* is the scale of likelihoods in percent that the document gives.
    """
    found = TABLES[register.table].by_name[column]
    words = register.values.get(column, {})
    reverse = found.type.unit == "1..5" and _is_reversed(header, words)
    is_money = found.type.unit == "currency"
    hours = not set(fold(header).split()) & _NOT_HOURS
    currency = (currency_of(header) or currency_of(caption)) if is_money else None
    power = (multiple_of(header) or multiple_of(caption)) if is_money else 0
    shares = () if not column.endswith("likelihood") else register.share_scales if stated is None else (stated,)
    is_percent = _IN_PERCENT.search(clean(header, 300)) is not None
    return Reading(register, found, header, words, top_of_scale(header) or 5, reverse, currency, power, hours, shares, is_percent)


def _is_reversed(header: str, words: Mapping[str, str]) -> bool:
    match = _HIGHEST_FIRST.search(clean(header, 300))
    if not match:
        return False
    word = fold(match[1])
    level = words.get(word) or words.get(word.split(" ", maxsplit=1)[0])
    return word.split(" ", maxsplit=1)[0] in {"highest", "hochste", "hochster", "max"} or (level is not None and int(level) >= 4)


def read_cell(cell: Cell, how: Reading, order: DayOrder, language: str | None) -> Read:
    """Return what *cell* says for a column of the model.

    A formula without a cached value and an error are unknown, not blank; so is a word that no pack knows, and a day that can be read in
    two ways. Whatever is read of an enumeration, a level or a day keeps the source's own words.
    """
    if cell.type in {"uncalculated", "error"}:
        return UNKNOWN
    text = clean(cell.text)
    kind = how.column.type.kind
    is_course = kind is Kind.CODE and set(how.column.type.codes) >= _COURSE
    if is_course and (course := _course_of(text, cell, how)) is not None:
        return Read("value", course, text[:_LONGEST_RAW])  # '0 %' is not nothing
    is_said = kind is Kind.CODE and not cell.is_placeholder and how.words.get(fold(text)) is not None  # 'To Do' is a status
    if cell.is_placeholder or (is_placeholder(text) and not is_said):
        return BLANK
    if kind is Kind.TEXT or kind is Kind.PERSON or kind is Kind.REFERENCE:
        return Read("value", text)
    raw = text[:_LONGEST_RAW]
    if kind is Kind.CODE:
        code = code_of(text, how.words)
        ticked = how.words.get(fold(how.header)) if code is None and not how.is_percent else None
        if ticked is not None and (truth := parse_boolean(text)) is not None:
            return Read("value", ticked, how.header) if truth else BLANK  # a column of its own for the value
        return Read("value", code, raw) if code is not None else Read("unknown", None, raw)
    if kind is Kind.DAY:
        day = day_of(cell, order) or (_day_within(text, order) if how.column.name in _TOLD_WITH_WHOM else None)
        return Read("value", day, raw) if day else Read("unknown", None, raw)
    if kind is Kind.INSTANT:
        day = day_of(cell, order)
        return Read("value", datetime.combine(day, time(12), UTC)) if day else UNKNOWN
    if how.column.type.unit == "1..5":
        level = _level(cell, text, how)
        return Read("value", level, raw) if level is not None else Read("unknown", None, raw)
    if kind is Kind.BOOLEAN:
        if cell.type == "boolean" and isinstance(cell.value, bool):
            return Read("value", cell.value)
        said = code_of(text, how.words)
        flag = said == "true" if said is not None else parse_boolean(text)
        return Read("value", flag) if flag is not None else UNKNOWN
    if kind is Kind.INTEGER or kind is Kind.DECIMAL:
        return _number(cell, text, how, language)
    return UNKNOWN


def _day_within(text: str, order: DayOrder) -> date | None:
    """Return the one day in a text that says to whom and when: 'Board PB-03, 17 June 2026'."""
    found = {day for match in _DAY_WITHIN.finditer(text) if (day := parse_day(match[0], order)) is not None}
    return found.pop() if len(found) == 1 else None


def _course_of(text: str, cell: Cell, how: Reading) -> str | None:
    """Return how far work is that a share tells of: '0 %', '35 %', a cell with the number 0.35.

    The number 1 is all of it where sheets hold percent, and one of a hundred where people count to 100: it tells nothing without a sign.
    """
    if cell.type == "number" and isinstance(cell.value, int | float) and 0 <= cell.value <= 1 and "%" not in text:
        if cell.value == 1:
            return None
        share = Decimal(str(cell.value))
    else:
        said = parse_share(text, is_percent=how.is_percent)
        if said is None or said[0] != said[1]:
            return None
        share = said[0]
    return "todo" if share == 0 else "done" if share == 1 else "in_progress"


def code_of(text: str, words: Mapping[str, str]) -> str | None:
    """Return the standard value that *text* names: 'Closed', '3 - Closed', 'Closed (12/03)', 'Geschlossen: siehe Mail'; None when none."""
    text = text[:300]
    if (found := _word_of(text, words)) is not None:
        return found
    plain = _NUMBERED.sub("", text)
    if plain != text and (found := _word_of(plain, words)) is not None:
        return found
    plain = _DATED.sub("", plain)
    parts = [part for part in _SEPARATORS.split(plain) if part]
    if not parts:
        return None
    if (found := _word_of(parts[0], words)) is not None:
        values = {value for part in parts if (value := _word_of(part, words)) is not None}
        return found if len(values) == 1 or "/" not in plain else None
    if len(parts) == 2 and len(fold(parts[0])) <= 3 and (found := _word_of(parts[1], words)) is not None:
        return found  # 'P2 - High', 'A: avoid'
    return None


def _word_of(text: str, words: Mapping[str, str]) -> str | None:
    """Return the value of a word, whatever its gender and number: 'acceptée' is what 'accepté' is, 'cerradas' what 'cerrado' is."""
    word = fold(text)
    if (found := words.get(word)) is not None or len(word) < _SHORTEST_INFLECTED or not word[-1:].isalpha():
        return found
    for ending, plain in _INFLECTED:
        if word.endswith(ending) and (found := words.get(word.removesuffix(ending) + plain)) is not None:
            return found
    return None


def day_of(cell: Cell, order: DayOrder) -> date | None:
    """Return the day that a cell holds as a date or as text, or None."""
    if cell.type == "date" and isinstance(cell.value, str):
        try:
            return datetime.fromisoformat(cell.value).date()
        except ValueError:
            return None
    return parse_day(clean(cell.text, 80), order) if cell.type in {"text", "number"} else None


def _level(cell: Cell, text: str, how: Reading) -> int | None:
    is_ratio = cell.type == "number" and isinstance(cell.value, float) and 0 < cell.value < 1
    if how.is_percent or is_ratio or "%" in text:
        share = parse_share(text, is_percent=how.is_percent and not is_ratio)
        if share is not None:
            return level_of_share(share, how.shares)
        if not any(letter.isalpha() for letter in text):
            return None
    if match := _PLAIN.fullmatch(text.strip()):
        if not how.is_scale_known:
            return None
        level = spread(int(match[1]), how.top)
        return 6 - level if level is not None and how.is_reversed else level
    return parse_level(text, how.words, top=how.top)


def with_scale(how: Reading, cells: Sequence[Cell]) -> Reading:
    """Return *how* with the scale that all *cells* of a column of levels speak of together.

    Plain numbers are no levels when several lie beyond 1..5 and no header says how far the scale goes. Letters are those of the words of
    one language: 'B', 'M', 'A' are bajo, medio, alto; 'N', 'M', 'H' are niedrig, mittel, hoch.
    """
    if how.column.type.unit != "1..5":
        return how
    texts = [clean(cell.text, 40) for cell in cells]
    beyond = sum((match := _PLAIN.fullmatch(text)) is not None and not 1 <= int(match[1]) <= how.top for text in texts)
    said = {fold(text) for text in texts}
    letters = next((scale for scale in _LETTERS if said <= scale.keys() and len(said) > 1), None)
    return replace(how, is_scale_known=beyond < _SEVERAL or how.is_percent, words={**how.words, **letters} if letters else how.words)


def _number(cell: Cell, text: str, how: Reading, language: str | None) -> Read:
    unit = how.column.type.unit
    currency = None
    if cell.type == "number" and isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
        value = Decimal(repr(cell.value)) if isinstance(cell.value, float) else Decimal(cell.value)
        is_percent = "%" in text
        currency = currency_of(text)
    else:
        if how.column.name in _BOUNDS:
            text = _BOUND.sub("", text, count=1)
        is_money = unit == "currency" and not how.power
        number = parse_number(text, language, is_money=is_money) or parse_number(_REMARK.sub("", text), language, is_money=is_money)
        if number is None and unit is None:
            number = parse_number(_BESIDE.sub("", text), language)
        if number is None:
            return UNKNOWN
        value, is_percent, currency = number.value, number.is_percent, number.currency
    if unit == "currency":
        if is_percent:
            return UNKNOWN
        return Read("value", rounded(value.scaleb(how.power), 2), currency=currency or how.currency)
    if unit == "hours" and (not how.is_hours or set(fold(text).split()) & _NOT_HOURS):
        return UNKNOWN
    if how.column.type.kind is Kind.INTEGER:
        return Read("value", int(value)) if value == value.to_integral_value() and not is_percent and abs(value) < 10**15 else UNKNOWN
    places = {"hours": 2, "0..1": 6}.get(unit or "", 4)
    return Read("value", rounded(value / 100 if unit == "0..1" and is_percent else value, places))


def rounded(value: Decimal, places: int) -> Decimal:
    """Return *value* with *places* digits after the point, half up to even as in accounts."""
    try:
        return value.quantize(Decimal(1).scaleb(-places))
    except InvalidOperation:
        return Decimal(0).scaleb(-places) if not value.is_finite() else value


def fits(cell: Cell, column: Column | None, words: Mapping[str, str], order: DayOrder) -> bool:
    """Say whether the cell could be a value of *column* (None: the id). Used to choose between columns that a header may mean."""
    text = clean(cell.text, 400)
    if column is None:
        return len(text) <= _LONGEST_ID
    kind = column.type.kind
    if kind is Kind.DAY:
        return day_of(cell, order) is not None or (cell.type != "number" and is_like_day(text))
    if kind is Kind.CODE:
        return code_of(text, words) is not None
    if column.type.unit == "1..5":
        return parse_level(text, words, top=100) is not None or "%" in text or (len(text) == 1 and text.isalpha())
    if kind is Kind.BOOLEAN:
        return cell.type == "boolean" or parse_boolean(text) is not None
    if kind is Kind.INTEGER or kind is Kind.DECIMAL:
        return cell.type == "number" or parse_number(text) is not None
    if kind is Kind.PERSON:
        if len(text) > 120 or cell.type in {"date", "number"} or text.strip().isdigit():
            return False
        if _ID.fullmatch(text) is not None:
            return False
        if max(len(part.split()) for part in _PEOPLE_APART.split(text)) > _MOST_WORDS_OF_A_NAME:
            return False
        return not any(letter.isdigit() for letter in text) or day_of(cell, order) is None
    return cell.type not in {"number", "date", "boolean"} and not text.strip().isdigit()


def is_like_day(text: str) -> bool:
    """Say whether a short text may stand for a day, though it is none: 'M3', 'Q2 2026', 'mid-May', 'Week 2', 'J+30', 'in 2 Wochen'."""
    if len(text) > _LONGEST_LIKE_DAY:
        return False
    return _LIKE_DAY.search(text) is not None or not MONTHS.keys().isdisjoint(fold(text).split())


def id_of(cell: Cell) -> str | None:
    """Return the register's own id in *cell*; None when it holds none (blank, unknown, or too long to be one)."""
    if cell.type in {"uncalculated", "error"} or cell.is_placeholder:
        return None
    text = " ".join(clean(cell.text, 200).split())
    if is_placeholder(text) or len(text) > _LONGEST_ID:
        return None
    if cell.type == "number" and re.fullmatch(r"\d+\.0+", text):
        text = text.split(".", 1)[0]
    return text
