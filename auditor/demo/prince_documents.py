"""The documents of a PRINCE2 project, written from its story: brief, PID, plans, registers, reports, decisions of the board."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from auditor.demo.blocks import Block, File, Grid, Heading, Para, Sheet, Title, Value
from auditor.demo.looks import dressed
from auditor.demo.prince import Prince, Stage
from auditor.demo.story import AS_OF

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


def prince_files(story: Prince) -> Iterator[File]:
    """Yield every file of *story* that exists by the day of the audit, in the look of its organisation."""
    writer = _Writer(story)
    for files in (
        writer.starting(),
        writer.initiating(),
        writer.approaches(),
        writer.plans(),
        writer.products(),
        writer.registers(),
        writer.board(),
        writer.highlights(),
        writer.checkpoints(),
        writer.boundaries(),
        writer.exception(),
        writer.closing(),
    ):
        for file in files:
            yield dressed(story.look, file)


def said(day: date | None) -> str:
    """Return a day as these documents write it."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}" if day else ""


def _columns(names: str, keys: str) -> list[tuple[str, str]]:
    return list(zip(names.split("|"), keys.split(), strict=True))


_RISK = _columns(
    "Risk ID|Risk author|Date registered|Risk category|Risk type|Title|Risk description|Probability|Impact|Risk score|Residual probability|"
    "Residual impact|Residual score|Proximity|Risk response category|Risk response|Response status|Status|Risk owner|Risk actionee|"
    "Action due date|Escalated on|Last reviewed|Closed on",
    "id by on category kind title text p i score rp ri rest proximity response action done status owner actionee due escalated reviewed "
    "closed",
)
_ISSUE = _columns(
    "Issue ID|Issue type|Date raised|Raised by|Description|Priority|Severity|Impact analysis|Assessed on|Issue owner|Decision|Decided by|"
    "Decision date|Cost (EUR)|Implemented on|Status|Due date|Last reviewed|Closure date|Escalated",
    "id kind on by text priority severity impact assessed owner decision decider decided cost implemented status due reviewed closed "
    "escalated",
)
_CHECK = _columns(
    "Quality ID|Product ID|Product title|Method|Producer|Reviewer|Planned date|Actual date|Target sign-off date|Actual sign-off date|"
    "Result|Quality records",
    "id product title method producer reviewer planned held signed signoff result record",
)
_LESSON = _columns(
    "Lesson ID|Lesson type|Date logged|Logged by|Lesson|Recommendation|Source project|Priority|Owner|Status|Stage",
    "id type on by event recommendation source priority owner status stage",
)
_PACKAGE = _columns(
    "Work package ID|Work package|Stage|Team manager|Authorised by|Authorised on|Accepted on|Accepted by|Planned start|Due date|Started on|"
    "Closed on|Reporting frequency (days)|Tolerances|Product|External",
    "id name stage manager authorised_by authorised accepted accepted_by start due started closed reports tolerance product external",
)


def _type_of(decision: str) -> str:
    if decision.startswith("Exception"):
        return "Exception"
    return "Closure" if "closed" in decision else "Gate"


