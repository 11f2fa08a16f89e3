"""Approver and reviewer tables, version histories, distribution lists."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from auditor.connect.document import Cell
from auditor.connect.values import clean, fold
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.matters.assured import ASSURANCE, read_assured
from auditor.snapshot.documents.matters.control import Facts, told_approvals
from auditor.snapshot.documents.matters.grid import (
    Filling,
    Grid,
    Line,
    Prose,
    Reading,
    day_in,
    day_of,
    find_columns,
    header_texts,
    instant,
    is_known,
    is_label_table,
    names_of,
    pair_in,
    pairs_of,
    person_of,
    text_of,
)
from auditor.snapshot.documents.matters.roles import accepted_roles
from auditor.snapshot.documents.matters.sentences import OWN_LINE, deeds_in
from auditor.snapshot.documents.matters.words import BODIES, heading_key, parse_version, version_order
from auditor.snapshot.words import words

_NO_DOCUMENTS = frozenset({"minutes_of_meeting", "minutes", "meeting_agenda", "agenda"})  # they tell of other documents
_MOST_HEAD_LINES = 6
_MOST_FORM_LINES = 8
_FEWEST_LINES = 2
_MOST_ABOVE = 6  # lines of a sheet before the header of its list
_BETWEEN_PARTS = re.compile(r"\s+[–—-]\s+|\s*[:|(]\s*")
_DECIDED = frozenset({"name", "role", "decision", "date"})
_SIGNED = frozenset({"name", "date", "signature"})
_LETTER = 30  # blocks of a document that may be a letter or a note
_HOW = re.compile(
    r"\d|\b(?:procedure|circulation|decision|resolution|verfahren|umlauf|beschluss|procédure|décision|circulaire|procedimiento|decisión|acuerdo)\b",
    re.IGNORECASE,
)
"""Beside the names: how it was approved, and by which decision."""
_BEHALF = re.compile(
    r"(?P<who>.+?)[\s,(–-]+(?:on behalf of|signing for|acting for|deputi[sz]ing for|im Auftrag von|in Vertretung (?:von|für)"
    r"|i\. ?[AV]\. (?:von|für)|au nom de|pour le compte de|en nombre de|por orden de|en representación de)[\s:]+(?P<whom>[^()]+?)\)?",
    re.IGNORECASE,
)
"""A cell that names whoever signed and for whom: 'Jo Moss on behalf of Ada Finch', 'Jo Moss (in Vertretung von Ada Finch)'."""
_FOR_BODY = re.compile(
    r"(?P<who>[^,;()]+?)[\s,(–-]+(?:for|für|pour|por)\s+(?:(?:the|den|die|das|le|la|el)\s+)?(?P<whom>[^()]+?)\)?", re.IGNORECASE
)
"""A cell that names whoever signed for a body: 'Ada Finch for the Project Steering Committee'."""
_FOR_ROLE = re.compile(
    r"(?:(?:approving |signing |acting )?for|on behalf of|in place of|as (?:deputy|delegate) (?:of|for)|für|i\. ?V\. (?:von|für|der|des)?"
    r"|in Vertretung (?:von|für|der|des)|im Auftrag (?:von|der|des)|pour|par délégation (?:de|du)|au nom (?:de|du)"
    r"|por delegación (?:de|del)|por|en nombre (?:de|del))\s+(?:(?:the|den|die|das|der|le|la|el)\s+|l')?(?P<whom>[^()]+?)\s*(?:\(.*\))?",
    re.IGNORECASE,
)
"""Where the role stands: for whose role somebody signed: 'for the Project Owner (delegation DEL-02)'."""
_IN_PLACE = re.compile(
    r"(?P<who>[A-ZÀ-Þ][\w'’-]*\.?(?:\s+[A-ZÀ-Þa-zà-ÿ][\w'’-]*\.?){1,3}?)[\s,(–-]+"
    r"(?:for|instead of|in place of|standing in for|on behalf of|acting for|für|anstelle von|in Vertretung (?:von|für)|i\. ?V\. (?:von|für)"
    r"|pour|à la place de|au nom de|por|en lugar de|en nombre de)[\s:]+"
    r"(?:(?:Prof|Dra?|Mrs?|Ms|Dame|Sir|Herrn?|Frau|Mme|M|Sra?)\.?\s+)*[A-ZÀ-Þ][\w'’-]*\.?(?:\s+[\w'’-]+\.?){1,3}\)?"
)
_BY_WHOM = r"(?:by|on|at|with|von|vom|durch|am|in|par|le|lors|por|el|en)\b"
_SHORT = 80  # characters of a comment that says one thing


def read_approvals(reading: Reading, facts: Facts) -> Iterator[Found]:
    """Yield a row of `approval` per listed person; fill approval's columns of *facts*.

    `approved_on` is the last approval when everybody who has to approve has dated it, blank while somebody has not, and unknown when a
    date cannot be read.
    """
    approvers: list[Found] = []
    has_place = False
    for grid in reading.grids:
        if grid.index in reading.taken:
            continue
        if assured := list(_assured(reading, grid)):
            yield from assured  # assurance looks at a paper, it approves nothing
            continue
        known = find_columns(grid, reading.words.tables["approvers"])
        if (hit := known or _decided(reading, grid)) is None:
            continue
        if accepted_roles(reading, grid) is not None:
            continue
        columns, lines = hit
        header = header_texts(grid.lines[len(grid.lines) - len(lines) - 1])
        if not grid.says(reading.words.tables["approvers"].headings) and words("questions").intersection(map(fold, header)):
            continue  # 'What | Who | When' asks as much of tasks
        columns = _acts_below_visa(reading, _day_of_signing(reading, header, columns), lines)
        named = header[columns["name"]] if "name" in columns else ""
        reading.taken.add(grid.index)
        reading.signed.add(grid.index)
        rows = [row for line in lines for row in _approvals(reading, facts, grid, columns, line, named, is_decided=known is None)]
        has_place = has_place or not rows
        approvers += rows
        yield from rows
    if reading.kind is not None and reading.kind not in _NO_DOCUMENTS:
        yield from read_assured(reading)
    forms = [row for grid in reading.grids for row in _signature_form(reading, facts, grid)]
    if forms and not approvers and not has_place and not facts.said("date_on_cover") and len(reading.document.blocks) <= _LETTER:
        days = {row.values.get("decided_on") for row in forms}
        if len(days) == 1 and (day := days.pop()) is not None:
            facts.put("date_on_cover", day)  # a note or a letter that bears no other date is of the day on which it was signed
    approvers += forms
    yield from forms
    if not approvers and not has_place:
        approvers = list(_told(reading, facts))
        yield from approvers or _beside_label(reading)
    approving = [row for row in approvers if row.values.get("action") in {"approve", "authorise"}]
    if has_place and not approvers:
        facts.put("approved_on", None)  # the form for it is empty
        return
    if not approving or any("decided_on" not in row.filled or "decision" not in row.filled for row in approving):
        return
    dated = [
        row for row in approving if row.values.get("decided_on") is not None and row.values.get("decision") in {"approved", "conditional"}
    ]
    if len(dated) < len(approving):
        facts.put("approved_on", None)
        facts.put("approved_by", None)
        return
    current = [row for row in dated if row.values.get("version") == facts.values.get("version_on_cover")]
    last = max(current or dated, key=lambda row: (row.values["decided_on"], str(row.values.get("person_id", ""))))
    facts.put("approved_on", last.values["decided_on"])
    facts.put("approved_by", last.values.get("person_id"))


def _decided(reading: Reading, grid: Grid) -> tuple[dict[str, int], tuple[Line, ...]] | None:
    """Return the columns and lines of a table at the head of a document 'Name | Role | Decision | Date' below which decisions stand.

    Without a heading that says so: each line has to name a person and a decision, or to leave it open.
    """
    if not grid.is_front or grid.is_sheet or len(grid.lines) < _FEWEST_LINES:
        return None
    columns = reading.words.tables["approvers"].columns_of(header_texts(grid.lines[0]), is_named=True)
    if columns is None or not columns.keys() >= _DECIDED:
        return None
    said = [text_of(line.cell(columns["decision"])) for line in grid.lines[1:]]
    if not any(said) or any(text and reading.words.value("decision", text) is None for text in said):
        return None
    return columns, grid.lines[1:]


def _assured(reading: Reading, grid: Grid) -> Iterator[Found]:
    """Yield who looked at the document for project assurance: below a heading of that name 'Interest | Reviewed by | Date | Result'."""
    is_named = any(reading.words.role(key) == ASSURANCE or key in words("assurance_headings") for key in grid.above[:3])
    if len(grid.lines) < _FEWEST_LINES or not (is_named or (grid.is_sheet and _is_sheet_of_assurance(reading, grid))):
        return
    columns = [_of_assurance(reading, line) for line in grid.lines[: _MOST_ABOVE if grid.is_sheet else 1]]
    at = next((place for place, found in enumerate(columns) if found is not None), None)
    if at is None or (found := columns[at]) is None:
        return
    name_at, day_at = found
    reading.taken.add(grid.index)
    for line in grid.lines[at + 1 :]:
        text = text_of(line.cell(name_at))
        if (said := _IN_PLACE.fullmatch(text)) is not None:
            text = said["who"]  # 'Jo Moss for Dr Ada Finch': who looked at it, whoever was to
        for name in names_of(text):
            row = Filling(reading, "approval")
            row.set("medium", "approval_table")
            row.set("person_id", name)
            row.set("role", ASSURANCE)
            row.set("action", "review")
            row.day("decided_on", line.cell(day_at))
            yield row.found(line.locator, "approvers", name, ASSURANCE, "review")


def _of_assurance(reading: Reading, line: Line) -> tuple[int, int] | None:
    """Return the columns of who looked and when, where *line* is the header of such a list."""
    header = header_texts(line)
    names = [place for place, text in enumerate(header) if fold(text) in words("reviewed_by")]
    days = [place for place, text in enumerate(header) if "date" in reading.words.tables["approvers"].columns.get(fold(text), ())]
    return (names[0], days[0]) if len(names) == len(days) == 1 else None


def _is_sheet_of_assurance(reading: Reading, grid: Grid) -> bool:
    """Say whether a sheet lists what assurance looked at, by its name, its first line or the file: 'Project assurance – reviews made'.

    'Quality assurance reviews' are another matter, and so are reviews that are planned.
    """
    stem = reading.path.rpartition("/")[2].rpartition(".")[0].replace("_", " ")
    first = next((text for line in grid.lines[:1] for text in header_texts(line) if text), "")
    said = [fold(part) for name in (grid.table.name, first, stem) for part in _BETWEEN_PARTS.split(name)]
    if any(not words("plans").isdisjoint(part.split()) for part in said):
        return False
    return any(part in words("assurance_headings") or (part and reading.words.role(part) == ASSURANCE) for part in said)


def _signature_form(reading: Reading, facts: Facts, grid: Grid) -> Iterator[Found]:
    """Yield a row for everybody who signs in a form whose lines are what other tables have as columns: name, post, date, signature."""
    lines = [[cell for cell in line.cells if not cell.is_covered] for line in grid.lines]
    if (
        grid.index in reading.taken
        or grid.is_sheet
        or not lines
        or len(lines) > _MOST_FORM_LINES
        or len({len(cells) for cells in lines}) != 1
    ):
        return
    table = reading.words.tables["approvers"]
    labels = [text_of(cells[0]).rstrip(" :") for cells in lines]
    columns = table.columns_of(labels, is_named=grid.says(table.headings))
    if columns is None or not columns.keys() >= _SIGNED or len(columns) < len(lines):
        return
    reading.taken.add(grid.index)
    for place in range(1, len(lines[0])):
        signer = Line(tuple(cells[place] for cells in lines), grid.lines[0].locator, grid.lines[0].number)
        yield from _approvals(reading, facts, grid, columns, signer, "")


def _day_of_signing(reading: Reading, header: Sequence[str], columns: dict[str, int]) -> dict[str, int]:
    """Return *columns* with the day of the signature where a history has it beside that of the version: 'Issue | Date | … | Signed on'."""
    place = columns.get("date")
    texts = [fold(text) for text in header]
    if place is None or texts[place] not in words("day"):
        return columns
    days = reading.words.tables["approvers"].columns
    told = [at for at, text in enumerate(texts) if at != place and "date" in days.get(text, ()) and text not in words("day")]
    return {**columns, "date": told[0]} if len(told) == 1 else columns


def _acts_below_visa(reading: Reading, columns: dict[str, int], lines: Sequence[Line]) -> dict[str, int]:
    """Return *columns* with that of the signature as what each did, where its cells say that: 'Visa: Approbation, Relecture, Information'.

    A word that is a decision as well ('signed', 'approved') tells that somebody signed, not as what.
    """
    if "action" in columns or "signature" not in columns:
        return columns
    said = [text for line in lines if (text := text_of(line.cell(columns["signature"])))]
    if not said or any(reading.words.value("action", text) is None or reading.words.value("decision", text) is not None for text in said):
        return columns
    return {**{name: place for name, place in columns.items() if name != "signature"}, "action": columns["signature"]}


def _told(reading: Reading, facts: Facts) -> Iterator[Found]:
    """Yield a row for everybody of whom a sentence at the head of a document tells that they approved or reviewed it."""
    if reading.kind is None or reading.kind in _NO_DOCUMENTS:
        return
    for texts, locator in _heads(reading):
        for text in texts:
            if (own := OWN_LINE.match(text)) is not None and own[2] and (day := reading.day(own[2])) is not None:
                facts.put("version_on_cover", parse_version(own[1]))
                facts.put("date_on_cover", day)
        for deed in deeds_in(reading, texts):
            if deed.action not in {"approve", "review"}:
                continue
            for doer in deed.doers:
                for version, day in deed.days or ((None, None),):
                    row = Filling(reading, "approval")
                    row.set("person_id", doer.name)
                    if doer.role is not None:
                        row.set("role", doer.role)
                    if version is not None:
                        row.set("version", version)
                    row.raw("action", deed.text[:200])
                    row.set("action", deed.action)
                    if isinstance(submitted := facts.values.get("submitted_on"), date):
                        row.set("requested_at", instant(submitted))
                    row.set("decided_on", day)
                    row.set("decision", "approved")
                    yield row.found(locator, "approvers", doer.name, doer.role or "", deed.action, version or "")


def _beside_label(reading: Reading) -> Iterator[Found]:
    """Yield a row for every approval that a form tells beside one label: 'Approved by | Ann Lee, 3 May 2026 (v1.0); 4 June 2026 (v1.1)'."""
    for grid in reading.grids:
        if not grid.is_front or grid.index not in reading.taken or (grid.is_sheet and not is_label_table(reading, grid)):
            continue
        for pair in pairs_of(reading, grid):
            if "approved_by" not in pair.names or not is_known(pair.cell):
                continue
            for version, day, who in told_approvals(reading, text_of(pair.cell)):
                name = person_of(who)
                if not name:
                    continue
                row = Filling(reading, "approval")
                row.set("person_id", name)
                if (role := reading.words.role(name)) is not None:
                    row.set("role", role)
                if version is not None:
                    row.set("version", version)
                row.set("action", "approve")
                row.set("decided_on", day)
                row.set("decision", "approved")
                yield row.found(pair.locator, "approvers", name, day.isoformat(), version or "")


def _heads(reading: Reading) -> Iterator[tuple[list[str], str]]:
    """Yield the texts of a document's head, each with its place: before its first heading, below one of approval, above a sheet's table."""
    headings = reading.words.tables["approvers"].headings
    for grid in reading.grids:
        if grid.index in reading.taken and not grid.is_sheet:
            continue
        if not (grid.is_front or grid.says(headings)):
            continue
        for line in grid.lines[:_MOST_HEAD_LINES]:
            filled = [cell for cell in line.cells if text_of(cell) and not cell.is_covered]
            if grid.is_sheet and len(filled) != 1:
                break
            for cell in filled:
                yield [text_of(cell)], line.locator
    prose = [
        line for line in reading.prose if line.is_front or _is_below_title(reading, line) or (line.above and line.above[0] in headings)
    ]
    if prose:
        yield [line.text for line in prose], prose[0].block.locator


def _is_below_title(reading: Reading, line: Prose) -> bool:
    """Say whether *line* stands directly below the title of the document, where that is written as its first heading."""
    title = line.heading.text.strip() if line.heading is not None else ""
    return bool(title) and not title[0].isdigit() and reading.titles[:1] == (clean(title, 4000),) and len(line.above) == 1


_OF_VERSION = re.compile(
    r"\(\s*(?:(?:for|of|pour|für|zu|de|para)\s+)?(?:v|version|versión|fassung|édition|edition)\.?\s*(\d{1,3}(?:\.\d{1,3}){1,3})\s*\)",
    re.IGNORECASE,
)
"""Of which version the day of a signature is: '19 March 2026 (v1.0)'."""


def _approvals(
    reading: Reading, facts: Facts, grid: Grid, columns: dict[str, int], line: Line, named: str, *, is_decided: bool = False
) -> Iterator[Found]:
    cells = {name: line.cell(place) for name, place in columns.items()}
    text, whom = _behalf(reading, text_of(cells.get("name")), cells.get("on_behalf_of"))
    names = [name for name in names_of(text) if not _HOW.search(name)]
    role_text = text_of(cells.get("role"))
    if not names and not reading.words.role_of(role_text):
        return  # an empty line of the form
    if fold(text_of(cells.get("action"))) in words("written_by"):
        return  # who wrote it approves nothing
    if text_of(cells.get("name")) == text_of(cells.get("date")) != "":
        return  # a line merged over all columns
    for name in names or [""]:
        row = Filling(reading, "approval")
        row.set("medium", "approval_table")
        body = None if "role" in cells else reading.words.role(name)
        row.set("person_id", name)
        if body is not None:
            row.set("role", body)  # 'PSC' approved
        elif "role" not in cells and len(names) == 1 and (post := _post_behind(reading, text)) is not None:
            row.set("role", post)
        elif "role" in cells and is_known(cells["role"]):
            row.set("role", reading.words.role_of(role_text) or role_text[:120])
        row.text("version", cells.get("version"))
        if "version" not in cells and (version := _version_beside(cells)) is not None:
            row.set("version", version)
        if whom is not None:
            row.set("on_behalf_of_id", whom or None)
        elif (said := _FOR_ROLE.fullmatch(clean(role_text, 200))) is not None and reading.words.role(said["whom"]) is not None:
            row.set("on_behalf_of_id", said["whom"])
        _request(reading, facts, row, cells)
        _action(reading, grid, row, cells, named)
        if is_decided and "action" not in row.filled:
            row.set("action", "review" if row.values.get("role") == ASSURANCE else "approve")
        _decision(reading, row, cells)
        yield row.found(line.locator, "approvers", name, str(row.values.get("role", "")), str(row.values.get("action", "")))


def _version_beside(cells: Mapping[str, Cell | None]) -> str | None:
    """Return the version that a cell beside the name tells: '19 March 2026 (v1.0)', 'Approve (v1.0)', 'approved (version 1.1)'."""
    said = {found[1] for name in ("date", "action", "decision") if (found := _OF_VERSION.search(text_of(cells.get(name)))) is not None}
    return said.pop() if len(said) == 1 else None


def _post_behind(reading: Reading, text: str) -> str | None:
    """Return the role that stands behind a name: 'A. Lee, Project Owner', 'Ann Lee (PO)'."""
    name, _, post = text.partition(",") if "," in text else text.partition("(")
    return reading.words.role_of(post.strip(" )")) if name.strip() and post.strip(" )") else None


def _behalf(reading: Reading, text: str, cell: Cell | None) -> tuple[str, str | None]:
    """Return who signed, and for whom: '' where the place for it is empty, None where nothing tells."""
    if (said := _FOR_BODY.fullmatch(text)) is not None and reading.words.role(said["whom"]) in BODIES:
        return said["who"], said["whom"]
    if (said := _BEHALF.fullmatch(text)) is not None:
        people = names_of(said["whom"])
        return said["who"], people[0] if len(people) == 1 and len(names_of(said["who"])) == 1 else None
    if cell is None:
        return text, None
    people = names_of(text_of(cell))
    return text, people[0] if len(people) == 1 else None if people or not is_known(cell) else ""


def _action(reading: Reading, grid: Grid, row: Filling, cells: dict[str, Any], named: str) -> None:
    text = text_of(cells.get("action"))
    if text:
        row.raw("action", text)
        found = reading.words.value("action", text) or reading.words.inside("action", text)
        if found is None and reading.words.value("decision", text) == "rejected":
            found = "approve"  # who refused it had to approve it
        several = reading.words.all_inside("action", text)
        if len(several) > 1:
            found = "approve" if several == {"approve", "review"} else None
        if found is not None:
            row.set("action", found)
        return
    if "action" in cells:
        return
    word = text_of(cells.get("decision"))  # 'Who | Did | On': what each did tells as what
    for header in (word, named, " ".join(grid.above[:3])):  # 'Approved by' above the names, else the heading
        if len(says := reading.words.all_inside("action", header)) == 1:
            row.set("action", next(iter(says)))
            return


def _request(reading: Reading, facts: Facts, row: Filling, cells: dict[str, Any]) -> None:
    """Fill the day on which the approval was asked for: the line's own, else that on which the document was submitted."""
    cell = cells.get("requested")
    if cell is None:
        if isinstance(day := facts.values.get("submitted_on"), date):
            row.set("requested_at", instant(day))
        return
    day = day_of(reading, cell)
    if day is not None or (is_known(cell) and not text_of(cell)):
        row.set("requested_at", instant(day))


