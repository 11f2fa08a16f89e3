"""Shapes that templates of organisations have: cards, counted columns, titles above forms, tables that go on without a header."""

import pytest
from register_tables import COMPILED, columns, counts, heading, read, sheet, table, text_document, workbook

from auditor.connect.document import TextBlock
from auditor.snapshot.documents.registers import RegistersRead

LESSONS = "No|Lesson|Category|Recommendation\n1|Early tests pay off|Quality|Test early\n2|Too many meetings|Team|Shorten them"


def text(*lines: str) -> tuple[TextBlock, ...]:
    return tuple(TextBlock(line, locator=f"paragraph {number}") for number, line in enumerate(lines, start=10))


def card(number: int, title: str, status: str, level: int = 2) -> tuple[TextBlock, ...]:
    head = TextBlock(f"Risk #{number}: {title}", level=level, level_basis="style", locator=f"paragraph {number}")
    return head, *text("- Probability: High", "- Impact: Low", "- Owner: Dana Wu", f"- Status: {status}")


def titles(found: RegistersRead) -> list[str]:
    return [row.values["title"] for row in found.found]


@pytest.mark.parametrize("counted", ["(1)|(2)|(3)|(4)", "1|2|3|4", "a|b|c|d", "[1]|[2]|[3]|[4]"])
def test_a_row_that_counts_the_columns_is_no_entry(counted: str) -> None:
    found = read(workbook(sheet("Risks", f"No|Risk|Owner|Status\n{counted}\n#1|Fire|Ann|Open")))
    assert titles(found) == ["Fire"]


def test_a_first_entry_of_numbers_that_do_not_count_is_one() -> None:
    assert counts(read(workbook(sheet("Risks", "No|Risk|Likelihood|Impact\n#1|Fire|#3|#4")))) == {"risk": 1}
    assert counts(read(workbook(sheet("Costs", "Item|Budget|Actual\n1|#2|#4")))) != {"risk": 1}


def test_merged_cells_make_a_header_of_two_rows() -> None:
    found = read(
        workbook(
            sheet(
                "Quality register",
                """
                Quality ID|Product title|Method|>2 Quality activity|>2 Sign-off|Result
                ^|^|^|Planned|Actual|Planned|Actual|^
                Q1|Manual|Review|@2026-02-01|@2026-02-02|@2026-02-10|@2026-02-12|Pass
                Q2|Portal|Review|@2026-03-01||@2026-03-10||
                """,
            )
        )
    )
    assert counts(found) == {"review": 2}
    assert {columns(found)[label] for label in ("Quality activity\nActual", "Quality activity\nPlanned")} == {"held_on", "planned_on"}


def test_fields_below_each_other_with_an_odd_number_of_entries() -> None:
    found = read(
        workbook(
            sheet(
                "Issues",
                """
                Field|Issue 1|Issue 2|Issue 3
                Issue ID|I-1|I-2|I-3
                Description|Server is slow|Printer is dead|Badge is lost
                Raised by|Ana|Ben|Cid
                Owner|Ben|Ben|Ana
                Status|Open|Closed|Open
                """,
            )
        )
    )
    assert [(row.own_id, row.values["title"]) for row in found.found] == [
        ("I-1", "Server is slow"),
        ("I-2", "Printer is dead"),
        ("I-3", "Badge is lost"),
    ]


def test_the_title_of_a_form_is_no_field() -> None:
    found = read(
        workbook(
            sheet(
                "CR 1", "CHANGE REQUEST|\nCR number|CR-1\nTitle of change|New ramp\nRequested by|Kim Oh\nDecision|Approved\nDecided by|CCB"
            )
        )
    )
    assert [(row.own_id, row.values["title"]) for row in found.found] == [("CR-1", "New ramp")]


def test_a_table_goes_on_without_a_header() -> None:
    rest = "3|Good supplier|Procurement|Use again\n4|Late papers|Board|Send them early"
    assert counts(read(text_document(heading("Lessons learned log"), table(LESSONS), table(rest, 2)))) == {"lesson": 4}


@pytest.mark.parametrize(
    "rest",
    [
        pytest.param("1|Good supplier|Procurement|Use again", id="counts anew"),
        pytest.param("Good supplier|Procurement|Use again|now", id="no numbers"),
        pytest.param("3|Good supplier|Use again", id="fewer columns"),
    ],
)
def test_another_table_is_no_continuation(rest: str) -> None:
    assert counts(read(text_document(heading("Lessons learned log"), table(LESSONS), table(rest, 2)))) == {"lesson": 2}


