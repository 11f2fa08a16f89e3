"""Kinds of documents: what is right for documents in four languages, and what holds for every document."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.connect.document import Cell, Document, TableBlock, TextBlock
from auditor.connect.protocol import Parsed
from auditor.snapshot.documents.kinds import DOUBT, SURE, KindGuess, best_kind, guess_from_path, recognise_kind

FOLDER = Path(__file__).parents[3] / "fixtures" / "kinds"


def titles():
    """Return lines 'title=kind|kind'."""
    return (FOLDER / "titles.txt").read_text(encoding="utf-8").splitlines()


def best(guesses, standard):
    other = max((guess.confidence for guess in guesses if guess.standard == "core"), default=Decimal(0))
    return next((guess for guess in guesses if guess.standard == standard and guess.confidence > other), None)


@pytest.mark.parametrize("standard", ["pm2", "prince2"])
def test_a_fixture_is_what_a_careful_reader_says(case, standard, recognition):
    """The best kind of a standard is one that a careful reader allows."""
    found = best(recognise_kind(case.parsed, recognition), standard)
    assert (found.kind if found else None) in case.kinds[standard], found


def test_a_fixture_is_never_surely_wrong(case, recognition):
    """No kind that a careful reader denies is sure, unless it is still surer that the document is of no standard."""
    guesses = recognise_kind(case.parsed, recognition)
    other = max((guess.confidence for guess in guesses if guess.standard == "core"), default=Decimal(0))
    for guess in guesses:
        if guess.standard != "core" and guess.confidence >= SURE and guess.confidence > other:
            assert guess.kind in case.kinds[guess.standard], guess


def test_every_product_is_known_by_its_own_name(recognition):
    """A file that bears the standard's name in its title and its own name is surely that kind, in a format that is usual for it."""
    for kind in recognition.kinds:
        if kind.standard == "core" or kind.id == "project_deliverables":  # what projects make is called everything
            continue
        format_ = "docx" if not kind.spec.formats or "docx" in kind.spec.formats else kind.spec.formats[0]
        parsed = Parsed(Document(format_, (TextBlock(kind.spec.title, is_title=True),)), f"{kind.spec.title.replace(' ', '_')}.{format_}")
        found = best_kind(recognise_kind(parsed, recognition), kind.standard)
        assert found is not None, kind.id
        assert (found.kind, found.confidence >= SURE) == (kind.id, True), found


def test_a_path_is_never_sure(case, recognition):
    """What could not be read fulfils nothing, whatever it is called."""
    assert all(DOUBT <= guess.confidence < SURE for guess in guess_from_path(case.parsed.path, recognition))


def test_a_folder_alone_is_never_sure(recognition):
    """A folder's name makes a candidate of a file that could not be read, and no more."""
    (first, *_) = guess_from_path("Project/Risk Log/scan0001.pdf", recognition)
    assert (first.kind, first.standard) == ("risk_log", "pm2")
    assert DOUBT <= first.confidence < Decimal("0.5")
    empty = Document("pdf", (TextBlock("Page 1"),))
    assert all(guess.confidence < SURE for guess in recognise_kind(Parsed(empty, "Project/Risk Log/scan0001.pdf"), recognition))


def test_a_lock_file_is_nothing(recognition):
    """The lock file of an office program is no candidate for what it locks."""
    assert guess_from_path("a/~$oject Charter.docx", recognition) == []


def test_the_order_of_files_does_not_matter(case, recognition, reversed_recognition):
    """Packs and their files may be read in any order."""
    assert recognise_kind(case.parsed, recognition) == recognise_kind(case.parsed, reversed_recognition)


