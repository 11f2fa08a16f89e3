"""A project of PM² that keeps everything: outsourced, closed, with schedule, registers of reviews and contracts, all parts of its plans.

Nothing is wrong in it. What its documents say beyond those of other projects stands here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from auditor.demo.blocks import Block, File, Grid, Heading, Para, Sheet, Title, Value
from auditor.demo.documents import files_of
from auditor.demo.story import Story, healthy, issue

WILLOW = "Parking Permits"
"""The project's name; its id differs in copies."""

PROFILE = r"""# How this project names its files, and where they lie.
name: permits
title: PM² with the conventions of the permit office
extends: [pm2]
methodology: pm2
chosen: by_name
change:
- rules: [PM2-CFG-02]
  params: {convention: '[0-9]{2}[.][A-Za-z_-]+[.][A-Z0-9]+[.]V[0-9]+[.][0-9]+[.](docx|xlsx)'}
  because: the handbook says so
- rules: [PM2-CFG-03]
  params: {structure: '(.*/)?(1_Initiating|2_Planning|3_Executing|4_Closing|5_Monitor_Control)/.*'}
  because: the handbook says so
"""

_MADE_BY = "Northwind Systems"
_RISKS_LAST = timedelta(days=280)
_ISSUES_LAST = timedelta(days=20)


def willow() -> Story:
    """Return the story."""
    people = {
        "project_owner": "Astrid Kern",
        "solution_provider": "Bruno Leal",
        "business_manager": "Carla Meier",
        "project_manager": "David Roos",
        "project_quality_assurance": "Sofia Lind",
        "approving_authority": "Karl Weiss",
        "team": "Edith Blum;Fritz Haas",
        "business_group": "Gina Alder",
        "contractor_manager": "Igor Petran",
    }
    story = Story(
        "WILLOW",
        WILLOW,
        "closed",
        date(2025, 5, 5),
        outsourced=True,
        purpose="Residents ask for their parking permit online.",
        people=people,
        budget=Decimal(640000),
    )
    healthy(story)
    found = story.planned("eko") + timedelta(days=75)
    story.issues.append(
        issue(
            "I-03",
            "Two screens do not follow the style guide",
            "The review found two screens that differ from the guide",
            found,
            "Sofia Lind",
            "Closed",
            2,
            2,
            1,
            "David Roos",
            found + timedelta(days=30),
        )
        | {"category": "Quality", "action": "Root cause: an old template was used. The screens were made again from the new one."}
    )
    days = [item["on"] for item in story.risks]
    story.told["reports.open_risks"] = {
        number: sum(day <= on < day + _RISKS_LAST for day in days) for number, on in enumerate(story.report_days, 1)
    }
    days = [item["on"] for item in story.issues]
    story.told["reports.open_issues"] = {
        number: sum(day <= on < day + _ISSUES_LAST for day in days) for number, on in enumerate(story.report_days, 1)
    }
    return story


def thorough_files(story: Story) -> Iterator[File]:
    """Yield the files of the story: those of any project, with their further parts, and those that it keeps besides."""
    parts = _parts(story)
    for file in files_of(story):
        title = next((title for title in parts if title.replace(" ", "_") in file.path), "")
        if file.blocks and title:
            at = next(
                (n for n, block in enumerate(file.blocks) if isinstance(block, Heading) and block.text.startswith("References")), None
            )
            at = len(file.blocks) if at is None else at
            yield replace(file, blocks=[*file.blocks[:at], *parts[title], *file.blocks[at:]])
        elif file.sheets:
            yield replace(file, sheets=[_widened(story, file.sheets[0]), *_control(file), *file.sheets[1:]])
        else:
            yield file
    yield from (
        _schedule(story),
        _reviews(story),
        _review_report(story),
        _contracts(story),
        _contract(story),
        _budget(story),
        _actions(story),
        _lessons(story),
    )


def _said(**texts: str) -> list[Block]:
    blocks: list[Block] = []
    for heading, text in texts.items():
        blocks += [Heading(heading.replace("_", " ")), Para(text)]
    return blocks


