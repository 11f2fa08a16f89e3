"""Further projects of PM² and PM²-Agile. `more_defects.yaml` lists what is wrong in each."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from auditor.demo.blocks import File, Grid, Heading, Para, Sheet, Title
from auditor.demo.documents import files_of
from auditor.demo.looks import AGENCY, MINISTRY, PLAIN, Look, dressed
from auditor.demo.story import AS_OF, Story, change, decision, healthy, issue, risk
from auditor.demo.thorough import WILLOW, thorough_files, willow
from auditor.demo.tracker import Sprint, Ticket

_LINDEN = "Appointment Service"
"""The project's name; its id differs in copies."""


def further_stories() -> list[Story]:
    """Return the stories, defects included."""
    return [_indigo(), _juniper(), _kestrel(), _linden(), _mistral(), willow()]


def further_files(story: Story) -> Iterator[File]:
    """Yield the files of one of these projects, in the look of its organisation."""
    look = _LOOKS.get(story.id, PLAIN)
    files = [*(thorough_files(story) if story.name == WILLOW else files_of(story))]
    if story.id == "JUNIPER":
        files += _second_baseline(story)
    if story.id == "KESTREL":
        files.append(_contracts(story))
    if story.name == _LINDEN:
        files += _sprint_notes(story)
    for file in files:
        yield dressed(look, file)


def further_tickets(story: Story) -> list[Ticket]:
    """Return what the tracker of a project holds."""
    match story.id:
        case "JUNIPER":
            return _tickets_juniper(story)
        case "MISTRAL":
            return _tickets_mistral(story)
        case _:
            return sprint_tickets(story)


def _people(*names: str, team: str, group: str = "") -> dict[str, str]:
    roles = ("project_owner", "solution_provider", "business_manager", "project_manager", "project_quality_assurance")
    return dict(zip((*roles, "approving_authority"), names, strict=True)) | {"team": team, "business_group": group}


def _indigo() -> Story:
    start = date(2026, 2, 16)
    story = healthy(
        Story(
            "INDIGO",
            "Registro de proveedores",
            "planning",
            start,
            language="es",
            purpose="Los proveedores se inscriben en un único registro.",
            people=_people(
                *("Marta Gil", "Andrés Cano", "Elena Soto", "Pablo Rey", "Luis Prado", "Rosa Vidal"),
                team="Luis Prado;Nuria Sanz",
                group="Inés Mora",
            ),
            moved={
                "request_approved": start + timedelta(days=35),
                "pm_assigned": start + timedelta(days=63),
            },
        )
    )
    late = (story.day("rfp") or AS_OF) + timedelta(days=9)
    for number, item in enumerate(story.risks):
        item["on"] = late + timedelta(days=number)
    story.risks[0] |= {"response": "Esperar"}
    story.risks[1] |= {"by": "", "category": ""}
    story.issues.append(
        issue(
            *("I-02", "Falta el entorno de pruebas", "El entorno de pruebas no está instalado", date(2026, 5, 18), "Nuria Sanz", "Open"),
            *(7, 3, 2, "Pablo Rey", date(2026, 7, 24)),
        )
    )
    story.changes.append(
        change(
            *("C-02", "Segundo idioma", "Pantallas en un segundo idioma", date(2026, 6, 15), "Elena Soto", "Waiting for Approval"),
            *(2, 3, "", "", date(2026, 6, 22)),
        )
        | {"decided": None, "size": None, "priority": None, "action": ""}
    )
    story.told |= {"charter.milestone_without_date": True, "project_charter.author": "Nuria Sanz", "pko.absent": ("Elena Soto",)}
    return story


