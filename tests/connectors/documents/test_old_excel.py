"""Old workbooks. `fixtures/documents/old.xls` holds what people do to a sheet: merged title, days, struck and hidden rows, an error."""

import random
from pathlib import Path

import pytest

from auditor.connect.document import TableBlock
from auditor_connectors.documents import Unreadable, structure
from auditor_connectors.documents.reading import structure_of_bytes

FILE = Path(__file__).parents[2] / "fixtures" / "documents" / "old.xls"


@pytest.fixture(scope="module")
def sheets():
    document = structure(FILE)
    assert document.format == "xlsx"
    assert document.empty_sheets == ("Empty",)
    assert not document.is_cut
    return [block for block in document.blocks if isinstance(block, TableBlock)]


def test_sheets_with_their_places(sheets):
    risks, lists = sheets
    assert (risks.name, risks.locator, risks.first_row, risks.first_column) == ("Risks", "Risks", 1, 1)
    assert (risks.hidden_rows, risks.hidden_columns, risks.is_hidden, lists.is_hidden) == ((5,), (5,), False, True)


def test_cells_as_a_person_sees_them(sheets):
    title, header, storm = sheets[0].rows[:3]
    assert (title[0].text, title[0].column_span, title[6].is_covered) == ("Risk log of the pier", 7, True)
    assert all(cell.is_bold for cell in header)
    assert [cell.text for cell in storm] == ["R1", "Storm in März", "4", "01/03/2026", "Ann Lee", "TRUE", "40%"]
    assert [cell.type for cell in storm] == ["text", "text", "number", "date", "text", "boolean", "number"]
    assert storm[3].value == "2026-03-01"


def test_struck_cells_errors_and_formulas_without_a_result(sheets):
    strike, flood = sheets[0].rows[3:5]
    assert strike[1].is_struck
    assert (strike[2].type, strike[2].text) == ("error", "#DIV/0!")
    assert flood[2].type == "uncalculated"


def test_damaged_files_say_so():
    """Whatever is broken in it, a file gives a structure or the reason why not."""
    data, chance = FILE.read_bytes(), random.Random(7)  # noqa: S311  (not for secrets)
    kinds = set()
    for number in range(60):
        broken = bytearray(data[: len(data) - chance.randrange(len(data) // 2)] if number % 3 == 0 else data)
        for _ in range(chance.randrange(1, 40)):
            broken[chance.randrange(8, len(broken))] = chance.randrange(256)
        try:
            kinds.add(structure_of_bytes(bytes(broken), "old.xls").format)
        except Unreadable as error:
            kinds.add(error.reason)
    assert "damaged" in kinds
    assert kinds <= {"damaged", "xlsx", "unsupported", "encrypted"}