def _decision(reading: Reading, row: Filling, cells: dict[str, Any]) -> None:
    """Fill day and decision: approved with a date or the word, pending when the place for it is empty."""
    day_cell, word_cell, sign_cell = cells.get("date"), cells.get("decision"), cells.get("signature")
    day = row.day("decided_on", day_cell)
    if day is None and day_cell is None and sign_cell is not None and (signed := day_of(reading, sign_cell)) is not None:
        day = signed
        row.set("decided_on", signed)
    word = text_of(word_cell) or (text_of(day_cell) if day is None else "") or text_of(sign_cell)
    said = reading.words.value("decision", word) if word else None
    if said is None and word_cell is None and reading.words.value("decision", text_of(cells.get("action"))) == "rejected":
        said = "rejected"  # a note beside the name says what was done, and that it was refused
    if said is not None:
        row.set("decision", said)
        if day is None and day_cell is not None and "decided_on" not in row.filled and text_of(day_cell) == word:
            row.set("decided_on", None)
    elif day is not None:
        row.set("decision", "approved")
    elif (
        not word
        and all(cell is None or is_known(cell) for cell in (day_cell, word_cell, sign_cell))
        and (day_cell or word_cell or sign_cell)
    ):
        row.set("decision", "pending")
    if word_cell is not None and word:
        row.raw("decision", word)


