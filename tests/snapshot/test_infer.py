"""Phase, methodology and size that nobody declared."""

from datetime import date
from decimal import Decimal
from itertools import zip_longest
from types import SimpleNamespace

import pytest

from auditor.connect.document import Document, TextBlock
from auditor.rulebook.recognition import load_recognition
from auditor.snapshot.infer import KNOWN, infer_edition, infer_end, infer_methodology, infer_outsourced, infer_phase, infer_size
from auditor.snapshot.rows import Made

TODAY = date(2026, 3, 2)


def row(table, **values):
    return Made(table, "1", values, set(values), "documents")


@pytest.mark.parametrize(
    ("rows", "phase", "basis", "is_known"),
    [
        ([row("gate", gate="rfe", decision="approved", decided_on=date(2026, 2, 1))], "executing", "gate", True),
        ([row("gate", gate="rfe", decision="rejected", decided_on=date(2026, 2, 1))], None, None, None),
        ([row("gate", gate="rfe", decision="approved", decided_on=date(2026, 9, 1))], None, None, None),
        ([row("meeting", kind="planning_kick_off", held_on=date(2026, 1, 1))], "planning", "artefact", True),
        ([row("report", kind="status", period_to_on=date(2026, 1, 31))], "executing", "artefact", False),
        ([row("report", kind="end_project", issued_on=date(2026, 1, 31))], "closing", "artefact", False),
        ([row("work_item", status_category="done")], "executing", "work", False),
        (
            [
                row("gate", gate="rfp", decision="approved", decided_on=date(2026, 1, 1)),
                row("meeting", kind="executing_kick_off", held_on=date(2026, 2, 1)),
                row("work_item", status_category="done"),
            ],
            "executing",
            "artefact",
            True,
        ),
        ([row("decision", kind="closure", status="approved", decided_on=date(2026, 2, 1))], "closed", "gate", True),
        ([row("decision", kind="closure", status="approved", decided_on=date(2026, 9, 1))], None, None, None),
        ([row("decision", kind="closure", decided_on=date(2026, 2, 1))], None, None, None),
        ([row("risk", status="closed")], None, None, None),
        # Tasks that are done may be those of planning; stories and bugs are not.
        ([row("work_item", kind="task", status_category="done")] * 9, "executing", "work", False),
        ([row("work_item", kind="story", status_category="in_progress")] * 9, "executing", "work", False),
        ([row("work_item", kind="story", status_category="done")] * 5, "executing", "work", True),
        ([row("report", kind="status", issued_on=date(2026, 1, day)) for day in (5, 12, 19)], "executing", "artefact", False),
        ([row("report", kind="status", issued_on=date(2026, month, 5)) for month in (1, 2)], "executing", "artefact", False),
        ([row("report", kind="status", issued_on=date(2025, month, 5)) for month in (9, 10, 12)], "executing", "artefact", True),
        ([row("report", kind="contractor", issued_on=date(2025, month, 5)) for month in (9, 10, 12)], None, None, None),
    ],
)
def test_phase(rows, phase, basis, is_known):
    found = infer_phase(rows, TODAY)
    assert (found.value, found.basis, found.confidence >= Decimal("0.8")) == (phase, basis, is_known) if phase else found is None


def _minuted(said, kind="steering_committee"):
    """Return a meeting of 17 February and what its minutes say was decided."""
    meeting = row("meeting", kind=kind, held_on=date(2026, 2, 17))
    decision = row("listed_item", kind="decision", name=said, on_date=date(2026, 2, 17))
    meeting.artefact = decision.artefact = "minutes"
    return [meeting, decision]


@pytest.mark.parametrize(
    ("said", "is_end"),
    [
        ("End project report approved; the project is closed with effect of 20 February", True),
        ("Das Projekt wird zum 20. Februar abgeschlossen", True),
        ("The plan for project closure is approved", False),  # how it will be closed
        ("The project will be closed once the service is accepted", False),
        ("Stage 3 of the project is closed", False),
        ("Closure meeting on 20 February", False),
    ],
)
def test_minutes_of_the_board_tell_the_end(said, is_end):
    """Where no log of decisions does; the team's minutes do not."""
    rows = _minuted(said)
    assert infer_end(rows, (), TODAY) == (date(2026, 2, 17) if is_end else None)
    assert ((found := infer_phase(rows, TODAY)) is not None and found.value == "closed") == is_end
    assert infer_end(_minuted(said, kind="project_status"), (), TODAY) is None
    assert infer_end([*rows, row("decision", kind="closure", decided_on=date(2026, 2, 16))], (), TODAY) is None


def test_what_is_gone_tells_nothing():
    gone = row("gate", gate="rfe", decision="approved", decided_on=date(2026, 2, 1))
    gone.is_gone = True
    assert infer_phase([gone], TODAY) is None


