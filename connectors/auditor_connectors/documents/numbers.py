"""Number formats of spreadsheets: a number as a person sees it, and what it is."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Literal

BUILT_IN: dict[int, str] = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    5: "#,##0;-#,##0",
    6: "#,##0;-#,##0",
    7: "#,##0.00;-#,##0.00",
    8: "#,##0.00;-#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "yyyy-mm-dd",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy-mm-dd h:mm",
    37: "#,##0;-#,##0",
    38: "#,##0;-#,##0",
    39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00",
    41: "#,##0",
    42: "#,##0",
    43: "#,##0.00",
    44: "#,##0.00",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
    **dict.fromkeys((*range(27, 32), 34, 35, 36, *range(50, 59)), "yyyy-mm-dd"),
    32: "h:mm",
    33: "h:mm:ss",
}
"""Codes of the numbered formats that workbooks do not write out; short dates of the reader's country are shown as ISO days."""

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_PIECES = re.compile(
    r'"[^"]*"?|\\.|\[[^\]]*\]|AM/PM|A/P|_.|\*.|yyyy|yy|y|e|mmmmm|mmmm|mmm|mm|m|dddd|ddd|dd|d|hh|h|ss|s|\.0+|.', re.IGNORECASE
)
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_CURRENCY = re.compile(r"\[\$([^\]\-]*)(?:-[^\]]*)?\]")
_DIGITS = frozenset("0#?")
_EPOCH_1900 = datetime(1899, 12, 30)  # noqa: DTZ001  (sheets have no zone)
_EPOCH_1904 = datetime(1904, 1, 1)  # noqa: DTZ001
_LAST_SERIAL = 2_958_466  # 10000-01-01

Shown = tuple[str, str | int | float | None, Literal["text", "number", "date"]]


@dataclass(frozen=True, slots=True)
class Format:
    """One number format, understood."""

    sections: tuple[tuple[str, ...], ...]
    is_date: bool = False
    is_elapsed: bool = False
    has_day: bool = False
    is_general: bool = True

    def show(self, number: float, *, is_1904: bool = False) -> Shown:
        """Return text, value and type of a number in this format. Days and instants are ISO text; a time of day alone is text."""
        value: int | float = int(number) if number.is_integer() and abs(number) < 1e15 else number
        if number != number or number in {float("inf"), float("-inf")}:  # noqa: PLR0124  (not a number)
            return "", None, "text"
        if self.is_date:
            shown = self._show_date(number, is_1904)
            if shown is not None:
                return shown
        if self.is_general or self.is_date:
            return general(number), value, "number"
        return self._show_number(number), value, "number"

    def _show_date(self, number: float, is_1904: bool) -> Shown | None:
        if not -0.5 < number < _LAST_SERIAL:
            return None
        if self.is_elapsed:
            return _elapsed(number, self.sections[0]), number, "number"
        # Serial 60 is 29 February 1900, which never was: before it the days are one further.
        serial = number + 1 if not is_1904 and 1 <= number < 60 else number
        seconds = round(serial * 86_400)
        moment = (_EPOCH_1904 if is_1904 else _EPOCH_1900) + timedelta(seconds=seconds)
        text = _date_text(moment, self.sections[0])
        if not self.has_day or (number < 1 and not is_1904):
            clock = moment.strftime("%H:%M") if moment.second == 0 else moment.strftime("%H:%M:%S")
            if not self.has_day:
                return text or clock, clock, "text"
            if number == 0:  # a formula over empty cells: Excel shows 1900-01-00
                return "", None, "text"
            return text, clock, "text"
        if moment.hour or moment.minute or moment.second:
            return text, moment.isoformat(), "date"
        return text, moment.date().isoformat(), "date"

    def _show_number(self, number: float) -> str:
        sections = self.sections
        if number < 0 and len(sections) > 1:
            return _number_text(-number, sections[1], is_negative_section=True)
        if number == 0 and len(sections) > 2:
            return _number_text(0.0, sections[2], is_negative_section=True)
        return _number_text(number, sections[0], is_negative_section=False)


@lru_cache(maxsize=4_096)
def read_format(code: str) -> Format:
    """Return the format that a code writes."""
    code = code.strip()
    if not code or code.casefold() in {"general", "standard", "@", "general;general"}:
        return Format((("General",),))
    code = code[:500]
    sections: list[list[str]] = [[]]
    for match in _PIECES.finditer(code):
        piece = match[0]
        if piece == ";":
            sections.append([])
        elif currency := _CURRENCY.fullmatch(piece):
            sections[-1].append('"' + currency[1] + '"')
        else:
            sections[-1].append(piece)
    first = [piece.casefold() for piece in sections[0] if not piece.startswith(('"', "\\"))]
    is_elapsed = any(_ELAPSED.fullmatch(piece) for piece in first)
    letters = {piece[0] for piece in first if piece[0] in "ymdhse" and not _is_exponent(piece, first)}
    is_date = is_elapsed or (bool(letters) and not any(piece in _DIGITS for piece in first))
    if "general" in "".join(first):
        return Format((("General",),))
    has_day = bool(letters & {"y", "d", "e"}) or ("m" in letters and not letters & {"h", "s"})
    return Format(tuple(tuple(section) for section in sections), is_date, is_elapsed, has_day, is_general=False)


def _is_exponent(piece: str, pieces: list[str]) -> bool:
    return piece == "e" and any(other in {"0", "#", "?", "+", "-"} for other in pieces)