# Version histories


def read_history(reading: Reading, facts: Facts) -> Iterator[Found]:
    """Yield rows of `artefact_version` and `baseline`; fill `version_in_history` of *facts* with the latest version."""
    seen: list[tuple[str, date | None]] = []
    has_place = False
    for grid in reading.grids:
        is_signed = grid.index in reading.signed  # a history with the approval of each version
        if (grid.index in reading.taken and not is_signed) or (hit := find_columns(grid, reading.words.tables["history"])) is None:
            continue
        if is_signed and not hit[0].keys() >= {"date", "changes"}:
            continue
        lines = hit[1]
        columns = _numbered(hit[0], lines, is_named=grid.says(reading.words.tables["history"].headings))
        if columns is None:
            continue
        if "version" not in columns and not grid.says(reading.words.tables["history"].headings):
            continue
        reading.taken.add(grid.index)
        has_place = has_place or "version" in columns
        for line in lines:
            yield from _version(reading, columns, line, seen)
    if not has_place:
        for line in _history_lines(reading):
            has_place = True
            yield from _version(reading, _LISTED, line, seen)
    if not has_place:
        return
    latest = _latest(seen)
    if latest is not None or not seen:
        facts.put("version_in_history", latest)


def _numbered(columns: dict[str, int], lines: Sequence[Line], *, is_named: bool) -> dict[str, int] | None:
    """Return *columns* with 'Issue' or 'No' as the version where its cells are numbers of versions; None where they are something else."""
    if "issue" not in columns:
        return columns
    said = [text for line in lines if (text := text_of(line.cell(columns["issue"])))]
    numbers = [version_order(parse_version(text) or "") for text in said]
    if "version" in columns or not said or None in numbers or not (is_named or any(number and len(number) > 1 for number in numbers)):
        return None
    return {**{name: place for name, place in columns.items() if name != "issue"}, "version": columns["issue"]}


