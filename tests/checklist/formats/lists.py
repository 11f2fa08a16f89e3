"""Checklists made by hand, for the tests of formats."""

from datetime import date

from auditor.checklist.checklist import Band, Checklist, Given, Group, Question, Scheme, Shown

PM2 = Scheme(
    id="pm2",
    title="PM² bands",
    bands=(
        Band(from_percent=0, title="Not ready", advice="Stop, and plan what is missing."),
        Band(from_percent=51, title="Ready with actions", advice="Go on when the actions are agreed."),
        Band(from_percent=81, title="Ready", advice="Go on."),
    ),
)


def a_list(language: str = "en", **changes: object) -> Checklist:
    """A list with a question in every state, a subject, links good and bad, and texts that a formula would be made of."""
    governance = (
        Question(
            id="PM2-GOV-01",
            rule="PM2-GOV-01",
            text="Is each of the four core roles held by a named person?",
            requirement="Each of the four core roles (PO, SP, BM, PM) is held by a named person.",
            guidance="Look into the Project Handbook, section Roles. A role without a name is nobody's task.",
            cites="PM² Guide 3.1, 4.2",
            weight=5,
            state="evidence",
            given=Given(says="yes", author=""),
            evidence=(
                Shown(text="Project Owner: Anna Weber", place="Project Charter.docx, table 2", url="https://example.org/charter?x=1&y=2"),
                Shown(text="Project Manager: Luis Ortega", place="Project Charter.docx, table 2", url="javascript:alert(1)"),
            ),
            evidence_count=4,
            digest="d1",
        ),
        Question(
            id="PM2-GOV-03",
            rule="PM2-GOV-03",
            text="Does the Project Owner chair the steering committee?",
            cites="PM² Guide 3.1, 4.4",
            guidance="The minutes name the chair.",
            weight=2,
            state="attested",
            given=Given(
                says="partly", author="M. Rossi", on=date(2026, 3, 2), note="Chaired twice by the deputy", expires_on=date(2026, 12, 31)
            ),
            contradiction="The minutes of 4 May name another chair",
            digest="d2",
        ),
        Question(
            id="ACME-1",
            text='=HYPERLINK("http://evil.example";"click")',
            requirement="+1+2",
            state="to_confirm",
            given=Given(says="no", author="@SUM(A1)", on=date(2026, 1, 5)),
            why_open="The evidence has changed since.",
            digest="d3",
        ),
    )
    risk = tuple(
        Question(
            id="PM2-RSK-10",
            rule="PM2-RSK-10",
            subject=f"R{number}",
            subject_text=f"Risk R{number}: Supplier “Ångström & Söhne <GmbH>” is late",
            text="Does this high risk have a response task in the Work Plan, or a recorded acceptance?",
            requirement="High-level risks have response tasks in the Work Plan.",
            guidance="Add a response task to the work plan and link it to the risk, or record the owner's acceptance.",
            cites="PM² Guide 3.1, 9.7",
            weight=5,
            state="open",
            why_open="No source links the risk to a work item.",
            evidence=(Shown(text=f"Risk R{number} has score {18 + number} and no response", place=f"Risk Log.xlsx, Risks!C{number}"),),
            evidence_count=1,
            digest=f"r{number}",
        )
        for number in (1, 2, 3)
    )
    closing = (
        Question(
            id="PM2-CLO-01", rule="PM2-CLO-01", text="Is the Project-End Report approved?", state="not_applicable", why_open="Not due yet"
        ),
        Question(id="ACME-2", text="Would the team work with this supplier again?", weight=0, state="open", digest=None),
    )
    values: dict[str, object] = {
        "id": "8c1f0355ab01",
        "kind": "phase-exit:rfe",
        "title": "Phase exit: ready for executing",
        "purpose": "Answers whether the project may enter its executing phase, and what must be done before.",
        "project": "GALAXY",
        "project_title": "Galaxy: one portal for all offices",
        "profile": "pm2",
        "profile_title": "PM² as the guide has it",
        "as_of": date(2026, 6, 30),
        "audit": "0123456789ab",
        "language": language,
        "traits": (("Size", "medium"), ("Phase", "planning"), ("Outsourced", "yes")),
        "groups": (
            Group(id="governance", title="Governance", questions=governance),
            Group(id="risk", title="Risk management", questions=risk, note="One line per high risk."),
            Group(id="closing", title="Closing", questions=closing),
        ),
        "left_out": (("Is a transition plan agreed?", "The handbook says: no transition, the product is new."),),
        "scheme": PM2,
        "sign_off": ("Project Owner", "Solution Provider"),
    }
    return Checklist(**(values | changes))  # type: ignore[arg-type]


def open_list(count: int = 8, language: str = "en") -> Checklist:
    """A list of *count* open questions in two groups, some with a subject."""
    questions = tuple(
        Question(
            id=f"Q-{number // 2:02}" if number % 4 else f"Q-S{number}",
            subject=f"S{number}" if number % 4 else None,
            subject_text=f"Subject {number}" if number % 4 else "",
            text=f"Question {number}?",
            state="open",
            digest=f"{number:04x}",
        )
        for number in range(count)
    )
    half = count // 2
    groups = (Group(id="a", title="First", questions=questions[:half]), Group(id="b", title="Second", questions=questions[half:]))
    return a_list(language, groups=groups, left_out=())
