"""Projects that are audited by what an organisation asks of all its projects: its folders and names, its money, its sprints."""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from auditor.demo.blocks import Block, File, Grid, Heading, Para, Sheet, Title, Value
from auditor.demo.further import sprint_tickets, sprints
from auditor.demo.looks import MINISTRY, PLAIN, Look, dressed
from auditor.demo.story import AS_OF, Story
from auditor.demo.tracker import Ticket, write_pages
from auditor.demo.write import write_file

PROFILE = """\
# What this organisation asks of its projects, whatever their method.
name: house
title: Rules of the house
extends: [organisation]
methodology: other
chosen: by_name
drop:
- rules: [ORG-NAM-04]
  because: our documents lie on a share, which has no columns
change:
- rules: [ORG-SGN-01]
  params: {approver_roles: [executive]}
  because: plans and cases are approved by whoever answers for the money
- rules: [ORG-PRO-01]
  params: {direct_max: 15000, quotation_max: 25000, tender_above: 140000}
  because: what the purchasing office allows without offers, and with three of them
- rules: [ORG-TRN-02, ORG-TRN-02b]
  params: {required_level: 'Project management.*'}
  because: every course of the academy counts
"""

SERVICE = """\
# For services that people use: the teams' own events and flow, and the records that the law asks for.
name: service
title: Rules of the house for services
extends: [house, agile, lean, legal]
methodology: other
chosen: by_name
change:
- rules: ["LEGAL-ACC-01*"]
  params: {must_be_accessible: true}
  because: everybody may ask for a right to water
"""

CONFIGURATION = """
[rules]
folders = ["house"]

[[source]]
name = "finance"
connector = "tabular"
root = "exports"
declaration = ["finance.yaml"]
"""

DECLARATION = """\
# What the finance office exports: amounts, and contracts, orders, invoices and payments.
tables:
  - name: amounts
    files: ["amounts.csv"]
    project: {column: Project}
    id: [Line]
    dates: "%Y-%m-%d"
    numbers: point
    rows:
      - table: cost
        columns:
          category: Category
          kind: {column: Kind, values: {budget: [Budget], actual: [Actual], commitment: [Committed], forecast: [Forecast],
            contingency: [Contingency]}}
          amount: Amount
          period_on: Period
          version_on: As of
          approved_by: Approved by
          risk_id: Risk
          change_request_id: Change
        constants: {currency: EUR}
  - name: agreements
    files: ["agreements.csv"]
    project: {column: Project}
    id: [Number]
    dates: "%Y-%m-%d"
    numbers: point
    rows:
      - table: agreement
        columns:
          kind: {column: Kind, values: {contract: [Contract], amendment: [Amendment], order: [Order], invoice: [Invoice],
            payment: [Payment], receipt: [Receipt]}}
          number: Number
          parent_id: Belongs to
          supplier: Supplier
          title: Subject
          on_date: Date
          start_on: Start
          end_on: End
          procedure: Procedure
          offer_count: Offers
          accepted_on: Accepted on
          paid_on: Paid on
          amount: Amount
          approved_amount: Approved amount
          approved_by: Approved by
          signed_by: Signed by
          deliverable_id: Deliverable
          budget_line: Budget line
          has_data_protection_terms: {column: Data protection, values: {"true": ["yes"], "false": ["no"]}}
        constants: {currency: EUR}
  - name: trainings
    files: ["trainings.csv"]
    project: {column: Project}
    id: [Certificate]
    dates: "%Y-%m-%d"
    rows:
      - table: training
        columns: {person_id: Person, topic: Course, completed_on: Completed on}
  - name: access
    files: ["access.csv"]
    project: {column: Project}
    id: [Entry]
    dates: "%Y-%m-%d"
    rows:
      - table: access_right
        columns: {row_id: Place, grantee_id: Person, right: Right, granted_on: Granted on}
        constants: {table_name: folder, is_group: false}
"""

_AUTHORITY = (
    ("role", "subject", "limit", "currency", "from_on"),
    ("project_manager", "commitment", "5000", "EUR", "2026-01-05"),
    ("executive", "commitment", "50000", "EUR", "2026-01-05"),
    ("project_manager", "change_request", "2500", "EUR", "2026-01-05"),
    ("executive", "change_request", "20000", "EUR", "2026-01-05"),
)


@dataclass
class House:
    """One project of the house: who is who, its registers, and single facts that differ (`told`)."""

    id: str
    name: str
    executive: str
    lead: str  # business
    manager: str
    office: str  # keeps registers, writes plans
    team: tuple[str, ...]
    tracker: bool = False
    papers: bool = True
    money: bool = True
    look: Look = PLAIN
    profile: str = "house"
    told: dict[str, Any] = field(default_factory=dict)
    risks: list[dict[str, Any]] = field(default_factory=list)
    issues: list[dict[str, Any]] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    actions: list[dict[str, Any]] = field(default_factory=list)
    decisions: list[dict[str, Any]] = field(default_factory=list)


def house_stories() -> list[House]:
    """Return the projects, defects included (`more_defects.yaml`)."""
    return [_river(), _summit(), _tundra(), _upland()]


