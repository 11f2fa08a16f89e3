"""A sample as a workbook that people fill in, and what they wrote in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType

from pydantic import ValidationError

from auditor.errors import StoreError, UsageError, did_you_mean
from auditor.sampling.draw import Sample
from auditor.sampling.projection import Says

_LONGEST = 32_000  # a cell holds 32,767 characters
_PLAN = "Plan"
_ITEMS = "Items"
_COLUMNS = (
    ("No.", 6),
    ("What", 64),
    ("Where", 44),
    ("Part", 18),
    ("Answer", 16),
    ("Note", 44),
    ("Read by", 22),
    ("Read on", 13),
    ("Table", 14),
    ("Id", 18),
)
_ANSWERS: Mapping[str, Says] = MappingProxyType({"yes": "yes", "no": "no", "partly": "partly", "not applicable": "not_applicable"})
_PART = 30_000


@dataclass(frozen=True, slots=True)
class Read:
    """What a person wrote about one item."""

    table: str
    subject: str
    says: Says
    note: str
    author: str
    on: date | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A filled-in sample.

    Attributes:
        read: what is answered, in the order of the file.
        mistakes: what is no answer, each with its cell.
    """

    sample: Sample
    read: tuple[Read, ...]
    mistakes: tuple[str, ...]


def write_sheet(sample: Sample, title: str, question: str, path: Path) -> Path:
    """Write *sample* as xlsx: what is asked and why so many, then the items with room for answers; return *path*.

    Raises:
        StoreError: the file cannot be written.
    """
    import xlsxwriter  # noqa: PLC0415  (only where a workbook is written)

    partial = path.with_name(f".{path.name}.part")
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    try:
        with xlsxwriter.Workbook(str(partial), options) as book:
            book.set_properties({"title": title, "created": datetime(2000, 1, 1)})  # noqa: DTZ001  (the same bytes at any time)
            _items(book, sample)
            _plan(book, sample, title, question)
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise StoreError(f"{path}: it cannot be written: {error.strerror}", hint="is the folder there, and the file closed?") from error
    return path


def _items(book: "xlsxwriter.Workbook", sample: Sample) -> None:  # type: ignore[name-defined]  # noqa: F821  (loaded where it is needed)
    sheet = book.add_worksheet(_ITEMS)
    common = {"valign": "top", "text_wrap": True, "border": 1, "border_color": "#CDD5DF"}
    head = book.add_format({"bold": True, "bg_color": "#1D4F91", "font_color": "#FFFFFF", "text_wrap": True, "valign": "vcenter"})
    text, link = book.add_format(common), book.add_format(common | {"font_color": "#1D4F91", "underline": 1})
    write = book.add_format(common | {"bg_color": "#FFFBE6", "locked": False})
    day = book.add_format(common | {"bg_color": "#FFFBE6", "locked": False, "num_format": "yyyy-mm-dd", "align": "left"})
    for column, (name, width) in enumerate(_COLUMNS):
        sheet.write_string(0, column, name, head)
        sheet.set_column(column, column, width, None, {"hidden": name in ("Table", "Id")})
    for number, item in enumerate(sample.items, 1):
        sheet.write_number(number, 0, number, text)
        lines = 1 + max(sum(len(line) // 66 + 1 for line in item.what.split("\n")), len(item.place) // 42 + 1)
        sheet.set_row(number, min(15 * (lines - 1), 300))  # a height that no program has to work out
        for column, value in ((1, item.what), (3, item.stratum), (8, item.table), (9, item.id)):
            sheet.write_string(number, column, value[:_LONGEST], text)
        place = item.place or item.url
        if item.url.startswith(("https://", "http://")) and len(item.url) < 2_000:
            sheet.write_url(number, 2, item.url, link, place[:255])
        else:
            sheet.write_string(number, 2, place[:_LONGEST], text)
        for column in (4, 5, 6):
            sheet.write_blank(number, column, None, write)
        sheet.write_blank(number, 7, None, day)
    last = max(1, len(sample.items))
    sheet.data_validation(1, 4, last, 4, {"validate": "list", "source": list(_ANSWERS)})
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, last, len(_COLUMNS) - 1)
    sheet.protect("", {"sort": True, "autofilter": True, "format_columns": True, "format_rows": True})
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _plan(book: "xlsxwriter.Workbook", sample: Sample, title: str, question: str) -> None:  # type: ignore[name-defined]  # noqa: F821
    sheet = book.add_worksheet(_PLAN)
    bold = book.add_format({"bold": True, "valign": "top"})
    text = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 90)
    lines = (
        ("Sample of", f"{title} ({sample.rule})"),
        ("Project", sample.project),
        ("What is asked of each", question),
        ("How many, and why", sample.why()),
        *((f"Part, by {sample.by}", f"{part.name}: {part.drawn} of {part.population}") for part in sample.strata if sample.by),
        ("Seed", sample.seed),
        ("Snapshot", sample.snapshot),
        ("How to fill it in", "Answer yes, no, partly or not applicable in the yellow cells; rows may be sorted and filtered."),
    )
    for row, (name, value) in enumerate(lines):
        sheet.write_string(row, 0, name, bold)
        sheet.write_string(row, 1, value[:_LONGEST], text)
    kept = sample.model_dump_json()
    for number, start in enumerate(range(0, len(kept), _PART)):
        sheet.write_string(len(lines) + 1 + number, 0, "auditor", text)
        sheet.write_string(len(lines) + 1 + number, 1, kept[start : start + _PART], text)
        sheet.set_row(len(lines) + 1 + number, None, None, {"hidden": True})
    sheet.protect()
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def read_sheet(path: Path) -> Sheet:
    """Return what people wrote into a sample; rows may have been sorted, filtered or deleted.

    Raises:
        UsageError: the file is no sample, or cannot be read.
    """
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415  (only where a workbook is read)

    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    except (CalamineError, OSError, ValueError) as error:
        raise UsageError(f"{path}: it cannot be read as a workbook", hint="give the .xlsx that `auditor sample draw` wrote") from error
    kept = "".join(str(row[1]) for row in sheets.get(_PLAN, ()) if len(row) > 1 and row[0] == "auditor")
    try:
        sample = Sample.model_validate_json(kept)
    except ValidationError:
        raise UsageError(
            f"{path}: it holds no sample", hint="give the .xlsx that `auditor sample draw` wrote, with both its sheets"
        ) from None
    return _answers(sample, sheets.get(_ITEMS, []), path.name)


