"""Decision tables in files: YAML, CSV and xlsx, read with the place of every cell and written without loss.

A sheet begins with its head (`table`, `hit`, …: word and value side by side), then an empty line, the names of the columns, and the rows.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from pydantic import field_validator

from auditor.errors import AuditorError, Location, RuleError, did_you_mean
from auditor.model.row import Frozen
from auditor.rulebook.decision_cell import ANY
from auditor.rulebook.decision_table import (
    BECAUSE,
    CHARACTERISTICS,
    CITES,
    HEAD,
    MOST_COLUMNS,
    MOST_ROWS,
    Complete,
    DecisionTable,
    Declared,
    Hit,
    Places,
    head_mistakes,
)
from auditor.rulebook.obligations import Duty
from auditor.rulebook.production import Production
from auditor.rulebook.rule import Severity
from auditor.rulebook.yaml_source import Source, parse_yaml, read_bounded, read_model

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

FORMATS = (".yaml", ".csv", ".xlsx")
SHEET = "table"

_MOST_UNPACKED = 60_000_000  # bytes of an xlsx without its compression
_NUMBER = re.compile(r"0|[1-9][0-9]{0,14}")
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # a workbook tells when it was made; equal tables are equal files
_SCHEMA = "# yaml-language-server: $schema=../../schema/decision_table.json"


class TableFile(Frozen):
    """A decision table in YAML: tailoring row by row. A column that a row does not name is `-`."""

    table: str
    title: str = ""
    hit: Hit
    complete: Complete = "always"
    declared: Declared = "wins"
    columns: list[str]
    rows: list[dict[str, str | bool | int | Decimal]]

    @field_validator("rows", mode="before")
    @classmethod
    def _cells(cls, value: Any) -> Any:
        if isinstance(value, list) and any(isinstance(row, dict) and None in row.values() for row in value):
            raise ValueError("a cell is empty; `-` means any value, or nothing")
        return value


def is_table(data: Any) -> bool:
    """Return whether the data of a YAML file is a decision table."""
    return isinstance(data, dict) and "table" in data


def load_table(file: Path | Traversable, name: str, errors: list[AuditorError]) -> tuple[DecisionTable, Places] | None:
    """Return the table of a file and its places, or add what is wrong to *errors* and return None.

    Args:
        file: `.yaml`, `.csv` or `.xlsx`.
        name: how errors call it.
        errors: where mistakes are collected.

    Raises:
        RuleError: the file cannot be read at all.
    """
    content = read_bounded(file, name)
    if name.endswith(".yaml"):
        return table_of_yaml(parse_yaml(content, name), errors)
    if name.endswith(".csv"):
        return _of_records(_csv_records(content, name), name, "", errors)
    if name.endswith(".xlsx"):
        sheet, records = _xlsx_records(content, name)
        return _of_records(records, name, sheet, errors)
    raise RuleError("a decision table is a .yaml, .csv or .xlsx file", at=Location(name))


def write_table(table: DecisionTable, kind: str) -> bytes:
    """Return *table* as a file of *kind* (`.yaml`, `.csv`, `.xlsx`): the same bytes for the same table."""
    writers: Mapping[str, Callable[[DecisionTable], bytes]] = {".yaml": _as_yaml, ".csv": _as_csv, ".xlsx": _as_xlsx}
    return writers[kind](table)


# YAML


def table_of_yaml(source: Source, errors: list[AuditorError]) -> tuple[DecisionTable, Places] | None:
    """Return the table that a YAML file holds, or add what is wrong to *errors* and return None."""
    read = read_model(TableFile, source, errors)
    if read is None:
        return None
    positions = source.positions
    before = len(errors)
    for number, row in enumerate(read.rows):
        for name in row:
            if name not in read.columns:
                at = positions.at_key("rows", number, name)
                errors.append(RuleError(f"the table has no column {name[:60]!r}", at=at, hint=did_you_mean(name, read.columns)))
    places = Places(
        file=positions.file,
        first_line=positions.first_line,
        head={word: positions.at(word) for word in HEAD if positions.has(word)},
        columns={column: positions.at("columns", column) for column in range(len(read.columns))},
        cells={(row, column): positions.at("rows", row, name) for row in range(len(read.rows)) for column, name in enumerate(read.columns)},
    )
    if len(errors) > before:
        return None
    rows = [[_text(row.get(name, ANY)) for name in read.columns] for row in read.rows]
    return _table({word: getattr(read, word) for word in HEAD}, read.columns, rows), places


def _table(head: Mapping[str, Any], columns: Sequence[str], rows: Iterable[Sequence[str]]) -> DecisionTable:
    """Return the table; a consequence that is left empty is `-`. An empty condition stays what it is: a mistake."""
    filled = [
        tuple(ANY if not text and name not in CHARACTERISTICS else text for name, text in zip(columns, row, strict=True)) for row in rows
    ]
    return DecisionTable(**head, columns=tuple(columns), rows=tuple(filled))


def _as_yaml(table: DecisionTable) -> bytes:
    lines = [_SCHEMA, f"table: {_flow(table.table)}"]
    lines += [f"title: {_flow(table.title)}"] if table.title else []
    lines += [f"hit: {table.hit}", f"complete: {table.complete}", f"declared: {table.declared}"]
    lines += ["columns:", *(f"- {_quoted(name)}" for name in table.columns), "rows:" if table.rows else "rows: []"]
    for row in table.rows:
        said = [f"{_quoted(name)}: {_quoted(text)}" for name, text in zip(table.columns, row, strict=True) if text != ANY]
        lines.append(f"- {{{', '.join(said)}}}")
    return ("\n".join(lines) + "\n").encode()


_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*|0|[1-9][0-9]{0,14}")
_WORDS = frozenset({"true", "false", "null"})


def _quoted(text: str) -> str:
    if _PLAIN.fullmatch(text) and text not in _WORDS:
        return text
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False))


# Sheets


def _of_records(records: Sequence[Sequence[str]], file: str, sheet: str, errors: list[AuditorError]) -> tuple[DecisionTable, Places] | None:
    """Return the table that a sheet's rows of cells hold."""

    def at(row: int, column: int) -> Location:
        return Location(f"{file}, {f'{sheet}!' if sheet else ''}{cell_name(row, column)}")

    before = len(errors)
    head: dict[str, str] = {}
    head_at: dict[str, Location] = {}
    number = 0
    while number < len(records) and not any(records[number]):
        number += 1
    while number < len(records) and any(records[number]):
        word, value, *rest = (*records[number], "", "")
        if word in head or any(rest):
            errors.append(RuleError("the head has a word and its value in each row, each word once", at=at(number, 0)))
        head[word], head_at[word] = value, at(number, 1)
        number += 1
    while number < len(records) and not any(records[number]):
        number += 1
    if "table" not in head or number == len(records):
        hint = "first rows: table, hit; an empty row; the names of the columns; the rows"
        errors.append(RuleError("this is no decision table", at=Location(file), hint=hint))
        return None
    columns = list(records[number])
    while columns and not columns[-1]:
        columns.pop()
    places = Places(
        file=file,
        head=head_at,
        columns={column: at(number, column) for column in range(len(columns))},
    )
    errors.extend(head_mistakes(head, places))
    rows: list[tuple[str, ...]] = []
    cells: dict[tuple[int, int], Location] = {}
    for place, record in enumerate(records[number + 1 :], start=number + 1):
        if not any(record):
            continue
        for column, text in enumerate(record[len(columns) :], start=len(columns)):
            if text:
                errors.append(RuleError("there is no name of a column above this cell", at=at(place, column)))
        cells |= {(len(rows), column): at(place, column) for column in range(len(columns))}
        padded = [*record, *[""] * len(columns)][: len(columns)]
        rows.append(tuple(padded))
    if len(errors) > before:
        return None
    given: dict[str, Any] = {word: head[word] for word in HEAD if word in head}
    return _table(given, columns, rows), replace(places, cells=cells)


