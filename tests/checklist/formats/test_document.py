"""What people and Word do to documents, and house styles."""

import copy
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm

from auditor.checklist.checklist import Checklist, ReadBack
from auditor.checklist.docx import write_docx
from auditor.checklist.identity import line_key
from auditor.checklist.read import read_checklist
from auditor.errors import UsageError
from tests.checklist.formats.filling import fill_docx, line_of, tag_of, write_control
from tests.checklist.formats.lists import a_list, open_list

FOUR = open_list(4)
KEYS = [line_of(question) for question in FOUR.questions()]
QUESTIONS = list(FOUR.questions())


def changed(tmp_path: Path, change: Any, checklist: Checklist = FOUR) -> ReadBack:
    """A list of four, the first answered yes by J, and *change* done to the document."""
    path = write_docx(checklist, tmp_path / "list.docx")
    return read_checklist(fill_docx(checklist, path, {KEYS[0]: {"answer": "Yes", "author": "J"}}, change))


def table_of(document: Any, number: int) -> Any:
    """The table of a question, from 0."""
    return [table for table in document.tables if table.cell(0, 0).text.startswith(str(number + 1))][-1]


def control(document: Any, field: str, number: int) -> Any:
    tag = f"auditor:{field}:{line_key(FOUR, QUESTIONS[number])}"
    return next(item for item in document.element.iter(qn("w:sdt")) if tag_of(item) == tag)


def yes(back: ReadBack) -> list[tuple[str, str]]:
    return [(item.question, item.subject or "") for item in back.filled if item.given.says == "yes"]


def test_written_beside_the_control_or_without_it(tmp_path: Path) -> None:
    """Some people delete the control, or type behind it: the cell counts."""

    def write(document: Any) -> None:
        answer = control(document, "answer", 1)
        answer.getparent().append(parse_xml(f"<w:r {nsdecls('w')}><w:t>yes</w:t></w:r>"))
        note = control(document, "note", 1)
        paragraph = note.getparent()
        paragraph.remove(note)
        paragraph.append(parse_xml(f"<w:r {nsdecls('w')}><w:t>by hand</w:t></w:r>"))

    back = changed(tmp_path, write)
    assert [(item.question, item.given.note) for item in back.filled] == [(KEYS[0][0], ""), (KEYS[1][0], "by hand")]


def test_tracked_changes(tmp_path: Path) -> None:
    """What was deleted does not count, what was inserted does."""

    def track(document: Any) -> None:
        run = next(control(document, "answer", 0).iter(qn("w:r")))
        place = run.getparent()
        place.remove(run)
        about = 'w:id="9" w:author="J" w:date="2026-05-03T10:00:00Z"'
        place.append(parse_xml(f"<w:del {nsdecls('w')} {about}><w:r><w:delText>Yes</w:delText></w:r></w:del>"))
        place.append(parse_xml(f"<w:ins {nsdecls('w')} {about}><w:r><w:t>Partly</w:t></w:r></w:ins>"))

    assert [item.given.says for item in changed(tmp_path, track).filled] == ["partly"]


def test_questions_moved_deleted_copied_and_joined(tmp_path: Path) -> None:
    """Tables in another order, one gone, two grown into one, one copied with another answer."""

    def shuffle(document: Any) -> None:
        body = document.element.body
        first, second, third = (table_of(document, number)._tbl for number in range(3))
        body.remove(third)
        body.insert(0, second)
        write_control(control(document, "answer", 1), "Yes")
        for row in list(first.iter(qn("w:tr"))):
            second.append(row)
        body.remove(first)

    back = changed(tmp_path, shuffle)
    assert (yes(back), back.misread, back.untouched) == ([KEYS[1], KEYS[0]], (), 2)

    def duplicate(document: Any) -> None:
        table = table_of(document, 0)._tbl
        twin = copy.deepcopy(table)
        table.addnext(twin)
        table.addnext(parse_xml(f"<w:p {nsdecls('w')}/>"))
        write_control(next(item for item in twin.iter(qn("w:sdt")) if tag_of(item).startswith("auditor:answer")), "No")

    back = changed(tmp_path, duplicate)
    assert back.filled == ()
    assert [(item.what, item.why) for item in back.misread] == [
        ("Yes", f"the question was answered differently in {back.misread[1].place}"),
        ("No", "the question was answered differently in question 1, Answer"),
    ]
    assert back.misread[1].place.startswith("table ")


