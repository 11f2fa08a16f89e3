"""Days of events that are told outside registers: budget released, first day booked, ownership handed over, operations taking over."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from auditor.connect.values import fold
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.matters.acceptance import NOTES, begins_with
from auditor.snapshot.documents.matters.grid import Filling, Grid, Reading, day_in, day_of, header_texts, text_of
from auditor.snapshot.documents.matters.sentences import denies, sentences_in
from auditor.snapshot.documents.signings import is_open
from auditor.snapshot.words import words

_HEADER_WITHIN = 3
_MOST_LINES = 200
_MOST_SIGNERS = 10
_MOST_TEXTS = 400
_LONGEST = 200


def read_records(reading: Reading, approvals: Sequence[Found]) -> Iterator[Found]:
    """Yield `listed_item`s (kind `figure`), each with its day.

    They are `budget_released`, `first_booking`, `ownership_transferred` and `operations_took_over`.
    """
    yield from _booked(reading)
    yield from _taken_over(reading)
    yield from _listed(reading)
    if reading.kind is None and _says(reading.titles[:1], "budget_release"):
        yield from _signed(reading, approvals, "budget_released")
    if reading.kind not in NOTES and _says(reading.titles, "transfer_record") and not _says(reading.titles, "plans"):
        yield from _signed(reading, approvals, "ownership_transferred")


def _says(texts: Sequence[str], name: str) -> bool:
    return any(f" {word} " in f" {fold(text)} " for text in texts for word in words(name))


def _signed(reading: Reading, approvals: Sequence[Found], name: str) -> Iterator[Found]:
    """Yield the last day of the signatures of a record; one that somebody has still to sign did not happen yet."""
    days: list[tuple[date, str]] = []
    for grid in reading.grids:
        signed = _column_of_days(reading, grid)
        if any(day is None for day, _ in signed):
            return
        days += [(day, place) for day, place in signed if day is not None]
    days += [(row.values["decided_on"], row.locator) for row in approvals if isinstance(row.values.get("decided_on"), date)]
    if not days:
        lines = [line for line in reading.prose if begins_with(line.text, "signing_line") is not None]
        days = [(day, line.block.locator) for line in lines if (day := day_in(reading, line.text)) is not None]
    if days:
        day, place = max(days)
        yield _item(reading, name, day, reading.titles[0], place)


def _column_of_days(reading: Reading, grid: Grid) -> list[tuple[date | None, str]]:
    """Return the days of a table of signatures: 'Name | Role | Signed on'."""
    for at, line in enumerate(grid.lines[:_HEADER_WITHIN]):
        heads = [fold(head) for head in header_texts(line)]
        place = next((at for at, head in enumerate(heads) if head in words("note_signed_on")), None)
        if place is None:
            continue
        return [
            (day_of(reading, row.cell(place)), row.locator) for row in grid.lines[at + 1 : at + 1 + _MOST_SIGNERS] if text_of(row.cell(0))
        ]
    return []


def _listed(reading: Reading) -> Iterator[Found]:
    """Yield when a line of a checklist was done that speaks of the transfer of ownership: 'Transfer signed | Done | 2 June 2026'."""
    for grid in reading.grids:
        for at, line in enumerate(grid.lines[:_HEADER_WITHIN]):
            heads = [fold(head) for head in header_texts(line)]
            state = next((at for at, head in enumerate(heads) if head in words("state_of_item")), None)
            day = next((at for at, head in enumerate(heads) if head in words("activity_finished") | words("day")), None)
            if state is None or day is None:
                continue
            for row in grid.lines[at + 1 : at + 1 + _MOST_LINES]:
                text = next((said for cell in row.cells if _says([said := text_of(cell)], "transfer_record")), "")
                done = day_of(reading, row.cell(day))
                if text and done is not None and fold(text_of(row.cell(state))) in words("done_states"):
                    yield _item(reading, "ownership_transferred", done, text, row.locator)
            break


def _booked(reading: Reading) -> Iterator[Found]:
    """Yield the day of which a sentence says that the first cost or hour was booked on it."""
    texts = [(line.text, line.block.locator) for line in reading.prose[:_MOST_TEXTS]]
    texts += [(text_of(cell), line.locator) for grid in reading.grids for line in grid.lines[:_HEADER_WITHIN] for cell in line.cells]
    for text, place in texts:
        for sentence in (part for one in sentences_in(text) for part in re.split(r"[;|]", one)):
            padded = f" {fold(sentence)} "
            if not any(f" {word} " in padded for word in words("first_booking")):
                continue
            if not any(f" {word} " in padded for word in words("package_open")) and (day := day_in(reading, sentence)) is not None:
                yield _item(reading, "first_booking", day, sentence.strip(), place)


def _taken_over(reading: Reading) -> Iterator[Found]:
    """Yield when operations took the result over: signed below a heading that says so, or told in a sentence.

    'Takeover by operations and maintenance' above 'Name | Role | Date'; 'Operations accepted the platform on 3 May 2026'.
    """
    for grid in reading.grids:
        heading = grid.heading.text if grid.heading is not None else ""
        if not _says([heading], "operations_takeover") or grid.is_sheet:
            continue
        dates = _signatures(reading, grid)
        signed = [(day, place) for day, place in dates if day is not None]
        if signed and len(signed) == len(dates):
            last, place = max(signed)
            yield _item(reading, "operations_took_over", last, heading, place)
    for line in reading.prose[:_MOST_TEXTS]:
        is_below = line.heading is not None and _says([line.heading.text], "operations_takeover")
        for sentence in sentences_in(line.text):
            is_told = _says([sentence], "operations_took") or (is_below and begins_with(sentence, "accepted_by") is not None)
            if is_told and not is_open(sentence) and not denies(reading, sentence) and (day := day_in(reading, sentence)) is not None:
                yield _item(reading, "operations_took_over", day, sentence.strip(), line.block.locator)


def _signatures(reading: Reading, grid: Grid) -> list[tuple[date | None, str]]:
    """Return the days of a table of signatures, also where the column is only called 'Date': 'Name | Role | Date'."""
    if found := _column_of_days(reading, grid):
        return found
    heads = [fold(head) for head in header_texts(grid.lines[0])] if grid.lines else []
    place = next((at for at, head in enumerate(heads) if head in words("day")), None)
    if place is None or not heads or heads[0] not in words("role_accepted_by"):
        return []
    return [(day_of(reading, row.cell(place)), row.locator) for row in grid.lines[1 : 1 + _MOST_SIGNERS] if text_of(row.cell(0))]


def _item(reading: Reading, name: str, day: date, text: str, place: str) -> Found:
    row = Filling(reading, "listed_item")
    row.set("kind", "figure")
    row.set("name", name)
    row.set("text", text[:_LONGEST])
    row.set("on_date", day)
    return row.found(place, "figure", name, day.isoformat())
