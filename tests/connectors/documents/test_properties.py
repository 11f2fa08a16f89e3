"""Laws that hold for whatever stands in a file."""

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.connect.document import Document, TableBlock, TextBlock
from auditor_connectors.documents import Limits, Unreadable, structure_of_bytes
from auditor_connectors.documents.numbers import read_format
from auditor_connectors.documents.ruled import Edges, grids_of
from auditor_connectors.documents.text import broken_reference_count, clean, is_placeholder, numbering_depth, placeholder_count

FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
CODES = st.text(alphabet='0#?.,%;:/-_*[]"\\@ dmyhsAPEe+$€', max_size=25)


@FEW
@given(CODES, st.floats(allow_nan=True, allow_infinity=True), st.booleans())
def test_every_number_format_shows_every_number(code, number, is_1904):
    text, value, kind = read_format(code).show(number, is_1904=is_1904)
    assert isinstance(text, str)
    assert kind in {"text", "number", "date"}
    assert kind != "date" or str(value)[:4].isdecimal()


@FEW
@given(st.text(max_size=300))
def test_texts_are_clean_once_and_for_all(text):
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert all(char == "\n" or ord(char) >= 32 for char in cleaned)
    cleaned.encode("utf-8")
    assert placeholder_count(cleaned) >= 0
    assert not is_placeholder(" ")
    assert broken_reference_count(cleaned) >= 0
    assert 0 <= numbering_depth(cleaned) <= 7


@FEW
@given(
    st.binary(max_size=400) | st.text(max_size=400).map(str.encode),
    st.sampled_from(["a.md", "a.csv", "a.txt", "a.html", "a.docx", "a.xls", "a"]),
)
def test_any_bytes_give_a_structure_or_a_reason(data, name):
    try:
        document = structure_of_bytes(data, name)
    except Unreadable:
        return
    assert document.blocks
    assert Document.from_json(document.to_json()) == document
    for block in document.blocks:
        assert block.text if isinstance(block, TextBlock) else len({len(row) for row in block.rows}) == 1


@FEW
@given(
    st.lists(
        st.lists(st.text(alphabet="abc,;\"' 1\n", min_size=1, max_size=8).filter(str.strip), min_size=2, max_size=4), min_size=1, max_size=6
    )
)
def test_values_come_back_from_csv(rows):
    width = max(map(len, rows))
    rows = [row + ["x"] * (width - len(row)) for row in rows]
    file = io.StringIO()
    csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows)
    (table,) = structure_of_bytes(file.getvalue().encode(), "a.csv").blocks
    assert isinstance(table, TableBlock)
    assert [[cell.text for cell in row] for row in table.rows] == [[clean(text) for text in row] for row in rows]


@FEW
@given(st.integers(1, 5), st.integers(1, 5), st.sets(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=8))
def test_cells_of_drawn_tables_cover_the_grid(rows, columns, missing):
    if rows * columns < 2:
        return
    edges = Edges(10_000, 10_000)
    for row in range(rows + 1):
        edges.add(0, 100 * row, 100 * columns, 100 * row)
    for column in range(columns + 1):
        for row in range(rows):
            if not (0 < column < columns) or (row, column) not in missing:
                edges.add(100 * column, 100 * row, 100 * column, 100 * row + 100)
    grids = list(grids_of(edges))
    if rows == 1 and {(0, column) for column in range(1, columns)} <= missing:
        assert grids == []  # one cell is a frame
        return
    (grid,) = grids
    every = [(row, column) for row in range(len(grid.ys) - 1) for column in range(len(grid.xs) - 1)]
    assert len(grid.ys) - 1 == rows
    for place in every:
        origin = grid.origin(*place)
        assert grid.origin(*origin) == origin
        assert origin <= place


@pytest.mark.parametrize(
    ("text", "count", "is_all"),
    [
        ("<Project name>", 1, True),
        ("Name: <Project name>", 1, False),
        ("[Describe the scope of the project]", 1, True),
        ("[Décrire le contexte]", 1, True),
        ("[Hier Text einfügen]", 1, True),
        ("[Insertar nombre]", 1, True),
        ("{{project}}", 1, True),
        ("TBD", 1, True),
        ("tbd", 0, False),
        ("dd/mm/yyyy", 1, True),
        ("JJ/MM/AAAA", 1, True),
        ("TT.MM.JJJJ", 1, True),
        ("xx/xx/xxxx", 1, True),
        ("Click or tap here to enter text.", 1, True),
        ("Klicken oder tippen Sie hier, um Text einzugeben.", 1, True),
        ("Cliquez ou appuyez ici pour entrer du texte.", 1, True),
        ("Haga clic o pulse aquí para escribir texto.", 1, True),
        ("Lorem ipsum dolor sit amet", 1, True),
        ("Signature: ________", 0, False),
        ("Naming: NN.Title.MILL.yyyy-mm-dd.vX.Y, without blanks.", 0, False),
        ("File names: (XX).(DocumentName).MILL.(yyyy-mm-dd).v(x.x).", 0, False),
        ("Approved on (dd/mm/yyyy) by the owner", 1, False),
        ("Dateien heißen MÜHLE_Titel_JJJJ-MM-TT.", 0, False),
        ("Approved on yyyy-mm-dd by the board", 1, False),
        ("Subject of mails: [MILL][Topic][type]", 0, False),
        ("Files: [Project]_[Title]_[Version].docx", 0, False),
        ("Led by [name] [role]", 2, False),
        ("Nommage : plans « NN Titre vX.Y », comptes rendus « AAAA-MM-JJ objet »", 0, False),
        ("Protokolle heißen „Protokoll JJJJ-MM-TT“.", 0, False),
        ("Minutes are called “yyyy-mm-dd minutes of the board”", 0, False),
        ("Days are written in the format dd/mm/yyyy.", 0, False),
        ("Signed on “dd/mm/yyyy”", 1, False),
        ("Name: ________", 1, False),
        ("this allowed ratings to be determined within a day", 0, False),
        ("The dates are to be determined.", 1, True),
        ("stories follow “As a <type of user>, I want <some goal>”", 0, False),
        ("the plan of “<Project name>”", 1, False),
        ("see [1], [RFC 2119] and [x]", 0, False),
        ("<b>bold</b> and <br/>", 0, False),
        ("<https://example.org> or <a@b.c>", 0, False),
        ("a < b and c > d", 0, False),
        ("Introduction .............. 4", 0, False),
        ("The name [Annex 2] says it", 0, False),
        ("", 0, False),
    ],
)
def test_template_residue(text, count, is_all):
    assert (placeholder_count(text), is_placeholder(text)) == (count, is_all)


def test_limits_cut_and_say_so():
    text = "\n\n".join(f"paragraph {number}" for number in range(100))
    cut = structure_of_bytes(text.encode(), "a.txt", Limits(blocks=10))
    assert (len(cut.blocks), cut.is_cut) == (10, True)
    short = structure_of_bytes(text.encode(), "a.txt", Limits(text=50))
    assert short.is_cut
    assert structure_of_bytes(text.encode(), "a.txt").is_cut is False
    with pytest.raises(Unreadable, match="too_large"):
        structure_of_bytes(text.encode(), "a.txt", Limits(file_bytes=10))