def test_an_identity_that_is_gone_or_damaged(tmp_path: Path) -> None:
    """Somebody removed hidden text: the answer is named, not guessed. A question of one's own is shown."""

    def unhide(document: Any) -> None:
        for run in table_of(document, 0).cell(0, 0).paragraphs[0].runs[1:]:
            run._r.getparent().remove(run._r)
        run = table_of(document, 1).cell(0, 0).paragraphs[0].runs[1]
        run.text = run.text[:-4]
        table = document.add_table(2, 2)
        for place, text in (((0, 0), "Did we like working together at all?"), ((1, 0), "Answer"), ((1, 1), "Yes")):
            table.cell(*place).text = text

    back = changed(tmp_path, unhide)
    assert back.filled == ()
    assert [item.why for item in back.misread] == [
        "the hidden identity of the line is missing",
        "the hidden identity of the line is damaged",
    ]
    assert [item.what for item in back.unknown] == ["Did we like working together at all?"]


def test_the_day_of_a_date_picker(tmp_path: Path) -> None:
    """A picked day is read as Word shows it; where the text is empty, as Word keeps it."""

    def pick(document: Any) -> None:
        picker = control(document, "on", 0)
        write_control(picker, "")
        picker.find(qn("w:sdtPr")).find(qn("w:date")).set(qn("w:fullDate"), "2026-05-03T00:00:00Z")

    (answer,) = changed(tmp_path, pick).filled
    assert (answer.given.author, answer.given.on) == ("J", date(2026, 5, 3))


def test_the_house_style_is_kept(tmp_path: Path) -> None:
    """Page, header, footer and styles are the template's; its text is not; styles that it lacks fall back."""
    template = docx.Document()
    template.add_paragraph("Text of the template")
    template.sections[0].page_width, template.sections[0].page_height = Cm(25), Cm(25)
    template.sections[0].header.paragraphs[0].text = "ACME Corporation"
    template.styles["Heading 1"].font.name = "Georgia"
    for name in ("Subtitle", "Heading 2"):
        element = template.styles[name].element
        element.getparent().remove(element)
    template.save(str(tmp_path / "house.docx"))
    path = write_docx(a_list(), tmp_path / "list.docx", tmp_path / "house.docx")
    document = docx.Document(str(path))
    section = document.sections[0]
    assert (round(section.page_width.cm), section.header.paragraphs[0].text) == (25, "ACME Corporation")
    assert "8c1f0355ab01" in section.footer.paragraphs[0].text
    assert document.styles["Heading 1"].font.name == "Georgia"
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert "Text of the template" not in texts
    assert {"Governance", "How to fill in", "Galaxy: one portal for all offices"} <= set(texts)
    assert read_checklist(path).untouched == 8
    assert write_docx(a_list(), tmp_path / "again.docx", tmp_path / "house.docx").read_bytes() == path.read_bytes()


def test_templates_of_word_and_what_is_none(tmp_path: Path) -> None:
    """A .dotx is taken; macros, workbooks and texts are refused."""
    import zipfile

    import openpyxl

    docx.Document().save(str(tmp_path / "a.docx"))
    for name, kind in (("a.dotx", b"wordprocessingml.template.main+xml"), ("a.docm", b"ms-word.document.macroEnabled.main+xml")):
        with zipfile.ZipFile(tmp_path / "a.docx") as source, zipfile.ZipFile(tmp_path / name, "w") as target:
            for info in source.infolist():
                target.writestr(info.filename, source.read(info).replace(b"wordprocessingml.document.main+xml", kind))
    assert read_checklist(write_docx(FOUR, tmp_path / "list.docx", tmp_path / "a.dotx")).untouched == 4
    openpyxl.Workbook().save(tmp_path / "a.xlsx")
    (tmp_path / "a.txt").write_text("no document")
    for name, why in (
        ("a.docm", "holds macros|no document"),
        ("a.xlsx", "no document"),
        ("a.txt", "damaged"),
        ("nowhere.docx", "cannot be read"),
    ):
        with pytest.raises(UsageError, match=why):
            write_docx(FOUR, tmp_path / "list.docx", tmp_path / name)


def test_only_links_into_the_web(tmp_path: Path) -> None:
    """What a source calls an address becomes a link only where a browser may open it."""
    document = docx.Document(str(write_docx(a_list(), tmp_path / "list.docx")))
    links = [relation.target_ref for relation in document.part.rels.values() if relation.is_external]
    assert links == ["https://example.org/charter?x=1&y=2"]
    tags = [tag_of(item) for item in document.element.iter(qn("w:sdt"))]
    assert len(tags) == len(set(tags)) == 8 * 6 + 2 + 4
    assert all(len(tag) <= 64 for tag in tags)
