"""Hostile files, tracker pages and names through pull, audit and every report: each costs a row or an error, the audit ends, pages stay safe."""

import json
import os
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx import Document
from lxml import html

from auditor.cli.main import main

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NASTY = '<img src=x onerror=alert(1)> =HYPERLINK("http://x.example","y") \x1b[2J\x07 \u202etxet'
PRINTABLE = "".join(letter for letter in NASTY if letter >= " ")

TOML = """
[store]
path = ".auditor"
[[source]]
name = "documents"
connector = "fileshare"
root = "Projects"
max_seconds = 60
max_memory_mb = 1024
[[source]]
name = "tracker"
connector = "jira"
pages = "pages"
[profiles]
default = "pm2"
[[project]]
id = "EVIL"
folders = ["EVIL"]
jira = ["EVIL"]
methodology = "pm2"
phase = "executing"
size = "medium"
"""


def package(path: Path, main_part: str, content: str) -> None:
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="a" Type="{OFFICE}/officeDocument" Target="{main_part}"/></Relationships>'
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("_rels/.rels", relations)
        file.writestr(main_part, content)


def word(path: Path, inner: str, before: str = "") -> None:
    package(path, "word/document.xml", f'{before}<w:document xmlns:w="{W}"><w:body>{inner}</w:body></w:document>')


def evil_folder(root: Path) -> None:
    root.mkdir(parents=True)
    word(root / "bomb.docx", "<w:p><w:r><w:t>" + "a" * (60 * 2**20) + "</w:t></w:r></w:p>")
    package(root / "bomb.xlsx", "xl/workbook.xml", f'<workbook xmlns="{S}">' + " " * (300 * 2**20) + "</workbook>")
    word(root / "xxe.docx", "<w:p><w:r><w:t>&a;</w:t></w:r></w:p>", '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>')
    word(root / "paragraphs.docx", "<w:p/>" * 1_500_000)
    (root / "encrypted.docx").write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 100
    )
    whole = root / "whole.docx"
    Document().save(str(whole))
    (root / "truncated.docx").write_bytes(whole.read_bytes()[:-200])
    (root / "empty.pdf").write_bytes(b"")
    (root / "loop").symlink_to(root, target_is_directory=True)
    (root / "me.docx").symlink_to(root / "me.docx")
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Far"
    sheet["A1"] = "x"
    sheet["XFD1048576"] = "far away"
    book.save(root / "sparse.xlsx")
    log = openpyxl.Workbook()
    risks = log.active
    assert risks is not None
    risks.title = "Risk Log"
    risks.append(["ID", "Title", "Description", "Status", "Likelihood", "Impact", "Owner", "Response"])
    for number in range(3):
        risks.append([f"R-{number}", PRINTABLE, PRINTABLE, "Approved", 5, 5, "", "=1+1"])
    log.save(root / '<script>alert(1)<!-- "Risk Log" =1+1.xlsx')
    note = Document()
    note.add_heading("Project Charter", 0)
    note.add_paragraph(PRINTABLE)
    note.save(str(root / "Project_Charter \x1b[2J\u202exslx.docx"))
    (root / os.fsdecode(b"Risk_Log_\xff\xfe.md")).write_bytes(b"# Risk Log\n\n\x00\x1b[31mred\n")


def evil_pages(root: Path) -> None:
    root.mkdir()
    deep: Any = "x"
    for _ in range(400):
        deep = {"content": [deep], "type": "doc"}

    def issue(id_: Any, key: Any, **fields: Any) -> dict[str, Any]:
        whole = {"summary": NASTY, "issuetype": {"name": "Task"}, "project": {"key": "EVIL", "name": NASTY}, "status": {"name": NASTY}}
        return {"id": id_, "key": key, "fields": whole | fields}

    issues = [
        issue("1", "EVIL-1"),
        issue("1", "EVIL-1", summary="the same again"),
        issue("2", "EVIL-2", summary="z" * 3_000_000),
        issue("3", "EVIL-3", description=deep),
        issue(
            "4", "EVIL-4", summary=7, assignee=[1, 2], created={"a": 1}, issuelinks="no", comment=[None], timespent="many", labels={"x": 1}
        ),
        issue("5", "EVIL-5", status=None, issuetype=None, priority=False, created="not a day", duedate="2026-99-99"),
        issue(None, None),
        issue([], {}),
        None,
        "text",
        {"id": "9"},
    ]
    (root / "one.json").write_text(json.dumps({"issues": issues, "startAt": "x", "total": -1}))
    (root / "deep.json").write_text('{"issues": ' + "[" * 100_000 + "]" * 100_000 + "}")
    (root / "broken.json").write_text('{"issues": [')
    (root / "list.json").write_text("[[], 3, null]")
    (root / "binary.json").write_bytes(b"\xff\xfe\x00\x01")
    (root / "gzip.json.gz").write_bytes(b"\x1f\x8bnot gzip")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("hostile")
    evil_folder(root / "Projects" / "EVIL")
    evil_pages(root / "pages")
    (root / "auditor.toml").write_text(TOML)
    return root


