"""Laws: what must not matter for what is read, and what must."""

from dataclasses import replace

import pytest
from details_notation import WORDS, document_of, fixture_names, read, read_fixture, row_told
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.connect.document import Cell, Document, TableBlock, TextBlock
from auditor.snapshot.documents.found import Found

CONTROL = [
    ("Document Title", "Risk Management Plan"),
    ("Project Title", "Harbour Lights"),
    ("Document Author", "Ada Finch"),
    ("Project Owner", "Morgan Reed"),
    ("Doc. Version", "1.3"),
    ("Sensitivity", "Basic"),
    ("Date", "21/03/2026"),
    ("Status", "Approved"),
    ("Location", "Room 4"),
]


def _table(rows: list[tuple[str, str]]) -> Document:
    return Document("docx", (TableBlock(tuple((Cell(label), Cell(value)) for label, value in rows), locator="table 1"),))


@given(st.permutations(CONTROL))
def test_the_order_of_labels_never_matters(rows: list[tuple[str, str]]) -> None:
    """A control block says the same whatever its order."""
    first, second = read(_table(CONTROL)), read(_table(rows))
    assert first.artefact == second.artefact
    assert first.artefact_filled == second.artefact_filled
    assert [row.values for row in first.found] == [row.values for row in second.found]


@given(st.sets(st.integers(0, len(CONTROL) - 1)))
def test_an_emptied_value_is_blank_and_a_left_out_row_unknown(chosen: set[int]) -> None:
    """Blank has its place in the document, unknown has none."""
    whole = read(_table(CONTROL))
    emptied = read(_table([(label, "" if place in chosen else value) for place, (label, value) in enumerate(CONTROL)]))
    assert emptied.artefact_filled == whole.artefact_filled
    assert all(whole.artefact[column] == value for column, value in emptied.artefact.items())
    left = read(_table([pair for place, pair in enumerate(CONTROL) if place not in chosen]))
    assert left.artefact_filled <= whole.artefact_filled
    assert all(whole.artefact[column] == value for column, value in left.artefact.items())


@given(st.permutations(range(4)))
def test_the_order_of_columns_never_matters(order: list[int]) -> None:
    """Approvers are the same whatever the order of the columns."""
    rows = [
        ("Name", "Role", "Action", "Date"),
        ("Morgan Reed", "Project Owner", "Approve", "16/03/2026"),
        ("Lee Park", "SP", "Approve", ""),
    ]

    def of(places: list[int]) -> list[dict[str, object]]:
        table = TableBlock(tuple(tuple(Cell(row[place]) for place in places) for row in rows), locator="table 1")
        return [row_told(row) for row in read(Document("docx", (TextBlock("Approvers", level=1), table))).found]

    assert of(order) == of([0, 1, 2, 3])
    assert len(of(order)) == 2


@pytest.mark.parametrize("name", fixture_names())
def test_reading_twice_says_the_same(name: str) -> None:
    """Nothing is kept between documents."""
    assert read_fixture(name) == read_fixture(name)


@pytest.mark.parametrize("text", ["", "A paragraph.", "# Heading\nWords.", "| Year | Ships |\n| 1900 | 12 |", "| a | b |\n| c | d |"])
def test_a_document_without_such_blocks_says_nothing(text: str) -> None:
    """No block, no row and no blank."""
    found = read(text)
    assert (found.artefact, found.artefact_filled, found.found) == ({}, frozenset(), ())


def test_an_uncalculated_cell_is_unknown() -> None:
    """A formula without a cached value is neither a date nor a blank."""
    rows = (
        (Cell("Document Title"), Cell("Plan")),
        (Cell("Version"), Cell("", type="uncalculated")),
        (Cell("Date"), Cell("", type="uncalculated")),
    )
    found = read(Document("xlsx", (TableBlock(rows, name="Control", locator="Control"),)))
    assert "version_on_cover" not in found.artefact_filled
    assert "date_on_cover" not in found.artefact_filled


def test_hidden_rows_and_withdrawn_cells_say_nothing() -> None:
    """What nobody sees any more is not stated."""
    document = _table(CONTROL)
    table = document.blocks[0]
    assert isinstance(table, TableBlock)
    struck = tuple(
        (label, replace(value, is_struck=True)) if label.text == "Sensitivity" else (label, value) for label, value in table.rows
    )
    found = read(replace(document, blocks=(replace(table, rows=struck, hidden_rows=(5,)),)))
    assert "sensitivity" not in found.artefact
    assert "version_on_cover" not in found.artefact_filled


_WORDS = st.sampled_from(
    [
        "Name",
        "Role",
        "Action",
        "Date",
        "Version",
        "Decision",
        "Approve",
        "12/03/2026",
        "Ada Finch",
        "PO",
        "x",
        "",
        "TBD",
        "1.0",
        "R",
        "A/R",
        ":",
        "Decision: RfP approved",
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.one_of(st.lists(st.lists(_WORDS, min_size=1, max_size=5), min_size=1, max_size=5), st.text(max_size=60)), max_size=8),
    st.sampled_from([None, "minutes_of_meeting", "project_status_report", "phase_exit_review_checklist", "meeting_agenda"]),
)
def test_nothing_breaks_a_reading(parts: list[list[list[str]] | str], kind: str | None) -> None:
    """Whatever stands in a document, it is read to the end, and values never stand outside of what is filled."""
    blocks = [
        TextBlock(part, level=len(part) % 3, locator=f"paragraph {place}")
        if isinstance(part, str)
        else TableBlock(tuple(tuple(Cell(text) for text in row) for row in part), locator=f"table {place}")
        for place, part in enumerate(parts)
    ]
    found = read(Document("docx", tuple(blocks)), kind=kind)
    for row in found.found:
        assert {column for column in row.values if not column.endswith("_raw")} <= row.filled