def _parts(story: Story) -> Mapping[str, Sequence[Block]]:
    who, shown = story.who, _shown
    return {
        "Project_Initiation_Request": _said(
            Impact="Two offices work by other rules; residents save a way.",
            Strategic_Alignment="The city's plan for digital services names permits for this year.",
            Type_of_Delivery="Built by a contractor, run in house.",
            Estimated_Effort="600 person-days over fourteen months.",
        ),
        "Business_Case": [
            *_said(
                Cost_Benefit_Analysis="The cost is won back in the third year; the benefit is 210,000 EUR a year.",
                Impact="Two offices work by other rules; residents save a way.",
                Strategic_Alignment="The city's plan for digital services names permits for this year.",
                Synergies_and_Interdependencies="The registry is replaced in parallel; its interface is needed.",
            ),
        ],
        "Project_Charter": _said(
            Out_of_Scope="Payments and fines.",
            Needs_and_Features="Residents need a permit without a visit: form, check, notice.",
            Resources="Two developers of the contractor, one business analyst, key users one day a week.",
        ),
        "Project_Handbook": [
            *_said(
                Objectives="The portal runs by the end of April and the offices work with it.",
                Lifecycle="Four phases, each with a gate; the execution is cut into three releases.",
                Resources="Two developers, one analyst; all are released at the end of the project.",
                Project_Artefacts="The table of tailoring lists all documents of the project and where they lie.",
            ),
            Heading("Responsibility Assignment Matrix (RASCI)"),
            Grid(
                ("Artefact or Activity", "PO", "BM", "SP", "PM", "PCT"),
                [
                    ("Business Case", "A", "R", "S", "S", "I"),
                    ("Project Charter", "A", "S", "C", "R", "C"),
                    ("Project Work Plan", "A", "C", "C", "R", "S"),
                    ("Risk Log", "A", "C", "I", "R", "C"),
                ],
            ),
            Heading("Project Organisation"),
            Grid(
                ("Role", "Name", "Appointed on", "Organisation"),
                [
                    ("Project Owner", who("project_owner"), shown(story.day("request_approved")), "Department A"),
                    ("Solution Provider", who("solution_provider"), shown(story.day("request_approved")), "IT Department"),
                    ("Business Manager", who("business_manager"), shown(story.day("initiating_meeting")), "Department A"),
                    ("Project Manager", who("project_manager"), shown(story.day("pm_assigned")), "IT Department"),
                    *[("Project Core Team", name, shown(story.day("rfp")), "IT Department") for name in story.team],
                ],
            ),
            Heading("Who Writes What"),
            Grid(
                ("Report", "Responsible", "Frequency"),
                [
                    ("Quality Review Report", "Project Quality Assurance", "Every six months"),
                ],
            ),
        ],
        "Issue_Management_Plan": _said(
            Issue_Categories="Business, IT, quality, people.",
            Scales="Urgency, impact and size run from 1 to 5.",
            Escalation="Issues of size 4 and more go to the committee.",
            Frequency="The log is looked at each week.",
        ),
        "Project_Change_Management_Plan": _said(
            Types_of_Change="Scope, time, cost, quality.",
            Approval_Levels="The manager decides up to size 2, the owner up to 4, the committee above.",
            Escalation="What is above the limits of the handbook goes to the committee.",
        ),
        "Risk_Management_Plan": _said(
            Escalation="Risks with a level of 15 or more are escalated to the Project Steering Committee.",
            Scales="Likelihood and impact run from 1 to 5; the level is their product.",
            Risk_Appetite="The committee accepts levels up to 6 without a response.",
        ),
        "Quality_Management_Plan": [
            *_said(
                Quality_Metrics="Defects per release, share of test cases passed; tolerance: three open defects of the lowest class.",
                Timetable="Reviews each quarter, tests before each release.",
                Roles="The Project Quality Assurance reviews, the team corrects.",
                Phase_Exit_Criteria="All documents of the phase are approved, all deliverables accepted.",
                Quality_Records="Reports and lists lie in the folder Quality.",
            ),
        ],
        "Communications_Management_Plan": [
            Heading("Communications Summary"),
            Grid(
                ("Communication", "Audience", "Content", "Frequency", "Medium", "Responsible"),
                [
                    ("Project Status Report", "Steering committee", "Progress, cost, risks", "Monthly", "Document", "Project Manager"),
                    ("Contractor Status Report", "Project Manager", "Deliveries", "Monthly", "Document", "Contractor's Project Manager"),
                    (
                        "Project Steering Committee Meeting",
                        "Steering committee",
                        "Decisions",
                        "Every two months",
                        "Meeting",
                        "Project Owner",
                    ),
                ],
            ),
        ],
        "Deliverables_Acceptance_Plan": _said(
            Acceptance_Approach="Each release is tested by key users, then accepted.",
            Tolerances="Three open defects of the lowest class are tolerated.",
            Rejected_Deliverables="They are corrected within ten days and shown again.",
            Acceptance_Note="A note is signed for each deliverable.",
            Approving_Authority="The Project Owner accepts.",
        ),
        "Transition_Plan": _said(
            Transition_Activities="Move of the data, check, go-live.",
            Service_Interruptions="The counter is closed for one Saturday.",
            Maintenance_and_Support="The service desk answers from the first day.",
            Transfer_of_Responsibility="The head of the permit office takes over with a signed record.",
            Environments="The acceptance environment becomes production.",
            Announcements="Residents are told two weeks before by letter.",
            Rollback="The old forms stay valid for a month.",
        ),
        "Business_Implementation_Plan": _said(
            Impact_on_Processes="The counter no longer takes applications on paper.",
            Impact_on_People="Four clerks move from the counter to case handling.",
            Impact_on_Culture="Residents are answered within a day.",
            Communication="The offices are told each month.",
            Organisational_Change_Management="Workshops in both offices.",
            Resistance="Two clerks fear for their work; talks were held.",
            Training="Each clerk is trained for half a day.",
            Post_Project_Activities="The office looks at the figures each quarter.",
            Benefits_Tracking="The head of office measures the days per case.",
        ),
        "Outsourcing_Plan": _said(
            Outsourced_Deliverables="The portal and its interfaces, until April.",
            Evaluation_Criteria="Price 40, quality 60.",
            Procurement_Procedure="Open tender under the framework of the city.",
            Contract_Signatory="The Solution Provider signs.",
            Purchase_Approval="Orders are approved by the Project Owner.",
            Timetable="Tender in August, contract in September.",
            Constraints="The framework allows two years.",
            Contractor_Documentation="Manuals and the description of the interfaces.",
        ),
        "Project_Work_Plan": _said(
            Resources="Two developers of the contractor, one analyst, key users.",
            Contingencies="A tenth of the effort is kept for what nobody foresaw.",
        ),
        "Project-End_Report": _said(
            Risks="Reviewed each month; none occurred.",
            Issues="Three issues, all closed.",
            Change_Requests="One change was approved and delivered.",
            Communication="Nine reports were sent.",
            Stakeholders="The offices took part in all tests.",
            Stakeholder_Satisfaction="Eight of ten clerks answered that they would do it again.",
            Deliverables="All three were accepted.",
            Transition_Activities="Went live on the planned weekend.",
            Budget="3 per cent below the approved budget.",
        ),
    }


