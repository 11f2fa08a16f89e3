"""What stands below or beside the rows of registers and is none: hints, legends, footers, other tables, headings of an outline."""

import pytest
from register_tables import columns, counts, heading, read, sheet, table, text_document, workbook

from auditor.connect.document import TextBlock

HEADER = "ID|Risk description|Likelihood|Impact|Owner|Status"
ROWS = f"{HEADER}\n1|Fire in the hall|3|4|Ann|Open\n2|Theft of pumps|2|2|Bo|Closed"

BELOW = {
    "scale with its own header": "\n\nLikelihood|Description\n1|Rare\n2|Unlikely\n3|Possible",
    "scale of other words": "\n\nScale|Meaning\n1|Very low\n2|Low\n3|Medium",
    "legend after a gap": "\n\nKey:\nRed|High risk, act now\nAmber|Medium risk, watch\nGreen|Low risk",
    "legend at once": "\nLegend:|R = red, act now\n|A = amber, watch\n|G = green",
    "signatures after a gap": "\n\nPrepared by:|Ann Lee\nApproved by:|Bo Ek\nDate:|@2026-01-01",
    "signatures at once": "\nPrepared by|Ann Lee\nDate|@2026-02-01",
    "assumptions": "\n\nASSUMPTIONS\nID|Assumption|Owner|Date\nA1|The crane arrives|Bo|@2026-01-01\nA2|Sunshine|Bo|@2026-01-02",
}


@pytest.mark.parametrize("below", BELOW)
def test_what_stands_below_is_no_row(below: str) -> None:
    found = read(workbook(sheet("Risks", f"{ROWS}{BELOW[below]}")))
    assert [row.values["title"] for row in found.found] == ["Fire in the hall", "Theft of pumps"]


def test_rows_after_a_gap_that_count_on_are_rows() -> None:
    short = f"{ROWS}\n\n3|Flood of the hall\n4|Strike"
    assert counts(read(workbook(sheet("Risks", short)))) == {"risk": 4}
    lettered = f"{ROWS}\n\nR7|Flood of the hall\nR9|Strike".replace("\n1|", "\nR1|").replace("\n2|", "\nR2|")
    assert counts(read(workbook(sheet("Risks", lettered)))) == {"risk": 4}
    full = f"{ROWS}\n\n1|Flood of the hall|3|4|Ann|Open"
    assert counts(read(workbook(sheet("Risks", full)))) == {"risk": 3}


def test_a_register_below_another_that_is_none() -> None:
    text = f"RISKS\n{ROWS}\n\nASSUMPTIONS\nID|Assumption|Owner|Date\nA1|Sun|Bo|@2026-01-01\n\nISSUES\nID|Issue|Priority|Owner|Status\nI1|Slow|High|Ann|Open"
    assert counts(read(workbook(sheet("RAID", text)))) == {"risk": 2, "issue": 1}


@pytest.mark.parametrize(
    "hints",
    [
        "(auto)|(short text)|(H/M/L)|(H/M/L)|(name)|(open/closed)",
        "Number|Text|List|List|Person|List",
        "Unique number|Describe the risk|High, medium or low|low / medium / high|Who owns it|Open or closed",
        "e.g. 1|e.g. The printer burns|High|Low|e.g. PM|Open",
    ],
)
def test_a_row_that_tells_how_to_fill_in_the_others_is_none(hints: str) -> None:
    text = f"{HEADER}\n{hints}\n1|Fire in the hall|3|4|Ann|Open"
    assert [row.own_id for row in read(workbook(sheet("Risks", text))).found] == ["1"]


def test_a_first_row_that_only_sounds_like_hints_is_one() -> None:
    text = f"{HEADER}\n1|Date|Low|High|Person|Open\n2|Theft|Low|Low|Bo|Closed"
    assert counts(read(workbook(sheet("Risks", text)))) == {"risk": 2}


def test_a_scale_below_a_register_without_ids_is_no_row_and_a_short_entry_is_one() -> None:
    text = "Risk|Likelihood|Impact|Owner|Status\nFire|High|Low|Ann|Open\nTheft|Low|Low|Bo|Closed\n\n{}"
    assert counts(read(workbook(sheet("Risks", text.format("High|More than 50 %\nLow|Less than 10 %"))))) == {"risk": 2}
    assert counts(read(workbook(sheet("Risks", text.format("Strike|Low"))))) == {"risk": 3}


def test_headings_of_an_outline_are_no_requirements() -> None:
    text = "Req #|Requirement|Priority|Status\n1|User interface||\n1.1|It loads in 1 s|Must|Open\n1.2|It is blue|Could|Open\n2|Reports\n2.1|A report exists|Must|Open"
    assert [row.own_id for row in read(workbook(sheet("Requirements", text))).found] == ["1.1", "1.2", "2.1"]