def _juniper() -> Story:
    start = date(2025, 8, 4)
    story = Story(
        "JUNIPER",
        "Case Archive",
        "executing",
        start,
        size="large",
        tracker=True,
        purpose="Closed cases are kept in one archive that every office can search.",
        people=_people(
            *("Henrik Dahl", "Clara Monti", "Paula Reis", "Simon Vogt", "Sofia Lind", "Karl Weiss"),
            team="Jana Novak;Peter Lund",
            group="Ilse Roth",
        ),
        budget=Decimal(1200000),
    )
    gate = story.planned("rfe")
    story.moved = {"rfe_review": gate + timedelta(days=5), "deliverables_acceptance_plan_approved": gate + timedelta(days=21)}
    healthy(story)
    story.risks[3:] = [
        risk(
            *("R-04", "Storage too small", "Because files grow by a third a year, the storage may be too small, so that loading stops"),
            story.start + timedelta(days=80),
            "Jana Novak",
            2,
            3,
            *("Simon Vogt", "Reduce", "Order a second shelf", "Simon Vogt"),
            AS_OF + timedelta(days=30),
        )
    ]
    story.risks[1] |= {"action": "", "actionee": "", "due": None}
    asked = date(2026, 2, 9)
    story.changes += [
        change(
            *("C-02", "Search by parcel", "Search by parcel number", asked, "Paula Reis", "Approved", 2, 3, "Approved", "Henrik Dahl"),
            asked - timedelta(days=11),
        ),
        change(
            *("C-03", "Replace the search engine", "Another engine for the search", asked, "Paula Reis", "Approved", 5, 3, "Approved"),
            *("Simon Vogt", asked + timedelta(days=14)),
        ),
    ]
    day = date(2026, 3, 16)
    story.decisions.append(
        decision("D-04", "Second shelf ordered", "A second shelf is ordered", day, "Henrik Dahl", "Henrik Dahl; Clara Monti; Simon Vogt")
        | {"applies": day - timedelta(days=6)}
    )
    story.requirements[1] |= {"criterion": ""}
    story.requirements[4] |= {"source": ""}
    story.deliverables[0] |= {"tested": 5}
    story.told |= {
        "project_handbook.version": "1.1",
        "project_handbook.later": [("1.1", date(2026, 2, 24), "New limits of escalation and other rules for decisions")],
        "handbook.saved": date(2026, 2, 24),
        "quality_management_plan.extra": (
            "<Describe how the quality of the deliverables is assured and who performs the reviews.>",
            "This section should describe the metrics of the project: [insert metrics here].",
        ),
        "reports.open_risks": {6: 1},
        "steering.decision": ("D-09", "The archive of the north is loaded first", "Henrik Dahl"),
        "steering.unsent": (1,),
        "steering.missing": (2,),
        "work_plan.without": ("DEL-3",),
        "matrix.without": ("Clara Monti",),
        "eko.absent": ("Peter Lund",),
    }
    return story


def _second_baseline(story: Story) -> list[File]:
    told = story.told | {"project_work_plan.version": "2.0", "schedule.moved": 42}
    left = replace(story, told=told, moved=story.moved | {"work_plan_approved": date(2026, 4, 20)})
    return [file for file in files_of(left) if "Work_Plan" in file.path]


def _kestrel() -> Story:
    start = date(2025, 3, 10)
    story = Story(
        "KESTREL",
        "Road Permits",
        "closed",
        start,
        outsourced=True,
        purpose="Permits for heavy transports are asked for and given online.",
        people=_people(
            *("Ada Brunner", "Felix Nagy", "Tina Sorel", "Mark Olsen", "Sofia Lind", "Karl Weiss"),
            team="Oskar Bach;Lena Frei",
            group="Rolf Imhof",
        )
        | {"contractor_manager": "Igor Petran"},
        budget=Decimal(760000),
    )
    story.moved = {
        "end_review": story.planned("rfc") - timedelta(days=9),
        "risk_management_plan_approved": story.planned("rfe") + timedelta(days=10),
    }
    story.left_out = {"project_acceptance_note", "transition_plan"}
    healthy(story)
    story.decisions[1] |= {"present": "", "told": ""}
    story.decisions[2] |= {"owner": ""}
    story.requirements[4] |= {"status": "Rejected", "comment": ""}
    story.deliverables[1] |= {"note_missing": True}
    asked = story.start + timedelta(days=150)
    story.changes.append(
        change(
            *("C-02", "Second payment provider", "Payments through a second provider", asked, "Tina Sorel", "Parked", 2, 2),
            *("Postponed", "Ada Brunner", asked + timedelta(days=10)),
        )
    )
    story.risks[2] |= {"status": "Sleeping"}
    story.issues.append(
        issue(
            *("I-03", "Mail to applicants is late", "Mails leave a day late", date(2026, 2, 2), "Lena Frei", "In progress", 2, 2, 2),
            *("Mark Olsen", date(2026, 7, 31)),
        )
    )
    story.told |= {
        "end_review.absent": ("Mark Olsen",),
        "contractor.missing": (4, 5, 6),
        "communications_management_plan.history_version": "1.2",
        "quality_management_plan.approver": ("Mark Olsen", "Project Manager"),
        "business_implementation_plan.author": "Mark Olsen",
        "project_charter.history_blank": True,
    }
    return story


