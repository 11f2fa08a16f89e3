"""What people write into cells, as values of the model: numbers, days, booleans, levels, people.

English, French, German and Spanish. Every function is pure, bounded and gives None where the text does not say the value beyond doubt;
the caller keeps the words. A placeholder ('TBD', 'k. A.', '<name>') is nothing at all: `is_placeholder`.
"""

# ruff: noqa: SIM905  (lists of words read better as one text)
import hashlib
import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Literal

LONGEST_TEXT = 20_000
_LONGEST_VALUE = 200  # a number, day or level never needs more
_MOST = Decimal(10) ** 15

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]")
_BLANKS = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u3000]+")
_LINES = re.compile(r"\n\s*\n+")
_NOT_WORD = re.compile(r"[\W_]+")
_DIGIT = re.compile(r"\d")


def clean(text: str, longest: int = LONGEST_TEXT) -> str:
    """Return *text* in NFC, without control and direction characters, its blanks run together, cut at *longest* characters."""
    if len(text) <= longest and text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    text = text[: longest * 2].replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\u2028", "\n")
    text = _BLANKS.sub(" ", _CONTROL.sub("", unicodedata.normalize("NFC", text)))
    return _LINES.sub("\n", "\n".join(line.strip() for line in text.split("\n"))).strip()[:longest].rstrip()


@lru_cache(maxsize=32_768)
def fold(text: str) -> str:
    """Return *text* as words are compared: without case, accents and punctuation."""
    if not text.isascii():
        text = text.replace("ß", "ss").replace("’", "'")
        text = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return _NOT_WORD.sub(" ", text.casefold()).strip()


# Placeholders

_PLACEHOLDERS = frozenset(
    fold(word)
    for word in (
        # in any language, English
        "n/a|na|n/d|tbd|tba|tbc|todo|to do|null|none|nil|xx|xxx|xxxx|xyz|lorem ipsum|to be defined|to be determined|to be confirmed|to "
        "be completed|"
        "to be announced|"
        "to be named|to be appointed|to be nominated|to be designated|to be recruited|to be decided|"
        "to be agreed|to be assigned|not applicable|not available|not known|not yet known|not yet defined|"
        "not defined|not set|unassigned|not assigned|unspecified|select|please select|choose|choose an item|select an item|"
        "click here to enter text|click or tap here to enter text|click or tap to enter a date|click here to enter a date|enter text|"
        "enter text here|insert text|insert text here|your text here|dd/mm/yyyy|mm/dd/yyyy|yyyy/mm/dd|dd/mmm/yyyy|dd/mmm/yy|dd/mm/yy|"
        # français
        "à nommer|à désigner|à recruter|"
        "à définir|à déterminer|à compléter|à préciser|à confirmer|à renseigner|à remplir|sans objet|s/o|non applicable|néant|non "
        "renseigné|"
        "non défini|non disponible|nd|so|aucun|aucune|choisissez un élément|cliquez ici pour entrer du texte|"
        "cliquez ou appuyez ici pour entrer du texte|jj/mm/aaaa|jj/mm/aa|"
        # Deutsch
        "zu benennen|noch zu benennen|wird benannt|wird noch benannt|noch zu besetzen|"
        "noch offen|noch zu definieren|noch zu klären|zu definieren|zu klären|zu bestimmen|k. A.|keine Angabe|keine Angaben|entfällt|"
        "nicht zutreffend|nicht anwendbar|nicht relevant|n. v.|nicht verfügbar|unbekannt|folgt|wird nachgereicht|N. N.|keine|keiner|"
        "bitte auswählen|Wählen Sie ein Element aus|Klicken Sie hier, um Text einzugeben|Klicken oder tippen Sie hier, um Text einzugeben|"
        "TT.MM.JJJJ|TT.MM.JJ|"
        # español
        "por designar|por nombrar|a designar|pendiente de designar|pendiente de nombrar|"
        "por definir|por determinar|por confirmar|por asignar|pendiente de definir|sin definir|sin asignar|no aplica|no aplicable|no "
        "disponible|"
        "ninguno|ninguna|elija un elemento|seleccione|haga clic o pulse aquí para escribir texto|dd/mm/aaaa|dd/mm/aa"
    ).split("|")
)
_ONLY_SIGNS = re.compile(r"[\W_]*")
_TEMPLATE = re.compile(r"(<[^<>\n]{1,200}>|\[[^\[\]\n]{2,200}\]|\{[^{}\n]{2,200}\}|«[^«»\n]{1,200}»)[\s.,;:]*")
_EMPTY_BOX = re.compile(r"\[\s*\]")
_MEANS_SOMETHING = re.compile(r"[✓✔☑☒✗✘×●○■□€$£%⌚-⏿①-⓿☀-➿⬀-⯿\U0001f000-\U0001faff]")  # signs and pictures: '🔴', '⏳'
_JUST_DRAWN = re.compile(r"[─-╿☐⬜\s]*")  # lines, and boxes that nobody ticked
_CHOICE = re.compile(r"[\w /-]{1,30}(\s*\|\s*[\w /-]{1,30}){1,8}")


@lru_cache(maxsize=32_768)
def is_placeholder(text: str) -> bool:
    """Say whether *text* stands for nothing: empty, '-', 'TBD', '<name>', '[describe …]', 'High|Medium|Low', 'à définir', 'k. A.'."""
    stripped = text.strip()
    if not stripped:
        return True
    if _ONLY_SIGNS.fullmatch(stripped):
        return not _MEANS_SOMETHING.search(stripped) or _JUST_DRAWN.fullmatch(stripped) is not None
    if len(stripped) > LONGEST_TEXT:
        return False
    if _TEMPLATE.fullmatch(stripped):
        return not re.fullmatch(r"\[\s*[xX]\s*\]|\[\d+\]", stripped)
    word = fold(stripped)
    return word in _PLACEHOLDERS or ("|" in stripped and len(stripped) < _LONGEST_VALUE and _CHOICE.fullmatch(stripped) is not None)