_LISTED = {"version": 0, "date": 1, "author": 2, "changes": 3}
_LISTED_LINE = re.compile(
    r"(?:v|version\s|edition\s|édition\s|fassung\s|versión\s)?(\d{1,3}(?:\.\d{1,3}){1,3})\s*[,;(]\s*([^,;()]{6,30}?)\s*[,;)]\s*([^,;:()]{3,60}?)\s*(?::|\s[–—-])\s*(.+)",
    re.IGNORECASE,
)


def _history_lines(reading: Reading) -> Iterator[Line]:
    """Yield the lines '1.0, 3 May 2026, Ada Finch: approved text' of a history that is a list, as rows."""
    headings = reading.words.tables["history"].headings
    texts: list[tuple[str, str, bool]] = []
    for grid in reading.grids:
        if grid.is_front and not grid.is_sheet and grid.index not in reading.taken:
            for row in grid.lines[:_MOST_HEAD_LINES]:
                for cell in row.cells:
                    lines = text_of(cell).split("\n") if not cell.is_covered else []
                    is_named = any(heading_key(line.rstrip(":")) in headings for line in lines)
                    texts += [(line, row.locator, is_named) for line in lines]
    texts += [(line.text, line.block.locator, bool(line.above) and line.above[0] in headings) for line in reading.prose]
    for number, (text, locator, is_named) in enumerate(texts):
        match = _LISTED_LINE.fullmatch(text.strip(" •–—-*\t")) if is_named else None
        if match is not None and reading.day(match[2]) is not None:
            yield Line(tuple(Cell(part) for part in match.groups()), locator, number)


