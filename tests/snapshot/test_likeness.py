"""How much of a listed item the register of its kind says."""

import random
from collections.abc import Sequence
from typing import Any

import pytest

from auditor.snapshot.likeness import mark_findings, mark_likeness
from auditor.snapshot.rows import Made

LOG = ("Radar vendor keeps interface closed", "Operators not free for tests", "Integration skills scarce", "Servers delivered late")


def _made(table: str, row_id: str, *, is_record: bool = True, **values: Any) -> Made:
    return Made(table, row_id, values, set(values), "files", is_record=is_record)


def _entries(titles: Sequence[str], table: str = "risk", **more: Any) -> list[Made]:
    return [_made(table, f"R-{number}", title=title, **more) for number, title in enumerate(titles, 1)]


def _likeness(rows: list[Made], **item: Any) -> int | None | str:
    listed = _made("listed_item", "L1", **{"kind": "risk", **item})
    mark_likeness([*rows, listed])
    return listed.get("likeness") if "likeness" in listed.filled else "unknown"


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("Radar vendor does not open its interface in time", 25, 99),
        ("Operators not available for tests in high season", 25, 99),
        ("Integration skills are scarce", 100, 100),
        ("Radio licence for the north mole station is granted late", 0, 19),
        ("Skippers' associations oppose the photo", 0, 0),
    ],
)
def test_the_same_risk_in_other_words_is_more_alike_than_another_risk(name: str, least: int, most: int) -> None:
    found = _likeness(_entries(LOG), name=name)
    assert isinstance(found, int)
    assert least <= found <= most


@pytest.mark.parametrize(
    "item", [{"ref": "R-3"}, {"name": "The clerk stays (see r 3)"}, {"name": "New words only", "text": "risk R3, decided"}]
)
def test_an_item_that_names_an_entry_is_that_entry(item: dict[str, str]) -> None:
    assert _likeness(_entries(LOG), **item) == 100


def test_the_name_or_the_text_is_enough() -> None:
    """A short name above a long text, or the other way round: what is more alike counts."""
    name, text = "Integration skills are scarce", "Whoever knows the bus is asked for by everybody, and two of them retire"
    assert _likeness(_entries(LOG), name=name, text=text) == 100


def test_all_that_an_entry_says_counts() -> None:
    rows = [
        _made("decision", "D-1", title="Pilot", description="Extended to the port authority of Regensburg"),
        *_entries(["Budget raised"], "decision"),
    ]
    assert _likeness(rows, kind="decision", name="Pilot extended to the port authority of Regensburg") == 100


@pytest.mark.parametrize(
    "rows",
    [
        [],  # no register
        _entries(LOG, "issue"),  # another one
        [_made("risk", "R-1", is_record=False, title="Servers delivered late")],  # what another document lists is no register
        [*_entries(LOG), Made("risk", "R-9", {}, set(), "files")],  # an entry whose title was not read may be the one
    ],
)
def test_what_cannot_be_compared_is_unknown(rows: list[Made]) -> None:
    assert _likeness(rows, name="Servers are delivered too late") == "unknown"


def test_few_words_tell_nothing() -> None:
    assert _likeness(_entries(LOG), name="The dam") == "unknown"


def test_a_word_that_every_entry_has_says_little() -> None:
    """'Portal' stands everywhere: it makes no risk of the portal another one."""
    titles = [f"Portal {word}" for word in ("crashes", "leaks", "slows", "moves", "burns", "ages", "grows", "stalls")]
    found = _likeness(_entries(titles), name="The union rejects the portal")
    assert isinstance(found, int)
    assert found < 10


def test_the_order_of_rows_never_matters() -> None:
    words = ["radar", "vendor", "interface", "closed", "server", "late", "scarce", "skills", "test", "free"]
    draw = random.Random(7)
    for _ in range(50):
        rows = _entries([" ".join(draw.sample(words, 4)) for _ in range(9)])
        name = " ".join(draw.sample([*words, "union", "photo"], 5))
        first = _likeness(rows, name=name)
        draw.shuffle(rows)
        assert _likeness(rows, name=name) == first


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("Radar vendor keeps interface closed", "Operators not free for tests", "Skippers oppose photo"), [100, 100, 0]),
        (
            ("Radar vendor keeps interface closed", "Clerks leave town hall", "Skippers oppose photo"),
            [100, 100, 100],
        ),  # other words throughout
    ],
)
def test_the_number_of_another_entry_makes_no_entry_of_it(names: Sequence[str], expected: list[int]) -> None:
    items = [
        _made("listed_item", f"L{number}", kind="risk", artefact_id="A1", ref=f"R-{number}", name=name)
        for number, name in enumerate(names, 1)
    ]
    mark_likeness([*_entries(LOG), *items])
    assert [item.get("likeness") for item in items] == expected


MATRIX = [
    _made("stakeholder", "S1", name="Noor van Dijk", role="Speaker of the ship agencies", organisation="Agents' Forum"),
    _made("stakeholder", "S2", name="Ulf Brandt", role="Supervisor", organisation="Tower"),
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Ship agencies (Agents' Forum)", 100), ("Customs House, control post", 0), ("Customs House", "unknown"), ("", "unknown")],
)
def test_audiences_are_looked_for_in_the_matrix_by_their_own_words(text: str, expected: int | str) -> None:
    """Not by the name of the paper that they are sent, and by whatever the matrix calls them."""
    assert _likeness(MATRIX, kind="communication", name="News of the ship agencies", text=text) == expected


def test_a_matrix_without_names_tells_no_audience() -> None:
    rows = [*MATRIX, _made("stakeholder", "S3", role="Chair")]
    assert _likeness(rows, kind="communication", text="Customs House, control post") == "unknown"


def _finding(row_id: str, ref: str, text: str, own: str = "") -> Made:
    values = {"kind": "figure", "name": "finding_entered", "ref": ref, "role": own, "text": text, "reason": text}
    return Made("listed_item", row_id, values, set(values), "files", artefact="report")


def test_a_finding_is_compared_with_the_issue_that_it_names() -> None:
    """By its words, and by its own number; an issue that is not there has none of them."""
    issues = [
        Made("issue", "x1", {"title": "Minutes of core team meetings not kept"}, {"title"}, "files", extra={"own_id": "I-07"}),
        Made(
            "issue",
            "x2",
            {"title": "Late invoices", "description": "Two at once"},
            {"title", "description"},
            "files",
            extra={"own_id": "I-09"},
        ),
        Made("issue", "x3", {"title": "Quality review, NC-4: drawings"}, {"title"}, "files", extra={"own_id": "I-10"}),
    ]
    findings = [
        _finding("f1", "I-07", "Core team meetings without minutes", "NC-1"),
        _finding("f2", "I-09", "Bookings of members missing for weeks", "NC-3"),
        _finding("f3", "I-10", "Plans carry neither version nor author", "NC-4"),
        _finding("f4", "I-77", "Plans carry neither version nor author", "NC-5"),
        _finding("f5", "AQ-77", "Plans carry neither version nor author", "NC-6"),
        _finding("f6", "I-09", "Gaps", "2"),
    ]
    mark_findings([*issues, *findings])
    assert [row.get("likeness") for row in findings] == [80, 0, 100, 0, None, None]
