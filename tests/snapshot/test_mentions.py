"""What a document says of rows that it should speak of."""

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.connect.document import Cell, Document, TableBlock, TextBlock
from auditor.rulebook.recognition import LookedFor
from auditor.snapshot.mentions import mentions
from auditor.snapshot.rows import Made

WANTED = LookedFor(row="listed_item", kind="deliverable", of="project_charter", within="project_work_plan")
CHARTER = ("Online form", "Archive of the open files", "Guide for the counters")


def _made(table: str, row_id: str, *, artefact: str = "", **values: Any) -> Made:
    return Made(table, row_id, values, set(values), "files", artefact=artefact)


def _doc(id_: str, *texts: str | TextBlock | TableBlock, is_gone: bool = False, is_cut: bool = False) -> Any:
    blocks = tuple(TextBlock(text) if isinstance(text, str) else text for text in texts)
    document = Document(format="docx", blocks=blocks, is_cut=is_cut)
    gone = "yesterday" if is_gone else None
    return SimpleNamespace(
        id=id_, source="files", path=f"{id_}.docx", parsed=SimpleNamespace(document=document), seen=SimpleNamespace(gone_at=gone)
    )


def _product(kind: str, artefact: str, **more: Any) -> Made:
    return _made("product", f"{kind}/{artefact}", kind=kind, artefact_id=artefact, is_current=True, **more)


def _items(names: tuple[str, ...] = CHARTER, *, refs: bool = True) -> list[Made]:
    return [
        _made("listed_item", f"L{number}", artefact="C", kind="deliverable", name=name, **({"ref": f"D-{number}"} if refs else {}))
        for number, name in enumerate(names, 1)
    ]


def _told(*plan: Any, items: list[Made] | None = None, more: tuple[Made, ...] = (), docs: tuple[Any, ...] = ()) -> dict[str, Made]:
    rows = [*(_items() if items is None else items), _product("project_charter", "C"), _product("project_work_plan", "W"), *more]
    found = list(mentions(rows, [_doc("C", *CHARTER), _doc("W", *plan), *docs], [WANTED]))
    assert {made.get("artefact_id") for made in found} <= {"W", "V"}
    return {str(made.get("from_id")): made for made in found if made.get("artefact_id") == "W"}


def test_what_is_named_by_its_id_is_there_whole() -> None:
    told = _told("Tasks for D-1 and d2", "Nothing else")
    assert [told[row].get("likeness") for row in ("L1", "L2", "L3")] == [100, 100, 0]
    assert [(told[row].get("others_found"), told[row].get("others_missed")) for row in ("L1", "L2", "L3")] == [(1, 1), (1, 1), (2, 0)]
    assert told["L3"].get("ref") == "D-3"
    assert told["L3"].get("name") == CHARTER[2]


@pytest.mark.parametrize(
    "text", ["Deliverables D-1 to D-3", "D1–D3", "D-01 … 3", "Livrables D-1 à D-3", "D-1 bis 3", "D-001, D-002, D-003"]
)
def test_a_range_names_what_lies_between(text: str) -> None:
    assert [made.get("likeness") for made in _told(text).values()] == [100, 100, 100]


@pytest.mark.parametrize("text", ["AD-1", "D-10 to D-12", "D-1a", "D-1 to D-900", "see XD-1-3"])
def test_what_is_no_id_of_it_names_nothing(text: str) -> None:
    told = _told(text)
    assert told["L2"].get("likeness") == 0
    assert told["L3"].get("likeness") == 0


def test_words_are_looked_for_passage_by_passage() -> None:
    """A row of a table is one passage; words scattered over the document are none."""
    row = tuple(Cell(text) for text in ("4", "Files that are open:", "archive"))
    told = _told(TableBlock(rows=(row,)), "The form is for the counters", "The town is online", "A guide")
    assert told["L2"].get("likeness") == 100
    assert told["L1"].get("likeness") in range(30, 71)
    assert told["L3"].get("likeness") in range(30, 71)