_PUT_OFF = re.compile(
    # English
    r"((this|the) (section|chapter|part|content|text|information|details?) |(the )?details (of this )?)?(still )?((will|"
    r"shall|is to|are to|has to|have to|to) be|(will|shall) be (still )?) ?"
    r"(defined|completed|confirmed|determined|decided|added|filled( in)?|written|provided|elaborated|specified|supplied|"
    r"finali[sz]ed|agreed|detailed|worked out)"
    r"( (later|soon|then|afterwards|subsequently|shortly|in due course|at a later (stage|date|time)|(later )?(during|in|at|"
    r"by|before|after|with|for) "
    r"(the )?(end of |start of |beginning of )?(the )?"
    r"(planning|initiat\w+|execut\w+|next|later|following|coming|detailed|kick[ -]?off|project start|q[1-4]|[1-4](st|nd|rd|"
    r"th)? quarter|january|february|march|april|may|june|july|august|september|october|november|december)"
    r".{0,60}|once .{0,60}|when .{0,60}|as soon as .{0,60}))?"
    r"|(the )?(details|text|content) (will )?(follows?)( later)?"
    # français
    r"|((cette|la) (section|partie) |(ce|le) chapitre |les details )?(sera|seront|est a|sont a|reste a|restent a|a) (defini|"
    r"complet|determine|determiner|precis|renseign|redig|ajout|fourni|confirm)\w{0,4}"
    r"( (ulterieurement|plus tard|prochainement|(pendant|lors de|durant|en|dans|a) (la |le |l )?(phase|prochaine?|"
    r"planification|suite|fin|debut|lancement).{0,60}))?"
    # Deutsch
    r"|((dieser|der) abschnitt |(dieses|das) kapitel |details |einzelheiten )?(wird|werden|ist|sind) (noch |spater |"
    r"nachtraglich |zu einem spateren zeitpunkt |in der \w*planung\w* |im \w*projektverlauf )+(erganzt|definiert|festgelegt|"
    r"geklart|bestimmt|ausgearbeitet|beschrieben|nachgetragen|nachgereicht|abgestimmt|zu (klaren|definieren|erganzen|"
    r"bestimmen))"
    r"|(details |einzelheiten )?(folgt|folgen) (noch|spater|in der \w*phase|zu einem spateren zeitpunkt)"
    # español
    r"|((esta|la) seccion |(este|el) capitulo |los detalles )?se (definir|completar|determinar|decidir|anadir|rellenar|"
    r"detallar|concretar)an?"
    r"( (mas adelante|posteriormente|despues|(durante|en|al) (la |el )?(fase|proxim|planificacion|inicio|final|"
    r"arranque).{0,60}))?"
)
_LONGEST_PUT_OFF = 160


@lru_cache(maxsize=32_768)
def is_put_off(text: str) -> bool:
    """Say whether *text* only promises that something will be written: 'To be defined during planning', 'Wird noch ergänzt'."""
    return len(text) <= _LONGEST_PUT_OFF and _PUT_OFF.fullmatch(fold(text)) is not None and not re.search(r"[.;:!?|]\s*\w", text)


# Numbers

_SYMBOLS = {
    "€": "EUR", "US$": "USD", "A$": "AUD", "C$": "CAD", "CA$": "CAD", "AU$": "AUD", "R$": "BRL", "$": "USD", "£": "GBP", "₡": "CRC",
    "₹": "INR",
    "zł": "PLN", "Kč": "CZK", "Ft": "HUF", "₺": "TRY", "₽": "RUB", "₪": "ILS", "₩": "KRW", "Fr.": "CHF", "SFr.": "CHF", "sFr.": "CHF",
}  # fmt: skip
_ISO = frozenset(
    "EUR USD GBP CHF JPY CNY SEK NOK DKK PLN CZK HUF RON BGN HRK ISK TRY UAH RUB CAD AUD NZD INR BRL MXN ARS CLP COP PEN CRC UYU ZAR "
    "KRW SGD HKD "
    "ILS AED SAR MAD TND EGP NGN KES THB MYR IDR PHP VND".split()
)
_CURRENCY_WORDS = {
    "euro": "EUR",
    "euros": "EUR",
    "eur": "EUR",
    "dollars": "USD",
    "dolares": "USD",
    "pounds": "GBP",
    "livres sterling": "GBP",
    "franken": "CHF",
}
_SIGNS = re.compile("|".join(re.escape(sign) for sign in sorted(_SYMBOLS, key=len, reverse=True)))
_ISO_WORD = re.compile(r"(?<![A-Za-z])(T|k|K|M)?(" + "|".join(sorted(_ISO)) + r")(?![A-Za-z])")
_MULTIPLES = {
    "k": 3, "t": 3, "tsd": 3, "thousand": 3, "tausend": 3, "mille": 3, "mil": 3, "miles": 3, "m": 6, "mm": 6, "mio": 6, "mill": 6, "mn": 6,
    "million": 6,
    "millions": 6, "millionen": 6, "millones": 6, "millon": 6, "bn": 9, "mrd": 9, "milliarde": 9, "milliarden": 9, "milliards": 9,
}  # fmt: skip
_NUMBER = re.compile(
    r"(?P<sign>[-+−–])?(?P<digits>\d[\d.,'’ ]*)\s*(?P<multiple>[A-Za-z]{1,10})?\.?\s*(?P<percent>%|percent|prozent|pour ?cent|por ?ciento)?"
)
_APPROXIMATE = re.compile(
    r"^(ca\.?|circa|approx\.?|approximately|about|around|env\.?|environ|etwa|rund|aprox\.?|unos|~|≈)\s*", re.IGNORECASE
)
_DASH_END = re.compile(r"[,.]\s?(-{1,2}|–|—)$")