def test_totals_without_id_are_none() -> None:
    text = (
        "CR|Description|Cost|Days|Status\n1|Second crane|12000|10|Approved\n2|New report|3000|5|Rejected\n|Total approved changes|12000|10|"
    )
    assert counts(read(workbook(sheet("Change log", text)))) == {"change_request": 2}


def test_an_item_without_action_in_minutes_is_none() -> None:
    text = "Item|Discussion|Action|Who|When\n1|Budget was shown|Send the plan|Ann|3 March\n2|Risks were shown|||\n3|Late|Call the port|Bo|5 March"
    found = read(text_document(heading("Minutes"), table(text)))
    assert [(row.own_id, row.values["title"]) for row in found.found] == [("1", "Send the plan"), ("3", "Call the port")]


def test_a_caption_below_its_table() -> None:
    text = "ID|Title|L|I|Owner|Response\n1|Fire|3|4|Ann|Drill\n2|Theft|2|2|Bo|Locks"
    caption = TextBlock("Table 3: Risk register")
    assert counts(read(text_document(heading("Annex B"), table(text), caption))) == {"risk": 2}
    other = table("Name|Colour\nHall|blue\nPump|red", 2)
    assert counts(read(text_document(heading("Annex B"), TextBlock("Table 1: Things"), other, table(text, 3), caption, other))) == {}


def test_months_beside_milestones_are_their_days() -> None:
    months = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug"
    text = f"ID|Project|Milestone|Predecessor|Effort|{months}\n1|Hall|Hall ready||3|x\n2|Hall|Hall open|1|4||x"
    found = read(workbook(sheet("Plan", text)))
    assert counts(found) == {"milestone": 2}
    tasks = text.replace("Milestone", "Task")
    assert counts(read(workbook(sheet("Plan", tasks)))) == {}


def test_the_name_of_a_file_with_one_sheet_speaks_as_plainly_as_that_of_the_sheet() -> None:
    text = "Title|Assigned To|Status|Priority|Due Date|Description\nServer slow|Ann|Active|Normal|@2026-01-10|Slow\nNo licence|Bo|Closed|High|@2026-01-11|None"
    assert counts(read(workbook(sheet("owssvr", text), path="Issue tracker export.xlsx"))) == {"issue": 2}


@pytest.mark.parametrize(
    ("title", "header", "expected"),
    [
        ("Issues", "IssueID|IssueTitle|AssignedTo|DueDate|IssueStatus", ["id", "title", "owner_id", "due_on", "status"]),
        ("Actions", "Date|Action|Owner|Status", ["raised_on", "title", "owner_id", "status"]),
        ("Compromisos", "Compromiso|Responsable|Fecha", ["title", "owner_id", "due_on"]),
        ("Next steps", "No|Action item|Owner|Timeline", ["id", "title", "owner_id", "due_on"]),
        (
            "Risks",
            "Risk ID|Risk title|Risk statement|Financial impact|Controls",
            ["id", "title", "description", "impact", "response_detail"],
        ),
        ("Requirements", "JIRA key|Description|Priority", ["id", "title", "priority"]),
        ("Decisions", "No|Decision|Made by|Date", ["id", "title", "decided_by", "decided_on"]),
        ("Lessons learned", "Category|What went well|What didn't go well|Recommendations", ["kind", "title", "title", "recommendation"]),
        (
            "Critical risks for implementation",
            "Description of risk (indicate level of (i) likelihood, and (ii) severity: low/high)|Work package(s)|Proposed risk-mitigation measures",
            ["title", None, "response_detail"],
        ),
    ],
)
def test_headers_of_other_houses(title: str, header: str, expected: list[str | None]) -> None:
    labels = header.split("|")
    texts = {"due_on": "@2026-02-0{}", "raised_on": "@2026-01-0{}", "decided_on": "@2026-01-0{}", "id": "AB-{}", "impact": "High", "priority": "High", "status": "Open", "kind": "Team {}"}  # fmt: skip
    rows = ["|".join(texts.get(name or "", "Some words of row {}").format(at) for name in expected) for at in (1, 2)]
    found = read(workbook(sheet(title, "\n".join([header, *rows]))))
    assert len(found.found) == 2
    assert list(columns(found).values()) == expected
    assert len(labels) == len(expected)


def test_ids_that_repeat_are_those_of_what_the_rows_come_from() -> None:
    text = "Requirement ID|User story ID|Requirement|Status\nB-1|U-1|The form loads|Open\nB-1|U-2|The form saves|Open\nB-1|U-3|The form prints|Open"
    assert list(columns(read(workbook(sheet("RTM", text)))).values())[:2] == ["origin", "id"]


