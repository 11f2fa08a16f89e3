"""What plans and charters lay down: tailoring, escalation, reports, communication, stages, lists of items, parameters, references."""

# ruff: noqa: SIM905  (lists of words read better as one text)
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from auditor.connect.document import Cell, TextBlock
from auditor.connect.values import Number, clean, fold, multiple_of, parse_boolean, parse_number, parse_people
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.matters.grid import (
    Filling,
    Grid,
    Line,
    Prose,
    Reading,
    find_columns,
    header_texts,
    is_banner,
    is_known,
    text_of,
)
from auditor.snapshot.documents.matters.minutes import AGENDA, MINUTES
from auditor.snapshot.documents.matters.reports import KINDS as REPORTS
from auditor.snapshot.documents.matters.words import DetailWords, ParameterWords, heading_key
from auditor.snapshot.stages import number_of
from auditor.snapshot.words import numbers
from auditor.snapshot.words import words as listed

_NOT_PLANS = MINUTES | AGENDA
_RAISED = frozenset({"risk", "issue", "change"})
"""What a meeting raises and a log should hold: the lists that are read of minutes."""
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n")
_NAMED = frozenset(
    "name title titel bezeichnung inhalt nom titre intitule libelle nombre titulo denominacion description beschreibung".split()
)
_PARTS = re.compile(r"[,;]\s+")
_POST_BEHIND = re.compile(r"(?P<who>[^,()]+?)(?:,\s*(?P<role>[^,()]+)|\s*\((?P<other>[^()]+)\))")
_HOLDER = re.compile(r"(?P<role>[^()]+?)\s*\((?P<who>[^()]+)\)")
_LIMITS = re.compile(r"[,;]\s+|\s+(?:and|und|et|y)\s+")
_AMOUNT = re.compile(
    r"(?:[€$£]|\b[A-Z]{3})\s?\d[\d.,'\u00a0\u202f ]*(?:(?:k|thousand|million)\b)?|\d[\d.,'\u00a0\u202f ]*(?:[€$£]|[A-Z]{3}\b)"
)
_TOTAL = re.compile(r"(?:total|sub ?total|sous total|grand total|sum|summe|gesamt|zwischensumme|suma)\b")
_STAGE_DAYS = ("planned_start", "planned_end", "start", "end", "forecast_end", "actual_start", "actual_end", "authorised_on")
_SCHEDULED = frozenset({"project_plan", "project_work_plan", "project_initiation_documentation", "project_brief"})
_FEWEST_LISTED = 3
_FEWEST_OF_MATTER = 4  # words from which a part of a sentence may speak of something of its own: 'once a month' does not
_LONGEST_SENTENCE = 300
_SHORTEST_SENTENCE = 5  # words
_LONGEST_ITEM = 2000
_MOST_ITEMS = 300
_DEFERRED = re.compile(
    r"\b(may|might|should|could|if|example|e g|pourrait|devrait|si|exemple|konnte|sollte|falls|wenn|beispiel|podria|deberia|ejemplo)\b"
)


def read_plans(reading: Reading, stages: Collection[str] = ()) -> Iterator[Found]:
    """Yield rows of `listed_item`, `stage` and `project_parameter`; *stages* are the tables that were read as registers of stages."""
    yield from _tailoring(reading)
    yield from _delegations(reading)
    yield from _lines(reading, "escalation", "escalation_level", name="level", text="decides", value="limit")
    yield from _lines(reading, "reports_in_use", "report_in_use", name="report", role="responsible", value="frequency", text="audience")
    yield from _lines(
        reading, "communication", "communication", name="what", role="responsible", value="frequency", text="audience", unit="medium"
    )
    yield from _lines(reading, "references", "reference", ref="id", name="name", text="location")
    listed_stages = list(_stages(reading, stages))
    yield from listed_stages
    if not listed_stages:
        yield from _scheduled_stages(reading, stages)
    if reading.kind not in _NOT_PLANS:
        yield from _item_tables(reading)
        yield from _item_lists(reading)
        if reading.kind not in REPORTS:
            yield from _parameters(reading)
    elif reading.kind in MINUTES:
        yield from _item_tables(reading, _RAISED)
        yield from _item_lists(reading, _RAISED)
        yield from _told_risks(reading)


