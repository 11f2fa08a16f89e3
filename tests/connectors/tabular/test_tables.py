"""What a table says, what is unknown in it and why, and what makes it incomplete."""

from datetime import date
from decimal import Decimal

import pytest

from auditor.errors import SourceUnavailable, UsageError
from tests.connectors.tabular.source import COSTS


def test_a_line_is_a_row_with_its_place(exports):
    found = exports.write("a.csv", "Category,Amount,Date,Currency\nStaff,12.50,2026-03-01,EUR\n").read()
    (fact,) = found.facts["cost"]
    assert fact.values == {
        "kind": "actual", "category": "Staff", "amount": Decimal("12.50"), "period_on": date(2026, 3, 1), "currency": "EUR"
    }  # fmt: skip
    assert fact.locator == "a.csv row 2"
    assert found.filled["cost"].is_complete
    assert found.walks["P"].is_complete
    assert found.pulled[0].url.endswith("/exports/a.csv")


def test_a_missing_column_is_told_with_what_is_there(exports):
    """A table without a declared column is never complete and empty."""
    found = exports.write("a.csv", "Category;Ammount;Date\nStaff;1;2026-03-01\n").read()
    walk = found.walks["P"]
    assert not walk.is_complete
    assert walk.reason == "column_missing"
    assert walk.detail == "a.csv: no column 'Amount' (did you mean 'Ammount'?); row 1 has 'Category', 'Ammount', 'Date'"
    assert not found.filled["cost"].is_complete
    assert found.filled["cost"].reason == "column_missing"
    assert found.rows("cost", "category", "amount") == [("Staff", None)]
    assert "amount" not in found.facts["cost"][0].filled
    assert found.unmapped["cost", "Ammount", ""] == 1
    assert found.errors == [walk.detail]


def test_a_file_that_is_not_there_leaves_nothing_complete(exports):
    found = exports.read()
    assert found.walks[""].reason == "not_found"
    assert not found.filled


def test_a_folder_that_is_not_there_is_an_error(exports):
    exports.folder.rmdir()
    with pytest.raises(SourceUnavailable):
        exports.read()


def test_an_empty_table_with_its_header_is_known_to_be_empty(exports):
    found = exports.write("a.csv", "Category,Amount,Date\n").read()
    assert found.filled["cost"].is_complete
    assert {"category", "amount", "period_on", "kind"} == found.filled["cost"].columns
    assert not found.facts["cost"]


@pytest.mark.parametrize(
    ("dates", "wanted"),
    [
        (["03/04/2026", "05/06/2026"], [None, None]),
        (["03/04/2026", "25/06/2026"], [date(2026, 4, 3), date(2026, 6, 25)]),
        (["03/04/2026", "06/25/2026"], [date(2026, 3, 4), date(2026, 6, 25)]),
        (["03/04/2026", "25/06/2026", "06/25/2026"], [None, date(2026, 6, 25), date(2026, 6, 25)]),
        (
            ["04/04/2026", "3 March 2026", "2026-05-01", "03.04.2026"],
            [date(2026, 4, 4), date(2026, 3, 3), date(2026, 5, 1), date(2026, 4, 3)],
        ),
    ],
)
def test_a_day_that_may_be_two_is_unknown(exports, dates, wanted):
    """Only what the column itself tells settles the order; nothing is guessed."""
    lines = "".join(f"C{number};1;{said}\n" for number, said in enumerate(dates))
    found = exports.write("a.csv", "Category;Amount;Date\n" + lines).read()
    assert [fact.values.get("period_on") for fact in sorted(found.facts["cost"], key=lambda fact: fact.values["category"])] == wanted
    unknown = [fact for fact in found.facts["cost"] if "period_on" not in fact.filled]
    assert len(unknown) == wanted.count(None)
    assert all(fact.values["period_on_raw"] in dates for fact in unknown)
    if unknown:
        assert found.errors == [
            f"column 'Date': {len(unknown)} value{'s' * (len(unknown) > 1)} unknown, first in row 2: it may be read as two days: declare `dates`"
        ]
    assert found.filled["cost"].is_complete