def _month_end(day: date, more: int) -> date:
    months = day.year * 12 + day.month + more
    return date(months // 12, months % 12 + 1, 1) - timedelta(days=1)


class _Writer:
    def __init__(self, story: Prince) -> None:
        self.story = story
        self.is_2023 = story.edition == "2023"
        self.executive = story.who("executive")
        self.manager = story.who("project_manager")

    def document(
        self,
        path: str,
        title: str,
        approved: date | None,
        blocks: Sequence[Block],
        *,
        author: str = "",
        approver: tuple[str, str] | None = None,
        drafted: date | None = None,
        later: Sequence[tuple[str, date, str]] = (),
        version: str = "",
        agreed: Sequence[str] = ("1.1", "1.2"),
    ) -> File:
        """Return a controlled document with its approvals and its history."""
        author = author or self.manager
        name, role = approver or (self.executive, "Project Executive" if self.is_2023 else "Executive")
        drafted = drafted or (approved or AS_OF) - timedelta(days=6)
        version = version or ("1.0" if approved else "0.2")
        last = max([day for _, day, _ in later], default=approved or drafted)
        front: list[Block] = [
            Title(f"{title}: {self.story.name}"),
            Grid(
                (),
                [
                    ("Project", self.story.name),
                    ("Document identifier", f"{self.story.id}-{''.join(word[0] for word in title.split()).upper()}"),
                    ("Author", author),
                    ("Owner", self.executive),
                    ("Version", version),
                    ("Status", "Approved" if approved else "Draft"),
                    ("Date", said(last)),
                ],
            ),
            Heading("Revision history", 2),
            Grid(
                ("Revision date", "Version", "Author", "Summary of changes"),
                [
                    *((said(day), number, author, text) for number, day, text in reversed(later)),
                    *([(said(approved), "1.0", author, "Approved by the project board")] if approved else []),
                    (said(drafted), "0.1", author, "First draft"),
                ],
            ),
            Heading("Approvals", 2),
            Grid(
                ("Name", "Role", "Action", "Version", "Date of approval"),
                [
                    *((name, role, "Approve", number, said(day)) for number, day, _ in later if number in agreed),
                    (name, role, "Approve", "1.0", said(approved)),
                ],
            ),
        ]
        return File(path=path, blocks=[*front, *blocks], on=last, author=author)

    def purpose(self) -> Para:
        return Para(f"{self.story.purpose} Today this is done by hand, and nobody can say how long it takes.")

    # -- before and during initiation ----------------------------------------------------------------------------------------------

    def starting(self) -> Iterator[File]:
        story, at = self.story, self.story.at
        yield File(
            path="01 Start-up/Project Mandate.docx",
            on=at(0),
            author=self.executive,
            blocks=[
                Title(f"Project mandate: {story.name}"),
                Para(f"The directorate asks for this project. {story.purpose}"),
                Grid((), [("Issued by", "Directorate"), ("Issued on", said(at(0))), ("Executive", self.executive)]),
            ],
        )
        yield self.document(
            "01 Start-up/Outline Business Case.docx",
            "Outline Business Case",
            at(14),
            [
                Heading("Reasons"),
                self.purpose(),
                Heading("Business options"),
                Para("Do nothing; do the minimum; build."),
                Heading("Major risks"),
                Para("Users not free; interface late."),
            ],
            author=self.executive,
            drafted=at(12),
        )
        brief = story.day("brief", at(20))
        yield self.document(
            "01 Start-up/Project Brief.docx",
            "Project Brief",
            brief,
            [
                Heading("Project definition"),
                Heading("Background", 2),
                Para("This brief answers the project mandate of the directorate (Project Mandate.docx)."),
                self.purpose(),
                Heading("Objectives", 2),
                Para("Cases are decided within 20 days by the end of the project; cost at most 300,000 EUR."),
                Heading("Scope", 2),
                Para("Forms, register, archive export and training."),
                Heading("Exclusions", 2),
                Para("Payments between authorities are out of scope."),
                Heading("Constraints and assumptions", 2),
                Para("Key users are free one day a week."),
                Heading("Interfaces", 2),
                Para("The registry of persons and the archive."),
                Heading("Tolerances", 2),
                self.tolerances(),
                Heading("Outline business case"),
                Para("See Outline Business Case.docx; the benefits exceed the cost after two years."),
                Heading("Project product description"),
                Para("A service that is accepted by the users, with its register and its training."),
                Heading("Project approach"),
                Para("Built in house on the platform of the directorate."),
                Heading("Project management team structure"),
                self.team(),
                Heading("Role descriptions"),
                Para("Each role is described in 01 Start-up/Role Descriptions.xlsx."),
                Heading("References"),
                Para("Project Mandate.docx, Outline Business Case.docx"),
            ],
        )
        yield File(
            path="01 Start-up/Role Descriptions.xlsx",
            on=at(22),
            author=self.manager,
            sheets=[
                Sheet(
                    "Role descriptions",
                    ("Role", "Name", "Responsibilities", "Accepted on"),
                    [(role, name, text, at(8 if role.endswith("xecutive") else 11)) for role, name, text in self.roles() if name],
                )
            ],
        )
        yield self.plan(story.stages[0], "02 Initiation/Initiation Stage Plan.docx", "Initiation Stage Plan")

    def roles(self) -> list[tuple[str, str, str]]:
        """Return role, name and what the role answers for."""
        who = self.story.who
        executive = "Project Executive" if self.is_2023 else "Executive"
        return [
            (executive, who("executive"), "Owns the business case and decides; approves each stage"),
            ("Senior User", who("senior_user"), "Speaks for the users, answers for the benefits"),
            ("Senior Supplier", who("senior_supplier"), "Speaks for those who build"),
            ("Project Manager", who("project_manager"), "Runs the project day by day; plans stages"),
            ("Project Assurance (business)", who("business_assurance"), "Checks for the executive that the case holds"),
            ("Project Assurance (user)", who("user_assurance"), "Checks for the users that products fit"),
            ("Project Assurance (supplier)", who("supplier_assurance"), "Checks for the suppliers how products are built"),
            ("Team Manager", who("team_manager"), "Makes the products of a work package"),
            ("Team Manager", who("second_team_manager"), "Makes the products of a work package"),
            ("Project Support", who("project_support"), "Keeps the registers"),
            ("Change Authority", who("executive"), "Decides on requests for change up to 10,000 EUR"),
        ]

    def team(self) -> Grid:
        return Grid(("Role", "Name", "From"), [(role, name, said(self.story.at(8))) for role, name, _ in self.roles()])

    def tolerances(self, *, stage: bool = False) -> Grid:
        level = "Stage" if stage else "Project"
        rows: list[tuple[Value, ...]] = [
            (level, "Time", "-10", "+10", "days"),
            (level, "Cost", "-10", "+10", "percent"),
            (level, "Scope", "0", "2", "Could requirements"),
            (level, "Quality", "0", "5", "percent of test cases"),
            (level, "Benefits", "-10", "+10", "percent"),
            (level, "Risk", "0", "15", "score"),
        ]
        if self.is_2023:
            rows.append((level, "Sustainability", "-5", "+5", "percent"))
        return Grid(("Level", "Tolerance", "Lower", "Upper", "Unit"), rows)

    def initiating(self) -> Iterator[File]:
        story, at = self.story, self.story.at
        case = story.day("business_case", at(60))
        cost = 300000
        last = story.stages[-1].end
        sections: list[Block] = [
            Heading("Executive summary"),
            self.purpose(),
            Heading("Reasons"),
            Para("The directorate must decide within 20 days from next year on."),
            Heading("Business options"),
            Grid(
                ("Option", "What", "Assessment"),
                [
                    ("Do nothing", "Go on by hand", "The backlog grows by a tenth each year"),
                    ("Do minimum", "Buy a mailbox for forms", "Saves two days, not ten"),
                    ("Do something", "Build the service", "Chosen: saves ten days a case"),
                ],
            ),
            Heading("Expected benefits"),
            Grid(
                ("Benefit ID", "Benefit", "Measure", "Baseline", "Target", "Benefit owner", "Realisation date", "Enabling product"),
                [
                    (b["id"], b["name"], b["measure"], str(b["base"]), str(b["target"]), b["owner"], said(b["due"]), b["product"])
                    for b in story.benefits
                ],
            ),
            Heading("Expected dis-benefits"),
            Para("For three months both ways run side by side; clerks lose half a day a week."),
        ]
        if self.is_2023:
            sections += [
                Heading("Sustainability objectives"),
                Para(story.told.get("case.sustainability", "No sustainability objectives were set for this project.")),
            ]
        sections += [
            Heading("Timescale"),
            Para(f"Delivery ends on {said(last)}; benefits are measured for two years after it."),
            Heading("Costs"),
            Grid(
                ("Cost category", "Amount (EUR)"),
                [("Project", f"{cost:,}"), ("Operations and maintenance a year", "24,000"), ("Total project cost", f"{cost:,}")],
            ),
            Para("Funding source: budget of the directorate."),
            Heading("Investment appraisal"),
            Para("The service pays for itself after 26 months."),
            Heading("Major risks"),
            Grid(
                ("Risk ID", "Risk", "Effect"),
                [(risk["id"], risk["title"], risk["text"].partition("so that ")[2]) for risk in story.risks[:2]]
                + ([("R-09", story.told["case.risk"], "the service has no home")] if "case.risk" in story.told else []),
            ),
        ]
        confirmed = [
            (
                f"1.{number}",
                stage.authorised - timedelta(days=2),
                f"Confirmed before stage {stage.number} was authorised; benefits as before",
            )
            for number, stage in enumerate(story.stages[2:], 1)
            if stage.authorised <= AS_OF
        ]
        if "exception" in story.told:
            confirmed.insert(
                0, ("1.1", story.told["exception"] + timedelta(days=4), "Looked at again after the exception report: it still holds")
            )
            confirmed = [(f"1.{n}", day, text) for n, (_, day, text) in enumerate(confirmed, 1)]
        yield self.document(
            "02 Initiation/Business Case.docx",
            "Business Case",
            case,
            sections,
            author=self.executive,
            later=confirmed,
            version=confirmed[-1][0] if confirmed else "",
        )
        shown = story.told.get("approach.benefits", [b["id"] for b in story.benefits])
        yield self.document(
            "02 Initiation/Benefits Management Approach.docx",
            "Benefits Management Approach",
            at(60),
            [
                Heading("Scope"),
                Para("All benefits of the business case."),
                Heading("Measurement of benefits"),
                Grid(
                    ("Benefit ID", "Benefit", "How measured", "Baseline", "Target", "Benefit owner", "Planned review date", "Reviewed on"),
                    [
                        (
                            b["id"],
                            b["name"],
                            b["measure"],
                            str(b["base"]),
                            str(b["target"]),
                            b["owner"],
                            said(b["review"]),
                            said(b["reviewed"]),
                        )
                        for b in story.benefits
                        if b["id"] in shown
                    ],
                ),
                Heading("Responsibilities"),
                Para("The senior user answers for the benefits; the executive approves; project support measures."),
                Heading("Benefit reviews after closure"),
                Para(f"{self.story.who('operations')} of operations reviews the benefits after the project has ended."),
                Heading("Resources"),
                Para("Two days of project support a review."),
                Heading("Tools and techniques"),
                Para("The statistics of the register."),
            ],
        )
        yield self.document(
            "02 Initiation/Project Product Description.docx",
            "Project Product Description",
            at(50),
            [
                Heading("Purpose"),
                self.purpose(),
                Heading("Composition"),
                Grid(("ID", "Product"), [(p["id"], p["name"]) for p in story.products]),
                Heading("Derivation"),
                Para("The project brief."),
                Heading("Customer's quality expectations"),
                Para("A clerk finds a case in under ten seconds; the service is up on 99.5 % of working hours."),
                Heading("Acceptance criteria"),
                Grid(
                    ("ID", "Acceptance criterion", "Priority", "Measure"),
                    [
                        ("A1", "A case is found", "Must", "under 10 seconds"),
                        ("A2", "The service is up", "Must", "99.5 %"),
                        ("A3", "Forms in two languages", "Should", "all 12 forms"),
                    ],
                ),
                Heading("Quality tolerances"),
                Para("Up to 5 % of the test cases of Should criteria may fail."),
                Heading("Acceptance method"),
                Para("Test by key users over two weeks."),
                Heading("Acceptance responsibilities"),
                Para(f"{story.who('senior_user')} accepts; {story.who('operations')} takes over."),
            ],
        )
        yield self.document(
            "02 Initiation/Project Initiation Documentation.docx",
            "Project Initiation Documentation",
            story.day("pid", at(62)),
            [
                Heading("Project definition"),
                self.purpose(),
                Heading("Objectives", 2),
                Para("Decide within 20 days; cost at most 300,000 EUR."),
                Heading("Scope", 2),
                Para("Forms, register, archive export, training. Payments between authorities are out of scope."),
                Heading("Project approach"),
                Para("Built in house in two delivery stages."),
                Heading("Business case"),
                Para("Business Case.docx, version 1.0."),
                Heading("Project management team structure"),
                self.team(),
                Heading("Role descriptions"),
                Para("Role Descriptions.xlsx. The executive keeps the business case, the senior user measures benefits."),
                Heading("Management approaches"),
                Para("Quality, risk, change and communication: documents of their own in 02 Initiation."),
                Heading("Project plan"),
                Para("Project Plan.docx. The project manager plans project and stages, team managers plan their work packages."),
                Heading("Project controls"),
                Para("Three management stages. Highlight reports are issued every month, checkpoint reports every month."),
                Para(
                    "The project board meets at each stage boundary. Escalation: team manager, project manager, project board, directorate."
                ),
                Heading("Tolerances", 2),
                self.tolerances(),
                Heading("Tailoring of PRINCE2"),
                Grid(
                    ("Management product", "Used", "Reason"),
                    [
                        ("Configuration item records", "No", "The product register holds what they would say"),
                        ("Product status account", "No", "The product register is shown at each boundary"),
                        ("Issue reports", "No", "The issue register holds the analysis"),
                    ],
                ),
            ],
        )

    def approaches(self) -> Iterator[File]:
        """The management approaches of the edition."""
        story, at = self.story, self.story.at
        change = "Issue Management Approach" if self.is_2023 else "Change Control Approach"
        common = (
            ("Reporting", "Monthly, in the highlight report."),
            ("Timing of activities", "At each stage boundary and every 30 days."),
            ("Roles and responsibilities", "The project manager runs it, project support keeps the register, assurance looks at it."),
            ("Tools and techniques", "The registers of the directorate."),
            ("Records", "The register in 04 Registers."),
            ("Standards", "The handbook of the directorate."),
            ("Resources", "Project support, one day a week."),
        )
        lesson = story.lessons[0]["id"]
        own: dict[str, list[tuple[str, str]]] = {
            "Quality Management Approach": [
                ("Introduction", "How products become fit for purpose."),
                ("Quality planning", f"Product descriptions say how each product is checked. Lesson {lesson} was used."),
                ("Quality control", "Each product is checked against its criteria before it is approved."),
                ("Quality assurance", "Assurance is done by people outside the project team."),
                ("Communication of quality", "Results stand in the highlight report."),
            ],
            "Risk Management Approach": [
                ("Introduction", "How threats and opportunities are handled."),
                ("Risk procedure", "Identify, assess, plan, implement, communicate; risks are reviewed every 30 days."),
                ("Scales", "Probability and impact from 1 to 5; the score is their product."),
                ("Risk categories", "Business, supplier, law, technology."),
                ("Proximity", "Imminent, within stage, within project, beyond project."),
                ("Risk tolerance", "Risks with a score of 15 or more are escalated to the project board."),
                ("Risk budget", "10,000 EUR, apart from the change budget; its use is noted beside the risk."),
                ("Early warning indicators", f"Days that key users are free. Lesson {story.lessons[1]['id']} was used."),
            ],
            change: [
                ("Introduction", "How issues are captured, assessed and decided."),
                ("Baselines", "Business case, PID, plans and product descriptions are baselined when the board approves them."),
                ("Change control procedure", f"Capture, assess, propose, decide, implement. Lesson {lesson} was used."),
                ("Priority and severity scales", "Priority and severity from 1 to 5; issues are answered within 10 working days."),
                ("Change budget", "20,000 EUR for the project."),
            ],
            "Communication Management Approach": [
                ("Introduction", "Who is told what, and how."),
                ("Communication procedure", "Project support sends what is due each month."),
            ],
        }
        if self.is_2023:
            own |= {
                "Sustainability Management Approach": [
                    ("Scope", "The service and its hardware."),
                    ("Sustainability measurement", "kWh a month against the baseline."),
                ],
                "Commercial Management Approach": [("Scope", "Nothing is bought outside."), ("Delivery model", "In house.")],
                "Change Management Approach": [
                    ("Scope", "Work of the clerks."),
                    ("Change states", "Current: by hand. Interim: side by side. Target: one service."),
                    ("Enabling activities", "Training and demonstrations."),
                ],
                "Digital and Data Management Approach": [
                    ("Scope", "Data of cases."),
                    (
                        "Data management requirements",
                        "Access by role; stored in the register of the directorate; handed to the archive at the end.",
                    ),
                    ("Digital and data procedures", "Data is loaded by night and checked in the morning."),
                ],
            }
        for title, sections in own.items():
            if title.lower().replace(" ", "_") in story.left_out:
                continue
            blocks: list[Block] = []
            for heading, text in [*sections, *common]:
                blocks += [Heading(heading), Para(text)]
            if title == change:
                blocks += [
                    Heading("Change authority"),
                    Grid(
                        ("Change authority", "Name", "Limit per change (EUR)", "Limit per stage (EUR)"),
                        [("Project Manager", self.manager, "2,500", "5,000"), ("Executive", self.executive, "20,000", "40,000")],
                    ),
                ]
            if title.startswith("Communication"):
                blocks += [
                    Heading("Stakeholder analysis"),
                    Grid(
                        ("Stakeholder", "Interest", "Influence", "Information needs", "Frequency", "Channel", "Format"),
                        [
                            ("Clerks", "High", "Medium", "What changes for them", "Monthly", "Mail", "Letter"),
                            ("Directorate", "High", "High", "Progress and cost", "Monthly", "Meeting", "Highlight report"),
                            ("Archive", "Medium", "Low", "When data comes", "At each stage boundary", "Mail", "Note"),
                        ],
                    ),
                ]
            yield self.document(f"02 Initiation/{title}.docx", title, at(56), blocks)

    # -- plans and products -------------------------------------------------------------------------------------------------------

    def plans(self) -> Iterator[File]:
        story, at = self.story, self.story.at
        later = [
            (f"1.{n}", stage.authorised - timedelta(days=1), f"Actuals and forecast before stage {stage.number}; the baseline is the same")
            for n, stage in enumerate(story.stages[2:], 1)
            if stage.authorised <= AS_OF
        ]
        version = later[-1][0] if later else "1.0"
        if story.told.get("plan.second"):
            later.append(("2.0", date(2026, 4, 28), "New baseline: the stages end three weeks later, 30,000 EUR more"))
            version = "2.0"
        yield self.document(
            "03 Plans/Project Plan.docx",
            "Project Plan",
            story.day("project_plan", at(61)),
            [
                Heading("Plan description"),
                Para("The whole project from initiation to closure."),
                Heading("Prerequisites"),
                Para("The platform of the directorate is up."),
                Heading("External dependencies"),
                Para("The registry of persons delivers its interface."),
                Heading("Planning assumptions"),
                Para("Key users are free one day a week."),
                Heading("Lessons incorporated"),
                Grid(
                    ("Lesson ID", "Lesson", "How it was used"),
                    [(n["id"], n["event"], f"{n['recommendation']}: done") for n in story.lessons[:2]],
                ),
                Heading("Management stages"),
                Grid(
                    (
                        "Stage no",
                        "Stage",
                        "Planned start",
                        "Planned end",
                        "Actual start",
                        "Actual end",
                        "Authorised on",
                        "Authorised by",
                        "Forecast end",
                    ),
                    [
                        (
                            str(s.number),
                            s.name,
                            said(s.start),
                            said(s.end),
                            said(s.start) if s.started else "",
                            said(s.end) if s.ended else "",
                        )
                        + ((said(s.authorised), s.authorised_by) if s.authorised <= AS_OF else ("", ""))
                        + (said(s.end + timedelta(days=s.late)),)
                        for s in story.stages
                    ],
                ),
                Heading("Products"),
                Grid(
                    ("Product ID", "Product", "Due date"),
                    [(p["id"], p["name"], said(p["due"])) for p in story.products],
                ),
                Heading("Budget"),
                Grid(
                    ("Budget line", "Amount (EUR)"),
                    [("Stages", "270,000"), ("Risk budget", "10,000"), ("Change budget", "20,000"), ("Total project cost", "300,000")],
                ),
                Heading("Tolerances"),
                self.tolerances(),
                Heading("Monitoring and control"),
                Para("Monthly highlight reports; the board decides at each stage boundary."),
            ],
            later=later,
            version=version,
        )
        for stage in story.stages[1:]:
            if f"stage_plan_{stage.number}" not in story.left_out and stage.planned_by <= AS_OF:
                yield self.plan(stage, f"03 Plans/Stage Plan {stage.number} {stage.name}.docx", f"Stage Plan {stage.number}")
                if stage.started:
                    yield self.schedule(stage)

    def plan(self, stage: Stage, path: str, title: str) -> File:
        """Return the plan of one stage."""
        story = self.story
        products = [p for p in story.products if p["stage"] == stage.number]
        last = stage is story.stages[-1]
        work: list[tuple[str, str, str]] = [
            ("Highlight reports", self.manager, "monthly"),
            ("Review of risks and issues", self.manager, "every 30 days"),
            ("Review by project assurance", story.who("business_assurance"), said(stage.end - timedelta(days=12))),
            ("End stage assessment", self.executive, said(stage.end - timedelta(days=4))),
        ]
        if last:
            work += [("Hand over the products to operations", self.manager, said(stage.end - timedelta(days=10)))]
            work += [("End project report and closure", self.manager, said(stage.end - timedelta(days=6)))]
        blocks: list[Block] = [
            Heading("Plan description"),
            Para(f"Stage {stage.number}, {stage.name}, from {said(stage.start)} to {said(stage.end)}."),
            Heading("Prerequisites"),
            Para("The board has authorised the stage."),
            Heading("External dependencies"),
            Para("The registry of persons."),
            Heading("Planning assumptions"),
            Para("Key users are free one day a week."),
            Heading("Lessons incorporated"),
            Para(f"Lesson {story.lessons[0]['id']} was used."),
            Heading("Budget"),
            Grid(
                ("Budget line", "Amount (EUR)"),
                [("Stage", f"{stage.budget:,}"), ("Risk budget", "3,000"), ("Change budget", "8,000")],
            ),
            Heading("Tolerances"),
            self.tolerances(stage=True),
            Heading("Products"),
            Grid(
                ("Product ID", "Product", "Producer", "Due date"),
                [(p["id"], p["name"], p["maker"], said(p["due"])) for p in products]
                or [("PID", "Project initiation documentation", self.manager, said(stage.end))],
            ),
            Heading("Management activities"),
            Grid(("Activity", "Responsible", "When"), work),
        ]
        if products:
            checks = [c for c in story.checks if c["product"] in {p["id"] for p in products}]
            blocks += [
                Heading("Quality activities"),
                Grid(("Quality ID", "Product", "Planned date"), [(c["id"], c["title"], said(c["planned"])) for c in checks]),
                Heading("Agreement of the team managers"),
                Para(
                    "; ".join(sorted({f"{p['maker']} agrees to the parts of the team" for p in products})) + f" ({said(stage.planned_by)})."
                ),
            ]
        blocks += [Heading("Schedule"), Para(f"See Schedule {stage.number} {stage.name}.xlsx, with actuals.")]
        return self.document(path, title, stage.planned_by, blocks, version="1.0")

    def schedule(self, stage: Stage) -> File:
        """Return the schedule of a stage with what was done until now."""
        seen = min(stage.end, AS_OF - timedelta(days=5))
        rows: list[tuple[Value, ...]] = []
        for w in self.story.packages:
            if w["stage"] == stage.number:
                begun, done = w["started"], w["closed"]
                real = (begun if begun <= seen else None, done if done and done <= seen else None)
                rows.append((w["id"], w["name"], w["manager"], w["start"], w["due"], *real))
        sheet = Sheet(
            "Schedule",
            ("WBS", "Task", "Assigned to", "Start", "Finish", "Actual start", "Actual finish"),
            rows,
            title=f"Schedule of {stage.name}",
        )
        return File(path=f"03 Plans/Schedule {stage.number} {stage.name}.xlsx", on=seen, author=self.manager, sheets=[sheet])

    def products(self) -> Iterator[File]:
        for p in self.story.products:
            if p["described"] > AS_OF:
                continue
            quality: list[tuple[Value, ...]] = [(p["criteria"], "0 failures", p["method"], p["maker"], p["reviewer"], p["approver"])]
            yield self.document(
                f"03 Plans/Product Descriptions/Product Description {p['id']} {p['name']}.docx",
                f"Product Description {p['id']} {p['name']}",
                p["described"],
                [
                    Grid((), [("Identifier", p["id"]), ("Title", p["name"])]),
                    Heading("Purpose"),
                    self.purpose(),
                    Heading("Composition"),
                    Para(f"{p['name']} with its help text."),
                    Heading("Derivation"),
                    Para("The project product description."),
                    Heading("Format and presentation"),
                    Para("Web pages of the directorate."),
                    Heading("Development skills required"),
                    Para("Web and database."),
                    Heading("Quality criteria"),
                    Grid(("Quality criteria", "Quality tolerance", "Quality method", "Producer", "Reviewers", "Approvers"), quality),
                    Heading("Quality skills required"),
                    Para("Clerk with three years of practice."),
                ],
                approver=(self.story.who("senior_user"), "Senior User"),
                later=[
                    ("1.1", day, text) for product, day, text in [self.story.told.get("concession", ("", AS_OF, ""))] if product == p["id"]
                ],
                agreed=("1.1",),
                version="1.1" if self.story.told.get("concession", ("",))[0] == p["id"] else "",
            )

    # -- registers ----------------------------------------------------------------------------------------------------------------

    def registers(self) -> Iterator[File]:
        story = self.story
        last = (story.stages[-1].end if story.closed else AS_OF) - timedelta(days=1)
        support = story.who("project_support")

        def book(name: str, header: Sequence[str], rows: Sequence[Sequence[Value]]) -> File:
            sheet = Sheet(name, header, rows, title=f"{name} – {story.name} – kept by {support}")
            return File(path=f"04 Registers/{name}.xlsx", on=last, author=support, sheets=[sheet])

        risks = [r | {"score": r["p"] * r["i"], "rest": r["rp"] * r["ri"] if r["rp"] else None} for r in story.risks if r["on"] <= last]
        yield book("Risk Register", [name for name, _ in _RISK], [[r[key] for _, key in _RISK] for r in risks])
        issues = [i for i in story.issues if i["on"] <= last]
        yield book("Issue Register", [name for name, _ in _ISSUE], [[i[key] for _, key in _ISSUE] for i in issues])
        makers = {p["id"]: p["maker"] for p in story.products}
        checks = [c | {"producer": makers[c["product"]]} for c in story.checks]
        done = ("held", "signed", "signoff", "result", "record")
        checks = [c if not c["held"] or c["held"] <= last else c | dict.fromkeys(done) for c in checks]
        yield book("Quality Register", [name for name, _ in _CHECK], [[c[key] for _, key in _CHECK] for c in checks])
        for c in checks:
            if c["held"]:
                yield File(
                    path=f"04 Registers/{c['record'].removesuffix('.pdf')}.pdf",
                    on=c["held"],
                    author=c["reviewer"],
                    blocks=[Title(f"Quality record {c['id']}"), Para(f"{c['title']} was checked. Result: {c['result']}.")],
                )
        lessons = [n | {"type": "Project", "stage": str(n["stage"] or "")} for n in story.lessons if n["on"] <= last]
        yield book("Lessons Log", [name for name, _ in _LESSON], [[n[key] for _, key in _LESSON] for n in lessons])
        yield book(
            "Daily Log",
            ("Date of entry", "Entry", "Person responsible", "Target date", "Result"),
            [
                (story.at(day), text, self.manager, story.at(day + 6), "Done")
                for day, text in ((9, "Ask for a room"), (30, "Book key users"))
            ],
        )
        yield book(
            "Product Register" if self.is_2023 else "Configuration Item Records",
            (
                *("Product ID", "Product", "Product description approved", "Quality criteria", "Approver", "Product accepted"),
                *("Accepted by", "Status", "Version", "Owner"),
            ),
            [
                (
                    p["id"],
                    p["name"],
                    p["described"] if p["described"] <= last else None,
                    p["criteria"],
                    p["approver"],
                    *((p["accepted"], p["approver"], "Accepted") if p["accepted"] <= last else (None, "", "In development")),
                    p["version"],
                    p["maker"],
                )
                for p in story.products
            ],
        )
        packages = [
            {
                "accepted_by": w["manager"],
                "authorised_by": self.manager,
                "reports": 31,
                "tolerance": "time ±3 days, cost ±5 %",
                "external": "No",
            }
            | w
            | {"started": w["started"] if w["started"] <= last else None}
            | {"closed": w["closed"] if w["closed"] and w["closed"] <= last else None, "stage": str(w["stage"])}
            for w in story.packages
            if w["authorised"] <= last
        ]
        yield book("Work Packages", [name for name, _ in _PACKAGE], [[w[key] for _, key in _PACKAGE] for w in packages])
        if "timesheet" in story.told:
            hours = [(w["manager"], w["closed"], 40) for w in story.packages if w["closed"]]
            yield book("Timesheet", ("Employee", "Week ending", "Hours worked"), hours)

    # -- decisions and reports ----------------------------------------------------------------------------------------------------

    def board(self) -> Iterator[File]:
        """Minutes in which the board decides, and the decision log."""
        story = self.story
        decisions: list[tuple[str, date, str, str, str]] = []
        for stage in story.stages:
            if stage.authorised > AS_OF:
                continue
            text = {1: "Initiation is authorised", 2: "The project is authorised; stage 2 is authorised"}.get(
                stage.number, f"Stage {stage.number} is authorised"
            )
            carried = (
                "project brief, outline business case, initiation stage plan" if stage.number == 1 else "PID, business case, stage plan"
            )
            if stage.number > 2:
                carried = f"end stage report of stage {stage.number - 1}, stage plan {stage.number}, updated business case and project plan"
            why = f"Asked for with {carried}; tolerances of the stage: time ±10 days, cost ±10 %"
            decisions.append((f"D-0{stage.number}", stage.authorised, text, stage.authorised_by, why))
        if "exception.options" in story.told:
            answered = story.told["exception"] + timedelta(days=6)
            why = "Exception report 1: the stage then ends in time; the business case was looked at again and holds"
            decisions.append(("D-05", answered, "Exception: option A is chosen, gaps are loaded by hand", self.executive, why))
        if story.closed:
            closed = story.stages[-1].end
            decisions.append(
                ("D-04", closed, f"The project is closed as of {said(closed)}", self.executive, "Asked for with the end project report")
            )
        decisions.sort(key=lambda one: one[1])
        last = decisions[-1][1]
        typed = ["Decision type"] if "exception.options" in story.told else []
        yield File(
            path="04 Registers/Decision Log.xlsx",
            on=last + timedelta(days=1),
            author=story.who("project_support"),
            sheets=[
                Sheet(
                    "Decision Log",
                    ("Decision ID", "Decision date", "Decision", *typed, "Decided by", "Rationale", "Owner", "Communicated to", "Status"),
                    [
                        (ref, day, text, *([_type_of(text)] if typed else []), who, why, self.manager, "Project team", "Approved")
                        for ref, day, text, who, why in decisions
                    ],
                    title=f"Decision Log – {story.name}",
                )
            ],
        )
        for ref, day, text, who, why in decisions:
            yield File(
                path=f"05 Board/Project Board Minutes {day:%Y-%m-%d}.docx",
                on=day + timedelta(days=2),
                author=self.manager,
                blocks=[
                    Title(f"Minutes of the Project Board, {said(day)}"),
                    Grid(
                        (),
                        [
                            ("Meeting", "Project Board Meeting"),
                            ("Meeting Date", said(day)),
                            ("Chair", self.executive),
                            ("Minutes Issue Date", said(day + timedelta(days=2))),
                            ("Distribution List", "; ".join(sorted({name for _, name, _ in self.roles() if name}))),
                        ],
                    ),
                    Heading("Attendees"),
                    Grid(
                        ("Name", "Role", "Present"),
                        [(name, role, "Yes") for role, name, _ in self.roles()[:4]],
                    ),
                    Heading("Decisions"),
                    Grid(("ID", "Decision", "Decided by"), [(ref, f"{text}. {why}.", who)]),
                    Heading("Actions"),
                    Grid(
                        ("ID", "Action", "Owner", "Due date", "Status"),
                        [(f"A-{ref[-1]}", "Tell the team managers", self.manager, said(day + timedelta(days=5)), "Done")],
                    ),
                ],
            )

    def highlights(self) -> Iterator[File]:
        """A report at the end of each month of delivery."""
        story, told = self.story, self.story.told
        first, end = story.stages[0].start, min(story.stages[-1].end, AS_OF)
        year, month = first.year, first.month
        while True:
            following = date(year + month // 12, month % 12 + 1, 1)
            on = following - timedelta(days=1)
            if on > end:
                return
            if on >= first + timedelta(days=14) and (year, month) not in told.get("highlight.missing", ()):
                yield self.highlight(date(year, month, 1), on)
            year, month = following.year, following.month

    def highlight(self, since: date, on: date) -> File:
        story, told = self.story, self.story.told
        stage = next((s for s in reversed(story.stages) if s.start <= on), story.stages[0])
        issued = on + timedelta(days=2)
        risks = [r for r in story.risks if r["on"] <= on and (r["closed"] is None or r["closed"] > on)]
        issues = [i for i in story.issues if i["on"] <= on and (i["closed"] is None or i["closed"] > on)]
        wrong = (on.year, on.month) == told.get("highlight.wrong")
        share = min(max((on - stage.start).days / (stage.end - stage.start).days, 0), 1)
        over = "highlight.over" in told and on >= told["highlight.over"]
        forecast = stage.budget * 114 // 100 if over else stage.budget
        changes = [i for i in story.issues if i["kind"] == "Request for change" and i["on"] <= on]
        packages = [w for w in story.packages if w["started"] <= on and (not w["closed"] or w["closed"] >= since)]
        blocks: list[Block] = [
            Title(f"Highlight Report: {story.name}"),
            Grid(
                (),
                [
                    ("Reporting Period", f"{said(since)} - {said(on)}"),
                    ("Report Date", said(issued)),
                    ("Author", self.manager),
                    ("Stage", f"{stage.number} {stage.name}"),
                    ("Overall status", "Amber" if over else "Green"),
                ],
            ),
            Heading("Status summary"),
            Para(f"In {_MONTHS[on.month - 1]} the team went on with {stage.name.lower()}; {len(packages)} work packages were worked on."),
            Heading("This reporting period"),
            Grid(
                ("Work package", "Team manager", "State"),
                [(w["name"], w["manager"], "Complete" if w["closed"] and w["closed"] <= on else "In execution") for w in packages]
                or [("PID", self.manager, "In execution")],
            ),
            Heading("Corrective actions"),
            Grid(
                ("ID", "Corrective action", "Owner", "Due date", "Status"),
                [
                    (
                        f"C-{on:%m}",
                        "Tests move to the morning",
                        self.manager,
                        said(issued + timedelta(days=12)),
                        "Open" if issued + timedelta(days=12) > AS_OF and not story.closed else "Done",
                    )
                ],
            ),
            Heading("Next reporting period"),
            Para("The same work packages go on; users test what is finished."),
        ]
        if (on.year, on.month) != told.get("highlight.no_tolerance"):
            blocks += [
                Heading("Tolerance status"),
                Grid(
                    ("Level", "Aspect", "Planned", "Forecast", "Tolerance", "Status"),
                    [
                        (
                            f"Stage {stage.number}",
                            "Cost (EUR)",
                            f"{stage.budget:,}",
                            f"{forecast:,}",
                            "±10 %",
                            "Exceeded" if over else "Within",
                        ),
                        (f"Stage {stage.number}", "Time", said(stage.end), said(stage.end), "±10 days", "Within"),
                        ("Project", "Cost (EUR)", "300,000", f"{300000 + forecast - stage.budget:,}", "±10 %", "Within"),
                        ("Project", "Time", said(story.stages[-1].end), said(story.stages[-1].end), "±10 days", "Within"),
                    ],
                ),
            ]
        blocks += [
            Heading("Cost"),
            Grid(
                ("Allocated", "Spent", "Forecast", "Status"),
                [(f"{stage.budget:,} EUR", f"{int(stage.budget * share):,} EUR", f"{forecast:,} EUR", "Amber" if over else "Green")],
            ),
            Heading("Requests for change"),
            Grid(
                ("Indicator", "Value"),
                [("Raised", str(len(changes))), ("Open", str(sum(1 for i in changes if i in issues)))],
            ),
            Heading("Risks and issues"),
            Grid(
                ("Indicator", "Value"),
                [("Open risks", "2" if wrong else str(len(risks))), ("Open issues", str(len(issues)))],
            ),
            Grid(
                ("Risk ID", "Risk", "Probability", "Impact", "Risk score"),
                [
                    (
                        r["id"],
                        r["title"],
                        *(("1", "2", "2") if wrong and r["id"] == "R-03" else (str(r["p"]), str(r["i"]), str(r["p"] * r["i"]))),
                    )
                    for r in risks
                ],
            ),
            Heading("Lessons"),
            Para("See the lessons log."),
        ]
        ending = "pdf" if on.month % 3 == 0 else "docx"
        return File(path=f"06 Reports/Highlight Report {on:%Y-%m}.{ending}", on=issued, author=self.manager, blocks=blocks)

    def checkpoints(self) -> Iterator[File]:
        """Monthly reports of the team managers on their work packages."""
        for w in self.story.packages:
            ends = min(w["closed"] or AS_OF, AS_OF)
            number = 0
            while (on := _month_end(w["started"], number)) - timedelta(days=2) <= ends:
                on -= timedelta(days=2)
                number += 1
                yield File(
                    path=f"06 Reports/Checkpoints/Checkpoint Report {w['id']} {on:%Y-%m-%d}.docx",
                    on=on,
                    author=w["manager"],
                    blocks=[
                        Title(f"Checkpoint Report {number}: {w['id']} {w['name']}"),
                        Grid(
                            (),
                            [
                                ("Reporting Period", f"{said(on - timedelta(days=27))} - {said(on)}"),
                                ("Report Date", said(on)),
                                ("Author", w["manager"]),
                                ("Work package", w["id"]),
                            ],
                        ),
                        Heading("Follow-ups"),
                        Para("None from the last report."),
                        Heading("This reporting period"),
                        Para(f"{w['name']}: two thirds are built, one review was held."),
                        Heading("Next reporting period"),
                        Para("The rest, and the check by key users."),
                        Heading("Work package tolerance status"),
                        Para("Time and cost are within tolerance."),
                        Heading("Issues and risks"),
                        Para("No new ones."),
                    ],
                )

    def boundaries(self) -> Iterator[File]:
        story = self.story
        for stage in story.stages[:-1]:
            on = stage.end - timedelta(days=7)
            if on > AS_OF or f"end_stage_report_{stage.number}" in story.left_out:
                continue
            checks = [c for c in story.checks if c["held"] and c["held"] <= on]
            issues = [i for i in story.issues if i["on"] <= on and (i["closed"] is None or i["closed"] > stage.end)]
            risks = [r for r in story.risks if r["on"] <= on]
            yield self.document(
                f"06 Reports/End Stage Report {stage.number}.docx",
                f"End Stage Report {stage.number}",
                on + timedelta(days=3),
                [
                    Heading("Project manager's report"),
                    Grid((), [("Reporting Period", f"{said(stage.start)} - {said(on)}"), ("Report Date", said(on))]),
                    Para(f"Stage {stage.number}, {stage.name}, ends as planned."),
                    Heading("Review of the business case"),
                    Para(f"Benefits as before. Aggregated risk exposure: {sum(r['p'] * r['i'] for r in risks)}."),
                    Heading("Review of stage objectives"),
                    Grid(
                        ("Aspect", "Planned", "Actual", "Variance", "Tolerance"),
                        [
                            ("Cost (EUR)", f"{stage.budget:,}", f"{stage.budget * 99 // 100:,}", "-1 %", "±10 %"),
                            ("Time", said(stage.end), said(stage.end), "0 days", "±10 days"),
                        ],
                    ),
                    Heading("Review of team performance"),
                    Para("The teams kept their work packages."),
                    Heading("Review of products"),
                    Grid(
                        ("Indicator", "Value"),
                        [
                            ("Quality checks planned", str(len(checks))),
                            ("Quality checks passed", str(sum(1 for c in checks if c["result"] == "Pass"))),
                            ("Quality checks failed", str(sum(1 for c in checks if c["result"] == "Fail"))),
                        ],
                    ),
                    Para("The states in the product register were compared with the products; there was no difference."),
                    Heading("Team structure"),
                    Para("Roles were reviewed; nothing changes. No work package is open across the boundary."),
                    Heading("Use of the risk budget"),
                    Grid(
                        ("Purpose", "Amount (EUR)", "Risk", "Change", "Approved by", "Date"),
                        [("A stub for the interface", "1,200", story.risks[1]["id"], "", self.executive, said(on))],
                    ),
                    Heading("Lessons"),
                    Para(f"{len([n for n in story.lessons if n['stage'] == stage.number])} lessons of this stage, see the lessons log."),
                    Heading("Issues and risks"),
                    Grid(
                        ("Issue ID", "Issue", "Status"),
                        [(i["id"], i["text"], i["status"]) for i in issues] or [("-", "None is open", "")],
                    ),
                    Grid(("Risk ID", "Risk", "Status"), [(r["id"], r["title"], r["status"]) for r in risks]),
                    Heading("Forecast"),
                    Para(f"The project ends on {said(story.stages[-1].end)} at 300,000 EUR."),
                ],
                drafted=on,
            )

    def exception(self) -> Iterator[File]:
        on = self.story.told.get("exception")
        if on is None:
            return
        ways = [
            ("A", "Load the gaps by hand after the stage", "Stage 2 ends in time; two clerks for a month"),
            ("B", "Wait for the gaps", "Stage 2 ends three weeks late"),
        ]
        options: list[Block] = (
            [Heading("Options"), Grid(("Option", "What", "Effect"), ways)] if "exception.options" in self.story.told else []
        )
        yield File(
            path="06 Reports/Exception Report 1.docx",
            on=on,
            author=self.manager,
            blocks=[
                Title(f"Exception Report: {self.story.name}"),
                Grid((), [("Report Date", said(on)), ("Author", self.manager)]),
                Heading("Cause of the deviation"),
                Para("The old register has gaps, so that loading takes three weeks longer."),
                Heading("Consequences of the deviation"),
                Para("Stage 2 would end three weeks late, beyond its tolerance of ten days."),
                *options,
                Heading("Recommendation"),
                Para("Load the gaps by hand after the stage."),
                Heading("Lessons"),
                Para("Count gaps before loading."),
            ],
        )

    def closing(self) -> Iterator[File]:
        """What is left behind by a project that is over."""
        story = self.story
        if not story.closed:
            return
        end = story.stages[-1].end
        accepted = story.day("accepted", end - timedelta(days=10)) or end
        yield self.document(
            "07 Closure/End Project Report.docx",
            "End Project Report",
            end - timedelta(days=2),
            [
                Heading("Project manager's report"),
                Para("The service runs."),
                Heading("Review of the business case"),
                Para("The business case 1.0 that was authorised is compared with its last version: the benefits are the same."),
                Heading("Review of project objectives"),
                Para("Compared with the PID, version 1.0, that was used for the authorisation: 3 % less cost, on time."),
                Heading("Review of team performance"),
                Para("Good."),
                Heading("Review of products"),
                Para(
                    story.told["concession"][2]
                    if "concession" in story.told
                    else "All four products were approved; there is no concession."
                ),
                Heading("Follow-on action recommendations"),
                Grid(
                    ("ID", "Action", "Owner", "Due date", "Status"),
                    [(a["id"], a["text"], a["owner"], said(a["due"]), "Open") for a in story.actions],
                ),
                Heading("Lessons"),
                Para("See the lessons log."),
            ],
        )
        yield File(
            path="07 Closure/Acceptance Record.docx",
            on=accepted,
            author=story.who("operations"),
            blocks=[
                Title(f"Acceptance of the project product: {story.name}"),
                Para("Operations and maintenance accept the products of the project."),
                Grid(
                    ("Name", "Role", "Action", "Date"),
                    [
                        (story.who("operations"), "Operations", "Accept", said(accepted)),
                        (story.who("senior_user"), "Senior User", "Accept", said(end - timedelta(days=8))),
                    ],
                ),
            ],
        )
        yield File(
            path="07 Closure/Closure Notification.docx",
            on=end,
            author=self.executive,
            blocks=[
                Title(f"Closure notification: {story.name}"),
                Grid((), [("Date of closure", said(end)), ("Issued by", self.executive), ("Last day for bookings", said(end))]),
                Para("The project is closed as of this day. The records lie in the archive of the directorate, retention seven years."),
            ],
        )
        if "lessons_report" not in story.left_out:
            yield self.document(
                "07 Closure/Lessons Report.docx", "Lessons Report", end - timedelta(days=2), [Heading("Lessons"), Para("As logged.")]
            )