def _contracts(story: Story) -> File:
    signed = story.planned("plans_approved") - timedelta(days=12)
    ends = (signed + timedelta(days=20), date(2026, 12, 31))
    return File(
        path="5_Monitor_Control/Contract_Register.KESTREL.xlsx",
        on=signed + timedelta(days=1),
        author=story.who("project_manager"),
        sheets=[
            Sheet(
                "Contracts",
                ("Contract No", "Type", "Supplier", "Subject", "Date signed", "Start", "End", "Value (EUR)", "Signed by"),
                [
                    ("CT-7", "Contract", "Northwind Systems", "Build and support of the portal", signed, *ends, 410000, "Felix Nagy"),
                ],
                title="Contract Register",
            )
        ],
    )


def _linden() -> Story:
    return healthy(
        Story(
            "LINDEN",
            _LINDEN,
            "executing",
            date(2025, 10, 13),
            tracker=True,
            agile=True,
            purpose="Citizens book their appointments in one place.",
            people=_people(
                *("Iris Falk", "Dario Conti", "Wanda Keller", "Niko Brandt", "Sofia Lind", "Karl Weiss"),
                team="Mila Ott;Jonas Graf;Petra Hahn",
                group="Kurt Engel",
            )
            | {"product_owner": "Petra Hahn"},
        )
    )


def _mistral() -> Story:
    story = Story(
        "MISTRAL",
        "Field Inspection App",
        "executing",
        date(2025, 9, 1),
        tracker=True,
        agile=True,
        purpose="Inspectors record what they find on the spot.",
        people=_people(
            *("Vera Lang", "Hugo Silva", "Anja Kurz", "Leo Marti", "Sofia Lind", "Karl Weiss"),
            team="Emma Wirz;Noah Frick;Lia Senn",
            group="Otto Blum",
        )
        | {"product_owner": "Lia Senn"},
    )
    story.moved = {"work_plan_approved": story.planned("rfe") + timedelta(days=30)}
    healthy(story)
    story.risks[0] |= {"likelihood": 4, "impact": 5, "level": 20}
    story.risks[1] |= {"due": date(2026, 4, 15), "comment": ""}
    story.requirements[2] |= {"task": ""}
    story.issues[1] |= {"due": date(2026, 5, 12)}
    story.changes.append(
        change(
            *("C-02", "Dark screens", "Screens for work at night", date(2026, 2, 5), "Anja Kurz", "Waiting for Approval", 2, 2, "", ""),
            date(2026, 2, 12),
        )
        | {"decided": None}
    )
    story.told |= {
        "steering.chair": "Hugo Silva",
        "reports.missing": (3, 4),
        "steering.actions": [("A1", "Order tablets", "Anja Kurz", "1 June 2026", "Done"), ("A2", "Ask the inspectors", "", "", "Open")],
    }
    return story


def sprints(first: date, count: int, base: int, goals: Sequence[str]) -> list[Sprint]:
    """Return *count* sprints of two weeks that follow each other; the last one runs on the day of the audit."""
    made = []
    for number in range(count):
        start = first + timedelta(days=14 * number)
        end = start + timedelta(days=13)
        made.append(Sprint(base + number, f"Sprint {number + 1}", start, end, end if end < AS_OF else None, goals[number % len(goals)]))
    return made


def _sprint_notes(story: Story) -> Iterator[File]:
    """Yield a short note of each planning, review and retrospective of the sprints that began."""
    for box in _boxes(story):
        for title, on, text in (
            ("Sprint Planning", box.start, f"{box.goal}. The team took what it can finish."),
            ("Sprint Review", box.completed, "Two key users saw what was built, and asked for smaller letters."),
            ("Sprint Retrospective", box.completed, "Reviews wait too long; each evening somebody looks at them."),
        ):
            if on is None or on > AS_OF:
                continue
            yield File(
                path=f"3_Executing/Sprints/MoM_{title.replace(' ', '_')}_{on:%Y-%m-%d}.docx",
                on=on,
                author=story.team[0],
                blocks=[
                    Title(f"Minutes of Meeting – {title} – {story.name}"),
                    Grid(
                        (),
                        [
                            ("Meeting", title),
                            ("Meeting Date", _shown(on)),
                            ("Meeting Chair", story.team[0]),
                            ("Minute Taker", story.team[-1]),
                            ("Minutes Issue Date", _shown(on)),
                            ("Distribution List", "; ".join(story.team)),
                        ],
                    ),
                    Heading("Attendees"),
                    Grid(("Name", "Role", "Present"), [(name, "Project Core Team", "Yes") for name in story.team]),
                    Heading("Discussion"),
                    Para(f"{box.name}. {text}"),
                    Heading("Actions"),
                    Grid(
                        ("ID", "Description", "Owner", "Target Date", "Status"),
                        [("A1", "Tell those who were missing", story.team[0], _shown(on + timedelta(days=2)), "Done")],
                    ),
                ],
            )