def _item(reading: Reading, grid: Grid | Prose, kind: str, position: int) -> Filling:
    row = Filling(reading, "listed_item")
    row.below(grid.heading)
    row.set("kind", kind)
    row.set("position", position)
    return row


def _tailoring(reading: Reading) -> Iterator[Found]:
    for grid in reading.grids:
        if grid.index in reading.taken or (hit := find_columns(grid, reading.words.tables["tailoring"])) is None:
            continue
        columns, lines = hit
        rows = []
        for position, line in enumerate(lines, 1):
            cells = {name: line.cell(place) for name, place in columns.items()}
            name = text_of(cells.get("artefact"))
            if not name or is_banner(line):
                continue
            row = _item(reading, grid, "tailoring", position)
            row.set("name", name[:300])
            if reading.words.kinds is not None:
                row.set("names_kind", reading.words.kind_of(name))
            used = cells.get("used")
            if used is not None and is_known(used):
                said = parse_boolean(used.text)
                if said is not None or not text_of(used):
                    row.set("is_used", said)
            row.text("reason", cells.get("reason"))
            row.text("text", cells.get("location"))
            rows.append(row.found(line.locator, "tailoring", name))
        used_place = columns.get("used")
        is_about_use = used_place is None or any("is_used" in row.values for row in rows)
        if is_about_use:
            reading.taken.add(grid.index)
            yield from rows


def _delegations(reading: Reading) -> Iterator[Found]:
    """Yield who may decide on changes up to which amount: the number is the limit for one change, the text that for all of them."""
    for grid in reading.grids:
        if grid.index in reading.taken or (hit := find_columns(grid, reading.words.tables["delegations"])) is None:
            continue
        places, lines = hit
        rows = [row for position, line in enumerate(lines, 1) for row in _delegation(reading, grid, places, line, position)]
        if any("number" in row.values for row in rows):
            reading.taken.add(grid.index)
            yield from rows


def _delegation(reading: Reading, grid: Grid, places: dict[str, int], line: Line, position: int) -> Iterator[Found]:
    cells = {name: line.cell(place) for name, place in places.items()}
    said, holder = text_of(cells.get("authority")), text_of(cells.get("name"))
    limit = _limit_in(text_of(cells.get("limit")), reading.language)
    role = reading.words.role(said) if said else None
    if role is not None and not holder and (named := _HOLDER.fullmatch(said)) is not None and reading.words.role(named["role"]) == role:
        holder = named["who"] if named["who"][:1].isupper() else ""  # 'Change Authority (Jo Lake)', not 'Project manager (delegated)'
    if role is None and not holder and (behind := _POST_BEHIND.fullmatch(said)) is not None:
        role = reading.words.role(behind["role"] or behind["other"])
        holder = behind["who"] if role is not None else ""  # 'Jo Lake, change authority'
    # One word that is no role is a body above the project: 'Vorstand', 'Ministry'; a column of names may have surnames alone.
    told = holder or (said if role is None and len(said.split()) > 1 else "")
    people = [person for person in parse_people(told) if person.kind == "person"]
    if (role is None and len(people) != 1) or is_banner(line):
        return
    label = next((text_of(above.cell(places["limit"])) for above in reversed(grid.lines) if above.number < line.number), "")
    row = _item(reading, grid, "delegation", position)
    row.set("name", said[:500])
    row.set("role", role)
    row.set("person_id", people[0].name if len(people) == 1 else None)
    row.set("value", text_of(cells.get("limit"))[:200])
    if limit is not None and not limit.is_percent:  # 'none', 'all' and shares of a budget stay unknown
        row.set("number", limit.value.scaleb(multiple_of(label)))
    if "cumulative" in cells:
        row.text("text", cells.get("cumulative"))
    yield row.found(line.locator, "delegation", said, holder)