def _version(reading: Reading, columns: dict[str, int], line: Line, seen: list[tuple[str, date | None]]) -> Iterator[Found]:
    cells = {name: line.cell(place) for name, place in columns.items()}
    version = parse_version(text_of(cells.get("version"))) or ""
    texts = {name: text_of(cell) for name, cell in cells.items()}
    if not version and not texts.get("changes") and not texts.get("date"):
        return
    if len({text for text in texts.values() if text}) == 1 and len(columns) > 1 and not version_order(version):
        return  # a line merged over all columns
    row = Filling(reading, "artefact_version")
    day = day_of(reading, cells.get("date"))
    if "version" in cells and is_known(cells["version"]):
        row.set("version", version)
        numbers = version_order(version)
        if numbers is not None:
            row.set("is_major", numbers[0] >= 1 and not any(numbers[1:]))
    if (is_known(cells.get("date")) and not texts.get("date")) or day:
        row.set("modified_at", instant(day))
    row.person("modified_by", cells.get("author"))
    comment = row.text("comment", cells.get("changes"))
    status = row.code("status", "status", cells.get("status"))
    if status is None and not texts.get("status") and comment and (said := _status_in(reading, comment)):
        row.set("status", said)
    row.day("approved_on", cells.get("approved_on"))
    row.person("approved_by", cells.get("approved_by"))
    if "approved_on" not in cells and comment and (approved := _approval_in(reading, comment)) is not None:
        row.set("approved_on", approved)
    if version:
        seen.append((version, day))
    yield row.found(line.locator, "history", version, str(day or ""), comment[:80])
    if version and row.values.get("status") not in {"draft", "in_review"} and _is_baseline(reading, f"{comment} {texts.get('status', '')}"):
        base = Filling(reading, "baseline")
        base.set("version", version)
        if day is not None or not texts.get("date"):
            base.set("baselined_on", day)
        base.person("approved_by", cells.get("approved_by"))
        yield base.found(line.locator, "history", version)


