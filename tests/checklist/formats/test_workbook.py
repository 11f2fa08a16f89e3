"""What people do to workbooks: sorting, moving, copying, pasting, deleting, and worse."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from auditor.checklist.checklist import Checklist, ReadBack
from auditor.checklist.read import read_checklist
from auditor.checklist.xlsx import write_xlsx
from tests.checklist.formats.filling import fill_xlsx, line_of
from tests.checklist.formats.lists import a_list, open_list

EIGHT = open_list(8)
KEYS = [line_of(question) for question in EIGHT.questions()]


def columns_of(sheet: Any) -> dict[str, int]:
    return {str(cell.value): cell.column for cell in sheet[1]}


def filled(tmp_path: Path, more: Callable[[Any], None], checklist: Checklist = EIGHT) -> ReadBack:
    """A list of eight, the first four answered yes by J, and *more* done to it."""
    path = write_xlsx(checklist, tmp_path / "list.xlsx")
    answers = {line_of(question): {"answer": "Yes", "author": "J"} for question in list(checklist.questions())[:4]}
    return read_checklist(fill_xlsx(checklist, path, answers, more))


def yes(back: ReadBack) -> list[tuple[str, str]]:
    return [(item.question, item.subject or "") for item in back.filled]


def test_rows_in_any_order(tmp_path: Path) -> None:
    """Sorting moves whole rows: each answer stays with its question, and its place is where it now stands."""

    def turn_round(book: Any) -> None:
        sheet = book["Checklist"]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
        for number, row in enumerate(reversed(rows), start=2):
            for column, value in enumerate(row, start=1):
                sheet.cell(number, column).value = value
        sheet.row_dimensions[5].hidden = True
        sheet.auto_filter.add_filter_column(1, ["First"])

    back = filled(tmp_path, turn_round)
    assert yes(back) == list(reversed(KEYS[:4]))
    assert [item.place for item in back.filled] == [f"Checklist!I{row}" for row in (6, 7, 8, 9)]


def test_columns_moved_and_inserted(tmp_path: Path) -> None:
    """Columns are found by their headings, above which lines may be inserted."""

    def move(book: Any) -> None:
        sheet = book["Checklist"]
        sheet.insert_cols(1)
        sheet.insert_rows(1, 2)
        sheet["A1"] = "Our meeting of 3 May"

    back = filled(tmp_path, move)
    assert yes(back) == KEYS[:4]
    assert back.misread == ()


def test_values_pasted_into_another_workbook(tmp_path: Path) -> None:
    """The list stays one when its sheet is pasted elsewhere as values: its identity stands in the sheet."""
    path = write_xlsx(EIGHT, tmp_path / "list.xlsx")
    fill_xlsx(EIGHT, path, {KEYS[2]: {"answer": "no", "author": "J"}})
    source = openpyxl.load_workbook(path)["Checklist"]
    target = openpyxl.Workbook()
    for row in source.iter_rows():
        for cell in row:
            target.active.cell(cell.row + 3, cell.column + 1).value = None if str(cell.value).startswith("=") else cell.value  # type: ignore[union-attr]
    target.save(tmp_path / "pasted.xlsx")
    back = read_checklist(tmp_path / "pasted.xlsx")
    assert (back.project, yes(back), back.untouched) == ("GALAXY", [KEYS[2]], 7)


def test_a_copied_row_with_another_answer_is_a_conflict(tmp_path: Path) -> None:
    """Both answers are named, neither counts; a copy that says the same counts once."""

    def copy(book: Any) -> None:
        sheet = book["Checklist"]
        for source, row in ((2, 12), (3, 13)):
            for cell in sheet[source]:
                sheet.cell(row, cell.column).value = cell.value
        sheet.cell(12, columns_of(sheet)["Answer"]).value = "No"

    back = filled(tmp_path, copy)
    assert yes(back) == KEYS[1:4]
    assert [(item.place, item.why) for item in back.misread] == [
        ("Checklist!I2", "the question was answered differently in Checklist!I12"),
        ("Checklist!I12", "the question was answered differently in Checklist!I2"),
    ]


def test_deleted_rows_are_untouched(tmp_path: Path) -> None:
    """A row that is gone is a question that nobody answered."""
    back = filled(tmp_path, lambda book: book["Checklist"].delete_rows(3, 2))
    assert (yes(back), back.untouched) == ([KEYS[0], KEYS[3]], 6)


def test_added_rows_are_named(tmp_path: Path) -> None:
    """A question that somebody added belongs to no rule, and is shown."""

    def add(book: Any) -> None:
        sheet = book["Checklist"]
        columns = columns_of(sheet)
        sheet.cell(11, columns["Question"]).value = "Did we like it?"
        sheet.cell(11, columns["Answer"]).value = "Yes"
        sheet.cell(13, columns["Question"]).value = "Only a remark"

    back = filled(tmp_path, add)
    assert yes(back) == KEYS[:4]
    assert [(item.place, item.what) for item in back.unknown] == [("Checklist!I11", "Did we like it?")]


@pytest.mark.parametrize("damage", ["auditor:q:000000:8c1f0355ab01:[]", "auditor:q:", "cut"])
def test_a_damaged_identity_is_named_by_its_cell(tmp_path: Path, damage: str) -> None:
    """Check digits tell that a mark was changed; the other lines are read."""

    def change(book: Any) -> None:
        sheet = book["Checklist"]
        cell = sheet.cell(3, sheet.max_column)
        cell.value = cell.value[:-3] if damage == "cut" else damage

    back = filled(tmp_path, change)
    assert yes(back) == [KEYS[0], *KEYS[2:4]]
    (item,) = back.misread
    letter = get_column_letter(openpyxl.load_workbook(tmp_path / "list.xlsx")["Checklist"].max_column)
    assert (item.place, item.why) == (f"Checklist!{letter}3", "the hidden identity of the line is damaged")


def test_an_emptied_identity_is_a_line_of_no_question(tmp_path: Path) -> None:
    """Without its identity nobody can tell whose answer it is."""

    def clear(book: Any) -> None:
        sheet = book["Checklist"]
        sheet.cell(2, sheet.max_column).value = None

    back = filled(tmp_path, clear)
    assert yes(back) == KEYS[1:4]
    assert [item.what for item in back.unknown] == ["Question 0?"]


def test_a_line_of_another_list_is_no_answer_to_this_one(tmp_path: Path) -> None:
    """A row pasted from last year's list does not slip in."""
    other = open_list(8).model_copy(update={"id": "ffffffffffff"})
    write_xlsx(other, tmp_path / "other.xlsx")
    fill_xlsx(other, tmp_path / "other.xlsx", {KEYS[7]: {"answer": "No", "author": "J"}})
    theirs = [cell.value for cell in openpyxl.load_workbook(tmp_path / "other.xlsx")["Checklist"][9]]

    def paste(book: Any) -> None:
        for column, value in enumerate(theirs, start=1):
            book["Checklist"].cell(9, column).value = value

    back = filled(tmp_path, paste)
    assert yes(back) == KEYS[:4]
    assert [item.why for item in back.misread] == ["the line belongs to another list"]