def _limit_in(text: str, language: str | None) -> Number | None:
    """Return the limit for one change that *text* says, alone or beside that of all: 'up to £5,000 for one change, £25,000 in total'."""
    if (plain := parse_number(text, language)) is not None:
        return plain
    said = f" {fold(text)} "
    if any(said.startswith(f" {word} ") for word in listed("limit_above")):
        return None
    parts = [part for part in _LIMITS.split(text) if _AMOUNT.search(part)]
    if any(len(_AMOUNT.findall(part)) > 1 for part in parts):
        return None
    ones = [part for part in parts if _says_any(part, "limit_of_one")]
    others = [part for part in parts if part not in ones and not _says_any(part, "limit_of_all")]
    chosen = ones or others
    match = _AMOUNT.search(chosen[0]) if len(chosen) == 1 else None
    return parse_number(match[0].strip(" .,"), language, is_money=True) if match is not None else None


def _says_any(text: str, name: str) -> bool:
    said = f" {fold(text)} "
    return any(f" {word} " in said for word in listed(name))


def _lines(reading: Reading, table: str, kind: str, **columns: str) -> Iterator[Found]:
    """Yield an item per line of tables of one kind; *columns* says which column of the item takes which of the table."""
    for grid in reading.grids:
        if grid.index in reading.taken or (hit := find_columns(grid, reading.words.tables[table])) is None:
            continue
        places, lines = hit
        reading.taken.add(grid.index)
        for position, line in enumerate(lines, 1):
            cells = {name: line.cell(place) for name, place in places.items()}
            called = (columns["name"], columns.get("text", ""), *columns.values())  # a line without a name goes by whom it is for
            name_column = next((name for name in called if name in cells), "")
            name = text_of(cells.get(name_column))
            if not name or is_banner(line):
                continue
            row = _item(reading, grid, kind, position)
            row.set("name", name[:500])
            for column, source in columns.items():
                if column != "name" and source in cells:
                    _fill(reading.words, row, column, cells[source])
            if kind in {"report_in_use", "communication"} and reading.words.kinds is not None:
                row.set("names_kind", reading.words.kind_of(name))
            if kind == "escalation_level" and (role := reading.words.role(name)) is not None:
                row.set("role", role)
            yield row.found(line.locator, kind, name)


def _fill(words: DetailWords, row: Filling, column: str, cell: Cell | None) -> None:
    if cell is None or not is_known(cell):
        return
    text = text_of(cell)
    if column == "role":
        row.set("role", words.role(text) or text[:200])
    else:
        row.set(column, text[:1000])


def _stages(reading: Reading, registers: Collection[str]) -> Iterator[Found]:
    for grid in reading.grids:
        if (
            grid.index in reading.taken
            or (grid.table.locator or grid.table.name) in registers
            or (hit := find_columns(grid, reading.words.tables["stages"])) is None
        ):
            continue
        columns, lines = hit
        columns = _with_names(grid, columns, lines)
        if _repeats(columns, lines):
            continue  # what each period cost, with the stage it belongs to
        reading.taken.add(grid.index)
        is_numbered = False
        for line in lines:
            cells = {name: line.cell(place) for name, place in columns.items()}
            name = text_of(cells.get("phase"))
            if _TOTAL.match(fold(name)):
                break  # what stands below the total is no stage: reserves, notes
            if not name or is_banner(line):
                continue
            begins = number_of(name)
            has_days = any(text_of(cells.get(column)) for column in _STAGE_DAYS)
            if is_numbered and begins is None and not text_of(cells.get("number")) and not has_days:
                continue  # below numbered stages with days: 'Risk budget', 'Changes approved to date'
            is_numbered = is_numbered or (has_days and (begins is not None or bool(text_of(cells.get("number")))))
            row = Filling(reading, "stage")
            row.set("name", name[:300])
            if (phase := reading.words.value("phases", name)) is not None:
                row.set("phase", phase)
                row.set("kind", "phase")
            number = text_of(cells.get("number"))
            if re.fullmatch(r"\d{1,3}\.?", number):
                row.set("number", int(number.rstrip(".")))
            elif "number" not in cells and begins is not None:
                row.set("number", begins)
            _stage_days(row, cells)
            row.day("authorised_on", cells.get("authorised_on"))
            row.person("authorised_by", cells.get("authorised_by"))
            yield row.found(line.locator, "stage", name)