def _control(file: File) -> list[Sheet]:
    if "Stakeholder_Matrix" not in file.path:
        return []
    rows: list[tuple[Value, ...]] = [("Document Author", file.author), ("Sensitivity", "Limited")]
    return [Sheet("Document Control", ("Settings", "Value"), rows)]


def _widened(story: Story, sheet: Sheet) -> Sheet:
    """Return a register with the further columns that this project keeps."""
    more: dict[str, list[Value]] = {}
    rows = [dict(zip(sheet.header, row, strict=True)) for row in sheet.rows]
    match sheet.name:
        case "Risk Log":
            more["Closing Date"] = [_later(row["Identification Date"], _RISKS_LAST.days) for row in rows]
        case "Issue Log":
            more["Resolution Date"] = [_later(row["Identification Date"], _ISSUES_LAST.days) for row in rows]
            more["Verified on"] = [_later(row["Identification Date"], 24) for row in rows]
        case "Change Log":
            more["Cost (EUR)"] = [9000 for _ in rows]
        case "Requirements":
            more["Approved on"] = [_later(story.planned("requirements"), 10) for _ in rows]
            more["Validated on"] = [_later(story.planned("rfc"), -30) for _ in rows]
            more["Validated by"] = [story.who("business_group") for _ in rows]
        case _:
            return sheet
    return replace(
        sheet,
        header=[*sheet.header, *more],
        rows=[(*row, *(values[number] for values in more.values())) for number, row in enumerate(sheet.rows)],
    )