def test_formulas_errors_and_numbers(tmp_path: Path) -> None:
    """A formula without a stored result, an error, a truth value and a number are no answers, each by its cell."""

    def write(book: Any) -> None:
        sheet = book["Checklist"]
        column = columns_of(sheet)["Answer"]
        for row, value in ((2, '=IF(1=1,"Yes","No")'), (3, "#REF!"), (4, True), (5, 1)):
            sheet.cell(row, column).value = value
        sheet.cell(3, column).data_type = "e"

    back = filled(tmp_path, write)
    assert yes(back) == []
    assert [(item.place, item.why) for item in back.misread] == [
        ("Checklist!I2", "a formula whose result the file does not hold"),
        ("Checklist!I3", "a formula that ends in an error"),
        ("Checklist!I4", "this is no answer"),
        ("Checklist!I5", "this is no answer"),
    ]


def test_days_are_days_or_texts(tmp_path: Path) -> None:
    """A cell that holds a day, a number that no calendar has, and a text."""

    def write(book: Any) -> None:
        sheet = book["Checklist"]
        column = columns_of(sheet)["Answered on"]
        for row, value in ((2, datetime(2026, 5, 3, 12, 30)), (3, 45_000), (4, -7), (5, "the day before")):  # noqa: DTZ001  (cells have no zone)
            sheet.cell(row, column).value = value
            sheet.cell(row, column).number_format = "General" if isinstance(value, int) else sheet.cell(row, column).number_format

    back = filled(tmp_path, write)
    assert [item.given.on for item in back.filled] == [date(2026, 5, 3), date(2023, 3, 15)]
    assert [item.why for item in back.misread] == ["this number is no day", "this is no day"]


