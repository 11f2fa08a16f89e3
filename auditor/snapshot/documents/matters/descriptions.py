"""Product descriptions: forms that say of one product what it is for, how good it has to be, who makes it and who accepts it."""

import re
from collections.abc import Iterator

from auditor.connect.values import fold, parse_people
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.matters.grid import Filling, Grid, Reading, is_known, text_of
from auditor.snapshot.words import words

_FIELDS = ("id", "title", "both", "producer", "approver", "criteria", "parts")
_FEWEST = 6  # labels of a description; fewer may be those of any form
_MOST_LINES = 60
_HEADED = re.compile(r"(?:\d{1,3}(?:\.\d{1,3})*\.?\s+)?(?:([^\W\d_]{1,4}[-_. ]?\d{1,4}(?:\.\d{1,3})*)\s*[-–—:.,]\s*)(\S.*)", re.DOTALL)
"""A heading that names one product: '6. P05 - Trains'."""

_CODED = re.compile(r"([^\W\d_]{1,4}[-_. ]?\d{1,4}(?:\.\d{1,3})*)\s+(\S.*)", re.DOTALL)
"""What stands beside 'Identifier and title': 'PR-05 Staff console'."""


def read_descriptions(reading: Reading) -> Iterator[Found]:
    """Yield a `deliverable` for each form that describes a product: a line per label, at least one who makes or accepts it.

    Several people in a field leave it unknown: nobody among them is *the* producer.
    """
    for grid in reading.grids:
        if grid.index in reading.taken or grid.is_sheet or not 2 < len(grid.lines) <= _MOST_LINES:
            continue
        row = _description(reading, grid)
        if row is not None:
            reading.taken.add(grid.index)
            yield row


def _description(reading: Reading, grid: Grid) -> Found | None:
    said: dict[str, list[tuple[str, bool]]] = {}
    for line in grid.lines:
        cells = [cell for cell in line.cells if not cell.is_covered]
        if len(cells) != 2:
            continue
        field = next((name for name in _FIELDS if fold(cells[0].text) in words(f"description_{name}")), None)
        if field is not None:
            said.setdefault(field, []).append((text_of(cells[1]), is_known(cells[1])))
    both = next((text for text, _ in said.get("both", ()) if text), "")
    named = both or (grid.heading.text.strip() if grid.heading is not None else "")
    headed = _HEADED.fullmatch(named) or _CODED.fullmatch(both) if named and not {"id", "title"} & said.keys() else None
    if headed is not None:
        said |= {"id": [(headed[1], True)], "title": [(headed[2].strip(), True)]}
    if sum(map(len, said.values())) < _FEWEST or "parts" not in said or not {"producer", "approver"} & said.keys():
        return None
    title = next((text for text, _ in said.get("title", ()) if text), "")
    own_id = next((text for text, _ in said.get("id", ()) if text), "")
    if not title and not own_id:
        return None
    row = Filling(reading, "deliverable")
    row.set("title", (title or own_id)[:500])
    for field, column in (("producer", "owner_id"), ("approver", "acceptor_id")):
        people = [person.name for text, _ in said.get(field, ()) for person in parse_people(text)]
        if field in said and len(people) < 2 and all(known for _, known in said[field]):
            row.set(column, people[0] if people else None)
    if "criteria" in said and all(known for _, known in said["criteria"]):
        row.set("acceptance_criteria", "\n".join(text for text, _ in said["criteria"] if text)[:4000])
    return row.found(grid.lines[0].locator.rpartition(" row ")[0] or grid.lines[0].locator, "deliverable", title, own_id=own_id or None)
