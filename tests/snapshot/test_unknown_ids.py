"""Ids of a register's shape that a document names and the register has not."""

from types import SimpleNamespace
from typing import Any

import pytest

from auditor.connect.document import Cell, Document, TableBlock, TextBlock
from auditor.snapshot.rows import Made
from auditor.snapshot.unknown_ids import uncited_decisions, unknown_ids


def _made(table: str, row_id: str, *, artefact: str = "R", is_gone: bool = False, is_record: bool = True, **values: Any) -> Made:
    return Made(table, row_id, values, set(values), "files", artefact=artefact, is_gone=is_gone, is_record=is_record)


LOG = [_made("lesson", f"L-{number}") for number in (1, 2, 4)]


def _doc(*blocks: str | TextBlock | TableBlock, is_current: bool = True, is_gone: bool = False) -> Any:
    document = Document(
        format="docx", blocks=tuple(TextBlock(block, locator="p1") if isinstance(block, str) else block for block in blocks)
    )
    seen = SimpleNamespace(gone_at="yesterday" if is_gone else None, seen_at=None)
    record = SimpleNamespace(url="file:///D")
    parsed = SimpleNamespace(document=document)
    return SimpleNamespace(id="D", source="files", path="D.docx", parsed=parsed, seen=seen, record=record, is_current=is_current)


def _met(*blocks: Any, rows: list[Made] | None = None, more: tuple[Made, ...] = (), **doc: Any) -> list[str]:
    found = list(unknown_ids([*(LOG if rows is None else rows), *more], [_doc(*blocks, **doc)]))
    assert all(made.get("artefact_id") == "D" for made in found)
    return [f"{made.get('table_name')} {made.get('ref')}" for made in found]


def test_what_no_entry_bears_is_met_once() -> None:
    table = TableBlock(rows=((Cell("Used"), Cell("L-7 and L-4")), (Cell("L-2"), Cell("L-7"))))
    assert _met("Lessons L-1 and L-3 were used", table, "again L-3") == ["lesson L-3", "lesson L-7"]


@pytest.mark.parametrize("text", ["L3", "L_3", "L-03", "XL-3", "L-3a", "L-3.2", "l-3", "HL-3", "1L-3", "L-", "L-12345"])
def test_another_shape_is_no_number_of_the_register(text: str) -> None:
    assert _met(text) == []


def test_what_the_register_once_had_is_known() -> None:
    """A row that vanished, an older edition and a copy still show that the number was given."""
    assert _met("L-3 and L-5", more=(_made("lesson", "L-3", is_gone=True), _made("lesson", "L-5", is_record=False))) == []


@pytest.mark.parametrize(
    "other",
    [
        _made("milestone", "L-9"),
        _made("listed_item", "x", kind="deliverable", ref="L-9"),
        _made("work_item", "L-9", artefact=""),
        _made("lesson", "L-9", artefact=""),
        _made("risk", "L-9"),
    ],
)
def test_numbers_that_others_share_say_nothing(other: Made) -> None:
    """Deliverables numbered alike, a tracker's keys, another register: the number may be one of theirs."""
    assert _met("L-3 was used", more=(other,)) == []


def test_an_excerpt_of_the_register_is_no_other_thing() -> None:
    assert _met("L-3 was used", more=(_made("listed_item", "x", kind="lesson", ref="L-3"),)) == ["lesson L-3"]


def test_two_entries_are_no_way_of_numbering() -> None:
    assert _met("L-3", rows=LOG[:2]) == []


def test_only_what_counts_is_read() -> None:
    assert _met(TextBlock("L-3", is_struck=True), TableBlock(rows=((Cell("L-5", is_struck=True),),))) == []
    assert _met("L-3", is_current=False) == []
    assert _met("L-3", is_gone=True) == []


def _minuted(ref: str, document: str, name: str = "Move the trial to the north", likeness: int | None = 20) -> Made:
    values = {"kind": "decision", "ref": ref, "artefact_id": document, "name": name, "likeness": likeness}
    return Made("listed_item", f"{document}/{ref}", values, set(values), "files", artefact=document)


CITED = [
    _made("decision", "D-1", comment="MT1-1"),
    _made("decision", "D-2", comment="see MT2-1"),
    _made("decision", "D-3", title="MT0-1: other"),
]
MINUTED = [_minuted("MT0-1", "M0"), _minuted("MT1-1", "M1"), _minuted("MT2-1", "M2"), _minuted("MT2-2", "M2")]


def test_a_number_that_the_log_cites_not_is_met_where_it_cites_the_others() -> None:
    (found,) = uncited_decisions([*CITED, *MINUTED])
    assert (found.get("table_name"), found.get("ref"), found.get("artefact_id")) == ("decision", "MT2-2", "M2")


@pytest.mark.parametrize(
    "rows",
    [
        [*CITED, *MINUTED, _made("decision", "D-4", comment="MT2-2")],
        [*CITED, *MINUTED[:3], _minuted("MT2-2", "M2", likeness=60)],  # there, without its number
        [*CITED, *MINUTED[:3], _minuted("MT2-2", "M2", likeness=None)],  # too few words to be looked for
        [*CITED, *MINUTED[:3], _minuted("MT3-1", "M3")],  # of this meeting the log cites none
        [*CITED, *MINUTED, _minuted("MT2-2", "M3")],  # counted anew in each meeting
        [*CITED[:2], *MINUTED],  # of two meetings alone: no habit
        [*CITED, *MINUTED[:3], _minuted("2", "M2")],
        [_made("decision", "D-1", comment="MT1-1", is_gone=True), *CITED[1:], *MINUTED],
        [_made("decision", "D-1", comment="MT1-1", is_record=False), *CITED[1:], *MINUTED],
    ],
)
def test_logs_that_cite_otherwise_say_nothing(rows: list[Made]) -> None:
    assert list(uncited_decisions(rows)) == []


def test_a_few_lines_of_a_plan_are_no_edition_of_the_register() -> None:
    """A plan lists the lessons that it builds on; one of them stands in no log."""
    log = [_made("lesson", f"L-{number:02}", artefact="R") for number in range(1, 17)]
    plan = [_made("lesson", name, artefact="D") for name in ("L-03", "L-07", "L-19")]
    assert _met("L-03, L-07 and L-19 are used.", rows=[*log, *plan]) == ["lesson L-19"]
    earlier = [_made("lesson", f"L-{number:02}", artefact="E", is_record=False) for number in (*range(1, 9), 19)]
    assert _met("L-03, L-07 and L-19 are used.", rows=[*log, *earlier]) == []
