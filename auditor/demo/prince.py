"""Projects of PRINCE2: their facts. Healthy by default; a defect is a change to them (`more_defects.yaml`)."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from auditor.demo.looks import AGENCY, PLAIN, Look
from auditor.demo.story import AS_OF


@dataclass
class Stage:
    """A management stage: planned days, true days, and who authorised it when."""

    number: int
    name: str
    start: date
    end: date
    planned_by: date  # its plan was approved on this day
    authorised: date
    authorised_by: str
    budget: int
    late: int = 0  # so many days it truly begins and ends after its plan

    @property
    def started(self) -> bool:
        """Whether it has begun by the day of the audit."""
        return self.start + timedelta(days=self.late) <= AS_OF

    @property
    def ended(self) -> bool:
        """Whether it is over by the day of the audit."""
        return self.end + timedelta(days=self.late) <= AS_OF


@dataclass
class Prince:
    """One project. `length` is that of a delivery stage in days; `days` moves events, `left_out` names documents never written."""

    id: str
    name: str
    edition: str
    start: date
    people: dict[str, str]
    length: int = 90
    closed: bool = False
    agile: bool = False
    look: Look = PLAIN
    purpose: str = ""
    days: dict[str, date | None] = field(default_factory=dict)
    left_out: set[str] = field(default_factory=set)
    told: dict[str, Any] = field(default_factory=dict)
    stages: list[Stage] = field(default_factory=list)
    risks: list[dict[str, Any]] = field(default_factory=list)
    issues: list[dict[str, Any]] = field(default_factory=list)
    checks: list[dict[str, Any]] = field(default_factory=list)
    lessons: list[dict[str, Any]] = field(default_factory=list)
    products: list[dict[str, Any]] = field(default_factory=list)
    packages: list[dict[str, Any]] = field(default_factory=list)
    benefits: list[dict[str, Any]] = field(default_factory=list)
    actions: list[dict[str, Any]] = field(default_factory=list)  # follow-on actions

    def at(self, offset: int) -> date:
        """Return the day so many days after the start."""
        return self.start + timedelta(days=offset)

    def day(self, name: str, healthy: date) -> date | None:
        """Return the day of an event: as it was moved, or as it is in a healthy project."""
        return self.days.get(name, healthy)

    def who(self, role: str) -> str:
        """Return who holds a role, '' when nobody does."""
        return self.people.get(role, "")


def prince_stories() -> list[Prince]:
    """Return the projects, defects included."""
    return [_nimbus(), _orion(), _pegasus(), _quasar(), _heron(), _vesper()]


def _people(*names: str, external: str = "") -> dict[str, str]:
    roles = ("executive", "senior_user", "senior_supplier", "project_manager", "business_assurance", "user_assurance")
    more = ("supplier_assurance", "team_manager", "second_team_manager", "project_support", "operations")
    return dict(zip((*roles, *more), names, strict=True)) | ({"external": external} if external else {})


def sound(story: Prince) -> Prince:
    """Fill *story* with stages and registers that keep every rule; return it."""
    at, who, length = story.at, story.who, story.length
    second, third = 68, 68 + length + 1
    story.stages = [
        Stage(1, "Initiation", at(26), at(66), at(21), at(24), who("executive"), 20000),
        Stage(2, "Foundation", at(second), at(second + length), at(60), at(64), who("executive"), 120000),
        Stage(3, "Roll-out", at(third), at(third + length), at(third - 8), at(third - 3), who("executive"), 150000),
    ]
    review = max(day for day in (AS_OF - timedelta(days=9), at(40)) if day <= AS_OF)
    if story.closed:
        review = at(third + length)
    story.risks = [
        _risk(
            "R-01",
            at(18),
            "Users not free",
            ("the season is busy", "the users may not be free for tests", "acceptance slips"),
            3,
            4,
            review,
        )
        | {"by": who("project_manager"), "owner": who("senior_user"), "actionee": who("team_manager")},
        _risk(
            "R-02",
            at(34),
            "Interface late",
            ("the registry is replaced", "its interface may come late", "tests cannot start"),
            2,
            4,
            review,
        )
        | {"by": who("team_manager"), "owner": who("senior_supplier"), "actionee": who("project_manager")},
        _risk(
            "R-03",
            at(45),
            "Supplier changes staff",
            ("the market is tight", "the supplier may change staff", "knowledge is lost"),
            4,
            4,
            review,
        )
        | {"by": who("senior_supplier"), "owner": who("project_manager"), "actionee": who("second_team_manager"), "escalated": at(47)},
        _risk(
            "R-04", at(second + 30), "Second agency joins", ("the law changes", "a second agency may join", "unit costs fall"), 3, 2, review
        )
        | {"by": who("senior_user"), "owner": who("executive"), "actionee": who("project_manager"), "kind": "Opportunity"}
        | {"response": "Enhance", "action": "Invite the second agency to the demonstrations"},
        _risk("R-05", at(third + 20), "Training rooms booked", ("rooms are scarce", "training may slip", "go-live is late"), 2, 3, review)
        | {"by": who("second_team_manager"), "owner": who("project_manager"), "actionee": who("team_manager")},
    ]
    story.issues = [
        _issue("I-01", at(40), "Problem/concern", "Test environment is shared with another project", 2, who("team_manager"))
        | {"owner": who("project_manager"), "assessed": at(42), "decision": "Approve", "decider": who("project_manager")}
        | {"decided": at(44), "closed": at(58), "status": "Closed", "cost": 0},
        _issue("I-02", at(second + 25), "Request for change", "Export of the yearly statistics", 3, who("senior_user"))
        | {"owner": who("project_manager"), "assessed": at(second + 29), "decision": "Approve", "decider": who("executive")}
        | {"decided": at(second + 33), "implemented": at(second + 50), "closed": at(second + 60), "status": "Closed", "cost": 7500},
        _issue("I-03", at(third + 12), "Request for change", "Second address on the form", 2, who("senior_user"))
        | {"owner": who("project_manager"), "assessed": at(third + 15), "decision": "Approve", "decider": who("executive")}
        | {"decided": at(third + 18), "implemented": at(third + 24), "closed": at(third + 30), "status": "Closed", "cost": 3200},
    ]
    names = ("Application form", "Case register", "Archive export", "Training material")
    makers = (who("team_manager"), who("team_manager"), who("second_team_manager"), who("second_team_manager"))
    due = (second + 40, second + 80, third + 42, third + 75)
    story.products = [
        {
            "id": f"P-0{n}",
            "name": name,
            "maker": maker,
            "described": at(58 if n < 3 else third - 9),
            "due": at(day),
            "accepted": at(day - 2),
        }
        | {"reviewer": who("user_assurance"), "approver": who("senior_user"), "criteria": "All test cases of the list are passed"}
        | {"method": "Test by key users", "version": "1.0", "stage": 2 if n < 3 else 3}
        for n, (name, maker, day) in enumerate(zip(names, makers, due, strict=True), 1)
    ]
    story.checks = [
        {"id": f"Q-0{n}", "product": item["id"], "title": item["name"], "method": "Inspection" if n % 2 else "Test", "result": "Pass"}
        | {"planned": item["due"] - timedelta(days=8), "held": item["due"] - timedelta(days=7), "signed": item["due"] - timedelta(days=6)}
        | {"signoff": item["due"] - timedelta(days=5), "record": f"Quality/Q-0{n} record.pdf", "reviewer": item["reviewer"]}
        for n, item in enumerate(story.products, 1)
    ]
    story.packages = [
        {"id": f"WP-0{n}", "name": f"Build the {item['name'].lower()}", "stage": item["stage"], "manager": item["maker"]}
        | {"authorised": item["due"] - timedelta(days=36), "accepted": item["due"] - timedelta(days=35)}
        | {"start": item["due"] - timedelta(days=34), "due": item["due"], "started": item["due"] - timedelta(days=33)}
        | {"closed": item["due"] - timedelta(days=1), "product": item["id"]}
        for n, item in enumerate(story.products, 1)
    ]
    story.lessons = [
        {"id": f"L-0{n}", "on": at(day), "event": event, "source": source, "owner": who("project_manager"), "stage": stage}
        | {"by": who("project_support"), "status": "Acted on (project)", "recommendation": said, "priority": "Medium"}
        for n, (day, event, said, source, stage) in enumerate(
            (
                (10, "Users were asked too late", "Name deputies in the brief", "Project Harbour", 0),
                (16, "Interfaces came late", "Agree a stub before the stage plan", "Project Lighthouse", 0),
                (48, "Reviews without a list took long", "Review with a list of criteria", "This project", 1),
                (second + 50, "Data of the old register has gaps", "Count gaps before loading", "This project", 2),
                (third + 22, "Short demonstrations find more", "Show every second week", "This project", 3),
            ),
            1,
        )
    ]
    finish = at(third + length)
    story.benefits = [
        {"id": "B-01", "name": "Shorter processing", "measure": "Days from application to decision", "base": 30, "target": 20}
        | {"owner": who("senior_user"), "due": finish + timedelta(days=60), "review": finish + timedelta(days=180), "reviewed": None}
        | {"product": "P-02"},
        {"id": "B-02", "name": "Less paper", "measure": "Sheets a month", "base": 9000, "target": 1500}
        | {"owner": who("executive"), "due": finish + timedelta(days=90), "review": finish + timedelta(days=210), "reviewed": None}
        | {"product": "P-03"},
    ]
    return story


def _risk(ref: str, on: date, title: str, says: tuple[str, str, str], probability: int, impact: int, reviewed: date) -> dict[str, Any]:
    cause, event, effect = says
    return {
        "id": ref,
        "on": on,
        "title": title,
        "text": f"Because {cause}, {event}, so that {effect}",
        "kind": "Threat",
        "p": probability,
    } | {
        "i": impact,
        "rp": max(probability - 1, 1),
        "ri": max(impact - 1, 1),
        "response": "Reduce",
        "action": "Agree deputies and a fixed weekly slot",
        "done": "In progress",
        "status": "Active",
        "proximity": "Within stage",
        "reviewed": reviewed,
        "due": AS_OF + timedelta(days=25),
        "escalated": None,
        "category": "Business",
        "closed": None,
    }


def _issue(ref: str, on: date, kind: str, text: str, severity: int, by: str) -> dict[str, Any]:
    return {"id": ref, "on": on, "kind": kind, "text": text, "severity": severity, "priority": 3, "by": by, "status": "Open"} | {
        "impact": "Five days of work; the benefits and the business case stay as they are",
        "owner": "",
        "assessed": None,
        "decision": "",
        "decider": "",
        "decided": None,
        "implemented": None,
        "closed": None,
        "cost": None,
        "reviewed": on + timedelta(days=9),
        "due": on + timedelta(days=40),
        "escalated": "No",
    }


def _nimbus() -> Prince:
    """Nothing is wrong: an issue that the board had to answer, one that stays open across a boundary, a risk that is near."""
    story = sound(
        Prince(
            "NIMBUS",
            "Permit Counter",
            "2017",
            date(2025, 12, 1),
            _people(
                *("Olivia Hart", "Bruno Keel", "Carla Venn", "David Moss", "Erin Pryce", "Frank Ode"),
                *("Gina Lott", "Harry Quill", "Isla Crane", "Jack Stone", "Kim Fern"),
            ),
            purpose="Permits are applied for at one counter.",
        )
    )
    second = story.stages[1]
    story.issues[1] |= {"escalated": "Yes"}
    story.issues.append(
        _issue(
            "I-04", second.start + timedelta(days=60), "Problem/concern", "The counter has no second screen", 2, story.who("senior_user")
        )
        | {"owner": story.who("project_manager"), "assessed": second.start + timedelta(days=63), "due": date(2026, 8, 14)}
        | {"reviewed": AS_OF - timedelta(days=9)}
    )
    for number, item in enumerate(story.risks):
        item["proximity"] = AS_OF + timedelta(days=10 + 20 * number)
    return story


def _orion() -> Prince:
    story = sound(
        Prince(
            "ORION",
            "Harbour Fees",
            "2023",
            date(2025, 11, 3),
            _people(
                *("Laura Finch", "Martin Doyle", "Nora Blythe", "Oscar Penn", "Paula Swift", "Rory Lane"),
                *("Sean Hale", "Rory Lane", "Tess Wynn", "Una Grey", "Vince Holt"),
            ),
            look=AGENCY,
            purpose="Fees of the harbour are calculated and paid online.",
        )
    )
    third = story.stages[2]
    third.planned_by = third.start + timedelta(days=14)
    third.authorised_by = story.who("project_manager")
    by = {item["id"]: item for item in [*story.risks, *story.issues, *story.products, *story.checks, *story.packages, *story.benefits]}
    by["R-02"]["owner"] = ""
    by["R-04"] |= {"actionee": "", "due": None}
    by["R-05"] |= {"rp": 4, "ri": 4}
    by["I-02"] |= {"decider": "", "decided": None}
    by["I-03"] |= {"implemented": by["I-03"]["decided"] - timedelta(days=4)}
    story.issues += [
        by["I-03"]
        | {"id": "I-04", "text": "Fees for sailing boats", "cost": 18000, "decider": story.who("project_manager"), "severity": 4}
        | {"implemented": by["I-03"]["decided"] + timedelta(days=8)},
        by["I-03"]
        | {
            "id": "I-05",
            "text": "A logo on every page",
            "kind": "Wish",
            "cost": 0,
            "implemented": by["I-03"]["decided"] + timedelta(days=8),
        },
    ]
    by["P-03"]["accepted"] = by["Q-03"]["held"] - timedelta(days=9)
    by["P-04"] |= {"criteria": "", "method": ""}
    by["B-02"]["owner"] = ""
    story.benefits.append(by["B-01"] | {"id": "B-03", "name": "Fewer complaints", "measure": "Complaints a year", "base": 80, "target": 30})
    story.checks += [
        by["Q-03"]
        | {"id": "Q-06", "planned": date(2026, 5, 12), "held": None, "signed": None, "signoff": None, "result": "", "record": ""}
        | {"title": "Fee table"},
    ]
    begun = third.start + timedelta(days=20)
    story.packages += [
        by["WP-03"]
        | {"id": "WP-05", "name": "Load the fee table", "authorised": begun, "accepted": begun, "start": begun}
        | {"started": begun - timedelta(days=7), "due": begun + timedelta(days=30), "closed": begun + timedelta(days=29)},
        by["WP-04"] | {"id": "WP-06", "name": "Train the cashiers", "due": third.end + timedelta(days=28), "closed": None},
    ]
    story.lessons = [item for item in story.lessons if item["stage"] != 2]
    story.lessons.append(story.lessons[1] | {"event": "Fees were rounded twice", "on": story.at(50), "source": "This project"})
    story.told |= {
        "plan.second": True,
        "highlight.over": date(2026, 4, 1),
        "highlight.missing": {(2026, 1), (2026, 2)},
        "highlight.no_tolerance": (2026, 3),
        "highlight.wrong": (2026, 5),
        "case.risk": "The data centre of the harbour closes",
        "case.sustainability": "Energy use of the service falls by 20 %, measured in kWh a month, tolerance 5 %",
        "approach.benefits": ("B-01", "B-02"),
    }
    story.left_out |= {"sustainability_management_approach"}
    return story


def _pegasus() -> Prince:
    story = sound(
        Prince(
            "PEGASUS",
            "Library Card",
            "2017",
            date(2025, 5, 5),
            _people(
                *("Walter Reed", "Xenia Ross", "Yara Cole", "Walter Reed", "Zoe Marsh", "Adam Pike"),
                *("", "Bella Thorn", "Cody Vale", "Dana Lowe", "Ella Ford"),
            ),
            length=120,
            closed=True,
            purpose="One card opens every library of the region.",
        )
    )
    second = story.stages[1]
    third = story.stages[2]
    story.days |= {
        "business_case": second.start + timedelta(days=21),
        "brief": story.stages[0].start + timedelta(days=8),
        "first_lesson": None,
        "accepted": third.end + timedelta(days=32),
    }
    by = {item["id"]: item for item in [*story.risks, *story.issues, *story.products, *story.checks, *story.packages, *story.benefits]}
    story.risks = story.risks[:3]
    for item in story.risks:
        item |= {"status": "Closed", "closed": third.end - timedelta(days=3), "reviewed": item["on"] + timedelta(days=20)}
    by["R-02"] |= {"rp": None, "ri": None}
    by["I-02"] |= {"assessed": by["I-02"]["decided"] + timedelta(days=6)}
    by["I-03"] |= {"status": "Open", "decision": "", "decider": "", "decided": None, "implemented": None, "closed": None, "assessed": None}
    by["Q-03"] |= {"result": "Pass", "overwritten": True}
    by["P-02"] |= {"reviewer": by["P-02"]["maker"], "approver": by["P-02"]["maker"]}
    by["Q-02"] |= {"reviewer": by["P-02"]["maker"]}
    by["WP-03"] |= {"accepted_by": story.who("project_manager")}
    by["B-01"] |= {"review": date(2026, 4, 20), "due": third.end + timedelta(days=10)}
    story.lessons = [item | {"on": max(item["on"], story.at(30))} for item in story.lessons]
    story.actions = [
        {"id": "F-01", "text": "Show the card at the desk of the archive", "owner": story.who("operations"), "due": date(2026, 8, 31)},
        {"id": "F-02", "text": "Print the guide in a second language", "owner": "", "due": date(2026, 9, 30)},
    ]
    story.told |= {"exception": second.start + timedelta(days=70)}
    story.left_out |= {"end_stage_report_2", "stage_plan_3", "lessons_report", "exception_response", "supplier_assurance"}
    return story


def _quasar() -> Prince:
    story = sound(
        Prince(
            "QUASAR",
            "Parking App",
            "2023",
            date(2025, 11, 17),
            _people(
                *("Freya Lind", "Gavin Ross", "Hanna Berg", "Ivan Kane", "Judith Lowe", "Karl Neal"),
                *("Lucy Orr", "Milo Park", "Nina Quist", "Owen Rhys", "Pippa Shaw"),
            ),
            agile=True,
            look=AGENCY,
            purpose="Parking is paid by telephone.",
        )
    )
    story.risks = [item for item in story.risks if item["kind"] == "Threat"]
    story.risks[0] |= {"p": 4, "i": 5, "escalated": None}
    old = story.issues[0] | {"id": "I-04"}
    story.issues[0] |= {"text": "Payments are booked twice", "priority": 5, "severity": 4, "on": date(2026, 3, 3), "status": "Open"} | {
        "assessed": None,
        "decision": "",
        "decider": "",
        "decided": None,
        "closed": None,
        "cost": None,
        "due": None,
        "reviewed": None,
    }
    story.issues.append(old)
    story.left_out |= {"communication_management_approach"}
    return story


def _heron() -> Prince:
    """Nothing is wrong: closed, with an exception on its way."""
    story = sound(
        Prince(
            "HERON",
            "Tree Register",
            "2023",
            date(2025, 4, 7),
            _people(
                *("Agnes Moor", "Basil Hurst", "Clara Wynne", "Dora Finley", "Edgar Holm", "Flora Dean"),
                *("Giles Roper", "Hugo Marsh", "Irene Vale", "Jonah Pratt", "Karin Stroud"),
            ),
            length=120,
            closed=True,
            purpose="Every tree of the town has its number and its file.",
        )
    )
    second, third = story.stages[1], story.stages[2]
    for item in story.risks:
        item |= {"status": "Closed", "closed": third.end - timedelta(days=3), "reviewed": third.start + timedelta(days=4)}
    decided = third.start + timedelta(days=70)
    story.issues.append(
        _issue(
            "I-04",
            decided - timedelta(days=9),
            "Off-specification",
            "The export leaves out the height of the trees",
            2,
            story.who("user_assurance"),
        )
        | {"owner": story.who("project_manager"), "assessed": decided - timedelta(days=5), "decision": "Concession"}
        | {"decider": story.who("executive"), "decided": decided, "implemented": decided + timedelta(days=6), "cost": 0}
        | {"closed": decided + timedelta(days=8), "status": "Closed"}
    )
    story.told |= {"concession": ("P-03", decided + timedelta(days=5), "Concession I-04: the height of the trees is left out")}
    story.actions = [
        {"id": "F-01", "text": "Show the register at the desk", "owner": story.who("operations"), "due": date(2026, 8, 31)},
    ]
    story.told |= {"exception": second.start + timedelta(days=70), "exception.options": True, "timesheet": True}
    return story


def _vesper() -> Prince:
    """Nothing is wrong: by PRINCE2 Agile, in a second stage that ends some days later than planned, within its tolerance."""
    story = sound(
        Prince(
            "VESPER",
            "Street Lamps",
            "2023",
            date(2026, 1, 19),
            _people(
                *("Lydia Thorne", "Milton Ash", "Norma Beck", "Oswin Clay", "Petra Dove", "Quentin Elm"),
                *("Ruth Fenn", "Silas Grove", "Thelma Heath", "Ulric Ivory", "Viola Jay"),
            ),
            agile=True,
            purpose="Whoever sees a lamp that is out can tell the town.",
        )
    )
    story.told |= {"tracker.sound": True}
    first = story.at(68)  # the tracker's work is that of the second package
    story.packages[1] |= {"authorised": first, "accepted": first, "start": first + timedelta(days=1), "started": first + timedelta(days=1)}
    for stage in story.stages[1:]:
        stage.late = 8
    return story
