"""Measurements in reports of tests against what a note of acceptance calls fine; tolerances that excuse what a line misses."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from auditor.connect.document import Cell, Document, TableBlock, TextBlock
from auditor.snapshot.measured import missed_measures, tolerated
from auditor.snapshot.rows import Made

NOTE = "deliverables_acceptance_note"


def _doc(path: str, *blocks: Any, kind: str | None = None, language: str = "en", is_current: bool = True) -> Any:
    return SimpleNamespace(
        id=path,
        kind=kind,
        source="files",
        path=path,
        parsed=SimpleNamespace(document=Document(format="docx", blocks=blocks)),
        read=SimpleNamespace(language=language),
        seen=SimpleNamespace(gone_at=None, seen_at=None),
        record=SimpleNamespace(url="file:///D"),
        is_current=is_current,
    )


def _table(*rows: tuple[str, ...]) -> TableBlock:
    return TableBlock(rows=tuple(tuple(Cell(text) for text in row) for row in rows), name="", locator="table 1")


def _made(table: str, **values: Any) -> Made:
    return Made(table, "X", values, set(values), "files", artefact="R", is_record=True)


CRITERION = "C2 Map search, 95th percentile at most 2.0 s (+ 0.2 s)"
RESULTS = (("Transaction", "Calls", "95th percentile (s)"), ("Open map", "300", "1.1"), ("Map search", "9 000", "2.7"))
DAY = TextBlock("Measured on 9 April 2026 by two testers.")


def _found(criterion: str = CRITERION, verdict: str = "OK", on: str = "2026-04-24", remark: str = "", rows: tuple[Made, ...] = (), results: Any = RESULTS, day: Any = DAY, test: str = "Test report.docx") -> list[Any]:  # fmt: skip
    note = _doc("Note.docx", _table(("Criterion", "Result", "Date"), (criterion, verdict, on)), TextBlock(remark or "Signed."), kind=NOTE)
    return [row.get("on_date") for row in missed_measures(rows, [note, _doc(test, day, _table(*results))])]


def test_what_the_test_measured_beyond_the_bound_is_not_fine() -> None:
    assert _found() == [date(2026, 4, 24)]


@pytest.mark.parametrize(
    ("language", "heads", "criterion", "fine", "results", "path", "day"),
    [
        ("fr", ("Critère", "Résultat", "Date"), "Recherche de carte, temps médian au plus 2,0 s", "conforme", (("Opération", "Temps médian (s)"), ("Recherche de carte", "2,7")), "Rapport d'essai.docx", "Mesuré le 9 avril 2026."),
        ("de", ("Kriterium", "Ergebnis", "Datum"), "Kartensuche, mittlere Dauer höchstens 2,0 s", "erfüllt", (("Vorgang", "Mittlere Dauer [s]"), ("Kartensuche", "2,7")), "Messprotokoll.docx", "Gemessen am 9. April 2026."),
        ("es", ("Criterio", "Resultado", "Fecha"), "Búsqueda de mapas, tiempo medio como máximo 2,0 s", "conforme", (("Operación", "Tiempo medio"), ("Búsqueda de mapas", "2,7 segundos")), "Informe de pruebas.docx", "Medido el 9 de abril de 2026."),
    ],
)  # fmt: skip
def test_in_other_languages(language: str, heads: Any, criterion: str, fine: str, results: Any, path: str, day: str) -> None:
    note = _doc("Note.docx", _table(heads, (criterion, fine, "24.04.2026")), kind=NOTE, language=language)
    assert [*missed_measures((), [note, _doc(path, TextBlock(day), _table(*results), language=language)])]


def test_what_is_least_is_judged_too() -> None:
    assert _found("Recognised labels at least 98 %", results=(("What", "Recognised"), ("Labels", "91.5 %")))
    assert not _found("Recognised labels at least 98 %", results=(("What", "Recognised"), ("Labels", "98.5 %")))


@pytest.mark.parametrize(
    "how",
    [
        {"verdict": "Not okay"},
        {"on": "soon"},
        {"on": "2026-04-08"},
        {"test": "Operations.docx"},
        {"criterion": "C2 Map search, 95th percentile at most 2.0 s, tolerance agreed apart"},
        {"criterion": "C2 Map search, 95th percentile at most 2.0 s (+ 0.7 s)"},
        {"criterion": "C2 Map search, 90th percentile at most 2.0 s"},
        {"criterion": "C2 Map search, 95th percentile at most 2.0 ms"},
        {"criterion": "C2 Map search, 95th percentile"},
        {"remark": "The map search will be made faster by June."},
        {"rows": (_made("issue", title="Map search: percentile too high"),)},
        {"results": (*RESULTS, ("Map search", "9 000", "1.9"))},
        {"results": (RESULTS[0], ("Map search", "9 000", "270"))},
        {"results": (RESULTS[0], ("Map export", "9 000", "2.7"))},
        {"day": TextBlock("Measured by two testers.")},
    ],
)  # fmt: skip
def test_what_may_be_fine(how: dict[str, Any]) -> None:
    assert _found(**how) == []


def test_an_issue_about_something_else_excuses_nothing() -> None:
    assert _found(rows=(_made("issue", title="Map search loses accents"),))


MISSED = _made("listed_item", kind="figure", name="criterion_missed", text="Meters read daily ≥ 98 % / 96.8 %")


@pytest.mark.parametrize(("allowed", "is_excused"), [("0.5 points", False), ("1.5 points", True), ("none", False), ("as agreed", True)])
def test_a_tolerance_told_elsewhere(allowed: str, is_excused: bool) -> None:
    plan = _doc("Plan.docx", _table(("Deliverable", "Criterion", "Bound", "Tolerance"), ("D2", "Meters read daily", "≥ 98 %", allowed)))
    assert bool(tolerated([MISSED], [plan])) is is_excused


def test_a_tolerance_of_another_criterion() -> None:
    plan = _doc("Plan.docx", _table(("Deliverable", "Criterion", "Tolerance"), ("D2", "Forms filled in", "3 points")))
    assert not tolerated([MISSED], [plan])