def test_without_ids_six_tenths_of_the_words_are_found() -> None:
    told = _told("Guide for all counters and the hotline", "Archive, open files", items=_items(refs=False))
    assert [told[row].get("others_found") for row in ("L1", "L2", "L3")] == [2, 1, 1]
    assert told["L1"].get("likeness") == 0
    assert told["L1"].get("ref") is None


def test_what_is_struck_through_is_withdrawn() -> None:
    told = _told(TextBlock("D-1", is_struck=True), TableBlock(rows=((Cell("D-2", is_struck=True), Cell("D-3")),)))
    assert [told[row].get("likeness") for row in ("L1", "L2", "L3")] == [0, 0, 100]


def test_every_document_that_may_be_it_is_searched() -> None:
    """`most` looks into further plans, documents that hold one as a section, and those that may be one."""
    second = _product("project_work_plan", "V", section_id="S1")
    maybe = _made("candidate", "X", kind="project_work_plan", path="M.docx")
    told = _told("D-1", more=(second, maybe), docs=(_doc("V", "D-2"), _doc("M", "D-3")))
    assert [told[row].get("most") for row in ("L1", "L2", "L3")] == [100, 100, 100]
    assert [told[row].get("likeness") for row in ("L1", "L2", "L3")] == [100, 0, 0]


@pytest.mark.parametrize("path", ["scan.pdf", "G.docx"])
def test_what_was_not_read_may_say_anything(path: str) -> None:
    maybe = _made("candidate", "X", kind="project_work_plan", path=path)
    told = _told("D-1 and D-2", more=(maybe,), docs=(_doc("G", "D-3", is_gone=True),))
    assert all("most" not in made.filled for made in told.values())
    assert told["L3"].get("likeness") == 0


def test_what_lies_beyond_a_limit_may_say_anything() -> None:
    """Of a document or a table that was read in part only what it names is sure."""
    more = (_product("project_work_plan", "V"),)
    told = _told("D-1", more=more, docs=(_doc("V", "D-2", is_cut=True),))
    assert [told[row].get("most") for row in ("L1", "L2", "L3")] == [100, 100, None]
    told = _told("D-1", TableBlock(rows=((Cell("D-2"),),), is_cut=True))
    assert [told[row].get("likeness") for row in ("L1", "L2", "L3")] == [100, 100, None]


def test_a_row_is_not_looked_for_in_its_own_document() -> None:
    """Of a Handbook that is Charter and plan at once nobody can say where the one ends."""
    both = _product("project_work_plan", "C", section_id="S1")
    told = _told("D-1 and D-2", more=(both,))
    assert all("most" not in made.filled for made in told.values())


def test_only_rows_of_the_product_are_looked_for() -> None:
    other = _made("listed_item", "O1", artefact="B", kind="deliverable", name="Other thing there", ref="D-9")
    milestone = _made("listed_item", "O2", artefact="C", kind="milestone", name="Start", ref="D-8")
    gone = Made("listed_item", "O3", {"kind": "deliverable", "ref": "D-7"}, {"kind", "ref"}, "files", artefact="C", is_gone=True)
    assert {*_told("D-1", items=[*_items(), other, milestone, gone])} == {"L1", "L2", "L3"}


def test_too_few_words_say_nothing() -> None:
    told = _told("D-1 and D-2", items=[*_items(), _made("listed_item", "L4", artefact="C", kind="deliverable", name="Go", ref=None)])
    assert "likeness" not in told["L4"].filled
    assert "most" not in told["L4"].filled


WORDS = st.lists(
    st.sampled_from(["form", "online", "archive", "open", "files", "guide", "counters", "town", "water", "bridge"]), max_size=6
).map(" ".join)


@given(st.lists(WORDS, max_size=8), st.lists(WORDS, max_size=8))
def test_more_text_never_takes_a_mention_away(first: list[str], second: list[str]) -> None:
    """What a document says whole it still says with anything beside it, and `most` is never below `likeness`."""
    before, after = _told(*first, items=_items(refs=False)), _told(*first, *second, items=_items(refs=False))
    for row, made in before.items():
        assert made.get("most") == made.get("likeness")
        if made.get("likeness") == 100:
            assert after[row].get("likeness") == 100