def test_registers_are_not_read_again_and_their_actions_belong_to_the_meeting() -> None:
    """The table that a register was read from gives no second row; its actions name the meeting."""
    text = "% Minutes of Meeting\n| Meeting date | 24/02/2026 |\n| Chair | Morgan Reed |\n# Actions\n| Action | Owner | Due date |\n| Buy lamps | Lee Park | 03/03/2026 |"
    alone = read(text, kind="minutes_of_meeting")
    assert sum(row.table == "action" for row in alone.found) == 1
    register = Found("action", {"title": "Buy lamps"}, frozenset({"title"}), "table 2 row 2", register="action")
    beside = read(text, kind="minutes_of_meeting", registers=(register,))
    assert not any(row.table == "action" for row in beside.found)
    assert beside.registers[0].refers == {"meeting_id": ("meeting", "meeting 2026-02-24")}
    assert beside.registers[0].values["kind"] == "meeting"


def test_words_are_shipped_for_every_label_and_table() -> None:
    """English, French, German and Spanish each know every label."""
    assert all(names for names in WORDS.labels.values())
    assert document_of("# a").blocks


def test_decisions_of_minutes_are_listed_items() -> None:
    """The Decision Log alone holds rows of `decision`; a decision with an id of the log is dated by the log, not by the meeting."""
    text = "% Minutes of Meeting\n| Meeting date | 24/02/2026 |\n# Decisions\n- The committee approves RfP"
    register = Found("decision", {"title": "RfE: gate passed"}, frozenset({"title"}), "table 9 row 2", own_id="D-03", register="decision")
    found = read(text, kind="minutes_of_meeting", registers=(register,))
    assert found.registers == ()
    assert [(row.values["kind"], row.values.get("ref"), row.values["name"]) for row in found.found if row.table == "listed_item"] == [
        ("decision", "D-03", "RfE: gate passed"),
        ("decision", None, "The committee approves RfP"),
    ]
    assert [row.values["gate"] for row in found.found if row.table == "gate"] == ["rfp"]


def test_risks_issues_and_changes_of_minutes_are_listed_items() -> None:
    """What a meeting raises is listed by its kind; lists of other things in minutes are not read, nor is an agenda."""
    text = (
        "% Minutes of Meeting\n| Meeting date | 24/02/2026 |\n# Risks\n- The lamps come late\n# Open Issues\n"
        "| No | Description |\n| I-4 | The quay is closed |\n# Change Requests\n- A second crane\n# Assumptions\n- The tide is low"
    )
    found = read(text, kind="minutes_of_meeting")
    listed = [row.values for row in found.found if row.table == "listed_item"]
    assert sorted((row["kind"], row.get("ref"), row["text"]) for row in listed) == [
        ("change", None, "A second crane"),
        ("issue", "I-4", "The quay is closed"),
        ("risk", None, "The lamps come late"),
    ]
    assert [row for row in read(text, kind="meeting_agenda").found if row.table == "listed_item"] == []


def test_a_decision_log_gives_the_gates() -> None:
    """Each decision that names one gate and says what was decided."""
    rows = [
        ("D-1", {"title": "Ready for Planning", "description": "Approved by the PSC", "decided_on": None}),
        ("D-2", {"title": "RfE not approved"}),
        ("D-3", {"title": "RfC approved subject to conditions", "description": "approved with conditions"}),
        ("D-4", {"title": "Prepare the RfC, to be approved in May"}),
        ("D-5", {"title": "RfP and RfE approved"}),
        ("D-6", {"title": "Buy lamps: approved"}),
        ("D-7", {"title": "RfE", "description": "The work moves into the executing phase."}),
        ("D-8", {"title": "RfC", "description": "The paper on this moves to the next meeting"}),
        ("D-9", {"title": "RfC", "description": "Le projet passe à la phase de clôture"}),
        ("D-10", {"title": "RfP", "description": "If the Charter is signed, the project moves to the planning phase"}),
    ]
    registers = tuple(
        Found("decision", values, frozenset(values), f"Log!A{place}:D{place}", own_id=ref) for place, (ref, values) in enumerate(rows, 2)
    )
    found = read("Decision log", registers=registers)
    assert [(row.values["gate"], row.values["decision"]) for row in found.found] == [
        ("rfp", "approved"),
        ("rfe", "rejected"),
        ("rfc", "conditional"),
        ("rfe", "approved"),
        ("rfc", "approved"),
    ]
    assert "decided_on" in found.found[0].filled
    assert "decided_on" not in found.found[1].filled


def test_what_a_form_says_of_the_document_itself_is_one_row() -> None:
    """Minutes whose head reads like a register of meetings give one meeting; stages that a register gave are not read again."""
    text = "% Minutes of Meeting\n| Meeting date | 24/02/2026 |\n| Chair | Morgan Reed |"
    form = Found("meeting", {"chair_id": "Morgan Reed"}, frozenset({"chair_id"}), "table 1 column 2", register="meeting")
    other = Found("meeting", {"chair_id": "Ada Finch"}, frozenset({"chair_id"}), "table 2 row 2", register="meeting")
    found = read(text, kind="minutes_of_meeting", registers=(form, other))
    assert [row.table for row in found.found].count("meeting") == 1
    assert found.registers == (other,)
    assert read(text, registers=(form,)).registers == (form,)
    stages = "| Phase | Start | End |\n| Initiating | 01/01/2026 | 31/01/2026 |"
    stage = Found("stage", {"name": "Initiating"}, frozenset({"name"}), "table 1 row 2", register="stage")
    assert [row.table for row in read(stages).found] == ["stage"]
    assert read(stages, registers=(stage,)).found == ()
