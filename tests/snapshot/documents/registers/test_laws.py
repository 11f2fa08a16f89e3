"""Laws: what must not matter for what is read."""

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from register_tables import cell, read, workbook

from auditor.connect.document import Cell, TableBlock
from auditor.snapshot.documents.found import Found

HEADERS = [
    "ID",
    "Risk title",
    "Description",
    "Likelihood (1-5)",
    "Impact",
    "Risk owner",
    "Identification date",
    "Response",
    "Status",
    "Zebra",
]
WORDS = st.sampled_from(
    [
        "Open",
        "Closed",
        "High",
        "low",
        "3",
        "12",
        "Ann Lee",
        "TBD",
        "",
        "@2026-03-04",
        "03.04.2026",
        "=",
        "Mitigate",
        "~gone",
        "n/a",
        "e.g. x",
        "<b>",
    ]
)
ROW = st.lists(WORDS, min_size=len(HEADERS), max_size=len(HEADERS))


def block(columns: list[int], body: list[list[str]], above: int = 0) -> TableBlock:
    width = len(columns)
    titles = [(Cell(f"Remark {number} of nobody"), *[Cell("", type="empty")] * (width - 1)) for number in range(above)]
    header = tuple(Cell(HEADERS[column]) for column in columns)
    rows = [tuple(cell(row[column]) for column in columns) for row in body]
    return TableBlock((*titles, header, *rows), name="Risk log", locator="Risk log")


def said(found: tuple[Found, ...]) -> list[tuple[object, ...]]:
    return [(row.table, row.own_id, dict(row.values), row.filled, row.key) for row in found]


def body_of(rows: list[list[str]]) -> list[list[str]]:
    return [[f"R{number}", f"Risk number {number}", *row[2:]] for number, row in enumerate(rows, 1)]


@settings(max_examples=60, deadline=None)
@given(st.permutations(range(len(HEADERS))), st.lists(ROW, max_size=4))
def test_the_order_of_columns_never_matters(order: list[int], rows: list[list[str]]) -> None:
    body = body_of(rows)
    plain = read(workbook(block(list(range(len(HEADERS))), body)))
    mixed = read(workbook(block(order, body)))
    assert said(mixed.found) == said(plain.found)
    assert len(plain.found) == len(rows)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 30), st.lists(ROW, max_size=3))
def test_rows_above_the_header_never_matter(above: int, rows: list[list[str]]) -> None:
    body = body_of(rows)
    columns = list(range(len(HEADERS)))
    assert said(read(workbook(block(columns, body, above))).found) == said(read(workbook(block(columns, body))).found)


@settings(max_examples=40, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=6), st.data())
def test_a_row_does_not_depend_on_the_others(rows: list[list[str]], data: st.DataObject) -> None:
    body = body_of(rows)
    columns = list(range(len(HEADERS)))
    # Several numbers beyond the scale tell that there is another scale: then no number of the column is a level.
    assume(all(sum(row[at] == "12" for row in body) < 2 for at in (HEADERS.index("Likelihood (1-5)"), HEADERS.index("Impact"))))
    kept = data.draw(st.sets(st.integers(0, len(body) - 1), min_size=1))
    everything = read(workbook(block(columns, body)))
    some = read(workbook(block(columns, [body[index] for index in sorted(kept)])))
    assume(some.mapped == everything.mapped)  # the values of all rows choose between columns that a header may mean
    assert said(some.found) == [said(everything.found)[index] for index in sorted(kept)]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.text(max_size=12), min_size=2, max_size=6), min_size=1, max_size=6))
def test_any_table_is_survived(rows: list[list[str]]) -> None:
    table = TableBlock(tuple(tuple(Cell(text) for text in row) for row in rows), name="Risks", locator="Risks")
    for row in read(workbook(table)).found:
        assert row.filled <= {*row.filled, *row.values}
        assert all(value is not None for value in row.values.values())
