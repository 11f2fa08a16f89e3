"""Defects to plant into the project of the house: what an organisation asks of all projects, of teams, of flow, and what the law asks."""

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from auditor.demo.story import AS_OF
from auditor.demo.tracker import CRITERIA, FLAGGED, POINTS, SPRINTS
from tests.demo.planting import (
    Edit,
    Kind,
    Place,
    added_row,
    aged,
    both,
    cell,
    column,
    dropped_row,
    dropped_rows,
    entry,
    filled,
    gone,
    line,
    moved,
    reworded,
    sheet,
    taken_over,
    without_lines,
)
from tests.demo.plants_pm2 import emptied
from tests.demo.ways import configured, in_library, long_since, of_board, of_library

Issue = dict[str, Any]


def page(change: Callable[[list[Issue]], None]) -> Edit:
    """Return an edit of all issues of the tracker's page."""

    def edit(place: Place, _: Random) -> str:
        path = place.folder / "jira-pages" / f"{place.project}.json"
        whole = json.loads(path.read_text("utf-8"))
        change(whole["issues"])
        whole["total"] = len(whole["issues"])
        path.write_text(json.dumps(whole, indent=1, ensure_ascii=False), "utf-8")
        return "the tracker's page was edited"

    return edit


def sprints(change: Callable[[list[Issue]], None]) -> Edit:
    """Return an edit of the list of the board's sprints, and of the sprints as the issues show them."""

    def edit(place: Place, rng: Random) -> str:
        path = place.folder / "jira-pages" / f"{place.project}-sprints.json"
        whole = json.loads(path.read_text("utf-8"))
        change(whole["values"])
        whole["total"] = len(whole["values"])
        path.write_text(json.dumps(whole, indent=1), "utf-8")
        known = {one["id"]: one for one in whole["values"]}

        def shown(issues: list[Issue]) -> None:
            for issue in issues:
                issue["fields"][SPRINTS] = [known[one["id"]] for one in issue["fields"][SPRINTS] or []] or None

        return page(shown)(place, rng)

    return edit


def stories(issues: list[Issue], *names: str) -> list[Issue]:
    """Return the stories that are in one of these states, in order."""
    found = [one for one in issues if one["fields"]["issuetype"]["name"] != "Epic" and one["fields"]["status"]["name"] in names]
    return sorted(found, key=lambda one: int(one["id"]))


def more(issues: list[Issue], like: Issue, count: int, **fields: Any) -> list[Issue]:
    """Add *count* issues that are like one that is there; return them."""
    project, _, _ = like["key"].partition("-")
    made = []
    for number in range(count):
        new = deepcopy(like)
        new["id"] = str(int(like["id"]) + 200 + number)
        new["key"] = f"{project}-{200 + number}"
        new["self"] = like["self"].replace(like["id"], new["id"])
        new["fields"] |= {"summary": f"Print list {number + 1} of the month"} | fields
        for place, history in enumerate(new["changelog"]["histories"]):
            history["id"] = f"{new['id']}{place:02}"
        for name in ("comment", "worklog"):
            new["fields"][name] = new["fields"][name] | {"total": 0, "comments" if name == "comment" else "worklogs": []}
        made.append(new)
    issues += made
    return made


def earlier(moment: str, days: int) -> str:
    """Return a moment of the tracker so many days before."""
    day = datetime.strptime(moment[:10], "%Y-%m-%d").date() - timedelta(days=days)  # noqa: DTZ007
    return f"{day}{moment[10:]}"


def _begun_earlier(days: int, state: str, count: int) -> Callable[[list[Issue]], None]:
    def change(issues: list[Issue]) -> None:
        for issue in stories(issues, state)[-count:]:
            issue["fields"]["created"] = earlier(issue["fields"]["created"], days)
            begun = next(h for h in issue["changelog"]["histories"] if any(item.get("toString") == "In Progress" for item in h["items"]))
            begun["created"] = earlier(begun["created"], days)
            issue["changelog"]["histories"].sort(key=lambda one: one["created"])

    return change


def _created_earlier(days: int, count: int) -> Callable[[list[Issue]], None]:
    def change(issues: list[Issue]) -> None:
        for issue in stories(issues, "Done")[-count:]:
            issue["fields"]["created"] = earlier(issue["fields"]["created"], days)

    return change