def general(number: float) -> str:
    """Return a number as a cell without a format shows it."""
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    text = f"{number:.10g}"
    return text.replace("e+", "E+").replace("e-", "E-") if "e" in text else text


def _literal(piece: str) -> str | None:
    """Return what a piece prints as it stands, or None when it is more than that."""
    if piece.startswith('"'):
        return piece.strip('"')
    if piece.startswith("\\"):
        return piece[1:]
    if piece.startswith("_"):
        return " "
    if piece.startswith(("*", "[")):
        return ""
    return None


def _number_text(number: float, section: tuple[str, ...], *, is_negative_section: bool) -> str:
    joined = [(piece, _literal(piece)) for piece in section]
    pattern = "".join(piece for piece, literal in joined if literal is None)
    percents = pattern.count("%")
    if not any(char in _DIGITS for char in pattern):
        text = "".join(
            literal if literal is not None else ("%" if piece == "%" else piece if piece in "-+()/ :.,$€£" else "")
            for piece, literal in joined
        )
        return text.strip()
    scaled = number * 100**percents
    exponent = "E" in pattern.upper()
    if "/" in pattern:
        return general(number)
    whole, _, fraction = pattern.partition(".")
    places = sum(1 for char in fraction.partition("E")[0] if char in _DIGITS)
    required = sum(1 for char in fraction if char == "0")
    core = [index for index, char in enumerate(whole) if char in _DIGITS]
    last = core[-1] if core else -1
    trailing = len(whole) - last - 1 - len(whole[last + 1 :].lstrip(","))
    if not fraction and trailing:
        scaled /= 1000**trailing
    has_groups = "," in whole[: last + 1]
    if exponent:
        digits = f"{abs(scaled):.{places}E}"
    else:
        digits = f"{abs(scaled):,.{places}f}" if has_groups else f"{abs(scaled):.{places}f}"
        if places > required and "." in digits:
            head, _, tail = digits.partition(".")
            kept = tail[:required] + tail[required:].rstrip("0")
            digits = f"{head}.{kept}" if kept else head
        width = whole.count("0")
        head, dot, tail = digits.partition(".")
        if not has_groups and len(head) < width:
            digits = head.zfill(width) + dot + tail
    sign = "-" if scaled < 0 and not is_negative_section and float(digits.replace(",", "")) != 0 else ""
    out: list[str] = []
    is_placed = False
    for piece, literal in joined:
        if literal is not None:
            out.append(literal)
        elif piece in _DIGITS or piece[0] in ".," or (exponent and piece.casefold() in {"e", "+"}) or (piece == "-" and exponent):
            if not is_placed:
                out.append(sign + digits)
                is_placed = True
        else:
            out.append(piece)
    return "".join(out).strip()


def _date_text(moment: datetime, section: tuple[str, ...]) -> str:
    out: list[str] = []
    pieces = [piece if piece.startswith(('"', "\\")) else piece.casefold() for piece in section]
    codes = [piece for piece in pieces if _literal(piece) is None]
    has_noon = any(piece in {"am/pm", "a/p"} for piece in pieces)
    at = -1
    for piece in pieces:
        literal = _literal(piece)
        if literal is not None:
            out.append(literal)
            continue
        at += 1
        before = next((code for code in reversed(codes[:at]) if code[0] in "ymdhs"), "")
        after = next((code for code in codes[at + 1 :] if code[0] in "ymdhs"), "")
        hour = (moment.hour - 1) % 12 + 1 if has_noon else moment.hour
        if piece in {"m", "mm"} and (before[:1] == "h" or after[:1] == "s"):
            out.append(f"{moment.minute:02d}")
        elif piece in {"yyyy", "e"}:
            out.append(f"{moment.year:04d}")
        elif piece in {"yy", "y"}:
            out.append(f"{moment.year % 100:02d}")
        elif piece == "mmmmm":
            out.append(_MONTHS[moment.month - 1][0])
        elif piece == "mmmm":
            out.append(_MONTHS[moment.month - 1])
        elif piece == "mmm":
            out.append(_MONTHS[moment.month - 1][:3])
        elif piece == "mm":
            out.append(f"{moment.month:02d}")
        elif piece == "m":
            out.append(str(moment.month))
        elif piece == "dddd":
            out.append(_DAYS[moment.weekday()])
        elif piece == "ddd":
            out.append(_DAYS[moment.weekday()][:3])
        elif piece == "dd":
            out.append(f"{moment.day:02d}")
        elif piece == "d":
            out.append(str(moment.day))
        elif piece == "hh":
            out.append(f"{hour:02d}")
        elif piece == "h":
            out.append(str(hour))
        elif piece in {"ss", "s"}:
            out.append(f"{moment.second:02d}")
        elif piece in {"am/pm", "a/p"}:
            out.append("AM" if moment.hour < 12 else "PM")
        elif piece == "@" or piece.startswith(".0"):
            continue
        else:
            out.append(piece)
    return "".join(out).strip()


def _elapsed(number: float, section: tuple[str, ...]) -> str:
    seconds = round(abs(number) * 86_400)
    pieces = [piece.casefold() for piece in section]
    sign = "-" if number < 0 else ""
    if any(piece.startswith("[h") for piece in pieces):
        text = f"{seconds // 3600}:{seconds // 60 % 60:02d}"
        return sign + (f"{text}:{seconds % 60:02d}" if any(piece in {"s", "ss"} for piece in pieces) else text)
    if any(piece.startswith("[m") for piece in pieces):
        return f"{sign}{seconds // 60}:{seconds % 60:02d}"
    return f"{sign}{seconds}"
