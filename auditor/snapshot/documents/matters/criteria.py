"""Criteria that a measured result misses, in lists that tell of one line what was asked for, what was found, and that it was accepted.

Only what can be counted is judged: a bound ('at least 98 %', 'höchstens 2 von 400', '36 of 40') beside a result in the same unit. Where
the criterion allows a tolerance, names two bounds in that unit, or the result is told in another one, nothing is said.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from auditor.connect.document import Cell
from auditor.connect.values import fold, parse_number
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.matters.acceptance import NOTES, begins_with
from auditor.snapshot.documents.matters.grid import Filling, Grid, Line, Reading, day_of, header_texts, is_known, table_of, text_of
from auditor.snapshot.documents.signings import signing_in
from auditor.snapshot.words import words

_HEADER_WITHIN = 3
_MOST_LINES = 300
_NUMBER = r"(?<![\w.,])\d[\d.,'\u00a0\u202f]*(?<![.,])"
_OF = re.compile(rf"({_NUMBER})\s+(?:of|von|sur|de|out of|aus)\s+(?:the |den |les |las |los )?({_NUMBER})", re.IGNORECASE)
_WITH_UNIT = re.compile(rf"({_NUMBER})\s*(%|[^\W\d_]+\b)?")
_PERCENT = "%"
_WITHIN_BRACKETS = re.compile(r"\(([^()]*)\)")


def read_criteria(reading: Reading, accepted: Sequence[Found]) -> Iterator[Found]:
    """Yield a `listed_item` (kind `figure`, `criterion_missed`) for each line that was accepted although its result misses its criterion.

    Args:
        reading: the document.
        accepted: what the document accepts as a note. The lines of a note that accepts one deliverable are accepted with it.
    """
    whole = [row for row in accepted if row.values.get("acceptance") == "accepted" and isinstance(row.values.get("accepted_on"), date)]
    for grid in reading.grids:
        for at, line in enumerate(grid.lines[:_HEADER_WITHIN]):
            columns = _columns(line)
            if {"item", "criterion", "found"} <= columns.keys():
                yield from _missed(reading, grid, at, columns, whole)
                break
            if {"found", "verdict"} <= columns.keys() and columns.keys() & {"criterion", "bound"}:
                yield from _judged(reading, grid, at, columns)
                break


def _columns(line: Line) -> dict[str, int]:
    columns: dict[str, int] = {}
    for place, head in enumerate(header_texts(line)):
        text = fold(head)
        for name, of in (
            ("criterion", "acceptance_criteria"),
            ("criterion", "one_criterion"),
            ("found", "measured_result"),
            ("item", "criterion_item"),
            ("on", "note_signed_on"),
            ("bound", "criterion_bound"),
            ("tolerance", "tolerance_words"),
            ("verdict", "criterion_verdict"),
        ):
            if text in words(of):
                columns.setdefault(name, place)
        if text in words("measured_value"):
            columns.setdefault("value", place)
        if begins_with(head, "accepted_by") is not None:
            columns.setdefault("by", place)
        elif text in words("day"):
            columns.setdefault("day", place)
    if (value := columns.pop("value", None)) is not None:
        results = [place for place, head in enumerate(header_texts(line)) if place != value and fold(head) in words("measured_result")]
        if results:
            columns.setdefault("verdict", results[0])  # 'Measured | Result': what was found, and what was made of it
        columns["found"] = value
    return columns


def _judged(reading: Reading, grid: Grid, at: int, columns: dict[str, int]) -> Iterator[Found]:
    """Yield the lines that call a result fine which misses its bound: 'daily readings | ≥ 98 % | 96.8 % | passed | 4 March 2026'."""
    heads = header_texts(grid.lines[at])
    for row in grid.lines[at + 1 : at + 1 + _MOST_LINES]:
        said = {name: text_of(row.cell(place)) for name, place in columns.items() if is_known(row.cell(place))}
        verdict, bound = fold(said.get("verdict", "")), said.get("bound", "")
        if verdict not in words("acceptance_fine") or is_refused(verdict):
            continue
        if bound and fold(heads[columns["bound"]]) in words("at_least") | words("at_most"):
            bound = f"{heads[columns['bound']]} {bound}"  # 'Minimum | 98 %'
        criterion = said.get("criterion", "")
        asked, allowed = f"{criterion} {bound}".strip(), said.get("tolerance", "")
        if allowed and not says_none(allowed):
            continue
        days = [day for cell in row.cells if is_known(cell) and (day := day_of(reading, cell)) is not None]
        if len(set(days)) != 1 or not misses(asked, said.get("found", ""), reading.language):
            continue
        item = said.get("item") or text_of(row.cells[0]) or criterion
        missed = Filling(reading, "listed_item")
        missed.set("kind", "figure")
        missed.set("name", "criterion_missed")
        missed.set("ref", item[:200])
        missed.set("text", f"{asked[:140]} / {said['found'][:140]}")
        missed.set("on_date", days[0])
        yield missed.found(row.locator, "figure", "criterion_missed", item, asked)


def says_none(text: str) -> bool:
    """Say whether the cell of a tolerance says that there is none: 'none', 'aucune', '0 %', '–'."""
    said = fold(text)
    return not said or bool(set(said.split()) & words("acceptance_without")) or said in words("no_tolerance") or set(said) <= set("0 ")


def _missed(reading: Reading, grid: Grid, at: int, columns: dict[str, int], whole: Sequence[Found]) -> Iterator[Found]:
    of_note = whole[0] if reading.kind in NOTES and len(whole) == 1 and table_of(whole[0].locator) != (grid.table.locator or "") else None
    for row in grid.lines[at + 1 : at + 1 + _MOST_LINES]:
        asked, found = text_of(row.cell(columns["criterion"])), text_of(row.cell(columns["found"]))
        day = _accepted_on(reading, row, columns) or (
            of_note.values["accepted_on"] if of_note is not None and "by" not in columns else None
        )
        if not isinstance(day, date) or not misses(asked, found, reading.language):
            continue
        item = text_of(row.cell(columns["item"]))
        missed = Filling(reading, "listed_item")
        missed.set("kind", "figure")
        missed.set("name", "criterion_missed")
        missed.set("ref", item[:200])
        missed.set("text", f"{asked[:140]} / {found[:140]}")
        missed.set("on_date", day)
        yield missed.found(row.locator, "figure", "criterion_missed", item, asked)


def _accepted_on(reading: Reading, row: Line, columns: dict[str, int]) -> date | None:
    """Return when a line was accepted: told beside who did, or in a column of days where somebody is named."""
    by = row.cell(columns.get("by"))
    if by is None or not is_known(by) or not text_of(by):
        return None
    if (signed := signing_in(text_of(by), reading.order)) is not None:
        return signed[1]
    place = columns.get("on", columns.get("day"))
    cell: Cell | None = row.cell(place)
    return day_of(reading, cell) if cell is not None else None


def misses(asked: str, found: str, language: str | None) -> bool:
    """Say whether a result is outside the one bound of its criterion for sure: '964 of 1,000 (96.4 %)' against 'at least 98.0 %'."""
    if not asked or not found or _allows_tolerance(asked) or is_refused(found):
        return False
    bound = bound_of(asked, language)
    if bound is None:
        return False
    is_least, limit, unit, is_strict = bound
    told = measured_in(found, unit, language)
    if not told:
        return False
    return all(
        value < limit or (is_strict and value == limit) if is_least else value > limit or (is_strict and value == limit) for value in told
    )


def _allows_tolerance(asked: str) -> bool:
    said = fold(asked).split()
    places = [at for at, word in enumerate(said) if word in words("tolerance_words")]
    return any(not said[max(0, at - 2) : at] or not set(said[max(0, at - 2) : at]) & words("acceptance_without") for at in places)


def is_refused(found: str) -> bool:
    """Say whether a result says of itself that it was not met, or met with conditions only."""
    padded = f" {fold(found)} "
    return any(
        f" {word} " in padded for name in ("criterion_not_met", "acceptance_type_partial", "acceptance_refused") for word in words(name)
    )


def bound_of(asked: str, language: str | None) -> tuple[bool, Decimal, str, bool] | None:
    """Return whether the bound is the least, the number, its unit and whether it has to be passed; None for none or several."""
    asked = _plain(asked)
    found = []
    for name, is_least, is_strict in (
        ("at_least", True, False),
        ("at_most", False, False),
        ("more_than", True, True),
        ("less_than", False, True),
    ):
        for match in re.finditer(_opening(name), asked):
            number = _number_at(asked[match.end() :], language)
            if number is not None:
                found.append((is_least, *number, is_strict))
    if not found and (whole := _OF.fullmatch(asked.strip())) is not None:
        number = _number_at(whole[0], language)
        return (True, *number, False) if number is not None else None
    return found[0] if len(found) == 1 else None


def _value(text: str, language: str | None) -> Decimal | None:
    """Return a number that is written in full: '1,000' and '98.0'."""
    number = parse_number(text.strip(), language)
    return None if number is None else Decimal(number.value)


def _plain(text: str) -> str:
    """Return *text* in small letters without accents, as lists of words are."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(letter))