@pytest.mark.parametrize(
    ("columns", "size"),
    [
        ({"budget": Decimal(50_000)}, "small"),
        ({"budget": Decimal(500_000)}, "medium"),
        ({"budget": Decimal(5_000_000)}, "large"),
        ({"start_on": date(2026, 1, 1), "planned_end_on": date(2026, 4, 1)}, "small"),
        ({"start_on": date(2024, 1, 1), "planned_end_on": date(2026, 4, 1)}, "large"),
        ({}, None),
    ],
)
def test_size_stays_a_guess(columns, size):
    found = infer_size(columns)
    assert (found.value if found else None) == size
    assert found is None or found.confidence < Decimal("0.8")


def test_a_methodology_is_known_when_documents_name_it(world, rows):
    table = "| Risk ID | Risk title | Likelihood | Impact |\n| --- | --- | --- | --- |\n| R1 | Late | 3 | 4 |\n"
    world.document("Alpha/Risk Log.md", f"# Risk Log\n\n{table}").document("Alpha/Project Handbook.md", "# Project Handbook\n\nText.\n")
    for name in ("Risk Log", "Project Handbook", "Project Charter"):
        world.document(f"Beta/{name}.md", f"# {name}\n\nThis document follows PM².\n\n{table if name == 'Risk Log' else 'Text.'}\n")
    found = rows(world.snapshot(), "project", "id, methodology, methodology_raw, methodology_basis")
    assert found[0][1] is None
    assert found[1] == ("Beta", "pm2", "pm2", "artefact")


def test_minutes_are_published_when_they_appear(world, rows):
    from datetime import UTC, datetime

    minutes = "# Minutes of Meeting\n\nMeeting: Project Steering Committee\n\nDate: 2026-02-10\n\n| Attendee | Role |\n| --- | --- |\n| Anna Weber | Project Manager |\n"
    world.document("Alpha/Minutes 2026-02-10.md", minutes)
    world.pull()
    world.document("Alpha/Minutes 2026-03-05.md", minutes.replace("2026-02-10", "2026-03-05"))
    snapshot = world.snapshot(datetime(2026, 3, 9, 23, 30, tzinfo=UTC))
    # In Brussels it was the next day already; what was there at first sight had been there before.
    assert rows(snapshot, "meeting", "minutes_published_on", order="held_on") == [(None,), (date(2026, 3, 10),)]


def test_work_goes_on_where_a_sprint_was_looked_back_on(world, rows):
    text = "# Sprint 3 Retrospective\n\nWhat went well: the search was finished and shown to the users, who liked it and asked for more of it.\n"
    world.document("Alpha/Sprint 3 Retrospective.md", text).document("Beta/Sprint 3 Planning.md", text.replace("Retrospective", "Planning"))
    assert rows(world.snapshot(), "project", "id, phase, phase_basis") == [("Alpha", "executing", "artefact"), ("Beta", None, None)]


@pytest.mark.parametrize(
    ("text", "edition"),
    [
        ("The project uses PRINCE2, sixth edition (2017). Everything else as in the method.", "2017"),
        ("Wir folgen PRINCE2 (Ausgabe 2023).", "2023"),
        ("PRINCE2 2017", "2017"),
        ("PRINCE2 project of 12 March 2023", None),
        ("The 2017 portal is replaced; PRINCE2 is used.", None),
        ("PRINCE2 edition 2017, later PRINCE2 edition 2023", None),
    ],
)
def test_the_edition_is_what_the_documents_say_they_follow(text, edition):
    document = Document("docx", (TextBlock("A plan"), TextBlock(text)))
    docs = [SimpleNamespace(parsed=SimpleNamespace(document=document), path="Alpha/plan.docx")]
    assert infer_edition(docs, "prince2", SimpleNamespace(editions={"prince2": ("2017", "2023")}, edition_names={})) == edition
    assert infer_edition(docs, "prince2", SimpleNamespace(editions={}, edition_names={})) is None


@pytest.mark.parametrize(
    ("files", "edition"),
    [
        (["Change-Control-Approach_v1.0.docx", "Risk Register.xlsx"], "2017"),
        (["ALPHA_Issue Management Approach.docx"], "2023"),
        (["Change Control Approach.docx", "Sustainability Management Approach.docx"], None),
        # Records of configuration items keep their old name in many a project of the newest edition.
        (["Product register and configuration item records.xlsx", "Commercial Management Approach.docx"], "2023"),
        (["Risk Management Approach.docx"], None),
    ],
)
def test_the_edition_is_that_of_the_names_which_only_one_has(files, edition):
    docs = [SimpleNamespace(parsed=SimpleNamespace(document=Document("docx", ())), path=f"Alpha/{file}") for file in files]
    assert infer_edition(docs, "prince2", load_recognition()) == edition


