"""The declarations that come with auditor, on exports as the tools write them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest

from auditor_connectors.tabular import TabularConnector
from auditor_connectors.tabular.declare import load_declaration, shipped_names, shipped_text

JIRA = """Summary,Issue key,Issue id,Issue Type,Status,Project key,Project name,Priority,Resolution,Assignee,Reporter,Created,Updated,Resolved,Due date,Labels,Labels,Fix Version/s,Component/s,Description,Original Estimate,Time Spent,Outward issue link (Blocks),Outward issue link (Blocks),Outward issue link (Relates),Custom field (Story Points),Custom field (Probability),Custom field (Risk Owner),Custom field (Date identified),Comment,Comment,Status Category
"Build, test",ALPHA-1,10001,Story,In Progress,ALPHA,Alpha,High,,Jane Doe,John Roe,26/Nov/25 5:05 PM,27/Nov/25 12:30 AM,,30/Nov/25 12:00 AM,a,b,1.0,Web,"Several
lines; with ""quotes""
=HYPERLINK(""http://x"",""y"")",7200,3600,ALPHA-2,ALPHA-3,BETA-1,3.0,,,,"26/Nov/25 5:06 PM;jane;One, two","x",In Progress
Supplier leaves,ALPHA-2,10002,Risk,Open,ALPHA,Alpha,Low,,,,2025-11-26 17:05,2025-11-26 17:05,,,,,,,,,,,,,,High,Jane Doe,02/Nov/25,,,To Do
Other,BETA-1,10003,Bug,Weird,BETA,Beta,,Done,,,26/Nov/25 5:05 PM,26/Nov/25 5:05 PM,28/Nov/25 5:05 PM,,,,,,,,,,,,,,,,,,Done
"""


def test_jira(exports):
    found = exports.write("export.csv", JIRA).read("jira", time_zone="Europe/Brussels")
    assert found.places == ["ALPHA", "BETA"]
    items = {fact.id: fact for fact in found.facts["work_item"]}
    assert items["ALPHA-1"].values == {
        "key": "ALPHA-1", "title": "Build, test", "kind": "story", "kind_raw": "Story", "status": "In Progress", "status_category": "in_progress",
        "status_category_raw": "In Progress", "priority": "High", "assignee_id": "Jane Doe", "reporter_id": "John Roe",
        "created_at": datetime(2025, 11, 26, 16, 5, tzinfo=UTC), "updated_at": datetime(2025, 11, 26, 23, 30, tzinfo=UTC),
        "due_on": date(2025, 11, 30), "labels": "a, b", "fix_version": "1.0", "component": "Web", "estimate_hours": Decimal(2),
        "spent_hours": Decimal(1), "story_points": Decimal("3.0"),
    }  # fmt: skip
    assert {"resolved_at", "resolution"} <= items["ALPHA-1"].filled  # blank: nobody resolved it
    assert "parent_id" not in items["ALPHA-1"].filled  # this export has no such column
    assert items["ALPHA-2"].values["created_at"] == datetime(2025, 11, 26, 16, 5, tzinfo=UTC)
    assert items["BETA-1"].values["status_category"] == "done"
    links = {(fact.values["from_id"], fact.values["to_id"], fact.values["kind"]) for fact in found.facts["link"]}
    assert links == {("ALPHA-1", "ALPHA-2", "blocks"), ("ALPHA-1", "ALPHA-3", "blocks"), ("ALPHA-1", "BETA-1", "relates")}
    risk = next(entry for entry in found.entries if entry.id == "ALPHA-2")
    assert risk.type == "Risk"
    assert {name: risk.values[name] for name in ("summary", "Probability", "Date identified")} == {
        "summary": "Supplier leaves", "Probability": "High", "Date identified": "2025-11-02"
    }  # fmt: skip
    assert risk.people["Risk Owner"] == "Jane Doe"
    assert risk.values["created"].startswith("2025-11-26T16:05")
    assert all(walk.is_complete for walk in found.walks.values()), found.walks


def test_a_jira_export_with_the_columns_in_another_order_says_the_same(exports):
    import csv
    import io

    rows = list(csv.reader(io.StringIO(JIRA)))
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(row[::-1] for row in rows)
    first = exports.write("export.csv", JIRA).read("jira")
    second = exports.write("export.csv", text.getvalue(), "utf-16").read("jira")
    said = [
        sorted(
            (fact.table, fact.id.partition(":")[0], sorted((k, v) for k, v in fact.values.items() if k != "labels").__repr__())
            for facts in one.facts.values()
            for fact in facts
        )
        for one in (first, second)
    ]
    assert said[0] == said[1]


def test_jira_in_german(exports):
    words = {
        "Summary": "Zusammenfassung", "Issue key": "Vorgangsschlüssel", "Issue Type": "Vorgangstyp", "Project key": "Projektschlüssel",
        "Created": "Erstellt", "Due date": "Fälligkeitsdatum", "Assignee": "Zugewiesene Person", "Status Category": "Statuskategorie",
        "Custom field (": "Benutzerdefiniertes Feld (", "Outward issue link (": "Ausgehende Vorgangsverknüpfung (",
    }  # fmt: skip
    header, rest = JIRA.split("\n", 1)
    for english, german in words.items():
        header = header.replace(english, german)
    rest = rest.replace("/Nov/", "/Nov./").replace("30/Nov./25", "30/Dez/25")
    found = exports.write("export.csv", header + "\n" + rest).read("jira")
    first = next(fact for fact in found.facts["work_item"] if fact.id == "ALPHA-1")
    assert (first.values["due_on"], first.values["created_at"]) == (date(2025, 12, 30), datetime(2025, 11, 26, 17, 5, tzinfo=UTC))
    assert (first.values["assignee_id"], first.values.get("story_points")) == ("Jane Doe", None)
    risk = next(entry for entry in found.entries if entry.id == "ALPHA-2")
    assert (risk.type, risk.values["summary"], risk.values["Probability"]) == ("Risk", "Supplier leaves", "High")
    assert len(found.facts["link"]) == 3


def test_a_status_nobody_knows_has_no_category(exports):
    text = JIRA.replace(",Status Category\n", ",X\n")
    found = exports.write("export.csv", text).read("jira")
    said = {fact.id: fact.values.get("status_category") for fact in found.facts["work_item"]}
    assert said == {"ALPHA-1": "in_progress", "ALPHA-2": "todo", "BETA-1": None}


MSPROJECT = """ID;Name;Duration;Start;Finish;Predecessors;Resource Names;% Complete;Milestone;WBS;Work;Actual Finish
1;Build;5 days;Mon 02/03/26 8:00 AM;Fri 13/03/26 5:00 PM;;Jane Doe;50%;No;1;40 hrs;NA
2;Accepted;0 days;Fri 13/03/26 5:00 PM;Fri 13/03/26 5:00 PM;"1FS+2 days;7";;0%;Yes;2;0 hrs;NA
"""


def test_msproject_as_text(exports):
    found = exports.write("Portal.csv", MSPROJECT).read("msproject", time_zone="Europe/Brussels")
    assert found.places == ["Portal"]
    items = {fact.id: fact for fact in found.facts["work_item"]}
    assert items["1"].values == {
        "title": "Build", "start_on": date(2026, 3, 2), "due_on": date(2026, 3, 13), "wbs_code": "1",
        "estimate_hours": Decimal(40), "assignee_id": "Jane Doe", "status_category": "in_progress", "status_category_raw": "50%",
    }  # fmt: skip
    assert "kind" not in items["1"].filled  # the export does not say which tasks are summaries
    (milestone,) = found.facts["milestone"]
    assert milestone.values == {"title": "Accepted", "forecast_on": date(2026, 3, 13)}
    assert "achieved_on" in milestone.filled
    assert "baseline_on" not in milestone.filled
    assert [(link.values["from_id"], link.values["to_id"], link.values["kind"]) for link in found.facts["link"]] == [
        ("1", "2", "blocks"),
        ("7", "2", "blocks"),
    ]


def test_summary_tasks_are_containers(exports):
    header, *lines = MSPROJECT.splitlines()
    text = "\n".join([f"{header};Summary", f"{lines[0]};Yes", f"{lines[1]};No", ""])
    found = exports.write("Portal.csv", text).read("msproject")
    assert sorted(found.rows("work_item", "title", "kind")) == [("Accepted", "task"), ("Build", "epic")]


def test_msproject_as_a_workbook(exports):
    book = openpyxl.Workbook()
    book.active.title = "Task_Table1"
    book.active.append(["ID", "Task_Name", "Start_Date", "Finish_Date", "Percent_Complete", "Predecessors"])
    book.active.append([1, "Build", date(2026, 3, 2), date(2026, 3, 13), 0.5, None])
    book.active.append([2, "Test", date(2026, 3, 2), "=C2", 1, "1"])
    book.active["E3"].number_format = "0%"
    book.create_sheet("Other").append(["Nothing", "of", "interest"])
    book.save(exports.folder / "Portal.xlsx")
    found = exports.read("msproject")
    items = {fact.id: fact for fact in found.facts["work_item"]}
    assert items["1"].values["due_on"] == date(2026, 3, 13)
    assert items["1"].values["status_category"] == "in_progress"
    assert items["1"].locator == "Portal.xlsx Task_Table1!A2:F2"
    assert items["2"].values["status_category"] == "done"
    assert "due_on" not in items["2"].filled
    assert any("is a formula" in error for error in found.errors)
    assert not found.filled["milestone"].is_complete  # no column says which tasks are milestones


COSTS_DE = """\ufeffsep=;
Projekt;Belegart;Kostenart;Werttyp;Betrag;Währung;Buchungsdatum
ALPHA;Rechnung;Lizenzen;Ist;1.234,56;EUR;25.03.2026
ALPHA;Gutschrift;Lizenzen;Ist;234,56;EUR;26.03.2026
ALPHA;Bestellung;Lizenzen;Obligo;500,00;EUR;27.03.2026
ALPHA;;Lizenzen;Plan;2.000,00;EUR;01.01.2026
ALPHA;;Summe;;3.500,00;EUR;
"""


def test_cost_lines(exports):
    found = exports.write("kosten.csv", COSTS_DE).read("costs")
    assert sorted(found.rows("cost", "kind", "amount")) == [
        ("actual", Decimal("-234.56")), ("actual", Decimal("1234.56")), ("budget", Decimal("2000.00")), ("commitment", Decimal("500.00"))
    ]  # fmt: skip
    assert found.filled["cost"].is_complete
    assert found.facts["cost"][0].locator == "kosten.csv row 3"


def test_cost_columns(exports):
    found = exports.write("c.csv", "Project,Category,Planned,Committed,Actual,Currency\nA,Staff,100.5,,20.25,EUR\n").read("cost-columns")
    assert sorted(found.rows("cost", "kind", "amount")) == [("actual", Decimal("20.25")), ("budget", Decimal("100.5"))]
    assert found.filled["cost"].is_complete


def test_risk_log_in_four_languages(exports):
    for header, first in (
        ("ID;Title;Status;Probability;Impact;Owner;Due date", "Late supplier;Open"),
        ("Nr;Titel;Status;Eintrittswahrscheinlichkeit;Auswirkung;Verantwortlich;Fällig am", "Später Lieferant;Offen"),
        ("N°;Titre;Statut;Probabilité;Gravité;Responsable;Échéance", "Fournisseur;Ouvert"),
        ("Código;Título;Estado;Probabilidad;Impacto;Responsable;Fecha límite", "Proveedor;Abierto"),
    ):
        found = exports.write("risks.csv", f"{header}\n1;{first};4;5;Jane Doe;2026-04-01\n", "cp1252").read("risks", project="P")
        (entry,) = found.entries
        assert entry.type == "Risk"
        assert entry.values["duedate"] == "2026-04-01"
        assert {"title", "status", "likelihood", "impact", "owner_id", "due_on"} <= found.filled["risk"].columns, header
        assert found.walks["P"].is_complete


@pytest.mark.parametrize("name", shipped_names())
def test_every_shipped_declaration_is_right_and_used(name):
    assert load_declaration(shipped_text(name), file=name)


def test_init_finds_exports_of_jira_and_of_project(exports):
    exports.write("a/jira.csv", JIRA).write("a/other.csv", "A,B\n1,2\n").write("b/plan.csv", MSPROJECT).write(
        "c/log.csv", "ID,Title\n1,x\n"
    )
    found = [(proposal.options["root"], proposal.options["declaration"]) for proposal in TabularConnector.propose(exports.folder)]
    assert found == [("a", "jira"), ("b", "msproject")]