def test_declared_dates_and_numbers_settle_what_is_ambiguous(exports):
    exports.write("a.csv", "Category;Amount;Date\nA;1.234;03/04/2026\n")
    assert exports.read().rows("cost", "amount", "period_on") == [(None, None)]
    for dates, numbers, wanted in (
        ("day_first", "comma", (Decimal(1234), date(2026, 4, 3))),
        ("month_first", "point", (Decimal("1.234"), date(2026, 3, 4))),
        ('"%d/%m/%Y"', "comma", (Decimal(1234), date(2026, 4, 3))),
    ):
        declared = COSTS.replace("    rows:", f"    dates: {dates}\n    numbers: {numbers}\n    rows:")
        assert exports.read(declared).rows("cost", "amount", "period_on") == [wanted]


@pytest.mark.parametrize(
    ("amounts", "wanted"),
    [
        (["1.234,56", "1.234"], ["1234.56", "1234"]),
        (["1,234.56", "1,234"], ["1234.56", "1234"]),
        (["1.234"], [None]),
        (["1.234", "5,5", "6.5"], [None, "5.5", "6.5"]),
        (["(500,00)", "500,00-", "-500,00", "1 234,5", "1'234,50", "€ 12,00"], ["-500", "-500", "-500", "1234.5", "1234.5", "12"]),
        (["n/a", "", "-", "12x"], ["", "", "", None]),
        (["1,234,567", "2,5", "1,234"], ["1234567", "2.5", None]),
        (["=1+2", '="0012"'], [None, "12"]),
    ],
)
def test_amounts(exports, amounts, wanted):
    """A number that may be two is unknown; '' stands for blank, None for unknown."""
    quoted = ['"' + said.replace('"', '""') + '"' for said in amounts]
    lines = "".join(f"C{number};{said};2026-01-01\n" for number, said in enumerate(quoted))
    found = exports.write("a.csv", "Category;Amount;Date\n" + lines).read()
    facts = sorted(found.facts["cost"], key=lambda fact: fact.values["category"])
    said = [str(fact.values["amount"]) if "amount" in fact.values else "" if "amount" in fact.filled else None for fact in facts]
    assert [None if one is None else one and Decimal(one) for one in said] == [
        None if one is None else one and Decimal(one) for one in wanted
    ]


def test_a_period_counts_from_its_first_day_and_currencies_have_their_code(exports):
    lines = "A;1;03/2026;€\nB;1;2026-Q2;eur\nC;1;März 2026;CHF\nD;1;sometime;\n"
    found = exports.write("a.csv", "Category;Amount;Date;Currency\n" + lines).read()
    assert sorted(found.rows("cost", "category", "period_on", "currency")) == [
        ("A", date(2026, 3, 1), "EUR"), ("B", date(2026, 4, 1), "EUR"), ("C", date(2026, 3, 1), "CHF"), ("D", None, None)
    ]  # fmt: skip


def test_credit_notes_count_as_negative_however_they_are_written(exports):
    declared = COSTS.replace("amount: Amount", "amount: {column: Amount, negative_when: {column: Type, is: [Gutschrift]}}")
    exports.write(
        "a.csv", "Category;Amount;Date;Type\nA;10,5;2026-01-01;Rechnung\nB;10,5;2026-01-01;Gutschrift\nC;-10,5;2026-01-01;Gutschrift\n"
    )
    rows = exports.read(declared).rows("cost", "category", "amount")
    assert sorted(rows) == [("A", Decimal("10.5")), ("B", Decimal("-10.5")), ("C", Decimal("-10.5"))]


def test_a_credit_that_nobody_can_tell_is_unknown(exports):
    """One of several columns may say that a line is a credit; where none of them is there, or its cell is not known, the sign is unknown."""
    declared = COSTS.replace(
        "amount: Amount", "amount: {column: Amount, negative_when: [{column: Doc, is: [KG]}, {column: Type, is: [Gutschrift]}]}"
    )
    for header, line, wanted in (
        ("Doc;Type", "KR;Gutschrift", -1), ("Doc;Type", "KG;Ist", -1), ("Doc;Type", "KR;Ist", 1), ("Type;X", "Gutschrift;", -1), ("X;Y", ";", None),
        ("Doc;Type", "=A1+1;Ist", None), ("Doc;Type", "=A1+1;Gutschrift", -1),
    ):  # fmt: skip
        found = exports.write("a.csv", f"Category;Amount;Date;{header}\nA;1;2026-01-01;{line}\n").read(declared)
        assert found.rows("cost", "amount") == [(wanted,)], (header, line)


