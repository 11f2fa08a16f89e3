"""Decision tables: what they mean, what they leave open, and how they are written in three formats."""

import io
import os
import random
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import AuditorError
from auditor.reasoning.facts import Project, Told
from auditor.reasoning.reasoner import installed
from auditor.reasoning.tailor import tailor
from auditor.rulebook.decision_format import FORMATS, load_table, productions_text, write_table
from auditor.rulebook.decision_table import DecisionTable, Places, TableReader, read_table
from auditor.rulebook.load import Rulebook
from auditor.rulebook.production import ReasoningFile, Stated
from auditor.rulebook.profile import Profile, resolve_profile
from auditor.rulebook.yaml_source import parse_yaml, read_model
from tests.rulebook.profiles.random_tables import PRODUCTS, RULES, Made, every_world, made, worlds

DEEP = os.environ.get("LAWS") == "deep"
HITS = ("unique", "first", "collect")


def read(table: DecisionTable) -> TableReader:
    reader = TableReader(table, Places("t"))
    assert not reader.errors, [str(error) for error in reader.errors]
    return reader


def only(shipped: Rulebook, table: DecisionTable) -> Profile:
    """Return a profile that is tailored by this table alone."""
    profile = resolve_profile(shipped, "pm2")
    stated = tuple(Stated("pm2", "tailoring", item) for item in read(table).productions().productions)
    return replace(profile, rulebook=replace(shipped, productions=stated, obligations=MappingProxyType({})))


# What a table means


def expected_plan(table: Made, world: Mapping[str, Any], declared: frozenset[str]) -> dict[str, Any]:
    """Return what the rows say of a project, found by looking at each of them."""
    columns = {name: number for number, name in enumerate(table.table.columns)}
    counting = [(row, table.counts(row, world)) for row in range(len(table.cells))]
    counting = [(row, verdict) for row, verdict in counting if verdict is not False]
    found: dict[str, Any] = {"expected": {}, "open": set(), "dropped": set(), "severities": {}, "params": {}, "doubts": set()}
    for row, verdict in counting:
        said = table.table.rows[row]
        for product in PRODUCTS:
            duty = said[columns[f"require {product}"]]
            if duty == "-" or (product in declared and table.table.declared == "wins"):
                continue
            if product not in found["expected"] and product not in found["open"]:
                if verdict:
                    found["expected"][product] = duty
                else:
                    found["open"].add(product)
        if said[columns["drop"]] != "-":
            rules = said[columns["drop"]].split(", ")
            found["dropped" if verdict else "doubts"].update(rules)
        severity = said[columns["severity PM2-RSK-10, PM2-RSK-11"]]
        if severity != "-" and verdict:
            for rule in RULES[:2]:
                found["severities"].setdefault(rule, severity)
        value = said[columns["set PM2-RSK-13 threshold"]]
        if value != "-" and not found["params"]:
            if verdict:
                found["params"]["threshold"] = int(value)
            else:
                found["doubts"].add("PM2-RSK-13")
    found["doubts"] -= found["dropped"]
    return found


@pytest.mark.parametrize("hit", HITS)
@pytest.mark.parametrize("seed", range(60 if DEEP else 3))
def test_a_table_says_of_every_project_what_its_rows_say(seed: int, hit: str, shipped: Rulebook) -> None:
    """Through productions and a reasoning engine comes what looking at every row gives, also where nobody knows a characteristic."""
    draw = random.Random(f"{hit} {seed}")  # noqa: S311  (a test)
    table = made(draw, hit)
    projects = {f"P{number}": world for number, world in enumerate(worlds(draw, 40))}
    declared = {name: frozenset(draw.sample(PRODUCTS, 1)) if draw.random() < 0.2 else frozenset() for name in projects}
    told = {
        name: tuple(
            Told("declared", {"product": product, "is_used": True, "has_reason": True}, ("is_approved",)) for product in sorted(products)
        )
        for name, products in declared.items()
    }
    engine = installed()[seed % len(installed())]
    plans = tailor({name: Project(world, told[name]) for name, world in projects.items()}, only(shipped, table.table), engine).plan.projects
    for name, world in projects.items():
        wanted = expected_plan(table, world, declared[name])
        plan = plans[name]
        assert {item.kind: item.obligation for item in plan.expected} == wanted["expected"], (table.table, world)
        assert plan.is_known == (not wanted["open"])
        assert set(plan.dropped) == wanted["dropped"]
        assert dict(plan.severities) == wanted["severities"]
        assert {name: value.value for name, value in plan.params.get("PM2-RSK-13", {}).items()} == wanted["params"]
        assert set(plan.doubts) == wanted["doubts"]


