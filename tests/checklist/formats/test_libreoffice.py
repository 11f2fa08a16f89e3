"""Lists filled in by LibreOffice: opened, written into, sorted, filtered, saved. Where it is not installed nothing can be said."""

import shutil
import subprocess
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from auditor.checklist.docx import write_docx
from auditor.checklist.read import read_checklist
from auditor.checklist.xlsx import write_xlsx
from tests.checklist.formats.filling import fill_docx, line_of
from tests.checklist.formats.lists import a_list, open_list

pytestmark = [
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed"),
    pytest.mark.xdist_group("libreoffice"),
]

MACRO = """\
Sub Fill(source, target)
  On Error Goto Failed
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden" : hidden(0).Value = True
  document = StarDesktop.loadComponentFromURL(ConvertToURL(source), "_blank", 0, hidden())
  sheet = document.Sheets.getByName("Checklist")
  answer = Column(sheet, "Answer") : who = Column(sheet, "Answered by") : givenOn = Column(sheet, "Answered on") : note = Column(sheet, "Note")
  sheet.getCellByPosition(answer, 1).String = "Yes"
  sheet.getCellByPosition(givenOn, 1).FormulaLocal = "2026-05-03"
  sheet.getCellByPosition(answer, 2).String = "maybe"
  sheet.getCellByPosition(answer, 3).Formula = "=IF(1=1;""No"";""Yes"")"
  sheet.getCellByPosition(answer, 4).Formula = "=1/0"
  sheet.getCellByPosition(answer, 5).String = "partly"
  sheet.getCellByPosition(note, 5).String = "first" & Chr(10) & "second"
  sheet.getCellByPosition(givenOn, 5).String = "3 May 2026"
  sheet.getCellByPosition(answer, 6).String = "Not applicable"
  For row = 1 To 8
    sheet.getCellByPosition(who, row).String = "Anna Weber"
  Next row
  Dim key(0) As New com.sun.star.table.TableSortField
  key(0).Field = 0 : key(0).IsAscending = False
  Dim how(1) As New com.sun.star.beans.PropertyValue
  how(0).Name = "SortFields" : how(0).Value = key()
  how(1).Name = "ContainsHeader" : how(1).Value = True
  sheet.getCellRangeByPosition(0, 0, Column(sheet, "Counts as") + 2, 8).sort(how())
  sheet.Rows.getByIndex(3).IsVisible = False
  document.calculateAll()
  Dim kind(0) As New com.sun.star.beans.PropertyValue
  kind(0).Name = "FilterName" : kind(0).Value = "Calc MS Excel 2007 XML"
  document.storeToURL(ConvertToURL(target), kind())
  document.close(True)
  Exit Sub
Failed:
  Open target + ".txt" For Output As #1
  Print #1, Error$ + " in line " + Erl
  Close #1
  StarDesktop.terminate()
End Sub

Function Column(sheet, title)
  For number = 0 To 40
    If sheet.getCellByPosition(number, 0).String = title Then
      Column = number
      Exit Function
    End If
  Next number
End Function
"""

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE {0} PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "{1}.dtd">\n'


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A profile of LibreOffice with the macro."""
    profile = tmp_path_factory.mktemp("office")
    run(profile, "--terminate_after_init")  # makes the profile, without the macro
    folder = profile / "user" / "basic" / "Standard"
    folder.mkdir(parents=True, exist_ok=True)
    library = 'library:name="Standard" library:readonly="false" library:passwordprotected="false"'
    namespace = 'xmlns:library="http://openoffice.org/2000/library"'
    (folder / "script.xlb").write_text(
        _HEAD.format("library:library", "library")
        + f'<library:library {namespace} {library}><library:element library:name="Lists"/></library:library>'
    )
    (folder / "dialog.xlb").write_text(_HEAD.format("library:library", "library") + f"<library:library {namespace} {library}/>")
    for name in ("script", "dialog"):
        link = f'xmlns:xlink="http://www.w3.org/1999/xlink"><library:library library:name="Standard" xlink:href="$(USER)/basic/Standard/{name}.xlb/"'
        text = f'<library:libraries {namespace} {link} xlink:type="simple" library:link="false"/></library:libraries>'
        (profile / "user" / "basic" / f"{name}.xlc").write_text(_HEAD.format("library:libraries", "libraries") + text)
    module = MACRO.replace("&", "&amp;").replace("<", "&lt;")
    (folder / "Lists.xba").write_text(
        _HEAD.format("script:module", "module")
        + f'<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Lists" script:language="StarBasic">{module}</script:module>'
    )
    return profile


def run(office: Path, *arguments: str) -> None:
    command = ["soffice", f"-env:UserInstallation=file://{office}", "--headless", "--norestore", *arguments]
    done = subprocess.run(command, capture_output=True, timeout=90, check=False)
    assert done.returncode == 0, done.stderr


def test_a_workbook_filled_in_sorted_and_filtered(office: Path, tmp_path: Path) -> None:
    """Every valid answer arrives from a sorted, filtered, protected sheet; every invalid one is named by the cell where it now stands."""
    checklist = open_list(8)
    keys = [line_of(question) for question in checklist.questions()]
    write_xlsx(checklist, tmp_path / "list.xlsx")
    run(office, f"macro:///Standard.Lists.Fill({tmp_path / 'list.xlsx'},{tmp_path / 'filled.xlsx'})")
    sheet = openpyxl.load_workbook(tmp_path / "filled.xlsx")["Checklist"]
    assert [sheet.cell(row, 1).value for row in range(2, 10)] == [8, 7, 6, 5, 4, 3, 2, 1]
    back = read_checklist(tmp_path / "filled.xlsx")
    found = {(item.question, item.subject or ""): (item.given, item.place) for item in back.filled}
    assert {key: (given.says, given.author, given.on, given.note, place) for key, (given, place) in found.items()} == {
        keys[0]: ("yes", "Anna Weber", date(2026, 5, 3), "", "Checklist!I9"),
        keys[2]: ("no", "Anna Weber", None, "", "Checklist!I7"),
        keys[4]: ("partly", "Anna Weber", date(2026, 5, 3), "first\nsecond", "Checklist!I5"),
    }
    assert [(item.place, item.what, item.why) for item in back.misread] == [
        ("Checklist!J4", "Not applicable", "the answer “Not applicable” needs a note that says why"),
        ("Checklist!I6", "#DIV/0!", "a formula that ends in an error"),
        ("Checklist!I8", "maybe", "this is no answer"),
    ]
    assert back.untouched == 2


def test_the_formulas_give_what_was_written_for_them(office: Path, tmp_path: Path) -> None:
    """LibreOffice calculates the counts, scores and bands that stand in the file before anybody opens it."""
    before = write_xlsx(a_list(), tmp_path / "list.xlsx")
    (tmp_path / "out").mkdir()
    run(office, "--convert-to", "xlsx", "--outdir", str(tmp_path / "out"), str(before))
    formulas = openpyxl.load_workbook(before)
    one, other = openpyxl.load_workbook(before, data_only=True), openpyxl.load_workbook(tmp_path / "out" / "list.xlsx", data_only=True)
    compared = 0
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    compared += 1
                    mine, theirs = one[sheet.title][cell.coordinate].value, other[sheet.title][cell.coordinate].value
                    assert (theirs or "") == pytest.approx(mine or "") if isinstance(mine, float) else (theirs or "") == (mine or "")
    assert compared > 40


def test_a_document_saved_by_libreoffice(office: Path, tmp_path: Path) -> None:
    """Content controls, hidden identities and answers survive another office program."""
    checklist = open_list(4)
    keys = [line_of(question) for question in checklist.questions()]
    path = write_docx(checklist, tmp_path / "list.docx")
    words = {keys[0]: {"answer": "Yes", "author": "Bo", "on": "3 May 2026", "note": "a & <b>"}, keys[2]: {"answer": "perhaps"}}
    fill_docx(checklist, path, words)
    (tmp_path / "out").mkdir()
    run(office, "--convert-to", "docx", "--outdir", str(tmp_path / "out"), str(path))
    before, back = read_checklist(path), read_checklist(tmp_path / "out" / "list.docx")
    assert back == before
    assert [(item.given.says, item.given.on, item.given.note) for item in back.filled] == [("yes", date(2026, 5, 3), "a & <b>")]
    assert [item.why for item in back.misread] == ["this is no answer"]