def test_the_same_files_in_another_order_are_the_same(recognition, reversed_recognition):
    """The digest tells what the files say, not how they were found."""
    assert recognition == reversed_recognition
    assert recognition.kinds == reversed_recognition.kinds


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Risk Management Plan", "risk_management_plan"),
        ("Risk Log Template", "risk_log"),
        ("Checklist for the Project Charter", None),
        ("Guide to the Business Case", None),
        ("Minutes of the Project Charter workshop", "minutes_of_meeting"),
        ("Project Charter Presentation", None),
        ("Risk Register Test Plan", None),
        ("Plan de gestion des risques", "risk_management_plan"),
        ("Liste de contrôle pour la charte de projet", None),
        ("Compte rendu de la réunion sur le plan de projet", "minutes_of_meeting"),
        ("Risikomanagement-Plan", "risk_management_plan"),
        ("Protokoll zum Projektauftrag", "minutes_of_meeting"),
        ("Leitfaden für das Projekthandbuch", None),
        ("Registro de riesgos del proyecto", "risk_log"),
        ("Acta de reunión sobre el acta de constitución", "minutes_of_meeting"),
        ("Manual de usuario del registro de riesgos", None),
        ("Prject Managment Plan", "project_handbook"),
        ("Team Charter", None),
        ("Change Request Form", "change_request_form"),
        ("Change form C-05", "change_request_form"),
        ("Invitation: Planning Kick-off Meeting", "meeting_agenda"),
        ("Einladung: Sitzung des Lenkungsausschusses", "meeting_agenda"),
        ("Invitation to tender", None),
        ("Request for a project", "project_initiation_request"),
        ("Who is who", "project_stakeholder_matrix"),
        ("Statement of Work", None),
        ("Phasenprüfung und Prüflisten", "phase_exit_review_checklist"),
        ("Phase-exit review and other checklists", "phase_exit_review_checklist"),
        ("Vergabekonzept", "outsourcing_plan"),
        ("Übergangskonzept", "transition_plan"),
        ("Veränderungskonzept", "business_implementation_plan"),
        ("Beteiligtenliste", "project_stakeholder_matrix"),
        ("Sachstandsbericht des Auftragnehmers", "contractor_status_report"),
    ],
)
def test_the_head_of_a_title_counts(title, kind, recognition):
    """A title is read for what the thing is, not for what it is about."""
    parsed = Parsed(Document("docx", (TextBlock(title, is_title=True), TextBlock("Some text."))), f"{title}.docx")
    found = best_kind(recognise_kind(parsed, recognition), "pm2")
    assert (found.kind if found else None) == kind


@pytest.mark.parametrize("line", titles())
def test_titles_are_read_as_a_person_reads_them(line, recognition):
    """A title gives one of the kinds that it may mean ('-': none), in every standard where it gives any; a cover gives none surely wrong."""
    title, _, said = line.rpartition("=")
    allowed = {None if kind == "-" else kind for kind in said.split("|")}
    named = Parsed(Document("docx", (TextBlock(title, is_title=True), TextBlock("Some text."))), f"{title.replace('/', ' ')}.docx")
    guesses = recognise_kind(named, recognition)
    best_ = best_kind(guesses)
    equal = {guess.kind for guess in guesses if best_ and guess.confidence == best_.confidence} if best_ else {None}
    assert equal & allowed, guesses
    cover = (
        TextBlock("Harbour Lights", is_title=True),
        TextBlock(title),
        TextBlock("Version 1.0, 12 March 2026"),
        TextBlock("Scope", level=1),
    )
    for guess in recognise_kind(Parsed(Document("docx", cover), "P/HL-0012.docx"), recognition)[:1]:
        assert guess.standard == "core" or guess.confidence < SURE or guess.kind in allowed, guess


def test_a_register_is_known_by_its_columns_more_than_by_its_sheet(recognition):
    """A sheet called 'Issue Register' that holds risks, in a file called so, is a register of risks."""
    header = ("ID", "Risk description", "Probability", "Impact", "Risk owner", "Mitigation")
    table = TableBlock((tuple(Cell(text) for text in header), tuple(Cell("x") for _ in header)), name="Issue Register")
    found = best_kind(recognise_kind(Parsed(Document("xlsx", (table,)), "Risk Register.xlsx"), recognition), "prince2")
    assert found is not None
    assert found.kind == "risk_register"