def test_words_between_end_a_table() -> None:
    rest = table("3|Good supplier|Procurement|Use again", 2)
    assert counts(read(text_document(heading("Lessons learned log"), table(LESSONS), *text("Something else:"), rest))) == {"lesson": 2}


def test_cards_written_as_paragraphs() -> None:
    found = read(text_document(heading("Risk register"), *card(1, "Late permits", "Open"), *card(2, "Crane failure", "Closed")))
    assert [(row.own_id, row.values["title"], row.values["status"], row.locator) for row in found.found] == [
        ("Risk #1", "Late permits", "proposed", "paragraph 1"),
        ("Risk #2", "Crane failure", "closed", "paragraph 2"),
    ]
    assert {row.values["likelihood"] for row in found.found} == {4}
    assert [kept.locator for kept in found.kept] == ["paragraph 1", "paragraph 2"]


def test_cards_with_labels_above_their_values() -> None:
    blocks = [heading("Decision log")]
    for number, said in enumerate(("Use the cloud", "One supplier"), start=1):
        blocks += [
            heading(f"D-{number}: {said}", 2),
            *text("Date: 12 January 2026", "Decision:", said, "Rationale:", "Cheap", "Decided by: Board"),
        ]
    found = read(text_document(*blocks))
    assert [(row.own_id, row.values["rationale"]) for row in found.found] == [("D-1", "Cheap"), ("D-2", "Cheap")]


def test_one_card_alone_or_below_no_name_is_none() -> None:
    assert not read(text_document(heading("Risk register"), *card(1, "Late permits", "Open"))).found
    assert not read(text_document(heading("Minutes"), *card(1, "Late permits", "Open"), *card(2, "Crane", "Open"))).found


def test_metadata_lines_of_parts_are_no_cards() -> None:
    lines = text("Owner: Ann", "Status: draft", "Date: 1 March 2026", "Version: 2")
    assert not read(text_document(heading("Risk management plan"), heading("Scope", 2), *lines, heading("Roles", 2), *lines)).found


@pytest.mark.parametrize(
    ("register", "header", "column"),
    [
        ("issue", "Prior.", "priority"),
        ("issue", "Date prév.", "due_on"),
        ("issue", "Obs.", "comment"),
        ("issue", "Bem.", "comment"),
        ("action", "Verantwortl.", "owner_id"),
        ("risk", "Eintrittswahrsch.", "likelihood"),
        ("risk", "Schadensklasse", "impact"),
        ("risk", "Eintrittswahrscheinlichkeitsklasse", "likelihood"),
        ("risk", "Impact What happens if it occurs? (low, medium, high)", "impact"),
        ("stakeholder", "Geplante Maßnahmen", "engagement"),
        ("lesson", "Recommandations proposées", "recommendation"),
        ("risk", "Vereinbarter Risikoeigner", "owner_id"),
        ("stakeholder", "Influence How much influence do they have over the project?", "influence"),
    ],
)
def test_abbreviations_compounds_and_questions_behind_a_header(register: str, header: str, column: str) -> None:
    found = next(found for found in COMPILED.registers if found.name == register)
    assert found.match(header)[0].column == column


@pytest.mark.parametrize("header", ["D.", "St.", "Ver.", "Nr. der Akte", "Abt. des Kunden"])
def test_what_several_columns_may_be_short_for_is_none_of_them(header: str) -> None:
    found = next(found for found in COMPILED.registers if found.name == "risk")
    assert {match.column for match in found.match(header)} <= {"id", "description", "status"}


def test_a_sheet_with_the_header_of_another_is_the_same_register() -> None:
    header = "AI #|Meeting date|Action item to see to|PoC|Suspense"
    first = sheet(
        "Q1",
        f"{header}\n1|@2026-01-07|Send the drawings to all|Ann Lee|@2026-01-14\n2|@2026-01-08|Review the whole contract|Bo Ek|@2026-01-20",
    )
    second = sheet("Q2", f"{header}\n3|@2026-04-07|Order|Bo Ek|@2026-04-14")
    other = sheet("Q3", "AI #|Meeting date|Action item to see to|PoC\n4|@2026-04-07|Order|Bo Ek")
    found = read(workbook(first, second, other, path="Action items 2026.xlsx"))
    assert [kept.locator for kept in found.kept][:2] == ["Q1", "Q2"]
    assert [row.locator for row in found.found if row.locator.startswith("Q2")] == ["Q2!A2:E2"]