def _crowd(issues: list[Issue]) -> None:
    like = stories(issues, "To Do")[0]
    for number, one in enumerate(more(issues, like, 11)):
        name = f"Helper {chr(65 + number)}"
        one["fields"]["assignee"] = like["fields"]["assignee"] | {
            "accountId": f"demo:helper-{number}",
            "displayName": name,
            "emailAddress": f"helper.{number}@example.org",
        }


def _waiting(count: int, created: date) -> Callable[[list[Issue]], None]:
    def change(issues: list[Issue]) -> None:
        more(issues, stories(issues, "To Do")[0], count, created=f"{created}T09:00:00.000+0000", **{SPRINTS: None})

    return change


def _each(change: Callable[[Issue], None], count: int, *states: str) -> Edit:
    def all_of(issues: list[Issue]) -> None:
        for issue in stories(issues, *states)[:count]:
            change(issue)

    return page(all_of)


def _sent_back(issues: list[Issue]) -> None:
    """Every story was called done, taken back and done again."""
    for issue in stories(issues, "Done"):
        done = next(h for h in issue["changelog"]["histories"] if any(item.get("toString") == "Done" for item in h["items"]))
        change = next(item for item in done["items"] if item["field"] == "status")
        back = change | {name: change[other] for name, other in (("from", "to"), ("to", "from"))}
        back |= {"fromString": change["toString"], "toString": change["fromString"]}
        day = done["created"][:10]
        more = [("T12:10:00.000+0000", back), ("T12:50:00.000+0000", change)]
        for place, (time, item) in enumerate(more):
            history = done | {"id": f"{done['id']}7{place}", "created": f"{day}{time}", "items": [item]}
            issue["changelog"]["histories"].append(history)
        histories = sorted(issue["changelog"]["histories"], key=lambda one: one["created"])
        issue["changelog"] = {"startAt": 0, "maxResults": len(histories), "total": len(histories), "histories": histories}


def _burst(issues: list[Issue]) -> None:
    """All edits of risks since May were made on the last day."""
    for issue in issues:
        if issue["fields"]["issuetype"]["name"] == "Risk":
            for place, history in enumerate(issue["changelog"]["histories"]):
                if history["created"] > "2026-05":
                    history["created"] = f"2026-06-29T1{place}:00:00.000+0000"


def _not_begun(issues: list[Issue]) -> None:
    task = next(issue for issue in issues if issue["fields"]["summary"] == "Close the gaps by hand")
    todo = next(issue for issue in issues if issue["fields"]["status"]["name"] == "To Do")
    task["fields"] |= {"status": todo["fields"]["status"]}
    task["fields"]["worklog"] |= {"total": 0, "worklogs": []}
    task["changelog"] = {"startAt": 0, "maxResults": 0, "total": 0, "histories": []}


def _not_tested(issues: list[Issue]) -> None:
    """Another test waits, and what it tests was done meanwhile."""
    tests = next(issue for issue in issues if any(link["type"]["outward"] == "tests" for link in issue["fields"]["issuelinks"]))
    waits = stories(issues, "To Do")[0]
    number = next(one for one in issues if one["key"] == tests["fields"]["issuelinks"][0]["outwardIssue"]["key"])
    assert number["fields"]["status"]["name"] == "Done"
    waits["fields"]["assignee"] = next(
        one["fields"]["assignee"]
        for one in issues
        if one["fields"]["assignee"] and one["fields"]["assignee"] != number["fields"]["assignee"]
    )
    waits["fields"]["issuelinks"] = [link | {"id": f"{link['id']}9"} for link in tests["fields"]["issuelinks"]]


def _breach(issues: list[Issue]) -> None:
    """An issue of the project that was told to the authority eight days later."""
    like = next(issue for issue in issues if issue["fields"]["issuetype"]["name"] == "Risk")
    (new,) = more(issues, like, 1)
    kind = {"id": "10055", "name": "Problem", "subtask": False, "hierarchyLevel": 0}
    new["fields"] |= {
        "summary": "Personal data leak in the mail of the north",
        "issuetype": kind,
        "created": "2026-06-02T09:00:00.000+0000",
    }
    history = new["changelog"]["histories"][0]
    change = {"field": "status", "fieldtype": "jira", "fieldId": "status", "from": "10000", "fromString": "To Do"}
    items = [change | {"to": "10077", "toString": "Notified to the authority"}]
    history |= {"created": "2026-06-10T09:00:00.000+0000", "items": items}
    new["fields"]["status"] = {
        "id": "10077",
        "name": "Notified to the authority",
        "statusCategory": {"key": "indeterminate", "name": "In Progress"},
    }
    new["changelog"] = {"startAt": 0, "maxResults": 1, "total": 1, "histories": [history]}


