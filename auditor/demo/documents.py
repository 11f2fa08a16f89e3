"""The documents that a project following PM² leaves behind, written from its story."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from auditor.demo.blocks import Block, File, Grid, Heading, Para, Sheet, Title, Value
from auditor.demo.story import AS_OF, Story
from auditor.demo.words import Words

_PROSE = {
    "en": "{purpose} Today the work is done by hand and by mail, which costs the units time and leaves no trace of what was decided.",
    "fr": "{purpose} Aujourd'hui le travail se fait à la main et par courrier, ce qui coûte du temps aux unités et ne laisse aucune trace.",
    "de": "{purpose} Heute wird die Arbeit von Hand und per E-Mail erledigt; das kostet die Referate Zeit und hinterlässt keine Spur.",
    "es": "{purpose} Hoy el trabajo se hace a mano y por correo; cuesta tiempo a las unidades y no deja rastro de lo decidido.",
}
_GOALS = {
    "en": "Processing time falls by a third within a year, and every case can be traced from the application to the decision.",
    "fr": "Le délai de traitement diminue d'un tiers en un an et chaque dossier peut être suivi de la demande à la décision.",
    "de": "Die Bearbeitungszeit sinkt in einem Jahr um ein Drittel, und jeder Fall ist vom Antrag bis zur Entscheidung nachvollziehbar.",
    "es": "El plazo de tramitación baja un tercio en un año y cada expediente se sigue desde la solicitud hasta la resolución.",
}


def files_of(story: Story) -> Iterator[File]:
    """Yield every file of *story* that exists by the day of the audit, but for those left out."""
    writer = _Writer(story)
    for name, made in (
        ("project_initiation_request", writer.initiation_request),
        ("business_case", writer.business_case),
        ("project_charter", writer.charter),
        ("logs", writer.logs),
        ("initiating_meeting", writer.initiating_meeting),
        ("rfp_checklist", lambda: writer.checklist("rfp", "Initiating", "Ready for Planning")),
        ("pko_agenda", lambda: writer.agenda("pko", "Planning Kick-off Meeting")),
        ("pko_minutes", lambda: writer.minutes("pko", "Planning Kick-off Meeting", "pko_minutes")),
        ("project_handbook", writer.handbook),
        ("stakeholder_matrix", writer.matrix),
        ("management_plans", writer.management_plans),
        ("requirements_documents", writer.requirements),
        ("project_work_plan", writer.work_plan),
        ("rfe_checklist", lambda: writer.checklist("rfe", "Planning", "Ready for Executing")),
        ("eko_agenda", lambda: writer.agenda("eko", "Executing Kick-off Meeting")),
        ("eko_minutes", lambda: writer.minutes("eko", "Executing Kick-off Meeting", "eko_minutes")),
        ("status_reports", writer.status_reports),
        ("steering_minutes", writer.steering_minutes),
        ("acceptance_notes", writer.acceptance_notes),
        ("rfc_checklist", lambda: writer.checklist("rfc", "Executing", "Ready for Closing")),
        ("end_review_minutes", lambda: writer.minutes("end_review", "Project-End Review Meeting", "end_review_minutes")),
        ("project_end_report", writer.end_report),
        ("project_acceptance_note", writer.acceptance_note),
    ):
        if name not in story.left_out:
            yield from made()


class _Writer:
    """Writes the documents of one story."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.say = Words(story.language)
        self.owner = story.who("project_owner")
        self.manager = story.who("project_manager")
        self.business = story.who("business_manager")
        self.provider = story.who("solution_provider")

    # -- front matter ------------------------------------------------------------------------------------------------------------

    def front(
        self, title: str, author: str, approver: tuple[str, str], approved: date | None, drafted: date, *, key: str = ""
    ) -> tuple[list[Block], str]:
        """Return cover, control block, approvers and history of a controlled document, and its version."""
        say, told = self.say, self.story.told
        version = told.get(f"{key}.version", "1.0" if approved else "0.2")
        rows = [
            (say("Document Title"), say(title)),
            (say("Project Title"), self.story.name),
            (say("Document Author"), author),
            (say("Project Owner"), self.owner),
            (say("Solution Provider"), self.provider),
            (say("Project Manager"), self.manager),
            (say("Document Version"), version),
            (say("Sensitivity"), say("Basic")),
            (say("Date"), self.shown(approved or drafted)),
        ]
        names = [
            (*told.get(f"{key}.approver", approver), say("Approve"), self.shown(told.get(f"{key}.approved_on", approved))),
            (self.business, say("Business Manager"), say("Review"), self.shown((approved or drafted) - timedelta(days=3))),
        ]
        history = [
            ("0.1", self.shown(drafted - timedelta(days=14)), author, say("First draft")),
            ("0.2", self.shown(drafted), author, say("Version after review, submitted for approval")),
        ]
        if approved:
            history.append((told.get(f"{key}.history_version", str(version)), self.shown(approved), author, say("Approved version")))
        history += [(revision, self.shown(day), author, text) for revision, day, text in told.get(f"{key}.later", ())]
        if told.get(f"{key}.history_blank"):
            history = [(revision, "", "", text) for revision, _, _, text in history]
        blocks: list[Block] = [Title(f"{say(title)} – {self.story.name}")]
        if told.get(f"{key}.control", True):
            blocks += [Heading(say("Document Control Information")), Grid((say("Settings"), say("Value")), rows)]
        blocks += [
            Heading(say("Document Approver(s) and Reviewer(s)")),
            Grid((say("Name"), say("Role"), say("Action"), say("Date")), names),
            Heading(say("Document History")),
            Grid((say("Revision"), say("Date"), say("Created by"), say("Short Description of Changes")), list(reversed(history))),
            Heading(say("Configuration Management: Document Location")),
            Para(f"{say('The latest version of this controlled document is stored in')} {self.story.id}/."),
        ]
        return blocks, str(version)

    def references(self) -> list[Block]:
        """Return the appendix of references."""
        say = self.say
        return [
            Heading(say("References and Related Documents")),
            Grid(
                (say("ID"), say("Reference or Related Document"), say("Source or Link/Location")),
                [("1", say("Project Charter"), f"{self.story.id}/"), ("2", say("Business Case"), f"{self.story.id}/")],
            ),
        ]

    def shown(self, day: date | None) -> str:
        """Return a day as the project's language writes it."""
        if day is None:
            return ""
        if self.story.language == "en":  # 04/02/2026 would be two days
            return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
        return day.strftime("%d.%m.%Y" if self.story.language == "de" else "%d/%m/%Y")

    def money(self, amount: Decimal | int) -> str:
        """Return an amount of euro as the project's language writes it."""
        text = f"{amount:,.0f}"
        return f"{text.replace(',', {'fr': ' ', 'de': '.'}.get(self.story.language, ','))} EUR"

    def file(
        self, number: str, title: str, version: str, on: date, author: str, blocks: Sequence[Block], ending: str = "docx", folder: str = ""
    ) -> File:
        """Return a file named after the convention: number, title, project, version."""
        name = f"{number}.{self.say(title).replace(' ', '_').replace(chr(39), '_')}.{self.story.id}.V{version}.{ending}"
        return File(path=f"{folder}{name}", blocks=blocks, on=on, author=author)

    def prose(self) -> Para:
        """Return the paragraph that says why the project exists."""
        return Para(_PROSE[self.story.language].format(purpose=self.story.purpose))

    def goals(self) -> Para:
        """Return the paragraph that says what shall come of it."""
        return Para(_GOALS[self.story.language])

    # -- initiating --------------------------------------------------------------------------------------------------------------

    def initiation_request(self) -> Iterator[File]:
        """The one-table form of the request."""
        requested, approved = self.story.day("requested"), self.story.day("request_approved")
        if requested is None:
            return
        say = self.say
        blocks, version = self.front(
            "Project Initiation Request",
            self.business,
            (self.owner, say("Project Owner")),
            approved,
            requested,
            key="project_initiation_request",
        )
        blocks += [
            Grid(
                (say("Settings"), say("Value")),
                [
                    ("Project Initiator", self.business),
                    ("Project Owner (PO)", self.owner),
                    ("Solution Provider (SP)", self.provider),
                    ("Approving Authority", self.story.who("approving_authority")),
                    ("Date of Request", self.shown(requested)),
                    ("Estimated Effort (person-days)", "600"),
                    ("Target Delivery Date", self.shown(self.story.planned("rfc"))),
                    ("Type of Delivery", "mix" if self.story.outsourced else "in-house"),
                ],
            ),
            Heading(say("Context")),
            self.prose(),
            Heading(say("Expected Outcomes")),
            self.goals(),
            Heading(say("Success Criteria")),
            self.goals(),
            Heading(say("Assumptions")),
            Para("Key users are available one day a week."),
            Heading(say("Constraints")),
            Para("The present contract for hosting ends next year."),
            Heading(say("Risks")),
            Para("The interface of the registry may come late."),
        ]
        yield self.file("01", "Project Initiation Request", version, approved or requested, self.business, blocks, folder="1_Initiating/")

    def business_case(self) -> Iterator[File]:
        """Why the project is worth its money."""
        approved = self.story.day("business_case_approved")
        drafted = self.story.planned("business_case_approved") - timedelta(days=7)
        if drafted > AS_OF:
            return
        say = self.say
        author = self.story.told.get("business_case.author", self.business)
        blocks, version = self.front("Business Case", author, (self.owner, say("Project Owner")), approved, drafted, key="business_case")
        years = self.story.told.get("business_case.years", 5)
        first = self.story.start.year
        blocks += [
            Heading(say("Context")),
            self.prose(),
            Heading(say("Expected Outcomes")),
            self.goals(),
            Heading(say("Possible Alternatives")),
            Heading("A: Do nothing", 2),
            Para("The units go on by hand; the backlog grows by a tenth each year."),
            Heading("B: Buy a standard product", 2),
            Para("Fast to start, but two of five processes would have to change."),
            Heading("C: Build on the platform of the department", 2),
            Para("Chosen: reuses what is there and fits the processes."),
            Heading(say("Solution Description")),
            self.goals(),
            Heading(say("Success Criteria"), 2),
            self.goals(),
            Heading(say("Scope"), 2),
            Para("Applications, case handling and archive export. Payments are out of scope."),
            Heading(say("Deliverables"), 2),
            Grid(
                (say("ID"), say("Deliverable Name"), say("Description")), [(d["id"], d["name"], d["name"]) for d in self.story.deliverables]
            ),
            Heading(say("Assumptions"), 2),
            Para("Key users are available one day a week."),
            Heading(say("Constraints"), 2),
            Para("The present contract for hosting ends next year."),
            Heading(say("Risks"), 2),
            Para("Key users may not be available; the interface of the registry may come late."),
            Heading(say("Costs, Effort and Funding Source"), 2),
            Grid(
                (say("Category"), *[str(first + offset) for offset in range(years)]),
                [
                    (label, *[self.money(self.story.budget * share // 100) for _ in range(years)])
                    for label, share in (("Development", 14), ("Maintenance", 4), ("Support", 2))
                ],
            ),
            Heading(say("Roadmap"), 2),
            Grid((say("ID"), say("Milestone Description"), say("Target Delivery Date")), self.milestone_rows()),
            Heading(say("Governance")),
            Grid((say("Role"), say("Name")), [(say("Project Owner"), self.owner), (say("Solution Provider"), self.provider)]),
            *self.references(),
        ]
        yield self.file("02", "Business Case", version, approved or drafted, author, blocks, folder="1_Initiating/")

    def milestone_rows(self) -> list[tuple[Value, ...]]:
        """Return the milestones of the plan."""
        planned = self.story.planned
        return [
            (f"M{number}", name, self.shown(planned(day)))
            for number, (name, day) in enumerate(
                (("Ready for Planning", "rfp"), ("Ready for Executing", "rfe"), ("Ready for Closing", "rfc"), ("Project closed", "closed")),
                1,
            )
        ]

    def charter(self) -> Iterator[File]:
        """The agreement on what the project is."""
        approved = self.story.day("charter_approved")
        drafted = self.story.planned("charter_approved") - timedelta(days=7)
        if drafted > AS_OF:
            return
        say, story = self.say, self.story
        author = story.told.get("project_charter.author", self.manager)
        blocks, version = self.front(
            "Project Charter", author, (self.owner, say("Project Owner")), approved, drafted, key="project_charter"
        )
        roles = [
            (say(label), story.told.get(f"charter.{role}", story.who(role)))
            for label, role in (
                ("Project Owner", "project_owner"),
                ("Solution Provider", "solution_provider"),
                ("Business Manager", "business_manager"),
                ("Project Manager", "project_manager"),
            )
        ]
        milestones = self.milestone_rows()
        if story.told.get("charter.milestone_without_date"):
            milestones[1] = (*milestones[1][:2], "")
        blocks += [
            Heading(say("Executive Summary")),
            self.prose(),
            self.goals(),
            Heading(say("Scope")),
            Para("In scope: applications, case handling, archive export. Out of scope: payments."),
            Heading(say("Success Criteria")),
            self.goals(),
            Heading(say("Deliverables")),
            Grid(
                (say("ID"), say("Deliverable Name"), say("Description"), say("Target Delivery Date")),
                [(d["id"], d["name"], d["name"], self.shown(d["due"])) for d in story.deliverables],
            ),
            Heading(say("Constraints")),
            Para("The present contract for hosting ends next year."),
            Heading(say("Assumptions")),
            Para("Key users are available one day a week."),
            Heading(say("Risks")),
            Para("Key users may not be available; the interface of the registry may come late."),
            Heading(say("Costs, Effort and Funding Source")),
            Para(f"Budget: {self.money(story.budget)}"),
            Heading(say("Milestones")),
            Grid((say("ID"), say("Milestone Description"), say("Target Delivery Date")), milestones),
            Heading(say("Approach")),
            Para("PM² with monthly status reports."),
            Heading(say("Governance")),
            Grid((say("Role"), say("Name")), roles),
            Heading(say("Stakeholders")),
            Para("Units of the department, applicants, archive."),
            *self.references(),
        ]
        yield self.file("03", "Project Charter", version, approved or drafted, author, blocks, folder="1_Initiating/")

    def logs(self) -> Iterator[File]:
        """The four logs, each a workbook."""
        say, story = self.say, self.story
        last = story.day("closed") or AS_OF - timedelta(days=1)
        folder = "5_Monitor_Control/"
        yield File(
            path=f"{folder}{say('Risk Log').replace(' ', '_')}.{story.id}.xlsx",
            on=last,
            author=self.manager,
            sheets=[
                Sheet(
                    say("Risk Log")[:31],
                    [
                        say(word)
                        for word in (
                            "ID",
                            "Category",
                            "Title",
                            "Description",
                            "Status",
                            "Identified by",
                            "Identification Date",
                            "Likelihood",
                            "Impact",
                            "Risk Level",
                            "Risk Owner",
                            "Escalation",
                            "Risk Response Strategy",
                            "Action Details",
                            "Action Responsible",
                            "Target Date",
                            "Traceability/Comments",
                        )
                    ],
                    [
                        (
                            r["id"],
                            say(r["category"]),
                            r["title"],
                            r["text"],
                            say(r["status"]),
                            r["by"],
                            r["on"],
                            r["likelihood"],
                            r["impact"],
                            r["level"],
                            r["owner"],
                            say(r["escalated"]),
                            say(r["response"]),
                            r["action"],
                            r["actionee"],
                            r["due"],
                            r["comment"],
                        )
                        for r in story.risks
                        if r["on"] <= AS_OF
                    ],
                    title=f"{say('Risk Log')} – {story.name}",
                )
            ],
        )
        yield File(
            path=f"{folder}{say('Issue Log').replace(' ', '_')}.{story.id}.xlsx",
            on=last,
            author=self.manager,
            sheets=[
                Sheet(
                    say("Issue Log")[:31],
                    [
                        say(word)
                        for word in (
                            "ID",
                            "Category",
                            "Title",
                            "Description",
                            "Status",
                            "Identified by",
                            "Identification Date",
                            "Action Details",
                            "Urgency",
                            "Impact",
                            "Size",
                            "Target Date",
                            "Issue Owner",
                            "Escalation",
                            "Traceability/Comments",
                        )
                    ],
                    [
                        (
                            i["id"],
                            say(i["category"]),
                            i["title"],
                            i["text"],
                            say(i["status"]),
                            i["by"],
                            i["on"],
                            i["action"],
                            i["urgency"],
                            i["impact"],
                            i["size"],
                            i["due"],
                            i["owner"],
                            say(i["escalated"]),
                            i["comment"],
                        )
                        for i in story.issues
                        if i["on"] <= AS_OF
                    ],
                    title=f"{say('Issue Log')} – {story.name}",
                )
            ],
        )
        yield File(
            path=f"{folder}{say('Decision Log').replace(' ', '_')}.{story.id}.xlsx",
            on=last,
            author=self.manager,
            sheets=[
                Sheet(
                    say("Decision Log")[:31],
                    [
                        say(word)
                        for word in (
                            "ID",
                            "Category",
                            "Title",
                            "Description",
                            "Identified by",
                            "People Present",
                            "Decision Owner",
                            "Decision Date",
                            "Escalation",
                            "Date of Application",
                            "Decision Communicated to",
                            "Comments",
                        )
                    ],
                    [
                        (
                            d["id"],
                            say(d["category"]),
                            d["title"],
                            d["text"],
                            d["by"],
                            d["present"],
                            d["owner"],
                            d["on"],
                            say(d["escalated"]),
                            d["applies"],
                            d["told"],
                            d["comment"],
                        )
                        for d in story.decisions
                    ],
                    title=f"{say('Decision Log')} – {story.name}",
                )
            ],
        )
        if story.reached("planning") and "change_log" not in story.left_out:
            yield File(
                path=f"{folder}{say('Change Log').replace(' ', '_')}.{story.id}.xlsx",
                on=last,
                author=self.manager,
                sheets=[
                    Sheet(
                        say("Change Log")[:31],
                        [
                            say(word)
                            for word in (
                                "ID",
                                "Category",
                                "Title",
                                "Description",
                                "Status",
                                "Requested by",
                                "Submission Date",
                                "Action Details",
                                "Size",
                                "Priority",
                                "Target Delivery Date",
                                "Escalation",
                                "Decision",
                                "Decided by",
                                "Decision Date",
                                "Actual Delivery Date",
                                "Traceability/Comments",
                            )
                        ],
                        [
                            (
                                c["id"],
                                say(c["category"]),
                                c["title"],
                                c["text"],
                                say(c["status"]),
                                c["by"],
                                c["on"],
                                c["action"],
                                c["size"],
                                c["priority"],
                                c["due"],
                                say(c["escalated"]),
                                say(c["decision"]),
                                c["decider"],
                                c["decided"],
                                c["delivered"],
                                c["comment"],
                            )
                            for c in story.changes
                        ],
                        title=f"{say('Change Log')} – {story.name}",
                    )
                ],
            )

    # -- meetings ----------------------------------------------------------------------------------------------------------------

    def initiating_meeting(self) -> Iterator[File]:
        """Minutes of the first meeting."""
        yield from self.minutes("initiating_meeting", "Initiating Meeting", None, folder="1_Initiating/")

    def agenda(self, event: str, title: str) -> Iterator[File]:
        """The agenda, sent a week before."""
        sent, held = self.story.day(f"{event}_agenda"), self.story.day(event)
        if sent is None:
            return
        say = self.say
        blocks: list[Block] = [
            Title(f"Meeting Agenda – {say(title)} – {self.story.name}"),
            Grid(
                (),
                [
                    ("Meeting", say(title)),
                    (say("Meeting Date"), self.shown(held or self.story.planned(event))),
                    ("Agenda Issue Date", self.shown(sent)),
                    (say("Meeting Chair"), self.manager),
                ],
            ),
            Heading("Agenda"),
            Grid(
                ("No", "Topic", "Presenter"),
                [("1", "Welcome and purpose", self.manager), ("2", "Plan and roles", self.manager), ("3", "Next steps", self.business)],
            ),
        ]
        yield File(
            path=f"{_FOLDER[event]}Agenda_{say(title).replace(' ', '_')}_{sent:%Y-%m-%d}.docx", blocks=blocks, on=sent, author=self.manager
        )

    def minutes(self, event: str, title: str, sent_event: str | None, folder: str | None = None) -> Iterator[File]:
        """Minutes with attendance, decisions and actions."""
        held = self.story.day(event)
        if held is None:
            return
        sent = self.story.day(sent_event) if sent_event else held + timedelta(days=1)
        chair = self.manager if event != "end_review" else self.owner
        yield self._minutes(held, sent, title, chair, folder or _FOLDER[event], self.story.told.get(f"{event}.absent", ()))

    def _minutes(
        self,
        held: date,
        sent: date | None,
        title: str,
        chair: str,
        folder: str,
        absent: Sequence[str] = (),
        decisions: Sequence[tuple[Value, ...]] = (),
        actions: Sequence[tuple[Value, ...]] | None = None,
    ) -> File:
        say, story = self.say, self.story
        everybody = [
            (self.owner, "Project Owner"),
            (self.provider, "Solution Provider"),
            (self.business, "Business Manager"),
            (self.manager, "Project Manager"),
            *[(name, "Project Core Team") for name in story.team],
            *[(name, "Business Implementation Group") for name in story.people.get("business_group", "").split(";") if name],
        ]
        actions = (
            actions
            if actions is not None
            else [("A1", "Send the list of key users", self.business, self.shown(held + timedelta(days=10)), say("Done"))]
        )
        blocks: list[Block] = [
            Title(f"{say('Minutes of Meeting')} – {say(title)} – {story.name}"),
            Grid(
                (),
                [
                    ("Meeting", say(title)),
                    (say("Meeting Date"), self.shown(held)),
                    (say("Meeting Chair"), chair),
                    (say("Minute Taker"), story.team[0] if story.team else self.manager),
                    (say("Minutes Issue Date"), self.shown(sent)),
                    (say("Distribution List"), "; ".join(name for name, _ in everybody) if sent else ""),
                ],
            ),
            Heading(say("Attendees")),
            Grid(
                (say("Name"), say("Role"), say("Present")),
                [(name, say(role), say("No") if name in absent else say("Yes")) for name, role in everybody if name],
            ),
            Heading(say("Discussion")),
            Para("The plan was presented and agreed. Open points were recorded as actions."),
            Heading(say("Decisions")),
            Grid((say("ID"), say("Decision"), say("Owner")), decisions or [("D-01", "Project manager assigned", self.provider)]),
            Heading(say("Actions")),
            Grid((say("ID"), say("Description"), say("Owner"), say("Target Date"), say("Status")), list(actions)),
        ]
        return File(
            path=f"{folder}MoM_{say(title).replace(' ', '_')}_{held:%Y-%m-%d}.docx", blocks=blocks, on=sent or held, author=self.manager
        )

    def steering_minutes(self) -> Iterator[File]:
        """Minutes of the steering committee, every second month."""
        missing = self.story.told.get("steering.missing", ())
        for number, held in enumerate(self.story.steering_days, 1):
            if number in missing:
                continue
            chair = self.story.told.get("steering.chair", self.owner)
            decisions = [("D-03", "Ready for Executing: gate passed", self.owner)]
            extra = self.story.told.get("steering.decision")
            if extra and number == 1:
                decisions.append(extra)
            actions = self.story.told.get("steering.actions") if number == 1 else None
            sent = None if number in self.story.told.get("steering.unsent", ()) else held + timedelta(days=2)
            yield self._minutes(held, sent, "Project Steering Committee Meeting", chair, "3_Executing/", (), decisions, actions)

    def checklist(self, event: str, phase: str, gate: str) -> Iterator[File]:
        """The phase-exit review checklist, filled before the gate."""
        filled = self.story.day(f"{event}_review")
        if filled is None or self.story.day(event) is None:
            return
        questions = (
            "Are the outputs of the phase complete?",
            "Are all risks assessed?",
            "Is the budget confirmed?",
            "Are the plans of the next phase agreed?",
        )
        yield File(
            path=f"5_Monitor_Control/Phase-Exit_Review_Checklist_{phase}.{self.story.id}.xlsx",
            on=filled,
            author=self.manager,
            sheets=[
                Sheet(
                    f"{phase} phase exit",
                    ("No", "Question", "Answer", "Comments"),
                    [(number, question, "Yes", "") for number, question in enumerate(questions, 1)]
                    + [
                        ("", "Review date", filled, ""),
                        ("", "Gate", gate, ""),
                        ("", "Overall status", "Passed", ""),
                        ("", "Reviewer", self.story.who("project_quality_assurance") or self.manager, ""),
                    ],
                    title=f"Phase-Exit Review Checklist – {phase} – {self.story.name}",
                )
            ],
        )

    # -- planning ----------------------------------------------------------------------------------------------------------------

    def handbook(self) -> Iterator[File]:
        """How the project is run."""
        approved = self.story.day("handbook_approved")
        drafted = self.story.planned("handbook_approved") - timedelta(days=7)
        if drafted > AS_OF:
            return
        story, say = self.story, self.say
        blocks, version = self.front(
            "Project Handbook", self.manager, (self.owner, say("Project Owner")), approved, drafted, key="project_handbook"
        )
        used = [
            (name, "Yes", f"{story.id}/", "")
            for name in (
                "Project Initiation Request",
                "Business Case",
                "Project Charter",
                "Project Handbook",
                "Project Stakeholder Matrix",
                "Project Work Plan",
                "Risk Management Plan",
                "Quality Management Plan",
            )
        ]
        used += [
            (
                "Outsourcing Plan",
                "Yes" if story.outsourced else "No",
                f"{story.id}/" if story.outsourced else "",
                "" if story.outsourced else "Nothing is outsourced",
            )
        ]
        blocks += [
            Heading("Project Overview"),
            self.prose(),
            Heading("Success Criteria", 2),
            self.goals(),
            Heading("Dependencies, Constraints and Assumptions", 2),
            Para("The registry is replaced in parallel."),
            Heading("Project Approach"),
            Para(
                "PM² in four phases; the execution is cut into three releases."
                + (" The team works in sprints of two weeks." if story.agile else "")
            ),
            Heading("PM² Tailoring: Required Project Artefacts", 2),
            Grid(("Artefact", "Used", "Location", "Reason if not used"), used),
            Heading("Project Rules", 2),
            Para("Decisions are recorded on the day they are taken."),
            Heading("Conflict Resolution and Escalation", 2),
            Grid(
                ("Escalation Level", "Decides on", "Limit"),
                [
                    ("Project Manager", "Changes up to size 2", "10 person-days"),
                    ("Project Owner", "Changes up to size 4", "50 person-days"),
                    ("Project Steering Committee", "All others", ""),
                ],
            ),
            Para("Risks with a level of 15 or more are escalated to the Project Steering Committee."),
            Heading("Project Processes"),
            Heading("Risk Management", 2),
            Para("Risks are reviewed every 30 days in the status meeting and kept in the risk log."),
            Heading("Issue Management", 2),
            Para("Issues are kept in the issue log and reviewed weekly."),
            Heading("Requirements Management", 2),
            Para("Requirements are approved by the Business Manager and traced to the work plan."),
            Heading("Change Management", 2),
            Para("Every change is assessed, decided by the authorised role and recorded in the change log."),
            Heading("Quality Management", 2),
            Para("Deliverables are reviewed before they are handed over for acceptance."),
            Heading("Configuration Management", 2),
            Para(
                "Files are named <number>.<title>.<project>.V<version>; approved versions begin with 1.0.".replace("<", "").replace(">", "")
            ),
            Heading("Communications Management", 2),
            Grid(
                ("Report", "Responsible", "Frequency"),
                [("Project Status Report", "Project Manager", "Monthly")]
                + ([("Contractor Status Report", "Contractor's Project Manager", "Monthly")] if story.outsourced else []),
            ),
            Grid(("Meeting", "Chair", "Frequency"), [("Project Steering Committee Meeting", "Project Owner", "Every two months")]),
            Heading("Progress Measurement"),
            Para("Progress is measured against the baselined work plan each month."),
            Heading("Roles and Responsibilities"),
            Grid(
                ("Role", "Name", "Responsibility"),
                [
                    (label, story.told.get(f"handbook.{role}", story.who(role)), text)
                    for label, role, text in (
                        ("Project Owner", "project_owner", "Is accountable for the project"),
                        ("Solution Provider", "solution_provider", "Is accountable for the deliverables"),
                        ("Business Manager", "business_manager", "Represents the Project Owner day by day"),
                        ("Project Manager", "project_manager", "Runs the project"),
                        (
                            "Project Quality Assurance",
                            "project_quality_assurance",
                            "Audits the project, reports to the Project Steering Committee",
                        ),
                    )
                    if story.who(role)
                ]
                + [("Project Core Team", name, "Builds the deliverables") for name in story.team]
                + [("Product Owner", name, "Says what the team builds next") for name in [story.who("product_owner")] if name],
            ),
            *self.references(),
        ]
        yield self.file(
            "04",
            "Project Handbook",
            version,
            story.told.get("handbook.saved", approved or drafted),
            self.manager,
            blocks,
            folder="2_Planning/",
        )

    def matrix(self) -> Iterator[File]:
        """The stakeholder matrix."""
        made = self.story.day("matrix")
        if made is None:
            return
        story, say = self.story, self.say
        rows = [
            (name, say(role), unit, mail(name), "High", "High", "Keep informed each month")
            for name, role, unit in (
                (self.owner, "Project Owner", "Department A"),
                (self.provider, "Solution Provider", "IT Department"),
                (self.business, "Business Manager", "Department A"),
                (self.manager, "Project Manager", "IT Department"),
                (story.who("project_quality_assurance"), "Project Quality Assurance", "Quality Unit"),
                *[(name, "Project Core Team", "IT Department") for name in story.team],
            )
            if name and name not in story.told.get("matrix.without", ())
        ]
        if story.outsourced and story.who("contractor_manager"):
            rows.append(
                (
                    story.who("contractor_manager"),
                    "Contractor's Project Manager",
                    "Northwind Systems",
                    mail(story.who("contractor_manager")),
                    "High",
                    "Medium",
                    "Weekly meeting",
                )
            )
        yield File(
            path=f"2_Planning/05.Stakeholder_Matrix.{story.id}.xlsx",
            on=made,
            author=self.manager,
            sheets=[
                Sheet(
                    "Stakeholder Matrix",
                    ("Name", "Role", "Organisation", "Contact", "Interest", "Influence", "Communication Need"),
                    rows,
                    title=f"Project Stakeholder Matrix – {story.name}",
                )
            ],
        )

    def management_plans(self) -> Iterator[File]:
        """The plans of the processes; the quality plan and the acceptance plan are approved by the steering committee."""
        approved = self.story.day("plans_approved")
        drafted = self.story.planned("plans_approved") - timedelta(days=7)
        if drafted > AS_OF:
            return
        committee = (self.owner, "Project Steering Committee (PSC)")
        owner = (self.owner, "Project Owner")
        for number, title, approver, sections in (
            ("08", "Requirements Management Plan", owner, ("Requirements Specification", "Requirements Approval", "Traceability")),
            ("09", "Risk Management Plan", owner, ("Risk Identification", "Risk Assessment", "Risk Response", "Risk Control")),
            ("10", "Issue Management Plan", owner, ("Issue Registration", "Issue Assessment", "Issue Resolution")),
            ("11", "Project Change Management Plan", owner, ("Change Identification", "Change Assessment", "Change Approval")),
            (
                "12",
                "Quality Management Plan",
                committee,
                ("Quality Objectives", "Quality Assurance", "Quality Control", "Configuration Management"),
            ),
            ("13", "Communications Management Plan", owner, ("Communication Strategy", "Communication Activities", "Distribution")),
            ("14", "Deliverables Acceptance Plan", committee, ("Acceptance Criteria", "Acceptance Activities", "Final Project Acceptance")),
            ("15", "Transition Plan", committee, ("Transition Objectives", "Transition Schedule", "Transition Responsibilities")),
            (
                "16",
                "Business Implementation Plan",
                owner,
                ("Business Implementation Objectives", "Change Activities", "Benefits Follow-up"),
            ),
            (
                "17",
                "Outsourcing Plan",
                (self.story.who("approving_authority"), "Appropriate Governance Body"),
                ("Outsourcing Scope", "Contract Strategy", "Selection Criteria", "Contract Administration"),
            ),
        ):
            key = title.lower().replace(" ", "_")
            if key in self.story.left_out or (key == "outsourcing_plan" and not self.story.outsourced):
                continue
            date_ = self.story.moved.get(f"{key}_approved", approved)
            author = self.story.told.get(f"{key}.author", self.business if key == "business_implementation_plan" else self.manager)
            blocks, version = self.front(title, author, approver, date_, drafted, key=key)
            blocks += [Heading("Introduction"), self.prose(), Heading("Objectives"), self.goals()]
            for section in sections:
                blocks += [
                    Heading(section),
                    Para(
                        f"{section}: who does it, when and with which template is agreed with the units; "
                        "the project manager keeps the record up to date."
                    ),
                ]
            blocks += [Para(text) for text in self.story.told.get(f"{key}.extra", ())]
            if key == "deliverables_acceptance_plan":
                blocks.append(
                    Grid(
                        ("Number", "Deliverable Name", "Criterion", "Approving Authority"),
                        [(d["id"], d["name"], "All test cases passed", self.owner) for d in self.story.deliverables],
                    )
                )
            blocks += self.references()
            yield self.file(number, title, version, date_ or drafted, author, blocks, folder="2_Planning/")

    def requirements(self) -> Iterator[File]:
        """The list of requirements."""
        made = self.story.day("requirements")
        if made is None:
            return
        yield File(
            path=f"2_Planning/Requirements_Document.{self.story.id}.xlsx",
            on=made,
            author=self.business,
            sheets=[
                Sheet(
                    "Requirements",
                    ("ID", "Title", "Description", "Source", "Status", "Priority", "Acceptance Criteria", "Work Plan Task", "Comments"),
                    [
                        (r["id"], r["title"], r["text"], r["source"], r["status"], r["priority"], r["criterion"], r["task"], r["comment"])
                        for r in self.story.requirements
                    ],
                    title=f"Requirements Document – {self.story.name}",
                )
            ],
        )

    def work_plan(self) -> Iterator[File]:
        """The baselined plan."""
        approved = self.story.day("work_plan_approved")
        drafted = self.story.planned("work_plan_approved") - timedelta(days=7)
        if drafted > AS_OF:
            return
        story = self.story
        blocks, version = self.front(
            "Project Work Plan", self.manager, (self.owner, "Project Steering Committee (PSC)"), approved, drafted, key="project_work_plan"
        )
        first = story.planned("eko")
        planned = [item for item in story.deliverables if item["id"] not in story.told.get("work_plan.without", ())]
        blocks += [
            Heading("Introduction and Project Summary"),
            self.prose(),
            Heading("Work Breakdown"),
            Grid(
                ("WBS ID", "Type", "Name", "Start", "End", "Responsible"),
                [
                    (f"1.{number}", "Work Package", d["name"], self.shown(first), self.shown(d["due"]), story.team[0])
                    for number, d in enumerate(planned, 1)
                ],
            ),
            Heading("Effort and Cost Estimates"),
            Grid(
                ("Category", "Effort (person-days)", "Budget (EUR)"),
                [
                    ("Development", "420", self.money(story.budget * 8 // 10)),
                    ("Training", "60", self.money(story.budget // 10)),
                    ("Contingency", "60", self.money(story.budget // 10)),
                ],
            ),
            Heading("Project Schedule"),
            Grid(("ID", "Milestone", "Baseline Date", "Forecast Date", "Actual Date"), self.schedule()),
            Heading("Deliverables"),
            Grid(
                ("ID", "Deliverable Name", "Target Delivery Date", "Acceptance Criteria"),
                [(d["id"], d["name"], self.shown(d["due"]), "All test cases passed") for d in planned],
            ),
            Heading("Related PM² Plans"),
            Para("Handbook, quality management plan, deliverables acceptance plan."),
            *self.references(),
        ]
        yield self.file("06", "Project Work Plan", version, approved or drafted, self.manager, blocks, folder="2_Planning/")

    def schedule(self) -> list[tuple[Value, ...]]:
        """Return the milestones with baseline, forecast and true dates."""
        slip = self.story.told.get("schedule.slip", 0)
        rows: list[tuple[Value, ...]] = []
        for number, (name, day) in enumerate(
            (("Ready for Planning", "rfp"), ("Ready for Executing", "rfe"), ("Ready for Closing", "rfc"), ("Project closed", "closed")), 1
        ):
            planned, real = self.story.planned(day), self.story.day(day)
            planned += timedelta(days=self.story.told.get("schedule.moved", 0) if day in ("rfc", "closed") else 0)
            forecast = real or planned + timedelta(days=slip if day in ("rfc", "closed") else 0)
            rows.append((f"M{number}", name, self.shown(planned), self.shown(forecast), self.shown(real)))
        return rows

    # -- executing and closing ---------------------------------------------------------------------------------------------------

    def status_reports(self) -> Iterator[File]:
        """One page a month; every third as PDF."""
        story = self.story
        missing = story.told.get("reports.missing", ())
        for number, on in enumerate(story.report_days, 1):
            if story.outsourced and number not in story.told.get("contractor.missing", ()):
                yield self._contractor_report(number, on)
            if number in missing:
                continue
            open_risks = sum(1 for item in story.risks if item["on"] <= on) if story.phase != "closed" else 0
            open_issues = sum(1 for item in story.issues if item["on"] <= on and item["status"] in ("Open", "In progress"))
            blocks: list[Block] = [
                Title(f"Project Status Report – {story.name}"),
                Grid(
                    (),
                    [
                        ("Project Title", story.name),
                        ("Project Owner", self.owner),
                        ("Project Manager", self.manager),
                        ("Reporting Period", f"{self.shown(on - timedelta(days=30))} - {self.shown(on)}"),
                        ("Report Date", self.shown(on)),
                        ("Phase", "Executing"),
                        ("Overall Status", "Green"),
                    ],
                ),
                Heading("Status Summary"),
                Para("Work goes on as planned; the next release is in test."),
                Heading("Schedule"),
                Grid(
                    ("Baselined Delivery Date", "Forecast Delivery Date", "Status"),
                    [(self.shown(story.planned("rfc")), self.shown(story.planned("rfc")), "Green")],
                ),
                Heading("Cost"),
                Grid(
                    ("Allocated", "Spent", "Forecast", "Status"),
                    [(self.money(story.budget), self.money(story.budget * number // 20), self.money(story.budget), "Green")],
                ),
                Heading("Risks and Issues"),
                Grid(
                    ("Indicator", "Value"),
                    [
                        ("Open risks", str(story.told.get("reports.open_risks", {}).get(number, open_risks))),
                        ("Open issues", str(story.told.get("reports.open_issues", {}).get(number, open_issues))),
                    ],
                ),
                Heading("Activities"),
                Para("Performed: development of the release. Planned: test with key users."),
            ]
            if story.outsourced:
                blocks += [Heading("Contractor"), Para("Its deliveries are as agreed; its report was read.")]
            ending = "pdf" if number % 3 == 0 else "docx"
            yield File(
                path=f"3_Executing/Status_Reports/Project_Status_Report_{on:%Y-%m-%d}.{ending}", blocks=blocks, on=on, author=self.manager
            )

    def _contractor_report(self, number: int, on: date) -> File:
        manager = self.story.who("contractor_manager") or "Northwind Systems"
        blocks: list[Block] = [
            Title(f"Contractor Status Report – {self.story.name}"),
            Grid(
                (),
                [
                    ("Contractor", "Northwind Systems"),
                    ("Contractor's Project Manager", self.story.who("contractor_manager")),
                    ("Reporting Period", f"{self.shown(on - timedelta(days=30))} - {self.shown(on)}"),
                    ("Report Date", self.shown(on)),
                ],
            ),
            Heading("Status Summary"),
            Para(f"Report number {number}: deliveries as agreed."),
        ]
        return File(path=f"3_Executing/Contractor/Contractor_Status_Report_{on:%Y-%m-%d}.docx", blocks=blocks, on=on, author=manager)

    def acceptance_notes(self) -> Iterator[File]:
        """A signed note per accepted deliverable."""
        for item in self.story.deliverables:
            if item["accepted"] is None or item.get("note_missing"):
                continue
            accepted = item["accepted"]
            signer = item.get("signer", self.owner)
            blocks: list[Block] = [
                Title(f"Deliverables Acceptance Note – {item['name']} – {self.story.name}"),
                Grid(
                    ("ID", "Deliverable Name", "Acceptance Activities Completed", "Acceptance", "Accepted by", "Acceptance Date"),
                    [
                        (
                            item["id"],
                            item["name"],
                            self.shown(accepted + timedelta(days=item.get("tested", -3))),
                            "Accepted",
                            signer,
                            self.shown(accepted),
                        )
                    ],
                ),
                Heading("Approval"),
                Grid(("Name", "Role", "Action", "Date"), [(signer, "Project Owner", "Approve", self.shown(accepted))]),
            ]
            yield File(
                path=f"3_Executing/Acceptance/Deliverables_Acceptance_Note_{item['id']}.docx",
                blocks=blocks,
                on=accepted,
                author=self.manager,
            )

    def end_report(self) -> Iterator[File]:
        """What became of it."""
        made, approved = self.story.day("end_report"), self.story.day("end_report_approved")
        if made is None:
            return
        blocks, version = self.front(
            "Project-End Report", self.manager, (self.owner, "Project Steering Committee (PSC)"), approved, made, key="project_end_report"
        )
        blocks += [
            Heading("Introduction"),
            self.prose(),
            Heading("Project Success"),
            self.goals(),
            Heading("Cost, Schedule, Scope and Quality", 2),
            Para("Finished within budget, two weeks before the planned end."),
            Heading("Project Management Evaluation"),
            Para("Monthly reports kept the committee informed; risks were reviewed each month."),
            Heading("Lessons Learned and Best Practices"),
            Grid(
                ("ID", "Title", "Recommendation"),
                [
                    ("L1", "Name deputies early", "Ask for deputies in the charter"),
                    ("L2", "Stub the registry", "Agree a stub before planning"),
                ],
            ),
            Heading("Post-Project Recommendations"),
            Para("Measure the processing time after six months."),
            *self.references(),
        ]
        yield self.file("22", "Project-End Report", version, approved or made, self.manager, blocks, folder="4_Closing/")

    def acceptance_note(self) -> Iterator[File]:
        """The final word of the Project Owner."""
        signed = self.story.day("acceptance")
        if signed is None:
            return
        blocks: list[Block] = [
            Title(f"Project Acceptance Note – {self.story.name}"),
            Para("The Project Owner accepts the project and releases the team."),
            Grid(("Name", "Role", "Action", "Date"), [(self.owner, "Project Owner", "Approve", self.shown(signed))]),
        ]
        yield File(path=f"4_Closing/Project_Acceptance_Note.{self.story.id}.docx", blocks=blocks, on=signed, author=self.manager)


_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_FOLDER = {"initiating_meeting": "1_Initiating/", "pko": "2_Planning/", "eko": "3_Executing/", "end_review": "4_Closing/"}


def mail(name: str) -> str:
    """Return the address of a person of the demonstration."""
    return name.lower().replace(" ", ".").replace("ü", "ue").replace("é", "e").replace("è", "e") + "@example.org"