def test_a_first_column_of_words_that_headers_use_turns_no_table() -> None:
    found = read(
        workbook(
            sheet(
                "Chancen und Risiken",
                """
                Typ|Nr|Titel|Strategie|Maßnahmen|Eigner|Ampel
                Risiko|R1|Streik|vermindern|Lager aufbauen|Fr. Lang|gelb
                Chance|C1|Förderung|nutzen|Antrag stellen|Hr. Berg|grün
                """,
            )
        ),
        "de",
    )
    assert titles(found) == ["Streik", "Förderung"]


def test_of_two_due_columns_the_one_with_days_is_taken() -> None:
    found = read(workbook(sheet("Deliverables", "No|Deliverable|Due (month)|Due date\nD1|Plan|M3|@2026-03-31\nD2|Pilot|M6|@2026-06-30")))
    assert [columns(found)[label] for label in ("Due (month)", "Due date")] == [None, "due_on"]


def test_words_of_a_status_below_a_header_that_nobody_knows() -> None:
    said = "No|Risk|Probability|Impact|Xyz\n1|Fire|high|low|Open\n2|Storm|low|low|Closed\n3|Flood|low|high|{}"
    found = read(workbook(sheet("Risks", said.format("Open"))))
    assert [row.values.get("status") for row in found.found] == ["proposed", "closed", "proposed"]
    assert columns(read(workbook(sheet("Risks", said.format("Main street")))))["Xyz"] is None
    assert columns(read(workbook(sheet("Risks", said.format("Open").replace("Closed", "Open")))))["Xyz"] is None


def test_a_planned_day_is_not_the_day_on_which_it_happened() -> None:
    milestone = next(found for found in COMPILED.registers if found.name == "milestone")
    assert not {match.column for match in milestone.match("Planned reached on")} & {"achieved_on"}


def test_letters_tell_the_rows_of_a_log_apart() -> None:
    text = """
    Ref|Entry type|Entry|Entered on|Owner|Due
    1|R|Supplier may be late|@2026-01-05|Lane|@2026-02-01
    2|I|Supplier is late|@2026-02-02|Lane|@2026-02-20
    3|A|Call the second supplier|@2026-02-02|Lane|@2026-02-05
    """
    assert counts(read(workbook(sheet("Log", text)))) == {"risk": 1, "issue": 1, "action": 1}


def test_a_day_of_decision_by_the_words_in_its_header() -> None:
    text = "No|Change request|Applicant|Verdict day of CCB\n1|Blue|Sales|@2026-02-10\n2|Red|Sales|@2026-02-12"
    assert columns(read(workbook(sheet("Change requests", text))))["Verdict day of CCB"] == "decided_on"


def test_a_log_of_several_registers_waits_for_its_first_entry() -> None:
    header = "ID|Type|Description|Owner|Due date|Status"
    for parsed in (
        workbook(sheet("RAID", header)),
        workbook(sheet("Sheet1", f"RAID log||||||\n{header}")),
        workbook(sheet("A", header), path="Orion_RAID.xlsx"),
    ):
        found = read(parsed)
        assert {kept.table for kept in found.kept} == {"risk", "issue"}
        assert not found.found
    assert not read(workbook(sheet("Tasks", header))).kept
    assert counts(read(workbook(sheet("RAID", f"{header}\n1|Risk|Fire|Ann||Open\n2|Issue|No room|Bo||Open")))) == {"risk": 1, "issue": 1}


def test_headers_that_begin_as_those_of_the_register_speak_for_it_in_its_place() -> None:
    text = "Group / person|Unit|Role in project|Interest in outcome|Power over all|Abc\nUnions|Staff|Consulted|high|low|x\nBoard|Top|Sponsor|low|high|y"
    assert counts(read(workbook(sheet("SH", text), path="Stakeholders.xlsx"))) == {"stakeholder": 2}
    assert not read(workbook(sheet("SH", text), path="Book.xlsx")).found