def test_an_amount_in_another_currency_than_its_row_is_unknown(exports):
    found = exports.write("a.csv", "Category;Amount;Date;Currency\nA;€ 10,5;2026-01-01;USD\nB;10,5 CHF;2026-01-01;CHF\n").read()
    assert sorted(found.rows("cost", "category", "amount")) == [("A", None), ("B", Decimal("10.5"))]
    found = exports.write("a.csv", "Category;Amount (k€);Date\nA;10,5;2026-01-01\n").read(
        COSTS.replace("amount: Amount", "amount: Amount (k€)")
    )
    assert found.rows("cost", "amount", "currency") == [(Decimal(10500), "EUR")]


def test_periods_as_columns_are_a_row_each(exports):
    declared = """
tables:
  - name: plan
    files: ["*.csv"]
    project: {value: P}
    id: [Line]
    rows:
      - table: cost
        each: {headers: periods}
        constants: {kind: budget}
        columns: {category: Cost type, amount: {take: cell}, period_on: {take: header}}
"""
    found = exports.write("a.csv", "Line;Cost type;Jan 2026;02/2026;Q3 2026;Note\n1;Staff;10,5;;(3,0);x\n").read(declared)
    assert [(fact.id, fact.values["amount"], fact.values["period_on"]) for fact in found.facts["cost"]] == [
        ("1:2026-01-01", Decimal("10.5"), date(2026, 1, 1)),
        ("1:2026-07-01", Decimal("-3.0"), date(2026, 7, 1)),
    ]
    assert found.unmapped == {("cost", "Note", ""): 1}


def test_lines_of_one_id_that_differ_are_told_and_nothing_is_complete(exports):
    declared = COSTS.replace("    rows:", "    id: [Doc]\n    rows:")
    found = exports.write(
        "a.csv", "Doc;Category;Amount;Date\n1;A;1;2026-01-01\n1;B;2;2026-01-01\n2;C;3;2026-01-01\n2;C;3;2026-01-01\n"
    ).read(declared)
    assert sorted(found.rows("cost", "category")) == [("A",), ("B",), ("C",)]
    assert len({fact.id for fact in found.facts["cost"]}) == 3
    assert found.filled["cost"].reason == "duplicate_id"
    assert found.errors == ["1 lines stand there once more, each counts once", "2 lines share 1 ids (Doc) and differ otherwise"]
    assert found.walks["P"].reason == "duplicate_id"


def test_equal_lines_without_an_id_are_as_many_rows(exports):
    found = exports.write("a.csv", "Category,Amount,Date\nA,1,2026-01-01\nA,1,2026-01-01\n").read()
    assert len({fact.id for fact in found.facts["cost"]}) == 2
    assert found.filled["cost"].is_complete


def test_lines_that_cannot_be_told_apart_are_unknown_rows(exports):
    """A line with more cells than the header, or fewer, never gives a value that may stand in the wrong column."""
    found = exports.write("a.csv", "Category,Amount,Date\nA,1,2026-01-01\nB,1,000,2026-01-01\nC,5\n").read()
    rows = {fact.locator: fact for fact in found.facts["cost"]}
    assert rows["a.csv row 3"].values == {}
    assert rows["a.csv row 3"].filled == frozenset()
    assert "period_on" not in rows["a.csv row 4"].filled
    assert rows["a.csv row 4"].values["amount"] == 5
    assert found.walks["P"].reason == "row_unreadable"
    assert not found.filled["cost"].is_complete