@pytest.mark.parametrize("seed", range(200 if DEEP else 30))
def test_the_productions_of_a_table_are_what_is_shown_of_them(seed: int) -> None:
    """The text of the productions, read as a file of `reasoning/`, holds the same productions."""
    draw = random.Random(seed)  # noqa: S311
    productions = read(made(draw, draw.choice(HITS)).table).productions().productions
    errors: list[AuditorError] = []
    again = read_model(ReasoningFile, parse_yaml(productions_text(productions).encode(), "p.yaml"), errors)
    assert not errors
    assert again is not None
    assert [item.model_dump() for item in again.productions] == [item.model_dump() for item in productions]


def test_a_budget_counts_in_whole_units(shipped: Rulebook) -> None:
    """Cents are cut off: 199,999.99 lies below 200,000."""
    table = DecisionTable(
        table="t",
        hit="unique",
        columns=("budget", "require risk_log", "because"),
        rows=((">= 200000", "mandatory", "x"), ("< 200000", "optional", "x"), ("unknown", "recommended", "x")),
    )
    projects = {"a": Project({"budget": 199_999.99}), "b": Project({"budget": 200_000}), "c": Project({})}
    plans = tailor(projects, only(shipped, table)).plan.projects
    assert [plan.expected[0].obligation for plan in plans.values()] == ["optional", "mandatory", "recommended"]


# Gaps and overlaps


def checked(table: DecisionTable) -> list[str]:
    reader = TableReader(table, Places("t"))
    reader.check()
    return [error.message for error in reader.errors]


@pytest.mark.parametrize("seed", range(1_500 if DEEP else 120))
def test_gaps_overlaps_and_dead_rows_are_exactly_those_that_trying_every_project_finds(seed: int) -> None:
    """Every value that matters is tried: an example exists where one is told, and only there, and it is one."""
    draw = random.Random(seed)  # noqa: S311
    table = made(draw, "unique", "always")
    conditions = read(table.table).conditions
    rows = range(len(table.cells))
    every = every_world(table.asked)
    for with_unknown in (True, False):
        seen = [world for world in every if with_unknown or None not in world.values()]
        open_ = [world for world in seen if not any(table.holds(row, world) for row in rows)]
        told = conditions.uncovered(rows, with_unknown=with_unknown)
        assert bool(told) == bool(open_)
        for project in told:
            assert not any(table.holds(row, _as_world(table, project)) for row in rows)
    for second in rows:
        for first in range(second):
            both = [world for world in every if table.holds(first, world) and table.holds(second, world)]
            told_both = conditions.both(first, second)
            assert (told_both is not None) == bool(both)
            if told_both is not None:
                world = _as_world(table, told_both)
                assert table.holds(first, world)
                assert table.holds(second, world)
            may = any(table.holds(first, world) is not False and table.holds(second, world) is not False for world in every)
            assert conditions.may_meet(first, second) == may
        reached = [world for world in every if table.holds(second, world) and not any(table.holds(row, world) for row in range(second))]
        assert bool(conditions.uncovered(range(second), within=second, most=1)) == bool(reached)


def _as_world(table: Made, project: Any) -> dict[str, Any]:
    return {
        name: None if part.is_unknown else "elsewhere" if part.is_other else part.example
        for name, part in zip(table.asked, project, strict=True)
    }


def tabled(hit: str, complete: str, columns: str, *rows: str) -> DecisionTable:
    return DecisionTable.model_validate(
        {
            "table": "t",
            "hit": hit,
            "complete": complete,
            "columns": tuple(columns.split(" | ")),
            "rows": tuple(tuple(row.split(" | ")) for row in rows),
        }
    )


ASKS = "size | is_outsourced | budget | require risk_log | because"


def test_a_gap_is_shown_by_the_project_that_falls_through() -> None:
    """With every value, thousands apart, and what to do about it."""
    rows = ("small, medium | - | - | optional | x", "large | yes, no | - | mandatory | x", "large | unknown | < 200000 | mandatory | x")
    reader = TableReader(tabled("unique", "always", ASKS, *rows, "unknown | - | - | mandatory | x"), Places("t"))
    reader.check()
    assert [error.message for error in reader.errors] == [
        "size = large, is_outsourced = unknown, budget = 200,000: no row",
        "size = large, is_outsourced = unknown, budget = unknown: no row",
    ]
    assert "complete: when_known" in (reader.errors[0].hint or "")
    assert not checked(tabled("unique", "when_known", ASKS, *rows[:2]))
    assert checked(tabled("unique", "when_known", ASKS, *rows[1:])) == [
        "size = small, is_outsourced = yes, budget = 0: no row",
        "size = medium, is_outsourced = yes, budget = 0: no row",
    ]
    assert not checked(tabled("unique", "no", ASKS, *rows[1:]))