def cell_name(row: int, column: int) -> str:
    """Return what a spreadsheet calls a cell; both count from 0."""
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row + 1}"


def _records(table: DecisionTable) -> Iterator[tuple[str, ...]]:
    for word in HEAD:
        value = getattr(table, word)
        if value:
            yield word, value
    yield ()
    yield table.columns
    yield from table.rows


def _text(value: Any) -> str:
    """Return a value of a file as the text of a cell."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        value = int(value) if value == int(value) else Decimal(repr(value))
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value).replace("\r\n", "\n").replace("\r", "\n").strip()


# CSV


def _csv_records(content: bytes, name: str) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RuleError("the file is not UTF-8", at=Location(name), hint="save it as “CSV UTF-8”") from error
    first = next((line for line in text.splitlines() if line.strip(" ,;\t")), "")
    found = re.match(r'\s*"?[a-z]+"?\s*([,;\t])', first)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=found[1] if found else ",", strict=True))
    except csv.Error as error:
        raise RuleError(f"this is no CSV: {error}", at=Location(name)) from error
    _bounded(len(rows), max(map(len, rows), default=0), name)
    return [[_text(value) for value in row] for row in rows]


def _as_csv(table: DecisionTable) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerows(_records(table))
    return stream.getvalue().encode()


# xlsx


def _xlsx_records(content: bytes, name: str) -> tuple[str, list[list[str]]]:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415  (only where there is a workbook)

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(item.file_size for item in packed.infolist())
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise RuleError("this is no xlsx workbook", at=Location(name), hint="save it as .xlsx, without a password") from error
    if unpacked > _MOST_UNPACKED:
        raise RuleError("the workbook is too large", at=Location(name))
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        if not book.sheet_names:
            raise RuleError("the workbook has no sheet", at=Location(name))
        sheet = SHEET if SHEET in book.sheet_names else book.sheet_names[0]
        found = book.get_sheet_by_name(sheet)
        _bounded(found.total_height, found.total_width, name)
        values = found.to_python(skip_empty_area=False)
    except CalamineError as error:
        raise RuleError("this is no xlsx workbook", at=Location(name), hint="save it as .xlsx, without a password") from error
    records = []
    for row, line in enumerate(values):
        for column, value in enumerate(line):
            if isinstance(value, (date, time, timedelta)):
                at = Location(f"{name}, {sheet}!{cell_name(row, column)}")
                raise RuleError("the cell holds a date or a time", at=at, hint="format the cell as text")
        records.append([_text(value) for value in line])
    return sheet, records


def _bounded(rows: int, columns: int, name: str) -> None:
    if rows > MOST_ROWS + 100 or columns > MOST_COLUMNS + 100:
        raise RuleError(f"a table has at most {MOST_ROWS} rows and {MOST_COLUMNS} columns", at=Location(name))


def _as_xlsx(table: DecisionTable) -> bytes:
    import xlsxwriter  # noqa: PLC0415  (as above)

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"title": table.title or table.table, "created": _EPOCH})
        _write_sheet(book, book.add_worksheet(SHEET), table)
    return stream.getvalue()


def _write_sheet(book: "Workbook", sheet: "Worksheet", table: DecisionTable) -> None:
    bold = book.add_format({"bold": True, "bg_color": "#DDE6F0", "border": 1, "text_wrap": True, "valign": "top"})
    plain = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
    word = book.add_format({"bold": True})
    records = list(_records(table))
    names = records.index(table.columns, records.index(()))
    for row, record in enumerate(records):
        for column, text in enumerate(record):
            style = plain if row > names else bold if row == names else word if column == 0 else None
            if row > names and _NUMBER.fullmatch(text):
                sheet.write_number(row, column, int(text), style)
            else:
                sheet.write_string(row, column, text, style)
    last = max(len(records) - 1, names + 1)
    sheet.freeze_panes(names + 1, 0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(names)
    if table.rows:
        sheet.autofilter(names, 0, last, len(table.columns) - 1)
    for column, name in enumerate(table.columns):
        sheet.set_column(column, column, 60 if name == BECAUSE else 30 if name in (CITES, "drop") else max(14, min(len(name) + 4, 34)))
        choices = _choices(name)
        if choices:
            sheet.data_validation(names + 1, column, last + 200, column, {"validate": "list", "source": [*choices, ANY]})
    for row, record in enumerate(records[:names]):
        if record and record[0] in _HEAD_CHOICES:
            sheet.data_validation(row, 1, row, 1, {"validate": "list", "source": list(_HEAD_CHOICES[record[0]])})


_HEAD_CHOICES: Mapping[str, tuple[str, ...]] = {"hit": get_args(Hit), "complete": get_args(Complete), "declared": get_args(Declared)}


def _choices(name: str) -> list[str]:
    if name.startswith("require "):
        return list(get_args(Duty))
    return [str(one) for one in Severity] if name.startswith("severity ") else []


# Productions


def productions_text(productions: Iterable[Production]) -> str:
    """Return productions as a file of `reasoning/`: what a table turns into."""
    lines = ["# yaml-language-server: $schema=../../schema/reasoning.json", "step: tailoring", "productions:"]
    for item in productions:
        lines += [f"- name: {item.name}", "  when:"]
        lines += [f"  - {_flow(_said(pattern))}" for pattern in item.when]
        lines += ["  then:", *(f"  - {_flow(_said(then))}" for then in item.then), f"  because: {_flow(item.because)}"]
        lines += [f"  cites: {_flow([_said(citation) for citation in item.cites])}"] if item.cites else []
    return "\n".join(lines) + "\n"


def _said(value: Frozen) -> dict[str, Any]:
    return {
        info.alias or name: getattr(value, name)
        for name, info in type(value).model_fields.items()
        if name in value.model_fields_set and getattr(value, name) is not None
    }


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_quoted(str(key))}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, int):
        return str(value)
    text = str(value)
    return json.dumps(text) if _NUMBER.fullmatch(text) else _quoted(text)