def _later(day: Value, days: int) -> date:
    assert isinstance(day, date)
    return day + timedelta(days=days)


def _schedule(story: Story) -> File:
    first, last, team = story.planned("eko"), story.planned("rfc"), story.team
    tasks = (
        ("1", "Work Package", "Online form", first, 70, _MADE_BY, ""),
        ("1.1", "Task", "Build the form", first + timedelta(days=3), 50, team[0], ""),
        ("1.2", "Task", "Test the form with key users", first + timedelta(days=54), 12, team[1], "1.1"),
        ("2", "Work Package", "Case handling", first + timedelta(days=60), 80, _MADE_BY, "1"),
        ("2.1", "Task", "Develop the case handling", first + timedelta(days=62), 60, team[0], "1.2"),
        ("2.2", "Task", "Quality review of release 2", first + timedelta(days=124), 10, "Sofia Lind", "2.1"),
        ("3", "Work Package", "Going live", first + timedelta(days=145), 90, team[1], "2"),
        ("3.1", "Task", "Train the users", first + timedelta(days=150), 20, team[1], "2.2"),
        ("3.2", "Task", "Handover to operations", first + timedelta(days=200), 25, team[1], "3.1"),
        ("3.4", "Task", "Announce the go-live to the residents", first + timedelta(days=186), 5, team[1], "3.1"),
        ("3.5", "Task", "Set up the service desk", first + timedelta(days=190), 30, team[1], "3.1"),
        ("3.3", "Task", "Acceptance of the deliverables", first + timedelta(days=226), 10, story.who("project_manager"), "3.2"),
    )
    rows: list[tuple[Value, ...]] = [
        (code, kind, name, begin, begin + timedelta(days=days), begin, begin + timedelta(days=days), "Done", who, days, before)
        for code, kind, name, begin, days, who, before in tasks
    ]
    header = (
        "WBS ID",
        "Type",
        "Task",
        "Start",
        "End",
        "Actual Start",
        "Actual End",
        "Status",
        "Responsible",
        "Duration (days)",
        "Predecessor",
    )
    sheet = Sheet("Schedule", header, rows, title=f"Project Schedule – {story.name}")
    return File(path=f"2_Planning/07.Project_Schedule.{story.id}.V1.0.xlsx", sheets=[sheet], on=last, author=story.who("project_manager"))


def _reviews(story: Story) -> File:
    first, quality = story.planned("eko"), story.who("project_quality_assurance")
    rows: list[tuple[Value, ...]] = [
        (f"QR-{number}", kind, what, first + timedelta(days=day), first + timedelta(days=day + 2), "Passed", found, quality)
        for number, (kind, what, day, found) in enumerate(
            (
                ("Quality review", "Online form", 65, 2),
                ("Quality review", "Case handling", 130, 0),
                ("Audit", "Configuration management", 160, 0),
            ),
            1,
        )
    ]
    header = ("Review ID", "Review Type", "Deliverable", "Planned Review Date", "Actual Review Date", "Result", "Findings", "Reviewer")
    sheet = Sheet("Quality Register", header, rows, title=f"Quality Register – {story.name}")
    return File(
        path=f"3_Executing/Quality/Quality_Register.{story.id}.xlsx", sheets=[sheet], on=first + timedelta(days=165), author=quality
    )


def _review_report(story: Story) -> File:
    on = story.planned("eko") + timedelta(days=132)
    quality = story.who("project_quality_assurance")
    blocks: list[Block] = [
        Title(f"Quality Review Report – {story.name}"),
        Grid((), [("Review Date", _shown(on)), ("Reviewer", quality), ("Result", "Passed with remarks")]),
        *_said(
            Results="Two of two deliverables were reviewed.",
            Findings="Two screens did not follow the style guide.",
            Recommendations="Use the new template from the start.",
            Actions="The screens were made again; checked on the day of the next review.",
        ),
    ]
    return File(path=f"3_Executing/Quality/Quality_Review_Report_{on:%Y-%m-%d}.docx", blocks=blocks, on=on, author=quality)