def _approval_in(reading: Reading, comment: str) -> date | None:
    """Return the day on which the version was approved by what its line says: 'First issue; accepted by the board on 20 May 2025'.

    Only a part that begins with the deed speaks of the version itself: 'Wording of the approved plan of 3 May 2026' does not.
    """
    deeds = "|".join(re.escape(phrase) for phrase in reading.words.phrases.get("deed_approve", ()))
    match = re.search(rf"(?:^|[;.,–—\n(]\s*)(?:{deeds})\s+(?={_BY_WHOM}|\d)([^;\n]*)", comment, re.IGNORECASE) if deeds else None
    return day_in(reading, match[1]) if match is not None else None


def _status_in(reading: Reading, comment: str) -> str | None:
    """Return the status that a comment states: any as its whole text, draft and in review also within a short one.

    'Approved changes merged' says nothing of the approval of the document.
    """
    if (said := reading.words.value("status", comment)) is not None:
        return said
    padded = f" {fold(comment)} "
    within = {
        value
        for words, value in reading.words.values.get("status", {}).items()
        if f" {words} " in padded and (value == "draft" or (value == "in_review" and " " in words))  # 'review' alone says what was done
    }
    return within.pop() if len(within) == 1 and len(comment) <= _SHORT else None


def _is_baseline(reading: Reading, text: str) -> bool:
    padded = f" {fold(text)} "
    said = reading.words.values.get("baseline_words", {})
    return any(f" {words} " in padded for words, value in said.items() if value == "baseline") and not any(
        f" {words} " in padded for words, value in said.items() if value == "not"
    )


