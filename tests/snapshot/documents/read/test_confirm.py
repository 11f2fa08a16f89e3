"""What a document says settles what it is; a doubt that stays hides what reading it so would have told, and no more."""

import openpyxl
import pytest

PM2 = '[[project]]\nid = "Gamma"\nfolders = ["Gamma"]\nmethodology = "pm2"\n'
PRINCE2 = PM2.replace("pm2", "prince2")
OF_MEETINGS = {"attendance", "gate", "meeting"}


def _open(snapshot, rows):
    told = "table_name in ('attendance', 'gate', 'meeting', 'report')"
    return {name for name, is_complete in rows(snapshot, "completeness", "table_name, is_complete", told) if not is_complete}


def _book(world, name, sheets):
    book = openpyxl.Workbook()
    for title, lines in sheets.items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(line)
    del book["Sheet"]
    (world.root / "Projects" / "Gamma").mkdir(exist_ok=True)
    book.save(world.root / "Projects" / "Gamma" / name)


class TestLogsOfMeetings:
    @pytest.mark.parametrize(
        ("name", "header"),
        [
            ("Status meeting notes.xlsx", ["Date", "Present", "What was said", "Distributed"]),
            ("Minutes of status meetings.xlsx", ["Held on", "Attendees", "Points", "Minutes sent"]),
            ("Notizen der Statusbesprechungen.xlsx", ["Datum", "Anwesende", "Besprochen", "Protokoll versandt am"]),
            ("Notes des réunions d'avancement.xlsx", ["Date", "Présents", "Points", "Diffusé le"]),
        ],
    )
    def test_each_line_of_a_table_is_a_meeting(self, world, rows, name, header):
        line = ["Ann Lee, Bo Ray", "Trial is on time."]
        world.configure(PM2).document(
            f"Gamma/{name}", [header, ["2026-03-03", *line, "2026-03-04"], ["2026-03-17", "Ann Lee", line[1], "2026-03-19"]]
        )
        snapshot = world.snapshot()
        told = rows(snapshot, "meeting", "kind, held_on::varchar, minutes_sent_on::varchar, has_minutes", order="held_on")
        assert told == [("project_status", "2026-03-03", "2026-03-04", True), ("project_status", "2026-03-17", "2026-03-19", True)]
        assert rows(snapshot, "attendance", "person_id, count(*)", where="true group by person_id", order="person_id") == [
            ("name:ann-lee", 2),
            ("name:bo-ray", 1),
        ]
        assert not _open(snapshot, rows)

    def test_initials_are_nobody_until_another_document_says_whose_they_are(self, world, rows):
        world.configure(PM2).document(
            "Gamma/Status meeting notes.xlsx",
            [["Date", "Present", "Points"], ["2026-03-03", "AL, BR", "On time."], ["2026-03-17", "AL", "Late."]],
        )
        assert {who for (who,) in rows(world.snapshot(), "attendance", "person_id")} == {None}

    @pytest.mark.parametrize(
        "lines",
        [
            "- 03.03.2026 – Lee, Ray. On time.\n- 17.03.2026 – Lee. Late.\n",
            "- 3 March 2026: Ann Lee, Bo Ray; on time\n- 17 March 2026: Ann Lee; late\n",
        ],
    )
    def test_each_line_of_a_list_is_a_meeting(self, world, rows, lines):
        world.configure(PM2).document("Gamma/Notes of status meetings.md", f"# Status meetings\n\nChair Ann Lee.\n\n{lines}")
        snapshot = world.snapshot()
        assert rows(snapshot, "meeting", "kind, held_on::varchar", order="held_on") == [
            ("project_status", "2026-03-03"),
            ("project_status", "2026-03-17"),
        ]
        assert not _open(snapshot, rows)

    def test_minutes_that_were_not_understood_leave_meetings_open(self, world, rows):
        world.configure(PM2).document("Gamma/Notes of status meetings.md", "# Status meetings\n\nWe meet when there is something to say.\n")
        assert _open(world.snapshot(), rows) == OF_MEETINGS

    @pytest.mark.parametrize(
        "text",
        [
            "Executing kick-off – agenda. Sent 26 March 2025 by Ann Lee for 31 March 2025, 13:00–14:30, big room.\n\nTo: Bo Ray.\n\n- Plan (10 min)\n",
            "Executing kick-off, agenda\n\nMonday 31 March 2025, 13:00, big room. Issued 26 March 2025 by Ann Lee.\n\n- Plan (10 min)\n",
        ],
    )
    def test_an_agenda_is_of_the_day_with_an_hour(self, world, rows, text):
        """Minutes of that day tell that it was held: both are one meeting."""
        world.configure(PM2).document("Gamma/Agenda executing kick-off.md", text).document(
            "Gamma/Minutes executing kick-off.md",
            "# Minutes of the executing kick-off\n\nDate: 31 March 2025\n\nAttendees: Ann Lee, Bo Ray\n",
        )
        snapshot = world.snapshot()
        assert rows(snapshot, "meeting", "kind, held_on::varchar, has_agenda and has_minutes", where="is_record") == [
            ("executing_kick_off", "2025-03-31", True)
        ]
        assert not _open(snapshot, rows)