def test_what_two_rows_say_of_one_project_is_shown() -> None:
    """Unique: two rows; first: a row that never counts; collect: two rows that contradict each other."""
    rows = ("small | - | < 10 | optional | x", "- | yes | 5..20 | mandatory | x")
    assert checked(tabled("unique", "no", ASKS, *rows)) == ["rows 1 and 2 both hold for size = small, is_outsourced = yes, budget = 5"]
    assert checked(tabled("collect", "no", ASKS, *rows)) == [
        "rows 1 and 2 say different things of “require risk_log” for size = small, is_outsourced = yes, budget = 5"
    ]
    assert not checked(tabled("first", "no", ASKS, *rows))
    covered = ("small | - | - | optional | x", "medium, large | - | - | optional | x", "- | yes | 3 | mandatory | x")
    assert not checked(tabled("first", "no", ASKS, *covered))  # it counts where nobody knows the size
    assert checked(tabled("first", "no", ASKS, "- | - | - | optional | x", *covered[2:])) == [
        "row 2 never counts: earlier rows hold for all of its projects"
    ]


def test_a_large_table_is_looked_at_in_no_time() -> None:
    """300 rows over five characteristics, every one of them an interval of its own."""
    rows = [f"- | - | [{number}..{number + 1}) | optional | x" for number in range(300)]
    assert checked(tabled("unique", "when_known", ASKS, *rows)) == ["size = small, is_outsourced = yes, budget = 300: no row"]


# Cells and heads that cannot be


@pytest.mark.parametrize(
    ("columns", "row", "message"),
    [
        (ASKS, "smal | - | - | optional | x", "size: 'smal' is no value of it; did you mean 'small'?"),
        (ASKS, "| - | - | optional | x", "size: the cell is empty"),
        (ASKS, "small, | - | - | optional | x", "an item of the list 'small,' is empty"),
        (ASKS, 'small" | - | - | optional | x', "is no list"),
        (ASKS, "not small, medium, large | - | - | optional | x", "holds for no value"),
        (ASKS, "small | maybe | - | optional | x", "is_outsourced: 'maybe' is neither yes nor no"),
        (ASKS, "small | not yes, no | - | optional | x", "holds for no value"),
        (ASKS, "small | - | a lot | optional | x", "budget: 'a lot' is no whole number"),
        (ASKS, "small | - | 200,000 | optional | x", "'200,000' is one number or several"),
        (ASKS, "small | - | >= 1.5 | optional | x", "is no whole number"),
        (ASKS, "small | - | 9..3 | optional | x", "holds for no number"),
        (ASKS, "small | - | (3..4) | optional | x", "holds for no number"),
        (ASKS, "small | - | < 0 | optional | x", "holds for no number"),
        (ASKS, "small | - | [3..4 | optional | x", "a range has both brackets or none"),
        (ASKS, "small | - | 1, - | optional | x", "is no whole number"),
        (ASKS, "small | - | - | must | x", "require risk_log: 'must' is none of mandatory"),
        (ASKS, "small | - | - | optional | -", "the row does not say why"),
        (ASKS, "small | - | - | optional | a\x07b", "control character"),
        ("criticality | require risk_log | because", "high, unknown | optional | x", "'unknown' is no value; it stands alone"),
        ("size | severity PM2-RSK-10 | because", "small | bad | x", "'bad' is none of critical"),
        ("size | set PM2-RSK-13 threshold | because", "small | a: b: c | x", "is no value"),
        ("size | set PM2-RSK-13 threshold | because", "small | ~ | x", "'~' is no value"),
        ("size | require risk_log | because | cites", "small | optional | x | PM² 3.6", "is no citation"),
    ],
)
def test_a_cell_that_cannot_be_is_named(columns: str, row: str, message: str) -> None:
    """What is wrong and what would be right, for the person who fills the sheet in."""
    names = columns.split(" | ")
    cells = row.split(" | ") if not row.startswith("|") else ["", *row[2:].split(" | ")]
    table = DecisionTable(table="t", hit="first", complete="no", columns=tuple(names), rows=(tuple(cells),))
    found = checked(table)
    assert len(found) == 1
    assert message in found[0]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ("sise | require risk_log | because", "nothing is known of a column 'sise'"),
        ("size | size | require risk_log | because", "the column 'size' occurs twice"),
        ("size | require risk_log", "there is no column `because`"),
        ("size | because", "no column has a consequence"),
        ("size | set PM2-RSK-13 | because", "nothing is known of a column 'set PM2-RSK-13'"),
        ("size | require Risk Log | because", "nothing is known of a column 'require Risk Log'"),
    ],
)
def test_a_column_that_cannot_be_is_named(columns: str, message: str) -> None:
    table = DecisionTable(table="t", hit="first", columns=tuple(columns.split(" | ")), rows=(("-",) * (columns.count("|") + 1),))
    assert any(message in text for text in checked(table))


