"""What a risk register tells of earlier ratings in one cell: '2025-06-10: 3x3=9; 2026-03-10: 3x4=12'."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from auditor.connect.values import clean, fold
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.matters.grid import DAY_IN_TEXT, Filling, Reading, header_texts, text_of
from auditor.snapshot.words import words

NAME = "risk_rated"
_HEADER_WITHIN = 6  # lines
_ID_WITHIN = 3  # columns
_ID = re.compile(r"[^\W\d_]{1,6}[-_. ]?\d{1,5}")
_PARTS = re.compile(r"\s*[;\n|]\s*")
_TOTAL = re.compile(r"=\s*(\d{1,3})(?!\d)")
_PRODUCT = re.compile(r"(?<!\d)(\d{1,2})\s*[x×*·]\s*(\d{1,2})(?!\d)", re.IGNORECASE)
_SCORE = re.compile(r"(?<![\d.,/-])\d{1,3}(?![\d.,/-]*\d)")


def read_ratings(reading: Reading) -> Iterator[Found]:
    """Yield a `listed_item` of kind `figure` per rating that a column of earlier ratings tells, with the id of the risk and the day."""
    for grid in reading.grids:
        for at, line in enumerate(grid.lines[:_HEADER_WITHIN]):
            places = [place for place, head in enumerate(header_texts(line)) if fold(head) in words("rating_histories")]
            if len(places) != 1:
                continue
            for row in grid.lines[at + 1 :]:
                ids = [text for cell in row.cells[:_ID_WITHIN] if _ID.fullmatch(text := text_of(cell).strip())]
                for day, score in _ratings(reading, text_of(row.cell(places[0]))) if ids else ():
                    item = Filling(reading, "listed_item")
                    item.set("kind", "figure")
                    item.set("name", NAME)
                    item.set("ref", ids[0])
                    item.set("value", str(score))
                    item.set("number", Decimal(score))
                    item.set("on_date", day)
                    yield item.found(row.locator, "figure", NAME, ids[0], day.isoformat())
            break


def _ratings(reading: Reading, text: str) -> list[tuple[date, int]]:
    """Return day and score of each part of *text*; nothing where one part cannot be understood, or two are of one day."""
    found: list[tuple[date, int]] = []
    for part in _PARTS.split(clean(text, 4000)):
        if not part.strip():
            continue
        days = [(match, day) for match in DAY_IN_TEXT.finditer(part) if (day := reading.day(match[0])) is not None]
        score = _score(part[: days[0][0].start()] + " " + part[days[0][0].end() :]) if len(days) == 1 else None
        if score is None:
            return []
        found.append((days[0][1], score))
    return found if len({day for day, _ in found}) == len(found) else []


def _score(text: str) -> int | None:
    if (total := _TOTAL.search(text)) is not None:
        return int(total[1])
    if (product := _PRODUCT.search(text)) is not None:
        return int(product[1]) * int(product[2])
    told = _SCORE.findall(text)
    return int(told[0]) if len(told) == 1 else None