def _contracts(story: Story) -> File:
    signed, last = story.planned("plans_approved") + timedelta(days=12), story.planned("rfc")
    signer, owner = story.who("solution_provider"), story.who("project_owner")
    rows: list[tuple[Value, ...]] = [
        ("CT-11", "Contract", _MADE_BY, "Build of the portal", signed, signed + timedelta(days=10), last, 380000, signer, last, None),
        (
            "PO-21",
            "Order",
            _MADE_BY,
            "Release 1",
            signed + timedelta(days=20),
            signed + timedelta(days=25),
            last,
            160000,
            owner,
            signed + timedelta(days=90),
            signed + timedelta(days=110),
        ),
        (
            "PO-22",
            "Order",
            _MADE_BY,
            "Releases 2 and 3",
            signed + timedelta(days=120),
            signed + timedelta(days=125),
            last,
            220000,
            owner,
            last,
            last + timedelta(days=14),
        ),
    ]
    header = (
        "Contract No",
        "Type",
        "Supplier",
        "Subject",
        "Date signed",
        "Start",
        "End",
        "Value (EUR)",
        "Signed by",
        "Accepted on",
        "Paid on",
    )
    sheet = Sheet("Contracts", header, rows, title="Contract Register")
    on = last + timedelta(days=15)
    return File(path=f"5_Monitor_Control/Contract_Register.{story.id}.xlsx", sheets=[sheet], on=on, author=story.who("project_manager"))


def _budget(story: Story) -> File:
    """What each month was to cost and did cost; the status reports state the sums of it."""
    first, last = story.planned("eko"), story.planned("rfc")
    spent = story.budget / 20
    months = [date(first.year + (first.month - 1 + ahead) // 12, (first.month - 1 + ahead) % 12 + 1, 1) for ahead in range(8)]
    rows: list[tuple[Value, ...]] = [("Development", month, int(spent + 2000), int(spent)) for month in months]
    sheet = Sheet(
        "Budget Control", ("Cost Category", "Month", "Budget (EUR)", "Actual (EUR)"), rows, title=f"Budget Control – {story.name}"
    )
    return File(path=f"5_Monitor_Control/Budget_Control.{story.id}.xlsx", sheets=[sheet], on=last, author=story.who("project_manager"))


def _contract(story: Story) -> File:
    signed = story.planned("plans_approved") + timedelta(days=12)
    blocks: list[Block] = [
        Title(f"Service Contract CT-11 – {story.name}"),
        *_said(
            Parties=f"The city, for it {story.who('solution_provider')}, and {_MADE_BY}.",
            Scope="Design, build and hand-over of the portal for parking permits.",
            Payment_Terms="A third with each accepted release.",
            Acceptance_Criteria="All test cases of the plan are passed; the Project Owner signs the note within ten days.",
            Termination="With three months' notice.",
        ),
    ]
    return File(path="3_Executing/Contractor/Service_Contract_CT-11.docx", blocks=blocks, on=signed, author=story.who("solution_provider"))


def _actions(story: Story) -> File:
    first, manager = story.planned("eko"), story.who("project_manager")
    rows: list[tuple[Value, ...]] = [
        ("AC-1", "Corrective", "Bring the cost of the tests back into the budget", manager, first + timedelta(days=90), "Done"),
        ("AC-2", "Corrective", "Move two days of effort from the archive export", manager, first + timedelta(days=150), "Done"),
    ]
    sheet = Sheet("Action Log", ("Action ID", "Action Type", "Description", "Owner", "Due date", "Status"), rows, title="Action Log")
    on = first + timedelta(days=152)
    return File(path=f"5_Monitor_Control/Action_Log.{story.id}.xlsx", sheets=[sheet], on=on, author=manager)


def _lessons(story: Story) -> File:
    first, manager = story.planned("eko"), story.who("project_manager")
    rows: list[tuple[Value, ...]] = [
        ("LL-1", "Name deputies early", "Ask for deputies in the charter", first + timedelta(days=40), manager),
        ("LL-2", "Agree a stub before planning", "The interface came late", first + timedelta(days=140), manager),
    ]
    header = ("Lesson ID", "Title", "Recommendation", "Date", "Lesson owner")
    sheet = Sheet("Lessons Learned Log", header, rows, title=f"Lessons Learned Log – {story.name}")
    on = first + timedelta(days=141)
    return File(path=f"5_Monitor_Control/Lessons_Learned_Log.{story.id}.xlsx", sheets=[sheet], on=on, author=manager)


def _shown(day: date | None) -> str:
    return f"{day.day} {day:%B} {day.year}" if day else ""