def _answers(sample: Sample, rows: Sequence[Sequence[object]], file: str) -> Sheet:
    names = [str(cell).strip() for cell in rows[0]] if rows else []
    missing = [name for name in ("Answer", "Note", "Read by", "Read on", "Table", "Id") if name not in names]
    if missing:
        raise UsageError(f"{file}: the sheet {_ITEMS} has no column {missing[0]!r}", hint="keep the titles of its columns")
    at = {name: names.index(name) for name in names if name}
    known = {(item.table, item.id) for item in sample.items}
    read: list[Read] = []
    mistakes: list[str] = []
    where: dict[tuple[str, str], str] = {}
    for number, row in enumerate(rows[1:], 2):
        cell = {name: row[column] if column < len(row) else "" for name, column in at.items()}
        answer = " ".join(str(cell["Answer"]).split()).casefold().replace("_", " ")
        place = f"{_ITEMS}!{_letter(at['Answer'])}{number}"
        if not answer:
            continue
        key = (str(cell["Table"]), str(cell["Id"]))
        if key not in known:
            mistakes.append(f"{place}: the row {key[1][:60]!r} was not drawn")
        elif answer not in _ANSWERS:
            hint = did_you_mean(answer, _ANSWERS) or "write yes, no, partly or not applicable"
            mistakes.append(f"{place}: {str(cell['Answer'])[:40]!r} is no answer; {hint}")
        elif key in where:
            mistakes.append(f"{place}: {key[1][:60]!r} is answered in {where[key]} too; keep one")
        elif answer == "not applicable" and not str(cell["Note"]).strip():
            mistakes.append(f"{place}: 'not applicable' needs a note that says why")
        else:
            where[key] = place
            on, wrong = _day(cell["Read on"])
            if wrong:
                mistakes.append(f"{_ITEMS}!{_letter(at['Read on'])}{number}: {wrong}")
                continue
            read.append(Read(*key, _ANSWERS[answer], str(cell["Note"]).strip(), " ".join(str(cell["Read by"]).split()), on))
    return Sheet(sample, tuple(read), tuple(mistakes))


def _day(value: object) -> tuple[date | None, str]:
    if isinstance(value, datetime):
        return value.date(), ""
    if isinstance(value, date):
        return value, ""
    text = str(value).strip()
    if not text:
        return None, ""
    try:
        return date.fromisoformat(text), ""
    except ValueError:
        return None, f"{text[:40]!r} is no day; write it YYYY-MM-DD"


def _letter(column: int) -> str:
    return chr(ord("A") + column) if column < 26 else f"{chr(ord('A') + column // 26 - 1)}{chr(ord('A') + column % 26)}"
