"""Files that are damaged, hostile, or in whatever dialect."""

import csv
import io
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor_connectors.tabular.lines import csv_lines, encoding_of
from tests.connectors.tabular.source import COSTS, Exports

HEADER = "Category,Amount,Date\n"


def test_nul_bytes_are_left_out(exports):
    found = exports.write("a.csv", b"Category,Amount,Date\nSt\0aff,1,2026-01-01\n").read()
    assert found.rows("cost", "category", "amount") == [("Staff", Decimal(1))]


def test_a_quote_that_is_never_closed_ends_what_can_be_read(exports):
    found = exports.write("a.csv", HEADER + 'A,1,2026-01-01\n"B,1,2026-01-01\n' + "C,1,2026-01-01\n" * 100).read()
    assert [fact.locator for fact in found.facts["cost"] if fact.values] == ["a.csv row 2"]
    assert found.walks["P"].reason == "row_unreadable"
    assert not found.filled["cost"].is_complete


def test_a_quote_that_swallows_lines_never_gives_a_row(exports):
    found = exports.write("a.csv", HEADER + '"A,1,2026-01-01\nB,"1",2026-01-01\nC,3,2026-01-01\n').read()
    assert all(fact.values.get("category") in {None, "C"} for fact in found.facts["cost"])
    assert not found.walks["P"].is_complete


@pytest.mark.parametrize("quoted", [True, False])
def test_a_cell_of_ten_megabytes_costs_one_row(exports, quoted):
    mark = '"' if quoted else ""
    found = exports.write("a.csv", HEADER + f"A,1,2026-01-01\n{mark}{'x' * 10_000_000}{mark},1,2026-01-01\nC,3,2026-01-01\n").read()
    assert sorted(fact.values.get("category", "") for fact in found.facts["cost"]) == ["", "A", "C"]
    assert found.walks["P"].reason == "row_unreadable"


def test_a_long_text_where_a_day_should_be_costs_no_time(exports):
    found = exports.write("a.csv", HEADER + f'A,1,"{"T, " * 6_000}"\nB,1,"{"1, " * 6_000}"\n').read()
    assert [fact.values.get("period_on") for fact in found.facts["cost"]] == [None, None]
    assert all("period_on" not in fact.filled for fact in found.facts["cost"])


def test_a_file_that_is_not_in_its_declared_encoding(exports):
    found = exports.write("a.csv", HEADER + "A,1,2026-01-01\n").read(COSTS.replace("    rows:", "    encoding: utf-16\n    rows:"))
    assert [thing.reason for thing in found.unread] == ["damaged"]


def test_a_text_of_many_lines_is_one_cell(exports):
    text = "line\n" * 300
    found = exports.write("a.csv", HEADER + f'"{text}",1,2026-01-01\nB,1,2026-01-01\n').read()
    assert [fact.locator for fact in found.facts["cost"]] == ["a.csv row 2", "a.csv row 3"]
    assert found.facts["cost"][0].values["category"].count("line") == 300


@pytest.mark.parametrize(
    ("cell", "category"),
    [
        ('"=HYPERLINK(""http://evil.example"",""Staff"")"', "Staff"),
        ("=cmd|' /C calc'!A0", None),
        ('"=1+1"', None),
        ("@SUM(A1:A2)", None),
        ("'=x", "=x"),
        ('="007"', "007"),
        ("-", ""),
        ("- a point", "- a point"),
        ("=> arrow", "=> arrow"),
        ("+32 2 123", "+32 2 123"),
    ],
)
def test_a_formula_is_never_taken_for_its_value(exports, cell, category):
    (fact,) = exports.write("a.csv", HEADER + f"{cell},1,2026-01-01\n").read().facts["cost"]
    said = fact.values.get("category", "") if "category" in fact.filled else None
    assert said == category


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-32"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_found(exports, encoding, delimiter):
    text = (
        HEADER.replace(",", delimiter)
        + delimiter.join(["Bürö, neu; x", "1.5", "2026-01-01"] if delimiter not in ",;" else ["Bürö", "1.5", "2026-01-01"])
        + "\n"
    )
    found = exports.write("a.csv", text, encoding).read()
    assert found.rows("cost", "category", "amount")[0][0].startswith("Bürö")
    assert found.walks["P"].is_complete


def test_text_that_turns_out_not_to_be_utf_8_late_is_read_as_cp1252(tmp_path):
    file = tmp_path / "a.csv"
    file.write_bytes(b"a,b\n" * 50_000 + "é,x\n".encode("cp1252"))
    assert encoding_of(file) == "cp1252"


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.csv", b"", "empty"),
        ("a.csv", bytes(range(256)) * 40, "not_a_document"),
        ("a.xlsx", b"PK\x03\x04broken", "damaged"),
        ("a.csv", b"\n\n\n", "empty"),
    ],
)
def test_a_file_that_is_no_table_leaves_everything_incomplete(exports, name, data, reason):
    found = exports.write(name, data).read()
    assert [thing.reason for thing in found.unread] == [reason]
    assert found.walks["P"].reason == reason
    assert found.walks[""].reason == reason


def test_a_zip_bomb_is_refused(exports):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", b"<workbook>" + b" " * 60_000_000)
    found = exports.write("a.xlsx", packed.getvalue()).read()
    assert [thing.reason for thing in found.unread] == ["too_large"]
    assert not found.walks["P"].is_complete