def _repeats(columns: Mapping[str, int], lines: Sequence[Line]) -> bool:
    """Say whether a stage stands in several lines: such a table lists what belongs to stages, not the stages."""
    said = [text for line in lines if (text := fold(text_of(line.cell(columns.get("number", columns["phase"])))))]
    return len(set(said)) < len(said)


_SPANS = (*tuple(frozenset({f"{name}_start", f"{name}_end"}) for name in ("planned", "actual")), frozenset({"start", "end"}))
_CODED = re.compile(r"([^\W\d_]{1,4})[ .-]?(\d{1,2})(?![\w.])")
_CALLED = re.compile(r"[^\W\d_]+[ .-]?\d{1,2}(?![\w.])")


def _scheduled_stages(reading: Reading, registers: Collection[str]) -> Iterator[Found]:
    """Yield the stages that stand among other lines of the schedule of a plan: 'Stage 2 delivery' above its products, 'S2 | Roll-out'.

    Their numbers follow each other, and so do their days; what else the schedule lists lies between the first and the last of them.
    """
    if reading.kind not in _SCHEDULED:
        return
    table = replace(reading.words.tables["stages"], against=frozenset(), sure=_SPANS, named=())
    for grid in reading.grids:
        if (grid.table.locator or grid.table.name) in registers or (hit := find_columns(grid, table)) is None:
            continue
        columns, lines = hit
        dated = {place for name, place in columns.items() if name in _STAGE_DAYS}
        rows: list[tuple[Line, Filling]] = []
        others: list[date] = []
        for line in lines:
            row = Filling(reading, "stage")
            _stage_days(row, {name: line.cell(place) for name, place in columns.items()})
            said = [text for place, cell in enumerate(line.cells) if place not in dated and (text := text_of(cell))][:2]
            begins = row.values.get("planned_start_on", row.values.get("started_on"))
            if begins is None or not said:
                continue
            if (number := _called_stage(said[0])) is None:
                others.append(begins)
                continue
            row.set("number", number)
            row.set("name", _stage_name(said, number)[:300])
            rows.append((line, row))
        if others and _follow(rows, others):
            for line, row in rows:
                yield row.found(line.locator, "stage", str(row.values["name"]))


def _called_stage(text: str) -> int | None:
    """Return the number of the stage that *text* begins with: 'Stage 2 delivery', 'S2', 'S2 Roll-out'."""
    if fold(text).split()[:1] and fold(text).split()[0] in listed("stages_of_projects"):
        number = number_of(text)
        return number if isinstance(number, int) else None
    match = _CODED.match(text)
    return int(match[2]) if match is not None and fold(match[1]) in listed("stage_codes") else None


def _stage_name(said: Sequence[str], number: int) -> str:
    """Return the name of a stage: 'Stage 2 delivery' and 'S2 Roll-out' name themselves, 'S2' is named beside."""
    rest = _CALLED.sub("", said[0], count=1)
    if any(map(str.isalpha, rest)) or len(said) == 1 or not any(map(str.isalpha, said[1])):
        return said[0]
    return f"{number} {said[1]}"


def _follow(rows: Sequence[tuple[Line, Filling]], others: Sequence[date]) -> bool:
    """Say whether the stages of *rows* follow each other by number and by day, and hold the days on which *others* begin."""
    values = [row.values for _, row in rows]
    begins = [day for row in values if isinstance(day := row.get("planned_start_on", row.get("started_on")), date)]
    ends = [day for row in values if isinstance(day := row.get("planned_end_on", row.get("ended_on")), date)]
    if len(rows) < 2 or len(begins) < len(rows) or len(ends) < len(rows):  # a stage alone may be anything
        return False
    is_counted = all(first["number"] + 1 == second["number"] for first, second in pairwise(values))
    is_in_turn = all(end <= begin for end, begin in zip(ends[:-1], begins[1:], strict=True))
    return is_counted and is_in_turn and all(begins[0] <= day <= ends[-1] for day in others)


