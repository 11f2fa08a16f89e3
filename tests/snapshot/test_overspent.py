"""Lines of a budget that are exceeded by more than the project's own rules leave to the manager."""

from types import SimpleNamespace
from typing import Any

import pytest

from auditor.connect.document import Cell, Document, TableBlock, TextBlock
from auditor.snapshot.overspent import overspent_lines
from auditor.snapshot.rows import Made


def _made(table: str, row_id: str, *, is_gone: bool = False, **values: Any) -> Made:
    return Made(table, row_id, values, set(values), "files", artefact="R", is_gone=is_gone)


def _doc(name: str, *blocks: Any, kind: str | None = None, language: str = "en", is_current: bool = True) -> Any:
    return SimpleNamespace(
        id=name,
        kind=kind,
        source="files",
        path=name,
        parsed=SimpleNamespace(document=Document(format="xlsx", blocks=blocks)),
        read=SimpleNamespace(language=language),
        seen=SimpleNamespace(gone_at=None, seen_at=None),
        record=SimpleNamespace(url=f"file:///{name}"),
        is_current=is_current,
    )


def _table(*rows: tuple[str, ...]) -> TableBlock:
    return TableBlock(rows=tuple(tuple(Cell(text) for text in row) for row in rows), locator="Lines")


HEAD = ("Line", "Budget EUR", "Actual to 31 May 2026 EUR", "Forecast EUR")
SHEET = _table(HEAD, ("Staff", "90,000", "88,000", "90,000"), ("Hosting of the register", "20,000", "24,000", "25,000"))
BOOK = _doc("book", TextBlock("A budget line more than 10 % over its budget goes to the owner."), kind="project_handbook")


def _met(sheet: TableBlock = SHEET, rule: Any = BOOK, rows: tuple[Made, ...] = (), **doc: Any) -> list[tuple[Any, Any]]:
    return [(row.get("ref"), row.get("reason")) for row in overspent_lines(rows, [_doc("sheet", sheet, **doc), rule])]


def test_a_line_beyond_the_limit_is_met() -> None:
    assert _met() == [("Hosting of the register", None)]
    assert next(iter(overspent_lines([], [_doc("sheet", SHEET), BOOK]))).get("text") == "24,000 / 20,000 (+20 %, limit 10 %)"


@pytest.mark.parametrize(
    ("head", "said", "language"),
    [
        (("Position", "Soll", "Ist zum 31.05.2026"), "Eine Kostenposition darf höchstens 10 % über ihrem Budget liegen.", "de"),
        (("Poste", "Budget", "Réel"), "Au-delà de 10 % sur une ligne budgétaire, le propriétaire décide.", "fr"),
        (("Partida", "Presupuesto", "Gastado"), "Más del 10 % en una partida: decide el propietario.", "es"),
        (("Cost item", "Approved budget", "Spent"), "Cost | a cost item up to 10 per cent over | above: the owner", "en"),
    ],
)
def test_in_other_words(head: tuple[str, ...], said: str, language: str) -> None:
    sheet = _table(head, ("Hosting", "20000", "24000"))
    assert _met(sheet, _doc("book", TextBlock(said), kind="project_handbook"), language=language) == [("Hosting", None)]


@pytest.mark.parametrize(
    "row",
    [
        ("Hosting", "20,000", "22,000", ""),  # the limit itself
        ("Hosting", "20,000", "19,000", ""),
        ("Hosting", "", "24,000", ""),
        ("Hosting", "0", "24,000", ""),
        ("Hosting", "20", "24,000", ""),  # another unit
        ("Total", "20,000", "24,000", ""),
        ("2026-05", "20,000", "24,000", ""),
        ("", "20,000", "24,000", ""),
    ],
)
def test_other_lines_are_not_met(row: tuple[str, ...]) -> None:
    assert _met(_table(HEAD, row)) == []


@pytest.mark.parametrize(
    "head",
    [
        ("Line", "Budget days", "Actual days"),
        ("Line", "Budget", "Remarks"),
        ("Budget", "Actual", "Line"),
        ("Line", "Budget", "Actual", "Actual"),
    ],
)
def test_other_tables_say_nothing(head: tuple[str, ...]) -> None:
    assert _met(_table(head, ("Hosting", "20,000", "24,000", "24,000"))) == []


@pytest.mark.parametrize("said", ["Costs are watched.", "A reserve of 10 % is kept.", "A budget line between 5 % and 10 % over"])
def test_without_one_limit_nothing_is_said(said: str) -> None:
    assert _met(rule=_doc("book", TextBlock(said), kind="project_handbook")) == []


def test_of_several_limits_the_highest_counts() -> None:
    rule = _doc("book", TextBlock("A budget line 10 % over: the manager."), TextBlock("A budget line 25 % over: the owner."))
    assert _met(rule=rule) == []


@pytest.mark.parametrize("kind", ["project_status_report", "minutes_of_meeting"])
def test_what_tells_of_a_day_sets_no_limit_and_holds_no_budget(kind: str) -> None:
    assert _met(kind=kind) == []
    assert _met(rule=_doc("book", TextBlock("A budget line more than 10 % over its budget"), kind=kind)) == []


