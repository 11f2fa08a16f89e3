"""Product descriptions: forms that say of one product what it is for, how good it has to be, who makes it and who accepts it."""

import re
from collections.abc import Iterator, Sequence

from auditor.connect.values import fold, parse_people
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.matters.grid import Filling, Grid, Line, Reading, is_known, text_of
from auditor.snapshot.words import words

_FIELDS = ("id", "title", "both", "versioned", "responsibilities", "producer", "approver", "criteria", "parts")
_NAMING = frozenset({"id", "title", "both", "versioned"})
_OF_PEOPLE = ("producer", "approver", "parts")
_FEWEST_ASKED = 2
_FEWEST_LINES = 2
_ROLES = re.compile(r"\s*[;\n]\s*")
_VERSIONED = re.compile(r"([^\W\d_]{1,4}[-_. ]?\d{1,4}(?:\.\d{1,3})*)\s*[/,;|]\s*\S.*", re.DOTALL)
"""What stands beside 'Identifier / version': 'P01 / 1.0'."""
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
    for grids in _forms(reading):
        row = _description(reading, grids[0], [line for grid in grids for line in grid.lines])
        if row is not None:
            reading.taken.update(grid.index for grid in grids)
            yield row


def _forms(reading: Reading) -> Iterator[list[Grid]]:
    """Yield each table that may be a form, with those below the same heading that go on with it: a page has ended in between."""
    forms: list[list[Grid]] = []
    for grid in reading.grids:
        if grid.index in reading.taken or grid.is_sheet or len(grid.lines) > _MOST_LINES:
            continue
        if forms and _goes_on(forms[-1][-1], grid):
            forms[-1].append(grid)
        elif len(grid.lines) > _FEWEST_LINES:
            forms.append([grid])
    yield from forms


def _goes_on(last: Grid, grid: Grid) -> bool:
    """Say whether *grid* repeats the header of *last* below the same heading, and names no product of its own."""
    is_below_same = grid.heading is not None and grid.heading is last.heading
    return is_below_same and _said_by(last.lines[:1]) == _said_by(grid.lines[:1]) and not _NAMING & _fields(grid)


def _said_by(lines: Sequence[Line]) -> list[str]:
    return [fold(cell.text) for line in lines for cell in line.cells if not cell.is_covered]


def _fields(grid: Grid) -> set[str]:
    return {name for line in grid.lines if line.cells for name in _FIELDS if fold(line.cells[0].text) in words(f"description_{name}")}


_AND = re.compile(r"\s*[/,;&|]\s*|\s+(?:and|et|und|y)\s+")
_BETWEEN_PEOPLE = (re.compile(r"\s*/\s*"), re.compile(r"\s*[;|\n]\s*"), re.compile(r"\s*,\s*"))


def _field(label: str) -> str | None:
    """Return what a label asks for; one that asks for two things at once is of the first known: 'Composition and format'."""
    for said in (label, *_AND.split(label)):
        field = next((name for name in _FIELDS if fold(said) in words(f"description_{name}")), None)
        if field is not None and (said is label or field not in _NAMING | {"producer", "approver"}):
            return field
    return None


def _people_in_turn(label: str, text: str) -> list[tuple[str, str]]:
    """Return field and name for each of several roles that one label asks for: 'Producer / reviewer / approver' beside 'A / B / C'."""
    asked = [next((name for name in _OF_PEOPLE if fold(part) in words(f"description_{name}")), "") for part in _AND.split(label)]
    if len(asked) < _FEWEST_ASKED or not {"producer", "approver"} & set(asked) or "" in asked:
        return []
    told = next((parts for sign in _BETWEEN_PEOPLE if len(parts := sign.split(text)) == len(asked)), [])
    return [(field, name) for field, name in zip(asked, told, strict=True)] if told else []


def _description(reading: Reading, grid: Grid, lines: Sequence[Line]) -> Found | None:
    said: dict[str, list[tuple[str, bool]]] = {}
    for line in lines:
        cells = [cell for cell in line.cells if not cell.is_covered]
        if len(cells) != 2:
            continue
        if in_turn := _people_in_turn(cells[0].text, text_of(cells[1])):
            for name, who in in_turn:
                said.setdefault(name, []).append((who, is_known(cells[1])))
            continue
        field = _field(cells[0].text)
        if field is not None:
            said.setdefault(field, []).append((text_of(cells[1]), is_known(cells[1])))
    for kind, named_people in _responsible(said.pop("responsibilities", [])).items():
        said.setdefault(kind, []).extend(named_people)
    if (versioned := said.pop("versioned", [])) and (match := _VERSIONED.fullmatch(versioned[0][0])) is not None:
        said.setdefault("id", [(match[1], True)])
    both = next((text for text, _ in said.get("both", ()) if text), "")
    named = both or (grid.heading.text.strip() if grid.heading is not None else "")
    headed = _HEADED.fullmatch(named) or _CODED.fullmatch(named) if named and not {"id", "title"} & said.keys() else None
    if headed is not None:
        said |= {"id": [(headed[1], True)], "title": [(headed[2].strip(), True)]}
    if sum(map(len, said.values())) < _FEWEST or "parts" not in said or not {"producer", "approver"} & said.keys():
        return None
    title = next((text for text, _ in said.get("title", ()) if text), "")
    own_id = next((text for text, _ in said.get("id", ()) if text), "")
    if not title and own_id and (begins := _CODED.fullmatch(named) or _HEADED.fullmatch(named)) is not None and begins[1] == own_id:
        title = begins[2].strip()
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


def _responsible(said: Sequence[tuple[str, bool]]) -> dict[str, list[tuple[str, bool]]]:
    """Return producer and approver as one field names them: 'Producer Jo Lake; reviewer Bo Ek; approver Kim Obi'."""
    found: dict[str, list[tuple[str, bool]]] = {}
    for text, known in said:
        for part in _ROLES.split(text):
            for field in ("producer", "approver", "parts"):
                label = next((word for word in words(f"description_{field}") if fold(part).startswith(f"{word} ")), None)
                if label is not None:
                    found.setdefault(field, []).append((" ".join(part.replace(":", " ").split()[len(label.split()) :]), known))
                    break
    return found