def _tested_by_builder(issues: list[Issue]) -> None:
    tests = next(issue for issue in issues if any(link["type"]["outward"] == "tests" for link in issue["fields"]["issuelinks"]))
    built = tests["fields"]["issuelinks"][0]["outwardIssue"]["key"]
    tests["fields"]["assignee"] = next(issue for issue in issues if issue["key"] == built)["fields"]["assignee"]


def _bug(issue: Issue) -> None:
    issue["fields"]["issuetype"] = issue["fields"]["issuetype"] | {"id": "10003", "name": "Bug"}


def _reopened_sprint(values: list[Issue]) -> None:
    last = [one for one in values if one["state"] == "closed"][-1]
    last["state"] = "active"
    last.pop("completeDate")


def _second_sprint(values: list[Issue]) -> None:
    running = next(one for one in values if one["state"] == "active")
    values.append(running | {"id": running["id"] + 500, "name": "Sprint 7b", "goal": "Letters in two languages"})


def _of(kind: str) -> Callable[[dict[str, Any]], bool]:
    return lambda row: kind in row.values()


KINDS = (
    # documents
    Kind(
        "a decision is kept on a private drive",
        "RIVER",
        ("ORG-FOL-04",),
        sheet("Decision-Log", "Rationale", "See my notes in https://river-my.sharepoint.com/personal/alma"),
    ),
    Kind(
        "an approval is dated after today",
        "RIVER",
        ("ORG-SGN-03",),
        cell("Schedule-Plan", "Alma Stern", 4, "9 September 2026"),
        ("ORG-SGN-02",),
    ),
    Kind(
        "the board decided with half of its members",
        "RIVER",
        ("ORG-SGN-07",),
        both(
            cell("Board-Minutes-2026-03", "Bert Hahn", 2, "No"),
            cell("Board-Minutes-2026-03", "Dora Pohl", 2, "No"),
        ),
    ),
    Kind("the definition of done is gone", "RIVER", ("ORG-DOD-01",), gone("Definition-of-Done")),
    Kind(
        "an assumption was not checked for half a year",
        "RIVER",
        ("ORG-RAID-08",),
        cell("Project-Plan", "Old records can be read", 1, "12 January 2026"),
    ),
    # money and dates
    Kind(
        "the forecast is three months old",
        "RIVER",
        ("ORG-FIN-02",),
        without_lines("amounts.csv", "Forecast,240000,2026-12-01,2026-06-24"),
    ),
    Kind(
        "a story is of the size of a project",
        "RIVER",
        ("ORG-SCH-05",),
        _each(lambda one: one["fields"].update(timeoriginalestimate=1440000, timetracking={"originalEstimateSeconds": 1440000}), 1, "Done"),
    ),
    Kind(
        "a contract ends on a day that the plan does not know",
        "RIVER",
        ("ORG-PRO-07",),
        line("agreements.csv", ",yes,2026-11-02,Open procedure", ",yes,2026-09-18,Open procedure"),
    ),
    Kind(
        "a contract was awarded without offers",
        "RIVER",
        ("ORG-PRO-01",),
        line("agreements.csv", ",Open procedure,4,", ",Direct award,1,"),
    ),
    Kind(
        "an invoice was paid before the goods were accepted",
        "RIVER",
        ("ORG-PRO-06",),
        line("agreements.csv", ",2026-04-03,2026-04-20", ",2026-04-23,2026-04-20"),
    ),
    # reports
    Kind(
        "the report is green and the money is gone",
        "RIVER",
        ("ORG-REP-04",),
        reworded("Status-Report-2026-05", ("97,500 EUR", "271,000 EUR")),
    ),
    Kind(
        "a report went to nobody",
        "RIVER",
        ("ORG-REP-07",),
        cell("Status-Report-2026-05", "Distribution List", 1, ""),
    ),
    # registers
    Kind(
        "a dependency has nobody",
        "RIVER",
        ("ORG-RAID-07",),
        sheet("Risk-Register", "Risk Owner", None, _of("Dependency")),
        ("ORG-RAID-01",),
    ),
    Kind(
        "a waiver has run out",
        "RIVER",
        ("ORG-QA-04",),
        sheet("Waiver-Register", "Valid until", date(2026, 5, 31), _of("Active")),
    ),
    Kind(
        "an action of the audit is overdue",
        "RIVER",
        ("ORG-QA-02",),
        sheet("Corrective-Actions", "Due date", date(2026, 5, 4), _of("Open")),
        ("ORG-MTG-03",),
    ),
    Kind("an indicator has no owner", "RIVER", ("ORG-KPI-01",), column("KPI-List", "Owner", None)),
    Kind("nobody knows how an indicator is computed", "RIVER", ("ORG-KPI-01",), column("KPI-List", "Formula", None)),
    Kind(
        "an indicator was not measured for three months",
        "RIVER",
        ("ORG-KPI-02",),
        dropped_rows("KPI-List", lambda row: "Cases" in row["KPI"] and row["Period"].month in (3, 4, 5)),
    ),
    # people
    Kind("nobody stands in for the manager", "RIVER", ("ORG-CAP-04",), sheet("Team-List", "Deputy", None, _of("Project Manager"))),
    Kind(
        "somebody is planned for two jobs",
        "RIVER",
        ("ORG-CAP-02",),
        sheet("Timesheet", "Planned hours", 290, lambda row: row["Month"].month == 6),
    ),
    Kind(
        "five people may change everything",
        "RIVER",
        ("ORG-SOD-04",),
        both(
            *(line("access.csv", f"{name},Edit", f"{name},Full control") for name in ("Emil Roth", "Fay Linde", "Gero Wolf", "Bert Hahn"))
        ),
    ),
    Kind("somebody who left may still write", "RIVER", ("ORG-SOD-05",), line("access.csv", "Gero Wolf,Edit", "Greta Vann,Edit")),
    # personal data
    Kind(
        "the screening came after the processing began",
        "RIVER",
        ("ORG-GDP-01",),
        reworded("Data-Protection-File", ("14 January 2026", "20 April 2026")),
    ),
    # sprints
    Kind("planning took two days", "RIVER", ("ORG-SCR-04",), sheet("Meeting-Log", "Duration (min)", 900, _of("Sprint planning"))),
    Kind("the daily took an hour", "RIVER", ("ORG-SCR-05",), sheet("Meeting-Log", "Duration (min)", 60, _of("Daily scrum"))),
    Kind("the review took a day", "RIVER", ("ORG-SCR-06",), sheet("Meeting-Log", "Duration (min)", 480, _of("Sprint review"))),
    Kind(
        "a sprint had no retrospective",
        "RIVER",
        ("ORG-SCR-07",),
        both(
            gone("Retrospective-2026-05-13"),
            dropped_row("Meeting-Log", lambda row: str(row["Date"])[:10] == "2026-05-13" and "retro" in row["Meeting"]),
        ),
    ),
    Kind(
        "an action of a retrospective was left lying",
        "RIVER",
        ("ORG-SCR-08",),
        filled(
            "Action-Log",
            {"Raised on": date(2026, 4, 15), "Closed on": None, "Due date": AS_OF + timedelta(days=5), "Status": "Open"},
            _of("Retrospective"),
        ),
    ),
    Kind("fourteen people are one team", "RIVER", ("ORG-SCR-11",), page(_crowd), apart=True),
    Kind(
        "the next story has no criterion",
        "RIVER",
        ("ORG-SCR-13",),
        _each(
            lambda one: one["fields"].update({CRITERIA: None, POINTS: None, "timeoriginalestimate": None, "timetracking": {}}), 1, "To Do"
        ),
    ),
    Kind(
        "a path is too long for the library",
        "RIVER",
        ("ORG-FOL-05",),
        moved(
            "07 Finance/.*Budget",
            "07 Finance/" + "/".join(["All that was ever written about the budget of this project and its lines"] * 6),
        ),
        ("ORG-FOL-02",),
    ),
    Kind(
        "stories belong to nothing",
        "RIVER",
        ("ORG-JIR-04",),
        _each(lambda one: one["fields"].update(parent=None), 5, "Done"),
    ),
    # agile
    Kind("a sprint that is over was not closed", "RIVER", ("AGILE-EVT-01",), sprints(_reopened_sprint), ("AGILE-EVT-02",)),
    Kind("two sprints run at once", "RIVER", ("AGILE-EVT-02",), sprints(_second_sprint)),
    Kind(
        "one person orders the backlog and looks after the team",
        "RIVER",
        ("AGILE-ROL-02",),
        sheet("Team-List", "Name", "Bert Hahn", _of("Scrum Master")),
    ),
    Kind(
        "what waits has no priority",
        "RIVER",
        ("AGILE-BKL-01",),
        _each(lambda one: one["fields"].update(priority=None, customfield_10019=None), 9, "To Do"),
        apart=True,
    ),
    Kind(
        "one person has five things in hand",
        "RIVER",
        ("AGILE-WIP-01",),
        page(lambda issues: [more(issues, stories(issues, "In Progress")[0], 4), None][1]),
        apart=True,
    ),
    # flow
    Kind("work takes two months", "RIVER", ("LEAN-FLW-01",), page(_begun_earlier(50, "Done", 8))),
    Kind("a story is in hand for three months", "RIVER", ("LEAN-FLW-02",), page(_begun_earlier(90, "In Progress", 1))),
    Kind("more waits than can be done in a year", "RIVER", ("LEAN-QUE-01",), page(_waiting(70, date(2026, 1, 12))), apart=True),
    Kind("more comes in than goes out", "RIVER", ("LEAN-QUE-02",), page(_waiting(32, date(2026, 6, 12))), apart=True),
    Kind("stories wait for half a year", "RIVER", ("LEAN-QUE-03",), page(_created_earlier(150, 8))),
    Kind("the team repairs", "RIVER", ("LEAN-RWK-01",), _each(_bug, 14, "Done")),
    Kind(
        "what is in hand is blocked",
        "RIVER",
        ("LEAN-BLK-01",),
        _each(lambda one: one["fields"].update({FLAGGED: [{"id": "1", "value": "Impediment"}]}), 1, "In Progress"),
    ),
    # the law
    Kind(
        "accessibility failed and was not tested again",
        "RIVER",
        ("LEGAL-ACC-02",),
        dropped_row("Quality-Register", lambda row: row["Quality ID"] == "Q-3"),
    ),
    Kind(
        "goods came after the contract had ended",
        "RIVER",
        ("LEGAL-CON-01",),
        line("agreements.csv", "Scans,2026-05-20", "Scans,2026-06-15"),
    ),
    Kind(
        "processing began before the terms were signed",
        "RIVER",
        ("LEGAL-PER-02",),
        line("agreements.csv", "Hosting of personal data,2026-02-16,2026-02-16", "Hosting of personal data,2026-02-16,2026-02-02"),
        ("ORG-PRO-04",),
    ),
    Kind(
        "cover and name of a file tell two versions",
        "RIVER",
        ("ORG-VER-03",),
        cell("Quality-Plan", "Version", 1, "1.1"),
        ("ORG-VER-01", "ORG-SGN-04"),
    ),
    # who does what
    Kind(
        "work is planned for days of leave",
        "RIVER",
        ("ORG-CAP-03",),
        filled("Work-Plan", {"Start": date(2026, 7, 21), "Finish": date(2026, 7, 28)}, _of("Train the clerks of the north")),
    ),
    Kind(
        "the auditor worked in the project",
        "RIVER",
        ("ORG-QA-05",),
        sheet("Quality-Register", "Reviewer", "Emil Roth", _of("Audit")),
    ),
    Kind(
        "the manager asked for a change and approved it",
        "RIVER",
        ("ORG-SOD-06",),
        filled("Change-Log", {"Requested by": "Cleo Marr", "Decided by": "Cleo Marr"}, _of("CR-02")),
        ("ORG-SOD-01",),
    ),
    Kind(
        "a register lies among the products",
        "RIVER",
        ("ORG-FOL-02",),
        moved("03 Registers/.*Decision-Log", "05 Products"),
    ),
    Kind(
        "whoever approved stood in for somebody else unsaid",
        "RIVER",
        ("ORG-SGN-06",),
        cell("Communication-Plan", "Alma Stern", 0, "Fay Linde on behalf of Alma Stern"),
        ("ORG-SGN-01",),
    ),
    Kind(
        "a severe issue was answered after a week",
        "RIVER",
        ("ORG-RAID-05",),
        filled("Issue-Register", {"Severity": 5, "First response": date(2026, 2, 10)}, _of("Test accounts are missing")),
    ),
    Kind(
        "nothing is planned against a high risk that is near",
        "RIVER",
        ("ORG-RAID-04",),
        filled(
            "Risk-Register",
            {"Likelihood": 5, "Impact": 5, "Risk Level": 25, "Proximity": AS_OF + timedelta(days=8)}
            | {"Risk Response Strategy": None, "Action Details": None},
            _of("Data has gaps"),
        ),
    ),
    Kind("whoever built it tested it", "RIVER", ("ORG-SOD-03",), page(_tested_by_builder)),
    # where a person alone could say that all is well, and the files say that it is not
    Kind("the cover of an approved plan shows no version", "RIVER", ("ORG-VER-02",), cell("Communication-Plan", "Version", 1, "")),
    Kind(
        "nobody signed a contract",
        "RIVER",
        ("LEGAL-CON-02",),
        line(
            "agreements.csv", "Alma Stern,Alma Stern,,B2,yes,2026-11-02,Open procedure,4", "Alma Stern,,,B2,yes,2026-11-02,Open procedure,4"
        ),
    ),
    Kind("the team has no scrum master", "RIVER", ("AGILE-ROL-01",), sheet("Team-List", "Name", None, _of("Scrum Master"))),
    Kind(
        "the audit of March did not take place",
        "RIVER",
        ("ORG-QA-01",),
        filled("Quality-Register", {"Held on": None, "Result": None}, _of("Audit")),
    ),
    Kind("a report says nothing on risks", "RIVER", ("ORG-REP-03",), emptied("Status-Report-2026-05", "Risks")),
    Kind("nobody keeps the list of absences", "RIVER", ("ORG-CAP-01",), aged("Absence-List", date(2026, 3, 2))),
    Kind(
        "the cycle time is not measured any more",
        "RIVER",
        ("ORG-KAN-05",),
        dropped_rows("KPI-List", lambda row: row["KPI"] == "Cycle time" and row["Period"].month > 3),
        ("ORG-KPI-02",),
    ),
    Kind("the privacy notice is a draft", "RIVER", ("LEGAL-PER-01",), cell("Privacy-Notice", "Status", 1, "Draft"), ("ORG-VER-01",)),
    Kind(
        "an evaluator did not sign",
        "RIVER",
        ("ORG-PRO-03",),
        cell("Conflict-of-Interest", "Alma Stern", 4, ""),
        ("ORG-SGN-02", "ORG-SGN-04"),
    ),
    Kind(
        "the manager has no certificate",
        "RIVER",
        ("ORG-TRN-02",),
        line("trainings.csv", "Cleo Marr,Project management", "Emil Roth,Project management"),
    ),
    Kind("a story is done and its test is not", "RIVER", ("ORG-DOD-02",), page(_not_tested)),
    Kind("a breach was notified after a week", "RIVER@board", ("ORG-GDP-06",), page(_breach)),
    Kind(
        "the impact assessment came after the processing began",
        "RIVER",
        ("ORG-GDP-02",),
        both(
            taken_over(
                "02 Plans/.*Quality-Plan",
                "PROJECT_Data-Protection-Impact-Assessment_v1.0.docx",
                ("Quality Plan", "Data Protection Impact Assessment"),
            ),
            cell("Data-Protection-Impact-Assessment", "Alma Stern", 4, "24 April 2026"),
        ),
        ("ORG-SGN-02",),
    ),
    Kind(
        "the award criteria were written after the opening",
        "RIVER",
        ("ORG-PRO-02",),
        cell("Award-Criteria", "Date", 1, "16 February 2026"),
    ),
    Kind(
        "the entry in the record of processing is a draft",
        "RIVER",
        ("ORG-GDP-03",),
        cell("Record-of-Processing", "Status", 1, "Draft"),
        ("ORG-VER-01",),
    ),
    Kind(
        "accessibility was struck from the requirements",
        "RIVER",
        ("LEGAL-ACC-01",),
        sheet("Requirements-List", "Status", "Rejected", _of("RQ-2")),
    ),
    Kind(
        "who joined was never introduced",
        "RIVER",
        ("ORG-TRN-03",),
        both(
            configured('phase = "executing"', 'phase = "executing"\nstart_on = 2026-01-05'),
            filled("Team-List", {"From": date(2026, 4, 1)}, _of("Scrum Master")),
            entry(
                "Work-Plan",
                {"WBS": "4", "Task": "Onboarding of Fay Linde", "Assigned to": "Fay Linde"},
                _of("Load the offices of the south"),
            ),
        ),
        apart=True,
    ),
    Kind(
        "who left did not hand over",
        "RIVER",
        ("ORG-TRN-04",),
        both(
            filled("Team-List", {"To": date(2026, 5, 29)}, _of("Scrum Master")),
            entry(
                "Work-Plan",
                {"WBS": "4", "Task": "Handover of the board", "Assigned to": "Fay Linde"},
                _of("Load the offices of the south"),
            ),
        ),
        apart=True,
    ),
    # what a library knows of its documents
    Kind(
        "a document bears the code of another project",
        "RIVER@library",
        ("ORG-NAM-02",),
        in_library("Quality-Plan", lambda file: file["fields"].update(ProjectCode="TORRENT")),
    ),
    Kind(
        "nobody said what kind of document it is",
        "RIVER@library",
        ("ORG-NAM-04",),
        in_library("Business-Case", lambda file: file["fields"].update(DocType="")),
    ),
    Kind(
        "an approved plan was edited under its old number",
        "RIVER@library",
        ("ORG-VER-04",),
        in_library("Risk-Plan", lambda file: file["versions"][0].__setitem__(1, "2026-05-06")),
    ),
    Kind(
        "the first versions of a register are gone",
        "RIVER@library",
        ("ORG-VER-05",),
        in_library("Risk-Register", lambda file: file.update(versions=[[f"{n}.0", f"2026-06-{n}"] for n in (28, 27, 26)])),
        ("ORG-VER-03",),
    ),
    Kind(
        "a file with personal data was kept for five years",
        "RIVER@library",
        ("ORG-GDP-05",),
        both(
            added_row("Communication-Plan", "Project", ("Classification", "Personal data")),
            in_library("Communication-Plan", lambda file: file.update(created="2021-03-01", label="Two years")),
        ),
    ),
    Kind(
        "a plan is checked out for five weeks",
        "RIVER@checked",
        ("ORG-VER-06",),
        long_since(in_library("Schedule-Plan", lambda file: file.update(checked_out_by="Dora Pohl"))),
    ),
    # when the project is closed
    Kind(
        "minutes of a closed project have no label",
        "RIVER@archive",
        ("ORG-RET-01",),
        in_library("Board-Minutes-2026-03", lambda file: file.update(label="")),
    ),
    Kind(
        "records are kept beyond their period", "RIVER@archive", ("ORG-RET-02",), configured("end_on = 2026-04-20", "end_on = 2018-05-04")
    ),
    Kind(
        "the team may still write after the end",
        "RIVER@archive",
        ("ORG-RET-03",),
        of_library(lambda said: said["roles"].update({"Members of the project": "write"})),
    ),
    Kind(
        "the archive index is a draft",
        "RIVER@archive",
        ("ORG-RET-04",),
        in_library("Archive-Index", lambda file: file["fields"].update(Status="Draft")),
    ),
    Kind(
        "the statement on accessibility is a draft",
        "RIVER@archive",
        ("LEGAL-ACC-03",),
        in_library("Accessibility-Statement", lambda file: file["fields"].update(Status="Draft")),
    ),
    # a board without sprints
    Kind("a column of work has no limit", "RIVER@board", ("ORG-KAN-01",), of_board(lambda columns: columns["In Review"].pop("max"))),
    Kind(
        "a column holds more than its limit", "RIVER@board", ("ORG-KAN-02",), of_board(lambda columns: columns["In Progress"].update(max=1))
    ),
    Kind("work goes back and forth on the board", "RIVER@board", ("ORG-KAN-06",), page(_sent_back), ("ORG-DOD-05",), apart=True),
    Kind("risks were brought up to date the day before", "RIVER@board", ("ORG-RAID-09",), page(_burst)),
    Kind("the answer to a high risk has not begun", "RIVER@board", ("ORG-RAID-04",), page(_not_begun)),
    # what was read before
    Kind(
        "a planned day was moved along",
        "RIVER@twice",
        ("ORG-SCH-02",),
        reworded("02 Plans/.*Project-Plan", ("14 August 2026", "2 October 2026")),
    ),
)
