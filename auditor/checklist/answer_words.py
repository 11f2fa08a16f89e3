"""What people write into a list: answers and days in the languages that lists are written in."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from auditor.checklist.checklist import Checklist, Says
from auditor.checklist.words import languages, says_word

ANSWERS: Mapping[str, Mapping[Says, str]] = MappingProxyType(
    {
        "en": {"yes": "Yes", "no": "No", "partly": "Partly", "not_applicable": "Not applicable"},
        "fr": {"yes": "Oui", "no": "Non", "partly": "Partiellement", "not_applicable": "Sans objet"},
        "de": {"yes": "Ja", "no": "Nein", "partly": "Teilweise", "not_applicable": "Nicht zutreffend"},
        "es": {"yes": "Sí", "no": "No", "partly": "En parte", "not_applicable": "No aplicable"},
        "it": {"yes": "Sì", "no": "No", "partly": "In parte", "not_applicable": "Non applicabile"},
        "nl": {"yes": "Ja", "no": "Nee", "partly": "Gedeeltelijk", "not_applicable": "Niet van toepassing"},
        "pt": {"yes": "Sim", "no": "Não", "partly": "Parcialmente", "not_applicable": "Não aplicável"},
        "pl": {"yes": "Tak", "no": "Nie", "partly": "Częściowo", "not_applicable": "Nie dotyczy"},
    }
)
"""Language → answer → the word of the lists."""

_MORE: Mapping[Says, str] = {
    "yes": "y j ✓ ✔ yes ok",
    "no": "n ✗ ✘",
    "partly": "partial|partially|in part|in parts|partiel|partielle|en partie|partiell|zum teil|teils|parcial|parcialmente|parziale"
    "|parzialmente|deels|em parte|czesciowy",
    "not_applicable": "n/a|na|not applicable|does not apply|non applicable|so|s.o.|entfällt|entfaellt|nicht anwendbar|nz|n.z.|no procede"
    "|no se aplica|nvt|n.v.t.|não se aplica|nd",
}

_MONTHS = (
    "january janvier januar enero gennaio januari janeiro stycznia styczen jan janv ene gen sty jaenner janner",
    "february fevrier februar febrero febbraio februari fevereiro lutego luty feb fevr fev lut feber",
    "march mars marz marzo maart marco marca marzec mar mrz mrt maerz",
    "april avril abril aprile kwietnia kwiecien apr avr abr kwi",
    "may mai mayo maggio mei maio maja maj mag",
    "june juin juni junio giugno junho czerwca czerwiec jun giu cze",
    "july juillet juli julio luglio julho lipca lipiec jul juil lug lip",
    "august aout agosto augustus sierpnia sierpien aug ago aou sie",
    "september septembre septiembre settembre setembro wrzesnia wrzesien sep sept set wrz",
    "october octobre oktober octubre ottobre outubro pazdziernika pazdziernik oct okt ott out paz",
    "november novembre noviembre novembro listopada listopad nov lis",
    "december decembre dezember diciembre dicembre dezembro grudnia grudzien dec dez dic gru",
)
_MONTH = {word: number for number, words in enumerate(_MONTHS, start=1) for word in words.split()}
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]0{1,2}:00(?::00(?:\.0+)?)?Z?)?")
_NUMERIC = re.compile(r"(\d{1,2})([-/.])\s?(\d{1,2})\2\s?(\d{4}|\d{2})")
_DAY_FIRST = re.compile(
    r"(?:\w+,?\s+)?(\d{1,2})(?:\.|st|nd|rd|th|er|o|º)?\s*(?:de |of )?[-\s]?([^\W\d_]+)\.?,?[-\s]?\s*(?:de |del |of )?(\d{4})"
)
_MONTH_FIRST = re.compile(r"([^\W\d_]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
FIRST_YEAR, LAST_YEAR = 1990, 2100


def fold(text: str) -> str:
    """Return *text* as it is compared: without accents, cases, doubled, non-breaking and surrounding blanks, and closing punctuation."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    plain = "".join(letter for letter in plain if unicodedata.category(letter) != "Cf")
    return " ".join(plain.casefold().split()).strip(" .,;:!'\"“”„«»")


def _answers() -> dict[str, Says]:
    found: dict[str, Says] = {}
    for words in ANSWERS.values():
        for says, word in words.items():
            found[fold(word)] = says
    for says, more in _MORE.items():
        found[says] = says
        for word in more.split("|") if "|" in more else more.split():
            found[fold(word)] = says
    return found


_ANSWER = _answers()


def read_answer(text: str, own: Mapping[Says, str] = MappingProxyType({})) -> Says | None:
    """Return what an answer says; None when it is no answer.

    Args:
        text: what a person wrote, in any shipped language.
        own: the words of the list itself, which come first.
    """
    plain = fold(text)
    for says, word in own.items():
        if plain and fold(word) == plain:
            return says
    return _ANSWER.get(plain) or _ANSWER.get(plain.replace(".", "").replace(" ", ""))


def says_text(checklist: Checklist, says: Says) -> str:
    """Return the word in which a list offers an answer: its own, that of its language, else the English one."""
    language = checklist.language.partition("-")[0].lower()
    if f"says.{says}" in checklist.words or checklist.language in languages():
        return says_word(checklist, says)
    return ANSWERS.get(language, ANSWERS["en"])[says]


class NoDay(ValueError):
    """A text is no day, or may be two; the message says which."""


def read_day(text: str, language: str) -> date:
    """Return the day that a person wrote.

    Raises:
        NoDay: it is none, lies outside 1990 to 2100, or may be read in two ways.
    """
    plain = fold(text)
    if found := _ISO.fullmatch(plain.upper()):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _NUMERIC.fullmatch(plain):
        year = int(found[4]) + (2000 if len(found[4]) == 2 else 0)
        first, second = int(found[1]), int(found[3])
        if first == second or second > 12 or first > 12 or found[2] == "." or not language.lower().startswith("en"):
            day, month = (second, first) if second > 12 else (first, second)
            return _day(year, month, day)
        raise NoDay(f"the day may be {year}-{second:02}-{first:02} or {year}-{first:02}-{second:02}")
    if (found := _DAY_FIRST.fullmatch(plain)) and found[2] in _MONTH:
        return _day(int(found[3]), _MONTH[found[2]], int(found[1]))
    if (found := _MONTH_FIRST.fullmatch(plain)) and found[1] in _MONTH:
        return _day(int(found[3]), _MONTH[found[1]], int(found[2]))
    raise NoDay("this is no day")


def _day(year: int, month: int, day: int) -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        raise NoDay("the calendar has no such day") from None
    return within(found)


def within(day: date) -> date:
    """Return *day*, or raise NoDay when nobody can have meant it."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise NoDay(f"the year lies outside {FIRST_YEAR} to {LAST_YEAR}")
    return day
