"""`auditor sample` as a user calls it: drawn from a register, filled in, read, counted by the next audit."""

import csv
from pathlib import Path

import openpyxl
import pytest

from tests.cli.conftest import auditor  # noqa: F401  (a fixture)

RULE = """
id: OWN-REQ-1
title: Requirements are understandable
requirement: Each requirement can be understood by who builds it.
cites: [{standard: own}]
answers: [OWN-REQ-1]
area: requirements
severity: major
about: requirement
decides: nothing
ask: Can it be understood without asking?
cases:
- name: a person must read it
  given: {requirement: [{id: R1}]}
  expect: {verdict: not_assessed, reason: awaiting_answer}
- name: a person read it
  given: {requirement: [{id: R1}]}
  answer: {says: 'yes'}
  expect: {verdict: conform, attested: true}
- name: a person could not understand it
  given: {requirement: [{id: R1}]}
  answer: {says: 'no'}
  expect: {verdict: nonconform}
"""


@pytest.fixture(scope="module")
def pulled(tmp_path_factory):
    from auditor.cli.main import main

    folder = tmp_path_factory.mktemp("sampling")
    place = folder / "Projects" / "GROVE"
    place.mkdir(parents=True)
    with (place / "Requirements.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["Req ID", "Requirement", "Priority", "Status"])
        for number in range(1, 121):
            rows.writerow([f"REQ-{number:03}", f"The system sends reminder number {number}", ["High", "Low"][number % 3 == 0], "Approved"])
    pack = folder / "own"
    (pack / "requirements").mkdir(parents=True)
    (pack / "pack.yaml").write_text("name: own\nversion: '1'\ntitle: Our own\nstandard: own\n", "utf-8")
    (pack / "clauses.yaml").write_text(
        "clauses:\n- {id: OWN-REQ-1, requirement: Understandable, area: requirements, status: manual, reason: needs a reader, rules: [OWN-REQ-1]}\n",
        "utf-8",
    )
    (pack / "requirements" / "OWN-REQ-1.yaml").write_text(RULE, "utf-8")
    (folder / "auditor.toml").write_text(
        '[store]\npath = ".auditor"\n[[source]]\nname = "documents"\nconnector = "fileshare"\nroot = "Projects"\n'
        '[rules]\nfolders = ["own"]\n[profiles]\ndefault = "own"\n',
        "utf-8",
    )
    with pytest.raises(SystemExit) as ended:
        main(["-c", str(folder / "auditor.toml"), "pull"])
    assert not ended.value.code
    return folder


def fill(path: Path, answers, *, order=None):
    book = openpyxl.load_workbook(path)
    sheet = book["Items"]
    sheet.protection.disable()
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    for row in rows if order is None else order(rows):
        for column, value in enumerate(answers(), 5):
            row[column - 1] = value
    for number, row in enumerate(rows if order is None else order(rows), 2):
        for column, value in enumerate(row, 1):
            sheet.cell(number, column).value = value
    book.save(path)


def test_from_a_register_to_the_next_audit(pulled, auditor, tmp_path):  # noqa: F811
    path = tmp_path / "s.xlsx"
    drawn = auditor("sample", "draw", "own-req-1", "--project", "GROVE", "--by", "priority", "-o", str(path), cwd=pulled)
    assert drawn.code == 0, drawn
    assert "of 120: if more than 5 % of all fail, such a sample shows it with 95 % confidence; accepted when none fails" in drawn.said
    again = tmp_path / "again.xlsx"
    auditor("sample", "draw", "OWN-REQ-1", "--project", "GROVE", "--by", "priority", "-o", str(again), cwd=pulled)
    assert again.read_bytes() == path.read_bytes()
    nothing = auditor("sample", "read", str(path), cwd=pulled)
    assert nothing.code == 0
    assert "of 120, 0 to 120 fail" in nothing.said
    fill(path, lambda: ["Yes ", None, "Ada Byron", "2026-11-02"], order=lambda rows: sorted(rows, key=lambda row: str(row[1]))[::-1])
    dry = auditor("sample", "read", str(path), "--dry-run", cwd=pulled)
    assert "accepted: no more than 5 % fail" in dry.said
    assert not (pulled / ".auditor" / "ledger.sqlite").exists()
    kept = auditor("sample", "read", str(path), cwd=pulled)
    assert kept.code == 0, kept
    count = int(drawn.said.split(" of 120")[0].split()[-1])
    assert f"{count} answers kept, 0 were there already" in kept.said
    assert f"0 answers kept, {count} were there already" in auditor("sample", "read", str(path), cwd=pulled).said
    audited = auditor("audit", "--format", "json", cwd=pulled)
    import json

    found = json.loads(audited.out)["projects"][0]["evaluations"][0]
    assert (found["passed"], found["undecided"], found["verdict"]) == (count, 120 - count, "not_assessed")


def test_cells_that_hold_no_answer_are_named_and_nothing_is_kept(pulled, auditor, tmp_path):  # noqa: F811
    path = tmp_path / "s.xlsx"
    auditor("sample", "draw", "OWN-REQ-1", "--project", "GROVE", "--size", "6", "--seed", "x", "-o", str(path), cwd=pulled)
    wrong = iter([("maybe", None), ("not applicable", None), ("no", "the 5th"), ("yes", None), ("partly", None), (None, None)])

    def answers():
        said, day = next(wrong)
        return [said, None, "Ada", day]

    fill(path, answers)
    book = openpyxl.load_workbook(path)
    sheet = book["Items"]
    for column in range(1, 11):
        sheet.cell(8, column).value = sheet.cell(5, column).value
        sheet.cell(9, column).value = sheet.cell(5, column).value
    sheet.cell(9, 10).value = "REQ-999"
    book.save(path)
    ran = auditor("sample", "read", str(path), cwd=pulled)
    assert ran.code == 2
    for said in (
        "5 cells hold no answer",
        "Items!E2: 'maybe' is no answer; write yes, no, partly or not applicable",
        "Items!E3: 'not applicable' needs a note that says why",
        "Items!H4: 'the 5th' is no day; write it YYYY-MM-DD",
        "is answered in Items!E5 too; keep one",
        "Items!E9: the row 'REQ-999' was not drawn",
        "nothing was kept",
    ):
        assert said in ran.said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("OWN-REQ-2", "--project", "GROVE"), "there is no rule 'OWN-REQ-2'"),
        (("OWN-REQ-1", "--project", "GRAVE"), "there is no project 'GRAVE'"),
        (("OWN-REQ-1", "--project", "GROVE", "--by", "prio"), "requirement has no column 'prio'"),
        (("OWN-REQ-1", "--project", "GROVE", "--confidence", "sure"), "'sure' is no percentage"),
        (("OWN-REQ-1", "--project", "GROVE", "--tolerable", "100"), "not from 0 to below 100"),
        (("OWN-REQ-1", "--project", "GROVE", "--confidence", "0"), "confidence between 0 and 1"),
    ],
)
def test_wrong_wishes(pulled, auditor, tmp_path, arguments, said):  # noqa: F811
    ran = auditor("sample", "draw", *arguments, "-o", str(tmp_path / "x.xlsx"), cwd=pulled)
    assert ran.code == 2
    assert said in ran.said
    assert list(tmp_path.iterdir()) == []