def test_the_project_of_a_line(exports):
    declared = COSTS.replace("{value: P}", "{column: Project, values: {ALPHA: [Project one, '0815']}}")
    found = exports.write(
        "a.csv", "Project,Category,Amount,Date\nproject ONE,A,1,2026-01-01\n0815,B,1,2026-01-01\nOther,C,1,2026-01-01\n"
    ).read(declared)
    assert found.places == ["ALPHA", "Other"]
    assert found.walks["ALPHA"].is_complete
    found = exports.write("a.csv", "Project,Category,Amount,Date\nX,A,1,2026-01-01\n,B,1,2026-01-01\n").read(declared)
    assert found.walks["X"].reason == "row_without_project"
    declared = COSTS.replace("{value: P}", "{file: 'costs-(\\w+)'}")
    found = exports.write("costs-BETA.csv", "Category,Amount,Date\nA,1,2026-01-01\n").read(declared.replace('"*.csv"', '"costs-*.csv"'))
    assert found.places == ["BETA"]
    found = exports.write("GAMMA/c.csv", "Category,Amount,Date\nA,1,2026-01-01\n").read(
        COSTS.replace("{value: P}", "{folder: 1}").replace('"*.csv"', '"*/c.csv"')
    )
    assert found.places == ["GAMMA"]


def test_the_last_of_several_exports_counts(exports):
    declared = COSTS.replace("    rows:", "    which: last_by_name\n    rows:")
    exports.write("c-2026-01.csv", "Category,Amount,Date\nA,1,2026-01-01\n").write(
        "c-2026-02.csv", "Category,Amount,Date\nB,1,2026-01-01\n"
    )
    assert exports.read(declared).rows("cost", "category") == [("B",)]
    assert sorted(exports.read().rows("cost", "category")) == [("A",), ("B",)]


def test_totals_are_left_out_where_declared(exports):
    declared = COSTS.replace("    rows:", "    skip: {column: Category, is: [Summe]}\n    rows:")
    found = exports.write("a.csv", "Category;Amount;Date\nA;1;2026-01-01\nSUMME;1;\n").read(declared)
    assert found.rows("cost", "category") == [("A",)]


def test_a_condition_that_cannot_be_decided_leaves_the_table_incomplete(exports):
    declared = COSTS.replace("        constants:", "        when: {column: Booked, is: ['yes'], not: ['no']}\n        constants:")
    header = "Category,Amount,Date,Booked\n"
    found = exports.write("a.csv", header + "A,1,2026-01-01,yes\nB,1,2026-01-01,no\n").read(declared)
    assert (found.rows("cost", "category"), found.filled["cost"].is_complete) == ([("A",)], True)
    found = exports.write("a.csv", header + "A,1,2026-01-01,yes\nB,1,2026-01-01,perhaps\n").read(declared)
    assert (found.rows("cost", "category"), found.filled["cost"].reason) == ([("A",)], "value_undecided")


@pytest.mark.parametrize("lines", ["", "A,1,2026-01-01\n"])
def test_without_the_columns_that_say_which_lines_count_nothing_is_known_to_be_absent(exports, lines):
    """No column for milestones is not the same as no milestones; nor no column for links as no links."""
    declared = """
tables:
  - name: plan
    files: ["*.csv"]
    project: {value: P}
    rows:
      - {table: work_item, columns: {title: Category}}
      - {table: milestone, when: {column: Milestone, is: ['Yes']}, columns: {title: Category}}
      - {table: link, suffix: a, each: {headers: "Link (*)"}, optional: {from_id: {take: id}, to_id: {take: cell}}}
      - {table: decision, each: {column: Decided, split: ';'}, optional: {title: {take: cell}}}
"""
    found = exports.write("a.csv", "Category,Amount,Date\n" + lines).read(declared)
    assert {table: item.is_complete for table, item in found.filled.items()} == {
        "work_item": True, "milestone": False, "link": False, "decision": False
    }  # fmt: skip
    found = exports.write("a.csv", "Category,Milestone,Link (Blocks),Decided\n" + ("A,No,,\n" if lines else "")).read(declared)
    assert all(item.is_complete for item in found.filled.values())


def test_a_word_without_a_value_is_unknown_and_counted(exports):
    declared = COSTS.replace("        constants: {kind: actual}", "").replace(
        "amount: Amount", "amount: Amount, kind: {column: Kind, values: {actual: [Ist]}}"
    )
    found = exports.write("a.csv", "Category,Amount,Date,Kind\nA,1,2026-01-01,IST\nB,1,2026-01-01,Sonst\nC,1,2026-01-01,budget\n").read(
        declared
    )
    assert sorted(found.rows("cost", "category", "kind", "kind_raw")) == [
        ("A", "actual", "IST"),
        ("B", None, "Sonst"),
        ("C", "budget", "budget"),
    ]
    assert found.unmapped["cost", "kind", "Sonst"] == 1


