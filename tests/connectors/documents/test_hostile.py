"""Files that want to harm: each costs one reason, within the limits."""

import io
import os
import struct
import time
import zipfile
from pathlib import Path

import pytest

from auditor_connectors.documents import Limits, ReaderPool, Unreadable, structure, structure_of_bytes

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def zipped(parts, compression=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return buffer.getvalue()


def office(main, content, **more):
    relations = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="{REL}/officeDocument" Target="{main}"/></Relationships>'
    return zipped({"_rels/.rels": relations, main: content, **more})


def docx(inner, before=""):
    return office("word/document.xml", f'{before}<w:document xmlns:w="{W}"><w:body>{inner}</w:body></w:document>')


def reason(data, name="a.docx", limits=None):
    with pytest.raises(Unreadable) as caught:
        structure_of_bytes(data, name, limits or Limits())
    assert "\n" not in caught.value.error
    return caught.value.reason


def test_zip_bombs():
    big = b"<w:p><w:r><w:t>" + b"a" * (60 * 2**20)
    assert reason(docx(big.decode())) == "too_large"
    many = office("word/document.xml", f'<w:document xmlns:w="{W}"><w:body/></w:document>', **{f"x{n}.xml": "a" for n in range(50)})
    assert reason(many, limits=Limits(members=20)) == "too_large"
    inner = zipped({"deep.zip": zipped({"deeper.zip": zipped({"a": b"0" * 10_000_000})})})
    assert reason(inner, "a.docx") == "unsupported"
    parts = {f"word/header{n}.xml": f'<w:hdr xmlns:w="{W}">' + " " * 200_000 + "</w:hdr>" for n in range(10)}
    links = "".join(f'<Relationship Id="h{n}" Type="{REL}/header" Target="header{n}.xml"/>' for n in range(10))
    parts["word/_rels/document.xml.rels"] = (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{links}</Relationships>'
    )
    assert (
        reason(
            office(
                "word/document.xml", f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>x</w:t></w:r></w:p></w:body></w:document>', **parts
            ),
            limits=Limits(total_bytes=1_000_000),
        )
        == "too_large"
    )


def test_overlapping_members_and_lies_about_size():
    data = bytearray(docx("<w:p><w:r><w:t>" + "word " * 5_000 + "</w:t></w:r></w:p>"))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 10)  # the directory says ten bytes
    assert reason(bytes(data)) == "damaged"
    data = bytearray(docx("<w:p/>"))
    first, second = [position for position in range(len(data)) if data[position : position + 4] == b"PK\x01\x02"]
    data[second + 42 : second + 46] = data[first + 42 : first + 46]  # both members begin at the same place
    assert reason(bytes(data)) == "damaged"


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>'


@pytest.mark.parametrize(
    "before",
    [
        LAUGHS,
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
        '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]>',
        "<!-- " + "x" * 5_000 + " -->" + LAUGHS,
    ],
)
def test_document_types_and_entities_are_refused(before):
    body = "<w:p><w:r><w:t>&d;&a;</w:t></w:r></w:p>" if "ENTITY" in before else "<w:p><w:r><w:t>x</w:t></w:r></w:p>"
    assert reason(docx(body, before)) == "damaged"
    wide = f'<?xml version="1.0" encoding="UTF-16"?>{before}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'.encode("utf-16")
    assert reason(office("word/document.xml", wide)) == "damaged"
    styles = f"{before}<styleSheet xmlns='{S}'/>"
    book = office(
        "xl/workbook.xml",
        f'<workbook xmlns="{S}"/>',
        **{
            "xl/styles.xml": styles,
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="s" Type="{REL}/styles" Target="styles.xml"/></Relationships>',
        },
    )
    assert reason(book, "a.xlsx") == "damaged"