def test_merged_answers_count_once(tmp_path: Path) -> None:
    """A merged answer belongs to its first line; the other lines are named."""
    back = filled(tmp_path, lambda book: book["Checklist"].merge_cells("I2:I4"))
    assert yes(back) == [KEYS[0], KEYS[3]]
    assert [(item.place, item.why) for item in back.misread] == [
        ("Checklist!I3", "the cell is merged with Checklist!I2"),
        ("Checklist!I4", "the cell is merged with Checklist!I2"),
    ]


def test_the_cover_speaks_for_lines_that_name_nobody(tmp_path: Path) -> None:
    """Who filled the list in, and when, stands once; signatures are read."""

    def sign(book: Any) -> None:
        cover = book["Cover"]
        for row in cover.iter_rows(max_col=2):
            for cell in row:
                if cell.value == "Filled in by":
                    cover.cell(cell.row, 3).value = "Anna Weber"
                if cell.value == "Filled in on":
                    cover.cell(cell.row, 3).value = date(2026, 5, 3)
                if cell.value == "Project Owner":
                    cover.cell(cell.row, 3).value, cover.cell(cell.row, 4).value = "P. Owner", "2026-05-04"
                if cell.value == "Solution Provider":
                    cover.cell(cell.row, 4).value = "2026-05-04"

    path = write_xlsx(EIGHT, tmp_path / "list.xlsx")
    answers = {KEYS[0]: {"answer": "Yes"}, KEYS[1]: {"answer": "No", "author": "Bo", "on": "2026-04-01"}}
    back = read_checklist(fill_xlsx(EIGHT, path, answers, sign))
    assert [(item.given.author, item.given.on) for item in back.filled] == [("Anna Weber", date(2026, 5, 3)), ("Bo", date(2026, 4, 1))]
    assert [(item.role, item.person, item.on) for item in back.signed] == [("Project Owner", "P. Owner", date(2026, 5, 4))]
    assert [(item.what, item.why) for item in back.misread] == [("Solution Provider", "a day without a name")]


def test_a_name_dragged_down_says_nothing(tmp_path: Path) -> None:
    """A name and a day alone are no answer, and no mistake."""

    def drag(book: Any) -> None:
        for row in range(2, 10):
            book["Checklist"].cell(row, columns_of(book["Checklist"])["Answered by"]).value = "J"

    back = filled(tmp_path, drag)
    assert (len(back.filled), back.misread, back.untouched) == (4, (), 4)


def test_nothing_from_a_source_becomes_a_formula_or_an_unsafe_link(tmp_path: Path) -> None:
    """The only formulas are ours, the only links lead into the web."""
    book = openpyxl.load_workbook(write_xlsx(a_list(), tmp_path / "list.xlsx"))
    formulas = {cell.value.partition("(")[0] for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"}
    assert formulas == {"=IF", "=SUMPRODUCT", "=COUNT"}
    links = {cell.hyperlink.target for sheet in book for row in sheet.iter_rows() for cell in row if cell.hyperlink}
    assert links == {"https://example.org/charter?x=1&y=2"}
    assert book["_auditor"].sheet_state == "veryHidden"


def test_a_person_can_sort_and_still_not_break_it(tmp_path: Path) -> None:
    """Excel sorts a protected sheet only when all cells of the table are unlocked; the headings are not."""
    sheet = openpyxl.load_workbook(write_xlsx(a_list(), tmp_path / "list.xlsx"))["Checklist"]
    assert all(not cell.protection.locked for row in sheet.iter_rows(min_row=2) for cell in row)
    assert all(cell.protection.locked for cell in sheet[1])
    protection = sheet.protection
    assert protection.sheet
    assert not protection.sort
    assert not protection.autoFilter
    assert not protection.formatColumns
    assert sheet.freeze_panes == "D2"
    assert sheet.print_title_rows == "$1:$1"
    kinds = {rule.type for rule in sheet.data_validations.dataValidation}
    assert kinds == {"list", "date", "custom"}