def _stage_days(row: Filling, cells: Mapping[str, Cell | None]) -> None:
    """Fill the days of a stage; what is forecast where the true end will stand has not come."""
    row.day("planned_start_on", cells.get("planned_start", cells.get("start")))
    row.day("planned_end_on", cells.get("planned_end", cells.get("end")))
    row.day("forecast_end_on", cells.get("forecast_end"))
    row.day("started_on", cells.get("actual_start"))
    end = cells.get("actual_end")
    said = text_of(end) if end is not None else ""
    words = said.split(maxsplit=1)
    if len(words) == 2 and fold(words[0]) in listed("outlook_forecast"):
        row.set("ended_on", None)
        if "forecast_end_on" not in row.filled:
            row.day("forecast_end_on", Cell(words[1]))
    else:
        row.day("ended_on", end)


def _with_names(grid: Grid, columns: dict[str, int], lines: Sequence[Line]) -> dict[str, int]:
    """Return *columns* with number and name apart where the stages are numbered below their name: 'Stage | Name | Start | End'."""
    if "number" in columns or "phase" not in columns or not lines:
        return columns
    said = [text for line in lines if (text := text_of(line.cell(columns["phase"])))]
    header = grid.lines[grid.lines.index(lines[0]) - 1] if lines[0] in grid.lines else None
    if header is None or not said or not all(re.fullmatch(r"\d{1,3}\.?", text) for text in said):
        return columns
    heads = header_texts(header)
    named = [place for place, head in enumerate(heads) if place not in columns.values() and fold(head) in _NAMED]
    beside = columns["phase"] + 1
    is_named = all(any(map(str.isalpha, text_of(line.cell(beside)))) for line in lines)
    if not named and beside < len(heads) and beside not in columns.values() and is_named:
        named = [beside]  # 'Stage | Content | From | To'
    return {**columns, "number": columns["phase"], "phase": named[0]} if len(named) == 1 else columns


# Lists of items


_HEADING_PARTS = re.compile(r"\s*:\s+|\s+[–—-]\s+")


def _list_kind(reading: Reading, above: tuple[str, ...], heading: TextBlock | None) -> str | None:
    """Return what items stand below what is said above them; the last part of a heading counts: 'Effectiveness: success criteria'."""
    kinds = reading.words.lists
    found = next((kind for key in above[:2] if (kind := kinds.get(key)) is not None), None)
    if found is not None or heading is None or heading_key(heading.text) not in above[:2]:
        return found
    return kinds.get(heading_key(_HEADING_PARTS.split(heading.text)[-1]))


def _item_tables(reading: Reading, only: Collection[str] = ()) -> Iterator[Found]:
    """Yield an item per line of tables below the heading of a list; *only*: kinds of items, none means all."""
    for grid in reading.grids:
        if grid.is_sheet or grid.index in reading.taken or (kind := _list_kind(reading, grid.above, grid.heading)) is None:
            continue
        if only and kind not in only:
            continue
        words = reading.words.tables["items"]
        is_found = None
        for start, line in enumerate(grid.lines[:3]):
            columns = words.columns_of(["" if cell.is_covered else clean(cell.text, 300) for cell in line.cells], is_named=True)
            if columns is not None and len(columns) * 2 >= sum(1 for cell in line.cells if cell.text.strip()) - 1:
                is_found = columns, grid.lines[start + 1 :]
                break
        if is_found is None:
            continue
        columns, lines = is_found
        columns = _with_refs(columns, lines)
        has_no_measure = kind == "acceptance_criterion" and _is_understood(grid.lines[start], columns)
        reading.taken.add(grid.index)
        for position, line in enumerate(lines[:_MOST_ITEMS], 1):
            cells = {name: line.cell(place) for name, place in columns.items()}
            name = text_of(cells.get("name"))
            body = text_of(cells.get("text"))
            if not (name or body) or is_banner(line):
                continue
            row = _item(reading, grid, kind, position)
            row.text("ref", cells.get("id"))
            row.text("name", cells.get("name"))
            row.text("text", cells.get("text"))
            if has_no_measure and "text" not in columns:
                row.set("text", None)
            row.day("on_date", cells.get("date"))
            row.person("person_id", cells.get("owner"))
            row.text("value", cells.get("value"))
            yield row.found(line.locator, kind, name or body[:80], text_of(cells.get("id")))