@pytest.mark.parametrize(
    ("headings", "edition"),
    [
        (["Quality management approach", "2.1 Change control approach"], "2017"),
        (["6 Issue management approach", "9 Sustainability management approach"], "2023"),
        (["Change control approach", "Issue management approach"], None),
        (["How the change control approach was made"], None),
    ],
)
def test_chapters_tell_the_edition_where_files_do_not(headings, edition):
    blocks = tuple(TextBlock(text, 1, "style", f"paragraph {at}") for at, text in enumerate(headings))
    docs = [SimpleNamespace(parsed=SimpleNamespace(document=Document("docx", blocks)), path="Alpha/Management approaches.docx")]
    assert infer_edition(docs, "prince2", load_recognition()) == edition


def test_the_newest_edition_is_told_by_two_names_beside_an_old_one():
    """Approaches are chapters of one document, more often than files of their own."""
    blocks = tuple(
        TextBlock(text, level=1) for text in ("4. Sustainability management approach", "5. Digital and data management approach")
    )
    doc = SimpleNamespace(parsed=SimpleNamespace(document=Document("docx", blocks)), path="Alpha/Management approaches.docx")
    old = SimpleNamespace(parsed=SimpleNamespace(document=Document("xlsx", ())), path="Alpha/Configuration item records.xlsx")
    assert infer_edition([doc, old], "prince2", load_recognition()) == "2023"
    assert infer_edition([old], "prince2", load_recognition()) == "2017"


def test_a_notification_of_the_closure_tells_that_a_project_is_closed(world, rows):
    text = "# Closure notification\n\nDate: {day}\n\nThe board has closed the project. The cost centres are locked from tomorrow on.\n"
    world.document("Alpha/Closure notification.md", text.format(day="2026-02-26"))
    world.document("Beta/Abschlussmitteilung.md", text.replace("Closure notification", "Abschlussmitteilung").format(day="26.02.2036"))
    assert rows(world.snapshot(), "project", "id, phase, phase_basis") == [("Alpha", "closed", "artefact"), ("Beta", None, None)]


def _tailored(**values):
    return row("listed_item", kind="tailoring", names_kind="outsourcing_plan", **values)


@pytest.mark.parametrize(
    ("rows", "docs", "told"),
    [
        ([row("role", role="contractor_project_manager", person_id="p:1")], [], True),
        ([row("role", role="contractor_project_manager", person_id=None)], [], None),
        ([row("role", role="project_manager", person_id="p:1")], [], None),
        ([], [("contractor_status_report", None)], True),
        ([], [("outsourcing_plan", date(2026, 1, 1))], True),
        ([], [("outsourcing_plan", None)], None),
        ([], [("project_charter", date(2026, 1, 1))], None),
        ([_tailored(is_used=False, reason="No part of the work is outsourced")], [], False),
        ([_tailored(is_used=False, reason="Alles in Eigenleistung.")], [], False),
        ([_tailored(is_used=False, reason="The contract is in the Charter")], [], None),
        ([_tailored(is_used=True, reason="No outsourcing so far")], [], None),
        ([_tailored(is_used=False, reason="no outsourcing")], [("contractor_status_report", None)], True),
    ],
)
def test_work_was_given_to_others(rows, docs, told):
    made = [
        SimpleNamespace(kind=kind, is_current=True, values={"approved_on": day}, seen=SimpleNamespace(gone_at=None)) for kind, day in docs
    ]
    assert infer_outsourced(rows, made) is told


def _docs(kinds, naming):
    said = [Document("docx", (TextBlock("We follow PRINCE2."),))] * naming
    return [_doc(kind, document) for kind, document in zip_longest(kinds, said)]


def _doc(kind, document, standard="prince2"):
    guesses = [SimpleNamespace(kind=kind, standard=standard, confidence=Decimal("0.9"))] if kind else []
    return SimpleNamespace(
        path="P/a.docx",
        parsed=SimpleNamespace(document=document or Document("docx", ())),
        read=SimpleNamespace(guesses=guesses),
        values={},
    )


@pytest.mark.parametrize(("count", "naming", "is_known"), [(6, 1, True), (3, 1, False), (9, 0, False), (10, 0, True), (3, 2, True)])
def test_many_artefacts_of_one_method_say_as_much_as_a_document_that_names_it(count, naming, is_known):
    recognition = SimpleNamespace(standards=("prince2", "pm2"))
    found = infer_methodology(_docs([f"kind_{number}" for number in range(count)], naming), [], recognition)
    assert found.value == "prince2"
    assert (found.confidence >= KNOWN) is is_known


@pytest.mark.parametrize(
    ("count", "naming", "other", "is_known"), [(8, 1, 2, True), (8, 1, 4, False), (18, 0, 4, True), (12, 0, 4, True), (11, 0, 4, False)]
)
def test_a_few_documents_that_may_be_of_another_method_are_no_doubt(count, naming, other, is_known):
    recognition = SimpleNamespace(standards=("prince2", "pm2"))
    docs = [
        *_docs([f"kind_{number}" for number in range(count)], naming),
        *(_doc(f"other_{number}", None, "pm2") for number in range(other)),
    ]
    found = infer_methodology(docs, [], recognition)
    assert found.value == "prince2"
    assert (found.confidence >= KNOWN) is is_known