class TestSeveralProductsInOne:
    @pytest.mark.parametrize(
        ("title", "kinds"),
        [
            ("Risk and issue approach", {"risk_management_approach", "change_control_approach"}),
            ("Quality and communication management approach", {"quality_management_approach", "communication_management_approach"}),
            ("Risiko- und Qualitätsmanagementansatz", {"risk_management_approach", "quality_management_approach"}),
            ("Approche de gestion des risques et de la qualité", {"risk_management_approach", "quality_management_approach"}),
            ("Enfoque de gestión de riesgos y de la calidad", {"risk_management_approach", "quality_management_approach"}),
        ],
    )
    def test_a_title_may_name_two(self, world, rows, title, kinds):
        text = f"# {title}\n\nVersion: 1.0\n\nWe look at what may happen, and say who does what.\n\n"
        text += "## Version history\n\n| Version | Date | Author | Changes |\n| --- | --- | --- | --- |\n| 1.0 | 2026-03-02 | Ann Lee | First |\n"
        world.configure(PRINCE2).document(f"Gamma/{title}.md", text)
        assert {kind for (kind,) in rows(world.snapshot(), "product", "kind")} >= kinds

    def test_what_minutes_were_about_they_are_not(self, world, rows):
        world.configure(PRINCE2).document(
            "Gamma/Minutes.md", "# Minutes: risk approach and quality approach\n\nAttendees: Ann Lee, Bo Ray\n"
        )
        assert not rows(world.snapshot(), "product", "kind")

    def test_sheets_of_a_workbook_of_checklists(self, world, rows):
        """'Transition' alone is a plan, 'Stakeholders' a register: here they are asked about."""
        world.configure(PM2)
        item = ["Item", "Responsible", "State"]
        _book(
            world,
            "Checklists.xlsx",
            {
                "Phase exit": [["Phase", "Question", "Answer", "Points"], ["Planning", "Are all plans ready and approved?", "Yes", 10]],
                "Acceptance": [["Deliverable", "Criterion", "By", "State"], ["D1", "loads in two seconds on all places", "Ann Lee", "met"]],
                "Transition": [item, ["Servers are ready and were tried out once", "Ann Lee", "open"]],
                "Stakeholders": [
                    ["Stakeholder", "Attitude", "Action", "Owner"],
                    ["Readers", "doubtful", "a letter to all of them", "Bo Ray"],
                ],
            },
        )
        snapshot = world.snapshot()
        kinds = {kind for (kind,) in rows(snapshot, "product", "kind")}
        assert kinds == {
            "phase_exit_review_checklist",
            "deliverables_acceptance_checklist",
            "transition_checklist",
            "stakeholders_checklist",
        }
        assert not rows(snapshot, "stakeholder", "id")
        assert not _open(snapshot, rows)