def _latest(seen: list[tuple[str, date | None]]) -> str | None:
    """Return the highest version; where versions are no numbers, that of the last day; None when nothing says which."""
    numbers = [(order, version) for version, _ in seen if (order := version_order(version)) is not None]
    if numbers and len(numbers) == len(seen):
        return max(numbers)[1]
    dated = [(day, version) for version, day in seen if day is not None]
    if dated and len(dated) == len(seen):
        last = max(day for day, _ in dated)
        of_last = {version for day, version in dated if day == last}
        return of_last.pop() if len(of_last) == 1 else None
    return None


# Distribution

_MOST_NAME_WORDS = 7
_SENTENCE_END = re.compile(r"(?:\w{4,}|\d)\.$|[a-zà-ÿ]{3,}\.\s+[A-ZÀ-Þ]")


def read_distribution(reading: Reading) -> Iterator[Found]:
    """Yield a row of `distribution` per recipient, from tables below such a heading and from lists beside such a label."""
    for grid in reading.grids:
        if grid.index not in reading.taken and (hit := find_columns(grid, reading.words.tables["distribution"])) is not None:
            columns, lines = hit
            reading.taken.add(grid.index)
            for line in lines:
                cells = {name: line.cell(place) for name, place in columns.items()}
                for name in _recipients(text_of(cells.get("name"))):
                    row = _recipient(reading, name)
                    row.text("version", cells.get("version"))
                    row.day("sent_on", cells.get("date"))
                    row.text("medium", cells.get("medium"))
                    yield row.found(line.locator, "distribution", name)
    yield from _listed_recipients(reading)


def _listed_recipients(reading: Reading) -> Iterator[Found]:
    pairs = [pair for grid in reading.grids for pair in pairs_of(reading, grid)]
    pairs += [pair for line in reading.prose for text in line.text.split("\n") if (pair := pair_in(reading, text, line.block.locator))]
    for pair in pairs:
        if pair.names == ("distribution",):
            for name in _recipients(text_of(pair.cell)):
                yield _recipient(reading, name).found(pair.locator, "distribution", name)


def _recipients(text: str) -> list[str]:
    """Return whom *text* lists; nobody when it is a sentence about how something is distributed."""
    names = names_of(text)
    if any(len(name.split()) > _MOST_NAME_WORDS for name in names) or _SENTENCE_END.search(text.strip()):
        return []
    return names


def _recipient(reading: Reading, name: str) -> Filling:
    row = Filling(reading, "distribution")
    row.set("recipient", person_of(name) or name)
    return row