@pytest.mark.parametrize(
    "headers",
    [
        "Pb (inh.)|Imp (inh.)|Exposure (inh.)|Pb (res.)|Imp (res.)|Exposure (res.)",
        "Prob (inh.)|Impact (inh)|Score (inh.)|Prob (res.)|Impact (res)|Score (res.)",
        "Prob. (Inherent)|Imp. (Inherent)|Exposure (Inherent)|Prob. (Residual)|Imp. (Residual)|Exposure (Residual)",
        "Likelihood [inh.]|Impact [inh.]|Rating [inh.]|Likelihood [res.]|Impact [res.]|Rating [res.]",
    ],
)
def test_brackets_say_whether_a_rating_is_before_or_after_the_response(headers: str) -> None:
    lines = [f"Ref|Cause|Event|Effect|{headers}|Risk owner|State", "R-1|Old cables|Power fails|No light|#3|#2|#6|#2|#4|#8|Ann Smith|Open"]
    found = read(workbook(sheet("Risks", "\n".join(lines)))).found[0].values
    said = ("likelihood", "impact", "score", "residual_likelihood", "residual_impact", "residual_score")
    assert [int(found[column]) for column in said if column in found] == [3, 2, 6, 2, 4, 8]


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("Impact analysis finished", "en"),
        ("Auswirkungsanalyse abgeschlossen", "de"),
        ("Analyse d'impact terminée", "fr"),
        ("Analizado el", "es"),
    ],
)
def test_the_day_of_the_analysis_is_no_analysis(header: str, language: str) -> None:
    lines = f"No.|Issue|Raised|{header}|Closed on\nI-1|The lift is too small|2026-03-11|2026-03-19|2026-05-08"
    found = read(workbook(sheet("Issues", lines)), language).found[0].values
    assert str(found["assessed_on"]) == "2026-03-19"
    assert "impact_analysis" not in found


def test_products_that_a_second_sheet_lists_as_configuration_items_are_one_entry_each() -> None:
    """That sheet holds plans and reports too, by ids of another kind; a product that only it knows is one."""
    products = (
        "Product ID|Product|Status|Product accepted on|Accepted by\nP01|Model|accepted|@2026-06-26|Ann Lee\nP02|Portal|in development||"
    )
    items = (
        "Item ID|Title|Type|Version|Status|Owner\nX-PB|Project brief|Document|1.0|approved|Bo Ek\nX-SP1|Stage 1 plan|Document|1.0|approved|Bo Ek\n"
        "P01|Model|Document|1.0|accepted|Jo Lake\nP02|Portal|Software|0.8|in development|Jo Lake\nP03|Handbook|Document|0.1|in development|Jo Lake"
    )
    found = read(workbook(sheet("Product register", products), sheet("Configuration item records", items)))
    rows = {row.own_id: row for row in found.found}
    assert sorted(rows) == ["P01", "P02", "P03"]
    assert len(found.found) == len(rows)
    assert rows["P01"].values["accepted_by"] == "Ann Lee"
    assert rows["P01"].values["owner_id"] == "Jo Lake"


def test_a_second_sheet_of_other_products_is_kept_whole() -> None:
    first = "Product ID|Product|Status|Accepted by\nP01|Model|accepted|Ann Lee\nP02|Portal|in development|"
    second = "Product ID|Product|Status|Accepted by\nQ01|Tram|accepted|Ann Lee\nQ02|Rail|accepted|"
    assert len(read(workbook(sheet("Products", first), sheet("Products of the supplier", second))).found) == 4


def test_a_second_list_of_products_keeps_those_with_ids_of_another_kind() -> None:
    """Only configuration items are known to be plans and reports as well."""
    first = "Product ID|Product|Status|Accepted by\nP01|Model|accepted|Ann Lee\nP02|Portal|in development|"
    second = "Product ID|Product|Status|Accepted by\nP02|Portal|in development|\nQ05|Rail|accepted|"
    found = read(workbook(sheet("Products of stage 1", first), sheet("Products of stage 2", second))).found
    assert sorted(str(row.own_id) for row in found) == ["P01", "P02", "Q05"]


def test_the_risks_of_another_year_are_no_second_word_on_those_of_this() -> None:
    """Sheets by year hold what was then."""
    now, then = "ID|Risk|Status\nR-01|Fire|Open", "ID|Risk|Status\nR-01|Fire|Closed"
    assert [row.values["status"] for row in read(workbook(sheet("2026", now), sheet("2025", then))).found] == ["proposed", "closed"]


def test_a_report_lists_what_was_open_when_a_stage_ended() -> None:
    found = read(
        text_document(
            heading("7. Issues and risks"), table("ID|Open issue at the end of the stage|Owner|Due\nISS-07|No signal|Ann Lee|@2026-09-18")
        )
    )
    (row,) = found.found
    assert (row.table, row.own_id, row.values["title"]) == ("issue", "ISS-07", "No signal")