def test_a_changed_header_is_never_read_with_the_old_one(exports):
    """Lines that an interrupted pull left behind are not read with a header that is not theirs."""
    connector = exports.write("a.csv", "Category,Amount,Date\nA,1,2026-01-01\n").connect()
    from auditor.connect.conformance import Remembered
    from auditor.connect.protocol import Fact, Filled, Record, Scope

    old = [thing for thing in connector.pull(Scope(), Remembered()) if isinstance(thing, Record)]
    exports.write("a.csv", "Amount,Category,Date\n1,A,2026-01-01\n")
    new = [thing for thing in connector.pull(Scope(), Remembered()) if isinstance(thing, Record)]
    mixed = [thing for thing in old if thing.kind == "tabular.row"] + [thing for thing in new if thing.kind == "tabular.file"]
    items = [item for _, item in connector.read(mixed)]
    assert [item.filled for item in items if isinstance(item, Fact) and item.table == "cost"] == [frozenset()]
    assert not any(item.is_complete for item in items if isinstance(item, Filled))
    alone = [item for _, item in connector.read([thing for thing in old if thing.kind == "tabular.row"])]
    assert [item.table for item in alone] == ["unreadable"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (COSTS.replace("amount:", "ammount:"), "has no column 'ammount'"),
        (COSTS.replace("table: cost", "table: costs"), "'costs' is no table of a project"),
        (COSTS.replace("kind: actual", "kind: aktual"), "'aktual' is no value of cost.kind"),
        (COSTS.replace("{value: P}", "{}"), "needs one of `column`"),
        (COSTS.replace("    rows:", "    colour: red\n    rows:"), "unknown key 'colour'"),
        (COSTS.replace('"*.csv"', "&a x, *a"), "no YAML|aliases"),
        ("tables: [", "no YAML"),
        (COSTS.replace("category: Category", "category: {take: header}"), "`take` needs `each`"),
        (COSTS.replace("{value: P}", "{file: '('}"), "no regular expression"),
        (COSTS.replace("    rows:", "    encoding: klingon\n    rows:"), "unknown encoding"),
    ],
)
def test_mistakes_of_a_declaration_are_told_with_their_line(exports, text, message):
    with pytest.raises((UsageError, ExceptionGroup)) as raised:
        exports.connect(text)
    errors = raised.value.exceptions if isinstance(raised.value, ExceptionGroup) else (raised.value,)
    import re

    assert any(re.search(message, error.message) and error.at and (error.at.line > 0 or "alias" in error.message) for error in errors), (
        errors
    )


def test_a_declaration_that_is_not_there(exports):
    with pytest.raises(UsageError, match="no declaration 'jiar'") as raised:
        exports.connect("jiar")
    assert "jira" in raised.value.hint


def test_lines_above_the_header_are_passed_over(exports):
    found = exports.write("a.csv", "Report of March;;\n\nDepartment;IT;\nCategory;Amount;Date\nA;1;2026-01-01\n").read()
    assert found.rows("cost", "category") == [("A",)]
    assert found.facts["cost"][0].locator == "a.csv row 5"
    assert found.walks["P"].is_complete
    declared = COSTS.replace("    rows:", "    header: 3\n    rows:")
    found = exports.read(declared)
    assert found.walks["P"].reason == "column_missing"
    assert "row 3 has 'Department', 'IT'" in found.walks["P"].detail


def test_a_file_that_is_replaced_while_it_is_read_is_not_complete(exports):
    """What was read is kept, and told to be of a file that changed meanwhile."""
    from auditor.connect.conformance import Remembered
    from auditor.connect.protocol import Record, Scope, Walked

    connector = exports.write("a.csv", "Category,Amount,Date\nA,1,2026-01-01\nB,1,2026-01-01\n").connect()
    things = []
    for thing in connector.pull(Scope(), Remembered()):
        if isinstance(thing, Record) and len(things) == 0:
            exports.write("a.csv", "Category,Amount,Date\n")
        things.append(thing)
    walk = next(thing for thing in things if isinstance(thing, Walked) and thing.place == "P")
    assert (walk.is_complete, walk.reason) == (False, "locked")
