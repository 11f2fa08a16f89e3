"""The projects of the demonstration, with what is wrong in each, and the tracker of those that have one."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

from auditor.demo.documents import files_of
from auditor.demo.story import AS_OF, Story, change, healthy, issue, risk
from auditor.demo.tracker import instant, user
from auditor.demo.write import write_file

CONFIGURATION = """\
# The demonstration portfolio. Day of the audit: 30 June 2026.
[store]
path = ".auditor"
time_zone = "Europe/Brussels"

[[source]]
name = "documents"
connector = "fileshare"
root = "Projects"

[[source]]
name = "tracker"
connector = "jira"
pages = "jira-pages"
"""


def stories() -> list[Story]:
    """Return every project of the portfolio, defects included (`defects.yaml` lists them)."""
    return [_alpine(), _boreal(), _cedre(), _eiche(), _fjord(), _grove(), _haze()]


def build_portfolio(folder: Path) -> Path:
    """Write the portfolio below *folder* and return the path of its `auditor.toml`."""
    configuration = CONFIGURATION
    for story in stories():
        target = folder / "Projects" / story.id
        for file in files_of(story):
            write_file(target, file)
        if story.id == "HAZE":
            _scans(target)
        places = f'jira = ["{story.id}"]\n' if story.tracker else ""
        configuration += (
            f'\n[[project]]\nid = "{story.id}"\nname = "{story.name}"\nfolders = ["{story.id}"]\n{places}'
            f'methodology = "pm2"\nphase = "{story.phase}"\nsize = "{story.size}"\n'
            f"is_outsourced = {str(story.outsourced).lower()}\nis_agile = false\n"
        )
        if story.tracker:
            _write_tracker(folder / "jira-pages" / f"{story.id}.json", story)
    path = folder / "auditor.toml"
    path.write_text(configuration, encoding="utf-8")
    (folder / "waivers.yaml").write_bytes((files("auditor.demo") / "waivers.yaml").read_bytes())
    return path


def _people(*names: str, team: str, group: str = "") -> dict[str, str]:
    roles = (
        "project_owner",
        "solution_provider",
        "business_manager",
        "project_manager",
        "project_quality_assurance",
        "approving_authority",
    )
    return dict(zip(roles, names, strict=False)) | {"team": team, "business_group": group}


def _alpine() -> Story:
    return healthy(
        Story(
            "ALPINE",
            "Grants Portal",
            "executing",
            date(2025, 10, 6),
            tracker=True,
            purpose="The units receive grant applications through one portal.",
            people=_people(
                "Helena Vos",
                "Marco Ricci",
                "Ines Duarte",
                "Tom Becker",
                "Sofia Lind",
                "Karl Weiss",
                team="Ana Petrov;Luc Martin",
                group="Eva Horn",
            ),
        )
    )


def _boreal() -> Story:
    story = healthy(
        Story(
            "BOREAL",
            "Permit Register",
            "executing",
            date(2025, 9, 8),
            size="large",
            outsourced=True,
            tracker=True,
            purpose="Permits are kept in one register that all offices share.",
            people=_people(
                "Olga Brandt",
                "Pierre Noel",
                "Nadia Rossi",
                "Jan Kowalski",
                "Sofia Lind",
                "Karl Weiss",
                team="Ruth Klein;Omar Haddad",
                group="Lea Wolf",
            ),
            budget=Decimal(1900000),
        )
    )
    story.risks[0] |= {"likelihood": None, "level": None}
    story.risks[1] |= {"owner": ""}
    story.risks[2] |= {"level": 9}
    story.risks[3] |= {"due": date(2026, 5, 15), "comment": ""}
    story.risks.append(
        risk(
            "R-05",
            "Supplier leaves the market",
            "Because the supplier is being sold, support may end, so that the register cannot be kept up",
            date(2026, 3, 2),
            "Jan Kowalski",
            4,
            5,
            "Pierre Noel",
            "Transfer",
            "Put the sources in escrow",
            "Jan Kowalski",
            date(2026, 9, 1),
        )
    )
    story.issues[1] |= {"owner": ""}
    story.issues.append(
        issue(
            "I-03",
            "Migration tool stops at special characters",
            "The tool stops at names with accents",
            date(2026, 3, 9),
            "Ruth Klein",
            "Open",
            3,
            3,
            2,
            "Jan Kowalski",
            date(2026, 4, 30),
        )
    )
    story.changes += [
        change(
            "C-02",
            "New search screen",
            "Search by parcel number",
            date(2026, 2, 10),
            "Nadia Rossi",
            "Implemented",
            2,
            3,
            "",
            "",
            date(2026, 2, 20),
        )
        | {"decided": None, "delivered": date(2026, 4, 1)},
        change(
            "C-03",
            "Longer permit numbers",
            "Twelve instead of ten digits",
            date(2026, 2, 16),
            "Nadia Rossi",
            "Approved",
            1,
            2,
            "Approved",
            "",
            date(2026, 2, 26),
        )
        | {"decided": None},
        change(
            "C-04",
            "Second language",
            "All screens in a second language",
            date(2026, 1, 12),
            "Nadia Rossi",
            "Waiting for Approval",
            3,
            3,
            "",
            "",
            date(2026, 1, 20),
        )
        | {"decided": None},
    ]
    story.told |= {"reports.missing": (3, 4)}
    return story


def _cedre() -> Story:
    story = healthy(
        Story(
            "CEDRE",
            "Portail des archives",
            "initiating",
            date(2026, 4, 20),
            size="small",
            language="fr",
            purpose="Les archives sont consultées à travers un portail unique.",
            people=_people(
                "Claire Dubois", "Marc Lefevre", "Julie Garnier", "Julie Garnier", "Sofia Lind", "Karl Weiss", team="Paul Morel;Anne Roche"
            ),
        )
    )
    story.risks[0] |= {"owner": ""}
    story.told |= {"business_case.author": "Paul Morel", "business_case.years": 3}
    return story


def _eiche() -> Story:
    story = healthy(
        Story(
            "EICHE",
            "Elektronische Akte",
            "planning",
            date(2026, 3, 23),
            language="de",
            purpose="Akten werden elektronisch geführt und sind in jedem Referat lesbar.",
            people=_people(
                "Sabine Krause",
                "Uwe Lang",
                "Petra Vogel",
                "Jens Albrecht",
                "Sofia Lind",
                "Karl Weiss",
                team="Nina Busch;Ralf Otto",
                group="Ute Kern",
            ),
            moved={"charter_approved": date(2026, 5, 22), "pko_agenda": date(2026, 5, 25)},
        )
    )
    story.decisions[0] |= {"applies": date(2026, 4, 1)}
    story.changes[0] |= {"by": ""}
    return story


def _fjord() -> Story:
    story = healthy(
        Story(
            "FJORD",
            "Visitor Desk",
            "closed",
            date(2025, 5, 5),
            purpose="Visitors are announced and badged at one desk.",
            people=_people(
                "Greta Olsen", "Bo Lund", "Mia Dahl", "Nils Berg", "Sofia Lind", "Karl Weiss", team="Lars Holm;Ida Moe", group="Kari Nes"
            ),
            moved={"end_report": date(2026, 5, 11), "end_report_approved": None},
        )
    )
    story.issues[1] |= {"status": "Open"}
    story.requirements[3] |= {"status": "Approved"}
    story.deliverables[2] |= {"signer": "Nils Berg"}
    return story


def _grove() -> Story:
    story = healthy(
        Story(
            "GROVE",
            "Fleet Booking",
            "executing",
            date(2025, 10, 20),
            size="small",
            purpose="Staff book cars of the fleet in one place.",
            people=_people(
                "Anton Reuter",
                "Silvia Costa",
                "Hugo Meyer",
                "Laura Stein",
                "Sofia Lind",
                "Karl Weiss",
                team="Ben Koch;Mara Lenz",
                group="Tim Rau",
            ),
            moved={"work_plan_approved": None},
            left_out={"change_log"},
        )
    )
    story.told |= {
        "project_handbook.control": False,
        "quality_management_plan.version": "0.7",
        "steering.chair": "Laura Stein",
        "steering.actions": [("A1", "Order the key boxes", "Hugo Meyer", "01/06/2026", "Done"), ("A2", "Ask the insurer", "", "", "Open")],
    }
    return story


def _haze() -> Story:
    """Hardly anything can be read here: nothing may conform, and nothing may be called wrong that was not seen."""
    return healthy(
        Story(
            "HAZE",
            "Mail Archive",
            "executing",
            date(2025, 11, 3),
            purpose="Old mail is moved to the archive.",
            people=_people("Ines Berg", "Paul Sand", "Rita Moor", "Otto Falk", "Sofia Lind", "Karl Weiss", team="Jo Lang;Pia Roth"),
            left_out={
                "project_initiation_request",
                "business_case",
                "project_charter",
                "logs",
                "initiating_meeting",
                "rfp_checklist",
                "pko_agenda",
                "pko_minutes",
                "project_handbook",
                "stakeholder_matrix",
                "management_plans",
                "requirements_documents",
                "project_work_plan",
                "rfe_checklist",
                "eko_agenda",
                "eko_minutes",
                "status_reports",
                "steering_minutes",
                "acceptance_notes",
            },
        )
    )


def _scans(folder: Path) -> None:
    from auditor.demo.blocks import File  # noqa: PLC0415  (only this project has scans)

    for name in (
        *("Business Case (signed).pdf", "Project Charter (signed).pdf", "Project Handbook.pdf", "Work Plan.pdf"),
        *("Initiation Request.pdf", "Quality Management Plan.pdf", "Stakeholder Matrix.pdf"),
        *("Risk Log 2026.pdf", "Issue Log 2026.pdf", "Decision Log 2026.pdf", "Change Log 2026.pdf"),
    ):
        write_file(folder, File(path=name, on=date(2026, 2, 2), is_scan=True))


_STATUS = {"To Do": ("10000", "new"), "In Progress": ("10001", "indeterminate"), "Done": ("10002", "done")}


def _status(name: str) -> dict[str, Any]:
    number, category = _STATUS[name]
    return {"id": number, "name": name, "statusCategory": {"key": category, "name": name}}


def _issues(story: Story) -> Iterator[dict[str, Any]]:
    first = story.day("eko") or story.start
    base = 20_000 + 100 * (ord(story.id[0]) - ord("A"))  # ids are unique in a tracker, also over projects
    states = ("Done", "Done", "Done", "In Progress", "In Progress", "To Do")
    for number in range(1, 25):
        made = first + timedelta(days=number)
        state = states[number % len(states)] if number > 12 else "Done"
        who = story.team[number % len(story.team)]
        done = made + timedelta(days=20)
        changed = done if state == "Done" else AS_OF - timedelta(days=3 + number % 5)
        histories = []
        if state != "To Do":
            steps = [("To Do", "In Progress", made + timedelta(days=4))] + ([("In Progress", "Done", done)] if state == "Done" else [])
            histories = [
                {
                    "id": f"{base + number}{step}",
                    "author": user(who),
                    "created": instant(day, 10 + step),
                    "items": [
                        {
                            "field": "status",
                            "fieldtype": "jira",
                            "fieldId": "status",
                            "from": _STATUS[before][0],
                            "fromString": before,
                            "to": _STATUS[after][0],
                            "toString": after,
                        }
                    ],
                }
                for step, (before, after, day) in enumerate(steps)
            ]
        yield {
            "id": f"{base + number}",
            "key": f"{story.id}-{number}",
            "self": f"https://tracker.example.org/rest/api/2/issue/{base + number}",
            "fields": {
                "summary": f"{('Build', 'Test', 'Document')[number % 3]} part {number} of {story.deliverables[number % 3]['name']}",
                "issuetype": {"id": "10001", "name": "Story" if number % 3 else "Task", "subtask": False},
                "project": {"id": "10010", "key": story.id, "name": story.name},
                "status": _status(state),
                "resolution": {"id": "1", "name": "Done"} if state == "Done" else None,
                "resolutiondate": instant(done, 11) if state == "Done" else None,
                "priority": {"id": "3", "name": "Medium"},
                "assignee": user(who),
                "reporter": user(story.who("business_manager")),
                "creator": user(story.who("project_manager")),
                "created": instant(made),
                "updated": instant(changed, 11),
                "duedate": (made + timedelta(days=30)).isoformat()
                if state == "Done"
                else (AS_OF + timedelta(days=10 + number)).isoformat(),
                "description": f"Part {number}. Acceptance criteria: a key user passes the test case.",
                "labels": [],
                "components": [],
                "fixVersions": [],
                "issuelinks": [],
                "subtasks": [],
                "timetracking": {
                    "originalEstimateSeconds": 28800 * 3,
                    "timeSpentSeconds": 28800 * (3 if state == "Done" else 1),
                    "remainingEstimateSeconds": 0 if state == "Done" else 28800 * 2,
                },
                "timeoriginalestimate": 86400,
                "timespent": 86400 if state == "Done" else 28800,
                "timeestimate": 0 if state == "Done" else 57600,
                "comment": {
                    "comments": [
                        {
                            "id": f"9{base + number}",
                            "author": user(story.who("project_manager")),
                            "body": "Checked with the key user.",
                            "created": instant(changed, 11),
                            "updated": instant(changed, 11),
                        }
                    ]
                    if state == "Done"
                    else [],
                    "maxResults": 1,
                    "total": 1 if state == "Done" else 0,
                    "startAt": 0,
                },
                "worklog": {
                    "startAt": 0,
                    "maxResults": 20,
                    "total": 1 if state != "To Do" else 0,
                    "worklogs": [
                        {
                            "id": f"8{base + number}",
                            "author": user(who),
                            "started": instant(made + timedelta(days=5)),
                            "created": instant(made + timedelta(days=5)),
                            "timeSpentSeconds": 86400 if state == "Done" else 28800,
                        }
                    ]
                    if state != "To Do"
                    else [],
                },
            },
            "changelog": {"startAt": 0, "maxResults": len(histories), "total": len(histories), "histories": histories},
        }


def _write_tracker(path: Path, story: Story) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    issues = list(_issues(story))
    page = {"expand": "schema,names", "startAt": 0, "maxResults": 100, "total": len(issues), "issues": issues}
    path.write_text(json.dumps(page, indent=1, ensure_ascii=False), encoding="utf-8")