def _is_understood(header: Line, columns: Mapping[str, int]) -> bool:
    """Say whether every column of a list is known, so that none can hold what the others do not say."""
    places = {place for place, cell in enumerate(header.cells) if cell.text.strip() and not cell.is_covered} - set(columns.values())
    return all(fold(header.cells[place].text) in listed("ranks") for place in places)


_IN_BRACKETS = re.compile(r"\s*[(\[]([^\W\d_]{1,5}[-_. ]?\d{1,4})[)\]]")
_REF = re.compile(r"[^\W\d_]{1,5}[-_. ]?\d{1,4}")


def _with_refs(columns: dict[str, int], lines: Sequence[Line]) -> dict[str, int]:
    """Take numbers below the header that names the items for their numbers, where a text beside them names them: 'Risk | Description'."""
    if "id" in columns or not {"name", "text"} <= columns.keys():
        return columns
    named = [text for line in lines if (text := text_of(line.cell(columns["name"])))]
    if not named or len(set(named)) < len(named) or not all(_REF.fullmatch(text) for text in named):
        return columns
    others = {name: place for name, place in columns.items() if name not in {"name", "text"}}
    return {**others, "id": columns["name"], "name": columns["text"]}


def _item_lists(reading: Reading, only: Collection[str] = ()) -> Iterator[Found]:
    """Yield an item per point of lists below the heading of a list; *only*: kinds of items, none means all."""
    position: dict[tuple[str, int], int] = {}
    for line in reading.prose:
        if not line.block.is_list_item or line.block.list_level > 0 or line.heading is None:
            continue
        kind = _list_kind(reading, (heading_key(line.heading.text),), line.heading)
        if kind is None or len(line.text) > _LONGEST_ITEM or (only and kind not in only):
            continue
        place = position[kind, id(line.heading)] = position.get((kind, id(line.heading)), 0) + 1
        if place > _MOST_ITEMS:
            continue
        row = _item(reading, line, kind, place)
        row.set("text", line.text)
        if kind == "risk" and reading.kind not in _NOT_PLANS:
            named = _IN_BRACKETS.search(line.text)
            row.set("name", _IN_BRACKETS.sub("", line.text).strip(" .;")[:500])
            row.set("ref", named[1] if named is not None else None)
        yield row.found(line.block.locator, kind, line.text[:120])


_NEW_RISK = re.compile(
    r"\b(?:new|further|additional|nouveau|autre|neues|weiteres|nuevo|otro)\s+(?:risk|risque|risiko|riesgo)\s*:\s*(?P<told>[^.\n]+)",
    re.IGNORECASE,
)
_FEWEST_TOLD = 4  # words


def _told_risks(reading: Reading) -> Iterator[Found]:
    """Yield the risks that a sentence of minutes tells of: 'Ada Finch raised a new risk: the archive moves in winter'."""
    for place, line in enumerate(reading.prose, start=1):
        for match in _NEW_RISK.finditer(line.text):
            told = match["told"].strip(" ;")
            if len(told.split()) < _FEWEST_TOLD or line.block.is_list_item:
                continue  # 'none'; points of a list are read as a list
            row = _item(reading, line, "risk", place)
            row.set("text", told[:_LONGEST_ITEM])
            row.set("name", told[:500])
            row.set("ref", None)
            yield row.found(line.block.locator, "risk", told[:120])


# Parameters


_OF_CONTRACTORS = frozenset({"outsourcing_plan", "outsourcing_records", "contractor_status_report"})