class TestReports:
    def test_each_line_of_a_sheet_is_a_report(self, world, rows):
        world.configure(PRINCE2)
        header = ["Report of", "Time covered", "Done", "Next"]
        lines = [["2026-03-06", "2026-02-23 - 2026-03-06", "half", "rest"], ["2026-03-20", "2026-03-09 - 2026-03-20", "rest", "none"]]
        _book(world, "Checkpoint reports.xlsx", {"WP-A": [["Ann Lee to Bo Ray"], header, *lines], "WP-B": [header, *lines[:1]]})
        snapshot = world.snapshot()
        assert rows(snapshot, "report", "kind, issued_on::varchar, count(*)", where="true group by kind, issued_on", order="issued_on") == [
            ("checkpoint", "2026-03-06", 2),
            ("checkpoint", "2026-03-20", 1),
        ]
        assert not _open(snapshot, rows)

    def test_reports_of_a_contractor_in_one_file_each_below_its_month(self, world, rows):
        text = "# Norsk - monthly reports for Gamma\n\n"
        for month in ("2026-01", "2026-02", "2026-03"):
            text += f"# Status report {month}\n\nTo: Ann Lee. From: Bo Ray. Contract SC-2025-131.\n\n## Work of the month\n\nAll as planned.\n\n"
        world.configure(PM2).document("Gamma/07 Contract/Norsk status reports.md", text)
        assert rows(world.snapshot(), "report", "kind, period_to_on::varchar", order="period_to_on") == [
            ("contractor", "2026-01-31"),
            ("contractor", "2026-02-28"),
            ("contractor", "2026-03-31"),
        ]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("end 3 July 2026, inside four weeks; cost +1.4 %, inside 6 %.", "Gamma"),
        ("We are late. Nobody knows why.", "Gamma"),
        ("Harbour Booking", "Harbour Booking"),
        ("St. Mary Library", "St. Mary Library"),
    ],
)
def test_what_is_told_of_a_project_is_not_its_name(world, rows, said, name):
    world.configure(PRINCE2).document("Gamma/Exception report.md", f"# Exception report\n\nVersion: 1.0\n\nProject: {said}\n")
    assert rows(world.snapshot(), "project", "name") == [(name,)]


LOGS = {
    "Actions": [["ID", "Action", "Owner", "Due date", "Status"], ["A-01", "Write the plan", "Ann Lee", "2026-03-05", "Closed"]],
    "Risks": [["ID", "Risk", "Likelihood", "Impact", "Owner", "Status"], ["R-01", "Late goods", 3, 4, "Bo Ray", "Open"]],
}


@pytest.mark.parametrize("name", ["Project dashboard.xlsx", "Tableau de bord du projet.xlsx"])
def test_a_dashboard_of_logs_hides_no_report(world, rows, name):
    world.configure(PM2)
    _book(world, name, LOGS)
    assert "report" not in _open(world.snapshot(), rows)


def test_a_dashboard_without_logs_may_hide_one(world, rows):
    world.configure(PM2)
    _book(world, "Project dashboard.xlsx", {"Overview": [["Where we are", "All goes well"], ["Ann Lee", "Bo Ray"]]})
    assert "report" in _open(world.snapshot(), rows)


def test_a_checklist_of_stakeholders_is_no_matrix_that_was_not_read(world, rows):
    asked = [["Partie prenante", "Action", "Moment", "Responsable", "État"], ["Usagers", "Lettre", "avant pose", "Bo Ray", "envoyée"]]
    asked += [["Agents", "Réunion", "chaque mois", "Ann Lee", "tenue"], ["Mairie", "Point annuel", "juin", "Bo Ray", "tenu"]]
    sheets = {"Transition": [["Point", "Responsable", "État"], ["Sauvegarde", "Bo Ray", "Fait"]], "Parties prenantes": asked}
    world.configure(PM2)
    _book(world, "Listes de contrôle.xlsx", sheets)
    matrix = [
        ["Rôle", "Nom", "Intérêt", "Influence", "Attentes"],
        ["Usager", "Ann Lee", "Fort", "Fort", "Simple"],
        ["Mairie", "Bo Ray", "Fort", "Faible", "Sûr"],
    ]
    _book(world, "Matrice des parties prenantes.xlsx", {"Matrice": matrix})
    assert rows(world.snapshot(), "completeness", "is_complete, reason", "table_name = 'stakeholder' and not is_complete") == []