def test_cards_below_a_title_row_that_names_and_numbers_the_entry() -> None:
    cards = [
        table(f">4 R{at} – {name}\nLikelihood|High|Impact|Low\nOwner|Ann|Status|Open\nMitigation|>3 Plan it", at)
        for at, name in enumerate(("Fire", "Theft"), 1)
    ]
    found = read(text_document(heading("Risk register"), *cards))
    assert [(row.own_id, row.values["title"], row.values["likelihood"]) for row in found.found] == [("R1", "Fire", 4), ("R2", "Theft", 4)]
    sheets = [
        table(f"Risk no. {at}|>3 {name}\nLikelihood|High|Impact|Low\nOwner|Ann|Status|Open", at) for at, name in ((1, "Fire"), (2, "Theft"))
    ]
    assert [row.values["title"] for row in read(text_document(heading("Risk sheets"), *sheets)).found] == ["Fire", "Theft"]
    forms = workbook(sheet("R1", ">2 Risk 1: Fire\nLikelihood|High\nImpact|Low\nOwner|Ann"), path="Risk register.xlsx")
    assert [(row.own_id, row.values["title"], row.locator) for row in read(forms).found] == [("Risk 1", "Fire", "R1!B1:B4")]


def test_the_example_sheet_of_a_workbook_that_has_the_register_is_none() -> None:
    rows = f"{HEADER}\n1|The supplier is late|High|Low|PM|Open"
    assert counts(read(workbook(sheet("Risk Log", ROWS), sheet("Example", rows)))) == {"risk": 2}
    assert counts(read(workbook(sheet("Template", rows), path="Risk register.xlsx"))) == {"risk": 1}


def test_titles_between_registers_of_one_table_are_no_rows() -> None:
    text = """
    >4 Project status report
    Project|Harbour|Date|1 March 2026
    >4 Risks
    Risk|Impact|Mitigation|Owner
    Fire|High|Drill|Ann
    >4 Issues
    Issue|Impact|Action|Owner
    Server slow|Low|Memory|Bo
    """
    assert counts(read(text_document(table(text)))) == {"risk": 1, "issue": 1}


def test_an_issue_log_is_no_export_of_a_tracker() -> None:
    text = "Issue ID|Issue Type|Issue Description|Assigned To|Expected Resolution Date|Status\n1|Staff|Nobody there|Ann|@2026-02-01|Open\n2|Room|Too small|Bo|@2026-02-01|Closed"
    assert counts(read(workbook(sheet("Issue Log", text)))) == {"issue": 2}


def test_a_second_day_makes_room_for_the_first() -> None:
    text = "N°|Livrable|Date prévue|Date de livraison\n1|Plan|@2026-02-01|@2026-02-03\n2|Rapport|@2026-03-01|"
    assert list(columns(read(workbook(sheet("Livrables", text)), "fr")).values()) == ["id", "title", "due_on", "delivered_on"]
    alone = "N°|Livrable|Date de livraison\n1|Plan|@2026-02-03\n2|Rapport|@2026-03-03"
    assert list(columns(read(workbook(sheet("Livrables", alone)), "fr")).values()) == ["id", "title", "due_on"]


def test_a_plain_description_names_the_rows_beside_others_that_tell_more() -> None:
    text = "No.|Descripción|Justificación|Impacto en tiempo|Estado\n1|Nueva pantalla|Ley nueva|2 días|Aprobado\n2|Nuevo informe|Uso diario|1 día|Rechazado"
    found = columns(read(workbook(sheet("Control de cambios", text)), "es"))
    assert list(found.values()) == ["id", "title", "description", "action_details", "status"]


def test_a_header_that_may_mean_a_column_does_where_the_cells_fit() -> None:
    text = "No|Action|Owner|Timeline\n1|Send the plan|Ann|{}\n2|Call the port|Bo|{}"
    assert columns(read(workbook(sheet("Actions", text.format("as long as it takes", "whenever somebody asks")))))["Timeline"] is None
    assert columns(read(workbook(sheet("Actions", text.format("Week 1", "@2026-02-01")))))["Timeline"] == "due_on"


def test_steps_that_are_alike_in_two_tests_are_two() -> None:
    steps = "Step|Directions|Expected result|Pass/Fail\n1|Start it|It runs|Pass\n2|{}|It does|Pass"
    found = read(text_document(heading("Test cases"), table(steps.format("Save")), table(steps.format("Print"), 2)))
    assert counts(found) == {"test": 4}