def _parameters(reading: Reading) -> Iterator[Found]:
    """Yield what sentences set: 'Status reports are issued every two weeks'. A sentence that says two values, or 'may', sets none."""
    titled = set(fold(reading.titles[0]).split()) if reading.titles else set()
    if reading.kind in _OF_CONTRACTORS or titled & listed("contract_titles"):
        return  # they lay down how often the contractor reports
    seen: dict[str, set[str]] = {}
    rows: list[tuple[str, Found]] = []
    for line in reading.prose:
        for sentence in _SENTENCE.split(line.text):
            words = fold(sentence)
            if len(sentence) > _LONGEST_SENTENCE or len(words.split()) < _SHORTEST_SENTENCE or _DEFERRED.search(words):
                continue
            for parameter in reading.words.parameters:
                clause = _clause_of(parameter, sentence) if parameter.says == "interval" else words
                value = None if _is_of_others(parameter, clause) else _value_of(reading.words, parameter, clause)
                if value is None and parameter.says == "interval" and not _is_of_others(parameter, words):
                    value = _by_stage(reading.words, parameter, words)
                if value is None:
                    continue
                seen.setdefault(parameter.name, set()).add(value)
                rows.append((parameter.name, _parameter(reading, line, parameter, value)))
    for grid in reading.grids:
        rows += _frequencies(reading, grid, seen)
    done: set[str] = set()
    for name, row in rows:
        by_stage = {value for value in seen[name] if _BETWEEN_VALUES in value}
        if by_stage and str(row.values.get("value")) not in by_stage:
            continue
        if (len(seen[name]) == 1 or by_stage) and name not in done:
            done.add(name)
            yield row


_BETWEEN_VALUES = " / "


def _by_stage(words: DetailWords, parameter: ParameterWords, sentence: str) -> str | None:
    """Return the intervals that a sentence sets for one stage and for another: no single number, so nothing is measured by a usual one.

    'Highlight reports: every two months in stage 2, every month in stage 3'.
    """
    padded = f" {sentence} "
    stages = sum(word in listed("stages_of_projects") for word in sentence.split())
    if stages < _FEWEST_STAGES or not any(f" {about} " in padded for about in parameter.about):
        return None
    found = {phrase: days for phrase, days in words.values.get("interval", {}).items() if f" {phrase} " in padded}
    days = sorted({int(number) for number in found.values()})
    return _BETWEEN_VALUES.join(map(str, days)) if len(days) > 1 else None


_FEWEST_STAGES = 2


def _clause_of(parameter: ParameterWords, sentence: str) -> str:
    """Return the part of a list of matters that speaks of the parameter, folded: 'team reports weekly, risk reviews monthly, …'.

    A sentence of one or two parts is one statement.
    """
    statements = [part for part in sentence.split(";") if any(f" {about} " in f" {fold(part)} " for about in parameter.about)]
    if len(statements) == 1:
        sentence = statements[0]  # 'Status reports are monthly; once a year the board gets a report'
    parts = [fold(part) for part in _PARTS.split(sentence)]
    if len(parts) < _FEWEST_LISTED:
        # 'The register is reviewed weekly, the result is in the status reports': how often stands with another matter
        at = next((place for place, part in enumerate(parts) if any(f" {about} " in f" {part} " for about in parameter.about)), 0)
        return parts[at] if at and len(parts[at - 1].split()) >= _FEWEST_OF_MATTER else fold(sentence)
    return next((part for part in parts if any(f" {about} " in f" {part} " for about in parameter.about)), fold(sentence))


def _frequencies(reading: Reading, grid: Grid, seen: dict[str, set[str]]) -> Iterator[tuple[str, Found]]:
    """Yield the intervals of tables of reports in use and of meetings."""
    for table, column in (("reports_in_use", "report"), ("communication", "what")):
        hit = find_columns(grid, reading.words.tables[table])
        if hit is None or "frequency" not in hit[0]:
            continue
        for line in hit[1]:
            name = fold(text_of(line.cell(hit[0].get(column))))
            days = interval_in(reading.words, fold(text_of(line.cell(hit[0]["frequency"]))))
            for parameter in reading.words.parameters:
                if (
                    days is None
                    or parameter.says != "interval"
                    or not name
                    or _is_of_others(parameter, name)
                    or not (name in parameter.named or any(f" {about} " in f" {name} " for about in parameter.about))
                ):
                    continue
                seen.setdefault(parameter.name, set()).add(days)
                row = Filling(reading, "project_parameter")
                row.set("name", parameter.name)
                row.set("value", days)
                row.set("unit", "days")
                row.below(grid.heading)
                yield parameter.name, row.found(line.locator, "parameter", parameter.name)
        return