def test_a_table_without_rows_or_with_a_strange_name_is_refused() -> None:
    table = DecisionTable(table="No Name", hit="first", columns=("size", "drop", "because"), rows=())
    assert checked(table) == ["'No Name' is no name of a table", "the table has no rows"]


# Files


def written(tmp_path: Path, name: str, content: bytes | str) -> tuple[tuple[DecisionTable, Places] | None, list[str]]:
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    errors: list[AuditorError] = []
    try:
        found = load_table(file, name, errors)
    except AuditorError as error:
        return None, [str(error)]
    return found, [str(error) for error in errors]


CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\",;'-=|_x00 41"), max_size=12).map(
    lambda text: text.replace("\ufffe", "").replace("\uffff", "").strip() or "-"
)


@settings(max_examples=400 if DEEP else 40, deadline=None)
@given(
    st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS), max_size=5),
    st.sampled_from(HITS),
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=10).map(str.strip),
)
def test_no_format_loses_anything(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]], hit: str, title: str) -> None:
    """YAML → xlsx → YAML, CSV → YAML → CSV, and back: the same table, the same bytes; whatever stands in the cells."""
    columns = ("size", "require risk_log", "because", "cites")
    table = DecisionTable.model_validate({"table": "t", "title": title, "hit": hit, "columns": columns, "rows": rows})
    folder = tmp_path_factory.mktemp("formats")
    for kind in FORMATS:
        content = write_table(table, kind)
        assert write_table(table, kind) == content
        found, errors = written(folder, f"t{kind}", content)
        assert errors == []
        assert found is not None
        assert found[0] == table


@pytest.mark.parametrize("kind", FORMATS)
def test_a_mistake_names_its_cell_in_every_format(kind: str, tmp_path: Path) -> None:
    """As the program calls it in which the person has the file open."""
    table = tabled("unique", "no", ASKS, "small | - | - | optional | x", "large | perhaps | - | optional | x")
    found, errors = written(tmp_path, f"t{kind}", write_table(table, kind))
    assert found is not None
    wrong: list[AuditorError] = []
    assert read_table(*found, wrong) is None
    places = {".yaml": "t.yaml:14:32: ", ".csv": "t.csv, B8: ", ".xlsx": "t.xlsx, table!B8: "}
    assert [str(error).splitlines()[0] for error in wrong] == [f"{places[kind]}is_outsourced: 'perhaps' is neither yes nor no"]
    assert errors == []


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_csv_is_read_as_spreadsheet_programs_write_it(separator: str, tmp_path: Path) -> None:
    """With a mark of byte order, Windows line ends, any of three separators, empty rows and cells at the end."""
    lines = [
        "table,t,,",
        "hit,unique,,",
        "complete,no,,",
        ",,,",
        "size,drop,because,",
        'small,PM2-RSK-10,"x""y",',
        ",,,",
        "large,,z,",
        ",,,",
    ]
    text = "\r\n".join(line.replace(",", separator) for line in lines)
    found, errors = written(tmp_path, "t.csv", b"\xef\xbb\xbf" + text.encode())
    assert errors == []
    assert found is not None
    assert found[0].rows == (("small", "PM2-RSK-10", 'x"y'), ("large", "-", "z"))