def test_rows_of_a_register_are_evidence(recognition):
    """Rows that were read as risks speak for a register of risks."""
    table = TableBlock(((Cell("A"), Cell("B")), (Cell("1"), Cell("2"))), name="Sheet1")
    parsed = Parsed(Document("xlsx", (table,)), "Risks.xlsx")
    before, after = (
        max((guess.confidence for guess in recognise_kind(parsed, recognition, registers) if guess.kind == "risk_log"), default=0)
        for registers in ({}, {"risk": 12})
    )
    assert after > before


def test_the_methodology_chooses_among_standards():
    """A document that is of several standards gets the kind of the project's methodology."""
    guesses = [
        KindGuess("risk_log", Decimal("0.9"), "pm2", ()),
        KindGuess("risk_register", Decimal("0.9"), "prince2", ()),
    ]
    assert [best_kind(guesses, name).kind for name in (None, "pm2", "pm2_agile", "prince2", "prince2_agile", "scrum")] == [
        "risk_log", "risk_log", "risk_log", "risk_register", "risk_register", "risk_log",
    ]  # fmt: skip
    assert best_kind([]) is None
    assert best_kind([*guesses, KindGuess("checklist", Decimal("0.95"), "core", ())]) is None


words = st.sampled_from(
    [
        "risk",
        "log",
        "project",
        "charter",
        "plan",
        "de",
        "Projekt",
        "handbuch",
        "minutes",
        "of",
        "test",
        "2024",
        "v1.2",
        "-",
        "(",
        "Acta",
        "é",
    ]
)
lines = st.lists(words, max_size=8).map(" ".join) | st.text(max_size=60)
texts = st.builds(TextBlock, text=lines, level=st.integers(0, 3), is_title=st.booleans(), is_bold=st.booleans())
cells = st.builds(Cell, text=lines)
tables = st.builds(TableBlock, rows=st.lists(st.lists(cells, max_size=4).map(tuple), max_size=4).map(tuple), name=lines)
documents = st.builds(
    Document,
    format=st.sampled_from(["docx", "xlsx", "pdf", "md", "pptx"]),
    blocks=st.lists(texts | tables, max_size=8).map(tuple),
    headers=st.lists(lines, max_size=2).map(tuple),
)


@settings(max_examples=60, deadline=None)
@given(document=documents, path=st.lists(lines, min_size=1, max_size=3).map("/".join))
def test_any_document_is_recognised_the_same_way_twice(document, path, recognition):
    """Any document gives sorted guesses within bounds, and the same ones again."""
    guesses = recognise_kind(Parsed(document, path), recognition)
    assert guesses == recognise_kind(Parsed(document, path), recognition)
    assert [guess.confidence for guess in guesses] == sorted((guess.confidence for guess in guesses), reverse=True)
    assert all(DOUBT <= guess.confidence <= 1 and guess.confidence == round(guess.confidence, 2) for guess in guesses)
    assert len({(guess.standard, guess.kind) for guess in guesses}) == len(guesses)


@settings(max_examples=30, deadline=None)
@given(document=documents)
def test_a_cut_document_keeps_its_kind(document, recognition):
    """That a limit cut the document says nothing about its kind."""
    parsed = Parsed(document, "x/Risk Log.xlsx")
    assert recognise_kind(parsed, recognition) == recognise_kind(replace(parsed, document=replace(document, is_cut=True)), recognition)