@dataclass(frozen=True, slots=True)
class Number:
    """A number as somebody wrote it."""

    value: Decimal
    currency: str | None = None  # ISO 4217, where the text names one
    is_percent: bool = False  # '12 %' has value 12


def currency_of(text: str) -> str | None:
    """Return the ISO 4217 code that *text* names ('Budget (k€)', 'in TEUR', '1.000 US$'), or None when it names none or several."""
    text = text[:_LONGEST_VALUE]
    found = {_SYMBOLS[match] for match in _SIGNS.findall(text)}
    found |= {match[1] for match in _ISO_WORD.findall(text)}
    found |= {_CURRENCY_WORDS[word] for word in fold(text).split() if word in _CURRENCY_WORDS}
    return found.pop() if len(found) == 1 else None


def multiple_of(text: str) -> int:
    """Return by which power of ten the header *text* says that its numbers are to be taken: 3 for 'k€', 'TEUR', 'in thousands', else 0."""
    text = text[:_LONGEST_VALUE]
    if re.search(r"(?<![A-Za-z])[kKT]\s?(€|\$|£|EUR|USD|GBP|CHF)(?![A-Za-z])|(€|\$|£|EUR|USD)\s?0{3}|['’]0{3}", text):
        return 3
    if re.search(r"(?<![A-Za-z])(M|Mio\.?|Mill\.?)\s?(€|\$|£|EUR|USD|GBP|CHF)(?![A-Za-z])", text):
        return 6
    words = set(fold(text).split())
    if words & {"thousand", "thousands", "tausend", "tsd", "milliers", "miles"}:
        return 3
    return 6 if words & {"million", "millions", "millionen", "mio", "millones"} else 0


def parse_number(text: str, language: str | None = None, *, is_money: bool = False) -> Number | None:
    """Return the number that *text* is, or None when it is none, or when '1.234' may be either of two and nothing settles it.

    *language* settles it, and so does money (`is_money`, or the text names a currency), which has no thousandths: '78.000 EUR'.

    Understood: `1.234,56`, `1,234.56`, `1 234,56`, `1'234.56`, `(500)` as -500, `€ 12k`, `12 T€`, `1,2 Mio. EUR`, `12 %`, `500,-`.
    """
    text = text.strip()
    if not text or len(text) > _LONGEST_VALUE or not any(letter.isdigit() for letter in text):
        return None
    currency = currency_of(text)
    exponent = 0
    if match := _ISO_WORD.search(text):
        exponent = {"T": 3, "k": 3, "K": 3, "M": 6}.get(match[1] or "", 0)
        text = text.replace(match[0], " ", 1)
    text = _SIGNS.sub(" ", text)
    for word in ("euros", "euro", "Euros", "Euro", "EURO"):
        text = re.sub(rf"(?<![A-Za-z]){word}(?![A-Za-z])", " ", text)
    text = _APPROXIMATE.sub("", _BLANKS.sub(" ", text).strip())
    is_negative = False
    if text.startswith("(") and text.endswith(")"):
        text, is_negative = text[1:-1].strip(), True
    text = _DASH_END.sub("", text)
    if text.endswith("-") and text[:-1].strip()[-1:].isdigit():
        text, is_negative = text[:-1].strip(), True
    match = _NUMBER.fullmatch(text) or _NUMBER.fullmatch(re.sub(r"^([kKTM])\s*(?=\d)", "", text))
    if match is None:
        return None
    if multiple := match["multiple"]:
        power = _MULTIPLES.get(multiple.casefold())
        if power is None:
            return None
        exponent = power
    value = _digits(match["digits"].strip(), language, is_money=(is_money or currency is not None) and not exponent)
    if value is None:
        return None
    if is_negative or match["sign"] in {"-", "−", "–"}:
        value = -abs(value)
    value = value.scaleb(exponent)
    return Number(value, currency, match["percent"] is not None) if abs(value) < _MOST else None


def _digits(digits: str, language: str | None, *, is_money: bool = False) -> Decimal | None:
    digits = digits.replace("’", "'")
    if digits[-1:] in ".,'":
        digits = digits[:-1]
    points, commas = digits.count("."), digits.count(",")
    groups = re.split("[ ']", digits)
    if len(groups) > 1 and any(len(re.split("[.,]", group)[0]) != 3 for group in groups[1:]):
        return None  # two numbers, not thousands
    digits = "".join(groups)
    if points and commas:
        decimal = "." if digits.rfind(".") > digits.rfind(",") else ","
        if digits.count(decimal) > 1:
            return None
    elif points + commas == 1:
        sign = "." if points else ","
        whole, after = digits.split(sign)
        if len(after) != 3 or whole.strip("0") == "" or len(whole) > 3 or len(groups) > 1:
            decimal = sign
        elif is_money:
            decimal = ""  # no currency has thousandths: '78.000 EUR' are thousands in every language
        elif language is None:
            return None
        else:
            decimal = "." if language.startswith("en") else ","
    else:
        decimal = "" if points or commas else "."
    other = {"": ".,", ".": ",", ",": "."}[decimal]
    whole, _, fraction = digits.partition(decimal) if decimal else (digits, "", "")
    parts = re.split(f"[{re.escape(other)}]", whole)
    if len(parts) > 1 and (any(len(part) != 3 for part in parts[1:]) or not 1 <= len(parts[0]) <= 3):
        return None
    try:
        return Decimal(f"{''.join(parts) or '0'}.{fraction or '0'}") if fraction else Decimal("".join(parts))
    except InvalidOperation:
        return None


# Days

