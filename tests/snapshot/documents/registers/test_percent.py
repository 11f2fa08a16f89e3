"""Likelihoods in percent: a level where the document states its scale or all scales in use agree, else unknown."""

import pytest
from register_tables import read, sheet, workbook

from auditor.connect.document import Cell, TableBlock

SCALE = "Level|Probability\n1|up to 10 %\n2|10 - 30 %\n3|30 - 50 %\n4|50 - 70 %\n5|over 70 %"


def levels(text: str, *others: TableBlock) -> list[int | None]:
    found = read(workbook(sheet("Risks", text), *others)).found
    return [row.values["likelihood"] if "likelihood" in row.filled else None for row in found]


def log(*cells: str, header: str = "Probability") -> str:
    return f"ID|Risk|{header}|Impact|Owner\n" + "\n".join(f"R{at}|Data loss {at}|{cell}|high|x" for at, cell in enumerate(cells))


@pytest.mark.parametrize(
    ("said", "level"),
    [
        ("5 %", 1), ("10%", 1), ("20 %", 2), ("40 %", 3), ("45 %", 3), ("60 %", 4), ("95 %", 5), ("#0.05", 1), ("< 10 %", 1), ("over 90 %", 5),
        ("15 %", None), ("30 %", None), ("35 %", None), ("75 %", None), ("20-60 %", None), ("0 - 100 %", None),
    ],
)  # fmt: skip
def test_without_a_stated_scale_all_in_use_have_to_agree(said: str, level: int | None) -> None:
    assert levels(log(said)) == [level]


def test_the_stated_scale_decides() -> None:
    said = log("15 %", "40 %", "65 %", "80 %", "5 %", "20-25 %")
    assert levels(said, sheet("Legend", SCALE)) == [2, 3, 4, 5, 1, 2]


def test_where_two_stated_levels_meet_it_stays_unknown() -> None:
    assert levels(log("30 %"), sheet("Legend", SCALE)) == [None]


def test_words_and_fewer_levels() -> None:
    words = "Likelihood|Meaning\nLow|below 20 %\nMedium|20 - 60 %\nHigh|over 60 %"
    assert levels(log("15 %", "40 %", "80 %"), sheet("Scale", words)) == [2, 3, 4]
    three = "Probability|Meaning\n1 - Rare|0 - 20 %\n2 - Possible|20 - 60 %\n3 - Likely|60 - 100 %"
    assert levels(log("15 %", "40 %", "80 %"), sheet("Scale", three)) == [1, 3, 5]


def test_a_scale_of_impacts_is_none_of_likelihoods() -> None:
    impacts = SCALE.replace("Probability", "Cost impact")
    assert levels(log("15 %"), sheet("Legend", impacts)) == [None]


def test_a_header_says_percent() -> None:
    assert levels(log("#60", "#5", "#15", header="Probability [%]")) == [4, 1, None]
    assert levels(log("#3", "#5")) == [3, 5]


def test_percent_of_impact_is_no_likelihood() -> None:
    found = read(workbook(sheet("Risks", "ID|Risk|Probability|Impact|Owner\nR1|Data loss|high|5 %|x"))).found[0]
    assert "impact" not in found.filled
    assert found.values["impact_raw"] == "5 %"


def test_a_cell_that_is_shown_as_percent() -> None:
    cells = tuple(Cell(text) for text in ("ID", "Risk", "Probability", "Impact", "Owner"))
    row = (Cell("R1"), Cell("Data loss"), Cell("5%", 0.05, type="number"), Cell("high"), Cell("x"))
    assert read(workbook(TableBlock((cells, row), name="Risks", locator="Risks"))).found[0].values["likelihood"] == 1