@pytest.mark.parametrize(
    ("title", "name", "kind"),
    [
        ("Work Package WP-08 Training and procedures for the pilot", "WP-08 Training and procedures for the pilot", "work_package"),
        ("Work package WP3.2", "WP3.2 Alert application and training", "work_package"),
        ("Arbeitspaket AP-4 – Schulungskonzept", "AP-4 Schulungskonzept", "work_package"),
        ("Lot de travaux LT-02 : conception des interfaces", "LT-02 conception des interfaces", "work_package"),
        ("Checkpoint reports WP-03 Control room design", "Checkpoint reports WP-03", "checkpoint_report"),
    ],
)
def test_what_stands_behind_a_code_is_what_the_document_is_about(title, name, kind, recognition):
    headings = [TextBlock(text, level=1, level_basis="style") for text in ("Joint agreements", "Development interfaces")]
    parsed = Parsed(Document("docx", (TextBlock(title, is_title=True), *headings)), f"Stage 3/{name}.docx")
    found = best(recognise_kind(parsed, recognition), "prince2")
    assert found is not None
    assert (found.kind, found.confidence >= SURE) == (kind, True), found


def test_a_code_without_the_name_of_a_kind_before_it_tells_nothing(recognition):
    parsed = Parsed(Document("docx", (TextBlock("Hall H-2 Training plan", is_title=True),)), "H-2 Training plan.docx")
    assert {guess.kind for guess in recognise_kind(parsed, recognition)} == {
        guess.kind for guess in recognise_kind(replace(parsed, path="Training plan.docx"), recognition)
    }


@pytest.mark.parametrize(
    "text", ["Letters sent (without highlight reports)", "Briefe – ohne Statusberichte", "Courriers (sauf rapports de synthèse)"]
)
def test_what_is_left_out_is_not_what_the_document_is(text, recognition):
    parsed = Parsed(Document("docx", (TextBlock(text, is_title=True),)), "Letters.docx")
    assert not {guess.kind for guess in recognise_kind(parsed, recognition)} & {"highlight_report", "project_status_report"}


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Contractor Status Report 3", "Example_status_report_3.pdf"),
        ("Statusbericht des Auftragnehmers", "Beispiel Statusbericht 3.pdf"),
        ("Rapport d'avancement du prestataire", "Exemple rapport d'avancement 3.pdf"),
    ],
)
def test_a_file_name_with_the_wider_word_is_no_rival(title, name, recognition):
    """A contractor's report in a file that is called 'status report': the title says whose it is."""
    parsed = Parsed(
        Document("pdf", (TextBlock(title, is_title=True), TextBlock("Forecast", level=1, level_basis="style"))), f"Reports/{name}"
    )
    found = best(recognise_kind(parsed, recognition), "pm2")
    assert found is not None
    assert (found.kind, found.confidence >= SURE) == ("contractor_status_report", True), found


def test_a_title_with_another_name_stays_a_rival(recognition):
    """The title of a status report in a file that is called a contractor's: nobody knows whose it is."""
    parsed = Parsed(Document("docx", (TextBlock("Project Status Report 3", is_title=True),)), "Contractor status report 3.docx")
    assert not [guess for guess in recognise_kind(parsed, recognition) if guess.standard == "pm2" and guess.confidence >= SURE]


@pytest.mark.parametrize(
    ("title", "line"),
    [
        (
            "Hydra SAS – rapport trimestriel",
            "Marché 2025-17, SIEVO. Période : mai 2026. Rédigé par Zoé Vasseur, chef de projet du titulaire, le 2 juin.",
        ),
        ("Hydra Ltd – status report", "Contract 2025-17, SIEVO. Written by Ada Finch, project manager of the contractor, on 2 June 2026."),
        (
            "Hydra GmbH – Statusbericht",
            "Vertrag 2025-17, SIEVO. Erstellt von Ada Finch, Projektleiterin des Auftragnehmers, am 2. Juni 2026.",
        ),
    ],
)
def test_who_writes_under_a_contract_reports_as_the_contractor(title, line, recognition):
    document = Document("docx", (TextBlock(title, is_title=True), TextBlock(line), TextBlock("Situation", level=1, level_basis="style")))
    found = best(recognise_kind(Parsed(document, f"Reports/{title}.docx"), recognition), "pm2")
    assert found is not None
    assert found.kind == "contractor_status_report"
