"""The facts of one demonstration project: its people, days and registers. Healthy by default; a defect is a change to it."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

AS_OF = date(2026, 6, 30)
"""The day on which the demonstration is audited."""

PHASES = ("initiating", "planning", "executing", "closing", "closed")

_DAYS = {
    "requested": 0,
    "request_approved": 7,
    "initiating_meeting": 10,
    "pm_assigned": 14,
    "business_case_approved": 28,
    "charter_approved": 49,
    "rfp_review": 53,
    "rfp": 56,
    "pko_agenda": 56,
    "pko": 63,
    "pko_minutes": 64,
    "handbook_approved": 84,
    "plans_approved": 91,
    "matrix": 88,
    "requirements": 95,
    "work_plan_approved": 98,
    "rfe_review": 109,
    "rfe": 112,
    "eko_agenda": 112,
    "eko": 119,
    "eko_minutes": 120,
    "rfc_review": 361,
    "rfc": 364,
    "end_review": 378,
    "end_review_minutes": 379,
    "end_report": 385,
    "end_report_approved": 392,
    "acceptance": 395,
    "closed": 399,
}


@dataclass
class Story:
    """One project as it really went. Days count from `start`; what lies after `AS_OF` has not happened and is not written."""

    id: str
    name: str
    phase: str
    start: date
    size: str = "medium"
    language: str = "en"
    purpose: str = ""
    outsourced: bool = False
    tracker: bool = False
    agile: bool = False
    people: dict[str, str] = field(default_factory=dict)  # role id → name; 'team' → names separated by ';'
    moved: dict[str, date | None] = field(default_factory=dict)  # days that differ from the healthy course; None: did not happen
    left_out: set[str] = field(default_factory=set)  # documents that were never written
    told: dict[str, Any] = field(default_factory=dict)  # single facts that a document gets wrong, by name
    risks: list[dict[str, Any]] = field(default_factory=list)
    issues: list[dict[str, Any]] = field(default_factory=list)
    decisions: list[dict[str, Any]] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    requirements: list[dict[str, Any]] = field(default_factory=list)
    deliverables: list[dict[str, Any]] = field(default_factory=list)
    budget: Decimal = Decimal(480000)

    def day(self, name: str) -> date | None:
        """Return the day of an event, or None when it has not happened by `AS_OF`."""
        found = self.moved[name] if name in self.moved else self.start + timedelta(days=_DAYS[name])
        return found if found is not None and found <= AS_OF else None

    def planned(self, name: str) -> date:
        """Return the day on which the event stands in the plan."""
        return self.start + timedelta(days=_DAYS[name])

    def reached(self, phase: str) -> bool:
        """Whether the project is in *phase* or beyond."""
        return PHASES.index(self.phase) >= PHASES.index(phase)

    def who(self, role: str) -> str:
        """Return the person in *role*, '' when nobody is."""
        return self.people.get(role, "")

    @property
    def team(self) -> list[str]:
        """Names of the project core team."""
        return [name for name in self.people.get("team", "").split(";") if name]

    @property
    def report_days(self) -> list[date]:
        """Days of the monthly status reports: every 30 days from the kick-off to the end of the execution."""
        first, last = self.day("eko"), self.day("rfc") or AS_OF
        if first is None:
            return []
        return [first + timedelta(days=30 * number) for number in range(1, (last - first).days // 30 + 1)]

    @property
    def steering_days(self) -> list[date]:
        """Days of the steering committee: every 60 days from the kick-off."""
        return self.report_days[1::2]


def healthy(story: Story) -> Story:
    """Fill the registers of *story* with entries that keep every rule; return it."""
    day, who = story.start + timedelta(days=20), story.who
    executing = story.day("eko")
    owner, manager = who("business_manager"), who("project_manager")
    story.risks = [
        risk(
            "R-01",
            "Key user not available",
            "Because the unit is being reorganised, the key users may not be available for tests, so that acceptance slips by a month",
            day,
            manager,
            3,
            4,
            owner,
            "Reduce",
            "Name deputies for each key user",
            manager,
            AS_OF + timedelta(days=30),
        ),
        risk(
            "R-02",
            "Interface delivered late",
            "Because the registry is replaced in parallel, its interface may come late, so that the integration test cannot start",
            day + timedelta(days=2),
            owner,
            2,
            4,
            manager,
            "Reduce",
            "Agree a stub with the registry team",
            manager,
            AS_OF + timedelta(days=45),
        ),
    ]
    if story.reached("planning"):
        found = (story.day("pko") or day) + timedelta(days=3)
        story.risks.append(
            risk(
                "R-03",
                "Budget cut in the next year",
                "Because the programme is under review, the budget of the next year may be cut, so that the last release is cancelled",
                found,
                owner,
                2,
                3,
                who("project_owner"),
                "Accept",
                "",
                "",
                None,
            )
        )
    if executing:
        story.risks.append(
            risk(
                "R-04",
                "Test data incomplete",
                "Because old records lack identifiers, test data may be incomplete, so that defects are found late",
                executing + timedelta(days=12),
                story.team[0],
                3,
                3,
                manager,
                "Reduce",
                "Generate synthetic records for the gaps",
                story.team[0],
                AS_OF + timedelta(days=20),
            )
        )
    if story.reached("closing"):
        for item in story.risks:
            item["status"] = "Closed"
    story.issues = [
        issue(
            "I-01",
            "Access rights for testers missing",
            "Testers cannot enter the acceptance environment",
            day + timedelta(days=25),
            manager,
            "Resolved",
            3,
            3,
            2,
            manager,
            day + timedelta(days=40),
        ),
    ]
    if executing:
        story.issues.append(
            issue(
                "I-02",
                "Report layout disputed",
                "Two units ask for different layouts of the yearly report",
                executing + timedelta(days=20),
                story.team[-1],
                "Closed" if story.reached("closing") else "Open",
                2,
                2,
                2,
                owner,
                AS_OF + timedelta(days=25),
            )
        )
    story.decisions = [
        decision(
            "D-01",
            "Project manager assigned",
            f"{who('solution_provider')} assigns {manager} as project manager",
            story.day("pm_assigned"),
            who("solution_provider"),
            f"{who('project_owner')}; {who('solution_provider')}; {owner}",
        ),
    ]
    for number, (event, title) in enumerate(
        (("rfp", "Ready for Planning"), ("rfe", "Ready for Executing"), ("rfc", "Ready for Closing")), 2
    ):
        decided = story.day(event)
        if decided:
            story.decisions.append(
                decision(
                    f"D-0{number}",
                    f"{title}: gate passed",
                    f"The steering committee decides: {title}. Approved.",
                    decided,
                    who("project_owner"),
                    f"{who('project_owner')}; {who('solution_provider')}; {owner}; {manager}",
                )
            )
    if story.reached("planning"):
        asked = (story.day("pko") or day) + timedelta(days=5)
        story.changes = [
            change(
                "C-01",
                "Add export for the archive",
                "Yearly export of closed cases for the archive",
                asked,
                owner,
                "Approved",
                2,
                3,
                "Approved",
                who("project_owner"),
                asked + timedelta(days=12),
            )
        ]
        if executing:
            story.changes[0] |= {"status": "Implemented", "delivered": executing + timedelta(days=25)}
        written = story.day("requirements") or day
        story.requirements = [
            requirement(f"REQ-{number:02}", title, written, status="Validated" if story.reached("closing") else "Approved")
            for number, title in enumerate(
                ("Submit an application", "Save a draft", "Check completeness", "Notify the applicant", "Export closed cases"), 1
            )
        ]
    due = executing or story.planned("eko")
    story.deliverables = [
        {
            "id": f"DEL-{number}",
            "name": name,
            "due": due + timedelta(days=60 * number),
            "accepted": due + timedelta(days=60 * number - 2) if executing and due + timedelta(days=60 * number - 2) <= AS_OF else None,
        }
        for number, name in enumerate(("Online form", "Case handling", "Archive export"), 1)
    ]
    return story


def risk(
    ref: str,
    title: str,
    text: str,
    on: date,
    by: str,
    likelihood: int,
    impact: int,
    owner: str,
    response: str,
    action: str,
    actionee: str,
    due: date | None,
) -> dict[str, Any]:
    """Return a risk that keeps every rule."""
    return {
        "id": ref,
        "category": "Business",
        "title": title,
        "text": text,
        "status": "Approved",
        "by": by,
        "on": on,
        "likelihood": likelihood,
        "impact": impact,
        "level": likelihood * impact,
        "owner": owner,
        "response": response,
        "action": action,
        "actionee": actionee,
        "due": due,
        "escalated": "No",
        "comment": "Work plan 1.2",
    }


def issue(
    ref: str, title: str, text: str, on: date, by: str, status: str, urgency: int, impact: int, size: int, owner: str, due: date
) -> dict[str, Any]:
    """Return an issue that keeps every rule."""
    return {
        "id": ref,
        "category": "IT",
        "title": title,
        "text": text,
        "status": status,
        "by": by,
        "on": on,
        "urgency": urgency,
        "impact": impact,
        "size": size,
        "owner": owner,
        "due": due,
        "action": "Agree the next step with the units",
        "escalated": "No",
        "comment": "",
    }


def decision(ref: str, title: str, text: str, on: date | None, owner: str, present: str) -> dict[str, Any]:
    """Return a decision that keeps every rule."""
    return {
        "id": ref,
        "category": "Business",
        "title": title,
        "text": text,
        "by": owner,
        "present": present,
        "owner": owner,
        "on": on,
        "applies": on + timedelta(days=3) if on else None,
        "told": "Project core team",
        "escalated": "No",
        "comment": "minuted",
    }


def change(
    ref: str, title: str, text: str, on: date, by: str, status: str, size: int, priority: int, outcome: str, decider: str, decided: date
) -> dict[str, Any]:
    """Return a change that keeps every rule."""
    return {
        "id": ref,
        "category": "Business",
        "title": title,
        "text": text,
        "status": status,
        "by": by,
        "on": on,
        "size": size,
        "priority": priority,
        "action": "Two weeks of development, 12 person-days",
        "due": decided + timedelta(days=90),
        "escalated": "No",
        "decision": outcome,
        "decider": decider,
        "decided": decided,
        "delivered": None,
        "comment": "Work plan 1.3",
    }


def requirement(ref: str, title: str, on: date, *, status: str = "Approved") -> dict[str, Any]:
    """Return a requirement that keeps every rule."""
    return {
        "id": ref,
        "title": title,
        "text": f"The user can {title[0].lower()}{title[1:]}",
        "source": "Workshop with the units",
        "status": status,
        "priority": "Must",
        "criterion": "Test case passed by a key user",
        "task": "1.2",
        "on": on,
        "comment": "",
    }
