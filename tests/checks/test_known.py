"""What is known while a statement is written is what the database would say."""

from datetime import date
from decimal import Decimal

import duckdb
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from auditor.checks.compile import sql
from auditor.checks.compile.sql import Known, Sql

BOOLEANS = st.sampled_from([sql.true(), sql.false(), sql.cast(sql.null(), "BOOLEAN")])
WHOLE = st.integers(-40, 40).map(sql.value)
NUMBERS = st.one_of(WHOLE, st.just(sql.cast(sql.null(), "BIGINT")))
DAYS = st.one_of(st.dates(date(2025, 12, 28), date(2026, 1, 3)).map(sql.value), st.just(sql.cast(sql.null(), "DATE")))
TEXTS = st.one_of(st.sampled_from(["", "a", "A", "é", "o'k"]).map(sql.value), st.just(sql.cast(sql.null(), "VARCHAR")))


def numbers(deeper):
    signs = st.sampled_from(["+", "-", "*"])
    return st.one_of(
        st.builds(sql.binary, signs, WHOLE, WHOLE),
        st.builds(lambda a, b: sql.call("coalesce", a, b), deeper, deeper),
        st.builds(lambda test, a, b: sql.case((test, a), otherwise=b), BOOLEANS, deeper, deeper),
    )


def conditions(deeper):
    signs = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
    pairs = st.one_of(*(st.tuples(kind, kind) for kind in (st.recursive(NUMBERS, numbers, max_leaves=4), DAYS)))
    return st.one_of(
        st.lists(deeper, max_size=4).map(sql.both),
        st.lists(deeper, max_size=4).map(sql.either),
        deeper.map(sql.no),
        deeper.map(sql.is_null),
        deeper.map(sql.is_there),
        deeper.map(sql.is_true),
        deeper.map(lambda item: sql.call("nullif", item, sql.true())),
        deeper.map(lambda item: sql.cast(item, "BOOLEAN")),
        st.builds(lambda sign, pair: sql.binary(sign, *pair), signs, pairs),
        st.builds(sql.binary, st.sampled_from(["=", "<>"]), TEXTS, TEXTS),  # the order of texts is the database's own
        st.builds(sql.among, TEXTS, st.lists(TEXTS.filter(lambda item: item.known is not None), min_size=1, max_size=3)),
        st.builds(lambda a, b, c: sql.case((a, b), (b, c)), deeper, deeper, deeper),
        st.builds(lambda a, b, c: sql.case((a, b), otherwise=c), deeper, deeper, deeper),
        st.builds(lambda a, b: sql.call("coalesce", a, b), deeper, deeper),
    )


@pytest.fixture(scope="module")
def con():
    with duckdb.connect() as con:
        yield con


@settings(max_examples=60, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(st.data())
def test_a_known_value_is_what_the_database_says(con, data):
    made = data.draw(st.recursive(BOOLEANS, conditions, max_leaves=12))
    assert isinstance(made, Known)  # every leaf is
    assert con.execute(f"select {made}").fetchone() == (made.known,)


@settings(max_examples=40, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(
    st.lists(st.tuples(st.sampled_from(["and", "or", "no", "case", "coalesce", "="]), st.integers(0, 9), st.integers(0, 9)), max_size=10)
)
def test_nothing_but_the_text_changes(con, steps):
    """Half of the leaves are columns, and each expression is built twice: what is left over means what the whole meant."""
    leaves = [sql.true(), sql.false(), sql.cast(sql.null(), "BOOLEAN"), sql.column("", "t"), sql.column("", "f"), sql.column("", "n")]
    folded: list[Sql] = list(leaves)
    plain: list[Sql] = [Sql(item) for item in leaves]
    for word, first, second in steps:
        for items in (folded, plain):
            a, b = items[first % len(items)], items[second % len(items)]
            items.append(
                {
                    "and": lambda a, b: sql.both([a, b]),
                    "or": lambda a, b: sql.either([a, b]),
                    "no": lambda a, _: sql.no(a),
                    "case": lambda a, b: sql.case((a, b), (b, a), otherwise=a),
                    "coalesce": lambda a, b: sql.call("coalesce", a, b),
                    "=": lambda a, b: sql.binary("=", a, b),
                }[word](a, b)
            )
    source = "(select true as t, false as f, null::boolean as n)"
    assert (
        con.execute(f"select {', '.join(folded)} from {source}").fetchone()
        == con.execute(f"select {', '.join(plain)} from {source}").fetchone()
    )


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (sql.call("coalesce", sql.cast(sql.null(), "DECIMAL(38,2)"), sql.value(0)), Decimal("0.00")),
        (sql.binary("*", sql.value(40_000), sql.value(40_000)), 1_600_000_000),
        (sql.case((sql.false(), sql.value(date(2026, 1, 1)))), None),
        (sql.cast(sql.true(), "UTINYINT"), 1),
    ],
)
def test_types_stay(con, item, expected):
    found = con.execute(f"select {item}").fetchone()
    assert found is not None
    assert repr(found[0]) == repr(expected)


def test_what_has_no_value_keeps_its_type(con):
    item = sql.case((sql.false(), sql.value(date(2026, 1, 1))))
    assert con.execute(f"select typeof({item})").fetchone() == ("DATE",)
