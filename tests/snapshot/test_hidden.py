"""What a file that nobody can read may hide."""

from collections.abc import Iterable

from auditor.connect.scans import no_text, pages_without_text
from auditor.snapshot.hidden import ANYTHING, hides, is_attendance_list

READ = {"project_charter": {"1.0"}, "project_work_plan": {"1.1"}}
REGISTERS = {"risk_log", "issue_log"}


PAPERS = {"acceptance_note", "minutes"}


def said(path: str, *kinds: str, reason: str = "no_text_layer", pages: int | None = None, told: Iterable[str] = ()):
    return hides(path, reason, set(kinds), READ, REGISTERS, pages=pages, papers=PAPERS, told=frozenset(told))


def test_a_name_that_tells_nothing_may_hide_anything():
    assert said("Alpha/scan0001.pdf") == ANYTHING


def test_the_scan_of_what_was_read_shows_who_signed_it():
    found = said("Alpha/Project Charter signed.pdf", "project_charter")
    assert found.tables is not None
    assert "approval" in found.tables
    assert not found.tables & {"artefact", "section", "listed_item", "role", "gate", "meeting"}
    assert not found.registers


def test_a_page_of_signatures_shows_who_signed():
    found = said("Alpha/Contract signature page scan.pdf")
    assert found.tables == {"approval", "distribution"}
    assert said("Alpha/Contract signature page.docx", reason="damaged") == ANYTHING


def test_the_scan_of_a_contract_shows_what_was_agreed():
    for path in (
        "Alpha/scan_acte_d_engagement.pdf",
        "Alpha/scan_acte_engagement.pdf",
        "Alpha/Bon de commande 17.pdf",
        "Alpha/Invoice_2026-03.pdf",
        "Alpha/Vertrag unterschrieben.pdf",
        "Alpha/Call-off contract Fernway signed scan.pdf",
        "Alpha/Specific_Contract_SC-2026-014_signed_scan.pdf",
        "Alpha/Marché Lot 2 signé.pdf",
        "Alpha/ALPHA_Tender-Opening-Record_v1.0.pdf",
    ):
        found = said(path)
        assert found.tables is not None
        assert {"agreement", "artefact"} <= found.tables
        assert not found.tables & {"approval", "section", "listed_item", "role", "stage", "risk"}
        assert not found.registers
    assert said("Alpha/Contract status report.pdf") == ANYTHING
    assert said("Alpha/Contract management plan.pdf") == ANYTHING
    assert said("Alpha/Invoice.xlsx", reason="encrypted") == ANYTHING


def test_a_contract_of_a_page_or_two_is_a_paper():
    assert said("Alpha/Signed contract.pdf", pages=2).tables == {"agreement"}
    assert said("Alpha/Letter of appointment.pdf", pages=1).tables == {"role", "authority", "absence"}
    found = said("Alpha/Signed contract.pdf", pages=3).tables
    assert found is not None
    assert {"agreement", "artefact"} <= found


def test_the_scan_of_an_appointment_shows_who_holds_a_role():
    for path in (
        "Alpha/Letter of appointment PM scan.pdf",
        "Alpha/Escaneado nombramiento JP.pdf",
        "Alpha/Lettre de mission chef de projet.pdf",
        "Alpha/Ernennungsschreiben_Projektleiterin.pdf",
    ):
        found = said(path)
        assert found.tables is not None
        assert {"role", "artefact"} <= found.tables
        assert not found.tables & {"approval", "section", "listed_item", "gate", "meeting", "risk"}
        assert not found.registers
    assert said("Alpha/Appointment.xlsx", reason="encrypted") == ANYTHING


def test_a_contract_that_is_a_product_of_the_standard_was_not_read():
    assert said("Alpha/Signed contract.pdf", "outsourcing_records").tables is None


def test_another_version_than_was_read_may_say_something_else():
    assert said("Alpha/Project Charter v1.0 scan.pdf", "project_charter").tables is not None
    assert said("Alpha/Project Charter v2.0 scan.pdf", "project_charter").tables is None


def test_a_file_that_is_no_scan_may_say_something_else():
    assert said("Alpha/Project Charter.docx", "project_charter", reason="encrypted").tables is None


def test_what_may_be_a_further_kind_was_not_read():
    assert said("Alpha/Charter and case.pdf", "project_charter", "business_case").tables is None


def test_a_register_holds_its_entries_only():
    found = said("Alpha/Risk Log.xlsx", "risk_log", reason="encrypted")
    assert found.tables is not None
    assert "section" not in found.tables


def test_pictures_and_lists_of_attendance():
    for path in ("Alpha/whiteboard.jpg", "Alpha/scan_2026-06-04_attendance.pdf", "Alpha/Teilnehmerliste_2026-06-04.pdf"):
        found = said(path, "minutes_of_meeting")
        assert found.tables is not None
        assert "attendance" in found.tables
        assert "listed_item" not in found.tables


def test_lists_of_attendance_are_told_by_their_names():
    assert is_attendance_list("E Meetings/scan_2026-06-04_attendance.pdf")
    assert is_attendance_list("Réunions/Liste de présence 2026-05-01.pdf")
    assert not is_attendance_list("Meetings/2026-06-04 minutes.pdf")
    assert not is_attendance_list("Meetings/Minutes and attendance 2026-06-04.pdf")
    assert not is_attendance_list("Sitzungen/Protokoll mit Anwesenheitsliste.pdf")


def test_a_document_with_signatures_is_more_than_their_page():
    assert said("Alpha/Contract with signatures.pdf") == ANYTHING


def test_a_page_without_a_telling_name_is_a_paper():
    for path in ("Alpha/SKM_C25826103010.pdf", "Alpha/scan0001.pdf", "Alpha/scan typed letter P02.pdf"):
        found = said(path, pages=1)
        assert found.tables is not None
        assert {"approval", "meeting", "role", "gate", "agreement"} <= found.tables
        assert not found.tables & {"section", "listed_item", "risk", "report", "stage"}
        assert not found.registers
        assert said(path, pages=12) == ANYTHING
        assert said(path) == ANYTHING


def test_what_is_told_elsewhere_is_told_there():
    found = said("Alpha/scan0001.pdf", pages=1, told=["role", "gate", "meeting"])
    assert found.tables is not None
    assert {"approval", "attendance", "agreement"} <= found.tables
    assert not found.tables & {"role", "gate", "meeting"}
    named = said("Alpha/Minutes 3.pdf", "minutes", pages=1, told=["meeting", "gate", "agreement"]).tables
    assert named is not None
    assert {"meeting", "gate", "agreement"} <= named


def test_what_is_signed_and_filed_is_a_paper():
    found = said("Alpha/Acceptance note D4.pdf", "acceptance_note", pages=2)
    assert found.tables is not None
    assert {"approval", "artefact", "meeting", "gate"} <= found.tables
    assert not found.tables & {"section", "listed_item", "risk"}
    assert said("Alpha/Acceptance note D4.pdf", "acceptance_note", pages=9).tables is None
    assert said("Alpha/Business case.pdf", "business_case", pages=1).tables is None


def test_how_long_a_scan_is_comes_back_from_what_was_told():
    for pages in (1, 2, 40):
        assert pages_without_text(no_text(pages, what="drawn, not written")) == pages
        assert pages_without_text(no_text(pages, pages - 1, what="a scan")) == pages
    assert pages_without_text("a password is needed to open it") is None
    assert pages_without_text("") is None