@pytest.mark.parametrize(
    ("row", "is_said"),
    [
        (_made("decision", "B1", title="More budget for the hosting of the register"), True),
        (_made("decision", "B1", title="The cost overrun is accepted"), True),
        (_made("change_request", "C1", title="Larger register", impact_analysis="hosting costs 4,000 more"), True),
        (_made("listed_item", "x", kind="decision", name="Hosting of the register: EUR 25,000"), True),
        (_made("listed_item", "x", kind="activity", name="Hosting of the register: EUR 25,000"), False),
        (_made("decision", "B1", title="Hosting of the register begins in May"), False),
        (_made("decision", "B1", title="More budget for the staff"), False),
        (_made("decision", "B1", title="More budget for the hosting of the register", is_gone=True), False),
        (_made("section", "s", artefact_id="report", heading="Hosting", text="The price of the register rose"), True),
        (_made("section", "s", artefact_id="sheet", heading="Hosting", text="The price of the register rose"), False),
    ],
)
def test_what_was_said_of_the_line(row: Made, is_said: bool) -> None:
    report = _doc("report", kind="project_status_report")
    (found,) = overspent_lines([row], [_doc("sheet", SHEET), BOOK, report])
    assert (found.get("reason") is not None) == is_said


def test_old_editions_say_nothing() -> None:
    assert _met(is_current=False) == []


@pytest.mark.parametrize(
    ("head", "row"),
    [
        (("Line", "Original budget", "Current budget", "Spent", "Forecast (April)", "Forecast (May)"), ("Hosting", "18,000", "20,000", "9,000", "20,000", "24,000")),
        (("Line", "Item", "Total budget", "Planned to date", "Actual to date", "Variance %"), ("A", "Hosting", "60,000", "20,000", "24,000", "20")),
        (("Ligne", "Poste", "Cumul prévu", "Cumul réel"), ("A", "Hosting", "20000", "24000")),
        (("Position", "Budget", "Prognose bei Abschluss"), ("Hosting", "20.000", "24.000")),
        (("Partida", "Presupuesto", "Previsión al cierre"), ("Hosting", "20.000", "24.000")),
    ],
)  # fmt: skip
def test_forecasts_and_what_was_planned_until_now(head: tuple[str, ...], row: tuple[str, ...]) -> None:
    language = {"L": "en", "P": "de"}.get(head[0][0]) if head[0] in {"Line", "Position"} else {"Ligne": "fr", "Partida": "es"}[head[0]]
    assert _met(_table(head, row), language=language or "en") == [("Hosting", None)]
    less = tuple(cell.replace("24", "21") for cell in row)
    assert _met(_table(head, less), language=language or "en") == []


def test_the_earlier_forecast_is_past() -> None:
    head = ("Line", "Budget", "Forecast (April)", "Forecast (May)")
    assert _met(_table(head, ("Hosting", "20,000", "24,000", "20,000"))) == []


@pytest.mark.parametrize(
    "rule",
    [
        TableBlock(
            rows=(tuple(Cell(text) for text in ("Cost of a budget line", "up to 10 %", "more than 10 %", "more than 30 % of all")),)
        ),
        TableBlock(rows=(tuple(Cell(text) for text in ("Cost deviation", "up to 10 % of a line", "more than 30 % of the total")),)),
        TableBlock(rows=(tuple(Cell(text) for text in ("Coût cumulé d'une ligne budgétaire", "jusqu'à 10 %", "plus de 30 % du total")),)),
    ],
)
def test_levels_of_a_table_begin_with_the_lowest(rule: TableBlock) -> None:
    assert _met(rule=_doc("book", rule, kind="project_handbook")) == [("Hosting of the register", None)]


@pytest.mark.parametrize(
    ("row", "is_silent"),
    [
        (_made("decision", "D", title="Larger contract: 24 000 in all"), False),
        (_made("decision", "D", title="4,000 more from the reserve"), False),
        (_made("decision", "D", title="14,000 more from the reserve"), True),
        (_made("section", "S", artefact_id="minutes", heading="Cost", text="No overspending was reported."), True),
        (_made("section", "S", artefact_id="minutes", heading="Cost", text="An overspending was reported."), False),
    ],
)
def test_what_tells_of_the_amount(row: Made, *, is_silent: bool) -> None:
    found = overspent_lines([row], [_doc("sheet", SHEET), BOOK, _doc("minutes", kind="minutes_of_meeting")])
    assert [over.get("reason") is None for over in found] == [is_silent]


def test_a_remark_that_names_its_decision_speaks_of_the_line() -> None:
    sheet = _table(
        (*HEAD, "Remark"), ("Hosting", "20,000", "24,000", "25,000", "see DEC-12"), ("Staff", "20,000", "24,000", "25,000", "more")
    )
    assert _met(sheet) == [("Staff", None)]


def test_a_workbook_of_several_sheets_is_kept_up_to_date() -> None:
    other = _table(("Action", "Owner"), ("Ask", "Ann Lee"))
    several = _doc("dashboard", SHEET, other, other, kind="project_status_report")
    assert [row.get("ref") for row in overspent_lines([], [several, BOOK])] == ["Hosting of the register"]
    own = _made("section", "S", artefact_id="dashboard", heading="Hosting of the register", text="Budget")
    assert [row.get("reason") for row in overspent_lines([own], [several, BOOK])] == [None]
    assert not [*overspent_lines([], [_doc("report", SHEET, other, kind="project_status_report"), BOOK])]
    assert not [*overspent_lines([], [_doc("minutes", SHEET, other, other, kind="minutes_of_meeting"), BOOK])]