_MONTH_WORDS = {
    1: "january jan janvier janv januar janner jaenner enero ene",
    2: "february feb fevrier fevr fev februar feber febrero",
    3: "march mar mars marz maerz mrz marzo",
    4: "april apr avril avr abril abr",
    5: "may mai mayo",
    6: "june jun juin juni junio",
    7: "july jul juillet juil juli julio",
    8: "august aug aout agosto ago",
    9: "september sep sept septembre septiembre setiembre set",
    10: "october oct octobre oktober okt octubre",
    11: "november nov novembre noviembre",
    12: "december dec decembre dez dezember diciembre dic",
}
MONTHS: Mapping[str, int] = {word: month for month, words in _MONTH_WORDS.items() for word in words.split()}
WEEKDAYS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun lundi mardi mercredi jeudi "
    "vendredi samedi "
    "dimanche lun mer jeu ven sam dim montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so lunes "
    "martes miercoles "
    "jueves viernes sabado domingo mie jue vie sab dom".split()
)
_FILLERS = frozenset(
    "the of on by due until till from before le la du de del el den dem der am bis zum vom ab au avant fecha date datum a al 1er".split()
) - {"1er"}
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|eme|e|º|ª|°|o)?")
_YEAR = re.compile(r"['’]?(\d{4}|\d{2})")
_YMD = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ]\d{1,2}:\d{2}.*)?")
_IN_FIGURES = re.compile(r"(?<![\d/.-])(\d{1,2})\s?([-/])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?![\d/-])")
_FEWEST_TELLING = 3  # documents that show how a project writes days
_ABY = re.compile(r"(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?:,?\s+\d{1,2}:\d{2}.*)?")
_YM = re.compile(r"(\d{4})[-/.](\d{1,2})|(\d{1,2})[-/.](\d{4})")
_WEEK = re.compile(
    r"(?:(\d{4})[- ]?(?:W|KW|S|SEM)\.? ?(\d{1,2}))|(?:(?:W|KW|S|WEEK|CW|WK|SEMAINE|SEM|SEMANA|WOCHE)\.? ?(\d{1,2})[ /,.-]+(\d{4}))"
)
_QUARTER = re.compile(r"(?:[QT] ?([1-4])[ /,.'-]*(\d{4}|\d{2}))|(?:(\d{4})[ /,.-]*[QT] ?([1-4]))|(?:([1-4])\. ?QUARTAL[ /]*(\d{4}))")


@dataclass(frozen=True, slots=True)
class DayOrder:
    """How a document writes days in figures; None: nothing settles it, and 03/04/2026 is no known day."""

    is_day_first: bool | None = None


UNSETTLED = DayOrder()
"""Nothing settles the order."""


def settle_day_order(texts: Iterable[str], language: str | None, habit: DayOrder = UNSETTLED) -> DayOrder:
    """Return the order of day and month in *texts* (everything that one document says).

    A number above 12 settles it; days that contradict each other settle nothing; without evidence the language does: French, German and
    Spanish write the day first, en-US the month, other English does not say. Where that says nothing either, *habit* does: how the
    project's other documents write days.
    """
    first, second = _orders(texts)
    if first or second:
        return DayOrder(None if first and second else first)
    language = (language or "").replace("_", "-").casefold()
    if language[:2] in {"fr", "de", "es"} or language in {"en-gb", "en-ie", "en-au", "en-nz", "en-in", "en-za"}:
        return DayOrder(is_day_first=True)
    return DayOrder(is_day_first=False) if language == "en-us" else habit


def _orders(texts: Iterable[str]) -> tuple[bool, bool]:
    """Say whether a day stands first somewhere for sure, and whether one stands second."""
    first = second = False
    for text in texts:
        for match in _IN_FIGURES.finditer(text):
            first = first or int(match[1]) > 12
            second = second or int(match[3]) > 12
    return first, second


def days_in_figures(texts: Iterable[str]) -> list[str]:
    """Return every day that stands in figures somewhere in *texts*, as written: '03/04/2026'."""
    return [match[0] for text in texts for match in _IN_FIGURES.finditer(text)]


def day_order_shown(days: Iterable[str]) -> bool:
    """Say whether one of *days* can be read in one way only."""
    return any(_orders(days))


def day_habit(documents: Iterable[Iterable[str]]) -> DayOrder:
    """Return how a project writes days in figures, by the texts of its documents.

    At least three documents have to show it by a number above 12, and none may show the other order; else nothing settles it.
    """
    told = [orders for texts in documents if any(orders := _orders(texts))]
    if len(told) < _FEWEST_TELLING or any(orders != told[0] for orders in told) or all(told[0]):
        return DayOrder()
    return DayOrder(told[0][0])


def parse_day(text: str, order: DayOrder = DayOrder()) -> date | None:
    """Return the one full day that *text* names.

    None where it names none, only a month, a week or a quarter, no year, several days, or one that can be read in two ways.
    """
    text = clean(text, 80)
    if not text or len(text) >= 80 or not any(letter.isdigit() for letter in text):
        return None
    text = re.sub(r"\s*\((?:[^()]{1,40})\)$", "", text).strip(" .;")
    if match := _YMD.fullmatch(text):
        return _day(int(match[1]), int(match[3]), int(match[4]))
    words = _words(text)
    figures = " ".join(words)
    if match := _ABY.fullmatch(figures):
        return _figures(int(match[1]), int(match[3]), match[4], is_dotted=match[2] == ".", order=order)
    if match := _YMD.fullmatch(figures):
        return _day(int(match[1]), int(match[3]), int(match[4]))
    return _written(text)


def _words(text: str) -> list[str]:
    return [word for word in text.split() if fold(word) not in _FILLERS | WEEKDAYS and fold(word)]


def _figures(first: int, second: int, year: str, *, is_dotted: bool, order: DayOrder) -> date | None:
    if is_dotted or first > 12:
        day, month = first, second
    elif second > 12:
        day, month = second, first
    elif order.is_day_first is None and first != second:
        return None
    else:
        day, month = (first, second) if order.is_day_first else (second, first)
    return _day(_full_year(year), month, day)


def _full_year(year: str) -> int:
    if len(year) == 4:
        return int(year)
    return int(year) + (2000 if int(year) < 70 else 1900)


