"""Small builders of SQL as text. Names are always quoted, values always literals, and whatever has parts stands in parentheses.

Text, not trees: a statement is written once and read by the database alone, and a library's trees cost ten times as much to build and
write as the text itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from auditor.checks.quoting import literal, quoted


class Sql(str):
    """An expression."""

    __slots__ = ()


@dataclass
class Select:
    """A query.

    Attributes:
        columns: what it gives.
        source: what stands behind FROM.
        joins: each with its LEFT JOIN or JOIN.
        where: NULL and false leave a row out; None: every row.
        group, order: by what.
        before: common table expressions, by name.
    """

    columns: Sequence[Sql]
    source: str
    joins: Sequence[str] = ()
    where: Sql | None = None
    group: Sequence[Sql] = ()
    order: Sequence[Sql] = ()
    before: "dict[str, Select]" = field(default_factory=dict)


def column(table: str, name: str) -> Sql:
    """Return `table.name`; the name alone where *table* is ''."""
    return Sql(f"{quoted(table)}.{quoted(name)}" if table else quoted(name))


def value(given: Any) -> Sql:
    """Return a literal of an exact value."""
    if given is None:
        return null()
    if isinstance(given, bool):
        return true() if given else false()
    if isinstance(given, int):
        return Sql(f"({given})" if given < 0 else given)
    if isinstance(given, Decimal):
        return Sql(f"({given:f})" if given < 0 else f"{given:f}")
    if isinstance(given, datetime):
        return cast(Sql(literal(given.isoformat(sep=" "))), "TIMESTAMP")
    if isinstance(given, date):
        return cast(Sql(literal(given.isoformat())), "DATE")
    return Sql(literal(str(given)))


def named(item: Sql, name: str) -> Sql:
    """Return `item as name`."""
    return Sql(f"{item} AS {quoted(name)}")


def cast(item: Sql, type_: str) -> Sql:
    """Return a cast to a type of DuckDB."""
    return Sql(f"CAST({item} AS {type_})")


def both(items: Iterable[Sql]) -> Sql:
    """Return the conjunction of *items*; true when there are none."""
    return _chain(" AND ", list(items), true())


def either(items: Iterable[Sql]) -> Sql:
    """Return the disjunction of *items*; false when there are none."""
    return _chain(" OR ", list(items), false())


def _chain(word: str, items: Sequence[Sql], empty: Sql) -> Sql:
    if not items:
        return empty
    return items[0] if len(items) == 1 else Sql(f"({word.join(items)})")


def true() -> Sql:
    """Return TRUE."""
    return Sql("TRUE")


def false() -> Sql:
    """Return FALSE."""
    return Sql("FALSE")


def null() -> Sql:
    """Return NULL."""
    return Sql("NULL")


def no(item: Sql) -> Sql:
    """Return the negation."""
    return Sql(f"(NOT {item})")


def is_null(item: Sql) -> Sql:
    """Return `item IS NULL`."""
    return Sql(f"({item} IS NULL)")


def is_there(item: Sql) -> Sql:
    """Return `item IS NOT NULL`."""
    return Sql(f"({item} IS NOT NULL)")


def is_true(item: Sql) -> Sql:
    """Return `coalesce(item, false)`: true where it is known to be true."""
    return call("coalesce", item, false())


def binary(operator: str, left: Sql, right: Sql) -> Sql:
    """Return a comparison or a sum, difference, product."""
    return Sql(f"({left} {operator} {right})")


def among(item: Sql, values: Iterable[Sql]) -> Sql:
    """Return `item in (values)`."""
    return Sql(f"({item} IN ({', '.join(values)}))")


def within(item: Sql, select: Select) -> Sql:
    """Return `item in (select)`."""
    return Sql(f"({item} IN ({text(select)}))")


def call(function: str, *arguments: Sql) -> Sql:
    """Return a call of a function by its name."""
    return Sql(f"{function}({', '.join(arguments)})")


def case(*pairs: tuple[Sql, Sql], otherwise: Sql | None = None) -> Sql:
    """Return `case when … then … else … end`; without *otherwise* NULL."""
    whens = " ".join(f"WHEN {test} THEN {result}" for test, result in pairs)
    return Sql(f"CASE {whens} END" if otherwise is None else f"CASE {whens} ELSE {otherwise} END")


def count_rows() -> Sql:
    """Return `count(*)`."""
    return Sql("COUNT(*)")


def count_if(test: Sql) -> Sql:
    """Return how many rows meet *test*."""
    return call("COUNT", case((test, value(1))))


def distinct(item: Sql) -> Sql:
    """Return the argument of an aggregate that takes each value once."""
    return Sql(f"DISTINCT {item}")


def test_bit(bits: Sql, mask: int) -> Sql:
    """Return whether a bit of *mask* is set; never NULL."""
    return Sql(f"(({bits} & {mask}) <> 0)")


def empty_list(of: str) -> Sql:
    """Return a list without elements of a type."""
    return cast(Sql("[]"), f"{of}[]")


def ordered(item: Sql, *, is_descending: bool = False) -> Sql:
    """Return a key of an order in which what has no value stands last."""
    return Sql(f"{item}{' DESC' if is_descending else ''} NULLS LAST")


def over(item: Sql, partition: Sequence[Sql], order: Sequence[Sql], rows: str) -> Sql:
    """Return a window function. *rows*: which rows around the row it takes; '': as its order says."""
    parts = [f"PARTITION BY {', '.join(partition)}"]
    if order:
        parts.append(f"ORDER BY {', '.join(order)}")
    if rows:
        parts.append(rows)
    return Sql(f"{item} OVER ({' '.join(parts)})")


def relation(name: str, alias: str) -> str:
    """Return a relation under another name, for FROM and JOIN."""
    return f"{quoted(name)} AS {quoted(alias)}"


def rows_of(select: Select, alias: str) -> str:
    """Return a query as a relation, for FROM and JOIN."""
    return f"({text(select)}) AS {quoted(alias)}"


def text(select: Select) -> str:
    """Return a query as DuckDB reads it."""
    parts = []
    if select.before:
        parts.append("WITH " + ", ".join(f"{quoted(name)} AS ({text(query)})" for name, query in select.before.items()))
    parts.append(f"SELECT {', '.join(select.columns)} FROM {select.source}")
    parts += select.joins
    if select.where is not None:
        parts.append(f"WHERE {select.where}")
    if select.group:
        parts.append(f"GROUP BY {', '.join(select.group)}")
    if select.order:
        parts.append(f"ORDER BY {', '.join(select.order)}")
    return " ".join(parts)