def _is_of_others(parameter: ParameterWords, text: str) -> bool:
    """Say whether folded *text* speaks of another house than *parameter*: the project's reports are none of its contractor."""
    return _is_of_contractors(text) != any(map(_is_of_contractors, parameter.about))


def _is_of_contractors(text: str) -> bool:
    """Say whether folded *text* speaks of somebody of another house: 'contractor status report' is none of the project."""
    return not listed("contractors").isdisjoint(text.split())


def _parameter(reading: Reading, line: Prose, parameter: ParameterWords, value: str) -> Found:
    row = Filling(reading, "project_parameter")
    row.set("name", parameter.name)
    row.set("value", value)
    if parameter.says == "interval":
        row.set("unit", "days")
    row.below(line.heading)
    return row.found(line.block.locator, "parameter", parameter.name)


def _value_of(words: DetailWords, parameter: ParameterWords, sentence: str) -> str | None:
    padded = f" {sentence} "
    if parameter.says == "interval":  # 'reviewed monthly and before each meeting of the committee' says not how often that meets
        for beside in listed("beside_each"):
            for about in parameter.about:
                padded = padded.replace(f" {beside} {about} ", "  ")
    if not any(f" {about} " in padded for about in parameter.about):
        return None
    if parameter.says == "interval":
        return interval_in(words, sentence)
    if parameter.after and not any(f" {after} " in padded for after in parameter.after):
        return None
    if parameter.says == "line":
        return _line_in(words, parameter, padded)
    numbers = set(re.findall(r"(?<!\S)\d{1,4}(?!\S)", sentence))
    return numbers.pop() if len(numbers) == 1 else None


def _line_in(words: DetailWords, parameter: ParameterWords, padded: str) -> str | None:
    """Return the lowest number beyond the line that a folded sentence draws: 'a residual score above 15' and 'of 16 or more' → 16."""
    about, above, begin, behind = (
        "|".join(map(re.escape, sorted(said, key=len, reverse=True)))
        for said in (parameter.about, words.markers["line_above"], words.markers["line_from"], words.markers["line_behind"])
    )
    found = {int(match[1]) + 1 for match in re.finditer(rf" (?:{about}) (?:{above}) (\d{{1,3}})(?= )", padded)}
    found |= {int(match[1]) for match in re.finditer(rf" (?:{about}) (?:{begin}) (\d{{1,3}})(?= )", padded)}
    found |= {int(match[1]) for match in re.finditer(rf" (?:{about}) (?:\w{{2,4}} )?(\d{{1,3}}) (?:{behind})(?= )", padded)}
    return str(found.pop()) if len(found) == 1 else None


def interval_in(words: DetailWords, text: str) -> str | None:
    """Return the one interval that *text* names, in days; None when it names none or several."""
    padded = f" {text} "
    found: dict[str, str] = {}
    for phrase, days in sorted(words.values.get("interval", {}).items(), key=lambda item: -len(item[0])):
        if f" {phrase} " in padded:
            padded = padded.replace(f" {phrase} ", "  ")
            found[phrase] = days
    units, every = words.values.get("unit_days", {}), words.values.get("every", {})
    all_days = set(found.values())
    for match in re.finditer(r"(?<= )(\d{1,3}|[^\W\d_]+)(?= ([^\W\d_]+) )", padded):
        number = int(match[1]) if match[1].isdigit() else numbers().get(match[1], 0)
        if number and match[2] in units and any(padded[: match.start()].rstrip().endswith(f" {word}") for word in every):
            all_days.add(str(number * int(units[match[2]])))
    return all_days.pop() if len(all_days) == 1 else None