def run(folder: Path, *arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["-c", str(folder / "auditor.toml"), *arguments])
    return int(ended.value.code or 0)


@pytest.fixture(scope="module")
def pulled(folder: Path) -> Path:
    assert run(folder, "pull") in (0, 3)
    return folder


def question(folder: Path, capsys: pytest.CaptureFixture[str], sql: str) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert run(folder, "sql", sql, "--format", "json") == 0
    answer: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return answer


def safe_text(text: str) -> bool:
    return all(letter.isprintable() or letter == "\n" for letter in text)


@pytest.mark.xdist_group("hostile")
def test_every_file_gives_a_document_or_a_reason(pulled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No hostile file is lost, none is read as if it were sound, and the sound ones beside them are read."""
    rows = question(pulled, capsys, "select path, reason from unreadable where source = 'documents'")
    reasons = {str(row["path"]).rpartition("/")[2]: row["reason"] for row in rows}
    assert reasons["bomb.docx"] == "too_large"
    assert reasons["bomb.xlsx"] == "too_large"
    assert reasons["xxe.docx"] == "damaged"
    assert reasons["paragraphs.docx"] in ("too_large", "memory_limit")
    assert reasons["encrypted.docx"] == "encrypted"
    assert "truncated.docx" in reasons
    assert "empty.pdf" in reasons
    read = {str(row["path"]).rpartition("/")[2] for row in question(pulled, capsys, "select path from artefact")}
    assert {"sparse.xlsx", "whole.docx"} <= read | set(reasons)
    assert any("script" in name for name in read)
    everything = read | set(reasons)
    assert len([name for name in everything if "Risk_Log_" in name]) == 1
    assert not [name for name in everything if "loop" in name]
    assert not question(pulled, capsys, "select title from artefact where contains(title, 'root:x')")
    assert len(question(pulled, capsys, "select id from risk")) == 3


@pytest.mark.xdist_group("hostile")
def test_the_tracker_keeps_what_can_be_kept(pulled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Issues of a wrong shape are set aside, those beside them are read once each."""
    rows = question(pulled, capsys, "select key, length(title) as length from work_item where source = 'tracker' order by key")
    keys = [row["key"] for row in rows]
    assert {"EVIL-1", "EVIL-2"} <= set(keys)
    assert len(keys) == len(set(keys))


@pytest.mark.xdist_group("hostile")
def test_the_audit_ends_and_its_reports_are_safe(pulled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Terminal without control characters, pages without markup of sources, workbook without formulas, JSON that reads back."""
    capsys.readouterr()
    formats = ("--format", "text", "--format", "json", "--format", "xlsx", "--format", "html")
    assert run(pulled, "audit", *formats, "--output", str(tmp_path / "r")) == 0
    out, err = capsys.readouterr()
    assert safe_text(out)
    assert "Traceback" not in err
    report = json.loads((tmp_path / "r" / "audit.json").read_text("utf-8"))
    assert not [item for item in report["projects"][0]["evaluations"] if item["reason"] == "rule_error"]
    says = [item["says"] for finding in report["projects"][0]["findings"] for item in finding["evidence"]]
    assert any("onerror" in text for text in says), "the hostile texts reach the report"
    assert all(safe_text(text) for text in says)
    for page in (tmp_path / "r").rglob("*.html"):
        tree = html.parse(str(page))
        assert not list(tree.iter("script", "img", "iframe"))
        assert not [element for element in tree.iter() if any(name.startswith("on") for name in element.attrib)]
        assert "\x1b" not in page.read_text("utf-8")
    book = openpyxl.load_workbook(tmp_path / "r" / "findings.xlsx")
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    for arguments in (("show", "EVIL"), ("explain", "PM2-RSK-07", "--project", "EVIL"), ("sources", "list"), ("doctor",)):
        run(pulled, *arguments)
        out, err = capsys.readouterr()
        assert safe_text(out), arguments
        assert safe_text(err), arguments
    review = tmp_path / "review.xlsx"
    assert run(pulled, "sources", "review", "--output", str(review)) == 0
    cells = [cell for row in openpyxl.load_workbook(review)["Files"].iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
