"""Texts in other marks than Markdown: AsciiDoc, reStructuredText, org, and HTML amid Markdown."""

import pytest

from auditor.connect.document import Document, TableBlock, TextBlock
from auditor_connectors.documents.limits import Unreadable
from auditor_connectors.documents.reading import structure_of_bytes

RISKS = [["ID", "Risk", "Likelihood"], ["R1", "The site floods", "High"], ["R2", "The permit comes late", "Low"]]


def read(text: str, name: str) -> Document:
    return structure_of_bytes(text.encode(), name)


def tables(document: Document) -> list[list[list[str]]]:
    return [[[cell.text for cell in row] for row in block.rows] for block in document.blocks if isinstance(block, TableBlock)]


def headings(document: Document) -> list[tuple[int, str]]:
    return [(block.level, block.text) for block in document.blocks if isinstance(block, TextBlock) and block.level]


ADOC_CELLS = """= Risk register
Jane Roe
:revnumber: 2

== Open risks

.Risks of stage two
[cols="1,3,^1",options="header"]
|===
|ID |Risk |Likelihood

|R1
|The *site* floods
|High

|R2
a|The permit comes late
|Low
|===
"""
ADOC_ROWS = """== Risks
[%header,cols=3*]
|===
|ID|Risk|Likelihood
|R1|The site floods|High
|R2|The permit comes late|Low
|===
"""
RST_GRID = """
=============
Risk register
=============

Open
----

+----+-----------------------+------------+
| ID | Risk                  | Likelihood |
+====+=======================+============+
| R1 | The site floods       | High       |
+----+-----------------------+------------+
| R2 | The permit comes      | Low        |
|    | late                  |            |
+----+-----------------------+------------+
"""
RST_SIMPLE = """Risks
=====

==  =====================  ==========
ID  Risk                   Likelihood
==  =====================  ==========
R1  The **site** floods    High
R2  The permit comes late  Low
==  =====================  ==========
"""
RST_LIST = """Risks
=====

.. list-table:: Risks of stage two
   :header-rows: 1
   :widths: 10 60 30

   * - ID
     - Risk
     - Likelihood
   * - R1
     - The site floods
     - High
   * - R2
     - The permit
       comes late
     - Low
"""
RST_CSV = """Risks
=====

.. csv-table::
   :header: "ID", "Risk", "Likelihood"

   "R1", "The site floods", "High"
   "R2", "The permit comes late", "Low"
"""
ORG = """#+TITLE: Risk register
* TODO Open risks :pm:
:PROPERTIES:
:ID: 4711
:END:
| ID | Risk                  | Likelihood |
|----+-----------------------+------------|
| R1 | The *site* floods     | High       |
| R2 | The permit comes late | Low        |
"""
HTML_IN_MD = """# Risk register

<table>
  <tr><th>ID</th><th>Risk</th><th>Likelihood</th></tr>

  <tr><td>R1</td><td>The **site** floods</td><td>High</td></tr>
  <tr><td>R2</td><td>The permit comes late</td><td>Low</td></tr>
</table>

Text below.
"""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (ADOC_CELLS, "risks.adoc"),
        (ADOC_ROWS, "risks.asciidoc"),
        (RST_SIMPLE, "risks.rst"),
        (RST_LIST, "risks.rst"),
        (RST_CSV, "risks.rst"),
        (ORG, "risks.org"),
        (HTML_IN_MD, "risks.md"),
    ],
)
def test_a_table_is_a_table_however_it_is_marked(text: str, name: str) -> None:
    """The same table comes out of every notation, its first row marked as header."""
    found = read(text, name)
    assert [[[cell.replace("\n", " ") for cell in row] for row in table] for table in tables(found)] == [RISKS]
    assert [block.header_rows for block in found.blocks if isinstance(block, TableBlock)] == [1]


def test_a_cell_of_a_grid_may_have_several_lines() -> None:
    """Lines of one cell stay together, and the rule below the header tells the header."""
    found = read(RST_GRID, "risks.rst")
    assert [[[cell.replace("\n", " ") for cell in row] for row in table] for table in tables(found)] == [RISKS]


@pytest.mark.parametrize(
    ("text", "name", "wanted"),
    [
        (ADOC_CELLS, "r.adoc", [(1, "Risk register"), (2, "Open risks")]),
        (RST_GRID, "r.rst", [(1, "Risk register"), (2, "Open")]),
        (ORG, "r.org", [(1, "Risk register"), (1, "Open risks")]),
        ('<h1 align="center">Risk register</h1>\n\nText.', "r.md", [(1, "Risk register")]),
    ],
)
def test_headings_have_their_level(text: str, name: str, wanted: list[tuple[int, str]]) -> None:
    """Marks, rules and tags tell headings; keywords of tasks and tags are no part of them."""
    assert headings(read(text, name)) == wanted


def test_asciidoc_spans_cover_what_they_span() -> None:
    """A cell over two columns or two rows leaves the others where they stand."""
    found = read("|===\n2+|All risks |Owner\n\n.2+|R1 |Flood |Ann\n|Fire |Ben\n|===\n", "r.adoc")
    assert tables(found) == [[["All risks", "All risks", "Owner"], ["R1", "Flood", "Ann"], ["R1", "Fire", "Ben"]]]


def test_what_no_reader_sees_is_left_out() -> None:
    """Comments, anchors, includes and attributes are no text."""
    found = read("= Plan\n:toc:\n// a note\n////\nhidden\n////\n[[anchor]]\ninclude::other.adoc[]\n\nSeen <<anchor,there>>.\n", "p.adoc")
    assert [block.text for block in found.blocks if isinstance(block, TextBlock)] == ["Plan", "Seen there."]
    found = read("Plan\n====\n\n.. hidden\n   further\n\n.. _target:\n\nSeen :ref:`there <target>`.\n", "p.rst")
    assert [block.text for block in found.blocks if isinstance(block, TextBlock)] == ["Plan", "Seen there."]


def test_a_table_in_a_cell_stands_behind_its_table() -> None:
    """HTML within Markdown may hold a table in a cell; a table that never ends is text."""
    found = read(
        "<table><tr><td>A</td><td>B</td></tr><tr><td>x</td><td><table><tr><td>1</td><td>2</td></tr></table></td></tr></table>", "t.md"
    )
    assert tables(found) == [[["A", "B"], ["x", ""]], [["1", "2"]]]
    assert tables(read("<table><tr><td>A</td><td>B</td></tr>\n\n# Later", "t.md")) == []
    assert headings(read("<table><tr><td>A</td><td>B</td></tr>\n\n# Later", "t.md")) == [(1, "Later")]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("|===\n" * 2_000, "a.adoc"),
        ("[[x" * 20_000, "a.adoc"),
        ("|===\n" + "|x" * 5_000, "a.adoc"),
        ("=====\n" * 2_000 + "x", "a.rst"),
        ("+--+--+\n" + "|a |\n" * 500, "a.rst"),
        ("== ==\n" * 3, "a.rst"),
        (".. list-table::\n\n   * x\n     - y\n\ntext", "a.rst"),
        ("|\n|-\n*", "a.org"),
        ("a\tb\tc\nd\te\tf\ntext\n" * 2_000, "a.txt"),
        ("<table>" * 1_000, "a.md"),
    ],
)
def test_marks_out_of_place_end_nothing(text: str, name: str) -> None:
    """Marks that are never closed, or stand alone, leave a text or a reason why there is none."""
    try:
        assert read(text, name).blocks
    except Unreadable as refusal:
        assert refusal.reason == "empty"  # noqa: PT017  (either is right)