def test_lines_are_read_one_at_a_time(tmp_path):
    """The file is not opened before the first line is wanted, and a line that was left is not kept."""
    import tracemalloc

    file = tmp_path / "big.csv"
    with file.open("w") as out:
        out.writelines(f"{number},Staff,12.50,2026-01-01,{'x' * 100}\n" for number in range(15_000))
    tracemalloc.start()
    count = sum(1 for _ in csv_lines(file, "utf-8", ","))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 15_000
    assert peak < 1_000_000


TEXT = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\u200b\ufeff\u2028\u2029"), min_size=1, max_size=15
).map(lambda said: f"c{said}".strip())
DAYS = st.dates(date(2000, 1, 1), date(2030, 12, 31))
AMOUNTS = st.decimals(Decimal(-(10**9)), Decimal(10**9), places=2)
DAY_FORMS = {"%Y-%m-%d": None, "%d.%m.%Y": None, "%d/%b/%Y": None, "%d/%m/%Y": "day_first", "%m/%d/%Y": "month_first"}


def _amount(value, mark):
    text = f"{value:,.2f}"
    return text if mark == "point" else text.translate(str.maketrans(",.", ".,"))


@settings(max_examples=40)
@given(
    rows=st.lists(st.tuples(TEXT, AMOUNTS, DAYS), min_size=1, max_size=6),
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    end=st.sampled_from(["\n", "\r\n"]),
    form=st.sampled_from(sorted(DAY_FORMS)),
    mark=st.sampled_from(["point", "comma"]),
    order=st.permutations([0, 1, 2, 3]),
)
def test_a_table_in_any_dialect_reads_back_equal(rows, delimiter, encoding, quoting, end, form, mark, order):
    """Delimiter, encoding, quotes, order of columns, and the way to write days and numbers change nothing of what is read."""
    declared = COSTS.replace(
        "    rows:", f"    numbers: {mark}\n" + (f"    dates: {DAY_FORMS[form]}\n" if DAY_FORMS[form] else "") + "    rows:"
    )
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=end)
    table = [["Category", "Amount", "Date", "More"]] + [
        [said, _amount(amount, mark), day.strftime(form), "x"] for said, amount, day in rows
    ]
    writer.writerows([line[place] for place in order] for line in table)
    with TemporaryDirectory() as folder:
        found = Exports(Path(folder)).write("a.csv", out.getvalue(), encoding).read(declared)
    from auditor.connect.values import clean

    said = sorted(found.rows("cost", "category", "amount", "period_on"))
    assert said == sorted((clean(text), amount, day) for text, amount, day in rows)
    assert found.walks["P"].is_complete


@settings(max_examples=40)
@given(
    days=st.lists(DAYS, min_size=1, max_size=5),
    amounts=st.lists(AMOUNTS, min_size=1, max_size=5),
    is_day_first=st.booleans(),
    mark=st.sampled_from(["point", "comma"]),
    width=st.integers(0, 2),
)
def test_what_is_not_declared_is_read_right_or_not_at_all(days, amounts, is_day_first, mark, width):
    """Without a declaration a day or an amount is the one that was written, or unknown."""
    form = "%d/%m/%Y" if is_day_first else "%m/%d/%Y"
    count = max(len(days), len(amounts))
    rows = [(days[index % len(days)], amounts[index % len(amounts)]) for index in range(count)]
    lines = []
    for index, (day, amount) in enumerate(rows):
        shown = f"{amount:.2f}" if width == 0 else f"{amount:,.2f}" if width == 1 else f"{int(amount):,}"
        shown = shown if mark == "point" else shown.translate(str.maketrans(",.", ".,"))
        lines.append(f"C{index};{shown};{day.strftime(form)}\n")
    with TemporaryDirectory() as folder:
        found = Exports(Path(folder)).write("a.csv", "Category;Amount;Date\n" + "".join(lines)).read()
    for fact in found.facts["cost"]:
        day, amount = rows[int(fact.values["category"][1:])]
        wanted = Decimal(int(amount)) if width == 2 else amount
        assert fact.values.get("amount", wanted) == wanted
        assert fact.values.get("period_on", day) == day


def test_other_workbooks_are_read_by_the_readers_of_documents(exports):
    """ods, and a web page under the name of a workbook, as ERPs write them."""
    from odfdo import Document, Row, Table

    book = Document("spreadsheet")
    book.body.clear()
    table = Table("Lines")
    for values in (["Category", "Amount", "Date"], ["Staff", Decimal("12.5"), date(2026, 3, 1)]):
        row = Row()
        for index, value in enumerate(values):
            row.set_value(index, value)
        table.append(row)
    book.body.append(table)
    book.save(exports.folder / "a.ods")
    page = "<html><body><table><tr><th>Category</th><th>Amount</th><th>Date</th></tr><tr><td>Travel</td><td>1.234,50</td><td>02.03.2026</td></tr></table></body></html>"
    found = exports.write("b.xls", page).read(COSTS.replace('"*.csv"', '"*.ods", "*.xls"'))
    assert sorted(found.rows("cost", "category", "amount", "period_on")) == [
        ("Staff", Decimal("12.5"), date(2026, 3, 1)),
        ("Travel", Decimal("1234.50"), date(2026, 3, 2)),
    ]
    assert found.walks["P"].is_complete