def test_numbers_and_flags_of_a_workbook_are_what_they_look_like(tmp_path: Path) -> None:
    """A person types 200000 and TRUE, and gets numbers and flags; a date is refused with its cell."""
    import xlsxwriter  # noqa: PLC0415

    def book(last: Any) -> bytes:
        file = tmp_path / "made.xlsx"
        with xlsxwriter.Workbook(file) as made_book:
            sheet = made_book.add_worksheet("any name")
            rows = [["table", "t"], ["hit", "unique"], [], ["budget", "is_outsourced", "set PM2-RSK-13 threshold", "because"]]
            for row, cells in enumerate([*rows, [200_000, True, 16, last]]):
                for column, value in enumerate(cells):
                    sheet.write(row, column, value)
        return file.read_bytes()

    found, errors = written(tmp_path, "t.xlsx", book(0.5))
    assert errors == []
    assert found is not None
    assert found[0].rows == (("200000", "yes", "16", "0.5"),)
    file = tmp_path / "date.xlsx"
    with xlsxwriter.Workbook(file) as made_book:
        sheet = made_book.add_worksheet()
        sheet.write_datetime(0, 0, datetime(2026, 1, 1), made_book.add_format({"num_format": "yyyy-mm-dd"}))  # noqa: DTZ001
    assert "t.xlsx, Sheet1!A1: the cell holds a date or a time" in written(tmp_path, "t.xlsx", file.read_bytes())[1][0]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("t.csv", "size,drop,because\nsmall,x,y\n", "this is no decision table"),
        ("t.csv", "", "this is no decision table"),
        ("t.csv", "table,t\n\nsize,drop,because\n", "t.csv, B1: the table does not say its `hit`"),
        ("t.csv", "table,t\nhit,frist\n\nsize,drop,because\n", "t.csv, B2: hit: 'frist' is none of unique, first, collect"),
        ("t.csv", "table,t\nhti,first\nhit,first\n\nsize,drop,because\n", "t.csv, B2: 'hti' is no word of a table's head"),
        ("t.csv", "table,t\nhit,first\nhit,unique\n\nsize,drop,because\n", "each word once"),
        ("t.csv", "table,t\nhit,first\n\nsize,drop,because\nsmall,x,y,z\n", "t.csv, D5: there is no name of a column above this cell"),
        ("t.csv", 'table,t\nhit,first\n\nsize,"drop\n', "this is no CSV"),
        ("t.csv", b"table,t\nhit,first\n\nsize,\xe9\n", "the file is not UTF-8"),
        ("t.xlsx", b"PK\x03\x04 nothing", "this is no xlsx workbook"),
        ("t.xlsx", b"\xd0\xcf\x11\xe0", "this is no xlsx workbook"),
        ("t.ods", b"", "a decision table is a .yaml, .csv or .xlsx file"),
        (
            "t.yaml",
            "table: t\nhit: first\ncolumns: [size, drop, because]\nrows: [{sise: small}]\n",
            "t.yaml:4:9: the table has no column 'sise'",
        ),
        ("t.yaml", "table: t\nhit: first\ncolumns: [size]\nrows: [{size: }]\n", "a cell is empty"),
        ("t.yaml", "table: t\nhit: frist\ncolumns: [size]\nrows: []\n", "did you mean 'first'?"),
        ("t.yaml", "table: t\ncolumns: [size]\nrows: []\n", "the field 'hit' is missing"),
    ],
)
def test_a_file_that_is_no_table_is_refused(name: str, content: bytes | str, message: str, tmp_path: Path) -> None:
    """With the cell, where there is one."""
    _, errors = written(tmp_path, name, content)
    assert any(message in error for error in errors), errors


@pytest.mark.parametrize("kind", FORMATS)
def test_a_damaged_file_is_an_error_and_nothing_worse(kind: str, tmp_path: Path) -> None:
    """Whatever bytes are changed, outside or inside a workbook: a table, or an error that a person can act on."""
    draw = random.Random(kind)  # noqa: S311
    good = write_table(made(draw, "first").table, kind)
    for _ in range(600 if DEEP else 40):
        found, errors = written(tmp_path, f"t{kind}", _damaged_workbook(draw, good) if kind == ".xlsx" else _damaged(draw, good))
        assert found is not None or errors


def _damaged(draw: random.Random, content: bytes) -> bytes:
    damaged = bytearray(content)
    for _ in range(draw.randint(1, 6)):
        place = draw.randrange(len(damaged))
        damaged[place : place + draw.randint(0, 8)] = draw.randbytes(draw.randint(0, 8))
    return bytes(damaged)


def _damaged_workbook(draw: random.Random, content: bytes) -> bytes:
    if draw.random() < 0.3:
        return _damaged(draw, content)
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(stream, "w") as target:
        for item in source.infolist():
            data = source.read(item)
            target.writestr(item.filename, _damaged(draw, data) if item.filename.startswith("xl/") and draw.random() < 0.5 else data)
    return stream.getvalue()


def test_a_workbook_that_unpacks_to_far_more_is_refused(tmp_path: Path) -> None:
    """A few kilobytes that would fill the memory."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("xl/worksheets/sheet1.xml", b"0" * 61_000_000)
    assert written(tmp_path, "t.xlsx", stream.getvalue())[1] == ["t.xlsx: the workbook is too large"]