def write_house(folder: Path, stories: Sequence[House]) -> str:
    """Write documents, tracker, exports, authorities and profile below *folder*; return what the configuration says of the projects."""
    said = ""
    amounts: list[list[Value]] = []
    agreements: list[list[Value]] = []
    trainings: list[list[Value]] = []
    access: list[list[Value]] = []
    for number, story in enumerate(stories):
        if story.papers:
            for file in _files(story):
                write_file(folder / "Projects" / story.id, dressed(story.look, _named(story, file)))
        if story.tracker:
            tickets = _tundra_tickets(story) if story.id == "TUNDRA" else _river_tickets(story)
            page = folder / "jira-pages" / f"{story.id}.json"
            write_pages(page, story.id, story.name, tickets, story.manager, 300_000 + 1000 * number)
            if story.told.get("records"):
                _rank(page)
        if story.money:
            amounts += _amounts(story)
            agreements += _agreements(story)
            trainings += _trainings(story)
            access += _access(story)
        places = (f'folders = ["{story.id}"]\n' if story.papers else "") + (f'jira = ["{story.id}"]\n' if story.tracker else "")
        places += f'tabular = ["{story.id}"]\n' if story.money else ""
        said += (
            f'\n[[project]]\nid = "{story.id}"\nname = "{story.name}"\n{places}methodology = "other"\nprofile = "{story.profile}"\n'
            f'phase = "executing"\nsize = "medium"\nis_outsourced = false\nis_agile = {str(story.tracker).lower()}\n'
            f"has_personal_data = {str(story.money).lower()}\n"
        )
    house = folder / "house"
    house.mkdir(parents=True, exist_ok=True)
    (house / "house.yaml").write_text(PROFILE, encoding="utf-8")
    (house / "service.yaml").write_text(SERVICE, encoding="utf-8")
    (folder / "finance.yaml").write_text(DECLARATION, encoding="utf-8")
    _csv(folder / "exports" / "amounts.csv", _AMOUNT, amounts)
    _csv(folder / "exports" / "agreements.csv", _AGREEMENT, agreements)
    _csv(folder / "exports" / "trainings.csv", ("Project", "Certificate", "Person", "Course", "Completed on"), trainings)
    _csv(folder / "exports" / "access.csv", ("Project", "Entry", "Place", "Person", "Right", "Granted on"), access)
    _csv(folder / "organisation" / "authority.csv", _AUTHORITY[0], _AUTHORITY[1:])
    people = sorted(
        {name for story in (*house_stories(), *stories) for name in (story.executive, story.lead, story.manager, story.office, *story.team)}
    )
    rows = [[name, "false" if name == "Greta Vann" else "true", "2026-03-20" if name == "Greta Vann" else ""] for name in people]
    _csv(folder / "organisation" / "directory.csv", ("person_id", "is_active", "to_on"), rows)
    return said


def _rank(path: Path) -> None:
    """Order the backlog of a page: the entries that wait stand as they came."""
    page = json.loads(path.read_text("utf-8"))
    page["names"]["customfield_10019"] = "Rank"
    for place, issue in enumerate(page["issues"]):
        issue["fields"]["customfield_10019"] = f"0|i{place:05}:"
    path.write_text(json.dumps(page, indent=1, ensure_ascii=False), encoding="utf-8")