def _shown(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def _boxes(story: Story) -> list[Sprint]:
    return sprints(AS_OF - timedelta(days=14 * 6 + 5), 7, 20 * sum(map(ord, story.id)), _GOALS)


_GOALS = (
    "A user submits an application from beginning to end",
    "A clerk finds every case by its number",
    "Mails tell the applicant what happens next",
    "Reports of the month are ready at the push of a button",
)
_WORK = (
    "Submit the form",
    "Check the address",
    "Show the history of a case",
    "Send a receipt",
    "Export the cases of a month",
    "Draw the map",
)


def sprint_tickets(story: Story, *, length: int = 4) -> list[Ticket]:
    """Return stories of sprints that went well: estimated before they began, done in their sprint, booked by whoever did them."""
    team = story.team
    boxes = _boxes(story)
    made: list[Ticket] = [
        Ticket(1, "Everything about applications", boxes[0].start - timedelta(days=20), "Epic", assignee=story.who("business_manager"))
    ]
    number = 1
    for place, box in enumerate(boxes):
        for turn in range(length):
            number += 1
            who = team[number % len(team)]
            begun = box.start + timedelta(days=1 + turn)
            is_open = box.completed is None and turn >= 1
            path = [(begun, "In Progress")] if not is_open or turn == 1 else []
            if not is_open:
                path += [
                    (begun + timedelta(days=3), "In Review"),
                    (begun + timedelta(days=4), "Approved"),
                    (begun + timedelta(days=5), "Done"),
                ]
                path = [step for step in path if step[0] <= AS_OF]
            made.append(
                Ticket(
                    number,
                    f"{_WORK[(place + turn) % len(_WORK)]} in release {place // 2 + 1}",
                    box.start - timedelta(days=12),
                    reporter=story.who("business_manager"),
                    assignee=who if path else team[0],
                    path=path,
                    priority=("Medium", "High", "Low", "Medium")[turn % 4],
                    points=float(2 + turn % 3),
                    criteria="A key user passes the test case; the test runs in the nightly build.",
                    sprints=[(box.start - timedelta(days=12), box)],
                    due=box.end if path else box.end + timedelta(days=20),
                    hours=[(begun + timedelta(days=day), who, 6.0) for day in range(1, 3) if begun + timedelta(days=day) <= AS_OF and path],
                    comments=[(path[-1][0], story.who("project_manager"))] if path else [],
                    parent=1,
                    estimate=16,
                )
            )
    return made


def _tickets_juniper(story: Story) -> list[Ticket]:
    first = story.day("eko") or story.start
    before = story.planned("rfe") - timedelta(days=16)
    made = []
    for number in range(1, 25):
        day = before if number in (2, 3) else first + timedelta(days=2 * number)
        who = story.team[number % 2]
        end = day + timedelta(days=15)
        state = "open" if number > 21 else "done"
        begun = [(day + timedelta(days=2), "In Progress")] if number != 24 else []
        stale = number in (22, 23)
        made.append(
            Ticket(
                number,
                f"{('Load', 'Index', 'Check')[number % 3]} the cases of office {number}",
                day,
                "Task",
                reporter=story.who("business_manager"),
                assignee=who,
                path=begun + ([(end, "Done")] if state == "done" else []),
                due=end + timedelta(days=5) if state == "done" else AS_OF + timedelta(days=20),
                hours=[(day + timedelta(days=4), who, 7.0)] if begun and not stale else [],
                comments=[(end, story.who("project_manager"))] if state == "done" else [],
                estimate=12,
                description=f"Office {number}. Acceptance criteria: all cases of the list are found by their number.",
            )
        )
    return made


def _tickets_mistral(story: Story) -> list[Ticket]:
    made = sprint_tickets(story)
    by_number = {item.number: item for item in made}
    lost = by_number[19]  # of the sixth sprint … begun in the last days
    lost.path = [(AS_OF - timedelta(days=6), "In Progress")]
    lost.assignee, lost.hours, lost.comments = "", [], [(AS_OF - timedelta(days=2), story.who("project_manager"))]
    lost.due = AS_OF + timedelta(days=15)
    stale = by_number[22]
    stale.created -= timedelta(days=40)
    stale.sprints = [(stale.created, stale.sprints[0][1])]
    stale.path = [(AS_OF - timedelta(days=43), "In Progress")]
    stale.hours, stale.comments, stale.due = [], [], AS_OF + timedelta(days=10)
    return made


_LOOKS: dict[str, Look] = {"JUNIPER": AGENCY, "KESTREL": MINISTRY, "MISTRAL": AGENCY}