def test_files_that_are_no_sample(pulled, auditor, tmp_path):  # noqa: F811
    text = tmp_path / "x.xlsx"
    text.write_text("hello", "utf-8")
    assert "it cannot be read as a workbook" in auditor("sample", "read", str(text), cwd=pulled).said
    book = openpyxl.Workbook()
    book.save(text)
    assert "it holds no sample" in auditor("sample", "read", str(text), cwd=pulled).said
    path = tmp_path / "s.xlsx"
    auditor("sample", "draw", "OWN-REQ-1", "--project", "GROVE", "--size", "3", "-o", str(path), cwd=pulled)
    book = openpyxl.load_workbook(path)
    book["Items"]["E1"].value = "What I think"
    book.save(path)
    ran = auditor("sample", "read", str(path), cwd=pulled)
    assert ran.code == 2
    assert "the sheet Items has no column 'Answer'" in ran.said


def test_titles_of_a_source_never_become_formulas_or_dangerous_links(tmp_path):
    from decimal import Decimal

    from auditor.sampling.draw import Subject, draw
    from auditor.sampling.sheet import write_sheet

    items = [
        Subject(table="risk", id="=1+1", what='=HYPERLINK("http://x")', place="@SUM(A1)", url="javascript:alert(1)"),
        Subject(table="risk", id="R2", what="+x" * 40_000, url="https://example.org/a?b=1"),
    ]
    sample = draw(items, rule="R", project="P", snapshot="s", confidence=Decimal("0.9"), tolerable=Decimal("0.1"))
    path = write_sheet(sample, "Title", "Question?", tmp_path / "s.xlsx")
    sheet = openpyxl.load_workbook(path)["Items"]
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert [cell.hyperlink.target for cell in cells if cell.hyperlink] == ["https://example.org/a?b=1"]