def test_deep_nesting():
    depth = 3_000
    tables = "<w:tbl><w:tr><w:tc>" * depth + "</w:tc></w:tr></w:tbl>" * depth
    assert reason(docx(tables)) == "damaged"
    controls = "<w:sdt><w:sdtContent>" * 120 + "<w:p><w:r><w:t>deep</w:t></w:r></w:p>" + "</w:sdtContent></w:sdt>" * 120
    cell = f"<w:tbl><w:tr><w:tc>{controls}</w:tc><w:tc><w:p><w:r><w:t>b</w:t></w:r></w:p></w:tc></w:tr><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>"
    assert structure_of_bytes(docx(controls + cell), "a.docx").blocks
    page = "<html><body>" + "<div>" * 5_000 + "deep" + "</div>" * 5_000
    assert reason(page.encode(), "a.html") == "damaged"
    odt = (
        "<office:document-content xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0' xmlns:text='urn:oasis:names:tc:opendocument:xmlns:text:1.0'><office:body><office:text>"
        + "<text:section>" * 200
        + "<text:p>x</text:p>"
        + "</text:section>" * 200
        + "</office:text></office:body></office:document-content>"
    )
    assert structure_of_bytes(zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": odt}), "a.odt").is_cut


def test_too_many_paragraphs():
    assert reason(docx("<w:p/>" * 3_000), limits=Limits(elements=2_000)) == "too_large"
    words = "<w:p><w:r><w:t>word</w:t></w:r></w:p>" * 3_000
    cut = structure_of_bytes(docx(words), "a.docx", Limits(blocks=100))
    assert cut.is_cut
    assert len(cut.blocks) <= 101


def test_four_million_paragraphs(tmp_path):
    (tmp_path / "a.docx").write_bytes(docx("<w:p/>" * 4_000_000))
    begin = time.monotonic()
    with ReaderPool(Limits(seconds=60, memory_bytes=768 * 2**20), workers=1) as pool:
        read = pool.read(tmp_path / "a.docx")
    assert read.reason in {"too_large", "memory_limit"}
    assert time.monotonic() - begin < 60


def test_encrypted_office_files_and_old_ones():
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    assert reason(ole + "EncryptedPackage".encode("utf-16-le") + b"\0" * 100) == "encrypted"
    for stream, name in (("WordDocument", "a.doc"), ("PowerPoint Document", "a.ppt"), ("   114", "a.mpp")):
        assert reason(ole + stream.encode("utf-16-le") + b"\0" * 100, name) == "unsupported"
    assert reason(ole + "Workbook".encode("utf-16-le") + b"\0" * 100, "a.xls") == "damaged"
    manifest = "<manifest:manifest xmlns:manifest='urn:m'><manifest:encryption-data/></manifest:manifest>"
    assert (
        reason(
            zipped({"mimetype": "application/vnd.oasis.opendocument.text", "META-INF/manifest.xml": manifest, "content.xml": "x"}), "a.odt"
        )
        == "encrypted"
    )
    data = bytearray(docx("<w:p/>"))
    for position in range(len(data)):
        if data[position : position + 4] == b"PK\x01\x02":
            data[position + 8] |= 1  # the directory says: encrypted
    assert reason(bytes(data)) == "encrypted"


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a.pdf", "a.odt", "a.md", "a.csv", "a"])
def test_nothing_in_it(name):
    assert reason(b"", name) == "empty"


def test_truncated_and_changed_at_random(tmp_path):
    """Whatever the bytes, there is a structure or a reason."""
    import random

    import docx as library
    import openpyxl
    from reportlab.pdfgen.canvas import Canvas

    written = library.Document()
    written.add_heading("Risks", 1)
    written.add_table(rows=3, cols=3)
    written.save(str(tmp_path / "a.docx"))
    book = openpyxl.Workbook()
    for row in range(30):
        book.active.append([row, f"text {row}", row * 1.5])
    book.save(tmp_path / "a.xlsx")
    canvas = Canvas(str(tmp_path / "a.pdf"))
    canvas.drawString(72, 700, "some words on a page")
    canvas.save()
    chance = random.Random(7)
    outcomes = set()
    for path in (tmp_path / "a.docx", tmp_path / "a.xlsx", tmp_path / "a.pdf"):
        whole = path.read_bytes()
        for turn in range(60):
            data = bytearray(whole[: chance.randrange(len(whole))] if turn % 2 else whole)
            for _ in range(chance.randrange(1, 30)):
                if data:
                    data[chance.randrange(len(data))] = chance.randrange(256)
            try:
                outcomes.add(structure_of_bytes(bytes(data), path.name).format)
            except Unreadable as error:
                outcomes.add(error.reason)
    assert "damaged" in outcomes


def test_content_decides_not_the_name():
    data = docx("<w:p><w:r><w:t>words</w:t></w:r></w:p>")
    assert structure_of_bytes(data, "a.pdf").format == "docx"
    assert reason(b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "scan.pdf") == "no_text_layer"
    assert reason(b"just words", "a.docx") == "damaged"
    assert reason(b"MZ\x90\0" + b"\0" * 100, "a.docx") == "not_a_document"
    assert reason(b"def f():\n    pass\n", "a.py") == "not_a_document"
    assert reason(b"\x00\x01\x02\x03" * 100, "a.dat") == "not_a_document"
    assert reason(b"{\\rtf1 words}", "a.docx") == "unsupported"
    assert reason(b"   \n\t ", "a.md") == "empty"


# The child process


def test_files_one_after_the_other_in_one_child(tmp_path):
    for number in range(20):
        (tmp_path / f"{number}.md").write_text(f"# {number}\n\ntext\n")
    with ReaderPool(workers=2) as pool:
        found = list(pool.read_all((number, tmp_path / f"{number}.md") for number in range(20)))
        assert len({child._process.pid for child in pool._children}) <= 2
    assert [number for number, _ in found] == list(range(20))
    assert all(read.document["blocks"][0]["text"] == str(number) for number, read in found)
    assert all(len(read.sha256) == 64 for _, read in found)


def test_time_limit_ends_the_child_not_the_run(tmp_path):
    (tmp_path / "slow.docx").write_bytes(docx("<w:p><w:r><w:t>word</w:t></w:r></w:p>" * 400_000))
    (tmp_path / "quick.md").write_text("# Quick\n\ntext\n")
    with ReaderPool(Limits(seconds=0.2, blocks=1_000_000), workers=1) as pool:
        assert pool.read(tmp_path / "quick.md").document is not None  # the child is up
        begin = time.monotonic()
        assert pool.read(tmp_path / "slow.docx").reason == "time_limit"
        assert time.monotonic() - begin < 10
        assert pool.read(tmp_path / "quick.md").document is not None


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="address space is limited on Linux only")
@pytest.mark.parametrize("mebibytes", [40, 48, 64])
def test_memory_limit(tmp_path, mebibytes):
    """Wherever the memory ends, in our code or in a parser that then calls the file damaged."""
    rows = "".join(f"<si><t>{'x' * 50}{n}</t></si>" for n in range(400_000))
    strings = f'<sst xmlns="{S}">{rows}</sst>'
    relations = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="s" Type="{REL}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    (tmp_path / "big.xlsx").write_bytes(
        office("xl/workbook.xml", f'<workbook xmlns="{S}"/>', **{"xl/sharedStrings.xml": strings, "xl/_rels/workbook.xml.rels": relations})
    )
    (tmp_path / "small.md").write_text("# Small\n\ntext\n")
    with ReaderPool(Limits(memory_bytes=mebibytes * 2**20, ratio=10_000), workers=1) as pool:
        assert pool.read(tmp_path / "big.xlsx").reason == "memory_limit"
        assert pool.read(tmp_path / "small.md").document is not None


def test_child_that_dies_is_replaced(tmp_path):
    (tmp_path / "a.md").write_text("# A\n\ntext\n")
    with ReaderPool(workers=1) as pool:
        assert pool.read(tmp_path / "a.md").document is not None
        child = pool._children[0]
        os.kill(child._process.pid, 11)
        child._process.wait()
        assert pool.read(tmp_path / "a.md").reason == "crashed"
        assert pool.read(tmp_path / "a.md").document is not None


def test_missing_file_is_gone_and_a_folder_is_none(tmp_path):
    with ReaderPool(workers=1) as pool:
        assert pool.read(tmp_path / "nothing.md").has_vanished
        assert pool.read(tmp_path).reason == "damaged"
    with pytest.raises(Unreadable):
        structure(tmp_path)


def test_stopping_early_ends_the_children(tmp_path):
    for number in range(10):
        (tmp_path / f"{number}.md").write_text("# A\n\ntext\n")
    pool = ReaderPool(workers=1)
    reading = pool.read_all((number, tmp_path / f"{number}.md") for number in range(10))
    next(reading)
    reading.close()
    assert pool._children == []
    assert pool.read(tmp_path / "0.md").reason == "crashed"
