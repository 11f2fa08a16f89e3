"""Files made to harm: a clear error, quickly, and never a traceback."""

import time
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.checklist.docx import write_docx
from auditor.checklist.html import write_html
from auditor.checklist.markdown import write_markdown
from auditor.checklist.read import read_checklist
from auditor.checklist.xlsx import write_xlsx
from auditor.errors import UsageError
from auditor.office import sheets
from auditor.office.sheets import LONGEST_TEXT
from tests.checklist.formats.deep import examples
from tests.checklist.formats.filling import fill_xlsx, line_of
from tests.checklist.formats.lists import open_list

LIST = open_list(4)


def changed(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """Change one part of an office file."""
    with zipfile.ZipFile(path) as source:
        members = [(info.filename, source.read(info)) for info in source.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in members:
            target.writestr(name, change(data) if name == part else data)
    return path


def refused(path: Path, match: str) -> None:
    began = time.monotonic()
    with pytest.raises(UsageError, match=match):
        read_checklist(path)
    assert time.monotonic() - began < 20


def test_a_bomb_is_not_inflated(tmp_path: Path) -> None:
    """A part of a gigabyte of blanks is refused by what the directory says of it, and by what comes out."""
    path = write_xlsx(LIST, tmp_path / "list.xlsx")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as file:
        file.writestr("bomb.xml", b"x")
    changed(path, "xl/worksheets/sheet2.xml", lambda data: data + b" " * (60 * 2**20))
    refused(path, "a part of the file inflates from")


BOMB = b'<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'


@pytest.mark.parametrize(
    "declaration", [BOMB, b'<!DOCTYPE l SYSTEM "file:///etc/passwd">', b'<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>']
)
@pytest.mark.parametrize(("suffix", "part"), [("xlsx", "xl/sharedStrings.xml"), ("docx", "word/document.xml")])
def test_no_document_type_no_entity(tmp_path: Path, suffix: str, part: str, declaration: bytes) -> None:
    """Billion laughs and files of the machine: refused before anything is expanded."""
    path = (write_xlsx if suffix == "xlsx" else write_docx)(LIST, tmp_path / f"list.{suffix}")
    changed(path, part, lambda data: data.replace(b"?>", b"?>" + declaration, 1))
    refused(path, "no XML that office programs write")


def test_deep_and_wide_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Elements nested without end, and more cells than a list has."""
    monkeypatch.setattr(sheets, "MOST_CELLS", 1_000)
    path = write_docx(LIST, tmp_path / "deep.docx")
    changed(path, "word/document.xml", lambda data: data.replace(b"<w:body>", b"<w:body>" + b"<w:p>" * 100_000, 1))
    refused(path, "damaged")
    path = write_xlsx(LIST, tmp_path / "wide.xlsx")
    rows = b"".join(b'<row r="%d">%s</row>' % (row, b"<c><v>1</v></c>" * 500) for row in range(100, 110))
    changed(path, "xl/worksheets/sheet2.xml", lambda data: data.replace(b"</sheetData>", rows + b"</sheetData>"))
    refused(path, "more than 1,000 cells")


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"PK\x03\x04" + b"\x00" * 100, b"\xd0\xcf\x11\xe0" + b"\x00" * 600, b"\xff\x00\x81"]
)
def test_broken_files(tmp_path: Path, content: bytes) -> None:
    """Cut off, empty, encrypted, of another kind."""
    path = tmp_path / "list.xlsx"
    path.write_bytes(content)
    with pytest.raises(UsageError):
        read_checklist(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """The error names it."""
    refused(tmp_path / "nowhere.xlsx", r"nowhere.xlsx: the file cannot be read")


def test_foreign_office_files(tmp_path: Path) -> None:
    """A workbook, a document and an archive that have nothing to do with a list."""
    import docx

    openpyxl.Workbook().save(tmp_path / "book.xlsx")
    docx.Document().save(str(tmp_path / "letter.docx"))
    with zipfile.ZipFile(tmp_path / "files.zip", "w") as archive:
        archive.writestr("a.txt", "a")
    for name in ("book.xlsx", "letter.docx", "files.zip"):
        refused(tmp_path / name, "no checklist")


def test_macros_are_parts_that_nobody_reads(tmp_path: Path) -> None:
    """Answers in a workbook with macros arrive; nothing is run."""
    path = write_xlsx(LIST, tmp_path / "list.xlsx")
    key = line_of(next(iter(LIST.questions())))
    fill_xlsx(LIST, path, {key: {"answer": "Yes"}})
    with zipfile.ZipFile(path, "a") as file:
        file.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 macro")
    changed(path, "[Content_Types].xml", lambda data: data.replace(b"spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main"))
    assert len(read_checklist(path).filled) == 1


def test_a_huge_cell_is_cut_and_named(tmp_path: Path) -> None:
    """More text than a cell may hold is no note."""
    path = write_xlsx(LIST, tmp_path / "list.xlsx")
    key = line_of(next(iter(LIST.questions())))
    fill_xlsx(LIST, path, {key: {"answer": "Yes", "note": "NOTE"}})
    changed(path, "xl/worksheets/sheet2.xml", lambda data: data.replace(b">NOTE<", b">" + b"x" * 1_000_000 + b"<"))
    back = read_checklist(path)
    assert [item.why for item in back.misread] == [f"the text has {LONGEST_TEXT:,} characters; at most 10,000 are kept"]


def test_what_people_write_never_becomes_markup(tmp_path: Path) -> None:
    """Control characters that hide in _x0007_ and the like are dropped."""
    path = write_xlsx(LIST, tmp_path / "list.xlsx")
    key = line_of(next(iter(LIST.questions())))
    fill_xlsx(LIST, path, {key: {"answer": "Yes", "note": "a_x0007_b_xD800_c_x000A_d"}})
    (answer,) = read_checklist(path).filled
    assert answer.given.note == "abc\nd"


@pytest.mark.parametrize("suffix", ["xlsx", "docx", "md", "html"])
@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damage_of_any_kind_is_an_error_or_a_list(suffix: str, tmp_path: Path, data: st.DataObject) -> None:
    """Bytes changed anywhere in any part: what is read is a list, or the error says so."""
    whole = tmp_path / f"list.{suffix}"
    if not whole.exists():
        {"xlsx": write_xlsx, "docx": write_docx, "md": write_markdown, "html": write_html}[suffix](LIST, whole)
    path = tmp_path / f"broken.{suffix}"
    content = whole.read_bytes()
    if suffix in {"xlsx", "docx"} and data.draw(st.booleans()):
        with zipfile.ZipFile(BytesIO(content)) as source:
            name = data.draw(st.sampled_from(sorted(source.namelist())))
        path.write_bytes(content)
        changed(path, name, lambda part: _damaged(part, data))
    else:
        path.write_bytes(_damaged(content, data))
    try:
        back = read_checklist(path)
    except UsageError:
        return
    assert back.checklist == LIST.id
    assert len(back.filled) + len(back.misread) <= 4


def _damaged(content: bytes, data: st.DataObject) -> bytes:
    at = data.draw(st.integers(0, max(len(content) - 1, 0)))
    length = data.draw(st.integers(0, 40))
    return content[:at] + data.draw(st.binary(max_size=20)) + content[at + length :]