def _opening(name: str) -> str:
    said = sorted((re.escape(word) for word in words(name)), key=len, reverse=True)
    signs = {"at_least": "≥|>=", "at_most": "≤|<=", "more_than": ">(?!=)", "less_than": "<(?!=)"}[name]
    before = "" if name in {"at_least", "at_most"} else r"(?<!not )(?<!nicht )(?<!pas )(?<!no )"
    return rf"(?:(?<!\w){before}(?:{'|'.join(said)})\s+|(?:{signs})\s*)(?=\d)"


def _number_at(text: str, language: str | None) -> tuple[Decimal, str] | None:
    """Return the number that *text* begins with and its unit: '%', 'of 40' (folded to the count of all), 'n'."""
    if (counted := _OF.match(text)) is not None:
        one, all_of = _value(counted[1], language), _value(counted[2], language)
        return (one, f"of {all_of.normalize()}") if one is not None and all_of else None
    match = _WITH_UNIT.match(text)
    number = _value(match[1], language) if match is not None else None
    return (
        (number, fold(match[2]) if match[2] and match[2] != _PERCENT else match[2] or "")
        if match is not None and number is not None
        else None
    )


def measured_in(found: str, unit: str, language: str | None) -> list[Decimal]:
    """Return what *found* tells in *unit*; for percent shares counted as well ('964 of 1,000'). Nothing where it tells several things."""
    found = _plain(found)
    counted = [
        (one, whole)
        for match in _OF.finditer(found)
        if (one := _value(match[1], language)) is not None and (whole := _value(match[2], language))
    ]
    if unit.startswith("of "):
        same = [one for one, whole in counted if f"of {whole.normalize()}" == unit]
        return same if len(same) == 1 else []
    plain = _OF.sub(" ", found)
    told = [number for match in _WITH_UNIT.finditer(plain) if (number := _number_at(match[0], language)) is not None]
    same = [number for number, of in told if of == unit]
    if unit == _PERCENT:
        shares = [100 * one / whole for one, whole in counted]
        return [*same, *shares] if len(same) <= 1 and len(shares) <= 1 else []
    if unit == "":
        return same if len(told) == len(same) == 1 and not counted else []
    return same if len(same) == 1 else []