def _written(text: str) -> date | None:
    """Read '3 March 2026', 'March 3rd, 2026', '3. März 26', '1er mars 2026', '3 de marzo de 2026', '12-Mar-26'."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("º", "").replace("ª", "").replace("°", ""))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    tokens = [token for token in re.split(r"[\s,./-]+", plain) if token and token not in _FILLERS and token not in WEEKDAYS]
    if len(tokens) != 3:
        return None
    if tokens[1] in MONTHS:
        day, month, year = tokens[0], MONTHS[tokens[1]], tokens[2]
        if re.fullmatch(r"\d{4}", day):  # 2026 March 3
            day, year = year, day
    elif tokens[0] in MONTHS:
        day, month, year = tokens[1], MONTHS[tokens[0]], tokens[2]
    else:
        return None
    day_match, year_match = _ORDINAL.fullmatch(day), _YEAR.fullmatch(year)
    return _day(_full_year(year_match[1]), month, int(day_match[1])) if day_match and year_match else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 1900 <= year <= 2200 else None
    except ValueError:
        return None


def parse_period(text: str, order: DayOrder = DayOrder()) -> date | None:
    """Return the first day of the year, quarter, month, week or day that *text* names, or None.

    Understood: '2026', 'FY 2026', 'Q2 2026', 'März 26', 'KW 12/2026' and whatever `parse_day` understands.
    """
    if not _DIGIT.search(text):
        return None
    text = clean(text, 60).strip(" .;:")
    if day := parse_day(text, order):
        return day
    upper = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().upper()
    # '2026-02' is a month, '2011-12' and '2026/27' are a year that ends in the next one.
    match = _YM.fullmatch(text)
    if match and (match[2] or match[3]).zfill(2) != f"{(int(match[1] or match[4]) + 1) % 100:02}":
        month = _day(int(match[1] or match[4]), int(match[2] or match[3]), 1)
        if month is not None:
            return month
    if match := re.fullmatch(
        r"(?:FY|HY|GJ|HJ|YEAR|JAHR|ANNEE|ANO|EXERCICE|EJERCICIO|ANNO)?[ .:']*((?:19|20)\d{2})(?:[/-]\d{2,4})?(?:[ A-Z]{0,3})", upper
    ):
        return _day(int(match[1]), 1, 1)
    if match := _QUARTER.fullmatch(upper):
        quarter = int(match[1] or match[4] or match[5])
        return _day(_full_year(match[2] or match[3] or match[6]), quarter * 3 - 2, 1)
    if match := _YM.fullmatch(text):
        return _day(int(match[1] or match[4]), int(match[2] or match[3]), 1)
    if match := _WEEK.fullmatch(upper):
        try:
            return date.fromisocalendar(int(match[1] or match[4]), int(match[2] or match[3]), 1)
        except ValueError:
            return None
    tokens = [token for token in re.split(r"[\s,./'’-]+", fold(text)) if token and token not in _FILLERS]
    if len(tokens) == 2 and tokens[0] in MONTHS and re.fullmatch(r"\d{4}|\d{2}", tokens[1]):
        return _day(_full_year(tokens[1]), MONTHS[tokens[0]], 1)
    return None


def parse_period_end(text: str, order: DayOrder = DayOrder()) -> date | None:
    """Return the last day of the year, quarter, month, week or day that *text* names, or None."""
    first = parse_period(text, order)
    if first is None or parse_day(clean(text, 60).strip(" .;:"), order) is not None:
        return first
    upper = unicodedata.normalize("NFKD", clean(text, 60).strip(" .;:")).encode("ascii", "ignore").decode().upper()
    if _WEEK.fullmatch(upper):
        return first + timedelta(days=6)
    if _QUARTER.fullmatch(upper):
        months = 3
    elif not MONTHS.keys() & set(re.split(r"[\s,./'’-]+", fold(text))) and not _YM.fullmatch(clean(text, 60).strip(" .;:")):
        months = 12
    else:
        months = 1
    last = first.month + months - 1
    return first.replace(month=last, day=monthrange(first.year, last)[1])


# Booleans and levels

_YES = frozenset(
    fold(word) for word in "yes|y|true|ja|j|wahr|oui|o|vrai|si|s|sí|verdadero|x|1|done|ok|checked|erfullt|fait|hecho|yes please".split("|")
) - {"yes please", "done"}
_NO = frozenset("no|n|false|nein|falsch|non|faux|falso|0|not".split("|"))
_TICKS = frozenset("✓✔☑☒✗✘")


def parse_boolean(text: str) -> bool | None:
    """Return what a tick, 'yes', 'oui', 'ja', 'sí', 'x' and their opposites mean, or None. 'Yes - see mail' is yes, '✗' and '☐' are no."""
    text = text.strip()[:_LONGEST_VALUE]
    if re.fullmatch(r"\[\s*[xX✓]\s*\]", text) or (text and text[0] in "✓✔☑☒"):
        return True
    if text and (text[0] in "✗✘☐□" or _EMPTY_BOX.fullmatch(text)):
        return False
    word = fold(text)
    if word in _YES or word in _NO:
        return word in _YES
    first = re.match(r"\s*([^\W\d_]+)\s*[,;:.(–—-]", text)
    head = fold(first[1]) if first and len(first[1]) > 1 else ""
    return True if head in _YES else False if head in _NO else None


_LABELLED = re.compile(r"(?P<before>\D*?)(?P<sign>[-+−])?(?P<number>\d{1,2})(?:[.,]0+)?(?!\s*[%\d.,/])(?P<after>\D*)")
_OF = re.compile(r"(\d{1,2})\s*(?:/|of|sur|von|de)\s*(\d{1,2})")
_HEAD = re.compile(r"[(:;,–—/]| - ")
_TO = re.compile(r"\s*(?:[/–—→>|()-]|\s(?:to|or|bis|oder|à|ou|a|o)\s)\s*", re.IGNORECASE)


def parse_level(text: str, words: Mapping[str, str], *, top: int = 5) -> int | None:
    """Return a level 1..5 from a word, a number or both, or None.

    Args:
        text: 'High', '3 - Medium', 'élevé', 'Very High (5)', '-4', '2/5', 'VH'.
        words: folded word → '1'..'5'. A word counts for more than a number beside it: '3' may be the top of a scale of three.
        top: the highest number of the scale that the document states; numbers are spread over 1..5.
    """
    text = text.strip()[:_LONGEST_VALUE]
    if not text:
        return None
    if (found := words.get(fold(text))) is not None:
        return int(found)
    if match := _OF.fullmatch(text):
        top, text = int(match[2]), match[1]
    if _several(text, words):
        return None
    head = _HEAD.split(text)[0]
    if (found := words.get(fold(head))) is not None:
        return int(found)
    match = _LABELLED.fullmatch(text)
    if match:
        for part in (match["after"], match["before"], f"{match['before']} {match['after']}"):
            if (found := words.get(fold(part))) is not None:
                return int(found)
        if _unlabelled(match["before"]) and _unlabelled(match["after"]):
            return spread(int(match["number"]), top)
        label = re.split(r"[(:;,–—]| - ", (match["after"] or match["before"]).strip(" -–—:.)("))[0]
        found = words.get(fold(label))
        return (
            int(found)
            if found is not None
            else spread(int(match["number"]), top)
            if match["before"].strip() == "" and re.match(r"\s*[-–—=:.)(]", match["after"])
            else None
        )
    return None


def _several(text: str, words: Mapping[str, str]) -> bool:
    """Say whether *text* names two levels that differ: 'Medium to High', 'faible/moyenne', 'M-H'; 'Hoch / High' names one."""
    said = {words[part] for part in (fold(part) for part in _TO.split(text)) if part in words}
    return len(said) > 1


def _unlabelled(text: str) -> bool:
    return not any(letter.isalpha() for letter in text)


def spread(number: int, top: int) -> int | None:
    """Return *number* of a scale 1..*top* on the scale 1..5; None when it is not on it."""
    if not 2 <= top <= 100 or not 1 <= number <= top:
        return None
    if top == 5:
        return number
    if top == 10:
        return (number + 1) // 2
    return 1 + (8 * (number - 1) + (top - 1)) // (2 * (top - 1))


_SHARE = re.compile(
    r"(?P<sign>[<>≤≥~]|up to|under|below|less than|over|above|more than|bis(?: zu)?|unter|über|mehr als|weniger als|jusqu'à|"
    r"moins de|plus de|hasta|menos del?|más del?)?"
    r"\s*(?P<low>\d{1,3}(?:[.,]\d+)?)\s*%?(?:\s*(?:-|–|to|bis|a|à|und|et|y)\s*[<>]?\s*(?P<high>\d{1,3}(?:[.,]\d+)?)\s*%?)?",
    re.IGNORECASE,
)
_BELOW = frozenset("<|≤|up to|under|below|less than|bis|bis zu|unter|weniger als|jusqu'à|moins de|hasta|menos de|menos del".split("|"))

Range = tuple[Decimal, Decimal]  # share from .. to, 0..1
ShareScale = Mapping[int, Range]  # level 1..5 → shares


def parse_share(text: str, *, is_percent: bool = False) -> Range | None:
    """Return the shares (0..1) that '40 %', '25-50 %', 'over 70 %' or the ratio '0,4' name: from and to, equal for one; None when none.

    Args:
        text: the cell.
        is_percent: a number without a sign is percent as well.
    """
    text = text.strip()
    if not text or not (match := _SHARE.fullmatch(text)):
        return None
    low = Decimal(match["low"].replace(",", "."))
    high = Decimal(match["high"].replace(",", ".")) if match["high"] else low
    if "%" in text or is_percent:
        low, high = low / 100, high / 100
    elif high >= 1:
        return None
    if match["sign"] and match["sign"] != "~":
        low, high = (Decimal(0), high) if match["sign"].casefold() in _BELOW else (low, Decimal(1))
    return (low, high) if 0 <= low <= high <= 1 else None


def level_of_share(share: Range, scales: Sequence[ShareScale]) -> int | None:
    """Return the level 1..5 of a likelihood when all *scales* allow the same one, or None; where two levels meet both are allowed."""
    low, high = share
    allowed = [{level for level, (begin, end) in scale.items() if begin <= low and high <= end} for scale in scales]
    levels = set.intersection(*allowed) if allowed else set()
    return next(iter(levels)) if len(levels) == 1 else None


def scale_of_bounds(bounds: Sequence[Decimal]) -> ShareScale:
    """Return the scale whose levels but the last end at *bounds*."""
    ends = [Decimal(0), *bounds, Decimal(1)]
    return {level: (ends[level - 1], ends[level]) for level in range(1, len(ends))}


# People

_TITLES = frozenset(
    "mr mrs ms miss dr prof professor ing dipl mag herr frau hr fr m mme mlle monsieur madame sr sra srta don dona d lic msc bsc phd "
    "mba ba ma pmp".split()
)
_GROUP_WORDS = frozenset(
    "team teams group board committee council department dept unit office division section directorate pmo psc pct ccb cab agency "
    "ministry company contractor "
    "supplier suppliers vendor vendors provider members all everyone stakeholders users developers testers staff management it hr legal "
    "finance procurement qa "
    "equipe comite direction departement service bureau conseil ministere prestataire fournisseur tous utilisateurs unite cellule groupe "
    "abteilung referat lenkungsausschuss gremium ausschuss dezernat stabsstelle bereich fachbereich gruppe ministerium amt "
    "auftragnehmer lieferant alle "
    "projektteam entwicklungsteam fachseite equipo departamento oficina direccion unidad proveedor contratista todos usuarios grupo "
    "ministerio servicio area "
    "gmbh ag inc ltd llc sa sl sarl sas bv".split()
)
_ROLE_WORDS = frozenset(
    "manager leader lead owner sponsor director officer analyst architect engineer developer tester coordinator administrator chef "
    "responsable pilote "
    "directeur directrice chargee charge projektleiter projektleiterin projektleitung leiter leiterin auftraggeber teilprojektleiter "
    "verantwortlicher jefe jefa "
    "coordinador coordinadora gerente patrocinador analista arquitecto desarrollador pm po bm sp ba tpm scrum master executive user "
    "chair chairman head secretary "
    "consultant expert sme ceo cto cio cfo coo dpo ciso ingenieur ingeniero projet project proyecto projekt product produit "
    "business".split()
)
_EMAIL = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,24}")
_ORGANISATION = re.compile(r"\s*[(\[]([^()\[\]]{1,100})[)\]]\s*$")
_BETWEEN = re.compile(r"\s*(?:;|\n|\s/\s|/|&|\+|\s(?:and|und|et|y|e)\s)\s*")
_LIMITS = (
    r"(?:up to|below|under|within|over|above|from|since|until|till|bis(?: zu)?|unter|über|ab|seit|jusqu['’]à|jusqu['’]au|dès|depuis|"
    r"à partir d[ue]|hasta|desde|a partir de|max\.?|≤|<|≥|>)"
)
_WITHIN = re.compile(
    rf"\s*\({_LIMITS}\s[^)]*\d[^)]*\)|[\s,]+{_LIMITS}\s[^;\n/&]*?\d[^;\n/&]*?(?:\s(?:and|und|et|y|e)\s|(?=[;\n/&]|$))", re.IGNORECASE
)
"""What limits somebody's power or time: 'Ann Lee up to EUR 10,000; Bo Ray from 1 May 2026'."""
_WITHIN_BRACKETS = re.compile(rf"(\([^()]*?)\s*[,;]\s*{_LIMITS}\s[^()]*\d[^()]*\)", re.IGNORECASE)
"""The same behind an organisation: 'Ann Lee (ACME, from April 2026)'."""
_AFTER_BRACKETS = re.compile(r"(?<=\))\.\s+(?=[^\W\d_])")
_BRACKETED = re.compile(r"\([^()]*\)")
_IN_PLACE = frozenset(
    "deputy deputies substitute backup alternate stand before former formerly previously earlier until copy cc "
    "stellvertreter stellvertreterin stellvertretung vertretung vertreter vertreterin bisher vormals fruher zuvor vorher "
    "suppleant suppleante remplacant remplacante adjoint avant auparavant anciennement precedemment "
    "suplente sustituto sustituta delegado antes anteriormente previamente hasta".split()
)
"""What says of a name behind a colon that it is not the one who is meant."""
_NOT_NAMED = re.compile(
    r"(?:still |yet )?to be (?:named|appointed|nominated|designated|recruited)\b.*|(?:encore )?à (?:nommer|désigner|recruter)\b.*|"
    r"(?:wird |noch )*(?:zu )?(?:benennen|benannt|besetzen)\b.*|(?:aún |pendiente de |por |a )+(?:designar|nombrar)\b.*",
    re.IGNORECASE,
)
"""What stands in place of a name: 'to be named after the award'."""
_TOLD = re.compile(r"(?<=\w)\s*\([^()]*\b\d{1,2}\s?[/.]\s?\d{1,2}\s?[/.]\s?\d{2,4}\b[^()]*\)")
"""A remark with a day in it: 'Ann Lee (assigned by the sponsor on 03/05/2026)'. Its signs part no names."""
_DOES = re.compile(r"(?<=\w)\s*\([a-zà-ÿ][^()]*\s(?:and|und|et|y|e)\s[^()]*\)")
"""What somebody does, of two parts: 'Jo Lake (training and roll-out)'. It names nobody else."""
_INVERTED = re.compile(r"([^\W\d_][\w'’.-]*(?: [^\W\d_][\w'’.-]*)?), ([^\W\d_][\w'’.-]*(?: [^\W\d_][\w'’.-]*){0,2})")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody that a cell names."""

    id: str  # 'name:<normalised name>'
    name: str
    kind: Literal["person", "group", "placeholder"]  # placeholder: a role's name, which says nothing of who holds it
    organisation: str | None = None
    email_hash: str | None = None  # SHA-256 of the lower-case address, hexadecimal


_FROM_AFAR = re.compile(
    r"[\s,]+(?:(?:per|via|by|über|par|por|on)\s+(?:video\w*|phone|telephone|telefon|teams|zoom|webex|visio\w*|téléphone|teléfono)|remote|remotely|online)$",
    re.IGNORECASE,
)
"""How somebody was there: 'Jane Doe via Teams'."""


def parse_people(text: str) -> tuple[Person, ...]:
    """Return everybody that *text* names, in its order; the empty tuple when it names nobody.

    Left out: what limits their power or time ('up to EUR 10,000', 'from 1 May 2026').

    Understood: 'Jane Doe', 'Doe, Jane', 'DUPONT Jean', 'Jane Doe (ACME)', 'Dr. J. Doe <j.doe@x.org>', 'A; B', 'A and B', 'PSC', 'IT team'.
    """
    text = _without_remarks(clean(text, 1000))
    if is_placeholder(text):
        return ()
    text = _WITHIN_BRACKETS.sub(r"\1)", _DOES.sub("", _TOLD.sub(" ", text)))
    parts = [part for part in _BETWEEN.split(_WITHIN.sub(";", text)) if part and not _is_unnamed(part)]
    if len(parts) == 1 and not _INVERTED.fullmatch(_ORGANISATION.sub("", parts[0])):
        parts = [part.strip() for part in re.split(r",\s*(?![^(]*\))", parts[0]) if part.strip()]
    elif len(parts) > 1:
        parts = [name for part in parts for name in _listed(part)]
    found: dict[str, Person] = {}
    for part in parts[:50]:
        if person := _person(_labelled(part.strip(" .,;:-–•*"))):
            found.setdefault(person.id, person)
    return tuple(found.values())


def _is_unnamed(part: str) -> bool:
    """Say whether somebody is still to be named: 'to be named after the award', 'one of the contractor, to be named'."""
    head, _, tail = part.strip().partition(", ")
    return _NOT_NAMED.fullmatch(part.strip()) is not None or (head[:1].islower() and _NOT_NAMED.fullmatch(tail) is not None)


def _without_remarks(text: str) -> str:
    """Return *text* without the sentences behind a name that are none: 'Ann Lee (leave). No deputy was named.'."""
    first, *others = _AFTER_BRACKETS.split(text)
    names = [part for part in others if not any(word.islower() and len(word) > 3 for word in _BRACKETED.sub(" ", part).split())]
    return "; ".join((first, *names)) if others else text


def _labelled(part: str) -> str:
    """Return the name behind words about it, '' where they say that it is not meant: 'at night: Ann Lee', 'deputy: Bo Ray'."""
    said, sign, name = part.rpartition(": ")
    words = name.split()
    if not sign or not 2 <= len(words) <= 4 or not (words[0][:1].isupper() and words[-1][:1].isupper()) or len(fold(said)) < 2:
        return part
    return "" if _IN_PLACE & set(fold(said).split()) else name


def _listed(part: str) -> list[str]:
    """Return the names of 'Jane Doe, John Roe, Ann Poe,' (before an 'and'); what may be 'Doe, Jane' stays together."""
    names = [name.strip() for name in part.split(",") if name.strip()]
    is_list = len(names) > 2 or (len(names) == 2 and part.endswith(","))
    fewest = 1 if len(names) > 2 else 2  # 'Doe, Roe, Poe' are three surnames
    return names if is_list and all(fewest <= len(name.split()) <= 4 and name.istitle() for name in names) else [part]


def responsible(people: tuple[Person, ...]) -> tuple[str, tuple[Person, ...]] | None:
    """Return the id for a column that holds one person, and the persons to hand over; None when there is nobody.

    Several people are a group of their own beside its members: nobody among them is *the* owner, and the model must not choose one.
    """
    if not people:
        return None
    if len(people) == 1:
        return people[0].id, people
    group = Person(
        "name:" + " + ".join(sorted(person.id.removeprefix("name:") for person in people)),
        ", ".join(person.name for person in people),
        "group",
    )
    return group.id, (*people, group)


def _person(text: str) -> Person | None:
    email = _EMAIL.search(text)
    email_hash = None
    if email:
        email_hash = hashlib.sha256(email[0].casefold().encode()).hexdigest()
        text = (text[: email.start()] + text[email.end() :]).replace("<>", "").replace("()", "").replace("mailto:", "").strip(" <>,;:-")
        if not text:
            text = " ".join(word.capitalize() if word.islower() else word for word in re.split(r"[._+-]+", email[0].split("@")[0]))
    organisation = None
    if match := _ORGANISATION.search(text):
        organisation, text = clean(match[1], 100), text[: match.start()].strip()
    text = _FROM_AFAR.sub("", text.strip("@ "))
    head, _, tail = text.partition(",")
    if tail and set(fold(tail).split()) <= _ROLE_WORDS | _TITLES:
        text = head.strip()  # 'John Kane, PM'
    if tail and is_placeholder(tail.strip()):
        text = head.strip()  # 'Ann Lee, tbd'
    if is_placeholder(text) or not any(letter.isalpha() for letter in text) or len(text) > 120:
        return None
    key = person_key(text)
    return Person(f"name:{key}", text, _kind_of(text), organisation, email_hash) if key else None


def person_key(name: str) -> str:
    """Return the name as it is compared: 'Dr. Doe, Jane', 'DOE Jane' and 'Jane Doe' are 'jane doe'."""
    if match := _INVERTED.fullmatch(name.strip()):
        name = f"{match[2]} {match[1]}"
    words = [word for word in re.split(r"[\s.]+", name) if word]
    words = [word for word in words if fold(word) not in _TITLES] or words
    caps = [word for word in words if len(word) > 1 and word.isupper()]
    is_name = not any(fold(word) in _GROUP_WORDS or fold(word) in _ROLE_WORDS for word in words)
    if is_name and caps and len(caps) < len(words) and words[: len(caps)] == caps:
        words = words[len(caps) :] + caps  # French and Spanish lists put the family name first, in capitals
    return " ".join(filter(None, (fold(word) for word in words)))


def _kind_of(text: str) -> Literal["person", "group", "placeholder"]:
    words = fold(text).split()
    if any(word in _GROUP_WORDS for word in words):
        return "group"
    if any(word in _ROLE_WORDS for word in words):
        return "placeholder"
    is_acronym = len(words) == 1 and 2 <= len(text) <= 6 and text.isupper()
    return "group" if is_acronym or len(words) > 6 else "person"


# Language

_FUNCTION_WORDS = {
    "en": frozenset("the of and to in is for with be will are by that this not from as at an or has have".split()),
    "fr": frozenset("le les des du une est dans pour par sur avec qui que aux et ou pas ne sont cette ce la".split()),
    "de": frozenset("der die das und ist nicht mit von zu den des im fur auf ein eine wird werden durch bei zur zum dem".split()),
    "es": frozenset("el los las del una es en para por con que se y su al lo no como mas este esta la".split()),
}


def guess_language(texts: Iterable[str]) -> str | None:
    """Return 'en', 'fr', 'de' or 'es' when the little words of *texts* say so clearly, else None."""
    counts = dict.fromkeys(_FUNCTION_WORDS, 0)
    seen = 0
    for text in texts:
        for word in fold(text[:2000]).split():
            seen += 1
            for language, words in _FUNCTION_WORDS.items():
                counts[language] += word in words
        if seen > 20_000:
            break
    first, second = sorted(counts, key=lambda language: -counts[language])[:2]
    return first if counts[first] >= 3 and counts[first] > 1.3 * counts[second] else None