def _csv(path: Path, header: Sequence[str], rows: Sequence[Sequence[Value]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([["" if value is None else value for value in row] for row in rows])


def _as_story(story: House) -> Story:
    people = {"business_manager": story.lead, "project_manager": story.manager, "team": ";".join(story.team)}
    return Story(story.id, story.name, "executing", date(2026, 1, 5), people=people)


# -- facts ----------------------------------------------------------------------------------------------------------------------------


def sound(story: House) -> House:
    """Fill the registers of *story* with entries that keep every rule; return it."""
    reviewed = AS_OF - timedelta(days=6)
    names = (story.lead, story.team[0], story.manager, story.team[-1])
    story.risks = [
        {
            "id": f"R-0{n}",
            "title": title,
            "text": f"Because {cause}, {event}, so that {effect}",
            "owner": owner,
            "on": date(2026, month, 12),
        }
        | {"p": p, "i": i, "due": AS_OF + timedelta(days=20 + n), "status": "In progress", "reviewed": reviewed, "by": story.manager}
        | {"response": "Reduce", "action": "Agree a deputy", "closed": None, "category": "Dependency" if n == 4 else "Delivery"}
        for n, (title, cause, event, effect, owner, month, p, i) in enumerate(
            (
                ("Clerks not free", "the season is busy", "clerks may not be free", "tests slip", names[0], 1, 3, 3),
                ("Data has gaps", "old records lack numbers", "loading may stop", "the register stays empty", names[1], 2, 2, 4),
                ("Room not booked", "rooms are scarce", "training may slip", "go-live is late", names[2], 3, 2, 2),
                ("Mail server moves", "the mail server is replaced", "receipts may be lost", "applicants call", names[3], 5, 3, 2),
            ),
            1,
        )
    ]
    story.issues = [
        {
            "id": "I-01",
            "title": "Test accounts are missing",
            "text": "Testers cannot sign in",
            "on": date(2026, 2, 3),
            "owner": story.team[0],
        }
        | {"due": date(2026, 2, 20), "status": "Closed", "closed": date(2026, 2, 17), "resolution": "Accounts were made", "severity": 2}
        | {"reviewed": date(2026, 2, 17), "by": story.lead},
        {"id": "I-02", "title": "Printer drops a line", "text": "Letters miss a line", "on": date(2026, 4, 14), "owner": story.team[-1]}
        | {"due": date(2026, 5, 8), "status": "Closed", "closed": date(2026, 5, 6), "resolution": "New driver", "severity": 2}
        | {"reviewed": date(2026, 5, 6), "by": story.team[0]},
        {"id": "I-03", "title": "Two forms differ", "text": "Two offices use two forms", "on": date(2026, 6, 15), "owner": story.lead}
        | {"due": AS_OF + timedelta(days=14), "status": "Open", "closed": None, "resolution": "", "severity": 2}
        | {"reviewed": AS_OF - timedelta(days=4), "by": story.lead},
    ]
    story.changes = [
        {"id": f"CR-0{n}", "title": title, "by": by, "on": date(2026, month, 9), "cost": cost, "decider": story.executive, "size": 2}
        | {"decided": date(2026, month, 19), "status": "Approved", "decision": "Approved", "action": "Five days of work", "priority": 3}
        for n, (title, by, month, cost) in enumerate(
            (
                ("Export of statistics", story.lead, 2, 3200),
                ("Second address", story.team[0], 3, 1800),
                ("Search by street", story.lead, 5, 4100),
            ),
            1,
        )
    ]
    story.actions = [
        {"id": f"A-0{n}", "text": text, "kind": kind, "owner": owner, "on": on, "due": due, "status": status, "closed": closed}
        for n, (text, owner, on, due, status, closed, kind) in enumerate(
            (
                ("Ask for rooms", story.office, date(2026, 2, 10), date(2026, 2, 24), "Done", date(2026, 2, 20), "Meeting"),
                ("Send the list of key users", story.lead, date(2026, 3, 10), date(2026, 3, 20), "Done", date(2026, 3, 18), "Meeting"),
                ("Order paper", story.office, date(2026, 4, 14), date(2026, 4, 28), "Done", date(2026, 4, 27), "Meeting"),
                ("Invite the archive", story.manager, date(2026, 6, 9), AS_OF + timedelta(days=9), "Open", None, "Meeting"),
                (
                    "Show the board every morning",
                    story.team[-1],
                    date(2026, 5, 17),
                    date(2026, 6, 5),
                    "Done",
                    date(2026, 5, 29),
                    "Retrospective",
                ),
            ),
            1,
        )
    ]
    story.decisions = [
        {"id": f"D-0{n}", "title": title, "on": on, "decider": story.executive, "why": why}
        for n, (title, on, why) in enumerate(
            (
                ("The project starts", date(2026, 1, 12), "The benefits exceed the cost"),
                ("Forms are built first", date(2026, 3, 24), "Clerks need them most"),
                ("Training in June", date(2026, 6, 9), "Rooms are free then"),
            ),
            1,
        )
    ]
    return story


def _river() -> House:
    return sound(
        House(
            "RIVER",
            "Water Rights",
            "Alma Stern",
            "Bert Hahn",
            "Cleo Marr",
            "Dora Pohl",
            ("Emil Roth", "Fay Linde", "Gero Wolf"),
            tracker=True,
            profile="service",
            told={"records": True},
        )
    )


def _summit() -> House:
    story = sound(
        House(
            "SUMMIT", "Hiking Permits", "Hanno Feld", "Inga Rust", "Jonas Kern", "Kira Busch", ("Lars Vogel", "Mona Stahl"), look=MINISTRY
        )
    )
    story.changes[1] |= {"decider": story.changes[1]["by"]}
    story.changes[2] |= {"cost": 6000, "decider": story.manager}
    story.decisions[2] |= {"decider": "", "why": ""}
    story.told |= {
        "reports": {3: None, 4: None, 1: date(2026, 2, 19)},
        "rag": {6: "Red"},
        "same": 6,
        "minutes.late": {date(2026, 4, 14): date(2026, 5, 12)},
        "board": (date(2025, 11, 20), date(2026, 6, 22)),
        "milestone": 42,
        "Quality-Plan.approver": story.office,
    }
    return story


def _tundra() -> House:
    names = ("Nils Arve", "Olga Hein", "Pia Lorenz", "Quirin Maas", ("Rosa Thiel", "Sven Uhl", "Thea Voss"))
    return House("TUNDRA", "Snow Reports", *names, tracker=True, papers=False, money=False)


def _upland() -> House:
    story = sound(
        House(
            "UPLAND",
            "Forest Map",
            "Udo Berger",
            "Vera Klamm",
            "Wim Ost",
            "Xaver Pfeil",
            ("Yvo Rehm", "Greta Vann"),
            money=False,
            look=MINISTRY,
        )
    )
    story.risks[1] |= {"owner": "", "due": None}
    story.risks[2] |= {"reviewed": date(2026, 2, 12)}
    story.risks[3] |= {"owner": "Greta Vann"}
    story.issues[1] |= {"closed": None, "resolution": ""}
    story.issues[0] |= {"owner": "Yvo Rehm"}
    story.actions[3] |= {"on": date(2026, 3, 10), "due": date(2026, 4, 10)}
    story.told |= {
        "Communication-Plan.version": "1.3",
        "Schedule-Plan.submitted": date(2025, 12, 1),
        "Risk-Plan.later": [("2.0", date(2026, 4, 21), "New scales and another review interval")],
        "Risk-Plan.version": "2.0",
        "Business-Case.approver": story.manager,
        "Delegation-of-Authority.date": date(2023, 5, 8),
        "no_folder": "08 Procurement",
        "empty_minutes": date(2026, 5, 12),
        "names": True,
    }
    return story


# -- documents --------------------------------------------------------------------------------------------------------------------------


def _files(story: House) -> Iterator[File]:
    code = story.id
    for folder, title, author, sections in (
        ("01 Governance", "Business-Case", story.lead, ("Reasons", "Options", "Benefits", "Costs")),
        ("02 Plans", "Project-Plan", story.office, ("Scope", "Approach", "Milestones")),
        ("02 Plans", "Quality-Plan", story.office, ("Quality objectives", "Reviews", "Tests")),
        ("02 Plans", "Risk-Plan", story.office, ("Scales", "Review", "Escalation")),
        ("02 Plans", "Communication-Plan", story.office, ("Audiences", "Channels", "Frequency")),
        ("02 Plans", "Schedule-Plan", story.office, ("How dates are kept", "Days without work")),
        ("05 Products", "Definition-of-Done", story.team[0], ("Review", "Test", "Acceptance")),
        ("09 Closure", "Retention-Plan", story.office, ("What is kept", "How long", "Where")),
    ):
        yield _paper(story, folder, title, author, sections)
    yield _delegation(story)
    yield from _registers(story)
    yield from _reports(story)
    yield from _minutes(story)
    if story.told.get("records"):
        yield from _records(story)
    yield _sheet(code, "07 Finance", "Budget-Overview", story.office, ("Line", "Purpose"), [("B1", "Staff"), ("B2", "Licences")])
    if story.told.get("no_folder") != "08 Procurement":
        yield _sheet(
            code, "08 Procurement", "Supplier-List", story.office, ("Name of firm", "City"), [("Northwind", "Ghent"), ("Contoso", "Bruges")]
        )
    if story.told.get("names"):
        yield _paper(story, "05 Products", "Risk-Plan", story.office, ("Scales", "Review", "Escalation"))


_WRONG_NAMES = {
    "UPLAND_Quality-Plan_v1.0.docx": "Quality plan.docx",
    "UPLAND_Status-Report-2026-03_v1.0.docx": "Status report March final2.docx",
    "UPLAND_Status-Report-2026-04_v1.0.docx": "Status report April.docx",
    "UPLAND_Minutes-2026-03-10_v1.0.docx": "Minutes of March.docx",
}


def _named(story: House, file: File) -> File:
    if not story.told.get("names"):
        return file
    folder, _, name = file.path.rpartition("/")
    return replace(file, path=f"{folder}/{_WRONG_NAMES.get(name, name)}")


def _paper(story: House, folder: str, title: str, author: str, sections: Sequence[str]) -> File:
    told = story.told
    approved = date(2026, 2, 9)
    version = told.get(f"{title}.version", "1.0")
    submitted = told.get(f"{title}.submitted", date(2026, 2, 2))
    approver = told.get(f"{title}.approver", story.executive)
    later = told.get(f"{title}.later", [])
    role = "Project Manager" if approver == story.manager else "Executive"
    first = "1.0" if later else version
    blocks: list[Block] = [
        Title(f"{title.replace('-', ' ')} – {story.name}"),
        Grid(
            (),
            [
                ("Project", story.name),
                ("Project code", story.id),
                ("Author", author),
                ("Version", version),
                ("Status", "Approved"),
                ("Date", _said(later[-1][1] if later else approved)),
            ],
        ),
        Heading("Change history", 2),
        Grid(
            ("Version", "Date", "Author", "Change"),
            [
                *((number, _said(day), author, text) for number, day, text in reversed(later)),
                (first, _said(approved), author, "Approved version"),
                ("0.1", _said(date(2026, 1, 19)), author, "First draft"),
            ],
        ),
        Heading("Approval", 2),
        Grid(
            ("Name", "Role", "Action", "Submitted on", "Approved on", "Version"),
            [(approver, role, "Approve", _said(submitted), _said(approved), first)],
        ),
    ]
    for heading in sections:
        blocks += [Heading(heading), Para(f"{heading} of {story.name}: agreed with {story.lead}, kept up to date by {author}.")]
    if title == "Project-Plan":
        late = told.get("milestone", 0)
        blocks.append(
            Grid(
                ("ID", "Milestone", "Baseline date", "Forecast date", "Actual date"),
                [
                    ("M1", "Forms are ready", _said(date(2026, 4, 15)), _said(date(2026, 4, 14)), _said(date(2026, 4, 14))),
                    ("M2", "Register is loaded", _said(date(2026, 8, 14)), _said(date(2026, 8, 14) + timedelta(days=late)), ""),
                    ("M3", "Service is open", _said(date(2026, 11, 2)), _said(date(2026, 11, 2)), ""),
                ],
            )
        )
        blocks += [
            Heading("Assumptions"),
            Grid(
                ("Assumption", "Last checked on"),
                [("Clerks are free one day a week", "9 June 2026"), ("Old records can be read", "9 June 2026")],
            ),
        ]
    return File(path=f"{folder}/{story.id}_{title}_v{version}.docx", on=later[-1][1] if later else approved, author=author, blocks=blocks)


def _delegation(story: House) -> File:
    on = story.told.get("Delegation-of-Authority.date", date(2026, 1, 12))
    return File(
        path=f"01 Governance/{story.id}_Delegation-of-Authority_v1.0.docx",
        on=on,
        author=story.office,
        blocks=[
            Title("Delegation of authority"),
            Grid(
                (),
                [("Project code", story.id), ("Author", story.office), ("Version", "1.0"), ("Status", "Approved"), ("Date", _said(on))],
            ),
            Heading("Change history", 2),
            Grid(("Version", "Date", "Author", "Change"), [("1.0", _said(on), story.office, "Approved version")]),
            Heading("Approval", 2),
            Grid(("Name", "Role", "Action", "Approved on", "Version"), [(story.executive, "Executive", "Approve", _said(on), "1.0")]),
            Heading("Limits", 2),
            Grid(
                ("Role", "Name", "Limit per commitment (EUR)", "Limit per change (EUR)"),
                [("Project Manager", story.manager, "5,000", "2,500"), ("Executive", story.executive, "50,000", "20,000")],
            ),
        ],
    )


def _sheet(code: str, folder: str, title: str, author: str, header: Sequence[str], rows: Sequence[Sequence[Value]]) -> File:
    sheets = [Sheet(title.replace("-", " "), header, rows, title=f"{title.replace('-', ' ')} {code} version 1.0")]
    return File(path=f"{folder}/{code}_{title}_v1.0.xlsx", on=AS_OF - timedelta(days=2), author=author, sheets=sheets)


def _registers(story: House) -> Iterator[File]:
    kept: dict[str, tuple[str, list[dict[str, Any]]]] = {
        "Risk-Register": (
            (
                "ID id|Title title|Description text|Category category|Status status|Identified by by|Identification Date on|Likelihood p|"
                "Impact i|Risk Level level|Risk Owner owner|Risk Response Strategy response|Action Details action|"
                "Proximity near|Due date due|Last reviewed reviewed|Closed on closed"
            ),
            [item | {"level": item["p"] * item["i"], "near": AS_OF + timedelta(days=70)} for item in story.risks],
        ),
        "Issue-Register": (
            (
                "ID id|Title title|Description text|Status status|Raised by by|Date raised on|Severity severity|Issue Owner owner|"
                "Due date due|First response answered|Resolution resolution|Last reviewed reviewed|Closed on closed"
            ),
            [item | {"answered": item["on"] + timedelta(days=1)} for item in story.issues],
        ),
        "Change-Log": (
            (
                "ID id|Title title|Status status|Requested by by|Submission Date on|Size size|Priority priority|Action Details action|"
                "Cost (EUR) cost|Decision decision|Decided by decider|Decision Date decided"
            ),
            story.changes,
        ),
        "Action-Log": (
            "ID id|Action text|Action type kind|Owner owner|Raised on on|Due date due|Status status|Closed on closed",
            story.actions,
        ),
        "Decision-Log": ("ID id|Decision title|Decision Date on|Decided by decider|Rationale why", story.decisions),
    }
    for title, (columns, rows) in kept.items():
        pairs = [part.rpartition(" ")[::2] for part in columns.split("|")]
        table = [[row[key] for _, key in pairs] for row in rows]
        yield _sheet(story.id, "03 Registers", title, story.office, [name for name, _ in pairs], table)


def _records(story: House) -> Iterator[File]:
    """The records of an organisation that looks closely: who stands in for whom, indicators, hours, audits, exceptions."""
    code, office, first = story.id, story.office, date(2026, 1, 5)
    months = [date(2026, month, 28) for month in range(1, 7)]

    def sheet(folder: str, title: str, header: str, rows: Sequence[Sequence[Value]]) -> File:
        return _sheet(code, folder, title, office, header.split("|"), rows)

    yield File(
        path=f"01 Governance/{code}_Data-Protection-File_v1.0.docx",
        on=date(2026, 1, 22),
        author=office,
        blocks=[
            Title(f"Data protection file – {story.name}"),
            Grid((), [("Project code", code), ("Author", office), ("Version", "1.0"), ("Status", "Approved"), ("Date", "22 January 2026")]),
            Heading("Change history", 2),
            Grid(("Version", "Date", "Author", "Change"), [("1.0", "22 January 2026", office, "Approved version")]),
            Heading("Approval", 2),
            Grid(
                ("Name", "Role", "Action", "Approved on", "Version"),
                [(story.executive, "Executive", "Approve", "22 January 2026", "1.0")],
            ),
            Heading("Personal data"),
            Grid((), [("Screening done on", "14 January 2026"), ("Processing began on", "16 February 2026")]),
        ],
    )
    yield sheet(
        "01 Governance",
        "Team-List",
        "Role|Name|Deputy|From|To",
        [
            ("Executive", story.executive, story.lead, first, None),
            ("Senior User", story.lead, story.team[0], first, None),
            ("Project Manager", story.manager, office, first, None),
            ("Project Support", office, story.manager, first, None),
            ("Product Owner", story.lead, story.team[0], first, None),
            ("Scrum Master", story.team[1], story.team[2], first, None),
        ],
    )
    kpis = (
        ("Cycle time", 9, "days", story.team[1]),
        ("Days from application to decision", 20, "days", story.lead),
        ("Cases loaded in time", 95, "percent", story.team[0]),
    )
    yield sheet(
        "04 Reports",
        "KPI-List",
        "KPI|Period|Target value|Actual value|Unit|Owner|Formula|Data source|Frequency",
        [
            (name, on, target, target - 1 if unit == "days" else target + 1, unit, owner, "Mean of the month", "Case register", "Monthly")
            for name, target, unit, owner in kpis
            for on in months
        ],
    )
    yield sheet(
        "03 Registers",
        "Waiver-Register",
        "ID|Waiver|Reason|Status|Requested by|Requested on|Approved by|Approved on|Valid until",
        [
            (number, f"Waiver from {what}", why, status, story.manager, asked, story.executive, asked + timedelta(days=4), until)
            for number, what, why, status, asked, until in (
                ("W-01", "the form of minutes", "The board wants one page", "Active", date(2026, 2, 2), date(2026, 12, 31)),
                ("W-02", "the second tester", "Nobody was free in March", "Ended", date(2026, 3, 2), date(2026, 3, 31)),
            )
        ],
    )
    yield _paper(story, "01 Governance", "Privacy-Notice", office, ("Which data", "What for", "Your rights"))
    yield _paper(story, "01 Governance", "Record-of-Processing", office, ("Purpose", "Categories", "Recipients"))
    yield sheet(
        "02 Plans",
        "Requirements-List",
        "ID|Requirement|Source|Priority|Status|Owner|Acceptance criteria",
        [
            ("RQ-1", "Clerks file a form within a minute", story.lead, 1, "Approved", story.lead, "Nine of ten clerks do"),
            ("RQ-2", "Forms meet WCAG 2.1, level AA", story.lead, 1, "Approved", story.lead, "The test of accessibility is passed"),
            ("RQ-3", "Old records are found by their numbers", story.team[0], 2, "Approved", story.lead, "A sample of a hundred is found"),
        ],
    )
    yield _paper(story, "08 Procurement", "Conflict-of-Interest", story.lead, ("Declaration",))
    yield _paper(story, "08 Procurement", "Award-Criteria", office, ("Criteria", "Weights"))
    yield _paper(story, "08 Procurement", "Opening-Record", office, ("Offers",))
    forms = "Accessibility of the forms by WCAG"
    yield sheet(
        "03 Registers",
        "Quality-Register",
        "Quality ID|Subject|Review type|Planned date|Held on|Result|Reviewer",
        [
            ("Q-1", forms, "Test", date(2026, 2, 3), date(2026, 2, 4), "Failed", "Ida Falk"),
            ("Q-2", "The project as a whole", "Audit", date(2026, 3, 3), date(2026, 3, 4), "Passed", "Ida Falk"),
            ("Q-3", forms, "Test", date(2026, 3, 16), date(2026, 3, 17), "Passed", "Ida Falk"),
        ],
    )
    yield sheet(
        "05 Products",
        "Deliverables-List",
        "ID|Deliverable|Due date|Status|Acceptance criteria|Owner|Accepted on|Accepted by",
        [
            ("DV-1", "Forms", date(2026, 4, 15), "Accepted", "All test cases pass", story.team[0], date(2026, 4, 14), story.lead),
            ("DV-2", "Case register", date(2026, 8, 14), "In progress", "All offices are loaded", story.team[1], None, ""),
            ("DV-3", "Open service", date(2026, 11, 2), "Planned", "A month without a fault", story.team[2], None, ""),
        ],
    )
    yield sheet(
        "02 Plans",
        "Work-Plan",
        "WBS|Task|Assigned to|Start|Finish|Work (hours)|Status",
        [
            ("1", "Load the offices of the south", story.team[0], date(2026, 6, 22), date(2026, 7, 14), 60, "In progress"),
            ("2", "Train the clerks of the north", office, date(2026, 6, 29), date(2026, 7, 10), 40, "In progress"),
            ("3", "Write the guide", story.team[2], date(2026, 7, 6), date(2026, 7, 24), 50, "Not started"),
        ],
    )
    yield sheet(
        "03 Registers",
        "Corrective-Actions",
        "Action ID|Corrective action|Owner|Raised on|Due date|Status|Closed on",
        [
            ("CA-1", "Name a deputy of the office", story.manager, date(2026, 3, 6), date(2026, 4, 3), "Done", date(2026, 3, 27)),
            ("CA-2", "Check the access of those who left", office, date(2026, 3, 6), AS_OF + timedelta(days=20), "Open", None),
        ],
    )
    yield sheet(
        "03 Registers",
        "Absence-List",
        "Employee|Absent from|Absent until|Reason",
        [
            (office, AS_OF + timedelta(days=20), AS_OF + timedelta(days=30), "Leave"),
            (story.team[1], date(2026, 4, 6), date(2026, 4, 10), "Leave"),
        ],
    )
    yield sheet(
        "07 Finance",
        "Timesheet",
        "Employee|Month|Planned hours|Actual hours",
        [(name, on, 120, 118 if on < AS_OF else None) for name in story.team for on in months],
    )
    yield sheet(
        "06 Meetings",
        "Meeting-Log",
        "Meeting|Date|Chair|Duration (min)",
        [
            (kind, start + timedelta(days=day), story.team[1], minutes)
            for start in (AS_OF - timedelta(days=89 - 14 * number) for number in range(6))
            for kind, day, minutes in (
                ("Sprint planning", 0, 120),
                ("Daily scrum", 4, 15),
                ("Sprint review", 13, 60),
                ("Sprint retrospective", 13, 60),
            )
        ],
    )


_TEXTS = {
    1: "The team is complete. Rooms were found and the first forms are drawn.",
    2: "Clerks of two offices looked at the forms and asked for a second address field.",
    3: "Forms are built; loading of old records was tried with a hundred of them.",
    4: "The first milestone was reached a day early. Gaps in old records are being closed by hand.",
    5: "Loading goes on office by office; receipts leave by the new mail server.",
    6: "Five of eight offices are loaded. Training begins with the clerks of the north.",
}


def _reports(story: House) -> Iterator[File]:
    """Reports on the months that end on the fifteenth."""
    for month in range(1, 7):
        end = date(2026, month, 15)
        moved = story.told.get("reports", {})
        issued = moved[month] if month in moved else end + timedelta(days=3)
        if issued is None:
            continue
        text = _TEXTS[month - 1 if month == story.told.get("same") else month]
        colour = story.told.get("rag", {}).get(month, "Green")
        yield File(
            path=f"04 Reports/{story.id}_Status-Report-2026-{month:02}_v1.0.docx",
            on=issued,
            author=story.manager,
            blocks=[
                Title(f"Status Report – {story.name}"),
                Grid(
                    (),
                    [
                        ("Reporting Period", f"{_said(end - timedelta(days=30))} - {_said(end)}"),
                        ("Report Date", _said(issued)),
                        ("Author", story.manager),
                        ("Overall Status", colour),
                        ("Distribution List", f"{story.executive}; {story.lead}"),
                    ],
                ),
                Heading("Summary"),
                Para(text),
                Heading("Progress"),
                Para(f"Done: {text[0].lower()}{text[1:]}"),
                Heading("Next period"),
                Para(f"{_TEXTS[min(month + 1, 6)]}"),
                Heading("Risks"),
                Grid(("Indicator", "Value"), [("Open risks", str(sum(1 for item in story.risks if item["on"] <= end)))]),
                Heading("Issues"),
                Grid(("Indicator", "Value"), [("Open issues", str(sum(1 for i in story.issues if i["on"] <= end and not i["closed"])))]),
                Heading("Budget"),
                Grid(("Allocated", "Spent", "Forecast"), [("240,000 EUR", f"{19500 * month:,} EUR", "240,000 EUR")]),
                Heading("Schedule"),
                Para("Milestones are reached as planned."),
                Heading("Decisions needed"),
                Para("None."),
            ],
        )


def _minutes(story: House) -> Iterator[File]:
    board = story.told.get("board", (date(2026, 1, 12), date(2026, 3, 24), date(2026, 6, 9)))
    team = (date(2026, 2, 10), date(2026, 3, 10), date(2026, 4, 14), date(2026, 5, 12))
    back = [AS_OF - timedelta(days=76 - 14 * number) for number in range(6)] if story.told.get("records") else []
    for held, kind in sorted(
        [
            *((day, "Project Board Meeting") for day in board),
            *((day, "Project Status Meeting") for day in team),
            *((day, "Sprint Retrospective") for day in back),
        ]
    ):
        sent = story.told.get("minutes.late", {}).get(held, held + timedelta(days=2))
        people = [
            (story.executive, "Executive"),
            (story.lead, "Senior User"),
            (story.manager, "Project Manager"),
            (story.office, "Project Support"),
        ]
        if held in back:
            people = [(name, "Team Member") for name in story.team]
        blocks: list[Block] = [
            Title(f"Minutes of the {kind}"),
            Grid(
                (),
                [
                    ("Meeting", kind),
                    ("Meeting Date", _said(held)),
                    ("Meeting Chair", story.executive if "Board" in kind else story.manager),
                    ("Minutes Issue Date", _said(sent)),
                    ("Distribution List", "; ".join(name for name, _ in people)),
                ],
            ),
            Heading("Attendees"),
            Grid(("Name", "Role", "Present"), [(name, role, "Yes") for name, role in people]),
            Heading("Discussion"),
            Para("The minutes of the last meeting were confirmed. Progress was shown."),
        ]
        if held != story.told.get("empty_minutes"):
            taken = [item for item in story.decisions if item["on"] == held]
            asked = [item for item in story.actions if item["on"] == held]
            blocks += [
                Heading("Decisions"),
                Grid(
                    ("ID", "Decision", "Owner"),
                    [(d["id"], d["title"], d["decider"]) for d in taken] or [("-", "No decision was needed", story.manager)],
                ),
                Heading("Actions"),
                Grid(
                    ("ID", "Action", "Owner", "Due date", "Status"),
                    [(a["id"], a["text"], a["owner"], _said(a["due"]), a["status"]) for a in asked]
                    or [("A-09", "Send the minutes", story.office, _said(sent), "Done")],
                ),
            ]
        name = "Board-Minutes" if "Board" in kind else "Retrospective" if held in back else "Minutes"
        yield File(path=f"06 Meetings/{story.id}_{name}-{held:%Y-%m-%d}_v1.0.docx", on=sent, author=story.office, blocks=blocks)


def _said(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")

# -- exports ----------------------------------------------------------------------------------------------------------------------------

_AMOUNT = ("Project", "Line", "Category", "Kind", "Amount", "Period", "As of", "Approved by", "Risk", "Change")
_AGREEMENT = (
    *("Project", "Number", "Kind", "Belongs to", "Supplier", "Subject", "Date", "Start", "Amount", "Approved amount", "Approved by"),
    *("Signed by", "Deliverable", "Budget line", "Data protection", "End", "Procedure", "Offers", "Accepted on", "Paid on"),
)


def _amounts(story: House) -> list[list[Value]]:
    is_wrong = story.id == "SUMMIT"
    boss, manager, total = story.executive, story.manager, 312000 if is_wrong else 240000
    months = [date(2026, month, 1) for month in range(1, 13)]
    rows: list[list[Value]] = [[f"{story.id}-B{m.month}", "Staff", "Budget", 20000, m, date(2026, 1, 5), boss, ""] for m in months]
    spent = 23600 if is_wrong else 19500
    for m in months[:5]:
        seen = m.replace(day=28)
        rows.append([f"{story.id}-A{m.month}", "Staff", "Actual", spent, m, seen, "", ""])
        rows.append([f"{story.id}-F{m.month}", "Staff", "Forecast", total if m.month == 5 else 240000, months[-1], seen, manager, ""])
    rows.append([f"{story.id}-F6", "Staff", "Forecast", total, months[-1], date(2026, 6, 24), manager, ""])
    line = "K-21" if is_wrong else f"{story.id}-K1"
    rows.append([line, "Reserve", "Contingency", 3000, months[3], date(2026, 4, 14), "" if is_wrong else boss, "R-02"])
    return [[story.id, *row, ""] for row in rows]


def _agreements(story: House) -> list[list[Value]]:
    is_wrong = story.id == "SUMMIT"
    own = "" if is_wrong else f"{story.id}-"
    boss, manager = story.executive, story.manager
    rows: list[list[Value]] = []

    def add(number: str, kind: str, parent: str, supplier: str, title: str, on: date, amount: int, by: str, **more: Value) -> None:
        known: dict[str, Value] = {"start": None, "approved": amount, "signed": "", "deliverable": "", "line": "B2", "terms": ""}
        row = known | {"end": None, "procedure": "Direct award", "offers": 1, "accepted": None, "paid": None} | more
        rest = [row[key] for key in ("signed", "deliverable", "line", "terms", "end", "procedure", "offers", "accepted", "paid")]
        rows.append([story.id, number, kind, parent, supplier, title, on, row["start"], amount, row["approved"], by, *rest])

    first, last = f"{own}CT-1", f"{own}CT-2"
    open_call: dict[str, Value] = {"procedure": "Open procedure", "offers": 4, "end": date(2026, 11, 2)}
    add(
        first,
        "Contract",
        "",
        "Northwind",
        "Licences",
        date(2026, 1, 20),
        30000,
        boss,
        start=date(2026, 2, 1),
        signed=boss,
        terms="yes",
        **open_call,
    )
    add(f"{own}PO-1", "Order", first, "Northwind", "Paper", date(2026, 3, 4), 2400, manager)
    add(
        f"{own}INV-1",
        "Invoice",
        f"{own}PO-1",
        "Northwind",
        "Paper",
        date(2026, 4, 2),
        2400,
        manager,
        deliverable="Paper",
        accepted=date(2026, 4, 3),
        paid=date(2026, 4, 20),
    )
    add(f"{own}RC-1", "Receipt", f"{own}PO-1", "Northwind", "Paper", date(2026, 4, 1), 2400, manager)
    begins, terms = (date(2026, 2, 2), "no") if is_wrong else (date(2026, 2, 16), "yes")
    if not is_wrong:
        scan: dict[str, Value] = open_call | {"end": date(2026, 5, 29)}
        add(
            f"{own}CT-3",
            "Contract",
            "",
            "Fabrikam",
            "Scanning",
            date(2026, 2, 9),
            18000,
            boss,
            start=date(2026, 2, 23),
            signed=boss,
            **scan,
        )
        add(f"{own}RC-2", "Receipt", f"{own}CT-3", "Fabrikam", "Scans", date(2026, 5, 20), 18000, manager)
    title = "Hosting of personal data"
    add(last, "Contract", "", "Contoso", title, date(2026, 2, 16), 24000, boss, start=begins, signed=boss, terms=terms, **open_call)
    if is_wrong:
        add("AM-1", "Amendment", first, "Northwind", "More licences", date(2026, 4, 6), 7500, boss, approved=None, signed=boss)
        add("PO-102", "Order", "", "Fabrikam", "Screens", date(2026, 3, 11), 9400, manager)
        for number, (day, amount) in enumerate(((4, 4800), (9, 4950), (14, 4900)), 103):
            add(f"PO-{number}", "Order", "", "Tailspin", "Chairs", date(2026, 5, day), amount, manager)
        add("INV-204", "Invoice", "", "Fabrikam", "Screens", date(2026, 4, 8), 9400, manager, line="", deliverable="Screens")
        add("PAY-302", "Payment", "PO-102", "Fabrikam", "Screens", date(2026, 4, 10), 9400, boss, deliverable="DEL-7")
    return rows


def _access(story: House) -> list[list[Value]]:
    first = date(2026, 1, 6)
    people = [(story.executive, "Read"), (story.manager, "Edit"), (story.office, "Full control")]
    people += [(name, "Edit") for name in (story.lead, *story.team) if name != "Greta Vann"]
    return [[story.id, f"{story.id}-X{n}", "03 Registers", name, right, first] for n, (name, right) in enumerate(people, 1)]


def _trainings(story: House) -> list[list[Value]]:
    rows: list[list[Value]] = []
    for number, name in enumerate((story.manager, story.office, *story.team)):
        for course in ("security_awareness", "data_protection"):
            if story.id == "SUMMIT" and name == story.team[-1] and course == "data_protection":
                continue
            rows.append([story.id, f"{story.id}-{number}{course[0]}", name, course, date(2026, 1, 8)])
    for number, name in enumerate((story.manager, story.office)):
        rows.append([story.id, f"{story.id}-{number}p", name, "Project management level 2", date(2025, 3, 5)])
    return rows


# -- the tracker in which much goes wrong ---------------------------------------------------------------------------------------------


def _river_tickets(story: House) -> list[Ticket]:
    """Return sprints that went well; one story of the second took until the third, as it happens."""
    made = sprint_tickets(_as_story(story))
    long, after = made[5], made[9].sprints[0][1]
    long.sprints = [*long.sprints, (after.start, after)]
    long.path = [*long.path[:-1], (after.start + timedelta(days=2), "Done")]
    long.due = after.end
    long.comments = [(long.path[-1][0], story.manager)]
    tester = next(item for item in made if item.kind == "Story" and item.assignee != long.assignee and item.number > long.number)
    tester.links = [("Tests", long.number)]
    return made


def _tundra_tickets(story: House) -> list[Ticket]:
    team, day = story.team, timedelta(days=1)
    goals = ("Show the snow of one day", "Show the snow of a week", "Send a warning", "Draw the slopes")
    boxes = sprints(date(2026, 1, 5), 10, 700, goals)
    starts = [date(2026, 1, 5), date(2026, 1, 19), date(2026, 2, 23), date(2026, 3, 9)]
    starts += [date(2026, 4, 20) + day * 14 * number for number in range(6)]
    ends = [start + day * (41 if number == 3 else 13) for number, start in enumerate(starts)]
    boxes = [
        replace(box, start=start, end=end, completed=end if end < AS_OF else None)
        for box, start, end in zip(boxes, starts, ends, strict=True)
    ]
    boxes[1] = replace(boxes[1], goal="")
    full = ("In Progress", "In Review", "Approved", "Done")

    def walked(begun: date, *states: str, step: int = 2) -> list[tuple[date, str]]:
        return [(begun + day * step * place, state) for place, state in enumerate(states)]

    def ticket(number: int, summary: str, box: int, begun: date | None, *states: str, **more: Any) -> Ticket:
        sprint = boxes[box - 1]
        values: dict[str, Any] = {
            "created": sprint.start - day * 10,
            "reporter": story.lead,
            "assignee": team[number % 3],
            "path": walked(begun, *states) if begun else (),
            "points": 3.0,
            "criteria": "A guide sees the number at the right slope.",
            "sprints": [(sprint.start - day * 9, sprint)],
            "parent": 31,
            "estimate": 12,
            "hours": [(begun + day, team[number % 3], 5.0)] if begun else (),
            "due": sprint.end,
        }
        return Ticket(number, summary, **(values | more))

    one, two, three, four = (box.start + day for box in boxes[:4])
    made = [
        ticket(1, "Read the station of the north", 1, one, *full),
        ticket(2, "Read the station of the south", 1, None, priority="Highest", due=AS_OF + day * 20),
        ticket(3, "Read the station of the valley", 1, None, priority="Highest", due=AS_OF + day * 20),
        ticket(4, "Show the depth of the snow", 2, two, *full),
        ticket(5, "Show the kind of the snow", 2, two, *full),
        ticket(7, "Send a warning by mail", 2, two, "In Progress", "Done"),
        ticket(8, "Send a warning by message", 2, two, *full, resolution=None),
        ticket(9, "Draw a slope", 3, three, *full, pointed=three + day * 3),
        ticket(10, "Draw a lift", 3, three, *full, criteria=""),
        ticket(11, "Draw a hut", 3, three, *full, sprints=[(three + day * 4, boxes[2])]),
        ticket(12, "Draw a path", 3, three, *full, sprints=[(three + day * 5, boxes[2])]),
        ticket(13, "Name the slopes", 4, four, *full, "In Progress", "In Review", "Approved", "Done"),
        ticket(14, "Name the lifts", 4, four, *full, "In Progress", "In Review", "Approved", "Done"),
        ticket(15, "Name the huts", 4, four, *full, "In Progress", "In Review", "Approved", "Done"),
        ticket(16, "Count the visitors of a day", 5, boxes[4].start + day, *full),
        ticket(17, "Count the visitors of a week", 6, boxes[5].start + day, *full),
        ticket(18, "Count the cars of a day", 7, boxes[6].start + day, *full),
        ticket(19, "Count the cars of a week", 8, boxes[7].start + day, *full),
    ]
    moving = [(boxes[0].start - day * 5, boxes[0]), *((box.start - day, box) for box in boxes[1:4])]
    made.append(ticket(6, "Compare the years of a station", 4, four, *full, sprints=moving))
    late = AS_OF - day * 28
    end = AS_OF + day * 15
    open_one: dict[str, Any] = {
        "sprints": [(boxes[9].start - day * 2, boxes[9])],
        "priority": "Highest",
        "due": end,
        "created": AS_OF - day * 70,
    }
    quiet = [(AS_OF - day * 70, boxes[9])]
    recent = [(AS_OF - day * 2, story.manager)]
    made += [
        ticket(20, "Load the archive of the stations", 10, late, "In Progress", **open_one, flagged=late),
        ticket(21, "Load the archive of the pictures", 10, AS_OF - day * 49, "In Progress", **(open_one | {"sprints": quiet})),
        ticket(
            *(22, "Show the wind of a slope", 10, AS_OF - day * 6, "In Progress"),
            **(open_one | {"due": end, "comments": recent}),
            moves=[(AS_OF - day * (40 - 7 * n), end - day * (35 - 7 * n), end - day * (28 - 7 * n)) for n in range(5)],
        ),
        ticket(23, "tbd", 10, None, **open_one),
        ticket(
            24, "Show the sun of a slope", 10, AS_OF - day * 7, "In Progress", **(open_one | {"due": date(2026, 5, 15), "comments": recent})
        ),
        ticket(25, "Show the ice of a slope", 10, AS_OF - day * 5, "In Progress", **(open_one | {"assignee": "", "comments": recent})),
        ticket(26, "Print the report of a day", 10, None, **(open_one | {"priority": "Medium"})),
        ticket(27, "Print the report of a week", 10, None, **(open_one | {"priority": "Low"})),
        ticket(28, "Print the report of a month", 9, boxes[8].start + day, *full),
    ]
    made[0].hours = [(one + day, team[1], 15.0)]
    made += [
        Ticket(30, "Everything about printing", date(2026, 1, 5), "Epic", assignee=story.lead, path=walked(date(2026, 5, 11), *full)),
        Ticket(31, "Everything about snow", date(2026, 1, 5), "Epic", assignee=story.lead, path=[(date(2026, 1, 6), "In Progress")]),
    ]
    made[-1].comments = recent
    for item in made:
        if item.number in (26, 27, 28):
            item.parent = 30
    return made
