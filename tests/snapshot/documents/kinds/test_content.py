"""Documents that are not called what they are: their headings and tables tell."""

from decimal import Decimal

import pytest

from auditor.connect.document import Document, TextBlock
from auditor.connect.protocol import Parsed
from auditor.snapshot.documents.kinds import SURE, best_kind, recognise_kind

TRANSITION = "# Transition activities\n# Prerequisites\n# Transfer of responsibility\n# Rollback scenario\n# Maintenance and support"
EXCEPTION = "# Cause of the exception\n# Consequences of the deviation\n# Options\n# Recommendation\n# Lessons"
PREPARING = "# Impact on processes\n# Impact on people and culture\n# Change management strategies and activities\n# Training"
BRIEF = "# Project definition\n# Outline Business Case\n# Project Product Description\n# Project approach\n# Role descriptions"
RISKS = "| ID | Risk | Probability | Impact | Owner |\n| R1 | Late permits | High | Low | Ann Lee |\n| R2 | Strike | Low | High | Bo Ek |"


@pytest.fixture
def judged(recognition, make_document):
    def _judged(body, path="Note 7.docx", registers=None):
        parsed = Parsed(make_document(body, path.rsplit(".", 1)[-1]), path)
        return best_kind(recognise_kind(parsed, recognition, registers))

    return _judged


@pytest.mark.parametrize(
    ("headings", "kind"),
    [
        (TRANSITION, "transition_plan"),
        (EXCEPTION, "exception_report"),
        (PREPARING, "business_implementation_plan"),
        (BRIEF, "project_brief"),
    ],
    ids=["transition", "exception", "implementation", "brief"],
)
def test_headings_of_one_kind_only_tell_it(judged, headings, kind):
    found = judged(f"% Preparing what comes next\n{headings}")
    assert found.kind == kind
    assert found.confidence > Decimal("0.6")


def test_headings_among_many_others_do_not(judged):
    others = "\n".join(
        f"# {text}" for text in ("Scope", "Milestones", "Budget", "Risks", "Assumptions", "Constraints", "Objectives", "Roles")
    )
    found = judged(f"% Something\n{TRANSITION}\n{others}\n# Business options\n# Cost benefit analysis\n# Legal basis")
    assert found is None or found.confidence < SURE


def test_headings_that_every_kind_has_tell_none(judged):
    found = judged("% Something\n# Objectives\n# Scope\n# Roles\n# Risks\n# Budget\n# Schedule")
    assert found is None or found.confidence < SURE


def test_a_guide_with_the_headings_of_a_plan_stays_a_guide(judged):
    found = judged(f"% Guide to what comes after a project\n{TRANSITION}", "Guide after projects.docx")
    assert found is None or found.confidence < SURE


def test_a_text_document_that_is_a_table_is_its_register(judged):
    found = judged(f"% Follow-up of risks\n{RISKS}", "Follow-up risks.docx", {"risk": 2})
    assert found.kind == "risk_log"
    assert found.confidence < SURE
    long = "Much is said here about the project, its aims and those who pay for it. " * 20
    other = judged(f"% Follow-up\n{long}\n{RISKS}", "Follow-up.docx", {"risk": 2})
    assert other is None or other.confidence < found.confidence


def test_an_empty_document_is_nothing(recognition):
    assert best_kind(recognise_kind(Parsed(Document("docx", ()), "x.docx"), recognition)) is None


MAIL = "From: Ada Finch\nTo: board; Bo Ek\nDate: 5 May 2026\nSubject: Status report April"


@pytest.mark.parametrize(
    ("head", "body", "is_one"),
    [
        (MAIL, "Dear all, please find the status report of April in the share, folder Reports.", True),
        ("De : Ada Finch\nÀ : comité\nObjet : rapport d'avancement", "Bonjour, vous trouverez le rapport d'avancement ci-joint.", True),
        ("Von: Ada Finch\nAn: Ausschuss\nBetreff: Statusbericht April", "Guten Tag, anbei der Statusbericht.", True),
        ("De: Ada Finch\nPara: comité\nAsunto: informe de estado", "Les adjunto el informe de estado de abril.", True),
        (MAIL, "Status report of April: the schedule is green, two risks are open.", False),
        (MAIL, "Please find here how April went. " + "The works at the second site are late. " * 20, False),
        ("Status report April", "Please find the details in the share.", False),
    ],
    ids=["en", "fr", "de", "es", "tells", "long", "no mail"],
)
def test_a_mail_that_says_where_the_document_is_is_not_the_document(recognition, head, body, is_one):
    document = Document("txt", (TextBlock(head), TextBlock(body)))
    assert (recognise_kind(Parsed(document, "Status reports/mail status report 2026-04.txt"), recognition) == []) is is_one


def test_a_remark_in_brackets_below_the_title_is_no_title(recognition):
    remark = Document("md", (TextBlock("Notes on the way", level=1), TextBlock("(kept by Ada, to be used for the Project-End Report)")))
    assert recognise_kind(Parsed(remark, "notes.md"), recognition) == []
